//! A run as a pcapng file: its packets, each with a remark that names its calls and messages.

use std::io::{self, Write};

use crate::i18n::{Lang, segment_view as text};
use crate::trace::{EventId, Trace};
use crate::ui::call_text::call_text;
use crate::ui::why::{actor_name, pieces, pieces_text};
use crate::wire::Live;
use crate::wire::export::{self, About};

/// Writes every captured packet of the run.
///
/// # Errors
/// As `out` gives them.
pub fn write(trace: &Trace, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let mut live = Live::new(trace);
    while !live.update(trace, u32::MAX).whole {}
    let packets = live.packets();
    let meta = trace.meta();
    let about = About {
        clock: meta.started_unix_ms.saturating_mul(1_000_000),
        comment: text::FILE_COMMENT.fill(
            lang,
            &[("lesson", &meta.lesson), ("framing", &meta.framing)],
        ),
    };
    let mut remarks = |row: u32| remarks(trace, &live, row, lang);
    export::write(packets, 0..packets.len(), &about, &mut remarks, out)
}

fn remarks(trace: &Trace, live: &Live, row: u32, lang: Lang) -> Vec<String> {
    let origin = live.packets().origin(row);
    let say = |phrase: crate::i18n::Phrase, event: EventId| {
        let actor = actor_name(trace, trace.event(event).actor, lang);
        let n = u64::from(event) + 1;
        let call = call_text(trace, event);
        phrase.fill(lang, &[("actor", &actor), ("call", &call), ("n", &n)])
    };
    let mut list = Vec::new();
    if let Some(event) = origin.send {
        list.push(say(text::SENT_BY, event));
    }
    let range = trace
        .frames()
        .event(row as usize)
        .and_then(|event| trace.segment_range(event));
    if let Some((stream, start, end)) = range
        && let Some(stream) = trace.stream(stream)
    {
        let pieces = pieces_text(&pieces(stream, start, end), lang);
        if !pieces.is_empty() {
            list.push(text::CARRIES.fill(lang, &[("pieces", &pieces)]));
        }
    }
    if let Some(event) = origin.recv {
        list.push(say(text::GOT_BY, event));
    }
    if list.is_empty() {
        return list;
    }
    vec![list.join("\n")]
}
