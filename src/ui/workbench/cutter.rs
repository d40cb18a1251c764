//! The messages of the race, the chunks they are cut into, and the handles by which the cuts are
//! moved: with the mouse, or with the keys.

use egui::{
    Align2, CursorIcon, EventFilter, Id, Key, Modifiers, PointerButton, Rangef, Rect, Response,
    Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, accesskit, pos2, vec2,
};

use super::{Action, RaceAction, words};
use crate::framing::escape;
use crate::i18n::workbench as text;
use crate::ui::command::Command;
use crate::ui::figures::bytes;
use crate::ui::pattern::{self, Fill, Ink, Swatch};
use crate::ui::stage::axis::{Axis as Pixels, Zoom};
use crate::ui::stage::{strip, words as stage_words};
use crate::ui::view::View;
use crate::workbench::race::Race;

/// Most handles that can be gripped at once; beyond, zoom in.
const HANDLES: usize = 96;
/// Fewest units that can fill the axis.
const CLOSEST: f64 = 8.0;
/// Bytes of a message that are spelt out on it.
const SPELT: usize = 24;

#[derive(Clone, Copy, Default)]
struct Memory {
    zoom: Zoom,
    /// Units of the axis that the zoom was made on.
    all: u64,
}

/// Shows messages, chunks and handles over the width beside `gutter`; gives the axis, so that
/// what stands below lines up.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    race: &Race,
    cuts: &[u64],
    gutter: f32,
    out: &mut Vec<Command>,
) -> Pixels {
    let theme = view.theme;
    let row = (theme.sizes.mono * 1.9).round();
    let grip = (theme.sizes.small * 1.2).round();
    let size = vec2(ui.available_width(), 2.0 * row + grip + theme.gap(1.5));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let field = Rect::from_min_max(
        pos2(rect.left() + gutter, rect.top()),
        pos2(rect.right() - 2.0, rect.bottom()),
    );
    let id = Id::unique("cutter");
    let all = race.axis().end();
    let mut memory: Memory = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    if memory.all != all {
        memory = Memory {
            all,
            ..Memory::default()
        };
    }
    let window = |zoom: Zoom| {
        let (start, end) = zoom.window(all as f64);
        Pixels::over(field, start, end)
    };
    let track = ui.interact(field, id, Sense::click_and_drag());
    let before = window(memory.zoom);
    memory
        .zoom
        .follow(ui, &track, &before, all as f64, CLOSEST.min(all as f64));
    let axis = window(memory.zoom);
    ui.data_mut(|d| d.insert_temp(id, memory));

    let messages = Rangef::new(rect.top(), rect.top() + row);
    let chunks = Rangef::new(messages.max + theme.gap(1.0), rect.bottom() - grip);
    for (y, phrase) in [
        (messages, text::TRACK_MESSAGES),
        (chunks, text::TRACK_CHUNKS),
    ] {
        ui.painter().text(
            pos2(rect.left(), y.center()),
            Align2::LEFT_CENTER,
            view.say(phrase),
            theme.small(),
            theme.colours.text_soft,
        );
    }
    let mut cutter = Cutter {
        ui,
        view,
        race,
        cuts,
        field,
        axis,
        out,
    };
    cutter.messages(messages);
    cutter.chunks(chunks);
    cutter.track(&track, id);
    cutter.handles(id, Rangef::new(chunks.min, rect.bottom()));
    axis
}

/// The whole axis over the width beside `gutter`.
pub(super) fn still(ui: &Ui, race: &Race, gutter: f32) -> Pixels {
    let area = ui.available_rect_before_wrap();
    let field = Rect::from_min_max(
        pos2(area.left() + gutter, area.top()),
        pos2(area.right() - 2.0, area.bottom()),
    );
    Pixels::over(field, 0.0, race.axis().end() as f64)
}

/// The middle of the longest chunk; `None` where each is a single unit.
pub(super) fn middle_of_longest(cuts: &[u64], end: u64) -> Option<u64> {
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([end]);
    starts
        .zip(ends)
        .filter(|(start, end)| *end > start + 1)
        // Of several the first.
        .max_by_key(|(start, end)| (end - start, u64::MAX - start))
        .map(|(start, end)| u64::midpoint(start, end))
}

struct Cutter<'a, 'v> {
    ui: &'a mut Ui,
    view: &'a View<'v>,
    race: &'a Race,
    cuts: &'a [u64],
    field: Rect,
    axis: Pixels,
    out: &'a mut Vec<Command>,
}

impl Cutter<'_, '_> {
    fn wish(&mut self, action: RaceAction) {
        self.out.push(Command::Workbench(Action::Race(action)));
    }

    fn painter(&self) -> egui::Painter {
        self.ui
            .painter()
            .with_clip_rect(self.field.expand2(vec2(1.0, 4.0)))
    }

    /// First and last unit in view.
    fn visible(&self) -> (u64, u64) {
        (
            self.axis.start.max(0.0) as u64,
            self.axis.end.max(0.0).ceil() as u64,
        )
    }

    fn messages(&self, y: Rangef) {
        let (theme, painter) = (self.view.theme, self.painter());
        let (start, end) = self.visible();
        let traffic = self.race.traffic();
        let units = self.race.axis();
        let mut reached = f32::MIN;
        let first = units.containing(start);
        for i in first..traffic.messages.len() {
            let range = units.message(i);
            if range.start > end {
                break;
            }
            let area = strip::between(&self.axis, y, range.start, range.end);
            if area.right() < reached + 1.0 {
                // Narrower than a pixel: the one before stands for it.
                continue;
            }
            reached = area.right();
            let number = traffic.numbers.get(i).copied().unwrap_or(i as u32);
            let message = &traffic.messages[i];
            let n = u64::from(number) + 1;
            let size = bytes(message.len() as u64);
            let mut labels = vec![format!("{n} · {size}"), n.to_string()];
            if message.len() <= SPELT && !message.is_empty() {
                let spelt = std::str::from_utf8(message)
                    .ok()
                    .filter(|text| !text.chars().any(char::is_control))
                    .map_or_else(|| escape(message), str::to_owned);
                labels.insert(0, format!("{n} · {spelt} · {size}"));
                labels.insert(1, format!("{n} · {spelt}"));
            }
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let swatch = Swatch::of(Ink::Message(number), theme);
            pattern::paint(&painter, area, &swatch, &Fill::new(theme, &labels));
        }
    }

    fn chunks(&self, y: Rangef) {
        let (view, theme, painter) = (self.view, self.view.theme, self.painter());
        let c = &theme.colours;
        let (start, end) = self.visible();
        let stop = self.race.end();
        let first = self.cuts.partition_point(|cut| *cut <= start);
        let mut from = if first == 0 { 0 } else { self.cuts[first - 1] };
        let mut reached = f32::MIN;
        for n in first..=self.cuts.len() {
            let to = self.cuts.get(n).copied().unwrap_or(stop);
            if from > end {
                break;
            }
            let area = strip::between(&self.axis, y, from, to);
            let length = self
                .race
                .own_offset(to)
                .saturating_sub(self.race.own_offset(from));
            from = to;
            if area.right() < reached + 1.0 {
                continue;
            }
            reached = area.right();
            let area = area.shrink2(vec2(1.0, 0.0));
            painter.rect(
                area,
                3,
                c.card,
                Stroke::new(1.0, c.line_strong),
                StrokeKind::Inside,
            );
            let size = bytes(length as u64);
            let labels = [
                view.fill(text::CHUNK, &[("n", &(n + 1)), ("bytes", &size)]),
                size,
            ];
            stage_words::fitting(
                &painter,
                area.intersect(self.field).center(),
                Align2::CENTER_CENTER,
                area.intersect(self.field).width() - 8.0,
                &labels,
                &theme.mono_small(),
                c.text_soft,
            );
        }
        if stop < self.race.axis().end() {
            let area = strip::between(&self.axis, y, stop, self.race.axis().end());
            strip::dashed(&painter, area.shrink(1.0), Stroke::new(1.0, c.line_strong));
            stage_words::fitting(
                &painter,
                area.intersect(self.field).center(),
                Align2::CENTER_CENTER,
                area.intersect(self.field).width() - 8.0,
                &[view.say(text::NOT_RECEIVED_YET)],
                &theme.small(),
                c.text_faint,
            );
        }
    }

    fn unit_at(&self, x: f32) -> u64 {
        self.axis.at(x).round().max(0.0) as u64
    }

    /// The track itself: a click cuts, Enter cuts the longest chunk.
    fn track(&mut self, track: &Response, id: Id) {
        let name = self.view.fill(text::CUTTER, &[("cuts", &self.cuts.len())]);
        track.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let theme = self.view.theme;
        let keyed = track.has_focus()
            && self
                .ui
                .input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
        let asked = self
            .ui
            .input(|i| i.has_accesskit_action_request(id, accesskit::Action::Click));
        if keyed || asked {
            if let Some(unit) = middle_of_longest(self.cuts, self.race.end()) {
                self.wish(RaceAction::Add(unit));
            }
        } else if track.clicked_by(PointerButton::Primary)
            && let Some(pointer) = track.interact_pointer_pos()
        {
            let unit = self.unit_at(pointer.x).clamp(1, self.race.end().max(2) - 1);
            self.wish(RaceAction::Add(unit));
        }
        if track.has_focus() {
            self.ui.painter().rect_stroke(
                self.field.expand(2.0),
                theme.radius(),
                Stroke::new(2.0, theme.colours.accent),
                StrokeKind::Middle,
            );
        }
        if let Some(pointer) = track.hover_pos() {
            let unit = self.unit_at(pointer.x);
            if (1..self.race.end()).contains(&unit) {
                self.painter().extend(Shape::dashed_line(
                    &[
                        pos2(self.axis.x(unit as f64), self.field.top()),
                        pos2(self.axis.x(unit as f64), self.field.bottom()),
                    ],
                    Stroke::new(1.0, theme.colours.accent),
                    3.0,
                    3.0,
                ));
            }
            let place = words::place(
                self.race.axis(),
                unit.min(self.race.end()),
                &self.race.traffic().numbers,
                self.view.lang,
            );
            track
                .clone()
                .on_hover_text_at_pointer(format!("{place}\n{}", self.view.say(text::CUTTER_HINT)));
        }
    }

    fn handles(&mut self, id: Id, y: Rangef) {
        let (start, end) = self.visible();
        let first = self.cuts.partition_point(|cut| *cut < start);
        let after = self.cuts.partition_point(|cut| *cut <= end);
        let few = after - first <= HANDLES;
        let colour = self.view.theme.colours.accent;
        let mut reached = f32::MIN;
        for n in first..after {
            let x = self.axis.x(self.cuts[n] as f64);
            if few {
                self.handle(id, n, x, y);
            } else if x >= reached + 2.0 {
                reached = x;
                self.painter()
                    .vline(x, Rangef::new(y.min, y.max), Stroke::new(1.0, colour));
            }
        }
    }

    fn handle(&mut self, id: Id, n: usize, x: f32, y: Rangef) {
        let theme = self.view.theme;
        let c = &theme.colours;
        let unit = self.cuts[n];
        let half = (theme.sizes.small * 0.55).max(6.0);
        // Neighbours may be near: each gets the room up to the middle between them.
        let near = |other: Option<&u64>| {
            other.map_or(half, |other| {
                (self.axis.x(*other as f64) - x)
                    .abs()
                    .mul_add(0.5, 0.0)
                    .clamp(1.5, half)
            })
        };
        let left = near(n.checked_sub(1).and_then(|before| self.cuts.get(before)));
        let right = near(self.cuts.get(n + 1));
        let area = Rect::from_min_max(pos2(x - left, y.min), pos2(x + right, y.max));
        let handle = id.with(("cut", n));
        let response = self.ui.interact(area, handle, Sense::click_and_drag());
        let place = words::place(
            self.race.axis(),
            unit,
            &self.race.traffic().numbers,
            self.view.lang,
        );
        let name = self.view.fill(
            text::CUT,
            &[
                ("n", &(n + 1)),
                ("all", &self.cuts.len()),
                ("place", &place),
            ],
        );
        response.widget_info(|| WidgetInfo::slider(true, unit as f64, &name));
        self.keys(&response, n);
        if response.drag_started_by(PointerButton::Primary) {
            response.request_focus();
        }
        if response.dragged_by(PointerButton::Primary)
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let to = self.unit_at(pointer.x);
            if to != unit {
                // The first step of the hand opens a change, the others belong to it.
                let key = handle.with("moving");
                let begins = !self.ui.data(|d| d.get_temp::<bool>(key).unwrap_or(false));
                self.ui.data_mut(|d| d.insert_temp(key, true));
                self.wish(RaceAction::Move {
                    from: unit,
                    to,
                    begins,
                });
            }
        }
        if response.drag_stopped() {
            self.ui
                .data_mut(|d| d.remove::<bool>(handle.with("moving")));
        }
        if response.clicked_by(PointerButton::Primary) {
            response.request_focus();
        }
        if response.secondary_clicked() {
            self.wish(RaceAction::Remove(unit));
        }
        let active = response.hovered() || response.dragged() || response.has_focus();
        let painter = self.painter();
        let wide = if active { 3.0 } else { 2.0 };
        painter.vline(
            x,
            Rangef::new(y.min - 3.0, y.max),
            Stroke::new(wide, c.accent),
        );
        let grip = Rect::from_min_max(
            pos2(x - half * 0.75, y.max - theme.sizes.small),
            pos2(x + half * 0.75, y.max),
        );
        painter.rect(
            grip,
            3,
            if active { c.accent } else { c.accent_fill },
            Stroke::new(1.5, c.accent),
            StrokeKind::Inside,
        );
        if response.has_focus() {
            painter.rect_stroke(
                grip.expand(3.0),
                4,
                Stroke::new(2.0, c.select),
                StrokeKind::Outside,
            );
        }
        response
            .on_hover_cursor(CursorIcon::ResizeHorizontal)
            .on_hover_text(format!("{name}\n{}", self.view.say(text::CUT_HINT)));
    }

    /// The keys of the cut that has the focus.
    fn keys(&mut self, response: &Response, n: usize) {
        let (id, unit) = (response.id, self.cuts[n]);
        let asked =
            |ui: &Ui, action| ui.input(|i| i.num_accesskit_action_requests(id, action)) as i64;
        let mut by = asked(self.ui, accesskit::Action::Increment)
            - asked(self.ui, accesskit::Action::Decrement);
        if response.has_focus() {
            self.ui.memory_mut(|m| {
                m.set_focus_lock_filter(
                    id,
                    EventFilter {
                        horizontal_arrows: true,
                        ..EventFilter::default()
                    },
                );
            });
            let pressed = |key| self.ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
            by += i64::from(pressed(Key::ArrowRight)) - i64::from(pressed(Key::ArrowLeft));
            let remove = pressed(Key::Delete) || pressed(Key::Backspace);
            let add = pressed(Key::Enter);
            if remove {
                self.wish(RaceAction::Remove(unit));
            } else if add {
                let next = self.cuts.get(n + 1).copied().unwrap_or(self.race.end());
                if next > unit + 1 {
                    self.wish(RaceAction::Add(u64::midpoint(unit, next)));
                }
            }
        }
        if by != 0 {
            self.wish(RaceAction::Move {
                from: unit,
                to: unit.saturating_add_signed(by),
                begins: true,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_chunk_is_cut_in_its_middle() {
        assert_eq!(middle_of_longest(&[], 10), Some(5));
        assert_eq!(middle_of_longest(&[2, 8], 10), Some(5));
        assert_eq!(middle_of_longest(&[1], 2), None);
        assert_eq!(
            middle_of_longest(&[4], 8),
            Some(2),
            "of two alike the first"
        );
    }
}
