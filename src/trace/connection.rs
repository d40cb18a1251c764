//! Connections: which two sockets are the ends of the same pair of streams.

use super::event::{ActorId, EventId, SocketId, StreamId};

/// A connection between two ends; an end that the lab does not play is external.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The end that connected.
    pub client: End,
    /// The end that accepted.
    pub server: End,
    /// Client → server.
    pub forward: StreamId,
    /// Server → client.
    pub backward: StreamId,
    /// The first Return (of connect or accept) that told of it.
    pub since: EventId,
}

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Who plays it; `None`: external (or not yet known).
    pub actor: Option<ActorId>,
    /// Its socket; `None`: external (or not yet known).
    pub socket: Option<SocketId>,
    /// Its address.
    pub address: String,
}
