//! Ranges of one stream, each with the event that made it, and their level of detail.

use super::column::{Column, Offsets, partition, seek};
use super::event::EventId;
use std::ops::Range;

/// Ranges `[start, end)` of one stream in order, never empty and never overlapping, each with
/// the event that made it. Eight bytes per range: an end is the next start, except at the few
/// gaps, which are listed apart.
#[derive(Debug, Default)]
pub struct Items {
    starts: Offsets,
    events: Column<u32>,
    /// Ends that are not the next item's start: `(index, end)`.
    gaps: Vec<(u32, u64)>,
    /// End of the last item.
    end: u64,
}

/// One range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Appends a range; refused (false) if it is empty or begins before the last one's end.
    pub(crate) fn push(&mut self, start: u64, end: u64, event: EventId) -> bool {
        if start >= end || start < self.end {
            return false;
        }
        if start > self.end
            && let Some(last) = self.len().checked_sub(1)
        {
            self.gaps.push((last as u32, self.end));
        }
        self.starts.push(start);
        self.events.push(event);
        self.end = end;
        true
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// End of the last item; 0 if there is none.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// How many of them in the first `k` events. O(log n).
    pub fn len_at(&self, k: u32) -> usize {
        // Views mostly ask at the live edge.
        if self.events.last().is_none_or(|&last| last < k) {
            return self.len();
        }
        partition(0..self.len(), |i| {
            self.events.get(i).is_some_and(|&event| event < k)
        })
    }

    /// End of the last item within the first `k` events; 0 if there is none. O(log n).
    pub fn end_at(&self, k: u32) -> u64 {
        match self.len_at(k) {
            0 => 0,
            n => self.end_of(n - 1),
        }
    }

    /// The item number `i`; beyond the last one an empty item at 0.
    pub fn get(&self, i: usize) -> Item {
        match (self.starts.get(i), self.events.get(i)) {
            (Some(start), Some(&event)) => Item {
                start,
                end: self.end_of(i),
                event,
            },
            _ => Item::default(),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Item> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The item that `event` made. O(log n).
    pub fn of_event(&self, event: EventId) -> Option<usize> {
        let i = self.len_at(event);
        (self.events.get(i) == Some(&event)).then_some(i)
    }

    /// The item that holds the byte at `offset`. O(log n).
    pub fn containing(&self, offset: u64) -> Option<usize> {
        let i = self
            .first_starting_from(offset.checked_add(1)?)
            .checked_sub(1)?;
        (self.end_of(i) > offset).then_some(i)
    }

    /// The items that overlap `[start, end)`. O(log n).
    pub fn overlapping(&self, start: u64, end: u64) -> Range<usize> {
        if start >= end {
            return 0..0;
        }
        let first = self
            .containing(start)
            .unwrap_or_else(|| self.first_starting_from(start));
        first..self.first_starting_from(end).max(first)
    }

    /// Level of detail: the items of the first `k` events that overlap `[start, end)`, as at
    /// most `buckets` + 1 runs in order. The range is cut into `buckets` equal cells; items that
    /// start in the same cell become one run. O(buckets · log n), however many items there are.
    pub fn buckets(&self, start: u64, end: u64, buckets: usize, k: u32) -> Vec<Bucket> {
        let all = self.overlapping(start, end);
        let last = all.end.min(self.len_at(k));
        let mut runs = Vec::new();
        let mut first = all.start;
        let mut step = 1;
        while first < last && buckets > 0 {
            let at = self.starts.get(first).unwrap_or(start);
            let next = if at < start {
                first + 1
            } else {
                let edge = cell_end(at - start, end - start, buckets as u64).saturating_add(start);
                seek(first + 1, last, first + step, |i| {
                    self.starts.get(i).is_some_and(|s| s < edge)
                })
            };
            runs.push(Bucket {
                start: at,
                end: self.end_of(next - 1),
                first,
                count: next - first,
            });
            step = next - first;
            first = next;
        }
        runs
    }

    fn first_starting_from(&self, offset: u64) -> usize {
        partition(0..self.len(), |i| {
            self.starts.get(i).is_some_and(|start| start < offset)
        })
    }

    fn end_of(&self, i: usize) -> u64 {
        if i + 1 >= self.len() {
            return self.end;
        }
        if let Ok(gap) = self.gaps.binary_search_by_key(&i, |gap| gap.0 as usize) {
            return self.gaps[gap].1;
        }
        self.starts.get(i + 1).unwrap_or(self.end)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.starts.bytes()
            + self.events.bytes()
            + (self.gaps.capacity() * size_of::<(u32, u64)>()) as u64
    }
}

/// Where the cell that holds `at` ends, when `[0, length)` is cut into `cells` equal cells.
pub(crate) fn cell_end(at: u64, length: u64, cells: u64) -> u64 {
    let (at, length, cells) = (u128::from(at), u128::from(length.max(1)), u128::from(cells));
    let cell = at * cells / length;
    ((cell + 1) * length).div_ceil(cells.max(1)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_would_break_the_order() {
        let mut items = Items::default();
        assert!(items.push(0, 5, 1));
        assert!(!items.push(4, 9, 2));
        assert!(!items.push(5, 5, 3));
        assert!(items.push(7, 9, 4));
        assert_eq!(items.get(0).end, 5);
        assert_eq!(
            (
                items.containing(4),
                items.containing(5),
                items.containing(8),
                items.containing(9)
            ),
            (Some(0), None, Some(1), None)
        );
        assert_eq!(items.overlapping(5, 7), 1..1);
        assert_eq!(items.get(99), Item::default());
        assert_eq!(items.containing(u64::MAX), None);
    }

    proptest! {
        /// Searches and buckets say the same as walking through all items.
        #[test]
        fn same_as_walking(
            pieces in prop::collection::vec((0u64..3, 1u64..9), 0..200),
            from in 0u64..900, length in 0u64..900, buckets in 0usize..50, k in 0u32..500,
        ) {
            let mut items = Items::default();
            let mut naive = Vec::new();
            let mut at = 0;
            for (i, (gap, length)) in pieces.iter().enumerate() {
                let start = at + gap;
                at = start + length;
                let event = 2 * i as u32 + 1;
                prop_assert!(items.push(start, at, event));
                naive.push(Item { start, end: at, event });
            }
            prop_assert_eq!(items.iter().collect::<Vec<_>>(), naive.clone());
            let end = from + length;
            let over: Vec<usize> = naive.iter().enumerate()
                .filter(|(_, i)| i.start < end && i.end > from && from < end)
                .map(|(n, _)| n).collect();
            prop_assert_eq!(items.overlapping(from, end).collect::<Vec<_>>(), over.clone());
            prop_assert_eq!(
                items.containing(from),
                naive.iter().position(|i| i.start <= from && from < i.end)
            );
            prop_assert_eq!(items.len_at(k), naive.iter().filter(|i| i.event < k).count());
            for (n, item) in naive.iter().enumerate() {
                prop_assert_eq!(items.of_event(item.event), Some(n));
                prop_assert_eq!(items.of_event(item.event + 1), None);
            }

            let runs = items.buckets(from, end, buckets, k);
            prop_assert!(runs.len() <= buckets + 1);
            let covered: Vec<usize> = runs.iter().flat_map(|r| r.first..r.first + r.count).collect();
            let expected: Vec<usize> = over.into_iter()
                .filter(|&n| naive[n].event < k && buckets > 0).collect();
            prop_assert_eq!(covered, expected);
            for run in runs {
                prop_assert_eq!(run.start, naive[run.first].start);
                prop_assert_eq!(run.end, naive[run.first + run.count - 1].end);
            }
        }
    }
}
