//! A person before the window, with the workbench open over a run made beforehand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socklab::i18n::{Lang, Phrase};
use socklab::lesson::{Catalogue, Release, Settings};
use socklab::ui::fonts;
use socklab::ui::lab::{Lab, Prefs};

const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Person {
    pub(crate) window: Harness<'static, Lab>,
    news: Receiver<()>,
    pub(crate) lang: Lang,
}

impl Person {
    /// Before the workbench, with that many hellos sent and received by one recv.
    pub(crate) fn with_three_hellos_in_one_recv(lang: Lang) -> Self {
        let catalogue = Catalogue::load_embedded();
        let lesson = catalogue.get("sticky-merge").expect("the lesson");
        let release = Release::Calls("client*3 server".parse().expect("a schedule"));
        let trace = lesson
            .run_headless(&Settings::defaults(lesson), &release)
            .expect("a run");
        let prefs = Prefs {
            lang,
            lesson: "sticky-merge".to_owned(),
            ..Prefs::default()
        };
        let (tell, news) = bounded(1);
        let waker = move || {
            let _ = tell.try_send(());
        };
        let mut lab = Lab::new(prefs, None, Arc::new(waker));
        lab.show_recording(trace, None);
        let look = lab.theme().clone();
        let window = Harness::builder()
            .with_size(vec2(1400.0, 1500.0))
            .with_context_setup(move |ctx| {
                fonts::install(ctx, false);
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
        person.press(Key::W);
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
        self.window.run_steps(3);
    }

    /// Waits until something has come about.
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Lab) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.window.state_mut().logic();
            if done(self.lab()) {
                break;
            }
            assert!(Instant::now() < deadline, "{what}");
            let _ = self.news.recv_timeout(Duration::from_millis(20));
        }
        self.look();
    }

    #[track_caller]
    pub(crate) fn must_see(&self, words: &str) {
        assert!(
            self.window
                .query_all_by_label_contains(words)
                .next()
                .is_some(),
            "{words:?} is not in sight"
        );
    }

    pub(crate) fn sees(&self, words: &str) -> bool {
        self.window
            .query_all_by_label_contains(words)
            .next()
            .is_some()
    }

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

    /// The area of what is named so.
    #[track_caller]
    pub(crate) fn area(&self, words: &str) -> Rect {
        self.window.get_by_label_contains(words).rect()
    }

    /// Takes hold at one place and lets go at another, moving in between as a hand does.
    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.window.hover_at(from);
        self.look();
        self.window.drag_at(from);
        self.look();
        for part in 1..=8_u8 {
            self.window
                .hover_at(from + (to - from) * (f32::from(part) / 8.0));
            self.window.step();
        }
        self.window.drop_at(to);
        self.look();
    }
}
