//! Serving clients: a function for one of them, called in turn or in a thread for each.

use crate::experiment::program::{Num, Op, Program};

use super::C;
use super::words::ident;

/// What threads have instead of `exit(1)`: one client's trouble is no other's.
pub(super) const GIVE_UP: &str = r"
static _Thread_local int serving = -1; /* the connection that this thread serves */

/* Ends the thread; in main, the program. */
static void give_up(void) {
    if (serving < 0)
        exit(1);
    close(serving);
    pthread_exit(NULL);
}
";

impl C<'_> {
    /// The function that serves one client.
    pub(super) fn serve_function(&mut self, program: &Program) {
        let Some(node) = program.served() else { return };
        let Op::ServeEach {
            on,
            name,
            threads,
            body,
            ..
        } = &node.op
        else {
            return;
        };
        let inside = self.scope.served(on, name, body, self.ctx);
        let outside = std::mem::replace(&mut self.scope, inside);
        let given = std::mem::take(&mut self.given);
        let (socket, inner) = (
            ident(name),
            Program {
                nodes: body.clone(),
            },
        );
        self.in_thread = self.ctx.num(threads) != 0;
        let outer = self.out.belongs_to(Some(node.id));
        if self.in_thread {
            self.out.line("static void *serve(void *client) {");
        } else {
            self.out.line(format!("static void serve(int {socket}) {{"));
        }
        self.out.deeper();
        let start = self.out.len();
        if self.in_thread {
            self.out
                .line(format!("int {socket} = (int)(intptr_t)client;"));
            self.out.line(format!("serving = {socket};"));
        }
        self.locals(&inner);
        if self.out.len() > start {
            self.out.gap();
        }
        self.body(body);
        let mut closes = false;
        inner.walk(&mut |node| closes |= matches!(&node.op, Op::Close { on } if on == name));
        if !closes {
            self.out.line(format!("check(close({socket}), \"close\");"));
        }
        if self.in_thread {
            self.free_buffers(&inner);
            self.out.line("return NULL;");
        }
        self.out.shallower();
        self.out.line("}");
        self.out.belongs_to(outer);
        self.out.gap();
        self.in_thread = false;
        self.given = given;
        self.scope = outside;
    }

    pub(super) fn serve_each(&mut self, on: &str, name: &str, count: &Num, threads: &Num) {
        let (on, name) = (ident(on), ident(name));
        let (count, threads) = (self.ctx.count(count), self.ctx.num(threads) != 0);
        if threads {
            self.out.line(format!("pthread_t threads[{count}];"));
        }
        self.out
            .line(format!("for (int i = 0; i < {count}; i++) {{"));
        self.out.indented(|out| {
            out.call(format!(
                "int {name} = check(accept({on}, NULL, NULL), \"accept\");"
            ));
            if threads {
                out.line(format!("void *client = (void *)(intptr_t){name};"));
                out.line("if (pthread_create(&threads[i], NULL, serve, client) != 0)");
                out.indented(|out| out.line("fail(\"no thread for a client\");"));
            } else {
                out.line(format!(
                    "serve({name}); /* the next client waits meanwhile */"
                ));
            }
        });
        self.out.line("}");
        if threads {
            self.out.line(format!("for (int i = 0; i < {count}; i++)"));
            self.out
                .indented(|out| out.line("pthread_join(threads[i], NULL);"));
        }
    }

    /// A declaration for this place: what lies in one place for the whole program lies in one for
    /// each thread where threads run.
    pub(super) fn own(&self, declaration: String) -> String {
        match declaration.strip_prefix("static ") {
            Some(rest) if self.in_thread => format!("static _Thread_local {rest}"),
            _ => declaration,
        }
    }
}
