//! The trace itself.
use super::calls::Calls;
use super::connection::Connection;
use super::event::{ActorId, Batch, Detail, Event, EventId, Nanos, SocketId, StreamId};
use super::gauges::GaugeTrack;
use super::meta::RunMeta;
use super::socket::SocketInfo;
use super::state::State;
use super::stream::Stream;

/// The append-only record of one run.
#[derive(Debug)]
pub struct Trace {
    meta: RunMeta,
}

/// Memory a trace holds, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Events with every index over them.
    pub events_bytes: u64,
    /// Payload.
    pub payload_bytes: u64,
}

impl Trace {
    /// An empty trace.
    pub fn new(meta: RunMeta) -> Self {
        Trace { meta }
    }
    /// Keep at most `bytes` of payload (64 MiB if not said).
    #[must_use]
    pub fn with_payload_budget(self, _bytes: u64) -> Self {
        self
    }
    /// What the run was.
    pub fn meta(&self) -> &RunMeta {
        &self.meta
    }
    /// Append a batch.
    pub fn append_batch(&mut self, _batch: &Batch) {
        unimplemented!()
    }
    /// Append one event with what it owns.
    pub fn append(&mut self, _e: Event, _detail: Option<Detail>, _bytes: &[u8]) {
        unimplemented!()
    }
    /// Number of events.
    pub fn len(&self) -> u32 {
        unimplemented!()
    }
    /// No event yet?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Event `i`, completed.
    pub fn event(&self, _i: EventId) -> Event {
        unimplemented!()
    }
    /// The detail of event `i`.
    pub fn detail(&self, _i: EventId) -> Option<&Detail> {
        unimplemented!()
    }
    /// The Return of a Begin.
    pub fn end_of(&self, _begin: EventId) -> Option<EventId> {
        unimplemented!()
    }
    /// The Blocked of a Begin.
    pub fn blocked_of(&self, _begin: EventId) -> Option<EventId> {
        unimplemented!()
    }
    /// Time of the last event.
    pub fn duration(&self) -> Nanos {
        unimplemented!()
    }
    /// Number of events with time ≤ `t`.
    pub fn prefix_at(&self, _t: Nanos) -> u32 {
        unimplemented!()
    }
    /// Every stream known at the live edge.
    pub fn streams(&self) -> &[Stream] {
        unimplemented!()
    }
    /// The stream of that number.
    pub fn stream(&self, _id: StreamId) -> Option<&Stream> {
        unimplemented!()
    }
    /// The first client → server direction.
    pub fn main_stream(&self) -> Option<StreamId> {
        unimplemented!()
    }
    /// The stream (and its direction's role) an event's bytes belong to.
    pub fn stream_of(&self, _i: EventId) -> Option<StreamId> {
        unimplemented!()
    }
    /// Every connection.
    pub fn connections(&self) -> &[Connection] {
        unimplemented!()
    }
    /// Every socket, by [`SocketId`].
    pub fn sockets(&self) -> &[SocketInfo] {
        unimplemented!()
    }
    /// The timeline lane of an actor.
    pub fn calls(&self, _actor: ActorId) -> Calls<'_> {
        unimplemented!()
    }
    /// The gauge readings of a socket.
    pub fn gauges(&self, _socket: SocketId) -> GaugeTrack<'_> {
        unimplemented!()
    }
    /// Everything as of event `k`.
    pub fn state_at(&self, _k: u32) -> State {
        unimplemented!()
    }
    /// Memory held.
    pub fn memory(&self) -> Memory {
        unimplemented!()
    }
    /// Was every byte of payload kept?
    pub fn payload_complete(&self) -> bool {
        unimplemented!()
    }
    /// Received bytes that differ from what was sent.
    pub fn payload_mismatches(&self) -> u64 {
        unimplemented!()
    }
}
