//! Stopping a run, also while its threads are inside a call that blocks.

use std::sync::Arc;
use std::time::Duration;

/// Says to every thread of a run that it must end. Clones are the same token.
#[derive(Clone, Debug)]
pub struct StopToken(Arc<()>);

/// This thread may be woken by [`StopToken::interrupt_all`] while this lives.
#[derive(Debug)]
pub struct Entered(());

impl StopToken {
    /// From now on every call returns [`super::CallError::Stopped`]. Wakes sleepers at once;
    /// threads inside a blocking call are woken by [`Self::interrupt_all`].
    pub fn stop(&self) {
        todo!()
    }
    /// Was [`Self::stop`] called?
    pub fn is_stopped(&self) -> bool {
        todo!()
    }
    /// Registers the calling thread (an actor's) until the guard is dropped, at its end.
    pub fn enter(&self) -> Entered {
        todo!()
    }
    /// After [`Self::stop`]: wakes every registered thread that is inside a blocking call, and
    /// says how many are still registered. Repeat every few milliseconds until 0.
    pub fn interrupt_all(&self) -> usize {
        todo!()
    }
    /// [`Self::stop`], then [`Self::interrupt_all`] until all threads have left or `patience`
    /// is over; says how many are left.
    pub fn stop_and_wait(&self, patience: Duration) -> usize {
        let _ = patience;
        todo!()
    }
    /// Sleeps; true = slept to the end, false = stopped.
    pub fn sleep(&self, time: Duration) -> bool {
        let _ = time;
        todo!()
    }
}
