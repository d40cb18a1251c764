//! The lesson's closing tasks: started, hinted at, and recognised in the run on the stage.

use super::{Lab, Session};
use crate::experiment::Mode;
use crate::i18n::{attack, panels, segments, task as text};
use crate::lesson::{ATTACK, CAPTURE, ExprError, FRAMING, Lesson, Settings, Task};
use crate::trace::Network;
use crate::ui::banner::Grade;
use crate::ui::task_card::{TaskCard, Trouble};

/// What the lab knows of the open lesson's tasks.
#[derive(Clone, Debug, Default)]
pub(super) struct Tasks {
    /// By task: hints shown so far.
    hints: Vec<usize>,
    /// By task: why the latest run could not be judged.
    trouble: Vec<Option<Trouble>>,
    /// The task whose run *Start* has prepared last.
    started: Option<usize>,
    /// The run and its length when it was judged last.
    judged: Option<(u64, u32)>,
}

impl Lab {
    /// Is anything of what the student was to bring about there now? Looked at when the run is at
    /// rest, so that what holds only in passing solves nothing.
    pub(super) fn judge_tasks(&mut self) {
        let Session::Live(run) = &self.session else {
            return;
        };
        if self.lesson.tasks.is_empty()
            || !run.is_finished() && (run.is_releasing() || !run.is_settled())
        {
            return;
        }
        let now = Some((self.showing, run.trace().len()));
        if self.tasks.judged == now {
            return;
        }
        self.tasks.judged = now;
        let trace = run.trace();
        let k = trace.at_rest();
        let lesson = self.lesson.clone();
        let mut news = Vec::new();
        self.tasks.trouble = vec![None; lesson.tasks.len()];
        for (at, task) in lesson.tasks.iter().enumerate() {
            if self.prefs.progress.has_solved(&lesson.id, &task.id) {
                continue;
            }
            self.tasks.trouble[at] = match &trace.meta().network {
                Network::Host { refused } if task.solved.speaks_of_segments() => {
                    Some(Trouble::NotCaptured(
                        refused
                            .as_deref()
                            .map_or(segments::HOST_BY_CHOICE, segments::refused),
                    ))
                }
                _ => match task.is_solved(&lesson, trace, k, &self.applied) {
                    Ok(true) => {
                        news.push(at);
                        None
                    }
                    Err(ExprError::NotReadable(what)) => Some(Trouble::NotReadable(what)),
                    Ok(false) | Err(_) => None,
                },
            };
        }
        for at in news {
            self.prefs.progress.solved(&lesson.id, &lesson.tasks[at].id);
            self.tell(Grade::Notice, |lang| {
                let text = lesson.task_text(at, lang);
                let title = text.map_or("", |text| text.title.as_str());
                text::NEWS_SOLVED.fill(lang, &[("title", &title)])
            });
        }
    }

    /// Prepares the run of a task: a new connection with its settings, nothing released.
    pub(super) fn start_task(&mut self, index: usize) {
        let lesson = self.lesson.clone();
        let Some(task) = lesson.tasks.get(index) else {
            return;
        };
        self.remember();
        self.settings = task.settings(&lesson);
        self.tasks.started = Some(index);
        self.cursor = None;
        self.start(Mode::Step, &[]);
        self.previous = None;
    }

    /// Shows one hint more.
    pub(super) fn show_hint(&mut self, index: usize) {
        let all = self
            .lesson
            .task_text(index, self.prefs.lang)
            .map_or(0, |text| text.hints.len());
        let hints = &mut self.tasks.hints;
        if hints.len() <= index && index < self.lesson.tasks.len() {
            hints.resize(index + 1, 0);
        }
        if let Some(shown) = hints.get_mut(index) {
            *shown = (*shown + 1).min(all);
        }
    }

    /// The cards of the open lesson.
    pub(super) fn task_cards(&self) -> Vec<TaskCard<'_>> {
        let lang = self.prefs.lang;
        let names = |task: &Task, which: &dyn Fn(&str) -> bool| -> Vec<String> {
            task.keep
                .iter()
                .filter(|name| which(name))
                .map(|name| setting_name(&self.lesson, name, lang).to_owned())
                .collect()
        };
        self.lesson
            .tasks
            .iter()
            .enumerate()
            .filter_map(|(at, task)| {
                let start = task.settings(&self.lesson);
                let changed = |name: &str| !same(name, &start, &self.applied);
                let started = self.tasks.started == Some(at);
                let solved = self.prefs.progress.has_solved(&self.lesson.id, &task.id);
                Some(TaskCard {
                    index: at,
                    text: self.lesson.task_text(at, lang)?,
                    solved,
                    started,
                    hints: self.tasks.hints.get(at).copied().unwrap_or(0),
                    kept: names(task, &|_| true),
                    changed: if started && !solved {
                        names(task, &changed)
                    } else {
                        Vec::new()
                    },
                    trouble: self.tasks.trouble.get(at).copied().flatten(),
                })
            })
            .collect()
    }
}

/// Is the setting of that name the same in both?
fn same(name: &str, a: &Settings, b: &Settings) -> bool {
    match name {
        FRAMING => a.framing == b.framing,
        ATTACK => a.attack == b.attack,
        CAPTURE => a.capture == b.capture,
        name => a.get(name) == b.get(name),
    }
}

/// What a setting is called among the controls.
fn setting_name<'a>(lesson: &'a Lesson, name: &'a str, lang: crate::i18n::Lang) -> &'a str {
    match name {
        FRAMING => panels::FRAMING.get(lang),
        ATTACK => attack::WIRE.get(lang),
        CAPTURE => segments::CAPTURE.get(lang),
        name => lesson
            .parameter(name)
            .map_or(name, |parameter| &parameter.label[lang as usize]),
    }
}
