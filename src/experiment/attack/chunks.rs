//! The bytes that attacks put into a stream.

use crate::framing::{Endian, FramingSpec, LengthWidth};

/// 4 GiB.
const ABSURD: u64 = 1 << 32;

/// A header that announces 4 GiB, or the most that the framing's header can say, as the framing
/// would write it; `None` if it announces no lengths.
pub fn absurd_header(framing: &FramingSpec) -> Option<Vec<u8>> {
    match framing {
        FramingSpec::Length { width, endian } | FramingSpec::Ack { width, endian } => {
            Some(number(*width, *endian))
        }
        FramingSpec::Varint => Some(varint()),
        // The length of the JSON, 4 bytes, highest first.
        FramingSpec::Json => Some(number(LengthWidth::U32, Endian::Big)),
        FramingSpec::Raw
        | FramingSpec::Pacing { .. }
        | FramingSpec::Fixed { .. }
        | FramingSpec::Delimiter { .. }
        | FramingSpec::Escaped { .. }
        | FramingSpec::EndMark { .. }
        | FramingSpec::Cobs => None,
    }
}

fn number(width: LengthWidth, endian: Endian) -> Vec<u8> {
    let bytes = ABSURD.min(width.max()).to_be_bytes();
    let mut bytes = bytes[bytes.len() - width.size()..].to_vec();
    if endian == Endian::Little {
        bytes.reverse();
    }
    bytes
}

/// Seven bits in each byte, the lowest first; the top bit says that another follows.
fn varint() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = ABSURD;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// The letter of a frame that never ends: one that no mark of the framing has in it. Of a varint,
/// a byte that says that another follows.
pub(super) fn filler(framing: &FramingSpec) -> u8 {
    let mark: &[u8] = match framing {
        FramingSpec::Varint => return 0xFF,
        FramingSpec::Delimiter { delimiter } | FramingSpec::Escaped { delimiter } => delimiter,
        FramingSpec::EndMark { mark } => mark,
        _ => &[],
    };
    (b'A'..=b'Z')
        .find(|letter| !mark.contains(letter))
        .unwrap_or(b'0')
}
