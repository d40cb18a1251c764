//! One block of a recording: bytes to and from what they say.

use crate::trace::event::{ActorId, Detail, Event, Kind, SocketId, StreamId, flag};
use crate::trace::segment::SegmentRole;
use crate::trace::store::Trace;

use super::WITH_PACKETS;

const HEAD: usize = 24;
const ROW: usize = 32;
const PIECE: usize = 16;

/// A block, checked as a whole: every row has a known kind, every detail an owner, every piece
/// its bytes.
pub(super) struct Block<'a> {
    rows: &'a [u8],
    details: Vec<Detail>,
    pieces: Vec<Piece<'a>>,
    /// What was kept of each captured packet, in order.
    packets: Vec<&'a [u8]>,
    complete: bool,
    mismatches: u64,
}

/// Bytes of one stream.
pub(super) struct Piece<'a> {
    pub(super) stream: StreamId,
    pub(super) start: u64,
    pub(super) bytes: &'a [u8],
}

impl<'a> Block<'a> {
    /// Reads a body of that format version; `None` if it does not say what a body says.
    pub(super) fn parse(body: &'a [u8], version: u32) -> Option<Self> {
        let mut rest = body;
        let head = take(&mut rest, HEAD)?;
        let events = usize::try_from(u32_at(head, 0)?).ok()?;
        let details = usize::try_from(u32_at(head, 4)?).ok()?;
        let count = u32_at(head, 8)?;
        let complete = u32_at(head, 12)? == 1;
        let mismatches = u64_at(head, 16)?;

        let rows = take(&mut rest, events.checked_mul(ROW)?)?;
        let (mut owners, mut captured) = (0, 0);
        for row in rows.chunks_exact(ROW) {
            let e = event(row)?;
            owners += usize::from(e.has(flag::DETAIL));
            captured += usize::from(owns_packet(&e));
        }
        let details = match take(&mut rest, details)? {
            [] => Vec::new(),
            json => serde_json::from_slice::<Vec<Detail>>(json).ok()?,
        };
        if details.len() != owners {
            return None;
        }
        let mut pieces = Vec::new();
        for _ in 0..count {
            let head = take(&mut rest, PIECE)?;
            let length = usize::try_from(u32_at(head, 4)?).ok()?;
            pieces.push(Piece {
                stream: StreamId(u16_at(head, 0)?),
                start: u64_at(head, 8)?,
                bytes: take(&mut rest, length)?,
            });
        }
        let mut packets = Vec::new();
        if version >= WITH_PACKETS {
            for _ in 0..captured {
                let length = take(&mut rest, 2)?;
                packets.push(take(&mut rest, usize::from(u16_at(length, 0)?))?);
            }
        }
        rest.is_empty().then_some(Block {
            rows,
            details,
            pieces,
            packets,
            complete,
            mismatches,
        })
    }

    /// Appends everything it says to the trace.
    pub(super) fn append_to(self, trace: &mut Trace) {
        let mut details = self.details.into_iter();
        let mut packets = self.packets.into_iter();
        for e in self.rows.chunks_exact(ROW).filter_map(event) {
            let detail = e.has(flag::DETAIL).then(|| details.next()).flatten();
            let packet = owns_packet(&e).then(|| packets.next()).flatten();
            trace.append(e, detail, packet.unwrap_or_default());
        }
        trace.restore_payload(
            self.pieces.iter().map(|p| (p.stream, p.start, p.bytes)),
            self.complete,
            self.mismatches,
        );
    }
}

/// Appends a block with length and checksum to `out`: the events `[first, end)` and the pieces.
///
/// # Errors
/// Details that have no JSON, or a body of 4 GiB or more.
pub(super) fn write(
    out: &mut Vec<u8>,
    trace: &Trace,
    first: u32,
    end: u32,
    pieces: &[Piece<'_>],
    version: u32,
) -> Result<(), std::io::Error> {
    let begin = out.len();
    out.extend_from_slice(&[0; 8 + HEAD]);
    let mut details = Vec::new();
    let events = end.saturating_sub(first);
    for (i, e) in (first..end).zip(trace.events_from(first)) {
        put_event(out, e);
        details.extend(trace.detail(i).filter(|_| e.has(flag::DETAIL)));
    }
    let details_from = out.len();
    if !details.is_empty() {
        serde_json::to_writer(&mut *out, &details)?;
    }
    let details_length = out.len() - details_from;
    for piece in pieces {
        out.extend_from_slice(&piece.stream.0.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&length(piece.bytes.len())?.to_le_bytes());
        out.extend_from_slice(&piece.start.to_le_bytes());
        out.extend_from_slice(piece.bytes);
    }
    if version >= WITH_PACKETS {
        let frames = trace.frames();
        for n in frames.len_at(first)..frames.len_at(end) {
            let kept = frames.headers(n);
            let length = u16::try_from(kept.len()).map_err(|_| std::io::ErrorKind::FileTooLarge)?;
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(kept);
        }
    }
    let mut head = Vec::with_capacity(HEAD);
    head.extend_from_slice(&events.to_le_bytes());
    head.extend_from_slice(&length(details_length)?.to_le_bytes());
    head.extend_from_slice(&length(pieces.len())?.to_le_bytes());
    head.extend_from_slice(&u32::from(trace.payload_complete()).to_le_bytes());
    head.extend_from_slice(&trace.payload_mismatches().to_le_bytes());
    out[begin + 8..begin + 8 + HEAD].copy_from_slice(&head);
    let body = length(out.len() - begin - 8)?;
    let sum = crc32fast::hash(&out[begin + 8..]);
    out[begin..begin + 4].copy_from_slice(&body.to_le_bytes());
    out[begin + 4..begin + 8].copy_from_slice(&sum.to_le_bytes());
    Ok(())
}

/// Is it a captured packet (and not a note that some were lost)?
fn owns_packet(e: &Event) -> bool {
    e.segment()
        .is_some_and(|s| s.role != SegmentRole::NotCaptured)
}

fn length(bytes: usize) -> Result<u32, std::io::Error> {
    u32::try_from(bytes).map_err(|_| std::io::ErrorKind::FileTooLarge.into())
}

fn put_event(out: &mut Vec<u8>, e: &Event) {
    let mut row = [0; ROW];
    row[0..8].copy_from_slice(&e.t.to_le_bytes());
    row[8..16].copy_from_slice(&e.a.to_le_bytes());
    row[16..20].copy_from_slice(&e.b.to_le_bytes());
    row[20..24].copy_from_slice(&e.link.to_le_bytes());
    row[24..26].copy_from_slice(&e.socket.0.to_le_bytes());
    row[26..28].copy_from_slice(&e.op.to_le_bytes());
    row[28..].copy_from_slice(&[e.actor.0, e.kind as u8, e.call, e.flags]);
    out.extend_from_slice(&row);
}

fn event(row: &[u8]) -> Option<Event> {
    let &[actor, kind, call, flags] = row.get(28..32)? else {
        return None;
    };
    Some(Event {
        t: u64_at(row, 0)?,
        a: u64_at(row, 8)?,
        b: u32_at(row, 16)?.cast_signed(),
        link: u32_at(row, 20)?,
        socket: SocketId(u16_at(row, 24)?),
        op: u16_at(row, 26)?,
        actor: ActorId(actor),
        kind: *Kind::ALL.get(usize::from(kind))?,
        call,
        flags,
    })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
