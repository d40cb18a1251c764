//! Systems without network namespaces: there is no private network to be had.

use std::convert::Infallible;
use std::path::PathBuf;

use socket2::{Domain, Protocol, Socket, Type};

use super::{NamespaceOptions, Unavailable};

/// A private network; here there is none.
#[derive(Debug)]
pub struct Namespace(Infallible);

impl Namespace {
    /// Always [`Unavailable::System`].
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &NamespaceOptions) -> Result<Self, Unavailable> {
        Err(Unavailable::System)
    }

    pub(crate) fn socket(
        &self,
        _: Domain,
        _: Type,
        _: Option<Protocol>,
    ) -> std::io::Result<Socket> {
        match self.0 {}
    }

    pub(crate) fn tcp_table(&self) -> std::io::Result<crate::net::sys::TcpTable> {
        match self.0 {}
    }

    /// Options that the system did not grant.
    pub fn not_granted(&self) -> &[&'static str] {
        match self.0 {}
    }
}

/// Not needed here.
pub fn set_helper(_: PathBuf) {}

/// There is no helper here.
pub fn helper() -> Option<std::process::ExitCode> {
    None
}
