//! What a framing asks of a program, the same in every language: how messages are sent, how they
//! are told apart in what is received, how much room they need. The languages put it in words.

use std::time::Duration;

use crate::framing::{FramingSpec, MAX_JSON_HEADER};

use super::CodeContext;

/// How a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    /// Its bytes as they are.
    Plain,
    /// What `encode` makes of it.
    Encoded,
    /// By `send_acknowledged`: the length, the receiver's acknowledgement, the bytes.
    Acknowledged,
}

/// How messages are told apart in what is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receiving<'a> {
    /// What one recv returned is taken for one message.
    EachChunk,
    /// A message ends where what one recv returned ends with this mark.
    ChunkEndsWith(&'a [u8]),
    /// `take` cuts the first message off a buffer.
    Take {
        /// Does it acknowledge the length, and receive the rest itself?
        acknowledges: bool,
    },
}

impl CodeContext<'_> {
    pub(super) fn sending(&self) -> Sending {
        match self.framing {
            FramingSpec::Raw | FramingSpec::Pacing { .. } => Sending::Plain,
            FramingSpec::Ack { .. } => Sending::Acknowledged,
            _ => Sending::Encoded,
        }
    }

    pub(super) fn receiving(&self) -> Receiving<'_> {
        match self.framing {
            FramingSpec::Raw | FramingSpec::Pacing { .. } => Receiving::EachChunk,
            FramingSpec::EndMark { mark } => Receiving::ChunkEndsWith(mark),
            other => Receiving::Take {
                acknowledges: matches!(other, FramingSpec::Ack { .. }),
            },
        }
    }

    /// Does a decoder keep bytes from one recv to the next?
    pub(super) fn has_buffer(&self) -> bool {
        self.receiving() != Receiving::EachChunk
    }

    /// How long the sender sleeps after each message, in milliseconds.
    pub(super) fn pause_ms(&self) -> Option<u64> {
        let pause = self
            .framing
            .pause()
            .filter(|pause| *pause > Duration::ZERO)?;
        u64::try_from(pause.as_millis()).ok()
    }

    /// The most bytes on the wire of a message of `payload` bytes.
    pub(super) fn most_on_the_wire(&self, payload: usize) -> usize {
        match self.framing {
            FramingSpec::Raw | FramingSpec::Pacing { .. } => payload,
            FramingSpec::Fixed { size, .. } => *size as usize,
            FramingSpec::Delimiter { delimiter } => payload + delimiter.len(),
            FramingSpec::EndMark { mark } => payload + mark.len(),
            // Every byte may need an escape.
            FramingSpec::Escaped { delimiter } => 2 * payload + delimiter.len(),
            FramingSpec::Length { width, .. } | FramingSpec::Ack { width, .. } => {
                payload + width.size()
            }
            // Seven bits of a length of 64 bits in each byte.
            FramingSpec::Varint => payload + 10,
            FramingSpec::Json => payload + 4 + MAX_JSON_HEADER,
            // A code for every 254 bytes, one that some write behind them, the zero.
            FramingSpec::Cobs => payload + payload / 254 + 3,
        }
    }

    /// Can the header of the framing say more than the limit?
    pub(super) fn header_exceeds_limit(&self) -> bool {
        match self.framing {
            FramingSpec::Length { width, .. } | FramingSpec::Ack { width, .. } => {
                width.max() > self.limit as u64
            }
            _ => true,
        }
    }
}

/// The template with each `$name` replaced by its value.
pub(super) fn filled(template: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut rest = template;
    let mut text = String::with_capacity(template.len() + 32);
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(rest.len());
        match values.iter().find(|(name, _)| *name == &rest[..end]) {
            Some((_, value)) => {
                text.push_str(&value.to_string());
                rest = &rest[end..];
            }
            None => text.push('$'),
        }
    }
    text.push_str(rest);
    text
}
