//! `socklab check`

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::{Context, Failure, Outcome, output};
use crate::i18n::cli as text;
use crate::lesson::{Catalogue, Outcome as Verdict, run_check};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder with lessons, or one lesson's folder; the built-in lessons if not given
    folder: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn check(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    let catalogue = match &arguments.folder {
        Some(folder) if !folder.is_dir() => {
            return Err(Failure::Usage(
                text::NO_SUCH_FOLDER.fill(lang, &[("folder", &folder.display())]),
            ));
        }
        Some(folder) => Catalogue::load_dir(folder),
        None => context.catalogue(),
    };
    let mut out = output();
    let mut reports = Vec::new();
    let (mut held, mut failed, mut skipped, mut reruns) = (0_u32, 0_u32, 0_u32, 0_u32);
    for lesson in &catalogue.lessons {
        if !arguments.json {
            writeln!(out, "{}  {}", lesson.id, lesson.title(lang))?;
        }
        for check in &lesson.checks {
            let report = run_check(lesson, check, |settings, release| {
                lesson.run_headless(settings, release)
            });
            reruns += report.reruns;
            let (sign, verdict, why) = match &report.outcome {
                Verdict::Held => ('✓', "held", String::new()),
                Verdict::Refuted(said) => ('✗', "refuted", said.get(lang)),
                Verdict::Empty(said) => ('✗', "empty", said.get(lang)),
                Verdict::Skipped(skip) => ('–', "skipped", skip.reason.get(lang)),
            };
            match &report.outcome {
                Verdict::Held => held += 1,
                Verdict::Skipped(_) => skipped += 1,
                _ => failed += 1,
            }
            if arguments.json {
                reports.push(json!({
                    "lesson": lesson.id, "check": check.id, "claim": check.claim(lang),
                    "verdict": verdict, "why": why, "reruns": report.reruns,
                }));
            } else {
                writeln!(out, "  {sign} {}", check.claim(lang))?;
                if !why.is_empty() {
                    writeln!(out, "      {why}")?;
                }
                out.flush()?;
            }
        }
    }
    let problems = catalogue.problems.len();
    if arguments.json {
        let problems: Vec<_> = catalogue.problems.iter().map(|p| p.get(lang)).collect();
        writeln!(
            out,
            "{:#}",
            json!({ "checks": reports, "problems": problems })
        )?;
    } else {
        for problem in &catalogue.problems {
            writeln!(out, "{}", problem.get(lang))?;
        }
        writeln!(
            out,
            "{}",
            text::CHECK_SUMMARY.fill(
                lang,
                &[
                    ("lessons", &catalogue.lessons.len()),
                    ("held", &held),
                    ("failed", &failed),
                    ("skipped", &skipped),
                    ("reruns", &reruns),
                    ("problems", &problems),
                ]
            )
        )?;
    }
    out.flush()?;
    if failed > 0 || problems > 0 {
        Err(Failure::Code(1))
    } else {
        Ok(())
    }
}
