//! The workbench's repetition and comparison in the window: real sockets behind it, clicks before
//! it, in both languages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socklab::i18n::{Lang, Phrase, compare, repeat, workbench};
use socklab::trace::Phase;
use socklab::ui::centre::Centre;
use socklab::ui::command::Command;
use socklab::ui::fonts;
use socklab::ui::lab::{Lab, Prefs};
use socklab::ui::workbench::{Action, RepeatWish, Tab};
use socklab::workbench::compare::Time;
use socklab::workbench::repeat::Progress;

const PATIENCE: Duration = Duration::from_mins(1);

/// A person before the window, at the workbench.
struct Person {
    window: Harness<'static, Lab>,
    news: Receiver<()>,
    lang: Lang,
}

impl Person {
    fn at(tab: Tab, lang: Lang) -> Self {
        let prefs = Prefs {
            lang,
            lesson: "sticky-merge".to_owned(),
            ..Prefs::default()
        };
        let (tell, news) = bounded(1);
        let waker = move || {
            let _ = tell.try_send(());
        };
        let lab = Lab::new(prefs, None, Arc::new(waker));
        let look = lab.theme().clone();
        let window = Harness::builder()
            .with_size(vec2(1400.0, 1300.0))
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
        person.click(workbench::WORKBENCH);
        person.click(tab.words().0);
        person
    }

    fn lab(&self) -> &Lab {
        self.window.state()
    }

    fn look(&mut self) {
        self.window.run_steps(2);
    }

    /// Waits until something has come about.
    fn until(&mut self, what: &str, done: impl Fn(&Lab) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while {
            self.window.state_mut().logic();
            !done(self.lab())
        } {
            assert!(Instant::now() < deadline, "{what}");
            let _ = self.news.recv_timeout(Duration::from_millis(50));
        }
        self.look();
    }

    #[track_caller]
    fn click(&mut self, phrase: Phrase) {
        self.click_words(phrase.get(self.lang));
    }

    #[track_caller]
    fn click_words(&mut self, words: &str) {
        self.window
            .get_by_role_and_label(egui::accesskit::Role::Button, words)
            .click();
        self.look();
    }

    fn sees(&self, words: &str) -> bool {
        self.window
            .query_all_by_label_contains(words)
            .next()
            .is_some()
    }

    #[track_caller]
    fn must_see(&self, words: &str) {
        assert!(self.sees(words), "{words:?} is not in sight");
    }

    fn wish(&mut self, wish: RepeatWish) {
        let command = Command::Workbench(Action::Repeat(wish));
        self.window.state_mut().apply(command);
        self.look();
    }
}

fn repeated(lab: &Lab) -> bool {
    let repeat = lab.workbench().repeating().repeat();
    repeat.is_some_and(|repeat| !repeat.is_running())
}

#[test]
fn a_repetition_tells_how_often_it_went_right_and_shows_a_failing_run() {
    for lang in Lang::ALL {
        let mut person = Person::at(Tab::Repeat, lang);
        person.must_see(&repeat::NOT_YET.fill(lang, &[("button", &repeat::START.get(lang))]));
        person.wish(RepeatWish::Runs(20));
        person.click(repeat::START);
        person.until("the repetition is over", repeated);
        let passed = |passed: u32| repeat::PASSED.fill(lang, &[("passed", &passed), ("runs", &20)]);
        // Raw first, then the length prefix: what a late reader gets.
        person.must_see(&passed(0));
        person.must_see(&passed(20));
        person.must_see(&repeat::FAULT_WRONG.fill(lang, &[("n", &20)]));
        // The bars have names: all recvs of one setting got the same fifty bytes.
        let fifty = repeat::ONE_SIZE.fill(lang, &[("n", &50)]);
        let bar = [
            ("bytes", &fifty as &dyn std::fmt::Display),
            ("n", &20),
            ("all", &20),
        ];
        person.must_see(&repeat::BAR.fill(lang, &bar));
        // It survives a look at the other tab.
        person.click(compare::TAB);
        person.click(repeat::TAB);
        person.must_see(&passed(20));
        // Only the failing setting offers its failing run.
        let show = |letter| repeat::SHOW_FAILING.fill(lang, &[("letter", &letter)]);
        assert!(!person.sees(&show('B')));
        person.click_words(&show('A'));
        assert_eq!(person.lab().centre(), Centre::Stage);
        let trace = person.lab().trace();
        assert_eq!(trace.meta().framing, "raw");
        assert_eq!(trace.live().phase, Phase::Finished);
        assert!(trace.live().facts.frames_wrong > 0);
    }
}

#[test]
fn settings_are_added_changed_and_removed() {
    let mut person = Person::at(Tab::Repeat, Lang::En);
    person.click(repeat::ADD);
    let variant = |letter: char| repeat::REMOVE.fill(Lang::En, &[("letter", &letter)]);
    person.must_see(&variant('C'));
    person.wish(RepeatWish::Set(2, "late_by".into(), "0".into()));
    person.must_see("late_by=0");
    person.wish(RepeatWish::Set(2, "framing".into(), "nonsense".into()));
    person.must_see("nonsense");
    person.click_words(&variant('C'));
    assert!(!person.sees(&variant('C')));
    person.click(repeat::FROM_LESSON);
    assert!(!person.sees("late_by=0"));
}

#[test]
fn a_repetition_is_cancelled_and_ends_with_the_lesson() {
    let mut person = Person::at(Tab::Repeat, Lang::En);
    person.wish(RepeatWish::Runs(10_000));
    person.click(repeat::START);
    person.click(repeat::CANCEL);
    person.until("it ends", repeated);
    let repeating = person.lab().workbench().repeating();
    let progress = repeating
        .repeat()
        .map(|r| r.read(|report| report.progress.clone()));
    assert_eq!(progress, Some(Progress::Cancelled));
    person.must_see("ended early");
    person.click(repeat::START);
    let other = Command::SelectLesson("playground".to_owned());
    person.window.state_mut().apply(other);
    person.look();
    assert!(person.lab().workbench().repeating().repeat().is_none());
}

#[test]
fn a_part_played_outside_is_refused_in_words() {
    for lang in Lang::ALL {
        let mut person = Person::at(Tab::Repeat, lang);
        let server = socklab::trace::ActorId(1);
        person
            .window
            .state_mut()
            .apply(Command::SetExternal(server, true));
        person.look();
        person.click(repeat::START);
        person.must_see(&repeat::REFUSED_EXTERNAL.fill(lang, &[("actor", &"server")]));
        assert!(person.lab().workbench().repeating().repeat().is_none());
    }
}

#[test]
fn the_comparison_is_found_out_measured_and_explained() {
    for lang in Lang::ALL {
        let mut person = Person::at(Tab::Compare, lang);
        let surveyed = |lab: &Lab| {
            let comparison = lab.workbench().comparing().comparison();
            comparison.is_some_and(|c| !c.is_surveying())
        };
        person.until("the table is complete", surveyed);
        person.must_see(compare::NOT_MEASURED.get(lang));
        // A row says everything to those who hear it; a click shows its smallest failure.
        let row = format!("raw: {} 50 B", compare::BYTES.get(lang));
        person.must_see(&row);
        person.window.get_by_label_contains(&row).click();
        person.look();
        person.must_see("hello");
        person.click(compare::MEASURE);
        person.until("some are measured", |lab| {
            let comparison = lab.workbench().comparing().comparison();
            comparison.is_some_and(|c| c.read(|table| table.measured() > 0))
        });
        if person.sees(compare::CANCEL.get(lang)) {
            person.click(compare::CANCEL);
        }
        person.until("the measurement ends", |lab| {
            let comparison = lab.workbench().comparing().comparison();
            comparison.is_some_and(|c| !c.is_measuring())
        });
        let comparison = person.lab().workbench().comparing().comparison();
        let first = comparison.map(|c| c.read(|table| table.rows[0].time.clone()));
        assert!(matches!(first, Some(Time::Measured(_))), "{first:?}");
    }
}

#[test]
fn the_window_rests_when_nothing_happens() {
    for tab in [Tab::Repeat, Tab::Compare] {
        let mut person = Person::at(tab, Lang::En);
        person.until("nothing is at work", |lab| {
            let comparison = lab.workbench().comparing().comparison();
            comparison.is_none_or(|c| !c.is_surveying())
        });
        // Panics if frames go on asking for frames.
        person.window.run();
    }
}
