//! The decoder of every strategy that knows, from the first bytes of a frame, how long it is.

use super::{DecodeError, DecodeErrorKind, Decoder, Frame};

/// What the first bytes of a frame say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Nothing yet: so many bytes of it, in all, must have come first. More than were shown.
    Needs(usize),
    /// How long it is.
    Whole(Whole),
}

/// A frame's measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    /// Bytes before the payload.
    pub(super) header: usize,
    /// Bytes of the frame; at least 1.
    pub(super) size: usize,
    /// The CRC-32 that the payload must have, where the header says one.
    pub(super) checksum: Option<u32>,
}

/// Reads headers.
pub(super) trait Head: Send {
    /// What `bytes`, the beginning of a frame, say of it. More bytes never change a
    /// [`Measure::Whole`] or an error.
    fn measure(&self, bytes: &[u8]) -> Result<Measure, DecodeErrorKind>;

    /// The payload of a frame that has come whole.
    #[inline]
    fn open<'f>(&self, frame: &'f [u8], whole: Whole) -> Result<&'f [u8], DecodeErrorKind> {
        Ok(&frame[whole.header..])
    }
}

/// Holds the unfinished frame only: at most its header and the longest payload.
pub(super) struct HeadedDecoder<H> {
    head: H,
    /// Offset of the frame that has begun.
    start: u64,
    held: Vec<u8>,
    /// Of the held frame, once known.
    whole: Option<Whole>,
    failed: Option<DecodeError>,
}

impl<H: Head> HeadedDecoder<H> {
    pub(super) fn new(head: H) -> Self {
        HeadedDecoder {
            head,
            start: 0,
            held: Vec::new(),
            whole: None,
            failed: None,
        }
    }

    #[inline]
    fn emit(
        &mut self,
        frame: &[u8],
        whole: Whole,
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeErrorKind> {
        let payload = self.head.open(frame, whole)?;
        let start = self.start;
        self.start += frame.len() as u64;
        sink(Frame {
            start,
            end: self.start,
            header: whole.header as u16,
            payload,
        });
        Ok(())
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
        let mut taken = 0;
        let whole = loop {
            if let Some(whole) = self.whole {
                break whole;
            }
            match self.head.measure(&self.held)? {
                Measure::Whole(whole) => self.whole = Some(whole),
                Measure::Needs(needed) => {
                    let more = (chunk.len() - taken).min(needed - self.held.len());
                    super::hold::append(&mut self.held, &chunk[taken..taken + more], needed);
                    taken += more;
                    if self.held.len() < needed {
                        return Ok(taken);
                    }
                }
            }
        };
        let more = (chunk.len() - taken).min(whole.size - self.held.len());
        super::hold::append(&mut self.held, &chunk[taken..taken + more], whole.size);
        if self.held.len() == whole.size {
            self.whole = None;
            let mut held = std::mem::take(&mut self.held);
            self.emit(&held, whole, sink)?;
            held.clear();
            self.held = held;
        }
        Ok(taken + more)
    }

    fn decode(
        &mut self,
        chunk: &[u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeErrorKind> {
        let mut rest = chunk;
        if !self.held.is_empty() {
            rest = &chunk[self.fill_held(chunk, sink)?..];
        }
        while !rest.is_empty() {
            let most = match self.head.measure(rest)? {
                Measure::Whole(whole) if whole.size <= rest.len() => {
                    let (frame, after) = rest.split_at(whole.size);
                    self.emit(frame, whole, sink)?;
                    rest = after;
                    continue;
                }
                Measure::Whole(whole) => {
                    self.whole = Some(whole);
                    whole.size
                }
                Measure::Needs(needed) => needed,
            };
            super::hold::append(&mut self.held, rest, most);
            break;
        }
        Ok(())
    }
}

impl<H: Head> Decoder for HeadedDecoder<H> {
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
        let needed = match (self.whole, self.head.measure(&self.held)) {
            (Some(whole), _) | (None, Ok(Measure::Whole(whole))) => whole.size,
            (None, Ok(Measure::Needs(needed))) => needed,
            (None, Err(kind)) => return Err(self.fail(kind)),
        };
        Err(self.fail(DecodeErrorKind::EndedMidFrame {
            held: self.held.len() as u64,
            needed: needed as u64,
        }))
    }

    fn buffered(&self) -> usize {
        self.held.len()
    }

    fn reserved(&self) -> usize {
        self.held.capacity()
    }
}
