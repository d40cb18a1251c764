//! A packet taken apart: layers, fields, which bytes each stands in, and a sentence on each.
//!
//! ```text
//! layer  Network layer: IPv4                       bytes 14..34
//!   field  time to live   64   (ip.ttl)            bytes 22..23   "Each router takes off one …"
//! ```

mod checksum;
mod icmp;
mod link;
mod net;
mod tcp;
mod udp;

use crate::i18n::{Phrase, packet as text};

use super::layers::{Layers, Net, Span, Transport};
use super::link::Link;
use super::packets::Packets;
use super::trouble::Trouble;
use super::words;

pub(super) use icmp::name as icmp_name;
pub(super) use tcp::{flag_names, scale};

/// Which layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerKind {
    /// What the capture knows.
    Frame,
    /// Link layer.
    Link,
    /// IP or ARP.
    Net,
    /// TCP, UDP, ICMP.
    Transport,
    /// What the program sent.
    Payload,
    /// A packet quoted by ICMP.
    Quoted,
    /// Filler behind a short frame.
    Padding,
}

impl LayerKind {
    /// Its name.
    pub fn name(self) -> Phrase {
        match self {
            LayerKind::Frame => text::LAYER_FRAME,
            LayerKind::Link => text::LAYER_LINK,
            LayerKind::Net => text::LAYER_NET,
            LayerKind::Transport => text::LAYER_TRANSPORT,
            LayerKind::Payload => text::LAYER_PAYLOAD,
            LayerKind::Quoted => text::LAYER_QUOTED,
            LayerKind::Padding => text::LAYER_PADDING,
        }
    }

    /// What it is for, in one sentence.
    pub fn is(self) -> Phrase {
        match self {
            LayerKind::Frame => text::LAYER_FRAME_IS,
            LayerKind::Link => text::LAYER_LINK_IS,
            LayerKind::Net => text::LAYER_NET_IS,
            LayerKind::Transport => text::LAYER_TRANSPORT_IS,
            LayerKind::Payload => text::LAYER_PAYLOAD_IS,
            LayerKind::Quoted => text::LAYER_QUOTED_IS,
            LayerKind::Padding => text::LAYER_PADDING_IS,
        }
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Phrase,
    /// What it is for, in one sentence.
    pub is: Phrase,
    /// Its name in filters and other tools; empty if it has none.
    pub key: &'static str,
    /// Its value, in figures and names that are the same in every language.
    pub value: String,
    /// A word on the value: a checksum is correct or not.
    pub note: Option<Phrase>,
    /// The bytes it stands in; empty for what is not in the packet.
    pub span: Span,
    /// 1 for a part of the field above it.
    pub depth: u8,
}

/// One layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Which.
    pub kind: LayerKind,
    /// Its protocol: "IPv4".
    pub protocol: &'static str,
    /// The bytes of its header (of payload and padding: all their bytes).
    pub span: Span,
    /// What the header carries.
    pub carries: Span,
    /// What is most telling, for its title line.
    pub summary: String,
    /// Its fields, in the order of their bytes.
    pub fields: Vec<Field>,
}

/// A packet taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dissection {
    /// The captured bytes.
    pub bytes: Vec<u8>,
    /// From the outside in.
    pub layers: Vec<Layer>,
    /// What is wrong with it.
    pub troubles: Vec<Trouble>,
}

impl Dissection {
    /// The innermost field that stands in byte `at`: (layer, field).
    pub fn field_at(&self, at: u32) -> Option<(usize, usize)> {
        let mut found: Option<(usize, usize, usize)> = None;
        for (l, layer) in self.layers.iter().enumerate() {
            for (f, field) in layer.fields.iter().enumerate() {
                if field.span.contains(at)
                    && found.is_none_or(|(_, _, len)| field.span.len() <= len)
                {
                    found = Some((l, f, field.span.len()));
                }
            }
        }
        found.map(|(l, f, _)| (l, f))
    }

    /// The first field with that key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.layers
            .iter()
            .flat_map(|layer| &layer.fields)
            .find(|field| field.key == key)
    }
}

/// Collects the fields of one layer.
struct Fields {
    list: Vec<Field>,
    /// Where the layer begins.
    base: usize,
}

impl Fields {
    fn at(base: usize) -> Self {
        Fields {
            list: Vec::new(),
            base,
        }
    }

    /// A field in bytes `from..to` of the layer.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "figures and texts alike, as they are at hand"
    )]
    fn add(
        &mut self,
        (name, is): (Phrase, Phrase),
        key: &'static str,
        value: impl ToString,
        (from, to): (usize, usize),
    ) -> &mut Field {
        self.list.push(Field {
            name,
            is,
            key,
            value: value.to_string(),
            note: None,
            // What does not stand in the packet has no place.
            span: if from == to {
                Span::default()
            } else {
                Span::new(self.base + from, self.base + to)
            },
            depth: 0,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// A part of the field above.
    fn part(
        &mut self,
        words: (Phrase, Phrase),
        key: &'static str,
        value: impl ToString,
        range: (usize, usize),
    ) -> &mut Field {
        let field = self.add(words, key, value, range);
        field.depth = 1;
        field
    }
}

/// Takes `row` apart, whose captured bytes these are.
pub(super) fn dissect(packets: &Packets, row: u32, bytes: Vec<u8>) -> Dissection {
    let packet = packets.packet(row);
    let layers = Layers::walk(packet.link, &bytes, packet.original);
    let mut out = Dissection {
        bytes: Vec::new(),
        layers: vec![frame(packets, row)],
        troubles: layers.trouble.into_iter().collect(),
    };
    headers(&mut out, &layers, &bytes, Some((packets, row)));
    inner(&mut out, &layers, &bytes);
    if !layers.padding.is_empty() {
        out.layers
            .push(plain(LayerKind::Padding, "", layers.padding));
    }
    out.bytes = bytes;
    out
}

/// Link, network and transport layer.
fn headers(out: &mut Dissection, layers: &Layers, bytes: &[u8], of: Option<(&Packets, u32)>) {
    if of.is_some() {
        out.layers.extend(link::layer(layers, bytes));
    }
    out.layers.extend(net::layer(layers, bytes));
    match layers.transport {
        Transport::Tcp(header) => {
            let layer = tcp::layer(layers, header, bytes, of, &mut out.troubles);
            out.layers.extend(layer);
        }
        Transport::Udp(header) => out.layers.extend(udp::layer(layers, header, bytes, of)),
        Transport::Icmp(header) | Transport::Icmp6(header) => {
            out.layers.extend(icmp::layer(layers, header, bytes));
        }
        Transport::None | Transport::Other(_) => {}
    }
}

/// What the innermost header carries.
fn inner(out: &mut Dissection, layers: &Layers, bytes: &[u8]) {
    if layers.payload.is_empty() {
        return;
    }
    if icmp::quotes(layers, bytes) {
        let at = layers.payload.start as usize;
        // The quoted packet's own length says how long it was; only its beginning is here.
        let quoted = Layers::walk(
            Link::RawIp,
            &bytes[at..layers.payload.end as usize],
            u32::MAX,
        );
        if quoted.net != Net::None {
            let mut part = Dissection {
                bytes: Vec::new(),
                layers: Vec::new(),
                troubles: Vec::new(),
            };
            headers(&mut part, &quoted, &bytes[at..], None);
            let mut whole = plain(LayerKind::Quoted, "", layers.payload);
            whole.fields.clear();
            for layer in part.layers {
                whole.protocol = layer.protocol;
                whole.summary = layer.summary;
                whole.fields.extend(layer.fields.into_iter().map(|mut f| {
                    f.span.start += at as u32;
                    f.span.end += at as u32;
                    f
                }));
            }
            if quoted.transport == Transport::None {
                icmp::quoted_ports(&mut whole, &quoted, bytes, at);
            }
            out.layers.push(whole);
            return;
        }
    }
    let kind = match layers.transport {
        Transport::Tcp(_) | Transport::Udp(_) | Transport::Icmp(_) | Transport::Icmp6(_) => {
            LayerKind::Payload
        }
        _ => {
            let mut layer = plain(LayerKind::Payload, "?", layers.payload);
            for field in &mut layer.fields {
                field.is = text::LAYER_UNKNOWN_IS;
            }
            out.layers.push(layer);
            return;
        }
    };
    out.layers.push(plain(kind, "", layers.payload));
}

/// A layer that is only bytes.
fn plain(kind: LayerKind, protocol: &'static str, span: Span) -> Layer {
    let mut fields = Fields::at(span.start as usize);
    fields.add(
        (text::F_DATA, text::F_DATA_IS),
        if kind == LayerKind::Payload {
            "data"
        } else {
            ""
        },
        format!("{} B", span.len()),
        (0, span.len()),
    );
    Layer {
        kind,
        protocol,
        span,
        carries: Span::new(span.end as usize, span.end as usize),
        summary: format!("{} B", span.len()),
        fields: fields.list,
    }
}

fn frame(packets: &Packets, row: u32) -> Layer {
    let packet = packets.packet(row);
    let mut fields = Fields::at(0);
    let nowhere = (0, 0);
    fields.add(
        (text::F_NUMBER, text::F_NUMBER_IS),
        "frame.number",
        row + 1,
        nowhere,
    );
    let since = packet.time.saturating_sub(packets.begin());
    fields.add(
        (text::F_TIME, text::F_TIME_IS),
        "frame.time",
        format!("{}.{:09}", since / 1_000_000_000, since % 1_000_000_000),
        nowhere,
    );
    fields.add(
        (text::F_LENGTH, text::F_LENGTH_IS),
        "frame.len",
        packet.original,
        nowhere,
    );
    fields.add(
        (text::F_CAPTURED, text::F_CAPTURED_IS),
        "frame.cap_len",
        packet.captured,
        nowhere,
    );
    let origin = packets.origin(row);
    if let Some(actor) = origin
        .actor
        .and_then(|a| packets.actors().get(usize::from(a.0)))
    {
        fields.add(
            (text::F_SENT_BY, text::F_SENT_BY_IS),
            "actor",
            actor,
            nowhere,
        );
    }
    if let Some(event) = origin.send {
        fields.add(
            (text::F_SEND_CALL, text::F_SEND_CALL_IS),
            "send",
            format!("#{}", u64::from(event) + 1),
            nowhere,
        );
    }
    if let Some(event) = origin.recv {
        fields.add(
            (text::F_RECV_CALL, text::F_RECV_CALL_IS),
            "recv",
            format!("#{}", u64::from(event) + 1),
            nowhere,
        );
    }
    for (_, _, name, is) in words::marks(packet.marks) {
        let field = fields.add((text::F_ANALYSIS, *is), "tcp.analysis", "", nowhere);
        field.note = Some(*name);
    }
    if let Some(comment) = packets.comment(row) {
        fields.add(
            (text::F_COMMENT, text::F_COMMENT_IS),
            "frame.comment",
            comment,
            nowhere,
        );
    }
    Layer {
        kind: LayerKind::Frame,
        protocol: "",
        span: Span::default(),
        carries: Span::new(0, packet.captured as usize),
        summary: format!("{} B", packet.original),
        fields: fields.list,
    }
}

fn big16(bytes: &[u8], at: usize) -> u16 {
    match bytes.get(at..at + 2) {
        Some(two) => u16::from_be_bytes([two[0], two[1]]),
        None => 0,
    }
}

fn big32(bytes: &[u8], at: usize) -> u32 {
    u32::from(big16(bytes, at)) << 16 | u32::from(big16(bytes, at + 2))
}
