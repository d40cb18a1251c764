//! The pipe: client program → send buffer → wire → receive buffer → server program → decoder →
//! messages, with what the kernel says is in each.
//!
//! Three figures are kept apart, for a byte may be in two places at once: unsent, sent but
//! unacknowledged, received but unread. None is drawn as a share of `SO_RCVBUF`: the kernel
//! accounts memory, not payload.

use std::iter;

use egui::{
    Align2, Color32, FontId, Id, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::framing::FramingSpec;
use crate::i18n::{Phrase, attack, stage as say};
use crate::lesson::Focus;
use crate::trace::{
    ActorId, ActorState, Call, Detail, EventId, Link, SocketId, Stream, StreamId, StreamState,
    Verdict, flag,
};
use crate::ui::call_text::call_text;
use crate::ui::command::Command;
use crate::ui::errno::errno;
use crate::ui::figures::{bytes, duration, grouped, round_up};
use crate::ui::pattern;
use crate::ui::segment_text;
use crate::ui::strategies;
use crate::ui::view::{Selection, View};

use super::axis::Axis;
use super::strip::{self, Label};
use super::{attacker, datagrams, ruler, words};

/// Heights of the lines of a card, points.
struct Lines {
    text: f32,
    small: f32,
    chips: f32,
    pad: f32,
}

impl Lines {
    fn of(view: &View<'_>) -> Self {
        let sizes = view.theme.sizes;
        Lines {
            text: (sizes.body * 1.5).round(),
            small: (sizes.small * 1.45).round(),
            chips: (sizes.mono * 1.7).round(),
            pad: view.theme.gap(2.0),
        }
    }
}

impl Lines {
    /// The least height of one of several clients.
    fn row(&self) -> f32 {
        (self.text + self.small) * 0.9
    }

    /// The height of one of two directions whose buffers are `chips` chips high: a caption
    /// above them and a figure below.
    fn lane(&self, view: &View<'_>, chips: f32) -> f32 {
        2.0 * self.small + self.chips * chips + view.theme.gap(1.5)
    }
}

/// The least margin in a card, points.
const LEAST_PAD: f32 = 3.0;
/// The least height of a buffer, in chips.
const LEAST_CHIPS: f32 = 0.8;

/// How high the pipe wants to be.
pub fn height(view: &View<'_>) -> f32 {
    let lines = Lines::of(view);
    let card = if view.presenter {
        // name, call, state, chips, note
        4.0 * lines.text + lines.chips
    } else {
        // name, call, state, last result, chips, note, decoder, its messages
        3.0 * lines.text + 3.0 * lines.small + 2.0 * lines.chips + lines.pad
    };
    let both = full_duplex(view);
    let duplex = if both {
        2.0 * lines.lane(view, 1.3)
    } else {
        0.0
    };
    top_line(view) + (card + 2.0 * lines.pad).max(duplex)
}

/// The least height at which it still says what it must.
pub fn least_height(view: &View<'_>) -> f32 {
    let lines = Lines::of(view);
    let one = 3.0 * lines.text + lines.chips + 2.0 * lines.pad;
    let connections = known(view);
    let clients = connections.len() + unconnected(view, &connections).len();
    if clients > 1 {
        // Four of them have to be seen; of more some are only counted.
        one.max(clients.min(4) as f32 * lines.row() + 2.0)
    } else if full_duplex(view) {
        one.max(top_line(view) + 2.0 * lines.lane(view, LEAST_CHIPS))
    } else {
        one
    }
}

/// By how much it can be lower than that at the cost of the margins in its cards.
pub fn slack(view: &View<'_>) -> f32 {
    let connections = known(view);
    if connections.len() > 1 || full_duplex(view) || !unconnected(view, &connections).is_empty() {
        return 0.0;
    }
    2.0 * (Lines::of(view).pad - LEAST_PAD)
}

fn top_line(view: &View<'_>) -> f32 {
    if view.presenter {
        0.0
    } else {
        view.theme.sizes.small * 1.9
    }
}

fn state_of(view: &View<'_>, id: StreamId) -> StreamState {
    view.state
        .streams
        .get(usize::from(id.0))
        .copied()
        .unwrap_or_default()
}

fn known<'a>(view: &View<'a>) -> Vec<Link<'a>> {
    view.trace.links(view.k)
}

fn full_duplex(view: &View<'_>) -> bool {
    known(view)
        .iter()
        .any(|c| state_of(view, c.backward).sent > 0)
}

/// Of several clients those that have no connection: not yet, or no more.
fn unconnected(view: &View<'_>, connections: &[Link<'_>]) -> Vec<ActorId> {
    let actors = view.trace.meta().actors.iter().enumerate();
    let clients: Vec<ActorId> = actors
        .filter(|(_, meta)| meta.role == crate::trace::Role::Client)
        .map(|(at, _)| ActorId(at as u8))
        .collect();
    if clients.len() < 2 {
        return Vec::new();
    }
    let connected = |actor: &ActorId| connections.iter().any(|c| c.client.actor == Some(*actor));
    clients.into_iter().filter(|a| !connected(a)).collect()
}

/// Shows the pipe in the room there is.
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let connections = known(view);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name(view, &connections)));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let mut pipe = Pipe {
        view,
        ui,
        out,
        lines: Lines::of(view),
    };
    let waiting = unconnected(view, &connections);
    if connections.len() + waiting.len() > 1 {
        pipe.many(rect, &connections, &waiting);
    } else {
        pipe.one(rect, connections.first());
    }
}

/// Could the system that made this run read fill levels? Its description says so.
fn could_read(view: &View<'_>) -> bool {
    let platform = &view.trace.meta().platform;
    platform.starts_with("linux") && !platform.ends_with("portable")
}

/// What stands where there is no reading: the system gives none, or none has been made yet.
fn no_reading(view: &View<'_>) -> &'static str {
    view.say(if could_read(view) {
        say::NOT_READ_YET
    } else {
        say::NOT_READABLE
    })
}

fn levels_unknown(view: &View<'_>) -> Phrase {
    if could_read(view) {
        say::MEASURED_NONE
    } else {
        say::MEASURED_NOT
    }
}

fn name(view: &View<'_>, connections: &[Link<'_>]) -> String {
    let Some(stream) = connections
        .first()
        .and_then(|c| view.trace.stream(c.forward))
    else {
        if datagrams::shown(view) {
            return datagrams::name(view);
        }
        return view.say(say::PIPE_NAME_EMPTY).to_owned();
    };
    let state = state_of(view, stream.id);
    let levels = Levels::of(view, stream);
    let figure = |n: Option<u64>| n.map_or(no_reading(view).to_owned(), bytes);
    view.fill(
        say::PIPE_NAME,
        &[
            (
                "from",
                &words::actor_name(
                    view.trace,
                    attacker::upstream(view, stream).unwrap_or(stream).from,
                    view.lang,
                ),
            ),
            ("to", &words::actor_name(view.trace, stream.to, view.lang)),
            ("unsent", &figure(levels.unsent)),
            ("unacked", &figure(levels.unacked)),
            ("unread", &figure(levels.unread)),
            (
                "sent",
                &attacker::upstream(view, stream)
                    .map_or(state, |up| state_of(view, up.id))
                    .sent,
            ),
            ("received", &state.received),
        ],
    )
}

/// What the kernel last said of one direction; `None` = not readable.
struct Levels {
    unsent: Option<u64>,
    /// Sent and not yet acknowledged, without the unsent ones.
    unacked: Option<u64>,
    unread: Option<u64>,
    from_open: bool,
    to_open: bool,
}

impl Levels {
    fn of(view: &View<'_>, stream: &Stream) -> Self {
        let socket = |id: Option<SocketId>| {
            id.and_then(|id| view.state.sockets.get(usize::from(id.0)))
                .copied()
        };
        // Behind a relay the sender is the program, not the relay.
        let sender = attacker::upstream(view, stream).unwrap_or(stream);
        let from = socket(sender.from_socket);
        let to = socket(stream.to_socket);
        let gauge = from.map(|s| s.gauge).unwrap_or_default();
        let receiver = to.map(|s| s.gauge).unwrap_or_default();
        let unsent = gauge.unsent.map(u64::from);
        Levels {
            unsent,
            unacked: gauge
                .unacked
                .map(|n| u64::from(n).saturating_sub(unsent.unwrap_or(0))),
            unread: receiver.unread.map(u64::from),
            from_open: from.is_none_or(|s| s.open),
            to_open: to.is_none_or(|s| s.open),
        }
    }
}

struct Pipe<'a, 'v> {
    view: &'a View<'v>,
    ui: &'a mut Ui,
    out: &'a mut Vec<Command>,
    lines: Lines,
}

impl Pipe<'_, '_> {
    /// One connection, or none yet: everything in full.
    fn one(&mut self, rect: Rect, connection: Option<&Link<'_>>) {
        let view = self.view;
        let top = top_line(view);
        if top > 0.0 {
            self.addresses(rect, connection);
        }
        let body = Rect::from_min_max(pos2(rect.left(), rect.top() + top), rect.max);
        let (client, server) = self.ends(connection);
        let gap = view.theme.gap(3.0);
        let card = (body.width() * 0.26).clamp(96.0, 230.0 * view.theme.scale);
        let left = Rect::from_min_size(body.min, vec2(card, body.height()));
        let right = Rect::from_min_max(pos2(body.right() - card, body.top()), body.max);
        let middle = Rect::from_min_max(
            pos2(left.right() + gap, body.top()),
            pos2(right.left() - gap, body.bottom()),
        );
        let forward = connection.and_then(|c| view.trace.stream(c.forward));
        let backward = connection
            .and_then(|c| view.trace.stream(c.backward))
            .filter(|s| state_of(view, s.id).sent > 0);
        self.card(left, client, backward);
        self.card(right, server, forward);
        match (forward, backward) {
            (Some(forward), Some(backward)) => {
                let half = middle.height() * 0.5;
                let (up, down) = middle.split_top_bottom_at_y(middle.top() + half);
                self.lane(up, forward, false, true);
                self.lane(down, backward, true, true);
            }
            (Some(forward), None) => self.lane(middle, forward, false, false),
            _ if datagrams::shown(view) => {
                datagrams::in_pipe(self.ui.painter(), view, middle, [client, server]);
            }
            _ => self.unconnected(middle),
        }
    }

    /// Who stands at the left and at the right.
    fn ends(&self, connection: Option<&Link<'_>>) -> (Option<ActorId>, Option<ActorId>) {
        if let Some(connection) = connection {
            let server = &connection.server;
            // Before accept() the connection stands, and one of ours is to get it.
            let accepts = || segment_text::listener(self.view.trace, &server.address);
            return (connection.client.actor, server.actor.or_else(accepts));
        }
        let first = |role| {
            let actors = &self.view.trace.meta().actors;
            actors
                .iter()
                .position(|a| a.role == role)
                .map(|i| ActorId(i as u8))
        };
        (
            first(crate::trace::Role::Client),
            first(crate::trace::Role::Server),
        )
    }

    fn addresses(&self, rect: Rect, connection: Option<&Link<'_>>) {
        let view = self.view;
        let theme = view.theme;
        let text = match connection {
            Some(c) => {
                let (client, server) = self.ends(connection);
                let direction = ruler::direction(view, client, server);
                let (client, server) = (&c.client.address, &c.server.address);
                match c.relay {
                    // Ports only: all four ends are on this computer.
                    Some((near, far)) => format!(
                        "{direction} · {}   {} → {} ┊ {} → {}",
                        view.say(attack::THROUGH),
                        port(client),
                        port(&near.address),
                        port(&far.address),
                        port(server)
                    ),
                    None => format!("{direction}   {client} → {server}"),
                }
            }
            None if datagrams::shown(view) => datagrams::caption(view).to_owned(),
            None => view.say(say::NO_CONNECTION).to_owned(),
        };
        let y = rect.top() + theme.sizes.small * 0.75;
        let mut room = rect.width();
        if let Some(stream) = connection.and_then(|c| view.trace.stream(c.forward)) {
            let levels = Levels::of(view, stream);
            let measured = levels.unread.is_some() || levels.unacked.is_some();
            let (word, colour) = if measured {
                (say::MEASURED, theme.colours.good)
            } else {
                (levels_unknown(view), theme.colours.warn)
            };
            let drawn = words::fitting(
                self.ui.painter(),
                pos2(rect.right(), y),
                Align2::RIGHT_CENTER,
                rect.width() * 0.4,
                &[view.say(word)],
                &theme.small(),
                colour,
            );
            room -= drawn.map_or(0.0, |r| r.width() + theme.gap(2.0));
        }
        words::elided(
            self.ui.painter(),
            pos2(rect.left(), y),
            Align2::LEFT_CENTER,
            room,
            &text,
            &theme.mono_small(),
            theme.colours.text_faint,
        );
    }

    fn unconnected(&self, middle: Rect) {
        let theme = self.view.theme;
        let painter = self.ui.painter();
        let y = middle.center().y;
        painter.extend(Shape::dashed_line(
            &[pos2(middle.left(), y), pos2(middle.right(), y)],
            Stroke::new(2.0, theme.colours.line),
            5.0,
            5.0,
        ));
        let text = self.view.say(say::NO_CONNECTION).to_owned();
        let galley = painter.layout(
            text,
            theme.body(),
            theme.colours.text_soft,
            middle.width() - 8.0,
        );
        let at = Align2::CENTER_CENTER.anchor_size(middle.center(), galley.size());
        painter.rect_filled(at.expand(6.0), 4, theme.colours.ground);
        painter.galley(at.min, galley, theme.colours.text_soft);
    }

    /// One direction: send buffer, wire, receive buffer. `back`: from right to left. `low`:
    /// half the height is another direction's.
    fn lane(&mut self, area: Rect, stream: &Stream, back: bool, low: bool) {
        let view = self.view;
        let theme = view.theme;
        let state = state_of(view, stream.id);
        let levels = Levels::of(view, stream);
        let captions = self.lines.small;
        let below = if view.presenter || low {
            1.0
        } else if area.height() > 6.0 * captions {
            3.0
        } else {
            2.0
        };
        let box_height = (area.height() - captions * (1.0 + below) - theme.gap(1.0))
            .clamp(self.lines.chips * LEAST_CHIPS, 130.0 * theme.scale);
        let top = area.top() + captions;
        let y = Rangef::new(top, top + box_height);
        let sender = attacker::upstream(view, stream);
        // The attacker needs more room than a wire.
        let (sending, receiving) = match sender {
            None => ((area.width() * 0.30).min(150.0 * theme.scale), 0.53),
            Some(_) if view.presenter => ((area.width() * 0.26).min(130.0 * theme.scale), 0.36),
            Some(_) => ((area.width() * 0.26).min(130.0 * theme.scale), 0.40),
        };
        let receiving = area.width() * receiving;
        let mirrored = |from: f32, to: f32| {
            if back {
                Rect::from_x_y_ranges(area.right() - to..=area.right() - from, y)
            } else {
                Rect::from_x_y_ranges(area.left() + from..=area.left() + to, y)
            }
        };
        let from = mirrored(0.0, sending);
        let wire = mirrored(sending, area.width() - receiving);
        let to = mirrored(area.width() - receiving, area.width());

        let unacknowledged = levels.unacked.unwrap_or(0) + levels.unsent.unwrap_or(0);
        let waiting = match levels.unread {
            Some(n) => n.min(state.sent - state.received.min(state.sent)),
            None => 0,
        };
        let peak = stream
            .to_socket
            .and_then(|s| view.state.sockets.get(usize::from(s.0)))
            .map_or(0, |s| u64::from(s.peak_unread));
        let first = stream.messages().get(0);
        let typical = (first.end - first.start).max(1);
        let full = round_up(
            peak.max(waiting)
                .max(unacknowledged.min(state_of(view, sender.unwrap_or(stream).id).sent))
                .max(typical * 4) as f64,
        );

        if sender.is_some() {
            attacker::in_pipe(self.ui, view, wire, stream, back);
        } else {
            self.wire(wire, back, low);
        }
        let sender = sender.unwrap_or(stream);
        let sent = state_of(view, sender.id).sent;
        self.buffer(
            from,
            sender,
            (sent.saturating_sub(unacknowledged), sent),
            full,
            back,
            theme.colours.line_strong,
            "send buffer",
        );
        self.buffer(
            to,
            stream,
            (state.received, state.received + waiting),
            full,
            back,
            words::actor_colour(view, stream.to),
            "receive buffer",
        );
        self.captions(
            area,
            from,
            to,
            stream,
            &levels,
            full,
            back,
            below,
            waiting > 0 || unacknowledged > 0,
        );
        if !back {
            for (part, buffer) in [(Focus::SendBuffer, from), (Focus::ReceiveBuffer, to)] {
                if view.points_at(part) {
                    words::pointed(self.ui.painter(), theme, buffer);
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one drawing")]
    fn captions(
        &self,
        area: Rect,
        from: Rect,
        to: Rect,
        stream: &Stream,
        levels: &Levels,
        full: f64,
        back: bool,
        below: f32,
        holds: bool,
    ) {
        let view = self.view;
        let theme = view.theme;
        let painter = self.ui.painter();
        let small = theme.small();
        let above = |rect: Rect, phrases: [Phrase; 3], room: f32| {
            words::fitting(
                painter,
                pos2(rect.left() + 1.0, area.top() + self.lines.small * 0.45),
                Align2::LEFT_CENTER,
                room,
                &phrases.map(|phrase| view.say(phrase)),
                &small,
                theme.colours.text_soft,
            );
        };
        // The caption of the narrower one may run on above the wire.
        let wire = if back {
            from.left() - to.right()
        } else {
            to.left() - from.right()
        };
        above(
            from,
            [
                say::SEND_BUFFER,
                say::SEND_BUFFER_SHORT,
                say::SEND_BUFFER_SHORTEST,
            ],
            from.width() + if back { 0.0 } else { wire - 6.0 },
        );
        above(
            to,
            [
                say::RECEIVE_BUFFER,
                say::RECEIVE_BUFFER_SHORT,
                say::RECEIVE_BUFFER_SHORTEST,
            ],
            to.width() + if back { wire - 6.0 } else { 0.0 },
        );
        let figure = |phrase: Phrase, value: Option<u64>, open: bool| {
            // Where there is no figure that alone is said, not of what there is none.
            match value {
                _ if !open => view.say(say::SOCKET_CLOSED).to_owned(),
                Some(n) => view.fill(
                    say::FIGURE,
                    &[("what", &view.say(phrase)), ("bytes", &bytes(n))],
                ),
                None => no_reading(view).to_owned(),
            }
        };
        let line = |rect: Rect, n: f32, text: &str, colour: Color32| {
            words::elided(
                painter,
                pos2(
                    rect.left() + 1.0,
                    from.bottom() + theme.gap(0.5) + self.lines.small * (n + 0.5),
                ),
                Align2::LEFT_CENTER,
                rect.width() - 1.0,
                text,
                &small,
                colour,
            );
        };
        // The figures of the sender may run on under the wire.
        let under_from = if back {
            Rect::from_min_max(pos2(to.right() + 4.0, from.top()), from.max)
        } else {
            Rect::from_min_max(from.min, pos2(to.left() - 4.0, from.bottom()))
        };
        let soft = theme.colours.text_soft;
        let unread = figure(say::UNREAD, levels.unread, levels.to_open);
        // A figure is never cut: rather the figure alone, under the caption of its buffer.
        let alone = match levels.unread {
            _ if !levels.to_open => view.say(say::CLOSED).to_owned(),
            Some(n) => bytes(n),
            None => "?".to_owned(),
        };
        let at = pos2(
            to.left() + 1.0,
            from.bottom() + theme.gap(0.5) + self.lines.small * 0.5,
        );
        if words::fitting(
            painter,
            at,
            Align2::LEFT_CENTER,
            to.width() - 1.0,
            &[unread.clone(), alone],
            &small,
            theme.colours.text,
        )
        .is_none()
        {
            line(to, 0.0, &unread, theme.colours.text);
        }
        if view.presenter {
            return;
        }
        let value = |n: Option<u64>| match n {
            _ if !levels.from_open => view.say(say::CLOSED).to_owned(),
            Some(n) => bytes(n),
            None => "?".to_owned(),
        };
        let several = |n: f32, texts: &[String], colour: Color32, rect: Rect| {
            let at = pos2(
                rect.left() + 1.0,
                from.bottom() + theme.gap(0.5) + self.lines.small * (n + 0.5),
            );
            let width = rect.width() - 1.0;
            words::fitting(
                painter,
                at,
                Align2::LEFT_CENTER,
                width,
                texts,
                &small,
                colour,
            )
            .is_some()
        };
        let unsent = figure(say::UNSENT, levels.unsent, levels.from_open);
        let unacked = figure(say::UNACKED, levels.unacked, levels.from_open);
        if below < 2.0 {
            let short = view.fill(
                say::UNSENT_UNACKED_SHORT,
                &[
                    ("unsent", &value(levels.unsent)),
                    ("unacked", &value(levels.unacked)),
                ],
            );
            let texts = if unsent == unacked {
                // Neither has a figure, for one reason.
                [unsent, short]
            } else {
                [format!("{unsent} · {unacked}"), short]
            };
            if !several(0.0, &texts, soft, under_from) {
                line(under_from, 0.0, &unacked, soft);
            }
            return;
        }
        line(under_from, 0.0, &unsent, soft);
        if unsent != unacked {
            let short = figure(say::UNACKED_SHORT, levels.unacked, true);
            several(1.0, &[unacked, short], soft, under_from);
        }
        let sizes = self.size(stream);
        if !several(1.0, &sizes, theme.colours.text_faint, to)
            && let Some(last) = sizes.last()
        {
            line(to, 1.0, last, theme.colours.text_faint);
        }
        // What the width stands for says nothing of an empty buffer.
        if below > 2.0 && holds {
            let full = bytes(full as u64);
            let texts = [say::WIDTH_IS, say::WIDTH_IS_SHORT]
                .map(|phrase| view.fill(phrase, &[("bytes", &full)]));
            several(2.0, &texts, theme.colours.text_faint, to);
        }
    }

    /// Asked and granted size of the receive buffer; set on the listener, it is inherited.
    fn size(&self, stream: &Stream) -> Vec<String> {
        let view = self.view;
        let sockets = view.trace.sockets();
        let own = stream
            .to_socket
            .and_then(|id| sockets.get(usize::from(id.0)));
        let of = |socket: &crate::trace::SocketInfo| {
            socket
                .options
                .iter()
                .rev()
                .find(|(event, name, ..)| *event < view.k && name == "SO_RCVBUF")
                .map(|(_, _, asked, granted)| (*asked, *granted))
        };
        let reading = own.and_then(of).or_else(|| {
            sockets
                .iter()
                .filter(|s| s.listening && Some(s.actor) == stream.to)
                .find_map(of)
        });
        let figure = |n: i64| grouped(n.max(0) as u64);
        match reading {
            Some((asked, Some(granted))) => {
                let mut texts = Vec::new();
                if let Some(asked) = asked {
                    texts.push(view.fill(
                        say::GRANTED,
                        &[("asked", &figure(asked)), ("granted", &figure(granted))],
                    ));
                }
                texts.push(view.fill(say::GRANTED_ONLY, &[("granted", &figure(granted))]));
                texts
            }
            _ => vec![view.say(say::SYSTEM_SIZED).to_owned()],
        }
    }

    fn wire(&self, rect: Rect, back: bool, low: bool) {
        let theme = self.view.theme;
        let painter = self.ui.painter();
        let y = rect.center().y;
        let thick = 8.0 * theme.scale.sqrt();
        painter.rect_filled(
            Rect::from_x_y_ranges(rect.x_range(), y - thick / 2.0..=y + thick / 2.0),
            0,
            theme.colours.line,
        );
        let (tip, along) = if back {
            (rect.left(), 7.0)
        } else {
            (rect.right(), -7.0)
        };
        painter.add(Shape::convex_polygon(
            vec![
                pos2(tip, y),
                pos2(tip + along, y - thick),
                pos2(tip + along, y + thick),
            ],
            theme.colours.line_strong,
            Stroke::NONE,
        ));
        // In a low pipe the caption would stand in the row of the buffers' captions.
        if !low && rect.height() > 2.0 * (theme.sizes.small * 1.3 + thick) {
            words::fitting(
                painter,
                pos2(rect.center().x, y - thick - 3.0),
                Align2::CENTER_BOTTOM,
                rect.width() - 10.0,
                &[self.view.say(say::WIRE)],
                &theme.small(),
                theme.colours.text_faint,
            );
        }
    }

    /// A buffer with bytes `span` in it; its width stands for `full` bytes.
    #[expect(clippy::too_many_arguments, reason = "the parts of one drawing")]
    fn buffer(
        &mut self,
        rect: Rect,
        stream: &Stream,
        span: (u64, u64),
        full: f64,
        back: bool,
        edge: Color32,
        what: &str,
    ) {
        let view = self.view;
        let theme = view.theme;
        let (start, end) = span;
        self.ui.painter().rect(
            rect,
            theme.radius(),
            theme.colours.sunken,
            Stroke::new(1.5, edge),
            StrokeKind::Inside,
        );
        let inner = rect.shrink(5.0);
        if start >= end {
            words::fitting(
                self.ui.painter(),
                rect.center(),
                Align2::CENTER_CENTER,
                rect.width() - 6.0,
                &[view.say(say::EMPTY)],
                &theme.small(),
                theme.colours.text_faint,
            );
            return;
        }
        // The byte that leaves first stands at the far end, towards the reader.
        let axis = Axis {
            flipped: !back,
            ..Axis::over(inner, start as f64, start as f64 + full)
        };
        let height = inner.height().min(64.0 * theme.scale);
        let y = Rangef::new(
            inner.center().y - height / 2.0,
            inner.center().y + height / 2.0,
        );
        let painter = self.ui.painter().with_clip_rect(inner.expand(1.0));
        strip::paint(&painter, stream, theme, &axis, y, start, end, Label::Number);
        let area = strip::between(&axis, y, start, end).intersect(inner);
        if let Some(selection) = view.selection
            && selection.touches(stream.id, start, end)
        {
            let lit = strip::between(&axis, y, selection.start.max(start), selection.end.min(end));
            painter.rect_stroke(
                lit,
                3,
                Stroke::new(2.5, theme.colours.select),
                StrokeKind::Inside,
            );
        }
        let id = Id::unique((what, stream.id));
        let label = view.fill(
            say::WAITS_HERE,
            &[
                ("bytes", &bytes(end - start)),
                ("what", &words::contents(view.lang, stream, start, end)),
            ],
        );
        self.pick(area, id, &label, stream.id, (start, end), None);
    }

    /// An area that stands for bytes: named, with a tooltip, and chosen by a click.
    fn pick(
        &mut self,
        area: Rect,
        id: Id,
        label: &str,
        stream: StreamId,
        (start, end): (u64, u64),
        event: Option<EventId>,
    ) {
        let response = self.ui.interact(area, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
        if response.clicked() {
            self.out.push(Command::Select(Some(Selection {
                stream,
                start,
                end,
                event,
            })));
        }
        if response.has_focus() {
            self.ui.painter().rect_stroke(
                area,
                3,
                Stroke::new(2.0, self.view.theme.colours.select),
                StrokeKind::Outside,
            );
        }
        response.on_hover_text_at_pointer(label);
    }

    /// An actor: what it is doing, what its last call gave. `incoming`: the stream it reads,
    /// for its decoder.
    fn card(&mut self, rect: Rect, actor: Option<ActorId>, incoming: Option<&Stream>) {
        let view = self.view;
        let theme = view.theme;
        let colours = &theme.colours;
        let colour = words::actor_colour(view, actor);
        let name = words::actor_name(view.trace, actor, view.lang);
        let state = actor
            .and_then(|a| view.state.actors.get(usize::from(a.0)))
            .copied()
            .unwrap_or_default();
        let external = actor.is_none_or(|a| {
            view.trace
                .meta()
                .actors
                .get(usize::from(a.0))
                .is_some_and(|m| m.external)
        });
        let words_of = Doing::of(view, &state, external);
        let node = self
            .ui
            .interact(rect, Id::unique(("card", actor)), Sense::hover());
        node.widget_info(|| {
            WidgetInfo::labeled(
                Role::Label,
                true,
                view.fill(
                    say::ACTOR_NAME,
                    &[("actor", &name), ("what", &words_of.sentence(view))],
                ),
            )
        });
        self.ui.painter().rect(
            rect,
            theme.radius(),
            colours.card,
            Stroke::new(1.5, colour),
            StrokeKind::Inside,
        );
        let pad = self.lines.pad;
        let side = if rect.width() < 6.0 * self.lines.text {
            pad * 0.75
        } else {
            pad * 1.25
        };
        let spare = rect.height() - 3.0 * self.lines.text - self.lines.chips;
        let inner = rect.shrink2(vec2(side, pad.min(spare / 2.0).max(LEAST_PAD)));
        let painter = self.ui.painter().with_clip_rect(rect);
        let mut y = inner.top();
        let width = inner.width();
        let (text, small, chips) = (self.lines.text, self.lines.small, self.lines.chips);
        // In a low card, what was merged comes before how the call stands.
        let need = 4.0 * text + small + chips + 4.0;
        let tight = words_of.moved.is_some() && inner.height() + 2.0 < need;
        let mut row = |height: f32| -> Option<f32> {
            let middle = y + height / 2.0;
            (y + height <= inner.bottom() + 2.0).then(|| {
                y += height;
                middle
            })
        };
        // Name and badge.
        if let Some(middle) = row(text) {
            let badge = words_of.badge.map(|phrase| view.say(phrase));
            let mut room = width;
            if let Some(badge) = badge {
                // The name comes first.
                let named = painter
                    .layout_no_wrap(name.clone(), theme.heading(), colour)
                    .size()
                    .x;
                let drawn = words::fitting(
                    &painter,
                    pos2(inner.right(), middle),
                    Align2::RIGHT_CENTER,
                    (width - named - pad).min(width * 0.6),
                    &[badge],
                    &theme.small(),
                    colours.text_soft,
                );
                room -= drawn.map_or(0.0, |r| r.width() + pad);
            }
            words::elided(
                &painter,
                pos2(inner.left(), middle),
                Align2::LEFT_CENTER,
                room,
                &name,
                &theme.heading(),
                colour,
            );
        }
        // The call under way, or the last one.
        if let Some(call) = &words_of.call
            && let Some(middle) = row(text)
        {
            if words_of.blocked.is_some() {
                let band = Rect::from_x_y_ranges(
                    rect.x_range().shrink(2.0),
                    middle - text / 2.0..=middle + text / 2.0,
                );
                painter.rect_filled(band, 0, colours.warn_fill);
                pattern::hatch(
                    &painter,
                    band,
                    colours.warn.gamma_multiply(0.28),
                    theme.scale,
                );
            }
            words::elided(
                &painter,
                pos2(inner.left(), middle),
                Align2::LEFT_CENTER,
                width,
                call,
                &theme.mono(),
                if words_of.running {
                    colours.text
                } else {
                    colours.text_soft
                },
            );
        }
        // How it stands.
        let idle = words_of.running && words_of.blocked.is_none();
        if let Some((texts, tone)) = words_of.line(view)
            && !(tight && idle)
            && let Some(middle) = row(text)
        {
            let font = if words_of.blocked.is_some() {
                theme.strong()
            } else {
                theme.body()
            };
            // A figure is never cut: rather the figure alone.
            let at = pos2(inner.left(), middle);
            if words::fitting(
                &painter,
                at,
                Align2::LEFT_CENTER,
                width,
                &texts,
                &font,
                tone,
            )
            .is_none()
                && let Some(line) = texts.last()
            {
                words::elided(&painter, at, Align2::LEFT_CENTER, width, line, &font, tone);
            }
        }
        // What the last call moved.
        if let Some(moved) = words_of.moved {
            if words_of.running
                && !view.presenter
                && !(tight && words_of.blocked.is_some())
                && let Some(middle) = row(small)
            {
                words::fitting(
                    &painter,
                    pos2(inner.left(), middle),
                    Align2::LEFT_CENTER,
                    width,
                    &words_of.last_lines(view),
                    &theme.small(),
                    colours.text_soft,
                );
            }
            if let Some(stream) = view.trace.stream(moved.stream)
                && let Some(middle) = row(chips + 4.0)
            {
                let band = Rect::from_x_y_ranges(
                    inner.x_range(),
                    middle - chips / 2.0..=middle + chips / 2.0,
                );
                let axis = Axis::over(band, moved.start as f64, moved.end as f64);
                // A single message need not fill the card.
                let messages = stream.messages().overlapping(moved.start, moved.end).len();
                let wish = (messages.max(1) as f32) * chips * 1.6;
                let axis = Axis {
                    right: axis.left + wish.min(width),
                    ..axis
                };
                strip::paint(
                    &painter,
                    stream,
                    theme,
                    &axis,
                    band.y_range(),
                    moved.start,
                    moved.end,
                    Label::Number,
                );
                let label = view.fill(
                    say::MOVED,
                    &[
                        ("bytes", &bytes(moved.end - moved.start)),
                        (
                            "what",
                            &words::contents(view.lang, stream, moved.start, moved.end),
                        ),
                    ],
                );
                let area = Rect::from_x_y_ranges(axis.left..=axis.right, band.y_range());
                self.pick(
                    area,
                    Id::unique(("last result", actor)),
                    &label,
                    stream.id,
                    (moved.start, moved.end),
                    Some(moved.event),
                );
                if let Some((texts, tone)) = note(view, stream, &moved)
                    && let Some(middle) = row(text)
                {
                    words::fitting(
                        &painter,
                        pos2(inner.left(), middle),
                        Align2::LEFT_CENTER,
                        width + pad,
                        &texts,
                        &theme.strong(),
                        tone,
                    );
                }
            }
        }
        if view.presenter {
            return;
        }
        // At the foot: the decoder and its messages, or the totals.
        let foot = match incoming {
            Some(stream)
                if stream.frames().len_at(view.k) > 0 || state_of(view, stream.id).errors > 0 =>
            {
                small + chips
            }
            _ => small,
        };
        if y + foot > inner.bottom() + 2.0 {
            // In little room an error of the decoder comes before its name.
            let failed = incoming.is_some_and(|s| state_of(view, s.id).errors > 0);
            if failed && y + small <= inner.bottom() + 4.0 {
                words::elided(
                    &painter,
                    pos2(inner.left(), inner.bottom() - small / 2.0 + 2.0),
                    Align2::LEFT_CENTER,
                    width,
                    view.say(say::DECODER_ERROR_SHORT),
                    &theme.strong(),
                    colours.bad,
                );
            }
            return;
        }
        let mut foot_top = inner.bottom() - foot;
        if let Some(stream) = incoming {
            // Who reads the other way round decodes something else than was agreed.
            let read = if view.swapped {
                view.framing.swapped()
            } else {
                view.framing.clone()
            };
            let phrase = if read == *view.framing {
                say::DECODER
            } else {
                say::DECODER_SWAPPED
            };
            let name = strategies::name(view.framing, view.lang);
            let text = view.fill(phrase, &[("framing", &name)]);
            let short = if read != *view.framing {
                read.to_string()
            } else if matches!(read, FramingSpec::Escaped { .. }) {
                name
            } else {
                // Without what it has in brackets or after a comma.
                let brief = name.split(['（', '(', '，', ',']).next();
                brief.unwrap_or_default().trim_end().to_owned()
            };
            let short = view.fill(say::DECODER, &[("framing", &short)]);
            let at = pos2(inner.left(), foot_top + small / 2.0);
            let letters = theme.small();
            let faint = colours.text_faint;
            if words::fitting(
                &painter,
                at,
                Align2::LEFT_CENTER,
                width,
                &[text, short.clone()],
                &letters,
                faint,
            )
            .is_none()
            {
                words::elided(
                    &painter,
                    at,
                    Align2::LEFT_CENTER,
                    width,
                    &short,
                    &letters,
                    faint,
                );
            }
            foot_top += small;
            if foot > small {
                decoded(
                    view,
                    &painter,
                    Rect::from_min_max(pos2(inner.left(), foot_top + 2.0), inner.max),
                    stream,
                );
            }
        } else if state.facts.bytes_out > 0 {
            let count = view.fill(say::COUNT_SENDS, &[("n", &state.facts.sends)]);
            let text = view.fill(
                say::SENT_SO_FAR,
                &[
                    ("messages", &count),
                    ("bytes", &bytes(state.facts.bytes_out)),
                ],
            );
            words::elided(
                &painter,
                pos2(inner.left(), foot_top + small / 2.0),
                Align2::LEFT_CENTER,
                width,
                &text,
                &theme.small(),
                colours.text_faint,
            );
        }
    }

    /// Several clients: one row each, the server beside them.
    /// Several clients: a line for each, and the server beside them. Where each connection has a
    /// thread of its own, that stands at the end of its line.
    fn many(&mut self, rect: Rect, connections: &[Link<'_>], waiting: &[ActorId]) {
        let view = self.view;
        let theme = view.theme;
        let card = (rect.width() * 0.26).clamp(110.0, 230.0 * theme.scale);
        let gap = theme.gap(2.0);
        let right = Rect::from_min_max(pos2(rect.right() - card, rect.top()), rect.max);
        let newest = connections
            .iter()
            .rev()
            .find(|c| state_of(view, c.forward).received > 0)
            .or(connections.first());
        let (_, server) = self.ends(newest);
        match server.and_then(|server| view.trace.meta().thread_of(server)) {
            Some(listens) => self.card(right, Some(listens), None),
            None => self.card(
                right,
                server,
                newest.and_then(|c| view.trace.stream(c.forward)),
            ),
        }
        let left = Rect::from_min_max(rect.min, pos2(right.left() - gap, rect.bottom()));
        let least = self.lines.row();
        let rows = ((left.height() / least) as usize).max(1);
        let all = connections.len() + waiting.len();
        let shown = if all <= rows {
            all
        } else {
            rows.saturating_sub(1).max(1)
        };
        let height = (left.height() / (shown + usize::from(shown < all)) as f32).min(least * 1.6);
        for i in 0..shown {
            let top = left.top() + i as f32 * height;
            let row = Rect::from_min_max(
                pos2(left.left(), top),
                pos2(left.right(), top + height - gap * 0.5),
            );
            match connections.get(i) {
                Some(connection) => self.row(row, connection),
                None => self.lonely(row, waiting[i - connections.len()]),
            }
        }
        if shown < all {
            let top = left.top() + shown as f32 * height;
            let text = view.fill(say::MORE_CONNECTIONS, &[("n", &(all - shown))]);
            words::elided(
                self.ui.painter(),
                pos2(left.left(), top + self.lines.small * 0.6),
                Align2::LEFT_CENTER,
                left.width(),
                &text,
                &theme.small(),
                theme.colours.text_soft,
            );
        }
    }

    /// A client without a connection.
    fn lonely(&mut self, row: Rect, client: ActorId) {
        let view = self.view;
        let theme = view.theme;
        let split = row.left() + row.width() * 0.42;
        let (who, rest) = row.split_left_right_at_x(split);
        self.who(who, Some(client), ("row", client.0.into()));
        let y = row.center().y;
        let painter = self.ui.painter();
        painter.extend(Shape::dashed_line(
            &[pos2(rest.left(), y), pos2(rest.right(), y)],
            Stroke::new(1.5, theme.colours.line),
            5.0,
            5.0,
        ));
        let text = view.say(say::NO_CONNECTION).to_owned();
        let galley = painter.layout_no_wrap(text, theme.small(), theme.colours.text_soft);
        let at = Align2::CENTER_CENTER.anchor_size(rest.center(), galley.size());
        if at.width() < rest.width() {
            painter.rect_filled(at.expand(3.0), 2, theme.colours.ground);
            painter.galley(at.min, galley, theme.colours.text_soft);
        }
    }

    /// An actor in little room: its name, and what it does.
    fn who(&mut self, area: Rect, actor: Option<ActorId>, id: (&str, u64)) {
        let view = self.view;
        let theme = view.theme;
        let own = actor
            .and_then(|a| view.state.actors.get(usize::from(a.0)))
            .copied()
            .unwrap_or_default();
        let doing = Doing::of(view, &own, actor.is_none());
        let name = words::actor_name(view.trace, actor, view.lang);
        let node = self.ui.interact(area, Id::unique(id), Sense::hover());
        node.widget_info(|| {
            WidgetInfo::labeled(
                Role::Label,
                true,
                view.fill(
                    say::ACTOR_NAME,
                    &[("actor", &name), ("what", &doing.sentence(view))],
                ),
            )
        });
        let painter = self.ui.painter();
        let colour = words::actor_colour(view, actor);
        let mark = Rect::from_min_max(area.min, pos2(area.left() + 3.0, area.bottom()));
        painter.rect_filled(mark, 1, colour);
        let x = area.left() + theme.gap(2.0);
        words::elided(
            painter,
            pos2(x, area.top() + self.lines.text * 0.45),
            Align2::LEFT_CENTER,
            area.right() - x - 4.0,
            &name,
            &theme.strong(),
            colour,
        );
        // That it is blocked comes before in which call.
        let (text, short) = match (&doing.blocked, &doing.call) {
            (Some(time), Some(call)) => {
                let time = duration(*time);
                let blocked = view.fill(say::BLOCKED_FOR, &[("time", &time)]);
                (format!("{call} · {blocked}"), vec![blocked, time])
            }
            (None, Some(call)) => (call.clone(), Vec::new()),
            _ => {
                let badge = doing.badge.map_or("", |p| view.say(p));
                (badge.to_owned(), Vec::new())
            }
        };
        let at = pos2(x, area.bottom() - self.lines.small * 0.5);
        let width = area.right() - x - 4.0;
        let font = theme.mono_small();
        let colour = if doing.blocked.is_some() {
            theme.colours.warn
        } else {
            theme.colours.text_soft
        };
        let put = |texts: &[String], font: &FontId| {
            words::fitting(painter, at, Align2::LEFT_CENTER, width, texts, font, colour).is_some()
        };
        let long = std::slice::from_ref(&text);
        if !put(long, &font) && !put(&short, &theme.small()) {
            words::elided(
                painter,
                at,
                Align2::LEFT_CENTER,
                width,
                &text,
                &font,
                colour,
            );
        }
    }

    fn row(&mut self, row: Rect, connection: &Link<'_>) {
        let view = self.view;
        let theme = view.theme;
        let Some(stream) = view.trace.stream(connection.forward) else {
            return;
        };
        let state = state_of(view, stream.id);
        let levels = Levels::of(view, stream);
        let thread = connection
            .server
            .actor
            .filter(|server| view.trace.meta().thread_of(*server).is_some());
        let (client, right) = match thread {
            Some(_) => (0.33, row.right() - row.width() * 0.33),
            None => (0.42, row.right()),
        };
        let split = row.left() + row.width() * client;
        let number = u64::from(connection.forward.0);
        // Its line must not touch what stands under the buffer.
        let area = Rect::from_min_max(row.min, pos2(split - theme.gap(2.0), row.bottom()));
        self.who(area, connection.client.actor, ("row", number));
        if thread.is_some() {
            let area = Rect::from_min_max(pos2(right + theme.gap(2.0), row.top()), row.max);
            self.who(area, thread, ("thread", number));
        }
        let buffer = Rect::from_min_max(
            pos2(split, row.top()),
            pos2(right, row.bottom() - self.lines.small),
        );
        // Before accept() nobody has the socket whose buffer it is; what was sent waits in it.
        let server = connection.server;
        let ours = segment_text::listener(view.trace, &server.address).is_some();
        let accepted = server.socket.is_some() || !ours;
        let sent = state.sent.saturating_sub(state.received);
        let waiting = if accepted {
            levels.unread.unwrap_or(0).min(sent)
        } else {
            sent
        };
        let first = stream.messages().get(0);
        let full = round_up(waiting.max((first.end - first.start) * 4).max(16) as f64);
        self.buffer(
            buffer,
            stream,
            (state.received, state.received + waiting),
            full,
            false,
            theme.colours.line_strong,
            "receive buffer",
        );
        let say = |phrase: Phrase| view.say(phrase).to_owned();
        let texts = match levels.unread {
            _ if !accepted => vec![
                say(say::NOT_ACCEPTED),
                say(say::NOT_ACCEPTED_SHORT),
                say(say::NOT_ACCEPTED_SHORTEST),
            ],
            _ if !levels.to_open => vec![say(say::SOCKET_CLOSED), say(say::CLOSED)],
            Some(n) => vec![
                view.fill(
                    say::FIGURE,
                    &[("what", &view.say(say::UNREAD)), ("bytes", &bytes(n))],
                ),
                bytes(n),
            ],
            None => vec![no_reading(view).to_owned(), "?".to_owned()],
        };
        words::fitting(
            self.ui.painter(),
            pos2(split, row.bottom() - self.lines.small * 0.45),
            Align2::LEFT_CENTER,
            right - split,
            &texts,
            &theme.small(),
            theme.colours.text_soft,
        );
    }
}

/// `:40000` of `127.0.0.1:40000`.
fn port(address: &str) -> &str {
    address.rfind(':').map_or(address, |at| &address[at..])
}

/// Bytes that a call moved.
#[derive(Clone, Copy)]
struct Moved {
    stream: StreamId,
    start: u64,
    end: u64,
    event: EventId,
    received: bool,
}

/// What an actor does, ready to be said.
struct Doing {
    badge: Option<Phrase>,
    call: Option<String>,
    /// The call in `call` has not returned.
    running: bool,
    /// For how long the kernel has held it.
    blocked: Option<u64>,
    last_call: Option<String>,
    result: Option<Outcome>,
    moved: Option<Moved>,
}

/// How the last call ended.
enum Outcome {
    Bytes(u64),
    End,
    Ok,
    /// The system's words, and the name and the number of the error where it has them.
    Failed(String, Vec<String>),
    AfterStop,
}

impl Doing {
    fn of(view: &View<'_>, state: &ActorState, external: bool) -> Self {
        let trace = view.trace;
        let badge = if external {
            Some(say::EXTERNAL)
        } else if state.ended {
            Some(say::ENDED)
        } else if !state.started {
            Some(say::NOT_STARTED)
        } else if state.current.is_none() {
            Some(say::READY)
        } else {
            None
        };
        let last = last_socket_call(view, state);
        let last_call = last
            .map(|e| trace.event(e).link)
            .map(|begin| call_text(trace, begin));
        let current = state.current.map(|begin| call_text(trace, begin));
        let mut moved = None;
        let result = last.map(|id| {
            let event = trace.event(id);
            let call = event.call();
            if event.has(flag::AFTER_STOP) && event.b <= 0 {
                return Outcome::AfterStop;
            }
            if event.errno().is_some() {
                let number = event.errno().unwrap_or(0);
                let text = match trace.detail(id) {
                    Some(Detail::Error(text)) => text.clone(),
                    _ => number.to_string(),
                };
                let name = errno(&trace.meta().platform, number);
                let short = name.map_or_else(Vec::new, |(name, _)| {
                    vec![name.to_owned(), format!("errno {number}")]
                });
                return Outcome::Failed(text, short);
            }
            let receives = call.is_some_and(Call::receives);
            if receives || call.is_some_and(Call::sends) {
                let count = event.b.max(0) as u64;
                if let Some(stream) = trace.stream_of(id)
                    && count > 0
                {
                    moved = Some(Moved {
                        stream,
                        start: event.a,
                        end: event.a + count,
                        event: id,
                        received: receives,
                    });
                }
                if receives && count == 0 {
                    Outcome::End
                } else {
                    Outcome::Bytes(count)
                }
            } else {
                Outcome::Ok
            }
        });
        Doing {
            badge,
            running: current.is_some(),
            blocked: state
                .current
                .and(state.blocked_since)
                .map(|since| view.now().saturating_sub(since)),
            call: current.or_else(|| last_call.clone()),
            last_call,
            result,
            moved,
        }
    }

    fn outcome(&self, view: &View<'_>) -> Option<String> {
        self.result.as_ref().map(|result| match result {
            Outcome::Bytes(n) => view.fill(say::RETURNED_BYTES, &[("bytes", &bytes(*n))]),
            Outcome::End => view.say(say::RETURNED_END).to_owned(),
            Outcome::Ok => view.say(say::RETURNED_OK).to_owned(),
            Outcome::Failed(error, _) => view.fill(say::FAILED, &[("error", error)]),
            Outcome::AfterStop => view.say(say::AFTER_STOP).to_owned(),
        })
    }

    /// The line under the call, longest first, with its colour.
    fn line(&self, view: &View<'_>) -> Option<(Vec<String>, Color32)> {
        let colours = &view.theme.colours;
        if let Some(time) = self.blocked {
            let time = duration(time);
            let long = view.fill(say::BLOCKED_FOR, &[("time", &time)]);
            return Some((vec![long, time], colours.warn));
        }
        if self.running {
            if view.presenter {
                return None;
            }
            let text = view.say(say::IN_CALL).to_owned();
            return Some((vec![text], colours.text_soft));
        }
        let colour = match self.result {
            Some(Outcome::Failed(..)) => colours.bad,
            _ => colours.text,
        };
        let short = match &self.result {
            Some(Outcome::Bytes(n)) if *n > 0 => vec![format!("→ {}", bytes(*n))],
            Some(Outcome::End) => vec![view.say(say::RETURNED_END_SHORT).to_owned()],
            Some(Outcome::Failed(_, short)) => short.clone(),
            _ => Vec::new(),
        };
        self.outcome(view)
            .map(|text| (iter::once(text).chain(short).collect(), colour))
    }

    /// The last call with its result, longest first.
    fn last_lines(&self, view: &View<'_>) -> Vec<String> {
        match (&self.last_call, self.outcome(view)) {
            (Some(call), Some(what)) => vec![
                view.fill(say::LAST_RESULT, &[("call", call), ("what", &what)]),
                view.fill(say::LAST_SHORT, &[("what", &what)]),
                what,
            ],
            _ => Vec::new(),
        }
    }

    /// Everything in one sentence, for the accessible name.
    fn sentence(&self, view: &View<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(self.call.clone());
        let line = self.line(view);
        parts.extend(line.and_then(|(texts, _)| texts.into_iter().next()));
        if self.running && self.last_call.is_some() {
            parts.extend(self.last_lines(view).into_iter().next());
        }
        if let Some(moved) = &self.moved
            && let Some(stream) = view.trace.stream(moved.stream)
        {
            parts.push(words::contents(view.lang, stream, moved.start, moved.end));
        }
        parts.extend(self.badge.map(|phrase| view.say(phrase).to_owned()));
        parts.join(", ")
    }
}

/// The Return of the actor's last socket call: a `sleep` after a recv must not hide what the
/// recv gave. Looks back over a few calls only.
fn last_socket_call(view: &View<'_>, state: &ActorState) -> Option<EventId> {
    let trace = view.trace;
    let last = state.last.filter(|&e| e < view.k)?;
    let is_socket_call = |e: EventId| trace.event(e).call().is_some_and(Call::is_socket_call);
    if is_socket_call(last) {
        return Some(last);
    }
    let calls = trace.calls(trace.event(last).actor);
    let count = calls.len_at(view.k);
    (count.saturating_sub(8)..count)
        .rev()
        .filter_map(|i| calls.get(i)?.end)
        .find(|&e| e < view.k && is_socket_call(e))
        .or(Some(last))
}

/// What to note of a recv's bytes: merged, or part of a message.
fn note(view: &View<'_>, stream: &Stream, moved: &Moved) -> Option<([String; 2], Color32)> {
    if !moved.received {
        return None;
    }
    let messages = stream.messages().overlapping(moved.start, moved.end);
    let colours = &view.theme.colours;
    match messages.len() {
        0 => None,
        1 => {
            let message = stream.messages().get(messages.start);
            let whole = message.start >= moved.start && message.end <= moved.end;
            let n = u64::from(message.number) + 1;
            (!whole).then(|| {
                let texts = [say::SPLIT_NOTE, say::SPLIT_SHORT].map(|p| view.fill(p, &[("n", &n)]));
                (texts, colours.warn)
            })
        }
        n => {
            let texts = [say::MERGED_NOTE, say::MERGED_SHORT].map(|p| view.fill(p, &[("n", &n)]));
            Some((texts, colours.bad))
        }
    }
}

/// The decoder's latest frames: number and ✓, or ✗.
fn decoded(view: &View<'_>, painter: &Painter, area: Rect, stream: &Stream) {
    let theme = view.theme;
    let frames = stream.frames();
    let count = frames.len_at(view.k);
    let width = theme.sizes.small * 3.1;
    let mut area = area;
    // An error stands at the end of what came out, and what did gives way to it.
    let error = stream.errors().iter().take_while(|&&e| e < view.k).last();
    if let Some(&event) = error {
        let code = match view.trace.detail(event) {
            Some(Detail::Decode { code, .. }) => code.as_str(),
            _ => "",
        };
        let texts = [
            format!("✗ {}", view.say(words::decode_error(code))),
            view.say(say::DECODER_ERROR_SHORT).to_owned(),
        ];
        let frames_take = (width + 3.0) * count.min(2) as f32;
        let from = (area.right() - area.width() * 0.62).max(area.left() + frames_take);
        let plate = Rect::from_min_max(
            pos2(if count == 0 { area.left() } else { from }, area.top()),
            area.max,
        );
        painter.rect(
            plate,
            3,
            theme.colours.bad_fill,
            Stroke::new(1.0, theme.colours.bad),
            StrokeKind::Inside,
        );
        words::fitting(
            painter,
            plate.center(),
            Align2::CENTER_CENTER,
            plate.width() - 4.0,
            &texts,
            &theme.section(),
            theme.colours.bad,
        );
        area.max.x = plate.left() - 3.0;
        if count == 0 {
            return;
        }
    }
    let room = ((area.width() + 3.0) / (width + 3.0)).max(1.0) as usize;
    let shown = count.min(room);
    for (place, i) in (count - shown..count).enumerate() {
        let frame = frames.get(i);
        let verdict = stream.verdict(i);
        let (fill, edge, sign) = match verdict {
            Verdict::Right => (theme.colours.good_fill, theme.colours.good, "✓"),
            Verdict::Wrong => (theme.colours.bad_fill, theme.colours.bad, "✗"),
            Verdict::Neither => (theme.colours.sunken, theme.colours.line_strong, "·"),
        };
        let left = area.left() + place as f32 * (width + 3.0);
        let chip = Rect::from_min_max(pos2(left, area.top()), pos2(left + width, area.bottom()));
        painter.rect(chip, 3, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
        let messages = stream.messages().overlapping(frame.start, frame.end);
        let number = u64::from(stream.messages().get(messages.start).number) + 1;
        let text = match verdict {
            Verdict::Right => format!("{number} {sign}"),
            Verdict::Wrong | Verdict::Neither => sign.to_owned(),
        };
        painter.text(
            chip.center(),
            Align2::CENTER_CENTER,
            text,
            theme.section(),
            if verdict == Verdict::Neither {
                theme.colours.text_soft
            } else {
                edge
            },
        );
    }
}
