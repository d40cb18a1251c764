//! Attacks in words.

use super::figures::bytes;
use crate::experiment::Attack;
use crate::framing::escape;
use crate::i18n::{Lang, Phrase, attack as text};
use crate::trace::Trace;

/// What it is called in a chooser.
pub fn attack_name(attack: &Attack, lang: Lang) -> &'static str {
    let phrase: Phrase = match attack {
        Attack::None => text::NONE,
        Attack::Slice { .. } => text::SLICE,
        Attack::Merge { .. } => text::MERGE,
        Attack::Stall { .. } => text::STALL,
        Attack::Cut { .. } => text::CUT,
        Attack::Reset { .. } => text::RESET,
        Attack::Flip { .. } => text::FLIP,
        Attack::Insert { .. } => text::INSERT,
        Attack::AbsurdLength { .. } => text::ABSURD_LENGTH,
        Attack::Endless { .. } => text::ENDLESS,
    };
    phrase.get(lang)
}

/// What it does, in a sentence with its values.
pub fn attack_does(attack: &Attack, lang: Lang) -> String {
    match attack {
        Attack::None => text::NONE_IS.get(lang).to_owned(),
        Attack::Slice { size, gap_ms } => {
            text::SLICE_IS.fill(lang, &[("size", &bytes(u64::from(*size))), ("gap", gap_ms)])
        }
        Attack::Merge { idle_ms } => text::MERGE_IS.fill(lang, &[("ms", idle_ms)]),
        Attack::Stall { at, ms } => text::STALL_IS.fill(lang, &[("at", at), ("ms", ms)]),
        Attack::Cut { at } => text::CUT_IS.fill(lang, &[("at", at)]),
        Attack::Reset { at } => text::RESET_IS.fill(lang, &[("at", at)]),
        Attack::Flip { at, bit } => text::FLIP_IS.fill(lang, &[("at", at), ("bit", bit)]),
        Attack::Insert { at, bytes } => {
            text::INSERT_IS.fill(lang, &[("at", at), ("text", &escape(bytes))])
        }
        Attack::AbsurdLength { at } => text::ABSURD_LENGTH_IS.fill(lang, &[("at", at)]),
        Attack::Endless { at } => text::ENDLESS_IS.fill(lang, &[("at", at)]),
    }
}

/// The attack that a run was made with; none where a recording names one that is not known.
pub fn attack_of(trace: &Trace) -> Attack {
    trace.meta().attack.parse().unwrap_or_default()
}
