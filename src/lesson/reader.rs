//! A typed reader of TOML that knows where everything stands, so that each mistake is reported
//! with line and column, and reading goes on to find the next one.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::i18n::{Phrase, lesson as phrase};

use super::limit;
use super::problem::{Problem, Said, nearest, position};

/// Most problems kept of one file: enough to work on, and a bound for hostile files.
const PROBLEMS: usize = 50;

/// A file being read, and the problems found so far.
pub(super) struct Doc<'a> {
    file: &'a str,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
    /// Parameters that are there but could not be read: using one is no further mistake.
    broken: RefCell<Vec<String>>,
}

impl<'a> Doc<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Doc {
            file,
            text,
            problems: RefCell::default(),
            broken: RefCell::default(),
        }
    }

    pub(super) fn mark_broken(&self, parameter: &str) {
        self.broken.borrow_mut().push(parameter.to_owned());
    }

    pub(super) fn is_broken(&self, parameter: &str) -> bool {
        self.broken.borrow().iter().any(|name| name == parameter)
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Reports a problem at byte `at`.
    pub(super) fn problem(&self, at: usize, what: Said, cure: Said) {
        self.problem_after(at, 0, what, cure);
    }

    /// Reports a problem `columns` characters after byte `at`.
    fn problem_after(&self, at: usize, columns: usize, what: Said, cure: Said) {
        let mut problems = self.problems.borrow_mut();
        if problems.len() < PROBLEMS {
            let (line, column) = position(self.text, at);
            problems.push(Problem {
                file: self.file.to_owned(),
                line,
                column: column.saturating_add(u32::try_from(columns).unwrap_or(0)),
                what,
                cure,
            });
        }
    }

    /// Reports a problem at character `column` (from 1) inside the string that stands at `span`.
    pub(super) fn problem_in_string(
        &self,
        span: &Range<usize>,
        column: usize,
        what: Said,
        cure: Said,
    ) {
        let source = self.text.get(span.clone()).unwrap_or_default();
        // With escapes or line breaks the columns of the value are not those of the file.
        let plain = source.starts_with(['"', '\''])
            && !source.contains(['\\', '\n'])
            && !source.starts_with("\"\"\"")
            && !source.starts_with("'''");
        self.problem_after(span.start, if plain { column } else { 0 }, what, cure);
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|p| (p.line, p.column));
        problems
    }

    /// `found` is none of `valid`.
    pub(super) fn not_one_of(&self, at: usize, key: &str, found: &str, valid: &[&str]) {
        self.problem(
            at,
            Said::new(phrase::FILE_NOT_ONE_OF)
                .with("key", key)
                .with("found", found),
            valid_with_nearest(found, valid),
        );
    }
}

/// "Valid here: …", with the nearest suggested where one is near.
pub(super) fn valid_with_nearest(found: &str, valid: &[&str]) -> Said {
    let list = if valid.is_empty() {
        "—".to_owned()
    } else {
        valid.join(", ")
    };
    match nearest(found, valid) {
        Some(near) => Said::new(phrase::CURE_NEAREST)
            .with("near", near)
            .with("valid", list),
        None => Said::new(phrase::CURE_VALID).with("valid", list),
    }
}

/// A text or number with where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A table being read; the keys it may have were given when it was opened.
pub(super) struct Table<'d, 'a> {
    pub(super) doc: &'d Doc<'a>,
    entries: &'d DeTable<'d>,
    /// Where the table begins: missing keys are reported there.
    pub(super) start: usize,
}

impl<'d, 'a> Table<'d, 'a> {
    /// Opens a table that may have these keys; reports all others.
    pub(super) fn open(
        doc: &'d Doc<'a>,
        table: &'d DeTable<'d>,
        start: usize,
        valid: &[&str],
    ) -> Self {
        for (key, _) in table {
            let name: &str = key.get_ref();
            if !valid.contains(&name) && !doc.is_broken(name) {
                doc.problem(
                    key.span().start,
                    Said::new(phrase::FILE_UNKNOWN_KEY).with("key", name),
                    valid_with_nearest(name, valid),
                );
            }
        }
        Table {
            doc,
            entries: table,
            start,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.entries.get(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn missing(&self, key: &str) {
        self.doc.problem(
            self.start,
            Said::new(phrase::FILE_MISSING_KEY).with("key", key),
            Said::new(phrase::CURE_ADD_KEY).with("key", key),
        );
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, what: Phrase, cure: Phrase) {
        self.doc.problem(
            value.span().start,
            Said::new(what).with("key", key),
            Said::new(cure).with("key", key),
        );
    }

    /// The text under `key`; `None` where there is none, or a problem has been reported.
    pub(super) fn text(&self, key: &str) -> Option<At<&'d str>> {
        let value = self.get(key)?;
        let found = as_text(value);
        if found.is_none() {
            self.wrong(key, value, phrase::FILE_NOT_TEXT, phrase::CURE_TEXT);
        }
        found
    }

    /// The text under `key`, which must be there.
    pub(super) fn need_text(&self, key: &str) -> Option<At<&'d str>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key)
    }

    /// The text under `key`, or `default`.
    pub(super) fn text_or(&self, key: &str, default: &'d str) -> Option<At<&'d str>> {
        if self.has(key) {
            self.text(key)
        } else {
            Some(At {
                value: default,
                span: self.start..self.start,
            })
        }
    }

    /// The value that the word under `key`, or `default`, stands for in `table`.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &str,
        default: &'static str,
        table: &[(&str, T)],
    ) -> Option<T> {
        let (word, at) = if self.has(key) {
            let found = self.text(key)?;
            (found.value, found.span.start)
        } else {
            (default, self.start)
        };
        let chosen = table.iter().find(|(name, _)| *name == word);
        if chosen.is_none() {
            let valid: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
            self.doc.not_one_of(at, key, word, &valid);
        }
        chosen.map(|(_, value)| *value)
    }

    /// The whole number under `key`.
    pub(super) fn int(&self, key: &str) -> Option<At<i64>> {
        let value = self.get(key)?;
        let found = as_int(value);
        if found.is_none() {
            self.wrong(key, value, phrase::FILE_NOT_INT, phrase::CURE_INT);
        }
        found
    }

    /// The whole number under `key`, which must be there.
    pub(super) fn need_int(&self, key: &str) -> Option<At<i64>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.int(key)
    }

    /// The whole number under `key` between `min` and `max`, or `default`.
    pub(super) fn int_within(&self, key: &str, default: i64, min: i64, max: i64) -> Option<i64> {
        if !self.has(key) {
            return Some(default);
        }
        let found = self.int(key)?;
        within(self.doc, key, &found, min, max).then_some(found.value)
    }

    /// The switch under `key`, or `default`.
    pub(super) fn bool_or(&self, key: &str, default: bool) -> Option<bool> {
        let Some(value) = self.get(key) else {
            return Some(default);
        };
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong(key, value, phrase::FILE_NOT_BOOL, phrase::CURE_BOOL);
        }
        found
    }

    /// The list under `key`.
    pub(super) fn array(&self, key: &str) -> Option<&'d DeArray<'d>> {
        let value = self.get(key)?;
        let found = value.get_ref().as_array();
        if found.is_none() {
            self.wrong(key, value, phrase::FILE_NOT_LIST, phrase::CURE_LIST);
        }
        found
    }

    /// The texts listed under `key`.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<At<&'d str>>> {
        let array = self.array(key)?;
        let mut texts = Vec::new();
        for value in array {
            let Some(text) = as_text(value) else {
                self.wrong(key, value, phrase::FILE_NOT_TEXTS, phrase::CURE_TEXTS);
                return None;
            };
            texts.push(text);
        }
        Some(texts)
    }

    /// The table under `key`.
    pub(super) fn table(&self, key: &str, valid: &[&str]) -> Option<Table<'d, 'a>> {
        let value = self.get(key)?;
        let start = value.span().start;
        if let Some(table) = value.get_ref().as_table() {
            return Some(Table::open(self.doc, table, start, valid));
        }
        self.wrong(key, value, phrase::FILE_NOT_TABLE, phrase::CURE_TABLE);
        None
    }

    /// The tables listed under `key`, as `[[key]]` or `key = [{…}]`.
    pub(super) fn tables(&self, key: &str, valid: &[&str]) -> Vec<Table<'d, 'a>> {
        let Some(array) = self.array(key) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in array {
            if tables.len() == limit::ENTRIES {
                self.doc.problem(
                    value.span().start,
                    Said::new(phrase::FILE_TOO_MANY)
                        .with("key", key)
                        .with("max", limit::ENTRIES),
                    Said::new(phrase::CURE_TOO_MANY),
                );
                break;
            }
            match value.get_ref().as_table() {
                Some(table) => {
                    tables.push(Table::open(self.doc, table, value.span().start, valid));
                }
                None => self.wrong(key, value, phrase::FILE_NOT_TABLE, phrase::CURE_TABLE),
            }
        }
        tables
    }

    /// `{ en = "…", zh = "…" }` under `key`, both there and not empty.
    pub(super) fn both_languages(&self, key: &str) -> Option<[String; 2]> {
        let table = self.table(key, &["en", "zh"])?;
        let en = table.need_text("en");
        let zh = table.need_text("zh");
        let (en, zh) = (en?, zh?);
        for text in [&en, &zh] {
            if text.value.trim().is_empty() {
                self.doc.problem(
                    text.span.start,
                    Said::new(phrase::FILE_EMPTY_TEXT).with("key", key),
                    Said::new(phrase::CURE_EMPTY_TEXT),
                );
                return None;
            }
        }
        Some([en.value.to_owned(), zh.value.to_owned()])
    }

    /// As [`Table::both_languages`], and must be there.
    pub(super) fn need_both_languages(&self, key: &str) -> Option<[String; 2]> {
        if !self.has(key) {
            self.missing(key);
        }
        self.both_languages(key)
    }

    /// Keys and values, in the order of the keys.
    pub(super) fn entries(
        &self,
    ) -> impl Iterator<Item = (At<&'d str>, &'d Spanned<DeValue<'d>>)> + use<'d> {
        self.entries.iter().map(|(key, value)| {
            let name: &str = key.get_ref();
            let at = At {
                value: name,
                span: key.span(),
            };
            (at, value)
        })
    }
}

/// Is the number within its bounds? Reports it where not.
pub(super) fn within(doc: &Doc<'_>, key: &str, found: &At<i64>, min: i64, max: i64) -> bool {
    let good = (min..=max).contains(&found.value);
    if !good {
        doc.problem(
            found.span.start,
            Said::new(phrase::FILE_OUT_OF_RANGE)
                .with("key", key)
                .with("found", found.value)
                .with("min", min)
                .with("max", max),
            Said::new(phrase::CURE_RANGE),
        );
    }
    good
}

pub(super) fn as_text<'d>(value: &'d Spanned<DeValue<'d>>) -> Option<At<&'d str>> {
    Some(At {
        value: value.get_ref().as_str()?,
        span: value.span(),
    })
}

/// A figure, a switch or a text as it would be written by hand; of anything else its sort.
pub(super) fn as_written(value: &Spanned<DeValue<'_>>) -> String {
    let value = value.get_ref();
    if let Some(text) = value.as_str() {
        text.to_owned()
    } else if let Some(on) = value.as_bool() {
        on.to_string()
    } else if let Some(n) = value.as_integer() {
        n.as_str().to_owned()
    } else if let Some(n) = value.as_float() {
        n.as_str().to_owned()
    } else {
        value.type_str().to_owned()
    }
}

pub(super) fn as_int(value: &Spanned<DeValue<'_>>) -> Option<At<i64>> {
    let integer = value.get_ref().as_integer()?;
    Some(At {
        value: i64::from_str_radix(integer.as_str(), integer.radix()).ok()?,
        span: value.span(),
    })
}
