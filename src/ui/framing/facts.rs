//! What a framing costs for the student's messages, and which of them it cannot carry.

use std::sync::Arc;

use egui::{Id, Ui};

use crate::framing::{EncodeError, Framing, FramingSpec, Hazard};
use crate::lesson::MessageSource;

use super::Own;

/// Messages looked at one by one, at most.
const MOST_MESSAGES: u32 = 1_000;

/// Their bytes, at most.
const MOST_BYTES: u64 = 4 << 20;

/// Messages named whose content is a danger.
const NAMED: usize = 3;

/// What is wrong with one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It does not come out as it went in.
    Hazard(Hazard),
    /// It cannot be sent.
    Refused(EncodeError),
}

/// Sums over messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Messages there are.
    pub(super) count: u32,
    /// How many of them the figures speak of: all, or the first so many.
    pub(super) counted: u32,
    /// Bytes of those that can be sent.
    pub(super) payload: u64,
    /// Bytes that these put on the wire.
    pub(super) wire: u64,
    /// Messages in danger, by number from 0; the first few.
    pub(super) troubles: Vec<(u32, Trouble)>,
    /// Messages in danger.
    pub(super) troubled: u32,
}

impl Facts {
    /// Of all messages, or of as many as can be looked at within a frame.
    pub(super) fn of(framing: &dyn Framing, messages: &MessageSource) -> Self {
        let count = messages.count();
        let mut facts = Facts {
            count,
            ..Facts::default()
        };
        let period = u32::try_from(messages.texts().len())
            .unwrap_or(u32::MAX)
            .max(1);
        // Messages without a number repeat: looking at each text once is looking at all.
        let repeats = !messages.numbered() && period <= MOST_MESSAGES;
        let distinct = if repeats { period.min(count) } else { count };
        let mut message = Vec::new();
        let mut looked_at = 0;
        for number in 0..distinct.min(MOST_MESSAGES) {
            message.clear();
            messages.write(number, &mut message);
            looked_at += message.len() as u64;
            let times = if repeats {
                (count - number).div_ceil(period)
            } else {
                1
            };
            facts.add(framing, &message, number, times);
            facts.counted += times;
            if looked_at > MOST_BYTES {
                break;
            }
        }
        facts
    }

    fn add(&mut self, framing: &dyn Framing, message: &[u8], number: u32, times: u32) {
        let bytes = message.len() as u64;
        let trouble = match framing.overhead(message) {
            Ok(more) => {
                self.payload += bytes * u64::from(times);
                self.wire += (bytes + more as u64) * u64::from(times);
                framing.hazard(message).map(Trouble::Hazard)
            }
            Err(error) => Some(Trouble::Refused(error)),
        };
        if let Some(trouble) = trouble {
            self.troubled += times;
            if self.troubles.len() < NAMED {
                self.troubles.push((number, trouble));
            }
        }
    }

    /// The same, kept from frame to frame while neither messages nor framing change.
    pub(super) fn cached(ui: &Ui, own: &Own<'_>) -> Arc<Self> {
        type Kept = (FramingSpec, MessageSource, Arc<Facts>);
        let id = Id::unique("framing facts");
        let kept = ui.data(|data| data.get_temp::<Arc<Kept>>(id));
        if let Some(kept) = kept.filter(|k| k.0 == *own.framing && k.1 == own.messages) {
            return kept.2.clone();
        }
        let facts = Arc::new(Facts::of(&*own.build(), &own.messages));
        let kept: Arc<Kept> = Arc::new((own.framing.clone(), own.messages.clone(), facts.clone()));
        ui.data_mut(|data| data.insert_temp(id, kept));
        facts
    }
}
