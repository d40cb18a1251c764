//! All strategies side by side, for one's own messages.
//!
//! Every figure is found out here and now: bytes by encoding, survival by running the decoder
//! over hostile arrivals, time by a thousand messages on real sockets. Nothing is known in
//! advance about any strategy, so a new one is compared without a line of code.

mod arrival;
mod loss;
mod measure;
mod sample;
mod survive;
mod table;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use loss::{Loss, LossOutcome};
pub use measure::{MEASURED_MESSAGES, Measured, Unmeasured};
pub use sample::Sample;
pub use survive::{Example, Trial};
pub use table::{Record, read_csv, records, write_csv};

use super::job::{Cancel, Job, News, Waker};
use crate::experiment::{FRAME_LIMIT, Messages};
use crate::framing::{EncodeError, Framing, FramingSpec};

/// Messages that splitting and merging are tried with.
const PROBES: usize = 5;

/// One strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub spec: FramingSpec,
    /// What was found out about it; `None`: not yet.
    pub found: Option<Found>,
    /// The time for a thousand messages.
    pub time: Time,
}

/// What is found out without a socket.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Bytes on the wire for the messages of the sample, or why one of them cannot be sent:
    /// its index and the encoder's error.
    pub wire: Result<u64, (usize, EncodeError)>,
    /// Each message cut in pieces. `None`: the messages cannot be sent.
    pub split: Option<Trial>,
    /// Neighbours in one chunk. `None`: the messages cannot be sent.
    pub merge: Option<Trial>,
    /// Messages of arbitrary bytes.
    pub binary: Trial,
    /// One byte of the stream missing. `None`: the messages cannot be sent.
    pub loss: Option<Loss>,
}

impl Row {
    /// Times that the sender waits for an answer, per message: as the strategy says; where it has
    /// been measured, as it was on the wire.
    pub fn round_trips(&self) -> u32 {
        match &self.time {
            Time::Measured(measured) => {
                (measured.replies / u64::from(MEASURED_MESSAGES)).min(u64::from(u32::MAX)) as u32
            }
            _ => self.spec.round_trips(),
        }
    }
}

/// The time for a thousand messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// Nobody has measured it.
    #[default]
    NotMeasured,
    /// It is being measured.
    Measuring,
    /// Measured on this machine.
    Measured(Measured),
    /// There is none, and this is why.
    Unmeasured(Unmeasured),
}

/// The whole table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The messages compared.
    pub sample: Sample,
    /// One per strategy.
    pub rows: Vec<Row>,
}

impl Table {
    /// Has everything that needs no socket been found out?
    pub fn is_complete(&self) -> bool {
        self.rows.iter().all(|row| row.found.is_some())
    }

    /// Rows measured, or found not to be measurable.
    pub fn measured(&self) -> usize {
        let done = |row: &&Row| matches!(row.time, Time::Measured(_) | Time::Unmeasured(_));
        self.rows.iter().filter(done).count()
    }
}

impl Found {
    /// Bytes beyond the payload, in percent of it; `None` without payload, or if a message cannot
    /// be sent.
    pub fn overhead(&self, payload: u64) -> Option<f64> {
        let wire = *self.wire.as_ref().ok()?;
        (payload > 0).then(|| (wire as f64 - payload as f64) / payload as f64 * 100.0)
    }
}

/// The strategies compared: all there are to choose from, and the one in use if it is another.
pub fn strategies(in_use: &FramingSpec) -> Vec<FramingSpec> {
    let mut specs = FramingSpec::choices();
    if !specs.contains(in_use) {
        specs.insert(0, in_use.clone());
    }
    specs
}

/// A comparison under way, or its result. Dropping it ends its threads.
pub struct Comparison {
    messages: Arc<dyn Messages>,
    table: Arc<Mutex<Table>>,
    survey: Job,
    measuring: Option<Job>,
}

impl Comparison {
    /// Begins to find out everything that needs no socket. `waker` is called, at most every
    /// 40 ms, when there is something new in the table.
    ///
    /// # Errors
    /// The system's, when no thread can be made.
    pub fn start(
        messages: Arc<dyn Messages>,
        specs: Vec<FramingSpec>,
        waker: Waker,
    ) -> io::Result<Comparison> {
        let sample = Sample::of(messages.as_ref());
        let rows = specs.into_iter().map(|spec| Row {
            spec,
            found: None,
            time: Time::default(),
        });
        let table = Arc::new(Mutex::new(Table {
            rows: rows.collect(),
            sample: sample.clone(),
        }));
        let survey = {
            let table = Arc::clone(&table);
            Job::start("compare", move |cancel| {
                survey(&sample, &table, cancel, &mut News::new(waker));
            })?
        };
        Ok(Comparison {
            messages,
            table,
            survey,
            measuring: None,
        })
    }

    /// Looks at the table; the work waits meanwhile, so be quick.
    pub fn read<T>(&self, look: impl FnOnce(&Table) -> T) -> T {
        look(&lock(&self.table))
    }

    /// Measures the time for a thousand messages of every strategy, one after the other, on real
    /// sockets. Times measured before are forgotten. Does nothing while the survey is at work (it
    /// would disturb the figures) or a measurement is.
    ///
    /// # Errors
    /// The system's, when no thread can be made.
    pub fn measure(&mut self, waker: Waker) -> io::Result<()> {
        if self.is_surveying() || self.is_measuring() {
            return Ok(());
        }
        for row in &mut lock(&self.table).rows {
            row.time = Time::NotMeasured;
        }
        let (table, messages) = (Arc::clone(&self.table), Arc::clone(&self.messages));
        self.measuring = Some(Job::start("measure", move |cancel| {
            measure_all(&messages, &table, cancel, &mut News::new(waker));
        })?);
        Ok(())
    }

    /// Ends a measurement soon; times measured stay.
    pub fn cancel(&self) {
        if let Some(job) = &self.measuring {
            job.cancel();
        }
    }

    /// Is it still finding out what needs no socket?
    pub fn is_surveying(&self) -> bool {
        !self.survey.is_over()
    }

    /// Is a measurement under way?
    pub fn is_measuring(&self) -> bool {
        self.measuring.as_ref().is_some_and(|job| !job.is_over())
    }

    /// Waits for the survey, and for the measurement if there is one.
    pub fn wait(&mut self) {
        self.survey.wait();
        if let Some(job) = &mut self.measuring {
            job.wait();
        }
    }
}

impl std::fmt::Debug for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparison")
            .field("surveying", &self.is_surveying())
            .field("measuring", &self.is_measuring())
            .finish_non_exhaustive()
    }
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

fn survey(sample: &Sample, table: &Mutex<Table>, cancel: &Cancel, news: &mut News) {
    let specs: Vec<FramingSpec> = lock(table).rows.iter().map(|r| r.spec.clone()).collect();
    for (at, spec) in specs.iter().enumerate() {
        let Some(found) = find_out(spec, sample, cancel) else {
            return;
        };
        lock(table).rows[at].found = Some(found);
        news.tell();
    }
    news.tell_now();
}

/// Everything that needs no socket, for one strategy; `None`: cancelled.
pub fn find_out(spec: &FramingSpec, sample: &Sample, cancel: &Cancel) -> Option<Found> {
    let framing = spec.build(FRAME_LIMIT);
    let framing = framing.as_ref();
    let wire = cost(framing, sample);
    let probe = sample.probe(PROBES);
    let sends = wire.is_ok() && !probe.is_empty();
    let split = if sends {
        survive::split(framing, &probe, cancel)
    } else {
        None
    };
    if cancel.is_cancelled() {
        return None;
    }
    let merge = if sends {
        survive::merge(framing, &probe)
    } else {
        None
    };
    let loss = if sends {
        loss::loss(framing, &sample.probe(loss::MESSAGES)).ok()
    } else {
        None
    };
    Some(Found {
        wire,
        split,
        merge,
        binary: survive::binary(framing, &probe),
        loss,
    })
}

/// Bytes on the wire, or the message that cannot be sent and why.
fn cost(framing: &dyn Framing, sample: &Sample) -> Result<u64, (usize, EncodeError)> {
    let mut buffer = Vec::new();
    let mut bytes = 0;
    for (index, message) in sample.messages().iter().enumerate() {
        buffer.clear();
        framing
            .encode(message, &mut buffer)
            .map_err(|error| (index, error))?;
        bytes += buffer.len() as u64;
    }
    Ok(bytes)
}

fn measure_all(
    messages: &Arc<dyn Messages>,
    table: &Mutex<Table>,
    cancel: &Cancel,
    news: &mut News,
) {
    let rows = lock(table).rows.len();
    for at in 0..rows {
        let spec = {
            let row = &mut lock(table).rows[at];
            // What cannot be encoded need not be tried.
            if row.found.as_ref().is_some_and(|found| found.wire.is_err()) {
                row.time = Time::Unmeasured(Unmeasured::DoesNotFit);
                continue;
            }
            row.time = Time::Measuring;
            row.spec.clone()
        };
        news.tell();
        let time = match measure::measure(&spec, messages, cancel) {
            Ok(measured) => Time::Measured(measured),
            Err(Unmeasured::Cancelled) => {
                lock(table).rows[at].time = Time::NotMeasured;
                break;
            }
            Err(why) => Time::Unmeasured(why),
        };
        lock(table).rows[at].time = time;
        news.tell();
    }
    news.tell_now();
}

#[cfg(test)]
mod tests;
