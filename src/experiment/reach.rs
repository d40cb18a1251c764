//! Who may reach the sockets of a run: this computer alone, unless somebody chose otherwise.

use crate::net::Target;

/// Who may connect to what the lab's programs listen at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// This computer only: addresses are taken as the program says them.
    #[default]
    Loopback,
    /// Other computers too: where a program binds the loopback address, it gets the one that
    /// stands for every address of this computer (`man 7 ip`, `INADDR_ANY`).
    Network,
}

impl Reach {
    /// Where a bind to `target` really goes.
    pub(super) fn bound(self, target: Target) -> Target {
        let Target::Host(host, port) = &target else {
            return target;
        };
        let v6 = host.trim_start_matches('[').trim_end_matches(']');
        match (self, v6) {
            (Reach::Network, "localhost" | "127.0.0.1") => Target::Host("0.0.0.0".into(), *port),
            (Reach::Network, "::1") => Target::Host("::".into(), *port),
            _ => target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_opened_and_only_on_request() {
        let host = |name: &str| Target::Host(name.to_owned(), 80);
        for (said, opened) in [
            ("127.0.0.1", "0.0.0.0"),
            ("localhost", "0.0.0.0"),
            ("::1", "::"),
            ("[::1]", "::"),
            ("192.0.2.1", "192.0.2.1"),
            ("", ""),
        ] {
            assert_eq!(Reach::Loopback.bound(host(said)), host(said));
            assert_eq!(Reach::Network.bound(host(said)), host(opened));
        }
        let path = Target::Path("a.sock".into());
        assert_eq!(Reach::Network.bound(path.clone()), path);
    }
}
