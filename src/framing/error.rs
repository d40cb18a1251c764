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

impl EncodeError {
    /// Is `message` within the limit?
    pub(super) fn check(message: &[u8], limit: usize) -> Result<(), EncodeError> {
        if message.len() > limit {
            return Err(EncodeError::TooLong {
                length: message.len(),
                limit,
            });
        }
        Ok(())
    }
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
    /// A varint goes on after its tenth byte, or has more than 64 bits.
    #[error("the length does not end within the 10 bytes of a varint of 64 bits")]
    VarintTooLong,
    /// A varint has zeros at its end that say nothing.
    #[error("the length is written in {bytes} bytes where {enough} are enough")]
    VarintPadded {
        /// Bytes it was written in.
        bytes: u64,
        /// Bytes it needs.
        enough: u64,
    },
    /// The number before a JSON header announces more than is read.
    #[error("the length announces a header of {announced} bytes, more than the limit of {limit}")]
    HeaderTooLong {
        /// Bytes announced.
        announced: u64,
        /// The longest header accepted.
        limit: u64,
    },
    /// The header is no JSON.
    #[error("the header is no JSON from its byte {at} on")]
    HeaderSyntax {
        /// Byte of the header, from 1, as far as it could be read.
        at: u64,
    },
    /// The header is JSON, but not an object, or a value is not what its key needs.
    #[error(
        "the value before byte {at} of the header is not of its type: name is a text, size and checksum are numbers"
    )]
    HeaderValue {
        /// Byte of the header, from 1, as far as it could be read.
        at: u64,
    },
    /// The header lacks a key.
    #[error("the header has no {}", key.name())]
    HeaderMissing {
        /// Which.
        key: HeaderKey,
    },
    /// The payload is not what the header says it is.
    #[error("the header announces the checksum {announced}, the payload has {computed}")]
    Checksum {
        /// CRC-32 in the header.
        announced: u32,
        /// CRC-32 of what came.
        computed: u32,
    },
    /// A code of COBS points past the end of its frame.
    #[error("a code announces {} bytes, and {left} are left before the zero", code.saturating_sub(1))]
    CobsCode {
        /// The code: bytes announced + 1.
        code: u8,
        /// Bytes left.
        left: u64,
    },
    /// A backslash before a byte that needs none.
    #[error("an escape before the byte 0x{byte:02x}, which nobody escapes")]
    BadEscape {
        /// That byte.
        byte: u8,
    },
    /// The delimiter's first byte, not escaped, and something else after it.
    #[error("a delimiter begins and goes on with the byte 0x{byte:02x}, which is not in its place")]
    BadDelimiter {
        /// That byte.
        byte: u8,
    },
}

/// A key that a JSON header must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderKey {
    /// What the message is called.
    Name,
    /// Bytes of the payload.
    Size,
    /// CRC-32 of the payload.
    Checksum,
}

impl HeaderKey {
    /// Every key, in the order of a header.
    pub const ALL: [HeaderKey; 3] = [Self::Name, Self::Size, Self::Checksum];

    /// The key as it stands in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Size => "size",
            Self::Checksum => "checksum",
        }
    }
}

impl DecodeError {
    /// Each [`DecodeError::code`].
    pub const CODES: [&'static str; 14] = [
        "frame-too-long",
        "negative-length",
        "unterminated",
        "ended-mid-frame",
        "varint-too-long",
        "varint-padded",
        "header-too-long",
        "header-syntax",
        "header-value",
        "header-missing",
        "checksum",
        "cobs-code",
        "bad-escape",
        "bad-delimiter",
    ];

    /// A short name that stays the same across versions and languages.
    pub fn code(&self) -> &'static str {
        Self::CODES[match self.kind {
            DecodeErrorKind::FrameTooLong { .. } => 0,
            DecodeErrorKind::NegativeLength { .. } => 1,
            DecodeErrorKind::Unterminated { .. } => 2,
            DecodeErrorKind::EndedMidFrame { .. } => 3,
            DecodeErrorKind::VarintTooLong => 4,
            DecodeErrorKind::VarintPadded { .. } => 5,
            DecodeErrorKind::HeaderTooLong { .. } => 6,
            DecodeErrorKind::HeaderSyntax { .. } => 7,
            DecodeErrorKind::HeaderValue { .. } => 8,
            DecodeErrorKind::HeaderMissing { .. } => 9,
            DecodeErrorKind::Checksum { .. } => 10,
            DecodeErrorKind::CobsCode { .. } => 11,
            DecodeErrorKind::BadEscape { .. } => 12,
            DecodeErrorKind::BadDelimiter { .. } => 13,
        }]
    }

    /// The number that is wrong: bytes announced (a negative one in 64-bit two's complement),
    /// searched, held or written; the place in a header; the missing key's place in
    /// [`HeaderKey::ALL`]; a checksum; a code or a byte.
    pub fn value(&self) -> u64 {
        match self.kind {
            DecodeErrorKind::FrameTooLong { announced, .. }
            | DecodeErrorKind::HeaderTooLong { announced, .. } => announced,
            DecodeErrorKind::NegativeLength { announced } => i64::from(announced) as u64,
            DecodeErrorKind::Unterminated { searched, .. } => searched,
            DecodeErrorKind::EndedMidFrame { held, .. } => held,
            DecodeErrorKind::VarintTooLong => super::varint::LONGEST as u64,
            DecodeErrorKind::VarintPadded { bytes, .. } => bytes,
            DecodeErrorKind::HeaderSyntax { at } | DecodeErrorKind::HeaderValue { at } => at,
            DecodeErrorKind::HeaderMissing { key } => key as u64,
            DecodeErrorKind::Checksum { announced, .. } => u64::from(announced),
            DecodeErrorKind::CobsCode { code, .. } => u64::from(code),
            DecodeErrorKind::BadEscape { byte } | DecodeErrorKind::BadDelimiter { byte } => {
                u64::from(byte)
            }
        }
    }

    /// What it was measured against: the limit, the bytes needed, enough or left, the checksum
    /// computed; 0 where there is none.
    pub fn limit(&self) -> u64 {
        match self.kind {
            DecodeErrorKind::FrameTooLong { limit, .. }
            | DecodeErrorKind::Unterminated { limit, .. }
            | DecodeErrorKind::HeaderTooLong { limit, .. } => limit,
            DecodeErrorKind::EndedMidFrame { needed, .. } => needed,
            DecodeErrorKind::VarintTooLong => super::varint::LONGEST as u64,
            DecodeErrorKind::VarintPadded { enough, .. } => enough,
            DecodeErrorKind::Checksum { computed, .. } => u64::from(computed),
            DecodeErrorKind::CobsCode { left, .. } => left,
            DecodeErrorKind::NegativeLength { .. }
            | DecodeErrorKind::HeaderSyntax { .. }
            | DecodeErrorKind::HeaderValue { .. }
            | DecodeErrorKind::HeaderMissing { .. }
            | DecodeErrorKind::BadEscape { .. }
            | DecodeErrorKind::BadDelimiter { .. } => 0,
        }
    }
}
