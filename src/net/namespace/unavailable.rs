//! Why packets cannot be captured here.

use std::io;

/// A step of making the private network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Entering the namespaces (`man 2 unshare`).
    Namespaces,
    /// Becoming root in them (`man 7 user_namespaces`).
    Users,
    /// Switching the loopback on.
    Loopback,
    /// Setting its MTU.
    Mtu,
    /// Making the capturing socket.
    Capture,
    /// Making a socket for the lab.
    Socket,
}

impl Setup {
    /// Every step, in the order of its code.
    pub const ALL: [Setup; 6] = [
        Setup::Namespaces,
        Setup::Users,
        Setup::Loopback,
        Setup::Mtu,
        Setup::Capture,
        Setup::Socket,
    ];
}

/// Why packets cannot be captured here. Each has a stable [`Unavailable::code`], under which a
/// recording keeps it and the texts of both languages are found.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// Only Linux has the namespaces this needs.
    #[error("capturing needs the network namespaces of Linux")]
    System,
    /// A program outside the lab takes part; it is not in the private network.
    #[error("a program outside the lab takes part, and it is not in the private network")]
    External,
    /// The program could not be started a second time.
    #[error("the capture helper could not be started: {0}")]
    Helper(io::Error),
    /// The administrator has switched user namespaces off.
    #[error("user namespaces are switched off on this system")]
    SwitchedOff,
    /// `AppArmor` lets an unprivileged user namespace do nothing (Ubuntu 23.10 and later).
    #[error("AppArmor keeps programs from using user namespaces")]
    AppArmor,
    /// There are as many namespaces as the system allows.
    #[error("this system allows no more namespaces")]
    TooMany,
    /// The system refused, as containers and sandboxes do.
    #[error("the system refused ({step:?}): {source}")]
    Refused {
        /// What.
        step: Setup,
        /// In its words.
        source: io::Error,
    },
}

impl Unavailable {
    /// Stable name of the reason.
    pub fn code(&self) -> &'static str {
        match self {
            Unavailable::System => "system",
            Unavailable::External => "external",
            Unavailable::Helper(_) => "helper",
            Unavailable::SwitchedOff => "switched-off",
            Unavailable::AppArmor => "apparmor",
            Unavailable::TooMany => "too-many",
            Unavailable::Refused { .. } => "refused",
        }
    }
}
