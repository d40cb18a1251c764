//! The stage: pipe, boundary ruler and timeline, one above the other.

mod axis;
mod cache;
pub mod pipe;
pub mod ruler;
mod strip;
pub mod timeline;
mod words;

use egui::{Ui, vec2};

use super::command::Command;
use super::view::View;

/// Shows all three in the room there is; the ruler gets what it needs first, then the pipe,
/// and the timeline the rest (none, if the rest is too low to be read).
pub fn show(ui: &mut Ui, view: &View<'_>, out: &mut Vec<Command>) {
    let room = ui.available_size();
    let gap = view.theme.gap(2.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let ruler = ruler::height(view);
    let least = timeline::least_height(view);
    let pipe_wish = pipe::height(view);
    // Rather a lower pipe than no timeline, as long as the pipe still says what it must.
    let left = room.y - ruler - 2.0 * gap;
    let with_timeline = left - least - gap;
    let floor = pipe::least_height(view);
    let mut pipe = if with_timeline >= floor.max(pipe_wish * 0.7) {
        pipe_wish.min(with_timeline)
    } else {
        pipe_wish.min(left.max(floor))
    };
    // What is left over: the timeline up to what it can use, then the ruler, then the pipe.
    let mut rest = room.y - pipe - ruler - 2.0 * gap;
    let mut ruler = ruler;
    if rest >= least {
        let timeline = (rest - gap).min(timeline::most_height(view));
        let spare = rest - gap - timeline;
        let grown = (ruler + spare * 0.7).min(ruler::most_height(view));
        let more = spare - (grown - ruler);
        ruler = grown;
        pipe += more.clamp(0.0, pipe_wish * 0.25);
        rest = room.y - pipe - ruler - 2.0 * gap;
    }
    block(ui, room.x, pipe, |ui| pipe::show(ui, view, out));
    ui.add_space(gap);
    block(ui, room.x, ruler, |ui| ruler::show(ui, view, out));
    if rest >= least {
        ui.add_space(gap);
        block(ui, room.x, rest.min(timeline::most_height(view)), |ui| {
            timeline::show(ui, view, out);
        });
    }
}

fn block(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui(vec2(width, height), |ui| {
        ui.set_min_size(vec2(width, height));
        content(ui);
    });
}

#[cfg(test)]
mod tests;
