//! A program outside the lab plays the client or the server: threads of this test with plain
//! sockets, and the very command that the lesson shows.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use socklab::experiment::codegen::{self, CodeContext, Language, MessageList, Place};
use socklab::experiment::{FRAME_LIMIT, Mode, Reach, Run, RunSpec, own_address};
use socklab::framing::FramingSpec;
use socklab::i18n::Lang;
use socklab::lesson::{Catalogue, Lesson, Settings};
use socklab::trace::{ActorId, Call, Detail, Kind, Origin, Trace, Verdict};

const CLIENT: ActorId = ActorId(0);
const SERVER: ActorId = ActorId(1);
const PATIENCE: Duration = Duration::from_secs(20);
const STOP: Duration = Duration::from_millis(100);
const FREE: Mode = Mode::Free {
    pace: Duration::ZERO,
};

fn lesson() -> Arc<Lesson> {
    Catalogue::load_embedded()
        .get("sticky-merge")
        .expect("it is embedded")
        .clone()
}

fn spec(external: [bool; 2], set: &[(&str, &str)]) -> RunSpec {
    let lesson = lesson();
    let mut settings = Settings::defaults(&lesson);
    for (name, value) in set {
        settings.set(&lesson, name, value).expect("a valid setting");
    }
    lesson.run_spec(&settings, FREE, &external)
}

fn start(spec: &RunSpec) -> Run {
    Run::start(spec, Arc::new(|| {})).expect("threads")
}

/// Takes in what happens until `done`.
fn until(run: &mut Run, what: &str, mut done: impl FnMut(&Run) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        run.poll(Duration::from_millis(20));
        if done(run) {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: {run:?}");
        run.wait(Duration::from_millis(5));
    }
}

/// Where the lab's server waits.
fn address(run: &mut Run) -> SocketAddr {
    let listening = |run: &Run| {
        let sockets = run.trace().sockets();
        let listener = sockets.iter().find(|s| s.actor == SERVER && s.listening)?;
        listener.local.as_deref()?.parse().ok()
    };
    until(run, "the server listens", |run| listening(run).is_some());
    listening(run).expect("just seen")
}

/// A run whose client is the stream given back.
fn with_client(set: &[(&str, &str)]) -> (Run, TcpStream) {
    let mut run = start(&spec([true, false], set));
    let stream = TcpStream::connect(address(&mut run)).expect("the server listens");
    stream.set_nodelay(true).expect("an option of TCP");
    (run, stream)
}

/// Nobody but this computer reaches a lesson, unless somebody says so for this run.
#[test]
fn other_computers_may_connect_only_when_they_are_let() {
    // As another computer would: to this one's address in the network.
    let Some(own) = own_address() else {
        println!("skipped: this computer is in no network");
        return;
    };
    for reach in [Reach::Loopback, Reach::Network] {
        let mut spec = spec([true, false], &[]);
        spec.reach = reach;
        let mut run = start(&spec);
        let at = address(&mut run);
        assert_eq!(at.ip().is_unspecified(), reach == Reach::Network, "{at}");
        let from_outside = TcpStream::connect((own, at.port()));
        match reach {
            Reach::Loopback => {
                let error = from_outside.expect_err("it listens on the loopback");
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
            }
            Reach::Network => {
                let mut stream = from_outside.expect("it listens everywhere");
                stream.write_all(b"hello").expect("it takes bytes");
                until(&mut run, "they arrive", |run| received(run.trace()) == 5);
            }
        }
    }
}

/// With an attacker in between, who comes from outside comes to it, and never past it.
#[test]
fn who_comes_from_outside_does_not_pass_the_attacker_by() {
    let Some(own) = own_address() else {
        println!("skipped: this computer is in no network");
        return;
    };
    let mut spec = spec([true, false], &[("attack", "flip:0")]);
    spec.reach = Reach::Network;
    let relay = ActorId(spec.actors.len() as u8);
    let mut run = start(&spec);
    let server = address(&mut run);
    assert!(server.ip().is_loopback(), "{server}");
    let listening = |run: &Run| {
        let sockets = run.trace().sockets();
        let listener = sockets.iter().find(|s| s.actor == relay && s.listening)?;
        listener.local.as_deref()?.parse::<SocketAddr>().ok()
    };
    until(&mut run, "the attacker listens", |run| {
        listening(run).is_some()
    });
    let at = listening(&run).expect("just seen");
    let mut stream = TcpStream::connect((own, at.port())).expect("it listens everywhere");
    stream.write_all(b"hello").expect("it takes bytes");
    until(&mut run, "they arrive", |run| received(run.trace()) == 5);
}

/// Does the kernel hold that actor in such a call?
fn blocked_in(run: &Run, actor: ActorId, call: Call) -> bool {
    let trace = run.trace();
    let now = trace.live().actors[usize::from(actor.0)];
    let within = now.current.and_then(|begin| trace.event(begin).call());
    now.blocked_since.is_some() && within == Some(call)
}

fn received(trace: &Trace) -> u64 {
    trace.state_at(trace.len()).facts.bytes_received
}

fn decode_errors(trace: &Trace) -> Vec<String> {
    trace
        .streams()
        .iter()
        .flat_map(socklab::trace::Stream::errors)
        .filter_map(|&event| match trace.detail(event) {
            Some(Detail::Decode { code, .. }) => Some(code.clone()),
            _ => None,
        })
        .collect()
}

/// The stream from the program outside to the lab, and its frames' verdicts.
fn frames(trace: &Trace) -> Vec<(u64, Verdict)> {
    let stream = trace.stream(trace.main_stream().expect("a stream"));
    let stream = stream.expect("it is there");
    (0..stream.frames().len())
        .map(|i| {
            let frame = stream.frames().get(i);
            (frame.end - frame.start, stream.verdict(i))
        })
        .collect()
}

fn reset(stream: TcpStream) {
    let socket = Socket::from(stream);
    socket
        .set_linger(Some(Duration::ZERO))
        .expect("an option of every socket");
}

#[test]
fn bytes_of_an_external_client_are_external_and_are_framed() {
    let (mut run, mut stream) = with_client(&[("framing", "length:u32:big")]);
    stream
        .write_all(b"\0\0\0\x02hi\0\0\0\0\0\0\0\x05hello")
        .expect("the server reads");
    drop(stream);
    assert!(run.finish_within(PATIENCE));
    let trace = run.into_trace();
    assert_eq!(received(&trace), 19);
    assert_eq!(
        frames(&trace),
        [6, 4, 9].map(|bytes| (bytes, Verdict::Neither)),
        "decoded, but nobody knows where its messages end"
    );
    let stream = trace.stream(trace.main_stream().unwrap()).unwrap();
    assert!(
        stream
            .parts(0, 19)
            .all(|part| part.origin == Origin::External)
    );
    let facts = trace.state_at(trace.len()).facts;
    assert_eq!((facts.frames_right, facts.frames_wrong), (0, 0));
    assert_eq!(facts.sends, 0, "calls of the outside are not recorded");
}

#[test]
fn the_command_that_the_lesson_shows_works_as_it_stands() {
    let mut run = start(&spec([true, false], &[]));
    let at = address(&mut run);
    let lesson = lesson();
    let shown = &lesson.actors[0].external;
    let python = shown.iter().find(|c| c.tool == "python3").expect("shown");
    let command = python.command(&at.ip().to_string(), at.port());
    let status = std::process::Command::new("sh")
        .args(["-c", &command])
        .status()
        .expect("a shell");
    assert!(status.success(), "needs python3: {command}");
    assert!(run.finish_within(PATIENCE));
    let trace = run.into_trace();
    assert_eq!(received(&trace), 50);
}

#[test]
fn slow_bytes_are_put_together() {
    let (mut run, mut stream) = with_client(&[("framing", "length:u16:little")]);
    for (sent, byte) in (1..).zip(*b"\x03\0abc\x01\0d") {
        stream.write_all(&[byte]).expect("the server reads");
        until(&mut run, "each byte arrives by itself", |run| {
            received(run.trace()) == sent
        });
    }
    let halves = run.trace().state_at(run.trace().len()).facts;
    assert_eq!((halves.recvs, halves.frames), (8, 2));
    drop(stream);
    assert!(run.finish_within(PATIENCE));
    let sizes: Vec<_> = frames(run.trace()).iter().map(|f| f.0).collect();
    assert_eq!(sizes, [5, 3]);
}

#[test]
fn what_no_decoder_can_read_is_a_typed_error_and_not_the_end_of_the_lab() {
    let long = vec![b'x'; (16 << 20) + 100];
    let cases: [(&str, &[u8], &str); 5] = [
        (
            "length:u32:big",
            b"GET / HTTP/1.1\r\n\r\n",
            "frame-too-long",
        ),
        ("length:u32:little", &[0xff; 4096], "frame-too-long"),
        (
            "length:i32:big",
            &[0xff, 0xff, 0xff, 0xfe, 1],
            "negative-length",
        ),
        (
            "length:u32:big",
            b"\0\xff\xff\xffonly this",
            "ended-mid-frame",
        ),
        ("delimiter:\\n", &long, "unterminated"),
    ];
    for (framing, bytes, code) in cases {
        let (mut run, mut stream) = with_client(&[("framing", framing), ("recv_size", "65536")]);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The server may have given up and closed before everything is written.
                let _ = stream.write_all(bytes);
                let _ = stream.shutdown(Shutdown::Write);
            });
            assert!(run.finish_within(PATIENCE), "{framing}: {run:?}");
        });
        assert_eq!(decode_errors(run.trace()), [code], "{framing}");
        let facts = run.trace().state_at(run.trace().len()).facts;
        assert_eq!((facts.decode_errors, facts.frames), (1, 0), "{framing}");
    }
}

#[test]
fn a_reset_is_an_event_with_its_name() {
    let (mut run, mut stream) = with_client(&[("framing", "length:u32:big")]);
    stream.write_all(b"\0\0\0\x09half").expect("it is there");
    until(&mut run, "half a frame is read", |run| {
        received(run.trace()) == 8
    });
    reset(stream);
    assert!(run.finish_within(PATIENCE));
    let trace = run.into_trace();
    let errors: Vec<i32> = (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.kind == Kind::Return && e.call() == Some(Call::Recv))
        .filter_map(|e| e.errno())
        .collect();
    assert_eq!(errors, [libc::ECONNRESET]);
}

/// Stops such a run five times. On a machine that is busy with other things one stop may have to
/// wait for a processor; a lab that is slow by itself is slow each time.
fn stops_at_once<T>(what: &str, blocked: impl Fn() -> (Run, T)) {
    let times: Vec<Duration> = (0..5)
        .map(|_| {
            let (mut run, outside) = blocked();
            let took = run.stop();
            drop(outside);
            took
        })
        .collect();
    println!("{what}: {times:?}");
    assert!(times.iter().any(|took| *took < STOP), "{what}: {times:?}");
}

#[test]
fn stop_is_at_once_when_nobody_comes() {
    stops_at_once("in accept", || {
        let mut run = start(&spec([true, false], &[]));
        until(&mut run, "blocked in accept", |run| {
            blocked_in(run, SERVER, Call::Accept)
        });
        (run, ())
    });
}

#[test]
fn stop_is_at_once_when_somebody_comes_and_says_nothing() {
    stops_at_once("in recv", || {
        let (mut run, stream) = with_client(&[]);
        until(&mut run, "blocked in recv", |run| {
            blocked_in(run, SERVER, Call::Recv)
        });
        (run, stream)
    });
}

#[test]
fn stop_is_at_once_when_the_server_outside_never_reads() {
    stops_at_once("in send", || {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
        let mut never = spec([false, true], &[("send_buffer", "4096")]);
        never.external_port = listener.local_addr().expect("it is bound").port();
        never.messages = Arc::new(vec![vec![b'x'; 1 << 20]; 64]);
        let mut run = start(&never);
        let held = listener.accept().expect("the lab's client comes");
        until(&mut run, "blocked in send", |run| {
            blocked_in(run, CLIENT, Call::Send)
        });
        (run, held)
    });
}

#[test]
fn stop_is_at_once_while_the_client_tries_to_connect() {
    stops_at_once("between two attempts", || {
        let (bound, port) = bound_but_deaf();
        let mut nobody = spec([false, true], &[]);
        nobody.external_port = port;
        let mut run = start(&nobody);
        until(&mut run, "refused", |run| refusals(run.trace()) > 0);
        (run, bound)
    });
}

/// A port on which nobody listens yet, and that nobody else can take meanwhile.
fn bound_but_deaf() -> (Socket, u16) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("TCP");
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    socket.bind(&any.into()).expect("loopback");
    let at = socket.local_addr().expect("it is bound").as_socket();
    (socket, at.expect("IPv4").port())
}

fn refusals(trace: &Trace) -> usize {
    (0..trace.len())
        .map(|i| trace.event(i))
        .filter(|e| e.call() == Some(Call::Connect) && e.errno() == Some(libc::ECONNREFUSED))
        .count()
}

#[test]
fn the_client_tries_again_until_the_server_outside_is_there() {
    let (socket, port) = bound_but_deaf();
    let mut spec = spec([false, true], &[("framing", "delimiter:\\n")]);
    spec.external_port = port;
    let mut run = start(&spec);
    until(&mut run, "two attempts", |run| refusals(run.trace()) >= 2);
    socket.listen(1).expect("it is bound");
    let mut got = Vec::new();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (stream, _) = socket.accept()?;
            let mut got = Vec::new();
            TcpStream::from(stream).read_to_end(&mut got)?;
            Ok::<_, std::io::Error>(got)
        });
        assert!(run.finish_within(PATIENCE), "{run:?}");
        got = reader.join().expect("no panic").expect("a connection");
    });
    assert_eq!(got, b"hello\n".repeat(10));
    let facts = run.trace().state_at(run.trace().len()).facts;
    assert_eq!((facts.sends, facts.bytes_sent, facts.recvs), (10, 60, 0));
}

#[test]
fn a_server_outside_that_breaks_off_ends_the_client_and_not_the_lab() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
    let mut spec = spec([false, true], &[]);
    spec.external_port = listener.local_addr().expect("it is bound").port();
    // More than both buffers hold, so that some send meets the reset.
    spec.messages = Arc::new(vec![vec![b'x'; 1 << 20]; 64]);
    let mut run = start(&spec);
    let (stream, _) = listener.accept().expect("the lab's client comes");
    until(&mut run, "blocked in send", |run| {
        blocked_in(run, CLIENT, Call::Send)
    });
    reset(stream);
    assert!(run.finish_within(PATIENCE), "{run:?}");
    let facts = run.trace().state_at(run.trace().len()).facts;
    assert_eq!(facts.failed_calls, 1);
}

// ---------------------------------------------------------------- the code that the window shows

/// The program of that actor as Python, as it stands in the code pane.
fn listing(actor: &str, settings: &Settings, server: SocketAddr) -> String {
    let lesson = lesson();
    let messages = lesson.messages.resolve(settings);
    let program = &lesson
        .actors
        .iter()
        .find(|a| a.name == actor)
        .expect("it takes part")
        .program;
    let context = CodeContext {
        lang: Lang::En,
        actor,
        value: &|name| settings.get(name).map(ToString::to_string),
        place: &|name| {
            (name == "server").then(|| Place::Host(server.ip().to_string(), server.port()))
        },
        framing: &settings.framing,
        limit: FRAME_LIMIT,
        messages: MessageList {
            texts: messages.texts(),
            count: messages.count(),
            size: messages.size(),
            numbered: messages.numbered(),
        },
    };
    codegen::generate(Language::Python, program, &context).to_string()
}

fn python(dir: &tempfile::TempDir, name: &str, text: &str) -> std::process::Child {
    let file = dir.path().join(name);
    std::fs::write(&file, text).expect("room for it");
    std::process::Command::new("python3")
        .arg("-I")
        .arg(file)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3")
}

fn framed(name: &str) -> Settings {
    let lesson = lesson();
    let mut settings = Settings::defaults(&lesson);
    settings.set(&lesson, "framing", name).expect("a strategy");
    settings
}

#[test]
fn the_python_client_of_the_code_pane_speaks_with_the_labs_server() {
    let dir = tempfile::tempdir().expect("a folder");
    for framing in FramingSpec::choices() {
        let name = framing.to_string();
        let mut run = start(&spec([true, false], &[("framing", &name)]));
        let at = address(&mut run);
        let mut client = python(&dir, "client.py", &listing("client", &framed(&name), at));
        assert!(run.finish_within(PATIENCE), "{name}: {run:?}");
        assert!(client.wait().expect("it has ended").success(), "{name}");
        let trace = run.into_trace();
        assert_eq!(decode_errors(&trace), Vec::<String>::new(), "{name}");
        // What the client sent is what the lab's own would have sent.
        let built = framing.build(FRAME_LIMIT);
        let mut wire = Vec::new();
        for _ in 0..10 {
            built.encode(b"hello", &mut wire).expect("it fits");
        }
        let stream = trace.stream(trace.main_stream().unwrap()).unwrap();
        assert_eq!(
            stream.payload(0, wire.len() as u64),
            Some(wire.clone()),
            "{name}"
        );
        assert_eq!(
            received(&trace),
            (wire.len() + back(&trace)) as u64,
            "{name}"
        );
        if framing.survives_any_cutting() {
            assert_eq!(frames(&trace).len(), 10, "{name}");
        }
    }
}

/// Bytes that went from the lab's server to its client outside.
fn back(trace: &Trace) -> usize {
    let backward = trace.connections()[0].backward;
    trace.state_at(trace.len()).streams[usize::from(backward.0)].received as usize
}

#[test]
fn the_python_server_of_the_code_pane_speaks_with_the_labs_client() {
    let dir = tempfile::tempdir().expect("a folder");
    for framing in FramingSpec::choices() {
        let name = framing.to_string();
        let mut spec = spec([false, true], &[("framing", &name)]);
        // A port that was free a moment ago.
        let probe = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
        let at = probe.local_addr().expect("it is bound");
        drop(probe);
        spec.external_port = at.port();
        let server = python(&dir, "server.py", &listing("server", &framed(&name), at));
        let mut run = start(&spec);
        assert!(run.finish_within(PATIENCE), "{name}: {run:?}");
        let output = server.wait_with_output().expect("it has ended");
        assert!(output.status.success(), "{name}");
        let printed = String::from_utf8(output.stdout).expect("Python prints text");
        if framing.survives_any_cutting() {
            assert_eq!(printed, "b'hello'\n".repeat(10), "{name}");
        } else {
            assert!(printed.contains("hello"), "{name}: {printed}");
        }
    }
}
