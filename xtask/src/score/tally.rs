//! Counting: hits and errors, figures, samples of errors by cause.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Hits and errors.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Wanted and found.
    pub(crate) hits: usize,
    /// Found, not wanted.
    pub(crate) wrong: usize,
    /// Wanted, not found.
    pub(crate) missed: usize,
}

impl Tally {
    /// Counts one item that is wanted or not, found or not.
    pub(crate) fn add(&mut self, wanted: bool, found: bool) {
        self.hits += usize::from(wanted && found);
        self.wrong += usize::from(!wanted && found);
        self.missed += usize::from(wanted && !found);
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.hits, self.hits + self.wrong)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.hits, self.hits + self.missed)
    }

    /// F1 = 2 TP / (2 TP + FP + FN).
    pub(crate) fn f1(&self) -> f64 {
        share(2 * self.hits, 2 * self.hits + self.wrong + self.missed)
    }

    /// The figure of this tally's F1.
    pub(crate) fn figure(&self, what: impl Into<String>) -> Figure {
        let told = format!("P {:.3} R {:.3}; {} wanted", self.precision(), self.recall(), self.hits + self.missed);
        Figure { what: what.into(), value: self.f1(), told, ..Figure::default() }
    }
}

/// A share, zero of nothing.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What a figure should reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At least this.
    AtLeast(f64),
    /// Less than this.
    Below(f64),
}

/// One figure of the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figure {
    /// What it says.
    pub(crate) what: String,
    /// Its value, between 0 and 1.
    pub(crate) value: f64,
    /// What stands behind it.
    pub(crate) told: String,
    /// What others reached.
    pub(crate) floor: &'static str,
    /// The first goal.
    pub(crate) goal: Option<Goal>,
}

impl Figure {
    /// With what others reached.
    pub(crate) fn floor(mut self, floor: &'static str) -> Self {
        self.floor = floor;
        self
    }

    /// With a goal.
    pub(crate) fn goal(mut self, least: f64) -> Self {
        self.goal = Some(Goal::AtLeast(least));
        self
    }

    /// With a goal to stay below.
    pub(crate) fn below(mut self, limit: f64) -> Self {
        self.goal = Some(Goal::Below(limit));
        self
    }

    /// Whether the goal is reached.
    pub(crate) fn reached(&self) -> Option<bool> {
        self.goal.map(|goal| match goal {
            Goal::AtLeast(least) => self.value >= least,
            Goal::Below(limit) => self.value < limit,
        })
    }
}

/// Errors by cause: how many, and the first of them in words.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    keep: usize,
    causes: BTreeMap<String, (usize, Vec<String>)>,
}

impl Errors {
    /// Keeps so many samples of each cause.
    pub(crate) fn keeping(keep: usize) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Counts an error.
    pub(crate) fn add(&mut self, cause: impl Into<String>, sample: impl FnOnce() -> String) {
        let (count, samples) = self.causes.entry(cause.into()).or_default();
        *count += 1;
        if samples.len() < self.keep {
            samples.push(sample());
        }
    }

    /// How many samples of each cause are kept.
    pub(crate) fn kept(&self) -> usize {
        self.keep
    }

    /// Takes in the errors of a part, its name before their causes.
    pub(crate) fn take(&mut self, part: &str, errors: Self) {
        self.causes.extend(errors.causes.into_iter().map(|(cause, rest)| (format!("{part}{cause}"), rest)));
    }

    /// Causes, the most frequent first: name, count, samples.
    pub(crate) fn by_count(&self) -> Vec<(&str, usize, &[String])> {
        let mut out: Vec<_> = self.causes.iter().map(|(c, (n, s))| (c.as_str(), *n, s.as_slice())).collect();
        out.sort_by_key(|(_, n, _)| std::cmp::Reverse(*n));
        out
    }
}

/// A place of a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Type.
    pub(crate) kind: String,
}

impl Mark {
    /// A mark, trimmed of white space and punctuation at its ends; `None` if nothing is left.
    pub(crate) fn new(text: &str, range: Range<usize>, kind: impl Into<String>) -> Option<Self> {
        let words = text.get(range.clone())?;
        let edge = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':');
        let start = range.start + (words.len() - words.trim_start_matches(edge).len());
        let end = start + words.trim_matches(edge).len();
        (end > start).then(|| Self { start, end, kind: kind.into() })
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Compares the marks of one text strictly (same place, same type) and names the cause of each error.
pub(crate) fn compare(text: &str, gold: Vec<Mark>, found: Vec<Mark>, tally: &mut Tally, errors: &mut Errors) {
    let gold: BTreeSet<Mark> = gold.into_iter().collect();
    let found: BTreeSet<Mark> = found.into_iter().collect();
    tally.hits += gold.intersection(&found).count();
    for missed in gold.difference(&found) {
        tally.missed += 1;
        let kind = &missed.kind;
        let near = |m: &&Mark| m.overlaps(missed);
        if let Some(other) = found.iter().filter(near).find(|m| m.kind == *kind) {
            errors.add(format!("other bounds: {kind}"), || {
                format!("{} | found {:?}", context(text, missed.start..missed.end), &text[other.start..other.end])
            });
        } else if let Some(other) = found.iter().find(|m| m.start == missed.start && m.end == missed.end) {
            errors
                .add(format!("other type: {kind} found as {}", other.kind), || context(text, missed.start..missed.end));
        } else {
            errors.add(format!("missed: {kind}"), || context(text, missed.start..missed.end));
        }
    }
    for wrong in found.difference(&gold) {
        tally.wrong += 1;
        if !gold.iter().any(|g| g.overlaps(wrong)) {
            errors.add(format!("false: {}", wrong.kind), || context(text, wrong.start..wrong.end));
        }
    }
}

/// Words with what stands around them: `... of [BRAF V600E] in ...`.
pub(crate) fn context(text: &str, range: Range<usize>) -> String {
    const AROUND: usize = 50;
    let from = text[..range.start].char_indices().rev().take(AROUND).last().map_or(range.start, |(i, _)| i);
    let to =
        text[range.end..].char_indices().take(AROUND).last().map_or(range.end, |(i, c)| range.end + i + c.len_utf8());
    let line = format!("...{}[{}]{}...", &text[from..range.start], &text[range.clone()], &text[range.end..to]);
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str, list: &[(usize, usize, &str)]) -> Vec<Mark> {
        list.iter().filter_map(|(s, e, k)| Mark::new(text, *s..*e, *k)).collect()
    }

    #[test]
    fn strict_comparison_names_causes() {
        let text = "fever, cough and pain of the chest";
        let gold = marks(text, &[(0, 5, "sign"), (7, 12, "sign"), (17, 34, "sign")]);
        let found = marks(text, &[(0, 6, "sign"), (7, 12, "disease"), (17, 21, "sign"), (29, 34, "site")]);
        let (mut tally, mut errors) = (Tally::default(), Errors::keeping(1));
        compare(text, gold, found, &mut tally, &mut errors);
        // The comma is trimmed; the site lies within a sign, so it is no error of its own.
        assert_eq!((tally.hits, tally.wrong, tally.missed), (1, 3, 2));
        let causes: Vec<_> = errors.by_count().iter().map(|(c, n, _)| format!("{c} {n}")).collect();
        assert_eq!(causes, ["other bounds: sign 1", "other type: sign found as disease 1"]);
        assert!((tally.f1() - 2.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn context_keeps_to_characters() {
        let text = "é".repeat(80) + "fever" + &"ü".repeat(80);
        assert!(context(&text, 160..165).contains("é[fever]ü"));
    }
}
