//! What is wrong with a packet, and where.

/// A part of a packet that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The link layer's header.
    Link,
    /// A VLAN tag.
    Vlan,
    /// ARP.
    Arp,
    /// The IPv4 header.
    Ipv4,
    /// The IPv6 header.
    Ipv6,
    /// An IPv6 extension header.
    Extension,
    /// The TCP header.
    Tcp,
    /// A TCP option.
    TcpOption,
    /// The UDP header.
    Udp,
    /// ICMP or `ICMPv6`.
    Icmp,
}

impl Part {
    /// Its name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Part::Link => "link",
            Part::Vlan => "VLAN",
            Part::Arp => "ARP",
            Part::Ipv4 => "IPv4",
            Part::Ipv6 => "IPv6",
            Part::Extension => "IPv6 extension",
            Part::Tcp => "TCP",
            Part::TcpOption => "TCP option",
            Part::Udp => "UDP",
            Part::Icmp => "ICMP",
        }
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// The header needs more bytes than are there.
    Short {
        /// Bytes it needs.
        needs: u32,
        /// Bytes there are.
        has: u32,
    },
    /// The version field does not say what it must.
    Version(u8),
    /// A length field is smaller than the header it counts.
    LengthTooSmall {
        /// What the field says, in bytes.
        says: u32,
        /// The least it can be.
        least: u32,
    },
    /// A length field says more than is there, though the packet was captured whole.
    LengthTooLarge {
        /// What the field says, in bytes.
        says: u32,
        /// Bytes there are.
        has: u32,
    },
    /// More extension headers than anybody sends.
    TooMany,
}

/// What is wrong with a packet, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trouble {
    /// In which part.
    pub part: Part,
    /// What.
    pub wrong: Wrong,
    /// Offset in the captured bytes of the field or header that is wrong.
    pub at: u32,
}
