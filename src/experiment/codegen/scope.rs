//! Names, and where each variable of a program must be declared.
//!
//! The operations have one space of names per actor, as Python has. C and Rust want a variable
//! declared in a block that encloses all its uses: here is found which block, and whether its
//! first assignment can be its declaration.

use std::collections::BTreeMap;

use crate::experiment::LONGEST_LINE;
use crate::experiment::commands::MOST_OUTPUT;
use crate::experiment::program::{Address, Family, Node, Op, Program, SocketKind};

use super::CodeContext;
use super::files::LONGEST_KEPT;

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A socket.
    Socket(Family, SocketKind),
    /// Bytes that came; at most so many.
    Bytes(u64),
    /// The address of whoever sent a datagram.
    Sender,
    /// A file around a socket.
    File,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) holds: Holds,
    /// The operation at which, or before which, it is declared.
    pub(super) at: u16,
    /// Is its first assignment its declaration? If not, it is declared before `at`.
    pub(super) inline: bool,
    /// Is it assigned again after its declaration?
    pub(super) reassigned: bool,
}

/// Everything that a program says about its variables and the help it needs.
#[derive(Debug, Default)]
pub(super) struct Scope {
    variables: BTreeMap<String, Variable>,
    /// Sockets whose decoder must outlive one `receive_messages`.
    lasting: Vec<String>,
    /// Sockets on which `receive_messages` is called, in order.
    receiving: Vec<String>,
    /// Files around sockets: the socket's variable and the file's.
    files: Vec<(String, String)>,
    /// Of these, those that lines are read from.
    read: Vec<String>,
}

struct Touch {
    /// The blocks around it, from outside: numbers of the operations whose bodies they are; then
    /// its own.
    path: Vec<u16>,
    assigns: bool,
}

impl Scope {
    /// Of the program itself; what a `serve_each` does for a client has a scope of its own.
    pub(super) fn new(program: &Program, ctx: &CodeContext<'_>) -> Self {
        Scope::of(&program.nodes, None, ctx)
    }

    /// Of what a `serve_each` does for a client, whose connection is given.
    pub(super) fn served(
        &self,
        on: &str,
        name: &str,
        body: &[Node],
        ctx: &CodeContext<'_>,
    ) -> Self {
        let listener = self.get(on).map(|variable| variable.holds);
        let socket = listener.unwrap_or(Holds::Socket(Family::Inet, SocketKind::Stream));
        Scope::of(body, Some((name, socket)), ctx)
    }

    fn of(nodes: &[Node], given: Option<(&str, Holds)>, ctx: &CodeContext<'_>) -> Self {
        let mut scope = Scope::default();
        let mut touches: BTreeMap<String, Vec<Touch>> = BTreeMap::new();
        let mut holds: BTreeMap<String, Holds> = BTreeMap::new();
        let mut receives: Vec<(String, Vec<u16>)> = Vec::new();
        holds.extend(given.map(|(name, socket)| (name.to_owned(), socket)));
        visit(nodes, &mut Vec::new(), &mut |node, path| {
            let (uses, assigns) = names(&node.op);
            for (name, assigns) in uses
                .map(|name| (name, false))
                .into_iter()
                .chain(data(&node.op).into_iter().map(|name| (name, false)))
                .chain(senders(&node.op))
                .chain(assigns.map(|name| (name, true)))
            {
                touches.entry(name.to_owned()).or_default().push(Touch {
                    path: path.to_vec(),
                    assigns,
                });
            }
            if let Op::ReadLine { file, .. } = &node.op {
                scope.read.push(file.clone());
            }
            if let Op::Close { on } = &node.op {
                // What a file around the socket has goes with it.
                for name in scope.files_of(on) {
                    touches.entry(name.to_owned()).or_default().push(Touch {
                        path: path.to_vec(),
                        assigns: false,
                    });
                }
            }
            match &node.op {
                Op::Socket { name, family, kind } => {
                    holds.insert(name.clone(), Holds::Socket(*family, *kind));
                }
                Op::Accept { on, name } | Op::Duplicate { on, name } => {
                    let listener = holds.get(on).copied();
                    let socket =
                        listener.unwrap_or(Holds::Socket(Family::Inet, SocketKind::Stream));
                    holds.insert(name.clone(), socket);
                }
                Op::ReceiveMessage { on, name, .. } => {
                    holds.insert(
                        name.clone(),
                        Holds::Bytes(ctx.limit.min(LONGEST_KEPT) as u64),
                    );
                    scope.keeps(on);
                }
                Op::ReceiveFile { on, .. } => scope.keeps(on),
                Op::Recv { size, name, .. }
                | Op::RecvExactly { size, name, .. }
                | Op::RecvInto { size, name, .. }
                | Op::ReadLine { size, name, .. }
                | Op::RecvFrom { size, name, .. } => {
                    if let Op::RecvFrom {
                        from: Some(from), ..
                    } = &node.op
                    {
                        holds.insert(from.clone(), Holds::Sender);
                    }
                    let most = ctx.count(size);
                    match holds.get_mut(name) {
                        Some(Holds::Bytes(before)) => *before = most.max(*before),
                        _ => {
                            holds.insert(name.clone(), Holds::Bytes(most));
                        }
                    }
                }
                Op::MakeFile { on, name } => {
                    holds.insert(name.clone(), Holds::File);
                    scope.files.push((on.clone(), name.clone()));
                }
                Op::RunCommand { name, .. } => {
                    let most = 2 * MOST_OUTPUT as u64;
                    let before = match holds.get(name) {
                        Some(Holds::Bytes(before)) => *before,
                        _ => 0,
                    };
                    holds.insert(name.clone(), Holds::Bytes(most.max(before)));
                }
                Op::EchoRequest { name, data, .. } => {
                    let most = 8 + ctx.text(data).len() as u64;
                    let before = match holds.get(name) {
                        Some(Holds::Bytes(before)) => *before,
                        _ => 0,
                    };
                    holds.insert(name.clone(), Holds::Bytes(most.max(before)));
                }
                Op::Prompt { name, .. } => {
                    let most = LONGEST_LINE as u64 + 2;
                    let before = match holds.get(name) {
                        Some(Holds::Bytes(before)) => *before,
                        _ => 0,
                    };
                    holds.insert(name.clone(), Holds::Bytes(most.max(before)));
                }
                Op::ReceiveMessages { on, .. } => {
                    if !scope.receiving.contains(on) {
                        scope.receiving.push(on.clone());
                    }
                    receives.push((on.clone(), path.to_vec()));
                }
                _ => {}
            }
        });
        for (name, touches) in &touches {
            if let Some(holds) = holds.get(name) {
                let variable = declare(*holds, touches);
                scope.variables.insert(name.clone(), variable);
            }
        }
        if let Some((name, holds)) = given {
            // It is there from the beginning: declared by none of the operations.
            let reassigned = scope.get(name).is_some_and(|v| v.reassigned || v.inline);
            let variable = Variable {
                holds,
                at: u16::MAX,
                inline: false,
                reassigned,
            };
            scope.variables.insert(name.to_owned(), variable);
        }
        for (on, path) in &receives {
            let several = receives.iter().filter(|(other, _)| other == on).count() > 1;
            let made = touches.get(on).and_then(|t| t.iter().find(|t| t.assigns));
            let deeper = match (made, given) {
                (None, Some((name, _))) if name == on => path.len() > 1,
                (made, _) => made.is_some_and(|made| made.path.len() < path.len()),
            };
            if (several || deeper) && !scope.lasting.contains(on) {
                scope.lasting.push(on.clone());
            }
        }
        scope
    }

    /// Messages are taken one by one from that socket: what came beyond one stays for the next.
    fn keeps(&mut self, on: &str) {
        for list in [&mut self.receiving, &mut self.lasting] {
            if !list.iter().any(|name| name == on) {
                list.push(on.to_owned());
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Are lines read from that file?
    pub(super) fn reads(&self, file: &str) -> bool {
        self.read.iter().any(|name| name == file)
    }

    /// The files made around that socket before.
    pub(super) fn files_of<'a>(&'a self, socket: &'a str) -> impl Iterator<Item = &'a str> {
        let of = move |(on, _): &&(String, String)| on == socket;
        self.files.iter().filter(of).map(|(_, name)| &name[..])
    }

    /// What kind of socket it is.
    pub(super) fn socket(&self, name: &str) -> (Family, SocketKind) {
        match self.get(name) {
            Some(Variable {
                holds: Holds::Socket(family, kind),
                ..
            }) => (*family, *kind),
            _ => (Family::Inet, SocketKind::Stream),
        }
    }

    /// The family of a socket; IPv4 for one that nothing has made.
    pub(super) fn family(&self, name: &str) -> Family {
        self.socket(name).0
    }

    /// The variables to declare before that operation, with their names.
    pub(super) fn hoisted(&self, at: u16) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables
            .iter()
            .filter(move |(_, v)| v.at == at && !v.inline)
            .map(|(name, v)| (&name[..], v))
    }

    /// Is that operation the declaration of `name`?
    pub(super) fn declares(&self, name: &str, at: u16) -> bool {
        self.get(name).is_some_and(|v| v.inline && v.at == at)
    }

    /// Sockets on which `receive_messages` is called.
    pub(super) fn receiving(&self) -> &[String] {
        &self.receiving
    }

    /// Must the decoder of that socket be made where the socket is?
    pub(super) fn lasts(&self, socket: &str) -> bool {
        self.lasting.iter().any(|name| name == socket)
    }
}

fn visit<'a>(nodes: &'a [Node], path: &mut Vec<u16>, each: &mut dyn FnMut(&'a Node, &[u16])) {
    for node in nodes {
        path.push(node.id);
        each(node, path);
        if !matches!(node.op, Op::ServeEach { .. }) {
            visit(node.op.body(), path, each);
        }
        path.pop();
    }
}

/// The variable an operation works on, and the one it assigns.
fn names(op: &Op) -> (Option<&str>, Option<&str>) {
    match op {
        Op::Socket { name, .. } | Op::Prompt { name, .. } | Op::EchoRequest { name, .. } => {
            (None, Some(name))
        }
        Op::Accept { on, name }
        | Op::Recv { on, name, .. }
        | Op::RecvFrom { on, name, .. }
        | Op::ReceiveMessage { on, name, .. }
        | Op::RecvInto { on, name, .. }
        | Op::MakeFile { on, name }
        | Op::Duplicate { on, name }
        | Op::ReadLine { file: on, name, .. }
        | Op::RecvExactly { on, name, .. } => (Some(on), Some(name)),
        Op::BreakIfEmpty { name } | Op::BreakIf { name, .. } | Op::WhenReceived { name, .. } => {
            (Some(name), None)
        }
        Op::RunCommand { line, name } => (Some(line), Some(name)),
        Op::SetOption { on, .. }
        | Op::GetOption { on, .. }
        | Op::JoinGroup { on, .. }
        | Op::MulticastInterface { on, .. }
        | Op::Bind { on, .. }
        | Op::Listen { on, .. }
        | Op::Connect { on, .. }
        | Op::ConnectEx { on, .. }
        | Op::Send { on, .. }
        | Op::SendAll { on, .. }
        | Op::SendTo { on, .. }
        | Op::RecvUntilEof { on, .. }
        | Op::ReceiveMessages { on, .. }
        | Op::SendMessage { on, .. }
        | Op::SendFile { on, .. }
        | Op::ReceiveFile { on, .. }
        | Op::Shutdown { on, .. }
        | Op::Close { on }
        | Op::SetTimeout { on, .. }
        | Op::SetBlocking { on, .. }
        | Op::GetTimeout { on }
        | Op::GetSockName { on }
        | Op::GetPeerName { on }
        | Op::ServeEach { on, .. }
        | Op::Fileno { on } => (Some(on), None),
        Op::Sleep { .. }
        | Op::Wait { .. }
        | Op::Repeat { .. }
        | Op::When { .. }
        | Op::ForEachMessage { .. }
        | Op::Loop { .. }
        | Op::Unlink { .. }
        | Op::Try { .. }
        | Op::Ready => (None, None),
    }
}

/// The variables whose bytes an operation sends.
fn data(op: &Op) -> Vec<&str> {
    match op {
        Op::Send { data, .. }
        | Op::SendAll { data, .. }
        | Op::SendMessage { data, .. }
        | Op::SendTo { data, .. } => data.variables().collect(),
        _ => Vec::new(),
    }
}

/// The variable with a sender's address that it uses or assigns.
fn senders(op: &Op) -> Option<(&str, bool)> {
    match op {
        Op::SendTo {
            to: Address::Sender(name),
            ..
        } => Some((name, false)),
        Op::RecvFrom {
            from: Some(name), ..
        } => Some((name, true)),
        _ => None,
    }
}

fn declare(holds: Holds, touches: &[Touch]) -> Variable {
    // The innermost block around all of them: where their paths part.
    let first = &touches[0];
    let shortest = touches.iter().map(|t| t.path.len()).min().unwrap_or(1);
    let depth = (0..shortest - 1)
        .take_while(|&d| touches.iter().all(|t| t.path[d] == first.path[d]))
        .count();
    let at = first.path[depth];
    let inline = first.assigns && first.path.len() == depth + 1;
    let assignments = touches.iter().filter(|t| t.assigns).count();
    Variable {
        holds,
        at,
        inline,
        reassigned: assignments > usize::from(inline),
    }
}

/// A name that the language accepts: `reserved` are its words and those the listing uses itself.
pub(super) fn identifier(name: &str, reserved: &str) -> String {
    let mut text: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        text.insert(0, 'x');
    }
    if reserved.split(' ').any(|word| word == text) {
        text.push('_');
    }
    text
}
