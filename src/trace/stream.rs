//! One direction of one connection: offsets, provenance, frames and bytes.

use super::event::{ActorId, EventId, SocketId, StreamId};
use super::items::Items;
use super::messages::{Messages, Origin, Part};
use super::payload::{Budget, Payload};
use super::relayed::{Handled, Relayed};

/// One direction of one connection: who, and every range of it that an event named.
///
/// Offsets count from 0 at the first byte of the direction. `declared` bytes are those that a
/// send under way asked to send or that were sent or received; a recv can return bytes before
/// the send that brought them has returned, so provenance rests on what the Begin declares and
/// is trimmed to what the Return confirms.
#[derive(Debug)]
pub struct Stream {
    /// Its number.
    pub id: StreamId,
    /// Index into [`super::Trace::connections`].
    pub connection: usize,
    /// Who sends; `None`: external (or not yet known).
    pub from: Option<ActorId>,
    /// Who receives; `None`: external (or not yet known).
    pub to: Option<ActorId>,
    /// The sender's socket.
    pub from_socket: Option<SocketId>,
    /// The receiver's socket.
    pub to_socket: Option<SocketId>,
    since: EventId,
    sends: Items,
    recvs: Items,
    frames: Items,
    segments: Items,
    inferred: Items,
    /// The flow of captured packets that carries it.
    flow: Option<u16>,
    errors: Vec<EventId>,
    messages: Messages,
    /// Offset after the last send that returned; sends under way are laid out behind it.
    confirmed: u64,
    under_way: Vec<UnderWay>,
    payload: Payload,
    /// An emptied buffer for the next send's bytes.
    spare: Vec<u8>,
    /// The range of `messages` in which the last recv ended, and how many recvs touched it.
    touched: Option<(usize, u32)>,
    /// The range of `messages` in which the last frame began.
    framed: usize,
    last_frame: Option<Framed>,
    /// A relay sends this stream: what it is made of.
    relayed: Option<Box<Relayed>>,
}

/// A send that has begun and not returned.
#[derive(Debug)]
struct UnderWay {
    begin: EventId,
    origin: Origin,
    asked: u64,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Framed {
    start: u64,
    end: u64,
    verdict: Verdict,
}

/// What a frame is, measured against the messages (by offsets, never by content).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Exactly one message.
    Right,
    /// Bytes of a message (or of an attacker), but not exactly one message as it was sent.
    Wrong,
    /// It touches external bytes, or no message at all.
    Neither,
}

/// What a send did to the latest frame by moving a message's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flip {
    ToRight,
    ToWrong,
}

/// What a recv was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) start: u64,
    pub(crate) merged: bool,
    pub(crate) split: bool,
}

impl Stream {
    pub(crate) fn new(id: StreamId, connection: usize, since: EventId) -> Self {
        Stream {
            id,
            connection,
            from: None,
            to: None,
            from_socket: None,
            to_socket: None,
            since,
            sends: Items::default(),
            recvs: Items::default(),
            frames: Items::default(),
            segments: Items::default(),
            inferred: Items::default(),
            flow: None,
            errors: Vec::new(),
            messages: Messages::default(),
            confirmed: 0,
            under_way: Vec::new(),
            payload: Payload::default(),
            spare: Vec::new(),
            touched: None,
            framed: 0,
            last_frame: None,
            relayed: None,
        }
    }

    /// The event that first told of it.
    pub fn known_since(&self) -> EventId {
        self.since
    }

    /// One item per send that accepted bytes; its event is the Return.
    pub fn sends(&self) -> &Items {
        &self.sends
    }

    /// One item per recv that returned bytes (`MSG_PEEK` excluded); its event is the Return.
    pub fn recvs(&self) -> &Items {
        &self.recvs
    }

    /// One item per frame; decoder errors are not among them.
    pub fn frames(&self) -> &Items {
        &self.frames
    }

    /// One item per captured segment that carried bytes for the first time, in order; its event is
    /// the segment. Empty where nothing was captured.
    pub fn segments(&self) -> &Items {
        &self.segments
    }

    /// One item per report of the kernel that bytes left, where segments were not captured: in one
    /// segment, in several at once or, where reports were lost, one after the other. Its event is
    /// the report ([`super::Progress`]). Inferred, so never to be shown as a captured segment.
    pub fn inferred(&self) -> &Items {
        &self.inferred
    }

    /// The kernel reports that everything before `end` has left.
    pub(crate) fn left(&mut self, event: EventId, end: u64) {
        let start = self.inferred.end();
        self.inferred
            .push(start, end.min(self.messages.end()), event);
    }

    /// The flow of captured packets that carries it: index into [`super::Trace::flows`].
    pub fn flow(&self) -> Option<u16> {
        self.flow
    }

    pub(crate) fn set_flow(&mut self, flow: u16) {
        self.flow = Some(flow);
    }

    /// A captured segment carried `[start, end)` for the first time. How many sends put its bytes
    /// there, and whether the first of them had bytes in an earlier segment.
    pub(crate) fn segment(&mut self, event: EventId, start: u64, end: u64) -> (usize, bool) {
        let (mut sends, mut continued) = (0, false);
        let mut touch = |from: u64, to: u64| {
            if from < end && to > start {
                continued |= sends == 0 && from < start;
                sends += 1;
            }
        };
        for n in self.sends.overlapping(start, end) {
            let item = self.sends.get(n);
            touch(item.start, item.end);
        }
        let mut at = self.confirmed;
        for send in &self.under_way {
            let to = at.saturating_add(send.asked);
            touch(at, to);
            at = to;
        }
        self.segments.push(start, end, event);
        (sends, continued)
    }

    /// Errors of the decoder.
    pub fn errors(&self) -> &[EventId] {
        &self.errors
    }

    /// Wire ranges of the messages, as declared by sends: consecutive sends of the same message
    /// number are one message.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// If a relay sends this stream: which bytes of which other stream it is made of.
    pub fn relayed(&self) -> Option<&Relayed> {
        self.relayed.as_deref()
    }

    /// Bytes sent within the first `k` events; never less than [`Stream::received_at`].
    pub fn sent_at(&self, k: u32) -> u64 {
        self.sends.end_at(k).max(self.recvs.end_at(k))
    }

    /// Bytes received within the first `k` events.
    pub fn received_at(&self, k: u32) -> u64 {
        self.recvs.end_at(k)
    }

    /// Provenance of `[start, end)`, in order, as known at the live edge. Received bytes always
    /// have one; beyond what was declared there is none. O(log n) to start, O(1) per part.
    pub fn parts(&self, start: u64, end: u64) -> impl Iterator<Item = Part> + '_ {
        self.messages.parts(start, end)
    }

    /// The bytes of `[start, end)`; `None` if not all of them were kept.
    pub fn payload(&self, start: u64, end: u64) -> Option<Vec<u8>> {
        if start > end || end > self.messages.end() {
            return None;
        }
        let mut bytes = Vec::new();
        let mut at = start;
        let mut add = |offset: u64, piece: &[u8]| {
            // Pieces come in order; what is known already is skipped, a hole ends it.
            let (Some(skip), true) = (at.checked_sub(offset), at < end) else {
                return;
            };
            let until = (end - offset).min(piece.len() as u64);
            if skip < until {
                bytes.extend_from_slice(&piece[skip as usize..until as usize]);
                at = offset + until;
            }
        };
        for (offset, piece) in self.payload.pieces(start, end) {
            add(offset, piece);
        }
        let mut offset = self.confirmed;
        for send in &self.under_way {
            add(offset, &send.bytes);
            offset = offset.saturating_add(send.asked);
        }
        (at == end).then_some(bytes)
    }

    /// What the frame at index `i` of [`Stream::frames`] is, as known at the live edge.
    pub fn verdict(&self, i: usize) -> Verdict {
        let frame = self.frames.get(i);
        self.judge(frame.start, frame.end, 0)
    }

    /// A send begins: its bytes are declared behind those of sends already under way.
    pub(crate) fn send_begins(
        &mut self,
        begin: EventId,
        origin: Origin,
        asked: u64,
        bytes: &[u8],
        budget: &Budget,
    ) -> Option<Flip> {
        let kept = if budget.complete {
            // One more than can be kept, so that keeping them notices that some are lost.
            let most = budget.left.saturating_add(1).min(asked);
            usize::try_from(most).unwrap_or(usize::MAX)
        } else {
            0
        };
        if self.under_way.len() >= MOST_UNDER_WAY {
            // Only a damaged trace has so many; the oldest counts as sent.
            let oldest = self.under_way.remove(0);
            self.confirmed = self.confirmed.saturating_add(oldest.asked);
        }
        let mut own = std::mem::take(&mut self.spare);
        own.extend_from_slice(bytes.get(..kept).unwrap_or(bytes));
        self.under_way.push(UnderWay {
            begin,
            origin,
            asked,
            bytes: own,
        });
        // What a relay sends it has declared before, piece by piece.
        if self.relayed.is_none() && self.messages.lay(origin, asked) {
            self.review_last_frame()
        } else {
            None
        }
    }

    /// The message about to be sent will be taken for shorter than it is.
    pub(crate) fn will_be_stripped(&mut self, message: u32) {
        self.messages.will_be_stripped(message);
    }

    /// A relay says what it does with bytes of the stream `upstream`, of which `parts` are the
    /// provenance: nothing yet if there are none.
    pub(crate) fn relays(
        &mut self,
        event: EventId,
        upstream: StreamId,
        handled: Handled,
        input: u64,
        length: u64,
        parts: &[Part],
    ) {
        if self.relayed.is_none() {
            if self.messages.end() > 0 || upstream == self.id {
                return;
            }
            self.messages.behind_relay();
        }
        let relayed = self
            .relayed
            .get_or_insert_with(|| Box::new(Relayed::new(upstream, event)));
        if relayed.upstream() != upstream || !relayed.push(handled, input, length, event) {
            return;
        }
        match handled {
            Handled::Copied | Handled::Altered => {
                for part in parts {
                    self.messages.lay_relayed(part, handled == Handled::Altered);
                }
            }
            Handled::Inserted => {
                self.messages.lay(Origin::Attacker, length);
            }
            Handled::Dropped => {}
        }
    }

    /// A send returned, having accepted `accepted` bytes. Returns the offset of its first byte.
    ///
    /// Of several sends under way at once (two threads, one socket) the one that returns first
    /// is taken to be first in the stream.
    pub(crate) fn send_returns(
        &mut self,
        begin: EventId,
        event: EventId,
        accepted: u64,
        budget: &mut Budget,
    ) -> (u64, Option<Flip>) {
        let start = self.confirmed;
        let end = start.saturating_add(accepted);
        let found = self.under_way.iter().position(|send| send.begin == begin);
        let send = found.map(|i| self.under_way.remove(i));
        let mut flip = None;
        let as_declared = self.relayed.is_some()
            || self.under_way.is_empty()
                && self.messages.end() == end
                && send.as_ref().is_some_and(|send| send.asked == accepted);
        if !as_declared {
            let origin = send.as_ref().map_or(Origin::Unknown, |send| send.origin);
            self.messages.cut(start);
            self.messages.lay(origin, accepted);
            for other in &self.under_way {
                self.messages.lay(other.origin, other.asked);
            }
            self.declare_received();
            flip = self.review_last_frame();
        }
        self.confirmed = end;
        self.settle();
        if let Some(mut send) = send {
            send.bytes.truncate(accepted as usize);
            self.payload.append(start, &send.bytes, budget);
            send.bytes.clear();
            if send.bytes.capacity() <= SPARE {
                self.spare = send.bytes;
            }
        }
        self.sends.push(start, end, event);
        (start, flip)
    }

    /// A recv returned `length` bytes.
    pub(crate) fn recv_returns(
        &mut self,
        event: EventId,
        length: u64,
        bytes: &[u8],
        budget: &mut Budget,
    ) -> Received {
        let start = self.recvs.end();
        let end = start.saturating_add(length);
        self.recvs.push(start, end, event);
        self.declare_received();
        self.settle();
        let (merged, split) = self.touch(start, end);
        self.keep_received(start, end, bytes, budget);
        Received {
            start,
            merged,
            split,
        }
    }

    /// The decoder yielded a frame. `None`: its range was never received or lies before an
    /// earlier frame, so it does not count.
    pub(crate) fn frame(&mut self, event: EventId, start: u64, length: u64) -> Option<Verdict> {
        let end = start.saturating_add(length);
        if end > self.recvs.end() || !self.frames.push(start, end, event) {
            return None;
        }
        self.framed = self.messages.range_from(self.framed, start);
        let verdict = self.judge(start, end, self.framed);
        self.last_frame = Some(Framed {
            start,
            end,
            verdict,
        });
        Some(verdict)
    }

    /// The decoder failed.
    pub(crate) fn frame_error(&mut self, event: EventId) {
        self.errors.push(event);
    }

    /// Keeps bytes read back from a recording.
    pub(crate) fn restore(&mut self, start: u64, bytes: &[u8], budget: &mut Budget) {
        if start.saturating_add(bytes.len() as u64) <= self.messages.end() {
            self.payload.append(start, bytes, budget);
        }
    }

    /// Kept bytes from `start` on, for a recording: sent and confirmed, or received.
    pub(crate) fn kept_from(&self, start: u64) -> impl Iterator<Item = (u64, &[u8])> {
        self.payload.pieces(start, self.payload.end())
    }

    /// Bytes of payload and of everything else.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let pending: usize = self.under_way.iter().map(|s| s.bytes.capacity()).sum();
        let payload = self.payload.bytes() + (pending + self.spare.capacity()) as u64;
        let index = self.sends.bytes()
            + self.recvs.bytes()
            + self.frames.bytes()
            + self.segments.bytes()
            + self.inferred.bytes()
            + self.messages.bytes()
            + self.payload.index_bytes()
            + (self.errors.capacity() * size_of::<EventId>()) as u64
            + self.relayed.as_ref().map_or(0, |relayed| relayed.bytes())
            + size_of::<Self>() as u64;
        (payload, index)
    }

    /// Bytes were received that nobody declared: they came from outside the lab.
    fn declare_received(&mut self) {
        let missing = self.recvs.end().saturating_sub(self.messages.end());
        self.messages.lay(Origin::External, missing);
    }

    /// With no send under way nothing declared can change any more.
    fn settle(&mut self) {
        if self.under_way.is_empty() {
            self.confirmed = match self.relayed {
                None => self.messages.end(),
                // It declares what it is about to send.
                Some(_) => self.confirmed.max(self.recvs.end()),
            };
        }
    }

    /// Counts a recv's touch of each message in `[start, end)`: (merged, split).
    fn touch(&mut self, start: u64, end: u64) -> (bool, bool) {
        let before = self.touched;
        let mut range = self
            .messages
            .range_from(before.map_or(0, |(range, _)| range), start);
        let mut messages = 0;
        let mut split = false;
        while let Some(part) = self.messages.range(range) {
            let touches = match before {
                Some((touched, times)) if touched == range => times.saturating_add(1),
                _ => 1,
            };
            if matches!(part.origin, Origin::Message(_)) {
                messages += 1;
                split |= touches == 2;
            }
            self.touched = Some((range, touches));
            if part.end >= end {
                break;
            }
            range += 1;
        }
        (messages > 1, split)
    }

    /// Compares what was received with what was sent, and keeps what was not known.
    fn keep_received(&mut self, start: u64, end: u64, bytes: &[u8], budget: &mut Budget) {
        // What was received of a send under way is certain now: it moves to the kept bytes.
        let mut offset = self.confirmed;
        for send in &self.under_way {
            if offset >= end {
                break;
            }
            let certain = usize::try_from(end - offset).unwrap_or(usize::MAX);
            let certain = send.bytes.get(..certain).unwrap_or(&send.bytes);
            self.payload.append(offset, certain, budget);
            offset = offset.saturating_add(send.asked);
        }
        let Some(bytes) = usize::try_from(end - start)
            .ok()
            .and_then(|length| bytes.get(..length.min(bytes.len())))
            .filter(|bytes| !bytes.is_empty())
        else {
            return;
        };
        for (offset, piece) in self
            .payload
            .pieces(start, start.saturating_add(bytes.len() as u64))
        {
            let got = bytes.get((offset - start) as usize..).unwrap_or_default();
            if !got.starts_with(piece) {
                let differ = piece.iter().zip(got).filter(|(sent, got)| sent != got);
                budget.mismatches += differ.count() as u64;
            }
        }
        self.payload.append(start, bytes, budget);
    }

    fn judge(&self, start: u64, end: u64, near: usize) -> Verdict {
        let mut verdict = Verdict::Neither;
        let mut range = self.messages.range_from(near, start);
        while let Some(part) = self.messages.range(range) {
            if part.start >= end {
                break;
            }
            match part.origin {
                Origin::Message(_)
                    if part.of == Some((start, end))
                        && part.is_whole()
                        && !part.altered
                        && !part.stripped =>
                {
                    return Verdict::Right;
                }
                Origin::Message(_) | Origin::Attacker => verdict = Verdict::Wrong,
                Origin::External => return Verdict::Neither,
                Origin::Acknowledgement | Origin::Unknown => {}
            }
            range += 1;
        }
        verdict
    }

    /// The end of a message moved. Only the latest frame can have been equal to it, or be so now:
    /// frames before it end where a later message has begun.
    fn review_last_frame(&mut self) -> Option<Flip> {
        let frame = self.last_frame.as_mut()?;
        if frame.verdict == Verdict::Neither {
            return None;
        }
        let range = self.messages.range_from(self.framed, frame.start);
        let part = self.messages.range(range)?;
        part.of?;
        let (verdict, flip) = if part.of == Some((frame.start, frame.end)) {
            (Verdict::Right, Flip::ToRight)
        } else {
            (Verdict::Wrong, Flip::ToWrong)
        };
        if verdict == frame.verdict {
            return None;
        }
        frame.verdict = verdict;
        Some(flip)
    }
}

/// Sends under way at once on one socket, at most.
const MOST_UNDER_WAY: usize = 64;

/// Largest emptied buffer kept for the next send.
const SPARE: usize = 64 * 1024;
