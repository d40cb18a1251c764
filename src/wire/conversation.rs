//! Who talks to whom.

use core::net::{IpAddr, SocketAddr};
use std::collections::HashMap;
use std::fmt;

use super::analysis::{Flow, Scaling};

/// What a packet is, as the list shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Protocol {
    /// Nothing that is understood.
    #[default]
    Unknown,
    /// Address resolution.
    Arp,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP for IPv4.
    Icmp,
    /// `ICMPv6`.
    Icmp6,
    /// IP with something else in it, or a later fragment.
    Ip,
}

impl Protocol {
    /// Each of them.
    pub const ALL: [Protocol; 7] = [
        Protocol::Unknown,
        Protocol::Arp,
        Protocol::Tcp,
        Protocol::Udp,
        Protocol::Icmp,
        Protocol::Icmp6,
        Protocol::Ip,
    ];

    /// Its name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Unknown => "?",
            Protocol::Arp => "ARP",
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Icmp => "ICMP",
            Protocol::Icmp6 => "ICMPv6",
            Protocol::Ip => "IP",
        }
    }
}

/// One end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// Its address.
    pub address: IpAddr,
    /// Its port; 0 where the protocol has none.
    pub port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.port == 0 {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}", SocketAddr::new(self.address, self.port))
        }
    }
}

/// Packets between two ends, both directions. "Forward" is the direction of its first packet.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Of which protocol.
    pub protocol: Protocol,
    /// Its number among those of this protocol, from 0 (`tcp.stream`).
    pub number: u32,
    /// Who sent the first packet. (Of a TCP connection whose first captured packet is a SYN+ACK:
    /// who it was sent to.)
    pub a: Endpoint,
    /// The other end.
    pub b: Endpoint,
    /// The row of its first packet.
    pub first: u32,
    /// Packets: forward, backward.
    pub packets: [u32; 2],
    /// Payload bytes: forward, backward.
    pub payload: [u64; 2],
    pub(super) flows: Option<Box<[Flow; 2]>>,
}

impl Conversation {
    /// The sequence number from which relative ones count, of that direction.
    pub fn base(&self, backward: bool) -> Option<u32> {
        self.flows.as_ref()?[usize::from(backward)].base
    }

    /// By how many bits windows of that direction are scaled; `None` if the handshake was not
    /// captured. 0 unless both ends offered scaling (RFC 7323, 2.2).
    pub fn scale(&self, backward: bool) -> Option<u8> {
        let flows = self.flows.as_ref()?;
        match (flows[0].offered, flows[1].offered) {
            (Scaling::Unseen, _) | (_, Scaling::Unseen) => None,
            (Scaling::Offered(a), Scaling::Offered(b)) => Some(if backward { b } else { a }),
            _ => Some(0),
        }
    }
}

/// The table of conversations.
#[derive(Debug, Default)]
pub(super) struct Table {
    known: HashMap<(Protocol, Endpoint, Endpoint), u32>,
    pub(super) all: Vec<Conversation>,
    numbers: [u32; Protocol::ALL.len()],
}

/// What is known of a packet when its conversation is looked for.
pub(super) struct Sought {
    pub(super) protocol: Protocol,
    pub(super) source: Endpoint,
    pub(super) destination: Endpoint,
    pub(super) row: u32,
    /// Of a TCP SYN without ACK: its sequence number.
    pub(super) opens: Option<u32>,
    /// A SYN with ACK: the other end began.
    pub(super) answers: bool,
}

impl Table {
    /// The conversation of a packet, and whether the packet goes backward in it.
    pub(super) fn find(&mut self, sought: &Sought) -> (u32, bool) {
        let (low, high) = if sought.source <= sought.destination {
            (sought.source, sought.destination)
        } else {
            (sought.destination, sought.source)
        };
        let key = (sought.protocol, low, high);
        if let Some(&at) = self.known.get(&key) {
            let known = &self.all[at as usize];
            let backward = known.a != sought.source;
            // A SYN with another first number on the same ports begins another connection.
            let anew = sought
                .opens
                .is_some_and(|seq| known.base(backward).is_some_and(|base| base != seq));
            if !anew {
                return (at, backward);
            }
        }
        let at = self.all.len() as u32;
        let number = &mut self.numbers[sought.protocol as usize];
        let (a, b) = if sought.answers {
            (sought.destination, sought.source)
        } else {
            (sought.source, sought.destination)
        };
        self.all.push(Conversation {
            protocol: sought.protocol,
            number: *number,
            a,
            b,
            first: sought.row,
            packets: [0; 2],
            payload: [0; 2],
            flows: (sought.protocol == Protocol::Tcp).then(Box::default),
        });
        *number += 1;
        self.known.insert(key, at);
        (at, sought.answers)
    }
}
