//! Names, literals and constants of C.

use std::fmt::Write as _;

use crate::experiment::codegen::scope::{Holds, identifier};
use crate::experiment::program::{Family, SockOpt, SocketKind};
use crate::framing::{Endian, LengthWidth};

/// C's words, and the names these listings use themselves.
const RESERVED: &str = "\
    accept alarm auto bind break buffer case char check chunk client close commands connect \
    const continue crc32 default do double dup echo_request else encode enum errno error exit extern fail \
    fclose file_name float for found frame free get_option get_timeout give_up goto held i if inline int length \
    linux listen long look_up main make_file make_message make_sample memcpy message n print_address printf \
    prompt put put_time read read_file read_line receive_file receive_message received recv \
    recv_exactly register resolve restrict return run_command save send send_acknowledged \
    send_all send_chunks send_file serve serving set_blocking set_timeout short shutdown \
    signal signed size sizeof sleep socket static struct switch take taken threads time \
    typedef union unix unsigned usleep void volatile while write";

/// A variable's name.
pub(super) fn ident(name: &str) -> String {
    identifier(name, RESERVED)
}

/// Buffers larger than this do not belong on the stack.
pub(super) const STACK: u64 = 64 * 1024;

pub(super) fn declaration(name: &str, holds: Holds) -> String {
    match holds {
        Holds::Socket(..) => format!("int {name} = -1;"),
        Holds::Bytes(_) => format!("{} long {name}_size = 0;", array(name, holds)),
        Holds::Sender => sender(name),
        Holds::File => format!("FILE *{name} = NULL;"),
    }
}

pub(super) fn array(name: &str, holds: Holds) -> String {
    let size = match holds {
        Holds::Bytes(size) => size.max(1),
        Holds::Socket(..) | Holds::Sender | Holds::File => 1,
    };
    let class = if size > STACK { "static " } else { "" };
    format!("{class}char {name}[{size}];")
}

/// The declaration of an address that recvfrom fills in.
pub(super) fn sender(name: &str) -> String {
    format!("struct sockaddr_storage {name}; socklen_t {name}_size = sizeof {name};")
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
        SocketKind::Raw | SocketKind::Icmp => "SOCK_RAW",
        SocketKind::Rdm => "SOCK_RDM",
    }
}

pub(super) fn option_name(option: SockOpt) -> String {
    let level = match option {
        SockOpt::NoDelay | SockOpt::Cork | SockOpt::QuickAck | SockOpt::MaxSeg => "IPPROTO_TCP",
        _ => "SOL_SOCKET",
    };
    format!("{level}, {}", option.name())
}

/// Fields and type of an option's value.
pub(super) fn option_value(option: SockOpt, value: i64) -> (String, &'static str) {
    match option {
        SockOpt::RcvTimeout | SockOpt::SndTimeout => {
            let ms = value.max(0);
            (
                format!("{}, {}", ms / 1000, ms % 1000 * 1000),
                "struct timeval",
            )
        }
        SockOpt::Linger => (
            format!("{}, {}", i32::from(value >= 0), value.max(0)),
            "struct linger",
        ),
        _ => (value.to_string(), "int"),
    }
}

pub(super) fn integer(width: LengthWidth) -> &'static str {
    match width {
        LengthWidth::U8 => "uint8_t",
        LengthWidth::U16 => "uint16_t",
        LengthWidth::U32 => "uint32_t",
        LengthWidth::I32 => "int32_t",
        LengthWidth::U64 => "uint64_t",
    }
}

pub(super) fn to_wire(width: LengthWidth, endian: Endian, value: &str) -> String {
    match (width, endian) {
        (LengthWidth::U8, _) => value.to_owned(),
        (LengthWidth::U16, Endian::Big) => format!("htons({value})"),
        (LengthWidth::U16, Endian::Little) => format!("htole16({value})"),
        (LengthWidth::U64, Endian::Big) => format!("htobe64({value})"),
        (LengthWidth::U64, Endian::Little) => format!("htole64({value})"),
        (_, Endian::Big) => format!("htonl({value})"),
        (_, Endian::Little) => format!("htole32({value})"),
    }
}

pub(super) fn from_wire(width: LengthWidth, endian: Endian, value: &str) -> String {
    let text = match (width, endian) {
        (LengthWidth::U8, _) => value.to_owned(),
        (LengthWidth::U16, Endian::Big) => format!("ntohs({value})"),
        (LengthWidth::U16, Endian::Little) => format!("le16toh({value})"),
        (LengthWidth::U64, Endian::Big) => format!("be64toh({value})"),
        (LengthWidth::U64, Endian::Little) => format!("le64toh({value})"),
        (_, Endian::Big) => format!("ntohl({value})"),
        (_, Endian::Little) => format!("le32toh({value})"),
    };
    // These functions return unsigned numbers.
    match width {
        LengthWidth::I32 => format!("(int32_t){text}"),
        _ => text,
    }
}

pub(super) fn microseconds(ms: u64) -> String {
    format!("{ms} * 1000")
}

/// A character constant.
pub(super) fn character(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => format!("'{}'", literal(&[byte]).trim_matches('"')),
    }
}

/// A string literal. What is not printable stands in octal, which ends after three digits
/// whatever follows (hexadecimal escapes do not); UTF-8 stands as it is.
pub(super) fn literal(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => {
                    text.push('\\');
                    text.push(c);
                }
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                // "??/" and its like are trigraphs.
                '?' => text.push_str("\\?"),
                c if c.is_ascii_control() => {
                    let _ = write!(text, "\\{:03o}", c as u32);
                }
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            // Writing to a String does not fail.
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text.push('"');
    text
}
