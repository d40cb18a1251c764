//! How an encoded stream arrives, and whether the real decoder brings the messages back.

use std::ops::Range;

use crate::framing::{DecodeError, EncodeError, Framing};

/// Messages as one strategy puts them on the wire.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) bytes: Vec<u8>,
    /// The bytes of each message, one after the other.
    pub(super) ranges: Vec<Range<usize>>,
}

impl Wire {
    pub(super) fn encode(framing: &dyn Framing, messages: &[Vec<u8>]) -> Result<Self, EncodeError> {
        let mut wire = Wire {
            bytes: Vec::new(),
            ranges: Vec::new(),
        };
        for message in messages {
            let start = wire.bytes.len();
            framing.encode(message, &mut wire.bytes)?;
            wire.ranges.push(start..wire.bytes.len());
        }
        Ok(wire)
    }

    /// Offsets between messages, where a friendly arrival is cut.
    pub(super) fn boundaries(&self) -> Vec<usize> {
        let mut ends: Vec<usize> = self.ranges.iter().map(|r| r.end).collect();
        ends.pop();
        ends
    }
}

/// One frame that came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Out {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) payload: Vec<u8>,
}

/// Everything that came out, and the error that ended it, if one did; true: only the stream's end
/// brought it to light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) out: Vec<Out>,
    pub(super) error: Option<(DecodeError, bool)>,
}

/// Runs the decoder over `bytes`, cut at `cuts` (ascending; those outside do nothing).
pub(super) fn decode(framing: &dyn Framing, bytes: &[u8], cuts: &[usize]) -> Decoded {
    let mut decoder = framing.decoder();
    let mut out = Vec::new();
    let mut error = None;
    let mut sink = |frame: crate::framing::Frame<'_>| {
        out.push(Out {
            start: frame.start as usize,
            end: frame.end as usize,
            payload: frame.payload.to_vec(),
        });
    };
    for chunk in chunks(bytes, cuts) {
        if let Err(failed) = decoder.feed(chunk, &mut sink) {
            error = Some((failed, false));
            break;
        }
    }
    if error.is_none()
        && let Err(failed) = decoder.finish(&mut sink)
    {
        error = Some((failed, true));
    }
    Decoded { out, error }
}

/// Do exactly these messages come out, in order and without an error?
pub(super) fn holds(
    framing: &dyn Framing,
    wire: &Wire,
    messages: &[Vec<u8>],
    cuts: &[usize],
) -> bool {
    let mut decoder = framing.decoder();
    let mut next = 0;
    let mut right = true;
    let mut sink = |frame: crate::framing::Frame<'_>| {
        let expected = messages.get(next).zip(wire.ranges.get(next));
        right &= expected.is_some_and(|(message, range)| {
            frame.payload == message.as_slice()
                && frame.start as usize == range.start
                && frame.end as usize == range.end
        });
        next += 1;
    };
    let fed = chunks(&wire.bytes, cuts).all(|chunk| decoder.feed(chunk, &mut sink).is_ok());
    fed && decoder.finish(&mut sink).is_ok() && right && next == messages.len()
}

/// The pieces of `bytes` between the cuts; empty pieces do not arrive.
pub(super) fn chunks<'a>(bytes: &'a [u8], cuts: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let ends = cuts.iter().copied().chain([bytes.len()]);
    let mut at = 0;
    ends.filter_map(move |end| {
        let end = end.min(bytes.len());
        let chunk = bytes.get(at..end).filter(|chunk| !chunk.is_empty())?;
        at = end;
        Some(chunk)
    })
}
