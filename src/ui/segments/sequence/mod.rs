//! The sequence diagram: two lifelines, calls at the sides, segments as arrows between them, and
//! the state of TCP at each end. Only the rows in sight are looked at.

mod model;
mod pages;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use egui::{
    Align2, Color32, ComboBox, FontId, Key, Modifiers, Rangef, Rect, RichText, ScrollArea, Sense,
    Shape, Stroke, Ui, pos2, vec2,
};

use super::super::call_text::call_text;
use super::super::command::Command;
use super::super::event_text::{self, Tone};
use super::super::events::selection_of;
use super::super::figures::{duration, grouped};
use super::super::key_button::KeyButton;
use super::super::pattern::{self, Ink, Swatch};
use super::super::section;
use super::super::segment_text;
use super::super::view::View;
use super::super::why::actor_name;
use crate::i18n::{Phrase, events, segment_view as text, tcp};
use crate::trace::{Call, EventId, Kind, Segment};
use crate::wire::states::State;

use model::{Busy, Model, Pair, Row};
use pages::Pages;

/// Time per frame for building rows.
const BUDGET: Duration = Duration::from_micros(1_500);

/// Events looked at between two looks at the clock.
const AT_ONCE: u32 = 2_000;

/// Pairs offered at most; a run with more is looked at through the packet list.
const PAIRS: usize = 200;

/// What the diagram keeps from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    model: Model,
    /// The pair that was chosen; else the first.
    pair: Option<usize>,
    /// What was chosen when it was last brought into sight.
    sought: Option<EventId>,
    /// Rows there were when the end was last followed.
    length: usize,
    pages: Pages,
}

/// Where things stand in a row, from left to right.
struct Columns {
    time: Rangef,
    calls: [Rangef; 2],
    states: [Rangef; 2],
    lines: [f32; 2],
    em: f32,
}

impl Columns {
    fn of(room: Rect, em: f32, states: bool) -> Columns {
        let time = if room.width() > em * 62.0 {
            em * 5.4
        } else {
            0.0
        };
        let state = if states { em * 8.6 } else { em * 1.0 };
        let rest = (room.width() - time - 2.0 * state).max(0.0);
        // The arrows' figures come first; what is cut is read by pointing at it.
        let calls = ((rest - em * 26.0) / 2.0).min(em * 24.0).max(rest * 0.22);
        let left = room.left() + time;
        let right = room.right();
        Columns {
            time: Rangef::new(room.left(), left),
            calls: [
                Rangef::new(left, left + calls),
                Rangef::new(right - calls, right),
            ],
            states: [
                Rangef::new(left + calls, left + calls + state),
                Rangef::new(right - calls - state, right - calls),
            ],
            lines: [left + calls + state, right - calls - state],
            em,
        }
    }
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, state: &mut Sequence, out: &mut Vec<Command>) {
    let theme = view.theme;
    let pairs = Pair::all(view.trace);
    if pairs.is_empty() {
        section::note(ui, theme, view.say(text::NO_SEGMENTS_YET));
        return;
    }
    let at = state.pair.unwrap_or(0).min(pairs.len() - 1);
    let pair = pairs[at];
    let begun = Instant::now();
    let mut whole = false;
    while !whole && begun.elapsed() < BUDGET {
        whole = state.model.advance(view.trace, pair, AT_ONCE);
    }
    if !whole {
        ui.ctx().request_repaint();
    }
    let captured = matches!(pair, Pair::Flow(_));
    let states = captured || state.model.has_readings();
    ui.horizontal_wrapped(|ui| {
        if pairs.len() > 1 {
            choose_pair(ui, view, state, &pairs, at);
        }
        section::note(
            ui,
            theme,
            view.say(match (captured, states) {
                (true, _) => tcp::LEGEND,
                (false, true) => tcp::LEGEND_HOST,
                (false, false) => text::STATES_UNKNOWN,
            }),
        );
    });
    let count = state.model.rows(view.k).len();
    heads(ui, view, state, states);
    if count == 0 {
        section::note(ui, theme, view.say(text::NO_SEGMENTS_YET));
        return;
    }
    rows(ui, view, state, states, out);
}

fn choose_pair(ui: &mut Ui, view: &View<'_>, state: &mut Sequence, pairs: &[Pair], at: usize) {
    let theme = view.theme;
    let name = |pair: Pair| {
        let ends = model::Ends::of(view.trace, pair);
        format!("{} – {}", ends.addresses[0], ends.addresses[1])
    };
    let combo = ComboBox::from_id_salt("sequence pair")
        .selected_text(RichText::new(name(pairs[at])).font(theme.mono_small()))
        .width(theme.sizes.small * 20.0)
        .show_ui(ui, |ui| {
            for (n, pair) in pairs.iter().take(PAIRS).enumerate() {
                let words = RichText::new(name(*pair)).font(theme.mono_small());
                if ui.selectable_label(n == at, words).clicked() {
                    state.pair = Some(n);
                }
            }
        });
    section::named(&combo.response, view.say(text::CONNECTION));
}

/// How an end is called: its actor, or its address.
fn end_name(view: &View<'_>, state: &Sequence, end: usize) -> String {
    let ends = &state.model.ends;
    ends.actors[end].map_or_else(
        || ends.addresses[end].clone(),
        |actor| actor_name(view.trace, actor, view.lang),
    )
}

fn side_colour(view: &View<'_>, side: usize) -> Color32 {
    if side == 0 {
        view.theme.colours.client
    } else {
        view.theme.colours.server
    }
}

/// The names of the two ends above their lifelines.
fn heads(ui: &mut Ui, view: &View<'_>, state: &Sequence, states: bool) {
    let theme = view.theme;
    let em = theme.sizes.small;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), em * 1.7), Sense::hover());
    // As wide as the rows, which leave room for their scroll bar.
    let area = area.with_max_x(area.right() - bar(ui));
    let columns = Columns::of(area, em, states);
    for end in 0..2 {
        let colour = side_colour(view, end);
        let name = end_name(view, state, end);
        let address = &state.model.ends.addresses[end];
        let words = if name == *address {
            name
        } else {
            format!("{name} · {address}")
        };
        let galley = ui.painter().layout_no_wrap(words, theme.strong(), colour);
        let x = (columns.lines[end] - galley.size().x / 2.0).clamp(
            area.left(),
            (area.right() - galley.size().x).max(area.left()),
        );
        ui.painter().galley(
            pos2(x, area.center().y - galley.size().y / 2.0),
            galley,
            colour,
        );
    }
}

/// Room that the rows leave at their right.
fn bar(ui: &Ui) -> f32 {
    ui.spacing().scroll.bar_width + ui.spacing().scroll.bar_inner_margin
}

fn rows(ui: &mut Ui, view: &View<'_>, state: &mut Sequence, states: bool, out: &mut Vec<Command>) {
    let theme = view.theme;
    let em = theme.sizes.small;
    let height = (em * 2.15).round();
    let all = state.model.rows(view.k);
    let count = all.len();
    let chosen = view.selection.and_then(|s| s.event);
    let place = |event: EventId| {
        let at = all.partition_point(|row| row.event < event);
        match all.get(at) {
            Some(row) if row.event == event => Some(at),
            // The Return that stands in the row of its Begin.
            _ => at.checked_sub(1).filter(|n| all[*n].end == Some(event)),
        }
    };
    let at = chosen.and_then(place);
    let focus = ui.scope_id().with("sequence rows");
    let area = ui.available_rect_before_wrap();
    let keys = ui.interact(area, focus, Sense::focusable_noninteractive());
    section::named(&keys, view.say(text::SEQUENCE_LIST));
    let mut moved = None;
    if section::keyboard(ui, theme, &keys, area, section::UP_AND_DOWN) {
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            moved = Some(at.map_or(0, |at| (at + 1).min(count - 1)));
        } else if pressed(Key::ArrowUp) {
            moved = Some(at.map_or(count - 1, |at| at.saturating_sub(1)));
        }
        if let Some(row) = moved.and_then(|n| all.get(n)) {
            out.push(Command::Select(Some(selection_of(view, row.event))));
        }
    }
    if let Some(row) = moved.or(at.filter(|_| chosen != state.sought)) {
        state.pages.seek(row);
    }
    let rows = state.pages.rows(count);
    turn_pages(ui, view, &mut state.pages, count);
    let (first, shown) = (rows.start, rows.len());
    let mut scroll = ScrollArea::vertical()
        .id_salt("sequence")
        .auto_shrink(false);
    let seek = moved.or_else(|| at.filter(|_| chosen != state.sought));
    state.sought = chosen;
    if let Some(at) = seek
        .and_then(|at| at.checked_sub(first))
        .filter(|at| *at < shown)
    {
        // Into the middle of what is in sight.
        let top = at as f32 * height - area.height() / 2.0;
        scroll = scroll.vertical_scroll_offset(top.max(0.0));
    } else if state.length != count && view.live.following && first + shown == count {
        scroll = scroll.stick_to_bottom(true);
    }
    state.length = count;
    let stick = view.live.following && first + shown == count;
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().scroll.fade.strength = 0.0;
    let model = &state.model;
    let ends = [end_name(view, state, 0), end_name(view, state, 1)];
    let mut clicked = None;
    scroll
        .stick_to_bottom(stick)
        .show_rows(ui, height, shown, |ui, range| {
            let all = model.rows(view.k);
            for n in range {
                let n = n + first;
                let Some(row) = all.get(n) else { break };
                let before = n.checked_sub(1).and_then(|n| all.get(n));
                let (rect, response) =
                    ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
                let words = spoken(view, &ends, row);
                let here = at == Some(n);
                response.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::ListItem, true, here, &words)
                });
                if here || response.hovered() {
                    let ground = if here {
                        theme.colours.accent_fill
                    } else {
                        theme.colours.card
                    };
                    ui.painter().rect_filled(rect, 2, ground);
                }
                let rect = rect.with_max_x(rect.right() - bar(ui));
                let columns = Columns::of(rect, em, states);
                let painter = Painting {
                    ui,
                    view,
                    columns: &columns,
                    rect,
                };
                // What the states are stands in the first row that is whole, too.
                let clip = ui.clip_rect().top();
                let top = rect.top() >= clip && rect.top() - height < clip;
                painter.lifelines(row, before, top);
                painter.row(row);
                if response.clicked() {
                    clicked = Some(row.event);
                }
                response.on_hover_text(words);
            }
        });
    if let Some(event) = clicked {
        state.sought = Some(event);
        ui.memory_mut(|m| m.request_focus(focus));
        out.push(Command::Select(Some(selection_of(view, event))));
    }
}

/// Which rows are shown, if they do not all fit: earlier and later ones are a click away.
fn turn_pages(ui: &mut Ui, view: &View<'_>, pages: &mut Pages, count: usize) {
    if Pages::last(count) == 0 {
        return;
    }
    ui.horizontal(|ui| {
        let turn = |ui: &mut Ui, words: Phrase, to: Option<usize>| {
            let button = KeyButton::new(view.say(words))
                .small()
                .refused(to.is_none().then(|| view.say(words).to_owned()));
            let clicked = button.show(ui, view.theme).clicked();
            to.filter(|_| clicked)
        };
        let earlier = turn(ui, text::PAGE_EARLIER, pages.earlier(count));
        let later = turn(ui, text::PAGE_LATER, pages.later(count));
        let rows = pages.rows(count);
        if let Some(page) = earlier.or(later) {
            pages.turn_to(page, count);
        }
        let words = view.fill(
            text::PAGE,
            &[
                ("from", &grouped(rows.start as u64 + 1)),
                ("to", &grouped(rows.end as u64)),
                ("all", &grouped(count as u64)),
            ],
        );
        section::note(ui, view.theme, &words);
    });
}

/// A call of a row, as code, with what it returned if that stands in the row too.
fn call_words(view: &View<'_>, row: &Row) -> (String, Tone) {
    let trace = view.trace;
    let call = call_text(trace, row.event);
    let is_return = trace.event(row.event).kind == Kind::Return;
    let end = row
        .end
        .filter(|end| *end < view.k)
        .or(is_return.then_some(row.event));
    let Some(end) = end else {
        return (call, Tone::Plain);
    };
    let returned = trace.event(end);
    let (result, tone) = event_text::result(trace, end, &returned, view.lang);
    // Bytes and addresses stand in the table of events; here there is room for how many.
    let result = match returned.call() {
        Some(made) if made.receives() && returned.b > 0 => format!("{} B", returned.b),
        Some(Call::Accept | Call::Connect | Call::Socket) if returned.b >= 0 => {
            view.say(events::OK).to_owned()
        }
        _ => result,
    };
    if is_return {
        let name = call.split('(').next().unwrap_or_default();
        (format!("{name} → {result}"), tone)
    } else {
        (format!("{call} → {result}"), tone)
    }
}

/// A segment's flags and figures, and what it is if that is not plain.
fn segment_words(view: &View<'_>, s: &Segment) -> String {
    let trace = view.trace;
    let mut words = segment_text::flags(s.flags);
    if let Some(seq) = segment_text::relative_seq(trace, s) {
        let _ = write!(words, " seq={seq}");
    }
    if let Some(ack) = segment_text::relative_ack(trace, s) {
        let _ = write!(words, " ack={ack}");
    }
    if s.len > 0 {
        let _ = write!(words, " len={}", s.len);
    }
    let _ = write!(words, " win={}", segment_text::window(trace, s));
    if segment_text::is_named(s.role) {
        format!("{}: {words}", view.say(segment_text::role(s.role)))
    } else {
        words
    }
}

/// A row as it is read out.
fn spoken(view: &View<'_>, ends: &[String; 2], row: &Row) -> String {
    let event = view.trace.event(row.event);
    let t = duration(event.t);
    let (from, to) = (&ends[row.side], &ends[1 - row.side]);
    if event.tcp_reading().is_some() {
        let state = row.state(row.side, view.k).0.name();
        return tcp::ROW_STATE.fill(view.lang, &[("t", &t), ("actor", from), ("state", &state)]);
    }
    let Some(s) = event.segment() else {
        let (call, _) = call_words(view, row);
        let mut words = view.fill(
            text::ROW_CALL,
            &[("t", &t), ("actor", from), ("call", &call)],
        );
        for (end, name) in ends.iter().enumerate() {
            if row.read[end].is_some_and(|(event, _)| event < view.k) {
                let _ = write!(words, "; {name}: {}", state_words(view, row, end));
            }
        }
        return words;
    };
    let way = format!("{from} → {to}");
    let what = segment_words(view, &s);
    let [a, b] = [row.side, 1 - row.side].map(|end| state_words(view, row, end));
    if a.is_empty() || b.is_empty() {
        return view.fill(
            text::ROW_SEGMENT_ONLY,
            &[("t", &t), ("way", &way), ("what", &what)],
        );
    }
    view.fill(
        text::ROW_SEGMENT,
        &[
            ("t", &t),
            ("way", &way),
            ("what", &what),
            ("from", from),
            ("to", to),
            ("a", &a),
            ("b", &b),
        ],
    )
}

/// The state of an end, and how it is known; nothing if it is not.
fn state_words(view: &View<'_>, row: &Row, end: usize) -> String {
    let (state, read) = row.state(end, view.k);
    if state == State::Unknown {
        return String::new();
    }
    let how = if read {
        tcp::STATE_READ
    } else {
        tcp::STATE_INFERRED
    };
    how.fill(view.lang, &[("state", &state.name())])
}

struct Painting<'a> {
    ui: &'a Ui,
    view: &'a View<'a>,
    columns: &'a Columns,
    rect: Rect,
}

impl Painting<'_> {
    /// Text in a column, cut at its width.
    fn text(&self, column: Rangef, y: f32, right: bool, words: &str, font: FontId, ink: Color32) {
        let pad = self.columns.em * 0.5;
        let room = column.span() - 2.0 * pad;
        if room < self.columns.em * 1.5 {
            return;
        }
        let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, ink);
        job.wrap = egui::text::TextWrapping::truncate_at_width(room);
        let galley = self.ui.painter().layout_job(job);
        let x = if right {
            column.max - pad - galley.size().x
        } else {
            column.min + pad
        };
        self.ui
            .painter()
            .galley(pos2(x, y - galley.size().y / 2.0), galley, ink);
    }

    /// Both lifelines with what the programs do, and the states beside them.
    fn lifelines(&self, row: &Row, before: Option<&Row>, first: bool) {
        let theme = self.view.theme;
        let c = &theme.colours;
        let painter = self.ui.painter();
        let em = self.columns.em;
        for side in 0..2 {
            let x = self.columns.lines[side];
            let colour = side_colour(self.view, side);
            painter.vline(x, self.rect.y_range(), Stroke::new(1.5, c.line_strong));
            // While the row lasts the program is where it was before it.
            let busy = before.map_or(Busy::No, |row| row.busy[side]);
            let (top, bottom) = match (busy, row.busy[side]) {
                (Busy::No, Busy::No) if row.end.is_some() && row.side == side => (0.3, 0.7),
                (Busy::No, Busy::No) => (0.0, 0.0),
                (Busy::No, _) => (0.5, 1.0),
                (_, Busy::No) => (0.0, 0.5),
                _ => (0.0, 1.0),
            };
            if bottom > top {
                let y = |share: f32| self.rect.top() + self.rect.height() * share;
                let bar = Rect::from_x_y_ranges(x - em * 0.28..=x + em * 0.28, y(top)..=y(bottom));
                if busy == Busy::Blocked {
                    painter.rect_filled(bar, 0, c.ground);
                    pattern::hatch(painter, bar, colour, theme.scale);
                    painter.rect_stroke(bar, 0, Stroke::new(1.0, colour), egui::StrokeKind::Inside);
                } else {
                    painter.rect_filled(bar, 0, colour);
                }
            }
        }
        for side in 0..2 {
            let k = self.view.k;
            let (now, read) = row.state(side, k);
            let old = before.map_or(State::Unknown, |row| row.state(side, k).0);
            let news = now != old || row.read[side].is_some_and(|(event, _)| event < k);
            if now == State::Unknown || !(news || first) {
                continue;
            }
            let ink = if news { c.text } else { c.text_faint };
            let y = self.rect.center().y;
            // A full dot beside the lifeline: read. A ring: inferred.
            let column = self.columns.states[side];
            let inward = if side == 0 { -1.0 } else { 1.0 };
            let dot = pos2(self.columns.lines[side] + inward * em * 0.85, y);
            if read {
                painter.circle_filled(dot, em * 0.26, ink);
            } else {
                painter.circle_stroke(dot, em * 0.24, Stroke::new(1.2, ink));
            }
            let column = if side == 0 {
                Rangef::new(column.min, column.max - em * 0.9)
            } else {
                Rangef::new(column.min + em * 0.9, column.max)
            };
            self.text(column, y, side == 0, now.name(), theme.mono_small(), ink);
        }
    }

    fn row(&self, row: &Row) {
        let view = self.view;
        let theme = view.theme;
        let event = view.trace.event(row.event);
        let y = self.rect.center().y;
        self.text(
            self.columns.time,
            y,
            false,
            &duration(event.t),
            theme.small(),
            theme.colours.text_faint,
        );
        if let Some(s) = event.segment() {
            self.arrow(row, &s);
            return;
        }
        let (words, tone) = if event.tcp_reading().is_some() {
            (view.say(tcp::ROW_READ).to_owned(), Tone::Faint)
        } else {
            call_words(view, row)
        };
        let ink = match tone {
            Tone::Faint => theme.colours.text_faint,
            Tone::Bad => theme.colours.bad,
            _ => theme.colours.text,
        };
        self.text(
            self.columns.calls[row.side],
            y,
            row.side == 0,
            &words,
            theme.mono_small(),
            ink,
        );
    }

    fn arrow(&self, row: &Row, segment: &Segment) {
        let view = self.view;
        let theme = view.theme;
        let colours = &theme.colours;
        let em = self.columns.em;
        let painter = self.ui.painter();
        let trouble = segment_text::is_trouble(segment.role);
        let colour = if trouble {
            colours.bad
        } else if let Some((id, start, _)) = view.trace.segment_range(row.event)
            && let Some(stream) = view.trace.stream(id)
            && let Some(m) = stream.messages().containing(start)
        {
            Swatch::of(Ink::Message(stream.messages().get(m).number), theme).edge
        } else {
            colours.line_strong
        };
        let gap = em * 0.45;
        let (left, right) = (self.columns.lines[0] + gap, self.columns.lines[1] - gap);
        let (a, b) = if row.side == 0 {
            (left, right)
        } else {
            (right, left)
        };
        let y = self.rect.bottom() - em * 0.62;
        let from = pos2(a, y - em * 0.12);
        let to = pos2(b, y + em * 0.22);
        let stroke = Stroke::new(if segment.len > 0 { 2.0 } else { 1.3 }, colour);
        if trouble {
            painter.extend(Shape::dashed_line(&[from, to], stroke, 5.0, 3.0));
        } else {
            painter.line_segment([from, to], stroke);
        }
        let unit = (to - from).normalized();
        let across = vec2(-unit.y, unit.x);
        let size = em * 0.5;
        painter.add(Shape::convex_polygon(
            vec![
                to,
                to - unit * size + across * size * 0.5,
                to - unit * size - across * size * 0.5,
            ],
            colour,
            Stroke::NONE,
        ));
        let ink = if trouble { colours.bad } else { colours.text };
        let mut job = egui::text::LayoutJob::simple_singleline(
            segment_words(view, segment),
            theme.mono_small(),
            ink,
        );
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - left - em).max(1.0));
        let galley = painter.layout_job(job);
        let middle = pos2(f32::midpoint(left, right), self.rect.top() + em * 0.15);
        let at = Align2::CENTER_TOP.anchor_size(middle, galley.size());
        painter.galley(at.min, galley, ink);
    }
}
