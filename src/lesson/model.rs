//! What a lesson is, once its files have been read and found good.

use std::path::PathBuf;

use crate::experiment::program::{Num, Op, Program};
use crate::framing::FramingSpec;
use crate::i18n::Lang;
use crate::trace::{ActorId, Role, Trace};

use super::{
    AttackChoice, CaptureChoice, Check, Expr, LessonText, Messages, Overrides, Parameter,
    ParameterKind, Release, Settings, StepText, Task,
};

/// A lesson, complete and consistent: every reference in it leads somewhere.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Stable name, `sticky-merge`.
    pub id: String,
    /// Place in the list: the number its folder's name begins with.
    pub order: u32,
    /// Which part of the list it stands in.
    pub group: Group,
    /// How long it takes in class, minutes; 0 = its author does not say.
    pub minutes: u32,
    /// Who takes part; the position is the actor's [`ActorId`].
    pub actors: Vec<ActorDef>,
    /// The controls, in the order in which they are shown.
    pub parameters: Vec<Parameter>,
    /// Framing strategy: the default, and whether the student may choose another.
    pub framing: FramingChoice,
    /// What may stand between the ends: the default, and whether the student may choose.
    pub attack: AttackChoice,
    /// Whether and how packets are captured: the default, and whether the student may switch it.
    pub capture: CaptureChoice,
    /// The messages that `for_each_message` goes through.
    pub messages: Messages,
    /// The beats of the lesson, in order; at least one.
    pub steps: Vec<Step>,
    /// Claims that a run confirms.
    pub checks: Vec<Check>,
    /// What to bring about at the end.
    pub tasks: Vec<Task>,
    /// The texts, in the order of [`Lang::ALL`].
    pub texts: [LessonText; 2],
    /// Where it was read from.
    pub source: Source,
}

impl Default for Lesson {
    /// No lesson: nobody takes part and nothing is said. What the window shows when a folder of
    /// lessons has taken the last one away.
    fn default() -> Self {
        Lesson {
            id: String::new(),
            order: 0,
            group: Group::Explore,
            minutes: 0,
            actors: Vec::new(),
            parameters: Vec::new(),
            framing: FramingChoice {
                default: FramingSpec::default(),
                offered: false,
            },
            attack: AttackChoice::default(),
            capture: CaptureChoice::default(),
            messages: Messages::default(),
            steps: Vec::new(),
            checks: Vec::new(),
            tasks: Vec::new(),
            texts: Default::default(),
            source: Source::Embedded,
        }
    }
}

impl Lesson {
    /// The text in `lang`.
    pub fn text(&self, lang: Lang) -> &LessonText {
        &self.texts[lang as usize]
    }

    /// The title in `lang`.
    pub fn title(&self, lang: Lang) -> &str {
        &self.text(lang).title
    }

    /// The text of step `index`; the loader has made sure that there is one for each step.
    pub fn step_text(&self, index: usize, lang: Lang) -> Option<&StepText> {
        let id = &self.steps.get(index)?.id;
        self.text(lang).steps.iter().find(|s| s.id == *id)
    }

    /// The number of the actor of that name, or of a thread that serves one of its clients
    /// (`server_1`).
    pub fn actor_id(&self, name: &str) -> Option<ActorId> {
        let threads = thread_names(&self.actors, &self.parameters);
        let mut names = self.actors.iter().map(|a| &a.name).chain(&threads);
        let at = names.position(|known| known == name)?;
        u8::try_from(at).ok().map(ActorId)
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// The step at which a run has to begin so that step `index` can be reached: itself, or the
    /// last one before it that begins with a new run.
    pub fn opened_at(&self, index: usize) -> usize {
        let reached = self.steps.len().min(index + 1);
        self.steps[..reached]
            .iter()
            .rposition(|step| step.restart)
            .unwrap_or(0)
    }

    /// The settings that step `index` runs with when it is reached by way of the steps before it:
    /// the lesson's defaults, changed by each step since the last restart.
    pub fn settings_at(&self, index: usize) -> Settings {
        let mut settings = Settings::defaults(self);
        for step in self.steps.iter().take(index + 1) {
            if step.restart {
                settings = Settings::defaults(self);
            }
            settings.apply(&step.set);
        }
        settings
    }
}

/// The names of the threads that serve the actors' clients, in the order of their numbers.
pub(super) fn thread_names(actors: &[ActorDef], parameters: &[Parameter]) -> Vec<String> {
    actors
        .iter()
        .flat_map(|actor| (1..=actor.threads(parameters)).map(|n| format!("{}_{n}", actor.name)))
        .collect()
}

/// Which part of the list a lesson stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The course, in teaching order.
    Lessons,
    /// Open experiments: the playground.
    Explore,
}

/// One of those who take part.
#[derive(Clone, Debug)]
pub struct ActorDef {
    /// `client`; unique in the lesson.
    pub name: String,
    /// Its part.
    pub role: Role,
    /// What it does.
    pub program: Program,
    /// May a program outside the lab take this part?
    pub may_be_external: bool,
    /// Commands to copy for such a program.
    pub external: Vec<ExternalCommand>,
}

impl ActorDef {
    /// How many threads it may start to serve clients, whatever the parameters say.
    pub fn threads(&self, parameters: &[Parameter]) -> usize {
        let Some(Op::ServeEach { count, threads, .. }) = self.program.served().map(|n| &n.op)
        else {
            return 0;
        };
        if *threads == Num::Lit(0) {
            return 0;
        }
        let most = match count {
            Num::Lit(n) => *n,
            Num::Param(name) => parameters
                .iter()
                .find(|p| p.name == *name)
                .map_or(0, |p| match p.kind {
                    ParameterKind::Int { max, .. } => max,
                    _ => 1,
                }),
        };
        usize::try_from(most).unwrap_or(0)
    }
}

/// A command to copy into a terminal, by which an outside program takes an actor's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalCommand {
    /// What it is written in: `python3`, `nc`.
    pub tool: String,
    /// The command with `{host}` and `{port}`.
    pub template: String,
}

impl ExternalCommand {
    /// The command for that address.
    pub fn command(&self, host: &str, port: u16) -> String {
        self.template
            .replace("{host}", host)
            .replace("{port}", &port.to_string())
    }
}

/// Framing of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramingChoice {
    /// What the run begins with.
    pub default: FramingSpec,
    /// May the student choose another?
    pub offered: bool,
}

/// One beat of the lesson: predict, release, reveal.
#[derive(Clone, Debug)]
pub struct Step {
    /// Stable name; the texts' headings carry it.
    pub id: String,
    /// Does it begin with a new run? Its settings are then the lesson's defaults with [`Step::set`].
    pub restart: bool,
    /// Settings it changes. Without a restart these are live parameters only.
    pub set: Overrides,
    /// The calls it releases.
    pub release: Release,
    /// What the student is asked first.
    pub predict: Option<Prediction>,
    /// Where to look.
    pub focus: Option<Focus>,
}

/// A question whose answer the real run gives.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// One condition per option, in the order of the texts' options.
    pub options: Vec<Expr>,
}

impl Prediction {
    /// The option that came true: the first whose condition holds as of event `k`. An option that
    /// cannot be evaluated there (it speaks of a call that has not happened) has not come true.
    pub fn right(&self, trace: &Trace, k: u32, settings: &Settings) -> Option<usize> {
        self.options
            .iter()
            .position(|option| matches!(option.eval(trace, k, settings), Ok(true)))
    }
}

/// The part of the window that a step points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The whole pipe.
    Pipe,
    /// The send buffer.
    SendBuffer,
    /// The receive buffer.
    ReceiveBuffer,
    /// The decoder.
    Decoder,
    /// The whole boundary ruler.
    Ruler,
    /// The ruler's `send()` track.
    RulerSend,
    /// The ruler's `recv()` track.
    RulerRecv,
    /// The ruler's track of frames.
    RulerFrames,
    /// The timeline.
    Timeline,
    /// The code pane.
    Code,
    /// The controls.
    Controls,
    /// The framing control.
    Framing,
    /// The chooser of attacks.
    Wire,
    /// The controls of capturing.
    Capture,
    /// The table of events.
    Events,
}

impl Focus {
    /// Every value.
    pub const ALL: [Focus; 15] = [
        Focus::Pipe,
        Focus::SendBuffer,
        Focus::ReceiveBuffer,
        Focus::Decoder,
        Focus::Ruler,
        Focus::RulerSend,
        Focus::RulerRecv,
        Focus::RulerFrames,
        Focus::Timeline,
        Focus::Code,
        Focus::Controls,
        Focus::Framing,
        Focus::Wire,
        Focus::Capture,
        Focus::Events,
    ];

    /// The name in lesson files.
    pub fn name(self) -> &'static str {
        match self {
            Focus::Pipe => "pipe",
            Focus::SendBuffer => "pipe.send-buffer",
            Focus::ReceiveBuffer => "pipe.receive-buffer",
            Focus::Decoder => "pipe.decoder",
            Focus::Ruler => "ruler",
            Focus::RulerSend => "ruler.send",
            Focus::RulerRecv => "ruler.recv",
            Focus::RulerFrames => "ruler.frames",
            Focus::Timeline => "timeline",
            Focus::Code => "code",
            Focus::Controls => "controls",
            Focus::Framing => "framing",
            Focus::Wire => "wire",
            Focus::Capture => "capture",
            Focus::Events => "events",
        }
    }

    /// The value of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// Where a lesson was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is part of the program.
    Embedded,
    /// The lesson's own folder.
    Folder(PathBuf),
}
