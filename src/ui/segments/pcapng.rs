//! A run as a pcapng file: its packets, each with a remark that names its calls and messages.

use std::io::{self, Write};

use crate::i18n::{Lang, segment_view as text, tcp};
use crate::trace::{EventId, Trace};
use crate::ui::call_text::call_text;
use crate::ui::why::{actor_name, pieces, pieces_text};
use crate::wire::export::{self, About, Writer};
use crate::wire::synthetic::{self, How, Made};
use crate::wire::{Link, Live};

/// Writes every captured packet of the run. Of a run that was not captured, packets made up from
/// what is known of it, each with a remark that says so.
///
/// # Errors
/// As `out` gives them.
pub fn write(trace: &Trace, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    if !trace.meta().network.is_captured() {
        return write_made_up(trace, lang, out);
    }
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

fn write_made_up(trace: &Trace, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let meta = trace.meta();
    let about = About {
        clock: meta.started_unix_ms.saturating_mul(1_000_000),
        comment: tcp::FILE_MADE_UP.fill(
            lang,
            &[("lesson", &meta.lesson), ("framing", &meta.framing)],
        ),
    };
    let mut writer = Writer::begin(out, &about)?;
    for made in synthetic::plan(trace) {
        let Some(bytes) = synthetic::build(trace, &made) else {
            continue;
        };
        let remark = made_up(trace, &made, lang);
        let length = bytes.len() as u32;
        writer.packet(
            Link::Ethernet,
            made.t,
            &bytes,
            length,
            std::iter::once(remark),
        )?;
    }
    writer.finish()
}

fn made_up(trace: &Trace, made: &Made, lang: Lang) -> String {
    let how = match made.how {
        How::Reported => tcp::MADE_REPORTED,
        How::OfCall => tcp::MADE_OF_CALL,
        How::Acknowledged => tcp::MADE_ACKNOWLEDGED,
    };
    let mut words = how.get(lang).to_owned();
    let Some(stream) = trace.stream(made.stream) else {
        return words;
    };
    for n in stream.sends().overlapping(made.start, made.end).take(8) {
        let event = stream.sends().get(n).event;
        let actor = actor_name(trace, trace.event(event).actor, lang);
        let number = u64::from(event) + 1;
        let call = call_text(trace, event);
        words.push('\n');
        words += &text::SENT_BY.fill(lang, &[("actor", &actor), ("call", &call), ("n", &number)]);
    }
    let pieces = pieces_text(&pieces(stream, made.start, made.end), lang);
    if !pieces.is_empty() {
        words.push('\n');
        words += &text::CARRIES.fill(lang, &[("pieces", &pieces)]);
    }
    words
}
