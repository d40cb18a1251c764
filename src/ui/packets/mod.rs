//! The packet inspector: list, filter, layers and fields, bytes, encapsulation, conversation.
//!
//! It shows any [`Packets`]: those of an opened file, and those of a live capture. What a person
//! chose stands in [`Inspector`]; the packets are only read.

mod bytes;
mod conversation;
mod filter_box;
mod layers;
mod list;
mod tree;

use std::time::{Duration, Instant};

use egui::{CentralPanel, Frame, Key, Margin, Modifiers, Panel, Ui, UiBuilder};

use super::command::Command;
use super::figures::grouped;
use super::icon::Icon;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::view::View;
use crate::i18n::{Lang, packet_view as text, panels};
use crate::trace::EventId;
use crate::wire::dissect::Dissection;
use crate::wire::filter::{Filter, FilterError, Matching};
use crate::wire::{Packets, Span};

/// Time per frame that building the list of matching rows may take.
const BUDGET: Duration = Duration::from_micros(1_500);

/// The id of the filter field.
pub const FILTER_FIELD: &str = "packet-filter";

/// What stands below the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Layers and fields beside the bytes.
    #[default]
    Fields,
    /// How the layers stand in one another.
    Layers,
    /// The bytes of the conversation, and the messages in them.
    Conversation,
}

/// What a person chose, and what was worked out for it.
#[derive(Default)]
pub struct Inspector {
    filter: filter_box::FilterBox,
    matching: Matching,
    selected: Option<u32>,
    /// The chosen row shall be brought into sight once the rows are known.
    wants_seek: bool,
    /// Row of the list to bring into sight, for how many more frames.
    seek: Option<(usize, u8)>,
    page: usize,
    tab: Tab,
    taken: Option<(u32, Dissection)>,
    /// Why the bytes of that packet cannot be read.
    unread: Option<String>,
    /// Layer and field chosen; a layer alone is the whole layer.
    chosen: Option<(usize, Option<usize>)>,
    /// For how many more frames that is brought into sight in the tree.
    bring: u8,
    /// What the pointer is over: bytes of a field, or one byte.
    hovered: Option<Span>,
    hovered_byte: Option<u32>,
    folded: Vec<bool>,
    unfolded: Option<usize>,
    conversation: conversation::Conversation,
    /// Only packets before this row are there: the past of a run.
    end: Option<u32>,
    /// More packets may come.
    growing: bool,
}

/// What is known of the packets of a run beyond their bytes.
pub trait Known {
    /// Puts calls, messages and frames with the layers of a packet.
    fn annotate(&self, packets: &Packets, row: u32, taken: &mut Dissection);
    /// The call that an event belongs to, as code, and the event's number as people count.
    fn call(&self, event: EventId) -> String;
}

/// Nothing: the packets of a file.
impl Known for () {
    fn annotate(&self, _: &Packets, _: u32, _: &mut Dissection) {}

    fn call(&self, event: EventId) -> String {
        format!("#{}", u64::from(event) + 1)
    }
}

impl Inspector {
    /// The chosen packet.
    pub fn selected(&self) -> Option<u32> {
        self.selected
    }

    /// Chooses a packet and brings it into sight.
    pub fn select(&mut self, row: Option<u32>) {
        if self.selected == row {
            return;
        }
        self.selected = row;
        self.chosen = None;
        self.hovered = None;
        self.hovered_byte = None;
        self.wants_seek = row.is_some();
    }

    /// Brings the chosen row into sight as soon as it is known where it stands.
    fn find_selected(&mut self, whole: bool) {
        let Some(row) = self.selected.filter(|_| self.wants_seek) else {
            return;
        };
        if let Ok(at) = self.rows().binary_search(&row) {
            self.seek = Some((at, 2));
            self.wants_seek = false;
        } else if whole {
            self.wants_seek = false;
        }
    }

    /// Shows that below the list.
    pub fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
    }

    /// Writes a filter; its mistake, if it has one.
    pub fn set_filter(&mut self, words: &str) -> Option<&FilterError> {
        self.filter.set(words);
        self.matching = Matching::default();
        self.wants_seek = true;
        self.filter.error()
    }

    /// The filter in force.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.filter()
    }

    /// Rows that match, as far as they are known.
    pub fn rows(&self) -> &[u32] {
        let rows = self.matching.rows();
        match self.end {
            Some(end) => &rows[..rows.partition_point(|row| *row < end)],
            None => rows,
        }
    }

    /// Shows only packets before row `end`; `growing`: more may come. `known_anew`: from that
    /// row on more is known of packets than before.
    pub fn look(&mut self, end: u32, growing: bool, known_anew: Option<u32>) {
        self.end = Some(end);
        self.growing = growing;
        let Some(row) = known_anew else { return };
        if self.filter.filter().is_some_and(Filter::asks_for_calls) {
            self.matching.rewind(row);
        }
        if self.taken.as_ref().is_some_and(|(of, _)| *of >= row) {
            self.taken = None;
        }
    }

    /// Forgets everything about the packets there were; the filter stays in force.
    pub fn begin_anew(&mut self) {
        let old = std::mem::take(self);
        self.filter = old.filter;
        self.tab = old.tab;
        self.folded = old.folded;
        self.conversation = old.conversation.keep_framing();
    }

    /// Rows there are, shown or not shown by the filter.
    fn limit(&self, packets: &Packets) -> u32 {
        self.end.unwrap_or(u32::MAX).min(packets.len())
    }

    /// Takes a followed conversation apart by that framing; `None` shows the bytes as they came.
    pub fn set_framing(&mut self, framing: Option<crate::framing::FramingSpec>) {
        self.conversation.set_framing(framing);
    }

    /// Chooses a field of the chosen packet by its name in filters.
    pub fn choose_field(&mut self, packets: &Packets, key: &str) {
        self.take_apart(packets, &());
        if let Some((_, taken)) = &self.taken {
            self.chosen = taken.layers.iter().enumerate().find_map(|(l, layer)| {
                let f = layer.fields.iter().position(|f| f.key == key)?;
                Some((l, Some(f)))
            });
            self.bring = 2;
        }
    }

    fn take_apart(&mut self, packets: &Packets, known: &dyn Known) {
        let limit = self.limit(packets);
        let Some(row) = self.selected.filter(|row| *row < limit) else {
            self.taken = None;
            return;
        };
        if self.taken.as_ref().is_some_and(|(of, _)| *of == row) {
            return;
        }
        match packets.dissect(row) {
            Ok(mut taken) => {
                known.annotate(packets, row, &mut taken);
                self.folded
                    .resize(taken.layers.len().max(self.folded.len()), false);
                self.taken = Some((row, taken));
                self.unread = None;
            }
            Err(error) => {
                self.taken = None;
                self.unread = Some(error.to_string());
            }
        }
    }
}

/// What stands above the list, of an opened file.
pub struct Title<'a> {
    /// The file's name.
    pub name: &'a str,
    /// Is it shown instead of the lesson, and can be closed?
    pub closable: bool,
}

/// Shows the inspector in all the room there is.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    title: &Title<'_>,
    packets: &Packets,
    inspector: &mut Inspector,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    keys(ui, title, inspector, out);
    let panel = Frame::new().fill(theme.colours.panel);
    let pad = theme.gap(2.0).min(60.0) as i8;
    Panel::top("packets bar")
        .frame(panel.inner_margin(Margin::symmetric(pad, pad / 2)))
        .show(ui, |ui| bar(ui, view, title, packets, out));
    content(ui, view, packets, inspector, &());
}

/// Filter, list and what is below it, in all the room there is.
pub fn content(
    ui: &mut Ui,
    view: &View<'_>,
    packets: &Packets,
    inspector: &mut Inspector,
    known: &dyn Known,
) {
    let theme = view.theme;
    tab_keys(ui, inspector);
    let size = ui.available_size();
    let panel = Frame::new().fill(theme.colours.panel);
    let pad = theme.gap(2.0).min(60.0) as i8;
    // Rows are found before anything is shown, so that the count belongs to the filter.
    let begun = Instant::now();
    let mut whole = false;
    while !whole && begun.elapsed() < BUDGET {
        whole = inspector
            .matching
            .advance(inspector.filter.filter(), packets);
    }
    inspector.find_selected(whole);
    if !whole {
        ui.ctx().request_repaint();
    }
    Panel::top("packets filter")
        .frame(panel.inner_margin(Margin::symmetric(pad, pad / 2)))
        .show(ui, |ui| {
            if filter_box::show(ui, view, packets, inspector, whole) {
                inspector.matching = Matching::default();
                inspector.seek = None;
                inspector.wants_seek = true;
                inspector.page = 0;
                ui.ctx().request_repaint();
            }
        });
    inspector.take_apart(packets, known);
    let step = |points: f32| (points / 200.0) as u32;
    let id = egui::Id::unique(("packets below", step(size.x), step(size.y)));
    Panel::bottom(id)
        .resizable(true)
        .default_size(size.y * if view.presenter { 0.5 } else { 0.46 })
        .size_range(100.0..=(size.y * 0.8).max(120.0))
        .frame(panel.inner_margin(Margin::same(pad)))
        .show(ui, |ui| {
            within(ui, |ui| below(ui, view, packets, inspector));
        });
    CentralPanel::default()
        .frame(
            Frame::new()
                .fill(theme.colours.ground)
                .inner_margin(Margin::same(pad)),
        )
        .show(ui, |ui| {
            within(ui, |ui| list::show(ui, view, packets, inspector, known));
        });
}

/// Shows `content` in all the room there is, and no more.
fn within(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let area = ui.available_rect_before_wrap();
    ui.allocate_rect(area, egui::Sense::hover());
    let mut inner = ui.new_child(UiBuilder::new().max_rect(area));
    inner.shrink_clip_rect(area.expand(2.0));
    content(&mut inner);
}

fn tab_keys(ui: &Ui, inspector: &mut Inspector) {
    if ui.ctx().text_edit_focused() {
        return;
    }
    for (key, tab) in [
        (Key::Num1, Tab::Fields),
        (Key::Num2, Tab::Layers),
        (Key::Num3, Tab::Conversation),
    ] {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
            inspector.tab = tab;
        }
    }
}

fn keys(ui: &Ui, title: &Title<'_>, inspector: &mut Inspector, out: &mut Vec<Command>) {
    if ui.ctx().text_edit_focused() {
        return;
    }
    ui.ctx().input_mut(|i| {
        let mut pressed = |key| i.consume_key(Modifiers::NONE, key);
        if pressed(Key::Slash) {
            inspector.filter.wants_focus = true;
            i.events.retain(|e| !matches!(e, egui::Event::Text(_)));
        } else if pressed(Key::Escape) {
            if inspector.chosen.is_some() {
                inspector.chosen = None;
            } else if title.closable {
                out.push(Command::CloseCapture);
            }
        }
    });
}

fn bar(ui: &mut Ui, view: &View<'_>, title: &Title<'_>, packets: &Packets, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.25);
        if title.closable {
            let back = KeyButton::new(view.say(text::BACK))
                .icon(Icon::Back)
                .hint(view.say(text::BACK_HINT));
            if back.show(ui, theme).clicked() {
                out.push(Command::CloseCapture);
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let other = match view.lang {
                Lang::En => Lang::Zh,
                Lang::Zh => Lang::En,
            };
            let name = format!("{}: {}", view.say(panels::LANGUAGE), other.name());
            let words = match other {
                Lang::En => "EN",
                Lang::Zh => "中文",
            };
            let hint = format!("{} [L]", view.say(panels::LANGUAGE_HINT));
            let language = KeyButton::new(&name).words(words).hint(&hint);
            if language.show(ui, theme).clicked() {
                out.push(Command::SetLang(other));
            }
            let (phrase, icon) = if theme.dark {
                (panels::THEME_LIGHT, Icon::Sun)
            } else {
                (panels::THEME_DARK, Icon::Moon)
            };
            let hint = format!("{} [T]", view.say(panels::THEME_HINT));
            let look = KeyButton::new(view.say(phrase))
                .words("")
                .icon(icon)
                .hint(&hint);
            if look.show(ui, theme).clicked() {
                out.push(Command::SetThemeDark(!theme.dark));
            }
            let hint = format!("{} [P]", view.say(panels::PRESENT_HINT));
            let present = KeyButton::new(view.say(panels::PRESENT))
                .words("")
                .icon(Icon::Present)
                .hint(&hint)
                .selected(view.presenter);
            if present.show(ui, theme).clicked() {
                out.push(Command::SetPresenter(!view.presenter));
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let words = view.fill(
                    text::COUNT,
                    &[
                        ("n", &grouped(u64::from(packets.len()))),
                        ("c", &grouped(packets.conversations().len() as u64)),
                    ],
                );
                let name = egui::RichText::new(title.name)
                    .font(theme.heading())
                    .color(theme.colours.text);
                let room = ui.available_width();
                let count = ui
                    .painter()
                    .layout_no_wrap(words.clone(), theme.small(), theme.colours.text_faint)
                    .size()
                    .x;
                ui.scope(|ui| {
                    ui.set_max_width((room - count - theme.gap(4.0)).max(60.0));
                    ui.add(egui::Label::new(name).truncate().selectable(false));
                });
                section::note(ui, theme, &words);
            });
        });
    });
}

fn below(ui: &mut Ui, view: &View<'_>, packets: &Packets, inspector: &mut Inspector) {
    let theme = view.theme;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.0);
        for (tab, phrase, key) in [
            (Tab::Fields, text::TAB_FIELDS, "1"),
            (Tab::Layers, text::TAB_LAYERS, "2"),
            (Tab::Conversation, text::TAB_CONVERSATION, "3"),
        ] {
            let button = KeyButton::new(view.say(phrase))
                .small()
                .key(key)
                .tint(Tint::Quiet)
                .selected(inspector.tab == tab);
            if button.show(ui, theme).clicked() {
                inspector.tab = tab;
            }
        }
        if let Some((_, taken)) = &inspector.taken {
            for trouble in &taken.troubles {
                let words = crate::wire::words::trouble(trouble, view.lang);
                ui.add(
                    egui::Label::new(
                        egui::RichText::new(format!("⚠ {words}"))
                            .font(theme.small())
                            .color(theme.colours.bad),
                    )
                    .truncate(),
                )
                .on_hover_text(words);
            }
        }
    });
    ui.add_space(theme.gap(1.0));
    if inspector
        .selected
        .is_none_or(|row| row >= inspector.limit(packets))
    {
        section::note(ui, theme, view.say(text::CHOOSE));
        return;
    }
    if let Some(why) = &inspector.unread {
        section::note(ui, theme, &view.fill(text::UNREADABLE, &[("why", why)]));
        return;
    }
    match inspector.tab {
        Tab::Fields => fields(ui, view, inspector),
        Tab::Layers => layers::show(ui, view, inspector),
        Tab::Conversation => conversation::show(ui, view, packets, inspector),
    }
}

fn fields(ui: &mut Ui, view: &View<'_>, inspector: &mut Inspector) {
    let theme = view.theme;
    let room = ui.available_size();
    let pad = theme.gap(4.0);
    let wanted = bytes::width(ui, theme, 16) + pad;
    let width = if wanted < room.x * 0.55 {
        wanted
    } else {
        (bytes::width(ui, theme, 8) + pad).min(room.x * 0.55)
    };
    Panel::right("packet bytes")
        .resizable(false)
        .exact_size(width)
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin {
            left: theme.gap(2.0).min(60.0) as i8,
            ..Margin::ZERO
        }))
        .show(ui, |ui| within(ui, |ui| bytes::show(ui, view, inspector)));
    CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        within(ui, |ui| tree::show(ui, view, inspector));
    });
}
