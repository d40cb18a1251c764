//! What holds of every run, valid or not.

use super::script::{Row, trace_of};
use super::simulated::{Simulated, choices};
use crate::trace::{
    ActorId, Bucket, Call, Detail, Event, Kind, Mark, Message, Origin, SocketId, Trace,
};
use proptest::prelude::*;

/// Every prefix's state is what a trace of only that prefix says: nothing is known in advance,
/// and checkpoint + replay is the same as folding from scratch.
fn prefixes_agree(rows: &[Row], trace: &Trace) -> Result<(), TestCaseError> {
    let mut growing = trace_of(&[]);
    for (k, (e, detail, bytes)) in rows.iter().enumerate() {
        prop_assert_eq!(&trace.state_at(k as u32), growing.live(), "as of {}", k);
        growing.append(*e, detail.clone(), bytes);
    }
    prop_assert_eq!(&trace.state_at(rows.len() as u32), growing.live());
    Ok(())
}

/// Asks everything; nothing may panic, whatever the trace is.
pub(super) fn ask_everything(trace: &Trace) -> Result<(), TestCaseError> {
    let len = trace.len();
    for stream in trace.streams() {
        for k in [0, len / 2, len] {
            prop_assert!(stream.sent_at(k) >= stream.received_at(k));
        }
        for recv in stream.recvs().iter() {
            let mut at = recv.start;
            for part in stream.parts(recv.start, recv.end) {
                prop_assert!(part.start == at && part.end > at);
                prop_assert_eq!(part.of.is_some(), matches!(part.origin, Origin::Message(_)));
                at = part.end;
            }
            prop_assert_eq!(at, recv.end);
            let _ = stream.payload(recv.start, recv.end.min(recv.start + 100_000));
        }
        for i in 0..stream.frames().len() {
            let _ = stream.verdict(i);
        }
        let _ = (stream.payload(0, u64::MAX), stream.payload(9, 3));
    }
    for i in 0..=len {
        let _ = (
            trace.event(i),
            trace.detail(i),
            trace.end_of(i),
            trace.blocked_of(i),
        );
        let _ = trace.stream_of(i);
    }
    for n in 0..=u8::MAX {
        let calls = trace.calls(ActorId(n));
        let _ = calls.buckets(0, u64::MAX, 7, len);
        let _ = (calls.current_at(len / 2), calls.at_time(5));
    }
    for n in 0..=trace.sockets().len() as u16 {
        let _ = trace.gauges(SocketId(n)).at(len / 2);
    }
    let _ = trace.memory();
    Ok(())
}

fn buckets_agree(trace: &Trace, k: u32, t0: u64, t1: u64, n: usize) -> Result<(), TestCaseError> {
    for actor in [ActorId(0), ActorId(1)] {
        let calls = trace.calls(actor);
        let now = k.checked_sub(1).map_or(0, |last| trace.event(last).t);
        let spans: Vec<_> = (0..calls.len())
            .filter_map(|i| calls.get_at(i, k).map(|span| (i, span)))
            .collect();
        prop_assert_eq!(spans.len(), calls.len_at(k));
        let touching: Vec<_> = spans
            .iter()
            .filter(|(_, s)| t0 < t1 && n > 0 && s.t0 < t1 && s.t1.unwrap_or(now) >= t0)
            .collect();
        let runs = calls.buckets(t0, t1, n, k);
        prop_assert!(runs.len() <= n + 1);
        let covered: Vec<usize> = runs
            .iter()
            .flat_map(|r| r.first..r.first + r.count)
            .collect();
        let wanted: Vec<usize> = touching.iter().map(|t| t.0).collect();
        prop_assert_eq!(covered, wanted);
        for run in runs {
            let own = &spans[run.first..run.first + run.count];
            let held: u64 = own
                .iter()
                .filter_map(|(_, s)| Some(s.t1.unwrap_or(now) - s.t_blocked?))
                .sum();
            prop_assert_eq!(run.blocked, held);
            prop_assert_eq!(run.t0, own[0].1.t0);
            prop_assert_eq!(run.t1, own[own.len() - 1].1.t1.unwrap_or(now));
        }
        let at = trace.calls(actor).at_time(t0);
        let live = |i: usize| {
            calls
                .get(i)
                .is_some_and(|s| s.t0 <= t0 && s.t1.is_none_or(|e| t0 <= e))
        };
        prop_assert_eq!(at, (0..calls.len()).rev().find(|&i| live(i)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// The trace says of a run what an outside observer of every byte says.
    #[test]
    fn a_valid_run_is_told_as_it_was(choices in choices()) {
        let run = Simulated::run(&choices);
        let trace = run.script.trace();
        prop_assert_eq!(trace.payload_mismatches(), 0);
        prop_assert!(trace.payload_complete());
        let live = trace.live();
        let mut sums = (0, 0, 0, 0);
        for (n, way) in run.ways.iter().enumerate() {
            let stream = &trace.streams()[n];
            let state = &live.streams[n];
            let messages = way.messages();
            let told: Vec<_> = stream.messages().iter()
                .map(|m: Message| (m.number, m.start as usize, m.end as usize)).collect();
            prop_assert_eq!(&told, &messages);
            let recvs: Vec<_> = stream.recvs().iter()
                .map(|r| (r.start as usize, r.end as usize)).collect();
            prop_assert_eq!(&recvs, &way.recvs);
            let frames: Vec<_> = stream.frames().iter()
                .map(|f| (f.start as usize, f.end as usize)).collect();
            prop_assert_eq!(&frames, &way.frames);
            prop_assert_eq!(stream.sent_at(trace.len()), way.bytes.len() as u64);
            prop_assert_eq!(state.received, way.received as u64);
            let bytes: Vec<u8> = way.bytes.iter().map(|b| b.0).collect();
            prop_assert_eq!(stream.payload(0, bytes.len() as u64), Some(bytes));

            let touched = |m: &(u32, usize, usize), r: &(usize, usize)| m.1 < r.1 && m.2 > r.0;
            let merged = recvs.iter()
                .filter(|r| messages.iter().filter(|m| touched(m, r)).count() > 1).count();
            let split = messages.iter()
                .filter(|m| recvs.iter().filter(|r| touched(m, r)).count() > 1).count();
            prop_assert_eq!((state.merged as usize, state.split as usize), (merged, split));
            let right = frames.iter()
                .filter(|f| messages.iter().any(|m| (m.1, m.2) == **f)).count();
            let none = frames.iter()
                .filter(|f| !messages.iter().any(|m| touched(m, f))).count();
            prop_assert_eq!(
                (state.right as usize, state.wrong as usize),
                (right, frames.len() - right - none)
            );
            sums.0 += merged as u64;
            sums.1 += split as u64;
            sums.2 += right as u64;
            sums.3 += way.bytes.len() as u64;
        }
        prop_assert_eq!(sums, (
            live.facts.merged_recvs, live.facts.split_messages,
            live.facts.frames_right, live.facts.bytes_sent,
        ));
        ask_everything(&trace)?;
    }

    #[test]
    fn every_prefix_of_a_valid_run_is_a_run(choices in choices()) {
        let run = Simulated::run(&choices);
        prefixes_agree(run.rows(), &run.script.trace())?;
    }

    #[test]
    fn timeline_buckets_cover_what_they_should(
        choices in choices(), k in 0u32..400, t0 in 0u64..400, length in 0u64..400, n in 0usize..40,
    ) {
        let trace = Simulated::run(&choices).script.trace();
        buckets_agree(&trace, k.min(trace.len()), t0, t0 + length, n)?;
    }

    /// Any rows at all: nothing panics, and prefixes still agree.
    #[test]
    fn nonsense_is_taken_in_stride(rows in nonsense()) {
        let trace = trace_of(&rows);
        prop_assert_eq!(trace.len() as usize, rows.len());
        ask_everything(&trace)?;
        prefixes_agree(&rows, &trace)?;
    }
}

/// Rows without sense, from few actors, sockets and addresses so that they do meet.
pub(super) fn nonsense() -> impl Strategy<Value = Vec<Row>> {
    let figure = prop_oneof![
        8 => 0u64..30,
        1 => Just(u64::MAX),
        1 => any::<u64>(),
    ];
    let result = prop_oneof![8 => -3i32..30, 1 => Just(i32::MAX), 1 => Just(i32::MIN)];
    let call = prop_oneof![
        4 => prop::sample::select(vec![
            Call::Send, Call::SendAll, Call::Recv, Call::Accept, Call::Connect, Call::Socket,
        ]).prop_map(|c| c as u8),
        1 => any::<u8>(),
    ];
    let kind = prop_oneof![
        4 => prop::sample::select(vec![Kind::Begin, Kind::Return]),
        1 => prop::sample::select(Kind::ALL.to_vec()),
    ];
    let address = prop::sample::select(vec!["a", "b", ""]);
    let detail = prop_oneof![
        2 => Just(None),
        2 => (address.clone(), address).prop_map(|(local, peer)| Some(Detail::Connected {
            local: local.to_owned(),
            peer: peer.to_owned(),
        })),
        1 => prop::sample::select(vec!["SOCK_STREAM", "SOCK_DGRAM"]).prop_map(|kind| {
            Some(Detail::Socket { family: "AF_INET".to_owned(), kind: kind.to_owned() })
        }),
    ];
    let actor = prop_oneof![9 => 0u8..3, 1 => any::<u8>()];
    let socket = prop_oneof![9 => 0u16..4, 1 => any::<u16>()];
    let row = (
        (kind, call, actor, socket),
        (figure, result, 0u32..4, any::<u8>()),
        (
            0u64..1000,
            detail,
            prop::collection::vec(any::<u8>(), 0..20),
        ),
    )
        .prop_map(
            |((kind, call, actor, socket), (a, b, link, flags), (t, detail, bytes))| {
                let e = Event {
                    a,
                    b,
                    link,
                    socket: SocketId(socket),
                    call,
                    flags,
                    ..Event::new(kind, t, ActorId(actor))
                };
                (e, detail, bytes)
            },
        );
    // A connected pair first, in most cases, so that streams exist.
    (any::<bool>(), prop::collection::vec(row, 0..120)).prop_map(|(bare, rows)| {
        let mut all = if bare {
            Vec::new()
        } else {
            super::script::Script::connected_pair().rows
        };
        all.extend(rows);
        all
    })
}

#[test]
fn the_smallest_of_many_items_is_found_in_few_runs() {
    let mut trace = super::script::Script::connected_pair();
    for n in 0..5000u32 {
        trace.send(n, b"hello");
    }
    trace.mark(Mark::Finished, ActorId::LAB);
    let trace = trace.trace();
    let sends = trace.streams()[0].sends();
    let runs = sends.buckets(0, 25_000, 100, trace.len());
    assert_eq!(runs.len(), 100);
    assert_eq!(runs.iter().map(|r| r.count).sum::<usize>(), 5000);
    assert_eq!(
        sends.buckets(1003, 1004, 100, trace.len()),
        [Bucket {
            start: 1000,
            end: 1005,
            first: 200,
            count: 1
        }]
    );
}
