//! The rows of the diagram: calls and segments of one connection in the order of the trace, with
//! the state of both ends after each. Built bit by bit, so that a long run costs no frame much.

use crate::trace::{
    ActorId, Call, Event, EventId, Kind, NONE, Role, SocketId, SocketInfo, StreamId, Trace,
};
use crate::wire::states::{State, States};

/// Whose lifelines are drawn: a connection that the programs know, or one that was only captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// Index into [`Trace::connections`]: no segments were captured.
    Connection(usize),
    /// The flow that spoke first: index into [`Trace::flows`].
    Flow(u16),
}

impl Pair {
    /// Every pair of a trace, in the order of their beginnings.
    pub(super) fn all(trace: &Trace) -> Vec<Pair> {
        if !trace.meta().network.is_captured() {
            return (0..trace.connections().len())
                .map(Pair::Connection)
                .collect();
        }
        (0..trace.flows().len())
            .filter_map(|n| u16::try_from(n).ok())
            .filter(|n| {
                let flow = &trace.flows()[usize::from(*n)];
                flow.isn.is_some() && flow.back.is_none_or(|back| back > *n)
            })
            .map(Pair::Flow)
            .collect()
    }
}

/// The two ends of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends {
    /// Who plays each, where that is known.
    pub(super) actors: [Option<ActorId>; 2],
    /// Their addresses.
    pub(super) addresses: [String; 2],
    sockets: [Option<SocketId>; 2],
    /// The streams from each end, where known.
    pub(super) streams: [Option<StreamId>; 2],
}

impl Ends {
    pub(super) fn of(trace: &Trace, pair: Pair) -> Ends {
        let mut ends = Ends::default();
        let streams = match pair {
            Pair::Connection(n) => {
                let Some(c) = trace.connections().get(n) else {
                    return ends;
                };
                ends.addresses = [c.client.address.clone(), c.server.address.clone()];
                ends.actors = [c.client.actor, c.server.actor];
                [Some(c.forward), Some(c.backward)]
            }
            Pair::Flow(n) => {
                let Some(flow) = trace.flows().get(usize::from(n)) else {
                    return ends;
                };
                ends.addresses = [flow.from.clone(), flow.to.clone()];
                let back = flow.back.and_then(|b| trace.flows().get(usize::from(b)));
                [flow.stream, back.and_then(|b| b.stream)]
            }
        };
        ends.streams = streams;
        for (end, stream) in streams.into_iter().enumerate() {
            let Some(stream) = stream.and_then(|id| trace.stream(id)) else {
                continue;
            };
            ends.actors[end] = ends.actors[end].or(stream.from);
            ends.actors[1 - end] = ends.actors[1 - end].or(stream.to);
            ends.sockets[end] = ends.sockets[end].or(stream.from_socket);
            ends.sockets[1 - end] = ends.sockets[1 - end].or(stream.to_socket);
        }
        // A refused connection has no streams: whoever connects, and whoever would listen.
        for (end, role) in [Role::Client, Role::Server].into_iter().enumerate() {
            if ends.actors[end].is_none() && streams == [None, None] {
                let mut with = trace.meta().actors.iter().enumerate();
                ends.actors[end] = with
                    .find(|(_, meta)| meta.role == role && !meta.external)
                    .and_then(|(n, _)| u8::try_from(n).ok())
                    .map(ActorId);
            }
        }
        if let Pair::Flow(n) = pair
            && streams == [None, None]
        {
            ends.sockets[0] = trace.flows().get(usize::from(n)).and_then(|flow| {
                let mut sockets = trace.sockets().iter().rev();
                let mine = |s: &&SocketInfo| {
                    Some(s.actor) == ends.actors[0]
                        && s.created < flow.since
                        && s.connection.is_none()
                        && !s.listening
                };
                sockets.find(mine).map(|s| s.id)
            });
        }
        ends
    }
}

/// What a program does at one end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Busy {
    /// Nothing with a socket.
    #[default]
    No,
    /// It is in a call.
    Call,
    /// It is in a call that the kernel holds.
    Blocked,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// A call's Begin, a call's Return, a segment, or a reading of a state.
    pub(super) event: EventId,
    /// Of a Begin whose Return follows at once: the Return.
    pub(super) end: Option<EventId>,
    /// Which end it is of: of a segment the one that sent it.
    pub(super) side: usize,
    /// After it, as far as segments and earlier readings let suppose.
    pub(super) states: [State; 2],
    /// Were they read from the kernel, and has nothing changed them since?
    pub(super) measured: [bool; 2],
    /// What was read between this row and the next, and the event that says so.
    pub(super) read: [Option<(EventId, State)>; 2],
    /// After it.
    pub(super) busy: [Busy; 2],
}

impl Row {
    /// The state of that end at this row, as of event `k`, and whether it was read.
    pub(super) fn state(&self, end: usize, k: EventId) -> (State, bool) {
        match self.read[end] {
            Some((event, state)) if event < k => (state, true),
            _ => (self.states[end], self.measured[end]),
        }
    }
}

/// The rows of a pair, as far as they were built.
#[derive(Debug, Default)]
pub(super) struct Model {
    pair: Option<Pair>,
    pub(super) ends: Ends,
    rows: Vec<Row>,
    next: EventId,
    states: States,
    measured: [bool; 2],
    /// What was read last of each end.
    last_read: [Option<State>; 2],
    busy: [Busy; 2],
    /// Sockets of other connections, in order.
    others: Vec<SocketId>,
    /// How many connections there were when that was found out.
    known: (usize, [Option<StreamId>; 2]),
}

impl Model {
    /// Goes on for at most `most` events; true when the trace has no more.
    pub(super) fn advance(&mut self, trace: &Trace, pair: Pair, most: u32) -> bool {
        let ends = Ends::of(trace, pair);
        let known = (trace.connections().len(), ends.streams);
        // With another connection it is known of more sockets whose they are.
        if self.pair != Some(pair) || self.known != known || self.ends != ends {
            *self = Model {
                pair: Some(pair),
                others: others(trace, &ends),
                ends,
                known,
                ..Model::default()
            };
        }
        let to = trace.len().min(self.next.saturating_add(most));
        for (i, event) in (self.next..to).zip(trace.events_from(self.next)) {
            match event.kind {
                Kind::Begin | Kind::Blocked | Kind::Return => self.call(trace, i),
                Kind::Segment => self.segment(trace, i, pair),
                Kind::Mark => self.reading(event, i),
                _ => {}
            }
        }
        self.next = to;
        to == trace.len()
    }

    /// The rows within the first `k` events.
    pub(super) fn rows(&self, k: u32) -> &[Row] {
        &self.rows[..self.rows.partition_point(|row| row.event < k)]
    }

    fn push(&mut self, event: EventId, side: usize) {
        self.rows.push(Row {
            event,
            end: None,
            side,
            states: self.states.now(),
            measured: self.measured,
            read: [None; 2],
            busy: self.busy,
        });
    }

    /// Has a state been read?
    pub(super) fn has_readings(&self) -> bool {
        self.last_read.iter().any(Option::is_some)
    }

    /// The kernel was asked for the state of an end.
    fn reading(&mut self, event: &Event, i: EventId) {
        let Some(reading) = event.tcp_reading() else {
            return;
        };
        let owner = self.ends.sockets.iter();
        let Some(side) = owner.copied().position(|s| s == Some(event.socket)) else {
            return;
        };
        let side = if reading.of_peer { 1 - side } else { side };
        let (now, state) = (self.states.now()[side], reading.state);
        // Windows change more often than states do.
        let told = self.last_read[side] == Some(state) && now == state && self.measured[side];
        if state == State::Unknown || told {
            return;
        }
        self.last_read[side] = Some(state);
        self.states.read(side, state);
        self.measured[side] = true;
        let expected = now == state || now == State::Unknown;
        let last = self.rows.last_mut();
        if let Some(last) = last.filter(|row| expected && row.read[side].is_none()) {
            last.read[side] = Some((i, state));
            return;
        }
        // Nothing that is drawn brought it about.
        self.push(i, side);
        if let Some(row) = self.rows.last_mut() {
            row.read[side] = Some((i, state));
        }
    }

    /// Something other than a reading may have changed the states.
    fn infer(&mut self, before: [State; 2]) {
        for (side, was) in before.into_iter().enumerate() {
            self.measured[side] &= self.states.now()[side] == was;
        }
    }

    fn call(&mut self, trace: &Trace, i: EventId) {
        let event = trace.event(i);
        let side = (0..2).find(|side| self.ends.actors[*side] == Some(event.actor));
        let (Some(side), Some(call)) = (side, event.call()) else {
            return;
        };
        let own = self.ends.sockets[side].is_none_or(|socket| socket == event.socket);
        let quiet = matches!(
            call,
            Call::SetOption
                | Call::GetOption
                | Call::GetPeerName
                | Call::GetSockName
                | Call::Fileno
                | Call::SetTimeout
                | Call::SetBlocking
                | Call::GetTimeout
                | Call::MakeFile
                | Call::ReadLine
                | Call::Duplicate
        );
        if !call.is_socket_call()
            || quiet
            || (!own && self.others.binary_search(&event.socket).is_ok())
        {
            return;
        }
        match event.kind {
            Kind::Begin => {
                self.busy[side] = Busy::Call;
                self.push(i, side);
            }
            Kind::Blocked => self.busy[side] = Busy::Blocked,
            _ => {
                self.busy[side] = Busy::No;
                if call == Call::Listen && event.b >= 0 {
                    let before = self.states.now();
                    self.states.listens(side);
                    self.infer(before);
                }
                let (now, busy) = (self.states.now(), self.busy);
                let begun = (event.link != NONE).then_some(event.link);
                match self.rows.last_mut() {
                    Some(last) if Some(last.event) == begun && last.end.is_none() => {
                        last.end = Some(i);
                        last.states = now;
                        last.measured = self.measured;
                        last.busy = busy;
                    }
                    _ => self.push(i, side),
                }
            }
        }
    }

    fn segment(&mut self, trace: &Trace, i: EventId, pair: Pair) {
        let Pair::Flow(first) = pair else { return };
        let Some(s) = trace.event(i).segment() else {
            return;
        };
        let back = trace.flows().get(usize::from(first)).and_then(|f| f.back);
        let side = if s.flow == first {
            0
        } else if Some(s.flow) == back {
            1
        } else {
            return;
        };
        if !s.role.is_tcp() {
            return;
        }
        let before = self.states.now();
        self.states.segment(side, s.flags, s.seq, s.ack, s.len);
        self.infer(before);
        self.push(i, side);
    }
}

/// Sockets that are ends of other connections.
fn others(trace: &Trace, ends: &Ends) -> Vec<SocketId> {
    let mut list: Vec<SocketId> = trace
        .connections()
        .iter()
        .flat_map(|c| [c.client.socket, c.server.socket])
        .flatten()
        .filter(|socket| !ends.sockets.contains(&Some(*socket)))
        .collect();
    list.sort_unstable();
    list
}
