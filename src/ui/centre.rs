//! What stands in the middle of the window, and the switch between it.

use egui::Ui;

use super::command::Command;
use super::icon::Icon;
use super::key_button::{KeyButton, Tint};
use super::view::View;
use super::workbench;
use crate::i18n::{Phrase, reference, segment_view, workbench as text};

/// A view in the middle of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Centre {
    /// The run on real sockets.
    #[default]
    Stage,
    /// Framing strategies compared, raced and proven.
    Workbench,
    /// What the run put on the wire.
    Segments,
    /// Every call, and the things people believe.
    Reference,
}

impl Centre {
    /// Those there are, in the order of the switch.
    pub const ALL: &[Centre] = &[
        Centre::Stage,
        Centre::Workbench,
        Centre::Segments,
        Centre::Reference,
    ];

    /// What its button says, and what the pointer is told of it.
    pub fn words(self) -> (Phrase, Phrase) {
        match self {
            Centre::Stage => (text::STAGE, text::STAGE_HINT),
            Centre::Workbench => (text::WORKBENCH, text::WORKBENCH_HINT),
            Centre::Segments => (segment_view::SEGMENTS, segment_view::SEGMENTS_HINT),
            Centre::Reference => (reference::TAB, reference::TAB_HINT),
        }
    }

    /// Its sign, where there is no room for words.
    pub fn icon(self) -> Icon {
        match self {
            Centre::Stage => Icon::Stage,
            Centre::Workbench => Icon::Bench,
            Centre::Segments => Icon::Segments,
            Centre::Reference => Icon::Book,
        }
    }

    /// Is there anything to see in it?
    fn offered(self) -> bool {
        self != Centre::Workbench || !workbench::Tab::ALL.is_empty()
    }

    /// The one after it, for the key.
    #[must_use]
    pub fn next(self) -> Centre {
        let offered: Vec<Centre> = Self::ALL.iter().copied().filter(|c| c.offered()).collect();
        let at = offered.iter().position(|c| *c == self).unwrap_or(0);
        offered[(at + 1) % offered.len()]
    }
}

/// How wide the switch is with signs only.
pub fn narrow_width(ui: &Ui, view: &View<'_>) -> f32 {
    let offered = Centre::ALL.iter().filter(|c| c.offered());
    offered
        .map(|centre| {
            let sign = KeyButton::new("").icon(centre.icon());
            sign.width(ui, view.theme) + 1.0
        })
        .sum()
}

/// Shows the switch; with signs only where `narrow`.
pub fn switch(ui: &mut Ui, view: &View<'_>, now: Centre, narrow: bool, out: &mut Vec<Command>) {
    if now.next() == now {
        // Nothing to switch to.
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 1.0;
        for centre in Centre::ALL.iter().copied().filter(|c| c.offered()) {
            let (name, hint) = centre.words();
            let hint = format!("{} [W]", view.say(hint));
            let mut button = KeyButton::new(view.say(name))
                .tint(Tint::Quiet)
                .hint(&hint)
                .selected(centre == now);
            if narrow {
                button = button.words("").icon(centre.icon());
            }
            if button.show(ui, view.theme).clicked() && centre != now {
                out.push(Command::ShowCentre(centre));
            }
        }
    });
}
