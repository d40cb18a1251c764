//! The messages that a run sends: made when they are needed, so a million of them cost nothing.

use crate::experiment::program::{Num, Text};

use super::{Settings, limit};

/// Which messages `for_each_message` goes through, written with parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages {
    /// The actor whose messages they are; in the program of another, `for_each_message` goes
    /// through nothing, and the reader of lesson files refuses it.
    pub actor: String,
    /// How many.
    pub count: Num,
    /// What each says.
    pub content: Content,
    /// Length of each in bytes: the text is repeated and cut to fit; 0 = as long as the text.
    pub size: Num,
    /// Does the number of each, from 1, follow its text ("hello 1")?
    pub numbered: bool,
}

/// What messages say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All the same.
    Same(Text),
    /// One after the other, and again from the first.
    List(Vec<String>),
}

impl Default for Messages {
    /// None.
    fn default() -> Self {
        Messages {
            actor: String::new(),
            count: Num::Lit(0),
            content: Content::List(Vec::new()),
            size: Num::Lit(0),
            numbered: false,
        }
    }
}

impl Messages {
    /// The messages of a run with those settings.
    pub fn resolve(&self, settings: &Settings) -> MessageSource {
        let num = |num: &Num, most: i64| {
            let n = match num {
                Num::Lit(n) => *n,
                Num::Param(name) => settings.int(name).unwrap_or(0),
            };
            n.clamp(0, most)
        };
        let texts = match &self.content {
            Content::Same(Text::Lit(text)) => vec![text.clone()],
            Content::Same(Text::Param(name)) => {
                vec![settings.text(name).unwrap_or_default().to_owned()]
            }
            Content::List(list) => list.clone(),
        };
        MessageSource {
            count: num(&self.count, limit::COUNT) as u32,
            texts,
            size: num(&self.size, limit::MESSAGE) as usize,
            numbered: self.numbered,
        }
    }
}

/// The messages of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageSource {
    count: u32,
    texts: Vec<String>,
    size: usize,
    numbered: bool,
}

impl MessageSource {
    /// How many messages.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Message `index`, from 0: its bytes before framing. Beyond the last it is made all the same.
    pub fn message(&self, index: u32) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.size);
        self.write(index, &mut bytes);
        bytes
    }

    /// Appends message `index`, from 0, to `bytes`.
    pub fn write(&self, index: u32, bytes: &mut Vec<u8>) {
        use std::io::Write as _;
        let start = bytes.len();
        if let Some(text) = self.texts.get(index as usize % self.texts.len().max(1)) {
            bytes.extend_from_slice(text.as_bytes());
        }
        if self.numbered {
            if bytes.len() > start {
                bytes.push(b' ');
            }
            // Writing into memory cannot fail.
            let _ = write!(bytes, "{}", u64::from(index) + 1);
        }
        if self.size == 0 {
            return;
        }
        let unit = bytes.len() - start;
        if unit == 0 {
            bytes.resize(start + self.size, b'.');
            return;
        }
        while bytes.len() - start < self.size {
            let have = bytes.len() - start;
            let more = have.min(self.size - have);
            bytes.extend_from_within(start..start + more);
        }
        bytes.truncate(start + self.size);
    }
}

impl MessageSource {
    /// The texts that messages repeat, one after the other.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Length of each in bytes; 0 = as long as its text.
    pub fn size(&self) -> usize {
        self.size
    }

    /// No message has more bytes.
    pub fn longest(&self) -> usize {
        if self.size > 0 {
            return self.size;
        }
        let text = self.texts.iter().map(String::len).max().unwrap_or(0);
        // A space and ten figures.
        text + if self.numbered { 11 } else { 0 }
    }

    /// Does the number of each, from 1, follow its text?
    pub fn numbered(&self) -> bool {
        self.numbered
    }
}
