//! What is read of a run's TCP ends besides their buffers: states, windows, counts; of ends with a
//! descriptor through it, of others (closed ones, and those nobody has accepted yet) by address.

use std::collections::{HashSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use socket2::Socket;

use super::sys::{self, TcpTable};
use crate::trace::{Event, Nanos, Progress, SentSoFar, SocketId, Stage, TcpReading, TcpState};

/// Closed ends that are still looked for, at most; the oldest are given up.
const MOST_LEFT: usize = 256;

/// An end in `TIME_WAIT` stays there for a minute: it is looked at that often.
const LONG: Duration = Duration::from_secs(1);

/// What was read of an open socket's end, and between which addresses it is.
#[derive(Debug, Default)]
pub(super) struct Watched {
    local: Option<SocketAddr>,
    peer: Option<SocketAddr>,
    /// It is the end that connects.
    connects: bool,
    last: Option<TcpReading>,
    last_sent: Option<SentSoFar>,
    /// Of its other end, while that has no socket here.
    last_peer: Option<TcpState>,
    /// How far its bytes have got, if the kernel reports that.
    reports: Option<Reported>,
}

/// Stream offsets before which everything has left, or was acknowledged.
#[derive(Clone, Copy, Debug, Default)]
struct Reported {
    left: u64,
    acked: u64,
}

/// Reports taken at once: what is there longer is taken the next time.
const MOST_REPORTS: usize = 2_048;

impl Watched {
    /// The program connects it to that address.
    pub(super) fn connecting(&mut self, to: SocketAddr) {
        (self.peer, self.connects) = (Some(to), true);
    }

    fn ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        Some((self.local?, self.peer?))
    }
}

/// Reads the ends of one run.
#[derive(Debug, Default)]
pub(super) struct TcpEnds {
    table: Table,
    /// Closed sockets whose end the kernel may still have.
    left: VecDeque<Left>,
    /// Ends of accepted sockets: who is at the other end of a connection reads them through a
    /// descriptor, or finds them in `left`.
    accepted: HashSet<(SocketAddr, SocketAddr)>,
    /// Are counts of segments wanted? Where every segment is captured they say nothing new.
    counts: bool,
    /// Is the kernel to report when bytes leave? It costs a little with every segment.
    reports: bool,
}

#[derive(Debug, Default)]
enum Table {
    #[default]
    Untried,
    Open(TcpTable),
    Missing,
}

#[derive(Debug)]
struct Left {
    id: SocketId,
    local: SocketAddr,
    peer: SocketAddr,
    last: Option<TcpState>,
    looked: Instant,
}

impl TcpEnds {
    /// In a private network: where its connections are told of, if that is to be had.
    pub(super) fn use_table(&mut self, table: Option<TcpTable>) {
        self.table = table.map_or(Table::Missing, Table::Open);
    }

    /// Whether to read how many segments were sent.
    pub(super) fn count(&mut self, counts: bool) {
        self.counts = counts;
    }

    /// Whether the kernel is to report when bytes leave and are acknowledged.
    pub(super) fn report(&mut self, reports: bool) {
        self.reports = reports;
    }

    /// Is the kernel to report?
    pub(super) fn has_reports(&self) -> bool {
        self.reports
    }

    /// Nothing more will be asked.
    pub(super) fn close(&mut self) {
        self.table = Table::Missing;
        self.left.clear();
    }

    /// The two ends are joined.
    pub(super) fn connected(
        &mut self,
        socket: &Socket,
        end: &mut Watched,
        local: SocketAddr,
        peer: SocketAddr,
    ) {
        if self.reports && end.reports.is_none() && sys::ask_for_reports(socket).is_ok() {
            end.reports = Some(Reported::default());
        }
        (end.local, end.peer) = (Some(local), Some(peer));
        if !end.connects {
            self.accepted.insert((local, peer));
        }
    }

    /// The socket is about to be closed; its end may live on.
    pub(super) fn leaves(&mut self, id: SocketId, end: &Watched) {
        let Some((local, peer)) = end.ends() else {
            return;
        };
        if self.left.len() >= MOST_LEFT {
            self.left.pop_front();
        }
        self.left.push_back(Left {
            id,
            local,
            peer,
            last: end.last.map(|reading| reading.state),
            looked: Instant::now(),
        });
    }

    /// Is there an end without a descriptor?
    pub(super) fn any_left(&self) -> bool {
        !self.left.is_empty()
    }

    /// Does every closed end only wait for time to pass, or for a program?
    pub(super) fn rest(&self) -> bool {
        !matches!(self.table, Table::Open(_))
            || self.left.iter().all(|left| {
                matches!(
                    left.last,
                    Some(TcpState::TimeWait | TcpState::FinWait2 | TcpState::CloseWait)
                )
            })
    }

    /// Reads an open socket's end at `t`; what has changed goes to `changed`.
    pub(super) fn read(
        &mut self,
        id: SocketId,
        socket: &Socket,
        end: &mut Watched,
        t: Nanos,
        changed: &mut Vec<Event>,
    ) {
        Self::read_reports(id, socket, end, t, changed);
        let Some(info) = sys::tcp_info(socket) else {
            return;
        };
        let reading = TcpReading {
            state: info.state,
            of_peer: false,
            by_address: false,
            sender: info.sender,
        };
        // A socket that was never anything but closed has nothing to tell.
        let fresh = end.last.is_none() && info.state == TcpState::Closed;
        if !fresh && end.last != Some(reading) {
            end.last = Some(reading);
            changed.push(reading.event(t, id));
        }
        if let Some(mut sent) = info.sent.filter(|_| self.counts) {
            // The SYN of the end that connects is counted as a byte.
            sent.acked = sent.acked.saturating_sub(u64::from(end.connects));
            if sent != end.last_sent.unwrap_or_default() {
                end.last_sent = Some(sent);
                changed.push(sent.event(t, id));
            }
        }
        if end.connects && !fresh {
            if end.local.is_none() {
                end.local = socket.local_addr().ok().and_then(|a| a.as_socket());
            }
            self.read_peer(id, end, t, changed);
        }
    }

    /// What the kernel has reported since: when bytes left and were acknowledged.
    fn read_reports(
        id: SocketId,
        socket: &Socket,
        end: &mut Watched,
        t: Nanos,
        changed: &mut Vec<Event>,
    ) {
        let Some(so_far) = &mut end.reports else {
            return;
        };
        sys::reports(socket, MOST_REPORTS, &mut |stage, byte, ago| {
            let last = match stage {
                Stage::Left => &mut so_far.left,
                Stage::Acked => &mut so_far.acked,
                Stage::Scheduled => return,
            };
            // The offset after that byte; its number has 32 bits, so the one nearest ahead.
            let end = *last + u64::from(byte.wrapping_add(1).wrapping_sub(*last as u32));
            // A report of what came earlier is behind, by far less than half of the numbers.
            if end > *last && end - *last < 1 << 31 {
                *last = end;
                let ago = u32::try_from(ago).unwrap_or(u32::MAX);
                changed.push(Progress { stage, end, ago }.event(t, id));
            }
        });
    }

    /// The other end, while nobody has accepted it: it is a connection all the same.
    fn read_peer(&mut self, id: SocketId, end: &mut Watched, t: Nanos, changed: &mut Vec<Event>) {
        let Some((local, peer)) = end.ends() else {
            return;
        };
        if self.accepted.contains(&(peer, local)) {
            return;
        }
        let Some(state) = self.find(peer, local) else {
            return;
        };
        let fresh = end.last_peer.is_none() && state == TcpState::Closed;
        if !fresh && end.last_peer != Some(state) {
            end.last_peer = Some(state);
            changed.push(by_address(state, true).event(t, id));
        }
    }

    /// Looks for the ends of closed sockets; `stamp` gives the time.
    pub(super) fn read_left(&mut self, mut stamp: impl FnMut() -> Nanos, changed: &mut Vec<Event>) {
        let mut left = std::mem::take(&mut self.left);
        left.retain_mut(|end| {
            if end.last == Some(TcpState::TimeWait) && end.looked.elapsed() < LONG {
                return true;
            }
            end.looked = Instant::now();
            let t = stamp();
            let Some(state) = self.find(end.local, end.peer) else {
                return false;
            };
            if end.last != Some(state) {
                end.last = Some(state);
                changed.push(by_address(state, false).event(t, end.id));
            }
            state != TcpState::Closed
        });
        self.left = left;
    }

    /// `None`: this system does not tell.
    fn find(&mut self, local: SocketAddr, peer: SocketAddr) -> Option<TcpState> {
        if let Table::Untried = self.table {
            self.table = TcpTable::open().map_or(Table::Missing, Table::Open);
        }
        let Table::Open(table) = &mut self.table else {
            return None;
        };
        table.state(local, peer).ok()
    }
}

fn by_address(state: TcpState, of_peer: bool) -> TcpReading {
    TcpReading {
        state,
        of_peer,
        by_address: true,
        sender: None,
    }
}
