//! Varint length prefix: the number of bytes in as few bytes as it needs, then the bytes.
//!
//! The number is written as protobuf and LEB128 do: seven bits a byte, the lowest first, and the
//! top bit says that more follow. <https://protobuf.dev/programming-guides/encoding/#varints>
//!
//! ```text
//! messages          "hi"        300 bytes
//! wire              02 68 69    ac 02 …          300 = 2 × 128 + 44; 44 + 128 = 0xac
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = FramingSpec::Varint.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(&[b'x'; 300], &mut wire)?;
//! assert_eq!(wire[..3], [0xac, 0x02, b'x']);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::headed::{Head, HeadedDecoder, Measure, Whole};
use super::{
    DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Framing, FramingSpec, Hazard,
};

/// The most bytes a number of 64 bits takes.
pub(super) const LONGEST: usize = 10;

/// A length prefix of one to ten bytes.
#[derive(Clone, Copy, Debug)]
pub struct VarintFraming {
    limit: usize,
}

impl VarintFraming {
    /// `limit`: the longest payload, in bytes.
    pub fn new(limit: usize) -> Self {
        VarintFraming {
            limit: limit.min(isize::MAX as usize),
        }
    }
}

/// Bytes that the number takes as a varint.
pub(super) fn size(number: u64) -> usize {
    let bits = 64 - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

fn write(mut number: u64, wire: &mut Vec<u8>) {
    while number >= 0x80 {
        wire.push(number as u8 | 0x80);
        number >>= 7;
    }
    wire.push(number as u8);
}

impl Framing for VarintFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Varint
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        write(message.len() as u64, wire);
        wire.extend_from_slice(message);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        Ok(Field::in_turn([
            (FieldRole::Header, size(message.len() as u64)),
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

struct Header {
    limit: usize,
}

impl Head for Header {
    #[inline]
    fn measure(&self, bytes: &[u8]) -> Result<Measure, DecodeErrorKind> {
        let mut announced = 0_u64;
        for (at, &byte) in bytes.iter().enumerate().take(LONGEST) {
            // The tenth byte holds the 64th bit and nothing else.
            if at == LONGEST - 1 && byte > 1 {
                return Err(DecodeErrorKind::VarintTooLong);
            }
            announced |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 != 0 {
                continue;
            }
            let header = at + 1;
            if byte == 0 && at > 0 {
                return Err(DecodeErrorKind::VarintPadded {
                    bytes: header as u64,
                    enough: size(announced) as u64,
                });
            }
            if announced > self.limit as u64 {
                return Err(DecodeErrorKind::FrameTooLong {
                    announced,
                    limit: self.limit as u64,
                });
            }
            return Ok(Measure::Whole(Whole {
                header,
                size: header + announced as usize,
                checksum: None,
            }));
        }
        // Ten bytes were either too long or ended above.
        Ok(Measure::Needs(bytes.len() + 1))
    }
}
