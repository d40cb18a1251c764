//! Serving clients: one after the other, or each in a thread that is an actor of its own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;

use super::{
    Actor, Begin, Call, Detail, End, Endpoint, Gate, Interpreter, Node, Ordering, Recorder, Status,
    Var, ends,
};
use crate::i18n::program as say;

/// A place for a thread that serves a connection. It is made before the run begins, so that
/// whoever runs, steps, pauses and stops the actors knows its gate from the beginning.
pub(in crate::experiment) struct Seat {
    /// Its number among the actors.
    pub(in crate::experiment) index: usize,
    pub(in crate::experiment) gate: Arc<Gate>,
    pub(in crate::experiment) recorder: Recorder,
}

/// The places of one actor's threads, in the order in which they are used.
pub(in crate::experiment) struct Seats {
    free: Mutex<VecDeque<Seat>>,
    /// Where a thread hands back its sockets when the run is stopped.
    hand_back: Sender<Vec<Endpoint>>,
}

impl Seats {
    pub(in crate::experiment) fn new(
        seats: impl IntoIterator<Item = Seat>,
        hand_back: Sender<Vec<Endpoint>>,
    ) -> Self {
        Seats {
            free: Mutex::new(seats.into_iter().collect()),
            hand_back,
        }
    }

    fn take(&self) -> Option<Seat> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop_front()
    }
}

impl Interpreter<'_> {
    /// Accepts `count` clients and does `body` once for each, with the connection in `name`. Each
    /// accept is one call through the gate.
    pub(super) fn serve_each(
        &mut self,
        op: u16,
        on: &str,
        name: &str,
        count: i64,
        threads: bool,
        body: &[Node],
    ) -> Result<(), End> {
        for _ in 0..count {
            self.actor.gate.set_at(op);
            self.pass(op)?;
            let (connection, _) = self.with(on, |socket, rec| socket.accept(rec, op))?;
            self.settle();
            if threads {
                self.start_thread(op, name, connection, body)?;
            } else {
                self.serve_here(name, connection, body)?;
            }
        }
        self.actor.gate.set_at(op);
        self.await_threads(op)
    }

    /// Serves one client before the next is accepted. What the body keeps in variables is the
    /// connection's own; a socket it leaves open is closed.
    fn serve_here(&mut self, name: &str, connection: Endpoint, body: &[Node]) -> Result<(), End> {
        let outside = std::mem::take(&mut self.vars);
        let bound = std::mem::take(&mut self.bound);
        self.vars.insert(name.to_owned(), Var::Socket(connection));
        let result = self.body(body).map(|_| ());
        self.bound = bound;
        let inside = std::mem::replace(&mut self.vars, outside);
        let mut open: Vec<Endpoint> = inside
            .into_values()
            .filter_map(|var| match var {
                Var::Socket(endpoint) => Some(endpoint),
                Var::Bytes(_) | Var::Sender(_) | Var::Lines(_) => None,
            })
            .collect();
        open.sort_by_key(Endpoint::id);
        if let Err(End::Stopped) = result {
            self.left.extend(open);
        } else {
            for endpoint in open {
                let _ = endpoint.close(self.rec, u16::MAX);
            }
        }
        result
    }

    fn start_thread(
        &mut self,
        op: u16,
        name: &str,
        connection: Endpoint,
        body: &[Node],
    ) -> Result<(), End> {
        let Some(seat) = self.actor.seats.take() else {
            let _ = connection.close(self.rec, op);
            return Err(ends(say::TOO_MANY_CLIENTS, &[]));
        };
        let Seat {
            index,
            gate,
            mut recorder,
        } = seat;
        let actor = Actor {
            index,
            thread_of: Some(self.actor.index),
            gate: gate.clone(),
            ..self.actor.clone()
        };
        let (name, body) = (name.to_owned(), body.to_vec());
        let (hand_back, token) = (self.actor.seats.hand_back.clone(), self.rec.stop().clone());
        // From here on the run waits for it.
        gate.set_status(Status::Running);
        let thread = std::thread::Builder::new()
            .name(self.thread_name(index))
            .spawn(move || {
                let entered = token.enter();
                recorder.begins_serving(connection.id());
                let given = Some((name, connection));
                let left = super::perform(&actor, &mut recorder, &body, true, given);
                drop(recorder);
                drop(entered);
                // Never full: there is a place for every thread.
                let _ = hand_back.try_send(left);
            });
        match thread {
            Ok(thread) => {
                self.threads.push((index, thread));
                Ok(())
            }
            Err(error) => {
                gate.set_status(Status::Ended);
                Err(ends(say::NO_THREAD, &[("why", &error)]))
            }
        }
    }

    /// As the system shows it: 15 characters at most.
    fn thread_name(&self, index: usize) -> String {
        let name = self.actor.names.get(index).map_or("thread", String::as_str);
        name.chars().take(15).collect()
    }

    /// Waits until every client has been served. It is no socket call and needs no step.
    fn await_threads(&mut self, op: u16) -> Result<(), End> {
        for at in 0..self.threads.len() {
            let index = self.threads[at].0;
            let board = self.actor.board.clone();
            let ended = |board: &super::Board| board.of(index).ended.load(Ordering::SeqCst);
            if ended(&board) {
                continue;
            }
            let whom = self.actor.names.get(index).cloned().unwrap_or_default();
            self.rec
                .begin(Begin::new(Call::Wait, op), Some(Detail::Text(whom)), &[]);
            self.blocked(Status::Waiting);
            let reached = board.wait(ended);
            self.unblocked(if reached {
                super::Pass::Go
            } else {
                super::Pass::Stop
            })?;
        }
        self.join_threads();
        Ok(())
    }

    /// Waits for the threads themselves, which have little or nothing left to do.
    pub(super) fn join_threads(&mut self) {
        if self.threads.is_empty() {
            return;
        }
        self.rec.idle();
        self.actor.gate.set_status(Status::Waiting);
        for (_, thread) in self.threads.drain(..) {
            // A thread that panicked has lost its client; there is nothing to add here.
            let _ = thread.join();
        }
        self.actor.gate.set_status(Status::Running);
    }
}
