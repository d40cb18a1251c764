//! The append-only record of a run, and everything that can be read off any prefix of it.
//!
//! # One sequence, any prefix
//!
//! A run is a sequence of [`Event`]s in order of time, numbered from 0. Nothing is ever changed
//! or removed; the time slider, *back* and the live edge are the same thing, a number `k`: "as of
//! the first `k` events". What is shown as of `k` is a function of those events alone. Two kinds
//! of questions are asked of a prefix:
//!
//! - *what is the state?* [`Trace::state_at`] folds events into a [`State`] (actors, streams,
//!   sockets, [`Facts`]). The fold costs O(1) per event and is kept at the live edge; a checkpoint
//!   at least every few thousand events makes any other `k` a short replay. Whatever the fold
//!   needs beyond the event itself (was this recv merged, is this frame right) is found once, on
//!   append, and kept in the event's flags, so a replay never looks into the future.
//! - *which ranges are there?* [`Items`] (sends, recvs, frames of a stream), [`Calls`] (a lane of
//!   the timeline) and [`GaugeTrack`] are lists in order of their events: the first `len_at(k)`
//!   entries are the prefix. Their `buckets` are the level of detail: drawing costs by cells on
//!   screen, not by events.
//!
//! # Provenance
//!
//! TCP keeps no boundaries, but it keeps order: the n-th byte sent is the n-th byte received. So a
//! byte's identity is its offset in its [`Stream`], and which message it belongs to follows from
//! which send put that offset there. A recv may return bytes of a send that has not returned yet;
//! therefore a send's bytes and message number are *declared* at its Begin and *trimmed* at its
//! Return to what the kernel accepted. Consecutive sends of one message number are one message.
//! Bytes received beyond everything declared came from a program outside the lab
//! ([`Origin::External`]). Content is never compared to find this out; where both ends recorded
//! their bytes they are compared afterwards, as a check ([`Trace::payload_mismatches`]).
//!
//! The two sockets of a connection are matched by the addresses that the Returns of connect and
//! accept tell; either may come first. Sockets that keep boundaries have no stream but [`Datagrams`].
//!
//! # A relay between the ends
//!
//! When the lab puts a relay (the attacker of a lesson) between client and server, there are two
//! connections, and what the server receives is not what the client sent. The relay says what it
//! makes of each byte *before* it sends it ([`Mark::Relayed`]: copied, altered, inserted, dropped).
//! The stream it sends is then laid out by that map instead of by its sends ([`Stream::relayed`]):
//! copied bytes keep their message, inserted ones have the origin [`Origin::Attacker`], and
//! [`Part::of`] still is the whole range that the message would have, so that a frame is right
//! only if every byte of its message came through unchanged. [`Trace::links`] shows each pair of
//! connections as the one that the programs mean. [`Facts`] count what programs did, not the relay.
//!
//! # Bounds
//!
//! A trace takes any sequence of events, however senseless (a recording is untrusted input): rows
//! that fit nothing are kept and indexed nowhere. Memory is less than 48 bytes per event beside
//! details and payload; payload is kept up to a budget and offsets beyond it.
//!
//! # Files
//!
//! `event` rows · `store` the trace and its append · `column` chunked columns · `reuse` memory
//! of traces that are gone · `items`, `messages`, `relayed`, `payload`, `stream` one direction of a connection · `connection`, `socket` who is
//! joined to whom · `datagrams`
//! what has no stream · `calls`, `gauges` tracks over time · `tcp_end` states and counts the
//! kernel tells · `state`, `facts` the fold · `recording`
//! files.

pub mod event;
pub mod recording;

mod calls;
mod column;
mod connection;
mod datagrams;
mod facts;
mod frames;
mod gauges;
mod items;
mod messages;
mod meta;
mod payload;
mod relayed;
mod reuse;
mod segment;
mod socket;
mod state;
mod store;
mod stream;
mod tcp_end;

pub use calls::{CallBucket, CallSpan, Calls};
pub use connection::{Connection, End, Link};
pub(crate) use datagrams::is_for_many;
pub use datagrams::{ADD_MEMBERSHIP, DROPS_KNOWN, Datagram, Datagrams, Fate, MULTICAST_INTERFACE};
pub use event::{
    ACKNOWLEDGEMENT, ActorId, Batch, Call, Detail, Event, EventId, FileDetail, Gauge, Kind, Mark,
    NONE, Nanos, RunId, SocketId, StreamId, flag,
};
pub use facts::{ActorFacts, Facts};
pub use frames::Frames;
pub use gauges::GaugeTrack;
pub use items::{Bucket, Item, Items};
pub use messages::{Message, Messages, Origin, Part};
pub use meta::{ActorMeta, Network, Role, RunMeta};
pub use relayed::{Handled, RelayPiece, Relayed};
pub use segment::{Flow, Segment, SegmentRole, tcp};
pub use socket::{OptionReading, SocketInfo};
pub use state::{ActorState, Phase, SocketState, State, StreamState};
pub use store::{Memory, Trace};
pub use stream::{Stream, Verdict};
pub use tcp_end::{Progress, SenderFigures, SentSoFar, Stage, TcpReading, TcpState};

#[cfg(test)]
mod tests;
