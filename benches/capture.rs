//! Does the capture keep up? The instrumented 64-byte pair in a private network, every send a
//! segment of its own, everything merged into a real trace as the program does.
//!
//! Prints the medians of some rounds: calls per second with and without capture, captured
//! packets per second, and packets that the kernel had no room for. `cargo bench --bench capture`.

#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
fn main() {
    println!("packets are captured on Linux only");
}

#[cfg(all(target_os = "linux", not(feature = "portable")))]
fn main() {
    linux::main();
}

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod linux {
    use std::sync::{Arc, Barrier};
    use std::time::{Duration, Instant};

    use socklab::net::{
        Capture, Endpoint, Family, Namespace, NamespaceOptions, Registry, SockOpt, SocketKind,
        Target, pipe, set_helper,
    };
    use socklab::trace::{ActorId, RunId, RunMeta, Trace};

    const SIZE: usize = 64;
    const ROUNDS: usize = 7;

    struct Round {
        calls_per_second: f64,
        packets_per_second: f64,
        packets: usize,
        not_captured: u64,
    }

    fn round(calls: usize, captured: bool) -> Round {
        let namespace = captured.then(|| {
            Arc::new(Namespace::open(&NamespaceOptions::default()).expect("a private network"))
        });
        let (hub, mut collector) = pipe(RunId(1), Arc::new(|| {}));
        let capture = namespace
            .as_ref()
            .map(|namespace| Capture::start(namespace, &hub).expect("capture"));
        collector.set_capture(capture.as_ref());
        let registry = namespace.map_or_else(Registry::new, Registry::within);
        let (mut client, mut server) = (hub.recorder(ActorId(0)), hub.recorder(ActorId(1)));
        let open = |rec: &mut _| {
            Endpoint::open(&registry, rec, 0, Family::Inet, SocketKind::Stream).expect("socket")
        };
        let mut listener = open(&mut server);
        let at = listener
            .bind(&mut server, 1, &Target::Host("127.0.0.1".into(), 0))
            .expect("bind");
        listener.listen(&mut server, 2, 128).expect("listen");
        let mut c = open(&mut client);
        c.set_option(&mut client, 0, SockOpt::NoDelay, 1)
            .expect("option");
        c.connect(&mut client, 1, &at).expect("connect");
        let (mut s, _) = listener.accept(&mut server, 3).expect("accept");
        let start = Arc::new(Barrier::new(2));
        let go = Arc::clone(&start);
        let sender = std::thread::spawn(move || {
            let data = [b'x'; SIZE];
            go.wait();
            let begun = Instant::now();
            for i in 0..calls {
                c.send_all(&mut client, 2, &data, Some(i as u32))
                    .expect("send");
            }
            begun
        });
        let receiver = std::thread::spawn(move || {
            let mut buffer = [0; SIZE];
            start.wait();
            while s.recv(&mut server, 4, &mut buffer, false).expect("recv") > 0 {}
            Instant::now()
        });
        let mut trace = Trace::new(RunMeta::default());
        let mut append = |event, detail, bytes: &[u8]| trace.append(event, detail, bytes);
        while !collector.is_finished() {
            collector.wait(Duration::from_millis(16));
            collector.drain(Duration::from_millis(50), &mut append);
        }
        if let Some(capture) = &capture {
            capture.wait_for_closes(Duration::from_millis(200));
        }
        while collector.drain(Duration::from_secs(1), &mut append).events > 0 {}
        let begun = sender.join().expect("sender");
        let took = (receiver.join().expect("receiver") - begun).as_secs_f64();
        let packets = trace.frames().len();
        Round {
            calls_per_second: calls as f64 / took,
            packets_per_second: packets as f64 / took,
            packets,
            not_captured: trace.frames().not_captured(trace.len()),
        }
    }

    fn median(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
        let mut values: Vec<f64> = rounds.iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }

    pub(super) fn main() {
        set_helper(env!("CARGO_BIN_EXE_socklab").into());
        if let Err(why) = Namespace::open(&NamespaceOptions::default()) {
            println!("packets cannot be captured here: {why}");
            return;
        }
        let quick = std::env::args().any(|a| a == "--quick" || a == "--test");
        let calls = if quick { 10_000 } else { 200_000 };
        let (mut bare, mut captured) = (Vec::new(), Vec::new());
        for _ in 0..if quick { 1 } else { ROUNDS } {
            bare.push(round(calls, false));
            captured.push(round(calls, true));
        }
        println!(
            "64 B, TCP_NODELAY: {:.0} calls/s not captured, {:.0} calls/s captured; {:.0} packets/s captured (goal 250000), {} a round, {} not captured in all",
            median(&bare, |r| r.calls_per_second),
            median(&captured, |r| r.calls_per_second),
            median(&captured, |r| r.packets_per_second),
            captured.last().map_or(0, |r| r.packets),
            captured.iter().map(|r| r.not_captured).sum::<u64>(),
        );
    }
}
