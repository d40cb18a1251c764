//! Small runs told event by event.

use super::script::{
    CLIENT, CLIENT_SOCKET, EAGAIN, LISTENER, SERVER, SERVER_SOCKET, Script, trace_of,
};
use crate::trace::{
    ActorId, Batch, Call, DROPS_KNOWN, Detail, Event, Fate, Gauge, Kind, Mark, Message, NONE,
    Origin, Phase, SocketId, StreamId, Trace, Verdict, flag,
};

fn parts(trace: &Trace, start: u64, end: u64) -> Vec<(Origin, u64, u64, bool)> {
    let stream = trace.stream(StreamId(0)).expect("a stream");
    stream
        .parts(start, end)
        .map(|p| (p.origin, p.start, p.end, p.is_whole()))
        .collect()
}

#[test]
fn three_sends_and_one_recv_is_one_merged_recv_of_three_whole_messages() {
    let mut s = Script::connected_pair();
    s.send(0, b"hello");
    s.send(1, b"hello");
    s.send(2, b"hello");
    s.recv(1024, b"hellohellohello");
    s.frame(SERVER_SOCKET, 0, 15);
    let trace = s.trace();
    let state = trace.state_at(trace.len());
    assert_eq!((state.facts.sends, state.facts.recvs), (3, 1));
    assert_eq!(
        (state.facts.merged_recvs, state.facts.split_messages),
        (1, 0)
    );
    assert_eq!((state.facts.frames_right, state.facts.frames_wrong), (0, 1));
    assert_eq!(
        parts(&trace, 0, 15),
        [
            (Origin::Message(0), 0, 5, true),
            (Origin::Message(1), 5, 10, true),
            (Origin::Message(2), 10, 15, true),
        ]
    );
    let recv = trace.event(trace.len() - 2);
    assert!(recv.has(flag::MERGED) && !recv.has(flag::SPLIT));
    assert_eq!((recv.a, recv.b), (0, 15));
    assert_eq!(trace.streams()[0].payload(3, 8), Some(b"lohel".to_vec()));
    assert_eq!(trace.payload_mismatches(), 0);
}

#[test]
fn a_message_of_2000_bytes_out_of_two_recvs_is_one_split_message() {
    let mut s = Script::connected_pair();
    s.send(0, &[7; 2000]);
    s.recv(1024, &[7; 1024]);
    s.recv(1024, &[7; 976]);
    let trace = s.trace();
    let facts = trace.live().facts;
    assert_eq!(
        (facts.split_messages, facts.merged_recvs, facts.recvs),
        (1, 0, 2)
    );
    assert_eq!(
        parts(&trace, 1024, 2000),
        [(Origin::Message(0), 1024, 2000, false)]
    );
    // A third recv of the same message would not count it again.
    let mut s = Script::connected_pair();
    s.send(0, &[7; 2000]);
    for _ in 0..4 {
        s.recv(500, &[7; 500]);
    }
    assert_eq!(s.trace().live().facts.split_messages, 1);
}

#[test]
fn a_recv_may_return_before_the_send_that_brought_its_bytes() {
    let mut s = Script::connected_pair();
    s.begin_with(Call::Send, CLIENT, CLIENT_SOCKET, 5, 0, b"hello");
    s.recv(1024, b"hel");
    let trace = s.trace();
    assert_eq!(parts(&trace, 0, 3), [(Origin::Message(0), 0, 3, false)]);
    assert_eq!(trace.streams()[0].sent_at(trace.len()), 3);
    assert_eq!(trace.streams()[0].payload(0, 5), Some(b"hello".to_vec()));

    // Only four were accepted: the message ends there.
    s.returned(Call::Send, CLIENT, CLIENT_SOCKET, 4, 0, None);
    let trace = s.trace();
    let stream = &trace.streams()[0];
    assert_eq!(
        stream.messages().get(0),
        Message {
            number: 0,
            start: 0,
            end: 4
        }
    );
    assert_eq!(stream.sent_at(trace.len()), 4);
    assert_eq!(stream.payload(0, 4), Some(b"hell".to_vec()));
    assert_eq!(stream.payload(0, 5), None);
}

#[test]
fn what_is_sent_on_after_a_partial_send_is_the_same_message() {
    let mut s = Script::connected_pair();
    s.send_partly(0, b"hello world", 5);
    s.recv(1024, b"hello");
    s.frame(SERVER_SOCKET, 0, 5);
    let so_far = s.trace();
    assert_eq!(so_far.streams()[0].verdict(0), Verdict::Right);
    let k = so_far.len();

    s.send_partly(0, b" world", -EAGAIN);
    s.send(0, b" world");
    s.recv(1024, b" world");
    let trace = s.trace();
    let stream = &trace.streams()[0];
    assert_eq!(
        stream.messages().iter().collect::<Vec<_>>(),
        [Message {
            number: 0,
            start: 0,
            end: 11
        }]
    );
    assert_eq!(stream.verdict(0), Verdict::Wrong);
    let facts = trace.live().facts;
    assert_eq!((facts.frames_right, facts.frames_wrong), (0, 1));
    assert_eq!((facts.split_messages, facts.failed_calls), (1, 1));
    assert_eq!(facts.sends, 2);
    // As of the frame it was right: nobody knew that the message would go on.
    assert_eq!(trace.state_at(k).facts.frames_right, 1);
}

#[test]
fn a_failing_sendall_has_sent_what_it_had_sent() {
    let mut s = Script::connected_pair();
    s.begin_with(Call::SendAll, CLIENT, CLIENT_SOCKET, 9, 0, b"abcdefghi");
    s.returned(Call::SendAll, CLIENT, CLIENT_SOCKET, -32, 6, None);
    s.recv(1024, b"abcdef");
    let trace = s.trace();
    let stream = &trace.streams()[0];
    assert_eq!((stream.sends().len(), stream.sends().end()), (1, 6));
    let state = trace.live();
    assert_eq!((state.facts.bytes_sent, state.streams[0].sent), (6, 6));
    assert_eq!(state.actors[0].facts.bytes_out, 6);
    assert_eq!(parts(&trace, 0, 9), [(Origin::Message(0), 0, 6, true)]);
}

#[test]
fn bytes_nobody_in_the_lab_sent_are_external() {
    let mut s = Script::default();
    s.socket(SERVER, SocketId(0), "AF_INET", "SOCK_STREAM");
    s.accept(
        SERVER,
        SocketId(0),
        SocketId(1),
        "127.0.0.1:9000",
        "127.0.0.1:6000",
    );
    s.begin(Call::Recv, SERVER, SocketId(1), 10);
    let e = Event {
        call: Call::Recv as u8,
        socket: SocketId(1),
        b: 3,
        ..Event::new(Kind::Return, 0, SERVER)
    };
    s.row(e, b"abc");
    s.frame(SocketId(1), 0, 3);
    let trace = s.trace();
    let connection = &trace.connections()[0];
    assert_eq!(connection.client.actor, None);
    assert_eq!(connection.server.actor, Some(SERVER));
    assert_eq!(parts(&trace, 0, 3), [(Origin::External, 0, 3, false)]);
    assert_eq!(trace.streams()[0].payload(0, 3), Some(b"abc".to_vec()));
    let facts = trace.live().facts;
    assert_eq!(
        (facts.frames, facts.frames_right, facts.frames_wrong),
        (1, 0, 0)
    );

    // The connect turns out to be the lab's own: from here on it is no longer external.
    s.socket(CLIENT, SocketId(2), "AF_INET", "SOCK_STREAM");
    s.connect(CLIENT, SocketId(2), "127.0.0.1:6000", "127.0.0.1:9000");
    let trace = s.trace();
    assert_eq!(trace.connections().len(), 1);
    assert_eq!(trace.connections()[0].client.actor, Some(CLIENT));
    assert_eq!(trace.streams()[0].from_socket, Some(SocketId(2)));
}

#[test]
fn either_end_may_be_told_first_and_unnamed_clients_are_paired_in_order() {
    let mut s = Script::default();
    s.socket(SERVER, SocketId(0), "AF_UNIX", "SOCK_STREAM");
    for n in [1, 2] {
        s.socket(CLIENT, SocketId(n), "AF_UNIX", "SOCK_STREAM");
        s.connect(CLIENT, SocketId(n), "", "/run/lab.sock");
    }
    for n in [3, 4] {
        s.accept(SERVER, SocketId(0), SocketId(n), "/run/lab.sock", "");
    }
    let trace = s.trace();
    assert_eq!(trace.connections().len(), 2);
    assert_eq!(trace.connections()[0].server.socket, Some(SocketId(3)));
    assert_eq!(trace.connections()[1].server.socket, Some(SocketId(4)));
    assert_eq!(trace.streams()[3].to_socket, Some(SocketId(2)));
    assert_eq!(trace.sockets()[4].kind, "SOCK_STREAM");
    assert_eq!(trace.main_stream(), Some(StreamId(0)));
}

#[test]
fn datagrams_are_no_stream() {
    let mut s = Script::default();
    s.socket(CLIENT, SocketId(0), "AF_INET", "SOCK_DGRAM");
    s.connect(CLIENT, SocketId(0), "127.0.0.1:1", "127.0.0.1:2");
    s.begin_with(Call::Send, CLIENT, SocketId(0), 5, 0, b"hello");
    s.returned(Call::Send, CLIENT, SocketId(0), 5, 0, None);
    s.begin(Call::Recv, CLIENT, SocketId(0), 5);
    s.returned(Call::Recv, CLIENT, SocketId(0), 4, 0, None);
    let trace = s.trace();
    assert!(trace.streams().is_empty() && trace.connections().is_empty());
    let state = trace.live();
    assert_eq!(
        (state.facts.datagrams_sent, state.facts.datagrams_received),
        (1, 1)
    );
    assert_eq!((state.facts.sends, state.facts.bytes_sent), (0, 0));
    assert_eq!(state.actors[0].facts.bytes_out, 5);
    assert_eq!(trace.sockets()[0].peer.as_deref(), Some("127.0.0.1:2"));
}

/// Three datagrams: one taken whole, one cut, one dropped; and what was not yet so before.
#[test]
fn each_datagram_has_its_fate() {
    let mut s = Script::default();
    let (client, server) = (SocketId(0), SocketId(1));
    s.socket(CLIENT, client, "AF_INET", "SOCK_DGRAM");
    s.socket(SERVER, server, "AF_INET", "SOCK_DGRAM");
    let address = |text: &str| Some(Detail::Address(text.to_owned()));
    s.begin(Call::Bind, SERVER, server, 0);
    s.returned(Call::Bind, SERVER, server, 0, 0, address("127.0.0.1:9"));
    s.connect(CLIENT, client, "127.0.0.1:7", "127.0.0.1:9");
    for (length, drops) in [(4, 0_u64), (10, 0), (8, 1)] {
        s.begin_with(
            Call::Send,
            CLIENT,
            client,
            length,
            0,
            &[b'x'; 10][..length as usize],
        );
        let told = (drops + 1) << DROPS_KNOWN;
        s.returned(Call::Send, CLIENT, client, length as i32, told, None);
    }
    let sent = s.rows.len() as u32;
    for (taken, length) in [(4, 4_u64), (6, 10)] {
        s.begin(Call::RecvFrom, SERVER, server, 6);
        let told = 2 << DROPS_KNOWN | length;
        s.returned(
            Call::RecvFrom,
            SERVER,
            server,
            taken,
            told,
            address("127.0.0.1:7"),
        );
    }
    let trace = s.trace();
    let fates = |k: u32| -> Vec<Fate> {
        trace
            .datagrams()
            .list()
            .iter()
            .map(|d| d.fate_at(k))
            .collect()
    };
    assert_eq!(fates(sent), [Fate::Waiting, Fate::Waiting, Fate::Dropped]);
    assert_eq!(
        fates(trace.len()),
        [Fate::Received(4), Fate::Received(6), Fate::Dropped]
    );
    let list = trace.datagrams().list();
    assert!(!list[0].is_cut_at(trace.len()) && list[1].is_cut_at(trace.len()));
    assert_eq!(fates(sent - 1)[2], Fate::UnderWay);
    // What comes in another length than it was sent is somebody else's.
    s.begin(Call::RecvFrom, SERVER, server, 6);
    s.returned(
        Call::RecvFrom,
        SERVER,
        server,
        3,
        2 << DROPS_KNOWN | 3,
        None,
    );
    let trace = s.trace();
    assert_eq!(trace.datagrams().list()[3].from, None);
}

/// Two `SOCK_SEQPACKET` clients of one listener: paired in order, also what was sent before accept.
#[test]
fn records_find_their_connection() {
    let mut s = Script::default();
    s.socket(SERVER, SocketId(0), "AF_UNIX", "SOCK_SEQPACKET");
    for n in [1, 2] {
        s.socket(CLIENT, SocketId(n), "AF_UNIX", "SOCK_SEQPACKET");
        s.connect(CLIENT, SocketId(n), "", "/run/lab.sock");
        s.begin_with(Call::Send, CLIENT, SocketId(n), u64::from(n), 0, b"xx");
        s.returned(Call::Send, CLIENT, SocketId(n), i32::from(n), 0, None);
    }
    for n in [3, 4] {
        s.accept(SERVER, SocketId(0), SocketId(n), "/run/lab.sock", "");
        s.begin(Call::Recv, SERVER, SocketId(n), 10);
        let length = i32::from(n) - 2;
        s.returned(Call::Recv, SERVER, SocketId(n), length, length as u64, None);
    }
    let trace = s.trace();
    assert!(trace.connections().is_empty());
    let list = trace.datagrams().list();
    assert_eq!(list.len(), 2);
    assert_eq!(
        (list[0].to, list[1].to),
        (Some(SocketId(3)), Some(SocketId(4)))
    );
    assert_eq!(list[1].fate_at(trace.len()), Fate::Received(2));
}

#[test]
fn peeked_bytes_stay_and_an_empty_recv_is_the_end_unless_nothing_was_asked() {
    let mut s = Script::connected_pair();
    s.send(0, b"hello");
    s.begin(Call::Recv, SERVER, SERVER_SOCKET, 3);
    let peek = Event {
        call: Call::Recv as u8,
        socket: SERVER_SOCKET,
        b: 3,
        flags: flag::PEEK,
        ..Event::new(Kind::Return, 0, SERVER)
    };
    s.row(peek, b"hel");
    s.recv(5, b"hello");
    s.begin(Call::Recv, SERVER, SERVER_SOCKET, 0);
    s.returned(Call::Recv, SERVER, SERVER_SOCKET, 0, 0, None);
    let trace = s.trace();
    assert_eq!(trace.streams()[0].recvs().len(), 1);
    assert!(!trace.live().streams[0].ended);
    s.recv(5, b"");
    s.begin(Call::Shutdown, CLIENT, CLIENT_SOCKET, 1);
    s.returned(Call::Shutdown, CLIENT, CLIENT_SOCKET, 0, 0, None);
    s.begin(Call::Close, SERVER, SERVER_SOCKET, 0);
    s.returned(Call::Close, SERVER, SERVER_SOCKET, 0, 0, None);
    let trace = s.trace();
    let state = trace.live();
    assert!(state.streams[0].ended && state.streams[0].shut && state.streams[1].shut);
    assert!(!state.sockets[2].open && state.sockets[1].open);
    assert_eq!(trace.sockets()[2].closed, Some(trace.len() - 1));
}

#[test]
fn blocked_time_gauges_marks_and_options_are_kept() {
    let mut s = Script::connected_pair();
    s.mark(Mark::Started, ActorId::LAB);
    s.mark(Mark::ActorStarted, SERVER);
    s.begin(Call::Recv, SERVER, SERVER_SOCKET, 9);
    s.blocked(Call::Recv, SERVER, SERVER_SOCKET);
    let k = s.rows.len() as u32;
    s.send(0, b"abc");
    s.gauge(
        SERVER_SOCKET,
        Gauge {
            unread: Some(3),
            unacked: None,
            unsent: Some(0),
        },
    );
    s.returned(Call::Recv, SERVER, SERVER_SOCKET, 3, 0, None);
    s.gauge(SERVER_SOCKET, Gauge::default());
    s.begin(Call::SetOption, SERVER, SERVER_SOCKET, 4096);
    let option = Detail::Option {
        name: "SO_RCVBUF".to_owned(),
        asked: Some(4096),
        granted: Some(8192),
    };
    s.returned(Call::SetOption, SERVER, SERVER_SOCKET, 0, 0, Some(option));
    s.step(3);
    s.mark(Mark::Stopping, ActorId::LAB);
    s.begin(Call::Recv, SERVER, SERVER_SOCKET, 9);
    let stopped = Event {
        call: Call::Recv as u8,
        socket: SERVER_SOCKET,
        b: -4,
        flags: flag::AFTER_STOP,
        ..Event::new(Kind::Return, 0, SERVER)
    };
    s.row(stopped, &[]);
    let trace = s.trace();

    let then = trace.state_at(k);
    let begin = then.actors[1].current.expect("a call under way");
    assert_eq!(then.actors[1].blocked_since, Some(then.t));
    assert_eq!(trace.blocked_of(begin), Some(begin + 1));
    assert_eq!(trace.event(begin + 1).link, begin);
    let end = trace.end_of(begin).expect("its return");
    assert_eq!(trace.event(end).link, begin);
    assert_eq!(
        trace.calls(SERVER).current_at(k).map(|c| (c.begin, c.end)),
        Some((begin, None))
    );
    assert_eq!(trace.calls(SERVER).current_at(trace.len()), None);

    let state = trace.live();
    assert_eq!(state.phase, Phase::Stopping);
    assert_eq!((state.step, state.facts.failed_calls), (3, 0));
    assert_eq!(state.actors[1].facts.blocked, 4);
    assert_eq!(state.sockets[2].peak_unread, 3);
    assert_eq!(state.sockets[2].gauge, Gauge::default());
    let reading = trace.gauges(SERVER_SOCKET).at(end);
    assert_eq!(reading.map(|(_, g)| g.unread), Some(Some(3)));
    assert_eq!(trace.sockets()[2].options[0].1.as_str(), "SO_RCVBUF");
    assert!(trace.sockets()[0].listening);
    assert_eq!(trace.sockets()[0].local.as_deref(), Some("127.0.0.1:9000"));
    assert_eq!(trace.sockets()[usize::from(LISTENER.0)].id, LISTENER);
}

#[test]
fn bytes_that_arrive_changed_are_counted() {
    let mut s = Script::connected_pair();
    s.send(0, b"hello");
    s.recv(9, b"hexxo");
    assert_eq!(s.trace().payload_mismatches(), 2);
}

#[test]
fn two_sends_under_way_on_one_socket_stand_in_the_order_of_their_returns() {
    let mut s = Script::connected_pair();
    s.begin_with(Call::Send, ActorId(2), CLIENT_SOCKET, 10, 0, &[1; 10]);
    s.begin_with(Call::Send, ActorId(3), CLIENT_SOCKET, 5, 1, &[2; 5]);
    s.returned(Call::Send, ActorId(3), CLIENT_SOCKET, 5, 0, None);
    s.returned(Call::Send, ActorId(2), CLIENT_SOCKET, 7, 0, None);
    s.recv(99, &[2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]);
    let trace = s.trace();
    assert_eq!(
        parts(&trace, 0, 99),
        [
            (Origin::Message(1), 0, 5, true),
            (Origin::Message(0), 5, 12, true)
        ]
    );
    assert_eq!(trace.payload_mismatches(), 0);
    assert_eq!(trace.live().facts.merged_recvs, 1);
}

#[test]
fn beyond_the_budget_only_offsets_are_kept() {
    let mut s = Script::connected_pair();
    for n in 0..4 {
        s.send(n, b"hello");
    }
    let mut trace = Trace::new(super::script::meta()).with_payload_budget(12);
    for (e, detail, bytes) in &s.rows {
        trace.append(*e, detail.clone(), bytes);
    }
    assert!(!trace.payload_complete());
    let stream = &trace.streams()[0];
    assert_eq!(stream.payload(0, 10), Some(b"hellohello".to_vec()));
    assert_eq!(stream.payload(10, 15), None);
    assert_eq!(stream.messages().len(), 4);
    assert_eq!(trace.live().facts.bytes_sent, 20);
}

#[test]
fn a_batch_hands_each_event_what_it_owns() {
    let mut s = Script::connected_pair();
    s.send(0, b"hello");
    s.recv(9, b"hello");
    let mut batch = Batch::default();
    for (e, detail, bytes) in &s.rows {
        let mut e = *e;
        e.flags |= if detail.is_some() { flag::DETAIL } else { 0 };
        e.flags |= if bytes.is_empty() { 0 } else { flag::BYTES };
        batch.events.push(e);
        batch.details.extend(detail.clone());
        batch.bytes.extend(bytes);
    }
    let mut trace = Trace::new(super::script::meta());
    trace.append_batch(&batch);
    let same = trace_of(&s.rows);
    assert_eq!(trace.live(), same.live());
    assert_eq!(trace.detail(1), same.detail(1));
    assert!(trace.detail(1).is_some());
    assert_eq!(trace.streams()[0].payload(0, 5), Some(b"hello".to_vec()));
    assert_eq!(trace.event(trace.len() - 1).link, trace.len() - 2);
    assert_eq!(trace.event(0).link, NONE);
}

#[test]
fn time_never_runs_backwards_and_prefixes_are_found_by_time() {
    let mut trace = Trace::new(super::script::meta());
    for t in [5, 3, 9, 9, 12] {
        trace.append(Event::new(Kind::Step, t, ActorId::LAB), None, &[]);
    }
    assert_eq!(trace.event(1).t, 5);
    let found: Vec<u32> = [0, 5, 8, 9, 11, 12, 99]
        .map(|t| trace.prefix_at(t))
        .to_vec();
    assert_eq!(found, [0, 2, 2, 4, 4, 5, 5]);
    assert_eq!(trace.duration(), 12);
}
