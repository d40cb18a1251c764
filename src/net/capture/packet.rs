//! The few fields of a packet that its row in the trace needs, at their fixed places in the
//! headers (RFC 791, 8200, 9293, 768). Everything else is dissected when somebody looks at it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::trace::{SegmentRole, tcp};

/// `EtherType` of IPv4 and IPv6; numbers of the protocols in them.
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMP: u8 = 1;
const ICMP6: u8 = 58;

/// Length of an Ethernet header.
const ETHERNET: usize = 14;

/// Where from, where to, and which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) from: (IpAddr, u16),
    pub(super) to: (IpAddr, u16),
    pub(super) protocol: u8,
}

impl Way {
    pub(super) fn back(self) -> Self {
        Way {
            from: self.to,
            to: self.from,
            protocol: self.protocol,
        }
    }

    /// Both ends as the calls name them.
    pub(super) fn names(self) -> (String, String) {
        let name = |(ip, port): (IpAddr, u16)| {
            if matches!(self.protocol, TCP | UDP) {
                SocketAddr::new(ip, port).to_string()
            } else {
                ip.to_string()
            }
        };
        (name(self.from), name(self.to))
    }
}

/// What a row says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// TCP is told as `Ack`.
    pub(super) role: SegmentRole,
    pub(super) way: Option<Way>,
    pub(super) seq: u32,
    pub(super) ack: u32,
    pub(super) window: u16,
    pub(super) flags: u8,
    /// Bytes of payload.
    pub(super) len: u32,
    /// Of a SYN: the window scale it offers.
    pub(super) scale: Option<u8>,
    /// How much of the packet is kept: of TCP the headers, for its payload is in the stream.
    pub(super) keep: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl Packet {
    /// Reads a packet from its Ethernet header on; what it cannot read it calls `Other`.
    pub(super) fn read(bytes: &[u8]) -> Self {
        read(bytes).unwrap_or(Packet {
            role: SegmentRole::Other,
            way: None,
            seq: 0,
            ack: 0,
            window: 0,
            flags: 0,
            len: 0,
            scale: None,
            keep: bytes.len(),
        })
    }
}

fn read(bytes: &[u8]) -> Option<Packet> {
    let ip = bytes.get(ETHERNET..)?;
    let (protocol, from, to, header, total, first): (u8, IpAddr, IpAddr, _, _, _) =
        match u16_at(bytes, 12)? {
            IPV4 => (
                *ip.get(9)?,
                Ipv4Addr::from(u32_at(ip, 12)?).into(),
                Ipv4Addr::from(u32_at(ip, 16)?).into(),
                usize::from(ip.first()? & 0x0f) * 4,
                usize::from(u16_at(ip, 2)?),
                // Only the first fragment has ports.
                u16_at(ip, 6)? << 3 == 0,
            ),
            // No extension headers on a loopback, save the fragment's: that is called Other.
            IPV6 => (
                *ip.get(6)?,
                Ipv6Addr::from(*ip.get(8..)?.first_chunk::<16>()?).into(),
                Ipv6Addr::from(*ip.get(24..)?.first_chunk::<16>()?).into(),
                40,
                40 + usize::from(u16_at(ip, 4)?),
                true,
            ),
            _ => return None,
        };
    let role = match protocol {
        TCP => SegmentRole::Ack,
        UDP => SegmentRole::Udp,
        ICMP | ICMP6 => SegmentRole::Icmp,
        _ => SegmentRole::Other,
    };
    let body = ip.get(header..)?;
    let ports = matches!(protocol, TCP | UDP) && first;
    let port = |at| if ports { u16_at(body, at) } else { Some(0) };
    let mut packet = Packet {
        role,
        way: Some(Way {
            from: (from, port(0)?),
            to: (to, port(2)?),
            protocol,
        }),
        seq: 0,
        ack: 0,
        window: 0,
        flags: 0,
        len: total.saturating_sub(header + if protocol == UDP && first { 8 } else { 0 }) as u32,
        scale: None,
        keep: bytes.len(),
    };
    if protocol == TCP && first {
        let data = usize::from(body.get(12)? >> 4) * 4;
        packet.seq = u32_at(body, 4)?;
        packet.ack = u32_at(body, 8)?;
        packet.flags = *body.get(13)?;
        packet.window = u16_at(body, 14)?;
        packet.len = total.checked_sub(header + data)? as u32;
        packet.keep = (ETHERNET + header + data).min(bytes.len());
        if packet.flags & tcp::SYN != 0 {
            packet.scale = window_scale(body.get(20..data)?);
        }
    }
    Some(packet)
}

/// Both ports of a packet; of an ICMP error those of the packet that it is about.
pub(super) fn ports(bytes: &[u8]) -> Option<[u16; 2]> {
    let packet = read(bytes)?;
    let way = packet.way?;
    match packet.role {
        SegmentRole::Ack | SegmentRole::Udp => Some([way.from.1, way.to.1]),
        SegmentRole::Icmp => {
            // Eight bytes of ICMP, then the header and the first bytes of that packet.
            let outer = match way.from.0 {
                IpAddr::V4(_) => usize::from(bytes.get(ETHERNET)? & 0x0f) * 4,
                IpAddr::V6(_) => 40,
            };
            let inner = bytes.get(ETHERNET + outer + 8..)?;
            let header = match way.from.0 {
                IpAddr::V4(_) => usize::from(inner.first()? & 0x0f) * 4,
                IpAddr::V6(_) => 40,
            };
            Some([u16_at(inner, header)?, u16_at(inner, header + 2)?])
        }
        _ => None,
    }
}

/// The window scale among TCP options (RFC 7323: kind 3, length 3).
fn window_scale(mut options: &[u8]) -> Option<u8> {
    loop {
        match *options {
            [1, ref rest @ ..] => options = rest,
            [3, 3, scale, ..] => return Some(scale),
            [kind, length, ..] if kind > 1 && length >= 2 => {
                options = options.get(usize::from(length)..)?;
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A SYN over IPv4, as captured on a loopback: 14 + 20 + 40 bytes.
    const SYN: [u8; 74] = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x00, // Ethernet
        0x45, 0, 0, 60, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1, // IPv4
        0x9c, 0x40, 0x13, 0x88, 1, 2, 3, 4, 0, 0, 0, 0, 0xa0, 0x02, 0xff, 0xdc, 0, 0, 0,
        0, // TCP
        2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7, // MSS SACK TS NOP WS
    ];

    #[test]
    fn a_syn_is_read_field_by_field() {
        let p = Packet::read(&SYN);
        assert_eq!(p.role, SegmentRole::Ack);
        assert_eq!((p.seq, p.ack), (0x0102_0304, 0));
        assert_eq!((p.window, p.flags, p.len), (0xffdc, tcp::SYN, 0));
        assert_eq!(p.scale, Some(7));
        assert_eq!(p.keep, 74);
        let names = p.way.map(Way::names);
        assert_eq!(
            names,
            Some(("127.0.0.1:40000".into(), "127.0.0.1:5000".into()))
        );
    }

    #[test]
    fn an_icmp_error_has_the_ports_of_the_packet_it_is_about() {
        assert_eq!(ports(&SYN), Some([40_000, 5000]));
        let mut error = SYN[..34].to_vec();
        error[23] = ICMP;
        error.extend_from_slice(&[3, 3, 0, 0, 0, 0, 0, 0]);
        assert_eq!(ports(&error), None);
        error.extend_from_slice(&SYN[14..]);
        let whole = (error.len() - ETHERNET) as u16;
        error[16..18].copy_from_slice(&whole.to_be_bytes());
        assert_eq!(ports(&error), Some([40_000, 5000]));
        for n in 0..error.len() {
            let _ = ports(&error[..n]);
        }
    }

    #[test]
    fn a_cut_packet_is_never_read_beyond_its_end() {
        for n in 0..SYN.len() {
            let p = Packet::read(&SYN[..n]);
            assert!(p.keep <= n);
        }
        let mut strange = SYN;
        for at in 12..SYN.len() {
            for value in [0, 1, 0x0f, 0xf0, 0xff] {
                let before = std::mem::replace(&mut strange[at], value);
                let p = Packet::read(&strange);
                assert!(p.keep <= strange.len());
                strange[at] = before;
            }
        }
    }
}
