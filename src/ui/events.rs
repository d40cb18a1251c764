//! The table of events: virtualised, filtered, and following the live edge when asked to.

use std::time::Duration;

use egui::{
    Align, Color32, Key, Layout, Rect, Response, RichText, Sense, TextEdit, Ui, pos2, vec2,
};
use egui_extras::{Column, TableBuilder};

use super::command::Command;
use super::event_filter::{EventFilter, bytes_of};
use super::event_text::{Tone, result, what};
use super::figures::grouped;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::pattern::{self, Fill, Ink, Swatch};
use super::section;
use super::segment_text;
use super::view::{Selection, View};
use super::why::{Piece, actor_name, pieces};
use crate::i18n::{events as text, segments};
use crate::trace::{ActorId, Event, EventId, Kind, NONE, Stream, StreamId};

/// Rows of one page: row positions are 32-bit floats, which lose whole points beyond that.
const PAGE: usize = 400_000;
/// Time per frame that building the filter's index may take.
const BUDGET: Duration = Duration::from_micros(1_500);
/// Message chips in a row before the rest is only counted.
const CHIPS: usize = 6;
/// Name of the filter field's id (`Id::unique`), so that a key can lead there.
pub const FILTER_FIELD: &str = "event-filter";

/// What the table remembers between frames; owned by the app.
#[derive(Debug)]
pub struct EventTable {
    /// The index of matching events.
    pub filter: EventFilter,
    /// The filter words as typed.
    pub words: String,
    /// Keep the newest event in view.
    pub follow: bool,
    page: usize,
    shown: Option<EventId>,
    /// Row to bring into sight, for how many more frames: the first one may still move it.
    seek: Option<(usize, u8)>,
}

impl Default for EventTable {
    fn default() -> Self {
        EventTable {
            filter: EventFilter::default(),
            words: String::new(),
            follow: true,
            page: 0,
            shown: None,
            seek: None,
        }
    }
}

/// Shows the table. `run` tells one trace from another.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    run: u64,
    table: &mut EventTable,
    out: &mut Vec<Command>,
) {
    let whole = table.filter.update(view.trace, run, &table.words, BUDGET);
    if !whole {
        ui.ctx().request_repaint();
    }
    head(ui, view, table, whole);
    let rows = table.filter.rows_at(view.k);
    if rows.is_empty() {
        empty(ui, view, &mut table.words, whole);
        return;
    }
    let pages = rows.len().div_ceil(PAGE);
    let selected = view.selection.and_then(|s| s.event);
    let selected_row = selected.and_then(|id| row_of(view, rows, id));
    let moved = keyboard(ui, rows, selected_row);
    if let Some(row) = moved {
        choose(view, rows[row], out);
        table.follow = false;
        table.page = row / PAGE;
        table.seek = Some((row, 2));
    } else if selected != table.shown {
        // Chosen in another view: bring it into sight here.
        if let Some(row) = selected_row {
            table.page = row / PAGE;
            table.seek = Some((row, 2));
            table.follow = row + 1 == rows.len() && table.follow;
        }
    } else if table.follow {
        table.page = pages - 1;
    }
    table.shown = if moved.is_some() {
        moved.map(|row| rows[row])
    } else {
        selected
    };
    table.page = table.page.min(pages - 1);
    if pages > 1 {
        paging(
            ui,
            view,
            &mut table.page,
            &mut table.follow,
            pages,
            rows.len(),
        );
    }
    let first = table.page * PAGE;
    let scroll_to = table.seek.and_then(|(row, _)| row.checked_sub(first));
    table.seek = table
        .seek
        .and_then(|(row, left)| (left > 1).then_some((row, left - 1)));
    if table.seek.is_some() {
        ui.ctx().request_repaint();
    }
    let page = &rows[first..rows.len().min(first + PAGE)];
    body(
        ui,
        view,
        page,
        selected_row.and_then(|r| r.checked_sub(first)),
        scroll_to,
        table.follow,
        out,
    );
}

/// Filter, count, follow.
fn head(ui: &mut Ui, view: &View<'_>, table: &mut EventTable, whole: bool) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        section::title(ui, theme, view.say(text::EVENTS));
        let follow_width = KeyButton::new(view.say(text::FOLLOW))
            .small()
            .width(ui, theme);
        let width = (ui.available_width() - follow_width - theme.sizes.small * 11.0)
            .clamp(80.0, 420.0 * theme.scale);
        let side = theme.sizes.small;
        let field = TextEdit::singleline(&mut table.words)
            .id(egui::Id::unique(FILTER_FIELD))
            .font(theme.mono_small())
            .hint_text(
                RichText::new(view.say(text::FILTER_EXAMPLE)).color(theme.colours.text_faint),
            )
            .margin(egui::Margin {
                left: (side * 2.0) as i8,
                right: 6,
                top: 4,
                bottom: 4,
            })
            .desired_width(width);
        let response = ui.add(field);
        section::named(&response, view.say(text::FILTER));
        let area = Rect::from_center_size(
            pos2(response.rect.min.x + side, response.rect.center().y),
            vec2(side, side),
        );
        icon::paint(ui.painter(), area, Icon::Search, theme.colours.text_faint);
        let response = response.on_hover_text(view.say(text::FILTER_HINT));
        if response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            table.words.clear();
            response.surrender_focus();
        }
        let found = table.filter.rows_at(view.k).len() as u64;
        let count = if whole {
            view.fill(
                text::COUNT,
                &[("n", &grouped(found)), ("m", &grouped(u64::from(view.k)))],
            )
        } else {
            let percent = (table.filter.progress(view.trace.len()) * 100.0) as u32;
            view.fill(
                text::COUNTING,
                &[("n", &grouped(found)), ("percent", &percent)],
            )
        };
        ui.label(
            RichText::new(count)
                .font(theme.small())
                .color(theme.colours.text_faint),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = KeyButton::new(view.say(text::FOLLOW))
                .small()
                .tint(Tint::Quiet)
                .hint(view.say(text::FOLLOW_HINT))
                .selected(table.follow);
            if button.show(ui, theme).clicked() {
                table.follow = !table.follow;
            }
        });
    });
}

fn empty(ui: &mut Ui, view: &View<'_>, words: &mut String, whole: bool) {
    let theme = view.theme;
    ui.add_space(theme.gap(3.0));
    if words.is_empty() {
        section::note(ui, theme, view.say(text::NONE_YET));
    } else if whole {
        section::note(ui, theme, view.say(text::NONE_FOUND));
        if KeyButton::new(view.say(text::CLEAR))
            .small()
            .show(ui, theme)
            .clicked()
        {
            words.clear();
        }
    }
}

/// The row that shows event `id`, or the call it belongs to.
fn row_of(view: &View<'_>, rows: &[EventId], id: EventId) -> Option<usize> {
    rows.binary_search(&id).ok().or_else(|| {
        let event = view.trace.event(id);
        let other = match event.kind {
            Kind::Begin => view.trace.end_of(id).or_else(|| view.trace.blocked_of(id)),
            _ if event.link != NONE && !matches!(event.kind, Kind::Frame | Kind::Segment) => {
                Some(event.link)
            }
            _ => None,
        }?;
        rows.binary_search(&other).ok()
    })
}

/// The row that the arrow keys lead to, when the table has the keyboard.
fn keyboard(ui: &Ui, rows: &[EventId], selected: Option<usize>) -> Option<usize> {
    let focus_id = ui.scope_id().with("rows");
    let here = ui.memory(|m| m.has_focus(focus_id));
    if !here {
        return None;
    }
    let last = rows.len() - 1;
    let at = selected.unwrap_or(last);
    ui.input_mut(|i| {
        let mut pressed = |key| i.consume_key(egui::Modifiers::NONE, key);
        if pressed(Key::ArrowDown) {
            Some((at + 1).min(last))
        } else if pressed(Key::ArrowUp) {
            Some(at.saturating_sub(1))
        } else if pressed(Key::PageDown) {
            Some((at + 10).min(last))
        } else if pressed(Key::PageUp) {
            Some(at.saturating_sub(10))
        } else if pressed(Key::Home) {
            Some(0)
        } else if pressed(Key::End) {
            Some(last)
        } else {
            None
        }
    })
}

fn choose(view: &View<'_>, id: EventId, out: &mut Vec<Command>) {
    out.push(Command::Select(Some(selection_of(view, id))));
}

/// Event `id` as a selection: its bytes, or none.
pub fn selection_of(view: &View<'_>, id: EventId) -> Selection {
    let event = view.trace.event(id);
    let (stream, start, end) = bytes_of(view.trace, id, &event).map_or_else(
        || (view.trace.stream_of(id).unwrap_or(StreamId(0)), 0, 0),
        |(stream, start, end)| (stream.id, start, end),
    );
    Selection {
        stream,
        start,
        end,
        event: Some(id),
    }
}

fn paging(
    ui: &mut Ui,
    view: &View<'_>,
    page: &mut usize,
    follow: &mut bool,
    pages: usize,
    rows: usize,
) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        let before = KeyButton::new(view.say(text::PAGE_BEFORE))
            .small()
            .icon(Icon::Back)
            .tint(Tint::Quiet);
        if *page > 0 && before.show(ui, theme).clicked() {
            *page -= 1;
            *follow = false;
        }
        let from = *page * PAGE + 1;
        let to = rows.min((*page + 1) * PAGE);
        let words = view.fill(
            text::PAGE,
            &[("from", &grouped(from as u64)), ("to", &grouped(to as u64))],
        );
        ui.label(
            RichText::new(words)
                .font(theme.mono_small())
                .color(theme.colours.text_soft),
        );
        let after = KeyButton::new(view.say(text::PAGE_AFTER))
            .small()
            .icon(Icon::Forward)
            .tint(Tint::Quiet);
        if *page + 1 < pages && after.show(ui, theme).clicked() {
            *page += 1;
            *follow = false;
        }
    });
}

fn body(
    ui: &mut Ui,
    view: &View<'_>,
    page: &[EventId],
    selected: Option<usize>,
    scroll_to: Option<usize>,
    follow: bool,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    let em = theme.sizes.mono;
    let height = (em * 1.65).round();
    let focus_id = ui.scope_id().with("rows");
    let area = ui.available_rect_before_wrap();
    let keys = ui.interact(area, focus_id, Sense::focusable_noninteractive());
    section::named(&keys, view.say(text::EVENTS));
    section::keyboard(ui, theme, &keys, area, section::UP_AND_DOWN);
    // Whole rows only: half a row under the header cannot be read. The edge is not faded, for
    // then the first row could not either.
    let rows = ((ui.available_height() - height) / height).floor().max(1.0);
    ui.spacing_mut().scroll.fade.strength = 0.0;
    let room = ui.available_width();
    let wide = room > em * 58.0;
    let narrow = room < em * 42.0;
    ui.spacing_mut().item_spacing = vec2(theme.gap(if narrow { 1.25 } else { 2.0 }), 0.0);
    let digits = view.k.max(10).ilog10() as f32 + 1.0;
    let number = em * 0.62 * digits.max(2.0) + 4.0;
    let (time, actor, bytes) = (em * 4.4, em * 3.9, if narrow { 0.0 } else { em * 3.6 });
    let offset = if wide { em * 5.0 } else { 0.0 };
    let messages = em * if narrow { 5.0 } else { 7.5 };
    let gaps = ui.spacing().item_spacing.x * if wide { 7.0 } else { 6.0 } + theme.gap(3.0);
    let flexible = (room - number - time - actor - bytes - offset - messages - gaps).max(em * 8.0);
    let mut builder = TableBuilder::new(ui)
        .id_salt("events")
        .sense(Sense::click())
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(number))
        .column(Column::exact(time))
        .column(Column::exact(actor))
        .column(Column::exact(flexible * 0.54).clip(true))
        .column(Column::exact(flexible * 0.46).clip(true));
    if !narrow {
        builder = builder.column(Column::exact(bytes));
    }
    if wide {
        builder = builder.column(Column::exact(offset));
    }
    builder = builder
        .column(Column::remainder().clip(true))
        .min_scrolled_height(0.0)
        .max_scroll_height(rows * height)
        .stick_to_bottom(follow)
        .animate_scrolling(false);
    if let Some(row) = scroll_to {
        builder = builder.scroll_to_row(row, None);
    }
    let heads = [
        Some((text::COL_NUMBER, true)),
        Some((text::COL_TIME, true)),
        Some((text::COL_ACTOR, false)),
        Some((text::COL_CALL, false)),
        Some((text::COL_RESULT, false)),
        (!narrow).then_some((text::COL_BYTES, true)),
        wide.then_some((text::COL_OFFSET, true)),
        Some((text::COL_MESSAGES, false)),
    ];
    builder
        .header(height, |mut row| {
            for (phrase, right) in heads.into_iter().flatten() {
                row.col(|ui| {
                    let words = RichText::new(view.say(phrase))
                        .font(theme.small())
                        .color(theme.colours.text_faint);
                    align(ui, right, |ui| {
                        ui.add(egui::Label::new(words).selectable(false));
                    });
                });
            }
        })
        .body(|body| {
            body.rows(height, page.len(), |mut row| {
                let at = row.index();
                let Some(&id) = page.get(at) else { return };
                let event = view.trace.event(id);
                row.set_selected(selected == Some(at));
                cells(&mut row, view, id, &event, (!narrow, wide));
                let response = row.response();
                let name = row_name(view, id, &event);
                response.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::Row, true, selected == Some(at), &name)
                });
                if response.clicked() {
                    choose(view, id, out);
                    response.ctx.memory_mut(|m| m.request_focus(focus_id));
                }
            });
        });
}

fn row_name(view: &View<'_>, id: EventId, event: &Event) -> String {
    let (words, _) = result(view.trace, id, event, view.lang);
    view.fill(
        text::ROW,
        &[
            ("n", &(u64::from(id) + 1)),
            ("who", &actor_name(view.trace, event.actor, view.lang)),
            ("call", &what(view.trace, id, event, view.lang)),
            ("result", &words),
        ],
    )
}

fn align(ui: &mut Ui, right: bool, add: impl FnOnce(&mut Ui)) {
    if right {
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    } else {
        add(ui);
    }
}

fn cells(
    row: &mut egui_extras::TableRow<'_, '_>,
    view: &View<'_>,
    id: EventId,
    event: &Event,
    (with_bytes, with_offset): (bool, bool),
) {
    let theme = view.theme;
    let c = &theme.colours;
    let mono = |ui: &mut Ui, words: String, colour: Color32| {
        ui.add(
            egui::Label::new(RichText::new(words).font(theme.mono_small()).color(colour))
                .selectable(false)
                .truncate(),
        )
    };
    row.col(|ui| {
        align(ui, true, |ui| {
            mono(ui, grouped(u64::from(id) + 1), c.text_faint);
        });
    });
    row.col(|ui| {
        align(ui, true, |ui| {
            mono(ui, format!("{:.4}", event.t as f64 / 1e9), c.text_soft);
        });
    });
    row.col(|ui| {
        let actor = segment_text::sender(view.trace, id, event);
        let colour = actor_colour(view, actor);
        let name = if event.kind == Kind::Segment && actor == ActorId::LAB {
            view.say(segments::NETWORK).to_owned()
        } else {
            actor_name(view.trace, actor, view.lang)
        };
        ui.add(
            egui::Label::new(RichText::new(name).font(theme.small()).color(colour))
                .selectable(false)
                .truncate(),
        );
    });
    row.col(|ui| {
        let colour = if event.call().is_some() {
            c.text
        } else {
            c.text_soft
        };
        mono(ui, what(view.trace, id, event, view.lang), colour);
    });
    let (words, tone) = result(view.trace, id, event, view.lang);
    row.col(|ui| {
        let colour = match tone {
            Tone::Plain => c.text,
            Tone::Faint => c.text_faint,
            Tone::Blocked => c.warn,
            Tone::Good => c.good,
            Tone::Bad => c.bad,
        };
        if tone == Tone::Blocked && event.kind == Kind::Blocked {
            let (area, _) =
                ui.allocate_exact_size(vec2(theme.sizes.small, theme.sizes.small), Sense::hover());
            ui.painter().rect_filled(area, 2.0, c.warn_fill);
            pattern::hatch(ui.painter(), area, c.warn, theme.scale);
        }
        mono(ui, words, colour);
    });
    let bytes = (event.kind != Kind::Begin && event.kind != Kind::Blocked)
        .then(|| bytes_of(view.trace, id, event))
        .flatten();
    if with_bytes {
        row.col(|ui| {
            if let Some((_, start, end)) = bytes {
                align(ui, true, |ui| {
                    mono(ui, grouped(end - start), c.text_soft);
                });
            }
        });
    }
    if with_offset {
        row.col(|ui| {
            if let Some((_, start, _)) = bytes {
                align(ui, true, |ui| {
                    mono(ui, grouped(start), c.text_faint);
                });
            }
        });
    }
    row.col(|ui| {
        if let Some((stream, start, end)) = bytes {
            chips(ui, view, stream, start, end);
        }
    });
}

/// The client's and the server's colour; others plain.
pub fn actor_colour(view: &View<'_>, actor: ActorId) -> Color32 {
    use crate::trace::Role;
    let c = &view.theme.colours;
    if view.trace.meta().relay == Some(actor) {
        return c.bad;
    }
    match view
        .trace
        .meta()
        .actors
        .get(usize::from(actor.0))
        .map(|a| a.role)
    {
        Some(Role::Client) => c.client,
        Some(Role::Server) => c.server,
        _ => c.text_faint,
    }
}

/// One chip per message the bytes belong to, with its number; a part of a message is a half chip.
pub fn chips(ui: &mut Ui, view: &View<'_>, stream: &Stream, start: u64, end: u64) -> Response {
    let theme = view.theme;
    let list = pieces(stream, start, end);
    let mut inks: Vec<(Ink, String, bool)> = Vec::new();
    let mut more = 0usize;
    for piece in &list {
        let mut push = |ink, label: String, whole| {
            if inks.len() < CHIPS {
                inks.push((ink, label, whole));
            } else {
                more += 1;
            }
        };
        match *piece {
            Piece::Whole { first, last } => {
                for n in first..=last.min(first + CHIPS as u32) {
                    push(Ink::Message(n - 1), n.to_string(), true);
                }
                more += (last as usize).saturating_sub(first as usize + CHIPS);
            }
            Piece::Cut { message, .. } => {
                push(Ink::Message(message - 1), message.to_string(), false);
            }
            Piece::Altered { message } => {
                push(Ink::Message(message - 1), format!("{message}!"), true);
            }
            Piece::Attacker { .. } => push(Ink::Attacker, "!".to_owned(), true),
            Piece::External { .. } => push(Ink::External, "ext".to_owned(), true),
            Piece::Acknowledgement { .. } => push(Ink::Acknowledgement, "ack".to_owned(), true),
            Piece::Unknown { .. } => push(Ink::Unknown, "?".to_owned(), true),
        }
    }
    let height = theme.sizes.small * 1.25;
    let names: Vec<String> = inks.iter().map(|(_, label, _)| label.clone()).collect();
    ui.spacing_mut().interact_size.y = height;
    let response = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for (ink, label, whole) in &inks {
                let width = (label.len() as f32 * theme.sizes.small * 0.62 + 9.0).max(height * 1.3);
                let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
                let labels = [label.as_str()];
                let mut fill = Fill::new(theme, &labels);
                fill.font = theme.mono_small();
                let swatch = Swatch::of(*ink, theme);
                pattern::paint(ui.painter(), area, &swatch, &fill);
                if !whole {
                    // A torn edge: the rest of the message is elsewhere.
                    let x = area.max.x;
                    let step = height / 4.0;
                    for n in 0..4 {
                        let y = area.min.y + n as f32 * step;
                        ui.painter().add(egui::Shape::convex_polygon(
                            vec![
                                pos2(x + 0.5, y),
                                pos2(x - 3.0, y + step / 2.0),
                                pos2(x + 0.5, y + step),
                            ],
                            theme.colours.panel,
                            egui::Stroke::NONE,
                        ));
                    }
                }
            }
            if more > 0 {
                ui.label(
                    RichText::new(format!("+{}", grouped(more as u64)))
                        .font(theme.small())
                        .color(theme.colours.text_faint),
                );
            }
        })
        .response;
    section::named(&response, &names.join(" "));
    response
}
