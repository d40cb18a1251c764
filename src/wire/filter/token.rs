//! Words and signs.

use std::ops::Range;

use super::Operator;
use super::error::{FilterError, Mistake};

/// A word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, number or address as written.
    Word(&'a str),
    /// A text in quotes, without them.
    Text(String),
    /// A comparison.
    Compare(Operator),
    And,
    Or,
    Not,
    In,
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    /// `..`
    To,
}

/// A token and the bytes it stands in.
pub(super) type Spanned<'a> = (Token<'a>, Range<usize>);

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-' | '%')
}

/// Takes a filter apart. What comes after the first mistake is not looked at.
pub(super) fn tokens(text: &str) -> (Vec<Spanned<'_>>, Option<FilterError>) {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let two = rest.get(..2).unwrap_or("");
        let sign = match two {
            "==" => Some(Token::Compare(Operator::Equal)),
            "!=" => Some(Token::Compare(Operator::NotEqual)),
            ">=" => Some(Token::Compare(Operator::GreaterEqual)),
            "<=" => Some(Token::Compare(Operator::LessEqual)),
            "&&" => Some(Token::And),
            "||" => Some(Token::Or),
            ".." => Some(Token::To),
            _ => None,
        };
        if let Some(sign) = sign {
            at += 2;
            found.push((sign, start..at));
            continue;
        }
        let sign = match c {
            '>' => Some(Token::Compare(Operator::Greater)),
            '<' => Some(Token::Compare(Operator::Less)),
            '!' => Some(Token::Not),
            '(' | '（' => Some(Token::Open),
            ')' | '）' => Some(Token::Close),
            '{' => Some(Token::OpenSet),
            '}' => Some(Token::CloseSet),
            ',' | '，' => Some(Token::Comma),
            _ => None,
        };
        if let Some(sign) = sign {
            at += c.len_utf8();
            found.push((sign, start..at));
            continue;
        }
        if c == '"' {
            let Some((text, len)) = quoted(rest) else {
                return (
                    found,
                    Some(FilterError {
                        at: start..text.len(),
                        mistake: Mistake::OpenQuote,
                    }),
                );
            };
            at += len;
            found.push((Token::Text(text), start..at));
            continue;
        }
        if !in_word(c) {
            let mistake = match c {
                '=' => Mistake::SingleEquals,
                '&' | '|' => Mistake::SingleSign(c),
                other => Mistake::Sign(other),
            };
            return (
                found,
                Some(FilterError {
                    at: start..start + c.len_utf8(),
                    mistake,
                }),
            );
        }
        let mut end = at;
        for (i, c) in rest.char_indices() {
            if !in_word(c) || (c == '.' && rest[i..].starts_with("..") && i > 0) {
                break;
            }
            end = at + i + c.len_utf8();
        }
        let word = &text[start..end];
        at = end;
        let lower = word.to_ascii_lowercase();
        let token = match lower.as_str() {
            "and" => Token::And,
            "or" => Token::Or,
            "not" => Token::Not,
            "in" => Token::In,
            other => Operator::ALL
                .into_iter()
                .find(|o| o.word() == other)
                .map_or(Token::Word(word), Token::Compare),
        };
        found.push((token, start..end));
    }
    (found, None)
}

/// The text that begins with a quote, and its length with both quotes.
fn quoted(rest: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => {
                text.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((text, i + 1)),
            other => text.push(other),
        }
    }
    None
}

/// Can that text be written without quotes?
pub(super) fn is_plain(text: &str) -> bool {
    let (found, mistake) = tokens(text);
    mistake.is_none() && matches!(found.as_slice(), [(Token::Word(word), _)] if *word == text)
}
