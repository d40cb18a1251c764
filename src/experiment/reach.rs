//! Who may reach the sockets of a run: this computer alone, unless somebody chose otherwise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// Where a program of this computer reaches what is bound there: nobody can be told to connect to
/// the address that stands for all.
pub(super) fn from_here(bound: Target) -> Target {
    match bound {
        Target::Inet(mut address) if address.ip().is_unspecified() => {
            let loopback: IpAddr = match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            };
            address.set_ip(loopback);
            Target::Inet(address)
        }
        other => other,
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

    #[test]
    fn the_address_of_all_is_reached_at_the_loopback() {
        for (bound, here) in [
            ("0.0.0.0:7", "127.0.0.1:7"),
            ("[::]:7", "[::1]:7"),
            ("192.0.2.1:7", "192.0.2.1:7"),
        ] {
            let target = |text: &str| Target::Inet(text.parse().expect("an address"));
            assert_eq!(from_here(target(bound)), target(here));
        }
    }
}
