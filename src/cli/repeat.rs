//! `socklab repeat`

use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::interrupt::{INTERRUPTED, Interrupt};
use super::{Context, Failure, Outcome, SettingArguments, output, refused, run};
use crate::i18n::{Lang, cli as words, repeat as text};
use crate::lesson::{ATTACK, FRAMING, Lesson, Settings};
use crate::trace::recording;
use crate::ui::figures;
use crate::ui::recording_text::recording_error;
use crate::ui::workbench::repeat_text as say;
use crate::workbench::repeat::{Fault, Plan, Progress, Repeat, Report, Tally, bins, labels};

/// Bars of a histogram, at most.
const BARS: usize = 16;
/// Characters of the longest bar.
const LONGEST: u64 = 40;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: a pause after each message against a length prefix, while the reader is late
  socklab repeat sticky-merge -n 500 --framing pacing:5 --against framing=length:u32:big

Exit code: 0 if every run passed, 1 if some failed, 2 for wrong usage, 130 after Ctrl+C")]
pub(super) struct Arguments {
    /// Which lesson; `socklab list` names them
    lesson: String,
    /// How often each setting is run
    #[arg(short = 'n', long = "runs", value_name = "N", default_value_t = 500)]
    runs: u32,
    #[command(flatten)]
    settings: SettingArguments,
    /// Another setting beside the first, with these changes; may be given several times. The runs
    /// take turns, so that all meet the same machine
    #[arg(long = "against", value_name = "NAME=VALUE,…")]
    against: Vec<String>,
    /// Release calls one by one instead of running freely, e.g. "client*3 server"
    #[arg(long, value_name = "CALLS")]
    schedule: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Keep the first run that fails as a recording
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

pub(super) fn repeat(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    let lesson = context.lesson(&arguments.lesson)?;
    let mut base = Settings::defaults(&lesson);
    arguments.settings.apply(&lesson, &mut base, lang)?;
    let mut variants = vec![base.clone()];
    for given in &arguments.against {
        variants.push(against(&lesson, &base, given, lang)?);
    }
    let release = run::release(&lesson, arguments.schedule.as_deref(), lang)?;
    let plan = Plan::new(lesson, release, arguments.runs, variants, &[])
        .map_err(|refusal| Failure::Usage(say::refusal(&refusal, lang)))?;
    let repeat = follow(plan, lang)?;
    let mut out = output();
    repeat.read(|report| {
        if arguments.json {
            writeln!(out, "{:#}", to_json(repeat.plan(), report))
        } else {
            write_text(repeat.plan(), report, lang, &mut out)
        }
    })?;
    if let Some(file) = &arguments.record
        && let Some(at) = repeat.read(|r| (0..r.tallies.len()).find(|&at| r.has_failing(at)))
        && let Some(trace) = repeat.take_failing(at)
    {
        recording::save(&trace, file)
            .map_err(|error| Failure::Failed(recording_error(&error, lang)))?;
        if !arguments.json {
            let kept = [
                ("letter", &say::letter(at) as &dyn std::fmt::Display),
                ("file", &file.display()),
            ];
            writeln!(out, "{}", text::CLI_FAILING.fill(lang, &kept))?;
        }
    }
    out.flush()?;
    repeat.read(|report| match &report.progress {
        Progress::Broken(why) => Err(Failure::Failed(text::BROKEN.fill(lang, &[("why", why)]))),
        Progress::Cancelled => Err(Failure::Code(INTERRUPTED)),
        _ if report.tallies.iter().any(|tally| tally.failed() > 0) => Err(Failure::Code(1)),
        _ => Ok(()),
    })
}

/// Makes the runs, and tells a person at a terminal how far it is.
fn follow(plan: Plan, lang: Lang) -> Result<Repeat, Failure> {
    let all = u64::from(plan.runs()) * plan.variants().len() as u64;
    let (tell, news) = crossbeam_channel::bounded(1);
    let also = tell.clone();
    let interrupt = Interrupt::watch(move || {
        let _ = also.try_send(());
    });
    let waker = Arc::new(move || {
        let _ = tell.try_send(());
    });
    let repeat = Repeat::start(plan, waker)
        .map_err(|why| Failure::Failed(text::NO_THREAD.fill(lang, &[("why", &why)])))?;
    let watched = std::io::stderr().is_terminal();
    while repeat.is_running() {
        let _ = news.recv_timeout(Duration::from_millis(100));
        if interrupt.is_pressed() {
            repeat.cancel();
        }
        if watched {
            let made = repeat.read(Report::made);
            let far = text::PROGRESS.fill(lang, &[("made", &made), ("all", &all)]);
            eprint!("\r{far} ");
        }
    }
    if watched {
        eprintln!();
    }
    Ok(repeat)
}

/// Settings as `name=value,name=value` changes them. A comma inside a value is part of it, unless
/// the name of a setting and `=` follow.
fn against(lesson: &Lesson, base: &Settings, given: &str, lang: Lang) -> Result<Settings, Failure> {
    let known = |name: &str| name == FRAMING || name == ATTACK || lesson.parameter(name).is_some();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in given.split(',') {
        match (piece.split_once('='), pairs.last_mut()) {
            (Some((name, value)), last) if known(name.trim()) || last.is_none() => {
                pairs.push((name.trim().to_owned(), value.to_owned()));
            }
            (_, Some((_, value))) => {
                value.push(',');
                value.push_str(piece);
            }
            (_, None) => {
                return Err(Failure::Usage(
                    text::CLI_AGAINST.fill(lang, &[("given", &given)]),
                ));
            }
        }
    }
    let mut settings = base.clone();
    for (name, value) in pairs {
        settings
            .set(lesson, &name, &value)
            .map_err(|error| refused("--against", given, &error.said().get(lang), lang))?;
    }
    Ok(settings)
}

fn write_text(
    plan: &Plan,
    report: &Report,
    lang: Lang,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let head = text::CLI_RUNS_OF.fill(
        lang,
        &[("lesson", &plan.lesson().id), ("runs", &plan.runs())],
    );
    writeln!(out, "{head} ({})", text::MEASURED.get(lang))?;
    let all = u64::from(plan.runs()) * plan.variants().len() as u64;
    match report.progress {
        Progress::Done => {
            let time = figures::duration(report.elapsed.as_nanos() as u64);
            writeln!(
                out,
                "{}",
                text::DONE.fill(lang, &[("all", &all), ("time", &time)])
            )?;
        }
        _ => writeln!(
            out,
            "{}",
            text::CANCELLED.fill(lang, &[("made", &report.made()), ("all", &all)])
        )?,
    }
    let bins = bins(report.tallies.iter().map(|tally| &tally.sizes), BARS);
    let names: Vec<String> = bins.iter().map(|&bin| say::bin(bin, lang)).collect();
    let widest = names.iter().map(|name| wide(name)).max().unwrap_or(0);
    let most = report
        .tallies
        .iter()
        .flat_map(|tally| bins.iter().map(|&bin| tally.sizes.count(bin)))
        .max()
        .unwrap_or(0);
    for (at, (tally, label)) in report
        .tallies
        .iter()
        .zip(labels(plan.lesson(), plan.variants()))
        .enumerate()
    {
        writeln!(out, "\n{}  {label}", say::letter(at))?;
        let mut verdict = vec![say::passed(tally, lang)];
        verdict.extend(say::faults(tally, lang));
        writeln!(out, "   {}", verdict.join(words::LIST_COMMA.get(lang)))?;
        let Some(time) = say::time(tally, lang) else {
            writeln!(out, "   {}", text::NOTHING_RECEIVED.get(lang))?;
            continue;
        };
        writeln!(out, "   {time}")?;
        writeln!(out, "   {}", say::counts(tally, lang))?;
        for (&bin, name) in bins.iter().zip(&names) {
            let n = tally.sizes.count(bin);
            // What occurs is seen, be it ever so rare.
            let length = (n * LONGEST / most.max(1)).max(u64::from(n > 0)) as usize;
            let room = " ".repeat(widest - wide(name));
            let bar = "█".repeat(length);
            writeln!(out, "   {room}{name} │{bar} {n}")?;
        }
    }
    Ok(())
}

/// Columns that a terminal gives a text: a Han character takes two.
pub(super) fn wide(text: &str) -> usize {
    text.chars()
        .map(|c| if u32::from(c) >= 0x2E80 { 2 } else { 1 })
        .sum()
}

fn to_json(plan: &Plan, report: &Report) -> Value {
    let variants: Vec<Value> = plan
        .variants()
        .iter()
        .zip(&report.tallies)
        .zip(labels(plan.lesson(), plan.variants()))
        .map(|((settings, tally), label)| variant(settings, tally, &label))
        .collect();
    json!({
        "lesson": plan.lesson().id,
        "release": plan.release().to_string(),
        "runs": plan.runs(),
        "complete": report.progress == Progress::Done,
        "seconds": report.elapsed.as_secs_f64(),
        "settings": variants,
    })
}

fn variant(settings: &Settings, tally: &Tally, label: &str) -> Value {
    let faults: Vec<Value> = tally
        .faults
        .iter()
        .map(|(fault, n)| {
            let (code, detail) = match fault {
                Fault::Wrong => ("wrong", None),
                Fault::Lost => ("lost", None),
                Fault::Decoder(code) => ("decoder", Some(code)),
                Fault::Program(why) => ("program", Some(why)),
                Fault::Stuck => ("stuck", None),
                Fault::TooLong => ("too-long", None),
            };
            json!({ "fault": code, "detail": detail, "runs": n })
        })
        .collect();
    let sizes: Vec<Value> = tally
        .sizes
        .iter()
        .map(|(bytes, n)| json!({ "bytes": bytes, "recvs": n }))
        .collect();
    json!({
        "label": label,
        "framing": settings.framing.to_string(),
        "parameters": settings.to_pairs().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "runs": tally.runs,
        "passed": tally.passed,
        "faults": faults,
        "recvs": tally.sizes.total(),
        "recv_sizes": sizes,
        "larger": tally.sizes.larger().map(|(from, n)| json!({ "from": from, "recvs": n })),
        "merged_recvs": tally.merged,
        "split_messages": tally.split,
        "time_ns": {
            "least": tally.quantile(0.0),
            "median": tally.median(),
            "nine_of_ten": tally.quantile(0.9),
            "most": tally.quantile(1.0),
        },
    })
}
