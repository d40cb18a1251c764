//! Runs on real loopback sockets: stepping, merging, stopping, leaving nothing behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::program::{Address, Data, How, Node, Num, Op, Program, Text, Until};
use socklab::experiment::{
    ActorSpec, FRAME_LIMIT, Mode, Notice, Release, Run, RunSpec, Status, Value,
};
use socklab::framing::FramingSpec;
use socklab::net::{Family, SocketKind};
use socklab::trace::{ActorId, Call, Kind, Mark, Origin, Role, Trace, flag};

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
const PATIENCE: Duration = Duration::from_secs(20);

fn name(text: &str) -> String {
    text.to_owned()
}

fn loopback() -> Address {
    Address::Host {
        host: Text::Lit(name("127.0.0.1")),
        port: Num::Lit(0),
    }
}

fn server(body: Vec<Op>) -> Program {
    let open = [
        Op::Socket {
            name: name("listener"),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::Bind {
            on: name("listener"),
            to: loopback(),
        },
        Op::Listen {
            on: name("listener"),
            backlog: Num::Lit(1),
        },
        Op::Accept {
            on: name("listener"),
            name: name("conn"),
        },
        Op::Ready,
    ];
    Program::new(open.into_iter().chain(body).map(Node::from).collect())
}

fn client(body: Vec<Op>) -> Program {
    let open = [
        Op::Socket {
            name: name("s"),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::Connect {
            on: name("s"),
            to: Address::Actor(name("server")),
        },
        Op::Ready,
    ];
    Program::new(open.into_iter().chain(body).map(Node::from).collect())
}

fn send_all_messages() -> Vec<Op> {
    vec![
        Op::ForEachMessage {
            body: vec![
                Op::SendAll {
                    on: name("s"),
                    data: Data::Message,
                }
                .into(),
            ],
        },
        Op::Close { on: name("s") },
    ]
}

fn receive() -> Vec<Op> {
    vec![
        Op::Wait {
            actor: name("client"),
            until: Until::Sent(Num::Param(name("late_by"))),
            ms: Num::Lit(100),
        },
        Op::ReceiveMessages {
            on: name("conn"),
            size: Num::Param(name("recv_size")),
            count: Num::Lit(0),
            swapped: Num::Lit(0),
        },
        Op::Close { on: name("conn") },
    ]
}

fn spec(mode: Mode, client: Program, server: Program) -> RunSpec {
    let actor = |name: &str, role, program| ActorSpec {
        name: name.to_owned(),
        role,
        program: Arc::new(program),
        external: false,
        threads: 0,
    };
    RunSpec {
        lesson: name("test"),
        actors: vec![
            actor("client", Role::Client, client),
            actor("server", Role::Server, server),
        ],
        params: vec![
            (name("recv_size"), Value::Int(1024)),
            (name("late_by"), Value::Int(10)),
        ],
        framing: FramingSpec::Raw,
        frame_limit: FRAME_LIMIT,
        relay: None,
        messages: Arc::new(vec![b"hello".to_vec(); 10]),
        mode,
        event_limit: 1_000_000,
        payload_budget: 1 << 20,
        external_port: 0,
        reach: socklab::experiment::Reach::Loopback,
        attended: false,
        capture: None,
    }
}

fn sticky(mode: Mode) -> RunSpec {
    spec(mode, client(send_all_messages()), server(receive()))
}

fn start(spec: &RunSpec) -> Run {
    Run::start(spec, Arc::new(|| {})).expect("threads")
}

const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn recv_sizes(trace: &Trace) -> Vec<u64> {
    let stream = &trace.streams()[usize::from(trace.main_stream().expect("a stream").0)];
    stream
        .recvs()
        .iter()
        .map(|item| item.end - item.start)
        .collect()
}

fn step(run: &mut Run, actor: ActorId, times: u32) {
    for _ in 0..times {
        run.release(Release { actor, calls: 1 });
    }
    assert!(run.settle(PATIENCE), "released calls come to rest: {run:?}");
}

#[test]
fn three_sends_stepped_by_hand_come_out_of_one_recv() {
    let mut run = start(&sticky(Mode::Step));
    assert!(run.settle(PATIENCE));
    assert_eq!(
        (run.status(CLIENT), run.status(SERVER)),
        (Status::AtGate, Status::AtGate)
    );
    step(&mut run, CLIENT, 3);
    assert!(recv_sizes(run.trace()).is_empty());
    step(&mut run, SERVER, 1);
    assert_eq!(recv_sizes(run.trace()), [15]);
    let trace = run.trace();
    let stream = &trace.streams()[usize::from(trace.main_stream().unwrap().0)];
    let parts: Vec<_> = stream
        .parts(0, 15)
        .map(|p| (p.origin, p.is_whole()))
        .collect();
    assert_eq!(
        parts,
        [0, 1, 2].map(|number| (Origin::Message(number), true)),
        "the recv brought messages 1, 2 and 3 whole"
    );
    let facts = trace.state_at(trace.len()).facts;
    assert_eq!((facts.sends, facts.recvs, facts.merged_recvs), (3, 1, 1));
    assert_eq!(
        (facts.frames, facts.frames_right, facts.frames_wrong),
        (1, 0, 1)
    );
    assert_eq!(trace.payload_mismatches(), 0);
}

#[test]
fn a_reader_that_keeps_up_merges_nothing() {
    let mut run = start(&sticky(Mode::Step));
    assert!(run.settle(PATIENCE));
    for _ in 0..10 {
        run.release(Release {
            actor: CLIENT,
            calls: 1,
        });
        run.release(Release {
            actor: SERVER,
            calls: 1,
        });
    }
    assert!(run.settle(PATIENCE));
    assert_eq!(recv_sizes(run.trace()), [5; 10]);
    assert_eq!(
        run.trace().state_at(run.trace().len()).facts.merged_recvs,
        0
    );
}

#[test]
fn a_blocked_reader_gets_each_message_as_it_comes() {
    let mut run = start(&sticky(Mode::Step));
    assert!(run.settle(PATIENCE));
    // The reader first: it is blocked, for real, and the schedule waits until it has what came.
    for _ in 0..5 {
        run.release(Release {
            actor: SERVER,
            calls: 1,
        });
        run.release(Release {
            actor: CLIENT,
            calls: 1,
        });
    }
    assert!(run.settle(PATIENCE));
    assert_eq!(recv_sizes(run.trace()), [5; 5]);
    let trace = run.trace();
    let blocked = (0..trace.len())
        .filter(|&i| trace.event(i).kind == Kind::Blocked && trace.event(i).actor == SERVER)
        .filter(|&i| trace.event(i).call() == Some(Call::Recv))
        .count();
    assert_eq!(blocked, 5);
}

#[test]
fn a_late_reader_gets_everything_at_once_and_framing_cures_it() {
    for (framing, right, wrong) in [
        ("raw", 0, 1),
        ("length:u32:big", 10, 0),
        ("delimiter:\\n", 10, 0),
    ] {
        let mut spec = sticky(FREE);
        spec.framing = framing.parse().unwrap();
        let mut run = start(&spec);
        assert!(run.finish_within(PATIENCE));
        let trace = run.into_trace();
        let facts = trace.state_at(trace.len()).facts;
        assert_eq!(facts.recvs, 1, "{framing}");
        assert_eq!(
            (facts.frames_right, facts.frames_wrong),
            (right, wrong),
            "{framing}"
        );
        assert_eq!(
            facts.merged_recvs, 1,
            "{framing}: the bytes merge all the same"
        );
    }
}

#[test]
fn a_live_parameter_counts_at_the_next_call() {
    let mut run = start(&sticky(Mode::Step));
    assert!(run.settle(PATIENCE));
    step(&mut run, CLIENT, 4);
    run.set_param("recv_size", &Value::Int(7));
    step(&mut run, SERVER, 1);
    run.set_param("recv_size", &Value::Int(3));
    step(&mut run, SERVER, 1);
    run.set_param("recv_size", &Value::Int(1024));
    step(&mut run, SERVER, 1);
    assert_eq!(recv_sizes(run.trace()), [7, 3, 10]);
}

#[test]
fn a_burst_releases_its_calls_back_to_back_and_either_skips_the_blocked() {
    let mut run = start(&sticky(Mode::Step));
    assert!(run.settle(PATIENCE));
    run.release(Release {
        actor: CLIENT,
        calls: 4,
    });
    assert!(run.settle(PATIENCE));
    assert_eq!(run.trace().state_at(run.trace().len()).facts.sends, 4);
    step(&mut run, SERVER, 2);
    assert_eq!(run.status(SERVER), Status::Blocked);
    for _ in 0..3 {
        assert_eq!(
            run.step_either(),
            Some(CLIENT),
            "the server is blocked or has just read"
        );
        assert!(run.settle(PATIENCE));
        if run.status(SERVER) == Status::AtGate {
            assert_eq!(run.step_either(), Some(SERVER));
            assert!(run.settle(PATIENCE));
        }
    }
    // Releasing a blocked actor is refused, and said.
    assert_eq!(run.status(SERVER), Status::Blocked);
    step(&mut run, SERVER, 1);
    assert_eq!(run.take_notices(), [Notice::StillBlocked(SERVER)]);
}

#[test]
fn pausing_holds_the_programs_and_running_goes_on() {
    let mut spec = sticky(Mode::Free {
        pace: Duration::from_millis(5),
    });
    spec.messages = Arc::new(vec![b"hello".to_vec(); 40]);
    let mut run = start(&spec);
    while run.trace().state_at(run.trace().len()).facts.sends < 2 {
        run.wait(Duration::from_millis(20));
        run.poll(Duration::from_millis(20));
    }
    run.pause();
    assert!(run.settle(PATIENCE));
    let sends = run.trace().state_at(run.trace().len()).facts.sends;
    assert!(sends < 40, "paused in the middle");
    run.run_free(Duration::ZERO);
    assert!(run.finish_within(PATIENCE));
    assert_eq!(run.trace().state_at(run.trace().len()).facts.sends, 40);
    let marks: Vec<Mark> = (0..run.trace().len())
        .filter_map(|i| run.trace().event(i).as_mark())
        .filter(|m| matches!(m, Mark::Paused | Mark::Resumed | Mark::Finished))
        .collect();
    assert_eq!(marks, [Mark::Paused, Mark::Resumed, Mark::Finished]);
}

#[test]
fn stop_wakes_a_blocked_call_within_100_ms_and_nobody_sees_a_close() {
    let recv = || Op::Recv {
        on: name("s"),
        size: Num::Lit(5),
        name: name("data"),
        peek: false,
    };
    let recv_server = || Op::Recv {
        on: name("conn"),
        size: Num::Lit(5),
        name: name("data"),
        peek: false,
    };
    let mut times = Vec::new();
    for _ in 0..50 {
        // Both in recv: the deadlock that stops a class.
        let mut run = start(&spec(
            FREE,
            client(vec![recv()]),
            server(vec![recv_server()]),
        ));
        let deadline = Instant::now() + PATIENCE;
        while run.status(CLIENT) != Status::Blocked || run.status(SERVER) != Status::Blocked {
            run.wait(Duration::from_millis(5));
            run.poll(Duration::from_millis(5));
            assert!(Instant::now() < deadline);
        }
        times.push(run.stop());
        let trace = run.into_trace();
        for i in 0..trace.len() {
            let event = trace.event(i);
            if event.kind == Kind::Return && event.call() == Some(Call::Recv) {
                assert!(event.has(flag::AFTER_STOP), "{event:?}");
            }
        }
        let state = trace.state_at(trace.len());
        assert!(
            state.streams.iter().all(|stream| !stream.ended),
            "no end of stream was seen"
        );
    }
    // On a busy machine a thread may have to wait for a processor; not half of the time.
    times.sort_unstable();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    println!("stop: median {median:?}, longest {longest:?}");
    assert!(median < Duration::from_millis(100), "median {median:?}");
    assert!(longest < Duration::from_secs(2), "longest {longest:?}");
}

#[test]
fn the_event_limit_pauses_and_keeps_going_on_request() {
    // More than can be on its way to the trace when the limit is noticed.
    const SENDS: u64 = 300_000;
    let mut spec = sticky(FREE);
    spec.messages = Arc::new(vec![b"hello".to_vec(); SENDS as usize]);
    spec.params = vec![
        (name("recv_size"), Value::Int(5)),
        (name("late_by"), Value::Int(0)),
    ];
    spec.event_limit = 5_000;
    let mut run = start(&spec);
    let deadline = Instant::now() + PATIENCE;
    let notices = loop {
        run.wait(Duration::from_millis(5));
        run.poll(Duration::from_millis(5));
        let notices = run.take_notices();
        if !notices.is_empty() {
            break notices;
        }
        assert!(Instant::now() < deadline);
    };
    assert_eq!(notices, [Notice::EventLimit(5_000)]);
    assert!(run.settle(PATIENCE), "paused");
    assert!(!run.is_finished());
    let kept = run.trace().len();
    run.keep_going_unrecorded();
    assert!(run.finish_within(PATIENCE));
    assert!(run.not_recorded() > 0);
    assert!(
        run.not_recorded() + u64::from(kept) >= 2 * SENDS,
        "every begin and every return is recorded or counted: {} and {kept}",
        run.not_recorded()
    );
    assert!(run.trace().len() < kept + 100, "only marks were added");
}

#[cfg(target_os = "linux")]
fn threads_and_descriptors() -> (usize, usize) {
    let count = |folder: &str| std::fs::read_dir(folder).unwrap().count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

/// A thousand runs, ended in every way; other tests of this file have threads too, so this one
/// runs in a process of its own.
#[test]
#[cfg(target_os = "linux")]
fn a_thousand_runs_leave_no_thread_and_no_descriptor() {
    if std::env::var_os("SOCKLAB_TEST_ALONE").is_none() {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_thousand_runs_leave_no_thread_and_no_descriptor",
            ])
            .args(["--test-threads", "1"])
            .env("SOCKLAB_TEST_ALONE", "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let round = |i: u32| {
        let mut run = start(&sticky(if i.is_multiple_of(2) {
            Mode::Step
        } else {
            FREE
        }));
        match i % 4 {
            0 => {
                assert!(run.settle(PATIENCE));
                run.release(Release {
                    actor: SERVER,
                    calls: 1,
                });
                assert!(run.settle(PATIENCE), "blocked in recv");
            }
            1 => assert!(run.finish_within(PATIENCE)),
            // Ended while it still begins.
            _ => {}
        }
        drop(run);
    };
    (0..20).for_each(round);
    let before = threads_and_descriptors();
    // The fallback cannot see when a call rests, and gives each a while.
    let runs = if cfg!(feature = "portable") {
        100
    } else {
        1000
    };
    (0..runs).for_each(round);
    assert_eq!(threads_and_descriptors(), before);
}

// ---------------------------------------------------------------- buffers and descriptors

fn send_text(text: &str) -> Op {
    Op::SendAll {
        on: name("s"),
        data: Data::Text(Text::Lit(name(text))),
    }
}

fn once_received(bytes: i64) -> Op {
    Op::Wait {
        actor: name("server"),
        until: Until::ReceivedBytes(Num::Lit(bytes)),
        ms: Num::Lit(0),
    }
}

/// Says no more, and hears what comes back.
fn listens_to_the_end() -> [Op; 3] {
    [
        Op::Shutdown {
            on: name("s"),
            how: How::Write,
        },
        Op::RecvUntilEof {
            on: name("s"),
            size: Num::Lit(100),
        },
        Op::Close { on: name("s") },
    ]
}

/// Sends back what those variables hold, with a bar before each.
fn sends_back(variables: &[&str]) -> Op {
    let parts = variables.iter().flat_map(|variable| {
        let bar = Data::Text(Text::Lit(name("|")));
        [bar, Data::Var(name(variable))]
    });
    Op::SendAll {
        on: name("conn"),
        data: Data::Joined(parts.collect()),
    }
}

fn run_freely(client: Program, server: Program) -> Trace {
    let mut run = start(&spec(FREE, client, server));
    assert!(run.finish_within(PATIENCE), "{run:?}");
    run.into_trace()
}

/// What came back to the client.
fn answer(trace: &Trace) -> String {
    let backward = trace.connections()[0].backward;
    let stream = &trace.streams()[usize::from(backward.0)];
    let bytes = stream.payload(0, stream.recvs().end());
    String::from_utf8(bytes.expect("kept")).expect("text")
}

fn begins(trace: &Trace, call: Call) -> Vec<(u32, u64)> {
    (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.kind == Kind::Begin && e.call() == Some(call))
        .map(|e| (e.link, e.a))
        .collect()
}

#[test]
fn recv_into_writes_each_part_behind_the_one_before() {
    let into = |variable: &str, size| Op::RecvInto {
        on: name("conn"),
        size: Num::Lit(size),
        name: name(variable),
    };
    let mut said = vec![send_text("he"), once_received(2), send_text("llo!")];
    said.extend(listens_to_the_end());
    let trace = run_freely(
        client(said),
        server(vec![
            into("word", 5),
            into("rest", 3),
            into("nothing", 2),
            sends_back(&["word", "rest", "nothing"]),
            Op::Close { on: name("conn") },
        ]),
    );
    assert_eq!(answer(&trace), "|hello|!|");
    let places = begins(&trace, Call::RecvInto);
    assert_eq!(places, [(0, 5), (2, 3), (0, 3), (1, 2), (0, 2)]);
}

#[test]
fn a_file_gives_whole_lines_and_keeps_the_rest() {
    let line = |variable: &str| Op::ReadLine {
        file: name("file"),
        size: Num::Lit(4),
        name: name(variable),
    };
    let mut said = vec![
        send_text("one\ntwo"),
        once_received(7),
        send_text("\nthree"),
    ];
    said.extend(listens_to_the_end());
    let trace = run_freely(
        client(said),
        server(vec![
            Op::MakeFile {
                on: name("conn"),
                name: name("file"),
            },
            line("a"),
            line("b"),
            line("c"),
            line("d"),
            line("e"),
            sends_back(&["a", "b", "c", "d", "e"]),
            Op::Close { on: name("conn") },
        ]),
    );
    // The third is cut at the four bytes asked for; behind the fourth the stream has ended.
    assert_eq!(answer(&trace), "|one\n|two\n|thre|e|");
    let stream = &trace.streams()[usize::from(trace.connections()[0].forward.0)];
    let frames: Vec<u64> = (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.kind == Kind::Frame)
        .map(|e| e.a)
        .collect();
    assert_eq!(frames, [0, 4, 8, 12], "where the lines stand in the stream");
    assert_eq!(recv_sizes(&trace), [7, 6]);
    assert_eq!(stream.recvs().end(), 13);
}

#[test]
fn a_duplicate_is_the_same_socket_until_the_last_is_closed() {
    let recv = |on: &str| Op::Recv {
        on: name(on),
        size: Num::Lit(10),
        name: name("nothing"),
        peek: false,
    };
    let trace = run_freely(
        client(vec![
            Op::Duplicate {
                on: name("s"),
                name: name("again"),
            },
            // What is set through the one counts for the other.
            Op::SetBlocking {
                on: name("s"),
                blocking: false,
            },
            Op::Try {
                body: vec![recv("again").into()],
            },
            Op::SetTimeout {
                on: name("again"),
                ms: Num::Lit(2000),
            },
            Op::GetTimeout { on: name("s") },
            Op::Close { on: name("s") },
            Op::SendAll {
                on: name("again"),
                data: Data::Text(Text::Lit(name("still here"))),
            },
            Op::Close { on: name("again") },
        ]),
        server(vec![
            Op::RecvUntilEof {
                on: name("conn"),
                size: Num::Lit(100),
            },
            Op::Close { on: name("conn") },
        ]),
    );
    let of_client = |kind, call| -> Vec<u32> {
        (0..trace.len())
            .filter(|&i| {
                let e = trace.event(i);
                e.actor == CLIENT && e.kind == kind && e.call() == Some(call)
            })
            .collect()
    };
    assert_eq!(
        of_client(Kind::Blocked, Call::Recv),
        [0; 0],
        "it did not wait"
    );
    let refused = of_client(Kind::Return, Call::Recv);
    assert!(trace.event(refused[0]).errno().is_some());
    let timeout = of_client(Kind::Return, Call::GetTimeout);
    assert_eq!(trace.event(timeout[0]).a, 2000);
    // One socket, two numbers, and the second close is its end.
    let duplicate = trace.event(of_client(Kind::Return, Call::Duplicate)[0]);
    let socket = of_client(Kind::Return, Call::Socket)[0];
    assert_eq!(duplicate.socket, trace.event(socket).socket);
    assert_ne!(duplicate.b, trace.event(socket).b);
    let closes = of_client(Kind::Return, Call::Close);
    assert_eq!(closes.len(), 2);
    let info = &trace.sockets()[usize::from(duplicate.socket.0)];
    assert_eq!(info.closed, Some(closes[1]));
    assert_eq!(recv_sizes(&trace), [10]);
}
