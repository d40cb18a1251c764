//! A call as a programmer would write it: `send(b'hello')`, `recv(1024)`, `setsockopt(SO_RCVBUF, 4096)`.

use crate::trace::{Call, Detail, EventId, Kind, NONE, Stream, Trace, flag};

/// Payload bytes spelled out in a call before it is cut with `…`.
const SPELLED: u64 = 16;

/// The call that event `id` (its Begin, Blocked or Return) belongs to, as code.
///
/// Empty for events that are no call.
pub fn call_text(trace: &Trace, id: EventId) -> String {
    if id >= trace.len() {
        return String::new();
    }
    let event = trace.event(id);
    let Some(call) = event.call() else {
        return String::new();
    };
    let begin = begin_of(trace, id);
    let of_begin = begin.map(|b| trace.event(b));
    let argument = of_begin.map(|b| b.a);
    let signed = argument.map(|a| a as i64);
    // The detail stands on the Begin where there is one; a Return's is of use where it has none.
    let detail = begin
        .and_then(|b| trace.detail(b))
        .or_else(|| trace.detail(id));
    let name = call.name();
    match call {
        Call::Send | Call::SendAll | Call::SendTo => {
            let asked = argument.unwrap_or(0);
            format!("{name}({})", sent_text(trace, begin, asked))
        }
        Call::Recv | Call::RecvFrom => {
            let peek = event.has(flag::PEEK) || of_begin.is_some_and(|b| b.has(flag::PEEK));
            let flags = if peek { ", MSG_PEEK" } else { "" };
            format!("{name}({}{flags})", argument.unwrap_or(0))
        }
        Call::Socket => match detail {
            Some(Detail::Socket { family, kind }) => format!("{name}({family}, {kind})"),
            _ => format!("{name}()"),
        },
        Call::SetOption | Call::GetOption => match detail {
            Some(Detail::Option {
                name: option,
                asked: Some(asked),
                ..
            }) => {
                format!("{name}({option}, {asked})")
            }
            Some(Detail::Option { name: option, .. } | Detail::Text(option)) => {
                format!("{name}({option})")
            }
            _ => format!("{name}()"),
        },
        Call::Bind | Call::Connect | Call::ConnectEx => match detail {
            Some(Detail::Address(address) | Detail::Connected { peer: address, .. }) => {
                format!("{name}('{address}')")
            }
            _ => format!("{name}()"),
        },
        Call::Listen | Call::Duplicate => format!("{name}({})", argument.unwrap_or(0)),
        // SHUT_RD, SHUT_WR, SHUT_RDWR are 0, 1, 2 on every system (shutdown(2)).
        Call::Shutdown => {
            let how = match argument {
                Some(0) => "SHUT_RD",
                Some(1) => "SHUT_WR",
                _ => "SHUT_RDWR",
            };
            format!("{name}({how})")
        }
        Call::Sleep => format!("{name}({})", seconds(signed.unwrap_or(0))),
        Call::SetTimeout => match signed {
            Some(ms) if ms >= 0 => format!("{name}({})", seconds(ms)),
            _ => format!("{name}(None)"),
        },
        Call::SetBlocking => {
            let on = if argument == Some(0) { "False" } else { "True" };
            format!("{name}({on})")
        }
        Call::Prompt => match detail {
            Some(Detail::Text(ask)) => format!("{name}({ask:?})"),
            _ => format!("{name}()"),
        },
        Call::Wait | Call::ReadFile | Call::WriteFile | Call::Command | Call::Unlink => {
            match detail {
                Some(Detail::Text(text)) if call != Call::Wait => {
                    format!(
                        "{name}({})",
                        literal(text.as_bytes()).trim_start_matches('b')
                    )
                }
                Some(Detail::Text(text)) => format!("{name}({text})"),
                _ => format!("{name}()"),
            }
        }
        // The place in the buffer stands in the Begin's link.
        Call::RecvInto => {
            let (at, room) = of_begin.map_or((0, 0), |b| (u64::from(b.link), b.a));
            format!("{name}(buffer[{at}:{}])", at + room)
        }
        Call::MakeFile => format!("{name}('rb')"),
        Call::Accept
        | Call::Close
        | Call::GetPeerName
        | Call::GetSockName
        | Call::GetTimeout
        | Call::ReadLine
        | Call::Fileno => {
            format!("{name}()")
        }
    }
}

/// The Begin of the call that `id` belongs to.
pub fn begin_of(trace: &Trace, id: EventId) -> Option<EventId> {
    let event = trace.event(id);
    match event.kind {
        Kind::Begin => Some(id),
        Kind::Blocked | Kind::Return => {
            (event.link != NONE && event.link < trace.len()).then_some(event.link)
        }
        _ => None,
    }
}

/// The stream whose bytes event `id` names.
pub fn stream_of(trace: &Trace, id: EventId) -> Option<&Stream> {
    trace.stream_of(id).and_then(|stream| trace.stream(stream))
}

/// `b'hello'`, or `b'aaaaaaaaaaaaaaaa'…, 2000 B` when it is long, or `5 B` when it is not kept.
fn sent_text(trace: &Trace, begin: Option<EventId>, asked: u64) -> String {
    if asked == 0 {
        return "b''".to_owned();
    }
    let spelled = begin.and_then(|id| {
        let stream = stream_of(trace, id)?;
        // The trace counts offsets at the Return; until then the next byte is where this begins.
        let start = match trace.end_of(id) {
            Some(end) if trace.event(end).b > 0 => trace.event(end).a,
            Some(_) => return None,
            None => stream.sent_at(id + 1),
        };
        stream.payload(start, start + asked.min(SPELLED))
    });
    match spelled {
        Some(bytes) if !bytes.is_empty() && asked <= SPELLED && bytes.len() as u64 == asked => {
            literal(&bytes)
        }
        Some(bytes) if !bytes.is_empty() && asked > SPELLED => {
            format!("{}…, {asked} B", literal(&bytes))
        }
        _ => format!("{asked} B"),
    }
}

/// Bytes as a Python literal.
///
/// ```
/// assert_eq!(socklab::ui::call_text::literal(b"a\n\xff'\""), r#"b'a\n\xff\'"'"#);
/// ```
pub fn literal(bytes: &[u8]) -> String {
    format!(
        "b'{}'",
        bytes.escape_ascii().to_string().replace("\\\"", "\"")
    )
}

/// Milliseconds as Python writes seconds: 1500 → `1.5`, 2000 → `2`.
pub(super) fn seconds(ms: i64) -> String {
    let whole = ms / 1000;
    let part = (ms % 1000).abs();
    if part == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{part:03}")
            .trim_end_matches('0')
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_written_as_in_python() {
        for (ms, text) in [
            (0, "0"),
            (5, "0.005"),
            (250, "0.25"),
            (1500, "1.5"),
            (20_000, "20"),
        ] {
            assert_eq!(seconds(ms), text);
        }
    }
}
