//! Is an actor's thread really held by the kernel, with nothing there for it?
//!
//! Somebody who releases calls one by one must know when the last one is over. "Blocked" alone
//! does not say so: the kernel may have just put the awaited bytes there, or handed them over
//! already, and the thread has only not got round to saying that it goes on.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::{Registry, sys};
use crate::trace::{Call, SocketId};

const NOT_HELD: u32 = u32::MAX;

/// What a recorder says of the call its thread is held in; shared with whoever wants to know.
#[derive(Debug)]
pub struct Held {
    /// Number of the socket in the low half, whether the call waits for room to write above it;
    /// [`NOT_HELD`].
    call: AtomicU32,
    /// The thread, as the system numbers it.
    thread: AtomicU64,
}

impl Default for Held {
    fn default() -> Self {
        Held {
            call: AtomicU32::new(NOT_HELD),
            thread: AtomicU64::new(0),
        }
    }
}

impl Held {
    pub(super) fn begin(&self, socket: SocketId, call: Call) {
        let writes = call.sends() || matches!(call, Call::Connect | Call::ConnectEx);
        self.thread.store(sys::thread_id(), Ordering::Relaxed);
        let call = u32::from(socket.0) | u32::from(writes) << 16;
        self.call.store(call, Ordering::SeqCst);
    }

    pub(super) fn end(&self) {
        self.call.store(NOT_HELD, Ordering::SeqCst);
    }

    fn socket(&self) -> Option<(SocketId, bool)> {
        let call = self.call.load(Ordering::SeqCst);
        let socket = SocketId(call as u16);
        (call != NOT_HELD && socket != SocketId::NONE).then_some((socket, call >> 16 != 0))
    }

    /// Has the call under way been found to block?
    pub fn is_blocked(&self) -> bool {
        self.socket().is_some()
    }

    /// Is the thread asleep, wherever? `None` where the system does not let us know.
    pub fn is_asleep(&self) -> Option<bool> {
        sys::is_asleep(self.thread.load(Ordering::Relaxed))
    }

    /// Does the kernel hold the thread, and has nothing for it? `None` where the system does not
    /// let us know.
    pub fn is_at_rest(&self, registry: &Registry) -> Option<bool> {
        let Some((socket, writes)) = self.socket() else {
            return Some(false);
        };
        // The thread first: once asleep, only what arrives at its socket can wake it.
        let asleep = self.is_asleep()?;
        let ready = registry.is_ready(socket, writes)?;
        Some(asleep && !ready && self.is_blocked())
    }
}
