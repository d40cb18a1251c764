//! The lab without a display: the same logic, the same views, into an image.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::vec2;

use super::{Lab, Prefs, Session};
use crate::lesson::Capture;
use crate::trace::{Batch, Trace};
use crate::ui::command::Command;
use crate::ui::headless::Headless;
use crate::ui::raster::Image;

/// Frames after which the layout has settled: texts are measured in one and placed in the next.
const FRAMES: u32 = 4;

/// A lab whose window exists only in memory.
pub struct Picture {
    lab: Lab,
    window: Headless,
}

impl Picture {
    /// A window of `size` physical pixels, zoomed.
    pub fn new(prefs: Prefs, lessons: Option<&Path>, size: [f32; 2], zoom: f32) -> Self {
        let lab = Lab::new(prefs, lessons, Arc::new(|| {}));
        let window = Headless::new(vec2(size[0], size[1]) / zoom, zoom, lab.theme());
        Picture { lab, window }
    }

    /// The lab.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// Does what the person asked for.
    pub fn apply(&mut self, command: Command) {
        self.lab.apply(command);
    }

    /// The window.
    pub fn window(&mut self) -> &mut Headless {
        &mut self.window
    }

    /// Opens a recording or capture file and waits until it is on show.
    pub fn open(&mut self, file: &Path) {
        self.lab.open_recording(file);
        while self.lab.is_opening() {
            std::thread::yield_now();
            self.lab.logic();
        }
    }

    /// The lab, to choose something in it.
    pub fn lab_mut(&mut self) -> &mut Lab {
        &mut self.lab
    }

    /// Puts a trace on the stage as a recording.
    pub fn show_recording(&mut self, trace: Trace) {
        self.lab.show_recording(trace, None);
    }

    /// Appends events to the record on the stage, as a run's actors would; nothing while a run
    /// of our own is there.
    pub fn append(&mut self, batch: &Batch) {
        if let Session::Record { trace, .. } = &mut self.lab.session {
            trace.append_batch(batch);
        }
    }

    /// Captures packets so, or not at all, from the next run on.
    pub fn capture(&mut self, capture: &Capture) {
        self.lab.settings.capture = capture.clone();
        self.lab.prefs.capture = capture.on && !self.lab.lesson.capture.default.on;
    }

    /// Changes settings, and begins anew with them.
    pub fn set(&mut self, settings: &[(String, String)]) {
        for (name, value) in settings {
            if name == crate::lesson::FRAMING {
                if let Ok(framing) = value.parse() {
                    self.lab.apply(Command::SetFraming(framing));
                }
            } else if name == crate::lesson::ATTACK {
                if let Ok(attack) = value.parse() {
                    self.lab.apply(Command::SetAttack(attack));
                }
            } else {
                self.lab
                    .apply(Command::SetParam(name.clone(), value.clone()));
            }
        }
        self.lab.apply(Command::Reset);
    }

    /// Presses the clicker's "next".
    pub fn beat(&mut self) {
        self.settle(Duration::from_secs(5));
        self.lab.apply(Command::Beat);
        self.lab.logic();
    }

    /// Waits a little for news and takes it in.
    pub fn wait(&mut self) {
        if let Session::Live(run) = &self.lab.session {
            run.wait(Duration::from_millis(5));
        }
        self.lab.logic();
    }

    /// Takes in news until nobody has anything to do.
    pub fn settle(&mut self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            self.lab.logic();
            let rest = self
                .lab
                .session
                .run()
                .is_none_or(|run| run.is_finished() || !run.is_releasing() && run.is_settled());
            if rest {
                self.lab.logic();
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            self.wait();
        }
    }

    /// Runs the lesson freely to its end.
    ///
    /// # Errors
    /// In words, when it does not end within `patience`.
    pub fn run_to_end(&mut self, patience: Duration) -> Result<(), String> {
        self.lab.apply(Command::Run);
        let deadline = Instant::now() + patience;
        while self.lab.session.run().is_some_and(|run| !run.is_finished()) {
            self.wait();
            if Instant::now() > deadline {
                return Err(format!(
                    "the run did not end within {} s",
                    patience.as_secs()
                ));
            }
        }
        self.lab.logic();
        Ok(())
    }

    /// One frame.
    pub fn frame(&mut self, events: Vec<egui::Event>) {
        let lab = &mut self.lab;
        self.window.frame(events, |ui| lab.ui(ui));
    }

    /// One frame, from the news it takes in to the triangles it is drawn with: how long it took.
    pub fn timed_frame(&mut self, events: Vec<egui::Event>) -> Duration {
        let begun = Instant::now();
        self.lab.logic();
        self.frame(events);
        self.window.tessellate();
        begun.elapsed()
    }

    /// The window as an image.
    pub fn take(&mut self) -> Image {
        self.settle(Duration::from_secs(5));
        for _ in 0..FRAMES {
            self.frame(Vec::new());
        }
        self.window.image()
    }
}
