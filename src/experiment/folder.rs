//! The temporary folder of a run: where its `AF_UNIX` sockets have their files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A folder of one run, made when it is first asked for and removed with all that is in it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    made: Mutex<bool>,
}

impl Folder {
    /// The folder of run `number`; nothing is made yet.
    pub(super) fn new(number: u64) -> Self {
        // Short: the path of a socket has at most 107 bytes (man 7 unix).
        let name = format!("socklab-{}-{number}", std::process::id());
        Folder {
            path: std::env::temp_dir().join(name),
            made: Mutex::new(false),
        }
    }

    /// The path of the file `name` in it. The name has no separators: the lesson's reader sees
    /// to that, and of anything else only the last part counts.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub(super) fn file(&self, name: &str) -> std::io::Result<PathBuf> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if !*made {
            make(&self.path)?;
            *made = true;
        }
        let last = Path::new(name).file_name().unwrap_or_default();
        Ok(self.path.join(last))
    }
}

/// A new folder that nobody else may look into; one that is there already is not ours.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        let made = self.made.get_mut().unwrap_or_else(PoisonError::into_inner);
        if *made {
            // What cannot be removed stays in the system's temporary folder.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_when_needed_keeps_names_inside_and_is_removed() {
        let folder = Folder::new(u64::MAX);
        assert!(!folder.path.exists());
        let file = folder.file("a.sock").unwrap();
        fs::write(&file, "x").unwrap();
        assert_eq!(file.parent(), Some(&*folder.path));
        for name in ["../a.sock", "/a.sock", "x/../../a.sock"] {
            assert_eq!(folder.file(name).unwrap(), file, "{name}");
        }
        let path = folder.path.clone();
        drop(folder);
        assert!(!path.exists());
    }
}
