//! The bar at the top: what to do with the programs, and which moment is shown.

use egui::{Align, Color32, Layout, Response, Sense, Slider, Ui, UiBuilder, Vec2, vec2};

use super::centre::{self, Centre};
use super::command::Command;
use super::icon::Icon;
use super::key_button::{KeyButton, Tint};
use super::section;
use super::theme::Theme;
use super::view::View;
use super::why::actor_name;
use crate::i18n::{Lang, Phrase, panels as text};
use crate::trace::{ActorId, Phase, Role};

/// What the bar needs to know beside the view.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of the window"
)]
pub struct TopBar {
    /// Are the programs running by themselves just now?
    pub running: bool,
    /// Is a run there (threads alive), and can it be stopped?
    pub alive: bool,
    /// A loaded recording: nothing can be run.
    pub recording: bool,
    /// Calls per second and program; `None` = as fast as the kernel allows.
    pub speed: Option<u32>,
    /// Calls of one burst.
    pub burst: u32,
    /// Whose calls a burst releases.
    pub burst_actor: ActorId,
    /// Is the presenter's look on?
    pub presenter: bool,
    /// What stands in the middle of the window.
    pub centre: Centre,
}

/// How much of the buttons' words is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// Title, words and keys.
    Full,
    /// Title and words.
    Words,
    /// Words.
    Plain,
    /// Short words.
    Short,
    /// Signs for all but the steps.
    Signs,
    /// Less than that: a run as a sign, and no step of whoever can, nor a burst; both have keys.
    Few,
}

impl Room {
    const ALL: [Room; 6] = [
        Room::Full,
        Room::Words,
        Room::Plain,
        Room::Short,
        Room::Signs,
        Room::Few,
    ];
}

/// Shows the bar: one line of buttons and one of time.
pub fn show(ui: &mut Ui, view: &View<'_>, bar: &TopBar, out: &mut Vec<Command>) {
    let theme = view.theme;
    ui.spacing_mut().item_spacing = vec2(theme.gap(1.25), theme.gap(1.25));
    if bar.presenter {
        one_line(ui, view, bar, out);
        return;
    }
    let room = Room::ALL
        .into_iter()
        .find(|room| {
            let run: f32 = run_buttons(view, bar, *room)
                .iter()
                .map(|b| b.width(ui, theme))
                .sum();
            let rest = window_width(ui, view, *room) + speed_width(ui, view, *room);
            let title = if *room <= Room::Words {
                title_width(ui, view)
            } else {
                0.0
            };
            // Seven buttons of the run, the speed, four of the window: eleven gaps between them.
            let gaps = 11.0 * theme.gap(1.25) + theme.gap(3.0);
            run + rest + title + gaps <= ui.available_width()
        })
        .unwrap_or(Room::Few);
    ui.horizontal(|ui| {
        if room <= Room::Words {
            title(ui, view);
            ui.add_space(theme.gap(2.0));
        }
        run_part(ui, view, bar, room, out);
        ui.add_space(theme.gap(1.5));
        speed(ui, view, bar, room, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            window_part(ui, view, bar, room, out);
        });
    });
    ui.horizontal(|ui| {
        // The line of time needs about half of it.
        let narrow = ui.available_width() < 800.0 * theme.scale;
        centre::switch(ui, view, bar.centre, narrow, out);
        ui.add_space(theme.gap(1.5));
        time_line(ui, view, Time::Slider, out);
    });
}

/// For a room: what a lesson needs, in one line, so that the stage has the rest. Everything else
/// has its key.
fn one_line(ui: &mut Ui, view: &View<'_>, bar: &TopBar, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        let layout = OneLine::for_room(ui, view, bar);
        centre::switch(ui, view, bar.centre, true, out);
        for planned in layout.run_buttons(view, bar) {
            if planned.button().show(ui, view.theme).clicked() {
                out.push(planned.command.clone());
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for planned in lecture_buttons(view, bar) {
                if planned.button().show(ui, view.theme).clicked() {
                    out.push(planned.command.clone());
                }
            }
            time_line(ui, view, layout.time, out);
        });
    });
}

/// How much of the time line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    /// Nothing; there are the keys.
    None,
    /// Which event is shown.
    Badge,
    /// That, back and forward.
    Arrows,
    /// All, with the slider.
    Slider,
}

/// What stands in the one line for a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OneLine {
    /// Do the words stand on Run?
    run: bool,
    /// Do the names stand on the actors' buttons?
    names: bool,
    time: Time,
}

impl OneLine {
    /// From the most to the least that can be shown.
    const ALL: [OneLine; 8] = [
        Self::new(true, true, Time::Slider),
        Self::new(true, true, Time::Arrows),
        Self::new(false, true, Time::Arrows),
        Self::new(true, true, Time::Badge),
        Self::new(false, true, Time::Badge),
        Self::new(true, true, Time::None),
        Self::new(false, true, Time::None),
        Self::new(false, false, Time::Badge),
    ];

    const fn new(run: bool, names: bool, time: Time) -> Self {
        OneLine { run, names, time }
    }

    /// The most for which there is room.
    fn for_room(ui: &Ui, view: &View<'_>, bar: &TopBar) -> Self {
        let theme = view.theme;
        let gap = ui.spacing().item_spacing.x;
        let width = |buttons: &[Planned]| -> f32 {
            let each = buttons.iter().map(|b| b.width(ui, theme) + gap);
            each.sum()
        };
        let fixed = centre::narrow_width(ui, view) + gap + width(&lecture_buttons(view, bar));
        Self::ALL
            .into_iter()
            .find(|layout| {
                let run = width(&layout.run_buttons(view, bar));
                fixed + run + time_width(ui, view, layout.time) <= ui.available_width()
            })
            .unwrap_or(Self::ALL[Self::ALL.len() - 1])
    }

    /// The buttons of the run; those that are left out have their keys.
    fn run_buttons(self, view: &View<'_>, bar: &TopBar) -> Vec<Planned> {
        let mut plan = run_buttons(view, bar, Room::Short);
        plan.retain(|b| !matches!(b.command, Command::StepEither | Command::Burst(..)));
        for planned in &mut plan {
            let bare = match planned.command {
                Command::Step(_) => !self.names,
                Command::Run | Command::Pause => !self.run,
                _ => false,
            };
            if bare {
                planned.words.clear();
            }
        }
        plan
    }
}

/// The buttons of the window that a room gets.
fn lecture_buttons(view: &View<'_>, bar: &TopBar) -> Vec<Planned> {
    let mut plan = window_buttons(view, bar, Room::Signs);
    plan.retain(|b| {
        matches!(
            b.command,
            Command::SetPresenter(_) | Command::SetThemeDark(_)
        )
    });
    plan
}

/// How wide the time line for a room must be at least.
fn time_width(ui: &Ui, view: &View<'_>, time: Time) -> f32 {
    let theme = view.theme;
    let gap = theme.gap(2.0);
    let badge =
        ui.painter()
            .layout_no_wrap(badge(view), theme.mono_small(), theme.colours.text_soft);
    let sign = |icon: Icon| KeyButton::new("").icon(icon).width(ui, theme);
    let now = if view.live.following {
        0.0
    } else {
        go_live(view, true).width(ui, theme) + gap
    };
    let arrows = sign(Icon::Back) + sign(Icon::Forward) + 2.0 * gap;
    match time {
        Time::None => 0.0,
        Time::Badge => badge.size().x + now + gap,
        Time::Arrows => badge.size().x + now + arrows + gap,
        Time::Slider => badge.size().x + now + arrows + LEAST_SLIDER * theme.scale + 3.0 * gap,
    }
}

/// A slider shorter than this cannot be aimed with, points at scale 1.
const LEAST_SLIDER: f32 = 60.0;

/// The button that leads back to the live edge.
fn go_live(view: &View<'_>, sign: bool) -> KeyButton<'static> {
    let words = text::GO_LIVE.get(view.lang);
    KeyButton::new(words)
        .words(if sign { "" } else { words })
        .icon(Icon::Live)
        .small()
}

fn title(ui: &mut Ui, view: &View<'_>) {
    let c = &view.theme.colours;
    ui.label(
        egui::RichText::new(text::TITLE.get(view.lang))
            .font(view.theme.title())
            .color(c.text),
    );
    if view.theme.scale < 1.3 {
        ui.label(
            egui::RichText::new(text::TITLE_OTHER.get(view.lang))
                .font(view.theme.small())
                .color(c.text_faint),
        );
    }
}

fn title_width(ui: &Ui, view: &View<'_>) -> f32 {
    let measure = |phrase: Phrase, font: egui::FontId| {
        ui.painter()
            .layout_no_wrap(phrase.get(view.lang).to_owned(), font, Color32::WHITE)
            .size()
            .x
    };
    measure(text::TITLE, view.theme.title())
        + if view.theme.scale < 1.3 {
            measure(text::TITLE_OTHER, view.theme.small()) + view.theme.gap(1.25)
        } else {
            0.0
        }
        + view.theme.gap(2.0)
}

/// One button before it is shown: everything owned, so that widths can be compared first.
struct Planned {
    name: String,
    words: String,
    icon: Icon,
    key: &'static str,
    tint: Tint,
    hint: String,
    refusal: Option<String>,
    command: Command,
}

impl Planned {
    fn button(&self) -> KeyButton<'_> {
        KeyButton::new(&self.name)
            .words(&self.words)
            .icon(self.icon)
            .key(self.key)
            .tint(self.tint)
            .hint(&self.hint)
            .refused(self.refusal.clone())
    }

    fn width(&self, ui: &Ui, theme: &Theme) -> f32 {
        self.button().width(ui, theme)
    }
}

fn run_buttons(view: &View<'_>, bar: &TopBar, room: Room) -> Vec<Planned> {
    let lang = view.lang;
    let mut plan = Vec::new();
    let mut add = |name: String,
                   short: Option<&str>,
                   icon: Icon,
                   key: &'static str,
                   tint: Tint,
                   hint: String,
                   refusal: Option<Phrase>,
                   who: Option<ActorId>,
                   command: Command| {
        let words = match (room, short) {
            (Room::Signs | Room::Few, Some(_)) if who.is_none() => String::new(),
            (Room::Few, None) => String::new(),
            (Room::Short | Room::Signs | Room::Few, Some(short)) => short.to_owned(),
            _ => name.clone(),
        };
        let who = who.map_or_else(String::new, |a| actor_name(view.trace, a, lang));
        plan.push(Planned {
            name,
            words,
            icon,
            key: if room == Room::Full { key } else { "" },
            tint,
            hint: if key.is_empty() {
                hint
            } else {
                format!("{hint} [{key}]")
            },
            refusal: refusal.map(|r| r.fill(lang, &[("who", &who)])),
            command,
        });
    };
    let live = view.live.following;
    let run = if bar.running { text::PAUSE } else { text::RUN };
    add(
        run.get(lang).to_owned(),
        None,
        if bar.running { Icon::Pause } else { Icon::Play },
        "Space",
        Tint::Primary,
        if bar.running {
            text::PAUSE_HINT
        } else {
            text::RUN_HINT
        }
        .get(lang)
        .to_owned(),
        cannot_run(bar),
        None,
        if bar.running {
            Command::Pause
        } else {
            Command::Run
        },
    );
    for (id, key, tint) in steppable(view) {
        let who = actor_name(view.trace, id, lang);
        let actor = &view.trace.meta().actors[usize::from(id.0)];
        let refusal = if actor.external && live {
            Some(text::NOT_EXTERNAL)
        } else {
            cannot_step(view, bar).or_else(|| actor_cannot(view, id))
        };
        add(
            text::STEP_ACTOR.fill(lang, &[("who", &who)]),
            Some(&who),
            Icon::Step,
            key,
            tint,
            if live {
                text::STEP_ACTOR_HINT
            } else {
                text::STEP_ACTOR_PAST
            }
            .fill(lang, &[("who", &who)]),
            refusal,
            Some(id),
            Command::Step(id),
        );
    }
    let either = cannot_step(view, bar).or_else(|| {
        let actors = own_actors(view);
        let stuck = |id: &ActorId| {
            live && view.trace.meta().actors[usize::from(id.0)].external
                || actor_cannot(view, *id).is_some()
        };
        (!actors.is_empty() && actors.iter().all(stuck)).then_some(text::NOT_ALL_WAITING)
    });
    add(
        text::STEP_EITHER.get(lang).to_owned(),
        Some(text::STEP_EITHER_SHORT.get(lang)),
        Icon::Step,
        "E",
        Tint::Plain,
        if live {
            text::STEP_EITHER_HINT
        } else {
            text::STEP_EITHER_PAST
        }
        .get(lang)
        .to_owned(),
        either,
        None,
        Command::StepEither,
    );
    let burster = actor_name(view.trace, bar.burst_actor, lang);
    let short_burst = format!("×{}", bar.burst);
    add(
        text::BURST.fill(lang, &[("n", &bar.burst)]),
        Some(&short_burst),
        Icon::Burst,
        "B",
        Tint::Plain,
        text::BURST_HINT.fill(lang, &[("n", &bar.burst), ("who", &burster)]),
        cannot_step(view, bar).or_else(|| actor_cannot(view, bar.burst_actor)),
        Some(bar.burst_actor),
        Command::Burst(bar.burst_actor, bar.burst),
    );
    let bare = (room >= Room::Short).then_some("");
    add(
        text::STOP.get(lang).to_owned(),
        bare,
        Icon::Stop,
        "X",
        Tint::Plain,
        text::STOP_HINT.get(lang).to_owned(),
        (!bar.alive).then_some(text::NOT_RUNNING),
        None,
        Command::Stop,
    );
    add(
        text::RESET.get(lang).to_owned(),
        bare,
        Icon::Reset,
        "R",
        Tint::Plain,
        text::RESET_HINT.get(lang).to_owned(),
        bar.recording.then_some(text::NOT_LOADED),
        None,
        Command::Reset,
    );
    if room == Room::Few {
        plan.retain(|b| !matches!(b.command, Command::StepEither | Command::Burst(..)));
    }
    plan
}

fn run_part(ui: &mut Ui, view: &View<'_>, bar: &TopBar, room: Room, out: &mut Vec<Command>) {
    for planned in run_buttons(view, bar, room) {
        if planned.button().show(ui, view.theme).clicked() {
            out.push(planned.command.clone());
        }
    }
}

fn cannot_run(bar: &TopBar) -> Option<Phrase> {
    // After its end a run is simply made anew.
    bar.recording.then_some(text::NOT_LOADED)
}

fn cannot_step(view: &View<'_>, bar: &TopBar) -> Option<Phrase> {
    if !view.live.following {
        // There a step walks the record and releases nothing.
        None
    } else if bar.running {
        Some(text::NOT_WHILE_RUNNING)
    } else {
        cannot_run(bar)
    }
}

/// The actors with a program of their own: the attacker needs no step, and a server's threads are
/// stepped as it is.
fn own_actors(view: &View<'_>) -> Vec<ActorId> {
    let meta = view.trace.meta();
    (0..meta.actors.len().min(usize::from(u8::MAX)))
        .map(|at| ActorId(at as u8))
        .filter(|id| meta.relay != Some(*id) && meta.thread_of(*id).is_none())
        .collect()
}

/// Who has a button to step, with its key. Of two actors the keys are those of their places; of
/// more, those of the first client and the first server.
fn steppable(view: &View<'_>) -> Vec<(ActorId, &'static str, Tint)> {
    let actors = own_actors(view);
    if let &[first, second] = &actors[..] {
        return vec![(first, "C", Tint::Client), (second, "S", Tint::Server)];
    }
    let role = |id: &ActorId| view.trace.meta().actors[usize::from(id.0)].role;
    let mut keys = vec![(Role::Client, "C"), (Role::Server, "S")];
    actors
        .into_iter()
        .map(|id| {
            let role = role(&id);
            let at = keys.iter().position(|(part, _)| *part == role);
            let key = at.map_or("", |at| keys.remove(at).1);
            let tint = match role {
                Role::Client => Tint::Client,
                Role::Server => Tint::Server,
                Role::Other => Tint::Plain,
            };
            (id, key, tint)
        })
        .collect()
}

/// Why neither that actor nor any thread of its can be stepped.
fn actor_cannot(view: &View<'_>, actor: ActorId) -> Option<Phrase> {
    let own = itself_cannot(view, actor)?;
    let started = |id: &ActorId| {
        let state = view.state.actors.get(usize::from(id.0));
        state.is_some_and(|state| state.started)
    };
    let mut threads = view.trace.meta().threads_of(actor).filter(started);
    let one_can = threads.any(|id| itself_cannot(view, id).is_none());
    (!one_can).then_some(own)
}

fn itself_cannot(view: &View<'_>, actor: ActorId) -> Option<Phrase> {
    let state = view.state.actors.get(usize::from(actor.0))?;
    if !view.live.following || view.state.phase == Phase::Finished {
        // The record is walked; and after its end a run is simply made anew.
        None
    } else if state.ended {
        Some(text::NOT_ENDED)
    } else if state.blocked_since.is_some() {
        Some(text::NOT_BLOCKED)
    } else {
        None
    }
}

const SPEEDS: [(Option<u32>, Phrase); 4] = [
    (Some(1), text::SPEED_SLOW),
    (Some(4), text::SPEED_STEADY),
    (Some(20), text::SPEED_FAST),
    (None, text::SPEED_FULL),
];

fn speed_hint(speed: Option<u32>, lang: Lang) -> String {
    match speed {
        Some(n) => text::SPEED_HINT.fill(lang, &[("n", &n)]),
        None => text::SPEED_HINT_FULL.get(lang).to_owned(),
    }
}

fn speed_width(ui: &Ui, view: &View<'_>, room: Room) -> f32 {
    if room >= Room::Short {
        return view.theme.sizes.body * 5.5;
    }
    let buttons: f32 = SPEEDS
        .iter()
        .map(|(_, p)| {
            KeyButton::new(p.get(view.lang))
                .small()
                .width(ui, view.theme)
        })
        .sum();
    buttons + 3.0
}

fn speed(ui: &mut Ui, view: &View<'_>, bar: &TopBar, room: Room, out: &mut Vec<Command>) {
    let lang = view.lang;
    let label = |speed: Option<u32>| {
        SPEEDS.iter().find(|(s, _)| *s == speed).map_or_else(
            || match speed {
                Some(n) => format!("{n}/s"),
                None => String::new(),
            },
            |(_, p)| p.get(lang).to_owned(),
        )
    };
    if room >= Room::Short {
        let mut chosen = bar.speed;
        let response = egui::ComboBox::from_id_salt("speed")
            .selected_text(label(chosen))
            .width(view.theme.sizes.body * 4.5)
            .show_ui(ui, |ui| {
                for (speed, phrase) in SPEEDS {
                    ui.selectable_value(&mut chosen, speed, phrase.get(lang))
                        .on_hover_text(speed_hint(speed, lang));
                }
            })
            .response;
        section::named(&response, text::SPEED.get(lang));
        if chosen != bar.speed {
            out.push(Command::SetSpeed(chosen));
        }
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 1.0;
        for (speed, phrase) in SPEEDS {
            let name = format!("{}: {}", text::SPEED.get(lang), phrase.get(lang));
            let hint = speed_hint(speed, lang);
            let button = KeyButton::new(&name)
                .words(phrase.get(lang))
                .hint(&hint)
                .small()
                .tint(Tint::Quiet)
                .selected(bar.speed == speed);
            if button.show(ui, view.theme).clicked() {
                out.push(Command::SetSpeed(speed));
            }
        }
    });
}

fn window_buttons(view: &View<'_>, bar: &TopBar, room: Room) -> Vec<Planned> {
    let lang = view.lang;
    let other = match lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    };
    let dark = view.theme.dark;
    let button = |name: &str, words: &str, icon, key, hint: Phrase, on, command| Planned {
        name: name.to_owned(),
        words: words.to_owned(),
        icon,
        key: "",
        tint: if on { Tint::On } else { Tint::Quiet },
        hint: format!("{} [{key}]", hint.get(lang)),
        refusal: None,
        command,
    };
    vec![
        button(
            text::KEYS.get(lang),
            "",
            Icon::Keys,
            "F1",
            text::KEYS_HINT,
            false,
            Command::ToggleShortcuts,
        ),
        button(
            text::PRESENT.get(lang),
            if room <= Room::Plain {
                text::PRESENT.get(lang)
            } else {
                ""
            },
            Icon::Present,
            "P",
            text::PRESENT_HINT,
            bar.presenter,
            Command::SetPresenter(!bar.presenter),
        ),
        button(
            if dark {
                text::THEME_LIGHT
            } else {
                text::THEME_DARK
            }
            .get(lang),
            "",
            if dark { Icon::Sun } else { Icon::Moon },
            "T",
            text::THEME_HINT,
            false,
            Command::SetThemeDark(!dark),
        ),
        Planned {
            name: format!("{}: {}", text::LANGUAGE.get(lang), other.name()),
            words: match lang {
                Lang::En => "中文".to_owned(),
                Lang::Zh => "EN".to_owned(),
            },
            icon: Icon::Info,
            key: "",
            tint: Tint::Quiet,
            hint: format!("{} [L]", text::LANGUAGE_HINT.get(lang)),
            refusal: None,
            command: Command::SetLang(other),
        },
    ]
}

fn window_width(ui: &Ui, view: &View<'_>, room: Room) -> f32 {
    let bar = TopBar {
        running: false,
        alive: false,
        recording: false,
        speed: None,
        burst: 1,
        burst_actor: ActorId(0),
        presenter: false,
        centre: Centre::Stage,
    };
    window_buttons(view, &bar, room)
        .iter()
        .map(|b| b.width(ui, view.theme))
        .sum()
}

fn window_part(ui: &mut Ui, view: &View<'_>, bar: &TopBar, room: Room, out: &mut Vec<Command>) {
    for planned in window_buttons(view, bar, room) {
        let mut button = planned.button();
        if matches!(planned.command, Command::SetLang(_)) {
            button = KeyButton::new(&planned.name)
                .words(&planned.words)
                .tint(Tint::Quiet)
                .hint(&planned.hint);
        }
        if button.show(ui, view.theme).clicked() {
            out.push(planned.command.clone());
        }
    }
}

/// Back, the slider over the trace, forward, and which event is shown.
fn time_line(ui: &mut Ui, view: &View<'_>, parts: Time, out: &mut Vec<Command>) {
    if parts == Time::None {
        return;
    }
    let (theme, lang) = (view.theme, view.lang);
    let len = view.trace.len();
    let live = view.live.following;
    let height = (theme.sizes.body * 2.1).round();
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    let mut ui = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    );
    ui.spacing_mut().item_spacing.x = theme.gap(2.0);
    let wide = rect.width() > 900.0 * theme.scale;
    let back = KeyButton::new(text::BACK.get(lang))
        .words(if wide { text::BACK.get(lang) } else { "" })
        .icon(Icon::Back)
        .tint(Tint::Quiet)
        .refused((view.k == 0).then(|| text::NOT_FIRST.get(lang).to_owned()));
    let hint = format!("{} [←]", text::BACK_HINT.get(lang));
    if parts == Time::Slider && back.clone().hint(&hint).show(&mut ui, theme).clicked() {
        out.push(Command::Back);
    }
    let badge = badge(view);
    let hint = format!("{} [→]", text::FORWARD_HINT.get(lang));
    let forward = KeyButton::new(text::FORWARD.get(lang))
        .words(if wide { text::FORWARD.get(lang) } else { "" })
        .icon(Icon::Forward)
        .tint(Tint::Quiet)
        .hint(&hint)
        .refused(live.then(|| text::NOT_LAST.get(lang).to_owned()));
    // Right part first, so that the slider takes what is left.
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if live && view.presenter {
            // The badge says enough.
        } else if live {
            pill(
                ui,
                theme,
                text::LIVE.get(lang),
                theme.colours.good,
                theme.colours.good_fill,
            );
        } else {
            let hint = format!("{} [End]", text::GO_LIVE_HINT.get(lang));
            let now = go_live(view, view.presenter).hint(&hint);
            if now.show(ui, theme).clicked() {
                out.push(Command::ToLive);
            }
            if !view.presenter {
                pill(
                    ui,
                    theme,
                    text::PAST.get(lang),
                    theme.colours.warn,
                    theme.colours.warn_fill,
                );
            }
        }
        ui.label(
            egui::RichText::new(badge)
                .font(theme.mono_small())
                .color(theme.colours.text_soft),
        );
        if parts >= Time::Arrows && forward.show(ui, theme).clicked() {
            out.push(Command::Forward);
        }
        if parts < Time::Slider {
            let hint = format!("{} [←]", text::BACK_HINT.get(lang));
            if parts == Time::Arrows && back.hint(&hint).show(ui, theme).clicked() {
                out.push(Command::Back);
            }
            return;
        }
        let mut k = view.k;
        ui.spacing_mut().slider_width = (ui.available_width() - theme.gap(1.0)).max(40.0);
        section::bright_slider(ui, theme);
        let slider = Slider::new(&mut k, 0..=len.max(1))
            .show_value(false)
            .smart_aim(false);
        let response = ui.add_enabled(len > 0, slider);
        section::named(&response, text::TIME.get(lang));
        if response.changed() && k != view.k {
            out.push(if k >= len {
                Command::ToLive
            } else {
                Command::Seek(k)
            });
        }
    });
}

fn badge(view: &View<'_>) -> String {
    let len = view.trace.len();
    if len == 0 {
        return text::BADGE_EMPTY.get(view.lang).to_owned();
    }
    if view.presenter {
        return format!("{}/{len}", view.k);
    }
    let t = format!("{:.3}", view.state.t as f64 / 1e9);
    text::BADGE.fill(view.lang, &[("k", &view.k), ("n", &len), ("t", &t)])
}

/// Words on a small coloured ground.
pub fn pill(ui: &mut Ui, theme: &Theme, words: &str, ink: Color32, ground: Color32) -> Response {
    let galley = ui
        .painter()
        .layout_no_wrap(words.to_owned(), theme.small(), ink);
    let size = galley.size() + vec2(theme.gap(3.0), theme.gap(1.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(rect, size.y / 2.0, ground);
    ui.painter()
        .galley(rect.center() - galley.size() / 2.0, galley, ink);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    response
}
