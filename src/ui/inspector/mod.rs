//! The inspector: what the chosen event means, field by field and byte by byte.

mod fields;
mod framed;
mod hex;

use egui::{Label, RichText, ScrollArea, Ui, UiBuilder, vec2};

use super::command::Command;
use super::event_filter::bytes_of;
use super::events::{actor_colour, chips};
use super::section;
use super::view::{Selection, View};
use super::why::{actor_name, why};
use crate::i18n::events as text;
use crate::trace::{EventId, Stream};

/// Rows of bytes where they stand above the fields.
const NARROW_ROWS: usize = 6;

/// Shows the chosen event, or the chosen bytes.
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let chosen = view
        .selection
        .and_then(|s| s.event)
        .filter(|id| *id < view.k);
    let Some(id) = chosen else {
        if let Some(range) = view.selection.filter(|s| s.start < s.end) {
            bytes_only(ui, view, range, out);
        } else {
            section::title(ui, theme, view.say(text::INSPECTOR));
            section::note(ui, theme, view.say(text::NOTHING_SELECTED));
        }
        return;
    };
    head(ui, view, id);
    let wide = ui.available_width() > theme.sizes.mono * 50.0;
    let bytes = bytes_of(view.trace, id, &view.trace.event(id));
    if wide {
        let area = ui.available_rect_before_wrap();
        let hex_width = hex::width(ui, theme, 16).min(area.width() * 0.6);
        let (left, right) = area.split_left_right_at_x(area.max.x - hex_width - theme.gap(3.0));
        for (n, part) in [left, right].into_iter().enumerate() {
            let mut ui = ui.new_child(UiBuilder::new().id_salt(("inspector", n)).max_rect(part));
            ui.set_clip_rect(part.intersect(ui.clip_rect()));
            if n == 0 {
                ScrollArea::vertical()
                    .id_salt("fields")
                    .auto_shrink(false)
                    .show(&mut ui, |ui| {
                        fields::show(ui, view, id, out);
                    });
            } else {
                dump(&mut ui, view, bytes, id, usize::MAX, out);
            }
        }
        ui.advance_cursor_after_rect(area);
    } else {
        ScrollArea::vertical()
            .id_salt("inspector")
            .auto_shrink(false)
            .show(ui, |ui| {
                if bytes.is_some() {
                    dump(ui, view, bytes, id, NARROW_ROWS, out);
                    ui.add_space(theme.gap(2.0));
                }
                fields::show(ui, view, id, out);
            });
    }
}

/// Who, which event, and the sentence that says what happened and why.
fn head(ui: &mut Ui, view: &View<'_>, id: EventId) {
    let theme = view.theme;
    let event = view.trace.event(id);
    ui.horizontal(|ui| {
        section::title(ui, theme, view.say(text::INSPECTOR));
        ui.label(
            RichText::new(format!("#{}", u64::from(id) + 1))
                .font(theme.mono_small())
                .color(theme.colours.text_faint),
        );
        ui.label(
            RichText::new(actor_name(view.trace, event.actor, view.lang))
                .font(theme.section())
                .color(actor_colour(view, event.actor)),
        );
    });
    ui.add(
        Label::new(
            RichText::new(why(view.trace, id, view.lang))
                .font(theme.strong())
                .color(theme.colours.text),
        )
        .wrap(),
    );
    ui.add_space(theme.gap(1.0));
}

fn dump(
    ui: &mut Ui,
    view: &View<'_>,
    bytes: Option<(&Stream, u64, u64)>,
    id: EventId,
    most_rows: usize,
    out: &mut Vec<Command>,
) {
    match bytes {
        Some((stream, start, end)) => {
            hex::show(
                ui,
                view,
                hex::Range {
                    stream,
                    start,
                    end,
                    event: Some(id),
                    most_rows,
                },
                out,
            );
        }
        None => {
            section::note(ui, view.theme, view.say(text::NO_BYTES));
        }
    }
}

fn bytes_only(ui: &mut Ui, view: &View<'_>, range: &Selection, out: &mut Vec<Command>) {
    let Some(stream) = view.trace.stream(range.stream) else {
        return;
    };
    let title = view.fill(text::HEX, &[("start", &range.start), ("end", &range.end)]);
    ui.horizontal(|ui| {
        section::title(ui, view.theme, view.say(text::INSPECTOR));
        ui.spacing_mut().item_spacing = vec2(view.theme.gap(2.0), 0.0);
        chips(ui, view, stream, range.start, range.end);
    });
    section::note(ui, view.theme, &title);
    hex::show(
        ui,
        view,
        hex::Range {
            stream,
            start: range.start,
            end: range.end,
            event: None,
            most_rows: usize::MAX,
        },
        out,
    );
}
