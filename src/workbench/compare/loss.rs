//! What happens when one byte of the stream is missing: found out by taking each away in turn.
//!
//! TCP does not lose bytes; a faulty relay, a disk or a serial line does, and a program that
//! counts wrong has the same effect.

use super::arrival::{Decoded, Wire, decode};
use crate::framing::{EncodeError, Framing};

/// Messages that follow the damaged one, at least: the one after it may be eaten as well, and
/// somebody must be left to come out right again.
const AFTER: usize = 3;

/// Messages in the stream.
pub(super) const MESSAGES: usize = 2 + AFTER;

/// What became of a stream with one byte missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossOutcome {
    /// Everything from the second message after the damaged one on comes out right again (the
    /// damaged one, and perhaps the one after it, do not).
    Resynchronises,
    /// The decoder reports a typed error, and at most one wrong message came out before it.
    Detects {
        /// Only the end of the stream brought it to light: until then the receiver waits.
        at_end: bool,
    },
    /// Neither: wrong messages come out, or none any more, and nobody is told in time.
    SilentlyWrong,
}

/// How often each outcome occurred, over every byte of the messages damaged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Bytes taken away, one at a time.
    pub tried: u64,
    /// [`LossOutcome::Resynchronises`].
    pub resynchronises: u64,
    /// [`LossOutcome::Detects`], those at the end included.
    pub detects: u64,
    /// [`LossOutcome::Detects`] only at the stream's end.
    pub at_end: u64,
    /// [`LossOutcome::SilentlyWrong`].
    pub silent: u64,
}

impl Loss {
    fn add(&mut self, outcome: LossOutcome) {
        self.tried += 1;
        match outcome {
            LossOutcome::Resynchronises => self.resynchronises += 1,
            LossOutcome::Detects { at_end } => {
                self.detects += 1;
                self.at_end += u64::from(at_end);
            }
            LossOutcome::SilentlyWrong => self.silent += 1,
        }
    }

    /// Is nothing ever silently wrong?
    pub fn survives(&self) -> bool {
        self.tried > 0 && self.silent == 0
    }
}

/// Takes away each byte of the first messages, one at a time.
///
/// # Errors
/// When a message cannot be encoded.
pub(super) fn loss(framing: &dyn Framing, messages: &[Vec<u8>]) -> Result<Loss, EncodeError> {
    let wire = Wire::encode(framing, messages)?;
    let mut loss = Loss::default();
    let damaged = messages.len().saturating_sub(AFTER);
    let end = wire.ranges[..damaged].last().map_or(0, |range| range.end);
    for at in 0..end {
        loss.add(without_byte(framing, messages, &wire, at));
    }
    Ok(loss)
}

/// The outcome when the byte at `lost` of the stream is missing. Each message arrives by itself,
/// so that nothing but the loss is at fault.
pub(super) fn without_byte(
    framing: &dyn Framing,
    messages: &[Vec<u8>],
    wire: &Wire,
    lost: usize,
) -> LossOutcome {
    let mut bytes = wire.bytes.clone();
    bytes.remove(lost);
    let shifted = |at: usize| if at > lost { at - 1 } else { at };
    let cuts: Vec<usize> = wire.boundaries().into_iter().map(shifted).collect();
    let hit = wire
        .ranges
        .iter()
        .position(|r| r.contains(&lost))
        .unwrap_or(0);
    let Decoded { out, error } = decode(framing, &bytes, &cuts);
    // By place and by content: a frame is right if it is exactly one undamaged message.
    let right = |index: usize| {
        let range = &wire.ranges[index];
        out.iter().any(|frame| {
            frame.start == shifted(range.start)
                && frame.end == shifted(range.end)
                && frame.payload == messages[index]
        })
    };
    let undamaged = |index: &usize| *index != hit;
    let rights = (0..messages.len())
        .filter(undamaged)
        .filter(|&i| right(i))
        .count();
    if (hit + 2..messages.len()).all(right) {
        return LossOutcome::Resynchronises;
    }
    let wrong = out.len() - rights;
    match error {
        Some((_, at_end)) if wrong <= 1 => LossOutcome::Detects { at_end },
        _ => LossOutcome::SilentlyWrong,
    }
}
