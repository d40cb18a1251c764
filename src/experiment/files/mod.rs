//! Files that are sent and received: where they come from, where they may go, their SHA-256.
//!
//! What comes over a network is never believed. Its names are checked ([`safe_name`]), its sizes
//! bounded ([`LARGEST_FILE`]), and nothing that is there already is overwritten.

mod name;
mod sample;
mod sink;
mod source;

pub use name::{BadName, safe_name};
pub use sample::Sample;
pub(super) use sink::{Placed, save};
pub(super) use source::read;
pub use source::size_of_source;

use sha2::{Digest, Sha256};

/// The largest file that is sent or received, bytes: what a decoder may hold.
pub const LARGEST_FILE: u64 = super::FRAME_LIMIT as u64;

/// Why a file is not sent, or not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileError {
    /// Stable code, for the words in every language.
    pub(super) code: &'static str,
    /// The file, as it was called.
    pub(super) name: String,
    /// Words of the system, or a figure, or empty.
    pub(super) words: String,
}

impl FileError {
    fn new(code: &'static str, name: impl Into<String>) -> Self {
        FileError {
            code,
            name: name.into(),
            words: String::new(),
        }
    }

    fn because(self, words: &impl ToString) -> Self {
        FileError {
            words: words.to_string(),
            ..self
        }
    }

    /// The codes there are; a test sees to it that each has words.
    pub(super) const CODES: [&'static str; 9] = [
        "no-such-file",
        "no-such-sample",
        "not-a-file",
        "too-large",
        "unreadable",
        "bad-name",
        "no-such-folder",
        "too-many-of-that-name",
        "not-written",
    ];
}

/// Codes of the errors that `Detail::FileRefused` can carry.
pub const REFUSALS: [&str; 9] = FileError::CODES;

/// SHA-256 (FIPS 180-4) as 64 hexadecimal digits.
///
/// ```
/// let empty = socklab::experiment::files::sha256(b"");
/// assert!(empty.starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
