//! The filter field: what may be written next, and what is wrong with what is written.

use egui::text::{CCursor, CCursorRange};
use egui::{
    Area, Frame, Id, Key, Margin, Modifiers, Order, RichText, Sense, Stroke, TextEdit, Ui, pos2,
    vec2,
};

use super::super::figures::grouped;
use super::super::icon::{self, Icon};
use super::super::section;
use super::super::view::View;
use super::Inspector;
use crate::i18n::packet_view as text;
use crate::wire::Packets;
use crate::wire::filter::{Completion, Filter, FilterError, complete};

/// Candidates in sight.
const SHOWN: usize = 8;

/// What is written, and what it means.
#[derive(Default)]
pub(super) struct FilterBox {
    words: String,
    filter: Option<Filter>,
    error: Option<FilterError>,
    completion: Option<Completion>,
    /// Which candidate the arrows lead to.
    at: usize,
    open: bool,
    pub(super) wants_focus: bool,
}

impl FilterBox {
    pub(super) fn set(&mut self, words: &str) {
        words.clone_into(&mut self.words);
        self.read();
    }

    pub(super) fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    pub(super) fn error(&self) -> Option<&FilterError> {
        self.error.as_ref()
    }

    /// Reads what is written; true if another filter is in force now. While it is wrong, the
    /// last right one stays in force.
    fn read(&mut self) -> bool {
        let old = self.filter.clone();
        if self.words.trim().is_empty() {
            self.filter = None;
            self.error = None;
        } else {
            match self.words.parse() {
                Ok(filter) => {
                    self.filter = Some(filter);
                    self.error = None;
                }
                Err(error) => self.error = Some(error),
            }
        }
        self.filter != old
    }
}

/// Shows the field, the count and the mistake; true if another filter is in force now.
pub(super) fn show(
    ui: &mut Ui,
    view: &View<'_>,
    packets: &Packets,
    inspector: &mut Inspector,
    whole: bool,
) -> bool {
    let theme = view.theme;
    let id = Id::unique(super::FILTER_FIELD);
    let found = inspector.rows().len() as u64;
    let all = inspector.limit(packets);
    let done = inspector.matching.done();
    let state = &mut inspector.filter;
    if std::mem::take(&mut state.wants_focus) {
        ui.memory_mut(|m| m.request_focus(id));
    }
    let mut changed = false;
    if ui.memory(|m| m.has_focus(id)) {
        changed |= keys(ui, id, state);
    }
    let mut response = None;
    ui.horizontal(|ui| {
        let side = theme.sizes.small;
        let width = (ui.available_width() - theme.sizes.small * 13.0).max(120.0);
        let choosing = state.open && has_candidates(state);
        let output = TextEdit::singleline(&mut state.words)
            .id(id)
            .font(theme.mono())
            .char_limit(crate::wire::filter::MAX_LENGTH)
            .lock_focus(choosing)
            .hint_text(
                RichText::new("tcp.flags.syn or tcp.len > 0").color(theme.colours.text_faint),
            )
            .margin(Margin {
                left: (side * 2.0).min(100.0) as i8,
                right: 6,
                top: 4,
                bottom: 4,
            })
            .desired_width(width)
            .show(ui);
        let area = egui::Rect::from_center_size(
            pos2(
                output.response.rect.min.x + side,
                output.response.rect.center().y,
            ),
            vec2(side, side),
        );
        icon::paint(ui.painter(), area, Icon::Search, theme.colours.text_faint);
        section::named(&output.response, view.say(text::FILTER));
        if let Some(error) = &state.error {
            // A line under what is wrong, and its colour around the field: neither alone.
            let chars = |byte: usize| {
                let byte = byte.min(state.words.len());
                state
                    .words
                    .char_indices()
                    .take_while(|(i, _)| *i < byte)
                    .count()
            };
            let (from, to) = (chars(error.at.start), chars(error.at.end));
            let x = |at: usize| {
                output.galley.pos_from_cursor(CCursor::new(at)).min.x + output.galley_pos.x
            };
            let y = output.galley_pos.y + output.galley.size().y;
            let (a, b) = (x(from), x(to.max(from + 1)));
            let painter = ui.painter().with_clip_rect(output.response.rect);
            painter.hline(
                a..=b.max(a + side * 0.5),
                y,
                Stroke::new(2.0, theme.colours.bad),
            );
            painter.rect_stroke(
                output.response.rect,
                theme.radius(),
                Stroke::new(1.0, theme.colours.bad),
                egui::StrokeKind::Inside,
            );
        }
        if output.response.changed() {
            changed |= state.read();
            state.open = true;
            state.at = 0;
        }
        if output.response.has_focus() {
            let cursor = output.cursor_range.map_or(state.words.len(), |range| {
                byte_of(&state.words, range.primary.index.0)
            });
            state.completion = Some(complete(&state.words, cursor, packets.actors()));
        } else {
            state.open = false;
        }
        let words = if whole {
            view.fill(
                text::SHOWN,
                &[("n", &grouped(found)), ("m", &grouped(u64::from(all)))],
            )
        } else {
            let percent = u64::from(done) * 100 / u64::from(packets.len().max(1));
            view.fill(text::SEARCHING, &[("percent", &percent)])
        };
        section::note(ui, theme, &words);
        response = Some(output.response);
    });
    if let Some(error) = &state.error {
        ui.add(
            egui::Label::new(
                RichText::new(error.say(&state.words, view.lang))
                    .font(theme.small())
                    .color(theme.colours.bad),
            )
            .wrap(),
        );
    }
    if let Some(response) = response
        && state.open
        && has_candidates(state)
        && let Some(taken) = candidates(ui, view, response.rect, state)
    {
        take(ui, id, state, taken);
        changed |= state.read();
        ui.memory_mut(|m| m.request_focus(id));
    }
    changed
}

fn has_candidates(state: &FilterBox) -> bool {
    state
        .completion
        .as_ref()
        .is_some_and(|c| !c.candidates.is_empty())
}

fn byte_of(text: &str, index: usize) -> usize {
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

/// Keys of the list of candidates and of the field; true if another filter is in force now.
fn keys(ui: &Ui, id: Id, state: &mut FilterBox) -> bool {
    let count = state.completion.as_ref().map_or(0, |c| c.candidates.len());
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if state.open && count > 0 {
        if pressed(Key::ArrowDown) {
            state.at = (state.at + 1) % count;
        } else if pressed(Key::ArrowUp) {
            state.at = (state.at + count - 1) % count;
        } else if pressed(Key::Tab) || pressed(Key::Enter) {
            take(ui, id, state, state.at);
            return state.read();
        } else if pressed(Key::Escape) {
            state.open = false;
            // The field keeps the keyboard; Esc once more leaves it.
            ui.memory_mut(|m| m.request_focus(id));
        }
    } else if pressed(Key::ArrowDown) {
        state.open = true;
    } else if ui.input(|i| i.key_pressed(Key::Escape)) {
        ui.memory_mut(|m| m.surrender_focus(id));
        if state.error.is_some() {
            state.words.clear();
            return state.read();
        }
    }
    false
}

/// Puts a candidate into the text and the cursor behind it.
fn take(ui: &Ui, id: Id, state: &mut FilterBox, at: usize) {
    let Some(completion) = state.completion.take() else {
        return;
    };
    let Some(candidate) = completion.candidates.get(at) else {
        return;
    };
    let range = completion.replace;
    if state.words.get(range.clone()).is_none() {
        return;
    }
    let glued = range.is_empty()
        && state.words[..range.start]
            .chars()
            .next_back()
            .is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '{' | '!'));
    let before = if glued { " " } else { "" };
    let text = format!("{before}{} ", candidate.text);
    let end = range.start + text.len();
    state.words.replace_range(range, &text);
    state.at = 0;
    let chars = state.words[..end].chars().count();
    let mut edit = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    edit.cursor
        .set_char_range(Some(CCursorRange::one(CCursor::new(chars))));
    edit.store(ui.ctx(), id);
}

/// The list of candidates below the field; which one was clicked.
fn candidates(ui: &Ui, view: &View<'_>, field: egui::Rect, state: &FilterBox) -> Option<usize> {
    let theme = view.theme;
    let completion = state.completion.as_ref()?;
    let mut clicked = None;
    let row = (theme.sizes.mono * 1.7).round();
    let names = completion
        .candidates
        .iter()
        .map(|c| c.text.chars().count())
        .max()
        .unwrap_or(0) as f32;
    Area::new(Id::unique("packet-filter-candidates"))
        .order(Order::Foreground)
        .fixed_pos(field.left_bottom() + vec2(0.0, 2.0))
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let width = (field.width() * 0.9).min(theme.sizes.small * 62.0);
                ui.set_width(width);
                // A window of rows around the one the arrows lead to.
                let first = (state.at + 1).saturating_sub(SHOWN);
                for (at, candidate) in completion
                    .candidates
                    .iter()
                    .enumerate()
                    .skip(first)
                    .take(SHOWN)
                {
                    let (area, response) = ui.allocate_exact_size(vec2(width, row), Sense::click());
                    let here = at == state.at;
                    if here || response.hovered() {
                        ui.painter().rect_filled(area, 3, theme.colours.accent_fill);
                    }
                    let name = format!("{}: {}", candidate.text, view.say(candidate.is));
                    response.widget_info(|| {
                        egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, here, &name)
                    });
                    let middle = area.center().y;
                    let words = ui.painter().layout_no_wrap(
                        candidate.text.clone(),
                        theme.mono(),
                        theme.colours.text,
                    );
                    let left = area.min.x + theme.gap(1.0);
                    let at_y = middle - words.size().y / 2.0;
                    let column = words.size().x / candidate.text.chars().count().max(1) as f32
                        * (names + 2.0);
                    ui.painter()
                        .galley(pos2(left, at_y), words, theme.colours.text);
                    let mut job = egui::text::LayoutJob::simple_singleline(
                        view.say(candidate.is).to_owned(),
                        theme.small(),
                        theme.colours.text_faint,
                    );
                    job.wrap = egui::text::TextWrapping::truncate_at_width(
                        (width - column - theme.gap(2.0)).max(10.0),
                    );
                    let is = ui.painter().layout_job(job);
                    ui.painter().galley(
                        pos2(left + column, middle - is.size().y / 2.0),
                        is,
                        theme.colours.text_faint,
                    );
                    if response.clicked() {
                        clicked = Some(at);
                    }
                }
                let left = completion.candidates.len().saturating_sub(first + SHOWN);
                if left > 0 {
                    section::note(ui, theme, &format!("+{left}"));
                }
            });
        });
    clicked
}
