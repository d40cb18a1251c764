//! What stands at the very front of a captured packet.

/// The link layer, as capture files number it (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Ethernet II: 14 bytes.
    Ethernet,
    /// Linux "any" device, first form: 16 bytes.
    Sll,
    /// Linux "any" device, second form: 20 bytes.
    Sll2,
    /// BSD loopback: 4 bytes, the address family in the order of the machine that captured.
    Null,
    /// BSD loopback with the address family in network order.
    Loop,
    /// No link layer: an IP header comes first.
    RawIp,
    /// One that is not understood here; the packet is shown as bytes.
    Other(u16),
}

impl Link {
    /// From the number in a capture file.
    pub fn from_linktype(number: u16) -> Self {
        match number {
            0 => Link::Null,
            1 => Link::Ethernet,
            // 12 and 14 are what systems call raw IP in their own headers.
            12 | 14 | 101 | 228 | 229 => Link::RawIp,
            108 => Link::Loop,
            113 => Link::Sll,
            276 => Link::Sll2,
            other => Link::Other(other),
        }
    }

    /// The number in a capture file.
    pub fn linktype(self) -> u16 {
        match self {
            Link::Null => 0,
            Link::Ethernet => 1,
            Link::RawIp => 101,
            Link::Loop => 108,
            Link::Sll => 113,
            Link::Sll2 => 276,
            Link::Other(number) => number,
        }
    }

    /// Bytes of its header.
    pub fn header_len(self) -> usize {
        match self {
            Link::Ethernet => 14,
            Link::Sll => 16,
            Link::Sll2 => 20,
            Link::Null | Link::Loop => 4,
            Link::RawIp | Link::Other(_) => 0,
        }
    }
}
