//! Collects the lines of a listing.

use super::{Line, Listing};

/// A listing in the making: it keeps the indentation and the operation that lines belong to.
#[derive(Default)]
pub(super) struct Writer {
    lines: Vec<Line>,
    indent: usize,
    op: Option<u16>,
}

impl Writer {
    /// Lines from here on belong to `op`; returns what they belonged to before.
    pub(super) fn belongs_to(&mut self, op: Option<u16>) -> Option<u16> {
        std::mem::replace(&mut self.op, op)
    }

    /// A line.
    pub(super) fn line(&mut self, text: impl AsRef<str>) {
        self.push(text.as_ref(), false);
    }

    /// The line with the operation's call.
    pub(super) fn call(&mut self, text: impl AsRef<str>) {
        self.push(text.as_ref(), true);
    }

    /// An empty line, unless there is one already.
    pub(super) fn gap(&mut self) {
        if self.lines.last().is_some_and(|l| !l.text.is_empty()) {
            self.lines.push(Line {
                text: String::new(),
                op: None,
                call: false,
            });
        }
    }

    /// Lines of a fixed text, as they are: helper functions.
    pub(super) fn block(&mut self, text: &str) {
        for line in text.trim_matches('\n').lines() {
            self.line(line);
        }
    }

    /// What `inside` writes stands one level further in.
    pub(super) fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.indent += 1;
        inside(self);
        self.indent -= 1;
    }

    /// Lines from here on stand one level further in.
    pub(super) fn deeper(&mut self) {
        self.indent += 1;
    }

    /// Ends [`Writer::deeper`].
    pub(super) fn shallower(&mut self) {
        self.indent -= 1;
    }

    /// Appends to the last line.
    pub(super) fn append(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.text.push_str(text);
        }
    }

    /// Puts `to` for every `from` in the lines from number `since` on.
    pub(super) fn replace(&mut self, since: usize, from: &str, to: &str) {
        for line in self.lines.iter_mut().skip(since) {
            line.text = line.text.replace(from, to);
        }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Takes out the lines of that fixed text, and the gap before them, if none of the others contains
    /// `word`.
    pub(super) fn drop_unless_used(&mut self, block: &str, word: &str) {
        let block: Vec<&str> = block.trim_matches('\n').lines().collect();
        let is = |at: &usize| {
            let lines = self.lines.get(*at..*at + block.len());
            lines.is_some_and(|lines| lines.iter().map(|l| &l.text[..]).eq(block.iter().copied()))
        };
        let Some(start) = (0..self.lines.len()).find(is) else {
            return;
        };
        let end = start + block.len();
        let others = self.lines[..start].iter().chain(&self.lines[end..]);
        if !others.into_iter().any(|line| line.text.contains(word)) {
            let gap = usize::from(start > 0 && self.lines[start - 1].text.is_empty());
            self.lines.drain(start - gap..end);
        }
    }

    /// The listing.
    pub(super) fn finish(self) -> Listing {
        Listing { lines: self.lines }
    }

    fn push(&mut self, text: &str, call: bool) {
        let indent = if text.is_empty() { 0 } else { self.indent * 4 };
        self.lines.push(Line {
            text: format!("{:indent$}{text}", ""),
            op: self.op.filter(|_| !text.is_empty()),
            call: call && self.op.is_some(),
        });
    }
}
