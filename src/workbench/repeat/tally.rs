//! What is kept of the runs of one variant.

use std::collections::BTreeMap;

use super::{Fault, Sizes};
use crate::trace::Nanos;

/// What one run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why not all messages came out right and in order; `None`: they did.
    pub fault: Option<Fault>,
    /// Bytes of each recv that brought bytes of messages, in order.
    pub recvs: Vec<u64>,
    /// Recvs with bytes of more than one message (sticky packets).
    pub merged: u64,
    /// Messages that came out of more than one recv.
    pub split: u64,
    /// From the first send's beginning to the last recv's end; `None`: nothing was received.
    pub took: Option<Nanos>,
}

impl Outcome {
    /// Did all messages come out right and in order?
    pub fn passed(&self) -> bool {
        self.fault.is_none()
    }
}

/// Sums over the runs of one variant. Its memory is bounded by the number of runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs made.
    pub runs: u32,
    /// Those in which all messages came out right and in order.
    pub passed: u32,
    /// Why the others did not.
    pub faults: BTreeMap<Fault, u32>,
    /// Bytes per recv.
    pub sizes: Sizes,
    /// Recvs with bytes of more than one message.
    pub merged: u64,
    /// Messages that came out of more than one recv.
    pub split: u64,
    /// Time of each run in which something was received, shortest first.
    times: Vec<Nanos>,
}

impl Tally {
    /// Takes in one more run.
    pub fn add(&mut self, outcome: &Outcome) {
        self.runs += 1;
        match &outcome.fault {
            None => self.passed += 1,
            Some(fault) => *self.faults.entry(fault.clone()).or_default() += 1,
        }
        for &size in &outcome.recvs {
            self.sizes.add(size);
        }
        self.merged += outcome.merged;
        self.split += outcome.split;
        if let Some(took) = outcome.took {
            let at = self.times.partition_point(|&time| time < took);
            self.times.insert(at, took);
        }
    }

    /// Runs that did not pass.
    pub fn failed(&self) -> u32 {
        self.runs - self.passed
    }

    /// The time that `q` (0 to 1) of the runs did not exceed; `None` before the first.
    pub fn quantile(&self, q: f64) -> Option<Nanos> {
        // The nearest-rank definition: a time that was really measured, never one in between.
        let rank = (q.clamp(0.0, 1.0) * self.times.len() as f64).ceil() as usize;
        self.times.get(rank.saturating_sub(1)).copied()
    }

    /// The median time of a run.
    pub fn median(&self) -> Option<Nanos> {
        self.quantile(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(took: Nanos, fault: Option<Fault>) -> Outcome {
        Outcome {
            fault,
            recvs: vec![5, 5],
            merged: 1,
            split: 2,
            took: Some(took),
        }
    }

    #[test]
    fn quantiles_are_times_that_were_measured() {
        let mut tally = Tally::default();
        assert_eq!(tally.median(), None);
        for took in [50, 10, 40, 20, 30] {
            tally.add(&outcome(took, None));
        }
        assert_eq!(tally.quantile(0.0), Some(10));
        assert_eq!(tally.median(), Some(30));
        assert_eq!(tally.quantile(0.9), Some(50));
        assert_eq!(tally.quantile(1.0), Some(50));
    }

    #[test]
    fn every_run_is_counted_once() {
        let mut tally = Tally::default();
        tally.add(&outcome(1, None));
        tally.add(&outcome(2, Some(Fault::Lost)));
        tally.add(&outcome(3, Some(Fault::Lost)));
        assert_eq!((tally.runs, tally.passed, tally.failed()), (3, 1, 2));
        assert_eq!(tally.faults, [(Fault::Lost, 2)].into());
        assert_eq!((tally.sizes.total(), tally.merged, tally.split), (6, 3, 6));
    }
}
