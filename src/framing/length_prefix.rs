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

use super::{
    DecodeError, DecodeErrorKind, Decoder, EncodeError, Endian, Field, FieldRole, Frame, Framing,
    FramingSpec, Hazard, LengthWidth,
};

/// The number of bytes before each message.
#[derive(Clone, Copy, Debug)]
pub struct LengthFraming {
    header: Header,
    limit: usize,
}

impl LengthFraming {
    /// `limit`: the longest payload, in bytes; what the header can say limits it further.
    pub fn new(width: LengthWidth, endian: Endian, limit: usize) -> Self {
        LengthFraming {
            header: Header { width, endian },
            // The last keeps header + payload within usize where that has 32 bits.
            limit: limit.min(width.max() as usize).min(isize::MAX as usize),
        }
    }

    /// The length of `message` as the header holds it.
    fn check(&self, message: &[u8]) -> Result<u32, EncodeError> {
        match u32::try_from(message.len()) {
            Ok(length) if message.len() <= self.limit => Ok(length),
            _ => Err(EncodeError::TooLong {
                length: message.len(),
                limit: self.limit,
            }),
        }
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
        Some(self.limit)
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        let length = self.check(message)?;
        self.header.write(length, wire);
        wire.extend_from_slice(message);
        Ok(())
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        self.check(message)?;
        let header = self.header.width.size();
        Ok(vec![
            Field {
                role: FieldRole::Header,
                range: 0..header,
            },
            Field {
                role: FieldRole::Payload,
                range: header..header + message.len(),
            },
        ])
    }

    fn hazard(&self, _message: &[u8]) -> Option<Hazard> {
        None
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(LengthDecoder {
            header: self.header,
            limit: self.limit,
            start: 0,
            held: Vec::new(),
            failed: None,
        })
    }
}

#[derive(Clone, Copy, Debug)]
struct Header {
    width: LengthWidth,
    endian: Endian,
}

impl Header {
    /// `length` is at most `width.max()`.
    fn write(self, length: u32, wire: &mut Vec<u8>) {
        match (self.width, self.endian) {
            (LengthWidth::U8, _) => wire.push(length as u8),
            (LengthWidth::U16, Endian::Big) => {
                wire.extend_from_slice(&(length as u16).to_be_bytes());
            }
            (LengthWidth::U16, Endian::Little) => {
                wire.extend_from_slice(&(length as u16).to_le_bytes());
            }
            (LengthWidth::U32 | LengthWidth::I32, Endian::Big) => {
                wire.extend_from_slice(&length.to_be_bytes());
            }
            (LengthWidth::U32 | LengthWidth::I32, Endian::Little) => {
                wire.extend_from_slice(&length.to_le_bytes());
            }
        }
    }

    /// The number at the beginning of `bytes`; `None` while it is incomplete.
    fn read(self, bytes: &[u8]) -> Option<u32> {
        Some(match self.width {
            LengthWidth::U8 => u32::from(*bytes.first()?),
            LengthWidth::U16 => {
                let header = *bytes.first_chunk()?;
                u32::from(match self.endian {
                    Endian::Big => u16::from_be_bytes(header),
                    Endian::Little => u16::from_le_bytes(header),
                })
            }
            LengthWidth::U32 | LengthWidth::I32 => {
                let header = *bytes.first_chunk()?;
                match self.endian {
                    Endian::Big => u32::from_be_bytes(header),
                    Endian::Little => u32::from_le_bytes(header),
                }
            }
        })
    }
}

/// Holds the unfinished frame only: at most its header and `limit` bytes.
struct LengthDecoder {
    header: Header,
    limit: usize,
    /// Offset of the frame that has begun.
    start: u64,
    held: Vec<u8>,
    failed: Option<DecodeError>,
}

impl LengthDecoder {
    /// Bytes of the frame that begins with `bytes`, its header included; `None` while the header
    /// is incomplete.
    #[inline]
    fn whole(&self, bytes: &[u8]) -> Result<Option<usize>, DecodeErrorKind> {
        let Some(announced) = self.header.read(bytes) else {
            return Ok(None);
        };
        if announced as usize <= self.limit {
            return Ok(Some(self.header.width.size() + announced as usize));
        }
        if self.header.width == LengthWidth::I32 && announced.cast_signed() < 0 {
            return Err(DecodeErrorKind::NegativeLength {
                announced: announced.cast_signed(),
            });
        }
        Err(DecodeErrorKind::FrameTooLong {
            announced: u64::from(announced),
            limit: self.limit as u64,
        })
    }

    #[inline]
    fn emit(&mut self, frame: &[u8], sink: &mut dyn FnMut(Frame<'_>)) {
        let start = self.start;
        let header = self.header.width.size();
        self.start += frame.len() as u64;
        sink(Frame {
            start,
            end: self.start,
            header: header as u16,
            payload: &frame[header..],
        });
    }

    fn fail(&mut self, kind: DecodeErrorKind) -> DecodeError {
        self.held = Vec::new();
        let error = DecodeError {
            kind,
            offset: self.start,
        };
        self.failed = Some(error);
        error
    }

    /// Tops up the held frame from `chunk` and returns what it took.
    fn fill_held(
        &mut self,
        chunk: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<usize, DecodeErrorKind> {
        let size = self.header.width.size();
        let mut taken = 0;
        if self.held.len() < size {
            taken = chunk.len().min(size - self.held.len());
            self.held.extend_from_slice(&chunk[..taken]);
        }
        let Some(whole) = self.whole(&self.held)? else {
            return Ok(taken);
        };
        let more = (chunk.len() - taken).min(whole - self.held.len());
        super::hold::append(&mut self.held, &chunk[taken..taken + more], whole);
        if self.held.len() == whole {
            let mut held = std::mem::take(&mut self.held);
            self.emit(&held, sink);
            held.clear();
            self.held = held;
        }
        Ok(taken + more)
    }
}

impl Decoder for LengthDecoder {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut rest = chunk;
        if !self.held.is_empty() {
            match self.fill_held(chunk, sink) {
                Ok(taken) => rest = &chunk[taken..],
                Err(kind) => return Err(self.fail(kind)),
            }
        }
        while !rest.is_empty() {
            let whole = match self.whole(rest) {
                Ok(whole) => whole,
                Err(kind) => return Err(self.fail(kind)),
            };
            match whole {
                Some(whole) if whole <= rest.len() => {
                    let (frame, after) = rest.split_at(whole);
                    self.emit(frame, sink);
                    rest = after;
                }
                unfinished => {
                    let most = unfinished.unwrap_or(self.header.width.size());
                    super::hold::append(&mut self.held, rest, most);
                    break;
                }
            }
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
        let needed = match self.whole(&self.held) {
            Ok(whole) => whole.unwrap_or(self.header.width.size()),
            Err(kind) => return Err(self.fail(kind)),
        };
        Err(self.fail(DecodeErrorKind::EndedMidFrame {
            held: self.held.len() as u64,
            needed: needed as u64,
        }))
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }
}
