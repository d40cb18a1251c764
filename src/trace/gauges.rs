//! The readings of one socket's buffers.
use super::event::{EventId, Gauge};

/// The gauge readings of one socket in order of time; a cheap view, pass it by value.
#[derive(Clone, Copy, Debug)]
pub struct GaugeTrack<'a> {
    _trace: std::marker::PhantomData<&'a ()>,
}

impl GaugeTrack<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        unimplemented!()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many within the first `k` events.
    pub fn len_at(&self, _k: u32) -> usize {
        unimplemented!()
    }
    /// The reading number `i`.
    pub fn get(&self, _i: usize) -> Option<(EventId, Gauge)> {
        unimplemented!()
    }
    /// The latest reading within the first `k` events.
    pub fn at(&self, _k: u32) -> Option<(EventId, Gauge)> {
        unimplemented!()
    }
}
