//! Datagrams on the stage: one box each, in the receiver's buffer and in the order they were sent.
//!
//! Where there is no stream there is no axis of bytes. What takes the place of the boundary ruler
//! is a row of boxes: above what was sent, below what became of it.

use egui::{
    Align2, Id, Painter, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::i18n::{Lang, datagrams as say};
use crate::trace::{ActorId, Datagram, Fate};
use crate::ui::figures::{bytes, grouped};
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::view::View;

use super::{strip, words};

/// Narrowest and widest box of a datagram, in letters of the fixed font.
const NARROW: f32 = 0.5;
const WIDE: f32 = 9.0;
/// Boxes that get an accessible node each.
const NODES: usize = 64;

/// Does the run speak in datagrams, as far as is known by now?
pub(super) fn shown(view: &View<'_>) -> bool {
    let keeps = |kind: &str| matches!(kind, "SOCK_DGRAM" | "SOCK_SEQPACKET");
    view.trace.links(view.k).is_empty()
        && view
            .trace
            .sockets()
            .iter()
            .any(|s| s.created < view.k && keeps(&s.kind))
}

fn known<'a>(view: &View<'a>) -> &'a [Datagram] {
    let datagrams = view.trace.datagrams();
    &datagrams.list()[..datagrams.len_at(view.k)]
}

fn receiver(view: &View<'_>, datagram: &Datagram) -> Option<ActorId> {
    let socket = view.trace.sockets().get(usize::from(datagram.to?.0))?;
    Some(socket.actor)
}

fn ink(datagram: &Datagram) -> Ink {
    match (datagram.message, datagram.from) {
        (Some(message), _) => Ink::Message(message),
        (None, Some(_)) => Ink::Unknown,
        (None, None) => Ink::External,
    }
}

fn fate_text(view: &View<'_>, datagram: &Datagram) -> String {
    let all = bytes(u64::from(datagram.length));
    match datagram.fate_at(view.k) {
        Fate::UnderWay => view.say(say::FATE_UNDER_WAY).to_owned(),
        Fate::Refused(_) => view.say(say::FATE_REFUSED).to_owned(),
        Fate::Waiting => view.say(say::FATE_WAITING).to_owned(),
        Fate::Gone => view.say(say::FATE_GONE).to_owned(),
        Fate::Dropped => view.say(say::FATE_DROPPED).to_owned(),
        Fate::Discarded => view.say(say::FATE_DISCARDED).to_owned(),
        Fate::Received(n) if n < datagram.length => {
            let n = grouped(u64::from(n));
            view.fill(say::FATE_CUT, &[("n", &n), ("bytes", &all)])
        }
        Fate::Received(_) => view.fill(say::FATE_RECEIVED, &[("bytes", &all)]),
    }
}

/// "3 sent, 1 received, 2 waiting, 0 dropped".
fn summary(view: &View<'_>) -> String {
    let fates: Vec<(Fate, bool)> = known(view)
        .iter()
        .map(|d| (d.fate_at(view.k), d.copy))
        .collect();
    let count = |wanted: &dyn Fn(&Fate) -> bool| fates.iter().filter(|f| wanted(&f.0)).count();
    let sent = fates
        .iter()
        .filter(|(fate, copy)| !copy && !matches!(fate, Fate::Refused(_) | Fate::UnderWay));
    view.fill(
        say::SUMMARY,
        &[
            ("sent", &sent.count()),
            ("received", &count(&|f| matches!(f, Fate::Received(_)))),
            ("waiting", &count(&|f| *f == Fate::Waiting)),
            ("dropped", &count(&|f| *f == Fate::Dropped)),
        ],
    )
}

/// The name of the pipe for those who cannot see it.
pub(super) fn name(view: &View<'_>) -> String {
    format!("{}: {}", view.say(say::TITLE), summary(view))
}

/// What stands above the pipe in place of addresses.
pub(super) fn caption(view: &View<'_>) -> &'static str {
    view.say(say::NO_STREAM)
}

/// The middle of the pipe: the receive buffers, with a box for each datagram that waits.
pub(super) fn in_pipe(painter: &Painter, view: &View<'_>, area: Rect, ends: [Option<ActorId>; 2]) {
    let answers = known(view)
        .iter()
        .any(|d| d.to.is_some() && receiver(view, d) == ends[0]);
    if answers {
        let (up, down) = area.split_top_bottom_at_y(area.center().y);
        buffer(painter, view, up, ends[1], false);
        buffer(painter, view, down, ends[0], true);
    } else {
        buffer(painter, view, area, ends[1], false);
    }
}

/// The receive buffer of `actor`, at the far end of an arrow.
fn buffer(painter: &Painter, view: &View<'_>, area: Rect, actor: Option<ActorId>, back: bool) {
    let theme = view.theme;
    let line = theme.sizes.small * 1.45;
    let height = (area.height() - 2.0 * line - theme.gap(1.0))
        .clamp(theme.sizes.mono * 1.4, 90.0 * theme.scale);
    let top = area.top() + line;
    let width = area.width() * 0.66;
    let left = if back {
        area.left()
    } else {
        area.right() - width
    };
    let rect = Rect::from_min_size(pos2(left, top), vec2(width, height));
    // The way there.
    let y = rect.center().y;
    let (from, to) = if back {
        (area.right(), rect.right())
    } else {
        (area.left(), rect.left())
    };
    let along = if back { 8.0 } else { -8.0 };
    let stroke = Stroke::new(2.0, theme.colours.line_strong);
    painter.extend(egui::Shape::dashed_line(
        &[pos2(from, y), pos2(to, y)],
        stroke,
        6.0,
        4.0,
    ));
    for side in [-5.0, 5.0] {
        painter.line_segment([pos2(to, y), pos2(to + along, y + side)], stroke);
    }
    painter.rect(
        rect,
        theme.radius(),
        theme.colours.sunken,
        Stroke::new(1.5, words::actor_colour(view, actor)),
        StrokeKind::Inside,
    );
    let mine: Vec<&Datagram> = known(view)
        .iter()
        .filter(|d| d.to.is_some() && receiver(view, d) == actor)
        .collect();
    let waiting: Vec<&&Datagram> = mine
        .iter()
        .filter(|d| d.fate_at(view.k) == Fate::Waiting)
        .collect();
    let dropped = mine
        .iter()
        .filter(|d| d.fate_at(view.k) == Fate::Dropped)
        .count();
    let total: u64 = waiting.iter().map(|d| u64::from(d.length)).sum();
    let who = words::actor_name(view.trace, actor, view.lang);
    let long = view.fill(
        say::IN_BUFFER,
        &[
            ("who", &who),
            ("n", &waiting.len()),
            ("bytes", &bytes(total)),
        ],
    );
    let short = view.fill(say::IN_BUFFER_SHORT, &[("n", &waiting.len())]);
    let text = |y: f32, texts: &[String], colour| {
        words::fitting(
            painter,
            pos2(rect.left() + 1.0, y),
            Align2::LEFT_CENTER,
            width,
            texts,
            &theme.small(),
            colour,
        )
    };
    text(
        area.top() + line * 0.45,
        &[long, short],
        theme.colours.text_soft,
    );
    if dropped > 0 {
        let texts = [
            view.fill(say::DROPPED, &[("n", &dropped)]),
            view.fill(say::DROPPED_SHORT, &[("n", &dropped)]),
        ];
        text(rect.bottom() + line * 0.6, &texts, theme.colours.bad);
    } else if !could_tell(view) {
        let texts = [view.say(say::DROPS_UNKNOWN).to_owned()];
        text(rect.bottom() + line * 0.6, &texts, theme.colours.warn);
    }
    // The oldest is next to the program that takes it.
    let inner = rect.shrink(4.0);
    let room = inner.width() / waiting.len().max(1) as f32;
    let each = room.clamp(3.0, theme.sizes.mono * 5.0);
    for (n, datagram) in waiting.iter().enumerate() {
        let near = each * n as f32;
        if near + each > inner.width() + 1.0 {
            break;
        }
        let x = if back {
            inner.left() + near
        } else {
            inner.right() - near - each
        };
        let place = Rect::from_min_size(
            pos2(x + 1.0, inner.top()),
            vec2((each - 2.0).max(1.0), inner.height()),
        );
        paint(painter, view, place, datagram);
    }
}

fn could_tell(view: &View<'_>) -> bool {
    let platform = &view.trace.meta().platform;
    platform.starts_with("linux") && !platform.ends_with("portable")
}

fn paint(painter: &Painter, view: &View<'_>, rect: Rect, datagram: &Datagram) {
    let number = datagram
        .message
        .map_or(String::new(), |n| (u64::from(n) + 1).to_string());
    let length = bytes(u64::from(datagram.length));
    let texts = if number.is_empty() {
        [length, String::new(), String::new()]
    } else {
        [format!("{number} · {length}"), number, String::new()]
    };
    let texts: Vec<&str> = texts
        .iter()
        .map(String::as_str)
        .filter(|t| !t.is_empty())
        .collect();
    let swatch = Swatch::of(ink(datagram), view.theme);
    pattern::paint(painter, rect, &swatch, &Fill::new(view.theme, &texts));
}

/// In place of the boundary ruler: every datagram, what was sent above what came of it.
pub(super) fn history(ui: &mut Ui, view: &View<'_>) {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name(view)));
    let line = theme.sizes.small * 1.9;
    let head = pos2(rect.left(), rect.top() + line * 0.45);
    let end = words::section(ui.painter(), theme, head, view.say(say::TITLE));
    words::fitting(
        ui.painter(),
        pos2(rect.right(), head.y),
        Align2::RIGHT_CENTER,
        rect.right() - end - theme.gap(3.0),
        &[summary(view)],
        &theme.small(),
        theme.colours.text_soft,
    );
    let body = Rect::from_min_max(pos2(rect.left(), rect.top() + line), rect.max);
    let all = known(view);
    if all.is_empty() {
        ui.painter().text(
            body.center(),
            Align2::CENTER_CENTER,
            view.say(say::EMPTY),
            theme.body(),
            theme.colours.text_soft,
        );
        return;
    }
    let mut flows: Vec<(Option<ActorId>, Option<ActorId>)> = Vec::new();
    let flow_of = |d: &Datagram| (d.sender, receiver(view, d));
    for datagram in all {
        let flow = flow_of(datagram);
        if !flows.contains(&flow) && flows.len() < 4 {
            flows.push(flow);
        }
    }
    let gap = theme.gap(1.0);
    let each = (body.height() - gap * (flows.len() - 1) as f32) / flows.len() as f32;
    for (n, flow) in flows.iter().enumerate() {
        let top = body.top() + n as f32 * (each + gap);
        let area = Rect::from_min_size(pos2(body.left(), top), vec2(body.width(), each));
        let mine: Vec<&Datagram> = all.iter().filter(|d| flow_of(d) == *flow).collect();
        row(ui, view, area, *flow, &mine);
    }
}

/// One direction: a column for each datagram.
fn row(
    ui: &mut Ui,
    view: &View<'_>,
    area: Rect,
    (from, to): (Option<ActorId>, Option<ActorId>),
    mine: &[&Datagram],
) {
    let theme = view.theme;
    let letter = theme.sizes.mono;
    let who = |actor: Option<ActorId>| words::actor_name(view.trace, actor, view.lang);
    let to = if to.is_none() && mine.iter().all(|d| d.to.is_none()) {
        view.say(say::NOBODY).to_owned()
    } else {
        who(to)
    };
    let title = view.fill(say::DIRECTION, &[("from", &who(from)), ("to", &to)]);
    let small = theme.sizes.small * 1.5;
    let gutter = letter * if view.lang == Lang::Zh { 3.4 } else { 5.2 };
    let field = Rect::from_min_max(pos2(area.left() + gutter, area.top() + small), area.max);
    let most = ((field.width() / (letter * NARROW)) as usize).max(1);
    let first = mine.len().saturating_sub(most);
    let visible = &mine[first..];
    let mut heading = title;
    if first > 0 {
        let cut = view.fill(
            say::LAST_SHOWN,
            &[("n", &visible.len()), ("all", &mine.len())],
        );
        heading = format!("{heading} · {cut}");
    }
    let painter = ui.painter().clone();
    words::elided(
        &painter,
        pos2(area.left(), area.top() + small * 0.45),
        Align2::LEFT_CENTER,
        area.width(),
        &heading,
        &theme.small(),
        words::actor_colour(view, from),
    );
    let texts = (small * 1.1).min(field.height() * 0.25);
    let height = ((field.height() - texts - 4.0) / 2.0).clamp(letter * 0.9, letter * 3.2);
    let sent = Rangef::new(field.top(), field.top() + height);
    let came = Rangef::new(sent.max + 3.0, sent.max + 3.0 + height);
    for (phrase, y) in [(say::SENT, sent), (say::RECEIVED, came)] {
        words::fitting(
            &painter,
            pos2(area.left(), y.center()),
            Align2::LEFT_CENTER,
            gutter - 2.0,
            &[view.say(phrase)],
            &theme.small(),
            theme.colours.text_soft,
        );
    }
    let width = (field.width() / visible.len().max(1) as f32).clamp(letter * NARROW, letter * WIDE);
    for (n, datagram) in visible.iter().enumerate() {
        let left = field.left() + width * n as f32;
        let gap = if width > 8.0 { 2.0 } else { 0.5 };
        let across = Rangef::new(left, left + width - gap);
        let upper = Rect::from_x_y_ranges(across, sent);
        let lower = Rect::from_x_y_ranges(across, came);
        // What one send has sent to several stands above all of them, once.
        let begins = n == 0 || !datagram.copy;
        if begins {
            let rest = visible[n + 1..].iter();
            let copies = rest.take_while(|d| d.copy && d.sent == datagram.sent);
            let mut wide = upper;
            wide.max.x += width * copies.count() as f32;
            paint(&painter, view, wide, datagram);
        }
        outcome(&painter, view, lower, datagram);
        let fate = fate_text(view, datagram);
        let fate_colour = match datagram.fate_at(view.k) {
            Fate::Received(n) if n == datagram.length => theme.colours.good,
            Fate::Waiting | Fate::UnderWay => theme.colours.text_soft,
            _ => theme.colours.bad,
        };
        words::fitting(
            &painter,
            pos2(lower.center().x, lower.bottom() + 2.0 + texts * 0.5),
            Align2::CENTER_CENTER,
            width - gap,
            &[fate.as_str()],
            &theme.small(),
            fate_colour,
        );
        if n < NODES {
            let whole = Rect::from_min_max(upper.min, pos2(lower.right(), lower.bottom() + texts));
            let id = Id::unique(("datagram", datagram.sent, datagram.to.map(|to| to.0)));
            let label = view.fill(
                say::ITEM,
                &[
                    ("n", &(first + n + 1)),
                    ("bytes", &datagram.length),
                    ("fate", &fate),
                ],
            );
            let node = ui.interact(whole, id, Sense::hover());
            node.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
            node.on_hover_text(label);
        }
    }
}

/// What became of a datagram: the part that came out, and an outline where it did not.
fn outcome(painter: &Painter, view: &View<'_>, rect: Rect, datagram: &Datagram) {
    let theme = view.theme;
    let fate = datagram.fate_at(view.k);
    let missing = |rect: Rect, sign: &str, colour| {
        strip::dashed(painter, rect, Stroke::new(1.0, colour));
        words::fitting(
            painter,
            rect.center(),
            Align2::CENTER_CENTER,
            rect.width(),
            &[sign],
            &theme.mono_strong(),
            colour,
        );
    };
    match fate {
        Fate::Received(taken) if taken < datagram.length => {
            let share = taken as f32 / datagram.length.max(1) as f32;
            let (left, right) = rect.split_left_right_at_fraction(share);
            paint(painter, view, left, datagram);
            missing(right, "✗", theme.colours.bad);
        }
        Fate::Received(_) => paint(painter, view, rect, datagram),
        Fate::Waiting | Fate::UnderWay => missing(rect, "…", theme.colours.line_strong),
        Fate::Refused(_) | Fate::Gone | Fate::Dropped | Fate::Discarded => {
            missing(rect, "✗", theme.colours.bad);
        }
    }
}
