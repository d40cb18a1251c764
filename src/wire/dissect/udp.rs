//! UDP (RFC 768).

use super::{Fields, Layer, LayerKind, big16, checksum};
use crate::i18n::packet as text;
use crate::wire::layers::{Layers, Span};
use crate::wire::packets::Packets;

pub(super) fn layer(
    layers: &Layers,
    span: Span,
    bytes: &[u8],
    of: Option<(&Packets, u32)>,
) -> Option<Layer> {
    let raw = span.of(bytes);
    if raw.len() < 8 {
        return None;
    }
    let mut fields = Fields::at(span.start as usize);
    let (from, to) = (big16(raw, 0), big16(raw, 2));
    fields.add(
        (text::F_SRC_PORT, text::F_SRC_PORT_IS),
        "udp.srcport",
        from,
        (0, 2),
    );
    fields.add(
        (text::F_DST_PORT, text::F_DST_PORT_IS),
        "udp.dstport",
        to,
        (2, 4),
    );
    fields.add(
        (text::F_UDP_LENGTH, text::F_UDP_LENGTH_IS),
        "udp.length",
        big16(raw, 4),
        (4, 6),
    );
    let says = big16(raw, 6);
    let segment = Span {
        start: span.start,
        end: layers.payload.end,
    };
    let field = fields.add(
        (text::F_TCP_CHECKSUM, text::F_UDP_CHECKSUM_IS),
        "udp.checksum",
        format!("0x{says:04x}"),
        (6, 8),
    );
    if says != 0 {
        field.note = Some(checksum::verdict(
            layers,
            17,
            segment.of(bytes),
            layers.payload_len + 8,
            says,
        ));
    }
    if let Some(conversation) = of.and_then(|(packets, row)| packets.conversation(row)) {
        fields.add(
            (text::F_STREAM, text::F_STREAM_IS),
            "udp.stream",
            conversation.number,
            (0, 0),
        );
    }
    Some(Layer {
        kind: LayerKind::Transport,
        protocol: "UDP",
        span,
        carries: layers.payload,
        summary: format!("{from} → {to} · {} B", layers.payload_len),
        fields: fields.list,
    })
}
