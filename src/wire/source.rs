//! Where the bytes of packets are: in the file they came from, or in memory.

use std::fs::File;
use std::io;

/// The bytes of all packets.
#[derive(Debug)]
pub(super) enum Source {
    /// A file that is read when somebody looks.
    File(File),
    /// All of it in memory: an unpacked file, or a live capture.
    Memory(Vec<u8>),
}

impl Source {
    /// `len` bytes from `place` on.
    ///
    /// # Errors
    /// When the file cannot be read any more, or has become shorter.
    pub(super) fn read(&self, place: u64, len: usize) -> io::Result<Vec<u8>> {
        match self {
            Source::Memory(bytes) => usize::try_from(place)
                .ok()
                .and_then(|at| bytes.get(at..at.checked_add(len)?))
                .map(<[u8]>::to_vec)
                .ok_or_else(|| io::ErrorKind::UnexpectedEof.into()),
            Source::File(file) => {
                let mut bytes = vec![0; len];
                read_at(file, &mut bytes, place)?;
                Ok(bytes)
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, place)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut place: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, place)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                bytes = &mut bytes[n..];
                place += n as u64;
            }
        }
    }
    Ok(())
}
