//! Commands of the fixed list.

use crate::experiment::codegen::commands;

use super::Rust;
use super::words::{ident, quoted, text_literal};

const RUN_COMMAND: &str = r#"
/// No shell, and nothing of what came becomes an argument: it only chooses a row of the list.
fn run_command(line: &[u8]) -> io::Result<Vec<u8>> {
    let line = line.trim_ascii();
    let Some((_, argv)) = COMMANDS.iter().find(|(name, _)| *name == line) else {
        return Ok([b"not on the list: ", line, b"\n"].concat());
    };
    let mut command = Command::new(argv[0]);
    command.args(&argv[1..]).env_clear().env("LC_ALL", "C");
    let done = command.stdin(Stdio::null()).output()?;
    Ok([done.stdout, done.stderr].concat())
}
"#;

impl Rust<'_> {
    pub(super) fn command_function() -> String {
        let rows: Vec<String> = commands::list()
            .iter()
            .map(|(line, argv)| {
                let words: Vec<String> = argv.iter().map(|word| quoted(word)).collect();
                format!("    ({}, &[{}]),\n", text_literal(line), words.join(", "))
            })
            .collect();
        format!(
            "\nconst COMMANDS: &[(&[u8], &[&str])] = &[\n{}];\n{RUN_COMMAND}",
            rows.concat()
        )
    }

    pub(super) fn run_command(&mut self, at: u16, line: &str, name: &str) {
        let assigned = self.assigned(name, at);
        self.out
            .call(format!("{assigned} = run_command(&{})?;", ident(line)));
    }
}
