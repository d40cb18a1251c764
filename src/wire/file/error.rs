//! Why a capture file cannot be opened, or not to its end.

use std::io;
use std::path::PathBuf;

/// Why nothing of a file can be shown.
#[derive(Debug)]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: Why,
}

/// Why nothing of a capture can be shown.
#[derive(Debug)]
pub enum Why {
    /// The system refused.
    Io(io::Error),
    /// There is not one byte in it.
    Empty,
    /// It does not begin as captures do; these are its first bytes.
    Foreign(Vec<u8>),
    /// It begins as a capture, but its header is cut short or damaged.
    Header,
    /// Unpacking it failed before anything came out.
    Packed(io::Error),
    /// It unpacks to more than [`super::MAX_UNPACKED`].
    UnpacksTooLarge,
}

/// Where a file stops being whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Offset in the file (unpacked) of the record that is not whole.
    pub offset: u64,
    /// What is wrong with it.
    pub damage: Damage,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The file ends in the middle of it.
    Ends,
    /// It says it is longer than anything believable.
    Length(u64),
    /// It contradicts itself.
    Contradiction,
    /// It names an interface that was not described.
    Interface(u32),
    /// The file could not be read on.
    Read,
    /// The gzip stream ends or is damaged there.
    Packed,
    /// There are more packets than [`crate::wire::MAX_PACKETS`].
    TooMany,
}
