//! Descriptors handed from one process to another (`man 7 unix`, `SCM_RIGHTS`).

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// Room for a control message with one descriptor, aligned as `cmsghdr` must be.
#[repr(C, align(8))]
struct Control([u8; 64]);

/// Sends one message, with a descriptor if there is one to hand over.
///
/// # Errors
/// The system's; `EPIPE` if the other end is closed.
pub(crate) fn send(
    to: BorrowedFd<'_>,
    message: &[u8],
    handed: Option<BorrowedFd<'_>>,
) -> io::Result<()> {
    let mut part = libc::iovec {
        iov_base: message.as_ptr().cast_mut().cast(),
        iov_len: message.len(),
    };
    let mut control = Control([0; 64]);
    // SAFETY: a zeroed msghdr is valid (null pointers with length 0).
    let mut head: libc::msghdr = unsafe { std::mem::zeroed() };
    head.msg_iov = &raw mut part;
    head.msg_iovlen = 1;
    if let Some(handed) = handed {
        head.msg_control = (&raw mut control).cast();
        // SAFETY: `head` points at an aligned control buffer of 64 bytes, which is larger than
        // CMSG_SPACE of one descriptor (24), so the header and its data lie inside it.
        unsafe {
            head.msg_controllen = libc::CMSG_SPACE(size_of::<RawFd>() as u32) as _;
            let part = libc::CMSG_FIRSTHDR(&raw const head);
            (*part).cmsg_level = libc::SOL_SOCKET;
            (*part).cmsg_type = libc::SCM_RIGHTS;
            (*part).cmsg_len = libc::CMSG_LEN(size_of::<RawFd>() as u32) as _;
            let raw = handed.as_raw_fd().to_ne_bytes();
            std::ptr::copy_nonoverlapping(raw.as_ptr(), libc::CMSG_DATA(part), raw.len());
        }
    }
    // SAFETY: everything `head` points at lives until the call returns; the kernel only reads.
    let sent = unsafe { libc::sendmsg(to.as_raw_fd(), &raw const head, libc::MSG_NOSIGNAL) };
    if sent < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Receives one message: its length (0: the other end is closed) and the descriptor that came
/// with it.
///
/// # Errors
/// The system's; `EAGAIN` when the socket has a timeout and it is over.
pub(crate) fn receive(
    from: BorrowedFd<'_>,
    buffer: &mut [u8],
) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut part = libc::iovec {
        iov_base: buffer.as_mut_ptr().cast(),
        iov_len: buffer.len(),
    };
    let mut control = Control([0; 64]);
    // SAFETY: a zeroed msghdr is valid (null pointers with length 0).
    let mut head: libc::msghdr = unsafe { std::mem::zeroed() };
    head.msg_iov = &raw mut part;
    head.msg_iovlen = 1;
    head.msg_control = (&raw mut control).cast();
    head.msg_controllen = size_of::<Control>() as _;
    // SAFETY: the buffer and the control buffer are exclusively borrowed for the call, and their
    // lengths are given.
    let got = unsafe { libc::recvmsg(from.as_raw_fd(), &raw mut head, libc::MSG_CMSG_CLOEXEC) };
    let Ok(got) = usize::try_from(got) else {
        return Err(io::Error::last_os_error());
    };
    let mut handed = None;
    // SAFETY: the kernel has written `msg_controllen` bytes of whole control messages into the
    // aligned buffer; the CMSG macros walk within that length. Each SCM_RIGHTS message holds
    // (cmsg_len - CMSG_LEN(0)) / 4 new descriptors that nobody else owns; all are taken, so that
    // none leaks.
    unsafe {
        let mut part = libc::CMSG_FIRSTHDR(&raw const head);
        while !part.is_null() {
            if (*part).cmsg_level == libc::SOL_SOCKET && (*part).cmsg_type == libc::SCM_RIGHTS {
                let bytes = ((*part).cmsg_len as usize).saturating_sub(libc::CMSG_LEN(0) as usize);
                for n in 0..bytes / size_of::<RawFd>() {
                    let mut raw = [0; size_of::<RawFd>()];
                    let from = libc::CMSG_DATA(part).add(n * raw.len());
                    std::ptr::copy_nonoverlapping(from, raw.as_mut_ptr(), raw.len());
                    let raw = RawFd::from_ne_bytes(raw);
                    handed = Some(OwnedFd::from_raw_fd(raw));
                }
            }
            part = libc::CMSG_NXTHDR(&raw const head, part);
        }
    }
    Ok((got, handed))
}
