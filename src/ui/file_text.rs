//! Files in words.

use crate::experiment::files::{LARGEST_FILE, Sample};
use crate::i18n::{Lang, Phrase, files as say};
use crate::trace::{Call, Detail, Event, EventId, FileDetail, Trace};

use super::figures::grouped;
use super::why::{actor_name, amount};

/// Digits of a sum that are shown where there is little room.
const DIGITS: usize = 12;

/// The first digits of a SHA-256.
pub fn short(sum: &str) -> &str {
    sum.get(..DIGITS).unwrap_or(sum)
}

/// Is the file written there, by its SHA-256, one that another actor had read before? `None`
/// where none had: a program outside the lab sent it.
pub fn same(trace: &Trace, written: EventId, file: &FileDetail) -> Option<bool> {
    let actor = trace.event(written).actor;
    let mut sent = trace.files(written).filter(|(id, _)| {
        let event = trace.event(*id);
        event.call() == Some(Call::ReadFile) && event.actor != actor
    });
    let first = sent.next()?;
    Some(first.1.sha256 == file.sha256 || sent.any(|(_, other)| other.sha256 == file.sha256))
}

/// What a call that read or wrote a file has done, in a sentence.
pub fn done(trace: &Trace, id: EventId, event: &Event, file: &FileDetail, lang: Lang) -> String {
    let phrase = if event.call() == Some(Call::ReadFile) {
        say::WHY_READ
    } else {
        match same(trace, id, file) {
            Some(true) => say::WHY_WRITTEN_SAME,
            Some(false) => say::WHY_WRITTEN_OTHER,
            None => say::WHY_WRITTEN,
        }
    };
    phrase.fill(
        lang,
        &[
            ("who", &actor_name(trace, event.actor, lang)),
            ("file", &file.name),
            ("bytes", &amount(file.bytes, lang)),
            ("sum", &short(&file.sha256)),
        ],
    )
}

/// Why a file was not sent, or not kept; `None` of any other detail.
pub fn refused(detail: &Detail, lang: Lang) -> Option<String> {
    let Detail::FileRefused { code, name, words } = detail else {
        return None;
    };
    let samples: Vec<&str> = Sample::ALL.iter().map(|sample| sample.name).collect();
    let name = name.escape_debug().to_string();
    Some(phrase(code)?.fill(
        lang,
        &[
            ("name", &format_args!("“{name}”")),
            ("words", words),
            ("limit", &grouped(LARGEST_FILE)),
            ("samples", &samples.join(", ")),
        ],
    ))
}

/// What has become of a command, by the code in `Detail::Ran`.
pub fn ran(cut: &str) -> Phrase {
    match cut {
        "not-on-the-list" => say::WHY_NOT_LISTED,
        "too-long" => say::WHY_RAN_TOO_LONG,
        "too-slow" => say::WHY_RAN_TOO_SLOW,
        _ => say::WHY_RAN,
    }
}

fn phrase(code: &str) -> Option<Phrase> {
    Some(match code {
        "no-such-file" => say::NO_SUCH_FILE,
        "no-such-sample" => say::NO_SUCH_SAMPLE,
        "not-a-file" => say::NOT_A_FILE,
        "too-large" => say::TOO_LARGE,
        "unreadable" => say::UNREADABLE,
        "bad-name" => say::BAD_NAME,
        "no-such-folder" => say::NO_SUCH_FOLDER,
        "too-many-of-that-name" => say::TOO_MANY_OF_THAT_NAME,
        "not-written" => say::NOT_WRITTEN,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::files::REFUSALS;

    #[test]
    fn every_refusal_has_words_in_both_languages() {
        for code in REFUSALS {
            let detail = Detail::FileRefused {
                code: code.to_owned(),
                name: "../x\n".to_owned(),
                words: "why".to_owned(),
            };
            for lang in Lang::ALL {
                let said = refused(&detail, lang).expect(code);
                assert!(said.contains("“../x\\n”"), "{said}");
                assert!(!said.contains('{'), "{said}");
            }
        }
    }
}
