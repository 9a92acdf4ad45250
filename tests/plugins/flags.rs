//! A validator for tests: it flags words that the test puts into its text.

#![forbid(unsafe_code)]

use casemill_plugin_sdk::prelude::*;

/// Flags `ERRORWORD`, `WARNINGWORD` and `INFOWORD`.
#[derive(Debug, Default)]
struct Flags;

const RULES: [(&str, &str, Severity, &str); 3] = [
    ("ZZ001", "error-word", Severity::Error, "ERRORWORD"),
    ("ZZ002", "warning-word", Severity::Warning, "WARNINGWORD"),
    ("ZZ003", "info-word", Severity::Info, "INFOWORD"),
];

impl Validator for Flags {
    const NAME: &'static str = "flags";
    const SUMMARY: &'static str = "flags words that tests write";

    fn rules() -> Vec<RuleInfo> {
        let rule = |(code, name, severity, word): &(&str, &str, Severity, &str)| RuleInfo {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            severity: *severity,
            page: format!("# {name}\n\nThe text holds the word {word}."),
            ..RuleInfo::default()
        };
        RULES.iter().map(rule).collect()
    }

    fn validate(&mut self, report: &Report) -> Result<casemill_plugin_sdk::Findings> {
        let text = &report.document.text;
        let mut findings = casemill_plugin_sdk::Findings::default();
        for (code, _, severity, word) in RULES {
            let places: Vec<Label> = text
                .match_indices(word)
                .enumerate()
                .map(|(i, (at, _))| {
                    let span = Span::new(at as u32, (at + word.len()) as u32);
                    Label::new(span, if i == 0 { "it stands here" } else { "and here" })
                })
                .collect();
            if !places.is_empty() {
                findings.diagnostics.push(Diagnostic {
                    rule: code.to_owned(),
                    severity,
                    message: format!("the text holds {word}"),
                    labels: places,
                    help: Some("take it out".to_owned()),
                    case: None,
                });
            }
        }
        Ok(findings)
    }
}

export_plugin!(validator: Flags);
