//! The framer race: one chunk sequence through every strategy, side by side.
//!
//! The same messages are encoded by each strategy and cut at the same places (see
//! [`super::chunks`]); each decoder gets the chunks in order, and what comes out is judged against
//! what went in. Only the run's own strategy with the run's own cuts was measured; everything else
//! is simulated and says so.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::framing::{DecodeError, FramingSpec, Hazard};

use super::chunks::{Axis, CannotEncode, Encoded, MOST_CUTS, Traffic};

/// Frames kept per strategy; what comes out beyond is judged and counted all the same.
pub const MOST_FRAMES: usize = 20_000;

/// The messages as all strategies encode them, ready for any cuts.
pub struct Race {
    traffic: Traffic,
    axis: Axis,
    entrants: Vec<(FramingSpec, Result<Encoded, CannotEncode>)>,
    /// The run's own offsets of each unit that was cut.
    measured: BTreeMap<u64, Vec<usize>>,
    /// The unit at which receiving stopped, if before the end.
    stop: Option<u64>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It came out as it went in, with the chunk that brought its last byte.
    Right,
    /// It came out as it went in, but only after a later chunk.
    Late,
    /// Its bytes came out as something else.
    Wrong,
    /// It never came out.
    Lost,
}

/// A frame that came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its bytes in the strategy's stream.
    pub wire: Range<usize>,
    /// Where that is on the axis.
    pub units: Range<u64>,
    /// The messages of which it holds bytes.
    pub messages: Range<usize>,
    /// Bytes of its payload.
    pub length: usize,
    /// The chunk after which it came out, from 0; the number of chunks if only at the end.
    pub chunk: usize,
    /// Is it exactly one message, at once or late? Else wrong.
    pub verdict: Verdict,
}

/// Why a message did not come out right: the first one of a strategy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The message, from 0.
    pub message: usize,
    /// What happened to it.
    pub why: Why,
}

/// What went wrong, with figures. Chunks and messages count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The strategy cannot carry it.
    CannotEncode(CannotEncode),
    /// It put no byte on the wire.
    Vanishes,
    /// The receiving stopped before its last byte.
    NotReceived {
        /// Bytes that are missing.
        missing: usize,
    },
    /// Whole messages came out as one.
    Merged {
        /// Which.
        messages: Range<usize>,
        /// Bytes of the frame.
        bytes: usize,
        /// The chunk it came out with.
        chunk: usize,
    },
    /// A piece of it came out as a message.
    Part {
        /// Bytes of the piece.
        bytes: usize,
        /// Bytes of the message.
        of: usize,
        /// The chunk it came out with.
        chunk: usize,
    },
    /// Pieces of several messages came out as one.
    Mixed {
        /// Of which messages.
        messages: Range<usize>,
        /// Bytes of the frame.
        bytes: usize,
        /// The chunk it came out with.
        chunk: usize,
    },
    /// It contains what marks the end.
    Contains {
        /// Where in the message.
        at: usize,
        /// Bytes of what came out instead.
        bytes: usize,
    },
    /// It came out with other bytes.
    Altered {
        /// Bytes that came out.
        bytes: usize,
        /// Bytes that went in.
        of: usize,
    },
    /// It came out after a later chunk than the one that brought its last byte.
    Late {
        /// The chunk with its last byte.
        complete: usize,
        /// The chunk after which it came out; the number of chunks if only at the end.
        out: usize,
    },
    /// The decoder gave up, before it or in it.
    Error {
        /// With this.
        error: DecodeError,
        /// The chunk that made it give up.
        chunk: usize,
    },
    /// The decoder still holds it, waiting for more.
    Held {
        /// Bytes held.
        bytes: usize,
    },
}

/// How one strategy fared.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The strategy.
    pub spec: FramingSpec,
    /// Is it the run's own?
    pub own: bool,
    /// Were these chunks measured? Else they are simulated.
    pub measured: bool,
    /// Bytes of all messages as it encodes them; 0 if it cannot.
    pub wire_bytes: usize,
    /// Bytes of the payloads.
    pub payload_bytes: usize,
    /// Does it put bytes before the payload?
    pub has_head: bool,
    /// Does it put bytes behind the payload?
    pub has_tail: bool,
    /// How many chunks it got.
    pub chunks: usize,
    /// What came out; at most [`MOST_FRAMES`].
    pub frames: Vec<Frame>,
    /// How many frames came out.
    pub frame_count: usize,
    /// What became of each message.
    pub verdicts: Vec<Verdict>,
    /// The first message that did not come out right, and why.
    pub failure: Option<Failure>,
}

/// How many messages met each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// As they went in.
    pub right: usize,
    /// As they went in, too late.
    pub late: usize,
    /// As something else.
    pub wrong: usize,
    /// Never.
    pub lost: usize,
}

impl Lane {
    /// How many messages met each fate.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for verdict in &self.verdicts {
            match verdict {
                Verdict::Right => count.right += 1,
                Verdict::Late => count.late += 1,
                Verdict::Wrong => count.wrong += 1,
                Verdict::Lost => count.lost += 1,
            }
        }
        count
    }

    /// Did every message come out as it went in, and at once?
    pub fn holds(&self) -> bool {
        self.failure.is_none()
    }

    /// Bytes on the wire beyond the payloads; fewer than none if messages put no byte on it.
    pub fn overhead(&self) -> usize {
        self.wire_bytes.saturating_sub(self.payload_bytes)
    }

    /// The overhead in per cent of the payload; `None` without payload.
    pub fn overhead_percent(&self) -> Option<f64> {
        (self.payload_bytes > 0).then(|| self.overhead() as f64 * 100.0 / self.payload_bytes as f64)
    }
}

impl Race {
    /// Of these strategies over that traffic. The traffic's own comes first, whether listed or
    /// not; none comes twice.
    pub fn new(traffic: Traffic, specs: &[FramingSpec]) -> Self {
        let axis = traffic.axis();
        let mut all = vec![traffic.own.clone()];
        for spec in specs {
            if !all.contains(spec) {
                all.push(spec.clone());
            }
        }
        let entrants: Vec<_> = all
            .into_iter()
            .map(|spec| {
                let encoded = Encoded::new(&spec, &traffic.messages);
                (spec, encoded)
            })
            .collect();
        let mut measured: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let mut stop = None;
        if let Some((_, Ok(own))) = entrants.first() {
            for &cut in &traffic.cuts {
                measured
                    .entry(own.unit_of(&axis, cut))
                    .or_default()
                    .push(cut);
            }
            stop =
                (traffic.received < own.wire.len()).then(|| own.unit_of(&axis, traffic.received));
        }
        Race {
            traffic,
            axis,
            entrants,
            measured,
            stop,
        }
    }

    /// The traffic raced over.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// The messages as the run's own strategy encodes them; `None` if it cannot.
    pub fn own(&self) -> Option<&Encoded> {
        self.entrants.first()?.1.as_ref().ok()
    }

    /// The axis on which cuts are counted.
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// The traffic's own cuts, in units; strictly increasing.
    pub fn measured_cuts(&self) -> Vec<u64> {
        self.measured.keys().copied().collect()
    }

    /// Where cuts may be: above 0, below this.
    pub fn end(&self) -> u64 {
        self.stop.unwrap_or_else(|| self.axis.end())
    }

    /// The unit at which receiving stopped, if before the end.
    pub fn stop(&self) -> Option<u64> {
        self.stop
    }

    /// The unit that an offset in the run's own encoded messages lies at.
    pub fn unit_of_own(&self, offset: usize) -> u64 {
        match self.entrants.first() {
            Some((_, Ok(own))) => own.unit_of(&self.axis, offset),
            _ => 0,
        }
    }

    /// The offset of a unit in the run's own encoded messages: as measured, if it was.
    pub fn own_offset(&self, unit: u64) -> usize {
        match (self.measured.get(&unit), self.entrants.first()) {
            (Some(offsets), _) if !offsets.is_empty() => offsets[0],
            (_, Some((_, Ok(own)))) => own.offset_of(&self.axis, unit),
            _ => 0,
        }
    }

    /// Lets every strategy decode, cut at these units (in any order; outside ones do not count).
    pub fn run(&self, cuts: &[u64]) -> Vec<Lane> {
        let mut cuts: Vec<u64> = cuts
            .iter()
            .copied()
            .filter(|cut| (1..self.end()).contains(cut))
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        cuts.truncate(MOST_CUTS);
        let as_measured = self.traffic.measured && self.measured.keys().eq(cuts.iter());
        self.entrants
            .iter()
            .enumerate()
            .map(|(at, (spec, encoded))| {
                let mut lane = Lane {
                    spec: spec.clone(),
                    own: at == 0,
                    measured: at == 0 && as_measured,
                    wire_bytes: 0,
                    payload_bytes: self.traffic.payload_bytes(),
                    has_head: false,
                    has_tail: false,
                    chunks: 0,
                    frames: Vec::new(),
                    frame_count: 0,
                    verdicts: vec![Verdict::Lost; self.traffic.messages.len()],
                    failure: None,
                };
                match encoded {
                    Ok(encoded) => self.decode(encoded, &cuts, &mut lane),
                    Err(cannot) => {
                        lane.failure = Some(Failure {
                            message: cannot.message,
                            why: Why::CannotEncode(cannot.clone()),
                        });
                    }
                }
                lane
            })
            .collect()
    }

    /// Offsets at which that strategy's stream is cut: the end of each chunk, the last included.
    fn ends(&self, encoded: &Encoded, cuts: &[u64], own: bool) -> Vec<usize> {
        let received = match self.stop {
            _ if own => self.traffic.received,
            Some(stop) => encoded.offset_of(&self.axis, stop),
            None => encoded.wire.len(),
        };
        let mut ends = Vec::with_capacity(cuts.len() + 1);
        for &cut in cuts {
            match self.measured.get(&cut).filter(|_| own) {
                Some(offsets) => ends.extend(offsets),
                None => ends.push(encoded.offset_of(&self.axis, cut)),
            }
        }
        ends.push(received);
        ends.retain(|end| (1..=received).contains(end));
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    fn decode(&self, encoded: &Encoded, cuts: &[u64], lane: &mut Lane) {
        let ends = self.ends(encoded, cuts, lane.own);
        lane.wire_bytes = encoded.wire.len();
        lane.chunks = ends.len();
        (lane.has_head, lane.has_tail) = encoded.surrounds();
        let messages = &self.traffic.messages;
        let mut decoder = encoded.framing.decoder();
        let mut failed = None;
        // The first frame that holds bytes of each message without being it.
        let mut spoiled: Vec<Option<Frame>> = vec![None; messages.len()];
        let mut out: Vec<Option<(usize, usize)>> = vec![None; messages.len()];
        let mut take = |frame: crate::framing::Frame<'_>, chunk: usize| {
            let wire = frame.start as usize..frame.end as usize;
            let first = encoded.containing(wire.start);
            let after = encoded
                .starts
                .partition_point(|start| *start < wire.end)
                .clamp(first, messages.len());
            // A message without a byte that stands before the frame is not in it.
            let exact = wire.end > wire.start
                && after == first + 1
                && encoded.starts[first] == wire.start
                && encoded.starts[after] == wire.end
                && messages[first] == frame.payload;
            let mut verdict = Verdict::Wrong;
            if exact {
                let complete = ends.partition_point(|end| *end < wire.end);
                verdict = if chunk > complete {
                    Verdict::Late
                } else {
                    Verdict::Right
                };
                lane.verdicts[first] = verdict;
                out[first] = Some((complete, chunk));
            }
            let kept = Frame {
                units: encoded.unit_of(&self.axis, wire.start)
                    ..encoded.unit_of(&self.axis, wire.end),
                wire,
                messages: first..after,
                length: frame.payload.len(),
                chunk,
                verdict,
            };
            if !exact {
                lane.verdicts[first..after].fill(Verdict::Wrong);
                for spoilt in &mut spoiled[first..after] {
                    spoilt.get_or_insert_with(|| kept.clone());
                }
            }
            lane.frame_count += 1;
            if lane.frames.len() < MOST_FRAMES {
                lane.frames.push(kept);
            }
        };
        let mut start = 0;
        for (chunk, &end) in ends.iter().enumerate() {
            let fed = decoder.feed(&encoded.wire[start..end], &mut |frame| take(frame, chunk));
            if let Err(error) = fed {
                failed = Some((error, chunk));
                break;
            }
            start = end;
        }
        let held = decoder.buffered();
        if failed.is_none() && start == encoded.wire.len() {
            // What the end of the stream brings out; a frame left unfinished is told of below.
            let _ = decoder.finish(&mut |frame| take(frame, ends.len()));
        }
        let received = ends.last().copied().unwrap_or(0);
        lane.failure = lane
            .verdicts
            .iter()
            .position(|verdict| *verdict != Verdict::Right)
            .map(|message| {
                let wire = encoded.starts[message]..encoded.starts[message + 1];
                let hazard = encoded.framing.hazard(&messages[message]);
                let why = match (&spoiled[message], out[message]) {
                    (Some(frame), _) => spoilt(encoded, message, messages, hazard, frame),
                    (None, Some((complete, out))) => Why::Late { complete, out },
                    (None, None) if hazard == Some(Hazard::Vanishes) => Why::Vanishes,
                    (None, None) => match failed {
                        Some((error, chunk)) => Why::Error { error, chunk },
                        None if wire.end > received => Why::NotReceived {
                            missing: wire.end - received.max(wire.start),
                        },
                        None => Why::Held { bytes: held },
                    },
                };
                Failure { message, why }
            });
    }
}

/// Why a message came out as that frame.
fn spoilt(
    encoded: &Encoded,
    message: usize,
    messages: &[Vec<u8>],
    hazard: Option<Hazard>,
    frame: &Frame,
) -> Why {
    let whole = encoded.starts[frame.messages.start] == frame.wire.start
        && encoded.starts[frame.messages.end] == frame.wire.end;
    let (bytes, chunk, of) = (frame.length, frame.chunk, messages[message].len());
    if frame.messages.len() > 1 {
        let messages = frame.messages.clone();
        return if whole {
            Why::Merged {
                messages,
                bytes,
                chunk,
            }
        } else {
            Why::Mixed {
                messages,
                bytes,
                chunk,
            }
        };
    }
    match hazard {
        _ if whole => Why::Altered { bytes, of },
        Some(Hazard::ContainsDelimiter { at }) => Why::Contains { at, bytes },
        _ => Why::Part { bytes, of, chunk },
    }
}
