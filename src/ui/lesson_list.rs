//! The lessons in teaching order, with what has been done and what could not be read.

use egui::{
    Align, Color32, Layout, Rect, Response, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::command::Command;
use super::icon::{self, Icon};
use super::key_button::{KeyButton, Tint};
use super::lab::{Progress, Tally};
use super::section;
use super::view::View;
use crate::i18n::{panels as text, progress, route};
use crate::lesson::{Catalogue, Group, Problem, Route};

/// What the list shows.
#[derive(Clone, Copy)]
pub struct LessonList<'a> {
    /// The lessons and the problems of others.
    pub catalogue: &'a Catalogue,
    /// Id of the open lesson.
    pub current: Option<&'a str>,
    /// Which steps have been seen, and which tasks solved.
    pub progress: &'a Progress,
    /// The route to show; `None` = all lessons.
    pub route: Option<&'a Route>,
    /// The step of the open lesson on show, from 0.
    pub steps_shown: usize,
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
            // The bar floats above what scrolls; how far one is stands beside it.
            let scroll = ui.spacing().scroll;
            let bar = scroll.bar_width + scroll.bar_inner_margin;
            ui.set_max_width(ui.available_width() - bar);
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
                if n == 0 {
                    picker(ui, view, list, out);
                }
                if let (Group::Lessons, Some(route)) = (group, list.route) {
                    stops(ui, view, list, route, out);
                    ui.add_space(theme.gap(4.0));
                    continue;
                }
                for lesson in list.catalogue.lessons.iter().filter(|l| l.group == group) {
                    let current = list.current == Some(lesson.id.as_str());
                    let tally = list.progress.tally(lesson);
                    let title = lesson.title(view.lang);
                    let row = Row {
                        title,
                        current,
                        tally,
                        minutes: None,
                    };
                    if entry(ui, view, &row).clicked() && !current {
                        out.push(Command::SelectLesson(lesson.id.clone()));
                    }
                }
                ui.add_space(theme.gap(4.0));
            }
            problems(ui, view, &list.catalogue.problems, out);
            if !list.progress.is_empty() {
                let reset = KeyButton::new(view.say(progress::RESET))
                    .icon(Icon::Undo)
                    .tint(Tint::Quiet)
                    .small()
                    .hint(view.say(progress::RESET_HINT));
                if reset.show(ui, theme).clicked() {
                    out.push(Command::AskResetProgress);
                }
            }
        });
}

/// All lessons, or one of the routes.
fn picker(ui: &mut Ui, view: &View<'_>, list: &LessonList<'_>, out: &mut Vec<Command>) {
    let theme = view.theme;
    let routes = &list.catalogue.routes;
    if routes.is_empty() {
        return;
    }
    let all = view.say(route::ALL);
    let chosen = list.route.map_or(all, |route| route.title(view.lang));
    let inner = egui::ComboBox::from_id_salt("route")
        .width(ui.available_width() - theme.gap(2.0))
        .selected_text(chosen)
        .show_ui(ui, |ui| {
            if ui.selectable_label(list.route.is_none(), all).clicked() {
                out.push(Command::SetRoute(None));
            }
            for one in routes {
                let now = list.route.is_some_and(|route| route.id == one.id);
                if ui.selectable_label(now, one.title(view.lang)).clicked() {
                    out.push(Command::SetRoute(Some(one.id.clone())));
                }
            }
        });
    section::named(&inner.response, view.say(route::ROUTE));
    inner.response.on_hover_text(view.say(route::ROUTE_HINT));
    ui.add_space(theme.gap(1.0));
    if let Some(chosen) = list.route {
        section::note(ui, theme, chosen.about(view.lang));
        let total = view.fill(
            route::TOTAL,
            &[
                ("title", &chosen.title(view.lang)),
                ("n", &chosen.minutes()),
            ],
        );
        section::note(ui, theme, &total);
        ui.add_space(theme.gap(1.0));
    }
}

/// Where a route stops, with minutes; of the open lesson also the steps that belong to it.
fn stops(
    ui: &mut Ui,
    view: &View<'_>,
    list: &LessonList<'_>,
    route: &Route,
    out: &mut Vec<Command>,
) {
    for stop in &route.stops {
        let Some(lesson) = list.catalogue.get(&stop.lesson) else {
            continue;
        };
        let at = |id: &str| lesson.steps.iter().position(|step| step.id == id);
        let current = list.current == Some(lesson.id.as_str());
        let row = Row {
            title: lesson.title(view.lang),
            current,
            tally: list.progress.tally(lesson),
            minutes: Some(stop.minutes),
        };
        if entry(ui, view, &row).clicked() {
            out.push(Command::ShowStep(lesson.id.clone(), stop.first(lesson)));
        }
        if !current {
            continue;
        }
        for id in &stop.steps {
            if let Some(at) = at(id)
                && let Some(text) = lesson.step_text(at, view.lang)
                && step(ui, view, at, &text.title, at == list.steps_shown).clicked()
            {
                out.push(Command::ShowStep(lesson.id.clone(), at));
            }
        }
    }
}

/// A step of the open lesson that belongs to the route.
fn step(ui: &mut Ui, view: &View<'_>, at: usize, title: &str, now: bool) -> Response {
    let theme = view.theme;
    let name = view.fill(route::STEP, &[("n", &(at + 1)), ("title", &title)]);
    ui.horizontal(|ui| {
        ui.add_space(theme.gap(2.0) + theme.sizes.small);
        let words = format!("{} {title}", at + 1);
        let ink = if now {
            theme.colours.text
        } else {
            theme.colours.text_soft
        };
        let label = egui::Label::new(RichText::new(words).font(theme.small()).color(ink))
            .truncate()
            .selectable(false)
            .sense(Sense::click());
        let response = ui.add(label);
        response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, now, &name));
        if now || response.hovered() || response.has_focus() {
            let y = response.rect.max.y;
            let line = Stroke::new(1.0, theme.colours.accent);
            ui.painter().hline(response.rect.x_range(), y, line);
        }
        response.on_hover_text(name)
    })
    .inner
}

/// What a row of the list shows.
struct Row<'a> {
    title: &'a str,
    current: bool,
    tally: Tally,
    /// On a route: how long it takes.
    minutes: Option<u32>,
}

fn entry(ui: &mut Ui, view: &View<'_>, row: &Row<'_>) -> Response {
    let (title, current, tally) = (row.title, row.current, &row.tally);
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
    let done = tally.is_through();
    // How far one is stands at the end of the row, once one has begun.
    let begun = !tally.is_empty();
    let count = match row.minutes {
        Some(minutes) => Some(view.fill(route::MINUTES, &[("n", &minutes)])),
        None => (begun && !done).then(|| format!("{}/{}", tally.steps, tally.of_steps)),
    };
    let has_task = begun && tally.of_tasks > 0;
    let count_width = match (&count, row.minutes) {
        (None, _) => 0.0,
        (_, None) => side * 2.2,
        (_, Some(_)) => side * 3.6,
    };
    let end = count_width + if has_task { side * 1.3 } else { 0.0 };
    // A long title takes a second line rather than to be cut.
    let mut job = egui::text::LayoutJob::simple(
        title.to_owned(),
        font,
        colour,
        ui.available_width() - indent - end - theme.gap(1.0),
    );
    job.wrap.max_rows = 2;
    let galley = ui.painter().layout_job(job);
    let height = (galley.size().y + theme.sizes.body * 0.85)
        .max(theme.sizes.body * 2.05)
        .round();
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    let mut name = spoken(view, title, tally);
    if let Some(minutes) = row.minutes {
        name = view.fill(route::STOP, &[("title", &name), ("n", &minutes)]);
    }
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
    let right = rect.max.x - theme.gap(1.0);
    if has_task {
        let solved = tally.tasks == tally.of_tasks;
        let box_ = Rect::from_center_size(
            pos2(right - side * 0.5, rect.center().y),
            Vec2::splat(side * 0.85),
        );
        let ink = if solved { c.good } else { c.text_faint };
        painter.rect_stroke(box_, 2.0, Stroke::new(1.0, ink), StrokeKind::Inside);
        if solved {
            icon::paint(painter, box_.shrink(side * 0.12), Icon::Check, ink);
        }
    }
    if let Some(count) = count {
        let x = right - if has_task { side * 1.3 } else { 0.0 };
        painter.text(
            pos2(x, rect.center().y),
            egui::Align2::RIGHT_CENTER,
            count,
            theme.small(),
            c.text_faint,
        );
    }
    let x = rect.min.x + indent;
    let cut = galley.elided;
    painter.galley(
        pos2(x, rect.center().y - galley.size().y / 2.0),
        galley,
        colour,
    );
    if cut || begun || row.minutes.is_some() {
        response.on_hover_text(name)
    } else {
        response
    }
}

/// The title with how far one is, as a reader of the screen says it.
fn spoken(view: &View<'_>, title: &str, tally: &Tally) -> String {
    let mut name = if tally.is_through() {
        view.fill(text::DONE, &[("title", &title)])
    } else if tally.steps > 0 {
        let (n, m) = (tally.steps, tally.of_steps);
        view.fill(progress::PART, &[("title", &title), ("n", &n), ("m", &m)])
    } else {
        title.to_owned()
    };
    if tally.tasks > 0 {
        let (n, m) = (tally.tasks, tally.of_tasks);
        name = view.fill(progress::TASKS, &[("title", &name), ("n", &n), ("m", &m)]);
    }
    name
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
