//! Every other system: no gauges, attempts by switching to non-blocking for one call, blocked
//! calls woken through their socket. Nothing but socket2 and the standard library.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr};
use std::time::{Duration, Instant};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::net::StopToken;
use crate::net::errno::code;
use crate::trace::{Gauge, Nanos, SenderFigures, SentSoFar, Stage, TcpState};

/// A write to a closed connection is an error, not a signal. (Where the flag does not exist,
/// socket2 sets `SO_NOSIGPIPE`, or there is no such signal.)
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(crate) const NO_SIGNAL: i32 = libc::MSG_NOSIGNAL;
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(crate) const NO_SIGNAL: i32 = 0;

/// The whole length of a truncated datagram cannot be asked for.
pub(crate) const REAL_LENGTH: i32 = 0;

/// A blocked thread is woken through the socket it is blocked on.
pub(crate) const SIGNALS_WAKE: bool = false;

/// How often a connect under way is looked at: nothing portable waits for it.
const CONNECT_LOOK: Duration = Duration::from_millis(2);

/// The monotonic clock, from an epoch of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    epoch: Instant,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock {
            epoch: Instant::now(),
        }
    }

    #[inline]
    pub(crate) fn now(self) -> Nanos {
        self.epoch.elapsed().as_nanos() as u64
    }

    /// The time, read strictly after what comes before and before what comes after.
    pub(crate) fn now_in_order(self) -> Nanos {
        std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
        let now = self.now();
        std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
        now
    }
}

/// A thread; here only counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thread;

impl Thread {
    pub(crate) fn current() -> Self {
        Thread
    }

    /// Not how it is done here: see [`wake`].
    #[expect(clippy::unused_self, reason = "elsewhere it has an effect")]
    pub(crate) fn interrupt(self) {}
}

/// `send(2)`.
pub(crate) fn send(socket: &Socket, data: &[u8], flags: i32) -> io::Result<usize> {
    socket.send_with_flags(data, flags)
}

/// `recv(2)`.
pub(crate) fn recv(socket: &Socket, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    socket.recv_with_flags(super::as_uninit(buffer), flags)
}

/// Makes the call without waiting: `call` gets the flags to add.
pub(crate) fn attempt<T>(
    socket: &Socket,
    call: impl FnOnce(i32) -> io::Result<T>,
) -> io::Result<T> {
    socket.set_nonblocking(true)?;
    let result = call(0);
    socket.set_nonblocking(false)?;
    result
}

/// accept, or `WouldBlock` if nobody waits to be accepted.
pub(crate) fn try_accept(listener: &Socket) -> io::Result<(Socket, SockAddr)> {
    let (socket, from) = attempt(listener, |_| listener.accept())?;
    // Some systems pass the listener's mode on to the connection.
    socket.set_nonblocking(false)?;
    Ok((socket, from))
}

/// Waits until a connect in progress has ended, looking every few milliseconds.
pub(crate) fn finish_connect(
    socket: &Socket,
    to: &SockAddr,
    stop: &StopToken,
    timeout: Option<Duration>,
) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        if !stop.sleep(CONNECT_LOOK) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        match super::start_connect(socket, to) {
            Err(e) if super::in_progress(&e) => {}
            Err(e) if e.raw_os_error() == Some(code::IS_CONNECTED) => return Ok(()),
            result => return result,
        }
        if timeout.is_some_and(|t| begun.elapsed() >= t) {
            return Err(io::Error::from_raw_os_error(code::IN_PROGRESS));
        }
    }
}

/// Wakes the thread that is blocked on `socket`; afterwards the socket is of no more use.
/// Errors mean that there was nothing to wake.
pub(crate) fn wake(socket: &Socket, accepting: bool) {
    if accepting {
        connect_to_self(socket);
    } else if socket.r#type().is_ok_and(|t| t == Type::DGRAM) {
        // An unconnected datagram socket is not woken by shutdown everywhere.
        if let Ok(local) = socket.local_addr() {
            let _ = Socket::new(local.domain(), Type::DGRAM, None).and_then(|s| {
                s.set_nonblocking(true)?;
                s.send_to(&[], &reachable(&local))
            });
        }
    }
    let _ = socket.shutdown(Shutdown::Both);
}

fn connect_to_self(listener: &Socket) {
    let Ok(local) = listener.local_addr() else {
        return;
    };
    let kind = listener.r#type().unwrap_or(Type::STREAM);
    let _ = Socket::new(local.domain(), kind, None).and_then(|s| {
        s.set_nonblocking(true)?;
        s.connect(&reachable(&local))
    });
}

/// The address with "any" replaced by loopback, which alone can be connected to everywhere.
fn reachable(local: &SockAddr) -> SockAddr {
    match local.as_socket() {
        Some(SocketAddr::V4(a)) if local.domain() == Domain::IPV4 && a.ip().is_unspecified() => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, a.port())).into()
        }
        Some(SocketAddr::V6(a)) if a.ip().is_unspecified() => {
            SocketAddr::from((Ipv6Addr::LOCALHOST, a.port())).into()
        }
        _ => local.clone(),
    }
}

/// Not told here.
pub(crate) fn drops(_: &Socket) -> Option<u32> {
    None
}

/// What a TCP end has to tell; here nothing can be read.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "as its twin, which is read from the kernel")]
pub(crate) struct TcpInfo {
    pub(crate) state: TcpState,
    pub(crate) sender: Option<SenderFigures>,
    pub(crate) sent: Option<SentSoFar>,
}

/// Not readable here.
pub(crate) fn tcp_info(_: &Socket) -> Option<TcpInfo> {
    None
}

/// Reports of what left and what arrived; there are none here.
///
/// # Errors
/// Always.
pub(crate) fn ask_for_reports(_: &Socket) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// There are none.
pub(crate) fn reports(_: &Socket, _most: usize, _sink: &mut dyn FnMut(Stage, u32, u64)) {}

/// The system's connections by their addresses; not readable here.
#[derive(Debug)]
pub(crate) struct TcpTable(Infallible);

impl TcpTable {
    /// Not here.
    ///
    /// # Errors
    /// Always.
    pub(crate) fn open() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// There is none.
    pub(crate) fn state(&mut self, _: SocketAddr, _: SocketAddr) -> io::Result<TcpState> {
        match self.0 {}
    }
}

/// Not readable here.
pub(crate) fn gauge(_: &Socket, _tcp: bool) -> Gauge {
    Gauge::default()
}

fn unknown<T>() -> io::Result<T> {
    Err(io::Error::from_raw_os_error(code::NO_SUCH_OPTION))
}

pub(crate) fn set_cork(_: &Socket, _on: bool) -> io::Result<()> {
    unknown()
}

pub(crate) fn get_cork(_: &Socket) -> io::Result<bool> {
    unknown()
}

pub(crate) fn set_quick_ack(_: &Socket, _on: bool) -> io::Result<()> {
    unknown()
}

pub(crate) fn get_quick_ack(_: &Socket) -> io::Result<bool> {
    unknown()
}

#[cfg(unix)]
pub(crate) fn set_mss(socket: &Socket, bytes: u32) -> io::Result<()> {
    socket.set_tcp_mss(bytes)
}

#[cfg(unix)]
pub(crate) fn get_mss(socket: &Socket) -> io::Result<u32> {
    socket.tcp_mss()
}

#[cfg(not(unix))]
pub(crate) fn set_mss(_: &Socket, _bytes: u32) -> io::Result<()> {
    unknown()
}

#[cfg(not(unix))]
pub(crate) fn get_mss(_: &Socket) -> io::Result<u32> {
    unknown()
}

/// Not every system tells; who has set it knows.
pub(crate) fn is_nonblocking(_: &Socket) -> Option<bool> {
    None
}

/// Cannot be told without changing the socket's mode.
pub(crate) fn is_ready(_: &Socket, _writes: bool) -> Option<bool> {
    None
}

/// How often sockets are looked at: nothing portable waits for several.
const LOOK: Duration = Duration::from_millis(5);

/// Waits a little, `timeout` at most; then says of each of these (socket, to read, to write)
/// whether a call on it may return at once. Of a listening socket, and of writing, that cannot
/// be told, so it may.
#[expect(
    clippy::unnecessary_wraps,
    reason = "as its twin, which asks a kernel that can refuse"
)]
pub(crate) fn wait_any(
    sockets: &[(&Socket, bool, bool)],
    timeout: Option<Duration>,
    stop: &StopToken,
) -> io::Result<Vec<bool>> {
    stop.sleep(timeout.map_or(LOOK, |t| t.min(LOOK)));
    Ok(sockets
        .iter()
        .map(|(socket, read, write)| *write || *read && may_read(socket))
        .collect())
}

/// The sockets of a thread that waits for several do not block, so a look costs no wait.
fn may_read(socket: &Socket) -> bool {
    let mut byte = [0];
    match socket.peek(super::as_uninit(&mut byte)) {
        Ok(_) => true,
        Err(e) => e.kind() != io::ErrorKind::WouldBlock,
    }
}

/// Threads have no number that would tell us anything.
pub(crate) fn thread_id() -> u64 {
    0
}

/// Cannot be told.
pub(crate) fn is_asleep(_thread: u64) -> Option<bool> {
    None
}
