//! The lesson's text: a step at a time, with predict, run and reveal.

use std::borrow::Cow;

use egui::{
    Align, Color32, Frame, Layout, Response, RichText, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, text::LayoutJob, text::TextFormat, vec2,
};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use super::command::Command;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::section;
use super::task_card::{self, TaskCard};
use super::theme::Theme;
use super::view::View;
use super::why::actor_name;
use crate::experiment::Reach;
use crate::i18n::{capture, panels as text, route, segments};
use crate::lesson::{Expr, Lesson, OptionText, StepText};
use crate::trace::{ActorId, Network};

/// What comes next in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// An answer is to be chosen.
    Predict,
    /// Calls are to be released.
    Release,
    /// They are running.
    Releasing,
    /// The run has spoken; the next step comes now.
    Next,
    /// It was the last step.
    Done,
}

/// What the panel shows.
#[derive(Clone, Copy)]
pub struct LessonPanel<'a> {
    /// The open lesson.
    pub lesson: &'a Lesson,
    /// Step shown, from 0.
    pub step: usize,
    /// What comes next.
    pub beat: Beat,
    /// The option chosen in this step.
    pub guess: Option<usize>,
    /// Hands shown in the room, by option; empty where nobody was asked.
    pub votes: &'a [u32],
    /// Once the run has spoken: the option that came true, or none of them.
    pub truth: Option<Option<usize>>,
    /// The actors that an external program may play.
    pub externals: &'a [External],
    /// The closing tasks.
    pub tasks: &'a [TaskCard<'a>],
}

/// An actor that an external program may play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// Which.
    pub actor: ActorId,
    /// Is it so now?
    pub on: bool,
    /// Who may play it, if that can be chosen.
    pub reach: Option<Reach>,
    /// Host and port where the lab waits (or where the program must listen), once known.
    pub address: Option<(String, u16)>,
    /// Has it come?
    pub connected: bool,
}

impl External {
    /// Host and port as one writes them, `127.0.0.1:40001` or `[::1]:40001` (RFC 3986, 3.2.2).
    pub fn place(&self) -> Option<String> {
        let (host, port) = self.address.as_ref()?;
        Some(if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        })
    }
}

/// Shows the step. `cache` belongs to the app (laid-out Markdown).
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    panel: &LessonPanel<'_>,
    cache: &mut CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let text = panel.lesson.text(view.lang);
    ui.spacing_mut().item_spacing.y = theme.gap(2.0);
    // In a room the title is said once; from then on the room is the step's.
    if !view.presenter || panel.step == 0 {
        head(ui, view, panel);
    }
    steps(ui, view, panel);
    if panel.step == 0 && !text.intro.is_empty() {
        markdown(ui, theme, cache, &text.intro, theme.colours.text_soft);
    }
    if let Some(step) = panel.lesson.step_text(panel.step, view.lang) {
        if !step.title.is_empty() {
            ui.label(
                RichText::new(&step.title)
                    .font(theme.heading())
                    .color(theme.colours.text),
            );
        }
        // In a room the answer takes the place of what led to the question.
        if !(view.presenter && panel.truth.is_some()) {
            markdown(ui, theme, cache, &step.body, theme.colours.text);
        }
        prediction(ui, view, panel, step, out);
        if matches!(panel.beat, Beat::Next | Beat::Done) {
            markdown(ui, theme, cache, &step.reveal, theme.colours.text);
        }
    }
    // The tasks stand at the end of the lesson, where everything they need has been seen.
    if panel.step + 1 == panel.lesson.steps.len() {
        for card in panel.tasks {
            ui.add_space(theme.gap(1.0));
            task_card::show(ui, view, card, cache, out);
        }
    }
}

/// Shows who of the actors may be played by a program outside the lab, and how.
pub fn show_externals(
    ui: &mut Ui,
    view: &View<'_>,
    panel: &LessonPanel<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    if panel.externals.is_empty() {
        return;
    }
    Frame::new()
        .fill(theme.colours.card)
        .stroke(Stroke::new(1.0, theme.colours.line))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = theme.gap(1.5);
            section::title(ui, theme, view.say(text::EXTERNAL));
            for external in panel.externals {
                external_part(ui, view, panel.lesson, external, out);
            }
        });
}

/// The notes for the teacher: a button that asks for them, and they themselves once asked for.
pub fn show_notes(
    ui: &mut Ui,
    view: &View<'_>,
    panel: &LessonPanel<'_>,
    shown: bool,
    cache: &mut CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let notes = &panel.lesson.text(view.lang).notes;
    // Never on the projector, whoever asks.
    if notes.is_empty() || view.presenter {
        return;
    }
    ui.add_space(theme.gap(3.0));
    let words = view.say(if shown {
        route::NOTES_HIDE
    } else {
        route::NOTES
    });
    let ask = KeyButton::new(words)
        .icon(if shown { Icon::Unfolded } else { Icon::Folded })
        .tint(Tint::Quiet)
        .small()
        .hint(view.say(route::NOTES_HINT));
    if ask.show(ui, theme).clicked() {
        out.push(Command::ToggleNotes);
    }
    if !shown {
        return;
    }
    Frame::new()
        .fill(theme.colours.card)
        .stroke(Stroke::new(1.0, theme.colours.line))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = theme.gap(1.5);
            section::title(ui, theme, view.say(route::NOTES));
            if panel.lesson.minutes > 0 {
                let minutes = panel.lesson.minutes;
                section::note(
                    ui,
                    theme,
                    &view.fill(route::LESSON_MINUTES, &[("n", &minutes)]),
                );
            }
            markdown(ui, theme, cache, notes, theme.colours.text);
        });
}

/// Where no lesson is open.
pub fn show_none(ui: &mut Ui, view: &View<'_>) {
    let theme = view.theme;
    ui.label(
        RichText::new(view.say(text::NO_LESSON))
            .font(theme.heading())
            .color(theme.colours.text),
    );
    ui.label(
        RichText::new(view.say(text::NO_LESSON_CURE))
            .font(theme.body())
            .color(theme.colours.text_soft),
    );
}

fn head(ui: &mut Ui, view: &View<'_>, panel: &LessonPanel<'_>) {
    let theme = view.theme;
    let c = &theme.colours;
    ui.add(
        egui::Label::new(
            RichText::new(panel.lesson.title(view.lang))
                .font(theme.title())
                .color(c.text),
        )
        .wrap(),
    );
}

/// Which step of how many: in words, and as a row of marks where there is room for it.
fn steps(ui: &mut Ui, view: &View<'_>, panel: &LessonPanel<'_>) {
    let theme = view.theme;
    let c = &theme.colours;
    let total = panel.lesson.steps.len();
    if total < 2 {
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.0);
        let words = view.fill(text::STEP_OF, &[("n", &(panel.step + 1)), ("m", &total)]);
        ui.label(RichText::new(words).font(theme.small()).color(c.text_faint));
        let room = ui.available_width() - theme.gap(1.0);
        // One mark is twice as long as the others.
        let long = (room / (total as f32 + 1.0) - theme.gap(1.0)).min(theme.gap(2.0));
        if long >= 2.0 {
            ui.add_space(theme.gap(0.5));
            for n in 0..total {
                let size = vec2(
                    if n == panel.step { 2.0 * long } else { long },
                    theme.gap(1.0),
                );
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                let colour = match n.cmp(&panel.step) {
                    std::cmp::Ordering::Less => c.good,
                    std::cmp::Ordering::Equal => c.accent,
                    std::cmp::Ordering::Greater => c.line,
                };
                ui.painter().rect_filled(rect, size.y / 2.0, colour);
            }
        }
    });
}

pub(super) fn markdown(
    ui: &mut Ui,
    theme: &Theme,
    cache: &mut CommonMarkCache,
    source: &str,
    ink: Color32,
) {
    if source.trim().is_empty() {
        return;
    }
    ui.scope(|ui| {
        let style = ui.style_mut();
        // Emphasis differs by brightness: the viewer has no heavier cut.
        style.visuals.override_text_color = None;
        style.visuals.widgets.noninteractive.fg_stroke.color = ink;
        style.visuals.widgets.inactive.fg_stroke.color = ink;
        style.visuals.widgets.active.fg_stroke.color = theme.colours.select;
        style
            .text_styles
            .insert(egui::TextStyle::Heading, theme.heading());
        style.spacing.item_spacing.y = theme.gap(1.5);
        CommonMarkViewer::new().show(ui, cache, &closed_emphasis(source));
    });
}

/// `**…。**` directly before a letter does not close in Markdown: its rule is made for scripts with
/// spaces. Moving the mark out of the emphasis says the same and closes.
fn closed_emphasis(source: &str) -> Cow<'_, str> {
    if !source.contains("**") {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let (mut open, mut code) = (false, false);
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            code = !code;
        } else if rest.starts_with("\n\n") {
            (open, code) = (false, false);
        } else if !code && rest.starts_with("**") {
            rest = &rest[2..];
            let mark = out
                .chars()
                .last()
                .filter(|m| "。？！：，；、”）".contains(*m));
            let next = rest.chars().next();
            match mark {
                Some(mark) if open && next.is_some_and(|n| !n.is_whitespace()) => {
                    out.pop();
                    out.push_str("**");
                    out.push(mark);
                }
                _ => out.push_str("**"),
            }
            open = !open;
            continue;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    Cow::Owned(out)
}

fn prediction(
    ui: &mut Ui,
    view: &View<'_>,
    panel: &LessonPanel<'_>,
    step: &StepText,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let has_prediction = panel
        .lesson
        .steps
        .get(panel.step)
        .is_some_and(|step| step.predict.is_some());
    if !has_prediction || step.options.is_empty() {
        return;
    }
    let question = if step.question.is_empty() {
        view.say(text::PREDICT)
    } else {
        &step.question
    };
    ui.add(egui::Label::new(inline(theme, question, &theme.strong(), theme.colours.text)).wrap());
    ui.spacing_mut().item_spacing.y = theme.gap(1.25);
    for (n, option) in step.options.iter().enumerate() {
        // In a room, once it is settled, only what was said and what is right.
        let counts = panel.guess == Some(n)
            || panel.truth == Some(Some(n))
            || panel.votes.get(n).is_some_and(|&hands| hands > 0);
        if view.presenter && panel.truth.is_some() && !counts {
            continue;
        }
        let response = radio(ui, view, n, option, panel);
        if response.clicked() {
            let (step, option) = (panel.step, n);
            out.push(if view.presenter {
                Command::Vote { step, option }
            } else {
                Command::Predict { step, option }
            });
        }
    }
    let hands: u32 = panel.votes.iter().sum();
    if view.presenter && panel.truth.is_none() && hands > 0 {
        // Who showed their hands for what is not said before the run has spoken.
        section::note(ui, theme, &view.fill(text::HANDS_UP, &[("n", &hands)]));
    }
    if panel.beat == Beat::Predict && !view.presenter {
        section::note(ui, theme, view.say(text::PREDICT_HINT));
    }
    verdict(ui, view, panel, step);
}

/// One answer: a wide button with a radio mark and its key.
fn radio(
    ui: &mut Ui,
    view: &View<'_>,
    n: usize,
    option: &OptionText,
    panel: &LessonPanel<'_>,
) -> Response {
    let theme = view.theme;
    let c = &theme.colours;
    let right = panel.truth == Some(Some(n));
    let settled = panel.truth.is_some();
    // What most of the room think is said when the run has spoken.
    let chosen = panel.guess == Some(n) && (settled || panel.votes.is_empty());
    let open = !settled && panel.beat != Beat::Releasing;
    let tight = view.presenter;
    let pad = vec2(
        theme.gap(if tight { 1.5 } else { 3.0 }),
        theme.gap(if tight { 1.0 } else { 2.0 }),
    );
    let mark = theme.sizes.body * 1.05;
    let all: u32 = panel.votes.iter().sum();
    let hands = (settled && all > 0).then(|| panel.votes.get(n).copied().unwrap_or(0));
    let key_width = if hands.is_some() {
        theme.sizes.small * 2.4
    } else if open && !tight {
        theme.sizes.small * 1.6
    } else {
        0.0
    };
    let width = ui.available_width();
    let wrap = width - 2.0 * pad.x - mark - theme.gap(2.0) - key_width;
    let mut job = inline(theme, &option.label, &theme.body(), c.text);
    job.wrap.max_width = wrap;
    let galley = ui.painter().layout_job(job);
    let height = (galley.size().y + 2.0 * pad.y).max(theme.sizes.body * 2.5);
    let sense = if open { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), sense);
    let mut name = view.fill(
        text::OPTION,
        &[("n", &(n + 1)), ("text", &option.label.replace('`', ""))],
    );
    if let Some(hands) = hands {
        name = format!("{name}, {}", view.fill(text::HANDS, &[("n", &hands)]));
    }
    response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, open, chosen, &name));
    let (ground, edge) = match (settled, right, chosen) {
        (true, true, _) => (c.good_fill, c.good),
        (true, false, true) => (c.bad_fill, c.bad),
        (_, _, true) => (c.accent_fill, c.accent),
        _ if response.hovered() && open => (c.card, c.line_strong),
        _ => (c.card, c.line),
    };
    let painter = ui.painter();
    painter.rect(
        rect,
        theme.radius(),
        ground,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    if let Some(hands) = hands {
        // How many of the room said so, as a bar along the lower edge and as a figure.
        let share = hands as f32 / all as f32;
        let bar = egui::Rect::from_min_max(
            pos2(rect.min.x, rect.max.y - theme.gap(1.0)),
            pos2(rect.min.x + rect.width() * share, rect.max.y),
        );
        painter.rect_filled(bar, theme.radius(), edge);
        painter.text(
            pos2(rect.max.x - pad.x, rect.center().y),
            egui::Align2::RIGHT_CENTER,
            hands,
            theme.strong(),
            c.text,
        );
    }
    if response.has_focus() {
        painter.rect_stroke(
            rect.expand(1.5),
            theme.radius(),
            Stroke::new(2.0, c.accent),
            StrokeKind::Middle,
        );
    }
    let middle = pos2(rect.min.x + pad.x + mark / 2.0, rect.center().y);
    let area = egui::Rect::from_center_size(middle, Vec2::splat(mark * 0.8));
    if settled && right {
        icon::paint(painter, area, Icon::Check, c.good);
    } else if settled && chosen {
        icon::paint(painter, area, Icon::Cross, c.bad);
    } else {
        painter.circle_stroke(middle, mark * 0.4, Stroke::new(1.5, c.text_soft));
        if chosen {
            painter.circle_filled(middle, mark * 0.22, c.text);
        }
    }
    let at = pos2(
        rect.min.x + pad.x + mark + theme.gap(2.0),
        rect.center().y - galley.size().y / 2.0,
    );
    painter.galley(at, galley, c.text);
    if open && !tight {
        painter.text(
            pos2(rect.max.x - pad.x, rect.center().y),
            egui::Align2::RIGHT_CENTER,
            n + 1,
            theme.small(),
            c.text_faint,
        );
    }
    response
}

/// "You predicted …; the run returned …", and why the answer was wrong.
fn verdict(ui: &mut Ui, view: &View<'_>, panel: &LessonPanel<'_>, step: &StepText) {
    let (Some(guess), Some(truth)) = (panel.guess, panel.truth) else {
        return;
    };
    let theme = view.theme;
    let c = &theme.colours;
    let label = |n: usize| {
        step.options
            .get(n)
            .map_or_else(String::new, |o| o.label.replace('`', ""))
    };
    // Where the answers are in the segments and there are none, that is why.
    let asks_of_segments = panel
        .lesson
        .steps
        .iter()
        .find(|s| s.id == step.id)
        .and_then(|s| s.predict.as_ref())
        .is_some_and(|p| p.options.iter().any(Expr::speaks_of_segments));
    let not_captured = match &view.trace.meta().network {
        Network::Host { refused } if asks_of_segments => Some(
            refused
                .as_deref()
                .map_or(segments::HOST_BY_CHOICE, segments::refused),
        ),
        _ => None,
    };
    let (phrase, ink) = match truth {
        Some(right) if right == guess => (text::RIGHT, c.good),
        Some(_) => (text::WRONG, c.bad),
        None if not_captured.is_some() => (capture::UNSETTLED, c.warn),
        None => (text::UNSETTLED, c.warn),
    };
    let words = view.fill(
        phrase,
        &[
            ("why", &not_captured.map_or("", |why| view.say(why))),
            ("guess", &label(guess)),
            ("truth", &truth.map(label).unwrap_or_default()),
        ],
    );
    ui.add(egui::Label::new(RichText::new(words).font(theme.strong()).color(ink)).wrap());
    let mut reasons = vec![guess];
    reasons.extend(truth.filter(|right| *right != guess));
    for n in reasons {
        if let Some(option) = step.options.get(n).filter(|o| !o.why.is_empty()) {
            let job = inline(theme, &option.why, &theme.body(), c.text_soft);
            ui.add(egui::Label::new(job).wrap());
        }
    }
}

/// Markdown's inline code in the fixed font; the rest as it is.
fn inline(theme: &Theme, source: &str, font: &egui::FontId, ink: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (n, piece) in source.split('`').enumerate() {
        let code = n % 2 == 1;
        let format = TextFormat {
            font_id: if code { theme.mono() } else { font.clone() },
            color: ink,
            ..TextFormat::default()
        };
        let piece = if code {
            piece.to_owned()
        } else {
            piece.replace("**", "")
        };
        job.append(&piece, 0.0, format);
    }
    job
}

fn external_part(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    external: &External,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let Some(actor) = lesson.actors.get(usize::from(external.actor.0)) else {
        return;
    };
    let who = actor_name(view.trace, external.actor, view.lang);
    let mut on = external.on;
    let name = view.fill(text::EXTERNAL_SWITCH, &[("who", &who)]);
    if ui.checkbox(&mut on, name).changed() {
        out.push(Command::SetExternal(external.actor, on));
    }
    if !external.on {
        return;
    }
    if let Some(reach) = external.reach {
        let mut open = reach == Reach::Network;
        let switch = ui
            .checkbox(&mut open, view.say(text::REACH_SWITCH))
            .on_hover_text(view.say(text::REACH_HINT));
        if switch.changed() {
            let reach = if open {
                Reach::Network
            } else {
                Reach::Loopback
            };
            out.push(Command::SetReach(reach));
        }
        if open {
            let warning = RichText::new(view.say(text::REACH_WARNING))
                .font(theme.small())
                .color(c.warn);
            ui.add(egui::Label::new(warning).wrap());
        }
    }
    let (Some((host, port)), Some(address)) = (&external.address, external.place()) else {
        section::note(ui, theme, view.say(text::EXTERNAL_START));
        return;
    };
    if external.connected {
        ui.label(
            RichText::new(view.say(text::EXTERNAL_CONNECTED))
                .font(theme.body())
                .color(c.good),
        );
        return;
    }
    ui.horizontal(|ui| {
        let words = view.fill(text::EXTERNAL_WAITING, &[("address", &address)]);
        ui.label(RichText::new(words).font(theme.strong()).color(c.warn));
    });
    section::note(ui, theme, view.say(text::EXTERNAL_COPY));
    for command in &actor.external {
        command_row(ui, view, &command.tool, &command.command(host, *port), out);
    }
}

fn command_row(ui: &mut Ui, view: &View<'_>, tool: &str, command: &str, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    Frame::new()
        .fill(c.sunken)
        .corner_radius(4)
        .inner_margin(theme.gap(1.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let name = view.fill(text::EXTERNAL_TOOL, &[("tool", &tool)]);
                let copy = KeyButton::new(&name)
                    .words("")
                    .icon(Icon::Copy)
                    .small()
                    .hint(&name);
                let room = ui.available_width() - copy.width(ui, theme) - theme.gap(2.0);
                let words = RichText::new(command)
                    .font(theme.mono_small())
                    .color(c.text);
                ui.scope(|ui| {
                    ui.set_width(room.max(20.0));
                    ui.add(egui::Label::new(words).truncate())
                        .on_hover_text(command);
                });
                if copy.show(ui, theme).clicked() {
                    out.push(Command::CopyText(command.to_owned()));
                }
            });
        });
}

/// Shows the buttons that lead through the steps; they stay in sight while the text scrolls.
pub fn show_buttons(ui: &mut Ui, view: &View<'_>, panel: &LessonPanel<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        let first = panel.step == 0 && panel.truth.is_none();
        let hint = format!("{} [PageUp]", view.say(text::PREVIOUS_HINT));
        let back = KeyButton::new(view.say(text::PREVIOUS))
            .words(if view.presenter {
                ""
            } else {
                view.say(text::PREVIOUS)
            })
            .icon(Icon::Back)
            .tint(Tint::Quiet)
            .hint(&hint)
            .refused(first.then(|| view.say(text::NOT_FIRST).to_owned()));
        if back.show(ui, theme).clicked() {
            out.push(Command::ReviewBack);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (words, hint, icon) = match panel.beat {
                Beat::Predict | Beat::Release => (text::RELEASE, text::RELEASE_HINT, Icon::Play),
                Beat::Releasing => (text::RELEASING, text::RELEASE_HINT, Icon::Play),
                Beat::Next => (text::NEXT, text::NEXT_HINT, Icon::Forward),
                Beat::Done => (text::LESSON_DONE, text::NEXT_HINT, Icon::Check),
            };
            let refusal = match panel.beat {
                Beat::Predict => Some(view.say(text::CHOOSE_FIRST).to_owned()),
                Beat::Releasing => Some(view.say(text::RELEASING).to_owned()),
                Beat::Done => Some(view.say(text::LESSON_DONE).to_owned()),
                _ => None,
            };
            let hint = format!("{} [PageDown]", view.say(hint));
            let next = KeyButton::new(view.say(words))
                .icon(icon)
                .tint(Tint::Primary)
                .hint(&hint)
                .refused(refusal);
            if next.show(ui, theme).clicked() {
                out.push(Command::Beat);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::closed_emphasis;

    #[test]
    fn emphasis_closes_before_a_han_letter() {
        for (source, expect) in [
            ("**要收几次？**把它设为 0", "**要收几次**？把它设为 0"),
            (
                "整条消息，**外加一截**。现在",
                "整条消息，**外加一截**。现在",
            ),
            ("**约 25 分钟。** 先举手", "**约 25 分钟。** 先举手"),
            ("`a。**b` **甲。**乙", "`a。**b` **甲**。乙"),
            ("**open\n\n：**甲**", "**open\n\n：**甲**"),
            ("plain", "plain"),
        ] {
            assert_eq!(closed_emphasis(source), expect);
        }
    }
}
