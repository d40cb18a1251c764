//! The command line: one file per command. Text goes to standard output, problems to standard
//! error; the exit code is 0 when all is well, 1 when something failed, 2 for wrong usage.

mod check;
mod compare;
mod interrupt;
mod list;
mod load;
mod new_lesson;
mod open;
mod packets;
mod prove;
mod race;
mod repeat;
mod report;
mod run;
mod shot;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::i18n::{Lang, attack as attack_text, cli as text};
use crate::lesson::{ATTACK, CAPTURE, Catalogue, FRAMING, Lesson, Settings};

/// Why a command ended without success.
#[derive(Debug)]
pub enum Failure {
    /// Something failed; the text says what and what to do.
    Failed(String),
    /// It was asked for in a way that cannot be understood.
    Usage(String),
    /// The reader of our output went away, as `head` does; no news for anyone.
    Quiet,
    /// The command said everything itself; this is its exit code.
    Code(u8),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Failure::Quiet
        } else {
            Failure::Failed(error.to_string())
        }
    }
}

type Outcome = Result<(), Failure>;

/// Socket Lab: real sockets, live sticky packets, framing. Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(name = "socklab", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct Common {
    /// Language of everything printed and shown; from the environment if not given
    #[arg(long, global = true, value_enum)]
    lang: Option<LangArgument>,
    /// A folder with lessons of your own, beside the ones built in
    #[arg(long, global = true, value_name = "DIR")]
    lessons: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangArgument {
    En,
    Zh,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the window (the same as no command)
    Gui,
    /// List the lessons
    List(list::Arguments),
    /// Run a lesson without a window and print what each recv got
    Run(run::Arguments),
    /// Open a recording or a capture file, in the window or as text
    Open(open::Arguments),
    /// List, filter and follow the packets of a capture file (pcap, pcapng, also with gzip)
    Packets(packets::Arguments),
    /// Render the window after a real run to a PNG, without a display
    Shot(shot::Arguments),
    /// Let every framing strategy decode the chunks of a run, side by side
    Race(race::Arguments),
    /// Decode every way to cut a stream: does the strategy always bring the messages back?
    Prove(prove::Arguments),
    /// Run a lesson many times and count: how often does it go right, what does each recv return
    Repeat(repeat::Arguments),
    /// Compare all framing strategies for a lesson's messages: what they cost, what they survive
    Compare(compare::Arguments),
    /// Write a new lesson from a template, ready to be changed
    NewLesson(new_lesson::Arguments),
    /// Print the JSON schema of lesson.toml, for editors
    LessonSchema,
    /// Validate lessons and hold their claims against real runs
    Check(check::Arguments),
}

/// What every command needs.
struct Context {
    lang: Lang,
    lessons: Option<PathBuf>,
}

impl Context {
    fn catalogue(&self) -> Catalogue {
        let embedded = Catalogue::load_embedded();
        match &self.lessons {
            Some(folder) => embedded.with_local(Catalogue::load_dir(folder)),
            None => embedded,
        }
    }

    /// The lesson of that id; the error lists those there are.
    fn lesson(&self, id: &str) -> Result<std::sync::Arc<Lesson>, Failure> {
        let catalogue = self.catalogue();
        for problem in &catalogue.problems {
            eprintln!("{}", problem.get(self.lang));
        }
        catalogue.get(id).cloned().ok_or_else(|| {
            let ids: Vec<&str> = catalogue.lessons.iter().map(|l| l.id.as_str()).collect();
            Failure::Usage(
                text::NO_SUCH_LESSON.fill(self.lang, &[("id", &id), ("ids", &ids.join(", "))]),
            )
        })
    }
}

/// Settings of a run, given as options.
#[derive(Debug, clap::Args)]
struct SettingArguments {
    /// Set a parameter of the lesson; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Framing strategy: raw, pacing:MS, end-mark:TEXT, fixed:SIZE, delimiter:TEXT, escaped:TEXT,
    /// length:WIDTH:ORDER (u8 u16 u32 i32 u64, big little), struct:FORMAT (!I), varint, ack, json
    /// or cobs
    #[arg(long, value_name = "STRATEGY")]
    framing: Option<String>,
    /// Attack on the wire: none, slice:1, merge:200, stall:7:1000, cut:7, reset:7, flip:3:0, insert:7:TEXT, absurd-length, endless …
    #[arg(long, value_name = "ATTACK")]
    attack: Option<String>,
}

impl SettingArguments {
    fn apply(&self, lesson: &Lesson, settings: &mut Settings, lang: Lang) -> Outcome {
        for pair in &self.set {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                Failure::Usage(text::SET_NEEDS_EQUALS.fill(lang, &[("given", pair)]))
            })?;
            settings
                .set(lesson, name.trim(), value)
                .map_err(|error| refused("--set", pair, &error.said().get(lang), lang))?;
        }
        if let Some(framing) = &self.framing {
            settings
                .set(lesson, FRAMING, framing)
                .map_err(|error| refused("--framing", framing, &error.said().get(lang), lang))?;
        }
        if let Some(attack) = &self.attack {
            settings
                .set(lesson, ATTACK, attack)
                .map_err(|error| refused("--attack", attack, &error.said().get(lang), lang))?;
            if !settings.attack.applies_to(&settings.framing) {
                let why = attack_text::NO_LENGTH.fill(lang, &[("framing", &settings.framing)]);
                return Err(refused("--attack", attack, &why, lang));
            }
        }
        Ok(())
    }
}

/// Whether and how a run is captured; what is left out is as in the lesson.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
#[derive(Debug, Default, clap::Args)]
struct CaptureArguments {
    /// Make the run in a private network and capture every packet (Linux; no privilege needed)
    #[arg(long)]
    captured: bool,
    /// Make the run in the computer's own network and capture nothing
    #[arg(long, conflicts_with = "captured")]
    not_captured: bool,
    /// Largest packet of the private network, bytes (128 to 65536)
    #[arg(long, value_name = "BYTES")]
    mtu: Option<String>,
    /// Without TCP timestamps
    #[arg(long)]
    no_timestamps: bool,
    /// Without selective acknowledgements
    #[arg(long)]
    no_sack: bool,
    /// Without window scaling
    #[arg(long)]
    no_window_scaling: bool,
    /// Without the tail-loss probe, which repeats a segment though nothing was lost
    #[arg(long)]
    no_tail_loss_probe: bool,
    /// Per cent of the segments with data that are lost (0 to 90)
    #[arg(long, value_name = "PERCENT")]
    loss: Option<String>,
    /// Bytes per second that each socket sends at most; 0 = no limit
    #[arg(long, value_name = "BYTES")]
    rate: Option<String>,
}

impl CaptureArguments {
    fn apply(&self, lesson: &Lesson, settings: &mut Settings, lang: Lang) -> Outcome {
        let off = |no: bool| no.then(|| "off".to_owned());
        let switch = match (self.captured, self.not_captured) {
            (true, _) => Some("on".to_owned()),
            (_, true) => Some("off".to_owned()),
            _ => None,
        };
        for (option, key, value) in [
            ("--captured", "on", switch),
            ("--mtu", "mtu", self.mtu.clone()),
            ("--loss", "loss", self.loss.clone()),
            ("--rate", "rate", self.rate.clone()),
            ("--no-timestamps", "timestamps", off(self.no_timestamps)),
            ("--no-sack", "sack", off(self.no_sack)),
            (
                "--no-window-scaling",
                "window_scaling",
                off(self.no_window_scaling),
            ),
            (
                "--no-tail-loss-probe",
                "tail_loss_probe",
                off(self.no_tail_loss_probe),
            ),
        ] {
            let Some(value) = value else { continue };
            settings
                .set(lesson, &format!("{CAPTURE}.{key}"), &value)
                .map_err(|error| refused(option, &value, &error.said().get(lang), lang))?;
            if option != "--captured" && !settings.capture.on {
                let why = text::NEEDS_CAPTURED.get(lang);
                return Err(refused(option, &value, &why, lang));
            }
        }
        Ok(())
    }
}

fn refused(option: &str, given: &str, why: &dyn std::fmt::Display, lang: Lang) -> Failure {
    Failure::Usage(text::SETTING_REFUSED.fill(
        lang,
        &[("option", &option), ("given", &given), ("why", why)],
    ))
}

/// Runs the program with the arguments of its process.
pub fn main() -> ExitCode {
    if let Ok(program) = std::env::current_exe() {
        crate::experiment::set_helper(program);
    }
    let arguments = Arguments::parse();
    let context = Context {
        lang: match arguments.common.lang {
            Some(LangArgument::En) => Lang::En,
            Some(LangArgument::Zh) => Lang::Zh,
            None => Lang::from_env(),
        },
        lessons: arguments.common.lessons,
    };
    let chosen = arguments.common.lang.map(|_| context.lang);
    let outcome = match arguments.command {
        None | Some(Command::Gui) => gui(&context, chosen, None),
        Some(Command::List(arguments)) => list::list(&context, &arguments),
        Some(Command::Run(arguments)) => run::run(&context, &arguments),
        Some(Command::Open(arguments)) => open::open(&context, chosen, &arguments),
        Some(Command::Packets(arguments)) => packets::packets(&context, &arguments),
        Some(Command::Shot(arguments)) => shot::shot(&context, &arguments),
        Some(Command::Race(arguments)) => race::race(&context, &arguments),
        Some(Command::Prove(arguments)) => prove::prove(&context, &arguments),
        Some(Command::Repeat(arguments)) => repeat::repeat(&context, &arguments),
        Some(Command::Compare(arguments)) => compare::compare(&context, &arguments),
        Some(Command::NewLesson(arguments)) => new_lesson::new_lesson(&context, &arguments),
        Some(Command::LessonSchema) => new_lesson::lesson_schema(),
        Some(Command::Check(arguments)) => check::check(&context, &arguments),
    };
    match outcome {
        Ok(()) | Err(Failure::Quiet) => ExitCode::SUCCESS,
        Err(Failure::Code(code)) => ExitCode::from(code),
        Err(Failure::Failed(what)) => {
            eprintln!("socklab: {what}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(what)) => {
            eprintln!("socklab: {what}");
            ExitCode::from(2)
        }
    }
}

fn gui(context: &Context, lang: Option<Lang>, recording: Option<&Path>) -> Outcome {
    if let Some(folder) = &context.lessons
        && !folder.is_dir()
    {
        return Err(Failure::Usage(
            text::NO_SUCH_FOLDER.fill(context.lang, &[("folder", &folder.display())]),
        ));
    }
    crate::ui::lab::open_window(lang, context.lessons.as_deref(), recording)
        .map_err(|why| Failure::Failed(text::NO_DISPLAY.fill(context.lang, &[("why", &why)])))
}

/// Standard output, buffered.
fn output() -> impl Write {
    std::io::BufWriter::new(std::io::stdout().lock())
}
