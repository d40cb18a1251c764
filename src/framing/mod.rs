//! Framing (分帧): how messages are marked off in a byte stream, one file per strategy.
//!
//! TCP carries a stream of bytes; where a message ends is for the two programs to agree on.
//! A [`FramingSpec`] names such an agreement, [`FramingSpec::build`] makes it work with a limit,
//! and the [`Framing`] encodes messages and gives [`Decoder`]s that take the stream back apart,
//! however it was cut on its way:
//!
//! ```text
//! messages          "hi"            "you"
//! encoded           00 02 68 69     00 03 79 6f 75        length:u16:big
//! one recv each     00 02 68 | 69 00 03 79 | 6f 75        any cutting will do
//! DECODED           "hi"            "you"
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = "length:u16:big".parse::<FramingSpec>()?.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"hi", &mut wire)?;
//! framing.encode(b"you", &mut wire)?;
//! assert_eq!(wire, [0, 2, b'h', b'i', 0, 3, b'y', b'o', b'u']);
//!
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! for chunk in [&wire[..3], &wire[3..7], &wire[7..]] {
//!     decoder.feed(chunk, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! }
//! decoder.finish(&mut |_| ())?;
//! assert_eq!(messages, [b"hi".to_vec(), b"you".to_vec()]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariants: a decoder holds at most one unfinished frame, hence at most the limit and its
//! header or delimiter; it never panics on any bytes; what it yields, errors included, does not
//! depend on how the stream was cut. Raw framing, pacing and the end mark are the exceptions, as
//! [`FramingSpec::survives_any_cutting`] says: that is their flaw and their lesson.

use std::ops::Range;

mod ack;
mod cobs;
mod delimiter;
mod dissect;
mod end_mark;
mod error;
mod escape;
mod escaped;
mod fixed;
mod headed;
mod hold;
mod json_header;
mod length_prefix;
mod mark;
mod pacing;
mod parameters;
mod raw;
mod spec;
mod spec_text;
mod varint;
mod width;

pub use ack::{ACKNOWLEDGEMENT, AckFraming};
pub use cobs::CobsFraming;
pub use delimiter::DelimiterFraming;
pub use dissect::dissect;
pub use end_mark::EndMarkFraming;
pub use error::{DecodeError, DecodeErrorKind, EncodeError, HeaderKey};
pub use escape::{EscapeError, escape, unescape};
pub use escaped::{ESCAPE, EscapedFraming};
pub use fixed::FixedFraming;
pub use json_header::{JSON_NAME, JsonFraming, MAX_JSON_HEADER};
pub use length_prefix::LengthFraming;
pub use pacing::PacingFraming;
pub use parameters::{Parameter, ParameterKind};
pub use raw::RawFraming;
pub use spec::{FramingSpec, MAX_DELIMITER, MAX_FIXED_SIZE, MAX_PAUSE_MS};
pub use spec_text::SpecError;
pub use varint::VarintFraming;
pub use width::{Endian, LengthWidth};

/// One way of marking messages off in a stream, with the longest payload it accepts.
pub trait Framing: Send + Sync {
    /// Which strategy this is.
    fn spec(&self) -> FramingSpec;

    /// The longest payload in bytes that `encode` takes and a decoder yields;
    /// `None` where nothing limits it.
    fn longest(&self) -> Option<usize>;

    /// Appends the encoded `message` to `wire`.
    ///
    /// A message that the strategy *can* carry but not bring back right (one that contains its
    /// own delimiter) is encoded all the same: see [`Framing::hazard`].
    ///
    /// # Errors
    /// [`EncodeError::TooLong`]; `wire` is then as it was.
    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError>;

    /// The fields of the encoded `message`, in order and without gaps, as ranges of its encoded
    /// bytes. Empty fields (an empty payload) are included.
    ///
    /// # Errors
    /// As [`Framing::encode`].
    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError>;

    /// Bytes that `message` costs beyond its own.
    ///
    /// # Errors
    /// As [`Framing::encode`].
    fn overhead(&self, message: &[u8]) -> Result<usize, EncodeError> {
        let fields = self.layout(message)?;
        Ok(fields.last().map_or(0, |last| last.range.end) - message.len())
    }

    /// Why this message will not come out as it went in, if so.
    fn hazard(&self, message: &[u8]) -> Option<Hazard>;

    /// A decoder at offset 0 of a stream.
    fn decoder(&self) -> Box<dyn Decoder>;
}

/// Takes a stream apart again, chunk by chunk.
pub trait Decoder: Send {
    /// Takes the next bytes of the stream and gives each frame that is complete to `sink`.
    ///
    /// # Errors
    /// Frames before the fault are still given to `sink`. After an error the decoder stays
    /// failed: each later call returns the same error, for past it nobody knows where the next
    /// frame begins.
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError>;

    /// As [`Decoder::feed`] with the first `n` bytes of `buffer`, but the decoder may keep the
    /// buffer and leave another in its place: then what is unfinished need not be copied. The
    /// bytes of the buffer left behind mean nothing, and it may be shorter.
    ///
    /// # Errors
    /// As [`Decoder::feed`].
    fn feed_from(
        &mut self,
        buffer: &mut Vec<u8>,
        n: usize,
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeError> {
        self.feed(&buffer[..n], sink)
    }

    /// Tells the decoder that the stream has ended.
    ///
    /// # Errors
    /// [`DecodeErrorKind::EndedMidFrame`] when bytes of an unfinished frame are left, or the
    /// error with which it failed before.
    fn finish(&mut self, sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError>;

    /// Bytes of the unfinished frame that are held; 0 after an error.
    fn buffered(&self) -> usize;

    /// Bytes of memory set aside for it: at most the longest payload and
    /// [`FramingSpec::most_held_beyond`], or one chunk; with [`Decoder::feed_from`] both
    /// together. 0 after an error.
    fn reserved(&self) -> usize;
}

/// What a decoder yields.
///
/// ```text
/// stream  … | header | payload          | delimiter | …
///           ^ start                                  ^ end
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Offset in the stream of its first byte.
    pub start: u64,
    /// Offset in the stream just past its last byte, a delimiter included.
    pub end: u64,
    /// Bytes before the payload.
    pub header: u16,
    /// The message.
    pub payload: &'a [u8],
}

/// A part of an encoded message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is for.
    pub role: FieldRole,
    /// Which of the encoded bytes.
    pub range: Range<usize>,
}

impl Field {
    /// Fields of these lengths in bytes, one after the other from the first byte on.
    fn in_turn<const N: usize>(fields: [(FieldRole, usize); N]) -> Vec<Field> {
        let mut start = 0;
        let fields = fields.map(|(role, length)| {
            let range = start..start + length;
            start = range.end;
            Field { role, range }
        });
        fields.into()
    }
}

/// What a part of an encoded message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldRole {
    /// Says how long the payload is.
    Header,
    /// The message itself.
    Payload,
    /// Says that the payload has ended.
    Delimiter,
    /// Says what the payload is: a JSON header.
    Description,
    /// Fills up to a fixed size.
    Padding,
    /// Takes the meaning of the next byte away.
    Escape,
    /// Says where the next zero was: a code of COBS. The zeros themselves are in no field.
    Code,
}

/// Why a message that can be encoded does not come out as it went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// The decoder finds the delimiter before the message's end.
    ContainsDelimiter {
        /// Offset in the message at which it is found.
        at: usize,
    },
    /// An empty message puts no byte on the wire: the receiver never learns of it.
    Vanishes,
    /// The mark is in the message: if a chunk happens to end just behind it, the decoder stops
    /// there.
    MayStop {
        /// Offset in the message at which it begins.
        at: usize,
    },
    /// The message ends as padding does, and this end goes with the padding.
    EndsWithPadding {
        /// Bytes lost.
        lost: usize,
    },
}

#[cfg(test)]
mod tests;
