//! The sentence on the stage: what the chosen event was, or the newest one, and why.

use std::sync::Arc;

use egui::{Galley, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::trace::{Call, EventId, Kind, Mark, Trace, flag};
use crate::ui::segment_text;
use crate::ui::view::View;
use crate::ui::why;

use super::words;

/// How far back the newest event with something to tell is looked for.
const BACK: u32 = 64;
/// Lines it may take.
const LINES: usize = 2;

/// Height that is kept for it, so that nothing jumps when the next one is longer.
pub(super) fn height(view: &View<'_>, width: f32) -> f32 {
    let lines = if width > 1000.0 * view.theme.scale {
        1.0
    } else if view.presenter && width < 40.0 * view.theme.sizes.body {
        LINES as f32 + 1.0
    } else {
        LINES as f32
    };
    line(view) * lines + view.theme.gap(1.0)
}

/// Height that it takes just now; nothing where there is none.
pub(super) fn needed(ui: &Ui, view: &View<'_>, width: f32) -> f32 {
    let Some(id) = event(view) else {
        return 0.0;
    };
    let theme = view.theme;
    let sentence = why::why(view.trace, id, view.lang);
    let left = theme.gap(2.5) + number(ui, view, id).map_or(0.0, |n| n.size().x + theme.gap(2.0));
    let galley = ui
        .painter()
        .layout(sentence, theme.strong(), theme.colours.text, width - left);
    galley.rows.len() as f32 * line(view) + theme.gap(1.0)
}

/// Height of one of its lines.
pub(super) fn line(view: &View<'_>) -> f32 {
    (view.theme.sizes.body * 1.35).ceil()
}

/// The event's number, where it is shown.
fn number(ui: &Ui, view: &View<'_>, id: EventId) -> Option<Arc<Galley>> {
    (!view.presenter).then(|| {
        ui.painter().layout_no_wrap(
            format!("#{}", id + 1),
            view.theme.mono_small(),
            view.theme.colours.text_faint,
        )
    })
}

/// The event to explain: the one chosen, else the newest that says something.
fn event(view: &View<'_>) -> Option<EventId> {
    view.selection
        .and_then(|s| s.event)
        .filter(|&event| event < view.k)
        .or_else(|| {
            let newest = |tells: &dyn Fn(EventId) -> bool| {
                (view.k.saturating_sub(BACK)..view.k)
                    .rev()
                    .find(|&event| tells(event))
            };
            let last = newest(&|event| tells(view.trace, event))?;
            // That sockets are closed after a decoder has failed is no news beside the failure.
            let closes = matches!(
                view.trace.event(last).call(),
                Some(Call::Close | Call::Shutdown | Call::SetOption)
            );
            let failed = newest(&|event| {
                let event = view.trace.event(event);
                event.kind == Kind::Frame && event.has(flag::FRAME_ERROR)
            });
            failed.filter(|_| closes).or(Some(last))
        })
}

/// Calls and what went wrong tell; readings, the lab's own marks and frames that follow from a
/// recv do not need a sentence unless they are asked for.
fn tells(trace: &Trace, id: EventId) -> bool {
    let event = trace.event(id);
    match event.kind {
        Kind::Begin | Kind::Blocked | Kind::Return => true,
        Kind::Frame => event.has(flag::FRAME_ERROR),
        Kind::Mark => matches!(
            event.as_mark(),
            Some(Mark::AwaitExternal | Mark::Precondition | Mark::Limit | Mark::PayloadLimit)
        ),
        Kind::Segment => event
            .segment()
            .is_some_and(|s| segment_text::is_trouble(s.role)),
        Kind::Gauge | Kind::Step | Kind::Setting => false,
    }
}

/// Shows it, with the event's number, in the room there is.
pub(super) fn show(ui: &mut Ui, view: &View<'_>) {
    let theme = view.theme;
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let Some(id) = event(view) else {
        return;
    };
    let actor = view.trace.event(id).actor;
    let sentence = why::why(view.trace, id, view.lang);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
    let painter = ui.painter();
    let mut left = rect.left() + theme.gap(2.5);
    if let Some(number) = number(ui, view, id) {
        let at = pos2(left, rect.top() + theme.sizes.body * 0.7);
        let at = egui::Align2::LEFT_CENTER.anchor_size(at, number.size());
        painter.galley(at.min, number, theme.colours.text_faint);
        left = at.right() + theme.gap(2.0);
    }
    let mut job = egui::text::LayoutJob::simple(
        sentence.clone(),
        theme.strong(),
        theme.colours.text,
        rect.right() - left,
    );
    job.wrap.max_rows = ((rect.height() / line(view)) as usize).max(1);
    let galley = painter.layout_job(job);
    let cut = galley.elided;
    let bar = Rect::from_min_size(rect.min, vec2(3.0, galley.size().y));
    painter.rect_filled(bar, 1, words::actor_colour(view, Some(actor)));
    painter.galley(pos2(left, rect.top()), galley, theme.colours.text);
    if cut {
        response.on_hover_text(sentence);
    }
}
