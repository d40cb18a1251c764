//! The append-only record of a run, and everything that can be read off any prefix of it.

pub mod event;

pub use event::{
    ActorId, Batch, Call, Detail, Event, EventId, Gauge, Kind, Mark, NONE, Nanos, RunId, SocketId,
    StreamId, flag,
};
