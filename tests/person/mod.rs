//! A person before the window: the window without a display, and clicks and keys that find
//! everything by its accessible name.

#![allow(dead_code, reason = "each file of tests needs another part of it")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use egui::accesskit::Role as Part;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socklab::i18n::{Lang, Phrase, panels};
use socklab::trace::{Facts, Mark, Phase};
use socklab::ui::fonts;
use socklab::ui::lab::{Lab, Prefs};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A person before the window.
pub(crate) struct Person {
    pub(crate) window: Harness<'static, Lab>,
    /// Something is new, say the actors.
    pub(crate) news: Receiver<()>,
    pub(crate) lang: Lang,
}

impl Person {
    pub(crate) fn at(lesson: &str, lang: Lang) -> Self {
        Self::with(lesson, lang, None)
    }

    pub(crate) fn with(lesson: &str, lang: Lang, folder: Option<&Path>) -> Self {
        let prefs = Prefs {
            lang,
            lesson: lesson.to_owned(),
            ..Prefs::default()
        };
        let (tell, news) = bounded(1);
        let waker = move || {
            let _ = tell.try_send(());
        };
        let lab = Lab::new(prefs, folder, Arc::new(waker));
        let look = lab.theme().clone();
        let window = Harness::builder()
            // As tall as all the controls are, so that everything can be clicked.
            .with_size(vec2(1400.0, 2200.0))
            .with_context_setup(move |ctx| {
                fonts::install(ctx, false);
                ctx.options_mut(|options| options.zoom_with_keyboard = false);
                look.apply(ctx);
            })
            .build_ui_state(
                |ui, lab: &mut Lab| {
                    lab.logic();
                    lab.ui(ui);
                },
                lab,
            );
        let mut person = Person { window, news, lang };
        person.look();
        person
    }

    pub(crate) fn lab(&self) -> &Lab {
        self.window.state()
    }

    pub(crate) fn say(&self, phrase: Phrase) -> &'static str {
        phrase.get(self.lang)
    }

    /// Sees what is new; texts are measured in one frame and placed in the next.
    pub(crate) fn look(&mut self) {
        self.window.run_steps(2);
    }

    /// Waits until something has come about.
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Lab) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let again = self.window.state_mut().logic();
            if done(self.lab()) {
                break;
            }
            assert!(
                Instant::now() < deadline,
                "{what}: {:?}, {:?}",
                self.facts(),
                self.lab().course()
            );
            let patience = Duration::from_millis(20);
            let _ = self
                .news
                .recv_timeout(again.map_or(patience, |again| again.min(patience)));
        }
        self.look();
    }

    pub(crate) fn facts(&self) -> Facts {
        let trace = self.lab().trace();
        trace.state_at(trace.len()).facts
    }

    /// Waits until client and server have stopped before the first call of the lesson.
    pub(crate) fn ready(&mut self) {
        self.until("both programs are at their gates", |lab| {
            marks(lab, Mark::Ready) == 2
        });
    }

    pub(crate) fn sees(&self, words: &str) -> bool {
        self.window.query_all_by_label(words).next().is_some()
    }

    pub(crate) fn sees_part(&self, words: &str) -> bool {
        self.window
            .query_all_by_label_contains(words)
            .next()
            .is_some()
    }

    #[track_caller]
    pub(crate) fn must_see(&self, words: &str) {
        assert!(self.sees(words), "{words:?} is not in sight");
    }

    #[track_caller]
    pub(crate) fn must_see_part(&self, words: &str) {
        assert!(self.sees_part(words), "{words:?} is not in sight");
    }

    /// Clicks the one widget of that name.
    #[track_caller]
    pub(crate) fn click(&mut self, words: &str) {
        self.window.get_by_label(words).click();
        self.look();
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.look();
    }

    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.look();
    }

    /// "Run it"; in Chinese the bar's Run is called the same, and stands further up.
    pub(crate) fn click_release(&mut self) {
        let words = self.say(panels::RELEASE);
        let buttons = self.window.query_all_by_role_and_label(Part::Button, words);
        let lowest = buttons.max_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        lowest.expect("the lesson's button").click();
        self.look();
    }

    pub(crate) fn step_button(&self, who: [&str; 2]) -> String {
        panels::STEP_ACTOR.fill(self.lang, &[("who", &who[self.lang as usize])])
    }

    pub(crate) fn step_client(&mut self) {
        let sends = self.facts().sends;
        self.click(&self.step_button(["client", "客户端"]));
        self.until("the client sends", |lab| facts(lab).sends == sends + 1);
    }

    pub(crate) fn step_server(&mut self) {
        let recvs = self.facts().recvs;
        self.click(&self.step_button(["server", "服务器"]));
        self.until("the server receives", |lab| facts(lab).recvs == recvs + 1);
    }

    /// Bytes of every recv on the main stream.
    pub(crate) fn recvs(&self) -> Vec<u64> {
        let trace = self.lab().trace();
        let stream = trace.main_stream().and_then(|id| trace.stream(id));
        stream.map_or_else(Vec::new, |stream| {
            stream.recvs().iter().map(|i| i.end - i.start).collect()
        })
    }
}

pub(crate) fn facts(lab: &Lab) -> Facts {
    let trace = lab.trace();
    trace.state_at(trace.len()).facts
}

pub(crate) fn marks(lab: &Lab, which: Mark) -> usize {
    let trace = lab.trace();
    let marks = (0..trace.len()).filter_map(|i| trace.event(i).as_mark());
    marks.filter(|mark| *mark == which).count()
}

pub(crate) fn finished(lab: &Lab) -> bool {
    lab.trace().live().phase == Phase::Finished && !lab.view().live.running
}
