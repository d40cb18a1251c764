//! What the operations of files and single messages ask of a listing, the same in every language.

use crate::experiment::files::Sample;
use crate::experiment::program::{Op, Program, Text};

use super::CodeContext;
use crate::framing::FramingSpec;

/// Longest message that a listing keeps in a variable, bytes; a file goes to the disk from where
/// it was received.
pub(super) const LONGEST_KEPT: usize = 1 << 20;

/// Which of these operations a program has.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    pub(super) sends_file: bool,
    pub(super) receives_file: bool,
    pub(super) sends_message: bool,
    pub(super) receives_message: bool,
}

impl Uses {
    pub(super) fn of(program: &Program) -> Self {
        let mut uses = Uses::default();
        program.walk(&mut |node| match node.op {
            Op::SendFile { .. } => uses.sends_file = true,
            Op::ReceiveFile { .. } => uses.receives_file = true,
            Op::SendMessage { .. } => uses.sends_message = true,
            Op::ReceiveMessage { .. } => uses.receives_message = true,
            _ => {}
        });
        uses
    }

    /// Does it take messages off a stream one by one?
    pub(super) fn takes(self) -> bool {
        self.receives_file || self.receives_message
    }
}

impl CodeContext<'_> {
    /// The lab's own files that the program sends, each once: a listing makes them.
    pub(super) fn samples(&self, program: &Program) -> Vec<Sample> {
        let mut found: Vec<Sample> = Vec::new();
        program.walk(&mut |node| {
            if let Op::SendFile { file, .. } = &node.op
                && let Some(sample) = Sample::named(self.text(file).trim())
                && !found.contains(&sample)
            {
                found.push(sample);
            }
        });
        found
    }

    /// Is a file sent with what encodes any other message?
    pub(super) fn encodes_files(&self) -> bool {
        !matches!(
            self.framing,
            FramingSpec::Json | FramingSpec::EndMark { .. }
        )
    }

    /// How long the program sleeps before an end mark, in milliseconds.
    pub(super) fn mark_pause(&self, program: &Program) -> u64 {
        let mut longest = 0;
        program.walk(&mut |node| {
            if let Op::SendFile { pause, .. } = &node.op {
                longest = longest.max(self.count(pause));
            }
        });
        longest
    }

    /// Must an end mark be all that one recv returns?
    pub(super) fn exact_mark(&self, program: &Program) -> bool {
        let mut exact = false;
        program.walk(&mut |node| {
            if let Op::ReceiveFile { exact: n, .. } = &node.op {
                exact |= self.num(n) != 0;
            }
        });
        exact
    }

    /// What stands before the name of a received file: the folder chosen, or letters that keep it
    /// apart from the file sent.
    pub(super) fn before_name(&self, folder: &Text) -> String {
        let folder = self.text(folder);
        let folder = folder.trim().trim_end_matches('/');
        if folder.is_empty() {
            "received-".to_owned()
        } else {
            format!("{folder}/")
        }
    }
}
