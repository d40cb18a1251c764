//! Programs as C: C11 and POSIX sockets, in the style of a handout.

use std::collections::BTreeSet;

use crate::experiment::LONGEST_LINE;
use crate::experiment::codegen::scope::{Holds, Scope};
use crate::experiment::codegen::wire::Sending;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::codegen::{CodeContext, Listing, Place, waits_for};
use crate::experiment::program::{Address, Data, How, Node, Op, Program, SocketKind, Text};

mod commands;
mod files;
mod framing;
mod head;
mod receive;
mod serving;
mod words;

use self::words::{
    array, declaration, family_name, ident, kind_name, literal, microseconds, option_name,
    option_value, sender,
};

pub(super) fn generate(program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let mut c = C {
        ctx,
        scope: Scope::new(program, ctx),
        out: Writer::default(),
        given: BTreeSet::new(),
        trying: false,
        in_thread: false,
    };
    let needs = c.needs(program);
    c.head(program, &needs);
    c.serve_function(program);
    c.out.line("int main(void) {");
    c.out.deeper();
    let start = c.out.len();
    c.ignore_broken_pipes(&needs);
    c.locals(&program.without_served());
    if c.out.len() > start {
        c.out.gap();
    }
    c.samples(program);
    c.body(&program.nodes);
    c.out.line("return 0;");
    c.out.shallower();
    c.out.line("}");
    // Where every call stands in a `try`.
    c.out.drop_unless_used(head::CHECK, "check(");
    c.out.finish()
}

struct C<'a> {
    ctx: &'a CodeContext<'a>,
    scope: Scope,
    out: Writer,
    /// Names of locals that have been given out.
    given: BTreeSet<String>,
    /// Inside a `try`, where a call that fails does not end the program.
    trying: bool,
    /// Inside a function that several threads run at once: what does not belong on the stack is
    /// each thread's own.
    in_thread: bool,
}

/// Is that host an address, or a name that every system knows?
pub(super) fn is_known(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok()
}

impl C<'_> {
    fn body(&mut self, nodes: &[Node]) {
        for node in nodes {
            let outer = self.out.belongs_to(Some(node.id));
            let hoisted: Vec<String> = self
                .scope
                .hoisted(node.id)
                .map(|(name, v)| declaration(&ident(name), v.holds))
                .map(|line| self.own(line))
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
                let protocol = match kind {
                    SocketKind::Icmp => "IPPROTO_ICMP",
                    _ => "0",
                };
                let text = format!(
                    "{} = check(socket({}, {}, {protocol}), \"socket\");",
                    self.assigned(name, node.id),
                    family_name(*family),
                    kind_name(*kind)
                );
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::SetOption { option, value, .. } if option.leaves_default(ctx.num(value)) => {
                let name = option.name();
                self.out.call(format!("// {name}: the system's default"));
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
                let text = match self.data(data) {
                    None => format!("send_acknowledged({}, message, length);", ident(on)),
                    Some(data) => format!("check(send({}, {data}, 0), \"send\");", ident(on)),
                };
                self.out.call(text);
                self.pause(data);
            }
            Op::SendAll { on, data } => {
                let text = match self.data(data) {
                    None => format!("send_acknowledged({}, message, length);", ident(on)),
                    Some(data) => format!("send_all({}, {data});", ident(on)),
                };
                self.out.call(text);
                self.pause(data);
            }
            Op::SendTo { on, data, to } => {
                let to = match to {
                    Address::Sender(name) => {
                        format!("(struct sockaddr *)&{0}, {0}_size", ident(name))
                    }
                    to => self.address(on, to, "to"),
                };
                let data = self.data(data).unwrap_or_default();
                let text = format!("check(sendto({}, {data}, 0, {to}), \"sendto\");", ident(on));
                self.out.call(text);
            }
            Op::RecvFrom {
                on,
                size,
                name,
                from,
            } => {
                let from = from.as_ref().map_or("NULL, NULL".to_owned(), |from| {
                    let text = ident(from);
                    self.out.line(if self.scope.declares(from, node.id) {
                        sender(&text)
                    } else {
                        format!("{text}_size = sizeof {text};")
                    });
                    format!("(struct sockaddr *)&{text}, &{text}_size")
                });
                let (on, size) = (ident(on), ctx.count(size));
                self.received(name, node.id, |name| {
                    format!("check(recvfrom({on}, {name}, {size}, 0, {from}), \"recvfrom\")")
                });
            }
            Op::JoinGroup {
                on,
                group,
                interface,
            } => {
                let (group, interface) = (ctx.ipv4(group), ctx.ipv4(interface));
                let membership = self.fresh(&format!("{}_membership", ident(on)));
                self.out.line(format!(
                    "struct ip_mreq {membership} = {{{{inet_addr(\"{group}\")}}, {{inet_addr(\"{interface}\")}}}};"
                ));
                self.out.call(format!(
                    "check(setsockopt({}, IPPROTO_IP, IP_ADD_MEMBERSHIP, &{membership}, sizeof {membership}), \"setsockopt\");",
                    ident(on)
                ));
            }
            Op::MulticastInterface { on, interface } => {
                let interface = ctx.ipv4(interface);
                self.out.call(format!(
                    "check(setsockopt({}, IPPROTO_IP, IP_MULTICAST_IF, &(struct in_addr){{inet_addr(\"{interface}\")}}, sizeof(struct in_addr)), \"setsockopt\");",
                    ident(on)
                ));
            }
            Op::Unlink { path } => {
                let path = literal(path.as_bytes());
                self.out.call(format!("check(unlink({path}), \"unlink\");"));
            }
            Op::Prompt { name, ask, .. } => {
                let ask = literal(ctx.text(ask).as_bytes());
                self.stored(name, node.id, |name| {
                    format!("prompt({ask}, {name}, {})", LONGEST_LINE + 2)
                });
            }
            Op::BreakIf { name, equals } => {
                let condition = self.holds_one_of(name, equals);
                self.out.call(format!("if ({condition})"));
                self.out.indented(|out| out.line("break;"));
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
            // C has no other recv than one into a buffer.
            Op::RecvExactly { on, size, name } | Op::RecvInto { on, size, name } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.received(name, node.id, |name| {
                    format!("recv_exactly({on}, {name}, {size})")
                });
            }
            Op::MakeFile { on, name } => {
                let text = ident(name);
                let left = if self.scope.declares(name, node.id) {
                    format!("FILE *{text}")
                } else {
                    text
                };
                self.out.call(format!("{left} = make_file({});", ident(on)));
            }
            Op::ReadLine { file, size, name } => {
                let (file, size) = (ident(file), ctx.count(size));
                self.received(name, node.id, |name| {
                    format!("read_line({file}, {name}, {size})")
                });
            }
            Op::Duplicate { on, name } => {
                let text = format!(
                    "{} = check(dup({}), \"dup\");",
                    self.assigned(name, node.id),
                    ident(on)
                );
                self.out.call(text);
                self.lasting_buffer(name);
            }
            Op::GetTimeout { on } => {
                let text = format!("printf(\"%ld ms\\n\", get_timeout({}));", ident(on));
                self.out.call(text);
            }
            Op::RecvUntilEof { on, size } => {
                let (on, size) = (ident(on), ctx.count(size));
                self.out.call(format!(
                    "while ((n = check(recv({on}, chunk, {size}, 0), \"recv\")) > 0)"
                ));
                self.out
                    .indented(|out| out.line("printf(\"%.*s\\n\", (int)n, chunk);"));
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
                let data = ctx.text(data);
                let (size, data) = (data.len(), literal(data.as_bytes()));
                self.stored(name, node.id, |name| {
                    format!("echo_request({name}, {number}, {data}, {size}, {wrong})")
                });
            }
            Op::WhenReceived { name, equals, body } => {
                let condition = self.holds_one_of(name, equals);
                self.out.call(format!("if ({condition}) {{"));
                self.block(body);
            }
            Op::SendMessage { on, data } => self.send_message(on, data),
            Op::ReceiveMessage { on, size, name } => {
                self.receive_message(on, node.id, size, name);
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
                    How::Read => "SHUT_RD",
                    How::Write => "SHUT_WR",
                    How::Both => "SHUT_RDWR",
                };
                let text = format!("check(shutdown({}, {how}), \"shutdown\");", ident(on));
                self.out.call(text);
            }
            Op::Close { on } => {
                for file in self.scope.files_of(on) {
                    self.out.line(format!("fclose({});", ident(file)));
                }
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
                let name = ident(on);
                self.out
                    .call(format!("set_blocking({name}, {});", u8::from(*blocking)));
                if *blocking {
                    self.out.line(format!("set_timeout({name}, 0);"));
                }
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
            Op::Try { body } => {
                self.out.call("do {");
                self.out.deeper();
                self.trying = true;
                let before = self.out.len();
                for (at, node) in body.iter().enumerate() {
                    if at > 0 {
                        self.out.line("if (failed)");
                        self.out.indented(|out| out.line("break;"));
                    }
                    self.body(std::slice::from_ref(node));
                }
                self.out.replace(before, "check(", "attempt(");
                self.trying = false;
                self.out.shallower();
                self.out.line("} while (0);");
            }
            Op::ServeEach {
                on,
                name,
                count,
                threads,
                ..
            } => self.serve_each(on, name, count, threads),
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
            // Decided before anything is written.
            Op::When { .. } | Op::Ready => {}
        }
    }

    /// A condition: the variable holds one of these texts.
    fn holds_one_of(&self, name: &str, equals: &[Text]) -> String {
        let name = ident(name);
        let tests: Vec<String> = equals
            .iter()
            .map(|text| {
                let text = self.ctx.text(text);
                let (size, text) = (text.len(), literal(text.as_bytes()));
                format!("({name}_size == {size} && memcmp({name}, {text}, {size}) == 0)")
            })
            .collect();
        tests.join(" || ")
    }

    fn block(&mut self, body: &[Node]) {
        self.out.deeper();
        self.body(body);
        self.out.shallower();
        self.out.line("}");
    }

    /// bind or connect to an address.
    fn with_address(&mut self, on: &str, to: &Address, call: &str) {
        let name = ident(on);
        let (function, address) = match call {
            "bind" => ("bind", "at"),
            _ => ("connect", "to"),
        };
        let arguments = format!("{name}, {}", self.address(on, to, address));
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

    /// Declares the address; its pointer and size, as arguments.
    fn address(&mut self, on: &str, to: &Address, suffix: &str) -> String {
        let family = family_name(self.scope.family(on));
        let name = ident(on);
        let variable = self.fresh(&format!("{name}_{suffix}"));
        match self.ctx.place(to) {
            Place::Host(host, port) => {
                let host = match (&host[..], family) {
                    ("", "AF_INET6") => "::",
                    ("", _) => "0.0.0.0",
                    (host, _) => host,
                };
                let tries = self.trying && !is_known(host);
                let function = if tries { "look_up" } else { "resolve" };
                self.out.line(format!(
                    "struct addrinfo *{variable} = {function}({family}, {}, \"{port}\");",
                    literal(host.as_bytes())
                ));
                if tries {
                    self.out.line(format!("if ({variable} == NULL)"));
                    self.out.indented(|out| out.line("break;"));
                }
                format!("{variable}->ai_addr, {variable}->ai_addrlen")
            }
            Place::Path(path) => {
                self.out.line(format!(
                    "struct sockaddr_un {variable} = {{.sun_family = AF_UNIX, .sun_path = {}}};",
                    literal(path.as_bytes())
                ));
                format!("(struct sockaddr *)&{variable}, sizeof {variable}")
            }
        }
    }

    /// Bytes received into a variable, and shown.
    fn received(&mut self, name: &str, at: u16, call: impl Fn(&str) -> String) {
        self.stored(name, at, call);
        let text = ident(name);
        let guard = if self.trying { "if (!failed) " } else { "" };
        self.out.line(format!(
            "{guard}printf(\"%.*s\\n\", (int){text}_size, {text});"
        ));
    }

    /// Bytes put into a variable.
    fn stored(&mut self, name: &str, at: u16, call: impl Fn(&str) -> String) {
        let text = ident(name);
        if self.scope.declares(name, at) {
            if let Some(variable) = self.scope.get(name) {
                let array = self.own(array(&text, variable.holds));
                self.out.line(array);
            }
            self.out
                .call(format!("long {text}_size = {};", call(&text)));
        } else {
            self.out.call(format!("{text}_size = {};", call(&text)));
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

    /// The sleep of a framing that lives by it.
    fn pause(&mut self, data: &Data) {
        if let (Data::Message, Some(ms)) = (data, self.ctx.pause_ms()) {
            self.out.line(format!("usleep({});", microseconds(ms)));
        }
    }

    /// Puts the parts of what is sent into an array; its name and size.
    fn joined(&mut self, data: &Data) -> String {
        let name = self.fresh("joined");
        let mut room = 0;
        let mut lines = Vec::new();
        for part in data.parts() {
            let to = format!("{name} + {name}_size");
            let put = match part {
                Data::Text(text) => {
                    let text = self.ctx.text(text);
                    room += text.len() as u64;
                    format!("put({to}, {}, {})", literal(text.as_bytes()), text.len())
                }
                Data::Var(variable) => {
                    if let Some(Holds::Bytes(most)) = self.scope.get(variable).map(|v| v.holds) {
                        room += most;
                    }
                    format!("put({to}, {0}, {0}_size)", ident(variable))
                }
                _ => {
                    room += 24;
                    format!("put_time({to})")
                }
            };
            lines.push(format!("{name}_size += {put};"));
        }
        let array = self.own(array(&name, Holds::Bytes(room)));
        self.out.line(array);
        self.out.line(format!("long {name}_size = 0;"));
        for line in lines {
            self.out.line(line);
        }
        format!("{name}, {name}_size")
    }

    /// Pointer and size of what is sent, as arguments; none for a message that has to be
    /// acknowledged on its way.
    fn data(&mut self, data: &Data) -> Option<String> {
        Some(match data {
            Data::Message => match self.ctx.sending() {
                Sending::Plain => "message, length".to_owned(),
                Sending::Encoded => "frame, encode(message, length, frame)".to_owned(),
                Sending::Acknowledged => return None,
            },
            Data::Var(name) => format!("{0}, {0}_size", ident(name)),
            Data::Text(text) => {
                let text = self.ctx.text(text);
                format!("{}, {}", literal(text.as_bytes()), text.len())
            }
            Data::Time | Data::Joined(_) => self.joined(data),
        })
    }
}
