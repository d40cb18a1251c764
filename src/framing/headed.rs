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

/// From so many bytes on, the buffer that an unfinished frame came in is kept instead of copied.
const WORTH_KEEPING: usize = 128;

/// Holds the unfinished frame only: at most its header and the longest payload, and what stood
/// before it in the buffer it came in.
pub(super) struct HeadedDecoder<H> {
    head: H,
    /// Offset of the frame that has begun.
    start: u64,
    held: Held,
    /// Of the held frame, once known.
    whole: Option<Whole>,
    failed: Option<DecodeError>,
}

impl<H: Head> HeadedDecoder<H> {
    pub(super) fn new(head: H) -> Self {
        HeadedDecoder {
            head,
            start: 0,
            held: Held::default(),
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
        self.held = Held::default();
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
            match self.head.measure(self.held.bytes())? {
                Measure::Whole(whole) => self.whole = Some(whole),
                Measure::Needs(needed) => {
                    let more = (chunk.len() - taken).min(needed - self.held.len());
                    self.held.append(&chunk[taken..taken + more], needed);
                    taken += more;
                    if self.held.len() < needed {
                        return Ok(taken);
                    }
                }
            }
        };
        let more = (chunk.len() - taken).min(whole.size - self.held.len());
        self.held.append(&chunk[taken..taken + more], whole.size);
        if self.held.len() == whole.size {
            self.whole = None;
            let mut held = std::mem::take(&mut self.held);
            self.emit(held.bytes(), whole, sink)?;
            held.clear();
            self.held = held;
        }
        Ok(taken + more)
    }

    /// Yields what is complete. What is left of the chunk, and how long its frame is as far as
    /// known, is still to be held.
    #[inline]
    fn decode<'c>(
        &mut self,
        chunk: &'c [u8],
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<Option<(&'c [u8], usize)>, DecodeErrorKind> {
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
            return Ok(Some((rest, most)));
        }
        Ok(None)
    }
}

/// The bytes of a frame that has begun: a range of a buffer.
#[derive(Default)]
struct Held {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Held {
    #[inline]
    fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    #[inline]
    fn len(&self) -> usize {
        self.end - self.start
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Appends `bytes`; the frame needs at most `most`.
    fn append(&mut self, bytes: &[u8], most: usize) {
        let end = self.end + bytes.len();
        if let Some(room) = self.buffer.get_mut(self.end..end) {
            room.copy_from_slice(bytes);
        } else {
            self.buffer.truncate(self.end);
            super::hold::append(&mut self.buffer, bytes, self.start + most);
        }
        self.end = end;
    }

    /// Takes the end of `buffer`, from `start` to `end`, and leaves its own in its place.
    fn swap(&mut self, buffer: &mut Vec<u8>, start: usize, end: usize) {
        std::mem::swap(&mut self.buffer, buffer);
        (self.start, self.end) = (start, end);
    }
}

impl<H: Head> Decoder for HeadedDecoder<H> {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.decode(chunk, sink) {
            Ok(Some((rest, most))) => self.held.append(rest, most),
            Ok(None) => {}
            Err(kind) => return Err(self.fail(kind)),
        }
        Ok(())
    }

    fn feed_from(
        &mut self,
        buffer: &mut Vec<u8>,
        n: usize,
        sink: &mut dyn FnMut(Frame<'_>),
    ) -> Result<(), DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let left = match self.decode(&buffer[..n], sink) {
            Ok(left) => left.map(|(rest, most)| (rest.len(), most)),
            Err(kind) => return Err(self.fail(kind)),
        };
        match left {
            Some((rest, _)) if rest >= WORTH_KEEPING && self.held.is_empty() => {
                self.held.swap(buffer, n - rest, n);
            }
            Some((rest, most)) => self.held.append(&buffer[n - rest..n], most),
            None => {}
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
        let needed = match (self.whole, self.head.measure(self.held.bytes())) {
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
        self.held.buffer.capacity()
    }
}
