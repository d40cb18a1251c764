//! Recordings: traces as `.socklab` files, readable up to the last whole block after a crash.
//!
//! # Format, versions 1 and 2
//!
//! All integers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `socklab\n` |
//! | 4 | format version |
//! | 4 | length h of the header |
//! | 4 | CRC-32 (IEEE 802.3, as in `RFC 1952`) of the header |
//! | h | the header: [`RunMeta`](crate::trace::RunMeta) as JSON |
//! | … | blocks until the end of the file |
//!
//! A block stands by itself, and says what happened since the one before:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length n of the body |
//! | 4 | CRC-32 of the body |
//! | n | the body: |
//! | 4, 4, 4 | number e of events, length d of the details, number p of payload pieces |
//! | 4 | 1 if every byte of payload was kept so far, 0 if not |
//! | 8 | received bytes that differed from the sent ones so far |
//! | 32·e | events, each: `t` 8, `a` 8, `b` 4, `link` 4, `socket` 2, `op` 2, `actor` 1, `kind` 1, `call` 1, `flags` 1 |
//! | d | the details of the events that have the `DETAIL` flag, in order, as a JSON array |
//! | p × | payload pieces, each: stream 2, zero 2, length l 4, offset in the stream 8, l bytes |
//! | … | version 2: of each captured packet among the events, in order: length l 2, l bytes from its Ethernet header on |
//!
//! Version 2 is written only for runs whose packets were captured.
//!
//! Fields of the header and codes of marks that a reader does not know mean nothing to it, and
//! are no reason to refuse the file: so `attack` and `relay` of the header and
//! [`Mark::Relayed`](crate::trace::Mark::Relayed) came without a new version, and so did the
//! readings of TCP ends ([`Mark::is_reading`](crate::trace::Mark::is_reading)), which older
//! programs pass over. A program from
//! before them shows the relay as one more actor, and its two connections as two.
//!
//! A recording is untrusted input. No length in it is believed beyond what the file holds, rows
//! are appended to an ordinary [`Trace`] (which takes any row), and a block is looked through as a
//! whole before any of it is.

mod block;
mod read;
mod write;

use super::store::Trace;
use std::path::{Path, PathBuf};

pub use read::load;
pub use write::{RecordingWriter, save};

const MAGIC: [u8; 8] = *b"socklab\n";
/// Newest format version this program reads. Runs in which nothing was captured are written in
/// version 1, which older programs read, too.
pub const VERSION: u32 = 2;
/// The first version that has captured packets.
const WITH_PACKETS: u32 = 2;

/// A recording as read from a file.
#[derive(Debug)]
pub struct Loaded {
    /// The trace, up to the last whole block.
    pub trace: Trace,
    /// Was the file whole?
    pub whole: bool,
    /// If not: what was not whole, and at which byte, in English.
    pub lost: Option<String>,
    /// If not: the byte of the file up to which it was whole.
    pub lost_at: Option<u64>,
}

/// Why a recording cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file has no bytes.
    #[error("{}: the file is empty; record the run again", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{}: this is not a socklab recording; choose a .socklab file", path.display())]
    NotARecording {
        /// Which file.
        path: PathBuf,
    },
    /// Made by a newer program.
    #[error("{}: recording format {found} is newer than the {known} this program reads; update socklab", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Format version of the file.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// Its header (which says what the run was) is cut or damaged.
    #[error("{}: the recording's header is cut or damaged, nothing of it can be shown; record the run again", path.display())]
    Header {
        /// Which file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: {source}; check that the path exists and that you may use it", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl RecordingError {
    /// Stable code, for translation.
    pub fn code(&self) -> &'static str {
        match self {
            RecordingError::Empty { .. } => "recording-empty",
            RecordingError::NotARecording { .. } => "recording-foreign",
            RecordingError::Newer { .. } => "recording-newer",
            RecordingError::Header { .. } => "recording-header",
            RecordingError::Io { .. } => "recording-io",
        }
    }
    /// The file concerned.
    pub fn path(&self) -> &Path {
        match self {
            RecordingError::Empty { path }
            | RecordingError::NotARecording { path }
            | RecordingError::Newer { path, .. }
            | RecordingError::Header { path }
            | RecordingError::Io { path, .. } => path,
        }
    }
}
