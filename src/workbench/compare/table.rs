//! The table as rows of plain figures: for files and programs.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::{Loss, Row, Table, Time, Trial};

/// One row of the table. Column names and codes stay the same in every language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The strategy, as on the command line.
    pub framing: String,
    /// Messages whose bytes are counted.
    pub messages: u64,
    /// Their bytes.
    pub payload_bytes: u64,
    /// Bytes of theirs on the wire; empty if one of them cannot be sent.
    pub wire_bytes: Option<u64>,
    /// Bytes beyond the payload, in percent of it.
    pub overhead_percent: Option<f64>,
    /// Times that the sender waits for an answer, per message.
    pub round_trips: u32,
    /// Measured time for a thousand messages, in microseconds; empty if not measured.
    pub thousand_us: Option<f64>,
    /// Of them, how many came out right.
    pub thousand_right: Option<u32>,
    /// `holds`, `fails`, `refuses` (the encoder does, so nothing is wrong) or empty (not tried).
    pub split: String,
    /// Ways of splitting tried.
    pub split_tried: u64,
    /// Those that failed.
    pub split_failed: u64,
    /// As `split`.
    pub merge: String,
    /// Ways of merging tried.
    pub merge_tried: u64,
    /// Those that failed.
    pub merge_failed: u64,
    /// As `split`.
    pub binary: String,
    /// Messages tried.
    pub binary_tried: u64,
    /// Those that failed.
    pub binary_failed: u64,
    /// Bytes taken away, one at a time.
    pub loss_tried: u64,
    /// Later messages came out right again.
    pub loss_resynchronises: u64,
    /// A typed error was reported.
    pub loss_detects: u64,
    /// Of these, only at the end of the stream.
    pub loss_detects_at_end: u64,
    /// Neither.
    pub loss_silent: u64,
}

/// What a trial came to, in one word.
fn code(trial: Option<&Trial>) -> &'static str {
    match trial {
        None => "",
        Some(trial) if trial.failed > 0 => "fails",
        Some(trial) if trial.refused > 0 => "refuses",
        Some(_) => "holds",
    }
}

fn counts(trial: Option<&Trial>) -> (u64, u64) {
    trial.map_or((0, 0), |trial| (trial.tried, trial.failed))
}

fn record(row: &Row, table: &Table) -> Record {
    let payload = table.sample.payload();
    let found = row.found.as_ref();
    let split = found.and_then(|f| f.split.as_ref());
    let merge = found.and_then(|f| f.merge.as_ref());
    let binary = found.map(|f| &f.binary);
    let loss: Loss = found.and_then(|f| f.loss).unwrap_or_default();
    let measured = match &row.time {
        Time::Measured(measured) => Some(measured),
        _ => None,
    };
    Record {
        framing: row.spec.to_string(),
        messages: table.sample.messages().len() as u64,
        payload_bytes: payload,
        wire_bytes: found.and_then(|f| f.wire.as_ref().ok().copied()),
        // A tenth of a percent is what a person compares.
        overhead_percent: found
            .and_then(|f| f.overhead(payload))
            .map(|percent| (percent * 10.0).round() / 10.0),
        round_trips: row.round_trips(),
        thousand_us: measured.map(|m| m.took as f64 / 1e3),
        thousand_right: measured.map(|m| m.right),
        split: code(split).to_owned(),
        split_tried: counts(split).0,
        split_failed: counts(split).1,
        merge: code(merge).to_owned(),
        merge_tried: counts(merge).0,
        merge_failed: counts(merge).1,
        binary: code(binary).to_owned(),
        binary_tried: counts(binary).0,
        binary_failed: counts(binary).1,
        loss_tried: loss.tried,
        loss_resynchronises: loss.resynchronises,
        loss_detects: loss.detects,
        loss_detects_at_end: loss.at_end,
        loss_silent: loss.silent,
    }
}

/// The table as rows of plain figures.
pub fn records(table: &Table) -> Vec<Record> {
    table.rows.iter().map(|row| record(row, table)).collect()
}

/// Writes the table as CSV (RFC 4180: a header line, lines end in CR LF), in UTF-8.
///
/// # Errors
/// What writing meets.
pub fn write_csv(table: &Table, to: impl Write) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    for record in records(table) {
        writer.serialize(record).map_err(std::io::Error::from)?;
    }
    writer.flush()
}

/// Reads such a table back.
///
/// # Errors
/// In words, with the line, when it is no such table.
pub fn read_csv(from: impl Read) -> Result<Vec<Record>, String> {
    csv::Reader::from_reader(from)
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}
