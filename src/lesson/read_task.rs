//! Reading the closing tasks of a lesson, and holding their texts against them.

use crate::i18n::{capture as capture_phrase, lesson as phrase, task as task_phrase};

use super::problem::Said;
use super::read_lesson::hyphen_name;
use super::read_step::{Place, read_each, read_expr, read_overrides, read_release};
use super::read_text::{ReadText, TASK};
use super::reader::{Doc, Table, valid_with_nearest};
use super::{ATTACK, CAPTURE, CaptureChange, FRAMING, Solution, Task};

pub(super) const TASK_KEYS: &[&str] = &["id", "set", "keep", "solved", "solution"];
pub(super) const SOLUTION_KEYS: &[&str] = &["set", "release"];

pub(super) fn read_tasks(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<Task>> {
    if !t.has("task") {
        return Some(Vec::new());
    }
    let tables = t.tables("task", TASK_KEYS);
    read_each(
        t,
        &tables,
        |_, table| read_task(table, place),
        |task| &task.id,
    )
}

fn read_task(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Task> {
    let doc = t.doc;
    let id = t.need_text("id").and_then(|id| hyphen_name(doc, &id));
    let set = read_overrides(t, place, false);
    let keep = read_keep(t, place);
    let solved = t
        .need_text("solved")
        .and_then(|text| Some((read_expr(doc, &text, place)?, text)));
    if !t.has("solution") {
        t.missing("solution");
    }
    let solution = t.table("solution", SOLUTION_KEYS)?;
    let solution = Solution {
        set: read_overrides(&solution, place, false)?,
        release: read_release(&solution, "release", "run", place)?,
    };
    let set = set?;
    let (solved, text) = solved?;
    let captured = set.capture.iter().fold(place.captured, |on, change| {
        if let CaptureChange::On(on) = change {
            *on
        } else {
            on
        }
    });
    if solved.speaks_of_segments() && !captured {
        doc.problem(
            text.span.start,
            Said::new(capture_phrase::NOT_CAPTURED).with("condition", text.value),
            Said::new(capture_phrase::CURE_NOT_CAPTURED),
        );
    }
    Some(Task {
        id: id?,
        set,
        keep: keep?,
        solved,
        solution,
    })
}

/// The names of settings that must stay; none if left out.
fn read_keep(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<String>> {
    if !t.has("keep") {
        return Some(Vec::new());
    }
    let valid: Vec<&str> = place
        .parameters
        .iter()
        .map(|p| p.name.as_str())
        .chain([FRAMING, ATTACK, CAPTURE])
        .collect();
    let mut good = true;
    let names = t.texts("keep")?;
    for name in &names {
        if !valid.contains(&name.value) {
            good = false;
            t.doc
                .not_one_of(name.span.start, "keep", name.value, &valid);
        }
    }
    good.then(|| names.iter().map(|name| name.value.to_owned()).collect())
}

/// Are the tasks of a text those of the lesson, each with hints and a last word?
pub(super) fn compare_tasks(doc: &Doc<'_>, read: &ReadText, tasks: &[Task]) {
    let ids: Vec<&str> = tasks.iter().map(|t| t.id.as_str()).collect();
    for (text, &at) in read.text.tasks.iter().zip(&read.tasks) {
        if !ids.contains(&text.id.as_str()) {
            doc.problem(
                at,
                Said::new(task_phrase::TEXT_EXTRA).with("id", &text.id),
                valid_with_nearest(&text.id, &ids),
            );
        }
        for (missing, part) in [
            (text.body.is_empty(), task_phrase::PART_BODY),
            (text.hints.is_empty(), task_phrase::PART_HINTS),
            (text.solved.is_empty(), task_phrase::PART_SOLVED),
        ] {
            if missing {
                doc.problem(
                    at,
                    Said::new(task_phrase::TEXT_PART_MISSING)
                        .with("id", &text.id)
                        .saying("part", Said::new(part)),
                    Said::new(task_phrase::CURE_PART_MISSING),
                );
            }
        }
    }
    for id in ids {
        if !read.text.tasks.iter().any(|text| text.id == id) {
            doc.problem(
                doc.text().len(),
                Said::new(task_phrase::TEXT_MISSING).with("id", id),
                Said::new(phrase::CURE_MISSING_STEP)
                    .with("example", format!("## … {{#{TASK}{id}}}")),
            );
        }
    }
}
