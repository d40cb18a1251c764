//! The reference: every call of the course, and the things people believe, each with the step of
//! the lesson that shows it.

mod beliefs;
mod calls;

use egui::{Frame, Id, Margin, RichText, ScrollArea, TextEdit, Ui};

use super::command::Command;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::view::View;
use crate::i18n::{Phrase, reference as text};
use crate::lesson::Catalogue;
use crate::reference::Place;

/// The id of the search field.
pub const SEARCH_FIELD: &str = "reference-search";

/// Longest text that is searched for, in characters.
const LONGEST: usize = 60;

/// One page of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Every call.
    #[default]
    Calls,
    /// Things people believe.
    Beliefs,
}

impl Page {
    /// Both, in order.
    pub const ALL: [Page; 2] = [Page::Calls, Page::Beliefs];

    fn words(self) -> (Phrase, Phrase) {
        match self {
            Page::Calls => (text::CALLS, text::CALLS_HINT),
            Page::Beliefs => (text::BELIEFS, text::BELIEFS_HINT),
        }
    }
}

/// What the reference keeps from frame to frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The page on show.
    pub page: Page,
    /// What is searched for.
    pub search: String,
}

/// Something for the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Show that page.
    Page(Page),
    /// Search for that.
    Search(String),
}

impl Reference {
    /// Does what the person asked for.
    pub fn apply(&mut self, wish: Wish) {
        match wish {
            Wish::Page(page) => self.page = page,
            Wish::Search(words) => self.search = words.chars().take(LONGEST).collect(),
        }
    }

    /// Do all words searched for stand in one of `texts`? Case does not matter.
    fn finds(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
        self.search
            .to_lowercase()
            .split_whitespace()
            .all(|word| texts.iter().any(|text| text.contains(word)))
    }
}

/// Shows the pages, the search and what it finds.
pub fn show(
    ui: &mut Ui,
    view: &View<'_>,
    reference: &Reference,
    catalogue: &Catalogue,
    out: &mut Vec<Command>,
) {
    let theme = view.theme;
    ui.spacing_mut().item_spacing.y = theme.gap(1.5);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(0.5);
        for page in Page::ALL {
            let (name, hint) = page.words();
            let button = KeyButton::new(view.say(name))
                .tint(Tint::Quiet)
                .hint(view.say(hint))
                .selected(page == reference.page);
            if button.show(ui, theme).clicked() && page != reference.page {
                out.push(Command::Reference(Wish::Page(page)));
            }
        }
        ui.add_space(theme.gap(2.0));
        search(ui, view, reference, out);
    });
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt(("reference", reference.page as u8))
        .show(ui, |ui| {
            let (found, all) = match reference.page {
                Page::Calls => calls::show(ui, view, reference, catalogue, out),
                Page::Beliefs => beliefs::show(ui, view, reference, catalogue, out),
            };
            if found == 0 {
                section::note(
                    ui,
                    theme,
                    &view.fill(text::NOTHING, &[("text", &reference.search)]),
                );
            } else if found < all {
                section::note(
                    ui,
                    theme,
                    &view.fill(text::FOUND, &[("n", &found), ("all", &all)]),
                );
            }
        });
}

fn search(ui: &mut Ui, view: &View<'_>, reference: &Reference, out: &mut Vec<Command>) {
    let theme = view.theme;
    let mut words = reference.search.clone();
    let width = ui.available_width().clamp(90.0, theme.gap(60.0));
    let field = TextEdit::singleline(&mut words)
        .id(Id::unique(SEARCH_FIELD))
        .hint_text(RichText::new(view.say(text::SEARCH_CALLS)).color(theme.colours.text_faint))
        .desired_width(width);
    let response = ui.add(field);
    section::named(&response, view.say(text::SEARCH));
    if words != reference.search {
        out.push(Command::Reference(Wish::Search(words)));
    }
}

/// One entry: a card with what `content` writes, and the button that opens the place.
fn card(
    ui: &mut Ui,
    view: &View<'_>,
    (name, place): (&str, Place),
    catalogue: &Catalogue,
    out: &mut Vec<Command>,
    content: impl FnOnce(&mut Ui),
) {
    let theme = view.theme;
    Frame::new()
        .fill(theme.colours.card)
        .corner_radius(theme.radius())
        .inner_margin(Margin::same(theme.gap(2.5) as i8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = theme.gap(1.0);
            content(ui);
            // A lesson may have been replaced by a teacher's own.
            let found = catalogue.get(place.lesson).and_then(|lesson| {
                let step = lesson.steps.iter().position(|s| s.id == place.step)?;
                Some((lesson, step))
            });
            if let Some((lesson, step)) = found {
                let words = lesson.text(view.lang);
                let title = words.steps.get(step).map_or("", |step| step.title.as_str());
                let label = view.fill(text::SHOW_ME_OF, &[("name", &name)]);
                ui.horizontal_wrapped(|ui| {
                    let button = KeyButton::new(&label)
                        .words(view.say(text::SHOW_ME))
                        .tint(Tint::On)
                        .small();
                    if button.show(ui, theme).clicked() {
                        out.push(Command::ShowStep(lesson.id.clone(), step));
                    }
                    let opens = view.fill(
                        text::OPENS,
                        &[
                            ("lesson", &quoted(view, &words.title)),
                            ("step", &quoted(view, title)),
                        ],
                    );
                    section::note(ui, theme, &opens);
                });
            }
        });
}

/// A title in the marks of the language.
fn quoted(view: &View<'_>, title: &str) -> String {
    match view.lang {
        // Marks inside marks are single.
        crate::i18n::Lang::En => format!("\u{201c}{}\u{201d}", title.replace('"', "'")),
        crate::i18n::Lang::Zh => format!("《{title}》"),
    }
}

/// A line of text that wraps.
fn line(ui: &mut Ui, words: RichText) {
    ui.add(egui::Label::new(words).wrap());
}
