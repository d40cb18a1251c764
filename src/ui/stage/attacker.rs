//! The attacker on the stage: its box in the pipe, its track on the ruler, and the label that
//! says that a connection goes through it.

use egui::{
    Align2, Id, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::i18n::attack as say;
use crate::trace::{Handled, Relayed, Stream};
use crate::ui::attack_text::{attack_does, attack_name, attack_of};
use crate::ui::figures::bytes;
use crate::ui::pattern;
use crate::ui::view::View;

use super::axis::Axis;
use super::{strip, words};

/// The stream that `stream` is made of, if a relay sends it.
pub(super) fn upstream<'a>(view: &View<'a>, stream: &Stream) -> Option<&'a Stream> {
    view.trace.stream(stream.relayed()?.upstream())
}

/// What the first `k` events say that the relay did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Did {
    /// Received and not yet passed on, nor dropped.
    held: u64,
    inserted: u64,
    altered: u64,
    dropped: u64,
    copied: u64,
}

impl Did {
    pub(super) fn of(view: &View<'_>, stream: &Stream) -> Self {
        let Some(relayed) = stream.relayed() else {
            return Did::default();
        };
        let k = view.k;
        let received = upstream(view, stream).map_or(0, |up| up.received_at(k));
        let consumed = relayed.consumed_at(k);
        let dropped = relayed.dropped_at(k);
        let output = |handled: Handled| -> u64 {
            touched(relayed, view)
                .filter(|piece| piece.handled == handled)
                .map(|piece| piece.output.1 - piece.output.0)
                .sum()
        };
        let (inserted, altered) = (output(Handled::Inserted), output(Handled::Altered));
        Did {
            held: received.saturating_sub(consumed),
            inserted,
            altered,
            dropped,
            copied: consumed.saturating_sub(dropped + altered),
        }
    }

    /// In a few words each, what matters most first.
    fn lines(self, view: &View<'_>) -> Vec<String> {
        let line = |phrase, n: u64| (n > 0).then(|| view.fill(phrase, &[("bytes", &bytes(n))]));
        [
            line(say::HOLDS, self.held),
            line(say::DID_INSERT, self.inserted),
            line(say::DID_ALTER, self.altered),
            line(say::DID_DROP, self.dropped),
            line(say::PASSED_ON, self.copied),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn name(self, view: &View<'_>) -> String {
        view.fill(
            say::RELAY_NAME,
            &[
                ("what", &attack_does(&attack_of(view.trace), view.lang)),
                ("held", &bytes(self.held)),
                ("inserted", &bytes(self.inserted)),
                ("altered", &bytes(self.altered)),
                ("dropped", &bytes(self.dropped)),
            ],
        )
    }
}

/// Inserted and altered pieces in the prefix shown. A never-ending frame has a thousand of them
/// at most.
fn touched<'a>(
    relayed: &'a Relayed,
    view: &View<'_>,
) -> impl Iterator<Item = crate::trace::RelayPiece> + 'a {
    relayed.touched(0, u64::MAX, view.k)
}

/// Draws the attacker in place of the wire between two buffers.
pub(super) fn in_pipe(ui: &mut Ui, view: &View<'_>, area: Rect, stream: &Stream, back: bool) {
    let theme = view.theme;
    let colours = &theme.colours;
    let did = Did::of(view, stream);
    let gap = if view.presenter {
        6.0
    } else {
        (area.width() * 0.08).clamp(6.0, 14.0)
    };
    let body = area.shrink2(vec2(gap, 0.0));
    let y = area.center().y;
    let painter = ui.painter();
    // The wire on both sides, each with its direction.
    for (from, to) in [(area.left(), body.left()), (body.right(), area.right())] {
        let (tip, tail) = if back { (from, to) } else { (to, from) };
        let along = if back { 6.0 } else { -6.0 };
        painter.hline(
            Rangef::new(tip.min(tail), tip.max(tail)),
            y,
            Stroke::new(4.0, colours.line),
        );
        painter.add(Shape::convex_polygon(
            vec![
                pos2(tip, y),
                pos2(tip + along, y - 5.0),
                pos2(tip + along, y + 5.0),
            ],
            colours.line_strong,
            Stroke::NONE,
        ));
    }
    painter.rect(
        body,
        theme.radius(),
        colours.bad_fill,
        Stroke::new(2.0, colours.bad),
        StrokeKind::Inside,
    );
    let edge = Rect::from_min_max(body.min, pos2(body.right(), body.top() + 5.0));
    pattern::hatch(painter, edge, colours.bad, theme.scale);
    let attack = attack_of(view.trace);
    let (title, what) = (
        view.say(say::ATTACKER).to_owned(),
        if back {
            attack_name(&crate::experiment::Attack::None, view.lang)
        } else {
            attack_name(&attack, view.lang)
        },
    );
    let line = (theme.sizes.small * 1.4).round();
    let mut rows: Vec<(String, egui::FontId, egui::Color32)> = vec![
        (title, theme.strong(), colours.bad),
        (what.to_owned(), theme.small(), colours.text),
    ];
    if !view.presenter {
        let lines = did.lines(view);
        rows.extend(
            lines
                .into_iter()
                .map(|l| (l, theme.small(), colours.text_soft)),
        );
    }
    let inner = body.shrink2(vec2(if view.presenter { 3.0 } else { 5.0 }, 6.0));
    let fit = ((inner.height() / line) as usize).clamp(1, rows.len());
    let top = inner.center().y - fit as f32 * line / 2.0;
    let painter = ui.painter().with_clip_rect(body);
    for (i, (text, font, colour)) in rows.into_iter().take(fit).enumerate() {
        let at = pos2(inner.center().x, top + (i as f32 + 0.5) * line);
        words::elided(
            &painter,
            at,
            Align2::CENTER_CENTER,
            inner.width(),
            &text,
            &font,
            colour,
        );
    }
    let id = Id::unique(("attacker", stream.id));
    let response = ui.interact(body, id, Sense::hover());
    let name = did.name(view);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    response.on_hover_text(name);
}

/// What stands at the head of the ruler: what attacks this stream.
pub(super) fn heading(view: &View<'_>) -> [String; 3] {
    let attack = attack_of(view.trace);
    let name = attack_name(&attack, view.lang);
    let through = view.say(say::THROUGH);
    [
        format!("{through} · {}", attack_does(&attack, view.lang)),
        format!("{through} · {name}"),
        through.to_owned(),
    ]
}

/// Marks what the attacker changed in a track of bytes, so that it is seen without colour.
pub(super) fn mark_altered(
    painter: &Painter,
    view: &View<'_>,
    stream: &Stream,
    axis: &Axis,
    y: Rangef,
) {
    let Some(relayed) = stream.relayed() else {
        return;
    };
    let colours = &view.theme.colours;
    let start = axis.start.max(0.0) as u64;
    let end = axis.end.max(0.0).ceil() as u64;
    for piece in relayed
        .touched(start, end, view.k)
        .filter(|piece| piece.handled == Handled::Altered)
        .take(64)
    {
        let area = strip::between(axis, y, piece.output.0, piece.output.1);
        painter.rect_stroke(
            area.expand2(vec2(1.0, 2.0)),
            1,
            Stroke::new(2.5, colours.bad),
            StrokeKind::Outside,
        );
        let x = area.center().x;
        painter.add(Shape::convex_polygon(
            vec![
                pos2(x, y.min - 1.0),
                pos2(x - 5.0, y.min - 8.0),
                pos2(x + 5.0, y.min - 8.0),
            ],
            colours.bad,
            Stroke::NONE,
        ));
    }
}

/// Paints what the client sent on the axis of what the server receives: each byte where it came
/// out, the others behind all that came out.
pub(super) fn sent(
    painter: &Painter,
    view: &View<'_>,
    (upstream, relayed): (&Stream, &Relayed),
    axis: &Axis,
    y: Rangef,
    (start, end): (u64, u64),
) {
    for (from, to, input) in placed(view, relayed, start, end) {
        // The upstream's own strip, moved to where its bytes stand here.
        let shift = from as f64 - input as f64;
        let moved = Axis {
            start: axis.start - shift,
            end: axis.end - shift,
            ..*axis
        };
        strip::paint(
            painter,
            upstream,
            view.theme,
            &moved,
            y,
            input,
            input + (to - from),
            strip::Label::Bytes,
        );
    }
}

/// Runs of input bytes `[start, end)` that stand together: (from, to) on the axis of the output,
/// and the first of them.
pub(super) fn placed(
    view: &View<'_>,
    relayed: &Relayed,
    start: u64,
    end: u64,
) -> Vec<(u64, u64, u64)> {
    let k = view.k;
    let mut runs: Vec<(u64, u64, u64)> = Vec::new();
    let mut at = start;
    // An attack strikes at one place, so there are few runs; a bound for damaged recordings.
    while at < end && runs.len() < 64 {
        let from = relayed.place(at, k);
        // The furthest byte that stands as far behind this one as it was sent.
        let together = |to: u64| relayed.place(to, k).checked_sub(from) == Some(to - at);
        let (mut low, mut high) = (at, end);
        if together(end - 1) {
            low = end;
        } else {
            while low + 1 < high {
                let middle = low + (high - low) / 2;
                if together(middle) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            low += 1;
        }
        runs.push((from, from + (low - at), at));
        at = low;
    }
    runs
}

/// How much longer than its output the axis must be, so that what is not passed on fits.
pub(super) fn extent(view: &View<'_>, stream: &Stream) -> u64 {
    let (Some(relayed), Some(up)) = (stream.relayed(), upstream(view, stream)) else {
        return 0;
    };
    let all = view.trace.len();
    relayed.place(up.sent_at(all), all)
}
