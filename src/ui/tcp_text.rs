//! Figures of TCP ends in words: for the table, the sentence and the fields.

use super::figures::{bytes, duration, grouped};
use super::why::{actor_name, amount};
use crate::i18n::{Lang, Phrase, tcp as text};
use crate::trace::{Event, SentSoFar, Stage, TcpState, Trace};

/// In a word or two, for the result column.
pub fn result(trace: &Trace, event: &Event, lang: Lang) -> String {
    if let Some(reading) = event.tcp_reading() {
        let state = reading.state.name();
        return match reading.sender {
            Some(sender) => text::STATE_RESULT.fill(
                lang,
                &[
                    ("state", &state),
                    ("cwnd", &grouped(u64::from(sender.cwnd))),
                    ("mss", &grouped(u64::from(sender.mss))),
                ],
            ),
            None if reading.of_peer => text::OTHER_END.fill(lang, &[("state", &state)]),
            None => state.to_owned(),
        };
    }
    if let Some(sent) = event.sent_so_far() {
        return text::SENT_RESULT.fill(
            lang,
            &[
                ("n", &grouped(u64::from(sent.data_segments))),
                ("acked", &bytes(acked(trace, event, &sent))),
                ("again", &grouped(u64::from(sent.retransmissions))),
            ],
        );
    }
    event.progress().map_or_else(String::new, |progress| {
        let stage = stage(progress.stage).get(lang);
        text::PROGRESS_RESULT.fill(lang, &[("stage", &stage), ("end", &grouped(progress.end))])
    })
}

/// Bytes acknowledged: the kernel counts the FIN as one, which is no byte of the stream.
fn acked(trace: &Trace, event: &Event, sent: &SentSoFar) -> u64 {
    let mut streams = trace.streams().iter();
    streams
        .find(|stream| stream.from_socket == Some(event.socket))
        .map_or(sent.acked, |stream| sent.acked.min(stream.sends().end()))
}

fn stage(stage: Stage) -> Phrase {
    match stage {
        Stage::Scheduled => text::SCHEDULED,
        Stage::Left => text::LEFT,
        Stage::Acked => text::ACKED,
    }
}

/// The sentence.
pub fn why(trace: &Trace, event: &Event, lang: Lang) -> String {
    let actor = trace
        .sockets()
        .get(usize::from(event.socket.0))
        .map_or(event.actor, |socket| socket.actor);
    let who = actor_name(trace, actor, lang);
    if let Some(reading) = event.tcp_reading() {
        let phrase = match reading.state {
            TcpState::Unknown => text::WHY_STATE_NONE,
            _ if reading.of_peer => text::WHY_STATE_PEER,
            TcpState::Closed if reading.by_address => text::WHY_STATE_GONE,
            _ if reading.by_address => text::WHY_STATE_LEFT,
            _ => text::WHY_STATE,
        };
        let mut words = phrase.fill(lang, &[("who", &who), ("state", &reading.state.name())]);
        if let Some(sender) = reading.sender {
            if lang == Lang::En {
                words.push(' ');
            }
            words += &text::WHY_FIGURES.fill(
                lang,
                &[
                    ("cwnd", &amount(sender.cwnd_bytes(), lang)),
                    ("n", &grouped(u64::from(sender.cwnd))),
                    ("mss", &amount(u64::from(sender.mss), lang)),
                    ("window", &amount(u64::from(sender.peer_window), lang)),
                ],
            );
        }
        return words;
    }
    if let Some(sent) = event.sent_so_far() {
        return text::WHY_SENT.fill(
            lang,
            &[
                ("who", &who),
                ("n", &grouped(u64::from(sent.data_segments))),
                ("acked", &amount(acked(trace, event, &sent), lang)),
                ("again", &grouped(u64::from(sent.retransmissions))),
            ],
        );
    }
    let Some(progress) = event.progress() else {
        return crate::i18n::why::UNKNOWN_EVENT.get(lang).to_owned();
    };
    let phrase = match progress.stage {
        Stage::Scheduled => text::WHY_SCHEDULED,
        Stage::Left => text::WHY_LEFT,
        Stage::Acked => text::WHY_ACKED,
    };
    phrase.fill(
        lang,
        &[
            ("who", &who),
            ("ago", &duration(u64::from(progress.ago))),
            ("end", &amount(progress.end, lang)),
        ],
    )
}

/// Its fields: name, value, meaning.
pub fn fields(trace: &Trace, event: &Event, lang: Lang) -> Vec<(Phrase, String, Phrase)> {
    let mut list = Vec::new();
    if let Some(reading) = event.tcp_reading() {
        list.push((
            text::F_STATE,
            reading.state.name().to_owned(),
            text::F_STATE_IS,
        ));
        let how = if reading.by_address {
            "sock_diag"
        } else {
            "TCP_INFO"
        };
        list.push((text::F_HOW, how.to_owned(), text::F_HOW_IS));
        if let Some(sender) = reading.sender {
            let cwnd = format!(
                "{} · {}",
                grouped(u64::from(sender.cwnd)),
                bytes(sender.cwnd_bytes())
            );
            list.push((text::F_CWND, cwnd, text::F_CWND_IS));
            let figure = |n: u32| bytes(u64::from(n));
            list.push((text::F_MSS, figure(sender.mss), text::F_MSS_IS));
            let window = figure(sender.peer_window);
            list.push((text::F_PEER_WINDOW, window, text::F_PEER_WINDOW_IS));
            if let Some(window) = sender.own_window {
                list.push((text::F_OWN_WINDOW, figure(window), text::F_OWN_WINDOW_IS));
            }
        }
    }
    if let Some(sent) = event.sent_so_far() {
        let segments = grouped(u64::from(sent.data_segments));
        list.push((text::F_SEGMENTS, segments, text::F_SEGMENTS_IS));
        let acked = bytes(acked(trace, event, &sent));
        list.push((text::F_ACKED, acked, text::F_ACKED_IS));
        let again = grouped(u64::from(sent.retransmissions));
        list.push((text::F_AGAIN, again, text::F_AGAIN_IS));
    }
    if let Some(progress) = event.progress() {
        let end = format!(
            "{} · {}",
            stage(progress.stage).get(lang),
            grouped(progress.end)
        );
        list.push((text::PROGRESS_SHORT, end, crate::i18n::events::F_RANGE_IS));
        let ago = duration(u64::from(progress.ago));
        list.push((text::F_AGO, ago, text::F_AGO_IS));
    }
    list
}
