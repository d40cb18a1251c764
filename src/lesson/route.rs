//! Routes through the lessons: which of them, which of their steps, how many minutes each.

use std::sync::Arc;

use toml::de::DeTable;

use crate::i18n::{Lang, lesson as phrase, route as text};

use super::read_lesson::{duplicate, hyphen_name};
use super::reader::{Doc, Table, valid_with_nearest};
use super::{Lesson, Problem, Said, limit};

/// A way through the lessons for a class of a certain length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Stable name.
    pub id: String,
    /// What it is called, in the order of [`Lang::ALL`].
    pub title: [String; 2],
    /// What it leads to, a sentence, in the order of [`Lang::ALL`].
    pub about: [String; 2],
    /// Where it stops, in order; at least once.
    pub stops: Vec<Stop>,
}

/// A lesson on a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The lesson's id.
    pub lesson: String,
    /// Ids of the steps that are shown, in the lesson's order.
    pub steps: Vec<String>,
    /// How long it takes, minutes.
    pub minutes: u32,
}

impl Route {
    /// What it is called in `lang`.
    pub fn title(&self, lang: Lang) -> &str {
        &self.title[lang as usize]
    }

    /// What it leads to, in `lang`.
    pub fn about(&self, lang: Lang) -> &str {
        &self.about[lang as usize]
    }

    /// How long it takes, minutes.
    pub fn minutes(&self) -> u32 {
        self.stops.iter().map(|stop| stop.minutes).sum()
    }
}

/// Where a route goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onward<'a> {
    /// To that step of the same lesson, from 0.
    Step(usize),
    /// To another lesson.
    Stop(&'a Stop),
}

impl Route {
    /// Where to go from step `from` of `lesson`: to the next of its steps on the route (or, where
    /// that one needs what earlier steps did, to the first of those), then to the next lesson.
    /// `None` at the end, and in a lesson that is not on the route.
    pub fn onward(&self, lesson: &Lesson, from: usize) -> Option<Onward<'_>> {
        let at = self.stops.iter().position(|s| s.lesson == lesson.id)?;
        let step = |id: &String| lesson.steps.iter().position(|step| step.id == *id);
        let steps = self.stops[at].steps.iter().filter_map(step);
        match steps.filter(|&n| n > from).min() {
            Some(next) => Some(Onward::Step(lesson.opened_at(next).max(from + 1))),
            None => self.stops.get(at + 1).map(Onward::Stop),
        }
    }
}

impl Stop {
    /// The first of its steps, from 0.
    pub fn first(&self, lesson: &Lesson) -> usize {
        let step = |id: &String| lesson.steps.iter().position(|step| step.id == *id);
        self.steps.iter().find_map(step).unwrap_or(0)
    }
}

const TOP: &[&str] = &["route"];
const ROUTE: &[&str] = &["id", "title", "about", "stops"];
const STOP: &[&str] = &["lesson", "steps", "minutes"];

/// Reads `routes.toml`, whose routes lead through these lessons. Routes with a mistake are left out.
pub(super) fn read_routes(
    file: &str,
    source: &str,
    lessons: &[Arc<Lesson>],
) -> (Vec<Route>, Vec<Problem>) {
    let doc = Doc::new(file, source);
    let mut routes: Vec<Route> = Vec::new();
    match DeTable::parse(source) {
        Ok(table) => {
            let top = Table::open(&doc, table.get_ref(), 0, TOP);
            if !top.has("route") {
                top.missing("route");
            }
            for table in top.tables("route", ROUTE) {
                let Some(route) = read_route(&table, lessons) else {
                    continue;
                };
                if routes.iter().any(|r| r.id == route.id) {
                    duplicate(&doc, table.start, &route.id);
                } else {
                    routes.push(route);
                }
            }
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            doc.problem(
                at,
                Said::new(phrase::FILE_SYNTAX).with("error", error.message().replace('\n', " ")),
                Said::new(phrase::CURE_SYNTAX),
            );
        }
    }
    (routes, doc.into_problems())
}

fn read_route(t: &Table<'_, '_>, lessons: &[Arc<Lesson>]) -> Option<Route> {
    let id = t.need_text("id").and_then(|id| hyphen_name(t.doc, &id));
    let title = t.need_both_languages("title");
    let about = t.need_both_languages("about");
    let tables = t.tables("stops", STOP);
    if tables.is_empty() {
        t.missing("stops");
        return None;
    }
    let stops: Option<Vec<Stop>> = tables.iter().map(|t| read_stop(t, lessons)).collect();
    Some(Route {
        id: id?,
        title: title?,
        about: about?,
        stops: stops?,
    })
}

fn read_stop(t: &Table<'_, '_>, lessons: &[Arc<Lesson>]) -> Option<Stop> {
    let doc = t.doc;
    let found = t.need_text("lesson")?;
    let Some(lesson) = lessons.iter().find(|lesson| lesson.id == found.value) else {
        let ids: Vec<&str> = lessons.iter().map(|lesson| lesson.id.as_str()).collect();
        doc.problem(
            found.span.start,
            Said::new(text::NO_LESSON).with("id", found.value),
            valid_with_nearest(found.value, &ids),
        );
        return None;
    };
    let all: Vec<&str> = lesson.steps.iter().map(|step| step.id.as_str()).collect();
    let steps = if t.has("steps") {
        let mut steps = Vec::new();
        // The lesson goes forward only, and so must the route.
        let mut next = 0;
        for step in t.texts("steps")? {
            match all.iter().position(|id| *id == step.value) {
                Some(at) if at >= next => {
                    next = at + 1;
                    steps.push(step.value.to_owned());
                }
                Some(_) => {
                    doc.problem(
                        step.span.start,
                        Said::new(text::ORDER).with("id", step.value),
                        Said::new(phrase::CURE_ORDER),
                    );
                    return None;
                }
                None => {
                    doc.problem(
                        step.span.start,
                        Said::new(text::NO_STEP)
                            .with("lesson", &lesson.id)
                            .with("id", step.value),
                        valid_with_nearest(step.value, &all),
                    );
                    return None;
                }
            }
        }
        steps
    } else {
        all.iter().map(|id| (*id).to_owned()).collect()
    };
    if !t.has("minutes") {
        t.missing("minutes");
    }
    let minutes = t.int_within("minutes", 0, 1, limit::MINUTES)?;
    Some(Stop {
        lesson: lesson.id.clone(),
        steps,
        minutes: minutes as u32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Catalogue;

    const GOOD: &str = r#"[[route]]
id = "short"
title = { en = "Short", zh = "短" }
about = { en = "So.", zh = "就这样。" }
stops = [
    { lesson = "sticky-merge", steps = ["three-sends", "late-reader"], minutes = 7 },
    { lesson = "sticky-split", minutes = 5 },
]
"#;

    fn read(source: &str) -> (Vec<Route>, Vec<Problem>) {
        read_routes("routes.toml", source, &Catalogue::load_embedded().lessons)
    }

    #[test]
    fn a_route_is_read() {
        let (routes, problems) = read(GOOD);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(routes[0].minutes(), 12);
        assert_eq!(routes[0].stops[0].steps, ["three-sends", "late-reader"]);
        let all = &routes[0].stops[1].steps;
        assert_eq!((all.len(), all[0].as_str()), (7, "one-message"));
        assert_eq!(routes[0].title(Lang::Zh), "短");
    }

    #[test]
    fn mistakes_are_reported_where_they_are() {
        for (from, to, expect) in [
            ("sticky-merge", "sticky-merg", "Did you mean sticky-merge?"),
            ("three-sends", "three-send", "Did you mean three-sends?"),
            (
                "\"three-sends\", \"late-reader\"",
                "\"late-reader\", \"three-sends\"",
                "order",
            ),
            ("minutes = 7", "minutes = 0", "between 1 and"),
            (", minutes = 7", "", "minutes is missing"),
            ("stops", "stop", "Did you mean stops?"),
            ("id = \"short\"", "id = \"Short\"", "cannot be an id"),
        ] {
            let (_, problems) = read(&GOOD.replacen(from, to, 1));
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let said = said.join("\n");
            assert!(
                said.contains("routes.toml:") && said.contains(expect),
                "{to}: {said}"
            );
        }
        let (_, problems) = read("");
        assert!(problems[0].to_string().contains("route is missing"));
    }
}
