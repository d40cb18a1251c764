//! The panels together, as the window lays them out: by accessible names in both languages, and
//! as pictures (written to the folder named by `SOCKLAB_PICTURES`, if it is set).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use egui::{Panel, ScrollArea, Ui, vec2};
use egui_commonmark::CommonMarkCache;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::banner::{self, Banner, Grade};
use super::code_pane::{self, CodePane};
use super::command::Command;
use super::controls::{self, Controls};
use super::event_filter::EventFilter;
use super::events::{self, EventTable};
use super::fonts;
use super::headless::picture;
use super::inspector;
use super::lab::Progress;
use super::lesson_list::{self, LessonList};
use super::lesson_panel::{self, Beat, External, LessonPanel};
use super::sample_run::{CLIENT, SERVER, Sample};
use super::shortcuts;
use super::status::{self, Status};
use super::theme::Theme;
use super::top_bar::{self, TopBar};
use super::view::{LiveStatus, Selection, View};
use crate::experiment::codegen::{Language, Line, Listing};
use crate::experiment::program::{Num, Op, Program, SockOpt, Text};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, lesson as lesson_phrase};
use crate::lesson::{
    ActorDef, Catalogue, Content, ExternalCommand, FramingChoice, Group, Lesson, LessonText,
    Messages, OptionText, Overrides, Parameter, ParameterKind, Prediction, Problem, Release, Said,
    Scale, Settings, Source, Step, StepText, Unit,
};
use crate::trace::{Call, Role, State, StreamId, Trace};

/// Everything a window of panels needs, and the commands they answer with.
struct Desk {
    trace: Trace,
    state: State,
    theme: Theme,
    lang: Lang,
    selection: Option<Selection>,
    live: bool,
    framing: FramingSpec,
    lesson: Arc<Lesson>,
    settings: Settings,
    catalogue: Catalogue,
    progress: Progress,
    listings: [Listing; 2],
    table: EventTable,
    cache: CommonMarkCache,
    beat: Beat<'static>,
    guess: Option<usize>,
    #[expect(clippy::option_option, reason = "not settled, settled, none came true")]
    truth: Option<Option<usize>>,
    banners: Vec<Banner>,
    keys: bool,
    out: Vec<Command>,
}

fn lesson(id: &str, titles: [&str; 2]) -> Lesson {
    let int = |name: &str, en: &str, zh: &str, live, scale, max, default, unit| Parameter {
        name: name.to_owned(),
        kind: ParameterKind::Int {
            min: 0,
            max,
            default,
            unit,
            scale,
        },
        live,
        label: [en.to_owned(), zh.to_owned()],
        help: [
            "The most that one recv takes.".into(),
            "一次 recv 最多取多少字节。".into(),
        ],
        zero: (name == "rcvbuf").then(|| ["default".into(), "系统默认".into()]),
    };
    let set = Op::SetOption {
        on: "s".into(),
        option: SockOpt::RcvBuf,
        value: Num::Param("rcvbuf".into()),
    };
    let actor = |name: &str, role, nodes| {
        ActorDef {
        name: name.to_owned(),
        role,
        program: Program::new(nodes),
        may_be_external: true,
        external: vec![
            ExternalCommand {
                tool: "python3".into(),
                template: "python3 -c \"import socket; s = socket.create_connection(('{host}', {port})); s.sendall(b'hello')\"".into(),
            },
            ExternalCommand { tool: "nc".into(), template: "nc {host} {port}".into() },
        ],
    }
    };
    let option = |label: &str, why: &str| OptionText {
        label: label.into(),
        why: why.into(),
    };
    let en = LessonText {
        title: titles[0].to_owned(),
        intro: "TCP carries a **stream of bytes**, not messages.".into(),
        steps: vec![StepText {
            id: "predict".into(),
            title: "One recv, how many messages?".into(),
            body: "The client has sent three messages of five bytes, each with its own `send`. The server now calls `recv(1024)` once.\n\n- nothing marks the end of a message\n- the receive buffer holds what has arrived".into(),
            question: "What does that `recv` return?".into(),
            options: vec![
                option("5 bytes: the first message", "recv does not know where the first message ends."),
                option("15 bytes: all that had arrived", "recv(n) returns what is there, at most n bytes."),
                option("1024 bytes", "1024 is only the most it would take."),
                option("It depends on when it asks", "All three had arrived before it asked."),
            ],
            reveal: "Three `send`, one `recv`. This is the sticky packet.".into(),
        }],
        tasks: Vec::new(),
        notes: String::new(),
    };
    let zh = LessonText {
        title: titles[1].to_owned(),
        intro: "TCP 传送的是**字节流**，不是消息。".into(),
        steps: vec![StepText {
            id: "predict".into(),
            title: "一次 recv，几条消息？".into(),
            body:
                "客户端已经用三次 `send` 发送了三条五字节的消息。服务器现在调用一次 `recv(1024)`。"
                    .into(),
            question: "这次 `recv` 会返回什么？".into(),
            options: vec![
                option("5 字节：第一条消息", "recv 不知道第一条消息在哪里结束。"),
                option(
                    "15 字节：已到达的全部数据",
                    "recv(n) 返回已有的数据，最多 n 字节。",
                ),
                option("1024 字节", "1024 只是上限。"),
                option("取决于何时调用", "调用之前三条都已到达。"),
            ],
            reveal: "三次 `send`，一次 `recv`。这就是粘包。".into(),
        }],
        tasks: Vec::new(),
        notes: String::new(),
    };
    Lesson {
        id: id.to_owned(),
        order: 9,
        group: Group::Lessons,
        minutes: 20,
        actors: vec![
            actor("client", Role::Client, vec![]),
            actor("server", Role::Server, vec![set.into()]),
        ],
        parameters: vec![
            int(
                "recv_size",
                "recv size",
                "recv 大小",
                true,
                Scale::Log,
                65_536,
                1024,
                Unit::Bytes,
            ),
            int(
                "rcvbuf",
                "receive buffer",
                "接收缓冲区",
                false,
                Scale::Log,
                1 << 20,
                4096,
                Unit::Bytes,
            ),
            int(
                "wait",
                "server waits",
                "服务器等待",
                true,
                Scale::Linear,
                5000,
                1500,
                Unit::Millis,
            ),
            Parameter {
                name: "nodelay".into(),
                kind: ParameterKind::Switch { default: false },
                live: false,
                label: ["TCP_NODELAY".into(), "TCP_NODELAY".into()],
                help: ["Send at once.".into(), "立即发送。".into()],
                zero: None,
            },
            Parameter {
                name: "text".into(),
                kind: ParameterKind::Text {
                    default: "hello".into(),
                    max_len: 64,
                    choose: None,
                },
                live: true,
                label: ["message".into(), "消息".into()],
                help: ["What is sent.".into(), "发送的内容。".into()],
                zero: None,
            },
        ],
        framing: FramingChoice {
            default: FramingSpec::Raw,
            offered: true,
        },
        attack: crate::lesson::AttackChoice::default(),
        capture: crate::lesson::CaptureChoice::default(),
        messages: Messages {
            actor: "client".into(),
            count: Num::Lit(6),
            content: Content::Same(Text::Lit("hello".into())),
            size: Num::Lit(0),
            numbered: false,
        },
        steps: vec![Step {
            id: "predict".into(),
            restart: true,
            set: Overrides::default(),
            release: Release::Nothing,
            predict: Some(Prediction {
                options: Vec::new(),
            }),
            focus: None,
        }],
        checks: Vec::new(),
        tasks: Vec::new(),
        texts: [en, zh],
        source: Source::Embedded,
    }
}

fn listing(lines: &[(&str, Option<u16>)]) -> Listing {
    Listing {
        lines: lines
            .iter()
            .map(|(text, op)| Line {
                text: (*text).to_owned(),
                op: *op,
                call: op.is_some(),
            })
            .collect(),
    }
}

impl Desk {
    fn new(trace: Trace, dark: bool, lang: Lang) -> Self {
        let open = Arc::new(lesson(
            "sticky-merge",
            [
                "Sticky packets 1: messages merge",
                "粘包（一）：消息粘在一起",
            ],
        ));
        let mut lessons: Vec<Arc<Lesson>> = [
            ("a", ["Sockets, families, types", "套接字：族与类型"]),
            ("b", ["TCP server and client", "TCP 服务器与客户端"]),
            ("c", ["Buffers", "缓冲区"]),
        ]
        .into_iter()
        .map(|(id, titles)| Arc::new(lesson(id, titles)))
        .collect();
        lessons.push(open.clone());
        lessons.push(Arc::new(lesson(
            "sticky-split",
            [
                "Sticky packets 2: one message, many recvs",
                "粘包（二）：一条消息，多次 recv",
            ],
        )));
        let mut play = lesson("playground", ["Playground", "实验场"]);
        play.group = Group::Explore;
        lessons.push(Arc::new(play));
        let problem = Problem {
            file: "/home/teacher/lessons/12-mine/lesson.toml".into(),
            line: 14,
            column: 3,
            what: Said::new(lesson_phrase::TABLE[0].1),
            cure: Said::new(lesson_phrase::TABLE[1].1),
        };
        let server = listing(&[
            ("import socket", None),
            ("", None),
            (
                "s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
                Some(1),
            ),
            (
                "s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)",
                Some(2),
            ),
            ("s.bind((\"127.0.0.1\", 8888))", Some(3)),
            ("s.listen(1)", Some(4)),
            ("conn, addr = s.accept()", Some(5)),
            ("data = conn.recv(1024)  # at most 1024 bytes", Some(0)),
            ("print(data)", None),
        ]);
        let client = listing(&[
            ("import socket", None),
            (
                "s = socket.create_connection((\"127.0.0.1\", 8888))",
                Some(1),
            ),
            ("for message in messages:", None),
            ("    s.send(message)", Some(0)),
        ]);
        let state = trace.state_at(trace.len());
        let mut progress = Progress::default();
        for id in ["a", "b"] {
            progress.saw(id, "predict");
        }
        Desk {
            state,
            trace,
            theme: Theme::desk(dark),
            lang,
            selection: None,
            live: true,
            framing: FramingSpec::Raw,
            settings: Settings::defaults(&open),
            lesson: open,
            catalogue: Catalogue {
                lessons,
                routes: Vec::new(),
                problems: vec![problem],
            },
            progress,
            listings: [client, server],
            table: EventTable::default(),
            cache: CommonMarkCache::default(),
            beat: Beat::Predict,
            guess: None,
            truth: None,
            banners: Vec::new(),
            keys: false,
            out: Vec::new(),
        }
    }

    /// The last recv chosen, its prediction answered.
    fn answered(mut self) -> Self {
        let recv = (0..self.trace.len())
            .rev()
            .find(|id| {
                let e = self.trace.event(*id);
                e.kind == crate::trace::Kind::Return && e.call().is_some_and(Call::receives)
            })
            .expect("a recv");
        let e = self.trace.event(recv);
        self.selection = Some(Selection {
            stream: StreamId(0),
            start: e.a,
            end: e.a + e.b as u64,
            event: Some(recv),
        });
        self.beat = Beat::Next;
        self.guess = Some(0);
        self.truth = Some(Some(1));
        self
    }

    fn show(&mut self, ui: &mut Ui) {
        let mut out = std::mem::take(&mut self.out);
        let view = View {
            trace: &self.trace,
            k: self.state.k,
            state: &self.state,
            lang: self.lang,
            theme: &self.theme,
            selection: self.selection.as_ref(),
            previous: None,
            framing: &self.framing,
            previous_framing: None,
            swapped: false,
            live: LiveStatus {
                following: self.live,
                step_mode: true,
                ..LiveStatus::default()
            },
            presenter: false,
            focus: None,
        };
        let g = |n: f32| self.theme.gap(n) as i8;
        let frame = egui::Frame::new()
            .fill(self.theme.colours.panel)
            .inner_margin(egui::Margin::symmetric(g(3.0), g(2.0)));
        let bar = TopBar {
            running: false,
            alive: true,
            recording: false,
            speed: Some(4),
            burst: 5,
            burst_actor: CLIENT,
            presenter: false,
            centre: crate::ui::centre::Centre::Stage,
        };
        Panel::top("top").frame(frame).show(ui, |ui| {
            top_bar::show(ui, &view, &bar, &mut out);
        });
        Panel::bottom("status").frame(frame).show(ui, |ui| {
            status::show(
                ui,
                &view,
                &Status {
                    not_recorded: 12,
                    ..Status::default()
                },
            );
        });
        let scale = self.theme.scale;
        Panel::left("left")
            .frame(frame)
            .exact_size(220.0 * scale)
            .resizable(false)
            .show(ui, |ui| {
                let list = LessonList {
                    catalogue: &self.catalogue,
                    current: Some("sticky-merge"),
                    progress: &self.progress,
                    route: None,
                    steps_shown: 0,
                    folded: false,
                };
                lesson_list::show(ui, &view, &list, &mut out);
            });
        let right = (ui.available_width() * 0.4).min(400.0 * scale);
        let externals = [External {
            actor: CLIENT,
            on: true,
            reach: None,
            address: Some(("127.0.0.1".into(), 8888)),
            connected: false,
        }];
        Panel::right("right")
            .frame(frame)
            .exact_size(right)
            .resizable(false)
            .show(ui, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    let panel = LessonPanel {
                        votes: &[],
                        lesson: &self.lesson,
                        step: 0,
                        beat: self.beat,
                        guess: self.guess,
                        truth: self.truth,
                        tasks: &[],
                        externals: if self.truth.is_none() {
                            &[]
                        } else {
                            &externals
                        },
                    };
                    lesson_panel::show(ui, &view, &panel, &mut self.cache, &mut out);
                    lesson_panel::show_externals(ui, &view, &panel, &mut out);
                    lesson_panel::show_buttons(ui, &view, &panel, &mut out);
                    ui.add_space(self.theme.gap(4.0));
                    let controls = Controls {
                        lesson: &self.lesson,
                        settings: &self.settings,
                        in_force: Some(&Settings::default()),
                        can_undo: true,
                        can_redo: false,
                    };
                    controls::show(ui, &view, &controls, &mut out);
                    ui.add_space(self.theme.gap(4.0));
                    let pane = CodePane {
                        listings: &[(CLIENT, &self.listings[0]), (SERVER, &self.listings[1])],
                        language: Language::Python,
                        height: 150.0 * scale,
                        saving: None,
                    };
                    code_pane::show(ui, &view, &pane, &mut out);
                });
            });
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            banner::show(ui, &view, &self.banners, &mut out);
            let half = (ui.available_height() / 2.0).max(100.0);
            ui.allocate_ui(vec2(ui.available_width(), half), |ui| {
                ui.set_height(half);
                events::show(ui, &view, 1, &mut self.table, &mut out);
            });
            ui.separator();
            inspector::show(ui, &view, &mut out);
        });
        if self.keys {
            shortcuts::show(ui, &view, &mut out);
        }
        self.out = out;
    }
}

fn harness(desk: Desk, size: egui::Vec2) -> Harness<'static, Desk> {
    let look = desk.theme.clone();
    let mut harness = Harness::builder()
        .with_size(size)
        .with_context_setup(move |ctx| {
            fonts::install(ctx, false);
            look.apply(ctx);
        })
        .build_ui_state(|ui, desk: &mut Desk| desk.show(ui), desk);
    harness.run_steps(4);
    harness.state_mut().out.clear();
    harness
}

const SIZE: egui::Vec2 = vec2(1280.0, 800.0);

#[test]
fn the_merged_recv_is_read_from_the_table_in_both_languages() {
    for (lang, row) in [
        (Lang::En, "Event 29: server recv(1024) b'hellohellohello'"),
        (Lang::Zh, "事件 29：服务器 recv(1024) b'hellohellohello'"),
    ] {
        let mut h = harness(Desk::new(Sample::merged().trace, true, lang), SIZE);
        let found = h.query_by_label(row);
        assert!(found.is_some(), "{row}");
        h.get_by_label(row).click();
        h.run_steps(2);
        let chosen = h.state().out.iter().find_map(|c| match c {
            Command::Select(Some(s)) => Some((s.start, s.end)),
            _ => None,
        });
        assert_eq!(chosen, Some((0, 15)));
    }
}

#[test]
fn the_buttons_answer_with_their_commands() {
    let mut h = harness(Desk::new(Sample::merged().trace, false, Lang::En), SIZE);
    for (label, command) in [
        ("Run", Command::Run),
        ("Step client", Command::Step(CLIENT)),
        ("Step either", Command::StepEither),
        ("Burst ×5", Command::Burst(CLIENT, 5)),
        ("Stop", Command::Stop),
        ("Reset", Command::Reset),
        ("Back", Command::Back),
        ("Language: 简体中文", Command::SetLang(Lang::Zh)),
        ("Dark look", Command::SetThemeDark(true)),
        (
            "Option 2: 15 bytes: all that had arrived",
            Command::Predict { step: 0, option: 1 },
        ),
        ("Buffers", Command::SelectLesson("c".into())),
        ("Reconnect", Command::Reconnect),
        ("Rust", Command::SetCodeLanguage(Language::Rust)),
        ("Undo", Command::UndoSetting),
    ] {
        h.state_mut().out.clear();
        h.get_by_label(label).click_accesskit();
        h.run_steps(2);
        assert!(
            h.state().out.contains(&command),
            "{label}: {:?}",
            h.state().out
        );
    }
    // What cannot be done now does nothing.
    h.state_mut().out.clear();
    h.get_by_label("Forward").click();
    h.get_by_label("Redo").click();
    h.run_steps(2);
    assert_eq!(h.state().out, []);
}

#[test]
fn the_inspector_explains_the_chosen_event() {
    let mut h = harness(
        Desk::new(Sample::merged().trace, true, Lang::En).answered(),
        vec2(1280.0, 960.0),
    );
    h.run_steps(2);
    let why = "recv(1024) returned 15 bytes: the 3 messages waiting in the receive buffer (1, 2 and 3). recv counts bytes, not messages.";
    assert!(h.query_by_label(why).is_some());
    h.get_by_label("You predicted “5 bytes: the first message”; the run returned “15 bytes: all that had arrived”.");
    h.get_by_label("Bytes 0 to 15 of the stream in hexadecimal");
    h.get_by_label("Copy the command for nc").click_accesskit();
    h.run_steps(2);
    assert!(
        h.state()
            .out
            .contains(&Command::CopyText("nc 127.0.0.1 8888".into()))
    );
}

#[test]
fn a_key_can_lead_to_the_filter_and_typing_filters() {
    let mut h = harness(Desk::new(Sample::merged().trace, true, Lang::En), SIZE);
    h.ctx
        .memory_mut(|m| m.request_focus(egui::Id::unique(events::FILTER_FIELD)));
    h.run_steps(2);
    h.event(egui::Event::Text("merged".into()));
    h.run_steps(3);
    assert_eq!(h.state().table.words, "merged");
    h.get_by_label("1 of 37");
    assert!(
        h.query_by_label("Event 32: client send(b'hello') 5")
            .is_none()
    );
}

#[test]
fn arrow_keys_go_through_the_table_once_a_row_is_chosen() {
    let mut h = harness(Desk::new(Sample::merged().trace, true, Lang::En), SIZE);
    h.get_by_label("Event 32: client send(b'hello') 5").click();
    h.run_steps(2);
    h.state_mut().out.clear();
    h.state_mut().selection = Some(Selection {
        stream: StreamId(0),
        start: 15,
        end: 20,
        event: Some(31),
    });
    h.key_press(egui::Key::ArrowUp);
    h.run_steps(2);
    let chosen = h.state().out.iter().find_map(|c| match c {
        Command::Select(Some(s)) => s.event,
        _ => None,
    });
    assert_eq!(chosen, Some(29), "the frame before");
}

#[test]
fn filter_words_find_what_they_say() {
    let trace = Sample::merged().trace;
    let count = |words: &str| {
        let mut filter = EventFilter::default();
        assert!(filter.update(&trace, 1, words, Duration::from_secs(5)));
        filter.rows_at(trace.len()).len()
    };
    assert_eq!(count("merged"), 1);
    assert_eq!(count("client send"), 6);
    assert_eq!(count("blocked"), 2, "accept blocked, and its return");
    assert_eq!(count("frame wrong"), 1);
    assert_eq!(count("#4"), 1, "message 4 was sent and not yet received");
    assert_eq!(count("#1"), 3, "send, recv, frame");
    assert_eq!(count("gauge"), 3);
    assert_eq!(count("服务器 recv"), 1);
    assert_eq!(count("hello send"), 6);
    assert_eq!(count("SO_RCVBUF"), 1);
    assert_eq!(count("-client -server"), 1);
    assert_eq!(count("all"), trace.len() as usize);
    assert_eq!(count("nothing-of-the-kind"), 0);
}

#[test]
fn the_index_grows_with_the_trace_and_is_cut_at_the_moment_shown() {
    let mut sample = Sample::connected();
    let mut filter = EventFilter::default();
    let words = "send";
    for n in 0..50 {
        sample.send(n, b"x");
        assert!(filter.update(&sample.trace, 1, words, Duration::from_secs(1)));
    }
    let all = filter.rows_at(u32::MAX).to_vec();
    assert_eq!(all.len(), 50);
    assert_eq!(filter.rows_at(all[9] + 1), &all[..10]);
    let mut whole = EventFilter::default();
    whole.update(&sample.trace, 1, words, Duration::from_secs(1));
    assert_eq!(whole.rows_at(u32::MAX), all);
    // Another run: nothing of the old index stays.
    let other = Sample::connected();
    filter.update(&other.trace, 2, words, Duration::from_secs(1));
    assert!(filter.rows_at(u32::MAX).is_empty());
}

/// Every panel at every size, look and language is drawn without a missing glyph or a panic.
#[test]
fn pictures() {
    let folder = std::env::var_os("SOCKLAB_PICTURES");
    let shots: [(&str, egui::Vec2, f32, bool, Lang); 8] = [
        ("1280-dark-en", SIZE, 1.0, true, Lang::En),
        ("1280-light-zh", SIZE, 1.0, false, Lang::Zh),
        ("1024-dark-zh", vec2(1024.0, 768.0), 1.0, true, Lang::Zh),
        ("1024-light-en", vec2(1024.0, 768.0), 1.0, false, Lang::En),
        ("1280-dark-en-2x", SIZE, 2.0, true, Lang::En),
        ("presenter-light-zh", SIZE, 1.0, false, Lang::Zh),
        ("tall-dark-zh", vec2(1280.0, 1500.0), 1.0, true, Lang::Zh),
        ("tall-light-en", vec2(1280.0, 1500.0), 1.0, false, Lang::En),
    ];
    for (n, (name, size, ppp, dark, lang)) in shots.into_iter().enumerate() {
        let trace = if n % 2 == 0 {
            Sample::merged().trace
        } else {
            Sample::split().trace
        };
        let mut desk = Desk::new(trace, dark, lang);
        if n > 0 {
            desk = desk.answered();
        }
        if n == 3 {
            desk.live = false;
            desk.banners = vec![
                Banner::limit(1, 1_000_000),
                Banner {
                    id: 2,
                    grade: Grade::Error,
                    what: banner::both(|_| "Port 8888 is taken by another program.".into()),
                    cure: banner::both(|_| "Choose another port, or end that program.".into()),
                    buttons: vec![(crate::i18n::window::RESET_RUN, Command::Reset)],
                    of_run: false,
                },
            ];
        }
        desk.keys = n == 2;
        if name.starts_with("presenter") {
            desk.theme = Theme::presenter(dark, size.y);
        }
        let look = desk.theme.clone();
        let image = picture(size, ppp, 4, &look, |ui| desk.show(ui));
        if let Some(folder) = &folder {
            let path = Path::new(folder).join(format!("panels-{name}.png"));
            image.save_png(&path).expect("the folder can be written to");
        }
    }
}

/// Costs of the table at a million events; a figure to read, not a bound (run with --ignored).
#[test]
#[ignore = "a measurement"]
fn cost_of_a_million_events() {
    let trace = Sample::long(1_000_000);
    for words in ["", "merged", "client send", "error", "hello"] {
        let mut filter = EventFilter::default();
        let began = std::time::Instant::now();
        filter.update(&trace, 1, words, Duration::from_mins(1));
        println!("filter {words:?}: {:?}", began.elapsed());
    }
    let mut desk = Desk::new(trace, true, Lang::En).answered();
    let look = desk.theme.clone();
    let mut window = super::headless::Headless::new(vec2(700.0, 300.0), 1.0, &look);
    let mut times = Vec::new();
    for n in 0..200 {
        let began = std::time::Instant::now();
        window.frame(Vec::new(), |ui| {
            let view = View {
                trace: &desk.trace,
                k: desk.state.k,
                state: &desk.state,
                lang: desk.lang,
                theme: &desk.theme,
                selection: desk.selection.as_ref(),
                previous: None,
                framing: &desk.framing,
                previous_framing: None,
                swapped: false,
                live: LiveStatus {
                    following: true,
                    ..LiveStatus::default()
                },
                presenter: false,
                focus: None,
            };
            events::show(ui, &view, 1, &mut desk.table, &mut desk.out);
        });
        if n > 150 {
            times.push(began.elapsed());
        }
    }
    times.sort();
    println!("table frame: median {:?}", times[times.len() / 2]);
}
