//! What can go wrong in encoding and decoding.

/// Why a message cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Longer than the limit, or than its header can say.
    #[error("the message has {length} bytes; at most {limit} fit")]
    TooLong {
        /// Bytes of the message.
        length: usize,
        /// The most that is accepted.
        limit: usize,
    },
}

/// Why a stream cannot be decoded, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (frame at offset {offset})")]
pub struct DecodeError {
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// Offset in the stream of the first byte of the faulty frame.
    pub offset: u64,
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeErrorKind {
    /// The header announces more than the limit.
    #[error("the header announces {announced} bytes, more than the limit of {limit}")]
    FrameTooLong {
        /// Bytes announced.
        announced: u64,
        /// The longest payload accepted.
        limit: u64,
    },
    /// The header is signed and says a number below 0.
    #[error("the header announces {announced} bytes, and a length cannot be negative")]
    NegativeLength {
        /// The number in the header.
        announced: i32,
    },
    /// No delimiter within the limit.
    #[error("no delimiter within {searched} bytes; the limit is {limit}")]
    Unterminated {
        /// Bytes looked through: the longest payload and a delimiter.
        searched: u64,
        /// The longest payload accepted.
        limit: u64,
    },
    /// The stream ended inside a frame.
    #[error("the stream ended inside a frame, after {held} of its bytes")]
    EndedMidFrame {
        /// Bytes of the frame that came.
        held: u64,
        /// Bytes that the frame needs, or its header while that is incomplete; 0 = unknown.
        needed: u64,
    },
}

impl DecodeError {
    /// Each [`DecodeError::code`].
    pub const CODES: [&'static str; 4] = [
        "frame-too-long",
        "negative-length",
        "unterminated",
        "ended-mid-frame",
    ];

    /// A short name that stays the same across versions and languages.
    pub fn code(&self) -> &'static str {
        Self::CODES[match self.kind {
            DecodeErrorKind::FrameTooLong { .. } => 0,
            DecodeErrorKind::NegativeLength { .. } => 1,
            DecodeErrorKind::Unterminated { .. } => 2,
            DecodeErrorKind::EndedMidFrame { .. } => 3,
        }]
    }

    /// The number that is wrong: bytes announced (a negative one in 64-bit two's complement),
    /// bytes searched, or bytes held.
    pub fn value(&self) -> u64 {
        match self.kind {
            DecodeErrorKind::FrameTooLong { announced, .. } => announced,
            DecodeErrorKind::NegativeLength { announced } => i64::from(announced) as u64,
            DecodeErrorKind::Unterminated { searched, .. } => searched,
            DecodeErrorKind::EndedMidFrame { held, .. } => held,
        }
    }

    /// What it was measured against: the limit, or the bytes needed; 0 where there is none.
    pub fn limit(&self) -> u64 {
        match self.kind {
            DecodeErrorKind::FrameTooLong { limit, .. }
            | DecodeErrorKind::Unterminated { limit, .. } => limit,
            DecodeErrorKind::NegativeLength { .. } => 0,
            DecodeErrorKind::EndedMidFrame { needed, .. } => needed,
        }
    }
}
