//! Capturing the packets of a run's private network, as events in time order with its calls.
//!
//! The kernel puts packets into a ring, stamped when it hands them on. Whoever looks into the
//! ring, the capture thread or the collector, takes out what is there ([`Tap`]). The collector
//! looks *after* it has learned up to which time the calls are complete. So whatever a packet
//! caused comes after it in the trace: a recv that got its bytes had not returned when the packet
//! was not yet in the ring. And whatever caused a packet was stamped before the kernel made it.
//!
//! The thread is there for a window that does not draw: it empties the ring before it is full,
//! and wakes the window when packets come that belong to no call. Packets for which there was no
//! room all the same are counted by the kernel, and the trace says so.

mod packet;
mod tap;

pub(super) use tap::Tap;

use std::io;
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::pipe::Shared;
use super::{Namespace, RecorderHub, Registry, sys};

/// After packets have come, more are let gather for so long: a thread that woke at every packet
/// would take the processor from those it watches. Milliseconds.
const GATHER: i32 = 4;

/// Captures the packets of a private network while it lives.
#[derive(Debug)]
pub struct Capture {
    tap: Arc<Tap>,
    shared: Arc<Shared>,
    /// Shut down to end the thread.
    end: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl Capture {
    /// Begins to record everything in `namespace`; once for each.
    ///
    /// # Errors
    /// The system's: no thread.
    pub fn start(namespace: &Namespace, hub: &RecorderHub) -> io::Result<Self> {
        let ring = namespace.take_ring().ok_or(io::ErrorKind::NotFound)?;
        Self::begin(ring, None, hub)
    }

    /// Begins to record what the sockets of `registry` send and receive on the computer's own
    /// loopback. What other programs send there is looked at (where from, where to) and dropped.
    ///
    /// # Errors
    /// `EPERM` without the capability `CAP_NET_RAW` (`man 7 capabilities`).
    pub fn on_host(registry: &Registry, hub: &RecorderHub) -> io::Result<Self> {
        let ring = sys::Ring::on_loopback(sys::packet_socket()?)?;
        Self::begin(ring, Some(registry.clone()), hub)
    }

    fn begin(ring: sys::Ring, only: Option<Registry>, hub: &RecorderHub) -> io::Result<Self> {
        let watched = ring.socket()?;
        let shared = Arc::clone(hub.shared());
        let tap = Arc::new(Tap::new(ring, only));
        let (end, ended) = UnixStream::pair()?;
        let ended = OwnedFd::from(ended);
        let thread = {
            let (tap, shared) = (Arc::clone(&tap), Arc::clone(&shared));
            std::thread::Builder::new()
                .name("capture".into())
                .spawn(move || watch(&tap, &shared, &watched, &ended))?
        };
        Ok(Capture {
            tap,
            shared,
            end,
            thread: Some(thread),
        })
    }

    pub(super) fn tap(&self) -> Arc<Tap> {
        Arc::clone(&self.tap)
    }

    /// All sockets are closed: waits until every connection seen has ended on the wire, too,
    /// `patience` at most.
    pub fn wait_for_closes(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        while self.tap.look(&self.shared) > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The largest packet of the computer's own loopback, bytes.
pub fn loopback_mtu() -> u32 {
    std::fs::read_to_string("/sys/class/net/lo/mtu")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(65_536)
}

impl Drop for Capture {
    fn drop(&mut self) {
        let _ = self.end.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(tap: &Tap, shared: &Shared, ring: &OwnedFd, end: &OwnedFd) {
    loop {
        match sys::wait_readable(ring, end, -1) {
            sys::Waited::Ended => return,
            sys::Waited::Over => {}
            sys::Waited::Ready => {
                tap.look(shared);
                shared.notify();
            }
        }
        if sys::wait_end(end, GATHER) {
            return;
        }
    }
}
