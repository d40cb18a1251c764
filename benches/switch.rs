//! How long it takes from choosing a lesson to its first frame: the old run ended, the new one's
//! programs and sockets started (for a captured lesson in a private network of its own), its text
//! laid out; 1280 × 800, no display, no drawing.
//!
//! `cargo bench --bench switch` prints, per lesson, the first time (nothing of it has been laid out
//! before) and the median of the others.

use std::time::{Duration, Instant};

use socklab::i18n::Lang;
use socklab::lesson::Catalogue;
use socklab::ui::command::Command;
use socklab::ui::lab::{Picture, Prefs};

/// Times each lesson is opened.
const ROUNDS: usize = 9;

/// What is to be reached, milliseconds.
const GOAL: f64 = 50.0;

fn main() {
    // The helper that makes private networks is the program itself.
    socklab::net::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let prefs = Prefs {
        lang: Lang::Zh,
        ..Prefs::default()
    };
    let mut picture = Picture::new(prefs, None, [1280.0, 800.0], 1.0);
    for _ in 0..30 {
        picture.timed_frame(Vec::new());
    }
    let lessons = Catalogue::load_embedded().lessons;
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); lessons.len()];
    for _ in 0..ROUNDS {
        for (lesson, times) in lessons.iter().zip(&mut times) {
            let begun = Instant::now();
            picture.apply(Command::SelectLesson(lesson.id.clone()));
            picture.timed_frame(Vec::new());
            times.push(ms(begun.elapsed()));
            // A person looks at it for a while.
            picture.settle(Duration::from_secs(2));
            picture.timed_frame(Vec::new());
        }
    }
    println!(
        "{:<24} {:>8} {:>8}",
        "ms to the first frame", "first", "median"
    );
    let mut dearest: f64 = 0.0;
    for (lesson, times) in lessons.iter().zip(&mut times) {
        let first = times[0];
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        dearest = dearest.max(first).max(median);
        println!("{:<24} {first:>8.1} {median:>8.1}", lesson.id);
    }
    println!("dearest: {dearest:.1} ms (to reach: {GOAL})");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
