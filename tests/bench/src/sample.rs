//! Numbers made of many.

use std::hint::black_box;
use std::time::Duration;

/// The value that `part` (0 to 1) of `values` do not exceed, by nearest rank.
pub(crate) fn percentile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank is small and positive"
    )]
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

/// What each of `works` takes of a processor, in microseconds: the median over `rounds`, in each of which
/// all take turns. What else the machine does meanwhile is not counted, and hits all alike.
pub(crate) fn side_by_side<const N: usize>(rounds: usize, works: [&dyn Fn(); N]) -> [f64; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| vec![]);
    for round in 0..rounds {
        for turn in 0..N {
            // Not always in the same order.
            let at = (turn + round) % N;
            // Once for the caches, which whatever came before has filled with other things.
            works[at]();
            let begun = processor_time();
            black_box(works[at])();
            times[at].push((processor_time() - begun).as_secs_f64() * 1e6);
        }
    }
    times.map(|times| median(&times))
}

/// How long this thread has had a processor.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
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
