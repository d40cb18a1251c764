//! Takes the samples of one connection out of the trace, a bounded while per frame.

use std::time::{Duration, Instant};

use super::super::super::segment_text;
use super::series::Series;
use crate::trace::{ActorId, Event, Kind, Nanos, SocketId, StreamId, Trace};

/// Time per frame for taking in samples.
const BUDGET: Duration = Duration::from_micros(1_500);

/// Events looked at between two looks at the clock.
const AT_ONCE: u32 = 4_000;

/// What one end's buffers held.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pub(super) unread: Series,
    pub(super) unsent: Series,
    pub(super) unacked: Series,
}

/// What went in one direction.
#[derive(Debug, Default)]
pub(super) struct Way {
    pub(super) sent: Series,
    pub(super) acked: Series,
    pub(super) window: Series,
    pub(super) flight: Series,
    pub(super) cwnd: Series,
    /// It carried data.
    pub(super) used: bool,
}

/// What has been taken in of one connection.
#[derive(Debug, Default)]
pub(super) struct Samples {
    of: Option<StreamId>,
    next: u32,
    /// Of each end.
    pub(super) buffers: [Buffers; 2],
    /// In each direction.
    pub(super) ways: [Way; 2],
}

/// The ends of the connection that is plotted.
pub(super) struct Ends {
    sockets: [Option<SocketId>; 2],
    pub(super) actors: [Option<ActorId>; 2],
    flows: [Option<u16>; 2],
    streams: [StreamId; 2],
}

impl Ends {
    pub(super) fn of(trace: &Trace) -> Option<Ends> {
        let stream = trace.stream(trace.main_stream()?)?;
        let connection = trace
            .connections()
            .iter()
            .find(|c| c.forward == stream.id || c.backward == stream.id)?;
        let flow = |id| trace.stream(id).and_then(crate::trace::Stream::flow);
        Some(Ends {
            sockets: [connection.client.socket, connection.server.socket],
            actors: [connection.client.actor, connection.server.actor],
            flows: [flow(connection.forward), flow(connection.backward)],
            streams: [connection.forward, connection.backward],
        })
    }
}

impl Samples {
    /// Takes in what is new, for a bounded while; false if there is more.
    pub(super) fn update(&mut self, trace: &Trace, ends: &Ends) -> bool {
        let begun = Instant::now();
        let captured = trace.meta().network.is_captured();
        let main = trace.main_stream();
        if self.of != main {
            *self = Samples {
                of: main,
                ..Samples::default()
            };
        }
        while self.next < trace.len() {
            if begun.elapsed() > BUDGET {
                return false;
            }
            let to = trace.len().min(self.next.saturating_add(AT_ONCE));
            for (i, event) in (self.next..to).zip(trace.events_from(self.next)) {
                match event.kind {
                    Kind::Gauge => self.gauge(event.t, event.socket, event.gauge(), ends),
                    Kind::Segment => self.segment(trace, i, ends),
                    Kind::Mark => self.reading(trace, event, ends, captured),
                    _ => {}
                }
            }
            self.next = to;
        }
        true
    }

    fn gauge(
        &mut self,
        t: Nanos,
        socket: SocketId,
        gauge: Option<crate::trace::Gauge>,
        ends: &Ends,
    ) {
        let Some(side) = ends.sockets.iter().position(|s| *s == Some(socket)) else {
            return;
        };
        let Some(gauge) = gauge else { return };
        let buffers = &mut self.buffers[side];
        for (series, value) in [
            (&mut buffers.unread, gauge.unread),
            (&mut buffers.unsent, gauge.unsent),
            (&mut buffers.unacked, gauge.unacked),
        ] {
            if let Some(value) = value {
                series.push(t, u64::from(value));
            }
        }
    }

    /// What the kernel tells of a TCP end. Where segments are captured, they tell the rest.
    fn reading(&mut self, trace: &Trace, event: &Event, ends: &Ends, captured: bool) {
        let owner = ends.sockets.iter().position(|s| *s == Some(event.socket));
        let Some(side) = owner else { return };
        let way = &mut self.ways[side];
        if let Some(sender) = event.tcp_reading().and_then(|reading| reading.sender) {
            way.cwnd.push(event.t, sender.cwnd_bytes());
            if !captured {
                way.window.push(event.t, u64::from(sender.peer_window));
            }
        }
        if let Some(sent) = event.sent_so_far() {
            way.used |= sent.data_segments > 0;
            // A FIN is counted, too, and is no byte.
            let all = trace
                .stream(ends.streams[side])
                .map_or(0, |s| s.sends().end());
            way.acked.push(event.t, sent.acked.min(all));
        }
    }

    fn segment(&mut self, trace: &Trace, i: u32, ends: &Ends) {
        let event = trace.event(i);
        let Some(s) = event.segment() else { return };
        let Some(side) = ends.flows.iter().position(|f| *f == Some(s.flow)) else {
            return;
        };
        let t = event.t;
        if let Some((_, _, end)) = trace.segment_range(i) {
            let way = &mut self.ways[side];
            way.used = true;
            let before = way.sent.at(t).unwrap_or(0);
            way.sent.push(t, end.max(before));
            let acked = way.acked.at(t).unwrap_or(0);
            way.flight.push(t, end.max(before).saturating_sub(acked));
        }
        if s.flags & crate::trace::tcp::ACK == 0 {
            return;
        }
        // What it acknowledges went the other way.
        let way = &mut self.ways[1 - side];
        way.window
            .push(t, u64::from(segment_text::window(trace, &s)));
        let back = trace
            .flows()
            .get(usize::from(s.flow))
            .and_then(|flow| flow.back)
            .and_then(|back| trace.flows().get(usize::from(back)));
        if let Some(acked) = back.and_then(|flow| flow.acknowledged(s.ack)) {
            let sent = way.sent.at(t).unwrap_or(0);
            // A FIN has a number, too, and is no byte.
            let acked = acked.min(sent).max(way.acked.at(t).unwrap_or(0));
            way.acked.push(t, acked);
            way.flight.push(t, sent.saturating_sub(acked));
        }
    }
}
