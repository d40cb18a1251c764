//! The checksum of the Internet protocols (RFC 1071).

use core::net::IpAddr;

use crate::i18n::{Phrase, packet as text};
use crate::wire::layers::Layers;

/// The sum of 16-bit words with the carry added back, not yet complemented.
pub(super) fn sum(start: u32, bytes: &[u8]) -> u32 {
    let mut sum = u64::from(start);
    for two in bytes.chunks(2) {
        sum += u64::from(two[0]) << 8 | u64::from(*two.get(1).unwrap_or(&0));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u32
}

/// The sum of the pseudo header in front of TCP, UDP and `ICMPv6` (RFC 9293, 3.1; RFC 8200, 8.1).
fn pseudo(layers: &Layers, protocol: u8, len: u32) -> u32 {
    let mut start = sum(0, &len.to_be_bytes());
    for address in [layers.source, layers.destination] {
        start = match address {
            Some(IpAddr::V4(a)) => sum(start, &a.octets()),
            Some(IpAddr::V6(a)) => sum(start, &a.octets()),
            None => start,
        };
    }
    sum(start, &[0, protocol])
}

/// A word on the checksum `says` of a segment of `len` bytes by its length fields.
pub(super) fn verdict(
    layers: &Layers,
    protocol: u8,
    segment: &[u8],
    len: u32,
    says: u16,
) -> Phrase {
    if segment.len() as u32 != len || layers.fragment {
        return text::CHECKSUM_UNKNOWN;
    }
    let pseudo = pseudo(layers, protocol, len);
    if sum(pseudo, segment) == 0xffff {
        text::CHECKSUM_GOOD
    } else if u32::from(says) == pseudo {
        // A card that computes checksums itself is given the pseudo header's sum.
        text::CHECKSUM_PARTIAL
    } else {
        text::CHECKSUM_BAD
    }
}
