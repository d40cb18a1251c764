//! The keyboard and the presenter's clicker.

use egui::{Context, Key, Modifiers};

use super::{Beat, Lab, Session};
use crate::i18n::Lang;
use crate::trace::Role;
use crate::ui::centre::Centre;
use crate::ui::command::Command;
use crate::ui::events::FILTER_FIELD;
use crate::ui::packets;
use crate::ui::reference::SEARCH_FIELD;

/// The commands of the keys pressed since the last frame. While a text is being typed, only keys
/// that no text needs count.
pub(super) fn read(ctx: &Context, lab: &Lab) -> Vec<Command> {
    if ctx.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Q)) {
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }
    let typing = ctx.text_edit_focused();
    let focused = ctx.memory(egui::Memory::focused).is_some();
    let mut out = Vec::new();
    let mut key = |modifiers: Modifiers, key: Key, command: &dyn Fn() -> Command| {
        if ctx.input_mut(|input| input.consume_key(modifiers, key)) {
            out.push(command());
        }
    };
    let prefs = lab.prefs();
    let (cmd, none) = (Modifiers::COMMAND, Modifiers::NONE);
    let zoom = |by: f32| Command::SetZoom((prefs.zoom * 10.0).round() / 10.0 + by);
    key(cmd, Key::Plus, &|| zoom(0.1));
    key(cmd, Key::Equals, &|| zoom(0.1));
    key(cmd, Key::Minus, &|| zoom(-0.1));
    key(cmd, Key::Num0, &|| Command::SetZoom(1.0));
    key(cmd, Key::O, &|| Command::OpenRecording);
    key(cmd, Key::S, &|| Command::SaveRecording);
    key(none, Key::F1, &|| Command::ToggleShortcuts);
    key(none, Key::F5, &|| Command::SetPresenter(!prefs.presenter));
    if lab.capture.is_some() {
        // The inspector has keys of its own; what runs and steps is out of sight.
        if lab.keys_shown {
            key(none, Key::Escape, &|| Command::ToggleShortcuts);
        }
        if !typing {
            key(none, Key::L, &|| match prefs.lang {
                Lang::En => Command::SetLang(Lang::Zh),
                Lang::Zh => Command::SetLang(Lang::En),
            });
            key(none, Key::T, &|| Command::SetThemeDark(!prefs.dark));
            key(none, Key::P, &|| Command::SetPresenter(!prefs.presenter));
            key(none, Key::Questionmark, &|| Command::ToggleShortcuts);
        }
        return out;
    }
    // A clicker sends these; nothing else does while somebody types one line.
    key(none, Key::PageDown, &|| Command::Beat);
    key(none, Key::PageUp, &|| Command::ReviewBack);
    if !typing {
        // On the workbench it is the workbench's change that is taken back.
        let undo = |again: bool| {
            let at_bench = (lab.centre == Centre::Workbench)
                .then(|| lab.workbench.undo(again))
                .flatten();
            match at_bench {
                Some(action) => Command::Workbench(action),
                None if again => Command::RedoSetting,
                None => Command::UndoSetting,
            }
        };
        key(cmd | Modifiers::SHIFT, Key::Z, &|| undo(true));
        key(cmd, Key::Z, &|| undo(false));
        key(cmd, Key::Y, &|| undo(true));
    }
    if lab.keys_shown {
        key(none, Key::Escape, &|| Command::ToggleShortcuts);
    }
    if typing {
        return out;
    }
    key(Modifiers::SHIFT, Key::Questionmark, &|| {
        Command::ToggleShortcuts
    });
    key(none, Key::Questionmark, &|| Command::ToggleShortcuts);
    // Space presses the button that has the focus, as everywhere; without one it runs and pauses.
    if !focused {
        let running = matches!(&lab.session, Session::Live(run)
            if !run.is_finished() && run.mode() != crate::experiment::Mode::Step);
        key(none, Key::Space, &|| {
            if running {
                Command::Pause
            } else {
                Command::Run
            }
        });
        key(none, Key::ArrowLeft, &|| Command::Back);
        key(none, Key::ArrowRight, &|| Command::Forward);
        key(none, Key::Home, &|| Command::Seek(0));
        key(none, Key::End, &|| Command::ToLive);
    }
    for (role, letter) in [(Role::Client, Key::C), (Role::Server, Key::S)] {
        if let Some(actor) = lab.first_of(role) {
            key(none, letter, &|| Command::Step(actor));
        }
    }
    key(none, Key::E, &|| Command::StepEither);
    key(none, Key::B, &|| Command::Burst(lab.burst_actor, lab.burst));
    key(none, Key::R, &|| Command::Reset);
    key(none, Key::X, &|| Command::Stop);
    key(none, Key::L, &|| match prefs.lang {
        Lang::En => Command::SetLang(Lang::Zh),
        Lang::Zh => Command::SetLang(Lang::En),
    });
    key(none, Key::T, &|| Command::SetThemeDark(!prefs.dark));
    key(none, Key::P, &|| Command::SetPresenter(!prefs.presenter));
    key(none, Key::W, &|| Command::ShowCentre(lab.centre.next()));
    key(none, Key::M, &|| Command::ToggleLessons);
    key(none, Key::I, &|| Command::ToggleInspector);
    if ctx.input_mut(|input| input.consume_key(none, Key::Slash)) {
        // The key must not end up as the first letter of the filter.
        ctx.input_mut(|input| input.events.retain(|e| !matches!(e, egui::Event::Text(_))));
        let field = if lab.centre == Centre::Segments {
            packets::FILTER_FIELD
        } else if lab.centre == Centre::Reference {
            SEARCH_FIELD
        } else {
            FILTER_FIELD
        };
        ctx.memory_mut(|memory| memory.request_focus(egui::Id::unique(field)));
    }
    let options = lab
        .lesson
        .steps
        .get(lab.course.step)
        .and_then(|step| step.predict.as_ref())
        .map_or(0, |predict| predict.options.len());
    if lab.course.beat == Beat::Ask && !lab.course.is_reviewing() {
        let digits = [
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
        ];
        for (option, digit) in digits.into_iter().enumerate().take(options) {
            let step = lab.course.step;
            key(none, digit, &|| {
                if prefs.presenter {
                    Command::Vote { step, option }
                } else {
                    Command::Predict { step, option }
                }
            });
        }
    }
    key(cmd, Key::N, &|| Command::NextClass);
    // Esc leaves one thing at a time, what lies on top first.
    key(none, Key::Escape, &|| {
        if let Some(banner) = lab.banners.last() {
            Command::DismissBanner(banner.id)
        } else if lab.selection.is_some() {
            Command::Select(None)
        } else if lab.cursor.is_some() {
            Command::ToLive
        } else {
            Command::SetPresenter(false)
        }
    });
    out
}
