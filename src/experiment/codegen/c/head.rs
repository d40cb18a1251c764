//! What stands before the operations: headers, helper functions, locals.

use std::collections::BTreeSet;

use crate::experiment::codegen::{Place, not_written};
use crate::experiment::program::{Data, Op, Program, SockOpt};
use crate::framing::{Endian, FramingSpec, LengthWidth};

use super::C;
use super::words::{STACK, integer, literal, to_wire};

const CHECK: &str = r"
/* Ends the program if a call has failed. */
static long check(long result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return result;
}
";

const RESOLVE: &str = r#"
static struct addrinfo *resolve(int family, const char *host, const char *port) {
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
        exit(1);
    }
    return found;
}
"#;

const SEND_ALL: &str = r#"
/* One send may take fewer bytes than asked. */
static void send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        long n = check(send(fd, data, size, 0), "send");
        data += n;
        size -= n;
    }
}
"#;

const RECV_EXACTLY: &str = r#"
static long recv_exactly(int fd, char *data, long size) {
    long held = 0, n;
    while (held < size && (n = check(recv(fd, data + held, size - held, 0), "recv")) > 0)
        held += n;
    return held;
}
"#;

const GET_OPTION: &str = r#"
static int get_option(int fd, int level, int option) {
    int value = 0;
    socklen_t size = sizeof value;
    check(getsockopt(fd, level, option, &value, &size), "getsockopt");
    return value;
}
"#;

const SET_TIMEOUT: &str = r#"
/* 0 = none */
static void set_timeout(int fd, int ms) {
    struct timeval time = {ms / 1000, ms % 1000 * 1000};
    check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), "setsockopt");
    check(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time), "setsockopt");
}
"#;

const SET_BLOCKING: &str = r#"
static void set_blocking(int fd, int blocking) {
    int flags = check(fcntl(fd, F_GETFL), "fcntl");
    flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    check(fcntl(fd, F_SETFL, flags), "fcntl");
}
"#;

const PRINT_ADDRESS: &str = r#"
static void print_address(int fd, int of_peer) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    struct sockaddr *a = (struct sockaddr *)&address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    check(of_peer ? getpeername(fd, a, &size) : getsockname(fd, a, &size), "address");
    int numbers = NI_NUMERICHOST | NI_NUMERICSERV;
    if (getnameinfo(a, size, host, sizeof host, port, sizeof port, numbers) == 0)
        printf("%s %s\n", host, port);
}
"#;

/// The help that a program needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Unix,
    Resolve,
    Tcp,
    Blocking,
    Timeout,
    Time,
    GetOption,
    PrintAddress,
    Errno,
    Sends,
    SendAll,
    RecvExactly,
    Messages,
    Encode,
    Receive,
    ReceiveCount,
    Chunk,
}

impl C<'_> {
    pub(super) fn needs(&self, program: &Program) -> BTreeSet<Need> {
        let mut needs = BTreeSet::new();
        program.walk(&mut |node| {
            match &node.op {
                Op::Bind { to, .. } | Op::Connect { to, .. } | Op::ConnectEx { to, .. } => {
                    needs.insert(match self.ctx.place(to) {
                        Place::Host(..) => Need::Resolve,
                        Place::Path(_) => Need::Unix,
                    });
                }
                Op::Send { data, .. } | Op::SendAll { data, .. } => {
                    needs.insert(Need::Sends);
                    if *data == Data::Message && *self.ctx.framing != FramingSpec::Raw {
                        needs.insert(Need::Encode);
                    }
                }
                Op::RecvExactly { .. } => {
                    needs.insert(Need::RecvExactly);
                }
                Op::SetOption { option, .. } | Op::GetOption { option, .. } => match option {
                    SockOpt::RcvTimeout | SockOpt::SndTimeout => {
                        needs.insert(Need::Time);
                    }
                    SockOpt::NoDelay | SockOpt::Cork | SockOpt::QuickAck | SockOpt::MaxSeg => {
                        needs.insert(Need::Tcp);
                    }
                    _ => {}
                },
                Op::SetTimeout { ms, .. } => {
                    needs.insert(match self.ctx.num(ms) {
                        0 => Need::Blocking,
                        _ => Need::Timeout,
                    });
                }
                Op::SetBlocking { .. } => {
                    needs.insert(Need::Blocking);
                }
                Op::GetSockName { .. } | Op::GetPeerName { .. } => {
                    needs.insert(Need::PrintAddress);
                }
                Op::ForEachMessage { .. } => {
                    needs.insert(Need::Messages);
                }
                Op::RecvUntilEof { .. } => {
                    needs.insert(Need::Chunk);
                }
                Op::ReceiveMessages { count, .. } => {
                    let raw = *self.ctx.framing == FramingSpec::Raw;
                    needs.insert(if raw { Need::Chunk } else { Need::Receive });
                    if self.ctx.count(count) > 0 {
                        needs.insert(Need::ReceiveCount);
                    }
                }
                _ => {}
            }
            match &node.op {
                Op::SendAll { .. } => needs.insert(Need::SendAll),
                Op::GetOption { .. } => needs.insert(Need::GetOption),
                Op::ConnectEx { .. } => needs.insert(Need::Errno),
                _ => false,
            };
        });
        needs
    }

    pub(super) fn head(&mut self, needs: &BTreeSet<Need>) {
        let has = |need| needs.contains(&need);
        let framed = has(Need::Encode) || has(Need::Receive);
        let little = matches!(
            self.ctx.framing,
            FramingSpec::Length { endian, width }
                if *width == LengthWidth::U64
                    || (*endian == Endian::Little && width.size() > 1)
        );
        let length = matches!(self.ctx.framing, FramingSpec::Length { .. });
        self.out
            .line(format!("/* {0}.c: cc -o {0} {0}.c */", self.ctx.actor));
        if matches!(self.ctx.framing, FramingSpec::Delimiter { delimiter } if delimiter.len() > 1)
            && has(Need::Receive)
        {
            self.out.line("#define _GNU_SOURCE /* memmem */");
        }
        let headers = [
            ("arpa/inet.h", framed && length && !little),
            ("endian.h", framed && little),
            ("errno.h", has(Need::Errno)),
            ("fcntl.h", has(Need::Blocking)),
            ("netdb.h", has(Need::Resolve) || has(Need::PrintAddress)),
            ("netinet/in.h", has(Need::Tcp)),
            ("netinet/tcp.h", has(Need::Tcp)),
            ("signal.h", has(Need::Sends)),
            ("stdint.h", framed && length),
            ("stdio.h", true),
            ("stdlib.h", true),
            (
                "string.h",
                framed || has(Need::Messages) || has(Need::Errno),
            ),
            ("sys/socket.h", true),
            ("sys/time.h", has(Need::Time) || has(Need::Timeout)),
            ("sys/un.h", has(Need::Unix)),
            ("unistd.h", true),
        ];
        for (header, needed) in headers {
            if needed {
                self.out.line(format!("#include <{header}>"));
            }
        }
        if has(Need::Receive) {
            self.out.gap();
            self.out.line(format!(
                "#define LIMIT {} /* longest message */",
                self.ctx.limit
            ));
        }
        let helpers = [
            (CHECK, true),
            (RESOLVE, has(Need::Resolve)),
            (SEND_ALL, has(Need::SendAll)),
            (RECV_EXACTLY, has(Need::RecvExactly)),
            (GET_OPTION, has(Need::GetOption)),
            (SET_TIMEOUT, has(Need::Timeout)),
            (SET_BLOCKING, has(Need::Blocking)),
            (PRINT_ADDRESS, has(Need::PrintAddress)),
        ];
        for (helper, needed) in helpers {
            if needed {
                self.out.gap();
                self.out.block(helper);
            }
        }
        if has(Need::Messages) {
            self.out.gap();
            self.make_message();
        }
        if has(Need::Encode) {
            self.out.gap();
            self.encode();
        }
        self.out.gap();
    }

    /// A function that makes message `i`.
    pub(super) fn make_message(&mut self) {
        let list = self.ctx.messages;
        let parts = list.parts();
        self.out
            .line("/* Writes message i and returns its length. */");
        self.out
            .line("static long make_message(int i, char *message) {");
        self.out.indented(|out| {
            let length = if let [text] = &parts[..] {
                out.line(format!(
                    "memcpy(message, {}, {});",
                    literal(text.as_bytes()),
                    text.len()
                ));
                text.len().to_string()
            } else {
                let texts: Vec<String> = parts.iter().map(|t| literal(t.as_bytes())).collect();
                let lengths: Vec<String> = parts.iter().map(|t| t.len().to_string()).collect();
                out.line(format!("const char *texts[] = {{{}}};", texts.join(", ")));
                out.line(format!("int lengths[] = {{{}}};", lengths.join(", ")));
                let at = format!("i % {}", parts.len());
                out.line(format!("memcpy(message, texts[{at}], lengths[{at}]);"));
                format!("lengths[{at}]")
            };
            if !list.numbered && list.size == 0 {
                out.line(format!("return {length};"));
                return;
            }
            out.line(format!("long length = {length};"));
            if list.numbered {
                out.line("length += sprintf(message + length, \"%d\", i + 1);");
            }
            if list.size == 0 {
                out.line("return length;");
                return;
            }
            out.line(format!("for (long n = length; n < {}; n++)", list.size));
            out.indented(|out| out.line("message[n] = message[n - length];"));
            out.line(format!("return {};", list.size));
        });
        self.out.line("}");
    }

    /// A function that encodes a message.
    pub(super) fn encode(&mut self) {
        let framing = self.ctx.framing;
        self.out
            .line("static long encode(const char *message, long length, char *frame) {");
        self.out.indented(|out| match framing {
            FramingSpec::Raw => {}
            FramingSpec::Delimiter { delimiter } => {
                out.line("memcpy(frame, message, length);");
                let mark = literal(delimiter);
                let size = delimiter.len();
                out.line(format!("memcpy(frame + length, {mark}, {size});"));
                out.line(format!("return length + {size};"));
            }
            FramingSpec::Length { width, endian } => {
                let most = match width {
                    LengthWidth::U8 => "UINT8_MAX",
                    LengthWidth::U16 => "UINT16_MAX",
                    LengthWidth::U32 => "UINT32_MAX",
                    LengthWidth::I32 => "INT32_MAX",
                    LengthWidth::U64 => "INT64_MAX",
                };
                let (kind, size) = (integer(*width), width.size());
                out.line(format!("if (length > {most})"));
                out.indented(|out| out.line("exit(1); /* its header cannot say so */"));
                let value = to_wire(*width, *endian, "length");
                out.line(format!("{kind} header = {value};"));
                out.line(format!("memcpy(frame, &header, {size});"));
                out.line(format!("memcpy(frame + {size}, message, length);"));
                out.line(format!("return {size} + length;"));
            }
            other => {
                out.line(format!("/* {} */", not_written(other)));
                out.line("memcpy(frame, message, length);");
                out.line("return length;");
            }
        });
        self.out.line("}");
    }

    /// What `main` declares at its beginning.
    pub(super) fn locals(&mut self, program: &Program, needs: &BTreeSet<Need>) {
        let has = |need| needs.contains(&need);
        let mut chunk = 1;
        program.walk(&mut |node| {
            if let Op::RecvUntilEof { size, .. } | Op::ReceiveMessages { size, .. } = &node.op {
                chunk = chunk.max(self.ctx.count(size));
            }
        });
        let start = self.out.len();
        if has(Need::Sends) {
            self.out
                .line("signal(SIGPIPE, SIG_IGN); /* a failed send returns an error instead */");
        }
        if has(Need::Messages) {
            // sprintf writes a 0 behind the number.
            let longest = self.ctx.messages.longest().max(1) + 16;
            self.out.line(format!("static char message[{longest}];"));
            if has(Need::Encode) {
                let longest = longest + self.ctx.framing.overhead();
                self.out.line(format!("static char frame[{longest}];"));
            }
        }
        if has(Need::Chunk) {
            let class = if chunk > STACK { "static " } else { "" };
            self.out.line(format!("{class}char chunk[{chunk}];"));
        }
        if has(Need::Receive) {
            // Room for an unfinished message and one more recv.
            let more = self.ctx.framing.overhead() as u64 + chunk;
            for socket in self.scope.receiving() {
                let (buffer, held) = self.buffer(socket);
                self.out
                    .line(format!("static char {buffer}[LIMIT + {more}];"));
                self.out.line(format!("long {held} = 0;"));
            }
        }
        if has(Need::Chunk) || has(Need::Receive) {
            self.out.line("long n;");
        }
        if has(Need::ReceiveCount) {
            self.out.line("int received;");
        }
        if self.out.len() > start {
            self.out.gap();
        }
    }
}
