//! The processor's tick counter as a clock, where the kernel itself trusts it.
//!
//! Two looks at a clock per recorded call are the greater part of what recording costs;
//! `clock_gettime` spends most of its time on what is not needed here. The kernel uses the
//! counter as its clock source only if it is constant, never stops, and agrees between all
//! processors; then it is a clock for us, too. Elsewhere, [`Ticks::find`] gives `None`.

use std::arch::x86_64::{_mm_lfence, _rdtsc};
use std::sync::OnceLock;
use std::time::Duration;

use crate::trace::Nanos;

/// How long the counter is compared with the system's clock, once in a process: 5 ms give its
/// rate to about one part in 100,000.
const COMPARE: Duration = Duration::from_millis(5);

/// Nanoseconds per tick, times 2³².
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticks {
    rate: u64,
}

impl Ticks {
    /// The counter, if the kernel trusts it.
    pub(crate) fn find() -> Option<Self> {
        static FOUND: OnceLock<Option<Ticks>> = OnceLock::new();
        *FOUND.get_or_init(|| {
            let source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
            let trusted = std::fs::read_to_string(source).is_ok_and(|s| s.trim() == "tsc");
            trusted.then(compare).flatten()
        })
    }

    /// The counter now. It may run a little *ahead* of instructions before it that are still
    /// under way, so what must not be overtaken needs [`settle`] in between. A call under way is
    /// no such thing: the way out of the kernel is longer than any processor looks ahead.
    #[inline]
    pub(crate) fn now() -> u64 {
        // SAFETY: every x86-64 processor has the instruction; Linux lets user programs use it
        // (it is how the vDSO's clock works when the clock source is "tsc").
        unsafe { _rdtsc() }
    }

    /// A span of ticks in nanoseconds.
    #[inline]
    pub(crate) fn nanos(self, ticks: u64) -> Nanos {
        ((u128::from(ticks) * u128::from(self.rate)) >> 32) as Nanos
    }
}

/// Nothing after this begins before everything before it is done; reading the counter neither.
#[inline]
pub(crate) fn settle() {
    // SAFETY: SSE2, which has this instruction, is part of x86-64.
    unsafe { _mm_lfence() }
}

fn compare() -> Option<Ticks> {
    let (ticks, nanos) = both();
    let until = nanos + COMPARE.as_nanos() as u64;
    loop {
        let (ticks_now, nanos_now) = both();
        if nanos_now >= until {
            let rate = (u128::from(nanos_now - nanos) << 32) / u128::from(ticks_now - ticks).max(1);
            return u64::try_from(rate)
                .ok()
                .filter(|r| *r > 0)
                .map(|rate| Ticks { rate });
        }
        std::hint::spin_loop();
    }
}

/// Both clocks at one moment: of a few attempts, the one that took least time.
fn both() -> (u64, Nanos) {
    let mut best = (u64::MAX, 0, 0);
    for _ in 0..5 {
        settle();
        let before = Ticks::now();
        settle();
        let nanos = super::linux::monotonic();
        settle();
        let after = Ticks::now();
        let took = after.saturating_sub(before);
        if took < best.0 {
            best = (took, before + took / 2, nanos);
        }
    }
    (best.1, best.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_systems_clock() {
        let Some(ticks) = Ticks::find() else {
            println!("skipped: the kernel does not trust the counter here");
            return;
        };
        let (begun, nanos) = both();
        std::thread::sleep(Duration::from_millis(20));
        let (ended, nanos_now) = both();
        let counted = ticks.nanos(ended - begun) as f64;
        let real = (nanos_now - nanos) as f64;
        assert!((counted / real - 1.0).abs() < 0.001, "{counted} for {real}");
    }
}
