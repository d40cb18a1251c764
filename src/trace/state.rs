//! The state of a run as of one event: the fold over a prefix of the trace.

use super::calls::Lane;
use super::column::Column;
use super::event::{
    ActorId, Call, Event, EventId, Gauge, Kind, Mark, NONE, Nanos, SocketId, StreamId, flag,
};
use super::facts::{ActorFacts, Facts};
use super::meta::RunMeta;
use super::socket::Sockets;
use super::stream::Stream;

/// Everything the stage draws, as of event `k`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Number of events of the prefix.
    pub k: u32,
    /// Time of the last event of the prefix; 0 if it is empty.
    pub t: Nanos,
    /// By [`super::ActorId`].
    pub actors: Vec<ActorState>,
    /// By [`super::StreamId`]: the streams known within the prefix.
    pub streams: Vec<StreamState>,
    /// By [`super::SocketId`]: the sockets known within the prefix.
    pub sockets: Vec<SocketState>,
    /// Sums over all streams.
    pub facts: Facts,
    /// The run itself.
    pub phase: Phase,
    /// The lesson's step.
    pub step: u32,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not yet started.
    #[default]
    New,
    /// Programs run.
    Running,
    /// Programs are paused (the kernel is not).
    Paused,
    /// Stop was asked for.
    Stopping,
    /// All programs have ended.
    Finished,
    /// The event limit was reached.
    Limit,
}

/// One actor as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActorState {
    /// Its program has begun.
    pub started: bool,
    /// Its program has ended.
    pub ended: bool,
    /// The Begin of the call under way.
    pub current: Option<EventId>,
    /// Since when the kernel has held that call.
    pub blocked_since: Option<Nanos>,
    /// The Return of its last call.
    pub last: Option<EventId>,
    /// Operation of the current or last call ([`super::Event::op`]).
    pub op: u16,
    /// Its figures.
    pub facts: ActorFacts,
}

/// One direction of a connection as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamState {
    /// Bytes sent; never less than `received`.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// End of the last frame.
    pub decoded: u64,
    /// Sends that accepted at least one byte.
    pub sends: u32,
    /// Receives that returned at least one byte.
    pub recvs: u32,
    /// Frames decoded.
    pub frames: u32,
    /// Errors of the decoder.
    pub errors: u32,
    /// Receives with bytes of more than one message.
    pub merged: u32,
    /// Messages that came out of more than one recv.
    pub split: u32,
    /// Frames that are exactly one message.
    pub right: u32,
    /// Frames that hold bytes of a message but are not exactly one.
    pub wrong: u32,
    /// The receiver saw the end (`b''`).
    pub ended: bool,
    /// The sender closed, or shut its sending side down.
    pub shut: bool,
}

/// One socket as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SocketState {
    /// The latest reading of its buffers.
    pub gauge: Gauge,
    /// The event of that reading.
    pub gauge_event: Option<EventId>,
    /// Created and not yet closed.
    pub open: bool,
    /// Most bytes ever read as waiting in its receive buffer.
    pub peak_unread: u32,
}

/// What the fold may look at beside the event itself. All of it says the same whether asked at
/// the live edge or in a replay, which is what makes a state a function of its prefix.
pub(crate) struct Known<'a> {
    /// The relay between the ends: what it moves it only passes on, and sums leave it out.
    pub(crate) relay: Option<ActorId>,
    pub(crate) events: &'a Column<Event>,
    pub(crate) sockets: &'a Sockets,
    pub(crate) streams: &'a [Stream],
    pub(crate) lanes: &'a [Lane],
}

impl State {
    /// The state before any event.
    pub(crate) fn new(meta: &RunMeta) -> Self {
        State {
            actors: vec![ActorState::default(); meta.actors.len().min(usize::from(u8::MAX))],
            ..State::default()
        }
    }

    /// Heap it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.actors.as_slice())
            + size_of_val(self.streams.as_slice())
            + size_of_val(self.sockets.as_slice())
    }

    /// Takes in event `i`, which must be the next one, as completed by the trace; its flags are
    /// `flags`, those in `e` may lack what the trace filled in.
    #[inline]
    pub(crate) fn apply(&mut self, i: EventId, e: &Event, flags: u8, known: &Known<'_>) {
        self.k = i.saturating_add(1);
        self.t = e.t;
        match e.kind {
            Kind::Begin => self.begin(i, e, flags, known),
            Kind::Blocked => {
                if let Some(actor) = self.actor(e.actor)
                    && actor.current == Some(e.link)
                    && actor.blocked_since.is_none()
                {
                    actor.blocked_since = Some(e.t);
                }
            }
            Kind::Return => self.returned(i, e, flags, known),
            Kind::Gauge => self.gauge(i, e),
            Kind::Frame => self.frame(i, e, flags, known),
            Kind::Step => self.step = e.a as u32,
            Kind::Mark => self.mark(e),
            Kind::Setting | Kind::Segment => {}
        }
    }

    fn actor(&mut self, id: ActorId) -> Option<&mut ActorState> {
        if id == ActorId::LAB {
            return None;
        }
        let n = usize::from(id.0);
        if n >= self.actors.len() {
            self.actors.resize(n + 1, ActorState::default());
        }
        self.actors.get_mut(n)
    }

    fn stream(&mut self, id: StreamId) -> Option<&mut StreamState> {
        self.streams.get_mut(usize::from(id.0))
    }

    fn begin(&mut self, i: EventId, e: &Event, flags: u8, known: &Known<'_>) {
        if let Some(actor) = self.actor(e.actor) {
            actor.current = Some(i);
            actor.blocked_since = None;
            actor.op = e.op;
        }
        if flags & flag::NOW_WRONG != 0 {
            self.flip(i, e, flags, known);
        }
    }

    /// A send moved the end of the message that the latest frame is, or was not, equal to.
    #[cold]
    fn flip(&mut self, i: EventId, e: &Event, flags: u8, known: &Known<'_>) {
        let Some(out) = known.sockets.route(e.socket).and_then(|r| r.out_at(i)) else {
            return;
        };
        let Some(stream) = self.stream(out) else {
            return;
        };
        let (right, wrong) = (&mut stream.right, &mut stream.wrong);
        if flags & flag::NOW_WRONG != 0 {
            (*right, *wrong) = (right.saturating_sub(1), *wrong + 1);
            self.facts.frames_right = self.facts.frames_right.saturating_sub(1);
            self.facts.frames_wrong += 1;
        } else {
            (*right, *wrong) = (*right + 1, wrong.saturating_sub(1));
            self.facts.frames_right += 1;
            self.facts.frames_wrong = self.facts.frames_wrong.saturating_sub(1);
        }
    }

    fn returned(&mut self, i: EventId, e: &Event, flags: u8, known: &Known<'_>) {
        let Some(call) = e.call() else { return };
        let begin = (e.link != NONE)
            .then(|| known.events.get(e.link as usize))
            .flatten();
        if let Some(actor) = self.actor(e.actor) {
            let blocked_since = if actor.current == Some(e.link) {
                actor.current = None;
                actor.blocked_since.take()
            } else {
                // Another thread of the same actor has begun a call meanwhile.
                known
                    .lanes
                    .get(usize::from(e.actor.0))
                    .and_then(|lane| lane.blocked_of(e.link))
                    .and_then(|b| known.events.get(b as usize))
                    .map(|b| b.t)
            };
            actor.last = Some(i);
            if actor.current.is_none() {
                actor.op = e.op;
            }
            let facts = &mut actor.facts;
            facts.calls += 1;
            let blocked = blocked_since.map_or(0, |since| e.t.saturating_sub(since));
            facts.blocked = facts.blocked.saturating_add(blocked);
            let inside = begin.map_or(0, |begin| e.t.saturating_sub(begin.t));
            facts.in_calls = facts.in_calls.saturating_add(inside);
        }
        if e.b < 0 && !e.has(flag::AFTER_STOP) && known.relay != Some(e.actor) {
            self.facts.failed_calls += 1;
        }
        if call.sends() {
            self.sent(i, e, flags, call, known);
        } else if call.receives() {
            self.received(i, e, flags, begin, known);
        } else if e.b >= 0 {
            self.succeeded(i, e, call, begin, known);
        }
    }

    #[inline]
    fn sent(&mut self, i: EventId, e: &Event, flags: u8, call: Call, known: &Known<'_>) {
        if flags & (flag::NOW_WRONG | flag::NOW_RIGHT) != 0 {
            self.flip(i, e, flags, known);
        }
        let route = known.sockets.route(e.socket);
        let Some(out) = route.and_then(|r| r.out_at(i)) else {
            if e.b >= 0 && route.is_some_and(|r| r.keeps_boundaries_at(i)) {
                self.facts.datagrams_sent += 1;
            }
            if let Ok(bytes) = u64::try_from(e.b) {
                self.accepted(e.actor, bytes);
            }
            return;
        };
        let (start, end) = if e.b > 0 {
            (e.a, e.a.saturating_add(e.b as u64))
        } else if e.b < 0 && call == Call::SendAll {
            // It failed half-way; only the stream knows the range it was given.
            let sends = known.streams.get(usize::from(out.0)).map(Stream::sends);
            match sends.and_then(|s| Some(s.get(s.of_event(i)?))) {
                Some(item) => (item.start, item.end),
                None => return,
            }
        } else {
            return;
        };
        let bytes = end - start;
        if let Some(stream) = self.stream(out) {
            stream.sends += 1;
            stream.sent = stream.sent.max(end);
            if known.relay != Some(e.actor) {
                self.facts.sends += 1;
                self.facts.bytes_sent = self.facts.bytes_sent.saturating_add(bytes);
            }
        }
        self.accepted(e.actor, bytes);
    }

    fn accepted(&mut self, actor: ActorId, bytes: u64) {
        if let Some(actor) = self.actor(actor) {
            actor.facts.sends += 1;
            actor.facts.bytes_out = actor.facts.bytes_out.saturating_add(bytes);
        }
    }

    #[inline]
    fn received(
        &mut self,
        i: EventId,
        e: &Event,
        flags: u8,
        begin: Option<&Event>,
        known: &Known<'_>,
    ) {
        if e.b < 0 || e.has(flag::PEEK) {
            return;
        }
        let bytes = e.b as u64;
        if let Some(actor) = self.actor(e.actor) {
            actor.facts.bytes_in = actor.facts.bytes_in.saturating_add(bytes);
        }
        let route = known.sockets.route(e.socket);
        let Some(into) = route.and_then(|r| r.incoming_at(i)) else {
            if route.is_some_and(|r| r.keeps_boundaries_at(i)) {
                self.facts.datagrams_received += 1;
            }
            return;
        };
        let Some(stream) = self.stream(into) else {
            return;
        };
        if bytes == 0 {
            // recv(0) returns nothing and says nothing about the end, and after Stop it may be
            // the stop that woke the call (where that takes a shutdown).
            let asked = begin.is_none_or(|begin| begin.a > 0);
            stream.ended |= asked && !e.has(flag::AFTER_STOP);
            return;
        }
        let (merged, split) = (flags & flag::MERGED != 0, flags & flag::SPLIT != 0);
        stream.recvs += 1;
        stream.merged += u32::from(merged);
        stream.split += u32::from(split);
        stream.received = e.a.saturating_add(bytes);
        stream.sent = stream.sent.max(stream.received);
        if known.relay == Some(e.actor) {
            return;
        }
        let facts = &mut self.facts;
        facts.recvs += 1;
        facts.merged_recvs += u64::from(merged);
        facts.split_messages += u64::from(split);
        facts.bytes_received = facts.bytes_received.saturating_add(bytes);
    }

    /// A call that moves no bytes succeeded.
    fn succeeded(
        &mut self,
        i: EventId,
        e: &Event,
        call: Call,
        begin: Option<&Event>,
        known: &Known<'_>,
    ) {
        let own = known.sockets.route(e.socket);
        match call {
            Call::Socket => self.open(e.socket, i, known),
            // Another descriptor of the socket may be open still.
            Call::Close if e.a == 0 => {
                if let Some(socket) = self.sockets.get_mut(usize::from(e.socket.0)) {
                    socket.open = false;
                }
                if let Some(out) = own.and_then(|r| r.out_at(i)).and_then(|s| self.stream(s)) {
                    out.shut = true;
                }
            }
            Call::Shutdown if begin.is_some_and(|begin| matches!(begin.a, 1 | 2)) => {
                if let Some(out) = own.and_then(|r| r.out_at(i)).and_then(|s| self.stream(s)) {
                    out.shut = true;
                }
            }
            _ => {}
        }
        let mut concerned = e.socket;
        if call == Call::Accept
            && let Some(socket) = accepted(e)
        {
            self.open(socket, i, known);
            concerned = socket;
        }
        if let Some(route) = known.sockets.route(concerned)
            && route.since == i
        {
            let streams = usize::from(route.out.0.max(route.into.0)) + 1;
            if streams > self.streams.len() {
                self.streams.resize(streams, StreamState::default());
            }
        }
    }

    fn open(&mut self, socket: SocketId, i: EventId, known: &Known<'_>) {
        if known.sockets.route(socket).is_none_or(|r| r.created != i) {
            return;
        }
        let n = usize::from(socket.0);
        if n >= self.sockets.len() {
            self.sockets.resize(n + 1, SocketState::default());
        }
        if let Some(state) = self.sockets.get_mut(n) {
            state.open = true;
        }
    }

    #[inline]
    fn gauge(&mut self, i: EventId, e: &Event) {
        if let (Some(socket), Some(gauge)) =
            (self.sockets.get_mut(usize::from(e.socket.0)), e.gauge())
        {
            socket.gauge = gauge;
            socket.gauge_event = Some(i);
            socket.peak_unread = socket.peak_unread.max(gauge.unread.unwrap_or(0));
        }
    }

    #[inline]
    fn frame(&mut self, i: EventId, e: &Event, flags: u8, known: &Known<'_>) {
        let route = known.sockets.route(e.socket);
        let Some(stream) = route
            .and_then(|r| r.incoming_at(i))
            .and_then(|s| self.streams.get_mut(usize::from(s.0)))
        else {
            return;
        };
        let facts = &mut self.facts;
        if e.has(flag::FRAME_ERROR) {
            stream.errors += 1;
            facts.decode_errors += 1;
        } else if flags & flag::COUNTED != 0 {
            let right = flags & flag::RIGHT != 0;
            let wrong = flags & flag::WRONG != 0;
            stream.frames += 1;
            stream.decoded = e.a.saturating_add(u64::try_from(e.b).unwrap_or(0));
            stream.right += u32::from(right);
            stream.wrong += u32::from(wrong);
            facts.frames += 1;
            facts.frames_right += u64::from(right);
            facts.frames_wrong += u64::from(wrong);
        }
    }

    fn mark(&mut self, e: &Event) {
        match e.as_mark() {
            Some(Mark::Started | Mark::Resumed) => self.phase = Phase::Running,
            Some(Mark::Paused) => self.phase = Phase::Paused,
            Some(Mark::Stopping) => self.phase = Phase::Stopping,
            Some(Mark::Finished) => self.phase = Phase::Finished,
            Some(Mark::Limit) => self.phase = Phase::Limit,
            Some(Mark::ActorStarted) => {
                if let Some(actor) = self.actor(e.actor) {
                    actor.started = true;
                }
            }
            Some(Mark::ActorEnded) => {
                if let Some(actor) = self.actor(e.actor) {
                    actor.ended = true;
                    actor.current = None;
                    actor.blocked_since = None;
                }
            }
            _ => {}
        }
    }
}

/// The new socket of a successful accept's Return.
pub(crate) fn accepted(e: &Event) -> Option<SocketId> {
    u16::try_from(e.a.checked_sub(1)?)
        .ok()
        .map(SocketId)
        .filter(|&socket| socket != SocketId::NONE)
}
