//! Why a text names no attack.

use crate::framing::EscapeError;

/// Why a text names no attack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttackError {
    /// Not one of the attacks.
    #[error(
        "unknown attack '{0}': use none, slice:SIZE:MS, merge:MS, stall:AT:MS, cut:AT, reset:AT, flip:AT:BIT, insert:AT:BYTES, absurd-length:AT or endless:AT"
    )]
    Unknown(String),
    /// A value is no number, or out of range.
    #[error("{attack}: '{found}' is not a number from {min} to {max}")]
    Value {
        /// Which attack.
        attack: &'static str,
        /// What was given.
        found: String,
        /// Least value.
        min: String,
        /// Greatest value.
        max: String,
    },
    /// More values than the attack has.
    #[error("{attack}: too many values, '{found}' means nothing here")]
    TooMany {
        /// Which attack.
        attack: &'static str,
        /// What is too much.
        found: String,
    },
    /// Nothing to insert, or too much.
    #[error("insert: 1 to 64 bytes can be inserted, not {0}")]
    Inserted(usize),
    /// The escapes of the bytes to insert are wrong.
    #[error("insert: {0}")]
    Escape(#[from] EscapeError),
}
