//! The program an actor runs, as source text: Python, C or Rust.
//!
//! The text is made from the very operations that run, with the student's settings filled in,
//! and each line knows the operation it belongs to, so that the code pane can show where an actor
//! stands. It is a complete program: copied into a file, it runs by itself. What only the lab can
//! do (to wait for another actor's progress) becomes a sleep there, and says so.
//!
//! Comments are in the language of the window: see `comments.rs`.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::program::{Address, Node, Num, Op, Program, Text, Until};
use crate::framing::FramingSpec;
use crate::i18n::Lang;

mod c;
mod commands;
mod comments;
mod files;
mod messages;
mod python;
mod rust;
mod scope;
mod wire;
mod writer;

#[cfg(test)]
mod tests;

pub use comments::{begins_comment, comment, quoted};
pub use messages::MessageList;

/// A language that programs are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python 3.8 or later
    #[default]
    Python,
    /// C11 with POSIX
    C,
    /// Rust with the crate `socket2`
    Rust,
}

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Language; 3] = [Language::Python, Language::C, Language::Rust];

    /// The language's name.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "Python",
            Language::C => "C",
            Language::Rust => "Rust",
        }
    }

    /// The ending of file names, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Language::Python => "py",
            Language::C => "c",
            Language::Rust => "rs",
        }
    }
}

/// Where an actor is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Host (name or number) and port.
    Host(String, u16),
    /// A path of an `AF_UNIX` socket.
    Path(String),
}

/// What a listing needs to know beside the program.
pub struct CodeContext<'a> {
    /// The language of the comments.
    pub lang: Lang,
    /// Name of the actor whose program it is.
    pub actor: &'a str,
    /// The value of a parameter, as text, by its name.
    pub value: &'a dyn Fn(&str) -> Option<String>,
    /// Where the actor of that name listens, so far as it is known. A program that lets the
    /// system choose its port (0) is shown with the port chosen, once that is known.
    pub place: &'a dyn Fn(&str) -> Option<Place>,
    /// The run's framing.
    pub framing: &'a FramingSpec,
    /// The longest payload that the decoder accepts, in bytes.
    pub limit: usize,
    /// The messages that `for_each_message` goes through.
    pub messages: MessageList<'a>,
}

/// The source text of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// In order, without line ends.
    pub lines: Vec<Line>,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// With its indentation, in spaces.
    pub text: String,
    /// The operation (`Node::id`) it belongs to, if to one.
    pub op: Option<u16>,
    /// Does the call of that operation itself stand here? Its other lines prepare it, or deal
    /// with its result.
    pub call: bool,
}

impl Listing {
    /// The line to show as current while the operation runs: the one with its call.
    pub fn line_of(&self, op: u16) -> Option<usize> {
        let of = |line: &Line| line.op == Some(op);
        self.lines
            .iter()
            .position(|line| of(line) && line.call)
            .or_else(|| self.lines.iter().position(of))
    }
}

impl fmt::Display for Listing {
    /// The whole text, each line ended.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines
            .iter()
            .try_for_each(|l| writeln!(f, "{}", l.text))
    }
}

/// The source text of `program` in `language`.
pub fn generate(language: Language, program: &Program, ctx: &CodeContext<'_>) -> Listing {
    let program = &Program {
        nodes: ctx.as_run(&program.nodes),
    };
    let framing = ctx.framing_of(program);
    let ctx = &CodeContext {
        framing: &framing,
        ..*ctx
    };
    let listing = match language {
        Language::Python => python::generate(program, ctx),
        Language::C => c::generate(program, ctx),
        Language::Rust => rust::generate(program, ctx),
    };
    // They are written in English.
    if ctx.lang == Lang::En {
        return listing;
    }
    listing.said_in(language, ctx.lang)
}

impl CodeContext<'_> {
    /// The operations with every `when` decided: its body in its place, or nothing.
    fn as_run(&self, nodes: &[Node]) -> Vec<Node> {
        let mut run = Vec::new();
        for node in nodes {
            if let Op::When { on, wanted, body } = &node.op {
                if (self.num(on) != 0) == *wanted {
                    run.extend(self.as_run(body));
                }
                continue;
            }
            let mut node = node.clone();
            if let Some(body) = node.op.body_mut() {
                *body = self.as_run(body);
            }
            run.push(node);
        }
        run
    }

    /// The framing as that program understands it.
    fn framing_of(&self, program: &Program) -> FramingSpec {
        let mut swapped = false;
        program.walk(&mut |node| {
            if let Op::ReceiveMessages { swapped: n, .. } = &node.op {
                swapped |= self.num(n) != 0;
            }
        });
        if swapped {
            self.framing.swapped()
        } else {
            self.framing.clone()
        }
    }

    /// The number, with parameters filled in; 0 for one that is not known.
    fn num(&self, num: &Num) -> i64 {
        match num {
            Num::Lit(n) => *n,
            Num::Param(name) => (self.value)(name)
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(0),
        }
    }

    /// The number as one of bytes or times: not below 0.
    fn count(&self, num: &Num) -> u64 {
        self.num(num).max(0) as u64
    }

    /// The text, with parameters filled in; empty for one that is not known.
    fn text(&self, text: &Text) -> String {
        match text {
            Text::Lit(text) => text.clone(),
            Text::Param(name) => (self.value)(name).unwrap_or_default(),
        }
    }

    /// The text as an IPv4 address; the one that stands for none if it is not one.
    fn ipv4(&self, text: &Text) -> Ipv4Addr {
        let text = self.text(text);
        text.parse().unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    /// Where `address` points; an actor that has not bound yet is shown at port 0.
    fn place(&self, address: &Address) -> Place {
        match address {
            Address::Host { host, port } => {
                let asked = u16::try_from(self.num(port)).unwrap_or(0);
                let port = match (self.place)(self.actor) {
                    Some(Place::Host(_, chosen)) if asked == 0 => chosen,
                    _ => asked,
                };
                Place::Host(self.text(host), port)
            }
            Address::Actor(name) => {
                (self.place)(name).unwrap_or_else(|| Place::Host("127.0.0.1".to_owned(), 0))
            }
            Address::Path(path) => Place::Path(path.clone()),
            // Written as the variable it stands in, not as a place.
            Address::Sender(name) => Place::Path(name.clone()),
        }
    }
}

/// Is there nothing to wait for?
fn waits_for_nothing(until: &Until, ctx: &CodeContext<'_>) -> bool {
    match until {
        Until::Sent(n) | Until::ReceivedBytes(n) => ctx.count(n) == 0,
        Until::Ended => false,
    }
}

/// What a `wait` waits for, for the comment beside the sleep that stands in for it.
fn waits_for(actor: &str, until: &Until, ctx: &CodeContext<'_>) -> String {
    match until {
        Until::Sent(n) => format!("time for {actor} to send {} messages", ctx.count(n)),
        Until::ReceivedBytes(n) => format!("time for {actor} to receive {} bytes", ctx.count(n)),
        Until::Ended => format!("time for {actor} to end"),
    }
}
