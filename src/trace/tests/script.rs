//! Writing down runs for tests: events with what they own.

use crate::trace::{
    ActorId, ActorMeta, Call, Detail, Event, Gauge, Kind, Mark, NONE, Role, RunMeta, SocketId,
    Trace, flag,
};

pub(super) type Row = (Event, Option<Detail>, Vec<u8>);

pub(super) const CLIENT: ActorId = ActorId(0);
pub(super) const SERVER: ActorId = ActorId(1);
pub(super) const LISTENER: SocketId = SocketId(0);
pub(super) const CLIENT_SOCKET: SocketId = SocketId(1);
pub(super) const SERVER_SOCKET: SocketId = SocketId(2);

pub(super) const EAGAIN: i32 = 11;

/// A run being written down; one tick of time per event.
#[derive(Default)]
pub(super) struct Script {
    pub(super) rows: Vec<Row>,
    t: u64,
}

pub(super) fn meta() -> RunMeta {
    let actor = |name: &str, role| ActorMeta {
        name: name.to_owned(),
        role,
        external: false,
    };
    RunMeta {
        lesson: "sticky-merge".to_owned(),
        settings: vec![("recv_size".to_owned(), "1024".to_owned())],
        framing: "raw".to_owned(),
        seed: 7,
        actors: vec![actor("client", Role::Client), actor("server", Role::Server)],
        started_unix_ms: 1_700_000_000_000,
        platform: "linux x86_64".to_owned(),
        step_mode: true,
        program_version: "0.1.0".to_owned(),
        ..RunMeta::default()
    }
}

impl Script {
    fn push(&mut self, e: Event, detail: Option<Detail>, bytes: &[u8]) {
        self.t += 1;
        self.rows
            .push((Event { t: self.t, ..e }, detail, bytes.to_vec()));
    }

    fn call(kind: Kind, call: Call, actor: ActorId, socket: SocketId) -> Event {
        Event {
            call: call as u8,
            socket,
            ..Event::new(kind, 0, actor)
        }
    }

    pub(super) fn begin(&mut self, call: Call, actor: ActorId, socket: SocketId, a: u64) {
        self.begin_with(call, actor, socket, a, NONE, &[]);
    }

    pub(super) fn begin_with(
        &mut self,
        call: Call,
        actor: ActorId,
        socket: SocketId,
        a: u64,
        link: u32,
        bytes: &[u8],
    ) {
        let e = Self::call(Kind::Begin, call, actor, socket);
        self.push(Event { a, link, ..e }, None, bytes);
    }

    pub(super) fn blocked(&mut self, call: Call, actor: ActorId, socket: SocketId) {
        self.push(Self::call(Kind::Blocked, call, actor, socket), None, &[]);
    }

    pub(super) fn returned(
        &mut self,
        call: Call,
        actor: ActorId,
        socket: SocketId,
        b: i32,
        a: u64,
        detail: Option<Detail>,
    ) {
        let e = Self::call(Kind::Return, call, actor, socket);
        self.push(Event { a, b, ..e }, detail, &[]);
    }

    pub(super) fn mark(&mut self, mark: Mark, actor: ActorId) {
        self.push(Event::mark(mark, 0, actor), None, &[]);
    }

    pub(super) fn step(&mut self, number: u64) {
        let e = Event::new(Kind::Step, 0, ActorId::LAB);
        self.push(Event { a: number, ..e }, None, &[]);
    }

    pub(super) fn gauge(&mut self, socket: SocketId, gauge: Gauge) {
        self.push(gauge.event(0, socket), None, &[]);
    }

    pub(super) fn frame(&mut self, socket: SocketId, start: u64, length: i32) {
        let e = Event::new(Kind::Frame, 0, SERVER);
        self.push(
            Event {
                a: start,
                b: length,
                socket,
                ..e
            },
            None,
            &[],
        );
    }

    pub(super) fn frame_error(&mut self, socket: SocketId, offset: u64) {
        let detail = Detail::Decode {
            code: "frame-too-long".to_owned(),
            offset,
            value: 99,
            limit: 10,
        };
        let e = Event::new(Kind::Frame, 0, SERVER);
        self.push(
            Event {
                a: offset,
                socket,
                flags: flag::FRAME_ERROR,
                ..e
            },
            Some(detail),
            &[],
        );
    }

    pub(super) fn socket(&mut self, actor: ActorId, socket: SocketId, family: &str, kind: &str) {
        self.begin(Call::Socket, actor, SocketId::NONE, 0);
        let detail = Detail::Socket {
            family: family.to_owned(),
            kind: kind.to_owned(),
        };
        self.returned(Call::Socket, actor, socket, 3, 0, Some(detail));
    }

    pub(super) fn connect(&mut self, actor: ActorId, socket: SocketId, from: &str, to: &str) {
        self.begin(Call::Connect, actor, socket, 0);
        self.connected(actor, socket, from, to);
    }

    pub(super) fn connected(&mut self, actor: ActorId, socket: SocketId, from: &str, to: &str) {
        let detail = Detail::Connected {
            local: from.to_owned(),
            peer: to.to_owned(),
        };
        self.returned(Call::Connect, actor, socket, 0, 0, Some(detail));
    }

    pub(super) fn accept(
        &mut self,
        actor: ActorId,
        listener: SocketId,
        new: SocketId,
        local: &str,
        peer: &str,
    ) {
        self.begin(Call::Accept, actor, listener, 0);
        let detail = Detail::Connected {
            local: local.to_owned(),
            peer: peer.to_owned(),
        };
        let a = u64::from(new.0) + 1;
        self.returned(Call::Accept, actor, listener, 4, a, Some(detail));
    }

    /// Listener, client and accepted socket, connected.
    pub(super) fn connected_pair() -> Self {
        let mut s = Script::default();
        s.socket(SERVER, LISTENER, "AF_INET", "SOCK_STREAM");
        s.begin(Call::Listen, SERVER, LISTENER, 5);
        let bound = Detail::Address("127.0.0.1:9000".to_owned());
        s.returned(Call::Listen, SERVER, LISTENER, 0, 0, Some(bound));
        s.socket(CLIENT, CLIENT_SOCKET, "AF_INET", "SOCK_STREAM");
        s.connect(CLIENT, CLIENT_SOCKET, "127.0.0.1:5000", "127.0.0.1:9000");
        s.accept(
            SERVER,
            LISTENER,
            SERVER_SOCKET,
            "127.0.0.1:9000",
            "127.0.0.1:5000",
        );
        s
    }

    /// The client sends `bytes` of message `number`, all accepted.
    pub(super) fn send(&mut self, number: u32, bytes: &[u8]) {
        self.send_partly(number, bytes, bytes.len() as i32);
    }

    pub(super) fn send_partly(&mut self, number: u32, bytes: &[u8], result: i32) {
        let asked = bytes.len() as u64;
        self.begin_with(Call::Send, CLIENT, CLIENT_SOCKET, asked, number, bytes);
        self.returned(Call::Send, CLIENT, CLIENT_SOCKET, result, 0, None);
    }

    /// The server receives `bytes`.
    pub(super) fn recv(&mut self, asked: u64, bytes: &[u8]) {
        self.begin(Call::Recv, SERVER, SERVER_SOCKET, asked);
        let e = Self::call(Kind::Return, Call::Recv, SERVER, SERVER_SOCKET);
        let b = bytes.len() as i32;
        self.push(Event { b, ..e }, None, bytes);
    }

    pub(super) fn row(&mut self, e: Event, bytes: &[u8]) {
        self.push(e, None, bytes);
    }

    pub(super) fn trace(&self) -> Trace {
        trace_of(&self.rows)
    }
}

/// The trace of these rows, with checkpoints near one another.
pub(super) fn trace_of(rows: &[Row]) -> Trace {
    let mut trace = Trace::new(meta()).with_checkpoints_every(16);
    for (e, detail, bytes) in rows {
        trace.append(*e, detail.clone(), bytes);
    }
    trace
}
