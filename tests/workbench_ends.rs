//! What is cancelled leaves nothing behind. In a program of its own, for it counts the threads and
//! descriptors of the whole process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::Messages;
use socklab::framing::FramingSpec;
use socklab::lesson::{Catalogue, Release, Settings};
use socklab::workbench::compare::Comparison;
use socklab::workbench::repeat::{Plan, Progress, Repeat};

/// Entries of a folder of /proc; `None` on systems without it.
fn count(folder: &str) -> Option<usize> {
    Some(std::fs::read_dir(folder).ok()?.count())
}

fn left() -> (Option<usize>, Option<usize>) {
    (count("/proc/self/task"), count("/proc/self/fd"))
}

/// Half a second of sleep after each of a thousand messages.
fn slow() -> Plan {
    let lesson = Catalogue::load_embedded()
        .get("playground")
        .cloned()
        .expect("embedded");
    let mut settings = Settings::defaults(&lesson);
    for (name, value) in [("delay", "500"), ("count", "1000")] {
        settings.set(&lesson, name, value).expect("valid");
    }
    Plan::new(lesson, Release::Run, 500, vec![settings], &[]).expect("can be run")
}

fn cancel_a_repetition() -> Duration {
    let mut repeat = Repeat::start(slow(), Arc::new(|| {})).expect("a thread");
    assert!(repeat.is_running());
    repeat.cancel();
    let begun = Instant::now();
    repeat.wait();
    let took = begun.elapsed();
    repeat.read(|report| {
        assert_eq!(report.progress, Progress::Cancelled);
        assert_eq!(report.made(), 0, "a run cut short is not counted");
    });
    took
}

fn drop_a_measurement() {
    let messages: Arc<dyn Messages> = Arc::new(vec![b"hello".to_vec()]);
    let specs = vec!["pacing:50".parse::<FramingSpec>().expect("valid")];
    let mut comparison = Comparison::start(messages, specs, Arc::new(|| {})).expect("a thread");
    comparison.wait();
    comparison.measure(Arc::new(|| {})).expect("a thread");
    drop(comparison);
}

#[test]
fn cancelling_is_quick_and_leaves_no_thread_and_no_descriptor() {
    // What the first run sets up once (a signal handler) stays, and is no leak.
    cancel_a_repetition();
    let before = left();
    let mut times: Vec<Duration> = (0..11).map(|_| cancel_a_repetition()).collect();
    drop_a_measurement();
    assert_eq!(left(), before);
    times.sort_unstable();
    // The goal is 100 ms in the usual case; the bound is for a machine with much else to do.
    assert!(times[5] < Duration::from_secs(2), "median {:?}", times[5]);
    println!(
        "cancelled within {:?} (median of {})",
        times[5],
        times.len()
    );
}
