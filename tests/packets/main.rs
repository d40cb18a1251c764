//! Captures opened, taken apart, filtered and followed, through the library as others use it.

mod analyser;
mod craft;
mod files;
mod filters;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod real;
mod streams;
mod ui;
mod wrong;
