//! Runs whose private network is refused: captured on the own loopback by who may, and otherwise
//! inferred from what the kernel reports, and never called captured. The refusals are real: root
//! of a user namespace forbids further ones. Where that cannot be made, the tests say so and pass.
#![cfg(all(target_os = "linux", not(feature = "portable")))]

use std::process::Command;

use socklab::trace::{Network, SegmentRole, Stage, Stream, Trace, recording};
use socklab::wire::file;

const LAB: &str = env!("CARGO_BIN_EXE_socklab");

const OFF: &str = "echo 0 > /proc/sys/user/max_user_namespaces && \
                   echo 0 > /proc/sys/user/max_net_namespaces && ";

/// A run of that lesson where no namespaces are to be had, in an own network with all rights over
/// it (`own`) or in the computer's own without any; its recording and its capture file.
fn run(own: bool, arguments: &[&str]) -> Option<(Trace, file::Opened)> {
    let folder = tempfile::tempdir().expect("a folder");
    let (record, packets) = (
        folder.path().join("run.socklab"),
        folder.path().join("run.pcapng"),
    );
    let up = if own { "ip link set lo up && " } else { "" };
    let script = format!("{OFF}{up}exec \"$0\" \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user"]);
    if own {
        command.arg("--net");
    }
    command.args(["sh", "-c", &script, LAB, "run"]);
    command.args(arguments).arg("--captured");
    command.arg("--record").arg(&record);
    command.arg("--pcapng").arg(&packets);
    let output = command.output().ok()?;
    let Ok(loaded) = recording::load(&record) else {
        eprintln!(
            "skipped: unshare(1) does not work here: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        return None;
    };
    Some((loaded.trace, file::open(&packets).expect("a capture file")))
}

fn forward(trace: &Trace) -> &Stream {
    trace
        .stream(trace.main_stream().expect("a connection"))
        .expect("its stream")
}

fn merged() -> [&'static str; 5] {
    ["sticky-merge", "--set", "nodelay=1", "--set", "count=10"]
}

#[test]
fn what_left_together_is_inferred_and_nothing_is_called_captured() {
    let Some((trace, opened)) = run(false, &merged()) else {
        return;
    };
    let refused = Some("switched-off".to_owned());
    assert_eq!(trace.meta().network, Network::Host { refused });
    let stream = forward(&trace);
    assert!(stream.segments().is_empty() && trace.frames().is_empty());
    // Without Nagle each send leaves at once, and the last report is read before the close.
    let pieces: Vec<(u64, u64)> = (0..stream.inferred().len())
        .map(|n| stream.inferred().get(n))
        .map(|piece| (piece.start, piece.end))
        .collect();
    let sends: Vec<(u64, u64)> = (0..stream.sends().len())
        .map(|n| stream.sends().get(n))
        .map(|send| (send.start, send.end))
        .collect();
    assert_eq!(pieces, sends);
    // The kernel counted as many; a probe of the tail may have repeated one.
    let socket = stream.from_socket.expect("known");
    let counted = trace.sent_so_far(socket, trace.len()).expect("counted");
    assert_eq!(counted.data_segments - counted.retransmissions, 10);
    // Each left between the beginning of its send and its report.
    for n in 0..stream.inferred().len() {
        let event = trace.event(stream.inferred().get(n).event);
        let progress = event.progress().expect("a report");
        assert_eq!(progress.stage, Stage::Left);
        let left = event.t - u64::from(progress.ago);
        let send = stream.sends().get(n).event;
        let begun = trace.event(trace.event(send).link).t;
        // Two clocks: the kernel's stamp and ours.
        assert!(left + 1_000_000 >= begun, "{left} {begun}");
    }
    // A file for other analysers says at each packet what it is.
    assert!(!opened.packets.is_empty());
    let times: Vec<_> = (0..opened.packets.len())
        .map(|row| opened.packets.packet(row).time)
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    let mut bytes = Vec::new();
    for row in 0..opened.packets.len() {
        let comment = opened.packets.comment(row).expect("a remark");
        assert!(comment.starts_with("SYNTHETIC"), "{comment}");
        let payload = opened.packets.payload(row).expect("bytes");
        if opened.packets.source(row).map(|s| s.to_string()) == Some(client_of(&trace)) {
            bytes.extend(payload);
        }
    }
    assert_eq!(bytes, stream.payload(0, stream.sends().end()).unwrap());
}

fn client_of(trace: &Trace) -> String {
    trace.connections()[0].client.address.clone()
}

#[test]
fn who_may_capture_on_the_own_loopback_does() {
    let Some((trace, opened)) = run(true, &merged()) else {
        return;
    };
    let Network::Captured {
        mtu,
        on_host,
        not_granted,
        ..
    } = &trace.meta().network
    else {
        panic!("not captured: {:?}", trace.meta().network);
    };
    assert_eq!(on_host.as_deref(), Some("switched-off"));
    assert!(*mtu > 1500 && not_granted.contains(&"offloads".to_owned()));
    let stream = forward(&trace);
    assert_eq!(stream.segments().len(), stream.sends().len());
    assert!(stream.inferred().is_empty());
    let roles: Vec<SegmentRole> = (0..trace.frames().len())
        .filter_map(|n| trace.event(trace.frames().event(n)?).segment())
        .map(|s| s.role)
        .collect();
    assert_eq!(roles[..2], [SegmentRole::Syn, SegmentRole::SynAck]);
    assert_eq!(roles.iter().filter(|r| **r == SegmentRole::Fin).count(), 2);
    assert_eq!(opened.packets.len() as usize, roles.len());
}
