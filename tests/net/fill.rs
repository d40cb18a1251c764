//! Fill levels, read by the sampler and at once.

use std::time::Duration;

use socklab::net::{Sampler, sample_now};
use socklab::trace::{ActorId, Gauge, Kind};

use crate::{CLIENT, LINUX, Lab, SERVER, until};

#[test]
fn three_times_five_unread_bytes() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    for _ in 0..3 {
        c.send(&mut client, 1, b"hello", None).expect("send");
    }
    until("the bytes have arrived", || {
        s.recv(&mut server, 1, &mut [0; 64], true) == Ok(15)
    });
    sample_now(&lab.registry, &mut server);
    sample_now(&lab.registry, &mut server);
    let id = s.id();
    assert_eq!(s.recv(&mut server, 2, &mut [0; 64], false), Ok(15));
    sample_now(&lab.registry, &mut server);
    drop((c, s, client, server));
    let rows = lab.rows();
    let seen: Vec<Gauge> = rows
        .iter()
        .filter(|r| r.e.socket == id)
        .filter_map(|r| r.e.gauge())
        .collect();
    if LINUX {
        let unread = |n| Gauge {
            unread: Some(n),
            unacked: Some(0),
            unsent: Some(0),
        };
        assert_eq!(seen, [unread(15), unread(0)], "only changes are recorded");
        assert!(
            rows.iter()
                .all(|r| r.e.kind != Kind::Gauge || r.e.actor == ActorId::LAB)
        );
    } else {
        assert!(seen.is_empty(), "not readable here, so nothing is claimed");
    }
}

#[test]
fn the_sampler_sees_changes_and_ends() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, s) = lab.pair(&mut client, &mut server);
    let sampler =
        Sampler::start(&lab.registry, &lab.hub, Duration::from_millis(5)).expect("thread");
    c.send(&mut client, 1, b"hello", None).expect("send");
    client.idle();
    server.idle();
    let mut seen = false;
    if LINUX {
        until("the sampler reads 5", || {
            lab.collector
                .drain(Duration::from_secs(1), &mut |e, _, _: &[u8]| {
                    seen |= e.socket == s.id() && e.gauge().and_then(|g| g.unread) == Some(5);
                });
            seen
        });
    }
    drop(sampler);
    drop((c, s, client, server));
    lab.rows();
}
