//! End mark `##`, as file transfer in the classroom does it. Deliberately wrong.
//!
//! The receiver adds up what comes and stops when *what one recv returned ends with the mark*. It
//! looks at the end of each chunk only, never inside and never across two:
//!
//! ```text
//! messages          "hi"  "you"
//! wire              68 69 23 23 79 6f 75 23 23
//! as two recvs      "hi##" | "you##"              "hi", "you"          right
//! merged            "hi##you##"                   "hi##you"            one message, mark inside
//! mark cut          "hi#" | "#you##"              "hi##you"            the same
//! message a##b      "a##" | "b##"                 "a", "b"             cut at its own content
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = "end-mark:##".parse::<FramingSpec>()?.build(1024);
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! decoder.feed(b"hi##you##", &mut |frame| messages.push(frame.payload.to_vec()))?;
//! assert_eq!(messages, [b"hi##you"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use super::mark::Mark;
use super::{
    DecodeError, DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Frame, Framing,
    FramingSpec, Hazard,
};

/// A mark that is looked for only where a chunk ends.
#[derive(Clone, Debug)]
pub struct EndMarkFraming {
    mark: Arc<Mark>,
    limit: usize,
}

impl EndMarkFraming {
    /// `limit`: the longest payload, in bytes.
    pub fn new(mark: Vec<u8>, limit: usize) -> Self {
        EndMarkFraming {
            mark: Arc::new(Mark::new(mark)),
            limit,
        }
    }
}

impl Framing for EndMarkFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::EndMark {
            mark: self.mark.bytes.clone(),
        }
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        wire.extend_from_slice(message);
        wire.extend_from_slice(&self.mark.bytes);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        Ok(Field::in_turn([
            (FieldRole::Payload, message.len()),
            (FieldRole::Delimiter, self.mark.bytes.len()),
        ]))
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        let at = self.mark.find_early(message)?;
        Some(Hazard::MayStop { at })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(EndMarkDecoder {
            mark: Arc::clone(&self.mark),
            limit: self.limit,
            start: 0,
            held: Vec::new(),
            failed: None,
        })
    }
}

/// Holds what came since the last mark: at most the limit and the mark.
struct EndMarkDecoder {
    mark: Arc<Mark>,
    limit: usize,
    /// Offset of the message that has begun.
    start: u64,
    held: Vec<u8>,
    failed: Option<DecodeError>,
}

impl EndMarkDecoder {
    fn fail(&mut self, kind: DecodeErrorKind) -> DecodeError {
        self.held = Vec::new();
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        error
    }

    fn emit(&mut self, whole: &[u8], sink: &mut dyn FnMut(Frame<'_>)) {
        let start = self.start;
        self.start += whole.len() as u64;
        sink(Frame {
            start,
            end: self.start,
            header: 0,
            payload: &whole[..whole.len() - self.mark.bytes.len()],
        });
    }
}

impl Decoder for EndMarkDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let ends = !self.mark.bytes.is_empty() && chunk.ends_with(&self.mark.bytes);
        let window = self.limit.saturating_add(self.mark.bytes.len());
        let came = self.held.len() + chunk.len();
        if came > window || (came == window && !ends) {
            return Err(self.fail(DecodeErrorKind::Unterminated {
                searched: window as u64,
                limit: self.limit as u64,
            }));
        }
        if ends && self.held.is_empty() {
            self.emit(chunk, sink);
            return Ok(());
        }
        super::hold::append(&mut self.held, chunk, window);
        if ends {
            let mut held = std::mem::take(&mut self.held);
            self.emit(&held, sink);
            held.clear();
            self.held = held;
        }
        Ok(())
    }

    fn finish(&mut self, _sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.held.is_empty() {
            return Ok(());
        }
        let held = self.held.len() as u64;
        Err(self.fail(DecodeErrorKind::EndedMidFrame { held, needed: 0 }))
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }

    fn reserved(&self) -> usize {
        self.held.capacity()
    }
}
