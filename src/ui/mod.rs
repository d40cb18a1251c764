//! Everything that draws. The only module that knows egui.
//!
//! Views are pure functions of a [`view::View`]: they read a prefix of the trace and answer
//! with [`command::Command`]s; nothing here changes a run.

pub mod call_text;
pub mod command;
pub mod figures;
pub mod fonts;
pub mod headless;
pub mod pattern;
pub mod raster;
#[cfg(test)]
pub(crate) mod sample;
pub mod stage;
pub mod theme;
pub mod view;
