//! One quantity over time, and the line that shows it.

use egui_plot::PlotPoint;

use crate::trace::Nanos;

/// Samples looked at per point of width; of more, some.
const PER_POINT: usize = 24;

/// Values that hold until the next one.
#[derive(Debug, Default)]
pub(super) struct Series {
    pub(super) samples: Vec<(Nanos, u64)>,
}

impl Series {
    pub(super) fn push(&mut self, t: Nanos, value: u64) {
        match self.samples.last_mut() {
            Some(last) if last.1 == value => {}
            Some(last) if last.0 == t => last.1 = value,
            _ => self.samples.push((t, value)),
        }
    }

    /// The value that holds at `t`.
    pub(super) fn at(&self, t: Nanos) -> Option<u64> {
        let n = self.samples.partition_point(|s| s.0 <= t);
        n.checked_sub(1).map(|n| self.samples[n].1)
    }

    /// The least and the greatest value that held in `[from, to]`.
    fn within(&self, from: Nanos, to: Nanos) -> Option<(u64, u64)> {
        let first = self
            .samples
            .partition_point(|s| s.0 <= from)
            .saturating_sub(1);
        let end = self.samples.partition_point(|s| s.0 <= to);
        let range = self.samples.get(first..end).filter(|r| !r.is_empty())?;
        let step = range.len().div_ceil(PER_POINT);
        let mut found: Option<(u64, u64)> = None;
        for (_, value) in range.iter().step_by(step).chain(range.last()) {
            found = Some(found.map_or((*value, *value), |(a, b)| (a.min(*value), b.max(*value))));
        }
        found
    }

    pub(super) fn most(&self) -> u64 {
        let step = self.samples.len().div_ceil(4_096).max(1);
        let all = self.samples.iter().step_by(step).chain(self.samples.last());
        all.map(|s| s.1).max().unwrap_or(0)
    }

    /// The line over `[start, end]` up to `now`: a step at every sample, or, of more samples than
    /// `columns` can show, the least and the greatest value of each column.
    pub(super) fn line(&self, start: f64, end: f64, now: Nanos, columns: usize) -> Vec<PlotPoint> {
        let last = (end.max(0.0) as Nanos).min(now);
        if (last as f64) < start {
            return Vec::new();
        }
        let first = self.samples.partition_point(|s| (s.0 as f64) <= start);
        let first = first.saturating_sub(1);
        let until = self.samples.partition_point(|s| s.0 <= last);
        let Some(shown) = self.samples.get(first..until).filter(|s| !s.is_empty()) else {
            return Vec::new();
        };
        if shown.len() <= columns {
            steps(shown, start, last)
        } else {
            self.thinned(start, end, last, columns)
        }
    }

    fn thinned(&self, start: f64, end: f64, until: Nanos, columns: usize) -> Vec<PlotPoint> {
        let width = (end - start) / columns.max(1) as f64;
        let mut points: Vec<PlotPoint> = Vec::with_capacity(columns * 3);
        for at in 0..columns {
            let x = start + at as f64 * width;
            let (from, to) = (x.max(0.0) as Nanos, (x + width).max(0.0) as Nanos);
            if from > until {
                break;
            }
            let to = to.min(until);
            let Some(range) = self.within(from, to) else {
                continue;
            };
            let moves = range.0 < range.1;
            let [least, greatest] = [range.0, range.1].map(|value| value as f64);
            let before = points.last().map_or(f64::INFINITY, |p| p.y);
            // Continue at the end that is nearer.
            let (near, far) = if (before - least).abs() <= (before - greatest).abs() {
                (least, greatest)
            } else {
                (greatest, least)
            };
            points.push(PlotPoint::new(x, near));
            if moves {
                points.push(PlotPoint::new(x, far));
                // The stretch ends at the value that goes on.
                if let Some(value) = self.at(to) {
                    points.push(PlotPoint::new(x, value as f64));
                }
            }
        }
        points
    }
}

/// Every sample holds until the next, the last one until `last`.
fn steps(samples: &[(Nanos, u64)], start: f64, last: Nanos) -> Vec<PlotPoint> {
    let mut points: Vec<PlotPoint> = Vec::with_capacity(samples.len() * 2 + 1);
    for &(t, value) in samples {
        let t = (t as f64).max(start);
        if let Some(before) = points.last().map(|p| p.y) {
            points.push(PlotPoint::new(t, before));
        }
        points.push(PlotPoint::new(t, value as f64));
    }
    if let Some(value) = points.last().map(|p| p.y) {
        points.push(PlotPoint::new(last as f64, value));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_holds_until_the_next() {
        let mut series = Series::default();
        for (t, value) in [(10, 5), (20, 5), (30, 9), (30, 2), (40, 0)] {
            series.push(t, value);
        }
        assert_eq!(series.samples, [(10, 5), (30, 2), (40, 0)]);
        assert_eq!(series.at(9), None);
        assert_eq!(series.at(29), Some(5));
        assert_eq!(series.at(30), Some(2));
        assert_eq!(series.within(15, 35), Some((2, 5)));
        assert_eq!(series.within(0, 5), None);
    }

    #[test]
    fn a_line_steps_at_its_samples_and_ends_now() {
        let mut series = Series::default();
        for (t, value) in [(10, 5), (30, 2), (40, 0)] {
            series.push(t, value);
        }
        let line = |start, end, now| -> Vec<(f64, f64)> {
            let points = series.line(start, end, now, 100);
            points.iter().map(|p| (p.x, p.y)).collect()
        };
        let to_35 = [(10.0, 5.0), (30.0, 5.0), (30.0, 2.0), (35.0, 2.0)];
        assert_eq!(line(0.0, 50.0, 35), to_35);
        // What held when the window begins is drawn from there on.
        let from_20 = [(20.0, 5.0), (30.0, 5.0), (30.0, 2.0), (38.0, 2.0)];
        assert_eq!(line(20.0, 38.0, 90), from_20);
        assert_eq!(line(0.0, 50.0, 9), []);
        // What is shown begins after the moment shown.
        assert_eq!(line(20.0, 38.0, 15), []);
    }

    proptest! {
        /// What is drawn of a stretch of time holds every value at its ends.
        #[test]
        fn a_stretch_holds_its_ends(
            values in prop::collection::vec((1u64..50, 0u64..1000), 1..200),
            from in 0u64..5000,
            length in 0u64..3000,
        ) {
            let mut series = Series::default();
            let mut t = 0;
            for (step, value) in values {
                t += step;
                series.push(t, value);
            }
            let to = from + length;
            let found = series.within(from, to);
            for at in [from, to] {
                if let Some(value) = series.at(at) {
                    let (least, most) = found.unwrap();
                    prop_assert!(least <= value && value <= most);
                }
            }
        }

        /// However many samples there are, the line shows the least and the greatest of them and
        /// has a bounded number of points.
        #[test]
        fn a_line_is_bounded_and_keeps_the_extremes(
            values in prop::collection::vec(0u64..1000, 1..800),
            columns in 40usize..120,
            until in 0.0f64..1.0,
        ) {
            let mut series = Series::default();
            for (t, value) in (1u64..).zip(&values) {
                series.push(t, *value);
            }
            let end = values.len() as u64 + 1;
            let now = 1 + (until * (end - 1) as f64) as u64;
            let values = &values[..values.len().min(now as usize)];
            let line = series.line(0.0, end as f64, now, columns);
            prop_assert!(line.len() <= 3 * columns + 1);
            let least = line.iter().map(|p| p.y as u64).min();
            let greatest = line.iter().map(|p| p.y as u64).max();
            prop_assert_eq!(least, values.iter().copied().min());
            prop_assert_eq!(greatest, values.iter().copied().max());
            prop_assert!(line.windows(2).all(|w| w[0].x <= w[1].x));
        }
    }
}
