//! What a person wants of the workbench.

use super::{ProveAction, RaceAction, Tab};

/// One wish. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Show that tab.
    ShowTab(Tab),
    /// Something for the race.
    Race(RaceAction),
    /// Something for the prover.
    Prove(ProveAction),
}
