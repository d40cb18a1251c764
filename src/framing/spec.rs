//! Which framing strategy, as data: what it is, what it costs, what it claims.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    AckFraming, CobsFraming, DelimiterFraming, EndMarkFraming, Endian, EscapedFraming,
    FixedFraming, Framing, JsonFraming, LengthFraming, LengthWidth, PacingFraming, RawFraming,
    VarintFraming, cobs, json_header, varint,
};

/// The longest delimiter, in bytes.
pub const MAX_DELIMITER: usize = 64;

/// The greatest fixed size, in bytes.
pub const MAX_FIXED_SIZE: u32 = 1 << 20;

/// The longest pause of pacing, in milliseconds.
pub const MAX_PAUSE_MS: u32 = 60_000;

/// Which framing, with its settings. As text, in lesson files, recordings and on the command
/// line:
///
/// | text | strategy |
/// |---|---|
/// | `raw` | no framing; each recv taken for a message |
/// | `pacing:MS` | the same, and the sender sleeps after each message |
/// | `fixed:SIZE`, `fixed:SIZE:PAD` | padded to SIZE with the byte PAD (`\0` if left out) |
/// | `delimiter:TEXT` | a mark after each message |
/// | `escaped:TEXT` | the same, and a backslash before what could be taken for the mark |
/// | `end-mark`, `end-mark:TEXT` | a mark looked for only where a recv ends (`##` if left out) |
/// | `length:WIDTH`, `length:WIDTH:ORDER` | the length before each message; u8 u16 u32 i32 u64, big little (big if left out) |
/// | `struct:FORMAT` | the same, as Python's `struct` writes it: `!I`, `>H`, `<i`; `i` is little-endian |
/// | `varint` | the length in as few bytes as it needs |
/// | `ack`, `ack:WIDTH:ORDER` | the length, an acknowledgement, the message (`i32:little` if left out) |
/// | `json` | four bytes for a header's length, the header as JSON, the message |
/// | `cobs` | zero after each message, zeros inside taken out |
///
/// TEXT and PAD may have the escapes of C. ([`super::unescape`])
///
/// ```
/// use socklab::framing::{Endian, FramingSpec, LengthWidth};
///
/// assert_eq!("raw".parse(), Ok(FramingSpec::Raw));
/// assert_eq!(
///     r"delimiter:\r\n".parse(),
///     Ok(FramingSpec::Delimiter { delimiter: b"\r\n".to_vec() })
/// );
/// let spec = FramingSpec::Length { width: LengthWidth::U32, endian: Endian::Big };
/// assert_eq!("length:u32:big".parse(), Ok(spec.clone()));
/// assert_eq!("struct:!I".parse(), Ok(spec.clone()));
/// assert_eq!(spec.to_string(), "length:u32:big");
/// assert_eq!(spec.struct_format(), Some("!I"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum FramingSpec {
    /// No framing: the bytes as they are, each recv taken for a message.
    #[default]
    Raw,
    /// No framing, and a sleep after each message.
    Pacing {
        /// How long, in milliseconds; at most [`MAX_PAUSE_MS`].
        ms: u32,
    },
    /// Every message padded to the same size.
    Fixed {
        /// Bytes, 1 to [`MAX_FIXED_SIZE`].
        size: u32,
        /// The byte that fills up.
        pad: u8,
    },
    /// A mark after each message.
    Delimiter {
        /// Its bytes, 1 to [`MAX_DELIMITER`]. (An empty one would never be found.)
        delimiter: Vec<u8>,
    },
    /// A mark after each message, escaped by a backslash inside.
    Escaped {
        /// Its bytes, 1 to [`MAX_DELIMITER`]; the first is no backslash.
        delimiter: Vec<u8>,
    },
    /// A mark after each message, looked for only where a recv ends.
    EndMark {
        /// Its bytes, 1 to [`MAX_DELIMITER`].
        mark: Vec<u8>,
    },
    /// The number of bytes before each message.
    Length {
        /// Size and sign of that number.
        width: LengthWidth,
        /// Order of its bytes.
        endian: Endian,
    },
    /// The number of bytes before each message, in 1 to 10 bytes as protobuf writes it.
    Varint,
    /// The number of bytes, then an acknowledgement by the receiver, then the message.
    Ack {
        /// Size and sign of that number.
        width: LengthWidth,
        /// Order of its bytes.
        endian: Endian,
    },
    /// A header as JSON, with its length before it.
    Json,
    /// Consistent Overhead Byte Stuffing.
    Cobs,
}

impl FramingSpec {
    /// The same with the bytes of its length in the other order: what a receiver takes it for who
    /// has not been told. Framings without such a number are as they were.
    #[must_use]
    pub fn swapped(&self) -> Self {
        match *self {
            Self::Length { width, endian } => Self::Length {
                width,
                endian: endian.other(),
            },
            Self::Ack { width, endian } => Self::Ack {
                width,
                endian: endian.other(),
            },
            _ => self.clone(),
        }
    }

    /// The framings to choose from, in teaching order: the wrong ones, sizes, marks, lengths,
    /// and what puts these together.
    pub fn choices() -> Vec<FramingSpec> {
        let delimiter = |text: &[u8]| Self::Delimiter {
            delimiter: text.to_vec(),
        };
        let escaped = |text: &[u8]| Self::Escaped {
            delimiter: text.to_vec(),
        };
        let length = |width, endian| Self::Length { width, endian };
        vec![
            Self::Raw,
            Self::Pacing { ms: 5 },
            Self::EndMark {
                mark: b"##".to_vec(),
            },
            Self::Fixed { size: 64, pad: 0 },
            delimiter(b"\n"),
            delimiter(b"##"),
            delimiter(b"\0"),
            escaped(b"\n"),
            escaped(b"##"),
            length(LengthWidth::U8, Endian::Big),
            length(LengthWidth::U16, Endian::Big),
            length(LengthWidth::U16, Endian::Little),
            length(LengthWidth::U32, Endian::Big),
            length(LengthWidth::U32, Endian::Little),
            length(LengthWidth::I32, Endian::Big),
            length(LengthWidth::I32, Endian::Little),
            length(LengthWidth::U64, Endian::Big),
            length(LengthWidth::U64, Endian::Little),
            Self::Varint,
            Self::Ack {
                width: LengthWidth::I32,
                endian: Endian::Little,
            },
            Self::Json,
            Self::Cobs,
        ]
    }

    /// The framing at work. `limit` is the longest payload accepted, in bytes; it bounds what a
    /// decoder holds. Raw framing and pacing hold nothing and need no limit.
    pub fn build(&self, limit: usize) -> Box<dyn Framing> {
        match self {
            Self::Raw => Box::new(RawFraming),
            Self::Pacing { ms } => Box::new(PacingFraming::new(*ms)),
            Self::Fixed { size, pad } => Box::new(FixedFraming::new(*size, *pad, limit)),
            Self::Delimiter { delimiter } => {
                Box::new(DelimiterFraming::new(delimiter.clone(), limit))
            }
            Self::Escaped { delimiter } => Box::new(EscapedFraming::new(delimiter, limit)),
            Self::EndMark { mark } => Box::new(EndMarkFraming::new(mark.clone(), limit)),
            Self::Length { width, endian } => Box::new(LengthFraming::new(*width, *endian, limit)),
            Self::Varint => Box::new(VarintFraming::new(limit)),
            Self::Ack { width, endian } => Box::new(AckFraming::new(*width, *endian, limit)),
            Self::Json => Box::new(JsonFraming::new(limit)),
            Self::Cobs => Box::new(CobsFraming::new(limit)),
        }
    }

    /// The strategy's name in the text form, without its settings.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Pacing { .. } => "pacing",
            Self::Fixed { .. } => "fixed",
            Self::Delimiter { .. } => "delimiter",
            Self::Escaped { .. } => "escaped",
            Self::EndMark { .. } => "end-mark",
            Self::Length { .. } => "length",
            Self::Varint => "varint",
            Self::Ack { .. } => "ack",
            Self::Json => "json",
            Self::Cobs => "cobs",
        }
    }

    /// The format of the length header for Python's `struct` module.
    pub fn struct_format(&self) -> Option<&'static str> {
        match self {
            Self::Length { width, endian } | Self::Ack { width, endian } => {
                Some(width.struct_format(*endian))
            }
            Self::Json => Some(LengthWidth::U32.struct_format(Endian::Big)),
            _ => None,
        }
    }

    /// Bytes that each message costs beyond its payload, whatever is in it; what depends on the
    /// message (padding, escapes, the size of a varint, the digits in a JSON header) is counted
    /// at its least. What one message costs exactly: [`Framing::overhead`].
    pub fn overhead(&self) -> usize {
        match self {
            Self::Raw | Self::Pacing { .. } | Self::Fixed { .. } => 0,
            Self::Delimiter { delimiter } | Self::Escaped { delimiter } => delimiter.len(),
            Self::EndMark { mark } => mark.len(),
            Self::Length { width, .. } | Self::Ack { width, .. } => width.size(),
            Self::Varint => 1,
            Self::Json => json_header::LEAST,
            Self::Cobs => 2,
        }
    }

    /// The most bytes that a message of `payload` bytes costs beyond them, whatever is in it.
    pub fn most_overhead(&self, payload: usize) -> usize {
        match self {
            Self::Fixed { size, .. } => (*size as usize).saturating_sub(payload),
            // Every byte may need an escape.
            Self::Escaped { delimiter } => payload.saturating_add(delimiter.len()),
            Self::Varint => varint::size(payload as u64),
            Self::Json => json_header::MOST,
            Self::Cobs => cobs::most_encoded(payload) - payload,
            _ => self.overhead(),
        }
    }

    /// The most bytes that a decoder holds beyond the longest payload.
    pub fn most_held_beyond(&self, limit: usize) -> usize {
        match self {
            // A frame is held with its padding, whatever the limit.
            Self::Fixed { size, .. } => (*size as usize).saturating_sub(limit),
            Self::Escaped { .. } => 0,
            Self::Varint => varint::LONGEST,
            Self::Json => json_header::PREFIX + json_header::MAX_JSON_HEADER,
            _ => self.most_overhead(limit),
        }
    }

    /// Times per message that the sender waits for an answer before it can go on.
    pub fn round_trips(&self) -> u32 {
        u32::from(self.acknowledged())
    }

    /// Does the sender wait, after each length, for [`super::ACKNOWLEDGEMENT`]?
    pub fn acknowledged(&self) -> bool {
        matches!(self, Self::Ack { .. })
    }

    /// How long the sender sleeps after each message.
    pub fn pause(&self) -> Duration {
        match self {
            Self::Pacing { ms } => Duration::from_millis(u64::from(*ms)),
            _ => Duration::ZERO,
        }
    }

    /// Does it claim that the same messages come out however the stream is cut into chunks?
    /// (Those without a [`super::Hazard`].)
    pub fn survives_any_cutting(&self) -> bool {
        !matches!(self, Self::Raw | Self::Pacing { .. } | Self::EndMark { .. })
    }
}
