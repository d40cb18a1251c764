//! From a lesson and its settings to a run on real sockets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::experiment::files;
use crate::experiment::program::{Address, Family, Num, Op, SocketKind, Text};
use crate::experiment::{
    ActorSpec, EVENT_LIMIT, FRAME_LIMIT, Messages, Mode, Reach, RelaySpec, Release as Released,
    Run, RunSpec,
};
use crate::net::Waker;
use crate::trace::{ActorId, Trace};

use super::{Lesson, MessageSource, Release, Schedule, Settings};

/// Payload bytes kept of a run, unless told otherwise; beyond it offsets and lengths only.
pub const PAYLOAD_BUDGET: u64 = 64 << 20;

/// Longest payload that a decoder accepts while an attack is on, unless messages are longer.
const ATTACKED_LIMIT: usize = 64 << 10;

/// Port on which a server outside the lab is expected, unless told otherwise.
pub const EXTERNAL_PORT: u16 = 5000;

/// How long released calls are given to come to rest without a window, and a free run to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long nothing may have moved for a free run to count as hanging.
const HANGS: Duration = Duration::from_millis(700);

impl Messages for MessageSource {
    fn count(&self) -> u32 {
        MessageSource::count(self)
    }

    fn write(&self, index: u32, out: &mut Vec<u8>) {
        MessageSource::write(self, index, out);
    }
}

impl Lesson {
    /// The run that this lesson makes with `settings`. `external` names, by actor, the parts
    /// played by programs outside the lab; missing entries are played by the lab.
    pub fn run_spec(&self, settings: &Settings, mode: Mode, external: &[bool]) -> RunSpec {
        RunSpec {
            lesson: self.id.clone(),
            actors: self
                .actors
                .iter()
                .enumerate()
                .map(|(at, actor)| ActorSpec {
                    name: actor.name.clone(),
                    role: actor.role,
                    program: Arc::new(actor.program.clone()),
                    external: external.get(at).copied().unwrap_or(false),
                    threads: actor.threads(&self.parameters),
                })
                .collect(),
            params: settings
                .iter()
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
            framing: settings.framing.clone(),
            frame_limit: self.frame_limit(settings),
            relay: self.relay(settings),
            messages: Arc::new(self.messages.resolve(settings)),
            mode,
            event_limit: EVENT_LIMIT,
            payload_budget: PAYLOAD_BUDGET,
            external_port: EXTERNAL_PORT,
            reach: Reach::Loopback,
            attended: false,
            capture: settings.capture.wanted(),
        }
    }

    /// Longest payload that the decoders of a run with `settings` accept, bytes. Under an attack
    /// it is small, so that its effect can be seen among a few messages.
    pub fn frame_limit(&self, settings: &Settings) -> usize {
        if settings.attack.is_none() {
            return FRAME_LIMIT;
        }
        let longest = self.messages.resolve(settings).longest();
        let longest = self.largest_file(settings).max(longest);
        longest
            .next_power_of_two()
            .clamp(ATTACKED_LIMIT, FRAME_LIMIT)
    }

    /// Does a receiver of this lesson read the bytes of a length in the other order than the sender
    /// writes them?
    pub fn reads_swapped(&self, settings: &Settings) -> bool {
        let mut swapped = false;
        for actor in &self.actors {
            actor.program.walk(&mut |node| {
                if let Op::ReceiveMessages { swapped: how, .. } = &node.op {
                    swapped |= match how {
                        Num::Lit(n) => *n != 0,
                        Num::Param(name) => settings.int(name).is_some_and(|n| n != 0),
                    };
                }
            });
        }
        swapped
    }

    /// Bytes of the largest file that a run with `settings` sends; 0 if it sends none.
    fn largest_file(&self, settings: &Settings) -> usize {
        let mut largest = 0;
        for actor in &self.actors {
            actor.program.walk(&mut |node| {
                if let Op::SendFile { file, .. } = &node.op {
                    let name = match file {
                        Text::Lit(name) => Some(name.as_str()),
                        Text::Param(name) => settings.text(name),
                    };
                    let size = name.and_then(files::size_of_source).unwrap_or(0);
                    largest = largest.max(usize::try_from(size).unwrap_or(usize::MAX));
                }
            });
        }
        largest.min(FRAME_LIMIT)
    }

    fn relay(&self, settings: &Settings) -> Option<RelaySpec> {
        (!settings.attack.is_none())
            .then(|| self.attacked_server())
            .flatten()
            .map(|server| RelaySpec {
                attack: settings.attack.clone(),
                server,
            })
    }

    /// The position of the actor that a client connects to by name over TCP: where an attacker
    /// can stand in between.
    pub fn attacked_server(&self) -> Option<usize> {
        let mut named = None;
        for actor in &self.actors {
            actor.program.walk(&mut |node| {
                if let Op::Connect {
                    to: Address::Actor(name),
                    ..
                }
                | Op::ConnectEx {
                    to: Address::Actor(name),
                    ..
                } = &node.op
                {
                    named.get_or_insert_with(|| name.clone());
                }
            });
        }
        let name = named?;
        let streams = self.actors.iter().all(|actor| {
            let mut inet = true;
            actor.program.walk(&mut |node| {
                if let Op::Socket { family, kind, .. } = &node.op {
                    inet &= *family != Family::Unix && *kind == SocketKind::Stream;
                }
            });
            inet
        });
        self.actors
            .iter()
            .position(|actor| actor.name == name)
            .filter(|_| streams)
    }

    /// The calls of a schedule, one by one, for [`Run::release`].
    pub fn releases<'a>(&'a self, schedule: &'a Schedule) -> impl Iterator<Item = Released> + 'a {
        schedule.turns.iter().flat_map(move |turn| {
            let actor = self.actor_id(&turn.actor).unwrap_or(ActorId(0));
            let (times, calls) = if turn.burst || turn.is_rest() {
                (1, turn.count)
            } else {
                (turn.count, 1)
            };
            (0..times).map(move |_| Released { actor, calls })
        })
    }

    /// Makes one run without a window and waits for its end: a schedule's calls one after the
    /// other, until all have returned or are blocked; a free run until its programs have ended.
    ///
    /// # Errors
    /// In words: no thread to be had, or nothing comes to rest within half a minute.
    pub fn run_headless(&self, settings: &Settings, release: &Release) -> Result<Trace, String> {
        let free = Mode::Free {
            pace: Duration::ZERO,
        };
        let mode = if matches!(release, Release::Run) {
            free
        } else {
            Mode::Step
        };
        let spec = self.run_spec(settings, mode, &[]);
        let mut run = Run::start(&spec, Arc::new(|| {}) as Waker).map_err(|e| e.to_string())?;
        let rested = match release {
            Release::Nothing => run.settle(PATIENCE),
            Release::Calls(schedule) => {
                run.settle(PATIENCE) && {
                    for released in self.releases(schedule) {
                        run.release(released);
                    }
                    run.settle(PATIENCE)
                }
            }
            Release::Run => run.finish_within(PATIENCE),
        };
        if rested {
            Ok(run.into_trace())
        } else {
            Err(format!(
                "the run did not come to rest within {} s",
                PATIENCE.as_secs()
            ))
        }
    }

    /// Makes one free run without a window, until its programs have ended or hang: nobody has done
    /// anything for a while, and nobody is about to.
    ///
    /// # Errors
    /// In words: no thread to be had, or it goes on for half a minute.
    pub fn run_to_rest(&self, settings: &Settings) -> Result<Trace, String> {
        let free = Mode::Free {
            pace: Duration::ZERO,
        };
        let spec = self.run_spec(settings, free, &[]);
        let mut run = Run::start(&spec, Arc::new(|| {}) as Waker).map_err(|e| e.to_string())?;
        let deadline = Instant::now() + PATIENCE;
        let mut moved = (run.trace().len(), Instant::now());
        while !run.finish_within(Duration::from_millis(20)) {
            let now = Instant::now();
            if run.trace().len() != moved.0 || !run.is_settled() {
                moved = (run.trace().len(), now);
            }
            if now - moved.1 > HANGS {
                break;
            }
            if now > deadline {
                return Err(format!(
                    "the run did not come to rest within {} s",
                    PATIENCE.as_secs()
                ));
            }
        }
        Ok(run.into_trace())
    }
}
