//! What a failed call tells the program.

use std::io;

use super::errno::{code, errno_name};
use crate::trace::Call;

/// The result of a call.
pub type CallResult<T> = Result<T, CallError>;

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

    /// The name of the error number (`ECONNRESET`), if the call failed by itself.
    pub fn name(&self) -> Option<&'static str> {
        self.errno().map(errno_name)
    }

    /// EAGAIN: nothing there on a non-blocking socket, or the time set with `settimeout` is over.
    pub fn would_block(&self) -> bool {
        self.errno() == Some(code::WOULD_BLOCK)
    }
}

/// A name that `getaddrinfo(3)` has not found an address for.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct NotFound {
    /// One of [`super::errno::look_up`].
    pub(super) code: i32,
    /// In words of the system.
    pub(super) text: String,
}

impl From<NotFound> for io::Error {
    fn from(error: NotFound) -> Self {
        io::Error::new(io::ErrorKind::NotFound, error)
    }
}

/// The error number. Errors that the system did not number were found before the call was made.
pub(crate) fn errno_of(error: &io::Error) -> i32 {
    let look_up = error.get_ref().and_then(|e| e.downcast_ref::<NotFound>());
    if let Some(NotFound { code, .. }) = look_up {
        return *code;
    }
    error.raw_os_error().unwrap_or(match error.kind() {
        io::ErrorKind::Interrupted => code::INTERRUPTED,
        io::ErrorKind::WouldBlock => code::WOULD_BLOCK,
        io::ErrorKind::InvalidFilename => code::NAME_TOO_LONG,
        io::ErrorKind::Unsupported => code::WRONG_FAMILY,
        io::ErrorKind::InvalidInput => code::INVALID,
        _ => code::NO_ADDRESS,
    })
}

/// The error in words, without the number that the standard library adds.
pub(crate) fn text_of(error: &io::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.find(" (os error ") {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_no_number() {
        let error = io::Error::from_raw_os_error(code::NO_ADDRESS);
        assert!(error.to_string().contains("os error"));
        assert!(!text_of(&error).contains("os error"));
        assert!(!text_of(&error).is_empty());
        assert_eq!(errno_of(&error), code::NO_ADDRESS);
    }
}
