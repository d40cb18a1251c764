//! What conditions say of datagrams: sockets that keep boundaries have no stream to ask.

use crate::trace::{ActorId, Datagram, Fate, Trace};

use super::{ExprError, Fact, Field, Items};

/// A figure of the whole run; 0 if `fact` is none of datagrams. What became of datagrams that
/// were not received is not readable where the system does not tell it.
pub(super) fn fact(trace: &Trace, k: u32, fact: Fact) -> Result<u64, ExprError> {
    let list = trace.datagrams().list();
    let known = &list[..trace.datagrams().len_at(k)];
    let count = |of: &dyn Fn(&&Datagram) -> bool| known.iter().filter(of).count() as u64;
    let fate = |wanted: Fate| count(&|d| d.fate_at(k) == wanted);
    let hidden = match fact {
        Fact::DatagramsDropped => Some("datagrams_dropped"),
        Fact::DatagramsWaiting => Some("datagrams_waiting"),
        Fact::DatagramsCut => Some("datagrams_cut"),
        _ => None,
    };
    let arrived = |d: &Datagram| d.to.is_some() && d.returned < k && d.errno == 0;
    if let Some(name) = hidden
        && !trace.datagrams().fates_are_told()
        && known.iter().any(arrived)
    {
        return Err(ExprError::NotReadable(name));
    }
    Ok(match fact {
        Fact::DatagramsSent => {
            count(&|d| d.from.is_some() && !d.copy && d.returned < k && d.errno == 0)
        }
        Fact::DatagramsReceived => count(&|d| d.received < k),
        Fact::DatagramsDropped => fate(Fate::Dropped),
        Fact::DatagramsWaiting => fate(Fate::Waiting),
        Fact::DatagramsCut => count(&|d| d.is_cut_at(k)),
        _ => 0,
    })
}

/// One figure of every datagram sent (by `actor`), or of every one received, in order.
pub(super) fn column(
    trace: &Trace,
    k: u32,
    what: Items,
    actor: Option<ActorId>,
    field: Field,
) -> Vec<i64> {
    let list = trace.datagrams().list();
    let known = &list[..trace.datagrams().len_at(k)];
    let socket_of = |d: &Datagram| {
        let socket = trace.sockets().get(usize::from(d.to?.0))?;
        Some(socket.actor)
    };
    match what {
        Items::Frame | Items::Segment | Items::Connection => Vec::new(),
        Items::Recv => {
            let mut received: Vec<&Datagram> = known
                .iter()
                .filter(|d| d.received < k)
                .filter(|d| actor.is_none() || socket_of(d) == actor)
                .collect();
            received.sort_by_key(|d| d.received);
            received.iter().map(|d| i64::from(d.taken)).collect()
        }
        Items::Send | Items::Datagram => known
            .iter()
            .filter(|d| d.from.is_some() && d.returned < k && d.errno == 0)
            .filter(|d| what == Items::Datagram || !d.copy)
            .filter(|d| actor.is_none() || d.sender == actor)
            .map(|d| match field {
                Field::Received if d.received < k => i64::from(d.taken),
                Field::Received => -1,
                _ => i64::from(d.length),
            })
            .collect(),
    }
}
