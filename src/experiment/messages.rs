//! What the application means to send: the messages of a run.

/// The messages that an actor sends, made on demand so that a million of them cost nothing.
pub trait Messages: Send + Sync {
    /// How many there are.
    fn count(&self) -> u32;

    /// Appends the bytes of message `index` (from 0) to `out`.
    fn write(&self, index: u32, out: &mut Vec<u8>);

    /// The bytes of message `index` (from 0).
    fn get(&self, index: u32) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(index, &mut out);
        out
    }
}

impl Messages for Vec<Vec<u8>> {
    fn count(&self) -> u32 {
        u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    fn write(&self, index: u32, out: &mut Vec<u8>) {
        if let Some(bytes) = self.as_slice().get(index as usize) {
            out.extend_from_slice(bytes);
        }
    }
}
