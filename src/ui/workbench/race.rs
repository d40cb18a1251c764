//! The race tab: one chunk sequence through every strategy, and cuts that can be moved.

use std::time::{Duration, Instant};

use egui::{Label, Layout, RichText, ScrollArea, Ui, vec2};

use super::{Action, Bench, cutter, lanes, words};
use crate::framing::FramingSpec;
use crate::i18n::workbench as text;
use crate::trace::StreamId;
use crate::ui::command::Command;
use crate::ui::icon::Icon;
use crate::ui::key_button::{KeyButton, Tint};
use crate::ui::section;
use crate::ui::stage::ruler;
use crate::ui::top_bar::pill;
use crate::ui::view::View;
use crate::workbench::chunks::{MOST_CUTS, Traffic};
use crate::workbench::race::{Lane, Race};

/// Changes of the cuts that can be taken back.
const UNDO: usize = 200;

/// One wish for the race. Cuts are counted in units of the race's axis.
#[derive(Clone, Debug, PartialEq)]
pub enum RaceAction {
    /// Cut there too.
    Add(u64),
    /// Move the cut there to another place.
    Move {
        /// Where it is.
        from: u64,
        /// Where it shall be; it stops before its neighbours.
        to: u64,
        /// Does a movement begin? What follows in it is taken back together with it.
        begins: bool,
    },
    /// Cut there no more.
    Remove(u64),
    /// Everything in one chunk.
    OneChunk,
    /// A cut behind every byte.
    EveryByte,
    /// The cuts that the run made.
    Measured,
    /// Take back the last change.
    Undo,
    /// Make it again.
    Redo,
    /// Every setting of every strategy, or one of each.
    AllSettings(bool),
    /// Another direction or connection of the run.
    Stream(StreamId),
}

/// What the race is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Source {
    showing: u64,
    stream: Option<StreamId>,
    sent: usize,
    received: u64,
}

/// The race, its cuts, and how each strategy fares.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Default)]
pub struct RaceState {
    race: Option<Race>,
    lanes: Vec<Lane>,
    cuts: Vec<u64>,
    undo: Vec<Vec<u64>>,
    redo: Vec<Vec<u64>>,
    /// The run's cuts have been changed.
    edited: bool,
    /// The prover's traffic, not the run's.
    made_up: bool,
    /// The run has gone on since.
    newer: bool,
    all: bool,
    chosen: Option<StreamId>,
    source: Option<Source>,
    /// When the race was last made anew, and how long that took.
    made: Option<(Instant, Duration)>,
    /// Where the cut is that a hand is moving.
    moving: Option<u64>,
}

impl RaceState {
    /// The race, once there is something to race over.
    pub fn race(&self) -> Option<&Race> {
        self.race.as_ref()
    }

    /// How each strategy fares with the cuts as they are.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// The cuts, in units; strictly increasing.
    pub fn cuts(&self) -> &[u64] {
        &self.cuts
    }

    /// Are these the run's own cuts?
    pub fn is_measured(&self) -> bool {
        !self.edited && !self.made_up
    }

    /// Follows the run on the stage, as long as nobody has changed the cuts. Says when it wants to
    /// be called again: a run that goes on gets an eighth of the time at most.
    pub(super) fn refresh(&mut self, bench: &Bench<'_>) -> Option<Duration> {
        let stream = self.stream(bench);
        let source = Source {
            showing: bench.showing,
            stream: stream.map(|s| s.id),
            sent: stream.map_or(0, |s| s.messages().len()),
            received: stream.map_or(0, |s| s.received_at(bench.trace.len())),
        };
        if self.source == Some(source) {
            return None;
        }
        if !self.is_measured() {
            self.newer = true;
            return None;
        }
        if let Some((at, took)) = self.made
            && let Some(rest) = (took * 7).checked_sub(at.elapsed())
            && self.source.is_some_and(|old| old.showing == source.showing)
        {
            return Some(rest);
        }
        let begun = Instant::now();
        self.source = Some(source);
        let traffic = stream.map(|stream| {
            Traffic::of_stream(bench.trace, stream, bench.trace.len(), Some(bench.lesson))
        });
        if let Some(traffic) = traffic.filter(|traffic| !traffic.messages.is_empty()) {
            self.begin(traffic);
        } else {
            self.race = None;
            self.lanes.clear();
            self.cuts.clear();
        }
        self.made = Some((Instant::now(), begun.elapsed()));
        None
    }

    /// The direction raced over: the one chosen, else the first from a client with messages.
    fn stream<'a>(&self, bench: &Bench<'a>) -> Option<&'a crate::trace::Stream> {
        let trace = bench.trace;
        let main = trace.main_stream().and_then(|id| trace.stream(id));
        self.chosen
            .and_then(|id| trace.stream(id))
            .or_else(|| main.filter(|s| !s.messages().is_empty()))
            .or_else(|| trace.streams().iter().find(|s| !s.messages().is_empty()))
    }

    fn begin(&mut self, traffic: Traffic) {
        let race = Race::new(traffic, &strategies(self.all));
        self.cuts = race.measured_cuts();
        self.undo.clear();
        self.redo.clear();
        self.newer = false;
        self.race = Some(race);
        self.decide();
    }

    fn decide(&mut self) {
        self.lanes = self
            .race
            .as_ref()
            .map_or_else(Vec::new, |race| race.run(&self.cuts));
    }

    /// Races over the prover's traffic.
    pub(super) fn open(&mut self, messages: Vec<Vec<u8>>, spec: FramingSpec, cuts: &[usize]) {
        self.made_up = true;
        self.edited = false;
        self.begin(Traffic::made_up(messages, spec, cuts));
    }

    pub(super) fn apply(&mut self, action: &RaceAction, bench: &Bench<'_>) {
        match action {
            RaceAction::Add(unit) => self.change(true, |cuts, end| {
                if let Err(at) = cuts.binary_search(unit)
                    && (1..end).contains(unit)
                    && cuts.len() < MOST_CUTS
                {
                    cuts.insert(at, *unit);
                }
            }),
            RaceAction::Remove(unit) => self.change(true, |cuts, _| cuts.retain(|cut| cut != unit)),
            RaceAction::OneChunk => self.change(true, |cuts, _| cuts.clear()),
            RaceAction::EveryByte => self.change(true, |cuts, end| {
                *cuts = (1..end).take(MOST_CUTS).collect();
            }),
            RaceAction::Move { from, to, begins } => {
                // One movement of the hand is one change.
                let goes_on = !begins && self.moving == Some(*from);
                let mut reached = None;
                self.change(!goes_on, |cuts, end| reached = slide(cuts, *from, *to, end));
                self.moving = reached.filter(|_| !begins || reached != Some(*from));
            }
            RaceAction::Measured => {
                (self.made_up, self.edited, self.source) = (false, false, None);
                self.refresh(bench);
            }
            RaceAction::Undo => {
                if let Some(cuts) = self.undo.pop() {
                    self.redo.push(std::mem::replace(&mut self.cuts, cuts));
                    self.changed();
                }
            }
            RaceAction::Redo => {
                if let Some(cuts) = self.redo.pop() {
                    self.undo.push(std::mem::replace(&mut self.cuts, cuts));
                    self.changed();
                }
            }
            RaceAction::AllSettings(all) => {
                self.all = *all;
                if let Some(race) = self.race.take() {
                    self.race = Some(Race::new(race.traffic().clone(), &strategies(*all)));
                    self.decide();
                }
            }
            RaceAction::Stream(id) => {
                (self.made_up, self.edited, self.source) = (false, false, None);
                self.chosen = Some(*id);
                self.refresh(bench);
            }
        }
    }

    /// Changes the cuts, which may lie above 0 and below the second argument of `how`. Unless it
    /// goes on with the change before, it can be taken back by itself.
    fn change(&mut self, by_itself: bool, how: impl FnOnce(&mut Vec<u64>, u64)) {
        let Some(end) = self.race.as_ref().map(Race::end) else {
            return;
        };
        self.moving = None;
        let mut cuts = self.cuts.clone();
        how(&mut cuts, end);
        if cuts == self.cuts {
            return;
        }
        let before = std::mem::replace(&mut self.cuts, cuts);
        if by_itself {
            self.undo.push(before);
            if self.undo.len() > UNDO {
                self.undo.remove(0);
            }
        }
        self.redo.clear();
        self.changed();
    }

    fn changed(&mut self) {
        let measured = self.race.as_ref().map(Race::measured_cuts);
        self.edited = measured.as_ref() != Some(&self.cuts);
        self.decide();
    }
}

/// Moves the cut at `from` towards `to`, no further than its neighbours and the ends allow; gives
/// where it is then.
fn slide(cuts: &mut [u64], from: u64, to: u64, end: u64) -> Option<u64> {
    let at = cuts.binary_search(&from).ok()?;
    let least = if at == 0 { 1 } else { cuts[at - 1] + 1 };
    let most = cuts.get(at + 1).copied().unwrap_or(end).saturating_sub(1);
    cuts[at] = to.clamp(least, most.max(least));
    Some(cuts[at])
}

/// One setting of each strategy, or all there are to choose from.
fn strategies(all: bool) -> Vec<FramingSpec> {
    let specs = FramingSpec::choices();
    if all {
        specs
    } else {
        words::one_of_each(specs)
    }
}

fn wish(out: &mut Vec<Command>, action: RaceAction) {
    out.push(Command::Workbench(Action::Race(action)));
}

/// Shows the race.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    state: &RaceState,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    streams(ui, view, state, bench, out);
    let Some(race) = &state.race else {
        ui.add_space(theme.gap(6.0));
        ui.add(
            Label::new(
                RichText::new(view.say(text::RACE_EMPTY))
                    .font(theme.body())
                    .color(theme.colours.text_soft),
            )
            .wrap(),
        );
        return;
    };
    buttons(ui, view, state, race, out);
    if !view.presenter {
        status(ui, view, state, race);
    }
    let gutter = lanes::gutter(ui, view);
    let axis = cutter::show(ui, view, race, &state.cuts, gutter, out);
    ui.spacing_mut().item_spacing.y = theme.gap(1.0);
    let numbers = &race.traffic().numbers;
    ScrollArea::vertical()
        .id_salt("lanes")
        .auto_shrink(false)
        .show(ui, |ui| {
            for lane in &state.lanes {
                lanes::show(ui, view, race, lane, numbers, &axis, &state.cuts);
            }
            for line in words::left_out(race.traffic(), view.lang) {
                section::note(ui, theme, &line);
            }
        });
}

/// Which direction of which connection, where there is a choice.
fn streams(
    ui: &mut Ui,
    view: &View<'_>,
    state: &RaceState,
    bench: &Bench<'_>,
    out: &mut Vec<Command>,
) {
    let with_messages: Vec<_> = bench
        .trace
        .streams()
        .iter()
        .filter(|s| !s.messages().is_empty())
        .take(64)
        .collect();
    if with_messages.len() < 2 {
        return;
    }
    let now = state.stream(bench).map(|s| s.id);
    ui.horizontal_wrapped(|ui| {
        section::title(ui, view.theme, view.say(text::STREAM));
        for stream in with_messages {
            let mut name = ruler::direction(view, stream.from, stream.to);
            if bench.trace.connections().len() > 1 {
                name = format!("{name} #{}", stream.connection + 1);
            }
            let button = KeyButton::new(&name)
                .small()
                .tint(Tint::Quiet)
                .selected(now == Some(stream.id));
            if button.show(ui, view.theme).clicked() {
                wish(out, RaceAction::Stream(stream.id));
            }
        }
    });
}

fn buttons(ui: &mut Ui, view: &View<'_>, state: &RaceState, race: &Race, out: &mut Vec<Command>) {
    let theme = view.theme;
    let refuse = |refused: bool, why| refused.then(|| view.say(why).to_owned());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(theme.gap(1.0), theme.gap(1.0));
        if view.presenter {
            // A room is told in one word; the rest of the line is room for another lane.
            sign(ui, view, state);
        }
        let name = view.say(text::BACK_TO_MEASURED);
        let back = KeyButton::new(name)
            // For a room all the buttons stand in one line.
            .words(if view.presenter { "" } else { name })
            .icon(Icon::Reset)
            .small()
            .hint(view.say(text::BACK_TO_MEASURED_HINT))
            .refused(refuse(
                state.is_measured() && !state.newer,
                text::ALREADY_MEASURED,
            ));
        if back.show(ui, theme).clicked() {
            wish(out, RaceAction::Measured);
        }
        let hint = format!("{} [Ctrl+Z]", view.say(text::UNDO_CUT_HINT));
        let undo = KeyButton::new(view.say(text::UNDO_CUT))
            .words("")
            .icon(Icon::Undo)
            .small()
            .hint(&hint)
            .refused(refuse(state.undo.is_empty(), text::NO_UNDO));
        if undo.show(ui, theme).clicked() {
            wish(out, RaceAction::Undo);
        }
        let hint = format!("{} [Ctrl+Shift+Z]", view.say(text::REDO_CUT_HINT));
        let redo = KeyButton::new(view.say(text::REDO_CUT))
            .words("")
            .icon(Icon::Redo)
            .small()
            .hint(&hint)
            .refused(refuse(state.redo.is_empty(), text::NO_REDO));
        if redo.show(ui, theme).clicked() {
            wish(out, RaceAction::Redo);
        }
        let middle = cutter::middle_of_longest(&state.cuts, race.end());
        let add = KeyButton::new(view.say(text::ADD_CUT))
            .small()
            .hint(view.say(text::ADD_CUT_HINT))
            .refused(refuse(middle.is_none(), text::NO_ROOM));
        if add.show(ui, theme).clicked()
            && let Some(unit) = middle
        {
            wish(out, RaceAction::Add(unit));
        }
        for (name, hint, action) in [
            (text::ONE_CHUNK, text::ONE_CHUNK_HINT, RaceAction::OneChunk),
            (
                text::EVERY_BYTE,
                text::EVERY_BYTE_HINT,
                RaceAction::EveryByte,
            ),
        ] {
            let button = KeyButton::new(view.say(name)).small().hint(view.say(hint));
            if button.show(ui, theme).clicked() {
                wish(out, action);
            }
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let all = KeyButton::new(view.say(text::ALL_SETTINGS))
                .small()
                .tint(Tint::Quiet)
                .hint(view.say(text::ALL_SETTINGS_HINT))
                .selected(state.all);
            if all.show(ui, theme).clicked() {
                wish(out, RaceAction::AllSettings(!state.all));
            }
        });
    });
}

/// Measured or simulated.
fn sign(ui: &mut Ui, view: &View<'_>, state: &RaceState) {
    let c = &view.theme.colours;
    let (words, ink, ground) = if state.is_measured() {
        (text::MEASURED, c.good, c.good_fill)
    } else {
        (text::SIMULATED, c.warn, c.warn_fill)
    };
    pill(ui, view.theme, view.say(words), ink, ground);
}

/// Measured or simulated, and of what.
fn status(ui: &mut Ui, view: &View<'_>, state: &RaceState, race: &Race) {
    let theme = view.theme;
    let c = &theme.colours;
    let chunks = state.lanes.first().map_or(0, |own| own.chunks);
    let phrase = if state.is_measured() {
        text::RACE_MEASURED
    } else if state.made_up && !state.edited {
        text::RACE_MADE_UP
    } else {
        text::RACE_SIMULATED
    };
    let mut words = view.fill(
        phrase,
        &[
            ("messages", &race.traffic().messages.len()),
            ("chunks", &chunks),
        ],
    );
    if state.newer {
        words = format!("{words} {}", view.say(text::RACE_NEWER));
    }
    ui.horizontal(|ui| {
        sign(ui, view, state);
        ui.add(Label::new(RichText::new(words).font(theme.small()).color(c.text_soft)).wrap());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_slides_no_further_than_its_neighbours() {
        let slid = |to| {
            let mut cuts = vec![3, 7, 12];
            slide(&mut cuts, 7, to, 20);
            cuts[1]
        };
        assert_eq!((slid(0), slid(9), slid(99)), (4, 9, 11));
        let mut last = vec![3];
        slide(&mut last, 3, 99, 20);
        assert_eq!(last, [19]);
    }

    #[test]
    fn one_of_each_strategy_or_all_settings() {
        let few = strategies(false);
        let keywords: std::collections::BTreeSet<_> =
            few.iter().map(FramingSpec::keyword).collect();
        assert_eq!(keywords.len(), few.len());
        assert_eq!(strategies(true), FramingSpec::choices());
        assert!(few.len() < strategies(true).len());
    }
}
