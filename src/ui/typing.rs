//! Where a person types what a program asks for.

use egui::{Frame, Id, Key, RichText, Stroke, TextEdit, Ui};

use super::command::Command;
use super::key_button::{KeyButton, Tint};
use super::view::View;
use super::why;
use crate::experiment::LONGEST_LINE;
use crate::i18n::datagrams as say;
use crate::trace::{ActorId, Call, Detail};

/// The actors that wait for a line now, each with what it asks.
pub fn asking(view: &View<'_>) -> Vec<(ActorId, String)> {
    if !view.live.running {
        return Vec::new();
    }
    let trace = view.trace;
    let asks = |begin| {
        let blocked = trace.blocked_of(begin).is_some();
        let prompt = trace.event(begin).call() == Some(Call::Prompt);
        (prompt && blocked).then(|| match trace.detail(begin) {
            Some(Detail::Text(ask)) => ask.clone(),
            _ => String::new(),
        })
    };
    trace
        .live()
        .actors
        .iter()
        .enumerate()
        .filter_map(|(n, actor)| Some((ActorId(n as u8), asks(actor.current?)?)))
        .collect()
}

/// A line to type into for each of them; Enter, or the button, hands it over.
pub fn show(ui: &mut Ui, view: &View<'_>, asking: &[(ActorId, String)], out: &mut Vec<Command>) {
    let theme = view.theme;
    for (actor, ask) in asking {
        let id = Id::unique(("typing", actor.0));
        let mut line: String = ui.data(|d| d.get_temp(id)).unwrap_or_default();
        let who = why::actor_name(view.trace, *actor, view.lang);
        let asks = view.fill(say::ASKS, &[("who", &who)]);
        Frame::new()
            .fill(theme.colours.accent_fill)
            .stroke(Stroke::new(1.0, theme.colours.accent))
            .corner_radius(theme.radius())
            .inner_margin(egui::Margin::symmetric(
                theme.gap(3.0) as i8,
                theme.gap(1.5) as i8,
            ))
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    let name = ui.label(RichText::new(&asks).font(theme.strong()));
                    ui.label(RichText::new(ask).font(theme.mono()));
                    let width = (ui.available_width() - theme.gap(40.0)).max(80.0);
                    let edit = TextEdit::singleline(&mut line)
                        .id(id.with("line"))
                        .font(theme.mono())
                        .char_limit(LONGEST_LINE)
                        .desired_width(width);
                    let field = ui.add(edit).labelled_by(name.id);
                    let entered =
                        field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    let button = KeyButton::new(view.say(say::TYPE_IT)).tint(Tint::Quiet);
                    if button.show(ui, theme).clicked() || entered {
                        out.push(Command::TypeLine(*actor, std::mem::take(&mut line)));
                        field.request_focus();
                    }
                });
            });
        ui.data_mut(|d| d.insert_temp(id, line));
    }
}
