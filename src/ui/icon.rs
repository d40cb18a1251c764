//! Small signs, painted: the same on every machine, at every size, in every colour.

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Run.
    Play,
    /// Pause.
    Pause,
    /// One call.
    Step,
    /// Several calls.
    Burst,
    /// End the run.
    Stop,
    /// Begin again.
    Reset,
    /// One event back.
    Back,
    /// One event forward.
    Forward,
    /// To the live edge.
    Live,
    /// Done.
    Check,
    /// Wrong.
    Cross,
    /// Take care.
    Warn,
    /// Something to know.
    Info,
    /// Light look.
    Sun,
    /// Dark look.
    Moon,
    /// For a room.
    Present,
    /// Open the list.
    List,
    /// Copy to the clipboard.
    Copy,
    /// Write to a file.
    Save,
    /// A search field.
    Search,
    /// Folded in.
    Folded,
    /// Folded out.
    Unfolded,
    /// Take back.
    Undo,
    /// Do again.
    Redo,
    /// Keyboard.
    Keys,
    /// The stage: two ends and what is between them.
    Stage,
    /// The workbench: rows of pieces.
    Bench,
    /// Segments: two ends and arrows between them.
    Segments,
    /// The reference: a book.
    Book,
}

/// Paints `icon` into the square around the middle of `rect`.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32) {
    let side = rect.width().min(rect.height());
    let area = Rect::from_center_size(rect.center(), egui::Vec2::splat(side));
    let at = |x: f32, y: f32| pos2(area.min.x + side * x, area.min.y + side * y);
    let thick = (side * 0.12).max(1.2);
    let stroke = Stroke::new(thick, colour);
    let fill = |points: Vec<Pos2>| {
        painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
    };
    let line = |points: Vec<Pos2>| {
        painter.add(Shape::line(points, stroke));
    };
    let bar = |x0: f32, y0: f32, x1: f32, y1: f32| {
        painter.rect_filled(
            Rect::from_min_max(at(x0, y0), at(x1, y1)),
            CornerRadius::ZERO,
            colour,
        );
    };
    let arc = |from: f32, to: f32, radius: f32| {
        let points = (0..=20)
            .map(|n| {
                let angle = (from + (to - from) * n as f32 / 20.0).to_radians();
                at(0.5 + radius * angle.cos(), 0.5 + radius * angle.sin())
            })
            .collect();
        line(points);
    };
    match icon {
        Icon::Stage => {
            bar(0.04, 0.3, 0.26, 0.7);
            bar(0.74, 0.3, 0.96, 0.7);
            line(vec![at(0.26, 0.5), at(0.74, 0.5)]);
        }
        Icon::Segments => {
            line(vec![at(0.1, 0.06), at(0.1, 0.94)]);
            line(vec![at(0.9, 0.06), at(0.9, 0.94)]);
            line(vec![at(0.1, 0.22), at(0.84, 0.36)]);
            line(vec![at(0.66, 0.22), at(0.84, 0.36), at(0.66, 0.46)]);
            line(vec![at(0.9, 0.6), at(0.16, 0.74)]);
            line(vec![at(0.34, 0.6), at(0.16, 0.74), at(0.34, 0.84)]);
        }
        Icon::Bench => {
            for (y, cut) in [(0.12, 0.34), (0.42, 0.62), (0.72, 0.46)] {
                bar(0.06, y, cut, y + 0.18);
                bar(cut + 0.12, y, 0.94, y + 0.18);
            }
        }
        Icon::Book => {
            line(vec![
                at(0.5, 0.24),
                at(0.08, 0.14),
                at(0.08, 0.78),
                at(0.5, 0.88),
                at(0.92, 0.78),
                at(0.92, 0.14),
                at(0.5, 0.24),
                at(0.5, 0.88),
            ]);
        }
        Icon::Play => fill(vec![at(0.22, 0.12), at(0.88, 0.5), at(0.22, 0.88)]),
        Icon::Pause => {
            bar(0.2, 0.14, 0.4, 0.86);
            bar(0.6, 0.14, 0.8, 0.86);
        }
        Icon::Step => {
            fill(vec![at(0.12, 0.16), at(0.66, 0.5), at(0.12, 0.84)]);
            bar(0.72, 0.16, 0.88, 0.84);
        }
        Icon::Burst => {
            fill(vec![at(0.02, 0.18), at(0.46, 0.5), at(0.02, 0.82)]);
            fill(vec![at(0.44, 0.18), at(0.88, 0.5), at(0.44, 0.82)]);
            bar(0.87, 0.18, 1.0, 0.82);
        }
        Icon::Stop => bar(0.18, 0.18, 0.82, 0.82),
        Icon::Reset => {
            arc(-40.0, 230.0, 0.36);
            fill(vec![at(0.62, 0.02), at(0.98, 0.22), at(0.66, 0.46)]);
        }
        Icon::Back => {
            line(vec![at(0.9, 0.5), at(0.14, 0.5)]);
            line(vec![at(0.44, 0.2), at(0.12, 0.5), at(0.44, 0.8)]);
        }
        Icon::Forward => {
            line(vec![at(0.1, 0.5), at(0.86, 0.5)]);
            line(vec![at(0.56, 0.2), at(0.88, 0.5), at(0.56, 0.8)]);
        }
        Icon::Live => {
            fill(vec![at(0.1, 0.18), at(0.64, 0.5), at(0.1, 0.82)]);
            bar(0.74, 0.18, 0.88, 0.82);
        }
        Icon::Check => line(vec![at(0.12, 0.54), at(0.4, 0.82), at(0.9, 0.2)]),
        Icon::Cross => {
            line(vec![at(0.18, 0.18), at(0.82, 0.82)]);
            line(vec![at(0.82, 0.18), at(0.18, 0.82)]);
        }
        Icon::Warn => {
            let mut edge = vec![at(0.5, 0.08), at(0.96, 0.9), at(0.04, 0.9)];
            edge.push(edge[0]);
            line(edge);
            bar(0.45, 0.38, 0.55, 0.64);
            bar(0.45, 0.7, 0.55, 0.8);
        }
        Icon::Info => {
            painter.circle_stroke(at(0.5, 0.5), side * 0.42, stroke);
            bar(0.45, 0.44, 0.56, 0.74);
            bar(0.45, 0.26, 0.56, 0.36);
        }
        Icon::Sun => {
            painter.circle_filled(at(0.5, 0.5), side * 0.2, colour);
            for n in 0..8 {
                let angle = (45.0 * n as f32).to_radians();
                let (x, y) = (angle.cos(), angle.sin());
                line(vec![
                    at(0.5 + 0.33 * x, 0.5 + 0.33 * y),
                    at(0.5 + 0.46 * x, 0.5 + 0.46 * y),
                ]);
            }
        }
        Icon::Moon => {
            // A disc of which another disc has taken a bite; as a fan of triangles.
            let outer = |angle: f32| at(0.46 + 0.4 * angle.cos(), 0.5 + 0.4 * angle.sin());
            let inner = |angle: f32| at(0.68 + 0.34 * angle.cos(), 0.38 + 0.34 * angle.sin());
            for n in 0..16 {
                let share = |n: i32| n as f32 / 16.0;
                let (a, b) = (share(n), share(n + 1));
                let o = |s: f32| outer((-72.0 - 244.0 * s).to_radians());
                let i = |s: f32| inner((-108.0 - 186.0 * s).to_radians());
                fill(vec![o(a), o(b), i(b), i(a)]);
            }
        }
        Icon::Present => {
            painter.rect_stroke(
                Rect::from_min_max(at(0.06, 0.14), at(0.94, 0.7)),
                CornerRadius::same(1),
                stroke,
                StrokeKind::Middle,
            );
            line(vec![at(0.5, 0.7), at(0.5, 0.92)]);
            line(vec![at(0.28, 0.92), at(0.72, 0.92)]);
        }
        Icon::List => {
            for y in [0.2, 0.5, 0.8] {
                line(vec![at(0.1, y), at(0.9, y)]);
            }
        }
        Icon::Copy => {
            for (x, y) in [(0.34, 0.34), (0.1, 0.1)] {
                painter.rect_stroke(
                    Rect::from_min_max(at(x, y), at(x + 0.54, y + 0.54)),
                    CornerRadius::same(1),
                    Stroke::new(thick * 0.8, colour),
                    StrokeKind::Middle,
                );
            }
        }
        Icon::Save => {
            line(vec![at(0.5, 0.08), at(0.5, 0.6)]);
            line(vec![at(0.26, 0.4), at(0.5, 0.64), at(0.74, 0.4)]);
            line(vec![
                at(0.1, 0.62),
                at(0.1, 0.92),
                at(0.9, 0.92),
                at(0.9, 0.62),
            ]);
        }
        Icon::Search => {
            painter.circle_stroke(at(0.42, 0.42), side * 0.28, stroke);
            line(vec![at(0.63, 0.63), at(0.9, 0.9)]);
        }
        Icon::Folded => line(vec![at(0.36, 0.18), at(0.68, 0.5), at(0.36, 0.82)]),
        Icon::Unfolded => line(vec![at(0.18, 0.36), at(0.5, 0.68), at(0.82, 0.36)]),
        Icon::Undo | Icon::Redo => {
            let flip = |x: f32| if icon == Icon::Undo { x } else { 1.0 - x };
            let p = |x: f32, y: f32| at(flip(x), y);
            line(vec![
                p(0.16, 0.36),
                p(0.62, 0.36),
                p(0.8, 0.44),
                p(0.87, 0.6),
                p(0.8, 0.76),
                p(0.62, 0.84),
                p(0.34, 0.84),
            ]);
            line(vec![p(0.38, 0.12), p(0.14, 0.36), p(0.38, 0.6)]);
        }
        Icon::Keys => {
            painter.rect_stroke(
                Rect::from_min_max(at(0.02, 0.2), at(0.98, 0.8)),
                CornerRadius::same(2),
                Stroke::new(thick * 0.8, colour),
                StrokeKind::Middle,
            );
            for x in [0.22, 0.41, 0.6, 0.79] {
                bar(x - 0.05, 0.36, x + 0.05, 0.46);
            }
            bar(0.28, 0.58, 0.72, 0.67);
        }
    }
}
