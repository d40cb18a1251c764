//! `encode` and `take` of each framing.

use crate::experiment::codegen::wire::{Templates, filled};
use crate::framing::{ACKNOWLEDGEMENT, FramingSpec, MAX_JSON_HEADER};

use super::Rust;
use super::words::{byte_literal, literal, order};

const ENCODE: &str = "
fn encode(message: &[u8]) -> Vec<u8> {
";

const TAKE: &str = "
/// The first message, taken out of what was received; none while it is incomplete.
fn take(buffer: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
";

const FIXED: [&str; 2] = [
    r#"    assert!(message.len() <= $size, "longer than its frame");
    let mut frame = message.to_vec();
    frame.resize($size, $pad);
    frame
}
"#,
    r"    if buffer.len() < $size {
        return Ok(None);
    }
    let mut message: Vec<u8> = buffer.drain(..$size).collect();
    while message.last() == Some(&$pad) {
        message.pop();
    }
    Ok(Some(message))
}
",
];

const DELIMITER: [&str; 2] = [
    r"    [message, MARK].concat()
}
",
    r#"    let Some(at) = $find else {
        if buffer.len() > $most {
            return Err(io::Error::other("no delimiter"));
        }
        return Ok(None);
    };
    let message = buffer[..at].to_vec();
    buffer.drain(..at + MARK.len());
    Ok(Some(message))
}
"#,
];

const ESCAPED: [&str; 2] = [
    r"    let mut frame = Vec::new();
    for &byte in message {
        if byte == MARK[0] || byte == b'\\' {
            frame.push(b'\\');
        }
        frame.push(byte);
    }
    frame.extend(MARK);
    frame
}
",
    r#"    let (mut message, mut at) = (Vec::new(), 0);
    while !buffer[at..].starts_with(MARK) {
        if buffer[at..].starts_with(b"\\") {
            at += 1; // the next byte stands for itself
        }
        let Some(&byte) = buffer.get(at) else {
            if message.len() > $most {
                return Err(io::Error::other("no delimiter"));
            }
            return Ok(None);
        };
        message.push(byte);
        at += 1;
    }
    buffer.drain(..at + MARK.len());
    Ok(Some(message))
}
"#,
];

const LENGTH: [&str; 2] = [
    r#"    let length = $integer::try_from(message.len());
    let length = length.expect("its header can say how long the message is");
    [&length.to_$order_bytes()[..], message].concat()
}
"#,
    r"    let Some(header) = buffer.first_chunk() else {
        return Ok(None);
    };
$number$check    if buffer.len() < $size + length {
        return Ok(None); // the rest comes with a later recv
    }
    let message = buffer[$size..$size + length].to_vec();
    buffer.drain(..$size + length);
    Ok(Some(message))
}
",
];

const NUMBER: &str = "    let length = $integer::from_$order_bytes(*header) as usize;
";

const SIGNED_NUMBER: &str = "    let length = i32::from_$order_bytes(*header);
    let length = usize::try_from(length).map_err(io::Error::other)?;
";

const CHECK: &str = r#"    if length > $limit {
        return Err(io::Error::other(format!("length {length}")));
    }
"#;

const ACK: [&str; 2] = [
    r#"
fn send_acknowledged(mut socket: &Socket, message: &[u8]) -> io::Result<()> {
    let length = $integer::try_from(message.len());
    let length = length.expect("its header can say how long the message is");
    socket.write_all(&length.to_$order_bytes())?;
    let mut answer = [0];
    socket.read_exact(&mut answer)?; // wait until the receiver knows the length
    if answer != [$ack] {
        return Err(io::Error::other("not acknowledged"));
    }
    socket.write_all(message)
}
"#,
    r#"
/// Acknowledges the length of the first message and receives the rest of it.
/// None while its length is incomplete.
fn take(
    mut socket: &Socket,
    recv_size: usize,
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Vec<u8>>> {
    let Some(header) = buffer.first_chunk() else {
        return Ok(None);
    };
$number$check    socket.write_all(&[$ack])?;
    while buffer.len() < $size + length {
        let chunk = recv(socket, recv_size)?;
        if chunk.is_empty() {
            return Err(io::Error::other("the stream ended inside a message"));
        }
        buffer.extend(chunk);
    }
    let message = buffer[$size..$size + length].to_vec();
    buffer.drain(..$size + length);
    Ok(Some(message))
}
"#,
];

const VARINT: [&str; 2] = [
    r"    let (mut frame, mut length) = (Vec::new(), message.len());
    while length >= 0x80 {
        frame.push(length as u8 | 0x80); // seven bits a byte; the top bit: more follow
        length >>= 7;
    }
    frame.push(length as u8);
    frame.extend(message);
    frame
}
",
    r#"    let mut length = 0;
    for (at, byte) in buffer.iter().take(10).enumerate() {
        length |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            if length > $limit {
                return Err(io::Error::other(format!("length {length}")));
            }
            let (start, end) = (at + 1, at + 1 + length as usize);
            if buffer.len() < end {
                return Ok(None);
            }
            let message = buffer[start..end].to_vec();
            buffer.drain(..end);
            return Ok(Some(message));
        }
    }
    if buffer.len() >= 10 {
        return Err(io::Error::other("a length without an end"));
    }
    Ok(None)
}
"#,
];

const CRC32: &str = r"
/// CRC-32 of IEEE 802.3, as Python's zlib.crc32
fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in data {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let carry = if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            crc = (crc >> 1) ^ carry;
        }
    }
    !crc
}
";

const JSON: [&str; 2] = [
    r##"    let (size, checksum) = (message.len(), crc32(message));
    let header = format!(r#"{{"name": "message", "size": {size}, "checksum": {checksum}}}"#);
    let length = header.len() as u32;
    [&length.to_be_bytes()[..], header.as_bytes(), message].concat()
}
"##,
    r#"    let Some(header) = buffer.first_chunk() else {
        return Ok(None);
    };
    let start = 4 + u32::from_be_bytes(*header) as usize;
    if start > 4 + $most {
        return Err(io::Error::other("a header beyond $most bytes"));
    }
    let Some(header) = buffer.get(4..start) else {
        return Ok(None);
    };
    let (size, checksum) = (number(header, "size")?, number(header, "checksum")?);
    if size > $limit {
        return Err(io::Error::other(format!("size {size}")));
    }
    let Some(message) = buffer.get(start..start + size as usize) else {
        return Ok(None); // the rest comes with a later recv
    };
    if u64::from(crc32(message)) != checksum {
        return Err(io::Error::other("wrong checksum"));
    }
    let message = message.to_vec();
    buffer.drain(..start + size as usize);
    Ok(Some(message))
}

/// The number behind that key. (A parser of JSON would do; this finds what matters.)
fn number(header: &[u8], key: &str) -> io::Result<u64> {
    let text = String::from_utf8_lossy(header);
    let found = text.split_once(&format!("\"{key}\":"));
    let rest = found.map_or("", |(_, rest)| rest);
    let digits = rest.split([',', '}']).next().unwrap_or_default();
    digits.trim().parse().map_err(io::Error::other)
}
"#,
];

const COBS: [&str; 2] = [
    r"    let (mut frame, mut code) = (vec![0], 0);
    for &byte in message {
        if frame.len() - code == 255 {
            frame[code] = 255;
            code = frame.len();
            frame.push(0);
        }
        if byte == 0 {
            // The code before a piece says where the zero after it was.
            frame[code] = (frame.len() - code) as u8;
            code = frame.len();
        }
        frame.push(byte);
    }
    frame[code] = (frame.len() - code) as u8;
    frame.push(0);
    frame
}
",
    r#"    let Some(end) = buffer.iter().position(|&byte| byte == 0) else {
        if buffer.len() > $most {
            return Err(io::Error::other("no end of a frame"));
        }
        return Ok(None);
    };
    let frame: Vec<u8> = buffer.drain(..=end).collect();
    let (mut message, mut at) = (Vec::new(), 0);
    while at < end {
        let code = frame[at];
        let Some(piece) = frame[..end].get(at + 1..at + code as usize) else {
            return Err(io::Error::other("a code that leads past the end"));
        };
        message.extend(piece);
        at += code as usize;
        if code < 255 && at < end {
            message.push(0);
        }
    }
    Ok(Some(message))
}
"#,
];

const TEMPLATES: Templates = Templates {
    fixed: FIXED,
    delimiter: DELIMITER,
    escaped: ESCAPED,
    length: LENGTH,
    varint: VARINT,
    ack: ACK,
    json: JSON,
    cobs: COBS,
};

impl Rust<'_> {
    /// The mark of a framing that has one.
    pub(super) fn mark(&self) -> Option<String> {
        match self.ctx.framing {
            FramingSpec::Delimiter { delimiter: mark }
            | FramingSpec::Escaped { delimiter: mark }
            | FramingSpec::EndMark { mark } => {
                Some(format!("const MARK: &[u8] = {};", literal(mark)))
            }
            _ => None,
        }
    }

    /// The function that sends a message, or encodes it.
    pub(super) fn encode_function(&self) -> Option<String> {
        let text = self.filled(TEMPLATES.encode(self.ctx.framing)?);
        Some(self.with_head(ENCODE, text))
    }

    /// The function that takes the first message out of a buffer.
    pub(super) fn take_function(&self) -> Option<String> {
        let text = self.filled(TEMPLATES.take(self.ctx.framing)?);
        Some(self.with_head(TAKE, text))
    }

    fn with_head(&self, head: &str, text: String) -> String {
        match self.ctx.framing {
            FramingSpec::Ack { .. } => text,
            _ => head.to_owned() + &text,
        }
    }

    /// The function that they call.
    pub(super) fn checksum_function(&self) -> Option<String> {
        (*self.ctx.framing == FramingSpec::Json).then(|| CRC32.to_owned())
    }

    fn filled(&self, template: &str) -> String {
        let limit = self.ctx.limit;
        let check = if self.ctx.header_exceeds_limit() {
            filled(CHECK, &[("limit", limit.to_string())])
        } else {
            String::new()
        };
        let mut values: Vec<(&str, String)> = vec![
            ("check", check),
            ("limit", limit.to_string()),
            ("ack", format!("0x{ACKNOWLEDGEMENT:02x}")),
        ];
        match self.ctx.framing {
            FramingSpec::Fixed { size, pad } => {
                values.extend([("size", size.to_string()), ("pad", byte_literal(*pad))]);
            }
            FramingSpec::Delimiter { delimiter: mark }
            | FramingSpec::Escaped { delimiter: mark } => {
                values.extend([
                    (
                        "find",
                        match mark[..] {
                            [byte] => {
                                format!("buffer.iter().position(|&b| b == {})", byte_literal(byte))
                            }
                            _ => format!("buffer.windows({}).position(|w| w == MARK)", mark.len()),
                        },
                    ),
                    // The longest message, and all of its mark but the last byte.
                    ("most", (limit + mark.len() - 1).to_string()),
                ]);
            }
            FramingSpec::Length { width, endian } | FramingSpec::Ack { width, endian } => {
                let order = order(*endian);
                let integer = width.name();
                let number = if integer == "i32" {
                    SIGNED_NUMBER
                } else {
                    NUMBER
                };
                // "$order_bytes" is one name to the template.
                let bytes = format!("{order}_bytes");
                let names = [
                    ("integer", integer.to_owned()),
                    ("order_bytes", bytes.clone()),
                ];
                let number = filled(number, &names);
                values.extend([
                    ("integer", integer.to_owned()),
                    ("order_bytes", bytes),
                    ("number", number),
                    ("size", width.size().to_string()),
                ]);
            }
            FramingSpec::Json => values.push(("most", MAX_JSON_HEADER.to_string())),
            FramingSpec::Cobs => {
                values.push(("most", self.ctx.most_on_the_wire(limit).to_string()));
            }
            _ => {}
        }
        filled(template, &values)
    }
}
