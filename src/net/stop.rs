//! Stopping a run, also while its threads are inside a call that blocks.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use socket2::Socket;

use super::sys;

/// How long [`StopToken::stop_and_wait`] waits between two interruptions.
const AGAIN: Duration = Duration::from_millis(2);

/// Says to every thread of a run that it must end. Clones are the same token.
#[derive(Clone, Debug)]
pub struct StopToken(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stopped: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
    /// Disconnected by stop, so that a select on it wakes.
    closed: Receiver<Infallible>,
}

#[derive(Debug)]
struct State {
    open: Option<Sender<Infallible>>,
    next: u64,
    threads: Vec<(u64, sys::Thread)>,
    /// Sockets on which a thread is blocked, where threads are woken through them.
    blocked: Vec<(u64, Arc<Socket>, bool)>,
}

/// This thread may be woken by [`StopToken::interrupt_all`] while this lives. Stays in its thread.
#[derive(Debug)]
pub struct Entered {
    token: StopToken,
    key: u64,
    stays: PhantomData<*const ()>,
}

/// A blocking call is under way on a socket.
#[derive(Debug)]
pub(crate) struct Blocking<'a>(Option<(&'a StopToken, u64)>);

impl Default for StopToken {
    fn default() -> Self {
        Self::new()
    }
}

impl StopToken {
    /// A token of its own (a [`super::pipe`] has one already).
    pub fn new() -> Self {
        let (open, closed) = bounded(0);
        StopToken(Arc::new(Inner {
            stopped: AtomicBool::new(false),
            state: Mutex::new(State {
                open: Some(open),
                next: 0,
                threads: Vec::new(),
                blocked: Vec::new(),
            }),
            changed: Condvar::new(),
            closed,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on every call returns [`super::CallError::Stopped`]. Wakes sleepers at once;
    /// threads inside a blocking call are woken by [`Self::interrupt_all`].
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        self.state().open = None;
        self.0.changed.notify_all();
    }

    /// Was [`Self::stop`] called?
    #[inline]
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Acquire)
    }

    /// A channel that never carries anything and is disconnected by stop: for a `select!`.
    pub fn stopped(&self) -> &Receiver<Infallible> {
        &self.0.closed
    }

    /// Registers the calling thread (an actor's) until the guard is dropped, at its end.
    pub fn enter(&self) -> Entered {
        let thread = sys::Thread::current();
        let mut state = self.state();
        let key = state.next;
        state.next += 1;
        state.threads.push((key, thread));
        Entered {
            token: self.clone(),
            key,
            stays: PhantomData,
        }
    }

    /// After [`Self::stop`]: wakes every registered thread that is inside a blocking call, and
    /// says how many are still registered. Repeat every few milliseconds until 0: a thread that
    /// was about to enter its call when it was woken is woken in it the next time.
    pub fn interrupt_all(&self) -> usize {
        let state = self.state();
        if self.is_stopped() {
            for (_, thread) in &state.threads {
                thread.interrupt();
            }
            for (_, socket, accepting) in &state.blocked {
                sys::wake(socket, *accepting);
            }
        }
        state.threads.len()
    }

    /// [`Self::stop`], then [`Self::interrupt_all`] until all threads have left or `patience`
    /// is over; says how many are left.
    pub fn stop_and_wait(&self, patience: Duration) -> usize {
        let begun = Instant::now();
        self.stop();
        loop {
            let left = self.interrupt_all();
            if left == 0 || begun.elapsed() >= patience {
                return left;
            }
            let state = self.state();
            if !state.threads.is_empty() {
                // Woken early when the last thread leaves.
                drop(self.0.changed.wait_timeout(state, AGAIN));
            }
        }
    }

    /// Sleeps; true = slept to the end, false = stopped.
    pub fn sleep(&self, time: Duration) -> bool {
        let begun = Instant::now();
        let mut state = self.state();
        loop {
            if self.is_stopped() {
                return false;
            }
            let Some(left) = time.checked_sub(begun.elapsed()).filter(|l| !l.is_zero()) else {
                return true;
            };
            state = match self.0.changed.wait_timeout(state, left) {
                Ok((state, _)) => state,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// Around a blocking call, where threads are woken through their socket.
    pub(crate) fn blocking(&self, socket: &Arc<Socket>, accepting: bool) -> Blocking<'_> {
        if sys::SIGNALS_WAKE {
            return Blocking(None);
        }
        let mut state = self.state();
        let key = state.next;
        state.next += 1;
        state.blocked.push((key, Arc::clone(socket), accepting));
        Blocking(Some((self, key)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.token.state().threads.retain(|(k, _)| *k != self.key);
        self.token.0.changed.notify_all();
    }
}

impl Drop for Blocking<'_> {
    fn drop(&mut self) {
        if let Some((token, key)) = self.0 {
            token.state().blocked.retain(|(k, ..)| *k != key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_cut_short_by_stop() {
        let token = StopToken::new();
        assert!(token.sleep(Duration::from_millis(1)));
        let other = token.clone();
        let sleeper = std::thread::spawn(move || {
            let begun = Instant::now();
            (other.sleep(Duration::from_mins(1)), begun.elapsed())
        });
        token.stop();
        let (whole, took) = sleeper.join().expect("sleeper");
        assert!(!whole);
        assert!(took < Duration::from_secs(10));
    }

    #[test]
    fn waits_until_every_thread_has_left() {
        let token = StopToken::new();
        let other = token.clone();
        let (entered, is_in) = bounded(0);
        let thread = std::thread::spawn(move || {
            let _in = other.enter();
            entered.send(()).expect("test waits");
            other.sleep(Duration::from_mins(1));
        });
        is_in.recv().expect("thread entered");
        assert_eq!(token.interrupt_all(), 1, "without stop nobody is woken");
        assert_eq!(token.stop_and_wait(Duration::from_secs(10)), 0);
        thread.join().expect("thread");
    }
}
