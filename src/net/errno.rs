//! Names of the system's error numbers.

/// The numbers this program itself has to tell apart.
#[cfg(unix)]
pub(crate) mod code {
    pub(crate) const INVALID: i32 = libc::EINVAL;
    pub(crate) const IN_PROGRESS: i32 = libc::EINPROGRESS;
    pub(crate) const ALREADY: i32 = libc::EALREADY;
    #[cfg_attr(
        all(target_os = "linux", not(feature = "portable")),
        expect(dead_code, reason = "only the portable connect meets it")
    )]
    pub(crate) const IS_CONNECTED: i32 = libc::EISCONN;
    #[cfg_attr(
        all(target_os = "linux", not(feature = "portable")),
        expect(dead_code, reason = "only where options are missing")
    )]
    pub(crate) const NO_SUCH_OPTION: i32 = libc::ENOPROTOOPT;
    pub(crate) const PIPE: i32 = libc::EPIPE;
    pub(crate) const TOO_MANY: i32 = libc::EMFILE;
    pub(crate) const NAME_TOO_LONG: i32 = libc::ENAMETOOLONG;
    pub(crate) const NO_ADDRESS: i32 = libc::EADDRNOTAVAIL;
    pub(crate) const WRONG_FAMILY: i32 = libc::EAFNOSUPPORT;
    pub(crate) const WOULD_BLOCK: i32 = libc::EAGAIN;
    pub(crate) const INTERRUPTED: i32 = libc::EINTR;
}

/// The numbers this program itself has to tell apart (winsock2.h).
#[cfg(not(unix))]
pub(crate) mod code {
    pub(crate) const INVALID: i32 = 10022;
    pub(crate) const IN_PROGRESS: i32 = 10036;
    pub(crate) const ALREADY: i32 = 10037;
    pub(crate) const IS_CONNECTED: i32 = 10056;
    pub(crate) const NO_SUCH_OPTION: i32 = 10042;
    pub(crate) const PIPE: i32 = 10058;
    pub(crate) const TOO_MANY: i32 = 10024;
    pub(crate) const NAME_TOO_LONG: i32 = 10063;
    pub(crate) const NO_ADDRESS: i32 = 10049;
    pub(crate) const WRONG_FAMILY: i32 = 10047;
    pub(crate) const WOULD_BLOCK: i32 = 10035;
    pub(crate) const INTERRUPTED: i32 = 10004;
}

#[cfg(unix)]
macro_rules! names {
    ($($name:ident)*) => { &[$((libc::$name, stringify!($name))),*] };
}

/// Where two names share a number, the first is given.
#[cfg(unix)]
const NAMES: &[(i32, &str)] = names!(
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
    ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG
    ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
    ELOOP EOVERFLOW EILSEQ EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
    EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP ENOTSUP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE
    EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN
    ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS
    ESTALE EDQUOT ECANCELED EPROTO ETIME
);

/// winsock2.h, named as the same errors are named elsewhere.
#[cfg(not(unix))]
const NAMES: &[(i32, &str)] = &[
    (10004, "EINTR"),
    (10009, "EBADF"),
    (10013, "EACCES"),
    (10014, "EFAULT"),
    (10022, "EINVAL"),
    (10024, "EMFILE"),
    (10035, "EWOULDBLOCK"),
    (10036, "EINPROGRESS"),
    (10037, "EALREADY"),
    (10038, "ENOTSOCK"),
    (10039, "EDESTADDRREQ"),
    (10040, "EMSGSIZE"),
    (10041, "EPROTOTYPE"),
    (10042, "ENOPROTOOPT"),
    (10043, "EPROTONOSUPPORT"),
    (10044, "ESOCKTNOSUPPORT"),
    (10045, "EOPNOTSUPP"),
    (10047, "EAFNOSUPPORT"),
    (10048, "EADDRINUSE"),
    (10049, "EADDRNOTAVAIL"),
    (10050, "ENETDOWN"),
    (10051, "ENETUNREACH"),
    (10052, "ENETRESET"),
    (10053, "ECONNABORTED"),
    (10054, "ECONNRESET"),
    (10055, "ENOBUFS"),
    (10056, "EISCONN"),
    (10057, "ENOTCONN"),
    (10058, "ESHUTDOWN"),
    (10060, "ETIMEDOUT"),
    (10061, "ECONNREFUSED"),
    (10063, "ENAMETOOLONG"),
    (10064, "EHOSTDOWN"),
    (10065, "EHOSTUNREACH"),
];

/// Errors of `getaddrinfo(3)` are numbers of their own, which mean something else as an errno: they
/// stand here above every errno, in this order, whatever the system calls them by.
pub(crate) mod look_up {
    /// `EAI_NONAME`: there is no such name.
    pub(crate) const NO_NAME: i32 = 100_001;
    /// `EAI_AGAIN`: no name server has answered.
    pub(crate) const AGAIN: i32 = 100_002;
    /// `EAI_FAIL`: a name server has refused.
    pub(crate) const FAIL: i32 = 100_003;
    /// `EAI_NODATA`: there is such a name, and it has no address.
    pub(crate) const NO_DATA: i32 = 100_004;
}

const LOOK_UP: &[(i32, &str)] = &[
    (look_up::NO_NAME, "EAI_NONAME"),
    (look_up::AGAIN, "EAI_AGAIN"),
    (look_up::FAIL, "EAI_FAIL"),
    (look_up::NO_DATA, "EAI_NODATA"),
];

/// The name of an error number of this system (`ECONNRESET`), or `"errno?"` if it has none here.
///
/// ```
/// # #[cfg(unix)]
/// assert_eq!(socklab::net::errno_name(libc::ECONNREFUSED), "ECONNREFUSED");
/// assert_eq!(socklab::net::errno_name(-5), "errno?");
/// ```
pub fn errno_name(errno: i32) -> &'static str {
    NAMES
        .iter()
        .chain(LOOK_UP)
        .find(|(number, _)| *number == errno)
        .map_or("errno?", |(_, name)| name)
}

/// The number that has this name on this system; `EAGAIN` and `EWOULDBLOCK` are one error
/// (`errno(3)`).
///
/// ```
/// # #[cfg(unix)]
/// assert_eq!(socklab::net::errno_number("ECONNREFUSED"), Some(libc::ECONNREFUSED));
/// assert_eq!(socklab::net::errno_number("ENONSENSE"), None);
/// ```
pub fn errno_number(name: &str) -> Option<i32> {
    let of = |wanted: &str| {
        NAMES
            .iter()
            .chain(LOOK_UP)
            .find(|(_, name)| *name == wanted)
    };
    of(name)
        .or_else(|| match name {
            "EAGAIN" => of("EWOULDBLOCK"),
            "EWOULDBLOCK" => of("EAGAIN"),
            _ => None,
        })
        .map(|(number, _)| *number)
}
