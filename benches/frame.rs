//! What one frame of the whole window costs, with 10,000 and with 1,000,000 events in the trace:
//! taking in news, running the interface, tessellation; 1280 × 800, no display, no drawing.
//!
//! `cargo bench --bench frame` prints, per situation, the median of both and their ratio. The two
//! windows take turns frame by frame, so that a busy machine disturbs both alike. Words after
//! `--` choose situations by name.

use std::collections::VecDeque;
use std::time::Duration;

use egui::{Event, Modifiers, MouseWheelUnit, Pos2, Rect, TouchPhase, pos2, vec2};
use socklab::i18n::Lang;
use socklab::trace::{Batch, Event as Row};
use socklab::ui::command::Command;
use socklab::ui::events::selection_of;
use socklab::ui::lab::{Picture, Prefs};

mod traffic;

const SIZES: [usize; 2] = [10_000, 1_000_000];
/// Frames measured per situation and window.
const FRAMES: usize = 300;
/// Frames before, in which layouts and caches settle.
const WARM: usize = 30;
/// Events that come in per frame where the trace grows: 10 k/s at the rate the window repaints.
const NEWS: usize = 250;

/// A window, and what an outsider knows of it.
struct Window {
    picture: Picture,
    /// Events still to come.
    news: VecDeque<Row>,
}

impl Window {
    fn new(events: usize) -> Self {
        let prefs = Prefs {
            lang: Lang::En,
            ..Prefs::default()
        };
        let mut rows = traffic::run(events + NEWS * (FRAMES + WARM));
        let news = rows.split_off(events).into();
        let mut picture = Picture::new(prefs, None, [1280.0, 800.0], 1.0);
        picture.show_recording(traffic::trace_of(&rows, true));
        let mut window = Window { picture, news };
        // The table's index is built over several frames.
        for _ in 0..200 {
            window.picture.timed_frame(Vec::new());
        }
        window
    }

    /// Where the view stands whose accessible name begins so.
    fn place(&mut self, name: &str) -> Option<Rect> {
        let ctx = self.picture.window().ctx.clone();
        ctx.enable_accesskit();
        self.picture.frame(Vec::new());
        ctx.disable_accesskit();
        let output = self.picture.window().output().expect("a frame was run");
        let update = output.platform_output.accesskit_update.as_ref();
        update
            .and_then(|update| {
                update
                    .nodes
                    .iter()
                    .find(|(_, node)| node.label().is_some_and(|label| label.starts_with(name)))
            })
            .and_then(|(_, node)| node.bounds())
            .map(|b| {
                Rect::from_min_max(
                    pos2(b.x0 as f32, b.y0 as f32),
                    pos2(b.x1 as f32, b.y1 as f32),
                )
            })
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.picture.timed_frame(events)
    }

    fn grow(&mut self) {
        let events: Vec<Row> = self.news.drain(..NEWS.min(self.news.len())).collect();
        let bytes = vec![0x61; events.iter().map(traffic::bytes_of).sum()];
        self.picture.append(&Batch {
            events,
            details: Vec::new(),
            bytes,
        });
    }

    /// Zooms by `factor` around a place in the view, by turning the wheel over it.
    fn zoom(&mut self, view: Rect, factor: f64) {
        let at = view.lerp_inside(vec2(0.6, 0.5));
        // As the views have it: e to the power of 0.004 per point.
        let mut left = factor.ln() / 0.004;
        while left.abs() > 1e-3 {
            let turn = left.clamp(-200.0, 200.0);
            left -= turn;
            self.frame(vec![Event::PointerMoved(at), wheel(0.0, turn as f32)]);
            self.rest();
        }
    }

    /// Until the wheel's smooth end.
    fn rest(&mut self) {
        for _ in 0..30 {
            self.frame(Vec::new());
        }
    }
}

fn wheel(x: f32, y: f32) -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(x, y),
        source: egui::MouseWheelSource::Wheel,
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    }
}

fn typed(words: &str) -> Vec<Event> {
    words.chars().map(|c| Event::Text(c.to_string())).collect()
}

fn key(key: egui::Key) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    }
}

/// Runs `frame` in both windows in turn and prints the medians.
fn measure(
    windows: &mut [Window; 2],
    name: &str,
    mut frame: impl FnMut(&mut Window, usize) -> Duration,
) -> [f64; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for i in 0..WARM + FRAMES {
        for (window, times) in windows.iter_mut().zip(&mut times) {
            let took = frame(window, i);
            if i >= WARM {
                times.push(took.as_secs_f64() * 1e3);
            }
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    let [few, many] = [&times[0], &times[1]].map(|t| t[t.len() / 2]);
    let late = times[1][times[1].len() * 95 / 100];
    println!(
        "{name:<44} {few:>7.2} {many:>7.2} {:>6.2} {late:>9.2}",
        many / few
    );
    [few, many]
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let mut windows = SIZES.map(Window::new);
    println!(
        "{:<44} {:>7} {:>7} {:>6} {:>9}",
        "median ms per frame", "10 k", "1 M", "ratio", "1 M, p95"
    );
    let mut all = Vec::new();
    let mut say = |times| all.push(times);

    if wants("still") {
        say(measure(&mut windows, "still", |w, _| w.frame(Vec::new())));
    }
    if wants("pointer") {
        say(measure(
            &mut windows,
            "pointer moves over the table",
            |w, i| {
                let at = pos2(500.0 + (i % 100) as f32, 700.0);
                w.frame(vec![Event::PointerMoved(at)])
            },
        ));
    }
    if wants("past") {
        say(measure(
            &mut windows,
            "past: another moment each frame",
            |w, i| {
                let (_, len) = w.picture.lab().moment();
                let k = (i as u64 * 7_919_003 % u64::from(len)) as u32;
                w.picture.apply(Command::Seek(k));
                w.frame(Vec::new())
            },
        ));
        for w in &mut windows {
            w.picture.apply(Command::ToLive);
        }
    }
    if wants("chosen") {
        for w in &mut windows {
            let chosen = selection_of(&w.picture.lab().view(), 5_008);
            w.picture.apply(Command::Select(Some(chosen)));
        }
        say(measure(&mut windows, "an event chosen", |w, _| {
            w.frame(Vec::new())
        }));
        for w in &mut windows {
            w.picture.apply(Command::Select(None));
        }
    }
    for name in ["ruler", "timeline"] {
        if !wants(name) {
            continue;
        }
        let of = format!(
            "{}:",
            if name == "ruler" {
                "Boundary ruler"
            } else {
                "Timeline"
            }
        );
        let mut places = windows.each_mut().map(|w| w.place(&of));
        let closed = places[0].is_none();
        if closed {
            // The table leaves the timeline no room in a window of this size.
            for w in &mut windows {
                w.picture.apply(Command::ToggleInspector);
                w.rest();
            }
            places = windows.each_mut().map(|w| w.place(&of));
        }
        let view = places[0].unwrap_or_else(|| panic!("no {name}"));
        for factor in [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e8] {
            for w in &mut windows {
                w.zoom(view, factor);
            }
            let title = format!("{name} zoomed × {factor:.0}, still");
            say(measure(&mut windows, &title, |w, _| w.frame(Vec::new())));
            let title = format!("{name} zoomed × {factor:.0}, moving");
            say(measure(&mut windows, &title, |w, i| {
                let by = if i / 20 % 2 == 0 { 3.0 } else { -3.0 };
                let towards = if factor > 1.0 { by } else { 0.0 };
                w.frame(vec![wheel(by, towards)])
            }));
            for w in &mut windows {
                w.zoom(view, 1e-10);
                w.frame(vec![Event::PointerMoved(Pos2::ZERO)]);
            }
        }
        if closed {
            for w in &mut windows {
                w.picture.apply(Command::ToggleInspector);
                w.rest();
            }
        }
    }
    if wants("grows") {
        say(measure(
            &mut windows,
            "grows: 250 events per frame",
            |w, _| {
                w.grow();
                w.frame(Vec::new())
            },
        ));
    }
    if wants("filter") {
        for words in ["server recv merged", "-gauge jj"] {
            for w in &mut windows {
                w.frame(vec![key(egui::Key::Slash)]);
                w.frame(vec![
                    Event::Key {
                        key: egui::Key::A,
                        physical_key: None,
                        pressed: true,
                        repeat: false,
                        modifiers: Modifiers::COMMAND,
                    },
                    key(egui::Key::Backspace),
                ]);
                w.frame(typed(words));
            }
            // Its cost does not depend on the size of the trace, only how long it goes on.
            let building: Vec<f64> = (0..20)
                .map(|_| windows[1].frame(Vec::new()).as_secs_f64() * 1e3)
                .collect();
            let most = building.into_iter().fold(0.0, f64::max);
            println!("first frames after typing, at most: {most:.2} ms");
            for w in &mut windows {
                for _ in 0..1000 {
                    w.frame(Vec::new());
                }
            }
            let title = format!("filter \"{words}\"");
            say(measure(&mut windows, &title, |w, _| w.frame(Vec::new())));
        }
    }
    if all.is_empty() {
        return;
    }
    let dearest = |at: usize| all.iter().map(|times| times[at]).fold(0.0, f64::max);
    let ratio = all.iter().map(|[few, many]| many / few).fold(0.0, f64::max);
    println!(
        "dearest situation: {:.2} ms with 10 k, {:.2} ms with 1 M (to reach: ≤ 2.5), ratio {:.2} (≤ 1.3)",
        dearest(0),
        dearest(1),
        dearest(1) / dearest(0)
    );
    // The same zoom shows a hundredth of the calls where the trace is a hundred times shorter,
    // so this compares what is drawn as well.
    println!("largest ratio in one situation: {ratio:.2}");
}
