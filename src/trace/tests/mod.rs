//! Tests of the trace as a whole; parts are tested in their own files.

mod properties;
mod recordings;
mod relays;
mod script;
mod simulated;
mod stories;
