//! The framing workbench: what a strategy is worth, found out by experiment.
//!
//! [`repeat`] makes the live experiment many times over and counts; [`compare`] sets all
//! strategies side by side for one's own messages. No widget here: `ui` shows what these find.

pub mod compare;
mod follow;
mod job;
pub mod repeat;

pub use job::{Cancel, Job, Waker};
