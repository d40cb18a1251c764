//! Reading an expression: tokens, then precedence climbing that types each part as it goes.

use std::str::FromStr;

use crate::experiment::errno_number;
use crate::trace::tcp;

use super::{ActorFact, Expr, Fact, Field, Function, Items, Node, Operator, Side, Type};

/// Longest expression, characters.
const LENGTH: usize = 4_000;
/// Deepest nesting.
const DEPTH: usize = 32;

/// Why an expression could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {what}")]
pub struct Fault {
    /// Where, from 1, in characters.
    pub column: usize,
    /// What, in English.
    pub what: String,
}

type Result<T> = std::result::Result<T, Fault>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Int(i64),
    Word(String),
    Param(String),
    Sign(&'static str),
}

impl Token {
    fn show(&self) -> String {
        match self {
            Token::Int(n) => n.to_string(),
            Token::Word(word) => word.clone(),
            Token::Param(name) => format!("${name}"),
            Token::Sign(sign) => (*sign).to_owned(),
        }
    }
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 16] = [
    "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "(", ")", "[", "]", ",", ".", "=",
];

impl FromStr for Expr {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self> {
        if text.chars().count() > LENGTH {
            return Err(fault(
                0,
                format!("the expression is longer than {LENGTH} characters"),
            ));
        }
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
            end: text.chars().count(),
            depth: 0,
        };
        let (root, kind) = parser.any()?;
        if let Some((column, token)) = parser.tokens.get(parser.at) {
            return Err(fault(
                *column,
                format!("unexpected `{}` after a complete expression", token.show()),
            ));
        }
        if kind != Type::Bool {
            return Err(fault(
                0,
                format!(
                    "this is a {}, but a condition is needed: compare it with something",
                    kind.name()
                ),
            ));
        }
        Ok(Expr {
            text: text.trim().to_owned(),
            root,
        })
    }
}

fn fault(at: usize, what: impl Into<String>) -> Fault {
    Fault {
        column: at + 1,
        what: what.into(),
    }
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    let word_end = |from: usize| {
        chars[from..]
            .iter()
            .position(|&c| !(c.is_ascii_alphanumeric() || c == '_'))
            .map_or(chars.len(), |n| from + n)
    };
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        let token = if c.is_ascii_digit() {
            at = word_end(at);
            let digits: String = chars[start..at].iter().filter(|&&c| c != '_').collect();
            let n = digits
                .parse()
                .map_err(|_| fault(start, format!("`{digits}` is not a whole number")))?;
            Token::Int(n)
        } else if c.is_ascii_alphabetic() || c == '_' {
            at = word_end(at);
            Token::Word(chars[start..at].iter().collect())
        } else if c == '$' {
            at = word_end(at + 1);
            let name: String = chars[start + 1..at].iter().collect();
            if name.is_empty() {
                return Err(fault(start, "a parameter's name must follow `$`"));
            }
            Token::Param(name)
        } else {
            let sign = SIGNS.into_iter().find(|sign| {
                sign.chars()
                    .eq(chars[at..].iter().copied().take(sign.len()))
            });
            let Some(sign) = sign else {
                return Err(fault(at, format!("unexpected `{c}`")));
            };
            if sign == "=" {
                return Err(fault(at, "`=` is not a comparison: write `==`"));
            }
            at += sign.len();
            Token::Sign(sign)
        };
        tokens.push((start, token));
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    /// Characters in the text: where an error at the end points.
    end: usize,
    depth: usize,
}

impl Parser {
    fn place(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(at, _)| *at)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(sign)) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Result<()> {
        if self.sign(wanted) {
            return Ok(());
        }
        let found = self
            .peek()
            .map_or("the end".to_owned(), |token| format!("`{}`", token.show()));
        Err(fault(
            self.place(),
            format!("expected `{wanted}`, found {found}"),
        ))
    }

    /// Guards every way in which the reader calls itself.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH {
            return Err(fault(
                self.place(),
                format!("nested deeper than {DEPTH} levels"),
            ));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn any(&mut self) -> Result<(Node, Type)> {
        self.deeper(|p| {
            let start = p.place();
            let mut left = p.all()?;
            while p.word("or") {
                let right = p.all()?;
                left = join(Operator::Or, left, right, start)?;
            }
            Ok(left)
        })
    }

    fn all(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        let mut left = self.negation()?;
        while self.word("and") {
            let right = self.negation()?;
            left = join(Operator::And, left, right, start)?;
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        if !self.word("not") {
            return self.comparison();
        }
        let (node, kind) = self.deeper(Self::negation)?;
        if kind != Type::Bool {
            return Err(fault(
                start,
                format!("`not` needs a condition, not a {}", kind.name()),
            ));
        }
        Ok((Node::Not(Box::new(node)), Type::Bool))
    }

    fn comparison(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        let left = self.sum()?;
        let Some(operator) = self.comparing() else {
            return Ok(left);
        };
        let right = self.sum()?;
        let at = self.place();
        if self.comparing().is_some() {
            return Err(fault(at, "comparisons do not chain: join two with `and`"));
        }
        join(operator, left, right, start)
    }

    fn comparing(&mut self) -> Option<Operator> {
        let operator = match self.peek()? {
            Token::Sign("==") => Operator::Equal,
            Token::Sign("!=") => Operator::NotEqual,
            Token::Sign("<") => Operator::Less,
            Token::Sign("<=") => Operator::LessOrEqual,
            Token::Sign(">") => Operator::Greater,
            Token::Sign(">=") => Operator::GreaterOrEqual,
            _ => return None,
        };
        self.at += 1;
        Some(operator)
    }

    fn sum(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        let mut left = self.product()?;
        loop {
            let operator = if self.sign("+") {
                Operator::Add
            } else if self.sign("-") {
                Operator::Subtract
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = join(operator, left, right, start)?;
        }
    }

    fn product(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        let mut left = self.unary()?;
        while self.sign("*") {
            let right = self.unary()?;
            left = join(Operator::Multiply, left, right, start)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        if !self.sign("-") {
            return self.atom();
        }
        let (node, kind) = self.deeper(Self::unary)?;
        if kind != Type::Int {
            return Err(fault(
                start,
                format!("`-` needs a number, not a {}", kind.name()),
            ));
        }
        Ok((Node::Negative(Box::new(node)), Type::Int))
    }

    fn atom(&mut self) -> Result<(Node, Type)> {
        let start = self.place();
        let Some(token) = self.peek().cloned() else {
            return Err(fault(start, "something is missing at the end"));
        };
        self.at += 1;
        match token {
            Token::Int(n) => Ok((Node::Int(n), Type::Int)),
            Token::Param(name) => Ok((Node::Param(name), Type::Int)),
            Token::Word(word) => self.named(start, &word),
            Token::Sign("(") => {
                let inner = self.any()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("[") => self.list(),
            Token::Sign(sign) => Err(fault(
                start,
                format!("unexpected `{sign}`: a number, a fact or a list is needed here"),
            )),
        }
    }

    fn list(&mut self) -> Result<(Node, Type)> {
        let mut nodes = Vec::new();
        while !self.sign("]") {
            if !nodes.is_empty() {
                self.expect(",")?;
                if self.sign("]") {
                    break;
                }
            }
            nodes.push(self.number()?);
        }
        Ok((Node::List(nodes), Type::List))
    }

    fn number(&mut self) -> Result<Node> {
        let start = self.place();
        let (node, kind) = self.deeper(Self::sum)?;
        if kind == Type::Int {
            Ok(node)
        } else {
            Err(fault(
                start,
                format!("a number is needed here, not a {}", kind.name()),
            ))
        }
    }

    fn named(&mut self, start: usize, word: &str) -> Result<(Node, Type)> {
        match word {
            "true" | "false" => return Ok((Node::Bool(word == "true"), Type::Bool)),
            "and" | "or" | "not" => {
                return Err(fault(start, format!("unexpected `{word}`")));
            }
            _ => {}
        }
        if let Some(function) = Function::from_name(word) {
            self.expect("(")?;
            let inside = self.place();
            let (node, kind) = self.any()?;
            self.expect(")")?;
            if kind != Type::List {
                return Err(fault(
                    inside,
                    format!("`{}` needs a list, not a {}", function.name(), kind.name()),
                ));
            }
            return Ok((Node::Of(function, Box::new(node)), Type::Int));
        }
        if let Some(what) = Items::from_name(word) {
            return self.items(Side { actor: None, what });
        }
        if !self.sign(".") {
            if let Some(errno) = errno_number(word) {
                return Ok((Node::Int(i64::from(errno)), Type::Int));
            }
            if let Some(bit) = control_bit(word) {
                return Ok((Node::Int(bit), Type::Int));
            }
            return match Fact::from_name(word) {
                Some(fact) => Ok((Node::Fact(fact), Type::Int)),
                None => Err(unknown(
                    start,
                    word,
                    &[Fact::NAMES, Items::NAMES, Function::NAMES],
                )),
            };
        }
        let at = self.place();
        let Some(Token::Word(field)) = self.peek().cloned() else {
            return Err(fault(at, format!("a word must follow `{word}.`")));
        };
        self.at += 1;
        if let Some(what) = Items::from_name(&field) {
            return self.items(Side {
                actor: Some(word.to_owned()),
                what,
            });
        }
        match ActorFact::from_name(&field) {
            Some(fact) => Ok((Node::OfActor(word.to_owned(), fact), Type::Int)),
            None => Err(unknown(at, &field, &[ActorFact::NAMES, Items::NAMES])),
        }
    }

    fn items(&mut self, side: Side) -> Result<(Node, Type)> {
        let index = if self.sign("[") {
            let index = self.number()?;
            self.expect("]")?;
            Some(index)
        } else {
            None
        };
        self.expect(".")?;
        let at = self.place();
        let valid = side.what.fields();
        let field = match self.peek() {
            Some(Token::Word(word)) => Field::from_name(word)
                .filter(|_| valid.contains(&word.as_str()))
                .ok_or_else(|| unknown(at, word, &[valid]))?,
            _ => return Err(unknown(at, "", &[valid])),
        };
        self.at += 1;
        Ok(match index {
            Some(index) => (Node::Cell(side, Box::new(index), field), Type::Int),
            None => (Node::Column(side, field), Type::List),
        })
    }
}

/// The control bits of TCP, to be added up: `segment[1].flags == SYN + ACK`.
fn control_bit(word: &str) -> Option<i64> {
    let bit = match word {
        "FIN" => tcp::FIN,
        "SYN" => tcp::SYN,
        "RST" => tcp::RST,
        "PSH" => tcp::PSH,
        "ACK" => tcp::ACK,
        _ => return None,
    };
    Some(i64::from(bit))
}

fn unknown(at: usize, word: &str, valid: &[&[&str]]) -> Fault {
    let valid = valid.concat();
    let mut what = format!("`{word}` is none of {}", valid.join(", "));
    if let Some(near) = crate::lesson::problem::nearest(word, &valid) {
        what = format!("{what}; perhaps `{near}`");
    }
    fault(at, what)
}

/// `left operator right`, if the types allow it.
fn join(
    operator: Operator,
    (left, left_type): (Node, Type),
    (right, right_type): (Node, Type),
    start: usize,
) -> Result<(Node, Type)> {
    use Operator::{
        Add, And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or,
        Subtract,
    };
    use Type::{Bool, Int, List};
    let kind = match (operator, left_type, right_type) {
        (And | Or, Bool, Bool) | (Less | LessOrEqual | Greater | GreaterOrEqual, Int, Int) => Bool,
        (Equal | NotEqual, a, b) if a == b => Bool,
        (Add | Subtract | Multiply, Int, Int) => Int,
        (Add, List, List) | (Multiply, List, Int) => List,
        _ => {
            let mut what = format!(
                "`{}` cannot join a {} and a {}",
                operator.sign(),
                left_type.name(),
                right_type.name()
            );
            if operator == Multiply && right_type == List {
                what.push_str(": write the list first, `[7] * 3`");
            }
            return Err(fault(start, what));
        }
    };
    Ok((
        Node::Binary(operator, Box::new(left), Box::new(right)),
        kind,
    ))
}
