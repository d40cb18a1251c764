//! A new lesson from a template that is whole from the beginning: it is read without a problem, its
//! claim holds, its task can be solved. Its author changes one thing after the other.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::i18n::{Lang, new_lesson as phrase};

use super::Said;
use super::schema::{SCHEMA_FILE, schema_text};

const TEMPLATE: [(&str, &str); 3] = [
    ("lesson.toml", include_str!("template/lesson.toml")),
    ("en.md", include_str!("template/en.md")),
    ("zh.md", include_str!("template/zh.md")),
];

/// Between the numbers of lessons, so that another fits in.
const STEP: u32 = 10;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLesson {
    /// The lesson's id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Every file written, the schema among them where it was not there yet.
    pub files: Vec<PathBuf>,
}

/// Why no lesson was written. `Display` is English.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct NewLessonError(Said);

impl NewLessonError {
    /// The error in words.
    pub fn said(&self) -> &Said {
        &self.0
    }
}

fn refused(said: Said) -> NewLessonError {
    NewLessonError(said)
}

/// Writes the template into a new folder of `dir`, which is made where it is missing. `name` is the
/// lesson's id, `my-lesson`, or its folder's whole name, `12-my-lesson`; without a number it comes after the
/// lessons that are there.
///
/// # Errors
/// A name that cannot be an id, a lesson of that id that is there already, or a file that cannot be
/// written. Nothing is ever written over.
pub fn new_lesson(dir: &Path, name: &str) -> Result<NewLesson, NewLessonError> {
    let (number, id) = match name.split_once('-') {
        Some((number, id)) if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) => {
            (number.parse::<u32>().ok().filter(|n| *n < 1_000_000), id)
        }
        _ => (None, name),
    };
    if !super::read_lesson::is_hyphen_name(id) {
        return Err(refused(Said::new(phrase::BAD_NAME).with("name", name)));
    }
    let io = |path: &Path, error: &std::io::Error| {
        refused(
            Said::new(phrase::CANNOT_WRITE)
                .with("file", path.display())
                .with("why", error),
        )
    };
    let mut largest = 0;
    match fs::read_dir(dir) {
        Ok(entries) => {
            for entry in entries.flatten() {
                let found = entry.file_name().to_string_lossy().into_owned();
                let (order, other) = super::read_lesson::folder_name(&found);
                if other == id || found == id {
                    return Err(refused(
                        Said::new(phrase::IS_THERE)
                            .with("id", id)
                            .with("folder", entry.path().display()),
                    ));
                }
                if order != u32::MAX {
                    largest = largest.max(order);
                }
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(|error| io(dir, &error))?;
        }
        Err(error) => return Err(io(dir, &error)),
    }
    let number = number.unwrap_or_else(|| (largest / STEP).saturating_add(1).saturating_mul(STEP));
    let folder = dir.join(format!("{number:02}-{id}"));
    fs::create_dir(&folder).map_err(|error| io(&folder, &error))?;
    let mut files = Vec::new();
    for (name, text) in TEMPLATE {
        let path = folder.join(name);
        write_new(&path, &text.replace("{id}", id)).map_err(|error| io(&path, &error))?;
        files.push(path);
    }
    let schema = dir.join(SCHEMA_FILE);
    if !schema.exists() {
        write_new(&schema, &schema_text()).map_err(|error| io(&schema, &error))?;
        files.push(schema);
    }
    Ok(NewLesson {
        id: id.to_owned(),
        folder,
        files,
    })
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Catalogue;

    #[test]
    fn the_template_is_a_whole_lesson() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("not/there/yet");
        let new = new_lesson(&inside, "my-lesson").unwrap();
        assert_eq!(new.folder, inside.join("10-my-lesson"));
        assert_eq!(new.files.len(), 4, "with the schema: {:?}", new.files);
        let second = new_lesson(&inside, "another").unwrap();
        assert_eq!(second.folder, inside.join("20-another"));
        assert_eq!(second.files.len(), 3, "the schema is there");
        new_lesson(&inside, "7-with-a-number").unwrap();

        let catalogue = Catalogue::load_dir(&inside);
        let problems: Vec<_> = catalogue.problems.iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{problems:?}");
        let ids: Vec<_> = catalogue.lessons.iter().map(|l| l.id.as_str()).collect();
        assert_eq!(ids, ["with-a-number", "my-lesson", "another"]);
        let lesson = &catalogue.lessons[0];
        assert_eq!(
            (lesson.steps.len(), lesson.checks.len(), lesson.tasks.len()),
            (2, 1, 1)
        );
        assert!(!lesson.text(Lang::En).notes.is_empty());
    }

    #[test]
    fn nothing_is_written_over_and_errors_say_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let new = new_lesson(dir.path(), "mine").unwrap();
        let toml = new.folder.join("lesson.toml");
        fs::write(&toml, "my work").unwrap();
        for again in ["mine", "10-mine", "30-mine"] {
            let error = new_lesson(dir.path(), again).unwrap_err().to_string();
            assert!(error.contains("10-mine"), "{error}");
        }
        assert_eq!(fs::read_to_string(&toml).unwrap(), "my work");
        for bad in ["", "My Lesson", "../up", "notes", "task-x", "10-", "ä"] {
            let error = new_lesson(dir.path(), bad).unwrap_err().to_string();
            assert!(error.contains("small letters"), "{bad}: {error}");
        }
        let file = dir.path().join("a-file");
        fs::write(&file, "").unwrap();
        let error = new_lesson(&file, "x").unwrap_err().to_string();
        assert!(error.contains("a-file"), "{error}");
    }
}
