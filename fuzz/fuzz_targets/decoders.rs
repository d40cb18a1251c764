//! Any bytes into any decoder: no panic, bounded memory, and the cutting never matters.
//!
//! Input: 1 byte strategy, 1 byte limit, 1 byte size of the chunks, then the stream.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socklab::framing::{DecodeError, FramingSpec};

type Frames = Vec<(u64, u64, Vec<u8>)>;

fn decode(spec: &FramingSpec, limit: usize, wire: &[u8], chunk: usize) -> (Frames, Option<DecodeError>) {
    let mut decoder = spec.build(limit).decoder();
    let mut frames = Frames::new();
    for bytes in wire.chunks(chunk.max(1)) {
        let _ = decoder.feed(bytes, &mut |f| {
            assert!(f.payload.len() <= limit);
            frames.push((f.start, f.end, f.payload.to_vec()));
        });
        assert!(decoder.buffered() <= limit + spec.overhead());
    }
    let error = decoder.finish(&mut |_| panic!("a frame out of nothing")).err();
    (frames, error)
}

fuzz_target!(|input: &[u8]| {
    let [strategy, limit, chunk, wire @ ..] = input else {
        return;
    };
    // The first choice is raw framing, for which cutting does matter.
    let choices = &FramingSpec::choices()[1..];
    let spec = &choices[usize::from(*strategy) % choices.len()];
    let limit = usize::from(*limit);
    assert_eq!(
        decode(spec, limit, wire, wire.len()),
        decode(spec, limit, wire, usize::from(*chunk)),
        "{spec}"
    );
});
