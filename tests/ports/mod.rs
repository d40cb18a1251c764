//! Ports for programs that bind them by number: not sockets of the test, which would take port 0.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use socket2::{Domain, Socket, Type};

/// A port that is free, and that no other call of this process is given. It lies below those that
/// the system gives to connections by itself (`ip_local_port_range`, `man 7 ip`), so that none
/// takes it before the program binds it.
pub(crate) fn free_port() -> u16 {
    const FIRST: u32 = 10_000;
    const COUNT: u32 = 20_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Processes side by side begin at different places.
    let begin = std::process::id() % 1_000 * 20;
    loop {
        let at = begin + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = (FIRST + at % COUNT) as u16;
        if is_free(port, Type::STREAM) && is_free(port, Type::DGRAM) {
            return port;
        }
    }
}

/// Without `SO_REUSEADDR`, as the program may bind it: a connection that has ended a moment ago is
/// in the way, too.
fn is_free(port: u16, kind: Type) -> bool {
    let socket = Socket::new(Domain::IPV4, kind, None).expect("a socket");
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    socket.bind(&address.into()).is_ok()
}
