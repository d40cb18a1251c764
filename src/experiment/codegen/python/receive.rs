//! Receiving messages: a loop of recv, and what tells messages apart in what it returns.

use crate::experiment::codegen::wire::Receiving;
use crate::experiment::program::Num;

use super::Python;
use super::words::{ident, literal};

impl Python<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, on_name) = (self.buffer(on), ident(on));
        if self.ctx.has_buffer() && !self.scope.lasts(on) {
            self.out.line(format!("{buffer} = b\"\""));
        }
        let recv = format!("chunk := {on_name}.recv({size})");
        if count > 0 {
            self.out.line("received = 0");
            self.out
                .call(format!("while received < {count} and ({recv}):"));
        } else {
            self.out.call(format!("while {recv}:"));
        }
        let receiving = self.ctx.receiving();
        self.out.indented(|out| {
            let done = |out: &mut super::Writer| {
                if count > 0 {
                    out.line("received += 1");
                }
            };
            match receiving {
                Receiving::EachChunk => {
                    out.line("print(chunk)  # one recv is taken for one message");
                    done(out);
                }
                Receiving::ChunkEndsWith(mark) => {
                    out.line(format!("{buffer} += chunk"));
                    let ends = literal(mark);
                    out.line(format!(
                        "if chunk.endswith({ends}):  # looks only where a recv happens to end"
                    ));
                    out.indented(|out| {
                        out.line(format!("print({buffer}[:-{}])", mark.len()));
                        out.line(format!("{buffer} = b\"\""));
                        done(out);
                    });
                    out.line(format!(
                        "elif len({buffer}) > {}:",
                        self.ctx.limit + mark.len()
                    ));
                    out.indented(|out| out.line("raise ValueError(\"no end mark\")"));
                }
                Receiving::Take { acknowledges } => {
                    let arguments = if acknowledges {
                        format!("{on_name}, {size}, {buffer}")
                    } else {
                        buffer.clone()
                    };
                    out.line(format!("{buffer} += chunk"));
                    out.line(format!("while taken := take({arguments}):"));
                    out.indented(|out| {
                        out.line(format!("message, {buffer} = taken"));
                        out.line("print(message)");
                        done(out);
                    });
                }
            }
        });
    }

    /// The decoder's bytes, emptied where a connection begins, for one that lasts.
    pub(super) fn lasting_buffer(&mut self, socket: &str) {
        if self.ctx.has_buffer() && self.scope.lasts(socket) {
            let buffer = self.buffer(socket);
            self.out
                .line(format!("{buffer} = b\"\"  # received, not yet decoded"));
        }
    }

    pub(super) fn buffer(&self, socket: &str) -> String {
        if self.scope.receiving().len() > 1 {
            format!("{}_buffer", ident(socket))
        } else {
            "buffer".to_owned()
        }
    }
}
