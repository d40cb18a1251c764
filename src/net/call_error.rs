//! What a failed call tells the program.

use crate::trace::Call;

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The run is being stopped; the program must end. Not an error of the call.
    #[error("stopped")]
    Stopped,
    /// The system refused; the same is in the call's Return event.
    #[error("{}: {text}", .call.name())]
    Failed {
        /// The call that failed.
        call: Call,
        /// The system's error number (`man 3 errno`), positive.
        errno: i32,
        /// The error in words of the system.
        text: String,
    },
}

impl CallError {
    /// The error number, if the call failed by itself.
    pub fn errno(&self) -> Option<i32> {
        match self {
            CallError::Stopped => None,
            CallError::Failed { errno, .. } => Some(*errno),
        }
    }
}
