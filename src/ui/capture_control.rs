//! Capturing among the controls: on or off, how large a packet may be, how many are lost; and
//! where nothing is captured, why not and how to get it.

use egui::{DragValue, Label, RichText, Ui, vec2};

use super::command::Command;
use super::controls::{Controls, cell, label_width};
use super::section;
use super::view::View;
use crate::i18n::{Phrase, capture as text, panels, segments};
use crate::lesson::CaptureChange;
use crate::trace::Network;

/// Shows it.
pub fn show(ui: &mut Ui, view: &View<'_>, controls: &Controls<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let capture = &controls.settings.capture;
    let label_width = label_width(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(2.0);
        cell(ui, label_width, |ui| {
            let label = RichText::new(view.say(segments::CAPTURE)).font(theme.body());
            ui.add(
                Label::new(label.color(theme.colours.text))
                    .wrap()
                    .selectable(false),
            )
            .on_hover_text(view.say(segments::CAPTURE_HINT));
        });
        let mut on = capture.on;
        let words = view.say(if on { panels::ON } else { panels::OFF });
        let response = ui.checkbox(&mut on, words);
        section::named(&response, view.say(segments::CAPTURE));
        if response
            .on_hover_text(view.say(segments::CAPTURE_HINT))
            .changed()
        {
            out.push(Command::SetCapture(CaptureChange::On(on)));
        }
        if capture.on {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(theme.gap(1.5), theme.gap(0.5));
                let unit = view.say(panels::UNIT_BYTES);
                let network = capture.network;
                number(
                    ui,
                    view,
                    (text::MTU, text::MTU_HINT),
                    network.mtu,
                    128..=65_536,
                    unit,
                )
                .map(CaptureChange::Mtu)
                .into_iter()
                .for_each(|change| out.push(Command::SetCapture(change)));
                let unit = view.say(text::PER_CENT);
                number(
                    ui,
                    view,
                    (text::LOSS, text::LOSS_HINT),
                    network.loss,
                    0.0..=90.0,
                    unit,
                )
                .map(CaptureChange::Loss)
                .into_iter()
                .for_each(|change| out.push(Command::SetCapture(change)));
            });
        }
    });
    if let Network::Host {
        refused: Some(code),
    } = &view.trace.meta().network
        && capture.on
    {
        section::note(ui, theme, view.say(segments::refused(code)));
    }
}

/// A figure with its name. A change begins a new run, so a drag counts when it ends.
fn number<T: egui::emath::Numeric + Send + Sync>(
    ui: &mut Ui,
    view: &View<'_>,
    (name, hint): (Phrase, Phrase),
    now: T,
    range: std::ops::RangeInclusive<T>,
    unit: &str,
) -> Option<T> {
    let theme = view.theme;
    let name = view.say(name);
    ui.add(
        Label::new(
            RichText::new(name)
                .font(theme.small())
                .color(theme.colours.text_soft),
        )
        .selectable(false),
    )
    .on_hover_text(view.say(hint));
    let id = ui.make_persistent_id(("capture value", name));
    let mut value = ui.data(|d| d.get_temp::<T>(id)).unwrap_or(now);
    let drag = DragValue::new(&mut value)
        .range(range)
        .max_decimals(usize::from(!T::INTEGRAL))
        .suffix(format!(" {unit}"))
        .update_while_editing(false);
    let response = ui.add(drag).on_hover_text(view.say(hint));
    section::named(&response, name);
    if response.dragged() {
        ui.data_mut(|d| d.insert_temp(id, value));
        return None;
    }
    ui.data_mut(|d| d.remove::<T>(id));
    (value != now).then_some(value)
}
