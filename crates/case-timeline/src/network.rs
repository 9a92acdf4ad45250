//! A simple temporal network.

/// A bound: `to - from <= days`, because of a statement.
#[derive(Clone, Copy, Debug)]
struct Bound {
    from: usize,
    to: usize,
    days: f64,
    statement: usize,
}

/// Points and bounds on their distances.
#[derive(Debug, Default)]
pub(crate) struct Network {
    points: usize,
    bounds: Vec<Bound>,
}

/// A solved network.
#[derive(Debug)]
pub(crate) struct Solution {
    /// Earliest and latest distance of each point from point 0; infinite where nothing ties it.
    pub(crate) days: Vec<(f64, f64)>,
    /// Sets of statements that cannot all hold.
    pub(crate) conflicts: Vec<Vec<usize>>,
}

/// Slack below which a cycle is rounding and not a contradiction.
const ROUNDING: f64 = 1e-6;

impl Network {
    /// Adds a point.
    pub(crate) fn point(&mut self) -> usize {
        self.points += 1;
        self.points - 1
    }

    /// States that `to` lies `min` to `max` days after `from`.
    pub(crate) fn state(&mut self, from: usize, to: usize, min: f64, max: f64, statement: usize) {
        if max.is_finite() {
            self.bounds.push(Bound { from, to, days: max, statement });
        }
        if min.is_finite() {
            self.bounds.push(Bound { from: to, to: from, days: -min, statement });
        }
    }

    /// Solves. A contradicting set is reported once; its last statement is then left out and the rest solved again. Where
    /// some of the set are only `implied`, the last of those gives way and nothing is reported.
    pub(crate) fn solve(mut self, implied: impl Fn(usize) -> bool) -> Solution {
        let mut conflicts: Vec<Vec<usize>> = Vec::new();
        loop {
            match self.paths_from_all() {
                Ok(()) => break,
                Err(cycle) => {
                    let mut statements: Vec<usize> = cycle.iter().map(|b| b.statement).collect();
                    statements.sort_unstable();
                    statements.dedup();
                    if let Some(weak) = statements.iter().rev().copied().find(|s| implied(*s)) {
                        self.bounds.retain(|b| b.statement != weak);
                        continue;
                    }
                    let Some(last) = statements.last().copied() else { break };
                    self.bounds.retain(|b| b.statement != last);
                    conflicts.push(statements);
                }
            }
        }
        let latest = self.shortest(0, false);
        let earliest = self.shortest(0, true);
        let days = latest.iter().zip(&earliest).map(|(latest, to_zero)| (-to_zero, *latest)).collect();
        Solution { days, conflicts }
    }

    /// Bellman and Ford from a point that is tied to all: finds a negative cycle wherever it is.
    fn paths_from_all(&self) -> Result<(), Vec<Bound>> {
        let mut distance = vec![0.0f64; self.points];
        let mut through: Vec<Option<usize>> = vec![None; self.points];
        let mut changed = None;
        for _ in 0..=self.points {
            changed = None;
            for (i, bound) in self.bounds.iter().enumerate() {
                let reach = distance[bound.from] + bound.days;
                if reach < distance[bound.to] - ROUNDING {
                    distance[bound.to] = reach;
                    through[bound.to] = Some(i);
                    changed = Some(bound.to);
                }
            }
            if changed.is_none() {
                return Ok(());
            }
        }
        // Walk back far enough to be on the cycle, then around it.
        let mut at = changed.unwrap_or(0);
        for _ in 0..self.points {
            at = through[at].map_or(at, |i| self.bounds[i].from);
        }
        let start = at;
        let mut cycle = Vec::new();
        while let Some(i) = through[at] {
            cycle.push(self.bounds[i]);
            at = self.bounds[i].from;
            if at == start || cycle.len() > self.points {
                break;
            }
        }
        Err(cycle)
    }

    /// Shortest paths from `start`, or to it along reversed bounds.
    fn shortest(&self, start: usize, reversed: bool) -> Vec<f64> {
        let mut distance = vec![f64::INFINITY; self.points];
        if let Some(zero) = distance.get_mut(start) {
            *zero = 0.0;
        }
        for _ in 0..self.points {
            let mut changed = false;
            for bound in &self.bounds {
                let (from, to) = if reversed { (bound.to, bound.from) } else { (bound.from, bound.to) };
                let reach = distance[from] + bound.days;
                if reach < distance[to] - ROUNDING {
                    distance[to] = reach;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_hold_or_contradict() {
        let mut network = Network::default();
        let (start, event, stop) = (network.point(), network.point(), network.point());
        network.state(start, event, 4.5, 5.5, 0);
        network.state(event, stop, 0.5, 1.5, 1);
        network.state(start, stop, 5.5, 6.5, 2);
        let solution = network.solve(|_| false);
        assert!(solution.conflicts.is_empty());
        assert_eq!(solution.days[stop], (5.5, 6.5));

        let mut network = Network::default();
        let (start, event, stop) = (network.point(), network.point(), network.point());
        network.state(start, event, 4.5, 5.5, 0);
        network.state(event, stop, 0.5, 1.5, 1);
        network.state(start, stop, 8.5, 9.5, 2);
        let solution = network.solve(|_| false);
        assert_eq!(solution.conflicts, [[0, 1, 2]]);
        // Without the last statement the others still resolve.
        assert_eq!(solution.days[stop], (5.0, 7.0));
    }

    #[test]
    fn what_is_implied_gives_way() {
        let mut network = Network::default();
        let (start, event) = (network.point(), network.point());
        network.state(start, event, 4.5, 5.5, 0);
        network.state(start, event, 0.0, 0.0, 1);
        let solution = network.solve(|statement| statement == 1);
        assert!(solution.conflicts.is_empty());
        assert_eq!(solution.days[event], (4.5, 5.5));
    }

    #[test]
    fn a_point_that_nothing_ties_is_open() {
        let mut network = Network::default();
        let (_, loose) = (network.point(), network.point());
        assert_eq!(network.solve(|_| false).days[loose], (f64::NEG_INFINITY, f64::INFINITY));
    }
}
