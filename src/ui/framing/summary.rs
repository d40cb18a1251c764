//! The student's own messages under the framing, in short: bytes, costs, dangers.

use egui::{Color32, Frame, Label, RichText, Stroke, Ui};

use crate::framing::EncodeError;
use crate::i18n::{framing as strategy, framing_panel as text};
use crate::lesson::{Lesson, Settings};
use crate::ui::figures::{bytes, duration_round, grouped};
use crate::ui::strategies;
use crate::ui::view::View;

use super::Own;
use super::diagram::{Encoded, diagram};
use super::facts::{Facts, Trouble};

/// Shows them, in small type.
pub fn summary(ui: &mut Ui, view: &View<'_>, lesson: &Lesson, settings: &Settings) {
    let own = Own::new(lesson, settings);
    let facts = Facts::cached(ui, &own);
    ui.spacing_mut().item_spacing.y = view.theme.gap(1.0);
    picture(ui, view, &own, false);
    costs(ui, view, &own, &facts);
    dangers(ui, view, &own, &facts);
}

/// The current message byte by byte, or why it cannot be sent.
pub(super) fn picture(ui: &mut Ui, view: &View<'_>, own: &Own<'_>, large: bool) {
    let theme = view.theme;
    if own.messages.count() == 0 {
        line(
            ui,
            view,
            view.say(text::NO_MESSAGES),
            theme.colours.text_faint,
        );
        return;
    }
    let number = own.current(view);
    let encoded = Encoded::cached(ui, own, number);
    let n = u64::from(number) + 1;
    match &*encoded {
        Ok(encoded) => {
            let length = bytes(encoded.length as u64);
            let words = view.fill(text::ON_THE_WIRE, &[("n", &n), ("bytes", &length)]);
            line(ui, view, &words, theme.colours.text_soft);
            let font = if large {
                theme.mono()
            } else {
                theme.mono_small()
            };
            diagram(ui, view, encoded, &font);
        }
        Err(error) => {
            let what = refused(view, *error);
            let words = view.fill(text::TROUBLE, &[("n", &n), ("what", &what)]);
            line(ui, view, &words, theme.colours.bad);
        }
    }
}

/// Bytes, round trips and sleep of all messages together.
pub(super) fn costs(ui: &mut Ui, view: &View<'_>, own: &Own<'_>, facts: &Facts) {
    let mut sentences = Vec::new();
    if facts.count > 0 {
        let tenths = (facts.wire - facts.payload) * 1000 / facts.payload.max(1);
        let phrase = if facts.payload == 0 {
            text::SUM_EMPTY
        } else if facts.counted < facts.count {
            text::SUM_FIRST
        } else {
            text::SUM
        };
        sentences.push(view.fill(
            phrase,
            &[
                ("count", &grouped(u64::from(facts.count))),
                ("counted", &grouped(u64::from(facts.counted))),
                ("payload", &bytes(facts.payload)),
                ("wire", &bytes(facts.wire)),
                (
                    "percent",
                    &format!("{}.{}", grouped(tenths / 10), tenths % 10),
                ),
            ],
        ));
    }
    let trips = u64::from(own.framing.round_trips()) * u64::from(facts.count);
    sentences.push(if trips == 0 {
        view.say(text::NO_ROUND_TRIP).to_owned()
    } else {
        view.fill(text::ROUND_TRIPS, &[("n", &grouped(trips))])
    });
    let sleep = own.framing.pause().saturating_mul(facts.count);
    if !sleep.is_zero() {
        let time = duration_round(u64::try_from(sleep.as_nanos()).unwrap_or(u64::MAX));
        sentences.push(view.fill(text::SLEEPS, &[("time", &time)]));
    }
    if let Some(format) = own.framing.struct_format() {
        sentences.push(view.fill(text::STRUCT, &[("format", &format)]));
    }
    for sentence in sentences {
        line(ui, view, &sentence, view.theme.colours.text_soft);
    }
}

/// What in the student's messages, or in the strategy itself, goes wrong.
pub(super) fn dangers(ui: &mut Ui, view: &View<'_>, own: &Own<'_>, facts: &Facts) {
    let theme = view.theme;
    let c = &theme.colours;
    let mut sentences: Vec<String> = facts
        .troubles
        .iter()
        .map(|(number, trouble)| {
            let what = match trouble {
                Trouble::Hazard(hazard) => strategies::hazard(*hazard, view.lang),
                Trouble::Refused(error) => refused(view, *error),
            };
            let n = u64::from(*number) + 1;
            view.fill(text::TROUBLE, &[("n", &n), ("what", &what)])
        })
        .collect();
    if facts.troubled as usize > facts.troubles.len() {
        let n = grouped(u64::from(facts.troubled));
        sentences.push(view.fill(text::TROUBLE_MORE, &[("n", &n)]));
    }
    if !own.framing.survives_any_cutting() {
        sentences.push(view.say(text::NO_CURE).to_owned());
    }
    if sentences.is_empty() {
        if facts.counted == facts.count && facts.count > 0 {
            line(ui, view, view.say(text::NO_TROUBLE), c.good);
        }
        return;
    }
    Frame::new()
        .fill(c.warn_fill)
        .stroke(Stroke::new(1.0, c.warn.gamma_multiply(0.5)))
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(1.5))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            for sentence in sentences {
                line(ui, view, &sentence, c.text);
            }
        });
}

fn refused(view: &View<'_>, error: EncodeError) -> String {
    match error {
        EncodeError::TooLong { length, limit } => view.fill(
            strategy::ERROR_MESSAGE_TOO_LONG,
            &[
                ("length", &grouped(length as u64)),
                ("limit", &grouped(limit as u64)),
            ],
        ),
    }
}

fn line(ui: &mut Ui, view: &View<'_>, words: &str, ink: Color32) {
    ui.add(Label::new(RichText::new(words).font(view.theme.small()).color(ink)).wrap());
}
