//! Which case of one extraction is which of another.

use case_model::{Case, Diagnostic, Fact, FactValue, Label, PairVisitor, Severity, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::UNPLACED;

/// For each case of `theirs` the index of the case of `ours` that is the same patient.
///
/// One patient on both sides is one patient. Otherwise the text decides: a shared name ("Case 2"), else the patient whose
/// evidence stands nearest to most of theirs; each patient is taken once.
pub(super) fn places(ours: &[Case], theirs: &[Case]) -> Vec<Option<usize>> {
    if let ([_], [_]) = (ours, theirs) {
        return vec![Some(0)];
    }
    let spans: Vec<Vec<Span>> = ours.iter().map(spans).collect();
    let mut votes: Vec<(usize, usize, usize)> = Vec::new();
    for (i, case) in theirs.iter().enumerate() {
        let mut count = vec![0; ours.len()];
        for span in self::spans(case) {
            if let Some(nearest) = nearest(&spans, span) {
                count[nearest] += 1;
            }
        }
        for (j, known) in ours.iter().enumerate() {
            let named = case.label.as_ref().zip(known.label.as_ref()).is_some_and(|(a, b)| a.span.overlaps(b.span));
            if named {
                count[j] = usize::MAX;
            }
        }
        votes.extend(count.into_iter().enumerate().filter(|(_, n)| *n > 0).map(|(j, n)| (n, i, j)));
    }
    // The clearest pairs first; among equals the first of the text.
    votes.sort_by_key(|(n, i, j)| (std::cmp::Reverse(*n), *i, *j));
    let mut out = vec![None; theirs.len()];
    let mut taken = vec![false; ours.len()];
    for (_, i, j) in votes {
        if out[i].is_none() && !taken[j] {
            out[i] = Some(j);
            taken[j] = true;
        }
    }
    // A case without words of its own goes by its name.
    for (i, case) in theirs.iter().enumerate() {
        if out[i].is_none()
            && case.fact_count() == 0
            && let Some(j) = ours.iter().position(|c| c.id == case.id).filter(|j| !taken[*j])
        {
            out[i] = Some(j);
            taken[j] = true;
        }
    }
    out
}

fn spans(case: &Case) -> Vec<Span> {
    let mut out: Vec<Span> = case.label.iter().chain(&case.presentation).map(|s| s.span).collect();
    case.visit(&mut |_, fact| out.extend(fact.evidence().iter().map(|e| e.span)));
    out
}

/// The case whose evidence stands nearest; `None` when two are equally near.
fn nearest(cases: &[Vec<Span>], span: Span) -> Option<usize> {
    let distance = |other: &Span| other.start.saturating_sub(span.end).max(span.start.saturating_sub(other.end));
    let mut best: Vec<(u32, usize)> =
        cases.iter().enumerate().filter_map(|(i, spans)| Some((spans.iter().map(distance).min()?, i))).collect();
    best.sort_unstable();
    match best[..] {
        [] => None,
        [(d, _), (e, _), ..] if d == e => None,
        [(_, i), ..] => Some(i),
    }
}

/// Divides a case that a plugin made without telling patients apart: each fact goes to the patient in whose stretch of
/// the text it stands, from the first to the last words that are known to be about that patient. What stands elsewhere, or
/// where patients are told in turns, is left out and told.
pub(super) fn divide(ours: &[Case], theirs: Case) -> (Vec<Case>, Vec<Diagnostic>) {
    let hull = |case: &Case| spans(case).into_iter().reduce(Span::hull);
    let stretches: Vec<Option<Span>> = ours.iter().map(hull).collect();
    let whose = |span: Span| {
        let mut holders = stretches.iter().enumerate().filter(|(_, s)| s.is_some_and(|s| s.contains(span)));
        // Stretches of patients that are told in turns overlap: then nobody can say.
        holders.next().filter(|_| holders.next().is_none()).map(|(i, _)| i)
    };
    let mut parts = Vec::new();
    for (i, case) in ours.iter().enumerate() {
        let mut part = Case { id: case.id.clone(), label: case.label.clone(), ..Case::default() };
        part.pair(&mut theirs.clone(), &mut Keep(|span| whose(span) == Some(i)));
        if part.fact_count() > 0 {
            parts.push(part);
        }
    }
    let mut rest = Keep(|span: Span| whose(span).is_none());
    let mut unplaced = Case::default();
    unplaced.pair(&mut theirs.clone(), &mut rest);
    let mut told = Vec::new();
    unplaced.visit(&mut |_, fact| {
        told.push(Diagnostic {
            rule: UNPLACED.into(),
            severity: Severity::Warning,
            message: format!("a plugin found `{}` and the text does not say whose it is", fact.label()),
            labels: fact.evidence().iter().map(|e| Label::new(e.span, e.by.clone())).collect(),
            help: Some("it is left out of all patients".into()),
            case: None,
        });
    });
    (parts, told)
}

/// Keeps the facts whose first words stand in the right place.
struct Keep<F: Fn(Span) -> bool>(F);

impl<F: Fn(Span) -> bool> PairVisitor for Keep<F> {
    fn pair<T: FactValue + Clone + PartialEq + Serialize + DeserializeOwned>(
        &mut self,
        _: &'static str,
        first: &mut Vec<Fact<T>>,
        second: Vec<Fact<T>>,
    ) {
        first.extend(second.into_iter().filter(|fact| (self.0)(fact.span())));
    }
}
