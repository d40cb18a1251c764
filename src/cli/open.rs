//! `socklab open`

use std::io::Write as _;
use std::path::PathBuf;

use super::{Context, Failure, Outcome, output, packets, report};
use crate::i18n::Lang;
use crate::trace::recording;
use crate::ui::recording_text::{recording_cut, recording_error};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A recording (.socklab), or a capture file (pcap, pcapng, also with gzip)
    file: PathBuf,
    /// Print what it holds instead of opening the window
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print what it holds as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn open(context: &Context, lang: Option<Lang>, arguments: &Arguments) -> Outcome {
    if crate::wire::file::sniff(&arguments.file) {
        if !arguments.text && !arguments.json {
            return super::gui(context, lang, Some(&arguments.file));
        }
        let listed = packets::Arguments::list(&arguments.file, arguments.json);
        return packets::packets(context, &listed);
    }
    // Also before the window opens: a wrong file is then said where it was typed.
    let loaded = recording::load(&arguments.file)
        .map_err(|error| Failure::Failed(recording_error(&error, context.lang)))?;
    if let Some(cut) = recording_cut(&loaded, &arguments.file, context.lang) {
        eprintln!("socklab: {cut}");
    }
    if !arguments.text && !arguments.json {
        drop(loaded);
        return super::gui(context, lang, Some(&arguments.file));
    }
    let mut out = output();
    if arguments.json {
        writeln!(out, "{:#}", report::to_json(&loaded.trace))?;
    } else {
        report::write_text(&loaded.trace, context.lang, &mut out)?;
    }
    Ok(out.flush()?)
}
