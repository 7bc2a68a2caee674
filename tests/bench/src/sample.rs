//! Numbers made of many.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The value that `part` (0 to 1) of `values` do not exceed, by nearest rank.
pub(crate) fn percentile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank is small and positive")]
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 0.5)
}

pub(crate) fn worst(values: &[f64]) -> f64 {
    percentile(values, 1.0)
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How long each of `works` takes, in microseconds: the median over `rounds`, in each of which all
/// take turns, so that whatever else the machine does hits all alike.
pub(crate) fn side_by_side<const N: usize>(rounds: usize, works: [&dyn Fn(); N]) -> [f64; N] {
    // One turn takes about as long for each, so that none is measured by fewer ticks of the clock.
    let turn = Duration::from_micros(2500);
    let counts = works.map(|work| {
        work();
        let begun = Instant::now();
        let mut count = 0_u32;
        while begun.elapsed() < turn {
            black_box(work)();
            count += 1;
        }
        count.max(1)
    });
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| vec![]);
    for round in 0..rounds {
        for turn in 0..N {
            // Not always in the same order.
            let at = (turn + round) % N;
            let begun = Instant::now();
            for _ in 0..counts[at] {
                black_box(works[at])();
            }
            times[at].push(begun.elapsed().as_secs_f64() * 1e6 / f64::from(counts[at]));
        }
    }
    times.map(|times| median(&times))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let values: Vec<f64> = (1..=500).rev().map(f64::from).collect();
        assert_eq!(percentile(&values, 0.99), 495.0);
        assert_eq!(median(&values), 250.0);
        assert_eq!(worst(&values), 500.0);
        assert_eq!(median(&[7.0]), 7.0);
        assert!(median(&[]).is_nan());
    }
}
