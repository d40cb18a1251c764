//! The programs as source text, with the line each actor is at.

use egui::{
    Align, Color32, CornerRadius, Layout, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2,
    text::LayoutJob, text::TextFormat, vec2,
};

use super::command::Command;
use super::events::actor_colour;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::save_scripts::{self, SaveScripts};
use super::section;
use super::stage::words;
use super::theme::Theme;
use super::view::View;
use super::why::actor_name;
use crate::experiment::codegen::{Language, Listing, begins_comment, quoted};
use crate::i18n::{panels as text, scripts};
use crate::trace::{ActorId, EventId, Role};

/// What the pane shows.
#[derive(Clone)]
pub struct CodePane<'a> {
    /// One listing per actor, all in `language`.
    pub listings: &'a [(ActorId, &'a Listing)],
    /// The language they are in.
    pub language: Language,
    /// Most height of the text, points.
    pub height: f32,
    /// What is asked before the programs are written as files.
    pub saving: Option<SaveScripts>,
}

/// Shows the pane. Which actor's program is shown follows the run until a tab is clicked.
pub fn show(ui: &mut Ui, view: &View<'_>, pane: &CodePane<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.spacing_mut().item_spacing.y = theme.gap(1.0);
    let pinned_id = ui.scope_id().with("pinned");
    let pinned = ui.data(|d| d.get_temp::<ActorId>(pinned_id));
    let follows = latest_actor(view, pane);
    let shown = pinned
        .or(follows)
        .or(pane.listings.first().map(|(actor, _)| *actor));
    let listing = pane
        .listings
        .iter()
        .find(|(actor, _)| Some(*actor) == shown);
    // The title goes first when the tabs need the room; then the languages take a row of their own.
    let tabs: f32 = pane
        .listings
        .iter()
        .map(|(actor, _)| actor_name(view.trace, *actor, view.lang))
        .chain(Language::ALL.iter().map(|l| l.name().to_owned()))
        .map(|name| KeyButton::new(&name).small().width(ui, theme) + 1.0)
        .sum();
    let signs = theme.sizes.small * 5.5;
    let title = theme.sizes.small * 4.0 + theme.gap(2.0);
    let room = ui.available_width();
    let one_row = tabs + signs < room;
    ui.horizontal(|ui| {
        if tabs + signs + title < room {
            section::title(ui, theme, view.say(text::CODE));
        }
        ui.spacing_mut().item_spacing.x = 1.0;
        for (actor, _) in pane.listings {
            let name = actor_name(view.trace, *actor, view.lang);
            let hint = view.fill(text::CODE_OF, &[("who", &name)]);
            let tab = KeyButton::new(&hint)
                .words(&name)
                .small()
                .tint(Tint::Quiet)
                .hint(&hint)
                .selected(shown == Some(*actor));
            if tab.show(ui, theme).clicked() {
                ui.data_mut(|d| {
                    if pinned == Some(*actor) {
                        d.remove::<ActorId>(pinned_id);
                    } else {
                        d.insert_temp(pinned_id, *actor);
                    }
                });
            }
        }
        if one_row {
            languages(ui, view, pane, listing.map(|(_, listing)| *listing), out);
        }
    });
    if !one_row {
        ui.horizontal(|ui| {
            languages(ui, view, pane, listing.map(|(_, listing)| *listing), out);
        });
    }
    if let Some(saving) = &pane.saving {
        save_scripts::show(ui, view, saving, out);
    }
    if let Some((actor, listing)) = listing {
        source(ui, view, pane, *actor, listing);
    }
}

/// In which language, and what can be done with the text, from the right end of the row.
fn languages(
    ui: &mut Ui,
    view: &View<'_>,
    pane: &CodePane<'_>,
    listing: Option<&Listing>,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 1.0;
        let copy = KeyButton::new(view.say(text::COPY))
            .words("")
            .icon(Icon::Copy)
            .small()
            .tint(Tint::Quiet)
            .hint(view.say(text::CODE_COPY_HINT));
        if copy.show(ui, theme).clicked()
            && let Some(listing) = listing
        {
            out.push(Command::CopyText(whole(listing)));
        }
        let save = KeyButton::new(view.say(scripts::SAVE))
            .words("")
            .icon(Icon::Save)
            .small()
            .tint(Tint::Quiet)
            .hint(view.say(scripts::SAVE_HINT));
        if save.show(ui, theme).clicked() {
            out.push(Command::AskScripts);
        }
        for language in Language::ALL.into_iter().rev() {
            let tab = KeyButton::new(language.name())
                .small()
                .tint(Tint::Quiet)
                .selected(language == pane.language);
            if tab.show(ui, theme).clicked() && language != pane.language {
                out.push(Command::SetCodeLanguage(language));
            }
        }
    });
}

/// The lab's actor that did something last, as of the moment shown.
fn latest_actor(view: &View<'_>, pane: &CodePane<'_>) -> Option<ActorId> {
    pane.listings
        .iter()
        .map(|(actor, _)| *actor)
        .filter_map(|actor| {
            let latest = running(view, actor)
                .filter_map(|who| acted(view, who))
                .max()?;
            Some((latest, actor))
        })
        .max_by_key(|(event, _)| *event)
        .map(|(_, actor)| actor)
}

/// Who runs that actor's program: itself, and its threads.
fn running(view: &View<'_>, actor: ActorId) -> impl Iterator<Item = ActorId> {
    std::iter::once(actor).chain(view.trace.meta().threads_of(actor))
}

/// When it did something last.
fn acted(view: &View<'_>, actor: ActorId) -> Option<EventId> {
    let state = view.state.actors.get(usize::from(actor.0))?;
    state.current.max(state.last)
}

fn whole(listing: &Listing) -> String {
    let mut text = String::new();
    for line in &listing.lines {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// The line an actor is at: its call under way, or the last one.
fn current_line(view: &View<'_>, actor: ActorId, listing: &Listing) -> Option<usize> {
    let state = view.state.actors.get(usize::from(actor.0))?;
    let there = state.started && !state.ended && (state.current.is_some() || state.last.is_some());
    there.then(|| listing.line_of(state.op)).flatten()
}

fn source(ui: &mut Ui, view: &View<'_>, pane: &CodePane<'_>, actor: ActorId, listing: &Listing) {
    let theme = view.theme;
    let c = &theme.colours;
    let row = (theme.sizes.mono * 1.5).round();
    let mut standing: Vec<(usize, ActorId)> = running(view, actor)
        .filter_map(|who| Some((current_line(view, who, listing)?, who)))
        .collect();
    standing.sort();
    // The one to follow is the one that did something last.
    let latest = standing.iter().max_by_key(|(_, who)| acted(view, *who));
    let current = latest.map(|(line, _)| *line);
    let gutter = theme.sizes.mono * 2.4;
    let seen_id = ui.scope_id().with(("line", actor.0));
    egui::Frame::new()
        .fill(c.sunken)
        .corner_radius(theme.radius())
        .inner_margin(2.0)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ScrollArea::both()
                .id_salt(("code", actor.0, pane.language.name()))
                .max_height(pane.height.min(ui.available_height()).max(row))
                .min_scrolled_height(0.0)
                .animated(false)
                .auto_shrink([false, true])
                .show_viewport(ui, |ui, viewport| {
                    let longest = listing
                        .lines
                        .iter()
                        .map(|l| l.text.chars().count())
                        .max()
                        .unwrap_or(0);
                    let width = gutter + longest as f32 * theme.sizes.mono * 0.61 + theme.gap(4.0);
                    let size = vec2(
                        width.max(ui.available_width()),
                        row * listing.lines.len() as f32,
                    );
                    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
                    let name = spoken(view, actor, listing, current);
                    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &name));
                    let first = (viewport.min.y / row).floor().max(0.0) as usize;
                    let last =
                        ((viewport.max.y / row).ceil().max(0.0) as usize).min(listing.lines.len());
                    for n in first..last {
                        let top = area.min.y + n as f32 * row;
                        let line = Rect::from_min_size(pos2(area.min.x, top), vec2(size.x, row));
                        let here: Vec<ActorId> = standing
                            .iter()
                            .filter(|(at, _)| *at == n)
                            .map(|(_, who)| *who)
                            .collect();
                        if !here.is_empty() {
                            mark(ui, view, &here, line, gutter);
                        }
                        let job = coloured(theme, pane.language, &listing.lines[n].text);
                        let galley = ui.painter().layout_job(job);
                        let y = line.center().y - galley.size().y / 2.0;
                        ui.painter()
                            .galley(pos2(line.min.x + gutter, y), galley, c.text);
                    }
                    // Follow the actor, but let a person scroll while it stays where it is.
                    // Where the pane has become higher or lower, the line is looked for anew.
                    let tall = viewport.height().round() as i32;
                    let seen = ui.data(|d| d.get_temp::<(usize, i32)>(seen_id));
                    if current.map(|n| (n, tall)) != seen {
                        if let Some(n) = current {
                            let top = area.min.y + n as f32 * row;
                            let line = Rect::from_min_size(pos2(area.min.x, top), vec2(10.0, row));
                            ui.scroll_to_rect(line, Some(Align::Center));
                            ui.data_mut(|d| d.insert_temp(seen_id, (n, tall)));
                        } else {
                            ui.data_mut(|d| d.remove::<(usize, i32)>(seen_id));
                        }
                    }
                });
        });
}

fn spoken(view: &View<'_>, actor: ActorId, listing: &Listing, current: Option<usize>) -> String {
    let who = actor_name(view.trace, actor, view.lang);
    match current.and_then(|n| Some((n, listing.lines.get(n)?))) {
        Some((n, line)) => view.fill(
            text::CODE_LINE,
            &[("who", &who), ("n", &(n + 1)), ("code", &line.text.trim())],
        ),
        None => view.fill(text::CODE_OF, &[("who", &who)]),
    }
}

/// Ground, initial and arrow of a line at which somebody is; hatched while all of them are blocked.
/// Threads have their numbers for an initial.
fn mark(ui: &Ui, view: &View<'_>, here: &[ActorId], line: Rect, gutter: f32) {
    let theme = view.theme;
    let c = &theme.colours;
    let actor = here[0];
    let blocked = here.iter().all(|who| {
        let state = view.state.actors.get(usize::from(who.0));
        state.is_some_and(|a| a.current.is_some() && a.blocked_since.is_some())
    });
    let ink = actor_colour(view, actor);
    let role = view
        .trace
        .meta()
        .actors
        .get(usize::from(actor.0))
        .map(|a| a.role);
    let ground = match role {
        Some(Role::Client) => c.client_fill,
        Some(Role::Server) => c.server_fill,
        _ => c.accent_fill,
    };
    let painter = ui.painter();
    painter.rect_filled(line, CornerRadius::same(3), ground);
    let bar = Rect::from_min_size(line.min, vec2(3.0, line.height()));
    painter.rect_filled(bar, CornerRadius::ZERO, if blocked { c.warn } else { ink });
    if blocked {
        let side = Rect::from_min_size(line.min, vec2(gutter - 4.0, line.height()));
        super::pattern::hatch(
            painter,
            side.shrink(2.0),
            c.warn.gamma_multiply(0.35),
            theme.scale,
        );
    }
    let initials: Vec<String> = here
        .iter()
        .map(|who| {
            if let Some(n) = view.trace.meta().thread_number(*who) {
                return n.to_string();
            }
            let name = actor_name(view.trace, *who, view.lang);
            name.chars().take(1).flat_map(char::to_uppercase).collect()
        })
        .collect();
    words::fitting(
        painter,
        pos2(line.min.x + gutter * 0.34, line.center().y),
        egui::Align2::CENTER_CENTER,
        gutter * 0.62,
        &[initials.join(","), format!("{}…", initials[0])],
        &theme.section(),
        ink,
    );
    let side = theme.sizes.mono * 0.55;
    let arrow = Rect::from_center_size(
        pos2(line.min.x + gutter * 0.72, line.center().y),
        Vec2::splat(side),
    );
    icon::paint(painter, arrow, Icon::Play, ink);
}

/// What a piece of source text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Plain,
    Comment,
    Text,
    Number,
    Word,
    Call,
}

fn coloured(theme: &Theme, language: Language, line: &str) -> LayoutJob {
    let c = &theme.colours;
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    for (token, piece) in tokens(language, line) {
        let color: Color32 = match token {
            Token::Plain => c.text,
            Token::Comment => c.text_faint,
            Token::Text => c.good,
            Token::Number => c.warn,
            Token::Word => c.text_soft,
            Token::Call => c.accent,
        };
        job.append(
            piece,
            0.0,
            TextFormat {
                font_id: theme.mono(),
                color,
                ..TextFormat::default()
            },
        );
    }
    job
}

const PYTHON: &[&str] = &[
    "import", "from", "def", "return", "if", "else", "elif", "for", "while", "in", "break", "not",
    "and", "or", "None", "True", "False", "with", "as", "try", "except", "raise", "pass", "class",
    "continue",
];
const C: &[&str] = &[
    "int", "char", "const", "void", "return", "if", "else", "for", "while", "break", "struct",
    "sizeof", "static", "unsigned", "size_t", "ssize_t", "continue", "typedef",
];
const RUST: &[&str] = &[
    "fn", "let", "mut", "use", "return", "if", "else", "for", "while", "loop", "in", "break",
    "match", "impl", "struct", "pub", "as", "const", "move", "ref", "true", "false", "continue",
];

/// Cuts a line into pieces to colour. Every character is in exactly one piece.
fn tokens(language: Language, line: &str) -> Vec<(Token, &str)> {
    let words = match language {
        Language::Python => PYTHON,
        Language::C => C,
        Language::Rust => RUST,
    };
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (token, len) = if begins_comment(language, rest) {
            (Token::Comment, rest.len())
        } else if let Some(len) = quoted(language, rest) {
            (Token::Text, len)
        } else if first.is_ascii_digit() {
            let end = rest.find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '.' && ch != '_');
            (Token::Number, end.unwrap_or(rest.len()))
        } else if first.is_alphabetic() || first == '_' {
            let end = rest
                .find(|ch: char| !ch.is_alphanumeric() && ch != '_')
                .unwrap_or(rest.len());
            let token = if words.contains(&&rest[..end]) {
                Token::Word
            } else if rest[end..].starts_with('(') {
                Token::Call
            } else {
                Token::Plain
            };
            (token, end)
        } else {
            (Token::Plain, first.len_utf8())
        };
        let (piece, after) = rest.split_at(len);
        out.push((token, piece));
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_without_losing_a_character() {
        for line in [
            "data = conn.recv(1024)  # at most 1024 bytes",
            "s.sendall(b'it\\'s \"so\"')",
            "\u{4f60}好 = \"unfinished",
            "",
            "    if (n < 0) { perror(\"recv\"); return 1; } // gone",
        ] {
            for language in Language::ALL {
                let joined: String = tokens(language, line).iter().map(|(_, p)| *p).collect();
                assert_eq!(joined, line);
            }
        }
    }

    #[test]
    fn pieces_are_recognised() {
        let found = tokens(Language::Python, "x = recv(1024)  # 'n'");
        for piece in [
            (Token::Call, "recv"),
            (Token::Number, "1024"),
            (Token::Comment, "# 'n'"),
        ] {
            assert!(found.contains(&piece), "{piece:?} in {found:?}");
        }
        let found = tokens(Language::Rust, "let a = b'x'; \"# no\"");
        assert!(found.contains(&(Token::Word, "let")));
        assert!(found.contains(&(Token::Text, "\"# no\"")));
    }
}
