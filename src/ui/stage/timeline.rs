//! The timeline: a lane per actor, its calls as bars (held by the kernel: hatched), arrows from
//! each send to the recv that got its bytes, and the moment that is shown.

use egui::{
    Align2, Color32, Id, Painter, PointerButton, Rangef, Rect, Response, Role, Sense, Shape,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::i18n::stage as say;
use crate::trace::{
    ActorId, Call, CallBucket, CallSpan, EventId, Nanos, Origin, Segment, SegmentRole, Stream,
};
use crate::ui::call_text::call_text;
use crate::ui::command::Command;
use crate::ui::figures::{bytes, duration, duration_round, grouped, round_up, tick};
use crate::ui::pattern::{self, Fill, Swatch};
use crate::ui::segment_text;
use crate::ui::view::{Selection, View};

use super::axis::{Axis, Zoom};
use super::cache::cached;
use super::{strip, words};

/// Most calls that get an accessible node each.
const NODES: usize = 64;
/// Most arrows; more would be a tangle.
const ARROWS: usize = 24;
/// Most segments drawn one by one.
const SEGMENTS: usize = 96;
/// Shortest time that can fill the axis.
const CLOSEST: f64 = 2_000.0;

#[derive(Clone, Copy, Default)]
struct Memory {
    zoom: Zoom,
}

fn lane_height(view: &View<'_>) -> f32 {
    (view.theme.sizes.mono * 1.7).round()
}

fn header_height(view: &View<'_>) -> f32 {
    view.theme.sizes.small * 1.9
}

/// The actors with a lane, from the top: the attacker stands between the first actor and the
/// others.
fn rows(view: &View<'_>) -> Vec<ActorId> {
    let all = view.trace.meta().actors.len().min(usize::from(u8::MAX));
    let mut rows: Vec<ActorId> = (0..all)
        .map(|at| ActorId(at as u8))
        .filter(|actor| view.trace.takes_part(*actor))
        .collect();
    if let Some(at) = rows
        .iter()
        .position(|a| Some(*a) == view.trace.meta().relay)
    {
        let relay = rows.remove(at);
        rows.insert(at.min(1), relay);
    }
    rows
}

fn lanes(view: &View<'_>) -> f32 {
    rows(view).len().max(1) as f32
}

/// So many lanes have to be seen at once; of more the last may be outside.
const MANY: f32 = 6.0;

/// Below this it is not worth showing.
pub fn least_height(view: &View<'_>) -> f32 {
    let shown = lanes(view).min(MANY);
    header_height(view) + shown * (lane_height(view) * 0.75 + view.theme.gap(1.0))
}

/// From here on the arrows between the lanes can be told apart, and the axis has its figures.
pub fn easy_height(view: &View<'_>) -> f32 {
    let shown = lanes(view).min(MANY);
    let lane = lane_height(view);
    header_height(view) + axis_height(view) + shown * lane + (shown - 1.0).max(0.5) * lane * 1.3
}

/// More room than this adds nothing.
pub fn most_height(view: &View<'_>) -> f32 {
    let lane = lane_height(view);
    header_height(view) + axis_height(view) + lanes(view) * (lane * 3.2) + curve_height(view)
}

fn axis_height(view: &View<'_>) -> f32 {
    view.theme.sizes.small * 1.5
}

fn curve_height(view: &View<'_>) -> f32 {
    32.0 * view.theme.scale + view.theme.sizes.small * 1.5
}

/// Shows the timeline in the room there is.
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let meta = view.trace.meta();
    let id = Id::unique("timeline").with((meta.started_unix_ms, meta.seed));
    let mut memory: Memory = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name(view)));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let theme = view.theme;
    let gutter = gutter(ui, view);
    let field = Rect::from_min_max(
        pos2(rect.left() + gutter, rect.top() + header_height(view)),
        pos2(rect.right() - 2.0, rect.bottom()),
    );
    let all = (view.trace.duration() as f64 * 1.02).max(CLOSEST);
    let axis = |memory: &Memory| {
        let (start, end) = memory.zoom.window(all);
        Axis::over(field, start, end)
    };
    let first = axis(&memory);
    memory.zoom.interact(ui, &response, &first, all, CLOSEST);
    let axis = axis(&memory);
    ui.data_mut(|d| d.insert_temp(id, memory));

    let count = lanes(view);
    let lane = lane_height(view);
    // In little room the lanes matter more than the figures of the axis.
    let figures = field.height() >= axis_height(view) + count * (lane + theme.gap(1.0));
    let room = field.height() - if figures { axis_height(view) } else { 0.0 };
    let has_curve = room - count * (lane + theme.gap(3.0)) >= curve_height(view);
    let curve = if has_curve { curve_height(view) } else { 0.0 };
    // The lanes use the whole height: the last one ends where the room does.
    let thin = if count > 4.0 { 0.5 } else { 0.6 };
    let lane = lane.min(room / count - 2.0).max(lane * thin);
    let pitch = if count > 1.0 {
        ((room - curve - lane - 2.0) / (count - 1.0)).clamp(lane + 2.0, lane * 3.2)
    } else {
        lane
    };
    let mut timeline = Timeline {
        view,
        ui,
        out,
        id,
        rows: rows(view),
        rect,
        field,
        axis,
        lane,
        pitch,
        figures,
        nodes: 0,
    };
    timeline.head();
    timeline.marks();
    for actor in timeline.rows.clone() {
        timeline.actor(actor);
    }
    if view.trace.meta().network.is_captured() {
        timeline.segments();
    } else {
        timeline.arrows();
    }
    if has_curve {
        let top = field.top() + pitch * (count - 1.0) + lane + theme.gap(1.5);
        let area = Rect::from_x_y_ranges(field.x_range(), top..=top + curve - theme.gap(2.0));
        timeline.unread(area);
    }
    timeline.cursor();
    timeline.pick(&response);
}

fn name(view: &View<'_>) -> String {
    let calls: u64 = view.state.actors.iter().map(|a| a.facts.calls).sum();
    view.fill(
        say::TIMELINE_NAME,
        &[
            ("calls", &calls),
            ("actors", &rows(view).len()),
            ("time", &duration(view.state.t)),
        ],
    )
}

fn gutter(ui: &Ui, view: &View<'_>) -> f32 {
    let font = view.theme.mono_small();
    let widest = rows(view)
        .into_iter()
        .map(|actor| {
            let name = words::actor_name(view.trace, Some(actor), view.lang);
            ui.painter()
                .layout_no_wrap(name, font.clone(), Color32::WHITE)
                .size()
                .x
        })
        .fold(0.0, f32::max);
    // As wide as the ruler's, so that both fields begin at the same place.
    let ruler = [say::TRACK_SEND, say::TRACK_SEGMENTS, say::TRACK_FRAMES]
        .iter()
        .map(|phrase| {
            ui.painter()
                .layout_no_wrap(view.say(*phrase).to_owned(), font.clone(), Color32::WHITE)
                .size()
                .x
        })
        .fold(0.0, f32::max);
    widest.max(ruler).min(140.0 * view.theme.scale) + view.theme.gap(3.0)
}

/// The radius of a bar's corners. The many narrow ones have none: it could not be seen, and each
/// would cost four times the vertices.
fn roundness(bar: Rect) -> u8 {
    if bar.width() < 5.0 { 0 } else { 3 }
}

struct Timeline<'a, 'v> {
    view: &'a View<'v>,
    ui: &'a mut Ui,
    out: &'a mut Vec<Command>,
    id: Id,
    /// Who has which lane.
    rows: Vec<ActorId>,
    rect: Rect,
    field: Rect,
    axis: Axis,
    lane: f32,
    pitch: f32,
    figures: bool,
    nodes: usize,
}

impl Timeline<'_, '_> {
    fn painter(&self) -> Painter {
        self.ui
            .painter()
            .with_clip_rect(self.field.expand2(vec2(1.0, 0.0)))
    }

    fn lane(&self, actor: ActorId) -> Rangef {
        let row = self.rows.iter().position(|a| *a == actor);
        let top = self.field.top() + row.unwrap_or(0) as f32 * self.pitch;
        Rangef::new(top, top + self.lane)
    }

    fn head(&self) {
        let view = self.view;
        let theme = view.theme;
        let y = self.rect.top() + header_height(view) * 0.45;
        let painter = self.ui.painter();
        let end = words::section(
            painter,
            theme,
            pos2(self.rect.left(), y),
            view.say(say::TIMELINE),
        );
        let span = painter.text(
            pos2(self.rect.right(), y),
            Align2::RIGHT_CENTER,
            format!(
                "{} – {}",
                duration(self.axis.start.max(0.0) as Nanos),
                duration(self.axis.end.min(view.trace.duration() as f64) as Nanos)
            ),
            theme.mono_small(),
            theme.colours.text_faint,
        );
        if !view.presenter && view.state.facts.recvs > 0 {
            words::fitting(
                painter,
                pos2(end + theme.gap(4.0), y),
                Align2::LEFT_CENTER,
                span.left() - end - theme.gap(6.0),
                &[view.say(if view.trace.meta().network.is_captured() {
                    say::ARROWS_ARE_SEGMENTS
                } else {
                    say::ARROWS_ARE_BYTES
                })],
                &theme.small(),
                theme.colours.text_faint,
            );
        }
    }

    fn marks(&self) {
        let theme = self.view.theme;
        let painter = self.painter();
        let font = theme.mono_small();
        let room = f64::from(self.field.width()) / f64::from(font.size * 8.0);
        let step = tick(self.axis.end - self.axis.start, room).max(1.0);
        let mut value = (self.axis.start / step).ceil() * step;
        let below = if self.figures {
            axis_height(self.view)
        } else {
            0.0
        };
        let bottom = self.field.bottom() - below;
        for _ in 0..64 {
            if value > self.axis.end {
                break;
            }
            let x = self.axis.x(value);
            painter.vline(
                x,
                Rangef::new(self.field.top(), bottom),
                Stroke::new(1.0, theme.colours.line.gamma_multiply(0.55)),
            );
            if !self.figures {
                value += step;
                continue;
            }
            let galley = painter.layout_no_wrap(
                duration_round(value.max(0.0) as Nanos),
                font.clone(),
                theme.colours.text_faint,
            );
            let half = galley.size().x / 2.0;
            let centre = x.clamp(self.field.left() + half, self.field.right() - half);
            painter.galley(
                pos2(centre - half, bottom + 1.0),
                galley,
                theme.colours.text_faint,
            );
            value += step;
        }
    }

    fn actor(&mut self, actor: ActorId) {
        let view = self.view;
        let theme = view.theme;
        let y = self.lane(actor);
        let Some(meta) = view.trace.meta().actors.get(usize::from(actor.0)) else {
            return;
        };
        if y.max > self.field.bottom() {
            return;
        }
        words::elided(
            self.ui.painter(),
            pos2(self.rect.left(), y.center()),
            Align2::LEFT_CENTER,
            self.field.left() - self.rect.left() - 4.0,
            &words::actor_name(view.trace, Some(actor), view.lang),
            &theme.mono_small(),
            words::actor_colour(view, Some(actor)),
        );
        let painter = self.painter();
        painter.rect_filled(
            Rect::from_x_y_ranges(self.field.x_range(), y),
            4,
            theme.colours.sunken,
        );
        if meta.external {
            words::fitting(
                &painter,
                pos2(self.field.left() + 8.0, y.center()),
                Align2::LEFT_CENTER,
                self.field.width(),
                &[view.say(say::EXTERNAL_LANE)],
                &theme.small(),
                theme.colours.text_faint,
            );
            return;
        }
        let calls = view.trace.calls(actor);
        let most = (self.field.width() / 5.0).max(1.0) as usize;
        let (start, end) = (
            self.axis.start.max(0.0) as Nanos,
            self.axis.end.max(0.0) as Nanos,
        );
        let place = std::ptr::from_ref(view.trace) as usize;
        let key = (
            start,
            end,
            most,
            view.k,
            view.state.t,
            view.trace.meta().started_unix_ms,
        );
        let buckets = cached(
            self.ui.ctx(),
            self.id.with(("lane", place, actor)),
            key,
            || calls.buckets(start, end, most, view.k),
        );
        // A call is often shorter than a point: it may be drawn wider, up to the next one.
        let mut limits: Vec<f32> = buckets
            .iter()
            .skip(1)
            .map(|b| self.axis.x(b.t0 as f64))
            .collect();
        limits.push(f32::INFINITY);
        for (bucket, limit) in buckets.iter().zip(limits) {
            let one = (bucket.count == 1)
                .then(|| calls.get(bucket.first))
                .flatten();
            match one {
                Some(span) => self.call(&painter, actor, bucket, &span, y, limit),
                None => self.several(&painter, bucket, y, limit),
            }
        }
    }

    fn bar(&self, t0: f64, t1: f64, y: Rangef, limit: f32, wish: f32) -> Rect {
        let left = self.axis.x(t0);
        let right = self
            .axis
            .x(t1)
            .max((left + wish).min(limit - 1.0))
            .max(left + 2.0);
        Rect::from_x_y_ranges(left..=right, y)
    }

    fn call(
        &mut self,
        painter: &Painter,
        actor: ActorId,
        bucket: &CallBucket,
        span: &CallSpan,
        y: Rangef,
        limit: f32,
    ) {
        let view = self.view;
        let theme = view.theme;
        let colours = &theme.colours;
        let begin = view.trace.event(span.begin);
        let call = begin.call();
        let done = span.end.filter(|&e| e < view.k);
        let t1 = match (done, span.t1) {
            (Some(_), Some(t1)) => t1,
            _ => view.now(),
        };
        let waits = call.is_some_and(|c| !c.is_socket_call());
        let wish = if waits {
            3.0
        } else {
            14.0 * theme.scale.sqrt()
        };
        let bar = self.bar(span.t0 as f64, t1 as f64, y, limit, wish);
        // The blocked part first, in full height; what the call then moved at its end.
        let blocked = span
            .blocked
            .filter(|&e| e < view.k)
            .and(span.t_blocked)
            .map(|t| self.axis.x(t as f64));
        let ground = if waits { colours.panel } else { colours.card };
        let round = roundness(bar);
        painter.rect(
            bar,
            round,
            ground,
            Stroke::new(
                1.0,
                if waits {
                    colours.line
                } else {
                    colours.line_strong
                },
            ),
            StrokeKind::Inside,
        );
        if let Some(from) = blocked {
            let held = Rect::from_x_y_ranges(from.min(bar.right() - 2.0)..=bar.right(), y);
            let round = roundness(held);
            painter.rect_filled(held, round, colours.warn_fill);
            if held.width() >= 4.0 {
                pattern::hatch(
                    painter,
                    held,
                    colours.warn.gamma_multiply(0.55),
                    theme.scale,
                );
            }
            painter.rect_stroke(
                held,
                round,
                Stroke::new(1.0, colours.warn),
                StrokeKind::Inside,
            );
        }
        let moved = done.and_then(|end| self.moved(end));
        if let Some((stream, start, end)) = moved {
            let width = bar.width().min(22.0 * theme.scale.sqrt()).max(3.0);
            let area = if blocked.is_some() {
                Rect::from_x_y_ranges(bar.right() - width..=bar.right(), y)
            } else {
                Rect::from_x_y_ranges(bar.left()..=bar.left() + width, y)
            };
            self.blocks(painter, stream, start, end, area);
        }
        let failed = done.is_some_and(|e| view.trace.event(e).errno().is_some());
        if failed {
            painter.rect_stroke(
                bar,
                round,
                Stroke::new(2.0, colours.bad),
                StrokeKind::Inside,
            );
        }
        let lit = view.selection.is_some_and(|s| {
            s.event
                .is_some_and(|e| e == span.begin || Some(e) == span.end)
                || moved.is_some_and(|(stream, start, end)| s.touches(stream.id, start, end))
        });
        if lit {
            painter.rect_stroke(
                bar.expand(2.0),
                4,
                Stroke::new(2.0, colours.select),
                StrokeKind::Inside,
            );
        }
        let beside = (limit - bar.right()).min(self.field.right() - bar.right());
        let inside = bar.width() > 40.0 && blocked.is_none() && moved.is_none();
        // Where calls stand close, no words are even made.
        let text = if inside || beside > theme.sizes.small * 1.5 {
            self.call_label(call, span, moved)
        } else {
            Vec::new()
        };
        if inside {
            words::fitting(
                painter,
                bar.intersect(self.field).center(),
                Align2::CENTER_CENTER,
                bar.intersect(self.field).width() - 6.0,
                &text,
                &theme.mono_small(),
                colours.text_soft,
            );
        } else if !waits {
            words::fitting(
                painter,
                pos2(bar.right() + 4.0, y.center()),
                Align2::LEFT_CENTER,
                beside - 8.0,
                &text,
                &theme.mono_small(),
                colours.text_soft,
            );
        }
        self.node(
            actor,
            bucket,
            span,
            bar,
            moved.map(|(s, a, b)| (s.id, a, b)),
        );
    }

    /// The bytes a Return moved.
    fn moved(&self, end: EventId) -> Option<(&Stream, u64, u64)> {
        let trace = self.view.trace;
        let event = trace.event(end);
        let call = event.call()?;
        if event.b <= 0 || !(call.sends() || call.receives()) {
            return None;
        }
        let stream = trace.stream(trace.stream_of(end)?)?;
        Some((stream, event.a, event.a + event.b as u64))
    }

    /// A few stripes in the colours of the messages that were moved.
    fn blocks(&self, painter: &Painter, stream: &Stream, start: u64, end: u64, area: Rect) {
        let theme = self.view.theme;
        let messages = stream.messages().overlapping(start, end);
        let shown = messages.len().clamp(1, 6);
        let width = area.width() / shown as f32;
        for i in 0..shown {
            let ink = if messages.is_empty() {
                stream
                    .parts(start, start + 1)
                    .next()
                    .map_or(Origin::Unknown, |p| p.origin)
            } else {
                let at = messages.start + i * messages.len() / shown;
                Origin::Message(stream.messages().get(at).number)
            };
            let left = area.left() + i as f32 * width;
            let stripe = Rect::from_x_y_ranges(left..=left + width, area.y_range());
            let swatch = Swatch::of(strip::ink(ink), theme);
            let number = match ink {
                Origin::Message(n) if shown == 1 => (u64::from(n) + 1).to_string(),
                _ => String::new(),
            };
            let texts = [number.as_str()];
            let fill = Fill {
                font: theme.section(),
                ..Fill::new(theme, if number.is_empty() { &[] } else { &texts })
            };
            pattern::paint(painter, stripe, &swatch, &fill);
        }
    }

    fn call_label(
        &self,
        call: Option<Call>,
        span: &CallSpan,
        moved: Option<(&Stream, u64, u64)>,
    ) -> Vec<String> {
        let short = call.map_or("", Call::name).to_owned();
        match moved {
            Some((_, start, end)) if call.is_some_and(Call::receives) => vec![
                format!(
                    "{} → {}",
                    call_text(self.view.trace, span.begin),
                    bytes(end - start)
                ),
                format!("→ {}", bytes(end - start)),
            ],
            Some(_) => Vec::new(),
            None => vec![short],
        }
    }

    /// Many calls in little room.
    fn several(&self, painter: &Painter, bucket: &CallBucket, y: Rangef, limit: f32) {
        let colours = &self.view.theme.colours;
        let bar = self.bar(bucket.t0 as f64, bucket.t1 as f64, y, limit, 4.0);
        painter.rect(
            bar,
            roundness(bar).min(2),
            colours.card,
            Stroke::new(1.0, colours.line_strong),
            StrokeKind::Inside,
        );
        let length = bucket.t1.saturating_sub(bucket.t0).max(1);
        let share = (bucket.blocked as f64 / length as f64).clamp(0.0, 1.0) as f32;
        if share > 0.02 {
            // How much of the time the kernel held them: so much of the height is hatched.
            let held = Rect::from_x_y_ranges(
                bar.x_range(),
                (bar.bottom() - bar.height() * share)..=bar.bottom(),
            );
            painter.rect_filled(held, 2, colours.warn_fill);
            painter.hline(held.x_range(), held.top(), Stroke::new(1.0, colours.warn));
        }
        if bar.width() < self.view.theme.sizes.small * 0.4 + 4.0 {
            return;
        }
        let count = grouped(bucket.count as u64);
        words::fitting(
            painter,
            bar.intersect(self.field).center(),
            Align2::CENTER_CENTER,
            bar.intersect(self.field).width() - 4.0,
            &[say::CALLS_MANY, say::CALLS_MANY_SHORT].map(|p| self.view.fill(p, &[("n", &count)])),
            &self.view.theme.small(),
            colours.text_soft,
        );
    }

    /// The captured segments, each from the lane of its sender to that of its receiver: on a
    /// loopback it leaves and arrives at the same moment.
    fn segments(&self) {
        let view = self.view;
        let trace = view.trace;
        let frames = trace.frames();
        let (from_t, to_t) = (
            self.axis.start.max(0.0) as Nanos,
            self.axis.end.max(0.0) as Nanos,
        );
        let first = frames.len_at(trace.prefix_at(from_t.saturating_sub(1)).min(view.k));
        let end = frames.len_at(trace.prefix_at(to_t).min(view.k));
        let painter = self.painter();
        let colours = &view.theme.colours;
        if end - first.min(end) > SEGMENTS {
            self.many_segments(end - first);
            return;
        }
        let mut named = Vec::new();
        for n in first..end {
            let Some(event) = frames.event(n) else { break };
            let row = trace.event(event);
            let (Some(segment), Some(flow)) = (row.segment(), trace.flow_of(event)) else {
                continue;
            };
            let Some((from, to)) = flow.stream.and_then(|id| trace.stream(id)).and_then(|s| {
                let from = s.from.or_else(|| segment_text::listener(trace, &flow.from));
                let to = s.to.or_else(|| segment_text::listener(trace, &flow.to));
                Some((from?, to?))
            }) else {
                continue;
            };
            let trouble = segment_text::is_trouble(segment.role);
            let carries = segment.len > 0;
            let colour = if trouble {
                colours.bad
            } else if let Some((id, start, _)) = trace.segment_range(event)
                && let Some(stream) = trace.stream(id)
                && let Some(m) = stream.messages().containing(start)
            {
                let ink = pattern::Ink::Message(stream.messages().get(m).number);
                Swatch::of(ink, view.theme).edge
            } else {
                colours.line_strong
            };
            let width = if carries { 2.0 } else { 1.0 };
            self.segment(
                &painter,
                (from, to),
                row.t,
                Stroke::new(width, colour),
                trouble,
            );
            // What is neither plain data nor a plain acknowledgement has a name beside it.
            if !matches!(
                segment.role,
                SegmentRole::Data | SegmentRole::Ack | SegmentRole::DuplicateAck
            ) {
                named.push(((from, to), row.t, segment));
            }
        }
        // Last, so that no arrow crosses a name.
        let mut free = [f32::NEG_INFINITY; 2];
        for (ends, t, segment) in named {
            self.name_segment(&painter, ends, t, &segment, &mut free);
        }
    }

    /// Too many to be told apart: where they lie, and how many there are.
    fn many_segments(&self, count: usize) {
        let view = self.view;
        let painter = self.painter();
        // Between the first lane and the next, which is the attacker's if there is one.
        let next = view.trace.meta().relay.unwrap_or(ActorId(1));
        let (above, below) = (self.lane(ActorId(0)), self.lane(next));
        let gap = Rangef::new(above.max.min(below.max), above.min.max(below.min));
        if gap.span() < view.theme.sizes.small {
            return;
        }
        words::on_plate(
            &painter,
            pos2(self.field.center().x, gap.center()),
            self.field.width() - 8.0,
            &[view
                .fill(say::SEGMENTS_MANY, &[("n", &grouped(count as u64))])
                .as_str()],
            &view.theme.small(),
            view.theme.colours.text_soft,
            view.theme.colours.ground,
        );
    }

    /// Where a segment's arrow begins and ends.
    fn ends(&self, from: ActorId, to: ActorId, t: Nanos) -> (egui::Pos2, egui::Pos2) {
        let (above, below) = (self.lane(from), self.lane(to));
        let x = self.axis.x(t as f64);
        if below.min > above.min {
            (pos2(x, above.max), pos2(x, below.min))
        } else {
            (pos2(x, above.min), pos2(x, below.max))
        }
    }

    fn segment(
        &self,
        painter: &Painter,
        (from, to): (ActorId, ActorId),
        t: Nanos,
        stroke: Stroke,
        dashed: bool,
    ) {
        let (a, b) = self.ends(from, to, t);
        if dashed {
            painter.extend(Shape::dashed_line(&[a, b], stroke, 4.0, 3.0));
        } else {
            painter.line_segment([a, b], stroke);
        }
        self.head_at(painter, a, b, stroke.color);
    }

    /// The segment's kind beside its arrow, where nothing stands yet; the two directions have a
    /// row of their own.
    fn name_segment(
        &self,
        painter: &Painter,
        (from, to): (ActorId, ActorId),
        t: Nanos,
        segment: &Segment,
        free: &mut [f32; 2],
    ) {
        let view = self.view;
        let (a, b) = self.ends(from, to, t);
        let row = usize::from(b.y < a.y);
        let middle = f32::midpoint(a.y, b.y);
        let room = (a.y - b.y).abs();
        let line = view.theme.sizes.small * 1.15;
        if room < line * 2.2 || a.x < self.field.left() || a.x < free[row] {
            return;
        }
        let y = middle + if row == 0 { -line * 0.55 } else { line * 0.55 };
        let text = view.say(segment_text::role(segment.role));
        let ink = if segment_text::is_trouble(segment.role) {
            view.theme.colours.bad
        } else {
            view.theme.colours.text_soft
        };
        let galley = painter.layout_no_wrap(text.to_owned(), view.theme.small(), ink);
        let at = pos2(a.x + 4.0, y - galley.size().y / 2.0);
        let plate = Rect::from_min_size(at, galley.size());
        if plate.right() > self.field.right() {
            return;
        }
        free[row] = plate.right() + 4.0;
        painter.rect_filled(plate.expand(1.0), 2, view.theme.colours.ground);
        painter.galley(at, galley, ink);
    }

    /// From each send to the recv that got its bytes.
    fn arrows(&self) {
        let view = self.view;
        let trace = view.trace;
        let painter = self.painter();
        let (from_t, to_t) = (
            self.axis.start.max(0.0) as Nanos,
            self.axis.end.max(0.0) as Nanos,
        );
        let mut drawn = 0;
        for stream in trace.streams() {
            let (Some(from), Some(to)) = (stream.from, stream.to) else {
                continue;
            };
            let recvs = stream.recvs();
            let first = recvs.len_at(trace.prefix_at(from_t).min(view.k));
            let known = recvs.len_at(trace.prefix_at(to_t).min(view.k));
            // Too many to be told apart, until someone zooms in.
            if known - first.min(known) > ARROWS {
                continue;
            }
            for i in (0..known).rev() {
                let recv = recvs.get(i);
                let end = trace.event(recv.event);
                if end.t < from_t || drawn >= ARROWS {
                    break;
                }
                if end.t > to_t {
                    continue;
                }
                for s in stream.sends().overlapping(recv.start, recv.end) {
                    if drawn >= ARROWS {
                        break;
                    }
                    drawn += 1;
                    let send = stream.sends().get(s);
                    let begin = trace.event(trace.event(send.event).link);
                    let number = stream
                        .messages()
                        .containing(send.start)
                        .map(|m| stream.messages().get(m).number);
                    let colour = number.map_or(view.theme.colours.line_strong, |n| {
                        Swatch::of(pattern::Ink::Message(n), view.theme).edge
                    });
                    self.arrow(&painter, (from, begin.t), (to, end.t), colour);
                }
            }
        }
    }

    fn arrow(
        &self,
        painter: &Painter,
        (from, t0): (ActorId, Nanos),
        (to, t1): (ActorId, Nanos),
        colour: Color32,
    ) {
        let (above, below) = (self.lane(from), self.lane(to));
        let down = below.min > above.min;
        let y0 = if down { above.max } else { above.min };
        let y1 = if down { below.min } else { below.max };
        let a = pos2(self.axis.x(t0 as f64) + 3.0, y0);
        let b = pos2(self.axis.x(t1 as f64) + 3.0, y1);
        let along = b - a;
        if along.length() < 3.0 {
            return;
        }
        painter.line_segment([a, b], Stroke::new(1.5, colour));
        self.head_at(painter, a, b, colour);
    }

    /// The head of an arrow from `a` at `b`.
    fn head_at(&self, painter: &Painter, a: egui::Pos2, b: egui::Pos2, colour: Color32) {
        let along = b - a;
        if along.length() < 3.0 {
            return;
        }
        let unit = along.normalized();
        let across = vec2(-unit.y, unit.x);
        let size = 5.0 * self.view.theme.scale.sqrt();
        painter.add(Shape::convex_polygon(
            vec![
                b,
                b - unit * size + across * size * 0.5,
                b - unit * size - across * size * 0.5,
            ],
            colour,
            Stroke::NONE,
        ));
    }

    /// Bytes unread in the receive buffer of the main stream, over time.
    fn unread(&self, area: Rect) {
        let view = self.view;
        let theme = view.theme;
        let trace = view.trace;
        let caption = area.top();
        let area = Rect::from_min_max(
            pos2(area.left(), caption + theme.sizes.small * 1.4),
            area.max,
        );
        let Some(socket) = trace
            .main_stream()
            .and_then(|id| trace.stream(id))
            .and_then(|s| s.to_socket)
        else {
            return;
        };
        let readings = trace.gauges(socket);
        let known = readings.len_at(view.k);
        let peak = view
            .state
            .sockets
            .get(usize::from(socket.0))
            .map_or(0, |s| s.peak_unread);
        if known == 0 || peak == 0 {
            return;
        }
        let painter = self.painter();
        let top = round_up(f64::from(peak));
        let height =
            |n: u32| area.bottom() - (f64::from(n) / top * f64::from(area.height() - 2.0)) as f32;
        let time = |i: usize| readings.get(i).map_or(0, |(event, _)| trace.event(event).t);
        // The reading in force at each column, found by halving.
        let columns = (area.width() / 3.0).max(1.0) as usize;
        let mut points: Vec<egui::Pos2> = Vec::with_capacity(columns + 1);
        let mut low = 0;
        for column in 0..=columns {
            let x = area.left() + column as f32 * area.width() / columns as f32;
            let t = self.axis.at(x).max(0.0) as Nanos;
            if t > view.state.t {
                break;
            }
            let mut high = known;
            while low < high {
                let middle = usize::midpoint(low, high);
                if time(middle) <= t {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            let reading = low.checked_sub(1).and_then(|i| readings.get(i));
            let Some(unread) = reading.and_then(|(_, g)| g.unread) else {
                continue;
            };
            let y = height(unread);
            if let Some(last) = points.last().copied()
                && (last.y - y).abs() > 0.5
            {
                points.push(pos2(x, last.y));
            }
            points.push(pos2(x, y));
        }
        if points.len() < 2 {
            return;
        }
        let mut mesh = egui::Mesh::default();
        let shade = theme.colours.server.gamma_multiply(0.22);
        for pair in points.windows(2) {
            mesh.add_colored_rect(
                Rect::from_min_max(pos2(pair[0].x, pair[0].y), pos2(pair[1].x, area.bottom())),
                shade,
            );
        }
        painter.add(Shape::mesh(mesh));
        painter.line(points, Stroke::new(1.5, theme.colours.server));
        painter.hline(
            area.x_range(),
            area.bottom(),
            Stroke::new(1.0, theme.colours.line),
        );
        words::fitting(
            &painter,
            pos2(area.left() + 4.0, caption + theme.sizes.small * 0.7),
            Align2::LEFT_CENTER,
            area.width() * 0.6,
            &[view.fill(say::UNREAD_CURVE, &[("bytes", &bytes(u64::from(peak)))])],
            &theme.small(),
            theme.colours.text_soft,
        );
    }

    fn cursor(&self) {
        let theme = self.view.theme;
        if self.view.trace.is_empty() {
            words::fitting(
                &self.painter(),
                self.field.center(),
                Align2::CENTER_CENTER,
                self.field.width(),
                &[self.view.say(say::TIMELINE_EMPTY)],
                &theme.small(),
                theme.colours.text_faint,
            );
            return;
        }
        let x = self.axis.x(self.view.state.t as f64);
        let bottom = self.field.bottom() - axis_height(self.view);
        self.painter().vline(
            x,
            Rangef::new(self.field.top() - 4.0, bottom),
            Stroke::new(2.0, theme.colours.accent),
        );
    }

    fn node(
        &mut self,
        actor: ActorId,
        bucket: &CallBucket,
        span: &CallSpan,
        bar: Rect,
        moved: Option<(crate::trace::StreamId, u64, u64)>,
    ) {
        if self.nodes >= NODES {
            return;
        }
        let area = bar.intersect(self.field);
        if area.width() < 1.0 {
            return;
        }
        self.nodes += 1;
        let response = self
            .ui
            .interact(area, self.id.with((actor, bucket.first)), Sense::click());
        let name = || self.describe(actor, span);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name()));
        if response.hovered() {
            response.clone().on_hover_text_at_pointer(name());
        }
        if response.has_focus() {
            self.painter().rect_stroke(
                area,
                3,
                Stroke::new(2.0, self.view.theme.colours.select),
                StrokeKind::Outside,
            );
        }
        if response.clicked() {
            self.choose(span, moved);
        }
    }

    fn choose(&mut self, span: &CallSpan, moved: Option<(crate::trace::StreamId, u64, u64)>) {
        let event = span.end.filter(|&e| e < self.view.k).unwrap_or(span.begin);
        // A call that moved no bytes is still an event to look at: an empty range of the
        // stream, which lights nothing.
        let (stream, start, end) = moved.unwrap_or_else(|| {
            let stream = self
                .view
                .trace
                .stream_of(span.begin)
                .or(self.view.trace.main_stream())
                .unwrap_or(crate::trace::StreamId(0));
            (stream, 0, 0)
        });
        self.out.push(Command::Select(Some(Selection {
            stream,
            start,
            end,
            event: Some(event),
        })));
    }

    fn describe(&self, actor: ActorId, span: &CallSpan) -> String {
        let view = self.view;
        let mut what = match (span.end.filter(|&e| e < view.k), span.t1) {
            (Some(_), Some(t1)) => view.fill(
                say::CALL_TOOK,
                &[("time", &duration(t1.saturating_sub(span.t0)))],
            ),
            _ => view.say(say::CALL_RUNNING).to_owned(),
        };
        if let Some(t) = span.blocked.filter(|&e| e < view.k).and(span.t_blocked) {
            let until = match (span.end.filter(|&e| e < view.k), span.t1) {
                (Some(_), Some(t1)) => t1,
                _ => view.now(),
            };
            what.push_str(", ");
            what.push_str(&view.fill(
                say::CALL_BLOCKED,
                &[("time", &duration(until.saturating_sub(t)))],
            ));
        }
        if let Some((stream, start, end)) =
            span.end.filter(|&e| e < view.k).and_then(|e| self.moved(e))
        {
            let moved = view.fill(
                say::MOVED,
                &[
                    ("bytes", &bytes(end - start)),
                    ("what", &words::contents(view.lang, stream, start, end)),
                ],
            );
            what = format!("{moved}, {what}");
        }
        view.fill(
            say::ITEM_CALL,
            &[
                (
                    "actor",
                    &words::actor_name(view.trace, Some(actor), view.lang),
                ),
                ("call", &call_text(view.trace, span.begin)),
                ("what", &what),
            ],
        )
    }

    /// Clicks between the bars move the moment shown; where calls have no nodes of their own,
    /// the one under the pointer is chosen and described.
    fn pick(&mut self, response: &Response) {
        let Some(pointer) = response.hover_pos() else {
            return;
        };
        if !self.field.contains(pointer) {
            return;
        }
        let t = self.axis.at(pointer.x).max(0.0) as Nanos;
        let row = ((pointer.y - self.field.top()) / self.pitch) as usize;
        let actor = self.rows.get(row).copied();
        let inside = actor.is_some_and(|actor| self.lane(actor).contains(pointer.y));
        let actor = actor.unwrap_or(ActorId::LAB);
        let span = inside
            .then(|| {
                let calls = self.view.trace.calls(actor);
                calls.get(calls.at_time(t)?)
            })
            .flatten()
            .filter(|span| span.begin < self.view.k);
        if response.clicked_by(PointerButton::Primary) {
            match &span {
                Some(span) => {
                    let moved = span
                        .end
                        .filter(|&e| e < self.view.k)
                        .and_then(|e| self.moved(e))
                        .map(|(s, a, b)| (s.id, a, b));
                    self.choose(span, moved);
                }
                None => self.out.push(Command::Seek(self.view.trace.prefix_at(t))),
            }
        }
        if let Some(span) = span {
            response
                .clone()
                .on_hover_text_at_pointer(self.describe(actor, &span));
        }
    }
}
