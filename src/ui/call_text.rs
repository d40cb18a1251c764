//! A recorded call as a line of code.

use crate::trace::{Call, Detail, EventId, Trace};

/// Most bytes of a send shown as text.
const SHOWN: u64 = 12;

/// The call that begins with event `begin`, as a Python programmer writes it: `recv(1024)`,
/// `send(b'hello')`, `setsockopt(SO_RCVBUF, 4096)`. Empty if the event begins no call.
pub fn call_text(trace: &Trace, begin: EventId) -> String {
    if begin >= trace.len() {
        return String::new();
    }
    let event = trace.event(begin);
    let Some(call) = event.call() else {
        return String::new();
    };
    let argument = match call {
        Call::Send | Call::SendAll | Call::SendTo => sent(trace, begin, event.a),
        Call::Recv | Call::RecvFrom | Call::Listen => event.a.to_string(),
        Call::Sleep | Call::SetTimeout => seconds(event.a as i64),
        Call::SetBlocking => if event.a == 0 { "False" } else { "True" }.to_owned(),
        _ => match trace.detail(begin) {
            Some(Detail::Address(address) | Detail::Text(address)) => format!("'{address}'"),
            Some(Detail::Option { name, asked, .. }) => match asked {
                Some(asked) => format!("{name}, {asked}"),
                None => name.clone(),
            },
            Some(Detail::Socket { family, kind }) => format!("{family}, {kind}"),
            _ => String::new(),
        },
    };
    format!("{}({argument})", call.name())
}

/// Milliseconds in the seconds of Python's `sleep` and `settimeout`; negative: `None`.
fn seconds(ms: i64) -> String {
    if ms < 0 {
        return "None".to_owned();
    }
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn sent(trace: &Trace, begin: EventId, asked: u64) -> String {
    let short = asked.min(SHOWN);
    let payload = trace.stream_of(begin).and_then(|id| {
        let stream = trace.stream(id)?;
        let start = stream.sent_at(begin);
        stream.payload(start, start + short)
    });
    match payload {
        Some(bytes) if asked > SHOWN => format!("{}…, {asked} B", literal(&bytes)),
        Some(bytes) => literal(&bytes),
        None => format!("{asked} B"),
    }
}

/// As a Python bytes literal.
pub fn literal(bytes: &[u8]) -> String {
    format!(
        "b'{}'",
        bytes.escape_ascii().to_string().replace("\\\"", "\"")
    )
}
