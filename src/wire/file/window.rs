//! A stretch of the file in memory that moves forward.

use std::io::{self, Read};

/// Bytes read at a time.
const PIECE: usize = 1 << 20;

/// The bytes from the reading position on, as far as they are in memory.
#[derive(Debug)]
pub(super) struct Window<R> {
    reader: R,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    over: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn new(reader: R) -> Self {
        Window {
            reader,
            bytes: vec![0; PIECE],
            start: 0,
            end: 0,
            offset: 0,
            over: false,
        }
    }

    /// What is in memory.
    pub(super) fn data(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Offset in the file of the first byte of [`Window::data`].
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Goes on by `n` bytes that are in memory.
    pub(super) fn consume(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.offset += n as u64;
    }

    /// Makes sure of at least `needs` bytes in memory; false when the file ends before.
    pub(super) fn fill(&mut self, needs: usize) -> io::Result<bool> {
        if self.end - self.start >= needs {
            return Ok(true);
        }
        self.bytes.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.bytes.len() < needs {
            self.bytes.resize(needs.max(PIECE), 0);
        }
        while !self.over && self.end < needs {
            match self.reader.read(&mut self.bytes[self.end..]) {
                Ok(0) => self.over = true,
                Ok(n) => self.end += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(self.end >= needs)
    }
}
