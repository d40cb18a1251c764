//! A file or a folder to be chosen: its path typed, taken from the system's dialog, or one of the
//! lab's own files.

use egui::{Response, Ui, vec2};

use super::command::Command;
use super::figures::bytes;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::view::View;
use crate::experiment::files::Sample;
use crate::i18n::files as say;
use crate::lesson::{Choose, Parameter};

/// Shows the field that `edit` makes in the width it is given, and the ways to fill it.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    parameter: &Parameter,
    choose: Choose,
    value: &str,
    edit: impl FnOnce(&mut Ui, f32) -> (Response, Option<String>),
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let (words, hint) = match choose {
        Choose::File => (say::CHOOSE_FILE, say::CHOOSE_FILE_HINT),
        Choose::Folder => (say::CHOOSE_FOLDER, say::CHOOSE_FOLDER_HINT),
    };
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.0), theme.gap(1.0));
        let width = ui.available_width();
        let (field, typed) = edit(ui, width);
        section::named(&field, parameter.label(view.lang));
        field.on_hover_text(parameter.help(view.lang));
        if let Some(typed) = typed {
            out.push(Command::SetParam(parameter.name.clone(), typed));
        }
        ui.horizontal_wrapped(|ui| {
            let button = KeyButton::new(view.say(words))
                .tint(Tint::Quiet)
                .small()
                .hint(view.say(hint));
            if button.show(ui, theme).clicked() {
                out.push(Command::ChoosePath(parameter.name.clone(), choose));
            }
            if choose == Choose::File {
                samples(ui, view, parameter, value, out);
            } else if value.trim().is_empty() {
                section::note(ui, theme, view.say(say::TEMPORARY));
            }
        });
    });
}

fn samples(
    ui: &mut Ui,
    view: &View<'_>,
    parameter: &Parameter,
    value: &str,
    out: &mut Vec<Command>,
) {
    for sample in Sample::ALL {
        let size = bytes(sample.size as u64);
        let told = view.fill(say::OWN_FILE, &[("name", &sample), ("bytes", &size)]);
        let button = KeyButton::new(&told)
            .words(sample.name)
            .tint(Tint::Quiet)
            .small()
            .selected(value.trim() == sample.name);
        if button.show(ui, view.theme).clicked() {
            out.push(Command::SetParam(
                parameter.name.clone(),
                sample.name.to_owned(),
            ));
        }
    }
}
