//! The sockets of a run: their numbers, and which are open.

use std::sync::Arc;

/// The sockets of one run. Clones are the same registry.
#[derive(Clone, Debug, Default)]
pub struct Registry(Arc<()>);

impl Registry {
    /// A registry without sockets.
    pub fn new() -> Self {
        Self::default()
    }
    /// How many sockets are open now.
    pub fn open(&self) -> usize {
        todo!()
    }
    /// How many sockets the run has made so far.
    pub fn made(&self) -> usize {
        todo!()
    }
}
