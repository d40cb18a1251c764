//! The JSON header: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(&[r"json"], input);
});
