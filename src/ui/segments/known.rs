//! What the trace of a run knows of its packets beyond their bytes: calls, messages, frames.

use crate::i18n::{Phrase, segment_view as text};
use crate::trace::{EventId, Origin, Stream, Verdict};
use crate::ui::call_text::{begin_of, call_text};
use crate::ui::packets::Known;
use crate::ui::view::View;
use crate::wire::dissect::{Dissection, Field, LayerKind};
use crate::wire::{Packets, Span};

/// Messages, and frames, listed of one packet.
const LISTED: usize = 64;

/// The run on the stage, as of the moment shown.
pub(super) struct OfRun<'a> {
    pub(super) view: &'a View<'a>,
}

impl Known for OfRun<'_> {
    fn annotate(&self, packets: &Packets, row: u32, taken: &mut Dissection) {
        let trace = self.view.trace;
        let origin = packets.origin(row);
        for layer in &mut taken.layers {
            for field in &mut layer.fields {
                let event = match field.key {
                    "send" => origin.send,
                    "recv" => origin.recv,
                    _ => None,
                };
                if let Some(event) = event {
                    field.value = format!("{} #{}", call_text(trace, event), event + 1);
                }
            }
        }
        let range = trace
            .frames()
            .event(row as usize)
            .and_then(|event| trace.segment_range(event));
        let Some((stream, start, end)) = range else {
            return;
        };
        let Some(stream) = trace.stream(stream) else {
            return;
        };
        for layer in &mut taken.layers {
            if layer.kind == LayerKind::Payload {
                let at = layer.span.start;
                messages(stream, (start, end), at, &mut layer.fields);
                frames(stream, (start, end), self.view.k, at, &mut layer.fields);
            }
        }
    }

    fn call(&self, event: EventId) -> String {
        let trace = self.view.trace;
        let call = begin_of(trace, event)
            .and_then(|begin| trace.event(begin).call())
            .map_or("", crate::trace::Call::name);
        format!("{call} #{}", u64::from(event) + 1)
    }
}

fn field(words: (Phrase, Phrase), value: String, span: Span) -> Field {
    Field {
        name: words.0,
        is: words.1,
        key: "",
        value,
        note: None,
        span,
        depth: 1,
    }
}

/// Where `[from, to)` of the stream stands in a packet whose payload is `[start, end)` of it and
/// begins at byte `at`.
fn span((start, end): (u64, u64), at: u32, from: u64, to: u64) -> Span {
    let place = |offset: u64| at as usize + (offset.clamp(start, end) - start) as usize;
    Span::new(place(from), place(to))
}

fn messages(stream: &Stream, range: (u64, u64), at: u32, out: &mut Vec<Field>) {
    for part in stream.parts(range.0, range.1).take(LISTED) {
        let place = span(range, at, part.start, part.end);
        out.push(match (part.origin, part.of) {
            (Origin::Message(number), Some((from, to))) => {
                let value = format!(
                    "{} · {}..{} / {} B",
                    u64::from(number) + 1,
                    part.start.saturating_sub(from),
                    part.end.saturating_sub(from),
                    to - from
                );
                field((text::F_MESSAGE, text::F_MESSAGE_IS), value, place)
            }
            _ => field(
                (text::F_NO_MESSAGE, text::F_NO_MESSAGE_IS),
                format!("{} B", part.end - part.start),
                place,
            ),
        });
    }
}

fn frames(stream: &Stream, range: (u64, u64), k: u32, at: u32, out: &mut Vec<Field>) {
    let items = stream.frames();
    for n in items.overlapping(range.0, range.1).take(LISTED) {
        let item = items.get(n);
        if item.event >= k {
            break;
        }
        let value = format!("{} · {}..{}", n + 1, item.start, item.end);
        let place = span(range, at, item.start, item.end);
        let mut known = field((text::F_FRAME, text::F_FRAME_IS), value, place);
        known.note = match stream.verdict(n) {
            Verdict::Right => Some(text::RIGHT),
            Verdict::Wrong => Some(text::WRONG),
            Verdict::Neither => None,
        };
        out.push(known);
    }
}
