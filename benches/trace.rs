//! Speed and size of the trace: append, prefixes, level of detail, recordings.
//!
//! `cargo bench --bench trace` prints medians, `-- append` those of appending only; only the
//! bench's own run is asserted.

use socklab::trace::Event;
use socklab::trace::recording::{load, save};
use std::hint::black_box;
use std::time::Instant;

mod traffic;
use traffic::{SERVER, run, trace_of};

/// Median seconds of `times` runs; what a run makes is dropped outside the measured time.
fn median<T>(times: usize, mut f: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..times)
        .map(|_| {
            let begin = Instant::now();
            let made = black_box(f());
            let seconds = begin.elapsed().as_secs_f64();
            drop(made);
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[times / 2]
}

/// Processor time per event, nanoseconds (Linux; 0 elsewhere): on a busy machine that says more
/// than the rate.
fn processor_time(rows: &[Event], payload: bool) -> f64 {
    // The first figure is the time on a processor (Linux, Documentation/scheduler).
    let now = || {
        let figures = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let time = figures.split(' ').next().and_then(|t| t.parse().ok());
        time.unwrap_or(0.0)
    };
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let begin: f64 = now();
            let made = black_box(trace_of(rows, payload));
            let time = now() - begin;
            drop(made);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[4] / rows.len() as f64
}

fn main() {
    let rows = run(1_000_000);
    for payload in [true, false] {
        let first = median(1, || trace_of(&rows, payload));
        let (s, busy) = (
            median(9, || trace_of(&rows, payload)),
            processor_time(&rows, payload),
        );
        let with = if payload { "with" } else { "without" };
        println!(
            "append, {with} payload: {:.1} M events/s (the first trace {:.1}), {busy:.1} ns of processor an event",
            1.0 / s,
            1.0 / first
        );
    }
    if std::env::args().any(|a| a == "append") {
        return;
    }
    let trace = trace_of(&rows, true);
    let memory = trace.memory();
    let per = |bytes: u64| bytes as f64 / f64::from(trace.len());
    println!(
        "memory: {:.1} bytes/event, and {:.1} bytes/event of payload",
        per(memory.events_bytes),
        per(memory.payload_bytes)
    );
    assert_eq!(trace.payload_mismatches(), 0);

    let mut k = 0;
    let s = median(1001, || {
        k = (k + 7_919_003) % trace.len();
        trace.state_at(k)
    });
    println!("state_at anywhere: {:.1} µs", s * 1e6);

    let small = trace_of(&rows[..10_000], false);
    for (name, trace) in [("10 k", &small), ("1 M", &trace)] {
        let stream = &trace.streams()[0];
        let k = trace.len();
        let s = median(101, || {
            (
                stream.sends().buckets(0, stream.sent_at(k), 1000, k),
                trace.calls(SERVER).buckets(0, trace.duration(), 1000, k),
            )
        });
        println!(
            "1000 buckets of sends and of calls, {name} events: {:.0} µs",
            s * 1e6
        );
    }

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.socklab");
    let s = median(3, || save(&trace, &path).expect("saved"));
    println!("recording of 1 M events saved: {s:.3} s");
    let s = median(5, || load(&path).expect("loaded"));
    println!("recording of 1 M events opened: {s:.3} s");
    let loaded = load(&path).expect("loaded");
    assert!(loaded.whole && loaded.trace.live() == trace.live());
}
