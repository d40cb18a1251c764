//! The boundary ruler: one axis, the offset in the byte stream, and on it what was sent, what
//! each recv returned and what the decoder made of it. Boundaries that do not line up are
//! merged or split messages.

use std::sync::Arc;

use egui::{
    Align2, CursorIcon, Id, Painter, PointerButton, Rangef, Rect, Response, Role, Sense, Shape,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::experiment::Attack;
use crate::framing::FramingSpec;
use crate::i18n::{Phrase, attack, stage as say, tcp};
use crate::lesson::Focus;
use crate::net::errno_name;
use crate::trace::{
    ActorId, Bucket, Call, Detail, EventId, Items, Link, Message, Origin, Relayed, Stream,
    StreamId, Trace, Verdict, flag,
};
use crate::ui::attack_text::{attack_name, attack_of};
use crate::ui::command::Command;
use crate::ui::figures::{bytes, grouped, round_up, tick};
use crate::ui::pattern;
use crate::ui::strategies;
use crate::ui::view::{Selection, View};

use super::axis::{Axis, Zoom};
use super::cache::cached;
use super::strip::{self, Label};
use super::{attacker, datagrams, words};

/// Most items that get an accessible node each.
const NODES: usize = 64;
/// How much higher than needed the tracks may get.
const STRETCH: f32 = 2.2;
/// How much lower they may get.
const SQUEEZE: f32 = 0.7;
/// Fewest bytes that can fill the axis.
const CLOSEST: f64 = 4.0;

/// What the ruler remembers between frames.
#[derive(Clone, Copy, Default)]
struct Memory {
    zoom: Zoom,
    /// The stream that a person chose.
    stream: Option<StreamId>,
    /// The stream that was shown last.
    shown: Option<StreamId>,
    drag_from: Option<u64>,
}

/// Heights of the ruler's rows, points.
struct Rows {
    header: f32,
    /// Is the track of segments shown?
    segments: bool,
    axis: f32,
    bytes: f32,
    thin: f32,
    caption: f32,
    gap: f32,
}

impl Rows {
    fn of(view: &View<'_>) -> Self {
        let theme = view.theme;
        let mono = theme.sizes.mono;
        let room = view.presenter;
        // Two runs in letters for a room: title and the track without a capture give way.
        let crowded = room && before(view).is_some();
        let header = if crowded && !has_choice(view) {
            0.0
        } else {
            theme.sizes.small * 1.9
        };
        // What was captured stays: a lesson about segments asks for it.
        let captured = view.trace.meta().network.is_captured();
        Rows {
            header,
            segments: captured || !crowded,
            axis: theme.sizes.small * 1.6,
            bytes: (mono * if room { 1.6 } else { 1.9 }).round(),
            thin: (theme.sizes.small * 1.6).round(),
            caption: (mono * 1.45).round(),
            gap: theme.gap(if room { 1.0 } else { 1.5 }),
        }
    }

    /// For a canvas that is higher than it need be: the tracks grow, texts do not.
    fn stretched(mut self, factor: f32) -> Self {
        self.bytes *= factor;
        self.thin *= factor.sqrt();
        self.gap *= factor;
        self
    }

    fn canvas(&self, previous: bool) -> f32 {
        let mut height = self.axis + self.run() + self.gap;
        if previous {
            height += self.previous() + self.thin;
        }
        height
    }

    fn run(&self) -> f32 {
        // send, segments, recv with its caption, frames
        let segments = if self.segments {
            self.thin + self.gap
        } else {
            0.0
        };
        self.bytes + segments + self.bytes + self.caption + self.bytes + 3.0 * self.gap
    }

    fn previous(&self) -> f32 {
        // a heading, recv, frames
        self.thin + self.thin + self.bytes + 3.0 * self.gap
    }
}

/// How far the tracks may shrink: letters for a room fill more of their track.
fn squeeze(view: &View<'_>) -> f32 {
    if view.presenter { 0.85 } else { SQUEEZE }
}

/// The run before, if it moved a byte: an empty one is no comparison and would take its room.
fn before<'a>(view: &View<'a>) -> Option<&'a Trace> {
    view.previous
        .filter(|before| before.live().streams.iter().any(|s| s.sent > 0))
}

/// Is there a direction or a connection to choose in the header?
fn has_choice(view: &View<'_>) -> bool {
    let links = view.trace.links(view.k);
    links.len() > 1
        || links
            .first()
            .and_then(|c| view.state.streams.get(usize::from(c.backward.0)))
            .is_some_and(|s| s.sent > 0)
}

/// How high the ruler wants to be.
pub fn height(view: &View<'_>) -> f32 {
    let rows = Rows::of(view);
    rows.header + rows.canvas(before(view).is_some())
}

/// The least height at which its texts still fit their tracks.
pub fn least_height(view: &View<'_>) -> f32 {
    let rows = Rows::of(view).stretched(squeeze(view));
    rows.header + rows.canvas(before(view).is_some())
}

/// More height than this adds nothing.
pub fn most_height(view: &View<'_>) -> f32 {
    let rows = Rows::of(view).stretched(STRETCH);
    rows.header + rows.canvas(before(view).is_some())
}

/// Shows the ruler over the whole width there is.
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    if datagrams::shown(view) {
        datagrams::history(ui, view);
        return;
    }
    let meta = view.trace.meta();
    let id = Id::unique("boundary ruler").with((meta.started_unix_ms, meta.seed));
    let mut memory: Memory = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let stream = choose(view, &memory);
    memory.shown = stream.map(|s| s.id);
    header(ui, view, stream, &mut memory);

    let mut rows = Rows::of(view);
    let previous = before(view).is_some();
    let room = ui.available_height() + 0.5;
    // Not every row grows alike, so the factor is found by trying.
    let factor = ((squeeze(view) * 20.0).round() as u8..=(STRETCH * 20.0) as u8)
        .map(|twentieths| f32::from(twentieths) / 20.0)
        .rev()
        .find(|&f| Rows::of(view).stretched(f).canvas(previous) <= room)
        .unwrap_or_else(|| squeeze(view));
    rows = rows.stretched(factor);
    let size = vec2(ui.available_width(), rows.canvas(previous));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name(view, stream)));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let gutter = gutter(ui, view);
    let field = Rect::from_min_max(
        pos2(rect.left() + gutter, rect.top()),
        pos2(rect.right() - 2.0, rect.bottom()),
    );
    let all = extent(view, stream);
    let mut axis = {
        let (start, end) = memory.zoom.window(all);
        Axis::over(field, start, end)
    };
    let before = memory.zoom;
    memory
        .zoom
        .interact(ui, &response, &axis, all, CLOSEST.min(all));
    if memory.zoom != before {
        let (start, end) = memory.zoom.window(all);
        axis = Axis::over(field, start, end);
    }

    let mut drawing = Drawing {
        view,
        ui,
        out,
        id,
        rect,
        field,
        axis,
        rows: &rows,
        nodes: 0,
    };
    drawing.all(stream);
    drawing.choose_bytes(&response, stream, &mut memory);
    ui.data_mut(|d| d.insert_temp(id, memory));
}

/// The stream to show: the one chosen, else the selection's, else the one that is looked at from
/// near by, else where bytes last arrived, else the first from a client.
fn choose<'a>(view: &View<'a>, memory: &Memory) -> Option<&'a Stream> {
    let known = |id: StreamId| {
        view.trace
            .stream(id)
            .filter(|s| s.known_since() < view.k || view.k == 0)
    };
    memory
        .stream
        .and_then(known)
        .or_else(|| view.selection.and_then(|s| known(s.stream)))
        .or_else(|| memory.zoom.0.and(memory.shown).and_then(known))
        .or_else(|| newest(view).and_then(known))
        .or_else(|| view.trace.main_stream().and_then(known))
}

/// The stream of the newest recv that returned bytes, other than acknowledgements; before there
/// is one, that of the newest connection on which bytes were sent. Nothing but an arrival
/// changes it.
fn newest(view: &View<'_>) -> Option<StreamId> {
    let links = view.trace.links(view.k);
    let directions = || links.iter().rev().flat_map(|l| [l.forward, l.backward]);
    let streams = || directions().filter_map(|id| view.trace.stream(id));
    let arrived = streams().filter_map(|s| Some((last_recv(s, view.k)?, s.id)));
    arrived.max().map(|(_, id)| id).or_else(|| {
        let sent = |s: &&Stream| attacker::upstream(view, s).unwrap_or(s).sent_at(view.k) > 0;
        streams().find(sent).map(|s| s.id)
    })
}

/// The newest recv of `stream` that returned more than an acknowledgement.
fn last_recv(stream: &Stream, k: u32) -> Option<EventId> {
    let recvs = stream.recvs();
    let count = recvs.len_at(k);
    // Acknowledgements come between messages or alone: a few steps back are enough.
    (count.saturating_sub(8)..count)
        .rev()
        .map(|i| recvs.get(i))
        .find(|recv| {
            stream
                .parts(recv.start, recv.end)
                .any(|part| part.origin != Origin::Acknowledgement)
        })
        .map(|recv| recv.event)
}

/// The stream of the run before that stands where `stream` stands in this one: the same
/// direction of the same connection; else the first from a client.
fn counterpart<'a>(
    view: &View<'_>,
    stream: Option<&Stream>,
    previous: &'a Trace,
) -> Option<&'a Stream> {
    let links = view.trace.links(view.k);
    let place = stream.and_then(|stream| {
        links.iter().enumerate().find_map(|(at, link)| {
            let back = link.backward == stream.id;
            (back || link.forward == stream.id).then_some((at, back))
        })
    });
    let before = previous.links(previous.len());
    place
        .and_then(|(at, back)| {
            let link = before.get(at)?;
            Some(if back { link.backward } else { link.forward })
        })
        .or_else(|| previous.main_stream())
        .and_then(|id| previous.stream(id))
}

fn name(view: &View<'_>, stream: Option<&Stream>) -> String {
    let state = |stream: Option<&Stream>| {
        let state = stream.and_then(|s| view.state.streams.get(usize::from(s.id.0)));
        state.copied().unwrap_or_default()
    };
    // Behind the attacker it is the program that sends.
    let sender = state(stream.map(|s| attacker::upstream(view, s).unwrap_or(s)));
    let state = state(stream);
    view.fill(
        say::RULER_NAME,
        &[
            ("sends", &sender.sends),
            ("recvs", &state.recvs),
            ("frames", &state.frames),
            ("sent", &sender.sent),
            ("received", &state.received),
        ],
    )
}

/// Bytes the whole axis stands for. A round number that does not shrink when an earlier
/// moment is shown.
fn extent(view: &View<'_>, stream: Option<&Stream>) -> f64 {
    let of = |trace: &Trace, stream: &Stream| stream.sent_at(trace.len());
    let mut most = stream.map_or(0, |s| of(view.trace, s).max(attacker::extent(view, s)));
    if let Some(previous) = before(view)
        && let Some(stream) = counterpart(view, stream, previous)
    {
        let before = of(previous, stream);
        // A run of quite another size is no comparison; it must not squeeze this one.
        let alike = view.previous_framing.is_none_or(|f| f != view.framing) || before <= 8 * most;
        if most == 0 || alike {
            most = most.max(before);
        }
    }
    round_up((most as f64).max(10.0))
}

fn gutter(ui: &Ui, view: &View<'_>) -> f32 {
    let font = view.theme.mono_small();
    let widest = [
        say::TRACK_SEND,
        say::TRACK_SEGMENTS,
        say::TRACK_RECV,
        say::TRACK_FRAMES,
        attack::TRACK,
    ]
    .iter()
    .map(|phrase| {
        ui.painter()
            .layout_no_wrap(
                view.say(*phrase).to_owned(),
                font.clone(),
                view.theme.colours.text,
            )
            .size()
            .x
    })
    .fold(0.0, f32::max);
    widest + view.theme.gap(3.0)
}

/// Title, and the switches that are of use now.
fn header(ui: &mut Ui, view: &View<'_>, stream: Option<&Stream>, memory: &mut Memory) {
    let theme = view.theme;
    let height = Rows::of(view).header;
    if height <= 0.0 {
        return;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let mut right = rect.right();
    let mut button = |ui: &mut Ui, text: &str, on: bool| -> bool {
        let font = theme.small();
        let colour = if on {
            theme.colours.accent
        } else {
            theme.colours.text_soft
        };
        let galley = ui.painter().layout_no_wrap(text.to_owned(), font, colour);
        let size = galley.size() + vec2(theme.gap(3.0), 0.0);
        let area = Rect::from_min_max(
            pos2(right - size.x, rect.top()),
            pos2(right, rect.bottom() - 1.0),
        );
        right = area.left() - theme.gap(1.0);
        let response = ui.interact(area, ui.scope_id().with(("ruler", text)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, text));
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        let fill = if response.hovered() || response.has_focus() {
            theme.colours.accent_fill
        } else {
            theme.colours.card
        };
        ui.painter().rect(
            area,
            theme.radius(),
            fill,
            Stroke::new(
                1.0,
                if on {
                    theme.colours.accent
                } else {
                    theme.colours.line
                },
            ),
            StrokeKind::Inside,
        );
        ui.painter().galley(
            Align2::CENTER_CENTER
                .anchor_size(area.center(), galley.size())
                .min,
            galley,
            colour,
        );
        response.clicked()
    };
    if memory.zoom.0.is_some() && button(ui, view.say(say::FIT), false) {
        memory.zoom = Zoom(None);
    }
    let links = view.trace.links(view.k);
    let shown = |link: &Link<'_>, id: StreamId| link.forward == id || link.backward == id;
    if let Some(stream) = stream
        && let Some(at) = links.iter().position(|link| shown(link, stream.id))
    {
        let connection = links[at];
        let sent = |id: StreamId| {
            view.state
                .streams
                .get(usize::from(id.0))
                .is_some_and(|s| s.sent > 0)
        };
        let all = links.len();
        if all > 1 {
            let text = view.fill(say::CONNECTION_OF, &[("n", &(at + 1)), ("all", &all)]);
            if button(ui, &text, false) {
                memory.stream = Some(links[(at + 1) % all].forward);
                memory.zoom = Zoom(None);
            }
        }
        if sent(connection.forward) && sent(connection.backward) {
            for id in [connection.backward, connection.forward] {
                let Some(other) = view.trace.stream(id) else {
                    continue;
                };
                let text = view.fill(
                    say::DIRECTION,
                    &[
                        (
                            "from",
                            &words::actor_name(
                                view.trace,
                                attacker::upstream(view, other).unwrap_or(other).from,
                                view.lang,
                            ),
                        ),
                        ("to", &words::actor_name(view.trace, other.to, view.lang)),
                    ],
                );
                if button(ui, &text, id == stream.id) {
                    memory.stream = Some(id);
                    memory.zoom = Zoom(None);
                }
            }
        }
    }
    let painter = ui.painter();
    let at = rect.left_center();
    // The buttons come before the title.
    let title = words::fitting(
        painter,
        at,
        Align2::LEFT_CENTER,
        right - rect.left() - theme.gap(1.0),
        &[view.say(say::RULER)],
        &theme.section(),
        theme.colours.text_soft,
    );
    let end = title.map_or(rect.left(), |title| title.right());
    if stream.is_some_and(|s| s.relayed().is_some()) {
        words::fitting(
            painter,
            pos2(end + theme.gap(4.0), at.y),
            Align2::LEFT_CENTER,
            right - end - theme.gap(6.0),
            &attacker::heading(view),
            &theme.strong(),
            theme.colours.bad,
        );
    } else if !view.presenter {
        words::fitting(
            painter,
            pos2(end + theme.gap(4.0), at.y),
            Align2::LEFT_CENTER,
            right - end - theme.gap(6.0),
            &[view.say(say::RULER_HINT)],
            &theme.small(),
            theme.colours.text_faint,
        );
    }
}

/// What stands over the previous run and over this one: the framing, where it differs.
fn headings(view: &View<'_>, previous: &Trace) -> (String, String) {
    let before = view
        .previous_framing
        .cloned()
        .or_else(|| previous.meta().framing.parse().ok());
    let attacks = (attack_of(previous), attack_of(view.trace));
    let named = |phrase: Phrase, framing: &FramingSpec, attack: &Attack| {
        // Of the two, what differs; the framing if neither does.
        let name = if attacks.0 == attacks.1 {
            strategies::name(framing, view.lang)
        } else {
            view.fill(
                attack::WIRE_IS,
                &[("attack", &attack_name(attack, view.lang))],
            )
        };
        view.fill(phrase, &[("framing", &name)])
    };
    match before {
        Some(before) if before != *view.framing || attacks.0 != attacks.1 => (
            named(say::BEFORE, &before, &attacks.0),
            named(say::NOW, view.framing, &attacks.1),
        ),
        _ => (
            view.say(say::RUN_BEFORE).to_owned(),
            view.say(say::RUN_NOW).to_owned(),
        ),
    }
}

/// One frame's drawing of the canvas.
struct Drawing<'a, 'v> {
    view: &'a View<'v>,
    ui: &'a mut Ui,
    out: &'a mut Vec<Command>,
    id: Id,
    /// The canvas.
    rect: Rect,
    /// The canvas without the labels at the left.
    field: Rect,
    axis: Axis,
    rows: &'a Rows,
    /// Accessible nodes made so far.
    nodes: usize,
}

/// The heights at which the tracks of one run lie.
struct Tracks {
    send: Rangef,
    segments: Rangef,
    recv: Rangef,
    caption: Rangef,
    frames: Rangef,
}

/// What is known of one item for its node, tooltip and selection.
struct Named {
    start: u64,
    end: u64,
    event: Option<EventId>,
    name: String,
}

impl Drawing<'_, '_> {
    /// Paints only inside the field.
    fn painter(&self) -> Painter {
        self.ui
            .painter()
            .with_clip_rect(self.field.expand2(vec2(1.0, 0.0)))
    }

    fn all(&mut self, stream: Option<&Stream>) {
        let view = self.view;
        let mut top = self.rect.top();
        self.marks(top);
        top += self.rows.axis;
        if let Some(previous) = before(view) {
            top = self.previous(stream, previous, top);
            self.heading(&headings(view, previous).1, top, view.theme.colours.text);
            top += self.rows.thin;
        }
        let tracks = self.tracks(top);
        self.labels(&tracks, stream.is_some_and(|s| s.relayed().is_some()));
        for (part, track) in [
            (Focus::RulerSend, tracks.send),
            (
                Focus::RulerRecv,
                Rangef::new(tracks.recv.min, tracks.caption.max),
            ),
            (Focus::RulerFrames, tracks.frames),
        ] {
            if view.points_at(part) {
                let area = Rect::from_x_y_ranges(self.rect.x_range().expand(3.0), track);
                words::pointed(self.ui.painter(), view.theme, area);
            }
        }
        let Some(stream) = stream else {
            self.empty(&tracks);
            if !view.trace.meta().network.is_captured() {
                let words = self.view.say(say::NOT_CAPTURED);
                self.not_captured(&tracks, 0, &[words]);
            }
            return;
        };
        let k = view.k;
        let sent = stream.sent_at(k);
        self.hairlines(stream, &tracks, sent);
        if let (Some(relayed), Some(upstream)) =
            (stream.relayed(), attacker::upstream(view, stream))
        {
            self.sent_to_relay(upstream, relayed, &tracks, k);
            self.relay_sends(stream, upstream, relayed, &tracks, k);
        } else {
            self.sends(stream, &tracks, k);
            self.segments(stream, &tracks, k, sent);
        }
        self.recvs(stream, tracks.recv, Some(tracks.caption), k);
        self.waiting(stream, &tracks, k);
        self.frames(view.trace, stream, tracks.frames, k, true);
        self.end(stream, &tracks, k);
        for y in [tracks.segments, tracks.recv] {
            attacker::mark_altered(&self.painter(), view, stream, &self.axis, y);
        }
        if let Some(selection) = view.selection
            && selection.stream == stream.id
        {
            self.lit(selection, &tracks);
        }
        if sent == 0 {
            self.empty(&tracks);
        }
    }

    /// What stands in the track of sends before there is one.
    fn empty(&self, tracks: &Tracks) {
        let view = self.view;
        // Of several connections another may have bytes.
        let long = if view.state.streams.iter().any(|s| s.sent > 0) {
            say::RULER_EMPTY_HERE
        } else {
            say::RULER_EMPTY
        };
        words::fitting(
            &self.painter(),
            pos2(self.field.center().x, tracks.send.center()),
            Align2::CENTER_CENTER,
            self.field.width(),
            &[long, say::RULER_EMPTY_SHORT].map(|phrase| view.say(phrase)),
            &view.theme.small(),
            view.theme.colours.text_faint,
        );
    }

    fn tracks(&self, top: f32) -> Tracks {
        let rows = self.rows;
        let mut y = top;
        let mut row = |height: f32, gap: f32| {
            let range = Rangef::new(y, y + height);
            y += height + gap;
            range
        };
        Tracks {
            send: row(rows.bytes, rows.gap),
            segments: if rows.segments {
                row(rows.thin, rows.gap)
            } else {
                row(0.0, 0.0)
            },
            recv: row(rows.bytes, 0.0),
            caption: row(rows.caption, rows.gap),
            frames: row(rows.bytes, rows.gap),
        }
    }

    /// Figures of the axis, with a faint line each.
    fn marks(&self, top: f32) {
        let theme = self.view.theme;
        let painter = self.ui.painter();
        let font = theme.mono_small();
        // For a room a few figures are enough.
        let apart = if self.view.presenter { 9.0 } else { 6.0 };
        let room = f64::from(self.field.width()) / f64::from(font.size * apart);
        let step = tick(self.axis.end - self.axis.start, room).max(1.0);
        let mut value = (self.axis.start / step).ceil() * step;
        // Far zoomed in, adding a small step to a large offset could stand still.
        for _ in 0..64 {
            if value > self.axis.end {
                break;
            }
            let x = self.axis.x(value);
            painter.vline(
                x,
                Rangef::new(top + self.rows.axis - 4.0, self.rect.bottom()),
                Stroke::new(1.0, theme.colours.line.gamma_multiply(0.55)),
            );
            let text = grouped(value.max(0.0) as u64);
            let galley = painter.layout_no_wrap(text, font.clone(), theme.colours.text_faint);
            let half = galley.size().x / 2.0;
            let centre = x.clamp(self.field.left() + half - 6.0, self.field.right() - half);
            painter.galley(pos2(centre - half, top), galley, theme.colours.text_faint);
            value += step;
        }
    }

    fn labels(&self, tracks: &Tracks, relayed: bool) {
        let theme = self.view.theme;
        let middle = if relayed {
            attack::TRACK
        } else {
            say::TRACK_SEGMENTS
        };
        for (range, phrase) in [
            (tracks.send, say::TRACK_SEND),
            (tracks.segments, middle),
            (tracks.recv, say::TRACK_RECV),
            (tracks.frames, say::TRACK_FRAMES),
        ] {
            if range.span() <= 0.0 {
                continue;
            }
            self.ui.painter().text(
                pos2(self.rect.left(), range.center()),
                Align2::LEFT_CENTER,
                self.view.say(phrase),
                theme.mono_small(),
                theme.colours.text,
            );
        }
    }

    fn heading(&self, text: &str, top: f32, colour: egui::Color32) {
        let theme = self.view.theme;
        let y = top + self.rows.thin * 0.5;
        let drawn = words::elided(
            self.ui.painter(),
            pos2(self.rect.left(), y),
            Align2::LEFT_CENTER,
            self.rect.width(),
            text,
            &theme.section(),
            colour,
        );
        self.ui.painter().hline(
            Rangef::new(drawn.right() + theme.gap(2.0), self.rect.right()),
            y,
            Stroke::new(1.0, theme.colours.line),
        );
    }

    /// The run before the framing was toggled: its recvs and frames. Returns the new top.
    fn previous(&mut self, now: Option<&Stream>, trace: &Trace, top: f32) -> f32 {
        let view = self.view;
        let colours = &view.theme.colours;
        // On a ground of its own and without captions: it is over, and cannot be chosen.
        let height = self.rows.previous() - self.rows.gap * 0.25;
        self.ui.painter().rect(
            Rect::from_min_max(
                pos2(self.rect.left() - 4.0, top),
                pos2(self.rect.right() + 2.0, top + height),
            ),
            view.theme.radius(),
            colours.panel,
            Stroke::new(1.0, colours.line),
            StrokeKind::Inside,
        );
        self.heading(&headings(view, trace).0, top, colours.text_soft);
        let mut y = top + self.rows.thin + self.rows.gap;
        let recv = Rangef::new(y, y + self.rows.thin);
        y += self.rows.thin + self.rows.gap;
        let frames = Rangef::new(y, y + self.rows.bytes);
        y += self.rows.bytes + self.rows.gap;
        for (range, phrase) in [(recv, say::TRACK_RECV), (frames, say::TRACK_FRAMES)] {
            self.ui.painter().text(
                pos2(self.rect.left(), range.center()),
                Align2::LEFT_CENTER,
                view.say(phrase),
                view.theme.mono_small(),
                view.theme.colours.text_faint,
            );
        }
        if let Some(stream) = counterpart(view, now, trace) {
            self.recvs(stream, recv, None, trace.len());
            self.frames(trace, stream, frames, trace.len(), false);
            self.name_previous(trace, stream, Rangef::new(top, y));
        }
        y
    }

    /// What the run before came to, for those who do not see it.
    fn name_previous(&self, trace: &Trace, stream: &Stream, rows: Rangef) {
        let Some(state) = trace.live().streams.get(usize::from(stream.id.0)) else {
            return;
        };
        let area = Rect::from_x_y_ranges(self.rect.x_range(), rows);
        let response = self
            .ui
            .interact(area, self.id.with("before"), Sense::hover());
        response.widget_info(|| {
            let name = self.view.fill(
                say::RULER_BEFORE,
                &[
                    ("framing", &trace.meta().framing),
                    ("recvs", &state.recvs),
                    ("frames", &state.frames),
                    ("right", &state.right),
                    ("wrong", &state.wrong),
                ],
            );
            WidgetInfo::labeled(Role::Image, true, name)
        });
    }

    /// First and last byte in view.
    fn visible(&self) -> (u64, u64) {
        (
            self.axis.start.max(0.0) as u64,
            self.axis.end.max(0.0).ceil() as u64,
        )
    }

    fn buckets(&self, items: &Items, width: f32, k: u32) -> Arc<Vec<Bucket>> {
        let (start, end) = self.visible();
        let most = (self.field.width() / width).max(1.0) as usize;
        let place = std::ptr::from_ref(items) as usize;
        let known = items.len_at(k);
        let last = items.get(known.saturating_sub(1));
        let key = (start, end, most, known, last.end, last.event);
        cached(self.ui.ctx(), self.id.with(("buckets", place)), key, || {
            items.buckets(start, end, most, k)
        })
    }

    /// Paints the bytes of these items: one by one, or in one go where they stand for several.
    fn strips(&self, stream: &Stream, buckets: &[Bucket], y: Rangef, label: Label) {
        let painter = self.painter();
        let theme = self.view.theme;
        let paint = |start: u64, end: u64| {
            strip::paint(&painter, stream, theme, &self.axis, y, start, end, label);
        };
        match (buckets.first(), buckets.last()) {
            (Some(first), Some(last)) if buckets.iter().any(|b| b.count > 1) => {
                paint(first.start, last.end);
            }
            _ => buckets.iter().for_each(|b| paint(b.start, b.end)),
        }
    }

    /// Fine lines at the message boundaries, through all tracks.
    fn hairlines(&self, stream: &Stream, tracks: &Tracks, sent: u64) {
        let (start, end) = self.visible();
        let messages = stream.messages().overlapping(start, end.min(sent));
        if messages.len() as f32 * 14.0 > self.field.width() {
            return;
        }
        let painter = self.painter();
        let stroke = Stroke::new(1.0, self.view.theme.colours.line_strong);
        let line = |offset: u64| {
            let x = self.axis.x(offset as f64);
            painter.extend(Shape::dashed_line(
                &[pos2(x, tracks.send.max), pos2(x, tracks.frames.max)],
                stroke,
                3.0,
                3.0,
            ));
        };
        let mut last = None;
        for i in messages {
            let message = stream.messages().get(i);
            if last != Some(message.start) {
                line(message.start);
            }
            if message.end <= sent {
                line(message.end);
            }
            last = Some(message.end);
        }
    }

    fn sends(&mut self, stream: &Stream, tracks: &Tracks, k: u32) {
        let view = self.view;
        let buckets = self.buckets(stream.sends(), 4.0, k);
        self.strips(stream, &buckets, tracks.send, Label::Bytes);
        for bucket in buckets.iter() {
            self.node("send", stream, bucket, stream.sends(), tracks.send, || {
                view.fill(
                    say::ITEM_SEND,
                    &[
                        ("n", &(bucket.first + 1)),
                        ("bytes", &(bucket.end - bucket.start)),
                        (
                            "what",
                            &words::contents(view.lang, stream, bucket.start, bucket.end),
                        ),
                    ],
                )
            });
        }
    }

    /// What the client sent, where it came out of the relay or would stand behind all that did.
    fn sent_to_relay(&mut self, upstream: &Stream, relayed: &Relayed, tracks: &Tracks, k: u32) {
        let view = self.view;
        let painter = self.painter();
        let sends = upstream.sends();
        // Sends come in the order of their bytes, which stand in order but for what is dropped.
        let count = sends.len_at(k);
        if count == 0 {
            return;
        }
        let all = (sends.get(0).start, sends.get(count - 1).end);
        attacker::sent(
            &painter,
            view,
            (upstream, relayed),
            &self.axis,
            tracks.send,
            all,
        );
        for i in 0..count.min(NODES) {
            let send = sends.get(i);
            for (from, to, input) in attacker::placed(view, relayed, send.start, send.end) {
                let bucket = Bucket {
                    start: from,
                    end: to,
                    first: i,
                    count: 1,
                };
                let what = words::contents(view.lang, upstream, input, input + (to - from));
                self.node("send", upstream, &bucket, sends, tracks.send, || {
                    view.fill(
                        say::ITEM_SEND,
                        &[
                            ("n", &(i + 1)),
                            ("bytes", &(send.end - send.start)),
                            ("what", &what),
                        ],
                    )
                });
            }
        }
    }

    /// The relay's own sends, and what it does not pass on, in the place of segments.
    fn relay_sends(
        &mut self,
        stream: &Stream,
        upstream: &Stream,
        relayed: &Relayed,
        tracks: &Tracks,
        k: u32,
    ) {
        let view = self.view;
        let y = tracks.segments;
        if y.span() <= 0.0 {
            self.cuts(stream, tracks, k);
            return;
        }
        let buckets = self.buckets(stream.sends(), 4.0, k);
        self.strips(stream, &buckets, y, Label::Number);
        self.cuts(stream, tracks, k);
        for bucket in buckets.iter() {
            self.node("relay", stream, bucket, stream.sends(), y, || {
                view.fill(
                    attack::ITEM,
                    &[
                        ("n", &(bucket.first + 1)),
                        ("bytes", &(bucket.end - bucket.start)),
                        (
                            "what",
                            &words::contents(view.lang, stream, bucket.start, bucket.end),
                        ),
                    ],
                )
            });
        }
        let sent = stream.sent_at(k);
        let end = relayed.place(upstream.sent_at(k), k);
        if end <= sent {
            return;
        }
        let painter = self.painter();
        let area = strip::between(&self.axis, y, sent, end);
        let colour = view.theme.colours.bad;
        strip::dashed(
            &painter,
            area.shrink2(vec2(1.0, 0.0)),
            Stroke::new(1.0, colour),
        );
        let visible = area.intersect(self.field);
        let count = bytes(end - sent);
        words::on_plate(
            &painter,
            visible.center(),
            visible.width() - 8.0,
            &[
                view.fill(attack::NOT_PASSED_ON, &[("bytes", &count)]),
                count,
            ],
            &view.theme.small(),
            colour,
            view.theme.colours.ground,
        );
    }

    /// How the stream ended, where it ended: cleanly, inside a frame, or broken off.
    fn end(&self, stream: &Stream, tracks: &Tracks, k: u32) {
        let view = self.view;
        let colours = &view.theme.colours;
        let ending = Ending::of(view, stream, k);
        let (phrase, colour) = match ending {
            Ending::None => return,
            Ending::Clean => (say::END_CLEAN, colours.good),
            Ending::MidFrame => (say::END_MID_FRAME, colours.bad),
            Ending::Reset => (say::END_RESET, colours.bad),
        };
        let x = self.axis.x(stream.received_at(k) as f64);
        if x < self.field.left() - 1.0 || x > self.field.right() + 1.0 {
            return;
        }
        let painter = self.ui.painter();
        let y = Rangef::new(tracks.recv.min - 2.0, tracks.recv.max + 2.0);
        if ending == Ending::Clean {
            // A closed door: one line, and another behind it.
            for dx in [0.0, 4.0] {
                painter.vline(x + dx, y, Stroke::new(2.0, colour));
            }
        } else {
            // A torn edge.
            let step = (y.max - y.min) / 6.0;
            let torn = (0..=6).map(|i| {
                pos2(
                    x + if i % 2 == 0 { 0.0 } else { 5.0 },
                    y.min + i as f32 * step,
                )
            });
            painter.line(torn.collect(), Stroke::new(2.5, colour));
        }
        words::fitting(
            painter,
            pos2(x + 9.0, y.center()),
            Align2::LEFT_CENTER,
            self.rect.right() - x - 10.0,
            &[view.say(phrase)],
            &view.theme.strong(),
            colour,
        );
    }

    /// The captured segments: each with its boundaries, and how many sends one carries where the
    /// sender has merged them. Where none are captured that is said; sends are never drawn in
    /// their place.
    fn segments(&mut self, stream: &Stream, tracks: &Tracks, k: u32, sent: u64) {
        let view = self.view;
        let y = tracks.segments;
        let captured = view.trace.meta().network.is_captured();
        if y.span() <= 0.0 || !captured {
            self.cuts(stream, tracks, k);
            if y.span() > 0.0 {
                self.inferred(stream, tracks, k, sent);
            }
            return;
        }
        let theme = view.theme;
        let painter = self.painter();
        let buckets = self.buckets(stream.segments(), 4.0, k);
        self.strips(stream, &buckets, y, Label::Number);
        self.cuts(stream, tracks, k);
        for bucket in buckets.iter() {
            let area = strip::between(&self.axis, y, bucket.start, bucket.end);
            let event = stream.segments().get(bucket.first).event;
            let merged = view.trace.event(event).has(flag::MERGED);
            let sends = stream.sends().overlapping(bucket.start, bucket.end).len();
            if bucket.count == 1 && area.width() >= 8.0 {
                let (width, colour) = if merged {
                    (2.5, theme.colours.accent)
                } else {
                    (1.0, theme.colours.text_soft)
                };
                painter.rect_stroke(
                    area.expand2(vec2(0.0, 1.0)),
                    2,
                    Stroke::new(width, colour),
                    StrokeKind::Inside,
                );
                if merged {
                    words::on_plate(
                        &painter,
                        area.intersect(self.field).center(),
                        area.intersect(self.field).width() - 10.0,
                        &[
                            &view.fill(say::SEGMENT_OF_SENDS, &[("sends", &sends)]),
                            &view.fill(say::SEGMENT_OF_SENDS_SHORT, &[("sends", &sends)]),
                        ],
                        &theme.small(),
                        theme.colours.text,
                        theme.colours.ground,
                    );
                }
            }
            self.node("segment", stream, bucket, stream.segments(), y, || {
                view.fill(
                    say::ITEM_SEGMENT,
                    &[
                        ("n", &(bucket.first + 1)),
                        ("bytes", &(bucket.end - bucket.start)),
                        ("sends", &sends),
                        (
                            "what",
                            &words::contents(view.lang, stream, bucket.start, bucket.end),
                        ),
                    ],
                )
            });
        }
    }

    /// What is known of segments that were not captured: which bytes left together, as the kernel
    /// reports it, in dashed outlines that no captured segment has; or how many there were.
    fn inferred(&mut self, stream: &Stream, tracks: &Tracks, k: u32, sent: u64) {
        let view = self.view;
        let socket = stream.from_socket;
        let counted = socket.and_then(|socket| view.trace.sent_so_far(socket, k));
        let pieces = stream.inferred().len_at(k);
        let n = counted.map(|c| c.data_segments);
        if pieces == 0 {
            let words = n.filter(|n| *n > 0).map_or_else(
                || view.say(say::NOT_CAPTURED).to_owned(),
                |n| view.fill(tcp::COUNTED_ONLY, &[("n", &n)]),
            );
            let short = view.say(say::NOT_CAPTURED).to_owned();
            self.not_captured(tracks, sent, &[&words, &short]);
            return;
        }
        let theme = view.theme;
        let painter = self.painter();
        let y = tracks.segments;
        for bucket in self.buckets(stream.inferred(), 4.0, k).iter() {
            let area = strip::between(&self.axis, y, bucket.start, bucket.end);
            strip::dashed(&painter, area, Stroke::new(1.2, theme.colours.text_soft));
            let sends = stream.sends().overlapping(bucket.start, bucket.end).len();
            self.node("inferred", stream, bucket, stream.inferred(), y, || {
                view.fill(
                    tcp::ITEM_INFERRED,
                    &[
                        ("n", &(bucket.first + 1)),
                        ("bytes", &(bucket.end - bucket.start)),
                        ("sends", &sends),
                        (
                            "what",
                            &words::contents(view.lang, stream, bucket.start, bucket.end),
                        ),
                    ],
                )
            });
        }
        let long = match n {
            Some(n) => view.fill(tcp::INFERRED_COUNTED, &[("pieces", &pieces), ("n", &n)]),
            None => view.fill(tcp::INFERRED_PIECES, &[("pieces", &pieces)]),
        };
        let middle = view.fill(tcp::INFERRED_PIECES, &[("pieces", &pieces)]);
        let end = stream.inferred().end_at(k);
        let all = strip::between(&self.axis, y, 0, end).intersect(self.field);
        words::on_plate(
            &painter,
            all.center(),
            all.width() - 8.0,
            &[&long, &middle, view.say(tcp::INFERRED)],
            &theme.small(),
            theme.colours.text_soft,
            theme.colours.ground,
        );
    }

    fn not_captured(&self, tracks: &Tracks, sent: u64, words: &[&str]) {
        if tracks.segments.span() <= 0.0 {
            return;
        }
        let theme = self.view.theme;
        let painter = self.painter();
        let right = if sent == 0 {
            self.axis.end
        } else {
            sent as f64
        };
        let area = Rect::from_min_max(
            pos2(self.axis.x(0.0).max(self.field.left()), tracks.segments.min),
            pos2(
                self.axis.x(right).min(self.field.right()),
                tracks.segments.max,
            ),
        );
        strip::dashed(&painter, area, Stroke::new(1.0, theme.colours.line));
        let visible = area.intersect(self.field);
        words::on_plate(
            &painter,
            visible.center(),
            visible.width() - 8.0,
            words,
            &theme.small(),
            theme.colours.text_faint,
            theme.colours.ground,
        );
    }

    /// Where a recv cut through a message, a line up to what was sent. Drawn before the words on
    /// the track of segments, which it would run through.
    fn cuts(&self, stream: &Stream, tracks: &Tracks, k: u32) {
        let painter = self.painter();
        for bucket in self.buckets(stream.recvs(), 5.0, k).iter() {
            let (start, end) = (bucket.start, bucket.end);
            let area = strip::between(&self.axis, tracks.recv, start, end);
            if bucket.count == 1
                && area.width() >= 10.0
                && let Some(message) = stream.messages().containing(end.saturating_sub(1))
                && stream.messages().get(message).end > end
            {
                painter.vline(
                    self.axis.x(end as f64),
                    Rangef::new(tracks.send.max, tracks.recv.max + 2.0),
                    Stroke::new(2.0, self.view.theme.colours.warn),
                );
            }
        }
    }

    fn recvs(&mut self, stream: &Stream, y: Rangef, caption: Option<Rangef>, k: u32) {
        let view = self.view;
        let theme = view.theme;
        let painter = self.painter();
        let mut captions = 0;
        let buckets = self.buckets(stream.recvs(), 5.0, k);
        self.strips(stream, &buckets, y, Label::Part);
        for bucket in buckets.iter() {
            let (start, end) = (bucket.start, bucket.end);
            let area = strip::between(&self.axis, y, start, end);
            let last = stream.recvs().get(bucket.first + bucket.count - 1);
            // Of several recvs the last stands for all: it is the colour of a line, no claim.
            let cut = Cut::of(stream, last.start, last.end);
            let colour = match cut {
                Cut::Merged(_) => theme.colours.bad,
                Cut::Part(_) => theme.colours.warn,
                Cut::Exact | Cut::Unjudged => theme.colours.text_soft,
            };
            if bucket.count == 1 && area.width() >= 10.0 {
                painter.rect_stroke(
                    area.expand2(vec2(0.0, 1.5)),
                    4,
                    Stroke::new(2.0, colour),
                    StrokeKind::Inside,
                );
                captions += usize::from(caption.is_some());
            } else {
                let line = Rect::from_x_y_ranges(area.x_range(), y.max - 3.0..=y.max + 1.0);
                painter.rect_filled(line, 0, colour);
            }
            if let Some(caption) = caption {
                self.caption(&painter, bucket, cut, area, caption, colour);
                self.node("recv", stream, bucket, stream.recvs(), y, || {
                    view.fill(
                        say::ITEM_RECV,
                        &[
                            ("n", &(bucket.first + 1)),
                            ("bytes", &(end - start)),
                            ("what", &words::contents(view.lang, stream, start, end)),
                        ],
                    )
                });
            }
        }
        if let Some(caption) = caption
            && captions == 0
            && stream.recvs().len_at(k) > 0
        {
            self.summary(stream, caption);
        }
    }

    /// Where chunks are too narrow for captions: what they come to.
    fn summary(&self, stream: &Stream, row: Rangef) {
        let view = self.view;
        let state = view.state.streams.get(usize::from(stream.id.0));
        let state = state.copied().unwrap_or_default();
        let figure = |n: u32| grouped(u64::from(n));
        words::on_plate(
            &self.painter(),
            pos2(self.field.center().x, row.center()),
            self.field.width(),
            &[view.fill(
                say::RECVS_SUMMARY,
                &[
                    ("recvs", &figure(state.recvs)),
                    ("merged", &figure(state.merged)),
                    ("split", &figure(state.split)),
                ],
            )],
            &view.theme.section(),
            view.theme.colours.text,
            view.theme.colours.ground,
        );
    }

    /// A bracket under a chunk, with what that recv returned.
    fn caption(
        &self,
        painter: &Painter,
        bucket: &Bucket,
        cut: Cut,
        area: Rect,
        row: Rangef,
        colour: egui::Color32,
    ) {
        let theme = self.view.theme;
        let visible = area.intersect(self.field);
        if visible.width() < 10.0 || bucket.count > 1 {
            return;
        }
        let top = row.min + 3.0;
        let (left, right) = (area.left() + 1.0, area.right() - 1.0);
        painter.line(
            vec![
                pos2(left, top),
                pos2(left, top + 3.0),
                pos2(right, top + 3.0),
                pos2(right, top),
            ],
            Stroke::new(1.5, colour),
        );
        let size = bytes(bucket.end - bucket.start);
        let n = bucket.first + 1;
        let values: [(&str, &dyn std::fmt::Display); 2] = [("n", &n), ("bytes", &size)];
        let short = self.view.fill(say::RECV_CAPTION, &values);
        let long = match cut {
            Cut::Merged(messages) => self.view.fill(
                say::RECV_CAPTION_MERGED,
                &[("n", &n), ("bytes", &size), ("messages", &messages)],
            ),
            Cut::Part(message) => self.view.fill(
                say::RECV_CAPTION_PART,
                &[("n", &n), ("bytes", &size), ("message", &message)],
            ),
            Cut::Exact | Cut::Unjudged => short.clone(),
        };
        let ink = if colour == theme.colours.text_soft {
            theme.colours.text
        } else {
            colour
        };
        let put = |texts: &[String], width: f32| {
            words::on_plate(
                painter,
                pos2(visible.center().x, (top + 4.0 + row.max) / 2.0),
                width,
                texts,
                &theme.section(),
                ink,
                theme.colours.ground,
            )
        };
        // A caption must not touch the next one; a bare size of a short chunk may lend a little
        // from the gap beside it.
        if put(
            &[long, short, format!("#{n} → {size}")],
            visible.width() - theme.gap(1.5),
        )
        .is_none()
        {
            put(&[size], visible.width() + 2.0);
        }
    }

    /// Bytes sent that no recv has returned yet.
    fn waiting(&self, stream: &Stream, tracks: &Tracks, k: u32) {
        let (received, sent) = (stream.received_at(k), stream.sent_at(k));
        if received >= sent {
            return;
        }
        let view = self.view;
        let theme = view.theme;
        let area = strip::between(&self.axis, tracks.recv, received, sent);
        let painter = self.painter();
        strip::dashed(
            &painter,
            area.shrink2(vec2(2.0, 0.0)),
            Stroke::new(1.0, theme.colours.line_strong),
        );
        let unread = stream
            .to_socket
            .and_then(|s| view.state.sockets.get(usize::from(s.0)))
            .and_then(|s| s.gauge.unread);
        let count = bytes(sent - received);
        // Only a reading can say that they have arrived.
        let arrived = unread.is_some_and(|n| u64::from(n) >= sent - received);
        let texts = if arrived {
            vec![
                view.fill(say::STILL_IN_BUFFER, &[("bytes", &count)]),
                view.say(say::STILL_IN_BUFFER_SHORT).to_owned(),
                count,
            ]
        } else {
            vec![
                view.fill(say::NOT_YET_RECEIVED, &[("bytes", &count)]),
                count,
            ]
        };
        let visible = area.intersect(self.field);
        words::on_plate(
            &painter,
            visible.center(),
            visible.width() - 12.0,
            &texts,
            &theme.small(),
            theme.colours.text_soft,
            theme.colours.ground,
        );
    }

    fn frames(&mut self, trace: &Trace, stream: &Stream, y: Rangef, k: u32, named: bool) {
        let view = self.view;
        let theme = view.theme;
        let colours = &theme.colours;
        let painter = self.painter();
        let mut texts_drawn = 0;
        for bucket in self.buckets(stream.frames(), 8.0, k).iter() {
            let (start, end) = (bucket.start, bucket.end);
            let verdict = bundle(stream, bucket);
            let (fill, edge, text) = match verdict {
                Verdict::Right => (colours.good_fill, colours.good, colours.good),
                Verdict::Wrong => (colours.bad_fill, colours.bad, colours.bad),
                Verdict::Neither => (colours.card, colours.line_strong, colours.text_soft),
            };
            let area = strip::between(&self.axis, y, start, end);
            if area.width() < 12.0 {
                painter.rect_filled(area, 0, fill);
                painter.hline(area.x_range(), area.top() + 1.0, Stroke::new(2.0, edge));
            } else {
                painter.rect(area, 4, fill, Stroke::new(1.5, edge), StrokeKind::Inside);
            }
            let mut text_from = area.left();
            if bucket.count == 1 {
                let header = u64::from(trace.event(stream.frames().get(bucket.first).event).op);
                let head = strip::between(&self.axis, y, start, (start + header).min(end));
                if header > 0 && head.width() >= 6.0 {
                    pattern::hatch(
                        &painter,
                        head.shrink(2.0),
                        edge.gamma_multiply(0.6),
                        theme.scale,
                    );
                    // Beside the header, if a number of two digits and the sign have room there.
                    if area.right() - head.right() > theme.strong().size * 4.0 {
                        text_from = head.right();
                    }
                }
            }
            let mut visible = area.intersect(self.field);
            visible.min.x = visible.min.x.max(text_from);
            texts_drawn += usize::from(visible.width() >= 14.0);
            words::on_plate(
                &painter,
                visible.center(),
                visible.width() - 6.0,
                &self.frame_texts(stream, bucket, verdict),
                &theme.strong(),
                text,
                fill,
            );
            if named {
                self.node("frame", stream, bucket, stream.frames(), y, || {
                    let verdict = match verdict {
                        Verdict::Right => say::RIGHT,
                        Verdict::Wrong => say::WRONG,
                        Verdict::Neither => say::UNJUDGED,
                    };
                    view.fill(
                        say::ITEM_FRAME,
                        &[
                            ("n", &(bucket.first + 1)),
                            ("bytes", &(end - start)),
                            ("what", &words::contents(view.lang, stream, start, end)),
                            ("verdict", &view.say(verdict)),
                        ],
                    )
                });
            }
        }
        if named && texts_drawn == 0 && stream.frames().len_at(k) > 0 {
            self.frames_summary(stream, y);
        }
        self.held(stream, y, k);
        self.errors(trace, stream, y, k);
    }

    /// Where frames are too narrow for texts: what they come to.
    fn frames_summary(&self, stream: &Stream, y: Rangef) {
        let view = self.view;
        let state = view.state.streams.get(usize::from(stream.id.0));
        let state = state.copied().unwrap_or_default();
        let figure = |n: u32| grouped(u64::from(n));
        let colours = &view.theme.colours;
        let (text, ground) = if state.wrong > 0 {
            (colours.bad, colours.bad_fill)
        } else {
            (colours.good, colours.good_fill)
        };
        words::on_plate(
            &self.painter(),
            pos2(self.field.center().x, y.center()),
            self.field.width(),
            &[view.fill(
                say::FRAMES_SUMMARY,
                &[
                    ("frames", &figure(state.frames)),
                    ("right", &figure(state.right)),
                    ("wrong", &figure(state.wrong)),
                ],
            )],
            &view.theme.section(),
            text,
            ground,
        );
    }

    fn frame_texts(&self, stream: &Stream, bucket: &Bucket, verdict: Verdict) -> Vec<String> {
        let view = self.view;
        let sign = match verdict {
            Verdict::Right => "✓",
            Verdict::Wrong => "✗",
            Verdict::Neither => "",
        };
        if bucket.count > 1 {
            let phrase = if verdict == Verdict::Wrong {
                say::FRAMES_MANY_WRONG
            } else {
                say::FRAMES_MANY
            };
            return vec![
                view.fill(phrase, &[("n", &grouped(bucket.count as u64))]),
                sign.to_owned(),
            ];
        }
        let size = bytes(bucket.end - bucket.start);
        let messages = stream.messages().overlapping(bucket.start, bucket.end);
        match verdict {
            Verdict::Right => {
                let n = u64::from(stream.messages().get(messages.start).number) + 1;
                vec![
                    view.fill(say::FRAME_RIGHT, &[("n", &n)]),
                    format!("{n} ✓"),
                    "✓".to_owned(),
                ]
            }
            Verdict::Wrong if tampered(stream, bucket) => vec![
                view.say(attack::FRAME_WRONG).to_owned(),
                view.say(attack::FRAME_WRONG_SHORT).to_owned(),
                "✗".to_owned(),
            ],
            Verdict::Wrong => {
                let whole = messages
                    .clone()
                    .map(|i| stream.messages().get(i))
                    .all(|m| within(&m, bucket));
                let (long, short) = if messages.len() > 1 && (messages.len() > 64 || whole) {
                    let values: [(&str, &dyn std::fmt::Display); 1] =
                        [("messages", &messages.len())];
                    (
                        view.fill(say::FRAME_TAKEN_MERGED, &values),
                        view.fill(say::FRAME_MERGED_SHORT, &values),
                    )
                } else {
                    let n = u64::from(stream.messages().get(messages.start).number) + 1;
                    (
                        view.say(say::FRAME_TAKEN_PART).to_owned(),
                        view.fill(say::FRAME_PART_SHORT, &[("n", &n)]),
                    )
                };
                vec![
                    long,
                    short,
                    view.say(say::FRAME_WRONG).to_owned(),
                    "✗".to_owned(),
                ]
            }
            Verdict::Neither => vec![view.fill(say::FRAME_NEITHER, &[("bytes", &size)])],
        }
    }

    /// Bytes received that have not become a frame.
    fn held(&self, stream: &Stream, y: Rangef, k: u32) {
        let frames = stream.frames();
        let decoded = match frames.len_at(k) {
            0 => 0,
            n => frames.get(n - 1).end,
        };
        let received = stream.received_at(k);
        let decoding = frames.len_at(k) > 0 || !stream.errors().is_empty();
        // After an error the decoder holds nothing any more: the error says it all.
        let broken = stream.errors().first().is_some_and(|&e| e < k);
        if received <= decoded || !decoding || broken {
            return;
        }
        let theme = self.view.theme;
        let painter = self.painter();
        let area = strip::between(&self.axis, y, decoded, received);
        strip::dashed(
            &painter,
            area.shrink2(vec2(1.0, 0.0)),
            Stroke::new(1.0, theme.colours.warn),
        );
        let visible = area.intersect(self.field);
        words::on_plate(
            &painter,
            visible.center(),
            visible.width() - 12.0,
            &[
                self.view.fill(
                    say::HELD_BY_DECODER,
                    &[("bytes", &bytes(received - decoded))],
                ),
                self.view.say(say::HELD_SHORT).to_owned(),
            ],
            &theme.small(),
            theme.colours.warn,
            theme.colours.ground,
        );
    }

    fn errors(&self, trace: &Trace, stream: &Stream, y: Rangef, k: u32) {
        let theme = self.view.theme;
        let painter = self.painter();
        // After an error a decoder stops, so there are few; a bound all the same.
        for &event in stream.errors().iter().take_while(|&&e| e < k).take(16) {
            let (code, offset) = match trace.detail(event) {
                Some(Detail::Decode { code, offset, .. }) => (code.as_str(), *offset),
                _ => ("", trace.event(event).a),
            };
            let x = self.axis.x(offset as f64);
            painter.vline(
                x,
                Rangef::new(y.min - 4.0, y.max + 4.0),
                Stroke::new(3.0, theme.colours.bad),
            );
            let what = self.view.say(words::decode_error(code));
            let long = self.view.fill(say::DECODER_ERROR, &[("what", &what)]);
            let short = self.view.say(say::DECODER_ERROR_SHORT).to_owned();
            // To the right of the mark; in little room the words move left as far as needed.
            let room = self.field.right() - x - 18.0;
            let lay =
                |text: String| painter.layout_no_wrap(text, theme.strong(), theme.colours.bad);
            let mut galley = lay(long);
            if galley.size().x > room {
                galley = lay(short);
            }
            let width = galley.size().x + 12.0;
            let left = (x + 6.0).min(self.field.right() - width);
            let plate = Rect::from_min_max(pos2(left, y.min), pos2(left + width, y.max));
            painter.rect(
                plate,
                4,
                theme.colours.bad_fill,
                Stroke::new(1.0, theme.colours.bad),
                StrokeKind::Inside,
            );
            painter.galley(
                Align2::CENTER_CENTER
                    .anchor_size(plate.center(), galley.size())
                    .min,
                galley,
                theme.colours.bad,
            );
        }
    }

    /// The chosen bytes, lit through all tracks.
    fn lit(&self, selection: &Selection, tracks: &Tracks) {
        let theme = self.view.theme;
        let painter = self.painter();
        let (left, right) = (
            self.axis.x(selection.start as f64),
            self.axis.x(selection.end as f64),
        );
        let area = Rect::from_min_max(
            pos2(left, tracks.send.min - 4.0),
            pos2(right.max(left + 2.0), tracks.frames.max + 3.0),
        );
        painter.rect(
            area,
            3,
            theme.colours.accent.gamma_multiply(0.16),
            Stroke::new(2.0, theme.colours.select),
            StrokeKind::Outside,
        );
    }

    /// An accessible node over an item: name, tooltip, and click to choose its bytes.
    fn node(
        &mut self,
        kind: &str,
        stream: &Stream,
        bucket: &Bucket,
        items: &Items,
        y: Rangef,
        name: impl Fn() -> String,
    ) {
        if self.nodes >= NODES || bucket.count > 1 {
            return;
        }
        let area = strip::between(&self.axis, y, bucket.start, bucket.end).intersect(self.field);
        if area.width() < 1.0 {
            return;
        }
        self.nodes += 1;
        let response = self.ui.interact(
            area,
            self.id.with((kind, bucket.first, bucket.start)),
            Sense::click(),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name()));
        if response.hovered() {
            response.clone().on_hover_text_at_pointer(name());
        }
        if response.hovered() || response.has_focus() {
            self.painter().rect_stroke(
                area,
                4,
                Stroke::new(2.0, self.view.theme.colours.select),
                StrokeKind::Inside,
            );
        }
        if response.clicked() {
            let item = Named {
                start: bucket.start,
                end: bucket.end,
                event: Some(items.get(bucket.first).event),
                name: String::new(),
            };
            self.choose(stream.id, &item);
        }
    }

    fn choose(&mut self, stream: StreamId, item: &Named) {
        let selection = Selection {
            stream,
            start: item.start,
            end: item.end,
            event: item.event,
        };
        // A second click on what is chosen lets go of it.
        let again = self.view.selection == Some(&selection);
        self.out
            .push(Command::Select((!again).then_some(selection)));
    }

    /// Drag over the tracks chooses bytes; where items have no nodes, click and hover are
    /// answered from the position.
    fn choose_bytes(&mut self, response: &Response, stream: Option<&Stream>, memory: &mut Memory) {
        let Some(stream) = stream else { return };
        let sent = stream.sent_at(self.view.k);
        let shift = self.ui.input(|i| i.modifiers.shift);
        let pointer = response.interact_pointer_pos();
        if let Some(pointer) = pointer
            && !shift
        {
            let offset = (self.axis.at(pointer.x).max(0.0) as u64).min(sent);
            if response.drag_started_by(PointerButton::Primary) {
                let from = self
                    .ui
                    .input(|i| i.pointer.press_origin())
                    .map_or(offset, |p| (self.axis.at(p.x).max(0.0) as u64).min(sent));
                memory.drag_from = Some(from);
            }
            if let Some(from) = memory.drag_from
                && response.dragged_by(PointerButton::Primary)
            {
                let selection = Selection {
                    stream: stream.id,
                    start: from.min(offset),
                    end: (from.max(offset) + 1).min(sent),
                    event: None,
                };
                if selection.start < selection.end && self.view.selection != Some(&selection) {
                    self.out.push(Command::Select(Some(selection)));
                }
            }
        }
        if response.drag_stopped() {
            memory.drag_from = None;
        }
        let Some(pointer) = response.hover_pos() else {
            return;
        };
        let item = self.at(stream, pointer);
        if response.clicked() {
            match &item {
                Some(item) => self.choose(stream.id, item),
                None => self.out.push(Command::Select(None)),
            }
        }
        if let Some(item) = item {
            response.clone().on_hover_text_at_pointer(item.name);
        } else if pointer.y < self.rect.top() + self.rows.axis {
            response
                .clone()
                .on_hover_text_at_pointer(self.view.say(say::ZOOM_HINT));
        }
    }

    /// The item at a position of the canvas.
    fn at(&self, stream: &Stream, pointer: egui::Pos2) -> Option<Named> {
        if !self.field.contains(pointer) {
            return None;
        }
        let view = self.view;
        let mut top = self.rect.top() + self.rows.axis;
        if before(view).is_some() {
            top += self.rows.previous() + self.rows.thin;
        }
        let tracks = self.tracks(top);
        let (items, phrase) = if tracks.send.contains(pointer.y) {
            (stream.sends(), say::ITEM_SEND)
        } else if tracks.segments.contains(pointer.y) && !stream.segments().is_empty() {
            (stream.segments(), say::ITEM_SEGMENT)
        } else if tracks.recv.contains(pointer.y) {
            (stream.recvs(), say::ITEM_RECV)
        } else if tracks.frames.contains(pointer.y) {
            (stream.frames(), say::ITEM_FRAME)
        } else {
            return None;
        };
        let offset = self.axis.at(pointer.x);
        let i = items.containing(offset.max(0.0) as u64)?;
        if i >= items.len_at(view.k) {
            return None;
        }
        let item = items.get(i);
        let verdict = if tracks.frames.contains(pointer.y) {
            match stream.verdict(i) {
                Verdict::Right => say::RIGHT,
                Verdict::Wrong => say::WRONG,
                Verdict::Neither => say::UNJUDGED,
            }
        } else {
            say::UNJUDGED
        };
        Some(Named {
            start: item.start,
            end: item.end,
            event: Some(item.event),
            name: view.fill(
                phrase,
                &[
                    ("n", &(i + 1)),
                    ("bytes", &(item.end - item.start)),
                    (
                        "what",
                        &words::contents(view.lang, stream, item.start, item.end),
                    ),
                    ("verdict", &view.say(verdict)),
                    (
                        "sends",
                        &stream.sends().overlapping(item.start, item.end).len(),
                    ),
                ],
            ),
        })
    }
}

/// How a stream ended for its receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Not yet.
    None,
    /// `b''`, at the end of a frame.
    Clean,
    /// `b''`, inside one.
    MidFrame,
    /// The connection was broken off: recv failed.
    Reset,
}

impl Ending {
    fn of(view: &View<'_>, stream: &Stream, k: u32) -> Self {
        let state = view.state.streams.get(usize::from(stream.id.0));
        if state.is_some_and(|state| state.ended) {
            let torn = stream.errors().iter().take_while(|&&e| e < k).any(|&e| {
                matches!(view.trace.detail(e), Some(Detail::Decode { code, .. })
                    if code == "ended-mid-frame")
            });
            return if torn {
                Ending::MidFrame
            } else {
                Ending::Clean
            };
        }
        // The receiver's last calls: a failed recv ends its program, which then closes.
        let Some(to) = stream.to else {
            return Ending::None;
        };
        let calls = view.trace.calls(to);
        let count = calls.len_at(k);
        let broken = (count.saturating_sub(8)..count).rev().any(|i| {
            let Some(end) = calls.get(i).and_then(|call| call.end).filter(|&e| e < k) else {
                return false;
            };
            let event = view.trace.event(end);
            let receives = event.call().is_some_and(Call::receives);
            let gone = !event.has(flag::AFTER_STOP)
                && matches!(event.errno().map(errno_name), Some("ECONNRESET" | "EPIPE"));
            receives && gone && Some(event.socket) == stream.to_socket
        });
        if broken { Ending::Reset } else { Ending::None }
    }
}

/// How a chunk lies on the messages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Exactly one message.
    Exact,
    /// Bytes of that many messages, more than one.
    Merged(usize),
    /// Part of the message of that number, from 1.
    Part(u64),
    /// No message's bytes.
    Unjudged,
}

impl Cut {
    fn of(stream: &Stream, start: u64, end: u64) -> Self {
        if stream.relayed().is_some() {
            return Self::behind_relay(stream, start, end);
        }
        let messages = stream.messages().overlapping(start, end);
        match messages.len() {
            0 => Cut::Unjudged,
            1 => {
                let message = stream.messages().get(messages.start);
                if message.start == start && message.end == end {
                    Cut::Exact
                } else {
                    Cut::Part(u64::from(message.number) + 1)
                }
            }
            n => Cut::Merged(n),
        }
    }
}

impl Cut {
    /// Where messages may lack bytes, or have some that are not theirs.
    fn behind_relay(stream: &Stream, start: u64, end: u64) -> Self {
        let mut number = None;
        let mut count = 0;
        let mut whole = true;
        // More than that is "many" in any case.
        for part in stream.parts(start, end).take(4096) {
            whole &= part.is_whole() && !part.altered;
            if let Origin::Message(n) = part.origin
                && number != Some(n)
            {
                number = Some(n);
                count += 1;
            }
        }
        match (number, count) {
            (None, _) => Cut::Unjudged,
            (Some(_), 1) if whole => Cut::Exact,
            (Some(n), 1) => Cut::Part(u64::from(n) + 1),
            (Some(_), many) => Cut::Merged(many),
        }
    }
}

fn within(message: &Message, bucket: &Bucket) -> bool {
    message.start >= bucket.start && message.end <= bucket.end
}

/// Did the attacker put something into these bytes, or change some?
fn tampered(stream: &Stream, bucket: &Bucket) -> bool {
    stream.relayed().is_some_and(|relayed| {
        let mut touched = relayed.touched(bucket.start, bucket.end, u32::MAX);
        touched.next().is_some()
    })
}

/// The verdict on several frames: wrong if any that is looked at is. Looks at a few spread
/// over the bucket, so that the cost does not grow with it.
fn bundle(stream: &Stream, bucket: &Bucket) -> Verdict {
    let most = bucket.count.min(4);
    let mut result = Verdict::Neither;
    for i in 0..most {
        let at = bucket.first + i * bucket.count / most;
        match stream.verdict(at) {
            Verdict::Wrong => return Verdict::Wrong,
            Verdict::Right => result = Verdict::Right,
            Verdict::Neither => {}
        }
    }
    result
}

/// The direction shown is part of what a person is told of an actor's stream.
pub(in crate::ui) fn direction(
    view: &View<'_>,
    from: Option<ActorId>,
    to: Option<ActorId>,
) -> String {
    view.fill(
        say::DIRECTION,
        &[
            ("from", &words::actor_name(view.trace, from, view.lang)),
            ("to", &words::actor_name(view.trace, to, view.lang)),
        ],
    )
}
