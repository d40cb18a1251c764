//! What is wrong with a strategy's setting, in both languages.

use crate::framing::{EscapeError, MAX_DELIMITER, MAX_FIXED_SIZE, MAX_PAUSE_MS, SpecError};
use crate::i18n::{Lang, framing_panel as text};

/// The error in words, for the one who typed the setting.
pub fn spec_error(error: &SpecError, lang: Lang) -> String {
    match error {
        SpecError::Escape(_, EscapeError::Unknown(escape)) => {
            text::ERROR_ESCAPE.fill(lang, &[("escape", escape)])
        }
        SpecError::Escape(_, EscapeError::Dangling) => text::ERROR_DANGLING.get(lang).to_owned(),
        SpecError::DelimiterLength(bytes) => {
            text::ERROR_DELIMITER.fill(lang, &[("bytes", bytes), ("max", &MAX_DELIMITER)])
        }
        SpecError::EscapedDelimiter => text::ERROR_BACKSLASH.get(lang).to_owned(),
        SpecError::FixedSize(found) => {
            text::ERROR_SIZE.fill(lang, &[("found", found), ("max", &MAX_FIXED_SIZE)])
        }
        SpecError::Padding(bytes) => text::ERROR_PADDING.fill(lang, &[("bytes", bytes)]),
        SpecError::Pause(found) => {
            text::ERROR_PAUSE.fill(lang, &[("found", found), ("max", &MAX_PAUSE_MS)])
        }
        // These cannot be typed into a control; the command line says them in English.
        other => other.to_string(),
    }
}
