//! Attacks on the wire: what a relay between client and server does to the client's bytes.
//!
//! [`Attack`] names one, as data and as text; `script` carries it out, byte by byte, without a
//! socket; the relay (`relay`) does so on a real connection.

mod chunks;
mod error;
pub(super) mod script;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use chunks::absurd_header;
pub use error::AttackError;

use crate::framing::{FramingSpec, escape, unescape};

/// Where in the stream an attack may strike: offset of a byte, from 0.
pub const AT: RangeInclusive<u64> = 0..=1_000_000;
/// Bytes of a slice.
pub const SIZE: RangeInclusive<u32> = 1..=65_536;
/// Milliseconds between two slices.
pub const GAP: RangeInclusive<u32> = 0..=100;
/// Milliseconds of silence, or of a stall.
pub const TIME: RangeInclusive<u32> = 1..=10_000;
/// Bytes inserted.
pub const INSERTED: RangeInclusive<usize> = 1..=64;
/// Bits of a byte, from the lowest.
pub const BIT: RangeInclusive<u8> = 0..=7;

/// What the relay does to the bytes from client to server; replies pass untouched. Offsets count
/// from 0 at the first byte of each connection. As text, in lesson files, recordings and on the
/// command line:
///
/// ```
/// use socklab::experiment::Attack;
///
/// assert_eq!("none".parse(), Ok(Attack::None));
/// assert_eq!("slice:1".parse(), Ok(Attack::Slice { size: 1, gap_ms: 1 }));
/// assert_eq!(r"insert:3:\xff".parse(), Ok(Attack::Insert { at: 3, bytes: vec![255] }));
/// assert_eq!("flip:12".parse::<Attack>()?.to_string(), "flip:12:0");
/// # Ok::<(), socklab::experiment::AttackError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Attack {
    /// `none`: no relay at all; the two programs are joined directly.
    #[default]
    None,
    /// `slice:SIZE:MS`: passes on pieces of `size` bytes, `gap_ms` apart.
    Slice {
        /// [`SIZE`]
        size: u32,
        /// [`GAP`]
        gap_ms: u32,
    },
    /// `merge:MS`: holds everything back until nothing new has come for that long, or its buffer
    /// is full, or the stream ends; then passes it on at once.
    Merge {
        /// [`TIME`]
        idle_ms: u32,
    },
    /// `stall:AT:MS`: holds the stream up once, before the byte at that offset.
    Stall {
        /// [`AT`]
        at: u64,
        /// [`TIME`]
        ms: u32,
    },
    /// `cut:AT`: passes on that many bytes, then ends the stream cleanly (FIN). What the client
    /// sends after that is lost.
    Cut {
        /// [`AT`]
        at: u64,
    },
    /// `reset:AT`: passes on that many bytes, then breaks both connections off (RST).
    Reset {
        /// [`AT`]
        at: u64,
    },
    /// `flip:AT:BIT`: turns one bit of the byte at that offset round.
    Flip {
        /// [`AT`]
        at: u64,
        /// [`BIT`]
        bit: u8,
    },
    /// `insert:AT:BYTES`: puts these bytes before the one at that offset.
    Insert {
        /// [`AT`]
        at: u64,
        /// [`INSERTED`] of them
        bytes: Vec<u8>,
    },
    /// `absurd-length:AT`: puts a header there that announces 4 GiB, or the most that the
    /// framing's header can say.
    AbsurdLength {
        /// [`AT`]
        at: u64,
    },
    /// `endless:AT`: from that offset on sends letters without any end mark, until the server
    /// hangs up or more has come than its decoder may hold.
    Endless {
        /// [`AT`]
        at: u64,
    },
}

impl Attack {
    /// One of each, with the values that a chooser begins with.
    pub fn choices() -> Vec<Attack> {
        vec![
            Attack::None,
            Attack::Slice { size: 1, gap_ms: 1 },
            Attack::Merge { idle_ms: 200 },
            Attack::Stall { at: 7, ms: 1000 },
            Attack::Cut { at: 7 },
            Attack::Reset { at: 7 },
            Attack::Flip { at: 1, bit: 0 },
            Attack::Insert {
                at: 7,
                bytes: b"!".to_vec(),
            },
            Attack::AbsurdLength { at: 0 },
            Attack::Endless { at: 0 },
        ]
    }

    /// The word that the text form begins with.
    pub fn name(&self) -> &'static str {
        match self {
            Attack::None => "none",
            Attack::Slice { .. } => "slice",
            Attack::Merge { .. } => "merge",
            Attack::Stall { .. } => "stall",
            Attack::Cut { .. } => "cut",
            Attack::Reset { .. } => "reset",
            Attack::Flip { .. } => "flip",
            Attack::Insert { .. } => "insert",
            Attack::AbsurdLength { .. } => "absurd-length",
            Attack::Endless { .. } => "endless",
        }
    }

    /// Is there no attack?
    pub fn is_none(&self) -> bool {
        *self == Attack::None
    }

    /// Where it strikes, if that is one place.
    pub fn at(&self) -> Option<u64> {
        match self {
            Attack::None | Attack::Slice { .. } | Attack::Merge { .. } => None,
            Attack::Stall { at, .. }
            | Attack::Cut { at }
            | Attack::Reset { at }
            | Attack::Flip { at, .. }
            | Attack::Insert { at, .. }
            | Attack::AbsurdLength { at }
            | Attack::Endless { at } => Some(*at),
        }
    }

    /// Has this attack anything to do with this framing? An absurd length needs one that
    /// announces lengths; without it the wire stays untouched.
    pub fn applies_to(&self, framing: &FramingSpec) -> bool {
        !matches!(self, Attack::AbsurdLength { .. }) || absurd_header(framing).is_some()
    }
}

impl fmt::Display for Attack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        let text = match self {
            Attack::None => name.to_owned(),
            Attack::Slice { size, gap_ms } => format!("{name}:{size}:{gap_ms}"),
            Attack::Merge { idle_ms } => format!("{name}:{idle_ms}"),
            Attack::Stall { at, ms } => format!("{name}:{at}:{ms}"),
            Attack::Cut { at }
            | Attack::Reset { at }
            | Attack::AbsurdLength { at }
            | Attack::Endless { at } => format!("{name}:{at}"),
            Attack::Flip { at, bit } => format!("{name}:{at}:{bit}"),
            Attack::Insert { at, bytes } => format!("{name}:{at}:{}", escape(bytes)),
        };
        f.pad(&text)
    }
}

/// The values behind the name, in order.
struct Values<'a> {
    name: &'static str,
    rest: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        match rest.split_once(':') {
            Some((value, more)) => {
                self.rest = Some(more);
                Some(value)
            }
            None => Some(rest),
        }
    }

    fn number<T>(&mut self, range: &RangeInclusive<T>, default: T) -> Result<T, AttackError>
    where
        T: Copy + PartialOrd + FromStr + fmt::Display,
    {
        let Some(text) = self.next() else {
            return Ok(default);
        };
        let bad = || AttackError::Value {
            attack: self.name,
            found: text.to_owned(),
            min: range.start().to_string(),
            max: range.end().to_string(),
        };
        let value = text.trim().parse().map_err(|_| bad())?;
        if range.contains(&value) {
            Ok(value)
        } else {
            Err(bad())
        }
    }

    fn at(&mut self, default: u64) -> Result<u64, AttackError> {
        self.number(&AT, default)
    }
}

impl FromStr for Attack {
    type Err = AttackError;

    /// Reads the text form; values left out at the end are those of [`Attack::choices`].
    fn from_str(text: &str) -> Result<Self, AttackError> {
        let (name, rest) = match text.split_once(':') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        let Some(default) = Attack::choices().into_iter().find(|a| a.name() == name) else {
            return Err(AttackError::Unknown(text.to_owned()));
        };
        let mut values = Values {
            name: default.name(),
            rest,
        };
        let attack = match default {
            Attack::None => Attack::None,
            Attack::Slice { size, gap_ms } => Attack::Slice {
                size: values.number(&SIZE, size)?,
                gap_ms: values.number(&GAP, gap_ms)?,
            },
            Attack::Merge { idle_ms } => Attack::Merge {
                idle_ms: values.number(&TIME, idle_ms)?,
            },
            Attack::Stall { at, ms } => Attack::Stall {
                at: values.at(at)?,
                ms: values.number(&TIME, ms)?,
            },
            Attack::Cut { at } => Attack::Cut { at: values.at(at)? },
            Attack::Reset { at } => Attack::Reset { at: values.at(at)? },
            Attack::Flip { at, bit } => Attack::Flip {
                at: values.at(at)?,
                bit: values.number(&BIT, bit)?,
            },
            Attack::Insert { at, bytes } => {
                let at = values.at(at)?;
                // The rest, for the bytes may be colons.
                let bytes = match values.rest.take() {
                    None => bytes,
                    Some(text) => unescape(text)?,
                };
                if !INSERTED.contains(&bytes.len()) {
                    return Err(AttackError::Inserted(bytes.len()));
                }
                Attack::Insert { at, bytes }
            }
            Attack::AbsurdLength { at } => Attack::AbsurdLength { at: values.at(at)? },
            Attack::Endless { at } => Attack::Endless { at: values.at(at)? },
        };
        match values.rest {
            Some(more) => Err(AttackError::TooMany {
                attack: attack.name(),
                found: more.to_owned(),
            }),
            None => Ok(attack),
        }
    }
}

impl From<Attack> for String {
    fn from(attack: Attack) -> Self {
        attack.to_string()
    }
}

impl TryFrom<String> for Attack {
    type Error = AttackError;

    fn try_from(text: String) -> Result<Self, AttackError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_choice_is_its_own_text() {
        for attack in Attack::choices() {
            assert_eq!(attack.to_string().parse(), Ok(attack.clone()));
            assert_eq!(attack.name().parse(), Ok(attack));
        }
    }

    #[test]
    fn bad_texts_say_what_is_good() {
        for (text, part) in [
            ("", "slice"),
            ("slise:1", "slice"),
            ("slice:0", "1 to 65536"),
            ("slice:x", "1 to 65536"),
            ("slice:1:1:1", "too many"),
            ("none:1", "too many"),
            ("flip:3:8", "0 to 7"),
            ("insert:3:", "1 to 64"),
            (r"insert:3:\q", "escape"),
            ("cut:-1", "0 to 1000000"),
            ("stall:1:99999", "1 to 10000"),
        ] {
            let error = text.parse::<Attack>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_read_back(at in AT, size in SIZE, gap in GAP, time in TIME, bit in BIT,
                               bytes in prop::collection::vec(any::<u8>(), 1..=64)) {
            for attack in [
                Attack::Slice { size, gap_ms: gap },
                Attack::Merge { idle_ms: time },
                Attack::Stall { at, ms: time },
                Attack::Cut { at },
                Attack::Reset { at },
                Attack::Flip { at, bit },
                Attack::Insert { at, bytes: bytes.clone() },
                Attack::AbsurdLength { at },
                Attack::Endless { at },
            ] {
                prop_assert_eq!(attack.to_string().parse(), Ok(attack));
            }
        }

        #[test]
        fn no_text_panics(text in "(slice|merge|flip|insert|cut|none|absurd-length)?[:0-9a-z\\\\]{0,20}") {
            let _ = text.parse::<Attack>();
        }
    }
}
