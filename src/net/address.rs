//! Where bind, connect and sendto point, and how addresses are written.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Where a call points. A host name is looked up inside the call, as a program would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A host name or number, and a port.
    Host(String, u16),
    /// An address already in numbers.
    Inet(SocketAddr),
    /// A path of an `AF_UNIX` socket (`man 7 unix`: at most 107 bytes on Linux).
    Path(PathBuf),
}
