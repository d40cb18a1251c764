//! Files over real sockets: chosen by a student, sent by strangers, kept where they belong.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socklab::experiment::files::{Sample, sha256};
use socklab::experiment::{Mode, Run, RunSpec};
use socklab::lesson::{Catalogue, Lesson, Settings};
use socklab::trace::{ActorId, Call, Detail, Trace};

const SERVER: ActorId = ActorId(1);
const PATIENCE: Duration = Duration::from_secs(20);
const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn lesson() -> Arc<Lesson> {
    Catalogue::load_embedded()
        .get("file-transfer")
        .expect("it is embedded")
        .clone()
}

fn spec(external: [bool; 2], set: &[(&str, &str)]) -> RunSpec {
    let lesson = lesson();
    let mut settings = Settings::defaults(&lesson);
    for (name, value) in set {
        settings.set(&lesson, name, value).expect("a valid setting");
    }
    lesson.run_spec(&settings, FREE, &external)
}

fn run(external: [bool; 2], set: &[(&str, &str)]) -> Run {
    Run::start(&spec(external, set), Arc::new(|| {})).expect("threads")
}

fn finished(set: &[(&str, &str)]) -> Trace {
    let mut run = run([false, false], set);
    assert!(run.finish_within(PATIENCE), "{run:?}");
    run.into_trace()
}

/// Name, bytes and SHA-256 of the files written.
fn written(trace: &Trace) -> Vec<(String, u64, String)> {
    trace
        .files(trace.len())
        .filter(|(id, _)| trace.event(*id).call() == Some(Call::WriteFile))
        .map(|(_, file)| (file.name.clone(), file.bytes, file.sha256.clone()))
        .collect()
}

fn refusals(trace: &Trace) -> Vec<String> {
    (0..trace.len())
        .filter(|&i| trace.event(i).call().is_some())
        .filter_map(|i| match trace.detail(i) {
            Some(Detail::FileRefused { code, .. }) => Some(code.clone()),
            _ => None,
        })
        .collect()
}

/// A client outside, connected to the lab's server.
fn stranger(set: &[(&str, &str)]) -> (Run, TcpStream) {
    let mut run = run([true, false], set);
    let deadline = Instant::now() + PATIENCE;
    let at: SocketAddr = loop {
        run.poll(Duration::from_millis(20));
        let sockets = run.trace().sockets();
        let listener = sockets.iter().find(|s| s.actor == SERVER && s.listening);
        if let Some(at) = listener.and_then(|s| s.local.as_deref()?.parse().ok()) {
            break at;
        }
        assert!(Instant::now() < deadline, "nobody listens");
        run.wait(Duration::from_millis(5));
    };
    (run, TcpStream::connect(at).expect("the server listens"))
}

fn header(json: &str) -> Vec<u8> {
    [&(json.len() as u32).to_be_bytes(), json.as_bytes()].concat()
}

#[test]
fn a_file_of_the_student_lands_in_the_folder_he_chose_and_overwrites_nothing() {
    let from = tempfile::tempdir().unwrap();
    let to = tempfile::tempdir().unwrap();
    let path = from.path().join("照片 1.bin");
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&path, &bytes).unwrap();
    let set = [
        ("file", path.to_str().unwrap()),
        ("keep_in", to.path().to_str().unwrap()),
        ("framing", "json"),
        ("recv_size", "65536"),
    ];
    for name in ["照片 1.bin", "照片 1 (2).bin"] {
        let trace = finished(&set);
        assert_eq!(
            written(&trace),
            [(name.to_owned(), 400_000, sha256(&bytes))]
        );
        assert_eq!(std::fs::read(to.path().join(name)).unwrap(), bytes);
    }
    assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 2);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn every_framing_that_claims_it_carries_every_byte() {
    let sample = Sample::named("every-byte.bin").unwrap();
    for framing in [
        "json",
        "length:u32:big",
        "length:u16:little",
        "varint",
        "ack:i32:little",
        "cobs",
        r"escaped:\n",
    ] {
        let trace = finished(&[
            ("framing", framing),
            ("file", sample.name),
            ("recv_size", "7"),
        ]);
        let got = written(&trace);
        assert_eq!(got.len(), 1, "{framing}: {:?}", refusals(&trace));
        assert_eq!(
            (got[0].1, &got[0].2),
            (2570, &sha256(&sample.bytes())),
            "{framing}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_a_clear_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.txt");
    for (file, code) in [
        (missing.to_str().unwrap(), "no-such-file"),
        (folder.path().to_str().unwrap(), "not-a-file"),
        ("letter", "no-such-sample"),
    ] {
        let trace = finished(&[("file", file)]);
        assert_eq!(refusals(&trace), [code], "{file}");
        assert!(written(&trace).is_empty());
    }
    let trace = finished(&[("framing", "json"), ("keep_in", missing.to_str().unwrap())]);
    assert_eq!(refusals(&trace), ["no-such-folder"]);
}

#[test]
fn names_from_the_network_never_leave_the_folder() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("received");
    std::fs::create_dir(&inner).unwrap();
    let absolute = outer.path().join("absolute").display().to_string();
    for name in [
        "../evil",
        "..",
        "/etc/evil",
        "a/../../evil",
        "..\\\\evil",
        "C:evil",
        "nul",
        "evil\\u0000.txt",
        "",
        ".hidden",
        &absolute,
    ] {
        let set = [("framing", "json"), ("keep_in", inner.to_str().unwrap())];
        let (mut run, mut stream) = stranger(&set);
        let json = format!("{{\"name\": \"{name}\", \"size\": 2, \"checksum\": 3633523372}}");
        stream.write_all(&header(&json)).unwrap();
        stream.write_all(b"hi").unwrap();
        assert!(run.finish_within(PATIENCE), "{name}: {run:?}");
        let trace = run.into_trace();
        assert_eq!(refusals(&trace), ["bad-name"], "{name}");
    }
    assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(outer.path()).unwrap().count(), 1);
}

#[test]
fn sizes_from_the_network_are_bounded() {
    for (json, code) in [
        (
            r#"{"name": "a", "size": 1099511627776, "checksum": 0}"#,
            "frame-too-long",
        ),
        (
            r#"{"name": "a", "size": 16777217, "checksum": 0}"#,
            "frame-too-long",
        ),
        (
            r#"{"name": "a", "size": -1, "checksum": 0}"#,
            "header-value",
        ),
    ] {
        let (mut run, mut stream) = stranger(&[("framing", "json")]);
        stream.write_all(&header(json)).unwrap();
        assert!(run.finish_within(PATIENCE), "{json}: {run:?}");
        let trace = run.into_trace();
        let codes: Vec<String> = trace
            .streams()
            .iter()
            .flat_map(socklab::trace::Stream::errors)
            .filter_map(|&event| match trace.detail(event) {
                Some(Detail::Decode { code, .. }) => Some(code.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(codes, [code], "{json}");
        assert!(written(&trace).is_empty());
    }
}

#[test]
fn a_stranger_who_sends_nothing_or_nonsense_leaves_no_file() {
    for bytes in [&b""[..], b"\0\0", b"GET / HTTP/1.1\r\n\r\n", &[0xff; 5000]] {
        let (mut run, mut stream) = stranger(&[("framing", "json")]);
        // The server may have hung up before everything is written.
        let _ = stream.write_all(bytes);
        drop(stream);
        assert!(run.finish_within(PATIENCE), "{run:?}");
        assert!(written(&run.into_trace()).is_empty());
    }
}

#[test]
fn a_download_to_a_program_outside_is_the_file() {
    let set = [
        ("framing", "length:u32:big"),
        ("uploads", "0"),
        ("downloads", "1"),
    ];
    let (mut run, mut stream) = stranger(&set);
    let mut got = Vec::new();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| stream.read_to_end(&mut got));
        assert!(run.finish_within(PATIENCE), "{run:?}");
        reader.join().unwrap().unwrap();
    });
    assert_eq!(got[..4], 3000_u32.to_be_bytes());
    assert_eq!(got[4..], Sample::named("letter.txt").unwrap().bytes());
}
