//! Genomic findings, also those looked for and not found.

use std::borrow::Cow;

use case_timeline::Moment;
use casemill_plugin_sdk::model::{GeneInvolved, GeneRole, GenomicFinding, GenomicResult, VariantOrigin};

use super::{Chart, sorted};
use crate::topic::Topic;
use crate::view::{Cell, Codes, Part, Table, joined, maybe, note, value};
use crate::wording;

/// What was found first.
const RESULTS: [GenomicResult; 3] = [GenomicResult::Detected, GenomicResult::Equivocal, GenomicResult::NotDetected];

/// Genomic findings by result.
pub(super) fn genomics<'a>(chart: &Chart<'a>) -> Option<Table<'a>> {
    let facts = sorted(&chart.case.genomic_findings, |g| &g.result, &RESULTS);
    let rows = facts.into_iter().filter_map(|g| {
        let mut head = chart.head(g, g.value.label.as_str()).noted(wording::genomic_kind(&g.value.kind));
        if g.value.result == GenomicResult::NotDetected {
            // "Not detected" in the next cell says it.
            head.badge = None;
        }
        let result = vec![Part::Badge(wording::badge::genomic(&g.value.result))];
        let when = chart.when(g, g.timing.as_ref(), Moment::Start);
        chart.row(g, head, vec![result, genes(&g.value), nomenclature(&g.value), assay(&g.value), when])
    });
    let columns = ("Finding", &["Result", "Genes", "Nomenclature and value", "Assay", "When"][..]);
    Table::plain(chart.part("genomics"), "Genomics", Topic::Genomics, columns, rows.collect())
}

/// Genes with their parts; candidates of an open partner together.
fn genes(finding: &GenomicFinding) -> Cell<'_> {
    let (candidates, known): (Vec<_>, Vec<_>) =
        finding.genes.iter().partition(|g| g.role == GeneRole::CandidatePartner);
    let mut cell: Cell<'_> = known.into_iter().map(|g| gene(g, "")).collect();
    if !candidates.is_empty() {
        cell.push(note("partner left open by the text:"));
    }
    cell.extend(candidates.into_iter().enumerate().map(|(i, g)| gene(g, if i == 0 { "" } else { "or " })));
    cell
}

fn gene<'a>(gene: &'a GeneInvolved, lead: &str) -> Part<'a> {
    Part::Coded(format!("{lead}{}", wording::gene(gene)).into(), Codes(gene.coding.as_slice()))
}

/// The candidates for a partner that the text leaves open: `{LMNA, TPM3}`.
pub(super) fn candidate_set(finding: &GenomicFinding) -> Option<String> {
    let candidates = finding.genes.iter().filter(|g| g.role == GeneRole::CandidatePartner);
    joined(candidates.map(|g| Cow::Borrowed(g.symbol.as_str())), ", ").map(|set| format!("{{{set}}}"))
}

fn nomenclature(finding: &GenomicFinding) -> Cell<'_> {
    let mut cell: Cell<'_> = finding.hgvs.iter().map(|h| value(h.as_str())).collect();
    cell.extend(finding.iscn.iter().map(|i| value(i.as_str())));
    let GenomicFinding { value: measured, fraction, zygosity, classification, .. } = finding;
    let named = [("", measured), ("fraction: ", fraction), ("zygosity: ", zygosity), ("classified: ", classification)];
    cell.extend(named.into_iter().filter_map(|(name, part)| Some(note(format!("{name}{}", part.as_ref()?)))));
    cell
}

fn assay(finding: &GenomicFinding) -> Cell<'_> {
    let mut cell = maybe(finding.assay.as_deref());
    cell.extend(finding.specimen.iter().map(|s| note(format!("specimen: {s}"))));
    if finding.origin != VariantOrigin::Unknown {
        cell.push(note(format!("origin: {}", wording::plain(finding.origin.as_str()))));
    }
    cell
}
