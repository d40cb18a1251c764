//! Reads the fill levels of a run's sockets, and the states of its TCP ends.

use std::convert::Infallible;
use std::io;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{Recorder, RecorderHub, Registry};
use crate::trace::ActorId;

/// While nothing changes, the sockets are read that often.
const CALM_PERIOD: Duration = Duration::from_millis(100);
/// Nothing has changed for so long: calm.
const CALM_AFTER: Duration = Duration::from_millis(500);

/// A thread `sampler` that records a Gauge event whenever a figure has changed. Ends on drop.
#[derive(Debug)]
pub struct Sampler {
    /// Dropped to end the thread.
    end: Option<Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Sampler {
    /// Starts the thread; it reads every `period` (10 to 16 ms is good), and more rarely
    /// (10 Hz) while nothing changes.
    ///
    /// # Errors
    /// The system's, when no thread can be made.
    pub fn start(registry: &Registry, hub: &RecorderHub, period: Duration) -> io::Result<Self> {
        let (end, ended) = bounded(0);
        let registry = registry.clone();
        let recorder = hub.recorder(ActorId::LAB);
        let thread = std::thread::Builder::new()
            .name("sampler".into())
            .spawn(move || sample(&registry, recorder, period, &ended))?;
        Ok(Sampler {
            end: Some(end),
            thread: Some(thread),
        })
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn sample(
    registry: &Registry,
    mut recorder: Recorder,
    period: Duration,
    ended: &Receiver<Infallible>,
) {
    let mut changed = Vec::new();
    let mut last_change = Instant::now();
    loop {
        let calm = last_change.elapsed() >= CALM_AFTER;
        let pause = if calm {
            period.max(CALM_PERIOD)
        } else {
            period
        };
        if !matches!(ended.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
            return;
        }
        if !registry.anything_to_read() {
            continue;
        }
        registry.read(&mut recorder, &mut changed);
        if changed.is_empty() {
            // Nobody is woken for nothing.
            recorder.settle();
            continue;
        }
        last_change = Instant::now();
        for event in changed.drain(..) {
            recorder.reading(event);
        }
        recorder.idle();
    }
}

/// Reads every connected socket of the run, and the ends of closed ones, now and records what has
/// changed (step mode: before and after each call).
pub fn sample_now(registry: &Registry, recorder: &mut Recorder) {
    let mut changed = Vec::new();
    registry.read(recorder, &mut changed);
    for event in changed {
        recorder.reading(event);
    }
}

/// All sockets of the run are closed: reads what becomes of their ends until nothing but time, or
/// a program outside, takes them further, for `patience` at most.
pub fn sample_ends(registry: &Registry, recorder: &mut Recorder, patience: Duration) {
    let deadline = Instant::now() + patience;
    loop {
        sample_now(registry, recorder);
        // Nobody is held back while this thread waits, or by a look that found nothing new.
        recorder.settle();
        if registry.ends_rest() || Instant::now() >= deadline {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
