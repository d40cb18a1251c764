//! A framing strategy as text, and back.

use std::fmt;
use std::str::FromStr;

use super::spec::{MAX_DELIMITER, MAX_FIXED_SIZE, MAX_PAUSE_MS};
use super::{Endian, EscapeError, FramingSpec, LengthWidth, escape, unescape, width};

/// Why a text names no framing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Not one of the strategies.
    #[error(
        r"unknown framing '{0}': use raw, pacing:MS, end-mark:TEXT, fixed:SIZE, delimiter:TEXT (such as delimiter:\n), escaped:TEXT, length:WIDTH:ORDER (such as length:u32:big), struct:FORMAT (such as struct:!I), varint, ack:WIDTH:ORDER, json or cobs"
    )]
    Strategy(String),
    /// The escapes of a mark or of the padding are wrong.
    #[error("framing {0}: {1}")]
    Escape(&'static str, EscapeError),
    /// The delimiter is empty or too long.
    #[error(r"a delimiter has 1 to {MAX_DELIMITER} bytes, not {0}: use for example delimiter:\n")]
    DelimiterLength(usize),
    /// The delimiter begins with the byte that escapes.
    #[error(r"an escaped delimiter cannot begin with a backslash, which is the escape: use for example escaped:\n")]
    EscapedDelimiter,
    /// Not a width.
    #[error("unknown length header '{0}': use u8, u16, u32, i32 or u64")]
    Width(String),
    /// Not a byte order.
    #[error("unknown byte order '{0}': use big or little")]
    Endian(String),
    /// Not a format of one unsigned number, or of an `i`.
    #[error(
        "unknown struct format '{0}': use !, > (big-endian) or < (little-endian) and one of B H I i Q, such as !I; without an order, as in i, it is little-endian; signed b h q and native l L are not read"
    )]
    StructFormat(String),
    /// Not a number of bytes for a fixed size.
    #[error("a fixed size is 1 to {MAX_FIXED_SIZE} bytes, not '{0}': use for example fixed:64")]
    FixedSize(String),
    /// Not one byte of padding.
    #[error(r"padding is exactly one byte, not {0}: use for example fixed:64:\0 or fixed:64:-")]
    Padding(usize),
    /// Not a time.
    #[error("a pause is 0 to {MAX_PAUSE_MS} milliseconds, not '{0}': use for example pacing:5")]
    Pause(String),
    /// The strategy has no settings.
    #[error("{0} takes no settings: write just {0}")]
    NoSettings(&'static str),
    /// The strategy has no parameter of that name.
    #[error("{strategy} has no parameter '{parameter}'; it has {has}")]
    Parameter {
        /// Keyword of the strategy.
        strategy: &'static str,
        /// The name.
        parameter: String,
        /// Names it does have.
        has: String,
    },
}

impl fmt::Display for FramingSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = self.keyword();
        let text = match self {
            Self::Raw | Self::Varint | Self::Json | Self::Cobs => return f.pad(keyword),
            Self::Pacing { ms } => format!("{keyword}:{ms}"),
            Self::Fixed { size, pad: 0 } => format!("{keyword}:{size}"),
            Self::Fixed { size, pad } => format!("{keyword}:{size}:{}", escape(&[*pad])),
            Self::Delimiter { delimiter: mark }
            | Self::Escaped { delimiter: mark }
            | Self::EndMark { mark } => format!("{keyword}:{}", escape(mark)),
            Self::Length { width, endian } | Self::Ack { width, endian } => {
                format!("{keyword}:{}:{}", width.name(), endian.name())
            }
        };
        f.pad(&text)
    }
}

/// A whole number as a person writes it: digits only.
pub(super) fn number(text: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits)?;
    range.contains(&number).then_some(number)
}

/// The bytes of a mark written with escapes.
fn mark(keyword: &'static str, text: &str) -> Result<Vec<u8>, SpecError> {
    let mark = unescape(text).map_err(|error| SpecError::Escape(keyword, error))?;
    match mark.len() {
        1..=MAX_DELIMITER => Ok(mark),
        other => Err(SpecError::DelimiterLength(other)),
    }
}

/// `WIDTH` or `WIDTH:ORDER`.
fn header(text: &str) -> Result<(LengthWidth, Endian), SpecError> {
    let (width, endian) = text.split_once(':').unwrap_or((text, "big"));
    let find_width = LengthWidth::ALL.into_iter().find(|w| w.name() == width);
    let find_endian = Endian::ALL.into_iter().find(|e| e.name() == endian);
    Ok((
        find_width.ok_or_else(|| SpecError::Width(width.to_owned()))?,
        find_endian.ok_or_else(|| SpecError::Endian(endian.to_owned()))?,
    ))
}

fn fixed(text: &str) -> Result<FramingSpec, SpecError> {
    let (size, pad) = text.split_once(':').unwrap_or((text, r"\0"));
    let size =
        number(size, 1..=MAX_FIXED_SIZE).ok_or_else(|| SpecError::FixedSize(size.to_owned()))?;
    let pad = unescape(pad).map_err(|error| SpecError::Escape("fixed", error))?;
    match pad[..] {
        [pad] => Ok(FramingSpec::Fixed { size, pad }),
        _ => Err(SpecError::Padding(pad.len())),
    }
}

impl FromStr for FramingSpec {
    type Err = SpecError;

    /// Reads the text form. What may be left out is said at [`FramingSpec`].
    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (keyword, settings) = match text.split_once(':') {
            Some((keyword, settings)) => (keyword, Some(settings)),
            None => (text, None),
        };
        let bare = |keyword, spec| match settings {
            None => Ok(spec),
            Some(_) => Err(SpecError::NoSettings(keyword)),
        };
        // What needs settings says what they are, also where they are missing.
        let given = settings.unwrap_or_default();
        match keyword {
            "raw" => bare("raw", Self::Raw),
            "varint" => bare("varint", Self::Varint),
            "json" => bare("json", Self::Json),
            "cobs" => bare("cobs", Self::Cobs),
            "pacing" => Ok(Self::Pacing {
                ms: number(given, 0..=MAX_PAUSE_MS)
                    .ok_or_else(|| SpecError::Pause(given.to_owned()))?,
            }),
            "fixed" => fixed(given),
            "delimiter" => Ok(Self::Delimiter {
                delimiter: mark("delimiter", given)?,
            }),
            "escaped" => {
                let delimiter = mark("escaped", given)?;
                if delimiter[0] == super::ESCAPE {
                    return Err(SpecError::EscapedDelimiter);
                }
                Ok(Self::Escaped { delimiter })
            }
            "end-mark" => Ok(Self::EndMark {
                mark: mark("end-mark", settings.unwrap_or("##"))?,
            }),
            "length" => header(given).map(|(width, endian)| Self::Length { width, endian }),
            "struct" => width::of_struct_format(given)
                .map(|(width, endian)| Self::Length { width, endian })
                .ok_or_else(|| SpecError::StructFormat(given.to_owned())),
            "ack" => header(settings.unwrap_or("i32:little"))
                .map(|(width, endian)| Self::Ack { width, endian }),
            _ => Err(SpecError::Strategy(text.to_owned())),
        }
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
