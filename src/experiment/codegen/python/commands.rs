//! Commands of the fixed list.

use crate::experiment::codegen::commands;

use super::Python;
use super::words::{bytes, ident, quoted};

const RUN_COMMAND: &str = r#"
# No shell, and nothing of what came becomes an argument: it only chooses a row of the list.
def run_command(line):
    argv = COMMANDS.get(line.strip())
    if argv is None:
        return b"not on the list: " + line + b"\n"
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                          env={"LC_ALL": "C"}, cwd="/", timeout=5)
    return done.stdout + done.stderr
"#;

impl Python<'_> {
    pub(super) fn command_function() -> String {
        let rows: Vec<String> = commands::list()
            .iter()
            .map(|(line, argv)| {
                let words: Vec<String> = argv.iter().map(|word| quoted(word)).collect();
                format!("    {}: [{}],\n", bytes(line), words.join(", "))
            })
            .collect();
        format!("\nCOMMANDS = {{\n{}}}\n\n{RUN_COMMAND}", rows.concat())
    }

    pub(super) fn run_command(&mut self, line: &str, name: &str) {
        self.out
            .call(format!("{} = run_command({})", ident(name), ident(line)));
    }
}
