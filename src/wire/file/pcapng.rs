//! The new form: blocks, each with its length in front and behind. Sections may differ in byte
//! order; each interface has a link layer and a resolution of time.

use std::io::Read;

use pcap_parser::{
    Block, InterfaceDescriptionBlock, OptionCode, parse_block_be, parse_block_le,
    traits::PcapNGPacketBlock,
};

use super::window::Window;
use super::{Cut, Damage, MAX_BLOCK, Why};
use crate::wire::Link;
use crate::wire::packets::{Captured, MAX_PACKETS, Packets};

const SECTION: u32 = 0x0a0d_0d0a;
/// Most interfaces of a section.
const MAX_INTERFACES: usize = 4096;
/// Most remarks kept, and how long each may be.
const MAX_COMMENTS: usize = 1_000_000;
const MAX_COMMENT: usize = 4096;

#[derive(Clone, Copy)]
struct Interface {
    link: Link,
    snap: u32,
    /// Ticks per second.
    resolution: u64,
    /// Seconds to add.
    offset: i64,
}

pub(super) fn read(
    window: &mut Window<impl Read>,
    packets: &mut Packets,
) -> Result<Option<Cut>, Why> {
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut big = false;
    let mut first = true;
    let mut comments = 0;
    loop {
        let offset = window.offset();
        let nothing = first;
        let cut = |damage| {
            if nothing {
                Err(Why::Header)
            } else {
                Ok(Some(Cut { offset, damage }))
            }
        };
        match window.fill(12) {
            Ok(true) => {}
            Ok(false) if window.data().is_empty() => return Ok(None),
            Ok(false) => return cut(Damage::Ends),
            Err(_) => return cut(Damage::Read),
        }
        let data = window.data();
        let word = |at: usize| [data[at], data[at + 1], data[at + 2], data[at + 3]];
        if u32::from_be_bytes(word(0)) == SECTION {
            big = word(8) == [0x1a, 0x2b, 0x3c, 0x4d];
            interfaces.clear();
        }
        let says = if big {
            u32::from_be_bytes(word(4))
        } else {
            u32::from_le_bytes(word(4))
        };
        let len = says as usize;
        if len > MAX_BLOCK {
            return cut(Damage::Length(u64::from(says)));
        }
        if len < 12 || !len.is_multiple_of(4) {
            return cut(Damage::Contradiction);
        }
        match window.fill(len) {
            Ok(true) => {}
            Ok(false) => return cut(Damage::Ends),
            Err(_) => return cut(Damage::Read),
        }
        let block = &window.data()[..len];
        let parsed = if big {
            parse_block_be(block)
        } else {
            parse_block_le(block)
        };
        let Ok((_, parsed)) = parsed else {
            return cut(Damage::Contradiction);
        };
        let row = match &parsed {
            Block::SectionHeader(_) => {
                first = false;
                None
            }
            Block::InterfaceDescription(description) => {
                if interfaces.len() == MAX_INTERFACES {
                    return cut(Damage::TooMany);
                }
                interfaces.push(interface(description, big));
                None
            }
            Block::EnhancedPacket(packet) => {
                let Some(interface) = interfaces.get(packet.if_id as usize) else {
                    return cut(Damage::Interface(packet.if_id));
                };
                let ticks = u64::from(packet.ts_high) << 32 | u64::from(packet.ts_low);
                let captured = Captured {
                    time: nanos(ticks, interface),
                    link: interface.link,
                    original: packet.origlen,
                    bytes: packet.packet_data(),
                };
                Some(packets.index(&captured, offset + 28))
            }
            Block::SimplePacket(packet) => {
                let Some(interface) = interfaces.first() else {
                    return cut(Damage::Interface(0));
                };
                let mut most = packet.origlen as usize;
                if interface.snap > 0 {
                    most = most.min(interface.snap as usize);
                }
                let captured = Captured {
                    time: 0,
                    link: interface.link,
                    original: packet.origlen,
                    bytes: &packet.data[..packet.data.len().min(most)],
                };
                Some(packets.index(&captured, offset + 12))
            }
            _ => None,
        };
        match row {
            Some(Some(row)) => {
                if let Block::EnhancedPacket(packet) = &parsed
                    && comments < MAX_COMMENTS
                    && let Some(text) = comment(packet)
                {
                    packets.set_comment(row, text);
                    comments += 1;
                }
            }
            Some(None) => {
                return cut(if packets.len() >= MAX_PACKETS {
                    Damage::TooMany
                } else {
                    Damage::Contradiction
                });
            }
            None => {}
        }
        window.consume(len);
    }
}

fn interface(description: &InterfaceDescriptionBlock<'_>, big: bool) -> Interface {
    // The option is read here, too: the crate takes its bytes for little endian.
    let offset = description
        .options
        .iter()
        .find(|o| o.code == OptionCode(14))
        .and_then(|o| o.value().get(..8)?.try_into().ok())
        .map_or(0, |bytes: [u8; 8]| {
            if big {
                i64::from_be_bytes(bytes)
            } else {
                i64::from_le_bytes(bytes)
            }
        });
    Interface {
        link: Link::from_linktype((description.linktype.0 & 0xffff) as u16),
        snap: description.snaplen,
        resolution: description.ts_resolution().unwrap_or(1_000_000).max(1),
        offset,
    }
}

fn nanos(ticks: u64, interface: &Interface) -> u64 {
    let nanos = u128::from(ticks) * 1_000_000_000 / u128::from(interface.resolution);
    let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
    let seconds = interface
        .offset
        .unsigned_abs()
        .saturating_mul(1_000_000_000);
    if interface.offset < 0 {
        nanos.saturating_sub(seconds)
    } else {
        nanos.saturating_add(seconds)
    }
}

fn comment(packet: &pcap_parser::EnhancedPacketBlock<'_>) -> Option<String> {
    let mut text = String::new();
    for option in packet.options.iter().filter(|o| o.code == OptionCode(1)) {
        let value = option.value();
        let value = &value[..value.len().min(usize::from(option.len)).min(MAX_COMMENT)];
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&String::from_utf8_lossy(value));
        if text.len() > MAX_COMMENT {
            break;
        }
    }
    (!text.is_empty()).then_some(text)
}
