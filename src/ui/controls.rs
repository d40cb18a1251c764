//! One control per parameter of the lesson, and the framing strategy.
//!
//! Each says whether a change counts from the next call on or needs a new connection, and for
//! buffer sizes what was asked and what the kernel granted.

use egui::{
    Align, Color32, DragValue, Frame, Key, Label, Layout, Response, RichText, Slider, Stroke,
    TextEdit, Ui, vec2,
};

use super::capture_control;
use super::centre::Centre;
use super::command::Command;
use super::file_control;
use super::framing;
use super::icon::Icon;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::stage;
use super::view::View;
use super::wire_control;
use super::workbench::{Action, Tab};
use crate::experiment::program::{Num, Op};
use crate::i18n::{Phrase, framing_panel as panel, panels as text};
use crate::lesson::{Focus, Lesson, Parameter, ParameterKind, Scale, Settings, Unit};

/// What the controls show.
#[derive(Clone, Copy)]
pub struct Controls<'a> {
    /// The open lesson.
    pub lesson: &'a Lesson,
    /// The values chosen.
    pub settings: &'a Settings,
    /// The values that the present connection was made with; `None` before there is one.
    pub in_force: Option<&'a Settings>,
    /// Is there a change to take back?
    pub can_undo: bool,
    /// Is there one to make again?
    pub can_redo: bool,
}

/// Shows them.
pub fn show(ui: &mut Ui, view: &View<'_>, controls: &Controls<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.spacing_mut().item_spacing.y = theme.gap(0.5);
    head(ui, view, controls, out);
    if controls.lesson.parameters.is_empty()
        && !controls.lesson.framing.offered
        && !controls.lesson.attack.offered
        && !controls.lesson.capture.offered
    {
        section::note(ui, theme, view.say(text::NO_CONTROLS));
        return;
    }
    for parameter in &controls.lesson.parameters {
        control(ui, view, controls, parameter, out);
    }
    if controls.lesson.framing.offered {
        let area = ui
            .scope(|ui| framing(ui, view, controls, out))
            .response
            .rect;
        stage::point(ui, view, area, &[Focus::Framing]);
    }
    if controls.lesson.attack.offered {
        let area = ui
            .scope(|ui| wire_control::show(ui, view, controls, out))
            .response
            .rect;
        stage::point(ui, view, area, &[Focus::Wire]);
    }
    if controls.lesson.capture.offered {
        let area = ui
            .scope(|ui| capture_control::show(ui, view, controls, out))
            .response
            .rect;
        stage::point(ui, view, area, &[Focus::Capture]);
    }
    if waiting_for_connection(controls) {
        ui.add_space(theme.gap(1.0));
        reconnect(ui, view, out);
    }
}

/// Has a value been changed that the present connection was not made with?
pub fn waiting_for_connection(controls: &Controls<'_>) -> bool {
    controls.in_force.is_some_and(|in_force| {
        controls
            .lesson
            .parameters
            .iter()
            .any(|p| !p.live && in_force.get(&p.name) != controls.settings.get(&p.name))
    })
}

fn head(ui: &mut Ui, view: &View<'_>, controls: &Controls<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        section::title(ui, theme, view.say(text::CONTROLS));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = theme.gap(0.5);
            let at_defaults = *controls.settings == Settings::defaults(controls.lesson);
            let say = |refused: bool, phrase: Phrase| refused.then(|| view.say(phrase).to_owned());
            let defaults = KeyButton::new(view.say(text::DEFAULTS))
                .tint(Tint::Quiet)
                .small()
                .hint(view.say(text::DEFAULTS_HINT))
                .refused(say(at_defaults, text::AT_DEFAULTS));
            if defaults.show(ui, theme).clicked() {
                out.push(Command::ResetSettings);
            }
            let hint = format!("{} [Ctrl+Shift+Z]", view.say(text::REDO_HINT));
            let redo = KeyButton::new(view.say(text::REDO))
                .words("")
                .icon(Icon::Redo)
                .tint(Tint::Quiet)
                .small()
                .hint(&hint)
                .refused(say(!controls.can_redo, text::NOTHING_TO_REDO));
            if redo.show(ui, theme).clicked() {
                out.push(Command::RedoSetting);
            }
            let hint = format!("{} [Ctrl+Z]", view.say(text::UNDO_HINT));
            let undo = KeyButton::new(view.say(text::UNDO))
                .words("")
                .icon(Icon::Undo)
                .tint(Tint::Quiet)
                .small()
                .hint(&hint)
                .refused(say(!controls.can_undo, text::NOTHING_TO_UNDO));
            if undo.show(ui, theme).clicked() {
                out.push(Command::UndoSetting);
            }
        });
    });
}

fn control(
    ui: &mut Ui,
    view: &View<'_>,
    controls: &Controls<'_>,
    parameter: &Parameter,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let label = parameter.label(view.lang);
    let help = parameter.help(view.lang);
    let changed = controls.in_force.is_some_and(|in_force| {
        in_force.get(&parameter.name) != controls.settings.get(&parameter.name)
    });
    let set = |value: String| Command::SetParam(parameter.name.clone(), value);
    let label_width = label_width(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(2.0), 0.0);
        cell(ui, label_width, |ui| {
            ui.add(
                Label::new(
                    RichText::new(label)
                        .font(theme.body())
                        .color(theme.colours.text),
                )
                .wrap()
                .selectable(false),
            )
            .on_hover_text(help);
        });
        match &parameter.kind {
            ParameterKind::Int {
                min,
                max,
                unit,
                scale,
                ..
            } => {
                let old = controls.settings.int(&parameter.name).unwrap_or(*min);
                let range = Range {
                    min: *min,
                    max: *max,
                    unit: *unit,
                    scale: *scale,
                    exact_width: exact_width(ui, view, controls.lesson),
                };
                figure(ui, view, parameter, range, old, out);
            }
            ParameterKind::Switch { .. } => {
                let mut on = controls.settings.int(&parameter.name) == Some(1);
                let words = view.say(if on { text::ON } else { text::OFF });
                let response = ui.checkbox(&mut on, words);
                section::named(&response, label);
                if response.on_hover_text(help).changed() {
                    out.push(set(i64::from(on).to_string()));
                }
            }
            ParameterKind::Text {
                max_len,
                choose: Some(choose),
                ..
            } => {
                let value = controls.settings.text(&parameter.name).unwrap_or_default();
                let edit = |ui: &mut Ui, width: f32| {
                    edited(ui, view, &parameter.name, value, *max_len, width)
                };
                file_control::show(ui, view, parameter, *choose, value, edit, out);
            }
            ParameterKind::Text { max_len, .. } => {
                let value = controls.settings.text(&parameter.name).unwrap_or_default();
                let width = ui.available_width();
                let response = edited(ui, view, &parameter.name, value, *max_len, width);
                section::named(&response.0, label);
                if let Some(value) = response.1 {
                    out.push(set(value));
                }
            }
        }
    });
    ui.scope(|ui| {
        // Before the row begins, else it is as high as a button and floats between two controls.
        ui.spacing_mut().interact_size.y = theme.sizes.small * 1.3;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(theme.gap(2.0), 0.0);
            ui.add_space(label_width + theme.gap(2.0));
            ui.horizontal_wrapped(|ui| {
                badge(ui, view, parameter.live, changed);
                if let Some((asked, granted)) = granted(view, controls.lesson, &parameter.name) {
                    let words = view.fill(
                        text::ASKED_GRANTED,
                        &[("asked", &asked), ("granted", &granted)],
                    );
                    let words = RichText::new(words).font(theme.small());
                    ui.add(Label::new(words.color(theme.colours.text_soft)).wrap());
                }
            });
        });
    });
    ui.add_space(theme.gap(1.5));
}

/// Width of the labels: the same in every row.
pub(super) fn label_width(ui: &Ui) -> f32 {
    (ui.available_width() * 0.31).clamp(70.0, 220.0)
}

pub(super) fn cell(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(
        vec2(width, height),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_size(vec2(width, height));
            add(ui);
        },
    );
}

#[derive(Clone, Copy)]
struct Range {
    min: i64,
    max: i64,
    unit: Unit,
    scale: Scale,
    exact_width: f32,
}

fn unit_words(view: &View<'_>, unit: Unit) -> &'static str {
    match unit {
        Unit::Bytes => view.say(text::UNIT_BYTES),
        Unit::Millis => view.say(text::UNIT_MILLIS),
        Unit::Count => "",
    }
}

/// Room for the largest figure of any control with its unit, so that all sliders end in line.
fn exact_width(ui: &Ui, view: &View<'_>, lesson: &Lesson) -> f32 {
    let mono = view.theme.sizes.mono;
    let widest = lesson
        .parameters
        .iter()
        .filter_map(|parameter| match parameter.kind {
            ParameterKind::Int { max, unit, .. } => {
                let figures = max.max(1000).ilog10() as f32 + 2.0;
                // A Han character is as wide as 1.7 figures.
                let wide = |words: &str| -> f32 {
                    let widths = words.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.7 });
                    widths.sum()
                };
                let zero = parameter.zero(view.lang).map_or(0.0, wide);
                Some((figures + wide(unit_words(view, unit))).max(zero))
            }
            _ => None,
        })
        .fold(5.0, f32::max);
    widest * mono * 0.61 + 2.0 * ui.spacing().button_padding.x
}

/// A slider and the exact figure.
fn figure(
    ui: &mut Ui,
    view: &View<'_>,
    parameter: &Parameter,
    range: Range,
    old: i64,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let label = parameter.label(view.lang);
    let mut value = old;
    let unit = unit_words(view, range.unit);
    let exact_width = range.exact_width;
    ui.spacing_mut().slider_width = (ui.available_width() - exact_width - theme.gap(2.0)).max(40.0);
    let log = range.scale == Scale::Log;
    let slider = Slider::new(&mut value, range.min..=range.max)
        .show_value(false)
        .logarithmic(log)
        .smallest_positive(1.0)
        .step_by(1.0);
    let response = ui
        .scope(|ui| {
            section::bright_slider(ui, theme);
            ui.add(slider)
        })
        .inner
        .on_hover_text(parameter.help(view.lang));
    section::named(&response, label);
    let zero = parameter.zero(view.lang).map(str::to_owned);
    let exact = DragValue::new(&mut value)
        .range(range.min..=range.max)
        .speed(if log {
            (old as f64 / 50.0).max(0.2)
        } else {
            0.5
        })
        .update_while_editing(false)
        .custom_formatter(move |n, _| match &zero {
            Some(words) if n == 0.0 => words.clone(),
            _ if unit.is_empty() => format!("{n:.0}"),
            _ => format!("{n:.0} {unit}"),
        })
        .custom_parser(move |typed| typed.trim().trim_end_matches(unit).trim().parse().ok());
    let edit = ui.add_sized(vec2(exact_width, ui.spacing().interact_size.y), exact);
    section::named(&edit, &view.fill(text::VALUE_OF, &[("label", &label)]));
    if value != old {
        let (name, value) = (parameter.name.clone(), value.to_string());
        out.push(if response.dragged() || edit.dragged() {
            Command::DragParam(name, value)
        } else {
            Command::SetParam(name, value)
        });
    }
    if response.drag_stopped() || edit.drag_stopped() {
        out.push(Command::EndDrag);
    }
}

/// A text field that answers with the new text when it is left or Enter is pressed.
fn edited(
    ui: &mut Ui,
    view: &View<'_>,
    name: &str,
    value: &str,
    most: usize,
    width: f32,
) -> (Response, Option<String>) {
    let id = ui.make_persistent_id(("text-parameter", name));
    let mut words = ui
        .data(|d| d.get_temp::<String>(id))
        .unwrap_or_else(|| value.to_owned());
    let response = ui.add(
        TextEdit::singleline(&mut words)
            .font(view.theme.mono())
            .char_limit(most)
            .desired_width(width - 2.0 * ui.spacing().button_padding.x),
    );
    let mut done = None;
    if response.has_focus() {
        let mut end = words.len().min(most);
        while !words.is_char_boundary(end) {
            end -= 1;
        }
        words.truncate(end);
        ui.data_mut(|d| d.insert_temp(id, words));
    } else {
        if response.lost_focus() && !ui.input(|i| i.key_pressed(Key::Escape)) && words != value {
            done = Some(words);
        }
        ui.data_mut(|d| d.remove::<String>(id));
    }
    (response, done)
}

fn badge(ui: &mut Ui, view: &View<'_>, live: bool, changed: bool) {
    let theme = view.theme;
    let c = &theme.colours;
    let (phrase, hint, ink): (Phrase, Phrase, Color32) = if live {
        (text::LIVE_BADGE, text::LIVE_BADGE_HINT, c.good)
    } else {
        (
            text::RECONNECT_BADGE,
            text::RECONNECT_BADGE_HINT,
            if changed { c.warn } else { c.text_faint },
        )
    };
    ui.add(
        Label::new(
            RichText::new(view.say(phrase))
                .font(theme.small())
                .color(ink),
        )
        .selectable(false),
    )
    .on_hover_text(view.say(hint));
}

/// Asked and granted, from the latest reading (within the prefix shown) of the socket option
/// that a program of the lesson sets to this parameter.
fn granted(view: &View<'_>, lesson: &Lesson, parameter: &str) -> Option<(i64, i64)> {
    let mut option = None;
    for actor in &lesson.actors {
        actor.program.walk(&mut |node| {
            if let Op::SetOption {
                option: which,
                value: Num::Param(name),
                ..
            } = &node.op
                && name == parameter
            {
                option = Some(which.name());
            }
        });
    }
    let option = option?;
    let readings = view
        .trace
        .sockets()
        .iter()
        .flat_map(|socket| &socket.options);
    readings
        .filter(|(event, name, _, _)| *event < view.k && name == option)
        .max_by_key(|(event, ..)| *event)
        .and_then(|(_, _, asked, granted)| asked.zip(*granted))
}

/// The strategy, its settings, what it does to the student's own messages.
fn framing(ui: &mut Ui, view: &View<'_>, controls: &Controls<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let now = &controls.settings.framing;
    let label_width = label_width(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(2.0);
        cell(ui, label_width, |ui| {
            ui.add(
                Label::new(
                    RichText::new(view.say(text::FRAMING))
                        .font(theme.body())
                        .color(theme.colours.text),
                )
                .selectable(false),
            )
            .on_hover_text(view.say(text::FRAMING_HINT));
        });
        let width = ui.available_width();
        framing::chooser(ui, view, now, width, out);
    });
    framing::parameters(ui, view, now, label_width, out);
    framing::summary(ui, view, controls.lesson, controls.settings);
    let hint = view.say(panel::TAB_HINT);
    let more = KeyButton::new(view.say(panel::TAB))
        .icon(Icon::Bench)
        .tint(Tint::Quiet)
        .small()
        .hint(hint);
    if more.show(ui, theme).clicked() {
        out.push(Command::Workbench(Action::ShowTab(Tab::Framing)));
        out.push(Command::ShowCentre(Centre::Workbench));
    }
}

fn reconnect(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    Frame::new()
        .fill(c.warn_fill)
        .stroke(Stroke::new(1.0, c.warn.gamma_multiply(0.5)))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                let button = KeyButton::new(view.say(text::RECONNECT))
                    .icon(Icon::Reset)
                    .hint(view.say(text::RECONNECT_HINT));
                let room = ui.available_width() - button.width(ui, theme) - theme.gap(2.0);
                let note = RichText::new(view.say(text::RECONNECT_NOTE));
                ui.scope(|ui| {
                    ui.set_width(room.max(40.0));
                    ui.add(Label::new(note.font(theme.small()).color(c.text)).wrap());
                });
                if button.show(ui, theme).clicked() {
                    out.push(Command::Reconnect);
                }
            });
        });
}
