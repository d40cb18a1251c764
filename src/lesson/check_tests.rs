//! Verdicts on runs written down by hand.

use super::tape::Tape;
use super::*;
use crate::trace::Trace;

fn merged() -> Trace {
    Tape::connected()
        .send(b"hi")
        .send(b"hi")
        .recv(b"hihi")
        .trace()
}

fn apart() -> Trace {
    Tape::connected()
        .send(b"hi")
        .recv(b"hi")
        .send(b"hi")
        .recv(b"hi")
        .trace()
}

fn lesson() -> Lesson {
    let catalogue = Catalogue::load_embedded();
    Lesson::clone(
        catalogue
            .get("sticky-merge")
            .expect("the lesson is embedded"),
    )
}

fn check(precondition: Option<&str>) -> Check {
    Check {
        id: "made-up".to_owned(),
        claim: ["They merge.".to_owned(), "会粘在一起。".to_owned()],
        set: Overrides::default(),
        release: Release::Run,
        expect: "merged_recvs == 1".parse().unwrap(),
        contrast: Some(Contrast {
            set: Overrides::default(),
            release: "(client server)*2".parse().unwrap(),
        }),
        precondition: precondition.map(|text| text.parse().unwrap()),
        retries: 3,
        only: None,
        needs_capture: false,
        needs_ordinary_user: false,
    }
}

#[test]
fn a_claim_about_segments_is_skipped_with_the_reason_where_none_are_captured() {
    let mut claim = check(None);
    claim.needs_capture = true;
    let mut captured = Vec::new();
    let report = run_check(&lesson(), &claim, |settings, _| {
        captured.push(settings.capture.on);
        Ok(merged())
    });
    assert_eq!(captured, [true], "the run is to be captured");
    let Outcome::Skipped(skip) = report.outcome else {
        panic!("{:?}", report.outcome);
    };
    let words = skip.reason.to_string();
    assert!(words.contains("cannot be captured here"), "{words}");
    assert!(words.contains("Capturing is off."), "{words}");
}

#[test]
fn a_claim_holds_when_its_run_confirms_it_and_the_opposite_does_not() {
    let mut asked = Vec::new();
    let report = run_check(&lesson(), &check(None), |settings, release| {
        asked.push((settings.int("count"), release.to_string()));
        Ok(if *release == Release::Run {
            merged()
        } else {
            apart()
        })
    });
    assert_eq!(report.outcome, Outcome::Held);
    assert!(!report.failed());
    assert_eq!(
        asked,
        [
            (Some(10), "run".to_owned()),
            (Some(10), "client server client server".to_owned())
        ]
    );
}

#[test]
fn a_claim_that_the_run_does_not_confirm_is_refuted_with_what_it_gave() {
    let report = run_check(&lesson(), &check(None), |_, _| Ok(apart()));
    let Outcome::Refuted(why) = &report.outcome else {
        panic!("{report:?}");
    };
    assert!(report.failed());
    let why = why.to_string();
    assert!(
        why.contains("merged_recvs == 1") && why.contains("merged_recvs 0"),
        "{why}"
    );
}

#[test]
fn a_claim_that_the_opposite_run_confirms_too_is_empty() {
    let report = run_check(&lesson(), &check(None), |_, _| Ok(merged()));
    assert!(matches!(report.outcome, Outcome::Empty(_)), "{report:?}");
    assert!(report.failed());
}

#[test]
fn a_missed_precondition_runs_again_and_is_counted() {
    let check = check(Some("sends_before_read == 2"));
    let mut runs = 0;
    let report = run_check(&lesson(), &check, |_, release| {
        runs += 1;
        let late = runs == 3 && *release == Release::Run;
        Ok(if late { merged() } else { apart() })
    });
    assert_eq!((report.outcome, report.reruns), (Outcome::Held, 2));

    // The reader is never late: the claim is neither confirmed nor refuted, and that is said.
    let mut runs = 0;
    let report = run_check(&lesson(), &check, |_, _| {
        runs += 1;
        Ok(apart())
    });
    let Outcome::Skipped(skip) = &report.outcome else {
        panic!("{report:?}");
    };
    assert_eq!((runs, report.reruns), (4, 3));
    assert!(skip.reason.to_string().contains("In 4 runs"), "{skip:?}");
}

#[test]
fn what_cannot_be_judged_here_is_skipped_aloud() {
    let elsewhere = SystemNeed::ALL.into_iter().find(|s| !s.is_here());
    let check_elsewhere = Check {
        only: elsewhere,
        ..check(None)
    };
    let report = run_check(&lesson(), &check_elsewhere, |_, _| panic!("must not run"));
    assert!(matches!(report.outcome, Outcome::Skipped(_)), "{report:?}");

    let report = run_check(&lesson(), &check(None), |_, _| Err("no IPv4.".to_owned()));
    let Outcome::Skipped(skip) = report.outcome else {
        panic!();
    };
    assert_eq!(skip.reason.to_string(), "There was no run: no IPv4.");

    let unreadable = Check {
        expect: "unread == 0".parse().unwrap(),
        ..check(None)
    };
    let report = run_check(&lesson(), &unreadable, |_, _| Ok(merged()));
    assert!(matches!(report.outcome, Outcome::Skipped(_)), "{report:?}");
}

#[test]
fn the_right_option_is_the_one_the_run_brought_about() {
    let prediction = Prediction {
        options: [
            "recv[1].bytes == 2",
            "recv[0].bytes == 2",
            "recv.bytes == [4]",
        ]
        .map(|text| text.parse().unwrap())
        .into(),
    };
    let settings = Settings::defaults(&lesson());
    let merged = merged();
    assert_eq!(prediction.right(&merged, merged.len(), &settings), Some(2));
    assert_eq!(prediction.right(&merged, 3, &settings), None);
}
