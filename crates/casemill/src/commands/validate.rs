//! `casemill validate`: a linter for case reports.

use case_model::{Audit, Diagnostic, RuleInfo, Severity};
use casemill_plugin_host::{Lane, Pipeline};
use serde_json::json;

use super::batch::{Batch, Handled, Reason, passed_over, record, tell_failures, tell_reason};
use super::pipeline;
use crate::cli::{FindingsFormat, Validate};
use crate::exit::Exit;
use crate::inputs::Input;
use crate::{interrupt, render};

struct Checked {
    name: String,
    audit: Audit,
}

pub(super) fn run(args: &Validate) -> Result<Exit, String> {
    interrupt::guard();
    let pipeline = pipeline(&args.plugins, &args.work, &args.input.encoding)?;
    let batch = Batch::new(&args.input, &args.work);
    let mut exit = batch.exit();
    let mut checked: Vec<Checked> = Vec::new();
    batch.each(
        &pipeline,
        &[],
        |lane, input, _| one(&batch, lane, input),
        |input, result| match result {
            Ok(handled) => {
                tell_failures(input, &handled.failures);
                let audit = handled.report.audit;
                if args.format == FindingsFormat::Text {
                    for diagnostic in &audit.diagnostics {
                        outln!("{}\n", render::diagnostic(diagnostic, &input.name, &handled.source));
                    }
                }
                if !handled.failures.is_empty() {
                    exit = exit.max(Exit::SomeFailed);
                }
                if audit.diagnostics.iter().any(|d| args.deny.denies(d.severity)) {
                    exit = exit.max(Exit::Findings);
                }
                checked.push(Checked { name: input.name.clone(), audit });
            }
            Err(reason) if passed_over(input, &reason) => tracing::info!("{}: passed over, {reason}", input.name),
            Err(reason) => {
                tell_reason(input, &reason);
                exit = exit.max(Exit::SomeFailed);
            }
        },
    );
    match args.format {
        FindingsFormat::Text => summary(&checked),
        FindingsFormat::Json => {
            let all: serde_json::Map<String, serde_json::Value> =
                checked.iter().map(|c| (c.name.clone(), serde_json::to_value(&c.audit).unwrap_or_default())).collect();
            outln!("{}", serde_json::to_string_pretty(&all).unwrap_or_default());
        }
        FindingsFormat::Sarif => {
            outln!("{}", serde_json::to_string_pretty(&sarif(&pipeline, &checked)).unwrap_or_default())
        }
        FindingsFormat::Csv => crate::stream::out_bytes(csv(&pipeline, &checked)?.as_bytes()),
    }
    Ok(exit)
}

/// A report, or a case record that holds one.
fn one(batch: &Batch, lane: &mut Lane<'_>, input: &Input) -> Result<Handled, Reason> {
    let bytes = batch.bytes(input)?;
    if let Some(mut report) = record(&bytes) {
        // The record carries its text; places are those of the repaired text, which is all there is.
        report.document.repairs.clear();
        let source = report.document.text.clone();
        let failures = lane.validate(&mut report, &source);
        return Ok(Handled { report, source, failures });
    }
    batch.handle(lane, input, bytes, true)
}

fn summary(checked: &[Checked]) {
    let count = |severity| checked.iter().flat_map(|c| &c.audit.diagnostics).filter(|d| d.severity == severity).count();
    outln!(
        "{} checked: {} errors, {} warnings, {} notes",
        if checked.len() == 1 { "1 report".to_owned() } else { format!("{} reports", checked.len()) },
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    );
    for checklist in checked.iter().flat_map(|c| &c.audit.checklists) {
        let states = |status: &str| checklist.items.iter().filter(|i| i.status.as_str() == status).count();
        outln!(
            "{}: {} present, {} partial, {} absent",
            checklist.title,
            states("present"),
            states("partial"),
            states("absent")
        );
    }
    let mut off: Vec<&str> = checked.iter().flat_map(|c| &c.audit.switched_off).map(String::as_str).collect();
    off.sort_unstable();
    off.dedup();
    if !off.is_empty() {
        outln!("switched off: {}", off.join(", "));
    }
}

fn place(diagnostic: &Diagnostic, i: usize) -> Option<case_model::Place> {
    diagnostic.labels.get(i).and_then(|l| l.place)
}

/// CSV: a header of metadata, then level, rule, message, place.
fn csv(pipeline: &Pipeline, checked: &[Checked]) -> Result<String, String> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let plugins: Vec<String> = pipeline
        .registry
        .components("validator")
        .map(|(p, _)| format!("{} {}", p.description.id, p.description.version))
        .collect();
    let rows = (|| -> csv::Result<()> {
        writer.write_record([format!("# casemill {}; {}", pipeline.version, plugins.join("; "))])?;
        writer.write_record([
            "level",
            "rule",
            "message",
            "file",
            "line",
            "column",
            "second_line",
            "second_column",
            "help",
        ])?;
        for c in checked {
            for d in &c.audit.diagnostics {
                let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
                writer.write_record([
                    d.severity.as_str(),
                    &d.rule,
                    &d.message,
                    &c.name,
                    &number(place(d, 0).map(|p| p.line)),
                    &number(place(d, 0).map(|p| p.column)),
                    &number(place(d, 1).map(|p| p.line)),
                    &number(place(d, 1).map(|p| p.column)),
                    d.help.as_deref().unwrap_or_default(),
                ])?;
            }
        }
        Ok(())
    })();
    rows.map_err(|e| e.to_string())?;
    let bytes = writer.into_inner().map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

/// OASIS SARIF 2.1.0, §3.
fn sarif(pipeline: &Pipeline, checked: &[Checked]) -> serde_json::Value {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut rules: Vec<&RuleInfo> = pipeline.rules().collect();
    rules.sort_by(|a, b| a.code.cmp(&b.code));
    let results: Vec<_> = checked
        .iter()
        .flat_map(|c| c.audit.diagnostics.iter().map(move |d| (c, d)))
        .map(|(c, d)| {
            let location = |i: usize| {
                let p = place(d, i)?;
                Some(json!({
                    "physicalLocation": {
                        "artifactLocation": { "uri": c.name },
                        "region": {
                            "startLine": p.line,
                            "startColumn": p.column,
                            "byteOffset": p.origin.start,
                            "byteLength": p.origin.len()
                        }
                    },
                    "message": { "text": d.labels[i].message }
                }))
            };
            json!({
                "ruleId": d.rule,
                "level": level(d.severity),
                "message": { "text": d.message },
                "locations": location(0).into_iter().collect::<Vec<_>>(),
                "relatedLocations": (1..d.labels.len()).filter_map(location).collect::<Vec<_>>()
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "casemill",
                "version": pipeline.version,
                "rules": rules.iter().map(|r| json!({
                    "id": r.code,
                    "name": r.name,
                    "shortDescription": { "text": r.page.lines().next().unwrap_or_default().trim_start_matches('#').trim() },
                    "fullDescription": { "text": r.page },
                    "defaultConfiguration": { "level": level(r.severity) }
                })).collect::<Vec<_>>()
            } },
            "columnKind": "unicodeCodePoints",
            "results": results
        }]
    })
}
