//! The lessons there are, and what is wrong with the others.

use std::path::Path;
use std::sync::Arc;

use super::{Lesson, Problem};

/// Lessons in teaching order, and the problems of those that could not be read.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The lessons that are whole, by group, then by order.
    pub lessons: Vec<Arc<Lesson>>,
    /// What is wrong with others.
    pub problems: Vec<Problem>,
}

impl Catalogue {
    /// The lessons that are part of the program.
    pub fn load_embedded() -> Self {
        Self::default()
    }

    /// The lessons of a folder: each of its folders that holds a `lesson.toml`, or the folder
    /// itself where it holds one.
    pub fn load_dir(_folder: &Path) -> Self {
        Self::default()
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
        self
    }

    /// The lesson of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Lesson>> {
        self.lessons.iter().find(|lesson| lesson.id == id)
    }

    fn sort(&mut self) {
        self.lessons
            .sort_by(|a, b| (a.group as u8, a.order, &a.id).cmp(&(b.group as u8, b.order, &b.id)));
    }
}
