//! The display filter: which packets of a capture are shown.
//!
//! ```text
//! filter    = and { ("or" | "||") and }
//! and       = not { ("and" | "&&") not }
//! not       = ("not" | "!") not | "(" filter ")" | condition
//! condition = field                                  it is there, or set
//!           | field ("==" | "!=" | ">" | …) value    any of its values (for !=: none)
//!           | field "in" range | field "in" "{" range { "," range } "}"
//! range     = value | value ".." value               both ends included
//! ```
//!
//! ```
//! use socklab::wire::filter::Filter;
//!
//! let filter: Filter = "tcp.port == 80 && !(tcp.len in 1..20)".parse().unwrap();
//! assert_eq!(filter.to_string(), "tcp.port == 80 and not tcp.len in 1..20");
//! let error = "tcp.lne > 0".parse::<Filter>().unwrap_err();
//! assert_eq!(error.column("tcp.lne > 0"), 1);
//! ```
//!
//! A filter is evaluated column by column into bitmaps, 65,536 rows at a time; addresses and
//! ports are looked at once per conversation and not per packet.

mod complete;
mod error;
mod evaluate;
mod field;
mod parse;
mod print;
mod token;

pub use complete::{Candidate, Completion, complete};
pub use error::{FilterError, Mistake};
pub use evaluate::{Matching, STRIDE};
pub use field::{Field, FieldKind};

use core::net::IpAddr;

/// Longest filter, in bytes.
pub const MAX_LENGTH: usize = 4096;
/// Deepest nesting of parentheses and `not`.
pub const MAX_DEPTH: usize = 64;

/// A condition on packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The field is there; a flag is set.
    Has(Field),
    /// A comparison.
    Compare(Field, Operator, Value),
    /// One of these ranges, both ends included.
    In(Field, Vec<(Value, Value)>),
    /// Turned around.
    Not(Box<Filter>),
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// One or both.
    Or(Box<Filter>, Box<Filter>),
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Greater.
    Greater,
    /// Greater or the same.
    GreaterEqual,
    /// Less.
    Less,
    /// Less or the same.
    LessEqual,
}

impl Filter {
    /// Does it ask for calls of a run, which become known later than the packets?
    pub fn asks_for_calls(&self) -> bool {
        match self {
            Filter::Has(field) | Filter::Compare(field, ..) | Filter::In(field, _) => {
                field.is_of_run()
            }
            Filter::Not(inner) => inner.asks_for_calls(),
            Filter::And(a, b) | Filter::Or(a, b) => a.asks_for_calls() || b.asks_for_calls(),
        }
    }
}

impl Operator {
    /// Each of them.
    pub const ALL: [Operator; 6] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Greater,
        Operator::GreaterEqual,
        Operator::Less,
        Operator::LessEqual,
    ];

    /// As a sign.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
        }
    }

    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Operator::Equal => "eq",
            Operator::NotEqual => "ne",
            Operator::Greater => "gt",
            Operator::GreaterEqual => "ge",
            Operator::Less => "lt",
            Operator::LessEqual => "le",
        }
    }
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// A time in nanoseconds, written in seconds.
    Seconds(u64),
    /// An address, or all that begin with as many of its bits.
    Network(IpAddr, u8),
    /// A name.
    Text(String),
}
