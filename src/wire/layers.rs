//! The walk through a packet: where each header begins and ends. No allocation, one pass.

use core::net::IpAddr;

use etherparse::{
    Ethernet2HeaderSlice, IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice,
    Ipv6HeaderSlice, Ipv6RawExtHeaderSlice, SingleVlanHeaderSlice, TcpHeaderSlice, UdpHeaderSlice,
    err,
};

use super::link::Link;
use super::trouble::{Part, Trouble, Wrong};

/// Most VLAN tags followed.
const MAX_TAGS: usize = 4;
/// Most IPv6 extension headers followed.
pub(super) const MAX_EXTENSIONS: usize = 16;

pub(super) const ETHER_IPV4: u16 = 0x0800;
pub(super) const ETHER_IPV6: u16 = 0x86dd;
pub(super) const ETHER_ARP: u16 = 0x0806;

/// Bits of the TCP flags, as in the header's 13th and 14th byte (RFC 9293, 3.1).
pub mod tcp_flag {
    /// No more data from the sender.
    pub const FIN: u16 = 0x001;
    /// Begins a connection.
    pub const SYN: u16 = 0x002;
    /// Tears the connection down.
    pub const RST: u16 = 0x004;
    /// Hand the data to the application now.
    pub const PSH: u16 = 0x008;
    /// The acknowledgement number counts.
    pub const ACK: u16 = 0x010;
    /// The urgent pointer counts.
    pub const URG: u16 = 0x020;
    /// Congestion was seen (RFC 3168).
    pub const ECE: u16 = 0x040;
    /// The congestion window was reduced (RFC 3168).
    pub const CWR: u16 = 0x080;
    /// Nonce sum (RFC 3540, historic); now also accurate ECN.
    pub const NS: u16 = 0x100;
}

/// Bytes of a packet, `start..end` from its first captured byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Span {
    /// `start..end`, never negative.
    pub fn new(start: usize, end: usize) -> Self {
        Span {
            start: start as u32,
            end: end.max(start) as u32,
        }
    }

    /// How many bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// None?
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Is that byte in it?
    pub fn contains(self, at: u32) -> bool {
        (self.start..self.end).contains(&at)
    }

    /// Those bytes of `packet`; fewer if it has fewer.
    pub fn of(self, packet: &[u8]) -> &[u8] {
        let end = (self.end as usize).min(packet.len());
        &packet[(self.start as usize).min(end)..end]
    }
}

/// The network layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    /// None that is understood.
    None,
    /// Address resolution.
    Arp(Span),
    /// IPv4.
    V4 {
        /// Its header with options.
        header: Span,
    },
    /// IPv6.
    V6 {
        /// Its fixed header.
        header: Span,
        /// Extension headers.
        extensions: Span,
    },
}

/// The transport layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// None: no IP, or a fragment that is not the first.
    None,
    /// TCP: its header with options.
    Tcp(Span),
    /// UDP.
    Udp(Span),
    /// ICMP: its first eight bytes.
    Icmp(Span),
    /// `ICMPv6`: its first eight bytes.
    Icmp6(Span),
    /// Another protocol, by its IP number.
    Other(u8),
}

/// Where everything is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Which link layer.
    pub link: Link,
    /// Its header.
    pub link_header: Span,
    /// VLAN tags behind it.
    pub tags: Span,
    /// What the link layer says comes next (an `EtherType`), where it says so.
    pub ether_type: Option<u16>,
    /// Network layer.
    pub net: Net,
    /// Sender, of an IP packet.
    pub source: Option<IpAddr>,
    /// Receiver, of an IP packet.
    pub destination: Option<IpAddr>,
    /// Time to live or hop limit.
    pub ttl: u8,
    /// The IP number of what the packet carries.
    pub protocol: u8,
    /// A fragment of a datagram? (Also the first.)
    pub fragment: bool,
    /// Transport layer.
    pub transport: Transport,
    /// What the innermost header understood carries, as far as it was captured.
    pub payload: Span,
    /// How many bytes it carries by its length fields; more than `payload` has if the capture
    /// was cut short.
    pub payload_len: u32,
    /// Bytes behind the IP packet: padding of short Ethernet frames.
    pub padding: Span,
    /// What is wrong, if anything.
    pub trouble: Option<Trouble>,
}

impl Layers {
    /// Walks through `packet`, of which `original` bytes were on the wire.
    pub fn walk(link: Link, packet: &[u8], original: u32) -> Layers {
        let mut walk = Layers {
            link,
            link_header: Span::default(),
            tags: Span::default(),
            ether_type: None,
            net: Net::None,
            source: None,
            destination: None,
            ttl: 0,
            protocol: 0,
            fragment: false,
            transport: Transport::None,
            payload: Span::new(0, packet.len()),
            payload_len: original.max(packet.len() as u32),
            padding: Span::default(),
            trouble: None,
        };
        if let Err(trouble) = walk.link(packet, original) {
            walk.trouble = Some(trouble);
        }
        walk
    }

    /// Where the packet inside the frame ends: at its padding, or at the end of the frame.
    pub(super) fn padding_start(&self, len: usize) -> usize {
        if self.padding.is_empty() {
            len
        } else {
            self.padding.start as usize
        }
    }

    /// Sets the payload to what begins at `at`.
    fn carry(&mut self, at: usize, end: usize, whole: u32) {
        self.payload = Span::new(at.min(end), end);
        self.payload_len = whole;
    }

    fn link(&mut self, packet: &[u8], original: u32) -> Result<(), Trouble> {
        let len = self.link.header_len();
        need(Part::Link, packet, 0, len)?;
        self.link_header = Span::new(0, len);
        let big = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
        let mut kind = match self.link {
            Link::Ethernet => {
                let header = Ethernet2HeaderSlice::from_slice(packet)
                    .map_err(|e| short(Part::Link, 0, &e))?;
                Some(header.ether_type().0)
            }
            Link::Sll => Some(big(14)),
            Link::Sll2 => Some(big(0)),
            Link::Null | Link::Loop => Some(family(packet)),
            Link::RawIp => None,
            Link::Other(_) => {
                return Ok(());
            }
        };
        let mut at = len;
        let tags = at;
        for _ in 0..MAX_TAGS {
            if !matches!(kind, Some(0x8100 | 0x88a8 | 0x9100)) {
                break;
            }
            let tag = SingleVlanHeaderSlice::from_slice(&packet[at..])
                .map_err(|e| short(Part::Vlan, at, &e))?;
            kind = Some(tag.ether_type().0);
            at += 4;
        }
        self.tags = Span::new(tags, at);
        self.ether_type = kind;
        self.carry(at, packet.len(), original.saturating_sub(at as u32));
        let version = packet.get(at).map(|b| b >> 4);
        match (kind, version) {
            (Some(ETHER_IPV4), _) | (None, Some(4)) => self.ipv4(packet, at, original),
            (Some(ETHER_IPV6), _) | (None, Some(6)) => self.ipv6(packet, at, original),
            (Some(ETHER_ARP), _) => {
                need(Part::Arp, packet, at, 8)?;
                let sizes = (usize::from(packet[at + 4]), usize::from(packet[at + 5]));
                let arp = 8 + 2 * (sizes.0 + sizes.1);
                need(Part::Arp, packet, at, arp)?;
                self.net = Net::Arp(Span::new(at, at + arp));
                self.carry(at + arp, at + arp, 0);
                self.padding = Span::new(at + arp, packet.len());
                Ok(())
            }
            (None, Some(found)) if self.link == Link::RawIp => Err(Trouble {
                part: Part::Ipv4,
                wrong: Wrong::Version(found),
                at: at as u32,
            }),
            (None, None) => need(Part::Ipv4, packet, at, 20),
            _ => Ok(()),
        }
    }

    fn ipv4(&mut self, packet: &[u8], at: usize, original: u32) -> Result<(), Trouble> {
        use err::ipv4::{HeaderError, HeaderSliceError};
        let header = Ipv4HeaderSlice::from_slice(&packet[at..]).map_err(|e| match e {
            HeaderSliceError::Len(e) => short(Part::Ipv4, at, &e),
            HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
                Trouble {
                    part: Part::Ipv4,
                    wrong: Wrong::Version(version_number),
                    at: at as u32,
                }
            }
            HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl }) => {
                small(Part::Ipv4, at, u32::from(ihl) * 4, 20)
            }
        })?;
        let start = at + header.slice().len();
        self.net = Net::V4 {
            header: Span::new(at, start),
        };
        self.source = Some(header.source_addr().into());
        self.destination = Some(header.destination_addr().into());
        self.ttl = header.ttl();
        self.protocol = header.protocol().0;
        self.fragment = header.is_fragmenting_payload();
        // 0 is what a card that cuts segments itself leaves in the field (TSO).
        let says = match header.total_len() {
            0 => original.saturating_sub(at as u32),
            n => u32::from(n),
        };
        let end = self.inside(packet, at, says, original);
        self.carry(start, end, says.saturating_sub(header.slice().len() as u32));
        if says < header.slice().len() as u32 {
            self.carry(start, start, 0);
            return Err(small(Part::Ipv4, at + 2, says, header.slice().len() as u32));
        }
        let first = header.fragments_offset().value() == 0;
        self.transport(packet, first)?;
        // Said last: what can be read in spite of it has been read.
        too_large(Part::Ipv4, at, at + 2, says, original)
    }

    fn ipv6(&mut self, packet: &[u8], at: usize, original: u32) -> Result<(), Trouble> {
        use err::ipv6::{HeaderError, HeaderSliceError};
        let header = Ipv6HeaderSlice::from_slice(&packet[at..]).map_err(|e| match e {
            HeaderSliceError::Len(e) => short(Part::Ipv6, at, &e),
            HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
                Trouble {
                    part: Part::Ipv6,
                    wrong: Wrong::Version(version_number),
                    at: at as u32,
                }
            }
        })?;
        self.source = Some(header.source_addr().into());
        self.destination = Some(header.destination_addr().into());
        self.ttl = header.hop_limit();
        // 0 stands for a jumbogram or a card that cuts segments itself.
        let says = match header.payload_length() {
            0 => original.saturating_sub(at as u32),
            n => u32::from(n) + 40,
        };
        let end = self.inside(packet, at, says, original);
        let mut start = at + 40;
        let mut next = header.next_header();
        let mut first = true;
        let mut wrong = None;
        for count in 0.. {
            if !is_extension(next) {
                break;
            }
            if count == MAX_EXTENSIONS {
                wrong = Some(Trouble {
                    part: Part::Extension,
                    wrong: Wrong::TooMany,
                    at: start as u32,
                });
                break;
            }
            match extension(next, &packet[start.min(end)..end], start) {
                Ok((len, following, offset)) => {
                    if let Some((offset, more)) = offset {
                        self.fragment = offset > 0 || more;
                        first = offset == 0;
                    }
                    start += len;
                    next = following;
                    // What follows in a later fragment is no header.
                    if !first {
                        break;
                    }
                }
                Err(trouble) => {
                    wrong = Some(trouble);
                    break;
                }
            }
        }
        self.net = Net::V6 {
            header: Span::new(at, at + 40),
            extensions: Span::new(at + 40, start),
        };
        self.protocol = next.0;
        self.carry(start, end, says.saturating_sub((start - at) as u32));
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        self.transport(packet, first)?;
        too_large(Part::Ipv6, at, at + 4, says, original)
    }

    /// The end of an IP packet that begins at `at` and says how long it is.
    fn inside(&mut self, packet: &[u8], at: usize, says: u32, original: u32) -> usize {
        let end = (at + says as usize).min(packet.len());
        if (at as u64 + u64::from(says)) < u64::from(original) {
            self.padding = Span::new(end, packet.len());
        }
        end
    }

    fn transport(&mut self, packet: &[u8], first: bool) -> Result<(), Trouble> {
        let (at, end) = (self.payload.start as usize, self.payload.end as usize);
        if !first {
            return Ok(());
        }
        let segment = &packet[at..end];
        match IpNumber(self.protocol) {
            IpNumber::TCP => {
                use err::tcp::{HeaderError, HeaderSliceError};
                let header = TcpHeaderSlice::from_slice(segment).map_err(|e| match e {
                    HeaderSliceError::Len(e) => short(Part::Tcp, at, &e),
                    HeaderSliceError::Content(HeaderError::DataOffsetTooSmall { data_offset }) => {
                        small(Part::Tcp, at + 12, u32::from(data_offset) * 4, 20)
                    }
                })?;
                let len = header.slice().len();
                self.transport = Transport::Tcp(Span::new(at, at + len));
                let whole = self.payload_len.saturating_sub(len as u32);
                self.carry(at + len, end, whole);
            }
            IpNumber::UDP => {
                let header =
                    UdpHeaderSlice::from_slice(segment).map_err(|e| short(Part::Udp, at, &e))?;
                self.transport = Transport::Udp(Span::new(at, at + 8));
                let says = u32::from(header.length());
                // A first fragment carries less than its datagram; 0 is a jumbogram (RFC 2675).
                let (room, fragment) = (self.payload_len, self.fragment);
                let whole = if fragment || says == 0 {
                    room
                } else {
                    says.min(room)
                };
                let end = end.min(at + whole.max(8) as usize);
                self.carry(at + 8, end, whole.saturating_sub(8));
                if says != 0 && says < 8 {
                    return Err(small(Part::Udp, at + 4, says, 8));
                }
                if says > room && !fragment {
                    return Err(Trouble {
                        part: Part::Udp,
                        wrong: Wrong::LengthTooLarge { says, has: room },
                        at: (at + 4) as u32,
                    });
                }
            }
            IpNumber::ICMP | IpNumber::IPV6_ICMP => {
                need(Part::Icmp, &packet[..end], at, 8)?;
                let header = Span::new(at, at + 8);
                self.transport = if IpNumber(self.protocol) == IpNumber::ICMP {
                    Transport::Icmp(header)
                } else {
                    Transport::Icmp6(header)
                };
                let whole = self.payload_len.saturating_sub(8);
                self.carry(at + 8, end, whole);
            }
            other => self.transport = Transport::Other(other.0),
        }
        Ok(())
    }
}

/// The `EtherType` that a loopback header's address family stands for. BSD and macOS number IPv6
/// differently, and the byte order is that of the machine that captured.
fn family(packet: &[u8]) -> u16 {
    let bytes = [packet[0], packet[1], packet[2], packet[3]];
    let little = u32::from_le_bytes(bytes);
    let family = if little < 0x1_0000 {
        little
    } else {
        u32::from_be_bytes(bytes)
    };
    match family {
        2 => ETHER_IPV4,
        10 | 24 | 28 | 30 => ETHER_IPV6,
        _ => 0,
    }
}

pub(super) fn is_extension(next: IpNumber) -> bool {
    matches!(
        next,
        IpNumber::IPV6_HEADER_HOP_BY_HOP
            | IpNumber::IPV6_ROUTE_HEADER
            | IpNumber::IPV6_FRAGMENTATION_HEADER
            | IpNumber::IPV6_DESTINATION_OPTIONS
            | IpNumber::AUTHENTICATION_HEADER
    )
}

/// An extension header: its length, what follows, and (offset, more) if it marks a fragment.
pub(super) type Extension = (usize, IpNumber, Option<(u16, bool)>);

pub(super) fn extension(kind: IpNumber, bytes: &[u8], at: usize) -> Result<Extension, Trouble> {
    match kind {
        IpNumber::IPV6_FRAGMENTATION_HEADER => {
            let header = Ipv6FragmentHeaderSlice::from_slice(bytes)
                .map_err(|e| short(Part::Extension, at, &e))?;
            let offset = header.fragment_offset().value();
            Ok((
                8,
                header.next_header(),
                Some((offset, header.more_fragments())),
            ))
        }
        IpNumber::AUTHENTICATION_HEADER => {
            use err::ip_auth::HeaderSliceError;
            let header = IpAuthHeaderSlice::from_slice(bytes).map_err(|e| match e {
                HeaderSliceError::Len(e) => short(Part::Extension, at, &e),
                HeaderSliceError::Content(_) => small(Part::Extension, at + 1, 0, 12),
            })?;
            Ok((header.slice().len(), header.next_header(), None))
        }
        _ => {
            let header = Ipv6RawExtHeaderSlice::from_slice(bytes)
                .map_err(|e| short(Part::Extension, at, &e))?;
            Ok((header.slice().len(), header.next_header(), None))
        }
    }
}

fn need(part: Part, packet: &[u8], at: usize, needs: usize) -> Result<(), Trouble> {
    let has = packet.len().saturating_sub(at);
    if has >= needs {
        return Ok(());
    }
    Err(Trouble {
        part,
        wrong: Wrong::Short {
            needs: needs as u32,
            has: has as u32,
        },
        at: at.min(packet.len()) as u32,
    })
}

fn short(part: Part, at: usize, error: &err::LenError) -> Trouble {
    Trouble {
        part,
        wrong: Wrong::Short {
            needs: error.required_len as u32,
            has: error.len as u32,
        },
        at: at as u32,
    }
}

fn small(part: Part, at: usize, says: u32, least: u32) -> Trouble {
    Trouble {
        part,
        wrong: Wrong::LengthTooSmall { says, least },
        at: at as u32,
    }
}

/// A packet that says it is longer than what was on the wire is wrong; one that is longer than
/// what was captured is only cut.
fn too_large(part: Part, at: usize, field: usize, says: u32, original: u32) -> Result<(), Trouble> {
    let has = original.saturating_sub(at as u32);
    if says <= has {
        return Ok(());
    }
    Err(Trouble {
        part,
        wrong: Wrong::LengthTooLarge { says, has },
        at: field as u32,
    })
}
