//! Buffers, sequence numbers and windows over time, linked to the moment shown.
//!
//! Samples stand in columns that grow with the trace; what is drawn is one point or one vertical
//! stroke per point of width, however many samples there are.

use std::time::{Duration, Instant};

use egui::{Align2, Color32, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::super::command::Command;
use super::super::figures::{bytes, duration_round, round_up, tick};
use super::super::section;
use super::super::segment_text;
use super::super::stage::axis::{Axis, Zoom};
use super::super::view::View;
use super::super::why::actor_name;
use crate::i18n::{Phrase, segment_view as text, tcp};
use crate::trace::{ActorId, Event, Kind, Nanos, SocketId, StreamId, Trace};

/// Time per frame for taking in samples.
const BUDGET: Duration = Duration::from_micros(1_500);

/// Events looked at between two looks at the clock.
const AT_ONCE: u32 = 4_000;

/// Samples looked at per point of width; of more, some.
const PER_POINT: usize = 24;

/// Shortest time that can fill the axis, nanoseconds.
const CLOSEST: f64 = 2_000.0;

/// Values that hold until the next one.
#[derive(Debug, Default)]
struct Series {
    samples: Vec<(Nanos, u64)>,
}

impl Series {
    fn push(&mut self, t: Nanos, value: u64) {
        match self.samples.last_mut() {
            Some(last) if last.1 == value => {}
            Some(last) if last.0 == t => last.1 = value,
            _ => self.samples.push((t, value)),
        }
    }

    /// The value that holds at `t`.
    fn at(&self, t: Nanos) -> Option<u64> {
        let n = self.samples.partition_point(|s| s.0 <= t);
        n.checked_sub(1).map(|n| self.samples[n].1)
    }

    /// The least and the greatest value that held in `[from, to]`.
    fn within(&self, from: Nanos, to: Nanos) -> Option<(u64, u64)> {
        let first = self
            .samples
            .partition_point(|s| s.0 <= from)
            .saturating_sub(1);
        let end = self.samples.partition_point(|s| s.0 <= to);
        let range = self.samples.get(first..end).filter(|r| !r.is_empty())?;
        let step = range.len().div_ceil(PER_POINT);
        let mut found: Option<(u64, u64)> = None;
        for (_, value) in range.iter().step_by(step).chain(range.last()) {
            found = Some(found.map_or((*value, *value), |(a, b)| (a.min(*value), b.max(*value))));
        }
        found
    }

    fn most(&self) -> u64 {
        let step = self.samples.len().div_ceil(4_096).max(1);
        let all = self.samples.iter().step_by(step).chain(self.samples.last());
        all.map(|s| s.1).max().unwrap_or(0)
    }
}

/// What one end's buffers held.
#[derive(Debug, Default)]
struct Buffers {
    unread: Series,
    unsent: Series,
    unacked: Series,
}

/// What went in one direction.
#[derive(Debug, Default)]
struct Way {
    sent: Series,
    acked: Series,
    window: Series,
    flight: Series,
    cwnd: Series,
    /// It carried data.
    used: bool,
}

/// What the plots keep from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Plots {
    of: Option<StreamId>,
    next: u32,
    buffers: [Buffers; 2],
    ways: [Way; 2],
    zoom: Zoom,
}

/// The ends of the connection that is plotted.
struct Ends {
    sockets: [Option<SocketId>; 2],
    actors: [Option<ActorId>; 2],
    flows: [Option<u16>; 2],
    streams: [StreamId; 2],
}

impl Ends {
    fn of(trace: &Trace) -> Option<Ends> {
        let stream = trace.stream(trace.main_stream()?)?;
        let connection = trace
            .connections()
            .iter()
            .find(|c| c.forward == stream.id || c.backward == stream.id)?;
        let flow = |id| trace.stream(id).and_then(crate::trace::Stream::flow);
        Some(Ends {
            sockets: [connection.client.socket, connection.server.socket],
            actors: [connection.client.actor, connection.server.actor],
            flows: [flow(connection.forward), flow(connection.backward)],
            streams: [connection.forward, connection.backward],
        })
    }
}

impl Plots {
    /// Takes in what is new, for a bounded while; false if there is more.
    fn update(&mut self, trace: &Trace, ends: &Ends) -> bool {
        let begun = Instant::now();
        let captured = trace.meta().network.is_captured();
        let main = trace.main_stream();
        if self.of != main {
            *self = Plots {
                of: main,
                zoom: self.zoom,
                ..Plots::default()
            };
        }
        while self.next < trace.len() {
            if begun.elapsed() > BUDGET {
                return false;
            }
            let to = trace.len().min(self.next.saturating_add(AT_ONCE));
            for (i, event) in (self.next..to).zip(trace.events_from(self.next)) {
                match event.kind {
                    Kind::Gauge => self.gauge(event.t, event.socket, event.gauge(), ends),
                    Kind::Segment => self.segment(trace, i, ends),
                    Kind::Mark => self.reading(trace, event, ends, captured),
                    _ => {}
                }
            }
            self.next = to;
        }
        true
    }

    fn gauge(
        &mut self,
        t: Nanos,
        socket: SocketId,
        gauge: Option<crate::trace::Gauge>,
        ends: &Ends,
    ) {
        let Some(side) = ends.sockets.iter().position(|s| *s == Some(socket)) else {
            return;
        };
        let Some(gauge) = gauge else { return };
        let buffers = &mut self.buffers[side];
        for (series, value) in [
            (&mut buffers.unread, gauge.unread),
            (&mut buffers.unsent, gauge.unsent),
            (&mut buffers.unacked, gauge.unacked),
        ] {
            if let Some(value) = value {
                series.push(t, u64::from(value));
            }
        }
    }

    /// What the kernel tells of a TCP end. Where segments are captured, they tell the rest.
    fn reading(&mut self, trace: &Trace, event: &Event, ends: &Ends, captured: bool) {
        let owner = ends.sockets.iter().position(|s| *s == Some(event.socket));
        let Some(side) = owner else { return };
        let way = &mut self.ways[side];
        if let Some(sender) = event.tcp_reading().and_then(|reading| reading.sender) {
            way.cwnd.push(event.t, sender.cwnd_bytes());
            if !captured {
                way.window.push(event.t, u64::from(sender.peer_window));
            }
        }
        if let Some(sent) = event.sent_so_far() {
            way.used |= sent.data_segments > 0;
            // A FIN is counted, too, and is no byte.
            let all = trace
                .stream(ends.streams[side])
                .map_or(0, |s| s.sends().end());
            way.acked.push(event.t, sent.acked.min(all));
        }
    }

    fn segment(&mut self, trace: &Trace, i: u32, ends: &Ends) {
        let event = trace.event(i);
        let Some(s) = event.segment() else { return };
        let Some(side) = ends.flows.iter().position(|f| *f == Some(s.flow)) else {
            return;
        };
        let t = event.t;
        if let Some((_, _, end)) = trace.segment_range(i) {
            let way = &mut self.ways[side];
            way.used = true;
            let before = way.sent.at(t).unwrap_or(0);
            way.sent.push(t, end.max(before));
            let acked = way.acked.at(t).unwrap_or(0);
            way.flight.push(t, end.max(before).saturating_sub(acked));
        }
        if s.flags & crate::trace::tcp::ACK == 0 {
            return;
        }
        // What it acknowledges went the other way.
        let way = &mut self.ways[1 - side];
        way.window
            .push(t, u64::from(segment_text::window(trace, &s)));
        let back = trace
            .flows()
            .get(usize::from(s.flow))
            .and_then(|flow| flow.back)
            .and_then(|back| trace.flows().get(usize::from(back)));
        if let Some(acked) = back.and_then(|flow| flow.acknowledged(s.ack)) {
            let sent = way.sent.at(t).unwrap_or(0);
            // A FIN has a number, too, and is no byte.
            let acked = acked.min(sent).max(way.acked.at(t).unwrap_or(0));
            way.acked.push(t, acked);
            way.flight.push(t, sent.saturating_sub(acked));
        }
    }
}

/// How a line is drawn, beside its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dash {
    Solid,
    Dashed,
    Dotted,
}

struct Line<'a> {
    name: String,
    colour: Color32,
    dash: Dash,
    series: &'a Series,
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, plots: &mut Plots, out: &mut Vec<Command>) {
    let theme = view.theme;
    let Some(ends) = Ends::of(view.trace) else {
        section::note(ui, theme, view.say(text::PLOT_NONE));
        return;
    };
    if !plots.update(view.trace, &ends) {
        ui.ctx().request_repaint();
    }
    ui.horizontal_wrapped(|ui| {
        section::note(ui, theme, view.say(text::PLOT_HINT));
        if plots.ways.iter().all(|way| way.cwnd.samples.is_empty()) {
            section::note(ui, theme, view.say(tcp::CWND_UNKNOWN));
        }
    });
    let captured = view.trace.meta().network.is_captured();
    let read = plots.ways.iter().any(|way| way.used);
    let count = if captured || read { 3.0 } else { 1.0 };
    let gap = theme.gap(2.0);
    let room = ui.available_size();
    let least = theme.sizes.small * 9.0;
    let height = ((room.y - gap * (count - 1.0)) / count).max(least);
    let mut zoom = plots.zoom;
    ui.spacing_mut().item_spacing.y = gap;
    egui::ScrollArea::vertical()
        .id_salt("plots")
        .auto_shrink(false)
        .show(ui, |ui| {
            let size = vec2(ui.available_width(), height);
            let lines = buffer_lines(view, plots, &ends);
            plot(ui, view, size, text::PLOT_BYTES, &lines, &mut zoom, out);
            if captured || read {
                let lines = sequence_lines(view, plots, &ends, captured);
                let title = if captured {
                    text::PLOT_SEQUENCE
                } else {
                    tcp::PLOT_ACKED
                };
                plot(ui, view, size, title, &lines, &mut zoom, out);
                let lines = window_lines(view, plots, &ends);
                plot(ui, view, size, text::PLOT_WINDOW, &lines, &mut zoom, out);
            }
        });
    plots.zoom = zoom;
}

fn end_name(view: &View<'_>, ends: &Ends, side: usize) -> String {
    ends.actors[side].map_or_else(
        || "?".to_owned(),
        |actor| actor_name(view.trace, actor, view.lang),
    )
}

fn colour(view: &View<'_>, side: usize) -> Color32 {
    if side == 0 {
        view.theme.colours.client
    } else {
        view.theme.colours.server
    }
}

fn buffer_lines<'a>(view: &View<'_>, plots: &'a Plots, ends: &Ends) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for side in 0..2 {
        let actor = end_name(view, ends, side);
        let buffers = &plots.buffers[side];
        for (phrase, dash, series) in [
            (text::LINE_UNREAD, Dash::Solid, &buffers.unread),
            (text::LINE_UNACKED, Dash::Dashed, &buffers.unacked),
            (text::LINE_UNSENT, Dash::Dotted, &buffers.unsent),
        ] {
            // A line that never left 0 says nothing.
            if series.most() > 0 {
                lines.push(Line {
                    name: view.fill(phrase, &[("actor", &actor)]),
                    colour: colour(view, side),
                    dash,
                    series,
                });
            }
        }
    }
    lines
}

fn way_lines<'a, const N: usize>(
    view: &View<'_>,
    plots: &'a Plots,
    ends: &Ends,
    of: impl Fn(&'a Way) -> [(Phrase, Dash, &'a Series); N],
) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for side in 0..2 {
        let from = end_name(view, ends, side);
        let way = format!("{from} → {}", end_name(view, ends, 1 - side));
        if !plots.ways[side].used {
            continue;
        }
        for (phrase, dash, series) in of(&plots.ways[side]) {
            if !series.samples.is_empty() {
                lines.push(Line {
                    name: view.fill(phrase, &[("way", &way)]),
                    colour: colour(view, side),
                    dash,
                    series,
                });
            }
        }
    }
    lines
}

fn sequence_lines<'a>(
    view: &View<'_>,
    plots: &'a Plots,
    ends: &Ends,
    captured: bool,
) -> Vec<Line<'a>> {
    let acked = if captured { Dash::Dotted } else { Dash::Solid };
    way_lines(view, plots, ends, |way| {
        [
            (text::LINE_SENT, Dash::Solid, &way.sent),
            (text::LINE_ACKED, acked, &way.acked),
        ]
    })
}

fn window_lines<'a>(view: &View<'_>, plots: &'a Plots, ends: &Ends) -> Vec<Line<'a>> {
    way_lines(view, plots, ends, |way| {
        [
            (text::LINE_WINDOW, Dash::Dashed, &way.window),
            (text::LINE_FLIGHT, Dash::Solid, &way.flight),
            (tcp::LINE_CWND, Dash::Dotted, &way.cwnd),
        ]
    })
}

fn plot(
    ui: &mut Ui,
    view: &View<'_>,
    size: egui::Vec2,
    title: Phrase,
    lines: &[Line<'_>],
    zoom: &mut Zoom,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let em = theme.sizes.small;
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let now = view.state.t;
    let value = |line: &Line<'_>| {
        let now = line.series.at(now).map_or_else(|| "–".to_owned(), bytes);
        format!("{} {now}", line.name)
    };
    let said: Vec<String> = lines.iter().map(value).collect();
    let name = format!("{}. {}", view.say(title), said.join("; "));
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Image, true, &name));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let painter = ui.painter().with_clip_rect(rect);
    let head = painter.layout_no_wrap(view.say(title).to_owned(), theme.section(), c.text);
    let top = rect.top() + head.size().y + em * 0.3;
    painter.galley(rect.left_top(), head, c.text);
    let legend = legend(&painter, view, rect, top, lines, &said);
    let left = rect.left() + em * 5.5;
    let field = Rect::from_min_max(
        pos2(left, legend + em * 0.5),
        pos2(rect.right() - em, rect.bottom() - em * 1.7),
    );
    if field.height() < em * 2.0 || field.width() < em * 4.0 {
        return;
    }
    let all = (view.trace.duration() as f64 * 1.02).max(CLOSEST);
    let (start, end) = zoom.window(all);
    let axis = Axis::over(field, start, end);
    zoom.interact(ui, &response, &axis, all, CLOSEST);
    if lines.is_empty() {
        painter.rect_filled(field, 0, c.sunken);
        painter.text(
            field.center(),
            Align2::CENTER_CENTER,
            view.say(text::PLOT_NONE),
            theme.small(),
            c.text_faint,
        );
        return;
    }
    let most = lines.iter().map(|l| l.series.most()).max().unwrap_or(0);
    let most = round_up(most as f64).max(1.0);
    painter.rect_filled(field, 0, c.sunken);
    grid(&painter, view, field, &axis, most);
    for line in lines {
        draw(&painter, field, &axis, most, line, now);
    }
    let x = axis.x(now as f64);
    if field.x_range().contains(x) {
        painter.vline(x, field.y_range(), Stroke::new(1.0, c.accent));
    }
    let shift = ui.input(|i| i.modifiers.shift);
    if (response.clicked() || response.dragged_by(egui::PointerButton::Primary) && !shift)
        && let Some(at) = response.interact_pointer_pos()
        && field.x_range().contains(at.x)
    {
        let t = axis.at(at.x).max(0.0) as Nanos;
        out.push(Command::Seek(view.trace.prefix_at(t)));
    }
}

/// Names, line styles and values at the moment shown. The bottom of it.
fn legend(
    painter: &egui::Painter,
    view: &View<'_>,
    rect: Rect,
    top: f32,
    lines: &[Line<'_>],
    said: &[String],
) -> f32 {
    let theme = view.theme;
    let em = theme.sizes.small;
    let (mut x, mut y) = (rect.left(), top);
    let row = em * 1.45;
    for (line, words) in lines.iter().zip(said) {
        let galley = painter.layout_no_wrap(words.clone(), theme.small(), theme.colours.text_soft);
        let width = em * 2.6 + galley.size().x;
        if x > rect.left() && x + width > rect.right() {
            (x, y) = (rect.left(), y + row);
        }
        let middle = y + row / 2.0;
        let ends = [pos2(x, middle), pos2(x + em * 2.0, middle)];
        stroke(painter, &ends, line);
        painter.galley(
            pos2(x + em * 2.4, middle - galley.size().y / 2.0),
            galley,
            theme.colours.text_soft,
        );
        x += width + em * 1.6;
    }
    y + row
}

fn grid(painter: &egui::Painter, view: &View<'_>, field: Rect, axis: &Axis, most: f64) {
    let theme = view.theme;
    let c = &theme.colours;
    let em = theme.sizes.small;
    for share in [0.0, 0.5, 1.0] {
        let y = field.bottom() - field.height() * share;
        painter.hline(field.x_range(), y, Stroke::new(1.0, c.line));
        let words = bytes((most * f64::from(share)) as u64);
        let at = pos2(field.left() - em * 0.4, y);
        painter.text(at, Align2::RIGHT_CENTER, words, theme.small(), c.text_faint);
    }
    let wanted = f64::from(field.width() / (em * 7.0)).max(1.0);
    let step = tick(axis.end - axis.start, wanted).max(1.0);
    let mut t = (axis.start / step).ceil() * step;
    while t <= axis.end {
        let x = axis.x(t);
        painter.vline(x, field.y_range(), Stroke::new(1.0, c.line));
        let words = duration_round(t as Nanos);
        let at = pos2(x, field.bottom() + em * 0.25);
        painter.text(at, Align2::CENTER_TOP, words, theme.small(), c.text_faint);
        t += step;
    }
}

/// The line up to the moment shown.
fn draw(painter: &egui::Painter, field: Rect, axis: &Axis, most: f64, line: &Line<'_>, now: Nanos) {
    let y = |value: u64| field.bottom() - (value as f64 / most) as f32 * field.height();
    let mut points: Vec<Pos2> = Vec::new();
    let last = axis.x(now as f64).min(field.right());
    let mut x = field.left();
    while x <= last {
        let from = axis.at(x).max(0.0) as Nanos;
        let to = (axis.at(x + 1.0).max(0.0) as Nanos).min(now);
        if let Some((least, greatest)) = line.series.within(from.min(to), to) {
            let before = points.last().map_or(f32::INFINITY, |p| p.y);
            let (a, b) = (y(least), y(greatest));
            // Continue at the end that is nearer.
            let (first, then) = if (before - a).abs() <= (before - b).abs() {
                (a, b)
            } else {
                (b, a)
            };
            points.push(pos2(x, first));
            if least != greatest {
                points.push(pos2(x, then));
            }
            // The stretch ends at the value that goes on.
            if least != greatest
                && let Some(value) = line.series.at(to)
            {
                points.push(pos2(x, y(value)));
            }
        }
        x += 1.0;
    }
    // A flat stretch is one stroke.
    points.dedup();
    let mut kept: Vec<Pos2> = Vec::with_capacity(points.len());
    for point in points {
        if let [.., a, b] = kept.as_slice()
            && (a.y - b.y).abs() < 0.01
            && (b.y - point.y).abs() < 0.01
        {
            kept.pop();
        }
        kept.push(point);
    }
    stroke(&painter.with_clip_rect(field.expand(1.0)), &kept, line);
}

fn stroke(painter: &egui::Painter, points: &[Pos2], line: &Line<'_>) {
    if points.len() < 2 {
        return;
    }
    let pen = Stroke::new(1.8, line.colour);
    match line.dash {
        Dash::Solid => {
            painter.add(Shape::line(points.to_vec(), pen));
        }
        Dash::Dashed => {
            painter.extend(Shape::dashed_line(points, pen, 6.0, 4.0));
        }
        Dash::Dotted => {
            painter.extend(Shape::dashed_line(points, pen, 2.0, 3.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_holds_until_the_next() {
        let mut series = Series::default();
        for (t, value) in [(10, 5), (20, 5), (30, 9), (30, 2), (40, 0)] {
            series.push(t, value);
        }
        assert_eq!(series.samples, [(10, 5), (30, 2), (40, 0)]);
        assert_eq!(series.at(9), None);
        assert_eq!(series.at(29), Some(5));
        assert_eq!(series.at(30), Some(2));
        assert_eq!(series.within(15, 35), Some((2, 5)));
        assert_eq!(series.within(0, 5), None);
    }

    proptest! {
        /// What is drawn of a stretch of time holds every value at its ends.
        #[test]
        fn a_stretch_holds_its_ends(
            values in prop::collection::vec((1u64..50, 0u64..1000), 1..200),
            from in 0u64..5000,
            length in 0u64..3000,
        ) {
            let mut series = Series::default();
            let mut t = 0;
            for (step, value) in values {
                t += step;
                series.push(t, value);
            }
            let to = from + length;
            let found = series.within(from, to);
            for at in [from, to] {
                if let Some(value) = series.at(at) {
                    let (least, most) = found.unwrap();
                    prop_assert!(least <= value && value <= most);
                }
            }
        }
    }
}
