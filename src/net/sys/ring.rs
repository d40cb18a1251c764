//! The ring of captured packets that the kernel fills and we empty (`man 7 packet`,
//! `TPACKET_V2`): no system call per packet, and a bound on memory.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

// `linux/if_packet.h`
const SOL_PACKET: libc::c_int = 263;
const PACKET_RX_RING: libc::c_int = 5;
const PACKET_STATISTICS: libc::c_int = 6;
const PACKET_VERSION: libc::c_int = 10;
const TPACKET_V2: libc::c_int = 1;
const STATUS_KERNEL: u32 = 0;
const STATUS_USER: u32 = 1;

/// One packet takes one slot: 66 bytes of the kernel's, the rest is what is kept of it.
const SLOT: usize = 256;
/// Slots: bursts that come while nobody reads.
const SLOTS: usize = 1 << 16;
const BLOCK: usize = 1 << 16;

/// `struct tpacket_req`
#[repr(C)]
struct Layout {
    block_size: u32,
    blocks: u32,
    slot_size: u32,
    slots: u32,
}

/// `struct tpacket2_hdr`, 32 bytes at the beginning of a slot.
#[repr(C)]
#[derive(Clone, Copy)]
struct Head {
    status: u32,
    len: u32,
    kept: u32,
    link: u16,
    network: u16,
    seconds: u32,
    nanos: u32,
    vlan: u16,
    vlan_kind: u16,
    padding: [u8; 4],
}

const _: () = assert!(size_of::<Head>() == 32);

/// A packet in the ring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    /// When the kernel handed it on: nanoseconds of the wall clock.
    pub(crate) real: u64,
    /// From the Ethernet header on, as far as kept.
    pub(crate) bytes: &'a [u8],
}

/// The ring of one capturing socket.
#[derive(Debug)]
pub(crate) struct Ring {
    memory: NonNull<u8>,
    next: usize,
    socket: OwnedFd,
}

// SAFETY: the memory belongs to this value alone (it is unmapped on drop), and nothing in it is
// bound to a thread.
unsafe impl Send for Ring {}

impl Ring {
    /// Makes the socket capture what arrives on the loopback of its namespace.
    ///
    /// # Errors
    /// The system's: no memory, or an interface that is not there.
    pub(crate) fn on_loopback(socket: OwnedFd) -> io::Result<Self> {
        set(&socket, PACKET_VERSION, &TPACKET_V2)?;
        // Everything on a loopback is seen twice. Going it is seen in the order in which it was
        // sent; coming, packets that left on two processors may have overtaken each other.
        only_outgoing(&socket)?;
        let layout = Layout {
            block_size: BLOCK as u32,
            blocks: (SLOT * SLOTS / BLOCK) as u32,
            slot_size: SLOT as u32,
            slots: SLOTS as u32,
        };
        set(&socket, PACKET_RX_RING, &layout)?;
        // SAFETY: a new mapping of the socket's ring, of exactly its size; the address is the
        // kernel's choice, so nothing that is there is replaced.
        let memory = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                SLOT * SLOTS,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                socket.as_raw_fd(),
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let memory = NonNull::new(memory.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        let ring = Ring {
            memory,
            next: 0,
            socket,
        };
        ring.bind()?;
        Ok(ring)
    }

    fn bind(&self) -> io::Result<()> {
        // SAFETY: a zeroed sockaddr_ll is valid.
        let mut to: libc::sockaddr_ll = unsafe { std::mem::zeroed() };
        to.sll_family = libc::AF_PACKET as u16;
        to.sll_protocol = (libc::ETH_P_ALL as u16).to_be();
        // The loopback is made first in every namespace (`LOOPBACK_IFINDEX`).
        to.sll_ifindex = 1;
        // SAFETY: the address is valid for the call and its length is given.
        let bound = unsafe {
            libc::bind(
                self.socket.as_raw_fd(),
                (&raw const to).cast(),
                size_of::<libc::sockaddr_ll>() as u32,
            )
        };
        if bound < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    /// Gives out the packets that are there, `most` at most; says how many.
    pub(crate) fn take(&mut self, most: usize, sink: &mut dyn FnMut(Seen<'_>)) -> usize {
        for taken in 0..most {
            // SAFETY: `next` < SLOTS, so the slot lies inside the mapping; slots are aligned to
            // their size within a page-aligned mapping. The status word is shared with the
            // kernel and touched by atomic operations only.
            let (slot, status) = unsafe {
                let slot = self.memory.add(self.next * SLOT);
                (slot, AtomicU32::from_ptr(slot.as_ptr().cast()))
            };
            if status.load(Ordering::Acquire) & STATUS_USER == 0 {
                return taken;
            }
            // SAFETY: STATUS_USER (read with Acquire) says that the kernel has written the slot
            // and leaves it alone until the status is reset below; the bytes are borrowed until
            // then only. Where they lie is checked against the slot.
            let seen = unsafe {
                let head = slot.cast::<Head>().read();
                let from = usize::from(head.link).min(SLOT);
                let kept = (head.kept as usize).min(SLOT - from);
                Seen {
                    real: u64::from(head.seconds) * 1_000_000_000 + u64::from(head.nanos),
                    bytes: std::slice::from_raw_parts(slot.add(from).as_ptr(), kept),
                }
            };
            sink(seen);
            status.store(STATUS_KERNEL, Ordering::Release);
            self.next = (self.next + 1) % SLOTS;
        }
        most
    }

    /// Packets for which there was no room since the last call.
    pub(crate) fn dropped(&self) -> u32 {
        let mut counts = [0u32; 2];
        let mut length = size_of_val(&counts) as libc::socklen_t;
        // SAFETY: the option writes at most `length` bytes: a `struct tpacket_stats` of two
        // 32-bit counts. Reading it sets both to 0.
        let result = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                SOL_PACKET,
                PACKET_STATISTICS,
                counts.as_mut_ptr().cast(),
                &raw mut length,
            )
        };
        if result == 0 { counts[1] } else { 0 }
    }

    /// The capturing socket, to wait for packets.
    pub(crate) fn socket(&self) -> io::Result<OwnedFd> {
        self.socket.try_clone()
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: mapped by `on_loopback` with this size; nothing borrowed from it is left.
        unsafe {
            libc::munmap(self.memory.as_ptr().cast(), SLOT * SLOTS);
        }
    }
}

fn set<T>(socket: &OwnedFd, option: libc::c_int, value: &T) -> io::Result<()> {
    // SAFETY: `value` is valid for the call and its length is given; each caller passes the type
    // that the option takes (int, or a `struct tpacket_req`).
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            SOL_PACKET,
            option,
            std::ptr::from_ref(value).cast(),
            size_of::<T>() as u32,
        )
    };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Waits until `socket` has something to read (true), or `end` is closed or `millis` are over
/// (false; -1 waits for ever).
pub(crate) fn wait_readable(socket: &OwnedFd, end: &OwnedFd, millis: i32) -> Waited {
    let watch = |fd: &OwnedFd| libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    let mut both = [watch(end), watch(socket)];
    // SAFETY: two valid pollfds.
    let ready = unsafe { libc::poll(both.as_mut_ptr(), 2, millis) };
    if both[0].revents != 0 {
        Waited::Ended
    } else if ready > 0 {
        Waited::Ready
    } else {
        Waited::Over
    }
}

/// Waits until `end` is closed, `millis` at most; true if it is.
pub(crate) fn wait_end(end: &OwnedFd, millis: i32) -> bool {
    let mut watched = libc::pollfd {
        fd: end.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one valid pollfd.
    unsafe { libc::poll(&raw mut watched, 1, millis) > 0 }
}

/// How [`wait_readable`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waited {
    /// There is something to read.
    Ready,
    /// The time is over, or a signal came.
    Over,
    /// The other end of `end` was closed.
    Ended,
}

/// The wall clock, nanoseconds.
pub(crate) fn real_time() -> u64 {
    let mut time = std::mem::MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the pointer is valid for one timespec; CLOCK_REALTIME always exists, so the call
    // cannot fail and has written the whole struct.
    let time = unsafe {
        libc::clock_gettime(libc::CLOCK_REALTIME, time.as_mut_ptr());
        time.assume_init()
    };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

// `linux/filter.h`, `linux/socket.h`
const SKF_AD_RANDOM: u32 = (-0x1000i32 + 56) as u32;
// SKF_AD_OFF + SKF_AD_PKTTYPE.
const SKF_AD_PKTTYPE: u32 = 0xffff_f004;
const SO_MAX_PACING_RATE: libc::c_int = 47;

/// `struct sock_filter`: one instruction of a classic filter (`man 7 socket`).
#[repr(C)]
struct Instruction {
    code: u16,
    if_true: u8,
    if_false: u8,
    k: u32,
}

/// `struct sock_fprog`
#[repr(C)]
struct Program {
    length: u16,
    instructions: *const Instruction,
}

/// The capturing socket gets packets that leave only.
fn only_outgoing(socket: &OwnedFd) -> io::Result<()> {
    let step = |code, if_true, if_false, k| Instruction {
        code,
        if_true,
        if_false,
        k,
    };
    let program = [
        step(0x20, 0, 0, SKF_AD_PKTTYPE),               // ld #type
        step(0x15, 0, 1, libc::PACKET_OUTGOING.into()), // jeq #PACKET_OUTGOING, else leave out
        step(0x06, 0, 0, u32::MAX),                     // ret all
        step(0x06, 0, 0, 0),                            // leave out: ret 0
    ];
    let program = Program {
        length: program.len() as u16,
        instructions: program.as_ptr(),
    };
    set_socket(socket, libc::SO_ATTACH_FILTER, &program)
}

/// The socket loses that share of what arrives for it, at random: of a stream, of the segments
/// that carry data (a lost handshake would only cost a second); of datagrams, of all. Sockets
/// accepted from it do, too.
///
/// # Errors
/// The system's.
pub(crate) fn lose(socket: &socket2::Socket, percent: f32, stream: bool) -> io::Result<()> {
    let share = f64::from(percent.clamp(0.0, 100.0)) / 100.0;
    let line = (share * f64::from(u32::MAX)) as u32;
    let step = |code, if_true, if_false, k| Instruction {
        code,
        if_true,
        if_false,
        k,
    };
    // The filter sees the packet from the TCP or UDP header on.
    let program = [
        step(0x30, 0, 0, 12),            // ldb [12]: length of the TCP header in words …
        step(0x54, 0, 0, 0xf0),          // and #0xf0
        step(0x74, 0, 0, 2),             // rsh #2: … in bytes
        step(0x07, 0, 0, 0),             // tax
        step(0x80, 0, 0, 0),             // ld len
        step(0x2d, 0, 3, 0),             // jgt x, else keep
        step(0x20, 0, 0, SKF_AD_RANDOM), // ld rand
        step(0x35, 1, 0, line),          // jge #line, keep
        step(0x06, 0, 0, 0),             // lost: ret 0
        step(0x06, 0, 0, u32::MAX),      // keep: ret all
    ];
    let program = &program[if stream { 0 } else { 6 }..];
    let program = Program {
        length: program.len() as u16,
        instructions: program.as_ptr(),
    };
    set_socket(socket, libc::SO_ATTACH_FILTER, &program)
}

/// The socket sends at most so many bytes per second.
///
/// # Errors
/// The system's.
pub(crate) fn pace(socket: &socket2::Socket, bytes_per_second: u32) -> io::Result<()> {
    set_socket(socket, SO_MAX_PACING_RATE, &bytes_per_second)
}

fn set_socket<T>(socket: &impl AsRawFd, option: libc::c_int, value: &T) -> io::Result<()> {
    // SAFETY: `value` is valid for the call and its length is given; SO_ATTACH_FILTER takes a
    // `struct sock_fprog` whose instructions its caller keeps alive (the kernel copies them),
    // SO_MAX_PACING_RATE an unsigned int.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            option,
            std::ptr::from_ref(value).cast(),
            size_of::<T>() as u32,
        )
    };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
