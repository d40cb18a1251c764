//! Programs as Rust, with the crate `socket2`; laid out as rustfmt does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::experiment::program::{Data, Family, How, Node, Num, Op, Program, SockOpt, SocketKind};
use crate::framing::{Endian, FramingSpec, LengthWidth};

use super::scope::{Holds, Scope, identifier};
use super::writer::Writer;
use super::{CodeContext, Listing, Place, waits_for};

/// Rust's words, and the names these listings use themselves.
const RESERVED: &[&str] = &[
    "as",
    "async",
    "at",
    "await",
    "break",
    "buffer",
    "chunk",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "encode",
    "enum",
    "error",
    "extern",
    "false",
    "fn",
    "for",
    "frame",
    "gen",
    "header",
    "if",
    "impl",
    "in",
    "io",
    "ipv4",
    "ipv6",
    "length",
    "let",
    "loop",
    "match",
    "message",
    "messages",
    "mod",
    "move",
    "mut",
    "peek",
    "pub",
    "received",
    "recv",
    "recv_exactly",
    "ref",
    "return",
    "self",
    "sleep",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
];

/// A variable's name.
fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

const RECV: &str = r"
/// At most `size` bytes; none at the end of the stream.
fn recv(mut socket: &Socket, size: usize) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; size];
    let n = socket.read(&mut buffer)?;
    buffer.truncate(n);
    Ok(buffer)
}
";

const PEEK: &str = r"
/// As `recv`, but the bytes stay in the receive buffer.
fn peek(socket: &Socket, size: usize) -> io::Result<Vec<u8>> {
    let mut buffer = Vec::with_capacity(size);
    let n = socket.peek(buffer.spare_capacity_mut())?;
    // SAFETY: the kernel has written the first n bytes.
    unsafe { buffer.set_len(n) };
    Ok(buffer)
}
";

const RECV_EXACTLY: &str = r"
fn recv_exactly(socket: &Socket, size: usize) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    socket.take(size as u64).read_to_end(&mut data)?;
    Ok(data)
}
";

const IPV4: &str = r#"
fn ipv4(host: &str, port: u16) -> io::Result<SockAddr> {
    let mut found = (host, port).to_socket_addrs()?;
    let address = found.find(SocketAddr::is_ipv4);
    Ok(address.expect("an IPv4 address").into())
}
"#;

const IPV6: &str = r#"
fn ipv6(host: &str, port: u16) -> io::Result<SockAddr> {
    let mut found = (host, port).to_socket_addrs()?;
    let address = found.find(SocketAddr::is_ipv6);
    Ok(address.expect("an IPv6 address").into())
}
"#;

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut rust = Rust {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
    };
    rust.head(program);
    rust.out.line("fn main() -> io::Result<()> {");
    rust.out.deeper();
    rust.messages(program);
    rust.body(&program.nodes);
    rust.out.line("Ok(())");
    rust.out.shallower();
    rust.out.line("}");
    rust.out.finish()
}

struct Rust<'a> {
    ctx: &'a CodeContext<'a>,
    scope: Scope,
    out: Writer,
}

/// The help that a program needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Domain,
    Sleep,
    Duration,
    Ipv4,
    Ipv6,
    UnixAddress,
    Shutdown,
    Fileno,
    Write,
    Recv,
    Peek,
    RecvExactly,
    Encode,
}

impl Rust<'_> {
    fn needs(&self, program: &Program) -> BTreeSet<Need> {
        let mut needs = BTreeSet::new();
        program.walk(&mut |node| {
            let mut need = |need| {
                needs.insert(need);
            };
            match &node.op {
                Op::Socket { .. } => need(Need::Domain),
                Op::Sleep { .. } | Op::Wait { .. } => {
                    need(Need::Sleep);
                    need(Need::Duration);
                }
                Op::SetTimeout { ms, .. } if self.ctx.num(ms) > 0 => need(Need::Duration),
                Op::SetOption { option, value, .. } => match option {
                    SockOpt::RcvTimeout | SockOpt::SndTimeout if self.ctx.num(value) > 0 => {
                        need(Need::Duration);
                    }
                    SockOpt::Linger if self.ctx.num(value) >= 0 => need(Need::Duration),
                    _ => {}
                },
                Op::Bind { on, to } | Op::Connect { on, to } | Op::ConnectEx { on, to } => {
                    need(match (self.ctx.place(to), self.scope.family(on)) {
                        (Place::Path(_), _) => Need::UnixAddress,
                        (_, Family::Inet6) => Need::Ipv6,
                        _ => Need::Ipv4,
                    });
                }
                Op::Shutdown { .. } => need(Need::Shutdown),
                Op::Fileno { .. } => need(Need::Fileno),
                Op::Recv { peek: true, .. } => need(Need::Peek),
                Op::Recv { .. } | Op::RecvUntilEof { .. } | Op::ReceiveMessages { .. } => {
                    need(Need::Recv);
                }
                Op::RecvExactly { .. } => need(Need::RecvExactly),
                _ => {}
            }
            if matches!(node.op, Op::SendAll { .. }) {
                needs.insert(Need::Write);
            }
            if let Op::Send {
                data: Data::Message,
                ..
            }
            | Op::SendAll {
                data: Data::Message,
                ..
            } = &node.op
                && *self.ctx.framing != FramingSpec::Raw
            {
                needs.insert(Need::Encode);
            }
        });
        needs
    }

    fn head(&mut self, program: &Program) {
        let needs = self.needs(program);
        let has = |need| needs.contains(&need);
        self.out.line(format!("// {}.rs", self.ctx.actor));
        self.out
            .line("// Cargo.toml: socket2 = { version = \"0.6\", features = [\"all\"] }");
        // In the order in which rustfmt sorts them.
        let mut io = vec!["self"];
        if has(Need::Recv) || has(Need::RecvExactly) {
            io.push("Read");
        }
        if has(Need::Write) {
            io.push("Write");
        }
        if io.len() > 1 {
            self.out
                .line(format!("use std::io::{{{}}};", io.join(", ")));
        } else {
            self.out.line("use std::io;");
        }
        let mut net = Vec::new();
        if has(Need::Shutdown) {
            net.push("Shutdown");
        }
        if has(Need::Ipv4) || has(Need::Ipv6) {
            net.push("SocketAddr");
            net.push("ToSocketAddrs");
        }
        match &net[..] {
            [] => {}
            [one] => self.out.line(format!("use std::net::{one};")),
            several => self
                .out
                .line(format!("use std::net::{{{}}};", several.join(", "))),
        }
        if has(Need::Fileno) {
            self.out.line("use std::os::fd::AsRawFd;");
        }
        if has(Need::Sleep) {
            self.out.line("use std::thread::sleep;");
        }
        if has(Need::Duration) {
            self.out.line("use std::time::Duration;");
        }
        self.out.gap();
        let mut names = Vec::new();
        if has(Need::Domain) {
            names.push("Domain");
        }
        if has(Need::Ipv4) || has(Need::Ipv6) || has(Need::UnixAddress) {
            names.push("SockAddr");
        }
        if has(Need::Domain) || has(Need::Recv) || has(Need::RecvExactly) || has(Need::Peek) {
            names.push("Socket");
        }
        if has(Need::Domain) {
            names.push("Type");
        }
        match &names[..] {
            [] => {}
            [one] => self.out.line(format!("use socket2::{one};")),
            several => self
                .out
                .line(format!("use socket2::{{{}}};", several.join(", "))),
        }
        let helpers = [
            (IPV4, has(Need::Ipv4)),
            (IPV6, has(Need::Ipv6)),
            (RECV, has(Need::Recv)),
            (PEEK, has(Need::Peek)),
            (RECV_EXACTLY, has(Need::RecvExactly)),
        ];
        for (helper, needed) in helpers {
            if needed {
                self.out.gap();
                self.out.block(helper);
            }
        }
        if has(Need::Encode) {
            self.out.gap();
            self.encode();
        }
        self.out.gap();
    }

    /// A function that encodes a message.
    fn encode(&mut self) {
        let framing = self.ctx.framing;
        self.out.line("fn encode(message: &[u8]) -> Vec<u8> {");
        self.out.indented(|out| match framing {
            FramingSpec::Raw => {}
            FramingSpec::Delimiter { delimiter } => {
                out.line(format!("[message, {}].concat()", literal(delimiter)));
            }
            FramingSpec::Length { width, endian } => {
                let (kind, order) = (width.name(), order(*endian));
                out.line(format!("let length = {kind}::try_from(message.len());"));
                out.line(
                    "let length = length.expect(\"its header can say how long the message is\");",
                );
                out.line(format!(
                    "[&length.to_{order}_bytes()[..], message].concat()"
                ));
            }
        });
        self.out.line("}");
    }

    /// The list of messages.
    fn messages(&mut self, program: &Program) {
        let mut needed = false;
        program.walk(&mut |node| needed |= matches!(node.op, Op::ForEachMessage { .. }));
        if !needed {
            return;
        }
        let list = self.ctx.messages;
        let parts = list.parts();
        let count = list.count;
        if let ([text], false) = (&parts[..], list.numbered) {
            let item = match (list.size, text.len()) {
                (0, _) => format!("{}.to_vec()", text_literal(text)),
                (size, 1) => format!("vec![{}; {size}]", byte_literal(text.as_bytes()[0])),
                (size, length) if size.is_multiple_of(length) => {
                    format!("{}.repeat({})", text_literal(text), size / length)
                }
                (size, length) => format!(
                    "{}.repeat({})[..{size}].to_vec()",
                    text_literal(text),
                    size / length + 1
                ),
            };
            self.out
                .line(format!("let messages = vec![{item}; {count}];"));
            self.out.gap();
            return;
        }
        let text = if let [text] = &parts[..] {
            text_literal(text)
        } else {
            let texts: Vec<String> = parts.iter().map(|t| text_literal(t)).collect();
            let row = texts.join(", ");
            if row.len() <= 60 {
                self.out.line(format!("let texts: &[&[u8]] = &[{row}];"));
            } else {
                self.out.line("let texts: &[&[u8]] = &[");
                self.out
                    .indented(|out| texts.iter().for_each(|t| out.line(format!("{t},"))));
                self.out.line("];");
            }
            format!("texts[i % {}]", parts.len())
        };
        self.out
            .line("let mut messages: Vec<Vec<u8>> = Vec::new();");
        self.out.line(format!("for i in 0..{count} {{"));
        self.out.indented(|out| {
            let mutable = if list.numbered { "mut " } else { "" };
            out.line(format!("let {mutable}message = {text}.to_vec();"));
            if list.numbered {
                out.line("message.extend((i + 1).to_string().bytes());");
            }
            if list.size > 0 {
                out.line(format!(
                    "let message = message.into_iter().cycle().take({}).collect();",
                    list.size
                ));
            }
            out.line("messages.push(message);");
        });
        self.out.line("}");
        self.out.gap();
    }

    fn body(&mut self, nodes: &[Node]) {
        for node in nodes {
            let outer = self.out.belongs_to(Some(node.id));
            let hoisted: Vec<(String, Holds)> = self
                .scope
                .hoisted(node.id)
                .map(|(name, v)| (name.to_owned(), v.holds))
                .collect();
            for (name, holds) in hoisted {
                let text = ident(&name);
                match holds {
                    Holds::Socket(family, kind) => {
                        self.out.line(format!(
                            "let mut {text} = {}; // replaced below",
                            new(family, kind)
                        ));
                        self.lasting_buffer(&name, true);
                    }
                    Holds::Bytes(_) => self
                        .out
                        .line(format!("let mut {text}: Vec<u8> = Vec::new();")),
                }
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
                    "{} = {};",
                    self.assigned(name, node.id),
                    new(*family, *kind)
                );
                self.out.call(text);
                self.lasting_buffer(name, self.scope.declares(name, node.id));
            }
            Op::SetOption { on, option, value } => {
                let (name, value) = (ident(on), ctx.num(value));
                let text = format!(
                    "{name}.set_{}({})?;",
                    method(*option),
                    argument(*option, value)
                );
                self.out.call(text);
            }
            Op::GetOption { on, option } => {
                let name = ident(on);
                let text = format!("println!(\"{{:?}}\", {name}.{}()?);", method(*option));
                self.out.call(text);
            }
            Op::Bind { on, to } => {
                let address = self.address(on, &ctx.place(to));
                let text = format!("{}.bind(&{address})?;", ident(on));
                self.out.call(text);
            }
            Op::Listen { on, backlog } => {
                let text = format!("{}.listen({})?;", ident(on), ctx.num(backlog));
                self.out.call(text);
            }
            Op::Accept { on, name } => {
                let (text, on) = (ident(name), ident(on));
                let declares = self.scope.declares(name, node.id);
                let again = self.scope.get(name).is_some_and(|v| v.reassigned);
                let call = match (declares, again) {
                    (true, false) => format!("let ({text}, _peer) = {on}.accept()?;"),
                    (true, true) => format!("let (mut {text}, _peer) = {on}.accept()?;"),
                    (false, _) => format!("({text}, _) = {on}.accept()?;"),
                };
                self.out.call(call);
                self.lasting_buffer(name, declares);
            }
            Op::Connect { on, to } => {
                let address = self.address(on, &ctx.place(to));
                let text = format!("{}.connect(&{address})?;", ident(on));
                self.out.call(text);
            }
            Op::ConnectEx { on, to } => {
                let address = self.address(on, &ctx.place(to));
                let text = format!("if let Err(error) = {}.connect(&{address}) {{", ident(on));
                self.out.call(text);
                self.out.indented(|out| out.line("println!(\"{error}\");"));
                self.out.line("}");
            }
            Op::Send { on, data } => {
                let text = format!("{}.send({})?;", ident(on), self.data(data));
                self.out.call(text);
            }
            Op::SendAll { on, data } => {
                let text = format!("(&{}).write_all({})?;", ident(on), self.data(data));
                self.out.call(text);
            }
            Op::Recv {
                on,
                size,
                name,
                peek,
            } => {
                let function = if *peek { "peek" } else { "recv" };
                self.received(name, node.id, on, size, function);
            }
            Op::RecvExactly { on, size, name } => {
                self.received(name, node.id, on, size, "recv_exactly");
            }
            Op::RecvUntilEof { on, size } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.out.line("loop {");
                self.out.indented(|out| {
                    out.call(format!("let chunk = recv(&{on}, {size})?;"));
                    break_if_empty(out, "chunk");
                    out.line("println!(\"{}\", chunk.escape_ascii());");
                });
                self.out.line("}");
            }
            Op::ReceiveMessages { on, size, count } => self.receive_messages(on, size, count),
            Op::Shutdown { on, how } => {
                let how = match how {
                    How::Read => "Read",
                    How::Write => "Write",
                    How::Both => "Both",
                };
                let text = format!("{}.shutdown(Shutdown::{how})?;", ident(on));
                self.out.call(text);
            }
            Op::Close { on } => {
                let text = format!("drop({}); // closes it", ident(on));
                self.out.call(text);
            }
            Op::Sleep { ms } => self
                .out
                .call(format!("sleep(Duration::from_millis({}));", ctx.count(ms))),
            Op::Wait { actor, until, ms } => {
                let text = format!(
                    "sleep(Duration::from_millis({})); // {}",
                    ctx.count(ms),
                    waits_for(actor, until, ctx)
                );
                self.out.call(text);
            }
            Op::SetTimeout { on, ms } => {
                let name = ident(on);
                match ctx.num(ms) {
                    0 => self.out.call(format!("{name}.set_nonblocking(true)?;")),
                    ms => {
                        let time = duration(ms, "from_millis");
                        self.out.call(format!("{name}.set_read_timeout({time})?;"));
                        self.out.line(format!("{name}.set_write_timeout({time})?;"));
                    }
                }
            }
            Op::SetBlocking { on, blocking } => {
                let text = format!("{}.set_nonblocking({})?;", ident(on), !blocking);
                self.out.call(text);
            }
            Op::GetSockName { on } => {
                let text = format!("println!(\"{{:?}}\", {}.local_addr()?);", ident(on));
                self.out.call(text);
            }
            Op::GetPeerName { on } => {
                let text = format!("println!(\"{{:?}}\", {}.peer_addr()?);", ident(on));
                self.out.call(text);
            }
            Op::Fileno { on } => {
                let text = format!("println!(\"{{}}\", {}.as_raw_fd());", ident(on));
                self.out.call(text);
            }
            Op::Repeat { times, body } => {
                self.out
                    .call(format!("for _ in 0..{} {{", ctx.count(times)));
                self.block(body);
            }
            Op::ForEachMessage { body } => {
                self.out.call("for message in &messages {");
                self.block(body);
            }
            Op::Loop { body } => {
                self.out.call("loop {");
                self.block(body);
            }
            Op::BreakIfEmpty { name } => {
                let name = ident(name);
                self.out.call(format!("if {name}.is_empty() {{"));
                self.out
                    .indented(|out| out.line("break; // 0 bytes: the peer has closed"));
                self.out.line("}");
            }
            Op::Ready => {}
        }
    }

    fn block(&mut self, body: &[Node]) {
        let before = self.out.len();
        self.out.deeper();
        self.body(body);
        self.out.shallower();
        if self.out.len() == before {
            self.out.append("}");
        } else {
            self.out.line("}");
        }
    }

    fn received(&mut self, name: &str, at: u16, on: &str, size: &Num, function: &str) {
        let text = ident(name);
        let call = format!(
            "{} = {function}(&{}, {})?;",
            self.assigned(name, at),
            ident(on),
            self.ctx.count(size)
        );
        self.out.call(call);
        self.out
            .line(format!("println!(\"{{}}\", {text}.escape_ascii());"));
    }

    fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, on_name) = (self.buffer(on), ident(on));
        if *self.ctx.framing != FramingSpec::Raw && !self.scope.lasts(on) {
            self.out
                .line(format!("let mut {buffer}: Vec<u8> = Vec::new();"));
        }
        if count > 0 {
            self.out.line("let mut received = 0;");
            self.out.line(format!("while received < {count} {{"));
        } else {
            self.out.line("loop {");
        }
        let counted = |out: &mut Writer| {
            if count > 0 {
                out.line("received += 1;");
            }
        };
        self.out.indented(|out| {
            out.call(format!("let chunk = recv(&{on_name}, {size})?;"));
            break_if_empty(out, "chunk");
            match self.ctx.framing {
                FramingSpec::Raw => {
                    out.line("// One recv is taken for one message.");
                    out.line("println!(\"{}\", chunk.escape_ascii());");
                    counted(out);
                }
                FramingSpec::Delimiter { delimiter } => {
                    let length = delimiter.len();
                    // The longest message, and all of its delimiter but the last byte.
                    let most = self.ctx.limit + length - 1;
                    out.line(format!("{buffer}.extend(chunk);"));
                    let find = match delimiter[..] {
                        [byte] => {
                            format!("{buffer}.iter().position(|&b| b == {})", byte_literal(byte))
                        }
                        _ => format!(
                            "{buffer}.windows({length}).position(|w| w == {})",
                            literal(delimiter)
                        ),
                    };
                    out.line(format!("while let Some(at) = {find} {{"));
                    out.indented(|out| {
                        out.line(format!(
                            "println!(\"{{}}\", {buffer}[..at].escape_ascii());"
                        ));
                        out.line(format!("{buffer}.drain(..at + {length});"));
                        counted(out);
                    });
                    out.line("}");
                    out.line(format!("if {buffer}.len() > {most} {{"));
                    out.indented(|out| {
                        out.line("return Err(io::Error::other(\"no delimiter\"));");
                    });
                    out.line("}");
                }
                FramingSpec::Length { width, endian } => {
                    let (size, kind, order) = (width.size(), width.name(), order(*endian));
                    out.line(format!("{buffer}.extend(chunk);"));
                    out.line(format!(
                        "while let Some(header) = {buffer}.first_chunk() {{"
                    ));
                    out.indented(|out| {
                        let number = format!("{kind}::from_{order}_bytes(*header)");
                        if *width == LengthWidth::I32 {
                            out.line(format!("let length = {number};"));
                            out.line(
                                "let length = usize::try_from(length).map_err(io::Error::other)?;",
                            );
                        } else {
                            out.line(format!("let length = {number} as usize;"));
                        }
                        if self.ctx.header_exceeds_limit() {
                            out.line(format!("if length > {} {{", self.ctx.limit));
                            out.indented(|out| {
                                out.line(
                                    "return Err(io::Error::other(format!(\"length {length}\")));",
                                );
                            });
                            out.line("}");
                        }
                        out.line(format!("if {buffer}.len() < {size} + length {{"));
                        out.indented(|out| out.line("break; // the rest comes with a later recv"));
                        out.line("}");
                        out.line(format!("let message = &{buffer}[{size}..{size} + length];"));
                        out.line("println!(\"{}\", message.escape_ascii());");
                        out.line(format!("{buffer}.drain(..{size} + length);"));
                        counted(out);
                    });
                    out.line("}");
                }
            }
        });
        self.out.line("}");
    }

    /// The decoder's bytes, for one that lasts: declared or emptied where a connection begins.
    fn lasting_buffer(&mut self, socket: &str, declare: bool) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
            let buffer = self.buffer(socket);
            self.out.line(if declare {
                format!("let mut {buffer}: Vec<u8> = Vec::new(); // received, not yet decoded")
            } else {
                format!("{buffer}.clear();")
            });
        }
    }

    fn buffer(&self, socket: &str) -> String {
        if self.scope.receiving().len() > 1 {
            format!("{}_buffer", ident(socket))
        } else {
            "buffer".to_owned()
        }
    }

    /// The left side of an assignment.
    fn assigned(&self, name: &str, at: u16) -> String {
        let text = ident(name);
        match self.scope.get(name) {
            Some(v) if v.inline && v.at == at && v.reassigned => format!("let mut {text}"),
            Some(v) if v.inline && v.at == at => format!("let {text}"),
            _ => text,
        }
    }

    fn address(&self, on: &str, place: &Place) -> String {
        match place {
            Place::Host(host, port) => {
                let (function, any) = match self.scope.family(on) {
                    Family::Inet6 => ("ipv6", "::"),
                    _ => ("ipv4", "0.0.0.0"),
                };
                let host = if host.is_empty() { any } else { host };
                format!("{function}({}, {port})?", quoted(host))
            }
            Place::Path(path) => format!("SockAddr::unix({})?", quoted(path)),
        }
    }

    fn data(&self, data: &Data) -> String {
        match data {
            Data::Message if *self.ctx.framing == FramingSpec::Raw => "message".to_owned(),
            Data::Message => "&encode(message)".to_owned(),
            Data::Var(name) => format!("&{}", ident(name)),
            Data::Text(text) => text_literal(&self.ctx.text(text)),
        }
    }
}

fn break_if_empty(out: &mut Writer, name: &str) {
    out.line(format!("if {name}.is_empty() {{"));
    out.indented(|out| out.line("break;"));
    out.line("}");
}

fn new(family: Family, kind: SocketKind) -> String {
    let domain = match family {
        Family::Inet => "IPV4",
        Family::Inet6 => "IPV6",
        Family::Unix => "UNIX",
    };
    let kind = match kind {
        SocketKind::Stream => "STREAM",
        SocketKind::Datagram => "DGRAM",
        SocketKind::SeqPacket => "SEQPACKET",
    };
    format!("Socket::new(Domain::{domain}, Type::{kind}, None)?")
}

/// The reading method of an option; the writing one has `set_` before it.
fn method(option: SockOpt) -> &'static str {
    match option {
        SockOpt::SndBuf => "send_buffer_size",
        SockOpt::RcvBuf => "recv_buffer_size",
        SockOpt::NoDelay => "tcp_nodelay",
        SockOpt::Cork => "tcp_cork",
        SockOpt::QuickAck => "tcp_quickack",
        SockOpt::MaxSeg => "tcp_mss",
        SockOpt::ReuseAddr => "reuse_address",
        SockOpt::RcvTimeout => "read_timeout",
        SockOpt::SndTimeout => "write_timeout",
        SockOpt::Linger => "linger",
        SockOpt::KeepAlive => "keepalive",
    }
}

fn argument(option: SockOpt, value: i64) -> String {
    match option {
        SockOpt::SndBuf | SockOpt::RcvBuf | SockOpt::MaxSeg => value.max(0).to_string(),
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            duration(if value == 0 { -1 } else { value }, "from_millis")
        }
        SockOpt::Linger => duration(value, "from_secs"),
        SockOpt::NoDelay
        | SockOpt::Cork
        | SockOpt::QuickAck
        | SockOpt::ReuseAddr
        | SockOpt::KeepAlive => (value != 0).to_string(),
    }
}

/// `None` for a negative number.
fn duration(number: i64, unit: &str) -> String {
    match number {
        ..0 => "None".to_owned(),
        number => format!("Some(Duration::{unit}({number}))"),
    }
}

fn order(endian: Endian) -> &'static str {
    match endian {
        Endian::Big => "be",
        Endian::Little => "le",
    }
}

fn byte_literal(byte: u8) -> String {
    match byte {
        b'\'' => "b'\\''".to_owned(),
        b'"' => "b'\"'".to_owned(),
        _ => format!("b'{}'", escaped(&[byte])),
    }
}

fn literal(bytes: &[u8]) -> String {
    format!("b\"{}\"", escaped(bytes))
}

/// A text as the bytes of its UTF-8.
fn text_literal(text: &str) -> String {
    if text.is_ascii() {
        literal(text.as_bytes())
    } else {
        format!("{}.as_bytes()", quoted(text))
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String does not fail.
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}
