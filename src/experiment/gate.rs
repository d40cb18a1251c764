//! The gate at which an actor waits for permission to make its next call.
//!
//! Running freely, passing the gate costs one atomic load. In step mode every socket call
//! needs a permit; paused is step mode without permits.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How actors pass their gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By themselves, at least `pace` apart (zero = at full speed).
    Free {
        /// Least time between two calls of an actor.
        pace: Duration,
    },
    /// One call per permit.
    Step,
}

/// Where an actor is, as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Its thread has not begun, or it is between two operations.
    Running = 0,
    /// At the gate, waiting for a permit.
    AtGate = 1,
    /// The kernel holds it in a call.
    Blocked = 2,
    /// Waiting for another actor.
    Waiting = 3,
    /// Its program has ended.
    Ended = 4,
}

/// What the gate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Go on.
    Go,
    /// Leave: the run is being stopped.
    Stop,
}

/// What a pacing operation (`sleep`, `wait`) should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// Take the time: the program runs by itself.
    Take,
    /// Skip it: the next call was released by hand, the person is the clock.
    Skip,
    /// Leave: the run is being stopped.
    Stop,
}

#[derive(Debug)]
struct State {
    mode: Mode,
    permits: u32,
    stopping: bool,
    last: Option<Instant>,
}

/// One actor's gate. Shared by the actor's thread and the runner.
#[derive(Debug)]
pub struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    /// Free at full speed: the actor need not lock.
    open: AtomicBool,
    status: AtomicU8,
    /// The program has got past the point up to which it runs by itself in step mode.
    ready: AtomicBool,
    /// Number of the operation it is at or waits before; `u32::MAX` before the first.
    at: AtomicU32,
}

impl Gate {
    /// A gate in `mode`.
    pub fn new(mode: Mode) -> Self {
        let gate = Gate {
            state: Mutex::new(State {
                mode,
                permits: 0,
                stopping: false,
                last: None,
            }),
            changed: Condvar::new(),
            open: AtomicBool::new(false),
            status: AtomicU8::new(Status::Running as u8),
            ready: AtomicBool::new(false),
            at: AtomicU32::new(u32::MAX),
        };
        gate.refresh(&gate.lock());
        gate
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refresh(&self, state: &State) {
        let open = !state.stopping
            && state.mode
                == (Mode::Free {
                    pace: Duration::ZERO,
                });
        self.open.store(open, Ordering::Release);
    }

    fn change(&self, apply: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        apply(&mut state);
        self.refresh(&state);
        drop(state);
        self.changed.notify_all();
    }

    /// Changes the mode; permits not yet used are withdrawn.
    pub fn set_mode(&self, mode: Mode) {
        self.change(|state| {
            state.mode = mode;
            state.permits = 0;
        });
    }

    /// Releases `calls` more calls.
    pub fn permit(&self, calls: u32) {
        self.change(|state| state.permits = state.permits.saturating_add(calls));
    }

    /// Permits not yet used.
    pub fn permits(&self) -> u32 {
        self.lock().permits
    }

    /// Lets the actor leave wherever it waits.
    pub fn stop(&self) {
        self.change(|state| state.stopping = true);
    }

    /// Where the actor is.
    pub fn status(&self) -> Status {
        match self.status.load(Ordering::SeqCst) {
            1 => Status::AtGate,
            2 => Status::Blocked,
            3 => Status::Waiting,
            4 => Status::Ended,
            _ => Status::Running,
        }
    }

    /// The operation the actor is at, or before which it waits.
    pub fn at(&self) -> Option<u16> {
        u16::try_from(self.at.load(Ordering::Relaxed)).ok()
    }

    /// Is the program past the point up to which it runs by itself in step mode?
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }

    /// It has got there (its own thread says so).
    pub(super) fn set_ready(&self) {
        self.ready.store(true, Ordering::SeqCst);
    }

    /// Says where the actor is (its own thread does).
    pub(super) fn set_status(&self, status: Status) {
        self.status.store(status as u8, Ordering::SeqCst);
    }

    /// Says which operation comes next (the actor's own thread does).
    pub(super) fn set_at(&self, op: u16) {
        self.at.store(u32::from(op), Ordering::Relaxed);
    }

    /// Waits until the next socket call may be made. `idle` runs once if it has to wait.
    pub(super) fn pass(&self, idle: &mut dyn FnMut()) -> Pass {
        if self.open.load(Ordering::Acquire) {
            return Pass::Go;
        }
        let mut state = self.lock();
        let mut waited = false;
        loop {
            if state.stopping {
                self.set_status(Status::Running);
                return Pass::Stop;
            }
            let wait = match state.mode {
                Mode::Step if state.permits > 0 => {
                    // Status before permits: whoever sees the permit used up must not see the
                    // actor still at its gate.
                    self.set_status(Status::Running);
                    state.permits -= 1;
                    return Pass::Go;
                }
                Mode::Step => None,
                Mode::Free { pace } => {
                    let now = Instant::now();
                    let due = state.last.map_or(now, |last| last + pace);
                    if now >= due {
                        state.last = Some(now);
                        self.set_status(Status::Running);
                        return Pass::Go;
                    }
                    Some(due - now)
                }
            };
            if !waited {
                waited = true;
                // Outside the lock: it flushes to a bounded channel.
                drop(state);
                idle();
                state = self.lock();
                // In step mode the runner reads this to see that the last call is over.
                if state.mode == Mode::Step {
                    self.set_status(Status::AtGate);
                }
                continue;
            }
            if state.mode == Mode::Step {
                self.set_status(Status::AtGate);
            }
            state = match wait {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(time) => {
                    self.changed
                        .wait_timeout(state, time)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }

    /// Asks what a pacing operation should do; in step mode it waits for the next permit
    /// without using it up.
    pub(super) fn pacing(&self, idle: &mut dyn FnMut()) -> Pacing {
        let mut state = self.lock();
        let mut waited = false;
        loop {
            if state.stopping {
                self.set_status(Status::Running);
                return Pacing::Stop;
            }
            match state.mode {
                Mode::Free { .. } => {
                    self.set_status(Status::Running);
                    return Pacing::Take;
                }
                Mode::Step if state.permits > 0 => {
                    self.set_status(Status::Running);
                    return Pacing::Skip;
                }
                Mode::Step => {}
            }
            if !waited {
                waited = true;
                drop(state);
                idle();
                state = self.lock();
                continue;
            }
            self.set_status(Status::AtGate);
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits `time` or until the run is stopped; the kernel's sleep, but one that can be ended.
    pub(super) fn sleep(&self, time: Duration) -> Pass {
        let until = Instant::now() + time;
        let mut state = self.lock();
        loop {
            if state.stopping {
                return Pass::Stop;
            }
            let now = Instant::now();
            if now >= until {
                return Pass::Go;
            }
            state = self
                .changed
                .wait_timeout(state, until - now)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_permit_lets_exactly_one_call_pass() {
        let gate = Arc::new(Gate::new(Mode::Step));
        let (tell, told) = crossbeam_channel::bounded(8);
        let actor = {
            let gate = gate.clone();
            std::thread::spawn(move || {
                while gate.pass(&mut || tell.send("idle").unwrap()) == Pass::Go {
                    tell.send("call").unwrap();
                }
            })
        };
        let next = || told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(next(), "idle");
        gate.permit(2);
        // The second permit is there already, so it need not idle in between.
        assert_eq!((next(), next(), next()), ("call", "call", "idle"));
        assert!(told.try_recv().is_err());
        gate.stop();
        actor.join().unwrap();
        assert!(told.try_recv().is_err());
    }

    #[test]
    fn in_step_mode_a_sleep_is_skipped_and_keeps_the_permit() {
        let gate = Gate::new(Mode::Step);
        gate.permit(1);
        assert_eq!(gate.pacing(&mut || {}), Pacing::Skip);
        assert_eq!(gate.permits(), 1);
        gate.set_mode(Mode::Free {
            pace: Duration::ZERO,
        });
        assert_eq!(gate.pacing(&mut || {}), Pacing::Take);
    }
}
