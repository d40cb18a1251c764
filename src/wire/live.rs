//! The packets of a run: what its trace captured, as packets like those of a file, and which
//! calls and messages each belongs to.
//!
//! The row of a packet is its number in [`crate::trace::Frames`]. Calls become known later than
//! the packets they belong to (a `send` returns after its segment has left), so every update goes
//! through what still waits for its calls.

use std::collections::{BTreeSet, VecDeque};

use crate::trace::{EventId, SegmentRole, StreamId, Trace, flag};

use super::link::Link;
use super::packets::{Captured, Origin, Packets};

/// The packets of one run, as far as they were taken in.
#[derive(Debug)]
pub struct Live {
    packets: Packets,
    flows: Vec<Waiting>,
    /// Flows with rows whose calls are not known.
    open: BTreeSet<u16>,
    /// Events of the trace when it was last looked at.
    seen: u32,
    buffer: Vec<u8>,
}

/// Bytes of a stream in one packet.
#[derive(Clone, Copy, Debug)]
struct Carried {
    row: u32,
    start: u64,
    end: u64,
}

/// The packets of a flow that wait for something to become known.
#[derive(Debug, Default)]
struct Waiting {
    stream: Option<StreamId>,
    /// For the stream.
    nameless: Vec<u32>,
    /// For the send of their first byte, in order.
    unsent: VecDeque<Carried>,
    /// For the recv of their last byte, in order.
    unread: VecDeque<Carried>,
}

/// What an update did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// Has everything been taken in that the trace has?
    pub whole: bool,
    /// The first row of which more is known than before, if any.
    pub changed: Option<u32>,
}

impl Live {
    /// No packets yet, of a run with these actors.
    pub fn new(trace: &Trace) -> Self {
        let actors = trace.meta().actors.iter().map(|a| a.name.clone());
        Live {
            packets: Packets::live(actors.collect()),
            flows: Vec::new(),
            open: BTreeSet::new(),
            seen: 0,
            buffer: Vec::new(),
        }
    }

    /// The packets.
    pub fn packets(&self) -> &Packets {
        &self.packets
    }

    /// Only what happened in the first `k` events counts as known: calls behind it are not told.
    /// True if that changes what filters find.
    pub fn look_from(&mut self, k: EventId) -> bool {
        self.packets.set_horizon(k)
    }

    /// Takes in at most `most` new packets, and the calls that have become known.
    pub fn update(&mut self, trace: &Trace, most: u32) -> Update {
        let frames = trace.frames();
        let mut changed: Option<u32> = None;
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut left = most;
        let mut full = false;
        while (self.packets.len() as usize) < frames.len() && left > 0 && !full {
            let n = self.packets.len();
            let Some(event) = frames.event(n as usize) else {
                break;
            };
            let original = trace.frame_bytes(n as usize, &mut buffer);
            let row = self.packets.push(&Captured {
                time: trace.event(event).t,
                link: Link::Ethernet,
                original,
                bytes: &buffer,
            });
            full = row.is_none();
            if let (Some(row), Some(s)) = (row, trace.event(event).segment())
                && s.role.is_tcp()
                && s.role != SegmentRole::NotCaptured
                && usize::from(s.flow) < trace.flows().len()
            {
                self.wait(row, s.flow);
            }
            left -= 1;
        }
        self.buffer = buffer;
        if self.seen != trace.len() || left < most {
            self.seen = trace.len();
            let open: Vec<u16> = self.open.iter().copied().collect();
            for flow in open {
                let first = self.resolve(trace, flow);
                changed = match (changed, first) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        Update {
            whole: full || self.packets.len() as usize >= frames.len(),
            changed,
        }
    }

    fn wait(&mut self, row: u32, flow: u16) {
        let at = usize::from(flow);
        if self.flows.len() <= at {
            self.flows.resize_with(at + 1, Waiting::default);
        }
        if let Some(waiting) = self.flows.get_mut(at) {
            waiting.nameless.push(row);
            self.open.insert(flow);
        }
    }

    /// Finds the calls of a flow's packets, as far as they are known. The first row that gained.
    fn resolve(&mut self, trace: &Trace, flow: u16) -> Option<u32> {
        let waiting = self.flows.get_mut(usize::from(flow))?;
        if waiting.stream.is_none() {
            waiting.stream = trace.flows().get(usize::from(flow))?.stream;
        }
        let id = waiting.stream?;
        let stream = trace.stream(id)?;
        let mut first: Option<u32> = None;
        let mut note = |row: u32| first = Some(first.map_or(row, |f| f.min(row)));
        for row in std::mem::take(&mut waiting.nameless) {
            let origin = Origin {
                actor: stream.from,
                ..self.packets.origin(row)
            };
            self.packets.set_origin(row, origin);
            note(row);
            let event = trace.frames().event(row as usize);
            if let Some((of, start, end)) = event.and_then(|e| trace.segment_range(e))
                && of == id
            {
                let carried = Carried { row, start, end };
                waiting.unsent.push_back(carried);
                waiting.unread.push_back(carried);
            }
        }
        // Who sends outside the lab makes no call that is known.
        let sent = stream.sends();
        while let Some(&next) = waiting.unsent.front() {
            if next.start >= sent.end() {
                break;
            }
            waiting.unsent.pop_front();
            if let Some(n) = sent.containing(next.start) {
                let origin = Origin {
                    send: Some(sent.get(n).event),
                    ..self.packets.origin(next.row)
                };
                self.packets.set_origin(next.row, origin);
                note(next.row);
            }
        }
        let got = stream.recvs();
        while let Some(&next) = waiting.unread.front() {
            if next.end > got.end() {
                break;
            }
            waiting.unread.pop_front();
            // What came from outside the lab has its bytes only now.
            let packet = self.packets.packet(next.row);
            if packet.captured < packet.original {
                let mut whole = Vec::new();
                trace.frame_bytes(next.row as usize, &mut whole);
                self.packets.complete(next.row, &whole);
                note(next.row);
            }
            if let Some(n) = got.containing(next.end.saturating_sub(1)) {
                let event = got.get(n).event;
                let row = trace.event(event);
                let origin = Origin {
                    recv: Some(event),
                    merged: row.has(flag::MERGED),
                    split: row.has(flag::SPLIT),
                    ..self.packets.origin(next.row)
                };
                self.packets.set_origin(next.row, origin);
                note(next.row);
            }
        }
        if waiting.unsent.is_empty() && waiting.unread.is_empty() {
            self.open.remove(&flow);
        }
        first
    }
}
