//! The lab's end: starts the helper, asks it for sockets, ends it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use super::helper::{ARGUMENT, DONE, GRANTED};
use super::{NamespaceOptions, Setup, Unavailable};
use crate::net::sys;

/// The helper answers within a few milliseconds; after this it is taken for dead.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sockets asked for in advance: a client, a server, and some more of either.
const READY: usize = 6;

/// Which program to start as the helper.
static HELPER: OnceLock<PathBuf> = OnceLock::new();

/// Says which program is the helper: one whose `main` calls [`super::helper`] first thing. The
/// lab names itself; tests, whose own program is another one, name the lab's binary. Once.
pub fn set_helper(program: PathBuf) {
    let _ = HELPER.set(program);
}

/// A private network: its helper process, the ring of captured packets, and whatever sockets are asked
/// of it. Dropping it ends the helper; the network itself lasts as long as a socket in it.
#[derive(Debug)]
pub struct Namespace {
    lab: Mutex<Socket>,
    helper: Child,
    ring: Mutex<Option<sys::Ring>>,
    options: NamespaceOptions,
    /// Sockets of the usual kind, asked for in advance: a program's `socket()` should not take
    /// the time that another process needs to wake up.
    ready: Mutex<Vec<Socket>>,
    not_granted: Vec<&'static str>,
}

impl Namespace {
    /// Makes a private network, in which everything is captured from the beginning. Takes some
    /// milliseconds.
    ///
    /// # Errors
    /// Why there is none to be had.
    pub fn open(options: &NamespaceOptions) -> Result<Self, Unavailable> {
        let program = HELPER
            .get()
            .ok_or_else(|| Unavailable::Helper(io::ErrorKind::NotFound.into()))?;
        let (ours, theirs) = Socket::pair(Domain::UNIX, Type::from(libc::SOCK_SEQPACKET), None)
            .map_err(Unavailable::Helper)?;
        ours.set_read_timeout(Some(PATIENCE))
            .map_err(Unavailable::Helper)?;
        let helper = Command::new(program)
            .arg(ARGUMENT)
            .arg(options.to_string())
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Unavailable::Helper)?;
        let mut namespace = Namespace {
            lab: Mutex::new(ours),
            helper,
            ring: Mutex::new(None),
            options: *options,
            ready: Mutex::new(Vec::new()),
            not_granted: Vec::new(),
        };
        let (refused, capture) = match namespace.answer() {
            Ok(answer) => answer,
            Err(Answer::Refused(step, error)) => return Err(reason(step, error)),
            Err(Answer::Gone(error)) => return Err(Unavailable::Helper(error)),
        };
        namespace.not_granted = GRANTED
            .iter()
            .enumerate()
            .filter(|(bit, _)| refused & (1 << bit) != 0)
            .map(|(_, (name, _))| *name)
            .collect();
        let ring = sys::Ring::on_loopback(capture).map_err(|source| Unavailable::Refused {
            step: Setup::Capture,
            source,
        })?;
        namespace.ring = Mutex::new(Some(ring));
        let ready: io::Result<Vec<Socket>> = (0..READY)
            .map(|_| namespace.inet(Domain::IPV4, Type::STREAM, None))
            .collect();
        namespace.ready = Mutex::new(ready.map_err(|source| Unavailable::Refused {
            step: Setup::Socket,
            source,
        })?);
        Ok(namespace)
    }

    /// Options of [`NamespaceOptions`] (or `offloads`) that the system did not grant.
    pub fn not_granted(&self) -> &[&'static str] {
        &self.not_granted
    }

    /// What captures in this network; once.
    pub(crate) fn take_ring(&self) -> Option<sys::Ring> {
        self.ring
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// An unbound socket in this network.
    ///
    /// # Errors
    /// The system's; `EPIPE` when the helper is gone.
    pub(crate) fn socket(
        &self,
        domain: Domain,
        kind: Type,
        protocol: Option<Protocol>,
    ) -> io::Result<Socket> {
        if domain == Domain::UNIX {
            // Its names are those of the file system, which is the same everywhere.
            return Socket::new(domain, kind, protocol);
        }
        if (domain, kind) == (Domain::IPV4, Type::STREAM)
            && let Some(socket) = self.ready().pop()
        {
            return Ok(socket);
        }
        self.inet(domain, kind, protocol)
    }

    /// What tells of the connections in this network by their addresses.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn tcp_table(&self) -> io::Result<sys::TcpTable> {
        let (domain, kind, protocol) = sys::table_socket();
        self.ask(domain, kind, Some(protocol))
            .and_then(sys::TcpTable::of)
    }

    fn ready(&self) -> std::sync::MutexGuard<'_, Vec<Socket>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the helper for a socket.
    fn ask(&self, domain: Domain, kind: Type, protocol: Option<Protocol>) -> io::Result<Socket> {
        let mut request = [0; 12];
        request[..4].copy_from_slice(&i32::from(domain).to_le_bytes());
        request[4..8].copy_from_slice(&i32::from(kind).to_le_bytes());
        request[8..].copy_from_slice(&protocol.map_or(0, i32::from).to_le_bytes());
        let lab = self.lab.lock().unwrap_or_else(PoisonError::into_inner);
        sys::send_with(lab.as_fd(), &request, None)?;
        match receive(&lab) {
            Ok((_, socket)) => Ok(Socket::from(socket)),
            Err(Answer::Refused(_, error) | Answer::Gone(error)) => Err(error),
        }
    }

    /// Asks for a socket of a program, which gets what the run's options say of sockets.
    fn inet(&self, domain: Domain, kind: Type, protocol: Option<Protocol>) -> io::Result<Socket> {
        let socket = self.ask(domain, kind, protocol)?;
        if self.options.loss > 0.0 {
            sys::lose(&socket, self.options.loss, kind == Type::STREAM)?;
        }
        if self.options.rate > 0 {
            sys::pace(&socket, self.options.rate)?;
        }
        Ok(socket)
    }

    fn answer(&self) -> Result<(u8, OwnedFd), Answer> {
        receive(&self.lab.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // It does nothing that would have to be finished, and it holds nothing of ours.
        let _ = self.helper.kill();
        let _ = self.helper.wait();
    }
}

/// An answer that is none.
enum Answer {
    /// The system refused it the helper.
    Refused(Setup, io::Error),
    /// The helper is gone, or says nothing.
    Gone(io::Error),
}

fn receive(lab: &Socket) -> Result<(u8, OwnedFd), Answer> {
    let mut answer = [0; 16];
    let (length, handed) = loop {
        match sys::receive_with(lab.as_fd(), &mut answer) {
            // The lab's own signals (see `StopToken`) interrupt; the answer still comes.
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            result => break result.map_err(Answer::Gone)?,
        }
    };
    match (answer, handed) {
        ([DONE, refused, ..], Some(handed)) if length >= 2 => Ok((refused, handed)),
        ([1, step, a, b, c, d, ..], _) if length >= 6 => {
            let step = Setup::ALL
                .get(usize::from(step))
                .copied()
                .unwrap_or(Setup::Socket);
            let errno = i32::from_le_bytes([a, b, c, d]);
            Err(Answer::Refused(step, io::Error::from_raw_os_error(errno)))
        }
        _ => Err(Answer::Gone(io::ErrorKind::BrokenPipe.into())),
    }
}

/// Who refused, as far as the system tells.
fn reason(step: Setup, error: io::Error) -> Unavailable {
    let setting = |file: &str| {
        std::fs::read_to_string(format!("/proc/sys/{file}"))
            .ok()
            .map(|text| text.trim().to_owned())
    };
    if step == Setup::Namespaces
        && (setting("user/max_user_namespaces").as_deref() == Some("0")
            || setting("user/max_net_namespaces").as_deref() == Some("0")
            || setting("kernel/unprivileged_userns_clone").as_deref() == Some("0"))
    {
        return Unavailable::SwitchedOff;
    }
    if matches!(error.raw_os_error(), Some(libc::ENOSPC | libc::EUSERS)) {
        return Unavailable::TooMany;
    }
    if setting("kernel/apparmor_restrict_unprivileged_userns").as_deref() == Some("1")
        && matches!(error.raw_os_error(), Some(libc::EPERM | libc::EACCES))
    {
        return Unavailable::AppArmor;
    }
    Unavailable::Refused {
        step,
        source: error,
    }
}
