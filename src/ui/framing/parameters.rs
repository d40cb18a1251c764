//! A control for each setting of the strategy, made from what the strategy says it has.

use egui::{Align, Id, Key, Label, Layout, RichText, Slider, TextEdit, Ui, vec2};

use crate::framing::{FramingSpec, Parameter, ParameterKind, SpecError};
use crate::i18n::{Lang, framing as strategy, framing_panel as text};
use crate::ui::command::Command;
use crate::ui::key_button::{KeyButton, Tint};
use crate::ui::section;
use crate::ui::strategies;
use crate::ui::view::View;

use super::spec_error;

/// Shows a row for each setting, with labels that wide. What was typed and cannot be stays where
/// it is, with the reason below it.
pub fn parameters(
    ui: &mut Ui,
    view: &View<'_>,
    now: &FramingSpec,
    label_width: f32,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    // The same settings may stand in two places of the window.
    let scope = ui.scope_id();
    for parameter in now.parameters() {
        let label = strategies::parameter(parameter.name, view.lang);
        let mut error = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing = vec2(theme.gap(2.0), 0.0);
            let height = ui.spacing().interact_size.y;
            let size = vec2(label_width, height);
            ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_size(size);
                let words = RichText::new(&label)
                    .font(theme.body())
                    .color(theme.colours.text_soft);
                ui.add(Label::new(words).wrap().selectable(false));
            });
            let setting = Setting {
                view,
                now,
                parameter,
                label: &label,
                scope,
            };
            match parameter.kind {
                ParameterKind::Int { min, max } => {
                    let room = ui.available_width();
                    let exact = (theme.sizes.mono * 6.0).min(room * 0.4);
                    let shown = setting.slide(ui, min..=max, room - exact, out);
                    error = setting.type_in(ui, &shown, exact, out);
                }
                ParameterKind::Bytes { max, .. } => {
                    let room = ui.available_width();
                    let wide = if max == 1 { 5.0 } else { 14.0 };
                    let width = (theme.sizes.mono * wide).min(room);
                    let value = now.parameter(parameter.name).unwrap_or_default();
                    error = setting.type_in(ui, &value, width, out);
                }
                ParameterKind::Choice(words) => setting.choose(ui, words, out),
            }
        });
        if let Some(error) = error {
            let words = RichText::new(spec_error(&error, view.lang))
                .font(theme.small())
                .color(theme.colours.bad);
            ui.horizontal(|ui| {
                ui.add_space(label_width + theme.gap(2.0));
                ui.add(Label::new(words).wrap());
            });
        }
    }
}

/// A word of a choice, as a person reads it.
fn word(word: &'static str, lang: Lang) -> &'static str {
    match word {
        "big" => strategy::ORDER_BIG.get(lang),
        "little" => strategy::ORDER_LITTLE.get(lang),
        other => other,
    }
}

struct Setting<'a> {
    view: &'a View<'a>,
    now: &'a FramingSpec,
    parameter: &'a Parameter,
    label: &'a str,
    scope: Id,
}

impl Setting<'_> {
    fn id(&self, what: &str) -> Id {
        let name = (what, self.now.keyword(), self.parameter.name);
        self.scope.with(name)
    }

    fn set(&self, value: &str) -> Result<FramingSpec, SpecError> {
        self.now.with_parameter(self.parameter.name, value)
    }

    /// A change starts a new run; that happens once the slider is let go, and is one step to undo.
    /// Gives the value to show meanwhile.
    fn slide(
        &self,
        ui: &mut Ui,
        range: std::ops::RangeInclusive<u32>,
        width: f32,
        out: &mut Vec<Command>,
    ) -> String {
        let theme = self.view.theme;
        let old = self.now.parameter(self.parameter.name).unwrap_or_default();
        let on_the_way = self.id("framing slider");
        let mut value: u32 = ui
            .data(|data| data.get_temp(on_the_way))
            .or_else(|| old.parse().ok())
            .unwrap_or(*range.start());
        ui.spacing_mut().slider_width = (width - theme.gap(2.0)).max(40.0);
        let slider = Slider::new(&mut value, range)
            .show_value(false)
            .logarithmic(true)
            .smallest_positive(1.0);
        let response = ui
            .scope(|ui| {
                section::bright_slider(ui, theme);
                ui.add(slider)
            })
            .inner;
        section::named(&response, self.label);
        if response.dragged() {
            ui.data_mut(|data| data.insert_temp(on_the_way, value));
            return value.to_string();
        }
        ui.data_mut(|data| data.remove::<u32>(on_the_way));
        if (response.changed() || response.drag_stopped())
            && let Ok(spec) = self.set(&value.to_string())
            && spec != *self.now
        {
            out.push(Command::SetFraming(spec));
        }
        value.to_string()
    }

    /// A field that takes the value when it is left, or says why it cannot.
    fn type_in(
        &self,
        ui: &mut Ui,
        value: &str,
        width: f32,
        out: &mut Vec<Command>,
    ) -> Option<SpecError> {
        // What has been typed, and the value it was to replace: of another one it says nothing.
        let id = self.id("framing field");
        let typed = ui.data(|data| data.get_temp::<(String, String)>(id));
        let typed = typed.filter(|(_, of)| of == value).map(|(typed, _)| typed);
        let mut words = typed.unwrap_or_else(|| value.to_owned());
        let response = ui.add(
            TextEdit::singleline(&mut words)
                .id(id.with("edit"))
                .font(self.view.theme.mono())
                .char_limit(300)
                .desired_width(width - 2.0 * ui.spacing().button_padding.x),
        );
        let label = self.view.fill(text::VALUE, &[("label", &self.label)]);
        section::named(&response, &label);
        let result = self.set(&words);
        let given_up = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape));
        if given_up || words == value && !response.has_focus() {
            ui.data_mut(|data| data.remove::<(String, String)>(id));
            return None;
        }
        if response.lost_focus()
            && let Ok(spec) = &result
        {
            ui.data_mut(|data| data.remove::<(String, String)>(id));
            if spec != self.now {
                out.push(Command::SetFraming(spec.clone()));
            }
            return None;
        }
        ui.data_mut(|data| data.insert_temp(id, (words, value.to_owned())));
        result.err()
    }

    fn choose(&self, ui: &mut Ui, words: &'static [&'static str], out: &mut Vec<Command>) {
        let theme = self.view.theme;
        let chosen = self.now.parameter(self.parameter.name).unwrap_or_default();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(theme.gap(0.5), theme.gap(0.5));
            for value in words {
                let name = self.view.fill(
                    text::CHOICE,
                    &[
                        ("label", &self.label),
                        ("value", &word(value, self.view.lang)),
                    ],
                );
                let button = KeyButton::new(&name)
                    .words(word(value, self.view.lang))
                    .small()
                    .tint(Tint::Quiet)
                    .selected(*value == chosen);
                if button.show(ui, theme).clicked()
                    && *value != chosen
                    && let Ok(spec) = self.set(value)
                {
                    out.push(Command::SetFraming(spec));
                }
            }
        });
    }
}
