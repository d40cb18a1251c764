//! The prover tab: a strategy, messages, and every way to cut their stream.

use egui::{
    Align, ComboBox, DragValue, Frame, Label, Layout, ProgressBar, RichText, Stroke, TextEdit, Ui,
    vec2,
};

use super::{Action, Bench, Record, byte_picture, cutter, lanes, words};
use crate::framing::{FramingSpec, escape, unescape};
use crate::i18n::{Lang, workbench as text};
use crate::ui::command::Command;
use crate::ui::figures::{duration, grouped};
use crate::ui::icon::Icon;
use crate::ui::key_button::{KeyButton, Tint};
use crate::ui::section;
use crate::ui::strategies;
use crate::ui::view::View;
use crate::workbench::chunks::{Encoded, Traffic};
use crate::workbench::demonstrate::{self, Case, Demonstrating};
use crate::workbench::prove::{
    Answer, Counterexample, MOST_SAMPLES, MOST_SINGLES, MOST_WIRE, Outcome, Proving, Report, Task,
    planned,
};
use crate::workbench::race::{Lane, Race};

/// Messages of a lesson that are taken at first.
const FIRST_MESSAGES: u32 = 10;
/// Bytes of messages that can be typed in.
const MOST_TEXT: usize = 64 * 1024;

/// One wish for the prover.
#[derive(Clone, Debug, PartialEq)]
pub enum ProveAction {
    /// Prove that strategy.
    Strategy(FramingSpec),
    /// With these messages: one a line, with the escapes of C.
    Messages(String),
    /// With the messages of the lesson.
    LessonMessages,
    /// Try every pair of cuts for streams up to that many bytes.
    PairsUpTo(usize),
    /// Try that many random cuttings.
    Samples(u64),
    /// With that seed.
    Seed(u64),
    /// Begin.
    Start,
    /// End the proof under way.
    Cancel,
    /// Show the counter-example in the race.
    OpenInRace,
    /// Send its messages on real sockets, receive them cut so, and show that on the stage.
    OpenOnStage,
}

/// What shall be proven, what is being proven, and what came of it.
pub struct ProveState {
    /// As chosen; else the strategy of the lesson as it stands.
    strategy: Option<FramingSpec>,
    /// As typed; else the lesson's.
    messages: Option<String>,
    pairs_up_to: usize,
    samples: u64,
    seed: u64,
    proving: Option<Proving>,
    result: Option<Proven>,
    trouble: Option<String>,
    /// The counter-example, on its way to the stage.
    demonstrating: Option<Demonstrating>,
    /// Why it did not get there.
    no_stage: Option<demonstrate::Trouble>,
}

/// A report, and the race that shows its counter-example.
struct Proven {
    report: Report,
    shown: Option<(Race, Lane)>,
    /// Why its counter-example cannot be shown on the stage.
    no_stage: Option<demonstrate::Trouble>,
}

impl Default for ProveState {
    fn default() -> Self {
        let task = Task::default();
        ProveState {
            strategy: None,
            messages: None,
            pairs_up_to: task.pairs_up_to,
            samples: task.samples,
            seed: task.seed,
            proving: None,
            result: None,
            trouble: None,
            demonstrating: None,
            no_stage: None,
        }
    }
}

impl ProveState {
    /// What the last proof came to.
    pub fn report(&self) -> Option<&Report> {
        self.result.as_ref().map(|proven| &proven.report)
    }

    /// Is one under way?
    pub fn is_proving(&self) -> bool {
        self.proving.is_some()
    }

    fn spec<'a>(&'a self, bench: &Bench<'a>) -> &'a FramingSpec {
        self.strategy.as_ref().unwrap_or(&bench.settings.framing)
    }

    fn text(&self, bench: &Bench<'_>) -> String {
        self.messages
            .clone()
            .unwrap_or_else(|| lesson_messages(bench))
    }

    /// The task, or the line (from 1) that is no message and why.
    fn task(&self, bench: &Bench<'_>) -> Result<Task, (usize, String)> {
        Ok(Task {
            spec: self.spec(bench).clone(),
            messages: read(&self.text(bench))?,
            pairs_up_to: self.pairs_up_to,
            samples: self.samples,
            seed: self.seed,
        })
    }

    /// Is a counter-example on its way to the stage?
    pub fn is_demonstrating(&self) -> bool {
        self.demonstrating.is_some()
    }

    /// Takes in what the threads found; gives what is to be put on the stage.
    pub(super) fn logic(&mut self) -> Option<Record> {
        self.take_report();
        match self.demonstrating.as_ref()?.take()? {
            Ok(trace) => {
                self.demonstrating = None;
                let notice = Some(Lang::ALL.map(|lang| words::on_stage(&trace, lang)));
                Some(Record { trace, notice })
            }
            Err(trouble) => {
                self.demonstrating = None;
                self.no_stage = Some(trouble);
                None
            }
        }
    }

    /// The counter-example, as a run on real sockets.
    fn case(&self, bench: &Bench<'_>) -> Option<Case> {
        let report = self.report()?;
        let Outcome::Fails(found) = &report.outcome else {
            return None;
        };
        let params = bench.settings.iter();
        Some(Case {
            spec: report.task.spec.clone(),
            messages: report.task.messages.clone(),
            cuts: found.cuts.clone(),
            lesson: bench.lesson.id.clone(),
            params: params
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect(),
        })
    }

    fn take_report(&mut self) {
        let Some(proving) = &self.proving else { return };
        match proving.answer() {
            Answer::UnderWay => {}
            Answer::Gone => self.proving = None,
            Answer::Done(report) => {
                self.proving = None;
                let shown = match &report.outcome {
                    Outcome::Fails(found) => show_case(&report, found),
                    _ => None,
                };
                let no_stage = match &report.outcome {
                    Outcome::Fails(found) => {
                        demonstrate::pieces(&report.task.spec, &report.task.messages, &found.cuts)
                            .err()
                    }
                    _ => None,
                };
                self.result = Some(Proven {
                    report: *report,
                    shown,
                    no_stage,
                });
            }
        }
    }

    /// Gives what the race shall open, if that is asked for.
    pub(super) fn apply(
        &mut self,
        action: &ProveAction,
        bench: &Bench<'_>,
    ) -> Option<(Task, Vec<usize>)> {
        match action {
            ProveAction::Strategy(spec) => self.strategy = Some(spec.clone()),
            ProveAction::Messages(text) => self.messages = Some(text.clone()),
            ProveAction::LessonMessages => self.messages = None,
            ProveAction::PairsUpTo(bytes) => self.pairs_up_to = *bytes,
            ProveAction::Samples(samples) => self.samples = (*samples).min(MOST_SAMPLES),
            ProveAction::Seed(seed) => self.seed = *seed,
            ProveAction::Start => {
                let Ok(task) = self.task(bench) else {
                    return None;
                };
                let waker = bench.waker.clone();
                // The one before ends first.
                self.proving = None;
                (self.result, self.trouble) = (None, None);
                (self.demonstrating, self.no_stage) = (None, None);
                match Proving::start(task, move || waker()) {
                    Ok(proving) => self.proving = Some(proving),
                    Err(error) => self.trouble = Some(error.to_string()),
                }
            }
            ProveAction::Cancel => {
                if let Some(proving) = &self.proving {
                    proving.cancel();
                }
            }
            ProveAction::OpenOnStage => {
                self.no_stage = None;
                if let Some(case) = self.case(bench) {
                    match Demonstrating::start(case, bench.waker.clone()) {
                        Ok(demonstrating) => self.demonstrating = Some(demonstrating),
                        Err(error) => self.trouble = Some(error.to_string()),
                    }
                }
            }
            ProveAction::OpenInRace => {
                let report = self.report()?;
                if let Outcome::Fails(found) = &report.outcome {
                    return Some((report.task.clone(), found.cuts.clone()));
                }
            }
        }
        None
    }
}

fn show_case(report: &Report, found: &Counterexample) -> Option<(Race, Lane)> {
    let traffic = Traffic::made_up(
        report.task.messages.clone(),
        report.task.spec.clone(),
        &found.cuts,
    );
    let race = Race::new(traffic, &[]);
    let lane = race.run(&race.measured_cuts()).into_iter().next()?;
    Some((race, lane))
}

/// The lesson's first messages with the settings as they stand, one a line.
fn lesson_messages(bench: &Bench<'_>) -> String {
    let source = bench.lesson.messages.resolve(bench.settings);
    let mut text = String::new();
    for n in 0..source.count().min(FIRST_MESSAGES) {
        let line = line_of(&source.message(n));
        if n > 0 {
            if text.len() + line.len() >= MOST_TEXT {
                break;
            }
            text.push('\n');
        }
        text.push_str(&line);
    }
    text
}

/// A message as a line of text: readable text as it is, everything else with escapes.
fn line_of(message: &[u8]) -> String {
    match std::str::from_utf8(message) {
        Ok(text) if !text.chars().any(char::is_control) => text.replace('\\', r"\\"),
        _ => escape(message),
    }
}

/// The messages of a text: one a line. No line is no message.
fn read(text: &str) -> Result<Vec<Vec<u8>>, (usize, String)> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split('\n')
        .enumerate()
        .map(|(at, line)| unescape(line).map_err(|error| (at + 1, error.to_string())))
        .collect()
}

fn wish(out: &mut Vec<Command>, action: ProveAction) {
    out.push(Command::Workbench(Action::Prove(action)));
}

/// With less height than so many lines of text, the answer stands above the question.
const ROOM: f32 = 28.0;

/// Shows the prover.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    state: &ProveState,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let height = ui.available_height();
    egui::ScrollArea::vertical()
        .id_salt("prover")
        .auto_shrink(false)
        .show(ui, |ui| {
            // The bar that scrolls lies over what is shown.
            ui.set_width(ui.available_width() - view.theme.gap(2.5));
            strategy(ui, view, state, bench, out);
            // A room waits for the answer, and so does a small window: what was asked stands below.
            let answer_first = view.presenter || height < ROOM * view.theme.sizes.body;
            if !answer_first {
                question(ui, view, state, bench, out);
            }
            ui.add_space(view.theme.gap(1.5));
            go(ui, view, state, bench, out);
            ui.add_space(view.theme.gap(1.5));
            if let Some(proven) = &state.result {
                answer(ui, view, state, proven, out);
            }
            if answer_first {
                question(ui, view, state, bench, out);
            }
        });
}

/// Which strategy is to be proven.
fn strategy(
    ui: &mut Ui,
    view: &View<'_>,
    state: &ProveState,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let now = state.spec(bench);
    ui.horizontal_wrapped(|ui| {
        caption(ui, view, view.say(text::STRATEGY));
        let mut choices = FramingSpec::choices();
        if !choices.contains(now) {
            choices.insert(0, now.clone());
        }
        let mut chosen = now.clone();
        let width = (ui.available_width() * 0.6).min(theme.sizes.body * 26.0);
        let response = ComboBox::from_id_salt("strategy to prove")
            .selected_text(strategies::name(now, view.lang))
            .width(width)
            .height(theme.sizes.body * 30.0)
            .truncate()
            .show_ui(ui, |ui| {
                for spec in choices {
                    let name = strategies::name(&spec, view.lang);
                    let help = strategies::help(&spec, view.lang);
                    ui.selectable_value(&mut chosen, spec, name)
                        .on_hover_text(help);
                }
            })
            .response;
        section::named(&response, view.say(text::STRATEGY));
        if chosen != *now {
            wish(out, ProveAction::Strategy(chosen));
        }
    });
}

/// With which messages, and how much is tried.
fn question(
    ui: &mut Ui,
    view: &View<'_>,
    state: &ProveState,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        caption(ui, view, view.say(text::MESSAGES_ONE_A_LINE));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let lesson = KeyButton::new(view.say(text::LESSON_MESSAGES))
                .small()
                .tint(Tint::Quiet)
                .hint(view.say(text::LESSON_MESSAGES_HINT))
                .refused(
                    state
                        .messages
                        .is_none()
                        .then(|| view.say(text::ARE_LESSON_MESSAGES).to_owned()),
                );
            if lesson.show(ui, theme).clicked() {
                wish(out, ProveAction::LessonMessages);
            }
        });
    });
    let mut typed = state.text(bench);
    let rows = typed
        .split('\n')
        .count()
        .clamp(2, if view.presenter { 3 } else { 6 });
    egui::ScrollArea::vertical()
        .id_salt("messages to prove")
        .max_height(theme.sizes.mono * 1.45 * rows as f32 + theme.gap(2.0))
        .show(ui, |ui| {
            let response = ui.add(
                TextEdit::multiline(&mut typed)
                    .font(theme.mono())
                    .char_limit(MOST_TEXT)
                    .desired_rows(rows)
                    .desired_width(f32::INFINITY),
            );
            section::named(&response, view.say(text::MESSAGES_ONE_A_LINE));
            if response.changed() {
                wish(out, ProveAction::Messages(typed));
            }
        });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.5), theme.gap(1.0));
        let mut pairs = state.pairs_up_to;
        caption(ui, view, view.say(text::PAIRS_UP_TO));
        let response = ui
            .add(
                DragValue::new(&mut pairs)
                    .range(0..=MOST_SINGLES)
                    .suffix(" B")
                    .speed(8),
            )
            .on_hover_text(view.say(text::PAIRS_UP_TO_HINT));
        section::named(&response, view.say(text::PAIRS_UP_TO));
        if pairs != state.pairs_up_to {
            wish(out, ProveAction::PairsUpTo(pairs));
        }
        let mut samples = state.samples;
        caption(ui, view, view.say(text::SAMPLES));
        let response = ui
            .add(
                DragValue::new(&mut samples)
                    .range(0..=MOST_SAMPLES)
                    .speed(1_000),
            )
            .on_hover_text(view.say(text::SAMPLES_HINT));
        section::named(&response, view.say(text::SAMPLES));
        if samples != state.samples {
            wish(out, ProveAction::Samples(samples));
        }
        let mut seed = state.seed;
        caption(ui, view, view.say(text::SEED));
        let response = ui
            .add(DragValue::new(&mut seed).speed(1))
            .on_hover_text(view.say(text::SEED_HINT));
        section::named(&response, view.say(text::SEED));
        if seed != state.seed {
            wish(out, ProveAction::Seed(seed));
        }
    });
}

fn caption(ui: &mut Ui, view: &View<'_>, words: &str) {
    ui.add(
        Label::new(
            RichText::new(words)
                .font(view.theme.small())
                .color(view.theme.colours.text_soft),
        )
        .selectable(false),
    );
}

/// How many cuttings that is, the button, and how far it is.
fn go(ui: &mut Ui, view: &View<'_>, state: &ProveState, bench: &Bench<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    let task = state.task(bench);
    let (plan, refusal) = match &task {
        Err((line, why)) => {
            let why = view.fill(text::NO_MESSAGE_LINE, &[("line", line), ("why", why)]);
            (None, Some(why))
        }
        Ok(task) if task.messages.is_empty() => {
            (None, Some(view.say(text::NO_MESSAGES).to_owned()))
        }
        Ok(task) => match Encoded::new(&task.spec, &task.messages) {
            // That it cannot be encoded is an answer too: the button gives it.
            Err(_) => (None, None),
            Ok(encoded) if encoded.wire.len() > MOST_WIRE => (None, None),
            Ok(encoded) => {
                let bytes = encoded.wire.len();
                let cuttings = grouped(planned(task, bytes));
                let words = view.fill(text::PLAN, &[("n", &cuttings), ("bytes", &bytes)]);
                (Some(words), None)
            }
        },
    };
    ui.horizontal_wrapped(|ui| {
        if let Some(proving) = &state.proving {
            let cancel = KeyButton::new(view.say(text::CANCEL_PROOF)).icon(Icon::Stop);
            if cancel.show(ui, theme).clicked() {
                wish(out, ProveAction::Cancel);
            }
            let (tried, planned) = proving.progress();
            let share = tried as f32 / planned.max(1) as f32;
            let words = view.fill(
                text::PROGRESS,
                &[("tried", &grouped(tried)), ("planned", &grouped(planned))],
            );
            let width = (ui.available_width() - theme.gap(1.0)).max(60.0);
            ui.add(
                ProgressBar::new(share.min(1.0))
                    .desired_width(width)
                    .fill(c.accent_fill)
                    .text(RichText::new(words).font(theme.small()).color(c.text)),
            );
            return;
        }
        let prove = KeyButton::new(view.say(text::START_PROOF))
            .icon(Icon::Play)
            .tint(Tint::Primary)
            .hint(view.say(text::START_PROOF_HINT))
            .refused(refusal.clone());
        if prove.show(ui, theme).clicked() {
            wish(out, ProveAction::Start);
        }
        for (words, ink) in [
            (plan, c.text_soft),
            (refusal, c.warn),
            (state.trouble.clone(), c.bad),
        ] {
            if let Some(words) = words {
                ui.add(Label::new(RichText::new(words).font(theme.small()).color(ink)).wrap());
            }
        }
    });
}

fn answer(
    ui: &mut Ui,
    view: &View<'_>,
    state: &ProveState,
    proven: &Proven,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let report = &proven.report;
    let (ink, ground) = match report.outcome {
        Outcome::Holds => (c.good, c.good_fill),
        Outcome::Cancelled => (c.warn, c.warn_fill),
        _ => (c.bad, c.bad_fill),
    };
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, ink))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(
                Label::new(
                    RichText::new(words::verdict(report, view.lang))
                        .font(theme.heading())
                        .color(ink),
                )
                .wrap(),
            );
            let detail = words::verdict_detail(report, view.lang);
            if !detail.is_empty() {
                ui.add(Label::new(RichText::new(detail).font(theme.body()).color(c.text)).wrap());
            }
        });
    if let (Outcome::Fails(found), Some((race, lane))) = (&report.outcome, &proven.shown) {
        ui.add_space(theme.gap(1.0));
        ui.horizontal_wrapped(|ui| {
            section::title(ui, theme, view.say(text::CUTTING));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let open = KeyButton::new(view.say(text::OPEN_IN_RACE))
                    .icon(Icon::Bench)
                    .hint(view.say(text::OPEN_IN_RACE_HINT));
                if open.show(ui, theme).clicked() {
                    wish(out, ProveAction::OpenInRace);
                }
                let refusal = if state.is_demonstrating() {
                    Some(view.say(text::ON_ITS_WAY).to_owned())
                } else {
                    proven
                        .no_stage
                        .as_ref()
                        .map(|why| words::no_stage(why, view.lang))
                };
                let show = KeyButton::new(view.say(text::OPEN_ON_STAGE))
                    .icon(Icon::Play)
                    .hint(view.say(text::OPEN_ON_STAGE_HINT))
                    .refused(refusal);
                if show.show(ui, theme).clicked() {
                    wish(out, ProveAction::OpenOnStage);
                }
            });
        });
        if let Some(trouble) = &state.no_stage {
            let words = words::no_stage(trouble, view.lang);
            ui.add(Label::new(RichText::new(words).font(theme.small()).color(c.bad)).wrap());
        }
        byte_picture::show(ui, view, race, report, &found.cuts);
        section::title(ui, theme, view.say(text::CAME_OUT));
        let gutter = lanes::gutter(ui, view);
        let cuts = race.measured_cuts();
        let axis = cutter::still(ui, race, gutter);
        lanes::show(ui, view, race, lane, &race.traffic().numbers, &axis, &cuts);
    }
    ui.add_space(theme.gap(1.0));
    section::title(ui, theme, view.say(text::FAMILIES));
    for family in &report.families {
        let words = words::family(family, report.task.seed, view.lang);
        section::note(ui, theme, &words);
    }
    let nanos = u64::try_from(report.took.as_nanos()).unwrap_or(u64::MAX);
    section::note(
        ui,
        theme,
        &view.fill(
            text::TOOK,
            &[("n", &grouped(report.tried())), ("time", &duration(nanos))],
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_lines_and_come_back_from_them() {
        for message in [
            &b"hello"[..],
            "你好，世界".as_bytes(),
            b"a\\b",
            b"\x00\n\xff",
            b"",
        ] {
            let text = format!("{}\nx", line_of(message));
            assert_eq!(read(&text), Ok(vec![message.to_vec(), b"x".to_vec()]));
        }
        assert_eq!(read(""), Ok(Vec::new()));
        let (line, why) = read("ok\n\\q").unwrap_err();
        assert!(line == 2 && why.contains(r"\q"), "{why}");
    }
}
