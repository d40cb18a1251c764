//! The program from outside: what it prints, where, and its exit code.

use std::path::{Path, PathBuf};
use std::process::{Command as Plain, Stdio};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

/// The program without the environment of whoever runs the tests: English, no display.
fn socklab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socklab"));
    command.args(arguments);
    for name in [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WAYLAND_SOCKET",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
    ] {
        command.env_remove(name);
    }
    command.timeout(std::time::Duration::from_mins(3));
    command
}

fn json(arguments: &[&str]) -> Value {
    let output = socklab(arguments).assert().success().get_output().clone();
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for files")
}

fn path(folder: &tempfile::TempDir, name: &str) -> (PathBuf, String) {
    let path = folder.path().join(name);
    let text = path.to_str().expect("UTF-8").to_owned();
    (path, text)
}

fn bytes_of(stream: &Value, what: &str) -> Vec<u64> {
    let items = stream[what].as_array().expect("a list");
    items.iter().filter_map(|i| i["bytes"].as_u64()).collect()
}

/// The stream from the client to the server.
fn main_stream(run: &Value) -> &Value {
    let streams = run["streams"].as_array().expect("a list");
    let stream = streams.iter().find(|s| s["from"] == "client");
    stream.expect("the client's stream")
}

// ---------------------------------------------------------------- list

#[test]
fn list_names_the_lessons_in_both_languages() {
    socklab(&["list"])
        .assert()
        .success()
        .stdout(contains("sticky-merge").and(contains("sticky-split")))
        .stdout(contains("playground").and(contains("messages merge")))
        .stderr("");
    socklab(&["list", "--lang", "zh"])
        .assert()
        .success()
        .stdout(contains("sticky-merge").and(contains("粘包")));
    socklab(&["list"])
        .env("LANG", "zh_CN.UTF-8")
        .assert()
        .success()
        .stdout(contains("粘包"));
}

#[test]
fn list_as_json_has_every_parameter_with_its_range() {
    let list = json(&["list", "--json"]);
    let lessons = list["lessons"].as_array().expect("a list");
    let merge = lessons.iter().find(|l| l["id"] == "sticky-merge");
    let merge = merge.expect("it is there");
    assert_eq!(merge["actors"], serde_json::json!(["client", "server"]));
    let parameters = merge["parameters"].as_array().expect("a list");
    let recv = parameters.iter().find(|p| p["name"] == "recv_size");
    let recv = recv.expect("it is there");
    assert_eq!(recv["default"], "1024");
    assert_eq!((&recv["min"], &recv["max"]), (&1.into(), &65536.into()));
    assert_eq!(recv["live"], true);
}

// ---------------------------------------------------------------- run

#[test]
fn run_prints_what_each_recv_got_and_from_which_messages() {
    socklab(&["run", "sticky-merge", "--schedule", "client*3 server"])
        .assert()
        .success()
        .stdout(contains("client → server"))
        .stdout(contains(
            "recv(1024) #1 → 15 B  message 1, message 2, message 3",
        ))
        .stdout(contains("merged recvs 1"))
        .stdout(contains("0 right, 1 wrong"))
        .stderr("");
    socklab(&[
        "run",
        "sticky-split",
        "--schedule",
        "client server*2",
        "--lang",
        "zh",
    ])
    .assert()
    .success()
    .stdout(contains("消息 1 [0..1024，共 2000]"))
    .stdout(contains("被拆开的消息 1 条"));
}

#[test]
fn settings_and_framing_reach_the_run() {
    let run = json(&[
        "run",
        "sticky-merge",
        "--set",
        "count=4",
        "--set",
        "text=你好",
        "--framing",
        "length:u16:big",
        "--schedule",
        "client*4 server",
        "--json",
    ]);
    assert_eq!(run["lesson"], "sticky-merge");
    assert_eq!(run["framing"], "length:u16:big");
    assert_eq!(run["settings"]["count"], "4");
    let stream = main_stream(&run);
    assert_eq!(bytes_of(stream, "recvs"), [32], "4 × (2 + 6)");
    assert_eq!(bytes_of(stream, "frames"), [8; 4]);
    assert_eq!(run["facts"]["frames_right"], 4);
    assert_eq!(run["failures"], serde_json::json!([]));
    // The framing is a setting among the others, too.
    let run = json(&[
        "run",
        "sticky-merge",
        "--set",
        "framing=delimiter:##",
        "--json",
    ]);
    assert_eq!(run["framing"], "delimiter:##");
    assert_eq!(run["facts"]["frames_right"], 10);
}

#[test]
fn wrong_usage_says_which_option_and_what_is_valid() {
    let cases: [(&[&str], &[&str]); 13] = [
        (
            &["run", "sticky"],
            &["sticky", "sticky-merge", "sticky-split", "playground"],
        ),
        (
            &["run", "sticky-merge", "--set", "recvsize=5"],
            &["--set", "recvsize", "recv_size", "count", "nodelay"],
        ),
        (
            &["run", "sticky-merge", "--set", "recv_size=0"],
            &["--set", "recv_size", "1", "65536"],
        ),
        (
            &["run", "sticky-merge", "--set", "recv_size=many"],
            &["--set", "recv_size", "many"],
        ),
        (
            &["run", "sticky-merge", "--set", "count=99999999999999999999"],
            &["--set", "count"],
        ),
        (
            &["run", "sticky-merge", "--set", "nodelay=maybe"],
            &["--set", "nodelay", "maybe"],
        ),
        (&["run", "sticky-merge", "--set", "count"], &["--set", "="]),
        (
            &["run", "sticky-merge", "--framing", "lenght:u32"],
            &["--framing", "lenght", "raw", "delimiter", "length:u32:big"],
        ),
        (
            &["run", "sticky-merge", "--framing", "length:u24:big"],
            &["--framing", "u24", "u32"],
        ),
        (
            &["run", "sticky-merge", "--framing", "delimiter:"],
            &["--framing", "1 to 64"],
        ),
        (
            &["run", "sticky-merge", "--schedule", "client*3 sever"],
            &["--schedule", "sever", "server"],
        ),
        (
            &["run", "sticky-merge", "--schedule", "(client"],
            &["--schedule", "column 1", "closed"],
        ),
        (
            &["run", "sticky-merge", "--schedule", "client*999999999"],
            &["--schedule", "more than"],
        ),
    ];
    for (arguments, words) in cases {
        let assert = socklab(arguments).assert().code(2).stdout("");
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        for word in words {
            assert!(said.contains(word), "{arguments:?}: {word:?} in {said}");
        }
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    // The same in Chinese, apart from what was typed.
    for arguments in [
        &["run", "nothing", "--lang", "zh"][..],
        &["run", "sticky-merge", "--set", "x=1", "--lang", "zh"],
        &["run", "sticky-merge", "--set", "count=0", "--lang", "zh"],
        &["run", "sticky-merge", "--framing", "x", "--lang", "zh"],
        &["run", "sticky-merge", "--schedule", "x", "--lang", "zh"],
        &["check", "/no/such/folder", "--lang", "zh"],
        &["open", "/no/such/file", "--text", "--lang", "zh"],
    ] {
        let assert = socklab(arguments).assert().failure();
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        let han = said.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(han, "{arguments:?}: {said}");
    }
}

#[test]
fn an_unknown_command_or_option_is_wrong_usage() {
    for arguments in [
        &["frobnicate"][..],
        &["run"],
        &["list", "--lang", "fr"],
        &["run", "sticky-merge", "--fast"],
        &["shot", "sticky-merge"],
        &["open", "x.socklab", "--text", "--json"],
    ] {
        socklab(arguments)
            .assert()
            .code(2)
            .stderr(contains("Usage").or(contains("possible values")));
    }
}

// ---------------------------------------------------------------- recordings

#[test]
fn a_recording_says_the_same_as_its_run() {
    let folder = folder();
    let (_, file) = path(&folder, "run.socklab");
    let run = json(&[
        "run",
        "sticky-split",
        "--set",
        "count=3",
        "--framing",
        "length:u32:big",
        "--json",
        "--record",
        &file,
    ]);
    assert_eq!(json(&["open", &file, "--json"]), run);

    let arguments = [
        "run",
        "sticky-merge",
        "--schedule",
        "client*3 server",
        "--record",
        &file,
    ];
    let ran = socklab(&arguments).assert().success().get_output().clone();
    let opened = socklab(&["open", &file, "--text"])
        .assert()
        .success()
        .stderr("")
        .get_output()
        .clone();
    assert_eq!(opened.stdout, ran.stdout);
}

#[test]
fn a_recording_cut_anywhere_opens_what_is_whole_and_says_so() {
    let folder = folder();
    let (whole, file) = path(&folder, "whole.socklab");
    let run = json(&[
        "run",
        "sticky-merge",
        "--set",
        "count=1000",
        "--set",
        "recv_size=5",
        "--json",
        "--record",
        &file,
    ]);
    let bytes = std::fs::read(&whole).expect("it was written");
    let (cut, cut_name) = path(&folder, "cut.socklab");
    let mut opened = 0;
    for tenth in 1..10 {
        std::fs::write(&cut, &bytes[..bytes.len() * tenth / 10]).expect("room for it");
        let output = socklab(&["open", &cut_name, "--json"])
            .output()
            .expect("ran");
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            opened += 1;
            assert!(said.contains("not whole"), "{said}");
            let part: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert!(part["events"].as_u64() < run["events"].as_u64());
        } else {
            // Cut inside the header: nothing can be shown.
            assert_eq!(output.status.code(), Some(1));
            assert!(said.contains("cut.socklab"), "{said}");
        }
    }
    assert!(opened > 0, "the header is a small part of the file");

    // One wrong bit is found too.
    let mut flipped = bytes.clone();
    *flipped.last_mut().expect("not empty") ^= 1;
    std::fs::write(&cut, flipped).expect("room for it");
    socklab(&["open", &cut_name, "--text", "--lang", "zh"])
        .assert()
        .success()
        .stderr(contains("不完整"));
}

#[test]
fn what_is_no_recording_is_said() {
    let folder = folder();
    let (file, name) = path(&folder, "x.socklab");
    let mut newer = b"socklab\n".to_vec();
    newer.extend_from_slice(&99_u32.to_le_bytes());
    newer.extend_from_slice(&[0; 64]);
    let cases: [(&[u8], &str); 3] = [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n and more of it", "is not a recording"),
        (&newer, "99"),
    ];
    for (bytes, words) in cases {
        std::fs::write(&file, bytes).expect("room for it");
        for how in ["--text", "--json"] {
            socklab(&["open", &name, how])
                .assert()
                .code(1)
                .stdout("")
                .stderr(contains(words).and(contains("x.socklab")));
        }
        // Also before a window would open.
        socklab(&["open", &name])
            .assert()
            .code(1)
            .stderr(contains(words));
    }
    let (_, missing) = path(&folder, "missing.socklab");
    socklab(&["open", &missing, "--text"])
        .assert()
        .code(1)
        .stderr(contains("missing.socklab"));
    // A folder is not a file, and a file cannot be written into nowhere.
    let here = folder.path().to_str().expect("UTF-8").to_owned();
    socklab(&["open", &here, "--text"]).assert().code(1);
    socklab(&["run", "sticky-merge", "--record", &format!("{here}/no/x")])
        .assert()
        .code(1)
        .stderr(contains("no/x"));
}

// ---------------------------------------------------------------- check

#[test]
#[cfg_attr(
    feature = "portable",
    ignore = "each release waits 120 ms there, and all claims have a test of their own"
)]
fn check_holds_the_claims_of_the_built_in_lessons() {
    socklab(&["check"])
        .assert()
        .success()
        .stdout(contains("✓").and(contains("✗").not()))
        .stdout(contains("0 failed"))
        .stderr("");
}

/// A copy of a built-in lesson as a teacher's own.
fn own_lesson(folder: &Path, name: &str, change: impl Fn(String) -> String) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/10-sticky-merge");
    let target = folder.join(name);
    std::fs::create_dir_all(&target).expect("room for it");
    for file in ["lesson.toml", "en.md", "zh.md"] {
        let text = std::fs::read_to_string(source.join(file)).expect("the source is there");
        let text = if file == "lesson.toml" {
            change(text)
        } else {
            text
        };
        std::fs::write(target.join(file), text).expect("room for it");
    }
    target
}

fn line_of(file: &Path, words: &str) -> usize {
    let text = std::fs::read_to_string(file).expect("just written");
    1 + text
        .lines()
        .position(|line| line.contains(words))
        .expect("it is there")
}

#[test]
fn check_names_file_and_line_of_a_broken_lesson() {
    let folder = folder();
    let broken = own_lesson(folder.path(), "10-broken", |text| {
        text.replace("id = \"sticky-merge\"", "id = \"broken\"")
            .replace("role = \"server\"", "rolle = \"server\"")
    });
    let file = broken.join("lesson.toml");
    let place = format!("{}:{}", file.display(), line_of(&file, "rolle"));
    for target in [folder.path(), broken.as_path()] {
        socklab(&["check", target.to_str().expect("UTF-8")])
            .assert()
            .code(1)
            .stdout(contains(&place).and(contains("rolle")));
    }
    let zh = ["check", broken.to_str().expect("UTF-8"), "--lang", "zh"];
    socklab(&zh)
        .assert()
        .code(1)
        .stdout(contains(&place).and(contains("未知")));
    // The other lessons still work beside it.
    let own = folder.path().to_str().expect("UTF-8");
    socklab(&["list", "--lessons", own])
        .assert()
        .success()
        .stdout(contains("sticky-merge"))
        .stderr(contains(&place));
    socklab(&["run", "sticky-merge", "--lessons", own])
        .assert()
        .success()
        .stderr(contains(&place));

    std::fs::remove_file(broken.join("zh.md")).expect("it was there");
    std::fs::write(&file, "id = \"x\"\nthis is not TOML\n").expect("room for it");
    socklab(&["check", broken.to_str().expect("UTF-8")])
        .assert()
        .code(1)
        .stdout(contains(format!("{}:2", file.display())));
}

#[test]
fn check_finds_a_claim_that_is_not_true() {
    let folder = folder();
    let false_claim = own_lesson(folder.path(), "10-false", |text| {
        let start = text.find("[[check]]").expect("it has checks");
        let claim = r#"[[check]]
id = "no-merge"
claim = { en = "Nothing merges.", zh = "不会粘包。" }
release = "client*3 server"
expect = "recv.bytes == [5]"
"#;
        let task = text.find("[[task]]").expect("it has a task");
        let begin = text[..start].replace("id = \"sticky-merge\"", "id = \"false\"");
        begin + claim + "\n" + &text[task..]
    });
    let target = false_claim.to_str().expect("UTF-8").to_owned();
    socklab(&["check", &target])
        .assert()
        .code(1)
        .stdout(contains("✗ Nothing merges.").and(contains("1 failed")))
        .stdout(contains("[15]"));
    let output = socklab(&["check", &target, "--json"])
        .output()
        .expect("ran");
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["checks"][0]["verdict"], "refuted");
    socklab(&["check", "/no/such/folder"])
        .assert()
        .code(2)
        .stderr(contains("/no/such/folder"));
}

// ---------------------------------------------------------------- window, pictures

#[test]
fn without_a_display_the_headless_commands_are_named() {
    let folder = folder();
    let (_, file) = path(&folder, "run.socklab");
    socklab(&["run", "sticky-merge", "--record", &file])
        .assert()
        .success();
    for arguments in [&[][..], &["gui"], &["open", &file]] {
        socklab(arguments)
            .assert()
            .code(1)
            .stderr(contains("socklab list").and(contains("socklab run")))
            .stderr(contains("socklab check").and(contains("socklab shot")))
            .stderr(contains("panicked").not());
    }
    socklab(&["--lang", "zh"])
        .assert()
        .code(1)
        .stderr(contains("没有显示器"));
    socklab(&["--lessons", "/no/such/folder"])
        .assert()
        .code(2)
        .stderr(contains("/no/such/folder"));
}

/// Width and height in the header of a PNG (RFC 2083, section 3.2 and 4.1.1).
fn png_size(file: &Path) -> (u32, u32) {
    let bytes = std::fs::read(file).expect("it was written");
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
    (number(16), number(20))
}

#[test]
fn shot_writes_a_picture_of_the_size_asked_for() {
    let folder = folder();
    let (file, name) = path(&folder, "shot.png");
    let shot = ["shot", "sticky-merge", "--out", &name];
    let mut arguments = shot.to_vec();
    arguments.extend(["--size", "1024x768", "--lang", "zh", "--light"]);
    arguments.extend(["--framing", "length:u32:big"]);
    socklab(&arguments)
        .assert()
        .success()
        .stdout(contains("1024×768"));
    assert_eq!(png_size(&file), (1024, 768));
    for wrong in [
        ["--size", "99999x10"],
        ["--size", "wide"],
        ["--zoom", "0"],
        ["--zoom", "NaN"],
        ["--zoom", "1000"],
    ] {
        let mut arguments = shot.to_vec();
        arguments.extend(wrong);
        socklab(&arguments)
            .assert()
            .code(2)
            .stderr(contains(wrong[0]));
    }
    let nowhere = [
        "shot",
        "sticky-merge",
        "--beats",
        "0",
        "--out",
        "/no/such/x.png",
    ];
    socklab(&nowhere)
        .assert()
        .code(1)
        .stderr(contains("/no/such/x.png"));
}

#[test]
fn every_command_helps() {
    for command in ["", "gui", "list", "run", "open", "shot", "check"] {
        let mut arguments = vec![command, "--help"];
        arguments.retain(|a| !a.is_empty());
        socklab(&arguments)
            .assert()
            .success()
            .stdout(contains("Usage: socklab").and(contains("--lang")))
            .stderr("");
    }
    socklab(&["--version"])
        .assert()
        .success()
        .stdout(contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_reader_who_goes_away_is_no_accident() {
    // As in `socklab list | head -1`: the pipe is closed before anything is written.
    let folder = folder();
    let (_, name) = path(&folder, "gone.png");
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["run", "sticky-merge"],
        &["run", "sticky-merge", "--json"],
        &["shot", "sticky-merge", "--beats", "0", "--out", &name],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = Plain::new(env!("CARGO_BIN_EXE_socklab"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("ran");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        assert_ne!(output.status.code(), Some(101), "{arguments:?}");
    }
}

// ---------------------------------------------------------------- repeat, compare

#[test]
fn repeat_counts_and_tells_by_its_exit_code() {
    let raw = ["repeat", "sticky-merge", "-n", "8"];
    socklab(&raw)
        .assert()
        .code(1)
        .stdout(contains("0 of 8 passed").and(contains("50 B │████")));
    socklab(&[raw.as_slice(), &["--framing", "length:u32:big"]].concat())
        .assert()
        .success()
        .stdout(contains("8 of 8 passed"));
    socklab(&[raw.as_slice(), &["--lang", "zh"]].concat())
        .assert()
        .code(1)
        .stdout(contains("8 次中 0 次通过"));
}

#[test]
fn repeat_sets_settings_against_each_other() {
    let arguments = [
        "repeat",
        "sticky-merge",
        "-n",
        "6",
        "--against",
        "framing=length:u32:big,late_by=5",
        "--json",
    ];
    let output = socklab(&arguments).assert().code(1).get_output().clone();
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let settings = all["settings"].as_array().expect("a list");
    assert_eq!(settings.len(), 2);
    let of = |at: usize, what: &str| settings[at][what].as_u64();
    assert_eq!((of(0, "runs"), of(0, "passed")), (Some(6), Some(0)));
    assert_eq!((of(1, "runs"), of(1, "passed")), (Some(6), Some(6)));
    assert_eq!(settings[1]["label"], "length:u32:big, late_by=5");
    assert_eq!(settings[0]["faults"][0]["fault"], "wrong");
    // Every byte that was sent stands in the distribution: 10 messages of 5 bytes, 6 runs.
    let sizes = settings[0]["recv_sizes"].as_array().expect("a list");
    let bytes = |s: &Value| s["bytes"].as_u64().unwrap_or(0) * s["recvs"].as_u64().unwrap_or(0);
    assert_eq!(sizes.iter().map(bytes).sum::<u64>(), 300);
    assert!(settings[0]["time_ns"]["median"].as_u64() > Some(0));
}

#[test]
fn repeat_keeps_the_first_failing_run() {
    let folder = folder();
    let (_, file) = path(&folder, "failing.socklab");
    let arguments = ["repeat", "sticky-merge", "-n", "3", "--record", &file];
    socklab(&arguments).assert().code(1).stdout(contains(&file));
    socklab(&["open", &file, "--text"])
        .assert()
        .success()
        .stdout(contains("50 B"));
}

#[test]
fn repeat_refuses_what_makes_no_sense() {
    for (more, why) in [
        (["-n", "0"], "choose 1 to 10000"),
        (["-n", "10001"], "choose 1 to 10000"),
        (["--against", "late_by"], "NAME=VALUE"),
        (["--against", "lateby=3"], "lateby"),
        (["--against", "late_by=x"], "late_by"),
        (["--schedule", "nobody*3"], "nobody"),
    ] {
        let arguments = [["repeat", "sticky-merge"], more].concat();
        socklab(&arguments).assert().code(2).stderr(contains(why));
    }
    socklab(&["repeat", "--help"])
        .assert()
        .success()
        .stdout(contains("Exit code").and(contains("--against")));
}

#[test]
fn compare_prints_csv_json_and_a_picture() {
    let folder = folder();
    let (picture, file) = path(&folder, "table.png");
    let csv = ["compare", "sticky-merge", "--csv", "--out", &file];
    let output = socklab(&csv).assert().success().get_output().clone();
    let rows = socklab::workbench::compare::read_csv(output.stdout.as_slice()).expect("CSV");
    let choices = socklab::framing::FramingSpec::choices();
    assert_eq!(rows.len(), choices.len());
    let row = |framing: &str| rows.iter().find(|r| r.framing == framing).expect("there");
    assert_eq!(row("raw").wire_bytes, Some(50));
    assert_eq!(
        (row("raw").split.as_str(), row("raw").merge.as_str()),
        ("fails", "fails")
    );
    assert_eq!(row("length:u32:big").wire_bytes, Some(90));
    assert_eq!(row("length:u32:big").split, "holds");
    assert_eq!(row("raw").thousand_us, None, "nobody measured");
    let png = std::fs::read(picture).expect("a picture");
    assert!(png.starts_with(b"\x89PNG"));
    let own = [
        "compare",
        "playground",
        "--message",
        "one",
        "--message",
        "two",
        "--json",
    ];
    let all = json(&own);
    assert_eq!(all["rows"].as_array().map(Vec::len), Some(choices.len()));
    assert_eq!(all["rows"][0]["payload_bytes"], 6);
    socklab(&["compare", "sticky-merge", "--lang", "zh"])
        .assert()
        .success()
        .stdout(contains("未测量").and(contains("重新同步")));
}

// ---------------------------------------------------------------- new-lesson

#[test]
fn a_new_lesson_passes_its_checks_at_once_and_is_never_written_over() {
    let folder = folder();
    let (dir, text) = path(&folder, "mine");
    for (lang, written) in [
        ("en", "The lesson my-own is written"),
        ("zh", "课程 twelve 已写好"),
    ] {
        let name = if lang == "en" { "my-own" } else { "12-twelve" };
        socklab(&["--lang", lang, "new-lesson", name, "--dir", &text])
            .assert()
            .success()
            .stdout(contains(written).and(contains("socklab check")));
    }
    assert!(dir.join("lesson.schema.json").is_file());
    let lesson = dir.join("10-my-own");
    let checked = json(&["check", lesson.to_str().expect("UTF-8"), "--json"]);
    assert_eq!(checked["problems"], serde_json::json!([]));
    let held: Vec<_> = checked["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|check| (check["check"].as_str(), check["verdict"].as_str()))
        .collect();
    assert_eq!(
        held,
        [
            (Some("three-in-one"), Some("held")),
            (Some("task-one-by-one"), Some("held"))
        ]
    );
    // Both, three times over, with a line for each round and one for each lesson.
    socklab(&["check", &text, "--repeat", "3", "--load", "1"])
        .assert()
        .success()
        .stdout(
            contains("round 3 of 3: 4 held, 0 failed")
                .and(contains("twelve"))
                .and(contains("2 lessons: 12 claims held")),
        );

    let toml = lesson.join("lesson.toml");
    std::fs::write(&toml, "my work").expect("it can be written");
    socklab(&["new-lesson", "my-own", "--dir", &text])
        .assert()
        .code(1)
        .stderr(contains("is there already").and(contains("10-my-own")));
    assert_eq!(
        std::fs::read_to_string(&toml).expect("it is there"),
        "my work"
    );
    socklab(&["new-lesson", "My Own", "--dir", &text])
        .assert()
        .code(1)
        .stderr(contains("small letters"));
    socklab(&["check", &text, "--repeat", "0"]).assert().code(2);
}
