//! A desktop lab for teaching sockets: real connections, live buffers, sticky packets, framing.
//!
//! See ARCHITECTURE.md for the map. Arrows between modules point down only:
//! `ui`/`cli` → `workbench` → `lesson` → `experiment` → `net`, `framing` → `trace`.

pub mod cli;
pub mod experiment;
pub mod framing;
pub mod i18n;
pub mod lesson;
pub mod net;
pub mod reference;
pub mod trace;
pub mod ui;
pub mod wire;
pub mod workbench;
