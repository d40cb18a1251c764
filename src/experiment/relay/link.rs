//! One client joined to the server: two sockets, two directions.

use std::collections::VecDeque;
use std::time::Instant;

use super::super::attack::script::{Ending, Held, Piece, Script, Step};
use super::{OP, Relay};
use crate::net::{CallError, Endpoint, How, Interest, Recorder, Registry, SockOpt};
use crate::trace::{Handled, SocketId};

/// Bytes held of one direction, at most; besides, the one piece that is being sent.
pub(super) const BUFFER: usize = 64 << 10;

/// Bytes of a never-ending frame beyond what the decoder may hold: enough for it to notice.
const BEYOND: usize = 128 << 10;

/// How a link stands.
pub(super) enum Flow {
    /// Nothing to do until something comes, or until then.
    Wait(Option<Instant>),
    /// Both directions have ended, or it is broken.
    Over,
}

/// A client's connection and the one made for it.
pub(super) struct Link {
    near: Endpoint,
    far: Endpoint,
    forward: Direction,
    backward: Direction,
    /// Both ends are to be broken off.
    broken: bool,
    /// Calls that got something through.
    moved: u64,
}

/// Bytes on their way from one socket to the other.
struct Direction {
    script: Script,
    /// Received and not yet handled.
    held: VecDeque<u8>,
    /// Handled; not yet taken by the kernel from `sent` on.
    out: Vec<u8>,
    sent: usize,
    /// Offset of the first held byte in what was received.
    at: u64,
    since: Instant,
    /// The sender has ended.
    ended: bool,
    /// The end has been passed on.
    closed: bool,
}

impl Link {
    pub(super) fn join(
        mut near: Endpoint,
        mut far: Endpoint,
        relay: &Relay,
        rec: &mut Recorder,
    ) -> Result<Link, CallError> {
        near.set_option(rec, OP, SockOpt::NoDelay, 1)?;
        near.set_blocking(rec, OP, false)?;
        far.set_blocking(rec, OP, false)?;
        rec.relayed(near.id(), far.id(), Handled::Copied, 0, 0);
        rec.relayed(far.id(), near.id(), Handled::Copied, 0, 0);
        let most = relay.frame_limit.saturating_add(BEYOND);
        let script = Script::new(relay.attack.clone(), &relay.framing, most);
        Ok(Link {
            near,
            far,
            forward: Direction::new(script),
            backward: Direction::new(Script::untouched()),
            broken: false,
            moved: 0,
        })
    }

    /// What to wait for: of the client's socket, then of the server's.
    pub(super) fn interests(&self) -> [Interest<'_>; 2] {
        [
            Interest {
                endpoint: &self.near,
                read: self.forward.reads(),
                write: self.backward.writes(),
            },
            Interest {
                endpoint: &self.far,
                read: self.backward.reads(),
                write: self.forward.writes(),
            },
        ]
    }

    /// Receives what came on the sockets that are ready.
    pub(super) fn take_in(
        &mut self,
        rec: &mut Recorder,
        buffer: &mut [u8],
        ready: [bool; 2],
        now: Instant,
    ) -> Result<(), CallError> {
        for ((socket, direction), ready) in [
            (&mut self.near, &mut self.forward),
            (&mut self.far, &mut self.backward),
        ]
        .into_iter()
        .zip(ready)
        {
            if ready && direction.reads() {
                let room = BUFFER - direction.held.len();
                match socket.recv(rec, OP, &mut buffer[..room], false) {
                    Ok(n) => {
                        direction.received(&buffer[..n], now);
                        self.moved += 1;
                    }
                    Err(error) => self.broken |= is_broken(error)?,
                }
            }
        }
        Ok(())
    }

    /// Does what can be done now.
    pub(super) fn work(
        &mut self,
        rec: &mut Recorder,
        registry: &Registry,
        now: Instant,
    ) -> Result<Flow, CallError> {
        let (near, far) = (self.near.id(), self.far.id());
        let mut due: Option<Instant> = None;
        for (from, to, direction) in [
            (near, &mut self.far, &mut self.forward),
            (far, &mut self.near, &mut self.backward),
        ] {
            loop {
                // Asked first: a send that the kernel refuses would only be a failed call.
                while direction.writes() && registry.is_ready(to.id(), true) != Some(false) {
                    match to.send(rec, OP, &direction.out[direction.sent..], None) {
                        Ok(n) => {
                            direction.sent += n;
                            self.moved += 1;
                        }
                        Err(error) if error.would_block() => break,
                        Err(error) => {
                            self.broken |= is_broken(error)?;
                            break;
                        }
                    }
                }
                if direction.writes() || self.broken {
                    break;
                }
                match direction.next(now) {
                    Step::Wait(until) => {
                        due = [due, until].into_iter().flatten().min();
                        break;
                    }
                    Step::Pass(pieces) => direction.pass(pieces, from, to.id(), rec),
                    Step::Drop(n) => direction.forget(n, from, to.id(), rec),
                    Step::End(Ending::Close) => {
                        direction.closed = true;
                        if let Err(error) = to.shutdown(rec, OP, How::Write) {
                            self.broken |= is_broken(error)?;
                        }
                    }
                    Step::End(Ending::Reset) => self.broken = true,
                }
            }
        }
        if self.broken {
            for (from, to, direction) in [
                (near, far, &mut self.forward),
                (far, near, &mut self.backward),
            ] {
                direction.forget(direction.held.len(), from, to, rec);
            }
        }
        let over = |d: &Direction| d.ended && d.closed && d.held.is_empty();
        if self.broken || over(&self.forward) && over(&self.backward) {
            Ok(Flow::Over)
        } else {
            Ok(Flow::Wait(due))
        }
    }

    /// Closes both sockets; of a broken link so that both programs are told.
    pub(super) fn close(self, rec: &mut Recorder) -> Result<(), CallError> {
        if self.broken {
            reset(self.far, rec)?;
            return reset(self.near, rec);
        }
        self.far.close(rec, OP)?;
        self.near.close(rec, OP)
    }

    /// Grows whenever something got through.
    pub(super) fn moved(&self) -> u64 {
        self.moved
    }

    pub(super) fn into_ends(self) -> [Endpoint; 2] {
        [self.near, self.far]
    }
}

impl Direction {
    fn new(script: Script) -> Self {
        Direction {
            script,
            held: VecDeque::new(),
            out: Vec::new(),
            sent: 0,
            at: 0,
            since: Instant::now(),
            ended: false,
            closed: false,
        }
    }

    fn reads(&self) -> bool {
        !self.ended && self.held.len() < BUFFER
    }

    fn writes(&self) -> bool {
        self.sent < self.out.len()
    }

    fn received(&mut self, bytes: &[u8], now: Instant) {
        self.ended |= bytes.is_empty();
        self.held.extend(bytes);
        self.since = now;
    }

    fn next(&mut self, now: Instant) -> Step {
        self.script.next(Held {
            bytes: self.held.len(),
            ended: self.ended,
            full: self.held.len() >= BUFFER,
            since: self.since,
            now,
        })
    }

    /// Puts the pieces together for one send, and records what they are made of.
    fn pass(&mut self, pieces: Vec<Piece>, from: SocketId, to: SocketId, rec: &mut Recorder) {
        self.out.clear();
        self.sent = 0;
        for piece in pieces {
            let (handled, length) = match piece {
                Piece::Copy(n) => {
                    let n = n.min(self.held.len());
                    self.out.extend(self.held.drain(..n));
                    (Handled::Copied, n)
                }
                Piece::Alter(bits) => {
                    let byte = self.held.pop_front();
                    self.out.extend(byte.map(|byte| byte ^ bits));
                    (Handled::Altered, usize::from(byte.is_some()))
                }
                Piece::Insert(bytes) => {
                    self.out.extend_from_slice(&bytes);
                    (Handled::Inserted, bytes.len())
                }
            };
            rec.relayed(from, to, handled, self.at, length);
            if handled != Handled::Inserted {
                self.at += length as u64;
            }
        }
    }

    fn forget(&mut self, n: usize, from: SocketId, to: SocketId, rec: &mut Recorder) {
        let n = n.min(self.held.len());
        if n > 0 {
            self.held.drain(..n);
            rec.relayed(from, to, Handled::Dropped, self.at, n);
            self.at += n as u64;
        }
    }
}

/// Breaks a connection off: its other end is told so (`man 7 socket`, `SO_LINGER`).
pub(super) fn reset(mut socket: Endpoint, rec: &mut Recorder) -> Result<(), CallError> {
    match socket.set_option(rec, OP, SockOpt::Linger, 0) {
        Err(stopped @ CallError::Stopped) => return Err(stopped),
        Ok(_) | Err(CallError::Failed { .. }) => {}
    }
    socket.close(rec, OP)
}

/// After a failed call: is the link broken? A call that only would have had to wait breaks
/// nothing.
fn is_broken(error: CallError) -> Result<bool, CallError> {
    match error {
        CallError::Stopped => Err(error),
        CallError::Failed { .. } => Ok(!error.would_block()),
    }
}
