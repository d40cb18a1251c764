//! Delimiter with escaping (转义): a mark after each message, and a backslash before every byte
//! of the message that could be taken for the mark's beginning, or for a backslash.
//!
//! So the mark's first byte stands alone in the stream only where a mark really begins: any
//! message can be carried, whatever is in it.
//!
//! ```text
//! message           a # # b \ c
//! wire              a \# \# b \\ c ##        escaped:##
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = "escaped:##".parse::<FramingSpec>()?.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"a##b\\c", &mut wire)?;
//! assert_eq!(wire, br"a\#\#b\\c##");
//! let mut decoder = framing.decoder();
//! let mut messages = Vec::new();
//! decoder.feed(&wire, &mut |frame| messages.push(frame.payload.to_vec()))?;
//! assert_eq!(messages, [b"a##b\\c"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;

use super::{
    DecodeError, DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Frame, Framing,
    FramingSpec, Hazard,
};

/// The byte that takes the next one's meaning away.
pub const ESCAPE: u8 = b'\\';

/// A mark after each message, escaped where it occurs inside.
#[derive(Clone, Debug)]
pub struct EscapedFraming {
    mark: Arc<[u8]>,
    limit: usize,
}

impl EscapedFraming {
    /// `mark`: at least one byte, the first of which is no backslash. `limit`: the longest
    /// payload, in bytes.
    pub fn new(mark: &[u8], limit: usize) -> Self {
        EscapedFraming {
            mark: mark.into(),
            limit,
        }
    }

    /// Where the first byte stands that needs an escape before it.
    fn special(&self, bytes: &[u8]) -> Option<usize> {
        let first = self.mark.first().copied().unwrap_or(ESCAPE);
        memchr::memchr2(first, ESCAPE, bytes)
    }
}

impl Framing for EscapedFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Escaped {
            delimiter: self.mark.to_vec(),
        }
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        let mut rest = message;
        while let Some(at) = self.special(rest) {
            wire.extend_from_slice(&rest[..at]);
            wire.extend_from_slice(&[ESCAPE, rest[at]]);
            rest = &rest[at + 1..];
        }
        wire.extend_from_slice(rest);
        wire.extend_from_slice(&self.mark);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        let mut fields = Vec::new();
        // Where the run of payload began and how far the wire has got.
        let (mut run, mut at) = (0, 0);
        let mut rest = message;
        while let Some(special) = self.special(rest) {
            at += special;
            if run < at {
                fields.push(Field {
                    role: FieldRole::Payload,
                    range: run..at,
                });
            }
            fields.push(Field {
                role: FieldRole::Escape,
                range: at..at + 1,
            });
            run = at + 1;
            at += 2;
            rest = &rest[special + 1..];
        }
        at += rest.len();
        if run < at || message.is_empty() {
            fields.push(Field {
                role: FieldRole::Payload,
                range: run..at,
            });
        }
        fields.push(Field {
            role: FieldRole::Delimiter,
            range: at..at + self.mark.len(),
        });
        Ok(fields)
    }

    fn hazard(&self, _message: &[u8]) -> Option<Hazard> {
        None
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(EscapedDecoder {
            framing: self.clone(),
            start: 0,
            came: 0,
            held: Vec::new(),
            state: State::Plain,
            failed: None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The next byte is itself.
    Plain,
    /// A backslash has come.
    Escape,
    /// So many bytes of the mark have come.
    Mark(usize),
}

/// Holds the unfinished payload only, without its escapes: at most the limit.
struct EscapedDecoder {
    framing: EscapedFraming,
    /// Offset of the frame that has begun.
    start: u64,
    /// Bytes of that frame that have come.
    came: u64,
    held: Vec<u8>,
    state: State,
    failed: Option<DecodeError>,
}

impl EscapedDecoder {
    fn fail(&mut self, kind: DecodeErrorKind) -> DecodeError {
        self.held = Vec::new();
        self.state = State::Plain;
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        error
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), DecodeErrorKind> {
        let limit = self.framing.limit;
        if bytes.len() > limit - self.held.len() {
            return Err(DecodeErrorKind::Unterminated {
                searched: limit as u64 + 1,
                limit: limit as u64,
            });
        }
        super::hold::append(&mut self.held, bytes, limit);
        Ok(())
    }

    fn emit(&mut self, payload: &[u8], size: u64, sink: &mut dyn FnMut(Frame<'_>)) {
        let start = self.start;
        self.start += size;
        self.came = 0;
        self.state = State::Plain;
        sink(Frame {
            start,
            end: self.start,
            header: 0,
            payload,
        });
    }

    /// Takes bytes that stand for themselves; returns how many, the special one after them
    /// included.
    fn plain(
        &mut self,
        rest: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<usize, DecodeErrorKind> {
        // One byte more than may still come is enough to know.
        let room = self.framing.limit - self.held.len();
        let window = &rest[..rest.len().min(room.saturating_add(1))];
        let Some(at) = self.framing.special(window) else {
            self.hold(window)?;
            self.came += window.len() as u64;
            return Ok(window.len());
        };
        let mark = self.framing.mark.len();
        if self.came == 0 && rest[at] != ESCAPE && rest[at..].starts_with(&self.framing.mark) {
            // The whole frame is here, with nothing escaped in it.
            self.emit(&rest[..at], (at + mark) as u64, sink);
            return Ok(at + mark);
        }
        self.hold(&window[..at])?;
        self.came += at as u64 + 1;
        self.state = if rest[at] == ESCAPE {
            State::Escape
        } else {
            State::Mark(1)
        };
        Ok(at + 1)
    }

    fn step(
        &mut self,
        rest: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<usize, DecodeErrorKind> {
        let taken = match (self.state, rest.first()) {
            (State::Plain, Some(_)) => self.plain(rest, sink)?,
            (State::Escape, Some(&byte)) => {
                if self.framing.special(&[byte]).is_none() {
                    return Err(DecodeErrorKind::BadEscape { byte });
                }
                self.hold(&[byte])?;
                self.came += 1;
                self.state = State::Plain;
                1
            }
            (State::Mark(known), Some(&byte)) if known < self.framing.mark.len() => {
                if self.framing.mark[known] != byte {
                    return Err(DecodeErrorKind::BadDelimiter { byte });
                }
                self.came += 1;
                self.state = State::Mark(known + 1);
                1
            }
            _ => 0,
        };
        if self.state == State::Mark(self.framing.mark.len()) {
            let mut held = std::mem::take(&mut self.held);
            self.emit(&held, self.came, sink);
            held.clear();
            self.held = held;
        }
        Ok(taken)
    }
}

impl Decoder for EscapedDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut rest = chunk;
        while !rest.is_empty() {
            match self.step(rest, sink) {
                Ok(taken) => rest = &rest[taken..],
                Err(kind) => return Err(self.fail(kind)),
            }
        }
        Ok(())
    }

    fn finish(&mut self, _sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.came == 0 {
            return Ok(());
        }
        let held = self.came;
        Err(self.fail(DecodeErrorKind::EndedMidFrame { held, needed: 0 }))
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }

    fn reserved(&self) -> usize {
        self.held.capacity()
    }
}
