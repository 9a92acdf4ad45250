//! A targeted drug before the molecular result.
//!
//! The text says that a drug was started while the result of molecular studies was awaited, or before it was known, and later
//! reports a molecular result. The message is for information: authors who write so know it.
//!
//! ## Why it matters
//!
//! The basis of the choice was then something else (immunohistochemistry, histology, hope), and a reader who sees result and drug
//! in one table would take the result for the reason.
//!
//! ## Example
//!
//! Crizotinib was started while awaiting the results of molecular studies. Sequencing later detected an ALK fusion.
//!
//! ## What to write
//!
//! What the choice was based on.

use casemill_plugin_sdk::model::{ActionStatus, Diagnostic, GenomicResult, Severity, Span, TreatmentKind, TreatmentRole};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CT008", name: "drug-before-result", severity: Severity::Info };

const WAITING: &[&str] = &["awaiting", "pending", "awaited", "before", "prior"];
const STUDIES: &[&str] = &["molecular", "genetic", "genomic", "sequencing", "ngs", "mutation", "mutational", "fish", "fusion"];
const RESULTS: &[&str] = &["result", "results", "report", "confirmation", "studies", "analysis", "testing", "profiling"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let result = case.genomic_findings.iter().find(|g| g.value.result == GenomicResult::Detected);
        for treatment in &case.treatments {
            let wanted = treatment.value.status == ActionStatus::Given
                && treatment.value.kind == TreatmentKind::Drug
                && treatment.value.role == TreatmentRole::Anticancer;
            let Some(result) = result.filter(|_| wanted) else { continue };
            for evidence in &treatment.evidence {
                let Some(sentence) = reading.sentence(evidence.span.start) else { continue };
                let from = reading.token_at(evidence.span.end);
                let Some(wait) = reading.find_any(from..sentence.tokens.end, WAITING) else { continue };
                let clause = wait..(wait + 10).min(sentence.tokens.end);
                let (Some(study), Some(last)) =
                    (reading.find_any(clause.clone(), STUDIES), clause.rev().find(|i| RESULTS.contains(&reading.word(*i))))
                else {
                    continue;
                };
                if result.span().start > evidence.span.start {
                    RULE.found(format!("{} was started before the molecular result", treatment.value.agent))
                        .case(case)
                        .at(reading.span(wait, last.max(study)), format!("{} was started then", treatment.value.agent))
                        .at(told(reading, result.span()), "the result")
                        .at(evidence.span, "the drug")
                        .push(out);
                }
                break;
            }
        }
    }
}

/// The finding with the words that tell of it: from the start of its sentence.
fn told(reading: &Reading<'_>, span: Span) -> Span {
    reading.sentence(span.start).map_or(span, |s| Span::new(s.span.start, span.end.max(s.span.start)))
}
