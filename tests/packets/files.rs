//! Capture files of every form, whole and damaged.

use std::io::Write as _;

use proptest::prelude::*;
use socklab::wire::file::{self, Damage, Format, Why};
use socklab::wire::{Captured, Link, Packets, export, mark};

use super::craft::{self, Capture};

fn same(a: &Packets, b: &Packets) {
    assert_eq!(a.len(), b.len());
    for row in 0..a.len() {
        assert_eq!(a.packet(row), b.packet(row), "packet {}", row + 1);
        assert_eq!(a.bytes(row).unwrap(), b.bytes(row).unwrap());
        assert_eq!(a.source(row), b.source(row));
        assert_eq!(a.relative_seq(row), b.relative_seq(row));
    }
}

#[test]
fn every_form_of_the_same_capture_is_the_same() {
    let capture = craft::everything();
    let pcap = file::from_bytes(capture.pcap(1)).unwrap();
    assert_eq!(pcap.format, Format::Pcap);
    assert_eq!(pcap.packets.len() as usize, capture.packets.len());
    assert!(pcap.cut.is_none());
    for big in [false, true] {
        let pcapng = file::from_bytes(capture.pcapng(big)).unwrap();
        assert_eq!(pcapng.format, Format::Pcapng);
        same(&pcap.packets, &pcapng.packets);
    }
}

#[test]
fn files_are_read_from_disk_and_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let capture = craft::everything();
    let bytes = capture.pcap(1);
    let plain = folder.path().join("a.pcap");
    std::fs::write(&plain, &bytes).unwrap();
    let packed = folder.path().join("a.pcap.gz");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let gzip = gzip.finish().unwrap();
    std::fs::write(&packed, &gzip).unwrap();
    assert!(file::sniff(&plain) && file::sniff(&packed));
    let a = file::open(&plain).unwrap();
    let b = file::open(&packed).unwrap();
    same(&a.packets, &b.packets);
    // Cut in the middle of the packed stream: what came out is shown, and where it ends.
    std::fs::write(&packed, &gzip[..gzip.len() * 2 / 3]).unwrap();
    let cut = file::open(&packed).unwrap();
    assert!(!cut.packets.is_empty() && cut.packets.len() < a.packets.len());
    assert!(cut.cut.is_some());
}

#[test]
fn a_cut_file_shows_what_is_whole_and_says_where_it_ends() {
    let capture = craft::everything();
    let bytes = capture.pcap(1);
    let last = capture.packets.last().unwrap().1.len() + 16;
    let opened = file::from_bytes(bytes[..bytes.len() - 1].to_vec()).unwrap();
    assert_eq!(opened.packets.len() as usize, capture.packets.len() - 1);
    let cut = opened.cut.unwrap();
    assert_eq!(cut.offset as usize, bytes.len() - last);
    assert_eq!(cut.damage, Damage::Ends);
}

#[test]
fn what_is_no_capture_is_refused_with_its_reason() {
    assert!(matches!(file::from_bytes(Vec::new()), Err(Why::Empty)));
    assert!(matches!(
        file::from_bytes(b"<html>".to_vec()),
        Err(Why::Foreign(_))
    ));
    let header = craft::everything().pcap(1)[..20].to_vec();
    assert!(matches!(file::from_bytes(header), Err(Why::Header)));
}

#[test]
fn a_length_beyond_belief_is_not_believed() {
    let mut bytes = Capture::new().pcap(1);
    bytes.extend([0; 8]);
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend(u32::MAX.to_le_bytes());
    let cut = file::from_bytes(bytes).unwrap().cut.unwrap();
    assert_eq!(cut.offset, 24);
    assert_eq!(cut.damage, Damage::Length(u64::from(u32::MAX)));
}

#[test]
fn an_export_reads_back_with_its_remarks() {
    let opened = file::from_bytes(craft::everything().pcap(1)).unwrap();
    let mut out = Vec::new();
    let about = export::About {
        clock: 0,
        comment: "made by a test".to_owned(),
    };
    let mut remarks = |row: u32| {
        if row.is_multiple_of(2) {
            vec![format!("send #{row}"), "消息 1".to_owned()]
        } else {
            Vec::new()
        }
    };
    let rows = 0..opened.packets.len();
    export::write(&opened.packets, rows, &about, &mut remarks, &mut out).unwrap();
    let again = file::from_bytes(out.clone()).unwrap();
    assert!(again.cut.is_none());
    same(&opened.packets, &again.packets);
    assert_eq!(again.packets.comment(0), Some("send #0\n消息 1"));
    assert_eq!(again.packets.comment(1), None);
    // An independent reader finds the same, where it is installed.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.pcapng");
    std::fs::write(&file, out).unwrap();
    let asked = std::process::Command::new("tshark")
        .arg("-r")
        .arg(&file)
        .args([
            "-n",
            "-T",
            "fields",
            "-e",
            "frame.time_epoch",
            "-e",
            "frame.comment",
        ])
        .output();
    let Ok(asked) = asked else {
        eprintln!("skipped: tshark cannot be run here");
        return;
    };
    assert!(asked.status.success());
    let text = String::from_utf8(asked.stdout).unwrap();
    assert_eq!(text.lines().count() as u32, opened.packets.len());
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("1700000000.000010000"), "{first}");
    assert!(
        first.contains("send #0") && first.contains("消息 1"),
        "{first}"
    );
}

#[test]
fn every_link_layer_leads_to_the_same_segment() {
    let frame = craft::everything().packets[3].1.clone();
    let ip = frame[14..].to_vec();
    let with = |front: &[u8]| [front, &ip].concat();
    let sll = with(&[0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0]);
    let sll2 = with(&[8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]);
    let tagged = [&frame[..12], &[0x81, 0, 0, 5, 8, 0], &ip].concat();
    let padded = [frame.as_slice(), &[0; 7]].concat();
    for (link, bytes) in [
        (Link::Ethernet, frame.clone()),
        (Link::Ethernet, tagged),
        (Link::Ethernet, padded),
        (Link::Sll, sll),
        (Link::Sll2, sll2),
        (Link::Null, with(&[2, 0, 0, 0])),
        (Link::Null, with(&[0, 0, 0, 2])),
        (Link::Loop, with(&[0, 0, 0, 2])),
        (Link::RawIp, ip.clone()),
    ] {
        let mut packets = Packets::live(Vec::new());
        let captured = Captured {
            time: 0,
            link,
            original: bytes.len() as u32,
            bytes: &bytes,
        };
        let row = packets.push(&captured).unwrap();
        let packet = packets.packet(row);
        assert_eq!(packet.payload, 5, "{link:?}");
        assert_eq!(packet.marks & mark::TROUBLE, 0, "{link:?}");
        assert_eq!(packets.payload(row).unwrap(), b"hello", "{link:?}");
        assert_eq!(
            packets.source(row).unwrap().to_string(),
            "10.0.0.1:40001",
            "{link:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever stands in a file: it opens, or says why not; what opened can be looked at.
    #[test]
    fn any_bytes_are_a_file_or_an_error(
        damage in prop::collection::vec((0_usize..6_000, any::<u8>()), 0..40),
        len in 0_usize..6_500,
        form in 0_u8..3,
    ) {
        let capture = craft::everything();
        let mut bytes = match form {
            0 => capture.pcap(1),
            1 => capture.pcapng(false),
            _ => capture.pcapng(true),
        };
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(len);
        if let Ok(opened) = file::from_bytes(bytes) {
            look_at_everything(&opened.packets);
        }
    }

    /// Whatever a packet is: it is taken apart, and every field stands inside it.
    #[test]
    fn any_bytes_are_a_packet(
        link in prop::sample::select(vec![0_u16, 1, 101, 108, 113, 276, 147]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        original in 0_u32..300,
    ) {
        let mut packets = Packets::live(Vec::new());
        let link = Link::from_linktype(link);
        packets.push(&Captured { time: 1, link, original, bytes: &bytes });
        look_at_everything(&packets);
    }

    /// The same with headers that begin well: deeper layers are reached.
    #[test]
    fn damaged_packets_are_packets(
        number in 0_usize..68,
        damage in prop::collection::vec((0_usize..100, any::<u8>()), 0..6),
        len in 0_usize..120,
        more in 0_u32..100,
    ) {
        let mut bytes = craft::everything().packets[number].1.clone();
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let original = bytes.len() as u32 + more;
        bytes.truncate(len);
        let mut packets = Packets::live(Vec::new());
        packets.push(&Captured { time: 1, link: Link::Ethernet, original, bytes: &bytes });
        look_at_everything(&packets);
    }
}

fn look_at_everything(packets: &Packets) {
    for row in 0..packets.len() {
        let taken = packets.dissect(row).unwrap();
        let len = taken.bytes.len() as u32;
        for layer in &taken.layers {
            assert!(layer.span.end <= len && layer.span.start <= layer.span.end);
            for field in &layer.fields {
                assert!(field.span.end <= len, "{field:?} of {len}");
                assert!(field.span.start <= field.span.end);
            }
        }
        let marked = packets.packet(row).marks & mark::TROUBLE != 0;
        assert!(!marked || !taken.troubles.is_empty());
        for trouble in &taken.troubles {
            assert!(trouble.at <= len);
        }
        assert!(packets.payload(row).unwrap().len() as u32 <= packets.packet(row).payload);
    }
    for conversation in 0..packets.conversations().len() as u32 {
        let followed = socklab::wire::follow::follow(packets, conversation).unwrap();
        assert_eq!(followed.len, ends(&followed));
    }
}

fn ends(followed: &socklab::wire::follow::Followed) -> [u64; 2] {
    [false, true].map(|backward| {
        let mut end = 0;
        for piece in followed.pieces.iter().filter(|p| p.backward == backward) {
            assert_eq!(
                piece.start,
                end + piece.missing,
                "no byte twice, none left out"
            );
            end = piece.start + piece.bytes.len() as u64;
        }
        end
    })
}
