//! A private network in which a run's packets can be captured without any privilege.
//!
//! A process of several threads cannot enter a user namespace, and the lab has several. So it
//! starts itself once more ([`helper`]): that process enters a user and a network namespace of
//! its own, where it may do what root may, switches the loopback on, and then hands *unbound*
//! sockets to the lab over a socketpair. A socket belongs to the network it was made in, whoever
//! holds it: the lab binds, connects and captures by itself. The helper ends when the lab's end
//! of the socketpair is closed, which the kernel does even if the lab is killed; the namespace
//! ends with its last socket.

mod options;
mod unavailable;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod helper;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod linux;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use helper::helper;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use linux::{Namespace, set_helper};

#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
mod elsewhere;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
pub use elsewhere::{Namespace, helper, set_helper};

pub use options::{NamespaceOptions, OptionProblem};
pub use unavailable::{Setup, Unavailable};
