//! The comparison as a table, in the window and in a picture.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::compare_text::{COLUMNS, Cell, Tone, cells};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, compare as text};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::Theme;
use crate::workbench::compare::Table;

/// What a table shows.
pub(super) struct Look<'a> {
    pub(super) theme: &'a Theme,
    pub(super) lang: Lang,
    /// The strategy in use is marked.
    pub(super) in_use: Option<&'a FramingSpec>,
    /// The row whose details are shown.
    pub(super) chosen: Option<usize>,
    /// For a room: the columns that decide, in large type.
    pub(super) few: bool,
}

impl Look<'_> {
    /// Is that column shown?
    fn shows(&self, column: usize, table: &Table) -> bool {
        let figure = if table.measured() > 0 { TIME } else { OVERHEAD };
        !self.few || column == 0 || column == figure || column >= VERDICTS
    }

    /// What stands in a cell; in a room there is no room for more than a figure.
    fn words<'c>(&self, column: usize, cell: &'c Cell) -> &'c str {
        match cell.words.split_once(" · ") {
            Some((figure, _)) if self.few && column == TIME => figure,
            _ => &cell.words,
        }
    }
}

const OVERHEAD: usize = 2;
const TIME: usize = 4;

/// Columns from this one on say whether something survives.
const VERDICTS: usize = 5;

fn ink(tone: Tone, theme: &Theme) -> Color32 {
    let c = &theme.colours;
    match tone {
        Tone::Plain => c.text,
        Tone::Good => c.good,
        Tone::Fair => c.warn,
        Tone::Bad => c.bad,
        Tone::Quiet => c.text_faint,
    }
}

fn sign(tone: Tone) -> Option<Icon> {
    match tone {
        Tone::Good => Some(Icon::Check),
        Tone::Fair => Some(Icon::Warn),
        Tone::Bad => Some(Icon::Cross),
        Tone::Plain | Tone::Quiet => None,
    }
}

fn font(column: usize, theme: &Theme) -> FontId {
    if column < VERDICTS {
        theme.mono_small()
    } else {
        theme.small()
    }
}

fn pad(theme: &Theme) -> f32 {
    theme.gap(1.75)
}

fn row_height(theme: &Theme) -> f32 {
    (theme.sizes.small * 1.75).round()
}

/// Room for a sign before the words of a verdict.
fn sign_room(column: usize, look: &Look<'_>) -> f32 {
    if column >= VERDICTS || look.few && column == TIME {
        look.theme.sizes.small * 1.15
    } else {
        0.0
    }
}

fn width_of(ui: &Ui, words: &str, font: FontId) -> f32 {
    ui.painter()
        .layout_no_wrap(words.to_owned(), font, Color32::WHITE)
        .size()
        .x
}

/// Of the columns, 0 where one is not shown.
fn widths(ui: &Ui, look: &Look<'_>, table: &Table, rows: &[[Cell; 9]]) -> [f32; 9] {
    let theme = look.theme;
    std::array::from_fn(|at| {
        if !look.shows(at, table) {
            return 0.0;
        }
        let title = COLUMNS[at].0.get(look.lang);
        // A title may take two lines; no word of it is cut.
        let words = title
            .split(' ')
            .map(|word| width_of(ui, word, theme.section()));
        let whole = width_of(ui, title, theme.section());
        let title = words.fold(whole * 0.56, f32::max).min(whole);
        let cells = rows
            .iter()
            .map(|row| {
                width_of(ui, look.words(at, &row[at]), font(at, theme)) + sign_room(at, look)
            })
            .fold(0.0, f32::max);
        title.max(cells).ceil() + 2.0 * pad(theme)
    })
}

/// Shows the table; the row that was chosen, if one was.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, table: &Table) -> Option<usize> {
    let theme = look.theme;
    let c = &theme.colours;
    let rows: Vec<[Cell; 9]> = table
        .rows
        .iter()
        .map(|row| cells(row, table, look.lang))
        .collect();
    let mut widths = widths(ui, look, table, &rows);
    let wanted: f32 = widths.iter().sum();
    // What is left over goes to all columns alike.
    let shown = widths.iter().filter(|width| **width > 0.0).count();
    let spare = ((ui.available_width() - wanted) / shown.max(1) as f32).clamp(0.0, theme.gap(6.0));
    for width in widths.iter_mut().filter(|width| **width > 0.0) {
        *width += spare;
    }
    let total: f32 = widths.iter().sum();
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, look, &widths);
    let mut chosen = None;
    for (at, (row, cells)) in table.rows.iter().zip(&rows).enumerate() {
        let (rect, response) =
            ui.allocate_exact_size(vec2(total, row_height(theme)), Sense::click());
        let in_use = look.in_use == Some(&row.spec);
        let selected = look.chosen == Some(at);
        let mut name = spoken(cells, look.lang);
        if in_use {
            name = format!("{name}. {}", text::IN_USE.get(look.lang));
        }
        response.widget_info(|| WidgetInfo::selected(egui::Role::Row, true, selected, &name));
        if response.clicked() {
            chosen = Some(at);
        }
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let painter = ui.painter();
        if selected {
            painter.rect_filled(rect, 0.0, c.accent_fill);
        } else if response.hovered() || at % 2 == 0 {
            painter.rect_filled(rect, 0.0, c.panel);
        }
        if in_use {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            painter.rect_filled(bar, 0.0, c.accent);
        }
        if response.has_focus() {
            let stroke = Stroke::new(2.0, c.accent);
            painter.rect_stroke(rect, 2.0, stroke, StrokeKind::Inside);
        }
        let mut x = rect.min.x;
        let hovered = response.hover_pos();
        let mut tip = None;
        for (column, cell) in cells.iter().enumerate() {
            if widths[column] == 0.0 {
                continue;
            }
            let area =
                Rect::from_min_size(pos2(x, rect.min.y), vec2(widths[column], rect.height()));
            paint_cell(ui, look, column, cell, area);
            if hovered.is_some_and(|p| area.contains(p)) && !cell.more.is_empty() {
                tip = Some(&cell.more);
            }
            x += widths[column];
        }
        if let Some(tip) = tip {
            response.on_hover_text_at_pointer(tip);
        }
    }
    chosen
}

/// A row for those who hear it.
fn spoken(cells: &[Cell; 9], lang: Lang) -> String {
    let parts = COLUMNS[1..]
        .iter()
        .zip(&cells[1..])
        .map(|((title, _), cell)| format!("{} {}", title.get(lang), cell.words));
    format!(
        "{}: {}",
        cells[0].words,
        parts.collect::<Vec<_>>().join("; ")
    )
}

fn head(ui: &mut Ui, look: &Look<'_>, widths: &[f32; 9]) {
    let theme = look.theme;
    let c = &theme.colours;
    let height = (theme.sizes.small * 2.9).round();
    let total: f32 = widths.iter().sum();
    let (rect, _) = ui.allocate_exact_size(vec2(total, height), Sense::hover());
    let mut x = rect.min.x;
    for (column, (title, hint)) in COLUMNS.iter().enumerate() {
        if widths[column] == 0.0 {
            continue;
        }
        let area = Rect::from_min_size(pos2(x, rect.min.y), vec2(widths[column], height));
        x += widths[column];
        let words = title.get(look.lang);
        let mut job = LayoutJob::default();
        job.wrap.max_width = area.width() - 2.0 * pad(theme) + 1.0;
        job.append(words, 0.0, TextFormat::simple(theme.section(), c.text_soft));
        let galley = ui.painter().layout_job(job);
        // Over figures, which end in line.
        let x = if (1..VERDICTS).contains(&column) {
            area.max.x - pad(theme) - galley.size().x
        } else {
            area.min.x + pad(theme)
        };
        let at = pos2(x, area.max.y - galley.size().y - theme.gap(0.75));
        ui.painter().galley(at, galley, c.text_soft);
        let id = ui.scope_id().with(("column", column));
        let response = ui.interact(area, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::ColumnHeader, true, words));
        response.on_hover_text(hint.get(look.lang));
    }
    let line = Stroke::new(1.0, c.line_strong);
    ui.painter().hline(rect.x_range(), rect.max.y, line);
}

fn paint_cell(ui: &Ui, look: &Look<'_>, column: usize, cell: &Cell, area: Rect) {
    let theme = look.theme;
    let ink = ink(cell.tone, theme);
    let font = font(column, theme);
    let painter = ui.painter();
    let room = sign_room(column, look);
    let left = area.min.x + pad(theme);
    if room > 0.0
        && let Some(sign) = sign(cell.tone)
    {
        let side = theme.sizes.small * 0.8;
        let middle = pos2(left + side / 2.0, area.center().y);
        let square = Rect::from_center_size(middle, vec2(side, side));
        icon::paint(painter, square, sign, ink);
    }
    let galley = painter.layout_no_wrap(look.words(column, cell).to_owned(), font, ink);
    // Figures end in line.
    let figure = (1..VERDICTS).contains(&column);
    let x = if figure {
        area.max.x - pad(theme) - galley.size().x
    } else {
        left + room
    };
    let at = pos2(x, area.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, ink);
}
