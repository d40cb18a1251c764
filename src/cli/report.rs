//! What a trace says, as text and as JSON.

use std::io::Write;

use serde_json::{Value, json};

use crate::i18n::{Lang, attack, cli as text, program};
use crate::trace::{Detail, Kind, Mark, Network, Origin, SegmentRole, Stream, Trace, flag};
use crate::ui::attack_text::{attack_does, attack_of};
use crate::ui::segment_text;
use crate::ui::strategies;

/// Text for a person: every recv with the messages it brought, the frames, and a summary.
pub(super) fn write_text(trace: &Trace, lang: Lang, out: &mut dyn Write) -> std::io::Result<()> {
    let state = trace.state_at(trace.len());
    let attacked = attack_of(trace);
    if !attacked.is_none() {
        let does = attack_does(&attacked, lang);
        writeln!(out, "{} · {does}", attack::THROUGH.get(lang))?;
    }
    for stream in trace
        .streams()
        .iter()
        .filter(|s| !s.recvs().is_empty() || !s.sends().is_empty())
    {
        let (from, to) = ends(trace, stream);
        writeln!(out, "{from} → {to}")?;
        for (number, item) in (1_u32..).zip(stream.segments().iter()) {
            writeln!(
                out,
                "  {} → {}  {}",
                text::SEGMENT.fill(lang, &[("n", &number)]),
                text::BYTES.fill(lang, &[("n", &(item.end - item.start))]),
                parts(stream, item.start, item.end, lang),
            )?;
        }
        for (number, item) in (1_u32..).zip(stream.recvs().iter()) {
            let asked = trace.event(trace.event(item.event).link).a;
            writeln!(
                out,
                "  recv({asked}) #{number} → {}  {}",
                text::BYTES.fill(lang, &[("n", &(item.end - item.start))]),
                parts(stream, item.start, item.end, lang),
            )?;
        }
        for (number, item) in (1_u32..).zip(stream.frames().iter()) {
            writeln!(
                out,
                "  {} → {}  {}",
                text::FRAME.fill(lang, &[("n", &number)]),
                text::BYTES.fill(lang, &[("n", &(item.end - item.start))]),
                parts(stream, item.start, item.end, lang),
            )?;
        }
        for &event in stream.errors() {
            if let Some(Detail::Decode { code, offset, .. }) = trace.detail(event) {
                writeln!(
                    out,
                    "  {}",
                    text::DECODE_ERROR.fill(lang, &[("code", code), ("offset", offset)])
                )?;
            }
        }
    }
    for (name, why) in failures(trace, lang) {
        writeln!(
            out,
            "{}",
            text::ACTOR_FAILED.fill(lang, &[("actor", &name), ("why", &why)])
        )?;
    }
    let f = state.facts;
    writeln!(
        out,
        "{}",
        text::SUMMARY.fill(
            lang,
            &[
                ("sends", &f.sends),
                ("sent", &f.bytes_sent),
                ("recvs", &f.recvs),
                ("received", &f.bytes_received),
                ("merged", &f.merged_recvs),
                ("split", &f.split_messages),
            ]
        )
    )?;
    if f.frames + f.decode_errors > 0 {
        writeln!(
            out,
            "{}",
            text::SUMMARY_FRAMES.fill(
                lang,
                &[
                    ("frames", &f.frames),
                    ("right", &f.frames_right),
                    ("wrong", &f.frames_wrong),
                ]
            )
        )?;
    }
    match &trace.meta().network {
        Network::Host { refused: None } => {}
        network @ Network::Host { .. } => {
            let (mode, why) = segment_text::mode(network, lang);
            writeln!(out, "{mode}. {why}")?;
        }
        network @ Network::Captured { .. } => {
            let (line, refusals) = segment_text::mode(network, lang);
            let n = Counted::of(trace);
            let figures = text::SUMMARY_SEGMENTS.fill(
                lang,
                &[
                    ("packets", &trace.frames().len()),
                    ("data", &n.data),
                    ("merged", &n.merged),
                    ("again", &n.retransmissions),
                    ("lost", &n.not_captured),
                ],
            );
            writeln!(out, "{line}: {figures}")?;
            if !refusals.is_empty() {
                writeln!(out, "{refusals}")?;
            }
        }
    }
    Ok(())
}

/// Captured packets by what they are.
#[derive(Default, serde::Serialize)]
struct Counted {
    data: u64,
    /// Data segments with bytes of more than one send.
    merged: u64,
    retransmissions: u64,
    not_captured: u64,
}

impl Counted {
    fn of(trace: &Trace) -> Self {
        let mut counted = Counted {
            not_captured: trace.frames().not_captured(trace.len()),
            ..Counted::default()
        };
        let frames = trace.frames();
        for event in (0..frames.len()).filter_map(|n| frames.event(n)) {
            let event = trace.event(event);
            match event.segment().map(|s| s.role) {
                Some(SegmentRole::Data) => {
                    counted.data += 1;
                    counted.merged += u64::from(event.has(flag::MERGED));
                }
                Some(SegmentRole::Retransmission) => counted.retransmissions += 1,
                _ => {}
            }
        }
        counted
    }
}

/// The same for programs.
pub(super) fn to_json(trace: &Trace) -> Value {
    let state = trace.state_at(trace.len());
    let meta = trace.meta();
    let streams: Vec<_> = trace
        .streams()
        .iter()
        .map(|stream| {
            let (from, to) = ends(trace, stream);
            let items = |items: &crate::trace::Items| -> Vec<Value> {
                items
                    .iter()
                    .map(|item| {
                        json!({
                            "start": item.start,
                            "end": item.end,
                            "bytes": item.end - item.start,
                            "parts": parts_json(stream, item.start, item.end),
                        })
                    })
                    .collect()
            };
            let errors: Vec<_> = stream
                .errors()
                .iter()
                .filter_map(|&e| trace.detail(e))
                .collect();
            json!({
                "from": from,
                "to": to,
                "sends": items(stream.sends()),
                "segments": items(stream.segments()),
                "recvs": items(stream.recvs()),
                "frames": items(stream.frames()),
                "decode_errors": errors,
            })
        })
        .collect();
    json!({
        "lesson": meta.lesson,
        "settings": meta.settings.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "framing": meta.framing,
        "attack": meta.attack,
        "relay": meta.relay.map(|relay| relay.0),
        "platform": meta.platform,
        "network": meta.network,
        "packets": Counted::of(trace),
        "events": trace.len(),
        "facts": state.facts,
        "streams": streams,
        "failures": failures(trace, Lang::En)
            .into_iter()
            .map(|(actor, why)| json!({ "actor": actor, "why": why }))
            .collect::<Vec<_>>(),
    })
}

/// Programs that ended with an error, and the error.
pub(super) fn failures(trace: &Trace, lang: Lang) -> Vec<(String, String)> {
    // Programs end once each, near the end of the trace; errors among them are rare.
    (0..trace.len())
        .filter(|&i| {
            let event = trace.event(i);
            event.kind == Kind::Mark && event.as_mark() == Some(Mark::ActorEnded)
        })
        .filter_map(|i| match trace.detail(i) {
            Some(Detail::Error(why)) => Some((i, program::said(why, lang))),
            Some(detail) => strategies::failure(detail, lang).map(|why| (i, why)),
            None => None,
        })
        .filter_map(|(i, why)| {
            let actor = usize::from(trace.event(i).actor.0);
            let name = trace.meta().actors.get(actor).map(|a| a.name.clone())?;
            Some((name, why))
        })
        .collect()
}

fn ends(trace: &Trace, stream: &Stream) -> (String, String) {
    let name = |actor: Option<crate::trace::ActorId>| {
        actor
            .and_then(|a| trace.meta().actors.get(usize::from(a.0)))
            .map_or_else(|| "external".to_owned(), |a| a.name.clone())
    };
    (name(stream.from), name(stream.to))
}

fn parts(stream: &Stream, start: u64, end: u64, lang: Lang) -> String {
    let parts: Vec<String> = stream
        .parts(start, end)
        .map(|part| match part.origin {
            Origin::Message(number) if part.is_whole() && part.altered => {
                attack::REPORT_ALTERED.fill(lang, &[("n", &(number + 1))])
            }
            Origin::Message(number) if part.is_whole() => {
                text::WHOLE_MESSAGE.fill(lang, &[("n", &(number + 1))])
            }
            Origin::Message(number) => {
                let (from, to) = part.of.unwrap_or((part.start, part.end));
                text::PART_OF_MESSAGE.fill(
                    lang,
                    &[
                        ("n", &(number + 1)),
                        ("from", &(part.start - from)),
                        ("to", &(part.end - from)),
                        ("of", &(to - from)),
                    ],
                )
            }
            Origin::External => text::EXTERNAL.fill(lang, &[("n", &(part.end - part.start))]),
            Origin::Attacker => attack::REPORT_BYTES.fill(lang, &[("n", &(part.end - part.start))]),
            Origin::Acknowledgement => {
                text::ACKNOWLEDGEMENT.fill(lang, &[("n", &(part.end - part.start))])
            }
            Origin::Unknown => text::NO_MESSAGE.fill(lang, &[("n", &(part.end - part.start))]),
        })
        .collect();
    parts.join(text::LIST_COMMA.get(lang))
}

fn parts_json(stream: &Stream, start: u64, end: u64) -> Vec<Value> {
    stream
        .parts(start, end)
        .map(|part| {
            let (origin, message) = match part.origin {
                Origin::Message(number) => ("message", Some(number + 1)),
                Origin::External => ("external", None),
                Origin::Attacker => ("attacker", None),
                Origin::Acknowledgement => ("acknowledgement", None),
                Origin::Unknown => ("unknown", None),
            };
            json!({
                "origin": origin,
                "message": message,
                "start": part.start,
                "end": part.end,
                "whole": part.is_whole(),
                "altered": part.altered,
                "stripped": part.stripped,
            })
        })
        .collect()
}
