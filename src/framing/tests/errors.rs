//! Each error: its code, its place, its figures.

use super::*;

#[test]
fn each_error_says_what_was_found_against_what() {
    fn error(spec: &str, limit: usize, wire: &[u8]) -> (&'static str, u64, u64, u64) {
        let framing = spec.parse::<FramingSpec>().unwrap().build(limit);
        let e = decode(&*framing, wire, &[]).error.unwrap();
        (e.code(), e.offset, e.value(), e.limit())
    }
    assert_eq!(
        error("length:u16:big", 9, b"\0\x01z\0\x0a"),
        ("frame-too-long", 3, 10, 9)
    );
    assert_eq!(
        error("length:i32:little", 9, b"\xfe\xff\xff\xff"),
        ("negative-length", 0, -2i64 as u64, 0)
    );
    assert_eq!(
        error("length:u32:little", 9, b"\xfe\xff\xff\xff"),
        ("frame-too-long", 0, 0xffff_fffe, 9)
    );
    assert_eq!(
        error("length:u32:big", 9, b"\0\0"),
        ("ended-mid-frame", 0, 2, 4)
    );
    assert_eq!(
        error("length:u32:big", 9, b"\0\0\0\x05ab"),
        ("ended-mid-frame", 0, 6, 9)
    );
    assert_eq!(
        error(r"delimiter:\n", 3, b"a\nab"),
        ("ended-mid-frame", 2, 2, 0)
    );
    assert_eq!(
        error(r"delimiter:\r\n", 3, b"a\r\nabcde\r\n"),
        ("unterminated", 3, 5, 3)
    );
}

/// The code, the offset, and the two figures.
fn failure(spec: &str, wire: &[u8]) -> (&'static str, u64, u64, u64) {
    let framing = spec.parse::<FramingSpec>().unwrap().build(9);
    let whole = decode(&*framing, wire, &[]).error.unwrap();
    let every: Vec<usize> = (0..wire.len()).collect();
    let bytewise = decode(&*framing, wire, &every).error.unwrap();
    assert_eq!(whole, bytewise, "{spec}");
    (whole.code(), whole.offset, whole.value(), whole.limit())
}

#[test]
fn a_varint_is_as_short_as_can_be_and_ends() {
    assert_eq!(
        failure("varint", b"\x01z\x0a"),
        ("frame-too-long", 2, 10, 9)
    );
    assert_eq!(failure("varint", b"\x81\x00"), ("varint-padded", 0, 2, 1));
    assert_eq!(
        failure("varint", b"\x80\x80\x00"),
        ("varint-padded", 0, 3, 1)
    );
    assert_eq!(
        failure("varint", &[0xff; 20]),
        ("varint-too-long", 0, 10, 10)
    );
    // 2^64 needs a bit that is not there.
    assert_eq!(
        failure("varint", b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"),
        ("varint-too-long", 0, 10, 10)
    );
    let most = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    assert_eq!(failure("varint", most), ("frame-too-long", 0, u64::MAX, 9));
    assert_eq!(
        failure("varint", b"\x01z\x80"),
        ("ended-mid-frame", 2, 1, 2)
    );
    assert_eq!(failure("varint", b"\x03ab"), ("ended-mid-frame", 0, 3, 4));
}

#[test]
fn lengths_of_64_bits_are_refused_without_overflow() {
    assert_eq!(
        failure("length:u64:big", &[0xff; 8]),
        ("frame-too-long", 0, u64::MAX, 9)
    );
    assert_eq!(
        failure("length:u64:little", b"\x0a\0\0\0\0\0\0\0"),
        ("frame-too-long", 0, 10, 9)
    );
    assert_eq!(
        failure("ack", b"\xff\xff\xff\xff"),
        ("negative-length", 0, u64::MAX, 0)
    );
}

#[test]
fn a_json_header_says_what_and_where() {
    fn json(header: &str, rest: &str) -> (&'static str, u64, u64, u64) {
        let mut wire = (header.len() as u32).to_be_bytes().to_vec();
        wire.extend_from_slice(header.as_bytes());
        wire.extend_from_slice(rest.as_bytes());
        failure("json", &wire)
    }
    let good = r#"{"name": "message", "size": 2, "checksum": 3633523372}"#;
    assert_eq!(
        json(good, "hj"),
        (
            "checksum",
            0,
            3_633_523_372,
            u64::from(crc32fast::hash(b"hj"))
        )
    );
    let needed = good.len() as u64 + 6;
    assert_eq!(json(good, "h"), ("ended-mid-frame", 0, needed - 1, needed));
    assert_eq!(
        failure("json", b"\0\0\x10\x01"),
        ("header-too-long", 0, 4097, 4096)
    );
    assert_eq!(json("", ""), ("header-syntax", 0, 0, 0));
    assert_eq!(json("{\n\"name\": x", ""), ("header-syntax", 0, 11, 0));
    assert_eq!(json("not JSON", "").0, "header-syntax");
    assert_eq!(json("[1, 2]", "").0, "header-value");
    assert_eq!(json(r#"{"name": 5}"#, ""), ("header-value", 0, 10, 0));
    for wrong in ["-1", "2.5", r#""2""#, "null2", "99999999999999999999"] {
        let header = format!(r#"{{"name": "x", "size": {wrong}, "checksum": 0}}"#);
        assert!(json(&header, "").0.starts_with("header-"), "{wrong}");
    }
    assert_eq!(json("{}", ""), ("header-missing", 0, 0, 0));
    assert_eq!(json(r#"{"name": "x"}"#, ""), ("header-missing", 0, 1, 0));
    assert_eq!(
        json(r#"{"name": "x", "size": null}"#, ""),
        ("header-missing", 0, 1, 0)
    );
    assert_eq!(
        json(r#"{"name": "x", "size": 1}"#, ""),
        ("header-missing", 0, 2, 0)
    );
    assert_eq!(
        json(r#"{"name": "x", "size": 10, "checksum": 1}"#, ""),
        ("frame-too-long", 0, 10, 9)
    );
    assert_eq!(
        json(
            r#"{"name": "x", "size": 18446744073709551615, "checksum": 1}"#,
            ""
        ),
        ("frame-too-long", 0, u64::MAX, 9)
    );
    // Deeper than anybody needs.
    assert_eq!(json(&"[".repeat(4000), "").0, "header-value");
    assert_eq!(
        json(&format!(r#"{{"more": {}"#, "[".repeat(4000)), "").0,
        "header-syntax"
    );
}

/// More keys, another order, other spaces: all the same to the decoder.
#[test]
fn a_json_header_may_say_more() {
    let header = r#" {"checksum":3633523372,"size":2,"day":[1,{"a":null}],"name":"m\u00e9"} "#;
    let mut wire = (header.len() as u32).to_be_bytes().to_vec();
    wire.extend_from_slice(header.as_bytes());
    wire.extend_from_slice(b"hi");
    let out = decode(&*FramingSpec::Json.build(9), &wire, &[]);
    assert_eq!((out.error, out.messages()), (None, vec![&b"hi"[..]]));
}

#[test]
fn stuffing_that_makes_no_sense_is_refused() {
    assert_eq!(failure("cobs", b"\x02a\0\x05ab\0"), ("cobs-code", 3, 5, 2));
    assert_eq!(failure("cobs", b"\xffab\0"), ("cobs-code", 0, 255, 2));
    assert_eq!(
        failure("cobs", b"\x02a\0\x05ab"),
        ("ended-mid-frame", 3, 3, 0)
    );
    assert_eq!(failure("cobs", &[1; 12]), ("unterminated", 0, 12, 9));
    // Within the bytes that nine bytes may need, and yet ten.
    assert_eq!(
        failure("cobs", b"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\0"),
        ("frame-too-long", 0, 10, 9)
    );
    assert_eq!(
        failure("escaped:##", b"a##b\\x"),
        ("bad-escape", 3, u64::from(b'x'), 0)
    );
    assert_eq!(
        failure("escaped:##", b"a##b#c"),
        ("bad-delimiter", 3, u64::from(b'c'), 0)
    );
    assert_eq!(
        failure("escaped:##", b"a##b#"),
        ("ended-mid-frame", 3, 2, 0)
    );
    assert_eq!(
        failure("escaped:##", b"a##b\\"),
        ("ended-mid-frame", 3, 2, 0)
    );
    assert_eq!(
        failure("escaped:##", b"0123456789##"),
        ("unterminated", 0, 10, 9)
    );
    assert_eq!(
        failure("escaped:##", br"\#\#\#\#\#\#\#\#\#\###"),
        ("unterminated", 0, 10, 9)
    );
}

/// Zeros between frames of COBS are nobody's: a sender may begin with one to be sure.
#[test]
fn zeros_between_frames_are_nothing() {
    let out = decode(&*FramingSpec::Cobs.build(9), b"\0\0\x02a\0\0\x01\0", &[]);
    assert_eq!((out.error, out.messages()), (None, vec![&b"a"[..], b""]));
    assert_eq!((out.frames[0].0, out.frames[0].1), (2, 5));
}

#[test]
fn an_end_inside_a_fixed_size_says_how_much_is_missing() {
    assert_eq!(
        failure("fixed:6", b"hello\0wor"),
        ("ended-mid-frame", 6, 3, 6)
    );
    assert_eq!(
        failure("fixed:20", b"0123456789\0\0\0\0\0\0\0\0\0\0"),
        ("frame-too-long", 0, 10, 9)
    );
}

#[test]
fn an_end_mark_that_never_ends_a_chunk_is_waited_for_no_longer_than_the_limit() {
    let framing = "end-mark".parse::<FramingSpec>().unwrap().build(9);
    let error = decode(&*framing, b"hi##hello##you", &[]).error.unwrap();
    assert_eq!(
        (error.code(), error.value(), error.limit()),
        ("unterminated", 11, 9)
    );
    let error = decode(&*framing, b"hi##you#", &[4]).error.unwrap();
    assert_eq!(
        (error.code(), error.offset, error.value()),
        ("ended-mid-frame", 4, 4)
    );
}
