//! The messages of an actor, as a listing writes them down.

/// Which messages `for_each_message` goes through: text `i % texts.len()`, then (if numbered) a
/// space and `i + 1`, then the whole repeated and cut to `size`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageList<'a> {
    /// What they say, in turn.
    pub texts: &'a [String],
    /// How many.
    pub count: u32,
    /// Length of each, in bytes; 0 = as long as it is.
    pub size: usize,
    /// Does its number, from 1, follow each text?
    pub numbered: bool,
}

impl MessageList<'_> {
    /// The texts as far as they are used, a space added before the number; at least one.
    pub(super) fn parts(&self) -> Vec<String> {
        let mut parts: Vec<String> = self
            .texts
            .iter()
            .take(self.count.max(1) as usize)
            .map(|text| match &text[..] {
                // A message of a given size with nothing to say.
                "" if self.size > 0 && !self.numbered => ".".to_owned(),
                text if self.numbered && !text.is_empty() => format!("{text} "),
                text => text.to_owned(),
            })
            .collect();
        if parts.is_empty() {
            parts.push(String::new());
        }
        parts
    }

    /// Bytes of the longest message.
    pub(super) fn longest(&self) -> usize {
        if self.size > 0 {
            return self.size;
        }
        let text = self.parts().iter().map(String::len).max().unwrap_or(0);
        let digits = if self.numbered {
            self.count.to_string().len()
        } else {
            0
        };
        text + digits
    }
}
