//! The vocabulary in which a lesson says what each actor does.
//!
//! A [`Program`] is a tree of [`Node`]s. Each node has a number, unique in its program and
//! counted in reading order; events carry it (`Event::op`), so the code pane can show which
//! line is running, and the generated code maps its lines back to it.

use serde::{Deserialize, Serialize};

pub use crate::net::{Family, How, SockOpt, SocketKind};

/// A number written in a lesson: a literal, or `"$name"` for a parameter read when the
/// operation runs (so a live parameter takes effect at the next call).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Num {
    /// A literal.
    Lit(i64),
    /// The parameter of that name.
    Param(String),
}

/// A text written in a lesson: a literal, or `"$name"` for a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Text {
    /// A literal.
    Lit(String),
    /// The parameter of that name.
    Param(String),
}

/// What a send sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// The current message of the enclosing `for_each_message`, encoded by the run's framing.
    Message,
    /// The bytes that a variable holds, as they are.
    Var(String),
    /// A text, in UTF-8, as it is.
    Text(Text),
    /// The time in the form of `asctime(3)`, in UTC: `Sat Nov 21 18:29:04 2026`.
    Time,
    /// Several, one behind the other.
    Joined(Vec<Data>),
}

/// Where bind and connect point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Address {
    /// A host (name or number) and port; port 0 in bind lets the system choose.
    Host {
        /// `127.0.0.1`, `::1`, `localhost` …
        host: Text,
        /// 0 to 65535.
        port: Num,
    },
    /// The address to which that actor has bound its listening socket in this run.
    Actor(String),
    /// A path of an `AF_UNIX` socket, inside the run's own temporary folder.
    Path(String),
    /// Whence the datagram came whose sender that variable holds.
    Sender(String),
}

/// What a `wait` waits for: the kernel-counted progress of another actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// It has sent that many messages, or can send no more until it is acknowledged, or has ended.
    Sent(Num),
    /// It has taken that many bytes out of its receive buffers (or has ended).
    ReceivedBytes(Num),
    /// Its program has ended.
    Ended,
}

#[allow(
    missing_docs,
    reason = "field names are those of the lesson file; each variant says what they do"
)]
/// One operation. The key in a lesson file is the name in the comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// `socket`: create a socket and keep it in variable `name`
    Socket {
        name: String,
        family: Family,
        kind: SocketKind,
    },
    /// `setsockopt`
    SetOption {
        on: String,
        option: SockOpt,
        value: Num,
    },
    /// `getsockopt`
    GetOption { on: String, option: SockOpt },
    /// `bind`
    Bind { on: String, to: Address },
    /// `listen`
    Listen { on: String, backlog: Num },
    /// `accept`: keep the new connection in `name`
    Accept { on: String, name: String },
    /// `connect`
    Connect { on: String, to: Address },
    /// `connect_ex`: as connect, but an error is a value, not the program's end
    ConnectEx { on: String, to: Address },
    /// `send`: one call; may take fewer bytes than asked
    Send { on: String, data: Data },
    /// `sendall`: everything, or an error
    SendAll { on: String, data: Data },
    /// `sendto`: one datagram to that address
    SendTo { on: String, data: Data, to: Address },
    /// `join_group`: setsockopt with `IP_ADD_MEMBERSHIP`; both are IPv4 addresses
    JoinGroup {
        on: String,
        group: Text,
        interface: Text,
    },
    /// `multicast_interface`: setsockopt with `IP_MULTICAST_IF`
    MulticastInterface { on: String, interface: Text },
    /// `recv`: one call of at most `size` bytes, kept in `name`; b'' at the end
    Recv {
        on: String,
        size: Num,
        name: String,
        peek: bool,
    },
    /// `recv_into`: a buffer of `size` bytes is made once, and filled by as many calls as it takes, each
    /// behind what the one before it has left; until it is full or the stream ends. Kept in `name`.
    RecvInto { on: String, size: Num, name: String },
    /// `makefile`: a file with a buffer of [`FILE_BUFFER`] bytes around the socket, kept in `name`
    MakeFile { on: String, name: String },
    /// `readline`: a line of such a file with its line feed, at most `size` bytes of it, kept in
    /// `name`; what is left at the end of the stream, then b''
    ReadLine {
        file: String,
        size: Num,
        name: String,
    },
    /// `duplicate`: another descriptor of the same socket, kept in `name`
    Duplicate { on: String, name: String },
    /// `recvfrom`: as recv; who sent it is kept in `from`
    RecvFrom {
        on: String,
        size: Num,
        name: String,
        from: Option<String>,
    },
    /// `recv_exactly`: recv until `size` bytes are there or the stream ends
    RecvExactly { on: String, size: Num, name: String },
    /// `recv_until_eof`: recv(size) until b''
    RecvUntilEof { on: String, size: Num },
    /// `receive_messages`: recv(size) into the run's decoder until the stream ends, or `count`
    /// messages have come out (0 = until the end). Raw framing takes each chunk for a message.
    /// `swapped` = 1: this receiver reads the bytes of a length in the other order than agreed.
    ReceiveMessages {
        on: String,
        size: Num,
        count: Num,
        swapped: Num,
    },
    /// `send_message`: `data` as one message, encoded by the run's framing
    SendMessage { on: String, data: Data },
    /// `receive_message`: recv(size) into the decoder of that socket until a message is there,
    /// kept in `name`; b'' at the end. What came beyond it waits for the next one.
    ReceiveMessage { on: String, size: Num, name: String },
    /// `send_file`: a file as one message of the run's framing, at most `chunk` bytes a call. With
    /// an end mark: the chunks, `pause` milliseconds of sleep, the mark by itself. With a JSON
    /// header: the header by itself, which names the file, then the chunks.
    SendFile {
        on: String,
        file: Text,
        chunk: Num,
        pause: Num,
    },
    /// `receive_file`: as `receive_message`, written to a file. It is called as the sender's header
    /// says, or else `name`; `folder` is empty for the run's own. `exact` = 1: an end mark
    /// counts only if one recv returns it and nothing else.
    ReceiveFile {
        on: String,
        size: Num,
        name: Text,
        folder: Text,
        exact: Num,
    },
    /// `run_command`: the command of the fixed list that the variable `line` asks for, to its
    /// end; its standard output and then its standard error are kept in `name`.
    RunCommand { line: String, name: String },
    /// `echo_request`: the bytes of an ICMP echo request, kept in `name`; no call. `wrong` = 1: its
    /// checksum is wrong.
    EchoRequest {
        name: String,
        number: Num,
        data: Text,
        wrong: Num,
    },
    /// `when_received`: the body if the variable holds one of these texts
    WhenReceived {
        name: String,
        equals: Vec<Text>,
        body: Vec<Node>,
    },
    /// `unlink`: remove the file of an `AF_UNIX` socket from the run's own folder
    Unlink { path: String },
    /// `shutdown`
    Shutdown { on: String, how: How },
    /// `close`
    Close { on: String },
    /// `sleep`: `ms` milliseconds (not in step mode: there the person is the clock)
    Sleep { ms: Num },
    /// `settimeout`: `ms` milliseconds; -1 = none, 0 = non-blocking (as in Python)
    SetTimeout { on: String, ms: Num },
    /// `gettimeout`
    GetTimeout { on: String },
    /// `setblocking`
    SetBlocking { on: String, blocking: bool },
    /// `getsockname`
    GetSockName { on: String },
    /// `getpeername`
    GetPeerName { on: String },
    /// `fileno`
    Fileno { on: String },
    /// `wait`: until another actor has got that far. Against an external program, and in the
    /// generated code, it is a sleep of `ms` milliseconds, for one program cannot see the other.
    Wait {
        actor: String,
        until: Until,
        ms: Num,
    },
    /// `repeat`: the body that many times
    Repeat { times: Num, body: Vec<Node> },
    /// `for_each_message`: the body once per message of this actor
    ForEachMessage { body: Vec<Node> },
    /// `try`: the body until a call in it is refused by the system; the program goes on after it
    Try { body: Vec<Node> },
    /// `when`: the body, once, if the switch is not 0 (`wanted`), or if it is; a `break_…` in it leaves the
    /// loop around it. The generated code has the body, or nothing: it shows the program as it runs.
    When {
        on: Num,
        wanted: bool,
        body: Vec<Node>,
    },
    /// `serve_each`: accept `count` clients (at most [`MOST_CLIENTS`]) and do the body once for
    /// each, with its connection in `name` and variables of its own. `threads` = 1: each in a
    /// thread of its own, which is an actor of the run; 0: one client after the other. It is over
    /// when all of them have been served. Stands outside all loops, once in a program.
    ServeEach {
        on: String,
        name: String,
        count: Num,
        threads: Num,
        body: Vec<Node>,
    },
    /// `loop`: the body until a `break_…` ends it
    Loop { body: Vec<Node> },
    /// `break_if_empty`: leave the enclosing loop when the variable holds no bytes
    BreakIfEmpty { name: String },
    /// `break_if`: leave the enclosing loop when the variable holds one of these texts
    BreakIf { name: String, equals: Vec<Text> },
    /// `prompt`: a line that a person types, kept in `name` without its end. Where nobody is there
    /// to type (`person` is 0, or the run has no window), the `lines` are taken in turn.
    Prompt {
        name: String,
        ask: Text,
        lines: Vec<Text>,
        person: Num,
    },
    /// `ready`: in step mode the program runs by itself up to here
    Ready,
}

/// The most bytes that a file made by `makefile` asks the kernel for at once: what Python's has
/// (`io.DEFAULT_BUFFER_SIZE`, up to 3.13).
pub const FILE_BUFFER: usize = 8192;

/// The most clients that one `serve_each` serves; a bound on threads.
pub const MOST_CLIENTS: i64 = 16;

/// An operation with its number in the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Number in reading order, from 0.
    pub id: u16,
    /// What it does.
    pub op: Op,
}

/// What one actor does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// In order.
    pub nodes: Vec<Node>,
}

impl Program {
    /// A program of these operations, numbered in reading order.
    pub fn new(mut nodes: Vec<Node>) -> Self {
        let mut next = 0;
        number(&mut nodes, &mut next);
        Program { nodes }
    }

    /// Every node, in reading order.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        fn go<'a>(nodes: &'a [Node], visit: &mut dyn FnMut(&'a Node)) {
            for node in nodes {
                visit(node);
                go(node.op.body(), visit);
            }
        }
        go(&self.nodes, visit);
    }

    /// Its `serve_each`, if it has one.
    pub fn served(&self) -> Option<&Node> {
        self.nodes
            .iter()
            .find(|node| matches!(node.op, Op::ServeEach { .. }))
    }

    /// The program without what its `serve_each` does for each client; numbers stay.
    pub(super) fn without_served(&self) -> Program {
        let mut outside = self.clone();
        for node in &mut outside.nodes {
            if let Op::ServeEach { body, .. } = &mut node.op {
                body.clear();
            }
        }
        outside
    }

    /// Does its program say up to where it runs by itself in step mode?
    pub fn has_ready(&self) -> bool {
        let mut found = false;
        self.walk(&mut |node| found |= node.op == Op::Ready);
        found
    }
}

impl Op {
    /// Does it send the message of the enclosing `for_each_message`?
    pub fn sends_message(&self) -> bool {
        matches!(
            self,
            Op::Send { data, .. } | Op::SendAll { data, .. } | Op::SendTo { data, .. }
                if *data == Data::Message
        )
    }

    /// Does it send the time?
    pub fn tells_time(&self) -> bool {
        matches!(
            self,
            Op::Send { data, .. }
            | Op::SendAll { data, .. }
            | Op::SendMessage { data, .. }
            | Op::SendTo { data, .. }
                if data.parts().contains(&Data::Time)
        )
    }

    /// The operations inside this one.
    pub fn body(&self) -> &[Node] {
        match self {
            Op::Repeat { body, .. }
            | Op::ForEachMessage { body }
            | Op::Try { body }
            | Op::When { body, .. }
            | Op::WhenReceived { body, .. }
            | Op::ServeEach { body, .. }
            | Op::Loop { body } => body,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub(super) fn body_mut(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Op::Repeat { body, .. }
            | Op::ForEachMessage { body }
            | Op::Try { body }
            | Op::When { body, .. }
            | Op::WhenReceived { body, .. }
            | Op::ServeEach { body, .. }
            | Op::Loop { body } => Some(body),
            _ => None,
        }
    }
}

impl Data {
    /// Itself, or what it is joined of.
    pub fn parts(&self) -> &[Data] {
        match self {
            Data::Joined(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }

    /// The variables whose bytes it takes.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts().iter().filter_map(|part| match part {
            Data::Var(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

impl From<Op> for Node {
    fn from(op: Op) -> Self {
        Node { id: 0, op }
    }
}

fn number(nodes: &mut [Node], next: &mut u16) {
    for node in nodes {
        node.id = *next;
        *next += 1;
        if let Some(body) = node.op.body_mut() {
            number(body, next);
        }
    }
}
