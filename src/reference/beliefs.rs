//! Things people believe of sockets, with the experiment and the claim that settle each.

use super::{Place, at};
use crate::i18n::{Phrase, beliefs as text};

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A misconception of the course's list, by its number.
    Belief(u8),
    /// A line of a handout.
    Handout,
}

/// Something people believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Who says so.
    pub said: Said,
    /// What is believed.
    pub claim: Phrase,
    /// What the kernel says.
    pub truth: Phrase,
    /// Where a run settles it.
    pub place: Place,
    /// The claim of that lesson that confirms the truth on real sockets.
    pub check: &'static str,
}

const fn belief(
    number: u8,
    claim: Phrase,
    truth: Phrase,
    place: Place,
    check: &'static str,
) -> Belief {
    Belief {
        said: Said::Belief(number),
        claim,
        truth,
        place,
        check,
    }
}

const fn handout(claim: Phrase, truth: Phrase, place: Place, check: &'static str) -> Belief {
    Belief {
        said: Said::Handout,
        claim,
        truth,
        place,
        check,
    }
}

/// Every belief that a lesson settles.
pub const BELIEFS: &[Belief] = &[
    belief(
        1,
        text::ONE_SEND,
        text::ONE_SEND_TRUTH,
        at("sticky-merge", "three-sends"),
        "three-in-one",
    ),
    belief(
        2,
        text::NAGLE,
        text::NAGLE_TRUTH,
        at("sticky-merge", "nodelay"),
        "nodelay-is-no-cure",
    ),
    belief(
        3,
        text::SLEEP,
        text::SLEEP_TRUTH,
        at("pacing", "late"),
        "late-reader-merges",
    ),
    belief(
        4,
        text::RECV_N,
        text::RECV_N_TRUTH,
        at("sticky-merge", "recv-seven"),
        "recv-seven",
    ),
    belief(
        5,
        text::SHORT_RECV,
        text::SHORT_RECV_TRUTH,
        at("fixed-size", "same-size"),
        "recv-n-is-no-record",
    ),
    belief(
        6,
        text::RECV_HEADER,
        text::RECV_HEADER_TRUTH,
        at("length-prefix", "recv-four"),
        "recv-four-is-no-header",
    ),
    belief(
        7,
        text::HEALS,
        text::HEALS_TRUTH,
        at("length-prefix", "stray-byte"),
        "stray-byte",
    ),
    belief(
        8,
        text::SENDS_ALL,
        text::SENDS_ALL_TRUTH,
        at("buffers", "never-wait"),
        "non-blocking-send-takes-a-part",
    ),
    belief(
        9,
        text::LOCALHOST,
        text::LOCALHOST_TRUTH,
        at("pacing", "slow-way"),
        "slow-way-merges",
    ),
    belief(
        10,
        text::ARRIVED,
        text::ARRIVED_TRUTH,
        at("endings-errors", "first-send"),
        "first-send-succeeds",
    ),
    belief(
        11,
        text::EMPTY,
        text::EMPTY_TRUTH,
        at("endings-errors", "the-end"),
        "end-of-stream",
    ),
    belief(
        12,
        text::END_MARK,
        text::END_MARK_TRUTH,
        at("file-transfer", "mark-inside"),
        "mark-inside",
    ),
    belief(
        13,
        text::LEN,
        text::LEN_TRUTH,
        at("text-encoding", "how-many"),
        "six-bytes",
    ),
    belief(
        14,
        text::DECODE,
        text::DECODE_TRUTH,
        at("text-encoding", "cut"),
        "cut-character",
    ),
    belief(
        15,
        text::STRUCT,
        text::STRUCT_TRUTH,
        at("length-prefix", "wrong-order"),
        "native-int-is-not-portable",
    ),
    belief(
        16,
        text::ACK,
        text::ACK_TRUTH,
        at("length-ack", "far-away"),
        "waits-cost-time",
    ),
    belief(
        17,
        text::UDP_SAFE,
        text::UDP_SAFE_TRUTH,
        at("udp", "overflow"),
        "full-buffer-drops",
    ),
    belief(
        18,
        text::IN_USE,
        text::IN_USE_TRUTH,
        at("endings-errors", "address-in-use"),
        "no-process-holds-it",
    ),
    belief(
        19,
        text::BACKLOG,
        text::BACKLOG_TRUTH,
        at("tcp-server-client", "without-accept"),
        "connect-needs-no-accept",
    ),
    belief(
        20,
        text::GRANTED,
        text::GRANTED_TRUTH,
        at("buffers", "asked-and-granted"),
        "granted-is-not-asked",
    ),
    handout(
        text::CHARACTERS,
        text::CHARACTERS_TRUTH,
        at("text-encoding", "how-many"),
        "six-bytes",
    ),
    handout(
        text::FULL_QUEUE,
        text::FULL_QUEUE_TRUTH,
        at("many-clients", "full-queue"),
        "full-queue-is-silent",
    ),
    handout(
        text::ERROR_48,
        text::ERROR_48_TRUTH,
        at("endings-errors", "address-in-use"),
        "address-in-use",
    ),
    handout(
        text::CUT_OFF,
        text::CUT_OFF_TRUTH,
        at("sticky-split", "one-message"),
        "the-rest-stays",
    ),
    handout(
        text::SLEEP_CURES,
        text::SLEEP_CURES_TRUTH,
        at("pacing", "sleep-longer"),
        "longer-is-no-better",
    ),
    handout(
        text::NAGLE_CAUSES,
        text::NAGLE_CAUSES_TRUTH,
        at("sticky-merge", "nodelay"),
        "nodelay-is-no-cure",
    ),
    handout(
        text::DGRAM_CLIENT,
        text::DGRAM_CLIENT_TRUTH,
        at("udp", "not-tcp"),
        "not-tcp",
    ),
    handout(
        text::UDP_EFFICIENT,
        text::UDP_EFFICIENT_TRUTH,
        at("udp", "ten-by-tcp"),
        "ten-by-tcp",
    ),
    handout(
        text::UDP_INEFFICIENT,
        text::UDP_INEFFICIENT_TRUTH,
        at("udp", "hundred-by-tcp"),
        "hundred-by-tcp",
    ),
    handout(
        text::FOUR_SEGMENTS,
        text::FOUR_SEGMENTS_TRUTH,
        at("handshake-teardown", "three-are-enough"),
        "three-when-prompt",
    ),
];
