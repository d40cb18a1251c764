//! Serving clients: a function for one of them, called in turn or in a thread for each.

use crate::experiment::program::{Num, Op, Program};

use super::Rust;
use super::words::ident;

impl Rust<'_> {
    /// The function that serves one client.
    pub(super) fn serve_function(&mut self, program: &Program) {
        let Some(node) = program.served() else { return };
        let Op::ServeEach { on, name, body, .. } = &node.op else {
            return;
        };
        let inside = self.scope.served(on, name, body, self.ctx);
        let outside = std::mem::replace(&mut self.scope, inside);
        let again = self.scope.get(name).is_some_and(|v| v.reassigned);
        let mutable = if again { "mut " } else { "" };
        let outer = self.out.belongs_to(Some(node.id));
        self.out.line(format!(
            "fn serve({mutable}{}: Socket) -> io::Result<()> {{",
            ident(name)
        ));
        self.out.deeper();
        self.messages(&Program {
            nodes: body.clone(),
        });
        self.lasting_buffer(name, true);
        self.body(body);
        self.out.line("Ok(())");
        self.out.shallower();
        self.out.line("}");
        self.out.belongs_to(outer);
        self.out.gap();
        self.scope = outside;
    }

    pub(super) fn serve_each(&mut self, on: &str, name: &str, count: &Num, threads: &Num) {
        let (on, name) = (ident(on), ident(name));
        let (count, threads) = (self.ctx.count(count), self.ctx.num(threads) != 0);
        if threads {
            self.out.line("let mut threads = Vec::new();");
        }
        self.out.line(format!("for _ in 0..{count} {{"));
        self.out.indented(|out| {
            out.call(format!("let ({name}, _peer) = {on}.accept()?;"));
            if threads {
                out.line(format!("threads.push(spawn(move || serve({name})));"));
            } else {
                out.line(format!(
                    "serve({name})?; // the next client waits meanwhile"
                ));
            }
        });
        self.out.line("}");
        if threads {
            self.out.line("for thread in threads {");
            self.out.indented(|out| {
                out.line("if let Ok(Err(error)) = thread.join() {");
                out.indented(|out| out.line("eprintln!(\"{error}\");"));
                out.line("}");
            });
            self.out.line("}");
        }
    }
}
