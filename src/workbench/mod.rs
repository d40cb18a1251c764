//! The framing workbench: what a run's chunks mean for other framing strategies, and what can be
//! proven about one. It knows no widget and opens no socket.

pub mod chunks;
pub mod prove;
pub mod race;

#[cfg(test)]
mod tests;
