//! Buffers, sequence numbers and windows over time, linked to the moment shown.
//!
//! Samples stand in columns that grow with the trace ([`collect`]); what is drawn is bounded by
//! the width, however many samples there are ([`series`]).

mod chart;
mod collect;
mod series;

use egui::{Color32, Ui, vec2};

use super::super::command::Command;
use super::super::section;
use super::super::stage::axis::Zoom;
use super::super::view::View;
use super::super::why::actor_name;
use crate::i18n::{Phrase, segment_view as text, tcp};
use chart::{Dash, Line};
use collect::{Ends, Samples, Way};
use series::Series;

/// What the plots keep from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Plots {
    samples: Samples,
    zoom: Zoom,
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, plots: &mut Plots, out: &mut Vec<Command>) {
    let theme = view.theme;
    let Some(ends) = Ends::of(view.trace) else {
        section::note(ui, theme, view.say(text::PLOT_NONE));
        return;
    };
    if !plots.samples.update(view.trace, &ends) {
        ui.ctx().request_repaint();
    }
    ui.horizontal_wrapped(|ui| {
        section::note(ui, theme, view.say(text::PLOT_HINT));
        if plots
            .samples
            .ways
            .iter()
            .all(|way| way.cwnd.samples.is_empty())
        {
            section::note(ui, theme, view.say(tcp::CWND_UNKNOWN));
        }
    });
    let captured = view.trace.meta().network.is_captured();
    let read = plots.samples.ways.iter().any(|way| way.used);
    let count = if captured || read { 3.0 } else { 1.0 };
    let gap = theme.gap(2.0);
    let room = ui.available_size();
    let least = theme.sizes.small * 9.0;
    let height = ((room.y - gap * (count - 1.0)) / count).max(least);
    let mut zoom = plots.zoom;
    ui.spacing_mut().item_spacing.y = gap;
    egui::ScrollArea::vertical()
        .id_salt("plots")
        .auto_shrink(false)
        .show(ui, |ui| {
            let size = vec2(ui.available_width(), height);
            let lines = buffer_lines(view, plots, &ends);
            chart::show(ui, view, size, text::PLOT_BYTES, &lines, &mut zoom, out);
            if captured || read {
                let lines = sequence_lines(view, plots, &ends, captured);
                let title = if captured {
                    text::PLOT_SEQUENCE
                } else {
                    tcp::PLOT_ACKED
                };
                chart::show(ui, view, size, title, &lines, &mut zoom, out);
                let lines = window_lines(view, plots, &ends);
                chart::show(ui, view, size, text::PLOT_WINDOW, &lines, &mut zoom, out);
            }
        });
    plots.zoom = zoom;
}

fn end_name(view: &View<'_>, ends: &Ends, side: usize) -> String {
    ends.actors[side].map_or_else(
        || "?".to_owned(),
        |actor| actor_name(view.trace, actor, view.lang),
    )
}

fn colour(view: &View<'_>, side: usize) -> Color32 {
    if side == 0 {
        view.theme.colours.client
    } else {
        view.theme.colours.server
    }
}

fn buffer_lines<'a>(view: &View<'_>, plots: &'a Plots, ends: &Ends) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for side in 0..2 {
        let actor = end_name(view, ends, side);
        let buffers = &plots.samples.buffers[side];
        for (phrase, dash, series) in [
            (text::LINE_UNREAD, Dash::Solid, &buffers.unread),
            (text::LINE_UNACKED, Dash::Dashed, &buffers.unacked),
            (text::LINE_UNSENT, Dash::Dotted, &buffers.unsent),
        ] {
            // A line that never left 0 says nothing.
            if series.most() > 0 {
                lines.push(Line {
                    name: view.fill(phrase, &[("actor", &actor)]),
                    colour: colour(view, side),
                    dash,
                    series,
                });
            }
        }
    }
    lines
}

fn way_lines<'a, const N: usize>(
    view: &View<'_>,
    plots: &'a Plots,
    ends: &Ends,
    of: impl Fn(&'a Way) -> [(Phrase, Dash, &'a Series); N],
) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for side in 0..2 {
        let from = end_name(view, ends, side);
        let way = format!("{from} → {}", end_name(view, ends, 1 - side));
        if !plots.samples.ways[side].used {
            continue;
        }
        for (phrase, dash, series) in of(&plots.samples.ways[side]) {
            if !series.samples.is_empty() {
                lines.push(Line {
                    name: view.fill(phrase, &[("way", &way)]),
                    colour: colour(view, side),
                    dash,
                    series,
                });
            }
        }
    }
    lines
}

fn sequence_lines<'a>(
    view: &View<'_>,
    plots: &'a Plots,
    ends: &Ends,
    captured: bool,
) -> Vec<Line<'a>> {
    let acked = if captured { Dash::Dotted } else { Dash::Solid };
    way_lines(view, plots, ends, |way| {
        [
            (text::LINE_SENT, Dash::Solid, &way.sent),
            (text::LINE_ACKED, acked, &way.acked),
        ]
    })
}

fn window_lines<'a>(view: &View<'_>, plots: &'a Plots, ends: &Ends) -> Vec<Line<'a>> {
    way_lines(view, plots, ends, |way| {
        [
            (text::LINE_WINDOW, Dash::Dashed, &way.window),
            (text::LINE_FLIGHT, Dash::Solid, &way.flight),
            (tcp::LINE_CWND, Dash::Dotted, &way.cwnd),
        ]
    })
}
