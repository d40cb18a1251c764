//! A framing strategy, its fields, hazards and errors in words.

use std::fmt::Display;

use crate::experiment::FRAME_LIMIT;
use crate::framing::{Endian, FieldRole, FramingSpec, Hazard, HeaderKey, escape};
use crate::i18n::{Lang, Phrase, framing as text};
use crate::trace::Detail;
use crate::ui::figures::grouped;

/// What can be said about every strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// What to call it, short.
    Name,
    /// How it works.
    How,
    /// What it costs: bytes and round trips.
    Cost,
    /// What breaks it.
    Breaks,
    /// Its limit.
    Limit,
}

impl Aspect {
    /// Every aspect, in the order in which they are told.
    pub const ALL: [Aspect; 5] = [Self::Name, Self::How, Self::Cost, Self::Breaks, Self::Limit];
}

/// The strategy's name.
pub fn name(spec: &FramingSpec, lang: Lang) -> String {
    say(spec, Aspect::Name, lang)
}

/// How it works and what breaks it.
pub fn help(spec: &FramingSpec, lang: Lang) -> String {
    format!(
        "{}\n\n{}",
        say(spec, Aspect::How, lang),
        say(spec, Aspect::Breaks, lang)
    )
}

/// One aspect of the strategy, its settings filled in, with the limit of a run.
pub fn say(spec: &FramingSpec, aspect: Aspect, lang: Lang) -> String {
    let [name, how, cost, breaks, limit] = phrases(spec);
    let phrase = match aspect {
        Aspect::Name => name,
        Aspect::How => how,
        Aspect::Cost => cost,
        Aspect::Breaks => breaks,
        Aspect::Limit => limit,
    };
    let setting = |name| spec.parameter(name).unwrap_or_default();
    let order = match spec {
        FramingSpec::Length { endian, .. } | FramingSpec::Ack { endian, .. } => match endian {
            Endian::Big => text::ORDER_BIG.get(lang),
            Endian::Little => text::ORDER_LITTLE.get(lang),
        },
        _ => "",
    };
    let first = match spec {
        FramingSpec::Escaped { delimiter } => escape(delimiter.get(..1).unwrap_or_default()),
        _ => String::new(),
    };
    let values: [(&str, &dyn Display); 9] = [
        ("ms", &setting("ms")),
        ("size", &setting("size")),
        ("pad", &setting("pad")),
        ("delimiter", &readable(spec)),
        ("first", &first),
        ("width", &setting("width")),
        ("order", &order),
        ("n", &spec.overhead()),
        ("limit", &grouped(FRAME_LIMIT as u64)),
    ];
    phrase.fill(lang, &values)
}

/// The mark as a person reads it: UTF-8 as characters, everything else with escapes.
fn readable(spec: &FramingSpec) -> String {
    match spec {
        FramingSpec::Delimiter { delimiter: mark }
        | FramingSpec::Escaped { delimiter: mark }
        | FramingSpec::EndMark { mark } => match std::str::from_utf8(mark) {
            Ok(text) if text.chars().all(|c| !c.is_whitespace() && !c.is_control()) => {
                text.to_owned()
            }
            _ => escape(mark),
        },
        _ => String::new(),
    }
}

/// In the order of [`Aspect::ALL`].
fn phrases(spec: &FramingSpec) -> [Phrase; 5] {
    match spec {
        FramingSpec::Raw => [
            text::RAW_NAME,
            text::RAW_HOW,
            text::RAW_OVERHEAD,
            text::RAW_BREAKS,
            text::RAW_LIMIT,
        ],
        FramingSpec::Pacing { .. } => [
            text::PACING_NAME,
            text::PACING_HOW,
            text::PACING_OVERHEAD,
            text::PACING_BREAKS,
            text::PACING_LIMIT,
        ],
        FramingSpec::Fixed { .. } => [
            text::FIXED_NAME,
            text::FIXED_HOW,
            text::FIXED_OVERHEAD,
            text::FIXED_BREAKS,
            text::FIXED_LIMIT,
        ],
        FramingSpec::Delimiter { .. } => [
            text::DELIMITER_NAME,
            text::DELIMITER_HOW,
            text::DELIMITER_OVERHEAD,
            text::DELIMITER_BREAKS,
            text::DELIMITER_LIMIT,
        ],
        FramingSpec::Escaped { .. } => [
            text::ESCAPED_NAME,
            text::ESCAPED_HOW,
            text::ESCAPED_OVERHEAD,
            text::ESCAPED_BREAKS,
            text::ESCAPED_LIMIT,
        ],
        FramingSpec::EndMark { .. } => [
            text::END_MARK_NAME,
            text::END_MARK_HOW,
            text::END_MARK_OVERHEAD,
            text::END_MARK_BREAKS,
            text::END_MARK_LIMIT,
        ],
        FramingSpec::Length { .. } => [
            text::LENGTH_NAME,
            text::LENGTH_HOW,
            text::LENGTH_OVERHEAD,
            text::LENGTH_BREAKS,
            text::LENGTH_LIMIT,
        ],
        FramingSpec::Varint => [
            text::VARINT_NAME,
            text::VARINT_HOW,
            text::VARINT_OVERHEAD,
            text::VARINT_BREAKS,
            text::VARINT_LIMIT,
        ],
        FramingSpec::Ack { .. } => [
            text::ACK_NAME,
            text::ACK_HOW,
            text::ACK_OVERHEAD,
            text::ACK_BREAKS,
            text::ACK_LIMIT,
        ],
        FramingSpec::Json => [
            text::JSON_NAME,
            text::JSON_HOW,
            text::JSON_OVERHEAD,
            text::JSON_BREAKS,
            text::JSON_LIMIT,
        ],
        FramingSpec::Cobs => [
            text::COBS_NAME,
            text::COBS_HOW,
            text::COBS_OVERHEAD,
            text::COBS_BREAKS,
            text::COBS_LIMIT,
        ],
    }
}

/// A setting's name, by the name it has in [`FramingSpec::parameters`].
pub fn parameter(name: &str, lang: Lang) -> String {
    let phrase = match name {
        "ms" => text::PARAMETER_MS,
        "size" => text::PARAMETER_SIZE,
        "pad" => text::PARAMETER_PAD,
        "delimiter" => text::PARAMETER_DELIMITER,
        "width" => text::PARAMETER_WIDTH,
        "order" => text::PARAMETER_ORDER,
        other => return other.to_owned(),
    };
    phrase.get(lang).to_owned()
}

/// What a field of an encoded message is.
pub fn role(role: FieldRole) -> Phrase {
    match role {
        FieldRole::Header => text::FIELD_HEADER,
        FieldRole::Payload => text::FIELD_PAYLOAD,
        FieldRole::Delimiter => text::FIELD_DELIMITER,
        FieldRole::Description => text::FIELD_DESCRIPTION,
        FieldRole::Padding => text::FIELD_PADDING,
        FieldRole::Escape => text::FIELD_ESCAPE,
        FieldRole::Code => text::FIELD_CODE,
    }
}

/// Why a message will not come out as it went in.
pub fn hazard(hazard: Hazard, lang: Lang) -> String {
    match hazard {
        Hazard::ContainsDelimiter { at } => {
            text::HAZARD_CONTAINS_DELIMITER.fill(lang, &[("at", &at)])
        }
        Hazard::Vanishes => text::HAZARD_VANISHES.get(lang).to_owned(),
        Hazard::MayStop { at } => text::HAZARD_MAY_STOP.fill(lang, &[("at", &at)]),
        Hazard::EndsWithPadding { lost } => {
            text::HAZARD_ENDS_WITH_PADDING.fill(lang, &[("lost", &lost)])
        }
    }
}

/// What is wrong, from the figures of a decoder's error (`framing::DecodeError::code`, its
/// offset, `value` and `limit`); `None` for a code that is not known.
pub fn error(code: &str, offset: u64, value: u64, limit: u64, lang: Lang) -> Option<String> {
    let phrase = match code {
        "frame-too-long" => text::ERROR_FRAME_TOO_LONG,
        "negative-length" => text::ERROR_NEGATIVE_LENGTH,
        "unterminated" => text::ERROR_UNTERMINATED,
        "ended-mid-frame" => text::ERROR_ENDED_MID_FRAME,
        "varint-too-long" => text::ERROR_VARINT_TOO_LONG,
        "varint-padded" => text::ERROR_VARINT_PADDED,
        "header-too-long" => text::ERROR_HEADER_TOO_LONG,
        "header-syntax" => text::ERROR_HEADER_SYNTAX,
        "header-value" => text::ERROR_HEADER_VALUE,
        "header-missing" => text::ERROR_HEADER_MISSING,
        "checksum" => text::ERROR_CHECKSUM,
        "cobs-code" => text::ERROR_COBS_CODE,
        "bad-escape" => text::ERROR_BAD_ESCAPE,
        "bad-delimiter" => text::ERROR_BAD_DELIMITER,
        _ => return None,
    };
    let value: Box<dyn Display> = match code {
        // A negative length is recorded as the bits of the signed number.
        "negative-length" => Box::new(value.cast_signed()),
        "header-missing" => Box::new(
            HeaderKey::ALL
                .get(usize::try_from(value).unwrap_or(usize::MAX))
                .map_or("?", |key| key.name()),
        ),
        "bad-escape" | "bad-delimiter" => Box::new(format!("0x{value:02x}")),
        _ => Box::new(grouped(value)),
    };
    let values: [(&str, &dyn Display); 3] = [
        ("offset", &grouped(offset)),
        ("value", &*value),
        ("limit", &grouped(limit)),
    ];
    Some(phrase.fill(lang, &values))
}

/// Why a program ended, if encoding or decoding a message, or a file, was the reason; without a
/// full stop.
pub fn failure(detail: &Detail, lang: Lang) -> Option<String> {
    if let Some(why) = super::file_text::refused(detail, lang) {
        return Some(why.trim_end_matches(['.', '。']).to_owned());
    }
    let Detail::Decode {
        code,
        offset,
        value,
        limit,
    } = detail
    else {
        return None;
    };
    let sentence = if code == "message-too-long" {
        let values: [(&str, &dyn Display); 2] =
            [("length", &grouped(*value)), ("limit", &grouped(*limit))];
        text::ERROR_MESSAGE_TOO_LONG.fill(lang, &values)
    } else {
        error(code, *offset, *value, *limit, lang)?
    };
    Some(sentence.trim_end_matches(['.', '。']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framing::DecodeError;

    const LANGS: [Lang; 2] = [Lang::En, Lang::Zh];

    /// No setting is forgotten in a sentence, and none is called by a wrong name.
    #[test]
    fn every_strategy_is_told_in_full_in_both_languages() {
        let mut specs = FramingSpec::choices();
        specs.extend(FramingSpec::strategies());
        for spec in specs {
            for lang in LANGS {
                for aspect in Aspect::ALL {
                    let said = say(&spec, aspect, lang);
                    assert!(!said.is_empty(), "{spec} {aspect:?}");
                    assert!(!said.contains('{'), "{said}");
                }
                for setting in spec.parameters() {
                    let named = parameter(setting.name, Lang::Zh);
                    assert!(!named.is_ascii(), "{named}");
                }
            }
        }
    }

    #[test]
    fn every_error_is_told_in_full_in_both_languages() {
        for code in DecodeError::CODES {
            for lang in LANGS {
                let said = error(code, 7, 2, 9, lang).expect(code);
                assert!(!said.contains('{'), "{said}");
                assert!(said.contains('7'), "{said}");
            }
        }
        assert_eq!(error("no-such-code", 7, 2, 9, Lang::En), None);
    }

    #[test]
    fn a_delimiter_is_shown_as_characters_where_it_is_text() {
        let spec: FramingSpec = "delimiter:。".parse().unwrap();
        assert!(name(&spec, Lang::En).contains('。'));
        let spec: FramingSpec = r"delimiter:\n".parse().unwrap();
        assert!(name(&spec, Lang::En).contains(r"\n"));
        let spec: FramingSpec = r"delimiter:\xff".parse().unwrap();
        assert!(name(&spec, Lang::En).contains(r"\xff"));
    }
}
