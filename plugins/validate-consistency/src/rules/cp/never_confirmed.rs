//! A diagnosis that stays suspected.
//!
//! The main tumour is only ever suspected ("findings were suggestive of an IMT"), and no sentence confirms it, while the report goes on
//! as if it were.
//!
//! ## Why it matters
//!
//! Whoever codes the case has to choose a certainty that the text does not give.
//!
//! ## Example
//!
//! The findings were suggestive of an IMT. Crizotinib was initiated.
//!
//! ## What to write
//!
//! What settled the diagnosis, and when.
//!
//! ## Reference
//!
//! CARE 2013, item 8c: diagnostic reasoning.

use casemill_plugin_sdk::model::{Certainty, Diagnostic, DiagnosisRole, GenomicResult, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CP003", name: "never-confirmed", severity: Severity::Info };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        let tumours = || case.diagnoses.iter().filter(|d| d.value.neoplasm);
        let main = tumours().find(|d| d.value.role == DiagnosisRole::Primary && d.value.certainty == Certainty::Suspected);
        let Some(main) = main else { continue };
        // Its morphology ("spindle cell neoplasm") may be settled before; a disease by another name, or what is confirmed
        // behind it, is the diagnosis.
        let settled = tumours().any(|d| {
            let morphology = d.value.label.contains("neoplasm") || d.value.label.contains("tumour");
            d.value.certainty == Certainty::Confirmed
                && (!morphology || d.evidence.iter().any(|e| e.span.start > main.span().start && reading.sentence(e.span.start).is_some_and(|s| s.patient)))
        });
        if settled {
            continue;
        }
        let start = reading.token_at(main.span().start);
        let sentence = reading.sentence(main.span().start);
        // With the words that leave it open.
        let open = sentence.and_then(|s| {
            (s.tokens.start..start).rev().take(6).find(|i| {
                matches!(
                    reading.word(*i),
                    "suggestive" | "suspicious" | "suspected" | "probable" | "presumed" | "presumptive" | "possible" | "consistent" | "compatible"
                )
            })
        });
        let whole = open.map_or(main.span(), |i| reading.tokens[i].span.hull(main.span()));
        let mut found = RULE
            .found(format!("{} is suspected and nowhere confirmed", main.value.label))
            .case(case)
            .at(whole, "left open");
        let support = case.genomic_findings.iter().find(|g| g.value.result == GenomicResult::Detected);
        if let Some(support) = support {
            found = found.at(support.span(), "supports it, and is not said to confirm it");
        }
        found.push(out);
    }
}
