//! The small parts that panels share: section titles, notes, accessible names.

use egui::{Response, RichText, Ui};

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

/// Sliders in this `ui` fill up in the accent's colour and have a small handle.
pub fn bright_slider(ui: &mut Ui, theme: &Theme) {
    ui.visuals_mut().selection.bg_fill = theme.colours.accent;
    ui.spacing_mut().interact_size.y = theme.sizes.body * 1.35;
}
