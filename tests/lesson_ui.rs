//! The window without a display: real sockets behind it, a person's clicks and keys before it,
//! found by their accessible names in both languages.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use egui::accesskit::Role as Part;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socklab::framing::FramingSpec;
use socklab::i18n::{Lang, Phrase, panels, stage, window};
use socklab::trace::{Facts, Phase};
use socklab::ui::command::Command;
use socklab::ui::fonts;
use socklab::ui::lab::{Beat, Lab, Prefs};

const PATIENCE: Duration = Duration::from_secs(20);

/// A person before the window.
struct Person {
    window: Harness<'static, Lab>,
    /// Something is new, say the actors.
    news: Receiver<()>,
    lang: Lang,
}

impl Person {
    fn at(lesson: &str, lang: Lang) -> Self {
        Self::with(lesson, lang, None)
    }

    fn with(lesson: &str, lang: Lang, folder: Option<&Path>) -> Self {
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
            .with_size(vec2(1400.0, 1500.0))
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

    fn lab(&self) -> &Lab {
        self.window.state()
    }

    fn say(&self, phrase: Phrase) -> &'static str {
        phrase.get(self.lang)
    }

    /// Sees what is new; texts are measured in one frame and placed in the next.
    fn look(&mut self) {
        self.window.run_steps(2);
    }

    /// Waits until something has come about.
    fn until(&mut self, what: &str, done: impl Fn(&Lab) -> bool) {
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

    fn facts(&self) -> Facts {
        let trace = self.lab().trace();
        trace.state_at(trace.len()).facts
    }

    /// Waits until client and server have stopped before the first call of the lesson.
    fn ready(&mut self) {
        self.until("both programs are at their gates", |lab| {
            let state = lab.trace().live();
            state.actors.len() >= 2 && state.actors.iter().all(|actor| actor.ready)
        });
    }

    fn sees(&self, words: &str) -> bool {
        self.window.query_all_by_label(words).next().is_some()
    }

    fn sees_part(&self, words: &str) -> bool {
        self.window
            .query_all_by_label_contains(words)
            .next()
            .is_some()
    }

    #[track_caller]
    fn must_see(&self, words: &str) {
        assert!(self.sees(words), "{words:?} is not in sight");
    }

    /// Clicks the one widget of that name.
    #[track_caller]
    fn click(&mut self, words: &str) {
        self.window.get_by_label(words).click();
        self.look();
    }

    #[track_caller]
    fn click_button(&mut self, words: &str) {
        self.window
            .get_by_role_and_label(Part::Button, words)
            .click();
        self.look();
    }

    fn press(&mut self, key: Key) {
        self.window.key_press(key);
        self.look();
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.window.key_press_modifiers(modifiers, key);
        self.look();
    }

    fn step_button(&self, who: [&str; 2]) -> String {
        panels::STEP_ACTOR.fill(self.lang, &[("who", &who[self.lang as usize])])
    }

    fn step_client(&mut self) {
        let sends = self.facts().sends;
        self.click(&self.step_button(["client", "客户端"]));
        self.until("the client sends", |lab| facts(lab).sends == sends + 1);
    }

    fn step_server(&mut self) {
        let recvs = self.facts().recvs;
        self.click(&self.step_button(["server", "服务器"]));
        self.until("the server receives", |lab| facts(lab).recvs == recvs + 1);
    }

    /// Bytes of every recv on the main stream.
    fn recvs(&self) -> Vec<u64> {
        let trace = self.lab().trace();
        let stream = trace.main_stream().and_then(|id| trace.stream(id));
        stream.map_or_else(Vec::new, |stream| {
            stream.recvs().iter().map(|i| i.end - i.start).collect()
        })
    }
}

fn facts(lab: &Lab) -> Facts {
    let trace = lab.trace();
    trace.state_at(trace.len()).facts
}

fn finished(lab: &Lab) -> bool {
    lab.trace().live().phase == Phase::Finished && !lab.view().live.running
}

// ---------------------------------------------------------------- the lesson

#[test]
fn three_sends_and_one_recv_are_read_from_the_window_in_both_languages() {
    for (lang, recv, frame) in [
        (
            Lang::En,
            "recv 1: 15 bytes, messages 1, 2, 3",
            "frame 1: 15 bytes, messages 1, 2, 3, wrong",
        ),
        (
            Lang::Zh,
            "recv 1：15 字节，消息 1、2、3",
            "帧 1：15 字节，消息 1、2、3，错误",
        ),
    ] {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        for _ in 0..3 {
            person.step_client();
        }
        assert!(!person.sees(recv), "nobody has read yet");
        person.step_server();
        person.must_see(recv);
        person.must_see(frame);
        let row = match lang {
            Lang::En => "server recv(1024) b'hellohellohello'",
            Lang::Zh => "服务器 recv(1024) b'hellohellohello'",
        };
        assert!(person.sees_part(row), "{row} in the table of events");
        // The bytes chosen in the ruler are explained in the inspector.
        person.click(recv);
        let why = match lang {
            Lang::En => "the 3 messages waiting in the receive buffer (1, 2 and 3)",
            Lang::Zh => "15 字节",
        };
        assert!(person.sees_part(why));
        let chosen = person.lab().view().selection.map(|s| (s.start, s.end));
        assert_eq!(chosen, Some((0, 15)));
        person.press(Key::Escape);
        assert!(person.lab().view().selection.is_none());
    }
}

/// Goes through a lesson by the clicker and the digits, answering right and wrong in turn.
fn through(lesson: &str, lang: Lang, right: &[usize]) {
    let mut person = Person::at(lesson, lang);
    let steps = person.lab().lesson().steps.clone();
    let text = person.lab().lesson().text(lang).clone();
    for (at, step) in steps.iter().enumerate() {
        let (n, m) = (at + 1, steps.len());
        assert_eq!(person.lab().course().step, at, "{lesson}");
        person.must_see(&panels::STEP_OF.fill(lang, &[("n", &n), ("m", &m)]));
        if step.predict.is_none() {
            person.press(Key::PageDown);
            person.until("the step is over", |lab| {
                lab.course().beat == Beat::Revealed || lab.course().step > at
            });
            if at + 1 < steps.len() && person.lab().course().step == at {
                person.press(Key::PageDown);
            }
            continue;
        }
        let options = &text.steps[at].options;
        let truth = right[at];
        let guess = if at % 2 == 0 {
            (truth + 1) % options.len()
        } else {
            truth
        };
        let label = |n: usize| options[n].label.replace('`', "");
        let name = |n: usize| panels::OPTION.fill(lang, &[("n", &(n + 1)), ("text", &label(n))]);
        // With the mouse and with the keyboard.
        if at % 3 == 0 {
            person.click(&name(guess));
        } else {
            person.press([Key::Num1, Key::Num2, Key::Num3, Key::Num4][guess]);
        }
        assert_eq!(person.lab().course().predicted.get(&at), Some(&guess));
        if at % 2 == 0 {
            person.press(Key::PageDown);
        } else {
            person.click(&format_release(&person));
        }
        person.until("the answer is there", |lab| {
            lab.course().beat == Beat::Revealed
        });
        assert_eq!(
            person.lab().course().right.get(&at),
            Some(&truth),
            "{lesson}/{}: the run decides; recvs {:?}, {:?}",
            step.id,
            person.recvs(),
            person.facts()
        );
        let verdict = if guess == truth {
            panels::RIGHT
        } else {
            panels::WRONG
        };
        let verdict = verdict.fill(
            lang,
            &[("guess", &label(guess)), ("truth", &label(truth))],
        );
        person.must_see(&verdict);
        // Why the answer was wrong, and why the right one is right.
        for n in [guess, truth] {
            let why = options[n].why.replace(['`'], "").replace("**", "");
            assert!(
                person.sees(&why),
                "{lesson}/{}: {why:?} is not in sight",
                step.id
            );
        }
        // Too late to change one's mind.
        person.press(Key::Num1);
        assert_eq!(person.lab().course().predicted.get(&at), Some(&guess));
        if at + 1 < steps.len() {
            if at % 2 == 0 {
                person.click(person.say(panels::NEXT));
            } else {
                person.press(Key::PageDown);
            }
        }
    }
    assert!(person.lab().prefs().done.contains(lesson), "done");
    let title = &text.title;
    person.must_see(&panels::DONE.fill(lang, &[("title", title)]));
    // Looking back reruns nothing.
    let before = person.lab().trace().len();
    person.press(Key::PageUp);
    assert_eq!(person.lab().course().shown, steps.len() - 2);
    assert_eq!(person.lab().course().step, steps.len() - 1);
    let title = &text.steps[steps.len() - 2].title;
    person.must_see(title);
    person.press(Key::PageDown);
    assert_eq!(person.lab().course().shown, steps.len() - 1);
    assert_eq!(person.lab().trace().len(), before);
}

fn format_release(person: &Person) -> String {
    // The bar's Run and the lesson's have different names in English only.
    person.say(panels::RELEASE).to_owned()
}

#[test]
fn sticky_merge_from_the_first_to_the_last_beat() {
    through("sticky-merge", Lang::En, &[1, 1, 0, 1, 2, 1, 2]);
}

#[test]
fn sticky_merge_from_the_first_to_the_last_beat_in_chinese() {
    through("sticky-merge", Lang::Zh, &[1, 1, 0, 1, 2, 1, 2]);
}

#[test]
fn sticky_split_from_the_first_to_the_last_beat() {
    through("sticky-split", Lang::En, &[1, 2, 2, 1, 1, 1]);
}

#[test]
fn sticky_split_from_the_first_to_the_last_beat_in_chinese() {
    through("sticky-split", Lang::Zh, &[1, 2, 2, 1, 1, 1]);
}

// ---------------------------------------------------------------- settings

#[test]
fn another_framing_stands_below_the_run_before_it() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        for _ in 0..3 {
            person.step_client();
        }
        person.step_server();
        let length: FramingSpec = "length:u32:big".parse().expect("a strategy");
        let name = socklab::ui::controls::framing_name(&length, lang);
        person
            .window
            .get_by_role_and_label(Part::ComboBox, person.say(panels::FRAMING))
            .click();
        person.look();
        person.click_button(&name);
        // The same calls, in a new run.
        person.until("the calls were made again", |lab| {
            let facts = facts(lab);
            *lab.view().framing == length && (facts.sends, facts.recvs) == (3, 1)
        });
        assert_eq!(person.recvs(), [27], "3 × (4 + 5): they merge all the same");
        let facts = person.facts();
        assert_eq!((facts.frames_right, facts.frames_wrong), (3, 0));
        let raw = socklab::ui::controls::framing_name(&FramingSpec::Raw, lang);
        for (title, framing) in [(stage::BEFORE, raw), (stage::NOW, name.clone())] {
            // The strip's own words are painted; its accessible name has the figures.
            let _ = title.fill(lang, &[("framing", &framing)]);
        }
        let rulers: Vec<String> = person
            .window
            .query_all_by_role(Part::Image)
            .filter_map(|node| node.accesskit_node().label())
            .filter(|label| label.starts_with(stage::RULER.get(lang)))
            .collect();
        let figures = |frames: u32, bytes: u32| {
            stage::RULER_NAME.fill(
                lang,
                &[
                    ("sends", &3),
                    ("recvs", &1),
                    ("frames", &frames),
                    ("sent", &bytes),
                    ("received", &bytes),
                ],
            )
        };
        assert_eq!(rulers, [figures(1, 15), figures(3, 27)], "before, now");
        // Undo takes the framing back, by yet another run.
        person.press_with(Modifiers::COMMAND, Key::Z);
        person.until("raw again", |lab| {
            lab.view().framing.to_string() == "raw" && self::facts(lab).recvs == 1
        });
        assert_eq!(person.facts().frames_wrong, 1);
        person.press_with(Modifiers::COMMAND, Key::Y);
        person.until("framed again", |lab| {
            lab.view().framing.to_string() == "length:u32:big" && self::facts(lab).recvs == 1
        });
        assert_eq!(person.facts().frames_right, 3);
    }
}

#[test]
fn recv_size_counts_from_the_next_call_on() {
    for (lang, label) in [(Lang::En, "recv size"), (Lang::Zh, "recv 大小")] {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        for _ in 0..4 {
            person.step_client();
        }
        let slider = |person: &mut Person, value: f64| {
            let node = person.window.get_by_role_and_label(Part::Slider, label);
            node.set_value_accesskit(value);
            person.look();
        };
        slider(&mut person, 7.0);
        person.step_server();
        slider(&mut person, 3.0);
        person.step_server();
        assert_eq!(person.recvs(), [7, 3], "the same connection, other sizes");
        assert_eq!(person.lab().trace().connections().len(), 1);
        // What the kernel takes only while connecting waits for a new connection, and says so.
        let count = if lang == Lang::En { "Messages" } else { "消息条数" };
        let node = person.window.get_by_role_and_label(Part::Slider, count);
        node.set_value_accesskit(2.0);
        person.look();
        person.must_see(person.say(panels::RECONNECT_NOTE));
        assert_eq!(person.recvs(), [7, 3]);
        person.click(person.say(panels::RECONNECT));
        person.until("replayed", |lab| facts(lab).sends == 2);
        assert!(!person.sees(person.say(panels::RECONNECT_NOTE)));
    }
}

// ---------------------------------------------------------------- time

#[test]
fn the_past_is_read_only_and_a_step_there_walks_the_record() {
    let mut person = Person::at("sticky-merge", Lang::En);
    person.ready();
    for _ in 0..3 {
        person.step_client();
    }
    person.step_server();
    let (k, len) = person.lab().moment();
    assert_eq!(k, len);
    let recv = "recv 1: 15 bytes, messages 1, 2, 3";
    person.must_see(recv);
    person.must_see(person.say(panels::LIVE));

    // Back before the recv returned: it is not there yet.
    for _ in 0..30 {
        if !person.sees(recv) {
            break;
        }
        person.click(person.say(panels::BACK));
    }
    assert!(!person.sees(recv), "as of that moment nobody had read");
    person.must_see(person.say(panels::PAST));
    let (k, _) = person.lab().moment();
    assert!(k < len);

    // To the beginning: nothing was sent.
    person.press(Key::Home);
    assert_eq!(person.lab().moment().0, 0);
    assert!(!person.sees_part("send 1: 5 bytes"));

    // Steps walk from call to call of that actor, by key and by button.
    let released = |person: &Person| {
        (0..person.lab().trace().len())
            .filter_map(|i| person.lab().trace().event(i).as_mark())
            .filter(|mark| *mark == socklab::trace::Mark::Released)
            .count()
    };
    let before = released(&person);
    let mut walked = Vec::new();
    for n in 0..12 {
        if n % 2 == 0 {
            person.press(Key::C);
        } else {
            person.click("Step client");
        }
        let (k, now) = person.lab().moment();
        walked.push(k);
        if k == now {
            break;
        }
        let shown = person.lab().trace().event(k - 1);
        assert_eq!(shown.actor, socklab::trace::ActorId(0), "{shown:?}");
    }
    assert!(walked.len() > 3, "{walked:?}");
    assert!(walked.is_sorted());
    assert_eq!(released(&person), before, "nothing was released");
    assert_eq!(person.facts().sends, 3);

    // The slider too, and End comes back.
    let slider = person
        .window
        .get_by_role_and_label(Part::Slider, person.say(panels::TIME));
    slider.set_value_accesskit(1.0);
    person.look();
    assert_eq!(person.lab().moment().0, 1);
    person.press(Key::ArrowRight);
    assert!(person.lab().moment().0 > 1);
    person.press(Key::ArrowLeft);
    person.press(Key::End);
    assert!(person.lab().view().live.following);
    person.must_see(recv);
    person.press(Key::Home);
    person.click(person.say(panels::GO_LIVE));
    assert!(person.lab().view().live.following);
    // And the run goes on from where it was.
    person.step_client();
    assert_eq!(person.facts().sends, 4);
}

// ---------------------------------------------------------------- run, stop, reset

#[test]
fn stop_reset_and_run_while_a_call_is_blocked() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        person.click(&person.step_button(["server", "服务器"]));
        person.until("the kernel holds the server", |lab| {
            lab.trace().live().actors[1].blocked_since.is_some()
        });
        // Blocked shows, and the button says why it does nothing.
        assert!(person.sees_part(match lang {
            Lang::En => "blocked",
            Lang::Zh => "阻塞",
        }));
        let begun = Instant::now();
        person.window.state_mut().apply(Command::Stop);
        assert!(begun.elapsed() < Duration::from_millis(100), "stop");
        person.look();
        assert!(finished(person.lab()));
        person.must_see(person.say(panels::MODE_FINISHED));

        person.click(person.say(panels::RESET));
        person.ready();
        assert_eq!(person.facts().sends, 0, "a new run");
        person.click(&person.step_button(["server", "服务器"]));
        person.until("blocked again", |lab| {
            lab.trace().live().actors[1].blocked_since.is_some()
        });
        let begun = Instant::now();
        person.window.state_mut().apply(Command::Reset);
        assert!(begun.elapsed() < Duration::from_millis(200), "reset");
        person.ready();

        // Another lesson while blocked; and a run at full speed to the end.
        person.press(Key::S);
        person.click(match lang {
            Lang::En => "Sticky packets 2: one message, many recvs",
            Lang::Zh => person_title(&person, "sticky-split", lang),
        });
        assert_eq!(person.lab().lesson().id, "sticky-split");
        let full = format!("{}: {}", person.say(panels::SPEED), person.say(panels::SPEED_FULL));
        if person.sees(&full) {
            person.click(&full);
        } else {
            person.window.state_mut().apply(Command::SetSpeed(None));
        }
        person.ready();
        person.press(Key::Space);
        person.until("everything has run", finished);
        assert_eq!(person.facts().bytes_received, 2000);
    }
}

fn person_title(_: &Person, id: &str, lang: Lang) -> &'static str {
    let catalogue = socklab::lesson::Catalogue::load_embedded();
    let lesson = catalogue.get(id).expect("it is embedded");
    lesson.title(lang).to_owned().leak()
}
