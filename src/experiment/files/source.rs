//! The file that is to be sent.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{FileError, LARGEST_FILE, Sample};

/// A file with its contents.
pub(in crate::experiment) struct Source {
    /// Its name, without a folder.
    pub(in crate::experiment) name: String,
    pub(in crate::experiment) bytes: Vec<u8>,
}

/// Does the text name a file on this computer, and no sample?
fn is_path(text: &str) -> bool {
    text.contains(['/', '\\']) || Path::new(text).is_absolute()
}

/// Reads the sample of that name, or the file at that path (`~/` is the person's own folder).
///
/// # Errors
/// There is none, it is no file, it is too large, or cannot be read.
pub(in crate::experiment) fn read(text: &str) -> Result<Source, FileError> {
    let text = text.trim();
    if !is_path(text) {
        let sample = Sample::named(text).ok_or_else(|| FileError::new("no-such-sample", text))?;
        return Ok(Source {
            name: sample.name.to_owned(),
            bytes: sample.bytes(),
        });
    }
    let path = expanded(text);
    let refused = |code| FileError::new(code, text);
    let about = fs::metadata(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refused("no-such-file"),
        _ => refused("unreadable").because(&error),
    })?;
    // A pipe or a device would make the program wait, or never end.
    if !about.is_file() {
        return Err(refused("not-a-file"));
    }
    if about.len() > LARGEST_FILE {
        return Err(refused("too-large").because(&about.len()));
    }
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| refused("unreadable").because(&error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(refused("too-large").because(&bytes.len()));
    }
    let name = path.file_name().unwrap_or_default();
    Ok(Source {
        name: name.to_string_lossy().into_owned(),
        bytes,
    })
}

/// Bytes of what that text names; `None` where there is no such file.
pub fn size_of_source(text: &str) -> Option<u64> {
    let text = text.trim();
    if is_path(text) {
        let about = fs::metadata(expanded(text)).ok()?;
        about.is_file().then_some(about.len())
    } else {
        Sample::named(text).map(|sample| sample.size as u64)
    }
}

pub(super) fn expanded(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_and_files_are_read() {
        let letter = read("letter.txt").ok().unwrap();
        assert_eq!((&*letter.name, letter.bytes.len()), ("letter.txt", 3000));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b.bin");
        fs::write(&path, [0, 1, 2]).unwrap();
        let text = path.to_str().unwrap();
        let file = read(text).ok().unwrap();
        assert_eq!((&*file.name, &*file.bytes), ("a b.bin", &[0, 1, 2][..]));
        assert_eq!(size_of_source(text), Some(3));
        assert_eq!(size_of_source("notes.md"), Some(3000));
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let code = |text: &str| read(text).err().unwrap().code;
        assert_eq!(code("nothing.txt"), "no-such-sample");
        assert_eq!(code(""), "no-such-sample");
        assert_eq!(code(&at("nothing.txt")), "no-such-file");
        assert_eq!(code(folder.path().to_str().unwrap()), "not-a-file");
        let large = File::create(at("large")).unwrap();
        large.set_len(LARGEST_FILE + 1).unwrap();
        assert_eq!(code(&at("large")), "too-large");
        large.set_len(LARGEST_FILE).unwrap();
        assert_eq!(
            read(&at("large")).ok().unwrap().bytes.len() as u64,
            LARGEST_FILE
        );
        #[cfg(unix)]
        assert_eq!(code("/dev/zero"), "not-a-file");
    }
}
