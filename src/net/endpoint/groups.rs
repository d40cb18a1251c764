//! One datagram for many: groups that a socket joins (RFC 1112).

use std::io;
use std::net::Ipv4Addr;

use super::{Endpoint, check, checked, fail};
use crate::net::{CallResult, Recorder};
use crate::trace::{ADD_MEMBERSHIP, Call, Detail, MULTICAST_INTERFACE};

#[allow(
    clippy::missing_errors_doc,
    reason = "the same for all: what the system refuses, or Stopped; see the type"
)]
impl Endpoint {
    /// `setsockopt(2)` with `IP_ADD_MEMBERSHIP` (`man 7 ip`): datagrams for that group, which come
    /// in at the interface with that address, are the socket's too. Begin: [`Detail::Text`], see
    /// [`ADD_MEMBERSHIP`].
    pub fn join_group(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        group: Ipv4Addr,
        interface: Ipv4Addr,
    ) -> CallResult<()> {
        let said = format!("{ADD_MEMBERSHIP}{group}, {interface}");
        self.set(rec, op, said, |endpoint| {
            endpoint.socket.join_multicast_v4(&group, &interface)
        })
    }

    /// `setsockopt(2)` with `IP_MULTICAST_IF` (`man 7 ip`): what the socket sends to a group leaves
    /// by the interface with that address. Begin: [`Detail::Text`], see [`MULTICAST_INTERFACE`].
    pub fn send_to_groups_by(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        interface: Ipv4Addr,
    ) -> CallResult<()> {
        let said = format!("{MULTICAST_INTERFACE}{interface}");
        self.set(rec, op, said, |endpoint| {
            endpoint.socket.set_multicast_if_v4(&interface)
        })
    }

    fn set(
        &mut self,
        rec: &mut Recorder,
        op: u16,
        said: String,
        call: impl FnOnce(&Self) -> io::Result<()>,
    ) -> CallResult<()> {
        check(rec)?;
        let begin = self.begin(Call::SetOption, op);
        rec.begin(begin, Some(Detail::Text(said.clone())), &[]);
        match call(self) {
            Ok(()) => {
                rec.returned(Ok(0), 0, Some(Detail::Text(said)), &[]);
                checked(rec, ())
            }
            Err(error) => fail(rec, Call::SetOption, &error),
        }
    }
}
