//! Receiving messages: a loop of recv and the decoder of the framing.

use crate::experiment::codegen::not_written;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::program::Num;
use crate::framing::FramingSpec;

use super::C;
use super::words::{character, from_wire, ident, integer, literal};

impl C<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, held) = self.buffer(on);
        let raw = *self.ctx.framing == FramingSpec::Raw;
        if !raw && !self.scope.lasts(on) {
            self.out.line(format!("{held} = 0;"));
        }
        let room = if raw {
            "chunk".to_owned()
        } else {
            format!("{buffer} + {held}")
        };
        let recv = format!(
            "(n = check(recv({}, {room}, {size}, 0), \"recv\")) > 0",
            ident(on)
        );
        if count > 0 {
            self.out.line("received = 0;");
            self.out
                .call(format!("while (received < {count} && {recv}) {{"));
        } else {
            self.out.call(format!("while ({recv}) {{"));
        }
        let counted = |out: &mut Writer| {
            if count > 0 {
                out.line("received++;");
            }
        };
        self.out.indented(|out| match self.ctx.framing {
            FramingSpec::Raw => {
                out.line(
                    "printf(\"%.*s\\n\", (int)n, chunk); /* one recv is taken for one message */",
                );
                counted(out);
            }
            FramingSpec::Delimiter { delimiter } => {
                let length = delimiter.len();
                let find = match delimiter[..] {
                    [byte] => format!("memchr({buffer}, {}, {held})", character(byte)),
                    _ => format!("memmem({buffer}, {held}, {}, {length})", literal(delimiter)),
                };
                out.line(format!("{held} += n;"));
                out.line("char *end;");
                out.line(format!("while ((end = {find}) != NULL) {{"));
                out.indented(|out| {
                    out.line(format!(
                        "printf(\"%.*s\\n\", (int)(end - {buffer}), {buffer});"
                    ));
                    out.line(format!("{held} -= end + {length} - {buffer};"));
                    out.line(format!("memmove({buffer}, end + {length}, {held});"));
                    counted(out);
                });
                out.line("}");
                out.line(format!("if ({held} >= LIMIT + {length}) {{"));
                out.indented(|out| {
                    out.line("fprintf(stderr, \"no delimiter\\n\");");
                    out.line("exit(1);");
                });
                out.line("}");
            }
            FramingSpec::Length { width, endian } => {
                let header = width.size();
                out.line(format!("{held} += n;"));
                out.line(format!("while ({held} >= {header}) {{"));
                out.indented(|out| {
                    out.line(format!("{} header;", integer(*width)));
                    out.line(format!("memcpy(&header, {buffer}, {header});"));
                    out.line(format!(
                        "long length = {};",
                        from_wire(*width, *endian, "header")
                    ));
                    if self.ctx.header_exceeds_limit() {
                        out.line("if (length < 0 || length > LIMIT) {");
                        out.indented(|out| {
                            out.line("fprintf(stderr, \"length %ld\\n\", length);");
                            out.line("exit(1);");
                        });
                        out.line("}");
                    }
                    out.line(format!("if ({held} < {header} + length)"));
                    out.indented(|out| out.line("break; /* the rest comes with a later recv */"));
                    out.line(format!(
                        "printf(\"%.*s\\n\", (int)length, {buffer} + {header});"
                    ));
                    out.line(format!("{held} -= {header} + length;"));
                    out.line(format!(
                        "memmove({buffer}, {buffer} + {header} + length, {held});"
                    ));
                    counted(out);
                });
                out.line("}");
            }
            other => {
                out.line(format!("/* {} */", not_written(other)));
            }
        });
        self.out.line("}");
    }

    /// The decoder of a connection that begins, for one that lasts.
    pub(super) fn lasting_buffer(&mut self, socket: &str) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
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
