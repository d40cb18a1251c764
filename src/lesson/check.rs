//! Claims of a lesson, held against real runs.
//!
//! This module decides; it opens no socket. Whoever asks hands it the way to run
//! ([`run_check`]'s last argument), so the same code serves the command line, the window and tests
//! on made-up traces.

use crate::experiment::is_privileged;
use crate::i18n::{Lang, capture as capture_phrase, lesson as phrase, segments};
use crate::trace::{Network, Trace};

use super::{Expr, ExprError, Lesson, Overrides, Release, Said, Settings};

/// A claim, the run that must confirm it, and the run on which it must fail.
#[derive(Clone, Debug)]
pub struct Check {
    /// Stable name, unique in the lesson.
    pub id: String,
    /// The claim, one sentence, in the order of [`Lang::ALL`].
    pub claim: [String; 2],
    /// What the run changes from the lesson's defaults.
    pub set: Overrides,
    /// What is released. The trace is judged when all of it has returned or is blocked, or, for
    /// [`Release::Run`], when the run has finished.
    pub release: Release,
    /// What must be true then.
    pub expect: Expr,
    /// The opposite run: the cure's where the claim is an effect, the effect's where it is a cure.
    /// There `expect` must be false, or the claim says nothing.
    pub contrast: Option<Contrast>,
    /// What must have come about for the run to count ("the reader was late"). Where it has not,
    /// the check runs again.
    pub precondition: Option<Expr>,
    /// How often it may run again.
    pub retries: u32,
    /// The system on which the claim holds.
    pub only: Option<SystemNeed>,
    /// Its runs must be captured: it speaks of segments, or the file says so.
    pub needs_capture: bool,
    /// It is about what an ordinary user is refused: ports below 1024.
    pub needs_ordinary_user: bool,
}

impl Check {
    /// The claim in `lang`.
    pub fn claim(&self, lang: Lang) -> &str {
        &self.claim[lang as usize]
    }

    /// The settings of its run.
    pub fn settings(&self, lesson: &Lesson) -> Settings {
        self.with(lesson, &self.set)
    }

    fn with(&self, lesson: &Lesson, set: &Overrides) -> Settings {
        let mut settings = Settings::defaults(lesson);
        settings.apply(set);
        settings.capture.on |= self.needs_capture;
        settings
    }
}

/// The opposite run of a check. Its settings start from the lesson's defaults too.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// What the run changes from the lesson's defaults.
    pub set: Overrides,
    /// What is released.
    pub release: Release,
}

/// A system that a claim depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemNeed {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl SystemNeed {
    /// Every value.
    pub const ALL: [SystemNeed; 3] = [SystemNeed::Linux, SystemNeed::MacOs, SystemNeed::Windows];

    /// The name in lesson files, which is Rust's.
    pub fn name(self) -> &'static str {
        match self {
            SystemNeed::Linux => "linux",
            SystemNeed::MacOs => "macos",
            SystemNeed::Windows => "windows",
        }
    }

    /// Is it this system?
    pub fn is_here(self) -> bool {
        std::env::consts::OS == self.name()
    }
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// The lesson.
    pub lesson: String,
    /// The check.
    pub check: String,
    /// The verdict.
    pub outcome: Outcome,
    /// Runs repeated because a precondition had been missed, in both runs together.
    pub reruns: u32,
}

/// The verdict on a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run confirmed it, and the opposite run (where there is one) did not.
    Held,
    /// The run did not confirm it; what it gave instead.
    Refuted(Said),
    /// The opposite run confirmed it too, so it says nothing.
    Empty(Said),
    /// It could not be judged here, and this is why. Never silent.
    Skipped(Skip),
}

/// Why a check was skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// In words.
    pub reason: Said,
}

impl CheckReport {
    /// Has the claim been refuted, or found empty?
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Refuted(_) | Outcome::Empty(_))
    }
}

enum Verdict {
    Holds,
    Fails(Said),
    Skip(Said),
}

/// Holds one claim against real runs.
///
/// `run` makes one run with those settings and that release, waits until everything released has
/// returned or is blocked (for [`Release::Run`]: until the run has finished), stops it, and gives
/// its trace; or says in words why there is none (no IPv6, a port in use), which skips the check.
pub fn run_check(
    lesson: &Lesson,
    check: &Check,
    mut run: impl FnMut(&Settings, &Release) -> Result<Trace, String>,
) -> CheckReport {
    let mut reruns = 0;
    let outcome = judge(lesson, check, &mut reruns, &mut run);
    CheckReport {
        lesson: lesson.id.clone(),
        check: check.id.clone(),
        outcome,
        reruns,
    }
}

fn judge(
    lesson: &Lesson,
    check: &Check,
    reruns: &mut u32,
    run: &mut dyn FnMut(&Settings, &Release) -> Result<Trace, String>,
) -> Outcome {
    if let Some(only) = check.only.filter(|only| !only.is_here()) {
        return Outcome::Skipped(Skip {
            reason: Said::new(phrase::CHECK_ONLY).with("system", only.name()),
        });
    }
    if check.needs_ordinary_user && is_privileged() {
        return Outcome::Skipped(Skip {
            reason: Said::new(phrase::CHECK_ORDINARY_USER),
        });
    }
    let settings = check.settings(lesson);
    match verdict(
        check,
        check.precondition.as_ref(),
        &settings,
        &check.release,
        reruns,
        run,
    ) {
        Verdict::Holds => {}
        Verdict::Fails(why) => return Outcome::Refuted(why),
        Verdict::Skip(reason) => return Outcome::Skipped(Skip { reason }),
    }
    let Some(contrast) = &check.contrast else {
        return Outcome::Held;
    };
    let settings = check.with(lesson, &contrast.set);
    // The precondition belongs to the claim's own run ("the reader was late"); the opposite run is
    // often just the one where it does not come about.
    match verdict(check, None, &settings, &contrast.release, reruns, run) {
        Verdict::Holds => {
            Outcome::Empty(Said::new(phrase::CHECK_EMPTY).with("expect", &check.expect))
        }
        Verdict::Fails(_) => Outcome::Held,
        Verdict::Skip(reason) => Outcome::Skipped(Skip { reason }),
    }
}

fn verdict(
    check: &Check,
    precondition: Option<&Expr>,
    settings: &Settings,
    release: &Release,
    reruns: &mut u32,
    run: &mut dyn FnMut(&Settings, &Release) -> Result<Trace, String>,
) -> Verdict {
    let mut left = check.retries;
    loop {
        let trace = match run(settings, release) {
            Ok(trace) => trace,
            Err(why) => return Verdict::Skip(Said::new(phrase::CHECK_NO_RUN).with("why", why)),
        };
        if check.needs_capture
            && let Some(why) = not_captured(&trace.meta().network)
        {
            return Verdict::Skip(why);
        }
        let k = trace.at_rest();
        if let Some(precondition) = precondition {
            match precondition.eval(&trace, k, settings) {
                Ok(true) => {}
                Err(ExprError::NotReadable(what)) => return Verdict::Skip(not_readable(what)),
                Ok(false) | Err(_) if left > 0 => {
                    left -= 1;
                    *reruns += 1;
                    continue;
                }
                Ok(false) | Err(_) => {
                    return Verdict::Skip(
                        Said::new(phrase::CHECK_PRECONDITION)
                            .with("precondition", precondition)
                            .with("times", u64::from(check.retries) + 1),
                    );
                }
            }
        }
        return match check.expect.eval(&trace, k, settings) {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Fails(
                Said::new(phrase::CHECK_REFUTED)
                    .with("expect", &check.expect)
                    .with("facts", check.expect.figures(&trace, k, settings)),
            ),
            Err(ExprError::NotReadable(what)) => Verdict::Skip(not_readable(what)),
            Err(error) => Verdict::Fails(
                Said::new(phrase::CHECK_NO_VALUE)
                    .with("expect", &check.expect)
                    .with("error", error)
                    .with("facts", check.expect.figures(&trace, k, settings)),
            ),
        };
    }
}

/// Why nothing can be said about the segments of a run in that network.
pub(super) fn not_captured(network: &Network) -> Option<Said> {
    match network {
        Network::Host { refused } => {
            let why = refused
                .as_deref()
                .map_or(capture_phrase::SWITCHED_OFF, segments::refused);
            Some(Said::new(capture_phrase::CHECK_SKIPPED).saying("why", Said::new(why)))
        }
        Network::Captured { not_granted, .. } if !not_granted.is_empty() => {
            let names = not_granted.join(", ");
            Some(Said::new(capture_phrase::CHECK_NOT_GRANTED).with("names", names))
        }
        Network::Captured { .. } => None,
    }
}

fn not_readable(what: &str) -> Said {
    Said::new(phrase::CHECK_NOT_READABLE).with("what", what)
}
