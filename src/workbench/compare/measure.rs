//! The time that a thousand messages take, on real loopback sockets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::experiment::program::{
    Address, Data, Family, Node, Num, Op, Program, SockOpt, SocketKind, Text,
};
use crate::experiment::{ActorSpec, EVENT_LIMIT, FRAME_LIMIT, Messages, Mode, Reach, Run, RunSpec};
use crate::framing::FramingSpec;
use crate::trace::{Nanos, Role};
use crate::workbench::Cancel;
use crate::workbench::follow::{Ending, carriers, follow, took};

/// Messages sent in one measurement.
pub const MEASURED_MESSAGES: u32 = 1_000;

/// Bytes that one measurement may send, at most.
const MOST_BYTES: u64 = 256 << 20;

/// Measurements of one strategy, at most; their median counts.
const MOST_RUNS: usize = 7;
/// No further measurement of a strategy is begun after this long.
const LONG_ENOUGH: Duration = Duration::from_millis(600);

/// The most that one recv takes out of the receive buffer, bytes.
const RECV_SIZE: i64 = 65_536;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// From the first send's beginning to the last recv's end: median of the runs.
    pub took: Nanos,
    /// How many runs.
    pub runs: u32,
    /// Messages that came out right in the run in which the fewest did, of
    /// [`MEASURED_MESSAGES`].
    pub right: u32,
    /// Sends of the receiver in one run: acknowledgements, one round trip each.
    pub replies: u64,
}

/// Why there is no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmeasured {
    /// Nobody wants it any more.
    Cancelled,
    /// A thousand of the messages are more than 256 MiB.
    TooMuch,
    /// It took longer than a minute.
    TooLong,
    /// The programs wait for each other.
    Stuck,
    /// No messages, or nothing was received.
    Nothing,
    /// The strategy cannot carry these messages.
    DoesNotFit,
    /// The system refused; its words.
    Refused(String),
}

/// A thousand messages: the student's, again and again.
struct Thousand(Arc<dyn Messages>);

impl Messages for Thousand {
    fn count(&self) -> u32 {
        MEASURED_MESSAGES
    }

    fn write(&self, index: u32, out: &mut Vec<u8>) {
        self.0.write(index % self.0.count().max(1), out);
    }
}

/// Measures one strategy with these messages.
pub(super) fn measure(
    framing: &FramingSpec,
    messages: &Arc<dyn Messages>,
    cancel: &Cancel,
) -> Result<Measured, Unmeasured> {
    if messages.count() == 0 {
        return Err(Unmeasured::Nothing);
    }
    if bytes_of_a_thousand(messages.as_ref()) > MOST_BYTES {
        return Err(Unmeasured::TooMuch);
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    let mut right = MEASURED_MESSAGES;
    let mut replies = 0;
    while times.len() < MOST_RUNS && (times.is_empty() || begun.elapsed() < LONG_ENOUGH) {
        let once = once(framing, messages, cancel)?;
        times.push(once.took);
        right = right.min(once.right);
        replies = once.replies;
    }
    times.sort_unstable();
    Ok(Measured {
        took: times[(times.len() - 1) / 2],
        runs: times.len() as u32,
        right,
        replies,
    })
}

/// Bytes of payload; stops counting beyond what may be sent.
fn bytes_of_a_thousand(messages: &dyn Messages) -> u64 {
    let mut buffer = Vec::new();
    let mut bytes = 0;
    for index in 0..MEASURED_MESSAGES {
        buffer.clear();
        messages.write(index % messages.count().max(1), &mut buffer);
        bytes += buffer.len() as u64;
        if bytes > MOST_BYTES {
            break;
        }
    }
    bytes
}

fn once(
    framing: &FramingSpec,
    messages: &Arc<dyn Messages>,
    cancel: &Cancel,
) -> Result<Measured, Unmeasured> {
    let spec = RunSpec {
        lesson: String::new(),
        actors: vec![
            actor("client", Role::Client, client()),
            actor("server", Role::Server, server()),
        ],
        params: Vec::new(),
        framing: framing.clone(),
        messages: Arc::new(Thousand(Arc::clone(messages))),
        mode: Mode::Free {
            pace: Duration::ZERO,
        },
        event_limit: EVENT_LIMIT,
        // Nobody looks at the bytes.
        payload_budget: 0,
        external_port: 0,
        reach: Reach::Loopback,
        attended: false,
        capture: None,
        relay: None,
        frame_limit: FRAME_LIMIT,
    };
    let mut run = Run::start(&spec, Arc::new(|| {}))
        .map_err(|error| Unmeasured::Refused(error.to_string()))?;
    match follow(&mut run, cancel) {
        Ending::Over => {}
        Ending::Stuck => return Err(Unmeasured::Stuck),
        Ending::TooLong => return Err(Unmeasured::TooLong),
        Ending::Cancelled => return Err(Unmeasured::Cancelled),
    }
    let trace = run.into_trace();
    let to_receiver: Vec<_> = carriers(&trace).map(|s| s.id).collect();
    Ok(Measured {
        took: took(&trace).ok_or(Unmeasured::Nothing)?,
        runs: 1,
        right: u32::try_from(trace.live().facts.frames_right).unwrap_or(u32::MAX),
        replies: trace
            .streams()
            .iter()
            .filter(|s| !to_receiver.contains(&s.id))
            .map(|s| s.sends().len() as u64)
            .sum(),
    })
}

fn actor(name: &str, role: Role, program: Vec<Op>) -> ActorSpec {
    ActorSpec {
        name: name.to_owned(),
        role,
        program: Arc::new(Program::new(program.into_iter().map(Node::from).collect())),
        external: false,
        threads: 0,
    }
}

fn socket(name: &str) -> Op {
    Op::Socket {
        name: name.to_owned(),
        family: Family::Inet,
        kind: SocketKind::Stream,
    }
}

fn client() -> Vec<Op> {
    let on = || "s".to_owned();
    vec![
        socket("s"),
        // Else it is Nagle's algorithm that is measured, not the strategy.
        Op::SetOption {
            on: on(),
            option: SockOpt::NoDelay,
            value: Num::Lit(1),
        },
        Op::Connect {
            on: on(),
            to: Address::Actor("server".to_owned()),
        },
        Op::ForEachMessage {
            body: vec![
                Op::SendAll {
                    on: on(),
                    data: Data::Message,
                }
                .into(),
            ],
        },
        Op::Close { on: on() },
    ]
}

fn server() -> Vec<Op> {
    let listener = || "listener".to_owned();
    let connection = || "conn".to_owned();
    vec![
        socket("listener"),
        Op::Bind {
            on: listener(),
            to: Address::Host {
                host: Text::Lit("127.0.0.1".to_owned()),
                port: Num::Lit(0),
            },
        },
        Op::Listen {
            on: listener(),
            backlog: Num::Lit(1),
        },
        Op::Accept {
            on: listener(),
            name: connection(),
        },
        Op::ReceiveMessages {
            on: connection(),
            size: Num::Lit(RECV_SIZE),
            count: Num::Lit(0),
            swapped: Num::Lit(0),
        },
        Op::Close { on: connection() },
        Op::Close { on: listener() },
    ]
}
