//! What is encoded here is decoded by implementations that others wrote, and the other way
//! round: `tokio-util`'s codecs, the `cobs` crate, and Python.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use socklab::framing::{Endian, Framing, FramingSpec, LengthWidth};
use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{
    AnyDelimiterCodec, Decoder, Encoder, LengthDelimitedCodec, LinesCodec, length_delimited,
};

const LIMIT: usize = 4096;

fn build(spec: &str) -> Box<dyn Framing> {
    spec.parse::<FramingSpec>()
        .expect("a strategy")
        .build(LIMIT)
}

fn encode(framing: &dyn Framing, messages: &[Vec<u8>]) -> Vec<u8> {
    let mut wire = Vec::new();
    for message in messages {
        framing.encode(message, &mut wire).expect("short enough");
    }
    wire
}

/// The stream cut into pieces of these sizes, again and again.
fn cut<'a>(wire: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = wire;
    let mut sizes = sizes.iter().cycle();
    std::iter::from_fn(move || {
        let size = sizes
            .next()
            .copied()
            .unwrap_or(1)
            .clamp(1, rest.len().max(1));
        let (piece, after) = rest.split_at_checked(size)?;
        rest = after;
        Some(piece)
    })
}

fn decode(framing: &dyn Framing, wire: &[u8], sizes: &[usize]) -> Vec<Vec<u8>> {
    let mut decoder = framing.decoder();
    let mut messages = Vec::new();
    for chunk in cut(wire, sizes) {
        decoder
            .feed(chunk, &mut |frame| messages.push(frame.payload.to_vec()))
            .expect("well framed");
    }
    decoder.finish(&mut |_| ()).expect("ended between frames");
    messages
}

/// What a codec of tokio makes of the stream.
fn decode_with<C: Decoder>(mut codec: C, wire: &[u8], sizes: &[usize]) -> Vec<C::Item>
where
    C::Error: std::fmt::Debug,
{
    let mut buffer = BytesMut::new();
    let mut messages = Vec::new();
    for chunk in cut(wire, sizes) {
        buffer.extend_from_slice(chunk);
        while let Some(message) = codec.decode(&mut buffer).expect("well framed") {
            messages.push(message);
        }
    }
    assert!(buffer.is_empty(), "left over");
    messages
}

/// The stream a codec of tokio makes.
fn encode_with<C: Encoder<T>, T>(mut codec: C, messages: impl IntoIterator<Item = T>) -> Vec<u8>
where
    C::Error: std::fmt::Debug,
{
    let mut buffer = BytesMut::new();
    for message in messages {
        codec.encode(message, &mut buffer).expect("encoded");
    }
    buffer.to_vec()
}

fn messages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    // Few different bytes, so that they meet what strategies do with them.
    let byte = prop_oneof![
        Just(0_u8),
        Just(b'\n'),
        Just(b'#'),
        Just(b'\\'),
        Just(0xff),
        any::<u8>()
    ];
    vec(
        prop_oneof![vec(byte.clone(), 0..10), vec(byte, 0..200)],
        0..12,
    )
}

/// Long pieces without a zero, and just at the size of a piece of COBS.
fn zero_poor() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![600 => 1..=255_u8, 1 => Just(0)];
    let length = prop_oneof![250..260_usize, 505..512_usize, 0..1000_usize];
    vec(length.prop_flat_map(move |n| vec(byte.clone(), n)), 0..5)
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    vec("[a-zé你。 #\\\\]{0,40}", 0..12)
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    vec(1..60_usize, 1..8)
}

fn length_codec(width: LengthWidth, endian: Endian) -> LengthDelimitedCodec {
    let mut builder: length_delimited::Builder = LengthDelimitedCodec::builder();
    builder
        .length_field_length(width.size())
        .max_frame_length(LIMIT);
    match endian {
        Endian::Big => builder.big_endian(),
        Endian::Little => builder.little_endian(),
    };
    builder.new_codec()
}

proptest! {
    #[test]
    fn length_prefixes_are_those_of_length_delimited_codec(
        messages in messages(), sizes in sizes(), width in 0..5_usize, endian in 0..2_usize,
    ) {
        let (width, endian) = (LengthWidth::ALL[width], Endian::ALL[endian]);
        for spec in [FramingSpec::Length { width, endian }, FramingSpec::Ack { width, endian }] {
            let framing = spec.build(LIMIT);
            let wire = encode(&*framing, &messages);
            let codec = || length_codec(width, endian);
            prop_assert_eq!(decode_with(codec(), &wire, &sizes), messages.clone());
            let theirs = encode_with(codec(), messages.iter().cloned().map(Bytes::from));
            prop_assert_eq!(&theirs, &wire);
            prop_assert_eq!(decode(&*framing, &theirs, &sizes), messages.clone());
        }
    }

    #[test]
    fn newlines_are_those_of_lines_codec(lines in lines(), sizes in sizes()) {
        let framing = build(r"delimiter:\n");
        let messages: Vec<Vec<u8>> = lines.iter().map(|line| line.clone().into_bytes()).collect();
        let wire = encode(&*framing, &messages);
        prop_assert_eq!(decode_with(LinesCodec::new(), &wire, &sizes), lines.clone());
        let theirs = encode_with(LinesCodec::new(), &lines);
        prop_assert_eq!(&theirs, &wire);
        prop_assert_eq!(decode(&*framing, &theirs, &sizes), messages);
    }

    #[test]
    fn delimiters_are_those_of_any_delimiter_codec(lines in lines(), sizes in sizes(), mark in 0..5_usize) {
        let mark = [b'|', b';', 0, 1, b'\n'][mark];
        let framing = FramingSpec::Delimiter { delimiter: vec![mark] }.build(LIMIT);
        let messages: Vec<Vec<u8>> = lines.iter().map(|line| line.clone().into_bytes()).collect();
        let wire = encode(&*framing, &messages);
        let codec = || AnyDelimiterCodec::new(vec![mark], vec![mark]);
        prop_assert_eq!(decode_with(codec(), &wire, &sizes), messages.clone());
        let theirs = encode_with(codec(), &lines);
        prop_assert_eq!(&theirs, &wire);
        prop_assert_eq!(decode(&*framing, &theirs, &sizes), messages);
    }

    #[test]
    fn cobs_is_that_of_the_crate(
        messages in prop_oneof![messages(), zero_poor()], sizes in sizes(),
    ) {
        let framing = build("cobs");
        let wire = encode(&*framing, &messages);
        let mut decoder = cobs::CobsDecoderOwned::new(LIMIT);
        let mut theirs = Vec::new();
        for chunk in cut(&wire, &sizes) {
            let mut rest = chunk;
            while let Some(report) = decoder.push(rest).expect("well framed") {
                theirs.push(decoder.dest()[..report.frame_size()].to_vec());
                rest = &rest[report.parsed_size()..];
            }
        }
        prop_assert_eq!(theirs, messages.clone());
        let mut theirs = Vec::new();
        for message in &messages {
            theirs.extend(cobs::encode_vec(message));
            theirs.push(0);
        }
        prop_assert_eq!(decode(&*framing, &theirs, &sizes), messages);
    }
}

/// Each strategy as a beginner would write it: nothing but the standard library, and a buffer
/// that holds the whole stream. Standard input: a line for each message in hexadecimal, then one
/// with a stream. Standard output: the stream of the messages, then the messages of the stream.
const PYTHON: &str = r#"
import json, struct, sys, zlib

keyword, *settings = sys.argv[1:]

def varint(n):
    out = b""
    while n >= 128:
        out += bytes([n % 128 + 128])
        n //= 128
    return out + bytes([n])

def encode(message):
    if keyword == "struct":
        return struct.pack(settings[0], len(message)) + message
    if keyword == "varint":
        return varint(len(message)) + message
    if keyword == "json":
        described = {"name": "message", "size": len(message), "checksum": zlib.crc32(message)}
        header = json.dumps(described).encode()
        return struct.pack("!I", len(header)) + header + message
    mark = bytes.fromhex(settings[0])
    if keyword == "fixed":
        return message.ljust(int(settings[1]), mark)
    if keyword == "escaped":
        message = message.replace(b"\\", b"\\\\").replace(mark[:1], b"\\" + mark[:1])
    return message + mark

def decode(stream):
    at = 0
    if keyword == "delimiter":
        *messages, rest = stream.split(bytes.fromhex(settings[0]))
        assert rest == b""
        yield from messages
        return
    while at < len(stream):
        if keyword == "struct":
            (size,) = struct.unpack_from(settings[0], stream, at)
            at += struct.calcsize(settings[0])
        elif keyword == "varint":
            size = shift = 0
            while True:
                size |= (stream[at] & 127) << shift
                shift += 7
                at += 1
                if stream[at - 1] < 128:
                    break
        elif keyword == "json":
            (header,) = struct.unpack_from("!I", stream, at)
            described = json.loads(stream[at + 4:at + 4 + header])
            at += 4 + header
            size = described["size"]
            assert described["checksum"] == zlib.crc32(stream[at:at + size])
        elif keyword == "fixed":
            size = int(settings[1])
            yield stream[at:at + size].rstrip(bytes.fromhex(settings[0]))
            at += size
            continue
        elif keyword == "escaped":
            mark, message = bytes.fromhex(settings[0]), b""
            while not stream.startswith(mark, at):
                if stream[at:at + 1] == b"\\":
                    at += 1
                message += stream[at:at + 1]
                at += 1
            yield message
            at += len(mark)
            continue
        yield stream[at:at + size]
        at += size

*messages, stream = [bytes.fromhex(line.strip()) for line in sys.stdin]
print(b"".join(map(encode, messages)).hex())
for message in decode(stream):
    print(message.hex())
"#;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("into a String");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(digit).collect()
}

/// Python's stream of our messages, and its messages of our stream.
fn python(arguments: &[&str], messages: &[Vec<u8>], wire: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut child = Command::new("python3")
        .args(["-c", PYTHON])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut input = String::new();
    for line in messages.iter().map(Vec::as_slice).chain([wire]) {
        input += &hex(line);
        input.push('\n');
    }
    // Python reads everything before it writes anything.
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "{arguments:?}");
    let text = String::from_utf8(output.stdout).expect("hexadecimal");
    let mut lines = text.lines().map(unhex);
    (lines.next().expect("the stream"), lines.collect())
}

#[test]
fn python_writes_and_reads_the_same() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let cases: [(&str, &[&str]); 22] = [
        ("struct:!B", &["struct", "!B"]),
        ("struct:!H", &["struct", "!H"]),
        ("struct:!I", &["struct", "!I"]),
        ("struct:!i", &["struct", "!i"]),
        ("struct:!Q", &["struct", "!Q"]),
        ("struct:>H", &["struct", ">H"]),
        ("struct:>L", &["struct", ">L"]),
        ("struct:<H", &["struct", "<H"]),
        ("struct:<I", &["struct", "<I"]),
        ("struct:<l", &["struct", "<l"]),
        ("struct:<Q", &["struct", "<Q"]),
        ("length:u8:little", &["struct", "<B"]),
        ("ack", &["struct", "<i"]),
        ("varint", &["varint"]),
        ("json", &["json"]),
        ("delimiter:##", &["delimiter", "2323"]),
        (r"delimiter:\n", &["delimiter", "0a"]),
        ("end-mark", &["delimiter", "2323"]),
        ("fixed:256", &["fixed", "00", "256"]),
        ("fixed:200:.", &["fixed", "2e", "200"]),
        ("escaped:##", &["escaped", "2323"]),
        (r"escaped:\n", &["escaped", "0a"]),
    ];
    for (text, arguments) in cases {
        let framing = build(text);
        if let [format, ..] = &arguments[1..]
            && arguments[0] == "struct"
            && !text.contains('L')
            && !text.contains('l')
        {
            let shown = framing.spec().struct_format().expect("a length");
            assert_eq!(shown.replace('!', ">"), format.replace('!', ">"));
        }
        let mut runner = TestRunner::default();
        let messages: Vec<Vec<u8>> = (0..20)
            .flat_map(|_| {
                let tree = messages().new_tree(&mut runner);
                tree.expect("messages").current()
            })
            .filter(|message| framing.hazard(message).is_none())
            .collect();
        assert!(messages.len() > 10, "{text}: only {}", messages.len());
        let wire = encode(&*framing, &messages);
        let (theirs, read) = python(arguments, &messages, &wire);
        assert_eq!(theirs, wire, "{text}");
        assert_eq!(read, messages, "{text}");
        if framing.spec().survives_any_cutting() {
            assert_eq!(decode(&*framing, &theirs, &[1, 7, 50]), messages, "{text}");
        }
    }
}

/// Where no order is given, `struct` writes that of the machine; on this one it is ours.
#[test]
#[cfg(target_endian = "little")]
fn a_native_format_is_this_machines() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    for format in ["i", "@i", "=i", "I", "H", "Q", "=L"] {
        let framing = build(&format!("struct:{format}"));
        let messages = [b"hello".to_vec(), Vec::new()];
        let wire = encode(&*framing, &messages);
        let (theirs, read) = python(&["struct", format], &messages, &wire);
        assert_eq!(theirs, wire, "{format}");
        assert_eq!(read, messages, "{format}");
    }
}
