//! What each byte of an encoded message is for, from its bytes alone.

use super::{Field, FramingSpec};

/// The fields of `encoded`, as [`super::Framing::layout`] gives them; `None` if these bytes are
/// not one whole message as the strategy's own encoder writes it.
///
/// ```
/// use socklab::framing::{FieldRole, FramingSpec, dissect};
///
/// let fields = dissect(&FramingSpec::Varint, b"\x02hi").unwrap();
/// assert_eq!((fields[0].role, fields[0].range.clone()), (FieldRole::Header, 0..1));
/// assert_eq!((fields[1].role, fields[1].range.clone()), (FieldRole::Payload, 1..3));
/// assert_eq!(dissect(&FramingSpec::Varint, b"\x02h"), None);
/// ```
pub fn dissect(spec: &FramingSpec, encoded: &[u8]) -> Option<Vec<Field>> {
    let framing = spec.build(encoded.len());
    let mut decoder = framing.decoder();
    let mut messages = 0;
    let mut message = None;
    let fed = decoder.feed(encoded, &mut |frame| {
        messages += 1;
        if messages == 1 && frame.end == encoded.len() as u64 {
            message = Some(frame.payload.to_vec());
        }
    });
    fed.ok()?;
    decoder.finish(&mut |_| ()).ok()?;
    let message = message?;
    let mut again = Vec::with_capacity(encoded.len());
    framing.encode(&message, &mut again).ok()?;
    if again != encoded {
        return None;
    }
    framing.layout(&message).ok()
}
