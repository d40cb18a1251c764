//! What this process may do that an ordinary user may not.

/// May this process bind ports below 1024 in the computer's own network? On Linux that takes
/// `CAP_NET_BIND_SERVICE` (`man 7 capabilities`), or a system whose
/// `net.ipv4.ip_unprivileged_port_start` (`man 7 ip`) reserves none. Where it cannot be read: yes,
/// for then no refusal can be counted on.
pub fn may_bind_reserved_ports() -> bool {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let first = read("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .and_then(|text| text.trim().parse::<u32>().ok());
    let effective = read("/proc/self/status").and_then(|text| effective_capabilities(&text));
    match (first, effective) {
        (Some(first), Some(capabilities)) => first < 1024 || capabilities & NET_BIND_SERVICE != 0,
        _ => true,
    }
}

/// Capability 10 (`linux/capability.h`).
const NET_BIND_SERVICE: u64 = 1 << 10;

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
        let refused = std::net::TcpListener::bind("127.0.0.1:1023")
            .is_err_and(|e| e.kind() == std::io::ErrorKind::PermissionDenied);
        assert_eq!(refused, !may_bind_reserved_ports());
    }
}
