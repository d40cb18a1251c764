//! What stands in the reference: every call that lessons teach, and the things people believe of
//! sockets, each with the place in the course where a run shows it.
//!
//! Data only. The texts are phrases in both languages; tests hold every place against the lessons.

mod beliefs;
mod calls;

pub use beliefs::{BELIEFS, Belief, Said};
pub use calls::{CALLS, Entry, Waits};

/// Where in the course something is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The lesson's id.
    pub lesson: &'static str,
    /// The step's id.
    pub step: &'static str,
}

const fn at(lesson: &'static str, step: &'static str) -> Place {
    Place { lesson, step }
}
