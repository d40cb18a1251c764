//! How figures are written.

use crate::trace::Nanos;

/// With a narrow space between groups of three digits: `16 384`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() <= 4 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes, exact: `15 B`, `16 384 B`.
pub fn bytes(n: u64) -> String {
    format!("{} B", grouped(n))
}

/// A duration with three figures: `12 µs`, `350 ms`, `1.84 s`.
pub fn duration(t: Nanos) -> String {
    let (value, unit) = match t {
        0 => return "0 s".to_owned(),
        1..1_000 => return format!("{t} ns"),
        1_000..1_000_000 => (t as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (t as f64 / 1e6, "ms"),
        _ => (t as f64 / 1e9, "s"),
    };
    let decimals = if value < 9.995 {
        2
    } else {
        usize::from(value < 99.95)
    };
    format!("{value:.decimals$} {unit}")
}

/// As [`duration`], without zeros that say nothing: `1.5 s`, for axes with round marks.
pub fn duration_round(t: Nanos) -> String {
    let text = duration(t);
    match text.split_once(' ') {
        Some((value, unit)) if value.contains('.') => {
            let value = value.trim_end_matches('0').trim_end_matches('.');
            format!("{value} {unit}")
        }
        _ => text,
    }
}

/// The smallest "round" number ≥ `n`: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten.
pub fn round_up(n: f64) -> f64 {
    if n.is_nan() || n <= 1.0 {
        return 1.0;
    }
    let power = 10f64.powf(n.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0]
        .iter()
        .map(|step| step * power)
        .find(|&candidate| candidate >= n * (1.0 - 1e-12))
        .unwrap_or(10.0 * power)
}

/// Distance of the marks of an axis that is `span` long and has room for `most` marks: 1, 2 or
/// 5 times a power of ten.
pub fn tick(span: f64, most: f64) -> f64 {
    let least = span / most.max(1.0);
    if least.is_nan() || least <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0]
        .iter()
        .map(|step| step * power)
        .find(|&candidate| candidate >= least * (1.0 - 1e-12))
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (8192, "8192 B"),
            (16_384, "16\u{202F}384 B"),
            (1_234_567, "1\u{202F}234\u{202F}567 B"),
        ] {
            assert_eq!(bytes(n), text);
        }
        for (t, text) in [
            (0, "0 s"),
            (7, "7 ns"),
            (12_000, "12.0 µs"),
            (350_000_000, "350 ms"),
            (1_840_000_000, "1.84 s"),
            (125_000_000_000, "125 s"),
        ] {
            assert_eq!(duration(t), text);
        }
    }

    #[test]
    fn round_durations_lose_their_zeros() {
        for (t, text) in [
            (0, "0 s"),
            (50_000_000, "50 ms"),
            (1_500_000_000, "1.5 s"),
            (100_000_000_000, "100 s"),
        ] {
            assert_eq!(duration_round(t), text);
        }
    }

    #[test]
    fn axes_end_and_tick_at_round_numbers() {
        for (n, up) in [
            (0.0, 1.0),
            (7.0, 8.0),
            (15.0, 15.0),
            (45.0, 50.0),
            (901.0, 1000.0),
        ] {
            assert!((round_up(n) - up).abs() < 1e-9, "{n} → {}", round_up(n));
        }
        for (span, most, step) in [(30.0, 6.0, 5.0), (50.0, 5.0, 10.0), (1e6, 8.0, 200_000.0)] {
            assert!(
                (tick(span, most) - step).abs() < 1e-9,
                "{span}: {}",
                tick(span, most)
            );
        }
    }
}
