//! A button that names its key, and when it cannot be pressed says why.

use egui::{Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::icon::{self, Icon};
use super::theme::Theme;

/// What a button looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tint {
    /// As the rest.
    #[default]
    Plain,
    /// No ground until the pointer is over it.
    Quiet,
    /// The next thing to do.
    Primary,
    /// The client's.
    Client,
    /// The server's.
    Server,
    /// Switched on.
    On,
}

/// A button: sign, words, key.
#[derive(Clone, Debug)]
pub struct KeyButton<'a> {
    name: &'a str,
    words: &'a str,
    icon: Option<Icon>,
    key: &'a str,
    tint: Tint,
    refusal: Option<String>,
    hint: &'a str,
    selected: Option<bool>,
    small: bool,
}

impl<'a> KeyButton<'a> {
    /// A button called `name`, which is also what stands on it.
    pub fn new(name: &'a str) -> Self {
        KeyButton {
            name,
            words: name,
            icon: None,
            key: "",
            tint: Tint::Plain,
            refusal: None,
            hint: "",
            selected: None,
            small: false,
        }
    }

    /// Shows other words than its name; none leaves the sign alone.
    #[must_use]
    pub fn words(mut self, words: &'a str) -> Self {
        self.words = words;
        self
    }

    /// With a sign.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With its key on it.
    #[must_use]
    pub fn key(mut self, key: &'a str) -> Self {
        self.key = key;
        self
    }

    /// In that look.
    #[must_use]
    pub fn tint(mut self, tint: Tint) -> Self {
        self.tint = tint;
        self
    }

    /// Cannot be pressed, for this reason.
    #[must_use]
    pub fn refused(mut self, reason: Option<String>) -> Self {
        self.refusal = reason;
        self
    }

    /// What the pointer is told.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// One of several of which one is chosen.
    #[must_use]
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        if selected {
            self.tint = Tint::On;
        }
        self
    }

    /// In small type.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// How wide it is.
    pub fn width(&self, ui: &Ui, theme: &Theme) -> f32 {
        self.measure(ui, theme).0
    }

    fn font(&self, theme: &Theme) -> egui::FontId {
        match (self.small, self.tint) {
            (true, _) => theme.small(),
            (false, Tint::Plain | Tint::Quiet) => theme.body(),
            (false, _) => theme.strong(),
        }
    }

    fn measure(&self, ui: &Ui, theme: &Theme) -> (f32, f32) {
        let font = self.font(theme);
        let size = font.size;
        let text = |words: &str, font: egui::FontId| {
            if words.is_empty() {
                0.0
            } else {
                ui.painter()
                    .layout_no_wrap(words.to_owned(), font, Color32::WHITE)
                    .size()
                    .x
            }
        };
        let words = text(self.words, font);
        let key = text(self.key, theme.small());
        let icon = self.icon.map_or(0.0, |_| size * 0.95);
        let parts = [icon, words, key].into_iter().filter(|w| *w > 0.0).count() as f32;
        let width = icon + words + key + (parts - 1.0).max(0.0) * gap(theme) + 2.0 * pad(theme);
        (width.round(), (size * 2.1).round())
    }

    /// Shows it. The response is never `clicked` while it is refused.
    pub fn show(self, ui: &mut Ui, theme: &Theme) -> Response {
        let (width, height) = self.measure(ui, theme);
        let enabled = self.refusal.is_none() && ui.is_enabled();
        let sense = if enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), sense);
        let name = self.name.to_owned();
        let selected = self.selected;
        response.widget_info(|| match selected {
            Some(on) => WidgetInfo::selected(egui::Role::Button, enabled, on, &name),
            None => WidgetInfo::labeled(egui::Role::Button, enabled, &name),
        });
        if ui.is_rect_visible(rect) {
            self.paint(ui, theme, rect, &response, enabled);
        }
        let tip = match (&self.refusal, self.hint) {
            (Some(reason), "") => reason.clone(),
            (Some(reason), hint) => format!("{hint}\n{reason}"),
            (None, hint) => hint.to_owned(),
        };
        if tip.is_empty() {
            return response;
        }
        let tip = if self.key.is_empty() || self.hint.contains(self.key) {
            tip
        } else {
            format!("{tip} [{}]", self.key)
        };
        response.on_hover_text(tip)
    }

    fn paint(&self, ui: &Ui, theme: &Theme, rect: Rect, response: &Response, enabled: bool) {
        let c = &theme.colours;
        let (mut ground, mut edge, mut ink) = match self.tint {
            Tint::Plain => (c.card, c.line, c.text),
            Tint::Quiet => (Color32::TRANSPARENT, Color32::TRANSPARENT, c.text_soft),
            Tint::Primary => (c.good_fill, c.good.gamma_multiply(0.55), c.text),
            Tint::Client => (c.client_fill, c.client.gamma_multiply(0.55), c.text),
            Tint::Server => (c.server_fill, c.server.gamma_multiply(0.55), c.text),
            Tint::On => (c.accent_fill, c.accent, c.text),
        };
        if !enabled {
            if self.tint != Tint::Quiet {
                ground = c.panel;
                edge = c.line;
            }
            ink = c.text_faint.gamma_multiply(0.75);
        } else if response.is_pointer_button_down_on() {
            ground = c.accent_fill;
        } else if response.hovered() {
            edge = if self.tint == Tint::Quiet {
                c.line
            } else {
                c.line_strong
            };
            if self.tint == Tint::Quiet {
                ground = c.card;
            }
        }
        let painter = ui.painter();
        painter.rect(
            rect,
            theme.radius(),
            ground,
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
        if response.has_focus() {
            painter.rect_stroke(
                rect.expand(1.5),
                theme.radius(),
                Stroke::new(2.0, c.accent),
                StrokeKind::Middle,
            );
        }
        let font = self.font(theme);
        let sign_side = font.size * 0.95;
        let mut x = rect.min.x + pad(theme);
        let alone = self.words.is_empty() && self.key.is_empty();
        if let Some(sign) = self.icon {
            let middle = if alone {
                rect.center()
            } else {
                pos2(x + sign_side / 2.0, rect.center().y)
            };
            let area = Rect::from_center_size(middle, Vec2::splat(sign_side * 0.86));
            let sign_ink = match self.tint {
                _ if !enabled => ink,
                Tint::Primary => c.good,
                Tint::Client => c.client,
                Tint::Server => c.server,
                _ => ink,
            };
            icon::paint(painter, area, sign, sign_ink);
            x += sign_side + gap(theme);
        }
        if !self.words.is_empty() {
            let galley = painter.layout_no_wrap(self.words.to_owned(), font, ink);
            let size = galley.size();
            painter.galley(pos2(x, rect.center().y - size.y / 2.0), galley, ink);
            x += size.x + gap(theme);
        }
        if !self.key.is_empty() {
            let faint = if enabled { c.text_faint } else { ink };
            let galley = painter.layout_no_wrap(self.key.to_owned(), theme.small(), faint);
            let size = galley.size();
            painter.galley(
                vec2(0.0, 0.5).to_pos2() + vec2(x, rect.center().y - size.y / 2.0),
                galley,
                faint,
            );
        }
    }
}

fn pad(theme: &Theme) -> f32 {
    theme.gap(2.25)
}

fn gap(theme: &Theme) -> f32 {
    theme.gap(1.5)
}
