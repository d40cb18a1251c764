//! Ranges of one stream.
use super::event::EventId;
use std::ops::Range;

/// Ranges `[start, end)` of one stream in order, each with the event that made it.
#[derive(Debug, Default)]
pub struct Items {}

/// One range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Offset of its first byte in the stream.
    pub start: u64,
    /// Offset after its last byte.
    pub end: u64,
    /// The event that made it.
    pub event: EventId,
}

/// A run of `count` consecutive items, drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Start of the first item.
    pub start: u64,
    /// End of the last item.
    pub end: u64,
    /// Index of the first item.
    pub first: usize,
    /// How many items.
    pub count: usize,
}

impl Items {
    /// How many.
    pub fn len(&self) -> usize {
        unimplemented!()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many of them in the first `k` events.
    pub fn len_at(&self, _k: u32) -> usize {
        unimplemented!()
    }
    /// The item number `i`; the empty item at 0 beyond the end.
    pub fn get(&self, _i: usize) -> Item {
        unimplemented!()
    }
    /// The item that holds the byte at `offset`.
    pub fn containing(&self, _offset: u64) -> Option<usize> {
        unimplemented!()
    }
    /// The items that overlap `[start, end)`.
    pub fn overlapping(&self, _start: u64, _end: u64) -> Range<usize> {
        unimplemented!()
    }
    /// Level of detail.
    pub fn buckets(&self, _start: u64, _end: u64, _buckets: usize, _k: u32) -> Vec<Bucket> {
        unimplemented!()
    }
}
