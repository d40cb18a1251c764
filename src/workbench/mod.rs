//! The framing workbench: what a run's chunks mean for other framing strategies, what can be
//! proven about one, what many runs come to, and all strategies side by side. It knows no widget
//! and opens no socket: what needs one is a run.

pub mod chunks;
pub mod compare;
pub mod demonstrate;
mod follow;
mod job;
pub mod prove;
pub mod race;
pub mod repeat;

pub use job::{Cancel, Job, Waker};

#[cfg(test)]
mod tests;
