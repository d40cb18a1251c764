//! Each kind of call: what is recorded, and in which order.

use std::time::Duration;

use socklab::net::{CallError, Endpoint, Family, How, SockOpt, SocketKind, Target, errno_name};
use socklab::trace::{Call, Detail, Kind, NONE, SocketId, flag};

use crate::{CLIENT, LINUX, Lab, Row, SERVER, begin, count, ret};

fn address(row: &Row) -> &str {
    match &row.detail {
        Some(Detail::Address(a)) => a,
        other => panic!("no address: {other:?}"),
    }
}

fn name(row: &Row) -> &'static str {
    errno_name(row.e.errno().expect("failed"))
}

fn exchange(family: Family) -> Vec<Row> {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut l, at) = lab.listener(&mut server, family);
    let mut c =
        Endpoint::open(&lab.registry, &mut client, 0, family, SocketKind::Stream).expect("socket");
    c.connect(&mut client, 1, &at).expect("connect");
    let (mut s, peer) = l.accept(&mut server, 3).expect("accept");
    assert_eq!(c.local_addr(&mut client, 2).as_ref(), Ok(&peer));
    assert_eq!(c.peer_addr(&mut client, 3), Ok(at));
    assert!(c.fileno(&mut client, 4).expect("fileno") > 2);
    assert_eq!(c.send(&mut client, 5, b"hello", Some(7)), Ok(5));
    let mut buffer = [0; 64];
    assert_eq!(s.recv(&mut server, 4, &mut buffer[..2], true), Ok(2));
    assert_eq!(s.recv(&mut server, 5, &mut buffer, false), Ok(5));
    assert_eq!(&buffer[..5], b"hello");
    c.shutdown(&mut client, 6, How::Write).expect("shutdown");
    assert_eq!(s.recv(&mut server, 6, &mut buffer, false), Ok(0));
    assert_eq!(lab.registry.open(), 3);
    s.close(&mut server, 7).expect("close");
    c.close(&mut client, 7).expect("close");
    l.close(&mut server, 8).expect("close");
    assert_eq!(lab.registry.open(), 0);
    assert_eq!(lab.registry.made(), 3);
    drop((client, server));
    lab.rows()
}

fn check_exchange(rows: &[Row], family: &str) {
    let first = begin(rows, Call::Socket, 0);
    assert_eq!(
        first.detail,
        Some(Detail::Socket {
            family: family.into(),
            kind: "SOCK_STREAM".into()
        })
    );
    assert_eq!(first.e.socket, SocketId::NONE);
    let listener = ret(rows, Call::Socket, 0).e;
    assert_eq!(listener.socket, SocketId(0));
    assert!(listener.a > 2 && listener.b > 2, "a descriptor");

    assert!(address(begin(rows, Call::Bind, 0)).ends_with(":0"));
    let bound = address(ret(rows, Call::Bind, 0));
    assert!(!bound.ends_with(":0"));
    assert_eq!(begin(rows, Call::Listen, 0).e.a, 5);
    assert_eq!(address(begin(rows, Call::Connect, 0)), bound);

    let Some(Detail::Connected { local, peer }) = &ret(rows, Call::Connect, 0).detail else {
        panic!("connect has no ends");
    };
    assert_eq!(peer, bound);
    let accepted = ret(rows, Call::Accept, 0);
    assert_eq!(
        accepted.detail,
        Some(Detail::Connected {
            local: peer.clone(),
            peer: local.clone()
        })
    );
    assert_eq!(accepted.e.socket, SocketId(0));
    assert_eq!(accepted.e.a, 3, "socket number 2, plus 1");
    assert_eq!(address(ret(rows, Call::GetSockName, 0)), local);
    assert_eq!(address(ret(rows, Call::GetPeerName, 0)), bound);
    assert!(ret(rows, Call::Fileno, 0).e.a > 2);

    let send = begin(rows, Call::Send, 0);
    assert_eq!((send.e.a, send.e.link, send.e.op), (5, 7, 5));
    assert_eq!(send.bytes, b"hello");
    assert_eq!(ret(rows, Call::Send, 0).e.b, 5);
    let peek = ret(rows, Call::Recv, 0).e;
    assert!(peek.has(flag::PEEK) && peek.b == 2 && peek.socket == SocketId(2));
    let recv = ret(rows, Call::Recv, 1);
    assert!(!recv.e.has(flag::PEEK) && recv.e.b == 5);
    assert!(recv.bytes.is_empty(), "these bytes stand in the send");
    assert_eq!(begin(rows, Call::Recv, 1).e.a, 64);
    assert_eq!(begin(rows, Call::Recv, 1).e.link, NONE);
    assert_eq!(begin(rows, Call::Shutdown, 0).e.a, 1);
    assert_eq!(ret(rows, Call::Recv, 2).e.b, 0);
    assert_eq!(count(rows, Kind::Return, Call::Close), 3);
    assert_eq!(count(rows, Kind::Blocked, Call::Recv), 0, "nothing waited");
    // Every Begin has its Return next among its actor's events (or after one Blocked).
    for actor in [CLIENT, SERVER] {
        let kinds: Vec<_> = rows
            .iter()
            .filter(|r| r.e.actor == actor && r.e.kind != Kind::Blocked)
            .map(|r| (r.e.kind, r.e.call, r.e.op))
            .collect();
        for pair in kinds.chunks(2) {
            assert_eq!((pair[0].0, pair[1].0), (Kind::Begin, Kind::Return));
            assert_eq!((pair[0].1, pair[0].2), (pair[1].1, pair[1].2));
        }
    }
    assert!(rows.iter().all(|r| !r.e.has(flag::AFTER_STOP)));
}

#[test]
fn every_tcp_call_ipv4() {
    check_exchange(&exchange(Family::Inet), "AF_INET");
}

#[test]
fn every_tcp_call_ipv6() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this system has no IPv6 loopback address");
        return;
    }
    check_exchange(&exchange(Family::Inet6), "AF_INET6");
}

#[test]
fn asked_and_granted() {
    let mut lab = Lab::new();
    let mut rec = lab.hub.recorder(CLIENT);
    let mut s = Endpoint::open(&lab.registry, &mut rec, 0, Family::Inet, SocketKind::Stream)
        .expect("socket");
    let granted = s
        .set_option(&mut rec, 1, SockOpt::RcvBuf, 4096)
        .expect("set");
    assert_eq!(s.get_option(&mut rec, 2, SockOpt::RcvBuf), Ok(granted));
    if cfg!(target_os = "linux") {
        assert_eq!(granted, 8192, "Linux doubles");
    }
    for (option, value) in [
        (SockOpt::NoDelay, 1),
        (SockOpt::ReuseAddr, 1),
        (SockOpt::KeepAlive, 1),
        (SockOpt::Linger, 3),
        (SockOpt::Linger, -1),
        (SockOpt::SndTimeout, 0),
    ] {
        assert_eq!(
            s.set_option(&mut rec, 3, option, value),
            Ok(value),
            "{option:?}"
        );
    }
    let granted_time = s.set_option(&mut rec, 3, SockOpt::RcvTimeout, 250);
    assert!(
        granted_time
            .as_ref()
            .is_ok_and(|ms| (250..=260).contains(ms)),
        "rounded up to the kernel's ticks: {granted_time:?}"
    );
    for option in [SockOpt::Cork, SockOpt::QuickAck] {
        let result = s.set_option(&mut rec, 4, option, 1);
        if LINUX {
            assert_eq!(result, Ok(1), "{option:?}");
        } else {
            assert_eq!(
                result.unwrap_err().name(),
                Some("ENOPROTOOPT"),
                "{option:?}"
            );
        }
    }
    let maxseg = s.set_option(&mut rec, 5, SockOpt::MaxSeg, 500);
    assert!(maxseg.is_ok(), "{maxseg:?}");
    for (option, value) in [
        (SockOpt::SndBuf, -1),
        (SockOpt::SndBuf, 1 << 40),
        (SockOpt::RcvTimeout, -1),
    ] {
        let error = s.set_option(&mut rec, 6, option, value).unwrap_err();
        assert_eq!(error.name(), Some("EINVAL"), "{option:?}={value}");
    }
    drop((s, rec));
    let rows = lab.rows();
    assert_eq!(
        begin(&rows, Call::SetOption, 0).detail,
        Some(Detail::Option {
            name: "SO_RCVBUF".into(),
            asked: Some(4096),
            granted: None
        })
    );
    assert_eq!(
        ret(&rows, Call::SetOption, 0).detail,
        Some(Detail::Option {
            name: "SO_RCVBUF".into(),
            asked: Some(4096),
            granted: Some(granted)
        })
    );
    assert_eq!(
        ret(&rows, Call::GetOption, 0).detail,
        Some(Detail::Option {
            name: "SO_RCVBUF".into(),
            asked: None,
            granted: Some(granted)
        })
    );
}

#[test]
fn refusals_carry_the_systems_words() {
    let mut lab = Lab::new();
    let mut rec = lab.hub.recorder(CLIENT);
    let (l, at) = lab.listener(&mut rec, Family::Inet);
    let open = |rec: &mut _| {
        Endpoint::open(&lab.registry, rec, 9, Family::Inet, SocketKind::Stream).expect("socket")
    };
    let in_use = open(&mut rec).bind(&mut rec, 10, &at).unwrap_err();
    assert_eq!(in_use.name(), Some("EADDRINUSE"));
    l.close(&mut rec, 11).expect("close");
    let refused = open(&mut rec).connect(&mut rec, 12, &at).unwrap_err();
    assert!(matches!(
        refused,
        CallError::Failed {
            call: Call::Connect,
            ..
        }
    ));
    assert_eq!(refused.name(), Some("ECONNREFUSED"));
    let errno = open(&mut rec).connect_ex(&mut rec, 13, &at);
    assert_eq!(errno.map(errno_name), Ok("ECONNREFUSED"));
    let family = open(&mut rec)
        .connect(&mut rec, 14, &Target::Host("::1".into(), 1))
        .unwrap_err();
    assert_eq!(family.name(), Some("EAFNOSUPPORT"));
    let unconnected = open(&mut rec).send(&mut rec, 15, b"x", None).unwrap_err();
    assert!(matches!(unconnected.name(), Some("EPIPE" | "ENOTCONN")));
    let unsupported = Endpoint::open(
        &lab.registry,
        &mut rec,
        16,
        Family::Inet,
        SocketKind::SeqPacket,
    )
    .err()
    .and_then(|e| e.name());
    assert!(unsupported.is_some(), "AF_INET has no SOCK_SEQPACKET");
    drop(rec);
    let rows = lab.rows();
    let refused = ret(&rows, Call::Connect, 0);
    assert_eq!(name(refused), "ECONNREFUSED");
    assert!(
        matches!(&refused.detail, Some(Detail::Error(text)) if text.contains("refused") && !text.contains("os error")),
        "{refused:?}"
    );
    assert_eq!(name(ret(&rows, Call::ConnectEx, 0)), "ECONNREFUSED");
    assert_eq!(name(ret(&rows, Call::Bind, 1)), "EADDRINUSE");
}

#[test]
fn non_blocking_and_timeouts() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    let mut buffer = [0; 16];
    s.set_blocking(&mut server, 1, false).expect("setblocking");
    let error = s.recv(&mut server, 2, &mut buffer, false).unwrap_err();
    assert!(error.would_block());
    s.set_timeout(&mut server, 3, Some(Duration::from_millis(30)))
        .expect("settimeout");
    let error = s.recv(&mut server, 4, &mut buffer, false).unwrap_err();
    assert!(error.would_block());
    s.set_timeout(&mut server, 5, Some(Duration::ZERO))
        .expect("settimeout");
    assert!(
        s.recv(&mut server, 6, &mut buffer, false)
            .unwrap_err()
            .would_block()
    );
    s.set_timeout(&mut server, 7, None).expect("settimeout");
    c.send_all(&mut client, 8, b"abc", None).expect("sendall");
    assert_eq!(s.recv(&mut server, 9, &mut buffer, false), Ok(3));
    drop((c, s, client, server));
    let rows = lab.rows();
    let first = ret(&rows, Call::Recv, 0).e;
    assert!(first.has(flag::NONBLOCKING));
    assert_eq!(errno_name(first.errno().expect("failed")), "EAGAIN");
    let timed = (begin(&rows, Call::Recv, 1).e, ret(&rows, Call::Recv, 1).e);
    assert!(!timed.1.has(flag::NONBLOCKING));
    assert!(timed.1.t - timed.0.t >= 25_000_000, "waited its time");
    assert!(ret(&rows, Call::Recv, 2).e.has(flag::NONBLOCKING));
    let blocked: Vec<_> = rows
        .iter()
        .filter(|r| r.e.kind == Kind::Blocked && r.e.call() == Some(Call::Recv))
        .map(|r| r.e.op)
        .collect();
    assert_eq!(blocked, [4], "only the one with a timeout waited");
    assert_eq!(begin(&rows, Call::SetTimeout, 2).e.a as i64, -1);
    assert_eq!(begin(&rows, Call::SetTimeout, 0).e.a, 30);
}

#[test]
fn recording_off_counts_only() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    lab.hub.set_recording(false);
    for _ in 0..10 {
        c.send(&mut client, 50, b"12345", None).expect("send");
    }
    let mut buffer = [0; 64];
    assert_eq!(s.recv(&mut server, 51, &mut buffer, false), Ok(50));
    assert_eq!(lab.hub.not_recorded(), 22);
    lab.hub.set_recording(true);
    c.send(&mut client, 52, b"x", None).expect("send");
    drop((c, s, client, server));
    let rows = lab.rows();
    assert!(rows.iter().all(|r| !matches!(r.e.op, 50 | 51)));
    assert_eq!(count(&rows, Kind::Return, Call::Send), 1);
}
