//! Choosing a framing strategy in the window and setting it, in both languages.

mod person;

use egui::accesskit::Role as Part;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use socklab::framing::FramingSpec;
use socklab::i18n::{Lang, framing_panel as text, panels};
use socklab::ui::centre::Centre;
use socklab::ui::command::Command;
use socklab::ui::framing::spec_error;
use socklab::ui::strategies::{self, Aspect};

use person::Person;

impl Person {
    /// Chooses a strategy in the list, as a screen reader does.
    fn choose(&mut self, spec: &FramingSpec) {
        let name = strategies::name(spec, self.lang);
        self.window
            .get_by_role_and_label(Part::ComboBox, self.say(panels::FRAMING))
            .click();
        self.look();
        self.window
            .get_by_role_and_label(Part::Button, &name)
            .click_accesskit();
        self.look();
        self.framed(spec);
    }

    /// Waits until the run has that framing.
    fn framed(&mut self, spec: &FramingSpec) {
        let name = spec.to_string();
        self.until(&name, |lab| lab.view().framing == spec);
    }

    fn framing(&self) -> String {
        self.lab().view().framing.to_string()
    }

    fn setting(&self, name: &str) -> String {
        strategies::parameter(name, self.lang)
    }

    /// Puts a text into the field of that setting, instead of what is there; Enter leaves it.
    fn type_setting(&mut self, name: &str, words: &str) {
        let label = text::VALUE.fill(self.lang, &[("label", &self.setting(name))]);
        self.window
            .get_by_role_and_label(Part::TextInput, &label)
            .click();
        self.look();
        self.press_with(Modifiers::COMMAND, Key::A);
        if words.is_empty() {
            self.press(Key::Backspace);
        } else {
            self.window.event(Event::Text(words.to_owned()));
        }
        self.look();
        self.press(Key::Enter);
        self.look();
    }

    fn field(&self, name: &str) -> String {
        let label = text::VALUE.fill(self.lang, &[("label", &self.setting(name))]);
        let node = self.window.get_by_role_and_label(Part::TextInput, &label);
        node.value().unwrap_or_default()
    }

    /// Clicks one of a setting's words.
    fn pick(&mut self, name: &str, word: &str) {
        let label = self.setting(name);
        self.click(&text::CHOICE.fill(self.lang, &[("label", &label), ("value", &word)]));
    }
}

fn spec(text: &str) -> FramingSpec {
    text.parse().expect("a strategy")
}

#[test]
fn every_strategy_can_be_chosen_and_explains_itself_on_the_students_message() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        person.step_client();
        let mut strategies = FramingSpec::strategies();
        // The first is what the lesson begins with.
        strategies.rotate_left(1);
        for spec in &strategies {
            person.choose(spec);
            let framing = spec.build(1 << 20);
            let mut wire = Vec::new();
            framing.encode(b"hello", &mut wire).expect("it fits");
            let length = format!("{} B", wire.len());
            person.must_see(&text::ON_THE_WIRE.fill(lang, &[("n", &1), ("bytes", &length)]));
            for field in framing.layout(b"hello").expect("it fits") {
                let role = person.say(strategies::role(field.role));
                assert!(person.sees_part(role), "{spec}: {role}");
            }
            if let Some(format) = spec.struct_format() {
                person.must_see(&text::STRUCT.fill(lang, &[("format", &format)]));
            }
            if !spec.survives_any_cutting() {
                person.must_see(person.say(text::NO_CURE));
            }
            person.click(person.say(text::TAB));
            assert_eq!(person.lab().centre(), Centre::Workbench);
            for aspect in Aspect::ALL {
                let said = strategies::say(spec, aspect, lang);
                assert!(
                    person.sees(&said) || aspect == Aspect::Name,
                    "{spec}: {said}"
                );
            }
            // On through the other views, round to the stage.
            for _ in Centre::ALL {
                if person.lab().centre() != Centre::Stage {
                    person.press(Key::W);
                }
            }
            assert_eq!(person.lab().centre(), Centre::Stage);
        }
        // Undo goes back through them, redo forth.
        person.press_with(Modifiers::COMMAND, Key::Z);
        person.framed(&strategies[strategies.len() - 2]);
        person.press_with(Modifiers::COMMAND, Key::Y);
        person.framed(&strategies[strategies.len() - 1]);
    }
}

#[test]
fn settings_are_changed_by_typing_clicking_and_sliding() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        person.choose(&spec(r"delimiter:\n"));
        person.type_setting("delimiter", "##");
        person.framed(&spec("delimiter:##"));
        person.type_setting("delimiter", r"\x1e。");
        person.framed(&spec(r"delimiter:\x1e。"));
        person.press_with(Modifiers::COMMAND, Key::Z);
        person.framed(&spec("delimiter:##"));

        person.choose(&spec("length:u32:big"));
        person.pick("width", "u16");
        person.framed(&spec("length:u16:big"));
        let little = socklab::i18n::framing::ORDER_LITTLE;
        person.pick("order", person.say(little));
        person.framed(&spec("length:u16:little"));
        person.must_see(&text::STRUCT.fill(lang, &[("format", &"<H")]));

        person.choose(&spec("fixed:64"));
        person.type_setting("size", "8");
        person.framed(&spec("fixed:8"));
        person.type_setting("pad", ".");
        person.framed(&spec("fixed:8:."));

        person.choose(&spec("pacing:5"));
        let slider = person.setting("ms");
        person
            .window
            .get_by_role_and_label(Part::Slider, &slider)
            .set_value_accesskit(20.0);
        person.look();
        person.framed(&spec("pacing:20"));

        // Back to one that was set before: it has what it had.
        person.choose(&spec("length:u16:little"));
    }
}

#[test]
fn what_cannot_be_set_stays_in_the_field_with_the_reason() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        for (framing, name, wrong) in [
            (r"delimiter:\n", "delimiter", r"a\q"),
            (r"escaped:\n", "delimiter", r"\\"),
            ("end-mark:##", "delimiter", ""),
            ("fixed:64", "size", "0"),
            ("fixed:64", "pad", "ab"),
            ("pacing:5", "ms", "100000"),
        ] {
            let framing = spec(framing);
            if *person.lab().view().framing != framing {
                person.choose(&framing);
            }
            let error = framing.with_parameter(name, wrong).expect_err("wrong");
            let words = spec_error(&error, lang);
            person.type_setting(name, wrong);
            person.must_see(&words);
            assert_eq!(person.field(name), wrong, "nothing typed is lost");
            assert_eq!(person.framing(), framing.to_string(), "nothing changes");
            // Mended by typing on.
            let right = framing.parameter(name).expect("it has it");
            person.type_setting(name, &right);
            assert!(!person.sees(&words), "{words}");
            assert_eq!(person.framing(), framing.to_string());
        }
    }
}

#[test]
fn dangers_in_the_students_own_messages_are_shown_before_anything_runs() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.ready();
        person.choose(&spec(r"delimiter:\n"));
        person.must_see(person.say(text::NO_TROUBLE));
        person
            .window
            .state_mut()
            .apply(Command::SetParam("text".into(), "a##b".into()));
        person.type_setting("delimiter", "##");
        person.framed(&spec("delimiter:##"));
        let hazard = spec("delimiter:##").build(100).hazard(b"a##b");
        let what = strategies::hazard(hazard.expect("it is one"), lang);
        person.must_see(&text::TROUBLE.fill(lang, &[("n", &1), ("what", &what)]));
        person.must_see(&text::TROUBLE_MORE.fill(lang, &[("n", &10)]));
        person.choose(&spec("fixed:64"));
        person.type_setting("size", "3");
        person.framed(&spec("fixed:3"));
        let too_long = socklab::i18n::framing::ERROR_MESSAGE_TOO_LONG;
        let what = too_long.fill(lang, &[("length", &4), ("limit", &3)]);
        person.must_see(&text::TROUBLE.fill(lang, &[("n", &1), ("what", &what)]));
    }
}

#[test]
fn a_drag_is_one_step_to_undo() {
    let mut person = Person::at("sticky-merge", Lang::En);
    person.ready();
    let value = |person: &Person| {
        let meta = &person.lab().settings();
        meta.int("recv_size")
    };
    let slider = person
        .window
        .get_by_role_and_label(Part::Slider, "recv size")
        .rect();
    let at = |share: f32| egui::pos2(slider.left() + slider.width() * share, slider.center().y);
    person.window.drag_at(at(0.6));
    person.look();
    let mut seen = Vec::new();
    for step in 0..10 {
        person.window.hover_at(at(0.55 - 0.05 * step as f32));
        person.look();
        seen.push(value(&person));
    }
    person.window.drop_at(at(0.1));
    person.look();
    seen.dedup();
    assert!(seen.len() > 5, "every movement counts at once: {seen:?}");
    assert_ne!(value(&person), Some(1024));
    person.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(
        value(&person),
        Some(1024),
        "all of it is taken back at once"
    );
    person.press_with(Modifiers::COMMAND, Key::Y);
    assert_ne!(value(&person), Some(1024));
    // Two drags are two steps.
    person.press_with(Modifiers::COMMAND, Key::Z);
    for share in [0.3, 0.7] {
        person.window.drag_at(at(share));
        person.look();
        person.window.hover_at(at(share + 0.1));
        person.look();
        person.window.drop_at(at(share + 0.1));
        person.look();
    }
    let second = value(&person);
    person.press_with(Modifiers::COMMAND, Key::Z);
    let first = value(&person);
    assert!(
        first != second && first != Some(1024),
        "{first:?} {second:?}"
    );
    person.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(value(&person), Some(1024));
}

#[test]
fn the_keyboard_reaches_the_chooser_and_its_settings() {
    let mut person = Person::at("sticky-merge", Lang::En);
    person.ready();
    let combo = person
        .window
        .get_by_role_and_label(Part::ComboBox, panels::FRAMING.en);
    combo.focus();
    person.look();
    person.press(Key::Space);
    let name = strategies::name(&spec("cobs"), Lang::En);
    let item = person.window.get_by_role_and_label(Part::Button, &name);
    item.focus();
    person.look();
    person.press(Key::Enter);
    person.framed(&spec("cobs"));
}
