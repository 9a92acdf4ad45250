//! A marker and a molecular result of the same gene that disagree.
//!
//! Immunohistochemistry is negative for a protein whose gene is found fused or amplified (ALK, ROS1, NTRK, HER2 and others whose
//! rearrangement makes the protein appear), or is positive while the rearrangement was looked for and not found. The second is for
//! information: a protein may appear by other ways.
//!
//! ## Why it matters
//!
//! One of the tests failed, or they were made on different tissue. Treatment hangs on it.
//!
//! ## Example
//!
//! ALK was negative by immunohistochemistry. Sequencing detected an EML4-ALK fusion.
//!
//! ## What to write
//!
//! Both results with specimen and clone, and how the disagreement was settled.
//!
//! ## Reference
//!
//! Lindeman et al. Updated molecular testing guideline for lung cancer (CAP/IASLC/AMP). Arch Pathol Lab Med 2018;142:321-46.

use casemill_plugin_sdk::model::{Diagnostic, GenomicKind, GenomicResult, MarkerResult, Severity};

use crate::reading::Reading;
use crate::rule::Rule;

pub(crate) const RULE: Rule = Rule { code: "CP001", name: "marker-against-molecular", severity: Severity::Warning };

/// Genes whose rearrangement or amplification shows as protein.
const SHOWN: &[&str] = &["ALK", "ROS1", "NTRK1", "NTRK2", "NTRK3", "ERBB2", "RET", "MET"];

pub(crate) fn check(reading: &Reading<'_>, out: &mut Vec<Diagnostic>) {
    for (case, _) in reading.cases() {
        for marker in case.marker_tests.iter().filter(|m| SHOWN.contains(&m.value.marker.as_str())) {
            let other_method = !marker.value.method.is_empty() && marker.value.method != "IHC";
            if other_method {
                continue;
            }
            for finding in &case.genomic_findings {
                let of_gene = finding.value.genes.iter().any(|g| g.symbol == marker.value.marker);
                let structural = matches!(
                    finding.value.kind,
                    GenomicKind::Fusion | GenomicKind::Rearrangement | GenomicKind::CopyNumber
                );
                if !of_gene || !structural {
                    continue;
                }
                let level = match (&marker.value.result, &finding.value.result) {
                    (MarkerResult::Negative, GenomicResult::Detected) => Severity::Warning,
                    (MarkerResult::Positive, GenomicResult::NotDetected) => Severity::Info,
                    _ => continue,
                };
                RULE.found(format!("{}: protein and gene disagree", marker.value.marker))
                    .level(level)
                    .case(case)
                    .at(marker.span(), format!("protein {}", marker.value.result))
                    .at(finding.span(), format!("gene {}", finding.value.result.as_str().replace('_', " ")))
                    .push(out);
            }
        }
    }
}
