//! Where the views stand in the window.

use egui::{CentralPanel, Frame, Id, Margin, Panel, ScrollArea, Sense, Ui, UiBuilder};

use super::{Beat, Lab, Session, listings};
use crate::experiment::{Mode, Reach};
use crate::lesson::{Focus, Onward};
use crate::trace::ActorId;
use crate::ui::centre::Centre;
use crate::ui::code_pane::{self, CodePane};
use crate::ui::command::Command;
use crate::ui::controls::{self, Controls};
use crate::ui::lesson_list::{self, LessonList};
use crate::ui::lesson_panel::{self, External, LessonPanel};
use crate::ui::status::{self, Status};
use crate::ui::task_card::TaskCard;
use crate::ui::top_bar::{self, TopBar};
use crate::ui::{
    banner, events, files, inspector, packets, reference, segments, shortcuts, stage, typing,
    workbench,
};

/// Shows the whole window.
pub(super) fn show(ui: &mut Ui, lab: &mut Lab, out: &mut Vec<Command>) {
    let size = ui.available_size();
    if (lab.height - size.y).abs() > 0.5 {
        lab.height = size.y;
        if lab.prefs.presenter {
            lab.restyle();
            lab.theme.apply(ui.ctx());
        }
    }
    if let Some(capture) = lab.capture.take() {
        lab.capture = Some(opened(ui, lab, capture, out));
        return;
    }
    lab.listings.update(
        &lab.lesson,
        &lab.settings,
        lab.prefs.code,
        lab.prefs.lang,
        lab.session.trace(),
        &lab.external,
    );
    // These are the only things that views change; they leave the lab for the frame.
    let mut markdown = std::mem::take(&mut lab.markdown);
    let mut table = std::mem::take(&mut lab.table);
    let mut on_wire = std::mem::take(&mut lab.segments);
    let narrow = size.x < 1150.0;
    let stage = lab.centre == Centre::Stage;
    // The workbench is wide: lists fold, and where there is little room it stands alone.
    bars(ui, lab, narrow || !stage, out);
    if lab.prefs.presenter {
        if stage {
            presenter_side(ui, lab, size, &mut markdown, out);
        }
    } else {
        if stage || !narrow {
            lesson_side(ui, lab, size, &mut markdown, out);
        }
        // In a low window the stage and the lesson come first.
        if stage && lab.prefs.inspector_open && size.y >= 520.0 {
            bottom(ui, lab, size, &mut table, out);
        }
    }
    let view = lab.view();
    let theme = view.theme;
    CentralPanel::default()
        .frame(
            Frame::new()
                .fill(theme.colours.ground)
                .inner_margin(margin(theme.gap(3.0))),
        )
        .show(ui, |ui| {
            within(ui, |ui| match lab.centre {
                Centre::Stage => stage::show(ui, &view, out),
                Centre::Workbench => {
                    workbench::show(ui, &view, &lab.workbench, &lab.bench(), out);
                }
                Centre::Segments => {
                    segments::show(ui, &view, &mut on_wire, lab.showing, out);
                }
                Centre::Reference => {
                    reference::show(ui, &view, &lab.reference, &lab.catalogue, out);
                }
            });
        });
    if lab.keys_shown {
        shortcuts::show(ui, &view, out);
    }
    lab.markdown = markdown;
    lab.table = table;
    lab.segments = on_wire;
}

/// A capture file instead of the lesson.
fn opened(
    ui: &mut Ui,
    lab: &Lab,
    mut capture: Box<super::Capture>,
    out: &mut Vec<Command>,
) -> Box<super::Capture> {
    let view = lab.view();
    if !lab.banners.is_empty() {
        let theme = view.theme;
        Panel::top("banners")
            .frame(
                Frame::new()
                    .fill(theme.colours.panel)
                    .inner_margin(margin(theme.gap(1.5))),
            )
            .show(ui, |ui| banner::show(ui, &view, &lab.banners, out));
    }
    let super::Capture {
        packets,
        inspector,
        name,
    } = &mut *capture;
    let title = packets::Title {
        name,
        closable: true,
    };
    packets::show(ui, &view, &title, packets, inspector, out);
    if lab.keys_shown {
        shortcuts::show(ui, &view, out);
    }
    capture
}

/// Shows `content` in all the room there is. Whatever it does, it takes no more: a panel must not
/// grow because something in it is long.
fn within(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let area = ui.available_rect_before_wrap();
    ui.allocate_rect(area, Sense::hover());
    let mut inner = ui.new_child(UiBuilder::new().max_rect(area));
    // A little more than the room, for outlines around what stands at its edge.
    inner.shrink_clip_rect(area.expand(6.0));
    content(&mut inner);
}

/// The id of a panel that can be resized. A window of quite another size gets the sizes that suit
/// it, not those that were dragged in the other.
fn class(panel: &str, window: egui::Vec2) -> Id {
    let step = |points: f32| (points / 200.0) as u32;
    Id::unique((panel, step(window.x), step(window.y)))
}

fn margin(points: f32) -> Margin {
    Margin::same(points.clamp(0.0, 100.0) as i8)
}

fn bars(ui: &mut Ui, lab: &Lab, narrow: bool, out: &mut Vec<Command>) {
    let view = lab.view();
    let theme = view.theme;
    let run = lab.session.run();
    let alive = run.is_some_and(|run| !run.is_finished());
    let bar = TopBar {
        running: alive && run.is_some_and(|run| run.mode() != Mode::Step),
        alive,
        recording: matches!(&lab.session, Session::Record { file: Some(_), .. }),
        speed: lab.prefs.speed,
        burst: lab.burst,
        burst_actor: lab.burst_actor,
        presenter: lab.prefs.presenter,
        centre: lab.centre,
    };
    let quiet = Frame::new().fill(theme.colours.panel);
    Panel::top("top bar")
        .frame(quiet.inner_margin(margin(theme.gap(if lab.prefs.presenter {
            1.0
        } else {
            2.0
        }))))
        .show(ui, |ui| top_bar::show(ui, &view, &bar, out));
    // In a narrow window the list comes when it is asked for, and goes once a lesson is chosen.
    let asked = Id::unique("lessons asked for");
    let listed = ui.data(|d| d.get_temp::<bool>(asked).unwrap_or(false));
    if !lab.banners.is_empty() {
        Panel::top("banners")
            .frame(quiet.inner_margin(margin(theme.gap(1.5))))
            .show(ui, |ui| banner::show(ui, &view, &lab.banners, out));
    }
    let asking = typing::asking(&view);
    if !asking.is_empty() {
        Panel::top("typing")
            .frame(quiet.inner_margin(margin(theme.gap(1.5))))
            .show(ui, |ui| typing::show(ui, &view, &asking, out));
    }
    let external_parts = externals(lab);
    let transfers = if lab.centre == Centre::Stage {
        files::transfers(&view)
    } else {
        Vec::new()
    };
    if !transfers.is_empty() {
        Panel::top("files")
            .frame(quiet.inner_margin(Margin::symmetric(
                theme.gap(3.0) as i8,
                theme.gap(1.0) as i8,
            )))
            .show(ui, |ui| files::show(ui, &view, &transfers));
    }
    let status = Status {
        recording: bar.recording,
        waiting_external: external_parts.iter().any(|e| e.on && !e.connected),
        open_at: external_parts.iter().find_map(open_at),
        not_recorded: run.map_or(0, crate::experiment::Run::not_recorded),
        gauges_unreadable: gauges_unreadable(lab),
    };
    // In a room, too: in which network the run is, and what else must be known beside the stage.
    let height = if lab.prefs.presenter { 0.25 } else { 1.0 };
    Panel::bottom("status")
        .frame(quiet.inner_margin(Margin::symmetric(
            theme.gap(3.0) as i8,
            theme.gap(height) as i8,
        )))
        .show(ui, |ui| status::show(ui, &view, &status));
    if !lab.prefs.presenter {
        let folded = if narrow {
            !listed
        } else {
            !lab.prefs.lessons_open
        };
        let list = LessonList {
            catalogue: &lab.catalogue,
            current: Some(&lab.lesson.id),
            progress: &lab.prefs.progress,
            route: lab.route(),
            steps_shown: lab.course.shown,
            folded,
        };
        let width = if folded {
            theme.gap(11.0)
        } else {
            theme.gap(51.0)
        };
        Panel::left("lessons")
            .resizable(false)
            .exact_size(width)
            .frame(quiet.inner_margin(margin(theme.gap(2.0))))
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .auto_shrink(false)
                    .show(ui, |ui| lesson_list::show(ui, &view, &list, out));
            });
        if narrow {
            let toggled = out.contains(&Command::ToggleLessons);
            let chosen = out
                .iter()
                .any(|c| matches!(c, Command::SelectLesson(_) | Command::ShowStep(..)));
            out.retain(|c| *c != Command::ToggleLessons);
            if toggled || chosen {
                ui.data_mut(|d| d.insert_temp(asked, toggled && !listed));
            }
        }
    }
}

fn lesson_panel<'a>(
    lab: &'a Lab,
    externals: &'a [External],
    tasks: &'a [TaskCard<'a>],
) -> LessonPanel<'a> {
    let course = &lab.course;
    let shown = course.shown;
    let step = lab.lesson.steps.get(shown);
    let last = shown + 1 >= lab.lesson.steps.len();
    let asks = step.is_some_and(|step| step.predict.is_some());
    let guess = course.predicted.get(&shown).copied();
    let onward = lab.onward().filter(|_| !course.is_reviewing());
    let beat = if course.revealed.contains(&shown) {
        if let Some(Onward::Stop(stop)) = onward {
            let next = lab.catalogue.get(&stop.lesson);
            lesson_panel::Beat::Onward(next.map_or("", |l| l.title(lab.prefs.lang)))
        } else if last {
            lesson_panel::Beat::Done
        } else {
            lesson_panel::Beat::Next
        }
    } else if course.beat == Beat::Releasing {
        lesson_panel::Beat::Releasing
    } else if asks && guess.is_none() {
        lesson_panel::Beat::Predict
    } else {
        lesson_panel::Beat::Release
    };
    LessonPanel {
        lesson: &lab.lesson,
        step: shown,
        beat,
        guess,
        votes: course.votes.get(&shown).map_or(&[], Vec::as_slice),
        truth: course
            .revealed
            .contains(&shown)
            .then(|| course.right.get(&shown).copied()),
        externals,
        tasks,
    }
}

/// Text in the middle, the buttons that lead through the steps below it, always in sight.
fn lesson_text(
    ui: &mut Ui,
    lab: &Lab,
    markdown: &mut egui_commonmark::CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let view = lab.view();
    let theme = view.theme;
    let externals = externals(lab);
    let tasks = lab.task_cards();
    let panel = lesson_panel(lab, &externals, &tasks);
    Panel::bottom("step buttons")
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().inner_margin(Margin::symmetric(0, theme.gap(1.5) as i8)))
        .show(ui, |ui| lesson_panel::show_buttons(ui, &view, &panel, out));
    CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        ScrollArea::vertical()
            .auto_shrink(false)
            .id_salt(("lesson text", &panel.lesson.id, panel.step))
            .show(ui, |ui| {
                lesson_panel::show(ui, &view, &panel, markdown, out);
                if !lab.prefs.presenter {
                    ui.add_space(theme.gap(4.0));
                    let area = ui
                        .scope(|ui| controls::show(ui, &view, &controls_of(lab), out))
                        .response
                        .rect;
                    stage::point(ui, &view, area, &[Focus::Controls]);
                    ui.add_space(theme.gap(3.0));
                    lesson_panel::show_externals(ui, &view, &panel, out);
                    lesson_panel::show_notes(ui, &view, &panel, lab.notes_shown, markdown, out);
                }
            });
    });
}

fn lesson_side(
    ui: &mut Ui,
    lab: &Lab,
    size: egui::Vec2,
    markdown: &mut egui_commonmark::CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let view = lab.view();
    let theme = view.theme;
    let listings = lab.listings.all();
    Panel::right(class("lesson", size))
        .resizable(true)
        .default_size((size.x * 0.3).clamp(230.0, 460.0))
        .size_range(200.0..=(size.x * 0.5).max(280.0))
        .frame(
            Frame::new()
                .fill(theme.colours.panel)
                .inner_margin(margin(theme.gap(3.0))),
        )
        .show(ui, |ui| {
            within(ui, |ui| {
                let height = ui.available_height();
                if height < 330.0 {
                    lesson_text(ui, lab, markdown, out);
                    return;
                }
                Panel::bottom(class("code", size))
                    .resizable(true)
                    .default_size((height * 0.3).clamp(110.0, 300.0))
                    .size_range(80.0..=(height * 0.7).max(100.0))
                    .frame(Frame::new().inner_margin(Margin {
                        top: theme.gap(2.0) as i8,
                        ..Margin::ZERO
                    }))
                    .show(ui, |ui| {
                        let pane = CodePane {
                            listings: &listings,
                            language: lab.prefs.code,
                            height: ui.available_height(),
                            saving: lab.saving(),
                        };
                        within(ui, |ui| {
                            code_pane::show(ui, &view, &pane, out);
                            stage::point(ui, &view, ui.max_rect(), &[Focus::Code]);
                        });
                    });
                CentralPanel::default()
                    .frame(Frame::new())
                    .show(ui, |ui| lesson_text(ui, lab, markdown, out));
            });
        });
}

/// In a room the stage takes the window; the step's text stands beside it, nothing else.
fn presenter_side(
    ui: &mut Ui,
    lab: &Lab,
    size: egui::Vec2,
    markdown: &mut egui_commonmark::CommonMarkCache,
    out: &mut Vec<Command>,
) {
    let theme = &lab.theme;
    Panel::right("presenter lesson")
        .resizable(false)
        .exact_size((size.x * 0.235).max(200.0))
        .frame(
            Frame::new()
                .fill(theme.colours.panel)
                .inner_margin(margin(theme.gap(2.0))),
        )
        .show(ui, |ui| {
            within(ui, |ui| lesson_text(ui, lab, markdown, out));
        });
}

fn bottom(
    ui: &mut Ui,
    lab: &Lab,
    size: egui::Vec2,
    table: &mut events::EventTable,
    out: &mut Vec<Command>,
) {
    let view = lab.view();
    let theme = view.theme;
    let selected = lab.selection.as_ref().is_some_and(|s| s.event.is_some());
    Panel::bottom(class("inspector", size))
        .resizable(true)
        .default_size((size.y * 0.17).clamp(118.0, 320.0))
        .size_range(80.0..=(size.y * 0.6).max(100.0))
        .frame(
            Frame::new()
                .fill(theme.colours.panel)
                .inner_margin(margin(theme.gap(2.0))),
        )
        .show(ui, |ui| {
            within(ui, |ui| {
                if selected {
                    let width = ui.available_width();
                    Panel::right(class("fields", size))
                        .resizable(true)
                        .default_size(width * 0.44)
                        .size_range(200.0..=(width * 0.7).max(220.0))
                        .frame(Frame::new().inner_margin(Margin {
                            left: theme.gap(2.0) as i8,
                            ..Margin::ZERO
                        }))
                        .show(ui, |ui| inspector::show(ui, &view, out));
                }
                CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
                    events::show(ui, &view, lab.showing, table, out);
                    stage::point(ui, &view, ui.max_rect(), &[Focus::Events]);
                });
            });
        });
}

fn controls_of(lab: &Lab) -> Controls<'_> {
    Controls {
        lesson: &lab.lesson,
        settings: &lab.settings,
        in_force: lab.session.run().map(|_| &lab.applied),
        can_undo: !lab.undo.is_empty(),
        can_redo: !lab.redo.is_empty(),
    }
}

fn externals(lab: &Lab) -> Vec<External> {
    let trace = lab.session.trace();
    lab.lesson
        .actors
        .iter()
        .enumerate()
        .filter(|(_, actor)| actor.may_be_external)
        .map(|(at, actor)| {
            let on = lab.external.get(at).copied().unwrap_or(false);
            let address = if actor.role == crate::trace::Role::Server {
                Some(("127.0.0.1".to_owned(), crate::lesson::EXTERNAL_PORT))
            } else {
                // A client of one's own goes through the attacker, too.
                let relay = trace.meta().relay;
                let relay = relay.and_then(|relay| listings::listening_at(trace, relay));
                relay.or_else(|| {
                    (0..lab.lesson.actors.len())
                        .find_map(|other| listings::listening_at(trace, ActorId(other as u8)))
                })
            };
            // The part played here is the one that others connect to.
            let may_open = on && actor.role == crate::trace::Role::Client;
            let reach = may_open.then_some(lab.reach);
            let open = reach == Some(Reach::Network);
            let here = lab.own_address.clone().filter(|_| open);
            let address = match (address, here) {
                (Some((_, port)), Some(here)) => Some((here, port)),
                (address, _) => address,
            };
            External {
                actor: ActorId(at as u8),
                on,
                reach,
                address,
                connected: on && !trace.connections().is_empty(),
            }
        })
        .collect()
}

/// Where other computers may connect, if they may.
fn open_at(external: &External) -> Option<String> {
    let open = external.reach == Some(Reach::Network);
    open.then(|| external.place()).flatten()
}

/// Has a connection been open long enough to be read, and nothing came of it?
fn gauges_unreadable(lab: &Lab) -> bool {
    cfg!(any(feature = "portable", not(target_os = "linux")))
        && !lab.session.trace().connections().is_empty()
}
