//! What the kernel tells of the ends of TCP connections: `TCP_INFO` of a descriptor (`man 7 tcp`,
//! `linux/tcp.h`), and the state of an end that has none, by its addresses (`man 7 sock_diag`).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;

use socket2::{Domain, Protocol, Socket, Type};

use crate::trace::{SenderFigures, SentSoFar, TcpState};

/// `struct tcp_info`, as long as the newest kernel known here writes it.
const INFO: usize = 280;

/// What `TCP_INFO` says of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TcpInfo {
    pub(crate) state: TcpState,
    /// Of an end that has, or had, a connection.
    pub(crate) sender: Option<SenderFigures>,
    /// `None`: this kernel does not count them.
    pub(crate) sent: Option<SentSoFar>,
}

/// Reads `TCP_INFO`; `None` where it cannot be read.
pub(crate) fn tcp_info(socket: &Socket) -> Option<TcpInfo> {
    let mut info = [0_u8; INFO];
    let mut size = INFO as libc::socklen_t;
    // SAFETY: the pointer is valid for `size` bytes, of which the kernel writes at most that many
    // and says how many; bytes have no alignment. The descriptor is open while `socket` is
    // borrowed.
    let result = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            info.as_mut_ptr().cast(),
            &raw mut size,
        )
    };
    if result != 0 {
        return None;
    }
    read(info.get(..size as usize)?)
}

/// The fields at their places in `struct tcp_info`, which only grows at its end.
fn read(info: &[u8]) -> Option<TcpInfo> {
    let four = |at: usize| Some(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?));
    let eight = |at: usize| Some(u64::from_ne_bytes(*info.get(at..)?.first_chunk()?));
    let state = TcpState::from_linux(*info.first()?);
    let has_peer = !matches!(state, TcpState::Listen | TcpState::Closed);
    // tcpi_snd_mss, tcpi_snd_cwnd, tcpi_snd_wnd (5.4), tcpi_rcv_wnd (6.2)
    let sender = match (four(16), four(80), four(228)) {
        (Some(mss), Some(cwnd), Some(peer_window)) if has_peer => Some(SenderFigures {
            cwnd,
            mss,
            peer_window,
            own_window: four(232),
        }),
        _ => None,
    };
    // tcpi_data_segs_out (4.6), tcpi_bytes_acked (4.1), tcpi_total_retrans
    let sent = match (four(156), eight(120), four(100)) {
        (Some(data_segments), Some(acked), Some(retransmissions)) if has_peer => Some(SentSoFar {
            data_segments,
            acked,
            retransmissions,
        }),
        _ => None,
    };
    Some(TcpInfo {
        state,
        sender,
        sent,
    })
}

/// Asks the kernel for the state of connections by their addresses, in one network.
#[derive(Debug)]
pub(crate) struct TcpTable {
    netlink: Socket,
    number: u32,
}

// `linux/netlink.h`, `linux/sock_diag.h`
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const NLM_F_REQUEST: u16 = 1;
/// `struct nlmsghdr`
const HEAD: usize = 16;
/// `struct inet_diag_req_v2`
const REQUEST: usize = 56;

/// Family, type and protocol of the socket that [`TcpTable`] needs: it tells of the network in
/// which it was made.
pub(crate) fn table_socket() -> (Domain, Type, Protocol) {
    (
        Domain::from(libc::AF_NETLINK),
        Type::DGRAM,
        Protocol::from(NETLINK_SOCK_DIAG),
    )
}

impl TcpTable {
    /// Of the computer's own network.
    ///
    /// # Errors
    /// The system's, where there is no `sock_diag`.
    pub(crate) fn open() -> io::Result<Self> {
        let (domain, kind, protocol) = table_socket();
        Socket::new(domain, kind, Some(protocol)).and_then(Self::of)
    }

    /// Of the network in which the socket (see [`table_socket`]) was made.
    ///
    /// # Errors
    /// The system's.
    #[expect(clippy::unnecessary_wraps, reason = "its twin elsewhere always fails")]
    pub(crate) fn of(netlink: Socket) -> io::Result<Self> {
        Ok(TcpTable { netlink, number: 0 })
    }

    /// The state of the end at `local` whose other end is at `peer`: [`TcpState::Closed`] if there
    /// is none.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn state(&mut self, local: SocketAddr, peer: SocketAddr) -> io::Result<TcpState> {
        self.number = self.number.wrapping_add(1);
        self.netlink.send(&request(local, peer, self.number)?)?;
        let mut answer = [0; 512];
        // The kernel has answered before send returns. What answers an earlier question (of which
        // a signal kept us) is passed over.
        for _ in 0..4 {
            let length = super::recv(&self.netlink, &mut answer, libc::MSG_DONTWAIT)?;
            let answer = answer.get(..length).unwrap_or_default();
            if number_of(answer) == Some(self.number) {
                return state(answer, peer);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }
}

fn request(local: SocketAddr, peer: SocketAddr, number: u32) -> io::Result<Vec<u8>> {
    let (family, from, to) = match (local.ip(), peer.ip()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (libc::AF_INET, a.octets().to_vec(), b.octets().to_vec()),
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            (libc::AF_INET6, a.octets().to_vec(), b.octets().to_vec())
        }
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    };
    let mut out = Vec::with_capacity(HEAD + REQUEST);
    out.extend_from_slice(&((HEAD + REQUEST) as u32).to_ne_bytes());
    out.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    out.extend_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    out.extend_from_slice(&number.to_ne_bytes());
    out.extend_from_slice(&[0; 4]);
    // Family, protocol, no further figures, padding, every state.
    out.extend_from_slice(&[family as u8, libc::IPPROTO_TCP as u8, 0, 0]);
    out.extend_from_slice(&u32::MAX.to_ne_bytes());
    // `struct inet_diag_sockid`: ports and addresses in network order, any interface, no cookie.
    out.extend_from_slice(&local.port().to_be_bytes());
    out.extend_from_slice(&peer.port().to_be_bytes());
    for address in [from, to] {
        out.extend_from_slice(&address);
        out.resize(out.len() + 16 - address.len(), 0);
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&[0xff; 8]);
    Ok(out)
}

fn number_of(answer: &[u8]) -> Option<u32> {
    Some(u32::from_ne_bytes(*answer.get(8..)?.first_chunk()?))
}

/// The state in an answer (`struct inet_diag_msg` behind the header).
fn state(answer: &[u8], peer: SocketAddr) -> io::Result<TcpState> {
    let short = || io::Error::from(io::ErrorKind::InvalidData);
    let kind = answer.get(4..6).and_then(|two| two.first_chunk());
    match kind.copied().map(u16::from_ne_bytes) {
        Some(NLMSG_ERROR) => {
            let code = answer.get(HEAD..).and_then(<[u8]>::first_chunk);
            let code = code.copied().map(i32::from_ne_bytes).ok_or_else(short)?;
            if -code == libc::ENOENT {
                return Ok(TcpState::Closed);
            }
            Err(io::Error::from_raw_os_error(-code))
        }
        Some(SOCK_DIAG_BY_FAMILY) => {
            let port = answer.get(HEAD + 6..).and_then(<[u8]>::first_chunk);
            let port = port.copied().map(u16::from_be_bytes).ok_or_else(short)?;
            // Where there is no such connection, the kernel tells of whoever listens there.
            if port != peer.port() {
                return Ok(TcpState::Closed);
            }
            let code = answer.get(HEAD + 1).ok_or_else(short)?;
            Ok(TcpState::from_linux(*code))
        }
        _ => Err(short()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::net::{TcpListener, TcpStream};

    /// The states of a close in four steps, of ends with and without a descriptor.
    #[test]
    fn both_ends_are_read_to_their_end() {
        let mut table = TcpTable::open().expect("sock_diag");
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let client = TcpStream::connect(listener.local_addr().unwrap()).expect("connect");
        let (a, b) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
        // Nobody has accepted it, and yet it is there.
        assert_eq!(table.state(b, a).unwrap(), TcpState::Established);
        let (mut server, _) = listener.accept().expect("accept");
        let client = Socket::from(client);
        let info = tcp_info(&client).expect("TCP_INFO");
        assert_eq!(info.state, TcpState::Established);
        let sender = info.sender.expect("figures");
        assert!(sender.cwnd >= 2 && sender.mss >= 500 && sender.peer_window > 1000);
        client.send(b"hello").expect("send");
        server.read_exact(&mut [0; 5]).expect("read");
        assert_eq!(tcp_info(&client).unwrap().sent.unwrap().data_segments, 1);
        drop(client);
        assert!(matches!(
            table.state(a, b).unwrap(),
            TcpState::FinWait1 | TcpState::FinWait2
        ));
        let server = Socket::from(server);
        assert_eq!(tcp_info(&server).unwrap().state, TcpState::CloseWait);
        drop(server);
        assert_eq!(table.state(a, b).unwrap(), TcpState::TimeWait);
        assert_eq!(table.state(b, a).unwrap(), TcpState::Closed);
    }

    #[test]
    fn a_short_struct_of_an_old_kernel_is_read_as_far_as_it_goes() {
        let mut info = [0; INFO];
        info[0] = 1;
        assert_eq!(read(&[]), None);
        for n in 1..=INFO {
            let told = read(&info[..n]).expect("the state is told");
            assert_eq!(told.state, TcpState::Established);
            assert_eq!(told.sender.is_some(), n >= 232);
            assert_eq!(told.sent.is_some(), n >= 160);
        }
    }

    #[test]
    fn a_strange_answer_is_an_error_or_a_state() {
        let peer = "127.0.0.1:9".parse().unwrap();
        for n in 0..80 {
            for kind in [0u8, 2, 20] {
                let mut answer = vec![0; n];
                if let Some(at) = answer.get_mut(4) {
                    *at = kind;
                }
                let _ = state(&answer, peer);
            }
        }
    }
}
