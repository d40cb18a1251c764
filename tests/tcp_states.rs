//! The states of TCP as the kernel tells them: with a descriptor, after close, and of ends that
//! nobody has accepted yet; on the host and in a private network.
#![cfg(all(target_os = "linux", not(feature = "portable")))]

use std::sync::Arc;
use std::time::Duration;

use socklab::experiment::program::{Address, Data, Node, Num, Op, Program, Text};
use socklab::experiment::{
    ActorSpec, FRAME_LIMIT, Mode, NamespaceOptions, Release, Run, RunSpec, Value,
};
use socklab::framing::FramingSpec;
use socklab::net::{Family, SocketKind};
use socklab::trace::{
    ActorId, Network, Role, SentSoFar, SocketId, TcpReading, TcpState, Trace, recording,
};

const PATIENCE: Duration = Duration::from_secs(30);

const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn name(text: &str) -> String {
    text.to_owned()
}

fn close(on: &str) -> Op {
    Op::Close { on: name(on) }
}

fn socket(as_name: &str, family: Family) -> Op {
    Op::Socket {
        name: name(as_name),
        family,
        kind: SocketKind::Stream,
    }
}

fn accept() -> Op {
    Op::Accept {
        on: name("listener"),
        name: name("conn"),
    }
}

fn read_all() -> Op {
    Op::RecvUntilEof {
        on: name("conn"),
        size: Num::Lit(64),
    }
}

fn send() -> Op {
    Op::ForEachMessage {
        body: vec![
            Op::SendAll {
                on: name("s"),
                data: Data::Message,
            }
            .into(),
        ],
    }
}

/// A client that connects, then does that; a server that listens, then does that.
fn spec(family: Family, mode: Mode, captured: bool, client: Vec<Op>, server: Vec<Op>) -> RunSpec {
    socklab::net::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let host = if family == Family::Inet {
        "127.0.0.1"
    } else {
        "::1"
    };
    let open = [
        socket("listener", family),
        Op::Bind {
            on: name("listener"),
            to: Address::Host {
                host: Text::Lit(name(host)),
                port: Num::Lit(0),
            },
        },
        Op::Listen {
            on: name("listener"),
            backlog: Num::Lit(4),
        },
    ];
    let connect = [
        socket("s", family),
        Op::Connect {
            on: name("s"),
            to: Address::Actor(name("server")),
        },
    ];
    let actor = |name: &str, role, ops: Vec<Op>| ActorSpec {
        name: name.to_owned(),
        role,
        program: Arc::new(Program::new(ops.into_iter().map(Node::from).collect())),
        external: false,
        threads: 0,
    };
    RunSpec {
        reach: socklab::experiment::Reach::Loopback,
        attended: false,
        lesson: name("states"),
        actors: vec![
            actor(
                "client",
                Role::Client,
                connect.into_iter().chain(client).collect(),
            ),
            actor(
                "server",
                Role::Server,
                open.into_iter().chain(server).collect(),
            ),
        ],
        params: vec![(name("recv_size"), Value::Int(1024))],
        framing: FramingSpec::Raw,
        messages: Arc::new(vec![b"hello".to_vec(); 3]),
        mode,
        event_limit: 1_000_000,
        payload_budget: 1 << 20,
        external_port: 0,
        relay: None,
        frame_limit: FRAME_LIMIT,
        capture: captured.then(NamespaceOptions::default),
    }
}

fn start(spec: &RunSpec) -> Run {
    Run::start(spec, Arc::new(|| {})).expect("threads")
}

/// `None`, and why, where nothing can be captured.
fn started(spec: &RunSpec) -> Option<Run> {
    let run = start(spec);
    if let (Some(_), Network::Host { refused }) = (&spec.capture, &run.trace().meta().network) {
        eprintln!("skipped: packets cannot be captured here ({refused:?})");
        return None;
    }
    Some(run)
}

fn readings(trace: &Trace, socket: SocketId) -> Vec<TcpReading> {
    trace
        .events_from(0)
        .filter(|e| e.socket == socket)
        .filter_map(socklab::trace::Event::tcp_reading)
        .collect()
}

/// The states read of the end itself, each once per change.
fn states(trace: &Trace, socket: SocketId) -> Vec<TcpState> {
    let mut list: Vec<TcpState> = readings(trace, socket)
        .into_iter()
        .filter(|r| !r.of_peer)
        .map(|r| r.state)
        .collect();
    list.dedup();
    list
}

/// The client's socket and the one that the server accepted.
fn ends(trace: &Trace) -> [SocketId; 2] {
    let connection = trace.connections().first().expect("a connection");
    [connection.client.socket, connection.server.socket].map(|s| s.expect("known"))
}

fn both_families(test: impl Fn(Family, bool)) {
    for family in [Family::Inet, Family::Inet6] {
        for captured in [false, true] {
            test(family, captured);
        }
    }
}

/// The server closes long after the client: four segments, and each state is there to be read.
#[test]
fn a_close_in_four_steps_is_read_state_by_state() {
    use TcpState::{CloseWait, Closed, Established, FinWait1, FinWait2, TimeWait};
    both_families(|family, captured| {
        let client = vec![Op::Ready, send(), close("s")];
        let server = vec![
            accept(),
            Op::Ready,
            read_all(),
            close("conn"),
            close("listener"),
        ];
        let spec = spec(family, Mode::Step, captured, client, server);
        let Some(mut run) = started(&spec) else {
            return;
        };
        let (client, server) = (ActorId(0), ActorId(1));
        // Three sends, the close; then a pause, longer than any delayed acknowledgement.
        for (actor, calls) in [
            (client, 4),
            (server, 0),
            (server, 4),
            (client, 0),
            (server, 1),
        ] {
            run.release(Release { actor, calls });
            assert!(run.settle(PATIENCE), "{run:?}");
        }
        run.release(Release {
            actor: server,
            calls: 3,
        });
        assert!(run.finish_within(PATIENCE), "{run:?}");
        let trace = run.into_trace();
        let [c, s] = ends(&trace);
        let mut client = states(&trace, c);
        client.retain(|s| *s != FinWait1 && *s != TcpState::SynSent);
        assert_eq!(
            client,
            [Established, FinWait2, TimeWait],
            "{family:?} {captured}"
        );
        let server = states(&trace, s);
        assert_eq!(
            server,
            [Established, CloseWait, Closed],
            "{family:?} {captured}"
        );
        let last = *readings(&trace, c).last().unwrap();
        assert!(last.by_address, "its descriptor is gone");
        assert_eq!(last.sender, None);
    });
}

/// Both close at once: three segments; only the end is sure to be seen.
#[test]
fn time_wait_is_read_after_a_prompt_close() {
    both_families(|family, captured| {
        let server = vec![accept(), read_all(), close("conn"), close("listener")];
        let spec = spec(family, FREE, captured, vec![send(), close("s")], server);
        let Some(mut run) = started(&spec) else {
            return;
        };
        assert!(run.finish_within(PATIENCE), "{run:?}");
        let trace = run.into_trace();
        let [c, s] = ends(&trace);
        assert_eq!(
            states(&trace, c).last(),
            Some(&TcpState::TimeWait),
            "{family:?}"
        );
        // Read or not before it was over, it is nothing else in the end.
        let server = states(&trace, s);
        let over = matches!(server.last(), None | Some(TcpState::Closed));
        assert!(over, "{family:?} {captured} {server:?}");
        let counts: Vec<SentSoFar> = trace
            .events_from(0)
            .filter_map(socklab::trace::Event::sent_so_far)
            .collect();
        assert!(
            !captured || counts.is_empty(),
            "captured segments are not counted twice"
        );
    });
}

/// connect succeeds before accept, and the end that nobody has accepted is read by address.
#[test]
fn an_end_that_nobody_accepted_is_established_all_the_same() {
    both_families(|family, captured| {
        let server = vec![
            Op::Ready,
            accept(),
            read_all(),
            close("conn"),
            close("listener"),
        ];
        let client = vec![Op::Ready, send(), close("s")];
        let spec = spec(family, Mode::Step, captured, client, server);
        let Some(mut run) = started(&spec) else {
            return;
        };
        assert!(run.settle(PATIENCE));
        run.release(Release {
            actor: ActorId(0),
            calls: 1,
        });
        assert!(run.settle(PATIENCE));
        let peer: Vec<TcpReading> = readings(run.trace(), SocketId(1))
            .into_iter()
            .chain(readings(run.trace(), SocketId(0)))
            .filter(|r| r.of_peer)
            .collect();
        assert_eq!(peer.len(), 1, "{family:?} {captured}");
        assert_eq!(peer[0].state, TcpState::Established);
        assert!(peer[0].by_address);
        run.stop();
    });
}

/// Without capture the kernel's counts stand in the trace; with figures of the sender.
#[test]
fn on_the_host_segments_are_counted() {
    let client = vec![Op::Ready, send(), close("s")];
    let server = vec![
        accept(),
        Op::Ready,
        read_all(),
        close("conn"),
        close("listener"),
    ];
    let spec = spec(Family::Inet, Mode::Step, false, client, server);
    let mut run = start(&spec);
    for _ in 0..3 {
        run.release(Release {
            actor: ActorId(0),
            calls: 1,
        });
        assert!(run.settle(PATIENCE), "{run:?}");
    }
    let trace = run.into_trace();
    let [c, _] = ends(&trace);
    let counts: Vec<SentSoFar> = trace
        .events_from(0)
        .filter(|e| e.socket == c)
        .filter_map(socklab::trace::Event::sent_so_far)
        .collect();
    // A probe of the tail may repeat one; nothing else was lost.
    let last = counts.last().expect("counted");
    assert_eq!(last.data_segments - last.retransmissions, 3, "{counts:?}");
    assert!(last.acked <= 15, "{counts:?}");
    let sender = readings(&trace, c)[0].sender.expect("figures");
    assert!(sender.cwnd > 1 && sender.mss > 500 && sender.peer_window > 10_000);
    // A recording keeps them all.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("states.socklab");
    recording::save(&trace, &path).unwrap();
    let again = recording::load(&path).unwrap().trace;
    assert_eq!(readings(&again, c), readings(&trace, c));
    assert!(again.events_from(0).eq(trace.events_from(0)));
}
