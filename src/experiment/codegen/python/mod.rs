//! Programs as Python 3: a script with `socket` and `struct`.

use crate::experiment::codegen::scope::Scope;
use crate::experiment::codegen::wire::Sending;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::codegen::{CodeContext, Listing, waits_for};
use crate::experiment::program::{Address, Data, How, Node, Op, Program, Text};

mod commands;
mod echo;
mod files;
mod framing;
mod head;
mod receive;
mod serving;
mod words;

use self::words::{
    bytes, family_name, ident, kind_name, option_name, option_value, place, quoted, seconds,
};

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut python = Python {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
    };
    python.head(program);
    python.serve_function(program);
    python.body(&program.nodes);
    python.out.finish()
}

struct Python<'a> {
    ctx: &'a CodeContext<'a>,
    scope: Scope,
    out: Writer,
}

impl Python<'_> {
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
            Op::SetOption { option, value, .. } if option.leaves_default(ctx.num(value)) => {
                let name = option.name();
                self.out.call(format!("# {name}: the system's default"));
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
            Op::Send { on, data } => self.send(on, data, "send"),
            Op::SendAll { on, data } => self.send(on, data, "sendall"),
            Op::SendTo { on, data, to } => {
                let data = self.data(data);
                let to = match to {
                    Address::Sender(name) => ident(name),
                    to => place(&ctx.place(to)),
                };
                self.out.call(format!("{}.sendto({data}, {to})", ident(on)));
            }
            Op::RecvFrom {
                on,
                size,
                name,
                from,
            } => {
                let name = ident(name);
                let from = from.as_deref().map_or_else(|| "peer".to_owned(), ident);
                self.out.call(format!(
                    "{name}, {from} = {}.recvfrom({})",
                    ident(on),
                    ctx.count(size)
                ));
                self.out.line(format!("print({name})"));
            }
            Op::JoinGroup {
                on,
                group,
                interface,
            } => {
                let (group, interface) = (ctx.ipv4(group), ctx.ipv4(interface));
                self.out.line(format!(
                    "membership = socket.inet_aton(\"{group}\") + socket.inet_aton(\"{interface}\")"
                ));
                self.out.call(format!(
                    "{}.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)",
                    ident(on)
                ));
            }
            Op::MulticastInterface { on, interface } => {
                let interface = ctx.ipv4(interface);
                self.out.call(format!(
                    "{}.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(\"{interface}\"))",
                    ident(on)
                ));
            }
            Op::Unlink { path } => self.out.call(format!("os.unlink({})", quoted(path))),
            Op::Prompt { name, ask, .. } => {
                let ask = quoted(&ctx.text(ask));
                self.out
                    .call(format!("{} = input({ask}).encode()", ident(name)));
            }
            Op::BreakIf { name, equals } => {
                self.out
                    .call(format!("if {}:", self.holds_one_of(name, equals)));
                self.out.indented(|out| out.line("break"));
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
            Op::RecvInto { on, size, name } => {
                let (name, on, size) = (ident(name), ident(on), ctx.count(size));
                self.out
                    .line(format!("{name}, held = bytearray({size}), 0"));
                self.out.call(format!(
                    "while held < {size} and (n := {on}.recv_into(memoryview({name})[held:])):"
                ));
                self.out.indented(|out| out.line("held += n"));
                self.out.line(format!("{name} = bytes({name}[:held])"));
                self.out.line(format!("print({name})"));
            }
            Op::MakeFile { on, name } => {
                let (name, on) = (ident(name), ident(on));
                self.out.call(format!("{name} = {on}.makefile(\"rb\")"));
            }
            Op::ReadLine { file, size, name } => {
                let (name, file) = (ident(name), ident(file));
                self.out
                    .call(format!("{name} = {file}.readline({})", ctx.count(size)));
                self.out.line(format!("print({name})"));
            }
            Op::Duplicate { on, name } => {
                let (family, kind) = self.scope.socket(on);
                self.out.call(format!(
                    "{} = socket.fromfd({}.fileno(), socket.{}, socket.{})",
                    ident(name),
                    ident(on),
                    family_name(family),
                    kind_name(kind)
                ));
                self.lasting_buffer(name);
            }
            Op::GetTimeout { on } => {
                self.out.call(format!("print({}.gettimeout())", ident(on)));
            }
            Op::RecvUntilEof { on, size } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.out.call(format!("while chunk := {on}.recv({size}):"));
                self.out.indented(|out| out.line("print(chunk)"));
            }
            Op::ReceiveMessages {
                on, size, count, ..
            } => self.receive_messages(on, size, count),
            Op::RunCommand { line, name } => self.run_command(line, name),
            Op::EchoRequest {
                name,
                number,
                data,
                wrong,
            } => {
                let (number, wrong) = (ctx.count(number), ctx.count(wrong));
                let data = bytes(&ctx.text(data));
                self.out.call(format!(
                    "{} = echo_request({number}, {data}, {wrong})",
                    ident(name)
                ));
            }
            Op::WhenReceived { name, equals, body } => {
                self.out
                    .call(format!("if {}:", self.holds_one_of(name, equals)));
                self.block(body);
            }
            Op::SendMessage { on, data } => self.send_message(on, data),
            Op::ReceiveMessage { on, size, name } => self.receive_message(on, size, name),
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
                    How::Read => "SHUT_RD",
                    How::Write => "SHUT_WR",
                    How::Both => "SHUT_RDWR",
                };
                let text = format!("{}.shutdown(socket.{how})", ident(on));
                self.out.call(text);
            }
            Op::Close { on } => {
                // The connection ends when the last of both is closed.
                for file in self.scope.files_of(on) {
                    self.out.line(format!("{}.close()", ident(file)));
                }
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
            Op::Try { body } => {
                self.out.call("try:");
                self.block(body);
                self.out.line("except OSError as error:");
                self.out.indented(|out| out.line("print(error)"));
            }
            Op::ServeEach {
                on,
                name,
                count,
                threads,
                ..
            } => self.serve_each(on, name, count, threads),
            Op::Loop { body } => {
                self.out.call("while True:");
                self.block(body);
            }
            Op::BreakIfEmpty { name } => {
                let text = format!("if not {}:  # b'': the peer has closed", ident(name));
                self.out.call(text);
                self.out.indented(|out| out.line("break"));
            }
            // Decided before anything is written.
            Op::When { .. } | Op::Ready => {}
        }
    }

    /// A condition: the variable holds one of these texts.
    fn holds_one_of(&self, name: &str, equals: &[Text]) -> String {
        let texts: Vec<String> = equals.iter().map(|t| bytes(&self.ctx.text(t))).collect();
        let name = ident(name);
        match &texts[..] {
            [text] => format!("{name} == {text}"),
            texts => format!("{name} in ({})", texts.join(", ")),
        }
    }

    fn block(&mut self, body: &[Node]) {
        self.out.deeper();
        self.body(body);
        self.out.shallower();
    }

    fn data(&self, data: &Data) -> String {
        match data {
            Data::Text(text) => bytes(&self.ctx.text(text)),
            Data::Var(name) => ident(name),
            Data::Message => self.encoded(),
            Data::Time => "time.asctime(time.gmtime()).encode()".to_owned(),
            Data::Joined(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.data(part)).collect();
                parts.join(" + ")
            }
        }
    }

    fn send(&mut self, on: &str, data: &Data, function: &str) {
        let on = ident(on);
        if *data != Data::Message {
            let data = self.data(data);
            self.out.call(format!("{on}.{function}({data})"));
            return;
        }
        if self.ctx.sending() == Sending::Acknowledged {
            self.out.call(format!("send_acknowledged({on}, message)"));
        } else {
            let message = self.encoded();
            self.out.call(format!("{on}.{function}({message})"));
        }
        if let Some(ms) = self.ctx.pause_ms() {
            self.out.line(format!("time.sleep({})", seconds(ms)));
        }
    }
}
