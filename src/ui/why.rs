//! One plain sentence per event: what happened and why.
//!
//! Every figure in a sentence comes from the trace; which messages some bytes belong to comes
//! from stream offsets, never from contents. Nothing that the trace does not show is claimed.

use std::fmt::Display;

use super::call_text::{begin_of, call_text, stream_of};
use super::errno::errno;
use super::figures::duration;
use super::segment_text;
use crate::i18n::{Lang, Phrase, attack, datagrams, files, program, why as text};
use crate::trace::{
    ACKNOWLEDGEMENT, ADD_MEMBERSHIP, ActorId, Call, Detail, Event, EventId, Fate, Handled, Kind,
    Mark, Origin, Part, Role, Stream, Trace, flag,
};

/// Pieces listed in a sentence before the rest is only counted.
const LISTED: usize = 6;

/// The sentence for event `id` in `lang`.
pub fn why(trace: &Trace, id: EventId, lang: Lang) -> String {
    if id >= trace.len() {
        return text::UNKNOWN_EVENT.get(lang).to_owned();
    }
    let event = trace.event(id);
    let sentence = match event.kind {
        Kind::Begin => begin(trace, id, &event, lang),
        Kind::Blocked => blocked(trace, id, &event, lang),
        Kind::Return => returned(trace, id, &event, lang),
        Kind::Gauge => gauge(trace, &event, lang),
        Kind::Frame => frame(trace, id, &event, lang),
        Kind::Step => text::STEP.fill(lang, &[("n", &(event.a + 1))]),
        Kind::Setting => match trace.detail(id) {
            Some(Detail::Setting { name, value }) => {
                text::SETTING.fill(lang, &[("name", name), ("value", value)])
            }
            _ => text::SETTING.fill(lang, &[("name", &"?"), ("value", &(event.a as i64))]),
        },
        Kind::Mark => mark(trace, id, &event, lang),
        Kind::Segment => segment_text::why(trace, id, &event, lang),
    };
    capitalised(sentence, trace, event.actor, lang)
}

/// How an actor is called in `lang`.
pub fn actor_name(trace: &Trace, actor: ActorId, lang: Lang) -> String {
    if actor == ActorId::LAB {
        return text::ACTOR_LAB.get(lang).to_owned();
    }
    if trace.meta().relay == Some(actor) {
        return attack::ATTACKER.get(lang).to_owned();
    }
    if let (Some(owner), Some(n)) = (
        trace.meta().thread_of(actor),
        trace.meta().thread_number(actor),
    ) {
        let who = actor_name(trace, owner, lang);
        return text::ACTOR_THREAD.fill(lang, &[("who", &who), ("n", &n)]);
    }
    match trace.meta().actors.get(usize::from(actor.0)) {
        Some(meta) if meta.role == Role::Client && meta.name == "client" => {
            text::ACTOR_CLIENT.get(lang).to_owned()
        }
        Some(meta) if meta.role == Role::Server && meta.name == "server" => {
            text::ACTOR_SERVER.get(lang).to_owned()
        }
        Some(meta) => meta.name.clone(),
        None => format!("#{}", actor.0),
    }
}

/// "1 byte", "15 bytes".
pub fn amount(n: u64, lang: Lang) -> String {
    if n == 1 {
        text::BYTE.get(lang).to_owned()
    } else {
        text::BYTES.fill(lang, &[("n", &n)])
    }
}

fn begin(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let Some(call) = event.call() else {
        return text::UNKNOWN_EVENT.get(lang).to_owned();
    };
    let phrase = match call {
        Call::Send | Call::SendAll | Call::SendTo if event.link == ACKNOWLEDGEMENT => {
            text::BEGIN_SEND_ACKNOWLEDGEMENT
        }
        Call::Send | Call::SendAll | Call::SendTo if keeps_boundaries(trace, event) => {
            datagrams::WHY_BEGIN_SEND
        }
        Call::Recv | Call::RecvFrom | Call::RecvInto if keeps_boundaries(trace, event) => {
            datagrams::WHY_BEGIN_RECV
        }
        Call::Prompt => datagrams::WHY_ASKS,
        Call::Send | Call::SendAll | Call::SendTo if event.message().is_some() => {
            text::BEGIN_SEND_MESSAGE
        }
        Call::Send | Call::SendAll | Call::SendTo => text::BEGIN_SEND,
        Call::Recv | Call::RecvFrom if event.has(flag::PEEK) => text::BEGIN_PEEK,
        Call::Recv | Call::RecvFrom => text::BEGIN_RECV,
        Call::Socket => text::BEGIN_SOCKET,
        Call::SetOption | Call::SetTimeout | Call::SetBlocking => text::BEGIN_OPTION,
        Call::GetOption => text::BEGIN_GET_OPTION,
        Call::Bind => text::BEGIN_BIND,
        Call::Listen => text::BEGIN_LISTEN,
        Call::Accept => text::BEGIN_ACCEPT,
        Call::Connect | Call::ConnectEx => text::BEGIN_CONNECT,
        Call::Shutdown if event.a == 1 => text::BEGIN_SHUT_WRITE,
        Call::Shutdown => text::BEGIN_SHUTDOWN,
        Call::Close => text::BEGIN_CLOSE,
        Call::Sleep => text::BEGIN_SLEEP,
        Call::Wait => text::BEGIN_WAIT,
        Call::ReadFile => files::WHY_READS,
        Call::WriteFile => files::WHY_WRITES,
        Call::Command => files::WHY_RUNS,
        Call::RecvInto => text::BEGIN_RECV_INTO,
        Call::GetTimeout => text::BEGIN_GET_TIMEOUT,
        Call::MakeFile => text::BEGIN_MAKEFILE,
        Call::ReadLine => text::BEGIN_READLINE,
        Call::Duplicate => text::BEGIN_DUPLICATE,
        _ => text::BEGIN_OTHER,
    };
    phrase.fill(
        lang,
        &[
            ("who", &actor_name(trace, event.actor, lang)),
            ("call", &call_text(trace, id)),
            ("bytes", &amount(event.a, lang)),
            ("n", &u64::from(event.link.wrapping_add(1))),
            ("at", &event.link),
            ("ms", &event.a),
            ("file", &file_named(trace, id)),
        ],
    )
}

/// The file that a call to read or write one was given.
fn file_named(trace: &Trace, id: EventId) -> String {
    match trace.detail(id) {
        Some(Detail::Text(name)) => name.escape_debug().to_string(),
        _ => String::new(),
    }
}

fn blocked(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let phrase = match event.call() {
        Some(Call::Prompt) => datagrams::WHY_ASKS,
        Some(c) if c.receives() && keeps_boundaries(trace, event) => datagrams::WHY_BLOCKED,
        Some(c) if c.receives() => text::BLOCKED_RECV,
        Some(c) if c.sends() => text::BLOCKED_SEND,
        Some(Call::Accept) => text::BLOCKED_ACCEPT,
        Some(Call::Connect | Call::ConnectEx) => text::BLOCKED_CONNECT,
        Some(Call::Wait) => text::BEGIN_WAIT,
        _ => text::BLOCKED_OTHER,
    };
    phrase.fill(
        lang,
        &[
            ("call", &call_text(trace, id)),
            ("who", &actor_name(trace, event.actor, lang)),
        ],
    )
}

fn returned(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let Some(call) = event.call() else {
        return text::UNKNOWN_EVENT.get(lang).to_owned();
    };
    let code = call_text(trace, id);
    if event.has(flag::AFTER_STOP) && (event.b < 0 || (event.b == 0 && call.receives())) {
        return text::STOPPED.fill(lang, &[("call", &code)]);
    }
    let mut sentence = if event.b < 0 {
        failed(trace, id, event, call, &code, lang)
    } else if keeps_boundaries(trace, event)
        && let Some(sentence) = datagram(trace, id, event, call, &code, lang)
    {
        sentence
    } else if call.receives() {
        received(trace, id, event, &code, lang)
    } else if call.sends() {
        sent(trace, id, event, call, &code, lang)
    } else {
        done(trace, id, event, call, &code, lang)
    };
    let waited = begin_of(trace, id)
        .and_then(|begin| trace.blocked_of(begin))
        .filter(|_| call.is_socket_call())
        .map(|b| event.t.saturating_sub(trace.event(b).t));
    if let Some(waited) = waited {
        if lang == Lang::En {
            sentence.push(' ');
        }
        sentence.push_str(&text::BLOCKED_FOR.fill(lang, &[("time", &duration(waited))]));
    }
    sentence
}

/// Is the event's socket one of those that keep boundaries?
fn keeps_boundaries(trace: &Trace, event: &Event) -> bool {
    kind_of(trace, event).is_some_and(|kind| matches!(kind, "SOCK_DGRAM" | "SOCK_SEQPACKET"))
}

fn kind_of<'a>(trace: &'a Trace, event: &Event) -> Option<&'a str> {
    let socket = trace.sockets().get(usize::from(event.socket.0))?;
    Some(&socket.kind)
}

/// What a call that succeeded on a socket that keeps boundaries has done, if that differs from
/// what it does on a stream.
fn datagram(
    trace: &Trace,
    id: EventId,
    event: &Event,
    call: Call,
    code: &str,
    lang: Lang,
) -> Option<String> {
    let who = actor_name(trace, event.actor, lang);
    let fill = |phrase: Phrase, all: u64| {
        let n = event.b.max(0) as u64;
        let lost = all.saturating_sub(n);
        phrase.fill(
            lang,
            &[
                ("call", &code),
                ("who", &who),
                ("n", &n),
                ("all", &all),
                ("lost", &lost),
            ],
        )
    };
    if matches!(call, Call::Connect) && kind_of(trace, event) == Some("SOCK_DGRAM") {
        return Some(fill(datagrams::WHY_CONNECTED, 0));
    }
    let datagram = trace.datagrams().of_event(id)?;
    let all = u64::from(datagram.length);
    if call.receives() {
        return Some(if datagram.is_cut_at(id + 1) {
            fill(datagrams::WHY_CUT, all)
        } else {
            fill(datagrams::WHY_RECEIVED, all)
        });
    }
    let family = trace.sockets().get(usize::from(event.socket.0))?;
    Some(match datagram.fate_at(id + 1) {
        Fate::Dropped => fill(datagrams::WHY_SENT_DROPPED, all),
        Fate::Gone => fill(datagrams::WHY_SENT_NOBODY, all),
        _ if family.family == "AF_UNIX" => fill(datagrams::WHY_SENT_RELIABLY, all),
        _ => fill(datagrams::WHY_SENT, all),
    })
}

fn received(trace: &Trace, id: EventId, event: &Event, code: &str, lang: Lang) -> String {
    let n = event.b as u64;
    let asked = begin_of(trace, id).map(|b| trace.event(b).a);
    let bytes = amount(n, lang);
    if n == 0 {
        let phrase = if asked == Some(0) {
            text::RECV_ZERO_ASKED
        } else {
            text::RECV_EOF
        };
        return phrase.fill(lang, &[("call", &code)]);
    }
    if event.has(flag::PEEK) {
        return text::RECV_PEEK.fill(lang, &[("call", &code), ("bytes", &bytes)]);
    }
    let Some(stream) = stream_of(trace, id) else {
        return text::RECV_PLAIN.fill(lang, &[("call", &code), ("bytes", &bytes)]);
    };
    let (start, end) = (event.a, event.a + n);
    let pieces = pieces(stream, start, end);
    let full = asked == Some(n);
    if !full
        && let [Piece::Whole { first, last }] = pieces[..]
        && last > first
    {
        return text::RECV_MERGED.fill(
            lang,
            &[
                ("call", &code),
                ("bytes", &bytes),
                ("count", &(last - first + 1)),
                ("list", &numbers(first, last, lang)),
            ],
        );
    }
    let what = pieces_text(&pieces, lang);
    // What the last message still lacks.
    let rest = match pieces.last() {
        Some(Piece::Cut {
            end: cut_end, of, ..
        }) if *cut_end == end => of.1.saturating_sub(end),
        _ => 0,
    };
    let phrase = if full {
        match rest {
            0 => text::RECV_FULL,
            _ if waiting_after(trace, stream, id, n, rest) => text::RECV_FULL_STAY,
            _ => text::RECV_FULL_LATER,
        }
    } else if rest > 0 {
        text::RECV_SHORT_PART
    } else if let [Piece::Whole { .. }] = pieces[..] {
        text::RECV_ONE
    } else {
        text::RECV_SHORT
    };
    phrase.fill(
        lang,
        &[
            ("call", &code),
            ("bytes", &bytes),
            ("what", &what),
            ("rest", &amount(rest, lang)),
        ],
    )
}

/// Did the kernel say, after the recv before this one and before this one returned, that these
/// `n` bytes and the `rest` after them were in the receive buffer together?
fn waiting_after(trace: &Trace, stream: &Stream, id: EventId, n: u64, rest: u64) -> bool {
    let Some(socket) = stream.to_socket else {
        return false;
    };
    let recvs = stream.recvs();
    let before = recvs.len_at(id);
    let since = if before == 0 {
        0
    } else {
        recvs.get(before - 1).event
    };
    trace
        .gauges(socket)
        .at(id + 1)
        .is_some_and(|(reading, gauge)| {
            reading > since
                && gauge
                    .unread
                    .is_some_and(|unread| u64::from(unread) >= n + rest)
        })
}

fn sent(trace: &Trace, id: EventId, event: &Event, call: Call, code: &str, lang: Lang) -> String {
    let n = event.b as u64;
    let begin = begin_of(trace, id).map(|b| trace.event(b));
    let asked = begin.map_or(n, |b| b.a);
    let message = begin.and_then(|b| b.message());
    let phrase = match (call, message) {
        _ if asked == 0 => text::SEND_EMPTY,
        _ if n < asked => text::SEND_PARTIAL,
        (Call::SendAll, Some(_)) => text::SENDALL_DONE_MESSAGE,
        (Call::SendAll, None) => text::SENDALL_DONE,
        (_, Some(_)) => text::SEND_ALL_MESSAGE,
        (_, None) => text::SEND_ALL,
    };
    phrase.fill(
        lang,
        &[
            ("call", &code),
            ("n", &n),
            ("asked", &asked),
            ("rest", &amount(asked.saturating_sub(n), lang)),
            ("bytes", &amount(n, lang)),
            ("message", &(u64::from(message.unwrap_or(0)) + 1)),
        ],
    )
}

fn done(trace: &Trace, id: EventId, event: &Event, call: Call, code: &str, lang: Lang) -> String {
    let begin = begin_of(trace, id).map(|b| trace.event(b));
    let argument = begin.map_or(0, |b| b.a);
    let detail = trace
        .detail(id)
        .or_else(|| begin_of(trace, id).and_then(|b| trace.detail(b)));
    let fill = |phrase: Phrase, name: &str, value: &dyn Display| {
        phrase.fill(lang, &[("call", &code), (name, value)])
    };
    match (call, detail) {
        (Call::ReadFile | Call::WriteFile, Some(Detail::File(about))) => {
            super::file_text::done(trace, id, event, about, lang)
        }
        (
            Call::Command,
            Some(Detail::Ran {
                exit,
                out,
                err,
                cut,
            }),
        ) => {
            let who = actor_name(trace, event.actor, lang);
            let exit = exit.map_or_else(|| "–".to_owned(), |n| n.to_string());
            super::file_text::ran(cut).fill(
                lang,
                &[
                    ("call", &code),
                    ("who", &who),
                    ("exit", &exit),
                    ("out", &amount(*out, lang)),
                    ("err", &amount(*err, lang)),
                ],
            )
        }
        (Call::Socket, _) => fill(text::DONE_SOCKET, "n", &event.b),
        (
            Call::SetOption,
            Some(Detail::Option {
                name,
                asked,
                granted,
            }),
        ) => option_set(trace, name, *asked, *granted, code, lang),
        (Call::SetOption, Some(Detail::Text(said))) => {
            let group = said.starts_with(ADD_MEMBERSHIP);
            let phrase = if group {
                datagrams::WHY_JOINED
            } else {
                datagrams::WHY_INTERFACE
            };
            phrase.get(lang).to_owned()
        }
        (
            Call::GetOption,
            Some(Detail::Option {
                granted: Some(granted),
                ..
            }),
        ) => fill(text::OPTION_VALUE, "granted", granted),
        (Call::Bind, Some(Detail::Address(address))) => fill(text::DONE_BIND, "address", address),
        (Call::Listen, _) => fill(text::DONE_LISTEN, "", &""),
        (Call::Accept, Some(Detail::Connected { peer, .. })) => {
            fill(text::DONE_ACCEPT, "peer", peer)
        }
        (Call::Accept, _) => fill(text::DONE_ACCEPT_PLAIN, "", &""),
        (Call::ConnectEx, _) if event.b == 0 => fill(text::CONNECT_EX_OK, "", &""),
        (Call::Unlink, _) => fill(datagrams::WHY_UNLINKED, "", &""),
        (Call::Prompt, Some(Detail::Text(line))) => {
            let who = actor_name(trace, event.actor, lang);
            let line = super::call_text::literal(line.as_bytes());
            let phrase = if event.b == 0 {
                datagrams::WHY_TYPED_NOTHING
            } else {
                datagrams::WHY_TYPED
            };
            phrase.fill(lang, &[("who", &who), ("line", &line)])
        }
        (Call::Connect, Some(Detail::Connected { peer, .. })) => {
            fill(text::DONE_CONNECT, "peer", peer)
        }
        (Call::Connect, _) => fill(text::DONE_CONNECT_PLAIN, "", &""),
        (Call::Shutdown, _) if argument == 1 => fill(text::DONE_SHUT_WRITE, "", &""),
        (Call::Shutdown, _) => fill(text::DONE_SHUTDOWN, "", &""),
        (Call::Close, _) if event.a > 0 => fill(text::DONE_CLOSE_ONE, "", &""),
        (Call::Close, _) => fill(text::DONE_CLOSE, "", &""),
        (Call::Sleep, _) => fill(text::DONE_SLEEP, "", &""),
        (Call::Wait, _) => fill(
            text::DONE_WAIT,
            "who",
            &actor_name(trace, event.actor, lang),
        ),
        (Call::SetTimeout, _) if (argument as i64) < 0 => fill(text::DONE_TIMEOUT_NONE, "", &""),
        (Call::SetTimeout | Call::SetBlocking, _) if argument == 0 => {
            fill(text::DONE_NONBLOCKING, "", &"")
        }
        (Call::SetTimeout, _) => fill(text::DONE_TIMEOUT, "ms", &argument),
        (Call::SetBlocking, _) => fill(text::DONE_BLOCKING, "", &""),
        (Call::GetPeerName | Call::GetSockName, Some(Detail::Address(address))) => {
            fill(text::DONE_NAME, "address", address)
        }
        (Call::Fileno, _) => fill(text::DONE_FILENO, "n", &event.b),
        (Call::Duplicate, _) => fill(text::DONE_DUPLICATE, "n", &event.b),
        (Call::MakeFile, _) => fill(text::DONE_MAKEFILE, "", &""),
        (Call::ReadLine, Some(Detail::Text(line))) => {
            let phrase = match event.b {
                0 => text::DONE_READLINE_END,
                _ if line.ends_with("\\n") => text::DONE_READLINE,
                _ => text::DONE_READLINE_PART,
            };
            fill(phrase, "line", line)
        }
        (Call::GetTimeout, _) => match event.a as i64 {
            ..0 => fill(text::DONE_GET_TIMEOUT_NONE, "", &""),
            0 => fill(text::DONE_GET_TIMEOUT_ZERO, "", &""),
            ms => fill(
                text::DONE_GET_TIMEOUT,
                "value",
                &super::call_text::seconds(ms),
            ),
        },
        _ => fill(text::DONE_OTHER, "n", &event.b),
    }
}

fn option_set(
    trace: &Trace,
    name: &str,
    asked: Option<i64>,
    granted: Option<i64>,
    code: &str,
    lang: Lang,
) -> String {
    let (Some(asked), Some(granted)) = (asked, granted) else {
        return text::OPTION_DONE.fill(lang, &[("call", &code)]);
    };
    let buffer = matches!(name, "SO_SNDBUF" | "SO_RCVBUF");
    let linux = !trace.meta().platform.starts_with("macos")
        && !trace.meta().platform.starts_with("windows");
    let phrase =
        if granted == asked || (!buffer && (asked != 0) == (granted != 0) && asked.abs() <= 1) {
            text::OPTION_AS_ASKED
        } else if buffer && linux && granted == asked * 2 {
            text::OPTION_DOUBLED
        } else if granted > asked {
            text::OPTION_RAISED
        } else {
            text::OPTION_LOWERED
        };
    phrase.fill(
        lang,
        &[("call", &code), ("asked", &asked), ("granted", &granted)],
    )
}

fn failed(trace: &Trace, id: EventId, event: &Event, call: Call, code: &str, lang: Lang) -> String {
    let number = -event.b;
    let refused = trace
        .detail(id)
        .and_then(|d| super::file_text::refused(d, lang));
    if let Some(why) = refused {
        return why;
    }
    let Some((name, meaning)) = errno(&trace.meta().platform, number) else {
        return match trace.detail(id) {
            Some(Detail::Error(words)) => {
                text::FAILED_WORDS.fill(lang, &[("call", &code), ("words", words)])
            }
            _ => text::FAILED_NUMBER.fill(lang, &[("call", &code), ("n", &number)]),
        };
    };
    let begin = begin_of(trace, id);
    let nonblocking = event.has(flag::NONBLOCKING)
        || begin.is_some_and(|b| trace.event(b).has(flag::NONBLOCKING));
    let meaning = if name == "EAGAIN" {
        // A call that was held by the kernel and then gave up ran into its socket's time limit.
        if begin.and_then(|b| trace.blocked_of(b)).is_some() && !nonblocking {
            return text::TIMED_OUT.fill(lang, &[("call", &code)]);
        }
        if call.receives() {
            text::EAGAIN_RECV
        } else if call.sends() {
            text::EAGAIN_SEND
        } else {
            meaning
        }
    } else if name == "ECONNREFUSED" && is_local(trace, event) {
        text::ECONNREFUSED_LOCAL
    } else if name == "EINPROGRESS"
        && begin.and_then(|b| trace.blocked_of(b)).is_some()
        && !nonblocking
    {
        // So Linux calls it when the time limit of a connect is over.
        return text::CONNECT_TIMED_OUT.fill(lang, &[("call", &code)]);
    } else {
        meaning
    };
    let phrase = if call == Call::ConnectEx {
        text::CONNECT_EX_FAILED
    } else {
        text::FAILED
    };
    phrase.fill(
        lang,
        &[
            ("call", &code),
            ("name", &name),
            ("n", &number),
            ("meaning", &meaning.get(lang)),
        ],
    )
}

/// Is its socket one of this computer's own, with a path for an address (`AF_UNIX`)?
fn is_local(trace: &Trace, event: &Event) -> bool {
    let socket = trace.sockets().iter().find(|s| s.id == event.socket);
    socket.is_some_and(|s| s.family == "AF_UNIX")
}

fn gauge(trace: &Trace, event: &Event, lang: Lang) -> String {
    let gauge = event.gauge().unwrap_or_default();
    let list: Vec<String> = [
        (gauge.unread, text::GAUGE_UNREAD),
        (gauge.unacked, text::GAUGE_UNACKED),
        (gauge.unsent, text::GAUGE_UNSENT),
    ]
    .into_iter()
    .filter_map(|(figure, phrase)| {
        figure.map(|n| phrase.fill(lang, &[("bytes", &amount(u64::from(n), lang))]))
    })
    .collect();
    if list.is_empty() {
        return text::GAUGE_NONE.get(lang).to_owned();
    }
    let owner = trace
        .sockets()
        .get(usize::from(event.socket.0))
        .map_or(ActorId::LAB, |socket| socket.actor);
    text::GAUGE.fill(
        lang,
        &[
            ("who", &actor_name(trace, owner, lang)),
            ("list", &joined(&list, lang)),
        ],
    )
}

fn frame(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    if event.has(flag::FRAME_ERROR) {
        return decode_error(trace, id, event, lang);
    }
    let n = event.b.max(0) as u64;
    let bytes = amount(n, lang);
    let number = u64::from(event.link.wrapping_add(1));
    let fill = |phrase: Phrase, what: &str, message: u64| {
        phrase.fill(
            lang,
            &[
                ("frame", &number),
                ("bytes", &bytes),
                ("what", &what),
                ("n", &message),
            ],
        )
    };
    let Some(stream) = stream_of(trace, id) else {
        return fill(text::FRAME_PLAIN, "", 0);
    };
    let pieces = pieces(stream, event.a, event.a + n);
    let what = pieces_text(&pieces, lang);
    match pieces[..] {
        [Piece::Whole { first, last }] if first == last => {
            let stripped = stream.parts(event.a, event.a + n).any(|part| part.stripped);
            let phrase = if stripped {
                text::FRAME_STRIPPED
            } else {
                text::FRAME_RIGHT
            };
            fill(phrase, "", u64::from(first))
        }
        [Piece::Whole { .. }] => fill(text::FRAME_MERGED, &what, 0),
        [Piece::Cut { .. }] => fill(text::FRAME_PART, &what, 0),
        [Piece::External { .. }] => fill(text::FRAME_EXTERNAL, "", 0),
        [] => fill(text::FRAME_PLAIN, "", 0),
        _ => fill(text::FRAME_WRONG, &what, 0),
    }
}

fn decode_error(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let Some(Detail::Decode {
        code,
        offset,
        value,
        limit,
    }) = trace.detail(id)
    else {
        return text::DECODE_OTHER.fill(lang, &[("offset", &event.a), ("code", &"?")]);
    };
    super::strategies::error(code, *offset, *value, *limit, lang)
        .unwrap_or_else(|| text::DECODE_OTHER.fill(lang, &[("offset", offset), ("code", code)]))
}

fn mark(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let words = match trace.detail(id) {
        Some(Detail::Error(words)) => Some(program::said(words, lang)),
        Some(Detail::Text(words)) => Some(words.clone()),
        Some(detail) => super::strategies::failure(detail, lang),
        None => None,
    };
    let words = words.as_deref();
    let phrase = match (event.as_mark(), words) {
        (Some(Mark::Started), _) => text::MARK_STARTED,
        (Some(Mark::Paused), _) => text::MARK_PAUSED,
        (Some(Mark::Resumed), _) => text::MARK_RESUMED,
        (Some(Mark::Stopping), _) => text::MARK_STOPPING,
        (Some(Mark::Finished), _) => text::MARK_FINISHED,
        (Some(Mark::Limit), _) => text::MARK_LIMIT,
        (Some(Mark::PayloadLimit), _) => text::MARK_PAYLOAD,
        (Some(Mark::ActorStarted), _) if trace.meta().thread_of(event.actor).is_some() => {
            text::MARK_THREAD_STARTED
        }
        (Some(Mark::ActorStarted), _) => text::MARK_ACTOR_STARTED,
        (Some(Mark::ActorEnded), Some(_)) => text::MARK_ACTOR_FAILED,
        (Some(Mark::ActorEnded), None) => text::MARK_ACTOR_ENDED,
        (Some(Mark::Ready), _) => text::MARK_READY,
        (Some(Mark::AwaitExternal), Some(_)) => text::MARK_AWAIT,
        (Some(Mark::AwaitExternal), None) => text::MARK_AWAIT_PLAIN,
        (Some(Mark::Skipped), _) => text::MARK_SKIPPED,
        (Some(Mark::Precondition), Some(_)) => text::MARK_PRECONDITION,
        (Some(Mark::Precondition), None) => text::MARK_PRECONDITION_PLAIN,
        (Some(Mark::Released), _) => text::MARK_RELEASED,
        (Some(Mark::Relayed), _) => return relayed(trace, id, event, lang),
        (Some(Mark::EndsAsPadding), _) => {
            let number = u64::from(event.link.wrapping_add(1));
            let bytes = amount(event.a, lang);
            return text::MARK_PADDING.fill(lang, &[("n", &number), ("bytes", &bytes)]);
        }
        (Some(Mark::TcpEnd | Mark::SentSoFar | Mark::Progress), _) => {
            return super::tcp_text::why(trace, event, lang);
        }
        (None, _) => text::UNKNOWN_EVENT,
    };
    phrase.fill(
        lang,
        &[
            ("who", &actor_name(trace, event.actor, lang)),
            ("words", &words.unwrap_or_default()),
        ],
    )
}

/// What a relay did with some bytes, or that it stands there.
fn relayed(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let sent = trace
        .sockets()
        .get(usize::from(event.socket.0))
        .and_then(|socket| trace.connections().get(socket.connection?))
        .and_then(|c| {
            let client = c.client.socket == Some(event.socket);
            trace.stream(if client { c.forward } else { c.backward })
        });
    let piece = sent.and_then(|stream| stream.relayed()?.of_event(id));
    let (Some(stream), Some(piece)) = (sent, piece) else {
        return attack::JOINED.get(lang).to_owned();
    };
    let upstream = stream.relayed().and_then(|r| trace.stream(r.upstream()));
    let of = |stream: Option<&Stream>, (start, end): (u64, u64)| {
        let pieces = stream.map_or_else(Vec::new, |stream| pieces(stream, start, end));
        pieces_text(&pieces, lang)
    };
    let (phrase, what, range) = match piece.handled {
        Handled::Copied => (attack::COPIED, of(upstream, piece.input), piece.output),
        Handled::Altered => (attack::ALTERED, of(upstream, piece.input), piece.output),
        Handled::Inserted => (attack::INSERTED, String::new(), piece.output),
        Handled::Dropped => (attack::DROPPED, of(upstream, piece.input), piece.input),
    };
    phrase.fill(
        lang,
        &[
            ("what", &what),
            ("bytes", &amount(range.1 - range.0, lang)),
            ("offset", &range.0),
        ],
    )
}

/// Bytes of a stream told by what they belong to; neighbouring whole messages are one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Whole messages, shown numbers (from 1), `first ..= last`.
    Whole {
        /// First message.
        first: u32,
        /// Last message.
        last: u32,
    },
    /// Some of a message.
    Cut {
        /// Shown number, from 1.
        message: u32,
        /// Stream offset of the first byte.
        start: u64,
        /// Stream offset after the last byte.
        end: u64,
        /// The whole message's range.
        of: (u64, u64),
    },
    /// Bytes of an external program.
    External {
        /// How many.
        bytes: u64,
    },
    /// A whole message of which the attacker changed a byte.
    Altered {
        /// Shown number, from 1.
        message: u32,
    },
    /// Bytes that the attacker put in.
    Attacker {
        /// How many.
        bytes: u64,
    },
    /// Bytes of acknowledgements.
    Acknowledgement {
        /// How many.
        bytes: u64,
    },
    /// Bytes sent by the lab that belong to no message.
    Unknown {
        /// How many.
        bytes: u64,
    },
}

/// What the bytes `start..end` of `stream` belong to, in order.
pub fn pieces(stream: &Stream, start: u64, end: u64) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in stream.parts(start, end) {
        let piece = piece(&part);
        match (pieces.last_mut(), piece) {
            (Some(Piece::Whole { last, .. }), Piece::Whole { first, .. }) if first == *last + 1 => {
                *last = first;
            }
            (Some(Piece::External { bytes }), Piece::External { bytes: more })
            | (Some(Piece::Acknowledgement { bytes }), Piece::Acknowledgement { bytes: more })
            | (Some(Piece::Attacker { bytes }), Piece::Attacker { bytes: more })
            | (Some(Piece::Unknown { bytes }), Piece::Unknown { bytes: more }) => *bytes += more,
            _ => pieces.push(piece),
        }
    }
    pieces
}

fn piece(part: &Part) -> Piece {
    let bytes = part.end - part.start;
    match (part.origin, part.of) {
        (Origin::Message(number), _) if part.is_whole() && part.altered => Piece::Altered {
            message: number.saturating_add(1),
        },
        (Origin::Message(number), _) if part.is_whole() => Piece::Whole {
            first: number.saturating_add(1),
            last: number.saturating_add(1),
        },
        (Origin::Message(number), Some(of)) => Piece::Cut {
            message: number.saturating_add(1),
            start: part.start,
            end: part.end,
            of,
        },
        (Origin::External, _) => Piece::External { bytes },
        (Origin::Attacker, _) => Piece::Attacker { bytes },
        (Origin::Acknowledgement, _) => Piece::Acknowledgement { bytes },
        (Origin::Unknown | Origin::Message(_), _) => Piece::Unknown { bytes },
    }
}

/// The pieces in words: "the last 976 bytes of message 1’s 2000 bytes and messages 2 and 3".
pub fn pieces_text(pieces: &[Piece], lang: Lang) -> String {
    let mut list: Vec<String> = pieces
        .iter()
        .take(LISTED)
        .map(|piece| piece_text(piece, lang))
        .collect();
    if pieces.len() > LISTED {
        list.push(text::PART_MORE.fill(lang, &[("n", &(pieces.len() - LISTED))]));
    }
    joined(&list, lang)
}

fn piece_text(piece: &Piece, lang: Lang) -> String {
    match *piece {
        Piece::Whole { first, last } if first == last => text::MESSAGE.fill(lang, &[("n", &first)]),
        Piece::Whole { first, last } => {
            text::MESSAGES.fill(lang, &[("list", &numbers(first, last, lang))])
        }
        Piece::Cut {
            message,
            start,
            end,
            of,
        } => {
            let phrase = if start == of.0 {
                text::PART_FIRST
            } else if end == of.1 {
                text::PART_LAST
            } else {
                text::PART_MIDDLE
            };
            phrase.fill(
                lang,
                &[
                    ("n", &message),
                    ("b", &(end - start)),
                    ("all", &(of.1 - of.0)),
                    ("from", &(start - of.0 + 1)),
                    ("to", &(end - of.0)),
                ],
            )
        }
        Piece::External { bytes } => {
            text::PART_EXTERNAL.fill(lang, &[("bytes", &amount(bytes, lang))])
        }
        Piece::Altered { message } => attack::PART_ALTERED.fill(lang, &[("n", &message)]),
        Piece::Attacker { bytes } => attack::PART.fill(lang, &[("bytes", &amount(bytes, lang))]),
        Piece::Acknowledgement { bytes } => {
            text::PART_ACKNOWLEDGEMENT.fill(lang, &[("bytes", &amount(bytes, lang))])
        }
        Piece::Unknown { bytes } => {
            text::PART_UNKNOWN.fill(lang, &[("bytes", &amount(bytes, lang))])
        }
    }
}

/// "1, 2 and 3", or "1–10" when there are more than four.
fn numbers(first: u32, last: u32, lang: Lang) -> String {
    if last - first >= 4 {
        return format!("{first}–{last}");
    }
    let figures: Vec<String> = (first..=last).map(|n| n.to_string()).collect();
    joined(&figures, lang)
}

fn joined(list: &[String], lang: Lang) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., end] => format!(
            "{}{}{end}",
            before.join(text::LIST_SEP.get(lang)),
            text::LIST_LAST.get(lang)
        ),
    }
}

/// A sentence that begins with an actor's name begins with a capital in English.
fn capitalised(sentence: String, trace: &Trace, actor: ActorId, lang: Lang) -> String {
    let name = actor_name(trace, actor, lang);
    if lang == Lang::En && !name.is_empty() && sentence.starts_with(&name) {
        let mut chars = sentence.chars();
        if let Some(first) = chars.next() {
            return first.to_uppercase().collect::<String>() + chars.as_str();
        }
    }
    sentence
}
