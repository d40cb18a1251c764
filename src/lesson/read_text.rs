//! Taking a lesson's Markdown apart: title, introduction, steps, predictions, notes.
//!
//! The headings carry the structure, so that the file reads well by itself:
//!
//! ```markdown
//! # Title
//! introduction
//! ## Title of a step {#its-id}
//! text
//! ### Predict            (or 预测)
//! the question
//! 1. a label
//!
//!    why it is right or wrong
//! ### Reveal             (or 揭晓)
//! what the run has shown
//! ## Title of a task {#task-its-id}
//! what to bring about
//! ### Hints              (or 提示)
//! 1. a nudge
//! ### Solved             (or 完成)
//! what has been understood
//! ## For the teacher {#notes}
//! ```

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::i18n::lesson as phrase;

use super::problem::Said;
use super::reader::Doc;
use super::{LessonText, OptionText, StepText, TaskText, limit};

/// The heading that holds notes for the teacher.
pub(super) const NOTES: &str = "notes";

/// What the ids of the tasks' headings begin with.
pub(super) const TASK: &str = "task-";

/// The text of a lesson with where its parts stand, for problems found later.
pub(super) struct ReadText {
    pub(super) text: LessonText,
    /// Byte offset of each step's heading.
    pub(super) steps: Vec<usize>,
    /// Byte offset of each task's heading.
    pub(super) tasks: Vec<usize>,
}

struct Heading {
    level: HeadingLevel,
    id: Option<String>,
    title: String,
    range: Range<usize>,
}

/// Reads one language. Problems go to `doc`, whose text is the Markdown.
pub(super) fn read_text(doc: &Doc<'_>) -> ReadText {
    let source = doc.text();
    let headings = headings(doc);
    let mut text = LessonText::default();
    let mut places = Vec::new();
    let mut tasks = Vec::new();
    let mut notes = false;

    for (at, heading) in headings.iter().enumerate() {
        let section = heading.range.end
            ..headings[at + 1..]
                .iter()
                .find(|next| next.level <= heading.level.max(HeadingLevel::H2))
                .map_or(source.len(), |next| next.range.start);
        match heading.level {
            HeadingLevel::H1 if text.title.is_empty() => {
                text.title.clone_from(&heading.title);
                trimmed(source, &section).clone_into(&mut text.intro);
            }
            HeadingLevel::H1 => doc.problem(
                heading.range.start,
                Said::new(phrase::TEXT_SECOND_TITLE),
                Said::new(phrase::CURE_SECOND_TITLE),
            ),
            HeadingLevel::H2 => {
                let Some(id) = &heading.id else {
                    doc.problem(
                        heading.range.start,
                        Said::new(phrase::TEXT_NO_ID).with("title", &heading.title),
                        Said::new(phrase::CURE_NO_ID)
                            .with("example", format!("## {} {{#id}}", heading.title)),
                    );
                    continue;
                };
                if id == NOTES {
                    notes = true;
                    trimmed(source, &section).clone_into(&mut text.notes);
                    continue;
                }
                let inner: Vec<&Heading> = headings[at + 1..]
                    .iter()
                    .take_while(|h| h.range.start < section.end)
                    .collect();
                if notes {
                    doc.problem(
                        heading.range.start,
                        Said::new(phrase::TEXT_AFTER_NOTES).with("id", id),
                        Said::new(phrase::CURE_AFTER_NOTES),
                    );
                }
                let twice = || {
                    doc.problem(
                        heading.range.start,
                        Said::new(phrase::FILE_DUPLICATE).with("name", id),
                        Said::new(phrase::CURE_DUPLICATE),
                    );
                };
                if let Some(id) = id.strip_prefix(TASK) {
                    let task = task(doc, id, &heading.title, &section, &inner);
                    if text.tasks.iter().any(|t| t.id == task.id) {
                        twice();
                    }
                    text.tasks.push(task);
                    tasks.push(heading.range.start);
                    continue;
                }
                let step = step(doc, id, &heading.title, &section, &inner);
                if text.steps.iter().any(|s| s.id == step.id) {
                    twice();
                }
                text.steps.push(step);
                places.push(heading.range.start);
            }
            _ => {}
        }
    }
    if text.title.is_empty() {
        doc.problem(
            0,
            Said::new(phrase::TEXT_NO_TITLE),
            Said::new(phrase::CURE_NO_TITLE),
        );
    }
    ReadText {
        text,
        steps: places,
        tasks,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Predict,
    Reveal,
    Hints,
    Solved,
}

impl Part {
    fn of(heading: &Heading) -> Option<Part> {
        if heading.level != HeadingLevel::H3 {
            return None;
        }
        match heading.title.trim() {
            "Predict" | "预测" => Some(Part::Predict),
            "Reveal" | "揭晓" => Some(Part::Reveal),
            "Hints" | "提示" => Some(Part::Hints),
            "Solved" | "完成" => Some(Part::Solved),
            _ => None,
        }
    }
}

/// Which part, where its heading begins, and its text.
type PartFound = (Part, usize, Range<usize>);

/// The parts of a section that may stand in it, each once: which, where its heading begins, and
/// its text. Before the first of them is the body.
fn parts<'a>(
    doc: &Doc<'a>,
    id: &str,
    section: &Range<usize>,
    inner: &[&Heading],
    here: [Part; 2],
) -> (&'a str, Vec<PartFound>) {
    let source = doc.text();
    let found: Vec<(Part, &Range<usize>)> = inner
        .iter()
        .filter_map(|h| Some((Part::of(h)?, &h.range)))
        .filter(|(part, _)| here.contains(part))
        .collect();
    let body_end = found.first().map_or(section.end, |(_, r)| r.start);
    let body = trimmed(source, &(section.start..body_end));
    let mut parts = Vec::new();
    for (at, (part, heading)) in found.iter().enumerate() {
        let end = found.get(at + 1).map_or(section.end, |(_, r)| r.start);
        if found[..at].iter().any(|(earlier, _)| earlier == part) {
            doc.problem(
                heading.start,
                Said::new(phrase::TEXT_PART_TWICE).with("id", id),
                Said::new(phrase::CURE_PART_TWICE),
            );
        } else {
            parts.push((*part, heading.start, heading.end..end));
        }
    }
    (body, parts)
}

fn step(
    doc: &Doc<'_>,
    id: &str,
    title: &str,
    section: &Range<usize>,
    inner: &[&Heading],
) -> StepText {
    let (body, parts) = parts(doc, id, section, inner, [Part::Predict, Part::Reveal]);
    let mut step = StepText {
        id: id.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        ..StepText::default()
    };
    for (part, heading, range) in parts {
        if part == Part::Reveal {
            trimmed(doc.text(), &range).clone_into(&mut step.reveal);
        } else {
            let (question, options) = options(doc, &range);
            step.question = question;
            step.options = options;
            if step.question.is_empty() {
                doc.problem(
                    heading,
                    Said::new(phrase::TEXT_NO_QUESTION).with("id", id),
                    Said::new(phrase::CURE_NO_QUESTION),
                );
            }
        }
    }
    step
}

fn task(
    doc: &Doc<'_>,
    id: &str,
    title: &str,
    section: &Range<usize>,
    inner: &[&Heading],
) -> TaskText {
    let (body, parts) = parts(doc, id, section, inner, [Part::Hints, Part::Solved]);
    let mut task = TaskText {
        id: id.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        ..TaskText::default()
    };
    for (part, _, range) in parts {
        if part == Part::Solved {
            trimmed(doc.text(), &range).clone_into(&mut task.solved);
        } else {
            task.hints = items(doc.text().get(range).unwrap_or_default());
        }
    }
    task
}

/// The items of a list, each as Markdown without its mark.
fn items(source: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    for (event, at) in Parser::new_ext(source, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Item) if depth == 1 => {
                let item = source.get(at).unwrap_or_default().trim();
                let mark = item
                    .find(|c: char| !c.is_ascii_digit() && !".)-*+".contains(c))
                    .unwrap_or(item.len());
                let (first, rest) = item[mark..].split_once('\n').unwrap_or((&item[mark..], ""));
                let whole = format!("{}\n{}", first.trim(), dedent(rest));
                let blank = rest
                    .lines()
                    .next()
                    .is_some_and(|line| line.trim().is_empty());
                let whole = if blank {
                    whole.replacen('\n', "\n\n", 1)
                } else {
                    whole
                };
                items.push(whole.trim().to_owned());
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

/// The question before the list, and the list's items as options.
fn options(doc: &Doc<'_>, range: &Range<usize>) -> (String, Vec<OptionText>) {
    let source = &doc.text()[range.clone()];
    let mut question_end = source.len();
    let mut options = Vec::new();
    let mut depth = 0_usize;
    let mut events = Parser::new_ext(source, markdown_options())
        .into_offset_iter()
        .peekable();
    let mut in_list = false;
    while let Some((event, at)) = events.next() {
        match event {
            Event::Start(Tag::List(_)) if depth == 0 => {
                if options.is_empty() {
                    question_end = at.start;
                }
                in_list = true;
                depth += 1;
            }
            Event::Start(Tag::Item) if depth == 1 && in_list => {
                depth += 1;
                // The label is the first paragraph, or in a list without blank lines the words up
                // to whatever block comes next.
                let loose = matches!(events.peek(), Some((Event::Start(Tag::Paragraph), _)));
                let mut label = String::new();
                let mut label_end = at.start;
                if loose {
                    events.next();
                }
                while let Some((event, range)) = events.peek() {
                    match event {
                        Event::Text(words) => label.push_str(words),
                        Event::Code(words) => {
                            label.push('`');
                            label.push_str(words);
                            label.push('`');
                        }
                        Event::SoftBreak | Event::HardBreak => label.push(' '),
                        Event::Start(tag) if is_inline(tag) => {}
                        Event::End(tag) if is_inline_end(*tag) => {}
                        _ => break,
                    }
                    label_end = range.end.max(label_end);
                    events.next();
                }
                let why = dedent(source.get(label_end..at.end).unwrap_or_default());
                if label.trim().is_empty() || why.is_empty() {
                    doc.problem(
                        range.start + at.start,
                        Said::new(phrase::TEXT_NO_WHY).with("label", label.trim()),
                        Said::new(phrase::CURE_NO_WHY),
                    );
                }
                options.push(OptionText {
                    label: label.trim().to_owned(),
                    why,
                });
                if loose {
                    depth += 1; // its paragraph is still open
                }
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                in_list &= depth > 0;
            }
            _ => {}
        }
    }
    let question = source[..question_end].trim().to_owned();
    (question, options)
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }
    )
}

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link
    )
}

fn markdown_options() -> Options {
    Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES
}

/// The headings that stand by themselves (not inside a list or a quotation).
///
/// Stops after [`limit::ENTRIES`] of them, with a problem.
fn headings(doc: &Doc<'_>) -> Vec<Heading> {
    let source = doc.text();
    let mut headings = Vec::new();
    let mut open: Option<Heading> = None;
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(source, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) if depth == 0 && headings.len() == limit::ENTRIES => {
                doc.problem(
                    range.start,
                    Said::new(phrase::FILE_TOO_MANY)
                        .with("key", "#")
                        .with("max", limit::ENTRIES),
                    Said::new(phrase::CURE_TOO_MANY),
                );
                break;
            }
            Event::Start(Tag::Heading { level, id, .. }) if depth == 0 => {
                open = Some(Heading {
                    level,
                    id: id.map(|id| id.to_string()),
                    title: String::new(),
                    range,
                });
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(TagEnd::Heading(_)) if depth == 1 => {
                depth = 0;
                headings.extend(open.take());
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    headings
}

fn trimmed<'a>(source: &'a str, range: &Range<usize>) -> &'a str {
    source.get(range.clone()).unwrap_or_default().trim()
}

/// A list item's further blocks without their indentation.
fn dedent(text: &str) -> String {
    let text = text.trim_matches('\n').trim_end();
    let indent = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line.get(indent..).unwrap_or_default());
    }
    out.trim().to_owned()
}
