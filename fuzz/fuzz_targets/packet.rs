//! Any bytes as a packet of any link layer: no panic, and every field stands inside the packet.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socklab::wire::{Captured, Link, Packets};

fuzz_target!(|input: &[u8]| {
    let [link, extra, bytes @ ..] = input else {
        return;
    };
    let links = [0, 1, 101, 108, 113, 276];
    let link = Link::from_linktype(links[usize::from(*link) % links.len()]);
    let mut packets = Packets::live(Vec::new());
    let original = bytes.len() as u32 + u32::from(*extra);
    // Twice: the second is judged against the first.
    for time in [0, 1_000] {
        packets.push(&Captured { time, link, original, bytes });
    }
    for row in 0..packets.len() {
        let Ok(taken) = packets.dissect(row) else {
            panic!("the bytes are in memory");
        };
        for field in taken.layers.iter().flat_map(|l| &l.fields) {
            assert!(field.span.start <= field.span.end);
            assert!(field.span.end as usize <= bytes.len());
        }
    }
});
