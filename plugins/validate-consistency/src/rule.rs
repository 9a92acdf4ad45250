//! What a rule is, and how its manual page is taken from the head of its file.

use casemill_plugin_sdk::model::{Diagnostic, Label, RuleInfo, RuleStatus, Severity, Span};

use crate::reading::Reading;

/// A rule: what its file declares.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Code: family and number.
    pub(crate) code: &'static str,
    /// Name in words.
    pub(crate) name: &'static str,
    /// Usual severity.
    pub(crate) severity: Severity,
}

/// A rule as registered: declaration, manual page and check.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) rule: &'static Rule,
    pub(crate) page: &'static str,
    pub(crate) stable: bool,
    pub(crate) check: fn(&Reading<'_>, &mut Vec<Diagnostic>),
}

impl Registered {
    /// For `casemill rule`.
    pub(crate) fn info(&self) -> RuleInfo {
        RuleInfo {
            code: self.rule.code.into(),
            name: self.rule.name.into(),
            severity: self.rule.severity,
            status: if self.stable { RuleStatus::Stable } else { RuleStatus::Preview },
            page: self.page.into(),
        }
    }
}

impl Rule {
    /// A finding of this rule.
    pub(crate) fn found(&self, message: impl Into<String>) -> Found {
        Found(Diagnostic {
            rule: self.code.into(),
            severity: self.severity,
            message: message.into(),
            ..Diagnostic::default()
        })
    }
}

/// A finding being written.
#[derive(Debug)]
pub(crate) struct Found(Diagnostic);

impl Found {
    /// Underlines a place; the main one comes first.
    #[must_use]
    pub(crate) fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        if !span.is_empty() && !self.0.labels.iter().any(|l| l.span == span) {
            self.0.labels.push(Label::new(span, message));
        }
        self
    }

    /// What can be done about it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Another severity than the usual one.
    #[must_use]
    pub(crate) fn level(mut self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// The case it concerns.
    #[must_use]
    pub(crate) fn case(mut self, case: &casemill_plugin_sdk::model::Case) -> Self {
        self.0.case = Some(case.id.clone());
        self
    }

    /// Adds it to the findings.
    pub(crate) fn push(self, out: &mut Vec<Diagnostic>) {
        out.push(self.0);
    }
}

/// Number of bytes of the manual page in a source file: its leading `//!` lines without the marks.
pub(crate) const fn page_len(source: &str) -> usize {
    page_into(source, &mut [])
}

/// The manual page of a source file.
pub(crate) const fn page<const N: usize>(source: &str) -> [u8; N] {
    let mut out = [0; N];
    page_into(source, &mut out);
    out
}

const fn page_into(source: &str, out: &mut [u8]) -> usize {
    let bytes = source.as_bytes();
    let (mut at, mut length) = (0, 0);
    while at + 2 < bytes.len() && bytes[at] == b'/' && bytes[at + 1] == b'/' && bytes[at + 2] == b'!' {
        at += 3;
        if at < bytes.len() && bytes[at] == b' ' {
            at += 1;
        }
        while at < bytes.len() {
            if length < out.len() {
                out[length] = bytes[at];
            }
            length += 1;
            at += 1;
            if bytes[at - 1] == b'\n' {
                break;
            }
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_head_of_the_file() {
        const SOURCE: &str = "//! A rule.\n//!\n//! More of it.\n\nuse x;\n//! not this\n";
        const N: usize = page_len(SOURCE);
        assert_eq!(std::str::from_utf8(&page::<N>(SOURCE)), Ok("A rule.\n\nMore of it.\n"));
    }
}
