//! Repetitions on real loopback sockets.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::lesson::{Catalogue, Lesson, Release, Settings};

fn lesson(id: &str) -> Arc<Lesson> {
    Catalogue::load_embedded().get(id).cloned().expect("there")
}

fn with(lesson: &Lesson, changes: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::defaults(lesson);
    for (name, value) in changes {
        settings.set(lesson, name, value).expect("valid");
    }
    settings
}

fn plan(id: &str, release: &str, runs: u32, variants: &[&[(&str, &str)]]) -> Plan {
    let lesson = lesson(id);
    let variants = variants.iter().map(|v| with(&lesson, v)).collect();
    Plan::new(lesson, release.parse().expect("valid"), runs, variants, &[]).expect("can be run")
}

fn finished(plan: Plan) -> Repeat {
    let mut repeat = Repeat::start(plan, Arc::new(|| {})).expect("a thread");
    repeat.wait();
    repeat.read(|report| assert_eq!(report.progress, Progress::Done));
    repeat
}

#[test]
fn a_late_reader_fails_raw_and_passes_the_length_prefix_every_time() {
    let variants: [&[(&str, &str)]; 2] = [
        &[("framing", "raw"), ("late_by", "10")],
        &[("framing", "length:u32:big"), ("late_by", "10")],
    ];
    let repeat = finished(plan("sticky-merge", "run", 25, &variants));
    repeat.read(|report| {
        let [raw, length] = report.tallies.as_slice() else {
            panic!("two variants")
        };
        assert_eq!((raw.runs, raw.passed), (25, 0));
        assert_eq!(raw.faults.keys().collect::<Vec<_>>(), [&Fault::Wrong]);
        assert_eq!((length.runs, length.passed), (25, 25));
        assert!(length.faults.is_empty());
        // Ten messages of five bytes; with a prefix of four each. Every byte is in the counts.
        let bytes = |tally: &Tally| tally.sizes.iter().map(|(s, n)| s * n).sum::<u64>();
        assert_eq!(bytes(raw), 25 * 50);
        assert_eq!(bytes(length), 25 * 90);
        assert!(raw.merged >= 25, "each run has at least one merged recv");
        assert!(raw.median().is_some_and(|t| t > 0));
        assert!(raw.quantile(0.1) <= raw.median() && raw.median() <= raw.quantile(0.9));
        assert_eq!(report.made(), 50);
        assert!(report.has_failing(0) && !report.has_failing(1));
    });
    let trace = repeat.take_failing(0).expect("one failed");
    assert_eq!(trace.meta().framing, "raw");
    assert!(trace.live().facts.frames_wrong > 0);
    assert!(repeat.take_failing(0).is_none(), "it is taken once");
    assert!(repeat.take_failing(1).is_none());
}

#[test]
fn a_schedule_gives_the_same_every_time() {
    let kept_up: &[&[(&str, &str)]] = &[&[]];
    let repeat = finished(plan("sticky-merge", "(client server)*3", 4, kept_up));
    repeat.read(|report| {
        let tally = &report.tallies[0];
        assert_eq!((tally.passed, tally.merged), (4, 0));
        assert_eq!(tally.sizes.iter().collect::<Vec<_>>(), [(5, 12)]);
    });
    let repeat = finished(plan("sticky-merge", "client*3 server", 4, kept_up));
    repeat.read(|report| {
        let tally = &report.tallies[0];
        assert_eq!(tally.passed, 0);
        assert_eq!(tally.faults, BTreeMap::from([(Fault::Wrong, 4)]));
        assert_eq!(tally.sizes.iter().collect::<Vec<_>>(), [(15, 4)]);
    });
}

#[test]
fn programs_that_wait_for_each_other_are_found_out() {
    // Both buffers fill up long before the reader begins.
    let stuck: &[&[(&str, &str)]] = &[&[
        ("count", "200"),
        ("size", "100000"),
        ("late_by", "200"),
        ("recv_buffer", "4096"),
        ("send_buffer", "4096"),
        ("framing", "length:u32:big"),
    ]];
    let repeat = finished(plan("playground", "run", 1, stuck));
    repeat.read(|report| {
        assert_eq!(
            report.tallies[0].faults,
            BTreeMap::from([(Fault::Stuck, 1)])
        );
    });
}

#[test]
fn what_cannot_be_repeated_is_refused() {
    let merge = lesson("sticky-merge");
    let one = vec![Settings::defaults(&merge)];
    let plan = |release: Release, runs, variants: &[Settings], external: &[bool]| {
        Plan::new(merge.clone(), release, runs, variants.to_vec(), external).map(|_| ())
    };
    assert_eq!(plan(Release::Run, 500, &one, &[false, false]), Ok(()));
    assert_eq!(
        plan(Release::Run, 500, &[], &[]),
        Err(Refusal::Variants { given: 0 })
    );
    assert_eq!(
        plan(Release::Run, MOST_RUNS + 1, &one, &[]),
        Err(Refusal::Runs { given: 10_001 })
    );
    assert_eq!(
        plan(Release::Nothing, 5, &one, &[]),
        Err(Refusal::NothingReleased)
    );
    assert_eq!(
        plan(Release::Run, 5, &one, &[false, true]),
        Err(Refusal::External {
            actor: "server".into()
        })
    );
    let mut silent = Lesson::clone(&merge);
    for actor in &mut silent.actors {
        actor.program = crate::experiment::program::Program::default();
    }
    let settings = vec![Settings::defaults(&silent)];
    let refused = Plan::new(Arc::new(silent), Release::Run, 5, settings, &[]).map(|_| ());
    assert_eq!(refused, Err(Refusal::NothingSent));
}

#[test]
fn labels_name_what_differs() {
    let merge = lesson("sticky-merge");
    let variants = [
        with(&merge, &[("framing", "raw"), ("late_by", "0")]),
        with(&merge, &[("framing", "length:u8:big"), ("late_by", "3")]),
    ];
    assert_eq!(
        labels(&merge, &variants),
        ["raw, late_by=0", "length:u8:big, late_by=3"]
    );
    assert_eq!(labels(&merge, &variants[..1]), ["raw, late_by=0"]);
    assert_eq!(labels(&merge, &[Settings::defaults(&merge)]), ["raw"]);
}

/// The attacker ends the stream cleanly behind the second of ten messages: nothing is wrong, and
/// eight are missing.
#[test]
fn what_never_comes_is_lost() {
    let cut: &[(&str, &str)] = &[("framing", r"delimiter:\n"), ("attack", "cut:16")];
    let repeat = finished(plan("playground", "run", 2, &[cut]));
    repeat.read(|report| {
        let tally = &report.tallies[0];
        assert_eq!(tally.passed, 0);
        assert_eq!(tally.faults, BTreeMap::from([(Fault::Lost, 2)]));
    });
}

#[test]
fn the_first_failing_run_is_the_one_that_is_kept() {
    use crate::trace::RunMeta;
    let mut report = Report {
        tallies: vec![Tally::default(); 2],
        progress: Progress::Running,
        elapsed: Duration::ZERO,
        failing: vec![None, None],
    };
    let outcome = |fault| Outcome {
        fault,
        recvs: vec![5],
        merged: 0,
        split: 0,
        took: Some(1),
    };
    for (seed, fault) in [
        (1, None),
        (2, Some(Fault::Wrong)),
        (3, Some(Fault::Lost)),
        (4, None),
    ] {
        let meta = RunMeta {
            seed,
            ..RunMeta::default()
        };
        report.take_in(1, Trace::new(meta), &outcome(fault));
    }
    assert!(!report.has_failing(0));
    let kept = report.failing[1].as_ref().map(|trace| trace.meta().seed);
    assert_eq!((kept, report.made()), (Some(2), 4));
}
