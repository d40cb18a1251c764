//! Everything that draws. The only module that knows egui.
//!
//! Views are pure functions of a [`view::View`]: they read a prefix of the trace and answer
//! with [`command::Command`]s; nothing here changes a run.

pub mod attack_text;
pub mod banner;
pub mod call_text;
pub mod capture_control;
pub mod centre;
pub mod code_pane;
pub mod command;
pub mod contact_sheet;
pub mod controls;
pub mod errno;
pub mod event_filter;
pub mod event_text;
pub mod events;
pub mod figures;
pub mod file_control;
pub mod file_text;
pub mod files;
pub mod fonts;
pub mod framing;
pub mod headless;
pub mod icon;
pub mod inspector;
pub mod key_button;
pub mod lab;
pub mod lesson_list;
pub mod lesson_panel;
pub mod packets;
pub mod pattern;
pub mod raster;
pub mod recording_text;
pub mod reference;
#[cfg(test)]
pub(crate) mod sample;
pub mod save_scripts;
pub mod section;
pub mod segment_text;
pub mod segments;
pub mod shortcuts;
pub mod stage;
pub mod status;
pub mod strategies;
pub mod task_card;
pub mod tcp_text;
pub mod theme;
pub mod top_bar;
pub mod typing;
pub mod view;
pub mod why;
pub mod wire_control;
pub mod workbench;

#[cfg(test)]
mod panel_tests;
#[cfg(test)]
mod sample_run;
#[cfg(test)]
mod why_tests;
