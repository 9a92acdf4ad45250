//! A result that the assay cannot give.
//!
//! Karyotyping or FISH is named as the assay of a change of single bases, or immunohistochemistry as that of a microdeletion or karyotype.
//!
//! ## Why it matters
//!
//! The assay or the result is misnamed; whoever wants to repeat it needs to know which.
//!
//! ## Example
//!
//! FISH revealed a JAK2 V617F mutation.
//!
//! ## What to write
//!
//! The assay that gave the result.
//!
//! ## Reference
//!
//! ACMG Technical Standards for Clinical Genetics Laboratories, sections E (cytogenetics, FISH) and G (molecular genetics).

use casemill_plugin_sdk::model::{Diagnostic, GenomicKind, GenomicResult, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CG005", name: "assay-cannot-tell", severity: Severity::Warning };

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for finding in case.genomic_findings.iter().filter(|g| g.value.result == GenomicResult::Detected) {
            let Some(assay) = &finding.value.assay else { continue };
            let lower = assay.to_lowercase();
            let cells = ["fish", "fluorescence in situ", "karyotyp", "g-band", "cytogenetic"].iter().any(|a| lower.contains(a));
            let named = lower.contains("sequenc") || lower.contains("pcr") || lower.contains("ngs") || lower.contains("array");
            // Only what is written as a variant: the kind alone may be a guess.
            let small = matches!(finding.value.kind, GenomicKind::Snv | GenomicKind::Indel) && !finding.value.hgvs.is_empty();
            if cells && !named && small {
                let sentence = reading.sentence(finding.span().start).map(|s| s.span).unwrap_or_default();
                let at = reading.words(sentence).find(assay.as_str()).map(|i| {
                    let start = sentence.start + i as u32;
                    casemill_plugin_sdk::model::Span::new(start, start + assay.len() as u32)
                });
                RULE.found(format!("{assay} cannot show {}", finding.value.label))
                    .case(case)
                    .at(finding.span(), "the result")
                    .at(at.unwrap_or_default(), "the assay")
                    .push(out);
            }
        }
    }
}
