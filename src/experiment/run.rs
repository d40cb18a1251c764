//! A run: real sockets, one thread per actor, and the trace of what they did.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, Sender};

use crate::framing::FramingSpec;
use crate::net::{
    Capture, Collector, Drained, Endpoint, Held, Namespace, NamespaceOptions, PipeOptions,
    Recorder, RecorderHub, Registry, Sampler, Setup, Target, Unavailable, Waker, loopback_mtu,
    pipe_with, sample_ends,
};
use crate::trace::{ActorId, ActorMeta, Mark, Network, Role, RunId, RunMeta, Trace};

use super::actor::{self, Actor, Redirect, Seat, Seats};
use super::attack::Attack;
use super::folder::Folder;
use super::gate::{Gate, Mode, Status};
use super::messages::Messages;
use super::params::{Params, Value};
use super::program::Program;
use super::progress::Board;
use super::reach::Reach;
use super::relay::{self, Relay};
use super::typing::Typing;

/// Longest frame that a decoder accepts, bytes; a bound on memory against any peer.
pub const FRAME_LIMIT: usize = 16 << 20;

/// Events kept before the run asks what to do, unless told otherwise.
pub const EVENT_LIMIT: u32 = 2_000_000;

/// How often the fill levels are read while something happens.
const SAMPLE_PERIOD: Duration = Duration::from_millis(12);

/// How long after the last release whatever still rests is taken to stay so. Longer than a
/// delayed acknowledgement (40 ms on Linux), for which Nagle's algorithm may hold bytes back.
const REST: Duration = Duration::from_millis(120);

/// How long the last segments of closed connections are awaited; longer than a delayed
/// acknowledgement.
const CLOSES: Duration = Duration::from_millis(100);

/// What one actor of a run is to do.
#[derive(Clone, Debug)]
pub struct ActorSpec {
    /// `client`
    pub name: String,
    /// Its part.
    pub role: Role,
    /// Its program; not run when `external`.
    pub program: Arc<Program>,
    /// Played by a program outside the lab.
    pub external: bool,
    /// How many threads it may start to serve clients; each becomes an actor of the run, called
    /// `server_1`, `server_2` … Those of all actors are numbered after all of `RunSpec::actors`.
    pub threads: usize,
}

impl ActorSpec {
    fn seats(&self) -> usize {
        if self.external { 0 } else { self.threads }
    }
}

/// A relay between the ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelaySpec {
    /// What it does.
    pub attack: Attack,
    /// The position of the actor whose clients it stands in front of. Connections made to that
    /// actor by its name go through the relay; all others do not.
    pub server: usize,
}

/// Everything a run is made of.
#[derive(Clone)]
pub struct RunSpec {
    /// Id of the lesson, for the recording.
    pub lesson: String,
    /// Those who take part.
    pub actors: Vec<ActorSpec>,
    /// Parameters, with the values to begin with.
    pub params: Vec<(String, Value)>,
    /// How messages are framed.
    pub framing: FramingSpec,
    /// Longest payload that the decoders accept, bytes; [`FRAME_LIMIT`] or less.
    pub frame_limit: usize,
    /// Does somebody stand between the ends?
    pub relay: Option<RelaySpec>,
    /// The messages that `for_each_message` goes through.
    pub messages: Arc<dyn Messages>,
    /// How to begin.
    pub mode: Mode,
    /// Events kept before the run pauses and asks.
    pub event_limit: u32,
    /// Payload bytes kept; beyond that offsets and lengths only.
    pub payload_budget: u64,
    /// Port on which an external server is expected.
    pub external_port: u16,
    /// Who may reach its sockets. Captured runs are in a network of their own: nobody but them.
    pub reach: Reach,
    /// Is somebody there who can type? If not, prompts take the lesson's own lines.
    pub attended: bool,
    /// Make the run in a private network of that kind and capture its packets, if that is to be
    /// had; `None`: in the computer's own.
    pub capture: Option<NamespaceOptions>,
}

/// Why a run could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The relay got no socket.
    #[error("no socket for the attacker: {0}; close other programs and try again")]
    Relay(std::io::Error),
    /// The system gave no thread.
    #[error("no thread for {actor}: {source}; close other programs and try again")]
    Thread {
        /// For whom.
        actor: String,
        /// The system's words.
        source: std::io::Error,
    },
    /// More actors than an event can name.
    #[error("{0} actors are too many; at most 250 can take part")]
    TooMany(usize),
}

/// One released call (or several back to back), in the order in which they were released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Whose.
    pub actor: ActorId,
    /// How many, back to back; 0: nobody's turn until nothing has moved for a while.
    pub calls: u32,
}

/// What became of something the person asked for and the run could not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A call was released, but the actor is still held in its last one.
    StillBlocked(ActorId),
    /// A call was released, but the actor's program has ended.
    HasEnded(ActorId),
    /// The event limit was reached; the run is paused.
    EventLimit(u32),
    /// The payload budget is used up.
    PayloadBudget(u64),
}

/// The system that makes the run, and whether it is the fallback that makes it.
fn platform() -> String {
    let fallback = if cfg!(feature = "portable") {
        " portable"
    } else {
        ""
    };
    format!(
        "{} {}{fallback}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// Numbers runs, so that nothing of an old one can be taken for a new one's.
static NEXT_RUN: AtomicU64 = AtomicU64::new(1);

/// The private network of a run, or why there is none.
enum Private {
    Unwanted,
    /// With what was wished for, where the computer's own loopback would do instead.
    Refused(Unavailable, Option<NamespaceOptions>),
    Open(Arc<Namespace>, NamespaceOptions),
}

impl Private {
    fn open(spec: &RunSpec) -> Self {
        let Some(options) = &spec.capture else {
            return Private::Unwanted;
        };
        if spec.reach == Reach::Network {
            // What comes from other computers does not pass the loopback.
            return Private::Refused(Unavailable::External, None);
        }
        if spec.actors.iter().any(|actor| actor.external) {
            return Private::Refused(Unavailable::External, Some(*options));
        }
        match Namespace::open(options) {
            Ok(namespace) => Private::Open(Arc::new(namespace), *options),
            Err(why) => Private::Refused(why, Some(*options)),
        }
    }

    /// Begins to capture: where sockets are made, what the recording says of it.
    fn begin(self, hub: &RecorderHub) -> (Registry, Network, Option<Capture>) {
        let host = |refused: Option<&Unavailable>| {
            let refused = refused.map(|why| why.code().to_owned());
            let registry = Registry::new();
            registry.count_segments();
            if refused.is_some() {
                registry.report_progress();
            }
            (registry, Network::Host { refused }, None)
        };
        let (namespace, options) = match self {
            Private::Unwanted => return host(None),
            Private::Refused(why, None) => return host(Some(&why)),
            Private::Refused(why, Some(options)) => {
                let registry = Registry::new();
                return match Capture::on_host(&registry, hub) {
                    Ok(capture) => (registry, own_loopback(&why, &options), Some(capture)),
                    Err(_) => host(Some(&why)),
                };
            }
            Private::Open(namespace, options) => (namespace, options),
        };
        let capture = match Capture::start(&namespace, hub) {
            Ok(capture) => capture,
            Err(source) => {
                let step = Setup::Capture;
                return host(Some(&Unavailable::Refused { step, source }));
            }
        };
        let network = Network::Captured {
            mtu: options.mtu,
            settings: options.settings(),
            not_granted: namespace
                .not_granted()
                .iter()
                .map(|&name| name.to_owned())
                .collect(),
            on_host: None,
        };
        (Registry::within(namespace), network, Some(capture))
    }
}

/// The computer's own loopback, on which this program may capture: nothing of what the run wishes
/// of its network can be had there, and packets are as large as the loopback lets them be.
fn own_loopback(why: &Unavailable, options: &NamespaceOptions) -> Network {
    let usual = NamespaceOptions::default();
    let mut not_granted: Vec<String> = options.settings().into_iter().map(|s| s.0).collect();
    if options.mtu != usual.mtu {
        not_granted.push("mtu".to_owned());
    }
    not_granted.push("offloads".to_owned());
    Network::Captured {
        mtu: loopback_mtu(),
        settings: Vec::new(),
        not_granted,
        on_host: Some(why.code().to_owned()),
    }
}

/// A run and its trace. Dropping it stops it.
pub struct Run {
    trace: Trace,
    hub: RecorderHub,
    collector: Collector,
    marker: Recorder,
    registry: Registry,
    capture: Option<Capture>,
    sampler: Option<Sampler>,
    board: Arc<Board>,
    typing: Arc<Typing>,
    gates: Vec<Arc<Gate>>,
    held: Vec<Arc<Held>>,
    relay: Option<Arc<relay::Shared>>,
    external: Arc<[bool]>,
    threads: Vec<JoinHandle<()>>,
    /// Sockets of actors that were stopped; closed when all have left.
    remains: Receiver<Vec<Endpoint>>,
    params: Params,
    step_mode: Arc<AtomicBool>,
    mode: Mode,
    queue: VecDeque<Release>,
    released: Vec<Release>,
    last_release: Instant,
    last_stepped: Option<ActorId>,
    /// The thread of a server that was stepped last.
    last_thread: Option<ActorId>,
    event_limit: u32,
    payload_told: bool,
    stopped: bool,
    finished: bool,
    notices: Vec<Notice>,
}

impl Run {
    /// Starts the actors' threads. `waker` is called, coalesced, when [`Run::poll`] has work.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(spec: &RunSpec, waker: Waker) -> Result<Run, StartError> {
        let mut threads: Vec<(ActorId, ActorId)> = Vec::new();
        for (owner, actor) in spec.actors.iter().enumerate() {
            for _ in 0..actor.seats() {
                let thread = spec.actors.len() + threads.len();
                threads.push((ActorId(thread as u8), ActorId(owner as u8)));
            }
        }
        let all = spec.actors.len() + threads.len();
        if all > 250 {
            return Err(StartError::TooMany(all));
        }
        let id = RunId(NEXT_RUN.fetch_add(1, Ordering::Relaxed));
        let options = PipeOptions {
            payload_budget: spec.payload_budget,
            ..PipeOptions::default()
        };
        let private = Private::open(spec);
        let (hub, mut collector) = pipe_with(id, waker, options);
        let (registry, network, capture) = private.begin(&hub);
        collector.set_capture(capture.as_ref());
        let step = spec.mode == Mode::Step;
        hub.set_immediate(step);
        let relay_meta = spec.relay.as_ref().map(|_| ActorMeta {
            name: relay::NAME.to_owned(),
            // Older programs know no part of its own for it.
            role: Role::Other,
            external: false,
        });
        let meta = RunMeta {
            lesson: spec.lesson.clone(),
            settings: spec
                .params
                .iter()
                .map(|(n, v)| (n.clone(), v.to_string()))
                .collect(),
            framing: spec.framing.to_string(),
            seed: 0,
            actors: spec
                .actors
                .iter()
                .map(|a| ActorMeta {
                    name: a.name.clone(),
                    role: a.role,
                    external: a.external,
                })
                .chain(spec.actors.iter().flat_map(|owner| {
                    (1..=owner.seats()).map(|n| ActorMeta {
                        name: format!("{}_{n}", owner.name),
                        role: owner.role,
                        external: false,
                    })
                }))
                .chain(relay_meta)
                .collect(),
            threads: threads.clone(),
            started_unix_ms: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| d.as_millis() as u64),
            platform: platform(),
            step_mode: step,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            network,
            attack: spec
                .relay
                .as_ref()
                .map_or_else(String::new, |relay| relay.attack.to_string()),
            relay: spec.relay.as_ref().map(|_| ActorId(all as u8)),
        };
        let trace = Trace::new(meta).with_payload_budget(spec.payload_budget);
        let params = Params::new(spec.params.iter().cloned());
        let framing: Arc<dyn crate::framing::Framing> = spec.framing.build(spec.frame_limit).into();
        let taking_part = || trace.meta().actors.iter().take(all);
        let names: Arc<[String]> = taking_part().map(|a| a.name.clone()).collect();
        let external: Arc<[bool]> = taking_part().map(|a| a.external).collect();
        let board = Arc::new(Board::new(all + 1));
        let typing = Arc::new(Typing::new(all, spec.attended));
        let folder = Arc::new(Folder::new(id.0));
        let relay = match spec.relay {
            Some(_) => Some(Arc::new(relay::Shared::new().map_err(StartError::Relay)?)),
            None => None,
        };
        let redirect = spec.relay.as_ref().map(|relay| Redirect {
            server: relay.server,
            relay: all,
        });
        let step_mode = Arc::new(AtomicBool::new(step));
        let gates: Vec<_> = (0..all).map(|_| Arc::new(Gate::new(spec.mode))).collect();
        let (hand_back, remains) = crossbeam_channel::bounded(all + 1);
        let marker = hub.marker(ActorId::LAB);
        let mut run = Run {
            trace,
            hub,
            collector,
            marker,
            registry,
            capture,
            sampler: None,
            board,
            typing,
            held: gates.iter().map(|_| Arc::default()).collect(),
            gates,
            relay,
            external,
            threads: Vec::new(),
            remains,
            params,
            step_mode,
            mode: spec.mode,
            queue: VecDeque::new(),
            released: Vec::new(),
            last_release: Instant::now(),
            last_stepped: None,
            last_thread: None,
            event_limit: spec.event_limit,
            payload_told: false,
            stopped: false,
            finished: false,
            notices: Vec::new(),
        };
        run.marker.mark(Mark::Started, 0, None);
        for gate in &run.gates[spec.actors.len()..] {
            // Nobody is there before there is a client to serve.
            gate.set_status(Status::Ended);
        }
        for (index, actor) in spec.actors.iter().enumerate() {
            if actor.external {
                run.gates[index].set_status(Status::Ended);
                continue;
            }
            let mut recorder = run.hub.recorder(ActorId(index as u8));
            run.held[index] = recorder.held();
            let seats = Seats::new(run.seats_of(ActorId(index as u8)), hand_back.clone());
            let body = Actor {
                index,
                thread_of: None,
                seats: Arc::new(seats),
                program: actor.program.clone(),
                gate: run.gates[index].clone(),
                board: run.board.clone(),
                registry: run.registry.clone(),
                params: run.params.clone(),
                framing: framing.clone(),
                messages: spec.messages.clone(),
                names: names.clone(),
                external: run.external.clone(),
                external_port: spec.external_port,
                typing: run.typing.clone(),
                folder: folder.clone(),
                // With an attacker, who comes from outside comes to it.
                reach: if redirect.is_some() {
                    Reach::Loopback
                } else {
                    spec.reach
                },
                redirect,
                step_mode: run.step_mode.clone(),
            };
            let token = run.hub.stop().clone();
            let hand_back = hand_back.clone();
            let thread = std::thread::Builder::new()
                .name(actor.name.chars().take(15).collect())
                .spawn(move || {
                    let entered = token.enter();
                    let left = actor::run(&body, &mut recorder);
                    drop(recorder);
                    drop(entered);
                    // Never full: there is a place for every actor.
                    let _ = hand_back.try_send(left);
                })
                .map_err(|source| StartError::Thread {
                    actor: actor.name.clone(),
                    source,
                })?;
            run.threads.push(thread);
        }
        run.start_relay(spec, hand_back)?;
        run.sampler = Sampler::start(&run.registry, &run.hub, SAMPLE_PERIOD)
            .map_err(|source| StartError::Thread {
                actor: "sampler".into(),
                source,
            })
            .map(Some)?;
        Ok(run)
    }

    /// Places for the threads of that actor.
    fn seats_of(&mut self, owner: ActorId) -> Vec<Seat> {
        let threads: Vec<ActorId> = self.trace.meta().threads_of(owner).collect();
        let seat = |thread: ActorId| {
            let index = usize::from(thread.0);
            let recorder = self.hub.recorder(thread);
            self.held[index] = recorder.held();
            Seat {
                index,
                gate: self.gates[index].clone(),
                recorder,
            }
        };
        threads.into_iter().map(seat).collect()
    }

    fn start_relay(
        &mut self,
        spec: &RunSpec,
        hand_back: Sender<Vec<Endpoint>>,
    ) -> Result<(), StartError> {
        let (Some(shared), Some(relay)) = (&self.relay, &spec.relay) else {
            return Ok(());
        };
        let index = self.gates.len();
        let external = spec.actors.get(relay.server).is_some_and(|a| a.external);
        let body = Relay {
            index,
            attack: relay.attack.clone(),
            framing: spec.framing.clone(),
            frame_limit: spec.frame_limit,
            server: relay.server.min(index),
            external: external.then(|| Target::Host("127.0.0.1".to_owned(), spec.external_port)),
            reach: spec.reach,
            board: self.board.clone(),
            registry: self.registry.clone(),
            shared: shared.clone(),
        };
        let mut recorder = self.hub.recorder(ActorId(index as u8));
        let token = self.hub.stop().clone();
        let thread = std::thread::Builder::new()
            .name(relay::NAME.to_owned())
            .spawn(move || {
                let entered = token.enter();
                let left = relay::run(&body, &mut recorder);
                drop(recorder);
                drop(entered);
                let _ = hand_back.try_send(left);
            })
            .map_err(|source| StartError::Thread {
                actor: relay::NAME.to_owned(),
                source,
            })?;
        self.threads.push(thread);
        Ok(())
    }

    /// The trace so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How actors pass their gates now.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Where each actor is.
    pub fn status(&self, actor: ActorId) -> Status {
        let at = usize::from(actor.0);
        match self.gates.get(at).map(|gate| gate.status()) {
            Some(Status::Running) if self.held[at].is_blocked() => Status::Blocked,
            Some(status) => status,
            None => Status::Ended,
        }
    }

    /// Time since the run began, on its own clock.
    pub fn now(&self) -> crate::trace::Nanos {
        self.hub.now()
    }

    /// The operation each actor is at or waits before.
    pub fn at(&self, actor: ActorId) -> Option<u16> {
        self.gates
            .get(usize::from(actor.0))
            .and_then(|gate| gate.at())
    }

    /// Have all programs ended, and is everything they did in the trace?
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Has the run been stopped from outside?
    pub fn was_stopped(&self) -> bool {
        self.stopped
    }

    /// Releases so far, to repeat them in another run.
    pub fn released(&self) -> &[Release] {
        &self.released
    }

    /// Calls released and not yet begun.
    pub fn is_releasing(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Events that happened but were not recorded, because the person chose so.
    pub fn not_recorded(&self) -> u64 {
        self.hub.not_recorded()
    }

    /// Takes what the person should be told since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Lets the programs run by themselves, calls at least `pace` apart.
    pub fn run_free(&mut self, pace: Duration) {
        let resumed = self.mode == Mode::Step;
        self.queue.clear();
        self.set_mode(Mode::Free { pace });
        if resumed {
            self.marker.mark(Mark::Resumed, 0, None);
        }
    }

    /// Pauses the programs; the kernel goes on. Afterwards calls can be released one by one.
    pub fn pause(&mut self) {
        if self.mode != Mode::Step {
            self.set_mode(Mode::Step);
            self.marker.mark(Mark::Paused, 0, None);
        }
    }

    fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
        let step = mode == Mode::Step;
        self.step_mode.store(step, Ordering::Relaxed);
        self.hub.set_immediate(step);
        for gate in &self.gates {
            gate.set_mode(mode);
        }
    }

    /// Releases calls of one actor; they go ahead as soon as what was released before is over.
    /// Where the actor itself is held in a call, or has ended, and serves clients in threads, the
    /// next of them that waits at its gate makes the calls: they take turns.
    pub fn release(&mut self, release: Release) {
        if self.mode != Mode::Step {
            self.pause();
        }
        // A bound for somebody leaning on a key.
        if self.queue.len() < 100_000 && usize::from(release.actor.0) < self.gates.len() {
            self.queue.push_back(release);
        }
        self.release_next();
    }

    /// Releases one call of whoever can make one: the actors take turns, blocked ones are skipped.
    pub fn step_either(&mut self) -> Option<ActorId> {
        let count = self.gates.len();
        let first = self.last_stepped.map_or(0, |last| usize::from(last.0) + 1);
        let next = (0..count)
            .map(|i| (first + i) % count.max(1))
            .find(|&i| self.status(ActorId(i as u8)) == Status::AtGate)?;
        let actor = ActorId(next as u8);
        self.release(Release { actor, calls: 1 });
        Some(actor)
    }

    /// Changes a parameter while the run goes on.
    pub fn set_param(&mut self, name: &str, value: &Value) {
        if self.params.set(name, value) {
            let number = match value {
                Value::Int(n) => Some(*n),
                Value::Text(_) => None,
            };
            self.marker.setting(name, &value.to_string(), number);
        }
    }

    /// A person has typed a line (without its end) for an actor that asks for one, now or soon;
    /// false if that actor has too many unread lines, or does not exist.
    pub fn type_line(&self, actor: ActorId, line: &str) -> bool {
        self.typing.typed(usize::from(actor.0), line)
    }

    /// The lesson moved to another step.
    pub fn mark_step(&mut self, step: usize) {
        self.marker.step(step as u64);
    }

    /// After the event limit: go on without recording.
    pub fn keep_going_unrecorded(&mut self) {
        self.event_limit = u32::MAX;
        self.hub.set_recording(false);
        self.run_free(Duration::ZERO);
    }

    /// Takes in what the actors did, for about `budget`; true if the trace or a status changed.
    pub fn poll(&mut self, budget: Duration) -> bool {
        if self.finished {
            return false;
        }
        let before = self.trace.len();
        self.take_in(budget);
        let released = self.release_next();
        if self.trace.len() >= self.event_limit && !self.stopped {
            self.notices.push(Notice::EventLimit(self.event_limit));
            // Once; the answer decides what comes next.
            self.event_limit = u32::MAX;
            self.pause();
            self.marker.mark(Mark::Limit, u64::from(before), None);
        }
        if !self.payload_told && !self.trace.payload_complete() {
            self.payload_told = true;
            let kept = self.trace.memory().payload_bytes;
            self.notices.push(Notice::PayloadBudget(kept));
            self.marker.mark(Mark::PayloadLimit, kept, None);
        }
        if !self.stopped && self.all_ended() {
            self.finish();
        }
        self.trace.len() != before || released
    }

    /// How soon [`Run::poll`] should be called again even if nobody wakes it.
    pub fn poll_again_in(&self) -> Option<Duration> {
        (!self.queue.is_empty()).then_some(Duration::from_millis(2))
    }

    /// Waits for something to poll, `timeout` at most. For loops without a window.
    pub fn wait(&self, timeout: Duration) -> bool {
        self.collector.wait(
            self.poll_again_in()
                .map_or(timeout, |again| again.min(timeout)),
        )
    }

    /// Polls until every released call is over, every actor waits (at its gate, in the kernel,
    /// for another) or has ended; false when that takes longer than `patience`.
    pub fn settle(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            self.poll(Duration::from_millis(50));
            if self.finished || (self.queue.is_empty() && self.is_settled_now()) {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            self.wait(Duration::from_millis(5));
        }
    }

    /// Polls until all programs have ended; false when that takes longer than `patience`.
    pub fn finish_within(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while !self.finished {
            self.poll(Duration::from_millis(50));
            if Instant::now() >= deadline {
                return self.finished;
            }
            if !self.finished {
                self.wait(Duration::from_millis(20));
            }
        }
        true
    }

    fn all_ended(&self) -> bool {
        let programs = self.gates.iter().all(|gate| gate.status() == Status::Ended);
        let Some(relay) = &self.relay else {
            return programs;
        };
        if programs {
            relay.end_when_done();
        }
        programs && relay.ended.load(Ordering::SeqCst)
    }

    /// Is nobody about to do anything by himself, and has everything sent arrived?
    ///
    /// What cannot be known, or may never come (a full buffer, a program that waits for another),
    /// is given 120 ms.
    pub fn is_settled(&self) -> bool {
        let waited = self.last_release.elapsed() > REST;
        let programs = self.gates.iter().enumerate().all(|(at, gate)| {
            // Permits before status: an actor takes its permit only after it has said that it
            // is no longer at the gate. Who is blocked cannot use what is left of a burst.
            let none_left = gate.permits() == 0;
            let status = self.status(ActorId(at as u8));
            (none_left || status == Status::Blocked)
                && match status {
                    Status::Running => false,
                    Status::AtGate | Status::Ended => true,
                    // On its way to where stepping begins.
                    Status::Blocked | Status::Waiting if !gate.is_ready() && !waited => false,
                    Status::Blocked => {
                        let rests = self.held[at].is_at_rest(&self.registry);
                        rests.unwrap_or(false)
                            || waited && self.held[at].is_asleep().unwrap_or(true)
                    }
                    // Told that it may go on, it is awake before it says so.
                    Status::Waiting => self.held[at].is_asleep().unwrap_or(waited),
                }
        });
        // What it holds back for a time still comes, however long that is.
        let relay = self.relay.as_ref().is_none_or(|relay| {
            relay.ended.load(Ordering::SeqCst)
                || relay.rest.is_at_rest(&self.registry).unwrap_or(waited)
        });
        programs && relay && (waited || self.nothing_is_in_flight())
    }

    /// Is every byte that was sent either taken or waiting at its receiver, and has every end
    /// of a stream arrived? A loopback delivers at once, but not always before send returns.
    fn nothing_is_in_flight(&self) -> bool {
        let state = self.trace.state_at(self.trace.len());
        self.trace
            .streams()
            .iter()
            .zip(&state.streams)
            .all(|(stream, now)| {
                let (Some(from), Some(to)) = (stream.from_socket, stream.to_socket) else {
                    return true;
                };
                // A closed receiver takes nothing any more.
                let Some(receiver) = self.registry.gauge(to) else {
                    return true;
                };
                let Some(unread) = receiver.unread else {
                    return false;
                };
                let unsent = self
                    .registry
                    .gauge(from)
                    .and_then(|g| g.unsent)
                    .unwrap_or(0);
                let arrived = now.sent == now.received + u64::from(unread) && unsent == 0;
                let end = !now.shut || now.ended || self.registry.is_ready(to, false) == Some(true);
                arrived && end
            })
    }

    /// As [`Run::is_settled`], and the trace has all that the actors did before they came to rest.
    fn is_settled_now(&mut self) -> bool {
        self.take_in(Duration::from_millis(4));
        // They may have come to rest after that, so it takes a second look, with no news in it.
        self.is_settled() && {
            let last = self.take_in(Duration::from_millis(4));
            last.events == 0 && !last.more
        }
    }

    fn take_in(&mut self, budget: Duration) -> Drained {
        let trace = &mut self.trace;
        self.collector.drain(budget, &mut |event, detail, bytes| {
            trace.append(event, detail, bytes);
        })
    }

    /// Lets the next released call go ahead if those before it are over.
    fn release_next(&mut self) -> bool {
        let mut any = false;
        while let Some(&release) = self.queue.front() {
            if !self.is_settled_now() {
                break;
            }
            if release.calls == 0 && self.last_release.elapsed() <= REST {
                break;
            }
            self.queue.pop_front();
            if release.calls == 0 {
                any = true;
                continue;
            }
            let actor = self.who_goes(release.actor);
            let gate = &self.gates[usize::from(actor.0)];
            match self.status(actor) {
                Status::Ended => self.notices.push(Notice::HasEnded(release.actor)),
                Status::Blocked | Status::Waiting => {
                    self.notices.push(Notice::StillBlocked(release.actor));
                }
                Status::AtGate | Status::Running => {
                    let calls = u64::from(release.calls);
                    self.marker.mark_for(Mark::Released, calls, None, actor);
                    gate.permit(release.calls);
                    self.released.push(release);
                    self.last_stepped = Some(actor);
                    if self.trace.meta().thread_of(actor).is_some() {
                        self.last_thread = Some(actor);
                    }
                    self.last_release = Instant::now();
                }
            }
            any = true;
        }
        any
    }

    /// Whoever makes the calls that are released for `actor`: itself, or one of its threads.
    fn who_goes(&self, actor: ActorId) -> ActorId {
        if matches!(self.status(actor), Status::AtGate | Status::Running) {
            return actor;
        }
        let threads: Vec<ActorId> = self.trace.meta().threads_of(actor).collect();
        let after = threads
            .iter()
            .position(|thread| Some(*thread) == self.last_thread)
            .map_or(0, |at| at + 1);
        (0..threads.len())
            .map(|n| threads[(after + n) % threads.len()])
            .find(|thread| self.status(*thread) == Status::AtGate)
            .unwrap_or(actor)
    }

    /// All programs have ended: ends the sampler and takes in the rest.
    fn finish(&mut self) {
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        self.sampler = None;
        // Only now, when nobody is inside a call any more, may stopped actors' sockets go.
        while self.remains.try_recv().is_ok() {}
        if let Some(capture) = &self.capture {
            capture.wait_for_closes(CLOSES);
        }
        sample_ends(&self.registry, &mut self.marker, CLOSES);
        self.marker.mark(Mark::Finished, 0, None);
        loop {
            let drained = self.take_in(Duration::from_secs(1));
            if drained.events == 0 && !drained.more {
                break;
            }
        }
        self.collector.set_capture(None);
        self.capture = None;
        self.registry.leave_namespace();
        self.finished = true;
    }

    /// Stops everything, also actors that are inside a blocked call, and takes in what they
    /// did last. Returns how long that took.
    pub fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        if self.finished {
            return Duration::ZERO;
        }
        self.stopped = true;
        self.queue.clear();
        self.marker.mark(Mark::Stopping, 0, None);
        self.hub.stop().stop();
        self.board.stop();
        self.typing.stop();
        for gate in &self.gates {
            gate.stop();
        }
        let deadline = begun + Duration::from_secs(5);
        while self.hub.stop().interrupt_all() > 0 && Instant::now() < deadline {
            self.take_in(Duration::from_millis(2));
            self.collector.wait(Duration::from_millis(1));
        }
        // A thread in a call that nothing ends must not hold up the window: it goes with the program.
        if self.hub.stop().interrupt_all() > 0 {
            self.threads.retain(JoinHandle::is_finished);
        }
        self.finish();
        begun.elapsed()
    }

    /// Ends the run and hands over its trace.
    pub fn into_trace(mut self) -> Trace {
        self.stop();
        std::mem::replace(&mut self.trace, Trace::new(RunMeta::default()))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("events", &self.trace.len())
            .field("mode", &self.mode)
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}
