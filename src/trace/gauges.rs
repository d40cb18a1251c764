//! The readings of one socket's buffers.

use super::column::{Column, partition};
use super::event::{Event, EventId, Gauge};

/// The gauge readings of one socket in order of time; a cheap view, pass it by value.
#[derive(Clone, Copy, Debug)]
pub struct GaugeTrack<'a> {
    readings: Option<&'a Column<u32>>,
    events: &'a Column<Event>,
}

impl<'a> GaugeTrack<'a> {
    pub(crate) fn new(readings: Option<&'a Column<u32>>, events: &'a Column<Event>) -> Self {
        GaugeTrack { readings, events }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.readings.map_or(0, Column::len)
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many within the first `k` events. O(log n).
    pub fn len_at(&self, k: u32) -> usize {
        let Some(readings) = self.readings else {
            return 0;
        };
        partition(0..readings.len(), |i| {
            readings.get(i).is_some_and(|&e| e < k)
        })
    }

    /// The reading number `i`.
    pub fn get(&self, i: usize) -> Option<(EventId, Gauge)> {
        let event = *self.readings?.get(i)?;
        Some((event, self.events.get(event as usize)?.gauge()?))
    }

    /// The latest reading within the first `k` events. O(log n).
    pub fn at(&self, k: u32) -> Option<(EventId, Gauge)> {
        self.get(self.len_at(k).checked_sub(1)?)
    }
}
