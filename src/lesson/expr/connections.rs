//! What conditions say of connections: the ports of their two ends.

use crate::trace::{ActorId, End, Trace};

use super::{ExprError, Field};

/// One figure of every connection known by event `k` (of which `actor`, or a thread of its, plays
/// an end), in the order in which they became known. An end without a port (`AF_UNIX`) is not
/// readable.
pub(super) fn column(
    trace: &Trace,
    k: u32,
    actor: Option<ActorId>,
    field: Field,
) -> Result<Vec<i64>, ExprError> {
    let plays = |end: &End| {
        end.actor == actor || end.actor.and_then(|a| trace.meta().thread_of(a)) == actor
    };
    trace
        .links(k)
        .iter()
        .filter(|link| actor.is_none() || plays(link.client) || plays(link.server))
        .map(|link| match field {
            Field::ServerPort => port(&link.server.address),
            // The client's; the parser lets none of the others pass.
            _ => port(&link.client.address),
        })
        .collect::<Option<_>>()
        .ok_or(ExprError::NotReadable("a port of a connection"))
}

/// 40000 of `127.0.0.1:40000` and of `[::1]:40000`.
fn port(address: &str) -> Option<i64> {
    let (_, port) = address.rsplit_once(':')?;
    port.parse().ok()
}
