//! Receiving messages: a loop of recv and the decoder of the framing.

use crate::experiment::codegen::not_written;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::program::Num;
use crate::framing::{FramingSpec, LengthWidth};

use super::words::{byte_literal, ident, literal, order};
use super::{Rust, break_if_empty};

impl Rust<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, on_name) = (self.buffer(on), ident(on));
        if *self.ctx.framing != FramingSpec::Raw && !self.scope.lasts(on) {
            self.out
                .line(format!("let mut {buffer}: Vec<u8> = Vec::new();"));
        }
        if count > 0 {
            self.out.line("let mut received = 0;");
            self.out.line(format!("while received < {count} {{"));
        } else {
            self.out.line("loop {");
        }
        let counted = |out: &mut Writer| {
            if count > 0 {
                out.line("received += 1;");
            }
        };
        self.out.indented(|out| {
            out.call(format!("let chunk = recv(&{on_name}, {size})?;"));
            break_if_empty(out, "chunk");
            match self.ctx.framing {
                FramingSpec::Raw => {
                    out.line("// One recv is taken for one message.");
                    out.line("println!(\"{}\", chunk.escape_ascii());");
                    counted(out);
                }
                FramingSpec::Delimiter { delimiter } => {
                    let length = delimiter.len();
                    // The longest message, and all of its delimiter but the last byte.
                    let most = self.ctx.limit + length - 1;
                    out.line(format!("{buffer}.extend(chunk);"));
                    let find = match delimiter[..] {
                        [byte] => {
                            format!("{buffer}.iter().position(|&b| b == {})", byte_literal(byte))
                        }
                        _ => format!(
                            "{buffer}.windows({length}).position(|w| w == {})",
                            literal(delimiter)
                        ),
                    };
                    out.line(format!("while let Some(at) = {find} {{"));
                    out.indented(|out| {
                        out.line(format!(
                            "println!(\"{{}}\", {buffer}[..at].escape_ascii());"
                        ));
                        out.line(format!("{buffer}.drain(..at + {length});"));
                        counted(out);
                    });
                    out.line("}");
                    out.line(format!("if {buffer}.len() > {most} {{"));
                    out.indented(|out| {
                        out.line("return Err(io::Error::other(\"no delimiter\"));");
                    });
                    out.line("}");
                }
                FramingSpec::Length { width, endian } => {
                    let (size, kind, order) = (width.size(), width.name(), order(*endian));
                    out.line(format!("{buffer}.extend(chunk);"));
                    out.line(format!(
                        "while let Some(header) = {buffer}.first_chunk() {{"
                    ));
                    out.indented(|out| {
                        let number = format!("{kind}::from_{order}_bytes(*header)");
                        if *width == LengthWidth::I32 {
                            out.line(format!("let length = {number};"));
                            out.line(
                                "let length = usize::try_from(length).map_err(io::Error::other)?;",
                            );
                        } else {
                            out.line(format!("let length = {number} as usize;"));
                        }
                        if self.ctx.header_exceeds_limit() {
                            out.line(format!("if length > {} {{", self.ctx.limit));
                            out.indented(|out| {
                                out.line(
                                    "return Err(io::Error::other(format!(\"length {length}\")));",
                                );
                            });
                            out.line("}");
                        }
                        out.line(format!("if {buffer}.len() < {size} + length {{"));
                        out.indented(|out| out.line("break; // the rest comes with a later recv"));
                        out.line("}");
                        out.line(format!("let message = &{buffer}[{size}..{size} + length];"));
                        out.line("println!(\"{}\", message.escape_ascii());");
                        out.line(format!("{buffer}.drain(..{size} + length);"));
                        counted(out);
                    });
                    out.line("}");
                }
                other => {
                    out.line(format!("// {}", not_written(other)));
                }
            }
        });
        self.out.line("}");
    }

    /// The decoder's bytes, for one that lasts: declared or emptied where a connection begins.
    pub(super) fn lasting_buffer(&mut self, socket: &str, declare: bool) {
        if *self.ctx.framing != FramingSpec::Raw && self.scope.lasts(socket) {
            let buffer = self.buffer(socket);
            self.out.line(if declare {
                format!("let mut {buffer}: Vec<u8> = Vec::new(); // received, not yet decoded")
            } else {
                format!("{buffer}.clear();")
            });
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
