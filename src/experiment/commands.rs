//! Commands that a lesson's server runs for its client: a fixed list, and no shell.
//!
//! What comes over the network chooses a row of [`Command::ALL`] or nothing. No part of it becomes an
//! argument, a path, a variable of the environment or a line of a shell. What runs is bounded in
//! time and output, reads nothing, and ends when the run is stopped.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Bytes kept of each of the two outputs.
pub const MOST_OUTPUT: usize = 64 * 1024;

/// How long a command may run.
pub const MOST_TIME: Duration = Duration::from_secs(5);

/// Folders in which the programs are looked for.
const FOLDERS: [&str; 2] = ["/bin", "/usr/bin"];

/// How often it is asked whether a command has ended.
const ASK: Duration = Duration::from_millis(5);

/// A command of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// What a client sends to have it run: these bytes, and no others.
    pub line: &'static str,
    /// The program and its arguments.
    pub argv: &'static [&'static str],
}

const ALL: [Command; 6] = [
    Command {
        line: "date",
        argv: &["date", "-u"],
    },
    Command {
        line: "uname",
        argv: &["uname", "-s", "-m"],
    },
    Command {
        line: "ls",
        argv: &["ls", "-l", "/"],
    },
    Command {
        line: "ls nowhere",
        argv: &["ls", "/nowhere"],
    },
    Command {
        line: "seq 1000",
        argv: &["seq", "1", "1000"],
    },
    Command {
        line: "echo done",
        argv: &["echo", "done"],
    },
];

/// What a command has left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) out: Vec<u8>,
    pub(super) err: Vec<u8>,
    /// `None`: a signal has ended it.
    pub(super) exit: Option<i32>,
    /// Why there is not all of it: a code of `Detail::Ran`.
    pub(super) cut: &'static str,
}

impl Command {
    /// All of them.
    pub const ALL: [Command; 6] = ALL;

    /// The command that a line asks for: white space around it does not count, anything else does.
    ///
    /// ```
    /// use socklab::experiment::commands::Command;
    /// assert!(Command::asked(b"date\n").is_some());
    /// assert!(Command::asked(b"date; rm -rf /").is_none());
    /// ```
    pub fn asked(line: &[u8]) -> Option<Command> {
        let line = line.trim_ascii();
        ALL.into_iter()
            .find(|command| command.line.as_bytes() == line)
    }

    /// Where its program is on this computer: an absolute path, whatever `PATH` says.
    pub fn program(&self) -> Option<String> {
        FOLDERS
            .iter()
            .map(|folder| format!("{folder}/{}", self.argv[0]))
            .find(|path| Path::new(path).is_file())
    }
}

/// The answer to a line that is not on the list.
pub(super) fn not_on_the_list(line: &[u8]) -> Output {
    let names: Vec<&str> = ALL.iter().map(|command| command.line).collect();
    let shown = line.trim_ascii();
    let shown = &shown[..shown.len().min(200)];
    Output {
        err: format!(
            "not on the list: {}\non the list: {}\n",
            shown.escape_ascii(),
            names.join(", ")
        )
        .into_bytes(),
        exit: Some(127),
        cut: "not-on-the-list",
        ..Output::default()
    }
}

/// Runs a command of the list to its end, or until `stopped` says so; `wait` takes the time
/// between two looks.
///
/// # Errors
/// The system gives no process, or there is no such program here.
pub(super) fn run(
    command: Command,
    wait: &mut dyn FnMut(Duration) -> bool,
) -> std::io::Result<Option<Output>> {
    let Some(program) = command.program() else {
        return Ok(Some(built_in(command)));
    };
    let mut child = std::process::Command::new(program)
        .args(&command.argv[1..])
        .env_clear()
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().map(reader);
    let err = child.stderr.take().map(reader);
    let (exit, ended) = watch(&mut child, wait);
    let (out, more) = out.map(collected).unwrap_or_default();
    let (err, still_more) = err.map(collected).unwrap_or_default();
    Ok(match ended {
        Ended::Stopped => None,
        Ended::Late => Some(Output {
            out,
            err,
            exit,
            cut: "too-slow",
        }),
        Ended::ByItself => Some(Output {
            out,
            err,
            exit,
            cut: if more || still_more { "too-long" } else { "" },
        }),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    ByItself,
    Late,
    Stopped,
}

fn watch(child: &mut Child, wait: &mut dyn FnMut(Duration) -> bool) -> (Option<i32>, Ended) {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return (status.code(), Ended::ByItself),
            Ok(None) => {}
            Err(_) => return (None, Ended::ByItself),
        }
        let ended = if !wait(ASK) {
            Ended::Stopped
        } else if begun.elapsed() > MOST_TIME {
            Ended::Late
        } else {
            continue;
        };
        // It may have ended by itself this moment; either way it is gone after these two.
        let _ = child.kill();
        let _ = child.wait();
        return (None, ended);
    }
}

type Reading = std::thread::JoinHandle<(Vec<u8>, bool)>;

/// Reads up to the bound; a program that writes more then meets a closed pipe.
fn reader(pipe: impl Read + Send + 'static) -> Reading {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut bounded = pipe.take(MOST_OUTPUT as u64 + 1);
        // What cannot be read is not there.
        let _ = bounded.read_to_end(&mut bytes);
        let more = bytes.len() > MOST_OUTPUT;
        bytes.truncate(MOST_OUTPUT);
        (bytes, more)
    })
}

fn collected(reading: Reading) -> (Vec<u8>, bool) {
    reading.join().unwrap_or_default()
}

/// What stands in where a system has no such program.
fn built_in(command: Command) -> Output {
    let text = match command.line {
        "date" => format!("{}\n", super::clock::now()),
        "uname" => format!("{} {}\n", std::env::consts::OS, std::env::consts::ARCH),
        "seq 1000" => (1..=1000).fold(String::new(), |mut text, n| {
            // Writing to a String does not fail.
            let _ = writeln!(text, "{n}");
            text
        }),
        "echo done" => "done\n".to_owned(),
        "ls" => listed(Path::new("/")),
        _ => {
            return Output {
                err: b"ls: cannot access '/nowhere': No such file or directory\n".to_vec(),
                exit: Some(2),
                ..Output::default()
            };
        }
    };
    Output {
        out: text.into_bytes(),
        exit: Some(0),
        ..Output::default()
    }
}

fn listed(folder: &Path) -> String {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(format!("{}\n", entry.ok()?.file_name().to_string_lossy())))
        .take(1000)
        .collect();
    names.sort();
    names.concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn patient(_: Duration) -> bool {
        std::thread::sleep(Duration::from_millis(1));
        true
    }

    fn ran(line: &str) -> Output {
        let command = Command::asked(line.as_bytes()).unwrap();
        run(command, &mut patient).unwrap().unwrap()
    }

    #[test]
    fn what_is_on_the_list_runs() {
        assert_eq!(ran("echo done").out, b"done\n");
        assert_eq!(ran("seq 1000").out.len(), 3893);
        let failed = ran("ls nowhere");
        assert!(failed.out.is_empty() && failed.exit != Some(0));
        assert!(String::from_utf8_lossy(&failed.err).contains("nowhere"));
        for command in Command::ALL {
            let built_in = built_in(command);
            assert_eq!(built_in.exit == Some(0), command.line != "ls nowhere");
            assert!(!(built_in.out.is_empty() && built_in.err.is_empty()));
        }
    }

    #[test]
    fn a_stop_ends_it_and_leaves_no_process() {
        let forever = Command {
            line: "",
            argv: &["sleep", "1000"],
        };
        if forever.program().is_none() {
            return;
        }
        let mut looks = 0;
        let stopped = run(forever, &mut |_| {
            looks += 1;
            looks < 3
        });
        assert_eq!(stopped.unwrap(), None);
    }

    #[test]
    fn an_endless_output_is_cut() {
        let endless = Command {
            line: "",
            argv: &["yes"],
        };
        if endless.program().is_none() {
            return;
        }
        let output = run(endless, &mut patient).unwrap().unwrap();
        assert_eq!((output.out.len(), output.cut), (MOST_OUTPUT, "too-long"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Whatever comes: it is a line of the list, letter by letter, or nothing runs.
        #[test]
        fn nothing_beyond_the_list_is_ever_found(
            mut line in proptest::collection::vec(any::<u8>(), 0..40),
            known in 0..ALL.len(),
            at in 0..40_usize,
            hostile in prop_oneof![
                Just(""), Just(";"), Just("&&"), Just("|"), Just("\n"), Just("`"), Just("$(id)"),
                Just(" /etc"), Just("\0"), Just("../"), Just("-"), Just(" "),
            ],
            mutates in any::<bool>(),
        ) {
            if mutates {
                let known = ALL[known].line;
                let at = at.min(known.len());
                line = [&known.as_bytes()[..at], hostile.as_bytes(), &known.as_bytes()[at..]].concat();
            }
            if let Some(command) = Command::asked(&line) {
                prop_assert_eq!(command.line.as_bytes(), line.trim_ascii());
                prop_assert!(ALL.contains(&command));
            } else {
                prop_assert!(ALL.iter().all(|c| c.line.as_bytes() != line.trim_ascii()));
                let answer = not_on_the_list(&line);
                prop_assert_eq!(answer.exit, Some(127));
                prop_assert!(answer.err.is_ascii() && answer.err.len() < 1200);
            }
        }
    }
}
