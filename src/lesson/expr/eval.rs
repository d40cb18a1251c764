//! Evaluating an expression on a prefix of a trace.

use std::collections::BTreeSet;
use std::fmt;

use crate::experiment::errno_name;
use crate::lesson::{Settings, limit};
use crate::trace::{ActorId, Call, Event, Kind, State, Stream, Trace, flag};

use super::{
    ActorFact, Expr, Fact, Field, Function, Items, Node, Operator, Side, connections, datagrams,
    files, segments,
};

/// Why an expression has no value there. None of these is a fault of the run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExprError {
    /// `recv[3]` where there were fewer.
    #[error("{what}[{index}] does not exist: there were {len}")]
    NoSuchItem {
        /// `recv`, `send` or `frame`.
        what: &'static str,
        /// The number asked for.
        index: i64,
        /// How many there were.
        len: usize,
    },
    /// This system does not tell that figure.
    #[error("`{0}` is not readable on this system")]
    NotReadable(&'static str),
    /// A parameter that is no number of this lesson.
    #[error("`${0}` is not a number of this lesson")]
    NoSuchParameter(String),
    /// An actor that does not take part.
    #[error("`{0}` does not take part in this run")]
    NoSuchActor(String),
    /// A number outside 64 bits.
    #[error("a number grew beyond 64 bits")]
    Overflow,
    /// The smallest or largest of nothing.
    #[error("an empty list has no smallest and no largest number")]
    EmptyList,
    /// A list beyond the bound.
    #[error("a list of more than {} numbers", limit::LIST)]
    TooLong,
}

type Result<T> = std::result::Result<T, ExprError>;

#[derive(Debug, PartialEq)]
enum Value {
    Bool(bool),
    Int(i64),
    List(Vec<i64>),
}

impl Expr {
    /// Is it true of the first `k` events of `trace`?
    ///
    /// # Errors
    /// It speaks of something that is not there ([`ExprError`]).
    pub fn eval(&self, trace: &Trace, k: u32, settings: &Settings) -> Result<bool> {
        let k = k.min(trace.len());
        let run = Run {
            trace,
            k,
            state: trace.state_at(k),
            settings,
        };
        Ok(matches!(run.value(&self.root)?, Value::Bool(true)))
    }
}

/// Numbers of a list that [`Expr::figures`] shows.
const SHOWN: usize = 12;

impl Expr {
    /// What it speaks of, with the values of the first `k` events: `client.blocked 0, recv.bytes
    /// [5, 5]`. For whoever has to find out why it does not hold.
    pub fn figures(&self, trace: &Trace, k: u32, settings: &Settings) -> String {
        let k = k.min(trace.len());
        let run = Run {
            trace,
            k,
            state: trace.state_at(k),
            settings,
        };
        let mut shown: Vec<String> = Vec::new();
        self.root.walk(&mut |node| {
            if let Some(name) = name(node) {
                let whole = match node {
                    Node::Cell(side, _, field) => Node::Column(side.clone(), *field),
                    other => other.clone(),
                };
                let text = match run.value(&whole) {
                    Ok(Value::Int(errno)) if is_error(node) && errno != 0 => {
                        format!("{name} {}", errno_name(errno as i32))
                    }
                    Ok(value) => format!("{name} {value}"),
                    Err(error) => error.to_string(),
                };
                if !shown.contains(&text) {
                    shown.push(text);
                }
            }
        });
        shown.join(", ")
    }
}

fn is_error(node: &Node) -> bool {
    matches!(node, Node::OfActor(_, ActorFact::Error))
}

/// How a lesson file writes that figure; `None` for what is not read from the run.
fn name(node: &Node) -> Option<String> {
    Some(match node {
        Node::Param(name) => format!("${name}"),
        Node::Fact(fact) => fact.name().to_owned(),
        Node::OfActor(actor, fact) => format!("{actor}.{}", fact.name()),
        // One of them says less than all of them.
        Node::Column(side, field) | Node::Cell(side, _, field) => {
            format!("{side}.{}", field.name())
        }
        _ => return None,
    })
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(value) => value.fmt(f),
            Value::Int(value) => value.fmt(f),
            Value::List(list) => {
                let shown: Vec<String> = list.iter().take(SHOWN).map(i64::to_string).collect();
                write!(f, "[{}", shown.join(", "))?;
                if list.len() > SHOWN {
                    write!(f, ", … {} more", list.len() - SHOWN)?;
                }
                f.write_str("]")
            }
        }
    }
}

struct Run<'a> {
    trace: &'a Trace,
    k: u32,
    state: State,
    settings: &'a Settings,
}

impl Run<'_> {
    fn value(&self, node: &Node) -> Result<Value> {
        Ok(match node {
            Node::Int(n) => Value::Int(*n),
            Node::Bool(b) => Value::Bool(*b),
            Node::Param(name) => Value::Int(
                self.settings
                    .int(name)
                    .ok_or_else(|| ExprError::NoSuchParameter(name.clone()))?,
            ),
            Node::Fact(fact) => Value::Int(self.fact(*fact)?),
            Node::OfActor(name, fact) => Value::Int(self.of_actor(name, *fact)?),
            Node::Column(side, field) => Value::List(self.column(side, *field)?),
            Node::Cell(side, index, field) => {
                let index = self.int(index)?;
                Value::Int(self.cell(side, index, *field)?)
            }
            Node::List(nodes) => {
                Value::List(nodes.iter().map(|n| self.int(n)).collect::<Result<_>>()?)
            }
            Node::Negative(node) => {
                Value::Int(self.int(node)?.checked_neg().ok_or(ExprError::Overflow)?)
            }
            Node::Not(node) => Value::Bool(!self.truth(node)?),
            Node::Of(function, node) => Value::Int(of(*function, &self.list(node)?)?),
            // `and` and `or` look at the right side only where it decides, so that
            // "recvs > 3 and recv[3].bytes == 5" is false, not an error, after two recvs.
            Node::Binary(Operator::And, left, right) => {
                Value::Bool(self.truth(left)? && self.truth(right)?)
            }
            Node::Binary(Operator::Or, left, right) => {
                Value::Bool(self.truth(left)? || self.truth(right)?)
            }
            Node::Binary(operator, left, right) => {
                binary(*operator, self.value(left)?, self.value(right)?)?
            }
        })
    }

    fn int(&self, node: &Node) -> Result<i64> {
        Ok(match self.value(node)? {
            Value::Int(n) => n,
            // The reader has typed every part; other sorts cannot come here.
            Value::Bool(_) | Value::List(_) => 0,
        })
    }

    fn truth(&self, node: &Node) -> Result<bool> {
        Ok(matches!(self.value(node)?, Value::Bool(true)))
    }

    fn list(&self, node: &Node) -> Result<Vec<i64>> {
        Ok(match self.value(node)? {
            Value::List(list) => list,
            Value::Bool(_) | Value::Int(_) => Vec::new(),
        })
    }

    fn fact(&self, fact: Fact) -> Result<i64> {
        if fact.is_of_segments() {
            self.captured()?;
            let figure = segments::fact(self.trace, self.k, fact);
            return Ok(i64::try_from(figure).unwrap_or(i64::MAX));
        }
        let facts = &self.state.facts;
        let figure = match fact {
            Fact::Sends => facts.sends,
            Fact::Recvs => facts.recvs,
            Fact::MergedRecvs => facts.merged_recvs,
            Fact::SplitMessages => facts.split_messages,
            Fact::BytesSent => facts.bytes_sent,
            Fact::BytesReceived => facts.bytes_received,
            Fact::Frames => facts.frames,
            Fact::FramesRight => facts.frames_right,
            Fact::FramesWrong => facts.frames_wrong,
            Fact::DecodeErrors => facts.decode_errors,
            Fact::FailedCalls => facts.failed_calls,
            Fact::DatagramsSent
            | Fact::DatagramsReceived
            | Fact::DatagramsDropped
            | Fact::DatagramsWaiting
            | Fact::DatagramsCut => datagrams::fact(self.trace, self.k, fact)?,
            Fact::Unread | Fact::UnreadPeak => return self.unread(fact),
            Fact::SendsBeforeRead => return Ok(self.sends_before_read()),
            Fact::Elapsed => return Ok(self.elapsed()),
            Fact::Files => files::received(self.trace, self.k).count() as u64,
            Fact::Commands => files::commands(self.trace, self.k),
            Fact::FilesSame => files::received(self.trace, self.k)
                .filter(|received| received.same)
                .count() as u64,
            Fact::Ended => {
                let ended = self
                    .trace
                    .main_stream()
                    .and_then(|id| self.state.streams.get(usize::from(id.0)))
                    .is_some_and(|stream| stream.ended);
                return Ok(i64::from(ended));
            }
            // Said above.
            _ => 0,
        };
        Ok(i64::try_from(figure).unwrap_or(i64::MAX))
    }

    fn unread(&self, fact: Fact) -> Result<i64> {
        let not_readable = ExprError::NotReadable("unread");
        let socket = self
            .main()
            .and_then(|stream| stream.to_socket)
            .and_then(|id| self.state.sockets.get(usize::from(id.0)))
            .ok_or(not_readable.clone())?;
        let latest = socket.gauge.unread.ok_or(not_readable)?;
        Ok(i64::from(if fact == Fact::Unread {
            latest
        } else {
            socket.peak_unread
        }))
    }

    /// How many sends had returned when the first recv began.
    fn sends_before_read(&self) -> i64 {
        let Some(stream) = self.main() else { return 0 };
        let sends = stream.sends();
        let recvs = stream.recvs();
        let until = if recvs.len_at(self.k) == 0 {
            self.k
        } else {
            let first = self.trace.event(recvs.get(0).event);
            // A Return's link is its Begin; what happened before that came before the call.
            first.link.min(self.k)
        };
        sends.len_at(until) as i64
    }

    fn main(&self) -> Option<&Stream> {
        let id = self.trace.main_stream()?;
        self.trace.streams().get(usize::from(id.0))
    }

    fn actor(&self, name: &str) -> Result<ActorId> {
        self.trace
            .meta()
            .actors
            .iter()
            .position(|actor| actor.name == name)
            .and_then(|at| u8::try_from(at).ok())
            .map(ActorId)
            .ok_or_else(|| ExprError::NoSuchActor(name.to_owned()))
    }

    fn of_actor(&self, name: &str, fact: ActorFact) -> Result<i64> {
        let id = self.actor(name)?;
        let Some(actor) = self.state.actors.get(usize::from(id.0)) else {
            return Ok(0);
        };
        Ok(match fact {
            ActorFact::Blocked => i64::from(actor.blocked_since.is_some()),
            ActorFact::EverBlocked => {
                i64::from(actor.blocked_since.is_some() || actor.facts.blocked > 0)
            }
            ActorFact::Ended => i64::from(actor.ended),
            ActorFact::Calls => i64::try_from(actor.facts.calls).unwrap_or(i64::MAX),
            ActorFact::Failed => self.failures(id).count() as i64,
            ActorFact::Granted => self.granted(id),
            ActorFact::Result => self.result(id),
            ActorFact::Filenos => self.filenos(id),
            ActorFact::FileBytes => files::received(self.trace, self.k)
                .filter(|received| received.by == id)
                .last()
                .map_or(0, |received| {
                    i64::try_from(received.bytes).unwrap_or(i64::MAX)
                }),
            ActorFact::FileSame => files::received(self.trace, self.k)
                .filter(|received| received.by == id)
                .last()
                .map_or(0, |received| i64::from(received.same)),
            ActorFact::Error => self.failures(id).last().map_or(0, i64::from),
        })
    }

    /// What the last call of that actor returned, as the system call does; the errno, negative,
    /// if it failed; 0 before the first.
    fn result(&self, actor: ActorId) -> i64 {
        (0..self.k)
            .rev()
            .map(|i| self.trace.event(i))
            .find(|event| event.actor == actor && event.kind == Kind::Return)
            .map_or(0, |event| i64::from(event.b))
    }

    /// How many different descriptors that actor's `fileno` calls returned.
    fn filenos(&self, actor: ActorId) -> i64 {
        let numbers: BTreeSet<i32> = (0..self.k)
            .map(|i| self.trace.event(i))
            .filter(|event| event.actor == actor && event.kind == Kind::Return)
            .filter(|event| event.call() == Some(Call::Fileno) && event.errno().is_none())
            .map(|event| event.b)
            .collect();
        i64::try_from(numbers.len()).unwrap_or(i64::MAX)
    }

    /// What the last option that the actor set or asked for had as its value; 0 before the first.
    fn granted(&self, actor: ActorId) -> i64 {
        (0..self.k)
            .rev()
            .map(|i| self.trace.event(i))
            .filter(|event| event.actor == actor && event.kind == Kind::Return)
            .find(|event| {
                matches!(
                    event.call(),
                    Some(Call::SetOption | Call::GetOption | Call::GetTimeout)
                ) && event.errno().is_none()
            })
            .map_or(0, |event| event.a as i64)
    }

    /// Whole milliseconds from the beginning of the first send to the latest return of any call.
    fn elapsed(&self) -> i64 {
        let sends = |event: &&Event| {
            matches!(
                event.call(),
                Some(Call::Send | Call::SendAll | Call::SendTo)
            )
        };
        let events = || (0..self.k).map(|i| self.trace.event(i));
        let first = events().find(|event| sends(&event));
        let last = events().rev().find(|event| event.kind == Kind::Return);
        let nanos = match (first, last) {
            (Some(first), Some(last)) => last.t.saturating_sub(first.t),
            _ => 0,
        };
        i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
    }

    /// The errnos with which calls of that actor failed; what a stop woke is no failure.
    fn failures(&self, actor: ActorId) -> impl Iterator<Item = i32> {
        (0..self.k)
            .map(|i| self.trace.event(i))
            .filter(move |event| event.actor == actor && !event.has(flag::AFTER_STOP))
            .filter(|event| event.kind == Kind::Return)
            .filter_map(|event| event.errno())
    }

    /// The stream that `side` speaks of; `None` while there is none yet.
    fn stream(&self, side: &Side) -> Result<Option<&Stream>> {
        let Some(name) = &side.actor else {
            return Ok(self.main());
        };
        let id = self.actor(name)?;
        // What a thread serves is a connection of the server whose thread it is.
        let plays = |actor: Option<ActorId>| {
            actor.is_some_and(|a| a == id || self.trace.meta().thread_of(a) == Some(id))
        };
        Ok(self.trace.streams().iter().find(|stream| match side.what {
            Items::Send | Items::Datagram => plays(stream.from),
            _ => plays(stream.to),
        }))
    }

    /// Only a captured run has segments: none in another are no zero.
    fn captured(&self) -> Result<()> {
        if self.trace.meta().network.is_captured() {
            Ok(())
        } else {
            Err(ExprError::NotReadable("segment"))
        }
    }

    fn segments(&self, side: &Side, field: Field) -> Result<Vec<i64>> {
        self.captured()?;
        let from = match &side.actor {
            Some(name) => Some(self.actor(name)?),
            None => None,
        };
        segments::column(self.trace, self.k, from, field)
    }

    /// Connections that stand in the trace, all or those with an end of that actor.
    fn connections(&self, side: &Side, field: Field) -> Result<Vec<i64>> {
        let actor = side.actor.as_deref().map(|name| self.actor(name));
        connections::column(self.trace, self.k, actor.transpose()?, field)
    }

    /// The run has no stream there, but datagrams.
    fn datagrams(&self, side: &Side, field: Field) -> Result<Option<Vec<i64>>> {
        let of_streams = side.what != Items::Datagram && self.stream(side)?.is_some();
        if of_streams || self.trace.datagrams().len_at(self.k) == 0 {
            return Ok(None);
        }
        let actor = side.actor.as_deref().map(|name| self.actor(name));
        if matches!(field, Field::Start | Field::Messages | Field::Characters) {
            return Err(ExprError::NotReadable("an offset of a datagram"));
        }
        let what = side.what;
        let column = datagrams::column(self.trace, self.k, what, actor.transpose()?, field);
        if column.len() > limit::LIST {
            return Err(ExprError::TooLong);
        }
        Ok(Some(column))
    }

    fn column(&self, side: &Side, field: Field) -> Result<Vec<i64>> {
        if side.what == Items::Segment {
            return self.segments(side, field);
        }
        if side.what == Items::Connection {
            return self.connections(side, field);
        }
        if let Some(column) = self.datagrams(side, field)? {
            return Ok(column);
        }
        if side.what == Items::Datagram {
            return Ok(Vec::new());
        }
        let Some(stream) = self.stream(side)? else {
            return Ok(Vec::new());
        };
        let items = items(stream, side.what);
        let len = items.len_at(self.k);
        if len > limit::LIST {
            return Err(ExprError::TooLong);
        }
        (0..len)
            .map(|at| figure(stream, side.what, at, field))
            .collect()
    }

    fn cell(&self, side: &Side, index: i64, field: Field) -> Result<i64> {
        let listed = match side.what {
            Items::Segment => Some(self.segments(side, field)?),
            Items::Connection => Some(self.connections(side, field)?),
            _ => self.datagrams(side, field)?,
        };
        let stream = self.stream(side)?.filter(|_| side.what != Items::Datagram);
        let len = match &listed {
            Some(list) => list.len(),
            None => stream.map_or(0, |stream| items(stream, side.what).len_at(self.k)),
        };
        let none = || ExprError::NoSuchItem {
            what: match side.what {
                Items::Send => "send",
                Items::Recv => "recv",
                Items::Frame => "frame",
                Items::Datagram => "datagram",
                Items::Segment => "segment",
                Items::Connection => "connection",
            },
            index,
            len,
        };
        let from_start = if index < 0 {
            index.checked_add(len as i64).ok_or_else(none)?
        } else {
            index
        };
        let at = usize::try_from(from_start).map_err(|_| none())?;
        if let Some(list) = listed {
            return list.get(at).copied().ok_or_else(none);
        }
        match stream {
            Some(stream) if at < len => figure(stream, side.what, at, field),
            _ => Err(none()),
        }
    }
}

fn items(stream: &Stream, what: Items) -> &crate::trace::Items {
    match what {
        Items::Send | Items::Datagram => stream.sends(),
        Items::Recv => stream.recvs(),
        Items::Frame => stream.frames(),
        // Connections are none of a stream's items, and are never asked of one.
        Items::Segment | Items::Connection => stream.segments(),
    }
}

fn figure(stream: &Stream, what: Items, at: usize, field: Field) -> Result<i64> {
    let item = items(stream, what).get(at);
    let figure = match field {
        Field::Start => item.start,
        Field::Messages => stream.messages().overlapping(item.start, item.end).len() as u64,
        Field::Characters => {
            let bytes = stream
                .payload(item.start, item.end)
                .ok_or(ExprError::NotReadable("characters"))?;
            return Ok(std::str::from_utf8(&bytes).map_or(-1, |text| text.chars().count() as i64));
        }
        // Bytes; the parser lets none of the others pass.
        _ => item.end - item.start,
    };
    Ok(i64::try_from(figure).unwrap_or(i64::MAX))
}

fn of(function: Function, list: &[i64]) -> Result<i64> {
    match function {
        Function::Len => Ok(list.len() as i64),
        Function::Sum => list
            .iter()
            .try_fold(0_i64, |sum, n| sum.checked_add(*n))
            .ok_or(ExprError::Overflow),
        Function::Min => list.iter().min().copied().ok_or(ExprError::EmptyList),
        Function::Max => list.iter().max().copied().ok_or(ExprError::EmptyList),
    }
}

fn binary(operator: Operator, left: Value, right: Value) -> Result<Value> {
    use Operator::{
        Add, And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or,
        Subtract,
    };
    let overflow = ExprError::Overflow;
    Ok(match (operator, left, right) {
        (Equal, a, b) => Value::Bool(a == b),
        (NotEqual, a, b) => Value::Bool(a != b),
        (Less, Value::Int(a), Value::Int(b)) => Value::Bool(a < b),
        (LessOrEqual, Value::Int(a), Value::Int(b)) => Value::Bool(a <= b),
        (Greater, Value::Int(a), Value::Int(b)) => Value::Bool(a > b),
        (GreaterOrEqual, Value::Int(a), Value::Int(b)) => Value::Bool(a >= b),
        (Add, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_add(b).ok_or(overflow)?),
        (Subtract, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_sub(b).ok_or(overflow)?),
        (Multiply, Value::Int(a), Value::Int(b)) => Value::Int(a.checked_mul(b).ok_or(overflow)?),
        (Add, Value::List(mut a), Value::List(b)) => {
            if a.len() + b.len() > limit::LIST {
                return Err(ExprError::TooLong);
            }
            a.extend(b);
            Value::List(a)
        }
        (Multiply, Value::List(list), Value::Int(times)) => {
            let times = usize::try_from(times.max(0)).map_err(|_| ExprError::TooLong)?;
            let len = list.len().checked_mul(times);
            if len.is_none_or(|len| len > limit::LIST) {
                return Err(ExprError::TooLong);
            }
            // An empty list repeated any number of times is empty; do not count through them.
            Value::List(if list.is_empty() {
                list
            } else {
                list.repeat(times)
            })
        }
        // The reader has typed both sides: nothing else gets here.
        (
            And | Or | Less | LessOrEqual | Greater | GreaterOrEqual | Add | Subtract | Multiply,
            ..,
        ) => Value::Bool(false),
    })
}
