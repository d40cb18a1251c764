//! One actor: its thread interprets its program, call by call, through the gate.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::framing::{ACKNOWLEDGEMENT, DecodeError, Decoder, EncodeError, Framing, Hazard};
use crate::i18n::{Lang, Phrase, program as say};
use crate::net::{Begin, CallError, Endpoint, Recorder, Registry, Target, sample_now};
use crate::trace::{self, Call, Detail, Mark, SocketId};

use self::framed::Incoming;
use self::lines::Lines;
use super::FRAME_LIMIT;
use super::clock;
use super::folder::Folder;
use super::gate::{Gate, Pacing, Pass, Status};
use super::messages::Messages;
use super::params::Params;
use super::program::{Address, Data, Node, Num, Op, Program, SocketKind, Text, Until};
use super::progress::Board;
use super::reach::Reach;
use super::typing::{LONGEST_LINE, Typing};

mod command;
mod datagrams;
mod files;
mod framed;
mod lines;
mod serving;
mod typed;

pub(super) use serving::{Seat, Seats};

/// Longest chunk that one recv may ask for, bytes; a bound on memory, not on teaching.
const LONGEST_RECV: i64 = 16 << 20;

/// Time between two attempts to reach an external program that is not there yet.
const RETRY: Duration = Duration::from_millis(500);

/// How long an actor that is waited for may be held in one send, at least.
const HELD: Duration = Duration::from_secs(2);

/// What ended a program early.
#[derive(Debug)]
pub(super) enum End {
    /// The run is being stopped.
    Stopped,
    /// As an exception would: the text says what to mend.
    Failed(String),
    /// The system refused a call, which the trace has with its error; a `try` goes on after it.
    Refused(String),
    /// The decoder, or the encoder, refused: as data, so that it can be said in any language.
    Framing(Detail),
}

impl From<CallError> for End {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopped => End::Stopped,
            failed @ CallError::Failed { .. } => End::Refused(failed.to_string()),
        }
    }
}

enum Flow {
    Next,
    Break,
}

enum Var {
    Socket(Endpoint),
    Bytes(Vec<u8>),
    /// Whence a datagram came; `None`: from a socket without an address.
    Sender(Option<Target>),
    /// A file with a buffer around a socket.
    Lines(Lines),
}

/// Everything an actor's thread works with.
#[derive(Clone)]
pub(super) struct Actor {
    pub(super) index: usize,
    /// Whose thread it is, if it serves a connection of another actor.
    pub(super) thread_of: Option<usize>,
    /// Places for the threads that serve its connections.
    pub(super) seats: Arc<Seats>,
    pub(super) program: Arc<Program>,
    pub(super) gate: Arc<Gate>,
    pub(super) board: Arc<Board>,
    pub(super) registry: Registry,
    pub(super) params: Params,
    pub(super) framing: Arc<dyn Framing>,
    pub(super) messages: Arc<dyn Messages>,
    /// Names of all actors; the position is the actor's number.
    pub(super) names: Arc<[String]>,
    /// Which of them are played by a program outside the lab.
    pub(super) external: Arc<[bool]>,
    /// Where an external server is to listen.
    pub(super) external_port: u16,
    pub(super) typing: Arc<Typing>,
    /// Where files of sockets go.
    pub(super) folder: Arc<Folder>,
    /// Who may reach what it binds.
    pub(super) reach: Reach,
    /// Somebody stands between the ends.
    pub(super) redirect: Option<Redirect>,
    /// Read gauges at every call: somebody steps by hand and looks.
    pub(super) step_mode: Arc<std::sync::atomic::AtomicBool>,
}

/// Whoever connects to the actor `server` by its name reaches `relay` instead: the lab's doing,
/// not the program's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Redirect {
    pub(super) server: usize,
    pub(super) relay: usize,
}

/// Runs the program to its end. Sockets still open are handed back: they may only be closed
/// once every actor has left its call, or the close would look like this actor's doing.
pub(super) fn run(actor: &Actor, rec: &mut Recorder) -> Vec<Endpoint> {
    let program = actor.program.clone();
    rec.mark(Mark::ActorStarted, 0, None);
    perform(actor, rec, &program.nodes, !program.has_ready(), None)
}

/// As [`run`], of any operations; `given` is a socket that a variable holds from the beginning.
fn perform(
    actor: &Actor,
    rec: &mut Recorder,
    nodes: &[Node],
    ready_at_start: bool,
    given: Option<(String, Endpoint)>,
) -> Vec<Endpoint> {
    let framing = actor.framing.spec();
    let mut runner = Interpreter {
        ready: ready_at_start,
        threads: Vec::new(),
        left: Vec::new(),
        vars: HashMap::new(),
        bound: HashMap::new(),
        message: None,
        wire: Vec::new(),
        asked: HashMap::new(),
        incoming: HashMap::new(),
        own_messages: 0,
        duplicated: false,
        buffer: Vec::new(),
        pause: framing.pause(),
        acknowledged: framing.acknowledged().then(|| framing.overhead()),
        rec,
        actor,
    };
    if let Some((name, socket)) = given {
        runner.vars.insert(name, Var::Socket(socket));
    }
    if ready_at_start {
        actor.gate.set_ready();
        runner.rec.mark(Mark::Ready, 0, None);
    }
    let result = runner.body(nodes).map(|_| ());
    // A program has not ended before its threads have.
    runner.join_threads();
    let mut kept = std::mem::take(&mut runner.left);
    let mut vars = std::mem::take(&mut runner.vars);
    let mut left: Vec<(String, Endpoint)> = vars
        .drain()
        .filter_map(|(name, var)| match var {
            Var::Socket(endpoint) => Some((name, endpoint)),
            Var::Bytes(_) | Var::Sender(_) | Var::Lines(_) => None,
        })
        .collect();
    left.sort_by_key(|(_, endpoint)| endpoint.id());
    let detail = match result {
        Err(End::Stopped) => {
            kept.extend(left.into_iter().map(|(_, endpoint)| endpoint));
            None
        }
        Ok(()) | Err(End::Failed(_) | End::Refused(_) | End::Framing(_)) => {
            // The system closes what a program leaves open when it ends.
            for (_, endpoint) in left {
                let _ = endpoint.close(rec, u16::MAX);
            }
            match result {
                Err(End::Failed(text) | End::Refused(text)) => Some(Detail::Error(text)),
                Err(End::Framing(detail)) => Some(detail),
                _ => None,
            }
        }
    };
    rec.mark(Mark::ActorEnded, 0, detail);
    rec.flush();
    actor
        .board
        .of(actor.index)
        .ended
        .store(true, Ordering::SeqCst);
    actor.board.moved();
    actor.gate.set_status(Status::Ended);
    kept
}

struct Interpreter<'a> {
    /// Past the point up to which it runs by itself in step mode.
    ready: bool,
    /// Threads that serve its connections, by the number of the actor.
    threads: Vec<(usize, JoinHandle<()>)>,
    /// Sockets of a connection that was being served when the run was stopped.
    left: Vec<Endpoint>,
    vars: HashMap<String, Var>,
    /// Where sockets were bound, by variable.
    bound: HashMap<String, Target>,
    /// The message of the enclosing `for_each_message`.
    message: Option<u32>,
    /// The current message as framed bytes.
    wire: Vec<u8>,
    /// How many lines each prompt has been given.
    asked: HashMap<u16, usize>,
    /// What has come on sockets from which messages are taken one by one.
    incoming: HashMap<SocketId, Incoming>,
    /// Messages sent beside those of the lesson.
    own_messages: u32,
    /// A socket has several descriptors, each in a variable of its own.
    duplicated: bool,
    buffer: Vec<u8>,
    /// How long it sleeps after each message, in a framing that lives by that.
    pause: Duration,
    /// Bytes of the header that is to be acknowledged, in a framing whose sender waits for that.
    acknowledged: Option<usize>,
    rec: &'a mut Recorder,
    actor: &'a Actor,
}

impl Interpreter<'_> {
    fn body(&mut self, nodes: &[Node]) -> Result<Flow, End> {
        for node in nodes {
            if let Flow::Break = self.node(node)? {
                return Ok(Flow::Break);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, node: &Node) -> Result<Flow, End> {
        let op = node.id;
        self.actor.gate.set_at(op);
        match &node.op {
            Op::Ready => {
                self.ready = true;
                self.actor.gate.set_ready();
                self.rec.mark(Mark::Ready, 0, None);
            }
            Op::Repeat { times, body } => {
                let times = self.int(times)?.max(0);
                for _ in 0..times {
                    if let Flow::Break = self.body(body)? {
                        break;
                    }
                }
            }
            Op::Try { body } => match self.body(body) {
                Err(End::Refused(_)) => {}
                other => return other,
            },
            Op::Loop { body } => while let Flow::Next = self.body(body)? {},
            Op::When { on, wanted, body } => {
                if (self.int(on)? != 0) == *wanted {
                    return self.body(body);
                }
            }
            Op::ServeEach {
                on,
                name,
                count,
                threads,
                body,
            } => {
                let (count, threads) = (self.int(count)?, self.int(threads)? != 0);
                self.serve_each(op, on, name, count, threads, body)?;
            }
            Op::ForEachMessage { body } => {
                for index in 0..self.actor.messages.count() {
                    self.message = Some(index);
                    if let Flow::Break = self.body(body)? {
                        break;
                    }
                }
                self.message = None;
            }
            Op::BreakIfEmpty { name } => {
                if self.bytes(name)?.is_empty() {
                    return Ok(Flow::Break);
                }
            }
            Op::BreakIf { name, equals } => {
                if self.is_one_of(name, equals)? {
                    return Ok(Flow::Break);
                }
            }
            Op::Prompt {
                name,
                ask,
                lines,
                person,
            } => self.prompt(op, name, ask, lines, person)?,
            Op::Sleep { ms } => {
                let ms = self.int(ms)?;
                self.sleep(op, Duration::from_millis(ms.max(0) as u64))?;
            }
            Op::Wait { actor, until, ms } => {
                let ms = self.int(ms)?;
                self.wait(op, actor, until, Duration::from_millis(ms.max(0) as u64))?;
            }
            Op::SetOption { option, value, .. } if option.leaves_default(self.int(value)?) => {}
            Op::RecvExactly { on, size, name } => self.recv_exactly(op, on, size, name)?,
            Op::RecvInto { on, size, name } => self.recv_into(op, on, size, name)?,
            Op::ReadLine { file, size, name } => self.read_line(op, file, size, name)?,
            Op::RecvUntilEof { on, size } => while self.recv(op, on, size, false)? > 0 {},
            Op::ReceiveMessages {
                on,
                size,
                count,
                swapped,
            } => self.receive_messages(op, on, size, count, swapped)?,
            Op::RunCommand { line, name } => self.run_command(op, line, name)?,
            Op::EchoRequest {
                name,
                number,
                data,
                wrong,
            } => self.echo_request(name, number, data, wrong)?,
            Op::WhenReceived { name, equals, body } => {
                if self.is_one_of(name, equals)? {
                    return self.body(body);
                }
            }
            Op::SendMessage { on, data } => self.send_message(op, on, data)?,
            Op::ReceiveMessage { on, size, name } => self.receive_message(op, on, size, name)?,
            Op::SendFile {
                on,
                file,
                chunk,
                pause,
            } => self.send_file(op, on, file, chunk, pause)?,
            Op::ReceiveFile {
                on,
                size,
                name,
                folder,
                exact,
            } => self.receive_file(op, on, size, (name, folder), exact)?,
            call => {
                self.pass(op)?;
                self.call(op, call)?;
                self.settle();
                if call.sends_message() {
                    self.sleep(op, self.pause)?;
                }
            }
        }
        Ok(Flow::Next)
    }

    /// One socket call; the gate has been passed.
    fn call(&mut self, op: u16, call: &Op) -> Result<(), End> {
        let registry = &self.actor.registry;
        match call {
            Op::Socket { name, family, kind } => {
                let endpoint = Endpoint::open(registry, self.rec, op, *family, *kind)?;
                self.keep(name, Var::Socket(endpoint));
            }
            Op::SetOption { on, option, value } => {
                let value = self.int(value)?;
                self.with(on, |socket, rec| socket.set_option(rec, op, *option, value))?;
            }
            Op::GetOption { on, option } => {
                self.with(on, |socket, rec| socket.get_option(rec, op, *option))?;
            }
            Op::Bind { on, to } => {
                let target = self.actor.reach.bound(self.target(op, to)?);
                if !self.actor.reach.allows(&target) && !registry.is_private() {
                    return Err(ends(say::OPEN_TO_OTHERS, &[("address", &target)]));
                }
                let bound = self.with(on, |socket, rec| socket.bind(rec, op, &target))?;
                let bound = bound.seen_from_here();
                self.bound.insert(on.clone(), bound.clone());
                if self.kind_of(on) == Some(SocketKind::Datagram) {
                    // Datagrams need nobody to listen: with an address it can be reached.
                    self.actor.board.listens(self.actor.index, Some(bound));
                }
            }
            Op::Listen { on, backlog } => {
                let backlog = self.int(backlog)?.clamp(0, i64::from(i32::MAX)) as i32;
                self.with(on, |socket, rec| socket.listen(rec, op, backlog))?;
                let bound = self.bound.get(on).cloned();
                self.actor.board.listens(self.actor.index, bound);
            }
            Op::Accept { on, name } => {
                let (endpoint, _) = self.with(on, |socket, rec| socket.accept(rec, op))?;
                self.keep(name, Var::Socket(endpoint));
            }
            Op::Connect { on, to } => self.connect(op, on, to)?,
            Op::ConnectEx { on, to } => {
                let target = self.target(op, to)?;
                self.with(on, |socket, rec| socket.connect_ex(rec, op, &target))?;
            }
            Op::Send { on, data } => self.send(op, on, data, false)?,
            Op::SendAll { on, data } => self.send(op, on, data, true)?,
            Op::SendTo { on, data, to } => self.send_to(op, on, data, to)?,
            Op::RecvFrom {
                on,
                size,
                name,
                from,
            } => self.recv_from(op, on, size, name, from.as_deref())?,
            Op::JoinGroup {
                on,
                group,
                interface,
            } => self.join_group(op, on, group, interface)?,
            Op::MulticastInterface { on, interface } => {
                let interface = self.ipv4(interface)?;
                self.with(on, |socket, rec| {
                    socket.send_to_groups_by(rec, op, interface)
                })?;
            }
            Op::Unlink { path } => self.unlink(op, path)?,
            Op::Recv {
                on,
                size,
                name,
                peek,
            } => {
                let n = self.recv_passed(op, on, size, *peek)?;
                let bytes = self.buffer[..n].to_vec();
                self.keep(name, Var::Bytes(bytes));
            }
            Op::Shutdown { on, how } => {
                self.with(on, |socket, rec| socket.shutdown(rec, op, *how))?;
            }
            Op::Close { on } => match self.vars.remove(on) {
                Some(Var::Socket(endpoint)) => {
                    self.forget(endpoint.id());
                    endpoint.close(self.rec, op)?;
                }
                _ => return Err(missing_socket(on)),
            },
            Op::SetTimeout { on, ms } => {
                let ms = self.int(ms)?;
                let timeout = u64::try_from(ms).ok().map(Duration::from_millis);
                self.with(on, |socket, rec| socket.set_timeout(rec, op, timeout))?;
            }
            Op::SetBlocking { on, blocking } => {
                self.with(on, |socket, rec| socket.set_blocking(rec, op, *blocking))?;
            }
            Op::GetTimeout { on } => {
                self.with(on, |socket, rec| socket.timeout(rec, op))?;
            }
            Op::MakeFile { on, name } => self.make_file(op, on, name)?,
            Op::Duplicate { on, name } => {
                let duplicate = self.with(on, |socket, rec| socket.duplicate(rec, op))?;
                self.keep(name, Var::Socket(duplicate));
                self.duplicated = true;
            }
            Op::GetSockName { on } => {
                self.with(on, |socket, rec| socket.local_addr(rec, op))?;
            }
            Op::GetPeerName { on } => {
                self.with(on, |socket, rec| socket.peer_addr(rec, op))?;
            }
            Op::Fileno { on } => {
                self.with(on, |socket, rec| socket.fileno(rec, op))?;
            }
            // Taken care of by `node`.
            Op::Ready
            | Op::Repeat { .. }
            | Op::Loop { .. }
            | Op::Try { .. }
            | Op::When { .. }
            | Op::ServeEach { .. }
            | Op::ForEachMessage { .. }
            | Op::BreakIfEmpty { .. }
            | Op::BreakIf { .. }
            | Op::Prompt { .. }
            | Op::Sleep { .. }
            | Op::Wait { .. }
            | Op::RecvExactly { .. }
            | Op::RecvInto { .. }
            | Op::ReadLine { .. }
            | Op::RecvUntilEof { .. }
            | Op::ReceiveMessages { .. }
            | Op::RunCommand { .. }
            | Op::EchoRequest { .. }
            | Op::WhenReceived { .. }
            | Op::SendMessage { .. }
            | Op::ReceiveMessage { .. }
            | Op::SendFile { .. }
            | Op::ReceiveFile { .. } => {}
        }
        Ok(())
    }

    fn connect(&mut self, op: u16, on: &str, to: &Address) -> Result<(), End> {
        let target = self.target(op, to)?;
        let awaited = matches!(to, Address::Actor(name)
            if self.is_external(name) && !self.is_redirected(name));
        loop {
            let errno = self.with(on, |socket, rec| match socket.connect(rec, op, &target) {
                Ok(()) => Ok(None),
                Err(error @ CallError::Failed { .. }) if awaited => Ok(Some(error)),
                Err(error) => Err(error),
            })?;
            if errno.is_none() {
                return Ok(());
            }
            // Nobody listens there yet: the person is still starting the program.
            self.rec.idle();
            self.actor.gate.set_status(Status::Waiting);
            let pass = self.actor.gate.sleep(RETRY);
            self.actor.gate.set_status(Status::Running);
            if pass == Pass::Stop {
                return Err(End::Stopped);
            }
        }
    }

    fn send(&mut self, op: u16, on: &str, data: &Data, all: bool) -> Result<(), End> {
        let message = self.fill_wire(on, data)?;
        let wire = std::mem::take(&mut self.wire);
        self.is_sending(true);
        let sent = match self.acknowledged {
            Some(header) if message.is_some() => {
                self.send_acknowledged(op, on, wire.split_at(header), message, all)
            }
            _ => self.send_bytes(op, on, &wire, message, all),
        };
        self.wire = wire;
        self.is_sending(false);
        sent?;
        self.count_sent(message);
        Ok(())
    }

    fn is_sending(&self, sending: bool) {
        for actor in self.counted_for() {
            let progress = self.actor.board.of(actor);
            progress.sending.store(sending, Ordering::Relaxed);
        }
    }

    /// Puts what is to be sent into `wire`; its message, if it is one.
    fn fill_wire(&mut self, on: &str, data: &Data) -> Result<Option<u32>, End> {
        if *data == Data::Message {
            let index = self
                .message
                .ok_or_else(|| ends(say::MESSAGE_OUTSIDE, &[]))?;
            self.buffer.clear();
            self.actor.messages.write(index, &mut self.buffer);
            self.wire.clear();
            self.actor
                .framing
                .encode(&self.buffer, &mut self.wire)
                .map_err(|error| End::Framing(encode_detail(error)))?;
            self.tell_of_padding(on, index);
            return Ok(Some(index));
        }
        let mut wire = std::mem::take(&mut self.wire);
        wire.clear();
        for part in data.parts() {
            match part {
                Data::Var(name) => wire.extend_from_slice(self.bytes(name)?),
                Data::Text(text) => wire.extend_from_slice(self.text(text)?.as_bytes()),
                Data::Time => wire.extend_from_slice(clock::now().as_bytes()),
                // The reader lets neither stand inside another.
                Data::Message | Data::Joined(_) => {}
            }
        }
        self.wire = wire;
        Ok(None)
    }

    fn count_sent(&self, message: Option<u32>) {
        if message.is_some() {
            for actor in self.counted_for() {
                let progress = self.actor.board.of(actor);
                progress.messages_sent.fetch_add(1, Ordering::SeqCst);
            }
            self.actor.board.moved();
        }
    }

    fn count_received(&self, bytes: usize) {
        for actor in self.counted_for() {
            let progress = self.actor.board.of(actor);
            progress
                .bytes_received
                .fetch_add(bytes as u64, Ordering::SeqCst);
        }
        self.actor.board.moved();
    }

    /// What a thread does counts for itself and for whoever's thread it is.
    fn counted_for(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.actor.index).chain(self.actor.thread_of)
    }

    /// Of a message that ends as the framing's padding does every byte may arrive, and it is
    /// still not what was sent; only its sender can know.
    fn tell_of_padding(&mut self, on: &str, message: u32) {
        if let Some(Hazard::EndsWithPadding { lost }) = self.actor.framing.hazard(&self.buffer)
            && let Some(Var::Socket(socket)) = self.vars.get(on)
        {
            self.rec.ends_as_padding(socket.id(), message, lost);
        }
    }

    fn send_bytes(
        &mut self,
        op: u16,
        on: &str,
        bytes: &[u8],
        message: Option<u32>,
        all: bool,
    ) -> Result<(), End> {
        self.with(on, |socket, rec| {
            if all {
                socket.send_all(rec, op, bytes, message)
            } else {
                socket.send(rec, op, bytes, message).map(|_| ())
            }
        })
    }

    /// Three calls, each through the gate: the header, the receiver's acknowledgement, the
    /// payload. The gate has been passed for the first.
    fn send_acknowledged(
        &mut self,
        op: u16,
        on: &str,
        (header, payload): (&[u8], &[u8]),
        message: Option<u32>,
        all: bool,
    ) -> Result<(), End> {
        self.send_bytes(op, on, header, message, all)?;
        self.settle();
        self.awaits_acknowledgement(true);
        self.pass(op)?;
        let mut answer = [0];
        let got = self.with(on, |socket, rec| socket.recv(rec, op, &mut answer, false))?;
        self.awaits_acknowledgement(false);
        self.settle();
        match (got, answer) {
            (0, _) => Err(ends(say::CLOSED_UNACKNOWLEDGED, &[])),
            (_, [ACKNOWLEDGEMENT]) => {
                self.pass(op)?;
                self.send_bytes(op, on, payload, message, all)
            }
            (_, [other]) => Err(ends(
                say::NOT_ACKNOWLEDGED,
                &[
                    ("answer", &format!("0x{other:02x}")),
                    ("expected", &format!("0x{ACKNOWLEDGEMENT:02x}")),
                ],
            )),
        }
    }

    fn awaits_acknowledgement(&self, awaits: bool) {
        let mine = self.actor.board.of(self.actor.index);
        mine.awaits_acknowledgement.store(awaits, Ordering::SeqCst);
        self.actor.board.moved();
    }

    /// One recv through the gate.
    fn recv(&mut self, op: u16, on: &str, size: &Num, peek: bool) -> Result<usize, End> {
        self.pass(op)?;
        let n = self.recv_passed(op, on, size, peek)?;
        self.settle();
        Ok(n)
    }

    /// One recv into the front of `buffer`; the gate has been passed. The size is read now, so
    /// that a slider moved while the program waited at its gate counts.
    fn recv_passed(&mut self, op: u16, on: &str, size: &Num, peek: bool) -> Result<usize, End> {
        let size = self.int(size)?.clamp(0, LONGEST_RECV) as usize;
        let mut buffer = std::mem::take(&mut self.buffer);
        if buffer.len() < size {
            buffer.resize(size, 0);
        }
        let got = self.with(on, |socket, rec| {
            socket.recv(rec, op, &mut buffer[..size], peek)
        });
        self.buffer = buffer;
        let n = got?;
        if !peek && n > 0 {
            self.count_received(n);
        }
        Ok(n)
    }

    fn recv_exactly(&mut self, op: u16, on: &str, size: &Num, name: &str) -> Result<(), End> {
        let mut missing = self.int(size)?.clamp(0, LONGEST_RECV);
        let mut bytes = Vec::new();
        while missing > 0 {
            let n = self.recv(op, on, &Num::Lit(missing), false)?;
            if n == 0 {
                break;
            }
            bytes.extend_from_slice(&self.buffer[..n]);
            missing -= n as i64;
        }
        self.keep(name, Var::Bytes(bytes));
        Ok(())
    }

    fn receive_messages(
        &mut self,
        op: u16,
        on: &str,
        size: &Num,
        count: &Num,
        swapped: &Num,
    ) -> Result<(), End> {
        let wanted = self.int(count)?.max(0) as u64;
        let mut decoder = if self.int(swapped)? == 0 {
            self.actor.framing.decoder()
        } else {
            let limit = self.actor.framing.longest().unwrap_or(FRAME_LIMIT);
            self.actor.framing.spec().swapped().build(limit).decoder()
        };
        let mut frames = 0_u64;
        let mut acknowledged = 0_u64;
        loop {
            let n = self.recv(op, on, size, false)?;
            let mut buffer = std::mem::take(&mut self.buffer);
            let chunk = (n > 0).then_some((&mut buffer, n));
            let result = self.decode(on, &mut *decoder, chunk, &mut frames);
            self.buffer = buffer;
            if let Err(error) = result {
                self.decode_failed(on, &error)?;
                return Err(End::Framing(decode_detail(&error)));
            }
            if let Some(header) = self.acknowledged {
                let headers = frames + u64::from(decoder.buffered() >= header);
                while acknowledged < headers {
                    self.acknowledge(op, on)?;
                    acknowledged += 1;
                }
            }
            if n == 0 || (wanted > 0 && frames >= wanted) {
                return Ok(());
            }
        }
    }

    /// Tells the sender that its header has come: one call through the gate.
    fn acknowledge(&mut self, op: u16, on: &str) -> Result<(), End> {
        self.pass(op)?;
        self.send_bytes(
            op,
            on,
            &[ACKNOWLEDGEMENT],
            Some(trace::ACKNOWLEDGEMENT),
            true,
        )?;
        self.settle();
        Ok(())
    }

    fn decode(
        &mut self,
        on: &str,
        decoder: &mut dyn Decoder,
        chunk: Option<(&mut Vec<u8>, usize)>,
        frames: &mut u64,
    ) -> Result<(), DecodeError> {
        let Some(Var::Socket(socket)) = self.vars.get(on) else {
            return Ok(());
        };
        let id = socket.id();
        let rec = &mut *self.rec;
        let mut sink = |frame: crate::framing::Frame<'_>| {
            let length = u32::try_from(frame.end - frame.start).unwrap_or(u32::MAX);
            rec.frame(id, frame.start, length, frame.header, *frames as u32, None);
            *frames += 1;
        };
        match chunk {
            Some((buffer, n)) => decoder.feed_from(buffer, n, &mut sink),
            None => decoder.finish(&mut sink),
        }
    }

    fn decode_failed(&mut self, on: &str, error: &DecodeError) -> Result<(), End> {
        let Some(Var::Socket(socket)) = self.vars.get(on) else {
            return Err(missing_socket(on));
        };
        let detail = decode_detail(error);
        let id = socket.id();
        self.rec
            .frame(id, error.offset, 0, 0, u32::MAX, Some(detail));
        Ok(())
    }

    fn sleep(&mut self, op: u16, time: Duration) -> Result<(), End> {
        // No time is no sleep: a program without a pause makes no call for it either.
        if time.is_zero() || !self.take_time(op)? {
            return Ok(());
        }
        self.rec.begin(
            Begin::new(Call::Sleep, op).arg(time.as_millis() as u64),
            None,
            &[],
        );
        self.blocked(Status::Waiting);
        let pass = self.actor.gate.sleep(time);
        self.unblocked(pass)
    }

    fn wait(&mut self, op: u16, whom: &str, until: &Until, time: Duration) -> Result<(), End> {
        let Some(other) = self.actor.names.iter().position(|name| name == whom) else {
            return Err(ends(say::WAITS_FOR_NOBODY, &[("name", &whom)]));
        };
        if self.actor.external[other] {
            // Its progress cannot be seen from here; what one program can do is wait a while.
            return self.sleep(op, time);
        }
        if !self.take_time(op)? {
            return Ok(());
        }
        let goal = match until {
            Until::Sent(n) | Until::ReceivedBytes(n) => self.int(n)?.max(0) as u64,
            Until::Ended => 0,
        };
        self.rec.begin(
            Begin::new(Call::Wait, op).arg(goal),
            Some(Detail::Text(whom.to_owned())),
            &[],
        );
        self.blocked(Status::Waiting);
        let held = Some((other, time.max(HELD)));
        let reached = self.actor.board.wait_unless_held(held, |board| {
            let other = board.of(other);
            other.ended.load(Ordering::SeqCst)
                || match until {
                    // Nor need anybody wait for one who can send no more until he is answered:
                    // it may well be the one who waits who is to answer.
                    Until::Sent(_) => {
                        other.messages_sent.load(Ordering::SeqCst) >= goal
                            || other.awaits_acknowledgement.load(Ordering::SeqCst)
                    }
                    Until::ReceivedBytes(_) => other.bytes_received.load(Ordering::SeqCst) >= goal,
                    Until::Ended => false,
                }
        });
        self.unblocked(if reached { Pass::Go } else { Pass::Stop })
    }

    fn blocked(&mut self, status: Status) {
        self.rec.blocked();
        self.actor.gate.set_status(status);
    }

    fn unblocked(&mut self, pass: Pass) -> Result<(), End> {
        self.actor.gate.set_status(Status::Running);
        self.rec.returned(Ok(0), 0, None, &[]);
        if pass == Pass::Stop {
            Err(End::Stopped)
        } else {
            Ok(())
        }
    }

    /// Should a pacing operation take its time? Before `ready` and when running freely, yes.
    fn take_time(&mut self, op: u16) -> Result<bool, End> {
        if !self.ready {
            return Ok(true);
        }
        let rec = &mut *self.rec;
        match self.actor.gate.pacing(&mut || rec.idle()) {
            Pacing::Take => Ok(true),
            Pacing::Stop => Err(End::Stopped),
            Pacing::Skip => {
                self.rec.mark(Mark::Skipped, u64::from(op), None);
                Ok(false)
            }
        }
    }

    fn pass(&mut self, op: u16) -> Result<(), End> {
        self.actor.gate.set_at(op);
        if !self.ready {
            return if self.rec.stop().is_stopped() {
                Err(End::Stopped)
            } else {
                Ok(())
            };
        }
        let rec = &mut *self.rec;
        match self.actor.gate.pass(&mut || rec.idle()) {
            Pass::Go => Ok(()),
            Pass::Stop => Err(End::Stopped),
        }
    }

    /// After a call: in step mode somebody looks, so the figures are read at once.
    fn settle(&mut self) {
        if self.actor.step_mode.load(Ordering::Relaxed) {
            sample_now(&self.actor.registry, self.rec);
        }
    }

    /// The socket in variable `on`, for one call. While the kernel holds the call, the gate
    /// says blocked; the endpoint knows, for it records it.
    fn with<T>(
        &mut self,
        on: &str,
        call: impl FnOnce(&mut Endpoint, &mut Recorder) -> Result<T, CallError>,
    ) -> Result<T, End> {
        let Some(Var::Socket(socket)) = self.vars.get_mut(on) else {
            return Err(missing_socket(on));
        };
        let result = call(socket, self.rec);
        if self.duplicated {
            self.tell_duplicates(on);
        }
        Ok(result?)
    }

    fn keep(&mut self, name: &str, var: Var) {
        // A socket whose variable is overwritten is closed, as Python's reference counting does.
        if let Some(Var::Socket(old)) = self.vars.insert(name.to_owned(), var) {
            let _ = old.close(self.rec, u16::MAX);
        }
    }

    fn bytes(&self, name: &str) -> Result<&[u8], End> {
        match self.vars.get(name) {
            Some(Var::Bytes(bytes)) => Ok(bytes),
            _ => Err(ends(say::NOTHING_RECEIVED, &[("name", &name)])),
        }
    }

    fn int(&self, num: &Num) -> Result<i64, End> {
        match num {
            Num::Lit(n) => Ok(*n),
            Num::Param(name) => self
                .actor
                .params
                .int(name)
                .ok_or_else(|| ends(say::NOT_A_NUMBER, &[("name", &name)])),
        }
    }

    fn text(&self, text: &Text) -> Result<String, End> {
        match text {
            Text::Lit(text) => Ok(text.clone()),
            Text::Param(name) => self
                .actor
                .params
                .text(name)
                .ok_or_else(|| ends(say::NOT_A_PARAMETER, &[("name", &name)])),
        }
    }

    fn is_redirected(&self, name: &str) -> bool {
        let server = self.actor.redirect.map(|redirect| redirect.server);
        server.is_some() && self.actor.names.iter().position(|n| n == name) == server
    }

    fn is_external(&self, name: &str) -> bool {
        self.actor
            .names
            .iter()
            .position(|n| n == name)
            .is_some_and(|at| self.actor.external[at])
    }

    fn target(&mut self, op: u16, address: &Address) -> Result<Target, End> {
        match address {
            Address::Host { host, port } => {
                let port = self.int(port)?;
                let port =
                    u16::try_from(port).map_err(|_| ends(say::NO_PORT, &[("port", &port)]))?;
                Ok(Target::Host(self.text(host)?, port))
            }
            Address::Path(path) => {
                let file = self.actor.folder.file(path);
                let no_folder = |e| ends(say::NO_FOLDER, &[("why", &e)]);
                Ok(Target::Path(file.map_err(no_folder)?))
            }
            Address::Sender(name) => self.sender(name),
            Address::Actor(name) if self.is_external(name) && !self.is_redirected(name) => {
                Ok(Target::Host("127.0.0.1".into(), self.actor.external_port))
            }
            Address::Actor(name) => self.address_of(op, name),
        }
    }

    /// Where that actor listens; waits until it does.
    fn address_of(&mut self, op: u16, name: &str) -> Result<Target, End> {
        let Some(other) = self.actor.names.iter().position(|n| n == name) else {
            return Err(ends(say::CONNECTS_TO_NOBODY, &[("name", &name)]));
        };
        let other = match self.actor.redirect {
            // It listens once the server does.
            Some(redirect) if redirect.server == other => redirect.relay,
            _ => other,
        };
        if let Some(target) = self.actor.board.listening(other) {
            return Ok(target);
        }
        self.rec.begin(
            Begin::new(Call::Wait, op),
            Some(Detail::Text(name.to_owned())),
            &[],
        );
        self.blocked(Status::Waiting);
        let mut found = None;
        let reached = self.actor.board.wait(|board| {
            found = board.listening(other);
            found.is_some() || board.of(other).ended.load(Ordering::SeqCst)
        });
        self.unblocked(if reached { Pass::Go } else { Pass::Stop })?;
        found.ok_or_else(|| ends(say::NEVER_LISTENED, &[("name", &name)]))
    }
}

/// The decoder's error as the trace keeps it.
fn decode_detail(error: &DecodeError) -> Detail {
    Detail::Decode {
        code: error.code().to_owned(),
        offset: error.offset,
        value: error.value(),
        limit: error.limit(),
    }
}

/// The encoder's.
fn encode_detail(error: EncodeError) -> Detail {
    let EncodeError::TooLong { length, limit } = error;
    Detail::Decode {
        code: "message-too-long".to_owned(),
        offset: 0,
        value: length as u64,
        limit: limit as u64,
    }
}

/// Ends the program with that message.
fn ends(why: Phrase, values: &[(&str, &dyn Display)]) -> End {
    End::Failed(why.fill(Lang::En, values))
}

fn missing_socket(name: &str) -> End {
    ends(say::NOT_A_SOCKET, &[("name", &name)])
}
