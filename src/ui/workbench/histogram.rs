//! A histogram of recv sizes: upright bars on an axis that several histograms share.

use egui::{Align2, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::repeat_text;
use crate::i18n::repeat as text;
use crate::ui::figures::{grouped, tick};
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::view::View;
use crate::workbench::repeat::{Bin, Sizes};

/// The axes that all histograms of a repetition share.
pub(super) struct Axes<'a> {
    pub(super) bins: &'a [Bin],
    /// Count at the top.
    pub(super) most: u64,
    pub(super) height: f32,
}

/// Room for the counts at the left of the axis.
pub(super) fn margin(view: &View<'_>) -> f32 {
    view.theme.sizes.small * 3.6
}

/// Narrowest room for a bar, in points.
pub(super) fn slot(view: &View<'_>) -> f32 {
    view.theme.sizes.small * 2.4
}

/// Shows the histogram of setting number `variant`, in its pattern.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, axes: &Axes<'_>, sizes: &Sizes, variant: usize) {
    let theme = view.theme;
    let c = &theme.colours;
    let small = theme.sizes.small;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), axes.height), Sense::hover());
    let plot = Rect::from_min_max(
        pos2(area.min.x + margin(view), area.min.y + small * 1.2),
        pos2(area.max.x, area.max.y - small * 1.6),
    );
    let top = axes.most.max(1) as f32;
    let y_of = |n: f32| plot.max.y - plot.height() * n / top;
    let painter = ui.painter().clone();
    let step = tick(
        f64::from(top),
        f64::from((plot.height() / (small * 1.8)).max(1.0)),
    );
    let mut mark = 0.0_f64;
    while mark <= f64::from(top) {
        let y = y_of(mark as f32);
        let line = Stroke::new(1.0, if mark == 0.0 { c.line_strong } else { c.line });
        painter.hline(plot.x_range(), y, line);
        if mark.fract() == 0.0 {
            painter.text(
                pos2(plot.min.x - theme.gap(1.0), y),
                Align2::RIGHT_CENTER,
                grouped(mark as u64),
                theme.mono_small(),
                c.text_faint,
            );
        }
        mark += step.max(1.0);
    }
    let swatch = Swatch::of(Ink::Message(variant as u32), theme);
    let pitch = (plot.width() / axes.bins.len().max(1) as f32).min(small * 14.0);
    let wide = (pitch * 0.72).clamp(3.0, small * 4.5);
    let mut labelled_to = f32::NEG_INFINITY;
    for (at, &bin) in axes.bins.iter().enumerate() {
        let middle = plot.min.x + (at as f32 + 0.5) * pitch;
        let n = sizes.count(bin);
        let name = repeat_text::bin(bin, view.lang);
        let label = painter.layout_no_wrap(name.clone(), theme.mono_small(), c.text_soft);
        let half = label.size().x / 2.0;
        if middle - half > labelled_to + theme.gap(1.0) && middle + half <= area.max.x + 2.0 {
            labelled_to = middle + half;
            let place = pos2(middle - half, plot.max.y + theme.gap(0.75));
            painter.galley(place, label, c.text_soft);
        }
        let slot = Rect::from_x_y_ranges(
            (middle - pitch / 2.0)..=(middle + pitch / 2.0),
            plot.min.y..=plot.max.y,
        );
        let response = ui.interact(slot, ui.scope_id().with(("bar", at)), Sense::hover());
        let words = view.fill(
            text::BAR,
            &[
                ("bytes", &name),
                ("n", &grouped(n)),
                ("all", &grouped(sizes.total())),
            ],
        );
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &words));
        response.on_hover_text(&words);
        if n == 0 {
            continue;
        }
        // What occurs is seen, be it ever so rare.
        let height = (plot.max.y - y_of(n as f32)).max(2.0);
        let bar = Rect::from_min_max(
            pos2(middle - wide / 2.0, plot.max.y - height),
            pos2(middle + wide / 2.0, plot.max.y),
        );
        let fill = Fill {
            radius: 2,
            ..Fill::new(theme, &[])
        };
        pattern::paint(&painter, bar, &swatch, &fill);
        let count = painter.layout_no_wrap(grouped(n), theme.mono_small(), c.text);
        if count.size().x < pitch - 2.0 {
            let place = pos2(
                middle - count.size().x / 2.0,
                bar.min.y - count.size().y - 1.0,
            );
            painter.galley(place, count, c.text);
        }
    }
}
