//! The tab of the comparison: all strategies for the messages of the lesson as it is set.

use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, ScrollArea, Ui};

use super::compare_table::{self, Look};
use super::compare_text::{COLUMNS, cells, sample};
use super::{Action, Bench, compare_picture};
use crate::framing::FramingSpec;
use crate::i18n::{compare as text, repeat};
use crate::lesson::MessageSource;
use crate::ui::command::Command;
use crate::ui::icon::Icon;
use crate::ui::key_button::{KeyButton, Tint};
use crate::ui::section;
use crate::ui::view::View;
use crate::workbench::compare::{Comparison, Table, strategies, write_csv};

/// What the tab keeps.
#[derive(Default)]
pub struct Comparing {
    /// The comparison, and what it was made for.
    now: Option<(MessageSource, Vec<FramingSpec>, Comparison)>,
    chosen: Option<usize>,
    /// The system's words, when there was no thread.
    failed: Option<String>,
}

/// What a person wants of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Measure the time for a thousand messages with every strategy.
    Measure,
    /// End the measurement.
    Cancel,
    /// Show the details of that row, or hide them.
    Choose(usize),
}

impl Comparing {
    /// Does what the person asked for.
    pub(super) fn apply(&mut self, wish: Wish, bench: &Bench<'_>) {
        match wish {
            Wish::Measure => {
                if let Some((_, _, comparison)) = &mut self.now
                    && let Err(why) = comparison.measure(bench.waker.clone())
                {
                    self.failed = Some(why.to_string());
                }
            }
            Wish::Cancel => {
                if let Some((_, _, comparison)) = &self.now {
                    comparison.cancel();
                }
            }
            Wish::Choose(row) => {
                self.chosen = (self.chosen != Some(row)).then_some(row);
            }
        }
    }

    /// Keeps the comparison that of the lesson's messages; `shown`: is the tab in sight?
    pub(super) fn logic(&mut self, bench: &Bench<'_>, shown: bool) {
        if !shown {
            return;
        }
        let messages = bench.lesson.messages.resolve(bench.settings);
        let specs = strategies(&bench.settings.framing);
        if self
            .now
            .as_ref()
            .is_some_and(|(of, among, _)| *of == messages && *among == specs)
        {
            return;
        }
        // The old one ends before the new one begins.
        self.now = None;
        let started = Comparison::start(
            Arc::new(messages.clone()),
            specs.clone(),
            bench.waker.clone(),
        );
        match started {
            Ok(comparison) => {
                self.failed = None;
                self.now = Some((messages, specs, comparison));
            }
            Err(why) => self.failed = Some(why.to_string()),
        }
    }

    /// The comparison under way or its result.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.now.as_ref().map(|(_, _, comparison)| comparison)
    }
}

/// Shows the tab.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    state: &Comparing,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    if let Some(why) = &state.failed {
        let words = view.fill(repeat::NO_THREAD, &[("why", why)]);
        ui.label(RichText::new(words).color(theme.colours.bad));
    }
    let Some(comparison) = state.comparison() else {
        return;
    };
    let table = comparison.read(Table::clone);
    bar(ui, view, comparison, &table, out);
    let look = Look {
        theme,
        lang: view.lang,
        in_use: Some(&bench.settings.framing),
        chosen: state.chosen,
        few: view.presenter,
    };
    ScrollArea::both()
        .id_salt("comparison")
        .auto_shrink(false)
        .show(ui, |ui| {
            if let Some(row) = compare_table::show(ui, &look, &table) {
                out.push(wish(Wish::Choose(row)));
            }
            if let Some(row) = state.chosen {
                ui.add_space(theme.gap(2.0));
                details(ui, view, &table, row);
            }
        });
}

fn wish(wish: Wish) -> Command {
    Command::Workbench(Action::Compare(wish))
}

fn bar(
    ui: &mut Ui,
    view: &View<'_>,
    comparison: &Comparison,
    table: &Table,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let complete = !comparison.is_surveying();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.5);
        if comparison.is_measuring() {
            let button = KeyButton::new(view.say(text::CANCEL))
                .icon(Icon::Stop)
                .hint(view.say(text::CANCEL_HINT));
            if button.show(ui, theme).clicked() {
                out.push(wish(Wish::Cancel));
            }
            let far = view.fill(
                text::MEASURED_ROWS,
                &[("n", &table.measured()), ("all", &table.rows.len())],
            );
            section::note(ui, theme, &far);
        } else {
            let empty = table.sample.messages().is_empty();
            let refusal = if empty {
                Some(text::NO_MESSAGES)
            } else {
                (!complete).then_some(text::MEASURE_WAIT)
            };
            let button = KeyButton::new(view.say(text::MEASURE))
                .icon(Icon::Play)
                .tint(Tint::Primary)
                .hint(view.say(text::MEASURE_HINT))
                .refused(refusal.map(|phrase| view.say(phrase).to_owned()));
            if button.show(ui, theme).clicked() {
                out.push(wish(Wish::Measure));
            }
        }
        section::note(ui, theme, &sample(table, view.lang));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = theme.gap(1.0);
            exports(ui, view, table, complete, out);
        });
    });
}

fn exports(ui: &mut Ui, view: &View<'_>, table: &Table, complete: bool, out: &mut Vec<Command>) {
    let theme = view.theme;
    let refusal = (!complete).then(|| view.say(text::EXPORT_WAIT).to_owned());
    let picture = KeyButton::new(view.say(text::EXPORT_PICTURE))
        .tint(Tint::Quiet)
        .hint(view.say(text::EXPORT_PICTURE_HINT))
        .refused(refusal.clone());
    if picture.show(ui, theme).clicked() {
        let look = crate::ui::theme::Theme::desk(theme.dark);
        let image = compare_picture::draw(table, view.lang, &look);
        let mut bytes = Vec::new();
        // Writing into memory fails for want of memory only, and then nothing is saved.
        if image.write_png(&mut bytes).is_ok() {
            out.push(Command::SaveFile {
                name: "framing.png".to_owned(),
                bytes: Arc::new(bytes),
            });
        }
    }
    let csv = KeyButton::new(view.say(text::EXPORT_CSV))
        .tint(Tint::Quiet)
        .hint(view.say(text::EXPORT_CSV_HINT))
        .refused(refusal);
    if csv.show(ui, theme).clicked() {
        let mut bytes = Vec::new();
        if write_csv(table, &mut bytes).is_ok() {
            out.push(Command::SaveFile {
                name: "framing.csv".to_owned(),
                bytes: Arc::new(bytes),
            });
        }
    }
}

/// What was tried with the chosen strategy, and its smallest failures.
fn details(ui: &mut Ui, view: &View<'_>, table: &Table, row: usize) {
    let theme = view.theme;
    let c = &theme.colours;
    let Some(row) = table.rows.get(row) else {
        return;
    };
    let cells = cells(row, table, view.lang);
    let name = format!("{}  {}", cells[0].words, cells[0].more);
    ui.label(RichText::new(name).font(theme.strong()).color(c.text));
    ui.add_space(theme.gap(1.0));
    for ((title, _), cell) in COLUMNS.iter().zip(&cells).skip(1) {
        if cell.more.is_empty() {
            continue;
        }
        let title = format!("{}: {}", view.say(*title), cell.words);
        let title = RichText::new(title)
            .font(theme.section())
            .color(c.text_soft);
        ui.add(Label::new(title).selectable(false));
        let more = RichText::new(&cell.more).font(theme.small()).color(c.text);
        ui.add(Label::new(more).wrap());
        ui.add_space(theme.gap(1.5));
    }
}
