//! The bytes of an unfinished frame, kept until the rest comes.

/// Room taken at once; beyond it the buffer doubles as bytes really come, so that a header
/// which merely *announces* much makes nobody set much aside.
const FIRST_ROOM: usize = 64 * 1024;

/// Appends `bytes`, never taking more room than `most`, what the frame may need in all.
pub(super) fn append(held: &mut Vec<u8>, bytes: &[u8], most: usize) {
    let needed = held.len() + bytes.len();
    if needed > held.capacity() {
        let room = needed.max(FIRST_ROOM).max(held.capacity() * 2).min(most);
        held.reserve_exact(room.max(needed) - held.len());
    }
    held.extend_from_slice(bytes);
}
