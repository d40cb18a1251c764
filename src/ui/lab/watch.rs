//! Watches the folder of a teacher's own lessons: what is saved there is shown at once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::{RecursiveMode, Watcher as _};

use crate::net::Waker;

/// Watches while it lives.
pub(super) struct Watch {
    changed: Arc<AtomicBool>,
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    pub(super) fn new(folder: &Path, waker: Waker) -> notify::Result<Self> {
        let changed = Arc::new(AtomicBool::new(false));
        let mut watcher = notify::recommended_watcher({
            let changed = changed.clone();
            move |event: notify::Result<notify::Event>| {
                if event.is_ok_and(|e| !e.kind.is_access()) {
                    changed.store(true, Ordering::Release);
                    waker();
                }
            }
        })?;
        watcher.watch(folder, RecursiveMode::Recursive)?;
        Ok(Watch {
            changed,
            _watcher: watcher,
        })
    }

    /// Has anything been saved since the last call?
    pub(super) fn changed(&self) -> bool {
        self.changed.swap(false, Ordering::AcqRel)
    }
}
