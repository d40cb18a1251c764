//! Systems where nothing can be captured.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use super::pipe::Shared;
use super::{Namespace, RecorderHub, Registry};
use crate::trace::{Batch, Nanos};

/// A capture; here there is none.
#[derive(Debug)]
pub struct Capture(Infallible);

impl Capture {
    /// There is no namespace to be captured.
    ///
    /// # Errors
    /// Always.
    pub fn start(_: &Namespace, _: &RecorderHub) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Nothing can be captured.
    ///
    /// # Errors
    /// Always.
    pub fn on_host(_: &Registry, _: &RecorderHub) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn tap(&self) -> std::sync::Arc<Tap> {
        match self.0 {}
    }

    /// Nothing to wait for.
    pub fn wait_for_closes(&self, _: Duration) {
        match self.0 {}
    }
}

/// Not asked here: nothing is captured on it.
pub fn loopback_mtu() -> u32 {
    65_536
}

#[derive(Debug)]
pub(super) struct Tap(Infallible);

impl Tap {
    pub(super) fn fetch(&self, _: &Shared, _: Nanos) -> Option<(u64, Batch)> {
        match self.0 {}
    }
}
