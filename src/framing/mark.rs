//! A mark in a stream, and finding it.

use memchr::memmem::Finder;

/// The bytes of a mark, ready to be searched for.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) bytes: Vec<u8>,
    finder: Finder<'static>,
}

impl Mark {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Mark {
            finder: Finder::new(&bytes).into_owned(),
            bytes,
        }
    }

    /// Where it first begins. An empty mark is never found.
    pub(super) fn find(&self, haystack: &[u8]) -> Option<usize> {
        match self.bytes[..] {
            [] => None,
            [byte] => memchr::memchr(byte, haystack),
            _ => self.finder.find(haystack),
        }
    }

    /// How many of the last of `held` bytes may be its beginning.
    pub(super) fn overlap(&self, held: usize) -> usize {
        held.min(self.bytes.len().saturating_sub(1))
    }

    /// Where it begins in `before`, to end in `after`.
    pub(super) fn find_across(&self, before: &[u8], after: &[u8]) -> Option<usize> {
        let first = before.len() - self.overlap(before.len());
        (first..before.len()).find(|&at| {
            let (head, tail) = self.bytes.split_at(before.len() - at);
            &before[at..] == head && after.starts_with(tail)
        })
    }

    /// Where it is found in `message` followed by the mark itself, before its rightful place.
    ///
    /// The message `a#` before `##` is enough to go wrong: the mark is found a byte early.
    pub(super) fn find_early(&self, message: &[u8]) -> Option<usize> {
        self.find(message).or_else(|| {
            let tail = message.len() - self.overlap(message.len());
            self.find_across(&message[tail..], &self.bytes)
                .map(|at| tail + at)
        })
    }
}
