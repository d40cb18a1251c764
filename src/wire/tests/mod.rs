//! Packets made by hand, read back.
