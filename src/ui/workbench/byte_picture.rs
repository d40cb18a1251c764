//! A cutting, byte by byte: whose each byte is, what it is for, and where the stream is cut.

use std::fmt::Write as _;

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::i18n::workbench as text;
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::section;
use crate::ui::view::View;
use crate::workbench::prove::Report;
use crate::workbench::race::Race;

/// Most bytes shown.
const MOST: usize = 256;
/// Bytes shown before the first cut, where not all are.
const BEFORE: usize = 32;

/// Shows the encoded messages of the report, cut at `cuts`.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, race: &Race, report: &Report, cuts: &[usize]) {
    let theme = view.theme;
    let c = &theme.colours;
    let wire = &report.wire;
    let first = if wire.len() <= MOST {
        0
    } else {
        cuts.first().map_or(0, |cut| cut.saturating_sub(BEFORE))
    };
    let last = (first + MOST).min(wire.len());
    let font = theme.mono_small();
    let cell = vec2((font.size * 1.9).round(), (font.size * 2.7).round());
    let gap = theme.gap(1.5);
    // Where each byte stands: rows as wide as there is room, a gap at each cut.
    let width = ui.available_width() - 4.0;
    let mut places = Vec::with_capacity(last - first);
    let (mut x, mut y) = (2.0, 0.0);
    for at in first..last {
        let cut = cuts.binary_search(&at).is_ok();
        if cut {
            x += gap;
        }
        if x + cell.x > width {
            (x, y) = (
                if cut { 2.0 + gap } else { 2.0 },
                y + cell.y + theme.gap(1.0),
            );
        }
        places.push((x, y, cut));
        x += cell.x;
    }
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), y + cell.y), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Image, true, label(view, wire, cuts, first, last))
    });
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        let traffic = race.traffic();
        for (at, (x, y, cut)) in (first..last).zip(&places) {
            let min = rect.min + vec2(*x, *y);
            let area = Rect::from_min_size(min, cell).shrink2(vec2(0.5, 0.0));
            let message = report.starts.partition_point(|start| *start <= at) - 1;
            let number = traffic.numbers.get(message).copied().unwrap_or(0);
            let swatch = Swatch::of(Ink::Message(number), theme);
            let mut fill = Fill::new(theme, &[]);
            fill.radius = 2;
            let payload = race.own().is_none_or(|own| own.is_payload(at));
            if payload {
                pattern::paint(painter, area, &swatch, &fill);
                let plate = area.shrink2(vec2(1.5, 1.5));
                painter.rect_filled(plate, 2, swatch.fill);
            } else {
                painter.rect(
                    area,
                    2,
                    c.card,
                    Stroke::new(1.5, swatch.edge),
                    egui::StrokeKind::Inside,
                );
            }
            let ink = if payload { swatch.label } else { c.text };
            let byte = wire[at];
            let shown = match byte {
                b' ' => "␣".to_owned(),
                b'!'..=b'~' => char::from(byte).to_string(),
                _ => "·".to_owned(),
            };
            for (share, words) in [(0.29, shown), (0.73, format!("{byte:02x}"))] {
                painter.text(
                    pos2(area.center().x, area.top() + area.height() * share),
                    Align2::CENTER_CENTER,
                    words,
                    font.clone(),
                    ink,
                );
            }
            if *cut {
                let x = min.x - gap / 2.0;
                painter.vline(
                    x,
                    egui::Rangef::new(area.top() - 2.0, area.bottom() + 2.0),
                    Stroke::new(3.0, c.bad),
                );
            }
        }
    }
    if first > 0 || last < wire.len() {
        section::note(
            ui,
            theme,
            &view.fill(
                text::BYTES_SHOWN,
                &[("from", &first), ("to", &last), ("of", &wire.len())],
            ),
        );
    }
}

/// The bytes in words: "68 65 | 6c 6c 6f".
fn label(view: &View<'_>, wire: &[u8], cuts: &[usize], first: usize, last: usize) -> String {
    let mut bytes = String::new();
    for (at, byte) in wire.iter().enumerate().take(last).skip(first) {
        if !bytes.is_empty() {
            bytes.push(' ');
        }
        if cuts.binary_search(&at).is_ok() {
            bytes.push_str("| ");
        }
        // Writing to a String does not fail.
        let _ = write!(bytes, "{byte:02x}");
    }
    view.fill(text::BYTES_NAME, &[("bytes", &bytes)])
}
