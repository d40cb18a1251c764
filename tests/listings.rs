//! The programs of the code pane, of every lesson: they compile without a warning, they run as they stand, and
//! they speak with each other and with the lab.

mod ports;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ports::free_port;
use socklab::experiment::codegen::{self, CodeContext, Language, Listing, MessageList, Place};
use socklab::experiment::program::{Address, Node, Num, Op, Text};
use socklab::experiment::{Mode, Run};
use socklab::i18n::Lang;
use socklab::lesson::{ActorDef, Catalogue, Lesson, Settings};
use socklab::trace::{ActorId, Call, Kind, Mark, Role, Trace, flag};

const PATIENCE: Duration = Duration::from_secs(40);

// ---------------------------------------------------------------- what is not proven, and why

/// Lessons whose programs, as the lesson begins, wait for each other for ever.
const HANGS: &[&str] = &["deadlock"];

/// Settings with which lessons are run beside those they begin with: for calls that are made only so.
const MORE: &[(&str, &[(&str, &str)])] = &[
    ("deadlock", &[("client_first", "true")]),
    (
        "deadlock",
        &[("nonblocking", "true"), ("client_timeout", "500")],
    ),
    ("what-is-a-socket", &[("twice", "true")]),
    ("delimiter", &[("by_file", "true")]),
    ("delimiter", &[("by_file", "true"), ("lines", "2")]),
    ("length-prefix", &[("by_hand", "true")]),
];

/// What these programs print hangs on more than what they receive.
const PRINTS_VARY: &[(&str, &str)] = &[
    ("echo-time", "the time stands in every answer"),
    (
        "remote-command",
        "what the commands print is the computer's",
    ),
];

/// What comes from several clients at once is printed in no certain order.
const ORDER_VARIES: &[&str] = &["many-clients", "mini-ftp"];

/// What is received here comes in the same pieces every time, whatever the kernel does.
const SAME_PIECES: &[&str] = &[
    "delimiter",
    "fixed-size",
    "length-prefix",
    "length-ack",
    "header-dict",
];

/// The lab does not play a part beside programs from outside here.
const NOT_WITH_THE_LAB: &[(&str, &str)] = &[
    (
        "what-is-a-socket",
        "its two programs do not speak with each other",
    ),
    (
        "unix-sockets",
        "the files of its sockets stand in the run's own folder, which is nobody else's",
    ),
];

fn reason(list: &[(&str, &'static str)], lesson: &str) -> Option<&'static str> {
    list.iter()
        .find(|(id, _)| *id == lesson)
        .map(|(_, why)| *why)
}

#[test]
fn what_is_not_proven_is_said_of_lessons_that_exist() {
    let ids: BTreeSet<String> = lessons().iter().map(|l| l.id.clone()).collect();
    let named = MORE.iter().map(|(id, _)| *id).chain(HANGS.iter().copied());
    let lists = PRINTS_VARY.iter().chain(NOT_WITH_THE_LAB);
    for id in named
        .chain(lists.map(|(id, _)| *id))
        .chain(ORDER_VARIES.iter().copied())
        .chain(SAME_PIECES.iter().copied())
    {
        assert!(ids.contains(id), "there is no lesson {id}");
    }
    // Whatever is added to the lists is to be noticed.
    let named = [
        HANGS.len(),
        PRINTS_VARY.len(),
        ORDER_VARIES.len(),
        NOT_WITH_THE_LAB.len(),
    ];
    assert_eq!(named, [1, 2, 2, 2]);
}

// ---------------------------------------------------------------- listings

fn lessons() -> Vec<Arc<Lesson>> {
    Catalogue::load_embedded().lessons
}

/// A lesson and the settings that its programs are made with.
struct Trial {
    lesson: Arc<Lesson>,
    settings: Settings,
    /// Good as a part of a file's name, and unlike all others'.
    name: String,
}

/// What is run: every lesson as it begins, and [`MORE`].
fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for lesson in lessons() {
        let more = MORE.iter().filter(|(id, _)| *id == lesson.id);
        let begins = (!HANGS.contains(&&*lesson.id)).then_some(&[][..]);
        for (at, set) in begins
            .into_iter()
            .chain(more.map(|(_, set)| *set))
            .enumerate()
        {
            let mut settings = Settings::defaults(&lesson);
            for (name, value) in set {
                settings.set(&lesson, name, value).expect("a setting");
            }
            trials.push(Trial {
                lesson: lesson.clone(),
                settings,
                name: format!("{}_{at}", lesson.id.replace('-', "_")),
            });
        }
    }
    trials
}

/// The settings of a lesson's beginning, and those of each of its steps.
fn all_settings(lesson: &Lesson) -> Vec<Settings> {
    let mut now = Settings::defaults(lesson);
    let mut all = vec![now.clone()];
    for step in &lesson.steps {
        if step.restart {
            now = Settings::defaults(lesson);
        }
        now.apply(&step.set);
        all.push(now.clone());
    }
    all
}

fn listing(
    lesson: &Lesson,
    actor: &ActorDef,
    settings: &Settings,
    language: Language,
    port: u16,
) -> Listing {
    let messages = lesson.messages.resolve(settings);
    let listens = |name: &str| {
        let actor = lesson.actors.iter().find(|a| a.name == name)?;
        Some(match actor.program.bound_path() {
            Some(path) => Place::Path(path.to_owned()),
            None if actor.role == Role::Server => Place::Host("127.0.0.1".to_owned(), port),
            None => return None,
        })
    };
    let context = CodeContext {
        lang: Lang::En,
        actor: &actor.name,
        value: &|name| settings.get(name).map(ToString::to_string),
        place: &listens,
        framing: &settings.framing,
        limit: lesson.frame_limit(settings),
        messages: MessageList {
            texts: messages.texts(),
            count: messages.count(),
            size: messages.size(),
            numbered: messages.numbered(),
        },
    };
    codegen::generate(language, &actor.program, &context)
}

impl Trial {
    fn listing(&self, actor: &ActorDef, language: Language, port: u16) -> String {
        listing(&self.lesson, actor, &self.settings, language, port).to_string()
    }
}

/// Every listing of every step, without those that are the same text. The comments are Chinese:
/// that is more to go wrong.
fn every_listing(language: Language) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut texts = BTreeSet::new();
    for lesson in lessons() {
        for (at, settings) in all_settings(&lesson).iter().enumerate() {
            for actor in &lesson.actors {
                let listing = listing(&lesson, actor, settings, language, 5000);
                let unsaid = listing.unsaid(language);
                assert!(
                    unsaid.is_empty(),
                    "{}/{}: {unsaid:?}",
                    lesson.id,
                    actor.name
                );
                let text = listing.said_in(language, Lang::Zh).to_string();
                if texts.insert(text.clone()) {
                    let name = format!("{}_{}_{at}", lesson.id.replace('-', "_"), actor.name);
                    all.insert(name, text);
                }
            }
        }
    }
    all
}

fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        println!("skipped: no {tool} here");
    }
    found
}

#[test]
fn the_python_of_every_step_is_python() {
    if !has("python3") {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let all = every_listing(Language::Python);
    assert!(all.len() > 100, "{}", all.len());
    for (name, text) in &all {
        std::fs::write(dir.path().join(format!("{name}.py")), text).expect("room");
    }
    let code = "import sys, pathlib\n\
        for f in pathlib.Path(sys.argv[1]).iterdir(): compile(f.read_text('utf-8'), f.name, 'exec')";
    let out = Command::new("python3")
        .args(["-W", "error", "-I", "-c", code])
        .arg(dir.path())
        .output()
        .expect("python3");
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{error}");
}

fn compile_c(dir: &Path, name: &str, text: &str) -> PathBuf {
    let (source, program) = (dir.join(format!("{name}.c")), dir.join(name));
    std::fs::write(&source, text).expect("room");
    let out = Command::new("cc")
        .args(["-std=gnu11", "-Wall", "-Werror", "-pthread", "-o"])
        .args([&program, &source])
        .output()
        .expect("cc");
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{name}: {error}\n{text}");
    program
}

#[test]
fn the_c_of_every_step_compiles_without_a_warning() {
    if !has("cc") {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let all = every_listing(Language::C);
    assert!(all.len() > 100, "{}", all.len());
    // Not to the end: they are linked where they are run.
    for (name, text) in &all {
        let source = dir.path().join(format!("{name}.c"));
        std::fs::write(&source, text).expect("room");
        let out = Command::new("cc")
            .args(["-std=gnu11", "-Wall", "-Werror", "-S", "-o", "/dev/null"])
            .arg(&source)
            .output()
            .expect("cc");
        let error = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{name}: {error}\n{text}");
    }
}

/// The crate `socket2` as it was built for these tests, from the lab's own lock file.
fn socket2() -> Option<(PathBuf, PathBuf)> {
    let deps = std::env::current_exe().ok()?.parent()?.to_owned();
    let newest = std::fs::read_dir(&deps)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libsocket2-") && name.ends_with(".rlib")
        })
        .max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok())?;
    Some((newest, deps))
}

/// One program with all of these in it, each a module; its first argument says which one runs.
fn compile_rust(dir: &Path, all: &BTreeMap<String, String>, link: bool) -> Option<PathBuf> {
    let Some((socket2, deps)) = socket2() else {
        println!("skipped: socket2 is not where it was expected");
        return None;
    };
    let mut main = String::new();
    let mut choices = String::new();
    for (name, text) in all {
        let run = "\npub fn run() -> io::Result<()> {\n    main()\n}\n";
        std::fs::write(dir.join(format!("{name}.rs")), format!("{text}{run}")).expect("room");
        let _ = writeln!(main, "#[path = \"{name}.rs\"]\nmod {name};");
        let _ = writeln!(choices, "        \"{name}\" => {name}::run(),");
    }
    let _ = write!(
        main,
        "fn main() -> std::io::Result<()> {{\n    match &*std::env::args().nth(1).unwrap() {{\n{choices}        _ => panic!(),\n    }}\n}}\n"
    );
    let (source, program) = (dir.join("all.rs"), dir.join("all"));
    std::fs::write(&source, main).expect("room");
    let out = Command::new("rustc")
        .args([
            "--edition=2024",
            "-Dwarnings",
            // A variable declared early, since it is used outside the loop that assigns it.
            "-Aunused-assignments",
            "--crate-type=bin",
            if link {
                "--emit=link"
            } else {
                "--emit=metadata"
            },
        ])
        .arg(format!("--extern=socket2={}", socket2.display()))
        .arg(format!("-Ldependency={}", deps.display()))
        .arg("-o")
        .args([&program, &source])
        .output()
        .expect("rustc");
    let error = String::from_utf8_lossy(&out.stderr);
    if error.contains("E0514") || error.contains("E0460") {
        println!("skipped: socket2 was built by another compiler");
        return None;
    }
    assert!(out.status.success(), "{error}");
    Some(program)
}

#[test]
fn the_rust_of_every_step_compiles_without_a_warning() {
    if !has("rustc") {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let all = every_listing(Language::Rust);
    assert!(all.len() > 100, "{}", all.len());
    compile_rust(dir.path(), &all, false);
}

// ---------------------------------------------------------------- programs that run

/// A program under way, which ends with the test.
struct Child {
    process: std::process::Child,
    out: Option<std::thread::JoinHandle<Vec<u8>>>,
    err: Option<std::thread::JoinHandle<Vec<u8>>>,
}

/// What one has left.
struct Left {
    succeeded: bool,
    printed: Vec<u8>,
    error: String,
}

impl std::fmt::Debug for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let printed = String::from_utf8_lossy(&self.printed);
        write!(f, "[{}, {printed:?}, {}]", self.succeeded, self.error)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads the pipe to its end, beside the test.
fn reader(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        let _ = pipe.read_to_end(&mut all);
        all
    })
}

impl Child {
    /// Starts it in a folder of its own and types the lines.
    fn start(command: &mut Command, dir: &Path, typed: &[String]) -> Self {
        let mut process = command
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = process.stdin.take().expect("a pipe");
        // One that has ended early reads no more.
        let _ = stdin.write_all(
            typed
                .iter()
                .fold(String::new(), |all, l| all + l + "\n")
                .as_bytes(),
        );
        drop(stdin);
        let out = process.stdout.take().map(reader);
        let err = process.stderr.take().map(reader);
        Child { process, out, err }
    }

    fn left(mut self, what: &str) -> Left {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.process.try_wait().expect("it is ours") {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "{what} does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        let all = |pipe: Option<std::thread::JoinHandle<Vec<u8>>>| {
            pipe.and_then(|pipe| pipe.join().ok()).unwrap_or_default()
        };
        Left {
            succeeded: status.success(),
            printed: all(self.out.take()),
            error: String::from_utf8_lossy(&all(self.err.take())).into_owned(),
        }
    }
}

/// What is typed where the lesson's program asks a person.
fn typed(actor: &ActorDef, settings: &Settings) -> Vec<String> {
    let mut typed = Vec::new();
    actor.program.walk(&mut |node| {
        if let Op::Prompt { lines, .. } = &node.op {
            typed.extend(lines.iter().map(|line| match line {
                Text::Lit(line) => line.clone(),
                Text::Param(name) => settings.text(name).unwrap_or_default().to_owned(),
            }));
        }
    });
    typed
}

/// How others see that a server is ready.
enum Ready {
    /// A TCP socket listens at the port.
    Listens,
    /// A UDP socket is bound to it.
    Bound,
    /// A file of that name stands in its folder and, for a stream, somebody listens there.
    File(String, bool),
    /// It serves nobody.
    AtOnce,
}

/// The operations as they are run with these settings: without the bodies of a `when` that is off.
fn each_that_runs(nodes: &[Node], settings: &Settings, visit: &mut dyn FnMut(&Op)) {
    for node in nodes {
        if let Op::When { on, wanted, .. } = &node.op {
            let on = match on {
                Num::Lit(n) => *n,
                Num::Param(name) => settings.int(name).unwrap_or(0),
            };
            if (on != 0) != *wanted {
                continue;
            }
        }
        visit(&node.op);
        each_that_runs(node.op.body(), settings, visit);
    }
}

fn ready(actor: &ActorDef, settings: &Settings) -> Ready {
    let (mut binds, mut listens) = (false, false);
    let mut path = None;
    each_that_runs(&actor.program.nodes, settings, &mut |op| match op {
        Op::Bind { to, .. } => {
            binds |= matches!(to, Address::Host { .. });
            if let Address::Path(file) = to {
                path.get_or_insert_with(|| file.clone());
            }
        }
        Op::Listen { .. } => listens = true,
        _ => {}
    });
    match (path, binds, listens) {
        (Some(path), ..) => Ready::File(path, listens),
        (_, true, true) => Ready::Listens,
        (_, true, false) => Ready::Bound,
        _ => Ready::AtOnce,
    }
}

impl Ready {
    /// Looks at the system's tables (`man 5 proc`): to connect would be seen by the server.
    fn is(&self, dir: &Path, port: u16, process: u32) -> bool {
        let table =
            |name: &str| std::fs::read_to_string(format!("/proc/net/{name}")).unwrap_or_default();
        let address = format!("0100007F:{port:04X}");
        match self {
            Ready::AtOnce => true,
            Ready::Listens => table("tcp").lines().any(|line| {
                let mut words = line.split_whitespace().skip(1);
                words.next() == Some(&address) && words.nth(1) == Some("0A")
            }),
            Ready::Bound => table("udp")
                .lines()
                .any(|line| line.split_whitespace().nth(1) == Some(&address)),
            Ready::File(name, false) => dir.join(name).exists(),
            Ready::File(..) => {
                let own = open_sockets(process);
                table("unix").lines().any(|line| {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    // __SO_ACCEPTCON: it listens.
                    words.get(3) == Some(&"00010000")
                        && words.get(6).is_some_and(|inode| own.contains(*inode))
                })
            }
        }
    }

    fn wait(&self, dir: &Path, port: u16, child: &mut Child, what: &str) {
        let start = Instant::now();
        loop {
            // Looked at before the last look at the tables.
            let ended = child.process.try_wait().expect("it is ours");
            if self.is(dir, port, child.process.id()) {
                return;
            }
            if ended.is_some() {
                let error = child.err.take().and_then(|pipe| pipe.join().ok());
                let error = error.unwrap_or_default();
                let error = String::from_utf8_lossy(&error);
                panic!("{what} has ended and was not seen ready: {error}");
            }
            assert!(start.elapsed() < PATIENCE, "{what} is never ready");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The inodes of a process's sockets.
fn open_sockets(process: u32) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{process}/fd")) else {
        return BTreeSet::new();
    };
    entries
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            let link = link.to_string_lossy().into_owned();
            Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
        })
        .collect()
}

/// The bytes that a program of these listings says it has received: Python's `b'…'` as what they
/// are, wherever one stands (threads print into each other's lines), Rust's escapes too, C's as they
/// stand; without line ends, which stand between them.
fn data(language: Language, printed: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(printed);
    let mut data = match language {
        Language::Python => literals(&text).flat_map(unescaped).collect(),
        Language::Rust => text.lines().flat_map(unescaped).collect(),
        Language::C => text.as_bytes().to_vec(),
    };
    data.retain(|byte| !matches!(byte, b'\n' | b'\r' | 0));
    data
}

/// What stands between the quotes of Python's bytes.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let single = rest.find("b'").unwrap_or(rest.len());
        let double = rest.find("b\"").unwrap_or(rest.len());
        let begin = rest.get(single.min(double) + 2..)?;
        let quote = if single < double { b'\'' } else { b'"' };
        let mut escaped = false;
        let end = begin.bytes().position(|byte| {
            let ends = byte == quote && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        rest = &begin[end + 1..];
        Some(&begin[..end])
    })
}

/// As [`data`] of what Python has printed, each piece up to its first zero: printf of C goes no further.
fn up_to_zeros(printed: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(printed);
    let mut data: Vec<u8> = literals(&text)
        .flat_map(|piece| unescaped(piece).into_iter().take_while(|&byte| byte != 0))
        .collect();
    data.retain(|byte| !matches!(byte, b'\n' | b'\r'));
    data
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'0') => bytes.push(0),
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.extend(u8::from_str_radix(&digits, 16));
            }
            other => bytes.extend(other),
        }
    }
    bytes
}

/// Does `all` hold the bytes of `part`, in this order if it is certain, whatever stands between them?
fn holds(lesson: &Lesson, mut all: Vec<u8>, mut part: Vec<u8>) -> bool {
    if ORDER_VARIES.contains(&&*lesson.id) {
        all.sort_unstable();
        part.sort_unstable();
    }
    let mut rest = all.iter();
    part.iter().all(|byte| rest.any(|other| other == byte))
}

/// Is that the same?
fn same(lesson: &Lesson, mut one: Vec<u8>, mut other: Vec<u8>) -> bool {
    if ORDER_VARIES.contains(&&*lesson.id) {
        one.sort_unstable();
        other.sort_unstable();
    }
    one == other
}

/// Makes the command that runs an actor's program.
type Make<'a> = &'a dyn Fn(&Trial, &ActorDef, u16) -> Command;

fn in_python(dir: &Path) -> impl Fn(&Trial, &ActorDef, u16) -> Command {
    move |trial, actor, port| {
        let path = dir.join(format!("{}-{}-{port}.py", trial.name, actor.name));
        let text = trial.listing(actor, Language::Python, port);
        std::fs::write(&path, text).expect("room");
        let mut command = Command::new("python3");
        // What is printed is there also when another ends it.
        command.args(["-I", "-u"]).arg(path);
        command
    }
}

/// Where the actor's program runs: in a folder of its own, for it may write files, unless sockets
/// stand in it.
fn folder_of(lesson: &Lesson, actor: &ActorDef, dir: &Path) -> PathBuf {
    if lesson
        .actors
        .iter()
        .any(|actor| actor.program.bound_path().is_some())
    {
        return dir.to_owned();
    }
    let folder = dir.join(&actor.name);
    std::fs::create_dir_all(&folder).expect("room");
    folder
}

/// All parts played by these programs: what each has left.
fn together(trial: &Trial, port: u16, make: Make<'_>) -> Vec<Left> {
    let dir = tempfile::tempdir().expect("a folder");
    let Trial {
        lesson, settings, ..
    } = trial;
    let mut order: Vec<usize> = (0..lesson.actors.len()).collect();
    order.sort_by_key(|&at| lesson.actors[at].role != Role::Server);
    let mut running: Vec<Option<Child>> = (0..lesson.actors.len()).map(|_| None).collect();
    for at in order {
        let actor = &lesson.actors[at];
        let typed = typed(actor, settings);
        let mut command = make(trial, actor, port);
        let folder = folder_of(lesson, actor, dir.path());
        let mut child = Child::start(&mut command, &folder, &typed);
        if actor.role == Role::Server {
            ready(actor, settings).wait(&folder, port, &mut child, &lesson.id);
        }
        running[at] = Some(child);
    }
    let all = running.into_iter().flatten().zip(&lesson.actors);
    all.map(|(child, actor)| child.left(&format!("{} of {}", actor.name, lesson.id)))
        .collect()
}

/// What Python's programs print among themselves, by lesson and actor; run once for all tests.
fn python_alone(trial: &Trial) -> Vec<Left> {
    let dir = tempfile::tempdir().expect("a folder");
    together(trial, free_port(), &in_python(dir.path()))
}

/// Does `what` for every lesson, several at a time; says all that went wrong.
fn for_every_lesson(what: impl Fn(&Trial) -> Result<(), String> + Sync) {
    let trials = trials();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(trial) = trials.get(at) else {
                        break;
                    };
                    let result =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| what(trial)));
                    let why = match result {
                        Ok(Ok(())) => continue,
                        Ok(Err(why)) => why,
                        Err(_) => "see above".to_owned(),
                    };
                    failed
                        .lock()
                        .expect("no test panics with it")
                        .push(format!("{}: {why}", trial.name));
                }
            });
        }
    });
    let failed = failed.into_inner().expect("all are done");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The other languages' programs do what Python's do: they end as those end, having received the
/// same.
fn as_in_python(
    trial: &Trial,
    language: Language,
    port: u16,
    make: Make<'_>,
) -> Result<(), String> {
    let lesson = &trial.lesson;
    let python = python_alone(trial);
    let other = together(trial, port, make);
    for ((actor, python), other) in lesson.actors.iter().zip(&python).zip(&other) {
        let name = &actor.name;
        if python.succeeded != other.succeeded {
            return Err(format!("{name} ends otherwise: {python:?} {other:?}"));
        }
        let mut expected = data(Language::Python, &python.printed);
        if language == Language::C {
            expected = up_to_zeros(&python.printed);
        }
        let got = data(language, &other.printed);
        if reason(PRINTS_VARY, &lesson.id).is_none() && !holds(lesson, got, expected) {
            return Err(format!(
                "{name} received something else: {python:?} {other:?}"
            ));
        }
        if SAME_PIECES.contains(&&*lesson.id) && !same_pieces(language, python, other) {
            return Err(format!(
                "{name} received other pieces: {python:?} {other:?}"
            ));
        }
    }
    Ok(())
}

/// Does the other program print each of Python's pieces by itself, in the same order?
fn same_pieces(language: Language, python: &Left, other: &Left) -> bool {
    let python = String::from_utf8_lossy(&python.printed);
    let other = String::from_utf8_lossy(&other.printed);
    let mut rest = &other[..];
    literals(&python).all(|piece| {
        let mut line = match language {
            Language::C => unescaped(piece)
                .into_iter()
                .take_while(|&byte| byte != 0)
                .map(char::from)
                .collect(),
            Language::Python | Language::Rust => piece.to_owned(),
        };
        line.push('\n');
        let found = rest.find(&line);
        rest = found.map_or("", |at| &rest[at + line.len()..]);
        found.is_some()
    })
}

#[cfg(target_os = "linux")]
#[test]
fn every_lessons_c_programs_run_as_its_python_programs_do() {
    if !has("python3") || !has("cc") {
        return;
    }
    for_every_lesson(|trial| {
        let dir = tempfile::tempdir().expect("a folder");
        let port = free_port();
        as_in_python(trial, Language::C, port, &|trial, actor, port| {
            let text = trial.listing(actor, Language::C, port);
            Command::new(compile_c(dir.path(), &actor.name, &text))
        })
    });
}

#[cfg(target_os = "linux")]
#[test]
fn every_lessons_rust_programs_run_as_its_python_programs_do() {
    if !has("python3") || !has("rustc") {
        return;
    }
    // All are compiled at once, so the port is known before.
    let dir = tempfile::tempdir().expect("a folder");
    let mut all = BTreeMap::new();
    let mut ports = BTreeMap::new();
    let name = |trial: &Trial, actor: &ActorDef| format!("{}_{}", trial.name, actor.name);
    for trial in trials() {
        let port = free_port();
        for actor in &trial.lesson.actors {
            let text = trial.listing(actor, Language::Rust, port);
            all.insert(name(&trial, actor), text);
        }
        ports.insert(trial.name, port);
    }
    let Some(program) = compile_rust(dir.path(), &all, true) else {
        return;
    };
    for_every_lesson(|trial| {
        let port = ports[&trial.name];
        as_in_python(trial, Language::Rust, port, &|trial, actor, _| {
            let mut command = Command::new(&program);
            command.arg(name(trial, actor));
            command
        })
    });
}

// ---------------------------------------------------------------- beside the lab

const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

/// A run in which the parts of these actors are played from outside.
fn lab(trial: &Trial, port: u16, outside: &dyn Fn(&ActorDef) -> bool) -> Run {
    let (lesson, mut settings) = (&trial.lesson, trial.settings.clone());
    settings.capture.on = false;
    let external: Vec<bool> = lesson.actors.iter().map(outside).collect();
    let mut spec = lesson.run_spec(&settings, FREE, &external);
    spec.external_port = port;
    Run::start(&spec, Arc::new(|| {})).expect("threads")
}

fn finish(mut run: Run, what: &str) -> Trace {
    assert!(run.finish_within(PATIENCE), "{what}: {run:?}");
    run.into_trace()
}

/// Where the lab's server can be reached.
fn server_port(run: &mut Run, lesson: &Lesson) -> u16 {
    let server = lesson.actors.iter().position(|a| a.role == Role::Server);
    let server = ActorId(server.expect("a server") as u8);
    let start = Instant::now();
    loop {
        run.poll(Duration::from_millis(20));
        let sockets = run.trace().sockets();
        let port = sockets
            .iter()
            .find(|s| s.actor == server && (s.listening || s.kind == "SOCK_DGRAM"))
            .and_then(|s| s.local.as_deref()?.rsplit_once(':')?.1.parse().ok());
        if let Some(port) = port {
            return port;
        }
        assert!(start.elapsed() < PATIENCE, "{}: nobody listens", lesson.id);
        run.wait(Duration::from_millis(5));
    }
}

/// Bytes that the servers, or the clients, of a run have received.
fn received(lesson: &Lesson, trace: &Trace, servers: bool) -> u64 {
    (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| {
            // Threads that serve a connection come behind the lesson's actors.
            let actor = lesson.actors.get(usize::from(e.actor.0));
            let is_server = actor.is_none_or(|actor| actor.role == Role::Server);
            e.kind == Kind::Return && e.call().is_some_and(Call::receives) && is_server == servers
        })
        .filter(|e| e.b > 0 && !e.has(flag::PEEK))
        .map(|e| e.b as u64)
        .sum()
}

/// The Python programs of these actors have done as among themselves, and the lab's as among theirs.
fn as_alone(
    trial: &Trial,
    trace: &Trace,
    left: &[(usize, Left)],
    lab_serves: bool,
) -> Result<(), String> {
    let lesson = &trial.lesson;
    let python = python_alone(trial);
    for (at, left) in left {
        let (actor, python) = (&lesson.actors[*at].name, &python[*at]);
        if python.succeeded != left.succeeded {
            return Err(format!("{actor} ends otherwise: {python:?} {left:?}"));
        }
        let [one, other] = [left, python].map(|l| data(Language::Python, &l.printed));
        if reason(PRINTS_VARY, &lesson.id).is_none() && !same(lesson, one, other) {
            return Err(format!(
                "{actor} received something else: {python:?} {left:?}"
            ));
        }
    }
    let alone = finish(lab(trial, 0, &|_| false), &lesson.id);
    let [expected, got] = [&alone, trace].map(|t| received(lesson, t, lab_serves));
    if reason(PRINTS_VARY, &lesson.id).is_none() && expected != got {
        let ends: Vec<_> = (0..trace.len())
            .filter(|&i| trace.event(i).as_mark() == Some(Mark::ActorEnded))
            .map(|i| (trace.event(i).actor, trace.detail(i)))
            .collect();
        return Err(format!(
            "the lab received {got} bytes, not {expected}: {ends:?} {left:?}"
        ));
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn every_lessons_python_clients_speak_with_the_labs_server() {
    if !has("python3") {
        return;
    }
    for_every_lesson(|trial| {
        let lesson = &trial.lesson;
        if let Some(why) = reason(NOT_WITH_THE_LAB, &lesson.id) {
            println!("{} skipped: {why}", lesson.id);
            return Ok(());
        }
        let dir = tempfile::tempdir().expect("a folder");
        let mut run = lab(trial, 0, &|actor| actor.role != Role::Server);
        let port = server_port(&mut run, lesson);
        let make = in_python(dir.path());
        let clients: Vec<(usize, Child)> = lesson
            .actors
            .iter()
            .enumerate()
            .filter(|(_, actor)| actor.role != Role::Server)
            .map(|(at, actor)| {
                let mut command = make(trial, actor, port);
                let typed = typed(actor, &trial.settings);
                let folder = folder_of(lesson, actor, dir.path());
                (at, Child::start(&mut command, &folder, &typed))
            })
            .collect();
        let trace = finish(run, &lesson.id);
        let left: Vec<_> = clients
            .into_iter()
            .map(|(at, child)| (at, child.left(&lesson.id)))
            .collect();
        as_alone(trial, &trace, &left, true)
    });
}

#[cfg(target_os = "linux")]
#[test]
fn every_lessons_python_server_speaks_with_the_labs_clients() {
    if !has("python3") {
        return;
    }
    for_every_lesson(|trial| {
        let lesson = &trial.lesson;
        if let Some(why) = reason(NOT_WITH_THE_LAB, &lesson.id) {
            println!("{} skipped: {why}", lesson.id);
            return Ok(());
        }
        let dir = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let at = lesson.actors.iter().position(|a| a.role == Role::Server);
        let at = at.expect("a server");
        let actor = &lesson.actors[at];
        let mut command = in_python(dir.path())(trial, actor, port);
        let mut server = Child::start(&mut command, dir.path(), &typed(actor, &trial.settings));
        ready(actor, &trial.settings).wait(dir.path(), port, &mut server, &lesson.id);
        let run = lab(trial, port, &|actor| actor.role == Role::Server);
        let trace = finish(run, &lesson.id);
        let left = server.left(&lesson.id);
        as_alone(trial, &trace, &[(at, left)], false)
    });
}
