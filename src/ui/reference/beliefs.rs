//! The page of things people believe.

use egui::{RichText, Ui};

use super::{Reference, card, line};
use crate::i18n::beliefs as text;
use crate::lesson::Catalogue;
use crate::reference::{BELIEFS, Said};
use crate::ui::command::Command;
use crate::ui::view::View;

/// Shows the beliefs that are searched for; how many those are, and how many there are.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    reference: &Reference,
    catalogue: &Catalogue,
    out: &mut Vec<Command>,
) -> (usize, usize) {
    let theme = view.theme;
    let c = &theme.colours;
    let mut found = 0;
    for belief in BELIEFS {
        let who = match belief.said {
            Said::Belief(_) => text::THEY_SAY,
            Said::Handout => text::HANDOUT_SAYS,
        };
        let (claim, truth) = (view.say(belief.claim), view.say(belief.truth));
        if !reference.finds(&[claim, truth, view.say(who)]) {
            continue;
        }
        found += 1;
        card(ui, view, (claim, belief.place), catalogue, out, |ui| {
            let small =
                |words: &'static str| RichText::new(words).font(theme.small()).color(c.text_faint);
            line(ui, small(view.say(who)));
            line(ui, RichText::new(claim).font(theme.strong()).color(c.text));
            line(ui, small(view.say(text::KERNEL_SAYS)));
            line(ui, RichText::new(truth).font(theme.body()).color(c.text));
        });
    }
    (found, BELIEFS.len())
}
