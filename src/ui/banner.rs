//! Errors and notices: what is wrong, and what to do.

use egui::{Align, Frame, Label, Layout, RichText, Sense, Stroke, Ui, Vec2};

use super::command::Command;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::view::View;
use crate::i18n::{Lang, Phrase, panels as text};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Something to know.
    Notice,
    /// Something to decide.
    Warning,
    /// Something that failed.
    Error,
}

/// A text in both languages, in the order of [`Lang::ALL`]: whoever switches the language while a
/// banner stands there reads on in the other.
pub type Both = [String; 2];

/// What `say` says in both languages.
pub fn both(say: impl Fn(Lang) -> String) -> Both {
    Lang::ALL.map(say)
}

/// One banner.
#[derive(Clone, Debug, PartialEq)]
pub struct Banner {
    /// Its number, for [`Command::DismissBanner`].
    pub id: u64,
    /// How grave.
    pub grade: Grade,
    /// What happened.
    pub what: Both,
    /// What to do; may be empty.
    pub cure: Both,
    /// Buttons: what stands on each, and what it does.
    pub buttons: Vec<(Phrase, Command)>,
    /// It speaks of the run on the stage, and goes with it.
    pub of_run: bool,
}

impl Banner {
    /// The event limit was reached after `events` events.
    pub fn limit(id: u64, events: u32) -> Self {
        let n = super::figures::grouped(u64::from(events));
        Banner {
            id,
            grade: Grade::Warning,
            what: both(|lang| text::LIMIT_TITLE.fill(lang, &[("n", &n)])),
            cure: both(|lang| text::LIMIT_CURE.get(lang).to_owned()),
            buttons: vec![
                (text::LIMIT_GO_ON, Command::KeepGoingUnrecorded),
                (text::STOP, Command::Stop),
                (text::SAVE_RECORDING, Command::SaveRecording),
            ],
            of_run: false,
        }
    }
}

/// Shows them, the newest first.
pub fn show(ui: &mut Ui, view: &View<'_>, banners: &[Banner], out: &mut Vec<Command>) {
    for banner in banners.iter().rev() {
        one(ui, view, banner, out);
    }
}

fn one(ui: &mut Ui, view: &View<'_>, banner: &Banner, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    let (ground, ink, sign) = match banner.grade {
        Grade::Notice => (c.accent_fill, c.accent, Icon::Info),
        Grade::Warning => (c.warn_fill, c.warn, Icon::Warn),
        Grade::Error => (c.bad_fill, c.bad, Icon::Warn),
    };
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, ink.gamma_multiply(0.5)))
        .corner_radius(theme.radius())
        .inner_margin(egui::Margin::symmetric(
            theme.gap(3.0) as i8,
            theme.gap(2.0) as i8,
        ))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = theme.gap(2.5);
                let side = theme.sizes.body * 1.2;
                let (area, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
                icon::paint(ui.painter(), area, sign, ink);
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    let name = view.say(text::DISMISS);
                    let close = KeyButton::new(name)
                        .words("")
                        .icon(Icon::Cross)
                        .small()
                        .hint(name);
                    if close.tint(Tint::Quiet).show(ui, theme).clicked() {
                        out.push(Command::DismissBanner(banner.id));
                    }
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        words(ui, view, banner, out);
                    });
                });
            });
        });
}

fn words(ui: &mut Ui, view: &View<'_>, banner: &Banner, out: &mut Vec<Command>) {
    let theme = view.theme;
    let c = &theme.colours;
    ui.spacing_mut().item_spacing.y = theme.gap(1.0);
    let [what, cure] = [&banner.what, &banner.cure].map(|both| &both[view.lang as usize]);
    let what = RichText::new(what).font(theme.strong()).color(c.text);
    ui.add(Label::new(what).wrap());
    if !cure.is_empty() {
        let cure = RichText::new(cure).font(theme.body()).color(c.text);
        ui.add(Label::new(cure).wrap());
    }
    if !banner.buttons.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for (name, command) in &banner.buttons {
                if KeyButton::new(view.say(*name)).show(ui, theme).clicked() {
                    out.push(command.clone());
                }
            }
        });
    }
}
