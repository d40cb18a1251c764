//! A closing task: what to bring about, how far one is, and what helps.

use egui::{Align, Frame, Label, Layout, RichText, Sense, Stroke, Ui, Vec2, WidgetInfo};
use egui_commonmark::CommonMarkCache;

use super::command::Command;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::lesson_panel::markdown;
use super::section;
use super::view::View;
use crate::i18n::{Phrase, stage, task as text};
use crate::lesson::TaskText;

/// What the card shows.
#[derive(Clone, Debug)]
pub struct TaskCard<'a> {
    /// Which task of the lesson, from 0.
    pub index: usize,
    /// Its texts.
    pub text: &'a TaskText,
    /// Has it been solved, now or on another day?
    pub solved: bool,
    /// Has its run been prepared?
    pub started: bool,
    /// Hints shown.
    pub hints: usize,
    /// Names of the settings that must stay.
    pub kept: Vec<String>,
    /// Those of them that the run on the stage has otherwise.
    pub changed: Vec<String>,
    /// Why the run on the stage cannot be judged.
    pub trouble: Option<Trouble>,
}

/// Why a run cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its segments are not captured, and this is why.
    NotCaptured(Phrase),
    /// This system does not tell that figure.
    NotReadable(&'static str),
}

/// Shows the card.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    card: &TaskCard<'_>,
    cache: &mut CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let (ground, edge) = if card.solved {
        (c.good_fill, c.good)
    } else {
        (c.card, c.line_strong)
    };
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(if view.presenter { 1.5 } else { 2.5 }))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = theme.gap(1.5);
            head(ui, view, card);
            ui.add(
                Label::new(
                    RichText::new(&card.text.title)
                        .font(theme.strong())
                        .color(c.text),
                )
                .wrap(),
            );
            markdown(ui, theme, cache, &card.text.body, c.text);
            if !card.kept.is_empty() {
                let names = joined(view, &card.kept);
                section::note(ui, theme, &view.fill(text::KEPT, &[("names", &names)]));
            }
            troubles(ui, view, card);
            let all = card.text.hints.len();
            for (n, hint) in card.text.hints.iter().take(card.hints).enumerate() {
                let words = view.fill(text::HINT_OF, &[("n", &(n + 1)), ("m", &all)]);
                section::title(ui, theme, &words);
                markdown(ui, theme, cache, hint, c.text_soft);
            }
            if card.solved {
                markdown(ui, theme, cache, &card.text.solved, c.text);
            }
            buttons(ui, view, card, out);
        });
}

/// "Task" and its state, with a sign and a word.
fn head(ui: &mut Ui, view: &View<'_>, card: &TaskCard<'_>) {
    let theme = view.theme;
    let c = &theme.colours;
    let (word, ink) = if card.solved {
        (view.say(text::SOLVED), c.good)
    } else {
        (view.say(text::OPEN), c.text_soft)
    };
    let name = view.fill(text::NAME, &[("title", &card.text.title), ("state", &word)]);
    let head = ui.horizontal(|ui| {
        section::title(ui, theme, view.say(text::TASK));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = theme.gap(1.0);
            ui.label(RichText::new(word).font(theme.strong()).color(ink));
            let side = theme.sizes.body;
            let (area, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
            if card.solved {
                icon::paint(ui.painter(), area, Icon::Check, ink);
            } else {
                let ring = Stroke::new((side * 0.1).max(1.2), ink);
                ui.painter().circle_stroke(area.center(), side * 0.36, ring);
            }
        });
    });
    head.response
        .widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &name));
}

fn troubles(ui: &mut Ui, view: &View<'_>, card: &TaskCard<'_>) {
    let theme = view.theme;
    let words = match card.trouble {
        _ if card.solved => None,
        Some(Trouble::NotCaptured(why)) => {
            Some(view.fill(text::NOT_CAPTURED, &[("why", &view.say(why))]))
        }
        Some(Trouble::NotReadable(what)) => Some(view.fill(text::NOT_READABLE, &[("what", &what)])),
        None if card.changed.is_empty() => None,
        None => {
            let names = joined(view, &card.changed);
            Some(view.fill(text::CHANGED, &[("names", &names)]))
        }
    };
    if let Some(words) = words {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = theme.gap(1.5);
            let (area, _) = ui.allocate_exact_size(Vec2::splat(theme.sizes.body), Sense::hover());
            icon::paint(ui.painter(), area, Icon::Warn, theme.colours.warn);
            ui.add(
                Label::new(
                    RichText::new(words)
                        .font(theme.small())
                        .color(theme.colours.text),
                )
                .wrap(),
            );
        });
    }
}

fn buttons(ui: &mut Ui, view: &View<'_>, card: &TaskCard<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(theme.gap(1.5));
        let words = view.say(if card.started || card.solved {
            text::START_AGAIN
        } else {
            text::START
        });
        let start = KeyButton::new(words)
            .icon(if card.started || card.solved {
                Icon::Reset
            } else {
                Icon::Play
            })
            .hint(view.say(text::START_HINT));
        let start = if card.started || card.solved {
            start
        } else {
            start.tint(Tint::Primary)
        };
        if start.show(ui, theme).clicked() {
            out.push(Command::StartTask(card.index));
        }
        if card.solved {
            return;
        }
        let left = card.hints < card.text.hints.len();
        let words = view.say(if card.hints == 0 {
            text::HINT
        } else {
            text::HINT_NEXT
        });
        let hint = KeyButton::new(words)
            .icon(Icon::Info)
            .tint(Tint::Quiet)
            .refused((!left).then(|| view.say(text::NO_MORE_HINTS).to_owned()));
        if hint.show(ui, theme).clicked() {
            out.push(Command::ShowHint(card.index));
        }
    });
}

fn joined(view: &View<'_>, names: &[String]) -> String {
    names.join(view.say(stage::LIST_SEPARATOR))
}
