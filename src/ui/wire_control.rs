//! The chooser of attacks among the controls: which, with which values, and what it does.

use std::ops::RangeInclusive;

use egui::{ComboBox, DragValue, Key, Label, RichText, TextEdit, Ui, vec2};

use super::attack_text::{attack_does, attack_name};
use super::command::Command;
use super::controls::{Controls, cell, label_width};
use super::figures::bytes as amount;
use super::section;
use super::view::View;
use crate::experiment::Attack;
use crate::experiment::attack::{AT, BIT, GAP, INSERTED, SIZE, TIME};
use crate::framing::{escape, unescape};
use crate::i18n::{Phrase, attack as text, panels};

/// Shows it.
pub fn show(ui: &mut Ui, view: &View<'_>, controls: &Controls<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let now = &controls.settings.attack;
    let label_width = label_width(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(2.0);
        cell(ui, label_width, |ui| {
            let label = RichText::new(view.say(text::WIRE)).font(theme.body());
            ui.add(Label::new(label.color(theme.colours.text)).selectable(false))
                .on_hover_text(view.say(text::WIRE_HINT));
        });
        // The one in force keeps its values in the list.
        let choices = Attack::choices().into_iter().map(|choice| {
            if choice.name() == now.name() {
                now.clone()
            } else {
                choice
            }
        });
        let mut chosen = now.clone();
        let response = ComboBox::from_id_salt("attack")
            .selected_text(attack_name(now, view.lang))
            .width(ui.available_width())
            .truncate()
            .show_ui(ui, |ui| {
                for attack in choices {
                    let name = attack_name(&attack, view.lang);
                    let does = attack_does(&attack, view.lang);
                    ui.selectable_value(&mut chosen, attack, name)
                        .on_hover_text(does);
                }
            })
            .response;
        section::named(&response, view.say(text::WIRE));
        if chosen != *now {
            out.push(Command::SetAttack(chosen));
        }
    });
    if now.is_none() {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(label_width + theme.gap(2.0));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(theme.gap(1.5), theme.gap(0.5));
            let mut values = Values { ui, view, out };
            values.of(now);
        });
    });
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(2.0);
        ui.add_space(label_width);
        ui.vertical(|ui| {
            section::note(ui, theme, &attack_does(now, view.lang));
            if !now.applies_to(&controls.settings.framing) {
                let warning = RichText::new(view.say(text::NOT_APPLICABLE)).font(theme.small());
                ui.add(Label::new(warning.color(theme.colours.warn)).wrap());
            }
            let limit = amount(controls.lesson.frame_limit(controls.settings) as u64);
            section::note(
                ui,
                theme,
                &view.fill(text::LIMIT_NOTE, &[("bytes", &limit)]),
            );
        });
    });
    ui.add_space(theme.gap(1.0));
}

struct Values<'a, 'v> {
    ui: &'a mut Ui,
    view: &'a View<'v>,
    out: &'a mut Vec<Command>,
}

impl Values<'_, '_> {
    fn of(&mut self, now: &Attack) {
        match now.clone() {
            Attack::None => {}
            Attack::Slice { size, gap_ms } => {
                let bytes = panels::UNIT_BYTES;
                self.number(text::P_SIZE, &SIZE, size, Some(bytes), |size| {
                    Attack::Slice { size, gap_ms }
                });
                self.number(
                    text::P_GAP,
                    &GAP,
                    gap_ms,
                    Some(panels::UNIT_MILLIS),
                    |gap_ms| Attack::Slice { size, gap_ms },
                );
            }
            Attack::Merge { idle_ms } => {
                self.number(
                    text::P_IDLE,
                    &TIME,
                    idle_ms,
                    Some(panels::UNIT_MILLIS),
                    |idle_ms| Attack::Merge { idle_ms },
                );
            }
            Attack::Stall { at, ms } => {
                self.at(at, |at| Attack::Stall { at, ms });
                self.number(text::P_TIME, &TIME, ms, Some(panels::UNIT_MILLIS), |ms| {
                    Attack::Stall { at, ms }
                });
            }
            Attack::Cut { at } => self.at(at, |at| Attack::Cut { at }),
            Attack::Reset { at } => self.at(at, |at| Attack::Reset { at }),
            Attack::Flip { at, bit } => {
                self.at(at, |at| Attack::Flip { at, bit });
                self.number(text::P_BIT, &BIT, bit, None, |bit| Attack::Flip { at, bit });
            }
            Attack::Insert { at, bytes } => {
                self.at(at, |at| Attack::Insert {
                    at,
                    bytes: bytes.clone(),
                });
                self.bytes(at, &bytes);
            }
            Attack::AbsurdLength { at } => self.at(at, |at| Attack::AbsurdLength { at }),
            Attack::Endless { at } => self.at(at, |at| Attack::Endless { at }),
        }
    }

    fn at(&mut self, at: u64, made: impl FnOnce(u64) -> Attack) {
        self.number(text::P_AT, &AT, at, None, made);
    }

    fn label(&mut self, phrase: Phrase) -> String {
        let theme = self.view.theme;
        let label = self.view.say(phrase);
        let words = RichText::new(label).font(theme.small());
        self.ui
            .add(Label::new(words.color(theme.colours.text_soft)).selectable(false));
        self.view.fill(text::VALUE_OF, &[("label", &label)])
    }

    /// A figure. A change begins a new run, so a drag counts when it ends.
    fn number<T: egui::emath::Numeric + Send + Sync>(
        &mut self,
        phrase: Phrase,
        range: &RangeInclusive<T>,
        now: T,
        unit: Option<Phrase>,
        made: impl FnOnce(T) -> Attack,
    ) {
        let name = self.label(phrase);
        let id = self.ui.make_persistent_id(("attack value", &name));
        let mut value = self.ui.data(|d| d.get_temp::<T>(id)).unwrap_or(now);
        let unit = unit.map_or("", |unit| self.view.say(unit));
        let drag = DragValue::new(&mut value)
            .range(range.clone())
            .speed(0.2)
            .suffix(if unit.is_empty() {
                String::new()
            } else {
                format!(" {unit}")
            })
            .update_while_editing(false);
        let response = self.ui.add(drag);
        section::named(&response, &name);
        if response.dragged() {
            self.ui.data_mut(|d| d.insert_temp(id, value));
            return;
        }
        self.ui.data_mut(|d| d.remove::<T>(id));
        if value != now {
            self.out.push(Command::SetAttack(made(value)));
        }
    }

    /// Bytes to insert, with the escapes of C; taken when the field is left.
    fn bytes(&mut self, at: u64, now: &[u8]) {
        let name = self.label(text::P_BYTES);
        let theme = self.view.theme;
        let id = self.ui.make_persistent_id("attack bytes");
        let shown = escape(now);
        let mut words = self
            .ui
            .data(|d| d.get_temp::<String>(id))
            .unwrap_or_else(|| shown.clone());
        let response = self.ui.add(
            TextEdit::singleline(&mut words)
                .font(theme.mono())
                .char_limit(4 * INSERTED.end())
                .desired_width(theme.sizes.mono * 7.0),
        );
        section::named(&response, &name);
        let good = unescape(&words)
            .ok()
            .filter(|bytes| INSERTED.contains(&bytes.len()));
        if good.is_none() {
            let why = self.view.fill(text::BYTES_BAD, &[("text", &words)]);
            let why = RichText::new(why).font(theme.small());
            self.ui.add(Label::new(why.color(theme.colours.bad)).wrap());
        }
        if response.has_focus() {
            self.ui.data_mut(|d| d.insert_temp(id, words));
            return;
        }
        self.ui.data_mut(|d| d.remove::<String>(id));
        let kept = response.lost_focus() && !self.ui.input(|i| i.key_pressed(Key::Escape));
        if let Some(bytes) = good.filter(|bytes| kept && bytes != now) {
            self.out
                .push(Command::SetAttack(Attack::Insert { at, bytes }));
        }
    }
}
