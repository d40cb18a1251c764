//! `lessons/unchecked.toml`, the list of sentences that no check confirms, keeps up with the
//! lessons: every sentence on it stands in its lesson, and every lesson is accounted for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml::{Table, Value};

const KINDS: [&str; 11] = [
    "definition",
    "source",
    "program",
    "other-system",
    "other-machine",
    "timing",
    "screen",
    "lab",
    "experience",
    "advice",
    "elsewhere",
];

/// What a lesson's folder holds.
struct Lesson {
    /// `en.md`, each run of white space a single space.
    text: String,
    /// Ids of its checks.
    checks: BTreeSet<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("lessons")
}

fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text_of<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}

/// Lessons by their ids.
fn lessons() -> BTreeMap<String, Lesson> {
    let mut found = BTreeMap::new();
    for folder in std::fs::read_dir(root()).unwrap() {
        let folder = folder.unwrap().path();
        let Ok(toml) = std::fs::read_to_string(folder.join("lesson.toml")) else {
            continue;
        };
        let lesson: Table = toml::from_str(&toml).unwrap();
        let id = text_of(&lesson, "id").unwrap().to_owned();
        let text = normalised(&std::fs::read_to_string(folder.join("en.md")).unwrap());
        let mut checks = BTreeSet::new();
        if let Some(list) = lesson.get("check").and_then(Value::as_array) {
            for check in list {
                let id = check.get("id").and_then(Value::as_str).unwrap();
                checks.insert(id.to_owned());
            }
        }
        found.insert(id, Lesson { text, checks });
    }
    assert!(found.len() >= 20, "{}", found.len());
    found
}

/// The list, and the lessons that it calls complete.
fn list() -> (Vec<Table>, BTreeSet<String>) {
    let text = std::fs::read_to_string(root().join("unchecked.toml")).unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    let mut sentences = Vec::new();
    for sentence in table["sentence"].as_array().unwrap() {
        sentences.push(sentence.as_table().unwrap().clone());
    }
    let mut complete = BTreeSet::new();
    for lesson in table["complete"].as_array().unwrap() {
        complete.insert(lesson.as_str().unwrap().to_owned());
    }
    (sentences, complete)
}

#[test]
fn every_sentence_stands_in_its_lesson_and_says_why() {
    let lessons = lessons();
    let (sentences, _) = list();
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for sentence in &sentences {
        let id = text_of(sentence, "lesson").unwrap_or_default();
        let says = text_of(sentence, "says").unwrap_or_default();
        let why = text_of(sentence, "why").unwrap_or_default();
        let kind = text_of(sentence, "kind").unwrap_or_default();
        let mut problem = |what: &str| problems.push(format!("{id}: {what}: {says}"));
        match lessons.get(id) {
            None => problem("there is no such lesson"),
            Some(lesson) if says.is_empty() || !lesson.text.contains(&normalised(says)) => {
                problem("en.md does not say this");
            }
            Some(_) => {}
        }
        if why.trim().is_empty() {
            problem("no reason is given");
        }
        if !KINDS.contains(&kind) {
            problem("unknown kind");
        }
        if !seen.insert((id.to_owned(), normalised(says))) {
            problem("listed twice");
        }
        if sentence
            .keys()
            .any(|k| !["lesson", "says", "kind", "why", "check"].contains(&k.as_str()))
        {
            problem("unknown key");
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn what_is_checked_elsewhere_names_a_check_that_there_is() {
    let lessons = lessons();
    let (sentences, _) = list();
    for sentence in &sentences {
        let says = text_of(sentence, "says").unwrap_or_default();
        let elsewhere = text_of(sentence, "kind") == Some("elsewhere");
        let check = text_of(sentence, "check");
        assert_eq!(
            elsewhere,
            check.is_some(),
            "`elsewhere` and `check` go together: {says}"
        );
        let Some(check) = check else {
            continue;
        };
        let there = check
            .split_once('/')
            .and_then(|(id, name)| lessons.get(id).map(|lesson| lesson.checks.contains(name)));
        assert_eq!(there, Some(true), "no lesson has the check {check}: {says}");
    }
}

#[test]
fn every_lesson_is_accounted_for() {
    let lessons = lessons();
    let (sentences, complete) = list();
    let listed: BTreeSet<&str> = sentences
        .iter()
        .filter_map(|sentence| text_of(sentence, "lesson"))
        .collect();
    for id in lessons.keys() {
        assert_ne!(
            listed.contains(id.as_str()),
            complete.contains(id),
            "{id}: either sentences of it are listed, or it is named in `complete`"
        );
    }
    for id in &complete {
        assert!(
            lessons.contains_key(id),
            "complete: there is no lesson {id}"
        );
    }
}
