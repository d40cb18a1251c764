//! The states of both ends of a TCP connection: as read from the kernel, and between two readings
//! inferred from its segments (RFC 9293, 3.3.2).
//!
//! What is inferred takes each segment to have arrived. A segment that was lost after it had been
//! captured makes the receiver's state appear too early; its retransmission changes nothing then.

use crate::trace::tcp;

pub use crate::trace::TcpState as State;

/// Both ends, number 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct States {
    now: [State; 2],
    /// The acknowledgement number that acknowledges the FIN of each end.
    fin: [Option<u32>; 2],
}

impl States {
    /// The states as they are.
    pub fn now(&self) -> [State; 2] {
        self.now
    }

    /// That end waits for connections (its program called `listen`).
    pub fn listens(&mut self, end: usize) {
        if let Some(state) = self.now.get_mut(end)
            && matches!(state, State::Unknown | State::Closed)
        {
            *state = State::Listen;
        }
    }

    /// The kernel was asked: that end is in that state, whatever its segments let suppose.
    pub fn read(&mut self, end: usize, state: State) {
        if let Some(now) = self.now.get_mut(end)
            && state != State::Unknown
        {
            *now = state;
        }
    }

    /// End `from` sent a segment, and the other got it.
    ///
    /// ```
    /// use socklab::trace::tcp::{ACK, FIN, SYN};
    /// use socklab::wire::states::{State, States};
    ///
    /// let mut states = States::default();
    /// states.listens(1);
    /// states.segment(0, SYN, 100, 0, 0);
    /// states.segment(1, SYN | ACK, 300, 101, 0);
    /// states.segment(0, ACK, 101, 301, 0);
    /// assert_eq!(states.now(), [State::Established; 2]);
    /// states.segment(0, FIN | ACK, 101, 301, 0);
    /// assert_eq!(states.now(), [State::FinWait1, State::CloseWait]);
    /// states.segment(1, FIN | ACK, 301, 102, 0);
    /// assert_eq!(states.now(), [State::TimeWait, State::LastAck]);
    /// states.segment(0, ACK, 102, 302, 0);
    /// assert_eq!(states.now(), [State::TimeWait, State::Closed]);
    /// ```
    pub fn segment(&mut self, from: usize, flags: u8, seq: u32, ack: u32, len: u32) {
        let (from, to) = (from & 1, 1 - (from & 1));
        let has = |bit| flags & bit != 0;
        if has(tcp::RST) {
            for end in [from, to] {
                // Who listens goes on listening, and who waits the time out has nothing to lose.
                if !matches!(self.now[end], State::Listen) {
                    self.now[end] = State::Closed;
                }
            }
            return;
        }
        if has(tcp::SYN) {
            self.syn(from, to, has(tcp::ACK));
            return;
        }
        if self.now[from] == State::Unknown {
            // The capture began in the middle.
            self.now[from] = State::Established;
        }
        if self.now[to] == State::Unknown {
            self.now[to] = State::Established;
        }
        if has(tcp::ACK) {
            self.acknowledged(to, ack);
        }
        if has(tcp::FIN) {
            self.finished(from, to, seq.wrapping_add(len).wrapping_add(1));
        }
    }

    fn syn(&mut self, from: usize, to: usize, answers: bool) {
        if answers {
            if !matches!(self.now[from], State::Established) {
                self.now[from] = State::SynReceived;
            }
            if self.now[to] == State::SynSent {
                self.now[to] = State::Established;
            }
            return;
        }
        let fresh = matches!(
            self.now[from],
            State::Unknown | State::Closed | State::TimeWait | State::Listen
        );
        if fresh {
            self.now[from] = State::SynSent;
            self.fin = [None; 2];
        } else if self.now[from] == State::SynSent && self.now[to] == State::SynSent {
            // Both at once.
            self.now[to] = State::SynReceived;
        }
    }

    /// `end` gets an acknowledgement.
    fn acknowledged(&mut self, end: usize, ack: u32) {
        if self.now[end] == State::SynReceived {
            self.now[end] = State::Established;
        }
        if self.fin[end] == Some(ack) {
            self.now[end] = match self.now[end] {
                State::FinWait1 => State::FinWait2,
                State::Closing => State::TimeWait,
                State::LastAck => State::Closed,
                other => other,
            };
        }
    }

    fn finished(&mut self, from: usize, to: usize, number: u32) {
        self.fin[from] = Some(number);
        self.now[from] = match self.now[from] {
            State::Established | State::SynReceived => State::FinWait1,
            State::CloseWait => State::LastAck,
            other => other,
        };
        self.now[to] = match self.now[to] {
            State::Established | State::SynReceived => State::CloseWait,
            State::FinWait1 => State::Closing,
            State::FinWait2 => State::TimeWait,
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::tcp::{ACK, FIN, RST, SYN};

    fn open() -> States {
        let mut states = States::default();
        states.listens(1);
        states.segment(0, SYN, 10, 0, 0);
        assert_eq!(states.now(), [State::SynSent, State::Listen]);
        states.segment(1, SYN | ACK, 50, 11, 0);
        assert_eq!(states.now(), [State::Established, State::SynReceived]);
        states.segment(0, ACK, 11, 51, 0);
        assert_eq!(states.now(), [State::Established; 2]);
        states
    }

    #[test]
    fn four_segments_close_by_way_of_fin_wait_2() {
        let mut states = open();
        states.segment(0, ACK, 11, 51, 5);
        states.segment(0, FIN | ACK, 16, 51, 0);
        states.segment(1, ACK, 51, 17, 0);
        assert_eq!(states.now(), [State::FinWait2, State::CloseWait]);
        states.segment(1, FIN | ACK, 51, 17, 0);
        assert_eq!(states.now(), [State::TimeWait, State::LastAck]);
        states.segment(0, ACK, 17, 52, 0);
        assert_eq!(states.now(), [State::TimeWait, State::Closed]);
    }

    #[test]
    fn an_acknowledgement_of_data_alone_does_not_end_fin_wait_1() {
        let mut states = open();
        states.segment(0, FIN | ACK, 11, 51, 5);
        states.segment(1, ACK, 51, 16, 0);
        assert_eq!(states.now(), [State::FinWait1, State::CloseWait]);
    }

    #[test]
    fn both_at_once_are_closing() {
        let mut states = open();
        states.segment(0, FIN | ACK, 11, 51, 0);
        // Sent before the other FIN arrived: it does not acknowledge it.
        states.segment(1, FIN | ACK, 51, 11, 0);
        assert_eq!(states.now()[0], State::Closing);
        states.segment(1, ACK, 52, 12, 0);
        assert_eq!(states.now()[0], State::TimeWait);
    }

    #[test]
    fn a_refusal_and_a_reset_close() {
        let mut states = States::default();
        states.segment(0, SYN, 10, 0, 0);
        states.segment(1, RST | ACK, 0, 11, 0);
        assert_eq!(states.now(), [State::Closed; 2]);
        let mut states = open();
        states.segment(1, RST, 51, 0, 0);
        assert_eq!(states.now(), [State::Closed; 2]);
    }

    #[test]
    fn a_repeated_syn_changes_nothing() {
        let mut states = open();
        let before = states;
        states.segment(0, SYN, 10, 0, 0);
        assert_eq!(states, before);
    }
}
