//! Names, literals and methods of Rust.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use crate::experiment::codegen::scope::identifier;
use crate::experiment::program::{Family, SockOpt, SocketKind};
use crate::framing::Endian;

/// Rust's words, and the names these listings use themselves.
const RESERVED: &str = "\
    abstract as async await become box break buffer chunk const continue crate crc32 do dyn echo_request else encode ends enum error \
    extern false final fn for gen if impl in io ipv4 ipv6 let loop macro match message messages mod move mut \
    file file_name fill folder frame group interface number override pattern peek priv pub read_line receive_file receive_message received \
    recv recv_exactly ref return run_command save self send_acknowledged send_file serve \
    sleep spawn static thread threads \
    struct now prompt recv_from got sent super take timeout trait true try type typeof unsafe unsized use virtual where while yield";

/// A variable's name.
pub(super) fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

pub(super) fn new(family: Family, kind: SocketKind) -> String {
    let domain = match family {
        Family::Inet => "IPV4",
        Family::Inet6 => "IPV6",
        Family::Unix => "UNIX",
    };
    let kind = match kind {
        SocketKind::Stream => "STREAM",
        SocketKind::Datagram => "DGRAM",
        SocketKind::SeqPacket => "SEQPACKET",
        // socket2 has no names for these.
        SocketKind::Icmp => {
            return format!(
                "Socket::new(Domain::{domain}, Type::from(3), Some(Protocol::ICMPV4))?"
            );
        }
        SocketKind::Raw => return format!("Socket::new(Domain::{domain}, Type::from(3), None)?"),
        SocketKind::Rdm => return format!("Socket::new(Domain::{domain}, Type::from(4), None)?"),
    };
    format!("Socket::new(Domain::{domain}, Type::{kind}, None)?")
}

/// The reading method of an option; the writing one has `set_` before it.
pub(super) fn method(option: SockOpt) -> &'static str {
    match option {
        SockOpt::SndBuf => "send_buffer_size",
        SockOpt::RcvBuf => "recv_buffer_size",
        SockOpt::NoDelay => "tcp_nodelay",
        SockOpt::Cork => "tcp_cork",
        SockOpt::QuickAck => "tcp_quickack",
        SockOpt::MaxSeg => "tcp_mss",
        SockOpt::ReuseAddr => "reuse_address",
        SockOpt::RcvTimeout => "read_timeout",
        SockOpt::SndTimeout => "write_timeout",
        SockOpt::Linger => "linger",
        SockOpt::KeepAlive => "keepalive",
        SockOpt::Broadcast => "broadcast",
    }
}

pub(super) fn argument(option: SockOpt, value: i64) -> String {
    match option {
        SockOpt::SndBuf | SockOpt::RcvBuf | SockOpt::MaxSeg => value.max(0).to_string(),
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            duration(if value == 0 { -1 } else { value }, "from_millis")
        }
        SockOpt::Linger => duration(value, "from_secs"),
        SockOpt::NoDelay
        | SockOpt::Cork
        | SockOpt::QuickAck
        | SockOpt::ReuseAddr
        | SockOpt::KeepAlive
        | SockOpt::Broadcast => (value != 0).to_string(),
    }
}

pub(super) fn ipv4(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("Ipv4Addr::new({a}, {b}, {c}, {d})")
}

/// `None` for a negative number.
pub(super) fn duration(number: i64, unit: &str) -> String {
    match number {
        ..0 => "None".to_owned(),
        number => format!("Some(Duration::{unit}({number}))"),
    }
}

pub(super) fn order(endian: Endian) -> &'static str {
    match endian {
        Endian::Big => "be",
        Endian::Little => "le",
    }
}

pub(super) fn byte_literal(byte: u8) -> String {
    match byte {
        b'\'' => "b'\\''".to_owned(),
        b'"' => "b'\"'".to_owned(),
        _ => format!("b'{}'", escaped(&[byte])),
    }
}

pub(super) fn literal(bytes: &[u8]) -> String {
    format!("b\"{}\"", escaped(bytes))
}

/// A text as the bytes of its UTF-8.
pub(super) fn text_literal(text: &str) -> String {
    if text.is_ascii() {
        literal(text.as_bytes())
    } else {
        format!("{}.as_bytes()", quoted(text))
    }
}

pub(super) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0 => text.push_str("\\0"),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String does not fail.
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text
}

pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}
