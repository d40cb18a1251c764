//! How the layers of one packet stand in one another: each row is what one layer hands down,
//! its header in front of what it carries. A layer that is chosen unfolds its bytes.

use std::fmt::Write as _;

use egui::{Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::super::section;
use super::super::view::View;
use super::Inspector;
use super::bytes::colours;
use crate::i18n::{Phrase, packet, packet_view as text};
use crate::wire::dissect::{Layer, LayerKind};

/// Bytes unfolded in one row of the view.
const UNFOLDED: usize = 32;

/// The layers that stand in one another, from the inside out.
fn nested(layers: &[Layer]) -> Vec<usize> {
    let mut list: Vec<usize> = (0..layers.len())
        .filter(|l| {
            !matches!(
                layers[*l].kind,
                LayerKind::Frame | LayerKind::Padding | LayerKind::Quoted
            )
        })
        .collect();
    list.reverse();
    list
}

fn osi(kind: LayerKind) -> Phrase {
    match kind {
        LayerKind::Payload | LayerKind::Quoted => packet::OSI_APPLICATION,
        LayerKind::Transport => packet::OSI_TRANSPORT,
        LayerKind::Net => packet::OSI_NET,
        _ => packet::OSI_LINK,
    }
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, inspector: &mut Inspector) {
    let theme = view.theme;
    let Some((row, taken)) = inspector.taken.take() else {
        return;
    };
    section::note(ui, theme, view.say(text::LAYERS_HINT));
    ui.add_space(theme.gap(1.0));
    let order = nested(&taken.layers);
    let mut hovered = None;
    ScrollArea::vertical()
        .id_salt("packet layers")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = theme.gap(1.0);
            for (at, &l) in order.iter().enumerate() {
                // What this row carries: every layer inside it, outermost first.
                let parts: Vec<usize> = order[..=at].iter().rev().copied().collect();
                line(ui, view, inspector, &taken.layers, l, &parts, &mut hovered);
                if inspector.unfolded == Some(l) {
                    unfold(ui, view, &taken.layers[l], &taken.bytes);
                }
            }
        });
    inspector.hovered = hovered;
    inspector.taken = Some((row, taken));
}

fn line(
    ui: &mut Ui,
    view: &View<'_>,
    inspector: &mut Inspector,
    layers: &[Layer],
    own: usize,
    parts: &[usize],
    hovered: &mut Option<crate::wire::Span>,
) {
    let theme = view.theme;
    let c = &theme.colours;
    let height = (theme.sizes.body * 2.3).round();
    let label =
        (ui.available_width() * 0.24).clamp(theme.sizes.small * 9.0, theme.sizes.small * 17.0);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let kind = layers[own].kind;
    let title =
        ui.painter()
            .layout_no_wrap(view.say(kind.name()).to_owned(), theme.section(), c.text);
    let model =
        ui.painter()
            .layout_no_wrap(view.say(osi(kind)).to_owned(), theme.small(), c.text_faint);
    let top = area.center().y - f32::midpoint(title.size().y, model.size().y);
    let below = top + title.size().y;
    ui.painter().galley(pos2(area.min.x, top), title, c.text);
    ui.painter()
        .galley(pos2(area.min.x, below), model, c.text_faint);
    // Boxes as wide as the roots of their bytes: a header of 20 can be read beside 1448.
    let strip = Rect::from_min_max(pos2(area.min.x + label, area.min.y), area.max);
    let weight = |l: usize| (layers[l].span.len().max(1) as f32).sqrt().max(4.2);
    // The outermost row is the widest; the others line up with it on the right.
    let all: f32 = nested(layers).into_iter().map(weight).sum();
    let mut x = strip.max.x - strip.width() * parts.iter().map(|l| weight(*l)).sum::<f32>() / all;
    for &l in parts {
        let layer = &layers[l];
        let wide = strip.width() * weight(l) / all;
        let cell = Rect::from_min_max(pos2(x, strip.min.y), pos2(x + wide, strip.max.y));
        x += wide;
        let header = l == own;
        let id = ui.scope_id().with(("layer box", own, l));
        let response = ui.interact(cell, id, Sense::click());
        let bytes = format!("{} B", layer.span.len());
        let title = if layer.protocol.is_empty() || layer.protocol == "?" {
            view.say(text::BOX_DATA)
        } else {
            layer.protocol
        };
        let name = view.fill(
            text::BOX,
            &[
                ("row", &view.say(kind.name())),
                ("layer", &title),
                ("bytes", &bytes),
            ],
        );
        let open = inspector.unfolded == Some(l) && header;
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, &name));
        let (ink, ground) = colours(theme, layer.kind);
        let cell = cell.shrink2(vec2(1.0, 0.0));
        ui.painter().rect_filled(
            cell,
            3,
            if header {
                ground
            } else {
                ground.gamma_multiply(0.55)
            },
        );
        let edge = if open || response.hovered() || response.has_focus() {
            Stroke::new(2.0, c.select)
        } else if header {
            Stroke::new(1.5, ink)
        } else {
            Stroke::new(1.0, c.line)
        };
        ui.painter().rect_stroke(cell, 3, edge, StrokeKind::Inside);
        let one = |words: &str, font| {
            let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), font, ink);
            job.wrap = egui::text::TextWrapping::truncate_at_width(cell.width() - 4.0);
            ui.painter().layout_job(job)
        };
        let (a, b) = (one(title, theme.small()), one(&bytes, theme.mono_small()));
        let top = cell.center().y - f32::midpoint(a.size().y, b.size().y);
        let middle = |w: f32| cell.center().x - w / 2.0;
        let below = top + a.size().y;
        let (ax, bx) = (middle(a.size().x), middle(b.size().x));
        ui.painter().galley(pos2(ax, top), a, ink);
        ui.painter().galley(pos2(bx, below), b, ink);
        if response.hovered() {
            *hovered = Some(layer.span);
        }
        if response.clicked() {
            inspector.unfolded = if inspector.unfolded == Some(l) {
                None
            } else {
                Some(l)
            };
            inspector.chosen = Some((l, None));
        }
        response.on_hover_text(format!("{name}\n{}", view.say(layer.kind.is())));
    }
}

/// The bytes of one layer, with the names of its fields above them.
fn unfold(ui: &mut Ui, view: &View<'_>, layer: &Layer, bytes: &[u8]) {
    let theme = view.theme;
    let (ink, ground) = colours(theme, layer.kind);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.0), theme.gap(1.0));
        for field in layer
            .fields
            .iter()
            .filter(|f| !f.span.is_empty() && f.depth == 0)
        {
            let mut hex = String::new();
            for byte in field.span.of(bytes).iter().take(UNFOLDED) {
                if !hex.is_empty() {
                    hex.push(' ');
                }
                let _ = write!(hex, "{byte:02x}");
            }
            if field.span.len() > UNFOLDED {
                hex.push_str(" …");
            }
            egui::Frame::new()
                .fill(ground)
                .corner_radius(3)
                .inner_margin(egui::Margin::symmetric(4, 2))
                .show(ui, |ui| {
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 0.0;
                        let name = format!("{} {}", view.say(field.name), field.value);
                        ui.label(
                            RichText::new(name)
                                .font(theme.small())
                                .color(theme.colours.text),
                        );
                        ui.label(RichText::new(hex).font(theme.mono_small()).color(ink));
                    });
                })
                .response
                .on_hover_text(view.say(field.is));
        }
    });
}
