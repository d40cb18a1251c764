//! Where the programs shall be written: a folder to name, and a question before anything is lost.

use egui::{Frame, Key, Label, RichText, Stroke, TextEdit, Ui, Vec2};

use super::command::Command;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::view::View;
use crate::i18n::{scripts as text, stage};

/// Longest path that is taken, characters.
const PATH: usize = 4_096;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveScripts {
    /// The folder as written so far.
    pub folder: String,
    /// What will be written into it.
    pub files: Vec<String>,
    /// What of it is there already.
    pub there: Vec<String>,
}

/// Shows the question.
pub fn show(ui: &mut Ui, view: &View<'_>, saving: &SaveScripts, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    Frame::new()
        .fill(c.card)
        .stroke(Stroke::new(1.0, c.line_strong))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = Vec2::splat(theme.gap(1.0));
            let mut folder = saving.folder.clone();
            section::title(ui, theme, view.say(text::FOLDER));
            let field = ui.add(
                TextEdit::singleline(&mut folder)
                    .font(theme.mono_small())
                    .char_limit(PATH)
                    .desired_width(f32::INFINITY),
            );
            section::named(&field, view.say(text::FOLDER));
            if field.changed() {
                out.push(Command::ScriptsInto(folder));
            }
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let asks = !saving.there.is_empty();
            let separator = view.say(stage::LIST_SEPARATOR);
            let words = if asks {
                view.fill(text::THERE, &[("names", &saving.there.join(separator))])
            } else {
                view.fill(text::WRITES, &[("names", &saving.files.join(separator))])
            };
            let ink = if asks { c.warn } else { c.text_faint };
            ui.add(Label::new(RichText::new(words).font(theme.small()).color(ink)).wrap());
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(theme.gap(1.5));
                let save = KeyButton::new(view.say(if asks { text::OVER } else { text::WRITE }))
                    .small()
                    .tint(if asks { Tint::Plain } else { Tint::Primary });
                if save.show(ui, theme).clicked() || entered && !asks {
                    out.push(Command::SaveScripts { over: asks });
                }
                let cancel = KeyButton::new(view.say(text::CANCEL))
                    .small()
                    .tint(Tint::Quiet);
                if cancel.show(ui, theme).clicked() {
                    out.push(Command::AskScripts);
                }
            });
        });
}
