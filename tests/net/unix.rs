//! `AF_UNIX` in its three types.
#![cfg(unix)]

use socklab::net::{Endpoint, Family, SocketKind, Target};
use socklab::trace::{Call, Detail};

use crate::{CLIENT, Lab, ret};

#[test]
fn stream_merges_seqpacket_does_not() {
    for (kind, first) in [(SocketKind::Stream, 10), (SocketKind::SeqPacket, 5)] {
        let mut lab = Lab::new();
        let folder = tempfile::tempdir().expect("folder");
        let path = Target::Path(folder.path().join("s"));
        let mut rec = lab.hub.recorder(CLIENT);
        let mut l = Endpoint::open(&lab.registry, &mut rec, 0, Family::Unix, kind).expect("socket");
        assert_eq!(l.bind(&mut rec, 1, &path), Ok(path.clone()));
        l.listen(&mut rec, 2, 1).expect("listen");
        let mut c = Endpoint::open(&lab.registry, &mut rec, 3, Family::Unix, kind).expect("socket");
        c.connect(&mut rec, 4, &path).expect("connect");
        let (mut s, _) = l.accept(&mut rec, 5).expect("accept");
        c.send(&mut rec, 6, b"hello", Some(0)).expect("send");
        c.send(&mut rec, 7, b"world", Some(1)).expect("send");
        let mut buffer = [0; 64];
        assert_eq!(
            s.recv(&mut rec, 8, &mut buffer, false),
            Ok(first),
            "{kind:?}"
        );
        drop((l, c, s, rec));
        let rows = lab.rows();
        assert_eq!(
            ret(&rows, Call::Connect, 0).detail,
            Some(Detail::Connected {
                local: String::new(),
                peer: path.to_string()
            })
        );
        assert_eq!(ret(&rows, Call::Recv, 0).bytes.len(), first);
    }
}

#[test]
fn datagrams_and_a_stale_path() {
    let mut lab = Lab::new();
    let folder = tempfile::tempdir().expect("folder");
    let path = Target::Path(folder.path().join("d"));
    let mut rec = lab.hub.recorder(CLIENT);
    let open = |rec: &mut _| {
        Endpoint::open(&lab.registry, rec, 0, Family::Unix, SocketKind::Datagram).expect("socket")
    };
    let mut s = open(&mut rec);
    s.bind(&mut rec, 1, &path).expect("bind");
    let mut c = open(&mut rec);
    assert_eq!(c.send_to(&mut rec, 2, b"one", None, &path), Ok(3));
    assert_eq!(c.send_to(&mut rec, 3, b"two", None, &path), Ok(3));
    let mut buffer = [0; 64];
    assert_eq!(s.recv_from(&mut rec, 4, &mut buffer, false), Ok((3, None)));
    s.close(&mut rec, 5).expect("close");
    let stale = c.send_to(&mut rec, 6, b"three", None, &path).unwrap_err();
    assert_eq!(stale.name(), Some("ECONNREFUSED"));
    let long = Target::Path(folder.path().join("x".repeat(120)));
    let error = open(&mut rec).bind(&mut rec, 7, &long).unwrap_err();
    assert_eq!(error.name(), Some("ENAMETOOLONG"));
    drop((c, rec));
    assert_eq!(ret(&lab.rows(), Call::RecvFrom, 0).e.b, 3);
}
