//! Everything that draws. The only module that knows egui.
//!
//! Views are pure functions: they read a prefix of the trace and answer with commands; nothing
//! here changes a run.

pub mod fonts;
pub mod headless;
pub mod pattern;
pub mod raster;
pub mod theme;
