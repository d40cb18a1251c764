//! Reading recordings: everything up to the first block that is not whole.

use super::block::{Block, u32_at};
use super::{Loaded, MAGIC, RecordingError, VERSION};
use crate::trace::meta::RunMeta;
use crate::trace::store::Trace;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Reads a recording.
///
/// # Errors
/// See [`RecordingError`]. A file that is cut or damaged behind its header is no error: what is
/// whole is loaded, and [`Loaded::lost`] says from which byte on it is not.
pub fn load(path: &Path) -> Result<Loaded, RecordingError> {
    let failed = |source| RecordingError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(failed(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        )));
    }
    let length = about.len();
    if length == 0 {
        return Err(RecordingError::Empty {
            path: path.to_owned(),
        });
    }
    let mut input = Input {
        from: BufReader::new(file),
        at: 0,
        length,
    };
    let (meta, version) = header(&mut input, path)?;
    // A recording holds what its own budget allowed; the file's length is the limit here.
    let mut trace = Trace::new(meta).with_payload_budget(length);
    let lost = loop {
        let at = input.at;
        match block(&mut input).map_err(failed)? {
            Next::Block(body) => match Block::parse(&body, version) {
                Some(block) => block.append_to(&mut trace),
                None => break Some((at, "the block says what no block says")),
            },
            Next::End => break None,
            Next::Lost(why) => break Some((at, why)),
        }
    };
    Ok(Loaded {
        trace,
        whole: lost.is_none(),
        lost_at: lost.map(|(at, _)| at),
        lost: lost.map(|(at, why)| format!("{why}, at byte {at} of {length}")),
    })
}

fn header(input: &mut Input, path: &Path) -> Result<(RunMeta, u32), RecordingError> {
    let failed = |source| RecordingError::Io {
        path: path.to_owned(),
        source,
    };
    let cut = || RecordingError::Header {
        path: path.to_owned(),
    };
    let begin = input.upto(MAGIC.len()).map_err(failed)?;
    if !MAGIC.starts_with(&begin) {
        return Err(RecordingError::NotARecording {
            path: path.to_owned(),
        });
    }
    let fixed = input.exactly(12).map_err(failed)?.ok_or_else(cut)?;
    let (Some(version), Some(length), Some(sum)) =
        (u32_at(&fixed, 0), u32_at(&fixed, 4), u32_at(&fixed, 8))
    else {
        return Err(cut());
    };
    if version > VERSION {
        return Err(RecordingError::Newer {
            path: path.to_owned(),
            found: version,
            known: VERSION,
        });
    }
    let json = input.exactly(length).map_err(failed)?.ok_or_else(cut)?;
    if version == 0 || crc32fast::hash(&json) != sum {
        return Err(cut());
    }
    let meta = serde_json::from_slice(&json).map_err(|_| cut())?;
    Ok((meta, version))
}

enum Next {
    Block(Vec<u8>),
    End,
    Lost(&'static str),
}

fn block(input: &mut Input) -> io::Result<Next> {
    if input.left() == 0 {
        return Ok(Next::End);
    }
    let Some(head) = input.exactly(8)? else {
        return Ok(Next::Lost("the last block is cut short"));
    };
    let (Some(length), Some(sum)) = (u32_at(&head, 0), u32_at(&head, 4)) else {
        return Ok(Next::Lost("the last block is cut short"));
    };
    let Some(body) = input.exactly(length)? else {
        return Ok(Next::Lost("the last block is cut short"));
    };
    if crc32fast::hash(&body) != sum {
        return Ok(Next::Lost("a block is damaged (its checksum differs)"));
    }
    Ok(Next::Block(body))
}

/// A file of known length: asking for more than it holds allocates nothing.
struct Input {
    from: BufReader<File>,
    at: u64,
    length: u64,
}

impl Input {
    fn left(&self) -> u64 {
        self.length.saturating_sub(self.at)
    }

    /// The next `wanted` bytes; `None` if the file has fewer.
    fn exactly(&mut self, wanted: u32) -> io::Result<Option<Vec<u8>>> {
        if u64::from(wanted) > self.left() {
            return Ok(None);
        }
        let bytes = self.upto(wanted as usize)?;
        Ok((bytes.len() == wanted as usize).then_some(bytes))
    }

    /// The next `most` bytes, or as many as there are.
    fn upto(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let most = self.left().min(most as u64);
        let mut bytes = Vec::with_capacity(most as usize);
        (&mut self.from).take(most).read_to_end(&mut bytes)?;
        self.at += bytes.len() as u64;
        Ok(bytes)
    }
}
