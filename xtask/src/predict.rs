//! `cargo xtask predict`: case records in the prediction form of the gold scorer.
//!
//! Spans are code points of the input file. What the form has no place for is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use case_model::{
    ActionStatus, AnchorKind, AnyFact, Case, Coding, Fact, FactId, GeneRole, GenomicKind, IsoDuration, Relation,
    Report, Span, Timing, VitalStatus,
};
use serde_json::{Map, Value, json};

use crate::Result;

/// Runs every report of a folder through the program and writes one prediction each.
pub(crate) fn predict(program: &Path, input: &Path, output: &Path) -> Result {
    let records = output.join("records");
    fs::create_dir_all(&records)?;
    run(program, input, &records)?;
    let mut written = 0;
    let mut entries: Vec<_> = fs::read_dir(&records)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.file_name().is_some_and(|n| n == "casemill-run.json") {
            continue;
        }
        let Some(name) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".json")) else {
            continue;
        };
        let report = Report::from_json(&fs::read(&path)?)?;
        let source = fs::read(input.join(&report.document.source.name)).or_else(|_| fs::read(input))?;
        let points = Points::of(&source);
        let patients: Vec<Value> = report.cases.iter().enumerate().map(|(i, c)| patient(i, c, &points)).collect();
        let prediction = json!({ "doc": name, "patients": patients });
        fs::write(output.join(format!("{name}.json")), serde_json::to_vec_pretty(&prediction)?)?;
        written += 1;
    }
    println!("{written} predictions in {}", output.display());
    Ok(())
}

/// Runs a folder of reports through the program; `records` gets one case record each.
pub(crate) fn run(program: &Path, input: &Path, records: &Path) -> Result {
    let status = Command::new(program)
        .args(["run", "--quiet", "--to", "json", "-o"])
        .arg(records)
        .arg(input)
        .stderr(std::process::Stdio::null())
        .status()?;
    // Exit 1 says that validators found something, 3 that some inputs could not be read.
    if !matches!(status.code(), Some(0 | 1 | 3)) {
        return Err(format!("{} ended with {status}", program.display()).into());
    }
    Ok(())
}

/// Byte offsets of a file to code points.
pub(crate) struct Points {
    /// Number of code points before each byte that is a multiple of 64, and the bytes themselves.
    marks: Vec<usize>,
    bytes: Vec<u8>,
}

impl Points {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut marks = Vec::new();
        let mut count = 0;
        for (i, byte) in bytes.iter().enumerate() {
            if i % 64 == 0 {
                marks.push(count);
            }
            count += usize::from(byte & 0xC0 != 0x80);
        }
        Self { marks, bytes: bytes.to_vec() }
    }

    fn at(&self, byte: usize) -> usize {
        let byte = byte.min(self.bytes.len());
        let Some(mark) = self.marks.get(byte / 64) else {
            return self.marks.last().map_or(0, |_| self.bytes.iter().filter(|b| **b & 0xC0 != 0x80).count());
        };
        mark + self.bytes[byte / 64 * 64..byte].iter().filter(|b| **b & 0xC0 != 0x80).count()
    }

    pub(crate) fn pair(&self, span: Span) -> [usize; 2] {
        [self.at(span.start as usize), self.at(span.end as usize)]
    }
}

/// A row with the words that back the fact.
fn row<T: case_model::FactValue>(fact: &Fact<T>, points: &Points, value: Value) -> Value {
    let mut row: Map<String, Value> = match value {
        Value::Object(map) => map.into_iter().filter(|(_, v)| !v.is_null()).collect(),
        _ => Map::new(),
    };
    let spans: Vec<[usize; 2]> = fact.evidence.iter().filter_map(|e| e.origin).map(|o| points.pair(o)).collect();
    if let Some(first) = spans.first() {
        row.insert("span".into(), json!(first));
        row.insert("surface".into(), fact.quote().into());
    }
    if spans.len() > 1 {
        row.insert("spans".into(), json!(spans[1..]));
    }
    row.into()
}

fn code<'a>(codings: &'a [Coding], prefix: &str) -> Option<&'a str> {
    codings.iter().find(|c| c.prefix() == prefix).map(|c| c.code.as_str())
}

fn local<'a>(codings: &'a [Coding], prefix: &str) -> Option<&'a str> {
    code(codings, prefix).and_then(|c| c.split_once(':')).map(|(_, id)| id)
}

fn patient(index: usize, case: &Case, points: &Points) -> Value {
    let names = names(case);
    let at = |timing: Option<&Timing>| timing.and_then(|t| stated(t, &names));
    let findings: Vec<Value> = case
        .findings
        .iter()
        .map(|f| {
            let value = json!({
                "hpo": code(&f.codings, "HP"), "label": f.value.label, "status": f.assertion.as_str(),
                "severity": f.value.severity,
            });
            row(f, points, value)
        })
        .collect();
    let markers: Vec<Value> = case
        .marker_tests
        .iter()
        .map(|m| {
            let value = json!({
                "marker": m.value.marker, "result": m.value.result.as_str(), "score": m.value.score,
                "extent": m.value.extent, "method": m.value.method,
            });
            row(m, points, value)
        })
        .collect();
    let treatments: Vec<Value> = case
        .treatments
        .iter()
        .filter(|t| t.value.status != ActionStatus::NotGiven)
        .flat_map(|t| {
            let aka: Vec<&String> = t.value.written.iter().collect();
            let value = |dose: Option<&case_model::Dose>| {
                json!({
                    "agent": t.value.agent, "aka": aka, "kind": t.value.kind.as_str(), "status": t.value.status.as_str(),
                    "role": t.value.role.as_str(), "dose": dose.map(|d| d.printed.quote.clone()),
                })
            };
            let doses: Vec<Value> = t.value.doses.iter().map(|d| row(t, points, value(Some(d)))).collect();
            if doses.is_empty() { vec![row(t, points, value(None))] } else { doses }
        })
        .collect();
    let molecular: Vec<Value> = case
        .genomic_findings
        .iter()
        .map(|g| {
            let genes: Vec<&str> = g.value.genes.iter().map(|g| g.symbol.as_str()).collect();
            let kind = match &g.value.kind {
                // The form has no unspecified mutation.
                GenomicKind::Mutation => "snv",
                // A fusion whose partner is not named is a rearrangement there as here.
                kind => kind.as_str(),
            };
            let partners = g.value.genes.iter().filter(|g| g.role == GeneRole::CandidatePartner);
            let value = json!({
                "kind": kind, "genes": genes, "result": g.value.result.as_str(), "label": g.value.label,
                "hgvs": g.value.hgvs.first(), "iscn": g.value.iscn, "assay": g.value.assay,
                "partner_candidates": partners.map(|g| g.symbol.clone()).collect::<Vec<_>>(),
            });
            row(g, points, value)
        })
        .collect();
    let sizes: Vec<Value> = case
        .tumour_sizes
        .iter()
        .map(|s| {
            let dims: Vec<f64> = s.value.dimensions.iter().map(case_model::Decimal::value).collect();
            row(s, points, json!({ "dims": dims, "unit": s.value.unit, "modality": s.value.modality }))
        })
        .collect();
    let responses: Vec<Value> = case
        .responses
        .iter()
        .map(|r| {
            let treatment = r.value.treatment.as_ref().and_then(|t| names.get(t));
            let value =
                json!({ "category": r.value.category.as_str(), "at": at(r.timing.as_ref()), "treatment": treatment });
            row(r, points, value)
        })
        .collect();
    let diagnoses: Vec<Value> = case
        .diagnoses
        .iter()
        .map(|d| {
            let value = json!({
                "label": d.value.label, "status": d.value.certainty.as_str(), "role": d.value.role.as_str(),
                "ncit": local(&d.codings, "NCIT"), "oncotree": local(&d.codings, "ONCOTREE"),
                "doid": code(&d.codings, "DOID"),
            });
            row(d, points, value)
        })
        .collect();
    let sites: Vec<Value> = case
        .sites
        .iter()
        .map(|s| row(s, points, json!({ "label": s.value.label, "role": s.value.role.as_str() })))
        .collect();
    let imaging: Vec<Value> =
        case.imaging.iter().map(|i| row(i, points, json!({ "modality": i.value.modality }))).collect();
    let procedures: Vec<Value> = case
        .procedures
        .iter()
        .filter(|p| p.value.status != ActionStatus::NotGiven)
        .map(|p| {
            let status = match p.value.status {
                ActionStatus::Given => "performed",
                ActionStatus::Planned => "considered",
                ref other => other.as_str(),
            };
            row(p, points, json!({ "label": p.value.label, "status": status }))
        })
        .collect();
    let adverse: Vec<Value> = case
        .adverse_events
        .iter()
        .map(|e| {
            let suspects: Vec<&str> = e.value.suspects.iter().map(|s| s.agent.as_str()).collect();
            let value = json!({
                "label": e.value.label, "hpo": code(&e.codings, "HP"), "grade": e.value.grade,
                "suspect": (!suspects.is_empty()).then(|| suspects.join(", ")),
            });
            row(e, points, value)
        })
        .collect();
    let measurements: Vec<Value> = case
        .measurements
        .iter()
        .map(|m| {
            let value = match (&m.value.quantity, &m.value.text) {
                (Some(quantity), _) => json!(quantity.value.value()),
                (None, Some(text)) => json!(text.quote),
                (None, None) => Value::Null,
            };
            let unit = m.value.quantity.as_ref().and_then(|q| q.unit.clone());
            row(m, points, json!({ "analyte": m.value.analyte, "value": value, "unit": unit }))
        })
        .collect();
    let end = case.follow_up.last().map(|f| {
        let status = match f.value.vital_status {
            VitalStatus::Unknown => "unknown",
            ref other => other.as_str(),
        };
        json!({ "duration": f.value.duration.as_ref().map(|e| e.value), "status": status })
    });
    json!({
        "index": index + 1,
        "age": case.age().map(|a| a.value.value),
        "sex": case.sex().map(|s| s.value.as_str()),
        "findings": findings, "ihc": markers, "treatments": treatments, "molecular": molecular, "tumour_sizes": sizes,
        "responses": responses, "follow_up": end, "diagnoses": diagnoses, "sites": sites, "imaging": imaging,
        "procedures": procedures, "adverse_events": adverse, "measurements": measurements,
        "timeline": timeline(case, &names),
    })
}

/// Labels of all facts.
fn names(case: &Case) -> BTreeMap<FactId, String> {
    let mut out = BTreeMap::new();
    case.visit(&mut |_, fact| {
        out.insert(fact.id().clone(), fact.label().into_owned());
    });
    out
}

/// A time as [`when`] gives it, with its words as the date where no calendar gives one: some gold rows give a time as
/// words ("after the first cycles").
fn stated(timing: &Timing, names: &BTreeMap<FactId, String>) -> Option<Value> {
    const PREPOSITIONS: [&str; 7] = ["at the ", "on the ", "in the ", "at ", "on ", "in ", "by "];
    if timing.date.is_some() || timing.relation == Relation::For {
        return when(timing, names);
    }
    let words = timing.quote.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let words = PREPOSITIONS.iter().find_map(|p| words.strip_prefix(p)).unwrap_or(&words);
    let mut out = when(timing, names).unwrap_or_else(|| json!({}));
    if let Some(fields) = out.as_object_mut().filter(|_| !words.is_empty()) {
        fields.insert("date".into(), words.into());
    }
    Some(out)
}

/// A time in the form of the gold: signed offset and what it counts from, or a date.
fn when(timing: &Timing, names: &BTreeMap<FactId, String>) -> Option<Value> {
    if let Some(date) = timing.date {
        return Some(json!({ "date": date.to_string() }));
    }
    if timing.relation == Relation::For {
        return None;
    }
    let offset: IsoDuration = timing.offset.as_ref()?.value;
    let offset = if matches!(timing.relation, Relation::Before) { offset.before() } else { offset };
    let of = timing.anchor.fact.as_ref().and_then(|f| names.get(f)).map_or("", String::as_str);
    let from = match &timing.anchor.kind {
        AnchorKind::TreatmentStart => format!("{of} started"),
        AnchorKind::TreatmentStop => format!("{of} stopped"),
        AnchorKind::Event if !of.is_empty() => of.to_owned(),
        other => other.as_str().replace('_', " "),
    };
    Some(json!({ "offset": offset, "from": from.trim() }))
}

/// The presentation, then every stated distance once, with what is told of it. Dates have no place in the form.
fn timeline(case: &Case, names: &BTreeMap<FactId, String>) -> Vec<Value> {
    let mut rows: Vec<(u32, Value, Vec<String>)> = Vec::new();
    if let Some(presentation) = &case.presentation {
        rows.push((presentation.span.start, json!({ "offset": "P0D", "from": "" }), vec!["presentation".to_owned()]));
    }
    let mut add = |span: u32, at: Value, label: String| match rows.iter_mut().find(|(_, known, _)| *known == at) {
        Some((_, _, labels)) => {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        None => rows.push((span, at, vec![label])),
    };
    case.visit(&mut |list, fact: &dyn AnyFact| {
        if matches!(list, "age" | "sex") {
            return;
        }
        fact.timings(&mut |timing| {
            if let Some(at) = when(timing, names).filter(|at| at.get("offset").is_some()) {
                add(timing.span.map_or(0, |s| s.start), at, fact.label().into_owned());
            }
        });
    });
    for treatment in &case.treatments {
        for duration in &treatment.value.durations {
            if let Some(offset) = duration.offset.as_ref().filter(|_| treatment.value.stop.is_some()) {
                let agent = &treatment.value.agent;
                let at = json!({ "offset": offset.value, "from": format!("{agent} started") });
                rows.push((duration.span.map_or(0, |s| s.start), at, vec![format!("{agent} stopped")]));
            }
        }
    }
    rows.sort_by_key(|(span, ..)| *span);
    rows.into_iter()
        .map(|(_, at, labels)| {
            let offset = at.get("offset").cloned().unwrap_or(Value::Null);
            json!([labels.join(", "), offset, at])
        })
        .collect()
}
