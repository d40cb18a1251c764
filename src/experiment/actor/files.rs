//! Files: read and sent, received and written.

use std::time::Duration;

use serde::Deserialize;

use super::framed::{Taken, refused};
use super::{End, Interpreter, Num, Text, encode_detail, ends};
use crate::experiment::files::{self, Placed};
use crate::framing::FramingSpec;
use crate::i18n::program as say;
use crate::net::Begin;
use crate::trace::{Call, Detail, FileDetail, NONE};

/// What a file operation that the lab itself refuses returns: `EINVAL`, on every system.
const REFUSED: i32 = 22;

/// What is read of a header that describes a file; the framing has read the rest.
#[derive(Default, Deserialize)]
struct Described {
    name: Option<String>,
    sha256: Option<String>,
}

/// The pieces in which a file goes out, one call each.
struct Pieces {
    /// Before the contents, by itself.
    header: Vec<u8>,
    /// In calls of at most so many bytes.
    body: Vec<u8>,
    chunk: usize,
    /// After them and the pause, by itself.
    mark: Vec<u8>,
}

impl Pieces {
    fn total(&self) -> usize {
        self.header.len() + self.body.len() + self.mark.len()
    }
}

impl Interpreter<'_> {
    /// `send_file`
    pub(super) fn send_file(
        &mut self,
        op: u16,
        on: &str,
        file: &Text,
        chunk: &Num,
        pause: &Num,
    ) -> Result<(), End> {
        let text = self.text(file)?;
        let chunk = self.int(chunk)?.max(1) as usize;
        let pause = Duration::from_millis(self.int(pause)?.max(0) as u64);
        let begin = Begin::new(Call::ReadFile, op);
        self.rec.begin(begin, Some(Detail::Text(text.clone())), &[]);
        let read = files::read(&text).map_err(refused);
        let made = read.and_then(|source| {
            let sha256 = files::sha256(&source.bytes);
            let size = source.bytes.len();
            let pieces = self.pieces(&source.name, source.bytes, &sha256, chunk)?;
            Ok((source.name, size, sha256, pieces))
        });
        let (name, size, sha256, pieces) = match made {
            Ok(made) => made,
            Err(why) => {
                self.rec.returned(Err(REFUSED), 0, Some(why.clone()), &[]);
                return Err(End::Framing(why));
            }
        };
        let message = self.next_number();
        let told = FileDetail {
            name,
            bytes: size as u64,
            sha256,
            message,
            wire: pieces.total() as u64,
            announced: None,
        };
        let told = Some(Detail::File(Box::new(told)));
        self.rec.returned(Ok(size as i64), 0, told, &[]);
        self.send_pieces(op, on, &pieces, message, pause)?;
        self.count_sent(Some(message));
        self.sleep(op, self.pause)
    }

    fn pieces(
        &self,
        name: &str,
        bytes: Vec<u8>,
        sha256: &str,
        chunk: usize,
    ) -> Result<Pieces, Detail> {
        let framing = &self.actor.framing;
        // Whatever the strategy does with it, it has to be one that it can carry.
        let mut whole = Vec::new();
        framing.encode(&bytes, &mut whole).map_err(encode_detail)?;
        let plain = |header, body, mark| Pieces {
            header,
            body,
            chunk,
            mark,
        };
        Ok(match framing.spec() {
            FramingSpec::EndMark { mark } => plain(Vec::new(), bytes, mark),
            FramingSpec::Json => {
                let checksum = crc32fast::hash(&bytes);
                plain(
                    described(name, bytes.len(), checksum, sha256),
                    bytes,
                    Vec::new(),
                )
            }
            _ => plain(Vec::new(), whole, Vec::new()),
        })
    }

    fn send_pieces(
        &mut self,
        op: u16,
        on: &str,
        pieces: &Pieces,
        message: u32,
        pause: Duration,
    ) -> Result<(), End> {
        if let Some(header) = self.acknowledged {
            self.pass(op)?;
            let parts = pieces.body.split_at(header);
            self.send_acknowledged(op, on, parts, Some(message), true)?;
            self.settle();
            return Ok(());
        }
        let mut calls: Vec<&[u8]> = Vec::new();
        calls.extend((!pieces.header.is_empty()).then_some(&*pieces.header));
        calls.extend(pieces.body.chunks(pieces.chunk));
        for bytes in calls {
            self.send_piece(op, on, bytes, message)?;
        }
        if !pieces.mark.is_empty() {
            self.sleep(op, pause)?;
            self.send_piece(op, on, &pieces.mark, message)?;
        }
        Ok(())
    }

    fn send_piece(&mut self, op: u16, on: &str, bytes: &[u8], message: u32) -> Result<(), End> {
        self.pass(op)?;
        self.send_bytes(op, on, bytes, Some(message), true)?;
        self.settle();
        Ok(())
    }

    /// `receive_file`
    pub(super) fn receive_file(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        names: (&Text, &Text),
        exact: &Num,
    ) -> Result<(), End> {
        let exact = self.int(exact)? != 0;
        let (name, folder) = (self.text(names.0)?, self.text(names.1)?);
        match self.next_message(op, on, size, exact) {
            Ok(Some(Taken { header, payload })) => {
                let described = read_header(&header);
                let name = described.name.unwrap_or(name);
                self.write_file(op, &name, &folder, &payload, described.sha256)
            }
            Ok(None) => Ok(()),
            // The end came before the mark: what a program has written down by then stays.
            Err(End::Framing(why)) => {
                if let Some(part) = self.unfinished(on).map(<[u8]>::to_vec) {
                    self.write_file(op, &name, &folder, &part, None)?;
                }
                Err(End::Framing(why))
            }
            Err(end) => Err(end),
        }
    }

    /// What its part of the run's folder is called.
    fn own_name(&self) -> &str {
        let name = self.actor.names.get(self.actor.index);
        name.map_or("received", String::as_str)
    }

    fn write_file(
        &mut self,
        op: u16,
        name: &str,
        folder: &str,
        bytes: &[u8],
        announced: Option<String>,
    ) -> Result<(), End> {
        let begin = Begin::new(Call::WriteFile, op).arg(bytes.len() as u64);
        let shown: String = name.chars().take(300).collect();
        self.rec.begin(begin, Some(Detail::Text(shown)), &[]);
        let place = if folder.trim().is_empty() {
            let mine = self.actor.folder.file(self.own_name());
            let no_folder = |e| ends(say::NO_FOLDER, &[("why", &e)]);
            Placed::Run(mine.map_err(no_folder)?)
        } else {
            Placed::Chosen(folder.to_owned())
        };
        match files::save(&place, name, bytes) {
            Ok(name) => {
                let told = FileDetail {
                    name,
                    bytes: bytes.len() as u64,
                    sha256: files::sha256(bytes),
                    message: NONE,
                    wire: 0,
                    announced,
                };
                let told = Some(Detail::File(Box::new(told)));
                self.rec.returned(Ok(bytes.len() as i64), 0, told, &[]);
                Ok(())
            }
            Err(why) => {
                let why = refused(why);
                self.rec.returned(Err(REFUSED), 0, Some(why.clone()), &[]);
                Err(End::Framing(why))
            }
        }
    }
}

/// The header of a file: four bytes for its length, big-endian, then JSON as Python's
/// `json.dumps` writes it. `checksum` is the CRC-32 that the framing wants.
fn described(name: &str, size: usize, checksum: u32, sha256: &str) -> Vec<u8> {
    let name = serde_json::Value::from(name);
    let json = format!(
        r#"{{"name": {name}, "size": {size}, "checksum": {checksum}, "sha256": "{sha256}"}}"#
    );
    let mut bytes = (json.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(json.as_bytes());
    bytes
}

/// What the header says of the file beside its size; nothing if it says nothing.
fn read_header(header: &[u8]) -> Described {
    let json = header.get(4..).unwrap_or_default();
    let mut read: Described = serde_json::from_slice(json).unwrap_or_default();
    // It is shown as it came: it must at least look like one.
    read.sha256 = read
        .sha256
        .filter(|sum| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()));
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framing::FramingSpec;

    #[test]
    fn a_header_is_read_back_by_the_framing_and_by_us() {
        let sum = files::sha256(b"hi");
        let mut wire = described("a \"b\" 照片.txt", 2, crc32fast::hash(b"hi"), &sum);
        let length = wire.len();
        wire.extend_from_slice(b"hi");
        let mut decoder = FramingSpec::Json.build(10).decoder();
        let mut frames = Vec::new();
        decoder
            .feed(&wire, &mut |f| frames.push((f.header, f.payload.to_vec())))
            .unwrap();
        assert_eq!(frames, [(length as u16, b"hi".to_vec())]);
        let read = read_header(&wire[..length]);
        assert_eq!(read.name.as_deref(), Some("a \"b\" 照片.txt"));
        assert_eq!(read.sha256, Some(sum));
    }

    #[test]
    fn what_is_no_header_says_nothing() {
        for bytes in [
            &b""[..],
            b"abc",
            b"\0\0\0\x02{}",
            b"\0\0\0\x04null",
            b"\xff\xff\xff\xff{",
        ] {
            let read = read_header(bytes);
            assert!(read.name.is_none() && read.sha256.is_none());
        }
        let short = read_header(b"....{\"sha256\": \"../../x\"}");
        assert!(short.sha256.is_none());
    }
}
