//! What stands before the operations: headers, helper functions, locals.

use std::collections::BTreeSet;

use crate::experiment::codegen::Place;
use crate::experiment::codegen::wire::{Receiving, Sending};
use crate::experiment::program::{Address, Data, Op, Program, SockOpt, SocketKind};

use super::serving::GIVE_UP;
use super::words::{STACK, literal};
use super::{C, is_known};

pub(super) const CHECK: &str = r"
/* Ends the program if a call has failed. */
static long check(long result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return result;
}
";

const ATTEMPT: &str = r"
static int failed; /* has the latest attempt? */

/* Says so if a call has failed. */
static long attempt(long result, const char *what) {
    failed = result < 0;
    if (failed)
        perror(what);
    return result;
}
";

const FAIL: &str = r#"
static void fail(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(1);
}
"#;

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

/// As `resolve`, inside a `try`.
const LOOK_UP: &str = r#"
static struct addrinfo *look_up(int family, const char *host, const char *port) {
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, port, &hints, &found);
    failed = error != 0;
    if (failed)
        fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
    return failed ? NULL : found;
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

const PROMPT: &str = r#"
/* A line typed by a person, without its end. */
static long prompt(const char *ask, char *line, int size) {
    printf("%s", ask);
    fflush(stdout);
    if (fgets(line, size, stdin) == NULL)
        exit(1);
    line[strcspn(line, "\r\n")] = 0;
    return strlen(line);
}
"#;

const PUT: &str = r"
static long put(char *to, const char *data, long size) {
    memcpy(to, data, size);
    return size;
}
";

const PUT_TIME: &str = r"
/* The time, 24 characters. */
static long put_time(char *to) {
    time_t now = time(NULL);
    char text[26];
    memcpy(to, asctime_r(gmtime(&now), text), 24);
    return 24;
}
";

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

const GET_TIMEOUT: &str = r#"
/* Milliseconds; 0 = non-blocking, -1 = none */
static long get_timeout(int fd) {
    struct timeval time;
    socklen_t size = sizeof time;
    if (check(fcntl(fd, F_GETFL), "fcntl") & O_NONBLOCK)
        return 0;
    check(getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &size), "getsockopt");
    long ms = time.tv_sec * 1000 + time.tv_usec / 1000;
    return ms == 0 ? -1 : ms;
}
"#;

const MAKE_FILE: &str = r#"
/* A file with a buffer. fclose closes its descriptor, so it has one of its own. */
static FILE *make_file(int fd) {
    FILE *file = fdopen(check(dup(fd), "dup"), "r");
    check(file == NULL ? -1 : 0, "fdopen");
    return file;
}
"#;

const READ_LINE: &str = r"
/* A line with its end; 0 bytes at the end of the stream. */
static long read_line(FILE *file, char *line, long size) {
    long held = 0;
    int c = 0;
    while (held < size && c != '\n' && (c = getc(file)) != EOF)
        line[held++] = c;
    return held;
}
";

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

const ECHO_REQUEST: &str = r"
/* RFC 792: type 8, code 0, checksum, identifier, number, data. Returns its length. */
static long echo_request(char *packet, int number, const char *data, long size, int wrong) {
    unsigned char *bytes = (unsigned char *)packet, head[8] = {8, 0, 0, 0, 0, 1};
    head[6] = number >> 8;
    head[7] = number & 0xff;
    memcpy(packet, head, sizeof head);
    memcpy(packet + sizeof head, data, size);
    size += sizeof head;
    /* RFC 1071: the complement of the sum of all 16-bit words, the carries added again. */
    unsigned long sum = 0;
    for (long i = 0; i < size; i++)
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    sum = ~sum ^ wrong;
    bytes[2] = sum >> 8 & 0xff;
    bytes[3] = sum & 0xff;
    return size;
}
";

/// The help that a program needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Unix,
    Resolve,
    /// A name that may not exist is looked up where a failure does not end the program.
    LookUp,
    Tcp,
    /// Addresses in numbers, or protocols.
    Numbers,
    /// ICMP built by hand.
    Echo,
    Blocking,
    Timeout,
    GetTimeout,
    MakeFile,
    ReadLine,
    Time,
    GetOption,
    PrintAddress,
    Errno,
    Sends,
    SendAll,
    RecvExactly,
    Messages,
    /// Messages that are none of the lesson's are sent.
    Frame,
    /// Messages are sent.
    SendMessage,
    /// Messages are told apart in a buffer.
    Receive,
    /// All that come are, in a loop of `main`.
    Loop,
    ReceiveCount,
    Chunk,
    Prompt,
    Put,
    PutTime,
    Compare,
    Command,
    Attempt,
    Threads,
}

/// The operations inside a `try`.
fn tried(program: &Program) -> BTreeSet<u16> {
    let mut tried = BTreeSet::new();
    program.walk(&mut |node| {
        if let Op::Try { body } = &node.op {
            tried.extend(body.iter().map(|node| node.id));
        }
    });
    tried
}

impl C<'_> {
    pub(super) fn needs(&self, program: &Program) -> BTreeSet<Need> {
        let mut needs = BTreeSet::new();
        let tried = tried(program);
        program.walk(&mut |node| {
            match &node.op {
                Op::SendTo {
                    to: Address::Sender(_),
                    ..
                } => {
                    needs.insert(Need::Sends);
                }
                Op::Bind { to, .. }
                | Op::Connect { to, .. }
                | Op::ConnectEx { to, .. }
                | Op::SendTo { to, .. } => {
                    needs.insert(match self.ctx.place(to) {
                        Place::Host(host, _) if tried.contains(&node.id) && !is_known(&host) => {
                            Need::LookUp
                        }
                        Place::Host(..) => Need::Resolve,
                        Place::Path(_) => Need::Unix,
                    });
                }
                Op::Send { .. } | Op::SendAll { .. } => {
                    needs.insert(Need::Sends);
                    if node.op.sends_message() {
                        needs.insert(Need::SendMessage);
                    }
                }
                Op::RecvExactly { .. } | Op::RecvInto { .. } => {
                    needs.insert(Need::RecvExactly);
                }
                Op::ServeEach { threads, .. } if self.ctx.num(threads) != 0 => {
                    needs.insert(Need::Threads);
                }
                Op::Prompt { .. } => {
                    needs.insert(Need::Prompt);
                }
                Op::BreakIf { .. } | Op::WhenReceived { .. } => {
                    needs.insert(Need::Compare);
                }
                Op::RunCommand { .. } => {
                    needs.insert(Need::Command);
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
                Op::EchoRequest { .. } => {
                    needs.insert(Need::Echo);
                }
                Op::JoinGroup { .. }
                | Op::MulticastInterface { .. }
                | Op::Socket {
                    kind: SocketKind::Icmp,
                    ..
                } => {
                    needs.insert(Need::Numbers);
                }
                Op::SetBlocking { blocking, .. } => {
                    needs.insert(Need::Blocking);
                    if *blocking {
                        needs.insert(Need::Timeout);
                    }
                }
                Op::GetTimeout { .. } => {
                    needs.insert(Need::GetTimeout);
                }
                Op::MakeFile { .. } => {
                    needs.insert(Need::MakeFile);
                }
                Op::ReadLine { .. } => {
                    needs.insert(Need::ReadLine);
                }
                Op::GetSockName { .. } | Op::GetPeerName { .. } => {
                    needs.insert(Need::PrintAddress);
                }
                Op::ForEachMessage { .. } => {
                    needs.insert(Need::Messages);
                }
                Op::Try { .. } => {
                    needs.insert(Need::Attempt);
                }
                Op::RecvUntilEof { .. } => {
                    needs.insert(Need::Chunk);
                }
                Op::SendMessage { .. } => {
                    needs.extend([Need::Sends, Need::SendAll, Need::SendMessage]);
                    if self.ctx.sending() == Sending::Encoded {
                        needs.insert(Need::Frame);
                    }
                }
                Op::SendFile { .. } => {
                    needs.extend([Need::Sends, Need::SendAll]);
                    if self.ctx.encodes_files() {
                        needs.insert(Need::SendMessage);
                    }
                }
                Op::ReceiveMessage { .. } | Op::ReceiveFile { .. } if self.ctx.has_buffer() => {
                    needs.insert(Need::Receive);
                    if self.ctx.sending() == Sending::Acknowledged {
                        needs.extend([Need::Sends, Need::SendAll]);
                    }
                }
                Op::ReceiveMessages { count, .. } => {
                    let keeps = self.ctx.has_buffer();
                    if keeps {
                        needs.extend([Need::Receive, Need::Loop]);
                    } else {
                        needs.insert(Need::Chunk);
                    }
                    if self.ctx.count(count) > 0 {
                        needs.insert(Need::ReceiveCount);
                    }
                }
                _ => {}
            }
            if let Op::Send { data, .. }
            | Op::SendAll { data, .. }
            | Op::SendMessage { data, .. }
            | Op::SendTo { data, .. } = &node.op
            {
                for part in data.parts() {
                    match part {
                        Data::Time => needs.insert(Need::PutTime),
                        _ if matches!(data, Data::Joined(_)) => needs.insert(Need::Put),
                        _ => false,
                    };
                }
                if node.op.sends_message() {
                    needs.insert(Need::SendMessage);
                }
            }
            match &node.op {
                Op::SendAll { .. } => needs.insert(Need::SendAll),
                // To acknowledge is to send.
                Op::ReceiveMessages { .. } if self.ctx.sending() == Sending::Acknowledged => {
                    needs.insert(Need::Sends);
                    needs.insert(Need::SendAll)
                }
                op if op.sends_message() && self.ctx.sending() == Sending::Acknowledged => {
                    needs.insert(Need::SendAll)
                }
                Op::GetOption { .. } => needs.insert(Need::GetOption),
                Op::ConnectEx { .. } => needs.insert(Need::Errno),
                _ => false,
            };
        });
        needs
    }

    pub(super) fn head(&mut self, program: &Program, needs: &BTreeSet<Need>) {
        let has = |need| needs.contains(&need);
        let mut framing: Vec<String> = Vec::new();
        if has(Need::SendMessage) {
            framing.extend(self.encode_function());
        }
        if has(Need::Receive) {
            framing.extend(self.take_function());
        }
        framing.extend(self.file_functions(program));
        if has(Need::Command) {
            framing.push(Self::command_function());
        }
        if !framing.is_empty() {
            framing.splice(0..0, self.checksum_function());
        }
        let uses = |words: &[&str]| {
            let used = |text: &String| words.iter().any(|word| text.contains(word));
            framing.iter().any(used)
        };
        let ends_with = matches!(self.ctx.receiving(), Receiving::ChunkEndsWith(_));
        let threads = has(Need::Threads);
        let fails = uses(&["fail("]) || ends_with && has(Need::Receive) || threads;
        let option = if threads { " -pthread" } else { "" };
        self.out.line(format!(
            "/* {0}.c: cc{option} -o {0} {0}.c */",
            self.ctx.actor
        ));
        if uses(&["memmem("]) {
            self.out.line("#define _GNU_SOURCE /* memmem */");
        }
        let headers = [
            ("arpa/inet.h", has(Need::Numbers) || uses(&["hton", "ntoh"])),
            (
                "endian.h",
                uses(&["htole", "htobe", "le16toh", "le32toh", "le64toh", "be64toh"]),
            ),
            ("errno.h", has(Need::Errno) || uses(&["errno"])),
            ("fcntl.h", has(Need::Blocking) || has(Need::GetTimeout)),
            (
                "netdb.h",
                has(Need::Resolve) || has(Need::LookUp) || has(Need::PrintAddress),
            ),
            ("netinet/in.h", has(Need::Tcp) || has(Need::Numbers)),
            ("netinet/tcp.h", has(Need::Tcp)),
            ("pthread.h", threads),
            ("signal.h", has(Need::Sends)),
            (
                "stdint.h",
                threads || uses(&["int8_t", "int16_t", "int32_t", "int64_t"]),
            ),
            ("stdio.h", true),
            ("stdlib.h", true),
            (
                "string.h",
                !framing.is_empty()
                    || has(Need::Receive)
                    || has(Need::Messages)
                    || has(Need::Echo)
                    || has(Need::Prompt)
                    || has(Need::Put)
                    || has(Need::PutTime)
                    || has(Need::Compare)
                    || has(Need::Errno),
            ),
            ("sys/socket.h", true),
            (
                "sys/time.h",
                has(Need::Time) || has(Need::Timeout) || has(Need::GetTimeout),
            ),
            ("sys/un.h", has(Need::Unix)),
            ("sys/wait.h", has(Need::Command)),
            ("time.h", has(Need::PutTime)),
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
            (GIVE_UP, threads),
            (CHECK, true),
            (ATTEMPT, has(Need::Attempt)),
            (FAIL, fails),
            (RESOLVE, has(Need::Resolve)),
            (LOOK_UP, has(Need::LookUp)),
            (ECHO_REQUEST, has(Need::Echo)),
            (SEND_ALL, has(Need::SendAll)),
            (RECV_EXACTLY, has(Need::RecvExactly)),
            (PROMPT, has(Need::Prompt)),
            (PUT, has(Need::Put)),
            (PUT_TIME, has(Need::PutTime)),
            (GET_OPTION, has(Need::GetOption)),
            (SET_TIMEOUT, has(Need::Timeout)),
            (SET_BLOCKING, has(Need::Blocking)),
            (GET_TIMEOUT, has(Need::GetTimeout)),
            (MAKE_FILE, has(Need::MakeFile)),
            (READ_LINE, has(Need::ReadLine)),
            (PRINT_ADDRESS, has(Need::PrintAddress)),
        ];
        for (helper, needed) in helpers {
            if !needed {
                continue;
            }
            self.out.gap();
            let since = self.out.len();
            self.out.block(helper);
            if threads && helper != GIVE_UP {
                self.out.replace(since, "exit(1);", "give_up();");
                self.out
                    .replace(since, "Ends the program", "Ends the thread");
                let failed = "static _Thread_local int failed;";
                self.out.replace(since, "static int failed;", failed);
            }
        }
        if has(Need::Messages) {
            self.out.gap();
            self.make_message();
        }
        for function in framing {
            self.out.gap();
            self.out.block(&function);
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

    /// A failed send is to return an error, in every thread.
    pub(super) fn ignore_broken_pipes(&mut self, needs: &BTreeSet<Need>) {
        if needs.contains(&Need::Sends) {
            self.out
                .line("signal(SIGPIPE, SIG_IGN); /* a failed send returns an error instead */");
        }
    }

    /// What `main`, or the function that serves a client, declares at its beginning.
    pub(super) fn locals(&mut self, program: &Program) {
        let needs = self.needs(program);
        let has = |need| needs.contains(&need);
        let mut chunk = 1;
        program.walk(&mut |node| {
            if let Op::RecvUntilEof { size, .. }
            | Op::ReceiveMessages { size, .. }
            | Op::ReceiveMessage { size, .. }
            | Op::ReceiveFile { size, .. } = &node.op
            {
                chunk = chunk.max(self.ctx.count(size));
            }
        });
        if has(Need::Messages) {
            // sprintf writes a 0 behind the number.
            let longest = self.ctx.messages.longest().max(1) + 16;
            let message = self.own(format!("static char message[{longest}];"));
            self.out.line(message);
            if has(Need::SendMessage) && self.ctx.sending() == Sending::Encoded {
                let longest = self.ctx.most_on_the_wire(longest);
                let frame = self.own(format!("static char frame[{longest}];"));
                self.out.line(frame);
            }
        }
        if has(Need::Frame) && !has(Need::Messages) {
            let longest = self.ctx.most_on_the_wire(self.ctx.limit);
            let frame = self.own(format!("static char frame[{longest}];"));
            self.out.line(frame);
        }
        if has(Need::Chunk) {
            let class = if chunk > STACK { "static " } else { "" };
            let chunk = self.own(format!("{class}char chunk[{chunk}];"));
            self.out.line(chunk);
        }
        if has(Need::Receive) {
            // Room for an unfinished message and one more recv.
            let room = self.ctx.most_unfinished() as u64 + chunk;
            let room = match room.checked_sub(self.ctx.limit as u64) {
                Some(more) => format!("LIMIT + {more}"),
                None => room.to_string(),
            };
            for socket in self.scope.receiving() {
                let (buffer, held) = self.buffer(socket);
                if self.in_thread {
                    self.out.line(format!("char *{buffer} = malloc({room});"));
                    self.out.line(format!("if ({buffer} == NULL)"));
                    self.out.indented(|out| out.line("fail(\"no memory\");"));
                } else {
                    self.out.line(format!("static char {buffer}[{room}];"));
                }
                self.out.line(format!("long {held} = 0;"));
            }
            if matches!(self.ctx.receiving(), Receiving::Take { .. }) && has(Need::Loop) {
                self.out.line("char *found;");
                self.out.line("long size, taken;");
            }
        }
        if has(Need::Chunk) || has(Need::Loop) {
            self.out.line("long n;");
        }
        if has(Need::ReceiveCount) {
            self.out.line("int received;");
        }
    }

    /// Gives back what [`Self::locals`] asked for in a thread.
    pub(super) fn free_buffers(&mut self, program: &Program) {
        if self.needs(program).contains(&Need::Receive) {
            for socket in self.scope.receiving() {
                let (buffer, _) = self.buffer(socket);
                self.out.line(format!("free({buffer});"));
            }
        }
    }
}
