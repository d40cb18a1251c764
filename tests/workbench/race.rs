//! The framer race, by mouse and by keyboard, in both languages.

use egui::{Key, Modifiers, pos2};
use egui_kittest::kittest::Queryable as _;
use socklab::i18n::{Lang, workbench as text};
use socklab::workbench::chunks::Place;
use socklab::workbench::race::{Lane, Verdict};

use super::person::Person;

fn lane<'a>(person: &'a Person, framing: &str) -> &'a Lane {
    let lanes = person.lab().workbench().race().lanes();
    lanes
        .iter()
        .find(|lane| lane.spec.to_string() == framing)
        .expect("it takes part")
}

fn cuts(person: &Person) -> Vec<u64> {
    person.lab().workbench().race().cuts().to_vec()
}

/// What the handle of the cut with that number is called, up to its place.
fn handle(person: &Person, n: usize) -> String {
    let all = cuts(person).len();
    text::CUT
        .fill(person.lang, &[("n", &n), ("all", &all), ("place", &"")])
        .trim_end()
        .to_owned()
}

/// Where a unit of the axis stands, in the middle of the chunks' track.
fn place_of(person: &Person, unit: u64) -> egui::Pos2 {
    let name = text::CUTTER.fill(person.lang, &[("cuts", &cuts(person).len())]);
    let track = person.area(&name);
    let all = person
        .lab()
        .workbench()
        .race()
        .race()
        .expect("a race")
        .axis()
        .end();
    let x = track.left() + track.width() * unit as f32 / all as f32;
    pos2(x, track.bottom() - 4.0)
}

#[test]
fn three_messages_in_one_chunk_are_raced_and_read_in_both_languages() {
    for lang in Lang::ALL {
        let person = Person::with_three_hellos_in_one_recv(lang);
        person.must_see(person.say(text::MEASURED));
        assert!(cuts(&person).is_empty());
        let raw = lane(&person, "raw");
        assert_eq!(raw.verdicts, [Verdict::Wrong; 3]);
        assert!(raw.measured);
        // The lane says it in words: name, figures, and why.
        let why = text::WHY_MERGED.fill(
            lang,
            &[("chunk", &1), ("first", &1), ("last", &3), ("bytes", &15)],
        );
        person.must_see(&why);
        person.must_see(&text::COUNT_WRONG.fill(lang, &[("n", &3)]));
        person.must_see(&text::COUNT_RIGHT.fill(lang, &[("n", &3)]));
        person.must_see(person.say(text::ALL_RIGHT));
        for sound in ["varint", "cobs", "json"] {
            assert!(lane(&person, sound).holds(), "{sound}");
            assert!(!lane(&person, sound).measured, "{sound} was not run");
        }
    }
}

#[test]
fn a_cut_is_dragged_and_the_results_follow() {
    for lang in Lang::ALL {
        let mut person = Person::with_three_hellos_in_one_recv(lang);
        let axis = person
            .lab()
            .workbench()
            .race()
            .race()
            .expect("a race")
            .axis()
            .clone();
        let boundary = axis.message(1).start;
        // A click on the track cuts there: in message 2.
        let middle = axis.payload(1).start + 2;
        let at = place_of(&person, middle);
        let track = text::CUTTER.fill(lang, &[("cuts", &0)]);
        let track = person.area(&track);
        person.window.hover_at(at);
        person.look();
        for pressed in [true, false] {
            person.window.event(egui::Event::PointerButton {
                pos: pos2(at.x, track.center().y),
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            person.window.step();
        }
        person.look();
        assert_eq!(cuts(&person), [middle]);
        assert_eq!(axis.place(middle), Place::Payload(1, 2));
        person.must_see(person.say(text::SIMULATED));
        assert_eq!(
            lane(&person, "raw").verdicts,
            [Verdict::Wrong, Verdict::Wrong, Verdict::Wrong]
        );
        assert!(!lane(&person, "raw").measured);
        // To the boundary before message 2: message 1 alone in its chunk, and right.
        let from = person.area(&handle(&person, 1));
        let from = pos2(place_of(&person, middle).x, from.bottom() - 4.0);
        let to = place_of(&person, boundary);
        person.drag(from, pos2(to.x, from.y));
        assert_eq!(cuts(&person), [boundary]);
        assert_eq!(
            lane(&person, "raw").verdicts,
            [Verdict::Right, Verdict::Wrong, Verdict::Wrong]
        );
        assert!(lane(&person, "length:u8:big").holds());
        // The movement of the hand is one change, the click another.
        person.press_with(Modifiers::COMMAND, Key::Z);
        assert_eq!(cuts(&person), [middle]);
        person.press_with(Modifiers::COMMAND, Key::Z);
        assert!(cuts(&person).is_empty());
        person.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        assert_eq!(cuts(&person), [middle]);
        // The right button takes it away, and what is measured comes back.
        let at = person.area(&handle(&person, 1));
        person.window.hover_at(at.center());
        person.look();
        person
            .window
            .get_by_label_contains(&handle(&person, 1))
            .click_secondary();
        person.look();
        assert!(cuts(&person).is_empty());
    }
}

#[test]
fn everything_can_be_done_from_the_keyboard() {
    for lang in Lang::ALL {
        let mut person = Person::with_three_hellos_in_one_recv(lang);
        let track = text::CUTTER.fill(lang, &[("cuts", &0)]);
        person.window.get_by_label_contains(&track).focus();
        person.look();
        person.press(Key::Enter);
        let [cut] = cuts(&person)[..] else {
            panic!("one cut, not {:?}", cuts(&person))
        };
        person
            .window
            .get_by_label_contains(&handle(&person, 1))
            .focus();
        person.look();
        person.press(Key::ArrowLeft);
        person.press(Key::ArrowLeft);
        person.press(Key::ArrowRight);
        assert_eq!(cuts(&person), [cut - 1]);
        // Enter cuts the chunk behind it; Delete takes the cut away.
        person.press(Key::Enter);
        assert_eq!(cuts(&person).len(), 2);
        assert_eq!(cuts(&person)[0], cut - 1);
        person.press(Key::Delete);
        assert_eq!(cuts(&person).len(), 1);
        assert!(cuts(&person)[0] > cut);
        person.click(person.say(text::BACK_TO_MEASURED));
        assert!(cuts(&person).is_empty());
        assert!(lane(&person, "raw").measured);
        // The keys of the stage still do what they do.
        person.window.get_by_label_contains(&track).focus();
        person.press(Key::W);
        assert!(!person.sees(person.say(text::BACK_TO_MEASURED)));
    }
}

#[test]
fn every_byte_and_one_chunk_are_a_click_away() {
    let mut person = Person::with_three_hellos_in_one_recv(Lang::En);
    person.click(person.say(text::EVERY_BYTE));
    assert_eq!(lane(&person, "raw").frame_count, 15);
    assert_eq!(lane(&person, "raw").count().wrong, 3);
    for sound in ["varint", "cobs", "json", r"delimiter:\n"] {
        assert!(lane(&person, sound).holds(), "{sound}");
    }
    // The mark is never at the end of a chunk whole.
    assert_eq!(lane(&person, "end-mark:##").count().lost, 3);
    person.click(person.say(text::ONE_CHUNK));
    assert_eq!(lane(&person, "raw").frame_count, 1);
    let before = person.lab().workbench().race().lanes().len();
    person.click(person.say(text::ALL_SETTINGS));
    assert!(person.lab().workbench().race().lanes().len() > before);
}
