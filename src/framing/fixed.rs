//! Fixed size: every message padded to the same number of bytes.
//!
//! ```text
//! messages          "hi"                   "hello"
//! wire              68 69 00 00 00 00      68 65 6c 6c 6f 00       fixed:6
//! DECODED           "hi"                   "hello"
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = "fixed:6".parse::<FramingSpec>()?.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"hi", &mut wire)?;
//! assert_eq!(wire, b"hi\0\0\0\0");
//!
//! // Its flaws: a message may be too long, and padding cannot be told from payload.
//! assert!(framing.encode(b"seven..", &mut wire).is_err());
//! assert!(framing.hazard(b"ends\0").is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::headed::{Head, HeadedDecoder, Measure, Whole};
use super::{
    DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Framing, FramingSpec, Hazard,
};

/// Every message padded to one size.
#[derive(Clone, Copy, Debug)]
pub struct FixedFraming {
    size: u32,
    pad: u8,
    limit: usize,
}

impl FixedFraming {
    /// `size`: bytes of every frame, at least 1; `limit`: the longest payload, in bytes.
    pub fn new(size: u32, pad: u8, limit: usize) -> Self {
        FixedFraming {
            size: size.max(1),
            pad,
            limit: limit.min(size.max(1) as usize),
        }
    }
}

impl Framing for FixedFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Fixed {
            size: self.size,
            pad: self.pad,
        }
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        let end = wire.len() + self.size as usize;
        wire.extend_from_slice(message);
        wire.resize(end, self.pad);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        Ok(Field::in_turn([
            (FieldRole::Payload, message.len()),
            (FieldRole::Padding, self.size as usize - message.len()),
        ]))
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        let kept = stripped(message, self.pad).len();
        (kept < message.len()).then_some(Hazard::EndsWithPadding {
            lost: message.len() - kept,
        })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(HeadedDecoder::new(*self))
    }
}

/// Without the padding at its end.
fn stripped(frame: &[u8], pad: u8) -> &[u8] {
    let kept = frame.iter().rposition(|&byte| byte != pad);
    &frame[..kept.map_or(0, |last| last + 1)]
}

impl Head for FixedFraming {
    #[inline]
    fn measure(&self, _bytes: &[u8]) -> Result<Measure, DecodeErrorKind> {
        Ok(Measure::Whole(Whole {
            header: 0,
            size: self.size as usize,
            checksum: None,
        }))
    }

    #[inline]
    fn open<'f>(&self, frame: &'f [u8], _whole: Whole) -> Result<&'f [u8], DecodeErrorKind> {
        let payload = stripped(frame, self.pad);
        if payload.len() > self.limit {
            return Err(DecodeErrorKind::FrameTooLong {
                announced: payload.len() as u64,
                limit: self.limit as u64,
            });
        }
        Ok(payload)
    }
}
