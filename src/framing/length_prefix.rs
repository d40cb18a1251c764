//! Length prefix (长度前缀): the number of bytes, then the bytes.
//!
//! ```text
//! messages          "hi"                 "you"
//! wire              00 00 00 02 68 69    00 00 00 03 79 6f 75     length:u32:big
//! one recv each     00 00 | 00 02 68 69 00 00 00 03 79 | 6f 75    the header may be cut
//! DECODED           "hi"                 "you"
//! ```
//!
//! ```
//! use socklab::framing::{DecodeErrorKind, FramingSpec};
//!
//! let framing = "length:u32:big".parse::<FramingSpec>()?.build(1024);
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! for chunk in [&b"\0\0"[..], b"\0\x02hi\0\0\0\x03y", b"ou"] {
//!     decoder.feed(chunk, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! }
//! assert_eq!(messages, [b"hi".to_vec(), b"you".to_vec()]);
//!
//! // Its flaw: one stray byte, and payload is taken for a header.
//! let error = decoder.feed(b"ZZZZ", &mut |_| ()).unwrap_err();
//! assert_eq!(error.kind, DecodeErrorKind::FrameTooLong { announced: 1_515_870_810, limit: 1024 });
//! assert_eq!(error.offset, 13);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::headed::{Head, HeadedDecoder, Measure, Whole};
use super::{
    DecodeErrorKind, Decoder, EncodeError, Endian, Field, FieldRole, Framing, FramingSpec, Hazard,
    LengthWidth,
};

/// The number of bytes before each message.
#[derive(Clone, Copy, Debug)]
pub struct LengthFraming {
    header: Header,
}

impl LengthFraming {
    /// `limit`: the longest payload, in bytes; what the header can say limits it further.
    pub fn new(width: LengthWidth, endian: Endian, limit: usize) -> Self {
        // The last keeps header + payload within usize where that has 32 bits.
        let most = usize::try_from(width.max()).unwrap_or(usize::MAX);
        LengthFraming {
            header: Header {
                width,
                endian,
                limit: limit.min(most).min(isize::MAX as usize),
            },
        }
    }

    fn check(&self, message: &[u8]) -> Result<(), EncodeError> {
        EncodeError::check(message, self.header.limit)
    }
}

impl Framing for LengthFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Length {
            width: self.header.width,
            endian: self.header.endian,
        }
    }

    fn longest(&self) -> Option<usize> {
        Some(self.header.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.check(message)?;
        self.header.write(message.len() as u64, wire);
        wire.extend_from_slice(message);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        self.check(message)?;
        Ok(Field::in_turn([
            (FieldRole::Header, self.header.width.size()),
            (FieldRole::Payload, message.len()),
        ]))
    }

    fn hazard(&self, _message: &[u8]) -> Option<Hazard> {
        None
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(HeadedDecoder::new(self.header))
    }
}

#[derive(Clone, Copy, Debug)]
struct Header {
    width: LengthWidth,
    endian: Endian,
    limit: usize,
}

impl Header {
    /// `length` is at most `width.max()`.
    fn write(self, length: u64, wire: &mut Vec<u8>) {
        let size = self.width.size();
        match self.endian {
            Endian::Big => wire.extend_from_slice(&length.to_be_bytes()[8 - size..]),
            Endian::Little => wire.extend_from_slice(&length.to_le_bytes()[..size]),
        }
    }

    /// The number at the beginning of `bytes`; `None` while it is incomplete.
    #[inline]
    fn read(self, bytes: &[u8]) -> Option<u64> {
        Some(match self.width {
            LengthWidth::U8 => u64::from(*bytes.first()?),
            LengthWidth::U16 => {
                let header = *bytes.first_chunk()?;
                u64::from(match self.endian {
                    Endian::Big => u16::from_be_bytes(header),
                    Endian::Little => u16::from_le_bytes(header),
                })
            }
            LengthWidth::U32 | LengthWidth::I32 => {
                let header = *bytes.first_chunk()?;
                u64::from(match self.endian {
                    Endian::Big => u32::from_be_bytes(header),
                    Endian::Little => u32::from_le_bytes(header),
                })
            }
            LengthWidth::U64 => {
                let header = *bytes.first_chunk()?;
                match self.endian {
                    Endian::Big => u64::from_be_bytes(header),
                    Endian::Little => u64::from_le_bytes(header),
                }
            }
        })
    }
}

impl Head for Header {
    #[inline]
    fn measure(&self, bytes: &[u8]) -> Result<Measure, DecodeErrorKind> {
        let header = self.width.size();
        let Some(announced) = self.read(bytes) else {
            return Ok(Measure::Needs(header));
        };
        if announced <= self.limit as u64 {
            return Ok(Measure::Whole(Whole {
                header,
                size: header + announced as usize,
                checksum: None,
            }));
        }
        let signed = (announced as u32).cast_signed();
        if self.width == LengthWidth::I32 && signed < 0 {
            return Err(DecodeErrorKind::NegativeLength { announced: signed });
        }
        Err(DecodeErrorKind::FrameTooLong {
            announced,
            limit: self.limit as u64,
        })
    }
}
