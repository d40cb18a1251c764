//! The comments of a listing, in the language of the window: the generators write them in English,
//! and each has its phrase.

use std::ops::Range;

use super::{Language, Listing};
use crate::i18n::{Lang, code, recognised};

impl Listing {
    /// With its comments in `lang`.
    #[must_use]
    pub fn said_in(mut self, language: Language, lang: Lang) -> Self {
        for line in &mut self.lines {
            if let Some(at) = comment(language, &line.text)
                && let Some(said) = recognised(code::TABLE, &line.text[at.clone()], lang)
            {
                line.text.replace_range(at, &said);
            }
        }
        self
    }

    /// The comments that would stay in English in every language.
    pub fn unsaid(&self, language: Language) -> Vec<&str> {
        let comments = self.lines.iter().filter_map(|line| {
            let at = comment(language, &line.text)?;
            Some(&line.text[at])
        });
        comments
            .filter(|text| recognised(code::TABLE, text, Lang::Zh).is_none())
            .filter(|text| !code::is_the_same(text))
            .collect()
    }
}

/// Where in a line the words of its comment stand, without the signs around them.
pub fn comment(language: Language, line: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        let rest = &line[at..];
        if begins_comment(language, rest) {
            let words = rest.trim_start_matches(['#', '/', '*', ' ']);
            let begin = line.len() - words.len();
            let words = words.strip_suffix("*/").unwrap_or(words).trim_end();
            return Some(begin..begin + words.len());
        }
        at += quoted(language, rest).unwrap_or(first.len_utf8());
    }
    None
}

/// Does a comment begin here, outside of quotes?
pub fn begins_comment(language: Language, rest: &str) -> bool {
    match language {
        Language::Python => rest.starts_with('#'),
        Language::C | Language::Rust => rest.starts_with("//") || rest.starts_with("/*"),
    }
}

/// The length of the quoted text or character that begins here, with its quotes, if one does; an
/// unfinished text goes to the end of the line.
pub fn quoted(language: Language, rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    let mut inside = 0;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == quote {
            return Some(at + 1);
        } else {
            escaped = c == '\\';
            // In Rust a quote may also begin a lifetime's name.
            inside += 1;
            if quote == '\'' && language == Language::Rust && inside > 1 {
                return None;
            }
        }
    }
    (quote == '"' || language == Language::Python).then_some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_what_stands_outside_of_quotes() {
        for (language, line, words) in [
            (Language::Python, "x = b'# no'  # yes", Some("yes")),
            (Language::Python, "s = 'it\\'s # no'", None),
            (Language::C, "if (c == '\"') /* a quote */", Some("a quote")),
            (Language::C, "puts(\"/* no */\");", None),
            (Language::Rust, "let c = '\"'; // a quote", Some("a quote")),
            (Language::Rust, "/// What it is.", Some("What it is.")),
            (Language::Rust, "fn f<'a>(x: &'a str) {} // it", Some("it")),
            (Language::Rust, "let url = \"http://no\";", None),
        ] {
            let found = comment(language, line).map(|at| &line[at]);
            assert_eq!(found, words, "{line}");
        }
    }
}
