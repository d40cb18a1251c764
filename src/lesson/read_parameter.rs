//! Reading the controls of a lesson.

use crate::experiment::program::{Address, Data, Num, Op, Text, Until};
use crate::i18n::lesson as phrase;

use super::messages::Content;
use super::problem::Said;
use super::read_lesson::duplicate;
use super::read_program::good_name;
use super::reader::{Table, as_text};
use super::{ActorDef, Choose, Messages, Parameter, ParameterKind, Scale, Unit, limit};

pub(super) const PARAMETER: &[&str] = &[
    "name", "type", "min", "max", "default", "unit", "scale", "max_len", "live", "label", "help",
    "zero", "choose",
];
pub(super) const CHOOSE: &[(&str, Choose)] = &[("file", Choose::File), ("folder", Choose::Folder)];
pub(super) const UNITS: &[(&str, Unit)] = &[
    ("bytes", Unit::Bytes),
    ("ms", Unit::Millis),
    ("count", Unit::Count),
];

pub(super) fn read_parameters(t: &Table<'_, '_>) -> Vec<Parameter> {
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
            let unit = t.choice("unit", "count", UNITS);
            let scale = t.choice(
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
            let choose = if t.has("choose") {
                Some(t.choice("choose", "file", CHOOSE)?)
            } else {
                None
            };
            Some(ParameterKind::Text {
                default: default.value.to_owned(),
                max_len,
                choose,
            })
        }
    }
}

/// A control that changes nothing would be a lie in front of a class.
pub(super) fn unused_parameters(
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
            | Op::RecvFrom { size: n, .. }
            | Op::Prompt { person: n, .. }
            | Op::RecvExactly { size: n, .. }
            | Op::RecvInto { size: n, .. }
            | Op::ReadLine { size: n, .. }
            | Op::RecvUntilEof { size: n, .. }
            | Op::Sleep { ms: n }
            | Op::SetTimeout { ms: n, .. }
            | Op::When { on: n, .. }
            | Op::Repeat { times: n, .. } => num(n),
            Op::ReceiveMessage { size, .. } => num(size),
            Op::EchoRequest { number, wrong, .. } => {
                num(number);
                num(wrong);
            }
            Op::SendFile { chunk, pause, .. } => {
                num(chunk);
                num(pause);
            }
            Op::ReceiveFile { size, exact, .. } => {
                num(size);
                num(exact);
            }
            Op::ServeEach { count, threads, .. } => {
                num(count);
                num(threads);
            }
            Op::ReceiveMessages {
                size,
                count,
                swapped,
                ..
            } => {
                num(size);
                num(count);
                num(swapped);
            }
            Op::Wait { until, ms, .. } => {
                num(ms);
                match until {
                    Until::Sent(n) | Until::ReceivedBytes(n) => num(n),
                    Until::Ended => {}
                }
            }
            Op::Bind { to, .. }
            | Op::Connect { to, .. }
            | Op::ConnectEx { to, .. }
            | Op::SendTo { to, .. } => {
                if let Address::Host { port, .. } = to {
                    num(port);
                }
            }
            _ => {}
        });
    }
    let said = |data: &Data, text: &mut dyn FnMut(&Text)| {
        for part in data.parts() {
            if let Data::Text(found) = part {
                text(found);
            }
        }
    };
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
            Op::Send { data, .. } | Op::SendAll { data, .. } | Op::SendMessage { data, .. } => {
                said(data, &mut text);
            }
            Op::JoinGroup {
                group, interface, ..
            } => {
                text(group);
                text(interface);
            }
            Op::MulticastInterface { interface, .. } => text(interface),
            Op::EchoRequest { data, .. } => text(data),
            Op::SendFile { file, .. } => text(file),
            Op::ReceiveFile { name, folder, .. } => {
                text(name);
                text(folder);
            }
            Op::SendTo { data, to, .. } => {
                said(data, &mut text);
                if let Address::Host { host, .. } = to {
                    text(host);
                }
            }
            Op::BreakIf { equals, .. } | Op::WhenReceived { equals, .. } => {
                equals.iter().for_each(&mut text);
            }
            Op::Prompt { ask, lines, .. } => {
                text(ask);
                lines.iter().for_each(&mut text);
            }
            Op::Bind { to, .. } | Op::Connect { to, .. } | Op::ConnectEx { to, .. } => {
                if let Address::Host { host, .. } = to {
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
