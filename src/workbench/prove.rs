//! The split prover: does a strategy bring the messages back however their stream is cut?
//!
//! Cuttings are tried in families, the smallest first, so that the first that fails is the
//! smallest there is, as far as the families tried are complete:
//!
//! ```text
//! no cut          1                      everything in one recv
//! one cut         n - 1                  every way to cut the stream in two
//! two cuts        (n-1)(n-2)/2           every pair, for streams up to a size
//! more cuts       all the rest           for very short streams: a proof
//! equal chunks    one per size           recv(1), recv(2), recv(3) …
//! at random       as many as asked for   seeded: the same seed, the same cuttings
//! ```
//!
//! A counter-example found at random is shrunk: cuts are taken out as long as it still fails, then
//! each is moved to the left as far as it still fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use crate::framing::FramingSpec;

use super::chunks::{CannotEncode, Encoded};

/// Longest stream that is proven, in bytes.
pub const MOST_WIRE: usize = 1 << 20;
/// Longest stream of which every cut is tried, in bytes; a longer one is sampled.
pub const MOST_SINGLES: usize = 1 << 16;
/// Streams up to this many bytes are cut in every way there is (2^17 = 131 072 cuttings).
pub const EVERY_WAY: usize = 18;
/// Most random cuttings.
pub const MOST_SAMPLES: u64 = 100_000_000;
/// Moves tried to bring a random counter-example to the left.
const MOST_MOVES: usize = 4_096;

/// What is to be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The strategy.
    pub spec: FramingSpec,
    /// The messages.
    pub messages: Vec<Vec<u8>>,
    /// Every pair of cuts is tried for streams up to this many bytes.
    pub pairs_up_to: usize,
    /// Random cuttings.
    pub samples: u64,
    /// Seed of the random cuttings.
    pub seed: u64,
}

impl Default for Task {
    fn default() -> Self {
        Task {
            spec: FramingSpec::Raw,
            messages: Vec::new(),
            pairs_up_to: 1_024,
            samples: 100_000,
            seed: 1,
        }
    }
}

/// A family of cuttings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Everything in one chunk.
    Whole,
    /// Cut in two.
    OneCut,
    /// Cut in three.
    TwoCuts,
    /// Every other way there is.
    MoreCuts,
    /// Chunks of equal size, the last perhaps smaller.
    Equal,
    /// Seeded sampling.
    Random,
}

impl Kind {
    /// A name for files and the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Whole => "whole",
            Kind::OneCut => "one-cut",
            Kind::TwoCuts => "two-cuts",
            Kind::MoreCuts => "more-cuts",
            Kind::Equal => "equal-chunks",
            Kind::Random => "random",
        }
    }
}

/// How far a family got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// Which.
    pub kind: Kind,
    /// Cuttings tried.
    pub tried: u64,
    /// Cuttings to try.
    pub planned: u64,
    /// Are these all the cuttings of the family? (Never of random ones.)
    pub complete: bool,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every cutting tried brought every message back.
    Holds,
    /// One did not.
    Fails(Counterexample),
    /// The strategy cannot carry one of the messages.
    CannotEncode(CannotEncode),
    /// The encoded messages have that many bytes, more than [`MOST_WIRE`].
    TooLong(usize),
    /// Ended before the end.
    Cancelled,
}

/// A cutting that does not bring the messages back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// Offsets at which the encoded messages are cut; strictly increasing.
    pub cuts: Vec<usize>,
    /// The family it was found in.
    pub found_in: Kind,
    /// Is there none with fewer cuts, and none with as many further to the left? Else it is what
    /// shrinking came to.
    pub smallest: bool,
}

/// What was tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was to be proven.
    pub task: Task,
    /// The encoded messages; empty if they cannot be encoded.
    pub wire: Vec<u8>,
    /// Offset of each message in them, and the end.
    pub starts: Vec<usize>,
    /// The families in the order in which they were tried.
    pub families: Vec<Family>,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// Cuttings tried.
    pub fn tried(&self) -> u64 {
        self.families.iter().map(|family| family.tried).sum()
    }

    /// Of these, cuttings of families that were tried completely.
    pub fn exhaustive(&self) -> u64 {
        self.families
            .iter()
            .filter(|family| family.complete && family.tried == family.planned)
            .map(|family| family.tried)
            .sum()
    }

    /// Were these all the cuttings there are?
    pub fn is_proof(&self) -> bool {
        self.outcome == Outcome::Holds && self.wire.len() <= EVERY_WAY
    }
}

/// The cuttings that a task plans for a stream of `n` bytes.
fn plan(task: &Task, n: usize) -> Vec<Family> {
    let cuts = n.saturating_sub(1) as u64;
    let family = |kind, planned, complete| Family {
        kind,
        tried: 0,
        planned,
        complete,
    };
    let mut plan = vec![family(Kind::Whole, 1, true)];
    if n <= MOST_SINGLES {
        plan.push(family(Kind::OneCut, cuts, true));
    }
    let every_way = n <= EVERY_WAY;
    let pairs = every_way || n <= task.pairs_up_to.min(MOST_SINGLES);
    if pairs {
        plan.push(family(
            Kind::TwoCuts,
            cuts * cuts.saturating_sub(1) / 2,
            true,
        ));
    }
    if every_way {
        let all = 1_u64 << cuts;
        let fewer = 1 + cuts + cuts * cuts.saturating_sub(1) / 2;
        plan.push(family(Kind::MoreCuts, all - fewer, true));
    } else {
        // Sizes that make more chunks than the families before.
        let least = least_chunks(pairs, n);
        let sizes = (n - 1) / (least - 1);
        plan.push(family(Kind::Equal, sizes as u64, true));
        plan.push(family(Kind::Random, task.samples.min(MOST_SAMPLES), false));
    }
    plan.retain(|family| family.planned > 0);
    plan
}

/// Chunks of the smallest cutting that is not tried anyway.
fn least_chunks(pairs: bool, n: usize) -> usize {
    if pairs {
        4
    } else if n <= MOST_SINGLES {
        3
    } else {
        2
    }
}

/// How many cuttings a task is, for a stream of `n` bytes.
pub fn planned(task: &Task, n: usize) -> u64 {
    plan(task, n).iter().map(|family| family.planned).sum()
}

/// Tries them all. `go_on` is told how many were tried, now and then, and answers whether to.
pub fn prove(task: &Task, go_on: &mut dyn FnMut(u64) -> bool) -> Report {
    let begun = Instant::now();
    let mut report = Report {
        task: task.clone(),
        wire: Vec::new(),
        starts: Vec::new(),
        families: Vec::new(),
        outcome: Outcome::Holds,
        took: Duration::ZERO,
    };
    match Encoded::new(&task.spec, &task.messages) {
        Err(cannot) => report.outcome = Outcome::CannotEncode(cannot),
        Ok(encoded) if encoded.wire.len() > MOST_WIRE => {
            report.outcome = Outcome::TooLong(encoded.wire.len());
        }
        Ok(encoded) => {
            let mut trial = Trial::new(&encoded, &task.messages, go_on);
            report.families = plan(task, encoded.wire.len());
            report.outcome = trial.all(task, &mut report.families);
            report.wire = encoded.wire;
            report.starts = encoded.starts;
        }
    }
    report.took = begun.elapsed();
    report
}

/// Does decoding, cut at `cuts` (strictly increasing, inside the stream), give the messages back?
pub fn brings_back(encoded: &Encoded, messages: &[Vec<u8>], cuts: &[usize]) -> bool {
    let mut next = messages.iter();
    let mut right = true;
    let mut take = |frame: crate::framing::Frame<'_>| {
        right &= next.next().is_some_and(|message| message == frame.payload);
    };
    let mut decoder = encoded.framing.decoder();
    let mut start = 0;
    for end in cuts.iter().copied().chain([encoded.wire.len()]) {
        if decoder.feed(&encoded.wire[start..end], &mut take).is_err() {
            return false;
        }
        start = end;
    }
    decoder.finish(&mut take).is_ok() && right && next.next().is_none()
}

/// Ended early, or found.
enum Stop {
    Cancelled,
    Failing(Vec<usize>),
}

struct Trial<'a> {
    encoded: &'a Encoded,
    messages: &'a [Vec<u8>],
    go_on: &'a mut dyn FnMut(u64) -> bool,
    tried: u64,
    /// After how many cuttings `go_on` is asked.
    step: u64,
}

impl<'a> Trial<'a> {
    fn new(
        encoded: &'a Encoded,
        messages: &'a [Vec<u8>],
        go_on: &'a mut dyn FnMut(u64) -> bool,
    ) -> Self {
        // About a mebibyte decoded between two questions.
        let step = ((1 << 20) / encoded.wire.len().max(256)).max(1) as u64;
        Trial {
            encoded,
            messages,
            go_on,
            tried: 0,
            step,
        }
    }

    fn all(&mut self, task: &Task, families: &mut [Family]) -> Outcome {
        let n = self.encoded.wire.len();
        let pairs = families.iter().any(|family| family.kind == Kind::TwoCuts);
        for family in families {
            let before = self.tried;
            let ended = match family.kind {
                Kind::Whole => self.test(&[]),
                Kind::OneCut => self.combinations(1),
                Kind::TwoCuts => self.combinations(2),
                Kind::MoreCuts => (3..n).try_for_each(|cuts| self.combinations(cuts)),
                Kind::Equal => self.equal(family.planned as usize),
                Kind::Random => self.random(task.seed, family.planned, least_chunks(pairs, n) - 1),
            };
            family.tried = self.tried - before;
            match ended {
                Ok(()) => {}
                Err(Stop::Cancelled) => return Outcome::Cancelled,
                Err(Stop::Failing(cuts)) => {
                    let exhausted = matches!(
                        family.kind,
                        Kind::Whole | Kind::OneCut | Kind::TwoCuts | Kind::MoreCuts
                    );
                    let cuts = if exhausted { cuts } else { self.shrink(cuts) };
                    return Outcome::Fails(Counterexample {
                        cuts,
                        found_in: family.kind,
                        smallest: exhausted,
                    });
                }
            }
        }
        Outcome::Holds
    }

    fn test(&mut self, cuts: &[usize]) -> Result<(), Stop> {
        self.tried += 1;
        if !brings_back(self.encoded, self.messages, cuts) {
            return Err(Stop::Failing(cuts.to_vec()));
        }
        if self.tried.is_multiple_of(self.step) && !(self.go_on)(self.tried) {
            return Err(Stop::Cancelled);
        }
        Ok(())
    }

    /// Every way to place that many cuts, leftmost first.
    fn combinations(&mut self, count: usize) -> Result<(), Stop> {
        let last = self.encoded.wire.len().saturating_sub(1);
        if count > last {
            return Ok(());
        }
        let mut cuts: Vec<usize> = (1..=count).collect();
        loop {
            self.test(&cuts)?;
            // The rightmost cut that can still move, moves; those behind it follow closely.
            let Some(at) = (0..count)
                .rev()
                .find(|&at| cuts[at] < last + 1 + at - count)
            else {
                return Ok(());
            };
            cuts[at] += 1;
            for behind in at + 1..count {
                cuts[behind] = cuts[behind - 1] + 1;
            }
        }
    }

    fn equal(&mut self, sizes: usize) -> Result<(), Stop> {
        let n = self.encoded.wire.len();
        let mut cuts = Vec::with_capacity(n);
        // The largest first: few cuts are easier to understand.
        for size in (1..=sizes).rev() {
            cuts.clear();
            cuts.extend((size..n).step_by(size));
            self.test(&cuts)?;
        }
        Ok(())
    }

    fn random(&mut self, seed: u64, samples: u64, least: usize) -> Result<(), Stop> {
        let places = self.encoded.wire.len().saturating_sub(1);
        if places < least {
            return Ok(());
        }
        let mut random = SplitMix64(seed);
        let mut cuts = Vec::new();
        for _ in 0..samples {
            // Few cuts as often as many: the number's size is drawn first.
            let spread = 1 << random.below(places.ilog2() as usize + 1);
            let count = (least + random.below(spread)).min(places);
            cuts.clear();
            while cuts.len() < least {
                for _ in cuts.len()..count {
                    cuts.push(1 + random.below(places));
                }
                cuts.sort_unstable();
                cuts.dedup();
            }
            self.test(&cuts)?;
        }
        Ok(())
    }

    /// Fewer cuts, then further to the left, as long as it fails.
    fn shrink(&self, mut cuts: Vec<usize>) -> Vec<usize> {
        let fails = |cuts: &[usize]| !brings_back(self.encoded, self.messages, cuts);
        let mut moves = MOST_MOVES;
        // Half of them at once, then a quarter, down to single ones; and single ones again as
        // long as one goes, for one that could not may be able to once others are gone.
        let mut size = cuts.len().div_ceil(2);
        while size > 0 && moves > 0 {
            let before = cuts.len();
            let mut at = 0;
            while at < cuts.len() && moves > 0 {
                moves -= 1;
                let after = (at + size).min(cuts.len());
                let fewer = [&cuts[..at], &cuts[after..]].concat();
                if fails(&fewer) {
                    cuts = fewer;
                } else {
                    at = after;
                }
            }
            if size > 1 {
                size = size.div_ceil(2);
            } else if cuts.len() == before {
                size = 0;
            }
        }
        for at in 0..cuts.len() {
            let right = cuts[at];
            let left = if at == 0 { 1 } else { cuts[at - 1] + 1 };
            for place in left..right {
                if moves == 0 {
                    break;
                }
                moves -= 1;
                cuts[at] = place;
                if fails(&cuts) {
                    break;
                }
                cuts[at] = right;
            }
        }
        cuts
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` − 1; `n` is at least 1.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

/// A proof under way in a thread of its own. Dropping it ends the thread.
pub struct Proving {
    /// What is being proven.
    pub task: Task,
    shared: Arc<Shared>,
    result: Receiver<Report>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    tried: AtomicU64,
    planned: AtomicU64,
    cancel: AtomicBool,
}

/// How often a proof under way wakes whoever watches it.
const NEWS: Duration = Duration::from_millis(50);

impl Proving {
    /// Begins. `waker` is called from the thread when there is progress, and at the end.
    ///
    /// # Errors
    /// No thread to be had.
    pub fn start(task: Task, waker: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (tell, result) = bounded(1);
        let thread = std::thread::Builder::new()
            .name("split prover".into())
            .spawn({
                let (shared, task) = (Arc::clone(&shared), task.clone());
                move || {
                    let bytes =
                        Encoded::new(&task.spec, &task.messages).map_or(0, |e| e.wire.len());
                    shared
                        .planned
                        .store(planned(&task, bytes), Ordering::Relaxed);
                    let mut told = Instant::now();
                    let report = prove(&task, &mut |tried| {
                        shared.tried.store(tried, Ordering::Relaxed);
                        if told.elapsed() >= NEWS {
                            told = Instant::now();
                            waker();
                        }
                        !shared.cancel.load(Ordering::Relaxed)
                    });
                    let _ = tell.send(report);
                    waker();
                }
            })?;
        Ok(Proving {
            task,
            shared,
            result,
            thread: Some(thread),
        })
    }

    /// Cuttings tried, of how many planned.
    pub fn progress(&self) -> (u64, u64) {
        (
            self.shared.tried.load(Ordering::Relaxed),
            self.shared.planned.load(Ordering::Relaxed),
        )
    }

    /// Asks it to end; the report will say that it was cancelled.
    pub fn cancel(&self) {
        self.shared.cancel.store(true, Ordering::Relaxed);
    }

    /// What has become of it.
    pub fn answer(&self) -> Answer {
        match self.result.try_recv() {
            Ok(report) => Answer::Done(Box::new(report)),
            Err(TryRecvError::Empty) => Answer::UnderWay,
            Err(TryRecvError::Disconnected) => Answer::Gone,
        }
    }
}

/// What has become of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    UnderWay,
    /// It is over. Told once.
    Done(Box<Report>),
    /// The thread is gone and left no report, or it was taken before.
    Gone,
}

impl Drop for Proving {
    fn drop(&mut self) {
        self.cancel();
        if let Some(thread) = self.thread.take() {
            // It asks after every mebibyte decoded, so this takes no time to speak of.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counterexample_shrinks_to_its_fewest_cuts_furthest_left() {
        let shrunk = |messages: Vec<Vec<u8>>, cuts: Vec<usize>| {
            let encoded = Encoded::new(&FramingSpec::Raw, &messages).expect("raw carries all");
            Trial::new(&encoded, &messages, &mut |_| true).shrink(cuts)
        };
        let hello = b"hello".to_vec();
        let long = vec![b'x'; 1_000];
        assert_eq!(shrunk(vec![long.clone()], (1..1_000).collect()), [1]);
        assert_eq!(shrunk(vec![long], vec![400, 700, 900]), [1]);
        // Two messages fail uncut.
        let none: [usize; 0] = [];
        assert_eq!(shrunk(vec![hello.clone(), hello], vec![2, 5, 7]), none);
    }

    #[test]
    fn a_stream_too_long_for_every_cut_is_sampled_and_shrunk() {
        let task = Task {
            messages: vec![vec![b'x'; MOST_SINGLES + 10]],
            ..Task::default()
        };
        let report = prove(&task, &mut |_| true);
        let Outcome::Fails(found) = &report.outcome else {
            panic!("{:?}", report.outcome)
        };
        assert_eq!((&found.cuts[..], found.found_in), (&[1][..], Kind::Equal));
        assert!(!found.smallest, "not every single cut was tried");
        assert!(report.families.iter().all(|f| f.kind != Kind::OneCut));
    }
}
