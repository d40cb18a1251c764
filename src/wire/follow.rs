//! The bytes of a conversation, put back into the order in which they were sent, and the
//! messages in them by any framing.

use std::collections::BTreeMap;
use std::io;

use super::conversation::Protocol;
use super::layers::tcp_flag::SYN;
use super::packets::Packets;
use crate::framing::{DecodeError, Decoder, Frame, FramingSpec};

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

#[derive(Debug, Default)]
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
    let mut following = Following::new(conversation);
    while !following.advance(packets, packets.len(), true)? {}
    Ok(following.out)
}

/// Rows looked at by one call of [`Following::advance`].
const STRIDE: u32 = 1 << 16;

/// Packets of the conversation put together by one call of [`Following::advance`].
const AT_ONCE: usize = 512;

/// A conversation that is put together bit by bit, also while it grows.
#[derive(Debug, Default)]
pub struct Following {
    conversation: u32,
    /// The next row to look at.
    next: u32,
    sides: [Direction; 2],
    total: usize,
    /// Bytes were given up although more packets might bring them.
    ended: bool,
    out: Followed,
}

impl Following {
    /// Nothing yet of that conversation.
    pub fn new(conversation: u32) -> Self {
        Following {
            conversation,
            ..Following::default()
        }
    }

    /// Which conversation.
    pub fn conversation(&self) -> u32 {
        self.conversation
    }

    /// What is there so far.
    pub fn so_far(&self) -> &Followed {
        &self.out
    }

    /// Begins anew where what is there is not a beginning of what there is in the rows before
    /// `upto`. True if it did.
    pub fn restart(&mut self, upto: u32) -> bool {
        let stale = self.next > upto || (self.ended && self.next < upto);
        if stale {
            *self = Following::new(self.conversation);
        }
        stale
    }

    /// Goes on for a bounded while; true when every row before `upto` has been looked at. `end`:
    /// no more packets will come, so bytes that have not come never will.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn advance(&mut self, packets: &Packets, upto: u32, end: bool) -> io::Result<bool> {
        let upto = upto.min(packets.len());
        let Some(known) = packets.conversations().get(self.conversation as usize) else {
            return Ok(true);
        };
        let tcp = known.protocol == Protocol::Tcp;
        let to = upto.min(self.next.saturating_add(STRIDE));
        let mut taken = 0;
        let mut next = to;
        if !self.out.cut {
            for row in packets.rows_of(self.conversation, self.next..to) {
                if taken >= AT_ONCE {
                    next = row;
                    break;
                }
                taken += 1;
                let packet = packets.packet(row);
                let backward = packet.backward();
                let side = &mut self.sides[usize::from(backward)];
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
                if self.total + bytes.len() > MAX_FOLLOWED {
                    self.out.cut = true;
                    break;
                }
                self.total += bytes.len();
                if tcp {
                    // What was cut off when it was captured is missing.
                    side.take(seq, row, bytes, backward, &mut self.out.pieces);
                    if side.held > MAX_PENDING {
                        side.skip(backward, &mut self.out.pieces);
                    }
                } else {
                    let start = side.len;
                    side.len += bytes.len() as u64;
                    self.out.pieces.push(Piece {
                        backward,
                        row,
                        start,
                        missing: 0,
                        bytes,
                    });
                }
            }
        }
        self.next = next.max(self.next);
        let whole = self.next >= upto;
        for (at, side) in self.sides.iter_mut().enumerate() {
            while whole && end && !side.pending.is_empty() {
                side.skip(at == 1, &mut self.out.pieces);
                self.ended = true;
            }
            self.out.len[at] = side.len;
        }
        Ok(whole)
    }
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
    let mut finder = Finder::new(framing);
    for piece in followed.pieces.iter().filter(|p| p.backward == backward) {
        finder.take(piece);
    }
    finder.end();
    finder.found
}

/// Messages that are found piece by piece.
pub struct Finder {
    decoder: Box<dyn Decoder>,
    ended: bool,
    found: Messages,
}

impl Finder {
    /// Before the first piece of one direction.
    pub fn new(framing: &FramingSpec) -> Self {
        Finder {
            decoder: framing.build(MAX_MESSAGE).decoder(),
            ended: false,
            found: Messages::default(),
        }
    }

    /// What was found so far.
    pub fn found(&self) -> &Messages {
        &self.found
    }

    /// The next piece. Behind an error or a gap nothing is found.
    pub fn take(&mut self, piece: &Piece) {
        if self.ended || self.found.error.is_some() || self.found.gap.is_some() {
            return;
        }
        if piece.missing > 0 {
            self.found.gap = Some(piece.start - piece.missing);
            return;
        }
        let list = &mut self.found.messages;
        let fed = self
            .decoder
            .feed(&piece.bytes, &mut |frame| list.push(of(&frame)));
        self.found.error = fed.err();
    }

    /// No piece follows: what is left over is an error.
    pub fn end(&mut self) {
        if self.ended || self.found.error.is_some() || self.found.gap.is_some() {
            return;
        }
        self.ended = true;
        let list = &mut self.found.messages;
        let end = self.decoder.finish(&mut |frame| list.push(of(&frame)));
        self.found.error = end.err();
    }
}

fn of(frame: &Frame<'_>) -> Message {
    Message {
        start: frame.start,
        end: frame.end,
        header: frame.header,
        payload: frame.payload.to_vec(),
    }
}
