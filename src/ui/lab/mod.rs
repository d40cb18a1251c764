//! The lab behind the window: what is on the stage, where the lesson is, and what each
//! [`Command`] does. It knows no widget; `layout` arranges the views, `window` opens the window.

mod capture;
mod commands;
mod course;
mod dialog;
mod keys;
mod layout;
mod listings;
mod picture;
mod prefs;
mod progress;
mod scripts;
mod session;
mod tasks;
mod watch;
mod window;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::experiment::{Mode, Notice, Reach, Release as Released, Run};
use crate::framing::FramingSpec;
use crate::i18n::{Lang, Phrase, window as text};
use crate::lesson::{Catalogue, Lesson, Onward, Release, Route, Settings};
use crate::net::Waker;
use crate::trace::{ActorId, Role, State, Trace, recording};

use egui_commonmark::CommonMarkCache;

use super::banner::{Banner, Both, Grade, both};
use super::centre::Centre;
use super::command::Command;
use super::events::EventTable;
use super::recording_text::{recording_cut, recording_error};
use super::reference::Reference;
use super::segments::Segments;
use super::theme::Theme;
use super::view::{LiveStatus, Selection, View};
use super::workbench::{Bench, Workbench};

pub use capture::Capture;
pub use course::{Beat, Course};
pub use picture::Picture;
pub use prefs::Prefs;
pub use progress::{Progress, Tally};
pub use session::Session;
pub use window::open_window;

/// How long one frame may spend taking in what the actors did.
const DRAIN: Duration = Duration::from_millis(4);

/// How often "blocked 1.2 s" is brought up to date.
const BLOCKED_CLOCK: Duration = Duration::from_millis(200);

/// Banners shown at once; older ones make room.
const BANNERS: usize = 4;

/// Settings that can be undone.
const UNDO: usize = 100;

/// The lab.
pub struct Lab {
    catalogue: Catalogue,
    folder: Option<PathBuf>,
    lesson: Arc<Lesson>,
    settings: Settings,
    undo: VecDeque<Settings>,
    redo: Vec<Settings>,
    /// The parameter whose control is being dragged: its values on the way are no steps to undo.
    dragged: Option<String>,
    /// Settings of the run on the stage; where they differ from `settings`, a new connection is
    /// needed.
    applied: Settings,
    external: Vec<bool>,
    /// Who may connect to the run, and where other computers find this one.
    reach: Reach,
    own_address: Option<String>,
    session: Session,
    previous: Option<(Trace, FramingSpec)>,
    /// Events shown; `None` follows the newest.
    cursor: Option<u32>,
    state: State,
    selection: Option<Selection>,
    table: EventTable,
    /// Tells one trace from another.
    showing: u64,
    markdown: CommonMarkCache,
    listings: listings::Listings,
    course: Course,
    tasks: tasks::Tasks,
    prefs: Prefs,
    theme: Theme,
    /// Of the window, in points.
    height: f32,
    banners: Vec<Banner>,
    next_banner: u64,
    burst: u32,
    burst_actor: ActorId,
    keys_shown: bool,
    /// The teacher has asked for the notes.
    notes_shown: bool,
    /// The person is asked where to write the programs.
    saving: Option<scripts::Asking>,
    centre: Centre,
    workbench: Workbench,
    reference: Reference,
    segments: Segments,
    waker: Waker,
    dialog: dialog::Dialog,
    capture: Option<Box<Capture>>,
    opening: Option<capture::Opening>,
    watch: Option<watch::Watch>,
}

impl Lab {
    /// A lab with the embedded lessons and those of `folder`; `waker` is called from any thread
    /// when there is something new to show.
    pub fn new(prefs: Prefs, folder: Option<&Path>, waker: Waker) -> Self {
        let catalogue = load(folder);
        let watch = folder.and_then(|folder| watch::Watch::new(folder, waker.clone()).ok());
        let lesson = catalogue
            .get(&prefs.lesson)
            .or_else(|| catalogue.lessons.first())
            .cloned()
            .unwrap_or_default();
        let theme = theme_for(&prefs, 800.0);
        let mut settings = lesson.settings_at(0);
        settings.capture.on |= prefs.capture && lesson.capture.offered;
        let mut lab = Lab {
            external: vec![false; lesson.actors.len()],
            reach: Reach::Loopback,
            own_address: None,
            applied: settings.clone(),
            catalogue,
            folder: folder.map(Path::to_owned),
            lesson,
            settings,
            undo: VecDeque::new(),
            redo: Vec::new(),
            dragged: None,
            session: Session::empty(),
            previous: None,
            cursor: None,
            state: State::default(),
            selection: None,
            table: EventTable::default(),
            showing: 0,
            markdown: CommonMarkCache::default(),
            listings: listings::Listings::default(),
            course: Course::default(),
            tasks: tasks::Tasks::default(),
            theme,
            height: 800.0,
            banners: Vec::new(),
            next_banner: 0,
            burst: 3,
            burst_actor: ActorId(0),
            keys_shown: false,
            notes_shown: false,
            saving: None,
            centre: Centre::default(),
            workbench: Workbench::default(),
            reference: Reference::default(),
            segments: Segments::default(),
            waker,
            dialog: dialog::Dialog::default(),
            capture: None,
            opening: None,
            watch,
            prefs,
        };
        lab.start(Mode::Step, &[]);
        lab
    }

    /// What the window remembers.
    pub fn prefs(&self) -> &Prefs {
        &self.prefs
    }

    /// What happened so far in the run on the stage.
    pub fn trace(&self) -> &Trace {
        self.session.trace()
    }

    /// The lesson on show.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The settings as they stand.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the class is in it.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The theme in use.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Where the route that is shown goes on from the step reached.
    fn onward(&self) -> Option<Onward<'_>> {
        self.route()?.onward(&self.lesson, self.course.step)
    }

    /// The route through the lessons that the list shows, if it is one.
    fn route(&self) -> Option<&Route> {
        let id = self.prefs.route.as_ref()?;
        self.catalogue.routes.iter().find(|route| route.id == *id)
    }

    /// Events shown, of how many.
    pub fn moment(&self) -> (u32, u32) {
        let len = self.trace().len();
        (self.cursor.map_or(len, |k| k.min(len)), len)
    }

    /// Shows a recording, or a capture file.
    pub fn open_recording(&mut self, file: &Path) {
        if crate::wire::file::sniff(file) {
            self.open_capture(file);
            return;
        }
        match recording::load(file) {
            Ok(loaded) => {
                if loaded.lost.is_some() {
                    self.tell(Grade::Warning, |lang| {
                        recording_cut(&loaded, file, lang).unwrap_or_default()
                    });
                }
                self.show_recording(loaded.trace, Some(file.to_owned()));
            }
            Err(error) => self.tell(Grade::Error, |lang| recording_error(&error, lang)),
        }
    }

    /// Puts a trace on the stage as a recording.
    pub fn show_recording(&mut self, trace: Trace, file: Option<PathBuf>) {
        if let Some(lesson) = self.catalogue.get(&trace.meta().lesson).cloned()
            && lesson.id != self.lesson.id
        {
            self.course = Course::default();
            self.tasks = tasks::Tasks::default();
            self.lesson = lesson;
        }
        let mut settings = Settings::defaults(&self.lesson);
        for (name, value) in &trace.meta().settings {
            // A recording of another version may name what is no more.
            let _ = settings.set(&self.lesson, name, value);
        }
        if let Ok(framing) = trace.meta().framing.parse() {
            settings.framing = framing;
        }
        settings.attack = trace.meta().attack.parse().unwrap_or_default();
        self.settings = settings.clone();
        self.applied = settings;
        self.previous = None;
        self.capture = None;
        self.replace(Session::record(trace, file));
    }

    /// Puts what the workbench made for the stage there.
    fn stage_record(&mut self) {
        if let Some(record) = self.workbench.take_record() {
            self.centre = Centre::Stage;
            self.show_recording(record.trace, None);
            if let Some(notice) = record.notice {
                self.tell(Grade::Notice, |lang| notice[lang as usize].clone());
            }
        }
    }

    fn replace(&mut self, session: Session) -> Session {
        self.cursor = None;
        self.selection = None;
        self.showing += 1;
        let old = std::mem::replace(&mut self.session, session);
        self.refresh();
        old
    }

    /// Starts the lesson's run with the settings as they stand, ending the one before, and
    /// releases `calls` in it. Gives what was on the stage before.
    fn start(&mut self, mode: Mode, calls: &[Released]) -> Option<Trace> {
        self.banners.retain(|banner| !banner.of_run);
        // First the end of the old, so that its port and its threads are free.
        let old = self.replace(Session::empty()).into_trace();
        let mut spec = self.lesson.run_spec(&self.settings, mode, &self.external);
        spec.attended = true;
        spec.reach = self.reach;
        match Run::start(&spec, self.waker.clone()) {
            Ok(mut run) => {
                for call in calls {
                    run.release(*call);
                }
                run.mark_step(self.course.step);
                self.applied = self.settings.clone();
                self.replace(Session::Live(Box::new(run)));
            }
            Err(error) => self.tell(Grade::Error, |_| error.to_string()),
        }
        (!old.is_empty()).then_some(old)
    }

    fn free_mode(&self) -> Mode {
        let pace = self.prefs.speed.map_or(Duration::ZERO, |calls| {
            Duration::from_secs(1) / calls.max(1)
        });
        Mode::Free { pace }
    }

    /// Takes in what happened since the last call, for a bounded time. Says when it wants to be
    /// called again though nobody wakes it.
    pub fn logic(&mut self) -> Option<Duration> {
        self.reload_lessons();
        if let Some(answer) = self.dialog.take() {
            self.dialog_answered(answer);
        }
        self.capture_opened();
        let mut again = None;
        if let Session::Live(run) = &mut self.session {
            run.poll(DRAIN);
            again = run.poll_again_in();
            for notice in run.take_notices() {
                self.notice(notice);
            }
        }
        self.beat_over();
        self.judge_tasks();
        self.refresh();
        let at_bench = self.at_the_bench(Workbench::logic);
        self.stage_record();
        [again, at_bench].into_iter().flatten().min()
    }

    /// What stands in the middle of the window.
    pub fn centre(&self) -> Centre {
        self.centre
    }

    /// The view of the run's segments.
    pub fn segments(&self) -> &Segments {
        &self.segments
    }

    /// The view of the run's segments.
    pub fn segments_mut(&mut self) -> &mut Segments {
        &mut self.segments
    }

    /// The framing workbench.
    pub fn workbench(&self) -> &Workbench {
        &self.workbench
    }

    /// Lets the workbench work with what is on the stage.
    fn at_the_bench<T>(&mut self, work: impl FnOnce(&mut Workbench, &Bench<'_>) -> T) -> T {
        let mut workbench = std::mem::take(&mut self.workbench);
        let result = work(&mut workbench, &self.bench());
        self.workbench = workbench;
        result
    }

    fn bench(&self) -> Bench<'_> {
        Bench {
            trace: self.session.trace(),
            showing: self.showing,
            lesson: &self.lesson,
            settings: &self.settings,
            step: self.course.step,
            external: &self.external,
            lang: self.prefs.lang,
            visible: self.centre == Centre::Workbench,
            waker: &self.waker,
        }
    }

    fn refresh(&mut self) {
        let (k, _) = self.moment();
        let trace = self.session.trace();
        if self.state.k != k || self.state.actors.is_empty() {
            self.state = trace.state_at(k);
        }
    }

    /// When everything a step released is over, the answer stands on the stage.
    fn beat_over(&mut self) {
        if self.course.beat != Beat::Releasing {
            return;
        }
        let free = self
            .lesson
            .steps
            .get(self.course.step)
            .is_some_and(|step| step.release == Release::Run);
        let over = match &self.session {
            Session::Live(run) if free => run.is_finished(),
            Session::Live(run) => run.is_finished() || !run.is_releasing() && run.is_settled(),
            Session::Record { .. } => true,
        };
        if over {
            // What came to rest flushed before it did; this takes it in.
            if let Session::Live(run) = &mut self.session {
                run.poll(DRAIN);
            }
            self.reveal();
        }
    }

    fn reveal(&mut self) {
        let trace = self.session.trace();
        let right = self
            .lesson
            .steps
            .get(self.course.step)
            .and_then(|step| step.predict.as_ref())
            .and_then(|predict| predict.right(trace, trace.len(), &self.applied));
        self.course.reveal(right);
        if let Some(step) = self.lesson.steps.get(self.course.step) {
            self.prefs.progress.saw(&self.lesson.id, &step.id);
        }
    }

    fn notice(&mut self, notice: Notice) {
        match notice {
            Notice::StillBlocked(actor) => {
                self.tell_of_run(text::STILL_BLOCKED, actor, Vec::new());
            }
            Notice::HasEnded(actor) => {
                let reset = vec![(text::RESET_RUN, Command::Reset)];
                self.tell_of_run(text::HAS_ENDED, actor, reset);
            }
            Notice::EventLimit(events) => {
                let banner = Banner::limit(self.next_banner, events);
                self.push_banner(banner);
            }
            Notice::PayloadBudget(bytes) => self.tell(Grade::Notice, |lang| {
                text::PAYLOAD_BUDGET.fill(lang, &[("mib", &(bytes >> 20))])
            }),
        }
    }

    /// Shows a banner; `what` says it in either language.
    fn tell(&mut self, grade: Grade, what: impl Fn(Lang) -> String) {
        self.tell_with(grade, what, Vec::new());
    }

    fn tell_with(
        &mut self,
        grade: Grade,
        what: impl Fn(Lang) -> String,
        buttons: Vec<(Phrase, Command)>,
    ) {
        let what = both(what);
        // The same news twice is the same banner.
        self.banners.retain(|banner| banner.what != what);
        self.push_banner(Banner {
            id: self.next_banner,
            grade,
            what,
            cure: Both::default(),
            buttons,
            of_run: false,
        });
    }

    /// Says what holds as long as this run is on the stage. What a lesson lets go by itself may well
    /// be held or find its program ended: that is not worth a word.
    fn tell_of_run(&mut self, phrase: Phrase, actor: ActorId, buttons: Vec<(Phrase, Command)>) {
        if self.course.beat == Beat::Releasing {
            return;
        }
        let trace = self.session.trace();
        let names = Lang::ALL.map(|lang| super::why::actor_name(trace, actor, lang));
        let say = |lang: Lang| phrase.fill(lang, &[("actor", &names[lang as usize])]);
        self.tell_with(Grade::Notice, say, buttons);
        if let Some(banner) = self.banners.last_mut() {
            banner.of_run = true;
        }
    }

    fn push_banner(&mut self, banner: Banner) {
        self.banners.push(banner);
        self.next_banner += 1;
        while self.banners.len() > BANNERS {
            self.banners.remove(0);
        }
    }

    fn reload_lessons(&mut self) {
        if !self.watch.as_ref().is_some_and(watch::Watch::changed) {
            return;
        }
        self.catalogue = load(self.folder.as_deref());
        if let Some(lesson) = self.catalogue.get(&self.lesson.id).cloned() {
            // Its texts and steps at once; its run when the person starts it anew, so that
            // nothing on the stage is lost by saving a file.
            let steps = lesson.steps.len();
            let same_actors = lesson.actors.len() == self.lesson.actors.len();
            self.settings = self.settings.carried_over(&self.lesson, &lesson);
            self.undo.clear();
            self.redo.clear();
            self.lesson = lesson;
            self.tasks = tasks::Tasks::default();
            self.course.step = self.course.step.min(steps.saturating_sub(1));
            self.course.shown = self.course.shown.min(self.course.step);
            if !same_actors {
                self.apply(Command::SelectLesson(self.lesson.id.clone()));
            }
        }
        self.tell(Grade::Notice, |lang| {
            text::LESSONS_RELOADED.get(lang).to_owned()
        });
    }

    fn live_status(&self) -> LiveStatus {
        let run = self.session.run();
        LiveStatus {
            following: self.cursor.is_none(),
            running: run.is_some_and(|run| !run.is_finished()),
            paused: run.is_some_and(|run| !run.is_finished() && run.mode() == Mode::Step),
            step_mode: run.is_some_and(|run| run.mode() == Mode::Step),
            now: run.filter(|run| !run.is_finished()).map(Run::now),
            dropped: run.map_or(0, Run::not_recorded),
        }
    }

    /// One frame: shows the window's contents and does what keys and buttons ask for.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let mut out = keys::read(&ctx, self);
        layout::show(ui, self, &mut out);
        if !out.is_empty() {
            ctx.request_repaint();
        }
        for command in out {
            match command {
                Command::CopyText(text) => ctx.copy_text(text),
                command => self.apply(command),
            }
        }
        // A blocked call's clock goes on though nothing happens.
        let blocked = self
            .state
            .actors
            .iter()
            .any(|actor| actor.blocked_since.is_some());
        if blocked && self.live_status().now.is_some() && self.cursor.is_none() {
            ctx.request_repaint_after(BLOCKED_CLOCK);
        }
    }

    /// What the views look at.
    pub fn view(&self) -> View<'_> {
        View {
            trace: self.session.trace(),
            k: self.state.k,
            state: &self.state,
            lang: self.prefs.lang,
            theme: &self.theme,
            selection: self.selection.as_ref(),
            previous: self.previous.as_ref().map(|(trace, _)| trace),
            framing: &self.applied.framing,
            previous_framing: self.previous.as_ref().map(|(_, framing)| framing),
            swapped: self.lesson.reads_swapped(&self.applied),
            live: self.live_status(),
            presenter: self.prefs.presenter,
            focus: self
                .lesson
                .steps
                .get(self.course.shown)
                .and_then(|step| step.focus),
        }
    }

    /// The look for a window of that height in points.
    fn restyle(&mut self) {
        self.theme = theme_for(&self.prefs, self.height);
    }

    /// The first actor that plays that part.
    fn first_of(&self, role: Role) -> Option<ActorId> {
        let at = self.lesson.actors.iter().position(|a| a.role == role)?;
        Some(ActorId(at as u8))
    }
}

fn theme_for(prefs: &Prefs, height: f32) -> Theme {
    if prefs.presenter {
        Theme::presenter(prefs.dark, height)
    } else {
        Theme::desk(prefs.dark)
    }
}

fn load(folder: Option<&Path>) -> Catalogue {
    let embedded = Catalogue::load_embedded();
    match folder {
        Some(folder) => embedded.with_local(Catalogue::load_dir(folder)),
        None => embedded,
    }
}
