//! Fixed size: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(
        &[r"fixed:1", r"fixed:4", r"fixed:16:.", r"fixed:200:\xff"],
        input,
    );
});
