//! Following a run that nobody watches to its end, and reading off it what repetitions need.

use std::time::{Duration, Instant};

use super::Cancel;
use crate::experiment::{Mode, Run};
use crate::trace::{Call, Nanos, Relayed, Stream, Trace};

/// How long one wait for news may last: cancelled work ends at most so much later.
const LOOK: Duration = Duration::from_millis(10);

/// A free run in which nothing has happened for so long, and nobody sleeps, is stuck.
const STILL: Duration = Duration::from_millis(400);

/// A run that has not ended after this long is given up, though it may still be at work.
const PATIENCE: Duration = Duration::from_mins(1);

/// How following a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// All programs have ended, or what was released is over.
    Over,
    /// The programs wait for each other: nothing moves any more.
    Stuck,
    /// It took longer than a minute, or made more events than a run keeps.
    TooLong,
    /// Nobody wants it any more.
    Cancelled,
}

/// Takes in what the actors do until the run is over: a free run when its programs have ended, a
/// stepped one when all its releases are over and everybody rests.
pub(super) fn follow(run: &mut Run, cancel: &Cancel) -> Ending {
    let stepped = run.mode() == Mode::Step;
    let begun = Instant::now();
    let mut moved = begun;
    loop {
        if run.poll(Duration::from_millis(20)) {
            moved = Instant::now();
        }
        if run.is_finished() {
            return Ending::Over;
        }
        if cancel.is_cancelled() {
            return Ending::Cancelled;
        }
        if stepped && !run.is_releasing() && run.is_settled() {
            // What came to rest flushed before it did; this takes it in.
            run.poll(Duration::from_millis(20));
            return Ending::Over;
        }
        // A free run is paused when it has made more events than are kept.
        let full = !stepped && run.mode() == Mode::Step;
        if full || begun.elapsed() >= PATIENCE {
            return Ending::TooLong;
        }
        let still = !stepped && moved.elapsed() >= STILL;
        if still && run.is_settled() && !somebody_sleeps(run.trace()) {
            return Ending::Stuck;
        }
        run.wait(LOOK);
    }
}

fn somebody_sleeps(trace: &Trace) -> bool {
    trace.live().actors.iter().any(|actor| {
        actor
            .current
            .is_some_and(|begin| trace.event(begin).call() == Some(Call::Sleep))
    })
}

/// The streams on which messages reached their receiver; what a relay between the ends received
/// is left out.
pub(super) fn carriers(trace: &Trace) -> impl Iterator<Item = &Stream> {
    let to_relay: Vec<_> = trace
        .streams()
        .iter()
        .filter_map(|stream| stream.relayed().map(Relayed::upstream))
        .collect();
    trace
        .streams()
        .iter()
        .filter(move |s| !s.messages().is_empty() && !to_relay.contains(&s.id))
}

/// From the first send's beginning to the last recv's end; `None`: nothing was received.
pub(super) fn took(trace: &Trace) -> Option<Nanos> {
    let first = carriers(trace)
        .filter(|s| !s.sends().is_empty())
        .map(|s| trace.event(trace.event(s.sends().get(0).event).link).t)
        .min()?;
    let last = carriers(trace)
        .filter(|s| !s.recvs().is_empty())
        .map(|s| trace.event(s.recvs().get(s.recvs().len() - 1).event).t)
        .max()?;
    Some(last.saturating_sub(first))
}
