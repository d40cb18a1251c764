//! Which bytes of a message on the wire the framing added.

use crate::framing::{FieldRole, FramingSpec, dissect};
use crate::trace::Stream;

/// Messages longer than this are not looked into, bytes: it happens in every frame of the window.
const MOST: u64 = 16 * 1024;

/// The fields of the message at `of` that are not the message itself, as ranges of the stream.
pub(super) fn added_by_framing(
    spec: &FramingSpec,
    stream: &Stream,
    of: (u64, u64),
) -> Vec<(u64, u64, FieldRole)> {
    if let Some(fields) = known(spec, of) {
        return fields;
    }
    let (start, end) = of;
    if end.saturating_sub(start) > MOST {
        return Vec::new();
    }
    // A message cut short while it was sent is none, and has no fields.
    let fields = stream
        .payload(start, end)
        .and_then(|encoded| dissect(spec, &encoded));
    fields
        .unwrap_or_default()
        .into_iter()
        .filter(|field| field.role != FieldRole::Payload && !field.range.is_empty())
        .map(|field| {
            let at = |offset: usize| start + offset as u64;
            (at(field.range.start), at(field.range.end), field.role)
        })
        .collect()
}

/// The same for a strategy that adds always the same bytes in the same places, whatever the
/// message.
fn known(spec: &FramingSpec, of: (u64, u64)) -> Option<Vec<(u64, u64, FieldRole)>> {
    let (start, end) = of;
    match spec {
        FramingSpec::Raw | FramingSpec::Pacing { .. } => Some(Vec::new()),
        FramingSpec::Delimiter { delimiter: mark } | FramingSpec::EndMark { mark } => {
            let from = end.saturating_sub(mark.len() as u64).max(start);
            Some(vec![(from, end, FieldRole::Delimiter)])
        }
        FramingSpec::Length { width, .. } | FramingSpec::Ack { width, .. } => {
            let to = (start + width.size() as u64).min(end);
            Some(vec![(start, to, FieldRole::Header)])
        }
        FramingSpec::Fixed { .. }
        | FramingSpec::Escaped { .. }
        | FramingSpec::Varint
        | FramingSpec::Json
        | FramingSpec::Cobs => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_delimiter_are_told_from_the_payload() {
        let of = |spec: &str, of| known(&spec.parse().unwrap(), of);
        let header = |from, to| Some(vec![(from, to, FieldRole::Header)]);
        assert_eq!(of("length:u32:big", (10, 19)), header(10, 14));
        assert_eq!(
            of("delimiter:##", (10, 17)),
            Some(vec![(15, 17, FieldRole::Delimiter)])
        );
        assert_eq!(of("raw", (10, 15)), Some(Vec::new()));
        // A message cut short while it was sent never yields a range outside itself.
        assert_eq!(of("length:u32:big", (10, 12)), header(10, 12));
    }
}
