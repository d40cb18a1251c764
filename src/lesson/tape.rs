//! A run written down by hand, for tests of what is judged on runs.

use crate::trace::{
    ActorId, ActorMeta, Call, Detail, Event, Gauge, Kind, Role, RunMeta, SocketId, Trace,
};

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
const LISTENER: SocketId = SocketId(0);
const CLIENT_END: SocketId = SocketId(1);
const SERVER_END: SocketId = SocketId(2);

/// A connection from client to server, and what went through it.
pub(super) struct Tape {
    trace: Trace,
    now: u64,
    sent: u32,
}

impl Tape {
    /// Connected, nothing sent yet.
    pub(super) fn connected() -> Self {
        let actor = |name: &str, role| ActorMeta {
            name: name.to_owned(),
            role,
            external: false,
        };
        let mut tape = Tape {
            trace: Trace::new(RunMeta {
                lesson: "tiny".to_owned(),
                actors: vec![actor("client", Role::Client), actor("server", Role::Server)],
                ..RunMeta::default()
            }),
            now: 0,
            sent: 0,
        };
        let address = |port: u16| format!("127.0.0.1:{port}");
        tape.socket(SERVER, LISTENER);
        tape.call(
            Call::Listen,
            SERVER,
            LISTENER,
            Some(Detail::Address(address(9000))),
        );
        tape.socket(CLIENT, CLIENT_END);
        let ends = |local, peer| Detail::Connected {
            local: address(local),
            peer: address(peer),
        };
        tape.call(Call::Connect, CLIENT, CLIENT_END, Some(ends(5000, 9000)));
        tape.begin(Call::Accept, SERVER, LISTENER);
        let new = u64::from(SERVER_END.0) + 1;
        tape.returned(
            Call::Accept,
            SERVER,
            LISTENER,
            new,
            4,
            Some(ends(9000, 5000)),
            &[],
        );
        tape
    }

    /// The client sends its next message.
    pub(super) fn send(mut self, message: &[u8]) -> Self {
        self.push(
            Event {
                a: message.len() as u64,
                link: self.sent,
                ..Self::of(Kind::Begin, Call::Send, CLIENT, CLIENT_END)
            },
            None,
            message,
        );
        self.sent += 1;
        self.returned(
            Call::Send,
            CLIENT,
            CLIENT_END,
            0,
            message.len() as i32,
            None,
            &[],
        );
        self
    }

    /// The server receives these bytes; none = the end of the stream.
    pub(super) fn recv(mut self, bytes: &[u8]) -> Self {
        self.begin(Call::Recv, SERVER, SERVER_END);
        self.returned(
            Call::Recv,
            SERVER,
            SERVER_END,
            0,
            bytes.len() as i32,
            None,
            bytes,
        );
        self
    }

    /// The server calls recv, and the kernel holds it.
    pub(super) fn blocked_in_recv(mut self) -> Self {
        self.begin(Call::Recv, SERVER, SERVER_END);
        self.push(
            Self::of(Kind::Blocked, Call::Recv, SERVER, SERVER_END),
            None,
            &[],
        );
        self
    }

    /// The decoder yields a frame.
    pub(super) fn frame(mut self, start: u64, length: i32) -> Self {
        let e = Event {
            a: start,
            b: length,
            socket: SERVER_END,
            ..Event::new(Kind::Frame, 0, SERVER)
        };
        self.push(e, None, &[]);
        self
    }

    /// So many bytes wait in the server's receive buffer.
    pub(super) fn unread(mut self, bytes: u32) -> Self {
        let gauge = Gauge {
            unread: Some(bytes),
            ..Gauge::default()
        };
        self.push(gauge.event(0, SERVER_END), None, &[]);
        self
    }

    pub(super) fn trace(self) -> Trace {
        self.trace
    }

    fn of(kind: Kind, call: Call, actor: ActorId, socket: SocketId) -> Event {
        Event {
            call: call as u8,
            socket,
            ..Event::new(kind, 0, actor)
        }
    }

    fn push(&mut self, e: Event, detail: Option<Detail>, bytes: &[u8]) {
        self.now += 1;
        self.trace.append(Event { t: self.now, ..e }, detail, bytes);
    }

    fn begin(&mut self, call: Call, actor: ActorId, socket: SocketId) {
        self.push(Self::of(Kind::Begin, call, actor, socket), None, &[]);
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one event")]
    fn returned(
        &mut self,
        call: Call,
        actor: ActorId,
        socket: SocketId,
        a: u64,
        b: i32,
        detail: Option<Detail>,
        bytes: &[u8],
    ) {
        let e = Event {
            a,
            b,
            ..Self::of(Kind::Return, call, actor, socket)
        };
        self.push(e, detail, bytes);
    }

    fn call(&mut self, call: Call, actor: ActorId, socket: SocketId, detail: Option<Detail>) {
        self.begin(call, actor, socket);
        self.returned(call, actor, socket, 0, 0, detail, &[]);
    }

    fn socket(&mut self, actor: ActorId, socket: SocketId) {
        self.begin(Call::Socket, actor, SocketId::NONE);
        let detail = Detail::Socket {
            family: "AF_INET".to_owned(),
            kind: "SOCK_STREAM".to_owned(),
        };
        self.returned(Call::Socket, actor, socket, 0, 3, Some(detail), &[]);
    }
}
