//! Actors, the programs they run, and the runner that runs, pauses, steps and stops them.
//!
//! A [`Run`] has one thread per actor. Each interprets its [`program::Program`] and passes its
//! [`gate`] before every socket call: running freely, at a pace, or one call per permit. What
//! the threads do arrives as events in the run's [`crate::trace::Trace`]; nothing else does.

mod actor;
pub mod codegen;
pub mod gate;
mod messages;
mod params;
pub mod program;
mod progress;
mod run;

pub use crate::net::{NamespaceOptions, OptionProblem, set_helper};
pub use gate::{Mode, Status};
pub use messages::Messages;
pub use params::{Params, Value};
pub use run::{ActorSpec, EVENT_LIMIT, FRAME_LIMIT, Notice, Release, Run, RunSpec, StartError};
