//! What is wrong with a lesson file: where, what, and how to mend it.

use std::fmt;

use crate::i18n::{Lang, Phrase};

/// A phrase with its values filled in, in either language. `Display` is English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    phrase: Phrase,
    values: Vec<(&'static str, Value)>,
}

/// What stands in place of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    /// The same in every language.
    Plain(String),
    Said(Said),
}

impl Said {
    /// That phrase, nothing filled in yet.
    pub fn new(phrase: Phrase) -> Self {
        Said {
            phrase,
            values: Vec::new(),
        }
    }

    /// With the placeholder `{name}` standing for `value`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, Value::Plain(value.to_string())));
        self
    }

    /// With the placeholder `{name}` standing for words that are a phrase themselves.
    #[must_use]
    pub fn saying(mut self, name: &'static str, value: Said) -> Self {
        self.values.push((name, Value::Said(value)));
        self
    }

    /// The words in `lang`.
    pub fn get(&self, lang: Lang) -> String {
        // One pass, so that a value that happens to hold "{name}" is left as it is.
        let text = self.phrase.get(lang);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let inside = &rest[open + 1..];
            let value = inside.find('}').and_then(|close| {
                let (_, value) = self.values.iter().find(|(n, _)| *n == &inside[..close])?;
                Some((value, close))
            });
            if let Some((value, close)) = value {
                match value {
                    Value::Plain(text) => out.push_str(text),
                    Value::Said(said) => out.push_str(&said.get(lang)),
                }
                rest = &inside[close + 1..];
            } else {
                out.push('{');
                rest = inside;
            }
        }
        out.push_str(rest);
        out
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.get(Lang::En))
    }
}

/// Something wrong with a lesson's files. The lesson is left out; the others still work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as a path that can be opened; for embedded lessons, its path in the source.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// What is wrong.
    pub what: Said,
    /// How to mend it.
    pub cure: Said,
}

impl Problem {
    /// `file:line:column: what cure`, as editors understand it.
    pub fn get(&self, lang: Lang) -> String {
        format!(
            "{}:{}:{}: {} {}",
            self.file,
            self.line,
            self.column,
            self.what.get(lang),
            self.cure.get(lang)
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.get(Lang::En))
    }
}

/// Line and column, both from 1, of byte `offset` in `text`.
pub(super) fn position(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    (line as u32, column as u32)
}

/// The one of `valid` that is nearest to `name`, if one is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, valid: &[&'a str]) -> Option<&'a str> {
    let (best, distance) = valid
        .iter()
        .map(|v| (*v, edit_distance(name, v)))
        .min_by_key(|(_, d)| *d)?;
    (distance <= name.chars().count().max(best.chars().count()).div_ceil(3)).then_some(best)
}

/// Letters to insert, remove or change to get from one word to the other (Levenshtein).
fn edit_distance(a: &str, b: &str) -> usize {
    // Names are short; a long one is cut so that hostile input costs nothing.
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
