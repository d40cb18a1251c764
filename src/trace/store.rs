//! The trace itself: one row per event, details aside, every index kept as events arrive.

use super::calls::{Calls, Lane};
use super::column::{Column, partition};
use super::connection::{Connection, Connections, Link, Side, Told};
use super::datagrams::{Datagrams, names_itself};
use super::event::{
    ActorId, Batch, Call, Detail, Event, EventId, FileDetail, Kind, Mark, NONE, Nanos, SocketId,
    StreamId, flag,
};
use super::frames::Frames;
use super::gauges::GaugeTrack;
use super::messages::Origin;
use super::meta::RunMeta;
use super::payload::Budget;
use super::relayed::Handled;
use super::socket::{SocketInfo, Sockets};
use super::state::{Known, State, accepted};
use super::stream::{Flip, Stream, Verdict};
use super::tcp_end::{SentSoFar, Stage};

/// Payload kept if nothing else is said.
const PAYLOAD_BUDGET: u64 = 64 << 20;

/// Events between two checkpoints, at least.
const CHECKPOINT: u32 = 4096;

/// The largest `a` or `b` believed to be a number of bytes; `b` is an `i32`.
const MOST_BYTES: u64 = i32::MAX as u64;

/// The append-only record of one run.
#[derive(Debug)]
pub struct Trace {
    meta: RunMeta,
    events: Column<Event>,
    details: Column<(EventId, Detail)>,
    lanes: Vec<Lane>,
    sockets: Sockets,
    connections: Connections,
    datagrams: Datagrams,
    pub(super) frames: Frames,
    /// Returns of calls that read or wrote a file.
    files: Vec<EventId>,
    budget: Budget,
    /// The state before any event.
    origin: State,
    /// The state at the live edge.
    live: State,
    checkpoints: Vec<State>,
    next_checkpoint: u32,
    checkpoint_every: u32,
}

/// Memory a trace holds, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Events with every index over them.
    pub events_bytes: u64,
    /// Payload.
    pub payload_bytes: u64,
}

impl Trace {
    /// An empty trace.
    pub fn new(meta: RunMeta) -> Self {
        let origin = State::new(&meta);
        Trace {
            meta,
            events: Column::default(),
            details: Column::default(),
            lanes: Vec::new(),
            sockets: Sockets::default(),
            connections: Connections::default(),
            datagrams: Datagrams::default(),
            frames: Frames::default(),
            files: Vec::new(),
            budget: Budget::new(PAYLOAD_BUDGET),
            live: origin.clone(),
            origin,
            checkpoints: Vec::new(),
            next_checkpoint: CHECKPOINT,
            checkpoint_every: CHECKPOINT,
        }
    }

    /// Keep at most `bytes` of payload (64 MiB if not said); for an empty trace.
    #[must_use]
    pub fn with_payload_budget(mut self, bytes: u64) -> Self {
        self.budget = Budget::new(bytes);
        self
    }

    /// Checkpoints so near one another that a short test has some.
    #[cfg(test)]
    pub(crate) fn with_checkpoints_every(mut self, events: u32) -> Self {
        (self.checkpoint_every, self.next_checkpoint) = (events, events);
        self
    }

    /// What the run was.
    pub fn meta(&self) -> &RunMeta {
        &self.meta
    }

    /// Appends a batch's events in its order.
    pub fn append_batch(&mut self, batch: &Batch) {
        let mut details = batch.details.iter();
        let mut bytes = batch.bytes.as_slice();
        for &e in &batch.events {
            let detail = e.has(flag::DETAIL).then(|| details.next().cloned());
            let length = match e.kind {
                Kind::Begin if e.has(flag::BYTES) => usize::try_from(e.a).unwrap_or(usize::MAX),
                Kind::Return if e.has(flag::BYTES) => usize::try_from(e.b).unwrap_or(0),
                Kind::Segment if e.has(flag::BYTES) => e.link as usize,
                _ => 0,
            };
            let (own, rest) = bytes.split_at(length.min(bytes.len()));
            bytes = rest;
            self.append(e, detail.flatten(), own);
        }
    }

    /// Appends one event with what it owns: a send's Begin the bytes it asks to send, a recv's
    /// Return the bytes it got; `bytes` may be empty or fewer (not kept).
    ///
    /// Events come in order of time (an earlier time is taken as that of the event before). Fields
    /// that the trace fills in are overwritten; nothing an event says can make this fail. Beyond
    /// `u32::MAX - 1` events further ones are dropped.
    #[inline]
    pub fn append(&mut self, given: Event, detail: Option<Detail>, bytes: &[u8]) {
        let i = self.len();
        if i == NONE - 1 {
            return;
        }
        // Fields are changed apart from the row, and `flags` apart from all: a load that is wider
        // than the store before it (a copy of the row; actor, kind, call and flags at once) waits
        // for that store. Two thirds of the time of this function were such waits.
        let mut e = given;
        e.t = given.t.max(self.live.t);
        let mut flags = match e.kind {
            Kind::Begin | Kind::Blocked | Kind::Return | Kind::Frame | Kind::Segment => {
                given.flags & !flag::FILLED
            }
            Kind::Gauge | Kind::Step | Kind::Setting | Kind::Mark => given.flags,
        };
        if detail.is_some() {
            flags |= flag::DETAIL;
        } else {
            flags &= !flag::DETAIL;
        }
        match e.kind {
            Kind::Begin => flags |= self.begin(i, &e, detail.as_ref(), bytes),
            Kind::Blocked => e.link = self.lane_mut(e.actor).blocked(i, &e),
            Kind::Return => flags |= self.returned(i, &mut e, detail.as_ref(), bytes),
            Kind::Gauge => self.sockets.gauge(e.socket, i),
            Kind::Frame => flags |= self.frame(i, &e),
            Kind::Mark => match e.as_mark() {
                Some(Mark::ActorStarted) => self.takes_over(&e),
                Some(Mark::ActorEnded) => self.lane_mut(e.actor).close(),
                Some(Mark::PayloadLimit) => self.budget.complete = false,
                Some(Mark::Relayed) => self.relayed(i, &e),
                Some(Mark::EndsAsPadding) => self.ends_as_padding(i, &e),
                Some(Mark::SentSoFar) => self.sockets.counted(e.socket, i),
                Some(Mark::Progress) => self.progressed(i, &e),
                _ => {}
            },
            Kind::Step | Kind::Setting => {}
            Kind::Segment => flags |= self.segment(i, &mut e, detail.as_ref(), bytes),
        }
        self.events.push(given);
        if let Some(row) = self.events.last_mut() {
            (row.t, row.a, row.link, row.flags) = (e.t, e.a, e.link, flags);
            if e.kind == Kind::Segment {
                row.call = e.call;
            }
        }
        if let Some(detail) = detail {
            self.details.push((i, detail));
        }
        self.live.apply(
            i,
            &e,
            flags,
            &Known {
                relay: self.meta.relay,
                events: &self.events,
                sockets: &self.sockets,
                streams: &self.connections.streams,
                lanes: &self.lanes,
            },
        );
        if self.live.k >= self.next_checkpoint {
            self.checkpoint();
        }
    }

    /// The flags it gives the event. Never inlined: runs without capture do not pay for it.
    #[inline(never)]
    fn segment(&mut self, i: EventId, e: &mut Event, detail: Option<&Detail>, bytes: &[u8]) -> u8 {
        self.frames
            .append(i, e, detail, bytes, &mut self.connections)
    }

    #[cold]
    fn checkpoint(&mut self) {
        // Two bytes of checkpoint per event at most, however many sockets there are.
        let apart = u32::try_from(self.live.bytes() / 2).unwrap_or(u32::MAX);
        self.next_checkpoint = self.live.k.saturating_add(apart.max(self.checkpoint_every));
        self.checkpoints.push(self.live.clone());
    }

    fn lane_mut(&mut self, actor: ActorId) -> &mut Lane {
        let n = usize::from(actor.0);
        if n >= self.lanes.len() {
            self.lanes.resize_with(n + 1, Lane::default);
        }
        &mut self.lanes[n]
    }

    /// The flags it gives the event.
    #[inline]
    fn begin(&mut self, i: EventId, e: &Event, detail: Option<&Detail>, bytes: &[u8]) -> u8 {
        self.lane_mut(e.actor).begin(i, e);
        if !e.call().is_some_and(Call::sends) {
            return 0;
        }
        let route = self.sockets.route(e.socket);
        let out = route.and_then(|r| r.out_at(i));
        let Some(stream) = out.and_then(|s| self.connections.stream_mut(s)) else {
            if self.keeps_boundaries(e.socket, i) {
                self.datagrams.begins(i, e, detail);
            }
            return 0;
        };
        let origin = Origin::of_send(e.link);
        let asked = e.a.min(MOST_BYTES);
        flip_bits(stream.send_begins(i, origin, asked, bytes, &self.budget))
    }

    /// Fills in `a` and `link`. The flags it gives the event.
    #[inline]
    fn returned(&mut self, i: EventId, e: &mut Event, detail: Option<&Detail>, bytes: &[u8]) -> u8 {
        let mut flags = 0;
        let n = usize::from(e.actor.0);
        if n >= self.lanes.len() {
            self.lanes.resize_with(n + 1, Lane::default);
        }
        e.link = self.lanes[n].returned(i, e, &self.events);
        let Some(call) = e.call() else { return flags };
        if call.sends() {
            let accepted = match u64::try_from(e.b) {
                Ok(accepted) => accepted,
                Err(_) if call == Call::SendAll => e.a.min(MOST_BYTES),
                Err(_) => 0,
            };
            if self.keeps_boundaries(e.socket, i) {
                self.datagrams.returns(i, e);
                return flags;
            }
            let out = self.sockets.route(e.socket).and_then(|r| r.out_at(i));
            let mut start = 0;
            if let Some(stream) = out.and_then(|s| self.connections.stream_mut(s)) {
                let flip;
                (start, flip) = stream.send_returns(e.link, i, accepted, &mut self.budget);
                flags |= flip_bits(flip);
            }
            if !(call == Call::SendAll && e.b < 0) {
                e.a = start;
            }
        } else if call.receives() && self.keeps_boundaries(e.socket, i) {
            let stopped = e.b == 0 && e.has(flag::AFTER_STOP);
            if e.b >= 0 && !e.has(flag::PEEK) && !stopped && !self.is_end_of_records(e) {
                self.datagrams.received(i, e, detail);
            }
        } else if call.receives() {
            let into = self.sockets.route(e.socket).and_then(|r| r.incoming_at(i));
            e.a = 0;
            if let Some(stream) = into.and_then(|s| self.connections.stream_mut(s)) {
                e.a = stream.recvs().end();
                if e.b > 0 && !e.has(flag::PEEK) {
                    let length = e.b as u64;
                    let got = stream.recv_returns(i, length, bytes, &mut self.budget);
                    e.a = got.start;
                    if got.merged {
                        flags |= flag::MERGED;
                    }
                    if got.split {
                        flags |= flag::SPLIT;
                    }
                }
            }
        } else if e.b >= 0 {
            self.succeeded(i, e, call, detail);
        }
        flags
    }

    fn keeps_boundaries(&self, socket: SocketId, i: EventId) -> bool {
        self.sockets
            .route(socket)
            .is_some_and(|r| r.keeps_boundaries_at(i))
    }

    /// Nothing was received: on a connection with records that is its end, on others an empty
    /// datagram.
    fn is_end_of_records(&self, e: &Event) -> bool {
        let kind = self.sockets.infos.get(usize::from(e.socket.0));
        e.b == 0 && kind.is_some_and(|socket| socket.kind == "SOCK_SEQPACKET")
    }

    /// What a successful call tells of sockets that keep boundaries.
    fn told_of_datagrams(&mut self, i: EventId, e: &Event, call: Call, detail: Option<&Detail>) {
        let concerned = match call {
            Call::Accept => accepted(e).unwrap_or(e.socket),
            _ => e.socket,
        };
        let Some(socket) = self.sockets.infos.get(usize::from(concerned.0)) else {
            return;
        };
        let records = socket.kind == "SOCK_SEQPACKET";
        match (call, detail) {
            (Call::Accept, Some(Detail::Connected { local, .. })) if records => {
                self.datagrams.pair(concerned, local, true);
            }
            (Call::Connect | Call::ConnectEx, Some(Detail::Connected { local, peer })) => {
                if records {
                    self.datagrams.pair(concerned, peer, false);
                } else {
                    self.datagrams.connects(concerned, local, peer);
                }
            }
            (call, Some(Detail::Address(address))) if names_itself(call) => {
                self.datagrams.named(concerned, address);
            }
            (Call::SetOption, Some(Detail::Text(said))) => self.datagrams.joins(said),
            (Call::Close, _) if e.a == 0 => self.datagrams.closed(i, concerned),
            _ => {}
        }
    }

    /// A call that moves no bytes succeeded.
    fn succeeded(&mut self, i: EventId, e: &Event, call: Call, detail: Option<&Detail>) {
        let mut concerned = e.socket;
        match call {
            Call::ReadFile | Call::WriteFile => {
                if matches!(detail, Some(Detail::File(_))) {
                    self.files.push(i);
                }
                return;
            }
            Call::Socket => {
                // What was asked for stands on the Begin.
                let (family, kind) = match detail.or_else(|| self.detail(e.link)) {
                    Some(Detail::Socket { family, kind }) => (family.clone(), kind.clone()),
                    _ => (String::new(), String::new()),
                };
                self.sockets.create(e.socket, i, e.actor, family, kind);
            }
            Call::Accept => {
                let Some(socket) = accepted(e) else { return };
                let (family, kind) = self
                    .sockets
                    .info_mut(e.socket)
                    .map(|listener| (listener.family.clone(), listener.kind.clone()))
                    .unwrap_or_default();
                if !self.sockets.create(socket, i, e.actor, family, kind) {
                    return;
                }
                concerned = socket;
            }
            _ => {}
        }
        self.sockets.learn(i, e, detail);
        if self.keeps_boundaries(concerned, i.saturating_add(1)) {
            self.told_of_datagrams(i, e, call, detail);
        }
        let Some(Detail::Connected { local, peer }) = detail else {
            return;
        };
        if let Some(info) = self.sockets.info_mut(concerned) {
            info.local = Some(local.clone());
            info.peer = Some(peer.clone());
        }
        if !self.sockets.connectable(concerned) {
            return;
        }
        let told = Told {
            side: if call == Call::Accept {
                Side::Server
            } else {
                Side::Client
            },
            actor: e.actor,
            socket: concerned,
            local,
            peer,
            event: i,
        };
        if let Some((connection, out, into)) = self.connections.tell(told) {
            self.sockets.connect(concerned, i, connection, out, into);
            self.frames.join(&mut self.connections);
        }
    }

    /// The flags it gives the event.
    #[inline]
    fn frame(&mut self, i: EventId, e: &Event) -> u8 {
        let into = self.sockets.route(e.socket).and_then(|r| r.incoming_at(i));
        let Some(stream) = into.and_then(|s| self.connections.stream_mut(s)) else {
            return 0;
        };
        if e.has(flag::FRAME_ERROR) {
            stream.frame_error(i);
            return 0;
        }
        match stream.frame(i, e.a, u64::try_from(e.b).unwrap_or(0)) {
            Some(Verdict::Right) => flag::COUNTED | flag::RIGHT,
            Some(Verdict::Wrong) => flag::COUNTED | flag::WRONG,
            Some(Verdict::Neither) => flag::COUNTED,
            None => 0,
        }
    }

    /// A thread begins that serves a connection which another thread has accepted.
    #[cold]
    fn takes_over(&mut self, e: &Event) {
        let Some(info) = self.sockets.info_mut(e.socket) else {
            return;
        };
        info.actor = e.actor;
        if let Some(connection) = info.connection {
            self.connections.hand_over(connection, e.socket, e.actor);
        }
    }

    /// A sender says that a receiver will miss the end of the message it is about to send.
    #[cold]
    fn ends_as_padding(&mut self, i: EventId, e: &Event) {
        let out = self.sockets.route(e.socket).and_then(|r| r.out_at(i));
        if let Some(stream) = out.and_then(|s| self.connections.stream_mut(s)) {
            stream.will_be_stripped(e.link);
        }
    }

    /// The kernel reports how far bytes have got.
    #[cold]
    fn progressed(&mut self, i: EventId, e: &Event) {
        let Some(left) = e.progress().filter(|p| p.stage == Stage::Left) else {
            return;
        };
        let out = self.sockets.route(e.socket).and_then(|r| r.out_at(i));
        if let Some(stream) = out.and_then(|s| self.connections.stream_mut(s)) {
            stream.left(i, left.end);
        }
    }

    /// A relay says what it does with bytes it received.
    #[cold]
    fn relayed(&mut self, i: EventId, e: &Event) {
        let out = self.sockets.route(e.socket).and_then(|r| r.out_at(i));
        let into = self.sockets.route(SocketId(e.op));
        let (Some(out), Some(into), Some(handled), Ok(length)) = (
            out,
            into.and_then(|r| r.incoming_at(i)),
            Handled::from_code(e.link),
            u64::try_from(e.b),
        ) else {
            return;
        };
        let Some(end) = e.a.checked_add(length) else {
            return;
        };
        let mut parts = Vec::new();
        if matches!(handled, Handled::Copied | Handled::Altered)
            && let Some(upstream) = self.connections.streams.get(usize::from(into.0))
        {
            if end > upstream.messages().end() {
                return;
            }
            parts.extend(upstream.parts(e.a, end));
        }
        if let Some(stream) = self.connections.stream_mut(out) {
            stream.relays(i, into, handled, e.a, length, &parts);
        }
    }

    /// Number of events.
    pub fn len(&self) -> u32 {
        self.events.len() as u32
    }

    /// No event yet?
    pub fn is_empty(&self) -> bool {
        self.events.len() == 0
    }

    /// Event `i`, completed by the trace (see the table at [`Event`]); beyond the end a `Setting`
    /// of the lab that says nothing.
    pub fn event(&self, i: EventId) -> Event {
        self.events
            .get(i as usize)
            .copied()
            .unwrap_or_else(|| Event::new(Kind::Setting, self.duration(), ActorId::LAB))
    }

    /// Events from `from` on, completed.
    pub fn events_from(&self, from: EventId) -> impl Iterator<Item = &Event> {
        self.events.iter_from(from as usize)
    }

    /// The files that were read to be sent, and those written, within the first `k` events, in
    /// order: the events that say so, and what they say.
    pub fn files(&self, k: EventId) -> impl DoubleEndedIterator<Item = (EventId, &FileDetail)> {
        let within = self.files.partition_point(|&event| event < k);
        self.files[..within]
            .iter()
            .filter_map(|&event| match self.detail(event) {
                Some(Detail::File(file)) => Some((event, &**file)),
                _ => None,
            })
    }

    /// The detail of event `i`. O(log n).
    pub fn detail(&self, i: EventId) -> Option<&Detail> {
        self.events
            .get(i as usize)
            .filter(|e| e.has(flag::DETAIL))?;
        let n = partition(0..self.details.len(), |n| {
            self.details.get(n).is_some_and(|d| d.0 < i)
        });
        self.details.get(n).filter(|d| d.0 == i).map(|d| &d.1)
    }

    /// The Return of a Begin, if it is there. O(log n).
    pub fn end_of(&self, begin: EventId) -> Option<EventId> {
        self.lane_of(begin)?.end_of(begin)
    }

    /// The Blocked of a Begin, if the kernel held the call. O(log n).
    pub fn blocked_of(&self, begin: EventId) -> Option<EventId> {
        self.lane_of(begin)?.blocked_of(begin)
    }

    fn lane_of(&self, begin: EventId) -> Option<&Lane> {
        let e = self.events.get(begin as usize)?;
        self.lanes.get(usize::from(e.actor.0))
    }

    /// How many events there were when the run was asked to stop, all of them if it was not:
    /// what a stop wakes afterwards is nobody's doing.
    pub fn at_rest(&self) -> u32 {
        (0..self.len())
            .rev()
            .find(|&i| self.event(i).as_mark() == Some(Mark::Stopping))
            .unwrap_or(self.len())
    }

    /// Time of the last event, which is the largest.
    pub fn duration(&self) -> Nanos {
        self.live.t
    }

    /// Number of events with time ≤ `t`. O(log n).
    pub fn prefix_at(&self, t: Nanos) -> u32 {
        partition(0..self.events.len(), |i| {
            self.events.get(i).is_some_and(|e| e.t <= t)
        }) as u32
    }

    /// Every stream known at the live edge, by [`StreamId`]; see [`Stream::known_since`].
    pub fn streams(&self) -> &[Stream] {
        &self.connections.streams
    }

    /// The stream of that number.
    pub fn stream(&self, id: StreamId) -> Option<&Stream> {
        self.connections.streams.get(usize::from(id.0))
    }

    /// What the server receives on the first connection: the client's bytes, or what a relay
    /// between them makes of those.
    pub fn main_stream(&self) -> Option<StreamId> {
        let first = self.connections.list.first()?;
        let far = self.connections.far_half(first, self.meta.relay, NONE);
        Some(far.map_or(first.forward, |(far, _)| far.forward))
    }

    /// The connections as the programs mean them, as of event `k`: the two that a relay joins are
    /// one. In the order in which they became known.
    pub fn links(&self, k: u32) -> Vec<Link<'_>> {
        self.connections.links(self.meta.relay, k)
    }

    /// The stream that the bytes of event `i` (of a send, a recv or a frame) belong to.
    pub fn stream_of(&self, i: EventId) -> Option<StreamId> {
        let e = self.events.get(i as usize)?;
        let route = self.sockets.route(e.socket)?;
        match e.kind {
            Kind::Frame => route.incoming_at(i),
            _ if e.call().is_some_and(Call::sends) => route.out_at(i),
            _ if e.call().is_some_and(Call::receives) => route.incoming_at(i),
            _ => None,
        }
    }

    /// Every connection known at the live edge.
    pub fn connections(&self) -> &[Connection] {
        &self.connections.list
    }

    /// Every datagram known at the live edge; each says itself what it was as of an event.
    pub fn datagrams(&self) -> &Datagrams {
        &self.datagrams
    }

    /// Every socket known at the live edge, by [`SocketId`].
    pub fn sockets(&self) -> &[SocketInfo] {
        &self.sockets.infos
    }

    /// The timeline lane of an actor.
    pub fn calls(&self, actor: ActorId) -> Calls<'_> {
        Calls::new(self.lanes.get(usize::from(actor.0)), &self.events)
    }

    /// The gauge readings of a socket.
    pub fn gauges(&self, socket: SocketId) -> GaugeTrack<'_> {
        GaugeTrack::new(self.sockets.gauges(socket), &self.events)
    }

    /// What a TCP end had sent, as the kernel counted it last within the first `k` events. `None`:
    /// it was not read. O(log n).
    pub fn sent_so_far(&self, socket: SocketId, k: u32) -> Option<SentSoFar> {
        let counts = self.sockets.counts(socket)?;
        let n = partition(0..counts.len(), |i| counts.get(i).is_some_and(|&e| e < k));
        let event = *counts.get(n.checked_sub(1)?)?;
        self.events.get(event as usize)?.sent_so_far()
    }

    /// Does that actor take part? Of the places for threads only those that were used do.
    pub fn takes_part(&self, actor: ActorId) -> bool {
        let began = || self.live.actors.get(usize::from(actor.0));
        self.meta.thread_of(actor).is_none() || began().is_some_and(|state| state.started)
    }

    /// Everything as of event `k` (all of it beyond the end): from the checkpoint before `k`, and
    /// a replay of the events since.
    pub fn state_at(&self, k: u32) -> State {
        if k >= self.live.k {
            return self.live.clone();
        }
        let n = self.checkpoints.partition_point(|c| c.k <= k);
        let before = n.checked_sub(1).and_then(|n| self.checkpoints.get(n));
        self.replay(before.unwrap_or(&self.origin), k)
    }

    /// The state at the live edge.
    pub fn live(&self) -> &State {
        &self.live
    }

    fn replay(&self, from: &State, k: u32) -> State {
        let mut state = from.clone();
        let known = Known {
            relay: self.meta.relay,
            events: &self.events,
            sockets: &self.sockets,
            streams: &self.connections.streams,
            lanes: &self.lanes,
        };
        let first = state.k;
        for (i, e) in (first..k).zip(self.events.iter_from(first as usize)) {
            state.apply(i, e, e.flags, &known);
        }
        state
    }

    /// Memory held.
    pub fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for stream in &self.connections.streams {
            let (payload, index) = stream.memory();
            memory.payload_bytes += payload;
            memory.events_bytes += index;
        }
        let checkpoints: usize = self
            .checkpoints
            .iter()
            .map(|c| c.bytes() + size_of::<State>())
            .sum();
        let (headers, index) = self.frames.memory();
        memory.payload_bytes += headers;
        memory.events_bytes += index
            + self.events.bytes()
            + self.details.bytes()
            + self.lanes.iter().map(Lane::bytes).sum::<u64>()
            + self.sockets.bytes()
            + self.datagrams.bytes()
            + (self.files.len() * size_of::<EventId>() + checkpoints) as u64;
        memory
    }

    /// Was every byte of payload kept?
    pub fn payload_complete(&self) -> bool {
        self.budget.complete
    }

    /// Received bytes that differ from the bytes sent at the same offset. On a working system
    /// this is 0; it is the trace's check on itself.
    pub fn payload_mismatches(&self) -> u64 {
        self.budget.mismatches
    }

    /// Takes in payload read from a recording, and how payload stood when that was written.
    pub(crate) fn restore_payload<'a>(
        &mut self,
        pieces: impl Iterator<Item = (StreamId, u64, &'a [u8])>,
        complete: bool,
        mismatches: u64,
    ) {
        // A budget that ran out in the run ran out behind these bytes.
        self.budget.complete = true;
        for (stream, start, bytes) in pieces {
            if let Some(stream) = self.connections.stream_mut(stream) {
                stream.restore(start, bytes, &mut self.budget);
            }
        }
        self.budget.complete = complete;
        self.budget.mismatches = mismatches;
    }
}

fn flip_bits(flip: Option<Flip>) -> u8 {
    match flip {
        Some(Flip::ToRight) => flag::NOW_RIGHT,
        Some(Flip::ToWrong) => flag::NOW_WRONG,
        None => 0,
    }
}
