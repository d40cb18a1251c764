//! The page of calls.

use egui::{RichText, Ui};

use super::{Reference, card, line};
use crate::experiment::codegen::Language;
use crate::i18n::reference as text;
use crate::lesson::Catalogue;
use crate::reference::{CALLS, Entry, Waits};
use crate::ui::command::Command;
use crate::ui::view::View;

/// Shows the calls that are searched for; how many those are, and how many there are.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    reference: &Reference,
    catalogue: &Catalogue,
    out: &mut Vec<Command>,
) -> (usize, usize) {
    let mut found = 0;
    for entry in CALLS {
        let waits = waits(view, entry);
        let texts = [
            entry.name,
            entry.python,
            entry.c,
            view.say(entry.what),
            &waits,
            entry.errors,
        ];
        if !reference.finds(&texts) {
            continue;
        }
        found += 1;
        let (place, _) = entry.shown;
        card(ui, view, (entry.name, place), catalogue, out, |ui| {
            call(ui, view, entry, &waits);
        });
    }
    (found, CALLS.len())
}

fn waits(view: &View<'_>, entry: &Entry) -> String {
    let nonblocking = entry.errors.contains("EAGAIN");
    match entry.waits {
        Waits::No => view.say(text::NEVER_WAITS).to_owned(),
        Waits::Until(until) => {
            let phrase = if nonblocking {
                text::WAITS
            } else {
                text::WAITS_ALWAYS
            };
            view.fill(phrase, &[("until", &view.say(until))])
        }
    }
}

fn call(ui: &mut Ui, view: &View<'_>, entry: &Entry, waits: &str) {
    let theme = view.theme;
    let c = &theme.colours;
    line(
        ui,
        RichText::new(entry.python)
            .font(theme.mono_strong())
            .color(c.text),
    );
    line(
        ui,
        RichText::new(format!("{}  {}", Language::C.name(), entry.c))
            .font(theme.mono_small())
            .color(c.text_faint),
    );
    line(
        ui,
        RichText::new(view.say(entry.what))
            .font(theme.body())
            .color(c.text),
    );
    let mut more = waits.to_owned();
    if !entry.errors.is_empty() {
        more.push(' ');
        let errors = entry.errors.replace(' ', ", ");
        more += &view.fill(text::ERRORS, &[("errors", &errors)]);
    }
    line(
        ui,
        RichText::new(more).font(theme.small()).color(c.text_soft),
    );
}
