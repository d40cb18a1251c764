//! Reading a lesson's folder: `lesson.toml`, `en.md` and `zh.md`, held against each other.

use toml::de::DeTable;

use crate::experiment::program::{Num, Op, Text};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, lesson as phrase};
use crate::trace::Role;

use super::messages::Content;
use super::problem::Said;
use super::read_program::{
    Names, good_name, read_num, read_program, read_text as text_or_parameter, unknown_actor,
    unknown_parameter,
};
use super::read_text::{ReadText, read_text};
use super::reader::{At, Doc, Table, as_int, as_text, valid_with_nearest};
use super::{
    ActorDef, Check, Contrast, Expr, ExternalCommand, FRAMING, Focus, FramingChoice, Group, Lesson,
    LessonText, Messages, Overrides, Parameter, ParameterKind, Prediction, Problem, Release, Scale,
    SettingError, Source, Step, SystemNeed, Unit, Value, limit,
};

/// The format that this program reads.
const FORMAT_VERSION: i64 = 1;

const LESSON: &[&str] = &[
    "format_version",
    "id",
    "group",
    "framing",
    "messages",
    "parameter",
    "actor",
    "step",
    "check",
];
const PARAMETER: &[&str] = &[
    "name", "type", "min", "max", "default", "unit", "scale", "max_len", "live", "label", "help",
    "zero",
];
const ACTOR: &[&str] = &["name", "role", "external", "program"];
const MESSAGES: &[&str] = &["actor", "count", "text", "list", "size", "numbered"];
const STEP: &[&str] = &["id", "restart", "set", "release", "predict", "focus"];
const CHECK: &[&str] = &[
    "id",
    "claim",
    "set",
    "release",
    "expect",
    "contrast",
    "precondition",
    "retries",
    "only",
];
const UNITS: &[(&str, Unit)] = &[
    ("bytes", Unit::Bytes),
    ("ms", Unit::Millis),
    ("count", Unit::Count),
];
const ROLES: &[(&str, Role)] = &[
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
    let group = choice(
        t,
        "group",
        "lessons",
        &[("lessons", Group::Lessons), ("explore", Group::Explore)],
    );

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
    let messages = read_messages(t, &names, &parameters);
    let sender = messages.as_ref().map(|m| m.actor.clone());
    let context = Names {
        actors: &names,
        parameters: &parameters,
        sender: sender.as_deref(),
    };
    let actors: Option<Vec<ActorDef>> = actors.iter().map(|a| read_actor(a, &context)).collect();

    let place = Place {
        names: &names,
        parameters: &parameters,
        framing: framing.as_ref(),
    };
    let steps = read_steps(t, &place);
    let checks = read_checks(t, &place);

    let actors = actors?;
    let messages = messages?;
    unused_parameters(t, &parameters, &actors, &messages);
    Some(Lesson {
        id: id?,
        order,
        group: group?,
        actors,
        parameters,
        framing: framing?,
        messages,
        steps: steps?,
        checks: checks?,
        texts: [LessonText::default(), LessonText::default()],
        source: files.source.clone(),
    })
}

/// `10-sticky-merge` → (10, `sticky-merge`); without a number it comes last.
fn folder_name(folder: &str) -> (u32, &str) {
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

/// The id of a lesson, step or check: `three-sends`.
fn hyphen_name(doc: &Doc<'_>, found: &At<&str>) -> Option<String> {
    let id = found.value;
    let good = id.len() <= 48
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && id != "notes";
    if !good {
        doc.problem(
            found.span.start,
            Said::new(phrase::FILE_BAD_ID).with("found", id),
            Said::new(phrase::CURE_BAD_ID),
        );
    }
    good.then(|| id.to_owned())
}

fn choice<T: Copy>(
    t: &Table<'_, '_>,
    key: &str,
    default: &'static str,
    table: &[(&str, T)],
) -> Option<T> {
    let (value, at) = if t.has(key) {
        let found = t.text(key)?;
        (found.value, found.span.start)
    } else {
        (default, t.start)
    };
    let chosen = table.iter().find(|(name, _)| *name == value);
    if chosen.is_none() {
        let valid: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        t.doc.not_one_of(at, key, value, &valid);
    }
    chosen.map(|(_, value)| *value)
}

fn duplicate(doc: &Doc<'_>, at: usize, name: &str) {
    doc.problem(
        at,
        Said::new(phrase::FILE_DUPLICATE).with("name", name),
        Said::new(phrase::CURE_DUPLICATE),
    );
}

fn read_parameters(t: &Table<'_, '_>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for table in t.tables("parameter", PARAMETER) {
        if let Some(parameter) = read_parameter(&table) {
            if parameters.iter().any(|p| p.name == parameter.name) {
                duplicate(t.doc, table.start, &parameter.name);
            } else {
                parameters.push(parameter);
            }
        } else if let Some(name) = table.get("name").and_then(as_text) {
            t.doc.mark_broken(name.value);
        }
    }
    parameters
}

fn read_parameter(t: &Table<'_, '_>) -> Option<Parameter> {
    let name = t.need_text("name").and_then(|name| good_name(t.doc, &name));
    let label = t.need_both_languages("label");
    let help = t.need_both_languages("help");
    let zero = t.both_languages("zero");
    let live = t.bool_or("live", false);
    let kind = parameter_kind(t);
    Some(Parameter {
        name: name?,
        kind: kind?,
        live: live?,
        label: label?,
        help: help?,
        zero,
    })
}

fn parameter_kind(t: &Table<'_, '_>) -> Option<ParameterKind> {
    let kind = t.need_text("type")?;
    let foreign: &[&str] = match kind.value {
        "int" => &["max_len"],
        "switch" => &["min", "max", "unit", "scale", "max_len", "zero"],
        "text" => &["min", "max", "unit", "scale", "zero"],
        other => {
            t.doc
                .not_one_of(kind.span.start, "type", other, &["int", "switch", "text"]);
            return None;
        }
    };
    for (key, _) in t.entries().filter(|(key, _)| foreign.contains(&key.value)) {
        t.doc.problem(
            key.span.start,
            Said::new(phrase::FILE_KEY_NOT_OF_TYPE)
                .with("key", key.value)
                .with("type", kind.value),
            Said::new(phrase::CURE_KEY_NOT_OF_TYPE),
        );
    }
    if !t.has("default") {
        t.missing("default");
    }
    match kind.value {
        "int" => {
            let unit = choice(t, "unit", "count", UNITS);
            let scale = choice(
                t,
                "scale",
                "linear",
                &[("linear", Scale::Linear), ("log", Scale::Log)],
            );
            let min = t.need_int("min");
            let max = t.need_int("max");
            let default = t.int("default");
            let (min, max, default) = (min?, max?, default?);
            if min.value > max.value {
                t.doc.problem(
                    min.span.start,
                    Said::new(phrase::FILE_MIN_MAX)
                        .with("min", min.value)
                        .with("max", max.value),
                    Said::new(phrase::CURE_MIN_MAX),
                );
                return None;
            }
            if !(min.value..=max.value).contains(&default.value) {
                t.doc.problem(
                    default.span.start,
                    Said::new(phrase::FILE_OUT_OF_RANGE)
                        .with("key", "default")
                        .with("found", default.value)
                        .with("min", min.value)
                        .with("max", max.value),
                    Said::new(phrase::CURE_RANGE),
                );
                return None;
            }
            Some(ParameterKind::Int {
                min: min.value,
                max: max.value,
                default: default.value,
                unit: unit?,
                scale: scale?,
            })
        }
        "switch" => Some(ParameterKind::Switch {
            default: t.has("default").then(|| t.bool_or("default", false))??,
        }),
        _ => {
            let max_len = t.int_within("max_len", 1000, 1, limit::FILE as i64);
            let default = t.text("default")?;
            let max_len = max_len? as usize;
            if default.value.len() > max_len {
                t.doc.problem(
                    default.span.start,
                    Said::new(phrase::SETTING_TOO_LONG)
                        .with("name", "default")
                        .with("len", default.value.len())
                        .with("max", max_len),
                    Said::new(phrase::CURE_TOO_LONG_DEFAULT),
                );
                return None;
            }
            Some(ParameterKind::Text {
                default: default.value.to_owned(),
                max_len,
            })
        }
    }
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
    let role = choice(t, "role", "other", ROLES);
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

fn spec(doc: &Doc<'_>, found: &At<&str>) -> Option<FramingSpec> {
    match found.value.parse::<FramingSpec>() {
        Ok(spec) => Some(spec),
        Err(error) => {
            let valid: Vec<String> = FramingSpec::choices()
                .iter()
                .map(ToString::to_string)
                .collect();
            doc.problem(
                found.span.start,
                Said::new(phrase::SETTING_FRAMING).with("error", error),
                Said::new(phrase::CURE_VALID).with("valid", valid.join(", ")),
            );
            None
        }
    }
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

/// What steps and checks may refer to.
struct Place<'a> {
    names: &'a [String],
    parameters: &'a [Parameter],
    framing: Option<&'a FramingChoice>,
}

fn read_steps(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<Step>> {
    let tables = t.tables("step", STEP);
    if tables.is_empty() {
        t.missing("step");
        return None;
    }
    let mut steps: Vec<Step> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let Some(step) = read_step(table, place, at == 0) else {
            continue;
        };
        if steps.iter().any(|s| s.id == step.id) {
            duplicate(t.doc, table.start, &step.id);
        }
        steps.push(step);
    }
    (steps.len() == tables.len()).then_some(steps)
}

fn read_step(t: &Table<'_, '_>, place: &Place<'_>, first: bool) -> Option<Step> {
    let id = t.need_text("id").and_then(|id| hyphen_name(t.doc, &id));
    // The first step has nothing to go on from.
    let restart = t.bool_or("restart", first).map(|restart| restart || first);
    let set = read_overrides(t, place, restart == Some(false));
    let release = read_release(t, "release", "", place);
    let predict = if t.has("predict") {
        let options = t.texts("predict")?;
        if options.len() < 2 {
            t.doc.problem(
                t.start,
                Said::new(phrase::FILE_FEW_OPTIONS),
                Said::new(phrase::CURE_FEW_OPTIONS),
            );
        }
        let options: Option<Vec<Expr>> = options
            .iter()
            .map(|text| read_expr(t.doc, text, place))
            .collect();
        Some(Prediction { options: options? })
    } else {
        None
    };
    let focus = if t.has("focus") {
        let found = t.text("focus")?;
        let focus = Focus::from_name(found.value);
        if focus.is_none() {
            let valid: Vec<&str> = Focus::ALL.into_iter().map(Focus::name).collect();
            t.doc
                .not_one_of(found.span.start, "focus", found.value, &valid);
        }
        focus
    } else {
        None
    };
    Some(Step {
        id: id?,
        restart: restart?,
        set: set?,
        release: release?,
        predict,
        focus,
    })
}

/// `set = { name = value, framing = "…" }`; `live_only` where no new run begins.
fn read_overrides(t: &Table<'_, '_>, place: &Place<'_>, live_only: bool) -> Option<Overrides> {
    let doc = t.doc;
    let mut overrides = Overrides::default();
    let Some(value) = t.get("set") else {
        return Some(overrides);
    };
    let valid: Vec<&str> = place
        .parameters
        .iter()
        .map(|p| p.name.as_str())
        .chain([FRAMING])
        .collect();
    let t = t.table("set", &valid)?;
    let mut good = value.get_ref().is_table();
    for (key, value) in t.entries() {
        if key.value == FRAMING {
            match t.text(FRAMING).and_then(|text| spec(doc, &text)) {
                Some(spec) => overrides.framing = Some(spec),
                None => good = false,
            }
            if place.framing.is_some_and(|f| !f.offered) {
                doc.problem(
                    key.span.start,
                    Said::new(phrase::FILE_FRAMING_NOT_OFFERED),
                    Said::new(phrase::CURE_FRAMING_NOT_OFFERED),
                );
            }
        } else if let Some(parameter) = place.parameters.iter().find(|p| p.name == key.value) {
            match read_value(parameter, value) {
                Ok(value) => overrides.values.push((key.value.to_owned(), value)),
                Err(error) => {
                    good = false;
                    doc.problem(
                        value.span().start,
                        error.said(),
                        Said::new(phrase::CURE_SETTING),
                    );
                }
            }
        }
        let live = place
            .parameters
            .iter()
            .any(|p| p.name == key.value && p.live);
        if live_only && !live && valid.contains(&key.value) {
            doc.problem(
                key.span.start,
                Said::new(phrase::FILE_NOT_LIVE).with("name", key.value),
                Said::new(phrase::CURE_NOT_LIVE),
            );
        }
    }
    good.then_some(overrides)
}

fn read_value(
    parameter: &Parameter,
    value: &toml::Spanned<toml::de::DeValue<'_>>,
) -> Result<Value, SettingError> {
    let read = if let Some(n) = as_int(value) {
        Value::Int(n.value)
    } else if let Some(text) = as_text(value) {
        Value::Text(text.value.to_owned())
    } else if let Some(on) = value.get_ref().as_bool() {
        if !matches!(parameter.kind, ParameterKind::Switch { .. }) {
            return Err(SettingError::NotANumber {
                name: parameter.name.clone(),
                found: on.to_string(),
            });
        }
        Value::Int(i64::from(on))
    } else {
        return Err(SettingError::NotANumber {
            name: parameter.name.clone(),
            found: value.get_ref().type_str().to_owned(),
        });
    };
    parameter.check(&read)?;
    Ok(read)
}

fn read_release(
    t: &Table<'_, '_>,
    key: &str,
    default: &'static str,
    place: &Place<'_>,
) -> Option<Release> {
    let found = t.text_or(key, default)?;
    let release: Release = match found.value.parse() {
        Ok(release) => release,
        Err(error) => {
            let error: super::ScheduleError = error;
            t.doc.problem_in_string(
                &found.span,
                error.column,
                Said::new(phrase::FILE_SCHEDULE).with("error", error.fault),
                Said::new(phrase::CURE_SCHEDULE),
            );
            return None;
        }
    };
    if let Release::Calls(schedule) = &release {
        let unknown = schedule
            .turns
            .iter()
            .find(|turn| !place.names.contains(&turn.actor));
        if let Some(turn) = unknown {
            unknown_actor(t.doc, found.span.start, &turn.actor, place.names);
            return None;
        }
    }
    Some(release)
}

fn read_expr(doc: &Doc<'_>, found: &At<&str>, place: &Place<'_>) -> Option<Expr> {
    let expr: Expr = match found.value.parse() {
        Ok(expr) => expr,
        Err(fault) => {
            let fault: super::Fault = fault;
            doc.problem_in_string(
                &found.span,
                fault.column,
                Said::new(phrase::FILE_EXPR).with("error", fault.what),
                Said::new(phrase::CURE_EXPR),
            );
            return None;
        }
    };
    let mut good = true;
    for name in expr.parameters() {
        let known = place.parameters.iter().find(|p| p.name == name);
        match known.map(|p| &p.kind) {
            None => {
                good = false;
                unknown_parameter(doc, found.span.start, name, place.parameters);
            }
            Some(ParameterKind::Text { .. }) => {
                good = false;
                doc.problem(
                    found.span.start,
                    Said::new(phrase::FILE_PARAMETER_IS_TEXT)
                        .with("name", name)
                        .with("key", found.value),
                    Said::new(phrase::CURE_PARAMETER_IS_TEXT),
                );
            }
            Some(_) => {}
        }
    }
    for name in expr.actors() {
        if !place.names.iter().any(|actor| actor == name) {
            good = false;
            unknown_actor(doc, found.span.start, name, place.names);
        }
    }
    good.then_some(expr)
}

fn read_checks(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<Check>> {
    let tables = t.tables("check", CHECK);
    let mut checks: Vec<Check> = Vec::new();
    for table in &tables {
        let Some(check) = read_check(table, place) else {
            continue;
        };
        if checks.iter().any(|c| c.id == check.id) {
            duplicate(t.doc, table.start, &check.id);
        }
        checks.push(check);
    }
    (checks.len() == tables.len()).then_some(checks)
}

fn read_check(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Check> {
    let id = t.need_text("id").and_then(|id| hyphen_name(t.doc, &id));
    let claim = t.need_both_languages("claim");
    let set = read_overrides(t, place, false);
    let release = read_release(t, "release", "run", place);
    let expect = t
        .need_text("expect")
        .and_then(|text| read_expr(t.doc, &text, place));
    let precondition = match t.has("precondition") {
        true => Some(read_expr(t.doc, &t.text("precondition")?, place)?),
        false => None,
    };
    let retries = t.int_within("retries", 5, 0, limit::RETRIES);
    let only = match t.has("only") {
        true => {
            let table: Vec<(&str, SystemNeed)> =
                SystemNeed::ALL.into_iter().map(|s| (s.name(), s)).collect();
            Some(choice(t, "only", "linux", &table)?)
        }
        false => None,
    };
    let (set, release) = (set?, release?);
    let contrast = if t.has("contrast") {
        let inner = t.table("contrast", &["set", "release"])?;
        Some(Contrast {
            set: match inner.has("set") {
                true => read_overrides(&inner, place, false)?,
                false => set.clone(),
            },
            release: match inner.has("release") {
                true => read_release(&inner, "release", "run", place)?,
                false => release.clone(),
            },
        })
    } else {
        None
    };
    if contrast
        .as_ref()
        .is_some_and(|c| c.set == set && c.release == release)
    {
        t.doc.problem(
            t.start,
            Said::new(phrase::FILE_SAME_CONTRAST),
            Said::new(phrase::CURE_SAME_CONTRAST),
        );
    }
    Some(Check {
        id: id?,
        claim: claim?,
        set,
        release,
        expect: expect?,
        contrast,
        precondition,
        retries: retries? as u32,
        only,
    })
}

/// A control that changes nothing would be a lie in front of a class.
fn unused_parameters(
    t: &Table<'_, '_>,
    parameters: &[Parameter],
    actors: &[ActorDef],
    messages: &Messages,
) {
    if !t.doc.is_clean() {
        return; // what uses it may be what could not be read
    }
    let mut used: Vec<String> = Vec::new();
    let mut num = |n: &Num| {
        if let Num::Param(name) = n {
            used.push(name.clone());
        }
    };
    num(&messages.count);
    num(&messages.size);
    for actor in actors {
        actor.program.walk(&mut |node| match &node.op {
            Op::SetOption { value: n, .. }
            | Op::Listen { backlog: n, .. }
            | Op::Recv { size: n, .. }
            | Op::RecvExactly { size: n, .. }
            | Op::RecvUntilEof { size: n, .. }
            | Op::Sleep { ms: n }
            | Op::SetTimeout { ms: n, .. }
            | Op::Repeat { times: n, .. } => num(n),
            Op::ReceiveMessages { size, count, .. } => {
                num(size);
                num(count);
            }
            Op::Wait { until, ms, .. } => {
                num(ms);
                match until {
                    crate::experiment::program::Until::Sent(n)
                    | crate::experiment::program::Until::ReceivedBytes(n) => num(n),
                    crate::experiment::program::Until::Ended => {}
                }
            }
            Op::Bind { to, .. } | Op::Connect { to, .. } | Op::ConnectEx { to, .. } => {
                if let crate::experiment::program::Address::Host { port, .. } = to {
                    num(port);
                }
            }
            _ => {}
        });
    }
    let mut text = |text: &Text| {
        if let Text::Param(name) = text {
            used.push(name.clone());
        }
    };
    if let Content::Same(same) = &messages.content {
        text(same);
    }
    for actor in actors {
        actor.program.walk(&mut |node| match &node.op {
            Op::Send { data, .. } | Op::SendAll { data, .. } => {
                if let crate::experiment::program::Data::Text(data) = data {
                    text(data);
                }
            }
            Op::Bind { to, .. } | Op::Connect { to, .. } | Op::ConnectEx { to, .. } => {
                if let crate::experiment::program::Address::Host { host, .. } = to {
                    text(host);
                }
            }
            _ => {}
        });
    }
    let tables = t.tables("parameter", PARAMETER);
    for (parameter, table) in parameters.iter().zip(&tables) {
        if !used.contains(&parameter.name) {
            t.doc.problem(
                table.start,
                Said::new(phrase::FILE_UNUSED_PARAMETER).with("name", &parameter.name),
                Said::new(phrase::CURE_UNUSED_PARAMETER).with("name", &parameter.name),
            );
        }
    }
}
