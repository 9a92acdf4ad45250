use std::collections::BTreeMap;

use casemill_plugin_sdk::model::*;
use casemill_plugin_sdk::serde_json::{Value, json};
use casemill_plugin_sdk::testkit::{self, Exported, Writer};

use crate::Tables;

fn resolved(mut report: Report) -> Report {
    report.cases.iter_mut().for_each(case_timeline::resolve);
    report
}

fn export(reports: &[Report], options: Value) -> Exported {
    testkit::export::<Tables>(reports, options).unwrap()
}

/// Rows of a table by the names of their columns.
fn rows(exported: &Exported, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(exported.text(&format!("tables/{table}.csv")).as_bytes());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_tables() {
    let exported = export(&[resolved(testkit::sample_report()), testkit::two_patients()], json!({}));
    for (path, bytes) in exported.files.iter().filter(|(path, _)| path.ends_with(".csv")) {
        let name = path.trim_start_matches("tables/").trim_end_matches(".csv");
        // Line ends are shown by the snapshot as plain ones.
        insta::assert_snapshot!(format!("table_{name}"), String::from_utf8_lossy(bytes).replace("\r\n", "\n"));
    }
    assert_eq!(exported.losses, []);
}

#[test]
fn rows_agree_with_the_record() {
    let reports = [resolved(testkit::sample_report()), testkit::two_patients(), testkit::empty_case()];
    let exported = export(&reports, json!({}));
    let cases: Vec<&Case> = reports.iter().flat_map(|r| &r.cases).collect();
    assert_eq!(rows(&exported, "cases").len(), cases.len());
    for list in Case::LISTS {
        let mut ids = Vec::new();
        for case in &cases {
            case.visit(&mut |of, fact| {
                if of == *list {
                    ids.push(fact.id().to_string());
                }
            });
        }
        let written: Vec<String> = rows(&exported, list).into_iter().map(|mut r| r.remove("fact").unwrap()).collect();
        assert_eq!(written, ids, "{list}");
    }
    let mut evidence = 0;
    let mut codings = 0;
    for case in &cases {
        case.visit(&mut |_, fact| {
            evidence += fact.evidence().len();
            codings += fact.codings().len();
        });
    }
    assert_eq!(rows(&exported, "evidence").len(), evidence);
    assert_eq!(rows(&exported, "codings").len(), codings);
    let doses: usize = cases.iter().flat_map(|c| &c.treatments).map(|t| t.value.doses.len()).sum();
    assert_eq!(rows(&exported, "treatment_doses").len(), doses);
    let genes: usize = cases.iter().flat_map(|c| &c.genomic_findings).map(|g| g.value.genes.len()).sum();
    assert_eq!(rows(&exported, "genomic_genes").len(), genes);
}

#[test]
fn the_package_describes_every_column_of_every_table() {
    let exported = export(&[resolved(testkit::sample_report()), testkit::two_patients()], json!({}));
    let package: Value = exported.text("tables/datapackage.json").parse().unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len() + 1, exported.files.len());
    for resource in resources {
        let table = resource["name"].as_str().unwrap();
        let header = exported.text(&format!("tables/{table}.csv")).split("\r\n").next().unwrap();
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(names.join(","), header, "{table}");
        for row in rows(&exported, table) {
            for field in fields {
                let cell = &row[field["name"].as_str().unwrap()];
                let fits = match field["type"].as_str().unwrap() {
                    "integer" => cell.parse::<u64>().is_ok(),
                    "number" => cell.parse::<f64>().is_ok(),
                    "boolean" => ["true", "false"].contains(&cell.as_str()),
                    _ => true,
                };
                assert!(cell.is_empty() || fits, "{table}: {} is {cell:?}", field["name"]);
            }
        }
    }
}

#[test]
fn a_run_without_reports_has_all_headers() {
    let exported = export(&[], json!({}));
    for list in Case::LISTS.iter().chain(&["cases", "codings", "evidence", "terminologies", "diagnostics"]) {
        let text = exported.text(&format!("tables/{list}.csv"));
        assert!(text.starts_with("input,case,"), "{list}");
        assert_eq!(text.matches("\r\n").count(), 1, "{list}");
    }
}

fn one_finding(label: &str) -> Report {
    let mut w = Writer::new("It hurts.");
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    let mut finding = w.fact("hurts", Finding { label: label.into(), ..Finding::default() });
    finding.timing = Some(Timing { interval: Some(DayInterval { min: -3.0, max: -1.0 }), ..Timing::default() });
    case.findings.push(finding);
    w.report("made", vec![case])
}

#[test]
fn a_formula_is_text_and_a_negative_number_a_number() {
    for label in ["=HYPERLINK(\"http://example.org\")", "+8", "-7", "@SUM(A1)", "\tindented"] {
        let report = one_finding(label);
        let row = rows(&export(std::slice::from_ref(&report), json!({})), "findings").remove(0);
        assert_eq!(row["label"], format!("'{label}"));
        assert_eq!(row["at_days_min"], "-3");
        let row = rows(&export(&[report], json!({ "formula_guard": false })), "findings").remove(0);
        assert_eq!(row["label"], label);
    }
}

#[test]
fn quotes_commas_and_line_ends_stay_in_their_cell() {
    let label = "a \"large\", hard\nand tender mass; 7 × 5 cm";
    let exported = export(&[one_finding(label)], json!({}));
    assert_eq!(rows(&exported, "findings")[0]["label"], label);
    let text = exported.text("tables/findings.csv");
    assert!(text.contains("\"a \"\"large\"\", hard\nand tender mass; 7 × 5 cm\""), "{text}");
}

#[test]
fn diagnostics_count_for_the_case_they_name() {
    let mut report = testkit::two_patients();
    let found = |severity, case: Option<&str>| Diagnostic {
        rule: "CT003".into(),
        severity,
        message: "stopped before it was started".into(),
        labels: vec![Label::new(Span::new(0, 10), "here")],
        case: case.map(Into::into),
        ..Diagnostic::default()
    };
    report.audit.diagnostics = vec![
        found(Severity::Error, Some("case-2")),
        found(Severity::Warning, Some("case-2")),
        found(Severity::Info, None),
    ];
    let exported = export(&[report], json!({}));
    let levels = |row: &BTreeMap<String, String>| ["errors", "warnings", "infos"].map(|level| row[level].clone());
    let cases = rows(&exported, "cases");
    assert_eq!(levels(&cases[0]), ["0", "0", "0"]);
    assert_eq!(levels(&cases[1]), ["1", "1", "0"]);
    let diagnostics = rows(&exported, "diagnostics");
    assert_eq!(diagnostics.len(), 3);
    assert_eq!((diagnostics[0]["case"].as_str(), diagnostics[0]["quote"].as_str()), ("case-2", "First case"));
    assert_eq!(diagnostics[2]["case"], "");
}

#[test]
fn conflicts_derivations_and_lengths_have_rows() {
    let mut w = Writer::new("A girl, elsewhere a boy, was treated for 6 months.");
    let mut case = Case { id: "case-1".into(), ..Case::default() };
    let (mut girl, mut boy) = (w.fact("girl", Sex::Female), w.fact("boy", Sex::Male));
    girl.conflicts_with.push(boy.id.clone());
    boy.conflicts_with.push(girl.id.clone());
    let length = Some(IsoDuration::from_months(6.0));
    let treatment = Treatment {
        agent: "crizotinib".into(),
        durations: vec![w.timing("for 6 months", Relation::For, length, Anchor::default())],
        combined_with: vec!["prednisone".into(), "vincristine".into()],
        ..Treatment::default()
    };
    let mut treatment = w.fact("treated", treatment);
    let from = vec![girl.id.clone(), boy.id.clone()];
    treatment.derived = Some(Derivation { formula: "6 mo = 5 mo + 1 mo".into(), from });
    case.subject.sex.extend([girl, boy]);
    case.treatments.push(treatment);
    let exported = export(&[w.report("made", vec![case])], json!({}));
    assert_eq!(rows(&exported, "conflicts").len(), 2);
    assert_eq!(rows(&exported, "derivations").len(), 2);
    assert_eq!(rows(&exported, "treatments")[0]["derived_formula"], "6 mo = 5 mo + 1 mo");
    assert_eq!(rows(&exported, "treatment_durations")[0]["duration_offset"], "P6M");
    let combined: Vec<String> =
        rows(&exported, "treatment_combinations").into_iter().map(|mut r| r.remove("combined_with").unwrap()).collect();
    assert_eq!(combined, ["prednisone", "vincristine"]);
}

#[test]
fn what_plugins_add_is_told_as_lost() {
    let mut report = testkit::empty_case();
    report.cases[0].extensions.insert("extract-dose".into(), json!({ "total": 12 }));
    let exported = export(&[report], json!({}));
    assert_eq!(exported.losses.len(), 1);
    assert_eq!(exported.losses[0].what, "data of plugin `extract-dose` in case-1 of empty.txt");
}

#[test]
fn the_same_reports_give_the_same_bytes() {
    let reports = [resolved(testkit::sample_report()), testkit::two_patients()];
    assert_eq!(export(&reports, json!({})), export(&reports, json!({})));
}
