//! The fields a filter can name.

use super::super::dissect::LayerKind;
use super::super::words::MARKS;
use crate::i18n::{Phrase, filter as words, packet as text};

/// What values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// It is there or not.
    Flag,
    /// A whole number.
    Number,
    /// A time in seconds.
    Seconds,
    /// An IP address.
    Address,
    /// A name.
    Text,
}

/// Which column or conversation fact answers a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Number,
    Length,
    Captured,
    Time,
    Ip4,
    Ip6,
    Arp,
    Tcp,
    Udp,
    Icmp,
    Icmp6,
    Source,
    Destination,
    Address,
    Version,
    Ttl,
    SourcePort,
    DestinationPort,
    Port,
    TcpSourcePort,
    TcpDestinationPort,
    TcpPort,
    UdpSourcePort,
    UdpDestinationPort,
    UdpPort,
    TcpStream,
    UdpStream,
    Seq,
    SeqRaw,
    Ack,
    AckRaw,
    Window,
    WindowRaw,
    TcpLen,
    UdpLen,
    Flags,
    Flag(u16),
    IcmpType,
    IcmpCode,
    Mark(u16),
    Analysis,
    Actor,
    Send,
    Recv,
    Merged,
    Split,
}

/// A field: its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field(u8);

struct Known {
    name: &'static str,
    kind: FieldKind,
    column: Column,
    is: Phrase,
}

const fn known(name: &'static str, kind: FieldKind, column: Column, is: Phrase) -> Known {
    Known {
        name,
        kind,
        column,
        is,
    }
}

use FieldKind::{Address, Flag, Number, Seconds, Text};

const TABLE: &[Known] = &[
    known("frame.number", Number, Column::Number, text::F_NUMBER_IS),
    known("frame.len", Number, Column::Length, text::F_LENGTH_IS),
    known(
        "frame.cap_len",
        Number,
        Column::Captured,
        text::F_CAPTURED_IS,
    ),
    known("frame.time", Seconds, Column::Time, text::F_TIME_IS),
    known("ip", Flag, Column::Ip4, words::IS_IP),
    known("ipv6", Flag, Column::Ip6, words::IS_IP6),
    known("arp", Flag, Column::Arp, words::IS_ARP),
    known("tcp", Flag, Column::Tcp, words::IS_TCP),
    known("udp", Flag, Column::Udp, words::IS_UDP),
    known("icmp", Flag, Column::Icmp, words::IS_ICMP),
    known("icmpv6", Flag, Column::Icmp6, words::IS_ICMP6),
    known("ip.src", Address, Column::Source, text::F_SRC_IS),
    known("ip.dst", Address, Column::Destination, text::F_DST_IS),
    known("ip.addr", Address, Column::Address, words::ADDR_IS),
    known("ip.version", Number, Column::Version, text::F_VERSION_IS),
    known("ip.ttl", Number, Column::Ttl, text::F_TTL_IS),
    known("port", Number, Column::Port, words::PORT_IS),
    known("srcport", Number, Column::SourcePort, text::F_SRC_PORT_IS),
    known(
        "dstport",
        Number,
        Column::DestinationPort,
        text::F_DST_PORT_IS,
    ),
    known("tcp.port", Number, Column::TcpPort, words::PORT_IS),
    known(
        "tcp.srcport",
        Number,
        Column::TcpSourcePort,
        text::F_SRC_PORT_IS,
    ),
    known(
        "tcp.dstport",
        Number,
        Column::TcpDestinationPort,
        text::F_DST_PORT_IS,
    ),
    known("tcp.stream", Number, Column::TcpStream, text::F_STREAM_IS),
    known("tcp.seq", Number, Column::Seq, text::F_SEQ_IS),
    known("tcp.seq_raw", Number, Column::SeqRaw, text::F_SEQ_RAW_IS),
    known("tcp.ack", Number, Column::Ack, text::F_ACK_IS),
    known("tcp.ack_raw", Number, Column::AckRaw, text::F_ACK_RAW_IS),
    known("tcp.len", Number, Column::TcpLen, text::F_LEN_IS),
    known("tcp.window_size", Number, Column::Window, text::F_WINDOW_IS),
    known(
        "tcp.window_size_value",
        Number,
        Column::WindowRaw,
        text::F_WINDOW_RAW_IS,
    ),
    known("tcp.flags", Number, Column::Flags, text::F_FLAGS_IS),
    known("tcp.flags.syn", Flag, Column::Flag(0x02), text::F_SYN_IS),
    known(
        "tcp.flags.ack",
        Flag,
        Column::Flag(0x10),
        text::F_ACK_FLAG_IS,
    ),
    known("tcp.flags.fin", Flag, Column::Flag(0x01), text::F_FIN_IS),
    known("tcp.flags.reset", Flag, Column::Flag(0x04), text::F_RST_IS),
    known("tcp.flags.push", Flag, Column::Flag(0x08), text::F_PSH_IS),
    known("tcp.flags.urg", Flag, Column::Flag(0x20), text::F_URG_IS),
    known("tcp.flags.ece", Flag, Column::Flag(0x40), text::F_ECE_IS),
    known("tcp.flags.cwr", Flag, Column::Flag(0x80), text::F_CWR_IS),
    known("tcp.analysis", Flag, Column::Analysis, words::ANALYSIS_IS),
    known(
        "tcp.analysis.retransmission",
        Flag,
        Column::Mark(MARKS[2].0),
        MARKS[2].3,
    ),
    known(
        "tcp.analysis.fast_retransmission",
        Flag,
        Column::Mark(MARKS[0].0),
        MARKS[0].3,
    ),
    known(
        "tcp.analysis.spurious_retransmission",
        Flag,
        Column::Mark(MARKS[1].0),
        MARKS[1].3,
    ),
    known(
        "tcp.analysis.out_of_order",
        Flag,
        Column::Mark(MARKS[3].0),
        MARKS[3].3,
    ),
    known(
        "tcp.analysis.duplicate_ack",
        Flag,
        Column::Mark(MARKS[4].0),
        MARKS[4].3,
    ),
    known(
        "tcp.analysis.zero_window",
        Flag,
        Column::Mark(MARKS[5].0),
        MARKS[5].3,
    ),
    known(
        "tcp.analysis.zero_window_probe",
        Flag,
        Column::Mark(MARKS[6].0),
        MARKS[6].3,
    ),
    known(
        "tcp.analysis.zero_window_probe_ack",
        Flag,
        Column::Mark(MARKS[7].0),
        MARKS[7].3,
    ),
    known(
        "tcp.analysis.keep_alive",
        Flag,
        Column::Mark(MARKS[8].0),
        MARKS[8].3,
    ),
    known(
        "tcp.analysis.keep_alive_ack",
        Flag,
        Column::Mark(MARKS[9].0),
        MARKS[9].3,
    ),
    known(
        "tcp.analysis.window_update",
        Flag,
        Column::Mark(MARKS[10].0),
        MARKS[10].3,
    ),
    known(
        "tcp.analysis.window_full",
        Flag,
        Column::Mark(MARKS[11].0),
        MARKS[11].3,
    ),
    known(
        "tcp.analysis.lost_segment",
        Flag,
        Column::Mark(MARKS[12].0),
        MARKS[12].3,
    ),
    known(
        "tcp.analysis.ack_lost_segment",
        Flag,
        Column::Mark(MARKS[13].0),
        MARKS[13].3,
    ),
    known("malformed", Flag, Column::Mark(MARKS[14].0), MARKS[14].3),
    known("udp.port", Number, Column::UdpPort, words::PORT_IS),
    known(
        "udp.srcport",
        Number,
        Column::UdpSourcePort,
        text::F_SRC_PORT_IS,
    ),
    known(
        "udp.dstport",
        Number,
        Column::UdpDestinationPort,
        text::F_DST_PORT_IS,
    ),
    known(
        "udp.stream",
        Number,
        Column::UdpStream,
        words::UDP_STREAM_IS,
    ),
    known("udp.len", Number, Column::UdpLen, words::UDP_LEN_IS),
    known("icmp.type", Number, Column::IcmpType, text::F_ICMP_TYPE_IS),
    known("icmp.code", Number, Column::IcmpCode, text::F_ICMP_CODE_IS),
    known("actor", Text, Column::Actor, text::F_SENT_BY_IS),
    known("send", Flag, Column::Send, words::SEND_IS),
    known("recv", Flag, Column::Recv, words::RECV_IS),
    known("recv.merged", Flag, Column::Merged, words::MERGED_IS),
    known("recv.split", Flag, Column::Split, words::SPLIT_IS),
];

/// Other names that people write.
const ALIASES: &[(&str, &str)] = &[
    ("tcp.flags.rst", "tcp.flags.reset"),
    ("tcp.flags.psh", "tcp.flags.push"),
    ("frame.time_relative", "frame.time"),
    ("time", "frame.time"),
    ("number", "frame.number"),
    ("ipv6.src", "ip.src"),
    ("ipv6.dst", "ip.dst"),
    ("ipv6.addr", "ip.addr"),
    ("ipv6.hlim", "ip.ttl"),
    ("tcp.window", "tcp.window_size"),
    ("icmpv6.type", "icmp.type"),
    ("icmpv6.code", "icmp.code"),
    ("_ws.malformed", "malformed"),
];

impl Field {
    /// Is it one of the lab's own: of a run, not of a packet's bytes?
    pub(super) fn is_of_run(self) -> bool {
        matches!(
            self.column(),
            Column::Actor | Column::Send | Column::Recv | Column::Merged | Column::Split
        )
    }

    /// Every field, in teaching order.
    pub fn all() -> impl Iterator<Item = Field> {
        (0..TABLE.len()).map(|at| Field(at as u8))
    }

    /// The field of that name, whatever the case.
    pub fn find(name: &str) -> Option<Field> {
        let name = name.to_ascii_lowercase();
        let name = ALIASES
            .iter()
            .find(|(alias, _)| *alias == name)
            .map_or(name.as_str(), |(_, name)| name);
        TABLE
            .iter()
            .position(|known| known.name == name)
            .map(|at| Field(at as u8))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        TABLE[usize::from(self.0)].name
    }

    /// What values it has.
    pub fn kind(self) -> FieldKind {
        TABLE[usize::from(self.0)].kind
    }

    /// What it is for, in one sentence.
    pub fn is(self) -> Phrase {
        TABLE[usize::from(self.0)].is
    }

    pub(super) fn column(self) -> Column {
        TABLE[usize::from(self.0)].column
    }

    /// The layer it belongs to, for grouping.
    pub fn layer(self) -> LayerKind {
        match self.name().split('.').next() {
            Some("frame" | "actor" | "send" | "recv" | "malformed") => LayerKind::Frame,
            Some("ip" | "ipv6" | "arp") => LayerKind::Net,
            _ => LayerKind::Transport,
        }
    }
}
