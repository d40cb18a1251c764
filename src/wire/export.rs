//! Writes packets as pcapng, with a remark at each packet that has one.
//!
//! Nanoseconds, little endian, one interface per link layer. The remarks say which call a packet
//! belongs to and which messages it carries; any analyser shows them.

use std::io::{self, Write};

use super::link::Link;
use super::packets::Packets;
use crate::trace::Nanos;

/// What a file says of itself beside its packets.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Nanoseconds to add to every time: where the clock of a run began, counted from 1970.
    pub clock: u64,
    /// A remark on the whole file; none if empty.
    pub comment: String,
}

/// Longest remark written, in bytes: an option's length has 16 bits.
const MAX_COMMENT: usize = 60_000;

/// Writes a file packet by packet.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    clock: u64,
    links: Vec<Link>,
    body: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn begin(mut out: W, about: &About) -> io::Result<Self> {
        let mut body = Vec::new();
        word(&mut body, 0x1a2b_3c4d);
        half(&mut body, 1);
        half(&mut body, 0);
        body.extend_from_slice(&(-1_i64).to_le_bytes());
        if !about.comment.is_empty() {
            option(&mut body, 1, cut(&about.comment).as_bytes());
        }
        let program = concat!("socklab ", env!("CARGO_PKG_VERSION"));
        option(&mut body, 4, program.as_bytes());
        word(&mut body, 0);
        block(&mut out, 0x0a0d_0d0a, &body)?;
        Ok(Writer {
            out,
            clock: about.clock,
            links: Vec::new(),
            body,
        })
    }

    /// Writes a packet: when (on the clock of the run), its bytes as far as there are, its real
    /// length, and remarks.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn packet(
        &mut self,
        link: Link,
        t: Nanos,
        bytes: &[u8],
        original: u32,
        remarks: impl Iterator<Item = String>,
    ) -> io::Result<()> {
        let Writer {
            out, links, body, ..
        } = self;
        let known = links.iter().position(|l| *l == link);
        if known.is_none() {
            body.clear();
            half(body, link.linktype());
            half(body, 0);
            word(body, 0);
            // Nanoseconds.
            option(body, 9, &[9]);
            word(body, 0);
            block(out, 1, body)?;
            links.push(link);
        }
        let interface = known.unwrap_or(links.len() - 1);
        let time = t.saturating_add(self.clock);
        body.clear();
        word(body, interface as u32);
        word(body, (time >> 32) as u32);
        word(body, time as u32);
        word(body, bytes.len() as u32);
        word(body, original);
        padded(body, bytes);
        let mut any = false;
        for remark in remarks {
            option(body, 1, cut(&remark).as_bytes());
            any = true;
        }
        if any {
            word(body, 0);
        }
        block(out, 6, body)
    }

    /// Ends the file, and gives back what it was written to.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes those rows. `comments` gives the remarks of a row beside the one stored with it.
///
/// # Errors
/// As `out` or the packets' source gives them.
pub fn write(
    packets: &Packets,
    rows: impl Iterator<Item = u32>,
    about: &About,
    comments: &mut dyn FnMut(u32) -> Vec<String>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = Writer::begin(out, about)?;
    for row in rows {
        let packet = packets.packet(row);
        let bytes = packets.bytes(row)?;
        let own = packets.comment(row).map(str::to_owned);
        let remarks = own.into_iter().chain(comments(row));
        writer.packet(packet.link, packet.time, &bytes, packet.original, remarks)?;
    }
    writer.finish().map(drop)
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MAX_COMMENT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn block(out: &mut impl Write, kind: u32, body: &[u8]) -> io::Result<()> {
    let len = (body.len() as u32 + 12).to_le_bytes();
    out.write_all(&kind.to_le_bytes())?;
    out.write_all(&len)?;
    out.write_all(body)?;
    out.write_all(&len)
}

fn half(body: &mut Vec<u8>, n: u16) {
    body.extend_from_slice(&n.to_le_bytes());
}

fn word(body: &mut Vec<u8>, n: u32) {
    body.extend_from_slice(&n.to_le_bytes());
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    half(body, code);
    half(body, value.len() as u16);
    padded(body, value);
}

fn padded(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend_from_slice(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
}
