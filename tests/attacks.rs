//! Attacks on real loopback sockets: the relay, its map, and what the decoders answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::{Attack, Mode, Run, Status};
use socklab::framing::{DecodeError, FramingSpec};
use socklab::lesson::{Catalogue, Lesson, Release, Settings};
use socklab::trace::{
    ActorId, Call, Detail, Handled, Kind, Mark, NONE, Origin, Stream, Trace, Verdict,
};
use socklab::workbench::chunks::{LeftOut, Traffic};

const PATIENCE: Duration = Duration::from_secs(30);
const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
const RELAY: ActorId = ActorId(2);

const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn playground() -> Arc<Lesson> {
    let catalogue = Catalogue::load_embedded();
    Arc::clone(catalogue.get("playground").expect("embedded"))
}

fn settings(lesson: &Lesson, set: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::defaults(lesson);
    for (name, value) in set {
        settings.set(lesson, name, value).expect("a good setting");
    }
    settings
}

fn start(lesson: &Lesson, mode: Mode, set: &[(&str, &str)]) -> Run {
    let spec = lesson.run_spec(&settings(lesson, set), mode, &[]);
    Run::start(&spec, Arc::new(|| {})).expect("threads")
}

/// A free run to its end.
fn run(set: &[(&str, &str)]) -> Trace {
    let lesson = playground();
    let mut run = start(&lesson, FREE, set);
    assert!(run.finish_within(PATIENCE), "{set:?} hangs");
    assert_eq!(run.trace().payload_mismatches(), 0, "{set:?}");
    run.into_trace()
}

/// A free run until nothing moves any more, and then stopped: with acknowledgements an attack
/// can leave both ends waiting for each other, as it would anywhere.
fn run_to_rest(set: &[(&str, &str)]) -> Trace {
    let lesson = playground();
    let mut run = start(&lesson, FREE, set);
    assert!(run.settle(PATIENCE), "{set:?} does not come to rest");
    run.stop();
    assert_eq!(run.trace().payload_mismatches(), 0, "{set:?}");
    run.into_trace()
}

fn main_stream(trace: &Trace) -> &Stream {
    let id = trace.main_stream().expect("a connection");
    trace.stream(id).expect("its stream")
}

fn verdicts(stream: &Stream) -> Vec<Verdict> {
    (0..stream.frames().len())
        .map(|i| stream.verdict(i))
        .collect()
}

/// Codes of the decoders' errors, with the offsets where they were noticed.
fn errors(trace: &Trace) -> Vec<(String, u64)> {
    (0..trace.len())
        .filter_map(|i| match (trace.event(i).kind, trace.detail(i)) {
            (Kind::Frame, Some(Detail::Decode { code, offset, .. })) => {
                Some((code.clone(), *offset))
            }
            _ => None,
        })
        .collect()
}

/// The bytes that the client meant to send, per message number: framed.
fn sent(trace: &Trace) -> Vec<u8> {
    let upstream = main_stream(trace).relayed().expect("a relay").upstream();
    let stream = trace.stream(upstream).expect("known");
    stream
        .payload(0, stream.sent_at(trace.len()))
        .expect("kept")
}

/// What the map says of the server's bytes is what really came: copied bytes are the client's,
/// altered ones differ, and nothing is unaccounted for.
fn check_map(trace: &Trace) {
    let stream = main_stream(trace);
    let relayed = stream.relayed().expect("a relay");
    let upstream = trace.stream(relayed.upstream()).expect("known");
    for piece in relayed.pieces_at(NONE) {
        let end = piece.output.1.min(stream.sent_at(trace.len()));
        let length = end.saturating_sub(piece.output.0);
        if length == 0 {
            continue;
        }
        let output = stream.payload(piece.output.0, end).expect("kept");
        let origins: Vec<Origin> = stream
            .parts(piece.output.0, end)
            .map(|p| p.origin)
            .collect();
        match piece.handled {
            Handled::Copied | Handled::Altered => {
                let input = upstream
                    .payload(piece.input.0, piece.input.0 + length)
                    .expect("kept");
                assert_eq!(input == output, piece.handled == Handled::Copied);
                let meant: Vec<Origin> = upstream
                    .parts(piece.input.0, piece.input.0 + length)
                    .map(|p| p.origin)
                    .collect();
                assert_eq!(origins, meant);
            }
            Handled::Inserted => assert_eq!(origins, [Origin::Attacker]),
            Handled::Dropped => unreachable!("gives nothing"),
        }
    }
    let received = upstream.received_at(trace.len());
    assert_eq!(
        relayed.consumed_at(NONE),
        received,
        "every byte is accounted for"
    );
}

#[test]
fn the_lab_leads_the_connection_through_the_attacker_and_says_so() {
    let trace = run(&[("attack", "merge:50"), ("framing", "length:u16:big")]);
    let meta = trace.meta();
    assert_eq!(meta.attack, "merge:50");
    assert_eq!(meta.relay, Some(RELAY));
    assert_eq!(meta.actors[2].name, "attacker");
    assert_eq!(trace.connections().len(), 2);
    let links = trace.links(NONE);
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].client.actor, Some(CLIENT));
    assert_eq!(links[0].server.actor, Some(SERVER));
    assert!(links[0].relay.is_some());
    // Its calls are recorded like all others.
    for call in [
        Call::Listen,
        Call::Accept,
        Call::Connect,
        Call::Recv,
        Call::Send,
        Call::Close,
    ] {
        let made = |e: &&_| -> bool {
            let e: &socklab::trace::Event = e;
            e.actor == RELAY && e.call() == Some(call) && e.kind == Kind::Begin
        };
        assert!(trace.events_from(0).any(|e| made(&e)), "{call:?}");
    }
    check_map(&trace);
    // Nothing was changed, so every message comes out right; sums leave the relay out.
    let facts = trace.live().facts;
    assert_eq!(
        (facts.frames_right, facts.frames_wrong, facts.sends),
        (10, 0, 10)
    );
    assert_eq!(facts.bytes_sent, facts.bytes_received);
    assert_eq!(facts.failed_calls, 0);
}

#[test]
fn an_untouched_wire_has_no_relay() {
    let trace = run(&[("framing", "length:u16:big")]);
    assert_eq!(
        (trace.meta().relay, trace.meta().attack.as_str()),
        (None, "")
    );
    assert_eq!(trace.connections().len(), 1);
    assert!(main_stream(&trace).relayed().is_none());
    assert!(
        trace
            .events_from(0)
            .all(|e| e.as_mark() != Some(Mark::Relayed))
    );
}

#[test]
fn slices_break_raw_and_not_a_length() {
    let raw = run(&[("attack", "slice:1:2"), ("count", "3"), ("text", "hello")]);
    check_map(&raw);
    let stream = main_stream(&raw);
    assert!(stream.recvs().len() > 3, "{} recvs", stream.recvs().len());
    assert!(verdicts(stream).contains(&Verdict::Wrong));
    let length = run(&[("attack", "slice:1:0"), ("framing", "length:u32:big")]);
    check_map(&length);
    let stream = main_stream(&length);
    assert_eq!(verdicts(stream), [Verdict::Right; 10]);
    assert!(stream.sends().iter().all(|send| send.end - send.start == 1));
}

#[test]
fn a_merge_is_one_piece() {
    let trace = run(&[("attack", "merge:300"), ("delay", "1"), ("count", "5")]);
    let stream = main_stream(&trace);
    assert_eq!(stream.sends().len(), 1, "held until the client had ended");
    assert_eq!(stream.recvs().len(), 1);
    assert_eq!(verdicts(stream), [Verdict::Wrong]);
    check_map(&trace);
}

#[test]
fn a_stall_holds_a_byte_back_and_loses_nothing() {
    let trace = run(&[("attack", "stall:9:80"), ("framing", "length:u16:big")]);
    let stream = main_stream(&trace);
    assert_eq!(verdicts(stream), [Verdict::Right; 10]);
    let sends: Vec<_> = stream.sends().iter().collect();
    let before = sends
        .iter()
        .rfind(|send| send.end <= 9)
        .expect("sent before");
    let after = sends
        .iter()
        .find(|send| send.start >= 9)
        .expect("sent after");
    assert_eq!((before.end, after.start), (9, 9));
    let waited = trace.event(after.event).t - trace.event(before.event).t;
    assert!(waited >= 75_000_000, "{waited} ns");
}

#[test]
fn a_cut_mid_frame_is_told_apart_from_a_clean_end() {
    // "hello 1" is 7 bytes, with its header 9.
    let clean = run(&[("attack", "cut:9"), ("framing", "length:u16:big")]);
    let mid = run(&[("attack", "cut:13"), ("framing", "length:u16:big")]);
    for trace in [&clean, &mid] {
        let stream = main_stream(trace);
        assert!(
            trace.live().streams[usize::from(stream.id.0)].ended,
            "a FIN, no reset"
        );
        let relayed = stream.relayed().expect("a relay");
        assert_eq!(
            relayed.produced_at(NONE) + relayed.dropped_at(NONE),
            sent(trace).len() as u64,
            "what was dropped is known"
        );
        check_map(trace);
    }
    assert_eq!(verdicts(main_stream(&clean)), [Verdict::Right]);
    assert_eq!(errors(&clean), []);
    assert_eq!(verdicts(main_stream(&mid)), [Verdict::Right]);
    assert_eq!(errors(&mid), [("ended-mid-frame".to_owned(), 9)]);
    let part = main_stream(&mid).parts(9, 13).next().expect("a part");
    assert_eq!((part.of, part.is_whole()), (Some((9, 18)), false));
}

#[test]
fn a_reset_reaches_both_ends() {
    let trace = run(&[
        ("attack", "reset:13"),
        ("framing", "length:u16:big"),
        ("count", "1000"),
        ("size", "10000"),
    ]);
    let failed = |actor: ActorId| {
        (0..trace.len()).any(|i| {
            let e = trace.event(i);
            // A sendall that got part of its bytes off carries both.
            let error = matches!(trace.detail(i), Some(Detail::Error(_)));
            e.actor == actor && e.kind == Kind::Return && error
        })
    };
    assert!(failed(SERVER), "the server is told");
    assert!(failed(CLIENT), "the client is told");
    let stream = main_stream(&trace);
    assert!(
        !trace.live().streams[usize::from(stream.id.0)].ended,
        "no clean end"
    );
    assert_eq!(errors(&trace), [], "a reset is no end of the stream");
    check_map(&trace);
}

#[test]
fn a_flipped_byte_keeps_its_message_and_makes_its_frame_wrong() {
    let trace = run(&[
        ("attack", "flip:12:3"),
        ("framing", "length:u16:big"),
        ("count", "4"),
    ]);
    let stream = main_stream(&trace);
    assert_eq!(
        verdicts(stream),
        [
            Verdict::Right,
            Verdict::Wrong,
            Verdict::Right,
            Verdict::Right
        ]
    );
    let part = stream.parts(12, 13).next().expect("a part");
    assert_eq!(
        (part.origin, part.altered, part.of),
        (Origin::Message(1), true, Some((9, 18)))
    );
    let got = stream.payload(0, 36).expect("kept");
    let mut meant = sent(&trace);
    meant[12] ^= 8;
    assert_eq!(got, meant);
    check_map(&trace);
}

#[test]
fn an_inserted_byte_is_the_attackers() {
    let trace = run(&[
        ("attack", "insert:12:!"),
        ("framing", r"delimiter:\n"),
        ("count", "4"),
    ]);
    let stream = main_stream(&trace);
    // "hello 1\n" is 8 bytes.
    assert_eq!(
        verdicts(stream),
        [
            Verdict::Right,
            Verdict::Wrong,
            Verdict::Right,
            Verdict::Right
        ]
    );
    let origins: Vec<_> = stream
        .parts(8, 17)
        .map(|p| (p.origin, p.start, p.end))
        .collect();
    assert_eq!(
        origins,
        [
            (Origin::Message(1), 8, 12),
            (Origin::Attacker, 12, 13),
            (Origin::Message(1), 13, 17)
        ]
    );
    assert_eq!(stream.payload(8, 17).expect("kept"), b"hell!o 2\n");
    check_map(&trace);
}

#[test]
fn an_absurd_length_is_refused_without_memory() {
    for framing in ["length:u32:big", "length:u32:little", "length:i32:big"] {
        let trace = run(&[("attack", "absurd-length:11"), ("framing", framing)]);
        let errors = errors(&trace);
        assert_eq!(errors, [("frame-too-long".to_owned(), 11)], "{framing}");
        check_map(&trace);
    }
}

#[test]
fn an_endless_frame_ends_with_the_decoders_limit() {
    let trace = run(&[
        ("attack", "endless:8"),
        ("framing", r"delimiter:\n"),
        ("recv_size", "4096"),
    ]);
    assert_eq!(errors(&trace), [("unterminated".to_owned(), 8)]);
    assert_eq!(verdicts(main_stream(&trace)), [Verdict::Right]);
    check_map(&trace);
    // The limit under attack is 64 KiB: nobody sends or takes much more.
    let stream = main_stream(&trace);
    assert!(stream.sent_at(trace.len()) < 1 << 20);
}

#[test]
fn replies_pass_untouched_and_ends_propagate() {
    let lesson = playground();
    for attack in Attack::choices() {
        let set = [
            ("attack", attack.to_string()),
            ("framing", "length:u16:big".to_owned()),
        ];
        let set: Vec<(&str, &str)> = set.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let trace = run(&set);
        for actor in [CLIENT, SERVER] {
            assert!(trace.live().actors[usize::from(actor.0)].ended, "{attack}");
        }
        if !attack.is_none() {
            assert!(trace.live().actors[usize::from(RELAY.0)].ended, "{attack}");
            // Every socket is closed when all is over.
            assert!(trace.live().sockets.iter().all(|s| !s.open), "{attack}");
        }
    }
    drop(lesson);
}

#[test]
fn stepping_needs_no_step_of_the_relay() {
    let lesson = playground();
    let set = [("attack", "merge:30"), ("framing", "raw"), ("count", "3")];
    let settings = settings(&lesson, &set);
    let schedule = "client*3 server".parse().expect("a schedule");
    let trace = lesson
        .run_headless(&settings, &Release::Calls(schedule))
        .expect("comes to rest");
    // The server's call came only after everything held back had arrived.
    let stream = main_stream(&trace);
    let recvs: Vec<u64> = stream.recvs().iter().map(|r| r.end - r.start).collect();
    assert_eq!(recvs, [21]);
    check_map(&trace);
}

#[test]
fn stop_ends_the_relay_wherever_it_is() {
    let lesson = playground();
    let mut times = Vec::new();
    for round in 0..20 {
        let attack = ["stall:3:10000", "merge:5000", "slice:1:100", "endless:0"][round % 4];
        let mut run = start(
            &lesson,
            FREE,
            &[
                ("attack", attack),
                ("framing", r"delimiter:\n"),
                ("count", "1000"),
            ],
        );
        let begun = Instant::now();
        while run.trace().connections().len() < 2 && begun.elapsed() < PATIENCE {
            run.poll(Duration::from_millis(5));
            run.wait(Duration::from_millis(5));
        }
        times.push(run.stop());
        assert!(run.is_finished());
        assert!(run.trace().live().actors[usize::from(RELAY.0)].ended);
    }
    times.sort();
    assert!(
        times[times.len() / 2] < Duration::from_millis(100),
        "{times:?}"
    );
}

#[test]
fn a_relay_nobody_reaches_ends_with_the_programs() {
    // Stopped before the server listens, or left without a client, it must not stay.
    let lesson = playground();
    let run = start(&lesson, Mode::Step, &[("attack", "slice")]);
    drop(run);
    let mut run = start(&lesson, Mode::Step, &[("attack", "slice")]);
    assert!(run.settle(PATIENCE));
    assert_eq!(run.status(CLIENT), Status::AtGate);
    run.run_free(Duration::ZERO);
    assert!(run.finish_within(PATIENCE));
}

#[test]
fn a_slow_reader_slows_the_sender_through_the_relay() {
    // The server reads nothing until the client has sent more than all buffers hold.
    let lesson = playground();
    let mut run = start(
        &lesson,
        FREE,
        &[
            ("attack", "slice:65536:0"),
            ("count", "1000"),
            ("size", "65536"),
            ("late_by", "1000"),
        ],
    );
    let held = |run: &Run| {
        let stream = main_stream(run.trace());
        let relayed = stream.relayed()?;
        let upstream = run.trace().stream(relayed.upstream())?;
        Some(upstream.received_at(NONE) - relayed.consumed_at(NONE))
    };
    let begun = Instant::now();
    while run.status(CLIENT) != Status::Blocked || run.trace().connections().len() < 2 {
        assert!(begun.elapsed() < PATIENCE, "the client is never held");
        run.poll(Duration::from_millis(20));
        run.wait(Duration::from_millis(20));
    }
    run.poll(Duration::from_millis(50));
    assert!(held(&run).is_none_or(|held| held <= 64 << 10), "bounded");
    run.stop();
}

#[test]
fn what_ends_as_padding_is_wrong_behind_the_relay_too() {
    let trace = run(&[
        ("attack", "slice:3"),
        // The messages are "hello 1" to "hello 4".
        ("framing", "fixed:8:3"),
        ("count", "4"),
    ]);
    let verdict = |right| {
        if right {
            Verdict::Right
        } else {
            Verdict::Wrong
        }
    };
    let expected = [true, true, false, true].map(verdict);
    assert_eq!(verdicts(main_stream(&trace)), expected);
}

/// The race of an attacked run has the cuts that the attacker made, and only messages that came
/// through as they were.
#[test]
fn an_attacked_run_is_raced_with_what_came_through() {
    let raced = |attack| {
        let trace = run(&[
            ("attack", attack),
            ("framing", "length:u8:big"),
            ("count", "4"),
        ]);
        let lesson = playground();
        let stream = main_stream(&trace);
        let traffic = Traffic::of_stream(&trace, stream, trace.len(), Some(&lesson));
        let ends: Vec<usize> = stream
            .recvs()
            .iter()
            .map(|recv| recv.end as usize)
            .collect();
        (traffic, ends)
    };
    let text = |traffic: &Traffic| -> Vec<String> {
        let texts = traffic.messages.iter();
        texts
            .map(|m| String::from_utf8_lossy(m).into_owned())
            .collect()
    };
    let (traffic, ends) = raced("slice:3");
    assert_eq!(text(&traffic), ["hello 1", "hello 2", "hello 3", "hello 4"]);
    assert_eq!(traffic.cuts, ends[..ends.len() - 1]);
    assert_eq!(traffic.left_out, LeftOut::default());

    // Byte 10 is the "e" of "hello 2".
    let (traffic, _) = raced("flip:10:0");
    assert_eq!(text(&traffic), ["hello 1", "hello 3", "hello 4"]);
    assert_eq!(traffic.numbers, [0, 2, 3]);
    assert_eq!(traffic.left_out.unreadable, 1);
}

#[test]
fn a_recording_keeps_the_map() {
    let trace = run(&[
        ("attack", "insert:12:!"),
        ("framing", r"delimiter:\n"),
        ("count", "4"),
    ]);
    let folder = std::env::temp_dir().join(format!("socklab-attack-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("run.socklab");
    socklab::trace::recording::save(&trace, &file).expect("saved");
    let loaded = socklab::trace::recording::load(&file).expect("loaded");
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(loaded.whole);
    assert_eq!(loaded.trace.meta(), trace.meta());
    assert_eq!(loaded.trace.live(), trace.live());
    check_map(&loaded.trace);
    assert_eq!(
        verdicts(main_stream(&loaded.trace)),
        verdicts(main_stream(&trace))
    );
}

/// The limit of decoders under attack, bytes.
const LIMIT: usize = 64 << 10;

/// The chunks that the server really got, through a decoder once more: what it holds after each
/// is at most the limit and that chunk.
fn held_within_the_limit(trace: &Trace, framing: &str) {
    let spec: FramingSpec = framing.parse().expect("a framing");
    let mut decoder = spec.build(LIMIT).decoder();
    let stream = main_stream(trace);
    let mut result = Ok(());
    for recv in stream.recvs().iter() {
        let chunk = stream.payload(recv.start, recv.end).expect("kept");
        result = decoder.feed(&chunk, &mut |_| ());
        assert!(decoder.buffered() <= LIMIT + chunk.len(), "{framing}");
        if result.is_err() {
            assert_eq!(decoder.buffered(), 0, "{framing}");
            break;
        }
    }
    // The same answer as in the run.
    let code = result.err().map(|error| error.code());
    let noticed = errors(trace).first().map(|(code, _)| code.clone());
    if let Some(code) = code {
        assert_eq!(noticed.as_deref(), Some(code), "{framing}");
    }
}

/// Every strategy under every attack: nobody hangs, nobody panics, what the decoder answers is
/// typed, and what it holds is bounded by its limit (the framing tests hold that to the byte).
#[test]
fn every_strategy_stands_every_attack() {
    for framing in FramingSpec::choices() {
        for attack in Attack::choices().into_iter().skip(1) {
            let attack = match attack {
                Attack::Merge { .. } => Attack::Merge { idle_ms: 5 },
                Attack::Stall { at, .. } => Attack::Stall { at, ms: 5 },
                Attack::Slice { size, .. } => Attack::Slice { size, gap_ms: 0 },
                other => other,
            };
            let to_the_end = if framing.acknowledged() {
                run_to_rest
            } else {
                run
            };
            let framing = framing.to_string();
            let attack = attack.to_string();
            let trace = to_the_end(&[
                ("framing", framing.as_str()),
                ("attack", attack.as_str()),
                ("count", "4"),
                ("recv_size", "4096"),
            ]);
            check_map(&trace);
            for actor in [CLIENT, SERVER, RELAY] {
                assert!(
                    trace.live().actors[usize::from(actor.0)].ended,
                    "{framing} {attack}"
                );
            }
            for (code, _) in errors(&trace) {
                assert!(
                    DecodeError::CODES.contains(&code.as_str()),
                    "{framing} {attack}: {code}"
                );
            }
            held_within_the_limit(&trace, &framing);
            // A frame is right only if all of its message came through unchanged.
            let stream = main_stream(&trace);
            for (i, verdict) in verdicts(stream).into_iter().enumerate() {
                let frame = stream.frames().get(i);
                let clean = stream
                    .relayed()
                    .expect("a relay")
                    .touched(frame.start, frame.end, NONE)
                    .next()
                    .is_none();
                assert!(
                    clean || verdict != Verdict::Right,
                    "{framing} {attack} frame {i}"
                );
            }
        }
    }
}
