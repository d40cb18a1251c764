//! The window itself: eframe calls in, the lab answers.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Lab, Prefs};
use crate::i18n::Lang;
use crate::net::Waker;
use crate::ui::fonts;

/// Under this name eframe keeps what the window remembers.
const PREFS_KEY: &str = "socklab";

/// News from the actors are shown at most this often; each repaint costs, and nobody sees more.
const REPAINT: Duration = Duration::from_millis(25);

struct Window {
    lab: Lab,
    zoom: f32,
    styled: Option<(bool, bool)>,
    title: Option<Lang>,
}

/// Opens the window and returns when it is closed. `lang` overrides what the window remembers;
/// `recording` is shown first.
///
/// # Errors
/// In words of the system, when there is no display or no way to draw on it.
pub fn open_window(
    lang: Option<Lang>,
    lessons: Option<&Path>,
    recording: Option<&Path>,
) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_app_id("socklab")
            .with_title("Socket Lab · 套接字实验室")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([800.0, 560.0])
            .with_drag_and_drop(true),
        // Nothing here is three-dimensional.
        depth_buffer: 0,
        stencil_buffer: 0,
        ..eframe::NativeOptions::default()
    };
    let lessons = lessons.map(Path::to_owned);
    let recording = recording.map(Path::to_owned);
    let open = move || {
        eframe::run_native(
            "socklab",
            options,
            Box::new(move |creation| {
                let mut prefs = creation
                    .storage
                    .and_then(|storage| storage.get_string(PREFS_KEY))
                    .map(|text| Prefs::from_text(&text))
                    .unwrap_or_default();
                if let Some(lang) = lang {
                    prefs.lang = lang;
                }
                fonts::install(&creation.egui_ctx, true);
                let ctx = creation.egui_ctx.clone();
                let waker: Waker = Arc::new(move || ctx.request_repaint_after(REPAINT));
                // Our own zoom is remembered and shown; egui's would be a second one.
                creation
                    .egui_ctx
                    .options_mut(|options| options.zoom_with_keyboard = false);
                let mut lab = Lab::new(prefs, lessons.as_deref(), waker);
                if let Some(file) = &recording {
                    lab.open_recording(file);
                }
                Ok(Box::new(Window {
                    zoom: 0.0,
                    styled: None,
                    title: None,
                    lab,
                }))
            }),
        )
    };
    // Some display libraries panic where they should return an error (a missing shared library,
    // for instance). To the person both are the same: no window, and a sentence why.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(open)) {
        Ok(result) => result.map_err(|error| cause(&error.to_string()).to_owned()),
        Err(panic) => Err(panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .unwrap_or_else(|| "the display library gave up".to_owned())),
    }
}

/// What a display library says, without the line of its source where it noticed.
fn cause(words: &str) -> &str {
    let cause = words.split_once(".rs:").and_then(|(_, rest)| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(": ")
    });
    cause.unwrap_or(words).trim_end_matches('.')
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(again) = self.lab.logic() {
            ctx.request_repaint_after(again);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let prefs = self.lab.prefs();
        if self.styled != Some((prefs.dark, prefs.presenter)) {
            self.styled = Some((prefs.dark, prefs.presenter));
            self.lab.theme().apply(&ctx);
        }
        if (self.zoom - prefs.zoom).abs() > f32::EPSILON {
            self.zoom = prefs.zoom;
            ctx.set_zoom_factor(prefs.zoom);
        }
        if self.title != Some(prefs.lang) {
            self.title = Some(prefs.lang);
            let title = match prefs.lang {
                Lang::En => "Socket Lab · 套接字实验室",
                Lang::Zh => "套接字实验室 · Socket Lab",
            };
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.into()));
        }
        self.lab.ui(ui);
        for file in ctx.input(|input| input.raw.dropped_files.clone()) {
            self.lab.dropped(file.path());
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        storage.set_string(PREFS_KEY, self.lab.prefs().to_text());
    }
}

#[cfg(test)]
mod tests {
    use super::cause;

    #[test]
    fn a_cause_names_no_source_file() {
        let winit = "winit EventLoopError: os error at /a/b/linux/mod.rs:765: no DISPLAY is set.";
        assert_eq!(cause(winit), "no DISPLAY is set");
        assert_eq!(cause("no OpenGL"), "no OpenGL");
        assert_eq!(cause("in x.rs:"), "in x.rs:");
    }
}
