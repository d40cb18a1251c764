//! Speed and size of the trace: append, prefixes, level of detail, recordings.
//!
//! `cargo bench --bench trace` prints medians; only the bench's own run is asserted.

use socklab::trace::recording::{load, save};
use socklab::trace::{
    ActorId, ActorMeta, Call, Detail, Event, Gauge, Kind, Role, RunMeta, SocketId, Trace,
};
use std::hint::black_box;
use std::time::Instant;

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
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
        lesson: "playground".to_owned(),
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
fn run(events: usize) -> Vec<Event> {
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

fn trace_of(rows: &[Event], payload: bool) -> Trace {
    let mut trace = Trace::new(meta());
    for (e, detail) in connection() {
        trace.append(e, detail, &[]);
    }
    let bytes = [0x61; 128];
    for e in rows {
        let own = match (e.kind, e.call()) {
            (Kind::Begin, Some(Call::Send)) if payload => e.a as usize,
            (Kind::Return, Some(Call::Recv)) if payload => e.b as usize,
            _ => 0,
        };
        trace.append(*e, None, &bytes[..own]);
    }
    trace
}

/// Median seconds of `times` runs; what a run makes is dropped outside the measured time.
fn median<T>(times: usize, mut f: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..times)
        .map(|_| {
            let begin = Instant::now();
            let made = black_box(f());
            let seconds = begin.elapsed().as_secs_f64();
            drop(made);
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[times / 2]
}

fn main() {
    let rows = run(1_000_000);
    for payload in [false, true] {
        let s = median(9, || trace_of(&rows, payload));
        let with = if payload { "with" } else { "without" };
        println!("append, {with} payload: {:.1} M events/s", 1.0 / s);
    }
    let trace = trace_of(&rows, true);
    let memory = trace.memory();
    let per = |bytes: u64| bytes as f64 / f64::from(trace.len());
    println!(
        "memory: {:.1} bytes/event, and {:.1} bytes/event of payload",
        per(memory.events_bytes),
        per(memory.payload_bytes)
    );
    assert_eq!(trace.payload_mismatches(), 0);

    let mut k = 0;
    let s = median(1001, || {
        k = (k + 7_919_003) % trace.len();
        trace.state_at(k)
    });
    println!("state_at anywhere: {:.1} µs", s * 1e6);

    let small = trace_of(&rows[..10_000], false);
    for (name, trace) in [("10 k", &small), ("1 M", &trace)] {
        let stream = &trace.streams()[0];
        let k = trace.len();
        let s = median(101, || {
            (
                stream.sends().buckets(0, stream.sent_at(k), 1000, k),
                trace.calls(SERVER).buckets(0, trace.duration(), 1000, k),
            )
        });
        println!(
            "1000 buckets of sends and of calls, {name} events: {:.0} µs",
            s * 1e6
        );
    }

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.socklab");
    let s = median(3, || save(&trace, &path).expect("saved"));
    println!("recording of 1 M events saved: {s:.3} s");
    let s = median(5, || load(&path).expect("loaded"));
    println!("recording of 1 M events opened: {s:.3} s");
    let loaded = load(&path).expect("loaded");
    assert!(loaded.whole && loaded.trace.live() == trace.live());
}
