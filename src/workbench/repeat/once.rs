//! One run of the many: made on real sockets, judged, and left without a trace.

use std::sync::Arc;
use std::time::Duration;

use super::{Outcome, Plan};
use crate::experiment::{Mode, Run};
use crate::lesson::{Release, Settings};
use crate::trace::{Detail, Facts, Kind, Mark, Stream, Trace};
use crate::workbench::Cancel;
use crate::workbench::follow::{Ending, carriers, follow, took};

/// Payload kept of a run; only that of the first one that fails is ever looked at.
const PAYLOAD: u64 = 4 << 20;

/// Why not all messages came out right and in order. The graver fault is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The decoder reported an error of that [code](crate::framing::DecodeError::code).
    Decoder(String),
    /// A program ended with this error.
    Program(String),
    /// The programs wait for each other: nothing moves any more.
    Stuck,
    /// It did not end within a minute, or made more events than a run may keep.
    TooLong,
    /// A message came out wrong: cut, or merged with another.
    Wrong,
    /// Nothing came out wrong, but not every message came out.
    Lost,
}

/// Makes one run. `None`: it was cancelled.
///
/// # Errors
/// In words: no thread to be had.
pub(super) fn make(
    plan: &Plan,
    settings: &Settings,
    cancel: &Cancel,
) -> Result<Option<(Trace, Outcome)>, String> {
    let mode = match plan.release() {
        Release::Run => Mode::Free {
            pace: Duration::ZERO,
        },
        Release::Nothing | Release::Calls(_) => Mode::Step,
    };
    let mut spec = plan.lesson().run_spec(settings, mode, &[]);
    spec.payload_budget = PAYLOAD;
    let mut run = Run::start(&spec, Arc::new(|| {})).map_err(|error| error.to_string())?;
    if let Release::Calls(schedule) = plan.release() {
        for released in plan.lesson().releases(schedule) {
            run.release(released);
        }
    }
    let ended = match follow(&mut run, cancel) {
        Ending::Over => None,
        Ending::Stuck => Some(Fault::Stuck),
        Ending::TooLong => Some(Fault::TooLong),
        Ending::Cancelled => return Ok(None),
    };
    let trace = run.into_trace();
    // In a free run every message is expected; of released calls, only what they sent.
    let expected = match plan.release() {
        Release::Run => Some(plan.lesson().messages.resolve(settings).count().into()),
        Release::Nothing | Release::Calls(_) => None,
    };
    let outcome = judge(&trace, expected, plan.decodes(), ended);
    Ok(Some((trace, outcome)))
}

/// What the run came to. A frame is right if its bytes are exactly one message's bytes on the
/// wire; frames lie on a stream in order and never overlap. So as many right frames as messages,
/// and no wrong one, means: each message once, and in order.
fn judge(trace: &Trace, expected: Option<u64>, decodes: bool, ended: Option<Fault>) -> Outcome {
    let facts = trace.live().facts;
    let sent: u64 = trace
        .streams()
        .iter()
        // What a relay sends on has been sent before.
        .filter(|stream| stream.relayed().is_none())
        .map(|stream| stream.messages().len() as u64)
        .sum();
    let expected = expected.unwrap_or(sent);
    let recvs: Vec<u64> = carriers(trace)
        .flat_map(|stream| stream.recvs().iter())
        .map(|item| item.end - item.start)
        .collect();
    let fault = decoder_error(trace)
        .map(Fault::Decoder)
        .or_else(|| program_error(trace).map(Fault::Program))
        .or(ended)
        .or_else(|| {
            let (right, wrong) = if decodes {
                (facts.frames_right, facts.frames_wrong)
            } else {
                whole_chunks(&facts, recvs.len() as u64, sent)
            };
            if wrong > 0 {
                Some(Fault::Wrong)
            } else if right != expected {
                Some(Fault::Lost)
            } else {
                None
            }
        });
    Outcome {
        fault,
        recvs,
        merged: facts.merged_recvs,
        split: facts.split_messages,
        took: took(trace),
    }
}

/// Where no decoder is at work, each chunk is taken for a message: (right, wrong).
fn whole_chunks(facts: &Facts, recvs: u64, sent: u64) -> (u64, u64) {
    if facts.merged_recvs == 0 && facts.split_messages == 0 && recvs == sent {
        (recvs, 0)
    } else {
        (0, facts.merged_recvs + facts.split_messages)
    }
}

fn decoder_error(trace: &Trace) -> Option<String> {
    let errors = trace.streams().iter().flat_map(Stream::errors);
    errors.copied().find_map(|event| match trace.detail(event) {
        Some(Detail::Decode { code, .. }) => Some(code.clone()),
        _ => None,
    })
}

/// The error with which a program ended; errors of a decoder have been told before.
fn program_error(trace: &Trace) -> Option<String> {
    // Programs end near the end of the trace.
    (0..trace.len()).rev().find_map(|i| {
        let event = trace.event(i);
        if event.kind != Kind::Mark || event.as_mark() != Some(Mark::ActorEnded) {
            return None;
        }
        match trace.detail(i) {
            Some(Detail::Error(why)) => Some(why.clone()),
            _ => None,
        }
    })
}
