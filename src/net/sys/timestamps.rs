//! When bytes of a TCP socket left and were acknowledged, as the kernel reports it without any
//! privilege (`SO_TIMESTAMPING`, `Documentation/networking/timestamping.rst`): reports come
//! through the socket's error queue, each with the number of a byte.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;

use socket2::Socket;

use crate::trace::Stage;

/// `asm-generic/socket.h`
const SO_TIMESTAMPING: libc::c_int = 37;

// `linux/net_tstamp.h`: which moments, numbered by bytes, without a copy of the packet.
const TX_SOFTWARE: u32 = 1 << 1;
const SOFTWARE: u32 = 1 << 4;
const OPT_ID: u32 = 1 << 7;
const TX_ACK: u32 = 1 << 9;
const OPT_TSONLY: u32 = 1 << 11;
/// Bytes are counted from what was written, not from what was acknowledged (6.2); the same for a
/// socket that has sent nothing.
const OPT_ID_TCP: u32 = 1 << 16;

/// `struct sock_extended_err` (`linux/errqueue.h`): where a report comes from, what it is, of
/// which byte.
const ORIGIN_AT: usize = 4;
const ORIGIN_TIMESTAMPING: u8 = 4;
const INFO_AT: usize = 8;
const DATA_AT: usize = 12;
const SENT: u32 = 0;
const SCHEDULED: u32 = 1;
const ACKED: u32 = 2;

/// Room for the two control messages of a report, and some more.
const CONTROL: usize = 512;

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Report {
    stage: Stage,
    /// Number of the byte, counted from 0 where reports were asked for; modulo 2³².
    byte: u32,
    /// When: nanoseconds of the wall clock.
    real: u64,
}

/// Asks for reports of a connected TCP socket that has sent nothing yet.
///
/// # Errors
/// The system's.
pub(crate) fn ask_for_reports(socket: &Socket) -> io::Result<()> {
    let wanted = TX_SOFTWARE | SOFTWARE | OPT_ID | TX_ACK | OPT_TSONLY;
    set(socket, wanted | OPT_ID_TCP).or_else(|_| set(socket, wanted))
}

fn set(socket: &Socket, wanted: u32) -> io::Result<()> {
    // SAFETY: the option takes an int of flags, which lives until the call is over; the
    // descriptor is open while `socket` is borrowed.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            SO_TIMESTAMPING,
            (&raw const wanted).cast(),
            size_of::<u32>() as libc::socklen_t,
        )
    };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Are reports asked for? Then an error that poll announces may be nothing but one of them.
pub(super) fn has_reports(socket: &Socket) -> bool {
    let mut flags = 0_u32;
    let mut size = size_of::<u32>() as libc::socklen_t;
    // SAFETY: the pointer is valid for `size` bytes, of which the kernel writes at most that many.
    let result = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            SO_TIMESTAMPING,
            (&raw mut flags).cast(),
            &raw mut size,
        )
    };
    result == 0 && flags != 0
}

/// Takes reports off the socket's error queue, `most` at most: how far, which byte (counted from 0
/// where reports were asked for, modulo 2³²), and how many nanoseconds ago.
pub(crate) fn reports(socket: &Socket, most: usize, sink: &mut dyn FnMut(Stage, u32, u64)) {
    let now = super::real_time();
    for _ in 0..most {
        let Some(report) = next_report(socket) else {
            return;
        };
        sink(report.stage, report.byte, now.saturating_sub(report.real));
    }
}

/// Takes the next report off the socket's error queue; `None` if there is none.
fn next_report(socket: &Socket) -> Option<Report> {
    loop {
        let mut control = Control([0; CONTROL]);
        // SAFETY: a zeroed msghdr is valid: no name, no data, no control.
        let mut message: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = CONTROL as _;
        // SAFETY: the message's control buffer is valid for its length and outlives the call;
        // there is no name and no data to be written.
        let result = unsafe {
            libc::recvmsg(
                socket.as_raw_fd(),
                &raw mut message,
                libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT,
            )
        };
        if result < 0 {
            return None;
        }
        let length = message.msg_controllen.min(CONTROL);
        // What else stands in the queue is passed over: taken off, it is gone.
        if let Some(report) = read(control.0.get(..length)?) {
            return Some(report);
        }
    }
}

/// Control messages begin where a `cmsghdr` may.
#[repr(align(8))]
struct Control([u8; CONTROL]);

/// The report in control messages (`man 3 cmsg`: length, level, type, data, each aligned).
fn read(mut control: &[u8]) -> Option<Report> {
    const HEAD: usize = size_of::<libc::cmsghdr>();
    let (mut real, mut stage, mut byte) = (None, None, None);
    while control.len() >= HEAD {
        let length = usize::from_ne_bytes(*control.first_chunk()?);
        let level = i32::from_ne_bytes(*control.get(8..)?.first_chunk()?);
        let kind = i32::from_ne_bytes(*control.get(12..)?.first_chunk()?);
        let data = control.get(HEAD..length.max(HEAD))?;
        match (level, kind) {
            (libc::SOL_SOCKET, SO_TIMESTAMPING) => {
                // `struct scm_timestamping`: the first of three is the software's.
                let seconds = i64::from_ne_bytes(*data.first_chunk()?);
                let nanos = i64::from_ne_bytes(*data.get(8..)?.first_chunk()?);
                let seconds = u64::try_from(seconds).ok()?;
                real = seconds
                    .checked_mul(1_000_000_000)?
                    .checked_add(u64::try_from(nanos).ok()?);
            }
            (libc::SOL_IP, libc::IP_RECVERR) | (libc::SOL_IPV6, libc::IPV6_RECVERR)
                if data.get(ORIGIN_AT) == Some(&ORIGIN_TIMESTAMPING) =>
            {
                stage = match u32::from_ne_bytes(*data.get(INFO_AT..)?.first_chunk()?) {
                    SENT => Some(Stage::Left),
                    SCHEDULED => Some(Stage::Scheduled),
                    ACKED => Some(Stage::Acked),
                    _ => None,
                };
                byte = Some(u32::from_ne_bytes(*data.get(DATA_AT..)?.first_chunk()?));
            }
            _ => {}
        }
        control = control
            .get(length.max(HEAD).next_multiple_of(8)..)
            .unwrap_or_default();
    }
    Some(Report {
        stage: stage?,
        byte: byte?,
        real: real?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    fn reports(address: &str) -> Vec<Report> {
        let listener = TcpListener::bind(address).expect("bind");
        let client = Socket::from(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        client.set_tcp_nodelay(true).unwrap();
        ask_for_reports(&client).expect("SO_TIMESTAMPING");
        let _server = listener.accept().expect("accept");
        client.send(b"hello").expect("send");
        client.send(b"again").expect("send");
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut list = Vec::new();
        while list.len() < 4 && Instant::now() < deadline {
            list.extend(next_report(&client));
        }
        list
    }

    #[test]
    fn the_kernel_reports_when_bytes_left_and_arrived() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let list = reports(address);
            let of = |stage| {
                let mut bytes: Vec<u32> = list
                    .iter()
                    .filter(|r| r.stage == stage)
                    .map(|r| r.byte)
                    .collect();
                bytes.sort_unstable();
                bytes
            };
            assert_eq!(of(Stage::Left), [4, 9], "{list:?}");
            assert_eq!(of(Stage::Acked), [4, 9], "{list:?}");
            assert!(list.iter().all(|r| r.real > 1_000_000_000_000_000_000));
        }
    }

    #[test]
    fn strange_control_messages_are_no_report() {
        for n in 0..200usize {
            let mut control = vec![n as u8; n];
            assert_eq!(read(&control), None);
            control.fill(0);
            let _ = read(&control);
        }
    }
}
