//! An opened capture file: it stands in the window instead of the lesson until it is closed.

use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, TryRecvError};

use super::Lab;
use crate::i18n::{Lang, packet_view as text};
use crate::net::Waker;
use crate::ui::banner::{Grade, both};
use crate::ui::packets::Inspector;
use crate::wire::file::{self, OpenError, Opened};
use crate::wire::{Packets, words};

/// A capture on show.
pub struct Capture {
    /// Its packets.
    pub packets: Packets,
    /// What is chosen in it.
    pub inspector: Inspector,
    /// The file's name.
    pub name: String,
}

/// A file that is being read, in a thread of its own: the window goes on meanwhile.
pub(super) struct Opening {
    file: PathBuf,
    answer: Receiver<Result<Opened, OpenError>>,
}

impl Opening {
    fn begin(file: &Path, waker: Waker) -> std::io::Result<Self> {
        let (tell, answer) = crossbeam_channel::bounded(1);
        let path = file.to_owned();
        std::thread::Builder::new()
            .name("open capture".into())
            .spawn(move || {
                let _ = tell.send(file::open(&path));
                waker();
            })?;
        Ok(Opening {
            file: file.to_owned(),
            answer,
        })
    }
}

fn opening_file(file: &Path, lang: Lang) -> String {
    text::OPENING.fill(lang, &[("file", &file.display())])
}

impl Lab {
    /// The capture on show, if one is.
    pub fn capture(&self) -> Option<&Capture> {
        self.capture.as_deref()
    }

    /// The capture on show, if one is.
    pub fn capture_mut(&mut self) -> Option<&mut Capture> {
        self.capture.as_deref_mut()
    }

    /// Is a file being read?
    pub fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Begins to read a capture file; [`Lab::logic`] shows it when it is read. Another one that
    /// is still being read is given up.
    pub(super) fn open_capture(&mut self, path: &Path) {
        match Opening::begin(path, self.waker.clone()) {
            Ok(opening) => {
                self.opening = Some(opening);
                self.tell(Grade::Notice, |lang| opening_file(path, lang));
            }
            Err(error) => self.tell(Grade::Error, |_| error.to_string()),
        }
    }

    /// Takes in a capture that has been read.
    pub(super) fn capture_opened(&mut self) {
        let Some(opening) = &self.opening else { return };
        let answer = match opening.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => {
                self.opening = None;
                return;
            }
        };
        let file = std::mem::take(&mut self.opening).map(|o| o.file);
        let file = file.unwrap_or_default();
        let busy = both(|lang| opening_file(&file, lang));
        self.banners.retain(|banner| banner.what != busy);
        match answer {
            Ok(opened) => {
                if let Some(cut) = &opened.cut {
                    let packets = opened.packets.len();
                    self.tell(Grade::Warning, |lang| {
                        words::cut(cut, &file.display(), packets, lang)
                    });
                }
                let name = file.file_name().map_or_else(
                    || file.display().to_string(),
                    |name| name.to_string_lossy().into_owned(),
                );
                let mut inspector = Inspector::default();
                if !opened.packets.is_empty() {
                    inspector.select(Some(0));
                }
                self.capture = Some(Box::new(Capture {
                    packets: opened.packets,
                    inspector,
                    name,
                }));
            }
            Err(error) => self.tell(Grade::Error, |lang| words::open_error(&error, lang)),
        }
    }
}
