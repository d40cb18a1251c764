//! The framing at length: a page of the workbench.

use egui::{Frame, Label, RichText, ScrollArea, Stroke, Ui};

use crate::i18n::framing_panel as text;
use crate::lesson::{Lesson, Settings};
use crate::ui::command::Command;
use crate::ui::section;
use crate::ui::strategies::{self, Aspect};
use crate::ui::view::View;

use super::Own;
use super::facts::Facts;
use super::summary::{costs, dangers, picture};
use super::{chooser, parameters};

/// Shows the chooser, the settings, and everything there is to say with the student's messages.
pub fn page(
    ui: &mut Ui,
    view: &View<'_>,
    lesson: &Lesson,
    settings: &Settings,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let own = Own::new(lesson, settings);
    let facts = Facts::cached(ui, &own);
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt("framing page")
        .show(ui, |ui| {
            // Lines of text that can be read across.
            let width = (theme.sizes.body * 72.0).min(ui.available_width());
            ui.set_max_width(width);
            ui.spacing_mut().item_spacing.y = theme.gap(1.5);
            if lesson.framing.offered {
                let width = ui.available_width().min(theme.sizes.body * 34.0);
                chooser(ui, view, own.framing, width, out);
                ui.scope(|ui| {
                    ui.set_max_width(width);
                    parameters(ui, view, own.framing, width * 0.3, out);
                });
            } else {
                let name = RichText::new(strategies::name(own.framing, view.lang));
                ui.label(name.font(theme.heading()).color(theme.colours.text));
            }
            told(ui, view, &own, Aspect::How);
            card(ui, view, |ui| picture(ui, view, &own, true));
            told(ui, view, &own, Aspect::Cost);
            costs(ui, view, &own, &facts);
            told(ui, view, &own, Aspect::Breaks);
            dangers(ui, view, &own, &facts);
            told(ui, view, &own, Aspect::Limit);
        });
}

fn told(ui: &mut Ui, view: &View<'_>, own: &Own<'_>, aspect: Aspect) {
    let theme = view.theme;
    let title = match aspect {
        Aspect::Name | Aspect::How => text::HOW,
        Aspect::Cost => text::COST,
        Aspect::Breaks => text::BREAKS,
        Aspect::Limit => text::LIMIT,
    };
    ui.add_space(theme.gap(1.0));
    section::title(ui, theme, view.say(title));
    let words = RichText::new(strategies::say(own.framing, aspect, view.lang))
        .font(theme.body())
        .color(theme.colours.text);
    ui.add(Label::new(words).wrap());
}

fn card(ui: &mut Ui, view: &View<'_>, content: impl FnOnce(&mut Ui)) {
    let theme = view.theme;
    Frame::new()
        .fill(theme.colours.card)
        .stroke(Stroke::new(1.0, theme.colours.line))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui);
        });
}
