//! The link layer.

use super::{Fields, Layer, LayerKind, big16};
use crate::i18n::packet as text;
use crate::wire::layers::{ETHER_ARP, ETHER_IPV4, ETHER_IPV6, Layers, Span};
use crate::wire::link::Link;

pub(super) fn layer(layers: &Layers, bytes: &[u8]) -> Option<Layer> {
    let header = layers.link_header;
    if header.is_empty() {
        return None;
    }
    let raw = header.of(bytes);
    let mut fields = Fields::at(0);
    let kind = |at: usize| {
        let number = big16(raw, at);
        format!("{} (0x{number:04x})", ether_name(number))
    };
    let (protocol, summary) = match layers.link {
        Link::Ethernet => {
            let (to, from) = (mac(&raw[..6]), mac(&raw[6..12]));
            let summary = format!("{from} → {to}");
            fields.add((text::F_DST_MAC, text::F_DST_MAC_IS), "eth.dst", to, (0, 6));
            fields.add(
                (text::F_SRC_MAC, text::F_SRC_MAC_IS),
                "eth.src",
                from,
                (6, 12),
            );
            fields.add(
                (text::F_ETHER_TYPE, text::F_ETHER_TYPE_IS),
                "eth.type",
                kind(12),
                (12, 14),
            );
            ("Ethernet II", summary)
        }
        Link::Sll => {
            let len = usize::from(big16(raw, 4)).min(8);
            fields.add(
                (text::F_PACKET_TYPE, text::F_PACKET_TYPE_IS),
                "sll.pkttype",
                big16(raw, 0),
                (0, 2),
            );
            let from = mac(&raw[6..6 + len]);
            fields.add(
                (text::F_SRC_MAC, text::F_SRC_MAC_IS),
                "sll.src",
                &from,
                (6, 6 + len),
            );
            fields.add(
                (text::F_ETHER_TYPE, text::F_ETHER_TYPE_IS),
                "sll.etype",
                kind(14),
                (14, 16),
            );
            ("Linux SLL", from)
        }
        Link::Sll2 => {
            let len = usize::from(raw[11]).min(8);
            fields.add(
                (text::F_ETHER_TYPE, text::F_ETHER_TYPE_IS),
                "sll.etype",
                kind(0),
                (0, 2),
            );
            fields.add(
                (text::F_PACKET_TYPE, text::F_PACKET_TYPE_IS),
                "sll.pkttype",
                raw[10],
                (10, 11),
            );
            let from = mac(&raw[12..12 + len]);
            fields.add(
                (text::F_SRC_MAC, text::F_SRC_MAC_IS),
                "sll.src",
                &from,
                (12, 12 + len),
            );
            ("Linux SLL2", from)
        }
        Link::Null | Link::Loop => {
            let name = layers.ether_type.map_or("?", ether_name);
            let number = format!("{:08x}", super::big32(raw, 0));
            fields.add(
                (text::F_FAMILY, text::F_FAMILY_IS),
                "null.family",
                format!("{name} (0x{number})"),
                (0, 4),
            );
            ("Loopback", name.to_owned())
        }
        Link::RawIp | Link::Other(_) => return None,
    };
    let mut at = header.end as usize;
    for tag in layers.tags.of(bytes).chunks_exact(4) {
        fields.add(
            (text::F_VLAN, text::F_VLAN_IS),
            "vlan.id",
            big16(tag, 0) & 0x0fff,
            (at, at + 2),
        );
        let number = big16(tag, 2);
        fields.add(
            (text::F_ETHER_TYPE, text::F_ETHER_TYPE_IS),
            "vlan.etype",
            format!("{} (0x{number:04x})", ether_name(number)),
            (at + 2, at + 4),
        );
        at += 4;
    }
    Some(Layer {
        kind: LayerKind::Link,
        protocol,
        span: Span::new(0, at),
        carries: Span::new(at, layers.padding_start(bytes.len())),
        summary,
        fields: fields.list,
    })
}

pub(super) fn mac(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect::<Vec<_>>()
        .join(":")
}

pub(super) fn ether_name(number: u16) -> &'static str {
    match number {
        ETHER_IPV4 => "IPv4",
        ETHER_IPV6 => "IPv6",
        ETHER_ARP => "ARP",
        0x8100 | 0x88a8 | 0x9100 => "VLAN",
        0x8847 | 0x8848 => "MPLS",
        0x8863 | 0x8864 => "PPPoE",
        0x88cc => "LLDP",
        _ => "?",
    }
}
