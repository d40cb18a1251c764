//! A run as a pcapng file: its packets, each with a remark that names its calls and messages.

use std::io::{self, Write};
use std::time::Instant;

use crate::i18n::{Lang, segment_view as text, tcp};
use crate::trace::{EventId, Trace};
use crate::ui::call_text::call_text;
use crate::ui::why::{actor_name, pieces, pieces_text};
use crate::wire::export::{About, Writer};
use crate::wire::synthetic::{self, How, Made};
use crate::wire::{Link, Live};

/// Packets written between two looks at the clock.
const AT_ONCE: usize = 64;

/// Writes every captured packet of the run. Of a run that was not captured, packets made up from
/// what is known of it, each with a remark that says so.
///
/// # Errors
/// As `out` gives them.
pub fn write(trace: &Trace, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    let mut live = Live::new(trace);
    while !live.update(trace, u32::MAX).whole {}
    let mut export = Export::begin(trace, lang, out)?;
    export.advance(trace, &live, lang, None)?;
    export.finish().map(drop)
}

fn about(trace: &Trace, lang: Lang) -> About {
    let meta = trace.meta();
    let comment = if meta.network.is_captured() {
        text::FILE_COMMENT
    } else {
        tcp::FILE_MADE_UP
    };
    About {
        clock: meta.started_unix_ms.saturating_mul(1_000_000),
        comment: comment.fill(
            lang,
            &[("lesson", &meta.lesson), ("framing", &meta.framing)],
        ),
    }
}

/// A file that is written bit by bit, so that the window goes on meanwhile.
#[derive(Debug)]
pub struct Export<W: Write> {
    writer: Writer<W>,
    /// Of a run that was not captured: what is made of it.
    made: Vec<Made>,
    next: usize,
    end: usize,
}

impl<W: Write> Export<W> {
    /// Begins a file with the packets that there are now.
    ///
    /// # Errors
    /// As `out` gives them.
    pub fn begin(trace: &Trace, lang: Lang, out: W) -> io::Result<Self> {
        let made = if trace.meta().network.is_captured() {
            Vec::new()
        } else {
            synthetic::plan(trace)
        };
        Ok(Export {
            writer: Writer::begin(out, &about(trace, lang))?,
            end: trace.frames().len().max(made.len()),
            made,
            next: 0,
        })
    }

    /// Goes on until `until` (`None`: to the end), as far as `live` has the packets; true when the
    /// last is written.
    ///
    /// # Errors
    /// When a packet cannot be read, and as the file gives them.
    pub fn advance(
        &mut self,
        trace: &Trace,
        live: &Live,
        lang: Lang,
        until: Option<Instant>,
    ) -> io::Result<bool> {
        while self.next < self.end {
            let look = self.next.is_multiple_of(AT_ONCE);
            if look && until.is_some_and(|until| Instant::now() >= until) {
                return Ok(false);
            }
            if trace.meta().network.is_captured() {
                let row = self.next as u32;
                if row >= live.packets().len() {
                    return Ok(false);
                }
                let packet = live.packets().packet(row);
                let bytes = live.packets().bytes(row)?;
                let remarks = remarks(trace, live, row, lang).into_iter();
                let (link, length) = (packet.link, packet.original);
                self.writer
                    .packet(link, packet.time, &bytes, length, remarks)?;
            } else if let Some(made) = self.made.get(self.next) {
                put_made_up(&mut self.writer, trace, made, lang)?;
            }
            self.next += 1;
        }
        Ok(true)
    }

    /// How much is written, per cent.
    pub fn progress(&self) -> usize {
        self.next * 100 / self.end.max(1)
    }

    /// The file, with all that was written.
    ///
    /// # Errors
    /// As the file gives them.
    pub fn finish(self) -> io::Result<W> {
        self.writer.finish()
    }
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

fn put_made_up<W: Write>(
    writer: &mut Writer<W>,
    trace: &Trace,
    made: &Made,
    lang: Lang,
) -> io::Result<()> {
    let Some(bytes) = synthetic::build(trace, made) else {
        return Ok(());
    };
    let remark = std::iter::once(made_up(trace, made, lang));
    let length = bytes.len() as u32;
    writer.packet(Link::Ethernet, made.t, &bytes, length, remark)
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
