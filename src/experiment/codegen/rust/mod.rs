//! Programs as Rust, with the crate `socket2`; laid out as rustfmt does.

use crate::experiment::codegen::scope::{Holds, Scope};
use crate::experiment::codegen::wire::Sending;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::codegen::{CodeContext, Listing, Place, waits_for};
use crate::experiment::program::{
    Address, Data, Family, How, Node, Num, Op, Program, SocketKind, Text,
};

mod commands;
mod files;
mod framing;
mod head;
mod receive;
mod serving;
mod words;

use self::words::{argument, duration, ident, ipv4, method, new, quoted, text_literal};

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut rust = Rust {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
    };
    rust.head(program);
    rust.serve_function(program);
    rust.out.line("fn main() -> io::Result<()> {");
    rust.out.deeper();
    rust.samples(program);
    rust.messages(&program.without_served());
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

impl Rust<'_> {
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
                    Holds::File => self.out.line(format!(
                        "let mut {text} = BufReader::new({}); // replaced below",
                        new(Family::Inet, SocketKind::Stream)
                    )),
                    Holds::Sender => self.out.line(format!(
                        "let mut {text} = SockAddr::unix(\"\")?; // replaced below"
                    )),
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
            Op::SetOption { option, value, .. } if option.leaves_default(ctx.num(value)) => {
                let name = option.name();
                self.out.call(format!("// {name}: the system's default"));
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
                let text = match self.data(data) {
                    None => format!("send_acknowledged(&{}, message)?;", ident(on)),
                    Some(data) => format!("{}.send({data})?;", ident(on)),
                };
                self.out.call(text);
                self.pause(data);
            }
            Op::SendAll { on, data } => {
                let text = match self.data(data) {
                    None => format!("send_acknowledged(&{}, message)?;", ident(on)),
                    Some(data) => format!("(&{}).write_all({data})?;", ident(on)),
                };
                self.out.call(text);
                self.pause(data);
            }
            Op::SendTo { on, data, to } => {
                let data = self.data(data).unwrap_or_default();
                let to = match to {
                    Address::Sender(name) => ident(name),
                    to => self.address(on, &ctx.place(to)),
                };
                let text = format!("{}.send_to({data}, &{to})?;", ident(on));
                self.out.call(text);
            }
            Op::RecvFrom {
                on,
                size,
                name,
                from,
            } => self.recv_from(node.id, on, size, name, from.as_deref()),
            Op::JoinGroup {
                on,
                group,
                interface,
            } => {
                let (group, interface) = (ipv4(ctx.ipv4(group)), ipv4(ctx.ipv4(interface)));
                self.out.line(format!("let group = {group};"));
                self.out.line(format!("let interface = {interface};"));
                let on = ident(on);
                self.out
                    .call(format!("{on}.join_multicast_v4(&group, &interface)?;"));
            }
            Op::MulticastInterface { on, interface } => {
                let interface = ipv4(ctx.ipv4(interface));
                let on = ident(on);
                self.out
                    .call(format!("{on}.set_multicast_if_v4(&{interface})?;"));
            }
            Op::Unlink { path } => {
                let path = quoted(path);
                self.out.call(format!("std::fs::remove_file({path})?;"));
            }
            Op::Prompt { name, ask, .. } => {
                let ask = quoted(&ctx.text(ask));
                let text = format!("{} = prompt({ask})?;", self.assigned(name, node.id));
                self.out.call(text);
            }
            Op::BreakIf { name, equals } => {
                let condition = self.holds_one_of(name, equals);
                self.out.call(format!("if {condition} {{"));
                self.out.indented(|out| out.line("break;"));
                self.out.line("}");
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
            Op::RecvInto { on, size, name } => {
                let text = ident(name);
                let (on, size) = (ident(on), ctx.count(size));
                self.out.call(format!(
                    "{} = fill(&{on}, vec![0; {size}])?;",
                    self.assigned(name, node.id)
                ));
                self.shown(&text);
            }
            Op::MakeFile { on, name } => {
                let text = ident(name);
                let left = match (self.scope.declares(name, node.id), self.scope.reads(name)) {
                    (true, true) => format!("let mut {text}"),
                    (true, false) => format!("let {text}"),
                    (false, _) => text,
                };
                let on = ident(on);
                self.out
                    .call(format!("{left} = BufReader::new({on}.try_clone()?);"));
            }
            Op::ReadLine { file, size, name } => {
                let text = ident(name);
                let (file, size) = (ident(file), ctx.count(size));
                self.out.call(format!(
                    "{} = read_line(&mut {file}, {size})?;",
                    self.assigned(name, node.id)
                ));
                self.shown(&text);
            }
            Op::Duplicate { on, name } => {
                let text = format!(
                    "{} = {}.try_clone()?;",
                    self.assigned(name, node.id),
                    ident(on)
                );
                self.out.call(text);
                self.lasting_buffer(name, self.scope.declares(name, node.id));
            }
            Op::GetTimeout { on } => {
                let text = format!("println!(\"{{:?}}\", timeout(&{})?);", ident(on));
                self.out.call(text);
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
            Op::ReceiveMessages {
                on, size, count, ..
            } => self.receive_messages(on, size, count),
            Op::RunCommand { line, name } => self.run_command(node.id, line, name),
            Op::EchoRequest {
                name,
                number,
                data,
                wrong,
            } => {
                let (number, wrong) = (ctx.count(number), ctx.count(wrong));
                let data = text_literal(&ctx.text(data));
                let text = format!(
                    "{} = echo_request({number}, {data}, {wrong});",
                    self.assigned(name, node.id)
                );
                self.out.call(text);
            }
            Op::WhenReceived { name, equals, body } => {
                let condition = self.holds_one_of(name, equals);
                self.out.call(format!("if {condition} {{"));
                self.block(body);
            }
            Op::SendMessage { on, data } => self.send_message(on, data),
            Op::ReceiveMessage { on, size, name } => {
                self.receive_message(node.id, on, size, name);
            }
            Op::SendFile {
                on, file, chunk, ..
            } => self.send_file(on, file, chunk),
            Op::ReceiveFile {
                on,
                size,
                name,
                folder,
                ..
            } => self.receive_file(on, size, name, folder),
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
                for file in self.scope.files_of(on) {
                    self.out.line(format!("drop({});", ident(file)));
                }
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
                let name = ident(on);
                self.out
                    .call(format!("{name}.set_nonblocking({})?;", !blocking));
                if *blocking {
                    self.out.line(format!("{name}.set_read_timeout(None)?;"));
                    self.out.line(format!("{name}.set_write_timeout(None)?;"));
                }
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
            Op::Try { body } => {
                self.out.call("if let Err(error) = (|| -> io::Result<()> {");
                self.out.deeper();
                self.body(body);
                self.out.line("Ok(())");
                self.out.shallower();
                self.out.line("})() {");
                self.out.indented(|out| out.line("println!(\"{error}\");"));
                self.out.line("}");
            }
            Op::ServeEach {
                on,
                name,
                count,
                threads,
                ..
            } => self.serve_each(on, name, count, threads),
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
            // Decided before anything is written.
            Op::When { .. } | Op::Ready => {}
        }
    }

    /// A condition: the variable holds one of these texts.
    fn holds_one_of(&self, name: &str, equals: &[Text]) -> String {
        let name = ident(name);
        let tests: Vec<String> = equals
            .iter()
            .map(|text| format!("{name} == {}", text_literal(&self.ctx.text(text))))
            .collect();
        tests.join(" || ")
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

    fn recv_from(&mut self, at: u16, on: &str, size: &Num, name: &str, from: Option<&str>) {
        let call = format!("recv_from(&{}, {})?", ident(on), self.ctx.count(size));
        let declares = |name: &str| self.scope.declares(name, at);
        let here = [Some(name), from]
            .into_iter()
            .flatten()
            .filter(|n| declares(n));
        let (text, count) = (ident(name), here.count());
        let variable = |name: &str| {
            let again = self.scope.get(name).is_some_and(|v| v.reassigned);
            let mutable = if again && declares(name) { "mut " } else { "" };
            format!("{mutable}{}", ident(name))
        };
        let sender = from.map_or("_".to_owned(), variable);
        let (data, all) = (variable(name), 1 + usize::from(from.is_some()));
        if count == all {
            self.out.call(format!("let ({data}, {sender}) = {call};"));
        } else if count == 0 {
            self.out.call(format!("({data}, {sender}) = {call};"));
        } else {
            self.out.call(format!("let got = {call};"));
            for (n, name) in [Some(name), from].into_iter().flatten().enumerate() {
                let line = format!("{} = got.{n};", self.assigned(name, at));
                self.out.line(line);
            }
        }
        self.out
            .line(format!("println!(\"{{}}\", {text}.escape_ascii());"));
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
        self.shown(&text);
    }

    /// Shows the bytes of a variable.
    fn shown(&mut self, name: &str) {
        self.out
            .line(format!("println!(\"{{}}\", {name}.escape_ascii());"));
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

    /// The sleep of a framing that lives by it.
    fn pause(&mut self, data: &Data) {
        if let (Data::Message, Some(ms)) = (data, self.ctx.pause_ms()) {
            self.out
                .line(format!("sleep(Duration::from_millis({ms}));"));
        }
    }

    /// Puts the parts of what is sent into one vector, a line for each: such lines are laid out as
    /// rustfmt does however long a text is.
    fn joined(&mut self, parts: &[Data]) {
        self.out.line("let mut joined: Vec<u8> = Vec::new();");
        for part in parts {
            let bytes = match part {
                Data::Time => "now().bytes()".to_owned(),
                part => self.data(part).unwrap_or_default(),
            };
            self.out.line(format!("joined.extend({bytes});"));
        }
    }

    /// What is sent, as an argument; none for a message that has to be acknowledged on its way.
    fn data(&mut self, data: &Data) -> Option<String> {
        Some(match data {
            Data::Message => match self.ctx.sending() {
                Sending::Plain => "message".to_owned(),
                Sending::Encoded => "&encode(message)".to_owned(),
                Sending::Acknowledged => return None,
            },
            Data::Var(name) => format!("&{}", ident(name)),
            Data::Text(text) => text_literal(&self.ctx.text(text)),
            Data::Time => "now().as_bytes()".to_owned(),
            Data::Joined(parts) => {
                self.joined(parts);
                "&joined".to_owned()
            }
        })
    }
}

fn break_if_empty(out: &mut Writer, name: &str) {
    out.line(format!("if {name}.is_empty() {{"));
    out.indented(|out| out.line("break;"));
    out.line("}");
}
