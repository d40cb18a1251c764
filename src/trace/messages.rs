//! Which message each byte of a stream belongs to.
use std::ops::Range;

/// Wire ranges of the messages of one stream, in order.
#[derive(Debug, Default)]
pub struct Messages {}

/// One message on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number, from 0.
    pub number: u32,
    /// Offset of its first byte.
    pub start: u64,
    /// Offset after its last byte.
    pub end: u64,
}

/// A piece of a range that has one origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its bytes come from.
    pub origin: Origin,
    /// Offset of its first byte.
    pub start: u64,
    /// Offset after its last byte.
    pub end: u64,
    /// The whole range of the message it is a part of; `None` unless a message.
    pub of: Option<(u64, u64)>,
}

/// Where bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The message of that number, from 0.
    Message(u32),
    /// Sent by no instrumented program.
    External,
    /// Sent by the lab, but not as a message.
    Unknown,
}

impl Part {
    /// Is it a whole message?
    pub fn is_whole(&self) -> bool {
        self.of == Some((self.start, self.end))
    }
}

impl Messages {
    /// How many.
    pub fn len(&self) -> usize {
        unimplemented!()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The message at index `i` (not its number); the empty message 0 beyond the end.
    pub fn get(&self, _i: usize) -> Message {
        unimplemented!()
    }
    /// Index of the message that holds the byte at `offset`.
    pub fn containing(&self, _offset: u64) -> Option<usize> {
        unimplemented!()
    }
    /// Indexes of the messages that overlap `[start, end)`.
    pub fn overlapping(&self, _start: u64, _end: u64) -> Range<usize> {
        unimplemented!()
    }
}
