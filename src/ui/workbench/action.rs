//! What a person wants of the workbench.

use super::{ProveAction, RaceAction, Tab, compare, repeat};

/// One wish. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Show that tab.
    ShowTab(Tab),
    /// Something for the race.
    Race(RaceAction),
    /// Something for the prover.
    Prove(ProveAction),
    /// Something of the repetition.
    Repeat(repeat::Wish),
    /// Something of the comparison.
    Compare(compare::Wish),
}
