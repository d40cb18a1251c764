//! Files and single messages: each language against Python, in folders of their own.

use super::*;
use crate::experiment::files::Sample;

/// Sends the file `$file`, then a message, and prints the answer.
fn sends() -> Program {
    let s = || name("s");
    Program::new(vec![
        socket("s"),
        Op::Connect {
            on: s(),
            to: Address::Actor(name("server")),
        }
        .into(),
        Op::SendFile {
            on: s(),
            file: Text::Param(name("file")),
            chunk: lit(1000),
            pause: lit(30),
        }
        .into(),
        Op::SendMessage {
            on: s(),
            data: Data::Text(Text::Lit(name("is it there?"))),
        }
        .into(),
        Op::ReceiveMessage {
            on: s(),
            size: Num::Param(name("size")),
            name: name("answer"),
        }
        .into(),
        Op::Close { on: s() }.into(),
    ])
}

/// Receives a file, then a message, which it sends back with a word before it.
fn receives() -> Program {
    let (conn, listener) = (|| name("conn"), || name("listener"));
    Program::new(vec![
        socket("listener"),
        Op::SetOption {
            on: listener(),
            option: SockOpt::ReuseAddr,
            value: lit(1),
        }
        .into(),
        Op::Bind {
            on: listener(),
            to: Address::Host {
                host: Text::Lit(name("127.0.0.1")),
                port: lit(0),
            },
        }
        .into(),
        Op::Listen {
            on: listener(),
            backlog: lit(5),
        }
        .into(),
        Op::Accept {
            on: listener(),
            name: conn(),
        }
        .into(),
        Op::ReceiveFile {
            on: conn(),
            size: Num::Param(name("size")),
            name: Text::Lit(name("received.bin")),
            folder: Text::Lit(String::new()),
            exact: lit(0),
        }
        .into(),
        Op::ReceiveMessage {
            on: conn(),
            size: Num::Param(name("size")),
            name: name("question"),
        }
        .into(),
        Op::SendMessage {
            on: conn(),
            data: Data::Joined(vec![
                Data::Text(Text::Lit(name("asked: "))),
                Data::Var(name("question")),
            ]),
        }
        .into(),
        Op::Close { on: conn() }.into(),
        Op::Close { on: listener() }.into(),
    ])
}

/// A program in one language, ready to be run in a folder of its own.
fn ready(
    dir: &Path,
    role: &str,
    language: Language,
    framing: &FramingSpec,
    port: u16,
) -> Option<Command> {
    let program = if role == "server" {
        receives()
    } else {
        sends()
    };
    let value = |name: &str| match name {
        "file" => Some("every-byte.bin".to_owned()),
        "size" => Some("700".to_owned()),
        _ => None,
    };
    let listing = generate(
        language,
        &program,
        &CodeContext {
            lang: Lang::En,
            actor: role,
            value: &value,
            place: &|name| (name == "server").then(|| Place::Host("127.0.0.1".into(), port)),
            framing,
            limit: 65_536,
            messages: MessageList::default(),
        },
    );
    let folder = dir.join(format!("at-{role}"));
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = match language {
        Language::Python => python(&write(dir, &format!("{role}.py"), &listing)),
        Language::C => Command::new(compile_c(dir, role, &listing)),
        Language::Rust => {
            if has("rustfmt") {
                assert_rustfmt_clean(&listing);
            }
            Command::new(compile_rust(dir, role, &listing, true)?)
        }
    };
    command.current_dir(&folder);
    Some(command)
}

/// One sends to the other, and what was received is what was sent.
fn carries(framing: &FramingSpec, server: Language, client: Language) {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let (Some(mut s), Some(mut c)) = (
        ready(dir.path(), "server", server, framing, port),
        ready(dir.path(), "client", client, framing, port),
    ) else {
        return;
    };
    let printed = converse(&mut s, &mut c);
    assert!(printed.contains("is it there?"), "{framing}: {printed}");
    // The name comes from the sender only where there is a header to say it in.
    let name = match framing {
        FramingSpec::Json => "every-byte.bin",
        _ => "received.bin",
    };
    let got = std::fs::read(
        dir.path()
            .join("at-server")
            .join(format!("received-{name}")),
    )
    .unwrap();
    let sample = Sample::named("every-byte.bin").unwrap();
    assert_eq!(got, sample.bytes(), "{framing}: {client:?} to {server:?}");
    assert!(printed.contains("2570"), "{printed}");
}

/// Framings that carry every file of that size.
fn exact_framings() -> Vec<FramingSpec> {
    let sample = Sample::named("every-byte.bin").unwrap().bytes();
    specs()
        .into_iter()
        .filter(FramingSpec::survives_any_cutting)
        .filter(|spec| {
            let framing = spec.build(65_536);
            let mut wire = Vec::new();
            framing.hazard(&sample).is_none() && framing.encode(&sample, &mut wire).is_ok()
        })
        .collect()
}

#[test]
fn files_and_messages_go_between_python_programs_in_every_framing_that_carries_them() {
    if !has("python3") {
        return;
    }
    let framings = exact_framings();
    assert!(framings.len() >= 6, "{framings:?}");
    for framing in &framings {
        carries(framing, Language::Python, Language::Python);
    }
}

#[test]
fn files_and_messages_go_between_c_and_python() {
    if !has("python3") || !has("cc") {
        return;
    }
    for framing in exact_framings() {
        carries(&framing, Language::C, Language::Python);
        carries(&framing, Language::Python, Language::C);
    }
}

#[test]
fn files_and_messages_go_between_rust_and_python() {
    if !has("python3") || !has("rustc") {
        return;
    }
    for framing in ["json", "length:u32:big", "ack:i32:little"] {
        let framing: FramingSpec = framing.parse().unwrap();
        carries(&framing, Language::Rust, Language::Python);
        carries(&framing, Language::Python, Language::Rust);
    }
}

#[test]
fn the_handouts_protocol_arrives_when_its_mark_does_by_itself() {
    if !has("python3") {
        return;
    }
    // The message after the file would stick to it: only the file is sent.
    let framing: FramingSpec = "end-mark:##".parse().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let only = |program: Program, keep: usize| {
        let mut nodes = program.nodes;
        let tail: Vec<Node> = nodes.drain(keep..).collect();
        nodes.extend(
            tail.into_iter()
                .filter(|n| matches!(n.op, Op::Close { .. })),
        );
        Program::new(nodes)
    };
    let make = |part: &str, program: Program| {
        let value = |name: &str| match name {
            "file" => Some("letter.txt".to_owned()),
            "size" => Some("1000".to_owned()),
            _ => None,
        };
        let listing = generate(
            Language::Python,
            &program,
            &CodeContext {
                lang: Lang::En,
                actor: part,
                value: &value,
                place: &|_| Some(Place::Host("127.0.0.1".into(), port)),
                framing: &framing,
                limit: 65_536,
                messages: MessageList::default(),
            },
        );
        let folder = dir.path().join(format!("at-{part}"));
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = python(&write(dir.path(), &format!("{part}.py"), &listing));
        command.current_dir(folder);
        command
    };
    let mut server = make("server", only(receives(), 6));
    let mut client = make("client", only(sends(), 3));
    converse(&mut server, &mut client);
    // `endswith` finds the mark also where it sticks to the last piece.
    let got = std::fs::read(dir.path().join("at-server/received-received.bin")).unwrap();
    assert_eq!(got, Sample::named("letter.txt").unwrap().bytes());
}
