//! The timeline lane of one actor: its calls, how long each was held, and level of detail.

use super::column::{Column, partition, seek};
use super::event::{Event, EventId, NONE, Nanos, SocketId};
use super::items::cell_end;

/// More calls of one actor than this are never open at once; further ones push the oldest out.
const MOST_OPEN: usize = 64;

/// The calls of one actor. An actor is one thread, so calls do not overlap; where a trace says
/// otherwise, nothing breaks but overlapping calls may be missed by searches over time.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    begins: Column<u32>,
    /// The Return of each call, or [`NONE`].
    ends: Column<u32>,
    held: Held,
    open: Vec<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    call: u32,
    begin: EventId,
    kind: u8,
    socket: SocketId,
}

/// The calls that the kernel held, in order of the calls, with sums over time: a binary indexed
/// tree (Fenwick 1994), so that the time held of any run of calls costs O(log n).
#[derive(Debug, Default)]
struct Held {
    /// (number of the call, its Blocked)
    calls: Column<(u32, EventId)>,
    /// Entry p (counted from 1) is the sum over entries (p - lowest set bit of p, p].
    sums: Column<Nanos>,
}

impl Lane {
    pub(crate) fn begin(&mut self, i: EventId, e: &Event) {
        if self.open.len() >= MOST_OPEN {
            self.open.remove(0);
        }
        self.open.push(Open {
            call: self.begins.len() as u32,
            begin: i,
            kind: e.call,
            socket: e.socket,
        });
        self.begins.push(i);
        self.ends.push(NONE);
    }

    /// The Begin that a Blocked belongs to, or [`NONE`].
    pub(crate) fn blocked(&mut self, i: EventId, e: &Event) -> EventId {
        let Some(open) = self.matching(e).map(|n| self.open[n]) else {
            return NONE;
        };
        self.held.insert(open.call, i);
        open.begin
    }

    /// The Begin that a Return belongs to, or [`NONE`].
    pub(crate) fn returned(&mut self, i: EventId, e: &Event, events: &Column<Event>) -> EventId {
        let Some(open) = self.matching(e).map(|n| self.open.remove(n)) else {
            return NONE;
        };
        if let Some(end) = self.ends.get_mut(open.call as usize) {
            *end = i;
        }
        if let Some(n) = self.held.of_call(open.call)
            && let Some(since) = self
                .held
                .calls
                .get(n)
                .and_then(|h| events.get(h.1 as usize))
        {
            self.held.add(n, e.t.saturating_sub(since.t));
        }
        open.begin
    }

    /// Its program ended: no call of it can return any more.
    pub(crate) fn close(&mut self) {
        self.open.clear();
    }

    fn matching(&self, e: &Event) -> Option<usize> {
        self.open
            .iter()
            .rposition(|o| o.kind == e.call && (o.socket == e.socket || o.socket == SocketId::NONE))
    }

    fn call_of(&self, begin: EventId) -> Option<usize> {
        let i = partition(0..self.begins.len(), |i| {
            self.begins.get(i).is_some_and(|&b| b < begin)
        });
        (self.begins.get(i) == Some(&begin)).then_some(i)
    }

    pub(crate) fn end_of(&self, begin: EventId) -> Option<EventId> {
        some(*self.ends.get(self.call_of(begin)?)?)
    }

    pub(crate) fn blocked_of(&self, begin: EventId) -> Option<EventId> {
        self.held.event_of(self.call_of(begin)? as u32)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.begins.bytes()
            + self.ends.bytes()
            + self.held.calls.bytes()
            + self.held.sums.bytes()
            + (self.open.capacity() * size_of::<Open>() + size_of::<Self>()) as u64
    }
}

fn some(event: u32) -> Option<EventId> {
    (event != NONE).then_some(event)
}

fn lowest_bit(p: usize) -> usize {
    p & p.wrapping_neg()
}

impl Held {
    fn first_from(&self, call: u32) -> usize {
        let len = self.calls.len();
        // Mostly the latest calls are asked for.
        if self.calls.last().is_none_or(|last| last.0 < call) {
            return len;
        }
        partition(0..len, |i| self.calls.get(i).is_some_and(|h| h.0 < call))
    }

    fn of_call(&self, call: u32) -> Option<usize> {
        let i = self.first_from(call);
        self.calls.get(i).is_some_and(|h| h.0 == call).then_some(i)
    }

    fn event_of(&self, call: u32) -> Option<EventId> {
        Some(self.calls.get(self.of_call(call)?)?.1)
    }

    /// A call is held. Mostly the latest one; of a trace whose actors are several threads, one
    /// of the latest.
    fn insert(&mut self, call: u32, event: EventId) {
        if self.of_call(call).is_some() {
            return;
        }
        let mut later = Vec::new();
        while let Some(&entry) = self.calls.last()
            && entry.0 > call
        {
            let n = self.calls.len();
            later.push((entry, self.sum(n) - self.sum(n - 1)));
            self.calls.pop();
            self.sums.pop();
        }
        self.push((call, event), 0);
        for (entry, value) in later.into_iter().rev() {
            self.push(entry, value);
        }
    }

    fn push(&mut self, entry: (u32, EventId), value: Nanos) {
        let p = self.sums.len() + 1;
        let covered = p - lowest_bit(p);
        let mut sum = value;
        let mut j = p - 1;
        while j > covered {
            sum = sum.saturating_add(self.sums.get(j - 1).copied().unwrap_or(0));
            j -= lowest_bit(j);
        }
        self.calls.push(entry);
        self.sums.push(sum);
    }

    fn add(&mut self, n: usize, value: Nanos) {
        let mut p = n + 1;
        while let Some(sum) = self.sums.get_mut(p - 1) {
            *sum = sum.saturating_add(value);
            p += lowest_bit(p);
        }
    }

    /// Time held over the first `n` entries.
    fn sum(&self, n: usize) -> Nanos {
        let mut sum: Nanos = 0;
        let mut p = n.min(self.sums.len());
        while p > 0 {
            sum = sum.saturating_add(self.sums.get(p - 1).copied().unwrap_or(0));
            p -= lowest_bit(p);
        }
        sum
    }
}

/// The calls of one actor in order of their begin; a cheap view, pass it by value.
#[derive(Clone, Copy, Debug)]
pub struct Calls<'a> {
    lane: Option<&'a Lane>,
    events: &'a Column<Event>,
}

/// One call, from its Begin to its Return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSpan {
    /// Its Begin.
    pub begin: EventId,
    /// The Blocked, if the kernel held it.
    pub blocked: Option<EventId>,
    /// Its Return.
    pub end: Option<EventId>,
    /// Time of the Begin.
    pub t0: Nanos,
    /// Time since when it was held.
    pub t_blocked: Option<Nanos>,
    /// Time of the Return.
    pub t1: Option<Nanos>,
}

/// A run of `count` consecutive calls, drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallBucket {
    /// Begin of the first call.
    pub t0: Nanos,
    /// Return of the last call; if it has not returned within the prefix, the time of the
    /// prefix's last event.
    pub t1: Nanos,
    /// Index of the first call.
    pub first: usize,
    /// How many calls.
    pub count: usize,
    /// Time these calls were held by the kernel, summed.
    pub blocked: Nanos,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(lane: Option<&'a Lane>, events: &'a Column<Event>) -> Self {
        Calls { lane, events }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.lane.map_or(0, |lane| lane.begins.len())
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many began within the first `k` events. O(log n).
    pub fn len_at(&self, k: u32) -> usize {
        let Some(lane) = self.lane else { return 0 };
        if lane.begins.last().is_none_or(|&last| last < k) {
            return lane.begins.len();
        }
        partition(0..lane.begins.len(), |i| {
            lane.begins.get(i).is_some_and(|&b| b < k)
        })
    }

    /// The call number `i`, as known at the live edge.
    pub fn get(&self, i: usize) -> Option<CallSpan> {
        let lane = self.lane?;
        let begin = *lane.begins.get(i)?;
        let end = some(*lane.ends.get(i)?);
        let blocked = lane.held.event_of(i as u32);
        Some(CallSpan {
            begin,
            blocked,
            end,
            t0: self.time(begin),
            t_blocked: blocked.map(|b| self.time(b)),
            t1: end.map(|e| self.time(e)),
        })
    }

    /// The call number `i` as of event `k`: what comes later has not happened.
    pub fn get_at(&self, i: usize, k: u32) -> Option<CallSpan> {
        let mut span = self.get(i).filter(|span| span.begin < k)?;
        if span.blocked.is_some_and(|b| b >= k) {
            (span.blocked, span.t_blocked) = (None, None);
        }
        if span.end.is_some_and(|e| e >= k) {
            (span.end, span.t1) = (None, None);
        }
        Some(span)
    }

    /// The call under way at time `t`, both ends included. O(log n).
    pub fn at_time(&self, t: Nanos) -> Option<usize> {
        let i = partition(0..self.len(), |i| self.begin_time(i) <= t).checked_sub(1)?;
        self.get(i)?.t1.is_none_or(|t1| t <= t1).then_some(i)
    }

    /// The latest call begun and not yet returned as of event `k`. O(log n).
    pub fn current_at(&self, k: u32) -> Option<CallSpan> {
        let n = self.len_at(k);
        (n.saturating_sub(MOST_OPEN)..n)
            .rev()
            .filter_map(|i| self.get_at(i, k))
            .find(|span| span.end.is_none())
    }

    /// Level of detail: the calls of the first `k` events that touch `[t0, t1)`, as at most
    /// `buckets` + 1 runs in order. The time is cut into `buckets` equal cells; calls that begin
    /// in the same cell become one run. O(buckets · log n), however many calls there are.
    pub fn buckets(&self, t0: Nanos, t1: Nanos, buckets: usize, k: u32) -> Vec<CallBucket> {
        let mut runs = Vec::new();
        let known = self.len_at(k);
        let Some(lane) = self.lane.filter(|_| t0 < t1 && buckets > 0 && known > 0) else {
            return runs;
        };
        let now = k.checked_sub(1).map_or(0, |last| self.time(last));
        let mut first = partition(0..known, |i| self.end_time(i, k, now) < t0);
        let last = seek(first, known, known, |i| self.begin_time(i) < t1);
        let held_before = |call: usize, guess: usize| {
            let calls = &lane.held.calls;
            let n = seek(0, calls.len(), guess, |i| {
                calls.get(i).is_some_and(|h| (h.0 as usize) < call)
            });
            (n, lane.held.sum(n))
        };
        let mut step = 1;
        let mut held_step = 1;
        let mut held = held_before(first, lane.held.calls.len());
        while first < last {
            let at = self.begin_time(first);
            let next = if at < t0 {
                first + 1
            } else {
                let edge = cell_end(at - t0, t1 - t0, buckets as u64).saturating_add(t0);
                seek(first + 1, last, first + step, |i| self.begin_time(i) < edge)
            };
            let held_then = held_before(next, held.0 + held_step);
            let mut blocked = held_then.1.saturating_sub(held.1);
            if next == known
                && let Some(open) = self.get_at(known - 1, k).filter(|s| s.end.is_none())
            {
                // Its sum holds what is to come; as of now it is held until now.
                let to_come = held_then
                    .1
                    .saturating_sub(held_before(known - 1, held_then.0).1);
                blocked = blocked.saturating_sub(to_come);
                blocked += open.t_blocked.map_or(0, |since| now.saturating_sub(since));
            }
            runs.push(CallBucket {
                t0: at,
                t1: self.end_time(next - 1, k, now),
                first,
                count: next - first,
                blocked,
            });
            (step, held_step) = (next - first, held_then.0 - held.0);
            (first, held) = (next, held_then);
        }
        runs
    }

    fn time(&self, event: EventId) -> Nanos {
        self.events.get(event as usize).map_or(0, |e| e.t)
    }

    fn begin_time(&self, i: usize) -> Nanos {
        self.lane
            .and_then(|lane| lane.begins.get(i))
            .map_or(0, |&b| self.time(b))
    }

    fn end_time(&self, i: usize, k: u32, now: Nanos) -> Nanos {
        match self.lane.and_then(|lane| lane.ends.get(i)) {
            Some(&end) if end < k => self.time(end),
            _ => now,
        }
    }
}
