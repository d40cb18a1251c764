//! What the kernel said of the ends of TCP connections: their states, what limits a sender, and
//! how far its segments have got. Read now and then, not at every change.

use serde::{Deserialize, Serialize};

use super::event::{ActorId, Event, Mark, NONE, Nanos, SocketId};

/// A state of RFC 9293, 3.3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum TcpState {
    /// Nothing is known of this end.
    #[default]
    Unknown = 0,
    /// There is no connection.
    Closed = 1,
    /// Waits for a SYN.
    Listen = 2,
    /// Has sent a SYN.
    SynSent = 3,
    /// Has answered a SYN.
    SynReceived = 4,
    /// Data may flow.
    Established = 5,
    /// Has sent its FIN.
    FinWait1 = 6,
    /// Its FIN was acknowledged.
    FinWait2 = 7,
    /// Has got a FIN and sent none.
    CloseWait = 8,
    /// Both have sent a FIN at once.
    Closing = 9,
    /// Has got a FIN and then sent its own.
    LastAck = 10,
    /// All is said; old segments may still be under way.
    TimeWait = 11,
}

impl TcpState {
    /// Every state, in the order of its code.
    pub const ALL: [TcpState; 12] = [
        TcpState::Unknown,
        TcpState::Closed,
        TcpState::Listen,
        TcpState::SynSent,
        TcpState::SynReceived,
        TcpState::Established,
        TcpState::FinWait1,
        TcpState::FinWait2,
        TcpState::CloseWait,
        TcpState::Closing,
        TcpState::LastAck,
        TcpState::TimeWait,
    ];

    /// Its name as in the RFC, and as tools print it.
    pub fn name(self) -> &'static str {
        match self {
            TcpState::Unknown => "",
            TcpState::Closed => "CLOSED",
            TcpState::Listen => "LISTEN",
            TcpState::SynSent => "SYN_SENT",
            TcpState::SynReceived => "SYN_RCVD",
            TcpState::Established => "ESTABLISHED",
            TcpState::FinWait1 => "FIN_WAIT_1",
            TcpState::FinWait2 => "FIN_WAIT_2",
            TcpState::CloseWait => "CLOSE_WAIT",
            TcpState::Closing => "CLOSING",
            TcpState::LastAck => "LAST_ACK",
            TcpState::TimeWait => "TIME_WAIT",
        }
    }

    /// From the kernel's own numbering (`include/net/tcp_states.h`), which `TCP_INFO`, `sock_diag`
    /// and `/proc/net/tcp` share.
    pub fn from_linux(code: u8) -> TcpState {
        match code {
            1 => TcpState::Established,
            2 => TcpState::SynSent,
            // 12: a SYN was answered, and there is no socket yet.
            3 | 12 => TcpState::SynReceived,
            4 => TcpState::FinWait1,
            5 => TcpState::FinWait2,
            6 => TcpState::TimeWait,
            7 => TcpState::Closed,
            8 => TcpState::CloseWait,
            9 => TcpState::LastAck,
            10 => TcpState::Listen,
            11 => TcpState::Closing,
            _ => TcpState::Unknown,
        }
    }
}

/// What limits what an end may have under way (`man 7 tcp`, `TCP_INFO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderFigures {
    /// Congestion window, segments.
    pub cwnd: u32,
    /// Largest segment it sends now, bytes of payload.
    pub mss: u32,
    /// The window that the other end announced last, bytes, scaled.
    pub peer_window: u32,
    /// The window that this end announced last, bytes, scaled; kernels before 6.2 do not tell.
    pub own_window: Option<u32>,
}

impl SenderFigures {
    /// Congestion window, bytes.
    pub fn cwnd_bytes(&self) -> u64 {
        u64::from(self.cwnd) * u64::from(self.mss)
    }
}

/// A reading of one end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpReading {
    /// Its state when it was read.
    pub state: TcpState,
    /// It is the other end of the socket's connection that was read: one without a socket of the
    /// run (not accepted yet, half-open, or a program's outside).
    pub of_peer: bool,
    /// Read by its addresses: there is no descriptor (not yet, or no longer) to ask.
    pub by_address: bool,
    /// Told of ends that have a descriptor and a connection.
    pub sender: Option<SenderFigures>,
}

/// What an end has sent so far, as `TCP_INFO` counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentSoFar {
    /// Segments with data, repeated ones included.
    pub data_segments: u32,
    /// Bytes of the stream that the other end's kernel has acknowledged.
    pub acked: u64,
    /// Segments that were sent again.
    pub retransmissions: u32,
}

/// How far bytes have got, as the kernel reports it (`SO_TIMESTAMPING`,
/// `Documentation/networking/timestamping.rst`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Stage {
    /// Handed to the packet scheduler.
    Scheduled = 0,
    /// Handed to the network device.
    Left = 1,
    /// Acknowledged by the other end's kernel.
    Acked = 2,
}

impl Stage {
    /// Every stage, in the order of its code.
    pub const ALL: [Stage; 3] = [Stage::Scheduled, Stage::Left, Stage::Acked];
}

/// The kernel reports that bytes have got so far. It was read later than it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How far.
    pub stage: Stage,
    /// The stream offset before which all bytes have got so far.
    pub end: u64,
    /// Nanoseconds between what happened and its reading; the event's time is the reading's.
    pub ago: u32,
}

const OF_PEER: u16 = 1 << 8;
const BY_ADDRESS: u16 = 1 << 9;

impl TcpReading {
    /// As an event, see [`Mark::TcpEnd`].
    pub fn event(&self, t: Nanos, socket: SocketId) -> Event {
        let mut op = self.state as u16;
        if self.of_peer {
            op |= OF_PEER;
        }
        if self.by_address {
            op |= BY_ADDRESS;
        }
        let sender = self.sender.filter(|s| s.mss != NONE);
        Event {
            a: sender.map_or(0, |s| u64::from(s.cwnd) << 32 | u64::from(s.peer_window)),
            b: sender
                .and_then(|s| s.own_window)
                .and_then(|w| i32::try_from(w).ok())
                .unwrap_or(-1),
            link: sender.map_or(NONE, |s| s.mss),
            socket,
            op,
            ..Event::mark(Mark::TcpEnd, t, ActorId::LAB)
        }
    }
}

impl SentSoFar {
    /// As an event, see [`Mark::SentSoFar`].
    pub fn event(&self, t: Nanos, socket: SocketId) -> Event {
        Event {
            a: self.acked,
            b: i32::try_from(self.retransmissions).unwrap_or(i32::MAX),
            link: self.data_segments,
            socket,
            ..Event::mark(Mark::SentSoFar, t, ActorId::LAB)
        }
    }
}

impl Progress {
    /// As an event, see [`Mark::Progress`].
    pub fn event(&self, t: Nanos, socket: SocketId) -> Event {
        Event {
            a: self.end,
            link: self.ago,
            socket,
            op: self.stage as u16,
            ..Event::mark(Mark::Progress, t, ActorId::LAB)
        }
    }
}

impl Event {
    /// The reading of a TCP end, if it is one.
    pub fn tcp_reading(&self) -> Option<TcpReading> {
        if self.as_mark() != Some(Mark::TcpEnd) {
            return None;
        }
        let state = TcpState::ALL.get(usize::from(self.op & 0xff)).copied();
        Some(TcpReading {
            state: state.unwrap_or_default(),
            of_peer: self.op & OF_PEER != 0,
            by_address: self.op & BY_ADDRESS != 0,
            sender: (self.link != NONE).then(|| SenderFigures {
                cwnd: (self.a >> 32) as u32,
                mss: self.link,
                peer_window: self.a as u32,
                own_window: u32::try_from(self.b).ok(),
            }),
        })
    }

    /// What a TCP end has sent so far, if it says that.
    pub fn sent_so_far(&self) -> Option<SentSoFar> {
        (self.as_mark() == Some(Mark::SentSoFar)).then(|| SentSoFar {
            data_segments: self.link,
            acked: self.a,
            retransmissions: u32::try_from(self.b).unwrap_or(0),
        })
    }

    /// How far bytes have got, if it says that.
    pub fn progress(&self) -> Option<Progress> {
        if self.as_mark() != Some(Mark::Progress) {
            return None;
        }
        Some(Progress {
            stage: *Stage::ALL.get(usize::from(self.op))?,
            end: self.a,
            ago: self.link,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_gives_back_what_was_put_in(
            state in 0usize..12,
            (of_peer, by_address) in any::<(bool, bool)>(),
            sender in proptest::option::of((any::<u32>(), 0u32..100_000, any::<u32>(), proptest::option::of(0..=i32::MAX as u32))),
        ) {
            let reading = TcpReading {
                state: TcpState::ALL[state],
                of_peer,
                by_address,
                sender: sender.map(|(cwnd, mss, peer_window, own_window)| SenderFigures {
                    cwnd, mss, peer_window, own_window,
                }),
            };
            let event = reading.event(7, SocketId(3));
            prop_assert_eq!(event.tcp_reading(), Some(reading));
            prop_assert_eq!(event.sent_so_far(), None);
            prop_assert_eq!(event.progress(), None);
        }
    }

    #[test]
    fn counts_and_progress_come_back_too() {
        let sent = SentSoFar {
            data_segments: 9,
            acked: 1 << 40,
            retransmissions: 2,
        };
        assert_eq!(sent.event(1, SocketId(0)).sent_so_far(), Some(sent));
        for stage in Stage::ALL {
            let progress = Progress {
                stage,
                end: 1 << 33,
                ago: 12_345_678,
            };
            assert_eq!(progress.event(1, SocketId(0)).progress(), Some(progress));
        }
    }

    #[test]
    fn codes_are_places_in_the_list() {
        for (n, state) in TcpState::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, n);
        }
        let named: Vec<TcpState> = (0..=13).map(TcpState::from_linux).collect();
        assert_eq!(named[0], TcpState::Unknown);
        assert_eq!(named[13], TcpState::Unknown);
        for state in &TcpState::ALL[1..] {
            assert!(named.contains(state), "{state:?}");
        }
    }
}
