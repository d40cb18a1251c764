//! Small runs written down by hand, for the tests of views.

use crate::trace::{
    ActorId, ActorMeta, Call, Detail, Event, EventId, Gauge, Kind, Mark, NONE, Role, RunMeta,
    SocketId, Trace, flag,
};

pub(crate) const CLIENT: ActorId = ActorId(0);
pub(crate) const SERVER: ActorId = ActorId(1);
pub(crate) const LISTENER: SocketId = SocketId(0);
pub(crate) const NEAR: SocketId = SocketId(1);
pub(crate) const FAR: SocketId = SocketId(2);

/// A run being written down: 10 ms between events.
pub(crate) struct Sample {
    pub(crate) trace: Trace,
    t: u64,
}

pub(crate) fn meta() -> RunMeta {
    let actor = |name: &str, role| ActorMeta {
        name: name.to_owned(),
        role,
        external: false,
    };
    RunMeta {
        lesson: "sticky-merge".to_owned(),
        settings: Vec::new(),
        framing: "raw".to_owned(),
        seed: 1,
        actors: vec![actor("client", Role::Client), actor("server", Role::Server)],
        started_unix_ms: 0,
        platform: "linux x86_64".to_owned(),
        step_mode: true,
        program_version: "0".to_owned(),
        ..RunMeta::default()
    }
}

impl Sample {
    pub(crate) fn new(meta: RunMeta) -> Self {
        Sample {
            trace: Trace::new(meta),
            t: 0,
        }
    }

    /// A listening server and a connected client.
    pub(crate) fn connected() -> Self {
        Sample::connected_with(meta())
    }

    pub(crate) fn connected_with(meta: RunMeta) -> Self {
        let mut s = Sample::new(meta);
        s.mark(Mark::Started, ActorId::LAB, None);
        s.mark(Mark::ActorStarted, SERVER, None);
        s.socket(SERVER, LISTENER, 3);
        s.option(SERVER, LISTENER, "SO_RCVBUF", 4096, 8192);
        s.begin(
            Call::Bind,
            SERVER,
            LISTENER,
            0,
            Some(address("127.0.0.1:0")),
        );
        s.end(
            Call::Bind,
            SERVER,
            LISTENER,
            0,
            Some(address("127.0.0.1:8888")),
        );
        s.begin(Call::Listen, SERVER, LISTENER, 1, None);
        s.end(Call::Listen, SERVER, LISTENER, 0, None);
        s.begin(Call::Accept, SERVER, LISTENER, 0, None);
        s.blocked(Call::Accept, SERVER, LISTENER);
        s.mark(Mark::ActorStarted, CLIENT, None);
        s.socket(CLIENT, NEAR, 4);
        s.begin(
            Call::Connect,
            CLIENT,
            NEAR,
            0,
            Some(address("127.0.0.1:8888")),
        );
        s.end(
            Call::Connect,
            CLIENT,
            NEAR,
            0,
            Some(pair("127.0.0.1:51234", "127.0.0.1:8888")),
        );
        let event = Event {
            a: u64::from(FAR.0) + 1,
            b: 5,
            ..event(Kind::Return, Call::Accept, SERVER, LISTENER)
        };
        s.push(event, Some(pair("127.0.0.1:8888", "127.0.0.1:51234")), &[]);
        s
    }

    /// Six sends of five bytes; the server took the first three in one recv.
    pub(crate) fn merged() -> Self {
        let mut s = Sample::connected();
        for n in 0..3 {
            s.send(n, b"hello");
            s.gauge(FAR, (n + 1) * 5);
        }
        s.recv(1024, b"hellohellohello");
        s.frame(0, 15, 0);
        for n in 3..6 {
            s.send(n, b"hello");
        }
        s.begin(
            Call::SetOption,
            SERVER,
            FAR,
            0,
            Some(option("SO_RCVBUF", Some(1000), None)),
        );
        s
    }

    /// One message of 2000 bytes, taken in 1024 and 976.
    pub(crate) fn split() -> Self {
        let mut s = Sample::connected();
        s.send(0, &vec![b'a'; 2000]);
        s.gauge(FAR, 2000);
        s.recv(1024, &vec![b'a'; 1024]);
        s.recv(1024, &vec![b'a'; 976]);
        s
    }

    /// Many sends and recvs: `n` events in all, or a few more.
    pub(crate) fn long(n: u32) -> Trace {
        let mut s = Sample::connected();
        let mut message = 0;
        while s.trace.len() < n {
            for _ in 0..3 {
                s.send(message, b"hello");
                message += 1;
            }
            s.recv(1024, b"hellohellohello");
        }
        s.trace
    }

    pub(crate) fn push(&mut self, event: Event, detail: Option<Detail>, bytes: &[u8]) -> EventId {
        self.t += 10_000_000;
        let id = self.trace.len();
        self.trace
            .append(Event { t: self.t, ..event }, detail, bytes);
        id
    }

    pub(crate) fn begin(
        &mut self,
        call: Call,
        actor: ActorId,
        socket: SocketId,
        a: u64,
        detail: Option<Detail>,
    ) -> EventId {
        self.push(
            Event {
                a,
                ..event(Kind::Begin, call, actor, socket)
            },
            detail,
            &[],
        )
    }

    pub(crate) fn blocked(&mut self, call: Call, actor: ActorId, socket: SocketId) -> EventId {
        self.push(event(Kind::Blocked, call, actor, socket), None, &[])
    }

    pub(crate) fn end(
        &mut self,
        call: Call,
        actor: ActorId,
        socket: SocketId,
        b: i32,
        detail: Option<Detail>,
    ) -> EventId {
        self.push(
            Event {
                b,
                ..event(Kind::Return, call, actor, socket)
            },
            detail,
            &[],
        )
    }

    pub(crate) fn send(&mut self, number: u32, bytes: &[u8]) -> EventId {
        self.send_part(Some(number), bytes, bytes.len() as i32)
    }

    pub(crate) fn send_part(&mut self, number: Option<u32>, bytes: &[u8], taken: i32) -> EventId {
        let begin = Event {
            a: bytes.len() as u64,
            link: number.unwrap_or(NONE),
            flags: flag::BYTES,
            ..event(Kind::Begin, Call::Send, CLIENT, NEAR)
        };
        self.push(begin, None, bytes);
        self.end(Call::Send, CLIENT, NEAR, taken, None)
    }

    pub(crate) fn recv(&mut self, asked: u64, bytes: &[u8]) -> EventId {
        self.recv_with(asked, bytes, 0)
    }

    pub(crate) fn recv_with(&mut self, asked: u64, bytes: &[u8], flags: u8) -> EventId {
        let begin = Event {
            a: asked,
            flags,
            ..event(Kind::Begin, Call::Recv, SERVER, FAR)
        };
        self.push(begin, None, &[]);
        let end = Event {
            b: bytes.len() as i32,
            flags: flags | if bytes.is_empty() { 0 } else { flag::BYTES },
            ..event(Kind::Return, Call::Recv, SERVER, FAR)
        };
        self.push(end, None, bytes)
    }

    pub(crate) fn gauge(&mut self, socket: SocketId, unread: u32) -> EventId {
        let gauge = Gauge {
            unread: Some(unread),
            unacked: Some(0),
            unsent: None,
        };
        self.push(gauge.event(0, socket), None, &[])
    }

    pub(crate) fn frame(&mut self, start: u64, length: i32, number: u32) -> EventId {
        let frame = Event {
            a: start,
            b: length,
            link: number,
            socket: FAR,
            ..Event::new(Kind::Frame, 0, SERVER)
        };
        self.push(frame, None, &[])
    }

    pub(crate) fn mark(&mut self, mark: Mark, actor: ActorId, detail: Option<Detail>) -> EventId {
        self.push(Event::mark(mark, 0, actor), detail, &[])
    }

    pub(crate) fn socket(&mut self, actor: ActorId, socket: SocketId, number: i32) -> EventId {
        let detail = Detail::Socket {
            family: "AF_INET".into(),
            kind: "SOCK_STREAM".into(),
        };
        self.begin(Call::Socket, actor, SocketId::NONE, 0, Some(detail));
        self.end(Call::Socket, actor, socket, number, None)
    }

    pub(crate) fn option(
        &mut self,
        actor: ActorId,
        socket: SocketId,
        name: &str,
        asked: i64,
        granted: i64,
    ) -> EventId {
        self.begin(
            Call::SetOption,
            actor,
            socket,
            0,
            Some(option(name, Some(asked), None)),
        );
        self.end(
            Call::SetOption,
            actor,
            socket,
            0,
            Some(option(name, Some(asked), Some(granted))),
        )
    }
}

pub(crate) fn event(kind: Kind, call: Call, actor: ActorId, socket: SocketId) -> Event {
    Event {
        call: call as u8,
        socket,
        ..Event::new(kind, 0, actor)
    }
}

pub(crate) fn address(text: &str) -> Detail {
    Detail::Address(text.to_owned())
}

fn pair(local: &str, peer: &str) -> Detail {
    Detail::Connected {
        local: local.to_owned(),
        peer: peer.to_owned(),
    }
}

pub(crate) fn option(name: &str, asked: Option<i64>, granted: Option<i64>) -> Detail {
    Detail::Option {
        name: name.to_owned(),
        asked,
        granted,
    }
}
