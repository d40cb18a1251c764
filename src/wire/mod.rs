//! Packets: captured segments and datagrams, taken apart layer by layer.
//!
//! ```text
//! file::open ─┐                        ┌─▶ dissect   layers, fields, byte ranges, sentences
//!             ├─▶ Packets (columns) ───┼─▶ filter    rows that match an expression
//! live capture┘    conversations       ├─▶ follow    the byte stream of a conversation
//!                  TCP analysis        └─▶ export    pcapng with comments
//! ```
//!
//! [`Packets`] holds about 50 bytes per packet, in columns; the bytes themselves stay in the file
//! and are read when somebody looks. Headers are parsed by `etherparse`, capture files by
//! `pcap-parser`; what is ours is the walk from layer to layer that keeps byte ranges and says
//! what is wrong where, the columns, and the analysis.
//!
//! Every length that comes from a packet or a file is checked before it is used; malformed bytes
//! give a [`Trouble`] and never a panic.

mod analysis;
mod conversation;
pub mod dissect;
pub mod export;
pub mod file;
pub mod filter;
pub mod follow;
mod layers;
mod link;
mod live;
mod packets;
mod source;
pub mod states;
pub mod synthetic;
mod trouble;
pub mod words;

pub use analysis::mark;
pub use conversation::{Conversation, Endpoint, Protocol};
pub use layers::{Layers, Net, Span, Transport, tcp_flag};
pub use link::Link;
pub use live::{Live, Update};
pub use packets::{Captured, MAX_LIVE_BYTES, MAX_PACKETS, Origin, Packet, Packets, direction};
pub use trouble::{Part, Trouble, Wrong};
