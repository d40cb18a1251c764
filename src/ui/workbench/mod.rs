//! The framing workbench: tabs in the middle of the window, each in a file of its own.
//!
//! A tab has a state in [`Workbench`], a view (a function that reads the state and answers with
//! [`Action`]s), an arm in [`Workbench::apply`] and, if threads work for it, one in
//! [`Workbench::logic`].

mod action;

pub use action::Action;

use egui::Ui;

use super::command::Command;
use super::key_button::{KeyButton, Tint};
use super::view::View;
use crate::i18n::Phrase;
use crate::lesson::{Lesson, Settings};
use crate::net::Waker;
use crate::trace::Trace;

/// One page of the workbench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {}

impl Tab {
    /// Those there are, in the order in which they stand.
    pub const ALL: &[Tab] = &[];

    /// What stands on it, and what the pointer is told of it.
    pub fn words(self) -> (Phrase, Phrase) {
        match self {}
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {}
    }
}

/// What the workbench works with: the run on the stage, and the lesson it came from.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// The run on the stage.
    pub trace: &'a Trace,
    /// Tells one trace from another.
    pub showing: u64,
    /// The open lesson.
    pub lesson: &'a Lesson,
    /// The settings as they stand.
    pub settings: &'a Settings,
    /// Is the workbench on show?
    pub visible: bool,
    /// Called from any thread when there is something new to show.
    pub waker: &'a Waker,
}

/// What the workbench keeps from frame to frame.
#[derive(Default)]
pub struct Workbench {
    tab: Option<Tab>,
}

impl Workbench {
    /// The tab on show; `None` only while there are none.
    pub fn tab(&self) -> Option<Tab> {
        self.tab.or_else(|| Tab::ALL.first().copied())
    }

    /// Does what the person asked for.
    pub fn apply(&mut self, action: &Action, _bench: &Bench<'_>) {
        match action {
            Action::ShowTab(tab) => self.tab = Some(*tab),
        }
    }

    /// Takes in what threads have found, and what has changed on the stage. Called before each
    /// frame that shows the workbench, and whenever a thread called the waker.
    pub fn logic(&mut self, _bench: &Bench<'_>) {}
}

/// Shows the tabs and the one that is chosen.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    workbench: &Workbench,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let Some(now) = workbench.tab() else { return };
    let theme = view.theme;
    ui.spacing_mut().item_spacing.y = theme.gap(1.5);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(0.5);
        for tab in Tab::ALL.iter().copied() {
            let (name, hint) = tab.words();
            let button = KeyButton::new(view.say(name))
                .tint(Tint::Quiet)
                .hint(view.say(hint))
                .selected(tab == now);
            if button.show(ui, theme).clicked() && tab != now {
                out.push(Command::Workbench(Action::ShowTab(tab)));
            }
        }
    });
    let _ = bench;
    match now {}
}
