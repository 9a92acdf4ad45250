//! Processor time, medians and growth.

use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

use crate::Result;

fn seconds(usage: &Usage) -> f64 {
    let part = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
    part(usage.user_time()) + part(usage.system_time())
}

/// User and system seconds that `work` takes in this process.
pub(super) fn here<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let start = getrusage(UsageWho::RUSAGE_SELF)?;
    let result = work()?;
    Ok((seconds(&getrusage(UsageWho::RUSAGE_SELF)?) - seconds(&start), result))
}

/// User and system seconds of the processes that `work` starts and waits for, and of theirs.
pub(super) fn children<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let start = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let result = work()?;
    Ok((seconds(&getrusage(UsageWho::RUSAGE_CHILDREN)?) - seconds(&start), result))
}

/// Wall time of `work`.
pub(super) fn wall<T>(work: impl FnOnce() -> Result<T>) -> Result<(Duration, T)> {
    let start = Instant::now();
    let result = work()?;
    Ok((start.elapsed(), result))
}

/// The middle value; of two middle ones their mean.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (n, middle) if n % 2 == 1 => sorted[middle],
        (_, middle) => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

/// Exponent of growth: slope of the least-squares line through the logarithms of sizes and times.
pub(super) fn exponent(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let (mean_x, mean_y) = (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    let covariance: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    covariance / logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn exponents() {
        let power = |e: f64| [10.0, 20.0, 80.0, 160.0].map(|x: f64| (x, 3.0 * x.powf(e)));
        assert!((exponent(&power(1.0)) - 1.0).abs() < 1e-9);
        assert!((exponent(&power(2.0)) - 2.0).abs() < 1e-9);
    }
}
