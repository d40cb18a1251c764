//! `encode` and `take` of each framing.

use crate::experiment::codegen::wire::{Sending, filled};
use crate::framing::{ACKNOWLEDGEMENT, FramingSpec, MAX_JSON_HEADER};

use super::Python;
use super::words::literal;

/// Above each `take`.
const TAKE: &str = "
# The first message and what follows it; None while it is incomplete.
";

const FIXED: [&str; 2] = [
    r#"
def encode(message):
    if len(message) > $size:
        raise ValueError("longer than its frame")
    return message.ljust($size, $pad)
"#,
    r"
def take(buffer):
    if len(buffer) < $size:
        return None  # the rest comes with a later recv
    return buffer[:$size].rstrip($pad), buffer[$size:]
",
];

const DELIMITER: &str = r#"
def take(buffer):
    message, mark, rest = buffer.partition($mark)
    if mark:
        return message, rest
    if len(buffer) > $most:
        raise ValueError("no delimiter")
    return None  # the rest comes with a later recv
"#;

const ESCAPED: [&str; 2] = [
    r#"
def encode(message):
    message = message.replace(b"\\", b"\\\\")
    return message.replace($first, b"\\" + $first) + $mark
"#,
    r#"
def take(buffer):
    message, at = b"", 0
    while not buffer.startswith($mark, at):
        if buffer.startswith(b"\\", at):
            at += 1  # the next byte stands for itself
        if at >= len(buffer):
            if len(message) > $most:
                raise ValueError("no delimiter")
            return None  # the rest comes with a later recv
        message += buffer[at:at + 1]
        at += 1
    return message, buffer[at + $size:]
"#,
];

const LENGTH: &str = r#"
def take(buffer):
    if len(buffer) < $size:
        return None
    (length,) = struct.unpack_from("$format", buffer)
$check    if len(buffer) < $size + length:
        return None  # the rest comes with a later recv
    return buffer[$size:$size + length], buffer[$size + length:]
"#;

const CHECK: &str = r#"    if not 0 <= length <= $limit:
        raise ValueError(f"length {length}")
"#;

const ACK: [&str; 2] = [
    r#"
def send_acknowledged(sock, message):
    sock.sendall(struct.pack("$format", len(message)))
    if sock.recv(1) != $ack:  # wait until the receiver knows the length
        raise ConnectionError("not acknowledged")
    sock.sendall(message)
"#,
    r#"
def take(sock, recv_size, buffer):
    if len(buffer) < $size:
        return None
    (length,) = struct.unpack_from("$format", buffer)
$check    sock.sendall($ack)  # acknowledge the length
    while len(buffer) < $size + length:
        chunk = sock.recv(recv_size)
        if not chunk:
            raise ConnectionError("the stream ended inside a message")
        buffer += chunk
    return buffer[$size:$size + length], buffer[$size + length:]
"#,
];

const VARINT: [&str; 2] = [
    r#"
def encode(message):
    header, length = b"", len(message)
    while length >= 0x80:  # seven bits a byte; the top bit: more follow
        header += bytes([length & 0x7F | 0x80])
        length >>= 7
    return header + bytes([length]) + message
"#,
    r#"
def take(buffer):
    length = 0
    for at, byte in enumerate(buffer[:10]):
        length |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            if length > $limit:
                raise ValueError(f"length {length}")
            start, end = at + 1, at + 1 + length
            return (buffer[start:end], buffer[end:]) if len(buffer) >= end else None
    if len(buffer) >= 10:
        raise ValueError("a length without an end")
    return None
"#,
];

const JSON: [&str; 2] = [
    r#"
def encode(message):
    header = {"name": "message", "size": len(message), "checksum": zlib.crc32(message)}
    header = json.dumps(header).encode()
    return struct.pack("!I", len(header)) + header + message
"#,
    r#"
def take(buffer):
    if len(buffer) < 4:
        return None
    (length,) = struct.unpack_from("!I", buffer)
    if length > $most:
        raise ValueError(f"a header of {length} bytes")
    if len(buffer) < 4 + length:
        return None
    header = json.loads(buffer[4:4 + length])
    if not 0 <= header["size"] <= $limit:
        raise ValueError(f"size {header['size']}")
    start, end = 4 + length, 4 + length + header["size"]
    if len(buffer) < end:
        return None  # the rest comes with a later recv
    message = buffer[start:end]
    if zlib.crc32(message) != header["checksum"]:
        raise ValueError("wrong checksum")
    return message, buffer[end:]
"#,
];

const COBS: [&str; 2] = [
    r#"
def encode(message):
    frame, piece = b"", b""
    for byte in message:
        if len(piece) == 254:
            frame, piece = frame + b"\xff" + piece, b""
        if byte == 0:  # the code before a piece says where the zero after it was
            frame, piece = frame + bytes([len(piece) + 1]) + piece, b""
        else:
            piece += bytes([byte])
    return frame + bytes([len(piece) + 1]) + piece + b"\0"
"#,
    r#"
def take(buffer):
    frame, zero, rest = buffer.partition(b"\0")
    if not zero:
        if len(buffer) > $most:
            raise ValueError("no end of a frame")
        return None  # the rest comes with a later recv
    message, at = b"", 0
    while at < len(frame):
        code = frame[at]
        message += frame[at + 1:at + code]
        at += code
        if code < 255 and at < len(frame):
            message += b"\0"
    if at > len(frame):
        raise ValueError("a code that leads past the end")
    return message, rest
"#,
];

impl Python<'_> {
    /// What is sent for a message, as an expression.
    pub(super) fn encoded(&self) -> String {
        match self.ctx.framing {
            FramingSpec::Delimiter { delimiter: mark } | FramingSpec::EndMark { mark } => {
                format!("message + {}", literal(mark))
            }
            FramingSpec::Length { width, endian } => {
                let format = width.struct_format(*endian);
                format!("struct.pack(\"{format}\", len(message)) + message")
            }
            _ if self.ctx.sending() == Sending::Encoded => "encode(message)".to_owned(),
            _ => "message".to_owned(),
        }
    }

    /// The function that sends a message or encodes it, if there is more to that than fits into
    /// the call.
    pub(super) fn encode_function(&self) -> Option<String> {
        let text = match self.ctx.framing {
            FramingSpec::Fixed { .. } => FIXED[0],
            FramingSpec::Escaped { .. } => ESCAPED[0],
            FramingSpec::Varint => VARINT[0],
            FramingSpec::Ack { .. } => ACK[0],
            FramingSpec::Json => JSON[0],
            FramingSpec::Cobs => COBS[0],
            _ => return None,
        };
        Some(self.filled(text))
    }

    /// The function that cuts the first message off a buffer.
    pub(super) fn take_function(&self) -> Option<String> {
        let text = match self.ctx.framing {
            FramingSpec::Fixed { .. } => FIXED[1],
            FramingSpec::Delimiter { .. } => DELIMITER,
            FramingSpec::Escaped { .. } => ESCAPED[1],
            FramingSpec::Length { .. } => LENGTH,
            FramingSpec::Varint => VARINT[1],
            FramingSpec::Ack { .. } => ACK[1],
            FramingSpec::Json => JSON[1],
            FramingSpec::Cobs => COBS[1],
            FramingSpec::Raw | FramingSpec::Pacing { .. } | FramingSpec::EndMark { .. } => {
                return None;
            }
        };
        Some(format!("{TAKE}{}", self.filled(text).trim_start()))
    }

    fn filled(&self, template: &str) -> String {
        let limit = self.ctx.limit;
        let check = if self.ctx.header_exceeds_limit() {
            filled(CHECK, &[("limit", limit.to_string())])
        } else {
            String::new()
        };
        let mut values: Vec<(&str, String)> = vec![
            ("limit", limit.to_string()),
            ("check", check),
            ("ack", literal(&[ACKNOWLEDGEMENT])),
        ];
        let own: Vec<(&str, String)> = match self.ctx.framing {
            FramingSpec::Fixed { size, pad } => {
                vec![("size", size.to_string()), ("pad", literal(&[*pad]))]
            }
            FramingSpec::Delimiter { delimiter: mark }
            | FramingSpec::Escaped { delimiter: mark } => {
                vec![
                    ("mark", literal(mark)),
                    ("first", literal(mark.get(..1).unwrap_or_default())),
                    ("size", mark.len().to_string()),
                    // The longest message, and all of its mark but the last byte.
                    ("most", (limit + mark.len() - 1).to_string()),
                ]
            }
            FramingSpec::Length { width, endian } | FramingSpec::Ack { width, endian } => vec![
                ("format", width.struct_format(*endian).to_owned()),
                ("size", width.size().to_string()),
            ],
            FramingSpec::Json => vec![("most", MAX_JSON_HEADER.to_string())],
            FramingSpec::Cobs => vec![("most", self.ctx.most_on_the_wire(limit).to_string())],
            _ => Vec::new(),
        };
        values.extend(own);
        filled(template, &values)
    }
}
