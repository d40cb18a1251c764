//! A pure mapping between a quantity (bytes, nanoseconds) and points on the screen.

use egui::Rect;

/// Part of an axis, laid over the width of a rectangle.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Axis {
    /// Quantity at the left edge (at the right edge if `flipped`).
    pub(in crate::ui) start: f64,
    /// Quantity at the other edge.
    pub(in crate::ui) end: f64,
    /// Left edge, points.
    pub(in crate::ui) left: f32,
    /// Right edge, points.
    pub(in crate::ui) right: f32,
    /// Runs from right to left.
    pub(in crate::ui) flipped: bool,
}

impl Axis {
    /// `[start, end]` over the width of `rect`.
    pub(in crate::ui) fn over(rect: Rect, start: f64, end: f64) -> Self {
        Axis {
            start,
            end: end.max(start + f64::MIN_POSITIVE.max(start.abs() * 1e-12)),
            left: rect.left(),
            right: rect.right(),
            flipped: false,
        }
    }

    /// Points per unit.
    pub(in crate::ui) fn scale(&self) -> f64 {
        f64::from(self.right - self.left) / (self.end - self.start)
    }

    /// Where `value` lies; far outside it is held near the edges, so that it stays a sane
    /// coordinate.
    pub(in crate::ui) fn x(&self, value: f64) -> f32 {
        let along = ((value - self.start) * self.scale()).clamp(-4.0e4, 1.0e5) as f32;
        if self.flipped {
            self.right - along
        } else {
            self.left + along
        }
    }

    /// The quantity at `x`.
    pub(in crate::ui) fn at(&self, x: f32) -> f64 {
        let along = if self.flipped {
            self.right - x
        } else {
            x - self.left
        };
        self.start + f64::from(along) / self.scale()
    }
}

/// The part of an axis that a person has zoomed to; `None` = all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::ui) struct Zoom(pub(in crate::ui) Option<(f64, f64)>);

impl Zoom {
    /// What is visible of `[0, all]`.
    pub(in crate::ui) fn window(self, all: f64) -> (f64, f64) {
        self.0.unwrap_or((0.0, all))
    }

    /// After zooming by `factor` (> 1: closer) around `centre` and moving by `shift`; at least
    /// `least` stays visible, at most all.
    pub(in crate::ui) fn changed(
        self,
        all: f64,
        centre: f64,
        factor: f64,
        shift: f64,
        least: f64,
    ) -> Self {
        let (start, end) = self.window(all);
        let length = ((end - start) / factor).max(least);
        if length >= all {
            return Zoom(None);
        }
        let share = ((centre - start) / (end - start)).clamp(0.0, 1.0);
        let start = (centre - share * length + shift).clamp(0.0, all - length);
        Zoom(Some((start, start + length)))
    }

    /// Takes the wheel, pinch and Shift+drag of a canvas; double click shows all again.
    pub(in crate::ui) fn interact(
        &mut self,
        ui: &egui::Ui,
        response: &egui::Response,
        axis: &Axis,
        all: f64,
        least: f64,
    ) {
        if response.double_clicked() {
            *self = Zoom(None);
            return;
        }
        self.follow(ui, response, axis, all, least);
    }

    /// As [`Zoom::interact`], where clicks have a meaning of their own.
    pub(in crate::ui) fn follow(
        &mut self,
        ui: &egui::Ui,
        response: &egui::Response,
        axis: &Axis,
        all: f64,
        least: f64,
    ) {
        let (wheel, pinch, shift) =
            ui.input(|i| (i.smooth_scroll_delta, i.zoom_delta(), i.modifiers.shift));
        let mut factor = 1.0;
        let mut move_by = 0.0;
        let mut centre = f64::midpoint(axis.start, axis.end);
        if let Some(pointer) = response.hover_pos() {
            centre = axis.at(pointer.x);
            factor = f64::from(pinch) * (f64::from(wheel.y) * 0.004).exp();
            move_by = -f64::from(wheel.x) / axis.scale();
        }
        let pans = response.dragged_by(egui::PointerButton::Middle)
            || (shift && response.dragged_by(egui::PointerButton::Primary));
        if pans {
            move_by -= f64::from(response.drag_delta().x) / axis.scale();
        }
        if (factor - 1.0).abs() > 1e-6 || move_by.abs() > 1e-9 {
            *self = self.changed(all, centre, factor, move_by, least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn mapping_there_and_back() {
        let rect = Rect::from_min_max(pos2(100.0, 0.0), pos2(300.0, 10.0));
        for flipped in [false, true] {
            let axis = Axis {
                flipped,
                ..Axis::over(rect, 10.0, 60.0)
            };
            for value in [10.0, 35.5, 60.0] {
                assert!((axis.at(axis.x(value)) - value).abs() < 1e-3);
            }
        }
        assert!((Axis::over(rect, 10.0, 60.0).x(10.0) - 100.0).abs() < 1e-3);
    }

    #[test]
    fn zoom_keeps_the_point_under_the_pointer_and_ends_at_all() {
        let zoom = Zoom(None).changed(100.0, 25.0, 2.0, 0.0, 1.0);
        assert_eq!(zoom, Zoom(Some((12.5, 62.5))));
        assert_eq!(zoom.changed(100.0, 25.0, 0.5, 0.0, 1.0), Zoom(None));
        let (start, end) = zoom.changed(100.0, 99.0, 1e9, 0.0, 4.0).window(100.0);
        assert!((end - start - 4.0).abs() < 1e-9);
        let (start, _) = zoom.changed(100.0, 25.0, 1.0, -500.0, 1.0).window(100.0);
        assert!(start.abs() < 1e-9);
    }
}
