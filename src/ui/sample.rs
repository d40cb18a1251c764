//! Runs made up for tests of views, written event by event through the trace's public API.

use crate::trace::{
    ActorId, ActorMeta, Call, Detail, Event, Gauge, Kind, Mark, NONE, Nanos, Role, RunMeta,
    SocketId, Trace,
};

/// Milliseconds.
pub(crate) const MS: Nanos = 1_000_000;
pub(crate) const CLIENT: ActorId = ActorId(0);
pub(crate) const SERVER: ActorId = ActorId(1);
const LISTENER: SocketId = SocketId(1);

/// A run being written. Every call takes 20 µs.
pub(crate) struct Script {
    pub(crate) trace: Trace,
    pub(crate) t: Nanos,
    /// Bytes sent and received, for the gauges: client → server, then back.
    sent: [u64; 2],
    received: [u64; 2],
    clients: u16,
}

fn actor(name: &str, role: Role) -> ActorMeta {
    ActorMeta {
        name: name.to_owned(),
        role,
        external: false,
    }
}

impl Script {
    /// One client and one server, connected.
    pub(crate) fn connected(framing: &str) -> Self {
        let mut script = Script::bare(
            framing,
            &[actor("client", Role::Client), actor("server", Role::Server)],
        );
        script.server(SERVER);
        script.connect(CLIENT, SERVER, SocketId(0), SocketId(2), 51_234);
        script
    }

    /// `n` clients, connected to one server.
    pub(crate) fn several(n: u8) -> Self {
        let mut actors: Vec<ActorMeta> = (1..=n)
            .map(|i| actor(&format!("client {i}"), Role::Client))
            .collect();
        actors.push(actor("server", Role::Server));
        let mut script = Script::bare("raw", &actors);
        script.server(ActorId(n));
        for i in 0..n {
            let own = if i == 0 { 0 } else { u16::from(i) * 2 + 1 };
            let there = if i == 0 { 2 } else { u16::from(i) * 2 + 2 };
            script.connect(
                ActorId(i),
                ActorId(n),
                SocketId(own),
                SocketId(there),
                51_234 + u16::from(i),
            );
        }
        script
    }

    fn bare(framing: &str, actors: &[ActorMeta]) -> Self {
        let meta = RunMeta {
            lesson: "sticky-merge".to_owned(),
            framing: framing.to_owned(),
            actors: actors.to_vec(),
            step_mode: true,
            ..RunMeta::default()
        };
        let mut trace = Trace::new(meta);
        trace.append(Event::mark(Mark::Started, 0, ActorId::LAB), None, &[]);
        for i in 0..actors.len() {
            let mark = Event::mark(Mark::ActorStarted, 0, ActorId(i as u8));
            trace.append(mark, None, &[]);
        }
        Script {
            trace,
            t: 0,
            sent: [0; 2],
            received: [0; 2],
            clients: 0,
        }
    }

    fn event(&mut self, kind: Kind, who: ActorId, call: Call, socket: SocketId) -> Event {
        self.t += 10_000;
        Event {
            socket,
            call: call as u8,
            ..Event::new(kind, self.t, who)
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn call(
        &mut self,
        who: ActorId,
        call: Call,
        socket: SocketId,
        a: u64,
        detail: Option<Detail>,
        result: u64,
        told: Option<Detail>,
    ) {
        let begin = Event {
            a,
            ..self.event(Kind::Begin, who, call, socket)
        };
        self.trace.append(begin, detail, &[]);
        let end = Event {
            a: result,
            ..self.event(Kind::Return, who, call, socket)
        };
        self.trace.append(end, told, &[]);
    }

    fn server(&mut self, server: ActorId) {
        let socket = Detail::Socket {
            family: "AF_INET".to_owned(),
            kind: "SOCK_STREAM".to_owned(),
        };
        let address = Detail::Address("127.0.0.1:8888".to_owned());
        // The client's first socket has the number 0.
        self.call(
            CLIENT,
            Call::Socket,
            SocketId(0),
            0,
            None,
            3,
            Some(socket.clone()),
        );
        self.call(server, Call::Socket, LISTENER, 0, None, 4, Some(socket));
        let option = |granted| Detail::Option {
            name: "SO_RCVBUF".to_owned(),
            asked: Some(4096),
            granted,
        };
        self.call(
            server,
            Call::SetOption,
            LISTENER,
            4096,
            Some(option(None)),
            0,
            Some(option(Some(8192))),
        );
        self.call(server, Call::Bind, LISTENER, 0, Some(address), 0, None);
        self.call(server, Call::Listen, LISTENER, 5, None, 0, None);
    }

    fn connect(
        &mut self,
        client: ActorId,
        server: ActorId,
        own: SocketId,
        there: SocketId,
        port: u16,
    ) {
        let near = format!("127.0.0.1:{port}");
        let far = "127.0.0.1:8888".to_owned();
        self.clients += 1;
        if own != SocketId(0) {
            let socket = Detail::Socket {
                family: "AF_INET".to_owned(),
                kind: "SOCK_STREAM".to_owned(),
            };
            self.call(client, Call::Socket, own, 0, None, 7, Some(socket));
        }
        self.call(
            client,
            Call::Connect,
            own,
            0,
            Some(Detail::Address(far.clone())),
            0,
            Some(Detail::Connected {
                local: near.clone(),
                peer: far.clone(),
            }),
        );
        self.call(
            server,
            Call::Accept,
            LISTENER,
            0,
            None,
            u64::from(there.0) + 1,
            Some(Detail::Connected {
                local: far,
                peer: near,
            }),
        );
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, t: Nanos) -> &mut Self {
        self.t += t;
        self
    }

    fn direction(who: ActorId) -> usize {
        usize::from(who == SERVER)
    }

    fn socket(who: ActorId) -> SocketId {
        if who == SERVER {
            SocketId(2)
        } else {
            SocketId(0)
        }
    }

    /// `who` sends message `number`; the first pair of sockets.
    pub(crate) fn send(&mut self, who: ActorId, number: u32, bytes: &[u8]) -> &mut Self {
        let socket = Script::socket(who);
        self.send_on(who, socket, number, bytes);
        self.sent[Script::direction(who)] += bytes.len() as u64;
        self.gauges()
    }

    /// `who` sends message `number` on `socket`.
    pub(crate) fn send_on(&mut self, who: ActorId, socket: SocketId, number: u32, bytes: &[u8]) {
        let begin = Event {
            a: bytes.len() as u64,
            link: number,
            flags: crate::trace::flag::BYTES,
            ..self.event(Kind::Begin, who, Call::SendAll, socket)
        };
        self.trace.append(begin, None, bytes);
        let end = Event {
            b: bytes.len() as i32,
            ..self.event(Kind::Return, who, Call::SendAll, socket)
        };
        self.trace.append(end, None, &[]);
    }

    /// `who` begins `recv(size)`, and the kernel holds it if `blocked`.
    pub(crate) fn recv_begins(&mut self, who: ActorId, size: u64, blocked: bool) -> &mut Self {
        let socket = Script::socket(who);
        let begin = Event {
            a: size,
            ..self.event(Kind::Begin, who, Call::Recv, socket)
        };
        self.trace.append(begin, None, &[]);
        if blocked {
            let held = self.event(Kind::Blocked, who, Call::Recv, socket);
            self.trace.append(held, None, &[]);
        }
        self
    }

    /// The recv under way returns.
    pub(crate) fn recv_returns(&mut self, who: ActorId, count: i32) -> &mut Self {
        let socket = Script::socket(who);
        self.received[1 - Script::direction(who)] += count.max(0) as u64;
        let end = Event {
            b: count,
            ..self.event(Kind::Return, who, Call::Recv, socket)
        };
        self.trace.append(end, None, &[]);
        self.gauges()
    }

    /// A recv that returns at once.
    pub(crate) fn recv(&mut self, who: ActorId, size: u64, count: i32) -> &mut Self {
        self.recv_begins(who, size, false).recv_returns(who, count)
    }

    /// The server's decoder yields a frame.
    pub(crate) fn frame(&mut self, start: u64, length: i32, header: u16, number: u32) -> &mut Self {
        let frame = Event {
            a: start,
            b: length,
            link: number,
            op: header,
            socket: SocketId(2),
            ..Event::new(Kind::Frame, self.t, SERVER)
        };
        self.trace.append(frame, None, &[]);
        self
    }

    /// The server's decoder reports an error.
    pub(crate) fn decode_error(&mut self, code: &str, offset: u64) -> &mut Self {
        let error = Event {
            a: offset,
            link: NONE,
            flags: crate::trace::flag::FRAME_ERROR,
            socket: SocketId(2),
            ..Event::new(Kind::Frame, self.t, SERVER)
        };
        let detail = Detail::Decode {
            code: code.to_owned(),
            offset,
            value: 1_515_870_810,
            limit: 1 << 20,
        };
        self.trace.append(error, Some(detail), &[]);
        self
    }

    /// Readings of both sockets, as the kernel would give them with everything acknowledged.
    pub(crate) fn gauges(&mut self) -> &mut Self {
        for (socket, direction) in [(SocketId(0), 1), (SocketId(2), 0)] {
            let gauge = Gauge {
                unread: Some((self.sent[direction] - self.received[direction]) as u32),
                unacked: Some(0),
                unsent: Some(0),
            };
            self.trace.append(gauge.event(self.t, socket), None, &[]);
        }
        self
    }
}

/// Three messages of five bytes merge into one recv; three more wait.
pub(crate) fn merged() -> Script {
    let mut script = Script::connected("raw");
    for number in 0..3 {
        script.wait(250 * MS).send(CLIENT, number, b"hello");
    }
    script
        .wait(100 * MS)
        .recv(SERVER, 1024, 15)
        .frame(0, 15, 0, 0);
    for number in 3..6 {
        script.wait(250 * MS).send(CLIENT, number, b"hello");
    }
    script.wait(300 * MS);
    script.recv_begins(SERVER, 1024, false);
    script
}

/// Ten messages of five bytes, taken by one recv; the server then blocks.
pub(crate) fn ten() -> Script {
    let mut script = Script::connected("raw");
    for number in 0..10 {
        script.wait(40 * MS).send(CLIENT, number, b"hello");
    }
    script
        .wait(300 * MS)
        .recv(SERVER, 1024, 50)
        .frame(0, 50, 0, 0);
    script
        .wait(20 * MS)
        .recv_begins(SERVER, 1024, true)
        .wait(700 * MS)
        .gauges();
    script
}

/// The same with a length prefix: right frames.
pub(crate) fn ten_framed() -> Script {
    let mut script = Script::connected("length:u32:big");
    for number in 0..10 {
        script
            .wait(40 * MS)
            .send(CLIENT, number, b"\0\0\0\x05hello");
    }
    script.wait(300 * MS).recv(SERVER, 64, 64);
    for number in 0..7 {
        script.frame(u64::from(number) * 9, 9, 4, number);
    }
    script
}

/// Messages of 2000 bytes, read 1024 at a time.
pub(crate) fn split() -> Script {
    let mut script = Script::connected("raw");
    let message = vec![b'x'; 2000];
    script.wait(100 * MS).send(CLIENT, 0, &message);
    script.recv(SERVER, 1024, 1024).frame(0, 1024, 0, 0);
    script
        .wait(200 * MS)
        .recv(SERVER, 1024, 976)
        .frame(1024, 976, 0, 1);
    script.wait(200 * MS).send(CLIENT, 1, &message);
    script
        .wait(100 * MS)
        .recv(SERVER, 1024, 1024)
        .frame(2000, 1024, 0, 2);
    script
}

/// About `n` events: sends of 64 bytes, read 1024 at a time, with gauges now and then.
pub(crate) fn large(n: u32) -> Script {
    let mut script = Script::connected("raw");
    let message = [b'm'; 64];
    let mut number = 0;
    let mut offset = 0;
    while script.trace.len() < n {
        for _ in 0..16 {
            script.send_on(CLIENT, SocketId(0), number, &message);
            number += 1;
        }
        script.sent[0] += 1024;
        script.recv_begins(SERVER, 1024, number % 64 == 0);
        script.recv_returns(SERVER, 1024);
        script.frame(offset, 1024, 0, number / 16);
        offset += 1024;
    }
    script
}
