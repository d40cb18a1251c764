//! Files that a lesson makes for itself, so that every computer of a class sends the same.

use std::fmt;

/// A file made of a pattern, over and over, cut to a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its name.
    pub name: &'static str,
    /// What it is made of.
    pub pattern: &'static [u8],
    /// Its bytes.
    pub size: usize,
}

/// 64 bytes, so that a heading begins at each end of a kilobyte.
const HEADINGS: &[u8] = b"# Part\nTCP is a stream of bytes, and a stream has no pages.\n\n\n##";

/// 37 bytes: a prime, so that no part of the file looks like another at a round offset.
const PRIME: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz\n";

/// Every byte there is, a `##` in the middle, in an order that ends in no mark.
const EVERY_BYTE: &[u8] = &every_byte();

const fn every_byte() -> [u8; 257] {
    let mut bytes = [0; 257];
    let mut at = 0;
    while at < 257 {
        // 0 … 35, and 35 (`#`) once more, then on.
        bytes[at] = if at <= 35 { at } else { at - 1 } as u8;
        at += 1;
    }
    bytes
}

const ALL: [Sample; 4] = [
    Sample {
        name: "letter.txt",
        pattern: b"Dear student, this line has exactly fifty bytes.\r\n",
        size: 3000,
    },
    Sample {
        name: "notes.md",
        pattern: HEADINGS,
        size: 3000,
    },
    Sample {
        name: "every-byte.bin",
        pattern: EVERY_BYTE,
        size: 2570,
    },
    Sample {
        name: "large.txt",
        pattern: PRIME,
        size: 1_000_000,
    },
];

impl Sample {
    /// All of them.
    pub const ALL: [Sample; 4] = ALL;

    /// The one of that name.
    pub fn named(name: &str) -> Option<Sample> {
        ALL.into_iter().find(|sample| sample.name == name)
    }

    /// Is it made of every byte there is? A listing says so in fewer words.
    pub fn is_every_byte(&self) -> bool {
        self.pattern == EVERY_BYTE
    }

    /// What is in it.
    pub fn bytes(&self) -> Vec<u8> {
        self.pattern
            .iter()
            .copied()
            .cycle()
            .take(self.size)
            .collect()
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::files::safe_name;

    #[test]
    fn they_are_what_the_lessons_say() {
        for sample in Sample::ALL {
            assert_eq!(safe_name(sample.name), Ok(sample.name));
            assert_eq!(sample.bytes().len(), sample.size);
            assert_eq!(Sample::named(sample.name), Some(sample));
        }
        let has_mark = |name: &str| {
            let bytes = Sample::named(name).unwrap().bytes();
            bytes.windows(2).any(|two| two == b"##")
        };
        assert!(!has_mark("letter.txt") && !has_mark("large.txt"));
        assert!(has_mark("notes.md") && has_mark("every-byte.bin"));
        // A chunk of the handout's size ends with the mark.
        let notes = Sample::named("notes.md").unwrap().bytes();
        assert!(notes[..1024].ends_with(b"##"));
        let every = Sample::named("every-byte.bin").unwrap().bytes();
        assert!((0..=255).all(|byte| every.contains(&byte)));
        assert!(every.chunks(1024).all(|chunk| !chunk.ends_with(b"##")));
        assert!(Sample::named("../notes.md").is_none());
    }
}
