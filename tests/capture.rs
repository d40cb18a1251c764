//! Real captures in a private network, without any privilege. Where the system refuses one, the
//! tests say why and pass.
#![cfg(all(target_os = "linux", not(feature = "portable")))]

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use socklab::experiment::program::{Address, Data, Node, Num, Op, Program, Text, Until};
use socklab::experiment::{ActorSpec, FRAME_LIMIT, Mode, NamespaceOptions, Run, RunSpec, Value};
use socklab::framing::FramingSpec;
use socklab::lesson::{Expr, Settings};
use socklab::net::{Family, SockOpt, SocketKind};
use socklab::trace::{Network, Role, SegmentRole, Stream, Trace, flag, recording, tcp};

const LAB: &str = env!("CARGO_BIN_EXE_socklab");
const PATIENCE: Duration = Duration::from_mins(1);

/// One test at a time: some count what the process holds.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    socklab::net::set_helper(LAB.into());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn name(text: &str) -> String {
    text.to_owned()
}

fn set(on: &str, option: SockOpt, value: i64) -> Op {
    Op::SetOption {
        on: name(on),
        option,
        value: Num::Lit(value),
    }
}

fn close(on: &str) -> Op {
    Op::Close { on: name(on) }
}

fn sends() -> Op {
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

fn reads(size: i64) -> Op {
    Op::RecvUntilEof {
        on: name("conn"),
        size: Num::Lit(size),
    }
}

fn until_sent(messages: i64) -> Op {
    Op::Wait {
        actor: name("client"),
        until: Until::Sent(Num::Lit(messages)),
        ms: Num::Lit(5000),
    }
}

/// A client and a server: options of the listening and the connecting socket, then what each does.
struct Scene {
    family: Family,
    before: Vec<(SockOpt, i64)>,
    client: Vec<Op>,
    server: Vec<Op>,
    messages: Vec<Vec<u8>>,
}

impl Scene {
    fn new(client: Vec<Op>, server: Vec<Op>, messages: Vec<Vec<u8>>) -> Self {
        Scene {
            family: Family::Inet,
            before: vec![],
            client,
            server,
            messages,
        }
    }

    fn spec(&self, capture: Option<NamespaceOptions>) -> RunSpec {
        let socket = |n: &str| Op::Socket {
            name: name(n),
            family: self.family,
            kind: SocketKind::Stream,
        };
        let host = if self.family == Family::Inet6 {
            "::1"
        } else {
            "127.0.0.1"
        };
        let before = |on: &'static str| self.before.iter().map(move |&(o, v)| set(on, o, v));
        let server: Vec<Op> = std::iter::once(socket("listener"))
            .chain(before("listener"))
            .chain([
                Op::Bind {
                    on: name("listener"),
                    to: Address::Host {
                        host: Text::Lit(name(host)),
                        port: Num::Lit(0),
                    },
                },
                Op::Listen {
                    on: name("listener"),
                    backlog: Num::Lit(1),
                },
                Op::Accept {
                    on: name("listener"),
                    name: name("conn"),
                },
            ])
            .chain(self.server.iter().cloned())
            .chain([close("conn"), close("listener")])
            .collect();
        let client: Vec<Op> = std::iter::once(socket("s"))
            .chain(before("s"))
            .chain([Op::Connect {
                on: name("s"),
                to: Address::Actor(name("server")),
            }])
            .chain(self.client.iter().cloned())
            .chain([close("s")])
            .collect();
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
            lesson: name("capture"),
            actors: vec![
                actor("client", Role::Client, client),
                actor("server", Role::Server, server),
            ],
            params: vec![(name("recv_size"), Value::Int(1024))],
            framing: FramingSpec::Raw,
            messages: Arc::new(self.messages.clone()),
            mode: Mode::Free {
                pace: Duration::ZERO,
            },
            event_limit: 1_000_000,
            payload_budget: 1 << 24,
            external_port: 0,
            relay: None,
            frame_limit: FRAME_LIMIT,
            capture,
        }
    }

    /// Runs it; `None` (and why) where packets cannot be captured.
    fn run(&self, options: NamespaceOptions) -> Option<Trace> {
        let mut run = Run::start(&self.spec(Some(options)), Arc::new(|| {})).expect("threads");
        if let Network::Host { refused } = &run.trace().meta().network {
            eprintln!("skipped: packets cannot be captured here ({refused:?})");
            return None;
        }
        assert!(run.finish_within(PATIENCE), "{run:?}");
        let trace = run.into_trace();
        hold_together(&trace);
        Some(trace)
    }
}

fn forward(trace: &Trace) -> &Stream {
    trace
        .stream(trace.main_stream().expect("a connection"))
        .expect("its stream")
}

fn roles(trace: &Trace) -> Vec<SegmentRole> {
    (0..trace.frames().len())
        .filter_map(|n| trace.event(trace.frames().event(n)?).segment())
        .map(|s| s.role)
        .collect()
}

fn count(trace: &Trace, role: SegmentRole) -> usize {
    roles(trace).into_iter().filter(|&r| r == role).count()
}

/// What is true of every capture: segments carry the whole stream, in order, each between the
/// send that caused it and the recv that took it; their bytes are the stream's.
fn hold_together(trace: &Trace) {
    assert_eq!(trace.frames().not_captured(trace.len()), 0);
    for stream in trace.streams() {
        let sent = stream.sent_at(trace.len());
        let mut at = 0;
        for item in stream.segments().iter() {
            assert_eq!(item.start, at, "no byte left out, none twice");
            at = item.end;
            let when = trace.event(item.event).t;
            for n in stream.sends().overlapping(item.start, item.end) {
                let begin = trace.event(stream.sends().get(n).event).link;
                assert!(trace.event(begin).t <= when, "sent before it was called");
            }
            for n in stream.recvs().overlapping(item.start, item.end) {
                let recv = stream.recvs().get(n).event;
                assert!(recv > item.event, "received before it was sent");
            }
        }
        if sent == stream.received_at(trace.len()) {
            assert_eq!(at, sent);
        }
    }
    let mut bytes = Vec::new();
    for n in 0..trace.frames().len() {
        let event = trace.frames().event(n).expect("every number has one");
        let length = trace.frame_bytes(n, &mut bytes);
        assert_eq!(bytes.len(), length as usize, "whole, also its payload");
        let segment = trace.event(event).segment().expect("a segment");
        if let Some((stream, start, end)) = trace.segment_range(event) {
            let payload = trace.stream(stream).and_then(|s| s.payload(start, end));
            let tail = &bytes[bytes.len() - segment.len as usize..];
            assert_eq!(payload.as_deref(), Some(tail));
        }
    }
}

fn hellos(n: usize) -> Vec<Vec<u8>> {
    vec![b"hello".to_vec(); n]
}

#[test]
fn every_send_is_a_segment_and_one_recv_takes_them_all() {
    let _alone = alone();
    let client = vec![set("s", SockOpt::NoDelay, 1), sends()];
    let scene = Scene::new(client, vec![until_sent(10), reads(1024)], hellos(10));
    let Some(trace) = scene.run(NamespaceOptions::default()) else {
        return;
    };
    assert_eq!(
        roles(&trace)[..3],
        [SegmentRole::Syn, SegmentRole::SynAck, SegmentRole::Ack]
    );
    let segments = forward(&trace).segments();
    assert_eq!(segments.len(), 10);
    assert!(segments.iter().all(|s| s.end - s.start == 5));
    assert!(
        segments
            .iter()
            .all(|s| !trace.event(s.event).has(flag::MERGED))
    );
    assert_eq!(forward(&trace).recvs().len(), 1, "merged by the receiver");
    let fins = (0..trace.frames().len())
        .filter_map(|n| trace.event(trace.frames().event(n)?).segment())
        .filter(|s| s.flags & tcp::FIN != 0)
        .count();
    assert_eq!(fins, 2, "both ends are seen to close");
    assert_eq!(trace.flows().len(), 2);
}

#[test]
fn conditions_of_lessons_speak_of_segments() {
    let _alone = alone();
    let client = vec![set("s", SockOpt::NoDelay, 1), sends()];
    let scene = Scene::new(client, vec![until_sent(10), reads(1024)], hellos(10));
    let options = NamespaceOptions {
        timestamps: false,
        tail_loss_probe: false,
        ..NamespaceOptions::default()
    };
    let Some(trace) = scene.run(options) else {
        return;
    };
    let settings = Settings::default();
    for text in [
        "data_segments == 10 and merged_segments == 0 and retransmissions == 0",
        "syns == 2 and fins == 2 and resets == 0 and pure_acks > 0",
        "len(segment.flags) == segments and segments >= 15",
        "segment[0].flags == SYN and segment[1].flags == SYN + ACK and segment[2].flags == ACK",
        "segment[0].seq == 0 and segment[1].ack == 1 and segment[2].seq == 1",
        "client.segment[2].bytes == 5 and client.segment[2].size == 14 + 20 + 20 + 5",
        "client.segment[3].seq == 6 and client.segment[3].sends == 1",
        "client.segment[2].messages == 1 and sum(client.segment.bytes) == 50",
        "sum(server.segment.bytes) == 0 and max(server.segment.ack) == 52",
        "len(client.segment.seq) + len(server.segment.seq) == segments",
        "min(segment.window) > 0",
    ] {
        let expr: Expr = text.parse().expect(text);
        assert!(expr.speaks_of_segments());
        let figures = expr.figures(&trace, trace.len(), &settings);
        assert_eq!(
            expr.eval(&trace, trace.len(), &settings),
            Ok(true),
            "{text}: {figures}"
        );
    }
    // Before anything was sent there are none; where nothing is captured that cannot be said.
    let none: Expr = "segments == 0 and segment.bytes == []"
        .parse()
        .expect("read");
    assert_eq!(none.eval(&trace, 1, &settings), Ok(true));
    let mut run = Run::start(&scene.spec(None), Arc::new(|| {})).expect("threads");
    assert!(run.finish_within(PATIENCE));
    assert!(
        none.eval(run.trace(), run.trace().len(), &settings)
            .is_err()
    );
    assert!(
        "send.flags == []".parse::<Expr>().is_err(),
        "sends have none"
    );
}

#[test]
fn a_cork_merges_before_the_network_sees_it() {
    let _alone = alone();
    let client = vec![
        set("s", SockOpt::Cork, 1),
        sends(),
        set("s", SockOpt::Cork, 0),
    ];
    let scene = Scene::new(client, vec![until_sent(10), reads(1024)], hellos(10));
    let Some(trace) = scene.run(NamespaceOptions::default()) else {
        return;
    };
    let segments = forward(&trace).segments();
    assert_eq!(segments.len(), 1, "one segment for ten sends");
    assert!(trace.event(segments.get(0).event).has(flag::MERGED));
}

#[test]
fn the_mtu_bounds_every_packet() {
    let _alone = alone();
    for mtu in [1500, 576] {
        let scene = Scene::new(vec![sends()], vec![reads(65_536)], vec![vec![7; 20_000]]);
        let options = NamespaceOptions {
            mtu,
            ..NamespaceOptions::default()
        };
        let Some(trace) = scene.run(options) else {
            return;
        };
        let mut bytes = Vec::new();
        let longest = (0..trace.frames().len())
            .map(|n| trace.frame_bytes(n, &mut bytes))
            .max();
        assert_eq!(longest, Some(mtu + 14), "full segments, none larger");
        let first = forward(&trace).segments().get(1).event;
        assert!(
            trace.event(first).has(flag::SPLIT),
            "one send, many segments"
        );
    }
}

#[test]
fn a_plain_header_is_the_textbooks() {
    let _alone = alone();
    let scene = Scene::new(vec![sends()], vec![reads(1024)], hellos(1));
    let options = NamespaceOptions {
        timestamps: false,
        sack: false,
        window_scaling: false,
        tail_loss_probe: false,
        ..NamespaceOptions::default()
    };
    let Some(trace) = scene.run(options) else {
        return;
    };
    let Network::Captured {
        not_granted,
        settings,
        ..
    } = &trace.meta().network
    else {
        panic!("captured");
    };
    assert_eq!(settings.len(), 4);
    if !not_granted.is_empty() {
        eprintln!("skipped: the system refuses {not_granted:?}");
        return;
    }
    let data = forward(&trace).segments().get(0).event;
    let n = trace.event(data).segment().expect("a segment").frame as usize;
    assert_eq!(trace.frames().headers(n).len(), 14 + 20 + 20);
    assert_eq!(trace.flows()[0].scale, None);
}

#[test]
fn lost_segments_are_sent_again_and_every_byte_arrives() {
    let _alone = alone();
    let client = vec![set("s", SockOpt::NoDelay, 1), sends()];
    let scene = Scene::new(client, vec![reads(4096)], vec![vec![9; 700]; 60]);
    let options = NamespaceOptions {
        loss: 20.0,
        ..NamespaceOptions::default()
    };
    let Some(trace) = scene.run(options) else {
        return;
    };
    assert_eq!(forward(&trace).received_at(trace.len()), 42_000);
    assert_eq!(trace.payload_mismatches(), 0);
    // Sixty segments, a fifth of them lost: that none is lost happens once in 600,000 runs.
    assert!(count(&trace, SegmentRole::Retransmission) > 0);
}

#[test]
fn a_reader_that_sleeps_closes_the_window() {
    let _alone = alone();
    let server = vec![Op::Sleep { ms: Num::Lit(700) }, reads(4096)];
    let mut scene = Scene::new(vec![sends()], server, vec![vec![1; 500]; 200]);
    scene.before = vec![(SockOpt::RcvBuf, 4096), (SockOpt::SndBuf, 4096)];
    let Some(trace) = scene.run(NamespaceOptions::default()) else {
        return;
    };
    assert!(
        count(&trace, SegmentRole::ZeroWindow) > 0,
        "{:?}",
        roles(&trace)
    );
    assert!(
        count(&trace, SegmentRole::WindowProbe) > 0,
        "{:?}",
        roles(&trace)
    );
    assert!(
        count(&trace, SegmentRole::WindowUpdate) > 0,
        "{:?}",
        roles(&trace)
    );
}

#[test]
fn ipv6_is_captured_too() {
    let _alone = alone();
    let mut scene = Scene::new(vec![sends()], vec![reads(1024)], hellos(3));
    scene.family = Family::Inet6;
    let Some(trace) = scene.run(NamespaceOptions::default()) else {
        return;
    };
    assert!(trace.flows()[0].from.starts_with("[::1]:"));
    assert_eq!(forward(&trace).segments().end(), 15);
}

#[test]
fn a_limited_rate_takes_its_time() {
    let _alone = alone();
    let scene = Scene::new(vec![sends()], vec![reads(65_536)], vec![vec![3; 60_000]]);
    let options = NamespaceOptions {
        rate: 100_000,
        ..NamespaceOptions::default()
    };
    let Some(trace) = scene.run(options) else {
        return;
    };
    let segments = forward(&trace).segments();
    let at = |n| trace.event(segments.get(n).event).t;
    let took = Duration::from_nanos(at(segments.len() - 1) - at(0));
    // The first ten segments are not paced; 45 kB at 100 kB/s follow.
    assert!(took > Duration::from_millis(200), "{took:?}");
}

#[test]
fn a_recording_gives_back_every_packet() {
    let _alone = alone();
    let scene = Scene::new(vec![sends()], vec![reads(7)], hellos(20));
    let Some(trace) = scene.run(NamespaceOptions::default()) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("captured.socklab");
    recording::save(&trace, &file).expect("saved");
    let loaded = recording::load(&file).expect("loaded");
    assert!(loaded.whole, "{:?}", loaded.lost);
    let again = loaded.trace;
    assert_eq!(again.meta(), trace.meta());
    assert_eq!(again.len(), trace.len());
    for i in 0..trace.len() {
        assert_eq!(again.event(i), trace.event(i));
        assert_eq!(again.segment_range(i), trace.segment_range(i));
    }
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for n in 0..trace.frames().len() {
        assert_eq!(trace.frame_bytes(n, &mut a), again.frame_bytes(n, &mut b));
        assert_eq!(a, b);
    }
    hold_together(&again);
}

#[test]
fn a_run_without_capture_is_written_for_older_programs() {
    let _alone = alone();
    let scene = Scene::new(vec![sends()], vec![reads(64)], hellos(2));
    let mut run = Run::start(&scene.spec(None), Arc::new(|| {})).expect("threads");
    assert!(run.finish_within(PATIENCE));
    let trace = run.into_trace();
    assert_eq!(trace.meta().network, Network::Host { refused: None });
    assert!(trace.frames().is_empty() && forward(&trace).segments().is_empty());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plain.socklab");
    recording::save(&trace, &file).expect("saved");
    let bytes = std::fs::read(&file).expect("read");
    assert_eq!(bytes[8..12], 1u32.to_le_bytes(), "format version 1");
}

#[test]
fn with_a_program_outside_the_run_is_made_on_the_host() {
    let _alone = alone();
    let scene = Scene::new(vec![], vec![], vec![]);
    let mut spec = scene.spec(Some(NamespaceOptions::default()));
    spec.actors[0].external = true;
    let run = Run::start(&spec, Arc::new(|| {})).expect("threads");
    // Who may capture on the computer's own loopback does so there.
    match &run.trace().meta().network {
        Network::Host { refused } => assert_eq!(refused.as_deref(), Some("external")),
        Network::Captured { on_host, .. } => assert_eq!(on_host.as_deref(), Some("external")),
    }
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("proc").count()
}

fn children(of: u32) -> BTreeSet<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{of}/task"));
    tasks
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|pids| {
            pids.split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect()
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("proc").count()
}

/// Network namespaces in use, where we may know (root).
fn namespaces() -> Option<u32> {
    let slabs = std::fs::read_to_string("/proc/slabinfo").ok()?;
    let line = slabs.lines().find(|l| l.starts_with("net_namespace "))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn two_hundred_captured_runs_leave_nothing_behind() {
    let _alone = alone();
    let scene = Scene::new(vec![sends()], vec![reads(64)], hellos(2));
    // The first run brings things to life that stay.
    if scene.run(NamespaceOptions::default()).is_none() {
        return;
    }
    let before = (descriptors(), children(std::process::id()));
    let (threads_before, namespaces_before) = (threads(), namespaces());
    let begun = Instant::now();
    for _ in 0..200 {
        scene.run(NamespaceOptions::default());
        assert!(begun.elapsed() < Duration::from_mins(5), "too slow");
    }
    assert_eq!((descriptors(), children(std::process::id())), before);
    wait_until("threads are left", || threads() <= threads_before);
    if let Some(n) = namespaces_before {
        // The kernel takes them down later, several at once, and other programs have some, too.
        wait_until("namespaces are left", || {
            namespaces().is_none_or(|now| now < n + 100)
        });
    }
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_behind() {
    let _alone = alone();
    let forever = vec![Op::Recv {
        on: name("conn"),
        size: Num::Lit(10),
        name: name("data"),
        peek: false,
    }];
    let wait = vec![Op::Recv {
        on: name("s"),
        size: Num::Lit(10),
        name: name("data"),
        peek: false,
    }];
    let scene = Scene::new(wait, forever, vec![]);
    let before = descriptors();
    let spec = scene.spec(Some(NamespaceOptions::default()));
    let mut run = Run::start(&spec, Arc::new(|| {})).expect("threads");
    if !run.trace().meta().network.is_captured() {
        eprintln!("skipped: packets cannot be captured here");
        return;
    }
    let begun = Instant::now();
    while run.trace().connections().is_empty() {
        assert!(begun.elapsed() < PATIENCE);
        run.poll(Duration::from_millis(20));
        run.wait(Duration::from_millis(20));
    }
    run.stop();
    let trace = run.into_trace();
    assert!(count(&trace, SegmentRole::Syn) == 1);
    assert!(count(&trace, SegmentRole::Fin) + count(&trace, SegmentRole::Rst) > 0);
    assert_eq!(descriptors(), before);
    assert!(children(std::process::id()).is_empty());
}

fn is_running(pid: u32) -> bool {
    // A zombie that nobody has fetched yet runs no more.
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(')')
            .next()
            .unwrap_or("")
            .trim()
            .starts_with('Z')
    })
}

/// Ends a child also when an assertion fails.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_helper_ends_when_the_lab_is_killed() {
    let _alone = alone();
    // A run that takes its time: most segments are lost.
    let lab = Command::new(LAB)
        .args(["run", "sticky-merge", "--captured", "--loss", "90"])
        .args(["--set", "count=10", "--set", "nodelay=1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the lab");
    let mut lab = Ended(lab);
    let begun = Instant::now();
    let helper = loop {
        if let Some(&helper) = children(lab.0.id()).first() {
            break helper;
        }
        if lab.0.try_wait().expect("its state").is_some() {
            eprintln!("skipped: the run was over before its helper was seen");
            return;
        }
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(1));
    };
    lab.0.kill().expect("SIGKILL");
    lab.0.wait().expect("its end");
    wait_until("the helper is left", || !is_running(helper));
}

#[test]
fn the_helper_ends_when_nobody_listens() {
    let _alone = alone();
    let (ours, theirs) =
        socket2::Socket::pair(socket2::Domain::UNIX, 5.into(), None).expect("pair");
    let helper = Command::new(LAB)
        .args(["--namespace-helper", "1500,1,1,1,1"])
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .spawn()
        .expect("the helper");
    let mut helper = Ended(helper);
    drop(ours);
    wait_until("the helper is left", || {
        helper.0.try_wait().expect("its state").is_some()
    });
}

/// Runs the lab as `command` says, and gives what the JSON report says of the network.
fn network_of(mut command: Command) -> Option<serde_json::Value> {
    let output = command.output().ok()?;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(report["network"].clone())
}

#[test]
fn an_ordinary_user_may_capture() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("mode");
    let lab = folder.path().join("socklab");
    std::fs::copy(LAB, &lab).expect("a copy everybody may run");
    let mut command = Command::new(&lab);
    command
        .args(["run", "sticky-merge", "--captured", "--json"])
        .current_dir("/");
    if Path::new("/proc/self")
        .metadata()
        .is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
    {
        command.uid(65_534).gid(65_534);
    }
    let network = network_of(command).expect("a report");
    if network["Host"].is_object() {
        eprintln!("skipped: refused to an ordinary user: {network}");
        return;
    }
    assert_eq!(network["Captured"]["mtu"], 1500);
    assert_eq!(network["Captured"]["not_granted"], serde_json::json!([]));
}

#[test]
fn where_namespaces_are_switched_off_the_run_is_made_on_the_host_and_says_why() {
    let _alone = alone();
    // In a namespace of its own root may switch further ones off.
    let off = "echo 0 > /proc/sys/user/max_user_namespaces && \
               echo 0 > /proc/sys/user/max_net_namespaces && \
               exec \"$0\" run sticky-merge --captured --json";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "sh", "-c", off, LAB]);
    let Some(network) = network_of(command) else {
        eprintln!("skipped: unshare(1) does not work here");
        return;
    };
    assert_eq!(network["Host"]["refused"], "switched-off");
}
