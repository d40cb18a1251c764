//! The framing workbench: tabs in the middle of the window, each in a file of its own.
//!
//! A tab has a state in [`Workbench`], a view (a function that reads the state and answers with
//! [`Action`]s), an arm in [`Workbench::apply`] and, if threads work for it, one in
//! [`Workbench::logic`].

mod action;
mod byte_picture;
mod compare;
pub mod compare_picture;
mod compare_table;
pub mod compare_text;
mod cutter;
mod histogram;
mod lanes;
mod prove;
mod race;
mod repeat;
pub mod repeat_text;
pub mod words;

pub use action::Action;
pub use compare::{Comparing, Wish as CompareWish};
pub use prove::{ProveAction, ProveState};
pub use race::{RaceAction, RaceState};
pub use repeat::{Repeating, Wish as RepeatWish};

use std::time::Duration;

use egui::Ui;

use super::command::Command;
use super::framing;
use super::key_button::{KeyButton, Tint};
use super::view::View;
use crate::i18n::{
    Lang, Phrase, compare as compare_words, framing_panel, repeat as repeat_words,
    workbench as text,
};
use crate::lesson::{Lesson, Settings};
use crate::net::Waker;
use crate::trace::Trace;

/// One page of the workbench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The chosen strategy on the student's own messages.
    Framing,
    /// One chunk sequence through every strategy.
    Race,
    /// Every way to cut a stream.
    Prove,
    /// The live experiment, many times.
    Repeat,
    /// All strategies in a table.
    Compare,
}

impl Tab {
    /// Those there are, in the order in which they stand.
    pub const ALL: &[Tab] = &[
        Tab::Framing,
        Tab::Race,
        Tab::Prove,
        Tab::Repeat,
        Tab::Compare,
    ];

    /// What stands on it, and what the pointer is told of it.
    pub fn words(self) -> (Phrase, Phrase) {
        match self {
            Tab::Framing => (framing_panel::TAB, framing_panel::TAB_HINT),
            Tab::Race => (text::RACE, text::RACE_HINT),
            Tab::Prove => (text::PROVE, text::PROVE_HINT),
            Tab::Repeat => (repeat_words::TAB, repeat_words::TAB_HINT),
            Tab::Compare => (compare_words::TAB, compare_words::TAB_HINT),
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Framing => "framing",
            Tab::Race => "race",
            Tab::Prove => "prove",
            Tab::Repeat => "repeat",
            Tab::Compare => "compare",
        }
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
    /// The lesson's step, from 0.
    pub step: usize,
    /// By actor: does a program outside the lab play it?
    pub external: &'a [bool],
    /// The language in which refusals are told.
    pub lang: Lang,
    /// Is the workbench on show?
    pub visible: bool,
    /// Called from any thread when there is something new to show.
    pub waker: &'a Waker,
}

/// What the workbench keeps from frame to frame.
#[derive(Default)]
pub struct Workbench {
    tab: Option<Tab>,
    race: RaceState,
    prove: ProveState,
    repeating: Repeating,
    comparing: Comparing,
    /// A record that is to be put on the stage.
    record: Option<Record>,
}

/// A run that the workbench made, for the stage.
#[derive(Debug)]
pub struct Record {
    /// What happened.
    pub trace: Trace,
    /// What the person should know of it, in each language, in the order of [`Lang::ALL`].
    pub notice: Option<[String; 2]>,
}

impl Workbench {
    /// The tab on show: the race until another is chosen.
    pub fn tab(&self) -> Option<Tab> {
        self.tab.or(Some(Tab::Race))
    }

    /// The framer race.
    pub fn race(&self) -> &RaceState {
        &self.race
    }

    /// The split prover.
    pub fn prove(&self) -> &ProveState {
        &self.prove
    }

    /// What Ctrl+Z (or, `again`, Ctrl+Shift+Z) means on the tab on show.
    pub fn undo(&self, again: bool) -> Option<Action> {
        match self.tab()? {
            Tab::Race if again => Some(Action::Race(RaceAction::Redo)),
            Tab::Race => Some(Action::Race(RaceAction::Undo)),
            // The settings of the first are those of the controls, and its undo too.
            Tab::Framing | Tab::Prove | Tab::Repeat | Tab::Compare => None,
        }
    }

    /// Does what the person asked for.
    pub fn apply(&mut self, action: &Action, bench: &Bench<'_>) {
        match action {
            Action::ShowTab(tab) => self.tab = Some(*tab),
            Action::Race(action) => self.race.apply(action, bench),
            Action::Prove(action) => {
                if let Some((task, cuts)) = self.prove.apply(action, bench) {
                    self.race.open(task.messages, task.spec, &cuts);
                    self.tab = Some(Tab::Race);
                }
            }
            Action::Repeat(wish) => {
                let failing = self.repeating.apply(wish, bench, bench.lang);
                self.record = failing.map(|trace| Record {
                    trace,
                    notice: None,
                });
            }
            Action::Compare(wish) => self.comparing.apply(*wish, bench),
        }
    }

    /// Takes in what threads have found, and what has changed on the stage. Called before each
    /// frame, and whenever a thread called the waker; says when it wants to be called again though
    /// nobody wakes it.
    pub fn logic(&mut self, bench: &Bench<'_>) -> Option<Duration> {
        if let Some(record) = self.prove.logic() {
            self.record = Some(record);
        }
        self.repeating.logic(bench);
        let shown = bench.visible && self.tab() == Some(Tab::Compare);
        self.comparing.logic(bench, shown);
        if bench.visible && self.tab() == Some(Tab::Race) {
            return self.race.refresh(bench);
        }
        None
    }

    /// Takes the record that is to be put on the stage, if there is one.
    pub fn take_record(&mut self) -> Option<Record> {
        self.record.take()
    }

    /// The repetition.
    pub fn repeating(&self) -> &Repeating {
        &self.repeating
    }

    /// The comparison.
    pub fn comparing(&self) -> &Comparing {
        &self.comparing
    }
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
    match now {
        Tab::Framing => framing::page(ui, view, bench.lesson, bench.settings, out),
        Tab::Race => race::show(ui, view, &workbench.race, bench, out),
        Tab::Prove => prove::show(ui, view, &workbench.prove, bench, out),
        Tab::Repeat => repeat::show(ui, view, &workbench.repeating, bench, out),
        Tab::Compare => compare::show(ui, view, &workbench.comparing, bench, out),
    }
}
