//! Which message each byte of a stream belongs to: the provenance of a stream.

use super::column::{Column, Offsets, partition, seek};
use super::event::{ACKNOWLEDGEMENT, NONE};
use std::ops::Range;

/// Wire ranges of the messages of one stream, in order; with them every range of the stream
/// that is no message. Eight bytes per range.
///
/// Ranges follow one another without a gap from offset 0; an index counts messages only.
#[derive(Debug, Default)]
pub struct Messages {
    starts: Offsets,
    /// A message's number, or one of the codes below.
    origins: Column<u32>,
    /// End of the last range.
    end: u64,
    /// Which ranges are no messages, so that messages can be counted past them.
    others: Vec<u32>,
    /// Of a stream that a relay sends: for each range what the whole message was. `None` of all
    /// others, where the range is the message.
    wholes: Option<Vec<Whole>>,
    /// Numbers of the messages that no receiver gets back as they were, in order.
    stripped: Vec<u32>,
}

/// What a message was before a relay handled it.
#[derive(Clone, Copy, Debug)]
struct Whole {
    /// Where it would begin if all of it were here.
    start: u64,
    length: u64,
    /// A byte of this range is not as it was.
    altered: bool,
}

const UNKNOWN: u32 = NONE;
const EXTERNAL: u32 = NONE - 1;
const ATTACKER: u32 = NONE - 3;
/// Codes from here on are no message numbers.
const OTHERS: u32 = ATTACKER;

/// One message on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The whole range of the message it is a part of; `None` unless a message. Behind a relay:
    /// the range that it would have, had all of it come through.
    pub of: Option<(u64, u64)>,
    /// A relay changed a byte of the message here.
    pub altered: bool,
    /// The message ends as its framing's padding does: a receiver strips that end, also when every
    /// byte of it comes.
    pub stripped: bool,
}

/// Where bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The message of that number, from 0.
    Message(u32),
    /// Sent by no program of the lab.
    External,
    /// A receiver's answer that some framings wait for, sent by the lab.
    Acknowledgement,
    /// Sent by the lab, but not as a message.
    Unknown,
    /// Put into the stream by the relay between the ends.
    Attacker,
}

impl Origin {
    fn code(self) -> u32 {
        match self {
            // The largest numbers are taken; no run has four billion messages.
            Origin::Message(OTHERS..) | Origin::Unknown => UNKNOWN,
            Origin::Message(number) => number,
            Origin::External => EXTERNAL,
            Origin::Attacker => ATTACKER,
            Origin::Acknowledgement => ACKNOWLEDGEMENT,
        }
    }

    /// Of the bytes that a send hands over, by the [`super::Event::link`] of its Begin.
    pub(crate) fn of_send(link: u32) -> Self {
        match link {
            ACKNOWLEDGEMENT => Origin::Acknowledgement,
            OTHERS.. => Origin::Unknown,
            number => Origin::Message(number),
        }
    }

    fn from_code(code: u32) -> Self {
        match code {
            UNKNOWN => Origin::Unknown,
            EXTERNAL => Origin::External,
            ATTACKER => Origin::Attacker,
            ACKNOWLEDGEMENT => Origin::Acknowledgement,
            number => Origin::Message(number),
        }
    }
}

impl Part {
    /// Is it a whole message (perhaps [`Part::altered`])?
    pub fn is_whole(&self) -> bool {
        self.of == Some((self.start, self.end))
    }
}

impl Messages {
    /// How many.
    pub fn len(&self) -> usize {
        self.origins.len() - self.others.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The message at index `i` (not its number); the empty message 0 beyond the last. O(log n).
    pub fn get(&self, i: usize) -> Message {
        // others[m] - m messages stand before the m-th range that is none.
        let before = partition(0..self.others.len(), |m| self.others[m] as usize - m <= i);
        match self.range(i + before) {
            Some(part) => match part.origin {
                Origin::Message(number) => Message {
                    number,
                    start: part.start,
                    end: part.end,
                },
                _ => Message::default(),
            },
            None => Message::default(),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Message> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Index of the message that holds the byte at `offset`. O(log n).
    pub fn containing(&self, offset: u64) -> Option<usize> {
        let range = self.range_containing(offset)?;
        matches!(self.range(range)?.origin, Origin::Message(_)).then(|| self.messages_before(range))
    }

    /// Indexes of the messages that overlap `[start, end)`. O(log n).
    pub fn overlapping(&self, start: u64, end: u64) -> Range<usize> {
        if start >= end {
            return 0..0;
        }
        let first = self.range_containing(start).unwrap_or(self.origins.len());
        let after = partition(0..self.origins.len(), |i| {
            self.starts.get(i).is_some_and(|s| s < end)
        });
        let first = self.messages_before(first);
        first..self.messages_before(after).max(first)
    }

    /// Provenance of `[start, end)`, in order; nothing where no byte is declared.
    pub(crate) fn parts(&self, start: u64, end: u64) -> impl Iterator<Item = Part> + '_ {
        let end = end.min(self.end);
        let mut next = self.range_containing(start).filter(|_| start < end);
        std::iter::from_fn(move || {
            let range = self.range(next?)?;
            next = (range.end < end).then_some(next? + 1);
            Some(Part {
                start: range.start.max(start),
                end: range.end.min(end),
                ..range
            })
        })
    }

    /// Offset up to which bytes are declared.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Number of ranges, of whatever origin.
    pub(crate) fn ranges(&self) -> usize {
        self.origins.len()
    }

    /// The range at index `i` among all ranges.
    pub(crate) fn range(&self, i: usize) -> Option<Part> {
        let start = self.starts.get(i)?;
        let end = self.starts.get(i + 1).unwrap_or(self.end);
        let origin = Origin::from_code(*self.origins.get(i)?);
        let whole = self.wholes.as_ref().and_then(|wholes| wholes.get(i));
        let of = whole.map_or((start, end), |w| {
            (w.start, w.start.saturating_add(w.length))
        });
        Some(Part {
            origin,
            start,
            end,
            of: matches!(origin, Origin::Message(_)).then_some(of),
            altered: whole.is_some_and(|w| w.altered),
            stripped: matches!(origin, Origin::Message(n) if self.stripped.binary_search(&n).is_ok()),
        })
    }

    /// The range that holds `offset`, looked for from the range `near` on: O(log distance) if it
    /// does not lie behind it.
    pub(crate) fn range_from(&self, near: usize, offset: u64) -> usize {
        let ahead = self.starts.get(near).is_some_and(|start| start <= offset);
        let near = if ahead { near } else { 0 };
        seek(near + 1, self.ranges(), near + 1, |i| {
            self.starts.get(i).is_some_and(|start| start <= offset)
        }) - 1
    }

    /// Declares the next `length` bytes. True if they lengthened the last range instead of
    /// beginning a new one.
    pub(crate) fn lay(&mut self, origin: Origin, length: u64) -> bool {
        if length == 0 {
            return false;
        }
        let code = origin.code();
        let lengthened = self.origins.last() == Some(&code);
        if !lengthened {
            if code >= OTHERS {
                self.others.push(self.ranges() as u32);
            }
            self.starts.push(self.end);
            self.origins.push(code);
            if let Some(wholes) = &mut self.wholes {
                wholes.push(Whole {
                    start: self.end,
                    length,
                    altered: false,
                });
            }
        }
        self.end = self.end.saturating_add(length);
        lengthened
    }

    /// From now on ranges are laid by [`Messages::lay_relayed`]; for a stream without bytes.
    pub(crate) fn behind_relay(&mut self) {
        self.wholes.get_or_insert_default();
    }

    /// Declares the next bytes: those of `part` of the stream that a relay received.
    pub(crate) fn lay_relayed(&mut self, part: &Part, altered: bool) {
        let at = self.end;
        let lengthened = self.lay(part.origin, part.end - part.start);
        let (Some(of), Some(whole)) = (part.of, self.wholes.as_mut().and_then(|w| w.last_mut()))
        else {
            return;
        };
        if !lengthened {
            whole.start = at.saturating_sub(part.start.saturating_sub(of.0));
        }
        // Known to be longer by now, if several sends make one message.
        whole.length = of.1 - of.0;
        whole.altered |= altered || part.altered;
        if let (Origin::Message(number), true) = (part.origin, part.stripped) {
            self.will_be_stripped(number);
        }
    }

    /// Whoever receives message `number` gets it without its end.
    pub(crate) fn will_be_stripped(&mut self, number: u32) {
        if let Err(at) = self.stripped.binary_search(&number) {
            self.stripped.insert(at, number);
        }
    }

    /// Takes back every byte from `end` on.
    pub(crate) fn cut(&mut self, end: u64) {
        while self.starts.last().is_some_and(|start| start >= end) {
            self.starts.pop();
            if self.origins.pop().is_some_and(|code| code >= OTHERS) {
                self.others.pop();
            }
            if let Some(wholes) = &mut self.wholes {
                wholes.pop();
            }
        }
        self.end = self.end.min(end);
    }

    fn range_containing(&self, offset: u64) -> Option<usize> {
        if offset >= self.end {
            return None;
        }
        partition(0..self.ranges(), |i| {
            self.starts.get(i).is_some_and(|start| start <= offset)
        })
        .checked_sub(1)
    }

    fn messages_before(&self, range: usize) -> usize {
        range
            - self
                .others
                .partition_point(|&other| (other as usize) < range)
    }

    pub(crate) fn bytes(&self) -> u64 {
        let wholes = self.wholes.as_ref().map_or(0, Vec::capacity) * size_of::<Whole>();
        self.starts.bytes()
            + self.origins.bytes()
            + (4 * (self.others.capacity() + self.stripped.capacity()) + wholes) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn same_number_in_a_row_is_one_message() {
        let mut m = Messages::default();
        m.lay(Origin::Message(0), 5);
        assert!(m.lay(Origin::Message(0), 3));
        m.lay(Origin::Unknown, 2);
        m.lay(Origin::Message(1), 4);
        assert_eq!(m.len(), 2);
        assert_eq!(
            m.get(0),
            Message {
                number: 0,
                start: 0,
                end: 8
            }
        );
        assert_eq!(
            m.get(1),
            Message {
                number: 1,
                start: 10,
                end: 14
            }
        );
        assert_eq!(m.containing(9), None);
        assert_eq!(m.overlapping(7, 11), 0..2);
        let parts: Vec<_> = m.parts(7, 99).map(|p| (p.origin, p.start, p.end)).collect();
        assert_eq!(
            parts,
            [
                (Origin::Message(0), 7, 8),
                (Origin::Unknown, 8, 10),
                (Origin::Message(1), 10, 14)
            ]
        );
        m.cut(9);
        assert_eq!((m.len(), m.end()), (1, 9));
    }

    proptest! {
        #[test]
        fn same_as_walking(
            laid in prop::collection::vec((0u32..6, 0u64..6), 0..80),
            cut in 0u64..300, start in 0u64..300, length in 0u64..100,
        ) {
            let mut messages = Messages::default();
            // Per byte: which origin; a message's bytes in a row are one message.
            let mut bytes = Vec::new();
            for &(o, n) in &laid {
                let origin = match o { 3 => Origin::External, 4 => Origin::Unknown, 5 => Origin::Acknowledgement, n => Origin::Message(n) };
                messages.lay(origin, n);
                bytes.extend((0..n).map(|_| origin));
            }
            messages.cut(cut);
            bytes.truncate(cut as usize);
            prop_assert_eq!(messages.end(), bytes.len() as u64);
            let mut naive: Vec<Message> = Vec::new();
            for (at, &origin) in bytes.iter().enumerate() {
                let Origin::Message(number) = origin else { continue };
                match naive.last_mut() {
                    Some(last) if last.number == number && last.end == at as u64 => last.end += 1,
                    _ => naive.push(Message { number, start: at as u64, end: at as u64 + 1 }),
                }
            }
            prop_assert_eq!(messages.iter().collect::<Vec<_>>(), naive.clone());
            let end = start + length;
            let over: Vec<usize> = naive.iter().enumerate()
                .filter(|(_, m)| m.start < end && m.end > start && length > 0)
                .map(|(i, _)| i).collect();
            prop_assert_eq!(messages.overlapping(start, end).collect::<Vec<_>>(), over);
            prop_assert_eq!(
                messages.containing(start),
                naive.iter().position(|m| m.start <= start && start < m.end)
            );
            let mut at = start;
            for part in messages.parts(start, end) {
                prop_assert_eq!(part.start, at);
                prop_assert!(part.end > at);
                for b in part.start..part.end {
                    prop_assert_eq!(bytes[b as usize], part.origin);
                }
                at = part.end;
            }
            prop_assert_eq!(at, end.min(bytes.len() as u64).max(start));
        }
    }
}
