//! Receiving messages: a loop of recv, and what tells messages apart in what it returns.

use crate::experiment::codegen::wire::Receiving;
use crate::experiment::codegen::writer::Writer;
use crate::experiment::program::Num;

use super::words::ident;
use super::{Rust, break_if_empty};

impl Rust<'_> {
    pub(super) fn receive_messages(&mut self, on: &str, size: &Num, count: &Num) {
        let (size, count) = (self.ctx.count(size), self.ctx.count(count));
        let (buffer, on_name) = (self.buffer(on), ident(on));
        if self.ctx.has_buffer() && !self.scope.lasts(on) {
            self.out
                .line(format!("let mut {buffer}: Vec<u8> = Vec::new();"));
        }
        if count > 0 {
            self.out.line("let mut received = 0;");
            self.out.line(format!("while received < {count} {{"));
        } else {
            self.out.line("loop {");
        }
        let done = |out: &mut Writer| {
            if count > 0 {
                out.line("received += 1;");
            }
        };
        let receiving = self.ctx.receiving();
        self.out.indented(|out| {
            out.call(format!("let chunk = recv(&{on_name}, {size})?;"));
            break_if_empty(out, "chunk");
            match receiving {
                Receiving::EachChunk => {
                    out.line("// One recv is taken for one message.");
                    out.line("println!(\"{}\", chunk.escape_ascii());");
                    done(out);
                }
                Receiving::ChunkEndsWith(mark) => {
                    let length = mark.len();
                    // It looks only where a recv happens to end.
                    out.line("let ends = chunk.ends_with(MARK); // only where a recv ends");
                    out.line(format!("{buffer}.extend(chunk);"));
                    out.line("if ends {");
                    out.indented(|out| {
                        out.line(format!("{buffer}.truncate({buffer}.len() - {length});"));
                        out.line(format!("println!(\"{{}}\", {buffer}.escape_ascii());"));
                        out.line(format!("{buffer}.clear();"));
                        done(out);
                    });
                    let most = self.ctx.limit + length;
                    out.line(format!("}} else if {buffer}.len() > {most} {{"));
                    out.indented(|out| {
                        out.line("return Err(io::Error::other(\"no end mark\"));");
                    });
                    out.line("}");
                }
                Receiving::Take { acknowledges } => {
                    let arguments = if acknowledges {
                        format!("&{on_name}, {size}, &mut {buffer}")
                    } else {
                        format!("&mut {buffer}")
                    };
                    out.line(format!("{buffer}.extend(chunk);"));
                    out.line(format!("while let Some(message) = take({arguments})? {{"));
                    out.indented(|out| {
                        out.line("println!(\"{}\", message.escape_ascii());");
                        done(out);
                    });
                    out.line("}");
                }
            }
        });
        self.out.line("}");
    }

    /// The decoder's bytes, for one that lasts: declared or emptied where a connection begins.
    pub(super) fn lasting_buffer(&mut self, socket: &str, declare: bool) {
        if self.ctx.has_buffer() && self.scope.lasts(socket) {
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
