//! A recorded lesson of any length, made through the same calls that actors use.

use socklab::trace::{
    ActorId, ActorMeta, Call, Detail, Event, Gauge, Kind, Mark, Role, RunMeta, SocketId, Trace,
};

const CLIENT: ActorId = ActorId(0);
/// The actor that receives.
#[allow(dead_code, reason = "not every benchmark asks for it")]
pub(crate) const SERVER: ActorId = ActorId(1);
const LISTENER: SocketId = SocketId(0);
const OUT: SocketId = SocketId(1);
const IN: SocketId = SocketId(2);

fn meta() -> RunMeta {
    let actor = |name: &str, role| ActorMeta {
        name: name.to_owned(),
        role,
        external: false,
    };
    RunMeta {
        lesson: "sticky-merge".to_owned(),
        actors: vec![actor("client", Role::Client), actor("server", Role::Server)],
        ..RunMeta::default()
    }
}

/// A connection being made: listener, client, accepted socket.
fn connection() -> Vec<(Event, Option<Detail>)> {
    let returned = |call, actor, socket, a| Event {
        call: call as u8,
        socket,
        a,
        ..Event::new(Kind::Return, 1, actor)
    };
    let stream = || {
        Some(Detail::Socket {
            family: "AF_INET".to_owned(),
            kind: "SOCK_STREAM".to_owned(),
        })
    };
    let ends = |local: &str, peer: &str| {
        Some(Detail::Connected {
            local: local.to_owned(),
            peer: peer.to_owned(),
        })
    };
    let (client, server) = ("127.0.0.1:50000", "127.0.0.1:9000");
    vec![
        (Event::mark(Mark::ActorStarted, 0, SERVER), None),
        (Event::mark(Mark::ActorStarted, 0, CLIENT), None),
        (returned(Call::Socket, SERVER, LISTENER, 0), stream()),
        (returned(Call::Socket, CLIENT, OUT, 0), stream()),
        (
            returned(Call::Connect, CLIENT, OUT, 0),
            ends(client, server),
        ),
        (
            returned(Call::Accept, SERVER, LISTENER, u64::from(IN.0) + 1),
            ends(server, client),
        ),
    ]
}

/// A running lesson: 64-byte messages, two of three recvs merge two of them, one recv in eight
/// is held by the kernel, a frame per recv, a gauge reading per hundred recvs.
pub(crate) fn run(events: usize) -> Vec<Event> {
    let mut rows = Vec::with_capacity(events + 16);
    let mut t = 10;
    let (mut number, mut received, mut recvs) = (0, 0, 0u32);
    let mut push = |rows: &mut Vec<Event>, e: Event| {
        t += 400;
        rows.push(Event { t, ..e });
    };
    let call = |kind, call, actor, socket| Event {
        call: call as u8,
        socket,
        ..Event::new(kind, 0, actor)
    };
    while rows.len() < events {
        let burst = if recvs.is_multiple_of(3) { 1 } else { 2 };
        for _ in 0..burst {
            let begin = call(Kind::Begin, Call::Send, CLIENT, OUT);
            push(
                &mut rows,
                Event {
                    a: 64,
                    link: number,
                    ..begin
                },
            );
            let end = call(Kind::Return, Call::Send, CLIENT, OUT);
            push(&mut rows, Event { b: 64, ..end });
            number += 1;
        }
        let begin = call(Kind::Begin, Call::Recv, SERVER, IN);
        push(&mut rows, Event { a: 1024, ..begin });
        if recvs.is_multiple_of(8) {
            push(&mut rows, call(Kind::Blocked, Call::Recv, SERVER, IN));
        }
        let length = 64 * burst;
        let end = call(Kind::Return, Call::Recv, SERVER, IN);
        push(&mut rows, Event { b: length, ..end });
        push(
            &mut rows,
            Event {
                a: received,
                b: length,
                link: recvs,
                socket: IN,
                ..Event::new(Kind::Frame, 0, SERVER)
            },
        );
        received += length as u64;
        recvs += 1;
        if recvs.is_multiple_of(100) {
            let gauge = Gauge {
                unread: Some(recvs),
                unacked: Some(0),
                unsent: Some(0),
            };
            push(&mut rows, gauge.event(0, IN));
        }
    }
    rows.truncate(events);
    rows
}

/// Payload bytes that belong to the event.
pub(crate) fn bytes_of(e: &Event) -> usize {
    match (e.kind, e.call()) {
        (Kind::Begin, Some(Call::Send)) => e.a as usize,
        (Kind::Return, Some(Call::Recv)) => e.b as usize,
        _ => 0,
    }
}

/// The connection, then `rows`; with each call's bytes, if asked.
pub(crate) fn trace_of(rows: &[Event], payload: bool) -> Trace {
    let mut trace = Trace::new(meta());
    for (e, detail) in connection() {
        trace.append(e, detail, &[]);
    }
    let bytes = [0x61; 128];
    for e in rows {
        let own = if payload { bytes_of(e) } else { 0 };
        trace.append(*e, None, &bytes[..own]);
    }
    trace
}
