//! Bytes in hexadecimal and as text, coloured by the message they belong to.
//!
//! Only the rows in sight are read and drawn. A click chooses the message under the pointer, a
//! drag chooses exactly the bytes dragged over; arrow keys move a single chosen byte.

use egui::{
    Color32, CornerRadius, Key, Pos2, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    pos2, text::LayoutJob, text::TextFormat, vec2,
};

use super::super::command::Command;
use super::super::figures::grouped;
use super::super::pattern::{self, Fill, Ink, Swatch};
use super::super::section;
use super::super::strategies;
use super::super::theme::Theme;
use super::super::view::{Selection, View};
use super::super::why::{pieces, pieces_text};
use super::framed::added_by_framing;
use crate::framing::FieldRole;
use crate::i18n::{attack, events as text};
use crate::trace::{EventId, Origin, Part, Stream};

/// Characters of the offset column.
const OFFSET: usize = 7;
/// Messages named in the legend.
const LEGEND: usize = 6;

/// Which bytes.
#[derive(Clone, Copy)]
pub(super) struct Range<'a> {
    /// Of that stream.
    pub(super) stream: &'a Stream,
    /// Offset of the first byte.
    pub(super) start: u64,
    /// Offset after the last byte.
    pub(super) end: u64,
    /// The event that moved them.
    pub(super) event: Option<EventId>,
    /// Most rows in sight; the others are scrolled to.
    pub(super) most_rows: usize,
}

/// How wide `columns` bytes a row are.
pub(super) fn width(ui: &Ui, theme: &Theme, columns: usize) -> f32 {
    advance(ui, theme) * (OFFSET + 2 + columns * 3 + columns / 8 + columns + 1) as f32
        + theme.gap(2.0)
}

fn advance(ui: &Ui, theme: &Theme) -> f32 {
    let galley = ui
        .painter()
        .layout_no_wrap("0".repeat(32), theme.mono_small(), Color32::WHITE);
    galley.size().x / 32.0
}

/// Where everything of a row stands.
#[derive(Clone, Copy)]
struct Grid {
    columns: usize,
    advance: f32,
    row: f32,
    origin: Pos2,
    start: u64,
    end: u64,
}

impl Grid {
    fn hex_x(&self, column: usize) -> f32 {
        let chars = OFFSET + 2 + column * 3 + usize::from(column >= 8);
        self.origin.x + self.advance * chars as f32
    }

    fn text_x(&self, column: usize) -> f32 {
        let chars = OFFSET + 2 + self.columns * 3 + self.columns / 8 + column;
        self.origin.x + self.advance * chars as f32
    }

    fn y(&self, offset: u64) -> f32 {
        let row = (offset - self.start) / self.columns as u64;
        self.origin.y + row as f32 * self.row
    }

    fn column(&self, offset: u64) -> usize {
        ((offset - self.start) % self.columns as u64) as usize
    }

    /// The rectangle of columns `from..to` of the row of `offset`, in hex or text.
    fn cells(&self, offset: u64, from: usize, to: usize, hex: bool) -> Rect {
        let y = self.y(offset);
        let (x0, x1) = if hex {
            (self.hex_x(from), self.hex_x(to - 1) + 2.0 * self.advance)
        } else {
            (self.text_x(from), self.text_x(to - 1) + self.advance)
        };
        let pad = if hex { self.advance * 0.45 } else { 0.0 };
        Rect::from_min_max(pos2(x0 - pad, y + 1.0), pos2(x1 + pad, y + self.row - 1.0))
    }

    fn byte_at(&self, at: Pos2) -> Option<u64> {
        let row = ((at.y - self.origin.y) / self.row).floor();
        if row < 0.0 {
            return None;
        }
        let column = (0..self.columns).find(|&column| {
            let hex = self.hex_x(column);
            let text = self.text_x(column);
            let a = self.advance;
            (hex - a * 0.5..hex + a * 2.5).contains(&at.x) || (text..text + a).contains(&at.x)
        })?;
        let offset = self.start + row as u64 * self.columns as u64 + column as u64;
        (offset < self.end).then_some(offset)
    }
}

/// Shows the legend and the bytes.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, range: Range<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    legend(ui, view, range);
    let columns = if width(ui, theme, 16) <= ui.available_width() + 1.0 {
        16
    } else {
        8
    };
    let row = (theme.sizes.small * 1.7).round();
    let rows = (range.end - range.start).div_ceil(columns as u64) as usize;
    let advance = advance(ui, theme);
    let most = row * range.most_rows.min(rows) as f32;
    let height = ui.available_height().max(row * 4.0).min(most);
    ScrollArea::vertical()
        .id_salt(("hex", range.start, range.stream.id.0))
        .max_height(height)
        .auto_shrink([false, true])
        .show_viewport(ui, |ui, viewport| {
            ui.set_height(row * rows as f32);
            ui.set_width(ui.available_width());
            let area = ui.max_rect();
            let grid = Grid {
                columns,
                advance,
                row,
                origin: area.min,
                start: range.start,
                end: range.end,
            };
            let id = ui.scope_id().with("hex-bytes");
            let response = ui.interact(area, id, Sense::click_and_drag());
            let name = view.fill(text::HEX, &[("start", &range.start), ("end", &range.end)]);
            section::named(&response, &name);
            let first = (viewport.min.y / row).floor().max(0.0) as u64;
            let last = ((viewport.max.y / row).ceil().max(0.0) as u64).min(rows as u64);
            let from = range.start + first * columns as u64;
            let to = (range.start + last * columns as u64).min(range.end);
            if from < to {
                paint(ui, view, range, grid, from, to);
            }
            if response.has_focus() {
                ui.painter().rect_stroke(
                    area.intersect(ui.clip_rect()),
                    theme.radius(),
                    Stroke::new(1.0, theme.colours.accent),
                    StrokeKind::Inside,
                );
            }
            interact(ui, view, range, grid, &response, out);
        });
}

fn interact(
    ui: &mut Ui,
    view: &View<'_>,
    range: Range<'_>,
    grid: Grid,
    response: &egui::Response,
    out: &mut Vec<Command>,
) {
    let select = |start: u64, end: u64| {
        Command::Select(Some(Selection {
            stream: range.stream.id,
            start,
            end,
            event: range.event,
        }))
    };
    let pointer = response
        .interact_pointer_pos()
        .and_then(|at| grid.byte_at(at));
    let anchor_id = response.id.with("anchor");
    if response.drag_started() || response.is_pointer_button_down_on() {
        if let Some(at) = pointer
            && ui.data(|d| d.get_temp::<u64>(anchor_id)).is_none()
        {
            ui.data_mut(|d| d.insert_temp(anchor_id, at));
        }
    } else {
        ui.data_mut(|d| d.remove::<u64>(anchor_id));
    }
    if response.clicked() {
        response.request_focus();
        if let Some(at) = pointer {
            let part = range
                .stream
                .parts(range.start, range.end)
                .find(|p| at < p.end && p.start <= at);
            let (start, end) = part.map_or((at, at + 1), |p| (p.start, p.end));
            out.push(select(start, end));
        }
    } else if response.dragged()
        && let (Some(anchor), Some(at)) = (ui.data(|d| d.get_temp::<u64>(anchor_id)), pointer)
    {
        out.push(select(anchor.min(at), anchor.max(at) + 1));
    }
    if response.has_focus() {
        ui.memory_mut(|m| {
            m.set_focus_lock_filter(
                response.id,
                egui::EventFilter {
                    horizontal_arrows: true,
                    vertical_arrows: true,
                    ..egui::EventFilter::default()
                },
            );
        });
        let here = view
            .selection
            .filter(|s| s.stream == range.stream.id)
            .map(|s| s.start);
        let at = here
            .unwrap_or(range.start)
            .clamp(range.start, range.end - 1);
        let step = grid.columns as u64;
        let moved = ui.input_mut(|i| {
            let mut pressed = |key| i.consume_key(egui::Modifiers::NONE, key);
            if pressed(Key::ArrowRight) {
                Some(at + 1)
            } else if pressed(Key::ArrowLeft) {
                Some(at.saturating_sub(1))
            } else if pressed(Key::ArrowDown) {
                Some(at + step)
            } else if pressed(Key::ArrowUp) {
                Some(at.saturating_sub(step))
            } else {
                None
            }
        });
        if let Some(to) = moved {
            let to = to.clamp(range.start, range.end - 1);
            out.push(select(to, to + 1));
        }
    }
    if let Some(at) = response.hover_pos().and_then(|at| grid.byte_at(at))
        && let Some(byte) = range
            .stream
            .payload(at, at + 1)
            .and_then(|b| b.first().copied())
    {
        let what = pieces_text(&pieces(range.stream, at, at + 1), view.lang);
        let tip = view.fill(
            text::BYTE_AT,
            &[
                ("offset", &grouped(at)),
                ("hex", &format!("0x{byte:02x}")),
                ("dec", &byte),
                ("what", &what),
            ],
        );
        response.clone().on_hover_text_at_pointer(tip);
    }
}

fn paint(ui: &Ui, view: &View<'_>, range: Range<'_>, grid: Grid, from: u64, to: u64) {
    let theme = view.theme;
    let painter = ui.painter();
    // Whole messages, so that the role of each byte is known also where the range cuts one.
    let mut inks: Vec<Color32> = vec![theme.colours.text; (to - from) as usize];
    for part in range.stream.parts(from, to) {
        let swatch = Swatch::of(ink(&part), theme);
        let colours = faint_pattern(&swatch);
        for_rows(
            grid,
            part.start.max(from),
            part.end.min(to),
            |offset, a, b| {
                for hex in [true, false] {
                    let rect = grid.cells(offset, a, b, hex);
                    let mut fill = Fill::new(theme, &[]);
                    fill.radius = 2;
                    pattern::paint(painter, rect, &colours, &fill);
                }
            },
        );
        for offset in part.start.max(from)..part.end.min(to) {
            inks[(offset - from) as usize] = swatch.label;
        }
        if let Some((start, end)) = part.of {
            let added = added_by_framing(view.framing, range.stream, (start, end));
            let seen = (part.start.max(from), part.end.min(to));
            framing_marks(painter, grid, &added, seen, swatch.label);
        }
    }
    if let Some(selection) = view.selection.filter(|s| s.stream == range.stream.id) {
        let (a, b) = (selection.start.max(from), selection.end.min(to));
        if a < b && !(selection.start <= range.start && selection.end >= range.end) {
            for_rows(grid, a, b, |offset, x, y| {
                for hex in [true, false] {
                    painter.rect_stroke(
                        grid.cells(offset, x, y, hex).expand(1.0),
                        CornerRadius::same(2),
                        Stroke::new(2.0, theme.colours.select),
                        StrokeKind::Middle,
                    );
                }
            });
        }
    }
    let bytes = range.stream.payload(from, to);
    let font = theme.mono_small();
    let mut offset = from;
    while offset < to {
        let row_end = (offset + grid.columns as u64).min(to);
        let y = grid.y(offset);
        let label = format!("{:>width$}", grouped(offset), width = OFFSET);
        let galley = painter.layout_no_wrap(label, font.clone(), theme.colours.text_faint);
        let baseline = y + (grid.row - galley.size().y) / 2.0;
        painter.galley(
            pos2(grid.origin.x, baseline),
            galley,
            theme.colours.text_faint,
        );
        let mut hex = LayoutJob::default();
        let mut plain = LayoutJob::default();
        for at in offset..row_end {
            let colour = inks[(at - from) as usize];
            let format = TextFormat {
                font_id: font.clone(),
                color: colour,
                ..TextFormat::default()
            };
            let byte = bytes
                .as_ref()
                .and_then(|b| b.get((at - from) as usize))
                .copied();
            let column = grid.column(at);
            let (two, one) = match byte {
                Some(byte) => (format!("{byte:02x}"), readable(byte)),
                None => ("··".to_owned(), '·'),
            };
            let space = if column == 7 { "  " } else { " " };
            hex.append(&format!("{two}{space}"), 0.0, format.clone());
            plain.append(one.encode_utf8(&mut [0; 4]), 0.0, format);
        }
        painter.galley(
            pos2(grid.hex_x(0), baseline),
            painter.layout_job(hex),
            Color32::WHITE,
        );
        painter.galley(
            pos2(grid.text_x(0), baseline),
            painter.layout_job(plain),
            Color32::WHITE,
        );
        offset = row_end;
    }
}

/// Lines around the bytes that the framing added, so far as they are in sight.
fn framing_marks(
    painter: &egui::Painter,
    grid: Grid,
    added: &[(u64, u64, FieldRole)],
    seen: (u64, u64),
    colour: Color32,
) {
    for &(a, b, role) in added {
        let (a, b) = (a.max(seen.0), b.min(seen.1));
        if a >= b {
            continue;
        }
        for_rows(grid, a, b, |offset, x, y| {
            let rect = grid.cells(offset, x, y, true).shrink(1.5);
            let stroke = Stroke::new(1.25, colour);
            if underlined(role) {
                painter.hline(rect.x_range(), rect.max.y, stroke);
            } else {
                painter.rect_stroke(rect, CornerRadius::same(2), stroke, StrokeKind::Middle);
            }
        });
    }
}

/// Is a field of that role underlined? The others are in a box.
fn underlined(role: FieldRole) -> bool {
    matches!(role, FieldRole::Delimiter | FieldRole::Padding)
}

/// Cuts `start..end` at the ends of rows: (offset in the row, first column, column after).
fn for_rows(grid: Grid, start: u64, end: u64, mut each: impl FnMut(u64, usize, usize)) {
    let mut at = start;
    while at < end {
        let column = grid.column(at);
        let row_end = (at + (grid.columns - column) as u64).min(end);
        each(at, column, column + (row_end - at) as usize);
        at = row_end;
    }
}

/// The pattern held back, so that small figures on it stay easy to read.
fn faint_pattern(swatch: &Swatch) -> Swatch {
    Swatch {
        mark: swatch.fill.lerp_to_gamma(swatch.mark, 0.45),
        ..*swatch
    }
}

fn ink(part: &Part) -> Ink {
    match part.origin {
        Origin::Message(n) => Ink::Message(n),
        Origin::External => Ink::External,
        Origin::Attacker => Ink::Attacker,
        Origin::Acknowledgement => Ink::Acknowledgement,
        Origin::Unknown => Ink::Unknown,
    }
}

fn readable(byte: u8) -> char {
    if (0x20..0x7f).contains(&byte) {
        byte as char
    } else {
        '·'
    }
}

fn legend(ui: &mut Ui, view: &View<'_>, range: Range<'_>) {
    let theme = view.theme;
    let mut named: Vec<(Ink, String)> = Vec::new();
    let mut framed: Vec<FieldRole> = Vec::new();
    for part in range.stream.parts(range.start, range.end).take(LEGEND + 1) {
        if named.len() == LEGEND {
            named.push((Ink::Unknown, "…".to_owned()));
            break;
        }
        let label = match part.origin {
            Origin::Message(n) => view.fill(text::MESSAGE, &[("n", &(u64::from(n) + 1))]),
            Origin::External => view.say(text::LEGEND_EXTERNAL).to_owned(),
            Origin::Attacker => view.say(attack::ATTACKER).to_owned(),
            Origin::Acknowledgement => view.say(text::LEGEND_ACKNOWLEDGEMENT).to_owned(),
            Origin::Unknown => view.say(text::LEGEND_UNKNOWN).to_owned(),
        };
        if let Some(of) = part.of {
            for (_, _, role) in added_by_framing(view.framing, range.stream, of) {
                if !framed.contains(&role) {
                    framed.push(role);
                }
            }
        }
        named.push((ink(&part), label));
    }
    let side = theme.sizes.small;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.0), theme.gap(0.5));
        for (ink, label) in named {
            if label == "…" {
                ui.label(RichText::new("…").color(theme.colours.text_faint));
                continue;
            }
            let (area, _) = ui.allocate_exact_size(vec2(side * 1.3, side), Sense::hover());
            pattern::paint(
                ui.painter(),
                area,
                &Swatch::of(ink, theme),
                &Fill::new(theme, &[]),
            );
            ui.label(
                RichText::new(label)
                    .font(theme.small())
                    .color(theme.colours.text_soft),
            );
            ui.add_space(theme.gap(1.0));
        }
        for role in framed {
            let (area, _) = ui.allocate_exact_size(vec2(side * 1.3, side), Sense::hover());
            let stroke = Stroke::new(1.25, theme.colours.text_soft);
            if underlined(role) {
                ui.painter().hline(area.x_range(), area.max.y, stroke);
            } else {
                ui.painter()
                    .rect_stroke(area, CornerRadius::same(2), stroke, StrokeKind::Inside);
            }
            let phrase = match role {
                FieldRole::Header => text::LEGEND_HEADER,
                FieldRole::Delimiter => text::LEGEND_DELIMITER,
                other => strategies::role(other),
            };
            ui.label(
                RichText::new(view.say(phrase))
                    .font(theme.small())
                    .color(theme.colours.text_soft),
            );
            ui.add_space(theme.gap(1.0));
        }
    });
    if range
        .stream
        .payload(range.start, range.end.min(range.start + 1))
        .is_none()
    {
        section::note(ui, theme, view.say(text::BYTES_NOT_KEPT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_finds_its_byte_in_hex_and_in_text() {
        let grid = Grid {
            columns: 16,
            advance: 7.0,
            row: 20.0,
            origin: pos2(100.0, 50.0),
            start: 1000,
            end: 1040,
        };
        for offset in [1000, 1007, 1008, 1015, 1016, 1039] {
            let column = grid.column(offset);
            for hex in [true, false] {
                let cell = grid.cells(offset, column, column + 1, hex);
                assert_eq!(grid.byte_at(cell.center()), Some(offset), "{offset} {hex}");
            }
        }
        assert_eq!(grid.byte_at(pos2(100.0, 50.0)), None);
        let beyond = grid.cells(1039, 8, 9, true).center();
        assert_eq!(grid.byte_at(beyond), None, "no byte after the last");
    }

    #[test]
    fn a_range_is_cut_at_the_ends_of_rows() {
        let grid = Grid {
            columns: 8,
            advance: 7.0,
            row: 20.0,
            origin: Pos2::ZERO,
            start: 3,
            end: 30,
        };
        let mut cuts = Vec::new();
        for_rows(grid, 5, 20, |offset, a, b| cuts.push((offset, a, b)));
        assert_eq!(cuts, [(5, 2, 8), (11, 0, 8), (19, 0, 1)]);
    }
}
