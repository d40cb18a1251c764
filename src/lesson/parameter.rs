//! The controls of a lesson.

use crate::i18n::Lang;

/// One control of a lesson, named in programs as `$name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// `recv_size`
    pub name: String,
    /// What it holds.
    pub kind: ParameterKind,
    /// Does a change take effect at the next call? Otherwise it needs a new connection.
    pub live: bool,
    /// Short label, in the order of [`Lang::ALL`].
    pub label: [String; 2],
    /// One sentence of help, in the order of [`Lang::ALL`].
    pub help: [String; 2],
    /// What zero means where it stands for something else than a figure ("system default"), in
    /// the order of [`Lang::ALL`].
    pub zero: Option<[String; 2]>,
}

impl Parameter {
    /// The label in `lang`.
    pub fn label(&self, lang: Lang) -> &str {
        &self.label[lang as usize]
    }

    /// The help in `lang`.
    pub fn help(&self, lang: Lang) -> &str {
        &self.help[lang as usize]
    }

    /// What zero means, in `lang`; `None` where zero is just a figure.
    pub fn zero(&self, lang: Lang) -> Option<&str> {
        self.zero.as_ref().map(|z| z[lang as usize].as_str())
    }
}

/// What a parameter holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A figure.
    Int {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
        /// Value a run begins with.
        default: i64,
        /// What it counts.
        unit: Unit,
        /// How a slider spreads it.
        scale: Scale,
    },
    /// On or off; as a number 1 or 0.
    Switch {
        /// Value a run begins with.
        default: bool,
    },
    /// A text.
    Text {
        /// Value a run begins with.
        default: String,
        /// Longest value, bytes of UTF-8.
        max_len: usize,
        /// Is it a path that a dialog can choose?
        choose: Option<Choose>,
    },
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choose {
    /// A file to send, or one of the lab's own.
    File,
    /// A folder for what is received; empty for the run's own.
    Folder,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Millis,
    /// Things: messages, calls.
    Count,
}

/// How a slider spreads its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By factors; zero, where allowed, keeps a place of its own.
    Log,
}
