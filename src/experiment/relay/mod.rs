//! The relay: the attacker between client and server, in a thread of its own, on real sockets.
//!
//! When a run has an attack, a client's connect goes to the relay's listening socket, and the
//! relay connects to the server. It is one more actor of the trace; its calls are recorded like
//! all others, and before it sends anything it records what it made of the bytes it received
//! ([`crate::trace::Mark::Relayed`]).
//!
//! It makes only calls that do not block and waits for all its sockets at once; that wait is no
//! call of a program and is not recorded. It holds at most [`link::BUFFER`] bytes per direction and
//! reads no more until the other side takes them, so a slow reader slows the sender down
//! through it. It needs no permits in step mode. It ends when the programs have ended and
//! what they sent has been passed on, or when the run is stopped.

mod link;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::attack::Attack;
use super::progress::Board;
use super::reach::Reach;
use crate::framing::FramingSpec;
use crate::net::{
    Bell, CallError, Endpoint, Family, Interest, Recorder, Registry, Rest, SockOpt, SocketKind,
    Target, wait_ready,
};
use crate::trace::{Detail, Mark};

use link::{Flow, Link};

/// Name of the relay among the actors of a run.
pub const NAME: &str = "attacker";

/// The calls of the relay are no operations of a lesson's program.
const OP: u16 = u16::MAX;

/// Clients that wait to be accepted, at most.
const BACKLOG: i32 = 128;

/// Longest wait for the server's kernel to answer a connect.
const CONNECT: Duration = Duration::from_secs(3);

/// Time between two attempts to reach an external server that is not there yet.
const RETRY: Duration = Duration::from_millis(500);

/// After the programs have ended: how long the relay goes on without getting anything through.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the relay's thread works with.
pub(super) struct Relay {
    /// Its number among the actors.
    pub(super) index: usize,
    pub(super) attack: Attack,
    pub(super) framing: FramingSpec,
    /// Longest payload that the decoders accept.
    pub(super) frame_limit: usize,
    /// The actor that clients mean to reach.
    pub(super) server: usize,
    /// If a program outside the lab plays it: where.
    pub(super) external: Option<Target>,
    /// Who may reach it.
    pub(super) reach: Reach,
    pub(super) board: Arc<Board>,
    pub(super) registry: Registry,
    pub(super) shared: Arc<Shared>,
}

/// What the relay and its run tell each other.
pub(super) struct Shared {
    pub(super) bell: Bell,
    pub(super) rest: Rest,
    /// No program of the lab can connect any more.
    pub(super) programs_ended: AtomicBool,
    /// The relay has ended.
    pub(super) ended: AtomicBool,
}

impl Shared {
    /// # Errors
    /// The system's, when it gives no socket.
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Shared {
            bell: Bell::new()?,
            rest: Rest::default(),
            programs_ended: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        })
    }

    /// The relay ends once it has passed on what it holds.
    pub(super) fn end_when_done(&self) {
        if !self.programs_ended.swap(true, Ordering::SeqCst) {
            self.bell.ring();
        }
    }
}

/// Runs the relay. Sockets still open when the run is stopped are handed back: they may only be
/// closed once every actor has left its call.
pub(super) fn run(relay: &Relay, rec: &mut Recorder) -> Vec<Endpoint> {
    rec.mark(Mark::ActorStarted, 0, None);
    let mut running = Running {
        relay,
        rec,
        listener: None,
        links: Vec::new(),
        buffer: vec![0; link::BUFFER],
    };
    let result = running.run();
    let Running {
        listener, links, ..
    } = running;
    let mut left: Vec<Endpoint> = listener.into_iter().collect();
    left.extend(links.into_iter().flat_map(Link::into_ends));
    let detail = match result {
        Ok(()) => {
            for endpoint in left.drain(..) {
                let _ = endpoint.close(rec, OP);
            }
            None
        }
        Err(CallError::Stopped) => None,
        Err(error @ CallError::Failed { .. }) => Some(Detail::Error(error.to_string())),
    };
    rec.mark(Mark::ActorEnded, 0, detail);
    rec.flush();
    let mine = relay.board.of(relay.index);
    mine.ended.store(true, Ordering::SeqCst);
    relay.board.moved();
    relay.shared.ended.store(true, Ordering::SeqCst);
    left
}

struct Running<'a> {
    relay: &'a Relay,
    rec: &'a mut Recorder,
    listener: Option<Endpoint>,
    links: Vec<Link>,
    /// What one recv returned.
    buffer: Vec<u8>,
}

impl Running<'_> {
    fn run(&mut self) -> Result<(), CallError> {
        let Some(server) = self.server() else {
            return Ok(());
        };
        self.listen(&server)?;
        let mut last_moved = (0, Instant::now());
        loop {
            let over = self.relay.shared.programs_ended.load(Ordering::SeqCst);
            if over && let Some(listener) = self.listener.take() {
                listener.close(self.rec, OP)?;
            }
            let now = Instant::now();
            let mut due: Option<Instant> = None;
            let mut i = 0;
            while i < self.links.len() {
                match self.links[i].work(self.rec, &self.relay.registry, now)? {
                    Flow::Over => {
                        self.links.remove(i).close(self.rec)?;
                    }
                    Flow::Wait(until) => {
                        due = [due, until].into_iter().flatten().min();
                        i += 1;
                    }
                }
            }
            if over {
                if self.links.is_empty() {
                    return Ok(());
                }
                // Somebody outside the lab who neither reads nor ends keeps nobody here.
                let moved: u64 = self.links.iter().map(Link::moved).sum();
                if moved != last_moved.0 || due.is_some() {
                    last_moved = (moved, now);
                } else if now >= last_moved.1 + PATIENCE {
                    return Ok(());
                }
                due = Some(due.unwrap_or(last_moved.1 + PATIENCE));
            }
            self.wait(&server, due)?;
        }
    }

    /// Where the server listens, once it does; `None` if it never will.
    fn server(&mut self) -> Option<Target> {
        if let Some(target) = &self.relay.external {
            return Some(target.clone());
        }
        self.rec.idle();
        let (relay, server) = (self.relay, self.relay.server);
        let mut found = None;
        relay.shared.rest.during(|| {
            relay.board.wait(|board| {
                found = board.listening(server);
                found.is_some() || board.of(server).ended.load(Ordering::SeqCst)
            })
        });
        found
    }

    fn listen(&mut self, server: &Target) -> Result<(), CallError> {
        let (family, host) = match server {
            Target::Inet(address) if address.is_ipv6() => (Family::Inet6, "::1"),
            _ => (Family::Inet, "127.0.0.1"),
        };
        let rec = &mut *self.rec;
        let registry = &self.relay.registry;
        let mut listener = Endpoint::open(registry, rec, OP, family, SocketKind::Stream)?;
        let at = self.relay.reach.bound(Target::Host(host.to_owned(), 0));
        let bound = listener.bind(rec, OP, &at)?.seen_from_here();
        listener.listen(rec, OP, BACKLOG)?;
        self.listener = Some(listener);
        self.relay.board.listens(self.relay.index, Some(bound));
        Ok(())
    }

    /// Waits until something can be done, and takes in what came.
    fn wait(&mut self, server: &Target, due: Option<Instant>) -> Result<(), CallError> {
        let timeout = due.map(|due| due.saturating_duration_since(Instant::now()));
        let mut interests = Vec::new();
        interests.extend(self.listener.as_ref().map(|listener| Interest {
            endpoint: listener,
            read: true,
            write: false,
        }));
        for link in &self.links {
            interests.extend(link.interests());
        }
        self.rec.idle();
        let stop = self.rec.stop().clone();
        let shared = &self.relay.shared;
        let ready = wait_ready(&interests, &shared.bell, &shared.rest, timeout, &stop);
        if stop.is_stopped() {
            return Err(CallError::Stopped);
        }
        let Ok(ready) = ready else {
            // More sockets than can be waited for at once: not with so few clients.
            return Ok(());
        };
        let mut ready = ready.into_iter();
        let comes = self.listener.is_some() && ready.next() == Some(true);
        let now = Instant::now();
        for link in &mut self.links {
            let [near, far] = [ready.next(), ready.next()].map(|r| r == Some(true));
            link.take_in(self.rec, &mut self.buffer, [near, far], now)?;
        }
        if comes {
            self.accept(server)?;
        }
        Ok(())
    }

    /// A client came: joins it to the server.
    fn accept(&mut self, server: &Target) -> Result<(), CallError> {
        let Some(listener) = &mut self.listener else {
            return Ok(());
        };
        let near = match listener.try_accept(self.rec, OP) {
            Ok(Some(near)) => near,
            Ok(None) => return Ok(()),
            Err(error) => return gone(error),
        };
        let far = match self.connect(near.family(), server) {
            Ok(far) => far,
            Err(error) => {
                // The client finds out that there is no server behind the attacker.
                link::reset(near, self.rec)?;
                return gone(error);
            }
        };
        let relay = self.relay;
        match Link::join(near, far, relay, self.rec) {
            Ok(link) => self.links.push(link),
            Err(error) => gone(error)?,
        }
        Ok(())
    }

    fn connect(&mut self, family: Family, server: &Target) -> Result<Endpoint, CallError> {
        loop {
            let rec = &mut *self.rec;
            let mut far =
                Endpoint::open(&self.relay.registry, rec, OP, family, SocketKind::Stream)?;
            far.set_option(rec, OP, SockOpt::NoDelay, 1)?;
            far.set_timeout(rec, OP, Some(CONNECT))?;
            match far.connect(rec, OP, server) {
                Ok(()) => return Ok(far),
                Err(error @ CallError::Failed { .. }) => {
                    far.close(rec, OP)?;
                    let over = self.relay.shared.programs_ended.load(Ordering::SeqCst);
                    if self.relay.external.is_none() || over {
                        return Err(error);
                    }
                }
                Err(stopped) => return Err(stopped),
            }
            // Nobody listens there yet: the person is still starting the program.
            self.rec.idle();
            if !self.rec.stop().sleep(RETRY) {
                return Err(CallError::Stopped);
            }
        }
    }
}

/// One connection failed; the others go on. Stop ends them all.
fn gone(error: CallError) -> Result<(), CallError> {
    match error {
        CallError::Stopped => Err(error),
        CallError::Failed { .. } => Ok(()),
    }
}
