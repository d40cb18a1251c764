//! Counter-examples on real sockets.

use socklab::framing::FramingSpec;
use socklab::trace::{Phase, Trace};
use socklab::workbench::Cancel;
use socklab::workbench::chunks::Encoded;
use socklab::workbench::demonstrate::{Case, MOST_BYTES, MOST_CUTS, Trouble, demonstrate, pieces};
use socklab::workbench::prove::{self, Outcome, Task, brings_back};

fn case(spec: &str, messages: &[Vec<u8>], cuts: &[usize]) -> Case {
    Case {
        spec: spec.parse().expect("a strategy"),
        messages: messages.to_vec(),
        cuts: cuts.to_vec(),
        lesson: "sticky-merge".to_owned(),
        params: Vec::new(),
    }
}

fn run(case: &Case) -> Trace {
    demonstrate(case, &Cancel::default()).expect("a run")
}

fn recvs(trace: &Trace) -> Vec<usize> {
    let stream = trace.main_stream().and_then(|id| trace.stream(id));
    let recvs = stream.expect("a stream").recvs().iter();
    recvs.map(|recv| (recv.end - recv.start) as usize).collect()
}

/// Did the run's own decoder bring every message back?
fn brought_back(trace: &Trace, messages: usize) -> bool {
    let facts = trace.live().facts;
    (facts.frames_right, facts.frames_wrong, facts.decode_errors) == (messages as u64, 0, 0)
}

#[test]
fn what_the_prover_finds_fails_on_real_sockets_too() {
    let hello = vec![b"hello".to_vec(), b"a##b\nc".to_vec(), b"bye".to_vec()];
    for spec in ["raw", "pacing:5", "end-mark:##", r"delimiter:\n"] {
        let task = Task {
            spec: spec.parse().expect("a strategy"),
            messages: hello.clone(),
            ..Task::default()
        };
        let report = prove::prove(&task, &mut |_| true);
        let Outcome::Fails(found) = &report.outcome else {
            panic!("{spec}: {:?}", report.outcome)
        };
        let trace = run(&case(spec, &hello, &found.cuts));
        assert_eq!(trace.live().phase, Phase::Finished);
        assert_eq!(trace.meta().framing, spec);
        let planned = pieces(&task.spec, &hello, &found.cuts).expect("they can be shown");
        assert_eq!(recvs(&trace), planned, "{spec}");
        assert!(!brought_back(&trace, hello.len()), "{spec}");
    }
}

/// The decoder of the run says what the prover's says, however the stream is cut.
#[test]
fn the_run_and_the_prover_agree() {
    let messages = vec![b"hello".to_vec(), "你好".into(), b"bye".to_vec()];
    for spec in [
        "raw",
        "length:u16:big",
        "varint",
        r"delimiter:\n",
        "cobs",
        "json",
        "fixed:8",
    ] {
        let framing: FramingSpec = spec.parse().expect("a strategy");
        let encoded = Encoded::new(&framing, &messages).expect("it carries them");
        let n = encoded.wire.len();
        let every: Vec<usize> = (1..n).collect();
        for cuts in [
            &[][..],
            &[1],
            &[n / 2],
            &[1, n - 1],
            &encoded.starts[1..3],
            &every,
        ] {
            let trace = run(&case(spec, &messages, cuts));
            assert_eq!(
                brought_back(&trace, messages.len()),
                brings_back(&encoded, &messages, cuts),
                "{spec} cut at {cuts:?}"
            );
        }
    }
}

#[test]
fn what_cannot_be_shown_is_refused_before_anything_runs() {
    let long = vec![vec![b'x'; MOST_BYTES + 1]];
    let refused = |case: &Case| demonstrate(case, &Cancel::default()).unwrap_err();
    assert_eq!(
        refused(&case("raw", &long, &[])),
        Trouble::TooLong(MOST_BYTES + 1)
    );
    let many: Vec<usize> = (1..=MOST_CUTS + 1).collect();
    let fits = vec![vec![b'x'; MOST_BYTES]];
    assert_eq!(
        refused(&case("raw", &fits, &many)),
        Trouble::TooManyCuts(MOST_CUTS + 1)
    );
    assert_eq!(
        refused(&case("length:u8:big", &fits, &[])),
        Trouble::CannotEncode
    );
    let cancelled = Cancel::default();
    cancelled.cancel();
    let shown = demonstrate(&case("raw", &fits, &[1]), &cancelled);
    assert_eq!(shown.unwrap_err(), Trouble::Cancelled);
}

#[test]
fn the_longest_stream_waits_whole_in_the_receive_buffer() {
    // Many small segments cost the most beside their bytes.
    let small = vec![vec![b'x'; 16]; MOST_BYTES / 16];
    let trace = run(&case("raw", &small, &[7, MOST_BYTES - 1]));
    assert_eq!(recvs(&trace), [7, MOST_BYTES - 8, 1]);
}
