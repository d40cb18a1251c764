//! Self-describing header: four bytes for the length of a header, the header as JSON, the payload.
//!
//! The header says what the payload is called, how long it is and what its checksum must be, and
//! can say more tomorrow without breaking the programs of today.
//!
//! ```text
//! message           "hi"
//! wire              00 00 00 39   {"name": "message", "size": 2, "checksum": 3633523372}   68 69
//!                   u32, big      the header                                               payload
//! ```
//!
//! The checksum is the CRC-32 of the payload as `zlib.crc32` of Python counts it (IEEE 802.3).
//! The header is written as Python's `json.dumps` would, and any JSON object with these three
//! keys is read.
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = FramingSpec::Json.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"hi", &mut wire)?;
//! assert_eq!(&wire[4..], br#"{"name": "message", "size": 2, "checksum": 3633523372}hi"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::error::Category;

use super::headed::{Head, HeadedDecoder, Measure, Whole};
use super::{
    DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Framing, FramingSpec, Hazard,
    HeaderKey,
};

/// The longest JSON header that is read, in bytes.
pub const MAX_JSON_HEADER: usize = 4096;

/// What the header calls a message.
pub const JSON_NAME: &str = "message";

/// Bytes of the number before the header.
pub(super) const PREFIX: usize = 4;

/// Bytes of the header without its two numbers.
const WORDS: usize = PREFIX + r#"{"name": "", "size": , "checksum": }"#.len() + JSON_NAME.len();

/// The fewest bytes before a payload: each number with one digit.
pub(super) const LEAST: usize = WORDS + 2;

/// The most bytes before a payload: a size of 20 digits, a checksum of 10.
pub(super) const MOST: usize = WORDS + 30;

/// The header as JSON, with the length of the JSON before it.
#[derive(Clone, Copy, Debug)]
pub struct JsonFraming {
    limit: usize,
}

impl JsonFraming {
    /// `limit`: the longest payload, in bytes.
    pub fn new(limit: usize) -> Self {
        JsonFraming {
            limit: limit.min(isize::MAX as usize),
        }
    }
}

/// The bytes before a payload: the length of the JSON and the JSON.
fn header(payload: &[u8]) -> Vec<u8> {
    let json = format!(
        r#"{{"name": "{JSON_NAME}", "size": {}, "checksum": {}}}"#,
        payload.len(),
        crc32fast::hash(payload)
    );
    let mut bytes = Vec::with_capacity(PREFIX + json.len());
    bytes.extend_from_slice(&(json.len() as u32).to_be_bytes());
    bytes.extend_from_slice(json.as_bytes());
    bytes
}

impl Framing for JsonFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Json
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        wire.extend_from_slice(&header(message));
        wire.extend_from_slice(message);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        Ok(Field::in_turn([
            (FieldRole::Header, PREFIX),
            (FieldRole::Description, header(message).len() - PREFIX),
            (FieldRole::Payload, message.len()),
        ]))
    }

    fn hazard(&self, _message: &[u8]) -> Option<Hazard> {
        None
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(HeadedDecoder::new(Header { limit: self.limit }))
    }
}

/// The three keys; any others are let be.
#[derive(Deserialize)]
struct Description<'a> {
    // Only that it is there, and text, matters to the decoder.
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    size: Option<u64>,
    checksum: Option<u32>,
}

/// Offset in `json` of the place that an error names.
fn place(json: &[u8], error: &serde_json::Error) -> u64 {
    let lines = json.split_inclusive(|&byte| byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (before + error.column()) as u64
}

struct Header {
    limit: usize,
}

impl Head for Header {
    fn measure(&self, bytes: &[u8]) -> Result<Measure, DecodeErrorKind> {
        let Some(prefix) = bytes.first_chunk::<PREFIX>() else {
            return Ok(Measure::Needs(PREFIX));
        };
        let length = u32::from_be_bytes(*prefix) as usize;
        if length > MAX_JSON_HEADER {
            return Err(DecodeErrorKind::HeaderTooLong {
                announced: length as u64,
                limit: MAX_JSON_HEADER as u64,
            });
        }
        let header = PREFIX + length;
        let Some(json) = bytes.get(PREFIX..header) else {
            return Ok(Measure::Needs(header));
        };
        let described: Description<'_> = serde_json::from_slice(json).map_err(|error| {
            let at = place(json, &error);
            match error.classify() {
                Category::Data => DecodeErrorKind::HeaderValue { at },
                _ => DecodeErrorKind::HeaderSyntax { at },
            }
        })?;
        let missing = |key| DecodeErrorKind::HeaderMissing { key };
        described.name.ok_or(missing(HeaderKey::Name))?;
        let size = described.size.ok_or(missing(HeaderKey::Size))?;
        let checksum = described.checksum.ok_or(missing(HeaderKey::Checksum))?;
        if size > self.limit as u64 {
            return Err(DecodeErrorKind::FrameTooLong {
                announced: size,
                limit: self.limit as u64,
            });
        }
        Ok(Measure::Whole(Whole {
            header,
            size: header + size as usize,
            checksum: Some(checksum),
        }))
    }

    fn open<'f>(&self, frame: &'f [u8], whole: Whole) -> Result<&'f [u8], DecodeErrorKind> {
        let payload = &frame[whole.header..];
        let computed = crc32fast::hash(payload);
        match whole.checksum {
            Some(announced) if announced != computed => Err(DecodeErrorKind::Checksum {
                announced,
                computed,
            }),
            _ => Ok(payload),
        }
    }
}
