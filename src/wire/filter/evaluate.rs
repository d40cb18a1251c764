//! Which rows match: column by column, into bitmaps.

use core::net::IpAddr;

use super::field::{Column, Field, FieldKind};
use super::{Filter, Operator, Value};
use crate::wire::analysis::mark;
use crate::wire::conversation::{Conversation, Protocol};
use crate::wire::packets::Packets;

/// Rows evaluated at a time: the bitmaps of a whole expression stay in the processor's cache.
pub const STRIDE: u32 = 1 << 16;

/// The rows that match, built a stride at a time, so that typing never stalls a window and a
/// capture that grows costs only its new rows.
#[derive(Debug, Default)]
pub struct Matching {
    rows: Vec<u32>,
    done: u32,
    facts: Vec<Facts>,
    conversations: usize,
}

impl Matching {
    /// Goes on by one stride; true when all rows of `packets` have been looked at. Without a
    /// filter every row matches.
    pub fn advance(&mut self, filter: Option<&Filter>, packets: &Packets) -> bool {
        let len = packets.len();
        if self.done < len {
            let end = len.min(self.done.saturating_add(STRIDE));
            match filter {
                None => self.rows.extend(self.done..end),
                Some(filter) => self.stride(filter, packets, end),
            }
            self.done = end;
        }
        self.done == len
    }

    fn stride(&mut self, filter: &Filter, packets: &Packets, end: u32) {
        // Facts on conversations hold as long as no new one has come; bases and scales of one
        // that is there are looked up per row.
        if self.facts.is_empty() || self.conversations != packets.conversations().len() {
            self.facts.clear();
            collect(filter, packets, &mut self.facts);
            self.conversations = packets.conversations().len();
        }
        let mut next = 0;
        let rows = Rows {
            packets,
            from: self.done as usize,
            to: end as usize,
        };
        let bits = rows.filter(filter, &self.facts, &mut next);
        for (word, mut bits) in bits.into_iter().enumerate() {
            let base = self.done + word as u32 * 64;
            while bits != 0 {
                self.rows.push(base + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }

    /// From `row` on everything is looked at again.
    pub fn rewind(&mut self, row: u32) {
        if row < self.done {
            self.done = row;
            self.rows.truncate(self.rows.partition_point(|r| *r < row));
        }
    }

    /// The matching rows among those looked at, in order.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// How many rows have been looked at.
    pub fn done(&self) -> u32 {
        self.done
    }
}

impl Filter {
    /// Every matching row.
    pub fn rows(&self, packets: &Packets) -> Vec<u32> {
        let mut matching = Matching::default();
        while !matching.advance(Some(self), packets) {}
        matching.rows
    }
}

/// What a condition says of each conversation: bit 0 forward, bit 1 backward. Empty where the
/// condition is not one on conversations.
type Facts = Vec<u8>;

/// The facts of each condition, in the order in which evaluation meets them.
fn collect(filter: &Filter, packets: &Packets, out: &mut Vec<Facts>) {
    match filter {
        Filter::Not(inner) => collect(inner, packets, out),
        Filter::And(a, b) | Filter::Or(a, b) => {
            collect(a, packets, out);
            collect(b, packets, out);
        }
        Filter::Has(field) => out.push(facts(*field, &Test::Any, packets)),
        Filter::Compare(field, operator, value) => {
            out.push(facts(*field, &Test::of(*operator, value), packets));
        }
        Filter::In(field, ranges) => out.push(facts(*field, &Test::ranges(ranges), packets)),
    }
}

/// What a value must be.
enum Test {
    /// Anything.
    Any,
    /// In one of these ranges, or (true) in none.
    Numbers(Vec<(u64, u64)>, bool),
    /// In one of these networks, or (true) in none.
    Networks(Vec<(IpAddr, u8)>, bool),
    /// One of these names, or (true) none of them.
    Names(Vec<String>, bool),
}

impl Test {
    fn of(operator: Operator, value: &Value) -> Test {
        let turned = operator == Operator::NotEqual;
        match value {
            Value::Number(n) | Value::Seconds(n) => {
                let none = (1, 0);
                let range = match operator {
                    Operator::Equal | Operator::NotEqual => (*n, *n),
                    Operator::Greater => n.checked_add(1).map_or(none, |n| (n, u64::MAX)),
                    Operator::GreaterEqual => (*n, u64::MAX),
                    Operator::Less => n.checked_sub(1).map_or(none, |n| (0, n)),
                    Operator::LessEqual => (0, *n),
                };
                Test::Numbers(vec![range], turned)
            }
            Value::Network(address, bits) => Test::Networks(vec![(*address, *bits)], turned),
            Value::Text(name) => Test::Names(vec![name.clone()], turned),
        }
    }

    fn ranges(ranges: &[(Value, Value)]) -> Test {
        let mut numbers = Vec::new();
        let mut networks = Vec::new();
        let mut names = Vec::new();
        for (from, to) in ranges {
            match (from, to) {
                (Value::Number(a) | Value::Seconds(a), Value::Number(b) | Value::Seconds(b)) => {
                    numbers.push((*a, *b));
                }
                (Value::Network(address, bits), _) => networks.push((*address, *bits)),
                (Value::Text(name), _) => names.push(name.clone()),
                _ => {}
            }
        }
        if !networks.is_empty() {
            Test::Networks(networks, false)
        } else if !names.is_empty() {
            Test::Names(names, false)
        } else {
            Test::Numbers(numbers, false)
        }
    }

    /// Do the values of a field pass? "In none" means none of them.
    fn numbers(&self, values: &[u64]) -> bool {
        match self {
            Test::Any => true,
            Test::Numbers(ranges, turned) => {
                values
                    .iter()
                    .any(|v| ranges.iter().any(|(from, to)| (from..=to).contains(&v)))
                    != *turned
            }
            _ => false,
        }
    }

    fn addresses(&self, values: &[IpAddr]) -> bool {
        match self {
            Test::Any => true,
            Test::Networks(networks, turned) => {
                values
                    .iter()
                    .any(|v| networks.iter().any(|(a, bits)| within(*v, *a, *bits)))
                    != *turned
            }
            _ => false,
        }
    }
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(n)) => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            (a.to_bits() ^ n.to_bits()) & mask == 0
        }
        (IpAddr::V6(a), IpAddr::V6(n)) => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            (a.to_bits() ^ n.to_bits()) & mask == 0
        }
        _ => false,
    }
}

/// Evaluates a condition on conversations once for each of them.
fn facts(field: Field, test: &Test, packets: &Packets) -> Facts {
    let column = field.column();
    let fact = |c: &Conversation, backward: bool| {
        let (source, destination) = if backward { (c.b, c.a) } else { (c.a, c.b) };
        let (from, to) = (u64::from(source.port), u64::from(destination.port));
        let has_ports = matches!(c.protocol, Protocol::Tcp | Protocol::Udp);
        let tcp = c.protocol == Protocol::Tcp;
        let udp = c.protocol == Protocol::Udp;
        let four = source.address.is_ipv4();
        Some(match column {
            Column::Ip4 => test.numbers(&[u64::from(four)]) && (four || !matches!(test, Test::Any)),
            Column::Ip6 => {
                test.numbers(&[u64::from(!four)]) && (!four || !matches!(test, Test::Any))
            }
            Column::Version => test.numbers(&[if four { 4 } else { 6 }]),
            Column::Source => test.addresses(&[source.address]),
            Column::Destination => test.addresses(&[destination.address]),
            Column::Address => test.addresses(&[source.address, destination.address]),
            Column::SourcePort => has_ports && test.numbers(&[from]),
            Column::DestinationPort => has_ports && test.numbers(&[to]),
            Column::Port => has_ports && test.numbers(&[from, to]),
            Column::TcpSourcePort => tcp && test.numbers(&[from]),
            Column::TcpDestinationPort => tcp && test.numbers(&[to]),
            Column::TcpPort => tcp && test.numbers(&[from, to]),
            Column::UdpSourcePort => udp && test.numbers(&[from]),
            Column::UdpDestinationPort => udp && test.numbers(&[to]),
            Column::UdpPort => udp && test.numbers(&[from, to]),
            Column::TcpStream => tcp && test.numbers(&[u64::from(c.number)]),
            Column::UdpStream => udp && test.numbers(&[u64::from(c.number)]),
            _ => return None,
        })
    };
    packets
        .conversations()
        .iter()
        .map_while(|c| Some(u8::from(fact(c, false)?) | u8::from(fact(c, true)?) << 1))
        .collect()
}

/// A stretch of rows.
struct Rows<'a> {
    packets: &'a Packets,
    from: usize,
    to: usize,
}

impl Rows<'_> {
    fn filter(&self, filter: &Filter, facts: &[Facts], next: &mut usize) -> Vec<u64> {
        let mut leaf = |field: Field, test: &Test| {
            let known = &facts[*next];
            *next += 1;
            self.leaf(field, test, known)
        };
        match filter {
            Filter::Has(field) => leaf(*field, &Test::Any),
            Filter::Compare(field, operator, value) => leaf(*field, &Test::of(*operator, value)),
            Filter::In(field, ranges) => leaf(*field, &Test::ranges(ranges)),
            Filter::Not(inner) => {
                let mut bits = self.filter(inner, facts, next);
                for word in &mut bits {
                    *word = !*word;
                }
                // Rows behind the last one do not exist.
                let spare = bits.len() * 64 - (self.to - self.from);
                if let Some(last) = bits.last_mut()
                    && spare > 0
                {
                    *last &= u64::MAX >> spare;
                }
                bits
            }
            Filter::And(a, b) => {
                let mut bits = self.filter(a, facts, next);
                for (word, other) in bits.iter_mut().zip(self.filter(b, facts, next)) {
                    *word &= other;
                }
                bits
            }
            Filter::Or(a, b) => {
                let mut bits = self.filter(a, facts, next);
                for (word, other) in bits.iter_mut().zip(self.filter(b, facts, next)) {
                    *word |= other;
                }
                bits
            }
        }
    }

    /// A bitmap of the rows for which `test` is true.
    fn fill(&self, test: impl Fn(usize) -> bool) -> Vec<u64> {
        (self.from..self.to)
            .step_by(64)
            .map(|base| {
                let mut word = 0;
                for row in base..(base + 64).min(self.to) {
                    word |= u64::from(test(row)) << (row - base);
                }
                word
            })
            .collect()
    }

    /// Rows whose number, where they have one, passes.
    fn numbers(&self, test: &Test, get: impl Fn(usize) -> Option<u64>) -> Vec<u64> {
        match test {
            Test::Any => self.fill(|row| get(row).is_some()),
            Test::Numbers(ranges, turned) => {
                if let [(from, to)] = *ranges.as_slice() {
                    self.fill(|row| get(row).is_some_and(|v| (from <= v && v <= to) != *turned))
                } else {
                    self.fill(|row| {
                        get(row).is_some_and(|v| {
                            ranges.iter().any(|(from, to)| (from..=to).contains(&&v)) != *turned
                        })
                    })
                }
            }
            _ => self.fill(|_| false),
        }
    }

    /// Rows that have a flag: alone it must be set, compared it is 0 or 1.
    fn flags(&self, test: &Test, get: impl Fn(usize) -> Option<bool>) -> Vec<u64> {
        match test {
            Test::Any => self.fill(|row| get(row) == Some(true)),
            other => self.numbers(other, |row| get(row).map(u64::from)),
        }
    }

    fn leaf(&self, field: Field, test: &Test, facts: &Facts) -> Vec<u64> {
        let p = self.packets;
        if !facts.is_empty() {
            return self.fill(|row| {
                let backward = u32::from(p.marks[row] & mark::BACKWARD != 0);
                facts
                    .get(p.conversation[row] as usize)
                    .is_some_and(|bits| bits >> backward & 1 != 0)
            });
        }
        let is = |row: usize, protocol: Protocol| p.protocol[row] == protocol;
        let tcp = |row: usize| is(row, Protocol::Tcp);
        let begin = p.begin();
        let protocol =
            |wanted: Protocol| self.flags(test, move |row| Some(p.protocol[row] == wanted));
        match field.column() {
            Column::Number => self.numbers(test, |row| Some(row as u64 + 1)),
            Column::Length => self.numbers(test, |row| Some(u64::from(p.original[row]))),
            Column::Captured => self.numbers(test, |row| Some(u64::from(p.captured[row]))),
            Column::Time => self.numbers(test, |row| Some(p.time[row].saturating_sub(begin))),
            Column::Arp => protocol(Protocol::Arp),
            Column::Tcp => protocol(Protocol::Tcp),
            Column::Udp => protocol(Protocol::Udp),
            Column::Icmp => protocol(Protocol::Icmp),
            Column::Icmp6 => protocol(Protocol::Icmp6),
            Column::Ttl => self.numbers(test, |row| {
                (p.conversation[row] != u32::MAX).then(|| u64::from(p.ttl[row]))
            }),
            Column::SeqRaw => self.numbers(test, |row| tcp(row).then(|| u64::from(p.seq[row]))),
            Column::AckRaw => self.numbers(test, |row| tcp(row).then(|| u64::from(p.ack[row]))),
            Column::Seq => self.numbers(test, |row| {
                tcp(row)
                    .then(|| p.relative_seq(row as u32).map(u64::from))
                    .flatten()
            }),
            Column::Ack => self.numbers(test, |row| {
                tcp(row)
                    .then(|| p.relative_ack(row as u32).map(u64::from))
                    .flatten()
            }),
            Column::Window => self.numbers(test, |row| p.window(row as u32).map(u64::from)),
            Column::WindowRaw => {
                self.numbers(test, |row| tcp(row).then(|| u64::from(p.window[row])))
            }
            Column::TcpLen => self.numbers(test, |row| tcp(row).then(|| u64::from(p.payload[row]))),
            Column::UdpLen => self.numbers(test, |row| {
                is(row, Protocol::Udp).then(|| u64::from(p.payload[row]))
            }),
            Column::Flags => self.numbers(test, |row| tcp(row).then(|| u64::from(p.flags[row]))),
            Column::Flag(bit) => self.flags(test, |row| tcp(row).then(|| p.flags[row] & bit != 0)),
            Column::Mark(mark::TROUBLE) => {
                self.flags(test, |row| Some(p.marks[row] & mark::TROUBLE != 0))
            }
            Column::Mark(bit) => self.flags(test, |row| tcp(row).then(|| p.marks[row] & bit != 0)),
            Column::Analysis => self.flags(test, |row| {
                tcp(row).then(|| p.marks[row] & mark::ANALYSIS != 0)
            }),
            Column::IcmpType => self.numbers(test, |row| icmp(p, row).map(|n| n >> 8)),
            Column::IcmpCode => self.numbers(test, |row| icmp(p, row).map(|n| n & 0xff)),
            Column::Send => self.flags(test, |row| origin(p, row, |o| o.send.is_some())),
            Column::Recv => self.flags(test, |row| origin(p, row, |o| o.recv.is_some())),
            Column::Merged => self.flags(test, |row| origin(p, row, |o| o.merged)),
            Column::Split => self.flags(test, |row| origin(p, row, |o| o.split)),
            Column::Actor => self.actor(test),
            // The others are facts on conversations; without any there is nothing to match.
            _ => {
                debug_assert!(
                    p.conversations().is_empty() || field.kind() == FieldKind::Flag,
                    "{field:?} has no column"
                );
                self.fill(|_| false)
            }
        }
    }

    fn actor(&self, test: &Test) -> Vec<u64> {
        let p = self.packets;
        let wanted: Vec<bool> = p
            .actors
            .iter()
            .map(|actor| match test {
                Test::Names(names, turned) => {
                    names.iter().any(|n| n.eq_ignore_ascii_case(actor)) != *turned
                }
                _ => true,
            })
            .collect();
        self.fill(|row| {
            p.known_origin(row)
                .and_then(|o| o.actor)
                .and_then(|a| wanted.get(usize::from(a.0)))
                .copied()
                .unwrap_or(false)
        })
    }
}

fn icmp(p: &Packets, row: usize) -> Option<u64> {
    matches!(p.protocol[row], Protocol::Icmp | Protocol::Icmp6).then(|| u64::from(p.seq[row]))
}

/// A fact on the calls of a packet; where none were recorded there is no such field.
fn origin(
    p: &Packets,
    row: usize,
    fact: impl Fn(&crate::wire::packets::Origin) -> bool,
) -> Option<bool> {
    p.known_origin(row).map(|o| fact(&o))
}
