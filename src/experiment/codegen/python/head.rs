//! What stands before the operations: imports, helper functions, messages.

use crate::experiment::codegen::commands;
use crate::experiment::codegen::files::Uses;
use crate::experiment::codegen::waits_for_nothing;
use crate::experiment::program::{Op, Program};

use super::Python;
use super::echo::ECHO_REQUEST;
use super::words::{bytes, is_structured};

const RECV_EXACTLY: &str = r#"
def recv_exactly(sock, size):
    data = b""
    while len(data) < size and (chunk := sock.recv(size - len(data))):
        data += chunk
    return data
"#;

impl Python<'_> {
    pub(super) fn head(&mut self, program: &Program) {
        let mut modules = vec!["socket"];
        let (mut messages, mut exactly) = (false, false);
        let (mut sends, mut receives, mut builds) = (false, false, false);
        program.walk(&mut |node| {
            let module = match &node.op {
                Op::SetOption { option, .. } if is_structured(*option) => "struct",
                Op::Wait { until, .. } if waits_for_nothing(until, self.ctx) => "socket",
                Op::Sleep { .. } | Op::Wait { .. } => "time",
                Op::ConnectEx { .. } | Op::Unlink { .. } => "os",
                Op::ServeEach { threads, .. } if self.ctx.num(threads) != 0 => "threading",
                op if op.tells_time() => "time",
                _ => "socket",
            };
            if !modules.contains(&module) {
                modules.push(module);
            }
            messages |= matches!(node.op, Op::ForEachMessage { .. });
            exactly |= matches!(node.op, Op::RecvExactly { .. });
            builds |= matches!(node.op, Op::EchoRequest { .. });
            receives |= matches!(node.op, Op::ReceiveMessages { .. });
            sends |= node.op.sends_message();
        });
        let uses = Uses::of(program);
        let mut helpers = Vec::new();
        // A file with a header of its own needs no other.
        let file = uses.sends_file && self.ctx.encodes_files();
        sends |= uses.sends_message;
        if sends || file {
            helpers.extend(self.encode_function());
        }
        if receives || uses.takes() {
            helpers.extend(self.take_function());
        }
        helpers.extend(self.file_functions(program));
        if builds {
            helpers.push(ECHO_REQUEST.to_owned());
        }
        if commands::used(program) {
            helpers.push(Self::command_function());
        }
        // What the call itself does beside them.
        let inline = if sends { self.encoded() } else { String::new() };
        for module in [
            "hashlib",
            "json",
            "os",
            "struct",
            "subprocess",
            "time",
            "zlib",
        ] {
            let call = format!("{module}.");
            if inline.contains(&call) || helpers.iter().any(|h| h.contains(&call)) {
                modules.push(module);
            }
        }
        let samples = !self.ctx.samples(program).is_empty();
        if samples {
            modules.push("os");
        }
        if (sends || uses.sends_file) && self.ctx.pause_ms().is_some() {
            modules.push("time");
        }
        modules.sort_unstable();
        modules.dedup();
        self.out.line(format!("# {}.py", self.ctx.actor));
        for module in modules {
            self.out.line(format!("import {module}"));
        }
        self.out.gap();
        if exactly {
            helpers.insert(0, RECV_EXACTLY.to_owned());
        }
        for helper in helpers {
            self.out.gap();
            self.out.block(&helper);
            self.out.gap();
        }
        self.samples(program);
        if messages {
            let list = self.messages();
            self.out.line(format!("messages = {list}"));
            self.out.gap();
        }
    }

    /// The list of messages as an expression.
    pub(super) fn messages(&self) -> String {
        let list = &self.ctx.messages;
        let parts = list.parts();
        let sized = |text: &str, from: &str| match text.len() {
            _ if list.size == 0 => from.to_owned(),
            length if length == list.size => from.to_owned(),
            0 => from.to_owned(),
            length if list.size.is_multiple_of(length) => {
                format!("{from} * {}", list.size / length)
            }
            length if length > list.size => format!("{from}[:{}]", list.size),
            length => format!("({from} * {})[:{}]", list.size / length + 1, list.size),
        };
        if list.numbered {
            let text = match &parts[..] {
                [text] if text.is_ascii() => {
                    let number = bytes(&format!("{}%d", text.replace('%', "%%")));
                    format!("{number} % (i + 1)")
                }
                [text] => format!("{} + b\"%d\" % (i + 1)", bytes(text)),
                several => {
                    let texts: Vec<String> = several.iter().map(|t| bytes(t)).collect();
                    format!(
                        "[{}][i % {}] + b\"%d\" % (i + 1)",
                        texts.join(", "),
                        texts.len()
                    )
                }
            };
            let shortest = parts.iter().map(String::len).min().unwrap_or(0) + 1;
            let item = match list.size {
                0 => text,
                size => format!("(({text}) * {})[:{size}]", size / shortest + 1),
            };
            return format!("[{item} for i in range({})]", list.count);
        }
        let items: Vec<String> = parts.iter().map(|t| sized(t, &bytes(t))).collect();
        let items = format!("[{}]", items.join(", "));
        let (count, period) = (list.count as usize, parts.len());
        match count {
            _ if count == period => items,
            _ if count.is_multiple_of(period) => format!("{items} * {}", count / period),
            _ => format!("({items} * {})[:{count}]", count / period + 1),
        }
    }
}
