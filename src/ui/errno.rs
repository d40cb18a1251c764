//! Names and meanings of error numbers.
//!
//! The numbers differ between systems, and a recording made elsewhere may be opened here, so
//! the table holds the numbers of every system (errno(3); `sys/errno.h` of macOS; winsock2's
//! `WSAE…`), chosen by `RunMeta::platform`.

use crate::i18n::{Phrase, why as text};

/// One error: its name, its number on Linux, macOS and Windows (0 = not there), its meaning.
struct Entry(&'static str, [i32; 3], Phrase);

const TABLE: &[Entry] = &[
    Entry("EPERM", [1, 1, 0], text::EPERM),
    Entry("ENOENT", [2, 2, 0], text::ENOENT),
    Entry("EINTR", [4, 4, 10004], text::EINTR),
    Entry("EBADF", [9, 9, 10009], text::EBADF),
    Entry("EAGAIN", [11, 35, 10035], text::EAGAIN),
    Entry("ENOMEM", [12, 12, 0], text::ENOMEM),
    Entry("EACCES", [13, 13, 10013], text::EACCES),
    Entry("EFAULT", [14, 14, 10014], text::EFAULT),
    Entry("EINVAL", [22, 22, 10022], text::EINVAL),
    Entry("EMFILE", [24, 24, 10024], text::EMFILE),
    Entry("EPIPE", [32, 32, 0], text::EPIPE),
    Entry("ENOTSOCK", [88, 38, 10038], text::ENOTSOCK),
    Entry("EDESTADDRREQ", [89, 39, 10039], text::EDESTADDRREQ),
    Entry("EMSGSIZE", [90, 40, 10040], text::EMSGSIZE),
    Entry("EPROTOTYPE", [91, 41, 10041], text::EPROTOTYPE),
    Entry("ENOPROTOOPT", [92, 42, 10042], text::ENOPROTOOPT),
    Entry("EPROTONOSUPPORT", [93, 43, 10043], text::EPROTONOSUPPORT),
    Entry("ESOCKTNOSUPPORT", [94, 44, 10044], text::ESOCKTNOSUPPORT),
    Entry("EOPNOTSUPP", [95, 102, 10045], text::EOPNOTSUPP),
    Entry("EAFNOSUPPORT", [97, 47, 10047], text::EAFNOSUPPORT),
    Entry("EADDRINUSE", [98, 48, 10048], text::EADDRINUSE),
    Entry("EADDRNOTAVAIL", [99, 49, 10049], text::EADDRNOTAVAIL),
    Entry("ENETDOWN", [100, 50, 10050], text::ENETDOWN),
    Entry("ENETUNREACH", [101, 51, 10051], text::ENETUNREACH),
    Entry("ECONNABORTED", [103, 53, 10053], text::ECONNABORTED),
    Entry("ECONNRESET", [104, 54, 10054], text::ECONNRESET),
    Entry("ENOBUFS", [105, 55, 10055], text::ENOBUFS),
    Entry("EISCONN", [106, 56, 10056], text::EISCONN),
    Entry("ENOTCONN", [107, 57, 10057], text::ENOTCONN),
    Entry("ESHUTDOWN", [108, 58, 10058], text::ESHUTDOWN),
    Entry("ETIMEDOUT", [110, 60, 10060], text::ETIMEDOUT),
    Entry("ECONNREFUSED", [111, 61, 10061], text::ECONNREFUSED),
    Entry("EHOSTUNREACH", [113, 65, 10065], text::EHOSTUNREACH),
    Entry("EALREADY", [114, 37, 10037], text::EALREADY),
    Entry("EINPROGRESS", [115, 36, 10036], text::EINPROGRESS),
    // The lab's own numbers, for those of getaddrinfo(3) mean something else as an errno.
    Entry("EAI_NONAME", [100_001; 3], text::EAI_NONAME),
    Entry("EAI_AGAIN", [100_002; 3], text::EAI_AGAIN),
    Entry("EAI_FAIL", [100_003; 3], text::EAI_FAIL),
    Entry("EAI_NODATA", [100_004; 3], text::EAI_NODATA),
];

/// The name (`ECONNREFUSED`) and meaning of error `number` on `platform`
/// (`RunMeta::platform`, which begins with the name in `std::env::consts::OS`).
pub fn errno(platform: &str, number: i32) -> Option<(&'static str, Phrase)> {
    let column = if platform.starts_with("macos") {
        1
    } else if platform.starts_with("windows") {
        2
    } else {
        0
    };
    (number != 0)
        .then(|| TABLE.iter().find(|entry| entry.1[column] == number))
        .flatten()
        .map(|entry| (entry.0, entry.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_name_depends_on_the_system() {
        for (platform, number) in [("linux x86_64", 111), ("macos", 61), ("windows", 10061)] {
            assert_eq!(errno(platform, number).map(|e| e.0), Some("ECONNREFUSED"));
        }
        assert_eq!(errno("linux", 35).map(|e| e.0), None);
        assert!(errno("windows", 0).is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_numbers_are_those_of_this_system() {
        for (name, number) in [
            ("EAGAIN", libc::EAGAIN),
            ("EPIPE", libc::EPIPE),
            ("ECONNRESET", libc::ECONNRESET),
            ("EADDRINUSE", libc::EADDRINUSE),
            ("ETIMEDOUT", libc::ETIMEDOUT),
            ("EACCES", libc::EACCES),
            ("EINPROGRESS", libc::EINPROGRESS),
            ("EMSGSIZE", libc::EMSGSIZE),
        ] {
            assert_eq!(errno("linux", number).map(|e| e.0), Some(name));
        }
    }

    #[test]
    fn no_number_stands_twice_in_a_column() {
        for column in 0..3 {
            let mut numbers: Vec<_> = TABLE
                .iter()
                .map(|e| e.1[column])
                .filter(|n| *n != 0)
                .collect();
            numbers.sort_unstable();
            let before = numbers.len();
            numbers.dedup();
            assert_eq!(numbers.len(), before);
        }
    }
}
