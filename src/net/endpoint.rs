//! One socket whose every call is recorded.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::call_error::{errno_of, text_of};
use super::errno::code;
use super::{
    Begin, CallError, CallResult, Family, How, Recorder, Registry, SockOpt, SocketKind, Target,
    options, sys,
};
use crate::trace::{Call, DROPS_KNOWN, Detail, NONE, SocketId, flag};

mod groups;

/// One socket. Every method is one call of the program: it records Begin, Blocked if the kernel
/// held it, and Return; `op` is the number of the operation in the actor's program.
///
/// A blocking call is first made without waiting. If it would wait, Blocked is recorded and the
/// real, blocking call is made: waiting is the kernel's own.
///
/// # Errors
/// Every method returns [`CallError::Stopped`] when the run is being stopped (a call that had
/// begun is recorded to its end, with [`flag::AFTER_STOP`]), and [`CallError::Failed`] when the
/// system refuses; the Return then carries the same errno and text.
///
/// Dropping an endpoint closes it without a record.
#[derive(Debug)]
pub struct Endpoint {
    socket: Arc<Socket>,
    id: SocketId,
    registry: Registry,
    family: Family,
    kind: SocketKind,
    nonblocking: bool,
    timeout: Option<Duration>,
    lingers: bool,
    /// The other end, of a connected IP socket.
    peer: Option<SocketAddr>,
    /// Does the other end belong to this run, so that its sends are recorded? Known from the
    /// first bytes on.
    peer_is_ours: Option<bool>,
    /// An error that a send met after part of its bytes had been taken: the part is the result,
    /// and the next call reports the error, as it would after one blocking call of the kernel.
    deferred: Option<i32>,
}

/// How often a call that nothing could wake is tried again.
const LOOK: Duration = Duration::from_millis(2);

/// So many bytes of a line stand in its event; the trace has them all, as received.
const LINE_SHOWN: usize = 64;

#[allow(
    clippy::missing_errors_doc,
    reason = "the same for all: what the system refuses, or Stopped; see the type"
)]
impl Endpoint {
    /// `socket(2)`: a new socket. Begin: [`Detail::Socket`]; Return: the socket, its descriptor.
    pub fn open(
        registry: &Registry,
        rec: &mut Recorder,
        op: u16,
        family: Family,
        kind: SocketKind,
    ) -> CallResult<Self> {
        check(rec)?;
        let detail = Detail::Socket {
            family: family.name().to_owned(),
            kind: kind.name().to_owned(),
        };
        rec.begin(Begin::new(Call::Socket, op), Some(detail), &[]);
        let made = open(registry, family, kind)
            .and_then(|socket| Endpoint::new(registry, Arc::new(socket), family, kind));
        match made {
            Ok(endpoint) => {
                rec.set_socket(endpoint.id);
                let number = sys::number(&endpoint.socket);
                rec.returned(Ok(number), number as u64, None, &[]);
                checked(rec, endpoint)
            }
            Err(error) => fail(rec, Call::Socket, &error),
        }
    }

    fn new(
        registry: &Registry,
        socket: Arc<Socket>,
        family: Family,
        kind: SocketKind,
    ) -> io::Result<Self> {
        let tcp = kind == SocketKind::Stream && family != Family::Unix;
        let id = registry.add(&socket, tcp)?;
        Ok(Endpoint {
            socket,
            id,
            registry: registry.clone(),
            family,
            kind,
            nonblocking: false,
            timeout: None,
            lingers: false,
            peer: None,
            peer_is_ours: None,
            deferred: None,
        })
    }

    /// The socket's number in the run.
    pub fn id(&self) -> SocketId {
        self.id
    }

    pub(super) fn socket(&self) -> &Arc<Socket> {
        &self.socket
    }

    /// Its address family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Its type.
    pub fn kind(&self) -> SocketKind {
        self.kind
    }

    /// `setsockopt(2)`; gives the value granted, which may differ. Return: [`Detail::Option`].
    pub fn set_option(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        option: SockOpt,
        value: i64,
    ) -> CallResult<i64> {
        check(rec)?;
        let detail = |granted| {
            Some(Detail::Option {
                name: option.name().to_owned(),
                asked: Some(value),
                granted,
            })
        };
        let begin = self.begin(Call::SetOption, op).arg(value as u64);
        rec.begin(begin, detail(None), &[]);
        match options::set(&self.socket, option, value) {
            Ok(()) => {
                if option == SockOpt::Linger {
                    self.lingers = value > 0;
                }
                let granted = options::get(&self.socket, option).ok();
                rec.returned(Ok(0), granted.unwrap_or(0) as u64, detail(granted), &[]);
                checked(rec, granted.unwrap_or(value))
            }
            Err(error) => fail(rec, Call::SetOption, &error),
        }
    }

    /// `getsockopt(2)`. Return: [`Detail::Option`].
    pub fn get_option(&mut self, rec: &mut Recorder, op: u16, option: SockOpt) -> CallResult<i64> {
        check(rec)?;
        let detail = |granted| {
            Some(Detail::Option {
                name: option.name().to_owned(),
                asked: None,
                granted,
            })
        };
        rec.begin(self.begin(Call::GetOption, op), detail(None), &[]);
        match options::get(&self.socket, option) {
            Ok(value) => {
                rec.returned(Ok(0), value as u64, detail(Some(value)), &[]);
                checked(rec, value)
            }
            Err(error) => fail(rec, Call::GetOption, &error),
        }
    }

    /// `bind(2)`; gives the address really bound (port 0: the one the system chose), which the
    /// Return carries too.
    pub fn bind(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<Target> {
        check(rec)?;
        rec.begin(self.begin(Call::Bind, op), address(to), &[]);
        let bound = to
            .resolve(self.family, rec.stop())
            .and_then(|to| self.socket.bind(&to))
            .and_then(|()| self.socket.local_addr());
        match bound {
            Ok(local) => {
                let local = Target::from_system(&local);
                if let Target::Inet(at) = &local {
                    self.registry.uses_port(at.port());
                }
                if let (SocketKind::Datagram, Target::Inet(at)) = (self.kind, &local) {
                    self.registry.receives_at(self.id, *at);
                }
                rec.returned(Ok(0), 0, address(&local), &[]);
                checked(rec, local)
            }
            Err(error) => fail(rec, Call::Bind, &error),
        }
    }

    /// `listen(2)`.
    pub fn listen(&mut self, rec: &mut Recorder, op: u16, backlog: i32) -> CallResult<()> {
        check(rec)?;
        let begin = self.begin(Call::Listen, op).arg(i64::from(backlog) as u64);
        rec.begin(begin, None, &[]);
        let result = self.socket.listen(backlog);
        finish(rec, Call::Listen, result)
    }

    /// `accept(2)`: the new connection, and the peer's address. Return: `a` = the new socket's
    /// number + 1, the descriptor as result, [`Detail::Connected`].
    pub fn accept(&mut self, rec: &mut Recorder, op: u16) -> CallResult<(Endpoint, Target)> {
        check(rec)?;
        rec.begin(self.begin(Call::Accept, op), None, &[]);
        let socket = Arc::clone(&self.socket);
        let accepted = if self.nonblocking {
            socket.accept()
        } else {
            match sys::try_accept(&socket) {
                Err(e) if waits(&e) => self.block(rec, true, || socket.accept()),
                result => result,
            }
        };
        self.accepted(rec, accepted)
    }

    /// `accept(2)` if a client waits to be accepted; otherwise no call is made and none is
    /// recorded. For a thread that waits for several sockets at once ([`super::wait_ready`]).
    pub fn try_accept(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Option<Self>> {
        check(rec)?;
        let accepted = sys::try_accept(&self.socket);
        if accepted.as_ref().is_err_and(waits) {
            return Ok(None);
        }
        rec.begin(self.begin(Call::Accept, op), None, &[]);
        self.accepted(rec, accepted).map(|(new, _)| Some(new))
    }

    fn accepted(
        &mut self,
        rec: &mut Recorder,
        accepted: io::Result<(Socket, SockAddr)>,
    ) -> CallResult<(Endpoint, Target)> {
        let connection = accepted.and_then(|(new, from)| {
            let from = Target::from_system(&from);
            let mut new = Endpoint::new(&self.registry, Arc::new(new), self.family, self.kind)?;
            let local = new.socket.local_addr()?;
            new.connected(&local, &from);
            Ok((new, Target::from_system(&local), from))
        });
        match connection {
            Ok((new, local, peer)) => {
                let detail = Detail::Connected {
                    local: local.to_string(),
                    peer: peer.to_string(),
                };
                let number = sys::number(&new.socket);
                rec.returned(Ok(number), u64::from(new.id.0) + 1, Some(detail), &[]);
                checked(rec, (new, peer))
            }
            Err(error) => fail(rec, Call::Accept, &error),
        }
    }

    /// `connect(2)`. Begin: [`Detail::Address`] as the program names it; Return:
    /// [`Detail::Connected`].
    pub fn connect(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<()> {
        self.connect_as(Call::Connect, rec, op, to)
    }

    /// `connect(2)` in the form that returns the errno: 0, or the errno.
    pub fn connect_ex(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<i32> {
        match self.connect_as(Call::ConnectEx, rec, op, to) {
            Ok(()) => Ok(0),
            Err(CallError::Failed { errno, .. }) => Ok(errno),
            Err(stopped) => Err(stopped),
        }
    }

    fn connect_as(
        &mut self,
        call: Call,
        rec: &mut Recorder,
        op: u16,
        to: &Target,
    ) -> CallResult<()> {
        check(rec)?;
        rec.begin(self.begin(call, op), address(to), &[]);
        let result = to
            .resolve(self.family, rec.stop())
            .and_then(|system| self.connect_to(rec, &system).map(|()| system));
        match result {
            Ok(system) => {
                // The peer may have gone already; then it is known by the name it was called by.
                let peer = self.socket.peer_addr().unwrap_or(system);
                let peer = Target::from_system(&peer);
                let local = self.socket.local_addr().ok();
                if let Some(local) = &local {
                    self.connected(local, &peer);
                }
                let detail = Detail::Connected {
                    local: local
                        .map(|l| Target::from_system(&l).to_string())
                        .unwrap_or_default(),
                    peer: peer.to_string(),
                };
                rec.returned(Ok(0), 0, Some(detail), &[]);
                checked(rec, ())
            }
            Err(error) => fail(rec, call, &error),
        }
    }

    fn connect_to(&mut self, rec: &mut Recorder, to: &SockAddr) -> io::Result<()> {
        if let Some(peer) = to.as_socket() {
            self.registry.uses_port(peer.port());
            self.registry.connecting(self.id, peer);
        }
        if self.nonblocking {
            let result = self.socket.connect(to);
            if result.as_ref().is_err_and(sys::in_progress)
                && let (Ok(local), Some(peer)) = (self.socket.local_addr(), to.as_socket())
            {
                // It may come about while nobody looks.
                self.connected(&local, &Target::Inet(peer));
            }
            return result;
        }
        match sys::start_connect(&self.socket, to) {
            Err(e) if sys::in_progress(&e) => {
                let timeout = self.timeout;
                rec.blocked();
                sys::finish_connect(&self.socket, to, rec.stop(), timeout)
            }
            result => result,
        }
    }

    /// This end and the other are joined.
    fn connected(&mut self, local: &SockAddr, peer: &Target) {
        if let Target::Inet(peer) = peer {
            self.peer = Some(*peer);
        }
        self.peer_is_ours = None;
        if self.kind == SocketKind::Datagram {
            if let Some(local) = local.as_socket() {
                self.registry.receives_at(self.id, local);
            }
        } else {
            if let Some(local) = local.as_socket() {
                self.registry.add_address(local);
            }
            let inet = match peer {
                Target::Inet(peer) => local.as_socket().map(|local| (local, *peer)),
                _ => None,
            };
            self.registry.connected(self.id, inet);
        }
    }

    /// `send(2)`: how many bytes were taken, which may be fewer than asked.
    pub fn send(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
    ) -> CallResult<usize> {
        check(rec)?;
        self.begin_send(Call::Send, rec, op, data, message, None);
        let (sent, error) = self.push(rec, data, false);
        match error {
            Some(error) if sent == 0 && !data.is_empty() => fail(rec, Call::Send, &error),
            Some(error) if data.is_empty() => fail(rec, Call::Send, &error),
            Some(error) => {
                self.defer(&error);
                sent_so_far(rec, sent)
            }
            None if self.kind == SocketKind::Datagram => self.sent_datagram(rec, sent, self.peer),
            None => sent_so_far(rec, sent),
        }
    }

    /// The Return of a datagram's send tells what its receiver has dropped by now: a loopback
    /// delivers before send returns, so the last one dropped is this one.
    #[cold]
    fn sent_datagram(
        &self,
        rec: &mut Recorder,
        sent: usize,
        to: Option<SocketAddr>,
    ) -> CallResult<usize> {
        let drops = to.and_then(|to| self.registry.drops_at(to));
        rec.returned(Ok(sent as i64), told_drops(drops), None, &[]);
        checked(rec, sent)
    }

    /// Python's `sendall`: everything, or an error. If an error comes after a part, the Return
    /// carries the number of bytes taken *and* [`Detail::Error`], and this returns the error.
    pub fn send_all(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
    ) -> CallResult<()> {
        check(rec)?;
        self.begin_send(Call::SendAll, rec, op, data, message, None);
        let (sent, error) = self.push(rec, data, true);
        match error {
            None => sent_so_far(rec, sent).map(|_| ()),
            Some(error) if sent == 0 => fail(rec, Call::SendAll, &error),
            Some(error) => {
                let text = text_of(&error);
                let detail = Some(Detail::Error(text.clone()));
                rec.returned(Ok(sent as i64), 0, detail, &[]);
                checked(rec, ())?;
                Err(CallError::Failed {
                    call: Call::SendAll,
                    errno: errno_of(&error),
                    text,
                })
            }
        }
    }

    /// `sendto(2)`: one datagram to that address. Begin: [`Detail::Address`].
    pub fn send_to(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
        to: &Target,
    ) -> CallResult<usize> {
        check(rec)?;
        self.begin_send(Call::SendTo, rec, op, data, message, address(to));
        let socket = Arc::clone(&self.socket);
        let mut at = None;
        let result = to.resolve(self.family, rec.stop()).and_then(|to| {
            at = to.as_socket();
            if let Some(at) = at {
                self.registry.uses_port(at.port());
            }
            let call = |flags| socket.send_to_with_flags(data, &to, flags | sys::NO_SIGNAL);
            self.make(rec, call)
        });
        match result {
            Ok(sent) if self.kind == SocketKind::Datagram => self.sent_datagram(rec, sent, at),
            Ok(sent) => sent_so_far(rec, sent),
            Err(error) => fail(rec, Call::SendTo, &error),
        }
    }

    #[inline]
    fn begin_send(
        &self,
        call: Call,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
        detail: Option<Detail>,
    ) {
        let begin = Begin {
            a: data.len() as u64,
            link: message.unwrap_or(NONE),
            ..self.begin(call, op)
        };
        rec.begin_here(begin, detail, data);
    }

    /// Sends as one blocking call of the kernel would (or, for a non-blocking socket, as its one
    /// attempt): bytes taken, and what ended it early. `all`: until everything is taken.
    #[inline]
    fn push(&mut self, rec: &mut Recorder, data: &[u8], all: bool) -> (usize, Option<io::Error>) {
        if let Some(errno) = self.deferred.take() {
            return (0, Some(io::Error::from_raw_os_error(errno)));
        }
        let first = if self.nonblocking {
            sys::send(&self.socket, data, sys::NO_SIGNAL)
        } else {
            sys::attempt(&self.socket, |flags| {
                sys::send(&self.socket, data, flags | sys::NO_SIGNAL)
            })
        };
        match first {
            Ok(n) if n >= data.len() || (self.nonblocking && !all) => (n, None),
            Ok(n) => self.push_rest(rec, data, n, all),
            Err(e) if !self.nonblocking && waits(&e) => self.push_rest(rec, data, 0, all),
            Err(e) => (0, Some(e)),
        }
    }

    #[cold]
    fn push_rest(
        &mut self,
        rec: &mut Recorder,
        data: &[u8],
        mut sent: usize,
        all: bool,
    ) -> (usize, Option<io::Error>) {
        if !self.nonblocking && self.only_its_receiver_wakes_it() {
            let push = |flags| sys::send(&self.socket, data, flags | sys::NO_SIGNAL);
            return match self.look(rec, push) {
                Ok(sent) => (sent, None),
                Err(error) => (0, Some(error)),
            };
        }
        if !self.nonblocking {
            rec.blocked();
        }
        let stop = rec.stop();
        let _blocking = stop.blocking(&self.socket, false);
        while sent < data.len() {
            if stop.is_stopped() {
                return (sent, Some(io::ErrorKind::Interrupted.into()));
            }
            match sys::send(&self.socket, &data[sent..], sys::NO_SIGNAL) {
                Ok(n) => {
                    sent += n;
                    // Less than asked: a timeout or a signal ended the kernel's call.
                    if !all {
                        return (sent, None);
                    }
                }
                Err(e) if interrupted(&e) && !stop.is_stopped() => {}
                Err(e) => return (sent, Some(e)),
            }
        }
        (sent, None)
    }

    fn defer(&mut self, error: &io::Error) {
        let errno = errno_of(error);
        // EPIPE comes again by itself; the others say something about this call only.
        if !matches!(errno, code::PIPE | code::WOULD_BLOCK | code::INTERRUPTED) {
            self.deferred = Some(errno);
        }
    }

    /// `recv(2)` into the front of `buffer`: bytes received; 0 = the stream has ended. With
    /// `peek` the bytes stay in the receive buffer. Of a datagram longer than the buffer the rest
    /// is lost. The Return's `a` is its whole length, where the system tells (Linux), and above
    /// that what the socket has dropped so far ([`DROPS_KNOWN`]).
    #[inline]
    pub fn recv(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        buffer: &mut [u8],
        peek: bool,
    ) -> CallResult<usize> {
        check(rec)?;
        let flags = self.begin_recv(Call::Recv, rec, op, buffer.len(), peek);
        let result = self.pull(rec, |socket, more| sys::recv(socket, buffer, flags | more));
        match result {
            Ok(length) => {
                let taken = self.received(rec, buffer, length, None);
                checked(rec, taken)
            }
            Err(error) => fail(rec, Call::Recv, &error),
        }
    }

    /// As [`Self::recv`], into `buffer` from `at` on: bytes received. Begin: `link` = `at`. Nothing is
    /// asked for, and nothing received, where `at` lies behind the end.
    pub fn recv_into(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        buffer: &mut [u8],
        at: usize,
    ) -> CallResult<usize> {
        check(rec)?;
        let free = buffer.get_mut(at..).unwrap_or_default();
        let begin = Begin {
            link: u32::try_from(at).unwrap_or(NONE),
            ..self.begin(Call::RecvInto, op).arg(free.len() as u64)
        };
        let flags = if self.kind == SocketKind::Stream {
            0
        } else {
            sys::REAL_LENGTH
        };
        rec.begin(begin, None, &[]);
        let result = self.pull(rec, |socket, more| sys::recv(socket, free, flags | more));
        match result {
            Ok(length) => {
                let taken = self.received(rec, free, length, None);
                checked(rec, taken)
            }
            Err(error) => fail(rec, Call::RecvInto, &error),
        }
    }

    /// `recvfrom(2)`: as [`Self::recv`], and who sent it (`None`: an unnamed socket).
    pub fn recv_from(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        buffer: &mut [u8],
        peek: bool,
    ) -> CallResult<(usize, Option<Target>)> {
        check(rec)?;
        let flags = self.begin_recv(Call::RecvFrom, rec, op, buffer.len(), peek);
        let result = self.pull(rec, |socket, more| {
            socket.recv_from_with_flags(sys::as_uninit(buffer), flags | more)
        });
        match result {
            Ok((length, from)) => {
                // A stream gives no address here, an unnamed socket has none.
                let from = Target::from_system(&from);
                let from = match (&from, self.peer) {
                    (Target::Path(path), Some(other)) if path.as_os_str().is_empty() => {
                        Some(Target::Inet(other))
                    }
                    (Target::Path(path), _) if path.as_os_str().is_empty() => None,
                    _ => Some(from),
                };
                let detail = from.as_ref().and_then(address);
                let taken = self.received(rec, buffer, length, detail);
                checked(rec, (taken, from))
            }
            Err(error) => fail(rec, Call::RecvFrom, &error),
        }
    }

    #[inline]
    fn begin_recv(&self, call: Call, rec: &mut Recorder, op: u16, len: usize, peek: bool) -> i32 {
        let mut begin = self.begin(call, op).arg(len as u64);
        let mut flags = 0;
        if peek {
            begin.flags |= flag::PEEK;
            flags |= sys::PEEK;
        }
        if self.kind != SocketKind::Stream {
            flags |= sys::REAL_LENGTH;
        }
        rec.begin_here(begin, None, &[]);
        flags
    }

    #[inline]
    fn pull<T>(
        &mut self,
        rec: &mut Recorder,
        mut call: impl FnMut(&Socket, i32) -> io::Result<T>,
    ) -> io::Result<T> {
        if let Some(errno) = self.deferred.take() {
            return Err(io::Error::from_raw_os_error(errno));
        }
        if self.nonblocking {
            return call(&self.socket, 0);
        }
        match sys::attempt(&self.socket, |flags| call(&self.socket, flags)) {
            Err(e) if waits(&e) => self.block(rec, false, || call(&self.socket, 0)),
            result => result,
        }
    }

    /// Records the Return of a recv. Its bytes are kept only if no send of this run has
    /// recorded them already.
    #[inline]
    fn received(
        &mut self,
        rec: &mut Recorder,
        buffer: &[u8],
        length: usize,
        detail: Option<Detail>,
    ) -> usize {
        let taken = length.min(buffer.len());
        let known = taken > 0
            && match self.peer_is_ours {
                Some(ours) => ours,
                None => self.find_out_peer(),
            };
        if known && detail.is_none() {
            rec.returned_known(&buffer[..taken]);
            return taken;
        }
        let whole = if self.kind == SocketKind::Stream {
            0
        } else {
            let inet = self.kind == SocketKind::Datagram && self.family != Family::Unix;
            let drops = inet.then(|| sys::drops(&self.socket)).flatten();
            told_drops(drops) | length as u64 & u64::from(u32::MAX)
        };
        rec.returned(Ok(taken as i64), whole, detail, &buffer[..taken]);
        taken
    }

    /// Only when bytes have come: a sender of this run has by then made its address known.
    #[cold]
    fn find_out_peer(&mut self) -> bool {
        let ours = self.kind == SocketKind::Stream
            && self.peer.is_some_and(|peer| self.registry.is_ours(peer));
        self.peer_is_ours = Some(ours);
        ours
    }

    /// `shutdown(2)`. Begin: `a` = 0 read, 1 write, 2 both (the values of `SHUT_RD` …).
    pub fn shutdown(&mut self, rec: &mut Recorder, op: u16, how: How) -> CallResult<()> {
        check(rec)?;
        let (a, how) = match how {
            How::Read => (0, Shutdown::Read),
            How::Write => (1, Shutdown::Write),
            How::Both => (2, Shutdown::Both),
        };
        rec.begin(self.begin(Call::Shutdown, op).arg(a), None, &[]);
        let result = self.socket.shutdown(how);
        finish(rec, Call::Shutdown, result)
    }

    /// `close(2)`: gives this descriptor back. Also made when the run is being stopped. Return: `a` = how many
    /// other descriptors keep the socket open.
    pub fn close(self, rec: &mut Recorder, op: u16) -> CallResult<()> {
        check(rec)?;
        rec.begin(self.begin(Call::Close, op), None, &[]);
        if self.lingers
            && sys::gauge(&self.socket, true)
                .unacked
                .is_some_and(|n| n > 0)
        {
            // SO_LINGER: close waits until what was sent is acknowledged.
            rec.blocked();
        }
        if self.registry.has_reports() {
            self.registry.last_reports(self.id, rec);
        }
        let others = self.registry.others(self.id);
        drop(self);
        rec.returned(Ok(0), others as u64, None, &[]);
        checked(rec, ())
    }

    /// Python's `settimeout`, for recv, accept, send and connect: `None` = wait for ever,
    /// zero = non-blocking. Begin: `a` = milliseconds, -1 for `None`.
    ///
    /// When the time is over the kernel's answer is EAGAIN (of connect: EINPROGRESS).
    pub fn set_timeout(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        timeout: Option<Duration>,
    ) -> CallResult<()> {
        check(rec)?;
        let a = timeout.map_or(-1, |t| i64::try_from(t.as_millis()).unwrap_or(i64::MAX));
        rec.begin(self.begin(Call::SetTimeout, op).arg(a as u64), None, &[]);
        let nonblocking = timeout == Some(Duration::ZERO);
        let time = timeout.filter(|t| !t.is_zero());
        let result = self
            .socket
            .set_nonblocking(nonblocking)
            .and_then(|()| self.socket.set_read_timeout(time))
            .and_then(|()| self.socket.set_write_timeout(time));
        if result.is_ok() {
            self.nonblocking = nonblocking;
            self.timeout = time;
        }
        finish(rec, Call::SetTimeout, result)
    }

    /// Python's `gettimeout`: how long calls of this socket wait, `None` = for ever, zero = not at all.
    /// What the kernel says: it keeps times in its own, coarser units. Return: `a` = milliseconds, -1
    /// for `None`.
    pub fn timeout(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Option<Duration>> {
        check(rec)?;
        rec.begin(self.begin(Call::GetTimeout, op), None, &[]);
        let nonblocking = sys::is_nonblocking(&self.socket).unwrap_or(self.nonblocking);
        let timeout = if nonblocking {
            Ok(Some(Duration::ZERO))
        } else {
            self.socket.read_timeout()
        };
        match timeout {
            Ok(timeout) => {
                let ms = timeout.map_or(-1, |t| i64::try_from(t.as_millis()).unwrap_or(i64::MAX));
                rec.returned(Ok(0), ms as u64, None, &[]);
                checked(rec, timeout)
            }
            Err(error) => fail(rec, Call::GetTimeout, &error),
        }
    }

    /// Python's `setblocking`: as [`Self::set_timeout`] with `None` or zero. Begin: `a` = 0 or 1.
    pub fn set_blocking(&mut self, rec: &mut Recorder, op: u16, blocking: bool) -> CallResult<()> {
        check(rec)?;
        let begin = self.begin(Call::SetBlocking, op).arg(blocking.into());
        rec.begin(begin, None, &[]);
        let result = self
            .socket
            .set_nonblocking(!blocking)
            .and_then(|()| self.socket.set_read_timeout(None))
            .and_then(|()| self.socket.set_write_timeout(None));
        if result.is_ok() {
            self.nonblocking = !blocking;
            self.timeout = None;
        }
        finish(rec, Call::SetBlocking, result)
    }

    /// `getsockname(2)`. Return: [`Detail::Address`].
    pub fn local_addr(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Target> {
        check(rec)?;
        rec.begin(self.begin(Call::GetSockName, op), None, &[]);
        let result = self.socket.local_addr();
        named(rec, Call::GetSockName, result)
    }

    /// `getpeername(2)`. Return: [`Detail::Address`].
    pub fn peer_addr(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Target> {
        check(rec)?;
        rec.begin(self.begin(Call::GetPeerName, op), None, &[]);
        let result = self.socket.peer_addr();
        named(rec, Call::GetPeerName, result)
    }

    /// The descriptor's number, also in the Return's `a`.
    pub fn fileno(&mut self, rec: &mut Recorder, op: u16) -> CallResult<i64> {
        check(rec)?;
        rec.begin(self.begin(Call::Fileno, op), None, &[]);
        let number = sys::number(&self.socket);
        rec.returned(Ok(number), number as u64, None, &[]);
        checked(rec, number)
    }

    /// `dup(2)`: another descriptor of the same socket, which stays open until both are closed. Begin:
    /// `a` = this descriptor; Return: the new one.
    pub fn duplicate(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Endpoint> {
        check(rec)?;
        let begin = self.begin(Call::Duplicate, op);
        rec.begin(begin.arg(sys::number(&self.socket) as u64), None, &[]);
        match self.socket.try_clone() {
            Ok(socket) => {
                let socket = Arc::new(socket);
                self.registry.duplicated(self.id, &socket);
                let number = sys::number(&socket);
                let duplicate = Endpoint {
                    socket,
                    registry: self.registry.clone(),
                    deferred: None,
                    ..*self
                };
                rec.returned(Ok(number), number as u64, None, &[]);
                checked(rec, duplicate)
            }
            Err(error) => fail(rec, Call::Duplicate, &error),
        }
    }

    /// Takes over what `other`, a descriptor of the same socket, has changed in it: options, timeouts
    /// and the connection belong to the socket, whichever descriptor they were set by.
    pub fn follow(&mut self, other: &Endpoint) {
        if self.id == other.id {
            self.nonblocking = other.nonblocking;
            self.timeout = other.timeout;
            self.lingers = other.lingers;
            self.peer = other.peer;
            self.peer_is_ours = other.peer_is_ours;
        }
    }

    /// A program puts a file with a buffer around the socket: no call of the kernel's.
    pub fn make_file(&mut self, rec: &mut Recorder, op: u16) -> CallResult<()> {
        check(rec)?;
        rec.begin(self.begin(Call::MakeFile, op), None, &[]);
        finish(rec, Call::MakeFile, Ok(()))
    }

    /// Such a file has given `line`; what it has received for it was recorded before. Begin: `a` =
    /// bytes asked for at most; Return: their number, and the bytes as [`Detail::Text`], escaped
    /// as in a program.
    pub fn read_line(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        most: usize,
        line: &[u8],
    ) -> CallResult<()> {
        check(rec)?;
        rec.begin(self.begin(Call::ReadLine, op).arg(most as u64), None, &[]);
        let shown = line[..line.len().min(LINE_SHOWN)]
            .escape_ascii()
            .to_string();
        rec.returned(Ok(line.len() as i64), 0, Some(Detail::Text(shown)), &[]);
        checked(rec, ())
    }

    #[inline]
    fn begin(&self, call: Call, op: u16) -> Begin {
        Begin {
            flags: if self.nonblocking {
                flag::NONBLOCKING
            } else {
                0
            },
            ..Begin::new(call, op).on(self.id)
        }
    }

    /// Without waiting first, then for real.
    fn make<T>(
        &self,
        rec: &mut Recorder,
        mut call: impl FnMut(i32) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.nonblocking {
            return call(0);
        }
        match sys::attempt(&self.socket, &mut call) {
            Err(e) if waits(&e) && self.only_its_receiver_wakes_it() => self.look(rec, call),
            Err(e) if waits(&e) => self.block(rec, false, || call(0)),
            result => result,
        }
    }

    /// A sender of local datagrams or records waits at its receiver's socket, not at its own. Where
    /// threads are woken through their socket, a stop would not reach it.
    fn only_its_receiver_wakes_it(&self) -> bool {
        !sys::SIGNALS_WAKE
            && self.family == Family::Unix
            && matches!(self.kind, SocketKind::Datagram | SocketKind::SeqPacket)
    }

    /// In place of the blocking call, where nothing could end it: tries again every few milliseconds.
    #[cold]
    fn look<T>(
        &self,
        rec: &mut Recorder,
        mut call: impl FnMut(i32) -> io::Result<T>,
    ) -> io::Result<T> {
        rec.blocked();
        let stop = rec.stop();
        let patience = self.socket.write_timeout()?;
        let begun = Instant::now();
        while stop.sleep(LOOK) {
            match sys::attempt(&self.socket, &mut call) {
                Err(e) if waits(&e) && patience.is_none_or(|time| begun.elapsed() < time) => {}
                result => return result,
            }
        }
        Err(io::ErrorKind::Interrupted.into())
    }

    /// The real, blocking call. A signal that is not the stop's starts it again.
    #[cold]
    fn block<T>(
        &self,
        rec: &mut Recorder,
        accepting: bool,
        mut call: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        rec.blocked();
        let stop = rec.stop();
        let _blocking = stop.blocking(&self.socket, accepting);
        loop {
            if stop.is_stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match call() {
                Err(e) if interrupted(&e) => {}
                result => return result,
            }
        }
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        // Before the handle goes: see there.
        self.registry.remove(self.id, &self.socket);
    }
}

fn open(registry: &Registry, family: Family, kind: SocketKind) -> io::Result<Socket> {
    let domain = match family {
        Family::Inet => Domain::IPV4,
        Family::Inet6 => Domain::IPV6,
        Family::Unix => Domain::UNIX,
    };
    let protocol = (kind == SocketKind::Icmp).then_some(Protocol::ICMPV4);
    let kind = match kind {
        SocketKind::Stream => Type::STREAM,
        SocketKind::Datagram => Type::DGRAM,
        // These are 3, 4 and 5 in every system's headers.
        SocketKind::Raw | SocketKind::Icmp => Type::from(3),
        SocketKind::Rdm => Type::from(4),
        SocketKind::SeqPacket => Type::from(5),
    };
    registry.make(domain, kind, protocol)
}

#[inline]
fn check(rec: &Recorder) -> CallResult<()> {
    checked(rec, ())
}

/// The result, unless the run is being stopped: then it may be the stop's doing.
#[inline]
fn checked<T>(rec: &Recorder, value: T) -> CallResult<T> {
    if rec.stop().is_stopped() {
        Err(CallError::Stopped)
    } else {
        Ok(value)
    }
}

#[inline]
fn sent_so_far(rec: &mut Recorder, sent: usize) -> CallResult<usize> {
    rec.returned_here(sent as i64);
    checked(rec, sent)
}

/// A Return's `a` for these drops.
fn told_drops(drops: Option<u32>) -> u64 {
    drops.map_or(0, |n| (u64::from(n) + 1) << DROPS_KNOWN)
}

fn finish(rec: &mut Recorder, call: Call, result: io::Result<()>) -> CallResult<()> {
    match result {
        Ok(()) => {
            rec.returned(Ok(0), 0, None, &[]);
            checked(rec, ())
        }
        Err(error) => fail(rec, call, &error),
    }
}

fn named(rec: &mut Recorder, call: Call, result: io::Result<SockAddr>) -> CallResult<Target> {
    match result {
        Ok(name) => {
            let name = Target::from_system(&name);
            rec.returned(Ok(0), 0, address(&name), &[]);
            checked(rec, name)
        }
        Err(error) => fail(rec, call, &error),
    }
}

#[cold]
fn fail<T>(rec: &mut Recorder, call: Call, error: &io::Error) -> CallResult<T> {
    let errno = errno_of(error);
    let text = text_of(error);
    rec.returned(Err(errno), 0, Some(Detail::Error(text.clone())), &[]);
    checked(rec, ())?;
    Err(CallError::Failed { call, errno, text })
}

#[expect(clippy::unnecessary_wraps, reason = "what every caller needs")]
fn address(target: &Target) -> Option<Detail> {
    Some(Detail::Address(target.to_string()))
}

fn interrupted(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Interrupted
}

/// Would the call have waited?
fn waits(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock || interrupted(error)
}
