//! Delimiters: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(
        &[
            r"delimiter:\n",
            r"delimiter:##",
            r"delimiter:\0",
            r"delimiter:aab",
            r"delimiter:。",
        ],
        input,
    );
});
