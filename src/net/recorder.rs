//! The writing end: each actor thread has one [`Recorder`].

use std::sync::Arc;

use super::{Collector, StopToken};
use crate::trace::{ActorId, Call, Detail, Mark, NONE, Nanos, RunId, SocketId};

/// Called (coalesced) from any thread when there is something new to drain.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Limits of a pipe.
#[derive(Clone, Copy, Debug)]
pub struct PipeOptions {
    /// Bytes of payload recorded at most in this run; then offsets and lengths only.
    pub payload_budget: u64,
    /// Batches (of at most 256 events) on their way at most; then actors wait for the collector.
    pub capacity: usize,
}

impl Default for PipeOptions {
    fn default() -> Self {
        PipeOptions {
            payload_budget: 64 << 20,
            capacity: 1024,
        }
    }
}

/// A pipe with default limits, for one run.
pub fn pipe(run: RunId, waker: Waker) -> (RecorderHub, Collector) {
    pipe_with(run, waker, PipeOptions::default())
}

/// A pipe for one run; its clock starts now.
pub fn pipe_with(run: RunId, waker: Waker, options: PipeOptions) -> (RecorderHub, Collector) {
    let _ = (run, waker, options);
    todo!()
}

/// Makes recorders; what all of them share. Clones are the same hub.
#[derive(Clone, Debug)]
pub struct RecorderHub(Arc<()>);

impl RecorderHub {
    /// A recorder for an actor's thread. It holds back the others' later events until it has
    /// flushed, so its thread must call [`Recorder::idle`] before it waits for anything by itself.
    pub fn recorder(&self, actor: ActorId) -> Recorder {
        let _ = actor;
        todo!()
    }
    /// A recorder for rare events (the runner's marks): idle by itself after each event.
    pub fn marker(&self, actor: ActorId) -> Recorder {
        let _ = actor;
        todo!()
    }
    /// Nanoseconds since the pipe was made.
    pub fn now(&self) -> Nanos {
        todo!()
    }
    /// The token that stops this run.
    pub fn stop(&self) -> &StopToken {
        todo!()
    }
    /// The run.
    pub fn run(&self) -> RunId {
        todo!()
    }
    /// Step mode: every event is on its way at once.
    pub fn set_immediate(&self, immediate: bool) {
        let _ = immediate;
        todo!()
    }
    /// False: from the next call on, calls are made and counted but not recorded (marks are).
    pub fn set_recording(&self, recording: bool) {
        let _ = recording;
        todo!()
    }
    /// Events that were not recorded because recording was off.
    pub fn not_recorded(&self) -> u64 {
        todo!()
    }
}

/// How a call begins.
#[derive(Clone, Copy, Debug)]
pub struct Begin {
    /// Which call.
    pub call: Call,
    /// On which socket, or [`SocketId::NONE`].
    pub socket: SocketId,
    /// Number of the operation in the actor's program.
    pub op: u16,
    /// The argument (bytes asked for, backlog, milliseconds …).
    pub a: u64,
    /// send: message number, or [`NONE`].
    pub link: u32,
    /// Bits of [`crate::trace::flag`] for all events of the call.
    pub flags: u8,
}

impl Begin {
    /// A call of operation `op`, without socket and argument.
    pub fn new(call: Call, op: u16) -> Self {
        Begin {
            call,
            socket: SocketId::NONE,
            op,
            a: 0,
            link: NONE,
            flags: 0,
        }
    }
    /// With this argument.
    #[must_use]
    pub fn arg(self, a: u64) -> Self {
        Begin { a, ..self }
    }
    /// On this socket.
    #[must_use]
    pub fn on(self, socket: SocketId) -> Self {
        Begin { socket, ..self }
    }
}

/// Writes one thread's events. Dropping it flushes.
#[derive(Debug)]
pub struct Recorder(());

impl Recorder {
    /// The actor.
    pub fn actor(&self) -> ActorId {
        todo!()
    }
    /// The token that stops this run.
    pub fn stop(&self) -> &StopToken {
        todo!()
    }
    /// A call begins. `bytes`: what a send asks to send (empty otherwise).
    pub fn begin(&mut self, begin: Begin, detail: Option<Detail>, bytes: &[u8]) {
        let _ = (begin, detail, bytes);
        todo!()
    }
    /// The call under way is about to be held by the kernel (or by a wait of the lab).
    pub fn blocked(&mut self) {
        todo!()
    }
    /// The call under way returned: a result ≥ 0, or an errno (positive).
    pub fn returned(
        &mut self,
        result: Result<i64, i32>,
        a: u64,
        detail: Option<Detail>,
        bytes: &[u8],
    ) {
        let _ = (result, a, detail, bytes);
        todo!()
    }
    /// A mark of the run.
    pub fn mark(&mut self, mark: Mark, a: u64, detail: Option<Detail>) {
        let _ = (mark, a, detail);
        todo!()
    }
    /// The decoder yielded frame `number`: `len` bytes from offset `start` of the stream that
    /// `socket` receives, `header` of them header. With `error`: the decoder failed there.
    pub fn frame(
        &mut self,
        socket: SocketId,
        op: u16,
        start: u64,
        len: u32,
        header: u16,
        number: u32,
        error: Option<Detail>,
    ) {
        let _ = (socket, op, start, len, header, number, error);
        todo!()
    }
    /// A live parameter has a new value.
    pub fn setting(&mut self, name: &str, value: &str, number: Option<i64>) {
        let _ = (name, value, number);
        todo!()
    }
    /// The lesson moved to step `number`.
    pub fn step(&mut self, number: u64) {
        let _ = number;
        todo!()
    }
    /// Puts everything recorded so far on its way.
    pub fn flush(&mut self) {
        todo!()
    }
    /// The thread is about to wait outside any call (at the gate, before computing for long):
    /// flushes and stops holding back the others. The next event ends it.
    pub fn idle(&mut self) {
        todo!()
    }
}
