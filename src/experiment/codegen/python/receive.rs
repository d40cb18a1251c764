//! Receiving messages: a loop of recv and the decoder of the framing.

use crate::experiment::codegen::not_written;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::program::Num;
use crate::framing::FramingSpec;

use super::Python;
use super::words::{ident, literal};

impl Python<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let framing = self.ctx.framing;
        if *framing != FramingSpec::Raw && !self.scope.lasts(on) {
            let buffer = self.buffer(on);
            self.out.line(format!("{buffer} = b\"\""));
        }
        let buffer = self.buffer(on);
        let recv = format!("chunk := {}.recv({size})", ident(on));
        if count > 0 {
            self.out.line("received = 0");
            self.out
                .call(format!("while received < {count} and ({recv}):"));
        } else {
            self.out.call(format!("while {recv}:"));
        }
        let counted = |out: &mut Writer, by: &str| {
            if count > 0 {
                out.line(format!("received += {by}"));
            }
        };
        self.out.indented(|out| match framing {
            FramingSpec::Raw => {
                out.line("print(chunk)  # one recv is taken for one message");
                counted(out, "1");
            }
            FramingSpec::Delimiter { delimiter } => {
                // The longest message, and all of its delimiter but the last byte.
                let most = self.ctx.limit + delimiter.len() - 1;
                let delimiter = literal(delimiter);
                out.line(format!("{buffer} += chunk"));
                out.line(format!("*complete, {buffer} = {buffer}.split({delimiter})"));
                out.line("for message in complete:");
                out.indented(|out| out.line("print(message)"));
                counted(out, "len(complete)");
                out.line(format!("if len({buffer}) > {most}:"));
                out.indented(|out| out.line("raise ValueError(\"no delimiter\")"));
            }
            FramingSpec::Length { width, .. } => {
                let header = width.size();
                let format = framing.struct_format().unwrap_or_default();
                out.line(format!("{buffer} += chunk"));
                out.line(format!("while len({buffer}) >= {header}:"));
                out.indented(|out| {
                    out.line(format!(
                        "(length,) = struct.unpack_from(\"{format}\", {buffer})"
                    ));
                    if self.ctx.header_exceeds_limit() {
                        out.line(format!("if not 0 <= length <= {}:", self.ctx.limit));
                        out.indented(|out| out.line("raise ValueError(f\"length {length}\")"));
                    }
                    out.line(format!("if len({buffer}) < {header} + length:"));
                    out.indented(|out| out.line("break  # the rest comes with a later recv"));
                    out.line(format!("print({buffer}[{header}:{header} + length])"));
                    out.line(format!("{buffer} = {buffer}[{header} + length:]"));
                    counted(out, "1");
                });
            }
            other => {
                out.line(format!("pass  # {}", not_written(other)));
            }
        });
    }

    /// The decoder's bytes, emptied where a connection begins, for one that lasts.
    pub(super) fn lasting_buffer(&mut self, socket: &str) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
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
