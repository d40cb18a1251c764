//! The lessons in teaching order, with what has been done and what could not be read.

use std::collections::BTreeSet;

use egui::{
    Align, Color32, Layout, Rect, Response, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::command::Command;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::section;
use super::view::View;
use crate::i18n::panels as text;
use crate::lesson::{Catalogue, Group, Problem};

/// What the list shows.
#[derive(Clone, Copy)]
pub struct LessonList<'a> {
    /// The lessons and the problems of others.
    pub catalogue: &'a Catalogue,
    /// Id of the open lesson.
    pub current: Option<&'a str>,
    /// Ids of the lessons whose last step was reached.
    pub done: &'a BTreeSet<String>,
    /// Only a strip?
    pub folded: bool,
}

/// Shows the list, or the strip that opens it.
pub fn show(ui: &mut Ui, view: &View<'_>, list: &LessonList<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    if list.folded {
        let open = KeyButton::new(view.say(text::LIST_OPEN))
            .words("")
            .icon(Icon::List)
            .tint(Tint::Quiet)
            .hint(view.say(text::LIST_OPEN));
        if open.show(ui, theme).clicked() {
            out.push(Command::ToggleLessons);
        }
        return;
    }
    ScrollArea::vertical()
        .id_salt("lessons")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (n, (group, title)) in [
                (Group::Lessons, text::LESSONS),
                (Group::Explore, text::EXPLORE),
            ]
            .into_iter()
            .enumerate()
            {
                ui.horizontal(|ui| {
                    section::title(ui, theme, view.say(title));
                    if n == 0 {
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            let fold = KeyButton::new(view.say(text::LIST_CLOSE))
                                .words("")
                                .icon(Icon::List)
                                .tint(Tint::Quiet)
                                .small()
                                .hint(view.say(text::LIST_CLOSE));
                            if fold.show(ui, theme).clicked() {
                                out.push(Command::ToggleLessons);
                            }
                        });
                    }
                });
                for lesson in list.catalogue.lessons.iter().filter(|l| l.group == group) {
                    let current = list.current == Some(lesson.id.as_str());
                    let done = list.done.contains(&lesson.id);
                    if entry(ui, view, lesson.title(view.lang), current, done).clicked() && !current
                    {
                        out.push(Command::SelectLesson(lesson.id.clone()));
                    }
                }
                ui.add_space(theme.gap(4.0));
            }
            problems(ui, view, &list.catalogue.problems, out);
        });
}

fn entry(ui: &mut Ui, view: &View<'_>, title: &str, current: bool, done: bool) -> Response {
    let theme = view.theme;
    let c = &theme.colours;
    let font = if current {
        theme.strong()
    } else {
        theme.body()
    };
    let colour = if current { c.text } else { c.text_soft };
    let side = theme.sizes.small;
    let indent = theme.gap(2.0) + side + theme.gap(2.0);
    // A long title takes a second line rather than to be cut.
    let mut job = egui::text::LayoutJob::simple(
        title.to_owned(),
        font,
        colour,
        ui.available_width() - indent - theme.gap(1.0),
    );
    job.wrap.max_rows = 2;
    let galley = ui.painter().layout_job(job);
    let height = (galley.size().y + theme.sizes.body * 0.85)
        .max(theme.sizes.body * 2.05)
        .round();
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    let name = if done {
        view.fill(text::DONE, &[("title", &title)])
    } else {
        title.to_owned()
    };
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, current, &name));
    let painter = ui.painter();
    let ground = if current {
        c.accent_fill
    } else if response.hovered() {
        c.card
    } else {
        Color32::TRANSPARENT
    };
    painter.rect_filled(rect, theme.radius(), ground);
    if response.has_focus() {
        painter.rect_stroke(
            rect,
            theme.radius(),
            Stroke::new(2.0, c.accent),
            StrokeKind::Inside,
        );
    }
    let mark = Rect::from_center_size(
        pos2(rect.min.x + theme.gap(2.0) + side / 2.0, rect.center().y),
        Vec2::splat(side * 0.8),
    );
    if done {
        icon::paint(painter, mark, Icon::Check, c.good);
    } else if current {
        painter.circle_filled(mark.center(), side * 0.32, c.accent);
    }
    let x = rect.min.x + indent;
    let cut = galley.elided;
    painter.galley(
        pos2(x, rect.center().y - galley.size().y / 2.0),
        galley,
        colour,
    );
    if cut {
        response.on_hover_text(title)
    } else {
        response
    }
}

fn problems(ui: &mut Ui, view: &View<'_>, problems: &[Problem], out: &mut Vec<Command>) {
    if problems.is_empty() {
        return;
    }
    let theme = view.theme;
    let c = &theme.colours;
    egui::Frame::new()
        .fill(c.bad_fill)
        .corner_radius(theme.radius())
        .inner_margin(theme.gap(2.0))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(theme.gap(1.5), theme.gap(1.0));
            let head = if problems.len() == 1 {
                view.say(text::PROBLEMS_ONE).to_owned()
            } else {
                view.fill(text::PROBLEMS, &[("n", &problems.len())])
            };
            ui.horizontal(|ui| {
                let (area, _) =
                    ui.allocate_exact_size(Vec2::splat(theme.sizes.body), Sense::hover());
                icon::paint(ui.painter(), area, Icon::Warn, c.bad);
                ui.add(
                    egui::Label::new(RichText::new(head).font(theme.section()).color(c.text))
                        .wrap(),
                );
            });
            for problem in problems {
                let place = format!("{}:{}", problem.file, problem.line);
                let short = short_place(&place);
                let link = ui
                    .add(
                        egui::Label::new(
                            RichText::new(short)
                                .font(theme.mono_small())
                                .color(c.bad)
                                .underline(),
                        )
                        .wrap()
                        .sense(Sense::click()),
                    )
                    .on_hover_text(format!("{place}\n{}", view.say(text::COPY_PLACE)));
                if link.clicked() {
                    out.push(Command::CopyText(place));
                }
                let words = format!(
                    "{} {}",
                    problem.what.get(view.lang),
                    problem.cure.get(view.lang)
                );
                ui.add(
                    egui::Label::new(RichText::new(words).font(theme.small()).color(c.text)).wrap(),
                );
            }
        });
}

/// The last two parts of a path, which is where the lesson and its file stand.
fn short_place(place: &str) -> String {
    let mut parts: Vec<&str> = place.rsplit(['/', '\\']).take(2).collect();
    parts.reverse();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shortened_to_folder_and_file() {
        assert_eq!(
            short_place("/home/t/lessons/09-merge/lesson.toml:12"),
            "09-merge/lesson.toml:12"
        );
        assert_eq!(short_place("lesson.toml:3"), "lesson.toml:3");
    }
}
