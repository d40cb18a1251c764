//! `socklab race` and `socklab prove`.

use std::process::{Command as Plain, Stdio};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

fn socklab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_socklab"));
    command.args(arguments);
    for name in [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
    ] {
        command.env_remove(name);
    }
    command.timeout(std::time::Duration::from_mins(2));
    command
}

/// What it printed, whatever its exit code.
fn json(arguments: &[&str], code: i32) -> Value {
    let output = socklab(arguments).assert().code(code).get_output().clone();
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn strategy<'a>(race: &'a Value, framing: &str) -> &'a Value {
    let all = race["strategies"].as_array().expect("a list");
    all.iter()
        .find(|s| s["framing"] == framing)
        .expect("it takes part")
}

#[test]
fn a_lesson_is_raced_and_only_its_own_framing_is_measured() {
    let race = json(
        &[
            "race",
            "sticky-merge",
            "--schedule",
            "client*3 server",
            "--json",
        ],
        1,
    );
    assert_eq!(race["messages"], 3);
    assert_eq!(race["measured"], true);
    let raw = strategy(&race, "raw");
    assert_eq!((&raw["wrong"], &raw["measured"]), (&3.into(), &true.into()));
    assert_eq!(raw["frames"][0]["messages"], serde_json::json!([1, 2, 3]));
    let varint = strategy(&race, "varint");
    assert_eq!(
        (&varint["right"], &varint["measured"]),
        (&3.into(), &false.into())
    );
    assert_eq!(varint["overhead_bytes"], 3);
    assert_eq!(varint["first_failure"], Value::Null);
    // Framed well, the run's own strategy holds, and the exit code says so.
    let framed = json(
        &[
            "race",
            "sticky-merge",
            "--schedule",
            "client*3 server",
            "--framing",
            "varint",
            "--json",
        ],
        0,
    );
    assert_eq!(strategy(&framed, "varint")["measured"], true);
    assert_eq!(strategy(&framed, "raw")["wrong"], 3);
}

#[test]
fn cuts_can_be_given_and_are_marked_as_simulated() {
    let arguments = [
        "race",
        "sticky-merge",
        "--schedule",
        "client*3 server",
        "--cuts",
        "5,10",
        "--json",
    ];
    let race = json(&arguments, 0);
    assert_eq!(race["measured"], false);
    assert_eq!(race["cuts"], serde_json::json!([5, 10]));
    assert_eq!(strategy(&race, "raw")["right"], 3);
    assert_eq!(strategy(&race, "raw")["measured"], false);
    socklab(&[
        "race",
        "sticky-merge",
        "--schedule",
        "client*3 server",
        "--cuts",
        "7",
    ])
    .assert()
    .code(1)
    .stdout(contains("simulated").and(contains("pieces of messages 1 to 2")));
    socklab(&["race", "--lang", "zh", "--cuts", "none"])
        .assert()
        .code(1)
        .stdout(contains("模拟").and(contains("当作消息的结束")));
    for wrong in ["0", "15", "x", "3,,4", "-1"] {
        socklab(&[
            "race",
            "sticky-merge",
            "--schedule",
            "client*3 server",
            &format!("--cuts={wrong}"),
        ])
        .assert()
        .code(2)
        .stderr(contains("from 1 to 14"));
    }
}

#[test]
fn a_recording_is_raced_as_it_was_and_takes_no_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("run.socklab");
    let file = file.to_str().expect("UTF-8");
    socklab(&[
        "run",
        "sticky-merge",
        "--schedule",
        "client*3 server*4",
        "--set",
        "recv_size=4",
        "--record",
        file,
    ])
    .assert()
    .success();
    let race = json(&["race", file, "--json"], 1);
    assert_eq!(race["cuts"], serde_json::json!([4, 8, 12]));
    assert_eq!(strategy(&race, "raw")["chunks"], 4);
    assert_eq!(strategy(&race, "cobs")["right"], 3);
    socklab(&["race", file, "--framing", "varint"])
        .assert()
        .code(2)
        .stderr(contains("is a recording"));
    socklab(&["race", "no-such.socklab"])
        .assert()
        .code(1)
        .stderr(contains("no-such.socklab"));
    socklab(&["race", "no-such-lesson"])
        .assert()
        .code(2)
        .stderr(contains("sticky-merge"));
}

#[test]
fn prove_finds_the_smallest_counterexample_or_holds() {
    let raw = json(
        &[
            "prove",
            "--framing",
            "raw",
            "--messages",
            "hi",
            "you",
            "--json",
        ],
        1,
    );
    assert_eq!(raw["holds"], false);
    assert_eq!(raw["counterexample"]["cuts"], serde_json::json!([]));
    assert_eq!(raw["counterexample"]["smallest"], true);
    let one = json(
        &[
            "prove",
            "--framing",
            "pacing:5",
            "--messages",
            "hi",
            "--json",
        ],
        1,
    );
    assert_eq!(one["counterexample"]["cuts"], serde_json::json!([1]));
    let mark = json(
        &[
            "prove",
            "--framing",
            "end-mark",
            "--messages",
            "hi",
            "--json",
        ],
        1,
    );
    assert_eq!(mark["counterexample"]["cuts"], serde_json::json!([3]));
    let short = json(
        &[
            "prove",
            "--framing",
            "varint",
            "--messages",
            "hi",
            "you",
            "--json",
        ],
        0,
    );
    assert_eq!(
        (&short["proof"], &short["tried"]),
        (&true.into(), &64.into())
    );
    let long = json(
        &[
            "prove",
            "sticky-merge",
            "--framing",
            "length:u32:big",
            "--samples",
            "500",
            "--seed",
            "9",
            "--json",
        ],
        0,
    );
    assert_eq!(long["proof"], false);
    assert_eq!(long["seed"], 9);
    let families = long["families"].as_array().expect("a list");
    let random = families
        .iter()
        .find(|f| f["kind"] == "random")
        .expect("sampled");
    assert_eq!(
        (&random["tried"], &random["complete"]),
        (&500.into(), &false.into())
    );
    assert_eq!(
        long["exhaustive"].as_u64().map(|n| n + 500),
        long["tried"].as_u64()
    );
    socklab(&[
        "prove",
        "--framing",
        "length:u8",
        "--messages",
        &"x".repeat(300),
    ])
    .assert()
    .code(1)
    .stdout(contains("300"));
    socklab(&["prove", "--lang", "zh", "--framing", "raw"])
        .assert()
        .code(1)
        .stdout(contains("失败").and(contains("最小的反例")));
}

#[test]
fn what_cannot_be_meant_is_wrong_usage() {
    for (arguments, said) in [
        (&["prove"][..], "--framing"),
        (&["prove", "--framing", "lenght:u8"], "lenght"),
        (&["prove", "--framing", "raw", "--messages", r"\q"], r"\q"),
        (
            &["prove", "--framing", "raw", "no-such-lesson"],
            "sticky-merge",
        ),
        (&["prove", "--framing", "raw", "--set", "count"], "="),
        (
            &["prove", "--framing", "raw", "--pairs-up-to", "99999999"],
            "99999999",
        ),
        (
            &[
                "prove",
                "--framing",
                "raw",
                "sticky-merge",
                "--messages",
                "x",
            ],
            "--messages",
        ),
    ] {
        socklab(arguments).assert().code(2).stderr(contains(said));
    }
    for command in ["race", "prove"] {
        socklab(&[command, "--help"])
            .assert()
            .success()
            .stdout(contains("Exit code"));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Plain::new(env!("CARGO_BIN_EXE_socklab"))
        .args(["race", "sticky-split", "--all", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success());
}
