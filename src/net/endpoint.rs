//! One socket whose every call is recorded.

use std::time::Duration;

use super::{CallError, Family, How, Recorder, Registry, SockOpt, SocketKind, Target};
use crate::trace::SocketId;

/// One socket. Every method is one call of the program: it records Begin, Blocked if the kernel
/// held it, and Return; `op` is the number of the operation in the actor's program.
///
/// Every method returns [`CallError::Stopped`] when the run is being stopped. Dropping an
/// endpoint closes it without a record.
#[derive(Debug)]
pub struct Endpoint(());

/// The result of a call.
pub type CallResult<T> = Result<T, CallError>;

#[allow(missing_docs, unused_variables, clippy::missing_errors_doc)]
impl Endpoint {
    pub fn open(
        registry: &Registry,
        rec: &mut Recorder,
        op: u16,
        family: Family,
        kind: SocketKind,
    ) -> CallResult<Self> {
        todo!()
    }
    pub fn id(&self) -> SocketId {
        todo!()
    }
    pub fn set_option(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        option: SockOpt,
        value: i64,
    ) -> CallResult<i64> {
        todo!()
    }
    pub fn get_option(&mut self, rec: &mut Recorder, op: u16, option: SockOpt) -> CallResult<i64> {
        todo!()
    }
    /// Returns the address really bound (port 0: the one the system chose).
    pub fn bind(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<Target> {
        todo!()
    }
    pub fn listen(&mut self, rec: &mut Recorder, op: u16, backlog: i32) -> CallResult<()> {
        todo!()
    }
    /// The new connection and the peer's address.
    pub fn accept(&mut self, rec: &mut Recorder, op: u16) -> CallResult<(Endpoint, String)> {
        todo!()
    }
    pub fn connect(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<()> {
        todo!()
    }
    /// 0, or the errno.
    pub fn connect_ex(&mut self, rec: &mut Recorder, op: u16, to: &Target) -> CallResult<i32> {
        todo!()
    }
    pub fn send(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
    ) -> CallResult<usize> {
        todo!()
    }
    pub fn send_all(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
    ) -> CallResult<()> {
        todo!()
    }
    pub fn send_to(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        data: &[u8],
        message: Option<u32>,
        to: &Target,
    ) -> CallResult<usize> {
        todo!()
    }
    /// Bytes received into the front of `buffer`; 0 = end of the stream.
    pub fn recv(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        buffer: &mut [u8],
        peek: bool,
    ) -> CallResult<usize> {
        todo!()
    }
    pub fn recv_from(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        buffer: &mut [u8],
        peek: bool,
    ) -> CallResult<(usize, Option<Target>)> {
        todo!()
    }
    pub fn shutdown(&mut self, rec: &mut Recorder, op: u16, how: How) -> CallResult<()> {
        todo!()
    }
    pub fn close(self, rec: &mut Recorder, op: u16) -> CallResult<()> {
        todo!()
    }
    /// Python's settimeout: None = wait for ever, zero = non-blocking.
    pub fn set_timeout(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        timeout: Option<Duration>,
    ) -> CallResult<()> {
        todo!()
    }
    pub fn set_blocking(&mut self, rec: &mut Recorder, op: u16, blocking: bool) -> CallResult<()> {
        todo!()
    }
    pub fn local_addr(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Target> {
        todo!()
    }
    pub fn peer_addr(&mut self, rec: &mut Recorder, op: u16) -> CallResult<Target> {
        todo!()
    }
    pub fn fileno(&mut self, rec: &mut Recorder, op: u16) -> CallResult<i64> {
        todo!()
    }
}
