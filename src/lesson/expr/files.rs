//! Files that were received, and whether they are those that were sent.

use crate::trace::{ActorId, Call, Detail, Kind, Trace};

/// A file that was received.
pub(super) struct Received {
    /// By whom.
    pub(super) by: ActorId,
    /// Its bytes.
    pub(super) bytes: u64,
    /// Has another actor sent one with the same SHA-256 before?
    pub(super) same: bool,
}

/// The files received within the first `k` events, in order.
pub(super) fn received(trace: &Trace, k: u32) -> impl Iterator<Item = Received> + '_ {
    trace.files(k).filter_map(move |(id, file)| {
        let event = trace.event(id);
        (event.call() == Some(Call::WriteFile)).then(|| Received {
            by: event.actor,
            bytes: file.bytes,
            same: trace.files(id).any(|(earlier, sent)| {
                let earlier = trace.event(earlier);
                earlier.call() == Some(Call::ReadFile)
                    && earlier.actor != event.actor
                    && sent.sha256 == file.sha256
            }),
        })
    })
}

/// Commands of the fixed list that were run within the first `k` events.
pub(super) fn commands(trace: &Trace, k: u32) -> u64 {
    (0..k)
        .filter(|&i| {
            let event = trace.event(i);
            event.kind == Kind::Return
                && event.call() == Some(Call::Command)
                && matches!(trace.detail(i), Some(Detail::Ran { cut, .. }) if cut != "not-on-the-list")
        })
        .count() as u64
}
