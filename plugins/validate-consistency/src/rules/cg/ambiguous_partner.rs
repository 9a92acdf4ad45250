//! A fusion whose partner is left open.
//!
//! Two genes with a slash between them stand where one partner is expected: "a translocation between ALK and PTRH2/CLTC". The record keeps
//! both as candidates and joins nothing.
//!
//! ## Why it matters
//!
//! The partner decides on the breakpoint, on the test that finds the fusion again, and in some fusions on the response.
//!
//! ## Example
//!
//! a translocation between ALK and PTRH2/CLTC
//!
//! ## What to write
//!
//! CLTC::ALK, or which of the two is fused and why the other is named.
//!
//! ## Reference
//!
//! Bruford et al. HGNC recommendations for the designation of gene fusions. Leukemia 2021;35:3040-3.

use casemill_plugin_sdk::model::{Diagnostic, GeneRole, GenomicResult, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CG001", name: "ambiguous-partner", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for finding in case.genomic_findings.iter().filter(|g| g.value.result != GenomicResult::NotDetected) {
            let open: Vec<&str> = finding
                .value
                .genes
                .iter()
                .filter(|g| g.role == GeneRole::CandidatePartner)
                .map(|g| g.symbol.as_str())
                .collect();
            if open.len() < 2 {
                continue;
            }
            // The slash itself, in the sentence of the finding.
            let slashed = finding.evidence.iter().find_map(|e| {
                let sentence = reading.sentence(e.span.start)?;
                let at = sentence.tokens.clone().find(|i| {
                    reading.written(*i) == open[0] && matches!(reading.word(i + 1), "/" | "or") && reading.written(i + 2) == open[1]
                })?;
                Some(reading.span(at, at + 2))
            });
            let mut found = RULE
                .found(format!("the partner is left open: {}", open.join(" or ")))
                .case(case)
                .at(slashed.unwrap_or(finding.span()), "which of them?")
                .at(finding.span(), "the finding");
            if let Some(iscn) = &finding.value.iscn {
                let place = finding.evidence.iter().map(|e| e.span).find(|s| reading.words(*s).contains("t("));
                found = found.at(place.unwrap_or_default(), format!("{iscn} does not tell"));
            }
            found.push(out);
        }
    }
}
