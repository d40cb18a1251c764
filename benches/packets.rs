//! A capture file of 1,000,000 packets (72 MB: five-byte segments and their acknowledgements):
//! opened and indexed, filtered, shown; and the same by tshark, where it is installed.
//!
//! `cargo bench --bench packets` prints the figures; words after `--` choose by name (open, tshark,
//! filter, frame).

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers};
use socklab::i18n::Lang;
use socklab::ui::lab::{Picture, Prefs};
use socklab::ui::packets::Tab;
use socklab::wire::file;
use socklab::wire::filter::Filter;

#[path = "../tests/packets/craft.rs"]
mod craft;

const PACKETS: u32 = 1_000_000;

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Memory in use now and at most so far, in MB.
fn memory() -> Option<(f64, f64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    Some((of("VmRSS:")? / 1024.0, of("VmHWM:")? / 1024.0))
}

fn open(file: &Path) -> f64 {
    let times = (0..5)
        .map(|_| {
            let begun = Instant::now();
            let opened = file::open(file).expect("a capture");
            let took = begun.elapsed().as_secs_f64();
            assert_eq!(opened.packets.len(), PACKETS);
            took
        })
        .collect();
    let median = median(times);
    println!("open and index 1 M packets: {median:.3} s (to reach: 0.7)");
    if let Some((_, most)) = memory() {
        println!("memory of the whole process, at most: {most:.0} MB (to reach: 250)");
    }
    median
}

fn tshark(file: &Path, ours: f64) {
    let begun = Instant::now();
    let answer = Command::new("tshark")
        .arg("-r")
        .arg(file)
        .args(["-n", "-Y", "tcp.analysis.retransmission"])
        .output();
    match answer {
        Ok(output) if output.status.success() => {
            let took = begun.elapsed().as_secs_f64();
            println!("tshark -r -Y on the same file: {took:.2} s");
            println!(
                "that is {:.1} times as long as opening it and filtering here (to reach: 10)",
                took / ours
            );
        }
        Ok(output) => println!("tshark failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => println!("tshark cannot be run here ({error}): nothing to compare with"),
    }
}

fn filter(file: &Path) -> f64 {
    let packets = file::open(file).expect("a capture").packets;
    let mut dearest: f64 = 0.0;
    for words in [
        "tcp.flags.syn",
        "tcp.len > 0",
        "ip.src == 10.0.0.1",
        "tcp.port == 80 or frame.number in 1..20",
        "tcp.seq > 1000 and tcp.len > 0 and not tcp.analysis.retransmission",
        "tcp.analysis.retransmission",
        "tcp.window_size < 400 or (ip.addr == 10.0.0.2 and tcp.ack in {6, 11, 100..2000})",
    ] {
        let filter: Filter = words.parse().expect("a filter");
        let mut found = 0;
        let times = (0..9)
            .map(|_| {
                let begun = Instant::now();
                found = filter.rows(&packets).len();
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let took = median(times);
        dearest = dearest.max(took);
        println!("filter 1 M rows: {took:>6.2} ms, {found:>7} found: {words}");
    }
    println!("dearest filter: {dearest:.1} ms (to reach: 50)");
    dearest
}

fn frame(file: &Path) {
    let prefs = Prefs {
        lang: Lang::En,
        ..Prefs::default()
    };
    let mut picture = Picture::new(prefs, None, [1280.0, 800.0], 1.0);
    picture.open(file);
    for _ in 0..100 {
        picture.frame(Vec::new());
    }
    let key = |key| Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let mut dearest: f64 = 0.0;
    let mut measure = |picture: &mut Picture, name: &str, events: &dyn Fn(usize) -> Vec<Event>| {
        let mut times = Vec::new();
        for i in 0..230 {
            let took: Duration = picture.timed_frame(events(i));
            if i >= 30 {
                times.push(took.as_secs_f64() * 1e3);
            }
        }
        let took = median(times);
        dearest = dearest.max(took);
        println!("frame, {name}: {took:.2} ms");
    };
    measure(&mut picture, "still, fields", &|_| Vec::new());
    for (tab, name) in [
        (Tab::Layers, "encapsulation"),
        (Tab::Conversation, "conversation of 1 M packets"),
        (Tab::Fields, "fields"),
    ] {
        if let Some(capture) = picture.lab_mut().capture_mut() {
            capture.inspector.show_tab(tab);
        }
        measure(&mut picture, name, &|_| Vec::new());
    }
    let wheel = |i: usize| {
        let at = egui::pos2(400.0, 200.0);
        vec![
            Event::PointerMoved(at),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, if i.is_multiple_of(2) { -300.0 } else { 200.0 }),
                source: egui::MouseWheelSource::Wheel,
                phase: egui::TouchPhase::Move,
                modifiers: Modifiers::NONE,
            },
        ]
    };
    measure(&mut picture, "list scrolled", &wheel);
    measure(&mut picture, "another packet chosen", &|_| {
        vec![key(Key::ArrowDown)]
    });
    println!("dearest frame: {dearest:.2} ms (to reach: 2.5)");
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("million.pcap");
    std::fs::write(&path, craft::million(PACKETS)).expect("written");
    let opened = if wants("open") || wants("tshark") {
        open(&path)
    } else {
        0.0
    };
    let filtered = if wants("filter") || wants("tshark") {
        filter(&path)
    } else {
        0.0
    };
    if wants("tshark") {
        tshark(&path, opened + filtered / 1e3);
    }
    if wants("frame") {
        frame(&path);
    }
}
