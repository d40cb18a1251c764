//! The split prover in the window, in both languages.

use egui::accesskit::Role as Part;
use egui_kittest::kittest::Queryable as _;
use socklab::framing::FramingSpec;
use socklab::i18n::{Lang, workbench as text};
use socklab::ui::centre::Centre;
use socklab::ui::command::Command;
use socklab::ui::strategies;
use socklab::ui::workbench::{Action, ProveAction, Tab};
use socklab::workbench::prove::Outcome;

use super::person::Person;

fn at_the_prover(lang: Lang) -> Person {
    let mut person = Person::with_three_hellos_in_one_recv(lang);
    person.click(person.say(text::PROVE));
    person
}

fn proven(person: &mut Person) {
    person.until("the proof is over", |lab| {
        !lab.workbench().prove().is_proving() && lab.workbench().prove().report().is_some()
    });
}

#[test]
fn raw_fails_and_its_cutting_opens_in_the_race() {
    for lang in Lang::ALL {
        let mut person = at_the_prover(lang);
        person.click(person.say(text::START_PROOF));
        proven(&mut person);
        person.must_see(person.say(text::FAILS_WHOLE));
        person.must_see(&person.say(text::CAME_OUT).to_uppercase());
        // The bytes of ten hellos, uncut.
        person.must_see("68 65 6c 6c 6f 68 65 6c 6c 6f");
        person.click(person.say(text::OPEN_IN_RACE));
        assert_eq!(person.lab().workbench().tab(), Some(Tab::Race));
        let race = person.lab().workbench().race();
        assert!(!race.is_measured() && race.cuts().is_empty());
        assert_eq!(race.lanes()[0].count().wrong, 10);
        person.must_see(person.say(text::SIMULATED));
        // And back to the run on the stage, which had three messages.
        person.click(person.say(text::BACK_TO_MEASURED));
        assert_eq!(person.lab().workbench().race().lanes()[0].count().wrong, 3);
    }
}

#[test]
fn its_cutting_is_shown_on_the_stage_by_a_real_run() {
    for lang in Lang::ALL {
        let mut person = at_the_prover(lang);
        let messages = ProveAction::Messages("ab\nhello".to_owned());
        let window = person.window.state_mut();
        window.apply(Command::Workbench(Action::Prove(messages)));
        person.look();
        person.click(person.say(text::START_PROOF));
        proven(&mut person);
        person.click(person.say(text::OPEN_ON_STAGE));
        person.until("it is on the stage", |lab| lab.centre() == Centre::Stage);
        let trace = person.lab().trace();
        // Two sends, and one recv that returned both.
        let facts = trace.live().facts;
        assert_eq!(
            (facts.sends, facts.merged_recvs, facts.frames_wrong),
            (2, 1, 1)
        );
        let notice = text::ON_STAGE.fill(lang, &[("messages", &2), ("recvs", &7)]);
        person.must_see(&notice);
        // It can be walked back through like any run.
        person.window.state_mut().apply(Command::Back);
        let (k, n) = person.lab().moment();
        assert!(k < n, "{k} of {n}");
    }
}

#[test]
fn a_delimiter_holds_and_one_message_is_cut_in_two() {
    for lang in Lang::ALL {
        let mut person = at_the_prover(lang);
        let spec: FramingSpec = r"delimiter:\n".parse().expect("a strategy");
        person
            .window
            .get_by_role_and_label(Part::ComboBox, person.say(text::STRATEGY))
            .click();
        person.look();
        person.click(&strategies::name(&spec, lang));
        person.click(person.say(text::START_PROOF));
        proven(&mut person);
        let report = person.lab().workbench().prove().report().expect("a report");
        assert_eq!(
            (&report.task.spec, &report.outcome),
            (&spec, &Outcome::Holds)
        );
        let tried = report.tried();
        // 60 bytes: uncut, 59 cuts, 1711 pairs, sizes 1 to 19, and the random ones.
        assert_eq!(tried, 1 + 59 + 1_711 + 19 + 100_000);
        person.must_see(&text::HOLDS.fill(lang, &[("n", &"101\u{202f}790")]));
        // One message: cut behind its first byte, and raw takes that for a message.
        let window = person.window.state_mut();
        for action in [
            ProveAction::Strategy(FramingSpec::Raw),
            ProveAction::Messages("hi".to_owned()),
        ] {
            window.apply(Command::Workbench(Action::Prove(action)));
        }
        person.look();
        person.click(person.say(text::START_PROOF));
        proven(&mut person);
        person.must_see(&text::FAILS_ONE.fill(lang, &[("at", &1)]));
        person.must_see("68 | 69");
    }
}

#[test]
fn what_cannot_be_read_is_refused_and_a_long_proof_is_cancelled() {
    let mut person = at_the_prover(Lang::En);
    let send = |person: &mut Person, action| {
        let window = person.window.state_mut();
        window.apply(Command::Workbench(Action::Prove(action)));
        person.look();
    };
    send(&mut person, ProveAction::Messages("ok\n\\q".to_owned()));
    person.must_see("Line 2");
    person.click(person.say(text::START_PROOF));
    assert!(!person.lab().workbench().prove().is_proving());
    send(
        &mut person,
        ProveAction::Strategy("varint".parse().expect("a strategy")),
    );
    send(&mut person, ProveAction::Messages("x".repeat(60_000)));
    send(&mut person, ProveAction::Samples(u64::MAX));
    person.click(person.say(text::START_PROOF));
    assert!(person.lab().workbench().prove().is_proving());
    person.click(person.say(text::CANCEL_PROOF));
    proven(&mut person);
    let report = person.lab().workbench().prove().report().expect("a report");
    assert_eq!(report.outcome, Outcome::Cancelled);
    assert!(
        person
            .window
            .query_by_label_contains("Cancelled after")
            .is_some()
    );
}
