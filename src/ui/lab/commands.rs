//! What each command does.

use std::path::Path;

use crate::experiment::{Mode, Reach, Release as Released, own_address};
use crate::lesson::{CaptureChange, Choose, Onward, Parameter, ParameterKind, Release, Settings};
use crate::trace::{ActorId, EventId, Kind};

use super::tasks::Tasks;
use super::{Beat, Course, Lab, Session, UNDO, dialog, prefs};
use crate::i18n::{compare, files, panels, progress, window as text};
use crate::ui::banner::Grade;
use crate::ui::centre::Centre;
use crate::ui::command::Command;
use crate::ui::recording_text::recording_error;
use crate::ui::reference::Reference;

impl Lab {
    /// Does what the person asked for.
    pub fn apply(&mut self, command: Command) {
        if matches!(command, Command::Run | Command::Reset) && self.only_to_look_at() {
            return;
        }
        match command {
            Command::SelectLesson(id) => self.select_lesson(&id),
            Command::Run => self.run(),
            Command::Pause => {
                if let Some(run) = self.session.run_mut() {
                    run.pause();
                }
            }
            Command::Step(actor) => self.step(actor, 1),
            Command::Burst(actor, calls) => {
                (self.burst_actor, self.burst) = (actor, calls.clamp(1, 1_000));
                self.step(actor, self.burst);
            }
            Command::StepEither => self.step_either(),
            Command::Reset => {
                self.previous = None;
                self.start(Mode::Step, &[]);
            }
            Command::Stop => {
                if let Some(run) = self.session.run_mut() {
                    run.stop();
                }
            }
            Command::Back => self.walk(false),
            Command::Forward => self.walk(true),
            Command::Seek(k) => {
                let (_, len) = self.moment();
                // The newest event is where the run goes on, so being there means following it.
                self.cursor = (k < len).then_some(k);
            }
            Command::ToLive => self.cursor = None,
            Command::SetParam(name, value) => {
                self.set_param(&name, &value, true);
            }
            Command::DragParam(name, value) => self.drag_param(name, &value),
            Command::EndDrag => {
                // Dragged back to where it began, nothing has been changed.
                if self.dragged.take().is_some() && self.undo.back() == Some(&self.settings) {
                    self.undo.pop_back();
                }
            }
            Command::SetFraming(framing) => {
                if framing != self.settings.framing {
                    self.remember();
                    self.settings.framing = framing;
                    self.reconnect();
                }
            }
            Command::SetCapture(change) => self.set_capture(change),
            Command::SetAttack(attack) => {
                if attack != self.settings.attack {
                    self.remember();
                    self.settings.attack = attack;
                    self.reconnect();
                }
            }
            Command::UndoSetting => {
                self.dragged = None;
                if let Some(settings) = self.undo.pop_back() {
                    self.redo
                        .push(std::mem::replace(&mut self.settings, settings));
                    self.settings_changed();
                }
            }
            Command::RedoSetting => {
                self.dragged = None;
                if let Some(settings) = self.redo.pop() {
                    self.undo
                        .push_back(std::mem::replace(&mut self.settings, settings));
                    self.settings_changed();
                }
            }
            Command::ResetSettings => {
                self.remember();
                self.settings = Settings::defaults(&self.lesson);
                self.keep_capture();
                self.settings_changed();
            }
            Command::Reconnect => self.reconnect(),
            Command::Select(selection) => self.selection = selection,
            Command::Beat => self.beat(),
            Command::ReviewBack => self.course.review_back(),
            Command::Predict { step, option } => self.course.predict(step, option),
            Command::Vote { step, option } => self.course.vote(step, option),
            Command::NextClass => {
                self.prefs.progress.clear();
                self.prefs.speed = None;
                self.burst = 3;
                self.banners.clear();
                self.reference = Reference::default();
                self.centre = Centre::Stage;
                let id = self.lesson.id.clone();
                self.select_lesson(&id);
            }
            Command::StartTask(index) => self.start_task(index),
            Command::ShowHint(index) => self.show_hint(index),
            Command::SetRoute(route) => self.prefs.route = route,
            // Not in a room: what stands there is for the teacher alone.
            Command::ToggleNotes => self.notes_shown = !self.notes_shown && !self.prefs.presenter,
            Command::AskResetProgress => self.tell_with(
                Grade::Warning,
                |lang| progress::ASK.get(lang).to_owned(),
                vec![(progress::FORGET, Command::ResetProgress)],
            ),
            Command::ResetProgress => {
                self.prefs.progress.clear();
                self.banners.clear();
            }
            Command::SetLang(lang) => self.prefs.lang = lang,
            Command::SetThemeDark(dark) => {
                self.prefs.dark = dark;
                self.restyle();
            }
            Command::SetPresenter(presenter) => {
                self.prefs.presenter = presenter;
                self.notes_shown = false;
                self.restyle();
            }
            Command::SetZoom(zoom) => {
                self.prefs.zoom = zoom.clamp(*prefs::ZOOM.start(), *prefs::ZOOM.end());
            }
            Command::SetSpeed(speed) => {
                self.prefs.speed = speed;
                let Mode::Free { pace } = self.free_mode() else {
                    return;
                };
                if let Some(run) = self.session.run_mut()
                    && matches!(run.mode(), Mode::Free { .. })
                {
                    run.run_free(pace);
                }
            }
            Command::SetCodeLanguage(language) => self.prefs.code = language,
            // The frame does it: only its context has a clipboard.
            Command::CopyText(_) => {}
            Command::AskScripts => self.ask_scripts(),
            Command::ScriptsInto(folder) => self.scripts_into(folder),
            Command::SaveScripts { over } => self.save_scripts(over),
            Command::SaveRecording => self.dialog.save(self.suggested_name(), self.waker.clone()),
            Command::CloseCapture => self.capture = None,
            Command::SaveFile { name, bytes } => {
                self.dialog.write(name, bytes, self.waker.clone());
            }
            Command::ChoosePath(parameter, choose) => {
                self.dialog.path(parameter, choose, self.waker.clone());
            }
            Command::OpenRecording => self.dialog.open(self.waker.clone()),
            Command::DismissBanner(id) => self.banners.retain(|banner| banner.id != id),
            Command::KeepGoingUnrecorded => {
                if let Some(run) = self.session.run_mut() {
                    run.keep_going_unrecorded();
                }
                self.banners.clear();
            }
            Command::TypeLine(actor, line) => {
                if let Some(run) = self.session.run() {
                    run.type_line(actor, &line);
                }
            }
            Command::SetExternal(actor, external) => {
                if let Some(part) = self.external.get_mut(usize::from(actor.0)) {
                    *part = external;
                    if !external {
                        self.reach = Reach::Loopback;
                    }
                    // A program outside cannot be stepped; ours may as well go ahead and wait.
                    let mode = if external {
                        self.free_mode()
                    } else {
                        Mode::Step
                    };
                    self.previous = None;
                    self.start(mode, &[]);
                }
            }
            Command::SetReach(reach) => {
                self.reach = reach;
                self.own_address = own_address().map(|ip| ip.to_string());
                self.previous = None;
                self.start(self.free_mode(), &[]);
            }
            Command::ToggleLessons => self.prefs.lessons_open ^= true,
            Command::ToggleInspector => self.prefs.inspector_open ^= true,
            Command::ShowCentre(centre) => self.centre = centre,
            Command::ShowStep(id, step) => self.show_step(&id, step),
            Command::Reference(wish) => self.reference.apply(wish),
            Command::Workbench(action) => {
                self.at_the_bench(|workbench, bench| workbench.apply(&action, bench));
                self.stage_record();
            }
            Command::ToggleShortcuts => self.keys_shown ^= true,
        }
    }

    fn select_lesson(&mut self, id: &str) {
        let Some(lesson) = self.catalogue.get(id).cloned() else {
            return;
        };
        self.settings = lesson.settings_at(0);
        self.settings.capture.on |= self.prefs.capture && lesson.capture.offered;
        self.external = vec![false; lesson.actors.len()];
        self.reach = Reach::Loopback;
        self.burst_actor = ActorId(0);
        self.prefs.lesson.clone_from(&lesson.id);
        self.lesson = lesson;
        self.course = Course::default();
        self.tasks = Tasks::default();
        self.notes_shown = false;
        self.saving = None;
        self.previous = None;
        self.undo.clear();
        self.redo.clear();
        self.start(Mode::Step, &[]);
    }

    fn show_step(&mut self, id: &str, step: usize) {
        self.centre = Centre::Stage;
        self.select_lesson(id);
        if self.lesson.id != id {
            return;
        }
        let step = self.lesson.opened_at(step);
        self.course.step = step;
        self.course.shown = step;
        self.settings = self.lesson.settings_at(step);
        self.start(Mode::Step, &[]);
        self.previous = None;
    }

    /// A recording is looked at, not run, and no key may throw it away; says so if one is shown.
    fn only_to_look_at(&mut self) -> bool {
        let loaded = matches!(&self.session, Session::Record { file: Some(_), .. });
        if loaded {
            self.tell(Grade::Notice, |lang| {
                panels::NOT_LOADED.get(lang).to_owned()
            });
        }
        loaded
    }

    fn run(&mut self) {
        let Mode::Free { pace } = self.free_mode() else {
            return;
        };
        match &mut self.session {
            Session::Live(run) if !run.is_finished() => run.run_free(pace),
            _ => {
                self.start(Mode::Free { pace }, &[]);
            }
        }
        self.cursor = None;
    }

    fn step(&mut self, actor: ActorId, calls: u32) {
        if self.cursor.is_some() {
            for _ in 0..calls {
                self.walk_to_call(Some(actor));
            }
            return;
        }
        if self.only_to_look_at() {
            return;
        }
        if !matches!(&self.session, Session::Live(run) if !run.is_finished()) {
            self.start(Mode::Step, &[]);
        }
        if let Some(run) = self.session.run_mut() {
            run.release(Released { actor, calls });
        }
    }

    fn step_either(&mut self) {
        if self.cursor.is_some() {
            self.walk_to_call(None);
            return;
        }
        if self.only_to_look_at() {
            return;
        }
        if !matches!(&self.session, Session::Live(run) if !run.is_finished()) {
            self.start(Mode::Step, &[]);
        }
        let Some(run) = self.session.run_mut() else {
            return;
        };
        run.pause();
        if run.step_either().is_none() && !run.is_releasing() {
            self.tell(Grade::Notice, |lang| {
                text::NOBODY_CAN_STEP.get(lang).to_owned()
            });
        }
    }

    /// Walks the record to the next thing worth a look.
    fn walk(&mut self, forward: bool) {
        let (k, len) = self.moment();
        let shown = |i: EventId| {
            matches!(
                self.trace().event(i).kind,
                Kind::Begin | Kind::Blocked | Kind::Return | Kind::Frame | Kind::Step
            )
        };
        let target = if forward {
            (k..len).find(|&i| shown(i)).map_or(len, |i| i + 1)
        } else {
            (0..k.saturating_sub(1))
                .rev()
                .find(|&i| shown(i))
                .map_or(0, |i| i + 1)
        };
        self.cursor = (target < len).then_some(target);
    }

    /// In the past a step walks to the next call's end, of that actor or of any.
    fn walk_to_call(&mut self, actor: Option<ActorId>) {
        let (k, len) = self.moment();
        let meta = self.trace().meta();
        // A server's threads are stepped as it is.
        let goes =
            |who: ActorId, actor: ActorId| who == actor || meta.thread_of(who) == Some(actor);
        let target = (k..len)
            .find(|&i| {
                let event = self.trace().event(i);
                event.kind == Kind::Return && actor.is_none_or(|actor| goes(event.actor, actor))
            })
            .map_or(len, |i| i + 1);
        self.cursor = (target < len).then_some(target);
    }

    pub(super) fn remember(&mut self) {
        self.dragged = None;
        self.undo.push_back(self.settings.clone());
        self.redo.clear();
        while self.undo.len() > UNDO {
            self.undo.pop_front();
        }
    }

    /// Sets a parameter, as a step of its own to undo or as part of the one before. Says whether
    /// it changed.
    fn set_param(&mut self, name: &str, value: &str, own_step: bool) -> bool {
        let before = self.settings.clone();
        let lesson = self.lesson.clone();
        match self.settings.set(&lesson, name, value) {
            Ok(()) if self.settings == before => false,
            Ok(()) => {
                if own_step {
                    let after = std::mem::replace(&mut self.settings, before);
                    self.remember();
                    self.settings = after;
                }
                self.push_live();
                true
            }
            Err(error) => {
                self.tell(Grade::Error, |lang| error.said().get(lang));
                false
            }
        }
    }

    /// One movement of a control that is being dragged: only the first is a step to undo.
    fn drag_param(&mut self, name: String, value: &str) {
        if self.dragged.as_deref() == Some(&name) {
            self.set_param(&name, value, false);
        } else if self.set_param(&name, value, true) {
            self.dragged = Some(name);
        }
    }

    /// After undo, redo and defaults: live parameters at once, a changed framing or attack by a
    /// new run.
    fn settings_changed(&mut self) {
        self.push_live();
        if self.settings.framing != self.applied.framing
            || self.settings.attack != self.applied.attack
            || self.settings.capture != self.applied.capture
        {
            self.reconnect();
        }
    }

    /// Changes whether and how packets are captured, and begins anew.
    fn set_capture(&mut self, change: CaptureChange) {
        let mut capture = self.settings.capture.clone();
        capture.change(change);
        if capture == self.settings.capture {
            return;
        }
        self.remember();
        self.settings.capture = capture;
        self.keep_capture();
        // The same run in another network is no other run to compare with.
        let previous = self.previous.take();
        self.reconnect();
        self.previous = previous;
    }

    /// Whoever captures where the lesson does not ask for it wants to capture the next one, too.
    fn keep_capture(&mut self) {
        if !self.lesson.capture.default.on {
            self.prefs.capture = self.settings.capture.on;
        }
    }

    /// Hands live parameters that changed to the run.
    fn push_live(&mut self) {
        let Session::Live(run) = &mut self.session else {
            return;
        };
        for parameter in self.lesson.parameters.iter().filter(|p| p.live) {
            let value = self.settings.get(&parameter.name);
            if let Some(value) = value.filter(|v| Some(*v) != self.applied.get(&parameter.name)) {
                run.set_param(&parameter.name, value);
                // It was checked when it was set.
                let _ = self
                    .applied
                    .set_value(&self.lesson, &parameter.name, value.clone());
            }
        }
    }

    /// A new run with the settings as they stand, brought to where the old one was: the same
    /// calls released, or running freely. The old one's record stays beside it.
    fn reconnect(&mut self) {
        let framing = self.applied.framing.clone();
        let (mode, calls) = match &self.session {
            Session::Live(run) => match run.mode() {
                Mode::Step => (Mode::Step, run.released().to_vec()),
                free @ Mode::Free { .. } => (free, Vec::new()),
            },
            Session::Record { .. } => (Mode::Step, Vec::new()),
        };
        if let Some(old) = self.start(mode, &calls) {
            self.previous = Some((old, framing));
        }
    }

    /// The clicker's "next".
    fn beat(&mut self) {
        if self.course.is_reviewing() {
            self.course.shown += 1;
            return;
        }
        let Some(step) = self.lesson.steps.get(self.course.step).cloned() else {
            return;
        };
        match self.course.beat {
            Beat::Releasing => {}
            Beat::Revealed => {
                let to = match self.onward() {
                    Some(Onward::Stop(next)) => {
                        let lesson = next.lesson.clone();
                        let first = self.catalogue.get(&lesson).map_or(0, |l| next.first(l));
                        return self.show_step(&lesson, first);
                    }
                    Some(Onward::Step(to)) => to,
                    None => self.course.step + 1,
                };
                if self.course.advance(to, self.lesson.steps.len()) {
                    let reached = self.course.step;
                    if let Some(run) = self.session.run_mut() {
                        run.mark_step(reached);
                    }
                    self.prepare_step();
                }
            }
            Beat::Ask => {
                self.cursor = None;
                self.release(&step.release);
                if step.release == Release::Nothing {
                    self.reveal();
                    if step.predict.is_none() {
                        // Nothing was asked and nothing released: one press is enough.
                        self.beat();
                    }
                } else {
                    self.course.beat = Beat::Releasing;
                }
            }
        }
    }

    /// What a step sets, and its new connection where it begins with one, stands on the stage
    /// before its question is asked.
    fn prepare_step(&mut self) {
        let Some(step) = self.lesson.steps.get(self.course.step).cloned() else {
            return;
        };
        if step.restart {
            self.settings = self.lesson.settings_at(self.course.step);
            self.settings.capture.on |= self.prefs.capture && self.lesson.capture.offered;
            let framing = self.applied.framing.clone();
            self.previous = self.start(Mode::Step, &[]).map(|old| (old, framing));
        } else if !step.set.is_empty() {
            self.settings.apply(&step.set);
            self.push_live();
        }
    }

    fn release(&mut self, release: &Release) {
        match release {
            Release::Nothing => {}
            Release::Run => self.run(),
            Release::Calls(schedule) => {
                if !matches!(&self.session, Session::Live(run) if !run.is_finished()) {
                    self.start(Mode::Step, &[]);
                }
                let lesson = self.lesson.clone();
                if let Some(run) = self.session.run_mut() {
                    for call in lesson.releases(schedule) {
                        run.release(call);
                    }
                }
            }
        }
    }

    /// A file was dragged onto the window: in a lesson that sends files, unless it is a recording or
    /// a capture, that is the one to send.
    pub(super) fn dropped(&mut self, file: &Path) {
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        let opens = ["socklab", "pcap", "pcapng", "cap", "gz"];
        let takes = |p: &&Parameter| {
            matches!(
                p.kind,
                ParameterKind::Text {
                    choose: Some(Choose::File),
                    ..
                }
            )
        };
        let parameter = self.lesson.parameters.iter().find(takes);
        let Some(parameter) = parameter.filter(|_| !opens.contains(&&*ending.to_lowercase()))
        else {
            return self.open_recording(file);
        };
        let name = parameter.name.clone();
        self.apply(Command::SetParam(name, file.display().to_string()));
        let file = file.display();
        self.tell(Grade::Notice, |lang| {
            files::NOW_SENDS.fill(lang, &[("file", &file)])
        });
    }

    fn suggested_name(&self) -> String {
        format!("{}.socklab", self.session.trace().meta().lesson)
    }

    pub(super) fn dialog_answered(&mut self, answer: dialog::Answer) {
        match answer {
            dialog::Answer::Open(file) => self.open_recording(&file),
            dialog::Answer::Path(parameter, path) => {
                // The person may have gone on to another lesson meanwhile.
                if self.lesson.parameter(&parameter).is_some() {
                    let path = path.display().to_string();
                    self.apply(Command::SetParam(parameter, path));
                }
            }
            dialog::Answer::Write(file, bytes) => {
                let file_name = file.display();
                match std::fs::write(&file, bytes.as_slice()) {
                    Ok(()) => self.tell(Grade::Notice, |lang| {
                        compare::SAVED.fill(lang, &[("file", &file_name)])
                    }),
                    Err(why) => self.tell(Grade::Error, |lang| {
                        compare::NOT_SAVED.fill(lang, &[("file", &file_name), ("why", &why)])
                    }),
                }
            }
            dialog::Answer::Save(file) => {
                let result = crate::trace::recording::save(self.session.trace(), &file);
                match result {
                    Ok(()) => {
                        self.tell(Grade::Notice, |lang| {
                            text::RECORDING_SAVED.fill(lang, &[("file", &file.display())])
                        });
                    }
                    Err(error) => self.tell(Grade::Error, |lang| recording_error(&error, lang)),
                }
            }
        }
    }
}
