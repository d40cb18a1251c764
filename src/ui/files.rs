//! The files of a run: how far each has come, and whether what was written is what was sent.

use egui::{Align, Color32, Label, Layout, ProgressBar, RichText, Ui, vec2};

use super::figures::grouped;
use super::file_text::short;
use super::section;
use super::view::View;
use super::why::{actor_name, amount};
use crate::i18n::files as say;
use crate::trace::{ActorId, Call, EventId, FileDetail, Phase, Stream};

/// The latest of them that are shown.
const SHOWN: usize = 4;

/// A file on its way from one actor to another.
pub struct Transfer<'a> {
    from: ActorId,
    sent: &'a FileDetail,
    /// Who wrote one, and what.
    received: Option<(ActorId, &'a FileDetail)>,
    /// Bytes of its wire form that the other end has taken out of its receive buffer.
    arrived: u64,
}

impl Transfer<'_> {
    fn same(&self) -> Option<bool> {
        let (_, received) = self.received?;
        Some(received.sha256 == self.sent.sha256)
    }
}

/// The transfers of the prefix shown, the latest of them, in order.
pub fn transfers<'a>(view: &View<'a>) -> Vec<Transfer<'a>> {
    let trace = view.trace;
    let call = |id: EventId| trace.event(id).call();
    let mut taken: Vec<EventId> = Vec::new();
    let mut found = Vec::new();
    for (id, sent) in trace.files(view.k) {
        if call(id) != Some(Call::ReadFile) {
            continue;
        }
        let from = trace.event(id).actor;
        let stream = of_message(view, from, sent.message);
        // Who reads that stream; somebody in between writes no files.
        let reader = stream.and_then(|stream| stream.to);
        let written: Vec<(EventId, &FileDetail)> = trace
            .files(view.k)
            .filter(|(other, _)| *other > id && call(*other) == Some(Call::WriteFile))
            .filter(|(other, _)| trace.event(*other).actor != from && !taken.contains(other))
            .collect();
        let by_reader = written
            .iter()
            .find(|(other, _)| Some(trace.event(*other).actor) == reader);
        let received = by_reader.or(written.first()).copied();
        if let Some((other, _)) = received {
            taken.push(other);
        }
        found.push(Transfer {
            from,
            sent,
            received: received.map(|(other, file)| (trace.event(other).actor, file)),
            arrived: stream.map_or(0, |stream| arrived(view, stream, sent.message)),
        });
    }
    let first = found.len().saturating_sub(SHOWN);
    found.drain(..first);
    found
}

/// The stream on which that actor sends that message.
fn of_message<'a>(view: &View<'a>, from: ActorId, message: u32) -> Option<&'a Stream> {
    let mut streams = view.trace.streams().iter();
    streams.find(|stream| stream.from == Some(from) && range(stream, message).is_some())
}

/// Messages with files are the latest ones.
fn range(stream: &Stream, message: u32) -> Option<(u64, u64)> {
    let messages = stream.messages();
    (0..messages.len())
        .rev()
        .take(64)
        .map(|at| messages.get(at))
        .find(|found| found.number == message)
        .map(|found| (found.start, found.end))
}

fn arrived(view: &View<'_>, stream: &Stream, message: u32) -> u64 {
    let Some((start, end)) = range(stream, message) else {
        return 0;
    };
    stream.received_at(view.k).min(end).saturating_sub(start)
}

/// A line for each.
pub fn show(ui: &mut Ui, view: &View<'_>, transfers: &[Transfer<'_>]) {
    for transfer in transfers {
        line(ui, view, transfer);
    }
}

fn line(ui: &mut Ui, view: &View<'_>, transfer: &Transfer<'_>) {
    let theme = view.theme;
    let c = &theme.colours;
    let sent = transfer.sent;
    let who = |actor| actor_name(view.trace, actor, view.lang);
    // For a room, or magnified, there is room for the verdict, not for what it rests on.
    let compact = ui.available_width() < theme.sizes.body * 58.0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme.gap(3.0);
        ui.set_min_height(theme.sizes.body * 1.6);
        let words = |ui: &mut Ui, text: String, font, ink: Color32| {
            let text = RichText::new(text).font(font).color(ink);
            ui.add(Label::new(text).selectable(false))
        };
        words(ui, sent.name.clone(), theme.mono_strong(), c.text);
        let to = transfer.received.map(|(actor, _)| actor);
        let to = to.map_or_else(|| "…".to_owned(), who);
        let way = view.fill(say::WAY, &[("from", &who(transfer.from)), ("to", &to)]);
        words(ui, way, theme.body(), c.text_soft);
        let share = transfer.arrived as f32 / sent.wire.max(1) as f32;
        let figures = view.fill(
            say::PROGRESS_SHORT,
            &[
                ("n", &grouped(transfer.arrived)),
                ("all", &grouped(sent.wire)),
            ],
        );
        let bar = ProgressBar::new(share.min(1.0))
            .fill(c.accent_fill)
            .text(RichText::new(figures).font(theme.small()).color(c.text));
        let width = theme.gap(45.0).min(ui.available_width() * 0.3);
        let response = ui.add_sized(vec2(width, theme.sizes.body * 1.4), bar);
        let told = view.fill(
            say::PROGRESS,
            &[
                ("n", &grouped(transfer.arrived)),
                ("all", &grouped(sent.wire)),
            ],
        );
        section::named(&response, &told);
        response.on_hover_text(told);
        let (verdict, ink) = match transfer.same() {
            Some(true) => (say::SAME, c.good),
            Some(false) => (say::DIFFERENT, c.bad),
            None if view.state.phase == Phase::Finished => (say::NOTHING_WRITTEN, c.bad),
            None => (say::NOT_YET, c.text_soft),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            words(ui, view.say(verdict).to_owned(), theme.strong(), ink);
            if compact {
                return;
            }
            if let Some((actor, file)) = transfer.received {
                sum(ui, view, say::RECEIVED_HINT, say::RECEIVED, actor, file);
            }
            sum(ui, view, say::SENT_HINT, say::SENT, transfer.from, sent);
        });
    });
}

/// The beginning of a file's SHA-256; all of it where the pointer rests.
fn sum(
    ui: &mut Ui,
    view: &View<'_>,
    hint: crate::i18n::Phrase,
    part: crate::i18n::Phrase,
    actor: ActorId,
    file: &FileDetail,
) {
    let theme = view.theme;
    let hint = view.fill(
        hint,
        &[
            ("who", &actor_name(view.trace, actor, view.lang)),
            ("file", &file.name),
            ("bytes", &amount(file.bytes, view.lang)),
            ("sum", &file.sha256),
        ],
    );
    let digits = RichText::new(format!("{}…", short(&file.sha256)))
        .font(theme.mono_small())
        .color(theme.colours.text);
    let words = RichText::new(format!(
        "{} {} B, SHA-256",
        view.say(part),
        grouped(file.bytes)
    ))
    .font(theme.small())
    .color(theme.colours.text_soft);
    let response = ui.add(Label::new(digits).selectable(false));
    section::named(&response, &hint);
    response.on_hover_text(&hint);
    ui.add(Label::new(words).selectable(false))
        .on_hover_text(hint);
}
