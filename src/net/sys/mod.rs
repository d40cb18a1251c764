//! What depends on the operating system; all `unsafe` code of the crate.
//!
//! `linux` is what we can test; `portable` uses nothing but socket2 and the standard library,
//! and is also built and tested on Linux with `--features portable`. Both have the same items.

#![allow(
    unsafe_code,
    reason = "system calls and signals that no safe crate offers; each block argues its safety"
)]

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod linux;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub(crate) use linux::{
    Clock, NO_SIGNAL, REAL_LENGTH, SIGNALS_WAKE, Thread, attempt, drops, finish_connect, gauge,
    get_cork, get_mss, get_quick_ack, is_asleep, is_nonblocking, is_ready, recv, send, set_cork,
    set_mss, set_quick_ack, thread_id, try_accept, wait_any, wake,
};

#[cfg(all(target_os = "linux", target_arch = "x86_64", not(feature = "portable")))]
mod tick;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod descriptors;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod isolate;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod ring;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod tcp_ends;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod timestamps;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub(crate) use {
    descriptors::{receive as receive_with, send as send_with},
    isolate::{
        enter_namespaces, enter_network_namespace, loopback_up, offloads_off, packet_socket,
        set_mtu, who,
    },
    ring::{Ring, Seen, Waited, lose, pace, real_time, wait_end, wait_readable},
    tcp_ends::{TcpTable, table_socket, tcp_info},
    timestamps::{ask_for_reports, reports},
};

#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
mod portable;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
pub(crate) use portable::{
    Clock, NO_SIGNAL, REAL_LENGTH, SIGNALS_WAKE, TcpTable, Thread, ask_for_reports, attempt, drops,
    finish_connect, gauge, get_cork, get_mss, get_quick_ack, is_asleep, is_nonblocking, is_ready,
    recv, reports, send, set_cork, set_mss, set_quick_ack, tcp_info, thread_id, try_accept,
    wait_any, wake,
};

#[cfg(unix)]
mod look_up;
#[cfg(unix)]
pub(crate) use look_up::look_up_error;

use std::io;
use std::mem::MaybeUninit;

use socket2::{SockAddr, Socket};

/// `MSG_PEEK`.
#[cfg(unix)]
pub(crate) const PEEK: i32 = libc::MSG_PEEK;
/// `MSG_PEEK`.
#[cfg(not(unix))]
pub(crate) const PEEK: i32 = 2;

/// A buffer as socket2 wants it.
pub(crate) fn as_uninit(buffer: &mut [u8]) -> &mut [MaybeUninit<u8>] {
    // SAFETY: `u8` and `MaybeUninit<u8>` have the same layout, and the exclusive borrow is passed
    // on. Writing uninitialised bytes through the result would be wrong; it is only ever given
    // to socket2's recv functions, which promise to write initialised bytes or nothing.
    unsafe { &mut *(std::ptr::from_mut(buffer) as *mut [MaybeUninit<u8>]) }
}

/// The processor may fetch the memory `ahead` elements behind the end of `written`: more will be
/// written there soon.
#[inline]
pub(crate) fn will_write<T>(written: &[T], ahead: usize) {
    let place = written.as_ptr().wrapping_add(written.len() + ahead);
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction is a hint; it has no effect a program can see, whatever the address
    // (Intel SDM, PREFETCHW). Processors without it treat it as no operation.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_ET0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// The descriptor's number, as `fileno` gives it.
#[cfg(unix)]
pub(crate) fn number(socket: &Socket) -> i64 {
    use std::os::fd::AsRawFd;
    i64::from(socket.as_raw_fd())
}

/// The handle's number.
#[cfg(windows)]
pub(crate) fn number(socket: &Socket) -> i64 {
    use std::os::windows::io::AsRawSocket;
    i64::try_from(socket.as_raw_socket()).unwrap_or(i64::MAX)
}

/// Which error of a look-up it was; here those of winsock2, which are error numbers like others.
#[cfg(not(unix))]
pub(crate) fn look_up_error(error: &io::Error) -> Option<(i32, String)> {
    use super::errno::look_up;
    // WSAHOST_NOT_FOUND, WSATRY_AGAIN, WSANO_RECOVERY, WSANO_DATA
    let number = match error.raw_os_error()? {
        11001 => look_up::NO_NAME,
        11002 => look_up::AGAIN,
        11003 => look_up::FAIL,
        11004 => look_up::NO_DATA,
        _ => return None,
    };
    Some((number, error.to_string()))
}

/// Starts to connect without waiting; [`in_progress`] tells whether there is something to wait for.
pub(crate) fn start_connect(socket: &Socket, to: &SockAddr) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    let result = socket.connect(to);
    socket.set_nonblocking(false)?;
    result
}

/// Does this error of a connect mean that it goes on?
///
/// `EINPROGRESS` (TCP), `EAGAIN` (`AF_UNIX`: the listener's queue is full), `EALREADY`, `EINTR`.
pub(crate) fn in_progress(error: &io::Error) -> bool {
    use super::errno::code;
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    ) || matches!(
        error.raw_os_error(),
        Some(code::IN_PROGRESS | code::ALREADY)
    )
}
