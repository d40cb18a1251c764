//! The JSON schema of `lesson.toml`, for editors: it completes keys and marks what is wrong while
//! somebody writes.
//!
//! It is made from the tables with which lesson files are read, so a key cannot be in the one and not in the
//! other; `lessons/lesson.schema.json` is its text, and a test says when that must be written anew.

use serde_json::{Map, Value, json};

use crate::experiment::program::SockOpt;

use super::read_lesson::{ACTOR, LESSON, MESSAGES, ROLES};
use super::read_parameter::{PARAMETER, UNITS};
use super::read_program::{FAMILIES, HOWS, KINDS, OPS};
use super::read_step::{CHECK, NEEDS, STEP};
use super::read_task::{SOLUTION_KEYS, TASK_KEYS};
use super::{ATTACK, CAPTURE, CAPTURE_KEYS, FRAMING, Focus, SystemNeed, limit};

/// What the schema's file is called; it stands beside the lessons' folders.
pub const SCHEMA_FILE: &str = "lesson.schema.json";

/// The schema (JSON Schema, draft 2020-12).
pub fn schema() -> Value {
    let mut top = table(
        LESSON,
        &["format_version", "id", "actor", "step"],
        &|key| match key {
            "format_version" => json!({ "const": 1 }),
            "id" => id("stable name; the same as the folder's, without its number"),
            "group" => choice(
                &["lessons", "explore"],
                "which part of the list it stands in",
            ),
            "minutes" => json!({
                "type": "integer", "minimum": 1, "maximum": limit::MINUTES,
                "description": "how long it takes in class"
            }),
            "framing" => table(&["default", "offered"], &[], &|key| {
                default_offered(
                    key,
                    "a strategy: raw, delimiter:\\n, length:u32:big, json …",
                )
            }),
            "attack" => table(&["default", "offered"], &[], &|key| {
                default_offered(key, "none, slice:1, cut:7, flip:3:0 …")
            }),
            "capture" => {
                let keys: Vec<&str> = CAPTURE_KEYS.into_iter().chain(["offered"]).collect();
                table(&keys, &[], &capture_key)
            }
            "messages" => table(MESSAGES, &["actor"], &|key| match key {
                "actor" => text("whose messages they are"),
                "text" => text("one text for all; $name is a parameter"),
                "list" => texts("several texts in turn"),
                "numbered" => flag("the number follows the text"),
                "size" => number("bytes of each; 0 = as long as the text"),
                _ => number("how many"),
            }),
            "parameter" => list(&parameter()),
            "actor" => list(&actor()),
            "step" => list(&step()),
            "check" => list(&check()),
            _ => list(&task()),
        },
    );
    top["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    top["title"] = json!("A lesson of Socket Lab");
    top["$defs"] = json!({ "op": operation() });
    top
}

/// The schema as it stands in its file.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// A table that may have these keys and no others.
fn table(keys: &[&str], required: &[&str], of: &dyn Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|k| ((*k).to_owned(), of(k))).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    Value::Object(schema)
}

fn list(of: &Value) -> Value {
    json!({ "type": "array", "items": of, "maxItems": limit::ENTRIES })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

/// A whole number, or a parameter's name after a dollar sign.
fn number(description: &str) -> Value {
    json!({
        "anyOf": [
            { "type": "integer" },
            { "type": "string", "pattern": "^\\$[a-z][a-z0-9_]*$" }
        ],
        "description": description
    })
}

fn choice(values: &[&str], description: &str) -> Value {
    json!({ "enum": values, "description": description })
}

fn id(description: &str) -> Value {
    json!({
        "type": "string", "pattern": "^[a-z][a-z0-9-]{0,47}$", "description": description
    })
}

/// The name of an actor, parameter or variable.
fn name(description: &str) -> Value {
    json!({
        "type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$", "description": description
    })
}

fn both_languages(description: &str) -> Value {
    json!({
        "type": "object",
        "properties": { "en": text("English"), "zh": text("简体中文") },
        "required": ["en", "zh"],
        "additionalProperties": false,
        "description": description
    })
}

fn default_offered(key: &str, description: &str) -> Value {
    if key == "default" {
        text(description)
    } else {
        flag("may the student choose another?")
    }
}

fn capture_key(key: &str) -> Value {
    match key {
        "mtu" => json!({
            "type": "integer", "minimum": 128, "maximum": 65_536,
            "description": "largest packet, bytes"
        }),
        "loss" => json!({
            "type": "number", "minimum": 0, "maximum": 90,
            "description": "per cent of the segments with data that are lost"
        }),
        "rate" => json!({
            "type": "integer", "minimum": 0, "maximum": 1_000_000_000,
            "description": "bytes per second that each socket sends at most; 0 = no limit"
        }),
        _ => json!({ "type": "boolean" }),
    }
}

/// Changes of settings: framing, attack, capturing, and any parameter.
fn changes() -> Value {
    json!({
        "type": "object",
        "properties": {
            FRAMING: text("a framing strategy"),
            ATTACK: text("an attack"),
            CAPTURE: table(&CAPTURE_KEYS, &[], &capture_key)
        },
        "additionalProperties": { "type": ["integer", "boolean", "string"] },
        "description": "settings that are changed"
    })
}

fn release() -> Value {
    text("client*3, (client server)*10, client!3, ~, run, or nothing")
}

fn condition(description: &str) -> Value {
    text(description)
}

/// Another run: what is set and released.
fn run(description: &str) -> Value {
    let mut schema = table(SOLUTION_KEYS, &[], &|key| match key {
        "set" => changes(),
        _ => release(),
    });
    schema["description"] = json!(description);
    schema
}

fn parameter() -> Value {
    table(
        PARAMETER,
        &["name", "type", "default", "label", "help"],
        &|key| match key {
            "name" => name("used as \"$name\""),
            "type" => choice(&["int", "switch", "text"], "what it holds"),
            "default" => json!({ "type": ["integer", "boolean", "string"] }),
            "unit" => choice(
                &UNITS.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
                "of an int",
            ),
            "scale" => choice(&["linear", "log"], "how the slider spreads"),
            "live" => flag("a change counts from the next call"),
            "label" => both_languages("a few words"),
            "help" => both_languages("one or two sentences"),
            "zero" => both_languages("what 0 means where it is no figure"),
            "max_len" => json!({ "type": "integer", "description": "text: most bytes" }),
            "choose" => choice(
                &["file", "folder"],
                "text: what a dialog lets the person choose",
            ),
            _ => json!({ "type": "integer" }),
        },
    )
}

fn actor() -> Value {
    table(ACTOR, &["name", "role", "program"], &|key| match key {
        "name" => name("as in steps and conditions"),
        "role" => choice(
            &ROLES.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "its part",
        ),
        "external" => list(&table(
            &["tool", "command"],
            &["tool", "command"],
            &|key| match key {
                "tool" => text("python3, nc …"),
                _ => text("the command, with {host} and {port}"),
            },
        )),
        _ => json!({ "type": "array", "items": { "$ref": "#/$defs/op" } }),
    })
}

fn step() -> Value {
    table(STEP, &["id"], &|key| match key {
        "id" => id("the texts' headings carry it"),
        "restart" => flag("a new run, with the lesson's defaults"),
        "set" => changes(),
        "release" => release(),
        "predict" => {
            json!({ "type": "array", "items": condition("a condition"), "minItems": 2 })
        }
        _ => choice(&Focus::ALL.map(Focus::name), "where to look"),
    })
}

fn check() -> Value {
    table(CHECK, &["id", "claim", "expect"], &|key| match key {
        "id" => id("name"),
        "claim" => both_languages("one sentence"),
        "set" => changes(),
        "release" => release(),
        "contrast" => run("the opposite run, on which the claim must fail"),
        "retries" => json!({ "type": "integer", "minimum": 0, "maximum": limit::RETRIES }),
        "only" => choice(&SystemNeed::ALL.map(SystemNeed::name), "skipped elsewhere"),
        "needs" => choice(
            &NEEDS,
            "what its runs need; skipped where it is not to be had",
        ),
        "precondition" => condition("what must have come about for the run to count"),
        _ => condition("what must hold"),
    })
}

fn task() -> Value {
    table(TASK_KEYS, &["id", "solved", "solution"], &|key| match key {
        "id" => id("the texts' headings carry it after task-"),
        "set" => changes(),
        "keep" => texts("settings that must be as Start sets them"),
        "solution" => run("one way to do it, from what Start sets"),
        _ => condition("what must be true of the student's run at rest"),
    })
}

/// An operation of a program: which keys it may have hangs on `op`.
fn operation() -> Value {
    let ops: Vec<Value> = OPS
        .iter()
        .map(|(name, keys)| {
            let keys: Vec<&str> = std::iter::once("op").chain(keys.iter().copied()).collect();
            table(&keys, &["op"], &|key| {
                if key == "op" {
                    json!({ "const": name })
                } else {
                    op_key(name, key)
                }
            })
        })
        .collect();
    json!({ "oneOf": ops })
}

fn op_key(op: &str, key: &str) -> Value {
    let names = |table: &[&'static str]| choice(table, "");
    match (op, key) {
        (_, "family") => names(&FAMILIES.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
        (_, "type") => names(&KINDS.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
        ("serve_each", "how") => text("threads, one_by_one, or a switch as $name"),
        (_, "how") => names(&HOWS.iter().map(|(name, _)| *name).collect::<Vec<_>>()),
        (_, "option") => names(&SockOpt::ALL.map(SockOpt::name)),
        (_, "body") => json!({ "type": "array", "items": { "$ref": "#/$defs/op" } }),
        (_, "peek" | "blocking") => json!({ "type": "boolean" }),
        ("wait", "ended") => json!({ "const": true }),
        (_, "lines" | "equals") => json!({ "type": "array", "items": { "type": "string" } }),
        (_, "file" | "name" | "folder" | "group" | "interface") => json!({ "type": "string" }),
        ("send" | "sendall" | "sendto", "data") => json!({
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } }
            ]
        }),
        (_, "as" | "on" | "from" | "back_to" | "for" | "to" | "ask" | "host" | "path" | "data") => {
            json!({ "type": "string" })
        }
        (
            _,
            "value" | "port" | "backlog" | "size" | "count" | "swapped" | "ms" | "sent"
            | "received" | "times" | "person" | "chunk" | "pause" | "is" | "not" | "exact"
            | "number" | "wrong",
        ) => number(""),
        // A key that is new to this table: any value, until somebody says more of it here.
        _ => json!(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `UPDATE_SCHEMA=1 cargo test --lib schema` writes it.
    #[test]
    fn the_schema_beside_the_lessons_is_that_of_the_reader() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/lesson.schema.json");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, schema_text()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == schema_text(),
            "lessons/lesson.schema.json is out of date: cargo run -- lesson-schema > lessons/lesson.schema.json"
        );
    }

    /// A key may be anything only until somebody has said what it is.
    #[test]
    fn every_key_of_every_operation_has_a_type() {
        for (op, keys) in OPS {
            for key in *keys {
                assert_ne!(
                    op_key(op, key),
                    json!(true),
                    "say what `{key}` of `{op}` is"
                );
            }
        }
    }
}
