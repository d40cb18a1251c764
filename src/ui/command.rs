//! What a person wants: the one language that buttons, keys, the clicker and tests speak.
//!
//! Views only push commands; the window's shell carries them out.

use std::sync::Arc;

use crate::experiment::codegen::Language;
use crate::experiment::{Attack, Reach};
use crate::framing::FramingSpec;
use crate::i18n::Lang;
use crate::lesson::{CaptureChange, Choose};
use crate::trace::ActorId;

use super::centre::Centre;
use super::reference;
use super::view::Selection;
use super::workbench::Action;

/// One wish. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Open the lesson of that id.
    SelectLesson(String),
    /// Let the programs run (start the run if there is none).
    Run,
    /// Hold the programs (not the kernel).
    Pause,
    /// Release one socket call of an actor.
    Step(ActorId),
    /// Release one call of whichever actor is not blocked.
    StepEither,
    /// Release that many calls back to back.
    Burst(ActorId, u32),
    /// End the run and make it anew with the same settings, before its first event.
    Reset,
    /// End the run; its record stays.
    Stop,
    /// Show the event before the one shown.
    Back,
    /// Show the event after the one shown.
    Forward,
    /// Show everything as of that many events.
    Seek(u32),
    /// Show the newest event and follow.
    ToLive,
    /// Give an actor that asks for a line this one.
    TypeLine(ActorId, String),
    /// Ask the person for a path, for that parameter of the lesson.
    ChoosePath(String, Choose),
    /// A parameter of the lesson and its new value, written as in a lesson file.
    SetParam(String, String),
    /// The same while a control is being dragged: however many, they are one change to undo.
    DragParam(String, String),
    /// The control has been let go.
    EndDrag,
    /// Choose how messages are framed.
    SetFraming(FramingSpec),
    /// Change whether and how packets are captured; begins a new run.
    SetCapture(CaptureChange),
    /// Make a new connection with the changed settings and replay up to the same step.
    Reconnect,
    /// Light up these bytes everywhere; `None`: nothing.
    Select(Option<Selection>),
    /// The clicker's "next": predict, release, reveal, next step, whichever comes now.
    Beat,
    /// The clicker's "previous": review, never rerun.
    ReviewBack,
    /// Choose an option of a step's prediction.
    Predict {
        /// Step, from 0.
        step: usize,
        /// Option, from 0.
        option: usize,
    },
    /// In a room: one more hand for an option of a step's prediction.
    Vote {
        /// Step, from 0.
        step: usize,
        /// Option, from 0.
        option: usize,
    },
    /// Prepare the run of one of the lesson's closing tasks, from 0.
    StartTask(usize),
    /// Show one hint more for a task.
    ShowHint(usize),
    /// Show that route through the lessons in their list; `None`: all of them.
    SetRoute(Option<String>),
    /// Show or hide the notes for the teacher.
    ToggleNotes,
    /// Ask whether all progress shall be forgotten.
    AskResetProgress,
    /// Forget which steps have been seen and which tasks solved.
    ResetProgress,
    /// Everything as for a new class: no lesson done, nothing predicted, the open lesson at its
    /// beginning.
    NextClass,
    /// Switch the language.
    SetLang(Lang),
    /// Dark or light.
    SetThemeDark(bool),
    /// For a room, or for a desk.
    SetPresenter(bool),
    /// Size of everything; 1 is normal.
    SetZoom(f32),
    /// Put a text on the clipboard.
    CopyText(String),
    /// Ask where the programs shall be written as files; asked already: give it up.
    AskScripts,
    /// The folder for them, as far as it is written.
    ScriptsInto(String),
    /// Write them.
    SaveScripts {
        /// What is there may be written over.
        over: bool,
    },
    /// Write the run to a recording.
    SaveRecording,
    /// Ask where, and write these bytes to a file.
    SaveFile {
        /// Suggested name, with its ending.
        name: String,
        /// What is written.
        bytes: Arc<Vec<u8>>,
    },
    /// Choose a recording to open.
    OpenRecording,
    /// Close the capture file on show.
    CloseCapture,
    /// Close a banner.
    DismissBanner(u64),
    /// At the event limit: run on without recording.
    KeepGoingUnrecorded,
    /// May other computers connect to this run? Holds until another lesson is chosen.
    SetReach(Reach),
    /// Let an external program take that actor's part, or give it back to the lab.
    SetExternal(ActorId, bool),
    /// Calls per second and program; `None` = as fast as the kernel allows.
    SetSpeed(Option<u32>),
    /// Let something else, or nothing, attack the wire; begins a new run.
    SetAttack(Attack),
    /// Take back the last change of a setting.
    UndoSetting,
    /// Make the change again that was taken back.
    RedoSetting,
    /// Set every parameter, the framing and the attack as the lesson began.
    ResetSettings,
    /// Show the programs in that programming language.
    SetCodeLanguage(Language),
    /// Show or hide the list of keys.
    ToggleShortcuts,
    /// Show or hide the list of lessons.
    ToggleLessons,
    /// Show or hide the packet inspector.
    ToggleInspector,
    /// Show that in the middle of the window.
    ShowCentre(Centre),
    /// Open the lesson of that id at that step, from 0, on the stage. A step that goes on from
    /// the run before it is reached by the last one that begins with a new run.
    ShowStep(String, usize),
    /// Something for the reference.
    Reference(reference::Wish),
    /// Something for the workbench.
    Workbench(Action),
}
