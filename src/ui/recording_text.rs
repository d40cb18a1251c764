//! What is wrong with a recording, in words.

use std::path::Path;

use crate::i18n::{Lang, window as text};
use crate::trace::recording::{Loaded, RecordingError};

/// Why a recording cannot be read or written, and what to do.
pub fn recording_error(error: &RecordingError, lang: Lang) -> String {
    use RecordingError as E;
    let file = error.path().display().to_string();
    match error {
        E::Empty { .. } => text::RECORDING_EMPTY.fill(lang, &[("file", &file)]),
        E::NotARecording { .. } => text::RECORDING_FOREIGN.fill(lang, &[("file", &file)]),
        E::Newer { found, known, .. } => {
            text::RECORDING_NEWER.fill(lang, &[("file", &file), ("found", found), ("known", known)])
        }
        E::Header { .. } => text::RECORDING_HEADER.fill(lang, &[("file", &file)]),
        E::Io { source, .. } => text::RECORDING_IO.fill(lang, &[("file", &file), ("why", source)]),
    }
}

/// What of a file that was not whole is shown; `None` if it was.
pub fn recording_cut(loaded: &Loaded, file: &Path, lang: Lang) -> Option<String> {
    let lost = loaded.lost.as_ref()?;
    Some(text::RECORDING_CUT.fill(
        lang,
        &[
            ("file", &file.display()),
            ("lost", lost),
            ("events", &loaded.trace.len()),
        ],
    ))
}
