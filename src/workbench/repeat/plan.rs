//! What is to be repeated, checked before anything runs.

use std::fmt;
use std::sync::Arc;

use crate::experiment::program::Op;
use crate::lesson::{Lesson, Release, Settings};

/// Runs per variant, at most.
pub const MOST_RUNS: u32 = 10_000;

/// Variants side by side, at most.
pub const MOST_VARIANTS: usize = 6;

/// A lesson, what is released in it, how often, and with which settings.
#[derive(Clone, Debug)]
pub struct Plan {
    lesson: Arc<Lesson>,
    release: Release,
    runs: u32,
    variants: Vec<Settings>,
}

/// Why an experiment cannot be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No variant at all, or more than [`MOST_VARIANTS`].
    Variants {
        /// How many.
        given: usize,
    },
    /// Not 1 to [`MOST_RUNS`] runs.
    Runs {
        /// How many.
        given: u32,
    },
    /// A part is played by a program outside the lab, which nobody would start 500 times.
    External {
        /// Whose.
        actor: String,
    },
    /// The lesson (with these settings) sends no messages, so nothing can come out right.
    NothingSent,
    /// Nothing is released.
    NothingReleased,
}

impl Plan {
    /// Checks that this can be repeated by itself: `external` says, by actor, which parts a
    /// program outside the lab plays.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn new(
        lesson: Arc<Lesson>,
        release: Release,
        runs: u32,
        variants: Vec<Settings>,
        external: &[bool],
    ) -> Result<Plan, Refusal> {
        if !(1..=MOST_VARIANTS).contains(&variants.len()) {
            return Err(Refusal::Variants {
                given: variants.len(),
            });
        }
        if !(1..=MOST_RUNS).contains(&runs) {
            return Err(Refusal::Runs { given: runs });
        }
        if let Some((actor, _)) = lesson
            .actors
            .iter()
            .zip(external)
            .find(|(_, external)| **external)
        {
            return Err(Refusal::External {
                actor: actor.name.clone(),
            });
        }
        let released = match &release {
            Release::Run => true,
            Release::Calls(schedule) => schedule.total() > 0,
            Release::Nothing => false,
        };
        if !released {
            return Err(Refusal::NothingReleased);
        }
        let sends = lesson.actors.iter().any(|actor| {
            let mut found = false;
            actor
                .program
                .walk(&mut |node| found |= matches!(node.op, Op::ForEachMessage { .. }));
            found
        });
        let silent = |settings: &Settings| lesson.messages.resolve(settings).count() == 0;
        if !sends || variants.iter().any(silent) {
            return Err(Refusal::NothingSent);
        }
        Ok(Plan {
            lesson,
            release,
            runs,
            variants,
        })
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// What is released in each run.
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// Runs per variant.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// The settings side by side.
    pub fn variants(&self) -> &[Settings] {
        &self.variants
    }

    /// Does a decoder take the messages apart? If not, each chunk is taken for a message.
    pub(super) fn decodes(&self) -> bool {
        self.lesson.actors.iter().any(|actor| {
            let mut found = false;
            actor
                .program
                .walk(&mut |node| found |= matches!(node.op, Op::ReceiveMessages { .. }));
            found
        })
    }
}

/// What tells each of these variants from the others: its framing, and the parameters that are
/// not the same in all (or, of a single variant, those that are not the lesson's defaults).
pub fn labels(lesson: &Lesson, variants: &[Settings]) -> Vec<String> {
    let defaults = Settings::defaults(lesson);
    let differs = |name: &str| match variants {
        [only] => only.get(name) != defaults.get(name),
        [first, others @ ..] => others.iter().any(|v| v.get(name) != first.get(name)),
        [] => false,
    };
    let names: Vec<&str> = lesson
        .parameters
        .iter()
        .map(|p| p.name.as_str())
        .filter(|name| differs(name))
        .collect();
    let attacked = match variants {
        [first, others @ ..] => {
            first.attack != defaults.attack || others.iter().any(|v| v.attack != first.attack)
        }
        [] => false,
    };
    let label = |settings: &Settings| {
        let mut label = settings.framing.to_string();
        if attacked {
            let _ = fmt::write(&mut label, format_args!(", attack={}", settings.attack));
        }
        for name in &names {
            if let Some(value) = settings.get(name) {
                let _ = fmt::write(&mut label, format_args!(", {name}={value}"));
            }
        }
        label
    };
    variants.iter().map(label).collect()
}
