//! What many threads record comes out in exact time order, causes before effects.

use std::collections::HashMap;
use std::time::Duration;

use socklab::net::{Endpoint, Family, PipeOptions, SocketKind};
use socklab::trace::{ActorId, Call, Kind, SocketId};

use crate::{CLIENT, Lab, Row, SERVER, collect};

/// Each recv's Return comes after the Begin of the send that supplied its last byte.
/// `peer`: from a receiving socket to the socket that sends to it.
fn causes_before_effects(rows: &[Row], peer: &HashMap<SocketId, SocketId>) -> usize {
    let mut asked: HashMap<SocketId, u64> = HashMap::new();
    let mut received: HashMap<SocketId, u64> = HashMap::new();
    let mut checked = 0;
    for r in rows {
        match (r.e.kind, r.e.call()) {
            (Kind::Begin, Some(Call::Send | Call::SendAll)) => {
                *asked.entry(r.e.socket).or_default() += r.e.a;
            }
            (Kind::Return, Some(Call::Recv)) if r.e.b > 0 => {
                let got = received.entry(r.e.socket).or_default();
                *got += r.e.b as u64;
                let sent = asked.get(&peer[&r.e.socket]).copied().unwrap_or(0);
                assert!(*got <= sent, "recv returned before its send began");
                checked += 1;
            }
            _ => {}
        }
    }
    checked
}

fn both(a: &Endpoint, b: &Endpoint) -> HashMap<SocketId, SocketId> {
    HashMap::from([(a.id(), b.id()), (b.id(), a.id())])
}

#[test]
fn ping_pong() {
    const ROUNDS: usize = 5_000;
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    let peer = both(&c, &s);
    let echo = std::thread::spawn(move || {
        let mut buffer = [0; 8];
        while s.recv(&mut server, 1, &mut buffer, false).expect("recv") > 0 {
            s.send(&mut server, 2, &buffer, None).expect("send");
        }
    });
    let asker = std::thread::spawn(move || {
        let mut buffer = [0; 8];
        for _ in 0..ROUNDS {
            c.send(&mut client, 1, &buffer, None).expect("send");
            c.recv(&mut client, 2, &mut buffer, false).expect("recv");
        }
    });
    let rows = collect(&mut lab.collector, Duration::from_secs(30));
    asker.join().expect("asker");
    echo.join().expect("echo");
    assert_eq!(causes_before_effects(&rows, &peer), 2 * ROUNDS);
}

#[test]
fn pipelined_through_a_small_channel() {
    const SENDS: usize = 100_000;
    let mut lab = Lab::with(PipeOptions {
        capacity: 2,
        compare: true,
        ..PipeOptions::default()
    });
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    let peer = both(&c, &s);
    let receiver = std::thread::spawn(move || {
        let mut buffer = [0; 100];
        let mut got = 0;
        loop {
            match s.recv(&mut server, 1, &mut buffer, false).expect("recv") {
                0 => break got,
                n => got += n,
            }
        }
    });
    let sender = std::thread::spawn(move || {
        for i in 0..SENDS {
            c.send(&mut client, 1, &[1; 64], Some(i as u32))
                .expect("send");
        }
    });
    let rows = collect(&mut lab.collector, Duration::from_mins(1));
    sender.join().expect("sender");
    assert_eq!(receiver.join().expect("receiver"), SENDS * 64);
    assert!(causes_before_effects(&rows, &peer) > 0);
    for kind in [Kind::Begin, Kind::Return] {
        let of_kind = rows.iter().filter(|r| r.e.kind == kind);
        let bytes: usize = of_kind.map(|r| r.bytes.len()).sum();
        assert_eq!(bytes, SENDS * 64, "every payload byte came with its event");
    }
}

#[test]
fn a_quiet_actor_holds_nobody_back_when_idle() {
    let mut lab = Lab::new();
    let mut quiet = lab.hub.recorder(ActorId(7));
    quiet.step(1);
    quiet.idle();
    let marker = lab.hub.marker(ActorId::LAB);
    let mut rec = lab.hub.recorder(CLIENT);
    let s = Endpoint::open(&lab.registry, &mut rec, 0, Family::Inet, SocketKind::Stream)
        .expect("socket");
    rec.idle();
    let mut seen = 0;
    let drained = lab
        .collector
        .drain(Duration::from_secs(1), &mut |_, _, _: &[u8]| seen += 1);
    assert_eq!((seen, drained.events, drained.more), (3, 3, false));
    drop((s, rec, quiet, marker));
    assert!(lab.rows().is_empty());
}

#[test]
fn step_mode_shows_every_event_at_once() {
    let mut lab = Lab::new();
    lab.hub.set_immediate(true);
    let mut rec = lab.hub.recorder(CLIENT);
    let s = Endpoint::open(&lab.registry, &mut rec, 0, Family::Inet, SocketKind::Stream)
        .expect("socket");
    let mut seen = 0;
    lab.collector
        .drain(Duration::from_secs(1), &mut |_, _, _: &[u8]| seen += 1);
    assert_eq!(seen, 2, "without idle or flush");
    drop((s, rec));
    lab.rows();
}

#[test]
fn a_slow_sink_gets_the_rest_later() {
    let mut lab = Lab::new();
    let mut rec = lab.hub.recorder(CLIENT);
    for i in 0..20_000 {
        rec.step(i);
    }
    drop(rec);
    let mut first = 0;
    let drained = lab
        .collector
        .drain(Duration::ZERO, &mut |_, _, _: &[u8]| first += 1);
    assert!(drained.more && first < 20_000, "{first}");
    assert_eq!(first + lab.rows().len(), 20_000);
}
