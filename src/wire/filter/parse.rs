//! From text to a filter.

use core::net::IpAddr;
use std::ops::Range;
use std::str::FromStr;

use super::error::{FilterError, Mistake, nearest};
use super::field::{Field, FieldKind};
use super::token::{Spanned, Token, tokens};
use super::{Filter, MAX_DEPTH, MAX_LENGTH, Operator, Value};

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        if text.len() > MAX_LENGTH {
            return Err(FilterError {
                at: 0..text.len(),
                mistake: Mistake::TooLong,
            });
        }
        let (found, wrong) = tokens(text);
        let mut parser = Parser {
            tokens: &found,
            next: 0,
            end: wrong.as_ref().map_or(text.len(), |e| e.at.start),
        };
        let outcome = parser.whole();
        match (outcome, wrong) {
            // A mistake in what could be read comes before the one behind it.
            (Err(error), Some(wrong)) if error.at.start >= wrong.at.start => Err(wrong),
            (Err(error), _) | (Ok(_), Some(error)) => Err(error),
            (Ok(filter), None) => Ok(filter),
        }
    }
}

struct Parser<'t, 's> {
    tokens: &'t [Spanned<'s>],
    next: usize,
    end: usize,
}

impl<'t, 's> Parser<'t, 's> {
    fn peek(&self) -> Option<&'t Token<'s>> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Where the next token stands.
    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.next)
            .map_or(self.end..self.end, |(_, at)| at.clone())
    }

    fn take(&mut self, token: &Token<'_>) -> bool {
        let is = self.peek() == Some(token);
        self.next += usize::from(is);
        is
    }

    fn wrong<T>(&self, mistake: Mistake) -> Result<T, FilterError> {
        Err(FilterError {
            at: self.here(),
            mistake,
        })
    }

    fn whole(&mut self) -> Result<Filter, FilterError> {
        if self.tokens.is_empty() {
            return self.wrong(Mistake::Empty);
        }
        let filter = self.or(0)?;
        match self.peek() {
            None => Ok(filter),
            Some(Token::Close) => self.wrong(Mistake::Unopened),
            Some(_) => self.wrong(Mistake::Trailing),
        }
    }

    fn or(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut left = self.and(depth)?;
        while self.take(&Token::Or) {
            left = Filter::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut left = self.not(depth)?;
        while self.take(&Token::And) {
            left = Filter::And(Box::new(left), Box::new(self.not(depth)?));
        }
        Ok(left)
    }

    fn not(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if depth > MAX_DEPTH {
            return self.wrong(Mistake::TooDeep);
        }
        if self.take(&Token::Not) {
            return Ok(Filter::Not(Box::new(self.not(depth + 1)?)));
        }
        let opened = self.here();
        if self.take(&Token::Open) {
            let inner = self.or(depth + 1)?;
            if !self.take(&Token::Close) {
                return if self.peek().is_none() {
                    Err(FilterError {
                        at: opened,
                        mistake: Mistake::Unclosed,
                    })
                } else {
                    self.wrong(Mistake::Trailing)
                };
            }
            return Ok(inner);
        }
        self.condition()
    }

    fn condition(&mut self) -> Result<Filter, FilterError> {
        let Some(Token::Word(word)) = self.peek() else {
            return self.wrong(Mistake::FieldExpected);
        };
        let Some(field) = Field::find(word) else {
            return self.wrong(Mistake::UnknownField((*word).to_owned(), nearest(word)));
        };
        self.next += 1;
        match self.peek() {
            Some(Token::Compare(operator)) => {
                let operator = *operator;
                let ordered = matches!(operator, Operator::Equal | Operator::NotEqual);
                if !ordered && !has_order(field) {
                    return self.wrong(Mistake::NoOrder(field));
                }
                self.next += 1;
                let value = self.value(field)?;
                Ok(Filter::Compare(field, operator, value))
            }
            Some(Token::In) => {
                self.next += 1;
                let opened = self.here();
                if !self.take(&Token::OpenSet) {
                    return Ok(Filter::In(field, vec![self.range(field)?]));
                }
                let mut ranges = vec![self.range(field)?];
                loop {
                    if self.take(&Token::CloseSet) {
                        return Ok(Filter::In(field, ranges));
                    }
                    if self.peek().is_none() {
                        return Err(FilterError {
                            at: opened,
                            mistake: Mistake::UnclosedSet,
                        });
                    }
                    // A comma or a space, as one likes.
                    self.take(&Token::Comma);
                    ranges.push(self.range(field)?);
                }
            }
            _ => Ok(Filter::Has(field)),
        }
    }

    fn range(&mut self, field: Field) -> Result<(Value, Value), FilterError> {
        let start = self.here().start;
        let from = self.value(field)?;
        let dots = self.here();
        if !self.take(&Token::To) {
            return Ok((from.clone(), from));
        }
        if !has_order(field) {
            return Err(FilterError {
                at: dots,
                mistake: Mistake::NoOrder(field),
            });
        }
        let to = self.value(field)?;
        if let (Value::Number(a) | Value::Seconds(a), Value::Number(b) | Value::Seconds(b)) =
            (&from, &to)
            && a > b
        {
            let end = self.tokens[self.next - 1].1.end;
            return Err(FilterError {
                at: start..end,
                mistake: Mistake::BackwardRange,
            });
        }
        Ok((from, to))
    }

    fn value(&mut self, field: Field) -> Result<Value, FilterError> {
        let (text, quoted) = match self.peek() {
            Some(Token::Word(word)) => ((*word).to_owned(), false),
            Some(Token::Text(text)) => (text.clone(), true),
            _ => return self.wrong(Mistake::ValueExpected(field)),
        };
        let value = match field.kind() {
            FieldKind::Text => Some(Value::Text(text.clone())),
            _ if quoted => None,
            FieldKind::Flag => match text.to_ascii_lowercase().as_str() {
                "1" | "true" => Some(Value::Number(1)),
                "0" | "false" => Some(Value::Number(0)),
                _ => None,
            },
            FieldKind::Number => number(&text).map(Value::Number),
            FieldKind::Seconds => seconds(&text).map(Value::Seconds),
            FieldKind::Address => network(&text),
        };
        let Some(value) = value else {
            return self.wrong(Mistake::BadValue(field, text));
        };
        self.next += 1;
        Ok(value)
    }
}

fn has_order(field: Field) -> bool {
    matches!(field.kind(), FieldKind::Number | FieldKind::Seconds)
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        // "+5" is a number to the library, too.
        Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => {
            u64::from_str_radix(hex, 16).ok()
        }
        None if text.starts_with(|c: char| c.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Decimal seconds as nanoseconds.
fn seconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let nanos: u64 = format!("{part:0<9}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000_000)?
        .checked_add(nanos)
}

fn network(text: &str) -> Option<Value> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some(Value::Network(address, bits))
}
