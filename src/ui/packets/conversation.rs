//! The bytes of the chosen packet's conversation in the order in which they were sent, and the
//! messages that a framing finds in them.

use std::time::{Duration, Instant};

use egui::{ComboBox, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};

use super::super::figures::grouped;
use super::super::section;
use super::super::view::View;
use super::Inspector;
use crate::framing::{FramingSpec, escape};
use crate::i18n::packet_view as text;
use crate::wire::follow::{Finder, Followed, Following, Messages};
use crate::wire::{Packets, Protocol};

/// Bytes shown of one piece or message in its line.
const LINE: usize = 160;

/// Time per frame for putting pieces and messages together.
const BUDGET: Duration = Duration::from_micros(1_200);

/// Pieces taken apart between two looks at the clock.
const AT_ONCE: usize = 256;

/// What was put together, and for what.
#[derive(Default)]
pub(super) struct Conversation {
    following: Option<Following>,
    /// All that is there has been put together.
    whole: bool,
    unread: Option<String>,
    framing: Option<FramingSpec>,
    words: String,
    wrong: Option<String>,
    found: Option<Found>,
}

/// The messages of both directions.
struct Found {
    finders: [Finder; 2],
    /// Pieces they have had.
    fed: usize,
    /// Both were told that nothing follows.
    ended: bool,
    /// Lines with messages: (backward, index), in the order in which they were whole.
    order: Vec<(bool, usize)>,
}

impl Found {
    fn new(framing: &FramingSpec) -> Self {
        Found {
            finders: [Finder::new(framing), Finder::new(framing)],
            fed: 0,
            ended: false,
            order: Vec::new(),
        }
    }

    fn note(&mut self, backward: bool, before: usize) {
        let now = self.finders[usize::from(backward)].found().messages.len();
        self.order.extend((before..now).map(|n| (backward, n)));
    }

    /// Takes in more pieces; `end`: those are all.
    fn advance(&mut self, followed: &Followed, end: bool) -> bool {
        let to = followed.pieces.len().min(self.fed + AT_ONCE);
        for piece in &followed.pieces[self.fed.min(to)..to] {
            let finder = &mut self.finders[usize::from(piece.backward)];
            let before = finder.found().messages.len();
            finder.take(piece);
            self.note(piece.backward, before);
        }
        self.fed = to;
        let whole = to == followed.pieces.len();
        if whole && end && !self.ended {
            self.ended = true;
            for backward in [false, true] {
                let finder = &mut self.finders[usize::from(backward)];
                let before = finder.found().messages.len();
                finder.end();
                self.note(backward, before);
            }
        }
        whole
    }
}

impl Conversation {
    /// Of nothing, but with the framing that was chosen.
    pub(super) fn keep_framing(self) -> Self {
        Conversation {
            framing: self.framing,
            words: self.words,
            wrong: self.wrong,
            ..Conversation::default()
        }
    }

    pub(super) fn set_framing(&mut self, framing: Option<FramingSpec>) {
        self.words = framing
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        self.framing = framing;
        self.wrong = None;
        self.found = None;
    }

    /// Goes on for a bounded while; a conversation that grows costs only what is new. False if
    /// there is more to do.
    fn update(&mut self, packets: &Packets, conversation: u32, upto: u32, growing: bool) -> bool {
        let begun = Instant::now();
        let other = self
            .following
            .as_ref()
            .is_none_or(|f| f.conversation() != conversation);
        if other {
            self.following = Some(Following::new(conversation));
            self.found = None;
            self.unread = None;
        }
        let Some(following) = &mut self.following else {
            return true;
        };
        if following.restart(upto) {
            self.found = None;
        }
        self.whole = false;
        while !self.whole && begun.elapsed() < BUDGET {
            match following.advance(packets, upto, !growing) {
                Ok(whole) => self.whole = whole,
                Err(error) => {
                    self.unread = Some(error.to_string());
                    return true;
                }
            }
        }
        let Some(framing) = &self.framing else {
            return self.whole;
        };
        let followed = following.so_far();
        let stale = self.found.as_ref().is_some_and(|f| {
            f.fed > followed.pieces.len() || (f.ended && f.fed < followed.pieces.len())
        });
        if stale {
            self.found = None;
        }
        let found = self.found.get_or_insert_with(|| Found::new(framing));
        let end = self.whole && !growing;
        while begun.elapsed() < BUDGET * 2 {
            if found.advance(followed, end) {
                return self.whole;
            }
        }
        false
    }
}

pub(super) fn show(ui: &mut Ui, view: &View<'_>, packets: &Packets, inspector: &mut Inspector) {
    let theme = view.theme;
    let Some(number) = inspector
        .selected
        .filter(|row| *row < packets.len())
        .and_then(|row| packets.packet(row).conversation)
    else {
        section::note(ui, theme, view.say(text::NO_CONVERSATION));
        return;
    };
    let (upto, growing) = (inspector.limit(packets), inspector.growing);
    let state = &mut inspector.conversation;
    if !state.update(packets, number, upto, growing) {
        ui.ctx().request_repaint();
    }
    head(ui, view, packets, number, state);
    let Some(following) = &state.following else {
        return;
    };
    let followed = following.so_far();
    if let Some(why) = &state.unread {
        section::note(ui, theme, &view.fill(text::UNREADABLE, &[("why", why)]));
        return;
    }
    if followed.pieces.is_empty() && state.whole {
        section::note(ui, theme, view.say(text::NO_DATA));
        return;
    }
    let height = (theme.sizes.small * 1.6).round();
    let count = match &state.found {
        // Below the messages stands why a direction could not be taken apart to its end.
        Some(found) => found.order.len() + 2,
        None => followed.pieces.len(),
    };
    let mut chosen = None;
    let row_of_selected = inspector.selected;
    ScrollArea::vertical()
        .id_salt(("packet conversation", number, state.found.is_some()))
        .auto_shrink(false)
        .show_rows(ui, height, count, |ui, range| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for at in range {
                if let Some(found) = &state.found {
                    if let Some((backward, n)) = found.order.get(at) {
                        let messages = &found.finders[usize::from(*backward)].found().messages;
                        let Some(message) = messages.get(*n) else {
                            continue;
                        };
                        let title = view.fill(
                            text::MESSAGE,
                            &[
                                ("n", &(n + 1)),
                                ("offset", &grouped(message.start)),
                                ("len", &grouped(message.payload.len() as u64)),
                            ],
                        );
                        line(ui, view, height, *backward, &title, &message.payload, false);
                    } else {
                        let backward = at != found.order.len();
                        let finder = &found.finders[usize::from(backward)];
                        end(ui, view, backward, finder.found());
                    }
                    continue;
                }
                let Some(piece) = followed.pieces.get(at) else {
                    continue;
                };
                let mut title = view.fill(
                    text::PIECE,
                    &[
                        ("n", &grouped(u64::from(piece.row) + 1)),
                        ("offset", &grouped(piece.start)),
                        ("len", &grouped(piece.bytes.len() as u64)),
                    ],
                );
                if piece.missing > 0 {
                    let gap = view.fill(text::MISSING, &[("n", &grouped(piece.missing))]);
                    title = format!("{gap} · {title}");
                }
                let here = row_of_selected == Some(piece.row);
                if line(ui, view, height, piece.backward, &title, &piece.bytes, here) {
                    chosen = Some(piece.row);
                }
            }
        });
    if chosen.is_some() {
        inspector.select(chosen);
    }
}

fn head(ui: &mut Ui, view: &View<'_>, packets: &Packets, number: u32, state: &mut Conversation) {
    let theme = view.theme;
    let c = &theme.colours;
    let known = &packets.conversations()[number as usize];
    let (len, cut) = state
        .following
        .as_ref()
        .map_or(([0; 2], false), |f| (f.so_far().len, f.so_far().cut));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(1.5);
        let name = match known.protocol {
            Protocol::Tcp | Protocol::Udp => {
                format!("{} {}", known.protocol.name(), known.number)
            }
            other => other.name().to_owned(),
        };
        ui.label(RichText::new(name).font(theme.section()).color(c.text));
        for (sign, end, colour, bytes) in [
            ("→", known.a, c.client, len[0]),
            ("←", known.b, c.server, len[1]),
        ] {
            let words = format!("{sign} {end} · {} B", grouped(bytes));
            ui.label(RichText::new(words).font(theme.mono_small()).color(colour));
        }
        let label = ui.label(
            RichText::new(view.say(text::TAKE_APART))
                .font(theme.small())
                .color(c.text_soft),
        );
        let shown = state
            .framing
            .as_ref()
            .map_or_else(|| view.say(text::AS_SENT).to_owned(), ToString::to_string);
        let mut wanted = state.framing.clone();
        let combo = ComboBox::from_id_salt("conversation framing")
            .selected_text(RichText::new(shown).font(theme.mono_small()))
            .width(theme.sizes.small * 11.0)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut wanted, None, view.say(text::AS_SENT));
                for choice in FramingSpec::choices() {
                    let name = choice.to_string();
                    ui.selectable_value(&mut wanted, Some(choice), name);
                }
            });
        section::named(&combo.response, view.say(text::TAKE_APART));
        if wanted != state.framing {
            state.set_framing(wanted);
        }
        let field = ui.add(
            TextEdit::singleline(&mut state.words)
                .font(theme.mono_small())
                .hint_text("length:u32:big")
                .desired_width(theme.sizes.small * 12.0),
        );
        section::named(&field, view.say(text::FRAMING_TEXT));
        let _ = label;
        if field.changed() {
            match state.words.trim() {
                "" => state.set_framing(None),
                words => match words.parse::<FramingSpec>() {
                    Ok(spec) => {
                        state.framing = Some(spec);
                        state.found = None;
                        state.wrong = None;
                    }
                    Err(error) => state.wrong = Some(error.to_string()),
                },
            }
        }
        if cut {
            let mib = crate::wire::follow::MAX_FOLLOWED >> 20;
            let words = crate::i18n::cli::FOLLOW_CUT.fill(view.lang, &[("mib", &mib)]);
            section::note(ui, theme, &words);
        }
    });
    if let Some(wrong) = &state.wrong {
        ui.add(
            egui::Label::new(
                RichText::new(wrong)
                    .font(theme.small())
                    .color(theme.colours.bad),
            )
            .wrap(),
        );
    }
}

/// One piece or message; true if it was clicked.
fn line(
    ui: &mut Ui,
    view: &View<'_>,
    height: f32,
    backward: bool,
    title: &str,
    bytes: &[u8],
    here: bool,
) -> bool {
    let theme = view.theme;
    let c = &theme.colours;
    let (area, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let (sign, ink) = if backward {
        ("←", c.server)
    } else {
        ("→", c.client)
    };
    let shown = &bytes[..bytes.len().min(LINE)];
    let more = if bytes.len() > LINE { " …" } else { "" };
    let words = match std::str::from_utf8(shown) {
        // What is text is shown as text, with its line ends visible.
        Ok(text)
            if !text
                .chars()
                .any(|c| c.is_control() && !"\r\n\t".contains(c)) =>
        {
            text.replace('\r', "\\r")
                .replace('\n', "\\n")
                .replace('\t', "\\t")
        }
        _ => escape(shown),
    };
    let name = format!("{sign} {title}: {words}{more}");
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, here, &name));
    if here || response.hovered() {
        let ground = if here { c.accent_fill } else { c.card };
        ui.painter().rect_filled(area, 2, ground);
    }
    // The two directions are told apart by their side as well as by sign and colour.
    let left = area.min.x
        + if backward {
            theme.sizes.small * 2.0
        } else {
            0.0
        };
    let head = ui
        .painter()
        .layout_no_wrap(format!("{sign} {title}"), theme.small(), ink);
    let column = left + (head.size().x + theme.gap(3.0)).max(theme.sizes.small * 17.0);
    let y = |size: f32| area.center().y - size / 2.0;
    ui.painter().galley(pos2(left, y(head.size().y)), head, ink);
    let font = if words.is_ascii() {
        theme.mono_small()
    } else {
        theme.small()
    };
    let mut job = egui::text::LayoutJob::simple_singleline(format!("{words}{more}"), font, c.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width((area.max.x - column).max(1.0));
    let words = ui.painter().layout_job(job);
    ui.painter()
        .galley(pos2(column, y(words.size().y)), words, c.text);
    response.clicked()
}

/// Why the messages of a direction end where they do.
fn end(ui: &mut Ui, view: &View<'_>, backward: bool, found: &Messages) {
    let theme = view.theme;
    let sign = if backward { "←" } else { "→" };
    let words = if let Some(offset) = found.gap {
        crate::i18n::cli::FOLLOW_GAP.fill(view.lang, &[("offset", &offset)])
    } else if let Some(error) = &found.error {
        crate::i18n::cli::DECODE_ERROR.fill(
            view.lang,
            &[("code", &error.code()), ("offset", &error.offset)],
        )
    } else {
        let n = found.messages.len();
        view.fill(text::ALL_FOUND, &[("n", &n)])
    };
    let colour = if found.gap.is_some() || found.error.is_some() {
        theme.colours.bad
    } else {
        theme.colours.text_faint
    };
    ui.label(
        RichText::new(format!("{sign} {words}"))
            .font(theme.small())
            .color(colour),
    );
}
