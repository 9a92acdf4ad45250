//! Fixtures: paragraphs of a report, and under each line what is read from it.
//!
//! A file in `fixtures/` is one phenomenon. Lines that start with `#` are remarks; a paragraph is a report of its own, about
//! an adult woman unless it follows the remark `#: alone`. Lines of carets name the facts of the line above them. The test
//! reads the text without the caret lines and writes them anew; `CASEMILL_BLESS=1` keeps what it wrote, to be read before
//! it is committed.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use case_model::{AnyFact, Assertion, Case, Document, Source};
use casemill_plugin_sdk::serde_json::{self, Value};

use super::{Extractor, Narrative};

const LEAD: &str = "Case report\n\nA 50-year-old woman was referred to our clinic.\n\n";

#[test]
fn fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures in {}", folder.display());
    let bless = std::env::var_os("CASEMILL_BLESS").is_some();
    let mut wrong = String::new();
    for path in paths {
        let wanted = std::fs::read_to_string(&path).unwrap();
        let found = rewritten(&wanted);
        if found == wanted {
            continue;
        }
        if bless {
            std::fs::write(&path, found).unwrap();
        } else {
            let name = path.file_name().unwrap().to_string_lossy();
            let _ = write!(wrong, "{name}\n{}\n", differences(&wanted, &found));
        }
    }
    assert!(wrong.is_empty(), "- wanted, + found; CASEMILL_BLESS=1 keeps what was found\n\n{wrong}");
}

/// Lines that stand in one of two texts only.
fn differences(wanted: &str, found: &str) -> String {
    let only = |sign: char, a: &str, b: &str| -> String {
        let known: HashSet<&str> = b.lines().collect();
        a.lines().filter(|l| !known.contains(l)).fold(String::new(), |out, l| out + &format!("{sign} {l}\n"))
    };
    only('-', wanted, found) + &only('+', found, wanted)
}

/// The fixture with the caret lines that extraction gives.
fn rewritten(fixture: &str) -> String {
    let mut out = String::new();
    let mut alone = false;
    let lines: Vec<&str> = fixture.lines().filter(|l| !l.trim_start().starts_with('^')).collect();
    for paragraph in lines.split(|l| l.is_empty()) {
        let (remarks, text): (Vec<&str>, Vec<&str>) = paragraph.iter().partition(|l| l.starts_with('#'));
        for remark in remarks {
            alone = remark == "#: alone";
            let _ = writeln!(out, "{remark}");
        }
        if !text.is_empty() {
            carets(if alone { "" } else { LEAD }, &text, &mut out);
            alone = false;
        }
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn carets(lead: &str, lines: &[&str], out: &mut String) {
    let text = format!("{lead}{}\n", lines.join("\n"));
    let document: Document = case_text::read_text(&text, Source::default());
    let extraction = Narrative::default().extract(&document).unwrap();
    let mut marks: Vec<(usize, usize, String)> = Vec::new();
    let many = extraction.cases.len() > 1;
    for (number, case) in extraction.cases.iter().enumerate() {
        let values = values(case);
        case.visit(&mut |_, fact| {
            let span = fact.evidence()[0].span;
            let ranges = document.origin().ranges(span);
            let (start, end) = (ranges[0].start as usize, ranges[ranges.len() - 1].end as usize);
            if start >= lead.len() {
                let patient = if many { format!("{} ", number + 1) } else { String::new() };
                marks.push((start, end, format!("{patient}{}", told(&values[fact.id().as_str()], fact))));
            }
        });
    }
    marks.sort();
    let mut from = lead.len();
    for line in lines {
        let _ = writeln!(out, "{line}");
        for (start, end, told) in marks.iter().filter(|(s, ..)| (from..=from + line.len()).contains(s)) {
            let indent = text[from..*start].chars().count();
            let width = text[*start..(*end).min(from + line.len())].chars().count().max(1);
            let _ = writeln!(out, "{}{} {told}", " ".repeat(indent), "^".repeat(width));
        }
        from += line.len() + 1;
    }
}

/// The values of a case by the ids of their facts, as JSON.
fn values(case: &Case) -> HashMap<String, Value> {
    fn gather(value: &Value, out: &mut HashMap<String, Value>) {
        match value {
            Value::Object(fields) => match (fields.get("id"), fields.get("value")) {
                (Some(Value::String(id)), Some(value)) => {
                    out.insert(id.clone(), value.clone());
                }
                _ => fields.values().for_each(|v| gather(v, out)),
            },
            Value::Array(list) => list.iter().for_each(|v| gather(v, out)),
            _ => {}
        }
    }
    let mut out = HashMap::new();
    gather(&serde_json::to_value(case).unwrap(), &mut out);
    out
}

/// `finding Fever (absent): severity=mild; at "on admission"; HP:0001945`
fn told(value: &Value, fact: &dyn AnyFact) -> String {
    let mut parts = Vec::new();
    if let Value::Object(fields) = value {
        for (key, value) in fields {
            let value = plain(value);
            if !value.is_empty() && value != fact.label() && !matches!(key.as_str(), "label" | "kind") {
                parts.push(format!("{key}={value}"));
            }
        }
    }
    if let Some(timing) = fact.timing().filter(|t| !t.quote.is_empty()) {
        parts.push(format!("at \"{}\"", timing.quote));
    }
    parts.extend(fact.codings().first().map(|c| c.code.clone()));
    let assertion = match fact.assertion() {
        Assertion::Present => String::new(),
        other => format!(" ({})", other.as_str()),
    };
    let head = format!("{} {}{assertion}", fact.kind(), fact.label());
    if parts.is_empty() { head } else { format!("{head}: {}", parts.join("; ")) }
}

/// A value in few words: quotes of statements and times, what lists hold.
fn plain(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Number(n) => n.to_string(),
        Value::String(s) => s.clone(),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().map(plain).filter(|p| !p.is_empty()).collect();
            parts.join(" + ")
        }
        // A dose is more than its amount.
        Value::Object(fields) if fields.contains_key("amount") => {
            let parts = ["printed", "frequency", "route"].iter().filter_map(|key| fields.get(*key)).map(plain);
            parts.collect::<Vec<_>>().join(" ")
        }
        Value::Object(fields) => {
            let named = ["quote", "printed", "symbol", "agent", "code", "value", "label"];
            named.iter().find_map(|key| fields.get(*key)).map_or_else(String::new, plain)
        }
    }
}
