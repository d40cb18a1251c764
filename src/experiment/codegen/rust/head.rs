//! What stands before the operations: imports, helper functions, messages.

use std::collections::BTreeSet;

use crate::experiment::codegen::Place;
use crate::experiment::codegen::commands;
use crate::experiment::codegen::waits_for_nothing;
use crate::experiment::codegen::wire::Sending;
use crate::experiment::program::{Address, Family, Op, Program, SockOpt, SocketKind};
use crate::framing::FramingSpec;

use super::Rust;
use super::words::{byte_literal, text_literal};

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

const RECV_FROM: &str = r"
/// A datagram, at most `size` bytes of it, and who sent it.
fn recv_from(socket: &Socket, size: usize) -> io::Result<(Vec<u8>, SockAddr)> {
    let mut buffer = Vec::with_capacity(size);
    let (n, from) = socket.recv_from(&mut buffer.spare_capacity_mut()[..size])?;
    // SAFETY: the kernel has written the first n bytes.
    unsafe { buffer.set_len(n) };
    Ok((buffer, from))
}
";

const PROMPT: &str = r#"
/// A line typed by a person, without its end.
fn prompt(ask: &str) -> io::Result<Vec<u8>> {
    print!("{ask}");
    io::stdout().flush()?;
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).into())
}
"#;

const NOW: &str = r#"
/// The time as C's asctime writes it, in UTC.
fn now() -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |time| time.as_secs());
    let (mut rest, mut year, mut month) = (seconds / 86400, 1970, 0);
    let weekday = days[rest as usize % 7];
    let leap = |y: u64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    while rest >= 365 + u64::from(leap(year)) {
        rest -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    let name = &months[month * 3..month * 3 + 3];
    let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
    let clock = format!("{hour:02}:{minute:02}:{:02}", seconds % 60);
    format!("{weekday} {name} {:2} {clock} {year}", rest + 1)
}
"#;

const RECV_EXACTLY: &str = r"
fn recv_exactly(socket: &Socket, size: usize) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    socket.take(size as u64).read_to_end(&mut data)?;
    Ok(data)
}
";

const FILL: &str = r"
/// Receives into the buffer until it is full or the stream ends; gives what came.
fn fill(mut socket: &Socket, mut buffer: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut held = 0;
    while held < buffer.len() {
        match socket.read(&mut buffer[held..])? {
            0 => break,
            n => held += n,
        }
    }
    buffer.truncate(held);
    Ok(buffer)
}
";

const READ_LINE: &str = r"
/// A line with its end, at most `size` bytes of it; none at the end of the stream.
fn read_line(file: &mut BufReader<Socket>, size: u64) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    file.take(size).read_until(b'\n', &mut line)?;
    Ok(line)
}
";

const TIMEOUT: &str = r"
/// How long calls wait: `None` for ever, zero not at all.
fn timeout(socket: &Socket) -> io::Result<Option<Duration>> {
    if socket.nonblocking()? {
        return Ok(Some(Duration::ZERO));
    }
    socket.read_timeout()
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

const ECHO_REQUEST: &str = r"
/// RFC 792: type 8, code 0, checksum, identifier, number, data.
fn echo_request(number: u16, data: &[u8], wrong: u16) -> Vec<u8> {
    let mut packet = vec![8, 0, 0, 0, 0, 1];
    packet.extend(number.to_be_bytes());
    packet.extend(data);
    // RFC 1071: the complement of the sum of all 16-bit words, the carries added again.
    let mut sum = 0;
    for (i, &byte) in packet.iter().enumerate() {
        sum += u32::from(byte) << if i % 2 == 0 { 8 } else { 0 };
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let checksum = !(sum as u16) ^ wrong;
    packet[2..4].copy_from_slice(&checksum.to_be_bytes());
    packet
}
";

/// The help that a program needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Domain,
    Sleep,
    Spawn,
    Duration,
    Ipv4,
    Ipv6,
    /// Addresses in numbers.
    Numbers,
    Protocol,
    /// ICMP built by hand.
    Echo,
    UnixAddress,
    Shutdown,
    Fileno,
    Write,
    Recv,
    Peek,
    RecvExactly,
    Fill,
    MakeFile,
    ReadLine,
    GetTimeout,
    ReadExact,
    RecvFrom,
    Prompt,
    Now,
    /// Messages are sent.
    SendMessage,
    /// Messages are told apart.
    Receive,
}

impl Rust<'_> {
    pub(super) fn needs(&self, program: &Program) -> BTreeSet<Need> {
        let mut needs = BTreeSet::new();
        program.walk(&mut |node| {
            let mut need = |need| {
                needs.insert(need);
            };
            match &node.op {
                Op::Socket { kind, .. } => {
                    need(Need::Domain);
                    if *kind == SocketKind::Icmp {
                        need(Need::Protocol);
                    }
                }
                Op::EchoRequest { .. } => need(Need::Echo),
                Op::ServeEach { threads, .. } if self.ctx.num(threads) != 0 => need(Need::Spawn),
                Op::Wait { until, .. } if waits_for_nothing(until, self.ctx) => {}
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
                Op::SendTo {
                    to: Address::Sender(_),
                    ..
                } => {}
                Op::RecvFrom { .. } => need(Need::RecvFrom),
                Op::Prompt { .. } => {
                    need(Need::Prompt);
                    need(Need::Write);
                }
                Op::Bind { on, to }
                | Op::Connect { on, to }
                | Op::ConnectEx { on, to }
                | Op::SendTo { on, to, .. } => {
                    need(match (self.ctx.place(to), self.scope.family(on)) {
                        (Place::Path(_), _) => Need::UnixAddress,
                        (_, Family::Inet6) => Need::Ipv6,
                        _ => Need::Ipv4,
                    });
                }
                Op::JoinGroup { .. } | Op::MulticastInterface { .. } => need(Need::Numbers),
                Op::Shutdown { .. } => need(Need::Shutdown),
                Op::Fileno { .. } => need(Need::Fileno),
                Op::Recv { peek: true, .. } => need(Need::Peek),
                Op::Recv { .. } | Op::RecvUntilEof { .. } | Op::ReceiveMessages { .. } => {
                    need(Need::Recv);
                }
                Op::RecvExactly { .. } => need(Need::RecvExactly),
                Op::RecvInto { .. } => need(Need::Fill),
                Op::MakeFile { .. } => need(Need::MakeFile),
                Op::ReadLine { .. } => need(Need::ReadLine),
                Op::GetTimeout { .. } => {
                    need(Need::GetTimeout);
                    need(Need::Duration);
                }
                Op::ReceiveMessage { .. } => {
                    need(Need::Recv);
                    if self.ctx.has_buffer() {
                        need(Need::Receive);
                    }
                }
                Op::ReceiveFile { .. } => {
                    need(Need::Recv);
                    need(Need::Write);
                    if self.ctx.has_buffer() {
                        need(Need::Receive);
                    }
                }
                Op::SendMessage { .. } => {
                    need(Need::SendMessage);
                    need(Need::Write);
                }
                Op::SendFile { .. } => {
                    need(Need::Write);
                    if self.ctx.encodes_files() {
                        need(Need::SendMessage);
                    }
                }
                _ => {}
            }
            if node.op.tells_time() {
                needs.insert(Need::Now);
            }
            if matches!(node.op, Op::SendAll { .. }) {
                needs.insert(Need::Write);
            }
            let acknowledged = self.ctx.sending() == Sending::Acknowledged;
            let sends_whole = matches!(node.op, Op::SendMessage { .. } | Op::SendFile { .. });
            if sends_whole && acknowledged {
                needs.insert(Need::ReadExact);
            }
            if sends_whole && self.ctx.pause_ms().is_some()
                || matches!(&node.op, Op::SendFile { pause, .. }
                    if self.ctx.count(pause) > 0
                        && matches!(self.ctx.framing, FramingSpec::EndMark { .. }))
            {
                needs.insert(Need::Sleep);
                needs.insert(Need::Duration);
            }
            if matches!(node.op, Op::ReceiveMessage { .. }) && acknowledged {
                needs.insert(Need::Write);
            }
            if node.op.sends_message() {
                needs.insert(Need::SendMessage);
                if acknowledged {
                    needs.insert(Need::Write);
                    needs.insert(Need::ReadExact);
                }
                if self.ctx.pause_ms().is_some() {
                    needs.insert(Need::Sleep);
                    needs.insert(Need::Duration);
                }
            }
            if let Op::ReceiveMessages { .. } = node.op {
                needs.insert(Need::Receive);
                if acknowledged {
                    needs.insert(Need::Write);
                }
            }
        });
        needs
    }

    pub(super) fn head(&mut self, program: &Program) {
        let needs = self.needs(program);
        let has = |need| needs.contains(&need);
        self.out.line(format!("// {}.rs", self.ctx.actor));
        self.out
            .line("// Cargo.toml: socket2 = { version = \"0.6\", features = [\"all\"] }");
        // In the order in which rustfmt sorts them.
        let mut io = vec!["self"];
        if has(Need::ReadLine) {
            io.push("BufRead");
        }
        if has(Need::MakeFile) || has(Need::ReadLine) {
            io.push("BufReader");
        }
        let reads = [
            Need::Recv,
            Need::RecvExactly,
            Need::ReadExact,
            Need::Fill,
            Need::ReadLine,
        ];
        if reads.into_iter().any(has) {
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
        if has(Need::Numbers) {
            net.push("Ipv4Addr");
        }
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
        if commands::used(program) {
            self.out.line("use std::process::{Command, Stdio};");
        }
        match (has(Need::Sleep), has(Need::Spawn)) {
            (true, false) => self.out.line("use std::thread::sleep;"),
            (false, true) => self.out.line("use std::thread::spawn;"),
            (true, true) => self.out.line("use std::thread::{sleep, spawn};"),
            (false, false) => {}
        }
        match (has(Need::Duration), has(Need::Now)) {
            (true, false) => self.out.line("use std::time::Duration;"),
            (false, true) => self.out.line("use std::time::{SystemTime, UNIX_EPOCH};"),
            (true, true) => self
                .out
                .line("use std::time::{Duration, SystemTime, UNIX_EPOCH};"),
            (false, false) => {}
        }
        self.out.gap();
        let mut names = Vec::new();
        if has(Need::Domain) {
            names.push("Domain");
        }
        if has(Need::Protocol) {
            names.push("Protocol");
        }
        let addresses = [Need::Ipv4, Need::Ipv6, Need::UnixAddress, Need::RecvFrom];
        if addresses.into_iter().any(has) {
            names.push("SockAddr");
        }
        let takes_socket = [
            Need::Domain,
            Need::Recv,
            Need::RecvExactly,
            Need::Fill,
            Need::ReadLine,
            Need::GetTimeout,
            Need::ReadExact,
            Need::Peek,
            Need::RecvFrom,
        ];
        if takes_socket.into_iter().any(has) {
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
            (RECV_FROM, has(Need::RecvFrom)),
            (ECHO_REQUEST, has(Need::Echo)),
            (PROMPT, has(Need::Prompt)),
            (NOW, has(Need::Now)),
            (RECV_EXACTLY, has(Need::RecvExactly)),
            (FILL, has(Need::Fill)),
            (READ_LINE, has(Need::ReadLine)),
            (TIMEOUT, has(Need::GetTimeout)),
        ];
        for (helper, needed) in helpers {
            if needed {
                self.out.gap();
                self.out.block(helper);
            }
        }
        let mut framing: Vec<String> = Vec::new();
        if has(Need::SendMessage) {
            framing.extend(self.encode_function());
        }
        if has(Need::Receive) {
            framing.extend(self.take_function());
        }
        framing.extend(self.file_functions(program));
        if commands::used(program) {
            framing.push(Self::command_function());
        }
        if !framing.is_empty() {
            framing.splice(0..0, self.checksum_function());
        }
        if has(Need::SendMessage) || has(Need::Receive) {
            framing.splice(0..0, self.mark());
        }
        for text in framing {
            self.out.gap();
            self.out.block(&text);
        }
        self.out.gap();
    }

    /// The list of messages.
    pub(super) fn messages(&mut self, program: &Program) {
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
}
