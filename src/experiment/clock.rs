//! The time of day as C and Python write it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Now, as `asctime(gmtime(…))` writes it (`man 3 asctime`), without the line's end:
/// `Sat Nov 21 18:29:04 2026`. Always UTC: every computer of a class shows the same.
pub(super) fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    at(since.as_secs())
}

/// Seconds since 1970 as `asctime` writes them.
fn at(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(days);
    format!(
        "{} {} {day:2} {:02}:{:02}:{:02} {year}",
        DAYS[(days % 7) as usize],
        MONTHS[month],
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Year, month (from 0) and day of the month, of a day counted from 1970-01-01: whole years, then
/// whole months are taken off.
fn date(mut days: u64) -> (u64, usize, u64) {
    // 400 years have 146,097 days; what remains is short to count.
    let mut year = 1970 + days / 146_097 * 400;
    days %= 146_097;
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while month < 11 && days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_asctime_does() {
        // `python3 -c 'import time; print(time.asctime(time.gmtime(n)))'`
        for (seconds, text) in [
            (0, "Thu Jan  1 00:00:00 1970"),
            (951_782_400, "Tue Feb 29 00:00:00 2000"),
            (1_709_251_199, "Thu Feb 29 23:59:59 2024"),
            (1_735_689_599, "Tue Dec 31 23:59:59 2024"),
            (1_795_285_744, "Sat Nov 21 18:29:04 2026"),
            (4_107_542_400, "Mon Mar  1 00:00:00 2100"),
        ] {
            assert_eq!(at(seconds), text);
        }
    }
}
