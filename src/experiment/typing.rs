//! What a person types into a program that asks for a line.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Longest line, bytes; the rest is cut off.
pub const LONGEST_LINE: usize = 1000;

/// Lines typed ahead of their prompt at most; further ones are refused.
const AHEAD: usize = 16;

/// The lines typed for each actor, and who waits for one. Shared by the run and its actors.
#[derive(Debug)]
pub(super) struct Typing {
    /// Is somebody there to type?
    attended: bool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    typed: Vec<VecDeque<String>>,
    stopping: bool,
}

impl Typing {
    pub(super) fn new(actors: usize, attended: bool) -> Self {
        Typing {
            attended,
            state: Mutex::new(State {
                typed: vec![VecDeque::new(); actors],
                stopping: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// Is somebody there to type?
    pub(super) fn is_attended(&self) -> bool {
        self.attended
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A line for that actor; false if too many wait already.
    pub(super) fn typed(&self, actor: usize, line: &str) -> bool {
        let mut end = line.len().min(LONGEST_LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        // A line has one end only.
        let line = line[..end].lines().next().unwrap_or_default().to_owned();
        let mut state = self.lock();
        let Some(lines) = state.typed.get_mut(actor).filter(|l| l.len() < AHEAD) else {
            return false;
        };
        lines.push_back(line);
        drop(state);
        self.changed.notify_all();
        true
    }

    /// The next line of that actor; `None` when the run is being stopped.
    pub(super) fn line(&self, actor: usize) -> Option<String> {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return None;
            }
            if let Some(line) = state.typed.get_mut(actor).and_then(VecDeque::pop_front) {
                return Some(line);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends every wait.
    pub(super) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn lines_come_in_order_and_stop_ends_the_wait() {
        let typing = Arc::new(Typing::new(2, true));
        assert!(typing.typed(1, "one") && typing.typed(1, "two\nthree"));
        assert_eq!(typing.line(1).as_deref(), Some("one"));
        assert_eq!(typing.line(1).as_deref(), Some("two"));
        let waiting = {
            let typing = typing.clone();
            std::thread::spawn(move || typing.line(0))
        };
        typing.stop();
        assert_eq!(waiting.join().unwrap(), None);
    }

    #[test]
    fn what_is_typed_is_bounded() {
        let typing = Typing::new(1, true);
        let long = "你".repeat(1000);
        assert!(typing.typed(0, &long));
        assert_eq!(
            typing.line(0).map(|l| l.len()),
            Some(999),
            "whole characters"
        );
        assert!((0..AHEAD).all(|_| typing.typed(0, "x")));
        assert!(!typing.typed(0, "x") && !typing.typed(7, "x"));
    }
}
