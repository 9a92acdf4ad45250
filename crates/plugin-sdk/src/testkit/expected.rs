//! Expected output in files.

use std::fmt::Write as _;
use std::path::Path;

use case_model::{Diagnostic, Extraction, Report};

/// Set to anything, this environment variable makes [`assert_expected`] write what it would compare.
pub const ACCEPT: &str = "CASEMILL_ACCEPT";

/// Compares output with a file of the crate; run with `CASEMILL_ACCEPT=1` to write the file anew.
///
/// # Panics
/// If they differ: names the file, the first line that differs, and how to accept it.
#[track_caller]
pub fn assert_expected(file: impl AsRef<Path>, actual: &str) {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&root).join(file);
    if std::env::var_os(ACCEPT).is_some() {
        let folder = path.parent().unwrap_or(&path);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, actual));
        written.unwrap_or_else(|e| panic!("{} cannot be written: {e}", path.display()));
        return;
    }
    let help = format!("if it is meant, run {ACCEPT}=1 cargo test and read what it wrote");
    let expected = std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{} cannot be read: {e}\n{help}", path.display()))
        .replace("\r\n", "\n");
    if expected != actual {
        let lines = expected.lines().map(Some).chain(std::iter::repeat(None));
        let differing = lines.zip(actual.lines().map(Some).chain([None])).position(|(e, a)| e != a).unwrap_or_default();
        let line = |text: &str| text.lines().nth(differing).unwrap_or("(nothing)").to_owned();
        panic!(
            "{} differs in line {}\nexpected {}\n     got {}\n{help}",
            path.display(),
            differing + 1,
            line(&expected),
            line(actual)
        );
    }
}

/// Diagnostics as lines: rule, severity, message, and each label with the words it stands under.
pub fn show(report: &Report, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for found in diagnostics {
        let _ = writeln!(out, "{} {}: {}", found.rule, found.severity.as_str(), found.message);
        for label in &found.labels {
            let _ = writeln!(out, "  {:?} {}", report.document.words(label.span), label.message);
        }
    }
    out
}

/// Facts as lines: case, list, label, assertion, and the words that back them.
pub fn show_facts(extraction: &Extraction) -> String {
    let mut out = String::new();
    for case in &extraction.cases {
        case.visit(&mut |list, fact| {
            let _ = write!(out, "{} {list}: {} ({})", case.id, fact.label(), fact.assertion());
            for evidence in fact.evidence() {
                let _ = write!(out, ", {:?}", evidence.quote);
            }
            out.push('\n');
        });
    }
    out
}
