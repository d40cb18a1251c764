//! The bytes that attacks put into a stream.

use crate::framing::{Endian, FramingSpec, LengthWidth};

/// A header that announces 4 GiB, or the most that the framing's header can say, as the framing
/// would write it; `None` if it announces no lengths.
pub fn absurd_header(framing: &FramingSpec) -> Option<Vec<u8>> {
    match framing {
        FramingSpec::Length { width, endian } => Some(greatest(*width, *endian)),
        _ => None,
    }
}

fn greatest(width: LengthWidth, endian: Endian) -> Vec<u8> {
    let big = match width {
        LengthWidth::U8 => vec![0xFF],
        LengthWidth::U16 => vec![0xFF; 2],
        LengthWidth::U32 => vec![0xFF; 4],
        LengthWidth::I32 => i32::MAX.to_be_bytes().to_vec(),
    };
    match endian {
        Endian::Big => big,
        Endian::Little => big.into_iter().rev().collect(),
    }
}

/// The letter of a frame that never ends: one that no mark of the framing has in it.
pub(super) fn filler(framing: &FramingSpec) -> u8 {
    let text = framing.to_string();
    let marked = |letter: u8| match framing {
        FramingSpec::Delimiter { delimiter } => delimiter.contains(&letter),
        _ => text.contains(char::from(letter)),
    };
    (b'A'..=b'Z').find(|&letter| !marked(letter)).unwrap_or(b'A')
}
