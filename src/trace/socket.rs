//! What is known of each socket, and which streams its bytes belong to.

use super::column::Column;
use super::event::{ActorId, Call, Detail, Event, EventId, NONE, SocketId, StreamId};

/// One reading of a socket option: `(event, name, asked, granted)`.
pub type OptionReading = (EventId, String, Option<i64>, Option<i64>);

/// One socket of the run, as known at the live edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketInfo {
    /// Its number.
    pub id: SocketId,
    /// Who created or accepted it.
    pub actor: ActorId,
    /// `AF_INET`, `AF_INET6`, `AF_UNIX`; empty if not recorded.
    pub family: String,
    /// `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_SEQPACKET`; empty if not recorded.
    pub kind: String,
    /// The Return that created it; [`NONE`] if a socket of a later number is known but this one
    /// is not yet.
    pub created: EventId,
    /// Its own address, once known.
    pub local: Option<String>,
    /// The address of its peer, once connected.
    pub peer: Option<String>,
    /// Its connection: index into [`super::Trace::connections`].
    pub connection: Option<usize>,
    /// The Return of its close.
    pub closed: Option<EventId>,
    /// Did `listen()` succeed on it?
    pub listening: bool,
    /// Options set or read, in order of time.
    pub options: Vec<OptionReading>,
}

/// Which streams the bytes of a socket belong to. Everything here is set once, so that a replay
/// of earlier events sees what the events themselves saw (compare with the event ids).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    /// The Return that created the socket.
    pub(crate) created: EventId,
    /// The Return that connected it; its streams count for later events only.
    pub(crate) since: EventId,
    pub(crate) out: StreamId,
    pub(crate) into: StreamId,
    /// It keeps boundaries (datagrams, `SOCK_SEQPACKET`): no stream.
    pub(crate) datagrams: bool,
}

impl Route {
    const UNKNOWN: Route = Route {
        created: NONE,
        since: NONE,
        out: StreamId(0),
        into: StreamId(0),
        datagrams: false,
    };

    /// The stream that event `i` sends into.
    #[inline]
    pub(crate) fn out_at(&self, i: EventId) -> Option<StreamId> {
        (self.since < i).then_some(self.out)
    }

    /// The stream that event `i` receives from.
    #[inline]
    pub(crate) fn incoming_at(&self, i: EventId) -> Option<StreamId> {
        (self.since < i).then_some(self.into)
    }

    pub(crate) fn keeps_boundaries_at(&self, i: EventId) -> bool {
        self.created < i && self.datagrams
    }
}

/// Numbers may run ahead of the events that create them by this many (several threads create
/// sockets at once); a number further off is not believed, so that no event can make the trace
/// allocate much more than its own size.
const AHEAD: usize = 64;

/// All sockets.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    pub(crate) infos: Vec<SocketInfo>,
    routes: Vec<Route>,
    gauges: Vec<Column<u32>>,
    /// Events that count its segments.
    counts: Vec<Column<u32>>,
}

impl Sockets {
    #[inline]
    pub(crate) fn route(&self, socket: SocketId) -> Option<&Route> {
        self.routes.get(usize::from(socket.0))
    }

    pub(crate) fn info_mut(&mut self, socket: SocketId) -> Option<&mut SocketInfo> {
        self.infos.get_mut(usize::from(socket.0))
    }

    pub(crate) fn gauges(&self, socket: SocketId) -> Option<&Column<u32>> {
        self.gauges.get(usize::from(socket.0))
    }

    #[inline]
    pub(crate) fn gauge(&mut self, socket: SocketId, event: EventId) {
        if let Some(readings) = self.gauges.get_mut(usize::from(socket.0)) {
            readings.push(event);
        }
    }

    pub(crate) fn counts(&self, socket: SocketId) -> Option<&Column<u32>> {
        self.counts.get(usize::from(socket.0))
    }

    pub(crate) fn counted(&mut self, socket: SocketId, event: EventId) {
        if let Some(counts) = self.counts.get_mut(usize::from(socket.0)) {
            counts.push(event);
        }
    }

    /// Event `i` creates `socket`. False if its number is not believable or taken.
    pub(crate) fn create(
        &mut self,
        socket: SocketId,
        i: EventId,
        actor: ActorId,
        family: String,
        kind: String,
    ) -> bool {
        let n = usize::from(socket.0);
        if socket == SocketId::NONE || n > i as usize + AHEAD {
            return false;
        }
        while self.infos.len() <= n {
            self.infos.push(SocketInfo {
                id: SocketId(self.infos.len() as u16),
                actor,
                family: String::new(),
                kind: String::new(),
                created: NONE,
                local: None,
                peer: None,
                connection: None,
                closed: None,
                listening: false,
                options: Vec::new(),
            });
            self.routes.push(Route::UNKNOWN);
            self.gauges.push(Column::default());
            self.counts.push(Column::default());
        }
        let (Some(info), Some(route)) = (self.infos.get_mut(n), self.routes.get_mut(n)) else {
            return false;
        };
        if info.created != NONE {
            return false;
        }
        route.created = i;
        route.datagrams = matches!(kind.as_str(), "SOCK_DGRAM" | "SOCK_SEQPACKET");
        (info.actor, info.created) = (actor, i);
        (info.family, info.kind) = (family, kind);
        true
    }

    /// May `socket` become an end of a stream by a connection told now?
    pub(crate) fn connectable(&self, socket: SocketId) -> bool {
        self.route(socket)
            .is_some_and(|r| r.created != NONE && r.since == NONE && !r.datagrams)
    }

    pub(crate) fn connect(
        &mut self,
        socket: SocketId,
        i: EventId,
        connection: usize,
        out: StreamId,
        into: StreamId,
    ) {
        if let Some(route) = self.routes.get_mut(usize::from(socket.0)) {
            (route.since, route.out, route.into) = (i, out, into);
        }
        if let Some(info) = self.info_mut(socket) {
            info.connection = Some(connection);
        }
    }

    /// What a successful Return tells of its socket beside connections.
    pub(crate) fn learn(&mut self, i: EventId, e: &Event, detail: Option<&Detail>) {
        let Some(info) = self.info_mut(e.socket) else {
            return;
        };
        match e.call() {
            Some(Call::Listen) => info.listening = true,
            Some(Call::Close) if info.closed.is_none() && e.a == 0 => info.closed = Some(i),
            _ => {}
        }
        match (e.call(), detail) {
            (
                Some(Call::Bind | Call::Listen | Call::GetSockName),
                Some(Detail::Address(address)),
            ) => info.local = Some(address.clone()),
            (Some(Call::GetPeerName), Some(Detail::Address(address))) => {
                info.peer = Some(address.clone());
            }
            (
                _,
                Some(Detail::Option {
                    name,
                    asked,
                    granted,
                }),
            ) => info.options.push((i, name.clone(), *asked, *granted)),
            _ => {}
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        let readings = self.gauges.iter().chain(&self.counts);
        let readings: u64 = readings.map(Column::bytes).sum();
        readings
            + ((self.gauges.capacity() + self.counts.capacity()) * size_of::<Column<u32>>()
                + self.routes.capacity() * size_of::<Route>()
                + self.infos.capacity() * size_of::<SocketInfo>()) as u64
    }
}
