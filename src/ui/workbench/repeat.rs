//! The tab of the repetition: settings side by side, each run many times.

use std::sync::Arc;

use egui::{
    ComboBox, DragValue, Frame, Key, Label, ProgressBar, RichText, ScrollArea, Stroke, TextEdit,
    Ui, vec2,
};

use super::histogram::{self, Axes};
use super::{Action, Bench, repeat_text as say};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, panels, repeat as text};
use crate::lesson::{FRAMING, Lesson, Parameter, ParameterKind, Release, Settings};
use crate::trace::Trace;
use crate::ui::command::Command;
use crate::ui::figures::{duration, grouped};
use crate::ui::icon::Icon;
use crate::ui::key_button::{KeyButton, Tint};
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::section;
use crate::ui::strategies;
use crate::ui::view::View;
use crate::workbench::repeat::{
    MOST_RUNS, MOST_VARIANTS, Plan, Progress, Repeat, Tally, bins, labels,
};

/// Runs of each setting, unless somebody asks for another number.
const RUNS: u32 = 500;

/// What the tab keeps.
pub struct Repeating {
    runs: u32,
    /// Repeats the step's calls, not a free run.
    stepwise: bool,
    /// The lesson that the settings belong to, and the settings.
    lesson: String,
    variants: Vec<Settings>,
    /// Were they changed here? If not they follow the lesson's.
    touched: bool,
    /// The setting being changed.
    editing: Option<usize>,
    now: Option<Repeat>,
    /// Why it could not begin, or why a setting was refused.
    refused: Option<String>,
}

impl Default for Repeating {
    fn default() -> Self {
        Repeating {
            runs: RUNS,
            stepwise: false,
            lesson: String::new(),
            variants: Vec::new(),
            touched: false,
            editing: None,
            now: None,
            refused: None,
        }
    }
}

/// What a person wants of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Run each setting that many times.
    Runs(u32),
    /// Repeat the step's calls (true) or a free run.
    Stepwise(bool),
    /// Another setting: the lesson's as they stand.
    Add,
    /// Without that setting.
    Remove(usize),
    /// As it was in the beginning.
    StartOver,
    /// Open that setting to change it, or close it.
    Edit(usize),
    /// Set a parameter (or the framing) of that setting, as text.
    Set(usize, String, String),
    /// Begin.
    Start,
    /// End it now.
    Cancel,
    /// Put the first failing run of that setting on the stage.
    ShowFailing(usize),
}

impl Repeating {
    /// Does what the person asked for; a trace is to be put on the stage.
    pub(super) fn apply(&mut self, wish: &Wish, bench: &Bench<'_>, lang: Lang) -> Option<Trace> {
        self.refused = None;
        match wish {
            Wish::Runs(runs) => self.runs = (*runs).clamp(1, MOST_RUNS),
            Wish::Stepwise(stepwise) => self.stepwise = *stepwise,
            Wish::Add => {
                if self.variants.len() < MOST_VARIANTS {
                    self.touched = true;
                    self.variants.push(bench.settings.clone());
                    self.editing = Some(self.variants.len() - 1);
                }
            }
            Wish::Remove(variant) => {
                if *variant < self.variants.len() && self.variants.len() > 1 {
                    self.touched = true;
                    self.variants.remove(*variant);
                    self.editing = None;
                }
            }
            Wish::StartOver => {
                self.touched = false;
                self.editing = None;
                self.now = None;
                self.follow_lesson(bench);
            }
            Wish::Edit(variant) => {
                self.editing = (self.editing != Some(*variant)).then_some(*variant);
            }
            Wish::Set(variant, name, value) => {
                if let Some(settings) = self.variants.get_mut(*variant) {
                    match settings.set(bench.lesson, name, value) {
                        Ok(()) => self.touched = true,
                        Err(error) => self.refused = Some(error.said().get(lang)),
                    }
                }
            }
            Wish::Start => self.start(bench, lang),
            Wish::Cancel => {
                if let Some(repeat) = &self.now {
                    repeat.cancel();
                }
            }
            Wish::ShowFailing(variant) => {
                return self.now.as_ref()?.take_failing(*variant);
            }
        }
        None
    }

    fn start(&mut self, bench: &Bench<'_>, lang: Lang) {
        let release = if self.stepwise {
            step_release(bench).cloned().unwrap_or_default()
        } else {
            Release::Run
        };
        // The old one ends before the new one begins.
        self.now = None;
        let plan = Plan::new(
            Arc::new(bench.lesson.clone()),
            release,
            self.runs,
            self.variants.clone(),
            bench.external,
        );
        match plan {
            Ok(plan) => match Repeat::start(plan, bench.waker.clone()) {
                Ok(repeat) => self.now = Some(repeat),
                Err(why) => {
                    self.refused = Some(text::NO_THREAD.fill(lang, &[("why", &why)]));
                }
            },
            Err(refusal) => self.refused = Some(say::refusal(&refusal, lang)),
        }
    }

    /// Keeps the settings those of the lesson until somebody changes them here.
    pub(super) fn logic(&mut self, bench: &Bench<'_>) {
        if self.lesson != bench.lesson.id {
            self.lesson.clone_from(&bench.lesson.id);
            self.now = None;
            self.touched = false;
            self.editing = None;
            self.refused = None;
            self.stepwise = false;
        }
        if !self.touched {
            self.follow_lesson(bench);
        }
    }

    /// The settings as they stand, and beside them the same with a length prefix (or, if they
    /// have one, without framing).
    fn follow_lesson(&mut self, bench: &Bench<'_>) {
        let own = bench.settings.clone();
        let mut other = own.clone();
        let length = FramingSpec::choices()
            .into_iter()
            .find(|spec| spec.to_string() == "length:u32:big");
        let against = length
            .filter(|length| *length != own.framing)
            .unwrap_or_default();
        let differs = bench.lesson.framing.offered && against != own.framing;
        other.framing = against;
        self.variants = if differs { vec![own, other] } else { vec![own] };
    }

    /// The repetition under way or its result.
    pub fn repeat(&self) -> Option<&Repeat> {
        self.now.as_ref()
    }
}

/// What the present step releases, if it releases calls one by one.
fn step_release<'a>(bench: &Bench<'a>) -> Option<&'a Release> {
    let release = &bench.lesson.steps.get(bench.step)?.release;
    matches!(release, Release::Calls(_)).then_some(release)
}

fn wish(wish: Wish) -> Command {
    Command::Workbench(Action::Repeat(wish))
}

/// Shows the tab.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    state: &Repeating,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    ScrollArea::vertical()
        .id_salt("repetition")
        .auto_shrink(false)
        .show(ui, |ui| {
            // In a room, results take the place of what they came from; their labels name it.
            if !view.presenter || state.now.is_none() {
                section::note(ui, theme, view.say(text::INTRO));
                settings_side_by_side(ui, view, state, bench, out);
            }
            bar(ui, view, state, bench, out);
            if let Some(why) = &state.refused {
                let words = RichText::new(why).font(theme.body());
                ui.add(Label::new(words.color(theme.colours.bad)).wrap());
            }
            ui.add_space(theme.gap(1.0));
            if let Some(repeat) = &state.now {
                results(ui, view, state, repeat, out);
            } else {
                let button = view.say(text::START);
                let words = view.fill(text::NOT_YET, &[("button", &button)]);
                section::note(ui, theme, &words);
            }
        });
}

fn settings_side_by_side(
    ui: &mut Ui,
    view: &View<'_>,
    state: &Repeating,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let labels = labels(bench.lesson, &state.variants);
    for (at, (settings, label)) in state.variants.iter().zip(&labels).enumerate() {
        let letter = say::letter(at);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme.gap(1.5);
            badge(ui, view, at);
            if bench.lesson.framing.offered {
                framing_choice(ui, view, at, &settings.framing, out);
            }
            let edit = view.fill(text::EDIT, &[("letter", &letter)]);
            let open = state.editing == Some(at);
            let button = KeyButton::new(&edit)
                .words("")
                .icon(if open { Icon::Unfolded } else { Icon::Folded })
                .tint(Tint::Quiet)
                .hint(&edit)
                .selected(open);
            if button.show(ui, theme).clicked() {
                out.push(wish(Wish::Edit(at)));
            }
            if state.variants.len() > 1 {
                let remove = view.fill(text::REMOVE, &[("letter", &letter)]);
                let button = KeyButton::new(&remove)
                    .words("")
                    .icon(Icon::Cross)
                    .tint(Tint::Quiet)
                    .hint(&remove);
                if button.show(ui, theme).clicked() {
                    out.push(wish(Wish::Remove(at)));
                }
            }
            // What differs beside the framing, which stands before it.
            let words = label.split_once(", ").map_or("", |(_, rest)| rest);
            let words = RichText::new(words).font(theme.mono_small());
            ui.add(Label::new(words.color(theme.colours.text_soft)).truncate());
        });
        if state.editing == Some(at) {
            editor(ui, view, bench.lesson, at, settings, out);
        }
    }
}

/// More settings, or those of the beginning.
fn more_settings(ui: &mut Ui, view: &View<'_>, state: &Repeating, out: &mut Vec<Command>) {
    let theme = view.theme;
    let over = state.touched || state.now.is_some();
    if view.presenter && !over {
        return;
    }
    ui.add_space(theme.gap(2.0));
    let full = state.variants.len() >= MOST_VARIANTS;
    let refusal = full.then(|| view.fill(text::ADD_FULL, &[("most", &MOST_VARIANTS)]));
    let add = KeyButton::new(view.say(text::ADD))
        .small()
        .hint(view.say(text::ADD_HINT))
        .refused(refusal);
    if !view.presenter && add.show(ui, theme).clicked() {
        out.push(wish(Wish::Add));
    }
    if over {
        let over = KeyButton::new(view.say(text::FROM_LESSON))
            .small()
            .tint(Tint::Quiet)
            .icon(Icon::Reset)
            .hint(view.say(text::FROM_LESSON_HINT));
        if over.show(ui, theme).clicked() {
            out.push(wish(Wish::StartOver));
        }
    }
}

/// The letter of a setting on its pattern, as its bars are.
fn badge(ui: &mut Ui, view: &View<'_>, variant: usize) {
    let theme = view.theme;
    let side = theme.sizes.body * 1.7;
    let (rect, response) = ui.allocate_exact_size(vec2(side * 1.3, side), egui::Sense::hover());
    let letter = say::letter(variant).to_string();
    let swatch = Swatch::of(Ink::Message(variant as u32), theme);
    pattern::paint(ui.painter(), rect, &swatch, &Fill::new(theme, &[&letter]));
    let name = view.fill(text::SETTING_LETTER, &[("letter", &letter)]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
}

fn framing_choice(
    ui: &mut Ui,
    view: &View<'_>,
    variant: usize,
    now: &FramingSpec,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let name = view.fill(text::FRAMING_OF, &[("letter", &say::letter(variant))]);
    let mut choices = FramingSpec::choices();
    if !choices.contains(now) {
        choices.insert(0, now.clone());
    }
    let mut chosen = now.clone();
    let response = ComboBox::from_id_salt(("framing of", variant))
        .selected_text(strategies::name(now, view.lang))
        .width(theme.sizes.body * 19.0)
        .height(theme.sizes.body * 30.0)
        .truncate()
        .show_ui(ui, |ui| {
            for spec in choices {
                // As the command line has it.
                let code = RichText::new(spec.to_string()).font(theme.mono());
                let words = strategies::name(&spec, view.lang);
                ui.selectable_value(&mut chosen, spec, words)
                    .on_hover_text(code);
            }
        })
        .response;
    section::named(&response, &name);
    response.on_hover_text(RichText::new(now.to_string()).font(theme.mono()));
    if chosen != *now {
        out.push(set(variant, FRAMING, chosen.to_string()));
    }
}

fn set(variant: usize, name: &str, value: String) -> Command {
    wish(Wish::Set(variant, name.to_owned(), value))
}

/// The parameters of one setting.
fn editor(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    variant: usize,
    settings: &Settings,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let letter = say::letter(variant);
    Frame::new()
        .fill(theme.colours.panel)
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            // Pairs of caption and control, as many beside each other as there is room for.
            let pairs = (ui.available_width() / (theme.sizes.body * 22.0)).max(1.0) as usize;
            let mut at = 0;
            egui::Grid::new(("setting", variant))
                .spacing(vec2(theme.gap(2.5), theme.gap(1.0)))
                .show(ui, |ui| {
                    let mut next = |ui: &mut Ui| {
                        at += 1;
                        if at % pairs == 0 {
                            ui.end_row();
                        }
                    };
                    if lesson.framing.offered {
                        caption(ui, view, view.say(panels::FRAMING), "");
                        let value = settings.framing.to_string();
                        let name = view.fill(text::STRATEGY_OF, &[("letter", &letter)]);
                        let width = theme.sizes.mono * 9.0;
                        let new = edited(ui, view, (variant, FRAMING), &value, width, &name);
                        out.extend(new.map(|value| set(variant, FRAMING, value)));
                        next(ui);
                    }
                    for parameter in &lesson.parameters {
                        if let Some(value) = control(ui, view, variant, parameter, settings) {
                            out.push(set(variant, &parameter.name, value));
                        }
                        next(ui);
                    }
                });
        });
}

fn caption(ui: &mut Ui, view: &View<'_>, words: &str, hint: &str) {
    let theme = view.theme;
    let words = RichText::new(words).font(theme.small());
    let label = ui.add(Label::new(words.color(theme.colours.text_soft)).selectable(false));
    if !hint.is_empty() {
        label.on_hover_text(hint);
    }
}

/// One parameter of one setting; the new value when it was changed.
fn control(
    ui: &mut Ui,
    view: &View<'_>,
    variant: usize,
    parameter: &Parameter,
    settings: &Settings,
) -> Option<String> {
    let label = parameter.label(view.lang);
    let help = parameter.help(view.lang);
    let name = format!("{label}, {}", say::letter(variant));
    match &parameter.kind {
        ParameterKind::Int { min, max, .. } => {
            caption(ui, view, label, help);
            let old = settings.int(&parameter.name).unwrap_or(*min);
            let mut value = old;
            let zero = parameter.zero(view.lang).map(str::to_owned);
            let response = ui.add(
                DragValue::new(&mut value)
                    .range(*min..=*max)
                    .speed((old as f64 / 50.0).max(0.2))
                    .update_while_editing(false)
                    .custom_formatter(move |n, _| match &zero {
                        Some(words) if n == 0.0 => words.clone(),
                        _ => format!("{n:.0}"),
                    })
                    .custom_parser(|typed| typed.trim().parse().ok()),
            );
            section::named(&response, &name);
            response.on_hover_text(help);
            (value != old).then(|| value.to_string())
        }
        ParameterKind::Switch { .. } => {
            caption(ui, view, label, help);
            let mut on = settings.int(&parameter.name) == Some(1);
            let words = view.say(if on { panels::ON } else { panels::OFF });
            let response = ui.checkbox(&mut on, words);
            section::named(&response, &name);
            response
                .on_hover_text(help)
                .changed()
                .then(|| i64::from(on).to_string())
        }
        ParameterKind::Text { .. } => {
            caption(ui, view, label, help);
            let value = settings.text(&parameter.name).unwrap_or_default();
            let width = view.theme.sizes.mono * 8.0;
            edited(ui, view, (variant, &parameter.name), value, width, &name)
        }
    }
}

/// A text field that answers with the new text when it is left or Enter is pressed.
fn edited(
    ui: &mut Ui,
    view: &View<'_>,
    key: (usize, &str),
    value: &str,
    width: f32,
    name: &str,
) -> Option<String> {
    let id = ui.make_persistent_id(("setting as text", key));
    let mut words = ui
        .data(|d| d.get_temp::<String>(id))
        .unwrap_or_else(|| value.to_owned());
    let response = ui.add(
        TextEdit::singleline(&mut words)
            .font(view.theme.mono())
            .char_limit(1000)
            .desired_width(width),
    );
    section::named(&response, name);
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(id, words));
        return None;
    }
    ui.data_mut(|d| d.remove::<String>(id));
    let left = response.lost_focus() && !ui.input(|i| i.key_pressed(Key::Escape));
    (left && words != value).then_some(words)
}

fn bar(ui: &mut Ui, view: &View<'_>, state: &Repeating, bench: &Bench<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let running = state.now.as_ref().is_some_and(Repeat::is_running);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.5);
        let hint = view.fill(text::RUNS_HINT, &[("most", &MOST_RUNS)]);
        caption(ui, view, view.say(text::RUNS), &hint);
        let mut runs = state.runs;
        let field = ui.add(
            DragValue::new(&mut runs)
                .range(1..=MOST_RUNS)
                .speed((f64::from(state.runs) / 50.0).max(0.2))
                .update_while_editing(false),
        );
        section::named(&field, view.say(text::RUNS));
        field.on_hover_text(hint);
        if runs != state.runs {
            out.push(wish(Wish::Runs(runs)));
        }
        if let Some(release) = step_release(bench) {
            let calls = view.fill(text::RELEASE_STEP_HINT, &[("calls", release)]);
            for (stepwise, words, hint) in [
                (
                    false,
                    text::RELEASE_FREE,
                    view.say(text::RELEASE_FREE_HINT).to_owned(),
                ),
                (true, text::RELEASE_STEP, calls),
            ] {
                let button = KeyButton::new(view.say(words))
                    .tint(Tint::Quiet)
                    .hint(&hint)
                    .selected(state.stepwise == stepwise);
                if button.show(ui, theme).clicked() && state.stepwise != stepwise {
                    out.push(wish(Wish::Stepwise(stepwise)));
                }
            }
        }
        if running {
            let cancel = KeyButton::new(view.say(text::CANCEL))
                .icon(Icon::Stop)
                .hint(view.say(text::CANCEL_HINT));
            if cancel.show(ui, theme).clicked() {
                out.push(wish(Wish::Cancel));
            }
        } else {
            let start = KeyButton::new(view.say(text::START))
                .icon(Icon::Play)
                .tint(Tint::Primary)
                .hint(view.say(text::START_HINT));
            if start.show(ui, theme).clicked() {
                out.push(wish(Wish::Start));
            }
        }
        more_settings(ui, view, state, out);
    });
}

fn results(
    ui: &mut Ui,
    view: &View<'_>,
    state: &Repeating,
    repeat: &Repeat,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let plan = repeat.plan();
    let (tallies, progress, elapsed, failing) = repeat.read(|report| {
        let failing: Vec<bool> = (0..report.tallies.len())
            .map(|at| report.has_failing(at))
            .collect();
        (
            report.tallies.clone(),
            report.progress.clone(),
            report.elapsed,
            failing,
        )
    });
    let all = u64::from(plan.runs()) * plan.variants().len() as u64;
    let made: u64 = tallies.iter().map(|tally| u64::from(tally.runs)).sum();
    far(ui, view, &progress, made, all, elapsed.as_nanos() as u64);
    if plan.variants() != state.variants.as_slice() {
        section::note(ui, theme, view.say(text::CHANGED));
    }
    let room = ui.available_width() - histogram::margin(view) - theme.gap(6.0);
    let most_bars = (room / histogram::slot(view)).clamp(4.0, 40.0) as usize;
    let bins = bins(tallies.iter().map(|tally| &tally.sizes), most_bars);
    let most = tallies
        .iter()
        .flat_map(|tally| bins.iter().map(|&bin| tally.sizes.count(bin)))
        .max()
        .unwrap_or(0);
    // All histograms in sight where the window is high enough.
    let words = theme.sizes.body * 5.6;
    let height = (ui.clip_rect().max.y - ui.cursor().min.y) / tallies.len() as f32 - words;
    let axes = Axes {
        bins: &bins,
        most,
        height: height.clamp(theme.sizes.small * 8.0, theme.sizes.small * 20.0),
    };
    let labels = labels(plan.lesson(), plan.variants());
    for (at, (tally, label)) in tallies.iter().zip(&labels).enumerate() {
        let shown = Shown {
            at,
            label,
            failing: failing[at],
            last: at + 1 == tallies.len(),
            over: progress != Progress::Running,
        };
        ui.push_id(("result", at), |ui| {
            result(ui, view, &axes, tally, &shown, out);
        });
    }
}

/// How far it is.
fn far(ui: &mut Ui, view: &View<'_>, progress: &Progress, made: u64, all: u64, elapsed: u64) {
    let theme = view.theme;
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("made", &grouped(made)), ("all", &grouped(all))];
    match progress {
        Progress::Running => {
            let words = view.fill(text::PROGRESS, &values);
            let bar = ProgressBar::new(made as f32 / all.max(1) as f32)
                .desired_width(ui.available_width().min(theme.sizes.body * 40.0))
                .text(RichText::new(words).font(theme.small()));
            ui.add(bar);
        }
        Progress::Done => {
            let time = duration(elapsed);
            let words = view.fill(text::DONE, &[("all", &grouped(all)), ("time", &time)]);
            let words = format!("{words} · {}", view.say(text::MEASURED));
            section::note(ui, theme, &words);
        }
        Progress::Cancelled => {
            section::note(ui, theme, &view.fill(text::CANCELLED, &values));
        }
        Progress::Broken(why) => {
            let words = RichText::new(view.fill(text::BROKEN, &[("why", why)]));
            ui.add(Label::new(words.color(theme.colours.bad)).wrap());
        }
    }
}

/// Which result is shown.
struct Shown<'a> {
    at: usize,
    label: &'a str,
    /// Can a failing run be put on the stage?
    failing: bool,
    /// Under the last one the axis is named.
    last: bool,
    over: bool,
}

fn result(
    ui: &mut Ui,
    view: &View<'_>,
    axes: &Axes<'_>,
    tally: &Tally,
    shown: &Shown<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    Frame::new()
        .fill(c.panel)
        .stroke(Stroke::new(1.0, c.line))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.0))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme.gap(0.75);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = theme.gap(2.0);
                badge(ui, view, shown.at);
                let ink = match (tally.failed(), tally.runs) {
                    (_, 0) => c.text_soft,
                    (0, _) => c.good,
                    _ => c.bad,
                };
                let passed = RichText::new(say::passed(tally, view.lang)).font(theme.heading());
                ui.add(Label::new(passed.color(ink)).selectable(false))
                    .on_hover_text(view.say(text::PASSED_HINT));
                let label = RichText::new(shown.label).font(theme.mono());
                ui.add(Label::new(label.color(c.text)));
                if tally.failed() > 0 {
                    let letter = say::letter(shown.at);
                    let name = view.fill(text::SHOW_FAILING, &[("letter", &letter)]);
                    let button = KeyButton::new(&name)
                        .small()
                        .hint(view.say(text::SHOW_FAILING_HINT))
                        .refused(
                            (!shown.failing).then(|| view.say(text::SHOWN_FAILING).to_owned()),
                        );
                    if button.show(ui, theme).clicked() {
                        out.push(wish(Wish::ShowFailing(shown.at)));
                    }
                }
            });
            let mut words = say::faults(tally, view.lang);
            words.extend(say::time(tally, view.lang));
            words.push(say::counts(tally, view.lang));
            section::note(ui, theme, &words.join(" · ")).on_hover_text(view.say(text::TIME_HINT));
            if tally.sizes.total() > 0 {
                histogram::show(ui, view, axes, &tally.sizes, shown.at);
                if shown.last {
                    ui.vertical_centered(|ui| section::note(ui, theme, view.say(text::AXIS)));
                }
            } else if shown.over {
                section::note(ui, theme, view.say(text::NOTHING_RECEIVED));
            }
        });
}
