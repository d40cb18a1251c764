//! Raw: no framing at all, and each recv taken for one message. Deliberately wrong.
//!
//! ```text
//! messages          "hello"   "hello"
//! wire              68 65 6c 6c 6f 68 65 6c 6c 6f
//! one recv          68 65 6c 6c 6f 68 65 6c 6c 6f
//! DECODED           "hellohello"                      one message where two were sent
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = FramingSpec::Raw.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"hello", &mut wire)?;
//! framing.encode(b"hello", &mut wire)?;
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! decoder.feed(&wire, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! assert_eq!(messages, [b"hellohello"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::{
    DecodeError, Decoder, EncodeError, Field, FieldRole, Frame, Framing, FramingSpec, Hazard,
};

/// No framing. It holds nothing back and so has no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawFraming;

impl Framing for RawFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Raw
    }

    fn longest(&self) -> Option<usize> {
        None
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        wire.extend_from_slice(message);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        Ok(vec![Field {
            role: FieldRole::Payload,
            range: 0..message.len(),
        }])
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        message.is_empty().then_some(Hazard::Vanishes)
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(RawDecoder { offset: 0 })
    }
}

struct RawDecoder {
    offset: u64,
}

impl Decoder for RawDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if chunk.is_empty() {
            return Ok(());
        }
        let start = self.offset;
        self.offset += chunk.len() as u64;
        sink(Frame {
            start,
            end: self.offset,
            header: 0,
            payload: chunk,
        });
        Ok(())
    }

    fn finish(&mut self, _sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        Ok(())
    }

    fn buffered(&self) -> usize {
        0
    }

    fn reserved(&self) -> usize {
        0
    }
}
