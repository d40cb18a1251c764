//! What the relay does next with the bytes it holds: an attack carried out without a socket, so
//! that every way in which bytes can arrive is tested.

use std::time::{Duration, Instant};

use super::Attack;
use super::chunks::{absurd_header, filler};
use crate::framing::FramingSpec;

/// Letters of an endless frame sent at once.
const ENDLESS_PIECE: usize = 16 << 10;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::experiment) enum Step {
    /// Pass these on, in one piece.
    Pass(Vec<Piece>),
    /// Take that many held bytes and forget them.
    Drop(usize),
    /// Nothing, until more bytes come or that time has come.
    Wait(Option<Instant>),
    /// End the stream to the server. Said once.
    End(Ending),
}

/// A piece to pass on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::experiment) enum Piece {
    /// The next held bytes, that many, as they are.
    Copy(usize),
    /// The next held byte with these bits turned round.
    Alter(u8),
    /// Bytes of the attacker.
    Insert(Vec<u8>),
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::experiment) enum Ending {
    /// `shutdown(SHUT_WR)`: what was passed on arrives, then the end.
    Close,
    /// Both connections are broken off.
    Reset,
}

/// What the relay knows when it asks.
#[derive(Clone, Copy, Debug)]
pub(in crate::experiment) struct Held {
    /// Bytes received and not yet handled.
    pub(in crate::experiment) bytes: usize,
    /// No more will come.
    pub(in crate::experiment) ended: bool,
    /// No more fit.
    pub(in crate::experiment) full: bool,
    /// When the last of them came.
    pub(in crate::experiment) since: Instant,
    pub(in crate::experiment) now: Instant,
}

/// One attack under way on one direction of a connection.
#[derive(Debug)]
pub(in crate::experiment) struct Script {
    attack: Attack,
    /// Bytes handled so far.
    at: u64,
    /// What happens once has happened.
    done: bool,
    until: Option<Instant>,
    /// The stream to the server has been ended.
    over: bool,
    /// What an absurd length is in this framing.
    header: Vec<u8>,
    filler: u8,
    /// Letters of an endless frame still to be sent.
    endless: usize,
}

impl Script {
    /// `most`: bytes of a frame that never ends, at most.
    pub(in crate::experiment) fn new(attack: Attack, framing: &FramingSpec, most: usize) -> Self {
        Script {
            attack,
            at: 0,
            done: false,
            until: None,
            over: false,
            header: absurd_header(framing).unwrap_or_default(),
            filler: filler(framing),
            endless: most,
        }
    }

    /// Passes everything on.
    pub(in crate::experiment) fn untouched() -> Self {
        Self::new(Attack::None, &FramingSpec::Raw, 0)
    }

    /// What to do now. Whatever it says is taken to be done.
    pub(in crate::experiment) fn next(&mut self, held: Held) -> Step {
        if self.over {
            return match held.bytes {
                0 => Step::Wait(None),
                n => {
                    self.at += n as u64;
                    Step::Drop(n)
                }
            };
        }
        match self.attack {
            Attack::None => self.pass(held),
            Attack::Slice { size, gap_ms } => self.slice(held, size as usize, gap_ms),
            Attack::Merge { idle_ms } => {
                let due = held.since + Duration::from_millis(idle_ms.into());
                if held.bytes == 0 || held.ended || held.full || held.now >= due {
                    self.pass(held)
                } else {
                    Step::Wait(Some(due))
                }
            }
            Attack::Stall { at, ms } => self.stall(held, at, ms),
            Attack::Cut { at } => self.up_to(held, at, |script| script.end(Ending::Close)),
            Attack::Reset { at } => self.up_to(held, at, |script| script.end(Ending::Reset)),
            Attack::Flip { at, bit } => match self.within(held, at) {
                Some(before) if before < held.bytes => {
                    self.done = true;
                    self.pieces(held.bytes, before, Piece::Alter(1 << bit), 1)
                }
                _ => self.pass(held),
            },
            Attack::Insert { at, ref bytes } => {
                let bytes = bytes.clone();
                self.insert(held, at, bytes)
            }
            Attack::AbsurdLength { at } => {
                let header = self.header.clone();
                self.insert(held, at, header)
            }
            Attack::Endless { at } => self.up_to(held, at, |script| {
                let now = script.endless.min(ENDLESS_PIECE);
                script.endless -= now;
                if now == 0 {
                    return script.end(Ending::Close);
                }
                Step::Pass(vec![Piece::Insert(vec![script.filler; now])])
            }),
        }
    }

    fn end(&mut self, ending: Ending) -> Step {
        self.over = true;
        Step::End(ending)
    }

    /// Everything there is; the end, when there is nothing more.
    fn pass(&mut self, held: Held) -> Step {
        match held.bytes {
            0 if held.ended => self.end(Ending::Close),
            0 => Step::Wait(None),
            n => self.copy(n),
        }
    }

    fn copy(&mut self, n: usize) -> Step {
        self.at += n as u64;
        Step::Pass(vec![Piece::Copy(n)])
    }

    fn slice(&mut self, held: Held, size: usize, gap_ms: u32) -> Step {
        if held.bytes == 0 {
            return self.pass(held);
        }
        if let Some(until) = self.until
            && held.now < until
        {
            return Step::Wait(Some(until));
        }
        self.until = Some(held.now + Duration::from_millis(gap_ms.into()));
        self.copy(held.bytes.min(size.max(1)))
    }

    fn stall(&mut self, held: Held, at: u64, ms: u32) -> Step {
        if self.done {
            return self.pass(held);
        }
        if self.at < at {
            return match held.bytes {
                0 => self.pass(held),
                n => self.copy(self.room(at, n)),
            };
        }
        if held.bytes == 0 && !held.ended {
            return Step::Wait(None);
        }
        let until = *self
            .until
            .get_or_insert(held.now + Duration::from_millis(ms.into()));
        if held.now < until {
            return Step::Wait(Some(until));
        }
        self.done = true;
        self.pass(held)
    }

    /// Passes on what comes before `at`; from there on does `then`.
    fn up_to(&mut self, held: Held, at: u64, then: impl FnOnce(&mut Self) -> Step) -> Step {
        if self.at >= at {
            then(self)
        } else if held.bytes > 0 {
            self.copy(self.room(at, held.bytes))
        } else {
            self.pass(held)
        }
    }

    /// How many of `n` bytes come before `at`.
    fn room(&self, at: u64, n: usize) -> usize {
        usize::try_from(at - self.at).map_or(n, |room| room.min(n))
    }

    /// How many held bytes come before `at`, if it lies among them or just behind.
    fn within(&self, held: Held, at: u64) -> Option<usize> {
        let before = usize::try_from(at.checked_sub(self.at)?).ok()?;
        (!self.done && before <= held.bytes).then_some(before)
    }

    fn insert(&mut self, held: Held, at: u64, bytes: Vec<u8>) -> Step {
        match self.within(held, at) {
            // Behind the last byte only when it is certain that it is the last.
            Some(before) if !bytes.is_empty() && (before < held.bytes || held.ended) => {
                self.done = true;
                self.pieces(held.bytes, before, Piece::Insert(bytes), 0)
            }
            _ => self.pass(held),
        }
    }

    /// `held` bytes, of which `before` come before `piece`, which takes `takes` of them.
    fn pieces(&mut self, held: usize, before: usize, piece: Piece, takes: usize) -> Step {
        self.at += held as u64;
        let after = held - before - takes;
        let mut pieces = vec![Piece::Copy(before), piece, Piece::Copy(after)];
        pieces.retain(|piece| *piece != Piece::Copy(0));
        Step::Pass(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Runs an attack on `input`, which arrives in pieces of these sizes; time passes only when
    /// the script waits for it. What came out, in chunks, and how it ended.
    fn run(
        attack: &Attack,
        framing: &str,
        input: &[u8],
        sizes: &[usize],
    ) -> (Vec<Vec<u8>>, Option<Ending>) {
        let framing = framing.parse().expect("a framing");
        let mut script = Script::new(attack.clone(), &framing, 40_000);
        let (mut sent, mut ending) = (Vec::new(), None);
        let mut rest = input;
        let mut sizes = sizes.iter().copied().chain(std::iter::repeat(usize::MAX));
        let mut held: Vec<u8> = Vec::new();
        let mut ended = false;
        let mut now = Instant::now();
        let mut since = now;
        for _ in 0..10_000 {
            let step = script.next(Held {
                bytes: held.len(),
                ended,
                full: false,
                since,
                now,
            });
            match step {
                Step::Pass(pieces) => {
                    assert!(ending.is_none(), "nothing after the end");
                    let mut chunk = Vec::new();
                    for piece in pieces {
                        match piece {
                            Piece::Copy(n) => chunk.extend(held.drain(..n)),
                            Piece::Alter(bits) => chunk.push(held.remove(0) ^ bits),
                            Piece::Insert(bytes) => chunk.extend(bytes),
                        }
                    }
                    assert!(!chunk.is_empty());
                    sent.push(chunk);
                }
                Step::Drop(n) => {
                    assert!(ending.is_some());
                    held.drain(..n);
                }
                Step::End(how) => {
                    assert_eq!(ending.replace(how), None, "ended twice");
                }
                Step::Wait(until) => {
                    if ended && held.is_empty() && until.is_none() {
                        return (sent, ending);
                    }
                    if rest.is_empty() && ended {
                        now = until.expect("bytes held for ever");
                    } else if rest.is_empty() {
                        ended = true;
                    } else {
                        let n = sizes.next().unwrap_or(1).min(rest.len());
                        held.extend_from_slice(&rest[..n]);
                        rest = &rest[n..];
                        since = now;
                    }
                }
            }
        }
        panic!("{attack}: no end");
    }

    fn whole(attack: &str, framing: &str, input: &[u8]) -> (Vec<u8>, Option<Ending>) {
        let attack = attack.parse().expect("an attack");
        let (sent, ending) = run(&attack, framing, input, &[3, 1, 4]);
        (sent.concat(), ending)
    }

    #[test]
    fn each_attack_does_what_it_says() {
        let input = b"0123456789";
        let close = Some(Ending::Close);
        for (attack, framing, output, ending) in [
            ("none", "raw", &b"0123456789"[..], close),
            ("slice:1:5", "raw", b"0123456789", close),
            ("merge:50", "raw", b"0123456789", close),
            ("stall:4:100", "raw", b"0123456789", close),
            ("cut:4", "raw", b"0123", close),
            ("cut:0", "raw", b"", close),
            ("cut:99", "raw", b"0123456789", close),
            ("reset:4", "raw", b"0123", Some(Ending::Reset)),
            ("flip:4:1", "raw", b"0123656789", close),
            ("flip:10", "raw", b"0123456789", close),
            ("insert:4:ab", "raw", b"0123ab456789", close),
            ("insert:0:ab", "raw", b"ab0123456789", close),
            ("insert:10:ab", "raw", b"0123456789ab", close),
            ("insert:11:ab", "raw", b"0123456789", close),
            (
                "absurd-length:4",
                "length:u32:big",
                b"0123\xff\xff\xff\xff456789",
                close,
            ),
            (
                "absurd-length:4",
                "length:i32:little",
                b"0123\xff\xff\xff\x7f456789",
                close,
            ),
            ("absurd-length:4", "delimiter:#", b"0123456789", close),
        ] {
            assert_eq!(
                whole(attack, framing, input),
                (output.to_vec(), ending),
                "{attack}"
            );
        }
        let (sent, ending) = whole("endless:4", "delimiter:AB", input);
        assert_eq!((sent.len(), ending), (40_004, close));
        assert!(
            sent[4..].iter().all(|&b| b == b'C'),
            "no letter of the mark"
        );
    }

    #[test]
    fn slices_and_merges_make_chunks() {
        let (sent, _) = run(&"slice:3:0".parse().unwrap(), "raw", b"0123456789", &[5, 5]);
        let sizes: Vec<usize> = sent.iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 2, 3, 2]);
        let (sent, _) = run(
            &"merge:10".parse().unwrap(),
            "raw",
            b"0123456789",
            &[1, 2, 3],
        );
        assert_eq!(sent, [b"0123456789"]);
    }

    proptest! {
        /// However the bytes arrive, what comes out is the same, and nobody waits for ever.
        #[test]
        fn arrival_does_not_matter(
            choice in 0usize..10, at in 0u64..30, input in prop::collection::vec(any::<u8>(), 0..20),
            sizes in prop::collection::vec(1usize..6, 0..10),
        ) {
            let mut attack = Attack::choices().swap_remove(choice);
            if let Attack::Stall { at: a, .. } | Attack::Cut { at: a } | Attack::Reset { at: a }
                | Attack::Flip { at: a, .. } | Attack::Insert { at: a, .. }
                | Attack::AbsurdLength { at: a } | Attack::Endless { at: a } = &mut attack
            {
                *a = at;
            }
            let (once, end) = run(&attack, "length:u16:big", &input, &[]);
            let (cut, cut_end) = run(&attack, "length:u16:big", &input, &sizes);
            prop_assert_eq!(once.concat(), cut.concat());
            prop_assert_eq!(end, cut_end);
            prop_assert!(end.is_some());
        }
    }
}
