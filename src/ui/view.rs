//! What every view is a function of.

use crate::framing::FramingSpec;
use crate::i18n::{Lang, Phrase};
use crate::lesson::Focus;
use crate::trace::{EventId, Nanos, State, StreamId, Trace};

use super::theme::Theme;

/// Everything a view may look at: the run as of event `k`, and how to show it.
pub struct View<'a> {
    /// The whole record; only its first `k` events are to be shown.
    pub trace: &'a Trace,
    /// Number of events shown.
    pub k: u32,
    /// The state as of event `k`.
    pub state: &'a State,
    /// Language.
    pub lang: Lang,
    /// Look.
    pub theme: &'a Theme,
    /// The bytes chosen anywhere.
    pub selection: Option<&'a Selection>,
    /// The run before the framing was toggled, drawn above this one on the ruler.
    pub previous: Option<&'a Trace>,
    /// How messages are framed in this run.
    pub framing: &'a FramingSpec,
    /// How they were framed in the previous run.
    pub previous_framing: Option<&'a FramingSpec>,
    /// Does the receiver read the bytes of a length in the other order than the sender writes them?
    pub swapped: bool,
    /// What the run does now, behind the prefix shown.
    pub live: LiveStatus,
    /// For a room?
    pub presenter: bool,
    /// What the lesson's step points at.
    pub focus: Option<Focus>,
}

impl View<'_> {
    /// The phrase in the language of the view.
    pub fn say(&self, phrase: Phrase) -> &'static str {
        phrase.get(self.lang)
    }

    /// The phrase with its placeholders filled in.
    pub fn fill(&self, phrase: Phrase, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        phrase.fill(self.lang, values)
    }

    /// Does the lesson point at this?
    pub fn points_at(&self, part: Focus) -> bool {
        self.focus == Some(part)
    }

    /// The time a call under way is measured against: now at the live edge, else the time of
    /// event `k`.
    pub fn now(&self) -> Nanos {
        if self.live.following {
            self.live.now.unwrap_or(self.state.t).max(self.state.t)
        } else {
            self.state.t
        }
    }
}

/// Bytes of a stream, chosen by a person; they light up in every view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The stream.
    pub stream: StreamId,
    /// Offset of the first byte.
    pub start: u64,
    /// Offset after the last byte.
    pub end: u64,
    /// The event it was chosen by, if by one.
    pub event: Option<EventId>,
}

impl Selection {
    /// Does it hold any byte of `[start, end)` of that stream?
    pub fn touches(&self, stream: StreamId, start: u64, end: u64) -> bool {
        self.stream == stream && self.start < end && start < self.end
    }
}

/// The run behind the prefix that is shown.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveStatus {
    /// The newest event is shown, and new ones will be.
    pub following: bool,
    /// The run's threads exist.
    pub running: bool,
    /// Its programs are held.
    pub paused: bool,
    /// Calls are released one by one.
    pub step_mode: bool,
    /// Time since the run began; `None` for a recording or an ended run.
    pub now: Option<Nanos>,
    /// Events that were lost.
    pub dropped: u64,
}
