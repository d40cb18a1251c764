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

/// What a language writes for each framing that needs a function: the text that encodes a
/// message, and the text that takes one out of what was received.
pub(super) struct Templates {
    pub(super) fixed: [&'static str; 2],
    pub(super) delimiter: [&'static str; 2],
    pub(super) escaped: [&'static str; 2],
    pub(super) length: [&'static str; 2],
    pub(super) varint: [&'static str; 2],
    /// Whole functions, heads and all: they have the connection for an argument.
    pub(super) ack: [&'static str; 2],
    pub(super) json: [&'static str; 2],
    pub(super) cobs: [&'static str; 2],
}

impl Templates {
    /// What encodes a message; `None` where it is sent as it is.
    pub(super) fn encode(&self, framing: &FramingSpec) -> Option<&'static str> {
        self.of(framing).map(|[encode, _]| encode)
    }

    /// What takes the first message out of a buffer; `None` where chunks are taken for messages.
    pub(super) fn take(&self, framing: &FramingSpec) -> Option<&'static str> {
        match framing {
            FramingSpec::EndMark { .. } => None,
            other => self.of(other).map(|[_, take]| take),
        }
    }

    fn of(&self, framing: &FramingSpec) -> Option<[&'static str; 2]> {
        Some(match framing {
            FramingSpec::Raw | FramingSpec::Pacing { .. } => return None,
            FramingSpec::Fixed { .. } => self.fixed,
            FramingSpec::Delimiter { .. } | FramingSpec::EndMark { .. } => self.delimiter,
            FramingSpec::Escaped { .. } => self.escaped,
            FramingSpec::Length { .. } => self.length,
            FramingSpec::Varint => self.varint,
            FramingSpec::Ack { .. } => self.ack,
            FramingSpec::Json => self.json,
            FramingSpec::Cobs => self.cobs,
        })
    }
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
        let pause = self.framing.pause();
        (pause > Duration::ZERO).then_some(pause.as_millis() as u64)
    }

    /// The most bytes on the wire of a message of `payload` bytes.
    pub(super) fn most_on_the_wire(&self, payload: usize) -> usize {
        payload + self.framing.most_overhead(payload)
    }

    /// The most bytes that `take` may have to leave in the buffer, waiting for more.
    pub(super) fn most_unfinished(&self) -> usize {
        match self.framing {
            FramingSpec::Json => self.limit + 4 + MAX_JSON_HEADER,
            // Ten bytes may have to come before a length is refused.
            FramingSpec::Varint => self.limit + 10,
            _ => self.most_on_the_wire(self.limit),
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
pub(super) fn filled(template: &str, values: &[(&str, String)]) -> String {
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
                text.push_str(value);
                rest = &rest[end..];
            }
            None => text.push('$'),
        }
    }
    text.push_str(rest);
    text
}
