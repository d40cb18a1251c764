//! Pacing: no framing, and a sleep after each send so that the receiver may keep up. Deliberately
//! wrong.
//!
//! ```text
//! messages          "hello"  (5 ms)  "hello"
//! recv in time      "hello"   "hello"                 right, by luck
//! recv too late     "hellohello"                      one message where two were sent
//! ```
//!
//! Bytes on the wire and the decoder are those of [`RawFraming`]; the sender reads how long to
//! sleep from [`FramingSpec::pause`].

use super::{Decoder, EncodeError, Field, Framing, FramingSpec, Hazard, RawFraming};

/// No framing, and a pause after each message.
#[derive(Clone, Copy, Debug)]
pub struct PacingFraming {
    ms: u32,
}

impl PacingFraming {
    /// `ms`: how long the sender sleeps after each message, in milliseconds.
    pub fn new(ms: u32) -> Self {
        PacingFraming { ms }
    }
}

impl Framing for PacingFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Pacing { ms: self.ms }
    }

    fn longest(&self) -> Option<usize> {
        RawFraming.longest()
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        RawFraming.encode(message, wire)
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        RawFraming.layout(message)
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        RawFraming.hazard(message)
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        RawFraming.decoder()
    }
}
