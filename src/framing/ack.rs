//! Length, acknowledgement, payload: the interactive variant of a length prefix.
//!
//! The sender says how long the message is, waits until the receiver has said that it knows, and
//! only then sends the message. On the wire it is a length prefix; its price is a round trip for
//! each message, and it buys nothing that the length alone did not give.
//!
//! ```text
//! sender            05 00 00 00                        68 65 6c 6c 6f
//! receiver                        06 (one byte)
//! DECODED                                              "hello"
//! ```
//!
//! The codec is that of [`LengthFraming`]; who waits for whom is up to those who send and
//! receive, told by [`FramingSpec::acknowledged`].

use super::{
    Decoder, EncodeError, Endian, Field, Framing, FramingSpec, Hazard, LengthFraming, LengthWidth,
};

/// What the receiver answers to each length: one byte, ACK of ASCII.
pub const ACKNOWLEDGEMENT: u8 = 0x06;

/// A length prefix that waits for an answer before the payload.
#[derive(Clone, Copy, Debug)]
pub struct AckFraming {
    width: LengthWidth,
    endian: Endian,
    length: LengthFraming,
}

impl AckFraming {
    /// `limit`: the longest payload, in bytes; what the header can say limits it further.
    pub fn new(width: LengthWidth, endian: Endian, limit: usize) -> Self {
        AckFraming {
            width,
            endian,
            length: LengthFraming::new(width, endian, limit),
        }
    }
}

impl Framing for AckFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Ack {
            width: self.width,
            endian: self.endian,
        }
    }

    fn longest(&self) -> Option<usize> {
        self.length.longest()
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.length.encode(message, wire)
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        self.length.layout(message)
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        self.length.hazard(message)
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        self.length.decoder()
    }
}
