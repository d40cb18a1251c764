//! The line at the bottom: what the run does, and how far its figures can be trusted.

use egui::{Align, Color32, Label, Layout, RichText, Sense, Stroke, Ui, pos2, vec2};

use super::figures::grouped;
use super::segment_text;
use super::view::View;
use crate::i18n::{Phrase, panels as text, segments};
use crate::trace::{Network, Phase};

/// What the line shows beside the view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The trace was loaded from a file.
    pub recording: bool,
    /// The run waits for an external program.
    pub waiting_external: bool,
    /// Other computers may connect: where.
    pub open_at: Option<String>,
    /// Events that happened but were not recorded.
    pub not_recorded: u64,
    /// Fill levels cannot be read on this system.
    pub gauges_unreadable: bool,
}

/// Shows the line.
pub fn show(ui: &mut Ui, view: &View<'_>, status: &Status) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = view.theme.gap(2.0);
        // The legend first: what is left of it may be long, and is cut.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            legend(ui, view, true);
            legend(ui, view, false);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                state(ui, view, status);
            });
        });
    });
}

/// What the run is about, from the left on.
fn state(ui: &mut Ui, view: &View<'_>, status: &Status) {
    let theme = view.theme;
    let c = &theme.colours;
    let (mode, ink) = mode(view, status);
    let side = theme.sizes.small;
    let (area, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    ui.painter().circle_filled(area.center(), side * 0.34, ink);
    words(ui, view, view.say(mode), c.text_soft);
    if let Some(address) = &status.open_at {
        let open = view.fill(text::REACH_OPEN, &[("address", address)]);
        words(ui, view, &open, c.warn);
    }
    if !view.trace.payload_complete() {
        words(ui, view, view.say(text::PAYLOAD_LIMIT), c.warn);
    }
    let lost = status.not_recorded.max(view.live.dropped);
    if lost > 0 {
        let count = view.fill(text::NOT_RECORDED, &[("n", &grouped(lost))]);
        words(ui, view, &count, c.warn);
    }
    let (network, hint) = segment_text::mode(&view.trace.meta().network, view.lang);
    let lost_packets = view.trace.frames().not_captured(view.trace.len());
    let refused = matches!(
        view.trace.meta().network,
        Network::Host { refused: Some(_) }
    );
    let response = if refused {
        words(ui, view, &format!("{network}: {hint}"), c.warn)
    } else {
        words(ui, view, &network, c.text_faint)
    };
    if !hint.is_empty() {
        response.on_hover_text(hint);
    }
    if lost_packets > 0 {
        let count = view.fill(segments::LOST, &[("n", &grouped(lost_packets))]);
        words(ui, view, &count, c.warn);
    }
    if status.gauges_unreadable {
        words(ui, view, view.say(text::PORTABLE), c.warn);
    }
}

fn mode(view: &View<'_>, status: &Status) -> (Phrase, Color32) {
    let c = &view.theme.colours;
    if status.recording {
        return (text::MODE_LOADED, c.accent);
    }
    if status.waiting_external {
        return (text::MODE_WAITING, c.warn);
    }
    match view.trace.live().phase {
        Phase::New => (text::MODE_NEW, c.text_faint),
        Phase::Running if view.live.step_mode => (text::MODE_STEPPING, c.accent),
        Phase::Running => (text::MODE_RUNNING, c.good),
        Phase::Paused => (text::MODE_PAUSED, c.warn),
        Phase::Stopping => (text::MODE_STOPPING, c.warn),
        Phase::Finished => (text::MODE_FINISHED, c.text_faint),
        Phase::Limit => (text::MODE_LIMIT, c.warn),
    }
}

fn words(ui: &mut Ui, view: &View<'_>, words: &str, ink: Color32) -> egui::Response {
    ui.add(
        Label::new(RichText::new(words).font(view.theme.small()).color(ink))
            .selectable(false)
            .truncate(),
    )
}

/// A sample of the line style and what it means: measured is solid, inferred is dashed.
fn legend(ui: &mut Ui, view: &View<'_>, inferred: bool) {
    let theme = view.theme;
    let (phrase, hint) = if inferred {
        (text::LEGEND_INFERRED, text::LEGEND_INFERRED_HINT)
    } else {
        (text::LEGEND_MEASURED, text::LEGEND_MEASURED_HINT)
    };
    ui.add(
        Label::new(
            RichText::new(view.say(phrase))
                .font(theme.small())
                .color(theme.colours.text_faint),
        )
        .selectable(false),
    )
    .on_hover_text(view.say(hint));
    let side = theme.sizes.small;
    let (area, _) = ui.allocate_exact_size(vec2(side * 1.8, side), Sense::hover());
    let stroke = Stroke::new(2.0, theme.colours.text_faint);
    let (from, to) = (
        pos2(area.min.x, area.center().y),
        pos2(area.max.x, area.center().y),
    );
    if inferred {
        ui.painter()
            .extend(egui::Shape::dashed_line(&[from, to], stroke, 4.0, 3.0));
    } else {
        ui.painter().line_segment([from, to], stroke);
    }
}
