//! The writing end: each actor thread has one [`Recorder`].

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::pipe::{Shared, Slot, empty_batch};
use super::{Held, StopToken, sys};
use crate::trace::{
    ActorId, Batch, Call, Detail, Event, Handled, Kind, Mark, NONE, Nanos, RunId, SocketId, flag,
};

/// A batch is sent when it has that many events …
const BATCH_EVENTS: usize = 512;
/// … or that many bytes of payload …
const BATCH_BYTES: usize = 256 << 10;
/// … or when so much time has passed since the last one (nanoseconds).
const BATCH_AGE: Nanos = 1_000_000;
/// Payload budget is taken from the common store in pieces of this size.
const ALLOWANCE: i64 = 64 << 10;

/// Makes recorders; what all of them share. Clones are the same hub.
#[derive(Clone, Debug)]
pub struct RecorderHub(Arc<Shared>);

impl RecorderHub {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        RecorderHub(shared)
    }

    #[cfg(all(target_os = "linux", not(feature = "portable")))]
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }

    /// A recorder for an actor's thread. While it is not idle it holds back the others' later
    /// events until it has sent its own, so its thread must call [`Recorder::idle`] before it
    /// waits for anything by itself (blocking calls of an [`super::Endpoint`] do).
    pub fn recorder(&self, actor: ActorId) -> Recorder {
        self.0.recorder(actor, false)
    }

    /// A recorder for rare events (the runner's marks): idle by itself after each event.
    pub fn marker(&self, actor: ActorId) -> Recorder {
        self.0.recorder(actor, true)
    }

    /// Nanoseconds since the pipe was made.
    pub fn now(&self) -> Nanos {
        self.0.clock.now()
    }

    /// The token that stops this run.
    pub fn stop(&self) -> &StopToken {
        &self.0.stop
    }

    /// The run.
    pub fn run(&self) -> RunId {
        self.0.run
    }

    /// Step mode: every event is on its way at once.
    pub fn set_immediate(&self, immediate: bool) {
        self.0
            .switches
            .immediate
            .store(immediate, Ordering::Relaxed);
    }

    /// False: from the next call on, calls are made and counted but not recorded (marks, steps
    /// and settings are). A call of which the beginning is recorded is recorded to its end.
    pub fn set_recording(&self, recording: bool) {
        self.0
            .switches
            .recording
            .store(recording, Ordering::Relaxed);
    }

    /// Is recording on?
    pub fn is_recording(&self) -> bool {
        self.0.switches.recording.load(Ordering::Relaxed)
    }

    /// Events that were not recorded because recording was off.
    pub fn not_recorded(&self) -> u64 {
        self.0.not_recorded.load(Ordering::Relaxed)
    }
}

/// How a call begins.
#[derive(Clone, Copy, Debug)]
pub struct Begin {
    /// Which call.
    pub call: Call,
    /// On which socket, or [`SocketId::NONE`].
    pub socket: SocketId,
    /// Number of the operation in the actor's program.
    pub op: u16,
    /// The argument (bytes asked for, backlog, milliseconds …).
    pub a: u64,
    /// send: message number, or [`NONE`]; `recv_into`: offset in its buffer.
    pub link: u32,
    /// Bits of [`crate::trace::flag`] for all events of the call.
    pub flags: u8,
}

impl Begin {
    /// A call of operation `op`, without socket and argument.
    pub fn new(call: Call, op: u16) -> Self {
        Begin {
            call,
            socket: SocketId::NONE,
            op,
            a: 0,
            link: NONE,
            flags: 0,
        }
    }

    /// With this argument.
    #[must_use]
    pub fn arg(self, a: u64) -> Self {
        Begin { a, ..self }
    }

    /// On this socket.
    #[must_use]
    pub fn on(self, socket: SocketId) -> Self {
        Begin { socket, ..self }
    }
}

/// Writes one thread's events. Dropping it sends what is left.
///
/// Everything here serves the path of a recorded call: see "What recording costs" in
/// [`super::pipe`] before changing its order or its types.
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are independent, and in the path of every call"
)]
#[derive(Debug)]
pub struct Recorder {
    batch: Batch,
    clock: sys::Clock,
    /// Time of the last event, or of the last look at the clock.
    last: Nanos,
    /// When the last event is not before this time, the batch is sent.
    due: Nanos,
    /// Payload bytes this recorder may take without asking.
    allowance: i64,
    actor: ActorId,
    /// The slot says "waiting": before the next event it must be told otherwise.
    waiting: bool,
    /// The kernel holds the call under way.
    is_held: bool,
    /// The call under way, if one is.
    current: Current,
    /// Of the call under way. Fields one by one: a copy of [`Begin`] as a whole would have to
    /// wait until each of its fields has reached the cache.
    call: Call,
    socket: SocketId,
    op: u16,
    flags: u8,
    /// This recorder was the first to be refused payload, and has to say so.
    limit_reached: bool,
    /// Idle after every event.
    marker: bool,
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    /// Number of the batch being filled.
    number: u64,
    /// Everything up to here is on its way.
    sent_to: Nanos,
    /// Payload in the last batch.
    usual_bytes: usize,
    /// Says to others whether the kernel holds the call under way.
    held: Arc<Held>,
}

/// Is a call under way, and is it recorded?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Current {
    None,
    Recorded,
    Counted,
}

impl Recorder {
    pub(super) fn new(shared: Arc<Shared>, slot: Arc<Slot>, marker: bool) -> Self {
        Recorder {
            batch: Batch::default(),
            clock: shared.clock,
            last: 0,
            due: 0,
            allowance: 0,
            actor: slot.actor,
            waiting: true,
            is_held: false,
            current: Current::None,
            call: Call::Socket,
            socket: SocketId::NONE,
            op: 0,
            flags: 0,
            limit_reached: false,
            marker,
            shared,
            slot,
            number: 0,
            sent_to: 0,
            usual_bytes: 0,
            held: Arc::default(),
        }
    }

    /// Whether the kernel holds this thread's call, for others to see.
    pub fn held(&self) -> Arc<Held> {
        self.held.clone()
    }

    /// The actor.
    pub fn actor(&self) -> ActorId {
        self.actor
    }

    /// The token that stops this run.
    #[inline]
    pub fn stop(&self) -> &StopToken {
        &self.shared.stop
    }

    /// A call begins. `bytes`: what a send asks to send (then `begin.a` is their number), empty
    /// otherwise.
    pub fn begin(&mut self, begin: Begin, detail: Option<Detail>, bytes: &[u8]) {
        self.begin_here(begin, detail, bytes);
    }

    /// As [`Self::begin`], for the calls that are made by the million.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a tenth of the cost of recording")]
    pub(super) fn begin_here(&mut self, begin: Begin, detail: Option<Detail>, bytes: &[u8]) {
        (self.call, self.socket, self.op) = (begin.call, begin.socket, begin.op);
        self.flags = begin.flags;
        if !self.shared.switches.recording.load(Ordering::Relaxed) {
            self.current = Current::Counted;
            self.count_only();
            return;
        }
        self.current = Current::Recorded;
        let mut flags = begin.flags;
        if let Some(detail) = detail {
            self.own_detail(Some(detail), &mut flags);
        }
        if !bytes.is_empty() && begin.a == bytes.len() as u64 {
            self.own_bytes(bytes, true, &mut flags);
        }
        // Last, so that the copying above is not counted as time of the call.
        let t = self.stamp();
        self.batch.events.push(Event {
            a: begin.a,
            link: begin.link,
            socket: begin.socket,
            op: begin.op,
            call: begin.call as u8,
            flags,
            ..Event::new(Kind::Begin, t, self.actor)
        });
        self.make_ready();
        if self.limit_reached || self.shared.switches.immediate.load(Ordering::Relaxed) {
            self.send_off();
        }
    }

    /// Fetches the memory that the next event will be written to while the kernel works.
    #[inline]
    fn make_ready(&self) {
        sys::will_write(&self.batch.events, 2);
        sys::will_write(&self.batch.bytes, 64);
    }

    /// The call under way is about to be held by the kernel (or by a wait of the lab): says so,
    /// and stops holding back the others.
    pub fn blocked(&mut self) {
        match self.current {
            Current::None => return,
            Current::Counted => self.count_only(),
            Current::Recorded => {
                let t = self.stamp();
                self.batch.events.push(Event {
                    socket: self.socket,
                    op: self.op,
                    call: self.call as u8,
                    flags: self.flags,
                    ..Event::new(Kind::Blocked, t, self.actor)
                });
            }
        }
        self.is_held = true;
        self.held.begin(self.socket, self.call);
        self.idle();
    }

    /// The call under way concerns this socket (known only after it has been made).
    pub(super) fn set_socket(&mut self, socket: SocketId) {
        self.socket = socket;
    }

    /// The call under way returned: a result ≥ 0, or an errno (positive). `bytes`: what a recv
    /// got, if it is to be recorded (then as many as the result says).
    pub fn returned(
        &mut self,
        result: Result<i64, i32>,
        a: u64,
        detail: Option<Detail>,
        bytes: &[u8],
    ) {
        self.finish(result, a, detail, bytes, true);
    }

    /// As [`Self::returned`], of a call that succeeded and has nothing else to say.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a tenth of the cost of recording")]
    pub(super) fn returned_here(&mut self, result: i64) {
        self.finish(Ok(result), 0, None, &[], true);
    }

    /// As [`Self::returned`], of a recv whose bytes a send of this run has recorded: they are
    /// not recorded again, unless they are to be compared; then the budget is not charged.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a tenth of the cost of recording")]
    pub(super) fn returned_known(&mut self, bytes: &[u8]) {
        let compared = if self.shared.compare { bytes } else { &[] };
        self.finish(Ok(bytes.len() as i64), 0, None, compared, false);
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a tenth of the cost of recording")]
    fn finish(
        &mut self,
        result: Result<i64, i32>,
        a: u64,
        detail: Option<Detail>,
        bytes: &[u8],
        charged: bool,
    ) {
        if self.is_held {
            self.is_held = false;
            self.held.end();
        }
        match std::mem::replace(&mut self.current, Current::None) {
            Current::Recorded => {}
            Current::Counted => return self.count_only(),
            Current::None => return,
        }
        let t = self.stamp();
        let mut flags = self.flags;
        if self.shared.stop.is_stopped() {
            flags |= flag::AFTER_STOP;
        }
        if let Some(detail) = detail {
            self.own_detail(Some(detail), &mut flags);
        }
        let b = match result {
            Ok(value) => i32::try_from(value).unwrap_or(i32::MAX),
            Err(errno) => -errno,
        };
        if !bytes.is_empty() && usize::try_from(b) == Ok(bytes.len()) {
            self.own_bytes(bytes, charged, &mut flags);
        }
        self.batch.events.push(Event {
            a,
            b,
            socket: self.socket,
            op: self.op,
            call: self.call as u8,
            flags,
            ..Event::new(Kind::Return, t, self.actor)
        });
        self.make_ready();
        self.after_event();
    }

    /// A mark of the run.
    pub fn mark(&mut self, mark: Mark, a: u64, detail: Option<Detail>) {
        self.mark_for(mark, a, detail, self.actor);
    }

    /// A mark that concerns `actor`, whoever makes it.
    pub fn mark_for(&mut self, mark: Mark, a: u64, detail: Option<Detail>, actor: ActorId) {
        let mut flags = 0;
        self.own_detail(detail, &mut flags);
        let t = self.stamp();
        self.batch.events.push(Event {
            a,
            flags,
            ..Event::mark(mark, t, actor)
        });
        self.after_event();
    }

    /// This actor's program begins: it is a thread that serves the connection `socket`.
    pub fn begins_serving(&mut self, socket: SocketId) {
        let t = self.stamp();
        self.batch.events.push(Event {
            socket,
            ..Event::mark(Mark::ActorStarted, t, self.actor)
        });
        self.after_event();
    }

    /// The message about to be sent on `socket` ends as the framing's padding does: whoever
    /// receives it takes its last `lost` bytes for padding.
    pub fn ends_as_padding(&mut self, socket: SocketId, message: u32, lost: usize) {
        if !self.shared.switches.recording.load(Ordering::Relaxed) {
            self.count_only();
            return;
        }
        let t = self.stamp();
        self.batch.events.push(Event {
            a: lost as u64,
            link: message,
            socket,
            ..Event::mark(Mark::EndsAsPadding, t, self.actor)
        });
        self.after_event();
    }

    /// A relay is about to pass on `length` bytes, from offset `start` of the stream that `from`
    /// receives, as bytes of the stream that `to` sends; or says what else becomes of them.
    pub fn relayed(
        &mut self,
        from: SocketId,
        to: SocketId,
        handled: Handled,
        start: u64,
        length: usize,
    ) {
        if !self.shared.switches.recording.load(Ordering::Relaxed) {
            self.count_only();
            return;
        }
        let t = self.stamp();
        self.batch.events.push(Event {
            a: start,
            b: i32::try_from(length).unwrap_or(i32::MAX),
            link: handled as u32,
            socket: to,
            op: from.0,
            ..Event::mark(Mark::Relayed, t, self.actor)
        });
        self.after_event();
    }

    /// The decoder yielded frame `number`: `len` bytes from offset `start` of the stream that
    /// `socket` receives, `header` of them header. With `error`: the decoder failed there.
    pub fn frame(
        &mut self,
        socket: SocketId,
        start: u64,
        len: u32,
        header: u16,
        number: u32,
        error: Option<Detail>,
    ) {
        if !self.shared.switches.recording.load(Ordering::Relaxed) {
            self.count_only();
            return;
        }
        let mut flags = if error.is_some() {
            flag::FRAME_ERROR
        } else {
            0
        };
        self.own_detail(error, &mut flags);
        let t = self.stamp();
        self.batch.events.push(Event {
            a: start,
            b: i32::try_from(len).unwrap_or(i32::MAX),
            link: number,
            socket,
            op: header,
            flags,
            ..Event::new(Kind::Frame, t, self.actor)
        });
        self.after_event();
    }

    /// A live parameter has a new value: as text, and as a number if it is one.
    pub fn setting(&mut self, name: &str, value: &str, number: Option<i64>) {
        let mut flags = 0;
        let detail = Detail::Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        self.own_detail(Some(detail), &mut flags);
        let t = self.stamp();
        self.batch.events.push(Event {
            a: number.unwrap_or(0) as u64,
            flags,
            ..Event::new(Kind::Setting, t, self.actor)
        });
        self.after_event();
    }

    /// The lesson moved to step `number`.
    pub fn step(&mut self, number: u64) {
        let t = self.stamp();
        self.batch.events.push(Event {
            a: number,
            ..Event::new(Kind::Step, t, self.actor)
        });
        self.after_event();
    }

    /// A figure of a socket or a TCP end, read at a time that [`Self::stamp`] gave.
    pub(super) fn reading(&mut self, event: Event) {
        if !self.shared.switches.recording.load(Ordering::Relaxed) {
            self.count_only();
            return;
        }
        self.batch.events.push(event);
        self.after_event();
    }

    /// Puts everything recorded so far on its way. Waits while the channel is full.
    pub fn flush(&mut self) {
        if self.waiting {
            return; // parked already
        }
        let mut left = None;
        if !self.batch.events.is_empty() {
            let batch = std::mem::take(&mut self.batch);
            self.usual_bytes = batch.bytes.len().min(BATCH_BYTES);
            left = self.shared.send(self.slot.index, self.number, batch);
            self.number += 1;
        }
        (self.sent_to, self.due) = (self.last, self.due_after(self.last));
        let mut state = self.slot.state();
        if let Some(batch) = left {
            // The run is being stopped and nobody drains: few events follow, they wait here.
            state.parked.push((self.number - 1, batch));
        }
        state.watermark = self.sent_to;
        drop(state);
        self.shared.notify();
    }

    /// The thread is about to wait outside any call (at the gate, before computing for long):
    /// what it recorded can be fetched, and it stops holding back the others. The next event
    /// ends that by itself.
    pub fn idle(&mut self) {
        self.park();
        self.shared.notify();
    }

    /// As [`Self::idle`], but nothing was recorded, so nobody need be told.
    pub(super) fn settle(&mut self) {
        self.park();
    }

    fn park(&mut self) {
        if self.waiting {
            return;
        }
        if self.batch.bytes.len() >= BATCH_BYTES {
            self.flush();
        }
        let mut state = self.slot.state();
        if !self.batch.events.is_empty() {
            state
                .parked
                .push((self.number, std::mem::take(&mut self.batch)));
            self.number += 1;
        }
        state.waiting = true;
        self.waiting = true;
    }

    /// Ends the waiting, *before* the next event is stamped (see [`super::pipe`]).
    #[cold]
    fn resume(&mut self) {
        let mut state = self.slot.state();
        match state.parked.pop() {
            // Nobody has fetched it: go on filling it.
            Some((number, batch)) if batch.events.len() < BATCH_EVENTS => {
                self.number = number;
                self.batch = batch;
            }
            Some(whole) => state.parked.push(whole),
            None => {}
        }
        if self.batch.events.is_empty() {
            self.sent_to = self.last.max(self.clock.now());
            self.due = self.due_after(self.sent_to);
        }
        state.watermark = self.sent_to;
        state.waiting = false;
        self.waiting = false;
        drop(state);
        self.last = self.last.max(self.clock.now_in_order());
        if self.batch.events.capacity() == 0 {
            self.renew();
        }
    }

    /// When the next batch is due, if the last one was sent at that time.
    fn due_after(&self, sent: Nanos) -> Nanos {
        if self.marker { 0 } else { sent + BATCH_AGE }
    }

    fn renew(&mut self) {
        self.batch = empty_batch();
        self.batch.events.reserve(BATCH_EVENTS + 4);
        // What the last batch needed, this one will need.
        self.batch.bytes.reserve(self.usual_bytes);
    }

    /// The time of the next event.
    #[inline]
    pub(super) fn stamp(&mut self) -> Nanos {
        if self.waiting {
            self.resume();
        }
        self.last = self.last.max(self.clock.now());
        self.last
    }

    #[inline]
    fn after_event(&mut self) {
        if self.batch.events.len() >= BATCH_EVENTS
            || self.last >= self.due
            || self.batch.bytes.len() >= BATCH_BYTES
            || self.limit_reached
            || self.shared.switches.immediate.load(Ordering::Relaxed)
        {
            self.send_off();
        }
    }

    #[cold]
    fn send_off(&mut self) {
        if std::mem::take(&mut self.limit_reached) {
            let t = self.stamp();
            let mark = Event::mark(Mark::PayloadLimit, t, self.actor);
            self.batch.events.push(mark);
        }
        if self.marker {
            self.idle();
        } else {
            self.flush();
            if self.batch.events.capacity() == 0 {
                self.renew();
            }
        }
    }

    /// Recording is off: the event is counted, and the others are not held back.
    #[cold]
    fn count_only(&mut self) {
        self.shared.not_recorded.fetch_add(1, Ordering::Relaxed);
        self.stamp();
        if self.last >= self.due {
            self.flush();
        }
    }

    #[inline]
    fn own_detail(&mut self, detail: Option<Detail>, flags: &mut u8) {
        if let Some(detail) = detail {
            self.ready();
            self.batch.details.push(detail);
            *flags |= flag::DETAIL;
        }
    }

    /// What is put into the batch before the stamp must not go into one that is then swapped.
    #[inline]
    fn ready(&mut self) {
        if self.waiting {
            self.resume();
        }
    }

    #[inline]
    fn own_bytes(&mut self, bytes: &[u8], charged: bool, flags: &mut u8) {
        let len = if charged { bytes.len() as i64 } else { 0 };
        if self.reserve(len) {
            self.ready();
            self.batch.bytes.extend_from_slice(bytes);
            *flags |= flag::BYTES;
        }
    }

    /// May `len` bytes be recorded? After the first refusal none may, so that what is recorded
    /// is a whole beginning; the first refusal is marked.
    #[inline]
    fn reserve(&mut self, len: i64) -> bool {
        if self.shared.switches.budget_spent.load(Ordering::Relaxed) {
            return false;
        }
        if self.allowance < len && !self.take_allowance(len) {
            return false;
        }
        self.allowance -= len;
        true
    }

    #[cold]
    fn take_allowance(&mut self, len: i64) -> bool {
        let missing = len - self.allowance;
        let take = |left: i64| (left >= missing).then(|| left - missing.max(ALLOWANCE.min(left)));
        let budget = &self.shared.budget;
        if let Ok(left) = budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            self.allowance += missing.max(ALLOWANCE.min(left));
            true
        } else {
            // The mark must wait until the event under construction has been written.
            self.limit_reached = !self
                .shared
                .switches
                .budget_spent
                .swap(true, Ordering::Relaxed);
            false
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // Never waits: what is left is fetched from the slot.
        self.park();
        self.slot.state().gone = true;
        self.shared.notify();
    }
}
