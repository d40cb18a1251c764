//! Decoding throughput against the codecs of `tokio-util` and the `cobs` crate: the same
//! strategy, the same stream in the same chunks, in interleaved rounds of one process.
//!
//! Each side gets a chunk as `recv` would give it: copied once, into the buffer that recv is
//! given here, into its growing buffer there. Each message is looked at (its length, its first and last byte) and
//! dropped. Run with `cargo bench --bench framing`; a word after `--` chooses strategies.
//!
//! The ratio is the median over the rounds of theirs / ours: above 1, this lab's decoder is
//! faster.

use std::hint::black_box;
use std::time::{Duration, Instant};

use socklab::framing::{Framing, FramingSpec};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{AnyDelimiterCodec, Decoder, LengthDelimitedCodec, LinesCodec};

const LIMIT: usize = 1 << 20;
const ROUNDS: usize = 21;
const FRAMES: [usize; 2] = [64, 64 << 10];
const CHUNKS: [usize; 2] = [1460, 64 << 10];

/// What decoding a stream came to; equal on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    messages: u64,
    bytes: u64,
    ends: u64,
}

impl Seen {
    #[inline]
    fn message(&mut self, message: &[u8]) {
        self.messages += 1;
        self.bytes += message.len() as u64;
        let end = |byte: Option<&u8>| byte.map_or(0, |&byte| u64::from(byte));
        self.ends += end(message.first()) + end(message.last());
    }
}

fn ours(framing: &dyn Framing, wire: &[u8], chunk: usize) -> Seen {
    let mut decoder = framing.decoder();
    let mut buffer = vec![0; chunk];
    let mut seen = Seen::default();
    for piece in wire.chunks(chunk) {
        if buffer.len() < piece.len() {
            buffer.resize(piece.len(), 0);
        }
        buffer[..piece.len()].copy_from_slice(piece);
        // As the lab's own receivers do.
        decoder
            .feed_from(black_box(&mut buffer), piece.len(), &mut |frame| {
                seen.message(frame.payload);
            })
            .expect("well framed");
    }
    decoder.finish(&mut |_| ()).expect("ended between frames");
    seen
}

fn tokio<C: Decoder>(mut codec: C, wire: &[u8], chunk: usize) -> Seen
where
    C::Item: AsRef<[u8]>,
    C::Error: std::fmt::Debug,
{
    let mut buffer = BytesMut::with_capacity(chunk);
    let mut seen = Seen::default();
    for piece in wire.chunks(chunk) {
        buffer.extend_from_slice(piece);
        while let Some(message) = codec.decode(&mut buffer).expect("well framed") {
            seen.message(message.as_ref());
        }
    }
    seen
}

fn cobs_crate(wire: &[u8], chunk: usize) -> Seen {
    let mut decoder = cobs::CobsDecoderOwned::new(LIMIT);
    let mut buffer = vec![0; chunk];
    let mut seen = Seen::default();
    for piece in wire.chunks(chunk) {
        let received = &mut buffer[..piece.len()];
        received.copy_from_slice(piece);
        let mut rest: &[u8] = black_box(received);
        while let Some(report) = decoder.push(rest).expect("well framed") {
            seen.message(&decoder.dest()[..report.frame_size()]);
            rest = &rest[report.parsed_size()..];
        }
    }
    seen
}

/// Bytes without order and without the mark: `least..=greatest`.
fn payload(size: usize, least: u8, greatest: u8, seed: &mut u64) -> Vec<u8> {
    (0..size)
        .map(|_| {
            // xorshift64*
            *seed ^= *seed >> 12;
            *seed ^= *seed << 25;
            *seed ^= *seed >> 27;
            let number = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
            least + (number % (u64::from(greatest - least) + 1)) as u8
        })
        .collect()
}

fn stream(framing: &dyn Framing, frame: usize, range: (u8, u8)) -> Vec<u8> {
    // Enough for a round of some milliseconds.
    let volume: usize = if frame < 1000 { 4 << 20 } else { 24 << 20 };
    let mut seed = 0x9e37_79b9_7f4a_7c15;
    let messages: Vec<Vec<u8>> = (0..64)
        .map(|_| payload(frame, range.0, range.1, &mut seed))
        .collect();
    let mut wire = Vec::new();
    for message in messages.iter().cycle().take(volume / frame) {
        framing.encode(message, &mut wire).expect("short enough");
    }
    wire
}

fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed(), result)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One row a cell.
fn compare(
    name: &str,
    spec: &str,
    range: (u8, u8),
    least: f64,
    theirs: impl Fn(&[u8], usize) -> Seen,
) {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    if !chosen.is_empty() && !chosen.iter().any(|word| name.contains(word.as_str())) {
        return;
    }
    let spec: FramingSpec = spec.parse().expect("a strategy");
    let framing = spec.build(LIMIT);
    for frame in FRAMES {
        let wire = stream(&*framing, frame, range);
        for chunk in CHUNKS {
            let (mut rate, mut other, mut ratio) = (Vec::new(), Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                // Turn by turn, and now the one first, now the other.
                let run_ours = || time(|| ours(&*framing, &wire, chunk));
                let run_theirs = || time(|| theirs(&wire, chunk));
                let ((mine, seen), (his, his_seen)) = if round % 2 == 0 {
                    let first = run_ours();
                    (first, run_theirs())
                } else {
                    let first = run_theirs();
                    (run_ours(), first)
                };
                assert_eq!(seen, his_seen);
                if round > 0 {
                    rate.push(wire.len() as f64 / mine.as_secs_f64() / 1e6);
                    other.push(wire.len() as f64 / his.as_secs_f64() / 1e6);
                    ratio.push(his.as_secs_f64() / mine.as_secs_f64());
                }
            }
            let ratio = median(ratio);
            println!(
                "{name:44} {frame:>6} B frames {chunk:>6} B chunks {:>9.0} MB/s against {:>7.0}  {ratio:>7.2}  {}",
                median(rate),
                median(other),
                if ratio >= least { "ok" } else { "BELOW" }
            );
        }
    }
}

fn main() {
    let any = (0, 255);
    let letters = (b' ', b'~');
    compare(
        "length:u32:big, LengthDelimitedCodec",
        "length:u32:big",
        any,
        1.0,
        |wire, chunk| {
            let mut codec = LengthDelimitedCodec::builder();
            tokio(codec.max_frame_length(LIMIT).new_codec(), wire, chunk)
        },
    );
    compare(
        "length:u64:little, LengthDelimitedCodec",
        "length:u64:little",
        any,
        1.0,
        |wire, chunk| {
            let mut codec = LengthDelimitedCodec::builder();
            let codec = codec.length_field_length(8).little_endian();
            tokio(codec.max_frame_length(LIMIT).new_codec(), wire, chunk)
        },
    );
    compare(
        r"delimiter:\n, LinesCodec",
        r"delimiter:\n",
        letters,
        1.5,
        |wire, chunk| tokio(LinesCodec::new_with_max_length(LIMIT), wire, chunk),
    );
    compare(
        r"delimiter:\n, AnyDelimiterCodec",
        r"delimiter:\n",
        letters,
        1.5,
        |wire, chunk| {
            let mark = b"\n".to_vec();
            let codec = AnyDelimiterCodec::new_with_max_length(mark.clone(), mark, LIMIT);
            tokio(codec, wire, chunk)
        },
    );
    compare("cobs, the cobs crate", "cobs", any, 1.0, cobs_crate);
}
