//! The schema for editors agrees with the program that reads lessons: every lesson is valid, and
//! what the reader refuses for its form the schema refuses, too.

use std::path::PathBuf;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn committed() -> Self {
        let path = root().join("lessons/lesson.schema.json");
        let text = std::fs::read_to_string(path).unwrap();
        let mut compiler = Compiler::new();
        let schema: Value = serde_json::from_str(&text).unwrap();
        compiler.add_resource("schema.json", schema).unwrap();
        let mut schemas = Schemas::new();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Schema { schemas, index }
    }

    fn problem(&self, lesson: &Value) -> Option<String> {
        let result = self.schemas.validate(lesson, self.index);
        result.err().map(|error| format!("{error:#}"))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn lessons() -> Vec<(String, Value)> {
    let folders = std::fs::read_dir(root().join("lessons")).unwrap();
    let mut found = Vec::new();
    for folder in folders {
        let folder = folder.unwrap().path();
        if let Ok(text) = std::fs::read_to_string(folder.join("lesson.toml")) {
            let lesson: toml::Table = toml::from_str(&text).unwrap();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let named = text.starts_with("#:schema ../lesson.schema.json\n");
            assert!(named, "{name}/lesson.toml: the first line names the schema");
            found.push((name, serde_json::to_value(lesson).unwrap()));
        }
    }
    assert!(found.len() >= 20, "{}", found.len());
    found
}

#[test]
fn every_lesson_is_valid() {
    let schema = Schema::committed();
    for (name, lesson) in lessons() {
        if let Some(problem) = schema.problem(&lesson) {
            panic!("{name}: {problem}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_not_valid() {
    let schema = Schema::committed();
    let (_, good) = lessons()
        .into_iter()
        .find(|(n, _)| n.ends_with("sticky-merge"))
        .unwrap();
    let refused = |what: &str, change: &dyn Fn(&mut Value)| {
        let mut lesson = good.clone();
        change(&mut lesson);
        assert_ne!(lesson, good, "{what}");
        assert!(schema.problem(&lesson).is_some(), "{what} is let through");
    };
    refused("an unknown key", &|l| l["stepp"] = json!([]));
    refused("no id", &|l| {
        l.as_object_mut().unwrap().remove("id");
    });
    refused("another version", &|l| l["format_version"] = json!(2));
    refused("an id with capitals", &|l| l["id"] = json!("Sticky"));
    refused("an unknown operation", &|l| {
        l["actor"][0]["program"][0]["op"] = json!("sockett");
    });
    refused("a key of another operation", &|l| {
        l["actor"][0]["program"][0]["backlog"] = json!(3);
    });
    refused("a size that is a text", &|l| {
        l["actor"][1]["program"][7]["size"] = json!("many");
    });
    refused("an unknown place to look at", &|l| {
        l["step"][0]["focus"] = json!("pipe.middle");
    });
    refused("a claim in one language", &|l| {
        l["check"][0]["claim"] = json!({ "en": "So it is." });
    });
    refused("a task without a solution", &|l| {
        l["task"][0].as_object_mut().unwrap().remove("solution");
    });
    refused("one answer only", &|l| {
        l["step"][0]["predict"] = json!(["true"]);
    });
}
