//! Reading a lesson's folder: `lesson.toml`, `en.md` and `zh.md`, held against each other.

use toml::de::DeTable;

use crate::experiment::Attack;
use crate::experiment::program::{Num, Text};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, attack as attack_phrase, capture as capture_phrase, lesson as phrase};
use crate::trace::Role;

use super::messages::Content;
use super::model::thread_names;
use super::problem::Said;
use super::read_parameter::{read_parameters, unused_parameters};
use super::read_program::{
    Names, good_name, read_num, read_program, read_text as text_or_parameter, unknown_actor,
};
use super::read_step::{Place, read_checks, read_steps};
use super::read_task::{compare_tasks, read_tasks};
use super::read_text::{NOTES, ReadText, TASK, read_text};
use super::reader::{At, Doc, Table, as_written, valid_with_nearest};
use super::{
    ActorDef, AttackChoice, CAPTURE_KEYS, CaptureChange, CaptureChoice, ExternalCommand,
    FramingChoice, Group, Lesson, LessonText, Messages, Parameter, Problem, Source, Step,
    attack_said, framing_said, limit,
};

/// The format that this program reads.
const FORMAT_VERSION: i64 = 1;

pub(super) const LESSON: &[&str] = &[
    "format_version",
    "id",
    "group",
    "minutes",
    "framing",
    "attack",
    "capture",
    "messages",
    "parameter",
    "actor",
    "step",
    "check",
    "task",
];
pub(super) const ACTOR: &[&str] = &["name", "role", "external", "program"];
pub(super) const MESSAGES: &[&str] = &["actor", "count", "text", "list", "size", "numbered"];
pub(super) const ROLES: &[(&str, Role)] = &[
    ("client", Role::Client),
    ("server", Role::Server),
    ("other", Role::Other),
];

/// A lesson's files, already read into memory.
pub(super) struct Files<'a> {
    /// The folder's path, for messages.
    pub(super) folder: &'a str,
    /// `lesson.toml`
    pub(super) toml: &'a str,
    /// `en.md` and `zh.md`, in the order of [`Lang::ALL`]; `None` = not there.
    pub(super) texts: [Option<&'a str>; 2],
    pub(super) source: Source,
}

/// Reads a lesson, or says everything that is wrong with it.
pub(super) fn read_lesson(files: &Files<'_>) -> Result<Lesson, Vec<Problem>> {
    let file = format!("{}/lesson.toml", files.folder);
    let doc = Doc::new(&file, files.toml);
    let mut problems = Vec::new();

    let mut text_files = Vec::new();
    for lang in Lang::ALL {
        let name = format!("{}.md", lang.code());
        match files.texts[lang as usize] {
            Some(text) => text_files.push((lang, format!("{}/{name}", files.folder), text)),
            None => doc.problem(
                0,
                Said::new(phrase::FILE_MISSING).with("file", &name),
                Said::new(phrase::CURE_FILE_MISSING).with("file", &name),
            ),
        }
    }

    let lesson = match DeTable::parse(files.toml) {
        Ok(table) => {
            let top = Table::open(&doc, table.get_ref(), 0, LESSON);
            read_top(&top, files)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            doc.problem(
                at,
                Said::new(phrase::FILE_SYNTAX).with("error", error.message().replace('\n', " ")),
                Said::new(phrase::CURE_SYNTAX),
            );
            None
        }
    };

    let mut texts = [LessonText::default(), LessonText::default()];
    for (lang, file, text) in &text_files {
        let doc = Doc::new(file, text);
        let read = read_text(&doc);
        if let Some(lesson) = &lesson {
            compare(&doc, &read, &lesson.steps);
            compare_tasks(&doc, &read, &lesson.tasks);
        }
        texts[*lang as usize] = read.text;
        problems.extend(doc.into_problems());
    }

    let mut found = doc.into_problems();
    found.append(&mut problems);
    match lesson {
        Some(mut lesson) if found.is_empty() => {
            lesson.texts = texts;
            Ok(lesson)
        }
        _ => Err(found),
    }
}

/// Are the steps and options of a text those of the lesson?
fn compare(doc: &Doc<'_>, read: &ReadText, steps: &[Step]) {
    let text = &read.text;
    for (step, &at) in text.steps.iter().zip(&read.steps) {
        let Some(wanted) = steps.iter().find(|s| s.id == step.id) else {
            let valid: Vec<&str> = steps.iter().map(|s| s.id.as_str()).collect();
            doc.problem(
                at,
                Said::new(phrase::TEXT_EXTRA_STEP).with("id", &step.id),
                valid_with_nearest(&step.id, &valid),
            );
            continue;
        };
        let options = wanted.predict.as_ref().map_or(0, |p| p.options.len());
        if options != step.options.len() {
            doc.problem(
                at,
                Said::new(phrase::TEXT_OPTIONS)
                    .with("id", &step.id)
                    .with("toml", options)
                    .with("text", step.options.len()),
                Said::new(phrase::CURE_OPTIONS),
            );
        }
        if options > 0 && step.reveal.is_empty() {
            doc.problem(
                at,
                Said::new(phrase::TEXT_NO_REVEAL).with("id", &step.id),
                Said::new(phrase::CURE_NO_REVEAL),
            );
        }
    }
    let mut complete = true;
    for step in steps {
        if !text.steps.iter().any(|s| s.id == step.id) {
            complete = false;
            doc.problem(
                doc.text().len(),
                Said::new(phrase::TEXT_MISSING_STEP).with("id", &step.id),
                Said::new(phrase::CURE_MISSING_STEP)
                    .with("example", format!("## … {{#{}}}", step.id)),
            );
        }
    }
    if complete && text.steps.len() == steps.len() {
        let moved = text
            .steps
            .iter()
            .zip(steps)
            .position(|(text, step)| text.id != step.id);
        if let Some(at) = moved {
            doc.problem(
                read.steps[at],
                Said::new(phrase::TEXT_ORDER).with("id", &steps[at].id),
                Said::new(phrase::CURE_ORDER),
            );
        }
    }
}

fn read_top(t: &Table<'_, '_>, files: &Files<'_>) -> Option<Lesson> {
    let doc = t.doc;
    if let Some(version) = t.need_int("format_version")
        && version.value != FORMAT_VERSION
    {
        doc.problem(
            version.span.start,
            Said::new(phrase::FILE_VERSION)
                .with("found", version.value)
                .with("known", FORMAT_VERSION),
            Said::new(phrase::CURE_VERSION).with("known", FORMAT_VERSION),
        );
        // The rest would be judged by rules that are not its own.
        return None;
    }
    let (order, folder_id) = folder_name(files.folder);
    let id = t
        .need_text("id")
        .and_then(|id| lesson_id(doc, &id, folder_id));
    let group = t.choice(
        "group",
        "lessons",
        &[("lessons", Group::Lessons), ("explore", Group::Explore)],
    );

    let minutes = t.int_within("minutes", 0, 1, limit::MINUTES);

    let parameters = read_parameters(t);
    let actors = t.tables("actor", ACTOR);
    if actors.is_empty() {
        t.missing("actor");
    }
    if actors.len() > limit::ACTORS {
        doc.problem(
            actors[limit::ACTORS].start,
            Said::new(phrase::FILE_TOO_MANY_ACTORS).with("max", limit::ACTORS),
            Said::new(phrase::CURE_TOO_MANY),
        );
        return None;
    }
    let names = actor_names(&actors);
    let framing = read_framing(t);
    let attack = read_attack(t);
    let capture = read_capture(t);
    let messages = read_messages(t, &names, &parameters);
    let sender = messages.as_ref().map(|m| m.actor.clone());
    let context = Names {
        actors: &names,
        parameters: &parameters,
        sender: sender.as_deref(),
    };
    let actors: Option<Vec<ActorDef>> = actors.iter().map(|a| read_actor(a, &context)).collect();

    let threads = actors.as_deref().map(|a| thread_names(a, &parameters));
    let mut known = names.clone();
    for thread in threads.into_iter().flatten() {
        if names.contains(&thread) {
            duplicate(doc, t.start, &thread);
        }
        known.push(thread);
    }
    let place = Place {
        names: &known,
        parameters: &parameters,
        framing: framing.as_ref(),
        attack: attack.as_ref(),
        captured: capture.as_ref().is_none_or(|c| c.default.on),
    };
    let steps = read_steps(t, &place);
    let checks = read_checks(t, &place);
    let tasks = read_tasks(t, &place);

    let actors = actors?;
    let messages = messages?;
    unused_parameters(t, &parameters, &actors, &messages);
    let lesson = Lesson {
        id: id?,
        order,
        group: group?,
        minutes: minutes? as u32,
        actors,
        parameters,
        framing: framing?,
        attack: attack?,
        capture: capture?,
        messages,
        steps: steps?,
        checks: checks?,
        tasks: tasks?,
        texts: [LessonText::default(), LessonText::default()],
        source: files.source.clone(),
    };
    if t.has("attack") && lesson.attacked_server().is_none() {
        doc.problem(
            t.table("attack", ATTACK_KEYS).map_or(0, |t| t.start),
            Said::new(attack_phrase::NO_SERVER),
            Said::new(attack_phrase::CURE_NO_SERVER),
        );
    }
    Some(lesson)
}

/// `10-sticky-merge` → (10, `sticky-merge`); without a number it comes last.
pub(super) fn folder_name(folder: &str) -> (u32, &str) {
    let name = folder.rsplit(['/', '\\']).next().unwrap_or(folder);
    name.split_once('-')
        .and_then(|(number, id)| Some((number.parse().ok()?, id)))
        .unwrap_or((u32::MAX, name))
}

fn lesson_id(doc: &Doc<'_>, found: &At<&str>, folder_id: &str) -> Option<String> {
    let id = hyphen_name(doc, found)?;
    if id != folder_id {
        doc.problem(
            found.span.start,
            Said::new(phrase::FILE_ID_FOLDER)
                .with("id", &id)
                .with("folder", folder_id),
            Said::new(phrase::CURE_ID_FOLDER).with("id", &id),
        );
        return None;
    }
    Some(id)
}

/// The id of a lesson, step, check or task: `three-sends`.
pub(super) fn hyphen_name(doc: &Doc<'_>, found: &At<&str>) -> Option<String> {
    let id = found.value;
    let good = is_hyphen_name(id);
    if !good {
        doc.problem(
            found.span.start,
            Said::new(phrase::FILE_BAD_ID).with("found", id),
            Said::new(phrase::CURE_BAD_ID),
        );
    }
    good.then(|| id.to_owned())
}

/// Can it be the id of a lesson, step, check or task?
pub(super) fn is_hyphen_name(id: &str) -> bool {
    id.len() <= 48
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && id != NOTES
        && !id.starts_with(TASK)
}

pub(super) fn duplicate(doc: &Doc<'_>, at: usize, name: &str) {
    doc.problem(
        at,
        Said::new(phrase::FILE_DUPLICATE).with("name", name),
        Said::new(phrase::CURE_DUPLICATE),
    );
}

fn actor_names(actors: &[Table<'_, '_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for actor in actors {
        let Some(found) = actor.need_text("name") else {
            continue;
        };
        let Some(name) = good_name(actor.doc, &found) else {
            continue;
        };
        if names.contains(&name) {
            duplicate(actor.doc, found.span.start, &name);
        }
        names.push(name);
    }
    names
}

fn read_actor(t: &Table<'_, '_>, names: &Names<'_>) -> Option<ActorDef> {
    let name = t.text("name")?.value.to_owned();
    if !t.has("role") {
        t.missing("role");
    }
    let role = t.choice("role", "other", ROLES);
    let external = t.tables("external", &["tool", "command"]);
    let external: Option<Vec<ExternalCommand>> = external.iter().map(read_external).collect();
    if !t.has("program") {
        t.missing("program");
    }
    let program = read_program(t.array("program")?, t.doc, &name, names);
    if program.nodes.is_empty() && t.doc.is_clean() {
        t.doc.problem(
            t.start,
            Said::new(phrase::PROGRAM_EMPTY).with("actor", &name),
            Said::new(phrase::CURE_PROGRAM_EMPTY),
        );
    }
    Some(ActorDef {
        name,
        role: role?,
        program,
        may_be_external: t.has("external"),
        external: external?,
    })
}

fn read_external(t: &Table<'_, '_>) -> Option<ExternalCommand> {
    let tool = t.need_text("tool");
    let command = t.need_text("command")?;
    if !command.value.contains("{port}") {
        t.doc.problem(
            command.span.start,
            Said::new(phrase::FILE_NO_PORT),
            Said::new(phrase::CURE_NO_PORT),
        );
    }
    Some(ExternalCommand {
        tool: tool?.value.to_owned(),
        template: command.value.trim().to_owned(),
    })
}

fn read_framing(t: &Table<'_, '_>) -> Option<FramingChoice> {
    if !t.has("framing") {
        return Some(FramingChoice {
            default: FramingSpec::default(),
            offered: false,
        });
    }
    let t = t.table("framing", &["default", "offered"])?;
    let offered = t.bool_or("offered", true);
    let default = t.text_or("default", "raw")?;
    Some(FramingChoice {
        default: spec(t.doc, &default)?,
        offered: offered?,
    })
}

pub(super) fn spec(doc: &Doc<'_>, found: &At<&str>) -> Option<FramingSpec> {
    match found.value.parse::<FramingSpec>() {
        Ok(spec) => Some(spec),
        Err(error) => {
            let valid: Vec<String> = FramingSpec::choices()
                .iter()
                .map(ToString::to_string)
                .collect();
            doc.problem(
                found.span.start,
                Said::new(phrase::SETTING_FRAMING).saying("error", framing_said(&error)),
                Said::new(phrase::CURE_VALID).with("valid", valid.join(", ")),
            );
            None
        }
    }
}

const ATTACK_KEYS: &[&str] = &["default", "offered"];

fn read_attack(t: &Table<'_, '_>) -> Option<AttackChoice> {
    if !t.has("attack") {
        return Some(AttackChoice::default());
    }
    let t = t.table("attack", ATTACK_KEYS)?;
    let offered = t.bool_or("offered", true);
    let default = t.text_or("default", "none")?;
    Some(AttackChoice {
        default: attack(t.doc, &default)?,
        offered: offered?,
    })
}

pub(super) fn attack(doc: &Doc<'_>, found: &At<&str>) -> Option<Attack> {
    match found.value.parse::<Attack>() {
        Ok(attack) => Some(attack),
        Err(error) => {
            doc.problem(
                found.span.start,
                Said::new(attack_phrase::REFUSED).saying("error", attack_said(&error)),
                Said::new(attack_phrase::CURE_VALUE),
            );
            None
        }
    }
}

fn read_capture(t: &Table<'_, '_>) -> Option<CaptureChoice> {
    let mut choice = CaptureChoice::default();
    if !t.has("capture") {
        return Some(choice);
    }
    let valid: Vec<&str> = CAPTURE_KEYS.into_iter().chain(["offered"]).collect();
    let t = t.table("capture", &valid)?;
    choice.offered = t.bool_or("offered", true)?;
    for change in capture_changes(&t)? {
        choice.default.change(change);
    }
    Some(choice)
}

/// The settings of capturing in a table, each with what is wrong with it.
pub(super) fn capture_changes(t: &Table<'_, '_>) -> Option<Vec<CaptureChange>> {
    let mut changes = Vec::new();
    let mut good = true;
    for (key, value) in t.entries() {
        if !CAPTURE_KEYS.contains(&key.value) {
            continue;
        }
        match CaptureChange::read(key.value, &as_written(value)) {
            Ok(change) => changes.push(change),
            Err(error) => {
                good = false;
                t.doc.problem(
                    value.span().start,
                    error.said(),
                    Said::new(capture_phrase::CURE_VALUE),
                );
            }
        }
    }
    good.then_some(changes)
}

fn read_messages(
    t: &Table<'_, '_>,
    actors: &[String],
    parameters: &[Parameter],
) -> Option<Messages> {
    if !t.has("messages") {
        // A lesson need not send messages; then nobody has any.
        return Some(Messages {
            actor: actors.first().cloned().unwrap_or_default(),
            count: Num::Lit(0),
            content: Content::Same(Text::Lit(String::new())),
            size: Num::Lit(0),
            numbered: false,
        });
    }
    let t = t.table("messages", MESSAGES)?;
    let doc = t.doc;
    let actor = t.need_text("actor");
    if let Some(actor) = actor
        .as_ref()
        .filter(|a| !actors.iter().any(|name| name == a.value))
    {
        unknown_actor(doc, actor.span.start, actor.value, actors);
    }
    let content = match (t.has("text"), t.has("list")) {
        (true, false) => {
            let text = t.text("text")?;
            Content::Same(text_or_parameter(doc, "text", &text, parameters)?)
        }
        (false, true) => {
            let list = t.texts("list")?;
            if list.is_empty() {
                doc.problem(
                    t.start,
                    Said::new(phrase::FILE_EMPTY_LIST).with("key", "list"),
                    Said::new(phrase::CURE_EMPTY_LIST),
                );
                return None;
            }
            Content::List(list.iter().map(|text| text.value.to_owned()).collect())
        }
        _ => {
            doc.problem(
                t.start,
                Said::new(phrase::FILE_TEXT_OR_LIST),
                Said::new(phrase::CURE_TEXT_OR_LIST),
            );
            return None;
        }
    };
    let all = match &content {
        Content::List(list) => Some(list.len() as i64),
        Content::Same(_) => None,
    };
    let count = read_num(&t, "count", all, 0, limit::COUNT, parameters);
    let size = read_num(&t, "size", Some(0), 0, limit::MESSAGE, parameters);
    Some(Messages {
        actor: actor?.value.to_owned(),
        count: count?,
        content,
        size: size?,
        numbered: t.bool_or("numbered", false)?,
    })
}
