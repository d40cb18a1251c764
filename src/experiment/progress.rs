//! How far each actor has got, for actors that wait for each other.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::net::Target;

/// How often a waiter looks whether the other is held.
const LOOK: Duration = Duration::from_millis(50);

/// Counters of one actor; written by its thread, read by any.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) messages_sent: AtomicU64,
    pub(super) bytes_received: AtomicU64,
    pub(super) ended: AtomicBool,
    /// It can send nothing more until its peer has acknowledged what it sent last.
    pub(super) awaits_acknowledgement: AtomicBool,
    /// It is in a call that sends.
    pub(super) sending: AtomicBool,
    /// Where it listens, once it does.
    listening: Mutex<Option<Target>>,
}

/// The counters of all actors of a run.
#[derive(Debug)]
pub(super) struct Board {
    actors: Vec<Progress>,
    waiters: AtomicUsize,
    stopping: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Board {
    pub(super) fn new(actors: usize) -> Self {
        Board {
            actors: (0..actors).map(|_| Progress::default()).collect(),
            waiters: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            lock: Mutex::new(()),
            changed: Condvar::new(),
        }
    }

    pub(super) fn of(&self, actor: usize) -> &Progress {
        &self.actors[actor]
    }

    /// Tells waiters to look again; call it after a counter moved. Without waiters it costs
    /// one atomic load, for it stands in the path of every call.
    pub(super) fn moved(&self) {
        // SeqCst pairs with the waiter's: either it sees the new counter, or we see the waiter.
        if self.waiters.load(Ordering::SeqCst) > 0 {
            let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
            self.changed.notify_all();
        }
    }

    /// That actor's listening socket is ready for connections.
    pub(super) fn listens(&self, actor: usize, at: Option<Target>) {
        *self.actors[actor]
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = at;
        self.moved();
    }

    /// Where that actor listens, if it does.
    pub(super) fn listening(&self, actor: usize) -> Option<Target> {
        self.actors[actor]
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Ends every wait.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.changed.notify_all();
    }

    /// Waits until `reached`; false when the run is being stopped.
    pub(super) fn wait(&self, reached: impl FnMut(&Board) -> bool) -> bool {
        self.wait_unless_held(None, reached)
    }

    /// Waits until `reached`, or until the `other` actor has been held in one and the same send for
    /// that long; false when the run is being stopped.
    ///
    /// Whoever waits for a sender may be the reader that the sender waits for.
    pub(super) fn wait_unless_held(
        &self,
        other: Option<(usize, Duration)>,
        mut reached: impl FnMut(&Board) -> bool,
    ) -> bool {
        let mut held_since = None;
        let mut held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let done = loop {
            if self.stopping.load(Ordering::SeqCst) {
                break false;
            }
            if reached(self) {
                break true;
            }
            let Some((other, patience)) = other else {
                held = self
                    .changed
                    .wait(held)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let other = self.of(other);
            let sent = other.messages_sent.load(Ordering::SeqCst);
            if other.sending.load(Ordering::Relaxed) {
                match held_since {
                    Some((since, before)) if before == sent => {
                        if Instant::elapsed(&since) >= patience {
                            break true;
                        }
                    }
                    _ => held_since = Some((Instant::now(), sent)),
                }
            } else {
                held_since = None;
            }
            held = self
                .changed
                .wait_timeout(held, LOOK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        };
        self.waiters.fetch_sub(1, Ordering::SeqCst);
        done
    }
}
