//! Closing tasks: something to bring about by oneself, which the lab recognises in the trace.

use crate::i18n::{Lang, lesson as lesson_phrase, task as phrase};
use crate::trace::Trace;

use super::check::not_captured;
use super::{
    ATTACK, CAPTURE, CheckReport, Expr, ExprError, FRAMING, Lesson, Outcome, Overrides, Release,
    Said, Settings, Skip, TaskText,
};

/// How often a solution may run again.
const RERUNS: u32 = 3;

/// Something to bring about.
#[derive(Clone, Debug)]
pub struct Task {
    /// Stable name, unique among the lesson's tasks; the texts' headings carry `task-` before it.
    pub id: String,
    /// What the run that *Start* prepares changes from the lesson's defaults.
    pub set: Overrides,
    /// Names of settings that must be as *Start* sets them: parameters, `framing`, `attack`,
    /// `capture`.
    pub keep: Vec<String>,
    /// What must be true of the student's run once it is at rest.
    pub solved: Expr,
    /// One way to do it, by which the lab proves that it can be done.
    pub solution: Solution,
}

/// One way to solve a task.
#[derive(Clone, Debug)]
pub struct Solution {
    /// What it changes from what *Start* sets.
    pub set: Overrides,
    /// What is released.
    pub release: Release,
}

impl Task {
    /// The settings that *Start* sets.
    pub fn settings(&self, lesson: &Lesson) -> Settings {
        let mut settings = Settings::defaults(lesson);
        settings.apply(&self.set);
        settings
    }

    /// The settings of the solution's run.
    pub fn solution_settings(&self, lesson: &Lesson) -> Settings {
        let mut settings = self.settings(lesson);
        settings.apply(&self.solution.set);
        settings
    }

    /// Must its runs be captured?
    pub fn needs_capture(&self, lesson: &Lesson) -> bool {
        self.solved.speaks_of_segments() || self.settings(lesson).capture.on
    }

    /// Is `settings` what may be had: everything that must stay as it was has stayed?
    pub fn kept(&self, lesson: &Lesson, settings: &Settings) -> bool {
        let start = self.settings(lesson);
        self.keep.iter().all(|name| match name.as_str() {
            FRAMING => settings.framing == start.framing,
            ATTACK => settings.attack == start.attack,
            CAPTURE => settings.capture == start.capture,
            name => settings.get(name) == start.get(name),
        })
    }

    /// Do the first `k` events of a run made with `settings` solve it?
    ///
    /// # Errors
    /// Where this system cannot tell a figure that decides ([`ExprError::NotReadable`]); any other
    /// figure that does not exist yet just leaves the task open.
    pub fn is_solved(
        &self,
        lesson: &Lesson,
        trace: &Trace,
        k: u32,
        settings: &Settings,
    ) -> Result<bool, ExprError> {
        if !self.kept(lesson, settings) {
            return Ok(false);
        }
        match self.solved.eval(trace, k, settings) {
            Ok(solved) => Ok(solved),
            Err(error @ ExprError::NotReadable(_)) => Err(error),
            Err(_) => Ok(false),
        }
    }
}

impl Lesson {
    /// The text of task `index`; the loader has made sure that there is one for each.
    pub fn task_text(&self, index: usize, lang: Lang) -> Option<&TaskText> {
        let id = &self.tasks.get(index)?.id;
        self.text(lang).tasks.iter().find(|task| task.id == *id)
    }
}

/// Holds a task against real runs: its solution solves it; what *Start* prepares, run freely, does
/// not, and neither does the lesson as it begins.
///
/// A solution may hang on the reader's being late, as students' runs do: where the first run does
/// not solve the task, it is run again, and that is counted.
pub fn run_task(lesson: &Lesson, task: &Task) -> CheckReport {
    let mut reruns = 0;
    let outcome = loop {
        match judge(lesson, task) {
            Outcome::Refuted(_) if reruns < RERUNS => reruns += 1,
            outcome => break outcome,
        }
    };
    CheckReport {
        lesson: lesson.id.clone(),
        check: format!("task-{}", task.id),
        outcome,
        reruns,
    }
}

fn judge(lesson: &Lesson, task: &Task) -> Outcome {
    let skipped = |reason| Outcome::Skipped(Skip { reason });
    let solution = task.solution_settings(lesson);
    if !task.kept(lesson, &solution) {
        return Outcome::Refuted(
            Said::new(phrase::SOLUTION_CHANGES).with("keep", task.keep.join(", ")),
        );
    }
    let trace = match lesson.run_headless(&solution, &task.solution.release) {
        Ok(trace) => trace,
        Err(why) => return skipped(Said::new(lesson_phrase::CHECK_NO_RUN).with("why", why)),
    };
    if task.needs_capture(lesson)
        && let Some(why) = not_captured(&trace.meta().network)
    {
        return skipped(why);
    }
    let k = trace.at_rest();
    match task.is_solved(lesson, &trace, k, &solution) {
        Ok(true) => {}
        Err(ExprError::NotReadable(what)) => {
            return skipped(Said::new(lesson_phrase::CHECK_NOT_READABLE).with("what", what));
        }
        Ok(false) | Err(_) => {
            return Outcome::Refuted(
                Said::new(lesson_phrase::CHECK_REFUTED)
                    .with("expect", &task.solved)
                    .with("facts", task.solved.figures(&trace, k, &solution)),
            );
        }
    }
    for settings in [task.settings(lesson), Settings::defaults(lesson)] {
        // A run that cannot be made solves nothing.
        let Ok(trace) = lesson.run_to_rest(&settings) else {
            continue;
        };
        if matches!(
            task.is_solved(lesson, &trace, trace.at_rest(), &settings),
            Ok(true)
        ) {
            return Outcome::Empty(
                Said::new(phrase::SOLVED_BY_ITSELF).with("solved", &task.solved),
            );
        }
    }
    Outcome::Held
}
