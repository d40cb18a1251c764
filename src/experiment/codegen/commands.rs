//! The fixed list of commands, as a listing writes it down.

use crate::experiment::commands::Command;
use crate::experiment::program::{Op, Program};

/// Does the program run commands?
pub(super) fn used(program: &Program) -> bool {
    let mut used = false;
    program.walk(&mut |node| used |= matches!(node.op, Op::RunCommand { .. }));
    used
}

/// Each line of the list, with the program by its path and its arguments.
pub(super) fn list() -> Vec<(&'static str, Vec<String>)> {
    Command::ALL
        .iter()
        .map(|command| {
            let program = command
                .program()
                .unwrap_or_else(|| format!("/bin/{}", command.argv[0]));
            let rest = command.argv[1..].iter().map(|&word| word.to_owned());
            (command.line, std::iter::once(program).chain(rest).collect())
        })
        .collect()
}
