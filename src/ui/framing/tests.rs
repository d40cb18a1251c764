//! What the panel finds out about the student's messages.

use super::facts::{Facts, Trouble};
use crate::experiment::program::{Num, Text};
use crate::framing::{EncodeError, FramingSpec, Hazard, SpecError};
use crate::i18n::Lang;
use crate::lesson::{Content, MessageSource, Messages, Settings};

fn messages(texts: &[&str], count: i64, numbered: bool) -> MessageSource {
    let content = match texts {
        [one] => Content::Same(Text::Lit((*one).to_owned())),
        several => Content::List(several.iter().map(|t| (*t).to_owned()).collect()),
    };
    Messages {
        actor: "client".to_owned(),
        count: Num::Lit(count),
        content,
        size: Num::Lit(0),
        numbered,
    }
    .resolve(&Settings::default())
}

fn facts(framing: &str, messages: &MessageSource) -> Facts {
    let spec: FramingSpec = framing.parse().unwrap();
    Facts::of(&*spec.build(1 << 20), messages)
}

#[test]
fn sums_are_those_of_the_encoded_messages() {
    let lists = [
        messages(&["hello"], 10, false),
        messages(&["a", "bc", "def\n"], 7, false),
        messages(&["hello"], 123, true),
    ];
    for spec in FramingSpec::choices() {
        for messages in &lists {
            let found = facts(&spec.to_string(), messages);
            let framing = spec.build(1 << 20);
            let mut wire = Vec::new();
            let mut payload = 0;
            for number in 0..messages.count() {
                let message = messages.message(number);
                payload += message.len() as u64;
                framing.encode(&message, &mut wire).unwrap();
            }
            assert_eq!(
                (found.payload, found.wire, found.counted),
                (payload, wire.len() as u64, messages.count()),
                "{spec}"
            );
        }
    }
}

#[test]
fn dangers_are_named_by_message() {
    let list = messages(&["ok", "a##b"], 5, false);
    let found = facts("delimiter:##", &list);
    let hazard = Trouble::Hazard(Hazard::ContainsDelimiter { at: 1 });
    assert_eq!(found.troubles, [(1, hazard)]);
    assert_eq!(found.troubled, 2, "messages 2 and 4");
    assert_eq!(facts("escaped:##", &list).troubled, 0);
    let refused = Trouble::Refused(EncodeError::TooLong {
        length: 4,
        limit: 3,
    });
    let found = facts("fixed:3", &list);
    assert_eq!(found.troubles, [(1, refused)]);
    assert_eq!(
        (found.payload, found.wire),
        (6, 9),
        "those that can be sent"
    );
}

#[test]
fn a_million_numbered_messages_are_looked_at_in_part_and_that_is_said() {
    let found = facts("varint", &messages(&["hello"], 1_000_000, true));
    assert_eq!(found.count, 1_000_000);
    assert!(found.counted < found.count && found.counted >= 1_000);
    // Without numbers all are alike, so all are counted.
    let found = facts("varint", &messages(&["hello"], 1_000_000, false));
    assert_eq!((found.counted, found.wire), (1_000_000, 6_000_000));
}

/// Every value that can be typed into a control is refused in words of both languages.
#[test]
fn wrong_settings_are_refused_in_both_languages() {
    for (spec, name, value) in [
        ("delimiter:##", "delimiter", ""),
        ("delimiter:##", "delimiter", r"\q"),
        ("delimiter:##", "delimiter", "\\"),
        ("escaped:##", "delimiter", r"\\"),
        ("end-mark:##", "delimiter", ""),
        ("fixed:64", "size", "0"),
        ("fixed:64", "size", "many"),
        ("fixed:64", "pad", "ab"),
        ("fixed:64", "pad", ""),
        ("pacing:5", "ms", "-1"),
        ("pacing:5", "ms", ""),
    ] {
        let framing: FramingSpec = spec.parse().unwrap();
        let error: SpecError = framing.with_parameter(name, value).unwrap_err();
        let said = |lang| super::spec_error(&error, lang);
        assert_ne!(
            said(Lang::En),
            said(Lang::Zh),
            "{spec} {name}={value}: {error:?}"
        );
        assert!(!said(Lang::Zh).contains('{'), "{}", said(Lang::Zh));
    }
}
