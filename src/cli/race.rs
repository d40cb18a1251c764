//! `socklab race`

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Context, Failure, Outcome, SettingArguments, output, refused, run};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, workbench as text};
use crate::lesson::{Lesson, Settings};
use crate::trace::{Trace, recording};
use crate::ui::recording_text::{recording_cut, recording_error};
use crate::ui::workbench::words;
use crate::workbench::chunks::Traffic;
use crate::workbench::race::{Lane, Race, Verdict};

/// The lesson raced over if none is named: merging is what it is about.
const LESSON: &str = "sticky-merge";

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code: 0 if the run's own framing got every message right, 1 if not, 2 for wrong usage."
)]
pub(super) struct Arguments {
    /// A lesson, which is run first, or a recording (.socklab); sticky-merge if not given
    #[arg(value_name = "LESSON|FILE")]
    what: Option<String>,
    #[command(flatten)]
    settings: SettingArguments,
    /// Release calls one by one instead of running freely, e.g. "client*3 server"
    #[arg(long, value_name = "CALLS")]
    schedule: Option<String>,
    /// Cut there instead of where the run's recvs did: offsets in its stream, e.g. 3,7; or "none"
    #[arg(long, value_name = "OFFSETS")]
    cuts: Option<String>,
    /// Every setting of every strategy, not one of each
    #[arg(long)]
    all: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn race(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    let (lesson, trace) = traffic_of(context, arguments)?;
    let stream = trace
        .main_stream()
        .and_then(|id| trace.stream(id))
        .filter(|stream| !stream.messages().is_empty())
        .or_else(|| trace.streams().iter().find(|s| !s.messages().is_empty()));
    let traffic = stream
        .map(|stream| Traffic::of_stream(&trace, stream, trace.len(), lesson.as_deref()))
        .filter(|traffic| !traffic.messages.is_empty())
        .ok_or_else(|| Failure::Failed(text::NOTHING_TO_RACE.get(lang).to_owned()))?;
    let mut specs = FramingSpec::choices();
    if !arguments.all {
        specs = words::one_of_each(specs);
    }
    let race = Race::new(traffic, &specs);
    let measured = arguments.cuts.is_none();
    let cuts = match &arguments.cuts {
        None => race.measured_cuts(),
        Some(cuts) => parse_cuts(cuts, race.own().map_or(0, |own| own.wire.len()), lang)?
            .into_iter()
            .map(|offset| race.unit_of_own(offset))
            .collect(),
    };
    let lanes = race.run(&cuts);
    let mut out = output();
    if arguments.json {
        writeln!(out, "{:#}", to_json(&race, &lanes, &cuts, measured, lang))?;
    } else {
        write_text(&race, &lanes, measured, lang, &mut out)?;
    }
    out.flush()?;
    if lanes.first().is_some_and(Lane::holds) {
        Ok(())
    } else {
        Err(Failure::Code(1))
    }
}

/// The run to race over, and the lesson it came from.
fn traffic_of(
    context: &Context,
    arguments: &Arguments,
) -> Result<(Option<Arc<Lesson>>, Trace), Failure> {
    let lang = context.lang;
    let what = arguments.what.as_deref().unwrap_or(LESSON);
    let file = Path::new(what);
    let recorded = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("socklab"));
    if recorded || file.is_file() {
        let given = &arguments.settings;
        if !given.set.is_empty() || given.framing.is_some() || arguments.schedule.is_some() {
            return Err(Failure::Usage(
                text::RECORDED_ALREADY.fill(lang, &[("file", &what)]),
            ));
        }
        let loaded = recording::load(file)
            .map_err(|error| Failure::Failed(recording_error(&error, lang)))?;
        if let Some(cut) = recording_cut(&loaded, file, lang) {
            eprintln!("socklab: {cut}");
        }
        let lesson = context
            .catalogue()
            .get(&loaded.trace.meta().lesson)
            .cloned();
        return Ok((lesson, loaded.trace));
    }
    let lesson = context.lesson(what)?;
    let mut settings = Settings::defaults(&lesson);
    arguments.settings.apply(&lesson, &mut settings, lang)?;
    let release = run::release(&lesson, arguments.schedule.as_deref(), lang)?;
    let trace = lesson
        .run_headless(&settings, &release)
        .map_err(Failure::Failed)?;
    Ok((Some(lesson), trace))
}

/// Offsets written "3,7", each inside a stream of `end` bytes; none for "none".
fn parse_cuts(given: &str, end: usize, lang: Lang) -> Result<Vec<usize>, Failure> {
    if given.trim() == "none" {
        return Ok(Vec::new());
    }
    given
        .split(',')
        .map(|offset| {
            offset
                .trim()
                .parse()
                .ok()
                .filter(|offset| (1..end).contains(offset))
                .ok_or_else(|| {
                    let why = text::CUT_OFFSET.fill(
                        lang,
                        &[("offset", &offset.trim()), ("last", &end.saturating_sub(1))],
                    );
                    refused("--cuts", given, &why, lang)
                })
        })
        .collect()
}

fn write_text(
    race: &Race,
    lanes: &[Lane],
    measured: bool,
    lang: Lang,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let traffic = race.traffic();
    let phrase = if measured {
        text::RACE_HEAD_MEASURED
    } else {
        text::RACE_HEAD_SIMULATED
    };
    writeln!(
        out,
        "{}",
        phrase.fill(
            lang,
            &[
                ("messages", &traffic.messages.len()),
                ("bytes", &traffic.payload_bytes()),
                ("chunks", &lanes.first().map_or(0, |own| own.chunks)),
                ("framing", &traffic.own),
            ]
        )
    )?;
    for line in words::left_out(traffic, lang) {
        writeln!(out, "{line}")?;
    }
    for lane in lanes {
        let sign = if lane.holds() { '✓' } else { '✗' };
        let how = if lane.measured {
            text::MEASURED
        } else {
            text::SIMULATED
        };
        let counts: Vec<String> = words::counts(lane.count(), lang)
            .into_iter()
            .map(|(_, words)| words)
            .collect();
        writeln!(
            out,
            "{sign} {:16} {}  {}  {}",
            lane.spec.to_string(),
            counts.join("  "),
            words::overhead(lane, lang),
            how.get(lang),
        )?;
        if lane.failure.is_some() {
            let why = words::outcome(lane, &traffic.numbers, lang);
            writeln!(out, "    {why}")?;
        }
    }
    Ok(())
}

/// The name of a verdict in JSON.
pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Late => "late",
        Verdict::Wrong => "wrong",
        Verdict::Lost => "lost",
    }
}

/// The frames that came out, as JSON.
pub(super) fn frames_json(lane: &Lane, numbers: &[u32]) -> Vec<Value> {
    let number = |i: usize| numbers.get(i).map_or(i as u64, |n| u64::from(*n)) + 1;
    lane.frames
        .iter()
        .map(|frame| {
            json!({
                "start": frame.wire.start,
                "end": frame.wire.end,
                "payload_bytes": frame.length,
                "messages": frame.messages.clone().map(number).collect::<Vec<_>>(),
                "chunk": frame.chunk + 1,
                "verdict": verdict_name(frame.verdict),
            })
        })
        .collect()
}

fn to_json(race: &Race, lanes: &[Lane], cuts: &[u64], measured: bool, lang: Lang) -> Value {
    let traffic = race.traffic();
    let offsets: Vec<usize> = cuts.iter().map(|cut| race.own_offset(*cut)).collect();
    let strategies: Vec<Value> = lanes
        .iter()
        .map(|lane| {
            let count = lane.count();
            json!({
                "framing": lane.spec.to_string(),
                "own": lane.own,
                "measured": lane.measured,
                "holds": lane.holds(),
                "chunks": lane.chunks,
                "wire_bytes": lane.wire_bytes,
                "overhead_bytes": lane.overhead(),
                "overhead_percent": lane.overhead_percent(),
                "right": count.right,
                "late": count.late,
                "wrong": count.wrong,
                "lost": count.lost,
                "verdicts": lane.verdicts.iter().map(|v| verdict_name(*v)).collect::<Vec<_>>(),
                "frames": frames_json(lane, &traffic.numbers),
                "frames_in_all": lane.frame_count,
                "first_failure": lane.failure.as_ref().map(|failure| json!({
                    "message": traffic.numbers.get(failure.message).map(|n| u64::from(*n) + 1),
                    "why": words::outcome(lane, &traffic.numbers, lang),
                })),
            })
        })
        .collect();
    json!({
        "framing": traffic.own.to_string(),
        "measured": measured,
        "messages": traffic.messages.len(),
        "payload_bytes": traffic.payload_bytes(),
        "cuts": offsets,
        "left_out": words::left_out(traffic, lang),
        "strategies": strategies,
    })
}
