//! `socklab check`

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;

use super::load::Load;
use super::{Context, Failure, Outcome, output};
use crate::i18n::{Lang, cli as text};
use crate::lesson::{Catalogue, CheckReport, Lesson, Outcome as Verdict, Subject, check_all};

/// Rounds at most.
const ROUNDS: i64 = 10_000;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder with lessons, or one lesson's folder; the built-in lessons if not given
    folder: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Do it all N times and print a line for each round, a table at the end
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=ROUNDS))]
    repeat: u32,
    /// Keep N threads busy meanwhile, as on a computer that has other things to do
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=256))]
    load: u32,
    /// Hold N claims against real runs at a time; 1 where they must not disturb each other
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    jobs: u32,
}

/// What came of some claims and tasks.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    held: u32,
    failed: u32,
    skipped: u32,
    reruns: u32,
}

impl Sum {
    fn count(&mut self, report: &CheckReport) {
        match report.outcome {
            Verdict::Held => self.held += 1,
            Verdict::Skipped(_) => self.skipped += 1,
            Verdict::Refuted(_) | Verdict::Empty(_) => self.failed += 1,
        }
        self.reruns += report.reruns;
    }

    fn add(&mut self, other: Sum) {
        self.held += other.held;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.reruns += other.reruns;
    }
}

/// One claim or task, held against real runs.
struct Row {
    sentence: String,
    report: CheckReport,
}

impl Row {
    fn sign(&self) -> char {
        match self.report.outcome {
            Verdict::Held => '✓',
            Verdict::Skipped(_) => '–',
            Verdict::Refuted(_) | Verdict::Empty(_) => '✗',
        }
    }

    fn verdict(&self) -> &'static str {
        match self.report.outcome {
            Verdict::Held => "held",
            Verdict::Refuted(_) => "refuted",
            Verdict::Empty(_) => "empty",
            Verdict::Skipped(_) => "skipped",
        }
    }

    fn why(&self, lang: Lang) -> String {
        match &self.report.outcome {
            Verdict::Held => String::new(),
            Verdict::Refuted(said) | Verdict::Empty(said) => said.get(lang),
            Verdict::Skipped(skip) => skip.reason.get(lang),
        }
    }
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
    let jobs = arguments.jobs as usize;
    let mut out = output();
    let _load = Load::of(arguments.load);
    let mut sums = vec![Sum::default(); catalogue.lessons.len()];
    let mut reports = Vec::new();
    let mut failures = Vec::new();
    let many = arguments.repeat > 1;
    for round in 1..=arguments.repeat {
        let begun = Instant::now();
        let mut whole = Sum::default();
        let mut shown = None;
        check_all(&catalogue.lessons, jobs, |at, subject, report| {
            let lesson = &catalogue.lessons[at];
            if shown.replace(at) != Some(at) && !arguments.json && !many {
                writeln!(out, "{}  {}", lesson.id, lesson.title(lang))?;
            }
            sums[at].count(&report);
            whole.count(&report);
            let row = Row {
                sentence: sentence(lesson, subject, lang),
                report,
            };
            let why = row.why(lang);
            if arguments.json {
                let mut entry = json!({
                    "lesson": lesson.id, "check": row.report.check, "claim": row.sentence,
                    "verdict": row.verdict(), "why": why, "reruns": row.report.reruns,
                });
                if many {
                    entry["round"] = round.into();
                }
                reports.push(entry);
            } else if !many {
                writeln!(out, "  {} {}", row.sign(), row.sentence)?;
                if !why.is_empty() {
                    writeln!(out, "      {why}")?;
                }
                out.flush()?;
            } else if row.report.failed() {
                failures.push(format!(
                    "{} {}/{}: {why}",
                    text::CHECK_ROUND.fill(lang, &[("n", &round)]),
                    lesson.id,
                    row.report.check
                ));
            }
            std::io::Result::Ok(())
        })?;
        if many && !arguments.json {
            let line = text::CHECK_ROUND_LINE.fill(
                lang,
                &[
                    ("n", &round),
                    ("of", &arguments.repeat),
                    ("held", &whole.held),
                    ("failed", &whole.failed),
                    ("skipped", &whole.skipped),
                    ("reruns", &whole.reruns),
                    ("seconds", &format!("{:.1}", begun.elapsed().as_secs_f64())),
                ],
            );
            writeln!(out, "{line}")?;
            out.flush()?;
        }
    }
    let mut whole = Sum::default();
    for sum in &sums {
        whole.add(*sum);
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
        if many {
            table(&mut out, &catalogue, &sums, lang)?;
        }
        for failure in &failures {
            writeln!(out, "✗ {failure}")?;
        }
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
                    ("held", &whole.held),
                    ("failed", &whole.failed),
                    ("skipped", &whole.skipped),
                    ("reruns", &whole.reruns),
                    ("problems", &problems),
                ]
            )
        )?;
    }
    out.flush()?;
    if whole.failed > 0 || problems > 0 {
        Err(Failure::Code(1))
    } else {
        Ok(())
    }
}

/// What a lesson claims or asks for.
fn sentence(lesson: &Lesson, subject: Subject, lang: Lang) -> String {
    match subject {
        Subject::Claim(at) => lesson.checks[at].claim(lang).to_owned(),
        Subject::Task(at) => {
            let title = lesson
                .task_text(at, lang)
                .map_or("", |text| text.title.as_str());
            text::CHECK_TASK.fill(lang, &[("title", &title)])
        }
    }
}

/// A line for each lesson: what came of its claims and tasks in all rounds together.
fn table(out: &mut impl Write, catalogue: &Catalogue, sums: &[Sum], lang: Lang) -> Outcome {
    let ids = catalogue.lessons.iter().map(|lesson| lesson.id.len());
    let width = ids.max().unwrap_or(0);
    for (lesson, sum) in catalogue.lessons.iter().zip(sums) {
        let line = text::CHECK_TABLE_LINE.fill(
            lang,
            &[
                ("held", &format!("{:6}", sum.held)),
                ("failed", &format!("{:4}", sum.failed)),
                ("skipped", &format!("{:4}", sum.skipped)),
                ("reruns", &format!("{:4}", sum.reruns)),
            ],
        );
        writeln!(out, "{:width$}  {line}", lesson.id)?;
    }
    Ok(())
}
