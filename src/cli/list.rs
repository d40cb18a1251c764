//! `socklab list`

use std::io::Write as _;

use serde_json::json;

use super::{Context, Outcome, output};
use crate::lesson::{Group, ParameterKind};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// As JSON, with every parameter
    #[arg(long)]
    json: bool,
}

pub(super) fn list(context: &Context, arguments: &Arguments) -> Outcome {
    let catalogue = context.catalogue();
    let mut out = output();
    if arguments.json {
        let lessons: Vec<_> = catalogue
            .lessons
            .iter()
            .map(|lesson| {
                let parameters: Vec<_> = lesson
                    .parameters
                    .iter()
                    .map(|p| {
                        let mut entry = json!({
                            "name": p.name,
                            "live": p.live,
                            "default": p.kind.default_value().to_string(),
                            "help": p.help(context.lang),
                        });
                        if let ParameterKind::Int { min, max, .. } = p.kind {
                            entry["min"] = min.into();
                            entry["max"] = max.into();
                        }
                        entry
                    })
                    .collect();
                json!({
                    "id": lesson.id,
                    "title": lesson.title(context.lang),
                    "group": match lesson.group { Group::Lessons => "lessons", Group::Explore => "explore" },
                    "framing": lesson.framing.default.to_string(),
                    "framing_offered": lesson.framing.offered,
                    "attack": lesson.attack.default.to_string(),
                    "attack_offered": lesson.attack.offered,
                    "actors": lesson.actors.iter().map(|a| a.name.clone()).collect::<Vec<_>>(),
                    "parameters": parameters,
                })
            })
            .collect();
        writeln!(out, "{:#}", json!({ "lessons": lessons }))?;
    } else {
        let width = catalogue
            .lessons
            .iter()
            .map(|l| l.id.len())
            .max()
            .unwrap_or(0);
        for lesson in &catalogue.lessons {
            writeln!(out, "{:width$}  {}", lesson.id, lesson.title(context.lang))?;
        }
    }
    out.flush()?;
    for problem in &catalogue.problems {
        eprintln!("{}", problem.get(context.lang));
    }
    Ok(())
}
