//! The comparison held against other ways of finding the same out.

use std::sync::Arc;

use proptest::prelude::*;

use super::arrival::{Wire, holds};
use super::loss::{LossOutcome, without_byte};
use super::*;
use crate::framing::{DecodeError, Decoder, EncodeError, Field, Frame, Framing, Hazard};

fn spec(text: &str) -> FramingSpec {
    text.parse().expect("valid")
}

fn found(text: &str, messages: &[&[u8]]) -> Found {
    let messages: Vec<Vec<u8>> = messages.iter().map(|m| m.to_vec()).collect();
    find_out(&spec(text), &Sample::of(&messages), &Cancel::default()).expect("not cancelled")
}

#[test]
fn raw_holds_against_nothing_but_arbitrary_bytes() {
    let raw = found("raw", &[b"hello", b"you"]);
    let split = raw.split.expect("tried");
    assert_eq!(
        split.failed, split.tried,
        "every cut inside a message is seen"
    );
    assert!(split.tried > 100);
    let merge = raw.merge.expect("tried");
    assert_eq!((merge.tried, merge.failed), (15, 15));
    assert!(raw.binary.holds());
    assert_eq!(raw.wire, Ok(8));
    let example = merge.example.expect("it failed");
    assert_eq!(
        example.chunks.len(),
        4,
        "the smallest merging: one pair of neighbours"
    );
    assert!(example.got.iter().any(|got| got.len() == 8), "{example:?}");
}

#[test]
fn a_delimiter_survives_arrivals_and_not_itself() {
    let lines = found(r"delimiter:\n", &[b"hello", b"you"]);
    assert!(lines.split.expect("tried").holds());
    assert!(lines.merge.expect("tried").holds());
    assert!(!lines.binary.holds());
    let example = lines.binary.example.expect("it failed");
    assert!(example.sent[0].contains(&b'\n'), "{example:?}");
    let loss = lines.loss.expect("tried");
    assert_eq!((loss.resynchronises, loss.silent), (loss.tried, 0));
}

#[test]
fn a_mark_of_two_bytes_fails_on_half_of_itself() {
    let marks = found("delimiter:##", &[b"hello"]);
    let example = marks.binary.example.expect("it failed");
    assert_eq!(
        example.sent[0], b"#",
        "one half of the mark at the end is enough"
    );
}

#[test]
fn a_length_prefix_survives_everything_but_a_lost_byte() {
    let length = found("length:u32:big", &[b"hello", b"you"]);
    assert!(length.split.expect("tried").holds());
    assert!(length.merge.expect("tried").holds());
    assert!(length.binary.holds());
    let loss = length.loss.expect("tried");
    assert_eq!(loss.resynchronises, 0);
    assert_eq!(loss.detects + loss.silent, loss.tried);
    assert!(loss.detects > 0);
}

#[test]
fn messages_that_do_not_fit_are_told() {
    let long = vec![b'x'; 300];
    let short = found("length:u8:big", &[b"hello", &long]);
    assert!(matches!(short.wire, Err((1, EncodeError::TooLong { .. }))));
    assert!(short.split.is_none() && short.loss.is_none());
    assert_eq!(short.overhead(305), None);
}

/// What a delimiter does when a byte is missing, thought out without a decoder.
fn delimiter_by_hand(messages: &[Vec<u8>], lost: usize) -> LossOutcome {
    let mut stream: Vec<u8> = Vec::new();
    for message in messages {
        stream.extend_from_slice(message);
        stream.push(b'\n');
    }
    stream.remove(lost);
    let text = String::from_utf8(stream).expect("ASCII");
    let came: Vec<&str> = text
        .strip_suffix('\n')
        .expect("whole")
        .split('\n')
        .collect();
    let later = &messages[messages.len() - 2..];
    let ends: Vec<&[u8]> = came[came.len() - 2..]
        .iter()
        .map(|s| s.as_bytes())
        .collect();
    assert_eq!(ends, later, "the last two come out");
    LossOutcome::Resynchronises
}

proptest! {
    #[test]
    fn overhead_is_what_is_sent_less_what_is_said(
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..20),
    ) {
        let sample = Sample::of(&messages);
        for spec in FramingSpec::choices() {
            let framing = spec.build(FRAME_LIMIT);
            let mut wire = Vec::new();
            let encoded = messages.iter().try_for_each(|m| framing.encode(m, &mut wire));
            let found = find_out_cost(&spec, &sample);
            match encoded {
                Ok(()) => prop_assert_eq!(found, Ok(wire.len() as u64)),
                Err(error) => prop_assert_eq!(found.map_err(|(_, e)| e), Err(error)),
            }
        }
    }

    #[test]
    fn a_lost_byte_does_what_reading_by_hand_says(
        messages in prop::collection::vec("[a-z]{1,6}", 5..=5),
        at in any::<prop::sample::Index>(),
    ) {
        let messages: Vec<Vec<u8>> = messages.into_iter().map(String::into_bytes).collect();
        let framing = spec(r"delimiter:\n").build(FRAME_LIMIT);
        let wire = Wire::encode(framing.as_ref(), &messages).expect("fits");
        let lost = at.index(wire.ranges[1].end);
        let outcome = without_byte(framing.as_ref(), &messages, &wire, lost);
        prop_assert_eq!(outcome, delimiter_by_hand(&messages, lost));
    }

    /// With one byte of header every message of a broken stream can be read by hand.
    #[test]
    fn a_lost_byte_of_a_length_prefix_is_judged_as_by_hand(
        messages in prop::collection::vec("[a-z]{1,6}", 5..=5),
        at in any::<prop::sample::Index>(),
    ) {
        let messages: Vec<Vec<u8>> = messages.into_iter().map(String::into_bytes).collect();
        let framing = spec("length:u8:big").build(FRAME_LIMIT);
        let wire = Wire::encode(framing.as_ref(), &messages).expect("fits");
        let lost = at.index(wire.ranges[1].end);
        let mut stream = wire.bytes.clone();
        stream.remove(lost);
        // Read it as the format says: a number, then that many bytes.
        let (mut place, mut frames, mut whole) = (0, Vec::new(), true);
        while place < stream.len() {
            let end = place + 1 + usize::from(stream[place]);
            if end > stream.len() {
                whole = false;
                break;
            }
            frames.push((place, stream[place + 1..end].to_vec()));
            place = end;
        }
        let hit = wire.ranges.iter().position(|r| r.contains(&lost)).expect("inside");
        let undamaged = |i: usize| {
            let start = if i < hit { wire.ranges[i].start } else { wire.ranges[i].start - 1 };
            frames.contains(&(start, messages[i].clone()))
        };
        let rights = (0..5).filter(|&i| i != hit && undamaged(i)).count();
        let expected = if (hit + 2..5).all(undamaged) {
            LossOutcome::Resynchronises
        } else if !whole && frames.len() - rights <= 1 {
            LossOutcome::Detects { at_end: true }
        } else {
            LossOutcome::SilentlyWrong
        };
        prop_assert_eq!(
            without_byte(framing.as_ref(), &messages, &wire, lost),
            expected
        );
    }
}

fn find_out_cost(spec: &FramingSpec, sample: &Sample) -> Result<u64, (usize, EncodeError)> {
    cost(spec.build(FRAME_LIMIT).as_ref(), sample)
}

#[test]
fn a_thousand_messages_are_measured_on_real_sockets() {
    let messages: Arc<dyn Messages> = Arc::new(vec![b"hello".to_vec(), b"you".to_vec()]);
    let specs = vec![spec("raw"), spec("length:u32:big")];
    let mut comparison = Comparison::start(messages, specs, Arc::new(|| {})).expect("a thread");
    comparison.wait();
    comparison.read(|table| {
        assert!(table.is_complete());
        assert!(table.rows.iter().all(|row| row.time == Time::NotMeasured));
    });
    comparison.measure(Arc::new(|| {})).expect("a thread");
    comparison.wait();
    let mut file = Vec::new();
    comparison.read(|table| {
        assert_eq!(table.measured(), 2);
        let Time::Measured(length) = &table.rows[1].time else {
            panic!("{:?}", table.rows[1].time)
        };
        assert_eq!((length.right, length.replies), (1_000, 0));
        assert!(length.took > 0 && length.runs >= 1);
        let Time::Measured(raw) = &table.rows[0].time else {
            panic!("{:?}", table.rows[0].time)
        };
        assert!(raw.right <= 1_000);
        write_csv(table, &mut file).expect("memory");
        assert_eq!(read_csv(file.as_slice()), Ok(records(table)));
    });
    let text = String::from_utf8(file).expect("UTF-8");
    assert!(text.starts_with("framing,messages,payload_bytes,"));
    assert!(text.ends_with("\r\n"));
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn csv_keeps_strategies_with_commas_and_quotes() {
    let messages = vec![b"hello".to_vec()];
    let sample = Sample::of(&messages);
    let rows = ["delimiter:,", "delimiter:\""].map(|text| Row {
        spec: spec(text),
        found: find_out(&spec(text), &sample, &Cancel::default()),
        time: Time::NotMeasured,
    });
    let table = Table {
        rows: rows.to_vec(),
        sample,
    };
    let mut file = Vec::new();
    write_csv(&table, &mut file).expect("memory");
    let back = read_csv(file.as_slice()).expect("our own");
    assert_eq!(back, records(&table));
    assert_eq!(back[0].framing, "delimiter:,");
    assert_eq!(back[0].thousand_us, None);
    assert!(read_csv(&b"a,b\r\n1,2\r\n"[..]).is_err());
}

#[test]
fn cancelling_a_measurement_leaves_the_rest_unmeasured() {
    let messages: Arc<dyn Messages> = Arc::new(vec![vec![b'x'; 60_000]]);
    let specs = FramingSpec::choices();
    let mut comparison = Comparison::start(messages, specs, Arc::new(|| {})).expect("a thread");
    comparison.wait();
    comparison.measure(Arc::new(|| {})).expect("a thread");
    comparison.cancel();
    comparison.wait();
    assert!(!comparison.is_measuring());
    comparison.read(|table| {
        assert!(table.rows.iter().all(|row| row.time != Time::Measuring));
        assert_eq!(table.rows.last().map(|r| &r.time), Some(&Time::NotMeasured));
    });
}

/// Lines, of which the decoder swallows one in silence: what a comparison must notice.
struct Forgetful {
    lines: Box<dyn Framing>,
    forgets: usize,
}

impl Forgetful {
    fn of(forgets: usize) -> Self {
        Forgetful {
            lines: spec(r"delimiter:\n").build(1 << 10),
            forgets,
        }
    }
}

impl Framing for Forgetful {
    fn spec(&self) -> FramingSpec {
        self.lines.spec()
    }

    fn longest(&self) -> Option<usize> {
        self.lines.longest()
    }

    fn encode(&self, message: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.lines.encode(message, wire)
    }

    fn layout(&self, message: &[u8]) -> Result<Vec<Field>, EncodeError> {
        self.lines.layout(message)
    }

    fn hazard(&self, message: &[u8]) -> Option<Hazard> {
        self.lines.hazard(message)
    }

    fn decoder(&self) -> Box<dyn Decoder> {
        Box::new(Forgetting {
            lines: self.lines.decoder(),
            seen: 0,
            forgets: self.forgets,
        })
    }
}

struct Forgetting {
    lines: Box<dyn Decoder>,
    seen: usize,
    forgets: usize,
}

impl Decoder for Forgetting {
    fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        let (seen, forgets) = (&mut self.seen, self.forgets);
        self.lines.feed(chunk, &mut |frame| {
            if *seen != forgets {
                sink(frame);
            }
            *seen += 1;
        })
    }

    fn finish(&mut self, sink: &mut dyn FnMut(Frame<'_>)) -> Result<(), DecodeError> {
        self.lines.finish(sink)
    }

    fn buffered(&self) -> usize {
        self.lines.buffered()
    }

    fn reserved(&self) -> usize {
        self.lines.reserved()
    }
}

#[test]
fn a_message_that_never_comes_out_is_no_success() {
    let messages: Vec<Vec<u8>> = (b'a'..=b'e').map(|letter| vec![letter; 3]).collect();
    for (forgets, expected) in [(4, false), (0, false), (5, true)] {
        let framing = Forgetful::of(forgets);
        let wire = Wire::encode(&framing, &messages).expect("lines");
        assert_eq!(
            holds(&framing, &wire, &messages, &[]),
            expected,
            "{forgets}"
        );
        assert_eq!(
            holds(&framing, &wire, &messages, &wire.boundaries()),
            expected,
            "{forgets}"
        );
    }
}

/// Every message from the second after the damaged one on must come out right, not just one.
#[test]
fn one_right_message_after_the_loss_is_not_enough() {
    let messages: Vec<Vec<u8>> = (b'a'..=b'e').map(|letter| vec![letter; 3]).collect();
    for forgets in 2..5 {
        let framing = Forgetful::of(forgets);
        let wire = Wire::encode(&framing, &messages).expect("lines");
        // Byte 1 is inside the first message: the damaged one comes out, but nothing merges.
        assert_eq!(
            without_byte(&framing, &messages, &wire, 1),
            LossOutcome::SilentlyWrong,
            "{forgets}"
        );
    }
    let framing = Forgetful::of(0);
    let wire = Wire::encode(&framing, &messages).expect("lines");
    assert_eq!(
        without_byte(&framing, &messages, &wire, 1),
        LossOutcome::Resynchronises
    );
}
