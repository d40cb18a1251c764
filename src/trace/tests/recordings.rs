//! Recordings: what is written is what is read, and nothing in a file is believed.

use super::properties::nonsense;
use super::script::{CLIENT_SOCKET, Row, Script, meta, trace_of};
use super::simulated::{Simulated, choices};
use crate::trace::recording::{Loaded, RecordingError, RecordingWriter, load, save};
use crate::trace::{ActorId, Call, Trace};
use proptest::prelude::*;
use std::path::PathBuf;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn load_bytes(bytes: &[u8]) -> Result<Loaded, RecordingError> {
    let folder = folder();
    let path = folder.path().join("x.socklab");
    std::fs::write(&path, bytes).expect("written");
    load(&path)
}

fn saved(trace: &Trace) -> Vec<u8> {
    let folder = folder();
    let path = folder.path().join("run.socklab");
    save(trace, &path).expect("saved");
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("listed")
        .flatten()
        .collect();
    assert_eq!(names.len(), 1, "no file is left beside it");
    std::fs::read(&path).expect("read")
}

fn same(a: &Trace, b: &Trace) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.len(), b.len());
    prop_assert_eq!(a.meta(), b.meta());
    for i in 0..a.len() {
        prop_assert_eq!(a.event(i), b.event(i));
        prop_assert_eq!(a.detail(i), b.detail(i));
        prop_assert_eq!(a.end_of(i), b.end_of(i));
        prop_assert_eq!(a.state_at(i), b.state_at(i));
    }
    prop_assert_eq!(a.live(), b.live());
    prop_assert_eq!(a.sockets(), b.sockets());
    prop_assert_eq!(a.connections(), b.connections());
    prop_assert_eq!(a.payload_complete(), b.payload_complete());
    prop_assert_eq!(a.payload_mismatches(), b.payload_mismatches());
    for (a, b) in a.streams().iter().zip(b.streams()) {
        let received = a.recvs().end().min(50_000);
        prop_assert_eq!(a.payload(0, received), b.payload(0, received));
        prop_assert!(a.messages().iter().eq(b.messages().iter()));
        prop_assert!(a.sends().iter().eq(b.sends().iter()));
    }
    Ok(())
}

fn is_prefix(part: &Trace, rows: &[Row]) -> Result<(), TestCaseError> {
    let whole = trace_of(&rows[..part.len() as usize]);
    prop_assert_eq!(part.live(), whole.live());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_saved_run_is_loaded_as_it_was(choices in choices()) {
        let trace = Simulated::run(&choices).script.trace();
        let loaded = load_bytes(&saved(&trace)).expect("loaded");
        prop_assert!(loaded.whole && loaded.lost.is_none());
        same(&trace, &loaded.trace)?;
    }

    #[test]
    fn so_is_nonsense(rows in nonsense()) {
        let trace = trace_of(&rows);
        let loaded = load_bytes(&saved(&trace)).expect("loaded");
        prop_assert!(loaded.whole);
        prop_assert_eq!(loaded.trace.live(), trace.live());
        prop_assert_eq!(loaded.trace.sockets(), trace.sockets());
    }

    /// Written as it grows, then cut anywhere: the blocks before the cut are there.
    #[test]
    fn any_cut_leaves_a_prefix(choices in choices(), pieces in 1usize..6, cut in 0.0..1.0f64) {
        let run = Simulated::run(&choices);
        let rows = run.rows();
        let folder = folder();
        let path = folder.path().join("growing.socklab");
        let mut writer = RecordingWriter::new(&path, &meta()).expect("created");
        let mut trace = trace_of(&[]);
        for part in rows.chunks(rows.len().div_ceil(pieces)) {
            for (e, detail, bytes) in part {
                trace.append(*e, detail.clone(), bytes);
            }
            writer.write(&trace).expect("written");
        }
        writer.finish().expect("finished");
        let bytes = std::fs::read(&path).expect("read");
        let loaded = load_bytes(&bytes).expect("loaded");
        prop_assert!(loaded.whole);
        same(&trace, &loaded.trace)?;

        let cut = (bytes.len() as f64 * cut) as usize;
        match load_bytes(&bytes[..cut]) {
            Ok(part) => {
                prop_assert_eq!(part.whole, part.lost.is_none());
                is_prefix(&part.trace, rows)?;
            }
            Err(e) => prop_assert!(
                matches!(e.code(), "recording-empty" | "recording-header"), "{}", e
            ),
        }
    }

    #[test]
    fn a_changed_byte_never_panics_and_what_is_loaded_is_a_prefix(
        choices in choices(), at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let run = Simulated::run(&choices);
        let mut bytes = saved(&run.script.trace());
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(loaded) = load_bytes(&bytes) {
            is_prefix(&loaded.trace, run.rows())?;
        }
    }

    /// Random bodies behind right checksums: the reader's own checks are all there is.
    #[test]
    fn bodies_that_lie_are_refused(body in prop::collection::vec(any::<u8>(), 0..300), small in any::<bool>()) {
        let mut body = body;
        if small {
            for at in 0..body.len().min(16) {
                if at % 4 != 0 {
                    body[at] = 0;
                }
            }
        }
        let mut bytes = saved(&trace_of(&[]));
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(crc32fast::hash(&body).to_le_bytes());
        bytes.extend(&body);
        let loaded = load_bytes(&bytes).expect("the header is right");
        prop_assert!(loaded.trace.len() as usize <= body.len() / 32);
    }

    #[test]
    fn random_bytes_are_no_recording(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(load_bytes(&bytes).is_err());
    }
}

#[test]
fn each_wrong_file_is_told_apart() {
    let code = |bytes: &[u8]| load_bytes(bytes).map(|_| ()).map_err(|e| e.code());
    assert_eq!(code(b""), Err("recording-empty"));
    assert_eq!(code(b"#!/bin/sh\necho hello\n"), Err("recording-foreign"));
    assert_eq!(code(b"sockl"), Err("recording-header"));
    let mut bytes = saved(&Script::connected_pair().trace());
    assert_eq!(code(&bytes), Ok(()));
    bytes[8] = 9;
    let error = load_bytes(&bytes).expect_err("newer");
    assert_eq!(error.code(), "recording-newer");
    assert!(error.to_string().contains("format 9"), "{error}");
    bytes[8] = 1;
    bytes[12..16].fill(0xff);
    assert_eq!(code(&bytes), Err("recording-header"));
    let folder = folder();
    let missing: PathBuf = folder.path().join("missing.socklab");
    let error = load(&missing).expect_err("missing");
    assert_eq!(
        (error.code(), error.path()),
        ("recording-io", missing.as_path())
    );
    assert_eq!(
        load(folder.path()).expect_err("a folder").code(),
        "recording-io"
    );
}

#[test]
fn a_length_that_lies_is_not_believed() {
    let mut bytes = saved(&Script::connected_pair().trace());
    let whole = bytes.len() as u64;
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend([0; 40]);
    let loaded = load_bytes(&bytes).expect("the first block is whole");
    assert_eq!((loaded.whole, loaded.lost_at), (false, Some(whole)));
    assert_eq!(loaded.trace.len(), Script::connected_pair().trace().len());
}

#[test]
fn a_failed_save_leaves_the_old_file() {
    let folder = folder();
    let path = folder.path().join("no-such-folder").join("x.socklab");
    let error = save(&trace_of(&[]), &path).expect_err("no folder");
    assert_eq!(
        (error.code(), error.path()),
        ("recording-io", path.as_path())
    );
    assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0);
}

#[test]
fn an_external_run_that_was_cut_short_by_its_budget_says_so_when_loaded() {
    let mut s = Script::connected_pair();
    for n in 0..9 {
        s.send(n, b"hello");
    }
    s.begin(Call::Send, ActorId(0), CLIENT_SOCKET, 5);
    let mut trace = Trace::new(meta()).with_payload_budget(21);
    for (e, detail, bytes) in &s.rows {
        trace.append(*e, detail.clone(), bytes);
    }
    let loaded = load_bytes(&saved(&trace)).expect("loaded").trace;
    assert!(!loaded.payload_complete());
    let stream = &loaded.streams()[0];
    assert_eq!(stream.payload(15, 21), Some(b"helloh".to_vec()));
    assert_eq!(stream.payload(15, 22), None);
}

#[test]
fn what_is_written_is_not_written_again() {
    let folder = folder();
    let path = folder.path().join("x.socklab");
    let mut s = Script::connected_pair();
    s.send(0, b"hello");
    let trace = s.trace();
    let mut writer = RecordingWriter::new(&path, &meta()).expect("created");
    writer.write(&trace).expect("written");
    let length = |path: &PathBuf| std::fs::metadata(path).expect("there").len();
    let before = length(&path);
    writer.write(&trace).expect("written");
    assert_eq!(length(&path), before);
}

#[test]
fn a_block_whose_details_have_no_owner_is_refused() {
    for (events, details, flags) in [(1u32, "[]", 1u8), (0, r#"[{"Text":"?"}]"#, 0)] {
        let mut body = Vec::new();
        body.extend(events.to_le_bytes());
        body.extend((details.len() as u32).to_le_bytes());
        body.extend([0; 16]);
        for _ in 0..events {
            body.extend([0; 31]);
            body.push(flags);
        }
        body.extend(details.as_bytes());
        let mut bytes = saved(&trace_of(&[]));
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(crc32fast::hash(&body).to_le_bytes());
        bytes.extend(&body);
        let loaded = load_bytes(&bytes).expect("the header is right");
        assert!(!loaded.whole && loaded.trace.is_empty());
    }
}
