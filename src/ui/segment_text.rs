//! A captured packet in words: for the table, the sentence and the fields.

use std::fmt::Write as _;

use super::event_text::Tone;
use super::figures::grouped;
use super::why::actor_name;
use crate::i18n::{Lang, Phrase, segments as text};
use crate::trace::{ActorId, Event, EventId, Flow, Network, Segment, SegmentRole, Trace, tcp};

/// What it is, in a word.
pub fn role(role: SegmentRole) -> Phrase {
    match role {
        SegmentRole::Other => text::OTHER,
        SegmentRole::Udp => text::UDP,
        SegmentRole::Icmp => text::ICMP,
        SegmentRole::Ack => text::ACK,
        SegmentRole::Syn => text::SYN,
        SegmentRole::SynAck => text::SYN_ACK,
        SegmentRole::Data => text::DATA,
        SegmentRole::Retransmission => text::RETRANSMISSION,
        SegmentRole::Fin => text::FIN,
        SegmentRole::Rst => text::RST,
        SegmentRole::ZeroWindow => text::ZERO_WINDOW,
        SegmentRole::WindowUpdate => text::WINDOW_UPDATE,
        SegmentRole::WindowProbe => text::WINDOW_PROBE,
        SegmentRole::KeepAlive => text::KEEP_ALIVE,
        SegmentRole::DuplicateAck => text::DUPLICATE_ACK,
        SegmentRole::NotCaptured => text::NOT_CAPTURED,
    }
}

/// Is it something that does not happen while all goes well?
pub fn is_trouble(role: SegmentRole) -> bool {
    matches!(
        role,
        SegmentRole::Retransmission
            | SegmentRole::Rst
            | SegmentRole::ZeroWindow
            | SegmentRole::WindowProbe
            | SegmentRole::NotCaptured
    )
}

/// Who listens at that address: the end of a connection that nobody has accepted yet.
pub fn listener(trace: &Trace, address: &str) -> Option<ActorId> {
    trace
        .sockets()
        .iter()
        .find(|s| s.listening && s.local.as_deref() == Some(address))
        .map(|s| s.actor)
}

/// Is it neither plain data nor a plain acknowledgement, and not told by its flags?
pub fn is_named(role: SegmentRole) -> bool {
    !matches!(
        role,
        SegmentRole::Data
            | SegmentRole::Ack
            | SegmentRole::Syn
            | SegmentRole::SynAck
            | SegmentRole::Fin
            | SegmentRole::Rst
    )
}

/// From whom to whom: the actors' names, or the addresses where no actor is known.
pub fn way(trace: &Trace, id: EventId, lang: Lang) -> String {
    let Some(flow) = trace.flow_of(id) else {
        return text::NETWORK.get(lang).to_owned();
    };
    let stream = flow.stream.and_then(|s| trace.stream(s));
    let name = |actor: Option<ActorId>, address: &str| {
        actor.or_else(|| listener(trace, address)).map_or_else(
            || address.to_owned(),
            |actor| actor_name(trace, actor, lang),
        )
    };
    let from = name(stream.and_then(|s| s.from), &flow.from);
    let to = name(stream.and_then(|s| s.to), &flow.to);
    text::WAY.fill(lang, &[("from", &from), ("to", &to)])
}

/// Who made the event: of a captured packet the one whose socket it left.
pub fn sender(trace: &Trace, id: EventId, event: &Event) -> ActorId {
    if event.segment().is_none() {
        return event.actor;
    }
    trace
        .flow_of(id)
        .and_then(|flow| {
            let known = flow.stream.and_then(|id| trace.stream(id)?.from);
            known.or_else(|| listener(trace, &flow.from))
        })
        .unwrap_or(ActorId::LAB)
}

/// The control bits that are set, as their names.
pub fn flags(bits: u8) -> String {
    let names = [
        (tcp::SYN, "SYN"),
        (tcp::FIN, "FIN"),
        (tcp::RST, "RST"),
        (tcp::PSH, "PSH"),
        (tcp::ACK, "ACK"),
        (0x20, "URG"),
        (0x40, "ECE"),
        (0x80, "CWR"),
    ];
    let set: Vec<&str> = names
        .into_iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, name)| name)
        .collect();
    set.join(" ")
}

/// Sequence number, counted from the SYN.
pub fn relative_seq(trace: &Trace, s: &Segment) -> Option<u32> {
    let flow = trace.flows().get(usize::from(s.flow))?;
    Some(s.seq.wrapping_sub(flow.isn?))
}

/// Acknowledgement number, counted from the other direction's SYN.
pub fn relative_ack(trace: &Trace, s: &Segment) -> Option<u32> {
    if s.flags & tcp::ACK == 0 {
        return None;
    }
    Some(s.ack.wrapping_sub(back(trace, s)?.isn?))
}

fn back<'t>(trace: &'t Trace, s: &Segment) -> Option<&'t Flow> {
    let flow = trace.flows().get(usize::from(s.flow))?;
    trace.flows().get(usize::from(flow.back?))
}

/// The window in bytes: scaled if both SYNs offered a scale, and this is no SYN.
pub fn window(trace: &Trace, s: &Segment) -> u32 {
    let scale = (|| {
        let own = trace.flows().get(usize::from(s.flow))?.scale?;
        back(trace, s)?.scale?;
        (s.flags & tcp::SYN == 0).then_some(own.min(14))
    })();
    u32::from(s.window) << scale.unwrap_or(0)
}

/// Its figures, for the result column.
pub fn result(trace: &Trace, s: &Segment, lang: Lang) -> (String, Tone) {
    if s.role == SegmentRole::NotCaptured {
        return (
            text::LOST.fill(lang, &[("n", &grouped(u64::from(s.len)))]),
            Tone::Bad,
        );
    }
    let tone = if is_trouble(s.role) {
        Tone::Blocked
    } else {
        Tone::Plain
    };
    if !s.role.is_tcp() {
        return (text::LEN.fill(lang, &[("n", &s.len)]), tone);
    }
    let mut words = format!("[{}]", flags(s.flags));
    if let Some(seq) = relative_seq(trace, s) {
        let _ = write!(words, " seq={seq}");
    }
    if let Some(ack) = relative_ack(trace, s) {
        let _ = write!(words, " ack={ack}");
    }
    let _ = write!(words, " win={} len={}", window(trace, s), s.len);
    (words, tone)
}

/// Its fields: name, value, meaning.
pub fn fields(
    trace: &Trace,
    id: EventId,
    s: &Segment,
    lang: Lang,
) -> Vec<(Phrase, String, Phrase)> {
    let mut list = vec![(text::F_WAY, way(trace, id, lang), text::F_WAY_IS)];
    let counted = |n: Option<u32>, raw: u32| match n {
        Some(n) => format!("{} ({raw})", grouped(u64::from(n))),
        None => raw.to_string(),
    };
    if s.role.is_tcp() {
        let what = format!("{} · {}", flags(s.flags), role(s.role).get(lang));
        list.push((text::F_FLAGS, what, text::F_FLAGS_IS));
        let seq = counted(relative_seq(trace, s), s.seq);
        list.push((text::F_SEQ, seq, text::F_SEQ_IS));
        if s.flags & tcp::ACK != 0 {
            let ack = counted(relative_ack(trace, s), s.ack);
            list.push((text::F_ACK, ack, text::F_ACK_IS));
        }
        let window = grouped(u64::from(window(trace, s)));
        list.push((text::F_WINDOW, window, text::F_WINDOW_IS));
    }
    list.push((
        text::F_LENGTH,
        text::LEN.fill(lang, &[("n", &grouped(u64::from(s.len)))]),
        text::F_LENGTH_IS,
    ));
    list
}

/// The sentence.
pub fn why(trace: &Trace, id: EventId, event: &Event, lang: Lang) -> String {
    let Some(s) = event.segment() else {
        return String::new();
    };
    let way = way(trace, id, lang);
    // Numbers in sentences are offsets in the stream: the SYN is not counted.
    let ack = relative_ack(trace, &s).map_or(0, |ack| ack.saturating_sub(1));
    let range = trace.segment_range(id);
    let (from, to) = range.map_or((0, 0), |(_, start, end)| (start, end));
    let sends = range
        .and_then(|(stream, start, end)| {
            Some(trace.stream(stream)?.sends().overlapping(start, end).len())
        })
        .unwrap_or(0);
    let phrase = match s.role {
        SegmentRole::Other => text::WHY_OTHER,
        SegmentRole::Udp => text::WHY_UDP,
        SegmentRole::Icmp => text::WHY_ICMP,
        SegmentRole::Ack => text::WHY_ACK,
        SegmentRole::Syn => text::WHY_SYN,
        SegmentRole::SynAck => text::WHY_SYN_ACK,
        SegmentRole::Data if range.is_none() => text::WHY_DATA_UNKNOWN,
        SegmentRole::Data if sends > 1 => text::WHY_DATA_MERGED,
        SegmentRole::Data if is_split(trace, id) => text::WHY_DATA_SPLIT,
        SegmentRole::Data => text::WHY_DATA,
        SegmentRole::Retransmission => text::WHY_RETRANSMISSION,
        SegmentRole::Fin => text::WHY_FIN,
        SegmentRole::Rst => text::WHY_RST,
        SegmentRole::ZeroWindow => text::WHY_ZERO_WINDOW,
        SegmentRole::WindowUpdate => text::WHY_WINDOW_UPDATE,
        SegmentRole::WindowProbe => text::WHY_WINDOW_PROBE,
        SegmentRole::KeepAlive => text::WHY_KEEP_ALIVE,
        SegmentRole::DuplicateAck => text::WHY_DUPLICATE_ACK,
        SegmentRole::NotCaptured => text::WHY_NOT_CAPTURED,
    };
    phrase.fill(
        lang,
        &[
            ("way", &way),
            ("n", &grouped(u64::from(s.len))),
            ("from", &grouped(from)),
            ("to", &grouped(to)),
            ("sends", &sends),
            ("ack", &grouped(u64::from(ack))),
            ("window", &grouped(u64::from(window(trace, &s)))),
        ],
    )
}

/// Is a send of its bytes only partly in it?
fn is_split(trace: &Trace, id: EventId) -> bool {
    let Some((stream, start, end)) = trace.segment_range(id) else {
        return false;
    };
    let Some(sends) = trace.stream(stream).map(crate::trace::Stream::sends) else {
        return false;
    };
    sends
        .overlapping(start, end)
        .map(|n| sends.get(n))
        .any(|send| send.start < start || send.end > end)
}

/// In which network a run is, in a line; and what can be said about that.
pub fn mode(network: &Network, lang: Lang) -> (String, String) {
    match network {
        Network::Host { refused: None } => (
            text::MODE_HOST.get(lang).to_owned(),
            text::HOST_BY_CHOICE.get(lang).to_owned(),
        ),
        Network::Host {
            refused: Some(code),
        } => (
            text::MODE_HOST.get(lang).to_owned(),
            text::refused(code).get(lang).to_owned(),
        ),
        Network::Captured {
            mtu,
            not_granted,
            on_host,
            ..
        } => {
            let more = if not_granted.is_empty() {
                String::new()
            } else {
                text::NOT_GRANTED.fill(lang, &[("names", &not_granted.join(", "))])
            };
            let Some(code) = on_host else {
                return (text::MODE_CAPTURED.fill(lang, &[("mtu", mtu)]), more);
            };
            let space = if lang == Lang::En { " " } else { "" };
            let why = format!(
                "{more}{}{}{space}{}",
                if lang == Lang::En { ". " } else { "。" },
                text::ON_HOST.get(lang),
                text::refused(code).get(lang)
            );
            (text::MODE_ON_HOST.fill(lang, &[("mtu", mtu)]), why)
        }
    }
}
