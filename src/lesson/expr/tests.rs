//! Expressions on a run written down by hand.

use super::*;
use crate::lesson::tape::Tape;
use crate::lesson::{Catalogue, Settings};
use crate::trace::Trace;

/// Three messages of 5 bytes merged into recvs of 12 and 3; the first frame is wrong, the last
/// right; then the server blocks.
fn run() -> Trace {
    Tape::connected()
        .send(b"hello")
        .send(b"hello")
        .send(b"hello")
        .unread(15)
        .recv(b"hellohellohe")
        .frame(0, 10)
        .unread(3)
        .recv(b"llo")
        .frame(10, 5)
        .unread(0)
        .blocked_in_recv()
        .trace()
}

fn settings() -> Settings {
    let lesson = Catalogue::load_embedded().get("sticky-merge").cloned();
    Settings::defaults(&lesson.expect("the lesson is embedded"))
}

fn eval(text: &str) -> Result<bool, ExprError> {
    let expr: Expr = text
        .parse()
        .unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let trace = run();
    expr.eval(&trace, trace.len(), &settings())
}

#[test]
fn facts_and_lists_speak_of_the_run() {
    for text in [
        "sends == 3 and recvs == 2",
        "recv.bytes == [12, 3]",
        "recv.bytes == [12] + [3]",
        "send.bytes == [5] * 3",
        "recv.start == [0, 12]",
        "recv.messages == [3, 1]",
        "recv.characters == [12, 3]",
        "recv[0].messages == 3 and recv[-1].bytes == 3",
        "recv[recvs - 1].bytes == 3",
        "merged_recvs == 1 and split_messages == 1",
        "bytes_sent - bytes_received == 0",
        "frame.bytes == [10, 5] and frames_right == 1 and frames_wrong == 1 and frames == 2",
        "unread == 0 and unread_peak == 15",
        "server.blocked == 1 and client.blocked == 0 and server.ever_blocked == 1",
        "server.recv.bytes == recv.bytes and client.send.bytes == send.bytes",
        "len(recv.bytes) == 2 and sum(recv.bytes) == 15",
        "min(recv.bytes) == 3 and max(recv.bytes) == 12",
        "$recv_size == 1024 and recv[0].bytes < $recv_size",
        "sends_before_read == 3",
        "decode_errors == 0 and failed_calls == 0 and ended == 0",
        "true and not false",
        "2 + 3 * 4 == 14 and (2 + 3) * 4 == 20 and -3 + 4 == 1",
        "recvs > 9 or recvs <= 2",
        "not (recvs == 3) and recvs != 3 and recvs >= 2",
        "[] * 4 == []",
        "recvs > 5 and recv[5].bytes == 1 or true",
    ] {
        assert_eq!(eval(text), Ok(true), "{text}");
    }
    for text in [
        "recv.bytes == [15]",
        "recvs == 3",
        "recv.bytes == []",
        "false",
    ] {
        assert_eq!(eval(text), Ok(false), "{text}");
    }
}

#[test]
fn a_prefix_knows_nothing_of_what_came_after() {
    let trace = run();
    let settings = settings();
    let expr: Expr = "recvs == 0 and recv.bytes == [] and frames == 0"
        .parse()
        .unwrap();
    let blocked: Expr = "server.blocked == 1".parse().unwrap();
    let truths: Vec<bool> = (0..=trace.len())
        .map(|k| expr.eval(&trace, k, &settings).unwrap())
        .collect();
    let turn = truths.iter().position(|t| !t).unwrap();
    assert!(turn > 10 && truths[turn..].iter().all(|t| !t), "{truths:?}");
    assert_eq!(blocked.eval(&trace, trace.len() - 1, &settings), Ok(false));
    assert_eq!(blocked.eval(&trace, u32::MAX, &settings), Ok(true));
}

#[test]
fn what_is_not_there_is_an_error_and_not_a_zero() {
    assert_eq!(
        eval("recv[2].bytes == 0"),
        Err(ExprError::NoSuchItem {
            what: "recv",
            index: 2,
            len: 2
        })
    );
    assert!(matches!(
        eval("recv[-3].bytes == 0"),
        Err(ExprError::NoSuchItem { .. })
    ));
    assert_eq!(
        eval("$nothing == 0"),
        Err(ExprError::NoSuchParameter("nothing".to_owned()))
    );
    assert_eq!(
        eval("third.blocked == 0"),
        Err(ExprError::NoSuchActor("third".to_owned()))
    );
    assert_eq!(eval("max([]) == 0"), Err(ExprError::EmptyList));
    assert_eq!(
        eval("9223372036854775807 + 1 == 0"),
        Err(ExprError::Overflow)
    );
    assert_eq!(eval("[1] * 1000001 == []"), Err(ExprError::TooLong));
    assert_eq!(
        eval("[] * 9223372036854775807 == []"),
        Ok(true),
        "nothing, however often, is nothing"
    );
    let empty = Tape::connected().trace();
    let unread: Expr = "unread == 0".parse().unwrap();
    assert_eq!(
        unread.eval(&empty, empty.len(), &settings()),
        Err(ExprError::NotReadable("unread"))
    );
}

#[test]
fn faults_say_where_and_what() {
    for (text, column, what) in [
        ("", 1, "something is missing at the end"),
        ("recvs ==", 9, "something is missing at the end"),
        ("recvs = 3", 7, "`=` is not a comparison: write `==`"),
        (
            "recvs == 3 4",
            12,
            "unexpected `4` after a complete expression",
        ),
        (
            "recvs",
            1,
            "this is a number, but a condition is needed: compare it with something",
        ),
        (
            "recv.bytes",
            1,
            "this is a list, but a condition is needed: compare it with something",
        ),
        ("recv.bytes == 3", 1, "`==` cannot join a list and a number"),
        (
            "3 * [7] == []",
            1,
            "`*` cannot join a number and a list: write the list first, `[7] * 3`",
        ),
        (
            "1 < 2 < 3",
            7,
            "comparisons do not chain: join two with `and`",
        ),
        ("recvs & 1 == 1", 7, "unexpected `&`"),
        ("(recvs == 1", 12, "expected `)`, found the end"),
        ("recv[0] == 1", 9, "expected `.`, found `==`"),
        (
            "recv[[1]].bytes == 1",
            6,
            "a number is needed here, not a list",
        ),
        ("not recvs", 1, "`not` needs a condition, not a number"),
        ("-recv.bytes == 1", 1, "`-` needs a number, not a list"),
        ("len(3) == 1", 5, "`len` needs a list, not a number"),
        (
            "99999999999999999999 == 1",
            1,
            "`99999999999999999999` is not a whole number",
        ),
        ("$ == 1", 1, "a parameter's name must follow `$`"),
    ] {
        let fault = text.parse::<Expr>().expect_err(text);
        assert_eq!(
            (fault.column, fault.what.as_str()),
            (column, what),
            "{text}"
        );
    }
    let fault = "recv.byte == [1]".parse::<Expr>().unwrap_err();
    assert!(fault.what.ends_with("perhaps `bytes`"), "{fault}");
    for nested in ["(", "[", "not ", "-", "len("] {
        let fault = nested.repeat(900).parse::<Expr>().expect_err(nested);
        assert!(fault.what.contains("nested deeper than 32"), "{fault}");
    }
    assert!("1".repeat(4001).parse::<Expr>().is_err());
    let long = format!("{}1 == 1", "1 + ".repeat(990));
    assert_eq!(eval(&long), Ok(false), "a long chain is no deep nesting");
}

#[test]
fn an_expression_knows_what_it_mentions_and_shows_itself() {
    let text = "recv.bytes == [$a, $b] and client.send[$a].bytes == server.calls";
    let expr: Expr = text.parse().unwrap();
    assert_eq!(expr.parameters(), ["a", "b"]);
    assert_eq!(expr.actors(), ["client", "server"]);
    assert_eq!(expr.to_string(), text);
}

#[test]
fn figures_name_what_a_condition_speaks_of() {
    let (trace, settings) = (run(), settings());
    let parse = |text: &str| text.parse::<Expr>().expect("an expression");
    let expr = parse("sends == 3 and recv[0].bytes == 1 and server.blocked == 0 and $count == 1");
    let shown = expr.figures(&trace, trace.len(), &settings);
    assert!(
        shown.starts_with("sends 3, recv.bytes [12, 3], server.blocked "),
        "{shown}"
    );
    assert!(shown.ends_with("$count 10"), "{shown}");
    let early = parse("recvs == 1").figures(&trace, 0, &settings);
    assert_eq!(early, "recvs 0");
}
