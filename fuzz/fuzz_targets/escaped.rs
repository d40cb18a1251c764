//! Escaped delimiters: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(
        &[
            r"escaped:\n",
            r"escaped:##",
            r"escaped:\0",
            r"escaped:aab",
            r"escaped:a\\",
            r"escaped:。",
        ],
        input,
    );
});
