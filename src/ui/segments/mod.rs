//! What a run put on the wire: its packets taken apart, the sequence diagram, and its buffers and
//! windows over time.
//!
//! All of it is a function of the trace up to the moment shown. What is kept from frame to frame
//! ([`Segments`]) is what a person chose, and columns that were worked out of the trace.

mod known;
pub mod pcapng;
mod plots;
mod sequence;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Ui;

use super::command::Command;
use super::events::selection_of;
use super::figures::grouped;
use super::key_button::{KeyButton, Tint};
use super::packets::{self, Inspector};
use super::section;
use super::segment_text;
use super::view::{Selection, View};
use crate::i18n::{Phrase, segment_view as text, tcp};
use crate::trace::{EventId, Trace};
use crate::wire::Live;

use known::OfRun;

/// Packets taken in per frame; the rest follows in the next ones.
const AT_ONCE: u32 = 4_000;

/// Time per frame for writing a file.
const EXPORT_BUDGET: Duration = Duration::from_millis(4);

/// One page of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// List, fields, bytes and conversation.
    #[default]
    Packets,
    /// Two lifelines.
    Sequence,
    /// Over time.
    Plots,
}

impl Tab {
    /// Those there are, in the order in which they stand.
    pub const ALL: &[Tab] = &[Tab::Packets, Tab::Sequence, Tab::Plots];

    /// What stands on it, and what the pointer is told of it.
    pub fn words(self) -> (Phrase, Phrase) {
        match self {
            Tab::Packets => (text::TAB_PACKETS, text::TAB_PACKETS_HINT),
            Tab::Sequence => (text::TAB_SEQUENCE, text::TAB_SEQUENCE_HINT),
            Tab::Plots => (text::TAB_PLOTS, text::TAB_PLOTS_HINT),
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Packets => "packets",
            Tab::Sequence => "sequence",
            Tab::Plots => "plots",
        }
    }
}

/// What the view keeps from frame to frame.
#[derive(Default)]
pub struct Segments {
    tab: Tab,
    /// Of which trace the rest is.
    showing: Option<u64>,
    live: Option<Live>,
    inspector: Inspector,
    /// What was chosen when it was last looked at.
    linked: Option<Selection>,
    sequence: sequence::Sequence,
    plots: plots::Plots,
    /// A file being written.
    export: Option<pcapng::Export<Vec<u8>>>,
}

impl Segments {
    /// The page on show.
    pub fn tab(&self) -> Tab {
        self.tab
    }

    /// Shows that page.
    pub fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
    }

    /// The list of packets, and what is chosen in it.
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// The list of packets, and what is chosen in it.
    pub fn inspector_mut(&mut self) -> &mut Inspector {
        &mut self.inspector
    }

    /// Takes in what the trace has; false if there is more than fits into one frame.
    fn update(&mut self, view: &View<'_>, showing: u64) -> bool {
        let trace = view.trace;
        if self.showing != Some(showing) {
            self.showing = Some(showing);
            self.live = None;
            self.inspector.begin_anew();
            self.sequence = sequence::Sequence::default();
            self.plots = plots::Plots::default();
            self.linked = None;
            self.export = None;
        }
        let live = self.live.get_or_insert_with(|| Live::new(trace));
        let update = live.update(trace, AT_ONCE);
        let whole = view.k >= trace.len();
        let moved = live.look_from(if whole { EventId::MAX } else { view.k });
        let end = trace.frames().len_at(view.k);
        let anew = if moved { Some(0) } else { update.changed };
        let growing = view.live.running || !whole;
        self.inspector
            .look(u32::try_from(end).unwrap_or(u32::MAX), growing, anew);
        update.whole
    }

    /// What was chosen elsewhere is chosen here.
    fn follow_selection(&mut self, view: &View<'_>) {
        if view.selection == self.linked.as_ref() {
            return;
        }
        self.linked = view.selection.cloned();
        let Some(selection) = view.selection else {
            self.inspector.select(None);
            return;
        };
        if let Some(row) = row_of(view.trace, selection) {
            self.inspector.select(Some(row));
        }
    }
}

/// The packet that is chosen, or the first that carries what is chosen.
fn row_of(trace: &Trace, selection: &Selection) -> Option<u32> {
    let of_event = |event: EventId| {
        (event < trace.len())
            .then(|| trace.event(event).segment())
            .flatten()
            .map(|segment| segment.frame)
    };
    if let Some(row) = selection.event.and_then(of_event) {
        return Some(row);
    }
    let items = trace.stream(selection.stream)?.segments();
    let n = items.overlapping(selection.start, selection.end).next()?;
    of_event(items.get(n).event)
}

/// Shows the tabs and the one that is chosen.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    segments: &mut Segments,
    showing: u64,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    ui.spacing_mut().item_spacing.y = theme.gap(1.5);
    let whole = segments.update(view, showing);
    if !whole {
        ui.ctx().request_repaint();
    }
    head(ui, view, segments);
    export(view, segments, out);
    let captured = view.trace.meta().network.is_captured();
    if view.trace.is_empty() {
        section::note(ui, theme, view.say(text::NO_RUN));
        return;
    }
    if !captured {
        let (_, why) = segment_text::mode(&view.trace.meta().network, view.lang);
        let words = format!("{} {why}", view.say(text::NOT_CAPTURED));
        section::note(ui, theme, &words);
    }
    match segments.tab {
        Tab::Packets if captured => list(ui, view, segments, out),
        Tab::Packets => {}
        Tab::Sequence => sequence::show(ui, view, &mut segments.sequence, out),
        Tab::Plots => plots::show(ui, view, &mut segments.plots, out),
    }
}

/// Goes on with a file that is being written.
fn export(view: &View<'_>, segments: &mut Segments, out: &mut Vec<Command>) {
    let (Some(export), Some(live)) = (&mut segments.export, &segments.live) else {
        return;
    };
    let until = Instant::now() + EXPORT_BUDGET;
    match export.advance(view.trace, live, view.lang, Some(until)) {
        Ok(false) => {}
        Ok(true) => {
            let whole = segments.export.take().map(pcapng::Export::finish);
            if let Some(Ok(bytes)) = whole {
                out.push(Command::SaveFile {
                    name: format!("{}.pcapng", view.trace.meta().lesson),
                    bytes: Arc::new(bytes),
                });
            }
        }
        Err(_) => segments.export = None,
    }
}

fn head(ui: &mut Ui, view: &View<'_>, segments: &mut Segments) {
    let theme = view.theme;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(0.5);
        for tab in Tab::ALL.iter().copied() {
            let (name, hint) = tab.words();
            let button = KeyButton::new(view.say(name))
                .tint(Tint::Quiet)
                .hint(view.say(hint))
                .selected(tab == segments.tab);
            if button.show(ui, theme).clicked() {
                segments.tab = tab;
            }
        }
        if segments.tab != Tab::Packets {
            return;
        }
        ui.add_space(theme.gap(2.0));
        let captured = view.trace.meta().network.is_captured();
        let nothing = if captured {
            view.trace.frames().is_empty()
        } else {
            view.trace.streams().iter().all(|s| s.sends().is_empty())
        };
        let hint = if captured {
            text::EXPORT_HINT
        } else {
            tcp::EXPORT_HINT_MADE_UP
        };
        let button = KeyButton::new(view.say(text::EXPORT))
            .small()
            .hint(view.say(hint))
            .refused(nothing.then(|| view.say(text::EXPORT_NOTHING).to_owned()));
        if button.show(ui, theme).clicked() && !nothing && segments.export.is_none() {
            // Nothing can fail when writing to memory.
            segments.export = pcapng::Export::begin(view.trace, view.lang, Vec::new()).ok();
        }
        if let Some(export) = &segments.export {
            let words = view.fill(text::EXPORTING, &[("n", &export.progress())]);
            section::note(ui, theme, &words);
            ui.ctx().request_repaint();
        }
        if !captured {
            return;
        }
        let n = view.trace.frames().len_at(view.k) as u64;
        section::note(ui, theme, &view.fill(text::COUNT, &[("n", &grouped(n))]));
    });
}

fn list(ui: &mut Ui, view: &View<'_>, segments: &mut Segments, out: &mut Vec<Command>) {
    segments.follow_selection(view);
    let Some(live) = &segments.live else { return };
    let before = segments.inspector.selected();
    let known = OfRun { view };
    packets::content(ui, view, live.packets(), &mut segments.inspector, &known);
    let now = segments.inspector.selected();
    if now != before
        && let Some(event) = now.and_then(|row| view.trace.frames().event(row as usize))
    {
        let selection = selection_of(view, event);
        segments.linked = Some(selection.clone());
        out.push(Command::Select(Some(selection)));
    }
}
