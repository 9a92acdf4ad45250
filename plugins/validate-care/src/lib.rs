//! CARE 2013 held against a report.
//!
//! ```text
//! Report ──cues, sections──> Reading: sentences with part, patient, cues
//!        ──items (one file each)──> verdicts with the words that show them ──> checklist, rules CR001 to CR014
//! ```
//!
//! What the record holds is taken from the record; what it has no place for (consent, the patient's perspective, histories,
//! limitations, lessons) is found by cues in the parts of the report where it belongs. An item is present, partial,
//! absent or not applicable. There is no score: CARE defines none, and items do not weigh the same.

#![forbid(unsafe_code)]

mod cues;
mod items;
mod oncology;
mod reading;
#[cfg(test)]
mod tests;
mod verdict;

use casemill_plugin_sdk::model::{Checklist, ChecklistItem, ItemStatus};
use casemill_plugin_sdk::prelude::*;

use crate::cues::Cues;
use crate::items::{ITEMS, Item, NOT_OBTAINED};
use crate::reading::Reading;
use crate::verdict::Judged;

/// The validator.
#[derive(Debug, Default)]
struct Care {
    cues: Cues,
}

impl Validator for Care {
    const NAME: &'static str = "care";
    const SUMMARY: &'static str = "the CARE 2013 items for case reports, and an oncology list for tumour cases";

    fn rules() -> Vec<RuleInfo> {
        ITEMS.iter().map(|item| item.rule.info()).chain([NOT_OBTAINED.info()]).collect()
    }

    fn validate(&mut self, report: &Report) -> Result<Findings> {
        let reading = Reading::new(report, &self.cues);
        let mut findings = Findings::default();
        let mut checklist =
            Checklist { id: "care-2013".into(), title: "CARE 2013 (case reports)".into(), items: Vec::new() };
        if !reading.is_case_report() {
            checklist.items = ITEMS.iter().map(not_applicable).collect();
            findings.checklists.push(checklist);
            return Ok(findings);
        }
        for item in &ITEMS {
            let judged = (item.judge)(&reading);
            if (item.rule.expected)(&reading) {
                findings.diagnostics.extend(missing(&reading, item, &judged));
            }
            findings.diagnostics.extend(items::not_obtained(&judged));
            checklist.items.push(judged.into_item(item.head));
        }
        findings.checklists.push(checklist);
        findings.checklists.extend(oncology::checklist(&reading));
        Ok(findings)
    }
}

export_plugin!(validator: Care);

fn not_applicable(item: &Item) -> ChecklistItem {
    ChecklistItem {
        number: item.head.0.to_owned(),
        title: item.head.1.to_owned(),
        status: ItemStatus::NotApplicable,
        note: "not a case report".to_owned(),
        ..ChecklistItem::default()
    }
}

/// One diagnostic for each patient for whom the item is absent, at the words that introduce the patient; one for the
/// report where the item is the report's.
fn missing(reading: &Reading<'_>, item: &Item, judged: &Judged) -> Vec<Diagnostic> {
    let cases = &reading.report.cases;
    let each = judged.whole.len() == cases.len() && judged.whole.len() > 1;
    let absent = judged.whole.iter().enumerate().filter(|(_, v)| v.is_absent());
    absent
        .map(|(i, _)| {
            let case = cases.get(i).filter(|_| each);
            let shown = case.or(cases.first());
            let place = shown.and_then(|c| c.label.as_ref().or(c.presentation.as_ref())).map(|s| s.span);
            let title = reading.document().titles.first().map(|t| t.span);
            let span = if each { place.or(title) } else { title.or(place) };
            Diagnostic {
                rule: item.rule.code.to_owned(),
                severity: item.rule.severity,
                message: item.rule.message.to_owned(),
                labels: span.map(|s| Label::new(s, "")).into_iter().collect(),
                help: Some(item.rule.help.to_owned()),
                case: case.map(|c| c.id.clone()),
            }
        })
        .collect()
}
