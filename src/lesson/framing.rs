//! Why a text names no framing strategy, in both languages.

use crate::framing::{EscapeError, MAX_DELIMITER, MAX_FIXED_SIZE, MAX_PAUSE_MS, SpecError};
use crate::i18n::{attack, lesson as phrase};

use super::Said;

/// The error in words, without a full stop.
pub fn said(error: &SpecError) -> Said {
    match error {
        SpecError::Strategy(found) => Said::new(phrase::SPEC_STRATEGY).with("found", found),
        SpecError::Escape(_, EscapeError::Unknown(found)) => {
            Said::new(attack::ERROR_ESCAPE).with("found", found)
        }
        SpecError::Escape(_, EscapeError::Dangling) => Said::new(attack::ERROR_DANGLING),
        SpecError::DelimiterLength(n) => Said::new(phrase::SPEC_DELIMITER)
            .with("n", n)
            .with("max", MAX_DELIMITER),
        SpecError::EscapedDelimiter => Said::new(phrase::SPEC_BACKSLASH),
        SpecError::Width(found) => Said::new(phrase::SPEC_WIDTH).with("found", found),
        SpecError::Endian(found) => Said::new(phrase::SPEC_ORDER).with("found", found),
        SpecError::StructFormat(found) => Said::new(phrase::SPEC_STRUCT).with("found", found),
        SpecError::FixedSize(found) => Said::new(phrase::SPEC_SIZE)
            .with("found", found)
            .with("max", MAX_FIXED_SIZE),
        SpecError::Padding(n) => Said::new(phrase::SPEC_PADDING).with("n", n),
        SpecError::Pause(found) => Said::new(phrase::SPEC_PAUSE)
            .with("found", found)
            .with("max", MAX_PAUSE_MS),
        SpecError::NoSettings(name) => Said::new(phrase::SPEC_NO_SETTINGS).with("name", name),
        SpecError::Parameter {
            strategy,
            parameter,
            has,
        } => Said::new(phrase::SPEC_PARAMETER)
            .with("strategy", strategy)
            .with("parameter", parameter)
            .with("has", has),
    }
}
