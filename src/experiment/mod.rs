//! Actors, the programs they run, and the runner that runs, pauses, steps and stops them.
//!
//! A [`Run`] has one thread per actor. Each interprets its [`program::Program`] and passes its
//! [`gate`] before every socket call: running freely, at a pace, or one call per permit. What
//! the threads do arrives as events in the run's [`crate::trace::Trace`]; nothing else does.

mod actor;
pub mod attack;
mod clock;
pub mod codegen;
pub mod commands;
mod echo;
pub mod files;
mod folder;
pub mod gate;
mod messages;
mod params;
pub mod program;
mod progress;
mod reach;
mod relay;
mod run;
mod typing;

pub use crate::net::{NamespaceOptions, OptionProblem, set_helper};
pub use crate::net::{errno_name, errno_number, is_privileged, own_address};
pub use attack::{Attack, AttackError};
pub use gate::{Mode, Status};
pub use messages::Messages;
pub use params::{Params, Value};
pub use reach::Reach;
pub use relay::NAME as ATTACKER;
pub use run::{
    ActorSpec, EVENT_LIMIT, FRAME_LIMIT, Notice, RelaySpec, Release, Run, RunSpec, StartError,
};
pub use typing::LONGEST_LINE;
