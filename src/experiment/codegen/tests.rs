//! Listings are run, by the languages' own tools, against each other.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use ports::free_port;

use super::*;
use crate::experiment::program::{Data, Family, How, Node, Op, SockOpt, SocketKind};

mod datagrams;
mod exchange;
mod files;
// Tests of the whole program use it, too.
#[path = "../../../tests/ports/mod.rs"]
mod ports;
mod serving;

const PATIENCE: Duration = Duration::from_secs(20);

fn lit(n: i64) -> Num {
    Num::Lit(n)
}

fn name(text: &str) -> String {
    text.to_owned()
}

fn socket(on: &str) -> Node {
    Op::Socket {
        name: name(on),
        family: Family::Inet,
        kind: SocketKind::Stream,
    }
    .into()
}

/// Accepts one client and prints the messages that come, by recv calls of `$size` bytes.
fn server(count: i64) -> Program {
    Program::new(vec![
        socket("server"),
        Op::SetOption {
            on: name("server"),
            option: SockOpt::ReuseAddr,
            value: lit(1),
        }
        .into(),
        Op::Bind {
            on: name("server"),
            to: Address::Host {
                host: Text::Lit(name("127.0.0.1")),
                port: lit(0),
            },
        }
        .into(),
        Op::Listen {
            on: name("server"),
            backlog: lit(5),
        }
        .into(),
        Op::Ready.into(),
        Op::Accept {
            on: name("server"),
            name: name("conn"),
        }
        .into(),
        Op::ReceiveMessages {
            on: name("conn"),
            size: Num::Param(name("size")),
            count: lit(count),
            swapped: Num::Lit(0),
        }
        .into(),
        Op::Close { on: name("conn") }.into(),
        Op::Close { on: name("server") }.into(),
    ])
}

/// Connects and sends its messages.
fn client() -> Program {
    Program::new(vec![
        socket("client"),
        Op::Connect {
            on: name("client"),
            to: Address::Actor(name("server")),
        }
        .into(),
        Op::ForEachMessage {
            body: vec![
                Op::SendAll {
                    on: name("client"),
                    data: Data::Message,
                }
                .into(),
            ],
        }
        .into(),
        Op::Close { on: name("client") }.into(),
    ])
}

/// Every operation, with variables used outside the block that assigns them, names that are
/// words of the languages, and decoders that last.
fn everything() -> Program {
    let on = || name("class");
    let to = |host: &str| Address::Host {
        host: Text::Lit(name(host)),
        port: lit(5000),
    };
    let mut nodes: Vec<Node> = vec![socket("class"), socket("listener")];
    nodes.push(
        Op::Socket {
            name: name("local"),
            family: Family::Unix,
            kind: SocketKind::Stream,
        }
        .into(),
    );
    nodes.push(
        Op::Socket {
            name: name("six"),
            family: Family::Inet6,
            kind: SocketKind::Datagram,
        }
        .into(),
    );
    for option in SockOpt::ALL {
        for value in [-1, 0, 1, 2500] {
            nodes.push(
                Op::SetOption {
                    on: on(),
                    option,
                    value: lit(value),
                }
                .into(),
            );
        }
        nodes.push(Op::GetOption { on: on(), option }.into());
    }
    let body = vec![
        Op::Accept {
            on: name("listener"),
            name: name("conn"),
        }
        .into(),
        Op::Loop {
            body: vec![
                Op::Recv {
                    on: name("conn"),
                    size: lit(16),
                    name: name("data"),
                    peek: false,
                }
                .into(),
                Op::BreakIfEmpty { name: name("data") }.into(),
                Op::Send {
                    on: name("conn"),
                    data: Data::Var(name("data")),
                }
                .into(),
                Op::ReceiveMessages {
                    on: name("conn"),
                    size: lit(7),
                    count: lit(1),
                    swapped: Num::Lit(0),
                }
                .into(),
            ],
        }
        .into(),
        Op::SendAll {
            on: name("conn"),
            data: Data::Var(name("data")),
        }
        .into(),
        Op::Close { on: name("conn") }.into(),
    ];
    nodes.extend(
        [
            Op::Bind {
                on: name("listener"),
                to: to(""),
            },
            Op::Bind {
                on: name("local"),
                to: Address::Path(name("chat.sock")),
            },
            Op::Bind {
                on: name("six"),
                to: to("::1"),
            },
            Op::Listen {
                on: name("listener"),
                backlog: lit(5),
            },
            Op::Connect {
                on: on(),
                to: to("localhost"),
            },
            Op::ConnectEx {
                on: on(),
                to: Address::Actor(name("nobody")),
            },
            Op::ConnectEx {
                on: on(),
                to: to("127.0.0.1"),
            },
            Op::Repeat {
                times: lit(2),
                body,
            },
            Op::Repeat {
                times: lit(2),
                body: vec![Op::Ready.into()],
            },
            Op::ForEachMessage {
                body: vec![
                    Op::Send {
                        on: on(),
                        data: Data::Message,
                    }
                    .into(),
                ],
            },
            Op::SendAll {
                on: on(),
                data: Data::Text(Text::Lit(name("say \"你好\"\0\n"))),
            },
            Op::Recv {
                on: on(),
                size: lit(100_000),
                name: name("for"),
                peek: true,
            },
            Op::RecvExactly {
                on: on(),
                size: lit(4),
                name: name("for"),
            },
            Op::RecvInto {
                on: on(),
                size: lit(4),
                name: name("held"),
            },
            Op::MakeFile {
                on: on(),
                name: name("file"),
            },
            Op::Repeat {
                times: lit(2),
                body: vec![
                    Op::ReadLine {
                        file: name("file"),
                        size: lit(80),
                        name: name("line"),
                    }
                    .into(),
                    Op::MakeFile {
                        on: on(),
                        name: name("other"),
                    }
                    .into(),
                ],
            },
            Op::ReadLine {
                file: name("other"),
                size: lit(80),
                name: name("line"),
            },
            Op::Duplicate {
                on: on(),
                name: name("dup"),
            },
            Op::Fileno { on: name("dup") },
            Op::RecvUntilEof {
                on: on(),
                size: lit(3),
            },
            Op::ReceiveMessages {
                on: on(),
                size: lit(3),
                count: lit(0),
                swapped: Num::Lit(0),
            },
            Op::Try {
                body: vec![
                    Op::Send {
                        on: on(),
                        data: Data::Text(Text::Lit("into the void".into())),
                    }
                    .into(),
                    Op::Recv {
                        on: on(),
                        size: lit(7),
                        name: name("late"),
                        peek: false,
                    }
                    .into(),
                ],
            },
            Op::SendMessage {
                on: on(),
                data: Data::Joined(vec![
                    Data::Text(Text::Lit(name("of my own "))),
                    Data::Var(name("for")),
                ]),
            },
            Op::ReceiveMessage {
                on: on(),
                size: lit(5),
                name: name("open"),
            },
            Op::RunCommand {
                line: name("open"),
                name: name("popen"),
            },
            Op::WhenReceived {
                name: name("open"),
                equals: vec![Text::Lit(name("put")), Text::Lit(name("送"))],
                body: vec![
                    Op::SendMessage {
                        on: on(),
                        data: Data::Var(name("popen")),
                    }
                    .into(),
                ],
            },
            Op::SendFile {
                on: on(),
                file: Text::Lit(name("every-byte.bin")),
                chunk: lit(100),
                pause: lit(5),
            },
            Op::SendFile {
                on: on(),
                file: Text::Lit(name("/some/\"where\".txt")),
                chunk: lit(1),
                pause: lit(0),
            },
            Op::ReceiveFile {
                on: on(),
                size: lit(7),
                name: Text::Lit(name("received.bin")),
                folder: Text::Lit(name("/tmp")),
                exact: lit(1),
            },
            Op::Shutdown {
                on: on(),
                how: How::Write,
            },
            Op::Sleep { ms: lit(1500) },
            Op::Wait {
                actor: name("client"),
                until: Until::Sent(lit(3)),
                ms: lit(20),
            },
            Op::SetTimeout {
                on: on(),
                ms: lit(-1),
            },
            Op::SetTimeout {
                on: on(),
                ms: lit(0),
            },
            Op::SetTimeout {
                on: on(),
                ms: lit(250),
            },
            Op::SetBlocking {
                on: on(),
                blocking: true,
            },
            Op::GetTimeout { on: on() },
            Op::GetSockName { on: on() },
            Op::GetPeerName { on: on() },
            Op::Fileno { on: on() },
            Op::Close { on: on() },
        ]
        .map(Node::from),
    );
    Program::new(nodes)
}

struct Setting<'a> {
    framing: FramingSpec,
    messages: MessageList<'a>,
    port: u16,
    size: usize,
    limit: usize,
}

impl Setting<'_> {
    fn listing(&self, language: Language, actor: &str, program: &Program) -> Listing {
        let listing = generate(
            language,
            program,
            &CodeContext {
                lang: Lang::En,
                actor,
                value: &|name| (name == "size").then(|| self.size.to_string()),
                place: &|name| {
                    (name == "server").then(|| Place::Host("127.0.0.1".to_owned(), self.port))
                },
                framing: &self.framing,
                limit: self.limit,
                messages: self.messages,
            },
        );
        assert!(
            listing.unsaid(language).is_empty(),
            "{:?}",
            listing.unsaid(language)
        );
        listing
    }

    /// What the messages are, by the definition of [`MessageList`].
    fn expected(&self) -> Vec<Vec<u8>> {
        let list = &self.messages;
        let message = |i: usize| {
            let mut text = list.texts[i % list.texts.len()].clone();
            if list.numbered {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&(i + 1).to_string());
            }
            let length = if list.size == 0 {
                text.len()
            } else {
                list.size
            };
            text.bytes().cycle().take(length).collect()
        };
        (0..list.count as usize).map(message).collect()
    }
}

fn specs() -> Vec<FramingSpec> {
    let mut specs = FramingSpec::choices();
    specs.push(FramingSpec::Delimiter {
        delimiter: b"'\"\\".to_vec(),
    });
    specs.push("length:u8:little".parse().unwrap());
    specs
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}

/// Is that tool here? If not, says so on the test's output.
fn has(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        println!("skipped: no {tool} here");
    }
    found
}

/// Ends the child, whatever becomes of the test.
struct Child(std::process::Child);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Child {
    fn start(command: &mut Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Child(child.spawn().unwrap())
    }

    /// Its output, which must fit into a pipe.
    fn output(mut self) -> Output {
        use std::io::Read as _;
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "a listing does not end");
            std::thread::sleep(Duration::from_millis(2));
        };
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let (out, err) = (self.0.stdout.take(), self.0.stderr.take());
        out.unwrap().read_to_end(&mut stdout).unwrap();
        err.unwrap().read_to_end(&mut stderr).unwrap();
        Output {
            status,
            stdout,
            stderr,
        }
    }
}

/// Runs both; the client is started again until the server listens. Returns what the server
/// printed.
fn converse(server: &mut Command, client: &mut Command) -> String {
    let server = Child::start(server);
    let start = Instant::now();
    loop {
        let ended = Child::start(client).output();
        if ended.status.success() {
            break;
        }
        let error = String::from_utf8_lossy(&ended.stderr).to_lowercase();
        assert!(error.contains("refused"), "{error}");
        assert!(start.elapsed() < PATIENCE, "the server never listens");
    }
    let ended = server.output();
    let error = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{error}");
    String::from_utf8(ended.stdout).unwrap()
}

fn write(dir: &Path, name: &str, listing: &Listing) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, listing.to_string()).unwrap();
    path
}

fn python(script: &Path) -> Command {
    let mut command = Command::new("python3");
    command.arg("-I").arg(script);
    command
}

fn compile_c(dir: &Path, name: &str, listing: &Listing) -> PathBuf {
    let source = write(dir, &format!("{name}.c"), listing);
    let program = dir.join(name);
    let out = Command::new("cc")
        .args(["-std=gnu11", "-Wall", "-Werror", "-o"])
        .args([&program, &source])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{error}\n{listing}");
    program
}

/// Python's `b'…'` of what a language other than Python prints as text.
fn repr(messages: &[Vec<u8>]) -> Vec<String> {
    let repr = |m: &Vec<u8>| format!("b'{}'", m.escape_ascii());
    messages.iter().map(repr).collect()
}

/// The framings' own flaw aside: some may join and split.
fn assert_printed(setting: &Setting<'_>, printed: &str, expected: &[String]) {
    let framing = &setting.framing;
    if framing.survives_any_cutting() {
        let printed: Vec<&str> = printed.lines().collect();
        assert_eq!(printed, expected, "{framing}");
        return;
    }
    // Nothing but the boundaries is wrong; behind the last mark that was seen nothing is shown.
    let mark = match framing {
        FramingSpec::EndMark { mark } => std::str::from_utf8(mark).unwrap(),
        _ => "\n",
    };
    let bare = |text: &str| {
        let bare = text.replace("b'", "").replace(['\'', '\n'], "");
        bare.replace(mark, "")
    };
    let (printed, expected) = (bare(printed), bare(&expected.concat()));
    assert!(expected.starts_with(&printed), "{framing}: {printed}");
    if mark == "\n" {
        assert_eq!(printed, expected, "{framing}");
    }
}

#[test]
fn python_programs_understand_each_other() {
    if !has("python3") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let lists = [
        (texts(&["hello"]), 10, 0, false),
        (texts(&["100% "]), 12, 0, true),
        (texts(&["你好", "b"]), 3, 0, true),
        (texts(&["one", "two", "three"]), 7, 0, false),
        (texts(&["hi", "there!!"]), 5, 5, false),
        (texts(&["abc"]), 3, 200, true),
        (texts(&["x"]), 2, 200, false),
        (texts(&[""]), 2, 0, true),
    ];
    for (at, framing) in specs().into_iter().enumerate() {
        let (texts, count, size, numbered) = &lists[at % lists.len()];
        let setting = Setting {
            framing,
            messages: MessageList {
                texts,
                count: *count,
                size: *size,
                numbered: *numbered,
            },
            port: free_port(),
            size: [5, 1024, 1][at % 3],
            limit: 65_536,
        };
        let server = setting.listing(Language::Python, "server", &server(0));
        let client = setting.listing(Language::Python, "client", &client());
        let printed = converse(
            &mut python(&write(dir.path(), "server.py", &server)),
            &mut python(&write(dir.path(), "client.py", &client)),
        );
        assert_printed(&setting, &printed, &repr(&setting.expected()));
    }
}

/// Every list of messages that can be written down says in each language what is sent.
#[test]
fn lists_of_messages_are_the_messages() {
    if !has("python3") {
        return;
    }
    let all = [
        texts(&["hello"]),
        texts(&["50%"]),
        texts(&["你好"]),
        texts(&[""]),
        texts(&["a", "bc", "\"d\"\\"]),
        texts(&["", "e"]),
    ];
    let mut script = Vec::new();
    for texts in &all {
        for count in [1, 2, 3, 7] {
            for size in [0, 1, 4, 10, 13] {
                for numbered in [false, true] {
                    let setting = Setting {
                        framing: FramingSpec::Raw,
                        messages: MessageList {
                            texts,
                            count,
                            size,
                            numbered,
                        },
                        port: 1,
                        size: 1,
                        limit: 1,
                    };
                    let mut expected = setting.expected();
                    for message in &mut expected {
                        // A text with nothing in it is filled up with dots.
                        message.resize(size.max(message.len()), b'.');
                    }
                    let listing = setting.listing(Language::Python, "client", &client());
                    let line = listing
                        .lines
                        .iter()
                        .find(|l| l.text.starts_with("messages"));
                    script.push(line.unwrap().text.clone());
                    let expected: Vec<String> = expected
                        .iter()
                        .map(|m| format!("b\"{}\"", m.escape_ascii()))
                        .collect();
                    let list = expected.join(", ");
                    script.push(format!("assert messages == [{list}], messages"));
                }
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lists.py");
    std::fs::write(&path, script.join("\n")).unwrap();
    let out = Child::start(&mut python(&path)).output();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
fn c_programs_compile_and_understand_python() {
    if !has("cc") || !has("python3") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let texts = texts(&["hello", "you"]);
    for (at, framing) in specs().into_iter().enumerate() {
        let setting = Setting {
            framing,
            messages: MessageList {
                texts: &texts,
                count: 5,
                size: [0, 7][at % 2],
                numbered: at % 3 == 0,
            },
            port: free_port(),
            size: [1, 1024, 4][at % 3],
            limit: [100, 65_536][at % 2],
        };
        let c_server = setting.listing(Language::C, "server", &server(0));
        let c_client = setting.listing(Language::C, "client", &client());
        let c_server = compile_c(dir.path(), "server", &c_server);
        let c_client = compile_c(dir.path(), "client", &c_client);
        let as_text = setting.expected();
        let as_text: Vec<_> = as_text
            .iter()
            .map(|m| String::from_utf8(m.clone()).unwrap())
            .collect();

        let printed = converse(&mut Command::new(&c_server), &mut Command::new(&c_client));
        assert_printed(&setting, &printed, &as_text);

        let listing = setting.listing(Language::Python, "server", &server(5));
        let listing = write(dir.path(), "server.py", &listing);
        if setting.framing.survives_any_cutting() {
            let printed = converse(&mut python(&listing), &mut Command::new(&c_client));
            assert_printed(&setting, &printed, &repr(&setting.expected()));
        }
    }
}

/// The crate `socket2` as it was built for these tests.
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

fn compile_rust(dir: &Path, name: &str, listing: &Listing, link: bool) -> Option<PathBuf> {
    let Some((socket2, deps)) = socket2() else {
        println!("skipped: socket2 is not where it was expected");
        return None;
    };
    let source = write(dir, &format!("{name}.rs"), listing);
    let program = dir.join(name);
    let out = Command::new("rustc")
        .args([
            "--edition=2024",
            "-Dwarnings",
            // A variable declared early, since it is used outside the loop that assigns it.
            "-Aunused-assignments",
            "--crate-type=bin",
            "--crate-name=listing",
        ])
        .arg(if link {
            "--emit=link"
        } else {
            "--emit=metadata"
        })
        .arg(format!("--extern=socket2={}", socket2.display()))
        .arg(format!("-Ldependency={}", deps.display()))
        .arg("-o")
        .args([&program, &source])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&out.stderr);
    if error.contains("E0514") || error.contains("E0460") {
        println!("skipped: socket2 was built by another compiler");
        return None;
    }
    assert!(out.status.success(), "{error}\n{listing}");
    Some(program)
}

fn assert_rustfmt_clean(listing: &Listing) {
    let mut child = Command::new("rustfmt")
        .args(["--edition=2024", "--check", "--color=never"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let text = listing.to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(
        out.status.success() && out.stdout.is_empty(),
        "{}{}\n{text}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
fn rust_programs_compile_are_well_formatted_and_understand_python() {
    if !has("rustfmt") || !has("rustc") || !has("python3") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let texts = texts(&["hello", "you"]);
    for (at, framing) in specs().into_iter().enumerate() {
        let setting = Setting {
            framing,
            messages: MessageList {
                texts: &texts[..=at % 2],
                count: 5,
                size: [0, 7, 10][at % 3],
                numbered: at % 4 == 0,
            },
            port: free_port(),
            size: 3,
            limit: 100,
        };
        // One that joins messages never counts to five.
        let count = if setting.framing.survives_any_cutting() {
            5
        } else {
            0
        };
        let r_server = setting.listing(Language::Rust, "server", &server(count));
        let r_client = setting.listing(Language::Rust, "client", &client());
        assert_rustfmt_clean(&r_server);
        assert_rustfmt_clean(&r_client);
        // Linking takes a second: one framing of each strategy is run, the others are checked.
        let run = FramingSpec::strategies().contains(&setting.framing);
        let Some(r_server) = compile_rust(dir.path(), "server", &r_server, run) else {
            return;
        };
        let Some(r_client) = compile_rust(dir.path(), "client", &r_client, run) else {
            return;
        };
        if !run {
            continue;
        }
        let printed = converse(&mut Command::new(r_server), &mut Command::new(&r_client));
        let text: Vec<_> = repr(&setting.expected());
        let text: Vec<_> = text.iter().map(|t| t[2..t.len() - 1].to_owned()).collect();
        assert_printed(&setting, &printed, &text);
        let listing = setting.listing(Language::Python, "server", &server(0));
        let printed = converse(
            &mut python(&write(dir.path(), "server.py", &listing)),
            &mut Command::new(r_client),
        );
        assert_printed(&setting, &printed, &repr(&setting.expected()));
    }
}

#[test]
fn every_operation_is_a_valid_program_in_every_language() {
    let dir = tempfile::tempdir().unwrap();
    let texts = texts(&["hello \"你\"", "?\\", "100%d"]);
    // One framing of each kind; the conversations above go through all of them.
    let framings = [
        "raw",
        "pacing:5",
        "fixed:300:.",
        r"delimiter:\n",
        "delimiter:##",
        r"escaped:\n",
        "end-mark:##",
        "length:u8",
        "length:i32:little",
        "varint",
        "ack:u64:big",
        "json",
        "cobs",
    ];
    for (at, framing) in framings.into_iter().enumerate() {
        let numbered = at % 2 == 0;
        let setting = Setting {
            framing: framing.parse().unwrap(),
            messages: MessageList {
                texts: &texts,
                count: 8,
                size: 9 * usize::from(numbered),
                numbered,
            },
            port: 5000,
            size: 16,
            limit: 1 << 20,
        };
        let program = everything();
        if has("python3") {
            let listing = setting.listing(Language::Python, "server", &program);
            let path = write(dir.path(), "everything.py", &listing);
            let code = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())";
            let mut check = Command::new("python3");
            check.args(["-I", "-c", code]).arg(path);
            let out = Child::start(&mut check).output();
            let error = String::from_utf8_lossy(&out.stderr);
            assert!(out.status.success(), "{error}\n{listing}");
        }
        if has("cc") {
            let listing = setting.listing(Language::C, "server", &program);
            compile_c(dir.path(), "everything", &listing);
        }
        if has("rustc") && has("rustfmt") {
            let listing = setting.listing(Language::Rust, "server", &program);
            assert_rustfmt_clean(&listing);
            compile_rust(dir.path(), "everything", &listing, false);
        }
    }
}

/// Bytes that some framings give a meaning, and lengths at which some change their form.
#[test]
fn whatever_stands_in_a_message_comes_out_of_the_other_program() {
    if !has("python3") || !has("cc") || !has("rustc") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let long = |n: usize| "x".repeat(n);
    let tough = vec![
        "\\".to_owned(),
        "a\0b\n\n\\\n".to_owned(),
        "\0".to_owned(),
        "##".to_owned(),
        long(127),
        long(128),
        long(253),
        long(254),
        format!("{}\0", long(254)),
        format!("{}\0", long(255)),
        format!("{}\0tail", long(600)),
    ];
    for framing in FramingSpec::strategies() {
        let hazards = framing.build(1 << 20);
        let carries = tough.iter().all(|text| {
            hazards.overhead(text.as_bytes()).is_ok() && hazards.hazard(text.as_bytes()).is_none()
        });
        if !framing.survives_any_cutting() || !carries {
            continue;
        }
        println!("{framing}");
        let setting = Setting {
            framing,
            messages: MessageList {
                texts: &tough,
                count: tough.len() as u32,
                ..MessageList::default()
            },
            port: free_port(),
            size: 100,
            limit: 1000,
        };
        let listing = |language, who, program: &Program| setting.listing(language, who, program);
        let py_server = listing(Language::Python, "server", &server(0));
        let py_server = write(dir.path(), "server.py", &py_server);
        let py_client = listing(Language::Python, "client", &client());
        let py_client = write(dir.path(), "client.py", &py_client);
        let c_client = listing(Language::C, "client", &client());
        let c_client = compile_c(dir.path(), "c_client", &c_client);
        let expected = repr(&setting.expected());
        for client in [&mut python(&py_client), &mut Command::new(c_client)] {
            let printed = converse(&mut python(&py_server), client);
            assert_printed(&setting, &printed, &expected);
        }
        let r_client = listing(Language::Rust, "client", &client());
        let r_server = listing(Language::Rust, "server", &server(0));
        let (Some(r_client), Some(r_server)) = (
            compile_rust(dir.path(), "r_client", &r_client, true),
            compile_rust(dir.path(), "r_server", &r_server, true),
        ) else {
            return;
        };
        let printed = converse(&mut python(&py_server), &mut Command::new(r_client));
        assert_printed(&setting, &printed, &expected);
        let printed = converse(&mut Command::new(r_server), &mut python(&py_client));
        let bare: Vec<_> = expected
            .iter()
            .map(|t| t[2..t.len() - 1].to_owned())
            .collect();
        assert_printed(&setting, &printed, &bare);
        // printf of C ends at a zero; what it counts is right all the same.
        let c_server = listing(Language::C, "server", &server(tough.len() as i64));
        let c_server = compile_c(dir.path(), "c_server", &c_server);
        let printed = converse(&mut Command::new(c_server), &mut python(&py_client));
        assert!(
            printed.contains(&format!("\n{}\n{}\n", long(253), long(254))),
            "{printed}"
        );
    }
}

#[test]
fn each_operation_has_its_line() {
    let texts = texts(&["hello"]);
    for language in Language::ALL {
        for framing in specs() {
            let setting = Setting {
                framing,
                messages: MessageList {
                    texts: &texts,
                    count: 8,
                    ..MessageList::default()
                },
                port: 5000,
                size: 16,
                limit: 1024,
            };
            let program = everything();
            let listing = setting.listing(language, "server", &program);
            let mut last = 0;
            program.walk(&mut |node| {
                let calls = listing
                    .lines
                    .iter()
                    .filter(|l| l.op == Some(node.id) && l.call);
                let expected = usize::from(node.op != Op::Ready);
                assert_eq!(calls.count(), expected, "{language:?}: {node:?}");
                if let Some(line) = listing.line_of(node.id) {
                    assert!(line > last, "{language:?}: {node:?} is out of order");
                    last = line;
                }
            });
            for line in &listing.lines {
                assert!(!line.text.is_empty() || line.op.is_none());
                assert_eq!(line.text.trim_end(), line.text);
                assert!(!line.text.contains('\n'));
            }
        }
    }
}

#[test]
fn a_student_reads_what_was_set() {
    let texts = texts(&["hello"]);
    let mut setting = Setting {
        framing: "length:u32:big".parse().unwrap(),
        messages: MessageList {
            texts: &texts,
            count: 10,
            ..MessageList::default()
        },
        port: 50_007,
        size: 1024,
        limit: 65_536,
    };
    let has = |setting: &Setting<'_>, actor: &str, program: &Program, line: &str| {
        let listing = setting.listing(Language::Python, actor, program);
        assert!(
            listing.lines.iter().any(|l| l.text.trim() == line),
            "no line {line}\n{listing}"
        );
    };
    has(
        &setting,
        "server",
        &server(0),
        "while chunk := conn.recv(1024):",
    );
    has(
        &setting,
        "server",
        &server(0),
        "server.bind((\"127.0.0.1\", 50007))",
    );
    has(
        &setting,
        "client",
        &client(),
        "messages = [b\"hello\"] * 10",
    );
    has(
        &setting,
        "client",
        &client(),
        "client.sendall(struct.pack(\"!I\", len(message)) + message)",
    );
    setting.size = 7;
    setting.framing = FramingSpec::Raw;
    has(
        &setting,
        "server",
        &server(0),
        "while chunk := conn.recv(7):",
    );
    has(&setting, "client", &client(), "client.sendall(message)");
    setting.framing = "delimiter:##".parse().unwrap();
    has(
        &setting,
        "client",
        &client(),
        "client.sendall(message + b\"##\")",
    );
    has(
        &setting,
        "server",
        &server(0),
        "message, mark, rest = buffer.partition(b\"##\")",
    );
}
