//! What the workbench found, in words.

use crate::framing::{EncodeError, FramingSpec};
use crate::i18n::{Lang, workbench as text};
use crate::trace::Trace;
use crate::ui::figures::grouped;
use crate::ui::strategies;
use crate::workbench::chunks::{Axis, HEAD, LeftOut, Place, Traffic};
use crate::workbench::demonstrate::{self, MOST_BYTES, MOST_CUTS};
use crate::workbench::prove::{Family, Kind, MOST_WIRE, Outcome, Report};
use crate::workbench::race::{Count, Failure, Lane, Verdict, Why};

/// The strategy's name; where several settings look alike, its text form tells them apart.
pub fn strategy(spec: &FramingSpec, lang: Lang) -> String {
    strategies::name(spec, lang)
}

/// What the person should know of a counter-example on the stage.
pub fn on_stage(trace: &Trace, lang: Lang) -> String {
    let stream = trace.main_stream().and_then(|id| trace.stream(id));
    let sizes: Vec<u64> = stream.map_or_else(Vec::new, |stream| {
        let recvs = stream.recvs().iter();
        recvs.map(|recv| recv.end - recv.start).collect()
    });
    text::ON_STAGE.fill(
        lang,
        &[
            ("messages", &stream.map_or(0, |s| s.messages().len())),
            ("recvs", &some_sizes(sizes, lang)),
        ],
    )
}

/// Why it did not get there.
pub fn no_stage(trouble: &demonstrate::Trouble, lang: Lang) -> String {
    use demonstrate::Trouble;
    match trouble {
        Trouble::CannotEncode => text::NO_STAGE_ENCODE.get(lang).to_owned(),
        Trouble::TooLong(bytes) => text::NO_STAGE_LONG.fill(
            lang,
            &[
                ("bytes", &grouped(*bytes as u64)),
                ("most", &grouped(MOST_BYTES as u64)),
            ],
        ),
        Trouble::TooManyCuts(cuts) => {
            text::NO_STAGE_CUTS.fill(lang, &[("cuts", cuts), ("most", &MOST_CUTS)])
        }
        Trouble::NotStarted(why) => text::NO_STAGE_START.fill(lang, &[("why", why)]),
        Trouble::Stuck => text::NO_STAGE_STUCK.get(lang).to_owned(),
        Trouble::CutElsewhere { asked, got } => text::NO_STAGE_ELSEWHERE.fill(
            lang,
            &[
                ("asked", &some_sizes(asked.iter().map(|n| *n as u64), lang)),
                ("got", &some_sizes(got.iter().map(|n| *n as u64), lang)),
            ],
        ),
        Trouble::Cancelled => text::CANCEL_PROOF.get(lang).to_owned(),
    }
}

/// The first few of a list of sizes.
fn some_sizes(sizes: impl IntoIterator<Item = u64>, lang: Lang) -> String {
    const SHOWN: usize = 8;
    let mut sizes = sizes.into_iter();
    let mut words: Vec<String> = sizes.by_ref().take(SHOWN).map(grouped).collect();
    if sizes.next().is_some() {
        words.push("…".to_owned());
    }
    words.join(text::LIST_SEPARATOR.get(lang))
}

/// Why the first message that did not come out right did not; messages and chunks count from 1.
pub fn failure(failure: &Failure, result: &Lane, numbers: &[u32], lang: Lang) -> String {
    let number = |i: usize| numbers.get(i).map_or(i as u64, |n| u64::from(*n)) + 1;
    let n = number(failure.message);
    let trusts = !result.spec.survives_any_cutting();
    match &failure.why {
        Why::CannotEncode(cannot) => {
            let EncodeError::TooLong { length, limit } = cannot.error;
            text::WHY_TOO_LONG.fill(lang, &[("n", &n), ("length", &length), ("limit", &limit)])
        }
        Why::Vanishes => text::WHY_VANISHES.fill(lang, &[("n", &n)]),
        Why::NotReceived { missing } => {
            text::WHY_NOT_RECEIVED.fill(lang, &[("n", &n), ("missing", missing)])
        }
        Why::Merged {
            messages,
            bytes,
            chunk,
        }
        | Why::Mixed {
            messages,
            bytes,
            chunk,
        } => {
            let phrase = match &failure.why {
                _ if !trusts => text::WHY_RUN_ON,
                Why::Merged { .. } => text::WHY_MERGED,
                _ => text::WHY_MIXED,
            };
            phrase.fill(
                lang,
                &[
                    ("first", &number(messages.start)),
                    ("last", &number(messages.end - 1)),
                    ("bytes", bytes),
                    ("chunk", &(chunk + 1)),
                ],
            )
        }
        Why::Part { bytes, of, .. } if !trusts => {
            text::WHY_ALTERED.fill(lang, &[("n", &n), ("bytes", bytes), ("of", of)])
        }
        Why::Part { bytes, of, chunk } => text::WHY_PART.fill(
            lang,
            &[
                ("n", &n),
                ("bytes", bytes),
                ("of", of),
                ("chunk", &(chunk + 1)),
            ],
        ),
        Why::Contains { at, bytes } => {
            text::WHY_CONTAINS.fill(lang, &[("n", &n), ("at", at), ("bytes", bytes)])
        }
        Why::Altered { bytes, of } => {
            text::WHY_ALTERED.fill(lang, &[("n", &n), ("bytes", bytes), ("of", of)])
        }
        Why::Late { complete, out } if *out >= result.chunks => {
            text::WHY_LATE_END.fill(lang, &[("n", &n), ("complete", &(complete + 1))])
        }
        Why::Late { complete, out } => text::WHY_LATE.fill(
            lang,
            &[
                ("n", &n),
                ("complete", &(complete + 1)),
                ("out", &(out + 1)),
            ],
        ),
        Why::Error { error, chunk } => {
            let words = strategies::error(
                error.code(),
                error.offset,
                error.value(),
                error.limit(),
                lang,
            )
            .unwrap_or_else(|| error.to_string());
            text::WHY_ERROR.fill(lang, &[("chunk", &(chunk + 1)), ("error", &words)])
        }
        Why::Held { bytes } => text::WHY_HELD.fill(lang, &[("n", &n), ("bytes", bytes)]),
    }
}

/// Why it failed, or that it did not.
pub fn outcome(result: &Lane, numbers: &[u32], lang: Lang) -> String {
    match &result.failure {
        Some(why) => failure(why, result, numbers, lang),
        None => text::ALL_RIGHT.get(lang).to_owned(),
    }
}

/// "✗ 2 wrong", for each fate that befell a message.
pub fn counts(count: Count, lang: Lang) -> Vec<(Verdict, String)> {
    [
        (Verdict::Right, count.right, text::COUNT_RIGHT),
        (Verdict::Late, count.late, text::COUNT_LATE),
        (Verdict::Wrong, count.wrong, text::COUNT_WRONG),
        (Verdict::Lost, count.lost, text::COUNT_LOST),
    ]
    .into_iter()
    .filter(|(_, n, _)| *n > 0)
    .map(|(verdict, n, phrase)| (verdict, phrase.fill(lang, &[("n", &n)])))
    .collect()
}

/// What its framing costs: "+12 B · 80 %".
pub fn overhead(result: &Lane, lang: Lang) -> String {
    let bytes = crate::ui::figures::bytes(result.overhead() as u64);
    match result.overhead_percent() {
        Some(percent) => {
            let percent = if percent < 9.95 && percent > 0.0 {
                format!("{percent:.1}")
            } else {
                format!("{percent:.0}")
            };
            text::OVERHEAD.fill(lang, &[("bytes", &bytes), ("percent", &percent)])
        }
        None => text::OVERHEAD_BARE.fill(lang, &[("bytes", &bytes)]),
    }
}

/// Where a cut is: "in message 2, after byte 3 of 5".
pub fn place(axis: &Axis, unit: u64, numbers: &[u32], lang: Lang) -> String {
    let number = |i: usize| numbers.get(i).map_or(i as u64, |n| u64::from(*n)) + 1;
    match axis.place(unit) {
        Place::Boundary(i) => text::PLACE_BOUNDARY.fill(
            lang,
            &[
                ("before", &number(i.saturating_sub(1))),
                ("after", &number(i)),
            ],
        ),
        Place::Head(i, HEAD) => text::PLACE_HEAD_END.fill(lang, &[("n", &number(i))]),
        Place::Head(i, _) => text::PLACE_HEAD.fill(lang, &[("n", &number(i))]),
        Place::Payload(i, k) => {
            let payload = axis.payload(i);
            text::PLACE_PAYLOAD.fill(
                lang,
                &[
                    ("n", &number(i)),
                    ("k", &k),
                    ("of", &(payload.end - payload.start)),
                ],
            )
        }
        Place::Tail(i, 0) => text::PLACE_TAIL_START.fill(lang, &[("n", &number(i))]),
        Place::Tail(i, _) => text::PLACE_TAIL.fill(lang, &[("n", &number(i))]),
    }
}

/// What of the run is not raced, a sentence each; nothing is left out in silence.
pub fn left_out(traffic: &Traffic, lang: Lang) -> Vec<String> {
    let LeftOut {
        not_received,
        beyond,
        unreadable,
        other_bytes,
        cuts,
    } = traffic.left_out;
    let shown = traffic.messages.len();
    [
        (not_received as u64, text::LEFT_NOT_RECEIVED),
        (beyond as u64, text::LEFT_BEYOND),
        (unreadable as u64, text::LEFT_UNREADABLE),
        (other_bytes, text::LEFT_OTHER),
        (cuts as u64, text::LEFT_CUTS),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, phrase)| phrase.fill(lang, &[("n", &n), ("shown", &shown)]))
    .collect()
}

/// What a proof came to, in one line.
pub fn verdict(report: &Report, lang: Lang) -> String {
    let tried = grouped(report.tried());
    let n: (&str, &dyn std::fmt::Display) = ("n", &tried);
    match &report.outcome {
        Outcome::Holds if report.is_proof() => text::HOLDS_PROOF.fill(lang, &[n]),
        Outcome::Holds => text::HOLDS.fill(lang, &[n]),
        Outcome::Cancelled => text::CANCELLED.fill(lang, &[n]),
        Outcome::CannotEncode(cannot) => {
            let EncodeError::TooLong { length, limit } = cannot.error;
            text::WHY_TOO_LONG.fill(
                lang,
                &[
                    ("n", &(cannot.message + 1)),
                    ("length", &length),
                    ("limit", &limit),
                ],
            )
        }
        Outcome::TooLong(bytes) => text::TOO_LONG.fill(
            lang,
            &[
                ("bytes", &grouped(*bytes as u64)),
                ("most", &grouped(MOST_WIRE as u64)),
            ],
        ),
        Outcome::Fails(found) => match (found.cuts.len(), found.smallest) {
            (0, _) => text::FAILS_WHOLE.get(lang).to_owned(),
            (1, true) => text::FAILS_ONE.fill(lang, &[("at", &found.cuts[0])]),
            (cuts, true) => text::FAILS.fill(lang, &[("cuts", &cuts)]),
            (cuts, false) => text::FAILS_SHRUNK.fill(lang, &[("cuts", &cuts)]),
        },
    }
}

/// What that rests on; may be empty.
pub fn verdict_detail(report: &Report, lang: Lang) -> String {
    match &report.outcome {
        Outcome::Holds if report.is_proof() => {
            text::HOLDS_PROOF_DETAIL.fill(lang, &[("bytes", &report.wire.len())])
        }
        Outcome::Holds => {
            let random = report.tried() - report.exhaustive();
            let families: Vec<String> = report
                .families
                .iter()
                .filter(|family| family.complete)
                .map(|family| family_name(family.kind, report.task.seed, lang))
                .collect();
            text::HOLDS_DETAIL.fill(
                lang,
                &[
                    ("exhaustive", &grouped(report.exhaustive())),
                    ("families", &families.join(text::LIST_SEPARATOR.get(lang))),
                    ("random", &grouped(random)),
                    ("seed", &report.task.seed),
                ],
            )
        }
        Outcome::Fails(found) if found.smallest => {
            text::FAILS_DETAIL.fill(lang, &[("n", &grouped(report.tried()))])
        }
        Outcome::Fails(_) => text::FAILS_SHRUNK_DETAIL.fill(
            lang,
            &[("n", &grouped(report.tried())), ("seed", &report.task.seed)],
        ),
        _ => String::new(),
    }
}

/// A family of cuttings in words.
pub fn family_name(kind: Kind, seed: u64, lang: Lang) -> String {
    match kind {
        Kind::Whole => text::KIND_WHOLE,
        Kind::OneCut => text::KIND_ONE,
        Kind::TwoCuts => text::KIND_TWO,
        Kind::MoreCuts => text::KIND_MORE,
        Kind::Equal => text::KIND_EQUAL,
        Kind::Random => text::KIND_RANDOM,
    }
    .fill(lang, &[("seed", &seed)])
}

/// A family of cuttings and how far it got.
pub fn family(family: &Family, seed: u64, lang: Lang) -> String {
    let phrase = if family.complete && family.tried == family.planned {
        text::FAMILY_ALL
    } else {
        text::FAMILY_SOME
    };
    phrase.fill(
        lang,
        &[
            ("name", &family_name(family.kind, seed, lang)),
            ("tried", &grouped(family.tried)),
            ("planned", &grouped(family.planned)),
        ],
    )
}

/// The first of these settings of each strategy.
pub fn one_of_each(mut specs: Vec<FramingSpec>) -> Vec<FramingSpec> {
    let mut seen = Vec::new();
    specs.retain(|spec| {
        let new = !seen.contains(&spec.keyword());
        seen.push(spec.keyword());
        new
    });
    specs
}
