//! Conversations followed: every byte once, in order, whatever happened on the way.

use proptest::prelude::*;
use socklab::wire::file;
use socklab::wire::follow::{follow, messages};

use super::craft::{ACK, CLIENT, Capture, PSH, SERVER, Talk};

fn text(followed: &socklab::wire::follow::Followed, backward: bool) -> Vec<u8> {
    followed
        .pieces
        .iter()
        .filter(|p| p.backward == backward)
        .flat_map(|p| p.bytes.clone())
        .collect()
}

#[test]
fn lost_repeated_and_early_bytes_come_out_once_and_in_order() {
    let packets = file::from_bytes(super::craft::everything().pcap(1))
        .unwrap()
        .packets;
    let expected = [
        (0, "hello", "world!"),
        (3, "too late", ""),
        (4, "firstsecondthirdfour.five.againonetwox", ""),
        (5, "套接字", ""),
    ];
    for (number, forward, backward) in expected {
        let at = packets
            .find_conversation(socklab::wire::Protocol::Tcp, number)
            .unwrap();
        let followed = follow(&packets, at).unwrap();
        assert_eq!(text(&followed, false), forward.as_bytes(), "{number}");
        assert_eq!(text(&followed, true), backward.as_bytes(), "{number}");
    }
    // What was not captured is a gap of the right size, not silence.
    let at = packets
        .find_conversation(socklab::wire::Protocol::Tcp, 6)
        .unwrap();
    let followed = follow(&packets, at).unwrap();
    assert_eq!(followed.pieces[0].bytes, b"middle");
    assert_eq!(followed.pieces[1].missing, 100);
    assert_eq!(followed.pieces[1].bytes, b"after a gap");
    let found = messages(&followed, false, &"delimiter:d".parse().unwrap());
    assert_eq!(found.gap, Some(6));
    // Datagrams are pieces as they are.
    let at = packets
        .find_conversation(socklab::wire::Protocol::Udp, 0)
        .unwrap();
    let followed = follow(&packets, at).unwrap();
    assert_eq!(text(&followed, false), b"a datagram");
    assert_eq!(text(&followed, true), b"its answer");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A stream cut anyhow, its segments in any order and some twice: the same bytes, and the
    /// same messages by their length prefix.
    #[test]
    fn any_order_gives_the_same_messages(
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..8),
        cuts in prop::collection::vec(1_usize..30, 1..20),
        order in prop::collection::vec(any::<u32>(), 64),
        twice in any::<u64>(),
        start in any::<u32>(),
    ) {
        let mut stream = Vec::new();
        for payload in &payloads {
            stream.extend((payload.len() as u16).to_be_bytes());
            stream.extend(payload);
        }
        let mut capture = Capture::new();
        let mut talk = Talk::new((CLIENT, 40_000), (SERVER, 5_000));
        talk.seq[0] = start;
        talk.handshake_from_anywhere(&mut capture);
        let mut frames = Vec::new();
        let (mut at, mut n) = (0, 0);
        while at < stream.len() {
            let end = (at + cuts[n % cuts.len()]).min(stream.len());
            let mut segment = talk.segment(0, PSH | ACK, &stream[at..end]);
            segment.seq = talk.seq[0].wrapping_add(at as u32);
            frames.push((order[n % order.len()], segment.frame()));
            if twice >> (n % 64) & 1 == 1 {
                frames.push((order[(n + 7) % order.len()], frames[frames.len() - 1].1.clone()));
            }
            at = end;
            n += 1;
        }
        frames.sort_by_key(|(place, _)| *place);
        for (_, frame) in frames {
            capture.add(frame);
        }
        let packets = file::from_bytes(capture.pcap(1)).unwrap().packets;
        let followed = follow(&packets, 0).unwrap();
        prop_assert_eq!(text(&followed, false), stream);
        prop_assert!(followed.pieces.iter().all(|p| p.missing == 0));
        let found = messages(&followed, false, &"length:u16:big".parse().unwrap());
        prop_assert_eq!(found.error, None);
        let found: Vec<Vec<u8>> = found.messages.into_iter().map(|m| m.payload).collect();
        prop_assert_eq!(found, payloads);
    }
}
