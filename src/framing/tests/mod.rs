//! Properties every framing keeps, and the ones raw framing does not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

mod errors;
mod hostile;
mod text;

/// What came out: each frame's range, header and payload, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Decoded {
    frames: Vec<(u64, u64, u16, Vec<u8>)>,
    error: Option<DecodeError>,
    most_held: usize,
}

impl Decoded {
    fn messages(&self) -> Vec<&[u8]> {
        self.frames.iter().map(|f| &f.3[..]).collect()
    }
}

/// Decodes `wire` cut at `cuts` (any numbers; taken modulo the length), then ends the stream.
fn decode(framing: &dyn Framing, wire: &[u8], cuts: &[usize]) -> Decoded {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).collect();
    ends.push(wire.len());
    ends.sort_unstable();
    let mut decoder = framing.decoder();
    let mut out = Decoded::default();
    let mut from = 0;
    for end in ends {
        let frames = &mut out.frames;
        let result = decoder.feed(&wire[from..end], &mut |f| {
            frames.push((f.start, f.end, f.header, f.payload.to_vec()));
        });
        out.most_held = out.most_held.max(decoder.buffered());
        if let (Some(before), Err(now)) = (out.error, result) {
            assert_eq!(before, now, "an error changed");
        }
        assert!(out.error.is_none() || result.is_err(), "an error healed");
        out.error = result.err();
        from = end;
    }
    let frames = out.frames.len();
    let ended = decoder.finish(&mut |f| {
        out.frames
            .push((f.start, f.end, f.header, f.payload.to_vec()));
    });
    assert!(out.error.is_none() || (out.error == ended.err() && out.frames.len() == frames));
    out.error = ended.err();
    out
}

fn encode(framing: &dyn Framing, messages: &[Vec<u8>]) -> Vec<u8> {
    let mut wire = Vec::new();
    for message in messages {
        let before = wire.len();
        framing.encode(message, &mut wire).unwrap();
        let layout = framing.layout(message).unwrap();
        let mut payload = Vec::new();
        let mut end = 0;
        for field in layout {
            assert_eq!(field.range.start, end, "fields leave no gap");
            end = field.range.end;
            if field.role == FieldRole::Payload {
                payload.extend_from_slice(&wire[before..][field.range]);
            }
        }
        if framing.spec() == FramingSpec::Cobs {
            let mut zeroless = message.clone();
            zeroless.retain(|&byte| byte != 0);
            assert_eq!(payload, zeroless);
        } else {
            assert_eq!(&payload, message);
        }
        let overhead = framing.overhead(message).unwrap();
        assert_eq!(overhead, wire.len() - before - message.len());
        let spec = framing.spec();
        assert!(spec.overhead() <= overhead, "{spec}");
        assert!(overhead <= spec.most_overhead(message.len()), "{spec}");
        assert_eq!(end, wire.len() - before, "fields cover all");
    }
    wire
}

fn lengths() -> impl Strategy<Value = FramingSpec> {
    (0..5usize, 0..2usize, any::<bool>()).prop_map(|(width, endian, ack)| {
        let (width, endian) = (LengthWidth::ALL[width], Endian::ALL[endian]);
        if ack {
            FramingSpec::Ack { width, endian }
        } else {
            FramingSpec::Length { width, endian }
        }
    })
}

/// Marks of few different bytes overlap themselves and messages often.
fn delimiters() -> impl Strategy<Value = FramingSpec> {
    vec(b'a'..b'd', 1..5).prop_map(|delimiter| FramingSpec::Delimiter { delimiter })
}

/// As marks, but escaped where they are inside.
fn escaped() -> impl Strategy<Value = FramingSpec> {
    let mark = prop_oneof![vec(b'a'..b'd', 1..5), vec(b'['..b'^', 1..5)];
    mark.prop_filter("a backslash first", |mark| mark[0] != ESCAPE)
        .prop_map(|delimiter| FramingSpec::Escaped { delimiter })
}

fn sizes() -> impl Strategy<Value = FramingSpec> {
    (1..80u32, prop_oneof![Just(0), b'a'..b'd'])
        .prop_map(|(size, pad)| FramingSpec::Fixed { size, pad })
}

/// Every strategy that claims to survive any cutting.
fn specs() -> impl Strategy<Value = FramingSpec> {
    prop_oneof![
        lengths(),
        delimiters(),
        escaped(),
        sizes(),
        Just(FramingSpec::Varint),
        Just(FramingSpec::Json),
        Just(FramingSpec::Cobs),
    ]
}

/// And those that do not.
fn flawed() -> impl Strategy<Value = FramingSpec> {
    prop_oneof![
        Just(FramingSpec::Raw),
        (0..=MAX_PAUSE_MS).prop_map(|ms| FramingSpec::Pacing { ms }),
        vec(b'a'..b'd', 1..4).prop_map(|mark| FramingSpec::EndMark { mark }),
    ]
}

/// Bytes that mean something to one strategy or another.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![4 => b'a'..b'f', 1 => Just(0), 1 => Just(b'\\'), 1 => any::<u8>()]
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same_messages(
        spec in specs(),
        messages in vec(prop_oneof![vec(byte(), 0..40), vec(byte(), 250..260)], 0..20),
        cuts in vec(any::<usize>(), 0..60),
    ) {
        prop_assert!(spec.survives_any_cutting());
        let framing = spec.build(256);
        let messages: Vec<_> = messages
            .into_iter()
            .filter(|m| framing.hazard(m).is_none() && Some(m.len()) <= framing.longest())
            .collect();
        let wire = encode(&*framing, &messages);
        let out = decode(&*framing, &wire, &cuts);
        prop_assert_eq!(out.error, None);
        prop_assert_eq!(out.messages(), messages.iter().map(|m| &m[..]).collect::<Vec<_>>());
        let mut at = 0;
        for ((start, end, header, payload), message) in out.frames.iter().zip(&messages) {
            prop_assert_eq!(*start, at);
            at += (framing.overhead(message).unwrap() + message.len()) as u64;
            prop_assert_eq!(*end, at);
            if !matches!(spec, FramingSpec::Escaped { .. } | FramingSpec::Cobs) {
                prop_assert_eq!(&wire[*start as usize + *header as usize..][..payload.len()], &payload[..]);
            }
        }
    }

    #[test]
    fn a_message_without_hazard_comes_back_and_one_with_does_not(
        spec in prop_oneof![delimiters(), sizes(), specs(), flawed()],
        message in vec(byte(), 0..40),
    ) {
        let framing = spec.build(64);
        prop_assume!(framing.longest().is_none_or(|longest| message.len() <= longest));
        let wire = encode(&*framing, std::slice::from_ref(&message));
        let out = decode(&*framing, &wire, &[]);
        let came_back = out.error.is_none() && out.messages() == [&message[..]];
        let hazard = framing.hazard(&message);
        if let Some(Hazard::MayStop { at }) = hazard {
            // Whether it does depends on the cutting.
            let FramingSpec::EndMark { mark } = &spec else { panic!("{spec}") };
            let out = decode(&*framing, &wire, &[at + mark.len()]);
            prop_assert_eq!(out.messages()[0], &message[..at]);
            return Ok(());
        }
        prop_assert_eq!(came_back, hazard.is_none());
        if let Some(Hazard::EndsWithPadding { lost }) = hazard {
            prop_assert_eq!(out.messages(), [&message[..message.len() - lost]]);
        }
        if let Some(Hazard::ContainsDelimiter { at }) = framing.hazard(&message) {
            prop_assert_eq!(out.messages()[0], &message[..at]);
        }
    }

    #[test]
    fn random_bytes_never_panic_and_cutting_never_matters(
        spec in specs(),
        limit in 0usize..40,
        // Low bytes make headers that are sometimes within the limit.
        wire in vec(prop_oneof![0u8..6, any::<u8>(), b'a'..b'd', Just(b'\\')], 0..300),
        cuts in vec(any::<usize>(), 0..40),
    ) {
        let framing = spec.build(limit);
        let whole = decode(&*framing, &wire, &[]);
        let cut = decode(&*framing, &wire, &cuts);
        prop_assert_eq!(&whole.frames, &cut.frames);
        prop_assert_eq!(whole.error, cut.error);
        for frame in &whole.frames {
            prop_assert!(frame.3.len() <= limit);
        }
        prop_assert!(cut.most_held <= limit + spec.most_held_beyond(limit), "held {}", cut.most_held);
        if let Some(error) = whole.error {
            prop_assert!(DecodeError::CODES.contains(&error.code()));
            prop_assert!(error.offset <= wire.len() as u64);
        }
    }

    #[test]
    fn a_delimiter_decoder_agrees_with_a_plain_search(
        delimiter in vec(b'a'..b'c', 1..4),
        wire in vec(b'a'..b'd', 0..100),
        cuts in vec(any::<usize>(), 0..40),
    ) {
        let framing = DelimiterFraming::new(delimiter.clone(), usize::MAX);
        let text = String::from_utf8(wire.clone()).unwrap();
        let mut parts: Vec<&str> = text.split(std::str::from_utf8(&delimiter).unwrap()).collect();
        let left = parts.pop().unwrap();
        let out = decode(&framing, &wire, &cuts);
        prop_assert_eq!(out.messages(), parts.iter().map(|p| p.as_bytes()).collect::<Vec<_>>());
        prop_assert_eq!(out.error.map_or(0, |e| e.value()), left.len() as u64);
    }

    #[test]
    fn the_fields_of_an_encoded_message_are_found_again(
        spec in prop_oneof![specs(), flawed()],
        message in prop_oneof![vec(byte(), 0..40), vec(byte(), 250..260)],
        other in vec(byte(), 0..40),
    ) {
        let framing = spec.build(300);
        prop_assume!(framing.longest().is_none_or(|longest| message.len() <= longest));
        let mut wire = Vec::new();
        framing.encode(&message, &mut wire).unwrap();
        match framing.hazard(&message) {
            None => prop_assert_eq!(dissect(&spec, &wire), framing.layout(&message).ok()),
            Some(Hazard::MayStop { .. }) => {}
            Some(_) => prop_assert_ne!(dissect(&spec, &wire), framing.layout(&message).ok()),
        }
        // Any bytes have fields only if they are such a message, and these cover them.
        if let Some(fields) = dissect(&spec, &other) {
            prop_assert_eq!(fields.last().map(|last| last.range.end), Some(other.len()));
        }
    }

    #[test]
    fn too_long_a_message_is_refused_and_leaves_nothing(
        spec in specs(),
        limit in 0usize..300,
        beyond in 1usize..300,
    ) {
        let framing = spec.build(limit);
        let longest = framing.longest().unwrap();
        let mut wire = b"before".to_vec();
        prop_assert!(framing.encode(&vec![b'z'; longest], &mut wire).is_ok());
        wire.truncate(6);
        let error = EncodeError::TooLong { length: longest + beyond, limit: longest };
        let message = vec![b'z'; longest + beyond];
        prop_assert_eq!(framing.encode(&message, &mut wire), Err(error));
        prop_assert_eq!(framing.layout(&message), Err(error));
        prop_assert_eq!(wire, b"before");
    }

}

/// Not every cutting gives the same messages to those that do not claim it: proptest finds the
/// counter-example, and the smallest is one message in two recvs, or two in one.
#[test]
fn those_that_do_not_claim_it_do_not_survive_cutting() {
    for text in ["raw", "pacing:5", "end-mark:##"] {
        let spec: FramingSpec = text.parse().unwrap();
        assert!(!spec.survives_any_cutting());
        let framing = spec.build(1000);
        let survives = |messages: &[Vec<u8>], cuts: &[usize]| {
            let out = decode(&*framing, &encode(&*framing, messages), cuts);
            out.error.is_none() && out.messages() == messages
        };
        let cases = (
            vec(vec(b'a'..b'f', 1..40), 1..10),
            vec(any::<usize>(), 0..10),
        );
        let mut runner = TestRunner::new(Config {
            failure_persistence: None,
            ..Config::default()
        });
        let found = runner.run(&cases, |(messages, cuts)| {
            prop_assert!(messages.iter().all(|m| framing.hazard(m).is_none()));
            prop_assert!(survives(&messages, &cuts));
            Ok(())
        });
        let Err(proptest::test_runner::TestError::Fail(_, (mut messages, mut cuts))) = found else {
            panic!("{text} survived: {found:?}");
        };
        // Shrinking changes one thing at a time and may leave a cut that cuts nothing.
        for at in (0..cuts.len()).rev() {
            let cut = cuts.remove(at);
            if survives(&messages, &cuts) {
                cuts.insert(at, cut);
            }
        }
        for at in (0..messages.len()).rev() {
            let message = messages.remove(at);
            if survives(&messages, &cuts) {
                messages.insert(at, message);
            }
        }
        assert!(!survives(&messages, &cuts));
        // The smallest: two messages in one recv, or one in two.
        assert!(
            messages.len() + cuts.len() <= 2,
            "{messages:?} cut at {cuts:?}"
        );
        // Delivered as it was sent, each message in one recv, it works: hence its charm.
        let mut at = 0;
        let ends: Vec<usize> = messages
            .iter()
            .map(|message| {
                at += message.len() + framing.overhead(message).unwrap();
                at
            })
            .collect();
        assert!(survives(&messages, &ends), "{text}");
    }
}

/// Nothing is lost or made up, however a stream without marks is cut.
#[test]
fn raw_framing_keeps_every_byte() {
    proptest!(|(wire in vec(any::<u8>(), 0..100), cuts in vec(any::<usize>(), 0..10))| {
        let out = decode(&RawFraming, &wire, &cuts);
        prop_assert_eq!(out.messages().concat(), wire);
    });
}

#[test]
fn a_payload_of_exactly_the_limit_passes() {
    for spec in ["delimiter:##", "length:u8:big"] {
        let framing = spec.parse::<FramingSpec>().unwrap().build(3);
        let wire = encode(&*framing, &[b"abc".to_vec(), Vec::new(), b"xyz".to_vec()]);
        for cut in 0..wire.len() {
            let out = decode(&*framing, &wire, &[cut]);
            assert_eq!(out.error, None, "{spec} cut at {cut}");
            assert_eq!(out.messages(), [&b"abc"[..], b"", b"xyz"]);
        }
    }
}

/// A header that merely announces much sets little aside.
#[test]
fn room_grows_with_the_bytes_that_came() {
    let mut held = Vec::new();
    hold::append(&mut held, &[0; 10], 1 << 30);
    assert!(held.capacity() <= 1 << 16, "{}", held.capacity());
    for _ in 0..200 {
        hold::append(&mut held, &[0; 1460], 300_000);
    }
    assert!(held.capacity() <= 300_000, "{}", held.capacity());
}

#[test]
fn an_empty_delimiter_is_never_found() {
    let framing = DelimiterFraming::new(Vec::new(), 4);
    assert_eq!(framing.hazard(b"abc"), None);
    let out = decode(&framing, b"abcdef", &[2, 4]);
    assert_eq!(out.frames, []);
    assert_eq!(out.error.map(|e| e.code()), Some("unterminated"));
}

#[test]
fn a_whole_frame_is_not_copied() {
    for spec in ["raw", "delimiter:##", "length:u16:big"] {
        let framing = spec.parse::<FramingSpec>().unwrap().build(64);
        let wire = encode(&*framing, &[b"hello".to_vec()]);
        let range = wire.as_ptr_range();
        let mut inside = false;
        framing
            .decoder()
            .feed(&wire, &mut |f| inside = range.contains(&f.payload.as_ptr()))
            .unwrap();
        assert!(inside, "{spec}");
    }
}

#[test]
fn every_choice_is_of_its_own_and_works() {
    let choices = FramingSpec::choices();
    for (i, spec) in choices.iter().enumerate() {
        assert!(!choices[..i].contains(spec), "{spec} twice");
        assert_eq!(spec.build(100).spec(), *spec);
        assert_eq!(
            spec.struct_format().is_some(),
            matches!(
                spec,
                FramingSpec::Length { .. } | FramingSpec::Ack { .. } | FramingSpec::Json
            )
        );
    }
}

/// What comes out when each chunk is handed over in a buffer that the decoder may keep. Every
/// buffer is as dirty as one that has been received into before.
fn decode_from(framing: &dyn Framing, wire: &[u8], cuts: &[usize]) -> Decoded {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).collect();
    ends.push(wire.len());
    ends.sort_unstable();
    let mut decoder = framing.decoder();
    let mut out = Decoded::default();
    let mut buffer = Vec::new();
    let mut from = 0;
    for end in ends {
        let n = end - from;
        if buffer.len() < n + 3 {
            buffer.resize(n + 3, 0xEE);
        }
        buffer[..n].copy_from_slice(&wire[from..end]);
        let frames = &mut out.frames;
        let result = decoder.feed_from(&mut buffer, n, &mut |f| {
            frames.push((f.start, f.end, f.header, f.payload.to_vec()));
        });
        out.most_held = out.most_held.max(decoder.buffered());
        assert!(decoder.buffered() <= decoder.reserved());
        buffer.fill(0xEE);
        out.error = result.err();
        from = end;
    }
    out.error = decoder
        .finish(&mut |f| {
            out.frames
                .push((f.start, f.end, f.header, f.payload.to_vec()));
        })
        .err();
    out
}

proptest! {
    #![proptest_config(Config::with_cases(200))]

    /// Whether a buffer is kept or its bytes are copied: the same comes out.
    #[test]
    fn handed_over_or_copied_is_the_same(
        spec in specs(),
        sizes in vec(0usize..20_000, 0..6),
        cuts in vec(any::<usize>(), 0..8),
        flip in proptest::option::of(any::<usize>()),
    ) {
        let framing = spec.build(1 << 16);
        let mut wire = Vec::new();
        for (at, size) in sizes.iter().enumerate() {
            // What it cannot carry is left out.
            let _ = framing.encode(&vec![b'a' + at as u8; *size], &mut wire);
        }
        if let (Some(at), false) = (flip, wire.is_empty()) {
            let at = at % wire.len();
            wire[at] ^= 1;
        }
        prop_assert_eq!(
            decode_from(&*framing, &wire, &cuts),
            decode(&*framing, &wire, &cuts)
        );
    }
}
