//! What recorders and the collector of a run share.
//!
//! # How events of many threads come out in exact time order
//!
//! Each recorder has a slot with a *watermark*: "all my events before this time are on their
//! way". Full batches go through the bounded channel. A recorder whose thread is about to be
//! held by the kernel *parks* its unfinished batch in its slot, where the collector can fetch it,
//! and marks the slot as waiting; when the thread goes on it takes the batch back if it is still
//! there. Both happen under the slot's lock.
//!
//! The collector takes the time `T0`, then looks into every slot, then empties the channel. An
//! actor seen waiting can record nothing before `T0`, for it must take its slot's lock before it
//! stamps its next event; an actor seen running has everything before its watermark in the
//! channel. So all events up to the least of these times are there, and can be put in order.
//!
//! # What recording costs
//!
//! A call of 64 bytes takes about 270 ns, two looks at the clock 17 of them; recording must not
//! take much more. What decides is memory, not instructions: a row that is written to a cache line
//! another processor had last, or to a page that is new to the process, costs more than making
//! it. So batches are used again, the latest emptied first and from one run to the next; the line
//! that the next row goes to is fetched while the kernel works ([`sys::will_write`]); what every
//! call looks at lies apart from what changes ([`Switches`]); and the path of send and recv is
//! inlined, its arguments staying in registers. `cargo bench --bench pair` measures all of it.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Sender, TrySendError, bounded};

use super::recorder::{Recorder, RecorderHub};
use super::{Collector, StopToken, sys};
use crate::trace::{ActorId, Batch, Nanos, RunId};

/// Called (coalesced) from any thread when there is something new to drain.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Limits of a pipe.
#[derive(Clone, Copy, Debug)]
pub struct PipeOptions {
    /// Bytes of payload recorded at most in this run; then offsets and lengths only.
    pub payload_budget: u64,
    /// Batches (of at most 512 events) on their way at most; then actors wait for the collector.
    pub capacity: usize,
    /// Record what a recv got also if a send of this run has recorded the same bytes: for tests
    /// that compare both. It doubles the payload on its way, not the budget used.
    pub compare: bool,
}

impl Default for PipeOptions {
    fn default() -> Self {
        PipeOptions {
            payload_budget: 64 << 20,
            capacity: 512,
            compare: false,
        }
    }
}

/// A pipe with default limits, for one run.
pub fn pipe(run: RunId, waker: Waker) -> (RecorderHub, Collector) {
    pipe_with(run, waker, PipeOptions::default())
}

/// A pipe for one run; its clock starts now.
pub fn pipe_with(run: RunId, waker: Waker, options: PipeOptions) -> (RecorderHub, Collector) {
    let (sender, receiver) = bounded(options.capacity.max(1));
    let (signal, signalled) = bounded(1);
    let shared = Arc::new(Shared {
        run,
        clock: sys::Clock::new(),
        stop: StopToken::new(),
        switches: Switches {
            immediate: AtomicBool::new(false),
            recording: AtomicBool::new(true),
            budget_spent: AtomicBool::new(false),
        },
        not_recorded: AtomicU64::new(0),
        compare: options.compare,
        budget: AtomicI64::new(i64::try_from(options.payload_budget).unwrap_or(i64::MAX)),
        slots: Mutex::new(Slots::default()),
        pending: AtomicBool::new(false),
        waker,
        signal,
        sender,
    });
    let collector = Collector::new(Arc::clone(&shared), receiver, signalled);
    (RecorderHub::new(shared), collector)
}

/// A batch on its way: run, slot, number in the slot's own order.
pub(super) struct Parcel {
    pub(super) run: RunId,
    pub(super) slot: u32,
    pub(super) number: u64,
    pub(super) batch: Batch,
}

pub(super) struct Shared {
    pub(super) run: RunId,
    pub(super) clock: sys::Clock,
    pub(super) stop: StopToken,
    pub(super) switches: Switches,
    pub(super) not_recorded: AtomicU64,
    pub(super) compare: bool,
    /// Payload bytes that may still be recorded.
    pub(super) budget: AtomicI64,
    slots: Mutex<Slots>,
    /// The waker was called and nobody has drained since.
    pending: AtomicBool,
    waker: Waker,
    signal: Sender<()>,
    sender: Sender<Parcel>,
}

/// So many emptied batches are kept, for this run or the next: memory that the system has yet to
/// give costs several times what writing to it does.
const KEEP: usize = 256;
/// A batch with more payload memory than this is large …
const LARGE: usize = 64 << 10;
/// … and only so many are kept with that memory.
const KEEP_LARGE: usize = 32;

/// Emptied batches. The last one in is the first one out: of all of them, most of its memory is
/// still in a cache.
static USED: Mutex<Vec<Batch>> = Mutex::new(Vec::new());

/// An empty batch, of used memory if there is some.
pub(super) fn empty_batch() -> Batch {
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    used.pop().unwrap_or_default()
}

/// Empties a batch and keeps its memory, up to a limit.
pub(super) fn recycle(mut batch: Batch) {
    batch.events.clear();
    batch.details.clear();
    batch.bytes.clear();
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    if used.len() >= KEEP {
        return;
    }
    if batch.bytes.capacity() > LARGE && used.len() >= KEEP_LARGE {
        batch.bytes = Vec::new();
    }
    used.push(batch);
}

/// What every call looks at and hardly anything changes, on cache lines of their own: beside a
/// counter, each look would wait for the processor that counted last.
#[repr(align(128))]
pub(super) struct Switches {
    pub(super) immediate: AtomicBool,
    pub(super) recording: AtomicBool,
    /// A payload was refused: from there on none is recorded.
    pub(super) budget_spent: AtomicBool,
}

#[derive(Default)]
pub(super) struct Slots {
    pub(super) made: u32,
    pub(super) live: Vec<Arc<Slot>>,
}

/// Where a recorder and the collector meet.
pub(super) struct Slot {
    pub(super) index: u32,
    pub(super) actor: ActorId,
    state: Mutex<SlotState>,
}

pub(super) struct SlotState {
    /// Its thread records nothing until it has taken this lock again.
    pub(super) waiting: bool,
    /// If not waiting: everything before this time is on its way.
    pub(super) watermark: Nanos,
    /// Batches that the collector is to fetch from here.
    pub(super) parked: Vec<(u64, Batch)>,
    /// The recorder is no more.
    pub(super) gone: bool,
}

impl Slot {
    pub(super) fn state(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    pub(super) fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A recorder whose slot the collector knows from now on.
    pub(super) fn recorder(self: &Arc<Self>, actor: ActorId, marker: bool) -> Recorder {
        let mut slots = self.slots();
        let slot = Arc::new(Slot {
            index: slots.made,
            actor,
            state: Mutex::new(SlotState {
                waiting: true,
                watermark: 0,
                parked: Vec::new(),
                gone: false,
            }),
        });
        slots.made += 1;
        slots.live.push(Arc::clone(&slot));
        drop(slots);
        Recorder::new(Arc::clone(self), slot, marker)
    }

    /// Says that there is something to drain, once until somebody does.
    pub(super) fn notify(&self) {
        // A read-modify-write sees the collector's latest reset, a plain load might not.
        if !self.pending.swap(true, Ordering::AcqRel) {
            let _ = self.signal.try_send(());
            (self.waker)();
        }
    }

    /// The collector is about to look: what comes later must be announced again.
    pub(super) fn unsignal(&self) {
        self.pending.swap(false, Ordering::AcqRel);
    }

    /// Sends a batch; waits while the channel is full, but not beyond a stop: then the batch
    /// comes back. A pipe without collector swallows it.
    pub(super) fn send(&self, slot: u32, number: u64, batch: Batch) -> Option<Batch> {
        let parcel = Parcel {
            run: self.run,
            slot,
            number,
            batch,
        };
        let parcel = match self.sender.try_send(parcel) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => return None,
            Err(TrySendError::Full(parcel)) => parcel,
        };
        self.notify();
        let mut select = crossbeam_channel::Select::new();
        let sending = select.send(&self.sender);
        select.recv(self.stop.stopped());
        let operation = select.select();
        if operation.index() == sending {
            let _ = operation.send(&self.sender, parcel);
            None
        } else {
            let _ = operation.recv(self.stop.stopped());
            Some(parcel.batch)
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipe")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slot")
            .field("index", &self.index)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}
