//! The two languages of the lab: every phrase a user sees, in English and 简体中文.
//!
//! A [`Phrase`] cannot be written with one language missing. Placeholders stand in braces,
//! `{n}`, and must be the same set in both; a test reads every table in [`ALL`].

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English
    #[default]
    En,
    /// 简体中文
    Zh,
}

impl Lang {
    /// Both languages, in the order of the switch.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The language's own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Zh => "简体中文",
        }
    }

    /// Code as in file names and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The language that the environment asks for (`LC_ALL`, `LC_MESSAGES`, `LANG`; POSIX order).
    pub fn from_env() -> Self {
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
            .unwrap_or_default();
        if value.starts_with("zh") {
            Lang::Zh
        } else {
            Lang::En
        }
    }
}

/// One phrase in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

impl Phrase {
    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The text in `lang` with each `{name}` replaced by its value, and each `{name:one|many}` by
    /// the word that goes with it.
    ///
    /// ```
    /// use socklab::i18n::{Lang, Phrase};
    /// let p = Phrase { en: "{n} bytes", zh: "{n} 字节" };
    /// assert_eq!(p.fill(Lang::Zh, &[("n", &15)]), "15 字节");
    /// assert_eq!(p.fill(Lang::En, &[("n", &"{n}")]), "{n} bytes");
    /// // Of `{n:one|many}` the first stands beside a 1.
    /// let p = Phrase { en: "{n} {n:byte|bytes}", zh: "{n} 字节" };
    /// assert_eq!(p.fill(Lang::En, &[("n", &1)]), "1 byte");
    /// assert_eq!(p.fill(Lang::En, &[("n", &0)]), "0 bytes");
    /// // Chinese and Latin stand apart, Chinese and Chinese do not.
    /// let p = Phrase { en: "Step {who}", zh: "单步{who}" };
    /// assert_eq!(p.fill(Lang::Zh, &[("who", &"alice")]), "单步 alice");
    /// assert_eq!(p.fill(Lang::Zh, &[("who", &"客户端")]), "单步客户端");
    /// ```
    pub fn fill(&self, lang: Lang, values: &[(&str, &dyn Display)]) -> String {
        // One pass: a value that happens to hold `{name}` (a student's own text) stays as it is.
        let mut rest = self.get(lang);
        let mut out = String::with_capacity(rest.len() + 16);
        while let Some(open) = rest.find('{') {
            let (before, brace) = rest.split_at(open);
            out.push_str(before);
            let found = brace.find('}').and_then(|close| {
                let inner = &brace[1..close];
                let (wanted, forms) = inner.split_once(':').unwrap_or((inner, ""));
                let (_, value) = values.iter().find(|(name, _)| *name == wanted)?;
                Some((value.to_string(), forms.split_once('|'), close))
            });
            if let Some((value, forms, close)) = found {
                let value = match forms {
                    Some((one, _)) if value == "1" => one,
                    Some((_, many)) => many,
                    None => &value,
                };
                rest = &brace[close + 1..];
                if apart(out.chars().next_back(), value.chars().next()) {
                    out.push(' ');
                }
                out.push_str(value);
                if apart(rest.chars().next(), value.chars().next_back()) {
                    out.push(' ');
                }
            } else {
                out.push('{');
                rest = &brace[1..];
            }
        }
        out.push_str(rest);
        out
    }
}

/// Does a space belong between a character of the phrase and one of a value? Between Chinese
/// characters and Latin letters or digits it does.
fn apart(of_phrase: Option<char>, of_value: Option<char>) -> bool {
    of_phrase.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        && of_value.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// The phrase of that table which `text`, in English, is with its values filled in; in `lang`. For
/// what has been written down in English, in a trace or a program's text, before anybody reads it.
pub(crate) fn recognised(table: &[(&str, Phrase)], text: &str, lang: Lang) -> Option<String> {
    table.iter().find_map(|(_, phrase)| {
        let values = filled(phrase.en, text)?;
        let values: Vec<(&str, &dyn Display)> = values
            .iter()
            .map(|(name, value)| (*name, value as &dyn Display))
            .collect();
        Some(phrase.fill(lang, &values))
    })
}

/// What stands in `text` for each `{name}` of the template, if it is that template.
fn filled<'t>(template: &'t str, text: &'t str) -> Option<Vec<(&'t str, &'t str)>> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == text).then(Vec::new);
    };
    let (name, after) = rest.split_once('}')?;
    let text = text.strip_prefix(before)?;
    let next = after.split('{').next().unwrap_or(after);
    let end = if next.is_empty() {
        text.len()
    } else {
        text.find(next)?
    };
    let mut found = vec![(name, &text[..end])];
    found.extend(filled(after, &text[end..])?);
    Some(found)
}

/// Declares a table of phrases: one constant each, and `TABLE` with all of them for the tests
/// and for the font subset.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $zh:literal;)*) => {
        $(
            $(#[$doc])*
            #[doc = "One phrase; its texts stand where it is declared."]
            pub const $name: $crate::i18n::Phrase = $crate::i18n::Phrase { en: $en, zh: $zh };
        )*
        /// Every phrase of this table with its name.
        pub const TABLE: &[(&str, $crate::i18n::Phrase)] = &[$((stringify!($name), $name)),*];
    };
}
pub(crate) use phrases;

pub mod attack;
pub mod beliefs;
pub mod capture;
pub mod cli;
pub mod code;
pub mod compare;
pub mod datagrams;
pub mod events;
pub mod files;
pub mod filter;
pub mod framing;
pub mod framing_panel;
pub mod lesson;
pub mod new_lesson;
pub mod packet;
pub mod packet_view;
pub mod panels;
pub mod program;
pub mod progress;
pub mod reference;
pub mod repeat;
pub mod route;
pub mod scripts;
pub mod segment_view;
pub mod segments;
pub mod stage;
pub mod task;
pub mod tcp;
pub mod why;
pub mod window;
pub mod workbench;

/// Every table of phrases: (table, phrases).
pub const ALL: &[(&str, &[(&str, Phrase)])] = &[
    ("attack", attack::TABLE),
    ("beliefs", beliefs::TABLE),
    ("capture", capture::TABLE),
    ("cli", cli::TABLE),
    ("code", code::TABLE),
    ("compare", compare::TABLE),
    ("datagrams", datagrams::TABLE),
    ("events", events::TABLE),
    ("files", files::TABLE),
    ("filter", filter::TABLE),
    ("framing", framing::TABLE),
    ("framing_panel", framing_panel::TABLE),
    ("lesson", lesson::TABLE),
    ("new_lesson", new_lesson::TABLE),
    ("packet", packet::TABLE),
    ("packet_view", packet_view::TABLE),
    ("panels", panels::TABLE),
    ("program", program::TABLE),
    ("progress", progress::TABLE),
    ("reference", reference::TABLE),
    ("repeat", repeat::TABLE),
    ("route", route::TABLE),
    ("scripts", scripts::TABLE),
    ("segment_view", segment_view::TABLE),
    ("segments", segments::TABLE),
    ("stage", stage::TABLE),
    ("task", task::TABLE),
    ("tcp", tcp::TABLE),
    ("why", why::TABLE),
    ("window", window::TABLE),
    ("workbench", workbench::TABLE),
];

#[cfg(test)]
mod recognising {
    use super::*;

    #[test]
    fn what_was_filled_in_english_is_found_again() {
        let table = &[
            (
                "A",
                Phrase {
                    en: "{a} to {b}.",
                    zh: "从 {a} 到 {b}。",
                },
            ),
            (
                "B",
                Phrase {
                    en: "nothing",
                    zh: "没有",
                },
            ),
        ];
        let zh = |text| recognised(table, text, Lang::Zh);
        assert_eq!(zh("1 to 2.").as_deref(), Some("从 1 到 2。"));
        assert_eq!(zh("nothing").as_deref(), Some("没有"));
        assert_eq!(zh("1 to 2"), None);
        assert_eq!(zh("nothing at all"), None);
    }

    #[test]
    fn what_a_program_says_at_its_end_is_known_in_both() {
        for (name, phrase) in program::TABLE {
            let values: Vec<(&str, &dyn Display)> = ["why", "given", "name", "file", "address"]
                .into_iter()
                .chain(["answer", "expected", "port"])
                .map(|name| (name, &"17" as &dyn Display))
                .collect();
            let said = phrase.fill(Lang::En, &values);
            assert!(!said.contains('{'), "{name}: {said}");
            assert_eq!(program::said(&said, Lang::En), said);
            assert_eq!(
                program::said(&said, Lang::Zh),
                phrase.fill(Lang::Zh, &values),
                "{name}"
            );
        }
    }
}
