//! Real sockets on loopback: every call recorded, in exact order, stoppable at any moment.
//! The same tests hold with `--features portable`.

mod calls;
mod fill;
mod order;
mod stop;
mod streams;
mod unix;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use socklab::net::{
    Collector, Endpoint, Family, PipeOptions, Recorder, RecorderHub, Registry, SocketKind, Target,
    pipe_with,
};
use socklab::trace::{ActorId, Call, Detail, Event, Kind, RunId};

/// Gauges and signals exist.
pub(crate) const LINUX: bool = cfg!(all(target_os = "linux", not(feature = "portable")));

pub(crate) const CLIENT: ActorId = ActorId(0);
pub(crate) const SERVER: ActorId = ActorId(1);

/// One event with what it owns.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) e: Event,
    pub(crate) detail: Option<Detail>,
    pub(crate) bytes: Vec<u8>,
}

/// A run: its pipe and its sockets. One at a time, for some tests count the process's threads.
pub(crate) struct Lab {
    pub(crate) hub: RecorderHub,
    pub(crate) registry: Registry,
    pub(crate) collector: Collector,
    _alone: MutexGuard<'static, ()>,
}

static ALONE: Mutex<()> = Mutex::new(());

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with(PipeOptions::default())
    }

    pub(crate) fn with(options: PipeOptions) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let (hub, collector) = pipe_with(RunId(1), Arc::new(|| {}), options);
        Lab {
            hub,
            registry: Registry::new(),
            collector,
            _alone: alone,
        }
    }

    /// Everything recorded; all recorders must have been dropped (or be about to be).
    pub(crate) fn rows(&mut self) -> Vec<Row> {
        let rows = collect(&mut self.collector, Duration::from_secs(20));
        assert!(self.collector.is_finished(), "recorders left");
        rows
    }

    /// A listening TCP socket and where.
    pub(crate) fn listener(&self, rec: &mut Recorder, family: Family) -> (Endpoint, Target) {
        let host = if family == Family::Inet {
            "127.0.0.1"
        } else {
            "::1"
        };
        let mut l =
            Endpoint::open(&self.registry, rec, 0, family, SocketKind::Stream).expect("socket");
        let at = l.bind(rec, 1, &Target::Host(host.into(), 0)).expect("bind");
        l.listen(rec, 2, 5).expect("listen");
        (l, at)
    }

    /// A connected TCP pair: client end, server end.
    pub(crate) fn pair(
        &self,
        client: &mut Recorder,
        server: &mut Recorder,
    ) -> (Endpoint, Endpoint) {
        let (mut l, at) = self.listener(server, Family::Inet);
        let mut c = Endpoint::open(&self.registry, client, 0, Family::Inet, SocketKind::Stream)
            .expect("socket");
        c.connect(client, 1, &at).expect("connect");
        let (s, _) = l.accept(server, 3).expect("accept");
        (c, s)
    }
}

/// Drains until all recorders are gone.
pub(crate) fn collect(collector: &mut Collector, patience: Duration) -> Vec<Row> {
    let mut rows = Vec::new();
    let begun = Instant::now();
    loop {
        collector.drain(Duration::from_secs(1), &mut |e, detail, bytes: &[u8]| {
            rows.push(Row {
                e,
                detail,
                bytes: bytes.to_vec(),
            });
        });
        if collector.is_finished() {
            break;
        }
        assert!(begun.elapsed() < patience, "not finished in time");
        collector.wait(Duration::from_millis(100));
    }
    assert!(
        rows.windows(2).all(|w| w[0].e.t <= w[1].e.t),
        "time decreased"
    );
    rows
}

/// The Return of the n-th such call.
pub(crate) fn ret(rows: &[Row], call: Call, n: usize) -> &Row {
    nth(rows, Kind::Return, call, n)
}

/// The Begin of the n-th such call.
pub(crate) fn begin(rows: &[Row], call: Call, n: usize) -> &Row {
    nth(rows, Kind::Begin, call, n)
}

fn nth(rows: &[Row], kind: Kind, call: Call, n: usize) -> &Row {
    rows.iter()
        .filter(|r| r.e.kind == kind && r.e.call() == Some(call))
        .nth(n)
        .unwrap_or_else(|| panic!("no {kind:?} {call:?} number {n}"))
}

pub(crate) fn count(rows: &[Row], kind: Kind, call: Call) -> usize {
    rows.iter()
        .filter(|r| r.e.kind == kind && r.e.call() == Some(call))
        .count()
}

/// Waits until `condition` holds; how the tests wait for another thread to be blocked.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(10), "never: {what}");
        std::thread::yield_now();
    }
}
