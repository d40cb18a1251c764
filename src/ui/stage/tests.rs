//! The stage as a person meets it: by accessible names and as pictures.

use egui::{Vec2, vec2};

use crate::framing::FramingSpec;
use crate::i18n::Lang;
use crate::trace::Trace;
use crate::ui::command::Command;
use crate::ui::headless::{Headless, picture};
use crate::ui::sample::{self, CLIENT, MS, SERVER, Script};
use crate::ui::theme::Theme;
use crate::ui::view::{LiveStatus, Selection, View};

/// A run to be made.
type Make = fn() -> Script;

/// What a view is made of, owned.
struct Scene {
    trace: Trace,
    previous: Option<(Trace, FramingSpec)>,
    framing: FramingSpec,
    selection: Option<Selection>,
    k: u32,
    theme: Theme,
    lang: Lang,
}

impl Scene {
    fn new(script: Script, theme: Theme, lang: Lang) -> Self {
        Scene {
            k: script.trace.len(),
            framing: FramingSpec::Raw,
            trace: script.trace,
            previous: None,
            selection: None,
            theme,
            lang,
        }
    }

    fn show(&self, ui: &mut egui::Ui, out: &mut Vec<Command>) {
        let state = self.trace.state_at(self.k);
        let view = self.view(&state);
        let frame = egui::Frame::new()
            .fill(self.theme.colours.ground)
            .inner_margin(12.0);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            super::show(ui, &view, out);
        });
    }

    fn view<'a>(&'a self, state: &'a crate::trace::State) -> View<'a> {
        View {
            trace: &self.trace,
            k: self.k,
            state,
            lang: self.lang,
            theme: &self.theme,
            selection: self.selection.as_ref(),
            previous: self.previous.as_ref().map(|p| &p.0),
            framing: &self.framing,
            previous_framing: self.previous.as_ref().map(|p| &p.1),
            swapped: false,
            live: LiveStatus {
                following: self.k == self.trace.len(),
                ..LiveStatus::default()
            },
            presenter: self.theme.scale > 1.0,
            focus: None,
        }
    }
}

fn harness(scene: Scene) -> egui_kittest::Harness<'static, (Scene, Vec<Command>)> {
    let mut started = false;
    egui_kittest::Harness::builder()
        .with_size(vec2(760.0, 560.0))
        .renderer(crate::ui::raster::Raster::default())
        .build_ui_state(
            move |ui, state: &mut (Scene, Vec<Command>)| {
                if !started {
                    started = true;
                    crate::ui::fonts::install(ui.ctx(), false);
                    state.0.theme.apply(ui.ctx());
                    ui.ctx().request_repaint();
                    return;
                }
                let (scene, out) = state;
                scene.show(ui, out);
            },
            (scene, Vec::new()),
        )
}

mod by_name {
    use super::*;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn a_merged_recv_is_told_in_both_languages() {
        for (lang, recv, card, ruler) in [
            (
                Lang::En,
                "recv 1: 15 bytes, messages 1, 2, 3",
                "server: recv(1024), in the call",
                "Boundary ruler: 6 sends, 1 recv, 1 frame; 30 bytes sent, 15 received",
            ),
            (
                Lang::Zh,
                "recv 1：15 字节，消息 1、2、3",
                "服务器：recv(1024), 调用中",
                "边界标尺：send 6 次，recv 1 次，1 帧；已发送 30 字节，已接收 15 字节",
            ),
        ] {
            let scene = Scene::new(sample::merged(), Theme::desk(true), lang);
            let mut harness = harness(scene);
            harness.run_steps(3);
            harness.get_by_label(recv);
            harness.get_by_label(ruler);
            harness.get_by_label_contains(card);
        }
    }

    #[test]
    fn clicking_a_recv_chooses_its_bytes() {
        let scene = Scene::new(sample::merged(), Theme::desk(true), Lang::En);
        let stream = scene.trace.main_stream().expect("a stream");
        let mut harness = harness(scene);
        harness.run_steps(3);
        harness.get_by_label_contains("recv 1: 15 bytes").click();
        harness.run_steps(2);
        let chosen = harness.state().1.iter().find_map(|c| match c {
            Command::Select(Some(s)) => Some(s.clone()),
            _ => None,
        });
        let chosen = chosen.expect("a selection");
        assert_eq!((chosen.stream, chosen.start, chosen.end), (stream, 0, 15));
        assert!(chosen.event.is_some());
    }

    #[test]
    fn dragging_over_the_ruler_chooses_a_range_and_the_wheel_zooms() {
        let scene = Scene::new(sample::merged(), Theme::desk(true), Lang::En);
        let mut harness = harness(scene);
        harness.run_steps(3);
        let centre = |harness: &egui_kittest::Harness<'_, _>, label: &str| {
            harness.get_by_label_contains(label).rect().center()
        };
        let (from, to) = (
            centre(&harness, "send 1: 5 bytes"),
            centre(&harness, "send 3: 5 bytes"),
        );
        let button = |pos, pressed| egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        harness.event(egui::Event::PointerMoved(from));
        harness.event(button(from, true));
        harness.run_steps(1);
        harness.event(egui::Event::PointerMoved(from + vec2(30.0, 0.0)));
        harness.run_steps(1);
        harness.event(egui::Event::PointerMoved(to));
        harness.run_steps(1);
        harness.event(button(to, false));
        harness.run_steps(1);
        let chosen = harness.state().1.iter().rev().find_map(|c| match c {
            Command::Select(Some(s)) => Some((s.start, s.end)),
            _ => None,
        });
        assert_eq!(chosen, Some((2, 13)), "{:?}", harness.state().1);

        let width = |harness: &egui_kittest::Harness<'_, _>| {
            // A tooltip may have the same words; the block is the button.
            let block = harness
                .get_by_role_and_label(egui::accesskit::Role::Button, "send 3: 5 bytes, message 3");
            block.rect().width()
        };
        let before = width(&harness);
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 120.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
        harness.run_steps(12);
        assert!(width(&harness) > before * 1.2, "{}", width(&harness));
        harness.get_by_label("fit").click();
        harness.run_steps(12);
        assert!((width(&harness) - before).abs() < 1.0);
    }

    #[test]
    fn an_earlier_moment_shows_only_what_had_happened() {
        let mut scene = Scene::new(sample::merged(), Theme::desk(true), Lang::En);
        let stream = scene
            .trace
            .stream(scene.trace.main_stream().expect("stream"));
        let recv = stream.expect("stream").recvs().get(0).event;
        scene.k = recv;
        let mut harness = harness(scene);
        harness.run_steps(3);
        assert!(
            harness
                .query_by_label_contains("recv 1: 15 bytes")
                .is_none()
        );
        harness.get_by_label_contains("send 3: 5 bytes");
        harness.get_by_label_contains("15 B unread: messages 1, 2, 3");
    }

    #[test]
    fn the_ruler_shows_where_bytes_last_arrived_until_a_person_chooses() {
        let mut script = sample::Script::connected("raw");
        script.send(CLIENT, 0, b"hello").recv(SERVER, 1024, 5);
        let asked = script.trace.len();
        script.send(SERVER, 1, b"hi");
        let answered = script.trace.len();
        script.recv(CLIENT, 1024, 2);
        let arrived = script.trace.len();
        script.send(CLIENT, 2, b"again");
        let again = script.trace.len();
        let shown = |sends: u32, sent: u32, received: u32| {
            let sends = if sends == 1 {
                "1 send".to_owned()
            } else {
                format!("{sends} sends")
            };
            format!(
                "Boundary ruler: {sends}, 1 recv, 0 frames; {sent} bytes sent, {received} received"
            )
        };
        let (there, back) = (shown(1, 5, 5), shown(1, 2, 2));
        let mut harness = harness(Scene::new(script, Theme::desk(true), Lang::En));
        // Only an arrival changes the direction, not what is sent.
        for (k, ruler) in [
            (asked, &there),
            (answered, &there),
            (arrived, &back),
            (again, &back),
            (answered, &there),
            (again, &back),
        ] {
            harness.state_mut().0.k = k;
            harness.run_steps(3);
            harness.get_by_label(ruler);
        }
        harness.get_by_label("client → server").click();
        harness.run_steps(3);
        harness.get_by_label(&shown(2, 10, 5));
        harness.state_mut().0.k = arrived;
        harness.run_steps(3);
        harness.get_by_label(&there);
    }

    #[test]
    fn nothing_yet_is_said() {
        let scene = Scene {
            k: 0,
            ..Scene::new(sample::merged(), Theme::desk(true), Lang::En)
        };
        let mut harness = harness(scene);
        harness.run_steps(3);
        harness.get_by_label("Pipe: not connected yet");
        harness.get_by_label_contains("Boundary ruler: 0 sends");
    }
}

#[test]
fn every_moment_of_every_sample_can_be_shown() {
    for script in [
        sample::merged(),
        sample::ten(),
        sample::ten_framed(),
        sample::split(),
        sample::large(3_000),
        Script::several(5),
    ] {
        let mut scene = Scene::new(script, Theme::desk(false), Lang::Zh);
        let mut window = Headless::new(vec2(700.0, 520.0), 1.0, &scene.theme);
        let step = (scene.trace.len() / 40).max(1);
        let mut out = Vec::new();
        for k in (0..=scene.trace.len()).step_by(step as usize) {
            scene.k = k;
            window.frame(Vec::new(), |ui| scene.show(ui, &mut out));
        }
        assert!(out.is_empty(), "looking changes nothing: {out:?}");
    }
}

#[test]
fn a_shown_run_asks_for_no_further_frame() {
    let scene = Scene::new(sample::ten(), Theme::desk(true), Lang::En);
    let mut window = Headless::new(vec2(760.0, 560.0), 1.0, &scene.theme);
    let mut out = Vec::new();
    for _ in 0..5 {
        window.frame(Vec::new(), |ui| scene.show(ui, &mut out));
    }
    assert!(!window.wants_frame_within(5.0));
}

#[test]
fn the_merged_recv_looks_as_it_did() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (name, dark, lang) in [
        ("stage-merged-dark-en", true, Lang::En),
        ("stage-merged-light-zh", false, Lang::Zh),
    ] {
        let scene = Scene::new(sample::merged(), Theme::desk(dark), lang);
        let mut harness = harness(scene);
        harness.run_steps(3);
        harness.snapshot(name);
        results.extend(harness.take_snapshot_results());
    }
}

/// Writes pictures of the stage to the folder named by `STAGE_PICTURES`, to be looked at.
#[test]
#[ignore = "writes pictures for people; run it with STAGE_PICTURES=DIR"]
fn pictures() {
    let Ok(folder) = std::env::var("STAGE_PICTURES") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).expect("the folder");
    let save = |name: &str, scene: &Scene, size: Vec2, zoom: f32| {
        let image = picture(size, zoom, 3, &scene.theme, |ui| {
            scene.show(ui, &mut Vec::new());
        });
        image
            .save_png(&folder.join(format!("stage-{name}.png")))
            .expect("a picture");
    };
    let wide = vec2(770.0, 555.0);
    let narrow = vec2(520.0, 480.0);
    let before_after = |theme: Theme, lang: Lang| {
        let mut scene = Scene::new(sample::ten_framed(), theme, lang);
        scene.framing = "length:u32:big".parse().expect("a framing");
        scene.previous = Some((sample::ten().trace, FramingSpec::Raw));
        scene
    };
    let only = std::env::var("STAGE_ONLY").unwrap_or_default();
    let makes: [(&str, Make); 6] = [
        ("merged", sample::merged),
        ("ten", sample::ten),
        ("split", sample::split),
        ("several", || {
            let mut script = Script::several(5);
            for i in 0..5u16 {
                let own = if i == 0 { 0 } else { i * 2 + 1 };
                script.wait(30 * MS);
                script.send_on(
                    crate::trace::ActorId(i as u8),
                    crate::trace::SocketId(own),
                    u32::from(i),
                    b"hello",
                );
            }
            script
        }),
        ("duplex", || {
            let mut script = Script::connected("raw");
            script.wait(50 * MS).send(CLIENT, 0, b"ping one");
            script.wait(50 * MS).recv(SERVER, 1024, 8);
            script.wait(50 * MS).send(SERVER, 0, b"pong one");
            script.wait(50 * MS).send(SERVER, 1, b"pong two");
            script
        }),
        ("error", || {
            let mut script = Script::connected("length:u32:big");
            script.wait(50 * MS).send(CLIENT, 0, b"\0\0\0\x05hello");
            script.wait(50 * MS).send(CLIENT, 1, b"ZZZZhello");
            script
                .wait(50 * MS)
                .recv(SERVER, 1024, 18)
                .frame(0, 9, 4, 0);
            script.decode_error("frame-too-long", 9);
            script
        }),
    ];
    for (name, make) in makes {
        if !name.contains(&only) {
            continue;
        }
        save(
            &format!("{name}-dark-en"),
            &Scene::new(make(), Theme::desk(true), Lang::En),
            wide,
            1.0,
        );
        save(
            &format!("{name}-light-zh"),
            &Scene::new(make(), Theme::desk(false), Lang::Zh),
            wide,
            1.0,
        );
        save(
            &format!("{name}-narrow-light-en"),
            &Scene::new(make(), Theme::desk(false), Lang::En),
            narrow,
            1.0,
        );
    }
    if "merged".contains(&only) {
        save(
            "merged-dark-en-2x",
            &Scene::new(sample::merged(), Theme::desk(true), Lang::En),
            wide,
            2.0,
        );
        let mut scene = Scene::new(sample::merged(), Theme::desk(true), Lang::En);
        scene.k = 0;
        save("empty-dark-en", &scene, wide, 1.0);
        let mut scene = Scene::new(sample::merged(), Theme::desk(true), Lang::En);
        let stream = scene.trace.main_stream().expect("a stream");
        scene.selection = Some(Selection {
            stream,
            start: 5,
            end: 12,
            event: None,
        });
        save("selected-dark-en", &scene, wide, 1.0);
    }
    if "framed".contains(&only) {
        save(
            "framed-dark-en",
            &before_after(Theme::desk(true), Lang::En),
            wide,
            1.0,
        );
        save(
            "framed-light-zh",
            &before_after(Theme::desk(false), Lang::Zh),
            narrow,
            1.0,
        );
    }
    if "presenter".contains(&only) {
        for (name, size) in [
            ("presenter", vec2(1160.0, 640.0)),
            ("presenter-1024", vec2(940.0, 620.0)),
        ] {
            for (dark, lang) in [(true, Lang::En), (false, Lang::Zh)] {
                let theme = Theme::presenter(dark, if size.x > 1000.0 { 800.0 } else { 768.0 });
                save(
                    &format!("{name}-{}", lang.code()),
                    &Scene::new(sample::merged(), theme, lang),
                    size,
                    1.0,
                );
            }
        }
    }
    if "tall".contains(&only) {
        save(
            "tall-dark-en",
            &Scene::new(sample::ten(), Theme::desk(true), Lang::En),
            vec2(1100.0, 900.0),
            1.0,
        );
    }
    if "large".contains(&only) {
        save(
            "large-dark-en",
            &Scene::new(sample::large(100_000), Theme::desk(true), Lang::En),
            wide,
            1.0,
        );
    }
}

/// CPU time of a frame of the stage with many events. Run with `--release`.
#[test]
#[ignore = "a measurement; run it in release"]
fn frame_cost() {
    for n in [10_000, 1_000_000] {
        let mut scene = Scene::new(sample::large(n), Theme::desk(true), Lang::En);
        let mut window = Headless::new(vec2(770.0, 555.0), 1.0, &scene.theme);
        let state = scene.trace.state_at(scene.k);
        let clock = |what: &str, job: &mut dyn FnMut()| {
            let started = std::time::Instant::now();
            for _ in 0..50 {
                job();
            }
            println!("{n} events, {what}: {:?}", started.elapsed() / 50);
        };
        clock("state", &mut || {
            std::hint::black_box(scene.trace.state_at(scene.k));
        });
        let stream = scene
            .trace
            .main_stream()
            .and_then(|id| scene.trace.stream(id))
            .expect("stream");
        let all = stream.sent_at(scene.k);
        clock("send buckets", &mut || {
            std::hint::black_box(stream.sends().buckets(0, all, 170, scene.k));
        });
        clock("call buckets", &mut || {
            std::hint::black_box(scene.trace.calls(CLIENT).buckets(
                0,
                scene.trace.duration(),
                140,
                scene.k,
            ));
        });
        let mut i = 0;
        clock("an earlier state", &mut || {
            i += 1;
            std::hint::black_box(scene.trace.state_at(scene.k - 60 * (i % 7)));
        });
        clock("450 lookups", &mut || {
            for i in 0..450 {
                std::hint::black_box(stream.messages().containing(all / 450 * i));
            }
        });
        clock("1000 swatches", &mut || {
            for i in 0..1000 {
                std::hint::black_box(crate::ui::pattern::Swatch::of(
                    crate::ui::pattern::Ink::Message(i),
                    &scene.theme,
                ));
            }
        });
        clock("overlapping", &mut || {
            std::hint::black_box(stream.messages().overlapping(0, all));
        });
        for (what, part) in [
            (
                "pipe",
                super::pipe::show as fn(&mut egui::Ui, &View<'_>, &mut Vec<Command>),
            ),
            ("ruler", super::ruler::show),
            ("timeline", super::timeline::show),
        ] {
            let view = scene.view(&state);
            clock(what, &mut || {
                window.frame(Vec::new(), |ui| part(ui, &view, &mut Vec::new()));
            });
        }
        let mut times = Vec::new();
        let mut shapes = Vec::new();
        for _ in 0..200 {
            let started = std::time::Instant::now();
            let mut out = Vec::new();
            window.frame(Vec::new(), |ui| scene.show(ui, &mut out));
            times.push(started.elapsed());
            let started = std::time::Instant::now();
            window.tessellate();
            shapes.push(started.elapsed());
        }
        times.sort();
        shapes.sort();
        println!(
            "{n} events ({} in the state): run {:?}, tessellate {:?}",
            state.k, times[100], shapes[100]
        );
        // As in a run that goes on: every frame shows another prefix.
        let all = scene.k;
        let mut times: Vec<_> = (0..200)
            .map(|i| {
                scene.k = all - 60 * (i % 7);
                let started = std::time::Instant::now();
                window.frame(Vec::new(), |ui| scene.show(ui, &mut Vec::new()));
                started.elapsed()
            })
            .collect();
        times.sort();
        println!(
            "{n} events, another prefix each frame: run {:?}",
            times[100]
        );
    }
}
