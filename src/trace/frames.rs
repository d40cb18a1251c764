//! The captured packets of a trace: their headers, their flows, and the bytes they carried.

use std::collections::VecDeque;

use super::column::Column;
use super::connection::Connections;
use super::event::{Detail, Event, EventId, StreamId, flag};
use super::reuse::Reused;
use super::segment::{Flow, Segment, SegmentRole};
use super::stream::Stream;

/// Bytes of headers kept; beyond that rows only.
const BUDGET: usize = 96 << 20;

/// Headers stand in chunks of this size.
const CHUNK: usize = 1 << 16;

/// Most bytes kept of one packet.
pub(crate) const MOST_KEPT: usize = 1024;

/// All captured packets, in order.
#[derive(Debug, Default)]
pub struct Frames {
    /// The event of each.
    events: Column<u32>,
    places: Column<Place>,
    chunks: Vec<Vec<u8>>,
    kept: usize,
    pub(crate) flows: Vec<Flow>,
    /// Flows whose stream is not known, the latest of them.
    unjoined: VecDeque<u16>,
    /// Packets lost so far, at the events that say so.
    lost: Column<(EventId, u64)>,
}

/// Only so many flows wait to be matched with a connection, and only among so many connections
/// and flows is an opposite looked for: those of one moment, not of a whole (or a forged) trace.
const NEAR: usize = 1024;

/// Where the bytes of a packet stand.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    chunk: u32,
    offset: u16,
    length: u16,
}

impl Reused for Place {}

impl Frames {
    /// How many.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many within the first `k` events. O(log n).
    pub fn len_at(&self, k: u32) -> usize {
        super::column::partition(0..self.len(), |n| {
            self.events.get(n).is_some_and(|&event| event < k)
        })
    }

    /// The event of packet `n`.
    pub fn event(&self, n: usize) -> Option<EventId> {
        self.events.get(n).copied()
    }

    /// What was kept of packet `n`, from the Ethernet header on: of TCP the headers with their
    /// options, of others the beginning. Empty if nothing was kept.
    pub fn headers(&self, n: usize) -> &[u8] {
        let place = self.places.get(n).copied().unwrap_or_default();
        let from = usize::from(place.offset);
        self.chunks
            .get(place.chunk as usize)
            .and_then(|chunk| chunk.get(from..from + usize::from(place.length)))
            .unwrap_or_default()
    }

    /// Packets that were lost to the capture within the first `k` events.
    pub fn not_captured(&self, k: u32) -> u64 {
        let n = super::column::partition(0..self.lost.len(), |n| {
            self.lost.get(n).is_some_and(|lost| lost.0 < k)
        });
        n.checked_sub(1)
            .and_then(|n| self.lost.get(n))
            .map_or(0, |lost| lost.1)
    }

    /// Takes in a packet. Fills in its role and its number, and says which flags it gets.
    pub(crate) fn append(
        &mut self,
        i: EventId,
        e: &mut Event,
        detail: Option<&Detail>,
        bytes: &[u8],
        connections: &mut Connections,
    ) -> u8 {
        let Some(mut s) = e.segment() else { return 0 };
        if s.role == SegmentRole::NotCaptured {
            let before = self.lost.last().map_or(0, |lost| lost.1);
            self.lost.push((i, before.saturating_add(u64::from(s.len))));
            e.link = super::event::NONE;
            return 0;
        }
        e.link = self.len() as u32;
        self.keep(i, bytes);
        if let Some(Detail::Flow { from, to, scale }) = detail
            && usize::from(s.flow) == self.flows.len()
            && s.flow != u16::MAX
        {
            self.begin_flow(i, from, to, *scale, connections);
        }
        if !s.role.is_tcp() {
            return 0;
        }
        let Some(flow) = self.flows.get(usize::from(s.flow)) else {
            e.call = SegmentRole::Ack as u8;
            return 0;
        };
        let window = flow
            .back
            .and_then(|back| self.flows.get(usize::from(back)))
            .and_then(Flow::window);
        let Some(flow) = self.flows.get_mut(usize::from(s.flow)) else {
            return 0;
        };
        s.role = SegmentRole::Ack;
        let (role, new) = flow.judge(&s, window);
        e.call = role as u8;
        let Some((start, end)) = new else { return 0 };
        if let Some(stream) = flow.stream.and_then(|id| connections.stream_mut(id)) {
            return put(stream, i, start, end);
        }
        flow.wait(i, start, end);
        0
    }

    fn begin_flow(
        &mut self,
        i: EventId,
        from: &str,
        to: &str,
        scale: Option<u8>,
        connections: &mut Connections,
    ) {
        let number = self.flows.len() as u16;
        let mut flow = Flow::new(from.to_owned(), to.to_owned(), scale, i);
        // The latest flow the other way, if it has no opposite yet.
        let back = self
            .flows
            .iter_mut()
            .enumerate()
            .rev()
            .take(NEAR)
            .find(|(_, f)| f.from == flow.to && f.to == flow.from)
            .filter(|(_, f)| f.back.is_none());
        if let Some((n, back)) = back {
            back.back = Some(number);
            flow.back = Some(n as u16);
        }
        self.flows.push(flow);
        if !self.match_up(number, connections) {
            if self.unjoined.len() >= NEAR {
                self.unjoined.pop_front();
            }
            self.unjoined.push_back(number);
        }
    }

    /// A connection has become known: its flows carry its streams.
    pub(crate) fn join(&mut self, connections: &mut Connections) {
        if self.unjoined.is_empty() {
            return;
        }
        let mut waiting = std::mem::take(&mut self.unjoined);
        waiting.retain(|&number| !self.match_up(number, connections));
        self.unjoined = waiting;
    }

    /// Finds the stream of a flow. Flows and connections between the same addresses are paired
    /// in order.
    fn match_up(&mut self, number: u16, connections: &mut Connections) -> bool {
        let Some(flow) = self.flows.get_mut(usize::from(number)) else {
            return true;
        };
        let found = connections.list.iter().rev().take(NEAR).find_map(|c| {
            let id = if c.client.address == flow.from && c.server.address == flow.to {
                c.forward
            } else if c.server.address == flow.from && c.client.address == flow.to {
                c.backward
            } else {
                return None;
            };
            let stream = connections.streams.get(usize::from(id.0))?;
            stream.flow().is_none().then_some(id)
        });
        let Some(stream) = found.and_then(|id| connections.stream_mut(id)) else {
            return false;
        };
        flow.stream = Some(stream.id);
        stream.set_flow(number);
        for (event, start, end) in flow.waited() {
            put(stream, event, start, end);
        }
        true
    }

    fn keep(&mut self, i: EventId, bytes: &[u8]) {
        self.events.push(i);
        let bytes = bytes.get(..MOST_KEPT).unwrap_or(bytes);
        if self.kept + bytes.len() > BUDGET || bytes.is_empty() {
            self.places.push(Place::default());
            return;
        }
        self.kept += bytes.len();
        let room = self
            .chunks
            .last()
            .is_some_and(|chunk| chunk.len() + bytes.len() <= CHUNK);
        if !room {
            let size = if self.chunks.is_empty() { 0 } else { CHUNK };
            self.chunks.push(Vec::with_capacity(size));
        }
        let chunk = self.chunks.len() - 1;
        if let Some(last) = self.chunks.last_mut() {
            self.places.push(Place {
                chunk: chunk as u32,
                offset: last.len() as u16,
                length: bytes.len() as u16,
            });
            last.extend_from_slice(bytes);
        }
    }

    /// Bytes of headers and of everything else.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let bytes: usize = self.chunks.iter().map(Vec::capacity).sum();
        (
            bytes as u64,
            self.events.bytes()
                + self.places.bytes()
                + self.lost.bytes()
                + (self.flows.capacity() * size_of::<Flow>()) as u64,
        )
    }
}

/// Notes the bytes on the wire; the flags that the segment gets.
fn put(stream: &mut Stream, event: EventId, start: u64, end: u64) -> u8 {
    let (sends, continued) = stream.segment(event, start, end);
    let mut flags = 0;
    if sends > 1 {
        flags |= flag::MERGED;
    }
    if continued {
        flags |= flag::SPLIT;
    }
    flags
}

impl super::Trace {
    /// The captured packets.
    pub fn frames(&self) -> &Frames {
        &self.frames
    }

    /// Every flow of captured packets, see [`Segment::flow`].
    pub fn flows(&self) -> &[Flow] {
        &self.frames.flows
    }

    /// The flow of the captured packet that is event `i`.
    pub fn flow_of(&self, i: EventId) -> Option<&Flow> {
        let s: Segment = self.event(i).segment()?;
        self.frames.flows.get(usize::from(s.flow))
    }

    /// Which bytes of which stream the captured segment that is event `i` carries, repeated ones
    /// included. `None`: it carries none, or its stream is not known.
    pub fn segment_range(&self, i: EventId) -> Option<(StreamId, u64, u64)> {
        let s = self.event(i).segment()?;
        if s.len == 0 || !s.role.is_tcp() {
            return None;
        }
        let flow = self.frames.flows.get(usize::from(s.flow))?;
        let id = flow.stream?;
        let items = self.stream(id)?.segments();
        let start = if let Some(n) = items.of_event(i) {
            // A part of it may have been sent before.
            items.get(n).end.checked_sub(u64::from(s.len))?
        } else {
            // Repeated: near what had been sent by then.
            let near = items.end_at(i);
            let isn = flow.isn?;
            let low = s.seq.wrapping_sub(isn).wrapping_sub(1);
            let away = low.wrapping_sub(near as u32).cast_signed();
            near.checked_add_signed(i64::from(away))?
        };
        Some((id, start, start + u64::from(s.len)))
    }

    /// Writes the captured packet `n` as it was on the wire to `out`: its headers, and its payload
    /// from the stream it belongs to, as far as those bytes were kept. Returns its real length.
    pub fn frame_bytes(&self, n: usize, out: &mut Vec<u8>) -> u32 {
        out.clear();
        let headers = self.frames.headers(n);
        out.extend_from_slice(headers);
        let Some(event) = self.frames.event(n) else {
            return 0;
        };
        let Some(s) = self.event(event).segment() else {
            return 0;
        };
        if !s.role.is_tcp() {
            return real_length(headers).max(headers.len() as u32);
        }
        if let Some((stream, start, end)) = self.segment_range(event)
            && let Some(stream) = self.stream(stream)
            && let Some(payload) = stream.payload(start, end)
        {
            out.extend_from_slice(&payload);
        }
        headers.len() as u32 + s.len
    }
}

/// The length of a packet as its IP header tells it, with the Ethernet header.
fn real_length(bytes: &[u8]) -> u32 {
    let two = |at: usize| {
        bytes
            .get(at..at + 2)
            .map_or(0, |b| u32::from(u16::from_be_bytes([b[0], b[1]])))
    };
    match two(12) {
        0x0800 => 14 + two(16),
        0x86dd => 14 + 40 + two(18),
        _ => 0,
    }
}
