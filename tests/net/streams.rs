//! Payload: its budget, bytes of foreign programs, partial sends; datagrams.

use std::io::{Read, Write};

use socklab::net::{Endpoint, Family, PipeOptions, SockOpt, SocketKind, Target};
use socklab::trace::{Call, DROPS_KNOWN, Detail, Kind, Mark, flag};

use crate::{CLIENT, LINUX, Lab, SERVER, begin, count, ret};

#[test]
fn payload_budget_ends_with_a_mark() {
    let mut lab = Lab::with(PipeOptions {
        payload_budget: 100,
        compare: true,
        ..PipeOptions::default()
    });
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    for _ in 0..5 {
        c.send(&mut client, 1, &[9; 40], None).expect("send");
        let n = s.recv(&mut server, 2, &mut [0; 40], false).expect("recv");
        assert!(n > 0);
    }
    drop((c, s, client, server));
    let rows = lab.rows();
    let kept: Vec<_> = (0..5)
        .map(|i| begin(&rows, Call::Send, i).bytes.len())
        .collect();
    assert_eq!(
        kept,
        [40, 40, 0, 0, 0],
        "what is received again costs nothing"
    );
    assert!(
        !ret(&rows, Call::Recv, 0).bytes.is_empty(),
        "but can be compared"
    );
    assert!(ret(&rows, Call::Recv, 4).bytes.is_empty());
    assert!((0..5).all(|i| begin(&rows, Call::Send, i).e.a == 40));
    let marks = rows
        .iter()
        .filter(|r| r.e.as_mark() == Some(Mark::PayloadLimit))
        .count();
    assert_eq!(marks, 1);
}

#[test]
fn bytes_of_a_foreign_program_are_kept() {
    let mut lab = Lab::new();
    let mut server = lab.hub.recorder(SERVER);
    let (mut l, at) = lab.listener(&mut server, Family::Inet);
    let Target::Inet(at) = at else {
        panic!("no address")
    };
    let mut foreign = std::net::TcpStream::connect(at).expect("connect");
    let (mut s, _) = l.accept(&mut server, 3).expect("accept");
    foreign.write_all(b"from outside").expect("write");
    let mut buffer = [0; 64];
    assert_eq!(s.recv(&mut server, 4, &mut buffer, false), Ok(12));
    s.send_all(&mut server, 5, b"back", None).expect("sendall");
    s.close(&mut server, 6).expect("close");
    let mut got = Vec::new();
    foreign.read_to_end(&mut got).expect("read");
    assert_eq!(got, b"back");
    drop((l, server));
    let rows = lab.rows();
    assert_eq!(ret(&rows, Call::Recv, 0).bytes, b"from outside");
    assert_eq!(begin(&rows, Call::SendAll, 0).bytes, b"back");
}

#[test]
fn a_blocked_send_is_one_call() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut l, at) = lab.listener(&mut server, Family::Inet);
    l.set_option(&mut server, 3, SockOpt::RcvBuf, 4096)
        .expect("set");
    let mut c = Endpoint::open(
        &lab.registry,
        &mut client,
        0,
        Family::Inet,
        SocketKind::Stream,
    )
    .expect("socket");
    c.set_option(&mut client, 1, SockOpt::SndBuf, 4096)
        .expect("set");
    c.connect(&mut client, 2, &at).expect("connect");
    let (mut s, _) = l.accept(&mut server, 4).expect("accept");
    let sender = std::thread::spawn(move || {
        let data = vec![5; 300_000];
        assert_eq!(c.send(&mut client, 5, &data, Some(0)), Ok(300_000));
        c.send_all(&mut client, 6, &data, Some(1)).expect("sendall");
        c.set_blocking(&mut client, 7, false).expect("setblocking");
        let part = c.send(&mut client, 8, &data, Some(2)).expect("send");
        assert!(part > 0 && part < 300_000, "{part}");
        c.close(&mut client, 9).expect("close");
        part
    });
    let mut got = 0;
    let mut buffer = vec![0; 10_000];
    loop {
        match s.recv(&mut server, 5, &mut buffer, false).expect("recv") {
            0 => break,
            n => got += n,
        }
    }
    let part = sender.join().expect("sender");
    assert_eq!(got, 600_000 + part);
    drop((l, s, server));
    let rows = lab.rows();
    assert_eq!(count(&rows, Kind::Begin, Call::Send), 2);
    assert_eq!(count(&rows, Kind::Blocked, Call::Send), 1);
    assert_eq!(count(&rows, Kind::Blocked, Call::SendAll), 1);
    assert_eq!(ret(&rows, Call::Send, 0).e.b, 300_000);
    assert_eq!(ret(&rows, Call::SendAll, 0).e.b, 300_000);
    assert_eq!(ret(&rows, Call::Send, 1).e.b as usize, part);
}

#[test]
fn an_error_after_a_part_keeps_the_part() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, s) = lab.pair(&mut client, &mut server);
    server.idle();
    // A part was taken into the buffers when the peer goes away with unread data.
    let sender = std::thread::spawn(move || {
        let data = vec![1; 64 << 20];
        let error = c.send_all(&mut client, 5, &data, None).unwrap_err();
        assert!(
            matches!(error.name(), Some("ECONNRESET" | "EPIPE")),
            "{error}"
        );
    });
    let collector = &mut lab.collector;
    let mut rows = Vec::new();
    crate::until("the sender is blocked", || {
        collector.drain(
            std::time::Duration::from_secs(1),
            &mut |e, detail, _: &[u8]| {
                rows.push((e, detail));
            },
        );
        rows.iter()
            .any(|(e, _)| e.kind == Kind::Blocked && e.call() == Some(Call::SendAll))
    });
    s.close(&mut server, 1).expect("close");
    sender.join().expect("sender");
    drop(server);
    let rest = lab.rows();
    let end = ret(&rest, Call::SendAll, 0);
    assert!(end.e.b > 0, "the part that was taken");
    assert!(matches!(end.detail, Some(Detail::Error(_))));
}

#[test]
fn datagrams_keep_their_boundaries() {
    let mut lab = Lab::new();
    let mut rec = lab.hub.recorder(CLIENT);
    let open = |rec: &mut _| {
        Endpoint::open(&lab.registry, rec, 0, Family::Inet, SocketKind::Datagram).expect("socket")
    };
    let (mut a, mut b) = (open(&mut rec), open(&mut rec));
    let at_a = a
        .bind(&mut rec, 1, &Target::Host("127.0.0.1".into(), 0))
        .expect("bind");
    let at_b = b
        .bind(&mut rec, 1, &Target::Host("127.0.0.1".into(), 0))
        .expect("bind");
    assert_eq!(a.send_to(&mut rec, 2, b"one", Some(0), &at_b), Ok(3));
    assert_eq!(a.send_to(&mut rec, 2, &[7; 2000], Some(1), &at_b), Ok(2000));
    let mut buffer = [0; 1024];
    assert_eq!(
        b.recv_from(&mut rec, 3, &mut buffer, false),
        Ok((3, Some(at_a.clone())))
    );
    assert_eq!(
        b.recv_from(&mut rec, 3, &mut buffer, false),
        Ok((1024, Some(at_a.clone())))
    );
    b.connect(&mut rec, 4, &at_a).expect("connect");
    assert_eq!(b.send(&mut rec, 5, b"", None), Ok(0), "an empty datagram");
    assert_eq!(a.recv(&mut rec, 6, &mut buffer, false), Ok(0));
    drop((a, b, rec));
    let rows = lab.rows();
    assert_eq!(
        begin(&rows, Call::SendTo, 0).detail,
        Some(Detail::Address(at_b.to_string()))
    );
    let short = ret(&rows, Call::RecvFrom, 1);
    assert_eq!(short.detail, Some(Detail::Address(at_a.to_string())));
    assert_eq!((short.e.b, short.bytes.len()), (1024, 1024));
    if LINUX {
        assert_eq!(short.e.a as u32, 2000, "its whole length");
        assert_eq!(
            short.e.a >> DROPS_KNOWN,
            1,
            "nothing was dropped, and that is known"
        );
    }
    assert!(!short.e.has(flag::PEEK));
}
