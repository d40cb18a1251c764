//! The fields of one event, each with a sentence that says what it is.

use egui::{Color32, Label, RichText, Sense, Ui, vec2};

use super::super::call_text::{begin_of, call_text};
use super::super::command::Command;
use super::super::errno::errno;
use super::super::event_filter::bytes_of;
use super::super::event_text::{Tone, result};
use super::super::events::chips;
use super::super::figures::{bytes as amount, duration, grouped};
use super::super::section;
use super::super::view::{Selection, View};
use super::super::why::{actor_name, pieces, pieces_text};
use super::super::{segment_text, tcp_text};
use crate::i18n::{Phrase, events as text, program};
use crate::trace::{Detail, Event, EventId, Kind, SocketId, flag};

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    name: Phrase,
    value: String,
    is: Phrase,
    tone: Tone,
    /// Stream bytes the field speaks of.
    bytes: bool,
}

/// Shows them as a list of name, value, meaning.
pub(super) fn show(ui: &mut Ui, view: &View<'_>, id: EventId, out: &mut Vec<Command>) {
    let theme = view.theme;
    let event = view.trace.event(id);
    let name_width = theme.sizes.small * 7.2;
    ui.spacing_mut().item_spacing.y = theme.gap(0.75);
    for field in fields(view, id, &event) {
        let ink = match field.tone {
            Tone::Bad => theme.colours.bad,
            Tone::Blocked => theme.colours.warn,
            Tone::Good => theme.colours.good,
            _ => theme.colours.text,
        };
        let response = ui
            .horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = theme.gap(2.0);
                fixed(
                    ui,
                    name_width,
                    view.say(field.name),
                    theme.small(),
                    theme.colours.text_faint,
                );
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    if field.name == text::F_MESSAGES
                        && let Some((stream, start, end)) = bytes_of(view.trace, id, &event)
                    {
                        chips(ui, view, stream, start, end);
                    }
                    ui.add(
                        Label::new(
                            RichText::new(&field.value)
                                .font(theme.mono_small())
                                .color(ink),
                        )
                        .wrap(),
                    );
                    section::note(ui, theme, view.say(field.is));
                });
            })
            .response;
        if field.bytes
            && let Some((stream, start, end)) = bytes_of(view.trace, id, &event)
        {
            let response = response.interact(Sense::click());
            section::named(
                &response,
                &format!("{}: {}", view.say(field.name), field.value),
            );
            if response.hovered() {
                ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
            }
            if response.clicked() {
                let stream = stream.id;
                out.push(Command::Select(Some(Selection {
                    stream,
                    start,
                    end,
                    event: Some(id),
                })));
            }
        }
    }
}

fn fixed(ui: &mut Ui, width: f32, words: &str, font: egui::FontId, colour: Color32) {
    let height = font.size * 1.3;
    ui.allocate_ui_with_layout(
        vec2(width, height),
        egui::Layout::left_to_right(egui::Align::Min),
        |ui| {
            ui.set_min_width(width);
            ui.add(
                Label::new(RichText::new(words).font(font).color(colour))
                    .selectable(false)
                    .truncate(),
            );
        },
    );
}

/// The fields of event `id`, in the order in which they are read.
pub(super) fn fields(view: &View<'_>, id: EventId, event: &Event) -> Vec<Field> {
    let (trace, lang) = (view.trace, view.lang);
    let mut list = Vec::new();
    let mut add = |name: Phrase, value: String, is: Phrase, tone: Tone| {
        let bytes = name == text::F_RANGE || name == text::F_MESSAGES;
        list.push(Field {
            name,
            value,
            is,
            tone,
            bytes,
        });
    };
    let begin = begin_of(trace, id);
    if event.call().is_some() {
        add(
            text::F_CALL,
            call_text(trace, id),
            text::F_CALL_IS,
            Tone::Plain,
        );
    }
    let of_begin = begin.map(|b| trace.event(b));
    if let (Some(call), Some(begin)) = (event.call(), of_begin) {
        if call.sends() {
            add(
                text::F_ASKED,
                amount(begin.a),
                text::F_ASKED_SEND_IS,
                Tone::Plain,
            );
            if let Some(message) = begin.message() {
                let number = format!("{}", u64::from(message) + 1);
                add(text::F_MESSAGE, number, text::F_MESSAGE_IS, Tone::Plain);
            }
        } else if call.receives() {
            add(
                text::F_ASKED,
                amount(begin.a),
                text::F_ASKED_RECV_IS,
                Tone::Plain,
            );
        }
    }
    if event.kind == Kind::Return {
        if let Some(number) = event.errno() {
            let value = errno(&trace.meta().platform, number).map_or_else(
                || number.to_string(),
                // Errors of a look-up have no errno: see there.
                |(name, _)| match name {
                    name if name.starts_with("EAI_") => name.to_owned(),
                    name => format!("{name} ({number})"),
                },
            );
            add(text::F_RESULT, value, text::F_ERRNO_IS, Tone::Bad);
        } else {
            let moves = event.call().is_some_and(|c| c.sends() || c.receives());
            let value = if moves {
                amount(event.b as u64)
            } else {
                result(trace, id, event, lang).0
            };
            add(text::F_RESULT, value, text::F_RESULT_IS, Tone::Plain);
        }
    }
    if event.kind == Kind::Frame && !event.has(flag::FRAME_ERROR) {
        let (verdict, tone) = result(trace, id, event, lang);
        let value = format!(
            "{} · {} · {verdict}",
            u64::from(event.link) + 1,
            amount(event.b.max(0) as u64)
        );
        add(text::F_FRAME, value, text::F_FRAME_IS, tone);
        add(
            text::F_HEADER,
            amount(u64::from(event.op)),
            text::F_HEADER_IS,
            Tone::Plain,
        );
    }
    if let Some(segment) = event.segment() {
        for (name, value, is) in segment_text::fields(trace, id, &segment, lang) {
            add(name, value, is, Tone::Plain);
        }
    }
    if let Some(gauge) = event.gauge() {
        for (name, figure, is) in [
            (text::F_UNREAD, gauge.unread, text::F_UNREAD_IS),
            (text::F_UNACKED, gauge.unacked, text::F_UNACKED_IS),
            (text::F_UNSENT, gauge.unsent, text::F_UNSENT_IS),
        ] {
            let (value, tone) = figure.map_or_else(
                || (text::NOT_READABLE.get(lang).to_owned(), Tone::Faint),
                |n| (amount(u64::from(n)), Tone::Plain),
            );
            add(name, value, is, tone);
        }
    }
    for (name, value, is) in tcp_text::fields(trace, event, lang) {
        add(name, value, is, Tone::Plain);
    }
    if let Some((stream, start, end)) = bytes_of(trace, id, event) {
        let words = pieces_text(&pieces(stream, start, end), lang);
        add(text::F_MESSAGES, words, text::F_MESSAGES_IS, Tone::Plain);
        let range = format!("{} – {}", grouped(start), grouped(end));
        add(text::F_RANGE, range, text::F_RANGE_IS, Tone::Plain);
    }
    details(view, id, begin, &mut add);
    if event.kind == Kind::Return
        && let Some(begin) = begin
    {
        let took = event.t.saturating_sub(trace.event(begin).t);
        add(text::F_TOOK, duration(took), text::F_TOOK_IS, Tone::Plain);
        if let Some(blocked) = trace.blocked_of(begin) {
            let held = event.t.saturating_sub(trace.event(blocked).t);
            add(
                text::F_BLOCKED,
                duration(held),
                text::F_BLOCKED_IS,
                Tone::Blocked,
            );
        }
    }
    if !matches!(event.kind, Kind::Frame | Kind::Gauge | Kind::Segment)
        && event.has(flag::NONBLOCKING)
    {
        add(
            text::F_NONBLOCKING,
            "✓".to_owned(),
            text::F_NONBLOCKING_IS,
            Tone::Plain,
        );
    }
    if event.socket != SocketId::NONE && event.kind != Kind::Segment {
        add(
            text::F_SOCKET,
            socket(view, event.socket),
            text::F_SOCKET_IS,
            Tone::Plain,
        );
    }
    add(
        text::F_ACTOR,
        actor_name(trace, event.actor, lang),
        text::F_ACTOR_IS,
        Tone::Plain,
    );
    add(
        text::F_TIME,
        format!("{:.6} s", event.t as f64 / 1e9),
        text::F_TIME_IS,
        Tone::Plain,
    );
    add(
        text::F_EVENT,
        grouped(u64::from(id) + 1),
        text::F_EVENT_IS,
        Tone::Plain,
    );
    list
}

fn details(
    view: &View<'_>,
    id: EventId,
    begin: Option<EventId>,
    add: &mut impl FnMut(Phrase, String, Phrase, Tone),
) {
    let trace = view.trace;
    let own = trace.detail(id);
    let detail = own.or_else(|| begin.and_then(|b| trace.detail(b)));
    match detail {
        Some(Detail::Option {
            name,
            asked,
            granted,
        }) => {
            add(text::F_OPTION, name.clone(), text::F_OPTION_IS, Tone::Plain);
            if let Some(asked) = asked {
                add(
                    text::F_ASKED,
                    grouped_signed(*asked),
                    text::F_OPTION_IS,
                    Tone::Plain,
                );
            }
            if let Some(granted) = granted {
                add(
                    text::F_GRANTED,
                    grouped_signed(*granted),
                    text::F_GRANTED_IS,
                    Tone::Plain,
                );
            }
        }
        Some(Detail::Address(address)) => {
            add(
                text::F_ADDRESS,
                address.clone(),
                text::F_ADDRESS_IS,
                Tone::Plain,
            );
        }
        Some(
            Detail::Connected { local, peer }
            | Detail::Flow {
                from: local,
                to: peer,
                ..
            },
        ) => {
            add(
                text::F_LOCAL,
                local.clone(),
                text::F_ADDRESS_IS,
                Tone::Plain,
            );
            add(text::F_PEER, peer.clone(), text::F_ADDRESS_IS, Tone::Plain);
        }
        Some(Detail::Decode { code, .. }) => {
            add(text::F_CODE, code.clone(), text::F_CODE_IS, Tone::Bad);
        }
        Some(Detail::Setting { name, value }) => {
            add(
                text::F_SETTING,
                format!("{name} = {value}"),
                text::F_SETTING_IS,
                Tone::Plain,
            );
        }
        Some(Detail::File(file)) => {
            add(
                text::F_FILE,
                file.name.clone(),
                text::F_FILE_IS,
                Tone::Plain,
            );
            add(
                text::F_SUM,
                file.sha256.clone(),
                text::F_SUM_IS,
                Tone::Plain,
            );
            if let Some(announced) = &file.announced {
                let tone = if *announced == file.sha256 {
                    Tone::Good
                } else {
                    Tone::Bad
                };
                add(
                    text::F_ANNOUNCED,
                    announced.clone(),
                    text::F_ANNOUNCED_IS,
                    tone,
                );
            }
        }
        Some(Detail::FileRefused { name, .. }) => {
            let name = name.escape_debug().to_string();
            add(text::F_FILE, name, text::F_FILE_IS, Tone::Bad);
        }
        Some(Detail::Ran { exit, out, err, .. }) => {
            let exit = exit.map_or_else(|| "–".to_owned(), |n| n.to_string());
            add(text::F_EXIT, exit, text::F_EXIT_IS, Tone::Plain);
            add(
                text::F_STDOUT,
                format!("{out} B"),
                text::F_STDOUT_IS,
                Tone::Plain,
            );
            add(
                text::F_STDERR,
                format!("{err} B"),
                text::F_STDERR_IS,
                Tone::Plain,
            );
        }
        Some(Detail::Error(words)) => {
            let words = program::said(words, view.lang);
            add(text::F_NOTE, words, text::F_NOTE_IS, Tone::Plain);
        }
        Some(Detail::Text(words)) => {
            add(text::F_NOTE, words.clone(), text::F_NOTE_IS, Tone::Plain);
        }
        Some(Detail::Socket { family, kind }) => {
            add(
                text::F_NOTE,
                format!("{family}, {kind}"),
                text::F_NOTE_IS,
                Tone::Plain,
            );
        }
        None => {}
    }
}

fn grouped_signed(n: i64) -> String {
    if n < 0 {
        n.to_string()
    } else {
        grouped(n as u64)
    }
}

fn socket(view: &View<'_>, id: SocketId) -> String {
    match view.trace.sockets().get(usize::from(id.0)) {
        Some(info) => match (&info.local, &info.peer) {
            (Some(local), Some(peer)) => format!("{} · {local} → {peer}", id.0),
            (Some(local), None) => format!("{} · {local}", id.0),
            _ => id.0.to_string(),
        },
        None => id.0.to_string(),
    }
}
