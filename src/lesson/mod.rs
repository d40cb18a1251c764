//! Lessons: folders of TOML and Markdown that say who does what, which controls there are, what to
//! predict, and which claims a real run must confirm.
//!
//! [`Catalogue`] loads them (embedded in the binary, or from a folder). Whatever is wrong with a
//! lesson becomes a [`Problem`] with file, line and cure; the other lessons still work.
//! `lessons/README.md` documents every key for authors.

mod attack;
mod capture;
mod catalogue;
mod check;
mod check_all;
#[cfg(test)]
mod check_tests;
mod expr;
mod framing;
mod launch;
mod messages;
mod model;
mod new_lesson;
mod parameter;
mod problem;
mod read_lesson;
mod read_parameter;
mod read_program;
mod read_step;
mod read_task;
mod read_text;
mod reader;
mod route;
mod schedule;
mod schema;
mod settings;
#[cfg(test)]
mod tape;
mod task;
#[cfg(test)]
mod tests;
mod text;

pub use attack::{AttackChoice, said as attack_said};
pub use capture::{CAPTURE_KEYS, Capture, CaptureChange, CaptureChoice};
pub use catalogue::Catalogue;
pub use check::{Check, CheckReport, Contrast, Outcome, Skip, SystemNeed, run_check};
pub use check_all::{Subject, check_all};
pub use expr::{Expr, ExprError, Fault};
pub use framing::said as framing_said;
pub use launch::{EXTERNAL_PORT, PAYLOAD_BUDGET};
pub use messages::{Content, MessageSource, Messages};
pub use model::{
    ActorDef, ExternalCommand, Focus, FramingChoice, Group, Lesson, Prediction, Source, Step,
};
pub use new_lesson::{NewLesson, NewLessonError, new_lesson};
pub use parameter::{Choose, Parameter, ParameterKind, Scale, Unit};
pub use problem::{Problem, Said};
pub use route::{Onward, Route, Stop};
pub use schedule::{Release, Schedule, ScheduleError, ScheduleFault, Turn};
pub use schema::{SCHEMA_FILE, schema, schema_text};
pub use settings::{ATTACK, CAPTURE, FRAMING, Overrides, SettingError, Settings, Value};
pub use task::{Solution, Task, run_task};
pub use text::{LessonText, OptionText, StepText, TaskText};

/// Bounds on what a lesson may ask for.
pub mod limit {
    /// Longest lesson file or text, bytes.
    pub const FILE: u64 = 1 << 20;
    /// Most operations in one program, nested ones included.
    pub const OPS: usize = 10_000;
    /// Texts in a list of a program: parts of what is sent, lines typed.
    pub const TEXTS: usize = 100;
    /// Deepest nesting of loops.
    pub const NESTING: usize = 16;
    /// Longest message, bytes.
    pub const MESSAGE: i64 = 16 << 20;
    /// Most messages in a run.
    pub const COUNT: i64 = 1_000_000;
    /// Most parameters, steps, checks or headings.
    pub const ENTRIES: usize = 500;
    /// Most actors.
    pub const ACTORS: usize = 16;
    /// Most calls that one step may release.
    pub const RELEASED: u64 = 100_000;
    /// Longest wait, sleep or timeout, milliseconds.
    pub const MILLIS: i64 = 600_000;
    /// Most times that a failed precondition makes a check run again.
    pub const RETRIES: i64 = 20;
    /// Longest lesson in class, minutes.
    pub const MINUTES: i64 = 600;
    /// Most lessons in a folder.
    pub const LESSONS: usize = 1_000;
    /// Longest list an expression may build.
    pub const LIST: usize = 1_000_000;
}
