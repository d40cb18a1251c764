//! Merges what all recorders of a run wrote into one sequence in time order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use super::capture::{Capture, Tap};
use super::pipe::{self, Parcel, Shared};
use crate::trace::{Batch, Detail, Event, Kind, Nanos, RunId, flag};

/// [`Collector::wait`] lets that much time pass between two drains: a collector that ran at
/// every batch would take the processor from those it watches.
const GATHER: Duration = Duration::from_millis(4);

/// The clock is looked at after so many events.
const LOOK: usize = 512;

/// The reading end of a [`super::pipe`].
#[derive(Debug)]
pub struct Collector {
    shared: Arc<Shared>,
    receiver: Receiver<Parcel>,
    signalled: Receiver<()>,
    queues: Vec<Queue>,
    /// Captured packets, if any are captured.
    tap: Option<Arc<Tap>>,
    /// All events up to here are in the queues.
    complete_to: Nanos,
    last_drain: Option<Instant>,
    held: bool,
}

/// What one [`Collector::drain`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Events given to the sink.
    pub events: usize,
    /// There is more, or something is held back until another actor has got that far: come back
    /// within a few milliseconds, do not wait for the waker.
    pub more: bool,
}

/// The queue of captured packets, which no recorder has.
const CAPTURE: u32 = u32::MAX;

/// One recorder's events, in its own order.
#[derive(Debug)]
struct Queue {
    /// Time of the next event; [`Nanos::MAX`] if there is none.
    head: Nanos,
    /// The batch being given out; without events if there is none.
    front: Loaded,
    rest: VecDeque<Loaded>,
    slot: u32,
    /// Nothing will come any more.
    gone: bool,
}

#[derive(Debug, Default)]
struct Loaded {
    number: u64,
    events: Vec<Event>,
    details: std::vec::IntoIter<Detail>,
    bytes: Vec<u8>,
    next_event: usize,
    next_byte: usize,
}

impl Collector {
    pub(super) fn new(
        shared: Arc<Shared>,
        receiver: Receiver<Parcel>,
        signalled: Receiver<()>,
    ) -> Self {
        Collector {
            shared,
            receiver,
            signalled,
            queues: Vec::new(),
            tap: None,
            complete_to: 0,
            last_drain: None,
            held: false,
        }
    }

    /// The run.
    pub fn run(&self) -> RunId {
        self.shared.run
    }

    /// From now on the captured packets are merged in; `None`: no longer.
    pub fn set_capture(&mut self, capture: Option<&Capture>) {
        self.tap = capture.map(Capture::tap);
    }

    /// Gives `sink` the events that are known to be next in time, for about `budget` at most.
    /// The sink gets the event, its detail, and its bytes (empty if it owns none). Times never
    /// decrease, from one drain to the next either.
    pub fn drain<F>(&mut self, budget: Duration, sink: &mut F) -> Drained
    where
        F: FnMut(Event, Option<Detail>, &[u8]) + ?Sized,
    {
        let begun = Instant::now();
        let mut events = 0;
        // First what is known already: only when that is out may more be taken in, so a slow
        // sink fills the channel and slows the actors, not the memory.
        let mut in_time = self.release(begun, budget, sink, &mut events);
        if in_time {
            self.take_in();
            in_time = self.release(begun, budget, sink, &mut events);
        }
        self.held = !in_time || self.queues.iter().any(|q| !q.is_empty());
        self.last_drain = Some(Instant::now());
        Drained {
            events,
            more: self.held,
        }
    }

    /// For a loop without a window: blocks until there is something to drain, `timeout` at most.
    /// Lets a few milliseconds pass between two drains. False = timeout.
    pub fn wait(&self, timeout: Duration) -> bool {
        let pause = self
            .last_drain
            .and_then(|t| GATHER.checked_sub(t.elapsed()))
            .unwrap_or_default();
        std::thread::sleep(pause.min(timeout));
        self.held
            || self
                .signalled
                .recv_timeout(timeout.saturating_sub(pause))
                .is_ok()
    }

    /// Have all recorders been dropped, and has everything been given out?
    pub fn is_finished(&self) -> bool {
        let slots = self.shared.slots();
        slots.made > 0
            && slots.live.iter().all(|s| {
                let state = s.state();
                state.gone && state.parked.is_empty()
            })
            && self.receiver.is_empty()
            && self.queues.iter().all(Queue::is_empty)
    }

    /// Takes in everything that is on its way, and learns up to which time that is everything.
    /// The order of these steps matters: see [`super::pipe`].
    fn take_in(&mut self) {
        self.shared.unsignal();
        let now = self.shared.clock.now_in_order();
        let mut complete_to = now;
        let shared = Arc::clone(&self.shared);
        let mut slots = shared.slots();
        slots.live.retain(|slot| {
            let mut state = slot.state();
            if !state.waiting {
                complete_to = complete_to.min(state.watermark);
            }
            for (number, batch) in state.parked.drain(..) {
                queue(&mut self.queues, slot.index).insert(number, batch);
            }
            if state.gone {
                queue(&mut self.queues, slot.index).gone = true;
            }
            !state.gone
        });
        drop(slots);
        // What comes while this loop runs may stay: it is later than `complete_to`.
        for _ in 0..self.receiver.len() {
            let Ok(parcel) = self.receiver.try_recv() else {
                break;
            };
            if parcel.run == shared.run {
                queue(&mut self.queues, parcel.slot).insert(parcel.number, parcel.batch);
            }
        }
        // After all that, so that what a packet caused cannot be out before it.
        if let Some(tap) = &self.tap
            && let Some((number, batch)) = tap.fetch(&shared, self.complete_to)
        {
            queue(&mut self.queues, CAPTURE).insert(number, batch);
        }
        self.complete_to = self.complete_to.max(complete_to);
    }

    /// Gives out, in order, what is complete. False: time was over before all of it was out.
    fn release<F>(
        &mut self,
        begun: Instant,
        budget: Duration,
        sink: &mut F,
        events: &mut usize,
    ) -> bool
    where
        F: FnMut(Event, Option<Detail>, &[u8]) + ?Sized,
    {
        let mut look = *events + LOOK;
        loop {
            // The queue with the earliest event, and how far it may run before another's turn.
            let mut first = 0;
            let mut head = Nanos::MAX;
            let mut until = self.complete_to;
            for (i, queue) in self.queues.iter().enumerate() {
                let earlier = queue.head < head;
                until = until.min(if earlier { head } else { queue.head });
                head = if earlier { queue.head } else { head };
                first = if earlier { i } else { first };
            }
            if head > self.complete_to || head == Nanos::MAX {
                self.queues.retain(|q| !q.gone || !q.is_empty());
                return true;
            }
            let queue = &mut self.queues[first];
            *events += queue.front.give(until, sink);
            if let Some(next) = queue.front.events.get(queue.front.next_event) {
                queue.head = next.t;
            } else {
                let used_up = queue.next_batch();
                // Recorders want small ones.
                if queue.slot != CAPTURE {
                    used_up.recycle();
                }
            }
            if *events >= look {
                if begun.elapsed() >= budget {
                    return false;
                }
                look = *events + LOOK;
            }
        }
    }
}

fn queue(queues: &mut Vec<Queue>, slot: u32) -> &mut Queue {
    let i = queues
        .iter()
        .position(|q| q.slot == slot)
        .unwrap_or_else(|| {
            queues.push(Queue {
                head: Nanos::MAX,
                front: Loaded::default(),
                rest: VecDeque::new(),
                slot,
                gone: false,
            });
            queues.len() - 1
        });
    &mut queues[i]
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.head == Nanos::MAX
    }

    /// Puts a batch in its place: one fetched from the slot may be numbered after one that is
    /// still in the channel.
    fn insert(&mut self, number: u64, batch: Batch) {
        if batch.events.is_empty() {
            return;
        }
        let mut loaded = Loaded {
            number,
            events: batch.events,
            details: batch.details.into_iter(),
            bytes: batch.bytes,
            next_event: 0,
            next_byte: 0,
        };
        if self.is_empty() || number < self.front.number {
            std::mem::swap(&mut self.front, &mut loaded);
            self.head = self.front.head();
            if !loaded.events.is_empty() {
                self.rest.push_front(loaded);
            }
            return;
        }
        let after = self.rest.iter().rposition(|b| b.number < number);
        self.rest.insert(after.map_or(0, |i| i + 1), loaded);
    }

    /// Goes on to the next batch; gives back the one that is used up.
    #[cold]
    fn next_batch(&mut self) -> Loaded {
        let next = self.rest.pop_front().unwrap_or_default();
        self.head = next.head();
        std::mem::replace(&mut self.front, next)
    }
}

impl Loaded {
    fn head(&self) -> Nanos {
        self.events.get(self.next_event).map_or(Nanos::MAX, |e| e.t)
    }

    /// Gives out the events up to that time, inclusive; says how many.
    #[inline]
    fn give<F>(&mut self, until: Nanos, sink: &mut F) -> usize
    where
        F: FnMut(Event, Option<Detail>, &[u8]) + ?Sized,
    {
        let begun = self.next_event;
        while let Some(event) = self.events.get(self.next_event)
            && event.t <= until
        {
            self.next_event += 1;
            if event.flags & (flag::DETAIL | flag::BYTES) == 0 {
                sink(*event, None, &[]);
                continue;
            }
            let detail = if event.has(flag::DETAIL) {
                self.details.next()
            } else {
                None
            };
            let owned = match event.kind {
                Kind::Begin if event.has(flag::BYTES) => event.a as usize,
                Kind::Return if event.has(flag::BYTES) => usize::try_from(event.b).unwrap_or(0),
                Kind::Segment if event.has(flag::BYTES) => event.link as usize,
                _ => 0,
            };
            let bytes = self
                .bytes
                .get(self.next_byte..self.next_byte + owned)
                .unwrap_or_default();
            self.next_byte += owned;
            sink(*event, detail, bytes);
        }
        self.next_event - begun
    }

    fn recycle(self) {
        pipe::recycle(Batch {
            events: self.events,
            details: Vec::new(),
            bytes: self.bytes,
        });
    }
}
