//! From days to places on the axis. Long stretches without events are drawn short.

use casemill_plugin_sdk::model::IsoDuration;

/// Width of a shortened stretch.
const BREAK: f64 = 36.0;
/// A stretch is shortened when it takes more than this share of what is not shortened yet...
const SHARE: f64 = 0.5;
/// ... and is longer than this, in days: three months between two visits are no long time.
const SHORTEST: f64 = 120.0;
/// Stretches shortened at most.
const BREAKS: usize = 3;
/// Room around a point beside a shortened stretch, as a share of the length that is drawn to scale.
const MARGIN: f64 = 0.05;
/// Least distance of two marks on the axis.
const TICK: f64 = 52.0;

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) x: f64,
    pub(super) number: i64,
}

/// A stretch that is drawn short.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Break {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A piecewise linear scale.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    /// Day and place, ascending.
    knots: Vec<(f64, f64)>,
    /// Shortened stretches.
    pub(super) breaks: Vec<Break>,
    /// Places per day outside of them.
    per_day: f64,
}

/// Steps of the axis: length in days, how many units it is, the unit.
const STEPS: [(f64, i64, &str); 12] = [
    (1.0, 1, "days"),
    (2.0, 2, "days"),
    (7.0, 1, "weeks"),
    (IsoDuration::MONTH, 1, "months"),
    (2.0 * IsoDuration::MONTH, 2, "months"),
    (3.0 * IsoDuration::MONTH, 3, "months"),
    (6.0 * IsoDuration::MONTH, 6, "months"),
    (IsoDuration::YEAR, 1, "years"),
    (2.0 * IsoDuration::YEAR, 2, "years"),
    (5.0 * IsoDuration::YEAR, 5, "years"),
    (10.0 * IsoDuration::YEAR, 10, "years"),
    (20.0 * IsoDuration::YEAR, 20, "years"),
];

impl Scale {
    /// A scale for `days` between the places `left` and `right`.
    pub(super) fn new(mut days: Vec<f64>, left: f64, right: f64) -> Self {
        days.retain(|d| d.is_finite());
        days.sort_by(f64::total_cmp);
        days.dedup();
        if days.len() < 2 {
            let day = days.first().copied().unwrap_or(0.0);
            days = vec![day - 1.0, day + 1.0];
        }
        let short = shortened(&days);
        let hidden: f64 = short.iter().map(|(a, b)| b - a).sum();
        let drawn = days[days.len() - 1] - days[0] - hidden;
        let per_day = (right - left - BREAK * short.len() as f64) / drawn;
        let mut scale = Self { knots: vec![(days[0], left)], breaks: Vec::new(), per_day };
        for (from, to) in short {
            let at = scale.x(from);
            scale.knots.push((from, at));
            scale.knots.push((to, at + BREAK));
            scale.breaks.push(Break { from: at, to: at + BREAK });
        }
        scale.knots.push((days[days.len() - 1], right));
        scale
    }

    /// The place of a day.
    pub(super) fn x(&self, day: f64) -> f64 {
        let next = self.knots.partition_point(|(d, _)| *d <= day);
        let Some(before) = next.checked_sub(1).map(|i| self.knots[i]) else { return self.knots[0].1 };
        match self.knots.get(next) {
            Some(after) => before.1 + (day - before.0) * (after.1 - before.1) / (after.0 - before.0),
            // While the scale is built its last stretch has no end yet.
            None => before.1 + (day - before.0) * self.per_day,
        }
    }

    /// Marks outside of shortened stretches, and their unit.
    pub(super) fn ticks(&self) -> (Vec<Tick>, &'static str) {
        let (step, units, unit) =
            STEPS.into_iter().find(|(step, ..)| step * self.per_day >= TICK).unwrap_or(STEPS[STEPS.len() - 1]);
        let mut ticks: Vec<Tick> = Vec::new();
        for stretch in self.knots.chunks(2) {
            let [(from, _), (to, _)] = *stretch else { continue };
            let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
            for k in first..=last.min(first + 60) {
                let x = self.x(k as f64 * step);
                if ticks.last().is_none_or(|t| x - t.x >= TICK / 2.0) {
                    ticks.push(Tick { x, number: k * units });
                }
            }
        }
        (ticks, unit)
    }
}

/// The stretches to draw short, ascending, each without the margins that stay to scale.
fn shortened(days: &[f64]) -> Vec<(f64, f64)> {
    let mut gaps: Vec<(f64, f64)> = days.windows(2).map(|w| (w[0], w[1])).collect();
    gaps.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
    let mut left = days[days.len() - 1] - days[0];
    let mut short = Vec::new();
    for (from, to) in &gaps {
        let length = to - from;
        // Two events alone say nothing but the distance between them.
        let enough_left = gaps.len() - short.len() > 2;
        if short.len() == BREAKS || !enough_left || length < SHORTEST || length < SHARE * left {
            break;
        }
        left -= length;
        short.push((*from, *to));
    }
    for (from, to) in &mut short {
        let margin = (left * MARGIN).min((*to - *from) / 3.0);
        (*from, *to) = (*from + margin, *to - margin);
    }
    short.sort_by(|a, b| a.0.total_cmp(&b.0));
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_years_of_follow_up_do_not_crush_six_months_of_treatment() {
        let days = vec![-61.0, 0.0, 30.0, 122.0, 152.0, 183.0, 1644.0];
        let scale = Scale::new(days, 100.0, 700.0);
        assert_eq!(scale.breaks.len(), 1);
        assert!(scale.x(183.0) - scale.x(0.0) > 250.0);
        assert_eq!((scale.x(-61.0), scale.x(1644.0)), (100.0, 700.0));
    }

    #[test]
    fn the_scale_rises() {
        let scale = Scale::new(vec![0.0, 10.0, 400.0, 420.0, 2000.0, 2040.0], 0.0, 500.0);
        let places: Vec<f64> = (0..=2040).map(|d| scale.x(f64::from(d))).collect();
        assert!(places.windows(2).all(|w| w[0] < w[1]));
        let (ticks, _) = scale.ticks();
        assert!(!ticks.is_empty() && ticks.windows(2).all(|w| w[0].x < w[1].x));
    }

    #[test]
    fn two_events_are_drawn_to_scale() {
        assert!(Scale::new(vec![0.0, 4000.0], 0.0, 500.0).breaks.is_empty());
        let one = Scale::new(vec![7.0], 0.0, 100.0);
        assert_eq!(one.x(7.0), 50.0);
    }
}
