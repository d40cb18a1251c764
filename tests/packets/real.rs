//! Packets of real connections, captured in the private network: every field equal to what an
//! independent dissector says. Where the system allows no private network, the test says why and
//! passes.

use std::collections::BTreeSet;
use std::path::Path;

use socklab::experiment::NamespaceOptions;
use socklab::i18n::Lang;
use socklab::lesson::{Capture, Catalogue, Release, Settings};
use socklab::trace::{Network, Trace};
use socklab::ui::segments::pcapng;
use socklab::wire::filter::Filter;
use socklab::wire::{Packets, file};

use super::analyser;

/// A lesson, its settings, whether over IPv6, and the share of segments that is lost, per cent.
type Scene = (
    &'static str,
    &'static [(&'static str, &'static str)],
    bool,
    f32,
);

const SCENES: &[Scene] = &[
    // Ended in three segments and, half-closed, in four.
    ("handshake-teardown", &[], false, 0.0),
    ("handshake-teardown", &[("half_close", "on")], false, 0.0),
    ("handshake-teardown", &[("half_close", "on")], true, 0.0),
    (
        "sticky-merge",
        &[("count", "60"), ("nodelay", "on")],
        false,
        20.0,
    ),
    // The window closes.
    ("buffers", &[("late", "on"), ("count", "12")], false, 0.0),
    // Reset, and refused.
    ("endings-errors", &[("reads", "0")], false, 0.0),
    ("endings-errors", &[("knocks", "1")], false, 0.0),
    ("udp", &[("knock", "on")], false, 0.0),
];

/// What the scenes have to show, all together.
const MET: &[&str] = &[
    "tcp.flags.syn",
    "tcp.flags.fin",
    "tcp.flags.reset",
    "tcp.analysis.retransmission",
    "tcp.analysis.zero_window",
    "ipv6",
    "udp",
    "icmp",
];

/// The lessons, over IPv6 if wanted.
fn catalogue(ipv6: bool) -> Catalogue {
    if !ipv6 {
        return Catalogue::load_embedded();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let lesson = "05-handshake-teardown";
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("lessons")
        .join(lesson);
    let to = folder.path().join(lesson);
    std::fs::create_dir(&to).expect("made");
    for file in std::fs::read_dir(from).expect("a folder") {
        let file = file.expect("a file");
        let text = std::fs::read_to_string(file.path()).expect("text");
        let text = text
            .replace("\"inet\"", "\"inet6\"")
            .replace("127.0.0.1", "::1");
        std::fs::write(to.join(file.file_name()), text).expect("written");
    }
    Catalogue::load_dir(folder.path())
}

fn run(scene: &Scene) -> Option<Trace> {
    socklab::net::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let (lesson, values, ipv6, loss) = *scene;
    let catalogue = catalogue(ipv6);
    let lesson = catalogue.get(lesson).expect("a lesson");
    let mut settings = Settings::defaults(lesson);
    for (name, value) in values {
        settings.set(lesson, name, value).expect("a setting");
    }
    settings.capture = Capture {
        on: true,
        network: NamespaceOptions {
            loss,
            ..NamespaceOptions::default()
        },
    };
    let trace = lesson
        .run_headless(&settings, &Release::Run)
        .expect("a run");
    if let Network::Host { refused } = &trace.meta().network {
        eprintln!("skipped: nothing is captured here ({refused:?})");
        return None;
    }
    Some(trace)
}

fn met(packets: &Packets) -> impl Iterator<Item = &'static str> {
    MET.iter().copied().filter(|filter| {
        let filter: Filter = filter.parse().expect("a filter");
        !filter.rows(packets).is_empty()
    })
}

#[test]
fn every_field_of_real_connections_is_the_same() {
    let mut seen = BTreeSet::new();
    for scene in SCENES {
        let Some(trace) = run(scene) else {
            return;
        };
        let mut bytes = Vec::new();
        pcapng::write(&trace, Lang::En, &mut bytes).expect("written");
        let packets = file::from_bytes(bytes.clone()).expect("a capture").packets;
        assert!(!packets.is_empty(), "{scene:?}");
        seen.extend(met(&packets));
        analyser::judge(bytes.clone());
        analyser::compare(bytes);
    }
    let missing: Vec<_> = MET.iter().filter(|what| !seen.contains(*what)).collect();
    assert!(missing.is_empty(), "no scene shows {missing:?}");
}
