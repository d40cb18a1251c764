//! The system's file dialogs, in a thread of their own: the window goes on meanwhile.

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Receiver;

use crate::lesson::Choose;
use crate::net::Waker;

/// What the person chose.
pub(super) enum Answer {
    /// A recording or capture to open.
    Open(PathBuf),
    /// Where to write the recording.
    Save(PathBuf),
    /// The path for that parameter of the lesson.
    Path(String, PathBuf),
    /// Where to write these bytes.
    Write(PathBuf, Arc<Vec<u8>>),
}

/// At most one dialog at a time.
#[derive(Default)]
pub(super) struct Dialog {
    waiting: Option<Receiver<Option<Answer>>>,
}

impl Dialog {
    pub(super) fn open(&mut self, waker: Waker) {
        self.ask(waker, || {
            rfd::FileDialog::new()
                .add_filter(
                    "socklab, pcap, pcapng",
                    &["socklab", "pcap", "pcapng", "cap", "gz"],
                )
                .add_filter("*", &["*"])
                .pick_file()
                .map(Answer::Open)
        });
    }

    pub(super) fn save(&mut self, name: String, waker: Waker) {
        self.ask(waker, move || {
            rfd::FileDialog::new()
                .add_filter("socklab", &["socklab"])
                .set_file_name(name)
                .save_file()
                .map(Answer::Save)
        });
    }

    pub(super) fn write(&mut self, name: String, bytes: Arc<Vec<u8>>, waker: Waker) {
        self.ask(waker, move || {
            let ending = name.rsplit('.').next().unwrap_or_default().to_owned();
            rfd::FileDialog::new()
                .add_filter(&ending, &[&ending])
                .set_file_name(name)
                .save_file()
                .map(|file| Answer::Write(file, bytes))
        });
    }

    pub(super) fn path(&mut self, parameter: String, choose: Choose, waker: Waker) {
        self.ask(waker, move || {
            let dialog = rfd::FileDialog::new();
            let path = match choose {
                Choose::File => dialog.pick_file(),
                Choose::Folder => dialog.pick_folder(),
            };
            path.map(|path| Answer::Path(parameter, path))
        });
    }

    fn ask(&mut self, waker: Waker, ask: impl FnOnce() -> Option<Answer> + Send + 'static) {
        if self.waiting.is_some() {
            return;
        }
        let (tell, told) = crossbeam_channel::bounded(1);
        let thread = std::thread::Builder::new()
            .name("file dialog".into())
            .spawn(move || {
                let _ = tell.send(ask());
                waker();
            });
        if thread.is_ok() {
            self.waiting = Some(told);
        }
    }

    /// The answer, once it is there.
    pub(super) fn take(&mut self) -> Option<Answer> {
        match self.waiting.as_ref()?.try_recv() {
            Ok(answer) => {
                self.waiting = None;
                answer
            }
            Err(crossbeam_channel::TryRecvError::Empty) => None,
            Err(crossbeam_channel::TryRecvError::Disconnected) => {
                self.waiting = None;
                None
            }
        }
    }
}
