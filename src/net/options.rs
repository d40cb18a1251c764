//! What a socket is made of and what can be set on it: families, types, options.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use socket2::Socket;

use super::errno::code;
use super::sys;

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
    /// `SOCK_RAW`
    Raw,
    /// `SOCK_RDM`
    Rdm,
    /// `SOCK_RAW` with the protocol `IPPROTO_ICMP` (`man 7 raw`, `man 7 icmp`)
    Icmp,
}

impl SocketKind {
    /// The name in C and Python.
    pub fn name(self) -> &'static str {
        match self {
            SocketKind::Stream => "SOCK_STREAM",
            SocketKind::Datagram => "SOCK_DGRAM",
            SocketKind::SeqPacket => "SOCK_SEQPACKET",
            SocketKind::Raw => "SOCK_RAW",
            SocketKind::Rdm => "SOCK_RDM",
            SocketKind::Icmp => "SOCK_RAW, IPPROTO_ICMP",
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
    /// `SO_BROADCAST`: datagrams may be sent to all (`man 7 socket`)
    Broadcast,
}

impl SockOpt {
    /// Every option.
    pub const ALL: [SockOpt; 12] = [
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
        SockOpt::Broadcast,
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
            SockOpt::Broadcast => "SO_BROADCAST",
        }
    }

    /// Does this value mean "leave it as the system made it"? Programs then make no call. Zero is
    /// no size a system would grant.
    pub fn leaves_default(self, value: i64) -> bool {
        matches!(self, SockOpt::SndBuf | SockOpt::RcvBuf | SockOpt::MaxSeg) && value == 0
    }

    /// The option of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name)
    }
}

/// Sets an option; value as in [`SockOpt`].
///
/// # Errors
/// The system's; EINVAL for a value that does not fit its type.
pub(crate) fn set(socket: &Socket, option: SockOpt, value: i64) -> io::Result<()> {
    let invalid = || io::Error::from_raw_os_error(code::INVALID);
    let size = || usize::try_from(value).map_err(|_| invalid());
    let time = || {
        u64::try_from(value)
            .map(|ms| (ms > 0).then(|| Duration::from_millis(ms)))
            .map_err(|_| invalid())
    };
    let on = value != 0;
    match option {
        // Beyond an int the system call has no such value.
        SockOpt::SndBuf | SockOpt::RcvBuf if i32::try_from(value).is_err() => Err(invalid()),
        SockOpt::SndBuf => socket.set_send_buffer_size(size()?),
        SockOpt::RcvBuf => socket.set_recv_buffer_size(size()?),
        SockOpt::NoDelay => socket.set_tcp_nodelay(on),
        SockOpt::Cork => sys::set_cork(socket, on),
        SockOpt::QuickAck => sys::set_quick_ack(socket, on),
        SockOpt::MaxSeg => sys::set_mss(socket, u32::try_from(value).map_err(|_| invalid())?),
        SockOpt::ReuseAddr => socket.set_reuse_address(on),
        SockOpt::RcvTimeout => socket.set_read_timeout(time()?),
        SockOpt::SndTimeout => socket.set_write_timeout(time()?),
        SockOpt::Linger if value < 0 => socket.set_linger(None),
        SockOpt::Linger => socket.set_linger(Some(Duration::from_secs(value as u64))),
        SockOpt::KeepAlive => socket.set_keepalive(on),
        SockOpt::Broadcast => socket.set_broadcast(on),
    }
}

/// Reads an option; value as in [`SockOpt`].
///
/// # Errors
/// The system's.
pub(crate) fn get(socket: &Socket, option: SockOpt) -> io::Result<i64> {
    let bytes = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let ms =
        |t: Option<Duration>| t.map_or(0, |t| i64::try_from(t.as_millis()).unwrap_or(i64::MAX));
    match option {
        SockOpt::SndBuf => socket.send_buffer_size().map(bytes),
        SockOpt::RcvBuf => socket.recv_buffer_size().map(bytes),
        SockOpt::NoDelay => socket.tcp_nodelay().map(i64::from),
        SockOpt::Cork => sys::get_cork(socket).map(i64::from),
        SockOpt::QuickAck => sys::get_quick_ack(socket).map(i64::from),
        SockOpt::MaxSeg => sys::get_mss(socket).map(i64::from),
        SockOpt::ReuseAddr => socket.reuse_address().map(i64::from),
        SockOpt::RcvTimeout => socket.read_timeout().map(ms),
        SockOpt::SndTimeout => socket.write_timeout().map(ms),
        SockOpt::Linger => socket
            .linger()
            .map(|t| t.map_or(-1, |t| i64::try_from(t.as_secs()).unwrap_or(i64::MAX))),
        SockOpt::KeepAlive => socket.keepalive().map(i64::from),
        SockOpt::Broadcast => socket.broadcast().map(i64::from),
    }
}
