//! ICMP (RFC 792) and `ICMPv6` (RFC 4443).

use super::{Fields, Layer, LayerKind, big16, big32, checksum};
use crate::i18n::packet as text;
use crate::wire::layers::{Layers, Span, Transport};

/// Names of types, the same in every language, as they stand in the standards.
pub(in crate::wire) fn name(six: bool, kind: u8) -> &'static str {
    match (six, kind) {
        (false, 0) | (true, 129) => "echo reply",
        (false, 3) | (true, 1) => "destination unreachable",
        (false, 5) | (true, 137) => "redirect",
        (false, 8) | (true, 128) => "echo request",
        (false, 11) | (true, 3) => "time exceeded",
        (false, 12) | (true, 4) => "parameter problem",
        (true, 2) => "packet too big",
        (true, 133) => "router solicitation",
        (true, 134) => "router advertisement",
        (true, 135) => "neighbor solicitation",
        (true, 136) => "neighbor advertisement",
        _ => "?",
    }
}

fn is_six(layers: &Layers) -> bool {
    matches!(layers.transport, Transport::Icmp6(_))
}

pub(super) fn layer(layers: &Layers, span: Span, bytes: &[u8]) -> Option<Layer> {
    let raw = span.of(bytes);
    let [kind, code, ..] = *raw else { return None };
    if raw.len() < 8 {
        return None;
    }
    let six = is_six(layers);
    let keys = if six {
        ["icmpv6.type", "icmpv6.code", "icmpv6.checksum"]
    } else {
        ["icmp.type", "icmp.code", "icmp.checksum"]
    };
    let mut fields = Fields::at(span.start as usize);
    let words = name(six, kind);
    fields.add(
        (text::F_ICMP_TYPE, text::F_ICMP_TYPE_IS),
        keys[0],
        format!("{words} ({kind})"),
        (0, 1),
    );
    fields.add(
        (text::F_ICMP_CODE, text::F_ICMP_CODE_IS),
        keys[1],
        code,
        (1, 2),
    );
    let says = big16(raw, 2);
    let message = Span {
        start: span.start,
        end: layers.payload.end,
    };
    let whole = layers.payload_len + 8;
    let note = if six {
        checksum::verdict(layers, 58, message.of(bytes), whole, says)
    } else if message.len() as u32 != whole || layers.fragment {
        text::CHECKSUM_UNKNOWN
    } else if checksum::sum(0, message.of(bytes)) == 0xffff {
        text::CHECKSUM_GOOD
    } else {
        text::CHECKSUM_BAD
    };
    fields
        .add(
            (text::F_TCP_CHECKSUM, text::F_TCP_CHECKSUM_IS),
            keys[2],
            format!("0x{says:04x}"),
            (2, 4),
        )
        .note = Some(note);
    fields.add(
        (text::F_ICMP_REST, text::F_ICMP_REST_IS),
        "",
        format!("0x{:08x}", big32(raw, 4)),
        (4, 8),
    );
    Some(Layer {
        kind: LayerKind::Transport,
        protocol: if six { "ICMPv6" } else { "ICMP" },
        span,
        carries: layers.payload,
        summary: format!("{words} ({kind}/{code})"),
        fields: fields.list,
    })
}

/// Does it carry the beginning of the packet it is about?
pub(super) fn quotes(layers: &Layers, bytes: &[u8]) -> bool {
    let (Transport::Icmp(span) | Transport::Icmp6(span)) = layers.transport else {
        return false;
    };
    let kind = span.of(bytes).first().copied();
    match (is_six(layers), kind) {
        (false, Some(kind)) => matches!(kind, 3 | 4 | 5 | 11 | 12),
        (true, Some(kind)) => matches!(kind, 1..=4),
        _ => false,
    }
}

/// The ports of a quoted packet of which only eight bytes of the transport header are there.
pub(super) fn quoted_ports(layer: &mut Layer, quoted: &Layers, bytes: &[u8], base: usize) {
    let keys = match quoted.protocol {
        6 => ["tcp.srcport", "tcp.dstport"],
        17 => ["udp.srcport", "udp.dstport"],
        _ => return,
    };
    let at = base + quoted.payload.start as usize;
    let Some(eight) = bytes.get(at..at + 8) else {
        return;
    };
    let mut fields = Fields::at(at);
    fields.add(
        (text::F_SRC_PORT, text::F_SRC_PORT_IS),
        keys[0],
        big16(eight, 0),
        (0, 2),
    );
    fields.add(
        (text::F_DST_PORT, text::F_DST_PORT_IS),
        keys[1],
        big16(eight, 2),
        (2, 4),
    );
    if quoted.protocol == 6 {
        fields.add(
            (text::F_SEQ_RAW, text::F_SEQ_RAW_IS),
            "tcp.seq_raw",
            big32(eight, 4),
            (4, 8),
        );
    }
    layer.fields.append(&mut fields.list);
}
