//! What a person wants of the workbench.

use super::Tab;

/// One wish. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Show that tab.
    ShowTab(Tab),
}
