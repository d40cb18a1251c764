//! The end mark: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(&[r"end-mark:##", r"end-mark:\n", r"end-mark:aab"], input);
});
