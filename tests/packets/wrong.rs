//! Malformed packets: what is wrong, and where.

use socklab::i18n::Lang;
use socklab::wire::{Captured, Link, Packets, Part, Wrong, mark, words};

use super::craft;

/// The trouble of the fourth packet (59 bytes: 14 Ethernet, 20 IPv4, 20 TCP, 5 data) after `change`.
fn trouble(change: impl Fn(&mut Vec<u8>)) -> (Part, Wrong, u32) {
    let mut bytes = craft::everything().packets[3].1.clone();
    change(&mut bytes);
    let mut packets = Packets::live(Vec::new());
    let captured = Captured {
        time: 0,
        link: Link::Ethernet,
        original: bytes.len() as u32,
        bytes: &bytes,
    };
    let row = packets.push(&captured).unwrap();
    let taken = packets.dissect(row).unwrap();
    let trouble = *taken.troubles.first().expect("something is wrong");
    for lang in Lang::ALL {
        let said = words::trouble(&trouble, lang);
        assert!(said.contains(&trouble.at.to_string()), "{said}");
    }
    (trouble.part, trouble.wrong, trouble.at)
}

#[test]
fn each_contradiction_is_found_in_its_place() {
    assert_eq!(
        trouble(|b| b.truncate(10)),
        (Part::Link, Wrong::Short { needs: 14, has: 10 }, 0)
    );
    assert_eq!(
        trouble(|b| b[14] = 0x55),
        (Part::Ipv4, Wrong::Version(5), 14)
    );
    assert_eq!(
        trouble(|b| b[14] = 0x44),
        (
            Part::Ipv4,
            Wrong::LengthTooSmall {
                says: 16,
                least: 20
            },
            14
        )
    );
    assert_eq!(
        trouble(|b| b[17] = 19),
        (
            Part::Ipv4,
            Wrong::LengthTooSmall {
                says: 19,
                least: 20
            },
            16
        )
    );
    assert_eq!(
        trouble(|b| b[16] = 1),
        (Part::Ipv4, Wrong::LengthTooLarge { says: 301, has: 45 }, 16)
    );
    assert_eq!(
        trouble(|b| b[46] = 0x40),
        (
            Part::Tcp,
            Wrong::LengthTooSmall {
                says: 16,
                least: 20
            },
            46
        )
    );
    assert_eq!(
        trouble(|b| b[46] = 0xf0),
        (Part::Tcp, Wrong::Short { needs: 60, has: 25 }, 34)
    );
    // An option of no length, in a header made longer by four of the data's bytes.
    assert_eq!(
        trouble(|b| {
            b[46] = 0x60;
            b[54] = 2;
            b[55] = 0;
        }),
        (
            Part::TcpOption,
            Wrong::LengthTooSmall { says: 0, least: 2 },
            55
        )
    );
}

#[test]
fn what_was_only_cut_when_it_was_captured_is_not_wrong() {
    let bytes = craft::everything().packets[3].1.clone();
    let mut packets = Packets::live(Vec::new());
    packets.push(&Captured {
        time: 0,
        link: Link::Ethernet,
        original: bytes.len() as u32,
        bytes: &bytes[..56],
    });
    let packet = packets.packet(0);
    assert_eq!(packet.marks & mark::TROUBLE, 0);
    assert_eq!(packet.payload, 5);
    assert_eq!(packets.payload(0).unwrap(), b"he");
    let taken = packets.dissect(0).unwrap();
    let checksum = taken.field("tcp.checksum").unwrap();
    assert_eq!(checksum.note, Some(socklab::i18n::packet::CHECKSUM_UNKNOWN));
}

#[test]
fn checksums_are_right_or_wrong() {
    let good = socklab::i18n::packet::CHECKSUM_GOOD;
    let bad = socklab::i18n::packet::CHECKSUM_BAD;
    let look = |flip: bool| {
        for (_, frame) in craft::everything().packets {
            let mut bytes = frame;
            if flip {
                *bytes.last_mut().unwrap() ^= 1;
            }
            let mut packets = Packets::live(Vec::new());
            packets.push(&Captured {
                time: 0,
                link: Link::Ethernet,
                original: bytes.len() as u32,
                bytes: &bytes,
            });
            let taken = packets.dissect(0).unwrap();
            let transport = taken
                .layers
                .iter()
                .find(|l| l.kind == socklab::wire::dissect::LayerKind::Transport)
                .unwrap();
            let field = transport
                .fields
                .iter()
                .find(|f| f.key.ends_with(".checksum"))
                .unwrap();
            assert_eq!(field.note, Some(if flip { bad } else { good }), "{field:?}");
        }
    };
    look(false);
    look(true);
}
