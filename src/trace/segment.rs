//! Captured packets as events: what a row says of one, and what it was.

use serde::{Deserialize, Serialize};

use super::event::{ActorId, Event, EventId, Kind, Nanos, SocketId};

/// What a captured packet is, judged by those before it in its connection (RFC 9293 and, for
/// probes, what Linux sends).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum SegmentRole {
    /// Neither TCP nor UDP nor ICMP.
    Other = 0,
    /// A UDP datagram, or a fragment of one.
    Udp = 1,
    /// An ICMP message (of version 4 or 6).
    Icmp = 2,
    /// TCP, of a connection whose beginning was not seen, or plainly an acknowledgement.
    Ack = 3,
    /// The first segment of a connection.
    Syn = 4,
    /// The answer to it.
    SynAck = 5,
    /// Data for the first time.
    Data = 6,
    /// Bytes (or a SYN, or a FIN) that had been sent before.
    Retransmission = 7,
    /// The end of this direction, without data.
    Fin = 8,
    /// The connection is broken off.
    Rst = 9,
    /// An acknowledgement that lets the other send nothing.
    ZeroWindow = 10,
    /// An acknowledgement of nothing new, with a larger window.
    WindowUpdate = 11,
    /// "Is your window still 0?": Linux asks with the number of a byte long acknowledged.
    WindowProbe = 12,
    /// The same question while the window is open: "are you still there?"
    KeepAlive = 13,
    /// An acknowledgement of nothing new, with the same window.
    DuplicateAck = 14,
    /// No packet: so many were lost to the capture because nobody read in time.
    NotCaptured = 15,
}

impl SegmentRole {
    /// Every role, in the order of its code.
    pub const ALL: [SegmentRole; 16] = [
        SegmentRole::Other,
        SegmentRole::Udp,
        SegmentRole::Icmp,
        SegmentRole::Ack,
        SegmentRole::Syn,
        SegmentRole::SynAck,
        SegmentRole::Data,
        SegmentRole::Retransmission,
        SegmentRole::Fin,
        SegmentRole::Rst,
        SegmentRole::ZeroWindow,
        SegmentRole::WindowUpdate,
        SegmentRole::WindowProbe,
        SegmentRole::KeepAlive,
        SegmentRole::DuplicateAck,
        SegmentRole::NotCaptured,
    ];

    /// Is it a TCP segment?
    pub fn is_tcp(self) -> bool {
        !matches!(
            self,
            SegmentRole::Other | SegmentRole::Udp | SegmentRole::Icmp | SegmentRole::NotCaptured
        )
    }
}

/// The control bits of a TCP header (RFC 9293, section 3.1).
pub mod tcp {
    /// No more data comes.
    pub const FIN: u8 = 1;
    /// The sequence number is the first one.
    pub const SYN: u8 = 2;
    /// The connection is broken off.
    pub const RST: u8 = 4;
    /// Hand it to the program at once.
    pub const PSH: u8 = 8;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 16;
}

/// A captured packet, as its row says it. Numbers are as in the header, not relative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What it is; a recorder says only whether it is TCP ([`SegmentRole::Ack`]), the trace
    /// finds the rest.
    pub role: SegmentRole,
    /// Which flow: index into [`super::Trace::flows`].
    pub flow: u16,
    /// TCP: sequence number of the first byte.
    pub seq: u32,
    /// TCP: acknowledgement number.
    pub ack: u32,
    /// TCP: the window, not scaled.
    pub window: u16,
    /// TCP: the control bits, see [`tcp`].
    pub flags: u8,
    /// Bytes of payload; of [`SegmentRole::NotCaptured`] the number of packets lost.
    pub len: u32,
    /// Number among the captured packets. (Before append: bytes captured of it.)
    pub frame: u32,
}

/// Payload lengths of one packet fit 20 bits (64 KiB, and some for a loopback's jumbograms).
const LEN_BITS: u32 = 20;
const LEN_MASK: u32 = (1 << LEN_BITS) - 1;

impl Segment {
    /// Nothing but a role.
    pub fn new(role: SegmentRole) -> Self {
        Segment {
            role,
            flow: u16::MAX,
            seq: 0,
            ack: 0,
            window: 0,
            flags: 0,
            len: 0,
            frame: 0,
        }
    }

    /// As a row.
    pub fn event(&self, t: Nanos) -> Event {
        let len = self.len.min(LEN_MASK);
        Event {
            a: u64::from(self.seq) << 32 | u64::from(self.ack),
            b: (len | u32::from(self.flags) << LEN_BITS).cast_signed(),
            link: self.frame,
            socket: SocketId(self.flow),
            op: self.window,
            call: self.role as u8,
            ..Event::new(Kind::Segment, t, ActorId::LAB)
        }
    }
}

impl Event {
    /// The captured packet, for kind Segment.
    pub fn segment(&self) -> Option<Segment> {
        if self.kind != Kind::Segment {
            return None;
        }
        let b = self.b.cast_unsigned();
        Some(Segment {
            role: SegmentRole::ALL
                .get(usize::from(self.call))
                .copied()
                .unwrap_or(SegmentRole::Other),
            flow: self.socket.0,
            seq: (self.a >> 32) as u32,
            ack: self.a as u32,
            window: self.op,
            flags: (b >> LEN_BITS) as u8,
            len: b & LEN_MASK,
            frame: self.link,
        })
    }
}

/// One direction between two addresses, from the first packet seen of it. A connection has two.
#[derive(Debug)]
pub struct Flow {
    /// Address and port it comes from.
    pub from: String,
    /// Address and port it goes to.
    pub to: String,
    /// The stream whose bytes it carries, once known.
    pub stream: Option<super::StreamId>,
    /// TCP: the sequence number of its SYN; its first byte has the next one.
    pub isn: Option<u32>,
    /// TCP: the window scale its SYN offers (RFC 7323); it counts if both SYNs offer one.
    pub scale: Option<u8>,
    /// The event of its first packet.
    pub since: EventId,
    /// Number of the opposite direction.
    pub back: Option<u16>,
    /// Offset after the highest byte sent so far; 0 = the SYN, so stream offset + 1.
    next: u64,
    fin: bool,
    last_ack: Option<(u32, u16)>,
    /// Data segments of a stream not known yet: event, and stream offsets.
    pending: Vec<(EventId, u64, u64)>,
}

/// Only a capture that began in the middle of a run has so many.
const MOST_PENDING: usize = 4096;

impl Flow {
    pub(crate) fn new(from: String, to: String, scale: Option<u8>, since: EventId) -> Self {
        Flow {
            from,
            to,
            stream: None,
            isn: None,
            scale,
            since,
            back: None,
            next: 0,
            fin: false,
            last_ack: None,
            pending: Vec::new(),
        }
    }

    /// `seq` counted from the SYN, right also when the 32 bits have wrapped around: the value
    /// nearest to what is expected.
    fn unwrap(&self, seq: u32) -> Option<u64> {
        let near = seq.wrapping_sub(self.isn?);
        let expected = self.next;
        // The distance from the expected value, which is less than half the number space.
        let away = near.wrapping_sub(expected as u32).cast_signed();
        expected.checked_add_signed(i64::from(away))
    }

    /// The acknowledgement number `ack` as offset in this flow's stream: all before it arrived.
    pub fn acknowledged(&self, ack: u32) -> Option<u64> {
        self.unwrap(ack)?.checked_sub(1)
    }

    /// The stream offset of sequence number `seq`, for a segment near the flow's live edge.
    pub fn offset(&self, seq: u32) -> Option<u64> {
        self.unwrap(seq)?.checked_sub(1)
    }

    /// Judges the next segment, and says which bytes of the stream it carries for the first
    /// time. `peer_window`: the last window of the other direction.
    pub(crate) fn judge(
        &mut self,
        s: &Segment,
        peer_window: Option<u16>,
    ) -> (SegmentRole, Option<(u64, u64)>) {
        let has = |bit| s.flags & bit != 0;
        if has(tcp::RST) {
            return (SegmentRole::Rst, None);
        }
        if has(tcp::SYN) {
            if self.isn == Some(s.seq) {
                return (SegmentRole::Retransmission, None);
            }
            self.isn = Some(s.seq);
            self.next = 1;
            self.last_ack = Some((s.ack, s.window));
            let role = if has(tcp::ACK) {
                SegmentRole::SynAck
            } else {
                SegmentRole::Syn
            };
            return (role, None);
        }
        // Only captures that begin in the middle have no SYN: the first byte seen is the first.
        if self.isn.is_none() {
            self.isn = Some(s.seq.wrapping_sub(1));
            self.next = 1;
        }
        let before = self.last_ack.replace((s.ack, s.window));
        let Some(start) = self.unwrap(s.seq) else {
            return (SegmentRole::Retransmission, None);
        };
        let end = start + u64::from(s.len);
        let fin = has(tcp::FIN);
        if s.len > 0 {
            let known = self.next;
            if end <= known {
                return (SegmentRole::Retransmission, None);
            }
            self.next = end + u64::from(fin);
            self.fin |= fin;
            return (
                SegmentRole::Data,
                Some((start.max(known).saturating_sub(1), end - 1)),
            );
        }
        if fin {
            if self.fin && start < self.next {
                return (SegmentRole::Retransmission, None);
            }
            self.fin = true;
            self.next = self.next.max(start + 1);
            return (SegmentRole::Fin, None);
        }
        if start + 1 == self.next && self.next > 1 {
            let role = if peer_window == Some(0) {
                SegmentRole::WindowProbe
            } else {
                SegmentRole::KeepAlive
            };
            return (role, None);
        }
        if s.window == 0 {
            return (SegmentRole::ZeroWindow, None);
        }
        let role = match before {
            Some((ack, window)) if ack == s.ack && s.window > window => SegmentRole::WindowUpdate,
            Some((ack, window)) if ack == s.ack && s.window == window => SegmentRole::DuplicateAck,
            _ => SegmentRole::Ack,
        };
        (role, None)
    }

    /// The last window this direction told.
    pub(crate) fn window(&self) -> Option<u16> {
        self.last_ack.map(|(_, window)| window)
    }

    /// Bytes for the first time, while the stream is not known.
    pub(crate) fn wait(&mut self, event: EventId, start: u64, end: u64) {
        if self.pending.len() < MOST_PENDING {
            self.pending.push((event, start, end));
        }
    }

    pub(crate) fn waited(&mut self) -> Vec<(EventId, u64, u64)> {
        std::mem::take(&mut self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn data(seq: u32, len: u32) -> Segment {
        Segment {
            seq,
            len,
            flags: tcp::ACK,
            window: 100,
            ..Segment::new(SegmentRole::Ack)
        }
    }

    fn flow(isn: u32) -> Flow {
        let mut flow = Flow::new("a".into(), "b".into(), None, 0);
        let syn = Segment {
            seq: isn,
            flags: tcp::SYN,
            ..Segment::new(SegmentRole::Ack)
        };
        assert_eq!(flow.judge(&syn, None), (SegmentRole::Syn, None));
        flow
    }

    #[test]
    fn a_row_gives_back_what_was_put_in() {
        let s = Segment {
            role: SegmentRole::WindowProbe,
            flow: 3,
            seq: 0xffff_fffe,
            ack: 7,
            window: 65535,
            flags: 0xff,
            len: 70_000,
            frame: 9,
        };
        assert_eq!(s.event(5).segment(), Some(s));
        assert!(s.event(5).b > 0);
    }

    proptest! {
        /// Whatever the first number, the bytes are counted from 0 in order; what was sent
        /// before is a retransmission and carries nothing new.
        #[test]
        fn offsets_survive_wrapping_and_repeats(
            isn in prop_oneof![any::<u32>(), (u32::MAX - 5000)..=u32::MAX],
            sizes in prop::collection::vec((1u32..3000, any::<bool>()), 1..60),
        ) {
            let mut flow = flow(isn);
            let mut at = 0u64;
            for (len, again) in sizes {
                let seq = isn.wrapping_add(1).wrapping_add(at as u32);
                let (role, range) = flow.judge(&data(seq, len), None);
                prop_assert_eq!(role, SegmentRole::Data);
                prop_assert_eq!(range, Some((at, at + u64::from(len))));
                if again {
                    let repeat = flow.judge(&data(seq, len), None);
                    prop_assert_eq!(repeat, (SegmentRole::Retransmission, None));
                }
                at += u64::from(len);
                prop_assert_eq!(flow.acknowledged(seq.wrapping_add(len)), Some(at));
            }
        }

        /// A segment that repeats some bytes and brings others tells of the others only.
        #[test]
        fn an_overlap_counts_once(isn in any::<u32>(), first in 1u32..2000, back in 0u32..2000, more in 1u32..2000) {
            let mut flow = flow(isn);
            flow.judge(&data(isn.wrapping_add(1), first), None);
            let back = back.min(first);
            let seq = isn.wrapping_add(1 + first - back);
            let (role, range) = flow.judge(&data(seq, back + more), None);
            prop_assert_eq!(role, SegmentRole::Data);
            prop_assert_eq!(range, Some((u64::from(first), u64::from(first + more))));
        }
    }

    #[test]
    fn empty_segments_are_told_apart() {
        let mut flow = flow(1000);
        let mut say = |seq: u32, ack: u32, window: u16, peer: Option<u16>| {
            let s = Segment {
                ack,
                window,
                ..data(seq, 0)
            };
            flow.judge(&s, peer).0
        };
        assert_eq!(say(1001, 1, 100, None), SegmentRole::Ack);
        assert_eq!(say(1001, 50, 60, None), SegmentRole::Ack);
        assert_eq!(say(1001, 110, 0, None), SegmentRole::ZeroWindow);
        assert_eq!(say(1001, 110, 80, None), SegmentRole::WindowUpdate);
        assert_eq!(say(1001, 110, 80, None), SegmentRole::DuplicateAck);
        assert_eq!(flow.judge(&data(1001, 10), None).0, SegmentRole::Data);
        let mut say = |seq: u32, peer: Option<u16>| flow.judge(&data(seq, 0), peer).0;
        assert_eq!(say(1010, Some(0)), SegmentRole::WindowProbe);
        assert_eq!(say(1010, Some(9)), SegmentRole::KeepAlive);
        let fin = Segment {
            flags: tcp::FIN | tcp::ACK,
            ..data(1011, 0)
        };
        assert_eq!(flow.judge(&fin, None).0, SegmentRole::Fin);
        assert_eq!(flow.judge(&fin, None).0, SegmentRole::Retransmission);
        let last = Segment {
            ack: 1,
            ..data(1012, 0)
        };
        assert_eq!(flow.judge(&last, None).0, SegmentRole::Ack);
    }
}
