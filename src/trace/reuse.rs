//! Memory of traces that are gone, kept for the next one.
//!
//! A lab is reset and run again all day. Memory that is new to the process costs a page fault
//! every 4 KiB, which is a third of what it takes to append an event; so a trace leaves its
//! chunks behind, up to what one of a million events has, and the next one starts with them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::event::Event;

/// Chunks of events kept: those of 1,048,576 events, 32 MiB.
static EVENTS: Pool<Event> = Pool::new(1024);
/// Chunks of numbers kept: of event numbers and offsets, four for each chunk of events; 16 MiB.
static NUMBERS: Pool<u32> = Pool::new(4096);
/// Chunks of payload kept: 16 MiB.
static BYTES: Pool<u8> = Pool::new(256);

/// What a chunk can hold. Types with a pool have chunks of one size.
pub(crate) trait Reused: Sized + 'static {
    /// Where its used chunks are kept, if they are.
    fn pool() -> Option<&'static Pool<Self>> {
        None
    }
}

impl Reused for Event {
    fn pool() -> Option<&'static Pool<Self>> {
        Some(&EVENTS)
    }
}

impl Reused for u32 {
    fn pool() -> Option<&'static Pool<Self>> {
        Some(&NUMBERS)
    }
}

impl Reused for u8 {
    fn pool() -> Option<&'static Pool<Self>> {
        Some(&BYTES)
    }
}

impl Reused for u64 {}
impl Reused for usize {}
impl<A: 'static, B: 'static> Reused for (A, B) {}

/// Emptied chunks of one type; the last one in is the first one out.
#[derive(Debug)]
pub(crate) struct Pool<T> {
    chunks: Mutex<Vec<Vec<T>>>,
    most: usize,
}

impl<T> Pool<T> {
    const fn new(most: usize) -> Self {
        Pool {
            chunks: Mutex::new(Vec::new()),
            most,
        }
    }

    fn chunks(&self) -> MutexGuard<'_, Vec<Vec<T>>> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An empty chunk with room for at least `capacity` entries, of used memory if there is some.
pub(crate) fn chunk<T: Reused>(capacity: usize) -> Vec<T> {
    T::pool()
        .and_then(|pool| pool.chunks().pop())
        .filter(|chunk| chunk.capacity() >= capacity)
        .unwrap_or_else(|| Vec::with_capacity(capacity))
}

/// Takes back those of `chunks` that have room for at least `capacity` entries, up to the limit.
pub(crate) fn take_back<T: Reused>(chunks: &mut Vec<Vec<T>>, capacity: usize) {
    let Some(pool) = T::pool() else { return };
    let mut kept = pool.chunks();
    for mut chunk in chunks.drain(..).rev() {
        if kept.len() < pool.most && chunk.capacity() >= capacity {
            chunk.clear();
            kept.push(chunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Reused for i8 {
        fn pool() -> Option<&'static Pool<Self>> {
            static POOL: Pool<i8> = Pool::new(2);
            Some(&POOL)
        }
    }

    #[test]
    fn whole_chunks_are_kept_empty_up_to_the_limit() {
        let full = |n: usize| vec![1i8; n];
        take_back(&mut vec![full(3), full(8), full(9), full(10)], 8);
        let (one, other): (Vec<i8>, Vec<i8>) = (chunk(8), chunk(8));
        assert!(one.is_empty() && other.is_empty());
        assert_eq!((one.capacity(), other.capacity()), (9, 10));
        assert_eq!(chunk::<i8>(8).capacity(), 8, "a new one");
    }
}
