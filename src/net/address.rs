//! Where bind, connect and sendto point, and how addresses are written.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use socket2::SockAddr;

use super::call_error::NotFound;
use super::{Family, StopToken, sys};

/// Where a call points. A host name is looked up inside the call, as a program would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A host name or number, and a port.
    Host(String, u16),
    /// An address already in numbers.
    Inet(SocketAddr),
    /// A path of an `AF_UNIX` socket (`man 7 unix`: at most 107 bytes on Linux); empty: unnamed.
    Path(PathBuf),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Host(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Target::Host(host, port) => write!(f, "{host}:{port}"),
            Target::Inet(address) => write!(f, "{address}"),
            Target::Path(path) => write!(f, "{}", path.display()),
        }
    }
}

impl From<SocketAddr> for Target {
    fn from(address: SocketAddr) -> Self {
        Target::Inet(address)
    }
}

impl Target {
    /// The address as the system names it.
    pub(crate) fn from_system(address: &SockAddr) -> Self {
        if let Some(inet) = address.as_socket() {
            return Target::Inet(inet);
        }
        #[cfg(unix)]
        if let Some(path) = address.as_pathname() {
            return Target::Path(path.to_owned());
        }
        Target::Path(PathBuf::new())
    }

    /// Does the address belong to this computer alone, or to a group? Numbers only.
    pub fn stays_here(number: &str) -> bool {
        number
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback() || ip.is_multicast())
    }

    /// Where a program of this computer reaches what is bound there: nobody can be told to connect
    /// to the address that stands for all.
    pub(crate) fn seen_from_here(self) -> Self {
        match self {
            Target::Inet(mut address) if address.ip().is_unspecified() => {
                address.set_ip(match address.ip() {
                    IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                    IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
                });
                Target::Inet(address)
            }
            other => other,
        }
    }

    /// The address in the form of the system, of the socket's family.
    ///
    /// # Errors
    /// `Unsupported`: the address is of another family. `InvalidFilename`: the path is too long.
    /// `Interrupted`: stopped during the look-up. Others: the name cannot be looked up.
    pub(crate) fn resolve(&self, family: Family, stop: &StopToken) -> io::Result<SockAddr> {
        match (self, family) {
            (Target::Inet(a @ SocketAddr::V4(_)), Family::Inet)
            | (Target::Inet(a @ SocketAddr::V6(_)), Family::Inet6) => Ok((*a).into()),
            (Target::Path(path), Family::Unix) => {
                SockAddr::unix(path).map_err(|e| match e.kind() {
                    io::ErrorKind::InvalidInput => io::Error::new(
                        io::ErrorKind::InvalidFilename,
                        "the path of the socket is too long",
                    ),
                    _ => e,
                })
            }
            (Target::Host(host, port), Family::Inet | Family::Inet6) => {
                look_up(host, *port, family, stop).map(SockAddr::from)
            }
            _ => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("not an address of {}", family.name()),
            )),
        }
    }
}

/// The address under which other computers most likely reach this one: the one that the system
/// would send from. Nothing is sent: a datagram socket that connects only looks up the way
/// (`man 7 udp`). `None`: there is no way out.
pub fn own_address() -> Option<IpAddr> {
    // Addresses for documentation (RFC 5737, RFC 3849): the system's way out leads there.
    let ways = [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")];
    ways.into_iter().find_map(|(from, to)| {
        let socket = std::net::UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        let ip = socket.local_addr().ok()?.ip();
        (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
    })
}

/// Numbers and `localhost` are answered here; other names are asked of the system in a thread
/// of their own, because that can take many seconds and cannot be interrupted.
fn look_up(host: &str, port: u16, family: Family, stop: &StopToken) -> io::Result<SocketAddr> {
    let fits = |ip: &IpAddr| ip.is_ipv4() == (family == Family::Inet);
    let any: IpAddr = match family {
        Family::Inet => Ipv4Addr::UNSPECIFIED.into(),
        _ => Ipv6Addr::UNSPECIFIED.into(),
    };
    let loopback: IpAddr = match family {
        Family::Inet => Ipv4Addr::LOCALHOST.into(),
        _ => Ipv6Addr::LOCALHOST.into(),
    };
    let number = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = number.parse::<IpAddr>() {
        return if fits(&ip) {
            Ok((ip, port).into())
        } else {
            Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("{host} is not an address of {}", family.name()),
            ))
        };
    }
    match host {
        "" => return Ok((any, port).into()),
        "localhost" => return Ok((loopback, port).into()),
        _ => {}
    }
    let (answer, answered) = crossbeam_channel::bounded(1);
    let name = host.to_owned();
    std::thread::Builder::new()
        .name("look-up".into())
        .spawn(move || {
            let found = (name.as_str(), port).to_socket_addrs();
            // Nobody listens any more after a stop.
            let _ = answer.send(found.map(Iterator::collect::<Vec<_>>));
        })?;
    let found = crossbeam_channel::select! {
        recv(answered) -> found => found
            .unwrap_or_else(|_| Err(io::ErrorKind::NotFound.into()))
            .map_err(not_found),
        recv(stop.stopped()) -> _ => Err(io::ErrorKind::Interrupted.into()),
    }?;
    found.into_iter().find(|a| fits(&a.ip())).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::AddrNotAvailable,
            format!("{host} has no address of {}", family.name()),
        )
    })
}

/// The standard library tells which error it was only in words.
fn not_found(error: io::Error) -> io::Error {
    match sys::look_up_error(&error) {
        Some((code, text)) => NotFound { code, text }.into(),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_all_is_reached_at_the_loopback() {
        for (bound, here) in [
            ("0.0.0.0:7", "127.0.0.1:7"),
            ("[::]:7", "[::1]:7"),
            ("192.0.2.1:7", "192.0.2.1:7"),
        ] {
            let target = |text: &str| Target::Inet(text.parse().expect("an address"));
            assert_eq!(target(bound).seen_from_here(), target(here));
        }
    }

    #[test]
    fn literals_need_no_look_up() {
        let stop = StopToken::new();
        let text = |host: &str, family| {
            Target::Host(host.into(), 80)
                .resolve(family, &stop)
                .map(|a| Target::from_system(&a).to_string())
                .map_err(|e| e.kind())
        };
        assert_eq!(text("127.0.0.1", Family::Inet), Ok("127.0.0.1:80".into()));
        assert_eq!(text("localhost", Family::Inet), Ok("127.0.0.1:80".into()));
        assert_eq!(text("localhost", Family::Inet6), Ok("[::1]:80".into()));
        assert_eq!(text("[::1]", Family::Inet6), Ok("[::1]:80".into()));
        assert_eq!(text("", Family::Inet), Ok("0.0.0.0:80".into()));
        assert_eq!(text("::1", Family::Inet), Err(io::ErrorKind::Unsupported));
        assert_eq!(
            text("127.0.0.1", Family::Unix),
            Err(io::ErrorKind::Unsupported)
        );
    }

    /// A name with an empty part cannot be asked of any server, so this needs no network.
    #[cfg(unix)]
    #[test]
    fn a_name_that_does_not_exist_has_the_error_of_getaddrinfo() {
        let missing = Target::Host("no..such.host".into(), 80);
        let error = missing.resolve(Family::Inet, &StopToken::new()).err();
        let error = error.expect("there is no such host");
        let number = super::super::call_error::errno_of(&error);
        assert_eq!(super::super::errno_name(number), "EAI_NONAME", "{error}");
        assert!(!error.to_string().contains("lookup"), "{error}");
    }

    #[test]
    fn stop_ends_a_look_up_at_once() {
        let stop = StopToken::new();
        stop.stop();
        let begun = std::time::Instant::now();
        let result = Target::Host("no-such-host.invalid".into(), 1).resolve(Family::Inet, &stop);
        assert!(result.is_err());
        assert!(begun.elapsed() < std::time::Duration::from_secs(1));
    }

    #[cfg(unix)]
    #[test]
    fn long_path_is_refused_by_name() {
        let path = Target::Path("/tmp/".to_owned().into()).to_string() + &"x".repeat(120);
        let error = Target::Path(path.into())
            .resolve(Family::Unix, &StopToken::new())
            .err();
        assert_eq!(
            error.map(|e| e.kind()),
            Some(io::ErrorKind::InvalidFilename)
        );
    }
}
