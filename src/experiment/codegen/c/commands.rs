//! Commands of the fixed list.

use crate::experiment::codegen::commands;
use crate::experiment::commands::MOST_OUTPUT;

use super::C;
use super::words::{ident, literal};

const RUN_COMMAND: &str = r#"
/* No shell, and nothing of what came becomes an argument: it only chooses a row of the list. */
/* Both outputs go into one pipe; at most `most` bytes of them are kept. */
static long run_command(const char *line, long size, char *output, long most) {
    char *const *argv = NULL;
    while (size > 0 && strchr(" \r\n", line[size - 1]) != NULL)
        size--;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if ((long)strlen(commands[i].line) == size && memcmp(commands[i].line, line, size) == 0)
            argv = commands[i].argv;
    if (argv == NULL)
        return snprintf(output, most, "not on the list: %.*s\n", (int)(size < 200 ? size : 200), line);
    int ends[2];
    check(pipe(ends), "pipe");
    pid_t child = check(fork(), "fork");
    if (child == 0) {
        char *environment[] = {"LC_ALL=C", NULL};
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        alarm(5); /* no longer than five seconds */
        execve(argv[0], argv, environment);
        _exit(127);
    }
    close(ends[1]);
    long held = 0, n;
    while (held < most && (n = check(read(ends[0], output + held, most - held), "read")) > 0)
        held += n;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return held;
}
"#;

impl C<'_> {
    pub(super) fn command_function() -> String {
        let rows: Vec<String> = commands::list()
            .iter()
            .map(|(line, argv)| {
                let words: Vec<String> = argv.iter().map(|w| literal(w.as_bytes())).collect();
                format!(
                    "    {{{}, {{{}, NULL}}}},\n",
                    literal(line.as_bytes()),
                    words.join(", ")
                )
            })
            .collect();
        format!(
            "\nstatic const struct {{\n    const char *line;\n    char *argv[5];\n}} commands[] = {{\n{}}};\n{RUN_COMMAND}",
            rows.concat()
        )
    }

    pub(super) fn run_command(&mut self, at: u16, line: &str, name: &str) {
        let line = ident(line);
        let most = 2 * MOST_OUTPUT;
        self.stored(name, at, |name| {
            format!("run_command({line}, {line}_size, {name}, {most})")
        });
    }
}
