//! Linux: gauges by ioctl, attempts by `MSG_DONTWAIT`, blocked calls woken by a signal.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::sync::Once;
use std::time::Duration;

use socket2::{SockAddr, Socket};

#[cfg(target_arch = "x86_64")]
use super::tick::Ticks;
use crate::net::StopToken;
use crate::net::errno::code;
use crate::trace::{Gauge, Nanos};

/// A write to a closed connection is an error, not a signal.
pub(crate) const NO_SIGNAL: i32 = libc::MSG_NOSIGNAL;

/// recv of a datagram returns its whole length, also when the buffer is smaller (`man 2 recv`).
pub(crate) const REAL_LENGTH: i32 = libc::MSG_TRUNC;

/// A blocked thread is woken by a signal; sockets need not be touched.
pub(crate) const SIGNALS_WAKE: bool = true;

/// `SIOCOUTQNSD`: bytes accepted but not yet put into a segment (`linux/sockios.h`).
const SIOCOUTQNSD: libc::c_ulong = 0x894B;

/// Ignored by default and used by no library here, so a stray one harms nobody.
const WAKE_SIGNAL: libc::c_int = libc::SIGURG;

/// The monotonic clock, from an epoch of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    epoch: u64,
    #[cfg(target_arch = "x86_64")]
    ticks: Option<(Ticks, u64)>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock {
            #[cfg(target_arch = "x86_64")]
            ticks: Ticks::find().map(|ticks| (ticks, Ticks::now())),
            epoch: monotonic(),
        }
    }

    /// The time, for a stamp just before or after a system call.
    #[inline]
    pub(crate) fn now(self) -> Nanos {
        #[cfg(target_arch = "x86_64")]
        if let Some((ticks, epoch)) = self.ticks
            // Less than at the beginning: the computer slept, and the counter began anew.
            && let Some(passed) = Ticks::now().checked_sub(epoch)
        {
            return ticks.nanos(passed);
        }
        monotonic().saturating_sub(self.epoch)
    }

    /// The time, read strictly after what comes before and before what comes after: for a
    /// comparison between threads that no system call separates.
    pub(crate) fn now_in_order(self) -> Nanos {
        order();
        let now = self.now();
        order();
        now
    }
}

#[cfg(target_arch = "x86_64")]
use super::tick::settle as order;

#[cfg(not(target_arch = "x86_64"))]
fn order() {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

#[inline]
pub(super) fn monotonic() -> u64 {
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the pointer is valid for one timespec. CLOCK_MONOTONIC exists on every Linux, so
    // the call cannot fail and has written the whole struct when it returns.
    let time = unsafe {
        libc::clock_gettime(libc::CLOCK_MONOTONIC, time.as_mut_ptr());
        time.assume_init()
    };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// A thread that a signal can wake.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thread(libc::pthread_t);

impl Thread {
    /// The calling thread. The caller must forget the value before the thread ends.
    pub(crate) fn current() -> Self {
        static INSTALL: Once = Once::new();
        INSTALL.call_once(install);
        // SAFETY: no preconditions.
        Thread(unsafe { libc::pthread_self() })
    }

    /// Makes a blocking call of the thread return EINTR; if it is in none, nothing happens.
    pub(crate) fn interrupt(self) {
        // SAFETY: the thread is alive: StopToken calls this only for registered threads, under
        // the lock that a thread must take to deregister, which it does before it ends.
        unsafe {
            libc::pthread_kill(self.0, WAKE_SIGNAL);
        }
    }
}

extern "C" fn nothing(_: libc::c_int) {}

/// A handler must exist and `SA_RESTART` must be off, or the kernel restarts the call by itself.
fn install() {
    // SAFETY: a zeroed sigaction is valid (no flags, empty mask); the handler does nothing and
    // is therefore async-signal-safe; pointers are valid for the call.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as libc::sighandler_t;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(WAKE_SIGNAL, &raw const action, std::ptr::null_mut());
    }
}

/// Makes the call without waiting: `call` gets the flags to add.
#[inline]
pub(crate) fn attempt<T>(_: &Socket, call: impl FnOnce(i32) -> io::Result<T>) -> io::Result<T> {
    call(libc::MSG_DONTWAIT)
}

/// `send(2)`.
#[inline]
pub(crate) fn send(socket: &Socket, data: &[u8], flags: i32) -> io::Result<usize> {
    let address = std::ptr::null::<libc::sockaddr>();
    // SAFETY: pointer and length are a live slice's, which the kernel only reads, and there is no
    // address; the descriptor is open while `socket` is borrowed. The arguments are those of
    // sendto(2), each as wide as a register.
    let result = unsafe {
        libc::syscall(
            libc::SYS_sendto,
            libc::c_long::from(socket.as_raw_fd()),
            data.as_ptr(),
            data.len(),
            libc::c_long::from(flags),
            address,
            0_usize,
        )
    };
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// `recv(2)`. With [`REAL_LENGTH`] the result may be more than the buffer's length.
///
/// This and [`send`] are what a run does by the million, so they go to the kernel directly:
/// libc's functions of these names are cancellation points (`man 7 pthreads`), for which they
/// note at entry and at exit, in a process with several threads, that the thread may now be
/// cancelled. Nothing here cancels threads.
#[inline]
pub(crate) fn recv(socket: &Socket, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    let address = std::ptr::null_mut::<libc::sockaddr>();
    // SAFETY: pointer and length are a live slice's, borrowed for writing, of which the kernel
    // writes a front part, and no address is asked for; the descriptor is open while `socket` is
    // borrowed. The arguments are those of recvfrom(2), each as wide as a register.
    let result = unsafe {
        libc::syscall(
            libc::SYS_recvfrom,
            libc::c_long::from(socket.as_raw_fd()),
            buffer.as_mut_ptr(),
            buffer.len(),
            libc::c_long::from(flags),
            address,
            std::ptr::null_mut::<libc::socklen_t>(),
        )
    };
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

/// accept, or `WouldBlock` if nobody waits to be accepted.
pub(crate) fn try_accept(listener: &Socket) -> io::Result<(Socket, SockAddr)> {
    let mut poll = libc::pollfd {
        fd: listener.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one valid pollfd; a timeout of 0 returns at once.
    let ready = unsafe { libc::poll(&raw mut poll, 1, 0) };
    match ready {
        0 => Err(io::ErrorKind::WouldBlock.into()),
        // An error of poll is left for accept to name.
        _ => listener.accept(),
    }
}

/// Waits until a connect in progress has ended. A second blocking connect does exactly that on
/// Linux (it waits for the handshake under way), and honours `SO_SNDTIMEO`.
pub(crate) fn finish_connect(
    socket: &Socket,
    to: &SockAddr,
    stop: &StopToken,
    _timeout: Option<Duration>,
) -> io::Result<()> {
    loop {
        match socket.connect(to) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted && !stop.is_stopped() => {}
            // What the first call would have said when the timeout was over.
            Err(e) if e.raw_os_error() == Some(code::ALREADY) => {
                return Err(io::Error::from_raw_os_error(code::IN_PROGRESS));
            }
            result => return result,
        }
    }
}

/// Not needed: signals do it.
pub(crate) fn wake(_: &Socket, _accepting: bool) {}

/// The fill levels; of TCP all three, of `AF_UNIX` the receive side only (its SIOCOUTQ counts
/// kernel memory, not payload).
pub(crate) fn gauge(socket: &Socket, tcp: bool) -> Gauge {
    Gauge {
        unread: read_int(socket, libc::FIONREAD),
        unacked: if tcp {
            read_int(socket, libc::TIOCOUTQ)
        } else {
            None
        },
        unsent: if tcp {
            read_int(socket, SIOCOUTQNSD)
        } else {
            None
        },
    }
}

/// Datagrams that the socket has dropped because its receive buffer was full (`SO_MEMINFO`,
/// `linux/sock_diag.h`: the ninth of its figures, `SK_MEMINFO_DROPS`).
pub(crate) fn drops(socket: &Socket) -> Option<u32> {
    const SK_MEMINFO_DROPS: usize = 8;
    let mut figures = [0_u32; SK_MEMINFO_DROPS + 1];
    let mut size = size_of_val(&figures) as libc::socklen_t;
    // SAFETY: the pointer is valid for `size` bytes, of which the kernel writes at most that many
    // and says how many; the descriptor is open while `socket` is borrowed.
    let result = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_MEMINFO,
            figures.as_mut_ptr().cast(),
            &raw mut size,
        )
    };
    (result == 0 && size as usize == size_of_val(&figures)).then(|| figures[SK_MEMINFO_DROPS])
}

fn read_int(socket: &Socket, request: libc::c_ulong) -> Option<u32> {
    let mut value: libc::c_int = 0;
    // SAFETY: these three requests write one int to the given pointer (man 7 tcp, man 7 unix),
    // and the descriptor is open while `socket` is borrowed.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), request as _, &raw mut value) };
    (result == 0).then(|| u32::try_from(value).unwrap_or(0))
}

pub(crate) fn set_cork(socket: &Socket, on: bool) -> io::Result<()> {
    socket.set_tcp_cork(on)
}

pub(crate) fn get_cork(socket: &Socket) -> io::Result<bool> {
    socket.tcp_cork()
}

pub(crate) fn set_quick_ack(socket: &Socket, on: bool) -> io::Result<()> {
    socket.set_tcp_quickack(on)
}

pub(crate) fn get_quick_ack(socket: &Socket) -> io::Result<bool> {
    socket.tcp_quickack()
}

pub(crate) fn set_mss(socket: &Socket, bytes: u32) -> io::Result<()> {
    socket.set_tcp_mss(bytes)
}

pub(crate) fn get_mss(socket: &Socket) -> io::Result<u32> {
    socket.tcp_mss()
}

/// Does the kernel let calls of the socket wait (`O_NONBLOCK`, `man 2 fcntl`)?
pub(crate) fn is_nonblocking(socket: &Socket) -> Option<bool> {
    socket.nonblocking().ok()
}

/// Would a call on the socket return at once?
#[allow(clippy::unnecessary_wraps, reason = "the portable twin cannot tell")]
pub(crate) fn is_ready(socket: &Socket, writes: bool) -> Option<bool> {
    let mut poll = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: if writes { libc::POLLOUT } else { libc::POLLIN },
        revents: 0,
    };
    // SAFETY: one valid pollfd; a timeout of 0 returns at once.
    let ready = unsafe { libc::poll(&raw mut poll, 1, 0) };
    Some(ready != 0 && !only_reports(socket, poll.revents))
}

/// Is what poll announces nothing but a report of the kernel's (see `timestamps`)? A connection
/// that failed is announced as readable and as hung up, too.
fn only_reports(socket: &Socket, announced: libc::c_short) -> bool {
    announced == libc::POLLERR && super::timestamps::has_reports(socket)
}

/// How long a wait lasts at most while reports stand in an error queue, where poll does not wait.
const LOOK: Duration = Duration::from_millis(2);

/// Waits until a call on one of these (socket, to read, to write) would return at once, `timeout`
/// is over or a signal comes; says of each whether it would.
pub(crate) fn wait_any(
    sockets: &[(&Socket, bool, bool)],
    timeout: Option<Duration>,
    _stop: &StopToken,
) -> io::Result<Vec<bool>> {
    let mut polls: Vec<libc::pollfd> = sockets
        .iter()
        .map(|(socket, read, write)| libc::pollfd {
            fd: socket.as_raw_fd(),
            events: if *read { libc::POLLIN } else { 0 } | if *write { libc::POLLOUT } else { 0 },
            revents: 0,
        })
        .collect();
    // Rounded up: less than a millisecond is not "at once".
    let timeout = timeout.map_or(-1, |t| {
        i32::try_from(t.as_micros().div_ceil(1000)).unwrap_or(i32::MAX)
    });
    // SAFETY: the pointer is valid for as many pollfds as are said, and the descriptors are open
    // while their sockets are borrowed.
    let ready = unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, timeout) };
    if ready < 0 {
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
        return Ok(vec![false; sockets.len()]);
    }
    let ready: Vec<bool> = polls
        .iter()
        .zip(sockets)
        .map(|(poll, (socket, ..))| poll.revents != 0 && !only_reports(socket, poll.revents))
        .collect();
    if timeout != 0 && polls.iter().any(|poll| poll.revents != 0) && !ready.contains(&true) {
        // Poll would return at once until somebody has taken the reports.
        std::thread::sleep(LOOK);
    }
    Ok(ready)
}

/// The calling thread's number (`man 2 gettid`).
pub(crate) fn thread_id() -> u64 {
    // SAFETY: no preconditions, cannot fail.
    u64::try_from(unsafe { libc::gettid() }).unwrap_or(0)
}

/// Is the thread of that number asleep in the kernel (`man 5 proc`, state S)? One that is gone
/// is not asleep.
pub(crate) fn is_asleep(thread: u64) -> Option<bool> {
    let stat = std::fs::read_to_string(format!("/proc/self/task/{thread}/stat")).ok()?;
    // The name in parentheses may hold anything, also parentheses; the state follows the last.
    let state = stat.rsplit(')').next()?.trim_start().chars().next()?;
    Some(state == 'S')
}
