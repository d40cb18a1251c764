//! Names, literals and constants of Python.

use std::fmt::Write as _;

use crate::experiment::codegen::Place;
use crate::experiment::codegen::scope::identifier;
use crate::experiment::program::{Family, SockOpt, SocketKind};

/// Python's words, and the names these listings use themselves.
const RESERVED: &str = "\
    False None True and as assert async await break buffer bytearray bytes checksum chunk class continue def \
    del echo_request elif else encode enumerate error except file finally for from global hashlib held i if \
    import in is json lambda len membership memoryview message messages n nonlocal not open or os pass peer print \
    raise range receive_file receive_message received recv_exactly return run_command save \
    send_acknowledged send_file serve socket struct subprocess take taken thread threading \
    threads time try while with yield \
    zlib";

/// A variable's name.
pub(super) fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

pub(super) fn family_name(family: Family) -> &'static str {
    match family {
        Family::Inet => "AF_INET",
        Family::Inet6 => "AF_INET6",
        Family::Unix => "AF_UNIX",
    }
}

pub(super) fn kind_name(kind: SocketKind) -> &'static str {
    match kind {
        SocketKind::Stream => "SOCK_STREAM",
        SocketKind::Datagram => "SOCK_DGRAM",
        SocketKind::SeqPacket => "SOCK_SEQPACKET",
        SocketKind::Raw => "SOCK_RAW",
        SocketKind::Rdm => "SOCK_RDM",
        SocketKind::Icmp => "SOCK_RAW, socket.IPPROTO_ICMP",
    }
}

/// Level and name, as arguments.
pub(super) fn option_name(option: SockOpt) -> String {
    let level = match option {
        SockOpt::NoDelay | SockOpt::Cork | SockOpt::QuickAck | SockOpt::MaxSeg => "IPPROTO_TCP",
        _ => "SOL_SOCKET",
    };
    format!("socket.{level}, socket.{}", option.name())
}

/// Options whose value is a C structure, not a number.
pub(super) fn is_structured(option: SockOpt) -> bool {
    matches!(
        option,
        SockOpt::RcvTimeout | SockOpt::SndTimeout | SockOpt::Linger
    )
}

pub(super) fn option_value(option: SockOpt, value: i64) -> String {
    match option {
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            let ms = value.max(0);
            format!("struct.pack(\"ll\", {}, {})", ms / 1000, ms % 1000 * 1000)
        }
        SockOpt::Linger => {
            format!(
                "struct.pack(\"ii\", {}, {})",
                i32::from(value >= 0),
                value.max(0)
            )
        }
        _ => value.to_string(),
    }
}

pub(super) fn place(place: &Place) -> String {
    match place {
        Place::Host(host, port) => format!("({}, {port})", quoted(host)),
        Place::Path(path) => quoted(path),
    }
}

/// Seconds, from milliseconds: `0.3`, `2`.
pub(super) fn seconds(ms: u64) -> String {
    if ms.is_multiple_of(1000) {
        return (ms / 1000).to_string();
    }
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').to_owned()
}

/// A text as the bytes of its UTF-8: `b"hello"`, or `"你好".encode()`.
pub(super) fn bytes(text: &str) -> String {
    if text.is_ascii() {
        literal(text.as_bytes())
    } else {
        format!("{}.encode()", quoted(text))
    }
}

/// A bytes literal.
pub(super) fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("b\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                text.push('\\');
                text.push(char::from(byte));
            }
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String does not fail.
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text.push('"');
    text
}

/// A str literal.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
