//! The display filter: what it matches, what it says of mistakes, what it offers.

use std::net::IpAddr;

use proptest::prelude::*;
use socklab::i18n::Lang;
use socklab::trace::ActorId;
use socklab::wire::filter::{Field, FieldKind, Filter, Mistake, Operator, Value, complete};
use socklab::wire::{Captured, Link, Origin, Packets, file, mark};

use super::craft;

fn everything() -> Packets {
    file::from_bytes(craft::everything().pcap(1))
        .unwrap()
        .packets
}

/// Numbers of the matching packets.
fn numbers(packets: &Packets, filter: &str) -> Vec<u32> {
    let filter: Filter = filter.parse().unwrap_or_else(|e| panic!("{filter}: {e}"));
    filter
        .rows(packets)
        .into_iter()
        .map(|row| row + 1)
        .collect()
}

#[test]
fn filters_find_what_they_say() {
    let packets = everything();
    for (filter, expected) in [
        ("frame.number in 1..3", vec![1, 2, 3]),
        (
            "frame.number == 5 or frame.number in {7, 9..10}",
            vec![5, 7, 9, 10],
        ),
        (
            "tcp.flags.syn and not tcp.flags.ack",
            vec![1, 12, 18, 20, 25, 53],
        ),
        (
            "tcp.flags.syn == 1 && tcp.flags.ack == 0",
            vec![1, 12, 18, 20, 25, 53],
        ),
        ("tcp.flags.reset", vec![19, 24]),
        ("tcp.len > 0 and tcp.stream == 0", vec![4, 6]),
        ("tcp.port == 5001", vec![18, 19]),
        (
            "ip.src == 10.0.0.2 and tcp.stream == 0",
            vec![2, 5, 6, 9, 10],
        ),
        ("ip.addr == fd00::/16 and tcp", vec![53, 54, 55, 56, 57]),
        ("udp", vec![58, 59, 61, 62]),
        ("icmp or icmpv6", vec![60, 63]),
        ("icmp.type == 3 and icmp.code == 3", vec![60]),
        ("tcp.analysis.retransmission", vec![36, 39, 41]),
        ("tcp.analysis.zero_window", vec![45, 47]),
        (
            "tcp.seq == 1 and tcp.len == 5 and ip.version == 4",
            vec![4, 28],
        ),
        ("frame.time < 0.000025", vec![1, 2, 3]),
        ("tcp.window_size == 0 and not tcp.flags.rst", vec![45, 47]),
        ("malformed", vec![]),
        ("actor == client", vec![]),
        ("recv.merged", vec![]),
    ] {
        assert_eq!(numbers(&packets, filter), expected, "{filter}");
    }
    // Not equal means: none of its values; and a packet without the field does not match.
    let other = numbers(&packets, "tcp.port != 5000");
    assert_eq!(other, [18, 19]);
    let all = packets.len() as usize;
    assert_eq!(
        numbers(&packets, "not tcp").len() + numbers(&packets, "tcp").len(),
        all
    );
}

#[test]
fn a_filter_finds_calls_where_they_are_known() {
    let capture = craft::everything();
    let mut packets = Packets::live(vec!["client".to_owned(), "server".to_owned()]);
    for (time, frame) in &capture.packets[..10] {
        let captured = Captured {
            time: *time,
            link: Link::Ethernet,
            original: frame.len() as u32,
            bytes: frame,
        };
        let row = packets.push(&captured).unwrap();
        let backward = packets.packet(row).marks & mark::BACKWARD != 0;
        packets.set_origin(
            row,
            Origin {
                actor: Some(ActorId(u8::from(backward))),
                merged: row == 3,
                ..Origin::default()
            },
        );
    }
    assert_eq!(numbers(&packets, "actor == client"), [1, 3, 4, 7, 8]);
    assert_eq!(numbers(&packets, "actor != client and tcp.len > 0"), [6]);
    assert_eq!(numbers(&packets, "recv.merged"), [4]);
}

/// Each condition by itself, row by row, by another way: through the fields of the packet.
#[test]
fn columns_say_the_same_as_fields() {
    let packets = everything();
    for key in [
        "tcp.srcport",
        "tcp.dstport",
        "tcp.seq",
        "tcp.seq_raw",
        "tcp.ack",
        "tcp.len",
        "tcp.window_size",
        "tcp.stream",
        "udp.srcport",
        "udp.dstport",
        "frame.len",
    ] {
        for row in 0..packets.len() {
            let taken = packets.dissect(row).unwrap();
            let value = taken
                .layers
                .iter()
                .filter(|l| l.kind != socklab::wire::dissect::LayerKind::Quoted)
                .flat_map(|l| &l.fields)
                .find(|f| f.key == key)
                .and_then(|f| f.value.parse::<u64>().ok());
            if let Some(value) = value {
                let found = numbers(&packets, &format!("{key} == {value}"));
                assert!(
                    found.contains(&(row + 1)),
                    "{key} == {value} of {}",
                    row + 1
                );
                let found = numbers(&packets, &format!("{key} != {value}"));
                assert!(
                    !found.contains(&(row + 1)),
                    "{key} != {value} of {}",
                    row + 1
                );
            } else {
                assert!(
                    !numbers(&packets, key).contains(&(row + 1)),
                    "{key} of {}",
                    row + 1
                );
            }
        }
    }
}

#[test]
fn mistakes_are_shown_where_they_are_with_a_cure() {
    for (filter, column, word) in [
        ("", 1, "tcp.len > 0"),
        ("tcp.lne > 0", 1, "tcp.len"),
        ("tcp.len > ", 11, "80"),
        ("tcp.len = 5", 9, "=="),
        ("tcp.len > 0 tcp", 13, "and"),
        ("(tcp.len > 0", 1, ")"),
        ("tcp.len > 0)", 12, "Leave it out"),
        ("ip.src == 300.1.1.1", 11, "127.0.0.1"),
        ("ip.src > 1.2.3.4", 8, "=="),
        ("frame.number in 20..1", 17, "smaller"),
        ("frame.number in {1, 2", 17, "brace"),
        ("actor == \"cl", 10, "quote"),
        ("tcp & udp", 5, "&&"),
        ("tcp or", 7, "field"),
        ("套接字 == 1", 1, "套接字"),
        ("tcp.port == 80 and 帧 == 2", 20, "帧"),
    ] {
        let error = filter.parse::<Filter>().expect_err(filter);
        assert_eq!(error.column(filter), column, "{filter}: {error:?}");
        let said = error.say(filter, Lang::En);
        assert!(said.contains(word), "{filter}: {said}");
        assert!(said.starts_with(&format!("Column {column}:")), "{said}");
        let zh = error.say(filter, Lang::Zh);
        assert!(zh.starts_with(&format!("第 {column} 列：")), "{zh}");
    }
    let deep = "(".repeat(5_000);
    assert!(matches!(
        deep.parse::<Filter>().unwrap_err().mistake,
        Mistake::TooLong
    ));
    let deep = "not ".repeat(1_000) + "tcp";
    assert!(matches!(
        deep.parse::<Filter>().unwrap_err().mistake,
        Mistake::TooDeep
    ));
}

#[test]
fn what_is_offered_can_be_taken() {
    let offered = |text: &str| {
        let actors = ["client".to_owned(), "server".to_owned()];
        let completion = complete(text, text.len(), &actors);
        let words: Vec<String> = completion.candidates.into_iter().map(|c| c.text).collect();
        (completion.replace, words)
    };
    let (range, words) = offered("tcp.fl");
    assert_eq!(range, 0..6);
    assert_eq!(words[0], "tcp.flags");
    assert!(words.iter().all(|w| w.contains("tcp.fl")));
    let (_, words) = offered("tcp.len ");
    assert_eq!(words, ["==", "!=", ">", ">=", "<", "<=", "in", "and", "or"]);
    let (_, words) = offered("ip.src ");
    assert_eq!(words, ["==", "!=", "in", "and", "or"]);
    let (_, words) = offered("actor == ");
    assert_eq!(words, ["client", "server"]);
    let (range, words) = offered("actor == cl");
    assert_eq!((range, words), (9..11, vec!["client".to_owned()]));
    let (_, words) = offered("tcp.len > 0 a");
    assert_eq!(words, ["and"]);
    let (_, words) = offered("not (ud");
    assert_eq!(words[0], "udp");
}

fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    match kind {
        FieldKind::Flag => (0_u64..2).prop_map(Value::Number).boxed(),
        FieldKind::Number => any::<u64>().prop_map(Value::Number).boxed(),
        FieldKind::Seconds => any::<u64>().prop_map(Value::Seconds).boxed(),
        FieldKind::Address => any::<(IpAddr, u8)>()
            .prop_map(|(a, bits)| {
                let most = if a.is_ipv4() { 32 } else { 128 };
                Value::Network(a, bits % (most + 1))
            })
            .boxed(),
        FieldKind::Text => ".{0,12}".prop_map(Value::Text).boxed(),
    }
}

fn condition() -> impl Strategy<Value = Filter> {
    let fields: Vec<Field> = Field::all().collect();
    prop::sample::select(fields).prop_flat_map(|field| {
        let kind = field.kind();
        let ordered = matches!(kind, FieldKind::Number | FieldKind::Seconds);
        let operators: Vec<Operator> = Operator::ALL[..if ordered { 6 } else { 2 }].to_vec();
        let range = (value(kind), value(kind)).prop_map(move |(a, b)| match (&a, &b) {
            (Value::Number(x), Value::Number(y)) | (Value::Seconds(x), Value::Seconds(y))
                if ordered =>
            {
                if x <= y {
                    (a, b)
                } else {
                    (b, a)
                }
            }
            _ => (a.clone(), a),
        });
        prop_oneof![
            Just(Filter::Has(field)),
            (prop::sample::select(operators), value(kind))
                .prop_map(move |(o, v)| Filter::Compare(field, o, v)),
            prop::collection::vec(range, 1..4).prop_map(move |r| Filter::In(field, r)),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    condition().prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|f| Filter::Not(Box::new(f))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(filter in filter()) {
        let text = filter.to_string();
        prop_assume!(text.len() <= socklab::wire::filter::MAX_LENGTH);
        prop_assert_eq!(text.parse::<Filter>(), Ok(filter), "{}", text);
    }

    /// And, or and not are those of sets.
    #[test]
    fn rows_are_sets(a in filter(), b in filter()) {
        use std::collections::BTreeSet;
        let packets = everything();
        let rows = |f: &Filter| f.rows(&packets).into_iter().collect::<BTreeSet<u32>>();
        let (x, y) = (rows(&a), rows(&b));
        let both = rows(&Filter::And(Box::new(a.clone()), Box::new(b.clone())));
        let one = rows(&Filter::Or(Box::new(a.clone()), Box::new(b)));
        let not = rows(&Filter::Not(Box::new(a)));
        prop_assert_eq!(both, x.intersection(&y).copied().collect::<BTreeSet<u32>>());
        prop_assert_eq!(one, x.union(&y).copied().collect::<BTreeSet<u32>>());
        let all: BTreeSet<u32> = (0..packets.len()).collect();
        prop_assert_eq!(not, all.difference(&x).copied().collect::<BTreeSet<u32>>());
    }

    #[test]
    fn any_text_is_a_filter_or_a_mistake_inside_it(text in "\\PC{0,40}", cut in 0_usize..60) {
        if let Err(error) = text.parse::<Filter>() {
            prop_assert!(error.at.start <= error.at.end && error.at.end <= text.len());
            prop_assert!(text.is_char_boundary(error.at.start));
            error.say(&text, Lang::Zh);
        }
        let offered = complete(&text, cut, &[]);
        prop_assert!(text.get(offered.replace).is_some());
    }

    #[test]
    fn near_filters_too(text in "(tcp\\.|ip|not |and |\\(|\\)|==|in |\\{|\\}|\\.\\.|1|,|\"| |client|len){0,14}") {
        let _ = text.parse::<Filter>();
        complete(&text, text.len(), &[]);
    }
}
