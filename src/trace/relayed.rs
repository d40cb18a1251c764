//! What a relay between the two ends did: which bytes of one stream became which of another.

use super::column::partition;
use super::event::{EventId, StreamId};

/// What a relay did with some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Handled {
    /// It passed them on as they came.
    Copied = 0,
    /// It passed them on, changed.
    Altered = 1,
    /// They are its own; nobody sent them to it.
    Inserted = 2,
    /// It did not pass them on.
    Dropped = 3,
}

impl Handled {
    /// All of them, in the order of their codes.
    pub const ALL: [Handled; 4] = [
        Handled::Copied,
        Handled::Altered,
        Handled::Inserted,
        Handled::Dropped,
    ];

    /// The one of that code ([`super::Event::link`] of a [`super::Mark::Relayed`]).
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }

    fn takes(self) -> bool {
        self != Handled::Inserted
    }

    fn gives(self) -> bool {
        self != Handled::Dropped
    }
}

/// One piece of the map from a relay's input to its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelayPiece {
    /// What became of the bytes.
    pub handled: Handled,
    /// Offsets in the stream that the relay received; empty for inserted bytes.
    pub input: (u64, u64),
    /// Offsets in the stream that it sends; empty for dropped bytes.
    pub output: (u64, u64),
    /// The mark that said so.
    pub event: EventId,
}

/// How one stream, sent by a relay, was made from another that it received. Pieces follow one
/// another without a gap on both sides; 32 bytes each.
#[derive(Debug)]
pub struct Relayed {
    upstream: StreamId,
    since: EventId,
    pieces: Vec<Piece>,
    /// Which pieces are altered or inserted: few, among many copies.
    marked: Vec<u32>,
    consumed: u64,
    produced: u64,
    dropped: u64,
}

#[derive(Clone, Copy, Debug)]
struct Piece {
    input: u64,
    output: u64,
    /// Bytes dropped before it.
    dropped: u64,
    event: EventId,
    handled: Handled,
}

impl Relayed {
    pub(crate) fn new(upstream: StreamId, since: EventId) -> Self {
        Relayed {
            upstream,
            since,
            pieces: Vec::new(),
            marked: Vec::new(),
            consumed: 0,
            produced: 0,
            dropped: 0,
        }
    }

    /// The stream that the relay received.
    pub fn upstream(&self) -> StreamId {
        self.upstream
    }

    /// The event that first told of it.
    pub fn known_since(&self) -> EventId {
        self.since
    }

    /// Bytes of the input that the first `k` events say something about.
    pub fn consumed_at(&self, k: u32) -> u64 {
        match self.pieces.get(self.len_at(k)) {
            Some(next) => next.input,
            None => self.consumed,
        }
    }

    /// Bytes of output that the first `k` events declare.
    pub fn produced_at(&self, k: u32) -> u64 {
        match self.pieces.get(self.len_at(k)) {
            Some(next) => next.output,
            None => self.produced,
        }
    }

    /// The pieces that the first `k` events tell of, in order.
    pub fn pieces_at(&self, k: u32) -> impl DoubleEndedIterator<Item = RelayPiece> + '_ {
        (0..self.len_at(k)).filter_map(|i| self.piece(i))
    }

    /// The piece that `event` told of.
    pub fn of_event(&self, event: EventId) -> Option<RelayPiece> {
        let i = self.len_at(event);
        self.piece(i).filter(|piece| piece.event == event)
    }

    /// Pieces of output within `[start, end)` that are not copies, as the first `k` events tell.
    pub fn touched(&self, start: u64, end: u64, k: u32) -> impl Iterator<Item = RelayPiece> + '_ {
        let marked = |n: usize| self.marked.get(n).and_then(|&i| self.piece(i as usize));
        let first = partition(0..self.marked.len(), |n| {
            marked(n).is_some_and(|piece| piece.output.1 <= start)
        });
        (first..self.marked.len())
            .map_while(marked)
            .take_while(move |piece| piece.output.0 < end && piece.event < k)
    }

    /// Where the input byte at `offset` stands on the axis of the output as of event `k`: a byte
    /// that was passed on, where it came out; one that was dropped or is not yet passed on,
    /// behind everything that came out.
    pub fn place(&self, offset: u64, k: u32) -> u64 {
        let known = self.len_at(k);
        let (consumed, produced) = (self.consumed_at(k), self.produced_at(k));
        if offset >= consumed {
            return produced
                .saturating_add(self.dropped_at(k))
                .saturating_add(offset - consumed);
        }
        let after = partition(0..known, |i| self.pieces[i].input <= offset);
        // Of the pieces that begin there the last takes the byte: one before it is an insertion.
        let Some(piece) = after.checked_sub(1).and_then(|i| self.pieces.get(i)) else {
            return offset;
        };
        let behind = if piece.handled == Handled::Dropped {
            produced.saturating_add(piece.dropped)
        } else {
            piece.output
        };
        behind.saturating_add(offset - piece.input)
    }

    /// Bytes of the input that the first `k` events say were dropped.
    pub fn dropped_at(&self, k: u32) -> u64 {
        match self.pieces.get(self.len_at(k)) {
            Some(next) => next.dropped,
            None => self.dropped,
        }
    }

    fn len_at(&self, k: u32) -> usize {
        partition(0..self.pieces.len(), |i| self.pieces[i].event < k)
    }

    fn piece(&self, i: usize) -> Option<RelayPiece> {
        let piece = self.pieces.get(i)?;
        let (input, output) = match self.pieces.get(i + 1) {
            Some(next) => (next.input, next.output),
            None => (self.consumed, self.produced),
        };
        Some(RelayPiece {
            handled: piece.handled,
            input: (piece.input, input),
            output: (piece.output, output),
            event: piece.event,
        })
    }

    /// The next `length` bytes were handled so. False, and nothing is taken in, if that does not
    /// follow on what was said before.
    pub(crate) fn push(
        &mut self,
        handled: Handled,
        input: u64,
        length: u64,
        event: EventId,
    ) -> bool {
        if length == 0 || (handled.takes() && input != self.consumed) {
            return false;
        }
        if matches!(handled, Handled::Altered | Handled::Inserted) {
            self.marked.push(self.pieces.len() as u32);
        }
        self.pieces.push(Piece {
            input: self.consumed,
            output: self.produced,
            dropped: self.dropped,
            event,
            handled,
        });
        if handled.takes() {
            self.consumed = self.consumed.saturating_add(length);
        }
        if handled.gives() {
            self.produced = self.produced.saturating_add(length);
        } else {
            self.dropped = self.dropped.saturating_add(length);
        }
        true
    }

    pub(crate) fn bytes(&self) -> u64 {
        (self.pieces.capacity() * size_of::<Piece>()
            + self.marked.capacity() * size_of::<u32>()
            + size_of::<Self>()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_byte_is_found_where_it_came_out() {
        let mut relayed = Relayed::new(StreamId(0), 1);
        assert!(relayed.push(Handled::Copied, 0, 5, 10));
        assert!(relayed.push(Handled::Inserted, 5, 2, 11));
        assert!(relayed.push(Handled::Altered, 5, 1, 12));
        assert!(relayed.push(Handled::Dropped, 6, 4, 13));
        assert!(!relayed.push(Handled::Copied, 6, 1, 14), "does not follow");
        assert!(!relayed.push(Handled::Copied, 10, 0, 14), "nothing");
        let all = u32::MAX;
        let places: Vec<u64> = [0, 4, 5, 6, 9, 10, 12]
            .map(|offset| relayed.place(offset, all))
            .to_vec();
        assert_eq!(places, [0, 4, 7, 8, 11, 12, 14]);
        assert_eq!(
            (relayed.consumed_at(all), relayed.produced_at(all)),
            (10, 8)
        );
        // Before the insertion nobody knows of it.
        assert_eq!(relayed.place(5, 11), 5);
        assert_eq!((relayed.consumed_at(11), relayed.produced_at(11)), (5, 5));
        let touched: Vec<_> = relayed.touched(0, 8, all).map(|p| p.output).collect();
        assert_eq!(touched, [(5, 7), (7, 8)]);
        assert_eq!(relayed.touched(0, 5, all).count(), 0);
        assert_eq!(relayed.of_event(12).map(|p| p.input), Some((5, 6)));
        assert_eq!(relayed.of_event(9), None);
    }

    proptest! {
        /// Every input byte has a place of its own, in order, and those passed on stand in the
        /// piece that passed them on.
        #[test]
        fn places_are_a_map(steps in prop::collection::vec((0u32..4, 1u64..5), 0..40), k in 0u32..50) {
            let mut relayed = Relayed::new(StreamId(0), 0);
            let mut consumed = 0;
            for (event, &(code, length)) in steps.iter().enumerate() {
                let handled = Handled::from_code(code).unwrap();
                prop_assert!(relayed.push(handled, consumed, length, event as u32));
                if handled != Handled::Inserted {
                    consumed += length;
                }
            }
            let places: Vec<u64> = (0..consumed + 3).map(|offset| relayed.place(offset, k)).collect();
            let mut sorted = places.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), places.len(), "two bytes in one place: {:?}", places);
            for piece in relayed.pieces_at(k).filter(|p| p.handled.takes() && p.handled.gives()) {
                for offset in piece.input.0..piece.input.1 {
                    prop_assert_eq!(
                        relayed.place(offset, k),
                        piece.output.0 + offset - piece.input.0
                    );
                }
            }
        }
    }
}
