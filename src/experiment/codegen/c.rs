//! Programs as C: C11 and POSIX sockets, in the style of a handout.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::experiment::program::{
    Address, Data, Family, How, Node, Num, Op, Program, SockOpt, SocketKind,
};
use crate::framing::{Endian, FramingSpec, LengthWidth};

use super::scope::{Holds, Scope, identifier};
use super::writer::Writer;
use super::{CodeContext, Listing, Place, waits_for};

/// C's words, and the names these listings use themselves.
const RESERVED: &[&str] = &[
    "accept",
    "auto",
    "bind",
    "break",
    "buffer",
    "case",
    "char",
    "check",
    "chunk",
    "close",
    "connect",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "encode",
    "end",
    "enum",
    "errno",
    "error",
    "exit",
    "extern",
    "float",
    "for",
    "frame",
    "free",
    "get_option",
    "goto",
    "header",
    "held",
    "i",
    "if",
    "inline",
    "int",
    "length",
    "linux",
    "listen",
    "long",
    "main",
    "make_message",
    "message",
    "n",
    "printf",
    "print_address",
    "read",
    "received",
    "recv",
    "recv_exactly",
    "register",
    "resolve",
    "restrict",
    "return",
    "send",
    "send_all",
    "set_blocking",
    "set_timeout",
    "short",
    "shutdown",
    "signal",
    "signed",
    "size",
    "sizeof",
    "sleep",
    "socket",
    "static",
    "struct",
    "switch",
    "time",
    "typedef",
    "union",
    "unix",
    "unsigned",
    "usleep",
    "void",
    "volatile",
    "while",
    "write",
];

/// A variable's name.
fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

/// Buffers larger than this do not belong on the stack.
const STACK: u64 = 64 * 1024;

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

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut c = C {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
        given: BTreeSet::new(),
    };
    let needs = c.needs(program);
    c.head(&needs);
    c.out.line("int main(void) {");
    c.out.deeper();
    c.locals(program, &needs);
    c.body(&program.nodes);
    c.out.line("return 0;");
    c.out.shallower();
    c.out.line("}");
    c.out.finish()
}

struct C<'a> {
    ctx: &'a CodeContext<'a>,
    scope: Scope,
    out: Writer,
    /// Names of locals that have been given out.
    given: BTreeSet<String>,
}

/// The help that a program needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
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
    fn needs(&self, program: &Program) -> BTreeSet<Need> {
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

    fn head(&mut self, needs: &BTreeSet<Need>) {
        let has = |need| needs.contains(&need);
        let framed = has(Need::Encode) || has(Need::Receive);
        let little = matches!(
            self.ctx.framing,
            FramingSpec::Length { endian: Endian::Little, width } if width.size() > 1
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
    fn make_message(&mut self) {
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
    fn encode(&mut self) {
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
        });
        self.out.line("}");
    }

    /// What `main` declares at its beginning.
    fn locals(&mut self, program: &Program, needs: &BTreeSet<Need>) {
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

    fn body(&mut self, nodes: &[Node]) {
        for node in nodes {
            let outer = self.out.belongs_to(Some(node.id));
            let hoisted: Vec<String> = self
                .scope
                .hoisted(node.id)
                .map(|(name, v)| declaration(&ident(name), v.holds))
                .collect();
            for line in hoisted {
                self.out.line(line);
            }
            self.op(node);
            self.out.belongs_to(outer);
        }
    }

    fn op(&mut self, node: &Node) {
        let ctx = self.ctx;
        match &node.op {
            Op::Socket { name, family, kind } => {
                let text = format!(
                    "{} = check(socket({}, {}, 0), \"socket\");",
                    self.assigned(name, node.id),
                    family_name(*family),
                    kind_name(*kind)
                );
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::SetOption { on, option, value } => {
                let (value, size) = option_value(*option, ctx.num(value));
                let text = format!(
                    "check(setsockopt({}, {}, &({size}){{{value}}}, sizeof({size})), \"setsockopt\");",
                    ident(on),
                    option_name(*option),
                );
                self.out.call(text);
            }
            Op::GetOption { on, option } => {
                let text = format!(
                    "printf(\"{} = %d\\n\", get_option({}, {}));",
                    option.name(),
                    ident(on),
                    option_name(*option)
                );
                self.out.call(text);
            }
            Op::Bind { on, to } => self.with_address(on, to, "bind"),
            Op::Listen { on, backlog } => {
                let backlog = ctx.num(backlog);
                let text = format!("check(listen({}, {backlog}), \"listen\");", ident(on));
                self.out.call(text);
            }
            Op::Accept { on, name } => {
                let text = format!(
                    "{} = check(accept({}, NULL, NULL), \"accept\");",
                    self.assigned(name, node.id),
                    ident(on)
                );
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::Connect { on, to } => self.with_address(on, to, "connect"),
            Op::ConnectEx { on, to } => self.with_address(on, to, "connect_ex"),
            Op::Send { on, data } => {
                let text = format!(
                    "check(send({}, {}, 0), \"send\");",
                    ident(on),
                    self.data(data)
                );
                self.out.call(text);
            }
            Op::SendAll { on, data } => {
                let text = format!("send_all({}, {});", ident(on), self.data(data));
                self.out.call(text);
            }
            Op::Recv {
                on,
                size,
                name,
                peek,
            } => {
                let flags = if *peek { "MSG_PEEK" } else { "0" };
                let (on, size) = (ident(on), ctx.count(size));
                self.received(name, node.id, |name| {
                    format!("check(recv({on}, {name}, {size}, {flags}), \"recv\")")
                });
            }
            Op::RecvExactly { on, size, name } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.received(name, node.id, |name| {
                    format!("recv_exactly({on}, {name}, {size})")
                });
            }
            Op::RecvUntilEof { on, size } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.out.call(format!(
                    "while ((n = check(recv({on}, chunk, {size}, 0), \"recv\")) > 0)"
                ));
                self.out
                    .indented(|out| out.line("printf(\"%.*s\\n\", (int)n, chunk);"));
            }
            Op::ReceiveMessages { on, size, count } => self.receive_messages(on, size, count),
            Op::Shutdown { on, how } => {
                let how = match how {
                    How::Read => "SHUT_RD",
                    How::Write => "SHUT_WR",
                    How::Both => "SHUT_RDWR",
                };
                let text = format!("check(shutdown({}, {how}), \"shutdown\");", ident(on));
                self.out.call(text);
            }
            Op::Close { on } => {
                let text = format!("check(close({}), \"close\");", ident(on));
                self.out.call(text);
            }
            Op::Sleep { ms } => self
                .out
                .call(format!("usleep({});", microseconds(ctx.count(ms)))),
            Op::Wait { actor, until, ms } => {
                let text = format!(
                    "usleep({}); /* {} */",
                    microseconds(ctx.count(ms)),
                    waits_for(actor, until, ctx)
                );
                self.out.call(text);
            }
            Op::SetTimeout { on, ms } => {
                let name = ident(on);
                self.out.call(match ctx.num(ms) {
                    0 => format!("set_blocking({name}, 0);"),
                    ms => format!("set_timeout({name}, {});", ms.max(0)),
                });
            }
            Op::SetBlocking { on, blocking } => {
                let text = format!("set_blocking({}, {});", ident(on), u8::from(*blocking));
                self.out.call(text);
            }
            Op::GetSockName { on } => {
                let text = format!("print_address({}, 0);", ident(on));
                self.out.call(text);
            }
            Op::GetPeerName { on } => {
                let text = format!("print_address({}, 1);", ident(on));
                self.out.call(text);
            }
            Op::Fileno { on } => {
                let text = format!("printf(\"%d\\n\", {});", ident(on));
                self.out.call(text);
            }
            Op::Repeat { times, body } => {
                let times = ctx.count(times);
                self.out
                    .call(format!("for (int i = 0; i < {times}; i++) {{"));
                self.block(body);
            }
            Op::ForEachMessage { body } => {
                let count = ctx.messages.count;
                self.out
                    .call(format!("for (int i = 0; i < {count}; i++) {{"));
                self.out
                    .indented(|out| out.line("long length = make_message(i, message);"));
                self.block(body);
            }
            Op::Loop { body } => {
                self.out.call("for (;;) {");
                self.block(body);
            }
            Op::BreakIfEmpty { name } => {
                let text = format!("if ({}_size == 0)", ident(name));
                self.out.call(text);
                self.out
                    .indented(|out| out.line("break; /* 0 bytes: the peer has closed */"));
            }
            Op::Ready => {}
        }
    }

    fn block(&mut self, body: &[Node]) {
        self.out.deeper();
        self.body(body);
        self.out.shallower();
        self.out.line("}");
    }

    /// bind or connect to an address.
    fn with_address(&mut self, on: &str, to: &Address, call: &str) {
        let family = family_name(self.scope.family(on));
        let name = ident(on);
        let place = self.ctx.place(to);
        let (function, address) = match call {
            "bind" => ("bind", "at"),
            _ => ("connect", "to"),
        };
        let variable = self.fresh(&format!("{name}_{address}"));
        let arguments = match place {
            Place::Host(host, port) => {
                let host = match (&host[..], family) {
                    ("", "AF_INET6") => "::",
                    ("", _) => "0.0.0.0",
                    (host, _) => host,
                };
                self.out.line(format!(
                    "struct addrinfo *{variable} = resolve({family}, {}, \"{port}\");",
                    literal(host.as_bytes())
                ));
                format!("{name}, {variable}->ai_addr, {variable}->ai_addrlen")
            }
            Place::Path(path) => {
                self.out.line(format!(
                    "struct sockaddr_un {variable} = {{.sun_family = AF_UNIX, .sun_path = {}}};",
                    literal(path.as_bytes())
                ));
                format!("{name}, (struct sockaddr *)&{variable}, sizeof {variable}")
            }
        };
        if call == "connect_ex" {
            let error = self.fresh(&format!("{name}_error"));
            self.out.call(format!(
                "int {error} = {function}({arguments}) < 0 ? errno : 0;"
            ));
            self.out
                .line(format!("printf(\"%d %s\\n\", {error}, strerror({error}));"));
        } else {
            self.out
                .call(format!("check({function}({arguments}), \"{call}\");"));
        }
    }

    /// Bytes received into a variable, and shown.
    fn received(&mut self, name: &str, at: u16, call: impl Fn(&str) -> String) {
        let text = ident(name);
        if self.scope.declares(name, at) {
            if let Some(variable) = self.scope.get(name) {
                let array = array(&text, variable.holds);
                self.out.line(array);
            }
            self.out
                .call(format!("long {text}_size = {};", call(&text)));
        } else {
            self.out.call(format!("{text}_size = {};", call(&text)));
        }
        self.out
            .line(format!("printf(\"%.*s\\n\", (int){text}_size, {text});"));
    }

    fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, held) = self.buffer(on);
        let raw = *self.ctx.framing == FramingSpec::Raw;
        if !raw && !self.scope.lasts(on) {
            self.out.line(format!("{held} = 0;"));
        }
        let room = if raw {
            "chunk".to_owned()
        } else {
            format!("{buffer} + {held}")
        };
        let recv = format!(
            "(n = check(recv({}, {room}, {size}, 0), \"recv\")) > 0",
            ident(on)
        );
        if count > 0 {
            self.out.line("received = 0;");
            self.out
                .call(format!("while (received < {count} && {recv}) {{"));
        } else {
            self.out.call(format!("while ({recv}) {{"));
        }
        let counted = |out: &mut Writer| {
            if count > 0 {
                out.line("received++;");
            }
        };
        self.out.indented(|out| match self.ctx.framing {
            FramingSpec::Raw => {
                out.line(
                    "printf(\"%.*s\\n\", (int)n, chunk); /* one recv is taken for one message */",
                );
                counted(out);
            }
            FramingSpec::Delimiter { delimiter } => {
                let length = delimiter.len();
                let find = match delimiter[..] {
                    [byte] => format!("memchr({buffer}, {}, {held})", character(byte)),
                    _ => format!("memmem({buffer}, {held}, {}, {length})", literal(delimiter)),
                };
                out.line(format!("{held} += n;"));
                out.line("char *end;");
                out.line(format!("while ((end = {find}) != NULL) {{"));
                out.indented(|out| {
                    out.line(format!(
                        "printf(\"%.*s\\n\", (int)(end - {buffer}), {buffer});"
                    ));
                    out.line(format!("{held} -= end + {length} - {buffer};"));
                    out.line(format!("memmove({buffer}, end + {length}, {held});"));
                    counted(out);
                });
                out.line("}");
                out.line(format!("if ({held} >= LIMIT + {length}) {{"));
                out.indented(|out| {
                    out.line("fprintf(stderr, \"no delimiter\\n\");");
                    out.line("exit(1);");
                });
                out.line("}");
            }
            FramingSpec::Length { width, endian } => {
                let header = width.size();
                out.line(format!("{held} += n;"));
                out.line(format!("while ({held} >= {header}) {{"));
                out.indented(|out| {
                    out.line(format!("{} header;", integer(*width)));
                    out.line(format!("memcpy(&header, {buffer}, {header});"));
                    out.line(format!(
                        "long length = {};",
                        from_wire(*width, *endian, "header")
                    ));
                    if self.ctx.header_exceeds_limit() {
                        out.line("if (length < 0 || length > LIMIT) {");
                        out.indented(|out| {
                            out.line("fprintf(stderr, \"length %ld\\n\", length);");
                            out.line("exit(1);");
                        });
                        out.line("}");
                    }
                    out.line(format!("if ({held} < {header} + length)"));
                    out.indented(|out| out.line("break; /* the rest comes with a later recv */"));
                    out.line(format!(
                        "printf(\"%.*s\\n\", (int)length, {buffer} + {header});"
                    ));
                    out.line(format!("{held} -= {header} + length;"));
                    out.line(format!(
                        "memmove({buffer}, {buffer} + {header} + length, {held});"
                    ));
                    counted(out);
                });
                out.line("}");
            }
        });
        self.out.line("}");
    }

    /// The decoder of a connection that begins, for one that lasts.
    fn lasting_buffer(&mut self, socket: &str) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
            let (_, held) = self.buffer(socket);
            self.out.line(format!("{held} = 0;"));
        }
    }

    /// Names of a decoder's buffer and of the number of bytes in it.
    fn buffer(&self, socket: &str) -> (String, String) {
        if self.scope.receiving().len() > 1 {
            let name = ident(socket);
            (format!("{name}_buffer"), format!("{name}_held"))
        } else {
            ("buffer".to_owned(), "held".to_owned())
        }
    }

    /// That name, or with a number behind it if it has been given out before.
    fn fresh(&mut self, name: &str) -> String {
        let mut fresh = name.to_owned();
        let mut number = 2;
        while !self.given.insert(fresh.clone()) {
            fresh = format!("{name}{number}");
            number += 1;
        }
        fresh
    }

    /// The left side of an assignment to a socket's variable.
    fn assigned(&self, name: &str, at: u16) -> String {
        let text = ident(name);
        if self.scope.declares(name, at) {
            format!("int {text}")
        } else {
            text
        }
    }

    /// Pointer and size of what is sent, as arguments.
    fn data(&self, data: &Data) -> String {
        match data {
            Data::Message if *self.ctx.framing == FramingSpec::Raw => "message, length".to_owned(),
            Data::Message => "frame, encode(message, length, frame)".to_owned(),
            Data::Var(name) => format!("{0}, {0}_size", ident(name)),
            Data::Text(text) => {
                let text = self.ctx.text(text);
                format!("{}, {}", literal(text.as_bytes()), text.len())
            }
        }
    }
}

fn declaration(name: &str, holds: Holds) -> String {
    match holds {
        Holds::Socket(..) => format!("int {name} = -1;"),
        Holds::Bytes(_) => format!("{} long {name}_size = 0;", array(name, holds)),
    }
}

fn array(name: &str, holds: Holds) -> String {
    let size = match holds {
        Holds::Bytes(size) => size.max(1),
        Holds::Socket(..) => 1,
    };
    let class = if size > STACK { "static " } else { "" };
    format!("{class}char {name}[{size}];")
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Inet => "AF_INET",
        Family::Inet6 => "AF_INET6",
        Family::Unix => "AF_UNIX",
    }
}

fn kind_name(kind: SocketKind) -> &'static str {
    match kind {
        SocketKind::Stream => "SOCK_STREAM",
        SocketKind::Datagram => "SOCK_DGRAM",
        SocketKind::SeqPacket => "SOCK_SEQPACKET",
    }
}

fn option_name(option: SockOpt) -> String {
    let level = match option {
        SockOpt::NoDelay | SockOpt::Cork | SockOpt::QuickAck | SockOpt::MaxSeg => "IPPROTO_TCP",
        _ => "SOL_SOCKET",
    };
    format!("{level}, {}", option.name())
}

/// Fields and type of an option's value.
fn option_value(option: SockOpt, value: i64) -> (String, &'static str) {
    match option {
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            let ms = value.max(0);
            (
                format!("{}, {}", ms / 1000, ms % 1000 * 1000),
                "struct timeval",
            )
        }
        SockOpt::Linger => (
            format!("{}, {}", i32::from(value >= 0), value.max(0)),
            "struct linger",
        ),
        _ => (value.to_string(), "int"),
    }
}

fn integer(width: LengthWidth) -> &'static str {
    match width {
        LengthWidth::U8 => "uint8_t",
        LengthWidth::U16 => "uint16_t",
        LengthWidth::U32 => "uint32_t",
        LengthWidth::I32 => "int32_t",
    }
}

fn to_wire(width: LengthWidth, endian: Endian, value: &str) -> String {
    match (width, endian) {
        (LengthWidth::U8, _) => value.to_owned(),
        (LengthWidth::U16, Endian::Big) => format!("htons({value})"),
        (LengthWidth::U16, Endian::Little) => format!("htole16({value})"),
        (_, Endian::Big) => format!("htonl({value})"),
        (_, Endian::Little) => format!("htole32({value})"),
    }
}

fn from_wire(width: LengthWidth, endian: Endian, value: &str) -> String {
    let text = match (width, endian) {
        (LengthWidth::U8, _) => value.to_owned(),
        (LengthWidth::U16, Endian::Big) => format!("ntohs({value})"),
        (LengthWidth::U16, Endian::Little) => format!("le16toh({value})"),
        (_, Endian::Big) => format!("ntohl({value})"),
        (_, Endian::Little) => format!("le32toh({value})"),
    };
    // These functions return unsigned numbers.
    match width {
        LengthWidth::I32 => format!("(int32_t){text}"),
        _ => text,
    }
}

fn microseconds(ms: u64) -> String {
    format!("{ms} * 1000")
}

/// A character constant.
fn character(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => format!("'{}'", literal(&[byte]).trim_matches('"')),
    }
}

/// A string literal. What is not printable stands in octal, which ends after three digits
/// whatever follows (hexadecimal escapes do not); UTF-8 stands as it is.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => {
                    text.push('\\');
                    text.push(c);
                }
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                // "??/" and its like are trigraphs.
                '?' => text.push_str("\\?"),
                c if c.is_ascii_control() => {
                    let _ = write!(text, "\\{:03o}", c as u32);
                }
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            // Writing to a String does not fail.
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text.push('"');
    text
}
