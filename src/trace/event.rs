//! The events a trace is made of: one fixed-size row each, details and payload kept aside.

use serde::{Deserialize, Serialize};

/// Nanoseconds since the run began, on the monotonic clock.
pub type Nanos = u64;

/// Position of an event in its trace; the first event is 0.
pub type EventId = u32;

/// "No value" in [`Event::link`].
pub const NONE: u32 = u32::MAX;

/// In place of a message number in a send's [`Event::link`]: the bytes are a receiver's
/// acknowledgement, which some framings wait for, and belong to no message.
pub const ACKNOWLEDGEMENT: u32 = NONE - 2;

/// An actor of the run (client, server, a second client …), in the order of the lesson file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActorId(pub u8);

/// A socket of the run, numbered in the order of creation; never reused within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SocketId(pub u16);

/// One direction of one connection, numbered in the order in which it became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StreamId(pub u16);

impl ActorId {
    /// The actor of events that no program caused: the sampler, the runner.
    pub const LAB: ActorId = ActorId(u8::MAX);
}

impl SocketId {
    /// "No socket": operations such as `sleep` that need none.
    pub const NONE: SocketId = SocketId(u16::MAX);
}

/// What an event says happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Kind {
    /// A call begins.
    Begin = 0,
    /// The call under way would have returned at once if it could; the kernel now holds it.
    Blocked = 1,
    /// The call returned.
    Return = 2,
    /// Fill levels of one socket, read from the kernel.
    Gauge = 3,
    /// The decoder yielded a frame, or an error.
    Frame = 4,
    /// The lesson moved to another step.
    Step = 5,
    /// A parameter marked live changed.
    Setting = 6,
    /// The run itself: started, paused, stopped …; see [`Mark`].
    Mark = 7,
    /// A packet was captured; see [`super::Segment`].
    Segment = 8,
}

impl Kind {
    /// Every kind, in the order of its code.
    pub const ALL: [Kind; 9] = [
        Kind::Begin,
        Kind::Blocked,
        Kind::Return,
        Kind::Gauge,
        Kind::Frame,
        Kind::Step,
        Kind::Setting,
        Kind::Mark,
        Kind::Segment,
    ];
}

/// The operation a call event belongs to. Names and meaning follow the system calls (man 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Call {
    /// `socket(2)`
    Socket = 0,
    /// `setsockopt(2)`
    SetOption = 1,
    /// `getsockopt(2)`
    GetOption = 2,
    /// `bind(2)`
    Bind = 3,
    /// `listen(2)`
    Listen = 4,
    /// `accept(2)`
    Accept = 5,
    /// `connect(2)`
    Connect = 6,
    /// `connect(2)`, the errno returned instead of raised (Python's `connect_ex`)
    ConnectEx = 7,
    /// `send(2)`
    Send = 8,
    /// `send(2)` repeated until everything is accepted (Python's `sendall`), as one call
    SendAll = 9,
    /// `sendto(2)`
    SendTo = 10,
    /// `recv(2)`
    Recv = 11,
    /// `recvfrom(2)`
    RecvFrom = 12,
    /// `shutdown(2)`
    Shutdown = 13,
    /// `close(2)`
    Close = 14,
    /// `nanosleep(2)`
    Sleep = 15,
    /// Python's `settimeout`
    SetTimeout = 16,
    /// Python's `setblocking`
    SetBlocking = 17,
    /// `getpeername(2)`
    GetPeerName = 18,
    /// `getsockname(2)`
    GetSockName = 19,
    /// The descriptor's number
    Fileno = 20,
    /// Waiting for another actor; not a system call
    Wait = 21,
    /// Waiting for a person to type
    Prompt = 22,
    /// Reading a file to send
    ReadFile = 23,
    /// Writing a received file
    WriteFile = 24,
    /// Running a command of the allow-list
    Command = 25,
    /// `unlink(2)`: removing the file of an `AF_UNIX` socket
    Unlink = 26,
    /// `recv(2)` into memory the program has (Python's `recv_into`)
    RecvInto = 27,
    /// Python's `gettimeout`
    GetTimeout = 28,
    /// A file with a buffer around a socket (Python's `makefile`, `fdopen(3)`)
    MakeFile = 29,
    /// A line out of such a file; what it asks of the kernel are `Recv` events of their own
    ReadLine = 30,
    /// `dup(2)` (Python's `socket.fromfd`)
    Duplicate = 31,
}

impl Call {
    /// Every call, in the order of its code.
    pub const ALL: [Call; 32] = [
        Call::Socket,
        Call::SetOption,
        Call::GetOption,
        Call::Bind,
        Call::Listen,
        Call::Accept,
        Call::Connect,
        Call::ConnectEx,
        Call::Send,
        Call::SendAll,
        Call::SendTo,
        Call::Recv,
        Call::RecvFrom,
        Call::Shutdown,
        Call::Close,
        Call::Sleep,
        Call::SetTimeout,
        Call::SetBlocking,
        Call::GetPeerName,
        Call::GetSockName,
        Call::Fileno,
        Call::Wait,
        Call::Prompt,
        Call::ReadFile,
        Call::WriteFile,
        Call::Command,
        Call::Unlink,
        Call::RecvInto,
        Call::GetTimeout,
        Call::MakeFile,
        Call::ReadLine,
        Call::Duplicate,
    ];

    /// The name as a programmer writes it in Python: `send`, `recv`, `setsockopt` …
    pub fn name(self) -> &'static str {
        match self {
            Call::Socket => "socket",
            Call::SetOption => "setsockopt",
            Call::GetOption => "getsockopt",
            Call::Bind => "bind",
            Call::Listen => "listen",
            Call::Accept => "accept",
            Call::Connect => "connect",
            Call::ConnectEx => "connect_ex",
            Call::Send => "send",
            Call::SendAll => "sendall",
            Call::SendTo => "sendto",
            Call::Recv => "recv",
            Call::RecvFrom => "recvfrom",
            Call::Shutdown => "shutdown",
            Call::Close => "close",
            Call::Sleep => "sleep",
            Call::SetTimeout => "settimeout",
            Call::SetBlocking => "setblocking",
            Call::GetPeerName => "getpeername",
            Call::GetSockName => "getsockname",
            Call::Fileno => "fileno",
            Call::Wait => "wait",
            Call::Prompt => "input",
            Call::ReadFile => "read",
            Call::WriteFile => "write",
            Call::Command => "run",
            Call::Unlink => "unlink",
            Call::RecvInto => "recv_into",
            Call::GetTimeout => "gettimeout",
            Call::MakeFile => "makefile",
            Call::ReadLine => "readline",
            Call::Duplicate => "fromfd",
        }
    }

    /// Does this call put bytes into a stream?
    pub fn sends(self) -> bool {
        matches!(self, Call::Send | Call::SendAll | Call::SendTo)
    }

    /// Does this call take bytes out of a stream?
    pub fn receives(self) -> bool {
        matches!(self, Call::Recv | Call::RecvFrom | Call::RecvInto)
    }

    /// Is this a socket call, which a step in the lab releases? (`sleep` and `wait` are not:
    /// in step mode the person stepping is the clock.)
    pub fn is_socket_call(self) -> bool {
        !matches!(
            self,
            Call::Sleep
                | Call::Wait
                | Call::Prompt
                | Call::ReadFile
                | Call::WriteFile
                | Call::Command
        )
    }
}

/// What a [`Kind::Mark`] says of the run; its code stands in [`Event::call`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Mark {
    /// The run's threads exist.
    Started = 0,
    /// Programs were paused (the kernel was not).
    Paused = 1,
    /// Programs run on.
    Resumed = 2,
    /// Stop was asked for; what returns from now on may be the stop's doing.
    Stopping = 3,
    /// All programs have ended.
    Finished = 4,
    /// The event limit was reached.
    Limit = 5,
    /// The payload budget was used up: from here on offsets and lengths only.
    PayloadLimit = 6,
    /// An actor's program began ([`Event::actor`]). With a socket: it is a thread, and takes over
    /// that connection from whoever accepted it.
    ActorStarted = 7,
    /// An actor's program ended normally, or with the error in the detail.
    ActorEnded = 8,
    /// An actor passed the point up to which its program runs by itself in step mode.
    Ready = 9,
    /// Waiting for an external program to take its part; the detail names address and command.
    AwaitExternal = 10,
    /// The program skipped a `sleep` or `wait`, because in step mode the person is the clock.
    Skipped = 11,
    /// A timing precondition of the lesson held ("the reader was late").
    Precondition = 12,
    /// A released call was given to an actor (step mode).
    Released = 13,
    /// What a relay does with bytes it received, before it sends what it makes of them. The
    /// event's `socket` is the one it sends on, `op` the number of the one it received on, `a` the
    /// offset of the first byte received, `b` how many, `link` the [`super::Handled`] as its
    /// code. With no bytes it only says that the two sockets belong together.
    Relayed = 14,
    /// The message about to be sent ends as the framing's padding does, so a receiver will take
    /// its end for padding. The event's `socket` is the one it is sent on, `a` how many bytes will
    /// be missing, `link` the message's number.
    EndsAsPadding = 15,
    /// The kernel was asked for the state of a TCP end; see [`super::TcpReading`]. `socket` is whose,
    /// the low byte of `op` the [`super::TcpState`], bit 8 that the other end is meant, bit 9 that
    /// it was found by its addresses; `a` the congestion window (segments) ≪ 32 | the window the
    /// other end announced, `b` the window it announced itself or −1, `link` the segment size or
    /// [`NONE`] if no figures were told.
    TcpEnd = 16,
    /// What a TCP end has sent so far, see [`super::SentSoFar`]: `socket` whose, `a` bytes
    /// acknowledged, `b` segments sent again, `link` segments with data.
    SentSoFar = 17,
    /// How far bytes of a TCP end have got, see [`super::Progress`]: `socket` whose, `a` the stream
    /// offset, `op` the [`super::Stage`], `link` nanoseconds since it happened.
    Progress = 18,
}

impl Mark {
    /// Every mark, in the order of its code.
    pub const ALL: [Mark; 19] = [
        Mark::Started,
        Mark::Paused,
        Mark::Resumed,
        Mark::Stopping,
        Mark::Finished,
        Mark::Limit,
        Mark::PayloadLimit,
        Mark::ActorStarted,
        Mark::ActorEnded,
        Mark::Ready,
        Mark::AwaitExternal,
        Mark::Skipped,
        Mark::Precondition,
        Mark::Released,
        Mark::Relayed,
        Mark::EndsAsPadding,
        Mark::TcpEnd,
        Mark::SentSoFar,
        Mark::Progress,
    ];

    /// Is it a figure read from the kernel now and then, as a gauge is?
    pub fn is_reading(self) -> bool {
        matches!(self, Mark::TcpEnd | Mark::SentSoFar | Mark::Progress)
    }
}

/// Bits of [`Event::flags`].
pub mod flag {
    /// The event owns the next entry of its batch's details. After append: [`super::Event::a`]
    /// or the trace's own index leads there; ask `Trace::detail`.
    pub const DETAIL: u8 = 1;
    /// The event owns the next bytes of its batch's payload.
    pub const BYTES: u8 = 2;
    /// recv: `MSG_PEEK` was set, the bytes stay in the buffer.
    pub const PEEK: u8 = 4;
    /// Return: it came after Stop was asked for and may be the stop's doing, not the peer's.
    pub const AFTER_STOP: u8 = 8;
    /// Gauge: the bytes waiting in the receive buffer were readable.
    pub const HAS_UNREAD: u8 = 16;
    /// Gauge: the sent-but-unacknowledged figure (SIOCOUTQ) was readable.
    pub const HAS_UNACKED: u8 = 32;
    /// Gauge: the unsent figure (SIOCOUTQNSD) was readable.
    pub const HAS_UNSENT: u8 = 64;
    /// Frame: this is an error of the decoder, not a frame.
    pub const FRAME_ERROR: u8 = 128;
    /// recv/send: `MSG_DONTWAIT` semantics were asked for by the program (non-blocking socket).
    pub const NONBLOCKING: u8 = 128;

    // The rest is filled in by the trace on append; what a recorder puts there is overwritten.

    /// Return of a recv: its bytes belong to more than one message. Segment: its bytes come from
    /// more than one send.
    pub const MERGED: u8 = 16;
    /// Return of a recv: it is the second one to take bytes of the message it begins in. Segment:
    /// the send of its first byte had bytes in an earlier segment, too.
    pub const SPLIT: u8 = 32;
    /// Frame: it is exactly one message, as far as known at that moment.
    pub const RIGHT: u8 = 16;
    /// Frame: it holds bytes of a message but is not exactly one message.
    pub const WRONG: u8 = 32;
    /// Frame: its range lies behind the previous frame and was received, so it counts.
    pub const COUNTED: u8 = 64;
    /// Begin or Return of a send: it moved the end of the message that the latest frame was
    /// equal to, so that frame has become wrong.
    pub const NOW_WRONG: u8 = 16;
    /// Return of a send: it moved the end of a message so that the latest frame, wrong until
    /// now, is exactly that message.
    pub const NOW_RIGHT: u8 = 32;
    /// The bits that the trace fills in (gauges use them for themselves).
    pub const FILLED: u8 = 16 | 32 | 64;
}

/// One event: 32 bytes, fixed size. What the fields mean depends on the kind:
///
/// | kind | `a` | `b` | `link` |
/// |---|---|---|---|
/// | Begin (send, recv) | bytes asked for | 0 | send: message number, [`ACKNOWLEDGEMENT`] or [`NONE`] |
/// | Begin (others) | an argument (backlog, milliseconds …) | 0 | [`NONE`] |
/// | Blocked | 0 | 0 | *the call's Begin* |
/// | Return (send, recv) | *stream offset of its first byte* | bytes ≥ 0, or −errno | *the call's Begin* |
/// | Return (others) | a result (descriptor, value granted …) | ≥ 0, or −errno | *the call's Begin* |
/// | Gauge | unread ≪ 32 \| unacknowledged | unsent | [`NONE`] |
/// | Frame | stream offset of its first byte | its length on the wire | frame number |
/// | Step | step number | 0 | [`NONE`] |
/// | Setting | new value (as `i64`) | 0 | [`NONE`] |
/// | Mark | depends on the mark | | |
/// | Segment | sequence ≪ 32 \| acknowledgement number | payload length and control bits | *its number*; see [`super::Segment`] |
///
/// Fields in *italics* are filled in by the trace on append; a recorder leaves them 0.
///
/// Agreed arguments and results: Begin of `shutdown` has the `how` of `man 2 shutdown` in `a`
/// (0 read, 1 write, 2 both). Return of `socket` has the new socket in `socket`; Return of
/// `accept` has the listening one there, and the new socket's number + 1 in `a`. Return of a
/// `sendall` that failed half-way has in `a` the number of bytes accepted before it failed
/// (the only Return of a send on a stream whose `a` is not an offset; see `Stream::sends` for its
/// range). Return of `gettimeout` has milliseconds in `a`, -1 for none. Return of `fromfd` has the
/// socket that both descriptors stand for in `socket`, and the new descriptor as its result; Return of
/// `close` has in `a` how many other descriptors of its socket are still open: only with 0 the socket
/// itself is closed. Begin of `recv_into` has in `link` where in its buffer the bytes go. On a socket that keeps boundaries there is no offset: see [`super::DROPS_KNOWN`].
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub t: Nanos,
    /// See the table.
    pub a: u64,
    /// See the table.
    pub b: i32,
    /// See the table.
    pub link: u32,
    /// The socket concerned, or [`SocketId::NONE`].
    pub socket: SocketId,
    /// The operation of the program (its number in the actor's program, which is also the
    /// code pane's anchor). For frames: length of the header in bytes.
    pub op: u16,
    /// Which actor, or [`ActorId::LAB`].
    pub actor: ActorId,
    /// [`Kind`] as its code.
    pub kind: Kind,
    /// [`Call`] or [`Mark`] as its code.
    pub call: u8,
    /// Bits of [`flag`].
    pub flags: u8,
}

const _: () = assert!(size_of::<Event>() == 32);

impl Event {
    /// An event of `kind` with every other field empty.
    pub fn new(kind: Kind, t: Nanos, actor: ActorId) -> Self {
        Event {
            t,
            a: 0,
            b: 0,
            link: NONE,
            socket: SocketId::NONE,
            op: 0,
            actor,
            kind,
            call: 0,
            flags: 0,
        }
    }

    /// The number of the message whose bytes a send's Begin hands over, if it is one's.
    pub fn message(&self) -> Option<u32> {
        (self.link < ACKNOWLEDGEMENT).then_some(self.link)
    }

    /// A mark of the run.
    pub fn mark(mark: Mark, t: Nanos, actor: ActorId) -> Self {
        Event {
            call: mark as u8,
            ..Event::new(Kind::Mark, t, actor)
        }
    }

    /// The call, for kinds Begin, Blocked and Return.
    pub fn call(&self) -> Option<Call> {
        match self.kind {
            Kind::Begin | Kind::Blocked | Kind::Return => {
                Call::ALL.get(usize::from(self.call)).copied()
            }
            _ => None,
        }
    }

    /// The mark, for kind Mark.
    pub fn as_mark(&self) -> Option<Mark> {
        (self.kind == Kind::Mark)
            .then(|| Mark::ALL.get(usize::from(self.call)).copied())
            .flatten()
    }

    /// Is `bit` (of [`flag`]) set?
    pub fn has(&self, bit: u8) -> bool {
        self.flags & bit != 0
    }

    /// The errno of a failed Return.
    pub fn errno(&self) -> Option<i32> {
        (self.kind == Kind::Return && self.b < 0).then_some(-self.b)
    }

    /// The figures of a Gauge.
    pub fn gauge(&self) -> Option<Gauge> {
        (self.kind == Kind::Gauge).then(|| Gauge {
            unread: self.has(flag::HAS_UNREAD).then_some((self.a >> 32) as u32),
            unacked: self.has(flag::HAS_UNACKED).then_some(self.a as u32),
            unsent: self.has(flag::HAS_UNSENT).then_some(self.b as u32),
        })
    }
}

/// Fill levels of one socket, in bytes; `None` = not readable on this system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gauge {
    /// Bytes waiting in the receive buffer (FIONREAD).
    pub unread: Option<u32>,
    /// Bytes sent but not yet acknowledged, unsent ones included (SIOCOUTQ).
    pub unacked: Option<u32>,
    /// Bytes accepted by `send()` but not yet put into a segment (SIOCOUTQNSD).
    pub unsent: Option<u32>,
}

impl Gauge {
    /// As an event.
    pub fn event(self, t: Nanos, socket: SocketId) -> Event {
        let mut flags = 0;
        if self.unread.is_some() {
            flags |= flag::HAS_UNREAD;
        }
        if self.unacked.is_some() {
            flags |= flag::HAS_UNACKED;
        }
        if self.unsent.is_some() {
            flags |= flag::HAS_UNSENT;
        }
        Event {
            a: u64::from(self.unread.unwrap_or(0)) << 32 | u64::from(self.unacked.unwrap_or(0)),
            b: self.unsent.unwrap_or(0) as i32,
            socket,
            flags,
            ..Event::new(Kind::Gauge, t, ActorId::LAB)
        }
    }
}

/// What does not fit an [`Event`]: rare, so it may own memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// `socket()`: family and type, as the field writes them (`AF_INET`, `SOCK_STREAM`).
    Socket {
        /// `AF_INET`, `AF_INET6`, `AF_UNIX`
        family: String,
        /// `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_SEQPACKET`
        kind: String,
    },
    /// An address: of bind, connect, sendto, getsockname …
    Address(String),
    /// A connection exists: on the Return of connect and accept, both ends as the kernel names them.
    Connected {
        /// This end.
        local: String,
        /// The other end.
        peer: String,
    },
    /// A socket option: what was asked and, on Return, what the kernel granted.
    Option {
        /// `SO_RCVBUF` …
        name: String,
        /// Value asked for (`None` for getsockopt).
        asked: Option<i64>,
        /// Value read back.
        granted: Option<i64>,
    },
    /// An error in words of the system; the errno stands in the event.
    Error(String),
    /// The decoder's error: its code (`framing::DecodeError::code`) and figures.
    Decode {
        /// Stable code, e.g. `frame-too-long`, `unterminated`, `ended-mid-frame`.
        code: String,
        /// Offset in the stream where it was noticed.
        offset: u64,
        /// The figure that was wrong (a length, a count), or 0.
        value: u64,
        /// The limit it broke, or 0.
        limit: u64,
    },
    /// The first captured packet of a flow: where it comes from and goes to.
    Flow {
        /// Address and port.
        from: String,
        /// Address and port.
        to: String,
        /// The window scale that a SYN offers (RFC 7323).
        scale: Option<u8>,
    },
    /// A parameter and its new value as text.
    Setting {
        /// Name in the lesson file.
        name: String,
        /// New value.
        value: String,
    },
    /// Any other short text.
    Text(String),
    /// A file: on the Return of a read that to be sent, on that of a write that received.
    File(Box<FileDetail>),
    /// Why a file is not sent, or not kept.
    FileRefused {
        /// Stable code, e.g. `no-such-file`, `bad-name`.
        code: String,
        /// The file, as it was called.
        name: String,
        /// Words of the system, or empty.
        words: String,
    },
    /// A command has run: what it left.
    Ran {
        /// Its exit status; `None` if a signal ended it.
        exit: Option<i32>,
        /// Bytes it wrote to its standard output, as far as kept.
        out: u64,
        /// Bytes it wrote to its standard error, as far as kept.
        err: u64,
        /// Why it did not run to its end: `not-on-the-list`, `too-slow`, `too-long`, or empty.
        cut: String,
    },
}

/// A file that was read to be sent, or written after it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDetail {
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 (FIPS 180-4) of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// As which message it is sent; [`NONE`] for one received.
    pub message: u32,
    /// Bytes that it takes on the wire; 0 for one received.
    pub wire: u64,
    /// Of one received: the SHA-256 that its sender has announced, if so.
    pub announced: Option<String>,
}

/// Which run an event belongs to; a batch of another run is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunId(pub u64);

/// What an actor sends through the channel: events in its own order, with what they own.
///
/// The n-th event with [`flag::DETAIL`] owns `details[n]`; events with [`flag::BYTES`] own
/// consecutive pieces of `bytes`: a send's Begin owns `a` bytes (all it asks to send), a recv's
/// Return owns `b` bytes.
#[derive(Debug, Default)]
pub struct Batch {
    /// The events.
    pub events: Vec<Event>,
    /// Details, in order.
    pub details: Vec<Detail>,
    /// Payload, in order.
    pub bytes: Vec<u8>,
}
