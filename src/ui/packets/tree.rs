//! Layers and fields of the chosen packet; each field has its sentence.

use egui::{Key, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use super::super::icon::{self, Icon};
use super::super::section;
use super::super::view::View;
use super::Inspector;
use crate::i18n::packet_view as text;
use crate::wire::dissect::{Field, Layer};

/// A row of the tree.
#[derive(Clone, Copy)]
enum Row {
    Layer(usize),
    Field(usize, usize),
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, inspector: &mut Inspector) {
    let theme = view.theme;
    let Some((_, taken)) = inspector.taken.take() else {
        return;
    };
    let rows: Vec<Row> = taken
        .layers
        .iter()
        .enumerate()
        .flat_map(|(l, layer)| {
            let folded = inspector.folded.get(l).copied().unwrap_or(false);
            let fields = if folded { 0 } else { layer.fields.len() };
            std::iter::once(Row::Layer(l)).chain((0..fields).map(move |f| Row::Field(l, f)))
        })
        .collect();
    let id = ui.scope_id().with("packet tree");
    let moved = keyboard(ui, id, &rows, inspector) || inspector.bring > 0;
    if inspector.bring > 0 {
        inspector.bring -= 1;
        ui.ctx().request_repaint();
    }
    // The sentence on what is chosen stands below, always in sight.
    let sentence = sentence(view, &taken.layers, inspector);
    let foot = ui
        .painter()
        .layout(
            sentence.clone(),
            theme.small(),
            theme.colours.text_faint,
            ui.available_width(),
        )
        .size()
        .y
        + theme.gap(1.0);
    let height = (ui.available_height() - foot - theme.gap(1.0)).max(theme.sizes.small * 4.0);
    let area = egui::Rect::from_min_size(
        ui.available_rect_before_wrap().min,
        vec2(ui.available_width(), height),
    );
    let keys = ui.interact(area, id, Sense::focusable_noninteractive());
    section::named(&keys, view.say(text::TREE));
    section::keyboard(ui, theme, &keys, area, section::ALL_ARROWS);
    let under = inspector.hovered_byte.and_then(|at| taken.field_at(at));
    inspector.hovered = None;
    ScrollArea::vertical()
        .id_salt("packet tree rows")
        .max_height(height)
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for row in &rows {
                match *row {
                    Row::Layer(l) => layer(ui, view, inspector, l, &taken.layers[l], id, moved),
                    Row::Field(l, f) => {
                        let known = &taken.layers[l].fields[f];
                        let lit = under == Some((l, f));
                        field(ui, view, inspector, (l, f), known, lit, id, moved);
                    }
                }
            }
        });
    ui.add_space(theme.gap(1.0));
    section::note(ui, theme, &sentence);
    let row = inspector.selected.unwrap_or(0);
    inspector.taken = Some((row, taken));
}

fn keyboard(ui: &Ui, id: egui::Id, rows: &[Row], inspector: &mut Inspector) -> bool {
    if !ui.memory(|m| m.has_focus(id)) || rows.is_empty() {
        return false;
    }
    let at = rows.iter().position(|row| match (*row, inspector.chosen) {
        (Row::Layer(l), Some((cl, None))) => l == cl,
        (Row::Field(l, f), Some((cl, Some(cf)))) => (l, f) == (cl, cf),
        _ => false,
    });
    let pressed = |key| ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
    let last = rows.len() - 1;
    let to = if pressed(Key::ArrowDown) {
        Some(at.map_or(0, |at| (at + 1).min(last)))
    } else if pressed(Key::ArrowUp) {
        Some(at.map_or(last, |at| at.saturating_sub(1)))
    } else if pressed(Key::Home) {
        Some(0)
    } else if pressed(Key::End) {
        Some(last)
    } else {
        None
    };
    if let (Some((layer, _)), true) = (inspector.chosen, pressed(Key::ArrowLeft)) {
        fold(inspector, layer, true);
        inspector.chosen = Some((layer, None));
        return true;
    }
    if let (Some((layer, _)), true) = (inspector.chosen, pressed(Key::ArrowRight)) {
        fold(inspector, layer, false);
        return true;
    }
    if let Some(to) = to {
        inspector.chosen = Some(match rows[to] {
            Row::Layer(l) => (l, None),
            Row::Field(l, f) => (l, Some(f)),
        });
        return true;
    }
    false
}

fn fold(inspector: &mut Inspector, layer: usize, folded: bool) {
    if let Some(state) = inspector.folded.get_mut(layer) {
        *state = folded;
    }
}

fn sentence(view: &View<'_>, layers: &[Layer], inspector: &Inspector) -> String {
    let Some((l, f)) = inspector.chosen else {
        return view.say(text::TREE_HINT).to_owned();
    };
    let Some(layer) = layers.get(l) else {
        return String::new();
    };
    match f.and_then(|f| layer.fields.get(f)) {
        Some(field) => {
            let mut words = format!("{}: {}", view.say(field.name), view.say(field.is));
            if !field.span.is_empty() {
                let bytes = view.fill(
                    text::BYTES,
                    &[
                        ("from", &field.span.start),
                        ("to", &(field.span.end - 1)),
                        ("n", &field.span.len()),
                    ],
                );
                // In a room the outline says it.
                if !view.presenter {
                    words = format!("{words} {bytes}");
                }
            }
            if !field.key.is_empty() && !view.presenter {
                words = format!("{words} [{}]", field.key);
            }
            words
        }
        None => format!(
            "{}: {}",
            view.say(layer.kind.name()),
            view.say(layer.kind.is())
        ),
    }
}

fn layer(
    ui: &mut Ui,
    view: &View<'_>,
    inspector: &mut Inspector,
    l: usize,
    layer: &Layer,
    id: egui::Id,
    moved: bool,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let height = (theme.sizes.body * 1.55).round();
    let (area, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let chosen = inspector.chosen == Some((l, None));
    let folded = inspector.folded.get(l).copied().unwrap_or(false);
    let title = match layer.protocol {
        "" | "?" => view.say(layer.kind.name()).to_owned(),
        protocol => format!("{} · {protocol}", view.say(layer.kind.name())),
    };
    let name = format!("{title}: {}", layer.summary);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::TreeItem, true, chosen, &name));
    if chosen && moved {
        response.scroll_to_me(None);
    }
    if ui.is_rect_visible(area) {
        let ground = if chosen { c.accent_fill } else { c.sunken };
        ui.painter().rect_filled(area, 3, ground);
        let side = theme.sizes.small * 0.8;
        let sign = egui::Rect::from_center_size(
            pos2(area.min.x + side, area.center().y),
            vec2(side, side),
        );
        let arrow = if folded { Icon::Folded } else { Icon::Unfolded };
        icon::paint(ui.painter(), sign, arrow, c.text_soft);
        let words = ui.painter().layout_no_wrap(title, theme.section(), c.text);
        let x = area.min.x + side * 2.2;
        let wide = words.size().x;
        ui.painter().galley(
            pos2(x, area.center().y - words.size().y / 2.0),
            words,
            c.text,
        );
        let mut job = egui::text::LayoutJob::simple_singleline(
            layer.summary.clone(),
            theme.mono_small(),
            c.text_soft,
        );
        let left = x + wide + theme.gap(2.0);
        job.wrap = egui::text::TextWrapping::truncate_at_width((area.max.x - left).max(1.0));
        let summary = ui.painter().layout_job(job);
        ui.painter().galley(
            pos2(left, area.center().y - summary.size().y / 2.0),
            summary,
            c.text_soft,
        );
    }
    if response.hovered() && !layer.span.is_empty() {
        inspector.hovered = Some(layer.span);
    }
    if response.clicked() {
        // The sign folds; the rest chooses.
        let at_sign = response
            .interact_pointer_pos()
            .is_some_and(|at| at.x < area.min.x + theme.sizes.small * 1.8);
        if at_sign || chosen {
            fold(inspector, l, !folded);
        }
        inspector.chosen = Some((l, None));
        ui.memory_mut(|m| m.request_focus(id));
    }
    response.on_hover_text(view.say(layer.kind.is()));
}

#[expect(clippy::too_many_arguments, reason = "one row of the tree")]
fn field(
    ui: &mut Ui,
    view: &View<'_>,
    inspector: &mut Inspector,
    at: (usize, usize),
    field: &Field,
    lit: bool,
    id: egui::Id,
    moved: bool,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let chosen = inspector.chosen == Some((at.0, Some(at.1)));
    let height = (theme.sizes.small * 1.5).round();
    let (area, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let note = field.note.map_or("", |note| view.say(note));
    let value = match (field.value.as_str(), note) {
        ("", note) => note.to_owned(),
        (value, "") => value.to_owned(),
        (value, note) => format!("{value} · {note}"),
    };
    let name = format!("{}: {value}", view.say(field.name));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::TreeItem, true, chosen, &name));
    if chosen && moved {
        response.scroll_to_me(None);
    }
    if ui.is_rect_visible(area) {
        if chosen || lit || response.hovered() {
            let ground = if chosen { c.accent_fill } else { c.card };
            ui.painter().rect_filled(area, 2, ground);
        }
        if lit && !chosen {
            ui.painter().rect_stroke(
                area,
                2,
                egui::Stroke::new(1.0, c.select),
                egui::StrokeKind::Inside,
            );
        }
        let em = theme.sizes.small;
        let left = area.min.x + em * (1.6 + 1.4 * f32::from(field.depth));
        let column = (area.width() * 0.42).min(em * 15.0);
        let one = |words: String, font, colour, room: f32| {
            let mut job = egui::text::LayoutJob::simple_singleline(words, font, colour);
            job.wrap = egui::text::TextWrapping::truncate_at_width(room.max(1.0));
            ui.painter().layout_job(job)
        };
        let words = one(
            view.say(field.name).to_owned(),
            theme.small(),
            c.text_soft,
            area.min.x + column - left - em * 0.5,
        );
        let y = |size: f32| area.center().y - size / 2.0;
        ui.painter()
            .galley(pos2(left, y(words.size().y)), words, c.text_soft);
        let tone = match field.note {
            Some(note) if note == crate::i18n::packet::CHECKSUM_BAD => c.bad,
            _ if field.key == "tcp.analysis" => c.warn,
            _ => c.text,
        };
        let right = area.min.x + column;
        let font = if value.is_ascii() {
            theme.mono_small()
        } else {
            theme.small()
        };
        let words = one(value, font, tone, area.max.x - right);
        ui.painter()
            .galley(pos2(right, y(words.size().y)), words, tone);
    }
    if response.hovered() && !field.span.is_empty() {
        inspector.hovered = Some(field.span);
    }
    if response.clicked() {
        inspector.chosen = Some((at.0, Some(at.1)));
        ui.memory_mut(|m| m.request_focus(id));
    }
    response.on_hover_ui(|ui| {
        ui.label(
            RichText::new(view.say(field.is))
                .font(theme.small())
                .color(c.text),
        );
    });
}
