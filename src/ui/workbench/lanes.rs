//! How one strategy fared: its frames on the axis of the race, and in words.

use egui::{
    Align2, Painter, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use super::words;
use crate::i18n::workbench as text;
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::stage::axis::Axis as Pixels;
use crate::ui::stage::{strip, words as stage_words};
use crate::ui::theme::Colours;
use crate::ui::view::View;
use crate::workbench::chunks::HEAD;
use crate::workbench::race::{Frame, Lane, Race, Verdict};

/// Width of the names and figures at the left.
pub(super) fn gutter(ui: &Ui, view: &View<'_>) -> f32 {
    let body = view.theme.sizes.body;
    (ui.available_width() * 0.27).clamp(body * 9.0, body * 19.0)
}

/// Shows the lane of one strategy.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    race: &Race,
    lane: &Lane,
    numbers: &[u32],
    axis: &Pixels,
    cuts: &[u64],
) {
    let theme = view.theme;
    let c = &theme.colours;
    let width = ui.available_width();
    let gutter = gutter(ui, view);
    let outcome = words::outcome(lane, numbers, view.lang);
    let counts = words::counts(lane.count(), view.lang);
    let overhead = words::overhead(lane, view.lang);
    let how = view.say(if lane.measured {
        text::MEASURED
    } else {
        text::SIMULATED
    });
    let name = words::strategy(&lane.spec, view.lang);

    let mut job = LayoutJob::default();
    let format = |font, colour| egui::TextFormat::simple(font, colour);
    job.append(&name, 0.0, format(theme.strong(), c.text));
    job.append("\n", 0.0, format(theme.small(), c.text));
    for (n, (verdict, words)) in counts.iter().enumerate() {
        let lead = if n > 0 { theme.gap(2.0) } else { 0.0 };
        job.append(words, lead, format(theme.section(), ink(c, *verdict)));
    }
    job.append("\n", 0.0, format(theme.small(), c.text));
    let figures = if view.presenter {
        overhead.clone()
    } else {
        format!("{overhead} · {how}")
    };
    job.append(&figures, 0.0, format(theme.small(), c.text_faint));
    job.wrap = TextWrapping::wrap_at_width(gutter - theme.gap(3.0));
    let left = ui.painter().layout_job(job);
    let tone = if lane.holds() {
        c.text_faint
    } else {
        c.text_soft
    };
    let mut job = LayoutJob::simple(
        outcome.clone(),
        theme.small(),
        tone,
        width - gutter - theme.gap(1.0),
    );
    job.wrap.max_rows = 4;
    let right = ui.painter().layout_job(job);

    let strip_height = (theme.sizes.mono * 1.7).round();
    let height = left
        .size()
        .y
        .max(strip_height + theme.gap(0.75) + right.size().y)
        + theme.gap(1.5);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| {
        let counts: Vec<&str> = counts.iter().map(|(_, words)| words.as_str()).collect();
        let label = view.fill(
            text::LANE,
            &[
                ("name", &name),
                ("how", &how),
                ("counts", &counts.join(" ")),
                ("bytes", &lane.overhead()),
            ],
        );
        WidgetInfo::labeled(Role::Label, true, format!("{label}. {outcome}"))
    });
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter();
    painter.hline(
        rect.x_range(),
        rect.bottom() - theme.gap(0.5),
        Stroke::new(1.0, c.line.gamma_multiply(0.6)),
    );
    painter.galley(rect.min, left, c.text);
    let strip_rows = Rangef::new(rect.top() + 1.0, rect.top() + strip_height);
    painter.galley(
        pos2(rect.left() + gutter, strip_rows.max + theme.gap(0.75)),
        right,
        tone,
    );
    let field = Rect::from_min_max(
        pos2(axis.left, rect.top() - theme.gap(0.5)),
        pos2(axis.right, strip_rows.max + 2.0),
    );
    let clip = field.expand2(vec2(1.0, 0.0)).intersect(ui.clip_rect());
    let painter = ui.painter().with_clip_rect(clip);
    frames(&painter, view, race, lane, numbers, axis, strip_rows);
    cut_lines(&painter, view, axis, cuts, strip_rows);
}

/// The frames that came out, as bytes of their messages, each in an outline that says what it is;
/// what never came out as an empty place.
pub(super) fn frames(
    painter: &Painter,
    view: &View<'_>,
    race: &Race,
    lane: &Lane,
    numbers: &[u32],
    axis: &Pixels,
    y: Rangef,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let visible = (axis.start.max(0.0) as u64, axis.end.max(0.0).ceil() as u64);
    let units = race.axis();
    // Lost messages lie below: pieces of them may have come out all the same.
    let mut reached = f32::MIN;
    let first = units.containing(visible.0);
    for message in first..lane.verdicts.len() {
        let range = units.message(message);
        if range.start > visible.1 {
            break;
        }
        if lane.verdicts[message] != Verdict::Lost {
            continue;
        }
        let area = strip::between(axis, y, range.start, range.end).shrink2(vec2(1.0, 1.0));
        if area.right() < reached + 2.0 {
            continue;
        }
        reached = area.right();
        if area.width() < 8.0 {
            painter.hline(
                area.x_range(),
                area.center().y,
                Stroke::new(1.0, c.line_strong),
            );
            continue;
        }
        strip::dashed(painter, area, Stroke::new(1.0, c.line_strong));
        let n = number(numbers, message);
        stage_words::fitting(
            painter,
            area.intersect(painter.clip_rect()).center(),
            Align2::CENTER_CENTER,
            area.width() - 4.0,
            &[format!("∅ {n}"), "∅".to_owned()],
            &theme.section(),
            c.bad,
        );
    }
    let mut reached = f32::MIN;
    let from = lane
        .frames
        .partition_point(|frame| frame.units.end < visible.0);
    for frame in &lane.frames[from..] {
        if frame.units.start > visible.1 {
            break;
        }
        let area = strip::between(axis, y, frame.units.start, frame.units.end);
        if area.right() < reached + 1.0 {
            continue;
        }
        reached = area.right();
        one_frame(painter, view, race, lane, frame, numbers, axis, area);
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "each says something else about one frame"
)]
fn one_frame(
    painter: &Painter,
    view: &View<'_>,
    race: &Race,
    lane: &Lane,
    frame: &Frame,
    numbers: &[u32],
    axis: &Pixels,
    area: Rect,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let (ink, ground) = match frame.verdict {
        Verdict::Right => (c.good, c.good_fill),
        Verdict::Late => (c.warn, c.warn_fill),
        Verdict::Wrong | Verdict::Lost => (c.bad, c.bad_fill),
    };
    if area.width() < 5.0 {
        painter.rect_filled(area, 0, ink);
        return;
    }
    painter.rect_filled(area, 4, ground);
    let sign = sign(frame.verdict);
    let inside = Rangef::new(area.top() + 3.0, area.bottom() - 3.0);
    let last = frame.messages.end.saturating_sub(1);
    for message in frame.messages.clone() {
        let payload = race.axis().payload(message);
        // A strategy that adds nothing has nothing before or behind the payload.
        let all = race.axis().message(message);
        let from = if lane.has_head {
            payload.start
        } else {
            all.start
        };
        let to = if lane.has_tail { payload.end } else { all.end };
        let (start, end) = (from.max(frame.units.start), to.min(frame.units.end));
        if lane.has_head && area.width() > 14.0 {
            let head = strip::between(
                axis,
                inside,
                all.start.max(frame.units.start),
                (all.start + HEAD).min(frame.units.end).max(all.start),
            );
            if head.width() > 3.0 && frame.units.start < all.start + HEAD {
                pattern::hatch(painter, head, ink.gamma_multiply(0.7), theme.scale);
            }
        }
        if start >= end {
            continue;
        }
        let part = strip::between(axis, inside, start, end).shrink2(vec2(1.0, 0.0));
        let id = numbers.get(message).copied().unwrap_or(message as u32);
        let n = number(numbers, message);
        // What it was judged to be stands on its last message, and on the only one.
        let labels = if message == last {
            vec![format!("{n} {sign}"), n.to_string(), sign.to_owned()]
        } else {
            vec![n.to_string()]
        };
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let swatch = Swatch::of(Ink::Message(id), theme);
        let mut fill = Fill::new(theme, &labels);
        fill.radius = 2;
        pattern::paint(painter, part, &swatch, &fill);
    }
    painter.rect_stroke(area, 4, Stroke::new(2.0, ink), StrokeKind::Inside);
}

fn cut_lines(painter: &Painter, view: &View<'_>, axis: &Pixels, cuts: &[u64], y: Rangef) {
    let c = &view.theme.colours;
    let first = cuts.partition_point(|cut| (*cut as f64) < axis.start);
    let after = cuts.partition_point(|cut| (*cut as f64) <= axis.end);
    if (after - first) as f32 * 6.0 > axis.right - axis.left {
        return;
    }
    for &cut in &cuts[first..after] {
        let x = axis.x(cut as f64);
        // Not through the numbers: only above and below the frames.
        for (from, to) in [(y.min - 8.0, y.min + 4.0), (y.max - 4.0, y.max + 2.0)] {
            painter.vline(x, Rangef::new(from, to), Stroke::new(1.5, c.accent));
        }
    }
}

fn number(numbers: &[u32], message: usize) -> u64 {
    numbers
        .get(message)
        .map_or(message as u64, |n| u64::from(*n))
        + 1
}

fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "✓",
        Verdict::Late => "»",
        Verdict::Wrong => "✗",
        Verdict::Lost => "∅",
    }
}

fn ink(c: &Colours, verdict: Verdict) -> egui::Color32 {
    match verdict {
        Verdict::Right => c.good,
        Verdict::Late => c.warn,
        Verdict::Wrong | Verdict::Lost => c.bad,
    }
}
