//! Every phrase that a user sees exists in both languages and says the same things.

use std::collections::BTreeSet;

use socklab::i18n::{ALL, Lang, Phrase};

fn phrases() -> impl Iterator<Item = (String, Phrase)> {
    ALL.iter().flat_map(|(table, phrases)| {
        phrases
            .iter()
            .map(move |(name, phrase)| (format!("{table}::{name}"), *phrase))
    })
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.split_once(':').map_or(name, |(name, _)| name))
        .collect()
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

#[test]
fn placeholders_are_the_same_and_well_formed() {
    for (place, phrase) in phrases() {
        assert_eq!(
            placeholders(phrase.en),
            placeholders(phrase.zh),
            "{place}: the two languages fill in different things"
        );
        for text in [phrase.en, phrase.zh] {
            assert_eq!(
                text.matches('{').count(),
                text.matches('}').count(),
                "{place}: a brace is not closed"
            );
            for name in placeholders(text) {
                assert!(
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                    "{place}: {{{name}}}"
                );
            }
        }
    }
}

#[test]
fn no_phrase_is_empty_or_has_blanks_at_its_ends() {
    for (place, phrase) in phrases() {
        for lang in Lang::ALL {
            let text = phrase.get(lang);
            assert!(!text.trim().is_empty(), "{place} in {}", lang.name());
            // What stands between words is the one thing that ends with a blank.
            if !place.contains("::LIST_") {
                assert_eq!(text, text.trim(), "{place} in {}", lang.name());
            }
        }
    }
}

#[test]
fn chinese_is_chinese_and_english_is_english() {
    let mut latin = BTreeSet::new();
    for (place, phrase) in phrases() {
        let mut words = phrase.zh.to_owned();
        for name in placeholders(phrase.zh) {
            words = words.replace(&format!("{{{name}}}"), "");
        }
        let letters = words.chars().any(char::is_alphabetic);
        if letters && !phrase.zh.contains(is_han) {
            latin.insert((place.clone(), phrase.zh));
        }
        // The other language's own name, and the one term that has no English of its own.
        let english = phrase.en.replace("套接字实验室", "").replace("粘包", "");
        assert!(!english.contains(is_han), "{place}: {}", phrase.en);
    }
    // Names of calls are the same in both languages.
    let allowed = [
        "stage::TRACK_SEND",
        "stage::TRACK_RECV",
        "stage::RECV_CAPTION",
        "panels::TITLE_OTHER",
        // Names of control bits, as they stand in every header.
        "segments::SYN",
        "segments::SYN_ACK",
        "segments::ACK",
        "segments::FIN",
        "segments::RST",
        // Words that the filter understands in either language.
        "events::FILTER_EXAMPLE",
    ];
    latin.retain(|(place, _)| !allowed.contains(&place.as_str()));
    assert!(latin.is_empty(), "not translated: {latin:#?}");
}

#[test]
fn each_table_is_read_and_no_name_stands_twice() {
    for (table, phrases) in ALL {
        let names: BTreeSet<_> = phrases.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), phrases.len(), "{table}");
    }
    // A table that nobody registered has no font and no test.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/i18n");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the source is there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod")
        .collect();
    let tables: BTreeSet<String> = ALL.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(files, tables);
}
