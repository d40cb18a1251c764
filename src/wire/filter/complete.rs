//! What may be written next.

use std::ops::Range;

use super::Operator;
use super::field::{Field, FieldKind};
use super::token::{Token, tokens};
use crate::i18n::{Phrase, filter as text};

/// Most candidates offered.
const MOST: usize = 40;

/// One possibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What to write.
    pub text: String,
    /// What it means.
    pub is: Phrase,
}

/// What may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Which bytes a candidate takes the place of.
    pub replace: Range<usize>,
    /// The possibilities, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// What is expected at a place.
#[derive(Clone, Copy)]
enum Expected {
    Field,
    /// An operator for that field, or what comes after a whole condition.
    After(Option<Field>),
    Value(Field),
}

/// What may be written at byte `cursor` of `filter`. `actors` are names to offer as values.
pub fn complete(filter: &str, cursor: usize, actors: &[String]) -> Completion {
    let mut cursor = cursor.min(filter.len());
    while !filter.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let (mut found, wrong) = tokens(&filter[..cursor]);
    if wrong.is_some() {
        return Completion {
            replace: cursor..cursor,
            candidates: Vec::new(),
        };
    }
    // The word that is being written; a keyword may be the beginning of a longer word.
    let mut replace = cursor..cursor;
    if let Some((token, at)) = found.last()
        && at.end == cursor
        && matches!(
            token,
            Token::Word(_) | Token::And | Token::Or | Token::Not | Token::In | Token::Compare(_)
        )
        && filter[at.clone()].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    {
        replace = at.clone();
        found.pop();
    }
    let partial = filter[replace.clone()].to_ascii_lowercase();
    let mut expected = Expected::Field;
    let mut field = None;
    for (token, _) in &found {
        expected = match token {
            Token::Word(word) => match expected {
                Expected::Field => {
                    field = Field::find(word);
                    Expected::After(field)
                }
                _ => Expected::After(None),
            },
            Token::Compare(_) | Token::In | Token::OpenSet | Token::Comma | Token::To => {
                match field {
                    Some(field) => Expected::Value(field),
                    None => Expected::Field,
                }
            }
            Token::Text(_) | Token::Close | Token::CloseSet => Expected::After(None),
            Token::And | Token::Or | Token::Not | Token::Open => Expected::Field,
        };
    }
    let mut candidates = match expected {
        Expected::Field => fields(&partial),
        Expected::After(field) => after(field, &partial),
        Expected::Value(field) => values(field, &partial, actors),
    };
    candidates.truncate(MOST);
    // What is there already need not be offered.
    if let [only] = candidates.as_slice()
        && only.text == partial
    {
        candidates.clear();
    }
    Completion {
        replace,
        candidates,
    }
}

fn fields(partial: &str) -> Vec<Candidate> {
    let offer = |field: Field| Candidate {
        text: field.name().to_owned(),
        is: field.is(),
    };
    let begins = Field::all().filter(|f| f.name().starts_with(partial));
    let within =
        Field::all().filter(|f| !f.name().starts_with(partial) && f.name().contains(partial));
    let mut list: Vec<Candidate> = begins.chain(within).map(offer).collect();
    if partial.is_empty() || "not".starts_with(partial) {
        list.push(Candidate {
            text: "not".to_owned(),
            is: text::NOT_IS,
        });
    }
    list
}

fn after(field: Option<Field>, partial: &str) -> Vec<Candidate> {
    let mut list = Vec::new();
    if let Some(field) = field {
        let order = matches!(field.kind(), FieldKind::Number | FieldKind::Seconds);
        for operator in Operator::ALL {
            let plain = matches!(operator, Operator::Equal | Operator::NotEqual);
            if order || plain {
                list.push((operator.sign(), operator_is(operator)));
            }
        }
        list.push(("in", text::IN_IS));
    }
    list.push(("and", text::AND_IS));
    list.push(("or", text::OR_IS));
    list.into_iter()
        .filter(|(word, _)| word.starts_with(partial))
        .map(|(word, is)| Candidate {
            text: word.to_owned(),
            is,
        })
        .collect()
}

fn operator_is(operator: Operator) -> Phrase {
    match operator {
        Operator::Equal => text::EQUAL_IS,
        Operator::NotEqual => text::NOT_EQUAL_IS,
        Operator::Greater => text::GREATER_IS,
        Operator::GreaterEqual => text::GREATER_EQUAL_IS,
        Operator::Less => text::LESS_IS,
        Operator::LessEqual => text::LESS_EQUAL_IS,
    }
}

fn values(field: Field, partial: &str, actors: &[String]) -> Vec<Candidate> {
    let words: Vec<String> = match field.kind() {
        FieldKind::Text => actors.to_vec(),
        FieldKind::Flag => vec!["1".to_owned(), "0".to_owned()],
        FieldKind::Address => vec!["127.0.0.1".to_owned(), "::1".to_owned()],
        FieldKind::Number | FieldKind::Seconds => Vec::new(),
    };
    words
        .into_iter()
        .filter(|w| w.to_lowercase().starts_with(partial))
        .map(|text| Candidate {
            text,
            is: field.is(),
        })
        .collect()
}
