//! The live experiment, many times: what one run shows may be chance, five hundred are a
//! distribution.
//!
//! A [`Plan`] says what is repeated: a lesson, what is released in it, and one or more
//! [variants](Plan::variants) of its settings. [`Repeat`] makes the runs, one after the other, on
//! real sockets in a thread of its own, the variants taking turns so that all of them meet the
//! same machine. Of each run only [`Tally`] figures are kept, and of the first that failed the
//! trace.

mod histogram;
mod once;
mod plan;
mod tally;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use histogram::{Bin, Sizes, bins};
pub use once::Fault;
pub use plan::{MOST_RUNS, MOST_VARIANTS, Plan, Refusal, labels};
pub use tally::{Outcome, Tally};

use super::job::{Job, News, Waker};
use crate::trace::Trace;

/// How far a repetition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Runs are being made.
    Running,
    /// All runs have been made.
    Done,
    /// It was ended by hand; the figures are those of the runs made.
    Cancelled,
    /// The system refused a run; the text says what and what to do.
    Broken(String),
}

/// What came of it so far.
#[derive(Debug)]
pub struct Report {
    /// One per variant, in the order of the plan.
    pub tallies: Vec<Tally>,
    /// How far it is.
    pub progress: Progress,
    /// Time since it began, until its end.
    pub elapsed: Duration,
    /// Traces of the first run of each variant that failed, until somebody takes it.
    failing: Vec<Option<Box<Trace>>>,
}

impl Report {
    /// Runs made, over all variants.
    pub fn made(&self) -> u64 {
        self.tallies.iter().map(|tally| u64::from(tally.runs)).sum()
    }

    /// One more run of that variant; the trace is kept if it is the first that failed.
    fn take_in(&mut self, variant: usize, trace: Trace, outcome: &Outcome) {
        let first_failure = !outcome.passed() && self.tallies[variant].failed() == 0;
        self.tallies[variant].add(outcome);
        if first_failure {
            self.failing[variant] = Some(Box::new(trace));
        }
    }

    /// Can the first failing run of that variant be shown?
    pub fn has_failing(&self, variant: usize) -> bool {
        self.failing.get(variant).is_some_and(Option::is_some)
    }
}

/// A repetition under way, or its result. Dropping it ends it.
#[derive(Debug)]
pub struct Repeat {
    plan: Arc<Plan>,
    report: Arc<Mutex<Report>>,
    job: Job,
}

impl Repeat {
    /// Begins. `waker` is called, at most every 40 ms, when there is something new in the report.
    ///
    /// # Errors
    /// The system's, when no thread can be made.
    pub fn start(plan: Plan, waker: Waker) -> io::Result<Repeat> {
        let plan = Arc::new(plan);
        let report = Arc::new(Mutex::new(Report {
            tallies: vec![Tally::default(); plan.variants().len()],
            progress: Progress::Running,
            elapsed: Duration::ZERO,
            failing: plan.variants().iter().map(|_| None).collect(),
        }));
        let job = {
            let (plan, report) = (Arc::clone(&plan), Arc::clone(&report));
            Job::start("repeat", move |cancel| {
                work(&plan, &report, cancel, &mut News::new(waker));
            })?
        };
        Ok(Repeat { plan, report, job })
    }

    /// What is repeated.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Looks at the report; the runs wait meanwhile, so be quick.
    pub fn read<T>(&self, look: impl FnOnce(&Report) -> T) -> T {
        look(&self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the trace of the first run of that variant that failed; later calls give `None`.
    pub fn take_failing(&self, variant: usize) -> Option<Trace> {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.failing.get_mut(variant)?.take().map(|trace| *trace)
    }

    /// Ends it soon; the run under way is stopped and not counted.
    pub fn cancel(&self) {
        self.job.cancel();
    }

    /// Is the thread still at work?
    pub fn is_running(&self) -> bool {
        !self.job.is_over()
    }

    /// Waits for its end.
    pub fn wait(&mut self) {
        self.job.wait();
    }
}

fn work(plan: &Plan, report: &Mutex<Report>, cancel: &super::Cancel, news: &mut News) {
    let begun = Instant::now();
    let lock = || report.lock().unwrap_or_else(PoisonError::into_inner);
    let mut progress = Progress::Done;
    'all: for _ in 0..plan.runs() {
        for (at, settings) in plan.variants().iter().enumerate() {
            if cancel.is_cancelled() {
                progress = Progress::Cancelled;
                break 'all;
            }
            match once::make(plan, settings, cancel) {
                Ok(Some((trace, outcome))) => {
                    let mut report = lock();
                    report.take_in(at, trace, &outcome);
                    report.elapsed = begun.elapsed();
                }
                Ok(None) => {
                    progress = Progress::Cancelled;
                    break 'all;
                }
                Err(why) => {
                    progress = Progress::Broken(why);
                    break 'all;
                }
            }
            news.tell();
        }
    }
    {
        let mut report = lock();
        report.progress = progress;
        report.elapsed = begun.elapsed();
    }
    news.tell_now();
}

#[cfg(test)]
mod tests;
