//! Any bytes opened as a capture file: no panic, and whatever opens can be filtered and followed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socklab::wire::filter::Filter;
use socklab::wire::{file, follow};

fuzz_target!(|input: &[u8]| {
    let Ok(opened) = file::from_bytes(input.to_vec()) else {
        return;
    };
    let packets = opened.packets;
    if let Ok(filter) = "tcp.len > 0 and not (udp or ip.src == 10.0.0.0/8)".parse::<Filter>() {
        assert!(filter.rows(&packets).len() <= packets.len() as usize);
    }
    for row in 0..packets.len().min(200) {
        let _ = packets.dissect(row);
    }
    for conversation in 0..packets.conversations().len().min(20) as u32 {
        let _ = follow::follow(&packets, conversation);
    }
});
