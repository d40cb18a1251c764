//! One chart: its title, what its lines mean and are at the moment shown, and the lines.

use egui::{Color32, Pos2, Role, Sense, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{AxisHints, GridMark, HoverPosition, LineStyle, Plot, PlotPoints, VLine};

use super::super::super::command::Command;
use super::super::super::figures::{bytes, duration_round, round_up, tick};
use super::super::super::section;
use super::super::super::stage::axis::{Axis, Zoom};
use super::super::super::theme::Theme;
use super::super::super::view::View;
use super::series::Series;
use crate::i18n::{Phrase, segment_view as text};
use crate::trace::Nanos;

/// Shortest time that can fill the axis, nanoseconds.
const CLOSEST: f64 = 2_000.0;

/// The height of the chart, of the greatest value's: a line along an edge keeps its width.
const ABOVE: f64 = 1.04;

/// The charts share the pointer's moment.
const TOGETHER: &str = "moment of the plots";

/// How a line is drawn, beside its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

impl Dash {
    fn style(self) -> LineStyle {
        match self {
            Dash::Solid => LineStyle::Solid,
            Dash::Dashed => LineStyle::Dashed { length: 7.0 },
            Dash::Dotted => LineStyle::Dotted { spacing: 5.0 },
        }
    }
}

pub(super) struct Line<'a> {
    pub(super) name: String,
    pub(super) colour: Color32,
    pub(super) dash: Dash,
    pub(super) series: &'a Series,
}

/// Shows the lines over the part of the run that `zoom` shows; a click goes to that moment.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    size: egui::Vec2,
    title: Phrase,
    lines: &[Line<'_>],
    zoom: &mut Zoom,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let now = view.state.t;
    let top = ui.cursor().top();
    let said: Vec<String> = lines.iter().map(|line| said(line, now)).collect();
    ui.spacing_mut().item_spacing.y = theme.gap(0.5);
    ui.label(egui::RichText::new(view.say(title)).font(theme.section()));
    if lines.is_empty() {
        section::note(ui, theme, view.say(text::PLOT_NONE));
        ui.add_space(theme.gap(1.5));
        return;
    }
    legend(ui, theme, lines, &said);
    let least = theme.sizes.small * 6.0;
    let height = (size.y - (ui.cursor().top() - top)).max(least);

    let all = (view.trace.duration() as f64 * 1.02).max(CLOSEST);
    let (start, end) = zoom.window(all);
    let most = lines.iter().map(|l| l.series.most()).max().unwrap_or(0);
    let most = round_up(most as f64).max(1.0);
    let columns = (size.x.max(1.0)) as usize;
    let drawn: Vec<egui_plot::Line<'_>> = lines
        .iter()
        .map(|line| {
            let points = line.series.line(start, end, now, columns);
            egui_plot::Line::new(line.name.clone(), PlotPoints::Owned(points))
                .color(line.colour)
                .width(1.8)
                .style(line.dash.style())
                // A band would smear steps.
                .allow_band(false)
        })
        .collect();
    let accent = theme.colours.accent;
    let shown = ui
        .scope(|ui| {
            ui.visuals_mut().extreme_bg_color = theme.colours.sunken;
            frame(theme, title, size.x, height).show(ui, |plot| {
                plot.set_plot_bounds_x(start..=end);
                plot.set_plot_bounds_y(-most * (ABOVE - 1.0)..=most * ABOVE);
                for line in drawn {
                    plot.line(line);
                }
                plot.vline(
                    VLine::new("", now as f64)
                        .color(accent)
                        .width(1.0)
                        .allow_hover(false),
                );
            })
        })
        .inner;
    ui.add_space(theme.gap(1.5));
    let name = format!("{}. {}", view.say(title), said.join("; "));
    let axis = Axis::over(*shown.transform.frame(), start, end);
    let response = shown.response;
    zoom.interact(ui, &response, &axis, all, CLOSEST);
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Image, true, &name));
    let shift = ui.input(|i| i.modifiers.shift);
    if (response.clicked() || response.dragged_by(egui::PointerButton::Primary) && !shift)
        && let Some(at) = response.interact_pointer_pos()
        && response.rect.x_range().contains(at.x)
    {
        let t = axis.at(at.x).max(0.0) as Nanos;
        out.push(Command::Seek(view.trace.prefix_at(t)));
    }
}

/// The empty chart: axes of time and bytes. Wheel, drag and click have the timeline's meaning, so
/// that the library's own are off.
fn frame<'a>(theme: &Theme, title: Phrase, width: f32, height: f32) -> Plot<'a> {
    let c = &theme.colours;
    let em = theme.sizes.small;
    let room = f64::from((width / (em * 7.0)).max(1.0));
    let hints = |hints: AxisHints<'a>| {
        hints
            .tick_label_font(theme.small())
            .tick_label_color(c.text_soft)
            .label_spacing(egui::Rangef::new(em, em * 1.2))
    };
    let time = AxisHints::new_x().formatter(|mark, _| duration_round(mark.value.max(0.0) as Nanos));
    let size = AxisHints::new_y()
        .formatter(|mark, _| bytes(mark.value.max(0.0) as u64))
        .min_thickness(em * 5.5);
    Plot::new(title.en)
        .width(width)
        .height(height)
        .custom_x_axes(vec![hints(time)])
        .custom_y_axes(vec![hints(size)])
        .x_grid_spacer(move |grid| marks(grid.bounds, tick(grid.bounds.1 - grid.bounds.0, room)))
        .y_grid_spacer(|grid| {
            marks(
                grid.bounds,
                (grid.bounds.1 / (2.0 * ABOVE)).round().max(1.0),
            )
        })
        .grid_color(c.line)
        .grid_fade(0.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_y(false)
        .cursor_color(c.text_faint)
        .link_cursor(egui::Id::unique(TOGETHER), [true, false])
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint {
                plot_name,
                position,
                ..
            } => Some(format!(
                "{plot_name}\n{} · {}",
                bytes(position.y.max(0.0) as u64),
                duration_round(position.x.max(0.0) as Nanos),
            )),
            HoverPosition::Elsewhere { position } => {
                Some(duration_round(position.x.max(0.0) as Nanos))
            }
        })
}

/// Marks at the multiples of `step` within `bounds`.
fn marks(bounds: (f64, f64), step: f64) -> Vec<GridMark> {
    let step = step.max(f64::MIN_POSITIVE);
    let first = (bounds.0.max(0.0) / step).ceil() as u64;
    let last = (bounds.1.max(0.0) / step).floor() as u64;
    // As many as can be told apart on any screen.
    (first..=last.min(first.saturating_add(200)))
        .map(|n| GridMark {
            value: n as f64 * step,
            step_size: step,
        })
        .collect()
}

/// A line's name and what it is at `now`.
fn said(line: &Line<'_>, now: Nanos) -> String {
    let value = line.series.at(now).map_or_else(|| "–".to_owned(), bytes);
    format!("{} {value}", line.name)
}

/// Each line's style, name and value at the moment shown.
fn legend(ui: &mut Ui, theme: &Theme, lines: &[Line<'_>], said: &[String]) {
    let em = theme.sizes.small;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = em * 0.5;
        for (line, words) in lines.iter().zip(said) {
            let galley =
                ui.painter()
                    .layout_no_wrap(words.clone(), theme.small(), theme.colours.text_soft);
            let sample = em * 2.2;
            let size = vec2(sample + em * 1.6 + galley.size().x, galley.size().y);
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            let y = rect.center().y;
            stroke(
                ui.painter(),
                pos2(rect.left(), y),
                pos2(rect.left() + sample, y),
                line,
            );
            let at = pos2(rect.left() + sample + em * 0.4, rect.top());
            ui.painter().galley(at, galley, theme.colours.text_soft);
        }
    });
}

/// A piece of the line as the chart draws it.
fn stroke(painter: &egui::Painter, from: Pos2, to: Pos2, line: &Line<'_>) {
    let pen = Stroke::new(1.8, line.colour);
    match line.dash.style() {
        LineStyle::Solid => {
            painter.line_segment([from, to], pen);
        }
        LineStyle::Dashed { length } => {
            painter.extend(Shape::dashed_line(&[from, to], pen, length, length * 0.6));
        }
        LineStyle::Dotted { spacing } => {
            painter.extend(Shape::dotted_line(&[from, to], line.colour, spacing, 1.8));
        }
    }
}
