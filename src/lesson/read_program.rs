//! Reading an actor's program: every operation with its keys, every reference resolved.

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use crate::experiment::files::safe_name;
use crate::experiment::program::{
    Address, Data, Family, How, MOST_CLIENTS, Node, Num, Op, Program, SockOpt, SocketKind, Text,
    Until,
};
use crate::i18n::lesson as phrase;

use super::problem::Said;
use super::reader::{At, Doc, Table, as_int, as_text, valid_with_nearest, within};
use super::{Parameter, ParameterKind, limit};

/// What programs may refer to.
pub(super) struct Names<'a> {
    pub(super) actors: &'a [String],
    pub(super) parameters: &'a [Parameter],
    /// The actor who has the lesson's messages.
    pub(super) sender: Option<&'a str>,
}

/// Each operation with the keys it may have beside `op`.
pub(super) const OPS: &[(&str, &[&str])] = &[
    ("socket", &["as", "family", "type"]),
    ("setsockopt", &["on", "option", "value"]),
    ("getsockopt", &["on", "option"]),
    ("bind", &["on", "to", "host", "port", "path"]),
    ("listen", &["on", "backlog"]),
    ("accept", &["on", "as"]),
    ("connect", &["on", "to", "host", "port", "path"]),
    ("connect_ex", &["on", "to", "host", "port", "path"]),
    ("send", &["on", "data"]),
    ("sendall", &["on", "data"]),
    (
        "sendto",
        &["on", "data", "to", "host", "port", "path", "back_to"],
    ),
    ("join_group", &["on", "group", "interface"]),
    ("multicast_interface", &["on", "interface"]),
    ("recv", &["on", "size", "as", "peek"]),
    ("recvfrom", &["on", "size", "as", "from"]),
    ("recv_into", &["on", "size", "as"]),
    ("makefile", &["on", "as"]),
    ("readline", &["file", "size", "as"]),
    ("duplicate", &["on", "as"]),
    ("recv_exactly", &["on", "size", "as"]),
    ("recv_until_eof", &["on", "size"]),
    ("receive_messages", &["on", "size", "count", "swapped"]),
    ("send_message", &["on", "data"]),
    ("receive_message", &["on", "size", "as"]),
    ("send_file", &["on", "file", "chunk", "pause"]),
    ("receive_file", &["on", "size", "name", "folder", "exact"]),
    ("run_command", &["data", "as"]),
    ("echo_request", &["as", "number", "data", "wrong"]),
    ("when_received", &["data", "equals", "body"]),
    ("unlink", &["path"]),
    ("shutdown", &["on", "how"]),
    ("close", &["on"]),
    ("sleep", &["ms"]),
    ("settimeout", &["on", "ms"]),
    ("gettimeout", &["on"]),
    ("setblocking", &["on", "blocking"]),
    ("getsockname", &["on"]),
    ("getpeername", &["on"]),
    ("fileno", &["on"]),
    ("wait", &["for", "sent", "received", "ended", "ms"]),
    ("repeat", &["times", "body"]),
    ("for_each_message", &["body"]),
    ("try", &["body"]),
    ("when", &["is", "not", "body"]),
    ("serve_each", &["on", "as", "count", "how", "body"]),
    ("loop", &["body"]),
    ("break_if_empty", &["data"]),
    ("break_if", &["data", "equals"]),
    ("prompt", &["as", "ask", "lines", "person"]),
    ("ready", &[]),
];

pub(super) const FAMILIES: &[(&str, Family)] = &[
    ("inet", Family::Inet),
    ("inet6", Family::Inet6),
    ("unix", Family::Unix),
];
pub(super) const KINDS: &[(&str, SocketKind)] = &[
    ("stream", SocketKind::Stream),
    ("datagram", SocketKind::Datagram),
    ("seqpacket", SocketKind::SeqPacket),
    ("raw", SocketKind::Raw),
    ("rdm", SocketKind::Rdm),
    ("icmp", SocketKind::Icmp),
];
pub(super) const HOWS: &[(&str, How)] = &[
    ("read", How::Read),
    ("write", How::Write),
    ("both", How::Both),
];

/// Reads the program of `actor`. Whatever is wrong is reported to the table's document; what is
/// returned then lacks the bad operations.
pub(super) fn read_program(
    array: &DeArray<'_>,
    doc: &Doc<'_>,
    actor: &str,
    names: &Names<'_>,
) -> Program {
    let mut reader = Reader {
        doc,
        actor,
        names,
        sockets: Vec::new(),
        bytes: Vec::new(),
        senders: Vec::new(),
        files: Vec::new(),
        loops: Vec::new(),
        serves: false,
        ops: 0,
    };
    Program::new(reader.body(array))
}

/// What a variable holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Socket,
    Bytes,
    /// The address of whoever sent a datagram.
    Sender,
    /// A file around a socket.
    File,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loop {
    Times,
    Messages,
    Endless,
}

struct Reader<'r, 'a> {
    doc: &'r Doc<'a>,
    actor: &'r str,
    names: &'r Names<'r>,
    /// Variables made so far, in reading order.
    sockets: Vec<String>,
    bytes: Vec<String>,
    senders: Vec<String>,
    files: Vec<String>,
    /// The loops around this place.
    loops: Vec<Loop>,
    /// There is a `serve_each` at or before this place.
    serves: bool,
    ops: usize,
}

impl Reader<'_, '_> {
    fn body(&mut self, array: &DeArray<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for value in array {
            if self.ops >= limit::OPS {
                self.doc.problem(
                    value.span().start,
                    Said::new(phrase::PROGRAM_TOO_LONG).with("max", limit::OPS),
                    Said::new(phrase::CURE_PROGRAM_TOO_LONG),
                );
                break;
            }
            self.ops += 1;
            if let Some(op) = self.op(value) {
                nodes.push(Node::from(op));
            }
        }
        nodes
    }

    fn op(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Op> {
        let names: Vec<&str> = OPS.iter().map(|(name, _)| *name).collect();
        let start = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            self.doc.problem(
                start,
                Said::new(phrase::PROGRAM_NOT_OP),
                Said::new(phrase::CURE_NOT_OP),
            );
            return None;
        };
        let Some(name) = table.get("op") else {
            self.doc.problem(
                start,
                Said::new(phrase::FILE_MISSING_KEY).with("key", "op"),
                Said::new(phrase::CURE_VALID).with("valid", names.join(", ")),
            );
            return None;
        };
        let at = name.span().start;
        let name = name.get_ref().as_str().unwrap_or_default();
        let Some((name, keys)) = OPS.iter().find(|(known, _)| *known == name) else {
            self.doc.problem(
                at,
                Said::new(phrase::PROGRAM_UNKNOWN_OP).with("found", name),
                valid_with_nearest(name, &names),
            );
            return None;
        };
        let valid: Vec<&str> = std::iter::once("op").chain(keys.iter().copied()).collect();
        let t = Table::open(self.doc, table, start, &valid);
        self.read(name, &t)
    }

    fn read(&mut self, name: &str, t: &Table<'_, '_>) -> Option<Op> {
        Some(match name {
            "socket" => {
                let family = t.choice("family", "inet", FAMILIES);
                let kind = t.choice("type", "stream", KINDS);
                let name = self.new_variable(t, "as", Kind::Socket)?;
                Op::Socket {
                    name,
                    family: family?,
                    kind: kind?,
                }
            }
            "setsockopt" => {
                let on = self.socket(t);
                let option = self.option(t)?;
                let (min, max) = option_range(option);
                let value = self.num(t, "value", None, min, max);
                Op::SetOption {
                    on: on?,
                    option,
                    value: value?,
                }
            }
            "getsockopt" => {
                let on = self.socket(t);
                Op::GetOption {
                    option: self.option(t)?,
                    on: on?,
                }
            }
            "bind" => {
                let on = self.socket(t);
                Op::Bind {
                    to: self.address(t, true)?,
                    on: on?,
                }
            }
            "listen" => {
                let on = self.socket(t);
                Op::Listen {
                    backlog: self.num(t, "backlog", Some(5), 0, 65_535)?,
                    on: on?,
                }
            }
            "accept" => {
                let on = self.socket(t);
                Op::Accept {
                    name: self.new_variable(t, "as", Kind::Socket)?,
                    on: on?,
                }
            }
            "connect" => {
                let on = self.socket(t);
                Op::Connect {
                    to: self.address(t, false)?,
                    on: on?,
                }
            }
            "connect_ex" => {
                let on = self.socket(t);
                Op::ConnectEx {
                    to: self.address(t, false)?,
                    on: on?,
                }
            }
            "send" => {
                let on = self.socket(t);
                Op::Send {
                    data: self.data(t)?,
                    on: on?,
                }
            }
            "sendall" => {
                let on = self.socket(t);
                Op::SendAll {
                    data: self.data(t)?,
                    on: on?,
                }
            }
            "sendto" => {
                let on = self.socket(t);
                let to = self.destination(t);
                Op::SendTo {
                    data: self.data(t)?,
                    on: on?,
                    to: to?,
                }
            }
            "join_group" => {
                let on = self.socket(t);
                let group = t.need_text("group");
                let group =
                    group.and_then(|g| read_text(self.doc, "group", &g, self.names.parameters));
                Op::JoinGroup {
                    interface: self.interface(t)?,
                    on: on?,
                    group: group?,
                }
            }
            "multicast_interface" => {
                let on = self.socket(t);
                Op::MulticastInterface {
                    interface: self.interface(t)?,
                    on: on?,
                }
            }
            "recvfrom" => {
                let on = self.socket(t);
                let size = self.size(t);
                let name = self.new_variable(t, "as", Kind::Bytes)?;
                let from = if t.has("from") {
                    Some(self.new_variable(t, "from", Kind::Sender)?)
                } else {
                    None
                };
                Op::RecvFrom {
                    on: on?,
                    size: size?,
                    name,
                    from,
                }
            }
            "send_message" => {
                let on = self.socket(t);
                Op::SendMessage {
                    data: self.whole_data(t)?,
                    on: on?,
                }
            }
            "receive_message" => {
                let on = self.socket(t);
                let size = self.size(t);
                Op::ReceiveMessage {
                    name: self.new_variable(t, "as", Kind::Bytes)?,
                    on: on?,
                    size: size?,
                }
            }
            "send_file" => {
                let on = self.socket(t);
                let file = t.need_text("file");
                let file =
                    file.and_then(|f| read_text(self.doc, "file", &f, self.names.parameters));
                let chunk = self.num(t, "chunk", Some(1024), 1, limit::MESSAGE);
                let pause = self.num(t, "pause", Some(0), 0, limit::MILLIS);
                Op::SendFile {
                    on: on?,
                    file: file?,
                    chunk: chunk?,
                    pause: pause?,
                }
            }
            "receive_file" => self.receive_file(t)?,
            "run_command" => {
                let found = t.need_text("data");
                let line = found.and_then(|f| self.variable(&f, f.value, false));
                Op::RunCommand {
                    name: self.new_variable(t, "as", Kind::Bytes)?,
                    line: line?,
                }
            }
            "echo_request" => {
                let number = self.num(t, "number", Some(1), 0, 65_535);
                let data = t.need_text("data");
                let data =
                    data.and_then(|d| read_text(self.doc, "data", &d, self.names.parameters));
                let wrong = self.num(t, "wrong", Some(0), 0, 1);
                Op::EchoRequest {
                    name: self.new_variable(t, "as", Kind::Bytes)?,
                    number: number?,
                    data: data?,
                    wrong: wrong?,
                }
            }
            "when_received" => {
                let found = t.need_text("data");
                let equals = self.list(t, "equals");
                let name = found.and_then(|f| self.variable(&f, f.value, false));
                Op::WhenReceived {
                    body: self.inner(t, Loop::Times)?,
                    name: name?,
                    equals: equals?,
                }
            }
            "unlink" => Op::Unlink {
                path: self.path(t)?,
            },
            "recv" => {
                let on = self.socket(t);
                let size = self.size(t);
                let peek = t.bool_or("peek", false);
                let name = self.new_variable(t, "as", Kind::Bytes)?;
                Op::Recv {
                    on: on?,
                    size: size?,
                    name,
                    peek: peek?,
                }
            }
            "recv_exactly" => {
                let on = self.socket(t);
                let size = self.size(t);
                let name = self.new_variable(t, "as", Kind::Bytes)?;
                Op::RecvExactly {
                    on: on?,
                    size: size?,
                    name,
                }
            }
            "recv_into" => {
                let on = self.socket(t);
                let size = self.size(t);
                Op::RecvInto {
                    name: self.new_variable(t, "as", Kind::Bytes)?,
                    on: on?,
                    size: size?,
                }
            }
            "makefile" => {
                let on = self.socket(t);
                Op::MakeFile {
                    name: self.new_variable(t, "as", Kind::File)?,
                    on: on?,
                }
            }
            "readline" => {
                let file = self.file(t);
                let size = self.num(t, "size", Some(8192), 1, limit::MESSAGE);
                Op::ReadLine {
                    name: self.new_variable(t, "as", Kind::Bytes)?,
                    file: file?,
                    size: size?,
                }
            }
            "duplicate" => {
                let on = self.socket(t);
                Op::Duplicate {
                    name: self.new_variable(t, "as", Kind::Socket)?,
                    on: on?,
                }
            }
            "recv_until_eof" => {
                let on = self.socket(t);
                Op::RecvUntilEof {
                    size: self.size(t)?,
                    on: on?,
                }
            }
            "receive_messages" => {
                let on = self.socket(t);
                let size = self.size(t);
                let count = self.num(t, "count", Some(0), 0, limit::COUNT);
                let swapped = self.num(t, "swapped", Some(0), 0, 1);
                Op::ReceiveMessages {
                    on: on?,
                    size: size?,
                    count: count?,
                    swapped: swapped?,
                }
            }
            "shutdown" => {
                let on = self.socket(t);
                Op::Shutdown {
                    how: t.choice("how", "write", HOWS)?,
                    on: on?,
                }
            }
            "close" => Op::Close {
                on: self.socket(t)?,
            },
            "sleep" => Op::Sleep {
                ms: self.num(t, "ms", None, 0, limit::MILLIS)?,
            },
            "settimeout" => {
                let on = self.socket(t);
                Op::SetTimeout {
                    ms: self.num(t, "ms", None, -1, limit::MILLIS)?,
                    on: on?,
                }
            }
            "gettimeout" => Op::GetTimeout {
                on: self.socket(t)?,
            },
            "setblocking" => {
                let on = self.socket(t);
                if !t.has("blocking") {
                    t.missing("blocking");
                    return None;
                }
                Op::SetBlocking {
                    blocking: t.bool_or("blocking", true)?,
                    on: on?,
                }
            }
            "getsockname" => Op::GetSockName {
                on: self.socket(t)?,
            },
            "getpeername" => Op::GetPeerName {
                on: self.socket(t)?,
            },
            "fileno" => Op::Fileno {
                on: self.socket(t)?,
            },
            "wait" => self.wait(t)?,
            "repeat" => {
                let times = self.num(t, "times", None, 0, limit::COUNT);
                Op::Repeat {
                    body: self.inner(t, Loop::Times)?,
                    times: times?,
                }
            }
            "for_each_message" => {
                if self.names.sender.is_some_and(|sender| sender != self.actor) {
                    self.doc.problem(
                        t.start,
                        Said::new(phrase::PROGRAM_NOT_SENDER).with("actor", self.actor),
                        Said::new(phrase::CURE_NOT_SENDER),
                    );
                }
                Op::ForEachMessage {
                    body: self.inner(t, Loop::Messages)?,
                }
            }
            "try" => self.attempt(t)?,
            "loop" => self.endless(t)?,
            "when" => self.when(t)?,
            "serve_each" => self.serve_each(t)?,
            "prompt" => self.prompt(t)?,
            "break_if" => {
                self.leaves_loop(t);
                let found = t.need_text("data");
                let equals = self.list(t, "equals");
                Op::BreakIf {
                    name: found.and_then(|f| self.variable(&f, f.value, false))?,
                    equals: equals?,
                }
            }
            "break_if_empty" => {
                self.leaves_loop(t);
                let found = t.need_text("data")?;
                Op::BreakIfEmpty {
                    name: self.variable(&found, found.value, false)?,
                }
            }
            _ => Op::Ready,
        })
    }

    fn receive_file(&self, t: &Table<'_, '_>) -> Option<Op> {
        let on = self.socket(t);
        let size = self.size(t);
        let text = |key: &str, default: &'static str| {
            let found = t.text_or(key, default)?;
            read_text(self.doc, key, &found, self.names.parameters)
        };
        let name = text("name", "received.bin");
        let folder = text("folder", "");
        let exact = self.num(t, "exact", Some(0), 0, 1);
        if let Some(Text::Lit(name)) = &name
            && safe_name(name).is_err()
        {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_BAD_FILE).with("found", name),
                Said::new(phrase::CURE_BAD_FILE),
            );
        }
        Some(Op::ReceiveFile {
            on: on?,
            size: size?,
            name: name?,
            folder: folder?,
            exact: exact?,
        })
    }

    /// What is sent as a message of its own: no message of the lesson's.
    fn whole_data(&self, t: &Table<'_, '_>) -> Option<Data> {
        let data = self.data(t)?;
        if data == Data::Message {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_JOIN),
                Said::new(phrase::CURE_JOIN),
            );
            return None;
        }
        Some(data)
    }

    fn leaves_loop(&self, t: &Table<'_, '_>) {
        if self.loops.is_empty() {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_NO_LOOP),
                Said::new(phrase::CURE_NO_LOOP),
            );
        }
    }

    fn prompt(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        let ask = t.text_or("ask", "> ");
        let ask = ask.and_then(|found| read_text(self.doc, "ask", &found, self.names.parameters));
        let lines = self.list(t, "lines");
        let person = self.num(t, "person", Some(1), 0, 1);
        Some(Op::Prompt {
            name: self.new_variable(t, "as", Kind::Bytes)?,
            ask: ask?,
            lines: lines?,
            person: person?,
        })
    }

    /// The texts of a list, of which there must be one at least.
    fn list(&self, t: &Table<'_, '_>, key: &str) -> Option<Vec<Text>> {
        if !t.has(key) {
            t.missing(key);
        }
        let found = t.texts(key)?;
        if found.is_empty() || found.len() > limit::TEXTS {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_LIST).with("key", key),
                Said::new(phrase::CURE_TEXT_LIST).with("max", limit::TEXTS),
            );
            return None;
        }
        found
            .iter()
            .map(|text| read_text(self.doc, key, text, self.names.parameters))
            .collect()
    }

    /// `back_to`, or any other address.
    fn destination(&self, t: &Table<'_, '_>) -> Option<Address> {
        let others = ["to", "host", "path"].into_iter().any(|key| t.has(key));
        if !t.has("back_to") || others {
            return self.address(t, false);
        }
        let found = t.need_text("back_to")?;
        let name = found.value;
        if self.senders.iter().any(|v| v == name) {
            return Some(Address::Sender(name.to_owned()));
        }
        let valid: Vec<&str> = self.senders.iter().map(String::as_str).collect();
        self.doc.problem(
            found.span.start,
            Said::new(phrase::PROGRAM_NO_SENDER).with("name", name),
            valid_with_nearest(name, &valid),
        );
        None
    }

    fn inner(&mut self, t: &Table<'_, '_>, kind: Loop) -> Option<Vec<Node>> {
        if !t.has("body") {
            t.missing("body");
        }
        let array = t.array("body")?;
        if self.loops.len() >= limit::NESTING {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_TOO_DEEP).with("max", limit::NESTING),
                Said::new(phrase::CURE_TOO_DEEP),
            );
            return None;
        }
        self.loops.push(kind);
        let body = self.body(array);
        self.loops.pop();
        if array.is_empty() {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_EMPTY_BODY),
                Said::new(phrase::CURE_EMPTY_BODY),
            );
        }
        Some(body)
    }

    /// Calls whose refusal the program survives. Only single calls: what the other operations do
    /// after a refusal inside them would differ between the three languages.
    fn attempt(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        let body = self.inner(t, Loop::Times)?;
        let single = |op: &Op| {
            matches!(
                op,
                Op::Socket { .. }
                    | Op::SetOption { .. }
                    | Op::Bind { .. }
                    | Op::Listen { .. }
                    | Op::Accept { .. }
                    | Op::Connect { .. }
                    | Op::Send { .. }
                    | Op::SendTo { .. }
                    | Op::Recv { .. }
                    | Op::Shutdown { .. }
                    | Op::Close { .. }
                    | Op::GetSockName { .. }
                    | Op::Fileno { .. }
            ) && !op.sends_message()
        };
        if body.iter().any(|node| !single(&node.op)) {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_TRY),
                Said::new(phrase::CURE_TRY),
            );
            return None;
        }
        Some(Op::Try { body })
    }

    /// What the body makes is known in it only: when the switch is off, nothing has made it.
    fn when(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        let wanted = !t.has("not");
        if t.has("is") && !wanted {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_WHEN),
                Said::new(phrase::CURE_WHEN),
            );
            return None;
        }
        let on = self.num(t, if wanted { "is" } else { "not" }, None, 0, 1);
        let known = [
            self.sockets.len(),
            self.bytes.len(),
            self.senders.len(),
            self.files.len(),
        ];
        // No loop of its own: a break in it leaves the loop around it, if there is one.
        let around = self.loops.last().copied();
        let body = if let Some(kind) = around {
            self.inner(t, kind)?
        } else {
            if !t.has("body") {
                t.missing("body");
            }
            self.body(t.array("body")?)
        };
        self.sockets.truncate(known[0]);
        self.bytes.truncate(known[1]);
        self.senders.truncate(known[2]);
        self.files.truncate(known[3]);
        Some(Op::When {
            on: on?,
            wanted,
            body,
        })
    }

    /// The body is a program of its own, with no other variable than the connection.
    fn serve_each(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        if self.serves || !self.loops.is_empty() {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_SERVE_PLACE),
                Said::new(phrase::CURE_SERVE_PLACE),
            );
            return None;
        }
        self.serves = true;
        let on = self.socket(t);
        let count = self.num(t, "count", None, 1, MOST_CLIENTS);
        let threads = self.serving(t);
        let taken = self.bytes.iter().chain(&self.senders).chain(&self.sockets);
        let taken = taken.chain(&self.files);
        let taken: Vec<String> = taken.cloned().collect();
        let name = t.need_text("as");
        if let Some(found) = name.as_ref().filter(|f| taken.iter().any(|n| n == f.value)) {
            self.doc.problem(
                found.span.start,
                Said::new(phrase::FILE_TAKEN).with("name", found.value),
                Said::new(phrase::CURE_TAKEN),
            );
            return None;
        }
        let outside = (
            std::mem::take(&mut self.sockets),
            std::mem::take(&mut self.bytes),
            std::mem::take(&mut self.senders),
            std::mem::take(&mut self.files),
        );
        let name = self.new_variable(t, "as", Kind::Socket);
        if !t.has("body") {
            t.missing("body");
        }
        let array = t.array("body");
        let body = array.map(|array| self.body(array)).unwrap_or_default();
        (self.sockets, self.bytes, self.senders, self.files) = outside;
        if array.is_some_and(|array| array.is_empty()) {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_EMPTY_BODY),
                Said::new(phrase::CURE_EMPTY_BODY),
            );
        }
        let mut foreign = false;
        let served = Program { nodes: body };
        served.walk(&mut |node| {
            foreign |= matches!(node.op, Op::Prompt { .. } | Op::Ready);
        });
        if foreign {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_SERVE_BODY),
                Said::new(phrase::CURE_SERVE_BODY),
            );
        }
        array?;
        Some(Op::ServeEach {
            on: on?,
            name: name?,
            count: count?,
            threads: threads?,
            body: served.nodes,
        })
    }

    /// `how`: in threads, one by one, or as a switch says.
    fn serving(&self, t: &Table<'_, '_>) -> Option<Num> {
        let ways = [("threads", 1), ("one_by_one", 0)];
        let by_switch = t.get("how").and_then(as_text);
        if by_switch.is_some_and(|text| text.value.starts_with('$')) {
            return self.num(t, "how", None, 0, 1);
        }
        t.choice("how", "threads", &ways).map(Num::Lit)
    }

    fn endless(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        let body = self.inner(t, Loop::Endless)?;
        // A break inside an inner loop leaves that one only.
        let ends = body
            .iter()
            .any(|node| matches!(node.op, Op::BreakIfEmpty { .. } | Op::BreakIf { .. }));
        if !ends && self.doc.is_clean() {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_ENDLESS),
                Said::new(phrase::CURE_ENDLESS),
            );
        }
        Some(Op::Loop { body })
    }

    fn wait(&mut self, t: &Table<'_, '_>) -> Option<Op> {
        let actor = t.need_text("for").and_then(|name| self.actor(&name));
        let ms = self.num(t, "ms", Some(300), 0, limit::MILLIS);
        let given = ["sent", "received", "ended"]
            .into_iter()
            .filter(|key| t.has(key))
            .count();
        if given != 1 {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_WAIT),
                Said::new(phrase::CURE_WAIT),
            );
            return None;
        }
        let until = if t.has("sent") {
            Until::Sent(self.num(t, "sent", None, 0, limit::COUNT)?)
        } else if t.has("received") {
            let most = limit::COUNT * limit::MESSAGE;
            Until::ReceivedBytes(self.num(t, "received", None, 0, most)?)
        } else {
            if !t.bool_or("ended", true)? {
                self.doc.problem(
                    t.start,
                    Said::new(phrase::PROGRAM_WAIT),
                    Said::new(phrase::CURE_WAIT),
                );
            }
            Until::Ended
        };
        let actor = actor?;
        if actor == self.actor {
            self.doc.problem(
                t.start,
                Said::new(phrase::PROGRAM_WAIT_SELF).with("actor", &actor),
                Said::new(phrase::CURE_WAIT_SELF),
            );
        }
        Some(Op::Wait {
            actor,
            until,
            ms: ms?,
        })
    }

    fn option(&self, t: &Table<'_, '_>) -> Option<SockOpt> {
        let found = t.need_text("option")?;
        let option = SockOpt::from_name(found.value);
        if option.is_none() {
            let valid: Vec<&str> = SockOpt::ALL.into_iter().map(SockOpt::name).collect();
            self.doc
                .not_one_of(found.span.start, "option", found.value, &valid);
        }
        option
    }

    /// The address of an interface of this computer; the loopback's if left out.
    fn interface(&self, t: &Table<'_, '_>) -> Option<Text> {
        if !t.has("interface") {
            return Some(Text::Lit("127.0.0.1".to_owned()));
        }
        let found = t.need_text("interface")?;
        read_text(self.doc, "interface", &found, self.names.parameters)
    }

    fn size(&self, t: &Table<'_, '_>) -> Option<Num> {
        self.num(t, "size", None, 1, limit::MESSAGE)
    }

    fn num(
        &self,
        t: &Table<'_, '_>,
        key: &str,
        default: Option<i64>,
        min: i64,
        max: i64,
    ) -> Option<Num> {
        read_num(t, key, default, min, max, self.names.parameters)
    }

    fn actor(&self, name: &At<&str>) -> Option<String> {
        let known = self.names.actors.iter().any(|a| a == name.value);
        if !known {
            unknown_actor(self.doc, name.span.start, name.value, self.names.actors);
        }
        known.then(|| name.value.to_owned())
    }

    /// The socket under `on`.
    fn socket(&self, t: &Table<'_, '_>) -> Option<String> {
        let found = t.need_text("on")?;
        self.variable(&found, found.value, true)
    }

    /// The file around a socket under `file`.
    fn file(&self, t: &Table<'_, '_>) -> Option<String> {
        let found = t.need_text("file")?;
        let name = found.value;
        if self.files.iter().any(|v| v == name) {
            return Some(name.to_owned());
        }
        let valid: Vec<&str> = self.files.iter().map(String::as_str).collect();
        self.doc.problem(
            found.span.start,
            Said::new(phrase::PROGRAM_NO_FILE).with("name", name),
            valid_with_nearest(name, &valid),
        );
        None
    }

    fn variable(&self, found: &At<&str>, name: &str, socket: bool) -> Option<String> {
        let known = if socket { &self.sockets } else { &self.bytes };
        if known.iter().any(|v| v == name) {
            return Some(name.to_owned());
        }
        let valid: Vec<&str> = known.iter().map(String::as_str).collect();
        self.doc.problem(
            found.span.start,
            Said::new(if socket {
                phrase::PROGRAM_NO_SOCKET
            } else {
                phrase::PROGRAM_NO_BYTES
            })
            .with("name", name),
            valid_with_nearest(name, &valid),
        );
        None
    }

    /// The variable that `key` makes.
    fn new_variable(&mut self, t: &Table<'_, '_>, key: &str, kind: Kind) -> Option<String> {
        let found = t.need_text(key)?;
        let name = good_name(self.doc, &found)?;
        let (sockets, bytes, senders) = (&mut self.sockets, &mut self.bytes, &mut self.senders);
        let files = &mut self.files;
        let (same, others): (_, [&Vec<String>; 3]) = match kind {
            Kind::Socket => (sockets, [bytes, senders, files]),
            Kind::Bytes => (bytes, [sockets, senders, files]),
            Kind::Sender => (senders, [sockets, bytes, files]),
            Kind::File => (files, [sockets, bytes, senders]),
        };
        let taken = others.iter().any(|other| other.contains(&name))
            || self.names.parameters.iter().any(|p| p.name == name);
        if taken {
            self.doc.problem(
                found.span.start,
                Said::new(phrase::FILE_TAKEN).with("name", &name),
                Said::new(phrase::CURE_TAKEN),
            );
            return None;
        }
        if !same.contains(&name) {
            same.push(name.clone());
        }
        Some(name)
    }

    fn data(&self, t: &Table<'_, '_>) -> Option<Data> {
        let Some(parts) = t.get("data").filter(|value| value.get_ref().is_array()) else {
            let found = t.need_text("data")?;
            return self.one_data(&found);
        };
        let texts = t.texts("data")?;
        let read: Vec<Data> = texts
            .iter()
            .filter_map(|text| self.one_data(text))
            .collect();
        if read.is_empty() || read.len() > limit::TEXTS || read.contains(&Data::Message) {
            self.doc.problem(
                parts.span().start,
                Said::new(phrase::PROGRAM_JOIN),
                Said::new(phrase::CURE_JOIN),
            );
            return None;
        }
        (read.len() == texts.len()).then_some(Data::Joined(read))
    }

    fn one_data(&self, found: &At<&str>) -> Option<Data> {
        let Some(name) = reference(found.value) else {
            return Some(Data::Text(Text::Lit(unescape(found.value))));
        };
        if name == "time" {
            return Some(Data::Time);
        }
        if name == "message" {
            if !self.loops.contains(&Loop::Messages) {
                self.doc.problem(
                    found.span.start,
                    Said::new(phrase::PROGRAM_NO_MESSAGE),
                    Said::new(phrase::CURE_NO_MESSAGE),
                );
                return None;
            }
            return Some(Data::Message);
        }
        if self.bytes.iter().any(|v| v == name) {
            return Some(Data::Var(name.to_owned()));
        }
        let is_text = |p: &&Parameter| matches!(p.kind, ParameterKind::Text { .. });
        if self
            .names
            .parameters
            .iter()
            .filter(is_text)
            .any(|p| p.name == name)
        {
            return Some(Data::Text(Text::Param(name.to_owned())));
        }
        if self.doc.is_broken(name) {
            return None;
        }
        let mut valid: Vec<&str> = vec!["message", "time"];
        valid.extend(self.bytes.iter().map(String::as_str));
        valid.extend(
            self.names
                .parameters
                .iter()
                .filter(is_text)
                .map(|p| p.name.as_str()),
        );
        self.doc.problem(
            found.span.start,
            Said::new(phrase::PROGRAM_NO_DATA).with("name", name),
            valid_with_nearest(name, &valid),
        );
        None
    }

    /// The plain name of a file of the run's own folder.
    fn path(&self, t: &Table<'_, '_>) -> Option<String> {
        let path = t.need_text("path")?;
        let good = !path.value.is_empty()
            && path.value.len() <= 60
            && path.value != "."
            && path.value != ".."
            && !path.value.contains(['/', '\\', '\0']);
        if !good {
            self.doc.problem(
                path.span.start,
                Said::new(phrase::PROGRAM_BAD_PATH).with("found", path.value),
                Said::new(phrase::CURE_BAD_PATH),
            );
        }
        good.then(|| path.value.to_owned())
    }

    /// `host` + `port`, `path`, or for connect (`actors` = 1) `to`.
    fn address(&self, t: &Table<'_, '_>, binds: bool) -> Option<Address> {
        let ways = ["to", "host", "path"];
        let given: Vec<&str> = ways.into_iter().filter(|key| t.has(key)).collect();
        match given.as_slice() {
            ["to"] => Some(Address::Actor(self.actor(&t.text("to")?)?)),
            ["host"] => {
                let host = t.text("host")?;
                let host = read_text(self.doc, "host", &host, self.names.parameters);
                // Port 0 lets the system choose; connecting there makes no sense.
                let default = binds.then_some(0);
                let least = i64::from(!binds);
                let port = self.num(t, "port", default, least, 65_535);
                Some(Address::Host {
                    host: host?,
                    port: port?,
                })
            }
            ["path"] => Some(Address::Path(self.path(t)?)),
            _ => {
                let valid = ways.join(", ");
                self.doc.problem(
                    t.start,
                    Said::new(phrase::PROGRAM_ADDRESS),
                    Said::new(phrase::CURE_ADDRESS).with("valid", valid),
                );
                None
            }
        }
    }
}

/// What an option's value may be.
fn option_range(option: SockOpt) -> (i64, i64) {
    match option {
        // 0 leaves the system's default: the call is then not made.
        SockOpt::SndBuf | SockOpt::RcvBuf => (0, limit::MESSAGE),
        SockOpt::MaxSeg => (0, 65_535),
        SockOpt::NoDelay
        | SockOpt::Cork
        | SockOpt::QuickAck
        | SockOpt::ReuseAddr
        | SockOpt::KeepAlive
        | SockOpt::Broadcast => (0, 1),
        SockOpt::RcvTimeout | SockOpt::SndTimeout => (0, limit::MILLIS),
        SockOpt::Linger => (-1, 600),
    }
}

/// A number, or `"$name"` of a parameter whose whole range fits.
pub(super) fn read_num(
    t: &Table<'_, '_>,
    key: &str,
    default: Option<i64>,
    min: i64,
    max: i64,
    parameters: &[Parameter],
) -> Option<Num> {
    let Some(value) = t.get(key) else {
        if default.is_none() {
            t.missing(key);
        }
        return default.map(Num::Lit);
    };
    if let Some(found) = as_int(value) {
        return within(t.doc, key, &found, min, max).then_some(Num::Lit(found.value));
    }
    let at = value.span().start;
    let name = as_text(value).and_then(|text| reference(text.value));
    let Some(name) = name else {
        t.doc.problem(
            at,
            Said::new(phrase::FILE_NOT_NUM).with("key", key),
            Said::new(phrase::CURE_NUM).with("key", key),
        );
        return None;
    };
    let Some(parameter) = parameters.iter().find(|p| p.name == name) else {
        unknown_parameter(t.doc, at, name, parameters);
        return None;
    };
    let (low, high) = match &parameter.kind {
        ParameterKind::Int { min, max, .. } => (*min, *max),
        ParameterKind::Switch { .. } => (0, 1),
        ParameterKind::Text { .. } => {
            t.doc.problem(
                at,
                Said::new(phrase::FILE_PARAMETER_IS_TEXT)
                    .with("name", name)
                    .with("key", key),
                Said::new(phrase::CURE_PARAMETER_IS_TEXT),
            );
            return None;
        }
    };
    if low < min || high > max {
        t.doc.problem(
            at,
            Said::new(phrase::FILE_PARAMETER_RANGE)
                .with("name", name)
                .with("low", low)
                .with("high", high)
                .with("key", key)
                .with("min", min)
                .with("max", max),
            Said::new(phrase::CURE_PARAMETER_RANGE),
        );
        return None;
    }
    Some(Num::Param(name.to_owned()))
}

/// A text, or `"$name"` of a text parameter.
pub(super) fn read_text(
    doc: &Doc<'_>,
    key: &str,
    found: &At<&str>,
    parameters: &[Parameter],
) -> Option<Text> {
    let Some(name) = reference(found.value) else {
        return Some(Text::Lit(unescape(found.value)));
    };
    match parameters.iter().find(|p| p.name == name) {
        Some(p) if matches!(p.kind, ParameterKind::Text { .. }) => {
            Some(Text::Param(name.to_owned()))
        }
        Some(_) => {
            doc.problem(
                found.span.start,
                Said::new(phrase::FILE_PARAMETER_IS_NUMBER)
                    .with("name", name)
                    .with("key", key),
                Said::new(phrase::CURE_PARAMETER_IS_NUMBER),
            );
            None
        }
        None => {
            unknown_parameter(doc, found.span.start, name, parameters);
            None
        }
    }
}

/// The name in `"$name"`; `None` for a literal (`"$$…"` is a literal `$`).
fn reference(text: &str) -> Option<&str> {
    text.strip_prefix('$').filter(|name| !name.starts_with('$'))
}

/// A literal as it is meant: `$$` at the beginning stands for `$`.
fn unescape(text: &str) -> String {
    text.strip_prefix('$').unwrap_or(text).to_owned()
}

pub(super) fn unknown_parameter(doc: &Doc<'_>, at: usize, name: &str, parameters: &[Parameter]) {
    if doc.is_broken(name) {
        return;
    }
    let valid: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
    doc.problem(
        at,
        Said::new(phrase::FILE_UNKNOWN_PARAMETER).with("name", name),
        valid_with_nearest(name, &valid),
    );
}

pub(super) fn unknown_actor(doc: &Doc<'_>, at: usize, name: &str, actors: &[String]) {
    let valid: Vec<&str> = actors.iter().map(String::as_str).collect();
    doc.problem(
        at,
        Said::new(phrase::FILE_UNKNOWN_ACTOR).with("name", name),
        valid_with_nearest(name, &valid),
    );
}

/// A name for a parameter, an actor or a variable: also good as a name in Python, C and Rust.
pub(super) fn good_name(doc: &Doc<'_>, found: &At<&str>) -> Option<String> {
    let name = found.value;
    let good = name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name);
    if !good {
        doc.problem(
            found.span.start,
            Said::new(phrase::FILE_BAD_NAME).with("found", name),
            Said::new(phrase::CURE_BAD_NAME),
        );
    }
    good.then(|| name.to_owned())
}

/// Words with a meaning of their own in lesson files, expressions and schedules, and words that
/// would break the generated Python, C or Rust.
const RESERVED: &[&str] = &[
    "message", "framing", "attack", "run", "lesson", "send", "recv", "frame", "and", "or", "not",
    "true", "false", "len", "sum", "min", "max", "socket", "struct", "time", "sys", "if", "else",
    "for", "while", "in", "is", "as", "do", "int", "char", "long", "short", "float", "double",
    "void", "return", "break", "continue", "loop", "fn", "let", "mut", "use", "mod", "match",
    "move", "ref", "self", "type", "where", "pub", "impl", "enum", "const", "static", "def", "del",
    "class", "try", "with", "from", "import", "pass", "print", "lambda", "yield", "main", "auto",
    "switch", "case", "goto", "sizeof", "union", "unsafe", "crate", "super", "dyn", "async",
    "await",
];
