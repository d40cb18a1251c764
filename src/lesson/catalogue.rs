//! The lessons there are, and what is wrong with the others.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::i18n::lesson as phrase;

use super::problem::position;
use super::read_lesson::{Files, read_lesson};
use super::route::read_routes;
use super::{Lesson, Problem, Route, Said, Source, limit};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/lessons");

const LESSON: &str = "lesson.toml";
const ROUTES: &str = "routes.toml";
const TEXTS: [&str; 2] = ["en.md", "zh.md"];

/// Lessons in teaching order, and the problems of those that could not be read.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The lessons that are whole, by group, then by order.
    pub lessons: Vec<Arc<Lesson>>,
    /// Ways through them, for classes of a certain length.
    pub routes: Vec<Route>,
    /// What is wrong with others.
    pub problems: Vec<Problem>,
}

impl Catalogue {
    /// The lessons that are part of the program.
    pub fn load_embedded() -> Self {
        let mut catalogue = Self::default();
        for folder in EMBEDDED.dirs() {
            let file = |name: &str| folder.get_file(folder.path().join(name));
            let path = format!("lessons/{}", folder.path().display());
            let Some(toml) = file(LESSON) else {
                continue;
            };
            let read = |name: &str, bytes: &'static [u8]| {
                std::str::from_utf8(bytes).map_err(|_| Box::new(not_utf8(&path, name)))
            };
            let mut problems = Vec::new();
            let mut texts = [None, None];
            for (slot, name) in texts.iter_mut().zip(TEXTS) {
                match file(name).map(|f| read(name, f.contents())).transpose() {
                    Ok(text) => *slot = text,
                    Err(problem) => problems.push(*problem),
                }
            }
            match read(LESSON, toml.contents()) {
                Ok(toml) if problems.is_empty() => catalogue.add(&Files {
                    folder: &path,
                    toml,
                    texts,
                    source: Source::Embedded,
                }),
                Ok(_) => {}
                Err(problem) => problems.push(*problem),
            }
            catalogue.problems.append(&mut problems);
        }
        catalogue.sort();
        if let Some(file) = EMBEDDED.get_file(ROUTES) {
            let text = file.contents_utf8().unwrap_or_default();
            let (routes, problems) =
                read_routes(&format!("lessons/{ROUTES}"), text, &catalogue.lessons);
            catalogue.routes = routes;
            catalogue.problems.extend(problems);
        }
        catalogue
    }

    /// The lessons of a folder: each of its folders that holds a `lesson.toml`, or the folder
    /// itself where it holds one. Folders whose names begin with a dot are not looked at. Its
    /// `routes.toml`, where there is one, may lead through the embedded lessons, too.
    pub fn load_dir(folder: &Path) -> Self {
        let mut catalogue = Self::default();
        if folder.join(LESSON).is_file() {
            // `check .` inside a lesson must still know what its folder is called.
            let named = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            catalogue.load_lesson(&named);
            return catalogue;
        }
        match folders(folder) {
            Ok(found) if found.is_empty() => catalogue.problems.push(at_start(
                folder,
                Said::new(phrase::FOLDER_EMPTY),
                Said::new(phrase::CURE_FOLDER_EMPTY),
            )),
            Ok(found) => {
                for path in found.iter().take(limit::LESSONS) {
                    catalogue.load_lesson(path);
                }
                if found.len() > limit::LESSONS {
                    catalogue.problems.push(at_start(
                        folder,
                        Said::new(phrase::FOLDER_TOO_MANY).with("max", limit::LESSONS),
                        Said::new(phrase::CURE_TOO_MANY),
                    ));
                }
            }
            Err(error) => catalogue.problems.push(unreadable(folder, &error)),
        }
        catalogue.sort();
        catalogue.load_routes(&folder.join(ROUTES));
        catalogue
    }

    fn load_routes(&mut self, path: &Path) {
        if !path.is_file() {
            return;
        }
        match read_file(path) {
            Ok(text) => {
                let all = Self::load_embedded().with_local(Catalogue {
                    lessons: self.lessons.clone(),
                    ..Catalogue::default()
                });
                let (routes, problems) =
                    read_routes(&path.display().to_string(), &text, &all.lessons);
                self.routes = routes;
                self.problems.extend(problems);
            }
            Err(problem) => self.problems.push(*problem),
        }
    }

    /// These lessons, with those of `local` beside them. A local lesson takes the place of one
    /// with the same id, and a broken local one leaves the other in place.
    #[must_use]
    pub fn with_local(mut self, local: Catalogue) -> Self {
        for lesson in local.lessons {
            self.lessons.retain(|l| l.id != lesson.id);
            self.lessons.push(lesson);
        }
        self.problems.extend(local.problems);
        self.sort();
        for route in local.routes {
            self.routes.retain(|r| r.id != route.id);
            self.routes.push(route);
        }
        self
    }

    /// The lesson of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Lesson>> {
        self.lessons.iter().find(|lesson| lesson.id == id)
    }

    fn load_lesson(&mut self, folder: &Path) {
        let path = folder.join(LESSON);
        if !path.is_file() {
            self.problems.push(at_start(
                folder,
                Said::new(phrase::FOLDER_NO_LESSON),
                Said::new(phrase::CURE_NO_LESSON),
            ));
            return;
        }
        let mut problems = Vec::new();
        let mut read = |path: PathBuf| match read_file(&path) {
            Ok(text) => Some(text),
            Err(problem) => {
                problems.push(*problem);
                None
            }
        };
        let toml = read(path);
        // A text that is not there is the reader's to report; one that cannot be read is ours.
        let texts = TEXTS.map(|name| {
            let path = folder.join(name);
            path.exists().then(|| read(path)).flatten()
        });
        if let (Some(toml), true) = (toml, problems.is_empty()) {
            self.add(&Files {
                folder: &folder.display().to_string(),
                toml: &toml,
                texts: [texts[0].as_deref(), texts[1].as_deref()],
                source: Source::Folder(folder.to_owned()),
            });
        }
        self.problems.append(&mut problems);
    }

    fn add(&mut self, files: &Files<'_>) {
        match read_lesson(files) {
            Ok(lesson) if self.get(&lesson.id).is_some() => self.problems.push(Problem {
                file: format!("{}/{LESSON}", files.folder),
                line: 1,
                column: 1,
                what: Said::new(phrase::FOLDER_SAME_ID).with("id", &lesson.id),
                cure: Said::new(phrase::CURE_DUPLICATE),
            }),
            Ok(lesson) => self.lessons.push(Arc::new(lesson)),
            Err(problems) => self.problems.extend(problems),
        }
    }

    fn sort(&mut self) {
        self.lessons
            .sort_by(|a, b| (a.group as u8, a.order, &a.id).cmp(&(b.group as u8, b.order, &b.id)));
    }
}

/// The folders in `folder`, by name.
fn folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file, at most [`limit::FILE`] bytes of it.
fn read_file(path: &Path) -> Result<String, Box<Problem>> {
    let mut bytes = Vec::new();
    // Not the size that the system names: a pipe or a growing file has none that can be trusted.
    std::fs::File::open(path)
        .and_then(|file| file.take(limit::FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| Box::new(unreadable(path, &error)))?;
    if bytes.len() as u64 > limit::FILE {
        return Err(Box::new(at_start(
            path,
            Said::new(phrase::FILE_TOO_LONG).with("max", limit::FILE),
            Said::new(phrase::CURE_TOO_LONG),
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        let (line, column) = position(&before, valid);
        Box::new(Problem {
            line,
            column,
            ..at_start(
                path,
                Said::new(phrase::FILE_NOT_UTF8),
                Said::new(phrase::CURE_NOT_UTF8),
            )
        })
    })
}

fn not_utf8(folder: &str, name: &str) -> Problem {
    at_start(
        &Path::new(folder).join(name),
        Said::new(phrase::FILE_NOT_UTF8),
        Said::new(phrase::CURE_NOT_UTF8),
    )
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    at_start(
        path,
        Said::new(phrase::FILE_UNREADABLE).with("error", error),
        Said::new(phrase::CURE_UNREADABLE),
    )
}

fn at_start(path: &Path, what: Said, cure: Said) -> Problem {
    Problem {
        file: path.display().to_string(),
        line: 1,
        column: 1,
        what,
        cure,
    }
}
