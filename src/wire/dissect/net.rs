//! The network layer: IPv4, IPv6 with its extension headers, ARP.

use core::net::{IpAddr, Ipv4Addr};
use std::fmt::Write as _;

use etherparse::{IpNumber, Ipv4HeaderSlice, Ipv6HeaderSlice};

use super::link::mac;
use super::{Fields, Layer, LayerKind, big16, checksum};
use crate::i18n::packet as text;
use crate::wire::layers::{Layers, Net, Span, extension};

pub(super) fn layer(layers: &Layers, bytes: &[u8]) -> Option<Layer> {
    match layers.net {
        Net::None => None,
        Net::Arp(span) => Some(arp(span, bytes)),
        Net::V4 { header } => ipv4(layers, header, bytes),
        Net::V6 { header, extensions } => ipv6(layers, header, extensions, bytes),
    }
}

fn ends(layers: &Layers) -> String {
    let show = |a: Option<IpAddr>| a.map_or_else(String::new, |a| a.to_string());
    format!("{} → {}", show(layers.source), show(layers.destination))
}

/// A protocol number with its name.
fn protocol(number: u8) -> String {
    let name = match IpNumber(number) {
        IpNumber::TCP => "TCP",
        IpNumber::UDP => "UDP",
        IpNumber::ICMP => "ICMP",
        IpNumber::IPV6_ICMP => "ICMPv6",
        IpNumber::IPV6_HEADER_HOP_BY_HOP => "hop-by-hop",
        IpNumber::IPV6_ROUTE_HEADER => "routing",
        IpNumber::IPV6_FRAGMENTATION_HEADER => "fragment",
        IpNumber::IPV6_DESTINATION_OPTIONS => "destination options",
        IpNumber::AUTHENTICATION_HEADER => "authentication",
        other => other.keyword_str().unwrap_or("?"),
    };
    format!("{name} ({number})")
}

fn ipv4(layers: &Layers, span: Span, bytes: &[u8]) -> Option<Layer> {
    let raw = span.of(bytes);
    let header = Ipv4HeaderSlice::from_slice(raw).ok()?;
    let mut fields = Fields::at(span.start as usize);
    fields.add(
        (text::F_VERSION, text::F_VERSION_IS),
        "ip.version",
        4,
        (0, 1),
    );
    fields.add(
        (text::F_HEADER_LENGTH, text::F_HEADER_LENGTH_IS),
        "ip.hdr_len",
        raw.len(),
        (0, 1),
    );
    fields.add(
        (text::F_DSCP, text::F_DSCP_IS),
        "ip.dsfield",
        format!("0x{:02x}", raw[1]),
        (1, 2),
    );
    fields.add(
        (text::F_TOTAL_LENGTH, text::F_TOTAL_LENGTH_IS),
        "ip.len",
        header.total_len(),
        (2, 4),
    );
    fields.add(
        (text::F_ID, text::F_ID_IS),
        "ip.id",
        format!("0x{:04x}", header.identification()),
        (4, 6),
    );
    let mut flags = Vec::new();
    if header.dont_fragment() {
        flags.push("DF");
    }
    if header.more_fragments() {
        flags.push("MF");
    }
    let flags = if flags.is_empty() {
        "–".to_owned()
    } else {
        flags.join(" ")
    };
    fields.add(
        (text::F_IP_FLAGS, text::F_IP_FLAGS_IS),
        "ip.flags",
        flags,
        (6, 7),
    );
    fields.add(
        (text::F_FRAGMENT, text::F_FRAGMENT_IS),
        "ip.frag_offset",
        u32::from(header.fragments_offset().value()) * 8,
        (6, 8),
    );
    fields.add(
        (text::F_TTL, text::F_TTL_IS),
        "ip.ttl",
        header.ttl(),
        (8, 9),
    );
    fields.add(
        (text::F_PROTOCOL, text::F_PROTOCOL_IS),
        "ip.proto",
        protocol(header.protocol().0),
        (9, 10),
    );
    let good = checksum::sum(0, raw) == 0xffff;
    let field = fields.add(
        (text::F_IP_CHECKSUM, text::F_IP_CHECKSUM_IS),
        "ip.checksum",
        format!("0x{:04x}", header.header_checksum()),
        (10, 12),
    );
    field.note = Some(if good {
        text::CHECKSUM_GOOD
    } else {
        text::CHECKSUM_BAD
    });
    fields.add(
        (text::F_SRC, text::F_SRC_IS),
        "ip.src",
        header.source_addr(),
        (12, 16),
    );
    fields.add(
        (text::F_DST, text::F_DST_IS),
        "ip.dst",
        header.destination_addr(),
        (16, 20),
    );
    if raw.len() > 20 {
        fields.add(
            (text::F_IP_OPTIONS, text::F_IP_OPTIONS_IS),
            "ip.options",
            format!("{} B", raw.len() - 20),
            (20, raw.len()),
        );
    }
    Some(Layer {
        kind: LayerKind::Net,
        protocol: "IPv4",
        span,
        carries: Span::new(span.end as usize, layers.padding_start(bytes.len())),
        summary: ends(layers),
        fields: fields.list,
    })
}

fn ipv6(layers: &Layers, span: Span, extensions: Span, bytes: &[u8]) -> Option<Layer> {
    let raw = span.of(bytes);
    let header = Ipv6HeaderSlice::from_slice(raw).ok()?;
    let mut fields = Fields::at(span.start as usize);
    fields.add(
        (text::F_VERSION, text::F_VERSION_IS),
        "ipv6.version",
        6,
        (0, 1),
    );
    fields.add(
        (text::F_DSCP, text::F_DSCP_IS),
        "ipv6.tclass",
        format!("0x{:02x}", header.traffic_class()),
        (0, 2),
    );
    fields.add(
        (text::F_FLOW, text::F_FLOW_IS),
        "ipv6.flow",
        format!("0x{:05x}", header.flow_label().value()),
        (1, 4),
    );
    fields.add(
        (text::F_PAYLOAD_LENGTH, text::F_PAYLOAD_LENGTH_IS),
        "ipv6.plen",
        header.payload_length(),
        (4, 6),
    );
    fields.add(
        (text::F_PROTOCOL, text::F_PROTOCOL_IS),
        "ipv6.nxt",
        protocol(header.next_header().0),
        (6, 7),
    );
    fields.add(
        (text::F_HOP_LIMIT, text::F_TTL_IS),
        "ipv6.hlim",
        header.hop_limit(),
        (7, 8),
    );
    fields.add(
        (text::F_SRC, text::F_SRC_IS),
        "ipv6.src",
        header.source_addr(),
        (8, 24),
    );
    fields.add(
        (text::F_DST, text::F_DST_IS),
        "ipv6.dst",
        header.destination_addr(),
        (24, 40),
    );
    let mut kind = header.next_header();
    let mut at = extensions.start as usize;
    while at < extensions.end as usize {
        let Ok((len, next, offset)) = extension(
            kind,
            &bytes[at..(extensions.end as usize).min(bytes.len())],
            at,
        ) else {
            break;
        };
        let from = at - span.start as usize;
        let mut value = protocol(kind.0);
        if let Some((offset, more)) = offset {
            let more = if more { ", MF" } else { "" };
            let _ = write!(value, ": {}{more}", u32::from(offset) * 8);
        }
        fields.add(
            (text::F_EXTENSION, text::F_EXTENSION_IS),
            "ipv6.ext",
            value,
            (from, from + len),
        );
        fields.part(
            (text::F_PROTOCOL, text::F_PROTOCOL_IS),
            "",
            protocol(next.0),
            (from, from + 1),
        );
        at += len;
        kind = next;
    }
    let end = extensions.end.max(span.end);
    Some(Layer {
        kind: LayerKind::Net,
        protocol: "IPv6",
        span: Span {
            start: span.start,
            end,
        },
        carries: Span::new(end as usize, layers.padding_start(bytes.len())),
        summary: ends(layers),
        fields: fields.list,
    })
}

fn arp(span: Span, bytes: &[u8]) -> Layer {
    let raw = span.of(bytes);
    let mut fields = Fields::at(span.start as usize);
    let (hardware, address) = (usize::from(raw[4]), usize::from(raw[5]));
    let operation = big16(raw, 6);
    fields.add(
        (text::F_ARP_OP, text::F_ARP_OP_IS),
        "arp.opcode",
        operation,
        (6, 8),
    );
    let show = |from: usize| {
        let bytes = &raw[from..from + address];
        match <[u8; 4]>::try_from(bytes) {
            Ok(four) => Ipv4Addr::from(four).to_string(),
            Err(_) => mac(bytes),
        }
    };
    let mut at = 8;
    fields.add(
        (text::F_SRC_MAC, text::F_SRC_MAC_IS),
        "arp.src.hw",
        mac(&raw[at..at + hardware]),
        (at, at + hardware),
    );
    at += hardware;
    let sender = show(at);
    fields.add(
        (text::F_ARP_SENDER, text::F_ARP_SENDER_IS),
        "arp.src.proto_ipv4",
        &sender,
        (at, at + address),
    );
    at += address;
    fields.add(
        (text::F_DST_MAC, text::F_DST_MAC_IS),
        "arp.dst.hw",
        mac(&raw[at..at + hardware]),
        (at, at + hardware),
    );
    at += hardware;
    let target = show(at);
    fields.add(
        (text::F_ARP_TARGET, text::F_ARP_TARGET_IS),
        "arp.dst.proto_ipv4",
        &target,
        (at, at + address),
    );
    Layer {
        kind: LayerKind::Net,
        protocol: "ARP",
        span,
        carries: Span::new(span.end as usize, span.end as usize),
        summary: format!("{sender} → {target}"),
        fields: fields.list,
    }
}
