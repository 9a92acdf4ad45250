//! Overlapping marks as a sequence of segments.

use std::ops::Range;

use super::marks::Mark;

/// Facts named on one segment. More than these on the same words are not told apart by looking.
const NAMED: usize = 24;

/// A stretch of the text that is covered by the same marks throughout.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Its marks, as positions in [`Segments::covering`].
    covers: Range<usize>,
}

/// All segments of a text, without gaps.
#[derive(Debug, Default)]
pub(super) struct Segments {
    all: Vec<Segment>,
    /// Positions of marks, segment after segment.
    covering: Vec<usize>,
}

impl Segments {
    /// Segments from `start` to `end`, which must both be cuts.
    pub(super) fn within(&self, start: u32, end: u32) -> &[Segment] {
        let from = self.all.partition_point(|s| s.start < start);
        let to = self.all.partition_point(|s| s.start < end);
        self.all.get(from..to).unwrap_or_default()
    }

    /// Positions of the marks that cover a segment.
    pub(super) fn covering(&self, segment: &Segment) -> &[usize] {
        &self.covering[segment.covers.clone()]
    }
}

/// Cuts a text of `length` bytes at `cuts` and at both ends of all marks, which are sorted by start.
pub(super) fn segments(marks: &[Mark], cuts: impl Iterator<Item = u32>, length: u32) -> Segments {
    let mut bounds: Vec<u32> = marks.iter().flat_map(|m| [m.start, m.end]).chain(cuts).chain([0, length]).collect();
    bounds.retain(|b| *b <= length);
    bounds.sort_unstable();
    bounds.dedup();
    let mut out = Segments { all: Vec::with_capacity(bounds.len()), covering: Vec::with_capacity(2 * marks.len()) };
    let (mut active, mut next): (Vec<usize>, usize) = (Vec::new(), 0);
    for bound in bounds.windows(2) {
        let (start, end) = (bound[0], bound[1]);
        active.retain(|position| marks[*position].end > start);
        while next < marks.len() && marks[next].start == start {
            active.push(next);
            next += 1;
        }
        let from = out.covering.len();
        // The latest are the innermost.
        out.covering.extend(active.iter().rev().take(NAMED));
        out.all.push(Segment { start, end, covers: from..out.covering.len() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::marks::Owner;
    use super::*;

    fn mark(start: u32, end: u32) -> Mark {
        Mark { start, end, owner: Owner::Fact { number: start as usize, evidence: true } }
    }

    fn told(marks: &[Mark], cuts: &[u32], length: u32) -> Vec<(u32, u32, Vec<usize>)> {
        let segments = segments(marks, cuts.iter().copied(), length);
        segments.within(0, length).iter().map(|s| (s.start, s.end, segments.covering(s).to_vec())).collect()
    }

    #[test]
    fn overlapping_marks_share_a_segment() {
        let expected = [(0, 2, vec![]), (2, 5, vec![0]), (5, 8, vec![1, 0]), (8, 9, vec![1]), (9, 12, vec![])];
        assert_eq!(told(&[mark(2, 8), mark(5, 9)], &[], 12), expected);
    }

    #[test]
    fn nested_and_equal_marks() {
        let marks = [mark(0, 10), mark(3, 5), mark(3, 5)];
        let expected = [(0, 3, vec![0]), (3, 5, vec![2, 1, 0]), (5, 10, vec![0])];
        assert_eq!(told(&marks, &[], 10), expected);
    }

    #[test]
    fn cuts_divide_what_is_covered_alike() {
        assert_eq!(told(&[mark(0, 4)], &[2, 9], 6), [(0, 2, vec![0]), (2, 4, vec![0]), (4, 6, vec![])]);
    }

    #[test]
    fn an_empty_text_has_no_segments() {
        assert!(told(&[], &[0], 0).is_empty());
    }
}
