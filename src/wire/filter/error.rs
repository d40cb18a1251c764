//! What is wrong with a filter, where, and what to write instead.

use std::fmt;
use std::ops::Range;

use super::field::{Field, FieldKind};
use super::{MAX_DEPTH, MAX_LENGTH};
use crate::i18n::{Lang, filter as text};

/// What is wrong with a filter, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Which bytes of the filter.
    pub at: Range<usize>,
    /// What.
    pub mistake: Mistake,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Nothing was written.
    Empty,
    /// Longer than [`MAX_LENGTH`].
    TooLong,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// A sign that means nothing here.
    Sign(char),
    /// One `=`.
    SingleEquals,
    /// One `&` or `|`.
    SingleSign(char),
    /// A text without its second quote.
    OpenQuote,
    /// No field of that name; perhaps this one was meant.
    UnknownField(String, Option<Field>),
    /// A field is expected.
    FieldExpected,
    /// A value for that field is expected.
    ValueExpected(Field),
    /// Not a value of that field.
    BadValue(Field, String),
    /// A range whose end is before its beginning.
    BackwardRange,
    /// A range or an order of what has none.
    NoOrder(Field),
    /// A parenthesis that is not closed.
    Unclosed,
    /// A parenthesis that was not opened.
    Unopened,
    /// A set that is not closed.
    UnclosedSet,
    /// Something follows a whole condition without `and` or `or`.
    Trailing,
}

impl FilterError {
    /// The column where it begins, counted from 1 in characters.
    pub fn column(&self, filter: &str) -> usize {
        let start = self.at.start.min(filter.len());
        filter
            .char_indices()
            .take_while(|(at, _)| *at < start)
            .count()
            + 1
    }

    /// What is wrong and what to do.
    pub fn say(&self, filter: &str, lang: Lang) -> String {
        let column = self.column(filter);
        let what = match &self.mistake {
            Mistake::Empty => text::EMPTY.get(lang).to_owned(),
            Mistake::TooLong => text::TOO_LONG.fill(lang, &[("n", &MAX_LENGTH)]),
            Mistake::TooDeep => text::TOO_DEEP.fill(lang, &[("n", &MAX_DEPTH)]),
            Mistake::Sign(c) => text::SIGN.fill(lang, &[("sign", c)]),
            Mistake::SingleEquals => text::SINGLE_EQUALS.get(lang).to_owned(),
            Mistake::SingleSign(c) => {
                text::SINGLE_SIGN.fill(lang, &[("sign", c), ("double", &format!("{c}{c}"))])
            }
            Mistake::OpenQuote => text::OPEN_QUOTE.get(lang).to_owned(),
            Mistake::UnknownField(word, Some(near)) => {
                text::UNKNOWN_NEAR.fill(lang, &[("word", word), ("near", &near.name())])
            }
            Mistake::UnknownField(word, None) => text::UNKNOWN.fill(lang, &[("word", word)]),
            Mistake::FieldExpected => text::FIELD_EXPECTED.get(lang).to_owned(),
            Mistake::ValueExpected(field) => text::VALUE_EXPECTED.fill(
                lang,
                &[("field", &field.name()), ("example", &example(*field))],
            ),
            Mistake::BadValue(field, word) => text::BAD_VALUE.fill(
                lang,
                &[
                    ("word", word),
                    ("field", &field.name()),
                    ("example", &example(*field)),
                ],
            ),
            Mistake::BackwardRange => text::BACKWARD.get(lang).to_owned(),
            Mistake::NoOrder(field) => text::NO_ORDER.fill(lang, &[("field", &field.name())]),
            Mistake::Unclosed => text::UNCLOSED.get(lang).to_owned(),
            Mistake::Unopened => text::UNOPENED.get(lang).to_owned(),
            Mistake::UnclosedSet => text::UNCLOSED_SET.get(lang).to_owned(),
            Mistake::Trailing => text::TRAILING.get(lang).to_owned(),
        };
        text::AT_COLUMN.fill(lang, &[("column", &column), ("what", &what)])
    }
}

fn example(field: Field) -> &'static str {
    match field.kind() {
        FieldKind::Flag => "1",
        FieldKind::Number => "80",
        FieldKind::Seconds => "0.5",
        FieldKind::Address => "127.0.0.1",
        FieldKind::Text => "client",
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {:?}", self.at.start, self.mistake)
    }
}

impl std::error::Error for FilterError {}

/// The field whose name is most like `word`, if any is like it.
pub(super) fn nearest(word: &str) -> Option<Field> {
    let word: String = word.to_ascii_lowercase().chars().take(64).collect();
    let likeness = |field: Field| {
        let name = field.name();
        let last = name.rsplit('.').next().unwrap_or(name);
        distance(&word, name).min(distance(&word, last) + 1)
    };
    Field::all()
        .map(|field| (likeness(field), field))
        .min_by_key(|(far, _)| *far)
        .filter(|(far, _)| *far <= 1 + word.len() / 4)
        .map(|(_, field)| field)
}

/// Letters to change, add or leave out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (corner + usize::from(x != *y))
                .min(above + 1)
                .min(row[j] + 1);
            corner = above;
        }
    }
    row[b.len()]
}
