//! One direction of one connection.
use super::event::{ActorId, EventId, SocketId, StreamId};
use super::items::Items;
use super::messages::{Messages, Part};

/// One direction of one connection: who, and every range of it that an event named.
#[derive(Debug)]
pub struct Stream {
    /// Its number.
    pub id: StreamId,
    /// Index into [`super::Trace::connections`].
    pub connection: usize,
    /// Who sends; `None`: external (or not yet known).
    pub from: Option<ActorId>,
    /// Who receives; `None`: external (or not yet known).
    pub to: Option<ActorId>,
    /// The sender's socket.
    pub from_socket: Option<SocketId>,
    /// The receiver's socket.
    pub to_socket: Option<SocketId>,
}

/// What a frame is, measured against the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Exactly one message.
    Right,
    /// Bytes of a message, but not exactly one message.
    Wrong,
    /// It touches external bytes, or no message at all.
    Neither,
}

impl Stream {
    /// The event that first told of it.
    pub fn known_since(&self) -> EventId {
        unimplemented!()
    }
    /// One item per send that accepted bytes; its event is the Return.
    pub fn sends(&self) -> &Items {
        unimplemented!()
    }
    /// One item per recv that returned bytes (`MSG_PEEK` excluded); its event is the Return.
    pub fn recvs(&self) -> &Items {
        unimplemented!()
    }
    /// One item per frame; decoder errors are not among them.
    pub fn frames(&self) -> &Items {
        unimplemented!()
    }
    /// Errors of the decoder.
    pub fn errors(&self) -> &[EventId] {
        unimplemented!()
    }
    /// Wire ranges of the messages, as declared by sends.
    pub fn messages(&self) -> &Messages {
        unimplemented!()
    }
    /// Bytes sent within the first `k` events; never less than [`Stream::received_at`].
    pub fn sent_at(&self, _k: u32) -> u64 {
        unimplemented!()
    }
    /// Bytes received within the first `k` events.
    pub fn received_at(&self, _k: u32) -> u64 {
        unimplemented!()
    }
    /// Provenance of `[start, end)`, in order.
    pub fn parts(&self, _start: u64, _end: u64) -> impl Iterator<Item = Part> + '_ {
        std::iter::empty()
    }
    /// The bytes of `[start, end)`; `None` where they were not kept.
    pub fn payload(&self, _start: u64, _end: u64) -> Option<Vec<u8>> {
        unimplemented!()
    }
    /// What the frame at index `i` of [`Stream::frames`] is, as known at the live edge.
    pub fn verdict(&self, _i: usize) -> Verdict {
        unimplemented!()
    }
}
