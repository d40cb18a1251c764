//! Actors, the programs they run, and the runner that runs, pauses, steps and stops them.

pub mod codegen;
pub mod program;
