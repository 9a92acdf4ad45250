//! One page for the tumour board, in Markdown: who, what, markers and variants, course, open contradictions.
//!
//! Shows what the tutorial leaves out: options, losses, and quotes from the text behind every line.

#![forbid(unsafe_code)]

use std::fmt::Write as _;

use casemill_plugin_sdk::model::{AnyFact, GenomicResult, MarkerResult};
use casemill_plugin_sdk::prelude::*;

/// Writes `NAME.tumour-board.md`.
#[derive(Debug, Default)]
struct TumourBoard {
    quotes: bool,
}

impl Exporter for TumourBoard {
    const FORMAT: Format = Format::new("tumour-board", "text/markdown", "tumour-board.md");
    const SUMMARY: &'static str = "one page for the tumour board";

    fn options() -> OptionSpecs {
        OptionSpecs::new().flag("quotes", true, "quote the words of the report behind each line")
    }

    fn configure(&mut self, options: &Options) -> Result<()> {
        self.quotes = options.flag("quotes");
        Ok(())
    }

    fn export(&mut self, case: &Case, out: &mut Artifacts<'_>) -> Result<()> {
        let mut page = Page { text: String::from("# Tumour board\n"), quotes: self.quotes };
        let age = case.age().map_or("age not reported".to_owned(), |a| format!("{} years", a.value.value.in_years()));
        let sex = case.sex().map_or("sex not reported", |s| s.value.as_str());
        let _ = writeln!(page.text, "\n{age}, {sex}");

        page.head("Diagnosis");
        for fact in case.diagnoses.iter().filter(|d| d.value.neoplasm) {
            let stages: Vec<&str> = fact.value.stages.iter().map(|s| s.value.as_str()).collect();
            page.line(fact, &fact.value.label, &stages.join(", "));
        }
        page.head("Markers");
        for fact in &case.marker_tests {
            let sign = match fact.value.result {
                MarkerResult::Positive => "positive",
                MarkerResult::Negative => "negative",
                ref other => other.as_str(),
            };
            page.line(fact, &fact.value.name, &[sign, fact.value.score.as_deref().unwrap_or_default()].join(" "));
        }
        page.head("Genomics");
        for fact in &case.genomic_findings {
            let detected = if fact.value.result == GenomicResult::NotDetected { "not detected" } else { "" };
            page.line(fact, &fact.value.label, detected);
        }
        page.head("Treatment and response");
        for fact in &case.treatments {
            let line = fact.value.line.map_or(String::new(), |n| format!("line {n}, "));
            page.line(fact, &fact.value.agent, &format!("{line}{}", fact.value.status.as_str().replace('_', " ")));
        }
        for fact in &case.responses {
            page.line(fact, fact.value.category.as_str(), fact.value.criteria.as_deref().unwrap_or_default());
        }
        for fact in &case.adverse_events {
            page.line(fact, &fact.value.label, &fact.value.grade.map_or(String::new(), |g| format!("grade {g}")));
        }
        page.contradictions(case);
        // One page holds the course, not the work-up.
        for fact in &case.measurements {
            out.lost(
                Some(&fact.id),
                format!("measurement `{}`", fact.value.analyte),
                "the page has no laboratory values",
            );
        }
        out.write(page.text);
        Ok(())
    }
}

struct Page {
    text: String,
    quotes: bool,
}

impl Page {
    fn head(&mut self, title: &str) {
        let _ = write!(self.text, "\n## {title}\n\n");
    }

    fn line(&mut self, fact: &dyn AnyFact, name: &str, detail: &str) {
        let _ = write!(self.text, "- {}", escaped(name));
        if !detail.trim().is_empty() {
            let _ = write!(self.text, ": {}", escaped(detail.trim()));
        }
        if fact.assertion().as_str() != "present" {
            let _ = write!(self.text, " ({})", fact.assertion());
        }
        if let Some(evidence) = fact.evidence().first().filter(|_| self.quotes) {
            let _ = write!(self.text, " - \"{}\"", escaped(&evidence.quote));
        }
        self.text.push('\n');
    }

    /// What cannot hold together, said and not resolved.
    fn contradictions(&mut self, case: &Case) {
        let mut lines = Vec::new();
        case.visit(&mut |_, fact| {
            if !fact.conflicts_with().is_empty() {
                let quotes: Vec<String> =
                    fact.evidence().iter().map(|e| format!("\"{}\"", escaped(&e.quote))).collect();
                lines.push(format!("- {}: {}\n", escaped(&fact.label()), quotes.join(", ")));
            }
        });
        if !lines.is_empty() {
            self.head("Contradictions in the report");
            self.text.extend(lines);
        }
    }
}

/// Text in which Markdown and HTML mean nothing (CommonMark 0.31, section 2.4).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.push(' ');
            continue;
        }
        if "\\`*_{}[]<>#|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

export_plugin!(exporter: TumourBoard);

#[cfg(test)]
mod tests {
    use super::*;
    use casemill_plugin_sdk::{serde_json::json, testkit};

    #[test]
    fn the_sample_case() {
        let written = testkit::export::<TumourBoard>(&[testkit::sample_report()], json!({})).unwrap();
        testkit::assert_expected("tests/expected/sample.md", written.text("sample-1.tumour-board.md"));
        assert_eq!(written.losses.len(), testkit::sample_report().cases[0].measurements.len());
    }

    #[test]
    fn words_of_the_report_are_not_markup() {
        let written =
            testkit::export::<TumourBoard>(&[testkit::unusual_characters()], json!({ "quotes": true })).unwrap();
        let (_, bytes) = &written.files[0];
        assert!(!String::from_utf8_lossy(bytes).contains("u<b>"));
        assert!(!String::from_utf8_lossy(bytes).contains(" <b>"));
    }

    #[test]
    fn quotes_can_be_left_out() {
        let written = testkit::export::<TumourBoard>(&[testkit::sample_report()], json!({ "quotes": false })).unwrap();
        assert!(!written.text("sample-1.tumour-board.md").contains('"'));
    }
}
