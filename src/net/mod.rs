//! Real sockets whose every call is recorded.
//!
//! A run makes one [`pipe`]. Each actor thread gets a [`Recorder`] from the [`RecorderHub`] and
//! hands it to every call of its [`Endpoint`]s; the [`Collector`] merges what all of them
//! recorded into one sequence in exact time order. Everything that depends on the operating
//! system, and all `unsafe` code, lives in `sys`.

mod address;
mod call_error;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod capture;
#[cfg(not(all(target_os = "linux", not(feature = "portable"))))]
#[path = "capture/elsewhere.rs"]
mod capture;
mod collector;
mod endpoint;
mod errno;
mod held;
mod namespace;
mod options;
mod pipe;
mod privilege;
mod ready;
mod recorder;
mod registry;
mod sampler;
mod stop;
mod sys;
mod tcp_watch;

pub use address::{Target, own_address};
pub use call_error::{CallError, CallResult};
pub use capture::{Capture, loopback_mtu};
pub use collector::{Collector, Drained};
pub use endpoint::Endpoint;
pub use errno::{errno_name, errno_number};
pub use held::Held;
pub use namespace::{
    Namespace, NamespaceOptions, OptionProblem, Setup, Unavailable, helper, set_helper,
};
pub use options::{Family, How, SockOpt, SocketKind};
pub use pipe::{PipeOptions, Waker, pipe, pipe_with};
pub use privilege::is_privileged;
pub use ready::{Bell, Interest, Rest, wait_ready};
pub use recorder::{Begin, Recorder, RecorderHub};
pub use registry::Registry;
pub use sampler::{Sampler, sample_ends, sample_now};
pub use std::net::Ipv4Addr;
pub use stop::{Entered, StopToken};
