//! Ctrl+C: the first one ends the work in good order, the second one the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Has Ctrl+C been pressed?
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to watch for it. Where the system refuses, Ctrl+C ends the program as ever.
    pub(super) fn watch(wake: impl Fn() + Send + 'static) -> Self {
        let interrupt = Interrupt::default();
        let pressed = interrupt.0.clone();
        let _ = ctrlc::set_handler(move || {
            if pressed.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            wake();
        });
        interrupt
    }

    pub(super) fn is_pressed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Exit code of a program that Ctrl+C has ended: 128 and the number of SIGINT.
pub(super) const INTERRUPTED: u8 = 130;
