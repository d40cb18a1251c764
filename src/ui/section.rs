//! The small parts that panels share: section titles, notes, accessible names.

use egui::{EventFilter, Rect, Response, RichText, Stroke, StrokeKind, Ui};

use super::theme::Theme;

/// The title of a section: small, strong, quiet; capitals in English.
pub fn title(ui: &mut Ui, theme: &Theme, words: &str) -> Response {
    ui.add(
        egui::Label::new(
            RichText::new(words.to_uppercase())
                .font(theme.section())
                .color(theme.colours.text_faint)
                .extra_letter_spacing(0.6),
        )
        .selectable(false),
    )
}

/// A remark in small type that wraps.
pub fn note(ui: &mut Ui, theme: &Theme, words: &str) -> Response {
    ui.add(
        egui::Label::new(
            RichText::new(words)
                .font(theme.small())
                .color(theme.colours.text_faint),
        )
        .wrap(),
    )
}

/// Gives a widget that shows no words of its own a name for screen readers and tests.
pub fn named(response: &Response, name: &str) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_label(name.to_owned());
    });
}

/// Arrow keys up and down, for [`keyboard`].
pub const UP_AND_DOWN: EventFilter = EventFilter {
    tab: false,
    horizontal_arrows: false,
    vertical_arrows: true,
    escape: false,
};

/// All four arrow keys, for [`keyboard`].
pub const ALL_ARROWS: EventFilter = EventFilter {
    horizontal_arrows: true,
    ..UP_AND_DOWN
};

/// Does this table, tree or grid have the keyboard? Then `arrows` belong to it instead of moving
/// the focus, and `area` has a ring.
pub fn keyboard(
    ui: &Ui,
    theme: &Theme,
    response: &Response,
    area: Rect,
    arrows: EventFilter,
) -> bool {
    let focused = response.has_focus();
    if focused {
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        ui.painter().rect_stroke(
            area,
            theme.radius(),
            Stroke::new(1.0, theme.colours.accent),
            StrokeKind::Inside,
        );
    }
    focused
}

/// Sliders in this `ui` fill up in the accent's colour and have a small handle.
pub fn bright_slider(ui: &mut Ui, theme: &Theme) {
    ui.visuals_mut().selection.bg_fill = theme.colours.accent;
    ui.spacing_mut().interact_size.y = theme.sizes.body * 1.35;
}
