//! Sentences and text painting that the three views share.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, vec2};

use crate::i18n::{Lang, Phrase, stage as say};
use crate::trace::{ActorId, Origin, Role, Stream, Trace};
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::why;

/// Most messages named one by one.
const NAMED: usize = 6;

/// Which messages `[start, end)` holds: "messages 1, 2, 3", "part of message 1".
pub(super) fn contents(lang: Lang, stream: &Stream, start: u64, end: u64) -> String {
    if stream.relayed().is_some() {
        // Messages may lack bytes here, or hold some that are not theirs.
        return why::pieces_text(&why::pieces(stream, start, end), lang);
    }
    let range = stream.messages().overlapping(start, end);
    let number = |i: usize| u64::from(stream.messages().get(i).number) + 1;
    match range.len() {
        0 => match stream.parts(start, end).next().map(|p| p.origin) {
            Some(Origin::External) => say::EXTERNAL_BYTES.get(lang).to_owned(),
            Some(Origin::Acknowledgement) => say::ACKNOWLEDGEMENT_BYTES.get(lang).to_owned(),
            _ => say::PLAIN_BYTES.get(lang).to_owned(),
        },
        1 => {
            let message = stream.messages().get(range.start);
            let whole = message.start >= start && message.end <= end;
            let phrase = if whole {
                say::MESSAGE_ONE
            } else {
                say::PART_OF_MESSAGE
            };
            phrase.fill(lang, &[("n", &number(range.start))])
        }
        n if n <= NAMED => {
            let list: Vec<String> = range.map(|i| number(i).to_string()).collect();
            let list = list.join(say::LIST_SEPARATOR.get(lang));
            say::MESSAGES_LIST.fill(lang, &[("list", &list)])
        }
        _ => say::MESSAGES_FROM_TO.fill(
            lang,
            &[
                ("first", &number(range.start)),
                ("last", &number(range.end - 1)),
            ],
        ),
    }
}

/// An error of the decoder in a few words, by its code.
pub(super) fn decode_error(code: &str) -> Phrase {
    match code {
        "negative-length" => say::ERROR_NEGATIVE,
        "unterminated" => say::ERROR_UNTERMINATED,
        "frame-too-long" | "varint-too-long" | "varint-padded" | "header-too-long" => {
            say::ERROR_TOO_LONG
        }
        "header-syntax" | "header-value" | "header-missing" => say::ERROR_HEADER,
        "checksum" => say::ERROR_CHECKSUM,
        "cobs-code" | "bad-escape" | "bad-delimiter" => say::ERROR_STUFFING,
        _ => say::ERROR_ENDED,
    }
}

/// An actor's name, or "external" for a program that is not ours.
pub(super) fn actor_name(trace: &Trace, actor: Option<ActorId>, lang: Lang) -> String {
    actor.map_or_else(
        || say::EXTERNAL.get(lang).to_owned(),
        |actor| why::actor_name(trace, actor, lang),
    )
}

/// Corner marks around `area`: the lesson points at it. Drawn once, never animated.
pub(super) fn pointed(painter: &Painter, theme: &Theme, area: Rect) {
    let area = area.expand(theme.gap(0.5));
    let long = (theme.sizes.body * 0.9)
        .min(area.width() / 3.0)
        .min(area.height() / 3.0);
    let stroke = Stroke::new(2.5 * theme.scale.sqrt(), theme.colours.focus);
    for (corner, x, y) in [
        (area.left_top(), 1.0, 1.0),
        (area.right_top(), -1.0, 1.0),
        (area.right_bottom(), -1.0, -1.0),
        (area.left_bottom(), 1.0, -1.0),
    ] {
        painter.line(
            vec![
                corner + vec2(long * x, 0.0),
                corner,
                corner + vec2(0.0, long * y),
            ],
            stroke,
        );
    }
}

/// The colour an actor is marked with.
pub(super) fn actor_colour(view: &View<'_>, actor: Option<ActorId>) -> Color32 {
    if actor.is_some() && actor == view.trace.meta().relay {
        return view.theme.colours.bad;
    }
    let role = actor
        .and_then(|a| view.trace.meta().actors.get(usize::from(a.0)))
        .map(|meta| meta.role);
    match role {
        Some(Role::Client) => view.theme.colours.client,
        Some(Role::Server) => view.theme.colours.server,
        _ => view.theme.colours.text_soft,
    }
}

/// Paints the longest of `texts` that fits `width`; returns where, if one did.
pub(in crate::ui) fn fitting<S: AsRef<str>>(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    width: f32,
    texts: &[S],
    font: &FontId,
    colour: Color32,
) -> Option<Rect> {
    for text in texts {
        let text = text.as_ref();
        if text.is_empty() || text.chars().count() as f32 * font.size * 0.4 > width {
            continue;
        }
        let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), colour);
        if galley.size().x <= width {
            let rect = anchor.anchor_size(at, galley.size());
            painter.galley(rect.min, galley, colour);
            return Some(rect);
        }
    }
    None
}

/// As [`fitting`], centred at `at`, on a plate of `ground` so that no line runs through it.
pub(in crate::ui) fn on_plate<S: AsRef<str>>(
    painter: &Painter,
    at: Pos2,
    width: f32,
    texts: &[S],
    font: &FontId,
    colour: Color32,
    ground: Color32,
) -> Option<Rect> {
    // The plate must lie under the text: a place in the order is kept for it.
    let under = painter.add(egui::Shape::Noop);
    let drawn = fitting(
        painter,
        at,
        Align2::CENTER_CENTER,
        width,
        texts,
        font,
        colour,
    )?;
    painter.set(
        under,
        egui::Shape::rect_filled(drawn.expand2(vec2(4.0, -1.0)), 3, ground),
    );
    Some(drawn)
}

/// Paints `text` on one line, cut with "…" where it would pass `width`; returns where.
pub(in crate::ui) fn elided(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    width: f32,
    text: &str,
    font: &FontId,
    colour: Color32,
) -> Rect {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(1.0));
    let galley = painter.layout_job(job);
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, colour);
    rect
}

/// Paints a section's caption at `at` (left, vertical centre); returns its right edge.
pub(in crate::ui) fn section(painter: &Painter, theme: &Theme, at: Pos2, text: &str) -> f32 {
    painter
        .text(
            at,
            Align2::LEFT_CENTER,
            text,
            theme.section(),
            theme.colours.text_soft,
        )
        .right()
}
