//! What a TCP segment is to its connection: new, sent again, too early, a probe …
//!
//! One pass in the order of capture, with a few numbers per direction. The words are the ones
//! network people use; as the point of view is that of whoever captured, "out of order" and
//! "retransmission" are judgements by time and not certainties, here as in every analyser.

use crate::trace::Nanos;

use super::layers::tcp_flag::{ACK, FIN, RST, SYN};

/// Bits of [`super::Packet::marks`].
pub mod mark {
    /// Bytes that were sent before.
    pub const RETRANSMISSION: u16 = 1;
    /// Sent again because duplicate acknowledgements asked for it (RFC 5681, 3.2).
    pub const FAST_RETRANSMISSION: u16 = 1 << 1;
    /// Sent again although it had been acknowledged.
    pub const SPURIOUS: u16 = 1 << 2;
    /// Earlier bytes that came after later ones, too soon to be a retransmission.
    pub const OUT_OF_ORDER: u16 = 1 << 3;
    /// Acknowledges once more what was acknowledged already.
    pub const DUP_ACK: u16 = 1 << 4;
    /// The receive buffer is full.
    pub const ZERO_WINDOW: u16 = 1 << 5;
    /// One byte, to learn whether the window has opened.
    pub const WINDOW_PROBE: u16 = 1 << 6;
    /// The answer to that, still no room.
    pub const WINDOW_PROBE_ACK: u16 = 1 << 7;
    /// A segment from just before the next byte, to learn whether the peer is there.
    pub const KEEP_ALIVE: u16 = 1 << 8;
    /// The answer to that.
    pub const KEEP_ALIVE_ACK: u16 = 1 << 9;
    /// Says nothing but a new window.
    pub const WINDOW_UPDATE: u16 = 1 << 10;
    /// Fills the window that the receiver granted, to its last byte.
    pub const WINDOW_FULL: u16 = 1 << 11;
    /// Bytes before these were not captured.
    pub const GAP: u16 = 1 << 12;
    /// Acknowledges bytes that were not captured.
    pub const ACK_UNSEEN: u16 = 1 << 13;
    /// Goes from the conversation's second end to its first.
    pub const BACKWARD: u16 = 1 << 14;
    /// Something in it is malformed.
    pub const TROUBLE: u16 = 1 << 15;

    /// Every judgement about a TCP segment.
    pub const ANALYSIS: u16 = BACKWARD - 1;
}

/// Sooner than this after later bytes, earlier ones have overtaken each other on the way. Where
/// the handshake's round trip was captured, that is used instead.
const REORDERED: Nanos = 3_000_000;

/// A retransmission that soon after duplicate acknowledgements answers them.
const FAST: Nanos = 20_000_000;

/// What a SYN says of window scaling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scaling {
    /// It was not captured.
    #[default]
    Unseen,
    /// Nothing: then neither end scales.
    Refused,
    /// By that many bits.
    Offered(u8),
}

/// One direction of a TCP connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    /// Relative numbers count from here.
    pub(super) base: Option<u32>,
    /// Window scaling in its SYN.
    pub(super) offered: Scaling,
    /// The number after the highest byte sent, and when it was.
    next: Option<(u32, Nanos)>,
    /// The highest number that may be acknowledged without surprise.
    known: Option<u32>,
    /// What it acknowledged last, and when.
    ack: Option<(u32, Nanos)>,
    /// The window it announced last, as in the header.
    window: Option<u16>,
    /// The same, scaled.
    room: Option<u32>,
    duplicates: u16,
    /// The last segment's marks.
    last: u16,
    /// When its SYN was captured.
    opened: Option<Nanos>,
    /// The first round trip, of the connection.
    trip: Option<Nanos>,
}

/// A segment, as far as the judgement needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) time: Nanos,
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) flags: u16,
    pub(super) window: u16,
    /// Payload bytes.
    pub(super) len: u32,
    /// Window scaling offered (SYN).
    pub(super) scale: Option<u8>,
}

/// Is `a` before `b` on the circle of sequence numbers (RFC 9293, 3.4)?
fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// Judges a segment and remembers it.
pub(super) fn judge(flows: &mut [Flow; 2], backward: bool, segment: &Segment) -> u16 {
    let Segment {
        time,
        seq,
        ack,
        flags,
        window,
        len,
        ..
    } = *segment;
    let [a, b] = flows;
    let (own, peer) = if backward { (b, a) } else { (a, b) };
    let has = |flag: u16| flags & flag != 0;
    let opens = has(SYN);
    if opens {
        own.offered = segment.scale.map_or(Scaling::Refused, Scaling::Offered);
        own.opened = own.opened.or(Some(time));
    }
    if own.base.is_none() {
        // Without its SYN a stream is taken to begin with this byte, as number 1.
        own.base = Some(if opens { seq } else { seq.wrapping_sub(1) });
    }
    if peer.base.is_none() && has(ACK) {
        peer.base = Some(ack.wrapping_sub(1));
    }
    if own.trip.is_none()
        && !opens
        && has(ACK)
        && let Some(opened) = own.opened.or(peer.opened)
    {
        let trip = time.saturating_sub(opened);
        (own.trip, peer.trip) = (Some(trip), Some(trip));
    }
    let plain = !has(SYN | FIN | RST);
    let length = len + u32::from(opens) + u32::from(has(FIN));
    let end = seq.wrapping_add(length);
    let next = own.next.map(|(next, _)| next);
    let in_line = next == Some(seq);
    let same_ack = own.ack.is_some_and(|(last, _)| last == ack);
    let same_window = own.window == Some(window);
    let bare = len == 0 && plain && in_line && same_ack;

    let mut marks = 0;
    let probe = len == 1 && in_line && peer.window == Some(0);
    if probe {
        marks |= mark::WINDOW_PROBE;
    } else {
        if window == 0 && plain {
            marks |= mark::ZERO_WINDOW;
        }
        if next.is_some_and(|next| before(next, seq)) && !has(RST) {
            marks |= mark::GAP;
        }
        if len <= 1 && plain && next.is_some_and(|next| seq == next.wrapping_sub(1)) {
            marks |= mark::KEEP_ALIVE;
        }
        if bare && window != 0 && !same_window {
            marks |= mark::WINDOW_UPDATE;
        }
        if len > 0
            && plain
            && let (Some((acked, _)), Some(room)) = (peer.ack, peer.room)
            && end == acked.wrapping_add(room)
        {
            marks |= mark::WINDOW_FULL;
        }
        if bare && same_window {
            marks |= if window != 0 && peer.last & mark::KEEP_ALIVE != 0 {
                mark::KEEP_ALIVE_ACK
            } else if window == 0 && peer.last & mark::WINDOW_PROBE != 0 {
                mark::WINDOW_PROBE_ACK
            } else if window != 0 {
                mark::DUP_ACK
            } else {
                0
            };
        }
        if has(ACK) && peer.known.is_some_and(|known| before(known, ack)) {
            marks |= mark::ACK_UNSEEN;
            peer.known = Some(ack);
        }
        let again = next.is_some_and(|next| before(seq, next));
        if length > 0 && marks & mark::KEEP_ALIVE == 0 {
            marks |= repeated(own, peer, segment, end, again);
        }
    }
    own.duplicates = if marks & mark::DUP_ACK != 0 {
        own.duplicates.saturating_add(1)
    } else if same_ack {
        own.duplicates
    } else {
        0
    };
    if !probe && next.is_none_or(|next| before(next, end)) {
        own.next = Some((end, time));
    }
    // Bytes behind a gap count once the gap is filled: they cannot have been acknowledged before.
    if own.known.is_none_or(|known| known == seq) {
        own.known = own.next.map(|(next, _)| next);
    }
    if has(ACK) {
        own.ack = Some((ack, time));
    }
    own.window = Some(window);
    own.last = marks;
    let scale = match (own.offered, peer.offered) {
        _ if opens => Some(0),
        (Scaling::Unseen, _) | (_, Scaling::Unseen) => None,
        (Scaling::Offered(own), Scaling::Offered(_)) => Some(own),
        _ => Some(0),
    };
    own.room = scale.map(|scale| u32::from(window) << scale);
    marks
}

/// Which kind of repetition it is, if it is one.
fn repeated(own: &Flow, peer: &Flow, segment: &Segment, end: u32, again: bool) -> u16 {
    let Segment { time, seq, len, .. } = *segment;
    if again
        && peer.duplicates >= 2
        && let Some((acked, at)) = peer.ack
        && acked == seq
        && time.saturating_sub(at) < FAST
    {
        return mark::FAST_RETRANSMISSION | mark::RETRANSMISSION;
    }
    if again
        && let Some((next, at)) = own.next
        && next != end
        && time.saturating_sub(at) < own.trip.unwrap_or(REORDERED)
    {
        return mark::OUT_OF_ORDER;
    }
    if len > 0
        && let Some((acked, _)) = peer.ack
        && !before(acked, seq.wrapping_add(len))
    {
        return mark::SPURIOUS | mark::RETRANSMISSION;
    }
    if again { mark::RETRANSMISSION } else { 0 }
}
