//! Who may take how many calls, in which order.

use std::fmt;
use std::str::FromStr;

use super::limit;

/// What a step, or a check, lets run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Release {
    /// Nothing: the step only talks.
    #[default]
    Nothing,
    /// These calls, one at a time, in step mode.
    Calls(Schedule),
    /// Everything, freely, to the end.
    Run,
}

/// Calls released one after the other: `client*3 server (client server)*10`.
///
/// One release lets one actor make one socket call. `client!3` releases three calls back to back,
/// and `~` waits until nothing moves any more on the wire either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// In order; each with a count of at least 1, save those that only wait.
    pub turns: Vec<Turn>,
}

/// A turn of one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Name of the actor.
    pub actor: String,
    /// How many calls it may make; 0 = nobody makes any until nothing moves any more.
    pub count: u32,
    /// Back to back, not one after the other.
    pub burst: bool,
}

impl Turn {
    /// A pause: long enough for delayed acknowledgements.
    pub fn rest() -> Self {
        Turn {
            actor: String::new(),
            count: 0,
            burst: false,
        }
    }

    /// Is it a pause?
    pub fn is_rest(&self) -> bool {
        self.count == 0
    }
}

impl Schedule {
    /// All calls released, over all turns.
    pub fn total(&self) -> u64 {
        self.turns.iter().map(|t| u64::from(t.count)).sum()
    }
}

/// Why a schedule could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {fault}")]
pub struct ScheduleError {
    /// Where, from 1, in characters.
    pub column: usize,
    /// What.
    pub fault: ScheduleFault,
}

/// What can be wrong with a schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleFault {
    /// A character that cannot stand here.
    #[error("unexpected {0:?}")]
    Unexpected(String),
    /// A parenthesis is never closed.
    #[error("this parenthesis is never closed")]
    Unclosed,
    /// A count that is no whole number from 1.
    #[error("a count is a whole number from 1 up")]
    Count,
    /// More calls than [`limit::RELEASED`].
    #[error("more than {} calls", limit::RELEASED)]
    TooMany,
    /// Parentheses nested deeper than [`limit::NESTING`].
    #[error("parentheses nested deeper than {}", limit::NESTING)]
    TooDeep,
}

impl FromStr for Release {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Ok(Release::Nothing),
            "run" => Ok(Release::Run),
            _ => Ok(Release::Calls(text.parse()?)),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Release::Nothing => Ok(()),
            Release::Calls(schedule) => schedule.fmt(f),
            Release::Run => f.write_str("run"),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, turn) in self.turns.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            if turn.is_rest() {
                f.write_str("~")?;
                continue;
            }
            f.write_str(&turn.actor)?;
            if turn.burst {
                write!(f, "!{}", turn.count)?;
            } else if turn.count > 1 {
                write!(f, "*{}", turn.count)?;
            }
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parser = Parser {
            chars: text.chars().collect(),
            at: 0,
        };
        let mut turns = parser.sequence(0)?;
        if parser.at < parser.chars.len() {
            return Err(parser.unexpected());
        }
        // "client client*2" and "client*3" are the same schedule.
        turns.dedup_by(|next, kept| {
            let same = next.actor == kept.actor && !next.burst && !kept.burst;
            if same {
                kept.count = kept.count.saturating_add(next.count);
            }
            same
        });
        Ok(Schedule { turns })
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn error(at: usize, fault: ScheduleFault) -> ScheduleError {
        ScheduleError {
            column: at + 1,
            fault,
        }
    }

    fn unexpected(&self) -> ScheduleError {
        let what = self.peek().map(String::from).unwrap_or_default();
        Self::error(self.at, ScheduleFault::Unexpected(what))
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Turn>, ScheduleError> {
        let mut turns: Vec<Turn> = Vec::new();
        let mut total: u64 = 0;
        loop {
            self.blanks();
            let start = self.at;
            let mut part = match self.peek() {
                None | Some(')') => return Ok(turns),
                Some('(') => {
                    if depth >= limit::NESTING {
                        return Err(Self::error(start, ScheduleFault::TooDeep));
                    }
                    self.at += 1;
                    let inner = self.sequence(depth + 1)?;
                    if self.peek() != Some(')') {
                        return Err(Self::error(start, ScheduleFault::Unclosed));
                    }
                    self.at += 1;
                    inner
                }
                Some(c) if is_name(c) => {
                    let mut actor = String::new();
                    while let Some(c) = self.peek().filter(|&c| is_name(c)) {
                        actor.push(c);
                        self.at += 1;
                    }
                    let burst = self.sign('!');
                    let count = if burst { self.count()? } else { 1 };
                    vec![Turn {
                        actor,
                        count,
                        burst,
                    }]
                }
                Some('~') => {
                    self.at += 1;
                    vec![Turn::rest()]
                }
                Some(_) => return Err(self.unexpected()),
            };
            let times = self.times()?;
            let calls: u64 = part.iter().map(|t| u64::from(t.count)).sum();
            total = total.saturating_add(calls.saturating_mul(u64::from(times)));
            if total > limit::RELEASED {
                return Err(Self::error(start, ScheduleFault::TooMany));
            }
            if let [turn] = part.as_mut_slice()
                && !turn.burst
            {
                turn.count *= times; // bounded by `total`
                turns.append(&mut part);
            } else if !part.is_empty() {
                for _ in 0..times {
                    turns.extend(part.iter().cloned());
                }
            }
        }
    }

    fn times(&mut self) -> Result<u32, ScheduleError> {
        self.blanks();
        if self.sign('*') { self.count() } else { Ok(1) }
    }

    fn sign(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn count(&mut self) -> Result<u32, ScheduleError> {
        self.blanks();
        let start = self.at;
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        match digits.parse::<u32>() {
            Ok(n) if n > 0 => Ok(n),
            _ => Err(Self::error(start, ScheduleFault::Count)),
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}
