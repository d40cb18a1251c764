//! Random valid runs against a model of what a kernel does: two streams, one connection.

use super::script::{CLIENT, CLIENT_SOCKET, Row, SERVER, SERVER_SOCKET, Script};
use crate::trace::{ActorId, Call, Event, Gauge, Kind, NONE, SocketId, flag};
use proptest::prelude::*;

/// One choice: what to do, and two figures for it.
pub(super) type Choice = (u8, u16, u16);

/// A run and what is known of it from outside the trace.
#[derive(Default)]
pub(super) struct Simulated {
    pub(super) script: Script,
    pub(super) ways: [Way; 2],
    next_message: u32,
}

/// One direction: every byte of it, and every range.
#[derive(Default)]
pub(super) struct Way {
    /// Per byte accepted: its value and the number of its message.
    pub(super) bytes: Vec<(u8, Option<u32>)>,
    pub(super) received: usize,
    pub(super) recvs: Vec<(usize, usize)>,
    pub(super) frames: Vec<(usize, usize)>,
    sending: Option<Sending>,
    receiving: Option<usize>,
}

struct Sending {
    call: Call,
    /// What it asked to send and is not accepted yet.
    rest: Vec<u8>,
    message: Option<u32>,
    accepted: i32,
}

struct Ends {
    from: (ActorId, SocketId),
    to: (ActorId, SocketId),
}

fn ends(way: usize) -> Ends {
    let (client, server) = ((CLIENT, CLIENT_SOCKET), (SERVER, SERVER_SOCKET));
    if way == 0 {
        Ends {
            from: client,
            to: server,
        }
    } else {
        Ends {
            from: server,
            to: client,
        }
    }
}

pub(super) fn choices() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::vec((any::<u8>(), any::<u16>(), any::<u16>()), 0..160)
}

impl Simulated {
    pub(super) fn run(choices: &[Choice]) -> Self {
        let mut run = Simulated {
            script: Script::connected_pair(),
            ..Simulated::default()
        };
        for &(what, x, y) in choices {
            // Mostly client to server; a thread is in one call at a time.
            let way = usize::from(what >= 200);
            match what % 8 {
                0 | 1 => run.send(way, x, y),
                2 => run.accept_bytes(way, x),
                3 => run.send_returns(way, y),
                4 | 5 => run.recv(way, x, y),
                6 => run.frame(way, x, y),
                _ => run.gauge(way, x),
            }
        }
        for way in 0..2 {
            run.accept_bytes(way, u16::MAX);
            run.send_returns(way, 1);
        }
        run
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.script.rows
    }

    fn send(&mut self, way: usize, x: u16, y: u16) {
        let Ends {
            from: (actor, socket),
            ..
        } = ends(way);
        if self.ways[way].sending.is_some() || self.ways[1 - way].receiving.is_some() {
            return;
        }
        let message = match y % 4 {
            0 => None,
            // Going on with the message before.
            1 => Some(self.next_message.saturating_sub(1)),
            _ => {
                self.next_message += 1;
                Some(self.next_message - 1)
            }
        };
        let call = if y.is_multiple_of(3) {
            Call::SendAll
        } else {
            Call::Send
        };
        let rest: Vec<u8> = (0..x % 40).map(|i| i.wrapping_add(y) as u8).collect();
        self.script.begin_with(
            call,
            actor,
            socket,
            rest.len() as u64,
            message.unwrap_or(NONE),
            &rest,
        );
        self.ways[way].sending = Some(Sending {
            call,
            rest,
            message,
            accepted: 0,
        });
        if !y.is_multiple_of(5) {
            self.accept_bytes(way, u16::MAX);
            self.send_returns(way, y);
        }
    }

    /// The kernel takes bytes of the send under way; the receiver can have them at once.
    fn accept_bytes(&mut self, way: usize, x: u16) {
        let way = &mut self.ways[way];
        if let Some(sending) = &mut way.sending {
            let n = sending.rest.len().min(usize::from(x));
            sending.accepted += n as i32;
            let message = sending.message;
            way.bytes
                .extend(sending.rest.drain(..n).map(|byte| (byte, message)));
        }
    }

    fn send_returns(&mut self, way: usize, y: u16) {
        let Ends {
            from: (actor, socket),
            ..
        } = ends(way);
        let Some(sending) = self.ways[way].sending.take() else {
            return;
        };
        let (b, a) = if sending.call == Call::SendAll && !sending.rest.is_empty() {
            (-32, sending.accepted as u64)
        } else if sending.accepted == 0 && y.is_multiple_of(2) {
            (-11, 0)
        } else {
            (sending.accepted, 0)
        };
        self.script
            .returned(sending.call, actor, socket, b, a, None);
    }

    fn recv(&mut self, way: usize, x: u16, y: u16) {
        let Ends {
            to: (actor, socket),
            ..
        } = ends(way);
        if self.ways[1 - way].sending.is_some() {
            return;
        }
        if self.ways[way].receiving.is_none() {
            let asked = usize::from(x % 50) + 1;
            self.script.begin(Call::Recv, actor, socket, asked as u64);
            self.ways[way].receiving = Some(asked);
            if self.ways[way].received == self.ways[way].bytes.len() {
                self.script.blocked(Call::Recv, actor, socket);
            }
        }
        let way = &mut self.ways[way];
        let available = way.bytes.len() - way.received;
        let Some(asked) = way.receiving.filter(|_| available > 0) else {
            return;
        };
        let n = asked.min(available);
        let got: Vec<u8> = way.bytes[way.received..way.received + n]
            .iter()
            .map(|b| b.0)
            .collect();
        let peek = y.is_multiple_of(9);
        let e = Event {
            call: Call::Recv as u8,
            socket,
            b: n as i32,
            flags: if peek { flag::PEEK } else { 0 },
            ..Event::new(Kind::Return, 0, actor)
        };
        self.script.row(e, &got);
        way.receiving = None;
        if !peek {
            way.recvs.push((way.received, way.received + n));
            way.received += n;
        }
    }

    fn frame(&mut self, way: usize, x: u16, y: u16) {
        let Ends {
            to: (_, socket), ..
        } = ends(way);
        let this = &mut self.ways[way];
        let from = this.frames.last().map_or(0, |f| f.1);
        let left = this.received - from;
        if y.is_multiple_of(13) {
            self.script.frame_error(socket, from as u64);
            return;
        }
        if left == 0 {
            return;
        }
        // Often up to the end of a message or of what was received, so that some are right.
        let end = match y % 3 {
            0 => from + 1 + usize::from(x) % left,
            1 => this.received,
            _ => {
                let message = this.bytes[from].1;
                let run = this.bytes[from..this.received]
                    .iter()
                    .take_while(|b| b.1 == message);
                from + run.count()
            }
        };
        this.frames.push((from, end));
        self.script.frame(socket, from as u64, (end - from) as i32);
    }

    fn gauge(&mut self, way: usize, x: u16) {
        let Ends {
            to: (_, socket), ..
        } = ends(way);
        let gauge = Gauge {
            unread: (!x.is_multiple_of(3)).then_some(u32::from(x)),
            unacked: (!x.is_multiple_of(5)).then_some(7),
            unsent: None,
        };
        self.script.gauge(socket, gauge);
    }
}

impl Way {
    /// Maximal runs of bytes of one message: (number, start, end).
    pub(super) fn messages(&self) -> Vec<(u32, usize, usize)> {
        let mut runs: Vec<(Option<u32>, usize, usize)> = Vec::new();
        for (at, &(_, message)) in self.bytes.iter().enumerate() {
            match runs.last_mut() {
                Some(last) if last.0 == message => last.2 = at + 1,
                _ => runs.push((message, at, at + 1)),
            }
        }
        runs.into_iter()
            .filter_map(|(message, start, end)| Some((message?, start, end)))
            .collect()
    }
}
