//! Raw framing and pacing: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(&[r"raw", r"pacing:5"], input);
});
