//! `encode` and `take` of each framing.

use crate::experiment::codegen::wire::{Templates, filled};
use crate::framing::{ACKNOWLEDGEMENT, FramingSpec, LengthWidth, MAX_JSON_HEADER};

use super::C;
use super::words::{character, from_wire, integer, literal, to_wire};

/// Head of the function that encodes a message.
const ENCODE: &str = "
static long encode(const char *message, long length, char *frame) {
";

/// Head of the function that finds the first message in what was received; it may work on it in
/// place.
const TAKE: &str = "
/* Finds the first message in the buffer. Returns how many bytes it takes up, 0 = more must come. */
static long take(char *buffer, long held, char **message, long *length) {
";

const FIXED: [&str; 2] = [
    r#"    if (length > $size)
        fail("longer than its frame");
    memcpy(frame, message, length);
    memset(frame + length, $pad, $size - length);
    return $size;
}
"#,
    r"    if (held < $size)
        return 0;
    *message = buffer;
    *length = $size;
    while (*length > 0 && buffer[*length - 1] == $pad)
        --*length;
    return $size;
}
",
];

const DELIMITER: [&str; 2] = [
    r"    memcpy(frame, message, length);
    memcpy(frame + length, $mark, $size);
    return length + $size;
}
",
    r#"    char *end = $find;
    if (end == NULL) {
        if (held >= LIMIT + $size)
            fail("no delimiter");
        return 0;
    }
    *message = buffer;
    *length = end - buffer;
    return *length + $size;
}
"#,
];

const ESCAPED: [&str; 2] = [
    r"    long size = 0;
    for (long n = 0; n < length; n++) {
        if (message[n] == $first || message[n] == '\\')
            frame[size++] = '\\';
        frame[size++] = message[n];
    }
    memcpy(frame + size, $mark, $size);
    return size + $size;
}
",
    r#"    long end = 0;
    while (held - end < $size || memcmp(buffer + end, $mark, $size) != 0) {
        if (end >= held) {
            if (held >= 2 * LIMIT + $size)
                fail("no delimiter");
            return 0;
        }
        end += buffer[end] == '\\' ? 2 : 1;
    }
    *message = buffer;
    *length = 0;
    for (long n = 0; n < end; n++) {
        if (buffer[n] == '\\')
            n++;
        buffer[(*length)++] = buffer[n];
    }
    return end + $size;
}
"#,
];

const LENGTH: [&str; 2] = [
    r"$fits    $integer header = $to_wire;
    memcpy(frame, &header, $size);
    memcpy(frame + $size, message, length);
    return $size + length;
}
",
    r"    $integer header;
    if (held < $size)
        return 0;
    memcpy(&header, buffer, $size);
    *length = $from_wire;
$check    if (held < $size + *length)
        return 0; /* the rest comes with a later recv */
    *message = buffer + $size;
    return $size + *length;
}
",
];

const FITS: &str = r#"    if (length > $max)
        fail("longer than its header can say");
"#;

const CHECK: &str = r#"    if (*length < 0 || *length > LIMIT)
        fail("a length beyond the limit");
"#;

const ACK: [&str; 2] = [
    r#"
static void send_acknowledged(int fd, const char *message, long length) {
    char answer = 0;
$fits    $integer header = $to_wire;
    send_all(fd, (char *)&header, $size);
    check(recv(fd, &answer, 1, 0), "recv"); /* wait until the receiver knows the length */
    if (answer != $ack)
        fail("not acknowledged");
    send_all(fd, message, length);
}
"#,
    r#"
/* Acknowledges the length of the first message and receives the rest of it. */
/* Returns how many bytes it takes up, 0 = more must come. */
static long take(int fd, long recv_size, char *buffer, long *held, char **message, long *length) {
    $integer header;
    if (*held < $size)
        return 0;
    memcpy(&header, buffer, $size);
    *length = $from_wire;
$check    send_all(fd, $ack_text, 1);
    while (*held < $size + *length) {
        long n = check(recv(fd, buffer + *held, recv_size, 0), "recv");
        if (n == 0)
            fail("the stream ended inside a message");
        *held += n;
    }
    *message = buffer + $size;
    return $size + *length;
}
"#,
];

const VARINT: [&str; 2] = [
    r"    long size = 0, rest = length;
    while (rest > 0x7f) { /* seven bits a byte; the top bit: more follow */
        frame[size++] = (rest & 0x7f) | 0x80;
        rest >>= 7;
    }
    frame[size++] = rest;
    memcpy(frame + size, message, length);
    return size + length;
}
",
    r#"    unsigned long announced = 0;
    for (int at = 0; at < held && at < 10; at++) {
        unsigned char byte = buffer[at];
        announced |= (byte & 0x7fUL) << (7 * at);
        if (byte < 0x80) {
            if (announced > LIMIT)
                fail("a length beyond the limit");
            *length = announced;
            *message = buffer + at + 1;
            return held < at + 1 + *length ? 0 : at + 1 + *length;
        }
    }
    if (held >= 10)
        fail("a length without an end");
    return 0;
}
"#,
];

const CRC32: &str = r"
/* CRC-32 of IEEE 802.3, as Python's zlib.crc32 */
static unsigned long crc32(const char *data, long size) {
    unsigned long crc = 0xffffffff;
    for (long n = 0; n < size; n++) {
        crc ^= (unsigned char)data[n];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return crc ^ 0xffffffff;
}
";

const JSON: [&str; 2] = [
    r#"    int size = sprintf(frame + 4, "{\"name\": \"message\", \"size\": %ld, \"checksum\": %lu}",
                       length, crc32(message, length));
    uint32_t header = htonl(size);
    memcpy(frame, &header, 4);
    memcpy(frame + 4 + size, message, length);
    return 4 + size + length;
}
"#,
    r#"    uint32_t header;
    if (held < 4)
        return 0;
    memcpy(&header, buffer, 4);
    long start = 4 + (long)ntohl(header);
    if (start > 4 + $most)
        fail("a header beyond $most bytes");
    if (held < start)
        return 0;
    /* A parser of JSON would do; this finds the two numbers that matter. */
    char json[$most + 1];
    memcpy(json, buffer + 4, start - 4);
    json[start - 4] = '\0';
    char *size = strstr(json, "\"size\":"), *checksum = strstr(json, "\"checksum\":");
    if (size == NULL || checksum == NULL)
        fail("a header without size or checksum");
    *length = strtol(size + 7, NULL, 10);
$check    if (held < start + *length)
        return 0; /* the rest comes with a later recv */
    *message = buffer + start;
    if (crc32(*message, *length) != strtoul(checksum + 11, NULL, 10))
        fail("wrong checksum");
    return start + *length;
}
"#,
];

const COBS: [&str; 2] = [
    r"    long code = 0, size = 1; /* the code before a piece says where the zero after it was */
    for (long n = 0; n < length; n++) {
        if (size - code == 255) {
            frame[code] = size - code;
            code = size++;
        }
        if (message[n] == 0) {
            frame[code] = size - code;
            code = size;
        }
        frame[size++] = message[n];
    }
    frame[code] = size - code;
    frame[size++] = 0;
    return size;
}
",
    r#"    char *zero = memchr(buffer, 0, held);
    if (zero == NULL) {
        if (held >= LIMIT + LIMIT / 254 + 3)
            fail("no end of a frame");
        return 0;
    }
    long end = zero - buffer, at = 0;
    *message = buffer;
    *length = 0;
    while (at < end) {
        long code = (unsigned char)buffer[at];
        if (at + code > end)
            fail("a code that leads past the end");
        memmove(buffer + *length, buffer + at + 1, code - 1);
        *length += code - 1;
        at += code;
        if (code < 255 && at < end)
            buffer[(*length)++] = 0;
    }
    return end + 1;
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

impl C<'_> {
    /// The function that sends a message, or encodes it.
    pub(super) fn encode_function(&self) -> Option<String> {
        let text = self.filled(TEMPLATES.encode(self.ctx.framing)?);
        Some(self.with_head(ENCODE, text))
    }

    /// The function that finds the first message in a buffer.
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

    /// The functions that they call.
    pub(super) fn checksum_function(&self) -> Option<String> {
        (*self.ctx.framing == FramingSpec::Json).then(|| CRC32.to_owned())
    }

    fn filled(&self, template: &str) -> String {
        let check = if self.ctx.header_exceeds_limit() {
            CHECK
        } else {
            ""
        };
        let mut values: Vec<(&str, String)> = vec![
            ("check", check.to_owned()),
            ("most", MAX_JSON_HEADER.to_string()),
            ("ack", ACKNOWLEDGEMENT.to_string()),
            ("ack_text", literal(&[ACKNOWLEDGEMENT])),
        ];
        match self.ctx.framing {
            FramingSpec::Fixed { size, pad } => {
                values.extend([("size", size.to_string()), ("pad", character(*pad))]);
            }
            FramingSpec::Delimiter { delimiter: mark }
            | FramingSpec::EndMark { mark }
            | FramingSpec::Escaped { delimiter: mark } => {
                let (text, size) = (literal(mark), mark.len());
                values.extend([
                    (
                        "find",
                        match mark[..] {
                            [byte] => format!("memchr(buffer, {}, held)", character(byte)),
                            _ => format!("memmem(buffer, held, {text}, {size})"),
                        },
                    ),
                    ("mark", text),
                    (
                        "first",
                        character(mark.first().copied().unwrap_or_default()),
                    ),
                    ("size", size.to_string()),
                ]);
            }
            FramingSpec::Length { width, endian } | FramingSpec::Ack { width, endian } => {
                let most = match width {
                    LengthWidth::U8 => "UINT8_MAX",
                    LengthWidth::U16 => "UINT16_MAX",
                    LengthWidth::U32 => "UINT32_MAX",
                    LengthWidth::I32 => "INT32_MAX",
                    LengthWidth::U64 => "",
                };
                let fits = if most.is_empty() {
                    String::new()
                } else {
                    filled(FITS, &[("max", most.to_owned())])
                };
                values.extend([
                    ("fits", fits),
                    ("integer", integer(*width).to_owned()),
                    ("size", width.size().to_string()),
                    ("to_wire", to_wire(*width, *endian, "length")),
                    ("from_wire", from_wire(*width, *endian, "header")),
                ]);
            }
            _ => {}
        }
        filled(template, &values)
    }
}
