//! TCP (RFC 9293) with its options.

use etherparse::TcpHeaderSlice;

use super::{Fields, Layer, LayerKind, big16, big32, checksum};
use crate::i18n::{Phrase, packet as text};
use crate::wire::layers::{Layers, Span, tcp_flag as flag};
use crate::wire::packets::Packets;
use crate::wire::trouble::{Part, Trouble, Wrong};
use crate::wire::words;

/// The flags: bit, filter name, short name, name, sentence.
const FLAGS: [(u16, &str, &str, Phrase, Phrase); 8] = [
    (
        flag::CWR,
        "tcp.flags.cwr",
        "CWR",
        text::F_CWR,
        text::F_CWR_IS,
    ),
    (
        flag::ECE,
        "tcp.flags.ece",
        "ECE",
        text::F_ECE,
        text::F_ECE_IS,
    ),
    (
        flag::URG,
        "tcp.flags.urg",
        "URG",
        text::F_URG,
        text::F_URG_IS,
    ),
    (
        flag::ACK,
        "tcp.flags.ack",
        "ACK",
        text::F_ACK_FLAG,
        text::F_ACK_FLAG_IS,
    ),
    (
        flag::PSH,
        "tcp.flags.push",
        "PSH",
        text::F_PSH,
        text::F_PSH_IS,
    ),
    (
        flag::RST,
        "tcp.flags.reset",
        "RST",
        text::F_RST,
        text::F_RST_IS,
    ),
    (
        flag::SYN,
        "tcp.flags.syn",
        "SYN",
        text::F_SYN,
        text::F_SYN_IS,
    ),
    (
        flag::FIN,
        "tcp.flags.fin",
        "FIN",
        text::F_FIN,
        text::F_FIN_IS,
    ),
];

/// Flags as a short text: `SYN ACK`.
pub(in crate::wire) fn flag_names(flags: u16) -> String {
    let mut names: Vec<&str> = FLAGS
        .iter()
        .rev()
        .filter(|(bit, ..)| flags & bit != 0)
        .map(|(_, _, short, ..)| *short)
        .collect();
    // As everybody says it: SYN ACK, FIN ACK, PSH ACK.
    if let Some(at) = names.iter().position(|n| *n == "ACK") {
        let ack = names.remove(at);
        names.push(ack);
    }
    names.join(" ")
}

pub(super) fn layer(
    layers: &Layers,
    span: Span,
    bytes: &[u8],
    of: Option<(&Packets, u32)>,
    troubles: &mut Vec<Trouble>,
) -> Option<Layer> {
    let raw = span.of(bytes);
    let header = TcpHeaderSlice::from_slice(raw).ok()?;
    let flags = big16(raw, 12) & 0x01ff;
    let mut fields = Fields::at(span.start as usize);
    let (from, to) = (header.source_port(), header.destination_port());
    fields.add(
        (text::F_SRC_PORT, text::F_SRC_PORT_IS),
        "tcp.srcport",
        from,
        (0, 2),
    );
    fields.add(
        (text::F_DST_PORT, text::F_DST_PORT_IS),
        "tcp.dstport",
        to,
        (2, 4),
    );
    let relative = of.and_then(|(p, row)| p.relative_seq(row));
    if let Some(seq) = relative {
        fields.add((text::F_SEQ, text::F_SEQ_IS), "tcp.seq", seq, (4, 8));
    }
    fields.add(
        (text::F_SEQ_RAW, text::F_SEQ_RAW_IS),
        "tcp.seq_raw",
        header.sequence_number(),
        (4, 8),
    );
    let relative_ack = of.and_then(|(p, row)| p.relative_ack(row));
    if let Some(ack) = relative_ack {
        fields.add((text::F_ACK, text::F_ACK_IS), "tcp.ack", ack, (8, 12));
    }
    fields.add(
        (text::F_ACK_RAW, text::F_ACK_RAW_IS),
        "tcp.ack_raw",
        header.acknowledgment_number(),
        (8, 12),
    );
    fields.add(
        (text::F_HEADER_LENGTH, text::F_HEADER_LENGTH_IS),
        "tcp.hdr_len",
        raw.len(),
        (12, 13),
    );
    fields.add(
        (text::F_FLAGS, text::F_FLAGS_IS),
        "tcp.flags",
        format!("{} (0x{flags:03x})", flag_names(flags)),
        (12, 14),
    );
    for (bit, key, _, name, is) in FLAGS {
        let value = u8::from(flags & bit != 0);
        fields.part((name, is), key, value, (13, 14));
    }
    if let Some(window) = of.and_then(|(p, row)| p.window(row)) {
        fields.add(
            (text::F_WINDOW, text::F_WINDOW_IS),
            "tcp.window_size",
            window,
            (14, 16),
        );
    }
    fields.add(
        (text::F_WINDOW_RAW, text::F_WINDOW_RAW_IS),
        "tcp.window_size_value",
        header.window_size(),
        (14, 16),
    );
    let segment = Span {
        start: span.start,
        end: layers.payload.end,
    };
    let whole = layers.payload_len + raw.len() as u32;
    let verdict = checksum::verdict(layers, 6, segment.of(bytes), whole, header.checksum());
    fields
        .add(
            (text::F_TCP_CHECKSUM, text::F_TCP_CHECKSUM_IS),
            "tcp.checksum",
            format!("0x{:04x}", header.checksum()),
            (16, 18),
        )
        .note = Some(verdict);
    fields.add(
        (text::F_URGENT, text::F_URGENT_IS),
        "tcp.urgent_pointer",
        header.urgent_pointer(),
        (18, 20),
    );
    if let Some(trouble) = options(&mut fields, raw) {
        troubles.push(trouble);
    }
    fields.add(
        (text::F_LEN, text::F_LEN_IS),
        "tcp.len",
        layers.payload_len,
        (0, 0),
    );
    if let Some((packets, row)) = of {
        if let Some(conversation) = packets.conversation(row) {
            fields.add(
                (text::F_STREAM, text::F_STREAM_IS),
                "tcp.stream",
                conversation.number,
                (0, 0),
            );
        }
        for (_, _, name, is) in words::marks(packets.packet(row).marks) {
            fields
                .add((text::F_ANALYSIS, *is), "tcp.analysis", "", (0, 0))
                .note = Some(*name);
        }
    }
    let seq = relative.unwrap_or(header.sequence_number());
    let ack = relative_ack.map_or_else(String::new, |ack| format!(" ack={ack}"));
    Some(Layer {
        kind: LayerKind::Transport,
        protocol: "TCP",
        span,
        carries: layers.payload,
        summary: format!(
            "{from} → {to} · {} · seq={seq}{ack} len={}",
            flag_names(flags),
            layers.payload_len
        ),
        fields: fields.list,
    })
}

/// Kinds of options (<https://www.iana.org/assignments/tcp-parameters>).
mod kind {
    pub(super) const END: u8 = 0;
    pub(super) const NOP: u8 = 1;
    pub(super) const MSS: u8 = 2;
    pub(super) const SCALE: u8 = 3;
    pub(super) const SACK_OK: u8 = 4;
    pub(super) const SACK: u8 = 5;
    pub(super) const TIMESTAMP: u8 = 8;
    pub(super) const FASTOPEN: u8 = 34;
}

/// The window scaling in these options, at most 14 (RFC 7323, 2.3).
pub(in crate::wire) fn scale(options: &[u8]) -> Option<u8> {
    let mut at = 0;
    while let Some(&found) = options.get(at) {
        match found {
            kind::END => return None,
            kind::NOP => at += 1,
            _ => {
                let len = usize::from(*options.get(at + 1)?);
                if len < 2 {
                    return None;
                }
                if found == kind::SCALE && len == 3 {
                    return options.get(at + 2).map(|s| (*s).min(14));
                }
                at += len;
            }
        }
    }
    None
}

/// Adds the options; they are walked here and not by the header crate, whose iterator tells no
/// byte ranges and stops at kinds it does not know.
fn options(fields: &mut Fields, raw: &[u8]) -> Option<Trouble> {
    let mut at = 20;
    while at < raw.len() {
        let found = raw[at];
        let len = match found {
            kind::END | kind::NOP => 1,
            _ => match raw.get(at + 1) {
                Some(len) => usize::from(*len),
                None => {
                    return Some(wrong(fields, at, Wrong::Short { needs: 2, has: 1 }));
                }
            },
        };
        if len == 0 || len < 2 && !matches!(found, kind::END | kind::NOP) {
            return Some(wrong(
                fields,
                at + 1,
                Wrong::LengthTooSmall {
                    says: len as u32,
                    least: 2,
                },
            ));
        }
        let has = raw.len() - at;
        if len > has {
            return Some(wrong(
                fields,
                at + 1,
                Wrong::LengthTooLarge {
                    says: len as u32,
                    has: has as u32,
                },
            ));
        }
        one(fields, &raw[at..at + len], at);
        at += len;
        if found == kind::END {
            break;
        }
    }
    None
}

fn wrong(fields: &Fields, at: usize, wrong: Wrong) -> Trouble {
    Trouble {
        part: Part::TcpOption,
        wrong,
        at: (fields.base + at) as u32,
    }
}

fn one(fields: &mut Fields, option: &[u8], at: usize) {
    let range = (at, at + option.len());
    let value = |from: usize| (at + from, at + option.len());
    match (option[0], option.len()) {
        (kind::END, _) => {
            fields.add((text::OPT_END, text::OPT_END_IS), "", "", range);
        }
        (kind::NOP, _) => {
            fields.add((text::OPT_NOP, text::OPT_NOP_IS), "", "", range);
        }
        (kind::MSS, 4) => {
            fields.add(
                (text::OPT_MSS, text::OPT_MSS_IS),
                "tcp.options.mss_val",
                big16(option, 2),
                range,
            );
        }
        (kind::SCALE, 3) => {
            fields.add(
                (text::OPT_SCALE, text::OPT_SCALE_IS),
                "tcp.options.wscale.shift",
                option[2],
                range,
            );
        }
        (kind::SACK_OK, 2) => {
            fields.add(
                (text::OPT_SACK_OK, text::OPT_SACK_OK_IS),
                "tcp.options.sack_perm",
                "",
                range,
            );
        }
        (kind::SACK, len) if len >= 10 && (len - 2).is_multiple_of(8) => {
            let pieces: Vec<String> = option[2..]
                .chunks_exact(8)
                .map(|piece| format!("{}–{}", big32(piece, 0), big32(piece, 4)))
                .collect();
            fields.add(
                (text::OPT_SACK, text::OPT_SACK_IS),
                "tcp.options.sack",
                pieces.join(", "),
                range,
            );
        }
        (kind::TIMESTAMP, 10) => {
            fields.add(
                (text::OPT_TIMESTAMP, text::OPT_TIMESTAMP_IS),
                "tcp.options.timestamp",
                format!("{} / {}", big32(option, 2), big32(option, 6)),
                range,
            );
        }
        (kind::FASTOPEN, _) => {
            fields.add(
                (text::OPT_FASTOPEN, text::OPT_FASTOPEN_IS),
                "tcp.options.tfo",
                format!("{} B", option.len() - 2),
                range,
            );
        }
        (other, len) => {
            fields.add(
                (text::OPT, text::OPT_OTHER_IS),
                "",
                format!("{other}, {len} B"),
                range,
            );
            if len > 2 {
                fields.part(
                    (text::F_DATA, text::F_DATA_IS),
                    "",
                    format!("{} B", len - 2),
                    value(2),
                );
            }
        }
    }
}
