//! Receiving messages: a loop of recv, and what tells messages apart in what it returns.

use crate::experiment::codegen::wire::Receiving;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::program::Num;

use super::C;
use super::words::{ident, literal};

impl C<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, held) = self.buffer(on);
        let on_name = ident(on);
        let keeps = self.ctx.has_buffer();
        if keeps && !self.scope.lasts(on) {
            self.out.line(format!("{held} = 0;"));
        }
        let room = if keeps {
            format!("{buffer} + {held}")
        } else {
            "chunk".to_owned()
        };
        let recv = format!("(n = check(recv({on_name}, {room}, {size}, 0), \"recv\")) > 0");
        if count > 0 {
            self.out.line("received = 0;");
            self.out
                .call(format!("while (received < {count} && {recv}) {{"));
        } else {
            self.out.call(format!("while ({recv}) {{"));
        }
        let done = |out: &mut Writer| {
            if count > 0 {
                out.line("received++;");
            }
        };
        let receiving = self.ctx.receiving();
        self.out.indented(|out| match receiving {
            Receiving::EachChunk => {
                out.line(
                    "printf(\"%.*s\\n\", (int)n, chunk); /* one recv is taken for one message */",
                );
                done(out);
            }
            Receiving::ChunkEndsWith(mark) => {
                let (text, length) = (literal(mark), mark.len());
                out.line(format!("{held} += n;"));
                out.line("/* looks only where a recv happens to end */");
                out.line(format!(
                    "if (n >= {length} && memcmp({buffer} + {held} - {length}, {text}, {length}) == 0) {{"
                ));
                out.indented(|out| {
                    out.line(format!(
                        "printf(\"%.*s\\n\", (int)({held} - {length}), {buffer});"
                    ));
                    out.line(format!("{held} = 0;"));
                    done(out);
                });
                out.line(format!("}} else if ({held} > LIMIT + {length}) {{"));
                out.indented(|out| out.line("fail(\"no end mark\");"));
                out.line("}");
            }
            Receiving::Take { acknowledges } => {
                let arguments = if acknowledges {
                    format!("{on_name}, {size}, {buffer}, &{held}")
                } else {
                    format!("{buffer}, {held}")
                };
                out.line(format!("{held} += n;"));
                out.line(format!(
                    "while ((taken = take({arguments}, &found, &size)) > 0) {{"
                ));
                out.indented(|out| {
                    out.line("printf(\"%.*s\\n\", (int)size, found);");
                    out.line(format!("{held} -= taken;"));
                    out.line(format!("memmove({buffer}, {buffer} + taken, {held});"));
                    done(out);
                });
                out.line("}");
            }
        });
        self.out.line("}");
    }

    /// The decoder of a connection that begins, for one that lasts.
    pub(super) fn lasting_buffer(&mut self, socket: &str) {
        if self.ctx.has_buffer() && self.scope.lasts(socket) {
            let (_, held) = self.buffer(socket);
            self.out.line(format!("{held} = 0;"));
        }
    }

    /// Names of a decoder's buffer and of the number of bytes in it.
    pub(super) fn buffer(&self, socket: &str) -> (String, String) {
        if self.scope.receiving().len() > 1 {
            let name = ident(socket);
            (format!("{name}_buffer"), format!("{name}_held"))
        } else {
            ("buffer".to_owned(), "held".to_owned())
        }
    }
}
