//! Packets made up for a run whose packets were not captured, so that other analysers can open it:
//! from what the kernel reported of bytes that left and arrived where it did, from the calls where
//! it did not. Whoever writes them says at each that it is made up.

use core::net::SocketAddr;

use etherparse::PacketBuilder;

use crate::trace::{EventId, Nanos, Stage, Stream, StreamId, Trace};

/// What a packet is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The kernel reported when these bytes left, and that they left together.
    Reported,
    /// A call handed them over; how the kernel cut them is not known.
    OfCall,
    /// The kernel reported when these bytes were acknowledged; the packet carries none.
    Acknowledged,
}

/// A packet to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// When it left, or (an acknowledgement) arrived.
    pub t: Nanos,
    /// Whose bytes.
    pub stream: StreamId,
    /// Offset of the first of them.
    pub start: u64,
    /// Offset after the last.
    pub end: u64,
    /// The event that tells of them.
    pub event: EventId,
    /// How it is known.
    pub how: How,
}

/// Most payload of one packet: an IP packet has 65,535 bytes at most.
const MOST: u64 = 65_000;

/// The window that is written: none is known.
const WINDOW: u16 = u16::MAX;

/// Which packets are made of a run, in order of time. None of connections that are not TCP over IP.
pub fn plan(trace: &Trace) -> Vec<Made> {
    let mut list = Vec::new();
    for stream in trace.streams() {
        if ways(trace, stream.id).is_some() {
            data(trace, stream, &mut list);
        }
    }
    for (event, e) in (0..).zip(trace.events_from(0)) {
        let Some(progress) = e.progress().filter(|p| p.stage == Stage::Acked) else {
            continue;
        };
        let of = trace
            .streams()
            .iter()
            .find(|s| s.from_socket == Some(e.socket));
        if let Some(stream) = of.filter(|s| ways(trace, s.id).is_some()) {
            list.push(Made {
                t: e.t.saturating_sub(u64::from(progress.ago)),
                stream: stream.id,
                start: progress.end,
                end: progress.end,
                event,
                how: How::Acknowledged,
            });
        }
    }
    list.sort_by_key(|made| (made.t, made.how == How::Acknowledged));
    list
}

fn data(trace: &Trace, stream: &Stream, list: &mut Vec<Made>) {
    let mut put = |t, start: u64, end: u64, event, how| {
        let mut at = start;
        while at < end {
            let to = end.min(at + MOST);
            list.push(Made {
                t,
                stream: stream.id,
                start: at,
                end: to,
                event,
                how,
            });
            at = to;
        }
    };
    let reported = stream.inferred();
    for n in 0..reported.len() {
        let item = reported.get(n);
        let event = trace.event(item.event);
        let ago = event.progress().map_or(0, |p| u64::from(p.ago));
        let t = event.t.saturating_sub(ago);
        put(t, item.start, item.end, item.event, How::Reported);
    }
    // What no report tells of.
    let told = reported.end();
    for n in 0..stream.sends().len() {
        let item = stream.sends().get(n);
        let t = trace.event(item.event).t;
        let start = item.start.max(told);
        put(t, start, item.end, item.event, How::OfCall);
    }
}

/// From where to where a stream goes.
fn ways(trace: &Trace, id: StreamId) -> Option<(SocketAddr, SocketAddr)> {
    let mut connections = trace.connections().iter();
    let c = connections.find(|c| c.forward == id || c.backward == id)?;
    let (client, server) = (
        c.client.address.parse::<SocketAddr>().ok()?,
        c.server.address.parse::<SocketAddr>().ok()?,
    );
    Some(if c.forward == id {
        (client, server)
    } else {
        (server, client)
    })
}

/// The stream that goes the other way.
fn back(trace: &Trace, id: StreamId) -> Option<&Stream> {
    let mut connections = trace.connections().iter();
    let c = connections.find(|c| c.forward == id || c.backward == id)?;
    let other = if c.forward == id {
        c.backward
    } else {
        c.forward
    };
    trace.stream(other)
}

/// The packet from its Ethernet header on. Numbers count from 0 for the SYN, as analysers show
/// them; addresses of hardware are 0, as on a loopback. `None` if its payload was not kept.
pub fn build(trace: &Trace, made: &Made) -> Option<Vec<u8>> {
    let (from, to) = ways(trace, made.stream)?;
    let stream = trace.stream(made.stream)?;
    let number = |offset: u64| (offset as u32).wrapping_add(1);
    let back = back(trace, made.stream);
    let (from, to, seq, ack, payload) = if made.how == How::Acknowledged {
        let sent = back.map_or(0, |b| b.sent_at(made.event));
        (to, from, number(sent), number(made.end), Vec::new())
    } else {
        let got = back.map_or(0, |b| b.recvs().end_at(made.event));
        let payload = stream.payload(made.start, made.end)?;
        (from, to, number(made.start), number(got), payload)
    };
    let ethernet = PacketBuilder::ethernet2([0; 6], [0; 6]);
    let ip = match (from, to) {
        (SocketAddr::V4(a), SocketAddr::V4(b)) => {
            ethernet.ipv4(a.ip().octets(), b.ip().octets(), 64)
        }
        (SocketAddr::V6(a), SocketAddr::V6(b)) => {
            ethernet.ipv6(a.ip().octets(), b.ip().octets(), 64)
        }
        _ => return None,
    };
    let mut tcp = ip.tcp(from.port(), to.port(), seq, WINDOW).ack(ack);
    if !payload.is_empty() {
        tcp = tcp.psh();
    }
    let mut out = Vec::with_capacity(tcp.size(payload.len()));
    tcp.write(&mut out, &payload).ok()?;
    Some(out)
}
