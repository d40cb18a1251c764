//! A counter-example on real sockets: its messages are really sent, and the receiver's recvs ask
//! for just as many bytes as lie between the cuts that the prover found.
//!
//! ```text
//! wire    h e l l o h e l l o        sent and waiting in the receive buffer
//! cuts         3         7
//! recv    |3   |4       |3    |      recv(3), recv(4), recv(3): what the decoder is fed
//! ```
//!
//! Every byte lies in the receive buffer before the first recv, so each returns what it asked for;
//! whether it did is looked up in the trace, and said if it did not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::chunks::{Encoded, tidy};
use super::{Cancel, Job, Waker};
use crate::experiment::program::{
    Address, Data, Family, How, Node, Num, Op, Program, SockOpt, SocketKind, Text,
};
use crate::experiment::{
    ActorSpec, EVENT_LIMIT, FRAME_LIMIT, Messages, Mode, Reach, Release, Run, RunSpec, Value,
};
use crate::framing::FramingSpec;
use crate::trace::{ActorId, Role, Trace};

/// Longest stream that is shown so, in bytes: the receive buffer asked for holds it whole.
pub const MOST_BYTES: usize = 64 << 10;
/// Most cuts: each is a recv that is released by itself.
pub const MOST_CUTS: usize = 500;

/// Receive buffer asked for. What each segment costs beside its bytes has room as well.
const RECEIVE_BUFFER: i64 = 1 << 20;
/// How long released calls are given to come to rest.
const PATIENCE: Duration = Duration::from_secs(10);
/// The parameter that says how much the next recv asks for.
const RECV_SIZE: &str = "recv_size";
/// The calls are those of no lesson's program.
const NO_LINE: u16 = u16::MAX;

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);

/// What is to be shown.
#[derive(Clone, Debug)]
pub struct Case {
    /// The strategy.
    pub spec: FramingSpec,
    /// The messages.
    pub messages: Vec<Vec<u8>>,
    /// Offsets in the encoded messages at which a recv shall end.
    pub cuts: Vec<usize>,
    /// Id of the lesson that the run is kept under.
    pub lesson: String,
    /// That lesson's settings.
    pub params: Vec<(String, Value)>,
}

/// Why it could not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The strategy cannot carry the messages.
    CannotEncode,
    /// More bytes than [`MOST_BYTES`].
    TooLong(usize),
    /// More cuts than [`MOST_CUTS`].
    TooManyCuts(usize),
    /// No run could be started: the system's words.
    NotStarted(String),
    /// Its calls did not come to rest.
    Stuck,
    /// The recvs did not end where they should.
    CutElsewhere {
        /// What they should have returned, bytes each.
        asked: Vec<usize>,
        /// What they did return.
        got: Vec<usize>,
    },
    /// Nobody wants it any more.
    Cancelled,
}

/// Bytes of each recv, in order, when the encoded messages are cut at these offsets.
///
/// # Errors
/// It is nothing that can be shown.
pub fn pieces(
    spec: &FramingSpec,
    messages: &[Vec<u8>],
    cuts: &[usize],
) -> Result<Vec<usize>, Trouble> {
    let encoded = Encoded::new(spec, messages).map_err(|_| Trouble::CannotEncode)?;
    let bytes = encoded.wire.len();
    if bytes > MOST_BYTES {
        return Err(Trouble::TooLong(bytes));
    }
    let mut ends = tidy(cuts, bytes);
    if ends.len() > MOST_CUTS {
        return Err(Trouble::TooManyCuts(ends.len()));
    }
    if bytes > 0 {
        ends.push(bytes);
    }
    let mut start = 0;
    Ok(ends
        .into_iter()
        .map(|end| end - std::mem::replace(&mut start, end))
        .collect())
}

impl Case {
    /// `first`: bytes that the first recv asks for.
    fn run_spec(&self, first: usize) -> RunSpec {
        let mut params = self.params.clone();
        params.retain(|(name, _)| name != RECV_SIZE);
        params.push((RECV_SIZE.to_owned(), Value::Int(first as i64)));
        let actor = |name: &str, role, nodes| ActorSpec {
            name: name.to_owned(),
            role,
            program: Arc::new(Program { nodes }),
            external: false,
            threads: 0,
        };
        RunSpec {
            lesson: self.lesson.clone(),
            actors: vec![
                actor("client", Role::Client, client()),
                actor("server", Role::Server, server()),
            ],
            params,
            framing: self.spec.clone(),
            frame_limit: FRAME_LIMIT,
            relay: None,
            messages: Arc::new(Given(self.messages.clone())),
            mode: Mode::Step,
            event_limit: EVENT_LIMIT,
            payload_budget: 4 * MOST_BYTES as u64,
            external_port: 0,
            reach: Reach::Loopback,
            attended: false,
            capture: None,
        }
    }
}

#[derive(Debug)]
struct Given(Vec<Vec<u8>>);

impl Messages for Given {
    fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn write(&self, index: u32, out: &mut Vec<u8>) {
        if let Some(message) = self.0.as_slice().get(index as usize) {
            out.extend_from_slice(message);
        }
    }
}

fn nodes(ops: Vec<Op>) -> Vec<Node> {
    ops.into_iter().map(|op| Node { id: NO_LINE, op }).collect()
}

fn client() -> Vec<Node> {
    let on = || "client".to_owned();
    nodes(vec![
        Op::Socket {
            name: on(),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::Connect {
            on: on(),
            to: Address::Actor("server".to_owned()),
        },
        Op::Ready,
        Op::ForEachMessage {
            body: nodes(vec![Op::SendAll {
                on: on(),
                data: Data::Message,
            }]),
        },
        Op::Shutdown {
            on: on(),
            how: How::Write,
        },
        Op::Close { on: on() },
    ])
}

fn server() -> Vec<Node> {
    let on = || "connection".to_owned();
    let listener = || "listener".to_owned();
    nodes(vec![
        Op::Socket {
            name: listener(),
            family: Family::Inet,
            kind: SocketKind::Stream,
        },
        Op::SetOption {
            on: listener(),
            option: SockOpt::RcvBuf,
            value: Num::Lit(RECEIVE_BUFFER),
        },
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
            name: on(),
        },
        Op::Ready,
        Op::ReceiveMessages {
            on: on(),
            size: Num::Param(RECV_SIZE.to_owned()),
            count: Num::Lit(0),
            swapped: Num::Lit(0),
        },
        Op::Close { on: on() },
        Op::Close { on: listener() },
    ])
}

/// Makes the run and waits for its end.
///
/// # Errors
/// See [`Trouble`]; nothing of the run is left then.
pub fn demonstrate(case: &Case, cancel: &Cancel) -> Result<Trace, Trouble> {
    let pieces = pieces(&case.spec, &case.messages, &case.cuts)?;
    let first = pieces.first().copied().unwrap_or(MOST_BYTES);
    let mut run = Run::start(&case.run_spec(first), Arc::new(|| {}))
        .map_err(|error| Trouble::NotStarted(error.to_string()))?;
    let go = |run: &mut Run, actor, calls| {
        if cancel.is_cancelled() {
            return Err(Trouble::Cancelled);
        }
        if calls > 0 {
            run.release(Release { actor, calls });
        }
        run.settle(PATIENCE).then_some(()).ok_or(Trouble::Stuck)
    };
    go(&mut run, CLIENT, 0)?;
    // Its sends, the shutdown and the close.
    let sends = u32::try_from(case.messages.len()).unwrap_or(u32::MAX);
    go(&mut run, CLIENT, sends.saturating_add(2))?;
    for piece in &pieces {
        run.set_param(RECV_SIZE, &Value::Int(*piece as i64));
        go(&mut run, SERVER, 1)?;
    }
    // The end of the stream, and two closes.
    run.set_param(RECV_SIZE, &Value::Int(MOST_BYTES as i64));
    go(&mut run, SERVER, 3)?;
    let trace = run.into_trace();
    let got: Vec<usize> = trace
        .main_stream()
        .and_then(|id| trace.stream(id))
        .map(|stream| {
            let recvs = stream.recvs().iter();
            recvs.map(|recv| (recv.end - recv.start) as usize).collect()
        })
        .unwrap_or_default();
    // A decoder that gives up ends its program: what comes after is never received.
    if pieces.starts_with(&got) && (got.len() == pieces.len() || decoder_gave_up(&trace)) {
        Ok(trace)
    } else {
        Err(Trouble::CutElsewhere { asked: pieces, got })
    }
}

fn decoder_gave_up(trace: &Trace) -> bool {
    trace
        .streams()
        .iter()
        .any(|stream| !stream.errors().is_empty())
}

/// A demonstration under way in a thread of its own. Dropping it ends the run.
#[derive(Debug)]
pub struct Demonstrating {
    result: Arc<Mutex<Option<Result<Trace, Trouble>>>>,
    job: Job,
}

impl Demonstrating {
    /// Begins; `waker` is called when it is over.
    ///
    /// # Errors
    /// No thread to be had.
    pub fn start(case: Case, waker: Waker) -> std::io::Result<Self> {
        let result = Arc::new(Mutex::new(None));
        let job = Job::start("demonstration", {
            let result = Arc::clone(&result);
            move |cancel| {
                let shown = demonstrate(&case, cancel);
                *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
                waker();
            }
        })?;
        Ok(Demonstrating { result, job })
    }

    /// The run, once it is over. Told once.
    pub fn take(&self) -> Option<Result<Trace, Trouble>> {
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_none() && self.job.is_over() {
            // The thread ended without an answer.
            return Some(Err(Trouble::Stuck));
        }
        result.take()
    }
}
