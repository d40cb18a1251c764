//! Recordings: traces as `.socklab` files.
use super::meta::RunMeta;
use super::store::Trace;
use std::path::{Path, PathBuf};

/// A recording as read from a file.
#[derive(Debug)]
pub struct Loaded {
    /// The trace, up to the last whole block.
    pub trace: Trace,
    /// Was the file whole?
    pub whole: bool,
    /// If not: what was not whole, and at which byte.
    pub lost: Option<String>,
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

/// Writes a trace to a file while it grows.
#[derive(Debug)]
pub struct RecordingWriter {
    _path: PathBuf,
}

impl RecordingWriter {
    /// Create `path` and write the header.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn new(_path: &Path, _meta: &RunMeta) -> Result<Self, RecordingError> {
        unimplemented!()
    }
    /// Append all events not yet written.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn write(&mut self, _trace: &Trace) -> Result<(), RecordingError> {
        unimplemented!()
    }
    /// Make it durable.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn finish(self) -> Result<(), RecordingError> {
        unimplemented!()
    }
}

/// Write the whole trace to `path`, replacing what was there at once or not at all.
///
/// # Errors
/// What the system refuses.
pub fn save(_trace: &Trace, _path: &Path) -> Result<(), RecordingError> {
    unimplemented!()
}

/// Read a recording.
///
/// # Errors
/// See [`RecordingError`]; a file that is only cut or damaged behind its header is no error.
pub fn load(_path: &Path) -> Result<Loaded, RecordingError> {
    unimplemented!()
}
