//! What has been done of the lessons.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

use crate::lesson::Lesson;

/// Lessons that are remembered at most; a file that holds more is cut.
const LESSONS: usize = 1_000;

/// The steps seen to their end and the tasks solved, by the lessons' ids. What a changed lesson
/// has no more does not count, what it has anew is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Progress {
    lessons: BTreeMap<String, Done>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Done {
    steps: BTreeSet<String>,
    tasks: BTreeSet<String>,
}

/// How much of a lesson has been done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps seen to their end.
    pub steps: usize,
    /// Steps there are.
    pub of_steps: usize,
    /// Tasks solved.
    pub tasks: usize,
    /// Tasks there are.
    pub of_tasks: usize,
}

impl Tally {
    /// Has every step been seen?
    pub fn is_through(&self) -> bool {
        self.of_steps > 0 && self.steps == self.of_steps
    }

    /// Has nothing been done?
    pub fn is_empty(&self) -> bool {
        self.steps == 0 && self.tasks == 0
    }
}

impl Progress {
    /// A step has been seen to its end.
    pub fn saw(&mut self, lesson: &str, step: &str) {
        self.of(lesson).steps.insert(step.to_owned());
    }

    /// A task has been solved. Says whether that is new.
    pub fn solved(&mut self, lesson: &str, task: &str) -> bool {
        self.of(lesson).tasks.insert(task.to_owned())
    }

    fn of(&mut self, lesson: &str) -> &mut Done {
        self.lessons.entry(lesson.to_owned()).or_default()
    }

    /// Has that task been solved?
    pub fn has_solved(&self, lesson: &str, task: &str) -> bool {
        self.lessons
            .get(lesson)
            .is_some_and(|done| done.tasks.contains(task))
    }

    /// How much of the lesson has been done, as it is now.
    pub fn tally(&self, lesson: &Lesson) -> Tally {
        let done = self.lessons.get(&lesson.id);
        let saw = |id: &str| done.is_some_and(|done| done.steps.contains(id));
        let solved = |id: &str| done.is_some_and(|done| done.tasks.contains(id));
        Tally {
            steps: lesson.steps.iter().filter(|step| saw(&step.id)).count(),
            of_steps: lesson.steps.len(),
            tasks: lesson.tasks.iter().filter(|task| solved(&task.id)).count(),
            of_tasks: lesson.tasks.len(),
        }
    }

    /// Has nothing been done at all?
    pub fn is_empty(&self) -> bool {
        self.lessons.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.lessons.clear();
    }
}

impl<'de> Deserialize<'de> for Progress {
    /// What cannot be read counts as not done; the rest of the settings must not suffer from it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let serde_json::Value::Object(found) = serde_json::Value::deserialize(from)? else {
            return Ok(Progress::default());
        };
        let lessons = found
            .into_iter()
            .take(LESSONS)
            .filter_map(|(id, done)| Some((id, serde_json::from_value(done).ok()?)))
            .collect();
        Ok(Progress { lessons })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Catalogue;

    #[test]
    fn only_what_the_lesson_has_now_counts() {
        let catalogue = Catalogue::load_embedded();
        let lesson = catalogue.get("sticky-merge").unwrap();
        let mut progress = Progress::default();
        for step in &lesson.steps {
            progress.saw(&lesson.id, &step.id);
        }
        progress.saw(&lesson.id, "a-step-that-was-taken-out");
        progress.solved(&lesson.id, "a-task-that-was-taken-out");
        let tally = progress.tally(lesson);
        assert!(tally.is_through());
        assert_eq!((tally.steps, tally.tasks), (lesson.steps.len(), 0));

        let mut grown = (**lesson).clone();
        let mut new = grown.steps[0].clone();
        new.id = "a-new-step".into();
        grown.steps.push(new);
        assert!(!progress.tally(&grown).is_through(), "the new step is open");
    }

    #[test]
    fn a_task_is_news_once() {
        let mut progress = Progress::default();
        assert!(progress.solved("a", "t"));
        assert!(!progress.solved("a", "t"));
        assert!(progress.has_solved("a", "t") && !progress.has_solved("b", "t"));
        progress.clear();
        assert!(progress.is_empty() && !progress.has_solved("a", "t"));
    }

    #[test]
    fn it_is_kept_and_rubbish_does_no_harm() {
        let mut progress = Progress::default();
        progress.saw("a", "one");
        progress.solved("a", "t");
        let text = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&text).unwrap(), progress);
        for rubbish in ["[]", "3", "null", r#"{"a": 3}"#, r#"{"a": {"steps": 1}}"#] {
            let read: Progress = serde_json::from_str(rubbish).unwrap();
            assert!(read.is_empty(), "{rubbish}");
        }
        let half = r#"{"a": {"steps": ["one"]}, "b": 7}"#;
        let read: Progress = serde_json::from_str(half).unwrap();
        assert_eq!(read.lessons["a"].steps.len(), 1);
    }
}
