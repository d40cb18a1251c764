//! A network of one's own: namespaces, the loopback in them, and sockets that see packets.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// `SIOCGIFFLAGS`, `SIOCSIFFLAGS`, `SIOCSIFMTU`, `SIOCETHTOOL` (`linux/sockios.h`).
const GET_FLAGS: u32 = 0x8913;
const SET_FLAGS: u32 = 0x8914;
const SET_MTU: u32 = 0x8922;
const ETHTOOL: u32 = 0x8946;

/// `ETHTOOL_STSO`, `ETHTOOL_SGSO`, `ETHTOOL_SGRO` (`linux/ethtool.h`).
const OFFLOADS: [u32; 3] = [0x1f, 0x24, 0x2c];

/// `struct ifreq` of `man 7 netdevice`: a name, and 24 bytes that mean what the request says.
#[repr(C, align(8))]
struct Request {
    name: [u8; 16],
    data: [u8; 24],
}

/// `struct ethtool_value`
#[repr(C)]
struct Switch {
    command: u32,
    value: u32,
}

/// Puts the calling process into a new user and network namespace, in which it may do what root
/// may (`man 7 user_namespaces`). The process must have one thread only.
///
/// # Errors
/// The system's: `EPERM` where that is refused, `ENOSPC` where there are too many, `EINVAL` from
/// a process of several threads.
pub(crate) fn enter_namespaces() -> io::Result<()> {
    unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET)
}

/// As [`enter_namespaces`], a network namespace only: for who has `CAP_SYS_ADMIN` already.
///
/// # Errors
/// The system's.
pub(crate) fn enter_network_namespace() -> io::Result<()> {
    unshare(libc::CLONE_NEWNET)
}

fn unshare(what: libc::c_int) -> io::Result<()> {
    // SAFETY: no pointers; what it changes belongs to this process alone.
    check(unsafe { libc::unshare(what) })
}

/// User and group of the calling process.
pub(crate) fn who() -> (u32, u32) {
    // SAFETY: no preconditions, cannot fail.
    unsafe { (libc::geteuid(), libc::getegid()) }
}

/// Switches the loopback of the calling process's namespace on.
///
/// # Errors
/// `EPERM` where even in one's own namespace one may do nothing.
pub(crate) fn loopback_up() -> io::Result<()> {
    let mut request = Request::loopback();
    ask(GET_FLAGS, &mut request)?;
    let up = (libc::IFF_UP | libc::IFF_RUNNING) as u16;
    let flags = u16::from_ne_bytes([request.data[0], request.data[1]]) | up;
    request.data[..2].copy_from_slice(&flags.to_ne_bytes());
    ask(SET_FLAGS, &mut request)
}

/// Sets the largest packet of the loopback, bytes.
///
/// # Errors
/// `EINVAL` for a size that cannot be.
pub(crate) fn set_mtu(bytes: u32) -> io::Result<()> {
    let mut request = Request::loopback();
    request.data[..4].copy_from_slice(&bytes.to_ne_bytes());
    ask(SET_MTU, &mut request)
}

/// Switches off what lets the loopback carry packets larger than its MTU, so that what is
/// captured is what a wire would carry.
///
/// # Errors
/// The system's.
pub(crate) fn offloads_off() -> io::Result<()> {
    for command in OFFLOADS {
        let mut switch = Switch { command, value: 0 };
        let mut request = Request::loopback();
        let at = (&raw mut switch) as usize;
        request.data[..size_of::<usize>()].copy_from_slice(&at.to_ne_bytes());
        // `switch` lives until the request is over.
        ask(ETHTOOL, &mut request)?;
        std::hint::black_box(&switch);
    }
    Ok(())
}

impl Request {
    fn loopback() -> Self {
        let mut name = [0; 16];
        name[..2].copy_from_slice(b"lo");
        Request {
            name,
            data: [0; 24],
        }
    }
}

fn ask(request: u32, data: &mut Request) -> io::Result<()> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None)?;
    // SAFETY: these requests read and write a `struct ifreq` (40 bytes), which `data` is laid out
    // as; the ethtool ones also follow its pointer to a `struct ethtool_value`, which their
    // caller keeps alive.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), request as _, std::ptr::from_mut(data)) })
}

/// An `AF_PACKET` socket that receives nothing before it is bound (`man 7 packet`).
///
/// # Errors
/// `EPERM` without `CAP_NET_RAW` in the network namespace.
pub(crate) fn packet_socket() -> io::Result<OwnedFd> {
    // SAFETY: no pointers.
    let raw = unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) };
    check(raw)?;
    // SAFETY: a new descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(raw) })
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
