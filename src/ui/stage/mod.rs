//! The stage: pipe, boundary ruler and timeline, one above the other, and the sentence that says
//! what happened.

mod attacker;
pub(super) mod axis;
mod cache;
mod datagrams;
pub mod pipe;
pub mod ruler;
mod sentence;
pub(super) mod strip;
pub mod timeline;
pub(super) mod words;

use egui::{Rect, ScrollArea, Ui, Vec2, vec2};

use super::command::Command;
use super::view::View;
use crate::lesson::Focus;

/// Heights of the parts, points; a timeline of 0 is not shown.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    pipe: f32,
    ruler: f32,
    timeline: f32,
}

impl Plan {
    /// Shares `room` out: each part gets the least it needs, then each in turn more; the
    /// timeline only if it is `timed`.
    fn of(view: &View<'_>, room: f32, timed: bool) -> Plan {
        let mut plan = Plan {
            pipe: pipe::least_height(view),
            ruler: ruler::least_height(view),
            timeline: if timed {
                timeline::least_height(view)
            } else {
                0.0
            },
        };
        let mut rest = room - plan.total();
        let mut grow = |part: &mut f32, to: f32| {
            let more = (to - *part).clamp(0.0, rest.max(0.0));
            *part += more;
            rest -= more;
        };
        let pipe = pipe::height(view);
        let easy = timeline::easy_height(view);
        grow(&mut plan.pipe, pipe * 0.62);
        grow(&mut plan.ruler, ruler::height(view));
        if timed {
            grow(&mut plan.timeline, easy);
        }
        grow(&mut plan.pipe, pipe);
        if timed {
            grow(&mut plan.timeline, timeline::most_height(view));
        }
        grow(&mut plan.ruler, ruler::most_height(view));
        grow(&mut plan.pipe, pipe * 1.25);
        plan
    }

    fn total(&self) -> f32 {
        self.pipe + self.ruler + self.timeline
    }

    /// The parts and the gaps under each of them.
    fn with_gaps(&self, gap: f32) -> f32 {
        self.total() + if self.timeline > 0.0 { 3.0 } else { 2.0 } * gap
    }
}

/// Shares `room` out between the parts and the sentence: the parts, the sentence's height, points,
/// and whether all of it fits.
fn share(ui: &Ui, view: &View<'_>, room: Vec2, gap: f32) -> (Plan, f32, bool) {
    let reserved = sentence::height(view, room.x);
    let needed = || sentence::needed(ui, view, room.x).min(reserved);
    let fit = |sentence: f32, timed: bool| {
        let gaps = if timed { 3.0 } else { 2.0 } * gap;
        let mut plan = Plan::of(view, room.y - sentence - gaps, timed);
        let over = plan.with_gaps(gap) + sentence - room.y;
        if view.presenter && over > 0.0 && over <= pipe::slack(view) {
            // Rather narrow margins than a track that is cut.
            plan.pipe -= over;
        }
        let fits = plan.with_gaps(gap) + sentence <= room.y + 1.0;
        (plan, sentence, fits)
    };
    // A room gets no timeline: pipe and ruler are what can be read from its last row. Elsewhere
    // rather none than one that is cut; and rather a sentence that has only the lines it needs,
    // though things move when the next one is longer, than a track that is cut.
    let mut shared = (!view.presenter).then(|| fit(reserved, true));
    if !shared.is_some_and(|(_, _, fits)| fits) {
        shared = Some(fit(reserved, false)).filter(|(_, _, fits)| *fits);
    }
    shared.unwrap_or_else(|| {
        let needed = needed();
        let whole = fit(needed, false);
        // For a room the last track comes before the end of a long sentence.
        let line = sentence::line(view);
        if view.presenter && !whole.2 && needed > 2.5 * line {
            let shorter = fit(needed - line, false);
            if shorter.2 {
                return shorter;
            }
        }
        whole
    })
}

/// Shows everything in the room there is; what cannot fit is reached by scrolling.
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let room = ui.available_size();
    let gap = view.theme.gap(1.5);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (plan, sentence, fits) = share(ui, view, room, gap);
    let parts = |ui: &mut Ui, out: &mut Vec<Command>| {
        let width = ui.available_width();
        let area = block(ui, width, plan.pipe, |ui| pipe::show(ui, view, out));
        point(ui, view, area, &[Focus::Pipe, Focus::Decoder]);
        ui.add_space(gap);
        let area = block(ui, width, plan.ruler, |ui| ruler::show(ui, view, out));
        point(ui, view, area, &[Focus::Ruler]);
        if plan.timeline > 0.0 {
            ui.add_space(gap);
            let area = block(ui, width, plan.timeline, |ui| timeline::show(ui, view, out));
            point(ui, view, area, &[Focus::Timeline]);
        }
    };
    // The sentence stays in sight, whatever is scrolled above it.
    if fits {
        parts(ui, out);
    } else {
        let height = (room.y - sentence - gap).max(0.0);
        ScrollArea::vertical()
            .id_salt("stage")
            .max_height(height)
            .min_scrolled_height(0.0)
            .auto_shrink(false)
            .show(ui, |ui| parts(ui, out));
    }
    ui.add_space(gap);
    block(ui, room.x, sentence, |ui| sentence::show(ui, view));
}

fn block(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) -> Rect {
    ui.allocate_ui(vec2(width, height), |ui| {
        ui.set_min_size(vec2(width, height));
        content(ui);
    })
    .response
    .rect
}

/// Marks `area` if the lesson points at one of these parts.
pub(super) fn point(ui: &Ui, view: &View<'_>, area: Rect, parts: &[Focus]) {
    if parts.iter().any(|part| view.points_at(*part)) {
        let area = area.expand2(vec2(3.0, 0.0));
        words::pointed(ui.painter(), view.theme, area);
    }
}

#[cfg(test)]
mod tests;
