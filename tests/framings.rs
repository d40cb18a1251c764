//! Every framing strategy on real sockets, freely and step by step: which bring every message out
//! right, and which do not, read off the traces.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::{Mode, Release, Run, Status};
use socklab::framing::FramingSpec;
use socklab::lesson::{Catalogue, Lesson, Settings};
use socklab::trace::{
    ActorId, Call, Detail, Facts, Kind, Mark, Origin, Stream, Trace, Verdict, flag,
};

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
const PATIENCE: Duration = Duration::from_secs(20);
const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn lesson(id: &str) -> Arc<Lesson> {
    let catalogue = Catalogue::load_embedded();
    catalogue.get(id).expect("it is embedded").clone()
}

fn settings(lesson: &Lesson, set: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::defaults(lesson);
    for (name, value) in set {
        settings.set(lesson, name, value).expect("a valid setting");
    }
    settings
}

fn start(id: &str, set: &[(&str, &str)], mode: Mode) -> Run {
    let lesson = lesson(id);
    let spec = lesson.run_spec(&settings(&lesson, set), mode, &[]);
    Run::start(&spec, Arc::new(|| {})).expect("threads")
}

fn free_run(id: &str, set: &[(&str, &str)]) -> Trace {
    let mut run = start(id, set, FREE);
    assert!(run.finish_within(PATIENCE), "{set:?}: {run:?}");
    run.into_trace()
}

fn facts(trace: &Trace) -> Facts {
    trace.state_at(trace.len()).facts
}

fn main_stream(trace: &Trace) -> &Stream {
    let id = trace.main_stream().expect("a connection");
    trace.stream(id).expect("it is there")
}

/// Numbers of the messages whose frames are right, in order.
fn right(trace: &Trace) -> Vec<u32> {
    let stream = main_stream(trace);
    (0..stream.frames().len())
        .filter(|&i| stream.verdict(i) == Verdict::Right)
        .map(|i| {
            let at = stream.messages().containing(stream.frames().get(i).start);
            stream.messages().get(at.expect("a message")).number
        })
        .collect()
}

fn all(count: u32) -> Vec<u32> {
    (0..count).collect()
}

fn failures(trace: &Trace) -> Vec<String> {
    (0..trace.len())
        .filter(|&i| trace.event(i).as_mark() == Some(Mark::ActorEnded))
        .filter_map(|i| match trace.detail(i) {
            Some(Detail::Error(text)) => Some(text.clone()),
            Some(Detail::Decode {
                code, value, limit, ..
            }) => Some(format!("{code}: {value}, at most {limit}")),
            _ => None,
        })
        .collect()
}

fn every_framing() -> Vec<FramingSpec> {
    // The fallback for other systems gives every release 120 ms to settle: one of each kind there.
    let mut specs = if cfg!(feature = "portable") {
        FramingSpec::strategies()
    } else {
        FramingSpec::choices()
    };
    for more in [
        "fixed:5",
        "fixed:6:.",
        "ack:u8:big",
        "ack:u64:big",
        "pacing:0",
        "struct:i",
    ] {
        specs.push(more.parse().expect("a strategy"));
    }
    specs
}

/// The reader comes after the tenth message: what is told apart is told apart from one chunk.
#[test]
fn a_late_reader_gets_right_messages_from_every_framing_that_frames() {
    for framing in every_framing() {
        let name = framing.to_string();
        let trace = free_run("sticky-merge", &[("framing", &name)]);
        let facts = facts(&trace);
        assert_eq!(failures(&trace), Vec::<String>::new(), "{name}");
        assert_eq!(trace.payload_mismatches(), 0, "{name}");
        if framing.survives_any_cutting() {
            assert_eq!(right(&trace), all(10), "{name}");
            assert_eq!((facts.frames_wrong, facts.decode_errors), (0, 0), "{name}");
        } else {
            assert_eq!(facts.recvs, 1, "{name}: it was late");
            assert_eq!(
                (facts.frames, facts.frames_wrong),
                (1, 1),
                "{name}: all in one"
            );
        }
    }
}

/// Each recv takes three bytes only.
#[test]
fn small_recvs_hurt_only_what_does_not_frame() {
    for framing in every_framing() {
        let name = framing.to_string();
        let trace = free_run("sticky-merge", &[("framing", &name), ("recv_size", "3")]);
        if framing.survives_any_cutting() {
            assert_eq!(right(&trace), all(10), "{name}");
            assert_eq!(facts(&trace).frames_wrong, 0, "{name}");
        } else {
            assert!(
                facts(&trace).frames_right < 10,
                "{name}: {:?}",
                right(&trace)
            );
        }
    }
}

/// Every byte of "hello" arrives in its frame of eight, and "hell" comes out: the padding was "o".
#[test]
fn a_message_that_ends_as_padding_does_is_never_right() {
    for more in [
        &[("recv_size", "1000")][..],
        &[("recv_size", "3")],
        &[("recv_size", "8")],
    ] {
        let set = [&[("framing", "fixed:8:o")], more].concat();
        let trace = free_run("sticky-merge", &set);
        let facts = facts(&trace);
        assert_eq!(right(&trace), Vec::<u32>::new(), "{set:?}");
        assert_eq!((facts.frames, facts.frames_right), (10, 0), "{set:?}");
        assert_eq!(facts.frames_wrong, 10, "{set:?}");
        let told: Vec<(u32, u64)> = (0..trace.len())
            .map(|i| trace.event(i))
            .filter(|e| e.as_mark() == Some(Mark::EndsAsPadding))
            .map(|e| (e.link, e.a))
            .collect();
        let expected: Vec<(u32, u64)> = all(10).into_iter().map(|n| (n, 1)).collect();
        assert_eq!(told, expected, "{set:?}: message and bytes lost");
    }
    // Only its own end is taken for padding.
    let trace = free_run("sticky-merge", &[("framing", "fixed:8:h")]);
    assert_eq!(right(&trace), all(10));
}

/// A reader who keeps up, step by step, gets each message by itself, whatever the framing: that
/// is what makes the wrong ones look right.
#[test]
fn step_by_step_a_reader_who_keeps_up_gets_right_messages_from_all() {
    for framing in every_framing().into_iter().filter(|f| !f.acknowledged()) {
        let name = framing.to_string();
        let mut run = start("sticky-merge", &[("framing", &name)], Mode::Step);
        for _ in 0..10 {
            for actor in [CLIENT, SERVER] {
                run.release(Release { actor, calls: 1 });
            }
        }
        assert!(run.settle(PATIENCE), "{name}: {run:?}");
        assert_eq!(right(run.trace()), all(10), "{name}");
        // Ten sends later than the reader, the same framings part ways.
        let mut run = start("sticky-merge", &[("framing", &name)], Mode::Step);
        for (actor, calls) in [(CLIENT, 10), (SERVER, 1)] {
            for _ in 0..calls {
                run.release(Release { actor, calls: 1 });
            }
        }
        assert!(run.settle(PATIENCE), "{name}: {run:?}");
        let expected = if framing.survives_any_cutting() {
            all(10)
        } else {
            Vec::new()
        };
        assert_eq!(right(run.trace()), expected, "{name}");
    }
}

// ---------------------------------------------------------------- pacing

fn sleeps(trace: &Trace) -> Vec<Duration> {
    let calls = trace.calls(CLIENT);
    (0..calls.len())
        .filter_map(|i| calls.get(i))
        .filter(|call| trace.event(call.begin).call() == Some(Call::Sleep))
        .filter_map(|call| Some(trace.event(call.end?).t - trace.event(call.begin).t))
        .map(Duration::from_nanos)
        .collect()
}

#[test]
fn pacing_sleeps_for_real_after_each_message() {
    let trace = free_run(
        "sticky-merge",
        &[("framing", "pacing:20"), ("count", "5"), ("late_by", "0")],
    );
    let sleeps = sleeps(&trace);
    assert_eq!(sleeps.len(), 5);
    assert!(
        sleeps.iter().all(|t| *t >= Duration::from_millis(20)),
        "{sleeps:?}"
    );
    assert_eq!(facts(&trace).bytes_received, 25);
}

#[test]
fn a_pause_is_skipped_step_by_step_and_ends_at_stop() {
    let pause = [("framing", "pacing:60000")];
    let mut run = start("sticky-merge", &pause, Mode::Step);
    for _ in 0..3 {
        run.release(Release {
            actor: CLIENT,
            calls: 1,
        });
    }
    assert!(run.settle(PATIENCE), "nobody sleeps a minute: {run:?}");
    assert_eq!(facts(run.trace()).sends, 3);
    let skipped = (0..run.trace().len())
        .filter(|&i| run.trace().event(i).as_mark() == Some(Mark::Skipped))
        .count();
    assert_eq!(skipped, 2, "before the second and the third send");

    let mut run = start("sticky-merge", &pause, FREE);
    let deadline = Instant::now() + PATIENCE;
    while run.status(CLIENT) != Status::Waiting || facts(run.trace()).sends == 0 {
        run.poll(Duration::from_millis(5));
        run.wait(Duration::from_millis(5));
        assert!(
            Instant::now() < deadline,
            "asleep after the first message: {run:?}"
        );
    }
    assert!(run.stop() < Duration::from_secs(5), "not a minute");
}

// ---------------------------------------------------------------- acknowledgements

fn step(run: &mut Run, actor: ActorId) {
    run.release(Release { actor, calls: 1 });
    assert!(run.settle(PATIENCE), "{run:?}");
}

/// Calls of an actor that moved bytes: which, how many bytes.
fn moved(trace: &Trace, actor: ActorId) -> Vec<(Call, i32)> {
    (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.actor == actor && e.kind == Kind::Return)
        .filter_map(|e| Some((e.call()?, e.b)))
        .filter(|(call, _)| call.sends() || call.receives())
        .collect()
}

#[test]
fn length_and_payload_are_two_calls_with_a_round_trip_between_them() {
    let mut run = start("sticky-merge", &[("framing", "ack")], Mode::Step);
    assert!(run.settle(PATIENCE));
    for message in 0..3 {
        step(&mut run, CLIENT);
        step(&mut run, CLIENT);
        assert_eq!(
            run.status(CLIENT),
            Status::Blocked,
            "nobody has acknowledged"
        );
        step(&mut run, SERVER);
        assert_eq!(
            facts(run.trace()).frames,
            message,
            "only the length is there"
        );
        assert_eq!(run.status(CLIENT), Status::Blocked);
        step(&mut run, SERVER);
        assert_eq!(run.status(CLIENT), Status::AtGate, "acknowledged");
        step(&mut run, CLIENT);
        step(&mut run, SERVER);
        assert_eq!(facts(run.trace()).frames_right, message + 1);
    }
    let trace = run.into_trace();
    // Op::Send of this lesson is send(); an acknowledgement is always sendall().
    let client = [(Call::Send, 4), (Call::Recv, 1), (Call::Send, 5)].repeat(3);
    assert_eq!(moved(&trace, CLIENT), client);
    let server = [(Call::Recv, 4), (Call::SendAll, 1), (Call::Recv, 5)].repeat(3);
    assert_eq!(moved(&trace, SERVER), server);
    // Header and payload are one message; what comes back is none.
    assert_eq!(right(&trace), all(3));
    let stream = main_stream(&trace);
    assert_eq!(stream.messages().len(), 3);
    assert_eq!(
        stream.payload(0, 9).as_deref(),
        Some(&b"\x05\0\0\0hello"[..])
    );
    let back = trace
        .stream(trace.connections()[0].backward)
        .expect("both ways");
    assert_eq!((back.messages().len(), back.frames().len()), (0, 0));
    let origins: Vec<_> = back
        .parts(0, 3)
        .map(|p| (p.origin, p.start, p.end))
        .collect();
    assert_eq!(origins, [(Origin::Acknowledgement, 0, 3)]);
    assert_eq!(back.payload(0, 3).as_deref(), Some(&[6; 3][..]));
}

#[test]
fn each_message_costs_one_real_round_trip() {
    let trace = free_run(
        "sticky-merge",
        &[("framing", "ack"), ("count", "50"), ("late_by", "0")],
    );
    assert_eq!(right(&trace), all(50));
    let calls = moved(&trace, CLIENT);
    assert_eq!(calls.len(), 150);
    let order = calls
        .chunks(3)
        .all(|calls| matches!(calls, [(Call::Send, 4), (Call::Recv, 1), (Call::Send, 5)]));
    assert!(order, "{calls:?}");
    // An acknowledgement is received only after the server has sent it, the payload sent only
    // after that: so says the order of events, whatever the clock.
    let acknowledged = |actor, kind, call: fn(Call) -> bool| {
        let found = (0..trace.len()).filter(|&i| {
            let event = trace.event(i);
            let one = if kind == Kind::Begin {
                event.a == 1
            } else {
                event.b == 1
            };
            event.actor == actor && event.kind == kind && one && event.call().is_some_and(call)
        });
        found.collect::<Vec<_>>()
    };
    let sent = acknowledged(SERVER, Kind::Begin, Call::sends);
    let got = acknowledged(CLIENT, Kind::Return, Call::receives);
    assert_eq!((sent.len(), got.len()), (50, 50));
    assert!(sent.iter().zip(&got).all(|(sent, got)| sent < got));
}

#[test]
fn a_peer_that_does_not_acknowledge_is_named() {
    for (answer, words) in [(&b""[..], "instead of acknowledging"), (b"\x15", "0x15")] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
        let lesson = lesson("sticky-merge");
        let settings = settings(&lesson, &[("framing", "ack")]);
        let mut spec = lesson.run_spec(&settings, FREE, &[false, true]);
        spec.external_port = listener.local_addr().expect("it is bound").port();
        let mut run = Run::start(&spec, Arc::new(|| {})).expect("threads");
        let (mut peer, _) = listener.accept().expect("the client comes");
        let mut header = [0; 4];
        std::io::Read::read_exact(&mut peer, &mut header).expect("a header");
        assert_eq!(header, [5, 0, 0, 0]);
        std::io::Write::write_all(&mut peer, answer).expect("it listens");
        drop(peer);
        assert!(run.finish_within(PATIENCE), "{run:?}");
        let failures = failures(run.trace());
        assert!(
            failures.len() == 1 && failures[0].contains(words),
            "{failures:?}"
        );
    }
}

#[test]
fn stop_is_at_once_while_an_acknowledgement_is_awaited() {
    let mut run = start("sticky-merge", &[("framing", "ack")], Mode::Step);
    assert!(run.settle(PATIENCE));
    step(&mut run, CLIENT);
    step(&mut run, CLIENT);
    assert_eq!(run.status(CLIENT), Status::Blocked);
    assert!(run.stop() < Duration::from_secs(5));
    let trace = run.into_trace();
    let woken = (0..trace.len())
        .map(|i| trace.event(i))
        .find(|e| e.actor == CLIENT && e.kind == Kind::Return && e.call() == Some(Call::Recv));
    assert!(
        woken.is_some_and(|e| e.has(flag::AFTER_STOP)),
        "not the peer's doing"
    );
}

// ---------------------------------------------------------------- the lessons' own schedules

/// Whatever a step of a lesson releases, it comes to rest with every framing: done, blocked and
/// shown as that, or ended with a message.
#[test]
fn every_step_of_every_lesson_comes_to_rest_with_every_framing() {
    for id in ["sticky-merge", "sticky-split", "playground"] {
        let lesson = lesson(id);
        for framing in FramingSpec::strategies() {
            for (at, step) in lesson.steps.iter().enumerate() {
                let mut settings = lesson.settings_at(at);
                settings
                    .set(&lesson, "framing", &framing.to_string())
                    .expect("every framing is offered");
                let trace = lesson.run_headless(&settings, &step.release);
                assert!(trace.is_ok(), "{id}/{} {framing}: {trace:?}", step.id);
            }
        }
    }
}

#[test]
fn a_message_that_does_not_fit_ends_the_client_with_a_reason() {
    let trace = free_run("sticky-split", &[("framing", "fixed:64")]);
    let failures = failures(&trace);
    assert!(
        failures
            .iter()
            .any(|why| why.contains("2000") && why.contains("64")),
        "{failures:?}"
    );
    assert_eq!(facts(&trace).sends, 0);
}
