//! The sockets of a run: their numbers, and which are open.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use socket2::{Domain, Protocol, Socket, Type};

use super::tcp_watch::{TcpEnds, Watched};
use super::{Namespace, Recorder, errno, sys};
use crate::trace::{Event, Gauge, SocketId, is_for_many};

/// The sockets of one run. Clones are the same registry.
#[derive(Clone, Debug, Default)]
pub struct Registry(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    made: u16,
    open: Vec<Entry>,
    /// Addresses that ends of connections made here have, or had: bytes that come from there
    /// are known already.
    ours: HashSet<SocketAddr>,
    /// Ports that the run's sockets are bound to, or were asked to reach.
    ports: Arc<HashSet<u16>>,
    /// Where sockets are made; `None`: in the computer's own network.
    namespace: Option<Arc<Namespace>>,
    /// States of TCP, with and without a socket.
    ends: TcpEnds,
}

#[derive(Debug)]
struct Entry {
    id: SocketId,
    socket: Weak<Socket>,
    /// Other descriptors of it, by which it may be read when the first is closed.
    others: Vec<Weak<Socket>>,
    tcp: bool,
    /// Its fill levels mean something.
    connected: bool,
    last: Option<Gauge>,
    /// Where datagrams reach it.
    receives_at: Option<SocketAddr>,
    /// What was read of its TCP end.
    end: Watched,
}

impl Registry {
    /// A registry without sockets.
    pub fn new() -> Self {
        Self::default()
    }

    /// A registry whose sockets are made in a private network.
    pub fn within(namespace: Arc<Namespace>) -> Self {
        let registry = Self::default();
        let mut state = registry.state();
        state.ends.use_table(namespace.tcp_table().ok());
        state.namespace = Some(namespace);
        drop(state);
        registry
    }

    /// Does the run have a network of its own, which nobody else reaches?
    pub fn is_private(&self) -> bool {
        self.state().namespace.is_some()
    }

    /// No more sockets are made: the private network ends with those there are.
    pub fn leave_namespace(&self) {
        let mut state = self.state();
        // What tells of a network keeps it alive.
        state.ends.close();
        let namespace = state.namespace.take();
        drop(state);
        drop(namespace);
    }

    /// A new socket, not yet a numbered one.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn make(
        &self,
        domain: Domain,
        kind: Type,
        protocol: Option<Protocol>,
    ) -> io::Result<Socket> {
        let namespace = self.state().namespace.clone();
        match namespace {
            Some(namespace) => namespace.socket(domain, kind, protocol),
            None => Socket::new(domain, kind, protocol),
        }
    }

    /// How many sockets are open now.
    pub fn open(&self) -> usize {
        self.state().open.len()
    }

    /// How many sockets the run has made so far.
    pub fn made(&self) -> usize {
        usize::from(self.state().made)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a new socket its number.
    ///
    /// # Errors
    /// EMFILE when a run has made 65,535 sockets.
    pub(super) fn add(&self, socket: &Arc<Socket>, tcp: bool) -> io::Result<SocketId> {
        let mut state = self.state();
        let id = SocketId(state.made);
        if id == SocketId::NONE {
            return Err(io::Error::from_raw_os_error(errno::code::TOO_MANY));
        }
        state.made += 1;
        state.open.push(Entry {
            id,
            socket: Arc::downgrade(socket),
            others: Vec::new(),
            tcp,
            connected: false,
            last: None,
            receives_at: None,
            end: Watched::default(),
        });
        Ok(id)
    }

    /// How many segments were sent is read, too: for runs whose segments are not captured.
    pub fn count_segments(&self) {
        self.state().ends.count(true);
    }

    /// The kernel is asked to report when bytes leave and are acknowledged, from which segments can
    /// be inferred. Where it cannot, nothing is reported.
    pub fn report_progress(&self) {
        self.state().ends.report(true);
    }

    /// What the kernel has reported and counted of a socket that is about to be closed.
    pub(super) fn last_reports(&self, id: SocketId, recorder: &mut Recorder) {
        let mut changed = Vec::new();
        let mut state = self.state();
        let State { open, ends, .. } = &mut *state;
        if let Some(entry) = open.iter_mut().find(|e| e.id == id && e.tcp)
            && let Some(socket) = entry.socket.upgrade()
        {
            let t = recorder.stamp();
            ends.read(id, &socket, &mut entry.end, t, &mut changed);
        }
        drop(state);
        for event in changed {
            recorder.reading(event);
        }
    }

    /// Does the kernel report of the run's sockets?
    pub(super) fn has_reports(&self) -> bool {
        self.state().ends.has_reports()
    }

    /// Packets from and to that port are the run's. To be said before the first can be sent.
    pub(super) fn uses_port(&self, port: u16) {
        let mut state = self.state();
        if !state.ports.contains(&port) {
            Arc::make_mut(&mut state.ports).insert(port);
        }
    }

    /// The ports whose packets are the run's.
    #[cfg(all(target_os = "linux", not(feature = "portable")))]
    pub(super) fn ports(&self) -> Arc<HashSet<u16>> {
        Arc::clone(&self.state().ports)
    }

    /// The socket is about to be connected to that address.
    pub(super) fn connecting(&self, id: SocketId, to: SocketAddr) {
        if let Some(entry) = self.state().open.iter_mut().find(|e| e.id == id) {
            entry.end.connecting(canonical(to));
        }
    }

    /// From now on the socket's fill levels are read.
    pub(super) fn connected(&self, id: SocketId, ends: Option<(SocketAddr, SocketAddr)>) {
        let mut state = self.state();
        let State {
            open, ends: tcp, ..
        } = &mut *state;
        let Some(entry) = open.iter_mut().find(|e| e.id == id) else {
            return;
        };
        entry.connected = true;
        if let Some((local, peer)) = ends.filter(|_| entry.tcp)
            && let Some(socket) = entry.socket.upgrade()
        {
            let (local, peer) = (canonical(local), canonical(peer));
            tcp.connected(&socket, &mut entry.end, local, peer);
        }
    }

    /// Datagrams to that address reach the socket.
    pub(super) fn receives_at(&self, id: SocketId, address: SocketAddr) {
        if let Some(entry) = self.state().open.iter_mut().find(|e| e.id == id) {
            entry.receives_at = Some(canonical(address));
        }
    }

    /// How many datagrams the socket that has this address has dropped. `None`: it is no socket of
    /// this run, or the system does not tell.
    pub(super) fn drops_at(&self, address: SocketAddr) -> Option<u32> {
        let address = canonical(address);
        if matches!(address.ip(), IpAddr::V4(ip) if is_for_many(ip.octets())) {
            // Several sockets may have it, and each drops for itself.
            return None;
        }
        let state = self.state();
        let has = |entry: &&Entry, any: bool| {
            entry.receives_at.is_some_and(|own| {
                own == address || any && own.ip().is_unspecified() && own.port() == address.port()
            })
        };
        let mut open = state.open.iter();
        let entry = open
            .clone()
            .find(|e| has(e, false))
            .or_else(|| open.find(|e| has(e, true)))?;
        // The handle must not outlive the lock: see `remove`.
        entry.socket.upgrade().and_then(|s| sys::drops(&s))
    }

    /// That is another descriptor of the socket.
    pub(super) fn duplicated(&self, id: SocketId, socket: &Arc<Socket>) {
        if let Some(entry) = self.state().open.iter_mut().find(|e| e.id == id) {
            entry.others.push(Arc::downgrade(socket));
        }
    }

    /// How many other descriptors of the socket are open.
    pub(super) fn others(&self, id: SocketId) -> usize {
        let state = self.state();
        let entry = state.open.iter().find(|e| e.id == id);
        entry.map_or(0, |e| e.others.len())
    }

    /// Forgets this descriptor, and with the last one the socket; nobody reads through it any more
    /// when this returns, so the caller's handle is the last one and closes it at once.
    pub(super) fn remove(&self, id: SocketId, handle: &Arc<Socket>) {
        let mut state = self.state();
        let State { open, ends, .. } = &mut *state;
        open.retain_mut(|entry| {
            if entry.id != id {
                return true;
            }
            let is = |other: &Weak<Socket>| std::ptr::eq(other.as_ptr(), Arc::as_ptr(handle));
            if let Some(at) = entry.others.iter().position(is) {
                entry.others.swap_remove(at);
                return true;
            }
            if let Some(other) = entry.others.pop() {
                entry.socket = other;
                return true;
            }
            if entry.tcp {
                ends.leaves(id, &entry.end);
            }
            false
        });
    }

    /// This address is one end of a connection, and that end is ours.
    pub(super) fn add_address(&self, address: SocketAddr) {
        self.state().ours.insert(canonical(address));
    }

    /// Is the end of a connection at this address ours?
    pub(super) fn is_ours(&self, address: SocketAddr) -> bool {
        self.state().ours.contains(&canonical(address))
    }

    /// Would a call on that socket return at once? A socket that is gone keeps nobody waiting.
    /// `None` where the system does not let us know.
    pub fn is_ready(&self, id: SocketId, writes: bool) -> Option<bool> {
        let state = self.state();
        let Some(entry) = state.open.iter().find(|e| e.id == id) else {
            return Some(true);
        };
        // The handle must not outlive the lock: see `remove`.
        entry
            .socket
            .upgrade()
            .map_or(Some(true), |socket| sys::is_ready(&socket, writes))
    }

    /// The fill levels of that socket now; `None` once it is closed.
    pub fn gauge(&self, id: SocketId) -> Option<Gauge> {
        let state = self.state();
        let entry = state.open.iter().find(|e| e.id == id)?;
        let socket = entry.socket.upgrade()?;
        Some(sys::gauge(&socket, entry.tcp))
    }

    /// Is there anything to read?
    pub(super) fn anything_to_read(&self) -> bool {
        let state = self.state();
        state.ends.any_left() || state.open.iter().any(|e| e.connected || e.tcp)
    }

    /// Are all sockets closed, and have their ends come to where only time, or a program outside,
    /// takes them further?
    pub(super) fn ends_rest(&self) -> bool {
        let state = self.state();
        state.open.is_empty() && state.ends.rest()
    }

    /// Reads all connected sockets, and the ends of closed ones, and notes what has changed; the
    /// clock is the recorder's.
    pub(super) fn read(&self, recorder: &mut Recorder, changed: &mut Vec<Event>) {
        let mut state = self.state();
        let State { open, ends, .. } = &mut *state;
        for entry in open.iter_mut().filter(|e| e.connected || e.tcp) {
            // The handle must not outlive the lock: see `remove`.
            let Some(socket) = entry.socket.upgrade() else {
                continue;
            };
            let t = recorder.stamp();
            if entry.connected {
                let gauge = sys::gauge(&socket, entry.tcp);
                if gauge != Gauge::default() && entry.last != Some(gauge) {
                    entry.last = Some(gauge);
                    changed.push(gauge.event(t, entry.id));
                }
            }
            if entry.tcp {
                ends.read(entry.id, &socket, &mut entry.end, t, changed);
            }
        }
        ends.read_left(|| recorder.stamp(), changed);
    }
}

/// An IPv4 address seen through an IPv6 socket is the IPv4 address.
fn canonical(address: SocketAddr) -> SocketAddr {
    (address.ip().to_canonical(), address.port()).into()
}
