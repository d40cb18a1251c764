//! What a run gives to compare strategies with: the messages of one stream, and where its recvs
//! cut it.
//!
//! Another strategy puts other bytes on the wire, so the offsets at which a run was cut mean
//! nothing to it. What does carry over is *where in which message* the stream was cut: "after
//! byte 3 of message 2", "between messages 1 and 2". So cuts are counted on an axis of their own,
//! in units, on which every message has the same place whatever the strategy:
//!
//! ```text
//! message 1 (5 bytes)                message 2
//! | 0   1   2   3 | h e l l o | t 1 | 0 …
//!   \_ header ___/             \___/ trailer
//! ```
//!
//! Four units stand for the bytes before the payload, one for each byte of the payload, two for
//! the bytes after it (delimiter, padding). Unit 0 is the boundary between two messages, unit 4
//! the place between header and payload. A strategy without a header has nothing there: a cut in
//! the header's units is for it a cut at the boundary. So merging is preserved (a boundary that no
//! recv fell on stays uncut) and so is splitting (a message cut after its third byte is cut after
//! its third byte everywhere). Cuts that fall on the same byte of a strategy's wire are one.
//! The run's own strategy keeps the offsets that were measured.

use std::ops::Range;

use crate::experiment::FRAME_LIMIT;
use crate::framing::{FieldRole, Framing, FramingSpec};
use crate::lesson::{Lesson, Settings};
use crate::trace::{Stream, Trace};

/// Units before each payload.
pub const HEAD: u64 = 4;
/// Units after each payload.
pub const TAIL: u64 = 2;
/// Most messages taken from a run.
pub const MOST_MESSAGES: usize = 2_000;
/// Most payload bytes taken from a run.
pub const MOST_BYTES: usize = 256 * 1024;
/// Most cuts.
pub const MOST_CUTS: usize = 20_000;

/// The messages of one direction of one connection, and where it was cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// The payloads, in order.
    pub messages: Vec<Vec<u8>>,
    /// Number of each message in its run, from 0.
    pub numbers: Vec<u32>,
    /// The strategy that they were sent with.
    pub own: FramingSpec,
    /// Offsets in the encoded messages at which a recv ended, strictly increasing; neither 0 nor
    /// the end.
    pub cuts: Vec<usize>,
    /// Bytes of the encoded messages that were received; the last message may be incomplete.
    pub received: usize,
    /// Did a run make these cuts?
    pub measured: bool,
    /// What the run had beside.
    pub left_out: LeftOut,
}

/// What of a run is not in its [`Traffic`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Messages of which no byte has been received.
    pub not_received: usize,
    /// Messages beyond [`MOST_MESSAGES`] or [`MOST_BYTES`].
    pub beyond: usize,
    /// Messages whose bytes were not kept, are not what the strategy makes of any message, or
    /// were tampered with on their way.
    pub unreadable: usize,
    /// Received bytes that belong to no message.
    pub other_bytes: u64,
    /// Cuts beyond [`MOST_CUTS`].
    pub cuts: usize,
}

impl Traffic {
    /// Of one stream of a run as of its first `k` events. `lesson` is the one it came from, if
    /// known: it says what messages were that cannot be read off the wire.
    pub fn of_stream(trace: &Trace, stream: &Stream, k: u32, lesson: Option<&Lesson>) -> Self {
        let own: FramingSpec = trace.meta().framing.parse().unwrap_or_default();
        let traffic = Self::read(trace, stream, k, lesson, own.clone());
        if traffic.left_out.unreadable > 0 && own != FramingSpec::Raw {
            // A program may send plain bytes whatever the framing of the run.
            let raw = Self::read(trace, stream, k, lesson, FramingSpec::Raw);
            if raw.left_out.unreadable < traffic.left_out.unreadable {
                return raw;
            }
        }
        traffic
    }

    fn read(
        trace: &Trace,
        stream: &Stream,
        k: u32,
        lesson: Option<&Lesson>,
        own: FramingSpec,
    ) -> Self {
        let framing = own.build(FRAME_LIMIT);
        let source = lesson.map(|lesson| {
            let mut settings = Settings::defaults(lesson);
            for (name, value) in &trace.meta().settings {
                // A recording of another version may name what is no more.
                let _ = settings.set(lesson, name, value);
            }
            lesson.messages.resolve(&settings)
        });
        let (sent, received) = (stream.sent_at(k), stream.received_at(k));
        let mut traffic = Traffic {
            own,
            measured: true,
            ..Traffic::default()
        };
        // Where each message taken lies in the run's stream.
        let mut taken: Vec<Range<u64>> = Vec::new();
        let mut bytes = 0;
        let mut of_messages = 0;
        for message in stream.messages().iter().take_while(|m| m.end <= sent) {
            if message.start >= received {
                traffic.left_out.not_received += 1;
                continue;
            }
            of_messages += message.end.min(received) - message.start;
            if traffic.messages.len() >= MOST_MESSAGES || bytes >= MOST_BYTES {
                traffic.left_out.beyond += 1;
                continue;
            }
            // A message that an attacker has touched is not what was sent, though it may look
            // like one.
            let touched = stream.relayed().is_some()
                && stream
                    .parts(message.start, message.end)
                    .any(|part| part.altered || !part.is_whole());
            let wire = stream
                .payload(message.start, message.end)
                .filter(|_| !touched);
            let known = || {
                let source = source.as_ref()?;
                (message.number < source.count()).then(|| source.message(message.number))
            };
            let payload = wire.and_then(|wire| payload_of(&*framing, &wire, known));
            match payload {
                Some(payload) if bytes + payload.len() <= MOST_BYTES => {
                    bytes += payload.len();
                    traffic.messages.push(payload);
                    traffic.numbers.push(message.number);
                    taken.push(message.start..message.end);
                }
                Some(_) => traffic.left_out.beyond += 1,
                None => traffic.left_out.unreadable += 1,
            }
        }
        traffic.left_out.other_bytes = received.saturating_sub(of_messages);
        traffic.received = taken
            .iter()
            .map(|range| (received.min(range.end).saturating_sub(range.start)) as usize)
            .sum();
        // One walk for all cuts: both lists are in order.
        let (mut at, mut base) = (0, 0);
        for recv in stream.recvs().iter().take(stream.recvs().len_at(k)) {
            while at < taken.len() && taken[at].end <= recv.end {
                base += (taken[at].end - taken[at].start) as usize;
                at += 1;
            }
            let inside = taken
                .get(at)
                .map_or(0, |range| recv.end.saturating_sub(range.start) as usize);
            let cut = base + inside;
            if cut == 0
                || cut >= traffic.received
                || traffic.cuts.last().is_some_and(|last| *last >= cut)
            {
                continue;
            }
            if traffic.cuts.len() < MOST_CUTS {
                traffic.cuts.push(cut);
            } else {
                traffic.left_out.cuts += 1;
            }
        }
        traffic
    }

    /// Made-up traffic: these messages, sent with `own` and cut there (offsets in the encoded
    /// messages; what lies outside is left away).
    pub fn made_up(messages: Vec<Vec<u8>>, own: FramingSpec, cuts: &[usize]) -> Self {
        let framing = own.build(FRAME_LIMIT);
        let mut wire = Vec::new();
        for message in &messages {
            // One that cannot be encoded has no bytes.
            let _ = framing.encode(message, &mut wire);
        }
        Traffic {
            numbers: (0..messages.len() as u32).collect(),
            messages,
            own,
            cuts: tidy(cuts, wire.len()),
            received: wire.len(),
            measured: false,
            left_out: LeftOut::default(),
        }
    }

    /// Bytes of all payloads.
    pub fn payload_bytes(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }

    /// The axis of its messages.
    pub fn axis(&self) -> Axis {
        Axis::of(&self.messages)
    }
}

/// Strictly increasing cuts inside `(0, end)`, at most [`MOST_CUTS`].
pub(super) fn tidy(cuts: &[usize], end: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = cuts
        .iter()
        .copied()
        .filter(|cut| (1..end).contains(cut))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.truncate(MOST_CUTS);
    cuts
}

/// The message that `framing` makes exactly `wire` of.
fn payload_of(
    framing: &dyn Framing,
    wire: &[u8],
    known: impl FnOnce() -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let makes = |payload: &[u8]| {
        let mut made = Vec::with_capacity(wire.len());
        framing.encode(payload, &mut made).is_ok() && made == wire
    };
    if let Some(payload) = known().filter(|payload| makes(payload)) {
        return Some(payload);
    }
    let mut frames = Vec::new();
    let mut decoder = framing.decoder();
    let _ = decoder.feed(wire, &mut |frame| frames.push(frame.payload.to_vec()));
    let _ = decoder.finish(&mut |frame| frames.push(frame.payload.to_vec()));
    if let [payload] = &mut frames[..]
        && makes(payload)
    {
        return Some(std::mem::take(payload));
    }
    // A message that contains its own delimiter comes out in pieces; what lies between the
    // header and the last delimiter is the message all the same.
    let mut empty = Vec::new();
    framing.encode(b"", &mut empty).ok()?;
    let extra = empty.len().min(wire.len());
    (0..=extra)
        .map(|head| &wire[head..wire.len() - (extra - head)])
        .find(|payload| makes(payload))
        .map(<[u8]>::to_vec)
}

/// The axis on which every strategy's messages have the same places; see the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// First unit of each message, and the end.
    starts: Vec<u64>,
}

/// Where on the axis a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before the message of that index, or at the very end.
    Boundary(usize),
    /// In what stands before the payload of message `.0`: `.1` of [`HEAD`] units of it have
    /// passed, all at the payload's first byte.
    Head(usize, u64),
    /// After that many bytes of the payload of that message; at least 1, not all.
    Payload(usize, usize),
    /// In what stands after the payload of message `.0`: `.1` of [`TAIL`] units of it have
    /// passed, none right behind the payload.
    Tail(usize, u64),
}

impl Axis {
    /// Of messages with these payloads.
    pub fn of(messages: &[Vec<u8>]) -> Self {
        let mut starts = Vec::with_capacity(messages.len() + 1);
        let mut at = 0;
        for message in messages {
            starts.push(at);
            at += HEAD + message.len() as u64 + TAIL;
        }
        starts.push(at);
        Axis { starts }
    }

    /// Units of all messages.
    pub fn end(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Units of the message at that index.
    pub fn message(&self, i: usize) -> Range<u64> {
        match self.starts.get(i..i + 2) {
            Some(&[start, end]) => start..end,
            _ => self.end()..self.end(),
        }
    }

    /// Units of its payload.
    pub fn payload(&self, i: usize) -> Range<u64> {
        let all = self.message(i);
        (all.start + HEAD).min(all.end)..all.end.saturating_sub(TAIL).max(all.start)
    }

    /// The message that holds the unit; past the end, the number of messages.
    pub fn containing(&self, unit: u64) -> usize {
        self.starts
            .partition_point(|start| *start <= unit)
            .saturating_sub(1)
    }

    /// Where a unit is.
    pub fn place(&self, unit: u64) -> Place {
        let i = self.containing(unit);
        let within = unit - self.starts.get(i).copied().unwrap_or(0);
        let payload = self.payload(i);
        let length = payload.end - payload.start;
        if within == 0 || unit >= self.end() {
            Place::Boundary(i)
        } else if within <= HEAD {
            Place::Head(i, within)
        } else if within < HEAD + length {
            Place::Payload(i, (within - HEAD) as usize)
        } else {
            Place::Tail(i, within - HEAD - length)
        }
    }
}

/// The messages as one strategy encodes them.
pub struct Encoded {
    /// The strategy at work.
    pub framing: Box<dyn Framing>,
    /// All of them, one after the other.
    pub wire: Vec<u8>,
    /// Offset of each message in `wire`, and the end.
    pub starts: Vec<usize>,
    shapes: Vec<Shape>,
}

/// Where the payload is in one encoded message.
struct Shape {
    /// Bytes before its first byte.
    head: usize,
    /// Bytes before what stands after it.
    tail: usize,
    /// Bytes of the message before encoding.
    length: usize,
    /// The payload's pieces between `head` and `tail`; one, unless bytes stand between them.
    pieces: Vec<Range<usize>>,
}

/// A message that a strategy cannot carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotEncode {
    /// Which message, from 0.
    pub message: usize,
    /// Why.
    pub error: crate::framing::EncodeError,
}

impl Encoded {
    /// Encodes the messages.
    ///
    /// # Errors
    /// The first message that the strategy cannot carry.
    pub fn new(spec: &FramingSpec, messages: &[Vec<u8>]) -> Result<Self, CannotEncode> {
        let framing = spec.build(FRAME_LIMIT);
        let mut wire = Vec::new();
        let mut starts = vec![0];
        let mut shapes = Vec::with_capacity(messages.len());
        for (at, message) in messages.iter().enumerate() {
            let cannot = |error| CannotEncode { message: at, error };
            framing.encode(message, &mut wire).map_err(cannot)?;
            let fields = framing.layout(message).map_err(cannot)?;
            let begun = starts.last().copied().unwrap_or(0);
            let size = wire.len() - begun;
            let pieces: Vec<Range<usize>> = fields
                .iter()
                .filter(|field| field.role == FieldRole::Payload && field.range.end <= size)
                .map(|field| field.range.clone())
                .collect();
            shapes.push(Shape {
                head: pieces.first().map_or(0, |first| first.start),
                tail: pieces.last().map_or(size, |last| last.end),
                length: message.len(),
                pieces,
            });
            starts.push(wire.len());
        }
        Ok(Encoded {
            framing,
            wire,
            starts,
            shapes,
        })
    }

    /// Does the byte at `offset` belong to a payload?
    pub fn is_payload(&self, offset: usize) -> bool {
        let i = self.containing(offset);
        self.shapes.get(i).is_some_and(|shape| {
            let within = offset - self.starts[i];
            shape.pieces.iter().any(|piece| piece.contains(&within))
        })
    }

    /// Does it put bytes before payloads, and behind them?
    pub fn surrounds(&self) -> (bool, bool) {
        let sizes = self.starts.windows(2).map(|pair| pair[1] - pair[0]);
        let mut behind = self.shapes.iter().zip(sizes);
        (
            self.shapes.iter().any(|shape| shape.head > 0),
            behind.any(|(shape, size)| shape.tail < size),
        )
    }

    /// The message that holds the byte at `offset`; past the end, the number of messages. Of
    /// messages without a byte the last one before it.
    pub fn containing(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The offset in `wire` that a unit of the axis means; never smaller for a greater unit.
    pub fn offset_of(&self, axis: &Axis, unit: u64) -> usize {
        let i = axis.containing(unit);
        let Some(shape) = self.shapes.get(i) else {
            return self.wire.len();
        };
        let (start, size) = (self.starts[i], self.starts[i + 1] - self.starts[i]);
        let within = unit - axis.message(i).start;
        let payload_end = HEAD + shape.length as u64;
        start
            + if within <= HEAD {
                share(shape.head, within, HEAD)
            } else if within < payload_end {
                shape.encoded(within as usize - HEAD as usize)
            } else {
                shape.tail + share(size - shape.tail, within - payload_end, TAIL)
            }
    }

    /// The unit of the axis that an offset in `wire` lies at.
    pub fn unit_of(&self, axis: &Axis, offset: usize) -> u64 {
        let i = self.containing(offset);
        let Some(shape) = self.shapes.get(i) else {
            return axis.end();
        };
        let (start, size) = (self.starts[i], self.starts[i + 1] - self.starts[i]);
        let within = offset - start;
        axis.message(i).start
            + if within == 0 {
                0
            } else if within <= shape.head {
                unit_share(within, shape.head, HEAD)
            } else if within < shape.tail {
                HEAD + shape.decoded(within) as u64
            } else {
                HEAD + shape.length as u64
                    + unit_share(within - shape.tail, size - shape.tail, TAIL)
            }
    }
}

impl Shape {
    fn payload(&self) -> usize {
        self.pieces.iter().map(Range::len).sum()
    }

    /// Where, in the encoded message, `k` bytes of the message have passed.
    fn encoded(&self, k: usize) -> usize {
        let mut rest = scaled(k, self.length, self.payload());
        for piece in &self.pieces {
            if rest < piece.len() {
                return piece.start + rest;
            }
            rest -= piece.len();
        }
        self.tail
    }

    /// How many bytes of the message have passed at `within` of the encoded message.
    fn decoded(&self, within: usize) -> usize {
        let passed = self
            .pieces
            .iter()
            .map(|piece| within.clamp(piece.start, piece.end) - piece.start)
            .sum();
        scaled(passed, self.payload(), self.length)
    }
}

/// `part` of `from`, as part of `to`.
fn scaled(part: usize, from: usize, to: usize) -> usize {
    if from == to || from == 0 {
        part.min(to)
    } else {
        (part * to + from / 2) / from
    }
}

/// How many of `bytes` have passed when `units` of `of` have. A cut inside stays inside where
/// there is an inside.
fn share(bytes: usize, units: u64, of: u64) -> usize {
    if units == 0 || bytes == 0 {
        0
    } else if units >= of {
        bytes
    } else {
        let part = scaled(units as usize, of as usize, bytes);
        if bytes > 1 {
            part.clamp(1, bytes - 1)
        } else {
            part
        }
    }
}

/// The other way round; `bytes` of `of` have passed.
fn unit_share(bytes: usize, of: usize, units: u64) -> u64 {
    if bytes == 0 {
        0
    } else if bytes >= of {
        units
    } else {
        (scaled(bytes, of, units as usize) as u64).clamp(1, units - 1)
    }
}
