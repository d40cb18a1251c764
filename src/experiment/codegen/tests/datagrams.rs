//! Groups, broadcast and names that do not exist: the listings of all languages, run.

use super::*;

fn text(t: &str) -> Text {
    Text::Lit(name(t))
}

/// Sends itself one datagram by way of a group, then one by way of the address of all; and tries a
/// name that nobody has.
fn to_many() -> Program {
    let socket = |on: &str, kind| Op::Socket {
        name: name(on),
        family: Family::Inet,
        kind,
    };
    let host = |host: &str, port| Address::Host {
        host: text(host),
        port: lit(port),
    };
    let set = |on: &str, option| Op::SetOption {
        on: name(on),
        option,
        value: lit(1),
    };
    let mut nodes = vec![Op::Try {
        body: vec![
            socket("odd", SocketKind::Stream).into(),
            Op::Connect {
                on: name("odd"),
                to: host("no..such.host", 80),
            }
            .into(),
        ],
    }];
    for (on, address) in [("group", "239.1.2.3"), ("interface", "127.255.255.255")] {
        nodes.extend([
            socket(on, SocketKind::Datagram),
            set(on, SockOpt::ReuseAddr),
            set(on, SockOpt::Broadcast),
            Op::Bind {
                on: name(on),
                to: host(address, 0),
            },
        ]);
        if on == "group" {
            nodes.extend([
                Op::JoinGroup {
                    on: name(on),
                    group: text(address),
                    interface: text("127.0.0.1"),
                },
                Op::MulticastInterface {
                    on: name(on),
                    interface: text("127.0.0.1"),
                },
            ]);
        }
        nodes.extend([
            Op::SendTo {
                on: name(on),
                data: Data::Text(text("to all of you")),
                // The port that stands in for the one chosen.
                to: host(address, 0),
            },
            Op::RecvFrom {
                on: name(on),
                size: lit(100),
                name: name(&format!("from_{on}")),
                from: None,
            },
            Op::Close { on: name(on) },
        ]);
    }
    Program::new(nodes.into_iter().map(Node::from).collect())
}

fn listing(language: Language) -> Listing {
    let texts = texts(&["hello"]);
    Setting {
        framing: FramingSpec::Raw,
        messages: MessageList {
            texts: &texts,
            count: 0,
            size: 0,
            numbered: false,
        },
        port: free_port(),
        size: 1024,
        limit: 1024,
    }
    .listing(language, "server", &to_many())
}

/// What one of these programs prints: that the name is not known, and what came both times.
fn assert_ran(language: Language, command: &mut Command) {
    let out = Child::start(command).output();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(out.status.success(), "{language:?}: {said}");
    assert_eq!(
        said.matches("to all of you").count(),
        2,
        "{language:?}: {said}"
    );
    assert!(said.contains("not known"), "{language:?}: {said}");
}

#[cfg(target_os = "linux")]
#[test]
fn one_datagram_for_many_in_every_language() {
    let dir = tempfile::tempdir().unwrap();
    if has("python3") {
        let script = write(dir.path(), "many.py", &listing(Language::Python));
        assert_ran(Language::Python, &mut python(&script));
    }
    if has("cc") {
        let program = compile_c(dir.path(), "many_c", &listing(Language::C));
        assert_ran(Language::C, &mut Command::new(program));
    }
    if has("rustc") && has("rustfmt") {
        let listing = listing(Language::Rust);
        assert_rustfmt_clean(&listing);
        if let Some(program) = compile_rust(dir.path(), "many_rs", &listing, true) {
            assert_ran(Language::Rust, &mut Command::new(program));
        }
    }
}
