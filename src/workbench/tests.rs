//! The engine of the workbench: what carries over from one strategy to another, and what must
//! come out.

use proptest::prelude::*;

use super::chunks::{Axis, Encoded, HEAD, Place, Traffic};
use super::prove::{Answer, EVERY_WAY, Kind, Outcome, Proving, Task, brings_back, planned, prove};
use super::race::{Race, Verdict, Why};
use crate::framing::FramingSpec;
use crate::lesson::{Catalogue, Release, Settings};

/// Strategies that take where a recv ends for where a message ends.
fn trusts_chunks(spec: &FramingSpec) -> bool {
    let name = spec.to_string();
    ["raw", "pacing", "end-mark"]
        .iter()
        .any(|strategy| name.starts_with(strategy))
}

fn spec(text: &str) -> FramingSpec {
    text.parse().expect("a strategy")
}

fn texts(list: &[&str]) -> Vec<Vec<u8>> {
    list.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// A strategy that carries these messages and has no reason to fail them.
fn sound(spec: &FramingSpec, messages: &[Vec<u8>]) -> bool {
    Encoded::new(spec, messages).is_ok_and(|encoded| {
        messages
            .iter()
            .all(|message| encoded.framing.hazard(message).is_none())
    })
}

fn messages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![Just(b'#'), Just(b'\n'), Just(0), Just(b'\\'), any::<u8>()];
    prop::collection::vec(prop::collection::vec(byte, 0..20), 1..6)
}

proptest! {
    #[test]
    fn sound_strategies_are_right_however_they_are_cut(
        messages in messages(),
        cuts in prop::collection::vec(1_u64..120, 0..12),
    ) {
        let race = Race::new(
            Traffic::made_up(messages.clone(), FramingSpec::Raw, &[]),
            &FramingSpec::choices(),
        );
        for lane in race.run(&cuts) {
            if !trusts_chunks(&lane.spec) && sound(&lane.spec, &messages) {
                prop_assert!(lane.holds(), "{}: {:?}", lane.spec, lane.failure);
                prop_assert_eq!(lane.count().right, messages.len());
            }
            // Every message has one fate, and what failed first has a reason.
            let count = lane.count();
            prop_assert_eq!(count.right + count.late + count.wrong + count.lost, messages.len());
            prop_assert_eq!(lane.holds(), count.right == messages.len());
        }
    }

    #[test]
    fn cut_at_every_boundary_even_chunks_can_be_trusted(messages in messages()) {
        let axis = Axis::of(&messages);
        let cuts: Vec<u64> = (1..messages.len()).map(|i| axis.message(i).start).collect();
        let race = Race::new(
            Traffic::made_up(messages.clone(), FramingSpec::Raw, &[]),
            &FramingSpec::choices(),
        );
        for lane in race.run(&cuts) {
            if sound(&lane.spec, &messages) {
                prop_assert!(lane.holds(), "{}: {:?}", lane.spec, lane.failure);
            }
        }
    }

    #[test]
    fn places_keep_their_order_and_boundaries_stay_boundaries(messages in messages()) {
        let axis = Axis::of(&messages);
        for spec in FramingSpec::choices() {
            let Ok(encoded) = Encoded::new(&spec, &messages) else { continue };
            let mut last = 0;
            for unit in 0..=axis.end() {
                let offset = encoded.offset_of(&axis, unit);
                prop_assert!(offset >= last, "{spec}: unit {unit}");
                last = offset;
                if let Place::Boundary(i) = axis.place(unit) {
                    prop_assert_eq!(offset, encoded.starts[i], "{} message {}", &spec, i);
                }
            }
            prop_assert_eq!(last, encoded.wire.len());
            let mut last = 0;
            for offset in 0..=encoded.wire.len() {
                let unit = encoded.unit_of(&axis, offset);
                prop_assert!(unit >= last, "{spec}: offset {offset}");
                last = unit;
            }
        }
    }

    #[test]
    fn the_runs_own_strategy_is_cut_where_it_was_cut(
        messages in messages(),
        cuts in prop::collection::vec(1_usize..150, 0..20),
        which in 0_usize..64,
    ) {
        let choices = FramingSpec::choices();
        let own = choices[which % choices.len()].clone();
        let traffic = Traffic::made_up(messages.clone(), own.clone(), &cuts);
        let race = Race::new(traffic.clone(), &[]);
        let lanes = race.run(&race.measured_cuts());
        let Ok(encoded) = Encoded::new(&own, &messages) else { return Ok(()) };
        // The chunks fed are those of the traffic: the frames are those of a decoder fed so.
        let mut decoder = encoded.framing.decoder();
        let mut frames = Vec::new();
        let mut start = 0;
        let mut failed = false;
        for (chunk, end) in traffic.cuts.iter().copied().chain([encoded.wire.len()]).enumerate() {
            let mut take = |f: crate::framing::Frame<'_>| frames.push((f.start as usize, f.end as usize, chunk));
            if decoder.feed(&encoded.wire[start..end], &mut take).is_err() {
                failed = true;
                break;
            }
            start = end;
        }
        if !failed {
            let chunks = lanes[0].chunks;
            let _ = decoder.finish(&mut |f| frames.push((f.start as usize, f.end as usize, chunks)));
        }
        let seen: Vec<_> = lanes[0].frames.iter().map(|f| (f.wire.start, f.wire.end, f.chunk)).collect();
        prop_assert_eq!(seen, frames);
    }

    #[test]
    fn a_counterexample_is_the_smallest_there_is(
        messages in prop::collection::vec(prop::collection::vec(
            prop_oneof![Just(b'#'), any::<u8>()], 0..5), 1..4),
        which in 0_usize..64,
    ) {
        let choices = FramingSpec::choices();
        let spec = choices[which % choices.len()].clone();
        let Ok(encoded) = Encoded::new(&spec, &messages) else { return Ok(()) };
        let n = encoded.wire.len();
        prop_assume!(n <= 14);
        let task = Task { spec: spec.clone(), messages: messages.clone(), ..Task::default() };
        let report = prove(&task, &mut |_| true);
        // All cuttings as bit masks, ordered by (number of cuts, leftmost first).
        let mut all: Vec<Vec<usize>> = (0..1_u32 << n.saturating_sub(1))
            .map(|mask| (1..n).filter(|at| mask >> (at - 1) & 1 == 1).collect())
            .collect();
        all.sort_by(|a: &Vec<usize>, b| a.len().cmp(&b.len()).then(a.cmp(b)));
        let first = all.iter().position(|cuts| !brings_back(&encoded, &messages, cuts));
        match (first, &report.outcome) {
            (None, Outcome::Holds) => {
                prop_assert_eq!(report.tried(), all.len() as u64);
                prop_assert_eq!(report.tried(), planned(&task, n));
                prop_assert!(report.is_proof());
            }
            (Some(at), Outcome::Fails(found)) => {
                prop_assert_eq!(&found.cuts, &all[at], "{}", &spec);
                prop_assert!(found.smallest);
                prop_assert_eq!(report.tried(), at as u64 + 1);
            }
            (first, outcome) => prop_assert!(false, "{spec}: {first:?} but {outcome:?}"),
        }
    }

    #[test]
    fn sound_strategies_hold_for_all_cuttings_tried(messages in messages(), which in 0_usize..64) {
        let choices = FramingSpec::choices();
        let spec = choices[which % choices.len()].clone();
        let task = Task {
            spec: spec.clone(),
            messages: messages.clone(),
            pairs_up_to: 40,
            samples: 50,
            seed: 7,
        };
        let report = prove(&task, &mut |_| true);
        if sound(&spec, &messages) && !trusts_chunks(&spec) {
            prop_assert_eq!(&report.outcome, &Outcome::Holds, "{}", spec);
            prop_assert_eq!(report.tried(), planned(&task, report.wire.len()));
        }
    }
}

#[test]
fn merging_and_splitting_are_told_apart() {
    let hello = texts(&["hello", "hello", "hello"]);
    let traffic = Traffic::made_up(hello, FramingSpec::Raw, &[7]);
    let race = Race::new(traffic, &[spec("length:u32:big")]);
    let lanes = race.run(&race.measured_cuts());
    let raw = &lanes[0];
    assert_eq!(raw.verdicts, [Verdict::Wrong; 3]);
    let failure = raw.failure.as_ref().expect("it fails");
    assert_eq!(failure.message, 0);
    assert_eq!(
        failure.why,
        Why::Mixed {
            messages: 0..2,
            bytes: 7,
            chunk: 0
        }
    );
    // The same place for a strategy with a header: after two bytes of message 2.
    assert_eq!(
        race.axis().place(race.measured_cuts()[0]),
        Place::Payload(1, 2)
    );
    assert!(lanes[1].holds());
    assert_eq!((lanes[1].overhead(), lanes[1].chunks), (12, 2));
    assert!(!raw.measured, "made up, so nobody measured it");
    let merged = race.run(&[]);
    assert_eq!(
        merged[0].failure.as_ref().map(|f| f.why.clone()),
        Some(Why::Merged {
            messages: 0..3,
            bytes: 15,
            chunk: 0
        })
    );
    let first = race.axis().message(0).start;
    let split = race.run(&[first + HEAD + 1, race.axis().message(1).start]);
    assert_eq!(
        split[0].failure.as_ref().map(|f| f.why.clone()),
        Some(Why::Part {
            bytes: 1,
            of: 5,
            chunk: 0
        })
    );
}

#[test]
fn what_cannot_be_carried_or_contains_its_mark_says_so() {
    let long = vec![vec![b'x'; 300], b"a\nb".to_vec()];
    let traffic = Traffic::made_up(long, FramingSpec::Raw, &[]);
    let race = Race::new(traffic, &[spec("length:u8"), spec(r"delimiter:\n")]);
    let lanes = race.run(&[]);
    assert!(matches!(
        lanes[1].failure.as_ref().map(|f| (f.message, &f.why)),
        Some((0, Why::CannotEncode(_)))
    ));
    assert_eq!(lanes[1].count().lost, 2);
    assert_eq!(
        lanes[2]
            .failure
            .as_ref()
            .map(|f| (f.message, f.why.clone())),
        Some((1, Why::Contains { at: 1, bytes: 1 }))
    );
}

#[test]
fn what_is_stripped_as_padding_is_wrong_and_says_so() {
    let traffic = Traffic::made_up(texts(&["hello", "world"]), FramingSpec::Raw, &[]);
    let lane = &Race::new(traffic, &[spec("fixed:8:o")]).run(&[])[1];
    assert_eq!(lane.verdicts, [Verdict::Wrong, Verdict::Right]);
    assert_eq!(
        lane.failure.as_ref().map(|f| (f.message, f.why.clone())),
        Some((0, Why::Altered { bytes: 4, of: 5 }))
    );
}

#[test]
fn a_message_that_was_never_received_to_its_end_is_lost() {
    let mut traffic = Traffic::made_up(texts(&["hello", "world"]), FramingSpec::Raw, &[5]);
    traffic.received = 8;
    traffic.measured = true;
    let race = Race::new(traffic, &[spec("length:u16:big")]);
    let lanes = race.run(&race.measured_cuts());
    assert!(lanes[0].measured && !lanes[1].measured);
    assert_eq!(lanes[0].verdicts, [Verdict::Right, Verdict::Wrong]);
    assert_eq!(lanes[1].verdicts, [Verdict::Right, Verdict::Lost]);
    assert_eq!(
        lanes[1].failure.as_ref().map(|f| f.why.clone()),
        Some(Why::NotReceived { missing: 2 })
    );
    // A cut more or less, and it is no longer what was measured.
    assert!(!race.run(&[])[0].measured);
}

#[test]
fn raw_fails_by_merging_alone_and_a_single_message_by_one_cut() {
    let two = Task {
        messages: texts(&["hello", "hello"]),
        ..Task::default()
    };
    let report = prove(&two, &mut |_| true);
    let Outcome::Fails(found) = &report.outcome else {
        panic!("{:?}", report.outcome)
    };
    assert_eq!(
        (found.cuts.as_slice(), found.found_in),
        (&[][..], Kind::Whole)
    );
    let one = Task {
        messages: texts(&["hello"]),
        ..Task::default()
    };
    let report = prove(&one, &mut |_| true);
    let Outcome::Fails(found) = &report.outcome else {
        panic!("{:?}", report.outcome)
    };
    assert_eq!(
        (found.cuts.as_slice(), found.found_in),
        (&[1][..], Kind::OneCut)
    );
    assert!(found.smallest);
}

/// An empty message puts no byte on a raw wire, so nothing wrong comes out, and one too few.
#[test]
fn bringing_back_too_few_is_not_bringing_back() {
    let task = Task {
        messages: texts(&["a", ""]),
        ..Task::default()
    };
    let encoded = Encoded::new(&task.spec, &task.messages).expect("it can be encoded");
    assert!(!brings_back(&encoded, &task.messages, &[]));
    assert!(brings_back(&encoded, &task.messages[..1], &[]));
}

#[test]
fn every_strategy_that_trusts_chunks_has_a_counterexample_and_no_other() {
    for spec in FramingSpec::choices() {
        let task = Task {
            spec: spec.clone(),
            messages: texts(&["hello", "world!"]),
            samples: 100,
            ..Task::default()
        };
        let outcome = prove(&task, &mut |_| true).outcome;
        assert_eq!(
            matches!(outcome, Outcome::Fails(_)),
            trusts_chunks(&spec),
            "{spec}: {outcome:?}"
        );
    }
}

#[test]
fn the_same_seed_tries_the_same_cuttings() {
    let task = |seed| Task {
        spec: spec("length:u16:big"),
        messages: vec![vec![b'x'; 200]],
        pairs_up_to: 0,
        samples: 500,
        seed,
    };
    // A decoder that holds cannot tell; so count what is tried, and that all seeds count alike.
    for seed in [0, 1, u64::MAX] {
        let report = prove(&task(seed), &mut |_| true);
        assert_eq!(report.outcome, Outcome::Holds);
        let random = report.families.last().expect("random comes last");
        assert_eq!((random.kind, random.tried), (Kind::Random, 500));
        assert!(!random.complete && report.exhaustive() == report.tried() - 500);
        assert!(!report.is_proof());
    }
    assert!(planned(&task(1), EVERY_WAY) == 1 << (EVERY_WAY - 1));
}

#[test]
fn a_proof_can_be_watched_and_ended() {
    let long = Task {
        spec: spec("length:u16:big"),
        messages: vec![vec![b'x'; 60_000]; 4],
        samples: u64::MAX,
        ..Task::default()
    };
    let (tell, told) = crossbeam_channel::bounded(1);
    let proving = Proving::start(long, move || {
        let _ = tell.try_send(());
    })
    .expect("a thread");
    told.recv_timeout(std::time::Duration::from_secs(20))
        .expect("news");
    assert_eq!(proving.answer(), Answer::UnderWay);
    let (tried, planned) = proving.progress();
    assert!(tried > 0 && tried < planned, "{tried} of {planned}");
    proving.cancel();
    let report = loop {
        match proving.answer() {
            Answer::Done(report) => break report,
            Answer::UnderWay => {
                let _ = told.recv_timeout(std::time::Duration::from_secs(20));
            }
            Answer::Gone => panic!("the thread died"),
        }
    };
    assert_eq!(report.outcome, Outcome::Cancelled);
}

#[test]
fn a_real_run_gives_its_messages_and_its_cuts() {
    let catalogue = Catalogue::load_embedded();
    let lesson = catalogue.get("sticky-merge").expect("the lesson");
    for framing in ["raw", r"delimiter:\n", "length:u32:big"] {
        let mut settings = Settings::defaults(lesson);
        settings.framing = spec(framing);
        settings.set(lesson, "recv_size", "7").expect("a size");
        let release = Release::Calls("client*3 server*3".parse().expect("a schedule"));
        let trace = lesson.run_headless(&settings, &release).expect("a run");
        let stream = trace
            .main_stream()
            .and_then(|id| trace.stream(id))
            .expect("a stream");
        let traffic = Traffic::of_stream(&trace, stream, trace.len(), Some(lesson));
        assert_eq!(traffic.own, settings.framing);
        assert_eq!(traffic.left_out.unreadable, 0, "{framing}");
        let source = lesson.messages.resolve(&settings);
        let sent: Vec<_> = (0..traffic.messages.len() as u32)
            .map(|i| source.message(i))
            .collect();
        assert_eq!(traffic.messages, sent);
        assert!(traffic.messages.len() >= 2 && traffic.measured);
        let ends: Vec<usize> = stream.recvs().iter().map(|r| r.end as usize).collect();
        assert_eq!(traffic.cuts, ends[..ends.len() - 1], "{framing}");
        assert_eq!(traffic.received, ends[ends.len() - 1]);
        // What the race says of the run's own strategy is what the run's decoder did.
        let race = Race::new(traffic, &FramingSpec::choices());
        let lanes = race.run(&race.measured_cuts());
        assert!(lanes[0].measured && lanes.iter().skip(1).all(|lane| !lane.measured));
        let frames: Vec<_> = stream
            .frames()
            .iter()
            .map(|f| f.start as usize..f.end as usize)
            .collect();
        let raced: Vec<_> = lanes[0].frames.iter().map(|f| f.wire.clone()).collect();
        assert_eq!(raced, frames, "{framing}");
    }
}
