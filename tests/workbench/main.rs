//! The framing workbench: in the window without a display, and on the command line.

mod cli;
mod demonstrate;
mod person;
mod prove;
mod race;
