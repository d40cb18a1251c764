//! A peer that means harm: whatever it sends, little memory is taken, and it ends in an error.

use super::*;

/// The longest payload, and what one recv returns.
const LIMIT: usize = 300_000;
const CHUNK: usize = 65_536;

/// The most memory set aside while `wire` comes in chunks, and how it ended.
fn memory(spec: &FramingSpec, wire: impl Iterator<Item = u8>) -> (usize, Result<(), DecodeError>) {
    memory_fed(spec, wire, false)
}

/// The same; `handed_over`: in buffers that the decoder may keep.
fn memory_fed(
    spec: &FramingSpec,
    wire: impl Iterator<Item = u8>,
    handed_over: bool,
) -> (usize, Result<(), DecodeError>) {
    let mut decoder = spec.build(LIMIT).decoder();
    let mut most = 0;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut wire = wire.fuse();
    loop {
        chunk.clear();
        chunk.extend(wire.by_ref().take(CHUNK));
        if chunk.is_empty() {
            return (most, decoder.finish(&mut |_| ()));
        }
        let n = chunk.len();
        let result = if handed_over {
            decoder.feed_from(&mut chunk, n, &mut |_| ())
        } else {
            decoder.feed(&chunk, &mut |_| ())
        };
        most = most.max(decoder.reserved());
        assert!(decoder.buffered() <= decoder.reserved());
        if result.is_err() {
            assert_eq!(
                decoder.reserved(),
                0,
                "{spec}: nothing is kept after an error"
            );
            return (most, result);
        }
    }
}

/// Streams that announce much, never end, or are all headers.
fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let long = 4 * LIMIT;
    let json = |header: String| {
        let mut wire = (header.len() as u32).to_be_bytes().to_vec();
        wire.extend_from_slice(header.as_bytes());
        wire.resize(long, b'x');
        wire
    };
    let announced = |header: &[u8]| {
        let mut wire = header.to_vec();
        wire.resize(long, b'x');
        wire
    };
    vec![
        ("4 GiB", announced(&[0xff; 8])),
        (
            "the limit, u32 big",
            announced(&(LIMIT as u32).to_be_bytes()),
        ),
        (
            "the limit, u32 little",
            announced(&(LIMIT as u32).to_le_bytes()),
        ),
        (
            "the limit, u64 big",
            announced(&(LIMIT as u64).to_be_bytes()),
        ),
        ("the limit, varint", announced(b"\xe0\xa7\x12")),
        ("never a mark", vec![b'x'; long]),
        ("nearly a mark, again and again", b"#x".repeat(long / 2)),
        ("escapes", b"\\\\".repeat(long / 2)),
        ("escaped marks", b"\\#".repeat(long / 2)),
        ("zeros", vec![0; long]),
        ("ones", vec![1; long]),
        ("codes", vec![0xff; long]),
        ("a header that never ends", json(" ".repeat(4096))),
        (
            "a long name",
            json(format!(
                r#"{{"name": "{}", "size": {LIMIT}, "checksum": 0}}"#,
                "n\\n".repeat(1300)
            )),
        ),
        ("deep", json("[".repeat(4096))),
        (
            "a header of headers",
            json(format!(r#"{{"x": [{}0]}}"#, "0,".repeat(2000))),
        ),
    ]
}

#[test]
fn memory_is_bounded_by_the_limit_and_one_chunk() {
    for spec in FramingSpec::choices() {
        for (what, wire) in streams() {
            for handed_over in [false, true] {
                let (most, _) = memory_fed(&spec, wire.iter().copied(), handed_over);
                let beyond = spec.most_held_beyond(LIMIT).min(CHUNK);
                let allowed = LIMIT + if handed_over { CHUNK } else { beyond };
                assert!(
                    most <= allowed,
                    "{spec}, {what}: {most} bytes, {allowed} allowed"
                );
            }
        }
    }
}

/// What never ends is not read for ever.
#[test]
fn a_frame_that_never_ends_is_given_up() {
    for (spec, byte) in [
        ("delimiter:##", b'x'),
        ("escaped:##", b'x'),
        ("end-mark:##", b'x'),
        ("cobs", b'x'),
        ("varint", 0xff),
        ("json", b' '),
        ("length:u32:big", 0xff),
        ("length:u64:little", 0xff),
        ("ack", 0xff),
    ] {
        let spec: FramingSpec = spec.parse().unwrap();
        let (_, result) = memory(&spec, std::iter::repeat_n(byte, 4 * LIMIT));
        let code = result.unwrap_err().code();
        assert_ne!(code, "ended-mid-frame", "{spec}: noticed only at the end");
    }
}

/// An announcement alone takes no memory.
#[test]
fn what_is_announced_is_not_set_aside() {
    for (spec, header) in [
        ("length:u32:big", &[0, 0x04, 0x93, 0xe0][..]),
        ("varint", b"\xe0\xa7\x12"),
        ("fixed:300000", b"x"),
    ] {
        let spec: FramingSpec = spec.parse().unwrap();
        let mut decoder = spec.build(LIMIT).decoder();
        decoder.feed(header, &mut |_| ()).unwrap();
        decoder.feed(b"x", &mut |_| ()).unwrap();
        assert!(
            decoder.reserved() <= 1 << 16,
            "{spec}: {}",
            decoder.reserved()
        );
    }
}
