//! The state of a run as of one event: the fold over a prefix of the trace.

use super::event::{EventId, Gauge, Nanos};
use super::facts::{ActorFacts, Facts};

/// Everything the stage draws, as of event `k`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Number of events of the prefix.
    pub k: u32,
    /// Time of the last event of the prefix; 0 if it is empty.
    pub t: Nanos,
    /// By [`super::ActorId`].
    pub actors: Vec<ActorState>,
    /// By [`super::StreamId`]: the streams known within the prefix.
    pub streams: Vec<StreamState>,
    /// By [`super::SocketId`]: the sockets known within the prefix.
    pub sockets: Vec<SocketState>,
    /// Sums over all streams.
    pub facts: Facts,
    /// The run itself.
    pub phase: Phase,
    /// The lesson's step.
    pub step: u32,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not yet started.
    #[default]
    New,
    /// Programs run.
    Running,
    /// Programs are paused (the kernel is not).
    Paused,
    /// Stop was asked for.
    Stopping,
    /// All programs have ended.
    Finished,
    /// The event limit was reached.
    Limit,
}

/// One actor as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActorState {
    /// Its program has begun.
    pub started: bool,
    /// Its program has ended.
    pub ended: bool,
    /// The Begin of the call under way.
    pub current: Option<EventId>,
    /// Since when the kernel has held that call.
    pub blocked_since: Option<Nanos>,
    /// The Return of its last call.
    pub last: Option<EventId>,
    /// Operation of the current or last call ([`super::Event::op`]).
    pub op: u16,
    /// Its figures.
    pub facts: ActorFacts,
}

/// One direction of a connection as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamState {
    /// Bytes sent; never less than `received`.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// End of the last frame.
    pub decoded: u64,
    /// Sends that accepted at least one byte.
    pub sends: u32,
    /// Receives that returned at least one byte.
    pub recvs: u32,
    /// Frames decoded.
    pub frames: u32,
    /// Errors of the decoder.
    pub errors: u32,
    /// Receives with bytes of more than one message.
    pub merged: u32,
    /// Messages that came out of more than one recv.
    pub split: u32,
    /// Frames that are exactly one message.
    pub right: u32,
    /// Frames that hold bytes of a message but are not exactly one.
    pub wrong: u32,
    /// The receiver saw the end (`b''`).
    pub ended: bool,
    /// The sender closed, or shut its sending side down.
    pub shut: bool,
}

/// One socket as of event `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SocketState {
    /// The latest reading of its buffers.
    pub gauge: Gauge,
    /// The event of that reading.
    pub gauge_event: Option<EventId>,
    /// Created and not yet closed.
    pub open: bool,
    /// Most bytes ever read as waiting in its receive buffer.
    pub peak_unread: u32,
}
