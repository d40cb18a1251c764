//! Length prefixes, acknowledged ones included: see `socklab_fuzz::decoder`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    socklab_fuzz::decoder(
        &[
            r"length:u8:big",
            r"length:u8:little",
            r"length:u16:big",
            r"length:u16:little",
            r"length:u32:big",
            r"length:u32:little",
            r"length:i32:big",
            r"length:i32:little",
            r"length:u64:big",
            r"length:u64:little",
            r"ack",
        ],
        input,
    );
});
