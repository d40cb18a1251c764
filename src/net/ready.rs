//! Waiting for several sockets at once, in a thread that makes only calls that do not block.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::{Endpoint, Registry, StopToken, sys};
use crate::trace::SocketId;

/// What to wait for on one socket.
#[derive(Clone, Copy, Debug)]
pub struct Interest<'a> {
    /// The socket.
    pub endpoint: &'a Endpoint,
    /// Until there is something to read, or an end, or an error.
    pub read: bool,
    /// Until there is room to send, or an error.
    pub write: bool,
}

/// Wakes a thread that waits in [`wait_ready`]: a datagram socket that sends to itself.
#[derive(Debug)]
pub struct Bell(Socket);

impl Bell {
    /// A bell that nobody has rung.
    ///
    /// # Errors
    /// The system's, when it gives no socket.
    pub fn new() -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        socket.connect(&socket.local_addr()?)?;
        socket.set_nonblocking(true)?;
        Ok(Bell(socket))
    }

    /// The next [`wait_ready`], or the one under way, returns.
    pub fn ring(&self) {
        // Full means that it has been rung often enough.
        let _ = self.0.send(&[1]);
    }

    fn silence(&self) {
        let mut byte = [0];
        while self.0.recv(sys::as_uninit(&mut byte)).is_ok() {}
    }
}

/// Says to others whether a thread that waits for several sockets has anything to do.
#[derive(Debug, Default)]
pub struct Rest {
    /// What it waits for: sockets, and whether to write. `None` while it works, or waits for a
    /// time to come.
    waits: Mutex<Option<Vec<(SocketId, bool)>>>,
    thread: AtomicU64,
}

impl Rest {
    fn state(&self) -> MutexGuard<'_, Option<Vec<(SocketId, bool)>>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// While `wait` runs in this thread, it waits for others and has nothing to do.
    pub fn during<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.begin(Some(Vec::new()));
        let result = wait();
        *self.state() = None;
        result
    }

    fn begin(&self, waits: Option<Vec<(SocketId, bool)>>) {
        self.thread.store(sys::thread_id(), Ordering::Relaxed);
        *self.state() = waits;
    }

    /// Is the thread asleep, with nothing there that it waits for? `None` where the system does
    /// not let us know.
    pub fn is_at_rest(&self, registry: &Registry) -> Option<bool> {
        let state = self.state();
        let Some(waits) = state.as_ref() else {
            return Some(false);
        };
        if !sys::is_asleep(self.thread.load(Ordering::Relaxed))? {
            return Some(false);
        }
        for &(socket, writes) in waits {
            if registry.is_ready(socket, writes)? {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// Waits until one of `interests` may be answered without waiting, the bell rings, `timeout` is
/// over or the run is being stopped; says of each of them whether it may. An interest in neither
/// reading nor writing is not waited for.
///
/// # Errors
/// The system's, when it cannot wait for that many.
pub fn wait_ready(
    interests: &[Interest<'_>],
    bell: &Bell,
    rest: &Rest,
    timeout: Option<Duration>,
    stop: &StopToken,
) -> io::Result<Vec<bool>> {
    let mut sockets: Vec<(&Socket, bool, bool)> = vec![(&bell.0, true, false)];
    let wanted = |i: &&Interest<'_>| i.read || i.write;
    sockets.extend(
        interests
            .iter()
            .filter(wanted)
            .map(|i| (&**i.endpoint.socket(), i.read, i.write)),
    );
    // Somebody who waits for a time to come has something to do.
    let waits = timeout.is_none().then(|| {
        let ids = interests.iter().filter(wanted);
        ids.flat_map(|i| {
            let id = i.endpoint.id();
            [i.read.then_some((id, false)), i.write.then_some((id, true))]
        })
        .flatten()
        .collect()
    });
    rest.begin(waits);
    let ready = if stop.is_stopped() {
        Ok(vec![false; sockets.len()])
    } else {
        sys::wait_any(&sockets, timeout, stop)
    };
    *rest.state() = None;
    let mut ready = ready?.into_iter();
    if ready.next() == Some(true) {
        bell.silence();
    }
    Ok(interests
        .iter()
        .map(|i| wanted(&i) && ready.next().unwrap_or(false))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_bell_wakes_and_is_silent_again() {
        let bell = Arc::new(Bell::new().expect("a socket"));
        let rest = Rest::default();
        let stop = StopToken::new();
        bell.ring();
        bell.ring();
        wait_ready(&[], &bell, &rest, None, &stop).expect("rung before");
        let ringer = {
            let bell = Arc::clone(&bell);
            std::thread::spawn(move || bell.ring())
        };
        wait_ready(&[], &bell, &rest, None, &stop).expect("rung while waiting");
        ringer.join().expect("ringer");
        let short = Duration::from_millis(1);
        wait_ready(&[], &bell, &rest, Some(short), &stop).expect("time over");
    }

    #[test]
    fn stop_ends_the_wait() {
        let token = StopToken::new();
        let other = token.clone();
        let (entered, is_in) = crossbeam_channel::bounded(0);
        let thread = std::thread::spawn(move || {
            let _in = other.enter();
            entered.send(()).expect("test waits");
            let bell = Bell::new().expect("a socket");
            while !other.is_stopped() {
                wait_ready(&[], &bell, &Rest::default(), None, &other).expect("waits");
            }
        });
        is_in.recv().expect("thread entered");
        assert_eq!(token.stop_and_wait(Duration::from_secs(10)), 0);
        thread.join().expect("thread");
    }
}
