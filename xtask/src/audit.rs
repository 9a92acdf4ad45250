//! `cargo xtask audit`: what the validators find in the annotated reports, against what they must and must not find.
//!
//! A contradiction of the gold counts as found when one diagnostic underlines all of its places, or at least two of them.
//! A comparison that holds counts as violated when one diagnostic that is no finding of the gold underlines two of its
//! places. Everything else at warning or error level is listed for a human to judge.

use std::fs;
use std::path::Path;
use std::process::Command;

use case_model::{Diagnostic, Report, Severity, Span};
use serde_json::Value;

use crate::Result;
use crate::predict::Points;

/// An entry of `must_flag` or `must_not_flag`.
struct Entry {
    id: String,
    kind: String,
    external: bool,
    spans: Vec<[usize; 2]>,
    surfaces: Vec<String>,
}

/// A diagnostic with the code points of the input that each label underlines.
struct Shown<'r> {
    diagnostic: &'r Diagnostic,
    labels: Vec<Vec<[usize; 2]>>,
}

#[derive(Default)]
struct Totals {
    wanted: usize,
    found: usize,
    comparisons: usize,
    violated: usize,
    others: usize,
    notes: usize,
}

/// Prints the page.
pub(crate) fn audit(program: &Path, gold: &Path, output: &Path) -> Result {
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    fs::create_dir_all(output)?;
    let status = Command::new(program)
        .args(["run", "--quiet", "--to", "json", "-o"])
        .arg(output)
        .arg(gold.join("texts"))
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .status()?;
    if !matches!(status.code(), Some(0 | 1 | 3)) {
        return Err(format!("{} ended with {status}", program.display()).into());
    }
    let mut facts: Vec<_> = fs::read_dir(gold.join("facts"))?.collect::<Result<_, _>>()?;
    facts.sort_by_key(fs::DirEntry::path);
    let mut totals = Totals::default();
    for entry in facts {
        let path = entry.path();
        let Some(name) =
            path.file_stem().and_then(|n| n.to_str()).filter(|_| path.extension().is_some_and(|e| e == "json"))
        else {
            continue;
        };
        let gold_facts: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let source = fs::read(gold.join("texts").join(format!("{name}.txt")))?;
        let record = output.join(format!("{name}.json"));
        if !record.exists() {
            println!("{name}: no record");
            continue;
        }
        let report = Report::from_json(&fs::read(record)?)?;
        page(name, &report, &gold_facts, &Points::of(&source), &mut totals);
    }
    let Totals { wanted, found, comparisons, violated, others, notes } = totals;
    println!(
        "\nfound {found} of {wanted} that must be flagged; {violated} of {comparisons} that must not be flagged are violated; \
         {others} other warnings and errors, {notes} other notes"
    );
    Ok(())
}

fn entries(gold: &Value, list: &str) -> Vec<Entry> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let all = gold["consistency"][list].as_array();
    all.into_iter()
        .flatten()
        .map(|e| {
            let spans = e["spans"].as_array().into_iter().flatten();
            let place = |s: &Value| Some([s["span"][0].as_u64()? as usize, s["span"][1].as_u64()? as usize]);
            Entry {
                id: text(&e["id"]),
                kind: text(&e["kind"]),
                external: e["external_knowledge"] == true,
                spans: spans.clone().filter_map(place).collect(),
                surfaces: spans.map(|s| text(&s["surface"])).collect(),
            }
        })
        .collect()
}

impl Shown<'_> {
    /// Number of the places of an entry that this diagnostic underlines.
    fn covers(&self, entry: &Entry) -> usize {
        let hit = |span: &[usize; 2]| self.labels.iter().flatten().any(|l| l[0] < span[1] && span[0] < l[1]);
        entry.spans.iter().filter(|s| hit(s)).count()
    }

    fn finds(&self, entry: &Entry) -> bool {
        let n = self.covers(entry);
        n > 0 && (n == entry.spans.len() || n > 1)
    }
}

fn page(name: &str, report: &Report, gold: &Value, points: &Points, totals: &mut Totals) {
    let origin = report.document.origin();
    let shown: Vec<Shown<'_>> = report
        .audit
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let places = |span: Span| origin.ranges(span).into_iter().map(|r| points.pair(r)).collect();
            Shown { diagnostic, labels: diagnostic.labels.iter().map(|l| places(l.span)).collect() }
        })
        .collect();
    let (wanted, holds) = (entries(gold, "must_flag"), entries(gold, "must_not_flag"));
    println!("\n== {name}");
    for entry in &wanted {
        let by: Vec<&str> = shown.iter().filter(|s| s.finds(entry)).map(|s| s.diagnostic.rule.as_str()).collect();
        let near: Vec<&str> =
            shown.iter().filter(|s| s.covers(entry) > 0).map(|s| s.diagnostic.rule.as_str()).collect();
        totals.wanted += 1;
        totals.found += usize::from(!by.is_empty());
        let external = if entry.external { ", outside knowledge" } else { "" };
        match (by.is_empty(), near.is_empty()) {
            (false, _) => println!("  found    {} {} by {}", entry.id, entry.kind, by.join(", ")),
            (true, false) => {
                println!(
                    "  touched  {} {}{external} by {}: {:?}",
                    entry.id,
                    entry.kind,
                    near.join(", "),
                    entry.surfaces
                );
            }
            (true, true) => println!("  missed   {} {}{external}: {:?}", entry.id, entry.kind, entry.surfaces),
        }
    }
    let listed = |s: &Shown<'_>| wanted.iter().any(|e| s.finds(e));
    for entry in &holds {
        totals.comparisons += 1;
        let by: Vec<&str> =
            shown.iter().filter(|s| !listed(s) && s.covers(entry) > 1).map(|s| s.diagnostic.rule.as_str()).collect();
        if !by.is_empty() {
            totals.violated += 1;
            println!("  VIOLATED {} {} by {}: {:?}", entry.id, entry.kind, by.join(", "), entry.surfaces);
        }
    }
    for other in shown.iter().filter(|s| !listed(s)) {
        let Diagnostic { rule, severity, message, labels, .. } = other.diagnostic;
        let note = *severity == Severity::Info;
        *(if note { &mut totals.notes } else { &mut totals.others }) += 1;
        let places: Vec<&str> = labels.iter().map(|l| report.document.words(l.span)).collect();
        println!("  {:8} {rule} {message}: {places:?}", severity.as_str());
    }
}
