//! Delimiter (分隔符): a mark after each message.
//!
//! ```text
//! messages          "hi"        "you"
//! wire              68 69 23 23 79 6f 75 23 23         delimiter:##
//! one recv each     68 69 23 | 23 79 6f 75 23 23       the mark itself may be cut
//! DECODED           "hi"        "you"
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = "delimiter:##".parse::<FramingSpec>()?.build(1024);
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! for chunk in [&b"hi#"[..], b"#you##"] {
//!     decoder.feed(chunk, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! }
//! assert_eq!(messages, [b"hi".to_vec(), b"you".to_vec()]);
//!
//! // Its flaw: the mark inside a message. It is encoded all the same, and comes out as two.
//! let mut wire = Vec::new();
//! framing.encode(b"a##b", &mut wire)?;
//! assert!(framing.hazard(b"a##b").is_some());
//! messages.clear();
//! decoder.feed(&wire, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! assert_eq!(messages, [b"a", b"b"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use super::mark::Mark;
use super::{
    DecodeError, DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Frame, Framing,
    FramingSpec, Hazard,
};

/// A mark after each message.
#[derive(Clone, Debug)]
pub struct DelimiterFraming {
    mark: Arc<Mark>,
    limit: usize,
}

impl DelimiterFraming {
    /// `limit`: the longest payload, in bytes.
    pub fn new(delimiter: Vec<u8>, limit: usize) -> Self {
        DelimiterFraming {
            mark: Arc::new(Mark::new(delimiter)),
            limit,
        }
    }

    fn check(&self, message: &[u8]) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)
    }
}

impl Framing for DelimiterFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Delimiter {
            delimiter: self.mark.bytes.clone(),
        }
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.check(message)?;
        wire.extend_from_slice(message);
        wire.extend_from_slice(&self.mark.bytes);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        self.check(message)?;
        Ok(Field::in_turn([
            (FieldRole::Payload, message.len()),
            (FieldRole::Delimiter, self.mark.bytes.len()),
        ]))
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        let at = self.mark.find_early(message)?;
        Some(Hazard::ContainsDelimiter { at })
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(DelimiterDecoder {
            mark: Arc::clone(&self.mark),
            limit: self.limit,
            start: 0,
            held: Vec::new(),
            failed: None,
        })
    }
}

/// Holds the unfinished frame only: at most `limit + delimiter - 1` bytes.
struct DelimiterDecoder {
    mark: Arc<Mark>,
    limit: usize,
    /// Offset of the frame that has begun.
    start: u64,
    held: Vec<u8>,
    failed: Option<DecodeError>,
}

impl DelimiterDecoder {
    fn emit(&mut self, payload: &[u8], sink: &mut dyn FnMut(Frame<'_>)) {
        let start = self.start;
        self.start += (payload.len() + self.mark.bytes.len()) as u64;
        sink(Frame {
            start,
            end: self.start,
            header: 0,
            payload,
        });
    }

    /// Bytes from the start of a frame within which its mark must be complete.
    fn window(&self) -> usize {
        self.limit.saturating_add(self.mark.bytes.len())
    }

    fn fail(&mut self, kind: DecodeErrorKind) -> Result<(), DecodeError> {
        self.held = Vec::new();
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        Err(error)
    }

    fn unterminated(&mut self) -> Result<(), DecodeError> {
        self.fail(DecodeErrorKind::Unterminated {
            searched: self.window() as u64,
            limit: self.limit as u64,
        })
    }

    /// Keeps `rest`; the caller has seen that the window is not full with it.
    fn hold(&mut self, rest: &[u8]) {
        let window = self.window();
        super::hold::append(&mut self.held, rest, window);
    }

    /// Finishes the frame whose beginning is held; returns what it took of `chunk`, or `None`
    /// if the chunk does not finish it.
    fn finish_held(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Option<usize> {
        let delimiter = self.mark.bytes.len();
        let room = chunk.len().min(self.window() - self.held.len());
        let (payload, taken) = if let Some(at) = self.mark.find_across(&self.held, chunk) {
            (at, at + delimiter - self.held.len())
        } else {
            let at = self.mark.find(&chunk[..room])?;
            (self.held.len() + at, at + delimiter)
        };
        if payload > self.limit {
            return None;
        }
        let mut held = std::mem::take(&mut self.held);
        if payload > held.len() {
            super::hold::append(&mut held, &chunk[..taken - delimiter], self.window());
        }
        self.emit(&held[..payload], sink);
        held.clear();
        self.held = held;
        Some(taken)
    }
}

impl Decoder for DelimiterDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut rest = chunk;
        if !self.held.is_empty() {
            let Some(taken) = self.finish_held(chunk, sink) else {
                if self.held.len() + chunk.len() >= self.window() {
                    return self.unterminated();
                }
                self.hold(chunk);
                return Ok(());
            };
            rest = &chunk[taken..];
        }
        let window = self.window();
        while let Some(at) = self.mark.find(&rest[..rest.len().min(window)]) {
            self.emit(&rest[..at], sink);
            rest = &rest[at + self.mark.bytes.len()..];
        }
        if rest.len() >= window {
            return self.unterminated();
        }
        self.hold(rest);
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
        self.fail(DecodeErrorKind::EndedMidFrame { held, needed: 0 })
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }

    fn reserved(&self) -> usize {
        self.held.capacity()
    }
}
