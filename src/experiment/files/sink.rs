//! Where a received file goes.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::source::expanded;
use super::{FileError, safe_name};

/// How many names are tried before a folder counts as full of them.
const MOST_OF_A_NAME: u32 = 999;

/// Where a received file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::experiment) enum Placed {
    /// Into the run's own folder, which goes with the run.
    Run(PathBuf),
    /// Into a folder that the student has chosen.
    Chosen(String),
}

/// Writes `bytes` under `name`, or under `name (2)` and so on where there is one already.
/// Returns the name it got.
///
/// # Errors
/// A name that leads elsewhere, no such folder, or the system's refusal. A file that could not be
/// written as a whole is removed again.
pub(in crate::experiment) fn save(
    place: &Placed,
    name: &str,
    bytes: &[u8],
) -> Result<String, FileError> {
    let good = safe_name(name).map_err(|why| FileError::new("bad-name", name).because(&why))?;
    let folder = match place {
        Placed::Run(folder) => {
            fs::create_dir_all(folder)
                .map_err(|error| FileError::new("not-written", good).because(&error))?;
            folder.clone()
        }
        Placed::Chosen(text) => {
            let folder = expanded(text.trim());
            if !folder.is_dir() {
                return Err(FileError::new("no-such-folder", text.as_str()));
            }
            folder
        }
    };
    for number in 1..=MOST_OF_A_NAME {
        let name = numbered(good, number);
        let path = folder.join(&name);
        // `create_new` fails where anything of that name is, also a link to nowhere.
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                return match file.write_all(bytes) {
                    Ok(()) => Ok(name),
                    Err(error) => {
                        drop(file);
                        let _ = fs::remove_file(&path);
                        Err(FileError::new("not-written", name).because(&error))
                    }
                };
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(FileError::new("not-written", name).because(&error)),
        }
    }
    Err(FileError::new("too-many-of-that-name", good))
}

/// `notes.md`, `notes (2).md`, `notes (3).md` …
fn numbered(name: &str, number: u32) -> String {
    if number == 1 {
        return name.to_owned();
    }
    let path = Path::new(name);
    match (path.file_stem(), path.extension()) {
        (Some(stem), Some(ending)) => format!(
            "{} ({number}).{}",
            stem.to_string_lossy(),
            ending.to_string_lossy()
        ),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let place = Placed::Chosen(folder.path().to_str().unwrap().to_owned());
        for (given, got) in [
            ("a.txt", "a.txt"),
            ("a.txt", "a (2).txt"),
            ("a.txt", "a (3).txt"),
            ("b", "b"),
            ("b", "b (2)"),
        ] {
            assert_eq!(save(&place, given, got.as_bytes()).as_deref(), Ok(got));
        }
        for name in ["a.txt", "a (2).txt", "a (3).txt", "b", "b (2)"] {
            let kept = fs::read_to_string(folder.path().join(name)).unwrap();
            assert_eq!(kept, name);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_stands_in_the_way_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("victim");
        std::os::unix::fs::symlink(&target, folder.path().join("a")).unwrap();
        let place = Placed::Run(folder.path().to_owned());
        assert_eq!(save(&place, "a", b"x").as_deref(), Ok("a (2)"));
        assert!(!target.exists());
    }

    #[test]
    fn bad_names_and_missing_folders_are_refused_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        let place = Placed::Run(inner.clone());
        for name in ["../a", "/tmp/a", "", "nul", "a\0b", "..", "a/../../b"] {
            assert_eq!(save(&place, name, b"x").unwrap_err().code, "bad-name");
        }
        assert!(!inner.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = Placed::Chosen(inner.to_str().unwrap().to_owned());
        assert_eq!(
            save(&nowhere, "a", b"x").unwrap_err().code,
            "no-such-folder"
        );
    }
}
