//! Runs with a relay between the ends.

use proptest::prelude::*;

use super::properties::ask_everything;
use super::script::{CLIENT, CLIENT_SOCKET, LISTENER, Row, SERVER, SERVER_SOCKET, Script, meta};
use crate::trace::{
    ActorId, ActorMeta, Call, Event, Handled, Kind, Mark, NONE, Origin, Role, SocketId, StreamId,
    Trace, Verdict,
};

const RELAY: ActorId = ActorId(2);
const RELAY_LISTENER: SocketId = SocketId(3);
const NEAR: SocketId = SocketId(4);
const FAR: SocketId = SocketId(5);

/// Client → relay is the first connection, relay → server the second.
const UPSTREAM: StreamId = StreamId(0);
const DOWNSTREAM: StreamId = StreamId(2);

fn relayed(from: SocketId, to: SocketId, handled: u32, start: u64, length: i32) -> Event {
    Event {
        a: start,
        b: length,
        link: handled,
        socket: to,
        op: from.0,
        ..Event::mark(Mark::Relayed, 0, RELAY)
    }
}

fn joined() -> Script {
    let mut s = Script::default();
    s.socket(SERVER, LISTENER, "AF_INET", "SOCK_STREAM");
    s.socket(RELAY, RELAY_LISTENER, "AF_INET", "SOCK_STREAM");
    s.socket(CLIENT, CLIENT_SOCKET, "AF_INET", "SOCK_STREAM");
    s.connect(CLIENT, CLIENT_SOCKET, "127.0.0.1:5000", "127.0.0.1:9001");
    s.accept(
        RELAY,
        RELAY_LISTENER,
        NEAR,
        "127.0.0.1:9001",
        "127.0.0.1:5000",
    );
    s.socket(RELAY, FAR, "AF_INET", "SOCK_STREAM");
    s.connect(RELAY, FAR, "127.0.0.1:6000", "127.0.0.1:9000");
    s.accept(
        SERVER,
        LISTENER,
        SERVER_SOCKET,
        "127.0.0.1:9000",
        "127.0.0.1:6000",
    );
    s.row(relayed(NEAR, FAR, 0, 0, 0), &[]);
    s.row(relayed(FAR, NEAR, 0, 0, 0), &[]);
    s
}

impl Script {
    fn relay_recv(&mut self, n: usize) {
        self.begin(Call::Recv, RELAY, NEAR, n as u64);
        self.returned(Call::Recv, RELAY, NEAR, n as i32, 0, None);
    }

    fn relay_send(&mut self, bytes: &[u8]) {
        let asked = bytes.len() as u64;
        self.begin_with(Call::Send, RELAY, FAR, asked, NONE, bytes);
        self.returned(Call::Send, RELAY, FAR, bytes.len() as i32, 0, None);
    }
}

fn trace_of(rows: &[Row]) -> Trace {
    let mut meta = meta();
    meta.actors.push(ActorMeta {
        name: "attacker".to_owned(),
        role: Role::Other,
        external: false,
    });
    (meta.relay, meta.attack) = (Some(RELAY), "slice:1:1".to_owned());
    let mut trace = Trace::new(meta).with_checkpoints_every(16);
    for (e, detail, bytes) in rows {
        trace.append(*e, detail.clone(), bytes);
    }
    trace
}

#[test]
fn two_connections_are_the_one_that_the_programs_mean() {
    let mut s = joined();
    s.send(0, b"hello");
    s.relay_recv(5);
    for i in 0..5 {
        s.row(relayed(NEAR, FAR, 0, i, 1), &[]);
        s.relay_send(&b"hello"[i as usize..=i as usize]);
    }
    s.recv(99, b"hello");
    s.frame(SERVER_SOCKET, 0, 5);
    let trace = trace_of(&s.rows);
    assert_eq!(trace.main_stream(), Some(DOWNSTREAM));
    let links = trace.links(NONE);
    assert_eq!(links.len(), 1);
    assert_eq!(
        (links[0].client.actor, links[0].server.actor),
        (Some(CLIENT), Some(SERVER))
    );
    assert_eq!(
        (links[0].forward, links[0].backward),
        (DOWNSTREAM, StreamId(1))
    );
    // Before the relay said that they belong together, there were two.
    assert_eq!(trace.links(links[0].since).len(), 2);
    // In five pieces, it is still the one message that was sent.
    let stream = trace.stream(DOWNSTREAM).expect("known");
    assert_eq!(stream.messages().len(), 1);
    assert_eq!(stream.verdict(0), Verdict::Right);
    let facts = trace.live().facts;
    assert_eq!((facts.sends, facts.recvs, facts.bytes_sent), (1, 1, 5));
    assert_eq!(facts.frames_right, 1);
}

#[test]
fn part_of_a_message_is_not_the_message() {
    // Raw framing takes the first slice for a message; it is not what was sent.
    let mut s = joined();
    s.send(0, b"hello");
    s.relay_recv(5);
    s.row(relayed(NEAR, FAR, 0, 0, 2), &[]);
    s.relay_send(b"he");
    s.recv(99, b"he");
    s.frame(SERVER_SOCKET, 0, 2);
    let trace = trace_of(&s.rows);
    let stream = trace.stream(DOWNSTREAM).expect("known");
    assert_eq!(stream.verdict(0), Verdict::Wrong);
    assert_eq!(trace.live().facts.frames_wrong, 1);
    let part = stream.parts(0, 2).next().expect("a part");
    assert_eq!((part.of, part.is_whole()), (Some((0, 5)), false));
}

#[test]
fn a_frame_with_a_foreign_byte_inside_is_wrong_even_if_its_length_fits() {
    let mut s = joined();
    s.send(0, b"hello");
    s.relay_recv(5);
    s.row(relayed(NEAR, FAR, 0, 0, 2), &[]);
    s.row(relayed(NEAR, FAR, 2, 2, 1), &[]);
    s.row(relayed(NEAR, FAR, 0, 2, 3), &[]);
    s.relay_send(b"he!llo");
    s.recv(99, b"he!llo");
    s.frame(SERVER_SOCKET, 0, 5);
    let trace = trace_of(&s.rows);
    let stream = trace.stream(DOWNSTREAM).expect("known");
    assert_eq!(stream.verdict(0), Verdict::Wrong);
    let origins: Vec<Origin> = stream.parts(0, 6).map(|p| p.origin).collect();
    assert_eq!(
        origins,
        [Origin::Message(0), Origin::Attacker, Origin::Message(0)]
    );
}

/// What happens next in a made-up run.
#[derive(Clone, Debug)]
enum Next {
    Send(u8),
    Take,
    Handle { code: u32, length: i32, wrong: bool },
    PassOn,
    Receive(u8),
    Frame(u8),
    Any(Event),
}

fn next() -> impl Strategy<Value = Next> {
    let any = (
        0u8..4,
        0u8..16,
        any::<u64>(),
        any::<i32>(),
        any::<u32>(),
        0u16..8,
        0u16..8,
    );
    let any = any.prop_map(|(kind, call, a, b, link, socket, op)| {
        let kind = [Kind::Mark, Kind::Begin, Kind::Return, Kind::Frame][usize::from(kind)];
        Next::Any(Event {
            a: a >> (a % 64),
            b,
            link: link % 6,
            socket: SocketId(socket),
            op,
            call,
            ..Event::new(kind, 0, ActorId(call % 3))
        })
    });
    prop_oneof![
        4 => (1u8..20).prop_map(Next::Send),
        4 => Just(Next::Take),
        6 => (0u32..5, 0i32..12, prop::bool::weighted(0.1))
            .prop_map(|(code, length, wrong)| Next::Handle { code, length, wrong }),
        4 => Just(Next::PassOn),
        4 => (1u8..30).prop_map(Next::Receive),
        3 => (1u8..20).prop_map(Next::Frame),
        1 => any,
    ]
}

proptest! {
    /// Whatever a relay claims, every prefix says what a trace of only that prefix says, and
    /// no question makes it panic.
    #[test]
    fn prefixes_agree_with_a_relay(steps in prop::collection::vec(next(), 0..60)) {
        let mut s = joined();
        let (mut sent, mut taken, mut handled, mut given, mut passed, mut got, mut framed) =
            (0u64, 0, 0, 0, 0, 0, 0);
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Next::Send(n) => {
                    s.send(number as u32, &vec![number as u8; n.into()]);
                    sent += u64::from(n);
                }
                Next::Take if sent > taken => {
                    s.relay_recv((sent - taken) as usize);
                    taken = sent;
                }
                Next::Handle { code, length, wrong } => {
                    let takes = code != Handled::Inserted as u32;
                    let most = if takes { (taken - handled) as i32 } else { 12 };
                    let length = length.min(most);
                    s.row(relayed(NEAR, FAR, code, handled + u64::from(wrong), length), &[]);
                    if !wrong && code < 4 {
                        handled += if takes { length as u64 } else { 0 };
                        given += if code == Handled::Dropped as u32 { 0 } else { length as u64 };
                    }
                }
                Next::PassOn if given > passed => {
                    s.relay_send(&vec![7; (given - passed) as usize]);
                    passed = given;
                }
                Next::Receive(n) if passed > got => {
                    let n = u64::from(n).min(passed - got);
                    s.begin(Call::Recv, SERVER, SERVER_SOCKET, n);
                    s.returned(Call::Recv, SERVER, SERVER_SOCKET, n as i32, 0, None);
                    got += n;
                }
                Next::Frame(n) if got > framed => {
                    let n = u64::from(n).min(got - framed);
                    s.frame(SERVER_SOCKET, framed, n as i32);
                    framed += n;
                }
                Next::Any(event) => s.row(event, &[]),
                _ => {}
            }
        }
        let trace = trace_of(&s.rows);
        let mut growing = trace_of(&[]);
        for (k, (e, detail, bytes)) in s.rows.iter().enumerate() {
            prop_assert_eq!(&trace.state_at(k as u32), growing.live(), "as of {}", k);
            growing.append(*e, detail.clone(), bytes);
        }
        ask_everything(&trace)?;
        for k in 0..=trace.len() {
            let _ = trace.links(k);
        }
        // What the relay said is what the map says.
        if let Some(map) = trace.stream(DOWNSTREAM).and_then(|s| s.relayed()) {
            prop_assert_eq!(map.upstream(), UPSTREAM);
            for piece in map.pieces_at(NONE) {
                let _ = map.of_event(piece.event);
                let _ = map.place(piece.input.0, trace.len());
            }
        }
    }
}
