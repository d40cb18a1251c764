//! Conditions over a run, as lesson files write them: `recv.bytes == [50] and merged_recvs == 1`.
//!
//! An expression is read once, typed as it is read (comparing a list with a number is an error of
//! the lesson, not of the run), and evaluated on any prefix of a trace. It cannot loop, so its cost
//! is bounded by its length and the run's.

mod connections;
mod datagrams;
mod eval;
mod files;
mod parse;
mod segments;
#[cfg(test)]
mod tests;

use std::fmt;

pub use eval::ExprError;
pub use parse::Fault;

/// A condition: true or false of a prefix of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    text: String,
    root: Node,
}

impl Expr {
    /// The parameters it mentions, each once.
    pub fn parameters(&self) -> Vec<&str> {
        self.collect(|node| match node {
            Node::Param(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The actors it mentions, each once.
    pub fn actors(&self) -> Vec<&str> {
        self.collect(|node| match node {
            Node::OfActor(name, _) => Some(name.as_str()),
            Node::Column(side, _) | Node::Cell(side, _, _) => side.actor.as_deref(),
            _ => None,
        })
    }

    /// Does it speak of segments, which only a captured run has?
    pub fn speaks_of_segments(&self) -> bool {
        let mut found = false;
        self.root.walk(&mut |node| {
            found |= match node {
                Node::Fact(fact) => fact.is_of_segments(),
                Node::Column(side, _) | Node::Cell(side, _, _) => side.what == Items::Segment,
                _ => false,
            };
        });
        found
    }

    fn collect<'a>(&'a self, pick: impl Fn(&'a Node) -> Option<&'a str>) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        self.root.walk(&mut |node| {
            if let Some(name) = pick(node).filter(|n| !found.contains(n)) {
                found.push(name);
            }
        });
        found
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Int(i64),
    Bool(bool),
    Param(String),
    Fact(Fact),
    OfActor(String, ActorFact),
    /// One figure of every item: `recv.bytes`
    Column(Side, Field),
    /// One figure of one item: `recv[0].bytes`; negative counts from the last.
    Cell(Side, Box<Node>, Field),
    List(Vec<Node>),
    Negative(Box<Node>),
    Not(Box<Node>),
    Of(Function, Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
}

impl Node {
    fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        match self {
            Node::Cell(_, node, _) | Node::Negative(node) | Node::Not(node) | Node::Of(_, node) => {
                node.walk(visit);
            }
            Node::List(nodes) => nodes.iter().for_each(|node| node.walk(visit)),
            Node::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            _ => {}
        }
    }
}

/// The sends, recvs or frames of a stream: that from client to server, or the one that the actor
/// named sends (for `send`) or receives (for the others). Or the captured segments: all, or those
/// that the actor's kernel sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Side {
    actor: Option<String>,
    what: Items,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(actor) = &self.actor {
            write!(f, "{actor}.")?;
        }
        f.write_str(self.what.name())
    }
}

/// Gives an enum its names as lesson files write them.
macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $type { $($variant),* }

        impl $type {
            /// Every name.
            #[allow(dead_code, reason = "which fields there are depends on the items")]
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];

            fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some($type::$variant),)*
                    _ => None,
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name),*
                }
            }
        }
    };
}

named! {
    /// A figure of the whole run.
    Fact {
        Sends = "sends",
        Recvs = "recvs",
        MergedRecvs = "merged_recvs",
        SplitMessages = "split_messages",
        BytesSent = "bytes_sent",
        BytesReceived = "bytes_received",
        Frames = "frames",
        FramesRight = "frames_right",
        FramesWrong = "frames_wrong",
        DecodeErrors = "decode_errors",
        FailedCalls = "failed_calls",
        Unread = "unread",
        UnreadPeak = "unread_peak",
        SendsBeforeRead = "sends_before_read",
        Ended = "ended",
        DatagramsSent = "datagrams_sent",
        DatagramsReceived = "datagrams_received",
        DatagramsDropped = "datagrams_dropped",
        DatagramsWaiting = "datagrams_waiting",
        DatagramsCut = "datagrams_cut",
        Elapsed = "elapsed",
        Files = "files",
        FilesSame = "files_same",
        Commands = "commands",
        Segments = "segments",
        DataSegments = "data_segments",
        MergedSegments = "merged_segments",
        PureAcks = "pure_acks",
        Retransmissions = "retransmissions",
        Syns = "syns",
        Fins = "fins",
        Resets = "resets",
        UdpPackets = "udp_packets",
        IcmpPackets = "icmp_packets",
    }
}

impl Fact {
    fn is_of_segments(self) -> bool {
        matches!(
            self,
            Fact::Segments
                | Fact::DataSegments
                | Fact::MergedSegments
                | Fact::PureAcks
                | Fact::Retransmissions
                | Fact::Syns
                | Fact::Fins
                | Fact::Resets
                | Fact::UdpPackets
                | Fact::IcmpPackets
        )
    }
}

named! {
    /// A figure of one actor.
    ActorFact {
        Blocked = "blocked",
        EverBlocked = "ever_blocked",
        Ended = "ended",
        Calls = "calls",
        Failed = "failed",
        Error = "error",
        Granted = "granted",
        Result = "result",
        Filenos = "filenos",
        FileBytes = "file_bytes",
        FileSame = "file_same",
    }
}

named! {
    /// What is listed.
    Items {
        Send = "send",
        Recv = "recv",
        Frame = "frame",
        Datagram = "datagram",
        Segment = "segment",
        Connection = "connection",
    }
}

named! {
    /// A figure of a send, recv, frame or segment.
    Field {
        Bytes = "bytes",
        Start = "start",
        Messages = "messages",
        Characters = "characters",
        Received = "received",
        Flags = "flags",
        Seq = "seq",
        Ack = "ack",
        Window = "window",
        Sends = "sends",
        Size = "size",
        Us = "us",
        ClientPort = "client_port",
        ServerPort = "server_port",
    }
}

impl Items {
    /// What each of them has.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Items::Send | Items::Recv | Items::Frame => {
                &["bytes", "start", "messages", "characters"]
            }
            Items::Datagram => &["bytes", "received"],
            Items::Connection => &["client_port", "server_port"],
            Items::Segment => &[
                "bytes", "messages", "flags", "seq", "ack", "window", "sends", "size", "us",
            ],
        }
    }
}

named! {
    /// A function of a list.
    Function {
        Len = "len",
        Sum = "sum",
        Min = "min",
        Max = "max",
    }
}

/// Every word that expressions know.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [
        Fact::NAMES,
        ActorFact::NAMES,
        Items::NAMES,
        Field::NAMES,
        Function::NAMES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Bool,
    Int,
    List,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::Bool => "condition",
            Type::Int => "number",
            Type::List => "list",
        }
    }
}
