//! Every field equal to what an independent dissector says (tshark, where it is installed).

use std::collections::BTreeSet;
use std::process::Command;

use socklab::wire::dissect::Dissection;
use socklab::wire::{Packets, file, words};

use super::craft;

/// What the other calls a field, and how its value is brought into our form.
const FIELDS: &[(&str, &str)] = &[
    ("frame.number", "frame.number"),
    ("frame.len", "frame.len"),
    ("frame.cap_len", "frame.cap_len"),
    ("eth.dst", "eth.dst"),
    ("eth.src", "eth.src"),
    ("eth.type", "eth.type"),
    ("ip.version", "ip.version"),
    ("ip.hdr_len", "ip.hdr_len"),
    ("ip.dsfield", "ip.dsfield"),
    ("ip.len", "ip.len"),
    ("ip.id", "ip.id"),
    ("ip.frag_offset", "ip.frag_offset"),
    ("ip.ttl", "ip.ttl"),
    ("ip.proto", "ip.proto"),
    ("ip.checksum", "ip.checksum"),
    ("ip.src", "ip.src"),
    ("ip.dst", "ip.dst"),
    ("ipv6.version", "ipv6.version"),
    ("ipv6.flow", "ipv6.flow"),
    ("ipv6.plen", "ipv6.plen"),
    ("ipv6.nxt", "ipv6.nxt"),
    ("ipv6.hlim", "ipv6.hlim"),
    ("ipv6.src", "ipv6.src"),
    ("ipv6.dst", "ipv6.dst"),
    ("tcp.srcport", "tcp.srcport"),
    ("tcp.dstport", "tcp.dstport"),
    ("tcp.stream", "tcp.stream"),
    ("tcp.seq", "tcp.seq"),
    ("tcp.seq_raw", "tcp.seq_raw"),
    ("tcp.ack", "tcp.ack"),
    ("tcp.ack_raw", "tcp.ack_raw"),
    ("tcp.hdr_len", "tcp.hdr_len"),
    ("tcp.flags", "tcp.flags"),
    ("tcp.flags.syn", "tcp.flags.syn"),
    ("tcp.flags.ack", "tcp.flags.ack"),
    ("tcp.flags.fin", "tcp.flags.fin"),
    ("tcp.flags.reset", "tcp.flags.reset"),
    ("tcp.flags.push", "tcp.flags.push"),
    ("tcp.flags.urg", "tcp.flags.urg"),
    ("tcp.flags.ece", "tcp.flags.ece"),
    ("tcp.flags.cwr", "tcp.flags.cwr"),
    ("tcp.window_size", "tcp.window_size"),
    ("tcp.window_size_value", "tcp.window_size_value"),
    ("tcp.checksum", "tcp.checksum"),
    ("tcp.urgent_pointer", "tcp.urgent_pointer"),
    ("tcp.options.mss_val", "tcp.options.mss_val"),
    ("tcp.options.wscale.shift", "tcp.options.wscale.shift"),
    ("tcp.len", "tcp.len"),
    ("udp.srcport", "udp.srcport"),
    ("udp.dstport", "udp.dstport"),
    ("udp.length", "udp.length"),
    ("udp.checksum", "udp.checksum"),
    ("udp.stream", "udp.stream"),
    ("icmp.type", "icmp.type"),
    ("icmp.code", "icmp.code"),
    ("icmp.checksum", "icmp.checksum"),
    ("icmpv6.type", "icmpv6.type"),
    ("icmpv6.code", "icmpv6.code"),
    ("icmpv6.checksum", "icmpv6.checksum"),
];

/// Judgements: theirs, ours.
const JUDGEMENTS: &[(&str, &str)] = &[
    ("tcp.analysis.retransmission", "retransmission"),
    ("tcp.analysis.fast_retransmission", "fast_retransmission"),
    (
        "tcp.analysis.spurious_retransmission",
        "spurious_retransmission",
    ),
    ("tcp.analysis.out_of_order", "out_of_order"),
    ("tcp.analysis.duplicate_ack", "duplicate_ack"),
    ("tcp.analysis.zero_window", "zero_window"),
    ("tcp.analysis.zero_window_probe", "zero_window_probe"),
    (
        "tcp.analysis.zero_window_probe_ack",
        "zero_window_probe_ack",
    ),
    ("tcp.analysis.keep_alive", "keep_alive"),
    ("tcp.analysis.keep_alive_ack", "keep_alive_ack"),
    ("tcp.analysis.window_update", "window_update"),
    ("tcp.analysis.window_full", "window_full"),
    ("tcp.analysis.lost_segment", "lost_segment"),
    ("tcp.analysis.ack_lost_segment", "ack_lost_segment"),
];

/// The first value of each field of each packet, or nothing where the program is missing.
fn ask(capture: &[u8], fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("capture.pcap");
    std::fs::write(&file, capture).expect("written");
    let mut command = Command::new("tshark");
    command.arg("-r").arg(&file).args([
        "-n",
        "-T",
        "fields",
        "-E",
        "separator=|",
        "-E",
        "occurrence=f",
        "-o",
        "tcp.desegment_tcp_streams:FALSE",
    ]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!(
                "skipped: tshark cannot be run here ({error}); install it to compare with it"
            );
            return None;
        }
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("text");
    Some(
        text.lines()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect(),
    )
}

/// Our value, without the names that stand with numbers.
fn ours(packets: &Packets, row: u32, dissection: &Dissection, key: &str) -> String {
    // A field of a quoted packet is not one of this packet.
    let field = dissection
        .layers
        .iter()
        .filter(|layer| layer.kind != socklab::wire::dissect::LayerKind::Quoted)
        .flat_map(|layer| &layer.fields)
        .find(|field| field.key == key);
    if key == "tcp.flags" {
        return field.map_or_else(String::new, |_| {
            format!("0x{:04x}", packets.packet(row).flags)
        });
    }
    let value = field.map_or(String::new(), |field| field.value.clone());
    match value.rsplit_once('(') {
        Some((_, inner)) => inner.trim_end_matches(')').to_owned(),
        None => value,
    }
}

/// Compares every field of every packet of a capture file.
pub(super) fn compare(capture: Vec<u8>) {
    let theirs: Vec<&str> = FIELDS.iter().map(|(theirs, _)| *theirs).collect();
    let Some(rows) = ask(&capture, &theirs) else {
        return;
    };
    let packets = file::from_bytes(capture).expect("a capture").packets;
    assert_eq!(packets.len() as usize, rows.len());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (at, values) in rows.iter().enumerate() {
        let row = at as u32;
        let dissection = packets.dissect(row).expect("in memory");
        for ((_, key), theirs) in FIELDS.iter().zip(values) {
            let mut ours = ours(&packets, row, &dissection, key);
            // Without the flag the number means nothing, and we show none.
            if *key == "tcp.ack" && ours.is_empty() && theirs == "0" {
                "0".clone_into(&mut ours);
            }
            let quoted = dissection
                .layers
                .iter()
                .any(|l| l.kind == socklab::wire::dissect::LayerKind::Quoted);
            // There the other calls the version by this name, too; we only ipv6.version.
            if *key == "ip.version" && theirs == "6" {
                continue;
            }
            // The other tells of the quoted packet where the packet has no such field.
            if quoted && ours.is_empty() {
                continue;
            }
            let same =
                ours == *theirs || number(&ours).is_some() && number(&ours) == number(theirs);
            if !same {
                wrong.push(format!(
                    "packet {}: {key}: {ours:?}, not {theirs:?}",
                    at + 1
                ));
            }
            compared += usize::from(!theirs.is_empty());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{compared} values of {} packets are equal", rows.len());
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

#[test]
fn every_field_is_the_same() {
    compare(craft::everything().pcap(1));
}

/// Compares every judgement on every packet of a capture file; which were met.
pub(super) fn judge(capture: Vec<u8>) -> Option<BTreeSet<&'static str>> {
    let theirs: Vec<&str> = JUDGEMENTS.iter().map(|(theirs, _)| *theirs).collect();
    let rows = ask(&capture, &theirs)?;
    let packets = file::from_bytes(capture).expect("a capture").packets;
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for (at, values) in rows.iter().enumerate() {
        let marks = packets.packet(at as u32).marks;
        for ((_, key), theirs) in JUDGEMENTS.iter().zip(values) {
            let bit = words::MARKS
                .iter()
                .find(|(_, name, ..)| name == key)
                .expect("a judgement")
                .0;
            let ours = marks & bit != 0;
            if ours {
                met.insert(*key);
            }
            if ours == theirs.is_empty() {
                wrong.push(format!("packet {}: {key}: {ours}, not {theirs:?}", at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Some(met)
}

#[test]
fn every_judgement_is_the_same() {
    if let Some(met) = judge(craft::everything().pcap(1)) {
        // The capture has (nearly) all of them.
        assert!(met.len() >= 11, "{met:?}");
    }
}
