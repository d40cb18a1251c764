//! What is known of each socket.

use super::event::{ActorId, EventId, SocketId};

/// One reading of a socket option: `(event, name, asked, granted)`.
pub type OptionReading = (EventId, String, Option<i64>, Option<i64>);

/// One socket of the run, as known at the live edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketInfo {
    /// Its number.
    pub id: SocketId,
    /// Who created or accepted it.
    pub actor: ActorId,
    /// `AF_INET`, `AF_INET6`, `AF_UNIX`; empty if not recorded.
    pub family: String,
    /// `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_SEQPACKET`; empty if not recorded.
    pub kind: String,
    /// The Return that created it.
    pub created: EventId,
    /// Its own address, once known.
    pub local: Option<String>,
    /// The address of its peer, once connected.
    pub peer: Option<String>,
    /// Its connection: index into [`super::Trace::connections`].
    pub connection: Option<usize>,
    /// The Return of its close.
    pub closed: Option<EventId>,
    /// Did listen() succeed on it?
    pub listening: bool,
    /// Options set or read, in order of time.
    pub options: Vec<OptionReading>,
}
