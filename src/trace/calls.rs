//! The timeline lane of one actor.
use super::event::{EventId, Nanos};

/// The calls of one actor in order of their begin; a cheap view, pass it by value.
#[derive(Clone, Copy, Debug)]
pub struct Calls<'a> {
    _trace: std::marker::PhantomData<&'a ()>,
}

/// One call, from its Begin to its Return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSpan {
    /// Its Begin.
    pub begin: EventId,
    /// When the kernel took hold of it.
    pub blocked: Option<EventId>,
    /// Its Return.
    pub end: Option<EventId>,
    /// Time of the Begin.
    pub t0: Nanos,
    /// Time since when it was held.
    pub t_blocked: Option<Nanos>,
    /// Time of the Return.
    pub t1: Option<Nanos>,
}

/// A run of `count` consecutive calls, drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallBucket {
    /// Begin of the first call.
    pub t0: Nanos,
    /// Return of the last call, or the time of the prefix's last event if it has not returned.
    pub t1: Nanos,
    /// Index of the first call.
    pub first: usize,
    /// How many calls.
    pub count: usize,
    /// Time these calls were held by the kernel, summed.
    pub blocked: Nanos,
}

impl Calls<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        unimplemented!()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many began within the first `k` events.
    pub fn len_at(&self, _k: u32) -> usize {
        unimplemented!()
    }
    /// The call number `i`.
    pub fn get(&self, _i: usize) -> Option<CallSpan> {
        unimplemented!()
    }
    /// The call under way at time `t`.
    pub fn at_time(&self, _t: Nanos) -> Option<usize> {
        unimplemented!()
    }
    /// The call begun and not yet returned as of event `k`.
    pub fn current_at(&self, _k: u32) -> Option<CallSpan> {
        unimplemented!()
    }
    /// Level of detail.
    pub fn buckets(&self, _t0: Nanos, _t1: Nanos, _buckets: usize, _k: u32) -> Vec<CallBucket> {
        unimplemented!()
    }
}
