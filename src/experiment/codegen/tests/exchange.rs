//! Lines typed, datagrams and answers with the time: each language against Python.

use super::*;

/// Types lines until `q`, sends each as a datagram and prints the answer.
fn asks() -> Program {
    let s = || name("s");
    let text = |t: &str| Text::Lit(name(t));
    Program::new(vec![
        Op::Socket {
            name: s(),
            family: Family::Inet,
            kind: SocketKind::Datagram,
        }
        .into(),
        Op::Connect {
            on: s(),
            to: Address::Actor(name("server")),
        }
        .into(),
        Op::Loop {
            body: vec![
                Op::Prompt {
                    name: name("line"),
                    ask: text("> "),
                    lines: vec![text("hi"), text("q")],
                    person: lit(1),
                }
                .into(),
                Op::BreakIf {
                    name: name("line"),
                    equals: vec![text("q"), text("Q")],
                }
                .into(),
                Op::SendTo {
                    on: s(),
                    data: Data::Joined(vec![Data::Var(name("line"))]),
                    to: Address::Actor(name("server")),
                }
                .into(),
                Op::RecvFrom {
                    on: s(),
                    size: lit(100),
                    name: name("reply"),
                    from: None,
                }
                .into(),
            ],
        }
        .into(),
        Op::Close { on: s() }.into(),
    ])
}

/// Answers two datagrams with the time and what they said.
fn answers() -> Program {
    let s = || name("s");
    let text = |t: &str| Data::Text(Text::Lit(name(t)));
    Program::new(vec![
        Op::Socket {
            name: s(),
            family: Family::Inet,
            kind: SocketKind::Datagram,
        }
        .into(),
        Op::Bind {
            on: s(),
            to: Address::Host {
                host: Text::Lit(name("127.0.0.1")),
                port: lit(0),
            },
        }
        .into(),
        Op::Repeat {
            times: lit(2),
            body: vec![
                Op::RecvFrom {
                    on: s(),
                    size: lit(100),
                    name: name("request"),
                    from: Some(name("sender")),
                }
                .into(),
                Op::SendTo {
                    on: s(),
                    data: Data::Joined(vec![
                        text("["),
                        Data::Time,
                        text("] "),
                        Data::Var(name("request")),
                    ]),
                    to: Address::Sender(name("sender")),
                }
                .into(),
            ],
        }
        .into(),
        Op::Close { on: s() }.into(),
    ])
}

/// Types into the client until a server is there; what the client and the server printed.
fn talk(server: &mut Command, client: &mut Command) -> (String, String) {
    let server = Child::start(server);
    let start = Instant::now();
    let client = loop {
        let mut child = client
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A client that has met nobody is gone before it has read all.
        let typed = child.stdin.take().unwrap().write_all(b"hi\nyou\nq\n");
        let ended = Child(child).output();
        if ended.status.success() {
            typed.unwrap();
            break ended;
        }
        let error = String::from_utf8_lossy(&ended.stderr).to_lowercase();
        assert!(error.contains("refused"), "{error}");
        assert!(start.elapsed() < PATIENCE, "nobody answers");
    };
    let ended = server.output();
    let error = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{error}");
    let text = |out: Vec<u8>| String::from_utf8(out).unwrap();
    (text(client.stdout), text(ended.stdout))
}

/// `Sat Nov 21 18:29:04 2026`, wherever it stands: its shape and the year.
fn times(text: &str) -> usize {
    let pattern = |time: &str| {
        let bytes = time.as_bytes();
        bytes.len() == 24 && bytes[13] == b':' && bytes[16] == b':' && time[20..].starts_with("20")
    };
    text.split('[')
        .filter_map(|rest| rest.split(']').next())
        .filter(|time| pattern(time))
        .count()
}

#[test]
fn typed_lines_go_out_as_datagrams_and_come_back_with_the_time() {
    if !has("python3") || !has("cc") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let run = |port: u16,
               server: &dyn Fn(&Listing) -> Option<Command>,
               s: Language,
               client: &dyn Fn(&Listing) -> Option<Command>,
               c: Language| {
        let setting = Setting {
            framing: FramingSpec::Raw,
            messages: MessageList {
                texts: &[],
                count: 0,
                size: 0,
                numbered: false,
            },
            port,
            size: 1,
            limit: 1,
        };
        let (asks, answers) = (asks(), answers());
        let server = server(&setting.listing(s, "server", &answers));
        let client = client(&setting.listing(c, "client", &asks));
        let (Some(mut server), Some(mut client)) = (server, client) else {
            return;
        };
        let (replies, requests) = talk(&mut server, &mut client);
        assert!(
            requests.contains("hi") && requests.contains("you"),
            "{s:?}: {requests}"
        );
        assert!(
            replies.contains("] hi") && replies.contains("] you"),
            "{c:?}: {replies}"
        );
        assert_eq!(times(&replies), 2, "{s:?} to {c:?}: {replies}");
    };
    let in_python = |name: &str, listing: &Listing| Some(python(&write(dir.path(), name, listing)));
    let in_c =
        |name: &str, listing: &Listing| Some(Command::new(compile_c(dir.path(), name, listing)));
    let in_rust = |name: &str, listing: &Listing| {
        if has("rustfmt") {
            assert_rustfmt_clean(listing);
        }
        compile_rust(dir.path(), name, listing, true).map(Command::new)
    };
    let (p, c, r) = (Language::Python, Language::C, Language::Rust);
    let port = udp_port;
    run(
        port(),
        &|l| in_python("s.py", l),
        p,
        &|l| in_python("c.py", l),
        p,
    );
    run(
        port(),
        &|l| in_c("server-c", l),
        c,
        &|l| in_python("c.py", l),
        p,
    );
    run(
        port(),
        &|l| in_python("s.py", l),
        p,
        &|l| in_c("client-c", l),
        c,
    );
    if has("rustc") {
        run(
            port(),
            &|l| in_rust("server-rs", l),
            r,
            &|l| in_c("client-c", l),
            c,
        );
        run(
            port(),
            &|l| in_python("s.py", l),
            p,
            &|l| in_rust("client-rs", l),
            r,
        );
    }
}

/// A port that was free a moment ago.
fn udp_port() -> u16 {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}
