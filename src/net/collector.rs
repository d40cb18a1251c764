//! Merges what all recorders of a run wrote into one sequence in time order.

use std::time::Duration;

use crate::trace::{Detail, Event, RunId};

/// The reading end of a [`super::pipe`].
#[derive(Debug)]
pub struct Collector(());

/// What one [`Collector::drain`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Events given to the sink.
    pub events: usize,
    /// There is more, or something is held back until another actor has got that far: come back
    /// within a few milliseconds, do not wait for the waker.
    pub more: bool,
}

impl Collector {
    /// The run.
    pub fn run(&self) -> RunId {
        todo!()
    }
    /// Gives `sink` the events that are known to be next in time, for about `budget` at most.
    /// The sink gets the event, its detail, and its bytes (empty if it owns none).
    pub fn drain(
        &mut self,
        budget: Duration,
        sink: &mut dyn FnMut(Event, Option<Detail>, &[u8]),
    ) -> Drained {
        let _ = (budget, sink);
        todo!()
    }
    /// For a loop without a window: blocks until there is something to drain, `timeout` at most.
    /// Batches a few milliseconds together. False = timeout.
    pub fn wait(&self, timeout: Duration) -> bool {
        let _ = timeout;
        todo!()
    }
    /// Have all recorders been dropped, and has everything been given out?
    pub fn is_finished(&self) -> bool {
        todo!()
    }
}
