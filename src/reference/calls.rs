//! The calls, in the order in which a program meets them.

use super::{Place, at};
use crate::i18n::{Phrase, reference as text};
use crate::trace::Call;

/// Does a call wait?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Never.
    No,
    /// On a blocking socket, until that.
    Until(Phrase),
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in Python; entries are called by it.
    pub name: &'static str,
    /// How Python writes it.
    pub python: &'static str,
    /// How C writes it (`man 2`); where C has no such function, what comes nearest.
    pub c: &'static str,
    /// What it does.
    pub what: Phrase,
    /// Does it wait?
    pub waits: Waits,
    /// Errors a program must expect, by name; empty: none that a correct program meets.
    pub errors: &'static str,
    /// Where a run makes it, and the event by which that is known.
    pub shown: Option<(Place, Call)>,
}

/// Every call of the reference.
pub const CALLS: &[Entry] = &[
    Entry {
        name: "socket",
        python: "s = socket.socket(family, type)",
        c: "int socket(int domain, int type, int protocol)",
        what: text::SOCKET,
        waits: Waits::No,
        errors: "ESOCKTNOSUPPORT EPROTONOSUPPORT EAFNOSUPPORT EPERM EMFILE",
        shown: Some((at("what-is-a-socket", "a-number"), Call::Socket)),
    },
    Entry {
        name: "setsockopt",
        python: "s.setsockopt(level, option, value)",
        c: "int setsockopt(int fd, int level, int option, const void *value, socklen_t size)",
        what: text::SETSOCKOPT,
        waits: Waits::No,
        errors: "ENOPROTOOPT EINVAL",
        shown: Some((at("endings-errors", "reuse"), Call::SetOption)),
    },
    Entry {
        name: "setsockopt IP_ADD_MEMBERSHIP",
        python: "s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + interface)",
        c: "int setsockopt(int fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, const struct ip_mreq *group, socklen_t size)",
        what: text::JOIN_GROUP,
        waits: Waits::No,
        errors: "EADDRINUSE EINVAL ENODEV",
        shown: Some((at("udp", "one-for-three"), Call::SetOption)),
    },
    Entry {
        name: "getsockopt",
        python: "value = s.getsockopt(level, option)",
        c: "int getsockopt(int fd, int level, int option, void *value, socklen_t *size)",
        what: text::GETSOCKOPT,
        waits: Waits::No,
        errors: "ENOPROTOOPT",
        shown: Some((at("buffers", "asked-and-granted"), Call::GetOption)),
    },
    Entry {
        name: "bind",
        python: "s.bind((host, port))",
        c: "int bind(int fd, const struct sockaddr *address, socklen_t size)",
        what: text::BIND,
        waits: Waits::No,
        errors: "EADDRINUSE EACCES EADDRNOTAVAIL",
        shown: Some((at("what-is-a-socket", "bind-gives-a-name"), Call::Bind)),
    },
    Entry {
        name: "listen",
        python: "s.listen(backlog)",
        c: "int listen(int fd, int backlog)",
        what: text::LISTEN,
        waits: Waits::No,
        errors: "EADDRINUSE",
        shown: Some((at("tcp-server-client", "listen"), Call::Listen)),
    },
    Entry {
        name: "accept",
        python: "conn, address = s.accept()",
        c: "int accept(int fd, struct sockaddr *address, socklen_t *size)",
        what: text::ACCEPT,
        waits: Waits::Until(text::UNTIL_CONNECTION),
        errors: "EAGAIN EMFILE",
        shown: Some((at("tcp-server-client", "accept"), Call::Accept)),
    },
    Entry {
        name: "connect",
        python: "s.connect((host, port))",
        c: "int connect(int fd, const struct sockaddr *address, socklen_t size)",
        what: text::CONNECT,
        waits: Waits::Until(text::UNTIL_HANDSHAKE),
        errors: "ECONNREFUSED ETIMEDOUT EHOSTUNREACH EINPROGRESS",
        shown: Some((at("tcp-server-client", "connect"), Call::Connect)),
    },
    Entry {
        name: "connect_ex",
        python: "error = s.connect_ex((host, port))",
        c: "int connect(int fd, const struct sockaddr *address, socklen_t size)",
        what: text::CONNECT_EX,
        waits: Waits::Until(text::UNTIL_HANDSHAKE),
        errors: "ECONNREFUSED ETIMEDOUT EHOSTUNREACH EINPROGRESS",
        shown: Some((at("endings-errors", "refused"), Call::ConnectEx)),
    },
    Entry {
        name: "send",
        python: "n = s.send(data)",
        c: "ssize_t send(int fd, const void *data, size_t size, int flags)",
        what: text::SEND,
        waits: Waits::Until(text::UNTIL_ROOM),
        errors: "EPIPE ECONNRESET EAGAIN",
        shown: Some((at("buffers", "asked-and-granted"), Call::Send)),
    },
    Entry {
        name: "sendall",
        python: "s.sendall(data)",
        c: "while (size > 0) { n = send(fd, data, size, 0); … }",
        what: text::SENDALL,
        waits: Waits::Until(text::UNTIL_ALL_TAKEN),
        errors: "EPIPE ECONNRESET EAGAIN",
        shown: Some((at("buffers", "sendall"), Call::SendAll)),
    },
    Entry {
        name: "recv",
        python: "data = s.recv(size)",
        c: "ssize_t recv(int fd, void *data, size_t size, int flags)",
        what: text::RECV,
        waits: Waits::Until(text::UNTIL_BYTE),
        errors: "ECONNRESET ENOTCONN EAGAIN",
        shown: Some((at("sticky-merge", "three-sends"), Call::Recv)),
    },
    Entry {
        name: "recv MSG_PEEK",
        python: "data = s.recv(size, socket.MSG_PEEK)",
        c: "ssize_t recv(int fd, void *data, size_t size, MSG_PEEK)",
        what: text::PEEK,
        waits: Waits::Until(text::UNTIL_BYTE),
        errors: "ECONNRESET EAGAIN",
        shown: Some((at("endings-errors", "peek"), Call::Recv)),
    },
    Entry {
        name: "recv_into",
        python: "n = s.recv_into(buffer)",
        c: "ssize_t recv(int fd, void *data, size_t size, int flags)",
        what: text::RECV_INTO,
        waits: Waits::Until(text::UNTIL_BYTE),
        errors: "ECONNRESET EAGAIN",
        shown: None,
    },
    Entry {
        name: "sendto",
        python: "n = s.sendto(data, (host, port))",
        c: "ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t to_size)",
        what: text::SENDTO,
        waits: Waits::Until(text::UNTIL_ROOM),
        errors: "EMSGSIZE ECONNREFUSED EAGAIN",
        shown: Some((at("udp", "nobody"), Call::SendTo)),
    },
    Entry {
        name: "recvfrom",
        python: "data, address = s.recvfrom(size)",
        c: "ssize_t recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *from_size)",
        what: text::RECVFROM,
        waits: Waits::Until(text::UNTIL_DATAGRAM),
        errors: "ECONNREFUSED EAGAIN",
        shown: Some((at("udp", "boundaries"), Call::RecvFrom)),
    },
    Entry {
        name: "shutdown",
        python: "s.shutdown(socket.SHUT_WR)",
        c: "int shutdown(int fd, int how)",
        what: text::SHUTDOWN,
        waits: Waits::No,
        errors: "ENOTCONN",
        shown: Some((at("endings-errors", "half-close"), Call::Shutdown)),
    },
    Entry {
        name: "close",
        python: "s.close()",
        c: "int close(int fd)",
        what: text::CLOSE,
        waits: Waits::No,
        errors: "EBADF",
        shown: Some((at("endings-errors", "the-end"), Call::Close)),
    },
    Entry {
        name: "getsockname",
        python: "address = s.getsockname()",
        c: "int getsockname(int fd, struct sockaddr *address, socklen_t *size)",
        what: text::GETSOCKNAME,
        waits: Waits::No,
        errors: "",
        shown: Some((at("what-is-a-socket", "no-name-yet"), Call::GetSockName)),
    },
    Entry {
        name: "getpeername",
        python: "address = s.getpeername()",
        c: "int getpeername(int fd, struct sockaddr *address, socklen_t *size)",
        what: text::GETPEERNAME,
        waits: Waits::No,
        errors: "ENOTCONN",
        shown: Some((at("tcp-server-client", "names"), Call::GetPeerName)),
    },
    Entry {
        name: "fileno",
        python: "number = s.fileno()",
        c: "fd",
        what: text::FILENO,
        waits: Waits::No,
        errors: "",
        shown: Some((at("what-is-a-socket", "a-number"), Call::Fileno)),
    },
    Entry {
        name: "settimeout",
        python: "s.settimeout(seconds)",
        c: "setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time)",
        what: text::SETTIMEOUT,
        waits: Waits::No,
        errors: "",
        shown: Some((at("deadlock", "timeout"), Call::SetTimeout)),
    },
    Entry {
        name: "gettimeout",
        python: "seconds = s.gettimeout()",
        c: "getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &size)",
        what: text::GETTIMEOUT,
        waits: Waits::No,
        errors: "",
        shown: None,
    },
    Entry {
        name: "setblocking",
        python: "s.setblocking(False)",
        c: "fcntl(fd, F_SETFL, flags | O_NONBLOCK)",
        what: text::SETBLOCKING,
        waits: Waits::No,
        errors: "",
        shown: None,
    },
    Entry {
        name: "makefile",
        python: "f = s.makefile(\"rb\")",
        c: "FILE *f = fdopen(fd, \"r\")",
        what: text::MAKEFILE,
        waits: Waits::Until(text::UNTIL_LINE),
        errors: "",
        shown: None,
    },
    Entry {
        name: "time.sleep",
        python: "time.sleep(seconds)",
        c: "int nanosleep(const struct timespec *time, struct timespec *rest)",
        what: text::SLEEP,
        waits: Waits::Until(text::UNTIL_TIME),
        errors: "",
        shown: Some((at("pacing", "sleep-longer"), Call::Sleep)),
    },
];
