//! What every decoder must hold, whatever bytes it is given.

#[path = "../../src/framing/mod.rs"]
pub mod framing;

use framing::{DecodeError, Decoder, Frame, Framing, FramingSpec};

/// Each frame: its place in the stream and its payload.
type Frames = Vec<(u64, u64, Vec<u8>)>;

/// Fuzzes one strategy; `specs` are its settings, as text.
///
/// Input: 1 byte chooses among `specs` and, by its highest bit, what follows; 1 byte limit;
/// 1 byte size of the chunks; then
///
/// * highest bit clear: the stream, any bytes: no panic, bounded memory, and the cutting never
///   matters where the strategy says so;
/// * highest bit set: a place and a value (1 byte each), then messages of 16 bytes each, the last
///   shorter: they are encoded and must come back, and then one byte of the stream is changed.
pub fn decoder(specs: &[&str], input: &[u8]) {
    let [choice, limit, chunk, rest @ ..] = input else {
        return;
    };
    let text = specs[usize::from(choice & 0x7f) % specs.len()];
    let spec: FramingSpec = text.parse().expect("a strategy");
    let limit = usize::from(*limit);
    let framing = spec.build(limit);
    let chunk = usize::from(*chunk).max(1);
    if choice & 0x80 == 0 {
        any_bytes(&*framing, limit, rest, chunk);
    } else if let [at, value, messages @ ..] = rest {
        let mut wire = there_and_back(&*framing, limit, messages, chunk);
        if !wire.is_empty() {
            let at = usize::from(*at) % wire.len();
            wire[at] ^= value;
            any_bytes(&*framing, limit, &wire, chunk);
        }
    }
}

/// What comes out, whether chunks are copied or handed over in buffers that the decoder may keep.
fn decode(
    framing: &dyn Framing,
    limit: usize,
    wire: &[u8],
    chunk: usize,
) -> (Frames, Option<DecodeError>) {
    let copied = decode_by(framing, limit, wire, chunk, |decoder, bytes, sink| {
        decoder.feed(bytes, sink)
    });
    let mut buffer = Vec::new();
    let handed_over = decode_by(framing, limit, wire, chunk, |decoder, bytes, sink| {
        if buffer.len() < bytes.len() {
            buffer.resize(bytes.len(), 0xee);
        }
        buffer[..bytes.len()].copy_from_slice(bytes);
        let result = decoder.feed_from(&mut buffer, bytes.len(), sink);
        // What is left behind means nothing.
        buffer.fill(0xee);
        result
    });
    assert_eq!(copied, handed_over, "{}", framing.spec());
    copied
}

type Sink<'s> = &'s mut dyn FnMut(Frame<'_>);

fn decode_by(
    framing: &dyn Framing,
    limit: usize,
    wire: &[u8],
    chunk: usize,
    mut feed: impl FnMut(&mut dyn Decoder, &[u8], Sink<'_>) -> Result<(), DecodeError>,
) -> (Frames, Option<DecodeError>) {
    let spec = framing.spec();
    let mut decoder = framing.decoder();
    let mut frames = Frames::new();
    let mut end = 0;
    let mut failed = None;
    for bytes in wire.chunks(chunk) {
        let result = feed(&mut *decoder, bytes, &mut |frame| {
            assert!(framing.longest().is_none() || frame.payload.len() <= limit);
            assert!(frame.start >= end && frame.end > frame.start);
            end = frame.end;
            frames.push((frame.start, frame.end, frame.payload.to_vec()));
        });
        assert!(
            decoder.buffered() <= limit + spec.most_held_beyond(limit),
            "{spec}"
        );
        if let Some(before) = failed {
            assert_eq!(result, Err(before), "an error healed");
        }
        failed = result.err();
        if failed.is_some() {
            assert_eq!(decoder.buffered(), 0, "{spec}");
        }
    }
    let error = decoder
        .finish(&mut |_| panic!("a frame out of nothing"))
        .err();
    assert!(failed.is_none() || failed == error, "{spec}");
    if let Some(error) = error {
        assert!(DecodeError::CODES.contains(&error.code()));
        assert!(!error.to_string().is_empty());
        assert!(error.offset >= end && error.offset <= wire.len() as u64);
    }
    (frames, error)
}

fn any_bytes(framing: &dyn Framing, limit: usize, wire: &[u8], chunk: usize) {
    let whole = decode(framing, limit, wire, wire.len().max(1));
    let cut = decode(framing, limit, wire, chunk);
    if framing.spec().survives_any_cutting() {
        assert_eq!(whole, cut, "{}", framing.spec());
    }
}

/// The encoded messages.
fn there_and_back(framing: &dyn Framing, limit: usize, messages: &[u8], chunk: usize) -> Vec<u8> {
    let spec = framing.spec();
    let mut wire = Vec::new();
    let mut expected = Vec::new();
    for message in messages.chunks(16) {
        let before = wire.len();
        let layout = framing.layout(message);
        match framing.encode(message, &mut wire) {
            Err(_) => {
                assert!(layout.is_err() && wire.len() == before);
                assert!(
                    framing
                        .longest()
                        .is_some_and(|longest| message.len() > longest)
                );
            }
            Ok(()) if framing.hazard(message).is_some() => wire.truncate(before),
            Ok(()) => {
                let size = wire.len() - before;
                let fields = layout.expect("as encode");
                assert_eq!(
                    fields.last().map_or(0, |field| field.range.end),
                    size,
                    "{spec}"
                );
                assert!(size >= message.len() + spec.overhead(), "{spec}");
                assert!(
                    size <= message.len() + spec.most_overhead(message.len()),
                    "{spec}"
                );
                expected.push(message);
            }
        }
    }
    if spec.survives_any_cutting() {
        let (frames, error) = decode(framing, limit, &wire, chunk);
        assert_eq!(error, None, "{spec}");
        let came: Vec<&[u8]> = frames.iter().map(|frame| &frame.2[..]).collect();
        assert_eq!(came, expected, "{spec}");
    }
    wire
}
