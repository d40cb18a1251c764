//! COBS, Consistent Overhead Byte Stuffing: zero ends a message, and no zero is left inside.
//!
//! The message is cut at its zeros. Each piece gets a code before it, its length + 1; the zeros
//! themselves go, for the codes say where they were. A piece of 254 bytes without a zero gets the
//! code 255, which stands for no zero after it. (Cheshire & Baker 1999, IEEE/ACM Transactions on
//! Networking 7 (2).)
//!
//! ```text
//! message           11 22 00 33
//! wire              03 11 22 02 33 00            cobs
//! ```
//!
//! ```
//! use socklab::framing::FramingSpec;
//!
//! let framing = FramingSpec::Cobs.build(1024);
//! let mut wire = Vec::new();
//! framing.encode(b"\x11\x22\0\x33", &mut wire)?;
//! assert_eq!(wire, b"\x03\x11\x22\x02\x33\0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::{
    DecodeError, DecodeErrorKind, Decoder, EncodeError, Field, FieldRole, Frame, Framing,
    FramingSpec, Hazard,
};

/// The most bytes of one piece.
const PIECE: usize = 254;

/// Byte stuffing with a zero after each message.
#[derive(Clone, Copy, Debug)]
pub struct CobsFraming {
    limit: usize,
}

impl CobsFraming {
    /// `limit`: the longest payload, in bytes.
    pub fn new(limit: usize) -> Self {
        CobsFraming {
            limit: limit.min(isize::MAX as usize / 2),
        }
    }
}

/// Calls `each` with each piece of `message`, and whether a zero follows it.
fn pieces(message: &[u8], mut each: impl FnMut(&[u8], bool)) {
    let mut rest = message;
    loop {
        let window = &rest[..rest.len().min(PIECE)];
        let zero = memchr::memchr(0, window);
        let (piece, after) = rest.split_at(zero.unwrap_or(window.len()));
        each(piece, zero.is_some());
        match (zero, after) {
            (Some(_), after) => rest = &after[1..],
            (None, []) => break,
            (None, after) => rest = after,
        }
    }
}

/// The most bytes of a frame for a payload of `limit` bytes: a code for every 254 bytes, one
/// more that some encoders write behind a last full piece, and the zero.
pub(super) fn most_encoded(limit: usize) -> usize {
    limit.saturating_add(limit / PIECE + 3)
}

impl Framing for CobsFraming {
    fn spec(&self) -> FramingSpec {
        FramingSpec::Cobs
    }

    fn longest(&self) -> Option<usize> {
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        EncodeError::check(message, self.limit)?;
        pieces(message, |piece, _| {
            wire.push(piece.len() as u8 + 1);
            wire.extend_from_slice(piece);
        });
        wire.push(0);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        EncodeError::check(message, self.limit)?;
        let mut fields = Vec::new();
        let mut at = 0;
        pieces(message, |piece, _| {
            fields.push(Field {
                role: FieldRole::Code,
                range: at..at + 1,
            });
            at += 1;
            if !piece.is_empty() || message.is_empty() {
                fields.push(Field {
                    role: FieldRole::Payload,
                    range: at..at + piece.len(),
                });
            }
            at += piece.len();
        });
        fields.push(Field {
            role: FieldRole::Delimiter,
            range: at..at + 1,
        });
        Ok(fields)
    }

    fn hazard(&self, _message: &[u8]) -> Option<Hazard> {
        None
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(CobsDecoder {
            limit: self.limit,
            start: 0,
            held: Vec::new(),
            failed: None,
        })
    }
}

/// Holds the unfinished frame as it came: at most the limit, its codes and no zero.
struct CobsDecoder {
    limit: usize,
    /// Offset of the frame that has begun.
    start: u64,
    held: Vec<u8>,
    failed: Option<DecodeError>,
}

/// Where the next piece is in a frame without its zero: its range, and whether a zero follows.
#[inline]
fn next_piece(encoded: &[u8], at: usize) -> Result<(usize, usize, bool), DecodeErrorKind> {
    let code = encoded[at];
    let (from, to) = (at + 1, at + usize::from(code));
    if to > encoded.len() {
        return Err(DecodeErrorKind::CobsCode {
            code,
            left: (encoded.len() - from) as u64,
        });
    }
    Ok((from, to, usize::from(code) <= PIECE && to < encoded.len()))
}

impl CobsDecoder {
    fn fail(&mut self, kind: DecodeErrorKind) -> DecodeError {
        self.held = Vec::new();
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        error
    }

    /// Bytes from the start of a frame within which its zero must come.
    fn window(&self) -> usize {
        most_encoded(self.limit)
    }

    fn unterminated(&self) -> DecodeErrorKind {
        DecodeErrorKind::Unterminated {
            searched: self.window() as u64,
            limit: self.limit as u64,
        }
    }

    /// A frame of `size` bytes, the zero included, is complete.
    fn emit(
        &mut self,
        payload: &[u8],
        size: usize,
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeErrorKind> {
        if payload.len() > self.limit {
            return Err(DecodeErrorKind::FrameTooLong {
                announced: payload.len() as u64,
                limit: self.limit as u64,
            });
        }
        let start = self.start;
        self.start += size as u64;
        sink(Frame {
            start,
            end: self.start,
            header: 1,
            payload,
        });
        Ok(())
    }

    /// The held frame, now complete but for its zero, decoded where it lies.
    fn open_held(&mut self, sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeErrorKind> {
        let mut held = std::mem::take(&mut self.held);
        let (mut at, mut end) = (0, 0);
        while at < held.len() {
            let (from, to, zero) = next_piece(&held, at)?;
            held.copy_within(from..to, end);
            end += to - from;
            if zero {
                held[end] = 0;
                end += 1;
            }
            at = to;
        }
        self.emit(&held[..end], held.len() + 1, sink)?;
        held.clear();
        self.held = held;
        Ok(())
    }

    /// A frame that lies in one chunk, without its zero.
    fn open(
        &mut self,
        encoded: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeErrorKind> {
        let size = encoded.len() + 1;
        match encoded.first() {
            // Zeros between frames are nobody's.
            None => {
                self.start += 1;
                return Ok(());
            }
            // One piece: there was no zero in it, and it can stay where it is.
            Some(&code) if usize::from(code) == encoded.len() => {
                return self.emit(&encoded[1..], size, sink);
            }
            Some(_) => {}
        }
        let mut payload = std::mem::take(&mut self.held);
        payload.reserve(encoded.len());
        let mut at = 0;
        while at < encoded.len() {
            let (from, to, zero) = next_piece(encoded, at)?;
            payload.extend_from_slice(&encoded[from..to]);
            if zero {
                payload.push(0);
            }
            at = to;
        }
        self.emit(&payload, size, sink)?;
        payload.clear();
        self.held = payload;
        Ok(())
    }

    fn decode(
        &mut self,
        chunk: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeErrorKind> {
        let window = self.window();
        let mut rest = chunk;
        if !self.held.is_empty() {
            let room = rest.len().min(window - self.held.len());
            let zero = memchr::memchr(0, &rest[..room]);
            let more = &rest[..zero.unwrap_or(room)];
            if zero.is_none() && self.held.len() + more.len() >= window {
                return Err(self.unterminated());
            }
            super::hold::append(&mut self.held, more, window);
            let Some(zero) = zero else { return Ok(()) };
            self.open_held(sink)?;
            rest = &rest[zero + 1..];
        }
        while let Some(zero) = memchr::memchr(0, &rest[..rest.len().min(window)]) {
            self.open(&rest[..zero], sink)?;
            rest = &rest[zero + 1..];
        }
        if rest.len() >= window {
            return Err(self.unterminated());
        }
        super::hold::append(&mut self.held, rest, window);
        Ok(())
    }
}

impl Decoder for CobsDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.decode(chunk, sink).map_err(|kind| self.fail(kind))
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
