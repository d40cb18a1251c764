//! What depends on the operating system; all `unsafe` code of the crate.
