//! Append-only columns in chunks: growing never copies what is there and never doubles.

use super::reuse::{self, Reused};

/// Entries per chunk of a [`Column`].
const CHUNK: usize = 1024;

/// An append-only column. The first chunk grows as a plain vector does, so that a column of
/// three entries is small; every later chunk has its full size from the start. Slack is thus
/// less than one chunk, whatever the length.
#[derive(Debug)]
pub(crate) struct Column<T: Reused> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T: Reused> Default for Column<T> {
    fn default() -> Self {
        Column {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Reused> Drop for Column<T> {
    fn drop(&mut self) {
        reuse::take_back(&mut self.chunks, CHUNK);
    }
}

impl<T: Reused> Column<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, i: usize) -> Option<&T> {
        self.chunks.get(i / CHUNK)?.get(i % CHUNK)
    }

    pub(crate) fn get_mut(&mut self, i: usize) -> Option<&mut T> {
        self.chunks.get_mut(i / CHUNK)?.get_mut(i % CHUNK)
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    #[inline]
    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.chunks.last_mut()?.last_mut()
    }

    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        self.len += 1;
        if let Some(last) = self.chunks.last_mut()
            && last.len() < CHUNK
        {
            last.push(value);
            return;
        }
        self.push_chunk(value);
    }

    #[cold]
    fn push_chunk(&mut self, value: T) {
        let mut chunk = if self.chunks.is_empty() {
            Vec::new()
        } else {
            // The first chunk may have stopped growing short of its doubled capacity.
            reuse::chunk(CHUNK)
        };
        chunk.push(value);
        self.chunks.push(chunk);
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let last = self.chunks.last_mut()?;
        let value = last.pop()?;
        self.len -= 1;
        if last.is_empty() {
            self.chunks.pop();
        }
        Some(value)
    }

    /// Entries from `from` to the end, chunk by chunk.
    pub(crate) fn iter_from(&self, from: usize) -> impl Iterator<Item = &T> {
        let first = (from / CHUNK).min(self.chunks.len());
        let mut skip = from % CHUNK;
        self.chunks[first..].iter().flat_map(move |chunk| {
            let part = chunk.get(skip..).unwrap_or_default();
            skip = 0;
            part
        })
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        let entries: usize = self.chunks.iter().map(Vec::capacity).sum();
        (entries * size_of::<T>() + self.chunks.capacity() * size_of::<Vec<T>>()) as u64
    }
}

/// The first index in `range` for which `before` is false; `before` must be true and then false.
pub(crate) fn partition(
    range: std::ops::Range<usize>,
    mut before: impl FnMut(usize) -> bool,
) -> usize {
    let (mut low, mut high) = (range.start, range.end.max(range.start));
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// As [`partition`] over `[from, len)`, but fast when the answer is near `guess`: O(log distance).
/// Searches that walk through a column in steps guess that a step is as long as the one before.
pub(crate) fn seek(
    from: usize,
    len: usize,
    guess: usize,
    mut before: impl FnMut(usize) -> bool,
) -> usize {
    let (mut low, mut high) = (from, len.max(from));
    let mut at = guess.clamp(low, high);
    let mut step = 1;
    if at < high && before(at) {
        while at < high && before(at) {
            low = at + 1;
            at = at.saturating_add(step);
            step *= 2;
        }
        high = high.min(at);
    } else {
        high = at;
        while at > low {
            at = at.saturating_sub(step).max(low);
            if before(at) {
                low = at + 1;
                break;
            }
            high = at;
            step *= 2;
        }
    }
    partition(low..high, before)
}

/// A column of stream offsets that never decrease: four bytes each beside one base per chunk.
/// A chunk that spans more than 4 GiB (bytes of a stream, so hardly ever) becomes wide.
#[derive(Debug, Default)]
pub(crate) struct Offsets {
    chunks: Vec<OffsetChunk>,
    len: usize,
}

#[derive(Debug)]
struct OffsetChunk {
    base: u64,
    near: Vec<u32>,
    /// Used instead of `near` once a value is too far from the base.
    far: Vec<u64>,
}

impl Drop for Offsets {
    fn drop(&mut self) {
        let mut near = self.chunks.drain(..).map(|chunk| chunk.near).collect();
        reuse::take_back(&mut near, CHUNK);
    }
}

impl Offsets {
    pub(crate) fn get(&self, i: usize) -> Option<u64> {
        let chunk = self.chunks.get(i / CHUNK)?;
        if chunk.far.is_empty() {
            chunk
                .near
                .get(i % CHUNK)
                .map(|&near| chunk.base + u64::from(near))
        } else {
            chunk.far.get(i % CHUNK).copied()
        }
    }

    pub(crate) fn last(&self) -> Option<u64> {
        self.get(self.len.checked_sub(1)?)
    }

    #[inline]
    pub(crate) fn push(&mut self, value: u64) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(OffsetChunk {
                base: value,
                near: if self.chunks.is_empty() {
                    Vec::new()
                } else {
                    reuse::chunk(CHUNK)
                },
                far: Vec::new(),
            });
        }
        let Some(chunk) = self.chunks.last_mut() else {
            return;
        };
        self.len += 1;
        if chunk.far.is_empty() {
            match value
                .checked_sub(chunk.base)
                .and_then(|near| u32::try_from(near).ok())
            {
                Some(near) => chunk.near.push(near),
                None => chunk.widen(value),
            }
        } else {
            chunk.far.push(value);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<u64> {
        let value = self.last()?;
        let chunk = self.chunks.last_mut()?;
        if chunk.far.is_empty() {
            chunk.near.pop();
        } else {
            chunk.far.pop();
        }
        if chunk.near.is_empty() && chunk.far.is_empty() {
            self.chunks.pop();
        }
        self.len -= 1;
        Some(value)
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> u64 {
        let entries: usize = self
            .chunks
            .iter()
            .map(|c| c.near.capacity() * 4 + c.far.capacity() * 8)
            .sum();
        (entries + self.chunks.capacity() * size_of::<OffsetChunk>()) as u64
    }
}

impl OffsetChunk {
    #[cold]
    fn widen(&mut self, value: u64) {
        let base = self.base;
        self.far = Vec::with_capacity(CHUNK);
        self.far
            .extend(self.near.iter().map(|&near| base + u64::from(near)));
        self.near = Vec::new();
        self.far.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_beyond_four_gib_apart_are_kept_and_popped() {
        let values: Vec<u64> = (0..2500u64).map(|i| i * i * 1_000_000).collect();
        let mut offsets = Offsets::default();
        for &v in &values {
            offsets.push(v);
        }
        for (i, &v) in values.iter().enumerate() {
            assert_eq!(offsets.get(i), Some(v));
        }
        for &v in values.iter().rev() {
            assert_eq!(offsets.pop(), Some(v));
        }
        assert_eq!((offsets.len, offsets.last()), (0, None));
    }

    #[test]
    fn a_column_pushes_pops_and_walks_across_chunks() {
        let mut column = Column::default();
        for i in 0..3000usize {
            column.push(i);
        }
        for i in (2000..3000).rev() {
            assert_eq!(column.pop(), Some(i));
        }
        column.push(7);
        assert_eq!(column.len(), 2001);
        assert!(
            column
                .iter_from(1020)
                .copied()
                .eq((1020..2000).chain(std::iter::once(7)))
        );
    }

    #[test]
    fn seeking_finds_what_bisection_finds() {
        for len in 0..40 {
            for answer in 0..=len {
                for from in 0..=answer {
                    for guess in 0..=len + 2 {
                        assert_eq!(seek(from, len, guess, |i| i < answer), answer);
                    }
                }
            }
        }
    }
}
