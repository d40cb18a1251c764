//! The values with which a run is made.

use std::collections::BTreeMap;

pub use crate::experiment::Value;
use crate::experiment::{Attack, AttackError};
use crate::framing::{FramingSpec, SpecError};
use crate::i18n::{attack as attack_phrase, capture as capture_phrase, lesson as phrase};

use super::{
    Capture, CaptureChange, Lesson, Parameter, ParameterKind, Said, attack_said, framing_said,
};

/// A value for every parameter of one lesson, the framing strategy, and what attacks the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: BTreeMap<String, Value>,
    /// The framing strategy.
    pub framing: FramingSpec,
    /// Whether and how packets are captured.
    pub capture: Capture,
    /// What stands between the ends.
    pub attack: Attack,
}

/// Changes to some settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Parameters and their new values; within range.
    pub values: Vec<(String, Value)>,
    /// Another framing strategy.
    pub framing: Option<FramingSpec>,
    /// Another attack.
    pub attack: Option<Attack>,
    /// Changes of what is captured, in order.
    pub capture: Vec<CaptureChange>,
}

impl Overrides {
    /// Does it change nothing?
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.framing.is_none()
            && self.attack.is_none()
            && self.capture.is_empty()
    }
}

/// The name under which the framing strategy is set beside the parameters.
pub const FRAMING: &str = "framing";

/// The name under which the attack is set.
pub const ATTACK: &str = "attack";

/// The name before the dot under which capturing is set: `capture.mtu`.
pub const CAPTURE: &str = "capture";

impl Settings {
    /// The lesson's defaults.
    pub fn defaults(lesson: &Lesson) -> Self {
        Settings {
            values: lesson
                .parameters
                .iter()
                .map(|p| (p.name.clone(), p.kind.default_value()))
                .collect(),
            framing: lesson.framing.default.clone(),
            capture: lesson.capture.default.clone(),
            attack: lesson.attack.default.clone(),
        }
    }

    /// Sets the parameter `name` (or `framing`) from text, as `--set name=value` does.
    ///
    /// # Errors
    /// An unknown name, a value of the wrong sort or out of range, or a framing strategy where the
    /// lesson offers none; nothing is changed then.
    pub fn set(&mut self, lesson: &Lesson, name: &str, text: &str) -> Result<(), SettingError> {
        if name == FRAMING {
            let spec: FramingSpec = text.parse().map_err(SettingError::Framing)?;
            if !lesson.framing.offered && spec != lesson.framing.default {
                return Err(SettingError::FramingFixed(
                    lesson.framing.default.to_string(),
                ));
            }
            self.framing = spec;
            return Ok(());
        }
        if name == ATTACK {
            let attack: Attack = text.parse().map_err(SettingError::Attack)?;
            if !lesson.attack.offered && attack != lesson.attack.default {
                return Err(SettingError::AttackFixed);
            }
            self.attack = attack;
            return Ok(());
        }
        if let Some(key) = name.strip_prefix("capture.") {
            let change = CaptureChange::read(key, text)?;
            let mut capture = self.capture.clone();
            capture.change(change);
            if !lesson.capture.offered && capture != self.capture {
                return Err(SettingError::CaptureFixed);
            }
            self.capture = capture;
            return Ok(());
        }
        let parameter = lesson
            .parameter(name)
            .ok_or_else(|| SettingError::unknown(lesson, name))?;
        let value = parameter.read(text)?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Sets the parameter `name` to a value that a control holds.
    ///
    /// # Errors
    /// As [`Settings::set`].
    pub fn set_value(
        &mut self,
        lesson: &Lesson,
        name: &str,
        value: Value,
    ) -> Result<(), SettingError> {
        let parameter = lesson
            .parameter(name)
            .ok_or_else(|| SettingError::unknown(lesson, name))?;
        parameter.check(&value)?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Makes those changes. They come from a lesson file, whose reader has checked them.
    pub fn apply(&mut self, overrides: &Overrides) {
        for (name, value) in &overrides.values {
            self.values.insert(name.clone(), value.clone());
        }
        if let Some(framing) = &overrides.framing {
            self.framing = framing.clone();
        }
        if let Some(attack) = &overrides.attack {
            self.attack = attack.clone();
        }
        for change in &overrides.capture {
            self.capture.change(*change);
        }
    }

    /// These settings of `old` for `new`, the same lesson after its file was changed: what had
    /// been set stays where it still may, everything else is as `new` begins.
    #[must_use]
    pub fn carried_over(&self, old: &Lesson, new: &Lesson) -> Self {
        let begun = Settings::defaults(old);
        let mut settings = Settings::defaults(new);
        for (name, value) in &self.values {
            if begun.get(name) != Some(value) {
                // Refused where the parameter is gone or its range is another now.
                let _ = settings.set_value(new, name, value.clone());
            }
        }
        if self.framing != begun.framing && new.framing.offered {
            settings.framing = self.framing.clone();
        }
        if self.attack != begun.attack && new.attack.offered {
            settings.attack = self.attack.clone();
        }
        if self.capture != begun.capture && new.capture.offered {
            settings.capture = self.capture.clone();
        }
        settings
    }

    /// The value of the parameter `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// The figure `name`; `None` where there is none of that name, or it is a text.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::Int(n) => Some(*n),
            Value::Text(_) => None,
        }
    }

    /// The text `name`; `None` where there is none of that name, or it is a figure.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name)? {
            Value::Int(_) => None,
            Value::Text(text) => Some(text),
        }
    }

    /// Every parameter with its value, by name; without the framing.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Every parameter with its value as text, for a recording's header.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        self.values
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    }
}

impl ParameterKind {
    /// The value that a run begins with.
    pub fn default_value(&self) -> Value {
        match self {
            ParameterKind::Int { default, .. } => Value::Int(*default),
            ParameterKind::Switch { default } => Value::Int(i64::from(*default)),
            ParameterKind::Text { default, .. } => Value::Text(default.clone()),
        }
    }
}

impl Parameter {
    /// The value that `text` writes, if the parameter may have it.
    ///
    /// # Errors
    /// A value of the wrong sort, or out of range.
    pub fn read(&self, text: &str) -> Result<Value, SettingError> {
        let value = match &self.kind {
            ParameterKind::Int { .. } => {
                let digits: String = text.trim().chars().filter(|&c| c != '_').collect();
                let n = digits.parse().map_err(|_| SettingError::NotANumber {
                    name: self.name.clone(),
                    found: text.to_owned(),
                })?;
                Value::Int(n)
            }
            ParameterKind::Switch { .. } => match text.trim() {
                "1" | "true" | "on" | "yes" => Value::Int(1),
                "0" | "false" | "off" | "no" => Value::Int(0),
                other => {
                    return Err(SettingError::NotASwitch {
                        name: self.name.clone(),
                        found: other.to_owned(),
                    });
                }
            },
            ParameterKind::Text { .. } => Value::Text(text.to_owned()),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// May the parameter have this value?
    ///
    /// # Errors
    /// A value of the wrong sort, or out of range.
    pub fn check(&self, value: &Value) -> Result<(), SettingError> {
        let name = || self.name.clone();
        match (&self.kind, value) {
            (ParameterKind::Int { min, max, .. }, Value::Int(n)) => {
                if n < min || n > max {
                    return Err(SettingError::OutOfRange {
                        name: name(),
                        found: *n,
                        min: *min,
                        max: *max,
                    });
                }
            }
            (ParameterKind::Switch { .. }, Value::Int(0 | 1)) => {}
            (ParameterKind::Switch { .. }, found) => {
                return Err(SettingError::NotASwitch {
                    name: name(),
                    found: found.to_string(),
                });
            }
            (ParameterKind::Text { max_len, .. }, Value::Text(text)) => {
                if text.len() > *max_len {
                    return Err(SettingError::TooLong {
                        name: name(),
                        len: text.len(),
                        max: *max_len,
                    });
                }
            }
            (ParameterKind::Int { .. }, found) => {
                return Err(SettingError::NotANumber {
                    name: name(),
                    found: found.to_string(),
                });
            }
            (ParameterKind::Text { .. }, Value::Int(_)) => {
                return Err(SettingError::NotAText { name: name() });
            }
        }
        Ok(())
    }
}

/// Why a setting was refused. `Display` is English; [`SettingError::said`] speaks both languages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum SettingError {
    /// The lesson has no parameter of that name.
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        valid: Vec<String>,
    },
    /// A whole number was needed.
    NotANumber {
        /// The parameter.
        name: String,
        /// What was given.
        found: String,
    },
    /// A text was needed.
    NotAText {
        /// The parameter.
        name: String,
    },
    /// 0 or 1 was needed.
    NotASwitch {
        /// The parameter.
        name: String,
        /// What was given.
        found: String,
    },
    /// Outside the range.
    OutOfRange {
        /// The parameter.
        name: String,
        /// What was given.
        found: i64,
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// Too long a text.
    TooLong {
        /// The parameter.
        name: String,
        /// Bytes given.
        len: usize,
        /// Most bytes.
        max: usize,
    },
    /// Not a value that capturing may have.
    Capture {
        /// Which setting, without `capture.`.
        key: String,
        /// What was given.
        found: String,
        /// What it may be.
        valid: Box<Said>,
    },
    /// The lesson does not let capturing be changed.
    CaptureFixed,
    /// Not an attack.
    Attack(AttackError),
    /// The lesson does not let the wire be attacked.
    AttackFixed,
    /// Not a framing strategy.
    Framing(SpecError),
    /// The lesson does not let the framing be chosen; this is what it has.
    FramingFixed(String),
}

impl SettingError {
    fn unknown(lesson: &Lesson, name: &str) -> Self {
        let mut valid: Vec<String> = lesson.parameters.iter().map(|p| p.name.clone()).collect();
        if lesson.framing.offered {
            valid.push(FRAMING.to_owned());
        }
        if lesson.attack.offered {
            valid.push(ATTACK.to_owned());
        }
        if lesson.capture.offered {
            // Whoever knows one is told of the others.
            valid.push(format!("{CAPTURE}.on"));
        }
        SettingError::Unknown {
            name: name.to_owned(),
            valid,
        }
    }

    /// The error in words.
    pub fn said(&self) -> Said {
        match self {
            SettingError::Unknown { name, valid } => Said::new(phrase::SETTING_UNKNOWN)
                .with("name", name)
                .with("valid", valid.join(", ")),
            SettingError::NotANumber { name, found } => Said::new(phrase::SETTING_NOT_A_NUMBER)
                .with("name", name)
                .with("found", found),
            SettingError::NotAText { name } => {
                Said::new(phrase::SETTING_NOT_A_TEXT).with("name", name)
            }
            SettingError::NotASwitch { name, found } => Said::new(phrase::SETTING_NOT_A_SWITCH)
                .with("name", name)
                .with("found", found),
            SettingError::OutOfRange {
                name,
                found,
                min,
                max,
            } => Said::new(phrase::SETTING_OUT_OF_RANGE)
                .with("name", name)
                .with("found", found)
                .with("min", min)
                .with("max", max),
            SettingError::TooLong { name, len, max } => Said::new(phrase::SETTING_TOO_LONG)
                .with("name", name)
                .with("len", len)
                .with("max", max),
            SettingError::Capture { key, found, valid } => Said::new(capture_phrase::VALUE)
                .with("key", key)
                .with("found", found)
                .saying("valid", (**valid).clone()),
            SettingError::CaptureFixed => Said::new(capture_phrase::FIXED),
            SettingError::Attack(error) => {
                Said::new(attack_phrase::REFUSED).saying("error", attack_said(error))
            }
            SettingError::AttackFixed => Said::new(attack_phrase::FIXED),
            SettingError::Framing(error) => {
                Said::new(phrase::SETTING_FRAMING).saying("error", framing_said(error))
            }
            SettingError::FramingFixed(spec) => {
                Said::new(phrase::SETTING_FRAMING_FIXED).with("spec", spec)
            }
        }
    }
}
