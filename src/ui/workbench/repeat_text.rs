//! What came of repeated runs, in words: for the window and for the command line.

use crate::i18n::{Lang, program, repeat as text};
use crate::ui::figures::grouped;
use crate::workbench::repeat::{Bin, Fault, MOST_RUNS, MOST_VARIANTS, Refusal, Tally};

/// `A` for the first setting, `B` for the second …
pub fn letter(variant: usize) -> char {
    (b'A' + (variant % 26) as u8) as char
}

/// Why the experiment cannot be repeated.
pub fn refusal(refusal: &Refusal, lang: Lang) -> String {
    match refusal {
        Refusal::Variants { given } => {
            text::REFUSED_VARIANTS.fill(lang, &[("given", given), ("most", &MOST_VARIANTS)])
        }
        Refusal::Runs { given } => {
            text::REFUSED_RUNS.fill(lang, &[("given", given), ("most", &MOST_RUNS)])
        }
        Refusal::External { actor } => text::REFUSED_EXTERNAL.fill(lang, &[("actor", actor)]),
        Refusal::NothingSent => text::REFUSED_NOTHING_SENT.get(lang).to_owned(),
        Refusal::NothingReleased => text::REFUSED_NOTHING_RELEASED.get(lang).to_owned(),
    }
}

/// "431 of 500 passed".
pub fn passed(tally: &Tally, lang: Lang) -> String {
    let (passed, runs) = (
        grouped(u64::from(tally.passed)),
        grouped(u64::from(tally.runs)),
    );
    text::PASSED.fill(lang, &[("passed", &passed), ("runs", &runs)])
}

/// That many runs failed for this reason.
pub fn fault(fault: &Fault, n: u32, lang: Lang) -> String {
    match fault {
        Fault::Wrong => text::FAULT_WRONG.fill(lang, &[("n", &n)]),
        Fault::Lost => text::FAULT_LOST.fill(lang, &[("n", &n)]),
        Fault::Decoder(code) => text::FAULT_DECODER.fill(lang, &[("n", &n), ("code", code)]),
        Fault::Program(why) => {
            text::FAULT_PROGRAM.fill(lang, &[("n", &n), ("why", &program::said(why, lang))])
        }
        Fault::Stuck => text::FAULT_STUCK.fill(lang, &[("n", &n)]),
        Fault::TooLong => text::FAULT_TOO_LONG.fill(lang, &[("n", &n)]),
    }
}

/// Each reason for failures, the most frequent first.
pub fn faults(tally: &Tally, lang: Lang) -> Vec<String> {
    let mut faults: Vec<_> = tally.faults.iter().collect();
    faults.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    faults
        .into_iter()
        .map(|(f, n)| fault(f, *n, lang))
        .collect()
}

/// The time of a run; `None` before the first that received something.
pub fn time(tally: &Tally, lang: Lang) -> Option<String> {
    let (median, most) = (tally.median()?, tally.quantile(0.9)?);
    let duration = crate::ui::figures::duration;
    Some(text::TIME.fill(
        lang,
        &[("median", &duration(median)), ("most", &duration(most))],
    ))
}

/// How many recvs, merged and split.
pub fn counts(tally: &Tally, lang: Lang) -> String {
    text::COUNTS.fill(
        lang,
        &[
            ("recvs", &grouped(tally.sizes.total())),
            ("merged", &grouped(tally.merged)),
            ("split", &grouped(tally.split)),
        ],
    )
}

/// The sizes of a bar.
pub fn bin(bin: Bin, lang: Lang) -> String {
    match bin.to {
        None => text::LARGER.fill(lang, &[("from", &grouped(bin.from))]),
        Some(to) if to == bin.from => text::ONE_SIZE.fill(lang, &[("n", &grouped(to))]),
        Some(to) => text::SIZES.fill(lang, &[("from", &grouped(bin.from)), ("to", &grouped(to))]),
    }
}
