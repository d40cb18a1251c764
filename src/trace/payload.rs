//! The bytes of one stream, as far as the budget kept them.

use super::reuse;

/// Chunks grow from this to [`LARGEST`], so that short streams stay small.
const SMALLEST: usize = 256;
const LARGEST: usize = 64 * 1024;

/// How much payload a trace may still keep, and what was found when comparing.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) left: u64,
    /// False once a byte had to be dropped.
    pub(crate) complete: bool,
    /// Received bytes that differ from the sent ones.
    pub(crate) mismatches: u64,
}

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Budget {
            left: bytes,
            complete: true,
            mismatches: 0,
        }
    }

    /// How many of `wanted` bytes may be kept. What is refused once is refused for good: a
    /// payload with arbitrary holes would be of no use.
    pub(crate) fn take(&mut self, wanted: usize) -> usize {
        let granted = if self.complete {
            usize::try_from(self.left).map_or(wanted, |left| wanted.min(left))
        } else {
            0
        };
        self.left -= granted as u64;
        if granted < wanted {
            self.complete = false;
        }
        granted
    }
}

/// Bytes of one stream by offset. They arrive in order of offset; ranges whose bytes nobody
/// recorded are holes.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    chunks: Vec<Vec<u8>>,
    /// Position of each chunk's first byte among the kept bytes.
    positions: Vec<u64>,
    /// Kept ranges: stream offset of the first byte, and its position among the kept bytes.
    extents: Vec<Extent>,
    kept: u64,
    /// Stream offset after the last kept byte.
    end: u64,
}

#[derive(Clone, Copy, Debug)]
struct Extent {
    start: u64,
    position: u64,
}

impl Drop for Payload {
    fn drop(&mut self) {
        reuse::take_back(&mut self.chunks, LARGEST);
    }
}

impl Payload {
    /// Stream offset after the last kept byte.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Keeps `bytes`, whose first one has offset `start`; what lies before [`Payload::end`] is
    /// known already and stays.
    pub(crate) fn append(&mut self, start: u64, bytes: &[u8], budget: &mut Budget) {
        let known = usize::try_from(self.end.saturating_sub(start)).unwrap_or(usize::MAX);
        let Some(mut bytes) = bytes.get(known..).filter(|rest| !rest.is_empty()) else {
            return;
        };
        let start = start.max(self.end);
        let granted = budget.take(bytes.len());
        bytes = &bytes[..granted];
        if bytes.is_empty() {
            return;
        }
        if self.extents.is_empty() || start > self.end {
            self.extents.push(Extent {
                start,
                position: self.kept,
            });
        }
        self.kept += bytes.len() as u64;
        self.end = start.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let room = self
                .chunks
                .last()
                .map_or(0, |last| last.capacity() - last.len());
            if room == 0 {
                let size = self
                    .chunks
                    .last()
                    .map_or(SMALLEST, |last| (last.len() * 4).min(LARGEST))
                    .max(bytes.len().min(LARGEST));
                self.positions.push(self.kept - bytes.len() as u64);
                self.chunks.push(if size == LARGEST {
                    reuse::chunk(LARGEST)
                } else {
                    Vec::with_capacity(size)
                });
                continue;
            }
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            if let Some(last) = self.chunks.last_mut() {
                last.extend_from_slice(now);
            }
            bytes = later;
        }
    }

    /// Kept pieces of `[start, end)` in order, each with the stream offset of its first byte.
    pub(crate) fn pieces(&self, start: u64, end: u64) -> impl Iterator<Item = (u64, &[u8])> {
        let end = end.min(self.end);
        let mut at = start;
        let mut extent = self
            .extents
            .partition_point(|e| e.start <= start)
            .saturating_sub(1);
        std::iter::from_fn(move || {
            loop {
                let this = *self.extents.get(extent)?;
                let position_end = self
                    .extents
                    .get(extent + 1)
                    .map_or(self.kept, |next| next.position);
                at = at.max(this.start);
                if at >= end {
                    return None;
                }
                let position = this.position + (at - this.start);
                if position >= position_end {
                    extent += 1;
                    continue;
                }
                let chunk = self
                    .positions
                    .partition_point(|&p| p <= position)
                    .checked_sub(1)?;
                let inside = (position - self.positions[chunk]) as usize;
                let most = (position_end - position).min(end - at) as usize;
                let rest = self.chunks.get(chunk)?.get(inside..)?;
                let piece = rest.get(..most).unwrap_or(rest);
                if piece.is_empty() {
                    return None;
                }
                let offset = at;
                at += piece.len() as u64;
                return Some((offset, piece));
            }
        })
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.chunks.iter().map(|c| c.capacity() as u64).sum()
    }

    pub(crate) fn index_bytes(&self) -> u64 {
        (self.extents.capacity() * size_of::<Extent>()
            + self.positions.capacity() * 8
            + self.chunks.capacity() * size_of::<Vec<u8>>()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_budget_ends_for_good() {
        let mut budget = Budget::new(8);
        let mut payload = Payload::default();
        payload.append(0, b"hello", &mut budget);
        assert!(budget.complete);
        payload.append(5, b"world", &mut budget);
        payload.append(20, b"x", &mut budget);
        assert!(!budget.complete);
        let kept: Vec<_> = payload
            .pieces(0, 99)
            .flat_map(|(_, p)| p.to_vec())
            .collect();
        assert_eq!(kept, b"hellowor");
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(
            puts in prop::collection::vec((-20i64..40, 0usize..900), 0..30),
            from in 0u64..6000, length in 0u64..6000,
        ) {
            let mut budget = Budget::new(u64::MAX);
            let mut payload = Payload::default();
            let mut naive: Vec<Option<u8>> = Vec::new();
            for (n, (gap, length)) in puts.into_iter().enumerate() {
                let start = (naive.len() as i64 + gap).max(0) as usize;
                let bytes: Vec<u8> = (0..length).map(|i| (i * 7 + n) as u8).collect();
                payload.append(start as u64, &bytes, &mut budget);
                for (i, b) in bytes.into_iter().enumerate() {
                    if start + i >= naive.len() {
                        naive.resize(start + i, None);
                        naive.push(Some(b));
                    }
                }
            }
            let end = from + length;
            let mut out: Vec<Option<u8>> = vec![None; naive.len()];
            let mut last = from;
            for (at, piece) in payload.pieces(from, end) {
                prop_assert!(at >= last && !piece.is_empty());
                for (i, &b) in piece.iter().enumerate() {
                    out[at as usize + i] = Some(b);
                }
                last = at + piece.len() as u64;
            }
            prop_assert!(last <= end);
            for (at, byte) in naive.iter().enumerate() {
                let wanted = (from..end).contains(&(at as u64)).then_some(*byte).flatten();
                prop_assert_eq!(out[at], wanted);
            }
        }
    }
}
