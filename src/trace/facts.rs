//! The figures a run is summed up in.

use super::event::Nanos;
use serde::{Deserialize, Serialize};

/// Counts over all streams of the run, each the sum of its [`super::StreamState`] figures; what a
/// relay between the ends sends and receives is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Sends that accepted at least one byte.
    pub sends: u64,
    /// Receives that returned at least one byte (`MSG_PEEK` excluded).
    pub recvs: u64,
    /// Receives whose bytes belong to more than one message.
    pub merged_recvs: u64,
    /// Messages whose bytes came out of more than one recv; counted once, when the second
    /// recv touches the message.
    pub split_messages: u64,
    /// Bytes accepted by sends.
    pub bytes_sent: u64,
    /// Bytes returned by receives.
    pub bytes_received: u64,
    /// Frames decoded (errors excluded).
    pub frames: u64,
    /// Frames whose range equals the wire range of exactly one message.
    pub frames_right: u64,
    /// Frames that hold bytes of a message but are not exactly one message. A frame that
    /// touches external bytes, or no message at all, is neither right nor wrong.
    pub frames_wrong: u64,
    /// Errors of the decoders.
    pub decode_errors: u64,
    /// Calls that returned an errno, other than after Stop.
    pub failed_calls: u64,
    /// Messages handed to sends on sockets that keep boundaries (datagrams); no stream.
    pub datagrams_sent: u64,
    /// Datagrams received; no stream.
    pub datagrams_received: u64,
}

/// Figures of one actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorFacts {
    /// Calls returned.
    pub calls: u64,
    /// Time its returned calls were held by the kernel; the call under way is not included
    /// (see [`super::ActorState::blocked_since`]).
    pub blocked: Nanos,
    /// Time from Begin to Return of its returned calls, blocked time included.
    pub in_calls: Nanos,
    /// Its sends that were accepted, wholly or in part, datagrams included.
    pub sends: u64,
    /// Bytes its sends accepted, datagrams included.
    pub bytes_out: u64,
    /// Bytes its receives returned, datagrams included, `MSG_PEEK` excluded.
    pub bytes_in: u64,
}
