//! What recording costs: an instrumented TCP pair against a bare one, in interleaved rounds of
//! one process.
//!
//! Both have the same two threads, the same socket options (the system's defaults) and the same
//! calls; the instrumented one records every call of both ends through a real pipe, and a third
//! thread drains it into a growing store, as the program does. Run with `cargo bench --bench pair`.
//!
//! Besides the rates it prints the processor time each thread took per call, where the system
//! tells (Linux): on a busy machine that says more than the rates. With fewer cores than threads
//! the collector takes its time from the pair.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use socklab::net::{Collector, Endpoint, Family, Registry, SockOpt, SocketKind, Target, pipe};
use socklab::trace::{ActorId, Detail, Event, RunId, RunMeta, Trace};

/// Where the events go.
#[derive(Clone, Copy)]
enum Sink {
    /// A store that only appends: what recording itself costs.
    Store,
    /// The trace with all its indexes and running facts.
    Trace,
    /// Nowhere: what is left without storing.
    Nowhere,
}

/// Events in a chunk of the store.
const CHUNK: usize = 1 << 17;
/// Payload bytes in a chunk of the store.
const PAYLOAD_CHUNK: usize = 4 << 20;

/// Events, details and payload as they come, appended in chunks, so nothing is moved later. As
/// with the trace, an emptied store's chunks are there for the next one.
#[derive(Default)]
struct Store {
    events: Chunks<Event>,
    details: Vec<Detail>,
    payload: Chunks<u8>,
}

struct Chunks<T> {
    open: Vec<T>,
    full: Vec<Vec<T>>,
    used: Vec<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks {
            open: Vec::new(),
            full: Vec::new(),
            used: Vec::new(),
        }
    }
}

static STORE: Mutex<Option<Store>> = Mutex::new(None);

impl<T> Chunks<T> {
    fn next(&mut self, size: usize) {
        let next = self.used.pop().unwrap_or_else(|| Vec::with_capacity(size));
        self.full.push(std::mem::replace(&mut self.open, next));
    }

    fn clear(&mut self) {
        self.full.push(std::mem::take(&mut self.open));
        self.used.extend(self.full.drain(..).map(|mut chunk| {
            chunk.clear();
            chunk
        }));
        self.used.retain(|chunk| chunk.capacity() > 0);
    }

    fn len(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.open.len()
    }
}

impl Store {
    #[inline]
    fn append(&mut self, event: Event, detail: Option<Detail>, mut bytes: &[u8]) {
        if self.events.open.len() == self.events.open.capacity() {
            self.events.next(CHUNK);
        }
        self.events.open.push(event);
        if let Some(detail) = detail {
            self.details.push(detail);
        }
        while !bytes.is_empty() {
            let room = self.payload.open.capacity() - self.payload.open.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.payload.open.extend_from_slice(now);
            bytes = later;
            if !bytes.is_empty() {
                self.payload.next(PAYLOAD_CHUNK);
            }
        }
    }

    /// Empty again; the memory stays.
    fn clear(&mut self) {
        self.events.clear();
        self.details.clear();
        self.payload.clear();
    }
}

/// Drains until all recorders are gone; how many events came out.
fn drain(collector: Collector, sink: Sink) -> usize {
    match sink {
        Sink::Store => {
            let mut kept = STORE.lock().expect("store");
            let mut store = kept.take().unwrap_or_default();
            drain_into(collector, |e, detail, bytes| store.append(e, detail, bytes));
            let events = store.events.len();
            store.clear();
            *kept = Some(store);
            events
        }
        Sink::Nowhere => {
            let mut events = 0;
            drain_into(collector, |e, _, bytes| {
                black_box((e, bytes));
                events += 1;
            });
            events
        }
        Sink::Trace => {
            let mut trace = Trace::new(RunMeta::default());
            drain_into(collector, |e, detail, bytes| trace.append(e, detail, bytes));
            trace.len() as usize
        }
    }
}

fn drain_into(mut collector: Collector, mut append: impl FnMut(Event, Option<Detail>, &[u8])) {
    while !collector.is_finished() {
        collector.wait(Duration::from_millis(100));
        collector.drain(Duration::from_millis(50), &mut append);
    }
}

/// Seconds from the first send to the end of the stream at the receiver.
fn bare(size: usize, calls: usize, nodelay: bool) -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let mut client = TcpStream::connect(listener.local_addr().expect("address")).expect("connect");
    client.set_nodelay(nodelay).expect("option");
    let (mut server, _) = listener.accept().expect("accept");
    let start = Arc::new(Barrier::new(2));
    let go = Arc::clone(&start);
    let sender = spawn("bare sender", move || {
        let data = vec![b'x'; size];
        go.wait();
        let begun = Instant::now();
        for _ in 0..calls {
            client.write_all(&data).expect("send");
        }
        begun
    });
    let receiver = spawn("bare receiver", move || {
        let mut buffer = vec![0; size];
        start.wait();
        let mut got = 0;
        loop {
            match server.read(&mut buffer).expect("recv") {
                0 => break,
                n => got += n,
            }
        }
        assert_eq!(got, size * calls);
        Instant::now()
    });
    let begun = sender.join().expect("sender");
    let ended = receiver.join().expect("receiver");
    (ended - begun).as_secs_f64()
}

/// The same, recorded; and how many events came out.
fn recorded(size: usize, calls: usize, nodelay: bool, sink: Sink) -> (f64, usize) {
    let (hub, collector) = pipe(RunId(1), Arc::new(|| {}));
    let registry = Registry::new();
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
    c.set_option(&mut client, 0, SockOpt::NoDelay, i64::from(nodelay))
        .expect("option");
    c.connect(&mut client, 1, &at).expect("connect");
    let (mut s, _) = listener.accept(&mut server, 3).expect("accept");
    let collector = spawn("collector", move || drain(collector, sink));
    let start = Arc::new(Barrier::new(2));
    let go = Arc::clone(&start);
    let sender = spawn("sender", move || {
        let data = vec![b'x'; size];
        go.wait();
        let begun = Instant::now();
        for i in 0..calls {
            c.send_all(&mut client, 2, &data, Some(i as u32))
                .expect("send");
        }
        begun
    });
    let receiver = spawn("receiver", move || {
        let mut buffer = vec![0; size];
        start.wait();
        let mut got = 0;
        loop {
            match s.recv(&mut server, 4, &mut buffer, false).expect("recv") {
                0 => break,
                n => got += n,
            }
        }
        assert_eq!(got, size * calls);
        Instant::now()
    });
    let begun = sender.join().expect("sender");
    let ended = receiver.join().expect("receiver");
    let events = collector.join().expect("collector");
    assert!(events >= calls * 2, "events are missing");
    ((ended - begun).as_secs_f64(), events)
}

/// Processor time of finished threads, nanoseconds, by name.
static TIMES: Mutex<BTreeMap<&'static str, Vec<f64>>> = Mutex::new(BTreeMap::new());

fn spawn<T: Send + 'static>(
    name: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let timed = move || {
        let result = work();
        // The first figure is the time on a processor (Linux, Documentation/scheduler).
        let figures = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        if let Some(time) = figures.split(' ').next().and_then(|t| t.parse().ok()) {
            let mut times = TIMES.lock().expect("times");
            times.entry(name).or_default().push(time);
        }
        result
    };
    std::thread::Builder::new()
        .name(name.into())
        .spawn(timed)
        .expect("thread")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn compare(label: &str, size: usize, calls: usize, nodelay: bool, sink: Sink, goal: f64) {
    const ROUNDS: usize = 21;
    let (mut without, mut with, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut events = 0;
    bare(size, calls / 4, nodelay);
    recorded(size, calls / 4, nodelay, sink);
    TIMES.lock().expect("times").clear();
    for round in 0..ROUNDS {
        // Who goes first changes, so that neither always finds the caches warm.
        let (a, b) = if round % 2 == 0 {
            let a = bare(size, calls, nodelay);
            (a, recorded(size, calls, nodelay, sink))
        } else {
            let b = recorded(size, calls, nodelay, sink);
            (bare(size, calls, nodelay), b)
        };
        events = b.1;
        without.push(calls as f64 / a);
        with.push(calls as f64 / b.0);
        ratios.push(a / b.0);
    }
    let (low, high) = ratios
        .iter()
        .fold((f64::MAX, 0.0_f64), |(l, h), r| (l.min(*r), h.max(*r)));
    println!(
        "{label:>17}: bare {:>9.0} calls/s, recorded {:>9.0} calls/s, ratio {:.3} (goal {goal}; {low:.3} to {high:.3} in {ROUNDS} rounds, {events} events a round)",
        median(without),
        median(with),
        median(ratios),
    );
    let (mut bare, mut recorded) = (0.0, 0.0);
    for (name, times) in std::mem::take(&mut *TIMES.lock().expect("times")) {
        let time = median(times) / calls as f64;
        println!("         {name}: {time:.0} ns of processor a call");
        *(if name.starts_with("bare") {
            &mut bare
        } else {
            &mut recorded
        }) += time;
    }
    if recorded > 0.0 {
        println!(
            "         together: bare {bare:.0} ns, recorded {recorded:.0} ns, ratio {:.3}",
            bare / recorded
        );
    }
}

/// Options after `--`: `small` or `large` for one of the two, `nagle` for small calls with Nagle's
/// algorithm only; `trace` to record into the real trace, or `nowhere`, instead of a plain store;
/// `--short` or `--quick` for less of it.
fn main() {
    let asked = |word: &str| std::env::args().any(|a| a == word);
    let scale = if asked("--quick") || asked("--test") {
        20
    } else if asked("--short") {
        5
    } else {
        1
    };
    let sink = if asked("nowhere") {
        Sink::Nowhere
    } else if asked("trace") {
        Sink::Trace
    } else {
        Sink::Store
    };
    if !asked("large") {
        // With Nagle's algorithm most small sends only add to a segment that waits, and cost a
        // fraction of one that leaves; with TCP_NODELAY each is a segment of its own.
        if !asked("nagle") {
            compare("64 B, TCP_NODELAY", 64, 400_000 / scale, true, sink, 0.85);
        }
        compare("64 B, Nagle", 64, 400_000 / scale, false, sink, 0.85);
    }
    if !asked("small") {
        compare("64 KiB", 65_536, 20_000 / scale, false, sink, 0.95);
    }
}
