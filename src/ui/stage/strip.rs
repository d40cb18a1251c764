//! Bytes of a stream as a coloured strip: by message where they are wide enough, by pixel
//! column where they are not.

use egui::{Painter, Pos2, Rangef, Rect, Shape, pos2};

use crate::trace::{Origin, Part, Stream};
use crate::ui::figures::grouped;
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::theme::Theme;

use super::axis::Axis;
use super::cache::cached;

/// Width of a column, points, where messages are too narrow to be drawn one by one.
const COLUMN: f32 = 3.0;

/// How an origin looks.
pub(super) fn ink(origin: Origin) -> Ink {
    match origin {
        Origin::Message(n) => Ink::Message(n),
        Origin::External => Ink::External,
        Origin::Attacker => Ink::Attacker,
        Origin::Acknowledgement => Ink::Acknowledgement,
        Origin::Unknown => Ink::Unknown,
    }
}

/// What stands on the parts of a strip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// The message's number.
    Number,
    /// The message's number; of a part of a message also how much of it.
    Part,
    /// Number and bytes, if there is room.
    Bytes,
}

/// Paints bytes `[start, end)` of `stream` between the heights `y`. Only what lies near the
/// painter's clip rectangle is looked at.
#[expect(
    clippy::too_many_arguments,
    reason = "each says something else about one strip"
)]
pub(super) fn paint(
    painter: &Painter,
    stream: &Stream,
    theme: &Theme,
    axis: &Axis,
    y: Rangef,
    start: u64,
    end: u64,
    label: Label,
) {
    // One width more on either side: parts keep their own edges while the view moves.
    let reach = axis.end - axis.start;
    let start = start.max((axis.start - reach).max(0.0) as u64);
    let end = end.min((axis.end + reach).max(0.0).ceil() as u64);
    if start >= end {
        return;
    }
    let messages = stream.messages().overlapping(start, end).len();
    let width = ((end - start) as f64 * axis.scale()) as f32;
    if messages as f32 * COLUMN > width {
        columns(painter, stream, theme, axis, y, start, end);
        return;
    }
    for part in stream.parts(start, end) {
        let rect = between(axis, y, part.start, part.end);
        let swatch = Swatch::of(ink(part.origin), theme);
        let texts = match label {
            Label::Number => number(&part),
            Label::Part if part.is_whole() => number(&part),
            Label::Part | Label::Bytes => texts(&part),
        };
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        pattern::paint(painter, rect, &swatch, &Fill::new(theme, &texts));
    }
}

/// The rectangle of `[start, end)`, a hair apart from its neighbours.
pub(in crate::ui) fn between(axis: &Axis, y: Rangef, start: u64, end: u64) -> Rect {
    let (a, b) = (axis.x(start as f64), axis.x(end as f64));
    let (left, right) = (a.min(b), a.max(b));
    let gap = if right - left > 8.0 { 0.5 } else { 0.0 };
    Rect::from_min_max(
        pos2(left + gap, y.min),
        pos2((right - gap).max(left + 0.75), y.max),
    )
}

fn number(part: &Part) -> Vec<String> {
    match part.origin {
        Origin::Message(n) => vec![(u64::from(n) + 1).to_string()],
        Origin::Acknowledgement => vec!["ack".to_owned()],
        Origin::Attacker => vec!["!".to_owned()],
        Origin::External | Origin::Unknown => Vec::new(),
    }
}

fn texts(part: &Part) -> Vec<String> {
    let length = part.end - part.start;
    match part.origin {
        Origin::Message(n) => {
            let n = u64::from(n) + 1;
            match part.of {
                Some((start, end)) if !part.is_whole() => {
                    let all = grouped(end - start);
                    vec![
                        format!("{n} · {} / {all} B", grouped(length)),
                        n.to_string(),
                    ]
                }
                _ => vec![format!("{n} · {} B", grouped(length)), n.to_string()],
            }
        }
        Origin::Acknowledgement => vec![format!("ack · {} B", grouped(length)), "ack".to_owned()],
        Origin::Attacker => vec![format!("! {} B", grouped(length)), "!".to_owned()],
        Origin::External | Origin::Unknown => vec![format!("{} B", grouped(length))],
    }
}

fn columns(
    painter: &Painter,
    stream: &Stream,
    theme: &Theme,
    axis: &Axis,
    y: Rangef,
    start: u64,
    end: u64,
) {
    let clip = painter.clip_rect();
    let edges = [axis.x(start as f64), axis.x(end as f64)];
    let left = edges[0].min(edges[1]).max(clip.left());
    let right = edges[0].max(edges[1]).min(clip.right());
    let key = (
        std::ptr::from_ref(stream) as usize,
        (stream.messages().len(), start, end),
        [left, right, y.min, y.max].map(f32::to_bits),
        (axis.start.to_bits(), axis.end.to_bits(), theme.dark),
    );
    let id = egui::Id::unique(("strip columns", stream.id, y.min.to_bits()));
    let mesh = cached(painter.ctx(), id, key, || {
        let mut mesh = egui::Mesh::default();
        let mut x = left;
        // A column shows one byte of its many; which one varies, so that messages of equal
        // size do not all fall on the same colour.
        let mut place = 0.5;
        while x < right {
            let next = (x + COLUMN).min(right);
            let offset = axis.at(x + (next - x) * place).max(0.0) as u64;
            let offset = offset.clamp(start, end - 1);
            let origin = match stream.messages().containing(offset) {
                Some(i) => Origin::Message(stream.messages().get(i).number),
                None => stream
                    .parts(offset, offset + 1)
                    .next()
                    .map_or(Origin::Unknown, |p| p.origin),
            };
            let colour = pattern::colour(ink(origin), theme);
            let column = Rect::from_min_max(pos2(x, y.min), pos2(next, y.max));
            mesh.add_colored_rect(column, colour);
            x = next;
            place = (place + 0.618_034) % 1.0;
        }
        mesh
    });
    painter.add(Shape::Mesh(mesh));
}

/// A dashed outline: something that is not there, or not yet.
pub(in crate::ui) fn dashed(painter: &Painter, rect: Rect, stroke: egui::Stroke) {
    let rect = rect.intersect(painter.clip_rect().expand(20.0));
    if rect.width() <= 1.0 || rect.height() <= 1.0 {
        return;
    }
    let corners: [Pos2; 5] = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0, 4.0));
}
