//! The programs as files: one for each actor, in a folder that the person names.

use std::path::{Path, PathBuf};

use super::{Lab, listings::Listings};
use crate::i18n::scripts as text;
use crate::ui::banner::Grade;
use crate::ui::save_scripts::SaveScripts;

/// What is being asked before the programs are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Asking {
    folder: String,
    /// Files that would be written over.
    there: Vec<String>,
}

impl Lab {
    /// The files that would be written: names with their contents.
    fn scripts(&self) -> Vec<(String, String)> {
        let mut listings = Listings::default();
        listings.update(
            &self.lesson,
            &self.settings,
            self.prefs.code,
            self.prefs.lang,
            self.session.trace(),
            &self.external,
        );
        let ending = self.prefs.code.extension();
        listings
            .all()
            .into_iter()
            .filter_map(|(actor, listing)| {
                let actor = self.lesson.actors.get(usize::from(actor.0))?;
                let lines: Vec<&str> = listing.lines.iter().map(|l| l.text.as_str()).collect();
                let name = format!("{}.{ending}", actor.name);
                Some((name, lines.join("\n") + "\n"))
            })
            .collect()
    }

    /// Asks for the folder; asked again, gives it up.
    pub(super) fn ask_scripts(&mut self) {
        self.saving = match self.saving.take() {
            Some(_) => None,
            None => Some(Asking {
                folder: format!("~/socklab-scripts/{}", self.lesson.id),
                there: Vec::new(),
            }),
        };
    }

    /// The person has written another folder.
    pub(super) fn scripts_into(&mut self, folder: String) {
        if let Some(asking) = &mut self.saving {
            asking.folder = folder;
            asking.there.clear();
        }
    }

    /// Writes them. What is there is written over only when the person has said so.
    pub(super) fn save_scripts(&mut self, over: bool) {
        let Some(asking) = self.saving.clone() else {
            return;
        };
        let folder = from_home(asking.folder.trim());
        let scripts = self.scripts();
        let there: Vec<String> = scripts
            .iter()
            .filter(|(name, _)| folder.join(name).exists())
            .map(|(name, _)| name.clone())
            .collect();
        if !there.is_empty() && !over {
            if let Some(asking) = &mut self.saving {
                asking.there = there;
            }
            return;
        }
        match write_all(&folder, &scripts) {
            Ok(()) => {
                let names: Vec<&str> = scripts.iter().map(|(name, _)| name.as_str()).collect();
                let names = names.join(", ");
                self.saving = None;
                self.tell(Grade::Notice, |lang| {
                    text::SAVED.fill(lang, &[("names", &names), ("folder", &folder.display())])
                });
            }
            Err((file, why)) => self.tell(Grade::Error, |lang| {
                text::NOT_SAVED.fill(lang, &[("file", &file.display()), ("why", &why)])
            }),
        }
    }

    /// What the code pane shows of it.
    pub(super) fn saving(&self) -> Option<SaveScripts> {
        let asking = self.saving.as_ref()?;
        let ending = self.prefs.code.extension();
        Some(SaveScripts {
            folder: asking.folder.clone(),
            files: self
                .lesson
                .actors
                .iter()
                .map(|actor| format!("{}.{ending}", actor.name))
                .collect(),
            there: asking.there.clone(),
        })
    }
}

/// The path that is meant: a `~` at the beginning stands for the person's own folder.
fn from_home(path: &str) -> PathBuf {
    let rest = match path.strip_prefix('~') {
        Some("") => "",
        Some(rest) if rest.starts_with(['/', '\\']) => &rest[1..],
        _ => return PathBuf::from(path),
    };
    std::env::home_dir()
        .filter(|home| !home.as_os_str().is_empty())
        .map_or_else(|| PathBuf::from(path), |home| home.join(rest))
}

fn write_all(folder: &Path, scripts: &[(String, String)]) -> Result<(), (PathBuf, std::io::Error)> {
    std::fs::create_dir_all(folder).map_err(|why| (folder.to_owned(), why))?;
    for (name, text) in scripts {
        let file = folder.join(name);
        std::fs::write(&file, text).map_err(|why| (file, why))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_folder_is_meant_by_a_tilde_alone() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(from_home("~/x/y"), home.join("x/y"));
        assert_eq!(from_home("~"), home.join(""));
        assert_eq!(from_home("~x/y"), PathBuf::from("~x/y"));
        assert_eq!(from_home("/a/~/b"), PathBuf::from("/a/~/b"));
    }
}
