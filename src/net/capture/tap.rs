//! Where packets leave the ring and become events.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::packet::{self, Packet, Way};
use crate::net::Registry;
use crate::net::pipe::Shared;
use crate::net::sys::{self, Ring, Seen};
use crate::trace::{Batch, Detail, Nanos, Segment, SegmentRole, flag, tcp};

/// Events that wait for the collector, at most; beyond that packets stay in the ring, and when
/// that is full the kernel drops and counts them.
const MOST_WAITING: usize = 1 << 18;

/// Two readings of clocks so near each other (nanoseconds) are as good as simultaneous …
const TIGHT: Nanos = 300;
/// … and so often it is tried.
const TRIES: usize = 16;

/// Flows told apart; further packets belong to none.
const MOST_FLOWS: usize = u16::MAX as usize;

/// The ring, and what was taken out of it and not yet fetched.
#[derive(Debug)]
pub(in crate::net) struct Tap(Mutex<State>);

#[derive(Debug)]
struct State {
    ring: Ring,
    /// Whose packets alone are kept; `None`: all.
    only: Option<Registry>,
    flows: Flows,
    batch: Batch,
    number: u64,
    last: Nanos,
}

impl Tap {
    pub(super) fn new(ring: Ring, only: Option<Registry>) -> Self {
        Tap(Mutex::new(State {
            ring,
            only,
            flows: Flows::default(),
            batch: Batch::default(),
            number: 0,
            last: 0,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes out what is in the ring. How many connections seen have not ended.
    pub(super) fn look(&self, shared: &Shared) -> usize {
        let mut state = self.state();
        state.look(shared);
        state.flows.open
    }

    /// Takes out what is in the ring, and gives everything taken out and not yet fetched: its
    /// number in order, and the events, none of them earlier than `floor`.
    pub(in crate::net) fn fetch(&self, shared: &Shared, floor: Nanos) -> Option<(u64, Batch)> {
        let mut state = self.state();
        state.look(shared);
        if state.batch.events.is_empty() {
            return None;
        }
        let mut batch = std::mem::take(&mut state.batch);
        for event in batch.events.iter_mut().take_while(|e| e.t < floor) {
            event.t = floor;
        }
        state.last = state.last.max(floor);
        state.number += 1;
        Some((state.number, batch))
    }
}

impl State {
    fn look(&mut self, shared: &Shared) {
        let State {
            ring,
            only,
            flows,
            batch,
            last,
            ..
        } = self;
        let recorded = shared
            .switches
            .recording
            .load(std::sync::atomic::Ordering::Relaxed);
        // Both clocks at one moment: the kernel stamps with the wall clock, which may be set at
        // any time, and the run's clock may run a little faster or slower than the kernel's.
        let (now, real) = both_clocks(shared);
        let room = MOST_WAITING.saturating_sub(batch.events.len());
        // A port is told before its first packet is sent.
        let mut ports = only.as_ref().map(Registry::ports);
        let taken = ring.take(room, &mut |seen: Seen<'_>| {
            if let (Some(known), Some(registry)) = (&mut ports, &only)
                && !is_of(seen.bytes, known)
            {
                // It may have become known since.
                *known = registry.ports();
                if !is_of(seen.bytes, known) {
                    return;
                }
            }
            let t = if seen.real <= real {
                now.saturating_sub(real - seen.real)
            } else {
                now.saturating_add(seen.real - real)
            };
            // The clock may have been set between stamp and look; order is what counts.
            *last = t.clamp(*last, now.max(*last).saturating_add(10_000_000));
            if recorded {
                put(flows, batch, *last, seen.bytes);
            }
        });
        if !recorded {
            shared
                .not_recorded
                .fetch_add(taken as u64, std::sync::atomic::Ordering::Relaxed);
        }
        let dropped = ring.dropped();
        if dropped > 0 {
            let note = Segment {
                len: dropped,
                ..Segment::new(SegmentRole::NotCaptured)
            };
            batch.events.push(note.event(*last));
        }
    }
}

/// Does the packet come from one of these ports, or go to one?
fn is_of(bytes: &[u8], ports: &HashSet<u16>) -> bool {
    packet::ports(bytes).is_some_and(|both| both.iter().any(|port| ports.contains(port)))
}

/// The run's clock and the wall clock at one moment, as near as can be had: a thread may lose its
/// processor between two readings, so the tightest of several counts. A call takes about a
/// microsecond to make a packet, and as long to return with one.
fn both_clocks(shared: &Shared) -> (Nanos, u64) {
    let mut best = (Nanos::MAX, 0, 0);
    for _ in 0..TRIES {
        let before = shared.clock.now_in_order();
        let real = sys::real_time();
        let after = shared.clock.now_in_order();
        let apart = after.saturating_sub(before);
        if apart < best.0 {
            best = (apart, before + apart / 2, real);
        }
        if apart <= TIGHT {
            break;
        }
    }
    (best.1, best.2)
}

fn put(flows: &mut Flows, batch: &mut Batch, t: Nanos, bytes: &[u8]) {
    let packet = Packet::read(bytes);
    let (flow, new) = packet
        .way
        .map_or((u16::MAX, false), |way| flows.of(way, &packet));
    let kept = bytes.get(..packet.keep).unwrap_or(bytes);
    let mut event = Segment {
        role: packet.role,
        flow,
        seq: packet.seq,
        ack: packet.ack,
        window: packet.window,
        flags: packet.flags,
        len: packet.len,
        frame: kept.len() as u32,
    }
    .event(t);
    event.flags = flag::BYTES;
    batch.bytes.extend_from_slice(kept);
    if new && let Some(way) = packet.way {
        let (from, to) = way.names();
        event.flags |= flag::DETAIL;
        batch.details.push(Detail::Flow {
            from,
            to,
            scale: packet.scale,
        });
    }
    batch.events.push(event);
}

/// The flows seen: numbers, and how far TCP connections have come to their end.
#[derive(Debug, Default)]
struct Flows {
    numbers: HashMap<Way, u16>,
    ends: Vec<End>,
    /// TCP connections that have not ended.
    open: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct End {
    isn: Option<u32>,
    back: Option<u16>,
    /// The number that acknowledges its FIN.
    after_fin: Option<u32>,
    fin_acknowledged: bool,
    over: bool,
}

impl Flows {
    /// The number of a packet's flow, and whether it is new.
    fn of(&mut self, way: Way, packet: &Packet) -> (u16, bool) {
        let is_tcp = packet.role == SegmentRole::Ack;
        let syn = is_tcp && packet.flags & tcp::SYN != 0;
        let known = self.numbers.get(&way).copied().filter(|&n| {
            // A SYN with another number begins another connection between the same addresses.
            !syn || self
                .ends
                .get(usize::from(n))
                .is_some_and(|e| e.isn == Some(packet.seq))
        });
        let (number, new) = match known {
            Some(number) => (number, false),
            None if self.ends.len() >= MOST_FLOWS => return (u16::MAX, false),
            None => (self.begin(way, packet, syn, is_tcp), true),
        };
        if is_tcp {
            self.follow(number, packet);
        }
        (number, new)
    }

    fn begin(&mut self, way: Way, packet: &Packet, syn: bool, is_tcp: bool) -> u16 {
        let number = self.ends.len() as u16;
        let back = self.numbers.get(&way.back()).copied().filter(|&back| {
            self.ends
                .get(usize::from(back))
                .is_some_and(|e| e.back.is_none())
        });
        if let Some(back) = back.and_then(|n| self.ends.get_mut(usize::from(n))) {
            back.back = Some(number);
        } else if is_tcp {
            self.open += 1;
        }
        self.ends.push(End {
            isn: syn.then_some(packet.seq),
            back,
            ..End::default()
        });
        self.numbers.insert(way, number);
        number
    }

    /// Notes how far the connection has come to its end: a reset, or both FINs acknowledged.
    fn follow(&mut self, number: u16, packet: &Packet) {
        let Some(end) = self.ends.get_mut(usize::from(number)) else {
            return;
        };
        if packet.flags & tcp::FIN != 0 {
            end.after_fin = Some(packet.seq.wrapping_add(packet.len).wrapping_add(1));
        }
        let own_fin_acknowledged = end.fin_acknowledged;
        let back = end.back.and_then(|n| self.ends.get_mut(usize::from(n)));
        let mut over = packet.flags & tcp::RST != 0;
        if let Some(back) = back {
            if packet.flags & tcp::ACK != 0 && back.after_fin == Some(packet.ack) {
                back.fin_acknowledged = true;
            }
            over |= back.fin_acknowledged && own_fin_acknowledged;
        }
        if over {
            self.over(number);
        }
    }

    fn over(&mut self, number: u16) {
        let back = self.ends.get(usize::from(number)).and_then(|e| e.back);
        let mut first = false;
        for n in [Some(number), back].into_iter().flatten() {
            if let Some(end) = self.ends.get_mut(usize::from(n)) {
                first |= !end.over;
                end.over = true;
            }
        }
        if first {
            self.open = self.open.saturating_sub(1);
        }
    }
}
