//! Packets and captures made by hand, byte by byte: nothing here uses the code under test.
#![allow(dead_code, unreachable_pub, reason = "each user needs a part of it")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub const FIN: u8 = 1;
pub const SYN: u8 = 2;
pub const RST: u8 = 4;
pub const PSH: u8 = 8;
pub const ACK: u8 = 16;

pub const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
pub const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));
pub const CLIENT6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1));
pub const SERVER6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2));

/// Adds up 16-bit words as RFC 1071 has it.
fn checksum(parts: &[&[u8]]) -> u16 {
    let bytes: Vec<u8> = parts.concat();
    let mut sum: u32 = 0;
    for pair in bytes.chunks(2) {
        sum += u32::from(u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(a) => a.octets().to_vec(),
        IpAddr::V6(a) => a.octets().to_vec(),
    }
}

/// An Ethernet frame with an IP packet in it.
pub fn ip(from: IpAddr, to: IpAddr, protocol: u8, ttl: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    if let (IpAddr::V4(from), IpAddr::V4(to)) = (from, to) {
        frame.extend([0x08, 0x00]);
        let mut header = vec![0x45, 0];
        header.extend((20 + body.len() as u16).to_be_bytes());
        header.extend([0x12, 0x34, 0x40, 0, ttl, protocol, 0, 0]);
        header.extend(from.octets());
        header.extend(to.octets());
        let sum = checksum(&[&header]).to_be_bytes();
        header[10..12].copy_from_slice(&sum);
        frame.extend(header);
    } else {
        frame.extend([0x86, 0xdd, 0x60, 0x02, 0x34, 0x56]);
        frame.extend((body.len() as u16).to_be_bytes());
        frame.extend([protocol, ttl]);
        frame.extend(octets(from));
        frame.extend(octets(to));
    }
    frame.extend(body);
    frame
}

/// A transport segment with its checksum at `at`.
fn sealed(from: IpAddr, to: IpAddr, protocol: u8, mut body: Vec<u8>, at: usize) -> Vec<u8> {
    let len = (body.len() as u32).to_be_bytes();
    let sum = checksum(&[
        &octets(from),
        &octets(to),
        &len,
        &[0, 0, 0, protocol],
        &body,
    ]);
    body[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    body
}

/// One TCP segment.
#[derive(Clone)]
pub struct Tcp<'a> {
    pub from: (IpAddr, u16),
    pub to: (IpAddr, u16),
    pub seq: u32,
    pub ack: u32,
    pub flags: u8,
    pub window: u16,
    pub options: &'a [u8],
    pub data: &'a [u8],
}

impl Tcp<'_> {
    pub fn frame(&self) -> Vec<u8> {
        assert!(self.options.len().is_multiple_of(4));
        let mut body = Vec::new();
        body.extend(self.from.1.to_be_bytes());
        body.extend(self.to.1.to_be_bytes());
        body.extend(self.seq.to_be_bytes());
        body.extend(self.ack.to_be_bytes());
        body.push(((20 + self.options.len()) / 4 * 16) as u8);
        body.push(self.flags);
        body.extend(self.window.to_be_bytes());
        body.extend([0, 0, 0, 0]);
        body.extend(self.options);
        body.extend(self.data);
        let body = sealed(self.from.0, self.to.0, 6, body, 16);
        ip(self.from.0, self.to.0, 6, 64, &body)
    }
}

pub fn udp(from: (IpAddr, u16), to: (IpAddr, u16), data: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(from.1.to_be_bytes());
    body.extend(to.1.to_be_bytes());
    body.extend((8 + data.len() as u16).to_be_bytes());
    body.extend([0, 0]);
    body.extend(data);
    let body = sealed(from.0, to.0, 17, body, 6);
    ip(from.0, to.0, 17, 63, &body)
}

/// ICMP "port unreachable" about the packet in that frame.
pub fn unreachable(about: &[u8]) -> Vec<u8> {
    let six = about[12] == 0x86;
    let quoted = &about[14..about.len().min(14 + if six { 48 } else { 28 })];
    let mut body = if six {
        vec![1, 4, 0, 0]
    } else {
        vec![3, 3, 0, 0]
    };
    body.extend([0, 0, 0, 0]);
    body.extend(quoted);
    if six {
        let body = sealed(SERVER6, CLIENT6, 58, body, 2);
        ip(SERVER6, CLIENT6, 58, 64, &body)
    } else {
        let sum = checksum(&[&body]).to_be_bytes();
        body[2..4].copy_from_slice(&sum);
        ip(SERVER, CLIENT, 1, 64, &body)
    }
}

/// Packets with their times in nanoseconds.
#[derive(Default)]
pub struct Capture {
    pub packets: Vec<(u64, Vec<u8>)>,
    now: u64,
}

/// When the captures begin: some second of 2023.
pub const EPOCH: u64 = 1_700_000_000_000_000_000;

impl Capture {
    pub fn new() -> Self {
        Capture {
            packets: Vec::new(),
            now: EPOCH,
        }
    }

    /// Time goes on.
    pub fn wait(&mut self, micros: u64) -> &mut Self {
        self.now += micros * 1_000;
        self
    }

    pub fn add(&mut self, frame: Vec<u8>) -> &mut Self {
        self.now += 10_000;
        self.packets.push((self.now, frame));
        self
    }

    /// As a pcap file with microseconds.
    pub fn pcap(&self, linktype: u32) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(0xa1b2_c3d4_u32.to_le_bytes());
        out.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        out.extend(262_144_u32.to_le_bytes());
        out.extend(linktype.to_le_bytes());
        for (time, frame) in &self.packets {
            out.extend(((time / 1_000_000_000) as u32).to_le_bytes());
            out.extend(((time % 1_000_000_000 / 1_000) as u32).to_le_bytes());
            out.extend((frame.len() as u32).to_le_bytes());
            out.extend((frame.len() as u32).to_le_bytes());
            out.extend(frame);
        }
        out
    }

    /// As a pcapng file in either byte order, with microseconds.
    pub fn pcapng(&self, big: bool) -> Vec<u8> {
        let w = |n: u32| {
            if big {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let h = |n: u16| {
            if big {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let mut out = Vec::new();
        let mut block = |kind: u32, body: Vec<u8>| {
            let len = w(body.len() as u32 + 12);
            out.extend(w(kind));
            out.extend(len);
            out.extend(body);
            out.extend(len);
        };
        let mut section = Vec::new();
        section.extend(w(0x1a2b_3c4d));
        section.extend(h(1));
        section.extend(h(0));
        section.extend([0xff; 8]);
        block(0x0a0d_0d0a, section);
        let mut interface = Vec::new();
        interface.extend(h(1));
        interface.extend(h(0));
        interface.extend(w(0));
        block(1, interface);
        for (time, frame) in &self.packets {
            let micros = time / 1_000;
            let mut body = Vec::new();
            body.extend(w(0));
            body.extend(w((micros >> 32) as u32));
            body.extend(w(micros as u32));
            body.extend(w(frame.len() as u32));
            body.extend(w(frame.len() as u32));
            body.extend(frame);
            body.resize(body.len().next_multiple_of(4), 0);
            block(6, body);
        }
        out
    }
}

/// A TCP connection that is played packet by packet.
pub struct Talk {
    pub client: (IpAddr, u16),
    pub server: (IpAddr, u16),
    /// Next sequence numbers: client, server.
    pub seq: [u32; 2],
    pub window: [u16; 2],
}

/// MSS 1460, SACK allowed, scale 7: as a Linux client begins.
pub const SYN_OPTIONS: [u8; 12] = [2, 4, 0x05, 0xb4, 4, 2, 1, 3, 3, 7, 1, 1];

impl Talk {
    pub fn new(client: (IpAddr, u16), server: (IpAddr, u16)) -> Self {
        Talk {
            client,
            server,
            seq: [0x1000_0000, 0xffff_fff0],
            window: [502, 509],
        }
    }

    /// A segment of one side as things stand; its numbers do not move on.
    pub fn segment<'a>(&self, side: usize, flags: u8, data: &'a [u8]) -> Tcp<'a> {
        let ends = [self.client, self.server];
        Tcp {
            from: ends[side],
            to: ends[1 - side],
            seq: self.seq[side],
            ack: if flags & ACK == 0 {
                0
            } else {
                self.seq[1 - side]
            },
            flags,
            window: self.window[side],
            options: &[],
            data,
        }
    }

    /// Sends, and goes on by what it takes of the sequence.
    pub fn send(&mut self, capture: &mut Capture, side: usize, flags: u8, data: &[u8]) {
        capture.add(self.segment(side, flags, data).frame());
        let takes = data.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        self.seq[side] = self.seq[side].wrapping_add(takes);
    }

    /// A handshake whose client begins at whatever number stands in `seq`.
    pub fn handshake_from_anywhere(&mut self, capture: &mut Capture) {
        self.send(capture, 0, SYN, &[]);
        self.send(capture, 1, SYN | ACK, &[]);
        self.send(capture, 0, ACK, &[]);
    }

    pub fn handshake(&mut self, capture: &mut Capture) {
        let mut syn = self.segment(0, SYN, &[]);
        syn.options = &SYN_OPTIONS;
        syn.window = 64_240;
        capture.add(syn.frame());
        self.seq[0] += 1;
        let mut answer = self.segment(1, SYN | ACK, &[]);
        answer.options = &SYN_OPTIONS;
        answer.window = 65_160;
        capture.add(answer.frame());
        self.seq[1] = self.seq[1].wrapping_add(1);
        self.send(capture, 0, ACK, &[]);
    }
}

/// Alternating five-byte segments and acknowledgements: `count` packets, 72 bytes each in the file.
pub fn million(count: u32) -> Vec<u8> {
    let mut out = Capture::new().pcap(1);
    let mut data = Tcp {
        from: (CLIENT, 40_000),
        to: (SERVER, 5_000),
        seq: 1,
        ack: 1,
        flags: PSH | ACK,
        window: 500,
        options: &[],
        data: b"hello",
    };
    let mut answer = Tcp {
        from: data.to,
        to: data.from,
        flags: ACK,
        data: &[],
        ..data.clone()
    };
    for n in 0..count {
        let frame = if n % 2 == 0 {
            data.frame()
        } else {
            data.seq = data.seq.wrapping_add(5);
            answer.ack = data.seq;
            answer.frame()
        };
        let micros = u64::from(n) * 10;
        out.extend((1_700_000_000 + (micros / 1_000_000) as u32).to_le_bytes());
        out.extend(((micros % 1_000_000) as u32).to_le_bytes());
        out.extend((frame.len() as u32).to_le_bytes());
        out.extend((frame.len() as u32).to_le_bytes());
        out.extend(frame);
    }
    out
}

/// Everything a lesson on TCP can meet, in one capture.
pub fn everything() -> Capture {
    let mut c = Capture::new();
    // Handshake, data, close in four segments.
    let mut t = Talk::new((CLIENT, 40_001), (SERVER, 5_000));
    t.handshake(&mut c);
    t.send(&mut c, 0, PSH | ACK, b"hello");
    t.send(&mut c, 1, ACK, b"");
    t.send(&mut c, 1, PSH | ACK, b"world!");
    t.send(&mut c, 0, ACK, b"");
    t.send(&mut c, 0, FIN | ACK, b"");
    t.send(&mut c, 1, ACK, b"");
    t.send(&mut c, 1, FIN | ACK, b"");
    t.send(&mut c, 0, ACK, b"");
    // Close in three segments.
    c.wait(1_000);
    let mut t = Talk::new((CLIENT, 40_002), (SERVER, 5_000));
    t.handshake(&mut c);
    t.send(&mut c, 0, FIN | ACK, b"");
    t.send(&mut c, 1, FIN | ACK, b"");
    t.send(&mut c, 0, ACK, b"");
    // Refused, and reset in the middle.
    let mut t = Talk::new((CLIENT, 40_003), (SERVER, 5_001));
    t.send(&mut c, 0, SYN, b"");
    t.seq[1] = 0;
    t.window[1] = 0;
    t.send(&mut c, 1, RST | ACK, b"");
    let mut t = Talk::new((CLIENT, 40_004), (SERVER, 5_000));
    t.handshake(&mut c);
    t.send(&mut c, 0, PSH | ACK, b"too late");
    t.window[1] = 0;
    t.send(&mut c, 1, RST, b"");
    // Lost, duplicate acknowledgements, sent again at once.
    let mut t = Talk::new((CLIENT, 40_005), (SERVER, 5_000));
    t.handshake(&mut c);
    t.send(&mut c, 0, PSH | ACK, b"first");
    t.send(&mut c, 1, ACK, b"");
    let lost = t.segment(0, PSH | ACK, b"second").frame();
    let mut behind = t.segment(1, ACK, b"");
    t.seq[0] += 6;
    for data in [b"third", b"four.", b"five."] {
        t.send(&mut c, 0, PSH | ACK, data);
        c.add(behind.frame());
    }
    c.add(lost);
    behind.ack = t.seq[0];
    c.add(behind.frame());
    // Sent again because the answer did not come; then needlessly.
    let again = t.segment(0, PSH | ACK, b"again").frame();
    t.send(&mut c, 0, PSH | ACK, b"again");
    c.wait(200_000).add(again.clone());
    t.send(&mut c, 1, ACK, b"");
    c.wait(200_000).add(again);
    // Two segments that overtook each other.
    let late = t.segment(0, PSH | ACK, b"one").frame();
    t.seq[0] += 3;
    let early = t.segment(0, PSH | ACK, b"two").frame();
    t.seq[0] += 3;
    c.wait(1_000).add(early).add(late);
    t.send(&mut c, 1, ACK, b"");
    // Full, probed, open again; and a keep-alive.
    t.window[1] = 0;
    t.send(&mut c, 1, ACK, b"");
    let probe = t.segment(0, ACK, b"x").frame();
    c.wait(200_000).add(probe);
    t.send(&mut c, 1, ACK, b"");
    t.window[1] = 509;
    t.send(&mut c, 1, ACK, b"");
    t.send(&mut c, 0, PSH | ACK, b"x");
    t.send(&mut c, 1, ACK, b"");
    let mut alive = t.segment(0, ACK, b"");
    alive.seq -= 1;
    c.wait(1_000_000).add(alive.frame());
    t.send(&mut c, 1, ACK, b"");
    // IPv6, UDP, and nobody there.
    let mut t = Talk::new((CLIENT6, 40_006), (SERVER6, 5_000));
    t.handshake(&mut c);
    t.send(&mut c, 0, PSH | ACK, "套接字".as_bytes());
    t.send(&mut c, 1, ACK, b"");
    for (client, server) in [(CLIENT, SERVER), (CLIENT6, SERVER6)] {
        let ask = udp((client, 40_007), (server, 53), b"a datagram");
        c.add(ask.clone());
        c.add(udp((server, 53), (client, 40_007), b"its answer"));
        c.add(unreachable(&ask));
    }
    // A connection of which only the middle was captured.
    let mut t = Talk::new((CLIENT, 40_008), (SERVER, 5_000));
    t.send(&mut c, 0, PSH | ACK, b"middle");
    t.send(&mut c, 1, ACK, b"");
    t.seq[0] += 100;
    t.send(&mut c, 0, PSH | ACK, b"after a gap");
    t.send(&mut c, 1, ACK, b"");
    t.seq[0] += 50;
    t.send(&mut c, 1, ACK, b"");
    c
}
