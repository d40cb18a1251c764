//! The messages that are compared: the student's own, within bounds.

use crate::experiment::Messages;

/// Messages whose bytes are counted, at most.
const MOST_MESSAGES: u32 = 1_000;
/// Bytes of payload that are counted, at most.
const MOST_BYTES: usize = 1 << 20;
/// Longest message that hostile arrivals are tried with; of a longer one its beginning.
const LONGEST_PROBE: usize = 256;

/// The student's messages, as many as fit the bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    messages: Vec<Vec<u8>>,
    total: u32,
}

impl Sample {
    /// The first of these messages: at most 1,000, and at most 1 MiB beyond the first.
    pub fn of(all: &dyn Messages) -> Self {
        let total = all.count();
        let mut messages = Vec::new();
        let mut bytes = 0;
        for index in 0..total.min(MOST_MESSAGES) {
            let message = all.get(index);
            bytes += message.len();
            if bytes > MOST_BYTES && !messages.is_empty() {
                break;
            }
            messages.push(message);
        }
        Sample { messages, total }
    }

    /// The messages.
    pub fn messages(&self) -> &[Vec<u8>] {
        &self.messages
    }

    /// How many there are in all.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Were all of them taken?
    pub fn is_whole(&self) -> bool {
        self.total as usize == self.messages.len()
    }

    /// Bytes of the messages taken.
    pub fn payload(&self) -> u64 {
        self.messages.iter().map(|m| m.len() as u64).sum()
    }

    /// `count` messages to try hostile arrivals with: the first ones, again from the first where
    /// there are too few, each cut to 256 bytes.
    pub fn probe(&self, count: usize) -> Vec<Vec<u8>> {
        let cut = |m: &Vec<u8>| m[..m.len().min(LONGEST_PROBE)].to_vec();
        self.messages
            .iter()
            .map(cut)
            .cycle()
            .take(count)
            .collect::<Vec<_>>()
    }
}
