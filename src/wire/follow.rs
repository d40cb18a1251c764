//! The bytes of a conversation, put back into the order in which they were sent, and the
//! messages in them by any framing.

use std::collections::BTreeMap;
use std::io;

use super::conversation::Protocol;
use super::layers::tcp_flag::SYN;
use super::packets::Packets;
use crate::framing::{DecodeError, FramingSpec};

/// Most bytes of one conversation that are put together.
pub const MAX_FOLLOWED: usize = 64 << 20;

/// Most bytes kept while bytes before them have not come.
const MAX_PENDING: usize = 4 << 20;

/// Longest message a decoder accepts here.
pub const MAX_MESSAGE: usize = 16 << 20;

/// A stretch of one direction, as one packet carried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// From the second end to the first?
    pub backward: bool,
    /// The packet.
    pub row: u32,
    /// Offset in the stream of its direction.
    pub start: u64,
    /// Bytes before it that were not captured.
    pub missing: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A conversation put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// In the order in which they could be read.
    pub pieces: Vec<Piece>,
    /// Bytes of each direction, missing ones included: forward, backward.
    pub len: [u64; 2],
    /// Was it longer than [`MAX_FOLLOWED`]?
    pub cut: bool,
}

/// A message found by a framing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Offset in the stream of its first byte, a header included.
    pub start: u64,
    /// Offset past its last byte, a delimiter included.
    pub end: u64,
    /// Bytes before the payload.
    pub header: u16,
    /// The message.
    pub payload: Vec<u8>,
}

/// What a framing makes of one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// In order.
    pub messages: Vec<Message>,
    /// Why it could not go on, if so.
    pub error: Option<DecodeError>,
    /// Where bytes are missing: behind that nobody knows where a message begins.
    pub gap: Option<u64>,
}

#[derive(Default)]
struct Direction {
    /// The next sequence number in line.
    next: Option<u32>,
    len: u64,
    pending: BTreeMap<u32, (u32, Vec<u8>)>,
    held: usize,
}

/// Puts a conversation together. UDP datagrams are pieces as they are.
///
/// # Errors
/// When the file cannot be read any more.
pub fn follow(packets: &Packets, conversation: u32) -> io::Result<Followed> {
    let mut out = Followed::default();
    let Some(known) = packets.conversations().get(conversation as usize) else {
        return Ok(out);
    };
    let tcp = known.protocol == Protocol::Tcp;
    let mut sides = [Direction::default(), Direction::default()];
    let mut total = 0;
    for row in packets.rows_of(conversation) {
        let packet = packets.packet(row);
        let backward = packet.backward();
        let side = &mut sides[usize::from(backward)];
        let opens = tcp && packet.flags & SYN != 0;
        let seq = packet.seq.wrapping_add(u32::from(opens));
        if tcp && side.next.is_none() {
            // Without the SYN the stream begins with the first byte seen.
            side.next = known
                .base(backward)
                .map(|base| base.wrapping_add(1))
                .or(Some(seq));
        }
        if packet.payload == 0 {
            continue;
        }
        let bytes = packets.payload(row)?;
        if total + bytes.len() > MAX_FOLLOWED {
            out.cut = true;
            break;
        }
        total += bytes.len();
        if tcp {
            // What was cut off when it was captured is missing.
            side.take(seq, row, bytes, backward, &mut out.pieces);
            if side.held > MAX_PENDING {
                side.skip(backward, &mut out.pieces);
            }
        } else {
            let start = side.len;
            side.len += bytes.len() as u64;
            out.pieces.push(Piece {
                backward,
                row,
                start,
                missing: 0,
                bytes,
            });
        }
    }
    for (at, side) in sides.iter_mut().enumerate() {
        while !side.pending.is_empty() {
            side.skip(at == 1, &mut out.pieces);
        }
        out.len[at] = side.len;
    }
    Ok(out)
}

impl Direction {
    fn take(
        &mut self,
        seq: u32,
        row: u32,
        bytes: Vec<u8>,
        backward: bool,
        pieces: &mut Vec<Piece>,
    ) {
        let Some(next) = self.next else { return };
        let ahead = seq.wrapping_sub(next) as i32;
        if ahead > 0 {
            self.held += bytes.len();
            let longer = self
                .pending
                .get(&seq)
                .is_none_or(|(_, known)| known.len() < bytes.len());
            if longer && let Some((_, old)) = self.pending.insert(seq, (row, bytes)) {
                self.held -= old.len();
            }
            return;
        }
        self.append(
            ahead.unsigned_abs() as usize,
            row,
            0,
            bytes,
            backward,
            pieces,
        );
        self.drain(backward, pieces);
    }

    /// Appends what is new in a segment whose first `old` bytes are known.
    fn append(
        &mut self,
        old: usize,
        row: u32,
        missing: u64,
        bytes: Vec<u8>,
        backward: bool,
        pieces: &mut Vec<Piece>,
    ) {
        if old >= bytes.len() {
            return;
        }
        let bytes = if old == 0 {
            bytes
        } else {
            bytes[old..].to_vec()
        };
        let start = self.len + missing;
        self.len = start + bytes.len() as u64;
        self.next = self.next.map(|next| {
            next.wrapping_add(missing as u32)
                .wrapping_add(bytes.len() as u32)
        });
        pieces.push(Piece {
            backward,
            row,
            start,
            missing,
            bytes,
        });
    }

    /// The waiting segment that is nearest to the next byte, and how far ahead it is.
    fn nearest(&self) -> Option<(u32, i32)> {
        let next = self.next?;
        // On the circle of numbers: what follows `next`, else from the start.
        let (&seq, _) = self
            .pending
            .range(next..)
            .next()
            .or_else(|| self.pending.iter().next())?;
        let behind = self
            .pending
            .range(..next)
            .next_back()
            .map(|(&s, _)| (s, s.wrapping_sub(next) as i32))
            .filter(|(_, ahead)| *ahead <= 0);
        behind.or(Some((seq, seq.wrapping_sub(next) as i32)))
    }

    fn drain(&mut self, backward: bool, pieces: &mut Vec<Piece>) {
        while let Some((seq, ahead)) = self.nearest() {
            if ahead > 0 {
                break;
            }
            let Some((row, bytes)) = self.pending.remove(&seq) else {
                break;
            };
            self.held -= bytes.len();
            let old = ahead.unsigned_abs() as usize;
            self.append(old, row, 0, bytes, backward, pieces);
        }
    }

    /// Gives up waiting for the bytes before the nearest segment.
    fn skip(&mut self, backward: bool, pieces: &mut Vec<Piece>) {
        if let Some((seq, ahead)) = self.nearest()
            && let Some((row, bytes)) = self.pending.remove(&seq)
        {
            self.held -= bytes.len();
            let missing = ahead.max(0) as u64;
            let old = if ahead < 0 {
                ahead.unsigned_abs() as usize
            } else {
                0
            };
            self.append(old, row, missing, bytes, backward, pieces);
        }
        self.drain(backward, pieces);
    }
}

/// What `framing` makes of one direction of a conversation.
pub fn messages(followed: &Followed, backward: bool, framing: &FramingSpec) -> Messages {
    let mut out = Messages::default();
    let mut decoder = framing.build(MAX_MESSAGE).decoder();
    let mut list = Vec::new();
    let mut sink = |frame: crate::framing::Frame<'_>| {
        list.push(Message {
            start: frame.start,
            end: frame.end,
            header: frame.header,
            payload: frame.payload.to_vec(),
        });
    };
    for piece in followed.pieces.iter().filter(|p| p.backward == backward) {
        if piece.missing > 0 {
            out.gap = Some(piece.start - piece.missing);
            break;
        }
        if let Err(error) = decoder.feed(&piece.bytes, &mut sink) {
            out.error = Some(error);
            break;
        }
    }
    if out.error.is_none() && out.gap.is_none() {
        out.error = decoder.finish(&mut sink).err();
    }
    out.messages = list;
    out
}
