//! An event in the few words of a table row.

use super::call_text::{begin_of, call_text, literal};
use super::errno::errno;
use super::event_filter::{bytes_of, is_wrong_frame};
use super::{file_text, segment_text, tcp_text};
use crate::i18n::{Lang, Phrase, attack, events as text, files, program, tcp};
use crate::trace::{Call, Detail, Event, EventId, Handled, Kind, Mark, Trace, flag};

/// Payload bytes shown in the result column.
const SHOWN: u64 = 24;

/// How a result is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As expected.
    Plain,
    /// Of less interest.
    Faint,
    /// Waiting.
    Blocked,
    /// Right.
    Good,
    /// An error, or wrong.
    Bad,
}

/// What happened: the call as code, or the kind of event in words.
pub fn what(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    match event.kind {
        Kind::Begin | Kind::Blocked | Kind::Return => call_text(trace, id),
        Kind::Gauge => text::GAUGE.get(lang).to_owned(),
        Kind::Frame if event.has(flag::FRAME_ERROR) => text::DECODE_ERROR.get(lang).to_owned(),
        Kind::Frame => text::FRAME.fill(lang, &[("n", &(u64::from(event.link) + 1))]),
        Kind::Step => text::STEP.fill(lang, &[("n", &(event.a + 1))]),
        Kind::Setting => match trace.detail(id) {
            Some(Detail::Setting { name, value }) => format!("{name} = {value}"),
            _ => text::SETTING.get(lang).to_owned(),
        },
        Kind::Mark => mark(event).get(lang).to_owned(),
        Kind::Segment => event.segment().map_or_else(String::new, |s| {
            segment_text::role(s.role).get(lang).to_owned()
        }),
    }
}

/// What came of it, in a word or two.
pub fn result(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> (String, Tone) {
    match event.kind {
        Kind::Begin => ("…".to_owned(), Tone::Faint),
        Kind::Blocked => (text::BLOCKED.get(lang).to_owned(), Tone::Blocked),
        Kind::Return => returned(trace, id, event, lang),
        Kind::Gauge => {
            let gauge = event.gauge().unwrap_or_default();
            let figure = |n: Option<u32>| {
                n.map_or_else(
                    || text::NOT_READABLE.get(lang).to_owned(),
                    |n| n.to_string(),
                )
            };
            let words = text::GAUGE_RESULT.fill(
                lang,
                &[
                    ("unread", &figure(gauge.unread)),
                    ("unacked", &figure(gauge.unacked)),
                    ("unsent", &figure(gauge.unsent)),
                ],
            );
            (words, Tone::Faint)
        }
        Kind::Frame if event.has(flag::FRAME_ERROR) => match trace.detail(id) {
            Some(Detail::Decode { code, .. }) => (code.clone(), Tone::Bad),
            _ => (String::new(), Tone::Bad),
        },
        Kind::Frame if is_wrong_frame(trace, id, event) => {
            (text::FRAME_WRONG.get(lang).to_owned(), Tone::Bad)
        }
        Kind::Frame => (text::FRAME_RIGHT.get(lang).to_owned(), Tone::Good),
        Kind::Step | Kind::Setting => (String::new(), Tone::Plain),
        Kind::Segment => event.segment().map_or_else(
            || (String::new(), Tone::Plain),
            |s| segment_text::result(trace, &s, lang),
        ),
        Kind::Mark if event.as_mark().is_some_and(Mark::is_reading) => {
            (tcp_text::result(trace, event, lang), Tone::Faint)
        }
        Kind::Mark => match trace.detail(id) {
            Some(Detail::Error(words)) => (program::said(words, lang), Tone::Bad),
            Some(Detail::Text(words)) => (words.clone(), Tone::Faint),
            _ => (String::new(), Tone::Plain),
        },
    }
}

fn returned(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> (String, Tone) {
    let Some(call) = event.call() else {
        return (String::new(), Tone::Plain);
    };
    if event.has(flag::AFTER_STOP) && (event.b < 0 || (event.b == 0 && call.receives())) {
        return (text::STOPPED.get(lang).to_owned(), Tone::Faint);
    }
    if let Some(Detail::FileRefused { .. }) = trace.detail(id) {
        return (files::REFUSED.get(lang).to_owned(), Tone::Bad);
    }
    if event.b < 0 {
        let number = -event.b;
        let name = errno(&trace.meta().platform, number)
            .map_or_else(|| number.to_string(), |(name, _)| name.to_owned());
        return (name, Tone::Bad);
    }
    let asked = begin_of(trace, id).map_or(0, |b| trace.event(b).a);
    if call.receives() {
        if event.b == 0 && asked > 0 {
            return (text::EOF.get(lang).to_owned(), Tone::Plain);
        }
        let shown = bytes_of(trace, id, event)
            .and_then(|(stream, start, end)| stream.payload(start, end.min(start + SHOWN)));
        return match shown {
            Some(bytes) if event.b as u64 > SHOWN => (format!("{}…", literal(&bytes)), Tone::Plain),
            Some(bytes) => (literal(&bytes), Tone::Plain),
            None => (format!("{} B", event.b), Tone::Plain),
        };
    }
    if call.sends() {
        let words = if (event.b as u64) < asked {
            text::PARTIAL.fill(lang, &[("n", &event.b), ("all", &asked)])
        } else {
            event.b.to_string()
        };
        let tone = if (event.b as u64) < asked {
            Tone::Blocked
        } else {
            Tone::Plain
        };
        return (words, tone);
    }
    let detail = trace.detail(id);
    let words = match (call, detail) {
        (
            _,
            Some(Detail::Option {
                granted: Some(granted),
                ..
            }),
        ) => text::GRANTED.fill(lang, &[("n", granted)]),
        (
            Call::Accept | Call::Connect | Call::ConnectEx,
            Some(Detail::Connected { local, peer }),
        ) => {
            if call == Call::Accept {
                format!("← {peer}")
            } else {
                format!("{local} → {peer}")
            }
        }
        (_, Some(Detail::Ran { cut, .. })) if cut == "not-on-the-list" => {
            return (files::NOT_LISTED.get(lang).to_owned(), Tone::Bad);
        }
        (_, Some(Detail::Ran { exit, .. })) => {
            let exit = exit.map_or_else(|| "–".to_owned(), |n| n.to_string());
            files::RAN.fill(lang, &[("exit", &exit), ("n", &event.b)])
        }
        (_, Some(Detail::File(file))) => {
            let told = files::WRITTEN.fill(
                lang,
                &[("n", &file.bytes), ("sum", &file_text::short(&file.sha256))],
            );
            let other = file_text::same(trace, id, file) == Some(false);
            let tone = match call {
                Call::WriteFile if other => Tone::Bad,
                Call::WriteFile => Tone::Good,
                _ => Tone::Plain,
            };
            return (told, tone);
        }
        (_, Some(Detail::Address(address))) => address.clone(),
        (Call::ReadLine, Some(Detail::Text(line))) => format!("b'{line}'"),
        (Call::GetTimeout, _) => match event.a as i64 {
            ..0 => "None".to_owned(),
            0 => "0.0".to_owned(),
            ms => super::call_text::seconds(ms),
        },
        (Call::Socket | Call::Fileno | Call::Duplicate, _) => format!("fd {}", event.b),
        _ => return (text::OK.get(lang).to_owned(), Tone::Faint),
    };
    (words, Tone::Plain)
}

fn mark(event: &Event) -> Phrase {
    match event.as_mark() {
        Some(Mark::Started) => text::MARK_STARTED,
        Some(Mark::Paused) => text::MARK_PAUSED,
        Some(Mark::Resumed) => text::MARK_RESUMED,
        Some(Mark::Stopping) => text::MARK_STOPPING,
        Some(Mark::Finished) | None => text::MARK_FINISHED,
        Some(Mark::Limit) => text::MARK_LIMIT,
        Some(Mark::PayloadLimit) => text::MARK_PAYLOAD,
        Some(Mark::ActorStarted) => text::MARK_ACTOR_STARTED,
        Some(Mark::ActorEnded) => text::MARK_ACTOR_ENDED,
        Some(Mark::Ready) => text::MARK_READY,
        Some(Mark::AwaitExternal) => text::MARK_AWAIT,
        Some(Mark::Skipped) => text::MARK_SKIPPED,
        Some(Mark::Precondition) => text::MARK_PRECONDITION,
        Some(Mark::Released) => text::MARK_RELEASED,
        Some(Mark::EndsAsPadding) => text::MARK_PADDING,
        Some(Mark::TcpEnd) => tcp::STATE_SHORT,
        Some(Mark::SentSoFar) => tcp::SENT_SHORT,
        Some(Mark::Progress) => tcp::PROGRESS_SHORT,
        Some(Mark::Relayed) if event.b == 0 => attack::JOINED_SHORT,
        Some(Mark::Relayed) => match Handled::from_code(event.link) {
            Some(Handled::Copied) | None => attack::COPIED_SHORT,
            Some(Handled::Altered) => attack::ALTERED_SHORT,
            Some(Handled::Inserted) => attack::INSERTED_SHORT,
            Some(Handled::Dropped) => attack::DROPPED_SHORT,
        },
    }
}
