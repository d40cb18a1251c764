//! The lessons in the binary: whole, in both languages, and every claim true on real sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use socklab::i18n::Lang;
use socklab::lesson::{
    Catalogue, Expr, ExprError, Lesson, Outcome, Prediction, Release, Schedule, Settings, Subject,
    Turn, check_all, run_task,
};
use socklab::reference::{BELIEFS, CALLS, Place, Said};
use socklab::trace::{Call, Trace};

/// Claims held at a time.
const JOBS: usize = 4;

#[test]
fn every_lesson_is_whole() {
    let catalogue = Catalogue::load_embedded();
    let problems: Vec<_> = catalogue.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let ids: Vec<_> = catalogue.lessons.iter().map(|l| l.id.as_str()).collect();
    for id in ["sticky-merge", "sticky-split", "playground"] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
}

#[test]
fn both_languages_have_the_same_steps_questions_and_options() {
    for lesson in &Catalogue::load_embedded().lessons {
        let id = &lesson.id;
        let [en, zh] = Lang::ALL.map(|lang| lesson.text(lang));
        for text in [en, zh] {
            assert!(!text.title.is_empty(), "{id}");
            assert_eq!(text.steps.len(), lesson.steps.len(), "{id}");
        }
        assert_ne!(en.title, zh.title, "{id}");
        for ((step, en), zh) in lesson.steps.iter().zip(&en.steps).zip(&zh.steps) {
            let place = format!("{id}/{}", step.id);
            let options = step.predict.as_ref().map_or(0, |p| p.options.len());
            for text in [en, zh] {
                assert_eq!(text.id, step.id, "{place}");
                assert!(!text.title.is_empty() && !text.body.is_empty(), "{place}");
                assert_eq!(text.options.len(), options, "{place}");
                assert_eq!(text.question.is_empty(), options == 0, "{place}");
                assert!(
                    text.options
                        .iter()
                        .all(|o| !o.label.is_empty() && !o.why.is_empty()),
                    "{place}: every answer is explained, the wrong ones too"
                );
            }
            assert_eq!(en.reveal.is_empty(), zh.reveal.is_empty(), "{place}");
            let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(
                zh.body.contains(han),
                "{place}: the Chinese text is Chinese"
            );
            // English names the Chinese word for sticky packets; whole sentences it has not.
            let many = en.body.chars().filter(|&c| han(c)).count();
            assert!(many < 10, "{place}: the English text is English");
        }
    }
}

#[test]
fn every_claim_holds_on_real_sockets() {
    socklab::experiment::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let mut failed = Vec::new();
    let mut held = 0;
    let lessons = Catalogue::load_embedded().lessons;
    check_all(&lessons, JOBS, |at, subject, report| {
        // Each task has a test of its own.
        let Subject::Claim(claim) = subject else {
            return Ok(());
        };
        let check = &lessons[at].checks[claim];
        let place = format!("{}/{}", report.lesson, report.check);
        match &report.outcome {
            Outcome::Held => held += 1,
            Outcome::Refuted(why) => failed.push(format!("{place} refuted: {why}")),
            Outcome::Empty(why) => failed.push(format!("{place} says nothing: {why}")),
            Outcome::Skipped(skip)
                if check.only.is_some() || check.needs_capture || check.needs_ordinary_user =>
            {
                println!("{place} skipped: {}", skip.reason);
            }
            // The fallback for other systems cannot read everything that Linux can.
            Outcome::Skipped(skip) if cfg!(feature = "portable") => {
                println!("{place} skipped: {}", skip.reason);
            }
            // Nothing but a claim for another system, or where nothing can be captured, may be
            // left out.
            Outcome::Skipped(skip) => failed.push(format!("{place} skipped: {}", skip.reason)),
        }
        // Each language says the claim, the verdict aside.
        for lang in Lang::ALL {
            assert!(!check.claim(lang).is_empty(), "{place}");
        }
        Ok::<(), Infallible>(())
    })
    .unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(held >= 15, "{held} claims");
}

/// What the answers say agrees with what the run does: the one that comes true is called right,
/// and no other is.
#[test]
fn the_answer_that_comes_true_is_the_one_called_right() {
    socklab::experiment::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let lessons = Catalogue::load_embedded().lessons;
    // They wait most of the time.
    let asked: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..JOBS)
            .map(|first| {
                let mine = lessons.iter().skip(first).step_by(JOBS);
                scope.spawn(move || mine.map(|lesson| questions(lesson)).sum::<usize>())
            })
            .collect();
        let asked = workers.into_iter().map(ScopedJoinHandle::join);
        asked
            .map(|n| n.unwrap_or_else(|why| resume_unwind(why)))
            .sum()
    });
    assert!(asked >= 15, "{asked} questions");
}

/// Asks each question of a lesson that can be answered here; how many.
fn questions(lesson: &Lesson) -> usize {
    let mut asked = 0;
    let mut settings = Settings::defaults(lesson);
    let mut calls = Schedule::default();
    for (at, step) in lesson.steps.iter().enumerate() {
        if step.restart {
            settings = Settings::defaults(lesson);
            calls = Schedule::default();
        }
        settings.apply(&step.set);
        let release = match &step.release {
            Release::Calls(more) => {
                // Between two beats somebody reads and thinks.
                calls.turns.push(Turn::rest());
                calls.turns.extend(more.turns.iter().cloned());
                Release::Calls(calls.clone())
            }
            Release::Run => {
                assert!(
                    calls.turns.is_empty(),
                    "released one by one before, freely now"
                );
                Release::Run
            }
            Release::Nothing => continue,
        };
        let Some(predict) = &step.predict else {
            continue;
        };
        let place = format!("{}/{}", lesson.id, step.id);
        let [en, zh] = [(Lang::En, "Right"), (Lang::Zh, "正确")].map(|(lang, word)| {
            let options = &lesson.text(lang).steps[at].options;
            let right = |i: &usize| options[*i].why.starts_with(word);
            (0..options.len()).filter(right).collect::<Vec<_>>()
        });
        assert_eq!(en, zh, "{place}");
        // What a busy computer does may come out otherwise once, but not each time.
        for left in (0..3).rev() {
            let Some((right, figures)) = answer(lesson, predict, &settings, &release, &place)
            else {
                break;
            };
            if en == Vec::from_iter(right) {
                asked += 1;
                break;
            }
            println!("{place}: {right:?} comes true, {en:?} is called right: {figures:#?}");
            assert!(left > 0, "{place}: another answer is called right");
        }
    }
    asked
}

/// The answer that one run makes true, and its figures; nothing where that cannot be told here.
fn answer(
    lesson: &Lesson,
    predict: &Prediction,
    settings: &Settings,
    release: &Release,
    place: &str,
) -> Option<(Option<usize>, Vec<String>)> {
    let trace = lesson
        .run_headless(settings, release)
        .unwrap_or_else(|why| panic!("{place}: {why}"));
    let needs_capture = settings.capture.on || predict.options.iter().any(Expr::speaks_of_segments);
    if needs_capture && !trace.meta().network.is_captured() {
        println!("{place} skipped: {:?}", trace.meta().network);
        return None;
    }
    let k = trace.at_rest();
    let right = predict.right(&trace, k, settings);
    let unreadable = predict.options.iter().find_map(|option| {
        let error = option.eval(&trace, k, settings).err();
        error.filter(|e| matches!(e, ExprError::NotReadable(_)))
    });
    if let (None, Some(why)) = (right, unreadable) {
        println!("{place} skipped: {why}");
        return None;
    }
    let figures = predict
        .options
        .iter()
        .map(|option| option.figures(&trace, k, settings))
        .collect();
    Some((right, figures))
}

// ---------------------------------------------------------------- the tasks

/// What each beat of the lesson releases, with the settings it has: all that the course runs by
/// itself.
fn beats(lesson: &Lesson) -> Vec<(String, Settings, Release)> {
    let mut runs = Vec::new();
    let mut settings = Settings::defaults(lesson);
    let mut calls = Schedule::default();
    for step in &lesson.steps {
        if step.restart {
            settings = Settings::defaults(lesson);
            calls = Schedule::default();
        }
        settings.apply(&step.set);
        let release = match &step.release {
            Release::Calls(more) => {
                calls.turns.push(Turn::rest());
                calls.turns.extend(more.turns.iter().cloned());
                Release::Calls(calls.clone())
            }
            Release::Run => Release::Run,
            Release::Nothing => continue,
        };
        runs.push((step.id.clone(), settings.clone(), release));
    }
    runs
}

#[test]
fn every_task_can_be_solved_and_is_not_solved_by_itself() {
    socklab::experiment::set_helper(env!("CARGO_BIN_EXE_socklab").into());
    let mut failed = Vec::new();
    let mut held = 0;
    for lesson in &Catalogue::load_embedded().lessons {
        assert!(!lesson.tasks.is_empty(), "{} has no task", lesson.id);
        for task in &lesson.tasks {
            let place = format!("{}/{}", lesson.id, task.id);
            match run_task(lesson, task).outcome {
                Outcome::Held => held += 1,
                Outcome::Skipped(skip)
                    if task.solved.speaks_of_segments() || cfg!(feature = "portable") =>
                {
                    println!("{place} skipped: {}", skip.reason);
                }
                Outcome::Skipped(skip) => failed.push(format!("{place} skipped: {}", skip.reason)),
                Outcome::Refuted(why) | Outcome::Empty(why) => {
                    failed.push(format!("{place}: {why}"));
                }
            }
            for (step, settings, release) in beats(lesson) {
                if !task.kept(lesson, &settings) {
                    continue;
                }
                let trace = lesson
                    .run_headless(&settings, &release)
                    .unwrap_or_else(|why| panic!("{place}: {step}: {why}"));
                let k = trace.at_rest();
                if task.is_solved(lesson, &trace, k, &settings) == Ok(true) {
                    failed.push(format!("{place} is solved by the step {step}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(held >= 15, "{held} tasks");
}

#[test]
fn every_task_has_its_words_in_both_languages() {
    for lesson in &Catalogue::load_embedded().lessons {
        for (at, task) in lesson.tasks.iter().enumerate() {
            let place = format!("{}/{}", lesson.id, task.id);
            let texts = Lang::ALL.map(|lang| lesson.task_text(at, lang));
            let [Some(en), Some(zh)] = texts else {
                panic!("{place}: a text is missing");
            };
            assert_eq!(en.hints.len(), zh.hints.len(), "{place}");
            assert!(en.hints.len() >= 2, "{place}: one by one");
            assert_ne!(en.title, zh.title, "{place}");
            let han = |text: &str| text.contains(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(han(&zh.body) && han(&zh.solved), "{place}");
            assert!(zh.hints.iter().all(|hint| han(hint)), "{place}");
        }
    }
}

// ---------------------------------------------------------------- the reference

fn lesson_of(catalogue: &Catalogue, place: Place) -> (Arc<Lesson>, usize) {
    let lesson = catalogue
        .get(place.lesson)
        .unwrap_or_else(|| panic!("no lesson {}", place.lesson));
    let step = lesson
        .steps
        .iter()
        .position(|step| step.id == place.step)
        .unwrap_or_else(|| panic!("no step {} in {}", place.step, place.lesson));
    (lesson.clone(), step)
}

/// What happens between opening the lesson at that place and having seen its step, and those that
/// go on from it without a new run.
fn seen(lesson: &Lesson, step: usize) -> Trace {
    let first = lesson.opened_at(step);
    let on = lesson.steps[first + 1..].iter().take_while(|s| !s.restart);
    let last = first + on.count();
    let mut calls = Schedule::default();
    let mut release = Release::Nothing;
    for step in &lesson.steps[first..=last] {
        match &step.release {
            Release::Calls(more) => {
                calls.turns.extend(more.turns.iter().cloned());
                release = Release::Calls(calls.clone());
            }
            Release::Run => release = Release::Run,
            Release::Nothing => {}
        }
    }
    lesson
        .run_headless(&lesson.settings_at(step), &release)
        .unwrap_or_else(|why| panic!("{}: {why}", lesson.id))
}

#[test]
fn every_call_is_made_where_the_reference_says() {
    let catalogue = Catalogue::load_embedded();
    let mut traces: BTreeMap<(String, usize), Trace> = BTreeMap::new();
    for entry in CALLS {
        let (place, call) = entry.shown;
        let (lesson, step) = lesson_of(&catalogue, place);
        let trace = traces
            .entry((lesson.id.clone(), step))
            .or_insert_with(|| seen(&lesson, step));
        let made = (0..trace.len()).any(|i| trace.event(i).call() == Some(call));
        assert!(made, "{}: not called in {place:?}", entry.name);
    }
}

#[test]
fn every_belief_is_settled_by_a_claim_of_its_lesson() {
    let catalogue = Catalogue::load_embedded();
    for belief in BELIEFS {
        let (lesson, _) = lesson_of(&catalogue, belief.place);
        assert!(
            lesson.checks.iter().any(|check| check.id == belief.check),
            "{}: no claim {} in {}",
            belief.claim.en,
            belief.check,
            lesson.id
        );
    }
}

/// Every call that the trace knows, and that is one of a program's on a socket, stands in the
/// reference: by its name, or beside the one that it is a form of.
#[test]
fn every_socket_call_stands_in_the_reference() {
    let entries: BTreeSet<&str> = CALLS.iter().map(|entry| entry.name).collect();
    for call in Call::ALL {
        // The file of an AF_UNIX socket is removed by a call of the file system.
        if call.is_socket_call() && call != Call::Unlink {
            assert!(entries.contains(call.name()), "{} is missing", call.name());
        }
    }
}

#[test]
fn no_misconception_is_left_open() {
    let settled = |number: u8| BELIEFS.iter().any(|b| b.said == Said::Belief(number));
    let open: Vec<u8> = (1..=20).filter(|n| !settled(*n)).collect();
    assert_eq!(open, Vec::<u8>::new());
}

#[test]
fn names_are_unique() {
    for (at, entry) in CALLS.iter().enumerate() {
        assert!(CALLS[..at].iter().all(|e| e.name != entry.name));
    }
}

// ---------------------------------------------------------------- for the teacher

#[test]
fn every_lesson_has_notes_for_the_teacher_and_says_how_long_it_takes() {
    for lesson in &Catalogue::load_embedded().lessons {
        let n = lesson.minutes;
        assert!(n > 0, "{}: add minutes = … to lesson.toml", lesson.id);
        for (lang, words) in [
            (
                Lang::En,
                [format!("bout {n} minutes"), format!("{n} minutes")],
            ),
            (Lang::Zh, [format!("约 {n} 分钟"), format!("约{n}分钟")]),
        ] {
            let notes = &lesson.text(lang).notes;
            assert!(
                words.iter().any(|words| notes.contains(words)),
                "{}, {lang:?}: the notes (## … {{#notes}}) say how long it takes: {n} minutes",
                lesson.id
            );
            let points = notes.lines().filter(|line| line.starts_with("- ")).count();
            assert!(points >= 2, "{}, {lang:?}: {points} notes", lesson.id);
        }
    }
}

#[test]
fn the_routes_fit_the_hours_they_are_made_for() {
    let catalogue = Catalogue::load_embedded();
    let minutes: Vec<u32> = catalogue
        .routes
        .iter()
        .map(socklab::lesson::Route::minutes)
        .collect();
    assert_eq!(minutes, [45, 90]);
    for route in &catalogue.routes {
        assert!(route.title[0].contains(&route.minutes().to_string()));
        for stop in &route.stops {
            let lesson = catalogue.get(&stop.lesson).unwrap();
            assert!(
                stop.minutes <= lesson.minutes,
                "{}: a part takes no longer than the whole of {}",
                route.id,
                stop.lesson
            );
        }
        let place = |id: &str| catalogue.lessons.iter().position(|l| l.id == id);
        let order: Vec<_> = route.stops.iter().map(|stop| place(&stop.lesson)).collect();
        assert!(order.is_sorted(), "{}: in teaching order", route.id);
    }
}
