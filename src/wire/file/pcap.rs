//! The old form: a header of 24 bytes, then records of 16 bytes and a packet.

use std::io::Read;

use pcap_parser::{
    LegacyPcapBlock, PcapError, nom::Err as NomError, parse_pcap_frame, parse_pcap_frame_be,
    parse_pcap_frame_modified, parse_pcap_header,
};

use super::window::Window;
use super::{Cut, Damage, MAX_BLOCK, Why};
use crate::wire::Link;
use crate::wire::packets::{Captured, MAX_PACKETS, Packets};

/// Bytes of the header.
const HEADER: usize = 24;

pub(super) fn read(
    window: &mut Window<impl Read>,
    packets: &mut Packets,
) -> Result<Option<Cut>, Why> {
    let Ok((_, header)) = parse_pcap_header(window.data()) else {
        return Err(Why::Header);
    };
    // The upper bits say how long frame check sequences are.
    let link = Link::from_linktype((header.network.0 & 0xffff) as u16);
    // (record header's length, parser)
    let (front, parse): (usize, Parse) = if header.is_modified_format() {
        (24, parse_pcap_frame_modified)
    } else if header.is_bigendian() {
        (16, parse_pcap_frame_be)
    } else {
        (16, parse_pcap_frame)
    };
    let unit = if header.is_nanosecond_precision() {
        1
    } else {
        1_000
    };
    window.consume(HEADER);
    let mut needs = front;
    loop {
        let offset = window.offset();
        let cut = |damage| Ok(Some(Cut { offset, damage }));
        match window.fill(needs) {
            Ok(true) => {}
            Ok(false) if window.data().is_empty() => return Ok(None),
            Ok(false) => return cut(Damage::Ends),
            Err(_) => return cut(Damage::Read),
        }
        let data = window.data();
        let used = match parse(data) {
            Ok((rest, record)) => {
                let time =
                    u64::from(record.ts_sec) * 1_000_000_000 + u64::from(record.ts_usec) * unit;
                let captured = Captured {
                    time,
                    link,
                    original: record.origlen,
                    bytes: record.data,
                };
                if packets.index(&captured, offset + front as u64).is_none() {
                    return cut(if packets.len() >= MAX_PACKETS {
                        Damage::TooMany
                    } else {
                        Damage::Contradiction
                    });
                }
                data.len() - rest.len()
            }
            Err(NomError::Incomplete(_)) => {
                // The record's length stands at the same place in every variant.
                let bytes = [data[8], data[9], data[10], data[11]];
                let says = if header.is_bigendian() {
                    u32::from_be_bytes(bytes)
                } else {
                    u32::from_le_bytes(bytes)
                } as usize;
                if says > MAX_BLOCK {
                    return cut(Damage::Length(says as u64));
                }
                let whole = front + says;
                if whole <= data.len() {
                    return cut(Damage::Contradiction);
                }
                needs = whole;
                continue;
            }
            Err(_) => return cut(Damage::Contradiction),
        };
        window.consume(used);
        needs = front;
    }
}

type Parse =
    for<'i> fn(
        &'i [u8],
    )
        -> pcap_parser::nom::IResult<&'i [u8], LegacyPcapBlock<'i>, PcapError<&'i [u8]>>;
