//! Writes case records as plain-summary: the exporter of docs/tutorial-exporter.md.

#![forbid(unsafe_code)]

use casemill_plugin_sdk::prelude::*;

/// Writes `NAME.plain-summary.txt`.
#[derive(Debug, Default)]
struct PlainSummary;

impl Exporter for PlainSummary {
    const FORMAT: Format = Format::new("plain-summary", "text/plain", "plain-summary.txt");
    const SUMMARY: &'static str = "the patient and the number of facts";

    fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
        let mut text = String::from("What the report says about you\n\n");
        if let Some(age) = case.age() {
            text += &format!("You were {} years old when you came to the clinic.\n", age.value.value.in_years());
        }
        for finding in case.findings.iter().filter(|f| f.is_present()) {
            text += &format!("You had: {}.\n", finding.value.label);
        }
        for diagnosis in case.diagnoses.iter().filter(|d| d.is_present()) {
            text += &format!("The doctors found: {}.\n", diagnosis.value.label);
        }
        for treatment in case.treatments.iter().filter(|t| t.value.status.as_str() == "given") {
            text += &format!("You were treated with: {}.\n", treatment.value.agent);
        }
        for event in case.adverse_events.iter().filter(|e| e.is_present()) {
            text += &format!("A side effect was: {} (\"{}\").\n", event.value.label, event.quote());
        }
        out.write(text);
        Ok(())
    }
}

export_plugin!(exporter: PlainSummary);

#[cfg(test)]
mod tests {
    use super::*;
    use casemill_plugin_sdk::{serde_json::json, testkit};

    #[test]
    fn the_sample_case() {
        let written = testkit::export::<PlainSummary>(&[testkit::sample_report()], json!({})).unwrap();
        testkit::assert_expected("tests/expected/sample.txt", written.text("sample-1.plain-summary.txt"));
    }

    #[test]
    fn a_case_without_facts() {
        let written = testkit::export::<PlainSummary>(&[testkit::empty_case()], json!({})).unwrap();
        assert_eq!(written.files.len(), 1);
    }
}
