//! Datagrams: what was sent through sockets that keep boundaries (`SOCK_DGRAM`,
//! `SOCK_SEQPACKET`), and what became of each.
//!
//! Such sockets have no stream. What takes its place is order: a socket's receive buffer is a
//! queue, so what a recv returns is the oldest datagram that was sent to it and not dropped.
//! Which were dropped is read off the kernel's own counter (see [`DROPS_KNOWN`]); contents are
//! never compared. Where the length that came is not the length that was sent, the two are not
//! taken for the same, and what came counts as sent from outside.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use super::event::{ActorId, Call, Detail, Event, EventId, NONE, SocketId};

/// In the upper half of the `a` of a Return of a send or recv on such a socket: how many datagrams
/// the *receiving* socket had dropped by then because its buffer was full, plus one; 0 = not known.
/// The lower half of a recv's is the datagram's whole length.
pub const DROPS_KNOWN: u32 = 32;

/// How the [`Detail::Text`] of a `setsockopt` begins that joins a group; the group's address and that of
/// the interface follow, with a comma between them.
pub const ADD_MEMBERSHIP: &str = "IP_ADD_MEMBERSHIP, ";
/// How that of one begins that says by which interface groups are reached; its address follows.
pub const MULTICAST_INTERFACE: &str = "IP_MULTICAST_IF, ";

/// Addresses remembered at most; a run has no more sockets than that.
const MOST_NAMES: usize = 1 << 16;

/// One datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// The socket that sent it; `None`: a program outside the lab.
    pub from: Option<SocketId>,
    /// The socket it was sent to; `None`: no socket of this run, as far as is known.
    pub to: Option<SocketId>,
    /// Who sent it; `None`: a program outside the lab.
    pub sender: Option<ActorId>,
    /// Its message, if it carries one.
    pub message: Option<u32>,
    /// Its bytes.
    pub length: u32,
    /// The Begin of the send; of one from outside the Return of the recv.
    pub sent: EventId,
    /// The Return of the send, or [`NONE`].
    pub returned: EventId,
    /// The send failed with that errno.
    pub errno: i32,
    /// The Return of the recv that took it, or [`NONE`].
    pub received: EventId,
    /// Bytes that recv gave; fewer than `length`: the rest is lost.
    pub taken: u32,
    /// The event that tells that the receiver's full buffer dropped it, or [`NONE`].
    pub dropped: EventId,
    /// The Return of the close that threw it away unread, or [`NONE`].
    pub discarded: EventId,
    /// Its send has more than one receiver, and this is not the first one's: only the sends of the
    /// others count.
    pub copy: bool,
}

/// What had become of a datagram by some event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Its send has not returned.
    UnderWay,
    /// Its send failed, with that errno.
    Refused(i32),
    /// In the receive buffer of a socket of this run.
    Waiting,
    /// It left; no socket of this run has the address it was sent to.
    Gone,
    /// Received: that many of its bytes.
    Received(u32),
    /// The receiver's buffer was full.
    Dropped,
    /// The receiver closed its socket without reading it.
    Discarded,
}

/// Every datagram of a run.
#[derive(Debug, Default)]
pub struct Datagrams {
    list: Vec<Datagram>,
    /// By socket: those sent to it and not yet accounted for, oldest first.
    queues: HashMap<SocketId, VecDeque<usize>>,
    /// What each socket had dropped when last told.
    drops: HashMap<SocketId, u64>,
    /// Who has which address.
    names: HashMap<String, Vec<SocketId>>,
    /// Groups that a socket has joined.
    groups: HashSet<String>,
    /// Where a connected socket sends to.
    peers: HashMap<SocketId, Peer>,
    /// Ends of `SOCK_SEQPACKET` connections whose other end is not yet told, by path.
    connecting: HashMap<String, VecDeque<SocketId>>,
    accepted: HashMap<String, VecDeque<SocketId>>,
    /// By sender: those under way, which are the copies of one.
    under_way: HashMap<SocketId, Range<usize>>,
}

#[derive(Debug)]
enum Peer {
    Socket(SocketId),
    Address(String),
}

impl Datagrams {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In the order in which they were sent.
    pub fn list(&self) -> &[Datagram] {
        &self.list
    }

    /// Does the system tell what a full buffer has dropped and how long a datagram was before it
    /// was cut off? Linux does. Without that, what has not come is only not seen to have come.
    pub fn fates_are_told(&self) -> bool {
        !self.drops.is_empty()
    }

    /// How many of them the first `k` events tell of. O(log n).
    pub fn len_at(&self, k: u32) -> usize {
        self.list.partition_point(|d| d.sent < k)
    }

    /// The datagram that event `i` (the Begin or Return of its send, or the Return of its recv)
    /// is about.
    pub fn of_event(&self, i: EventId) -> Option<&Datagram> {
        let n = self.list.partition_point(|d| d.sent <= i);
        self.list[..n]
            .iter()
            .rev()
            .find(|d| d.sent == i || d.returned == i || d.received == i)
    }

    pub(crate) fn bytes(&self) -> u64 {
        (self.list.capacity() * size_of::<Datagram>()) as u64
    }

    /// A socket that keeps boundaries has that address.
    pub(crate) fn named(&mut self, socket: SocketId, address: &str) {
        if !address.is_empty() && self.names.len() < MOST_NAMES {
            let named = self.names.entry(address.to_owned()).or_default();
            // The latest comes last.
            named.retain(|other| *other != socket);
            named.push(socket);
        }
    }

    /// A socket has set an option that is no number: it may have joined a group.
    pub(crate) fn joins(&mut self, said: &str) {
        let group = said
            .strip_prefix(ADD_MEMBERSHIP)
            .and_then(|rest| rest.split(',').next());
        if let Some(group) = group
            && self.groups.len() < MOST_NAMES
        {
            self.groups.insert(group.to_owned());
        }
    }

    /// The sockets that a datagram to that address reaches: of a group, or of all, every one that
    /// has bound it (on Linux one member is enough for all of them, `man 7 ip`, `IP_MULTICAST_ALL`).
    fn receivers(&self, address: &str) -> Vec<SocketId> {
        let ip = address.rsplit_once(':').map_or(address, |(ip, _)| ip);
        let quad = dotted_quad(ip).filter(|quad| is_for_many(*quad));
        match quad {
            Some([224..=239, ..]) if !self.groups.contains(ip) => Vec::new(),
            Some(_) => self.names.get(address).cloned().unwrap_or_default(),
            None => self.at(address).into_iter().collect(),
        }
    }

    /// connect succeeded: it fixes where `socket` sends to, and gives it an address of its own.
    pub(crate) fn connects(&mut self, socket: SocketId, local: &str, peer: &str) {
        self.named(socket, local);
        self.peers.insert(socket, Peer::Address(peer.to_owned()));
    }

    /// One end of a `SOCK_SEQPACKET` connection to the listener at `path` is told. Clients of one
    /// listener all look the same, so ends are paired in order, as the kernel queues them.
    pub(crate) fn pair(&mut self, socket: SocketId, path: &str, accepted: bool) {
        let (mine, others) = if accepted {
            (&mut self.accepted, &mut self.connecting)
        } else {
            (&mut self.connecting, &mut self.accepted)
        };
        let Some(other) = others.get_mut(path).and_then(VecDeque::pop_front) else {
            mine.entry(path.to_owned()).or_default().push_back(socket);
            return;
        };
        self.peers.insert(socket, Peer::Socket(other));
        self.peers.insert(other, Peer::Socket(socket));
        // What was sent before anybody had accepted.
        for (n, datagram) in self.list.iter_mut().enumerate() {
            if datagram.from == Some(other) && datagram.to.is_none() {
                datagram.to = Some(socket);
                self.queues.entry(socket).or_default().push_back(n);
            }
        }
    }

    fn at(&self, address: &str) -> Option<SocketId> {
        let latest = |name: &str| self.names.get(name).and_then(|of| of.last()).copied();
        latest(address).or_else(|| {
            let (_, port) = address.rsplit_once(':')?;
            let any = |host: &str| latest(&format!("{host}:{port}"));
            any("0.0.0.0").or_else(|| any("[::]"))
        })
    }

    /// A send begins.
    pub(crate) fn begins(&mut self, i: EventId, e: &Event, detail: Option<&Detail>) {
        let to = match detail {
            Some(Detail::Address(address)) => self.receivers(address),
            _ => match self.peers.get(&e.socket) {
                Some(Peer::Socket(socket)) => vec![*socket],
                Some(Peer::Address(address)) => self.receivers(address),
                None => Vec::new(),
            },
        };
        let first = self.list.len();
        let each = to.iter().map(|to| Some(*to));
        for to in each.chain(to.is_empty().then_some(None)) {
            self.begins_to(i, e, to, self.list.len() > first);
        }
        self.under_way.insert(e.socket, first..self.list.len());
    }

    /// A send to that socket begins.
    fn begins_to(&mut self, i: EventId, e: &Event, to: Option<SocketId>, copy: bool) {
        let n = self.list.len();
        self.list.push(Datagram {
            from: Some(e.socket),
            to,
            copy,
            sender: Some(e.actor),
            message: e.message(),
            length: u32::try_from(e.a).unwrap_or(u32::MAX),
            sent: i,
            returned: NONE,
            errno: 0,
            received: NONE,
            taken: 0,
            dropped: NONE,
            discarded: NONE,
        });
        if let Some(to) = to {
            self.queues.entry(to).or_default().push_back(n);
        }
    }

    /// A send returned.
    pub(crate) fn returns(&mut self, i: EventId, e: &Event) {
        for n in self.under_way.remove(&e.socket).unwrap_or_default() {
            self.returns_of(i, e, n);
        }
    }

    fn returns_of(&mut self, i: EventId, e: &Event, n: usize) {
        let Some(datagram) = self.list.get_mut(n) else {
            return;
        };
        datagram.returned = i;
        let to = datagram.to;
        if e.b < 0 {
            datagram.errno = e.b.saturating_neg();
            if let Some(queue) = to.and_then(|to| self.queues.get_mut(&to)) {
                queue.retain(|&m| m != n);
            }
            return;
        }
        if let (Some(to), Some(drops)) = (to, drops(e)) {
            self.dropped(i, to, drops, Some(n));
        }
    }

    /// The kernel says that `socket` has dropped so many: the youngest in its queue, up to `last`.
    fn dropped(&mut self, i: EventId, socket: SocketId, drops: u64, last: Option<usize>) {
        let known = self.drops.entry(socket).or_default();
        let more = drops.saturating_sub(*known);
        *known = drops.max(*known);
        let Some(queue) = self.queues.get_mut(&socket) else {
            return;
        };
        for _ in 0..more {
            let upto = last.map_or(queue.len(), |last| queue.partition_point(|&n| n <= last));
            let Some(n) = upto.checked_sub(1).and_then(|at| queue.remove(at)) else {
                return;
            };
            if let Some(datagram) = self.list.get_mut(n) {
                datagram.dropped = i;
            }
        }
    }

    /// A recv returned a datagram.
    pub(crate) fn received(&mut self, i: EventId, e: &Event, detail: Option<&Detail>) {
        let taken = u32::try_from(e.b).unwrap_or(0);
        let whole = match e.a as u32 {
            0 => taken,
            whole => whole.max(taken),
        };
        if let Some(drops) = drops(e) {
            self.dropped(i, e.socket, drops, None);
        }
        let from = match detail {
            Some(Detail::Address(address)) => Some((self.at(address), address.clone())),
            _ => None,
        };
        let list = &self.list;
        let queue = self.queues.entry(e.socket).or_default();
        let found = queue.iter().position(|&n| {
            let Some(datagram) = list.get(n) else {
                return false;
            };
            // A sender whose address was never told may be anyone; the order decides.
            let told = from.as_ref().and_then(|(socket, _)| *socket);
            told.is_none_or(|told| datagram.from == Some(told)) && datagram.length == whole
        });
        let Some(n) = found.and_then(|at| queue.remove(at)) else {
            self.list.push(Datagram {
                from: None,
                to: Some(e.socket),
                sender: None,
                message: None,
                length: whole,
                sent: i,
                returned: i,
                errno: 0,
                received: i,
                taken,
                dropped: NONE,
                discarded: NONE,
                copy: false,
            });
            return;
        };
        let Some(datagram) = self.list.get_mut(n) else {
            return;
        };
        (datagram.received, datagram.taken) = (i, taken);
        if let (Some((None, address)), Some(sender)) = (from, datagram.from) {
            self.named(sender, &address);
        }
    }

    /// A socket was closed: what waits in its buffer is thrown away, its address is free.
    pub(crate) fn closed(&mut self, i: EventId, socket: SocketId) {
        for n in self.queues.remove(&socket).unwrap_or_default() {
            if let Some(datagram) = self.list.get_mut(n) {
                datagram.discarded = i;
            }
        }
        self.names.retain(|_, named| {
            named.retain(|other| *other != socket);
            !named.is_empty()
        });
    }
}

/// What the Return of a send or recv tells of the receiver's drops.
fn drops(e: &Event) -> Option<u64> {
    (e.a >> DROPS_KNOWN).checked_sub(1)
}

impl Datagram {
    /// What had become of it within the first `k` events.
    pub fn fate_at(&self, k: u32) -> Fate {
        if self.received < k {
            Fate::Received(self.taken)
        } else if self.dropped < k {
            Fate::Dropped
        } else if self.discarded < k {
            Fate::Discarded
        } else if self.returned >= k {
            Fate::UnderWay
        } else if self.errno != 0 {
            Fate::Refused(self.errno)
        } else if self.to.is_none() {
            Fate::Gone
        } else {
            Fate::Waiting
        }
    }

    /// Has the recv that took it cut it off?
    pub fn is_cut_at(&self, k: u32) -> bool {
        self.received < k && self.taken < self.length
    }
}

/// The four numbers of an IPv4 address.
fn dotted_quad(ip: &str) -> Option<[u8; 4]> {
    let mut parts = ip.split('.').map(|part| part.parse().ok());
    let quad = [
        parts.next()??,
        parts.next()??,
        parts.next()??,
        parts.next()??,
    ];
    parts.next().is_none().then_some(quad)
}

/// Does an IPv4 address stand for more than one socket: a group's (RFC 1112), or that of all on the
/// network or on the loopback (RFC 919)?
pub(crate) fn is_for_many(quad: [u8; 4]) -> bool {
    matches!(quad, [224..=239, ..] | [255 | 127, 255, 255, 255])
}

/// Is this the Return of a call that made `address` the socket's own?
pub(crate) fn names_itself(call: Call) -> bool {
    matches!(call, Call::Bind | Call::GetSockName)
}
