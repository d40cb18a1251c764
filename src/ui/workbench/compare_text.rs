//! The comparison in words: for the window, the picture and the command line.

use crate::framing::{EncodeError, escape};
use crate::i18n::{Lang, Phrase, compare as text};
use crate::ui::figures::{bytes, duration, grouped};
use crate::workbench::compare::{Example, Found, Loss, Row, Table, Time, Trial, Unmeasured};

/// Bytes of a message or chunk that are shown, at most.
const SHOWN: usize = 24;
/// Messages or chunks that are shown, at most.
const PIECES: usize = 8;

/// How a cell is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A figure.
    Plain,
    /// Nothing goes wrong.
    Good,
    /// Not quite: somebody is told.
    Fair,
    /// Something goes wrong.
    Bad,
    /// There is nothing here (yet).
    Quiet,
}

/// A cell: what stands in it, how it is meant, and what the pointer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub words: String,
    /// How it is meant.
    pub tone: Tone,
    /// What the pointer is told; may be empty.
    pub more: String,
}

impl Cell {
    fn new(words: impl Into<String>, tone: Tone) -> Self {
        Cell {
            words: words.into(),
            tone,
            more: String::new(),
        }
    }

    fn more(mut self, more: String) -> Self {
        self.more = more;
        self
    }
}

/// The columns: title and explanation, the strategy first.
pub const COLUMNS: [(Phrase, Phrase); 9] = [
    (text::STRATEGY, text::TAB_HINT),
    (text::BYTES, text::BYTES_HINT),
    (text::OVERHEAD, text::OVERHEAD_HINT),
    (text::TRIPS, text::TRIPS_HINT),
    (text::TIME, text::TIME_HINT),
    (text::SPLIT, text::SPLIT_HINT),
    (text::MERGE, text::MERGE_HINT),
    (text::BINARY, text::BINARY_HINT),
    (text::LOSS, text::LOSS_HINT),
];

/// What was compared.
pub fn sample(table: &Table, lang: Lang) -> String {
    let sample = &table.sample;
    if sample.messages().is_empty() {
        return text::NO_MESSAGES.get(lang).to_owned();
    }
    let n = grouped(sample.messages().len() as u64);
    let payload = bytes(sample.payload());
    if sample.is_whole() {
        text::MESSAGES.fill(lang, &[("n", &n), ("bytes", &payload)])
    } else {
        let all = grouped(u64::from(sample.total()));
        text::MESSAGES_PART.fill(lang, &[("n", &n), ("all", &all), ("bytes", &payload)])
    }
}

/// The cells of a row, in the order of [`COLUMNS`].
pub fn cells(row: &Row, table: &Table, lang: Lang) -> [Cell; 9] {
    let strategy = Cell::new(row.spec.to_string(), Tone::Plain)
        .more(crate::ui::strategies::name(&row.spec, lang));
    let trips = Cell::new(row.round_trips().to_string(), Tone::Plain);
    let time = time(&row.time, lang);
    let Some(found) = &row.found else {
        let wait = || Cell::new(text::FINDING_OUT.get(lang), Tone::Quiet);
        return [
            strategy,
            wait(),
            wait(),
            trips,
            time,
            wait(),
            wait(),
            wait(),
            wait(),
        ];
    };
    let (wire, overhead) = cost(found, table, lang);
    let tried = |of: Option<&Trial>| {
        of.map_or_else(|| Cell::new("–", Tone::Quiet), |of: &Trial| trial(of, lang))
    };
    [
        strategy,
        wire,
        overhead,
        trips,
        time,
        tried(found.split.as_ref()),
        tried(found.merge.as_ref()),
        tried(Some(&found.binary)),
        found
            .loss
            .map_or_else(|| Cell::new("–", Tone::Quiet), |found| loss(found, lang)),
    ]
}

fn cost(found: &Found, table: &Table, lang: Lang) -> (Cell, Cell) {
    match &found.wire {
        Ok(wire) => {
            let overhead = found.overhead(table.sample.payload()).map_or_else(
                || Cell::new("–", Tone::Quiet),
                |percent| Cell::new(format!("{percent:.1} %"), Tone::Plain),
            );
            (Cell::new(bytes(*wire), Tone::Plain), overhead)
        }
        Err((index, error)) => {
            let cell = Cell::new(text::DOES_NOT_FIT.get(lang), Tone::Bad)
                .more(does_not_fit(*index, error, lang));
            (cell, Cell::new("–", Tone::Quiet))
        }
    }
}

fn does_not_fit(index: usize, error: &EncodeError, lang: Lang) -> String {
    text::DOES_NOT_FIT_HINT.fill(lang, &[("n", &(index + 1)), ("why", error)])
}

/// Did the messages come back right?
pub fn trial(trial: &Trial, lang: Lang) -> Cell {
    let held = grouped(trial.tried - trial.failed - trial.refused);
    let mut more = text::TRIED.fill(lang, &[("held", &held), ("tried", &grouped(trial.tried))]);
    if trial.refused > 0 {
        more.push('\n');
        more += &text::REFUSED_SOME.fill(
            lang,
            &[
                ("n", &grouped(trial.refused)),
                ("tried", &grouped(trial.tried)),
            ],
        );
    }
    if let Some(found) = &trial.example {
        more.push_str("\n\n");
        more += &example(found, lang);
    }
    let (words, tone) = if trial.failed > 0 {
        (text::FAILS, Tone::Bad)
    } else if trial.refused > 0 {
        (text::REFUSES, Tone::Fair)
    } else {
        (text::HOLDS, Tone::Good)
    };
    Cell::new(words.get(lang), tone).more(more)
}

fn example(example: &Example, lang: Lang) -> String {
    let mut got = pieces(&example.got, lang);
    if example.more > 0 {
        got = format!(
            "{got} {}",
            text::EXAMPLE_MORE.fill(lang, &[("n", &example.more)])
        );
    }
    let mut words = text::EXAMPLE.fill(
        lang,
        &[
            ("sent", &pieces(&example.sent, lang)),
            ("chunks", &pieces(&example.chunks, lang)),
            ("got", &got),
        ],
    );
    if let Some(code) = example.error {
        words.push('\n');
        words += &text::EXAMPLE_ERROR.fill(lang, &[("code", &code)]);
    }
    words
}

/// Byte strings in C escapes, side by side.
fn pieces(pieces: &[Vec<u8>], lang: Lang) -> String {
    if pieces.is_empty() {
        return text::EXAMPLE_NOTHING.get(lang).to_owned();
    }
    let shown = pieces.iter().take(PIECES).map(|piece| {
        if piece.len() > SHOWN {
            format!("\"{}…\"", escape(&piece[..SHOWN]))
        } else {
            format!("\"{}\"", escape(piece))
        }
    });
    let mut words = shown.collect::<Vec<_>>().join(" ");
    if pieces.len() > PIECES {
        words.push_str(" …");
    }
    words
}

/// What a lost byte does.
pub fn loss(loss: Loss, lang: Lang) -> Cell {
    let more = text::LOSS_COUNTS.fill(
        lang,
        &[
            ("tried", &loss.tried),
            ("resync", &loss.resynchronises),
            ("detects", &loss.detects),
            ("at_end", &loss.at_end),
            ("silent", &loss.silent),
        ],
    );
    // The worst that happens is told, with its share where it does not always happen.
    let (what, n, tone) = if loss.silent > 0 {
        (text::SILENT, loss.silent, Tone::Bad)
    } else if loss.at_end > 0 {
        (text::DETECTS_AT_END, loss.at_end, Tone::Fair)
    } else if loss.detects > 0 {
        (text::DETECTS, loss.detects, Tone::Good)
    } else {
        (text::RESYNCHRONISES, loss.resynchronises, Tone::Good)
    };
    let words = if n == loss.tried {
        what.get(lang).to_owned()
    } else {
        // At least 1 % and at most 99 %: neither never nor always.
        let percent = (n * 100 / loss.tried.max(1)).clamp(1, 99);
        text::MOSTLY.fill(lang, &[("what", &what.get(lang)), ("percent", &percent)])
    };
    Cell::new(words, tone).more(more)
}

fn time(time: &Time, lang: Lang) -> Cell {
    match time {
        Time::NotMeasured => Cell::new(text::NOT_MEASURED.get(lang), Tone::Quiet),
        Time::Measuring => Cell::new(text::MEASURING.get(lang), Tone::Quiet),
        Time::Measured(measured) => {
            let words = duration(measured.took);
            let more = text::TIME_RUNS.fill(
                lang,
                &[
                    ("runs", &measured.runs),
                    ("right", &measured.right),
                    ("replies", &measured.replies),
                ],
            );
            if measured.right == crate::workbench::compare::MEASURED_MESSAGES {
                Cell::new(words, Tone::Plain).more(more)
            } else {
                let right = text::RIGHT.fill(lang, &[("right", &measured.right)]);
                Cell::new(format!("{words} · {right}"), Tone::Bad).more(more)
            }
        }
        Time::Unmeasured(why) => {
            let words = match why {
                Unmeasured::Cancelled => text::NOT_MEASURED.get(lang),
                Unmeasured::TooMuch => text::TIME_TOO_MUCH.get(lang),
                Unmeasured::TooLong => text::TIME_TOO_LONG.get(lang),
                Unmeasured::Stuck => text::TIME_STUCK.get(lang),
                Unmeasured::Nothing => text::TIME_NOTHING.get(lang),
                Unmeasured::DoesNotFit => text::DOES_NOT_FIT.get(lang),
                Unmeasured::Refused(why) => {
                    let words = text::TIME_REFUSED.fill(lang, &[("why", why)]);
                    return Cell::new("–", Tone::Bad).more(words);
                }
            };
            Cell::new(words, Tone::Bad)
        }
    }
}
