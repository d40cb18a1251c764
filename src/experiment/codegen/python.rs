//! Programs as Python 3: a script with `socket` and `struct`.

use std::fmt::Write as _;

use crate::experiment::program::{Data, Family, How, Node, Num, Op, Program, SockOpt, SocketKind};
use crate::framing::FramingSpec;

use super::scope::{Scope, identifier};
use super::writer::Writer;
use super::{CodeContext, Listing, Place, waits_for};

/// Python's words, and the names these listings use themselves.
const RESERVED: &[&str] = &[
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "buffer",
    "chunk",
    "class",
    "complete",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "error",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "i",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "len",
    "length",
    "message",
    "messages",
    "nonlocal",
    "not",
    "or",
    "os",
    "pass",
    "peer",
    "print",
    "raise",
    "range",
    "received",
    "recv_exactly",
    "return",
    "socket",
    "struct",
    "time",
    "try",
    "while",
    "with",
    "yield",
];

/// A variable's name.
fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

const RECV_EXACTLY: &str = r#"
def recv_exactly(sock, size):
    data = b""
    while len(data) < size and (chunk := sock.recv(size - len(data))):
        data += chunk
    return data
"#;

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut python = Python {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
    };
    python.head(program);
    python.body(&program.nodes);
    python.out.finish()
}

struct Python<'a> {
    ctx: &'a CodeContext<'a>,
    scope: Scope,
    out: Writer,
}

impl Python<'_> {
    fn head(&mut self, program: &Program) {
        let mut modules = vec!["socket"];
        let (mut messages, mut exactly) = (false, false);
        program.walk(&mut |node| {
            let module = match &node.op {
                Op::Send {
                    data: Data::Message,
                    ..
                }
                | Op::SendAll {
                    data: Data::Message,
                    ..
                }
                | Op::ReceiveMessages { .. }
                    if self.ctx.framing.struct_format().is_some() =>
                {
                    "struct"
                }
                Op::SetOption { option, .. } if is_structured(*option) => "struct",
                Op::Sleep { .. } | Op::Wait { .. } => "time",
                Op::ConnectEx { .. } => "os",
                _ => "socket",
            };
            if !modules.contains(&module) {
                modules.push(module);
            }
            messages |= matches!(node.op, Op::ForEachMessage { .. });
            exactly |= matches!(node.op, Op::RecvExactly { .. });
        });
        modules.sort_unstable();
        self.out.line(format!("# {}.py", self.ctx.actor));
        for module in modules {
            self.out.line(format!("import {module}"));
        }
        self.out.gap();
        if exactly {
            self.out.gap();
            self.out.block(RECV_EXACTLY);
            self.out.gap();
        }
        if messages {
            let list = self.messages();
            self.out.line(format!("messages = {list}"));
            self.out.gap();
        }
    }

    /// The list of messages as an expression.
    fn messages(&self) -> String {
        let list = &self.ctx.messages;
        let parts = list.parts();
        let sized = |text: &str, from: &str| match text.len() {
            _ if list.size == 0 => from.to_owned(),
            length if length == list.size => from.to_owned(),
            0 => from.to_owned(),
            length if list.size.is_multiple_of(length) => {
                format!("{from} * {}", list.size / length)
            }
            length if length > list.size => format!("{from}[:{}]", list.size),
            length => format!("({from} * {})[:{}]", list.size / length + 1, list.size),
        };
        if list.numbered {
            let text = match &parts[..] {
                [text] if text.is_ascii() => {
                    let number = bytes(&format!("{}%d", text.replace('%', "%%")));
                    format!("{number} % (i + 1)")
                }
                [text] => format!("{} + b\"%d\" % (i + 1)", bytes(text)),
                several => {
                    let texts: Vec<String> = several.iter().map(|t| bytes(t)).collect();
                    format!(
                        "[{}][i % {}] + b\"%d\" % (i + 1)",
                        texts.join(", "),
                        texts.len()
                    )
                }
            };
            let shortest = parts.iter().map(String::len).min().unwrap_or(0) + 1;
            let item = match list.size {
                0 => text,
                size => format!("(({text}) * {})[:{size}]", size / shortest + 1),
            };
            return format!("[{item} for i in range({})]", list.count);
        }
        let items: Vec<String> = parts.iter().map(|t| sized(t, &bytes(t))).collect();
        let items = format!("[{}]", items.join(", "));
        let (count, period) = (list.count as usize, parts.len());
        match count {
            _ if count == period => items,
            _ if count.is_multiple_of(period) => format!("{items} * {}", count / period),
            _ => format!("({items} * {})[:{count}]", count / period + 1),
        }
    }

    fn body(&mut self, nodes: &[Node]) {
        let before = self.out.len();
        for node in nodes {
            let outer = self.out.belongs_to(Some(node.id));
            self.op(&node.op);
            self.out.belongs_to(outer);
        }
        // Python has no empty block; the operations that write nothing may be all there are.
        if self.out.len() == before {
            self.out.line("pass");
        }
    }

    fn op(&mut self, op: &Op) {
        let ctx = self.ctx;
        match op {
            Op::Socket { name, family, kind } => {
                let text = format!(
                    "{} = socket.socket(socket.{}, socket.{})",
                    ident(name),
                    family_name(*family),
                    kind_name(*kind)
                );
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::SetOption { on, option, value } => {
                let text = format!(
                    "{}.setsockopt({}, {})",
                    ident(on),
                    option_name(*option),
                    option_value(*option, ctx.num(value))
                );
                self.out.call(text);
            }
            Op::GetOption { on, option } => {
                let name = ident(on);
                let text = format!("print({name}.getsockopt({}))", option_name(*option));
                self.out.call(text);
            }
            Op::Bind { on, to } => {
                let text = format!("{}.bind({})", ident(on), place(&ctx.place(to)));
                self.out.call(text);
            }
            Op::Listen { on, backlog } => {
                let text = format!("{}.listen({})", ident(on), ctx.num(backlog));
                self.out.call(text);
            }
            Op::Accept { on, name } => {
                let text = format!("{}, peer = {}.accept()", ident(name), ident(on));
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::Connect { on, to } => {
                let text = format!("{}.connect({})", ident(on), place(&ctx.place(to)));
                self.out.call(text);
            }
            Op::ConnectEx { on, to } => {
                let at = place(&ctx.place(to));
                let text = format!("error = {}.connect_ex({at})", ident(on));
                self.out.call(text);
                self.out.line("print(error, os.strerror(error))");
            }
            Op::Send { on, data } => {
                let text = format!("{}.send({})", ident(on), self.data(data));
                self.out.call(text);
            }
            Op::SendAll { on, data } => {
                let text = format!("{}.sendall({})", ident(on), self.data(data));
                self.out.call(text);
            }
            Op::Recv {
                on,
                size,
                name,
                peek,
            } => {
                let flags = if *peek { ", socket.MSG_PEEK" } else { "" };
                let (name, on) = (ident(name), ident(on));
                self.out
                    .call(format!("{name} = {on}.recv({}{flags})", ctx.count(size)));
                self.out.line(format!("print({name})"));
            }
            Op::RecvExactly { on, size, name } => {
                let (name, on) = (ident(name), ident(on));
                self.out
                    .call(format!("{name} = recv_exactly({on}, {})", ctx.count(size)));
                self.out.line(format!("print({name})"));
            }
            Op::RecvUntilEof { on, size } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.out.call(format!("while chunk := {on}.recv({size}):"));
                self.out.indented(|out| out.line("print(chunk)"));
            }
            Op::ReceiveMessages { on, size, count } => self.receive_messages(on, size, count),
            Op::Shutdown { on, how } => {
                let how = match how {
                    How::Read => "SHUT_RD",
                    How::Write => "SHUT_WR",
                    How::Both => "SHUT_RDWR",
                };
                let text = format!("{}.shutdown(socket.{how})", ident(on));
                self.out.call(text);
            }
            Op::Close { on } => {
                let text = format!("{}.close()", ident(on));
                self.out.call(text);
            }
            Op::Sleep { ms } => self
                .out
                .call(format!("time.sleep({})", seconds(ctx.count(ms)))),
            Op::Wait { actor, until, ms } => {
                let text = format!(
                    "time.sleep({})  # {}",
                    seconds(ctx.count(ms)),
                    waits_for(actor, until, ctx)
                );
                self.out.call(text);
            }
            Op::SetTimeout { on, ms } => {
                let time = match ctx.num(ms) {
                    ..0 => "None".to_owned(),
                    ms => seconds(ms as u64),
                };
                let text = format!("{}.settimeout({time})", ident(on));
                self.out.call(text);
            }
            Op::SetBlocking { on, blocking } => {
                let blocking = if *blocking { "True" } else { "False" };
                let text = format!("{}.setblocking({blocking})", ident(on));
                self.out.call(text);
            }
            Op::GetSockName { on } => {
                let text = format!("print({}.getsockname())", ident(on));
                self.out.call(text);
            }
            Op::GetPeerName { on } => {
                let text = format!("print({}.getpeername())", ident(on));
                self.out.call(text);
            }
            Op::Fileno { on } => {
                let text = format!("print({}.fileno())", ident(on));
                self.out.call(text);
            }
            Op::Repeat { times, body } => {
                self.out
                    .call(format!("for _ in range({}):", ctx.count(times)));
                self.block(body);
            }
            Op::ForEachMessage { body } => {
                self.out.call("for message in messages:");
                self.block(body);
            }
            Op::Loop { body } => {
                self.out.call("while True:");
                self.block(body);
            }
            Op::BreakIfEmpty { name } => {
                let text = format!("if not {}:  # b'': the peer has closed", ident(name));
                self.out.call(text);
                self.out.indented(|out| out.line("break"));
            }
            Op::Ready => {}
        }
    }

    fn block(&mut self, body: &[Node]) {
        self.out.deeper();
        self.body(body);
        self.out.shallower();
    }

    fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let framing = self.ctx.framing;
        if *framing != FramingSpec::Raw && !self.scope.lasts(on) {
            let buffer = self.buffer(on);
            self.out.line(format!("{buffer} = b\"\""));
        }
        let buffer = self.buffer(on);
        let recv = format!("chunk := {}.recv({size})", ident(on));
        if count > 0 {
            self.out.line("received = 0");
            self.out
                .call(format!("while received < {count} and ({recv}):"));
        } else {
            self.out.call(format!("while {recv}:"));
        }
        let counted = |out: &mut Writer, by: &str| {
            if count > 0 {
                out.line(format!("received += {by}"));
            }
        };
        self.out.indented(|out| match framing {
            FramingSpec::Raw => {
                out.line("print(chunk)  # one recv is taken for one message");
                counted(out, "1");
            }
            FramingSpec::Delimiter { delimiter } => {
                // The longest message, and all of its delimiter but the last byte.
                let most = self.ctx.limit + delimiter.len() - 1;
                let delimiter = literal(delimiter);
                out.line(format!("{buffer} += chunk"));
                out.line(format!("*complete, {buffer} = {buffer}.split({delimiter})"));
                out.line("for message in complete:");
                out.indented(|out| out.line("print(message)"));
                counted(out, "len(complete)");
                out.line(format!("if len({buffer}) > {most}:"));
                out.indented(|out| out.line("raise ValueError(\"no delimiter\")"));
            }
            FramingSpec::Length { width, .. } => {
                let header = width.size();
                let format = framing.struct_format().unwrap_or_default();
                out.line(format!("{buffer} += chunk"));
                out.line(format!("while len({buffer}) >= {header}:"));
                out.indented(|out| {
                    out.line(format!(
                        "(length,) = struct.unpack_from(\"{format}\", {buffer})"
                    ));
                    if self.ctx.header_exceeds_limit() {
                        out.line(format!("if not 0 <= length <= {}:", self.ctx.limit));
                        out.indented(|out| out.line("raise ValueError(f\"length {length}\")"));
                    }
                    out.line(format!("if len({buffer}) < {header} + length:"));
                    out.indented(|out| out.line("break  # the rest comes with a later recv"));
                    out.line(format!("print({buffer}[{header}:{header} + length])"));
                    out.line(format!("{buffer} = {buffer}[{header} + length:]"));
                    counted(out, "1");
                });
            }
        });
    }

    /// The decoder's bytes, emptied where a connection begins, for one that lasts.
    fn lasting_buffer(&mut self, socket: &str) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
            let buffer = self.buffer(socket);
            self.out
                .line(format!("{buffer} = b\"\"  # received, not yet decoded"));
        }
    }

    fn buffer(&self, socket: &str) -> String {
        if self.scope.receiving().len() > 1 {
            format!("{}_buffer", ident(socket))
        } else {
            "buffer".to_owned()
        }
    }

    fn data(&self, data: &Data) -> String {
        match data {
            Data::Message => match self.ctx.framing {
                FramingSpec::Delimiter { delimiter } => {
                    format!("message + {}", literal(delimiter))
                }
                FramingSpec::Length { .. } => {
                    let format = self.ctx.framing.struct_format().unwrap_or_default();
                    format!("struct.pack(\"{format}\", len(message)) + message")
                }
                FramingSpec::Raw => "message".to_owned(),
            },
            Data::Var(name) => ident(name),
            Data::Text(text) => bytes(&self.ctx.text(text)),
        }
    }
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

/// Level and name, as arguments.
fn option_name(option: SockOpt) -> String {
    let level = match option {
        SockOpt::NoDelay | SockOpt::Cork | SockOpt::QuickAck | SockOpt::MaxSeg => "IPPROTO_TCP",
        _ => "SOL_SOCKET",
    };
    format!("socket.{level}, socket.{}", option.name())
}

/// Options whose value is a C structure, not a number.
fn is_structured(option: SockOpt) -> bool {
    matches!(
        option,
        SockOpt::RcvTimeout | SockOpt::SndTimeout | SockOpt::Linger
    )
}

fn option_value(option: SockOpt, value: i64) -> String {
    match option {
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            let ms = value.max(0);
            format!("struct.pack(\"ll\", {}, {})", ms / 1000, ms % 1000 * 1000)
        }
        SockOpt::Linger => {
            format!(
                "struct.pack(\"ii\", {}, {})",
                i32::from(value >= 0),
                value.max(0)
            )
        }
        _ => value.to_string(),
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Host(host, port) => format!("({}, {port})", quoted(host)),
        Place::Path(path) => quoted(path),
    }
}

/// Seconds, from milliseconds: `0.3`, `2`.
fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1000) {
        return (ms / 1000).to_string();
    }
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').to_owned()
}

/// A text as the bytes of its UTF-8: `b"hello"`, or `"你好".encode()`.
fn bytes(text: &str) -> String {
    if text.is_ascii() {
        literal(text.as_bytes())
    } else {
        format!("{}.encode()", quoted(text))
    }
}

/// A bytes literal.
fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("b\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String does not fail.
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push('"');
    text
}

/// A str literal.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
