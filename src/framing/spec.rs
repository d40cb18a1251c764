//! The name of a framing strategy, as data and as text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{DelimiterFraming, EscapeError, Framing, LengthFraming, RawFraming, escape, unescape};

/// The longest delimiter, in bytes.
pub const MAX_DELIMITER: usize = 64;

/// Which framing, with its settings. As text, in lesson files, recordings and on the command
/// line:
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
/// assert_eq!(spec.to_string(), "length:u32:big");
/// assert_eq!(spec.struct_format(), Some("!I"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum FramingSpec {
    /// No framing: the bytes as they are, each recv taken for a message.
    #[default]
    Raw,
    /// A mark after each message.
    Delimiter {
        /// Its bytes, 1 to [`MAX_DELIMITER`]. (An empty one would never be found.)
        delimiter: Vec<u8>,
    },
    /// The number of bytes before each message.
    Length {
        /// Size and sign of that number.
        width: LengthWidth,
        /// Order of its bytes.
        endian: Endian,
    },
}

/// Size and sign of a length header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthWidth {
    /// 1 byte
    U8,
    /// 2 bytes
    U16,
    /// 4 bytes
    U32,
    /// 4 bytes, signed: what Python's `struct.pack('i', n)` writes
    I32,
}

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endian {
    /// Highest byte first: the network's order (RFC 1700)
    Big,
    /// Lowest byte first: the order inside nearly all of today's processors
    Little,
}

impl LengthWidth {
    /// Every width.
    pub const ALL: [LengthWidth; 4] = [Self::U8, Self::U16, Self::U32, Self::I32];

    /// The name in the text form.
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::I32 => "i32",
        }
    }

    /// Bytes of the header.
    pub fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 | Self::I32 => 4,
        }
    }

    /// The greatest length the header can say.
    pub fn max(self) -> u32 {
        match self {
            Self::U8 => u32::from(u8::MAX),
            Self::U16 => u32::from(u16::MAX),
            Self::U32 => u32::MAX,
            Self::I32 => i32::MAX as u32,
        }
    }
}

impl Endian {
    /// Both orders.
    pub const ALL: [Endian; 2] = [Self::Big, Self::Little];

    /// The name in the text form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Big => "big",
            Self::Little => "little",
        }
    }
}

impl FramingSpec {
    /// The framings to choose from, in teaching order: the wrong one, marks, lengths.
    pub fn choices() -> Vec<FramingSpec> {
        let delimiter = |text: &[u8]| Self::Delimiter {
            delimiter: text.to_vec(),
        };
        let length = |width, endian| Self::Length { width, endian };
        vec![
            Self::Raw,
            delimiter(b"\n"),
            delimiter(b"##"),
            delimiter(b"\0"),
            length(LengthWidth::U8, Endian::Big),
            length(LengthWidth::U16, Endian::Big),
            length(LengthWidth::U16, Endian::Little),
            length(LengthWidth::U32, Endian::Big),
            length(LengthWidth::U32, Endian::Little),
            length(LengthWidth::I32, Endian::Big),
            length(LengthWidth::I32, Endian::Little),
        ]
    }

    /// The framing at work. `limit` is the longest payload accepted, in bytes; it bounds what a
    /// decoder holds. Raw framing holds nothing and needs no limit.
    pub fn build(&self, limit: usize) -> Box<dyn Framing> {
        match self {
            Self::Raw => Box::new(RawFraming),
            Self::Delimiter { delimiter } => {
                Box::new(DelimiterFraming::new(delimiter.clone(), limit))
            }
            Self::Length { width, endian } => Box::new(LengthFraming::new(*width, *endian, limit)),
        }
    }

    /// The format of the length header for Python's `struct` module.
    pub fn struct_format(&self) -> Option<&'static str> {
        let Self::Length { width, endian } = self else {
            return None;
        };
        Some(match (endian, width) {
            (Endian::Big, LengthWidth::U8) => "!B",
            (Endian::Big, LengthWidth::U16) => "!H",
            (Endian::Big, LengthWidth::U32) => "!I",
            (Endian::Big, LengthWidth::I32) => "!i",
            (Endian::Little, LengthWidth::U8) => "<B",
            (Endian::Little, LengthWidth::U16) => "<H",
            (Endian::Little, LengthWidth::U32) => "<I",
            (Endian::Little, LengthWidth::I32) => "<i",
        })
    }

    /// Bytes that each message costs beyond its payload.
    pub fn overhead(&self) -> usize {
        match self {
            Self::Raw => 0,
            Self::Delimiter { delimiter } => delimiter.len(),
            Self::Length { width, .. } => width.size(),
        }
    }
}

/// Why a text names no framing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Not one of the strategies.
    #[error(r"unknown framing '{0}': use raw, delimiter:TEXT (such as delimiter:\n) or length:WIDTH:ORDER (such as length:u32:big)")]
    Strategy(String),
    /// The delimiter's escapes are wrong.
    #[error("framing delimiter: {0}")]
    Escape(#[from] EscapeError),
    /// The delimiter is empty or too long.
    #[error(r"a delimiter has 1 to {MAX_DELIMITER} bytes, not {0}: use for example delimiter:\n")]
    DelimiterLength(usize),
    /// Not a width.
    #[error("unknown length header '{0}': use u8, u16, u32 or i32")]
    Width(String),
    /// Not a byte order.
    #[error("unknown byte order '{0}': use big or little")]
    Endian(String),
}

impl fmt::Display for FramingSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raw => f.pad("raw"),
            Self::Delimiter { delimiter } => f.pad(&format!("delimiter:{}", escape(delimiter))),
            Self::Length { width, endian } => {
                f.pad(&format!("length:{}:{}", width.name(), endian.name()))
            }
        }
    }
}

impl FromStr for FramingSpec {
    type Err = SpecError;

    /// Reads the text form. The byte order may be left out: `length:u8` is `length:u8:big`.
    fn from_str(text: &str) -> Result<Self, SpecError> {
        if text == "raw" {
            return Ok(Self::Raw);
        }
        if let Some(escaped) = text.strip_prefix("delimiter:") {
            let delimiter = unescape(escaped)?;
            return match delimiter.len() {
                1..=MAX_DELIMITER => Ok(Self::Delimiter { delimiter }),
                other => Err(SpecError::DelimiterLength(other)),
            };
        }
        if let Some(format) = text.strip_prefix("length:") {
            let (width, endian) = format.split_once(':').unwrap_or((format, "big"));
            let find_width = LengthWidth::ALL.into_iter().find(|w| w.name() == width);
            let find_endian = Endian::ALL.into_iter().find(|e| e.name() == endian);
            return Ok(Self::Length {
                width: find_width.ok_or_else(|| SpecError::Width(width.to_owned()))?,
                endian: find_endian.ok_or_else(|| SpecError::Endian(endian.to_owned()))?,
            });
        }
        Err(SpecError::Strategy(text.to_owned()))
    }
}

impl From<FramingSpec> for String {
    fn from(spec: FramingSpec) -> Self {
        spec.to_string()
    }
}

impl TryFrom<String> for FramingSpec {
    type Error = SpecError;

    fn try_from(text: String) -> Result<Self, SpecError> {
        text.parse()
    }
}
