//! Work that takes its time, in a thread of its own, so that the window goes on meanwhile.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Called from any thread when there is something new to show.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// News are told at most this often; nobody sees more, and each costs a repaint.
const NEWS: Duration = Duration::from_millis(40);

/// Says to the work that nobody wants it any more. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Nobody wants it any more.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Shall the work end?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A thread at work. Dropping it cancels the work and waits for the thread's end.
#[derive(Debug)]
pub struct Job {
    cancel: Cancel,
    thread: Option<JoinHandle<()>>,
}

impl Job {
    /// Starts `work` in a thread of that name (at most 15 characters are kept by the system).
    /// It must look at its [`Cancel`] often, and end soon once it is set.
    ///
    /// # Errors
    /// The system's, when no thread can be made.
    pub fn start(name: &str, work: impl FnOnce(&Cancel) + Send + 'static) -> io::Result<Job> {
        let cancel = Cancel::default();
        let own = cancel.clone();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&own))?;
        Ok(Job {
            cancel,
            thread: Some(thread),
        })
    }

    /// Asks the work to end; does not wait for it.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Has the thread ended?
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for the end of the work.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the work ends the work only; what it had published stays.
            let _ = thread.join();
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancel();
        self.wait();
    }
}

/// Wakes whoever shows the news, but not for every piece of them.
pub(super) struct News {
    waker: Waker,
    last: Option<Instant>,
}

impl News {
    pub(super) fn new(waker: Waker) -> Self {
        News { waker, last: None }
    }

    /// There is something new.
    pub(super) fn tell(&mut self) {
        if self.last.is_none_or(|last| last.elapsed() >= NEWS) {
            self.tell_now();
        }
    }

    /// There is something new, and nothing more may come.
    pub(super) fn tell_now(&mut self) {
        self.last = Some(Instant::now());
        (self.waker)();
    }
}
