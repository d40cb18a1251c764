//! The segments of captured runs: which calls they belong to, what filters find of that, what is
//! exported, and the view of them as a person uses it. Where the system allows no private
//! network, the tests say why and pass.
#![cfg(all(target_os = "linux", not(feature = "portable")))]

mod person;

use std::time::{Duration, Instant};

use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socklab::experiment::NamespaceOptions;
use socklab::i18n::{Lang, segment_view as text, tcp};
use socklab::lesson::{Capture, CaptureChange, Catalogue, Release, Schedule, Settings};
use socklab::trace::{EventId, Network, SegmentRole, Trace, flag};
use socklab::ui::centre::Centre;
use socklab::ui::command::Command;
use socklab::ui::lab::Lab;
use socklab::ui::segments::{Tab, pcapng};
use socklab::wire::filter::Filter;
use socklab::wire::states::{State, States};
use socklab::wire::{Live, file, mark};

use person::Person;

fn helper() {
    socklab::net::set_helper(env!("CARGO_BIN_EXE_socklab").into());
}

/// Was it captured? If not, says why.
fn captured(trace: &Trace) -> bool {
    if let Network::Host { refused } = &trace.meta().network {
        eprintln!("skipped: nothing is captured here ({refused:?})");
    }
    trace.meta().network.is_captured()
}

/// A captured run of a lesson: those calls, or all of it.
fn run(lesson: &str, calls: Option<&str>, options: NamespaceOptions) -> Option<Trace> {
    helper();
    let catalogue = Catalogue::load_embedded();
    let lesson = catalogue.get(lesson).unwrap();
    let mut settings = Settings::defaults(lesson);
    settings.capture = Capture {
        on: true,
        network: options,
    };
    let release = calls.map_or(Release::Run, |calls| {
        Release::Calls(calls.parse::<Schedule>().unwrap())
    });
    let trace = lesson.run_headless(&settings, &release).unwrap();
    captured(&trace).then_some(trace)
}

fn all(trace: &Trace) -> Live {
    let mut live = Live::new(trace);
    while !live.update(trace, u32::MAX).whole {}
    live
}

fn rows(live: &Live, filter: &str) -> Vec<u32> {
    filter.parse::<Filter>().unwrap().rows(live.packets())
}

#[test]
fn packets_know_their_calls_whenever_they_are_taken_in() {
    let Some(trace) = run(
        "sticky-merge",
        Some("client*3 server"),
        NamespaceOptions::default(),
    ) else {
        return;
    };
    let live = all(&trace);
    let packets = live.packets();
    assert_eq!(packets.len() as usize, trace.frames().len());
    let stream = trace.stream(trace.main_stream().unwrap()).unwrap();
    let mut with_data = 0;
    for row in 0..packets.len() {
        let event = trace.frames().event(row as usize).unwrap();
        let origin = packets.origin(row);
        let flow = trace.flow_of(event).unwrap();
        let sender = trace.stream(flow.stream.unwrap()).unwrap().from;
        assert_eq!(origin.actor, sender, "packet {row}");
        let Some((id, start, end)) = trace.segment_range(event) else {
            assert_eq!((origin.send, origin.recv), (None, None), "packet {row}");
            continue;
        };
        with_data += 1;
        assert_eq!(id, stream.id);
        let holds = |event: Option<EventId>, items: &socklab::trace::Items, at: u64| {
            let n = items.of_event(event.unwrap()).unwrap();
            (items.get(n).start..items.get(n).end).contains(&at)
        };
        assert!(holds(origin.send, stream.sends(), start), "packet {row}");
        assert!(holds(origin.recv, stream.recvs(), end - 1), "packet {row}");
        assert!(origin.merged, "one recv took three messages");
    }
    assert!(with_data >= 3, "{with_data}");
    // The words of the lab in filters.
    let data = rows(&live, "tcp.len > 0");
    assert_eq!(data.len(), with_data);
    assert_eq!(rows(&live, "recv.merged"), data);
    assert_eq!(rows(&live, "actor == client and tcp.len > 0"), data);
    assert!(rows(&live, "actor == server").len() >= with_data);
    assert!(rows(&live, "recv.split").is_empty());
    // Bit by bit it comes to the same, whatever the pieces.
    let mut slow = Live::new(&trace);
    while !slow.update(&trace, 1).whole {}
    for row in 0..packets.len() {
        assert_eq!(
            slow.packets().origin(row),
            packets.origin(row),
            "packet {row}"
        );
        assert_eq!(
            slow.packets().bytes(row).unwrap(),
            packets.bytes(row).unwrap()
        );
    }
}

#[test]
fn the_past_does_not_know_of_calls_to_come() {
    let Some(trace) = run(
        "sticky-merge",
        Some("client*3 server"),
        NamespaceOptions::default(),
    ) else {
        return;
    };
    let mut live = all(&trace);
    let stream = trace.stream(trace.main_stream().unwrap()).unwrap();
    let recv = stream.recvs().get(0).event;
    assert!(trace.event(recv).has(flag::MERGED));
    assert!(live.look_from(recv));
    assert!(rows(&live, "recv").is_empty());
    assert!(rows(&live, "recv.merged").is_empty());
    assert!(!rows(&live, "send").is_empty());
    assert!(live.look_from(recv + 1));
    assert_eq!(rows(&live, "recv.merged"), rows(&live, "tcp.len > 0"));
    assert!(!live.look_from(recv + 1), "nothing has moved");
}

#[test]
fn what_is_lost_and_sent_again_is_judged_alike_by_trace_and_packets() {
    let options = NamespaceOptions {
        loss: 20.0,
        ..NamespaceOptions::default()
    };
    let Some(trace) = run("sticky-merge", None, options) else {
        return;
    };
    let live = all(&trace);
    let packets = live.packets();
    for row in 0..packets.len() {
        let event = trace.frames().event(row as usize).unwrap();
        let segment = trace.event(event).segment().unwrap();
        let packet = packets.packet(row);
        assert_eq!(packet.payload, segment.len, "packet {row}");
        let again =
            mark::RETRANSMISSION | mark::FAST_RETRANSMISSION | mark::SPURIOUS | mark::OUT_OF_ORDER;
        if segment.role == SegmentRole::Data {
            assert_eq!(packet.marks & mark::RETRANSMISSION, 0, "packet {row}");
        }
        if segment.role == SegmentRole::Retransmission && segment.len > 0 {
            assert_ne!(packet.marks & again, 0, "packet {row}");
        }
    }
}

#[test]
fn an_export_names_calls_and_messages() {
    let Some(trace) = run(
        "sticky-merge",
        Some("client*3 server"),
        NamespaceOptions::default(),
    ) else {
        return;
    };
    for (lang, message) in [(Lang::En, "carries message 1"), (Lang::Zh, "承载消息 1")] {
        let mut bytes = Vec::new();
        pcapng::write(&trace, lang, &mut bytes).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.pcapng");
        std::fs::write(&path, &bytes).unwrap();
        let read = file::open(&path).unwrap();
        assert!(read.cut.is_none());
        let live = all(&trace);
        let packets = read.packets;
        assert_eq!(packets.len(), live.packets().len());
        let mut remarks = String::new();
        for row in 0..packets.len() {
            assert_eq!(
                packets.bytes(row).unwrap(),
                live.packets().bytes(row).unwrap()
            );
            let carries = packets.packet(row).payload > 0;
            let remark = packets.comment(row);
            assert_eq!(remark.is_some(), carries, "packet {row}: {remark:?}");
            remarks += remark.unwrap_or_default();
        }
        for part in ["send(b'hello')", "recv(1024)", message] {
            assert!(remarks.contains(part), "{part} in {remarks}");
        }
        // The clock of the file is the clock on the wall.
        let begun = trace.meta().started_unix_ms * 1_000_000;
        assert!(packets.begin() >= begun);
    }
}

#[test]
fn a_file_written_bit_by_bit_is_the_same() {
    let Some(trace) = run("sticky-merge", None, NamespaceOptions::default()) else {
        return;
    };
    let mut at_once = Vec::new();
    pcapng::write(&trace, Lang::En, &mut at_once).unwrap();
    let mut live = Live::new(&trace);
    let mut export = pcapng::Export::begin(&trace, Lang::En, Vec::new()).unwrap();
    // Ahead of what has been taken in it waits.
    let far = Some(Instant::now() + Duration::from_hours(1));
    assert!(!export.advance(&trace, &live, Lang::En, far).unwrap());
    assert_eq!(export.progress(), 0);
    while !live.update(&trace, u32::MAX).whole {}
    // When its time is over it has not begun.
    let over = Some(Instant::now());
    assert!(!export.advance(&trace, &live, Lang::En, over).unwrap());
    assert_eq!(export.progress(), 0);
    assert!(export.advance(&trace, &live, Lang::En, far).unwrap());
    assert_eq!(export.progress(), 100);
    assert!(export.finish().unwrap() == at_once);
}

#[test]
fn states_follow_the_segments_of_a_real_connection() {
    use State::{Closed, Established, Listen, SynReceived, SynSent, TimeWait};
    let Some(trace) = run("sticky-merge", None, NamespaceOptions::default()) else {
        return;
    };
    let mut states = States::default();
    states.listens(1);
    let mut seen = Vec::new();
    for n in 0..trace.frames().len() {
        let s = trace
            .event(trace.frames().event(n).unwrap())
            .segment()
            .unwrap();
        states.segment(usize::from(s.flow), s.flags, s.seq, s.ack, s.len);
        if seen.last() != Some(&states.now()) {
            seen.push(states.now());
        }
    }
    assert_eq!(
        seen[..3],
        [
            [SynSent, Listen],
            [Established, SynReceived],
            [Established, Established]
        ]
    );
    // Whoever closed first waits the time out.
    let last = *seen.last().unwrap();
    assert!(
        last == [TimeWait, Closed] || last == [Closed, TimeWait],
        "{seen:?}"
    );
}

fn with_segments(lang: Lang) -> Option<Person> {
    helper();
    let mut person = Person::at("sticky-merge", lang);
    person
        .window
        .state_mut()
        .apply(Command::SetCapture(CaptureChange::On(true)));
    person.window.state_mut().apply(Command::Reset);
    person.ready();
    if !captured(person.lab().trace()) {
        return None;
    }
    for _ in 0..3 {
        person.step_client();
    }
    person.step_server();
    let segments = |lab: &Lab| lab.trace().frames().len() >= 9;
    person.until("segments are captured", segments);
    person
        .window
        .state_mut()
        .apply(Command::ShowCentre(Centre::Segments));
    person.look();
    person.look();
    Some(person)
}

#[test]
fn a_person_reads_packets_and_the_sequence_diagram_of_a_live_run() {
    for lang in Lang::ALL {
        let Some(mut person) = with_segments(lang) else {
            return;
        };
        // The list: which call sent it, which got it.
        let row = |n: u32| match lang {
            Lang::En => format!("Packet {n}: "),
            Lang::Zh => format!("数据包 {n}："),
        };
        let data = person
            .lab()
            .trace()
            .main_stream()
            .and_then(|id| person.lab().trace().stream(id))
            .map(|stream| stream.segments().get(0).event)
            .unwrap();
        let frame = person.lab().trace().event(data).segment().unwrap().frame;
        let label = row(frame + 1);
        let node = person.window.get_by_label_contains(&label);
        let words = node.accesskit_node().label().unwrap_or_default();
        assert!(
            words.contains("send #") && words.contains("→ recv #"),
            "{words}"
        );
        node.click();
        person.look();
        let chosen = |person: &Person| person.lab().view().selection.and_then(|s| s.event);
        assert_eq!(chosen(&person), Some(data), "chosen on the stage, too");
        // Its payload is taken apart into messages.
        let message = format!("{}: 1 · 0..5 / 5 B", text::F_MESSAGE.get(lang));
        person.must_see(&message);
        // A filter in the lab's own words.
        let shown = |person: &Person| person.lab().segments().inspector().rows().to_vec();
        person.press(Key::Slash);
        for c in "recv.merged".chars() {
            person.window.event(egui::Event::Text(c.to_string()));
        }
        person.look();
        person.look();
        assert_eq!(shown(&person).len(), 3);
        // Before the recv there was nothing merged.
        let recv = {
            let trace = person.lab().trace();
            trace
                .stream(trace.main_stream().unwrap())
                .unwrap()
                .recvs()
                .get(0)
                .event
        };
        person.window.state_mut().apply(Command::Seek(recv));
        person.look();
        person.look();
        assert!(shown(&person).is_empty());
        person.window.state_mut().apply(Command::ToLive);
        person.look();
        person.look();
        assert_eq!(shown(&person).len(), 3);
        // The sequence diagram.
        person.click(text::TAB_SEQUENCE.get(lang));
        assert_eq!(person.lab().segments().tab(), Tab::Sequence);
        person.must_see_part("SYN ACK seq=0 ack=1");
        person.must_see_part("ESTABLISHED");
        person.must_see_part("PSH ACK seq=6 ack=1 len=5");
        person.must_see(tcp::LEGEND.get(lang));
        person
            .window
            .get_by_label_contains("PSH ACK seq=11 ack=1 len=5")
            .click();
        person.look();
        let event = chosen(&person).unwrap();
        let start = person
            .lab()
            .trace()
            .segment_range(event)
            .map(|(_, start, _)| start);
        assert_eq!(start, Some(10));
        // Over time: what was in the buffers, and what was acknowledged.
        person.click(text::TAB_PLOTS.get(lang));
        assert_eq!(person.lab().segments().tab(), Tab::Plots);
        let ways = match lang {
            Lang::En => "client → server",
            Lang::Zh => "客户端 → 服务器",
        };
        let sent = text::LINE_SENT.fill(lang, &[("way", &ways)]);
        person.must_see_part(&format!("{sent} 15 B"));
        person.click(text::TAB_SEQUENCE.get(lang));
        // In the past, the diagram ends there.
        person.window.state_mut().apply(Command::Seek(data));
        person.look();
        assert!(!person.sees_part("PSH ACK"));
        person.must_see_part("SYN ACK seq=0 ack=1");
    }
}

#[test]
fn without_capture_the_diagram_has_the_calls_and_says_why_there_are_no_segments() {
    for lang in Lang::ALL {
        let mut person = Person::at("sticky-merge", lang);
        person.window.state_mut().apply(Command::Reset);
        person.ready();
        person.step_client();
        person.step_server();
        person
            .window
            .state_mut()
            .apply(Command::ShowCentre(Centre::Segments));
        person.look();
        person.must_see_part(text::NOT_CAPTURED.get(lang));
        person.click(text::TAB_SEQUENCE.get(lang));
        person.must_see_part("send(b'hello')");
        // States are read all the same, and said to be.
        person.must_see(tcp::LEGEND_HOST.get(lang));
        let read = tcp::STATE_READ.fill(lang, &[("state", &"ESTABLISHED")]);
        person.must_see_part(&read);
    }
}
