//! The process that makes the private network: it enters it, and then hands out sockets.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::ExitCode;

use socket2::{Domain, Protocol, Socket, Type};

use super::{NamespaceOptions, Setup};
use crate::net::sys;

/// The first argument that makes the program a helper; its standard input is the socketpair.
pub(super) const ARGUMENT: &str = "--namespace-helper";

/// First byte of an answer: here it is …
pub(super) const DONE: u8 = 0;
/// … or not: then the step and the errno (4 bytes, little-endian) follow.
pub(super) const REFUSED: u8 = 1;

/// Options that a system may refuse without harm, in the order of their bits in the answer.
pub(super) const GRANTED: [(&str, &str); 5] = [
    ("timestamps", "tcp_timestamps"),
    ("sack", "tcp_sack"),
    ("window_scaling", "tcp_window_scaling"),
    ("tail_loss_probe", "tcp_early_retrans"),
    ("offloads", ""),
];

/// Is this process to be a helper? Then it is one, until the lab ends. To be called first thing
/// in `main`, before there is a second thread.
pub fn helper() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next()? != ARGUMENT {
        return None;
    }
    let options = arguments.next().and_then(|text| text.parse().ok());
    let Some(options) = options else {
        return Some(ExitCode::from(2));
    };
    let lab = io::stdin();
    Some(match serve(lab.as_fd(), &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Errors here are those of the socketpair: nobody is left to be told.
fn serve(lab: BorrowedFd<'_>, options: &NamespaceOptions) -> io::Result<()> {
    let capture = isolate(options).and_then(|refused| {
        let capture = sys::packet_socket().map_err(|e| (Setup::Capture, e))?;
        Ok((refused, capture))
    });
    match capture {
        Ok((refused, capture)) => sys::send_with(lab, &[DONE, refused], Some(capture.as_fd()))?,
        Err((step, error)) => return refuse(lab, step, &error),
    }
    let mut request = [0; 16];
    loop {
        let (length, _) = match sys::receive_with(lab, &mut request) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            result => result?,
        };
        if length == 0 {
            return Ok(());
        }
        let number = |at: usize| {
            request
                .get(at..at + 4)
                .and_then(|four| four.try_into().ok())
                .map_or(0, i32::from_le_bytes)
        };
        let protocol = Some(number(8)).filter(|n| *n != 0).map(Protocol::from);
        match Socket::new(Domain::from(number(0)), Type::from(number(4)), protocol) {
            Ok(socket) => sys::send_with(lab, &[DONE, 0], Some(socket.as_fd()))?,
            Err(error) => refuse(lab, Setup::Socket, &error)?,
        }
    }
}

fn refuse(lab: BorrowedFd<'_>, step: Setup, error: &io::Error) -> io::Result<()> {
    let mut answer = vec![REFUSED, step as u8];
    answer.extend_from_slice(&error.raw_os_error().unwrap_or(libc::EIO).to_le_bytes());
    sys::send_with(lab, &answer, None)
}

/// Enters a network of its own and sets it up. Bits of [`GRANTED`] for what was refused.
fn isolate(options: &NamespaceOptions) -> Result<u8, (Setup, io::Error)> {
    let (user, group) = sys::who();
    match sys::enter_namespaces() {
        Ok(()) => {
            // A group map is taken only from who has given up setgroups (man 7 user_namespaces).
            let write = |file: &str, text: String| {
                std::fs::write(format!("/proc/self/{file}"), text).map_err(|e| (Setup::Users, e))
            };
            write("setgroups", "deny".into())?;
            write("uid_map", format!("0 {user} 1"))?;
            write("gid_map", format!("0 {group} 1"))?;
        }
        // Root in a container may be allowed the one and not the other.
        Err(error) => {
            sys::enter_network_namespace().map_err(|_| (Setup::Namespaces, error))?;
        }
    }
    // Before the loopback is up: its IPv6 address needs an MTU of 1280 at least.
    sys::set_mtu(options.mtu).map_err(|e| (Setup::Mtu, e))?;
    sys::loopback_up().map_err(|e| (Setup::Loopback, e))?;
    let mut refused = 0;
    let settings = [
        options.timestamps,
        options.sack,
        options.window_scaling,
        options.tail_loss_probe,
    ];
    for (bit, (on, (_, name))) in settings.into_iter().zip(GRANTED).enumerate() {
        // A new namespace has the kernel's defaults, which are "on": nothing to write.
        if !on && std::fs::write(format!("/proc/sys/net/ipv4/{name}"), "0").is_err() {
            refused |= 1 << bit;
        }
    }
    if sys::offloads_off().is_err() {
        refused |= 1 << (GRANTED.len() - 1);
    }
    Ok(refused)
}
