//! What a message looks like: a colour and a pattern that follow it everywhere.
//!
//! The colours are Okabe and Ito's ("Color Universal Design", 2008), with grey in place of
//! black so that the eighth shows on a dark ground. Nobody has to tell them apart by colour:
//! each has its own fill pattern, and a number where there is room for one.

use egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2,
    vec2,
};

use super::theme::{Theme, contrast};

/// Whose bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Message number, from 0.
    Message(u32),
    /// Bytes of a program that is not ours.
    External,
    /// A receiver's acknowledgement.
    Acknowledgement,
    /// Bytes that the attacker put in.
    Attacker,
    /// Bytes the lab sent without a message.
    Unknown,
}

/// The fill patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Nothing.
    Solid,
    /// Upright lines.
    Vertical,
    /// Lines rising to the right.
    Rising,
    /// Dots.
    Dots,
    /// Level lines.
    Horizontal,
    /// Lines falling to the right.
    Falling,
    /// Upright and level lines.
    Grid,
    /// Rising and falling lines.
    Lattice,
}

impl Pattern {
    /// Every pattern, in the order messages use them.
    pub const ALL: [Pattern; 8] = [
        Pattern::Solid,
        Pattern::Vertical,
        Pattern::Rising,
        Pattern::Dots,
        Pattern::Horizontal,
        Pattern::Falling,
        Pattern::Grid,
        Pattern::Lattice,
    ];
}

/// The eight colours, in the order messages use them.
pub const COLOURS: [Color32; 8] = [
    Color32::from_rgb(0xE6, 0x9F, 0x00),
    Color32::from_rgb(0x56, 0xB4, 0xE9),
    Color32::from_rgb(0x00, 0x9E, 0x73),
    Color32::from_rgb(0xF0, 0xE4, 0x42),
    Color32::from_rgb(0x00, 0x72, 0xB2),
    Color32::from_rgb(0xD5, 0x5E, 0x00),
    Color32::from_rgb(0xCC, 0x79, 0xA7),
    Color32::from_rgb(0x9A, 0x9A, 0x9A),
];

const INK_DARK: Color32 = Color32::from_rgb(0x0B, 0x0D, 0x10);
const INK_LIGHT: Color32 = Color32::from_rgb(0xFF, 0xFF, 0xFF);
/// Below this width (points at the desk) a rectangle shows its colour only.
const PATTERN_FROM: f32 = 7.0;

/// How to paint the bytes of one origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swatch {
    /// Colour of the area.
    pub fill: Color32,
    /// Colour of the pattern's lines.
    pub mark: Color32,
    /// Colour of text on it.
    pub label: Color32,
    /// Colour of its edge: at least 3 : 1 against the ground.
    pub edge: Color32,
    /// Its pattern.
    pub pattern: Pattern,
}

impl Swatch {
    /// Of an origin. Messages 9 to 64 repeat the colours with other patterns.
    pub fn of(ink: Ink, theme: &Theme) -> Self {
        let fill = colour(ink, theme);
        let pattern = match ink {
            Ink::Message(n) => Pattern::ALL[((n % 8 + n / 8) % 8) as usize],
            Ink::External => Pattern::Dots,
            Ink::Acknowledgement => Pattern::Horizontal,
            Ink::Attacker => Pattern::Lattice,
            Ink::Unknown => Pattern::Falling,
        };
        let label = readable_on(fill);
        // A light label needs dark lines around it and the other way round, else the lines
        // eat the letters.
        let mark = fill.lerp_to_gamma(
            if label == INK_DARK {
                Color32::BLACK
            } else {
                Color32::WHITE
            },
            if label == INK_DARK { 0.42 } else { 0.38 },
        );
        let mut edge = fill;
        let away = if theme.dark {
            Color32::WHITE
        } else {
            Color32::BLACK
        };
        let mut share = 0.0;
        while contrast(edge, theme.colours.ground) < 3.0 && share < 1.0 {
            share += 0.05;
            edge = fill.lerp_to_gamma(away, share);
        }
        Swatch {
            fill,
            mark,
            label,
            edge,
            pattern,
        }
    }
}

/// Only the colour of the area, where there is no room for more.
pub fn colour(ink: Ink, theme: &Theme) -> Color32 {
    match ink {
        Ink::Message(n) => COLOURS[(n % 8) as usize],
        Ink::Attacker => theme.colours.bad,
        Ink::External | Ink::Acknowledgement | Ink::Unknown => theme.colours.line_strong,
    }
}

/// Near-black or white, whichever reads better on `fill`.
pub fn readable_on(fill: Color32) -> Color32 {
    if contrast(fill, INK_DARK) >= contrast(fill, INK_LIGHT) {
        INK_DARK
    } else {
        INK_LIGHT
    }
}

/// How [`paint`] shall paint.
#[derive(Clone, Debug)]
pub struct Fill<'a> {
    /// Texts to try, longest first; the first that fits is shown. Empty: none.
    pub labels: &'a [&'a str],
    /// Font of the text.
    pub font: FontId,
    /// Corner radius.
    pub radius: u8,
    /// 1 = full colour; less lets the ground through (bytes that are not the point just now).
    pub strength: f32,
    /// As [`Theme::scale`]: coarser patterns for a room.
    pub scale: f32,
}

impl<'a> Fill<'a> {
    /// In full colour with these texts.
    pub fn new(theme: &Theme, labels: &'a [&'a str]) -> Self {
        Fill {
            labels,
            font: theme.mono_strong(),
            radius: 3,
            strength: 1.0,
            scale: theme.scale,
        }
    }
}

/// Paints `rect` in the swatch's colour and pattern, with the longest of the texts that fits.
/// Returns the text's rectangle when one did.
pub fn paint(painter: &Painter, rect: Rect, swatch: &Swatch, fill: &Fill<'_>) -> Option<Rect> {
    if !painter.clip_rect().intersects(rect) {
        return None;
    }
    let fade = |c: Color32| {
        if fill.strength >= 1.0 {
            c
        } else {
            c.gamma_multiply(fill.strength)
        }
    };
    if rect.width() < 3.0 {
        painter.rect_filled(rect, CornerRadius::ZERO, fade(swatch.fill));
        return None;
    }
    painter.rect(
        rect,
        CornerRadius::same(fill.radius),
        fade(swatch.fill),
        Stroke::new(1.0, fade(swatch.edge)),
        StrokeKind::Inside,
    );
    if rect.width() >= PATTERN_FROM * fill.scale.sqrt() {
        lines(painter, rect, swatch.pattern, fade(swatch.mark), fill.scale);
    }
    label(painter, rect, swatch, fill)
}

fn label(painter: &Painter, rect: Rect, swatch: &Swatch, fill: &Fill<'_>) -> Option<Rect> {
    if rect.width() < fill.font.size * 0.7 || rect.height() < fill.font.size * 0.9 {
        return None;
    }
    let visible = rect.intersect(painter.clip_rect());
    for text in fill.labels {
        // A cheap lower bound before the text is laid out.
        if text.chars().count() as f32 * fill.font.size * 0.45 > visible.width() {
            continue;
        }
        let galley = painter.layout_no_wrap((*text).to_owned(), fill.font.clone(), swatch.label);
        let size = galley.size();
        if size.x + 4.0 > visible.width() {
            continue;
        }
        let at = Align2::CENTER_CENTER.anchor_size(visible.center(), size);
        if swatch.pattern != Pattern::Solid {
            let plate = at.expand2(vec2(2.5, -1.0)).intersect(rect);
            painter.rect_filled(plate, CornerRadius::same(3), swatch.fill);
        }
        painter.galley(at.min, galley, swatch.label);
        return Some(at);
    }
    None
}

/// The pattern's lines inside `rect`.
fn lines(painter: &Painter, rect: Rect, pattern: Pattern, colour: Color32, scale: f32) {
    let coarse = scale.sqrt();
    let step = 7.0 * coarse;
    let stroke = Stroke::new(1.5 * coarse, colour);
    let area = rect.shrink(1.0).intersect(painter.clip_rect());
    if area.width() <= 0.0 || area.height() <= 0.0 {
        return;
    }
    // Counted from the rectangle's own corner, so panning does not make the lines crawl.
    let first = |from: f32, low: f32| ((low - from) / step).floor() as i32;
    let upright = |out: &mut Vec<Shape>| {
        let mut n = first(rect.min.x, area.min.x);
        loop {
            let x = rect.min.x + (n as f32 + 0.5) * step;
            if x > area.max.x {
                break;
            }
            if x >= area.min.x {
                out.push(Shape::line_segment(
                    [pos2(x, area.min.y), pos2(x, area.max.y)],
                    stroke,
                ));
            }
            n += 1;
        }
    };
    let level = |out: &mut Vec<Shape>| {
        let mut y = rect.min.y + step * 0.6;
        while y < area.max.y {
            if y > area.min.y {
                out.push(Shape::line_segment(
                    [pos2(area.min.x, y), pos2(area.max.x, y)],
                    stroke,
                ));
            }
            y += step;
        }
    };
    let slanted = |out: &mut Vec<Shape>, rising: bool| {
        let height = rect.height();
        let wide = step * 1.35;
        let mut n = ((area.min.x - rect.min.x - height) / wide).floor() as i32;
        loop {
            let foot = rect.min.x + n as f32 * wide;
            if foot > area.max.x {
                break;
            }
            n += 1;
            let ends = if rising {
                [pos2(foot, rect.max.y), pos2(foot + height, rect.min.y)]
            } else {
                [pos2(foot, rect.min.y), pos2(foot + height, rect.max.y)]
            };
            if let Some(ends) = cut(ends, area) {
                out.push(Shape::line_segment(ends, stroke));
            }
        }
    };
    let mut out = Vec::new();
    match pattern {
        Pattern::Solid => return,
        Pattern::Vertical => upright(&mut out),
        Pattern::Horizontal => level(&mut out),
        Pattern::Grid => {
            upright(&mut out);
            level(&mut out);
        }
        Pattern::Rising => slanted(&mut out, true),
        Pattern::Falling => slanted(&mut out, false),
        Pattern::Lattice => {
            slanted(&mut out, true);
            slanted(&mut out, false);
        }
        Pattern::Dots => {
            let mut y = rect.min.y + step * 0.6;
            let mut odd = false;
            while y < area.max.y - 1.0 {
                let mut n = first(rect.min.x, area.min.x);
                loop {
                    let x = rect.min.x + (n as f32 + if odd { 1.0 } else { 0.5 }) * step;
                    if x > area.max.x - 1.0 {
                        break;
                    }
                    if x >= area.min.x + 1.0 {
                        out.push(Shape::circle_filled(pos2(x, y), 1.5 * coarse, colour));
                    }
                    n += 1;
                }
                odd = !odd;
                y += step * 0.75;
            }
        }
    }
    painter.extend(out);
}

/// The part of a 45° line inside `area`; ends run left to right.
fn cut([a, b]: [Pos2; 2], area: Rect) -> Option<[Pos2; 2]> {
    let slope = (b.y - a.y) / (b.x - a.x);
    let mut low = a.x.max(area.min.x);
    let mut high = b.x.min(area.max.x);
    // x where the line meets the area's upper and lower edge
    let x_at = |y: f32| a.x + (y - a.y) / slope;
    let (top, bottom) = (x_at(area.min.y), x_at(area.max.y));
    low = low.max(top.min(bottom));
    high = high.min(top.max(bottom));
    (low < high).then(|| {
        let at = |x: f32| pos2(x, a.y + (x - a.x) * slope);
        [at(low), at(high)]
    })
}

/// Grey hatching for "blocked" and "not captured": an area where time passes or something is
/// missing.
pub fn hatch(painter: &Painter, rect: Rect, colour: Color32, scale: f32) {
    lines(painter, rect, Pattern::Rising, colour, scale);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn labels_and_edges_have_contrast_on_every_message() {
        for dark in [true, false] {
            let theme = Theme::desk(dark);
            for ink in
                (0..64)
                    .map(Ink::Message)
                    .chain([Ink::External, Ink::Acknowledgement, Ink::Unknown])
            {
                let s = Swatch::of(ink, &theme);
                let label = contrast(s.label, s.fill);
                assert!(label >= 4.5, "{ink:?} dark={dark}: label {label:.2}");
                let edge = contrast(s.edge, theme.colours.ground);
                assert!(edge >= 3.0, "{ink:?} dark={dark}: edge {edge:.2}");
                let mark = contrast(s.mark, s.fill);
                assert!(mark >= 1.5, "{ink:?} dark={dark}: pattern {mark:.2}");
            }
        }
    }

    #[test]
    fn sixty_four_messages_look_different_and_eight_differ_in_pattern_alone() {
        let theme = Theme::desk(true);
        let all: HashSet<_> = (0..64)
            .map(|n| {
                let s = Swatch::of(Ink::Message(n), &theme);
                (s.fill, s.pattern)
            })
            .collect();
        assert_eq!(all.len(), 64);
        for start in 0..57 {
            let patterns: HashSet<_> = (start..start + 2)
                .map(|n| Swatch::of(Ink::Message(n), &theme).pattern)
                .collect();
            assert_eq!(patterns.len(), 2, "neighbours {start} and {}", start + 1);
        }
        let first: HashSet<_> = (0..8)
            .map(|n| Swatch::of(Ink::Message(n), &theme).pattern)
            .collect();
        assert_eq!(first.len(), 8);
    }

    #[test]
    fn slanted_lines_stay_inside() {
        let area = Rect::from_min_max(pos2(10.0, 10.0), pos2(20.0, 15.0));
        let ends = cut([pos2(8.0, 18.0), pos2(18.0, 8.0)], area);
        assert_eq!(ends, Some([pos2(11.0, 15.0), pos2(16.0, 10.0)]));
        assert_eq!(cut([pos2(0.0, 10.0), pos2(5.0, 5.0)], area), None);
    }
}
