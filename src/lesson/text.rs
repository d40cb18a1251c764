//! The texts of a lesson in one language.

/// `en.md` or `zh.md`, taken apart. All texts are Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonText {
    /// The heading of level 1, as plain text.
    pub title: String,
    /// What stands between the title and the first step.
    pub intro: String,
    /// The steps, in the order of the lesson.
    pub steps: Vec<StepText>,
    /// The closing tasks, in the order of the lesson.
    pub tasks: Vec<TaskText>,
    /// Notes for the teacher (`## … {#notes}`), or empty.
    pub notes: String,
}

/// The texts of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepText {
    /// The step's id: `## Title {#id}`.
    pub id: String,
    /// Its heading, as plain text.
    pub title: String,
    /// Before the prediction.
    pub body: String,
    /// The question, where the step predicts.
    pub question: String,
    /// The answers to choose from, in the order of the prediction's options.
    pub options: Vec<OptionText>,
    /// After the run.
    pub reveal: String,
}

/// One answer to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionText {
    /// What stands on the button.
    pub label: String,
    /// What to say once it has been chosen and the run has spoken: why it is right or wrong.
    pub why: String,
}

/// The texts of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskText {
    /// The task's id: `## Title {#task-id}`.
    pub id: String,
    /// Its heading, as plain text.
    pub title: String,
    /// What is to be brought about.
    pub body: String,
    /// What helps, from the first nudge to nearly the answer.
    pub hints: Vec<String>,
    /// What to say once it is solved.
    pub solved: String,
}
