//! Connections: which two sockets are the ends of the same pair of streams.

use super::event::{ActorId, EventId, SocketId, StreamId};
use super::stream::Stream;
use std::collections::{HashMap, VecDeque};

/// A connection between two ends; an end that the lab does not play is external.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The end that connected.
    pub client: End,
    /// The end that accepted.
    pub server: End,
    /// Client → server.
    pub forward: StreamId,
    /// Server → client.
    pub backward: StreamId,
    /// The first Return (of connect or accept) that told of it.
    pub since: EventId,
}

/// A connection as the two programs mean it: one, or the two that a relay joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// The end that connected.
    pub client: &'a End,
    /// The end that accepted; the relay's own as long as nothing joins its two.
    pub server: &'a End,
    /// What the server receives.
    pub forward: StreamId,
    /// What the client receives.
    pub backward: StreamId,
    /// The relay's ends, towards the client and towards the server.
    pub relay: Option<(&'a End, &'a End)>,
    /// The event that told of it.
    pub since: EventId,
}

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Who plays it; `None`: external (or not yet known).
    pub actor: Option<ActorId>,
    /// Its socket; `None`: external (or not yet known).
    pub socket: Option<SocketId>,
    /// Its address.
    pub address: String,
}

/// Which of the two ends tells of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// One end as the Return of its connect or accept tells it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) side: Side,
    pub(crate) actor: ActorId,
    pub(crate) socket: SocketId,
    pub(crate) local: &'a str,
    pub(crate) peer: &'a str,
    pub(crate) event: EventId,
}

/// All connections and their streams. Two ends belong together when each names the other's
/// address; either may be told first. (Unnamed clients of one `AF_UNIX` listener all look the
/// same: they are paired in order, as the kernel queues them.)
#[derive(Debug, Default)]
pub(crate) struct Connections {
    pub(crate) list: Vec<Connection>,
    pub(crate) streams: Vec<Stream>,
    /// Connections of which only one end is told yet, by (client, server) address.
    half: HashMap<(String, String), VecDeque<usize>>,
}

impl Connections {
    /// Takes in one end: its connection, and the streams (out, in) as this end sees them. `None`
    /// if there are more connections than stream numbers.
    pub(crate) fn tell(&mut self, told: Told<'_>) -> Option<(usize, StreamId, StreamId)> {
        let (client, server) = match told.side {
            Side::Client => (told.local, told.peer),
            Side::Server => (told.peer, told.local),
        };
        let key = (client.to_owned(), server.to_owned());
        let waiting = self.half.get_mut(&key).and_then(|half| {
            let list = &self.list;
            let n = half.iter().position(|&c| {
                list.get(c)
                    .is_some_and(|c| c.end(told.side).socket.is_none())
            })?;
            half.remove(n)
        });
        let connection = if let Some(connection) = waiting {
            if self.half.get(&key).is_some_and(VecDeque::is_empty) {
                self.half.remove(&key);
            }
            connection
        } else {
            let connection = self.create(client, server, told.event)?;
            self.half.entry(key).or_default().push_back(connection);
            connection
        };
        let c = self.list.get_mut(connection)?;
        let end = match told.side {
            Side::Client => &mut c.client,
            Side::Server => &mut c.server,
        };
        (end.actor, end.socket) = (Some(told.actor), Some(told.socket));
        let (out, into) = match told.side {
            Side::Client => (c.forward, c.backward),
            Side::Server => (c.backward, c.forward),
        };
        if let Some(stream) = self.streams.get_mut(usize::from(out.0)) {
            (stream.from, stream.from_socket) = (Some(told.actor), Some(told.socket));
        }
        if let Some(stream) = self.streams.get_mut(usize::from(into.0)) {
            (stream.to, stream.to_socket) = (Some(told.actor), Some(told.socket));
        }
        Some((connection, out, into))
    }

    /// From now on `actor` plays the end that has `socket`.
    pub(crate) fn hand_over(&mut self, connection: usize, socket: SocketId, actor: ActorId) {
        let Some(c) = self.list.get_mut(connection) else {
            return;
        };
        for end in [&mut c.client, &mut c.server] {
            if end.socket == Some(socket) {
                end.actor = Some(actor);
            }
        }
        for id in [c.forward, c.backward] {
            let Some(stream) = self.streams.get_mut(usize::from(id.0)) else {
                continue;
            };
            if stream.from_socket == Some(socket) {
                stream.from = Some(actor);
            }
            if stream.to_socket == Some(socket) {
                stream.to = Some(actor);
            }
        }
    }

    pub(crate) fn stream_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        self.streams.get_mut(usize::from(id.0))
    }

    /// The connection that a relay made for `near`, which it accepted, and the event that told
    /// so, if that was one of the first `k`.
    pub(crate) fn far_half(
        &self,
        near: &Connection,
        relay: Option<ActorId>,
        k: u32,
    ) -> Option<(&Connection, EventId)> {
        if relay.is_none() || near.server.actor != relay {
            return None;
        }
        let (stream, relayed) = self.streams.iter().find_map(|stream| {
            let relayed = stream.relayed()?;
            (relayed.upstream() == near.forward).then_some((stream, relayed))
        })?;
        let far = self.list.get(stream.connection)?;
        (relayed.known_since() < k && far.client.actor == relay && far.forward == stream.id)
            .then_some((far, relayed.known_since()))
    }

    pub(crate) fn links(&self, relay: Option<ActorId>, k: u32) -> Vec<Link<'_>> {
        let known = || self.list.iter().filter(move |c| c.since < k);
        let joined: Vec<_> = known()
            .map(|near| (near, self.far_half(near, relay, k)))
            .collect();
        let is_far = |c: &Connection| {
            let mut far = joined.iter().filter_map(|(_, far)| far.map(|(far, _)| far));
            relay.is_some() && c.client.actor == relay && far.any(|far| far.forward == c.forward)
        };
        joined
            .iter()
            .filter(|(near, _)| !is_far(near))
            .map(|&(near, far)| match far {
                Some((far, since)) => Link {
                    client: &near.client,
                    server: &far.server,
                    forward: far.forward,
                    backward: near.backward,
                    relay: Some((&near.server, &far.client)),
                    since,
                },
                None => Link {
                    client: &near.client,
                    server: &near.server,
                    forward: near.forward,
                    backward: near.backward,
                    relay: None,
                    since: near.since,
                },
            })
            .collect()
    }

    fn create(&mut self, client: &str, server: &str, event: EventId) -> Option<usize> {
        let forward = u16::try_from(self.streams.len())
            .ok()
            .filter(|&n| n < u16::MAX - 1)?;
        let end = |address: &str| End {
            actor: None,
            socket: None,
            address: address.to_owned(),
        };
        let connection = self.list.len();
        let (forward, backward) = (StreamId(forward), StreamId(forward + 1));
        self.list.push(Connection {
            client: end(client),
            server: end(server),
            forward,
            backward,
            since: event,
        });
        self.streams.push(Stream::new(forward, connection, event));
        self.streams.push(Stream::new(backward, connection, event));
        Some(connection)
    }
}

impl Connection {
    fn end(&self, side: Side) -> &End {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }
}
