//! Which events the table shows: filter words, and the index of events that match them.
//!
//! The index is built a slice of time per frame and grows with the trace, so typing never
//! stalls the window and a live run costs only its new events.

use std::time::{Duration, Instant};

use super::call_text::{begin_of, stream_of};
use super::errno::errno;
use crate::i18n::{Lang, why as why_text};
use crate::trace::{Call, Detail, Event, EventId, Kind, Mark, NONE, Stream, Trace, flag};

/// Events looked at between two looks at the clock.
const SLICE: u32 = 512;

/// Payload bytes of one event searched for free text.
const SEARCHED: u64 = 256;

/// The index of matching events, owned by the app and updated by the table.
#[derive(Debug, Default)]
pub struct EventFilter {
    run: u64,
    text: String,
    terms: Vec<(bool, Term)>,
    shows: Shows,
    scanned: u32,
    rows: Vec<EventId>,
}

/// Kinds that are shown only when asked for: they would drown the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shows {
    begins: bool,
    gauges: bool,
    released: bool,
}

/// One word of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Actor(u8),
    Call(Call),
    Kind(Kind),
    /// Figures read from the kernel.
    Readings,
    Merged,
    Split,
    Blocked,
    Error,
    Eof,
    Wrong,
    Message(u32),
    Socket(u16),
    Everything,
    Text(String),
}

impl EventFilter {
    /// Brings the index up to date for at most `budget`; true when it covers the whole trace.
    ///
    /// `run` tells one trace from another. Words are separated by spaces and must all match; a
    /// `-` in front turns a word around: `server recv merged`, `-sleep error`, `#3` (message 3),
    /// `socket:2`, `gauge`, `begin`, `all`; anything else is looked for in names, addresses,
    /// error names and the first bytes of the payload.
    pub fn update(&mut self, trace: &Trace, run: u64, text: &str, budget: Duration) -> bool {
        if run != self.run || text != self.text || trace.len() < self.scanned {
            self.run = run;
            text.clone_into(&mut self.text);
            self.terms = parse(trace, text);
            self.shows = shows(&self.terms);
            self.scanned = 0;
            self.rows.clear();
        }
        let began = Instant::now();
        while self.scanned < trace.len() {
            let end = trace.len().min(self.scanned + SLICE);
            for id in self.scanned..end {
                if self.matches(trace, id) {
                    self.rows.push(id);
                }
            }
            self.scanned = end;
            if began.elapsed() >= budget {
                break;
            }
        }
        self.scanned == trace.len()
    }

    /// The matching events among the first `k` of the trace, in order.
    pub fn rows_at(&self, k: u32) -> &[EventId] {
        &self.rows[..self.rows.partition_point(|id| *id < k)]
    }

    /// How much of a trace of `len` events has been looked at, 0 to 1.
    pub fn progress(&self, len: u32) -> f32 {
        if len == 0 {
            1.0
        } else {
            self.scanned as f32 / len as f32
        }
    }

    /// The words the index is for.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn matches(&self, trace: &Trace, id: EventId) -> bool {
        let event = trace.event(id);
        match event.kind {
            Kind::Begin if !self.shows.begins => return false,
            Kind::Gauge if !self.shows.gauges => return false,
            Kind::Mark if !self.shows.released && event.call == Mark::Released as u8 => {
                return false;
            }
            Kind::Mark if !self.shows.gauges && is_reading(&event) => return false,
            _ => {}
        }
        self.terms
            .iter()
            .all(|(wanted, term)| term.matches(trace, id, &event) == *wanted)
    }
}

/// A figure of a TCP end, read now and then.
fn is_reading(event: &Event) -> bool {
    event.as_mark().is_some_and(Mark::is_reading)
}

fn shows(terms: &[(bool, Term)]) -> Shows {
    let asked = |term: Term| terms.iter().any(|(wanted, t)| *wanted && *t == term);
    let all = asked(Term::Everything);
    Shows {
        begins: all || asked(Term::Kind(Kind::Begin)),
        gauges: all || asked(Term::Readings),
        released: all,
    }
}

fn parse(trace: &Trace, text: &str) -> Vec<(bool, Term)> {
    text.split_whitespace()
        .filter_map(|word| {
            let (wanted, word) = match word.strip_prefix('-') {
                Some(rest) => (false, rest),
                None => (true, word),
            };
            (!word.is_empty()).then(|| (wanted, term(trace, word)))
        })
        .collect()
}

fn term(trace: &Trace, word: &str) -> Term {
    let lower = word.to_lowercase();
    if let Some(at) = trace
        .meta()
        .actors
        .iter()
        .position(|a| a.name.to_lowercase() == lower)
    {
        return Term::Actor(at as u8);
    }
    for (phrase, name) in [
        (why_text::ACTOR_CLIENT, "client"),
        (why_text::ACTOR_SERVER, "server"),
    ] {
        if phrase.get(Lang::Zh) == word
            && let Some(at) = trace.meta().actors.iter().position(|a| a.name == name)
        {
            return Term::Actor(at as u8);
        }
    }
    if let Some(call) = Call::ALL.into_iter().find(|c| c.name() == lower) {
        return Term::Call(call);
    }
    if let Some(n) = word
        .strip_prefix('#')
        .and_then(|n| n.parse::<u32>().ok())
        .filter(|n| *n > 0)
    {
        return Term::Message(n - 1);
    }
    if let Some(n) = lower.strip_prefix("socket:").and_then(|n| n.parse().ok()) {
        return Term::Socket(n);
    }
    match lower.as_str() {
        "merged" | "粘包" => Term::Merged,
        "split" | "拆包" => Term::Split,
        "blocked" | "阻塞" => Term::Blocked,
        "error" | "错误" => Term::Error,
        "eof" => Term::Eof,
        "wrong" => Term::Wrong,
        "all" | "全部" => Term::Everything,
        "begin" => Term::Kind(Kind::Begin),
        "return" => Term::Kind(Kind::Return),
        "gauge" => Term::Readings,
        "frame" | "帧" => Term::Kind(Kind::Frame),
        "mark" => Term::Kind(Kind::Mark),
        "step" => Term::Kind(Kind::Step),
        "setting" => Term::Kind(Kind::Setting),
        "segment" | "报文段" => Term::Kind(Kind::Segment),
        _ => Term::Text(lower),
    }
}

impl Term {
    fn matches(&self, trace: &Trace, id: EventId, event: &Event) -> bool {
        match self {
            Term::Actor(actor) => event.actor.0 == *actor,
            Term::Call(call) => event.call() == Some(*call),
            Term::Kind(kind) => event.kind == *kind,
            Term::Readings => event.kind == Kind::Gauge || is_reading(event),
            Term::Merged => is_merged(event),
            Term::Split => is_piece(trace, id, event),
            Term::Blocked => {
                event.kind == Kind::Blocked
                    || (event.kind == Kind::Return
                        && event.link != NONE
                        && trace.blocked_of(event.link).is_some())
            }
            Term::Error => {
                event.errno().is_some()
                    || (event.kind == Kind::Frame && event.has(flag::FRAME_ERROR))
                    || (event.kind == Kind::Mark
                        && matches!(trace.detail(id), Some(Detail::Error(_))))
            }
            Term::Eof => {
                event.kind == Kind::Return
                    && event.b == 0
                    && event.call().is_some_and(Call::receives)
            }
            Term::Wrong => is_wrong_frame(trace, id, event),
            Term::Message(number) => touches_message(trace, id, event, *number),
            Term::Socket(socket) => event.socket.0 == *socket && event.kind != Kind::Segment,
            Term::Everything => true,
            Term::Text(text) => contains(trace, id, event, text),
        }
    }
}

/// The stream and range of the bytes an event moved.
pub fn bytes_of<'t>(
    trace: &'t Trace,
    id: EventId,
    event: &Event,
) -> Option<(&'t Stream, u64, u64)> {
    match event.kind {
        Kind::Return if event.b > 0 => {
            let call = event.call()?;
            (call.sends() || call.receives()).then_some(())?;
            Some((stream_of(trace, id)?, event.a, event.a + event.b as u64))
        }
        Kind::Frame if event.b > 0 && !event.has(flag::FRAME_ERROR) => {
            Some((stream_of(trace, id)?, event.a, event.a + event.b as u64))
        }
        Kind::Segment => {
            let (stream, start, end) = trace.segment_range(id)?;
            Some((trace.stream(stream)?, start, end))
        }
        Kind::Begin | Kind::Blocked => {
            let end = trace.end_of(begin_of(trace, id)?)?;
            bytes_of(trace, end, &trace.event(end))
        }
        _ => None,
    }
}

/// Is this a recv whose bytes belong to more than one message?
fn is_merged(event: &Event) -> bool {
    event.kind == Kind::Return
        && event.call().is_some_and(Call::receives)
        && event.has(flag::MERGED)
}

/// Is this a recv that got only a part of a message?
fn is_piece(trace: &Trace, id: EventId, event: &Event) -> bool {
    if event.kind != Kind::Return || event.b <= 0 || !event.call().is_some_and(Call::receives) {
        return false;
    }
    let Some(stream) = stream_of(trace, id) else {
        return false;
    };
    let messages = stream.messages();
    let end = event.a + event.b as u64;
    let first_cut = messages
        .containing(event.a)
        .is_some_and(|m| messages.get(m).start < event.a);
    let last_cut = messages
        .containing(end - 1)
        .is_some_and(|m| messages.get(m).end > end);
    first_cut || last_cut
}

/// Is this a frame that is not exactly one message? (Frames of external bytes are neither.)
pub fn is_wrong_frame(trace: &Trace, id: EventId, event: &Event) -> bool {
    if event.kind != Kind::Frame || event.b <= 0 || event.has(flag::FRAME_ERROR) {
        return false;
    }
    let Some(stream) = stream_of(trace, id) else {
        return false;
    };
    let messages = stream.messages();
    let end = event.a + event.b as u64;
    match messages.containing(event.a) {
        Some(at) => {
            let message = messages.get(at);
            (message.start, message.end) != (event.a, end)
        }
        None => false,
    }
}

fn touches_message(trace: &Trace, id: EventId, event: &Event, number: u32) -> bool {
    if event.kind == Kind::Begin && event.call().is_some_and(Call::sends) {
        return event.message() == Some(number);
    }
    let Some((stream, start, end)) = bytes_of(trace, id, event) else {
        return false;
    };
    let messages = stream.messages();
    messages
        .overlapping(start, end)
        .any(|at| messages.get(at).number == number)
}

fn contains(trace: &Trace, id: EventId, event: &Event, text: &str) -> bool {
    if event.call().is_some_and(|call| call.name().contains(text)) {
        return true;
    }
    if let Some(number) = event.errno()
        && let Some((name, _)) = errno(&trace.meta().platform, number)
        && has(name, text)
    {
        return true;
    }
    let begin_detail = || {
        (event.kind == Kind::Return && event.link != NONE)
            .then(|| trace.detail(event.link))
            .flatten()
    };
    if let Some(detail) = trace.detail(id).or_else(begin_detail)
        && detail_has(detail, text)
    {
        return true;
    }
    bytes_of(trace, id, event)
        .and_then(|(stream, start, end)| stream.payload(start, end.min(start + SEARCHED)))
        .is_some_and(|bytes| bytes_have(&bytes, text.as_bytes()))
}

fn detail_has(detail: &Detail, text: &str) -> bool {
    match detail {
        Detail::Socket { family, kind } => has(family, text) || has(kind, text),
        Detail::Address(words) | Detail::Error(words) | Detail::Text(words) => has(words, text),
        Detail::Connected { local, peer } => has(local, text) || has(peer, text),
        Detail::Flow { from, to, .. } => has(from, text) || has(to, text),
        Detail::Option { name, .. } => has(name, text),
        Detail::Decode { code, .. } => has(code, text),
        Detail::Setting { name, value } => has(name, text) || has(value, text),
        Detail::File(file) => has(&file.name, text) || has(&file.sha256, text),
        Detail::FileRefused { name, words, .. } => has(name, text) || has(words, text),
        Detail::Ran { cut, .. } => has(cut, text),
    }
}

/// Does `hay` contain `lower` (lower case already), whatever the case?
fn has(hay: &str, lower: &str) -> bool {
    hay.to_lowercase().contains(lower)
}

fn bytes_have(hay: &[u8], lower: &[u8]) -> bool {
    !lower.is_empty()
        && hay
            .windows(lower.len())
            .any(|w| w.eq_ignore_ascii_case(lower))
}
