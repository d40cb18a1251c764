//! The list of packets: only the rows in sight are looked at.

use egui::{Align, Color32, Key, Layout, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::super::figures::grouped;
use super::super::icon::Icon;
use super::super::key_button::{KeyButton, Tint};
use super::super::section;
use super::super::view::View;
use super::super::why::actor_name;
use super::{Inspector, Known};
use crate::i18n::{Phrase, events, packet_view as text};
use crate::trace::{EventId, Role};
use crate::wire::{Endpoint, Packets, Protocol, mark, tcp_flag, words};

/// Rows of one page: row positions are 32-bit floats, which lose whole points beyond that.
const PAGE: usize = 400_000;

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Number,
    Time,
    Source,
    Destination,
    /// Both ends, short.
    Ends,
    /// Of a run: the actor whose socket it left.
    Sender,
    Protocol,
    Flags,
    Seq,
    Ack,
    Window,
    Length,
    /// Which call sent its first byte, and which got its last.
    Calls,
    Note,
}

impl Cell {
    fn title(self) -> Phrase {
        match self {
            Cell::Number => text::COL_NUMBER,
            Cell::Time => text::COL_TIME,
            Cell::Source | Cell::Sender => text::COL_SOURCE,
            Cell::Destination => text::COL_DESTINATION,
            Cell::Ends => text::COL_ENDS,
            Cell::Protocol => text::COL_PROTOCOL,
            Cell::Flags => text::COL_FLAGS,
            Cell::Seq => text::COL_SEQ,
            Cell::Ack => text::COL_ACK,
            Cell::Window => text::COL_WINDOW,
            Cell::Length => text::COL_LENGTH,
            Cell::Calls => text::COL_CALLS,
            Cell::Note => text::COL_NOTE,
        }
    }

    fn right(self) -> bool {
        matches!(
            self,
            Cell::Number | Cell::Time | Cell::Seq | Cell::Ack | Cell::Window | Cell::Length
        )
    }
}

pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    packets: &Packets,
    inspector: &mut Inspector,
    known: &dyn Known,
) {
    let theme = view.theme;
    let count = inspector.rows().len();
    if count == 0 {
        let words = if inspector.limit(packets) == 0 {
            text::NO_PACKETS
        } else {
            text::NONE_FOUND
        };
        section::note(ui, theme, view.say(words));
        return;
    }
    let selected = inspector
        .selected
        .and_then(|row| inspector.rows().binary_search(&row).ok());
    let focus = ui.scope_id().with("packet rows");
    if let Some(at) = keyboard(ui, focus, count, selected) {
        let row = inspector.rows()[at];
        inspector.select(Some(row));
        inspector.page = at / PAGE;
    }
    let selected = inspector
        .selected
        .and_then(|row| inspector.rows().binary_search(&row).ok());
    if let Some((at, _)) = inspector.seek {
        inspector.page = at / PAGE;
    }
    let pages = count.div_ceil(PAGE);
    inspector.page = inspector.page.min(pages - 1);
    if pages > 1 {
        paging(ui, view, &mut inspector.page, pages, count);
    }
    let first = inspector.page * PAGE;
    let seek = inspector.seek.and_then(|(at, _)| at.checked_sub(first));
    inspector.seek = inspector
        .seek
        .and_then(|(at, left)| (left > 1).then_some((at, left - 1)));
    if inspector.seek.is_some() {
        ui.ctx().request_repaint();
    }
    let page = first..count.min(first + PAGE);
    let clicked = table(
        ui,
        view,
        packets,
        known,
        &inspector.rows()[page],
        selected.and_then(|at| at.checked_sub(first)),
        seek,
        focus,
    );
    if let Some(row) = clicked {
        inspector.select(Some(row));
        // It is in sight: it was clicked.
        inspector.seek = None;
        inspector.wants_seek = false;
    }
}

fn keyboard(ui: &Ui, focus: egui::Id, count: usize, selected: Option<usize>) -> Option<usize> {
    if !ui.memory(|m| m.has_focus(focus)) {
        return None;
    }
    let last = count - 1;
    let at = selected.unwrap_or(0);
    ui.input_mut(|i| {
        let mut pressed = |key| i.consume_key(egui::Modifiers::NONE, key);
        if pressed(Key::ArrowDown) {
            Some(selected.map_or(0, |at| (at + 1).min(last)))
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

fn paging(ui: &mut Ui, view: &View<'_>, page: &mut usize, pages: usize, rows: usize) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        let before = KeyButton::new(view.say(events::PAGE_BEFORE))
            .small()
            .icon(Icon::Back)
            .tint(Tint::Quiet);
        if *page > 0 && before.show(ui, theme).clicked() {
            *page -= 1;
        }
        let from = *page * PAGE + 1;
        let to = rows.min((*page + 1) * PAGE);
        let words = view.fill(
            events::PAGE,
            &[("from", &grouped(from as u64)), ("to", &grouped(to as u64))],
        );
        section::note(ui, theme, &words);
        let after = KeyButton::new(view.say(events::PAGE_AFTER))
            .small()
            .icon(Icon::Forward)
            .tint(Tint::Quiet);
        if *page + 1 < pages && after.show(ui, theme).clicked() {
            *page += 1;
        }
    });
}

/// Columns and their widths, for the room there is. A width of 0 takes the rest.
fn columns(room: f32, em: f32, rows: u32, six: bool, calls: bool) -> Vec<(Cell, f32)> {
    let number = em * (0.62 * ((rows.max(10).ilog10() + 1) as f32 * 1.3).max(2.0)) + 6.0;
    let address = em * if six { 15.0 } else { 12.0 };
    // Who sent it stands with the calls.
    let wide = room > em * 78.0 && !calls;
    let narrow = room < em * 50.0;
    let mut list = vec![
        (Cell::Number, number),
        (Cell::Time, em * if calls { 5.4 } else { 6.2 }),
    ];
    if wide {
        list.push((Cell::Source, address));
        list.push((Cell::Destination, address));
    } else if calls {
        list.push((Cell::Sender, em * 6.0));
    } else {
        list.push((Cell::Ends, em * if narrow { 8.6 } else { 9.6 }));
    }
    // Of a run there are few connections; the calls say more.
    if !narrow && (!calls || room > em * 76.0) {
        list.push((Cell::Protocol, em * 4.6));
    }
    list.push((Cell::Flags, em * 5.6));
    if !narrow {
        let number = em * if calls { 4.8 } else { 5.6 };
        list.push((Cell::Seq, number));
        list.push((Cell::Ack, number));
    }
    if room > em * 58.0 {
        list.push((Cell::Window, em * 4.8));
    }
    list.push((Cell::Length, em * 3.6));
    if calls {
        list.push((Cell::Calls, em * if narrow { 12.0 } else { 14.0 }));
    }
    list.push((Cell::Note, 0.0));
    list
}

#[expect(
    clippy::too_many_arguments,
    reason = "all that a table of packets is made of"
)]
fn table(
    ui: &mut Ui,
    view: &View<'_>,
    packets: &Packets,
    known: &dyn Known,
    page: &[u32],
    selected: Option<usize>,
    seek: Option<usize>,
    focus: egui::Id,
) -> Option<u32> {
    let theme = view.theme;
    let em = theme.sizes.mono;
    let height = (em * 1.6).round();
    let area = ui.available_rect_before_wrap();
    let keys = ui.interact(area, focus, Sense::focusable_noninteractive());
    section::named(&keys, view.say(text::LIST));
    section::keyboard(ui, theme, &keys, area, section::UP_AND_DOWN);
    let rows = ((ui.available_height() - height) / height).floor().max(1.0);
    ui.spacing_mut().scroll.fade.strength = 0.0;
    ui.spacing_mut().item_spacing = vec2(theme.gap(2.5), 0.0);
    let six = packets
        .conversations()
        .iter()
        .take(64)
        .any(|c| c.a.address.is_ipv6());
    let of_run = !packets.actors().is_empty();
    let cells = columns(ui.available_width(), em, packets.len(), six, of_run);
    let mut builder = TableBuilder::new(ui)
        .id_salt("packets")
        .sense(Sense::click())
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center));
    for (cell, width) in &cells {
        builder = builder.column(if *cell == Cell::Note {
            Column::remainder().clip(true)
        } else {
            Column::exact(*width).clip(true)
        });
    }
    builder = builder
        .min_scrolled_height(0.0)
        .max_scroll_height(rows * height)
        .animate_scrolling(false);
    if let Some(row) = seek {
        builder = builder.scroll_to_row(row, None);
    }
    let mut clicked = None;
    builder
        .header(height, |mut row| {
            for (cell, _) in &cells {
                row.col(|ui| {
                    let words = RichText::new(view.say(cell.title()))
                        .font(theme.small())
                        .color(theme.colours.text_faint);
                    align(ui, cell.right(), |ui| {
                        ui.add(egui::Label::new(words).selectable(false).truncate());
                    });
                });
            }
        })
        .body(|body| {
            body.rows(height, page.len(), |mut row| {
                let at = row.index();
                let Some(&packet) = page.get(at) else { return };
                row.set_selected(selected == Some(at));
                for (cell, _) in &cells {
                    row.col(|ui| show_cell(ui, view, packets, known, packet, *cell));
                }
                let response = row.response();
                response.widget_info(|| {
                    egui::WidgetInfo::selected(
                        egui::Role::Row,
                        true,
                        selected == Some(at),
                        name(view, packets, known, packet),
                    )
                });
                if response.clicked() {
                    clicked = Some(packet);
                    response.ctx.memory_mut(|m| m.request_focus(focus));
                }
            });
        });
    clicked
}

fn align(ui: &mut Ui, right: bool, add: impl FnOnce(&mut Ui)) {
    if right {
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    } else {
        add(ui);
    }
}

/// A row as it is read out.
fn name(view: &View<'_>, packets: &Packets, known: &dyn Known, row: u32) -> String {
    let end = |e: Option<Endpoint>| e.map_or_else(String::new, |e| e.to_string());
    let calls = calls(packets, known, row);
    let words = view.fill(
        text::ROW,
        &[
            ("n", &(row + 1)),
            ("from", &end(packets.source(row))),
            ("to", &end(packets.destination(row))),
            ("protocol", &packets.packet(row).protocol.name()),
            ("info", &words::info(packets, row, view.lang)),
        ],
    );
    if calls.is_empty() {
        words
    } else {
        format!("{words}, {calls}")
    }
}

/// Seconds since the capture began, to the microsecond.
pub(super) fn seconds(packets: &Packets, row: u32) -> String {
    let since = packets.packet(row).time.saturating_sub(packets.begin());
    format!(
        "{}.{:06}",
        since / 1_000_000_000,
        since % 1_000_000_000 / 1_000
    )
}

fn show_cell(
    ui: &mut Ui,
    view: &View<'_>,
    packets: &Packets,
    known: &dyn Known,
    row: u32,
    cell: Cell,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let packet = packets.packet(row);
    let tcp = packet.protocol == Protocol::Tcp;
    let side = if packet.backward() {
        c.server
    } else {
        c.client
    };
    let end = |e: Option<Endpoint>| e.map_or_else(String::new, |e| e.to_string());
    let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let (words, colour): (String, Color32) = match cell {
        Cell::Number => (grouped(u64::from(row) + 1), c.text_faint),
        Cell::Time => (seconds(packets, row), c.text_soft),
        Cell::Source => (end(packets.source(row)), side),
        Cell::Destination => (end(packets.destination(row)), c.text_soft),
        Cell::Sender => {
            let Some(actor) = packets.origin(row).actor else {
                return;
            };
            let colour = match view.trace.meta().actors.get(usize::from(actor.0)) {
                Some(meta) if meta.role == Role::Client => c.client,
                Some(meta) if meta.role == Role::Server => c.server,
                _ => c.text,
            };
            (actor_name(view.trace, actor, view.lang), colour)
        }
        Cell::Ends => {
            let port =
                |e: Option<Endpoint>| e.map_or_else(|| "?".to_owned(), |e| e.port.to_string());
            let from = port(packets.source(row));
            (format!("{from}→{}", port(packets.destination(row))), side)
        }
        Cell::Protocol => {
            let words = match packets.conversation(row) {
                Some(conversation) if matches!(packet.protocol, Protocol::Tcp | Protocol::Udp) => {
                    format!("{} {}", packet.protocol.name(), conversation.number)
                }
                _ => packet.protocol.name().to_owned(),
            };
            (words, c.text_soft)
        }
        Cell::Flags if tcp => {
            let colour = if packet.flags & tcp_flag::RST != 0 {
                c.bad
            } else if packet.flags & (tcp_flag::SYN | tcp_flag::FIN) != 0 {
                c.accent
            } else {
                c.text
            };
            (flags(packet.flags), colour)
        }
        Cell::Flags => (String::new(), c.text),
        Cell::Seq => (number(packets.relative_seq(row).filter(|_| tcp)), c.text),
        Cell::Ack => (number(packets.relative_ack(row).filter(|_| tcp)), c.text),
        Cell::Window => (number(packets.window(row)), c.text_soft),
        Cell::Length => (packet.payload.to_string(), c.text),
        Cell::Calls => (calls(packets, known, row), c.text_soft),
        Cell::Note => {
            note(ui, view, packets, row);
            return;
        }
    };
    align(ui, cell.right(), |ui| {
        ui.add(
            egui::Label::new(RichText::new(words).font(theme.mono_small()).color(colour))
                .selectable(false)
                .truncate(),
        );
    });
}

/// Who sent it, by which call, and which call got its last byte.
pub(super) fn calls(packets: &Packets, known: &dyn Known, row: u32) -> String {
    let origin = packets.origin(row);
    let call = |event: Option<EventId>| event.map(|event| known.call(event));
    match (call(origin.send), call(origin.recv)) {
        (Some(send), Some(recv)) => format!("{send} → {recv}"),
        (Some(send), None) => send,
        (None, Some(recv)) => format!("→ {recv}"),
        (None, None) => String::new(),
    }
}

fn flags(flags: u16) -> String {
    let mut out = String::new();
    for (bit, name) in [
        (tcp_flag::SYN, "SYN"),
        (tcp_flag::FIN, "FIN"),
        (tcp_flag::RST, "RST"),
        (tcp_flag::PSH, "PSH"),
        (tcp_flag::ACK, "ACK"),
    ] {
        if flags & bit != 0 {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(name);
        }
    }
    out
}

fn note(ui: &mut Ui, view: &View<'_>, packets: &Packets, row: u32) {
    let theme = view.theme;
    let c = &theme.colours;
    let packet = packets.packet(row);
    let mut out: Vec<(String, Color32)> = words::marks(packet.marks)
        .map(|(bit, _, word, _)| {
            let colour = if *bit == mark::TROUBLE { c.bad } else { c.warn };
            (view.say(*word).to_owned(), colour)
        })
        .collect();
    if matches!(packet.protocol, Protocol::Icmp | Protocol::Icmp6) {
        out.push((words::info(packets, row, view.lang), c.text));
    }
    if let Some(comment) = packets.comment(row) {
        out.push((comment.replace('\n', " · "), c.text_soft));
    }
    for (words, colour) in out {
        ui.add(
            egui::Label::new(RichText::new(words).font(theme.small()).color(colour))
                .selectable(false)
                .truncate(),
        );
    }
}
