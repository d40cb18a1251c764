//! `socklab run`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{
    CaptureArguments, Context, Failure, Outcome, SettingArguments, output, refused, report,
};
use crate::i18n::{Lang, cli as text, segment_view, tcp};
use crate::lesson::{Lesson, Release, Schedule, ScheduleError, Settings};
use crate::trace::{Trace, recording};
use crate::ui::recording_text::recording_error;
use crate::ui::segment_text;
use crate::ui::segments::pcapng;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Which lesson; `socklab list` names them
    lesson: String,
    #[command(flatten)]
    settings: SettingArguments,
    /// Release calls one by one instead of running freely, e.g. "client*3 server"
    #[arg(long, value_name = "CALLS")]
    schedule: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    capture: CaptureArguments,
    /// Keep the run as a recording
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Write the captured packets for other analysers, each with a remark on its calls
    #[arg(long, value_name = "FILE", requires = "captured")]
    pcapng: Option<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Outcome {
    let lesson = context.lesson(&arguments.lesson)?;
    let mut settings = Settings::defaults(&lesson);
    arguments
        .settings
        .apply(&lesson, &mut settings, context.lang)?;
    arguments
        .capture
        .apply(&lesson, &mut settings, context.lang)?;
    let release = release(&lesson, arguments.schedule.as_deref(), context.lang)?;
    let trace = lesson
        .run_headless(&settings, &release)
        .map_err(Failure::Failed)?;
    if let Some(file) = &arguments.record {
        recording::save(&trace, file)
            .map_err(|error| Failure::Failed(recording_error(&error, context.lang)))?;
    }
    if let Some(file) = &arguments.pcapng {
        write_packets(&trace, file, context.lang)?;
    }
    let mut out = output();
    if arguments.json {
        writeln!(out, "{:#}", report::to_json(&trace))?;
    } else {
        report::write_text(&trace, context.lang, &mut out)?;
    }
    out.flush()?;
    if report::failures(&trace, context.lang).is_empty() {
        Ok(())
    } else {
        Err(Failure::Code(1))
    }
}

/// The packets of the run as a capture file.
fn write_packets(trace: &Trace, file: &Path, lang: Lang) -> Result<(), Failure> {
    if !trace.meta().network.is_captured() {
        let (_, why) = segment_text::mode(&trace.meta().network, lang);
        let what = tcp::EXPORT_MADE_UP.fill(lang, &[("file", &file.display())]);
        eprintln!("{what} {why}");
    }
    let written = std::fs::File::create(file)
        .and_then(|handle| pcapng::write(trace, lang, &mut std::io::BufWriter::new(handle)));
    written.map_err(|error| {
        Failure::Failed(
            segment_view::EXPORT_FAILED.fill(lang, &[("file", &file.display()), ("why", &error)]),
        )
    })
}

/// The calls of `--schedule`; without it the programs run freely.
pub(super) fn release(
    lesson: &Lesson,
    schedule: Option<&str>,
    lang: Lang,
) -> Result<Release, Failure> {
    let Some(schedule) = schedule else {
        return Ok(Release::Run);
    };
    let parsed: Schedule = schedule
        .parse()
        .map_err(|error: ScheduleError| refused("--schedule", schedule, &error, lang))?;
    if let Some(turn) = parsed
        .turns
        .iter()
        .find(|t| !t.is_rest() && lesson.actor_id(&t.actor).is_none())
    {
        let names: Vec<&str> = lesson.actors.iter().map(|a| a.name.as_str()).collect();
        return Err(Failure::Usage(text::NO_SUCH_ACTOR.fill(
            lang,
            &[("actor", &turn.actor), ("actors", &names.join(", "))],
        )));
    }
    Ok(Release::Calls(parsed))
}
