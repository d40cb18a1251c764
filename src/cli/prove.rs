//! `socklab prove`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Context, Failure, Outcome, SettingArguments, output, race, refused};
use crate::framing::{FramingSpec, unescape};
use crate::i18n::workbench as text;
use crate::lesson::Settings;
use crate::trace::recording;
use crate::ui::recording_text::recording_error;
use crate::ui::workbench::words;
use crate::workbench::Cancel;
use crate::workbench::chunks::Traffic;
use crate::workbench::demonstrate::{Case, demonstrate};
use crate::workbench::prove::{self as prover, MOST_SAMPLES, MOST_SINGLES, Report, Task};
use crate::workbench::race::{Lane, Race};

/// The lesson whose messages are taken if nothing else is said.
const LESSON: &str = "sticky-merge";
/// Most messages taken from a lesson.
const MOST_MESSAGES: u32 = 1_000;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code: 0 if it holds for all cuttings tried, 1 if it does not, 2 for wrong usage."
)]
pub(super) struct Arguments {
    /// The lesson whose messages are taken; sticky-merge if not given
    lesson: Option<String>,
    /// Messages of your own, with the escapes of C; several may follow
    #[arg(long, value_name = "TEXT", num_args = 1.., conflicts_with_all = ["lesson", "set"])]
    messages: Vec<String>,
    #[command(flatten)]
    settings: SettingArguments,
    /// Try every pair of cuts for streams up to this many bytes
    #[arg(long, value_name = "BYTES", default_value_t = Task::default().pairs_up_to,
          value_parser = at_most(MOST_SINGLES as u64))]
    pairs_up_to: usize,
    /// How many cuttings to draw at random beyond those tried completely
    #[arg(long, value_name = "N", default_value_t = Task::default().samples,
          value_parser = clap::value_parser!(u64).range(0..=MOST_SAMPLES))]
    samples: u64,
    /// Seed of the random cuttings
    #[arg(long, default_value_t = Task::default().seed)]
    seed: u64,
    /// If it fails: send the messages on real sockets, receive them cut so, and record that run
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

fn at_most(most: u64) -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::TypedValueParser as _;
    clap::value_parser!(u64).range(0..=most).map(|n| n as usize)
}

pub(super) fn prove(context: &Context, arguments: &Arguments) -> Outcome {
    let task = task(context, arguments)?;
    let report = prover::prove(&task, &mut |_| true);
    let case = match &report.outcome {
        prover::Outcome::Fails(found) => {
            let traffic = Traffic::made_up(task.messages.clone(), task.spec.clone(), &found.cuts);
            let race = Race::new(traffic, &[]);
            let lane = race.run(&race.measured_cuts()).into_iter().next();
            lane.map(|lane| (race, lane))
        }
        _ => None,
    };
    let mut out = output();
    if arguments.json {
        writeln!(out, "{:#}", to_json(&report, case.as_ref(), context))?;
    } else {
        write_text(&report, case.as_ref(), context, &mut out)?;
    }
    out.flush()?;
    if let (Some(file), prover::Outcome::Fails(found)) = (&arguments.record, &report.outcome) {
        record(&task, &found.cuts, file, context)?;
    }
    match report.outcome {
        prover::Outcome::Holds => Ok(()),
        _ => Err(Failure::Code(1)),
    }
}

/// Records the counter-example as a run on real sockets.
fn record(task: &Task, cuts: &[usize], file: &Path, context: &Context) -> Outcome {
    let lang = context.lang;
    let case = Case {
        spec: task.spec.clone(),
        messages: task.messages.clone(),
        cuts: cuts.to_vec(),
        lesson: LESSON.to_owned(),
        params: Vec::new(),
    };
    let trace = demonstrate(&case, &Cancel::default())
        .map_err(|trouble| Failure::Failed(words::no_stage(&trouble, lang)))?;
    recording::save(&trace, file).map_err(|error| Failure::Failed(recording_error(&error, lang)))
}

fn task(context: &Context, arguments: &Arguments) -> Result<Task, Failure> {
    let lang = context.lang;
    let Some(framing) = &arguments.settings.framing else {
        return Err(Failure::Usage(text::NEEDS_FRAMING.get(lang).to_owned()));
    };
    let spec: FramingSpec =
        framing
            .parse()
            .map_err(|error: <FramingSpec as std::str::FromStr>::Err| {
                refused("--framing", framing, &error, lang)
            })?;
    let messages = if arguments.messages.is_empty() {
        let lesson = context.lesson(arguments.lesson.as_deref().unwrap_or(LESSON))?;
        let mut settings = Settings::defaults(&lesson);
        // The strategy is the one to be proven, whatever the lesson offers.
        let given = SettingArguments {
            set: arguments.settings.set.clone(),
            attack: None,
            framing: None,
        };
        given.apply(&lesson, &mut settings, lang)?;
        let source = lesson.messages.resolve(&settings);
        let count = source.count().min(MOST_MESSAGES);
        if count < source.count() {
            eprintln!(
                "socklab: {}",
                text::FIRST_MESSAGES.fill(lang, &[("n", &count), ("of", &source.count())])
            );
        }
        (0..count).map(|n| source.message(n)).collect()
    } else {
        arguments
            .messages
            .iter()
            .map(|message| {
                unescape(message).map_err(|error| refused("--messages", message, &error, lang))
            })
            .collect::<Result<_, _>>()?
    };
    Ok(Task {
        spec,
        messages,
        pairs_up_to: arguments.pairs_up_to,
        samples: arguments.samples,
        seed: arguments.seed,
    })
}

fn write_text(
    report: &Report,
    case: Option<&(Race, Lane)>,
    context: &Context,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let lang = context.lang;
    writeln!(
        out,
        "{}",
        text::PROVE_HEAD.fill(
            lang,
            &[
                ("framing", &report.task.spec),
                ("messages", &report.task.messages.len()),
                ("bytes", &report.wire.len()),
            ]
        )
    )?;
    writeln!(out, "{}", words::verdict(report, lang))?;
    let detail = words::verdict_detail(report, lang);
    if !detail.is_empty() {
        writeln!(out, "{detail}")?;
    }
    if let (prover::Outcome::Fails(found), Some((race, lane))) = (&report.outcome, case) {
        let mut start = 0;
        for (number, end) in (1_u32..).zip(found.cuts.iter().copied().chain([report.wire.len()])) {
            let chunk = crate::framing::escape(&report.wire[start..end]);
            writeln!(out, "  {number}: {chunk}")?;
            start = end;
        }
        writeln!(
            out,
            "{}",
            words::outcome(lane, &race.traffic().numbers, lang)
        )?;
    }
    for family in &report.families {
        writeln!(out, "  {}", words::family(family, report.task.seed, lang))?;
    }
    Ok(())
}

fn to_json(report: &Report, case: Option<&(Race, Lane)>, context: &Context) -> serde_json::Value {
    let families: Vec<_> = report
        .families
        .iter()
        .map(|family| {
            json!({
                "kind": family.kind.name(),
                "tried": family.tried,
                "planned": family.planned,
                "complete": family.complete && family.tried == family.planned,
            })
        })
        .collect();
    let counterexample = match (&report.outcome, case) {
        (prover::Outcome::Fails(found), Some((race, lane))) => json!({
            "cuts": found.cuts,
            "found_in": found.found_in.name(),
            "smallest": found.smallest,
            "why": words::outcome(lane, &race.traffic().numbers, context.lang),
            "frames": race::frames_json(lane, &race.traffic().numbers),
            "verdicts": lane.verdicts.iter().map(|v| race::verdict_name(*v)).collect::<Vec<_>>(),
        }),
        _ => serde_json::Value::Null,
    };
    json!({
        "framing": report.task.spec.to_string(),
        "messages": report.task.messages.len(),
        "wire_bytes": report.wire.len(),
        "holds": report.outcome == prover::Outcome::Holds,
        "proof": report.is_proof(),
        "verdict": words::verdict(report, context.lang),
        "tried": report.tried(),
        "exhaustive": report.exhaustive(),
        "families": families,
        "seed": report.task.seed,
        "seconds": report.took.as_secs_f64(),
        "counterexample": counterexample,
    })
}
