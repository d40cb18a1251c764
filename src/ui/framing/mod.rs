//! The framing strategy: choosing one, its settings, and what it does to the student's own
//! messages. In the controls in short, on a page of the workbench at length.

mod chooser;
mod diagram;
mod facts;
mod page;
mod parameters;
mod spec_error;
mod summary;

#[cfg(test)]
mod tests;

pub use chooser::chooser;
pub use page::page;
pub use parameters::parameters;
pub use spec_error::spec_error;
pub use summary::summary;

use crate::experiment::FRAME_LIMIT;
use crate::framing::FramingSpec;
use crate::lesson::{Lesson, MessageSource, Settings};

use super::view::View;

/// The messages that the lesson sends with the settings as they stand, and their framing.
struct Own<'a> {
    framing: &'a FramingSpec,
    messages: MessageSource,
}

impl<'a> Own<'a> {
    fn new(lesson: &Lesson, settings: &'a Settings) -> Self {
        Own {
            framing: &settings.framing,
            messages: lesson.messages.resolve(settings),
        }
    }

    /// The framing at work, with the limit of a run.
    fn build(&self) -> Box<dyn crate::framing::Framing> {
        self.framing.build(FRAME_LIMIT)
    }

    /// The message to show: the last one sent as of the moment on the stage, or the first.
    fn current(&self, view: &View<'_>) -> u32 {
        let sent = || {
            let stream = view.trace.stream(view.trace.main_stream()?)?;
            let last = stream.sent_at(view.k).checked_sub(1)?;
            let at = stream.messages().containing(last)?;
            Some(stream.messages().get(at).number)
        };
        let last = self.messages.count().saturating_sub(1);
        sent().unwrap_or(0).min(last)
    }
}
