//! The store: all packets of a capture, in columns.

use std::collections::BTreeMap;
use std::io;

use etherparse::TcpHeaderSlice;

use crate::trace::{ActorId, EventId, Nanos};

use super::analysis::{Segment, judge, mark};
use super::conversation::{Conversation, Endpoint, Protocol, Sought, Table};
use super::dissect::{self, Dissection};
use super::layers::{Layers, Net, Transport, tcp_flag};
use super::link::Link;
use super::source::Source;

/// Most packets of one capture; about 50 bytes of memory each.
pub const MAX_PACKETS: u32 = 16_000_000;

/// Bytes of a live capture that are kept whole. After that only the headers of each.
pub const MAX_LIVE_BYTES: usize = 256 << 20;

/// Bytes kept of each packet when [`MAX_LIVE_BYTES`] are used up: enough for every header.
const HEADERS: usize = 128;

/// No conversation.
const NONE: u32 = u32::MAX;

/// Names of the directions, as in filters.
pub mod direction {
    /// From the conversation's first end to its second.
    pub const FORWARD: &str = "→";
    /// Back.
    pub const BACKWARD: &str = "←";
}

/// A packet as it was captured.
#[derive(Clone, Copy, Debug)]
pub struct Captured<'a> {
    /// When: nanoseconds since the capture's clock began (1970 in files).
    pub time: Nanos,
    /// What stands at its front.
    pub link: Link,
    /// Bytes it had on the wire.
    pub original: u32,
    /// Those that were captured.
    pub bytes: &'a [u8],
}

/// Which calls a packet belongs to, where that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Whose socket sent it.
    pub actor: Option<ActorId>,
    /// The call that handed its first byte to the kernel.
    pub send: Option<EventId>,
    /// The call that got its last byte.
    pub recv: Option<EventId>,
    /// Did that call get bytes of more than one message?
    pub merged: bool,
    /// Did that call get only a part of a message?
    pub split: bool,
}

/// What the columns say of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// When, as captured.
    pub time: Nanos,
    /// What stands at its front.
    pub link: Link,
    /// Bytes captured.
    pub captured: u32,
    /// Bytes on the wire.
    pub original: u32,
    /// What it is.
    pub protocol: Protocol,
    /// Its place in [`Packets::conversations`].
    pub conversation: Option<u32>,
    /// Bits of [`mark`].
    pub marks: u16,
    /// Bits of [`tcp_flag`].
    pub flags: u16,
    /// TCP sequence number; of ICMP type × 256 + code.
    pub seq: u32,
    /// TCP acknowledgement number.
    pub ack: u32,
    /// TCP window as in the header.
    pub window: u16,
    /// Payload bytes by the length fields.
    pub payload: u32,
    /// Where the payload begins among the captured bytes.
    pub payload_at: u32,
    /// Time to live or hop limit.
    pub ttl: u8,
}

impl Packet {
    /// From the conversation's second end to its first?
    pub fn backward(&self) -> bool {
        self.marks & mark::BACKWARD != 0
    }
}

/// All packets of a capture.
#[derive(Debug)]
pub struct Packets {
    source: Source,
    links: Vec<Link>,
    pub(super) actors: Vec<String>,
    pub(super) time: Vec<u64>,
    place: Vec<u64>,
    pub(super) captured: Vec<u32>,
    pub(super) original: Vec<u32>,
    link: Vec<u8>,
    pub(super) protocol: Vec<Protocol>,
    pub(super) conversation: Vec<u32>,
    pub(super) marks: Vec<u16>,
    pub(super) flags: Vec<u16>,
    pub(super) seq: Vec<u32>,
    pub(super) ack: Vec<u32>,
    pub(super) window: Vec<u16>,
    pub(super) payload: Vec<u32>,
    payload_at: Vec<u16>,
    pub(super) ttl: Vec<u8>,
    pub(super) origins: Vec<Origin>,
    /// Calls from this event on are not told.
    horizon: EventId,
    comments: BTreeMap<u32, String>,
    table: Table,
}

impl Packets {
    /// An empty store whose packets come from that source.
    pub(super) fn from_source(source: Source, actors: Vec<String>) -> Self {
        Packets {
            source,
            links: Vec::new(),
            actors,
            time: Vec::new(),
            place: Vec::new(),
            captured: Vec::new(),
            original: Vec::new(),
            link: Vec::new(),
            protocol: Vec::new(),
            conversation: Vec::new(),
            marks: Vec::new(),
            flags: Vec::new(),
            seq: Vec::new(),
            ack: Vec::new(),
            window: Vec::new(),
            payload: Vec::new(),
            payload_at: Vec::new(),
            ttl: Vec::new(),
            origins: Vec::new(),
            horizon: EventId::MAX,
            comments: BTreeMap::new(),
            table: Table::default(),
        }
    }

    /// An empty store that keeps its bytes in memory. `actors` are the names that `actor == …`
    /// in a filter may name, in the order of [`ActorId`].
    pub fn live(actors: Vec<String>) -> Self {
        Packets::from_source(Source::Memory(Vec::new()), actors)
    }

    /// Takes in the next packet of a live capture. Its row, or `None` when the store is full
    /// ([`MAX_PACKETS`]).
    pub fn push(&mut self, packet: &Captured<'_>) -> Option<u32> {
        let Source::Memory(kept) = &mut self.source else {
            return None;
        };
        if self.time.len() >= MAX_PACKETS as usize {
            return None;
        }
        let place = kept.len() as u64;
        let most = if kept.len() + packet.bytes.len() > MAX_LIVE_BYTES {
            HEADERS
        } else {
            usize::MAX
        };
        let bytes = &packet.bytes[..packet.bytes.len().min(most)];
        kept.extend_from_slice(bytes);
        self.index(&Captured { bytes, ..*packet }, place)
    }

    /// Takes in a packet whose bytes stand at `place` of the source.
    pub(super) fn index(&mut self, packet: &Captured<'_>, place: u64) -> Option<u32> {
        let row = self.time.len() as u32;
        if row >= MAX_PACKETS {
            return None;
        }
        let link = self.link_number(packet.link)?;
        let original = packet.original.max(packet.bytes.len() as u32);
        let layers = Layers::walk(packet.link, packet.bytes, original);
        let mut ports = (0, 0);
        let mut tcp = None;
        let mut seq = 0;
        let protocol = match layers.transport {
            Transport::Tcp(header) => {
                tcp = TcpHeaderSlice::from_slice(header.of(packet.bytes)).ok();
                if let Some(tcp) = &tcp {
                    ports = (tcp.source_port(), tcp.destination_port());
                }
                Protocol::Tcp
            }
            Transport::Udp(header) => {
                if let [a, b, c, d, ..] = *header.of(packet.bytes) {
                    ports = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
                }
                Protocol::Udp
            }
            Transport::Icmp(header) | Transport::Icmp6(header) => {
                if let [kind, code, ..] = *header.of(packet.bytes) {
                    seq = u32::from(kind) << 8 | u32::from(code);
                }
                if matches!(layers.transport, Transport::Icmp(_)) {
                    Protocol::Icmp
                } else {
                    Protocol::Icmp6
                }
            }
            Transport::Other(_) => Protocol::Ip,
            Transport::None => match layers.net {
                Net::Arp(_) => Protocol::Arp,
                Net::None => Protocol::Unknown,
                Net::V4 { .. } | Net::V6 { .. } => Protocol::Ip,
            },
        };
        let flags = tcp.as_ref().map_or(0, flags_of);
        let mut marks = if layers.trouble.is_some() {
            mark::TROUBLE
        } else {
            0
        };
        let mut conversation = NONE;
        if let (Some(source), Some(destination)) = (layers.source, layers.destination) {
            let syn = flags & tcp_flag::SYN != 0;
            let ack = flags & tcp_flag::ACK != 0;
            let first = tcp.as_ref().map(TcpHeaderSlice::sequence_number);
            let (at, backward) = self.table.find(&Sought {
                protocol,
                source: Endpoint {
                    address: source,
                    port: ports.0,
                },
                destination: Endpoint {
                    address: destination,
                    port: ports.1,
                },
                row,
                opens: first.filter(|_| syn && !ack),
                answers: syn && ack,
            });
            conversation = at;
            let known = &mut self.table.all[at as usize];
            known.packets[usize::from(backward)] += 1;
            known.payload[usize::from(backward)] += u64::from(layers.payload_len);
            if let (Some(tcp), Some(flows)) = (&tcp, &mut known.flows) {
                marks |= judge(
                    flows,
                    backward,
                    &Segment {
                        time: packet.time,
                        seq: tcp.sequence_number(),
                        ack: tcp.acknowledgment_number(),
                        flags,
                        window: tcp.window_size(),
                        len: layers.payload_len,
                        scale: if syn {
                            dissect::scale(tcp.options())
                        } else {
                            None
                        },
                    },
                );
            }
            if backward {
                marks |= mark::BACKWARD;
            }
        }
        if let Some(tcp) = &tcp {
            seq = tcp.sequence_number();
        }
        self.time.push(packet.time);
        self.place.push(place);
        self.captured.push(packet.bytes.len() as u32);
        self.original.push(original);
        self.link.push(link);
        self.protocol.push(protocol);
        self.conversation.push(conversation);
        self.marks.push(marks);
        self.flags.push(flags);
        self.seq.push(seq);
        self.ack.push(
            tcp.as_ref()
                .map_or(0, TcpHeaderSlice::acknowledgment_number),
        );
        self.window
            .push(tcp.as_ref().map_or(0, TcpHeaderSlice::window_size));
        self.payload.push(layers.payload_len);
        self.payload_at
            .push(u16::try_from(layers.payload.start).unwrap_or(u16::MAX));
        self.ttl.push(layers.ttl);
        Some(row)
    }

    /// Puts the bytes in the place of the reader's stand-in.
    pub(super) fn replace_source(&mut self, source: Source) {
        self.source = source;
    }

    /// Gives back memory that growing columns took in advance.
    pub(super) fn shrink(&mut self) {
        self.time.shrink_to_fit();
        self.place.shrink_to_fit();
        self.captured.shrink_to_fit();
        self.original.shrink_to_fit();
        self.link.shrink_to_fit();
        self.protocol.shrink_to_fit();
        self.conversation.shrink_to_fit();
        self.marks.shrink_to_fit();
        self.flags.shrink_to_fit();
        self.seq.shrink_to_fit();
        self.ack.shrink_to_fit();
        self.window.shrink_to_fit();
        self.payload.shrink_to_fit();
        self.payload_at.shrink_to_fit();
        self.ttl.shrink_to_fit();
    }

    fn link_number(&mut self, link: Link) -> Option<u8> {
        let at = self.links.iter().position(|l| *l == link).or_else(|| {
            self.links.push(link);
            Some(self.links.len() - 1)
        })?;
        u8::try_from(at).ok()
    }

    /// How many.
    pub fn len(&self) -> u32 {
        self.time.len() as u32
    }

    /// When the capture begins: the time of its first packet.
    pub fn begin(&self) -> Nanos {
        self.time.first().copied().unwrap_or(0)
    }

    /// None?
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// What the columns say of `row`.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn packet(&self, row: u32) -> Packet {
        let at = row as usize;
        Packet {
            time: self.time[at],
            link: self.links[usize::from(self.link[at])],
            captured: self.captured[at],
            original: self.original[at],
            protocol: self.protocol[at],
            conversation: Some(self.conversation[at]).filter(|c| *c != NONE),
            marks: self.marks[at],
            flags: self.flags[at],
            seq: self.seq[at],
            ack: self.ack[at],
            window: self.window[at],
            payload: self.payload[at],
            payload_at: u32::from(self.payload_at[at]),
            ttl: self.ttl[at],
        }
    }

    /// Who talks to whom, in the order of their first packets.
    pub fn conversations(&self) -> &[Conversation] {
        &self.table.all
    }

    /// The conversation of `row`.
    pub fn conversation(&self, row: u32) -> Option<&Conversation> {
        self.table
            .all
            .get(*self.conversation.get(row as usize)? as usize)
    }

    /// Who sent `row`.
    pub fn source(&self, row: u32) -> Option<Endpoint> {
        let backward = self.marks[row as usize] & mark::BACKWARD != 0;
        self.conversation(row)
            .map(|c| if backward { c.b } else { c.a })
    }

    /// Who was to get `row`.
    pub fn destination(&self, row: u32) -> Option<Endpoint> {
        let backward = self.marks[row as usize] & mark::BACKWARD != 0;
        self.conversation(row)
            .map(|c| if backward { c.a } else { c.b })
    }

    /// The TCP sequence number counted from the SYN (0): the first byte of the stream is 1.
    pub fn relative_seq(&self, row: u32) -> Option<u32> {
        let at = row as usize;
        let backward = self.marks[at] & mark::BACKWARD != 0;
        let base = self.conversation(row)?.base(backward)?;
        Some(self.seq[at].wrapping_sub(base))
    }

    /// The TCP acknowledgement number counted from the peer's SYN. `None` without the ACK flag.
    pub fn relative_ack(&self, row: u32) -> Option<u32> {
        let at = row as usize;
        if self.flags[at] & tcp_flag::ACK == 0 {
            return None;
        }
        let backward = self.marks[at] & mark::BACKWARD != 0;
        let base = self.conversation(row)?.base(!backward)?;
        Some(self.ack[at].wrapping_sub(base))
    }

    /// The TCP window in bytes: scaled as the handshake agreed; as in the header where the
    /// handshake was not captured, and in a SYN.
    pub fn window(&self, row: u32) -> Option<u32> {
        let at = row as usize;
        (self.protocol[at] == Protocol::Tcp).then(|| {
            let scale = if self.flags[at] & tcp_flag::SYN != 0 {
                0
            } else {
                let backward = self.marks[at] & mark::BACKWARD != 0;
                self.conversation(row)
                    .and_then(|c| c.scale(backward))
                    .unwrap_or(0)
            };
            u32::from(self.window[at]) << scale
        })
    }

    /// The captured bytes of `row`.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn bytes(&self, row: u32) -> io::Result<Vec<u8>> {
        let at = row as usize;
        self.source.read(self.place[at], self.captured[at] as usize)
    }

    /// The captured payload of `row`.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn payload(&self, row: u32) -> io::Result<Vec<u8>> {
        let at = row as usize;
        let start = u32::from(self.payload_at[at]).min(self.captured[at]);
        let len = self.payload[at].min(self.captured[at] - start);
        self.source
            .read(self.place[at] + u64::from(start), len as usize)
    }

    /// All layers and fields of `row`.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn dissect(&self, row: u32) -> io::Result<Dissection> {
        Ok(dissect::dissect(self, row, self.bytes(row)?))
    }

    /// Which calls `row` belongs to, as far as they lie before the horizon.
    pub fn origin(&self, row: u32) -> Origin {
        self.known_origin(row as usize).unwrap_or_default()
    }

    pub(super) fn known_origin(&self, row: usize) -> Option<Origin> {
        let all = self.origins.get(row).copied()?;
        let recv = all.recv.filter(|event| *event < self.horizon);
        Some(Origin {
            actor: all.actor,
            send: all.send.filter(|event| *event < self.horizon),
            recv,
            merged: all.merged && recv == all.recv,
            split: all.split && recv == all.recv,
        })
    }

    /// Calls from event `k` of the run on are not told: the past is shown. True if that is
    /// another moment than before.
    pub(super) fn set_horizon(&mut self, k: EventId) -> bool {
        std::mem::replace(&mut self.horizon, k) != k
    }

    /// Puts the whole bytes in the place of a packet of which only a part was known.
    pub(super) fn complete(&mut self, row: u32, bytes: &[u8]) {
        let at = row as usize;
        let Source::Memory(kept) = &mut self.source else {
            return;
        };
        let better = self
            .captured
            .get(at)
            .is_some_and(|had| bytes.len() > *had as usize);
        if !better || kept.len() + bytes.len() > MAX_LIVE_BYTES {
            return;
        }
        self.place[at] = kept.len() as u64;
        self.captured[at] = bytes.len() as u32;
        kept.extend_from_slice(bytes);
    }

    /// Says which calls `row` belongs to.
    pub fn set_origin(&mut self, row: u32, origin: Origin) {
        let at = row as usize;
        if at >= self.time.len() {
            return;
        }
        if self.origins.len() <= at {
            self.origins.resize(at + 1, Origin::default());
        }
        self.origins[at] = origin;
    }

    /// The remark that stands with `row`.
    pub fn comment(&self, row: u32) -> Option<&str> {
        self.comments.get(&row).map(String::as_str)
    }

    /// Puts a remark with `row`.
    pub fn set_comment(&mut self, row: u32, text: String) {
        self.comments.insert(row, text);
    }

    /// Names of the actors, where there are any.
    pub fn actors(&self) -> &[String] {
        &self.actors
    }

    /// Those of the given rows that are packets of that conversation, in order.
    pub fn rows_of(
        &self,
        conversation: u32,
        within: std::ops::Range<u32>,
    ) -> impl Iterator<Item = u32> + '_ {
        let to = (within.end as usize).min(self.conversation.len());
        let from = (within.start as usize).min(to);
        self.conversation[from..to]
            .iter()
            .zip(within.start..)
            .filter(move |(c, _)| **c == conversation)
            .map(|(_, row)| row)
    }

    /// The place in [`Packets::conversations`] of a protocol's conversation by its number.
    pub fn find_conversation(&self, protocol: Protocol, number: u32) -> Option<u32> {
        self.conversations()
            .iter()
            .position(|c| c.protocol == protocol && c.number == number)
            .map(|at| at as u32)
    }
}

fn flags_of(tcp: &TcpHeaderSlice<'_>) -> u16 {
    let bytes = tcp.slice();
    u16::from_be_bytes([bytes[12], bytes[13]]) & 0x01ff
}
