//! What several extractors made of one document, as one.
//!
//! The same fact from two plugins is one fact with the evidence of both. Where they read the same words differently,
//! both readings stay, name each other as conflicting, and the rule [`PL001`](HOST_RULES) says so: nothing is decided
//! by the order in which plugins were found.

mod align;
mod facts;
#[cfg(test)]
mod tests;
mod unify;

use std::sync::LazyLock;

use case_model::{Case, Extraction, FactId, RuleInfo, RuleStatus, Severity};

use facts::Joiner;

/// Code of the rule that tells of readings that differ.
const DISAGREE: &str = "PL001";

/// Code of the rule that tells of facts without a patient.
const UNPLACED: &str = "PL002";

/// Rules of the host itself, beside those of validators.
pub static HOST_RULES: LazyLock<Vec<RuleInfo>> = LazyLock::new(|| {
    let rule = |code: &str, name: &str, page: &str| RuleInfo {
        code: code.into(),
        name: name.into(),
        severity: Severity::Warning,
        status: RuleStatus::Stable,
        page: page.into(),
    };
    vec![
        rule(
            DISAGREE,
            "plugins-disagree",
            "Two extractors read the same words differently.\n\n\
            Two extractors state the same thing of the same patient with another value: another age, present and absent, \
            another dose. Both readings are in the record and name each other as conflicting; none is preferred.\n\n\
            ## What to do\n\nLook at the underlined words: they say which reading is right. A plugin that is wrong can be left out with \
            `--no-default-plugins` and `--plugin`.\n",
        ),
        rule(
            UNPLACED,
            "fact-without-patient",
            "An extractor found a fact and the text does not say whose it is.\n\n\
            An extractor that does not tell patients apart found a fact in a report of several patients, at a place that \
            belongs to none of them. The fact is left out: nothing is put on a patient by guess.\n\n\
            ## What to do\n\nRead the underlined words; what they say of a patient can be added to the record by hand.\n",
        ),
    ]
});

/// Merges extractions, each with the name of what made it (`PLUGIN/COMPONENT`). The order in which they are given makes
/// no difference.
pub fn merge(mut extractions: Vec<(String, Extraction)>) -> Extraction {
    // The extraction with the most patients is the ground on which the others are laid; among equals the name decides.
    extractions.sort_by(|(a, x), (b, y)| y.cases.len().cmp(&x.cases.len()).then_with(|| a.cmp(b)));
    let mut all = extractions.into_iter();
    let Some((_, mut out)) = all.next() else { return Extraction::default() };
    for (_, next) in all {
        join(&mut out, next);
    }
    out
}

fn join(out: &mut Extraction, mut next: Extraction) {
    if let ([_, _, ..], [case]) = (&out.cases[..], &mut next.cases[..]) {
        // A plugin that knows nothing of patients puts all it finds into one case: the text says whose each fact is.
        let (parts, unplaced) = align::divide(&out.cases, std::mem::take(case));
        next.cases = parts;
        out.diagnostics.extend(unplaced);
    }
    let places = align::places(&out.cases, &next.cases);
    let mut joiner = Joiner::new(out);
    for (mut case, place) in std::mem::take(&mut next.cases).into_iter().zip(places) {
        match place.and_then(|i| out.cases.get_mut(i)) {
            Some(known) => joiner.case(known, &mut case),
            None => {
                let mut added = Case { id: free_name(&out.cases), ..Case::default() };
                joiner.case(&mut added, &mut case);
                out.cases.push(added);
            }
        }
    }
    joiner.claims(&mut out.claims, next.claims);
    joiner.background(&mut out.background, next.background);
    joiner.finish(out);
    for terminology in next.terminologies {
        if !out.terminologies.contains(&terminology) {
            out.terminologies.push(terminology);
        }
    }
    for diagnostic in next.diagnostics {
        if !out.diagnostics.contains(&diagnostic) {
            out.diagnostics.push(diagnostic);
        }
    }
}

/// A name that no case has.
fn free_name(cases: &[Case]) -> String {
    let taken = |name: &String| cases.iter().any(|c| c.id == *name);
    (cases.len() + 1..).map(|n| format!("case-{n}")).find(|name| !taken(name)).unwrap_or_default()
}

/// The id itself, or the next of its form that is free.
fn free_id(id: &FactId, taken: impl Fn(&FactId) -> bool) -> FactId {
    if !taken(id) {
        return id.clone();
    }
    (2u32..).map(|n| FactId::new(format!("{id}-{n}"))).find(|id| !taken(id)).unwrap_or_default()
}
