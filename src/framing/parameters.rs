//! The settings of each strategy as data, so that controls can be drawn for them.

use super::spec::{MAX_DELIMITER, MAX_FIXED_SIZE, MAX_PAUSE_MS};
use super::{Endian, FramingSpec, LengthWidth, SpecError, escape};

/// One setting of a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, for [`FramingSpec::parameter`]; unique within the strategy.
    pub name: &'static str,
    /// What it can be.
    pub kind: ParameterKind,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A whole number.
    Int {
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Bytes, as text with the escapes of C. ([`super::unescape`])
    Bytes {
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
}

const PAUSE: Parameter = Parameter {
    name: "ms",
    kind: ParameterKind::Int {
        min: 0,
        max: MAX_PAUSE_MS,
    },
};
const SIZE: Parameter = Parameter {
    name: "size",
    kind: ParameterKind::Int {
        min: 1,
        max: MAX_FIXED_SIZE,
    },
};
const PAD: Parameter = Parameter {
    name: "pad",
    kind: ParameterKind::Bytes { min: 1, max: 1 },
};
const MARK: Parameter = Parameter {
    name: "delimiter",
    kind: ParameterKind::Bytes {
        min: 1,
        max: MAX_DELIMITER,
    },
};
const WIDTH: Parameter = Parameter {
    name: "width",
    kind: ParameterKind::Choice(&["u8", "u16", "u32", "i32", "u64"]),
};
const ORDER: Parameter = Parameter {
    name: "order",
    kind: ParameterKind::Choice(&["big", "little"]),
};

impl FramingSpec {
    /// One framing of each strategy, with its usual settings, in the order of
    /// [`FramingSpec::choices`].
    pub fn strategies() -> Vec<FramingSpec> {
        vec![
            Self::Raw,
            Self::Pacing { ms: 5 },
            Self::EndMark {
                mark: b"##".to_vec(),
            },
            Self::Fixed { size: 64, pad: 0 },
            Self::Delimiter {
                delimiter: b"\n".to_vec(),
            },
            Self::Escaped {
                delimiter: b"\n".to_vec(),
            },
            Self::Length {
                width: LengthWidth::U32,
                endian: Endian::Big,
            },
            Self::Varint,
            Self::Ack {
                width: LengthWidth::I32,
                endian: Endian::Little,
            },
            Self::Json,
            Self::Cobs,
        ]
    }

    /// The settings this strategy has.
    pub fn parameters(&self) -> &'static [Parameter] {
        match self {
            Self::Raw | Self::Varint | Self::Json | Self::Cobs => &[],
            Self::Pacing { .. } => &[PAUSE],
            Self::Fixed { .. } => &[SIZE, PAD],
            Self::Delimiter { .. } | Self::Escaped { .. } | Self::EndMark { .. } => &[MARK],
            Self::Length { .. } | Self::Ack { .. } => &[WIDTH, ORDER],
        }
    }

    /// The setting of that name as text, bytes with escapes.
    pub fn parameter(&self, name: &str) -> Option<String> {
        match (self, name) {
            (Self::Pacing { ms }, "ms") => Some(ms.to_string()),
            (Self::Fixed { size, .. }, "size") => Some(size.to_string()),
            (Self::Fixed { pad, .. }, "pad") => Some(escape(&[*pad])),
            (
                Self::Delimiter { delimiter: mark }
                | Self::Escaped { delimiter: mark }
                | Self::EndMark { mark },
                "delimiter",
            ) => Some(escape(mark)),
            (Self::Length { width, .. } | Self::Ack { width, .. }, "width") => {
                Some(width.name().to_owned())
            }
            (Self::Length { endian, .. } | Self::Ack { endian, .. }, "order") => {
                Some(endian.name().to_owned())
            }
            _ => None,
        }
    }

    /// The same strategy with another value for one setting.
    ///
    /// # Errors
    /// [`SpecError`] says what the value may be, or which settings there are.
    ///
    /// ```
    /// use socklab::framing::FramingSpec;
    ///
    /// let spec: FramingSpec = "length:u32:big".parse()?;
    /// assert_eq!(spec.with_parameter("order", "little")?.to_string(), "length:u32:little");
    /// assert!(spec.with_parameter("order", "middle").is_err());
    /// assert!(spec.with_parameter("size", "4").is_err());
    /// # Ok::<(), socklab::framing::SpecError>(())
    /// ```
    pub fn with_parameter(&self, name: &str, value: &str) -> Result<FramingSpec, SpecError> {
        if self.parameter(name).is_none() {
            let names: Vec<&str> = self.parameters().iter().map(|p| p.name).collect();
            return Err(SpecError::Parameter {
                strategy: self.keyword(),
                parameter: name.to_owned(),
                has: if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(" and ")
                },
            });
        }
        // The text form knows what each setting may be, and says so.
        let mut text = self.keyword().to_owned();
        for parameter in self.parameters() {
            text.push(':');
            if parameter.name == name {
                text.push_str(value);
            } else {
                text.push_str(&self.parameter(parameter.name).unwrap_or_default());
            }
        }
        text.parse()
    }
}
