//! The reader of lesson files, on good ones, on bad ones, and on anything at all.

use proptest::prelude::*;

use super::read_lesson::{Files, read_lesson};
use super::*;
use crate::experiment::program::{Num, Op};
use crate::framing::FramingSpec;
use crate::i18n::Lang;

const TOML: &str = r#"format_version = 1
id = "tiny"

[framing]
default = "raw"
offered = true

[messages]
actor = "client"
count = "$count"
text = "hi"

[[parameter]]
name = "count"
type = "int"
min = 1
max = 100
default = 3
label = { en = "Messages", zh = "消息条数" }
help = { en = "How many.", zh = "多少条。" }

[[parameter]]
name = "recv_size"
type = "int"
min = 1
max = 4096
default = 16
unit = "bytes"
scale = "log"
live = true
label = { en = "recv size", zh = "recv 大小" }
help = { en = "At most.", zh = "最多。" }

[[actor]]
name = "client"
role = "client"
program = [
    { op = "socket", as = "s" },
    { op = "connect", on = "s", to = "server" },
    { op = "ready" },
    { op = "for_each_message", body = [{ op = "sendall", on = "s", data = "$message" }] },
    { op = "close", on = "s" },
]

[[actor]]
name = "server"
role = "server"
program = [
    { op = "socket", as = "listener" },
    { op = "bind", on = "listener", host = "127.0.0.1" },
    { op = "listen", on = "listener" },
    { op = "accept", on = "listener", as = "conn" },
    { op = "ready" },
    { op = "receive_messages", on = "conn", size = "$recv_size" },
]

[[step]]
id = "first"
release = "client*2 server"
predict = ["recv.bytes == [4]", "recv.bytes == [2]"]
focus = "ruler"

[[check]]
id = "merged"
claim = { en = "They merge.", zh = "会粘在一起。" }
release = "client*2 server"
expect = "merged_recvs == 1"
contrast = { release = "client server" }
"#;

const EN: &str = "# Tiny

Hello.

## First {#first}

Two sends.

### Predict

What *now*?

1. All `four` bytes

   Yes.

   - indeed

2. Two bytes

   No.

### Reveal

Four.

## Notes {#notes}

None.
";

const ZH: &str = "# 小课

## 第一步 {#first}

### 预测

会怎样？

1. 四个字节

   对。

2. 两个字节

   错。

### 揭晓

四个。
";

fn read(toml: &str, en: Option<&str>, zh: Option<&str>) -> Result<Lesson, Vec<Problem>> {
    read_lesson(&Files {
        folder: "course/07-tiny",
        toml,
        texts: [en, zh],
        source: Source::Embedded,
    })
}

fn tiny() -> Lesson {
    read(TOML, Some(EN), Some(ZH)).unwrap()
}

#[test]
fn a_good_lesson_is_read_whole() {
    let lesson = tiny();
    assert_eq!((lesson.id.as_str(), lesson.order), ("tiny", 7));
    assert_eq!(lesson.group, Group::Lessons);
    assert_eq!(lesson.actors.len(), 2);
    assert_eq!(lesson.actors[0].program.nodes.len(), 5);
    assert!(matches!(
        lesson.actors[1].program.nodes[5].op,
        Op::ReceiveMessages { size: Num::Param(ref name), count: Num::Lit(0), .. } if name == "recv_size"
    ));
    let step = &lesson.steps[0];
    assert!(step.restart, "the first step always begins a run");
    assert_eq!(step.focus, Some(Focus::Ruler));
    assert_eq!(step.release, "client*2 server".parse().unwrap());
    assert_eq!(lesson.checks[0].retries, 5);

    let text = lesson.step_text(0, Lang::En).unwrap();
    assert_eq!(text.title, "First");
    assert_eq!(text.body, "Two sends.");
    assert_eq!(text.question, "What *now*?");
    assert_eq!(text.reveal, "Four.");
    assert_eq!(text.options[0].label, "All `four` bytes");
    assert_eq!(text.options[0].why, "Yes.\n\n- indeed");
    assert_eq!(text.options[1].why, "No.");
    assert_eq!(lesson.text(Lang::En).intro, "Hello.");
    assert_eq!(lesson.text(Lang::En).notes, "None.");
    assert_eq!(lesson.title(Lang::Zh), "小课");
    assert_eq!(
        lesson.step_text(0, Lang::Zh).unwrap().options[1].label,
        "两个字节"
    );
}

/// The tiny lesson with a closing task.
fn with_task(toml: &str, md: &str) -> Result<Lesson, Vec<Problem>> {
    let toml = format!("{TOML}\n[[task]]\n{toml}");
    let en = EN.replace("## Notes", &format!("{md}\n\n## Notes"));
    let zh = format!("{ZH}\n{md}");
    read(&toml, Some(&en), Some(&zh))
}

const TASK_TOML: &str = r#"id = "one-each"
set = { count = 2 }
keep = ["count", "framing"]
solved = "recvs == 2"
solution = { set = { recv_size = 2 }, release = "(client server)*2" }
"#;

const TASK_MD: &str = "## One each {#task-one-each}

Two recvs.

### Hints

1. Smaller.

   Much smaller.
2. `recv(2)`
   it is

### Solved

Well done.
";

#[test]
fn a_task_is_read_with_its_texts() {
    let lesson = with_task(TASK_TOML, TASK_MD).unwrap();
    let task = &lesson.tasks[0];
    assert_eq!((task.id.as_str(), lesson.tasks.len()), ("one-each", 1));
    let start = task.settings(&lesson);
    assert_eq!(
        (start.int("count"), start.int("recv_size")),
        (Some(2), Some(16))
    );
    let solution = task.solution_settings(&lesson);
    assert_eq!(solution.int("recv_size"), Some(2));
    assert!(task.kept(&lesson, &solution));
    assert!(
        !task.kept(&lesson, &Settings::defaults(&lesson)),
        "count is kept"
    );
    let mut framed = start.clone();
    framed.framing = FramingSpec::Varint;
    assert!(!task.kept(&lesson, &framed));
    for lang in Lang::ALL {
        let text = lesson.task_text(0, lang).unwrap();
        assert_eq!(
            (text.title.as_str(), text.body.as_str()),
            ("One each", "Two recvs.")
        );
        assert_eq!(
            text.hints,
            ["Smaller.\n\nMuch smaller.", "`recv(2)`\nit is"]
        );
        assert_eq!(text.solved, "Well done.");
    }
    assert_eq!(lesson.steps.len(), 1, "a task is no step");
    assert_eq!(lesson.text(Lang::En).notes, "None.");
}

#[test]
fn mistakes_in_tasks_are_reported_where_they_are() {
    let said_of = |toml: &str, md: &str| -> String {
        match with_task(toml, md) {
            Ok(_) => panic!("no problem: {toml} {md}"),
            Err(problems) => {
                let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
                said.join("\n")
            }
        }
    };
    for (from, to, expect) in [
        ("id = \"one-each\"", "id = \"task-one\"", "cannot be an id"),
        (
            "keep = [\"count\"",
            "keep = [\"cuont\"",
            "Did you mean count?",
        ),
        ("recvs == 2", "recvs = 2", "condition"),
        ("recvs == 2", "segments == 2", "not captured"),
        ("solved = ", "solvd = ", "Did you mean solved?"),
        ("solution = ", "# ", "The key solution is missing"),
        ("recv_size = 2 }", "recv_size = 0 }", "between 1 and 4096"),
        (
            "set = { count = 2 }",
            "set = { cont = 2 }",
            "Did you mean count?",
        ),
    ] {
        let said = said_of(&TASK_TOML.replacen(from, to, 1), TASK_MD);
        assert!(
            said.contains("lesson.toml:") && said.contains(expect),
            "{to}: {said}"
        );
    }
    for (from, to, expect) in [
        (
            "{#task-one-each}",
            "{#task-two-each}",
            "lesson.toml has no task two-each",
        ),
        ("### Hints", "#### Hints", "no hints"),
        ("### Solved", "#### Solved", "no last word"),
        ("Two recvs.", "", "no words that say what to do"),
        ("### Solved", "### Hints", "twice"),
    ] {
        let said = said_of(TASK_TOML, &TASK_MD.replacen(from, to, 1));
        assert!(
            said.contains("en.md:") && said.contains(expect),
            "{to}: {said}"
        );
    }
    let said = said_of(TASK_TOML, "");
    assert!(
        said.contains("The text of the task one-each is missing"),
        "{said}"
    );
    let late = format!("{EN}\n{TASK_MD}");
    let toml = format!("{TOML}\n[[task]]\n{TASK_TOML}");
    let problems = read(&toml, Some(&late), Some(&format!("{ZH}\n{TASK_MD}"))).unwrap_err();
    assert!(
        problems[0].to_string().contains("after the notes"),
        "{}",
        problems[0]
    );
}

/// Each row: what is replaced by what in the good file, and where and what the problem must be.
#[test]
fn every_mistake_is_reported_where_it_is() {
    let rows: &[(&str, &str, &str)] = &[
        // replaced | by | problem, as shown
        (
            "id = \"tiny\"\n",
            "id = \"tiny\n",
            "lesson.toml:2:11: TOML syntax",
        ),
        (
            "format_version = 1",
            "format_version = 2",
            "lesson.toml:1:18: format_version 2 is not known here. Write format_version = 1",
        ),
        (
            "format_version = 1\n",
            "",
            "lesson.toml:1:1: The key format_version is missing",
        ),
        (
            "id = \"tiny\"",
            "id = \"Tiny\"",
            "lesson.toml:2:6: Tiny cannot be an id",
        ),
        (
            "id = \"tiny\"",
            "id = \"other\"",
            "lesson.toml:2:6: The id is other, but the folder says tiny",
        ),
        (
            "offered = true",
            "ofered = true",
            "lesson.toml:6:1: Unknown key ofered. Did you mean offered?",
        ),
        (
            "default = \"raw\"",
            "default = \"row\"",
            "lesson.toml:5:11: That is no framing strategy",
        ),
        (
            "offered = true",
            "offered = \"yes\"",
            "lesson.toml:6:11: offered is neither true nor false",
        ),
        (
            "actor = \"client\"",
            "actor = \"cleint\"",
            "lesson.toml:9:9: There is no actor cleint. Did you mean client?",
        ),
        (
            "count = \"$count\"",
            "count = \"$number\"",
            "lesson.toml:10:9: There is no parameter number. Valid here: count, recv_size.",
        ),
        (
            "count = \"$count\"",
            "count = 2_000_000",
            "lesson.toml:10:9: count is 2000000, but must be between 0 and 1000000",
        ),
        (
            "text = \"hi\"",
            "text = 5",
            "lesson.toml:11:8: text is not a text",
        ),
        (
            "text = \"hi\"",
            "text = \"hi\"\nlist = [\"a\"]",
            "lesson.toml:8:1: Messages have either a text or a list",
        ),
        (
            "min = 1\nmax = 100\n",
            "min = 200\nmax = 100\n",
            "lesson.toml:16:7: min is 200 and max is 100",
        ),
        (
            "default = 3",
            "default = 300",
            "lesson.toml:18:11: default is 300, but must be between 1 and 100",
        ),
        (
            "default = 3",
            "default = \"3\"",
            "lesson.toml:18:11: default is not a whole number",
        ),
        (
            "max = 100\n",
            "max = 100\nmax_len = 3\n",
            "lesson.toml:18:1: max_len does not belong to a parameter of type int",
        ),
        (
            "type = \"int\"\nmin = 1\nmax = 100\n",
            "type = \"float\"\nmin = 1\nmax = 100\n",
            "lesson.toml:15:8: type cannot be float. Valid here: int, switch, text",
        ),
        (
            "zh = \"消息条数\"",
            "",
            "lesson.toml:19:9: The key zh is missing",
        ),
        (
            "zh = \"多少条。\"",
            "zh = \" \"",
            "lesson.toml:20:33: A text of help is empty",
        ),
        (
            "name = \"recv_size\"",
            "name = \"count\"",
            "lesson.toml:22:1: count is there twice",
        ),
        (
            "name = \"recv_size\"",
            "name = \"while\"",
            "lesson.toml:23:8: while cannot be a name",
        ),
        (
            "unit = \"bytes\"",
            "unit = \"byte\"",
            "lesson.toml:28:8: unit cannot be byte. Did you mean bytes?",
        ),
        (
            "min = 1\nmax = 4096",
            "min = 0\nmax = 4096",
            "The parameter recv_size goes from 0 to 4096, but size allows 1 to 16777216 only",
        ),
        (
            "role = \"client\"",
            "role = \"clown\"",
            "lesson.toml:36:8: role cannot be clown",
        ),
        (
            "op = \"socket\", as = \"s\"",
            "op = \"sokcet\", as = \"s\"",
            "lesson.toml:38:12: There is no operation sokcet. Did you mean socket?",
        ),
        (
            "op = \"socket\", as = \"s\"",
            "as = \"s\"",
            "lesson.toml:38:5: The key op is missing",
        ),
        (
            "op = \"socket\", as = \"s\"",
            "op = \"socket\"",
            "lesson.toml:38:5: The key as is missing",
        ),
        (
            "{ op = \"socket\", as = \"s\" }",
            "5",
            "lesson.toml:38:5: This is not an operation",
        ),
        (
            "on = \"s\", to = \"server\"",
            "on = \"t\", to = \"server\"",
            "lesson.toml:39:28: No socket t has been made before this. Did you mean s?",
        ),
        (
            "to = \"server\"",
            "to = \"serve\"",
            "lesson.toml:39:38: There is no actor serve. Did you mean server?",
        ),
        (
            "to = \"server\"",
            "to = \"server\", host = \"::1\"",
            "lesson.toml:39:5: Exactly one kind of address is needed. Keep one of: to, host, path.",
        ),
        (
            "to = \"server\"",
            "host = \"127.0.0.1\"",
            "lesson.toml:39:5: The key port is missing",
        ),
        (
            "to = \"server\"",
            "path = \"../x\"",
            "lesson.toml:39:40: ../x cannot be the path of a socket",
        ),
        (
            "data = \"$message\"",
            "data = \"$msg\"",
            "lesson.toml:41:75: Nothing named msg can be sent here. Valid here: message, time.",
        ),
        (
            "{ op = \"for_each_message\", body = [{ op = \"sendall\", on = \"s\", data = \"$message\" }] }",
            "{ op = \"sendall\", on = \"s\", data = \"$message\" }",
            "lesson.toml:41:40: There is no message here",
        ),
        (
            "body = [{ op = \"sendall\", on = \"s\", data = \"$message\" }]",
            "body = []",
            "lesson.toml:41:5: The body of this loop is empty",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"loop\", body = [{ op = \"fileno\", on = \"s\" }] }",
            "lesson.toml:42:5: This loop never ends",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"break_if_empty\", data = \"d\" }",
            "lesson.toml:42:5: There is no loop to leave here",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"wait\", for = \"client\", sent = 1 }",
            "lesson.toml:42:5: client would wait for itself",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"wait\", for = \"server\" }",
            "lesson.toml:42:5: A wait needs exactly one thing",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"setsockopt\", on = \"s\", option = \"SO_RCVBUFF\", value = 1 }",
            "lesson.toml:42:45: option cannot be SO_RCVBUFF. Did you mean SO_RCVBUF?",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"setsockopt\", on = \"s\", option = \"TCP_NODELAY\", value = 2 }",
            "lesson.toml:42:68: value is 2, but must be between 0 and 1",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"recv\", on = \"s\", size = 0, as = \"d\" }",
            "lesson.toml:42:37: size is 0, but must be between 1 and 16777216",
        ),
        (
            "{ op = \"close\", on = \"s\" }",
            "{ op = \"recv\", on = \"s\", size = 1, as = \"count\" }",
            "lesson.toml:42:45: count is already the name of something else",
        ),
        (
            "{ op = \"receive_messages\"",
            "{ op = \"for_each_message\", body = [{ op = \"close\", on = \"conn\" }] },\n { op = \"receive_messages\"",
            "lesson.toml:54:5: The lesson's messages are not those of server",
        ),
        (
            "release = \"client*2 server\"\npredict",
            "release = \"client*2 sever\"\npredict",
            "lesson.toml:59:11: There is no actor sever. Did you mean server?",
        ),
        (
            "release = \"client*2 server\"\npredict",
            "release = \"client*x server\"\npredict",
            "lesson.toml:59:19: This schedule cannot be read: a count is a whole number",
        ),
        (
            "\"recv.bytes == [2]\"",
            "\"recv.byte == [2]\"",
            "lesson.toml:60:39: This condition cannot be read: `byte` is none of bytes, start, messages, characters; perhaps `bytes`",
        ),
        (
            "\"recv.bytes == [2]\"",
            "\"recv.bytes == 2\"",
            "lesson.toml:60:34: This condition cannot be read: `==` cannot join a list and a number",
        ),
        (
            "\"recv.bytes == [2]\"",
            "\"recvs == $cont\"",
            "lesson.toml:60:33: There is no parameter cont. Did you mean count?",
        ),
        (
            "\"recv.bytes == [2]\"",
            "\"clint.blocked == 1\"",
            "lesson.toml:60:33: There is no actor clint. Did you mean client?",
        ),
        (
            ", \"recv.bytes == [2]\"",
            "",
            "lesson.toml:57:1: A prediction needs at least two options",
        ),
        (
            "focus = \"ruler\"",
            "focus = \"rular\"",
            "lesson.toml:61:9: focus cannot be rular. Did you mean ruler?",
        ),
        (
            "id = \"first\"",
            "id = \"notes\"",
            "lesson.toml:58:6: notes cannot be an id",
        ),
        (
            "id = \"first\"",
            "id = \"frist\"",
            "en.md:5:1: lesson.toml has no step first. Did you mean frist?",
        ),
        (
            "predict = [\"recv.bytes == [4]\", ",
            "predict = [\"recvs == 0\", \"recv.bytes == [4]\", ",
            "en.md:5:1: The step first has 3 options in lesson.toml and 2 here",
        ),
        (
            "focus = \"ruler\"",
            "set = { recv_sise = 3 }",
            "lesson.toml:61:9: Unknown key recv_sise. Did you mean recv_size?",
        ),
        (
            "focus = \"ruler\"",
            "set = { recv_size = 5000 }",
            "lesson.toml:61:21: recv_size must be between 1 and 4096; 5000 is not",
        ),
        (
            "focus = \"ruler\"",
            "[[step]]\nid = \"second\"\nset = { count = 2 }",
            "lesson.toml:63:9: count cannot change while the run goes on",
        ),
        (
            "contrast = { release = \"client server\" }",
            "contrast = {}",
            "lesson.toml:63:1: The opposite run is the same run",
        ),
        (
            "expect = \"merged_recvs == 1\"",
            "",
            "lesson.toml:63:1: The key expect is missing",
        ),
        (
            "expect = \"merged_recvs == 1\"",
            "expect = \"merged_recvs\"",
            "lesson.toml:67:11: This condition cannot be read: this is a number",
        ),
        (
            "expect = \"merged_recvs == 1\"",
            "expect = \"merged_recvs == 1\"\nretries = 99",
            "lesson.toml:68:11: retries is 99",
        ),
        (
            "text = \"hi\"",
            "text = \"hi\"\n[[parameter]]\nname = \"idle\"\ntype = \"switch\"\ndefault = true\nlabel = { en = \"a\", zh = \"b\" }\nhelp = { en = \"a\", zh = \"b\" }",
            "lesson.toml:12:1: The parameter idle is used nowhere",
        ),
    ];
    let mut missed = Vec::new();
    for (old, new, wanted) in rows {
        assert!(TOML.contains(old), "the good file has no {old:?}");
        let bad = TOML.replacen(old, new, 1);
        let problems = read(&bad, Some(EN), Some(ZH)).err().unwrap_or_default();
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        if !shown.iter().any(|s| s.contains(wanted)) {
            missed.push(format!(
                "{new:?} should give\n  {wanted}\nbut gave\n  {}",
                shown.join("\n  ")
            ));
        }
        for problem in &problems {
            for lang in Lang::ALL {
                let text = problem.get(lang);
                let unfilled = ["{key}", "{name}", "{found}", "{id}", "{valid}", "{error}"];
                assert!(!unfilled.iter().any(|u| text.contains(u)), "{text}");
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// A mistake in one parameter must not be drowned by complaints about every use of it.
#[test]
fn one_mistake_is_one_problem() {
    for (old, new) in [
        ("default = 3", "default = 300"),
        ("default = 16", "default = \"16\""),
        ("size = \"$recv_size\"", "size = 0"),
        ("focus = \"ruler\"", "focus = \"rular\""),
    ] {
        let bad = TOML
            .replace("predict", "set = { count = 4 }\npredict")
            .replacen(old, new, 1);
        let problems = read(&bad, Some(EN), Some(ZH)).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:#?}");
    }
}

#[test]
fn mistakes_in_the_texts_are_reported_where_they_are() {
    let rows: &[(&str, &str, &str)] = &[
        ("# Tiny\n", "Tiny\n", "en.md:1:1: The text has no title"),
        (
            "## First {#first}",
            "## First",
            "en.md:5:1: The heading of First does not say which step it is. Add the step's id: ## First {#id}.",
        ),
        (
            "## First {#first}",
            "## First {#second}",
            "en.md:5:1: lesson.toml has no step second",
        ),
        (
            "## First {#first}",
            "## First {#second}",
            "The text of the step first is missing. Add the heading ## … {#first}",
        ),
        (
            "   No.\n",
            "   No.\n\n3. More\n\n   Why.\n",
            "en.md:5:1: The step first has 2 options in lesson.toml and 3 here",
        ),
        (
            "2. Two bytes\n\n   No.\n",
            "",
            "en.md:5:1: The step first has 2 options in lesson.toml and 1 here",
        ),
        (
            "   No.\n",
            "",
            "en.md:19:1: The option Two bytes does not say why",
        ),
        (
            "What *now*?\n",
            "",
            "en.md:9:1: The prediction of first asks nothing",
        ),
        (
            "### Reveal\n\nFour.\n",
            "",
            "en.md:5:1: The step first predicts but reveals nothing",
        ),
        (
            "### Reveal\n",
            "### Predict\n",
            "en.md:23:1: The step first has this part twice",
        ),
        (
            "Four.\n",
            "Four.\n\n## Again {#first}\n",
            "en.md:27:1: first is there twice",
        ),
        (
            "None.\n",
            "None.\n\n# More\n",
            "en.md:31:1: This is a second title",
        ),
    ];
    for (old, new, wanted) in rows {
        assert!(EN.contains(old), "the good text has no {old:?}");
        let bad = EN.replacen(old, new, 1);
        let problems = read(TOML, Some(&bad), Some(ZH)).expect_err(new);
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            shown.iter().any(|s| s.contains(wanted)),
            "{new:?} should give\n  {wanted}\nbut gave\n  {}",
            shown.join("\n  ")
        );
    }
    let problems = read(TOML, Some(EN), None).unwrap_err();
    assert!(
        problems[0]
            .to_string()
            .contains("lesson.toml:1:1: zh.md is missing")
    );
}

#[test]
fn steps_in_another_order_are_reported() {
    let toml = TOML.replace("[[check]]", "[[step]]\nid = \"second\"\n\n[[check]]");
    let more = "\n## Second {#second}\n\nMore.\n";
    let en = EN.replace("\n## Notes", &format!("{more}\n## Notes"));
    let zh = format!("{ZH}{more}");
    read(&toml, Some(&en), Some(&zh)).unwrap();
    let moved = ZH.replace("# 小课\n", &format!("# 小课\n{more}"));
    let problems = read(&toml, Some(&en), Some(&moved)).unwrap_err();
    assert!(
        problems[0]
            .to_string()
            .contains("zh.md:3:1: Here lesson.toml has the step first"),
        "{problems:?}"
    );
}

#[test]
fn the_embedded_lessons_have_no_problems() {
    let catalogue = Catalogue::load_embedded();
    let shown: Vec<String> = catalogue.problems.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    let ids: Vec<&str> = catalogue.lessons.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "what-is-a-socket",
            "layers",
            "tcp-server-client",
            "handshake-teardown",
            "echo-time",
            "deadlock",
            "chat",
            "buffers",
            "sticky-merge",
            "sticky-split",
            "nagle",
            "pacing",
            "delimiter",
            "fixed-size",
            "length-prefix",
            "length-ack",
            "header-dict",
            "file-transfer",
            "remote-command",
            "many-clients",
            "endings-errors",
            "udp",
            "unix-sockets",
            "text-encoding",
            "mini-ftp",
            "playground",
        ]
    );
    let last = catalogue.lessons.last().expect("the playground");
    assert_eq!(last.group, Group::Explore);
}

#[test]
fn both_languages_have_the_same_steps_and_options() {
    for lesson in Catalogue::load_embedded().lessons {
        let [en, zh] = &lesson.texts;
        let shape = |text: &LessonText| -> Vec<(String, usize, bool)> {
            text.steps
                .iter()
                .map(|s| (s.id.clone(), s.options.len(), s.reveal.is_empty()))
                .collect()
        };
        assert_eq!(shape(en), shape(zh), "{}", lesson.id);
        assert_eq!(en.notes.is_empty(), zh.notes.is_empty(), "{}", lesson.id);
        assert_eq!(shape(en).len(), lesson.steps.len(), "{}", lesson.id);
        assert!(!lesson.checks.is_empty(), "{} claims nothing", lesson.id);
        for check in &lesson.checks {
            assert!(
                check.contrast.is_some(),
                "{}/{}: no opposite run",
                lesson.id,
                check.id
            );
        }
    }
}

#[test]
fn a_folder_of_lessons_is_read_and_overrides_the_embedded() {
    let course = tempfile::tempdir().unwrap();
    let write = |folder: &str, name: &str, bytes: &[u8]| {
        let folder = course.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    };
    for (name, text) in [("lesson.toml", TOML), ("en.md", EN), ("zh.md", ZH)] {
        write("07-tiny", name, text.as_bytes());
        let mine = text.replace("\"tiny\"", "\"sticky-merge\"");
        write("10-sticky-merge", name, mine.as_bytes());
    }
    write("08-broken", "lesson.toml", b"format_version = 1\nid = \n");
    write(
        "09-latin",
        "lesson.toml",
        b"format_version = 1\n# caf\xe9\n",
    );
    write("11-empty", "notes.txt", b"");
    write(".hidden", "notes.txt", b"");
    write("12-tiny", "lesson.toml", TOML.as_bytes());
    write("12-tiny", "en.md", EN.as_bytes());
    write("12-tiny", "zh.md", ZH.as_bytes());
    write(
        "13-large",
        "lesson.toml",
        &vec![b'#'; limit::FILE as usize + 1],
    );
    std::fs::write(course.path().join("README.md"), "not a lesson").unwrap();

    let local = Catalogue::load_dir(course.path());
    let ids: Vec<&str> = local.lessons.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(ids, ["tiny", "sticky-merge"]);
    let shown: Vec<String> = local.problems.iter().map(ToString::to_string).collect();
    for wanted in [
        "08-broken/lesson.toml:2:6: TOML syntax",
        "09-latin/lesson.toml:2:6: This file is not UTF-8",
        "11-empty:1:1: This folder holds no lesson.toml",
        "12-tiny/lesson.toml:1:1: The lesson tiny is there twice",
        "13-large/lesson.toml:1:1: This file is longer than 1048576 bytes",
    ] {
        assert!(
            shown.iter().any(|s| s.contains(wanted)),
            "{wanted}\n{shown:#?}"
        );
    }
    assert!(!shown.iter().any(|s| s.contains("hidden")), "{shown:#?}");

    let all = Catalogue::load_embedded().with_local(local);
    assert_eq!(all.get("sticky-merge").unwrap().title(Lang::En), "Tiny");
    assert!(all.get("playground").is_some());

    let one = Catalogue::load_dir(&course.path().join("07-tiny"));
    assert_eq!(one.lessons.len(), 1, "{:?}", one.problems);
    let none = Catalogue::load_dir(&course.path().join("nowhere"));
    assert!(none.problems[0].to_string().contains("cannot be read"));
}

#[test]
fn settings_start_from_defaults_and_are_held_to_their_ranges() {
    let lesson = tiny();
    let mut settings = Settings::defaults(&lesson);
    assert_eq!(settings.int("count"), Some(3));
    settings.set(&lesson, "count", "42").unwrap();
    settings.set(&lesson, "framing", "length:u32:big").unwrap();
    assert_eq!(settings.int("count"), Some(42));
    assert_eq!(settings.framing.to_string(), "length:u32:big");
    let before = settings.clone();
    let error = settings.set(&lesson, "cuont", "1").unwrap_err();
    assert_eq!(
        error.to_string(),
        "This lesson has no setting cuont. It has: count, recv_size, framing, capture.on."
    );
    let error = settings.set(&lesson, "count", "101").unwrap_err();
    assert_eq!(
        error.to_string(),
        "count must be between 1 and 100; 101 is not."
    );
    assert!(settings.set(&lesson, "count", "many").is_err());
    assert!(settings.set(&lesson, "framing", "magic").is_err());
    assert!(
        settings
            .set_value(&lesson, "count", Value::Text("3".to_owned()))
            .is_err()
    );
    assert_eq!(settings, before, "a refused setting changes nothing");
    assert_eq!(
        settings.to_pairs(),
        [("count", "42"), ("recv_size", "16")].map(|(n, v)| (n.to_owned(), v.to_owned()))
    );

    let mut fixed = lesson;
    fixed.framing.offered = false;
    assert!(settings.set(&fixed, "framing", "length:u8:big").is_err());
    assert!(settings.set(&fixed, "framing", "raw").is_ok());
    assert_eq!(settings.framing, FramingSpec::Raw);
}

#[test]
fn an_attack_is_chosen_only_where_it_is_offered_and_refused_with_its_place() {
    let mut settings = Settings::defaults(&tiny());
    assert_eq!(
        settings.set(&tiny(), "attack", "slice:1"),
        Err(SettingError::AttackFixed)
    );
    let with = |table: &str| TOML.replace("[framing]", &format!("[attack]\n{table}\n[framing]"));
    let lesson = read(&with("default = \"cut:7\""), Some(EN), Some(ZH)).unwrap();
    assert!(lesson.attack.offered);
    let mut settings = Settings::defaults(&lesson);
    assert_eq!(settings.attack.to_string(), "cut:7");
    settings.set(&lesson, "attack", "flip:3").unwrap();
    assert_eq!(settings.attack.to_string(), "flip:3:0");
    let error = settings.set(&lesson, "attack", "flip:3:9").unwrap_err();
    assert_eq!(
        error.to_string(),
        "That is no attack: flip needs a number from 0 to 7 here, not 9."
    );
    assert!(!error.said().get(Lang::Zh).contains("needs"));

    let problems = read(&with("default = \"slise\""), Some(EN), Some(ZH)).unwrap_err();
    let line = TOML.lines().position(|l| l == "[framing]").unwrap() + 2;
    let words = problems[0].to_string();
    assert!(
        words.starts_with(&format!(
            "course/07-tiny/lesson.toml:{line}:11: That is no attack: slise is not known"
        )),
        "{words}"
    );
    let framing = settings.set(&lesson, "framing", "length:u99").unwrap_err();
    assert_eq!(
        framing.said().get(Lang::Zh),
        "这不是一种分帧方式：u99 不是长度头部；可用 u8、u16、u32、i32 或 u64。"
    );
}

#[test]
fn steps_carry_their_settings_on_until_a_restart() {
    let merge = Catalogue::load_embedded()
        .get("sticky-merge")
        .cloned()
        .unwrap();
    let at = |id: &str| merge.steps.iter().position(|s| s.id == id).unwrap();
    assert_eq!(
        merge.settings_at(at("recv-seven")).int("recv_size"),
        Some(7)
    );
    assert_eq!(
        merge.settings_at(at("nodelay")).int("recv_size"),
        Some(1024)
    );
    assert_eq!(merge.settings_at(at("nodelay")).int("nodelay"), Some(1));
    let framing = merge.settings_at(at("length-prefix")).framing;
    assert_eq!(framing.to_string(), "length:u32:big");
}

#[test]
fn messages_are_made_on_demand() {
    let playground = Catalogue::load_embedded()
        .get("playground")
        .cloned()
        .unwrap();
    let mut settings = Settings::defaults(&playground);
    settings.set(&playground, "count", "1000000").unwrap();
    let messages = playground.messages.resolve(&settings);
    assert_eq!(messages.count(), 1_000_000);
    assert_eq!(messages.message(0), b"hello 1");
    assert_eq!(messages.message(999_999), b"hello 1000000");
    settings.set(&playground, "size", "10").unwrap();
    assert_eq!(
        playground.messages.resolve(&settings).message(1),
        b"hello 2hel"
    );
    settings.set(&playground, "size", "3").unwrap();
    assert_eq!(playground.messages.resolve(&settings).message(1), b"hel");
    settings.set(&playground, "text", "").unwrap();
    assert_eq!(playground.messages.resolve(&settings).message(11), b"121");
}

#[test]
fn a_schedule_has_bursts_and_pauses() {
    let schedule: Schedule = "client!3 client ~ (server ~)*2".parse().unwrap();
    assert_eq!(schedule.to_string(), "client!3 client ~ server ~ server ~");
    assert_eq!(schedule.total(), 6);
    let lesson = tiny();
    let released: Vec<_> = lesson
        .releases(&schedule)
        .map(|release| (release.actor.0, release.calls))
        .collect();
    let server = lesson.actor_id("server").unwrap().0;
    let (one, pause) = ((server, 1), (0, 0));
    assert_eq!(released, [(0, 3), (0, 1), pause, one, pause, one, pause]);
    for wrong in ["client!", "client!0", "!3", "client ! 3 *"] {
        assert!(wrong.parse::<Schedule>().is_err(), "{wrong}");
    }
}

#[test]
fn schedules_read_and_show_the_same() {
    let schedule: Schedule = "client*3 server (client server)*2".parse().unwrap();
    assert_eq!(schedule.total(), 8);
    assert_eq!(
        schedule.to_string(),
        "client*3 server client server client server"
    );
    assert_eq!(
        "client client*2".parse::<Schedule>().unwrap().to_string(),
        "client*3"
    );
    assert_eq!("".parse::<Release>(), Ok(Release::Nothing));
    assert_eq!(" run ".parse::<Release>(), Ok(Release::Run));
    for (text, column) in [
        ("client*0", 8),
        ("(client", 1),
        ("client)", 7),
        ("client + server", 8),
        ("(client*1000)*1000", 1),
        ("client*99999999999", 8),
    ] {
        assert_eq!(
            text.parse::<Schedule>().unwrap_err().column,
            column,
            "{text}"
        );
    }
    let deep = "(".repeat(100_000);
    assert!(matches!(
        deep.parse::<Schedule>().unwrap_err().fault,
        ScheduleFault::TooDeep
    ));
    // Nothing, four billion times, is nothing, and at once.
    assert_eq!("()*4000000000".parse::<Schedule>().unwrap().total(), 0);
}

/// Files at the size limit, made to be as slow or as deep as they can be.
#[test]
fn hostile_files_are_read_in_bounded_time_and_depth() {
    let fill = |piece: &str| piece.repeat(limit::FILE as usize / piece.len());
    let started = std::time::Instant::now();
    for toml in [
        fill("a."),
        format!("[{}a]", fill("a.")),
        format!("x = {}", fill("[")),
        format!("x = {}", fill("{a=")),
        fill("[[step]]\n"),
        fill("[[step]]\nid=\"a\"\n"),
        fill("[[check]]\n"),
        fill("x\n"),
        format!("format_version = 1\nid = \"{}\"", fill("x")),
    ] {
        assert!(read(&toml, Some(EN), Some(ZH)).is_err());
    }
    for md in [
        fill("### a\n"),
        fill("## a {#b}\n"),
        fill(">"),
        fill("- "),
        fill("["),
        fill("*a "),
        fill("`"),
        format!("# a\n## b {{#first}}\n### Predict\n{}", fill("1. ")),
        format!("# a\n## b {{#first}}\n### Predict\n{}", fill("1. a\n")),
    ] {
        assert!(read(TOML, Some(&md), Some(ZH)).is_err());
    }
    let took = started.elapsed();
    assert!(took.as_secs() < 60, "{took:?}");
}

#[test]
fn capturing_is_read_with_all_its_settings() {
    let table = "[capture]\non = true\noffered = false\nmtu = 576\nloss = 2.5\nrate = 20000\nsack = false\n\n[messages]";
    let toml = TOML.replace("[messages]", table);
    let mut lesson = read(&toml, Some(EN), Some(ZH)).unwrap();
    let capture = &lesson.capture;
    assert!(capture.default.on && !capture.offered);
    let network = capture.default.network;
    assert_eq!((network.mtu, network.rate), (576, 20_000));
    assert!((network.loss - 2.5).abs() < 1e-6 && !network.sack && network.timestamps);
    let mut settings = Settings::defaults(&lesson);
    assert_eq!(
        settings.set(&lesson, "capture.mtu", "1500"),
        Err(SettingError::CaptureFixed)
    );
    lesson.capture.offered = true;
    settings
        .set(&lesson, "capture.mtu", "1500")
        .expect("offered");
    settings.set(&lesson, "capture.on", "off").expect("offered");
    assert_eq!(settings.capture.wanted(), None);
    assert_eq!(settings.capture.network.mtu, 1500);
}

#[test]
fn what_capturing_cannot_be_is_refused_at_its_place() {
    for (from, to, place, what) in [
        (
            "[messages]",
            "[capture]\nmtu = 12\n\n[messages]",
            "9:7",
            "capture.mtu cannot be 12; it is 128 to 65536",
        ),
        (
            "[messages]",
            "[capture]\nloss = \"much\"\n\n[messages]",
            "9:8",
            "capture.loss cannot be much",
        ),
        (
            "[messages]",
            "[capture]\non = 3\n\n[messages]",
            "9:6",
            "capture.on cannot be 3; it is true or false",
        ),
        (
            "[messages]",
            "[capture]\nmtv = 900\n\n[messages]",
            "9:1",
            "mtv",
        ),
    ] {
        let problems = read(&TOML.replace(from, to), Some(EN), Some(ZH)).expect_err(to);
        let shown = problems[0].to_string();
        assert!(shown.contains(&format!("lesson.toml:{place}:")), "{shown}");
        assert!(shown.contains(what), "{shown}");
    }
}

/// The guide names everything that the reader knows.
#[test]
fn the_authors_guide_is_complete() {
    let guide = include_str!("../../lessons/README.md");
    let known = Focus::ALL
        .map(Focus::name)
        .into_iter()
        .chain(SystemNeed::ALL.map(SystemNeed::name))
        .chain(
            crate::experiment::program::SockOpt::ALL.map(crate::experiment::program::SockOpt::name),
        )
        .chain(super::read_program::OPS.iter().map(|(name, _)| *name))
        .chain(
            super::read_program::OPS
                .iter()
                .flat_map(|(_, keys)| keys.iter().copied()),
        )
        .chain(CAPTURE_KEYS)
        .chain(["needs", "offered"])
        .chain(super::read_task::TASK_KEYS.iter().copied())
        .chain(expr::names());
    for name in known {
        let named = guide
            .split(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))
            .map(|word| word.trim_matches('.'))
            .any(|word| word == name || word.ends_with(&format!(".{name}")));
        assert!(named, "lessons/README.md does not mention {name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_at_all_is_read_without_panic(toml in ".{0,400}", md in ".{0,400}") {
        let _ = read(&toml, Some(&md), Some(&md));
    }

    /// Good files with bytes changed, taken away or put in get deeper into the reader.
    #[test]
    fn damaged_lessons_are_read_without_panic(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\]{}\"'=,.$*()#\\n a-z0-9_-]{0,6}", 0_usize..12), 1..6),
        in_text in any::<bool>(),
    ) {
        let mut chars: Vec<char> = if in_text { EN } else { TOML }.chars().collect();
        for (at, new, gone) in cuts {
            let at = at.index(chars.len() + 1);
            let end = (at + gone).min(chars.len());
            chars.splice(at..end, new.chars());
        }
        let damaged: String = chars.into_iter().collect();
        let read = if in_text {
            read(TOML, Some(&damaged), Some(ZH))
        } else {
            read(&damaged, Some(EN), Some(ZH))
        };
        if let Err(problems) = read {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.line >= 1 && problem.column >= 1);
                prop_assert!(!problem.get(Lang::Zh).is_empty());
            }
        }
    }

    #[test]
    fn any_expression_or_schedule_is_read_without_panic(
        text in "[a-z0-9_ .$\\[\\]()*+=<>!-]{0,80}",
    ) {
        let _ = text.parse::<Expr>();
        let _ = text.parse::<Release>();
    }
}
