//! A file is chosen in the window, sent, and compared on both sides, in both languages.

mod person;

use socklab::experiment::files::Sample;
use socklab::framing::FramingSpec;
use socklab::i18n::{Lang, files as say};
use socklab::ui::command::Command;
use socklab::ui::figures::bytes;

use person::{Person, finished};

impl Person {
    /// Makes a new run and waits for its end.
    fn run_to_the_end(&mut self) {
        let lab = self.window.state_mut();
        lab.apply(Command::Reset);
        lab.apply(Command::Run);
        self.until("the run ends", finished);
    }
}

#[test]
fn a_file_is_chosen_and_sent_and_both_sides_are_compared() {
    for lang in Lang::ALL {
        let mut person = Person::at("file-transfer", lang);
        person.ready();
        let sample = Sample::named("notes.md").expect("one of the lab's own");
        let size = bytes(sample.size as u64);
        let button = say::OWN_FILE.fill(lang, &[("name", &sample), ("bytes", &size)]);
        person.click(&button);
        assert_eq!(person.lab().settings().text("file"), Some("notes.md"));
        person.run_to_the_end();
        person.must_see(person.say(say::DIFFERENT));

        let json = Command::SetFraming(FramingSpec::Json);
        person.window.state_mut().apply(json);
        person.run_to_the_end();
        person.must_see(person.say(say::SAME));
        assert!(!person.sees(person.say(say::DIFFERENT)));

        // A file that is not there is told with its cure.
        let missing = Command::SetParam("file".into(), "/nowhere/at/all.txt".into());
        person.window.state_mut().apply(missing);
        person.run_to_the_end();
        person.must_see_part("/nowhere/at/all.txt");
        assert!(!person.sees(person.say(say::SAME)));
    }
}
