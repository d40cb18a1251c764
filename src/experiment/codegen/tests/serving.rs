//! Servers with several clients: each language's server against Python's clients, in threads and
//! one after the other.

use super::*;

/// Echoes to each of three clients what it says, until it closes. `data` outlives the loop, and
/// the messages that follow it are decoded by a buffer that does.
fn echoes(threads: i64) -> Program {
    let conn = || name("conn");
    let recv = Op::Recv {
        on: conn(),
        size: lit(100_000),
        name: name("data"),
        peek: false,
    };
    let body: Vec<Node> = vec![
        Op::GetPeerName { on: conn() }.into(),
        Op::Loop {
            body: vec![
                recv.into(),
                Op::BreakIfEmpty { name: name("data") }.into(),
                Op::When {
                    on: lit(1),
                    wanted: true,
                    body: vec![
                        Op::SendAll {
                            on: conn(),
                            data: Data::Joined(vec![
                                Data::Text(Text::Lit(name("you said "))),
                                Data::Var(name("data")),
                            ]),
                        }
                        .into(),
                    ],
                }
                .into(),
                Op::When {
                    on: lit(0),
                    wanted: true,
                    body: vec![
                        Op::Prompt {
                            name: name("never"),
                            ask: Text::Lit(name("> ")),
                            lines: vec![Text::Lit(name("x"))],
                            person: lit(1),
                        }
                        .into(),
                    ],
                }
                .into(),
            ],
        }
        .into(),
        Op::ReceiveMessages {
            on: conn(),
            size: lit(7),
            count: lit(0),
            swapped: lit(0),
        }
        .into(),
        Op::Close { on: conn() }.into(),
    ];
    Program::new(vec![
        socket("listener"),
        Op::SetOption {
            on: name("listener"),
            option: SockOpt::ReuseAddr,
            value: lit(1),
        }
        .into(),
        Op::Bind {
            on: name("listener"),
            to: Address::Host {
                host: Text::Lit(name("127.0.0.1")),
                port: lit(0),
            },
        }
        .into(),
        Op::Listen {
            on: name("listener"),
            backlog: lit(5),
        }
        .into(),
        Op::Ready.into(),
        Op::ServeEach {
            on: name("listener"),
            name: conn(),
            count: lit(3),
            threads: lit(threads),
            body,
        }
        .into(),
        Op::Close {
            on: name("listener"),
        }
        .into(),
    ])
}

/// Three clients, the second of which is answered while the first says nothing where there are
/// threads; otherwise one after the other.
const CLIENTS: &str = r#"
import socket, sys, time
port, threads = int(sys.argv[1]), sys.argv[2] == "1"
def connect():
    end = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
def talk(s, line):
    s.sendall(line)
    wanted = b"you said " + line
    got = b""
    while len(got) < len(wanted):
        part = s.recv(100)
        assert part, got
        got += part
    assert got == wanted, got
if threads:
    first, second, third = connect(), connect(), connect()
    talk(second, b"two")
    talk(third, b"three")
    talk(first, b"one")
    for s in (first, second, third):
        s.close()
else:
    for line in (b"one", b"two", b"three"):
        s = connect()
        talk(s, line)
        s.close()
"#;

#[test]
fn servers_of_each_language_serve_three_clients() {
    if !has("python3") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let clients = dir.path().join("clients.py");
    std::fs::write(&clients, CLIENTS).unwrap();
    for (threads, framing) in [(1, "raw"), (0, "raw"), (1, "length:u32:big")] {
        for language in Language::ALL {
            let tool = match language {
                Language::Python => "python3",
                Language::C => "cc",
                Language::Rust => "rustc",
            };
            if !has(tool) {
                continue;
            }
            let setting = Setting {
                framing: framing.parse().unwrap(),
                messages: MessageList {
                    texts: &[],
                    count: 0,
                    size: 0,
                    numbered: false,
                },
                port: free_port(),
                size: 1,
                limit: 1000,
            };
            let listing = setting.listing(language, "server", &echoes(threads));
            assert!(!listing.to_string().contains("never"), "{listing}");
            let server = match language {
                Language::Python => Some(python(&write(dir.path(), "server.py", &listing))),
                Language::C => Some(Command::new(compile_c(dir.path(), "server-c", &listing))),
                Language::Rust => {
                    if has("rustfmt") {
                        assert_rustfmt_clean(&listing);
                    }
                    compile_rust(dir.path(), "server-rs", &listing, true).map(Command::new)
                }
            };
            let Some(mut server) = server else { continue };
            let server = Child::start(&mut server);
            let mut command = python(&clients);
            command.args([setting.port.to_string(), threads.to_string()]);
            let said = Child::start(&mut command).output();
            let error = String::from_utf8_lossy(&said.stderr);
            assert!(
                said.status.success(),
                "{language:?} {threads}: {error}\n{listing}"
            );
            let ended = server.output();
            let error = String::from_utf8_lossy(&ended.stderr);
            assert!(
                ended.status.success(),
                "{language:?} {threads}: {error}\n{listing}"
            );
            let heard = String::from_utf8_lossy(&ended.stdout).into_owned();
            for line in ["one", "two", "three"] {
                assert!(heard.contains(line), "{language:?} {threads}: {heard}");
            }
        }
    }
}

#[test]
fn the_line_of_each_operation_is_found_inside_the_function_too() {
    let setting = Setting {
        framing: FramingSpec::Raw,
        messages: MessageList {
            texts: &[],
            count: 0,
            size: 0,
            numbered: false,
        },
        port: 1,
        size: 1,
        limit: 1,
    };
    let program = echoes(1);
    for language in Language::ALL {
        let listing = setting.listing(language, "server", &program);
        let mut serve = None;
        let mut recv = None;
        program.walk(&mut |node| match node.op {
            Op::ServeEach { .. } => serve = Some(node.id),
            Op::Recv { .. } => recv = Some(node.id),
            _ => {}
        });
        let line = |op: Option<u16>| listing.lines[listing.line_of(op.unwrap()).unwrap()].clone();
        assert!(line(serve).text.contains("accept"), "{listing}");
        assert!(line(recv).text.contains("recv"), "{listing}");
        assert!(
            listing.line_of(recv.unwrap()) < listing.line_of(serve.unwrap()),
            "{listing}"
        );
    }
}
