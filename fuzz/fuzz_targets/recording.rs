//! Any file opened as a recording: no panic, and whatever loads can be looked at everywhere.

#![no_main]

use libfuzzer_sys::fuzz_target;
use socklab::trace::recording;

fuzz_target!(|input: &[u8]| {
    let file = std::env::temp_dir().join(format!("socklab-fuzz-{}.socklab", std::process::id()));
    if std::fs::write(&file, input).is_err() {
        return;
    }
    let Ok(loaded) = recording::load(&file) else {
        return;
    };
    let trace = loaded.trace;
    for k in [0, trace.len() / 2, trace.len()] {
        let state = trace.state_at(k);
        assert_eq!(state.k, k);
    }
    for stream in trace.streams() {
        let end = stream.received_at(trace.len());
        let covered: u64 = stream.parts(0, end).map(|p| p.end - p.start).sum();
        assert_eq!(covered, end, "every received byte has an origin");
        let _ = stream.recvs().buckets(0, end.max(1), 100, trace.len());
    }
});
