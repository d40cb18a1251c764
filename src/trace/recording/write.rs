//! Writing recordings: at once, or block by block while the run goes on.

use super::block::{self, Piece};
use super::{MAGIC, RecordingError, VERSION};
use crate::trace::event::StreamId;
use crate::trace::meta::RunMeta;
use crate::trace::store::Trace;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Events per block, at most.
const BLOCK_EVENTS: u32 = 1 << 16;
/// What runs without captured packets are written in: every program reads it.
const WITHOUT_PACKETS: u32 = 1;
/// Payload bytes per block, about; a reader holds one block in memory.
const BLOCK_PAYLOAD: usize = 4 << 20;

/// Writes a trace to a file while it grows. Whatever happens to the program, the file is readable
/// up to the last [`RecordingWriter::write`] that succeeded.
#[derive(Debug)]
pub struct RecordingWriter {
    path: PathBuf,
    file: File,
    /// Format version.
    version: u32,
    /// Length of the file up to the end of the last whole block.
    whole: u64,
    /// Events written.
    events: u32,
    /// Per stream, the offset up to which payload is written.
    payload: Vec<u64>,
}

impl RecordingWriter {
    /// Creates `path` (emptying what was there) and writes the header.
    ///
    /// # Errors
    /// [`RecordingError::Io`] with what the system refuses.
    pub fn new(path: &Path, meta: &RunMeta) -> Result<Self, RecordingError> {
        let failed = |source| RecordingError::Io {
            path: path.to_owned(),
            source,
        };
        let header = serde_json::to_vec(meta).map_err(|e| failed(e.into()))?;
        let length =
            u32::try_from(header.len()).map_err(|_| failed(io::ErrorKind::FileTooLarge.into()))?;
        let version = if meta.network.is_captured() {
            VERSION
        } else {
            WITHOUT_PACKETS
        };
        let mut out = Vec::with_capacity(header.len() + 20);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&version.to_le_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&header).to_le_bytes());
        out.extend_from_slice(&header);
        let mut file = File::create(path).map_err(failed)?;
        file.write_all(&out).map_err(failed)?;
        Ok(RecordingWriter {
            path: path.to_owned(),
            file,
            version,
            whole: out.len() as u64,
            events: 0,
            payload: Vec::new(),
        })
    }

    /// Appends all events and payload not yet written. `trace` must be the same trace each time.
    ///
    /// # Errors
    /// [`RecordingError::Io`]; what was written before stays readable, and the call may be made
    /// again (after space was made on the disk, say).
    pub fn write(&mut self, trace: &Trace) -> Result<(), RecordingError> {
        self.write_blocks(trace).map_err(|source| {
            // Cut off what is not a whole block, so that a later write continues behind one.
            // If that fails too, the reader cuts it off, and loses what came later.
            let _ = self.file.set_len(self.whole);
            let _ = self.file.seek(SeekFrom::Start(self.whole));
            RecordingError::Io {
                path: self.path.clone(),
                source,
            }
        })
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// [`RecordingError::Io`] with what the system refuses.
    pub fn finish(self) -> Result<(), RecordingError> {
        let path = self.path;
        self.file
            .sync_all()
            .map_err(|source| RecordingError::Io { path, source })
    }

    fn write_blocks(&mut self, trace: &Trace) -> io::Result<()> {
        while self.events < trace.len() {
            let end = trace.len().min(self.events.saturating_add(BLOCK_EVENTS));
            self.write_block(trace, end, &[])?;
            self.events = end;
        }
        self.payload
            .resize(trace.streams().len().max(self.payload.len()), 0);
        let mut pieces = Vec::new();
        let mut written = self.payload.clone();
        let mut bytes = 0;
        for (n, stream) in trace.streams().iter().enumerate() {
            for (start, piece) in stream.kept_from(written[n]) {
                pieces.push(Piece {
                    stream: StreamId(n as u16),
                    start,
                    bytes: piece,
                });
                written[n] = start.saturating_add(piece.len() as u64);
                bytes += piece.len();
                if bytes >= BLOCK_PAYLOAD {
                    self.write_block(trace, self.events, &pieces)?;
                    self.payload.clone_from(&written);
                    pieces.clear();
                    bytes = 0;
                }
            }
        }
        if !pieces.is_empty() {
            self.write_block(trace, self.events, &pieces)?;
            self.payload = written;
        }
        Ok(())
    }

    fn write_block(&mut self, trace: &Trace, end: u32, pieces: &[Piece<'_>]) -> io::Result<()> {
        let mut out = Vec::new();
        block::write(&mut out, trace, self.events, end, pieces, self.version)?;
        self.file.write_all(&out)?;
        self.whole += out.len() as u64;
        Ok(())
    }
}

/// Writes the whole trace to `path`, replacing what was there at once or not at all: it is
/// written beside `path` and renamed.
///
/// # Errors
/// [`RecordingError::Io`] with what the system refuses.
pub fn save(trace: &Trace, path: &Path) -> Result<(), RecordingError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = RecordingWriter::new(&beside, trace.meta()).and_then(|mut writer| {
        writer.write(trace)?;
        writer.finish()
    });
    let renamed = written.and_then(|()| {
        std::fs::rename(&beside, path).map_err(|source| RecordingError::Io {
            path: path.to_owned(),
            source,
        })
    });
    renamed.map_err(|error| {
        // Best effort: the error that matters is the first one.
        let _ = std::fs::remove_file(&beside);
        match error {
            // The person named `path`, not the file beside it.
            RecordingError::Io { source, .. } => RecordingError::Io {
                path: path.to_owned(),
                source,
            },
            other => other,
        }
    })
}
