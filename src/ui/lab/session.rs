//! What is on the stage: a live run, or a recording. Views see no difference.

use std::path::PathBuf;

use crate::experiment::Run;
use crate::trace::{RunMeta, Trace};

/// What is on the stage.
pub enum Session {
    /// A run on real sockets.
    Live(Box<Run>),
    /// A recording, or what remains of a run.
    Record {
        /// What happened.
        trace: Box<Trace>,
        /// The file it came from.
        file: Option<PathBuf>,
    },
}

impl Session {
    /// Nothing yet.
    pub fn empty() -> Self {
        Session::record(Trace::new(RunMeta::default()), None)
    }

    /// A record, perhaps from a file.
    pub fn record(trace: Trace, file: Option<PathBuf>) -> Self {
        Session::Record {
            trace: Box::new(trace),
            file,
        }
    }

    /// What happened so far.
    pub fn trace(&self) -> &Trace {
        match self {
            Session::Live(run) => run.trace(),
            Session::Record { trace, .. } => trace,
        }
    }

    /// The run, if it is one.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Session::Live(run) => Some(run),
            Session::Record { .. } => None,
        }
    }

    /// The run, if it is one.
    pub fn run_mut(&mut self) -> Option<&mut Run> {
        match self {
            Session::Live(run) => Some(run),
            Session::Record { .. } => None,
        }
    }

    /// Ends what is under way and hands over its trace.
    pub fn into_trace(self) -> Trace {
        match self {
            Session::Live(run) => run.into_trace(),
            Session::Record { trace, .. } => *trace,
        }
    }
}
