//! Serving several clients: in threads, one after the other; stepped, stopped, leaving nothing behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::program::{Address, Data, Node, Num, Op, Program, Text};
use socklab::experiment::{ActorSpec, FRAME_LIMIT, Mode, Release, Run, RunSpec, Status};
use socklab::framing::FramingSpec;
use socklab::net::{Family, SocketKind};
use socklab::trace::{ActorId, Call, Kind, Mark, Role, Trace};

const PATIENCE: Duration = Duration::from_secs(20);
const SERVER: ActorId = ActorId(2);
const FIRST: ActorId = ActorId(3);
const SECOND: ActorId = ActorId(4);
const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn name(text: &str) -> String {
    text.to_owned()
}

fn program(ops: Vec<Op>) -> Program {
    Program::new(ops.into_iter().map(Node::from).collect())
}

/// Connects, says something, hears the answer, closes.
fn client(says: &str) -> Program {
    let s = || name("s");
    program(vec![
        Op::Socket {
            name: s(),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::Connect {
            on: s(),
            to: Address::Actor(name("server")),
        },
        Op::Send {
            on: s(),
            data: Data::Text(Text::Lit(name(says))),
        },
        Op::Recv {
            on: s(),
            size: Num::Lit(100),
            name: name("answer"),
            peek: false,
        },
        Op::Close { on: s() },
    ])
}

/// Serves two clients, each once, and echoes what they say until they close. `data` is made in the
/// body, so each connection has its own.
fn server(threads: i64) -> Program {
    let echo = vec![
        Op::Recv {
            on: name("conn"),
            size: Num::Lit(100),
            name: name("data"),
            peek: false,
        }
        .into(),
        Op::BreakIfEmpty { name: name("data") }.into(),
        Op::SendAll {
            on: name("conn"),
            data: Data::Var(name("data")),
        }
        .into(),
    ];
    program(vec![
        Op::Socket {
            name: name("listener"),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::Bind {
            on: name("listener"),
            to: Address::Host {
                host: Text::Lit(name("127.0.0.1")),
                port: Num::Lit(0),
            },
        },
        Op::Listen {
            on: name("listener"),
            backlog: Num::Lit(5),
        },
        Op::Ready,
        Op::ServeEach {
            on: name("listener"),
            name: name("conn"),
            count: Num::Lit(2),
            threads: Num::Lit(threads),
            body: vec![
                Op::Loop { body: echo }.into(),
                Op::Close { on: name("conn") }.into(),
            ],
        },
        Op::Close {
            on: name("listener"),
        },
    ])
}

fn spec(mode: Mode, threads: i64) -> RunSpec {
    let actor = |name: &str, role, program, threads| ActorSpec {
        name: name.to_owned(),
        role,
        program: Arc::new(program),
        external: false,
        threads,
    };
    RunSpec {
        lesson: name("test"),
        actors: vec![
            actor("ann", Role::Client, client("I am Ann"), 0),
            actor("bo", Role::Client, client("Bo"), 0),
            actor(
                "server",
                Role::Server,
                server(threads),
                2 * threads as usize,
            ),
        ],
        params: Vec::new(),
        framing: FramingSpec::Raw,
        frame_limit: FRAME_LIMIT,
        relay: None,
        messages: Arc::new(Vec::<Vec<u8>>::new()),
        mode,
        event_limit: 1_000_000,
        payload_budget: 1 << 20,
        external_port: 0,
        reach: socklab::experiment::Reach::Loopback,
        attended: false,
        capture: None,
    }
}

fn start(spec: &RunSpec) -> Run {
    Run::start(spec, Arc::new(|| {})).expect("threads")
}

fn step(run: &mut Run, actor: ActorId, times: u32) {
    for _ in 0..times {
        run.release(Release { actor, calls: 1 });
    }
    assert!(run.settle(PATIENCE), "released calls come to rest: {run:?}");
}

/// What each client received, by its number.
fn answers(trace: &Trace) -> Vec<Vec<u8>> {
    (0..2)
        .map(|client| {
            let mut streams = trace.streams().iter();
            let stream = streams.find(|s| s.to == Some(ActorId(client)));
            let stream = stream.expect("an answer's stream");
            let end = stream.recvs().end();
            stream.payload(0, end).expect("its bytes")
        })
        .collect()
}

/// The calls that `actor` made to receive or send.
fn transfers(trace: &Trace, actor: ActorId) -> usize {
    (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.actor == actor && e.kind == Kind::Return)
        .filter(|e| e.call().is_some_and(|c| c.sends() || c.receives()))
        .count()
}

#[test]
fn a_thread_for_each_client_answers_both() {
    let mut run = start(&spec(FREE, 1));
    assert!(run.finish_within(PATIENCE), "{run:?}");
    let trace = run.trace();
    assert_eq!(answers(trace), [b"I am Ann".to_vec(), b"Bo".to_vec()]);
    let names: Vec<_> = trace.meta().actors.iter().map(|a| &a.name[..]).collect();
    assert_eq!(names, ["ann", "bo", "server", "server_1", "server_2"]);
    // Each thread received, sent, and received the end; the server itself only accepted.
    assert_eq!(transfers(trace, SERVER), 0);
    assert_eq!(transfers(trace, FIRST), 3);
    assert_eq!(transfers(trace, SECOND), 3);
    let served: Vec<_> = trace.connections().iter().map(|c| c.server.actor).collect();
    assert!(served.contains(&Some(FIRST)) && served.contains(&Some(SECOND)));
    assert!(trace.sockets().iter().all(|s| s.closed.is_some()));
    assert!(trace.live().actors.iter().all(|a| a.started && a.ended));
}

#[test]
fn one_after_the_other_both_are_answered_by_the_server_itself() {
    let mut run = start(&spec(FREE, 0));
    assert!(run.finish_within(PATIENCE), "{run:?}");
    let trace = run.trace();
    assert_eq!(answers(trace), [b"I am Ann".to_vec(), b"Bo".to_vec()]);
    assert_eq!(trace.meta().actors.len(), 3, "no places for threads");
    assert_eq!(transfers(trace, SERVER), 6);
    // The second accept comes after the first connection's close.
    let of_server = |call| {
        (0..trace.len())
            .filter(|&i| {
                let e = trace.event(i);
                e.actor == SERVER && e.kind == Kind::Return && e.call() == Some(call)
            })
            .collect::<Vec<_>>()
    };
    assert!(of_server(Call::Accept)[1] > of_server(Call::Close)[0]);
}

#[test]
fn a_sequential_server_lets_the_second_client_wait() {
    let (ann, bo) = (ActorId(0), ActorId(1));
    for threads in [0, 1] {
        let mut run = start(&spec(Mode::Step, threads));
        assert!(run.settle(PATIENCE));
        step(&mut run, ann, 2);
        // accept, and the first connection's recv: by whoever serves it
        step(&mut run, SERVER, 1);
        let serves = if threads == 1 { FIRST } else { SERVER };
        step(&mut run, serves, 1);
        assert_eq!(run.status(serves), Status::Blocked);
        step(&mut run, bo, 4);
        assert_eq!(run.status(bo), Status::Blocked, "in its recv");
        step(&mut run, SERVER, 3);
        let answered = run.status(bo) == Status::AtGate;
        assert_eq!(answered, threads == 1, "{run:?}");
        assert_eq!(run.status(serves), Status::Blocked, "Ann says nothing");
    }
}

#[test]
fn a_step_of_a_blocked_server_is_one_of_its_threads_in_turn() {
    let mut run = start(&spec(Mode::Step, 1));
    assert!(run.settle(PATIENCE));
    for client in [ActorId(0), ActorId(1)] {
        step(&mut run, client, 3);
    }
    step(&mut run, SERVER, 2);
    assert_eq!(run.status(SERVER), Status::Waiting, "for its two threads");
    // Two steps: each thread receives once.
    step(&mut run, SERVER, 2);
    assert_eq!(transfers(run.trace(), FIRST), 1);
    assert_eq!(transfers(run.trace(), SECOND), 1);
    let released: Vec<ActorId> = (0..run.trace().len())
        .map(|i| run.trace().event(i))
        .filter(|e| e.as_mark() == Some(Mark::Released))
        .map(|e| e.actor)
        .collect();
    assert_eq!(released[released.len() - 2..], [FIRST, SECOND]);
}

fn threads_and_descriptors() -> (usize, usize) {
    let count = |path| std::fs::read_dir(path).map_or(0, Iterator::count);
    (count("/proc/self/task"), count("/proc/self/fd"))
}

/// All actors are held by the kernel: both threads in recv, the server waits for them.
fn held() -> Run {
    let mut run = start(&spec(Mode::Step, 1));
    assert!(run.settle(PATIENCE));
    for client in [ActorId(0), ActorId(1)] {
        step(&mut run, client, 2);
    }
    step(&mut run, SERVER, 2);
    step(&mut run, FIRST, 1);
    step(&mut run, SECOND, 1);
    let status = [FIRST, SECOND].map(|a| run.status(a));
    assert_eq!(status, [Status::Blocked; 2]);
    run
}

#[test]
fn stop_ends_blocked_threads_and_closes_their_sockets() {
    let mut took: Vec<Duration> = (0..9)
        .map(|_| {
            let mut run = held();
            let begun = Instant::now();
            run.stop();
            let took = begun.elapsed();
            let sent_nothing = run.trace().streams().iter().all(|s| s.recvs().is_empty());
            assert!(sent_nothing, "nobody's recv returned because of the stop");
            took
        })
        .collect();
    took.sort();
    assert!(took[4] < Duration::from_millis(100), "median {took:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_runs_stopped_and_run_to_their_end() {
    // In a process of its own: other tests' threads would be counted.
    if std::env::var_os("SOCKLAB_ALONE").is_none() {
        let me = std::env::current_exe().expect("this test");
        let name = "nothing_is_left_of_runs_stopped_and_run_to_their_end";
        let ended = std::process::Command::new(me)
            .args([name, "--exact", "--nocapture"])
            .env("SOCKLAB_ALONE", "1")
            .status();
        assert!(ended.expect("a process").success());
        return;
    }
    let once = || {
        drop(held());
        for threads in [0, 1] {
            let mut run = start(&spec(FREE, threads));
            assert!(run.finish_within(PATIENCE));
        }
    };
    once();
    let before = threads_and_descriptors();
    for _ in 0..30 {
        once();
    }
    assert_eq!(threads_and_descriptors(), before);
}
