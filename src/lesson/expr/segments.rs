//! The captured segments of a run, as conditions speak of them.

use super::{Fact, Field};
use crate::lesson::limit;
use crate::trace::{ActorId, EventId, Segment, SegmentRole, Trace, flag, tcp};

use super::eval::ExprError;

/// The TCP segments among the first `k` events, in order: all, or those that left `from`.
fn all(trace: &Trace, k: u32, from: Option<ActorId>) -> impl Iterator<Item = (EventId, Segment)> {
    let frames = trace.frames();
    (0..frames.len_at(k))
        .filter_map(|n| frames.event(n))
        .filter_map(|event| Some((event, trace.event(event).segment()?)))
        .filter(|(_, segment)| segment.role.is_tcp())
        .filter(move |(event, _)| from.is_none() || sender(trace, *event) == from)
}

fn sender(trace: &Trace, event: EventId) -> Option<ActorId> {
    trace.stream(trace.flow_of(event)?.stream?)?.from
}

/// A figure of the whole capture.
pub(super) fn fact(trace: &Trace, k: u32, fact: Fact) -> u64 {
    match fact {
        Fact::UdpPackets => return packets(trace, k, SegmentRole::Udp),
        Fact::IcmpPackets => return packets(trace, k, SegmentRole::Icmp),
        _ => {}
    }
    let is = |event: EventId, s: &Segment| {
        let first = s.role != SegmentRole::Retransmission;
        match fact {
            Fact::DataSegments => s.role == SegmentRole::Data,
            Fact::MergedSegments => trace.event(event).has(flag::MERGED),
            Fact::PureAcks => matches!(
                s.role,
                SegmentRole::Ack
                    | SegmentRole::DuplicateAck
                    | SegmentRole::WindowUpdate
                    | SegmentRole::ZeroWindow
            ),
            Fact::Retransmissions => !first,
            Fact::Syns => first && s.flags & tcp::SYN != 0,
            Fact::Fins => first && s.flags & tcp::FIN != 0,
            Fact::Resets => s.flags & tcp::RST != 0,
            _ => true,
        }
    };
    all(trace, k, None).filter(|(e, s)| is(*e, s)).count() as u64
}

/// How many captured packets are of that kind.
fn packets(trace: &Trace, k: u32, role: SegmentRole) -> u64 {
    let frames = trace.frames();
    (0..frames.len_at(k))
        .filter_map(|n| trace.event(frames.event(n)?).segment())
        .filter(|segment| segment.role == role)
        .count() as u64
}

/// One figure of every segment, in order.
pub(super) fn column(
    trace: &Trace,
    k: u32,
    from: Option<ActorId>,
    field: Field,
) -> Result<Vec<i64>, ExprError> {
    let mut list = Vec::new();
    for (event, segment) in all(trace, k, from) {
        if list.len() == limit::LIST {
            return Err(ExprError::TooLong);
        }
        list.push(figure(trace, event, &segment, field));
    }
    Ok(list)
}

fn figure(trace: &Trace, event: EventId, s: &Segment, field: Field) -> i64 {
    let flow = trace.flows().get(usize::from(s.flow));
    let back = flow.and_then(|flow| trace.flows().get(usize::from(flow.back?)));
    // Counted from the SYN; of a connection whose beginning was not seen, as in the header.
    let from_syn = |n: u32, isn: Option<u32>| i64::from(n.wrapping_sub(isn.unwrap_or(0)));
    let items = |count: fn(&crate::trace::Stream, u64, u64) -> usize| {
        trace
            .segment_range(event)
            .and_then(|(id, start, end)| Some(count(trace.stream(id)?, start, end) as i64))
            .unwrap_or(0)
    };
    match field {
        Field::Flags => i64::from(s.flags),
        Field::Seq => from_syn(s.seq, flow.and_then(|flow| flow.isn)),
        Field::Ack if s.flags & tcp::ACK == 0 => 0,
        Field::Ack => from_syn(s.ack, back.and_then(|back| back.isn)),
        Field::Window => {
            let scale = if s.flags & tcp::SYN == 0 {
                flow.and_then(|flow| flow.scale)
                    .zip(back.and_then(|back| back.scale))
                    .map_or(0, |(own, _)| own.min(14))
            } else {
                0
            };
            i64::from(s.window) << scale
        }
        Field::Sends => items(|stream, a, b| stream.sends().overlapping(a, b).len()),
        Field::Messages => items(|stream, a, b| stream.messages().overlapping(a, b).len()),
        Field::Size => {
            let headers = trace.frames().headers(s.frame as usize).len();
            i64::from(s.len) + headers as i64
        }
        Field::Us => i64::try_from(trace.event(event).t / 1000).unwrap_or(i64::MAX),
        // The parser lets no other pass.
        Field::Bytes
        | Field::Start
        | Field::Characters
        | Field::Received
        | Field::ClientPort
        | Field::ServerPort => i64::from(s.len),
    }
}
