//! Capture files: pcap, pcapng, either of them packed with gzip.
//!
//! One pass that reads the file in pieces of a megabyte and keeps where each packet stands; the
//! bytes are read again when somebody looks at a packet. A packed file is unpacked into memory.
//! A file that ends in the middle, or turns to rubbish, is shown as far as it is whole.

mod error;
mod pcap;
mod pcapng;
mod window;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::packets::Packets;
use super::source::Source;
use window::Window;

pub use error::{Cut, Damage, OpenError, Why};

/// The longest packet (or pcapng block) believed: far beyond any snapshot length in use.
pub const MAX_BLOCK: usize = 16 << 20;

/// Most bytes a packed capture may unpack to.
pub const MAX_UNPACKED: u64 = 1 << 30;

/// A capture that could be opened.
#[derive(Debug)]
pub struct Opened {
    /// Its packets.
    pub packets: Packets,
    /// What is missing, if the file is not whole.
    pub cut: Option<Cut>,
    /// What kind of file it is.
    pub format: Format,
}

/// Kinds of capture files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The old form.
    Pcap,
    /// The new form.
    Pcapng,
}

/// Is that file a capture, by its first bytes? (Or packed with gzip: then it may be one.)
pub fn sniff(path: &Path) -> bool {
    let mut head = [0; 4];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut head))
        .is_ok_and(|()| format_of(head).is_some() || is_gzip(&head))
}

fn format_of(head: [u8; 4]) -> Option<Format> {
    match u32::from_be_bytes(head) {
        0x0a0d_0d0a => Some(Format::Pcapng),
        0xa1b2_c3d4 | 0xd4c3_b2a1 | 0xa1b2_3c4d | 0x4d3c_b2a1 | 0x34cd_b2a1 => Some(Format::Pcap),
        _ => None,
    }
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b])
}

/// Opens a capture file and indexes all its packets.
///
/// # Errors
/// When it cannot be read, or is no capture at all. A file that is only damaged further on opens
/// with [`Opened::cut`].
pub fn open(path: &Path) -> Result<Opened, OpenError> {
    let fail = |why: Why| OpenError {
        path: path.to_owned(),
        why,
    };
    let mut file = File::open(path).map_err(|e| fail(Why::Io(e)))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(fail(Why::Io(io::ErrorKind::IsADirectory.into())));
    }
    let mut head = Vec::new();
    (&mut file)
        .take(4)
        .read_to_end(&mut head)
        .and_then(|_| file.seek(SeekFrom::Start(0)))
        .map_err(|e| fail(Why::Io(e)))?;
    if is_gzip(&head) {
        let (bytes, packed) = unpack(file).map_err(fail)?;
        let mut opened = read(
            &mut Window::new(bytes.as_slice()),
            Source::Memory(Vec::new()),
        )
        .map_err(fail)?;
        opened.cut = opened.cut.or(packed);
        opened.packets.replace_source(Source::Memory(bytes));
        return Ok(opened);
    }
    let reader = file.try_clone().map_err(|e| fail(Why::Io(e)))?;
    read(&mut Window::new(reader), Source::File(file)).map_err(fail)
}

/// Indexes a capture that stands in memory.
///
/// # Errors
/// As [`open`].
pub fn from_bytes(bytes: Vec<u8>) -> Result<Opened, Why> {
    let mut opened = read(
        &mut Window::new(bytes.as_slice()),
        Source::Memory(Vec::new()),
    )?;
    opened.packets.replace_source(Source::Memory(bytes));
    Ok(opened)
}

fn unpack(file: File) -> Result<(Vec<u8>, Option<Cut>), Why> {
    let mut bytes = Vec::new();
    let outcome = MultiGzDecoder::new(io::BufReader::new(file))
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut bytes);
    if bytes.len() as u64 > MAX_UNPACKED {
        return Err(Why::UnpacksTooLarge);
    }
    match outcome {
        Ok(_) => Ok((bytes, None)),
        Err(_) if bytes.len() >= 24 => {
            let offset = bytes.len() as u64;
            Ok((
                bytes,
                Some(Cut {
                    offset,
                    damage: Damage::Packed,
                }),
            ))
        }
        Err(error) => Err(Why::Packed(error)),
    }
}

fn read(window: &mut Window<impl Read>, source: Source) -> Result<Opened, Why> {
    window.fill(24).map_err(Why::Io)?;
    let head: [u8; 4] = match window.data() {
        [] => return Err(Why::Empty),
        [a, b, c, d, ..] => [*a, *b, *c, *d],
        short => return Err(Why::Foreign(short.to_vec())),
    };
    let mut packets = Packets::from_source(source, Vec::new());
    let Some(format) = format_of(head) else {
        return Err(Why::Foreign(head.to_vec()));
    };
    let cut = match format {
        Format::Pcap => pcap::read(window, &mut packets)?,
        Format::Pcapng => pcapng::read(window, &mut packets)?,
    };
    packets.shrink();
    Ok(Opened {
        packets,
        cut,
        format,
    })
}
