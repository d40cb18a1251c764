//! Serving clients: a function for one of them, called in turn or in a thread for each.

use crate::experiment::program::{Num, Op, Program};

use super::Python;
use super::words::ident;

impl Python<'_> {
    /// The function that serves one client.
    pub(super) fn serve_function(&mut self, program: &Program) {
        let Some(node) = program.served() else { return };
        let Op::ServeEach { on, name, body, .. } = &node.op else {
            return;
        };
        let inside = self.scope.served(on, name, body, self.ctx);
        let outside = std::mem::replace(&mut self.scope, inside);
        let outer = self.out.belongs_to(Some(node.id));
        self.out.gap();
        self.out.line(format!("def serve({}):", ident(name)));
        self.out.deeper();
        self.lasting_buffer(name);
        self.body(body);
        self.out.shallower();
        self.out.belongs_to(outer);
        self.out.gap();
        self.scope = outside;
    }

    pub(super) fn serve_each(&mut self, on: &str, name: &str, count: &Num, threads: &Num) {
        let (on, name) = (ident(on), ident(name));
        let (count, threads) = (self.ctx.count(count), self.ctx.num(threads) != 0);
        if threads {
            self.out.line("threads = []");
        }
        self.out.line(format!("for _ in range({count}):"));
        self.out.indented(|out| {
            out.call(format!("{name}, peer = {on}.accept()"));
            if threads {
                out.line(format!(
                    "thread = threading.Thread(target=serve, args=({name},))"
                ));
                out.line("thread.start()");
                out.line("threads.append(thread)");
            } else {
                out.line(format!("serve({name})  # the next client waits meanwhile"));
            }
        });
        if threads {
            self.out.line("for thread in threads:");
            self.out.indented(|out| out.line("thread.join()"));
        }
    }
}
