//! Troubles, judgements and file errors in words.

use std::fmt::Write as _;

use crate::i18n::{Lang, Phrase, packet as text};

use super::analysis::mark;
use super::conversation::Protocol;
use super::dissect::{flag_names, icmp_name};
use super::file::{Cut, Damage, MAX_UNPACKED, OpenError, Why};
use super::packets::Packets;
use super::trouble::{Trouble, Wrong};

/// The judgements: bit, name in filters, word, sentence.
pub const MARKS: [(u16, &str, Phrase, Phrase); 15] = [
    (
        mark::FAST_RETRANSMISSION,
        "fast_retransmission",
        text::MARK_FAST,
        text::MARK_FAST_IS,
    ),
    (
        mark::SPURIOUS,
        "spurious_retransmission",
        text::MARK_SPURIOUS,
        text::MARK_SPURIOUS_IS,
    ),
    (
        mark::RETRANSMISSION,
        "retransmission",
        text::MARK_RETRANSMISSION,
        text::MARK_RETRANSMISSION_IS,
    ),
    (
        mark::OUT_OF_ORDER,
        "out_of_order",
        text::MARK_OUT_OF_ORDER,
        text::MARK_OUT_OF_ORDER_IS,
    ),
    (
        mark::DUP_ACK,
        "duplicate_ack",
        text::MARK_DUP_ACK,
        text::MARK_DUP_ACK_IS,
    ),
    (
        mark::ZERO_WINDOW,
        "zero_window",
        text::MARK_ZERO_WINDOW,
        text::MARK_ZERO_WINDOW_IS,
    ),
    (
        mark::WINDOW_PROBE,
        "zero_window_probe",
        text::MARK_PROBE,
        text::MARK_PROBE_IS,
    ),
    (
        mark::WINDOW_PROBE_ACK,
        "zero_window_probe_ack",
        text::MARK_PROBE_ACK,
        text::MARK_PROBE_ACK_IS,
    ),
    (
        mark::KEEP_ALIVE,
        "keep_alive",
        text::MARK_KEEP_ALIVE,
        text::MARK_KEEP_ALIVE_IS,
    ),
    (
        mark::KEEP_ALIVE_ACK,
        "keep_alive_ack",
        text::MARK_KEEP_ALIVE_ACK,
        text::MARK_KEEP_ALIVE_ACK_IS,
    ),
    (
        mark::WINDOW_UPDATE,
        "window_update",
        text::MARK_WINDOW_UPDATE,
        text::MARK_WINDOW_UPDATE_IS,
    ),
    (
        mark::WINDOW_FULL,
        "window_full",
        text::MARK_WINDOW_FULL,
        text::MARK_WINDOW_FULL_IS,
    ),
    (mark::GAP, "lost_segment", text::MARK_GAP, text::MARK_GAP_IS),
    (
        mark::ACK_UNSEEN,
        "ack_lost_segment",
        text::MARK_ACK_UNSEEN,
        text::MARK_ACK_UNSEEN_IS,
    ),
    (
        mark::TROUBLE,
        "malformed",
        text::MARK_TROUBLE,
        text::MARK_TROUBLE_IS,
    ),
];

/// The judgements of a packet, in words, the most telling first.
pub fn marks(bits: u16) -> impl Iterator<Item = &'static (u16, &'static str, Phrase, Phrase)> {
    // "Fast" and "needless" say "retransmission" already.
    let bits = if bits & (mark::FAST_RETRANSMISSION | mark::SPURIOUS) != 0 {
        bits & !mark::RETRANSMISSION
    } else {
        bits
    };
    MARKS.iter().filter(move |(bit, ..)| bits & bit != 0)
}

/// What a packet says, in one line: flags, relative numbers, judgements.
pub fn info(packets: &Packets, row: u32, lang: Lang) -> String {
    let packet = packets.packet(row);
    let mut out = match packet.protocol {
        Protocol::Tcp => {
            let mut out = flag_names(packet.flags);
            let seq = packets.relative_seq(row).unwrap_or(packet.seq);
            let _ = write!(out, " seq={seq}");
            if let Some(ack) = packets.relative_ack(row) {
                let _ = write!(out, " ack={ack}");
            }
            let window = packets.window(row).unwrap_or(0);
            let _ = write!(out, " win={window} len={}", packet.payload);
            out
        }
        Protocol::Icmp | Protocol::Icmp6 => {
            let six = packet.protocol == Protocol::Icmp6;
            icmp_name(six, (packet.seq >> 8) as u8).to_owned()
        }
        _ => format!("len={}", packet.payload),
    };
    for (_, _, word, _) in marks(packet.marks) {
        let _ = write!(out, " [{}]", word.get(lang));
    }
    out
}

/// What is wrong where, as a sentence.
pub fn trouble(trouble: &Trouble, lang: Lang) -> String {
    let part = ("part", &trouble.part.name() as &dyn std::fmt::Display);
    let at = ("at", &trouble.at as &dyn std::fmt::Display);
    match &trouble.wrong {
        Wrong::Short { needs, has } => {
            text::WRONG_SHORT.fill(lang, &[part, at, ("needs", needs), ("has", has)])
        }
        Wrong::Version(found) => text::WRONG_VERSION.fill(lang, &[part, at, ("found", found)]),
        Wrong::LengthTooSmall { says, least } => {
            text::WRONG_SMALL.fill(lang, &[part, at, ("says", says), ("least", least)])
        }
        Wrong::LengthTooLarge { says, has } => {
            text::WRONG_LARGE.fill(lang, &[part, at, ("says", says), ("has", has)])
        }
        Wrong::TooMany => text::WRONG_MANY.fill(lang, &[part, at]),
    }
}

/// Why a capture file cannot be opened, and what to do.
pub fn open_error(error: &OpenError, lang: Lang) -> String {
    let file = error.path.display();
    let file = ("file", &file as &dyn std::fmt::Display);
    match &error.why {
        Why::Io(why) => text::OPEN_IO.fill(lang, &[file, ("why", why)]),
        Why::Empty => text::OPEN_EMPTY.fill(lang, &[file]),
        Why::Foreign(bytes) => {
            let bytes: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
            text::OPEN_FOREIGN.fill(lang, &[file, ("bytes", &bytes.join(" "))])
        }
        Why::Header => text::OPEN_HEADER.fill(lang, &[file]),
        Why::Packed(why) => text::OPEN_PACKED.fill(lang, &[file, ("why", why)]),
        Why::UnpacksTooLarge => {
            text::OPEN_UNPACKS_LARGE.fill(lang, &[file, ("gib", &(MAX_UNPACKED >> 30))])
        }
    }
}

/// What of a file that is not whole is shown.
pub fn cut(cut: &Cut, file: &dyn std::fmt::Display, packets: u32, lang: Lang) -> String {
    let what = match &cut.damage {
        Damage::Ends => text::CUT_ENDS.get(lang).to_owned(),
        Damage::Length(n) => text::CUT_LENGTH.fill(lang, &[("n", n)]),
        Damage::Contradiction => text::CUT_CONTRADICTION.get(lang).to_owned(),
        Damage::Interface(n) => text::CUT_INTERFACE.fill(lang, &[("n", n)]),
        Damage::Read => text::CUT_READ.get(lang).to_owned(),
        Damage::Packed => text::CUT_PACKED.get(lang).to_owned(),
        Damage::TooMany => text::CUT_MANY.get(lang).to_owned(),
    };
    text::CUT.fill(
        lang,
        &[
            ("file", file),
            ("offset", &cut.offset),
            ("what", &what),
            ("n", &packets),
        ],
    )
}
