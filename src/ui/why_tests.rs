//! The sentences, in both languages, on small runs.

use super::sample_run::{
    CLIENT, FAR, LISTENER, NEAR, SERVER, Sample, address, event, meta, option,
};
use super::why::why;
use crate::i18n::Lang;
use crate::trace::{ActorId, Call, Detail, Event, EventId, Gauge, Kind, Mark, SocketId, flag};

#[track_caller]
fn check(sample: &Sample, id: EventId, en: &str, zh: &str) {
    assert_eq!(why(&sample.trace, id, Lang::En), en);
    assert_eq!(why(&sample.trace, id, Lang::Zh), zh);
}

#[test]
fn three_messages_in_one_recv() {
    let mut s = Sample::connected();
    for n in 0..3 {
        s.send(n, b"hello");
    }
    let recv = s.recv(1024, b"hellohellohello");
    check(
        &s,
        recv,
        "recv(1024) returned 15 bytes: the 3 messages waiting in the receive buffer (1, 2 and 3). recv counts bytes, not messages.",
        "recv(1024) 返回 15 字节：接收缓冲区里等待的 3 条消息（1、2和3）。recv 数的是字节，不是消息。",
    );
}

#[test]
fn one_whole_message() {
    let mut s = Sample::connected();
    s.send(0, b"h");
    let recv = s.recv(1024, b"h");
    check(
        &s,
        recv,
        "recv(1024) returned 1 byte: message 1, all that had arrived.",
        "recv(1024) 返回 1 字节：消息 1，即已到达的全部数据。",
    );
}

#[test]
fn a_part_of_a_message_with_and_without_a_reading_of_the_buffer() {
    let mut s = Sample::connected();
    s.send(0, &[b'a'; 2000]);
    s.gauge(FAR, 2000);
    let first = s.recv(1024, &[b'a'; 1024]);
    check(
        &s,
        first,
        "recv(1024) returned 1024 bytes, as many as it asked for: the first 1024 of message 1’s 2000 bytes; 976 bytes stay in the receive buffer.",
        "recv(1024) 返回 1024 字节，正好是所要的数量：消息 1（共 2000 字节）的前 1024 字节；976 字节仍留在接收缓冲区。",
    );
    let second = s.recv(1024, &[b'a'; 976]);
    check(
        &s,
        second,
        "recv(1024) returned 976 bytes, everything in the receive buffer: the last 976 of message 1’s 2000 bytes.",
        "recv(1024) 返回 976 字节，即接收缓冲区里的全部数据：消息 1（共 2000 字节）的最后 976 字节。",
    );
    // Nobody read the buffer: the rest is somewhere in the kernel, and no more is claimed.
    let mut s = Sample::connected();
    s.send(0, &[b'a'; 2000]);
    let first = s.recv(1024, &[b'a'; 1024]);
    assert!(why(&s.trace, first, Lang::En).ends_with("the other 976 bytes are for a later recv."));
    // Fewer than asked, and the message is not complete: the rest had not come.
    let mut s = Sample::connected();
    s.send(0, &[b'a'; 2000]);
    let first = s.recv(4096, &[b'a'; 1500]);
    assert!(why(&s.trace, first, Lang::En).ends_with("its other 500 bytes had not arrived yet."));
}

#[test]
fn the_end_of_one_message_whole_ones_and_the_beginning_of_another() {
    let mut s = Sample::connected();
    for n in 0..8 {
        s.send(n, b"hello");
    }
    s.recv(3, b"hel");
    let recv = s.recv(30, &b"hello".repeat(6));
    assert_eq!(
        why(&s.trace, recv, Lang::En),
        "recv(30) returned 30 bytes, as many as it asked for: the last 2 of message 1’s 5 bytes, messages 2–6 and the first 3 of message 7’s 5 bytes; the other 2 bytes are for a later recv."
    );
}

#[test]
fn the_end_of_the_stream_and_what_is_not_the_end() {
    let mut s = Sample::connected();
    let recv = s.recv(1024, b"");
    check(
        &s,
        recv,
        "recv(1024) returned b'': the peer closed its sending side; no more bytes will come.",
        "recv(1024) 返回 b''：对方已关闭发送方向，不会再有数据。",
    );
    let zero = s.recv(0, b"");
    assert!(why(&s.trace, zero, Lang::En).contains("because it asked for 0 bytes"));
    s.mark(Mark::Stopping, ActorId::LAB, None);
    let stopped = s.recv_with(1024, b"", flag::AFTER_STOP);
    assert!(why(&s.trace, stopped, Lang::En).contains("because Stop was pressed"));
}

#[test]
fn sends_whole_partial_and_empty() {
    let mut s = Sample::connected();
    let whole = s.send(0, b"hello");
    check(
        &s,
        whole,
        "send(b'hello') returned 5: the send buffer took all 5 bytes of message 1. That does not mean that the peer has read them.",
        "send(b'hello') 返回 5：发送缓冲区接收了消息 1 的全部 5 字节。这并不表示对方已经读到。",
    );
    let partial = s.send_part(None, &[b'x'; 2000], 1200);
    assert!(why(&s.trace, partial, Lang::En).contains(
        "had room for only 1200 of the 2000 bytes; the program must send the other 800 bytes itself"
    ));
    let empty = s.send_part(None, b"", 0);
    assert!(why(&s.trace, empty, Lang::En).contains("nothing goes onto the wire"));
}

#[test]
fn errors_say_what_they_mean_and_what_to_do() {
    for (number, name, en) in [
        (111, "ECONNREFUSED", "start the server first"),
        (98, "EADDRINUSE", "SO_REUSEADDR"),
        (110, "ETIMEDOUT", "no answer came in time"),
        (13, "EACCES", "ports below 1024"),
        (104, "ECONNRESET", "the peer broke the connection off"),
        (32, "EPIPE", "takes no more bytes"),
    ] {
        let mut s = Sample::connected();
        s.begin(Call::Connect, CLIENT, NEAR, 0, Some(address("127.0.0.1:9")));
        let failed = s.end(Call::Connect, CLIENT, NEAR, -number, None);
        let sentence = why(&s.trace, failed, Lang::En);
        assert!(
            sentence.starts_with("connect('127.0.0.1:9') failed with"),
            "{sentence}"
        );
        assert!(
            sentence.contains(name) && sentence.contains(en),
            "{sentence}"
        );
        let sentence = why(&s.trace, failed, Lang::Zh);
        assert!(
            sentence.contains(name) && sentence.contains("失败"),
            "{sentence}"
        );
    }
    // An unknown number is not dressed up.
    let mut s = Sample::connected();
    s.begin(Call::Connect, CLIENT, NEAR, 0, None);
    let words = Some(Detail::Error("something odd".to_owned()));
    let failed = s.end(Call::Connect, CLIENT, NEAR, -9999, words);
    assert_eq!(
        why(&s.trace, failed, Lang::En),
        "connect() failed: something odd."
    );
    s.begin(Call::ConnectEx, CLIENT, NEAR, 0, None);
    let failed = s.end(Call::ConnectEx, CLIENT, NEAR, -111, None);
    assert!(
        why(&s.trace, failed, Lang::En).contains("returned 111 (ECONNREFUSED) instead of raising")
    );
}

#[test]
fn eagain_is_a_timeout_only_where_the_kernel_held_the_call() {
    let mut s = Sample::connected();
    let now = Event {
        b: -11,
        ..event(Kind::Return, Call::Recv, SERVER, FAR)
    };
    s.begin(Call::Recv, SERVER, FAR, 10, None);
    let at_once = s.push(
        Event {
            flags: flag::NONBLOCKING,
            ..now
        },
        None,
        &[],
    );
    assert!(
        why(&s.trace, at_once, Lang::En)
            .contains("no bytes are waiting, and this socket must not block")
    );
    s.begin(Call::Recv, SERVER, FAR, 10, None);
    s.blocked(Call::Recv, SERVER, FAR);
    let later = s.push(now, None, &[]);
    let sentence = why(&s.trace, later, Lang::En);
    assert!(
        sentence.contains("time limit of this socket ran out"),
        "{sentence}"
    );
    assert!(
        sentence.ends_with("It was blocked for 10.0 ms."),
        "{sentence}"
    );
}

#[test]
fn buffer_sizes_asked_and_granted() {
    let mut s = Sample::connected();
    let doubled = s.option(SERVER, LISTENER, "SO_RCVBUF", 4096, 8192);
    check(
        &s,
        doubled,
        "setsockopt(SO_RCVBUF, 4096): asked 4096, granted 8192: Linux doubles it to leave room for its own bookkeeping.",
        "setsockopt(SO_RCVBUF, 4096)：请求 4096，实际 8192：Linux 会加倍，为自身的管理信息留出空间。",
    );
    let floor = s.option(SERVER, LISTENER, "SO_RCVBUF", 1, 2304);
    assert!(why(&s.trace, floor, Lang::En).contains("does not go below its smallest value"));
    let on = s.option(SERVER, LISTENER, "TCP_NODELAY", 1, 1);
    assert!(why(&s.trace, on, Lang::En).contains("granted 1, as asked"));
    // On another system "Linux doubles it" would be false.
    let mut s = Sample::new(crate::trace::RunMeta {
        platform: "macos".into(),
        ..meta()
    });
    let set = s.option(SERVER, LISTENER, "SO_RCVBUF", 4096, 8192);
    assert!(!why(&s.trace, set, Lang::En).contains("Linux"));
}

#[test]
fn blocked_calls_say_what_they_wait_for() {
    for (call, actor, socket, en, zh) in [
        (Call::Recv, SERVER, FAR, "no bytes are waiting", "没有数据"),
        (
            Call::Send,
            CLIENT,
            NEAR,
            "the send buffer is full",
            "发送缓冲区已满",
        ),
        (
            Call::Accept,
            SERVER,
            LISTENER,
            "no client is waiting in the backlog",
            "监听队列里没有客户端",
        ),
        (
            Call::Connect,
            CLIENT,
            NEAR,
            "has not been answered",
            "还没有得到应答",
        ),
    ] {
        let mut s = Sample::connected();
        s.begin(call, actor, socket, 1, None);
        let id = s.blocked(call, actor, socket);
        assert!(why(&s.trace, id, Lang::En).contains(en));
        assert!(why(&s.trace, id, Lang::Zh).contains(zh));
    }
}

#[test]
fn frames_are_right_only_when_they_are_one_message() {
    let mut s = Sample::connected();
    for n in 0..3 {
        s.send(n, b"hello");
    }
    s.recv(1024, b"hellohellohello");
    let merged = s.frame(0, 15, 0);
    check(
        &s,
        merged,
        "The decoder yielded frame 1 (15 bytes), and it is wrong: it contains messages 1, 2 and 3, taken for one message.",
        "解码器得到第 1 帧（15 字节），但它是错的：其中包含消息 1、2和3，却被当作一条消息。",
    );
    let right = s.frame(5, 5, 1);
    assert!(why(&s.trace, right, Lang::En).contains("exactly message 2"));
    let part = s.frame(0, 3, 2);
    assert!(
        why(&s.trace, part, Lang::En).contains("it is only the first 3 of message 1’s 5 bytes")
    );
    let mixed = s.frame(3, 5, 3);
    assert!(why(&s.trace, mixed, Lang::En).contains("it is made of"));
    let error = Event {
        flags: flag::FRAME_ERROR,
        socket: FAR,
        ..Event::new(Kind::Frame, 0, SERVER)
    };
    let detail = Detail::Decode {
        code: "negative-length".into(),
        offset: 4,
        value: (-7i64) as u64,
        limit: 0,
    };
    let error = s.push(error, Some(detail), &[]);
    assert!(why(&s.trace, error, Lang::En).contains("announces -7 bytes"));
}

#[test]
fn gauges_name_only_what_was_readable() {
    let mut s = Sample::connected();
    let id = s.gauge(FAR, 15);
    assert_eq!(
        why(&s.trace, id, Lang::En),
        "The kernel was asked about the socket of the server: 15 bytes wait in the receive buffer and 0 bytes are sent but not acknowledged."
    );
    let none = s.push(Gauge::default().event(0, FAR), None, &[]);
    assert!(why(&s.trace, none, Lang::En).contains("not readable here"));
}

#[test]
fn a_students_text_cannot_break_a_sentence() {
    let mut s = Sample::connected();
    let id = s.send(0, b"{n} {call}");
    assert!(why(&s.trace, id, Lang::En).starts_with("send(b'{n} {call}') returned 10:"));
}

/// Whatever an event holds, there is a sentence in both languages, with nothing left to fill in.
#[test]
fn every_kind_call_and_mark_has_a_sentence() {
    let mut s = Sample::connected();
    let mut ids: Vec<EventId> = Vec::new();
    for call in Call::ALL {
        for (socket, actor) in [(NEAR, CLIENT), (FAR, SERVER), (SocketId::NONE, CLIENT)] {
            ids.push(s.begin(call, actor, socket, 1, None));
            ids.push(s.blocked(call, actor, socket));
            for b in [0, 1, -11, -9999] {
                ids.push(s.end(call, actor, socket, b, None));
            }
        }
    }
    ids.push(s.begin(
        Call::GetOption,
        CLIENT,
        NEAR,
        0,
        Some(option("SO_SNDBUF", None, None)),
    ));
    for mark in Mark::ALL {
        ids.push(s.mark(mark, CLIENT, None));
        ids.push(s.mark(mark, ActorId::LAB, Some(Detail::Text("words".into()))));
    }
    for kind in [Kind::Step, Kind::Setting, Kind::Frame, Kind::Gauge] {
        ids.push(s.push(Event::new(kind, 0, SERVER), None, &[]));
    }
    ids.push(u32::MAX - 2);
    for id in ids {
        for lang in Lang::ALL {
            let sentence = why(&s.trace, id, lang);
            assert!(!sentence.is_empty(), "{id}");
            assert!(
                !sentence.contains('{') && !sentence.contains('}'),
                "{sentence}"
            );
        }
    }
}
