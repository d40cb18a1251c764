//! From a filter to text: what is printed reads back as the same filter.

use std::fmt::{self, Display, Formatter};

use super::token::is_plain;
use super::{Filter, Value};

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(n) => write!(f, "{n}"),
            Value::Seconds(nanos) => {
                let (whole, part) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
                if part == 0 {
                    write!(f, "{whole}")
                } else {
                    let digits = format!("{part:09}");
                    write!(f, "{whole}.{}", digits.trim_end_matches('0'))
                }
            }
            Value::Network(address, bits) => {
                let whole = if address.is_ipv4() { 32 } else { 128 };
                if *bits == whole {
                    write!(f, "{address}")
                } else {
                    write!(f, "{address}/{bits}")
                }
            }
            Value::Text(text) if is_plain(text) => f.write_str(text),
            Value::Text(text) => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "\"{escaped}\"")
            }
        }
    }
}

/// A range as it is written.
struct Between<'a>(&'a (Value, Value));

impl Display for Between<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (from, to) = self.0;
        if from == to {
            write!(f, "{from}")
        } else {
            write!(f, "{from}..{to}")
        }
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Has(field) => f.write_str(field.name()),
            Filter::Compare(field, operator, value) => {
                write!(f, "{} {} {value}", field.name(), operator.sign())
            }
            Filter::In(field, ranges) => {
                write!(f, "{} in ", field.name())?;
                if let [one] = ranges.as_slice() {
                    return write!(f, "{}", Between(one));
                }
                f.write_str("{")?;
                for (at, range) in ranges.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", Between(range))?;
                }
                f.write_str("}")
            }
            Filter::Not(inner) => {
                f.write_str("not ")?;
                part(
                    inner,
                    matches!(**inner, Filter::And(..) | Filter::Or(..)),
                    f,
                )
            }
            Filter::And(a, b) => {
                part(a, matches!(**a, Filter::Or(..)), f)?;
                f.write_str(" and ")?;
                part(b, matches!(**b, Filter::Or(..) | Filter::And(..)), f)
            }
            Filter::Or(a, b) => {
                part(a, false, f)?;
                f.write_str(" or ")?;
                part(b, matches!(**b, Filter::Or(..)), f)
            }
        }
    }
}

fn part(filter: &Filter, parentheses: bool, f: &mut Formatter<'_>) -> fmt::Result {
    if parentheses {
        write!(f, "({filter})")
    } else {
        write!(f, "{filter}")
    }
}
