//! Does a strategy survive splitting, merging and messages of arbitrary bytes? Found out by
//! running its decoder over all of them.

use super::arrival::{Wire, decode, holds};
use crate::framing::Framing;
use crate::workbench::Cancel;

/// Streams up to this length are cut at every pair of places, bytes; longer ones at every place.
const PAIRS_UP_TO: usize = 160;

/// Frames that a counter-example shows, at most.
const SHOWN: usize = 4;

/// What came of running a decoder over many inputs of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Inputs tried.
    pub tried: u64,
    /// Those from which the messages did not come back right.
    pub failed: u64,
    /// Those that the encoder refused, so that nothing wrong could come of them.
    pub refused: u64,
    /// The first that failed; inputs with fewer cuts come first.
    pub example: Option<Example>,
}

impl Trial {
    /// Did the messages come back right from every input?
    pub fn holds(&self) -> bool {
        self.failed == 0 && self.tried > 0
    }
}

/// An input from which the messages do not come back right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The messages sent.
    pub sent: Vec<Vec<u8>>,
    /// The chunks that arrived.
    pub chunks: Vec<Vec<u8>>,
    /// The first messages that came out.
    pub got: Vec<Vec<u8>>,
    /// Messages that came out beyond those.
    pub more: usize,
    /// The [code](crate::framing::DecodeError::code) of the decoder's error, if it reported one.
    pub error: Option<&'static str>,
}

impl Trial {
    fn judge(&mut self, framing: &dyn Framing, wire: &Wire, messages: &[Vec<u8>], cuts: &[usize]) {
        self.tried += 1;
        if holds(framing, wire, messages, cuts) {
            return;
        }
        self.failed += 1;
        if self.example.is_none() {
            let decoded = decode(framing, &wire.bytes, cuts);
            let mut got: Vec<_> = decoded.out.into_iter().map(|o| o.payload).collect();
            let more = got.len().saturating_sub(SHOWN);
            got.truncate(SHOWN);
            self.example = Some(Example {
                sent: messages.to_vec(),
                chunks: super::arrival::chunks(&wire.bytes, cuts)
                    .map(<[u8]>::to_vec)
                    .collect(),
                got,
                more,
                error: decoded.error.map(|(error, _)| error.code()),
            });
        }
    }
}

/// Splitting: each message arrives by itself, but cut in two at every place, at every pair of
/// places (in streams of up to 160 bytes), and byte by byte.
pub(super) fn split(framing: &dyn Framing, messages: &[Vec<u8>], cancel: &Cancel) -> Option<Trial> {
    let wire = Wire::encode(framing, messages).ok()?;
    let boundaries = wire.boundaries();
    let length = wire.bytes.len();
    let inner: Vec<usize> = (1..length).filter(|c| !boundaries.contains(c)).collect();
    let mut trial = Trial::default();
    let mut cuts = Vec::with_capacity(boundaries.len() + 2);
    let mut with = |extra: &[usize], trial: &mut Trial| {
        cuts.clear();
        cuts.extend_from_slice(&boundaries);
        cuts.extend_from_slice(extra);
        cuts.sort_unstable();
        trial.judge(framing, &wire, messages, &cuts);
    };
    for &one in &inner {
        with(&[one], &mut trial);
    }
    if length <= PAIRS_UP_TO {
        for (at, &one) in inner.iter().enumerate() {
            if cancel.is_cancelled() {
                return None;
            }
            for &other in &inner[at + 1..] {
                with(&[one, other], &mut trial);
            }
        }
    }
    with(&inner, &mut trial);
    Some(trial)
}

/// Merging: neighbours arrive as one chunk, in every way in which some of them can.
pub(super) fn merge(framing: &dyn Framing, messages: &[Vec<u8>]) -> Option<Trial> {
    let wire = Wire::encode(framing, messages).ok()?;
    let boundaries = wire.boundaries();
    let mut trial = Trial::default();
    // Each bit says whether that boundary is still a cut; all of them would be no merging. Few
    // missing bits come first, so that the example is small.
    let all = (1_u32 << boundaries.len().min(16)) - 1;
    let mut ways: Vec<u32> = (0..all).collect();
    ways.sort_by_key(|way| (all & !way).count_ones());
    for way in ways {
        let cuts: Vec<usize> = boundaries
            .iter()
            .enumerate()
            .filter(|(bit, _)| way & (1 << bit) != 0)
            .map(|(_, &cut)| cut)
            .collect();
        trial.judge(framing, &wire, messages, &cuts);
    }
    Some(trial)
}

/// Arbitrary bytes: each hostile message, then an ordinary one, each arriving by itself.
pub(super) fn binary(framing: &dyn Framing, messages: &[Vec<u8>]) -> Trial {
    let mut trial = Trial::default();
    for hostile in hostile(framing, messages) {
        let pair = [hostile, b"ok".to_vec()];
        if let Ok(wire) = Wire::encode(framing, &pair) {
            trial.judge(framing, &wire, &pair, &wire.boundaries());
        } else {
            trial.tried += 1;
            trial.refused += 1;
        }
    }
    trial
}

/// Messages of every byte value, alone, beside another and doubled; and messages that look like
/// what the strategy itself puts on the wire: its marks, headers and paddings, whole and in part.
fn hostile(framing: &dyn Framing, messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut hostile = Vec::new();
    for byte in 0..=u8::MAX {
        hostile.push(vec![byte]);
        hostile.push(vec![b'a', byte]);
        hostile.push(vec![byte, b'a']);
        hostile.push(vec![byte, byte]);
    }
    let every: Vec<u8> = (0..=u8::MAX).collect();
    for part in every.chunks(32) {
        hostile.push(part.to_vec());
        hostile.push(part.iter().rev().copied().collect());
    }
    for like in [&b""[..], b"x", messages.first().map_or(b"", Vec::as_slice)] {
        let mut wire = Vec::new();
        if framing.encode(like, &mut wire).is_err() {
            continue;
        }
        wire.truncate(64);
        for end in 1..=wire.len() {
            hostile.push([b"a", &wire[..end]].concat());
            hostile.push([&wire[end - 1..], b"a"].concat());
        }
        if !wire.is_empty() {
            hostile.push(wire);
        }
    }
    hostile
}
