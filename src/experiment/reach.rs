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
    /// May a program bind there? Addresses that other computers reach it may bind only where they
    /// may connect. What is sent to a group comes in only where a member says so, and the address of
    /// all on the loopback (127.255.255.255) is the loopback's.
    pub(super) fn allows(self, target: &Target) -> bool {
        match (self, target) {
            (Reach::Loopback, Target::Host(host, _)) => {
                let number = host.trim_start_matches('[').trim_end_matches(']');
                host == "localhost" || Target::stays_here(number)
            }
            _ => true,
        }
    }

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
    fn what_others_reach_is_bound_only_on_request() {
        let host = |name: &str| Target::Host(name.to_owned(), 80);
        for here in [
            "127.0.0.1",
            "localhost",
            "::1",
            "[::1]",
            "127.0.0.2",
            "239.1.2.3",
        ] {
            assert!(Reach::Loopback.allows(&host(here)), "{here}");
        }
        for there in ["0.0.0.0", "::", "", "192.0.2.1", "example.org", "8.8.8.8"] {
            assert!(!Reach::Loopback.allows(&host(there)), "{there}");
            assert!(Reach::Network.allows(&host(there)), "{there}");
        }
    }

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
