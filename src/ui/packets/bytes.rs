//! The bytes of the chosen packet. What is chosen or pointed at in the tree lights up here, and
//! a byte that is chosen or pointed at here lights up its field there.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Key, Pos2, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2};

use super::super::section;
use super::super::theme::Theme;
use super::super::view::View;
use super::Inspector;
use crate::i18n::packet_view as text;
use crate::wire::Span;
use crate::wire::dissect::{Dissection, LayerKind};

/// Characters of the offset column.
const OFFSET: usize = 5;

/// How wide `columns` bytes a row are.
pub(super) fn width(ui: &Ui, theme: &Theme, columns: usize) -> f32 {
    advance(ui, theme) * (OFFSET + columns * 3 + columns / 8 + columns + 2) as f32
}

fn advance(ui: &Ui, theme: &Theme) -> f32 {
    let galley = ui
        .painter()
        .layout_no_wrap("0".repeat(32), theme.mono_small(), Color32::WHITE);
    galley.size().x / 32.0
}

/// Where the bytes stand.
#[derive(Clone, Copy)]
struct Grid {
    columns: usize,
    advance: f32,
    row: f32,
    origin: Pos2,
    len: usize,
}

impl Grid {
    fn hex_x(self, column: usize) -> f32 {
        let chars = OFFSET + column * 3 + usize::from(column >= 8);
        self.origin.x + self.advance * chars as f32
    }

    fn text_x(self, column: usize) -> f32 {
        let chars = OFFSET + self.columns * 3 + self.columns / 8 + column;
        self.origin.x + self.advance * chars as f32
    }

    fn y(self, row: usize) -> f32 {
        self.origin.y + row as f32 * self.row
    }

    fn at(self, at: Pos2) -> Option<u32> {
        let row = ((at.y - self.origin.y) / self.row).floor();
        if row < 0.0 {
            return None;
        }
        let a = self.advance;
        let column = (0..self.columns).find(|&column| {
            let (hex, text) = (self.hex_x(column), self.text_x(column));
            (hex - a * 0.5..hex + a * 2.5).contains(&at.x) || (text..text + a).contains(&at.x)
        })?;
        let offset = row as usize * self.columns + column;
        (offset < self.len).then_some(offset as u32)
    }

    /// Rectangles around the bytes of `span`, row by row, in hex and in text.
    fn around(self, span: Span, each: &mut dyn FnMut(Rect)) {
        let mut at = span.start as usize;
        let end = (span.end as usize).min(self.len);
        while at < end {
            let (row, column) = (at / self.columns, at % self.columns);
            let last = (end - row * self.columns).min(self.columns);
            let (top, bottom) = (self.y(row) + 1.0, self.y(row + 1) - 1.0);
            let a = self.advance;
            each(Rect::from_min_max(
                pos2(self.hex_x(column) - a * 0.4, top),
                pos2(self.hex_x(last - 1) + a * 2.4, bottom),
            ));
            each(Rect::from_min_max(
                pos2(self.text_x(column), top),
                pos2(self.text_x(last - 1) + a, bottom),
            ));
            at = (row + 1) * self.columns;
        }
    }
}

/// Ink and ground of a layer's bytes, the same in every view of a packet.
pub(super) fn colours(theme: &Theme, kind: LayerKind) -> (Color32, Color32) {
    let c = &theme.colours;
    match kind {
        LayerKind::Link => (c.text_soft, c.sunken),
        LayerKind::Net => (c.good, c.good_fill),
        LayerKind::Transport => (c.accent, c.accent_fill),
        LayerKind::Payload => (c.client, c.client_fill),
        LayerKind::Quoted => (c.warn, c.warn_fill),
        LayerKind::Frame | LayerKind::Padding => (c.text_faint, c.card),
    }
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, inspector: &mut Inspector) {
    let theme = view.theme;
    let Some((row, taken)) = inspector.taken.take() else {
        return;
    };
    let columns = if width(ui, theme, 16) <= ui.available_width() + 2.0 {
        16
    } else {
        8
    };
    let height = (theme.sizes.small * 1.6).round();
    let rows = taken.bytes.len().div_ceil(columns);
    let advance = advance(ui, theme);
    ScrollArea::vertical()
        .id_salt(("packet bytes", row))
        .auto_shrink(false)
        .show_viewport(ui, |ui, viewport| {
            ui.set_height(height * rows as f32);
            ui.set_width(ui.available_width());
            let area = ui.max_rect();
            let grid = Grid {
                columns,
                advance,
                row: height,
                origin: area.min,
                len: taken.bytes.len(),
            };
            let id = ui.scope_id().with("packet bytes");
            let response = ui.interact(area, id, Sense::click());
            section::named(
                &response,
                &view.fill(text::HEX, &[("n", &taken.bytes.len())]),
            );
            let first = (viewport.min.y / height).floor().max(0.0) as usize;
            let last = ((viewport.max.y / height).ceil().max(0.0) as usize).min(rows);
            paint(ui, view, inspector, &taken, grid, first..last);
            pointer(ui, view, inspector, &taken, grid, &response);
        });
    inspector.taken = Some((row, taken));
}

fn paint(
    ui: &Ui,
    view: &View<'_>,
    inspector: &Inspector,
    taken: &Dissection,
    grid: Grid,
    rows: std::ops::Range<usize>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let painter = ui.painter();
    let seen = Span::new(rows.start * grid.columns, rows.end * grid.columns);
    let clip = |span: Span| {
        Span::new(
            span.start.max(seen.start) as usize,
            span.end.min(seen.end) as usize,
        )
    };
    let mut inks = vec![c.text_faint; seen.len().min(grid.len)];
    for layer in taken.layers.iter().filter(|l| !l.span.is_empty()) {
        let (ink, ground) = colours(theme, layer.kind);
        let span = clip(layer.span);
        grid.around(span, &mut |rect| {
            painter.rect_filled(rect, 2, ground);
        });
        for at in span.start..span.end {
            if let Some(slot) = inks.get_mut((at - seen.start) as usize) {
                *slot = ink;
            }
        }
    }
    let outline = |span: Span, stroke: Stroke| {
        grid.around(clip(span), &mut |rect| {
            painter.rect_stroke(rect, 2, stroke, StrokeKind::Middle);
        });
    };
    if let Some(span) = inspector.hovered {
        outline(span, Stroke::new(1.0, c.text_soft));
    }
    if let Some(at) = inspector.hovered_byte
        && let Some((l, f)) = taken.field_at(at)
    {
        outline(
            taken.layers[l].fields[f].span,
            Stroke::new(1.0, c.text_soft),
        );
    }
    let chosen = inspector.chosen.and_then(|(l, f)| {
        let layer = taken.layers.get(l)?;
        Some(match f {
            Some(f) => layer.fields.get(f)?.span,
            None => layer.span,
        })
    });
    if let Some(span) = chosen {
        outline(span, Stroke::new(2.0, c.select));
    }
    let font = theme.mono_small();
    for row in rows {
        let from = row * grid.columns;
        let to = (from + grid.columns).min(grid.len);
        let offset = painter.layout_no_wrap(format!("{from:04x}"), font.clone(), c.text_faint);
        let y = grid.y(row) + (grid.row - offset.size().y) / 2.0;
        painter.galley(pos2(grid.origin.x, y), offset, c.text_faint);
        let (mut hex, mut plain) = (LayoutJob::default(), LayoutJob::default());
        for at in from..to {
            let byte = taken.bytes[at];
            let color = inks
                .get(at - seen.start as usize)
                .copied()
                .unwrap_or(c.text_faint);
            let format = TextFormat {
                font_id: font.clone(),
                color,
                ..TextFormat::default()
            };
            let space = if at - from == 7 { "  " } else { " " };
            hex.append(&format!("{byte:02x}{space}"), 0.0, format.clone());
            let one = if (0x20..0x7f).contains(&byte) {
                byte as char
            } else {
                '·'
            };
            plain.append(one.encode_utf8(&mut [0; 4]), 0.0, format);
        }
        painter.galley(
            pos2(grid.hex_x(0), y),
            painter.layout_job(hex),
            Color32::WHITE,
        );
        painter.galley(
            pos2(grid.text_x(0), y),
            painter.layout_job(plain),
            Color32::WHITE,
        );
    }
}

fn pointer(
    ui: &Ui,
    view: &View<'_>,
    inspector: &mut Inspector,
    taken: &Dissection,
    grid: Grid,
    response: &egui::Response,
) {
    let under = response.hover_pos().and_then(|at| grid.at(at));
    if under != inspector.hovered_byte {
        inspector.hovered_byte = under;
        ui.ctx().request_repaint();
    }
    let choose = |at: u32| taken.field_at(at).map(|(l, f)| (l, Some(f)));
    if response.clicked() {
        response.request_focus();
        if let Some(at) = response.interact_pointer_pos().and_then(|at| grid.at(at))
            && let Some(found) = choose(at)
        {
            inspector.chosen = Some(found);
            inspector.bring = 2;
            if let Some(folded) = inspector.folded.get_mut(found.0) {
                *folded = false;
            }
        }
    }
    if section::keyboard(
        ui,
        view.theme,
        response,
        response.rect.intersect(ui.clip_rect()),
        section::ALL_ARROWS,
    ) {
        let span = inspector.chosen.and_then(|(l, f)| {
            let layer = taken.layers.get(l)?;
            Some(
                f.and_then(|f| layer.fields.get(f))
                    .map_or(layer.span, |f| f.span),
            )
        });
        let pressed = |key| ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
        let step = grid.columns as u32;
        let (start, end) = span.map_or((0, 0), |s| (s.start, s.end));
        let to = if pressed(Key::ArrowRight) {
            Some(end)
        } else if pressed(Key::ArrowLeft) {
            Some(start.saturating_sub(1))
        } else if pressed(Key::ArrowDown) {
            Some(start + step)
        } else if pressed(Key::ArrowUp) {
            Some(start.saturating_sub(step))
        } else {
            None
        };
        if let Some(found) = to
            .map(|to| to.min((grid.len as u32).saturating_sub(1)))
            .and_then(choose)
        {
            inspector.chosen = Some(found);
            inspector.bring = 2;
        }
    }
    if let Some(at) = under
        && let Some((l, f)) = taken.field_at(at)
    {
        let field = &taken.layers[l].fields[f];
        let tip = view.fill(
            text::BYTE_AT,
            &[
                ("offset", &at),
                ("hex", &format!("0x{:02x}", taken.bytes[at as usize])),
                ("field", &view.say(field.name)),
                ("value", &field.value),
            ],
        );
        response.clone().on_hover_text_at_pointer(tip);
    }
}
