//! What this process may do that an ordinary user may not.

/// May this process bind ports below 1024 in the computer's own network, or make raw sockets? On
/// Linux that takes `CAP_NET_BIND_SERVICE` or `CAP_NET_RAW` (`man 7 capabilities`), or a system whose
/// `net.ipv4.ip_unprivileged_port_start` (`man 7 ip`) reserves no port. Where it cannot be read: yes,
/// for then no refusal can be counted on.
pub fn is_privileged() -> bool {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let first = read("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .and_then(|text| text.trim().parse::<u32>().ok());
    let effective = read("/proc/self/status").and_then(|text| effective_capabilities(&text));
    match (first, effective) {
        (Some(first), Some(capabilities)) => {
            first < 1024 || capabilities & (NET_BIND_SERVICE | NET_RAW) != 0
        }
        _ => true,
    }
}

/// Capabilities 10 and 13 (`linux/capability.h`).
const NET_BIND_SERVICE: u64 = 1 << 10;
const NET_RAW: u64 = 1 << 13;

/// The line `CapEff:` of `/proc/self/status` (`man 5 proc`).
fn effective_capabilities(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("CapEff:"))?;
    u64::from_str_radix(line.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read_from_their_line() {
        let status = "Name:\tsocklab\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000400\n";
        let effective = effective_capabilities(status);
        assert_eq!(effective, Some(NET_BIND_SERVICE));
        assert_eq!(effective_capabilities("CapEff:\tx\n"), None);
        assert_eq!(effective_capabilities(""), None);
    }

    /// What is said agrees with what the kernel does.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_agrees() {
        let port = std::net::TcpListener::bind("127.0.0.1:1023");
        let refused = port.is_err_and(|e| e.kind() == std::io::ErrorKind::PermissionDenied);
        let raw = socket2::Socket::new(
            socket2::Domain::IPV4,
            socket2::Type::from(3),
            Some(socket2::Protocol::ICMPV4),
        );
        assert_eq!(refused && raw.is_err(), !is_privileged());
    }
}
