//! Stop takes effect at once, whatever the kernel is holding, and leaves nothing behind.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use socklab::net::{
    CallError, Endpoint, Family, PipeOptions, Recorder, Registry, SockOpt, SocketKind, Target,
};
use socklab::trace::{ActorId, Call, Kind, flag};

use crate::{CLIENT, Lab, Row, SERVER, collect, until};

/// One stop, on a machine where a thread may have to wait for a processor. That it takes less than
/// 100 ms otherwise is what the median of many shows below.
const PROMPT: Duration = Duration::from_secs(2);

/// An actor thread, which enters its stop token as the runner's do.
fn actor(
    mut rec: Recorder,
    program: impl FnOnce(&mut Recorder) -> Result<(), CallError> + Send + 'static,
) -> JoinHandle<Result<(), CallError>> {
    std::thread::spawn(move || {
        let _in = rec.stop().clone().enter();
        program(&mut rec)
    })
}

/// Runs until that many calls are blocked, then stops, promptly, and nothing is left. The rows.
fn stop_when_blocked(
    lab: &mut Lab,
    threads: Vec<JoinHandle<Result<(), CallError>>>,
    blocked: usize,
) -> Vec<Row> {
    let rows = stop_blocked(lab, threads, blocked);
    assert_eq!(lab.registry.open(), 0);
    rows
}

/// As [`stop_when_blocked`], but sockets may be left that none of the threads holds.
fn stop_blocked(
    lab: &mut Lab,
    threads: Vec<JoinHandle<Result<(), CallError>>>,
    blocked: usize,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let collector = &mut lab.collector;
    let mut last = HashMap::new();
    until("all are blocked", || {
        collector.drain(Duration::from_secs(1), &mut |e, detail, bytes: &[u8]| {
            last.insert(e.actor, e.kind);
            rows.push(Row {
                e,
                detail,
                bytes: bytes.to_vec(),
            });
        });
        last.values().filter(|k| **k == Kind::Blocked).count() >= blocked
    });
    let begun = Instant::now();
    assert_eq!(lab.hub.stop().stop_and_wait(Duration::from_secs(5)), 0);
    let took = begun.elapsed();
    for thread in threads {
        assert_eq!(thread.join().expect("actor"), Err(CallError::Stopped));
    }
    assert!(took < PROMPT, "stop took {took:?}");
    rows.extend(collect(&mut lab.collector, Duration::from_secs(5)));
    for r in &rows {
        if r.e.kind == Kind::Return && r.e.call() == Some(Call::Recv) && r.e.b == 0 {
            assert!(r.e.has(flag::AFTER_STOP), "looks like the peer's close");
        }
    }
    let ends = rows.iter().filter(|r| r.e.has(flag::AFTER_STOP)).count();
    assert!(ends >= blocked, "every blocked call has a Return");
    rows
}

fn open(registry: &Registry, rec: &mut Recorder, kind: SocketKind) -> Endpoint {
    Endpoint::open(registry, rec, 0, Family::Inet, kind).expect("socket")
}

fn loopback() -> Target {
    Target::Host("127.0.0.1".into(), 0)
}

#[test]
fn blocked_recv() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    let a = actor(server, move |rec| {
        s.recv(rec, 9, &mut [0; 10], false).map(|_| ())
    });
    let b = actor(client, move |rec| {
        c.recv(rec, 9, &mut [0; 10], false).map(|_| ())
    });
    stop_when_blocked(&mut lab, vec![a, b], 2);
}

#[test]
fn blocked_send() {
    let mut lab = Lab::new();
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, s) = lab.pair(&mut client, &mut server);
    server.idle();
    let data = vec![0; 32 << 20];
    let sender = actor(client, move |rec| c.send_all(rec, 9, &data, None));
    let stop = lab.hub.stop().clone();
    let holder = actor(server, move |_| {
        // Holds the unread connection open until the stop.
        stop.sleep(Duration::from_mins(1));
        drop(s);
        Err(CallError::Stopped)
    });
    let rows = stop_when_blocked(&mut lab, vec![sender, holder], 1);
    let end = crate::ret(&rows, Call::SendAll, 0);
    assert!(end.e.has(flag::AFTER_STOP) && end.e.b > 0, "{end:?}");
}

#[test]
fn blocked_accept_connect_and_datagram_recv() {
    let mut lab = Lab::new();
    let mut server = lab.hub.recorder(SERVER);
    let (mut l, _) = lab.listener(&mut server, Family::Inet);
    let accepting = actor(server, move |rec| l.accept(rec, 9).map(|_| ()));

    let registry = lab.registry.clone();
    let datagram = actor(lab.hub.recorder(ActorId(2)), move |rec| {
        let mut d = open(&registry, rec, SocketKind::Datagram);
        d.bind(rec, 1, &loopback())?;
        d.recv_from(rec, 2, &mut [0; 10], false).map(|_| ())
    });

    // A full backlog swallows the handshake: connect waits.
    let mut full_rec = lab.hub.recorder(ActorId(3));
    let mut full = open(&lab.registry, &mut full_rec, SocketKind::Stream);
    let at = full.bind(&mut full_rec, 1, &loopback()).expect("bind");
    full.listen(&mut full_rec, 2, 0).expect("listen");
    let registry = lab.registry.clone();
    let connecting = actor(full_rec, move |rec| {
        let mut fillers = Vec::new();
        loop {
            let mut c = open(&registry, rec, SocketKind::Stream);
            c.connect(rec, 9, &at)?;
            fillers.push(c);
            assert!(fillers.len() < 10, "the backlog never fills");
            let _keep = &full;
        }
    });
    let rows = stop_when_blocked(&mut lab, vec![accepting, datagram, connecting], 3);
    assert!(crate::count(&rows, Kind::Blocked, Call::Connect) >= 1);
}

/// Nobody reads: the sender waits at its receiver's socket, which is still open when the stop comes.
#[cfg(target_os = "linux")]
#[test]
fn blocked_send_to_a_full_local_box() {
    for (kind, connected) in [
        (SocketKind::Datagram, false),
        (SocketKind::Datagram, true),
        (SocketKind::SeqPacket, true),
    ] {
        let mut lab = Lab::new();
        let folder = tempfile::tempdir().expect("folder");
        let path = Target::Path(folder.path().join("box"));
        let open = |rec: &mut _| {
            Endpoint::open(&lab.registry, rec, 0, Family::Unix, kind).expect("socket")
        };
        let mut server = lab.hub.recorder(SERVER);
        let mut full = open(&mut server);
        full.bind(&mut server, 1, &path).expect("bind");
        if kind == SocketKind::SeqPacket {
            full.listen(&mut server, 2, 1).expect("listen");
        }
        drop(server);
        let mut client = lab.hub.recorder(CLIENT);
        let mut s = open(&mut client);
        if connected {
            s.connect(&mut client, 3, &path).expect("connect");
        }
        let sender = actor(client, move |rec| {
            loop {
                if connected {
                    s.send(rec, 4, b"hello", None)?;
                } else {
                    s.send_to(rec, 4, b"hello", None, &path)?;
                }
            }
        });
        stop_blocked(&mut lab, vec![sender], 1);
        drop(full);
    }
}

#[test]
fn a_full_channel_does_not_hold_up_a_stop() {
    let mut lab = Lab::with(PipeOptions {
        // Enough for setting up, and each actor sends a batch at least every millisecond.
        capacity: 16,
        ..PipeOptions::default()
    });
    let (mut client, mut server) = (lab.hub.recorder(CLIENT), lab.hub.recorder(SERVER));
    let (mut c, mut s) = lab.pair(&mut client, &mut server);
    let a = actor(client, move |rec| {
        loop {
            c.send(rec, 1, b"x", None)?;
        }
    });
    let b = actor(server, move |rec| {
        loop {
            s.recv(rec, 1, &mut [0; 1000], false)?;
        }
    });
    // Nobody drains: the actors come to a halt in their recorders.
    std::thread::sleep(Duration::from_millis(50));
    let begun = Instant::now();
    assert_eq!(lab.hub.stop().stop_and_wait(Duration::from_secs(5)), 0);
    assert!(begun.elapsed() < PROMPT);
    assert_eq!(a.join().expect("a"), Err(CallError::Stopped));
    assert_eq!(b.join().expect("b"), Err(CallError::Stopped));
    let rows = lab.rows();
    let begins = rows.iter().filter(|r| r.e.kind == Kind::Begin).count();
    let returns = rows.iter().filter(|r| r.e.kind == Kind::Return).count();
    assert_eq!(begins, returns, "nothing recorded was lost");
}

#[test]
fn after_a_stop_nothing_is_called() {
    let mut lab = Lab::new();
    let mut rec = lab.hub.recorder(CLIENT);
    let mut s = open(&lab.registry, &mut rec, SocketKind::Stream);
    lab.hub.stop().stop();
    let result = s.set_option(&mut rec, 1, SockOpt::NoDelay, 1);
    assert_eq!(result, Err(CallError::Stopped));
    drop((s, rec));
    assert_eq!(lab.rows().len(), 2);
}

#[cfg(target_os = "linux")]
fn left_over() -> (usize, usize) {
    let entries = |path| std::fs::read_dir(path).expect("proc").count();
    (entries("/proc/self/fd"), entries("/proc/self/task"))
}

/// 200 runs stopped at random moments, half of them in the middle of traffic.
#[cfg(target_os = "linux")]
#[test]
fn two_hundred_stops_leave_nothing_behind() {
    let lab = Lab::new();
    let mut times = Vec::new();
    let mut before = None;
    for round in 0..200_u64 {
        let (hub, mut collector) =
            socklab::net::pipe(socklab::trace::RunId(round), std::sync::Arc::new(|| {}));
        let registry = Registry::new();
        let (to_client, address) = mpsc::channel();
        let r = registry.clone();
        let server = actor(hub.recorder(SERVER), move |rec| {
            let mut l = Endpoint::open(&r, rec, 0, Family::Inet, SocketKind::Stream)?;
            let at = l.bind(rec, 1, &loopback())?;
            l.listen(rec, 2, 5)?;
            let _ = to_client.send(at);
            let (mut s, _) = l.accept(rec, 3)?;
            loop {
                let n = s.recv(rec, 4, &mut [0; 100], false)?;
                assert!(n > 0, "the peer did not close");
            }
        });
        let r = registry.clone();
        let client = actor(hub.recorder(CLIENT), move |rec| {
            let Ok(at) = address.recv() else {
                return Err(CallError::Stopped);
            };
            let mut c = Endpoint::open(&r, rec, 0, Family::Inet, SocketKind::Stream)?;
            c.connect(rec, 1, &at)?;
            for _ in 0..round * 3 {
                c.send(rec, 2, b"hello", None)?;
            }
            c.recv(rec, 3, &mut [0; 10], false).map(|_| ())
        });
        // From "nothing yet" to "everything blocked".
        std::thread::sleep(Duration::from_micros(round * 13));
        let begun = Instant::now();
        assert_eq!(hub.stop().stop_and_wait(Duration::from_secs(5)), 0);
        for thread in [client, server] {
            assert_eq!(thread.join().expect("actor"), Err(CallError::Stopped));
        }
        times.push(begun.elapsed());
        let rows = collect(&mut collector, Duration::from_secs(5));
        for r in rows.iter().filter(|r| r.e.kind == Kind::Return) {
            let looks_closed = r.e.call() == Some(Call::Recv) && r.e.b == 0;
            assert!(!looks_closed || r.e.has(flag::AFTER_STOP));
        }
        assert_eq!(registry.open(), 0);
        drop((hub, collector));
        if round == 20 {
            before = Some(left_over());
        }
    }
    times.sort_unstable();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{} stops: median {median:?}, slowest {worst:?}",
        times.len()
    );
    assert!(median < Duration::from_millis(100), "{median:?}");
    assert!(worst < PROMPT, "{worst:?}");
    let (fds, threads) = left_over();
    let (fds_before, threads_before) = before.expect("round 20");
    assert!(
        fds <= fds_before && threads <= threads_before + 1,
        "left: {fds} descriptors (were {fds_before}), {threads} threads (were {threads_before})"
    );
    drop(lab);
}
