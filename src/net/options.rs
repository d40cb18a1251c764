//! What a socket is made of and what can be set on it: families, types, options.

use serde::{Deserialize, Serialize};

/// Address family (`man 2 socket`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Family {
    /// `AF_INET`
    Inet,
    /// `AF_INET6`
    Inet6,
    /// `AF_UNIX`
    Unix,
}

impl Family {
    /// The name in C and Python.
    pub fn name(self) -> &'static str {
        match self {
            Family::Inet => "AF_INET",
            Family::Inet6 => "AF_INET6",
            Family::Unix => "AF_UNIX",
        }
    }
}

/// Socket type (`man 2 socket`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SocketKind {
    /// `SOCK_STREAM`
    Stream,
    /// `SOCK_DGRAM`
    Datagram,
    /// `SOCK_SEQPACKET`
    SeqPacket,
}

impl SocketKind {
    /// The name in C and Python.
    pub fn name(self) -> &'static str {
        match self {
            SocketKind::Stream => "SOCK_STREAM",
            SocketKind::Datagram => "SOCK_DGRAM",
            SocketKind::SeqPacket => "SOCK_SEQPACKET",
        }
    }
}

/// Which direction `shutdown` closes (`man 2 shutdown`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// `SHUT_RD`
    Read,
    /// `SHUT_WR`: the half-close
    Write,
    /// `SHUT_RDWR`
    Both,
}

/// The socket options that lessons use; value 0/1 for switches, bytes or milliseconds otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SockOpt {
    /// `SO_SNDBUF`, bytes (Linux grants double; `man 7 socket`)
    SndBuf,
    /// `SO_RCVBUF`, bytes (Linux grants double; `man 7 socket`)
    RcvBuf,
    /// `TCP_NODELAY` (`man 7 tcp`)
    NoDelay,
    /// `TCP_CORK` (Linux; `man 7 tcp`)
    Cork,
    /// `TCP_QUICKACK` (Linux, not permanent; `man 7 tcp`)
    QuickAck,
    /// `TCP_MAXSEG`, bytes, before connect or listen
    MaxSeg,
    /// `SO_REUSEADDR`
    ReuseAddr,
    /// `SO_RCVTIMEO`, milliseconds, 0 = none
    RcvTimeout,
    /// `SO_SNDTIMEO`, milliseconds, 0 = none
    SndTimeout,
    /// `SO_LINGER` seconds; -1 = off
    Linger,
    /// `SO_KEEPALIVE`
    KeepAlive,
}

impl SockOpt {
    /// Every option.
    pub const ALL: [SockOpt; 11] = [
        SockOpt::SndBuf,
        SockOpt::RcvBuf,
        SockOpt::NoDelay,
        SockOpt::Cork,
        SockOpt::QuickAck,
        SockOpt::MaxSeg,
        SockOpt::ReuseAddr,
        SockOpt::RcvTimeout,
        SockOpt::SndTimeout,
        SockOpt::Linger,
        SockOpt::KeepAlive,
    ];

    /// The name in C and Python.
    pub fn name(self) -> &'static str {
        match self {
            SockOpt::SndBuf => "SO_SNDBUF",
            SockOpt::RcvBuf => "SO_RCVBUF",
            SockOpt::NoDelay => "TCP_NODELAY",
            SockOpt::Cork => "TCP_CORK",
            SockOpt::QuickAck => "TCP_QUICKACK",
            SockOpt::MaxSeg => "TCP_MAXSEG",
            SockOpt::ReuseAddr => "SO_REUSEADDR",
            SockOpt::RcvTimeout => "SO_RCVTIMEO",
            SockOpt::SndTimeout => "SO_SNDTIMEO",
            SockOpt::Linger => "SO_LINGER",
            SockOpt::KeepAlive => "SO_KEEPALIVE",
        }
    }

    /// The option of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }
}
