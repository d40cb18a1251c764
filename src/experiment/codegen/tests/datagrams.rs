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

/// Writes a program in each language that this computer has, and hands it over to be run.
#[cfg(target_os = "linux")]
fn in_every_language(
    dir: &Path,
    name: &str,
    listing: impl Fn(Language) -> Listing,
    ran: impl Fn(Language, &mut Command),
) {
    if has("python3") {
        let script = write(dir, &format!("{name}.py"), &listing(Language::Python));
        ran(Language::Python, &mut python(&script));
    }
    if has("cc") {
        let program = compile_c(dir, &format!("{name}_c"), &listing(Language::C));
        ran(Language::C, &mut Command::new(program));
    }
    if has("rustc") && has("rustfmt") {
        let listing = listing(Language::Rust);
        assert_rustfmt_clean(&listing);
        if let Some(program) = compile_rust(dir, &format!("{name}_rs"), &listing, true) {
            ran(Language::Rust, &mut Command::new(program));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_datagram_for_many_in_every_language() {
    let dir = tempfile::tempdir().unwrap();
    in_every_language(dir.path(), "many", listing, assert_ran);
}

/// Sends itself an ICMP echo request and receives twice; where raw sockets are refused, it says so.
fn knocks() -> Program {
    let recv = || Op::Recv {
        on: name("raw"),
        size: lit(1024),
        name: name("heard"),
        peek: false,
    };
    let tried = vec![
        Op::Socket {
            name: name("raw"),
            family: Family::Inet,
            kind: SocketKind::Icmp,
        },
        Op::SendTo {
            on: name("raw"),
            data: Data::Var(name("packet")),
            to: Address::Host {
                host: text("127.0.0.1"),
                port: lit(1),
            },
        },
        recv(),
        recv(),
        Op::Close { on: name("raw") },
    ];
    let request = Op::EchoRequest {
        name: name("packet"),
        number: lit(0x0203),
        data: text("hello"),
        wrong: lit(0),
    };
    let tried = Op::Try {
        body: tried.into_iter().map(Node::from).collect(),
    };
    Program::new(vec![request.into(), tried.into()])
}

/// The request comes back on the loopback, and then the answer, which only a right checksum gets.
#[cfg(target_os = "linux")]
#[test]
fn echo_requests_built_by_hand_are_answered_in_every_language() {
    let dir = tempfile::tempdir().unwrap();
    let texts = texts(&["hello"]);
    let setting = Setting {
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
    };
    let listing = |language| setting.listing(language, "client", &knocks());
    let ran = |language: Language, command: &mut Command| {
        let out = Child::start(command).output();
        let said = [&out.stdout[..], &out.stderr[..]].concat();
        let shown = said.escape_ascii().to_string();
        assert!(out.status.success(), "{language:?}: {shown}");
        let refused = shown.contains("not permitted");
        // Both begin with the IP header's first byte, 0x45; C prints no further than the next zero.
        let came = shown.matches('E').count();
        assert!(refused || came >= 2, "{language:?}: {shown}");
        if language == Language::Python && !refused {
            assert_eq!(shown.matches("hello").count(), 2, "{shown}");
        }
    };
    in_every_language(dir.path(), "knocks", listing, ran);
}
