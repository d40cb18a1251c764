//! The append-only record of a run, and everything that can be read off any prefix of it.

pub mod event;
pub mod recording;

mod calls;
mod column;
mod connection;
mod facts;
mod gauges;
mod items;
mod messages;
mod meta;
mod payload;
mod socket;
mod state;
mod store;
mod stream;

pub use calls::{CallBucket, CallSpan, Calls};
pub use connection::{Connection, End};
pub use event::{
    ActorId, Batch, Call, Detail, Event, EventId, Gauge, Kind, Mark, NONE, Nanos, RunId, SocketId,
    StreamId, flag,
};
pub use facts::{ActorFacts, Facts};
pub use gauges::GaugeTrack;
pub use items::{Bucket, Item, Items};
pub use messages::{Message, Messages, Origin, Part};
pub use meta::{ActorMeta, Role, RunMeta};
pub use socket::{OptionReading, SocketInfo};
pub use state::{ActorState, Phase, SocketState, State, StreamState};
pub use store::{Memory, Trace};
pub use stream::{Stream, Verdict};

#[cfg(test)]
mod tests;
