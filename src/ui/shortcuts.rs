//! The keys: one table that the overlay shows and tests read.

use egui::{Align, Grid, Layout, Modal, RichText, ScrollArea, Ui, vec2};

use super::command::Command;
use super::key_button::KeyButton;
use super::section;
use super::view::View;
use crate::i18n::{Phrase, panels as text, workbench};

/// A group of keys.
pub struct Group {
    /// Its title.
    pub title: Phrase,
    /// Keys as written on the keyboard, and what they do.
    pub keys: &'static [(&'static str, Phrase)],
}

/// Every key of the window.
pub const KEYS: &[Group] = &[
    Group {
        title: text::GROUP_RUN,
        keys: &[
            ("Space", text::RUN_HINT),
            ("C", text::KEY_CLIENT),
            ("S", text::KEY_SERVER),
            ("E", text::STEP_EITHER_HINT),
            ("B", text::KEY_BURST),
            ("X", text::STOP_HINT),
            ("R", text::RESET_HINT),
        ],
    },
    Group {
        title: text::GROUP_TIME,
        keys: &[
            ("←", text::BACK_HINT),
            ("→", text::FORWARD_HINT),
            ("Home", text::DO_FIRST),
            ("End", text::GO_LIVE_HINT),
        ],
    },
    Group {
        title: text::GROUP_LESSON,
        keys: &[
            ("PageDown", text::NEXT_HINT),
            ("PageUp", text::PREVIOUS_HINT),
            ("1 2 3 4", text::DO_CHOOSE),
            ("Ctrl+N", text::NEXT_CLASS),
            ("Ctrl+Z  Ctrl+Shift+Z", text::DO_UNDO),
        ],
    },
    Group {
        title: text::GROUP_WINDOW,
        keys: &[
            ("L", text::LANGUAGE_HINT),
            ("T", text::THEME_HINT),
            ("P  F5", text::PRESENT_HINT),
            ("W", workbench::KEY_CENTRE),
            ("M", text::DO_LESSONS),
            ("I", text::DO_INSPECTOR),
            ("Ctrl++  Ctrl+-  Ctrl+0", text::DO_ZOOM),
            ("/", text::DO_FILTER),
            ("↑ ↓", text::DO_ROW),
            ("Ctrl+O", text::DO_OPEN),
            ("Ctrl+S", text::DO_SAVE),
            ("Esc", text::DO_CLOSE),
            ("F1  ?", text::KEYS_HINT),
        ],
    },
    Group {
        title: workbench::WORKBENCH,
        keys: &[
            ("← →", workbench::KEY_MOVE_CUT),
            ("Enter", workbench::KEY_ADD_CUT),
            ("Delete", workbench::KEY_REMOVE_CUT),
            ("Ctrl+Z  Ctrl+Shift+Z", workbench::KEY_UNDO_CUT),
        ],
    },
];

/// Shows the list of keys over everything else.
pub fn show(ui: &Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let screen = ui.ctx().content_rect();
    let width = (theme.sizes.body * 60.0).min(screen.width() - theme.gap(12.0));
    let id = egui::Id::unique("shortcuts");
    let height = (screen.height() - theme.gap(40.0)).max(80.0);
    let modal = Modal::new(id)
        .area(Modal::default_area(id).fade_in(false))
        .show(ui.ctx(), |ui| {
            ui.set_width(width);
            let closed = ui
                .horizontal(|ui| {
                    ui.label(
                        RichText::new(view.say(text::SHORTCUTS))
                            .font(theme.title())
                            .color(theme.colours.text),
                    );
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let close = KeyButton::new(view.say(text::SHORTCUTS_CLOSE)).key("Esc");
                        close.show(ui, theme).clicked()
                    })
                    .inner
                })
                .inner;
            ui.add_space(theme.gap(2.0));
            ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height)
                .show(ui, |ui| {
                    if width > theme.sizes.body * 40.0 {
                        ui.columns(2, |columns| {
                            let half = columns[0].available_width();
                            list(&mut columns[0], view, half, &KEYS[..2]);
                            list(&mut columns[1], view, half, &KEYS[2..]);
                        });
                    } else {
                        list(ui, view, width, KEYS);
                    }
                });
            closed
        });
    if modal.inner || modal.should_close() {
        out.push(Command::ToggleShortcuts);
    }
}

fn list(ui: &mut Ui, view: &View<'_>, width: f32, groups: &[Group]) {
    let theme = view.theme;
    for group in groups {
        section::title(ui, theme, view.say(group.title));
        let key_width = theme.sizes.small * 9.0;
        Grid::new(group.title.en)
            .num_columns(2)
            .min_col_width(key_width)
            .spacing(vec2(theme.gap(3.0), theme.gap(0.5)))
            .show(ui, |ui| {
                for (keys, what) in group.keys {
                    let keys = keys.replace("Space", view.say(text::KEY_SPACE));
                    let keys = RichText::new(keys).font(theme.mono_small());
                    ui.scope(|ui| {
                        ui.set_width(key_width);
                        ui.add(egui::Label::new(keys.color(theme.colours.accent)).wrap());
                    });
                    let words = RichText::new(view.say(*what)).font(theme.body());
                    let most = width - key_width - theme.gap(6.0);
                    ui.scope(|ui| {
                        ui.set_width(most);
                        ui.add(egui::Label::new(words.color(theme.colours.text)).wrap());
                    });
                    ui.end_row();
                }
            });
        ui.add_space(theme.gap(3.0));
    }
}
