//! `socklab packets`

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Context, Failure, Outcome, output, refused};
use crate::framing::{FramingSpec, escape};
use crate::i18n::{Lang, cli as text};
use crate::wire::dissect::Dissection;
use crate::wire::filter::Filter;
use crate::wire::follow::{self, Followed};
use crate::wire::{Packets, Protocol, file, words};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A capture file: pcap or pcapng, also packed with gzip
    file: PathBuf,
    /// Show only packets that match: "tcp.port == 80 and tcp.len > 0"
    #[arg(long, value_name = "EXPRESSION")]
    filter: Option<String>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// Take one packet apart, by its number
    #[arg(long, value_name = "N", conflicts_with_all = ["filter", "follow"])]
    packet: Option<u32>,
    /// Put a conversation's bytes together: tcp:N or udp:N
    #[arg(long, value_name = "STREAM", conflicts_with = "filter")]
    follow: Option<String>,
    /// Take the followed bytes apart into messages: raw, delimiter:\n, length:u32:big …
    #[arg(long, value_name = "STRATEGY", requires = "follow")]
    framing: Option<String>,
}

impl Arguments {
    /// Lists all packets of that file.
    pub(super) fn list(file: &std::path::Path, json: bool) -> Self {
        Arguments {
            file: file.to_owned(),
            filter: None,
            json,
            packet: None,
            follow: None,
            framing: None,
        }
    }
}

pub(super) fn packets(context: &Context, arguments: &Arguments) -> Outcome {
    let lang = context.lang;
    // What was typed wrong is said before a large file is read.
    let filter = arguments
        .filter
        .as_ref()
        .map(|given| {
            given.parse::<Filter>().map_err(|error| {
                Failure::Usage(
                    text::FILTER_REFUSED
                        .fill(lang, &[("given", given), ("why", &error.say(given, lang))]),
                )
            })
        })
        .transpose()?;
    let framing = arguments
        .framing
        .as_ref()
        .map(|given| {
            given
                .parse::<FramingSpec>()
                .map_err(|error| refused("--framing", given, &error, lang))
        })
        .transpose()?;
    let opened = file::open(&arguments.file)
        .map_err(|error| Failure::Failed(words::open_error(&error, lang)))?;
    let packets = opened.packets;
    if let Some(cut) = &opened.cut {
        let name = arguments.file.display();
        eprintln!("socklab: {}", words::cut(cut, &name, packets.len(), lang));
    }
    let mut out = output();
    if let Some(number) = arguments.packet {
        let dissection = number
            .checked_sub(1)
            .filter(|row| *row < packets.len())
            .map(|row| packets.dissect(row))
            .transpose()?
            .ok_or_else(|| {
                Failure::Usage(
                    text::PACKET_REFUSED.fill(lang, &[("given", &number), ("n", &packets.len())]),
                )
            })?;
        if arguments.json {
            writeln!(out, "{:#}", dissection_json(&dissection, lang))?;
        } else {
            write_dissection(&dissection, lang, &mut out)?;
        }
        return Ok(out.flush()?);
    }
    if let Some(given) = &arguments.follow {
        let conversation = find(&packets, given).ok_or_else(|| {
            Failure::Usage(text::FOLLOW_REFUSED.fill(
                lang,
                &[
                    ("given", given),
                    ("tcp", &count(&packets, Protocol::Tcp)),
                    ("udp", &count(&packets, Protocol::Udp)),
                ],
            ))
        })?;
        let followed = follow::follow(&packets, conversation)?;
        if arguments.json {
            let value = follow_json(&packets, conversation, &followed, framing.as_ref());
            writeln!(out, "{value:#}")?;
        } else {
            write_follow(
                &packets,
                conversation,
                &followed,
                framing.as_ref(),
                lang,
                &mut out,
            )?;
        }
        return Ok(out.flush()?);
    }
    let rows: Vec<u32> = match &filter {
        Some(filter) => filter.rows(&packets),
        None => (0..packets.len()).collect(),
    };
    if arguments.json {
        // An array written piece by piece: a large capture is not held twice.
        write!(out, "[")?;
        for (at, row) in rows.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}\n{}", row_json(&packets, *row))?;
        }
        writeln!(out, "\n]")?;
    } else {
        for row in &rows {
            write_row(&packets, *row, lang, &mut out)?;
        }
        let summary = text::PACKETS_SUMMARY.fill(
            lang,
            &[
                ("shown", &rows.len()),
                ("n", &packets.len()),
                ("tcp", &count(&packets, Protocol::Tcp)),
                ("udp", &count(&packets, Protocol::Udp)),
            ],
        );
        writeln!(out, "{summary}")?;
    }
    Ok(out.flush()?)
}

fn count(packets: &Packets, protocol: Protocol) -> usize {
    packets
        .conversations()
        .iter()
        .filter(|c| c.protocol == protocol)
        .count()
}

fn find(packets: &Packets, given: &str) -> Option<u32> {
    let (protocol, number) = match given.split_once(':') {
        Some(("tcp", number)) => (Protocol::Tcp, number),
        Some(("udp", number)) => (Protocol::Udp, number),
        None => (Protocol::Tcp, given),
        Some(_) => return None,
    };
    packets.find_conversation(protocol, number.parse().ok()?)
}

fn seconds(packets: &Packets, row: u32) -> String {
    let since = packets.packet(row).time.saturating_sub(packets.begin());
    format!(
        "{}.{:06}",
        since / 1_000_000_000,
        since % 1_000_000_000 / 1_000
    )
}

fn ends(packets: &Packets, row: u32) -> String {
    match (packets.source(row), packets.destination(row)) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        _ => String::new(),
    }
}

fn write_row(packets: &Packets, row: u32, lang: Lang, out: &mut impl Write) -> Outcome {
    let packet = packets.packet(row);
    let stream = packets
        .conversation(row)
        .map_or_else(String::new, |c| c.number.to_string());
    writeln!(
        out,
        "{:>7} {:>12} {:<43} {:<6} {:>4} {:>6} {}",
        row + 1,
        seconds(packets, row),
        ends(packets, row),
        packet.protocol.name(),
        stream,
        packet.original,
        words::info(packets, row, lang)
    )?;
    Ok(())
}

fn row_json(packets: &Packets, row: u32) -> Value {
    let packet = packets.packet(row);
    let mut value = json!({
        "number": row + 1,
        "time_ns": packet.time.saturating_sub(packets.begin()),
        "length": packet.original,
        "captured": packet.captured,
        "protocol": packet.protocol.name(),
        "payload": packet.payload,
    });
    if let Some(conversation) = packets.conversation(row) {
        value["stream"] = json!(conversation.number);
        value["source"] = json!(packets.source(row).map(|e| e.to_string()));
        value["destination"] = json!(packets.destination(row).map(|e| e.to_string()));
        value["ttl"] = json!(packet.ttl);
    }
    if packet.protocol == Protocol::Tcp {
        value["flags"] = json!(packet.flags);
        value["seq"] = json!(packets.relative_seq(row));
        value["ack"] = json!(packets.relative_ack(row));
        value["seq_raw"] = json!(packet.seq);
        value["ack_raw"] = json!(packet.ack);
        value["window"] = json!(packets.window(row));
    }
    let marks: Vec<&str> = words::marks(packet.marks)
        .map(|(_, key, ..)| *key)
        .collect();
    if !marks.is_empty() {
        value["analysis"] = json!(marks);
    }
    if let Some(comment) = packets.comment(row) {
        value["comment"] = json!(comment);
    }
    value
}

fn write_dissection(dissection: &Dissection, lang: Lang, out: &mut impl Write) -> Outcome {
    for layer in &dissection.layers {
        let name = layer.kind.name().get(lang);
        writeln!(
            out,
            "{name} {} [{}..{}] {}",
            layer.protocol, layer.span.start, layer.span.end, layer.summary
        )?;
        for field in &layer.fields {
            let mut place = String::new();
            if !field.span.is_empty() {
                let _ = write!(place, "[{}..{}] ", field.span.start, field.span.end);
            }
            let note = field
                .note
                .map_or_else(String::new, |note| format!(" {}", note.get(lang)));
            writeln!(
                out,
                "{:indent$}{} {place}= {}{note}    {}",
                "",
                field.name.get(lang),
                field.value,
                field.is.get(lang),
                indent = 2 + 2 * usize::from(field.depth)
            )?;
        }
    }
    for trouble in &dissection.troubles {
        writeln!(out, "! {}", words::trouble(trouble, lang))?;
    }
    Ok(())
}

fn dissection_json(dissection: &Dissection, lang: Lang) -> Value {
    let layers: Vec<Value> = dissection
        .layers
        .iter()
        .map(|layer| {
            let fields: Vec<Value> = layer
                .fields
                .iter()
                .map(|field| {
                    json!({
                        "name": field.name.get(lang),
                        "key": field.key,
                        "value": field.value,
                        "note": field.note.map(|n| n.get(lang)),
                        "bytes": [field.span.start, field.span.end],
                        "is": field.is.get(lang),
                    })
                })
                .collect();
            json!({
                "layer": layer.kind.name().get(lang),
                "protocol": layer.protocol,
                "bytes": [layer.span.start, layer.span.end],
                "fields": fields,
            })
        })
        .collect();
    let troubles: Vec<String> = dissection
        .troubles
        .iter()
        .map(|t| words::trouble(t, lang))
        .collect();
    json!({ "layers": layers, "troubles": troubles })
}

fn write_follow(
    packets: &Packets,
    conversation: u32,
    followed: &Followed,
    framing: Option<&FramingSpec>,
    lang: Lang,
    out: &mut impl Write,
) -> Outcome {
    let ends = &packets.conversations()[conversation as usize];
    if let Some(framing) = framing {
        for (backward, from, to) in [(false, ends.a, ends.b), (true, ends.b, ends.a)] {
            writeln!(out, "{from} → {to}")?;
            let found = follow::messages(followed, backward, framing);
            for (at, message) in found.messages.iter().enumerate() {
                let title = text::FOLLOW_MESSAGE.fill(
                    lang,
                    &[
                        ("n", &(at + 1)),
                        ("offset", &message.start),
                        ("len", &message.payload.len()),
                    ],
                );
                writeln!(out, "  {title}: {}", escape(&message.payload))?;
            }
            if let Some(error) = &found.error {
                let code = error.code();
                let said =
                    text::DECODE_ERROR.fill(lang, &[("code", &code), ("offset", &error.offset)]);
                writeln!(out, "  {said}")?;
            }
            if let Some(offset) = found.gap {
                let said = text::FOLLOW_GAP.fill(lang, &[("offset", &offset)]);
                writeln!(out, "  {said}")?;
            }
        }
    } else {
        for piece in &followed.pieces {
            let (sign, who) = if piece.backward {
                ("←", ends.b)
            } else {
                ("→", ends.a)
            };
            if piece.missing > 0 {
                let said = text::FOLLOW_MISSING.fill(lang, &[("n", &piece.missing)]);
                writeln!(out, "{sign} {said}")?;
            }
            writeln!(
                out,
                "{sign} #{} {who} @{}: {}",
                piece.row + 1,
                piece.start,
                escape(&piece.bytes)
            )?;
        }
    }
    if followed.cut {
        let mib = follow::MAX_FOLLOWED >> 20;
        writeln!(out, "{}", text::FOLLOW_CUT.fill(lang, &[("mib", &mib)]))?;
    }
    Ok(())
}

fn follow_json(
    packets: &Packets,
    conversation: u32,
    followed: &Followed,
    framing: Option<&FramingSpec>,
) -> Value {
    let ends = &packets.conversations()[conversation as usize];
    let mut value = json!({
        "a": ends.a.to_string(),
        "b": ends.b.to_string(),
        "protocol": ends.protocol.name(),
        "bytes": followed.len,
        "cut": followed.cut,
    });
    if let Some(framing) = framing {
        let side = |backward: bool| {
            let found = follow::messages(followed, backward, framing);
            let messages: Vec<Value> = found
                .messages
                .iter()
                .map(|m| json!({ "start": m.start, "end": m.end, "payload": escape(&m.payload) }))
                .collect();
            json!({
                "messages": messages,
                "error": found.error.as_ref().map(crate::framing::DecodeError::code),
                "error_offset": found.error.as_ref().map(|e| e.offset),
                "gap": found.gap,
            })
        };
        value["forward"] = side(false);
        value["backward"] = side(true);
    } else {
        let pieces: Vec<Value> = followed
            .pieces
            .iter()
            .map(|piece| {
                json!({
                    "packet": piece.row + 1,
                    "backward": piece.backward,
                    "start": piece.start,
                    "missing": piece.missing,
                    "bytes": escape(&piece.bytes),
                })
            })
            .collect();
        value["pieces"] = json!(pieces);
    }
    value
}
