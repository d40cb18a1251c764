//! The look of the lab, in one place: colours, spacing, type scale, and the egui style made
//! of them. No other file names a colour or a font size.
//!
//! Every text colour keeps a contrast of at least 4.5 : 1 (WCAG 2.2, level AA) on every ground
//! it is used on; a test computes it.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle,
    Vec2, Visuals,
};

/// The family of headings and emphasis (a heavier cut).
pub const STRONG: &str = "strong";
/// The monospaced family in a heavier cut.
pub const MONO_STRONG: &str = "mono-strong";

/// Colours by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colours {
    /// Behind the stage.
    pub ground: Color32,
    /// Behind side panels and bars.
    pub panel: Color32,
    /// Cards, buttons, fields that stand out from panel or ground.
    pub card: Color32,
    /// Wells: tracks, lanes, text fields.
    pub sunken: Color32,
    /// Thin lines between areas.
    pub line: Color32,
    /// Outlines that must be seen.
    pub line_strong: Color32,
    /// Text.
    pub text: Color32,
    /// Secondary text.
    pub text_soft: Color32,
    /// Captions, units, section titles.
    pub text_faint: Color32,
    /// What is chosen, active, or can be pressed.
    pub accent: Color32,
    /// Ground of chosen things; carries `text`.
    pub accent_fill: Color32,
    /// The client's mark (text and outline).
    pub client: Color32,
    /// Ground of the client's button.
    pub client_fill: Color32,
    /// The server's mark (text and outline).
    pub server: Color32,
    /// Ground of the server's button.
    pub server_fill: Color32,
    /// Right.
    pub good: Color32,
    /// Ground of right things; carries `good` and `text`.
    pub good_fill: Color32,
    /// Wrong.
    pub bad: Color32,
    /// Ground of wrong things; carries `bad` and `text`.
    pub bad_fill: Color32,
    /// Waiting, blocked, take care.
    pub warn: Color32,
    /// Ground of such things; carries `warn` and `text`.
    pub warn_fill: Color32,
    /// Outline of the selected bytes, on any message colour.
    pub select: Color32,
    /// Marks what the lesson points at.
    pub focus: Color32,
}

const fn rgb(code: u32) -> Color32 {
    Color32::from_rgb((code >> 16) as u8, (code >> 8) as u8, code as u8)
}

/// Near-black blue-greys.
pub const DARK: Colours = Colours {
    ground: rgb(0x0014_171B),
    panel: rgb(0x001B_1F25),
    card: rgb(0x0023_2830),
    sunken: rgb(0x000F_1215),
    line: rgb(0x0034_3B45),
    line_strong: rgb(0x0066_7281),
    text: rgb(0x00EB_EEF2),
    text_soft: rgb(0x00BC_C4CE),
    text_faint: rgb(0x009A_A4B1),
    accent: rgb(0x0062_B8EC),
    accent_fill: rgb(0x001E_3C54),
    client: rgb(0x00EB_B04B),
    client_fill: rgb(0x0044_3616),
    server: rgb(0x006C_C0F0),
    server_fill: rgb(0x0017_3C55),
    good: rgb(0x0060_D093),
    good_fill: rgb(0x001D_3A29),
    bad: rgb(0x00FF_A183),
    bad_fill: rgb(0x0044_221B),
    warn: rgb(0x00F2_C55C),
    warn_fill: rgb(0x003F_3414),
    select: rgb(0x00FF_FFFF),
    focus: rgb(0x00D4_A5FF),
};

/// Its light twin.
pub const LIGHT: Colours = Colours {
    ground: rgb(0x00FC_FDFE),
    panel: rgb(0x00F2_F4F7),
    card: rgb(0x00FF_FFFF),
    sunken: rgb(0x00E7_EAEF),
    line: rgb(0x00CD_D3DB),
    line_strong: rgb(0x0076_818E),
    text: rgb(0x0017_1C22),
    text_soft: rgb(0x003E_4752),
    text_faint: rgb(0x0055_5F6B),
    accent: rgb(0x0009_5A99),
    accent_fill: rgb(0x00D3_E7F7),
    client: rgb(0x007D_4F00),
    client_fill: rgb(0x00FB_E8C4),
    server: rgb(0x0009_5A99),
    server_fill: rgb(0x00D3_E7F7),
    good: rgb(0x0014_6A38),
    good_fill: rgb(0x00DC_F2E3),
    bad: rgb(0x00A4_2C12),
    bad_fill: rgb(0x00FC_E4DC),
    warn: rgb(0x0074_5000),
    warn_fill: rgb(0x00FC_EFC7),
    select: rgb(0x0000_0000),
    focus: rgb(0x0071_2FB0),
};

/// Font sizes in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Captions, axis figures.
    pub small: f32,
    /// Text.
    pub body: f32,
    /// Code and figures.
    pub mono: f32,
    /// A lesson's or card's heading.
    pub heading: f32,
    /// The largest heading of the screen.
    pub title: f32,
}

/// The look in use: light or dark, at a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Dark?
    pub dark: bool,
    /// Colours.
    pub colours: Colours,
    /// Font sizes, scaled.
    pub sizes: Sizes,
    /// How much larger than at the desk everything is: 1, or more in presenter mode.
    pub scale: f32,
}

impl Theme {
    /// For one person at a desk.
    pub fn desk(dark: bool) -> Self {
        Theme {
            dark,
            colours: if dark { DARK } else { LIGHT },
            sizes: Sizes {
                small: 11.5,
                body: 13.5,
                mono: 13.0,
                heading: 15.0,
                title: 18.0,
            },
            scale: 1.0,
        }
    }

    /// For a room: no text is lower than 1/30 of the window's height (in points).
    pub fn presenter(dark: bool, height: f32) -> Self {
        let least = (height / 30.0).clamp(16.0, 96.0);
        Theme {
            sizes: Sizes {
                small: least,
                body: least,
                mono: least,
                heading: least * 1.1,
                title: least * 1.25,
            },
            scale: least / 13.5,
            ..Theme::desk(dark)
        }
    }

    /// `n` steps of the spacing grid (4 points each at the desk; grows less than the type, so
    /// that a presenter's screen is filled with content, not with gaps).
    pub fn gap(&self, n: f32) -> f32 {
        4.0 * n * self.scale.sqrt()
    }

    /// Font of captions.
    pub fn small(&self) -> FontId {
        FontId::new(self.sizes.small, FontFamily::Proportional)
    }

    /// Font of captions that label a section.
    pub fn section(&self) -> FontId {
        FontId::new(self.sizes.small, strong())
    }

    /// Font of text.
    pub fn body(&self) -> FontId {
        FontId::new(self.sizes.body, FontFamily::Proportional)
    }

    /// Font of emphasised text.
    pub fn strong(&self) -> FontId {
        FontId::new(self.sizes.body, strong())
    }

    /// Font of code and figures.
    pub fn mono(&self) -> FontId {
        FontId::new(self.sizes.mono, FontFamily::Monospace)
    }

    /// Font of small code and figures.
    pub fn mono_small(&self) -> FontId {
        FontId::new(self.sizes.small, FontFamily::Monospace)
    }

    /// Font of emphasised code: labels on messages.
    pub fn mono_strong(&self) -> FontId {
        FontId::new(self.sizes.mono, FontFamily::Name(MONO_STRONG.into()))
    }

    /// Font of a heading.
    pub fn heading(&self) -> FontId {
        FontId::new(self.sizes.heading, strong())
    }

    /// Font of the largest heading.
    pub fn title(&self) -> FontId {
        FontId::new(self.sizes.title, strong())
    }

    /// Corner radius of cards and buttons.
    pub fn radius(&self) -> CornerRadius {
        CornerRadius::same(6)
    }

    /// Gives egui this look, for every widget.
    pub fn apply(&self, ctx: &Context) {
        ctx.set_theme(if self.dark {
            egui::Theme::Dark
        } else {
            egui::Theme::Light
        });
        let style = self.style();
        ctx.set_style_of(egui::Theme::Dark, style.clone());
        ctx.set_style_of(egui::Theme::Light, style);
    }

    /// As an egui style.
    pub fn style(&self) -> Style {
        let mut style = Style {
            visuals: self.visuals(),
            animation_time: 0.08,
            ..Style::default()
        };
        style.text_styles = [
            (TextStyle::Small, self.small()),
            (TextStyle::Body, self.body()),
            (TextStyle::Button, self.body()),
            (TextStyle::Monospace, self.mono()),
            (TextStyle::Heading, self.title()),
        ]
        .into();
        let spacing = &mut style.spacing;
        spacing.item_spacing = Vec2::new(self.gap(2.0), self.gap(1.5));
        spacing.button_padding = Vec2::new(self.gap(2.5), self.gap(1.25));
        spacing.interact_size = Vec2::new(self.gap(8.0), (self.sizes.body * 1.9).round());
        spacing.window_margin = Margin::same(self.gap(3.0) as i8);
        spacing.menu_margin = Margin::same(self.gap(1.5) as i8);
        spacing.indent = self.gap(4.0);
        spacing.slider_width = 120.0 * self.scale.sqrt();
        spacing.slider_rail_height = 4.0;
        spacing.icon_width = self.sizes.body * 1.2;
        spacing.icon_width_inner = self.sizes.body * 0.6;
        spacing.tooltip_width = 340.0 * self.scale;
        spacing.scroll.floating = true;
        spacing.scroll.bar_width = 8.0;
        spacing.scroll.floating_width = 4.0;
        style
    }

    fn visuals(&self) -> Visuals {
        let c = &self.colours;
        let mut v = if self.dark {
            Visuals::dark()
        } else {
            Visuals::light()
        };
        let radius = self.radius();
        v.override_text_color = None;
        v.weak_text_color = Some(c.text_faint);
        v.hyperlink_color = c.accent;
        v.faint_bg_color = if self.dark {
            rgb(0x001F_242B)
        } else {
            rgb(0x00EB_EEF2)
        };
        v.extreme_bg_color = c.sunken;
        v.text_edit_bg_color = Some(c.sunken);
        v.code_bg_color = c.sunken;
        v.warn_fg_color = c.warn;
        v.error_fg_color = c.bad;
        v.window_fill = c.panel;
        v.panel_fill = c.panel;
        v.window_stroke = Stroke::new(1.0, c.line);
        v.window_corner_radius = CornerRadius::same(8);
        v.menu_corner_radius = radius;
        let shadow = Shadow {
            offset: [0, 4],
            blur: 16,
            spread: 0,
            color: Color32::from_black_alpha(if self.dark { 110 } else { 36 }),
        };
        v.window_shadow = shadow;
        v.popup_shadow = shadow;
        v.selection.bg_fill = c.accent_fill;
        v.selection.stroke = Stroke::new(1.0, c.text);
        v.slider_trailing_fill = true;
        v.indent_has_left_vline = false;
        v.striped = false;
        v.handle_shape = egui::style::HandleShape::Circle;
        v.interact_cursor = Some(egui::CursorIcon::PointingHand);
        v.disabled_alpha = 0.55;

        let w = &mut v.widgets;
        w.noninteractive.bg_fill = c.panel;
        w.noninteractive.weak_bg_fill = c.panel;
        w.noninteractive.bg_stroke = Stroke::new(1.0, c.line);
        w.noninteractive.fg_stroke = Stroke::new(1.0, c.text);
        w.inactive.bg_fill = c.line;
        w.inactive.weak_bg_fill = c.card;
        w.inactive.bg_stroke = Stroke::new(1.0, c.line);
        w.inactive.fg_stroke = Stroke::new(1.0, c.text);
        w.hovered.bg_fill = c.line_strong;
        w.hovered.weak_bg_fill = if self.dark {
            rgb(0x002C_333D)
        } else {
            rgb(0x00EB_EFF4)
        };
        w.hovered.bg_stroke = Stroke::new(1.0, c.line_strong);
        w.hovered.fg_stroke = Stroke::new(1.0, c.text);
        w.active.bg_fill = c.accent;
        w.active.weak_bg_fill = c.accent_fill;
        w.active.bg_stroke = Stroke::new(1.0, c.accent);
        w.active.fg_stroke = Stroke::new(1.0, c.text);
        w.open.bg_fill = c.card;
        w.open.weak_bg_fill = c.card;
        w.open.bg_stroke = Stroke::new(1.0, c.accent);
        w.open.fg_stroke = Stroke::new(1.0, c.text);
        for visuals in [
            &mut w.noninteractive,
            &mut w.inactive,
            &mut w.hovered,
            &mut w.active,
            &mut w.open,
        ] {
            visuals.corner_radius = radius;
            visuals.expansion = 0.0;
        }
        v
    }
}

fn strong() -> FontFamily {
    FontFamily::Name(STRONG.into())
}

/// Relative luminance of an opaque colour, 0 to 1 (WCAG 2.2).
pub fn luminance(c: Color32) -> f32 {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
}

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2).
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_on_every_ground() {
        for (name, c) in [("dark", DARK), ("light", LIGHT)] {
            let grounds = [
                ("ground", c.ground),
                ("panel", c.panel),
                ("card", c.card),
                ("sunken", c.sunken),
            ];
            let texts = [
                ("text", c.text),
                ("soft", c.text_soft),
                ("faint", c.text_faint),
                ("accent", c.accent),
                ("client", c.client),
                ("server", c.server),
                ("good", c.good),
                ("bad", c.bad),
                ("warn", c.warn),
            ];
            for (on, ground) in grounds {
                for (what, text) in texts {
                    let ratio = contrast(text, ground);
                    assert!(ratio >= 4.5, "{name}: {what} on {on} is {ratio:.2}");
                }
                assert!(
                    contrast(c.line_strong, ground) >= 3.0,
                    "{name}: outline on {on}"
                );
            }
            for (what, text, fill) in [
                ("client", c.client, c.client_fill),
                ("server", c.server, c.server_fill),
                ("good", c.good, c.good_fill),
                ("bad", c.bad, c.bad_fill),
                ("warn", c.warn, c.warn_fill),
                ("accent", c.accent, c.accent_fill),
            ] {
                for text in [text, c.text] {
                    let ratio = contrast(text, fill);
                    assert!(ratio >= 4.5, "{name}: text on {what} fill is {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn presenter_text_is_a_thirtieth_of_the_height() {
        for height in [600.0, 768.0, 800.0, 1440.0] {
            let sizes = Theme::presenter(true, height).sizes;
            for size in [
                sizes.small,
                sizes.body,
                sizes.mono,
                sizes.heading,
                sizes.title,
            ] {
                assert!(size >= height / 30.0 - 0.01, "{size} at {height}");
            }
        }
    }
}
