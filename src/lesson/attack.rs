//! The attack setting of a lesson: whether it may be chosen, and why one is refused.

use crate::experiment::{Attack, AttackError};
use crate::framing::EscapeError;
use crate::i18n::attack as phrase;

use super::Said;

/// Attacks on the run's wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttackChoice {
    /// What the run begins with.
    pub default: Attack,
    /// May the student choose another?
    pub offered: bool,
}

/// Why a text names no attack, in both languages.
pub fn said(error: &AttackError) -> Said {
    match error {
        AttackError::Unknown(found) => Said::new(phrase::ERROR_UNKNOWN).with("found", found),
        AttackError::Value {
            attack,
            found,
            min,
            max,
        } => Said::new(phrase::ERROR_VALUE)
            .with("attack", attack)
            .with("found", found)
            .with("min", min)
            .with("max", max),
        AttackError::TooMany { attack, found } => Said::new(phrase::ERROR_TOO_MANY)
            .with("attack", attack)
            .with("found", found),
        AttackError::Inserted(n) => Said::new(phrase::ERROR_INSERTED).with("n", n),
        AttackError::Escape(EscapeError::Unknown(found)) => {
            Said::new(phrase::ERROR_ESCAPE).with("found", found)
        }
        AttackError::Escape(EscapeError::Dangling) => Said::new(phrase::ERROR_DANGLING),
    }
}
